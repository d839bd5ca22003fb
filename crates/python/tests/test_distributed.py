"""Exact training on many workers gives what one gives, whatever becomes of the workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT
from heaviside_nn import HeavisideClassifier, check_proof, distributed


#: Almost no common run, so that there are cubes for workers.
SHORT = {"cubes.common_nodes": 1}


@pytest.fixture(scope="module")
def problem():
    """Rows, labels and the optimum: labels by coin flip, which take a second."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(50, 6)), rng.integers(0, 2, 50)
    alone = HeavisideClassifier(hidden=2).fit(X, y)
    assert alone.status_ == "optimal"
    return X, y, alone.loss_


def classifier(**parameters) -> HeavisideClassifier:
    return HeavisideClassifier(hidden=2, settings=SHORT, **parameters)


def test_as_one_machine(problem):
    X, y, optimum = problem
    with ProcessPoolExecutor(2) as executor:
        clf = distributed.fit(classifier(time_limit=None), X, y, executor=executor, cubes=8)
    assert (clf.status_, clf.loss_, clf.bound_) == ("optimal", optimum, optimum)
    assert np.count_nonzero(clf.predict(X) != y) == optimum
    assert clf.report_["closed"] == clf.report_["cubes"] > 1 and clf.report_["failures"] == 0
    assert clf.report_["slices"] > 1


def test_one_proof(problem, tmp_path):
    X, y, optimum = problem
    with ThreadPoolExecutor(2) as executor:
        clf = distributed.fit(classifier(), X, y, executor=executor, cubes=4, proof=tmp_path / "proof")
    proof = check_proof(tmp_path / "proof")
    assert proof.is_optimal and proof.loss == optimum and proof.rows == len(X)
    assert clf.report_["proven"]


def test_short_slices_split(problem):
    """What a slice does not close is split; rows with weights are no exception."""
    X, y, _ = problem
    weights = np.where(np.arange(len(y)) % 3 == 0, 2.0, 1.0)
    alone = HeavisideClassifier(hidden=2).fit(X, y, weights)
    with ThreadPoolExecutor(2) as executor:
        clf = distributed.fit(classifier(node_limit=300), X, y, weights, executor=executor, cubes=2)
    assert (clf.status_, clf.loss_) == ("optimal", alone.loss_)
    assert clf.report_["cubes"] > 2


def test_a_gap_ends_cubes(problem):
    """A cube within the gap is not searched again and again, however many there are."""
    X, y, optimum = problem
    with ThreadPoolExecutor(1) as executor:
        clf = distributed.fit(classifier(mip_gap=0.9, time_limit=None), X, y, executor=executor, cubes=8, workers=1)
    assert clf.status_ in ("within-gap", "optimal") and clf.bound_ <= optimum <= clf.loss_
    assert clf.loss_ - clf.bound_ <= 0.9 * clf.loss_ and clf.report_["slices"] <= 16


def test_a_killed_process(problem):
    X, y, optimum = problem
    pools: list[ProcessPoolExecutor] = []

    def pool() -> ProcessPoolExecutor:
        pools.append(ProcessPoolExecutor(2))
        return pools[-1]

    def kill(row: dict) -> None:
        if len(pools) == 1:
            os.kill(next(iter(pools[0]._processes)), signal.SIGKILL)

    clf = distributed.fit(classifier(), X, y, executor=pool, cubes=8, callback=kill)
    assert (clf.status_, clf.loss_) == ("optimal", optimum)
    assert len(pools) > 1 and clf.report_["failures"] > 0


def test_a_broken_executor_without_another(problem):
    X, y, _ = problem

    with ProcessPoolExecutor(2) as executor:

        def kill(row: dict) -> None:
            for process in executor._processes:
                os.kill(process, signal.SIGKILL)

        with pytest.raises(RuntimeError, match="give a callable"):
            distributed.fit(classifier(), X, y, executor=executor, cubes=8, callback=kill)


def test_dask_loses_a_worker(problem):
    from dask.distributed import Client, LocalCluster

    X, y, optimum = problem
    killed: list[int] = []
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster, Client(cluster) as client:

        def kill(row: dict) -> None:
            if not killed:
                killed.append(next(iter(cluster.workers.values())).pid)
                os.kill(killed[0], signal.SIGKILL)

        clf = distributed.fit(
            classifier(), X, y, executor=client.get_executor(), cubes=16, workers=2, callback=kill
        )
    assert killed and (clf.status_, clf.loss_, clf.bound_) == ("optimal", optimum, optimum)


