"""Quotients of two numbers, each refused where it would mislead."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from corridor_model.growth._kernels import highest, lowest
from corridor_model.growth._relation import Array, FloatOrArray, Relation, Rule


def _quotient(out: Array, above: Array, below: Array) -> bool:
    np.divide(above, below, out=out)
    sound = lowest(below) > 0 and highest(below) < np.inf
    return sound and -np.inf < lowest(out) and highest(out) < np.inf


_ACCELERATION = Relation(
    "acceleration",
    ("required_remaining", "achieved"),
    _quotient,
    (
        Rule(
            "achieved is not above 0, so that no multiple of it is an acceleration (S15)",
            lambda achieved: achieved <= 0,
        ),
    ),
)


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
    ("growth", "reference_growth"),
    _quotient,
    (
        Rule(
            "reference_growth is 0",
            lambda reference_growth: reference_growth == 0,
        ),
    ),
)


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
    ("part", "whole"),
    _quotient,
    (Rule("whole must be above 0", lambda whole: whole <= 0),),
)


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
