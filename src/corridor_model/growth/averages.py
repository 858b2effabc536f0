"""Average growth over several years: by the last level (水平法) or by the sum (累计法)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from corridor_model._typing import Array
from corridor_model.errors import GrowthUndefinedError
from corridor_model.growth._elementwise import (
    FloatOrArray,
    Relation,
    Rule,
    exact_sum,
    highest,
    lowest,
    read,
    two_product,
    two_sum,
)
from corridor_model.growth._labels import labelled
from corridor_model.growth.rates import RATE_BELOW, cagr
from corridor_model.messages import N_, message

STEPS = 80  # Newton needs about ten; the cap only guards against a loop without end
POLISH = 3  # each doubles the digits, and the logarithm already gives thirteen


def _levels(out: Array, base: Array, value: Array) -> bool:
    np.add(0.5 * base, 0.5 * value, out=out)  # finite numbers stay finite in this sum
    return lowest(base) > 0 and lowest(value) >= 0 and highest(out) < np.inf


_LEVELS = Relation(
    "average growth",
    _levels,
    Rule(message("base must be above 0"), lambda base: base <= 0),
    Rule(message("a value is negative"), lambda value: value < 0),
    listed=False,
)


def _series(base: ArrayLike, values: ArrayLike) -> tuple[Array, Array]:
    """Return base, shape (...), and values, shape (..., n), checked and broadcast."""
    level, series = read("base", base), read("values", values)
    if series.ndim == 0 or series.shape[-1] == 0:
        raise GrowthUndefinedError(N_("values: the last axis must hold at least one year."))
    _LEVELS(level[..., None], series)
    shape = np.broadcast_shapes(level.shape, series.shape[:-1])
    return np.broadcast_to(level, shape), np.broadcast_to(series, (*shape, series.shape[-1]))


@labelled("none")
def average_growth_level_method(base: ArrayLike, values: ArrayLike) -> FloatOrArray:
    """Average yearly growth by the level method (水平法): `cagr` from base to the last value.

    Parameters
    ----------
    base : array_like, shape (...)
        Level of the base year, above 0. Broadcast.
    values : array_like, shape (..., n)
        Levels of the n years after the base year, at least 0, in the unit of `base`.

    Returns
    -------
    float or ndarray, shape (...)
        Yearly rate as a fraction. Only the last value counts.

    Raises
    ------
    GrowthUndefinedError
        If `base` is not above 0, a value is negative, or an input is NaN or infinite.

    References
    ----------
    统计工作实务, 平均增长速度: http://p719.cn/26563346.html

    Examples
    --------
    >>> round(average_growth_level_method(100, [130, 90, 120]), 6)
    0.062659
    """
    level, series = _series(base, values)
    return cagr(level, series[..., -1], series.shape[-1])


@labelled("none")
def average_growth_cumulative_method(base: ArrayLike, values: ArrayLike) -> FloatOrArray:
    """Average yearly growth by the cumulative method (累计法), from the sum of all years.

    The factor g = 1 + rate solves g + g² + … + gⁿ = sum of values / base.

    Parameters
    ----------
    base : array_like, shape (...)
        Level of the base year, above 0. Broadcast.
    values : array_like, shape (..., n)
        Levels of the n years after the base year, at least 0, in the unit of `base`.

    Returns
    -------
    float or ndarray, shape (...)
        Yearly rate as a fraction; -1 exactly where all values are 0.

    Raises
    ------
    GrowthUndefinedError
        If `base` is not above 0, a value is negative, or an input is NaN or infinite.

    Notes
    -----
    The left side is increasing, and convex in its logarithms; so Newton's method on logarithms
    comes down to the one root from a bound above it, without bracketing. A few steps in the
    rate itself then restore the digits that a logarithm loses near a rate of 0.

    References
    ----------
    统计工作实务, 平均增长速度: http://p719.cn/26563346.html

    Examples
    --------
    >>> round(average_growth_cumulative_method(100, [130, 90, 120]), 6)
    0.063901
    """
    level, series = _series(base, values)
    periods = series.shape[-1]
    with np.errstate(all="ignore"):
        # exact scaling by powers of two, so that no sum overflows
        _, shift = np.frexp(series.max(axis=-1))
        scaled = np.ldexp(series, -shift[..., None])
        log_sum = np.log(scaled.sum(axis=-1)) + shift * np.log(2.0) - np.log(level)
        rate = np.expm1(_log_factor(log_sum, periods))
        rate = _newton(rate, level, series)
    if not np.isfinite(rate).all():
        raise GrowthUndefinedError(
            N_("average_growth_cumulative_method: a rate exceeds the range of double precision.")
        )
    return rate if rate.ndim else float(rate)


def _log_factor(log_sum: Array, periods: int) -> Array:
    """Solve ln(g + … + g^n) = log_sum for ln g, down from an upper bound of the root."""
    root = np.where(
        log_sum >= np.log(periods), log_sum / periods, np.minimum(0.0, log_sum)
    )  # g^n < sum above 1, g < sum below
    root, wanted = np.atleast_1d(root), np.atleast_1d(log_sum)
    active = np.isfinite(root)
    powers = np.arange(periods)
    for _ in range(STEPS):
        now = root[active]
        # powers of the smaller of g and 1 / g never overflow
        terms = np.exp(-np.abs(now)[:, None] * powers)
        total = terms.sum(axis=-1)
        mean = (terms @ powers) / total
        value = np.where(now > 0, periods * now, now) + np.log(total)
        slope = np.where(now > 0, periods - mean, 1.0 + mean)
        step = (value - wanted[active]) / slope
        root[active] = now - step
        active[active] = np.abs(step) > 1e-13 * np.maximum(np.abs(now), 1.0)
        if not active.any():
            break
    return root.reshape(log_sum.shape)


def _newton(rate: Array, base: Array, series: Array) -> Array:
    """Newton's method on r × Q(1 + r) = sum(values - base) / base, accurate near r = 0."""
    periods = series.shape[-1]
    excess = exact_sum([*np.moveaxis(series, -1, 0), *[-base] * periods]) / base
    for _ in range(POLISH):
        growth = 1.0 + rate
        # Q = n + (n-1) g + … + g^(n-1), slope = 1 + 2 g + … + n g^(n-1): by Horner's rule
        ratio, slope = np.zeros_like(rate), np.zeros_like(rate)
        for power in range(periods):
            ratio = ratio * growth + (power + 1.0)
            slope = slope * growth + (periods - power)
        better = rate - (rate * ratio - excess) / slope
        rate = np.where(np.isfinite(better) & (better >= -1), better, rate)
    return rate


# Yearly changes put together: compounded, never summed.


def _copy(out: Array, rate: Array) -> bool:
    np.copyto(out, rate)
    return lowest(rate) >= -1 and highest(rate) < np.inf


_RATE = Relation("chain", _copy, RATE_BELOW, listed=False)


def _rates(rates: ArrayLike) -> Array:
    yearly = read("rates", rates)
    if yearly.ndim == 0 or yearly.shape[-1] == 0:
        raise GrowthUndefinedError(N_("rates: the last axis must hold at least one year."))
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


@labelled("none")
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
        raise GrowthUndefinedError(N_("chain: a result exceeds the range of double precision."))
    return total if total.ndim else float(total)


@labelled("none")
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
