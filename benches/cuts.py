"""Cuts of the MILP solver, with and without: the tables of docs/milp.md.

    python3 benches/cuts.py target/release/heaviside 20 MODEL.mps .. > tables.md

The first argument is the command, the second the seconds that a run may take. Every model is solved on one thread with all parameters at their
defaults and without cuts (`--set milp.cut_rounds=0`); those that the first run solves, and that cuts make a difference to, are solved once more without
each family. Figures are nodes and, in brackets, seconds of the processor. One run is made at a time; a line goes to standard error as it ends.
"""

import json
import math
import os
import pathlib
import subprocess
import sys

FAMILIES = ["mir", "gomory", "covers", "zero_half"]


def solve(command, seconds, model, setting=None):
    """What a run found, with the seconds that the processor took."""
    words = [command, "solve", str(model), "--json", "-q", "--threads", "1", "--time-limit", str(seconds)]
    if setting:
        words += ["--set", setting]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as run:
        said = json.loads(run.stdout.read())
        _, _, used = os.wait4(run.pid, 0)
        run.returncode = 0
    found = {name: said[name] for name in ["status", "nodes", "cuts", "objective", "bound", "gap"]}
    found["seconds"] = used.ru_utime + used.ru_stime
    print(model.name, setting or "-", json.dumps(found), file=sys.stderr, flush=True)
    return found


def solved(run):
    return run["status"] in ["optimal", "infeasible"]


def cell(run):
    if solved(run):
        return f"{run['nodes']} ({run['seconds']:.2f})"
    gap = run["gap"]
    return "open" if gap is None else f"open, gap {100 * gap:.2g}%"


def mean(pairs):
    """Geometric mean of the ratios, 0.01 the least that counts."""
    logs = [math.log(max(b, 0.01) / max(a, 0.01)) for a, b in pairs]
    return math.exp(sum(logs) / len(logs))


def table(head, rows):
    print("|".join(["", *(f" {word} " for word in head), ""]))
    print("|" + "---|" * len(head))
    for row in rows:
        print("|".join(["", *(f" {word} " for word in row), ""]))
    print()


def main():
    command, seconds = sys.argv[1], float(sys.argv[2])
    runs = {}
    for model in map(pathlib.Path, sys.argv[3:]):
        runs[model] = solve(command, seconds, model, "milp.cut_rounds=0"), solve(command, seconds, model)
    name = lambda model: model.name.split(".")[0]
    some = {model: pair for model, pair in runs.items() if any(map(solved, pair))}
    table(["model", "without", "with", "cuts"], [[name(m), cell(a), cell(b), b["cuts"]] for m, (a, b) in some.items()])
    both = [(a, b) for a, b in some.values() if solved(a) and solved(b)]
    print(f"{len(runs)} models; solved without: {sum(solved(a) for a, _ in runs.values())}, with: {sum(solved(b) for _, b in runs.values())}.")
    ratios = [mean([(a[what], b[what]) for a, b in both]) for what in ["nodes", "seconds"]]
    print(f"Means of {len(both)} that both solve, with by without: nodes {ratios[0]:.2f}, seconds {ratios[1]:.2f}.\n")

    rows, less = [], []
    for model, (without, all_of_them) in some.items():
        if solved(all_of_them) and without["nodes"] != all_of_them["nodes"]:
            alone = [solve(command, seconds, model, f"milp.{family}=no") for family in FAMILIES]
            rows.append([name(model), cell(all_of_them), *map(cell, alone)])
            less.append((all_of_them, alone))
    table(["model", "all", *(f"no `{family}`" for family in FAMILIES)], rows)
    for i, family in enumerate(FAMILIES):
        pairs = [(run, alone[i]) for run, alone in less]
        ends = [(a, b) for a, b in pairs if solved(b)]
        ratios = [mean([(a[what], b[what]) for a, b in ends]) for what in ["nodes", "seconds"]]
        print(f"Without `{family}`: {len(ends)} of {len(pairs)} solved; nodes {ratios[0]:.2f}, seconds {ratios[1]:.2f} of what all take on these.")


if __name__ == "__main__":
    main()
