"""Distributions given by mean and standard deviation of the value itself."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from corridor_model.distributions.base import (
    WIDEST,
    Array,
    Distribution,
    number,
    numbers,
    refuse,
)


def _check_sd(owner: object) -> None:
    if number(owner, "sd") < 0:
        refuse(owner, "sd不能为负。", "sd is negative.", "请填0或正数。", "Give 0 or more.")
    if number(owner, "sd") > WIDEST:
        refuse(owner, "sd过大。", "sd is too large.", "请减小。", "Give a smaller one.")


@dataclass(frozen=True, slots=True)
class Normal(Distribution):
    """A normal distribution.

    Parameters
    ----------
    mean, sd : float
        Of the value, in its unit; sd 0 is a certain value.

    Examples
    --------
    >>> Normal(mean=0.12, sd=0.03).ppf(0.5)
    array(0.12)
    """

    mean: float
    sd: float

    def __post_init__(self) -> None:
        numbers(self)
        _check_sd(self)

    @property
    def variance(self) -> float:
        """Of the value."""
        return self.sd**2

    @property
    def lowest(self) -> float:
        """Minus infinity, unless certain."""
        return -math.inf if self.sd else self.mean

    @property
    def highest(self) -> float:
        """Infinity, unless certain."""
        return math.inf if self.sd else self.mean

    def _ppf(self, q: Array) -> Array:
        if not self.sd:
            return np.full(q.shape, self.mean)
        return np.asarray(self.mean + self.sd * ndtri(q))


@dataclass(frozen=True, slots=True)
class Lognormal(Distribution):
    """A lognormal distribution, given by the mean and sd of the value, not of its logarithm.

    Parameters
    ----------
    mean : float
        Above 0; 1.204 for works that cost 20.4 % more on average.
    sd : float
        Of the value; 0 is a certain value.

    Notes
    -----
    With c = sd / mean: sigma² = ln(1 + c²) and mu = ln(mean) - sigma² / 2. The median is
    exp(mu), below the mean.

    References
    ----------
    Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions 1, ch. 14.

    Examples
    --------
    >>> costs = Lognormal(mean=1.28, sd=0.38 * 1.28)
    >>> round(costs.mu, 6), round(costs.sigma, 6), costs.ppf([0.5, 0.8, 0.9]).round(4)
    (0.17942, 0.367261, array([1.1965, 1.6299, 1.9157]))
    """

    mean: float
    sd: float

    def __post_init__(self) -> None:
        numbers(self)
        _check_sd(self)
        if self.mean <= 0:
            refuse(
                self,
                "mean应大于0。",
                "mean must be above 0.",
                "mean是数值本身的均值，不是对数的均值。",
                "mean is that of the value, not of its logarithm.",
            )
        if self.sd / self.mean > WIDEST:
            refuse(self, "sd过大。", "sd is too large.", "请减小。", "Give a smaller one.")

    @property
    def sigma(self) -> float:
        """Standard deviation of the logarithm."""
        return math.sqrt(math.log1p((self.sd / self.mean) ** 2))

    @property
    def mu(self) -> float:
        """Mean of the logarithm, which is the logarithm of the median."""
        return math.log(self.mean) - self.sigma**2 / 2

    @property
    def variance(self) -> float:
        """Of the value."""
        return self.sd**2

    @property
    def lowest(self) -> float:
        """0, unless certain."""
        return 0.0 if self.sd else self.mean

    @property
    def highest(self) -> float:
        """Infinity, unless certain."""
        return math.inf if self.sd else self.mean

    def _ppf(self, q: Array) -> Array:
        if not self.sd:
            return np.full(q.shape, self.mean)
        return np.asarray(np.exp(self.mu + self.sigma * ndtri(q)))
