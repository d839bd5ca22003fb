"""Options as the native half takes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Optional

import numpy as np
from sklearn.utils import check_random_state


def limits(
    *,
    time_limit: Any,
    memory_limit: Any,
    node_limit: Any,
    mip_gap: Any,
    threads: Any,
    random_state: Any,
    settings: Mapping[str, Any],
) -> dict[str, Any]:
    """What all searches take."""
    return {
        "time_limit": limit("time_limit", time_limit),
        "memory_limit": limit("memory_limit", memory_limit),
        "node_limit": optional(int, limit("node_limit", node_limit)),
        "mip_gap": number("mip_gap", mip_gap),
        "threads": optional(int, threads) or 0,
        "seed": seed(random_state),
        "settings": {name: setting(value) for name, value in settings.items()},
    }


def optional(kind: Callable[[Any], Any], value: Any) -> Any:
    """A value of this kind, or None."""
    return None if value is None else kind(value)


def widths(hidden: Any) -> list[int]:
    """Widths of the hidden layers, of which 0 means none.

    >>> widths(0), widths(2), widths((4, 3))
    ([], [2], [4, 3])
    """
    whole = (int, np.integer)
    given = [hidden] if isinstance(hidden, whole) else list(hidden)
    if given == [0]:
        return []
    if not all(isinstance(width, whole) and width > 0 for width in given):
        raise ValueError(f"hidden is {hidden!r}: give 0, or positive whole numbers such as 2 or (4, 3)")
    return [int(width) for width in given]


def number(name: str, value: Any) -> float:
    """A finite number that is not negative.

    >>> number("l0", 1)
    1.0
    """
    if not (np.isfinite(value) and value >= 0):
        raise ValueError(f"{name} is {value}: give a finite number that is not negative")
    return float(value)


def allowed(name: str, value: Any) -> Optional[dict[str, Any]]:
    """Errors that are allowed: a whole number of rows, or a share of them.

    >>> allowed("max_false_negatives", 2), allowed("max_false_negatives", 0.25)
    ({'rows': 2}, {'share': 0.25})
    """
    if value is None:
        return None
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool) and value >= 0:
        return {"rows": int(value)}
    if isinstance(value, (float, np.floating)) and 0 <= value <= 1:
        return {"share": float(value)}
    raise ValueError(f"{name} is {value!r}: give a whole number of rows such as 2, or a share of them from 0.0 to 1.0")


def directions(given: Any, features: int, names: Any) -> list[int]:
    """Of every feature 1, -1 or 0, as scikit-learn takes them; [] if all are 0.

    >>> directions({"age": 1}, 2, ["age", "income"]), directions([0, 0], 2, None)
    ([1, 0], [])
    """
    if given is None:
        return []
    if isinstance(given, Mapping):
        if names is None:
            raise ValueError("monotonic_cst names features, but the columns of X have no names")
        unknown = [name for name in given if name not in list(names)]
        if unknown:
            raise ValueError(f"monotonic_cst names {unknown[0]!r}, which is no feature of the data")
        given = [given.get(name, 0) for name in names]
    signs = np.asarray(given, dtype=object).tolist()
    if len(signs) != features or not all(sign in (-1, 0, 1) for sign in signs):
        raise ValueError(
            f"monotonic_cst is {given!r}: give 1 (never speaks against the second class), -1 (never for it) or 0 "
            f"for each of {features} features"
        )
    return [int(sign) for sign in signs] if any(signs) else []


def count(name: str, value: Any) -> Optional[int]:
    """A whole number of at least 1, or None.

    >>> count("max_features", 3)
    3
    """
    if value is None:
        return None
    if not isinstance(value, (int, np.integer)) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{name} is {value!r}: give a whole number of at least 1, or None")
    return int(value)


def limit(name: str, value: Any) -> Optional[float]:
    """A limit: None and infinity are none.

    >>> limit("time_limit", float("inf")), limit("time_limit", 3)
    (None, 3.0)
    """
    if value is None or value == float("inf"):
        return None
    if not value > 0:
        raise ValueError(f"{name} is {value}: give a positive number, or None for no limit")
    return float(value)


def seed(random_state: Any) -> int:
    """The seed; that of None is 0."""
    if random_state is None:
        return 0
    if isinstance(random_state, (int, np.integer)):
        if random_state < 0:
            raise ValueError(f"random_state is {random_state}: give a whole number that is not negative")
        return int(random_state)
    return int(check_random_state(random_state).randint(2**31 - 1))


def setting(value: Any) -> str:
    """The text of a parameter's value.

    >>> setting(True), setting(0.5)
    ('yes', '0.5')
    """
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
