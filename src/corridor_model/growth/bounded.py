"""Shares between 0 and a bound: equal steps in their log-odds never leave it (S4, S16)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from corridor_model.growth import _kernels as kernels
from corridor_model.growth._kernels import between, highest, lowest
from corridor_model.growth._relation import (
    Array,
    FloatOrArray,
    Mask,
    Relation,
    Rule,
    read,
    whole_periods,
)


def _log_odds(out: Array, share: Array, upper: Array) -> bool:
    rest = upper - share
    kernels.log_ratio(out, rest, share)
    return lowest(share) > 0 and lowest(rest) > 0 and highest(upper) < np.inf


def _on_bound(share: Array, upper: Array) -> Mask:
    return (share <= 0) | (share >= upper)


_UPPER = Rule("upper must be above 0", lambda upper: upper <= 0)
_LOG_ODDS = Relation(
    "log_odds",
    ("share", "upper"),
    _log_odds,
    (_UPPER, Rule("a share must lie inside its bounds", _on_bound, "above_bound")),
)


def log_odds(share: ArrayLike, upper: ArrayLike = 100.0) -> FloatOrArray:
    """Log-odds of a bounded share, ln(share / (upper - share)).

    Parameters
    ----------
    share : array_like
        Share, strictly between 0 and `upper`. Broadcast.
    upper : array_like, default 100
        Upper bound, in the unit of the share: 100 for percent.

    Returns
    -------
    float or ndarray
        Log-odds, of any sign.

    Raises
    ------
    GrowthUndefinedError
        If a share lies on or outside its bounds, or an input is NaN or infinite.

    References
    ----------
    Berkson, J. (1944). Application of the logistic function to bio-assay. Journal of the
    American Statistical Association, 39(227), 357-365.

    Examples
    --------
    >>> log_odds(50)
    0.0
    """
    return _LOG_ODDS(share, upper)


def _share(out: Array, log_odds: Array, upper: Array) -> bool:
    small = np.exp(-np.abs(log_odds))  # never overflows
    out[...] = upper * (np.where(log_odds < 0, small, 1.0) / (1.0 + small))
    return (
        lowest(out) >= 0
        and highest(out) < np.inf
        and lowest(upper) > 0
        and bool(np.isfinite(log_odds).all())
    )


_SHARE = Relation(
    "share_from_log_odds",
    ("log_odds", "upper"),
    _share,
    (Rule("upper must be above 0", lambda upper: upper <= 0),),
)


def share_from_log_odds(log_odds: ArrayLike, upper: ArrayLike = 100.0) -> FloatOrArray:
    """Share with these log-odds, upper / (1 + exp(-log_odds)).

    Parameters
    ----------
    log_odds : array_like
        Log-odds. Broadcast.
    upper : array_like, default 100
        Upper bound of the share.

    Returns
    -------
    float or ndarray
        Share, in the unit of `upper`.

    Raises
    ------
    GrowthUndefinedError
        If `upper` is not above 0, or an input is NaN or infinite.

    References
    ----------
    Berkson, J. (1944). Application of the logistic function to bio-assay. Journal of the
    American Statistical Association, 39(227), 357-365.

    Examples
    --------
    >>> share_from_log_odds(0.0)
    50.0
    """
    return _SHARE(log_odds, upper)


def log_odds_path(
    start: ArrayLike, end: ArrayLike, periods: int, upper: ArrayLike = 100.0
) -> Array:
    """Path of a bounded share with equal yearly steps in its log-odds, both ends exact.

    Parameters
    ----------
    start, end : array_like, shape (...)
        Shares, strictly between 0 and `upper`. Broadcast.
    periods : int
        Yearly steps, at least 1.
    upper : array_like, default 100
        Upper bound, in the unit of the shares: 100 for percent.

    Returns
    -------
    ndarray, shape (..., periods + 1)
        Shares; no year leaves the range between start and end.

    Raises
    ------
    GrowthUndefinedError
        If a share lies on or outside its bounds, `periods` is no whole number from 1 up, or an
        input is NaN or infinite.

    References
    ----------
    Berkson, J. (1944). Application of the logistic function to bio-assay. Journal of the
    American Statistical Association, 39(227), 357-365.

    Examples
    --------
    >>> log_odds_path(20, 80, 2)
    array([20., 50., 80.])
    """
    steps = whole_periods(periods)
    bound = read("upper", upper)[..., None]
    first, last = read("start", start)[..., None], read("end", end)[..., None]
    one, other = np.asarray(log_odds(start, upper)), np.asarray(log_odds(end, upper))
    share = np.arange(steps + 1.0) / steps
    path = one[..., None] * (1.0 - share) + other[..., None] * share
    path = np.asarray(share_from_log_odds(path, bound))
    path[..., :1], path[..., -1:] = first, last
    return between(path, first, last)
