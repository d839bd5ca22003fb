"""What rows count, exactly."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
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
    try:
        weights = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be numbers: {error}") from error
    if weights.shape != (count,):
        given = "one number" if weights.shape == () else f"an array of the shape {weights.shape}"
        raise ValueError(f"{name} is {given}; give {count} weights, one each")
    if not (np.isfinite(weights) & (weights >= 0)).all():
        raise ValueError(f"{name} must be finite and not negative")
    if not weights.any():
        raise ValueError(f"{name} is zero everywhere: one weight at least must not be")
    return weights


def decimals(weights: np.ndarray) -> list[Fraction]:
    """The decimals that weights print as.

    >>> decimals(np.array([0.1, 2.0]))
    [Fraction(1, 10), Fraction(2, 1)]
    """
    return [Fraction(repr(weight)) for weight in weights.tolist()]


def rounded(exact: list[Fraction], numbers: np.ndarray) -> np.ndarray:
    """Weights of rows, rounded downwards to some digits of the largest.

    None is more than before, so that a bound on what rows of these weights lose holds for the weights as they are; but for those of a class (by the numbers)
    that would weigh nothing any more.

    >>> rounded([Fraction(1, 3), Fraction(1000), Fraction(1, 1000)], np.array([0, 0, 1])).tolist()
    [0.0, 1000.0, 1.0]
    """
    largest = max(exact)
    step = Fraction(10) ** (math.floor(math.log10(largest)) + 1 - DIGITS)
    rough = np.array([float(weight // step * step) for weight in exact])
    for number in np.unique(numbers):
        if not rough[numbers == number].any():
            rough[numbers == number] = float(step)
    return rough


def balanced(exact: list[Fraction], numbers: np.ndarray) -> list[Fraction]:
    """What makes all classes count the same.

    >>> balanced([Fraction(1), Fraction(1), Fraction(2), Fraction(2)], np.array([0, 0, 1, 1]))
    [Fraction(3, 2), Fraction(3, 4)]
    """
    sums = [Fraction(0)] * (int(numbers.max()) + 1)
    for weight, number in zip(exact, numbers.tolist()):
        sums[number] += weight
    return [sum(sums, Fraction(0)) / (len(sums) * total) for total in sums]


@dataclass(frozen=True)
class Rounding:
    """Rows with the weights as they are, where the network was trained with others."""

    X: np.ndarray
    #: The class of each row, by its number.
    numbers: np.ndarray
    weights: list[Fraction]
    #: What of the weights it was trained with is too much, in all.
    excess: Fraction


def units(exact: list[Fraction]) -> Fraction:
    """How many times their greatest common divisor all weights are together.

    >>> units([Fraction(1, 2), Fraction(3, 2), Fraction(2)])
    Fraction(8, 1)
    """
    counts = Counter(exact)
    common = math.lcm(*(weight.denominator for weight in counts))
    whole = {int(weight * common): count for weight, count in counts.items()}
    return Fraction(sum(weight * count for weight, count in whole.items()), math.gcd(*whole))
