"""Proofs of bounds, written by training and checked without it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from conftest import xor

from heaviside_nn import HeavisideClassifier, ProofError, check_proof


@pytest.mark.parametrize("compress", [False, True])
def test_a_proof_of_iris(iris, tmp_path, compress):
    X, y = iris.iloc[:, :4], iris.iloc[:, -1].replace({"setosa": "versicolor"})
    folder, data = tmp_path / "proof", tmp_path / "iris.csv"
    X.assign(**{y.name: y}).to_csv(data, index=False)
    clf = HeavisideClassifier(hidden=0).fit(X, y, proof=folder, compress=compress)
    assert clf.report_["proof"]["bound"] == clf.loss_ == 1
    proof = check_proof(folder, data)
    assert (proof.is_optimal, proof.loss, proof.bound, proof.objective) == (True, 1, Fraction(1), Fraction(1))
    assert (proof.rows, proof.data_compared, proof.classes) == (150, True, ("versicolor", "virginica"))
    assert proof.features == tuple(X.columns) and proof.lemmas > 0
    # Other data are not what is proven.
    X.iloc[::-1].assign(**{y.name: y}).to_csv(data, index=False)
    with pytest.raises(ProofError, match="iris.csv|problem.json"):
        check_proof(folder, data)


def test_a_proof_of_the_milp(tmp_path):
    clf = HeavisideClassifier(hidden=0, method="milp", epsilon=0.01).fit(*xor(), proof=tmp_path / "proof")
    proof = check_proof(tmp_path / "proof")
    assert (proof.loss, proof.bound, proof.epsilon) == (clf.loss_, 1, 0.01)


def test_a_proof_tells_its_premises(tmp_path):
    asked = {"epsilon": 0.125, "robust": 0.0625, "norm": "l1", "bias": False, "max_false_positives": 1}
    HeavisideClassifier(hidden=3, method="omt", **asked).fit(*xor(), proof=tmp_path / "proof")
    proof = check_proof(tmp_path / "proof")
    assert (proof.hidden, proof.bias, proof.whole_weights, proof.loss_counts) == ((3,), False, None, "hamming")
    assert (proof.epsilon, proof.radius, proof.norm, proof.l0, proof.l1) == (0.125, 0.0625, "l1", 0.0, 0.0)
    assert [most for _, most in proof.error_limits] == [1] and proof.unit is None


def test_a_false_claim_is_refuted(tmp_path):
    folder = tmp_path / "proof"
    HeavisideClassifier(hidden=0).fit(*xor(), proof=folder)
    steps = folder / "proof.pbp"
    lines = steps.read_text().splitlines()
    steps.write_text("\n".join(line for line in lines if not line.startswith("pol")) + "\n")
    formula = (folder / "formula.opb").read_text().splitlines()
    (folder / "formula.opb").write_text("\n".join(formula[:-1]) + "\n")
    with pytest.raises(ValueError):
        check_proof(folder)


def test_what_is_no_proof(tmp_path):
    with pytest.raises(FileNotFoundError):
        check_proof(tmp_path)
    with pytest.raises(ValueError, match="proof"):
        HeavisideClassifier(method="local-search").fit(*xor(), proof=tmp_path / "proof")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("mine")
    with pytest.raises(ValueError, match="letter.txt"):
        HeavisideClassifier(hidden=0).fit(*xor(), proof=tmp_path / "other")


@pytest.mark.cli
def test_the_command_line_accepts_it(tmp_path, heaviside):
    HeavisideClassifier(hidden=0).fit(*xor(), proof=tmp_path / "proof")
    checked = heaviside("check", "proof", tmp_path / "proof")
    assert (checked["valid"], checked["claim"], checked["bound"]) == (True, "optimal", 1)
