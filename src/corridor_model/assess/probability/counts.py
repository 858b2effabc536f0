"""Yearly additions as counts when part of a year is known: exposures, totals, every year.

The forecast floor's gamma-Poisson, with two things added. A part of a year is an observation
with that exposure: of a rate L a share s of a year brings Poisson(s L). And the total of
several years is Poisson of the sum of their rates, whose mean and variance given an expert are
exact; the sum is taken as gamma with these two, exact for a single year.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincc

from corridor_model.forecast.additions import (
    Counted,
    RateExperts,
    learn,
    log_mass,
    poisson,
    shake,
)
from corridor_model.forecast.additions import shipped_rates as rates
from corridor_model.forecast.inputs import History
from corridor_model.forecast.mixture import pick

if TYPE_CHECKING:
    from corridor_model.assess.probability.question import Yearly

Array = NDArray[np.float64]
DRAWS = 4096
"""Paths of the rate behind «in every year»; the counts given the rates are exact."""
_STREAM = 20201231
_START = 0.5


class Belief:
    """Gamma beliefs about the rate of each open year, by expert.

    Attributes
    ----------
    weight : ndarray, shape (E,)
    shapes, rates : ndarray, shape (Y, E)
    weights : ndarray, shape (Y,)
        How much of each year is still to come.
    """

    def __init__(self, asked: Yearly):
        self.experts = rates()
        shape, rate, evidence, year = _start(asked, self.experts)
        shapes, scales = [], []
        for open_year in asked.open:
            if asked.share and open_year == asked.open[0]:
                shape, rate, evidence = _part(asked, shape, rate, evidence, self.experts, year)
            else:
                shape, rate = shake(shape, rate, self.experts, open_year - year)
            year = open_year
            shapes.append(shape)
            scales.append(rate)
        logs = self.experts.prior + evidence
        weight = np.exp(logs - logs.max())
        self.weight = weight / weight.sum()
        self.shapes, self.rates = np.stack(shapes), np.stack(scales)
        self.weights = np.array(asked.weights)

    def total(self) -> Counted:
        """Return the distribution of what all open years add, as one horizon year."""
        mean = self.shapes / self.rates
        spread = self.shapes / self.rates**2
        middle = (self.weights[:, None] * mean).sum(axis=0)
        wide = (self.weights[:, None] ** 2 * spread).sum(axis=0)
        for i in range(len(mean)):
            for j in range(i + 1, len(mean)):
                both = spread[i] * mean[j] / mean[i]
                wide = wide + 2 * self.weights[i] * self.weights[j] * both
        return Counted(self.weight, (middle**2 / wide)[None], (middle / wide)[None], self.experts)

    def year(self, place: int) -> Counted:
        """Return the distribution of what is still to come in one open year."""
        rate = self.rates[place] / max(self.weights[place], 1e-12)
        return Counted(self.weight, self.shapes[place][None], rate[None], self.experts)

    def each(self, lower: Array, upper: Array) -> float:
        """Return P(every open year adds at least lower and at most upper).

        Rates are drawn (fixed stream, quantiles of one expert stratified by the draw); given
        them the years are independent and exact. The answer keeps within what the exact single
        years allow.
        """
        alone = np.array(
            [_within(self.year(i), low, high) for i, (low, high) in enumerate(zip(lower, upper))]  # noqa: B905
        )
        if len(alone) == 1:
            return float(alone[0])
        rng = np.random.Generator(np.random.SFC64(_STREAM))
        who = pick(self.weight, (np.arange(DRAWS) + 0.5) / DRAWS)
        chance = np.ones(DRAWS)
        for i, level in enumerate(self._levels(who, rng)):
            chance = chance * _given(self.weights[i] * level, lower[i], upper[i])
        least = max(0.0, float(alone.sum()) - len(alone) + 1)
        return float(np.clip(chance.mean(), least, alone.min()))

    def paths(self, n: int, rng: np.random.Generator) -> Array:
        """Draw what is still to come in each open year, shape (Y, n)."""
        who = pick(self.weight, rng.random(n))
        rates = zip(self.weights, self._levels(who, rng), strict=True)
        return np.stack([poisson(rng, weight * level) for weight, level in rates])

    def _levels(self, who: NDArray[np.intp], rng: np.random.Generator) -> Iterator[Array]:
        """Yield the rate of each open year by path: it moves on by beta shakes."""
        level = rng.standard_gamma(self.shapes[0, who]) / self.rates[0, who]
        yield level
        for i in range(1, len(self.shapes)):
            old, new = self.shapes[i - 1, who], self.shapes[i, who]
            shaken = rng.beta(new, np.maximum(old - new, 1e-12))
            level = level * shaken * (self.rates[i - 1, who] / self.rates[i, who])
            yield level


def is_whole(asked: Yearly) -> bool:
    """Return whether additions are counted one by one."""
    amounts = (*asked.values, asked.part)
    return asked.kind == "additions" and all(v >= 0 and v == int(v) for v in amounts)


def _start(asked: Yearly, experts: RateExperts) -> tuple[Array, Array, Array, int]:
    """Return shape, rate, evidence and year after the whole years."""
    ones = np.ones(len(experts.prior))
    if not asked.values:
        return ones * _START, 0 * ones, 0 * ones, asked.open[0]
    shape, rate, evidence = learn(History(asked.values, asked.years, "additions"), experts)
    return shape, rate, evidence, asked.years[-1]


def _part(
    asked: Yearly, shape: Array, rate: Array, evidence: Array, experts: RateExperts, year: int
) -> tuple[Array, Array, Array]:
    """Let a part of the first open year speak with its exposure."""
    if asked.values:
        shape, rate = shake(shape, rate, experts, asked.open[0] - year)
        evidence = evidence + log_mass(asked.part, shape, rate / asked.share)
    return shape + asked.part, rate + asked.share, evidence


def _within(one: Counted, low: float, high: float) -> float:
    """Return P(low <= additions <= high)."""
    values = np.array([[[low]]]), np.array([[[high]]])
    below = 0.0 if low <= 0 else float(one.cdf(values[0], strict=True)[0, 0, 0])
    above = 1.0 if np.isinf(high) else float(one.cdf(values[1])[0, 0, 0])
    return max(0.0, above - below)


def _given(rate: Array, low: float, high: float) -> Array:
    """Return P(low <= Poisson(rate) <= high) for each rate."""
    below: Array | float = 0.0 if low <= 0 else gammaincc(np.ceil(low), rate)
    if high < 0:
        return np.zeros_like(rate)
    above: Array | float = 1.0 if np.isinf(high) else gammaincc(np.floor(high) + 1, rate)
    return np.maximum(np.asarray(above - below) * np.ones_like(rate), 0.0)
