#!/usr/bin/env python3
"""Exported ONNX graphs by onnxruntime, on every row equal to the predictions of the program, which are exact.

    HEAVISIDE=heaviside python3 examples/onnx.py datasets

needs onnxruntime and numpy; .ci/devices installs them and runs this in a folder of its own.
"""

import csv
import json
import os
import subprocess
import sys

import numpy as np
import onnxruntime

HEAVISIDE = os.environ.get("HEAVISIDE", "heaviside")
# A data file, the options of its training, and whether the export is told its features.
RUNS = [
    ("iris.csv", ["--hidden", "2", "--node-limit", "200"], False),
    ("iris.csv", ["--positive", "virginica"], False),
    ("wine.csv", ["--hidden", "3", "--scale", "standard", "--method", "local-search", "--node-limit", "4"], False),
    ("haberman.csv", ["--hidden", "2", "--node-limit", "100"], True),
    ("ionosphere.csv", ["--hidden", "4,3", "--weights", "ternary", "--method", "local-search", "--node-limit", "4"], False),
    ("digits.csv", ["--hidden", "32", "--weights", "ternary", "--scale", "none", "--method", "local-search", "--node-limit", "3"], True),
    ("digits.csv", ["--hidden", "16", "--method", "local-search", "--node-limit", "3"], False),
]


def run(*arguments):
    done = subprocess.run([HEAVISIDE, *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(arguments)}: {done.stderr}")
    return done.stdout


def main(folder):
    for file, options, told in RUNS:
        data = os.path.join(folder, file)
        run("train", data, *options, "--out", "model.json", "-q")
        run("export", "model.json", "--out", "model.onnx", "-q", *(["--data", data] if told else []))
        check = json.loads(run("check", "export", "model.json", "model.onnx", data, "--json"))
        rows = list(csv.reader(run("predict", "model.json", data, "-q").splitlines()))[1:]
        features = np.array([[float(x) for x in row[:-1]] for row in rows])
        session = onnxruntime.InferenceSession("model.onnx", providers=["CPUExecutionProvider"])
        labels, classes = session.run(["output_label", "class_index"], {"X": features})
        # One row alone is a batch as well.
        alone, _ = session.run(None, {"X": features[:1]})
        expected = [row[-1] for row in rows]
        with open("model.json", encoding="utf-8") as model:
            names = json.load(model)["schema"]["classes"]
        equal = sum(str(label) == name and names[at] == name for label, at, name in zip(labels, classes, expected))
        print(f"ONNX, {file} {' '.join(options)}: {equal} of {len(rows)} rows equal, {check['doubtful']} doubtful in floats")
        if equal != len(rows) or str(alone[0]) != expected[0]:
            sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1])
