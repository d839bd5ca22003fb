#!/usr/bin/env python3
"""A classical network of the same shape on the same splits: ReLU, trained with Adam.

    python3 -m venv relu && relu/bin/pip install scikit-learn
    heaviside experiment paper --splits splits.jsonl ...
    relu/bin/python benches/relu.py splits.jsonl --depths 1,2,3 --widths 25,50,100

Reads the rows of every split that `heaviside experiment paper --splits` wrote (run both from the same directory), scales
features to [0, 1] by the training part, trains scikit-learn's MLPClassifier (Adam, learning rate 0.001, batches of 64)
epoch by epoch and keeps the epoch with the best accuracy on the validation part, as the public code of arXiv 2110.11382
does. Prints a Markdown table with the columns of the experiment. The training loss is the hamming loss of the predicted
class: wrong rows, twice that for more than two classes. One thread.
"""
import argparse
import csv
import json
import os
import statistics
import time
import warnings

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402  (after the number of threads)
from sklearn.exceptions import ConvergenceWarning  # noqa: E402
from sklearn.neural_network import MLPClassifier  # noqa: E402

BATCH = 64


def read(path):
    """The cells of each line, by its number from 1."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        lines = file.read().splitlines()
    delimiter = max(",;\t", key=lambda sign: lines[0].count(sign))
    return {at + 1: next(csv.reader([line], delimiter=delimiter)) for at, line in enumerate(lines) if line.strip()}


def part(cells, lines, label):
    rows = [cells[line] for line in lines]
    features = np.array([[float(x) for j, x in enumerate(row) if j != label] for row in rows])
    return features, np.array([row[label] for row in rows])


def train(split, hidden, epochs, cells):
    """Test accuracy, hamming loss on the training part, seconds."""
    label = split["label_column"]
    parts = {name: part(cells, split[name], label) for name in ("train", "validation", "test")}
    low = parts["train"][0].min(axis=0)
    span = parts["train"][0].max(axis=0) - low
    span[span == 0] = 1
    x, y = {name: (p[0] - low) / span for name, p in parts.items()}, {name: p[1] for name, p in parts.items()}
    classes = sorted(set(y["train"]))
    start = time.perf_counter()
    network = MLPClassifier(
        hidden_layer_sizes=hidden, solver="adam", batch_size=min(BATCH, len(y["train"])), random_state=split["repeat"]
    )
    steps_an_epoch = -(-len(y["train"]) // BATCH)
    best, kept = -1.0, None
    for _ in range(epochs or max(200, 4000 // steps_an_epoch)):
        network.partial_fit(x["train"], y["train"], classes=classes)
        accuracy = network.score(x["validation"], y["validation"])
        if accuracy > best:
            best = accuracy
            kept = ([w.copy() for w in network.coefs_], [b.copy() for b in network.intercepts_])
    network.coefs_, network.intercepts_ = kept
    seconds = time.perf_counter() - start
    wrong = int((network.predict(x["train"]) != y["train"]).sum())
    return network.score(x["test"], y["test"]), wrong * (1 if len(classes) == 2 else 2), seconds


def text(values, factor, decimals):
    deviation = statistics.stdev(values) if len(values) > 1 else 0.0
    return f"{factor * statistics.fmean(values):.{decimals}f} ± {factor * deviation:.{decimals}f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("splits", help="the file that `heaviside experiment paper --splits` wrote")
    parser.add_argument("--depths", default="1,2,3", help="numbers of hidden layers")
    parser.add_argument("--widths", default="25,50,100", help="width of every hidden layer")
    parser.add_argument("--epochs", type=int, help="epochs a run [default: 200, and more on little data: 4000 steps]")
    options = parser.parse_args()
    warnings.filterwarnings("ignore", category=ConvergenceWarning)
    with open(options.splits, encoding="utf-8") as file:
        splits = [json.loads(line) for line in file]
    names = list(dict.fromkeys(split["data"] for split in splits))
    print("| data | hidden | weights | method | repeats | test accuracy, % | training loss | proven | seconds |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name in names:
        own = [split for split in splits if split["data"] == name]
        cells = read(own[0]["file"])
        for depth in map(int, options.depths.split(",")):
            for width in map(int, options.widths.split(",")):
                ends = [train(split, (width,) * depth, options.epochs, cells) for split in own]
                accuracy, loss, seconds = zip(*ends)
                shape = "-".join([str(width)] * depth)
                print(
                    f"| {name} | {shape} | real | ReLU, Adam | {len(own)} | {text(accuracy, 100, 1)} "
                    f"| {text(loss, 1, 1)} | - | {text(seconds, 1, 2)} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
