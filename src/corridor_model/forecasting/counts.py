"""Yearly additions as counts: a gamma rate, shaken every year, observed through Poisson."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import betainc, gammaln

from corridor_model._typing import Array
from corridor_model.forecasting.history import History, shipped_rows
from corridor_model.forecasting.mixture import pick

_START = 0.5


@dataclass(frozen=True, eq=False)
class RateExperts:
    """What is believed of a rate's movement; E experts.

    Attributes
    ----------
    growth : ndarray, shape (E,)
        Log growth of the rate a year.
    firmness : ndarray, shape (E,)
        Inverse relative variance of the yearly shake.
    prior : ndarray, shape (E,)
        Log weight.
    """

    growth: Array
    firmness: Array
    prior: Array


@lru_cache(maxsize=1)
def shipped_rates() -> RateExperts:
    """Return the experts that travel with the library (data/forecast/additions.csv)."""
    rows = shipped_rows("additions.csv")
    names = ("growth", "firmness", "log_weight")
    return RateExperts(*(np.array([float(row[name]) for row in rows]) for name in names))


def shake(shape: Array, rate: Array, experts: RateExperts, years: int = 1) -> tuple[Array, Array]:
    """Let gamma beliefs about a rate age: growth moves the mean, the shake widens it.

    The relative variance 1/shape grows by 1/firmness a year, as if the rate were multiplied
    by a beta variable of mean 1 (after scaling).

    References
    ----------
    Harvey, A. C. and Fernandes, C. (1989), Time series models for count or qualitative
    observations, J. Business & Economic Statistics 7, 407-417: the same conjugate step with
    a discount in place of the added variance.
    """
    for _ in range(years):
        wider = 1 / (1 / shape + 1 / experts.firmness)
        rate = rate * (wider / shape) * np.exp(-experts.growth)
        shape = wider
    return shape, rate


def log_mass(count: float, shape: Array, rate: Array) -> Array:
    """Log probability of a count under a gamma-Poisson (negative binomial) belief."""
    return np.asarray(
        gammaln(shape + count)
        - gammaln(shape)
        - gammaln(count + 1.0)
        + shape * np.log(rate / (1 + rate))
        - count * np.log1p(rate)
    )


def learn(history: History, experts: RateExperts) -> tuple[Array, Array, Array]:
    """Read a history: shape and rate of every expert's belief, and its log evidence.

    The first observation sets the level and is no evidence.
    """
    ones = np.ones(len(experts.prior))
    shape, rate, evidence = ones * (_START + history.values[0]), ones, 0 * ones
    for value, gap in zip(history.values[1:], history.gaps, strict=True):
        shape, rate = shake(shape, rate, experts, gap)
        evidence = evidence + log_mass(value, shape, rate)
        shape, rate = shape + value, rate + 1
    return shape, rate, evidence


@dataclass(frozen=True, eq=False)
class CountForecast:
    """Forecast of one history of yearly additions over H years; one row.

    Attributes
    ----------
    weight : ndarray, shape (E,)
    shape_, rate : ndarray, shape (H, E)
        Gamma belief about each year's rate.
    experts : RateExperts
    """

    weight: Array
    shape_: Array
    rate: Array
    experts: RateExperts

    @property
    def shape(self) -> tuple[int, int]:
        """Histories (always 1) and horizon years."""
        return 1, len(self.rate)

    def cdf(self, values: Array, strict: bool = False) -> Array:
        """P(additions <= x), or < x if strict, shape (1, H, Q)."""
        whole = np.ceil(values) - 1 if strict else np.floor(values)
        top = np.maximum(whole, 0.0)[0][..., None]
        chance = self.rate / (1 + self.rate)
        each = betainc(self.shape_[:, None, :], top + 1, chance[:, None, :])
        inside = np.minimum((each * self.weight).sum(axis=-1), 1.0)
        return np.where(whole[0] < 0, 0.0, inside)[None]

    def quantile(self, levels: Array, polish: bool = True) -> Array:  # noqa: ARG002
        """Return the smallest whole number whose cdf reaches the level, shape (1, H, Q)."""
        levels = np.broadcast_to(levels, (*self.shape, np.shape(levels)[-1]))
        low = np.full(levels.shape, -1.0)
        high = np.ones(levels.shape)
        capped = np.minimum(levels, 1 - 1e-12)
        for _ in range(1024):
            short = (self.cdf(high) < capped) & (high < 1e300)
            if not short.any():
                break
            high = np.where(short, high * 2, high)
        while (high - low > 1).any():
            middle = np.floor((low + high) / 2)
            reached = self.cdf(middle) >= capped
            high = np.where(reached, middle, high)
            low = np.where(reached, low, middle)
            if not (high - low > np.maximum(1.0, np.spacing(high))).any():
                break
        return np.maximum(high, 0.0)

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        """Independent draws of each year, shape (1, H, n)."""
        out = np.empty((*self.shape, n))
        for h in range(self.shape[1]):
            expert = pick(self.weight, rng.random(n))
            out[0, h] = poisson(rng, rng.gamma(self.shape_[h, expert]) / self.rate[h, expert])
        return out

    def paths(self, n: int, rng: np.random.Generator) -> Array:
        """Joint draws of all years, shape (1, H, n): the rate moves on by beta shakes."""
        out = np.empty((*self.shape, n))
        expert = pick(self.weight, rng.random(n))
        level = rng.gamma(self.shape_[0, expert]) / self.rate[0, expert]
        out[0, 0] = poisson(rng, level)
        for h in range(1, self.shape[1]):
            old, new = self.shape_[h - 1, expert], self.shape_[h, expert]
            shaken = rng.beta(new, np.maximum(old - new, 1e-12))
            level = level * shaken * (self.rate[h - 1, expert] / self.rate[h, expert])
            out[0, h] = poisson(rng, level)
        return out


def poisson(rng: np.random.Generator, rate: Array) -> Array:
    """Poisson draws; beyond 1e12 the rate itself, whose noise is then lost in rounding."""
    return np.where(rate < 1e12, rng.poisson(np.minimum(rate, 1e12)), np.rint(rate)).astype(float)


def forecast_counts(history: History, horizon: int) -> CountForecast:
    """Forecast one history of whole yearly additions, at least one of them above 0."""
    experts = shipped_rates()
    shape, rate, evidence = learn(history, experts)
    logs = experts.prior + evidence
    weight = np.exp(logs - logs.max())
    shapes, rates = [], []
    for _ in range(horizon):
        shape, rate = shake(shape, rate, experts)
        shapes.append(shape)
        rates.append(rate)
    return CountForecast(weight / weight.sum(), np.stack(shapes), np.stack(rates), experts)
