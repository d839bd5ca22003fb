"""Options as the native half takes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Optional

import numpy as np
from sklearn.utils import check_random_state


#: As on the command line.
MOST_THREADS = 1024


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
        "node_limit": None if node_limit == float("inf") else count("node_limit", node_limit),
        "mip_gap": number("mip_gap", mip_gap),
        "threads": workers(threads),
        "seed": seed(random_state),
        "settings": {str(name): setting(value) for name, value in settings.items()},
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
    given = [hidden] if isinstance(hidden, whole) else list(hidden) if isinstance(hidden, (Sequence, np.ndarray)) else None
    if given == [0]:
        return []
    if given is None or not all(isinstance(width, whole) and width > 0 for width in given):
        raise ValueError(f"hidden is {hidden!r}: give 0, or positive whole numbers such as 2 or (4, 3)")
    return [int(width) for width in given]


def is_number(value: Any) -> bool:
    """Whether it is a real number, and no boolean.

    >>> is_number(0.5), is_number("0.5"), is_number(True)
    (True, False, False)
    """
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)


def word(name: str, value: Any) -> str:
    """A text; which ones there are, the native half knows.

    >>> word("norm", "linf")
    'linf'
    """
    if not isinstance(value, str):
        raise ValueError(f"{name} is {value!r}: give one of the words that help(HeavisideClassifier) lists")
    return value


def flag(name: str, value: Any) -> bool:
    """True or False.

    >>> flag("bias", 1)
    True
    """
    if not isinstance(value, (bool, np.bool_)) and not (isinstance(value, (int, np.integer)) and value in (0, 1)):
        raise ValueError(f"{name} is {value!r}: give True or False")
    return bool(value)


def number(name: str, value: Any) -> float:
    """A finite number that is not negative.

    >>> number("l0", 1)
    1.0
    """
    if not (is_number(value) and np.isfinite(value) and value >= 0):
        raise ValueError(f"{name} is {value!r}: give a finite number that is not negative")
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
    if not (is_number(value) and value > 0):
        raise ValueError(f"{name} is {value!r}: give a positive number, or None for no limit")
    return float(value)


def workers(threads: Any) -> int:
    """Worker threads; 0 for all cores.

    >>> workers(None), workers(2)
    (0, 2)
    """
    given = count("threads", threads) or 0
    if given > MOST_THREADS:
        raise ValueError(f"threads is {threads}: give a whole number from 1 to {MOST_THREADS}, or None for all cores")
    return given


def seed(random_state: Any) -> int:
    """The seed; that of None is 0."""
    if random_state is None:
        return 0
    if isinstance(random_state, (int, np.integer)):
        if not 0 <= random_state < 2**64:
            raise ValueError(f"random_state is {random_state}: give a whole number that is not negative, below 2**64")
        return int(random_state)
    return int(check_random_state(random_state).randint(2**31 - 1))


def setting(value: Any) -> str:
    """The text of a parameter's value.

    >>> setting(True), setting(0.5)
    ('yes', '0.5')
    """
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