MPI = """
import numpy as np
from heaviside_nn import HeavisideClassifier, distributed
from mpi4py.futures import MPIPoolExecutor

if __name__ == "__main__":
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(50, 6)), rng.integers(0, 2, 50)
    with MPIPoolExecutor() as executor:
        clf = HeavisideClassifier(hidden=2, settings={"cubes.common_nodes": 1})
        workers = executor.num_workers
        distributed.fit(clf, X, y, executor=executor, cubes=8, workers=workers)
    print(workers, clf.status_, clf.loss_, clf.bound_)
"""


def test_mpi(problem, tmp_path):
    """Three processes of MPI: one hands out, two search."""
    program = tmp_path / "run.py"
    program.write_text(MPI)
    mpiexec = Path(sys.executable).parent / "mpiexec"
    words = [mpiexec, "-n", "3", sys.executable, "-m", "mpi4py.futures", program]
    run = subprocess.run(words, capture_output=True, text=True, timeout=300, check=True)
    assert run.stdout.split() == ["2", "optimal", str(problem[2]), str(float(problem[2]))]


def test_going_on(problem, tmp_path):
    """A run that was ended goes on from its folder; the folder of another one is refused."""
    X, y, optimum = problem
    with ThreadPoolExecutor(1) as executor:
        first = distributed.fit(
            classifier(), X, y, executor=executor, cubes=8, folder=tmp_path, callback=lambda row: True
        )
        assert first.status_ == "interrupted" and first.bound_ <= optimum <= first.loss_
        done = first.report_["closed"]
        slices = []
        clf = distributed.fit(
            classifier(), X, y, executor=executor, cubes=8, folder=tmp_path, callback=slices.append
        )
        assert (clf.status_, clf.loss_) == ("optimal", optimum)
        assert len(slices) <= clf.report_["cubes"] - done
        with pytest.raises(ValueError, match="other rows or options"):
            distributed.fit(classifier(), X[1:], y[1:], executor=executor, folder=tmp_path)
        with pytest.raises(ValueError, match="other rows or options"):
            distributed.fit(HeavisideClassifier(hidden=3, settings=SHORT), X, y, executor=executor, folder=tmp_path)


def test_a_limit_of_time():
    """Harder than a second: the bound is what is proven by then."""
    frame = pd.read_csv(ROOT / "datasets/haberman.csv")
    X, y = frame.iloc[:, :-1].to_numpy(float), frame.iloc[:, -1]
    with ProcessPoolExecutor(2) as executor:
        clf = distributed.fit(HeavisideClassifier(hidden=4, time_limit=6), X, y, executor=executor, cubes=8, slice=1.0)
    assert clf.status_ == "time-limit" and 0 < clf.bound_ < clf.loss_
    assert clf.report_["seconds"] < 6 + distributed.GRACE


@pytest.mark.parametrize(
    ("parameters", "arguments", "message"),
    [
        ({"method": "milp"}, {}, "exact engine"),
        ({"solutions": 2}, {}, "not for cubes"),
        ({}, {"slice": 0}, "more than 0"),
        ({}, {"cubes": 0}, "cubes is 0"),
        ({}, {"workers": 1.5}, "workers is 1.5"),
        ({"l1": 0.5}, {}, "regularisation"),
    ],
)
def test_what_is_refused(problem, parameters, arguments, message):
    X, y, _ = problem
    with ThreadPoolExecutor(1) as executor, pytest.raises(ValueError, match=message):
        distributed.fit(HeavisideClassifier(hidden=2, **parameters), X, y, executor=executor, **arguments)


def test_schedules():
    """Many equal cubes scale until there are as many workers as cubes; parts of a cube come after it."""
    equal = {str(k): 1.0 for k in range(100)}
    schedules = distributed.simulate(equal, [1, 10, 100, 1000], before=1.0)
    assert [schedule.seconds for schedule in schedules] == [101.0, 11.0, 2.0, 2.0]
    assert [schedule.limit for schedule in schedules] == ["work", "work", "chain", "cubes"]
    chain = {"1": 1.0, "1-1": 1.0, "1-2": 1.0, "1-2-1": 1.0}
    assert [schedule.seconds for schedule in distributed.simulate(chain, [1, 2, 9], overhead=1.0)] == [8.0, 6.0, 6.0]
