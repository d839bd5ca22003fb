"""Proofs for the kernel, timed: a table for docs/trust.md.

    python3 benches/kernel.py target/release SHARED/bdnn SHARED/real/transfusion.csv > table.md

The first argument is the folder with `heaviside` and `heaviside-verify`, the second one with the small data sets and their `expected.csv`; further ones are data
sets, with no and with two hidden neurons. Each case
is searched without a log, on one thread, with it, elaborated and checked. What counts are seconds of the processor, of the fastest of three runs (of one, where a run
takes more than ten), so that others on the machine matter less.
"""

import csv
import math
import os
import pathlib
import subprocess
import sys
import tempfile

LIMIT = "300"
DATA = pathlib.Path(__file__).parent.parent / "datasets"
OTHERS = [
    ("iris, three classes", [DATA / "iris.csv", "--hidden", "2"]),
    ("iris, three classes, rows counted", [DATA / "iris.csv", "--hidden", "2", "--loss", "zero-one"]),
    ("iris, no hidden layer", [DATA / "iris.csv"]),
    ("iris, margin 0.01", [DATA / "iris.csv", "--hidden", "2", "--epsilon", "0.01"]),
    ("iris, ball 0.01", [DATA / "iris.csv", "--hidden", "2", "--robust", "0.01"]),
    ("Haberman, no hidden layer", [DATA / "haberman.csv"]),
    ("Haberman, 2", [DATA / "haberman.csv", "--hidden", "2"]),
    ("Breast Cancer, no hidden layer", [DATA / "breast_cancer_wisconsin_original.csv", "--drop-missing"]),
    ("Breast Cancer, 2", [DATA / "breast_cancer_wisconsin_original.csv", "--drop-missing", "--hidden", "2"]),
    ("Haberman, classes balanced", [DATA / "haberman.csv", "--class-weight", "balanced"]),
    ("iris, versicolor, ternary", [DATA / "iris.csv", "--positive", "versicolor", "--weights", "ternary"]),
    ("iris, versicolor, ternary, 2", [DATA / "iris.csv", "--positive", "versicolor", "--weights", "ternary", "--hidden", "2"]),
    ("iris, three classes, ternary, no hidden layer", [DATA / "iris.csv", "--weights", "ternary"]),
]


def timed(command):
    """Seconds of the fastest of up to three runs, and what the last printed."""
    best = math.inf
    for _ in range(3):
        with subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True) as run:
            said = run.stdout.read()
            _, status, used = os.wait4(run.pid, 0)
            run.returncode = os.waitstatus_to_exitcode(status)
        if run.returncode:
            raise RuntimeError(f"{command}: exit code {run.returncode}")
        best = min(best, used.ru_utime + used.ru_stime)
        if best > 10:
            break
    return best, said


def size(path):
    files = path.iterdir() if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files)


def main():
    tools, shared, *others = map(pathlib.Path, sys.argv[1:])
    heaviside, verify = tools / "heaviside", tools / "heaviside-verify"
    cases = []
    for row in csv.DictReader(open(shared / "expected.csv")):
        if row["zero_one_loss"] and row["hidden"] != "0":
            name = f"{row['file'].removesuffix('.csv')}, {row['hidden']}"
            cases.append((name, [shared / row["file"], "--hidden", row["hidden"]]))
    for other in others:
        cases.append((f"{other.stem}, no hidden layer", [other]))
        cases.append((f"{other.stem}, 2", [other, "--hidden", "2"]))
    print("| case | proven | plain search | with log | elaborate | kernel | folder | kernel file |")
    print("|---|---|---|---|---|---|---|---|")
    ratios = {"with its log": [], "of the kernel": []}
    with tempfile.TemporaryDirectory() as scratch:
        for number, (name, words) in enumerate(cases + OTHERS):
            folder, file = pathlib.Path(scratch) / f"p{number}", pathlib.Path(scratch) / f"k{number}"
            common = ["--time-limit", LIMIT, "--threads", "1", "--quiet"]
            plain, _ = timed([heaviside, "train", *words, *common])
            logged, _ = timed([heaviside, "train", *words, *common, "--proof", folder])
            made, _ = timed([heaviside, "elaborate", folder, "--out", file, "--quiet"])
            checked, said = timed([verify, file])
            proven = said.splitlines()[0].removeprefix("proven: ")
            ratios["with its log"].append(logged / plain)
            ratios["of the kernel"].append(checked / plain)
            seconds = " | ".join(f"{value:.2f}" for value in (plain, logged, made, checked))
            print(f"| {name} | {proven} | {seconds} | {size(folder):,} | {size(file):,} |", flush=True)
    for what, values in ratios.items():
        mean = math.exp(sum(map(math.log, values)) / len(values))
        print(f"\nThe time {what} is {mean:.2f} times that of the plain search, in the geometric mean; {max(values):.1f} at most.")


main()
