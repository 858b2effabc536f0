"""Distributions between two ends, given as people give them: low, most likely, high."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv, betaln, ndtr

from corridor_model.distributions.base import (
    WIDEST,
    Array,
    Distribution,
    number,
    numbers,
    refuse,
)


class _Ends(Distribution):
    """Shared by distributions with the parameters ``low`` and ``high``."""

    __slots__ = ()
    low: float
    high: float

    def _check_ends(self) -> None:
        numbers(self)
        if not self.low < self.high:
            refuse(
                self,
                f"low（{self.low:g}）应小于high（{self.high:g}）。",
                f"low ({self.low:g}) must be below high ({self.high:g}).",
                "确定的数请用Fixed。",
                "Use Fixed for a certain number.",
            )
        if not self.high - self.low < WIDEST:
            refuse(self, "范围过大。", "the range is too wide.", "请缩小。", "Narrow it.")

    @property
    def lowest(self) -> float:
        """The lower end."""
        return self.low

    @property
    def highest(self) -> float:
        """The upper end."""
        return self.high

    @property
    def sd(self) -> float:
        """Standard deviation of the value."""
        return math.sqrt(self.variance)

    def _within(self, share: Array) -> Array:
        """Return values at shares of the way from low to high, never beyond either."""
        return np.clip(self.low + (self.high - self.low) * share, self.low, self.high)


_SCORES = np.linspace(-8.0, 8.0, 4097)


@lru_cache(maxsize=1024)
def _beta_table(alpha: float, beta: float) -> Array:
    """Return the inverse of a beta distribution at `_SCORES`."""
    tiny = np.finfo(np.float64).eps / 2
    return np.asarray(betaincinv(alpha, beta, np.clip(ndtr(_SCORES), tiny, 1 - tiny)))


def _beta_inverse(alpha: float, beta: float, q: Array) -> Array:
    """Return the inverse of a beta distribution, at any probability.

    SciPy's search gives up far below 1e-200; there the first term of the series is exact:
    q = x^alpha / (alpha B(alpha, beta)).
    """
    made = np.asarray(betaincinv(alpha, beta, q))
    lost = np.isnan(made)
    if lost.any():
        series = np.exp((np.log(q[lost]) + math.log(alpha) + betaln(alpha, beta)) / alpha)
        made = made.copy()
        made[lost] = series
    return made


def _read(table: Array, z: Array) -> Array:
    """Return a table at `_SCORES` read linearly: as np.interp, which would search for places."""
    place = np.clip(z, _SCORES[0], _SCORES[-1])
    place = (place - _SCORES[0]) * ((len(_SCORES) - 1) / (_SCORES[-1] - _SCORES[0]))
    left = np.minimum(place.astype(np.intp), len(_SCORES) - 2)
    place -= left
    place *= np.diff(table).take(left)
    place += table.take(left)
    return np.asarray(place)


def _check_mode(owner: object, low: float, mode: float, high: float) -> None:
    if not low <= mode <= high:
        refuse(
            owner,
            f"最可能值mode（{mode:g}）应在{low:g}与{high:g}之间。",
            f"mode ({mode:g}) must lie between {low:g} and {high:g}.",
            "三个数依次为最低、最可能、最高。",
            "The three are lowest, most likely, highest.",
        )


@dataclass(frozen=True, slots=True)
class Uniform(_Ends):
    """Every value between two ends is as likely as any other.

    Examples
    --------
    >>> Uniform(0, 12).ppf([0, 0.25, 1])
    array([ 0.,  3., 12.])
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        self._check_ends()

    @property
    def mean(self) -> float:
        """Middle of the two ends."""
        return self.low + (self.high - self.low) / 2

    @property
    def variance(self) -> float:
        """Of the value."""
        return (self.high - self.low) ** 2 / 12

    def _ppf(self, q: Array) -> Array:
        return self._within(q)


@dataclass(frozen=True, slots=True)
class Triangular(_Ends):
    """Lowest, most likely and highest value, joined by straight lines.

    The most likely value may be one of the ends.

    Examples
    --------
    >>> Triangular(0, 1, 1).ppf([0.1, 0.5, 0.9]).round(6)
    array([0.316228, 0.707107, 0.948683])
    """

    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        self._check_ends()
        _check_mode(self, self.low, self.mode, self.high)

    @property
    def mean(self) -> float:
        """Mean of the three parameters."""
        return self.low / 3 + self.mode / 3 + self.high / 3

    @property
    def variance(self) -> float:
        """Of the value."""
        a, b = self.mode - self.low, self.high - self.mode
        return (a * a + a * b + b * b) / 18

    def _ppf(self, q: Array) -> Array:
        peak = (self.mode - self.low) / (self.high - self.low)
        left = np.sqrt(q * peak)
        right = 1 - np.sqrt((1 - q) * (1 - peak))
        return self._within(np.where(q < peak, left, right))


