"""Changes between two levels, of a ratio, and what is left of a promised change."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from corridor_model._typing import Array
from corridor_model.growth._elementwise import (
    FAR,
    FloatOrArray,
    Relation,
    Rule,
    highest,
    lowest,
    pick,
)
from corridor_model.growth._labels import labelled
from corridor_model.messages import message


def _change(out: Array, start: Array, end: Array) -> bool:
    np.subtract(end, start, out=out)
    np.divide(out, start, out=out)
    return lowest(start) > 0 and -np.inf < lowest(out) and highest(out) < np.inf


_CHANGE = Relation(
    "change",
    _change,
    Rule(message("start is 0"), lambda start: start == 0),
    Rule(
        message("start is negative, where a rate has no clear direction"),
        lambda start: start < 0,
    ),
)


@labelled()
def change(start: ArrayLike, end: ArrayLike) -> FloatOrArray:
    """Relative change, (end - start) / start.

    Parameters
    ----------
    start, end : array_like
        Levels in one unit; `start` above 0, `end` of any sign. Broadcast.

    Returns
    -------
    float or ndarray
        Change as a fraction.

    Raises
    ------
    GrowthUndefinedError
        If `start` is not above 0, an input is NaN or infinite, or the result exceeds double
        precision.

    References
    ----------
    World Bank, Growth Rates (data methodology), one-period growth rate; docs/formulas.md.

    Examples
    --------
    >>> round(change(1.276, 0.869), 3)
    -0.319
    """
    return _CHANGE(start, end)


def _remaining(out: Array, done: Array, total: Array, periods_left: Array) -> bool:
    _log_quotient(out, done, total)
    np.divide(out, periods_left, out=out)
    np.expm1(out, out=out)
    sound = lowest(done) > -1 and lowest(total) >= -1 and lowest(periods_left) > 0
    return sound and all(highest(array) < np.inf for array in (done, total, periods_left, out))


def _log_quotient(out: Array, below: Array, above: Array) -> None:
    """Fill `out` with ln((1 + above) / (1 + below))."""
    np.subtract(above, below, out=out)
    np.divide(out, 1.0 + below, out=out)
    np.log1p(out, out=out)
    far = np.flatnonzero(~((out > FAR) & (out < np.inf)))
    if far.size:
        first, last = pick(far, below, above)
        out[far] = np.log1p(last) - np.log1p(first)


_REMAINING = Relation(
    "remaining_rate",
    _remaining,
    Rule(message("periods_left must be above 0"), lambda periods_left: periods_left <= 0),
    Rule(
        message("after a change of -1 (-100 %) nothing is left to grow"),
        lambda done: done <= -1,
    ),
    Rule(message("total is below -1 (-100 %)"), lambda total: total < -1),
)


@labelled()
def remaining_rate(done: ArrayLike, total: ArrayLike, periods_left: ArrayLike) -> FloatOrArray:
    """Yearly rate still needed when part of a total change is done.

    ((1 + total) / (1 + done))^(1 / periods_left) - 1: the rest of a change is a quotient, not a
    difference. With levels at hand, `required_rate` is the same relation.

    Parameters
    ----------
    done, total : array_like
        Change so far and change promised, as fractions of one base: -0.1561 and -0.20.
        `done` above -1, `total` at least -1. Broadcast.
    periods_left : array_like
        Yearly steps left, above 0.

    Returns
    -------
    float or ndarray
        Yearly rate as a fraction.

    Raises
    ------
    GrowthUndefinedError
        If `done` is not above -1, `total` is below -1, `periods_left` is not above 0, or an
        input is NaN or infinite.

    References
    ----------
    World Bank, Growth Rates (data methodology), compounding growth rate; docs/formulas.md.

    Examples
    --------
    >>> round(remaining_rate(-0.1561, -0.20, 1), 4)
    -0.052
    """
    return _REMAINING(done, total, periods_left)


def _intensity(
    out: Array, numerator_growth: Array, denominator_growth: Array, years: Array
) -> bool:
    _log_quotient(out, denominator_growth, numerator_growth)
    np.multiply(out, years, out=out)
    np.expm1(out, out=out)
    out[np.broadcast_to(years == 0, out.shape)] = 0.0
    sound = lowest(denominator_growth) > -1 and lowest(numerator_growth) >= -1
    arrays = (denominator_growth, numerator_growth, years, out)
    return sound and lowest(years) >= 0 and all(highest(array) < np.inf for array in arrays)


_INTENSITY = Relation(
    "intensity_change",
    _intensity,
    Rule(message("years is negative"), lambda years: years < 0),
    Rule(
        message("denominator_growth must be above -1 (-100 %)"),
        lambda denominator_growth: denominator_growth <= -1,
    ),
    Rule(
        message("numerator_growth is below -1 (-100 %)"),
        lambda numerator_growth: numerator_growth < -1,
    ),
)


@labelled()
def intensity_change(
    numerator_growth: ArrayLike, denominator_growth: ArrayLike, years: ArrayLike
) -> FloatOrArray:
    """Change of a ratio whose parts grow at yearly rates, ((1 + a) / (1 + b))^years - 1.

    Parameters
    ----------
    numerator_growth, denominator_growth : array_like
        Yearly rates a (at least -1) and b (above -1) as fractions. Broadcast.
    years : array_like
        Yearly steps, at least 0.

    Returns
    -------
    float or ndarray
        Change of the ratio over all years, as a fraction.

    Raises
    ------
    GrowthUndefinedError
        If a growth or `years` is out of range, an input is NaN or infinite, or the result
        exceeds double precision.

    References
    ----------
    国家发展改革委, 国家统计局 (2011). 公告2011年第9号 (单位GDP能耗).

    Examples
    --------
    >>> round(intensity_change(0.066, 0.112, 5), 3)
    -0.19
    """
    return _INTENSITY(numerator_growth, denominator_growth, years)


# Quotients of two numbers, each refused where it would mislead.


def _quotient(out: Array, above: Array, below: Array) -> bool:
    np.divide(above, below, out=out)
    sound = lowest(below) > 0 and highest(below) < np.inf
    return sound and -np.inf < lowest(out) and highest(out) < np.inf


_ACCELERATION = Relation(
    "acceleration",
    _quotient,
    Rule(
        message("achieved is not above 0, so that no multiple of it is an acceleration (S15)"),
        lambda achieved: achieved <= 0,
    ),
    inputs=("required_remaining", "achieved"),
)


@labelled()
def acceleration(required_remaining: ArrayLike, achieved: ArrayLike) -> FloatOrArray:
    """How many times as fast the remaining years must be, required / achieved rate.

    Parameters
    ----------
    required_remaining, achieved : array_like
        Yearly rates (or yearly amounts) in one unit; `achieved` above 0. For a level that
        should fall, give both as reductions (`aarr`). Broadcast.

    Returns
    -------
    float or ndarray
        Ratio; above 1 the pace must rise.

    Raises
    ------
    GrowthUndefinedError
        If `achieved` is not above 0, an input is NaN or infinite, or the result exceeds double
        precision.

    References
    ----------
    World Health Organization, required against current AARR: National Information Platforms
    for Nutrition, How to calculate the AARR and the required AARR; docs/formulas.md.

    Examples
    --------
    >>> round(acceleration(0.0884, 0.02), 2)
    4.42
    """
    return _ACCELERATION(required_remaining, achieved)


_ELASTICITY = Relation(
    "elasticity",
    _quotient,
    Rule(message("reference_growth is 0"), lambda reference_growth: reference_growth == 0),
    inputs=("growth", "reference_growth"),
)


@labelled()
def elasticity(growth: ArrayLike, reference_growth: ArrayLike) -> FloatOrArray:
    """Growth per unit of another growth (弹性系数), growth / reference_growth.

    Parameters
    ----------
    growth, reference_growth : array_like
        Average yearly rates in one unit; `reference_growth` not 0. Broadcast.

    Returns
    -------
    float or ndarray
        Ratio.

    Raises
    ------
    GrowthUndefinedError
        If `reference_growth` is 0, an input is NaN or infinite, or the result exceeds double
        precision.

    References
    ----------
    国家发展改革委, 国家统计局 (2011). 公告2011年第9号 (能源消费弹性系数).

    Examples
    --------
    >>> round(elasticity(0.066, 0.112), 2)
    0.59
    """
    return _ELASTICITY(growth, reference_growth)


_SHARE_OF = Relation(
    "share_of",
    _quotient,
    Rule(message("whole must be above 0"), lambda whole: whole <= 0),
    inputs=("part", "whole"),
)


@labelled()
def share_of(part: ArrayLike, whole: ArrayLike) -> FloatOrArray:
    """Part of a whole as a fraction, such as targets met of all targets (完成率).

    Parameters
    ----------
    part, whole : array_like
        Amounts in one unit; `whole` above 0. Broadcast.

    Returns
    -------
    float or ndarray
        Fraction; not bounded, because a part may exceed a plan.

    Raises
    ------
    GrowthUndefinedError
        If `whole` is not above 0, an input is NaN or infinite, or the result exceeds double
        precision.

    References
    ----------
    经济参考报 (2014-03-13), 指标完成率: http://jjckb.xinhuanet.com/2014-03/13/content_495200.htm

    Examples
    --------
    >>> round(share_of(25, 28), 3)
    0.893
    """
    return _SHARE_OF(part, whole)
