"""Linear and mixed-integer models, and their certificates."""

from __future__ import annotations

import gzip
import json

import pytest

from heaviside_nn import solve

KNAPSACK = """maximize
 worth: 5 x + 4 y + 3 z
subject to
 weight: 2 x + 3 y + z <= 5
binary
 x y z
end
"""


def test_texts_and_files_are_one(tmp_path):
    path = tmp_path / "knapsack.lp"
    path.write_text(KNAPSACK)
    packed = tmp_path / "knapsack.lp.gz"
    packed.write_bytes(gzip.compress(KNAPSACK.encode()))
    for model in (KNAPSACK, path, str(path), packed):
        solution = solve(model)
        assert (solution.status, solution.objective, solution.bound, solution.gap) == ("optimal", 9.0, 9.0, 0.0)
        assert solution.values == {"x": 1.0, "y": 1.0, "z": 0.0}
        assert solution.max_row_violation == 0 and solution.verified in ("exact", "rigorous")


def test_linear_programs_and_those_without_end():
    solution = solve("minimize\n cost: x + 2 y\nsubject to\n enough: x + y >= 2.5\nend\n")
    assert (solution.status, solution.objective) == ("optimal", 2.5)
    solution = solve("minimize\n cost: x\nsubject to\n one: x + y = 3\nbounds\n x free\n y free\nend\n")
    assert (solution.status, solution.bound, solution.objective) == ("unbounded", float("-inf"), None)
    solution = solve("minimize\n cost: x\nsubject to\n one: x >= 3\n two: x <= 2\nend\n")
    assert (solution.status, solution.values) == ("infeasible", {})


def test_a_start_is_taken():
    solution = solve(KNAPSACK, start={"x": 1, "z": 1}, node_limit=1)
    assert solution.objective >= 8
    with pytest.raises(ValueError, match="no column 'w'"):
        solve(KNAPSACK, start={"w": 1})


@pytest.mark.parametrize("name", ["proof.vipr", "proof.vipr.gz"])
@pytest.mark.parametrize("from_text", [True, False])
def test_certificates_are_checked(tmp_path, name, from_text):
    path = tmp_path / "knapsack.lp"
    path.write_text(KNAPSACK)
    target = tmp_path / name
    certificate = solve(KNAPSACK if from_text else path, certificate=target).certificate
    assert (certificate.claim, certificate.lower, certificate.upper) == ("optimal", 9.0, 9.0)
    assert certificate.checked and certificate.proves_status and certificate.unfinished is None
    text = target.read_bytes()
    assert (gzip.decompress(text) if name.endswith("gz") else text).startswith(b"VER 1.1\n")


def test_what_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="nothing.mps"):
        solve(tmp_path / "nothing.mps")
    with pytest.raises(ValueError, match=":1"):
        solve("what is this\n")
    with pytest.raises(ValueError, match="milp"):
        solve(KNAPSACK, settings={"omt.cores": False})
    with pytest.raises(FileNotFoundError):
        solve(KNAPSACK, certificate=tmp_path / "nowhere" / "proof.vipr")


def test_parameters_are_taken():
    assert solve(KNAPSACK, settings={"milp.branching": "most-fractional"}).objective == 9.0


@pytest.mark.cli
def test_the_command_line_says_the_same(tmp_path, heaviside):
    path = tmp_path / "knapsack.lp"
    path.write_text(KNAPSACK)
    theirs, ours = heaviside("solve", path), solve(path)
    assert theirs["solution"] == ours.values
    for name in ("status", "objective", "bound", "nodes", "lp_iterations", "verified"):
        assert theirs[name] == getattr(ours, name), name
    solve(path, certificate=tmp_path / "proof.vipr")
    assert heaviside("check", "certificate", path, tmp_path / "proof.vipr")["valid"]
    assert json.dumps(theirs)
