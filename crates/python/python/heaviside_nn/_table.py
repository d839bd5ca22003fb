"""The progress table, as the command line has it."""

from __future__ import annotations

import sys
from typing import Any

HEAD = "   Nodes     Open Depth |   BestBound    BestSol     Gap | Conflicts |   LpIters    Time"


class Table:
    """Prints a line for each row it is called with; passes rows on to another callback."""

    def __init__(self, callback: Any = None) -> None:
        self.callback = callback
        self.shown = 0

    def __call__(self, row: dict[str, Any]) -> Any:
        if self.shown % 30 == 0:
            print(HEAD, file=sys.stderr)
        self.shown += 1
        print(line(row), file=sys.stderr, flush=True)
        return self.callback(row) if self.callback is not None else None


def line(row: dict[str, Any]) -> str:
    """A row of the table.

    >>> line(dict(source="R", nodes=3, open=0, depth=2, bound=1.0, objective=2.0, conflicts=7, lp_iterations=90, seconds=0.5))
    ' R      3       0     2 |           1          2  50.00% |         7 |        90  0.500s'
    """
    best = row["objective"]
    gap = "inf" if best is None or (best == 0 and row["bound"] < 0) else f"{gap_of(best, row['bound']):.2%}"
    shown = "-" if best is None else f"{best:.8g}"
    return (
        f" {row['source']}{row['nodes']:>7}{row['open']:>8}{row['depth']:>6} |{row['bound']:>12.8g}{shown:>11}{gap:>8} |"
        f"{row['conflicts']:>10} |{row['lp_iterations']:>10}{row['seconds']:>7.3f}s"
    )


def gap_of(objective: float, bound: float) -> float:
    """(objective - bound) / objective: 0 where both are equal."""
    if objective == bound:
        return 0.0
    return (objective - bound) / abs(objective) if objective else float("inf")
