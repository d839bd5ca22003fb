"""The package and the command line are one program: the same data and options give the same network, to the last bit."""

from __future__ import annotations

import json
import warnings

import numpy as np
import pytest
from pytest import approx

from heaviside_nn import HeavisideClassifier

pytestmark = pytest.mark.cli

CASES = {
    "a cut": ({"hidden": 0}, []),
    "two neurons": ({"hidden": 2}, ["--hidden", 2]),
    "a seed": ({"hidden": 2, "random_state": 7, "node_limit": 100}, ["--hidden", 2, "--seed", 7, "--node-limit", 100]),
    "whole weights": ({"hidden": 0, "weights": "integer:3"}, ["--weights", "integer:3"]),
    "local search": (
        {"hidden": (3,), "weights": "ternary", "method": "local-search", "node_limit": 10},
        ["--hidden", 3, "--weights", "ternary", "--method", "local-search", "--node-limit", 10],
    ),
    "a margin and a ball": (
        {"hidden": 0, "epsilon": 0.01, "robust": 0.02, "norm": "l1", "scale": "standard", "node_limit": 20},
        ["--epsilon", 0.01, "--robust", 0.02, "--norm", "l1", "--scale", "standard", "--node-limit", 20],
    ),
    "class weights": ({"hidden": 0, "class_weights": "balanced"}, ["--class-weight", "balanced"]),
    "limits on errors": (
        {"hidden": 0, "max_false_negatives": 20, "max_false_positives": 0.7, "node_limit": 60},
        ["--max-false-negatives", 20, "--max-false-positives", "70%", "--node-limit", 60],
    ),
    "directions": ({"hidden": 2, "monotonic_cst": {"age": -1}, "node_limit": 60}, ["--hidden", 2, "--monotone", "age=-", "--node-limit", 60]),
    "few features": ({"hidden": 0, "max_features": 1}, ["--max-features", 1]),
    "data splitting": (
        {"hidden": 3, "method": "split", "split": "kmedians", "split_restarts": 2, "batch": 100, "polish": False, "node_limit": 20},
        ["--hidden", 3, "--method", "split", "--split", "kmedians", "--split-restarts", 2, "--batch", 100, "--no-polish", "--node-limit", 20],
    ),
    "parts": ({"hidden": 0, "validation": 0.25, "stratify": True, "node_limit": 50}, ["--validation", 0.25, "--stratify", "--node-limit", 50]),
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_networks_are_the_same_to_the_last_bit(case, haberman, tmp_path, heaviside):
    options, arguments = CASES[case]
    data, theirs, ours = tmp_path / "haberman.csv", tmp_path / "theirs.json", tmp_path / "ours.json"
    haberman.to_csv(data, index=False)
    said = heaviside("train", data, *arguments, "--set", "rows.sorted=yes", "--out", theirs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        clf = HeavisideClassifier(time_limit=None, **options).fit(haberman.iloc[:, :-1], haberman.iloc[:, -1])
    clf.save(ours)
    assert json.loads(ours.read_text()) == json.loads(theirs.read_text())
    unit = said.get("units", {"value": 1})["value"]
    assert (clf.status_, clf.loss_, clf.bound_) == (said["status"], approx(said["loss"] * unit), approx(said["bound"] * unit))
    assert (clf.report_["nodes"], clf.report_["conflicts"]) == (said["nodes"], said["conflicts"])


def test_files_go_both_ways(haberman, tmp_path, heaviside):
    data, model = tmp_path / "haberman.csv", tmp_path / "model.json"
    haberman.to_csv(data, index=False)
    X, y = haberman.iloc[:, :-1], haberman.iloc[:, -1]
    # From here to there.
    clf = HeavisideClassifier(hidden=0).fit(X, y)
    clf.save(model)
    judged = heaviside("evaluate", model, data)
    assert judged["errors"] == clf.loss_ == (clf.predict(X) != y).sum()
    assert heaviside("check", "network", model, data)["valid"]
    predicted = heaviside("predict", model, data)["predictions"]
    assert predicted == [str(label) for label in clf.predict(X)]
    # And back.
    heaviside("train", data, "--hidden", 2, "--out", model)
    loaded = HeavisideClassifier.load(model)
    assert loaded.feature_names_in_.tolist() == list(X.columns)
    assert (loaded.predict(X) != y).sum() == loaded.loss_ == loaded.bound_
    assert loaded.get_params()["hidden"] == (2,)


def test_arrays_have_no_names(tmp_path, heaviside):
    X, y = np.array([[0.5], [1.5], [2.5]]), [0, 0, 1]
    HeavisideClassifier(hidden=0).fit(X, y).save(tmp_path / "model.json")
    (tmp_path / "data.csv").write_text("0.5,0\n1.5,0\n2.5,1\n")
    assert heaviside("evaluate", tmp_path / "model.json", tmp_path / "data.csv")["accuracy"] == 1.0


@pytest.mark.parametrize("name", ["net.h", "net.onnx", "net.json"])
def test_exports_are_checked_by_the_command_line(name, haberman, tmp_path, heaviside):
    data, model, exported = tmp_path / "haberman.csv", tmp_path / "model.json", tmp_path / name
    haberman.to_csv(data, index=False)
    X, y = haberman.iloc[:, :-1], haberman.iloc[:, -1]
    clf = HeavisideClassifier(hidden=0, weights="integer:3", scale="none").fit(X, y)
    clf.save(model)
    assert clf.export(exported, X) == []
    checked = heaviside("check", "export", model, exported, data)
    assert checked["exact"] and checked["equal"] == checked["rows"] == len(X)
    with pytest.raises(ValueError, match="c, onnx, json or dot"):
        clf.export(tmp_path / "net.txt")
