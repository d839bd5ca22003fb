"""A run that goes on from a file is the run that was not interrupted."""

from __future__ import annotations

import numpy as np
import pytest
from heaviside_nn import HeavisideClassifier
from sklearn.exceptions import ConvergenceWarning


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(1)
    return rng.normal(size=(60, 6)), rng.integers(0, 2, 60)


def test_sittings_are_one_run(rows, tmp_path):
    file = tmp_path / "run.ckpt"
    clf = HeavisideClassifier(hidden=2, node_limit=2000, time_limit=None)
    with pytest.warns(ConvergenceWarning):
        whole = HeavisideClassifier(hidden=2, node_limit=2000, time_limit=None).fit(*rows)
    for limit in (500, 1000, 2000):
        with pytest.warns(ConvergenceWarning):
            clf.set_params(node_limit=limit).fit(*rows, checkpoint=file, checkpoint_every=1e-6)
    work = ("conflicts", "nodes", "lp_iterations")
    assert (clf.bound_, *(clf.report_[name] for name in work)) == (whole.bound_, *(whole.report_[name] for name in work))
    # A network that was found in a round that a limit cut short is not lost.
    assert clf.loss_ <= whole.loss_ and np.count_nonzero(clf.predict(rows[0]) != rows[1]) == clf.loss_
    assert file.stat().st_size > 10_000


def test_what_is_not_gone_on_with(rows, tmp_path):
    X, y = rows
    file = tmp_path / "run.ckpt"
    with pytest.warns(ConvergenceWarning):
        HeavisideClassifier(hidden=2, node_limit=300).fit(X, y, checkpoint=file)
    kept = file.read_bytes()
    for other, what in [({"hidden": 3}, "another run"), ({"hidden": 2, "l1": 0.5}, "l1"), ({"hidden": 2, "solutions": 2}, "solutions")]:
        with pytest.raises(ValueError, match=what):
            HeavisideClassifier(node_limit=300, **other).fit(X, y, checkpoint=file)
    with pytest.raises(ValueError, match="data"):
        HeavisideClassifier(hidden=2).fit(X[1:], y[1:], checkpoint=file)
    with pytest.raises(ValueError, match="proof"):
        HeavisideClassifier(hidden=2).fit(X, y, checkpoint=file, proof=tmp_path / "proof")
    with pytest.raises(ValueError, match="checkpoint_every is 0"):
        HeavisideClassifier(hidden=2).fit(X, y, checkpoint=file, checkpoint_every=0)
    assert file.read_bytes() == kept
    text = tmp_path / "notes.txt"
    text.write_text("mine")
    with pytest.raises(ValueError, match="no checkpoint"):
        HeavisideClassifier(hidden=2).fit(X, y, checkpoint=text)
    assert text.read_text() == "mine"
    with pytest.raises(FileNotFoundError):
        HeavisideClassifier(hidden=2).fit(X, y, checkpoint=tmp_path / "missing" / "run.ckpt")
