"""Yearly changes put together: compounded, never summed."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from corridor_model.errors import GrowthUndefinedError
from corridor_model.growth._kernels import highest, lowest, two_product, two_sum
from corridor_model.growth._relation import Array, FloatOrArray, Relation, Rule, read


def _passed(out: Array, rate: Array) -> bool:
    np.copyto(out, rate)
    return lowest(rate) >= -1 and highest(rate) < np.inf


_RATE = Relation(
    "chain",
    ("rate",),
    _passed,
    (Rule("rate is below -1 (-100 %)", lambda rate: rate < -1),),
    listed=False,
)


def _rates(rates: ArrayLike) -> Array:
    yearly = read("rates", rates)
    if yearly.ndim == 0 or yearly.shape[-1] == 0:
        raise GrowthUndefinedError("rates: the last axis must hold at least one year.")
    _RATE(yearly)
    return yearly


def _chained(yearly: Array) -> Array:
    """Return the product of (1 + rate) minus 1, carried in twice the precision."""
    high = np.zeros(yearly.shape[:-1])
    low = np.zeros_like(high)
    for rate in np.moveaxis(yearly, -1, 0):
        # c + r + c × r, with c = high + low
        product, lost = two_product(high, rate)
        total, error = two_sum(high, rate)
        total, second = two_sum(total, product)
        low = low + low * rate + lost + error + second
        high, low = two_sum(total, low)
    plain = np.expm1(np.log1p(yearly).sum(axis=-1))
    return np.where(np.isfinite(high) & (yearly > -1).all(axis=-1), high, plain)


def chain(rates: ArrayLike) -> FloatOrArray:
    """Total change of yearly rates in sequence, (1 + r₁)(1 + r₂)… - 1.

    Parameters
    ----------
    rates : array_like, shape (..., n)
        Yearly rates as fractions, at least -1; a fall is negative.

    Returns
    -------
    float or ndarray, shape (...)
        Change over all years as a fraction, -1 exactly if one year is -1.

    Raises
    ------
    GrowthUndefinedError
        If a rate is below -1, NaN or infinite, there is none, or the result exceeds double
        precision.

    References
    ----------
    World Bank, Growth Rates (data methodology), compounding growth rate; docs/formulas.md.
    Precision: Ogita, T., Rump, S. M. and Oishi, S. (2005). Accurate sum and dot product. SIAM
    Journal on Scientific Computing, 26(6), 1955-1988.

    Examples
    --------
    Falls of 2.01, 3.6, 3.7 and 4.8 % make 13.4 %, not their sum 14.1 %:

    >>> round(chain([-0.0201, -0.036, -0.037, -0.048]), 3)
    -0.134
    """
    with np.errstate(all="ignore"):
        total = _chained(_rates(rates))
    if not np.isfinite(total).all():
        raise GrowthUndefinedError("chain: a result exceeds the range of double precision.")
    return total if total.ndim else float(total)


def average_rate_of_chain(rates: ArrayLike) -> FloatOrArray:
    """Constant yearly rate with the same total change as a chain of yearly rates.

    Parameters
    ----------
    rates : array_like, shape (..., n)
        Yearly rates as fractions, at least -1.

    Returns
    -------
    float or ndarray, shape (...)
        Geometric mean of the yearly factors, minus 1.

    Raises
    ------
    GrowthUndefinedError
        If a rate is below -1, NaN or infinite, or there is none.

    References
    ----------
    World Bank, Growth Rates (data methodology), compounding growth rate; docs/formulas.md.

    Examples
    --------
    >>> round(average_rate_of_chain([0.5, -0.5]), 6)
    -0.133975
    """
    yearly = _rates(rates)
    with np.errstate(all="ignore"):
        total = _chained(yearly)
        logs = np.where(
            (total > -0.5) & (total < np.inf), np.log1p(total), np.log1p(yearly).sum(axis=-1)
        )
        mean = np.expm1(logs / yearly.shape[-1])
    return mean if mean.ndim else float(mean)
