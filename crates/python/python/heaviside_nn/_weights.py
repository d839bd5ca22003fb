"""What rows count, exactly."""

from __future__ import annotations

import math
import warnings
from fractions import Fraction
from typing import Any

import numpy as np

#: Units that all rows together may have: the library's limit.
MOST_UNITS = 10**8
#: Significant digits of the largest weight, where weights are rounded.
DIGITS = 4


def weights_of(given: Any, count: int, name: str = "sample_weight") -> np.ndarray:
    """Weights, one each.

    >>> weights_of([3, 0], 2)
    array([3., 0.])
    """
    weights = np.asarray(given, dtype=np.float64)
    if weights.shape != (count,):
        raise ValueError(f"{name} has the shape {weights.shape}; give {count} weights")
    if not (np.isfinite(weights) & (weights >= 0)).all():
        raise ValueError(f"{name} must be finite and not negative")
    if not weights.any():
        raise ValueError(f"{name} is zero everywhere: one weight at least must not be")
    return weights


def rounded(name: str, weights: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The weights (of ``counts`` rows each), rounded with a warning if they are too fine to be exact.

    >>> rounded("w", np.array([0.5, 2.0]), np.array([1, 1]))
    array([0.5, 2. ])
    >>> with warnings.catch_warnings(record=True) as said:
    ...     warnings.simplefilter("always")
    ...     rough = rounded("w", np.array([1 / 3, 1000.0, 0.0, 0.001]), np.ones(4))
    >>> rough.tolist(), str(said[0].message)[-14:]
    ([1.0, 1000.0, 0.0, 1.0], 'multiples of 1')
    """
    if units(weights, counts) <= MOST_UNITS:
        return weights
    step = Fraction(10) ** (math.floor(math.log10(weights.max())) + 1 - DIGITS)
    values, places = np.unique(weights, return_inverse=True)
    # No weight becomes 0 that is not.
    rough = [float(max(round(Fraction(value) / step), 1) * step) if value else 0.0 for value in values.tolist()]
    warnings.warn(
        f"{name} has more digits than can be counted exactly: rounded to multiples of {float(step):g}",
        UserWarning,
        stacklevel=3,
    )
    return np.array(rough)[places]


def units(weights: np.ndarray, counts: np.ndarray) -> Fraction:
    """How many times their greatest common divisor all weights are together.

    >>> units(np.array([0.5, 1.5, 2.0]), np.ones(3))
    Fraction(8, 1)
    """
    values, places = np.unique(weights, return_inverse=True)
    totals = np.bincount(places, weights=counts)
    decimals = [Fraction(repr(value)) for value in values.tolist()]
    common = math.lcm(*(decimal.denominator for decimal in decimals))
    whole = [int(decimal * common) for decimal in decimals]
    total = sum(int(count) * value for count, value in zip(totals.tolist(), whole))
    return Fraction(total, math.gcd(*whole))
