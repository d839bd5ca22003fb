#!/usr/bin/env python3
"""Exact training beside MILP solvers: the same data, one thread each, in turn, in one run.

    python3 -m venv peers && peers/bin/pip install highspy pyscipopt gurobipy
    cargo build --release
    peers/bin/python benches/peers.py --limit 100 DATA.csv:HIDDEN ...

The conflict-driven engine of `heaviside train` (or with `--method milp` its branch and bound) against HiGHS, SCIP and Gurobi on the model that `heaviside formulate`
writes for the same network (epsilon 1e-4, default tolerances, absolute gap 0.999: the objective is whole). Wall seconds of
solving, reading not counted; for heaviside the whole process, with starting it and reading, stands beside. With --cpu seconds of the
processor, of the whole process in both columns of heaviside: on machines with other work. Prints a
Markdown table and the geometric means of (fastest peer / heaviside) over the rows that a peer finished. A peer's optimum
that differs is marked !: default tolerances can 'prove' a wrong one.
"""
import argparse
import json
import math
import os
import subprocess
import tempfile
import time

CLOCK = time.perf_counter


def highs(path, limit):
    import highspy

    solver = highspy.Highs()
    solver.silent()
    for name, value in {"threads": 1, "time_limit": limit, "mip_rel_gap": 0.0, "mip_abs_gap": 0.999}.items():
        solver.setOptionValue(name, value)
    solver.readModel(path)
    start = CLOCK()
    solver.run()
    seconds = CLOCK() - start
    done = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return (solver.getInfo().objective_function_value if done else None), seconds


def scip(path, limit):
    from pyscipopt import Model

    solver = Model()
    solver.hideOutput()
    solver.setParams({"limits/time": limit, "limits/absgap": 0.999})
    solver.readProblem(path)
    start = CLOCK()
    solver.optimize()
    seconds = CLOCK() - start
    done = solver.getStatus() in ("optimal", "gaplimit")
    return (solver.getObjVal() if done else None), seconds


def gurobi(path, limit):
    import gurobipy

    solver = gurobipy.read(path, env=gurobipy.Env(params={"OutputFlag": 0}))
    for name, value in {"Threads": 1, "TimeLimit": limit, "MIPGap": 0.0, "MIPGapAbs": 0.999}.items():
        solver.setParam(name, value)
    start = CLOCK()
    solver.optimize()
    seconds = CLOCK() - start
    return (solver.ObjVal if solver.Status == gurobipy.GRB.OPTIMAL else None), seconds


PEERS = {"HiGHS": highs, "SCIP": scip, "Gurobi": gurobi}


def children():
    """Seconds of the processor of the processes that this one has started and waited for."""
    times = os.times()
    return times.children_user + times.children_system


def ours(binary, method, scale, data, hidden, limit, runs):
    """Loss if proven, and the median wall seconds of the engine and of the whole process."""
    command = [binary, "train", data, "--hidden", hidden, "--json", "-q", "--threads", "1", "--time-limit", str(limit), "--scale", scale]
    command += ["--method", method] + (["--epsilon", "1e-4"] if method == "milp" else [])
    engine, process = [], []
    by_cpu = CLOCK is time.process_time
    clock = children if by_cpu else CLOCK
    for _ in range(runs):
        start = clock()
        answer = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        process.append(clock() - start)
        engine.append(process[-1] if by_cpu else answer["seconds"])
    median = (runs - 1) // 2
    return (answer["loss"] if answer["status"] == "optimal" else None), sorted(engine)[median], sorted(process)[median]


def peer_cell(solve, model, limit, loss):
    """What stands in the table, and the seconds if the peer finished."""
    try:
        objective, seconds = solve(model, limit)
    except Exception as error:  # a peer that is missing or refuses the size is a cell, not the end of the table
        return ("not installed" if isinstance(error, ImportError) else "refused"), None
    if objective is None:
        return f">{limit:g}", None
    differs = loss is not None and abs(objective - loss) > 0.5
    return f"{seconds:.2f}" + (f" ! {objective:g}" if differs else ""), seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="+", metavar="DATA.csv:HIDDEN")
    parser.add_argument("--heaviside", default="target/release/heaviside", help="the binary")
    parser.add_argument("--method", default="omt", choices=["omt", "milp"], help="the engine of heaviside")
    parser.add_argument("--limit", type=float, default=100, help="wall seconds a solver and case")
    parser.add_argument("--peers", default=",".join(PEERS), help="which solvers")
    parser.add_argument("--runs", type=int, default=5, help="runs of heaviside a case; the median counts")
    parser.add_argument("--scale", default="minmax", help="how features are scaled, as in heaviside train")
    parser.add_argument("--cpu", action="store_true", help="seconds of the processor")
    options = parser.parse_args()
    if options.cpu:
        global CLOCK
        CLOCK = time.process_time
    peers = options.peers.split(",")
    print("| data | hidden | loss | heaviside, s | its process, s |", *(f"{name}, s |" for name in peers), "fastest / heaviside |", "fastest / process |")
    print("|" + " --- |" * (7 + len(peers)))
    ratios = []
    for case in options.cases:
        data, _, hidden = case.rpartition(":")
        loss, engine, process = ours(options.heaviside, options.method, options.scale, data, hidden, options.limit, options.runs)
        with tempfile.TemporaryDirectory() as directory:
            model = os.path.join(directory, "model.mps")
            formulate = [options.heaviside, "formulate", data, "--hidden", hidden, "--epsilon", "1e-4", "--scale", options.scale, "--out", model]
            subprocess.run(formulate, check=True, capture_output=True)
            cells = [peer_cell(PEERS[name], model, options.limit, loss) for name in peers]
        finished = [taken for _, taken in cells if taken is not None]
        row = [os.path.basename(data), hidden, "?" if loss is None else str(loss), f"{engine:.4f}", f"{process:.4f}"]
        row += [cell for cell, _ in cells]
        if finished and loss is not None:
            ratios.append([min(finished) / ours for ours in (engine, process)])
            row += [f"{ratio:.0f}" for ratio in ratios[-1]]
        else:
            row += ["-", "-"]
        print("| " + " | ".join(row) + " |", flush=True)
    if ratios:
        means = [math.exp(sum(map(math.log, column)) / len(ratios)) for column in zip(*ratios)]
        print(f"\nGeometric means over {len(ratios)} rows: {means[0]:.0f} and, with the whole process, {means[1]:.0f}")


if __name__ == "__main__":
    main()
