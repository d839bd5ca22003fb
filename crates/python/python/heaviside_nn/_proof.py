"""Proofs, checked by code that shares nothing with the solver."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from os import PathLike, fspath
from typing import Any, Optional, Union

from . import _native
from ._options import optional


class ProofError(ValueError):
    """A folder does not prove what it claims, or was not checked to its end."""


@dataclass(frozen=True)
class Proof:
    """What a folder proves: every lemma and every step was checked in rational numbers, and the network recounted."""

    #: No network has a smaller objective, which is the loss unless weights have a price; None: no network satisfies the conditions.
    bound: Optional[Fraction]
    #: What the network reaches; None without a network.
    objective: Optional[Fraction]
    #: Its loss.
    loss: Optional[int]
    #: The networks that the proof is about: neurons of each hidden layer, whether there are biases, the largest absolute value
    #: of whole weights (None: real ones in [-1, 1]).
    hidden: tuple[int, ...]
    bias: bool
    whole_weights: Optional[int]
    #: What is counted: "hamming" (wrong outputs) or "zero-one" (rows with one); the same for two classes.
    loss_counts: str
    #: Their margin in scaled units, None for all; the radius and the norm ("linf" or "l1") of the perturbation that they withstand.
    epsilon: Optional[float]
    radius: Optional[float]
    norm: Optional[str]
    #: Prices of each non-zero weight and of a unit of absolute weight, which are part of the objective.
    l0: float
    l1: float
    #: Classes with a limit on their errors, and the most units of their rows that may be wrong.
    error_limits: tuple[tuple[str, int], ...]
    #: What a unit is worth that losses and bounds count in; None: each row counts 1.
    unit: Optional[Fraction]
    #: Rows, and how many of them differ.
    rows: int
    points: int
    #: Facts of geometry that were checked; None for proofs of the MILP.
    lemmas: Optional[int]
    #: Steps that follow from them.
    steps: int
    #: Whether the rows were compared with a data file.
    data_compared: bool
    #: What the proof is about.
    features: tuple[str, ...]
    classes: tuple[str, ...]
    data_sha256: str

    @property
    def is_optimal(self) -> bool:
        """Whether no network is better than the one in the folder."""
        return self.bound is not None and self.bound == self.objective


def check_proof(
    folder: Union[str, PathLike[str]],
    data: Union[str, PathLike[str], None] = None,
    *,
    drop_missing: bool = False,
) -> Proof:
    """Check a folder that ``fit(X, y, proof=folder)`` or ``heaviside train --proof`` has written.

    Parameters
    ----------
    folder : path
        The folder.
    data : path, optional
        The data file it was trained on: rows are then compared one by one. Without one they are those that the folder states.
    drop_missing : bool, default=False
        Whether rows of the data file with a missing value were left out.

    Raises
    ------
    ProofError
        If the folder does not prove what it claims.

    >>> import os, tempfile
    >>> from heaviside_nn import HeavisideClassifier, check_proof
    >>> folder = os.path.join(tempfile.mkdtemp(), "proof")
    >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], ["no", "yes", "yes", "no"]
    >>> clf = HeavisideClassifier(hidden=0).fit(X, y, proof=folder)
    >>> proof = check_proof(folder)
    >>> proof.is_optimal, proof.loss, proof.bound
    (True, 1, Fraction(1, 1))
    """
    report, raised = _native.check_proof(fspath(folder), optional(fspath, data), drop_missing)
    if raised is not None:
        raise raised
    checked: dict[str, Any] = json.loads(report)
    failure = checked.pop("failure")
    if failure is not None:
        raise ProofError(failure)
    for name in ("bound", "objective", "unit", "epsilon", "radius", "l0", "l1", "whole_weights"):
        checked[name] = optional(Fraction, checked[name])
    for name in ("epsilon", "radius", "l0", "l1"):
        checked[name] = optional(float, checked[name])
    checked["whole_weights"] = optional(int, checked["whole_weights"])
    for name in ("features", "classes", "hidden"):
        checked[name] = tuple(checked[name])
    checked["error_limits"] = tuple((name, most) for name, most in checked["error_limits"])
    return Proof(**checked)
