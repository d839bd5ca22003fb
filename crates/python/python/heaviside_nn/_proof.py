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
    #: The margin of the networks that the proof is about; None for all networks.
    epsilon: Optional[float]
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
    for name in ("bound", "objective", "epsilon"):
        checked[name] = optional(Fraction, checked[name])
    checked["epsilon"] = optional(float, checked["epsilon"])
    for name in ("features", "classes"):
        checked[name] = tuple(checked[name])
    return Proof(**checked)
