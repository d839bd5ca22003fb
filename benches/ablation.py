"""Parts of the MILP solver, with and without: the tables of docs/milp.md, *Measured*.

    python3 benches/ablation.py target/release/heaviside 20 milp.cut_rounds=0 milp.mir=no .. MODEL.mps .. > tables.md

The first argument is the command, the second the seconds of the clock that a run may take, then come settings and models. Every model is solved on one
thread with all parameters at their defaults and with the first setting. Those that the defaults solve, and with another number of nodes, are solved once more
with each of the other settings. Figures are nodes and, in brackets, seconds of the processor. One run is made at a time; a line goes to standard error as it ends.
"""

import json
import math
import os
import pathlib
import subprocess
import sys


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
    settings = [word for word in sys.argv[3:] if word.startswith("milp.")]
    models = [pathlib.Path(word) for word in sys.argv[3:] if word not in settings]
    first, *others = settings
    runs = {model: (solve(command, seconds, model, first), solve(command, seconds, model)) for model in models}
    name = lambda model: model.name.split(".")[0]
    some = {model: pair for model, pair in runs.items() if any(map(solved, pair))}
    table(["model", f"`{first}`", "defaults", "cuts"], [[name(m), cell(a), cell(b), b["cuts"]] for m, (a, b) in some.items()])
    both = [(a, b) for a, b in some.values() if solved(a) and solved(b)]
    ends = [sum(solved(pair[i]) for pair in runs.values()) for i in range(2)]
    print(f"{len(runs)} models; solved with `{first}`: {ends[0]}, by default: {ends[1]}.")
    ratios = [mean([(a[what], b[what]) for a, b in both]) for what in ["nodes", "seconds"]]
    print(f"Means of {len(both)} that both solve, default by other: nodes {ratios[0]:.2f}, seconds {ratios[1]:.2f}.\n")
    if not others:
        return

    rows, less = [], []
    for model, (without, default) in some.items():
        if solved(default) and without["nodes"] != default["nodes"]:
            alone = [solve(command, seconds, model, setting) for setting in others]
            rows.append([name(model), cell(default), *map(cell, alone)])
            less.append((default, alone))
    table(["model", "defaults", *(f"`{setting}`" for setting in others)], rows)
    for i, setting in enumerate(others):
        pairs = [(run, alone[i]) for run, alone in less]
        ends = [(a, b) for a, b in pairs if solved(b)]
        ratios = [mean([(a[what], b[what]) for a, b in ends]) for what in ["nodes", "seconds"]]
        print(f"`{setting}`: {len(ends)} of {len(pairs)} solved; nodes {ratios[0]:.2f}, seconds {ratios[1]:.2f} of the defaults' on these.")


if __name__ == "__main__":
    main()
