"""Signals and callbacks end a run with what it has."""

from __future__ import annotations

import os
import signal
import threading
import time

import numpy as np
import pytest

from heaviside_nn import HeavisideClassifier, solve


@pytest.fixture
def hard():
    """Random labels, which no search ends with."""
    random = np.random.default_rng(1)
    return random.uniform(size=(150, 6)), random.integers(0, 2, size=150)


@pytest.fixture(autouse=True)
def heard():
    """Whoever starts programs in the background has them ignore SIGINT: here it is what it is at a terminal."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupt_after(seconds):
    timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    return timer


def test_ctrl_c_leaves_the_best_network(hard):
    X, y = hard
    clf = HeavisideClassifier(hidden=(4,), time_limit=60)
    began = time.monotonic()
    timer = interrupt_after(1.0)
    with pytest.raises(KeyboardInterrupt):
        clf.fit(X, y)
    timer.join()
    assert time.monotonic() - began < 30
    assert clf.status_ == "interrupted" and clf.bound_ <= clf.loss_ < 75
    assert (clf.predict(X) != y).sum() == clf.loss_


def test_a_callback_hears_and_ends(hard):
    X, y = hard
    rows = []

    def stop(row):
        rows.append(row)
        return len(rows) >= 3

    clf = HeavisideClassifier(hidden=(4,), time_limit=120).fit(X, y, callback=stop)
    assert clf.status_ == "interrupted" and len(rows) >= 3
    assert {"seconds", "bound", "objective", "nodes"} <= rows[0].keys()
    seen = [row["objective"] for row in rows if row["objective"] is not None]
    assert seen == sorted(seen, reverse=True) and clf.objective_ <= seen[-1]


def test_what_a_callback_raises_is_raised(hard):
    def fail(row):
        raise LookupError("seen enough")

    clf = HeavisideClassifier(hidden=(4,), time_limit=120)
    with pytest.raises(LookupError, match="seen enough"):
        clf.fit(*hard, callback=fail)
    assert clf.status_ == "interrupted"


def test_other_threads_go_on(hard):
    """The interpreter's lock is not held during a run."""
    counted = []
    done = threading.Event()

    def count():
        while not done.is_set():
            counted.append(time.monotonic())
            time.sleep(0.01)

    counter = threading.Thread(target=count)
    counter.start()
    began = time.monotonic()
    with pytest.warns(match="not proven"):
        HeavisideClassifier(hidden=(4,), time_limit=1.5).fit(*hard)
    ended = time.monotonic()
    done.set()
    counter.join()
    assert sum(began + 0.2 < at < ended - 0.2 for at in counted) > 10


def market_split(rows=5, columns=40):
    """Equations with whole numbers that hardly any choice meets (Cornuejols and Dawande)."""
    random = np.random.default_rng(2)
    lines = ["minimize", " slack: " + " + ".join(f"s{i} + t{i}" for i in range(rows)), "subject to"]
    for i in range(rows):
        numbers = random.integers(0, 100, size=columns)
        sums = " + ".join(f"{number} x{j}" for j, number in enumerate(numbers))
        lines.append(f" r{i}: {sums} + s{i} - t{i} = {numbers.sum() // 2}")
    return "\n".join([*lines, "binary", " " + " ".join(f"x{j}" for j in range(columns)), "end", ""])


def test_ctrl_c_ends_solve():
    timer = interrupt_after(1.0)
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt) as raised:
        solve(market_split(), time_limit=60)
    timer.join()
    assert time.monotonic() - began < 30
    solution = raised.value.solution
    assert solution.status == "interrupted" and solution.bound <= solution.objective
