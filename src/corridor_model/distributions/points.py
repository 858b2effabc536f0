"""Distributions of single values."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from corridor_model.distributions.base import Array, Distribution, numbers, refuse

ROUNDING = 1e-9
"""How far probabilities may miss 1: what six printed digits each can leave."""


@dataclass(frozen=True, slots=True)
class Fixed(Distribution):
    """A certain number.

    Examples
    --------
    >>> Fixed(12).ppf([0.1, 0.9])
    array([12., 12.])
    """

    value: float

    def __post_init__(self) -> None:
        numbers(self)

    @property
    def mean(self) -> float:
        """The number."""
        return self.value

    @property
    def variance(self) -> float:
        """0."""
        return 0.0

    @property
    def sd(self) -> float:
        """0."""
        return 0.0

    @property
    def lowest(self) -> float:
        """The number."""
        return self.value

    @property
    def highest(self) -> float:
        """The number."""
        return self.value

    def _ppf(self, q: Array) -> Array:
        return np.full(q.shape, self.value)


@dataclass(frozen=True, slots=True)
class Discrete(Distribution):
    """Some values, each with a probability.

    Parameters
    ----------
    values : sequence of float
        Stored in ascending order, each once.
    probabilities : sequence of float
        One each, summing to 1.

    Examples
    --------
    >>> months = Discrete([0, 12, 24], [0.5, 0.3, 0.2])
    >>> months.mean, months.ppf([0.5, 0.51, 0.8, 0.81])
    (8.4, array([ 0., 12., 12., 24.]))
    """

    values: tuple[float, ...]
    probabilities: tuple[float, ...]

    def __init__(self, values: Iterable[float], probabilities: Iterable[float]):
        listed, weights = _floats(self, values), _floats(self, probabilities)
        if not listed or len(listed) != len(weights):
            refuse(
                self,
                f"{len(listed)}个数值对{len(weights)}个概率。",
                f"{len(listed)} values and {len(weights)} probabilities.",
                "每个数值给一个概率。",
                "Give one probability each.",
            )
        if min(weights) < 0 or abs(math.fsum(weights) - 1) > ROUNDING:
            refuse(
                self,
                f"概率之和为{math.fsum(weights):g}。",
                f"the probabilities sum to {math.fsum(weights):g}.",
                "概率不能为负，且和为1。",
                "They must be at least 0 and sum to 1.",
            )
        merged: dict[float, list[float]] = {}
        for value, weight in zip(listed, weights, strict=True):
            merged.setdefault(value, []).append(weight)
        kept = {value: math.fsum(merged[value]) for value in sorted(merged) if any(merged[value])}
        object.__setattr__(self, "values", tuple(kept))
        object.__setattr__(self, "probabilities", tuple(kept.values()))

    @property
    def mean(self) -> float:
        """Of the values, weighted."""
        pairs = zip(self.values, self.probabilities, strict=True)
        return math.fsum(value * weight for value, weight in pairs)

    @property
    def variance(self) -> float:
        """Of the values, weighted."""
        mean = self.mean
        pairs = zip(self.values, self.probabilities, strict=True)
        return math.fsum((value - mean) ** 2 * weight for value, weight in pairs)

    @property
    def sd(self) -> float:
        """Standard deviation of the value."""
        return math.sqrt(self.variance)

    @property
    def lowest(self) -> float:
        """The lowest value that can occur."""
        return self.values[0]

    @property
    def highest(self) -> float:
        """The highest value that can occur."""
        return self.values[-1]

    def _ppf(self, q: Array) -> Array:
        sums = np.array([math.fsum(self.probabilities[: i + 1]) for i in range(len(self.values))])
        # 0.5 + 0.3 must not fall a rounding short of a level of 0.8
        place = np.searchsorted(sums * (1 + 4 * np.finfo(float).eps), q)
        return np.array(self.values)[np.minimum(place, len(sums) - 1)]


def _floats(owner: object, given: Iterable[float]) -> tuple[float, ...]:
    try:
        if isinstance(given, (str, bytes)):
            raise TypeError
        made = tuple(float(value) for value in given)
    except (TypeError, ValueError, OverflowError):
        made = (math.nan,)
    if not all(math.isfinite(value) for value in made):
        refuse(
            owner,
            "数值和概率应为有限的数的列表。",
            "values and probabilities must be lists of finite numbers.",
        )
    return made
