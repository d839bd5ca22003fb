"""Linear and mixed-integer models."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from os import PathLike, fspath
from typing import Any, Optional, Union

from . import _native
from ._options import limits, optional
from ._table import Table


@dataclass(frozen=True)
class Certificate:
    """What a written certificate proves."""

    #: The file.
    path: str
    #: ``optimal``, ``bounds``, ``infeasible``, ``unbounded`` or ``none``.
    claim: str
    #: Bounds on the optimum.
    lower: Optional[float]
    upper: Optional[float]
    #: Lines of derivation.
    derivations: int
    #: Whether the checker, which shares no code with the solver, has accepted it; if not, why it came to no end.
    checked: bool
    unfinished: Optional[str]
    #: Whether it proves the status of the run and its bound.
    proves_status: bool


@dataclass(frozen=True)
class Solution:
    """The end of a run of :func:`solve`."""

    #: ``optimal``, ``infeasible``, ``unbounded``, ``time-limit``, ``node-limit``, ``memory-limit``, ``interrupted`` or ``unresolved``.
    status: str
    #: On what the claim rests: ``exact``, ``rigorous`` (rounding errors bounded) or ``tolerance`` (of the point alone).
    verified: str
    #: Objective of the point; None without one.
    objective: Optional[float]
    #: Proven: no point is better.
    bound: float
    #: |objective - bound| / |objective|.
    gap: float
    #: The value of each column by its name; empty without a point.
    values: dict[str, float] = field(repr=False)
    nodes: int
    lp_iterations: int
    seconds: float
    #: How far the point is from satisfying the model.
    max_bound_violation: float
    max_row_violation: float
    max_integrality_violation: float
    #: What the author of the file should know of its reading.
    warnings: tuple[str, ...]
    certificate: Optional[Certificate]


def solve(
    model: Union[str, PathLike[str]],
    *,
    time_limit: Optional[float] = None,
    memory_limit: Optional[float] = None,
    node_limit: Optional[int] = None,
    mip_gap: float = 0.0,
    mip_abs_gap: Optional[float] = None,
    threads: Optional[int] = None,
    random_state: Any = None,
    start: Optional[Mapping[str, float]] = None,
    certificate: Union[str, PathLike[str], None] = None,
    settings: Optional[Mapping[str, Any]] = None,
    verbose: int = 0,
    callback: Optional[Callable[[dict[str, Any]], Any]] = None,
) -> Solution:
    """Solve a linear or mixed-integer model.

    Parameters
    ----------
    model : path or str
        An MPS or LP file (also with .gz), or the text of one: what has a line break is a text.
    time_limit, memory_limit, node_limit, mip_gap, threads, random_state, settings, verbose
        As of :class:`HeavisideClassifier`; without a limit the run ends with a proof.
    mip_abs_gap : float, optional
        Ends once |objective - bound| is at most this.
    start : mapping of names to values, optional
        A first point; columns that are not named are 0.
    certificate : path, optional
        Writes a certificate of the outcome in the VIPR format; packed if the name ends in .gz.
    callback : callable, optional
        As of :meth:`HeavisideClassifier.fit`.

    Ctrl-C ends the run and raises ``KeyboardInterrupt``, whose attribute ``solution`` is the best so far.

    >>> from heaviside_nn import solve
    >>> knapsack = '''maximize
    ...  worth: 5 x + 4 y + 3 z
    ... subject to
    ...  weight: 2 x + 3 y + z <= 5
    ... binary
    ...  x y z
    ... end
    ... '''
    >>> solution = solve(knapsack)
    >>> solution.status, solution.objective, solution.values
    ('optimal', 9.0, {'x': 1.0, 'y': 1.0, 'z': 0.0})
    """
    text = isinstance(model, str) and "\n" in model
    options = {
        "path": None if text else fspath(model),
        "text": model if text else None,
        "start": None if start is None else {name: float(value) for name, value in start.items()},
        "certificate": optional(fspath, certificate),
        "mip_abs_gap": optional(float, mip_abs_gap),
        "limits": limits(
            time_limit=time_limit,
            memory_limit=memory_limit,
            node_limit=node_limit,
            mip_gap=mip_gap,
            threads=threads,
            random_state=random_state,
            settings=settings or {},
        ),
    }
    end, raised = _native.solve(json.dumps(options), Table(callback) if verbose else callback)
    solution = solution_of(json.loads(end))
    if raised is not None:
        raised.solution = solution  # type: ignore[attr-defined]
        raise raised
    return solution


def solution_of(end: dict[str, Any]) -> Solution:
    """The end of a run, from its JSON, which has no infinite numbers."""
    maximise, columns, values = end.pop("maximise"), end.pop("columns"), end.pop("values")
    worst = float("inf") if maximise else float("-inf")
    infeasible = end["status"] == "infeasible"
    end["bound"] = end["bound"] if end["bound"] is not None else -worst if infeasible else worst
    end["gap"] = float("inf") if end["gap"] is None else end["gap"]
    end["values"] = {} if values is None else dict(zip(columns, values))
    end["warnings"] = tuple(end["warnings"])
    end["certificate"] = None if end["certificate"] is None else Certificate(**end["certificate"])
    del end["primal_dual_integral"]
    return Solution(**end)