@dataclass(frozen=True, slots=True)
class PERT(_Ends):
    """Lowest, most likely and highest value, joined by a smooth beta curve.

    Parameters
    ----------
    low, mode, high : float
        The most likely value may be one of the ends.
    shape : float, default 4
        Weight of the most likely value; 0 is uniform.

    Notes
    -----
    alpha = 1 + shape (mode - low) / (high - low), beta = 1 + shape (high - mode) / (high - low).
    The variance is that of this beta distribution: 30.56 for (10, 20, 40). The textbook's
    ((high - low) / 6)², 25 here, belongs to another curve and is not used.

    References
    ----------
    Malcolm, Roseboom, Clark, Fazar (1959), Operations Research 7(5), 646-669; Vose (2008),
    Risk Analysis, 3rd ed., on the modified PERT.

    Examples
    --------
    >>> late = PERT(10, 20, 40)
    >>> round(late.mean, 4), round(late.variance, 4), late.ppf(0.9).round(4)
    (21.6667, 30.5556, np.float64(29.3337))
    """

    low: float
    mode: float
    high: float
    shape: float = 4.0

    def __post_init__(self) -> None:
        self._check_ends()
        _check_mode(self, self.low, self.mode, self.high)
        if self.shape < 0:
            refuse(self, "shape不能为负。", "shape is negative.", "通常为4。", "It is usually 4.")

    @property
    def alpha(self) -> float:
        """First parameter of the beta distribution."""
        return 1 + self.shape * (self.mode - self.low) / (self.high - self.low)

    @property
    def beta(self) -> float:
        """Second parameter of the beta distribution."""
        return 1 + self.shape * (self.high - self.mode) / (self.high - self.low)

    @property
    def mean(self) -> float:
        """(low + shape × mode + high) / (shape + 2)."""
        return self.low + (self.high - self.low) * _beta_mean(self.alpha, self.beta)

    @property
    def variance(self) -> float:
        """Of the beta distribution."""
        return (self.high - self.low) ** 2 * _beta_variance(self.alpha, self.beta)

    def _ppf(self, q: Array) -> Array:
        return self._within(_beta_inverse(self.alpha, self.beta, q))

    def at_scores(self, z: ArrayLike) -> Array:
        """Return the values at standard normal scores, off a table; see the base class."""
        table = _beta_table(self.alpha, self.beta)
        return self._within(_read(table, np.asarray(z, dtype=np.float64)))


@dataclass(frozen=True, slots=True)
class Beta(_Ends):
    """A beta distribution between two ends, 0 and 1 by default.

    Examples
    --------
    >>> Beta(2, 2).mean, Beta(2, 2, low=0, high=100).ppf(0.5)
    (0.5, np.float64(50.0))
    """

    alpha: float
    beta: float
    low: float = 0.0
    high: float = 1.0

    def __post_init__(self) -> None:
        self._check_ends()
        for name in ("alpha", "beta"):
            if number(self, name) <= 0:
                refuse(
                    self,
                    f"{name}应大于0。",
                    f"{name} must be above 0.",
                    "两个1为均匀分布。",
                    "Two ones make it uniform.",
                )

    @property
    def mean(self) -> float:
        """Of the value."""
        return self.low + (self.high - self.low) * _beta_mean(self.alpha, self.beta)

    @property
    def variance(self) -> float:
        """Of the value."""
        return (self.high - self.low) ** 2 * _beta_variance(self.alpha, self.beta)

    def _ppf(self, q: Array) -> Array:
        return self._within(_beta_inverse(self.alpha, self.beta, q))

    def at_scores(self, z: ArrayLike) -> Array:
        """Return the values at standard normal scores, off a table; see the base class."""
        table = _beta_table(self.alpha, self.beta)
        return self._within(_read(table, np.asarray(z, dtype=np.float64)))


def _beta_mean(alpha: float, beta: float) -> float:
    return alpha / (alpha + beta)


def _beta_variance(alpha: float, beta: float) -> float:
    total = alpha + beta
    return (alpha / total) * (beta / total) / (total + 1)
