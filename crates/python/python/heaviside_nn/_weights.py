"""What rows count, exactly."""

from __future__ import annotations

import math
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


def balanced(exact: list[Fraction], counts: list[int], classes: list[int]) -> list[Fraction]:
    """What makes all classes count the same: of each kind of rows the weight, how many there are, and the number of their class.

    >>> balanced([Fraction(1), Fraction(2)], [2, 2], [0, 1])
    [Fraction(3, 2), Fraction(3, 4)]
    """
    sums = [Fraction(0)] * (max(classes) + 1)
    for weight, count, number in zip(exact, counts, classes):
        sums[number] += weight * count
    return [sum(sums, Fraction(0)) / (len(sums) * total) for total in sums]


def rounded(exact: list[Fraction], classes: list[int]) -> list[Fraction]:
    """Weights, rounded downwards to some digits of the largest.

    None is more than before, so that a bound on what rows of these weights lose holds for the weights as they are; but for those of a class (by the numbers)
    that would weigh nothing any more.

    >>> [float(weight) for weight in rounded([Fraction(1, 3), Fraction(1000), Fraction(1, 1000)], [0, 0, 1])]
    [0.0, 1000.0, 1.0]
    """
    step = Fraction(10) ** (math.floor(math.log10(max(exact))) + 1 - DIGITS)
    rough = [weight // step * step for weight in exact]
    heavy = {number for weight, number in zip(rough, classes) if weight}
    return [weight if number in heavy else step for weight, number in zip(rough, classes)]


def units(exact: list[Fraction], counts: list[int]) -> Fraction:
    """How many times their greatest common divisor all weights are together, each of so many rows.

    >>> units([Fraction(1, 2), Fraction(3, 2)], [1, 2])
    Fraction(7, 1)
    """
    common = math.lcm(*(weight.denominator for weight in exact))
    whole = [int(weight * common) for weight in exact]
    return Fraction(sum(weight * count for weight, count in zip(whole, counts)), math.gcd(*whole))


@dataclass(frozen=True)
class Rounding:
    """Rows with the weights as they are, where the network was trained with others."""

    X: np.ndarray
    #: The class of each row, by its number.
    numbers: np.ndarray
    #: The weight of each kind of rows, and the kind of each row.
    weights: list[Fraction]
    kinds: np.ndarray
    #: What of the weights it was trained with is too much, in all.
    excess: Fraction
