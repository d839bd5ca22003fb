#!/usr/bin/env python3
"""One exact training on two workers or more, one of which is killed on the way, beside the same training on one.

    python3 examples/workers.py datasets/breast_cancer_wisconsin_original.csv --hidden 2 --kill --proof one-proof
    mpiexec -n 3 python3 -m mpi4py.futures examples/workers.py DATA.csv --hidden 2 --engine mpi

needs the package (pip install ./crates/python pandas), and dask[distributed] or mpi4py for those engines. Prints both answers, what
the work was, and how far its cubes would scale; its exit code is 1 unless the answers are the same. Of a file the last column
has two classes, and rows with missing values are left out.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import time

import numpy as np
import pandas as pd
from heaviside_nn import HeavisideClassifier, check_proof, distributed

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("data", help="a CSV file, or random:ROWS,FEATURES for normal numbers with labels by coin flip")
parser.add_argument("--hidden", type=int, default=2)
parser.add_argument("--engine", choices=["processes", "dask", "mpi"], default="dask")
parser.add_argument("--workers", type=int, default=2)
parser.add_argument("--cubes", type=int, default=16)
parser.add_argument("--slice", type=float, default=60, help="seconds of a slice")
parser.add_argument("--kill", action="store_true", help="kill a worker once the first slice is done")
parser.add_argument("--alone", choices=["yes", "no"], default="yes", help="train on one worker, too")
parser.add_argument("--proof", help="a folder for one proof of all")
parser.add_argument("--set", action="append", default=[], metavar="PARAMETER=VALUE")


def main() -> int:
    args = parser.parse_args()
    X, y = rows_of(args.data)
    settings = dict(pair.split("=", 1) for pair in args.set)
    new = HeavisideClassifier(hidden=args.hidden, threads=1, time_limit=None, settings=settings)
    print(f"{args.data}: {len(X)} rows, {X.shape[1]} features, {args.hidden} neurons; {os.cpu_count()} processors")

    alone = None
    if args.alone == "yes":
        wall, cpu = time.monotonic(), time.process_time()
        alone = HeavisideClassifier(**new.get_params()).fit(X, y, proof=args.proof and f"{args.proof}-alone")
        wall, cpu = time.monotonic() - wall, time.process_time() - cpu
        print(f"one worker: {alone.status_}, loss {alone.loss_}, bound {alone.bound_}; {alone.report_['conflicts']} conflicts, {cpu:.1f} s of a processor, {wall:.1f} s")

    with contextlib.ExitStack() as stack:
        executor, worker = engine(args, stack)
        killed: list[int] = []

        def each(row: dict) -> None:
            print(f"  {row['seconds']:7.1f} s: {row['objective']} ({row['bound']}), {row['open']} cubes open, {row['closed']} closed", flush=True)
            if args.kill and not killed:
                killed.append(worker())
                os.kill(killed[0], signal.SIGKILL)
                print(f"  killed worker {killed[0]}", flush=True)

        fit = distributed.fit(
            new, X, y, executor=executor, workers=args.workers, cubes=args.cubes, slice=args.slice, proof=args.proof, callback=each
        )
    report = fit.report_
    print(
        f"{args.workers} workers ({args.engine}): {fit.status_}, loss {fit.loss_}, bound {fit.bound_}; {report['conflicts']} conflicts, "
        f"{report['cubes']} cubes, {report['slices']} slices of {report['worker_seconds']:.1f} s together, {report['failures']} failed, {report['seconds']:.1f} s"
    )
    if args.proof:
        proof = check_proof(args.proof)
        print(f"proof: {proof.steps} steps; the least loss is {proof.bound}, the network loses {proof.loss}")
    print("workers  seconds  speed-up  limited by")
    for schedule in distributed.simulate(report["cube_seconds"], [1, 2, 10, 100, 1000], before=report["before"]):
        print(f"{schedule.workers:7}  {schedule.seconds:7.1f}  {schedule.speedup:8.1f}  {schedule.limit}")
    if alone is not None and (alone.status_, alone.loss_, alone.bound_) != (fit.status_, fit.loss_, fit.bound_):
        print("the answers differ")
        return 1
    return 0


def rows_of(data: str):
    """Rows and labels."""
    kind, _, size = data.partition(":")
    if kind == "random":
        rows, features = map(int, size.split(","))
        rng = np.random.default_rng(0)
        return rng.normal(size=(rows, features)), rng.integers(0, 2, rows)
    frame = pd.read_csv(data, na_values="?").dropna()
    return frame.iloc[:, :-1], frame.iloc[:, -1]


def engine(args: argparse.Namespace, stack: contextlib.ExitStack):
    """What hands out the slices, and a function that names one of its processes."""
    if args.engine == "dask":
        from dask.distributed import Client, LocalCluster

        cluster = stack.enter_context(LocalCluster(n_workers=args.workers, threads_per_worker=1, processes=True, dashboard_address=None))
        client = stack.enter_context(Client(cluster))
        return client.get_executor(), lambda: next(iter(cluster.workers.values())).pid
    if args.engine == "mpi":
        from mpi4py.futures import MPIPoolExecutor

        if args.kill:
            parser.error("a process of MPI that is killed ends them all; going on from a folder is what helps there")
        return stack.enter_context(MPIPoolExecutor()), None
    from concurrent.futures import ProcessPoolExecutor

    pools: list[ProcessPoolExecutor] = []

    def pool() -> ProcessPoolExecutor:
        pools.append(ProcessPoolExecutor(args.workers))
        return pools[-1]

    return pool, lambda: next(iter(pools[-1]._processes))


if __name__ == "__main__":
    sys.exit(main())
