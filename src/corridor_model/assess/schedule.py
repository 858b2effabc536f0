"""How much of the time is gone, and what a schedule asks for by now (S15, S17).

A moment is a year with its part done: the end of 2021 is 2021.0, the end of September 2021
is 2020.75. A stock at the end of a year stands at its moment (S1).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from corridor_model.assess.arithmetic import ShareUndefinedError, _plain, numbers
from corridor_model.errors import CorridorError

MONTHS = 12


def moment(year: int, month: int = MONTHS) -> float:
    """Return the end of a month as a moment.

    Examples
    --------
    >>> moment(2021), moment(2021, 9), moment(2020, 6)
    (2021.0, 2020.75, 2019.5)
    """
    return year + (month - MONTHS) / MONTHS


def elapsed_share(start: ArrayLike, now: ArrayLike, end: ArrayLike) -> Any:
    """Return the part of the time from start to end that is gone, within [0, 1] (S15).

    After the deadline all of the time is gone: a target cannot be asked for twice.

    Parameters
    ----------
    start, now, end : array_like
        Moments: years for year ends, see :func:`moment` for months.

    Returns
    -------
    float or ndarray
        Fraction.

    Raises
    ------
    ShareUndefinedError
        If the end does not lie after the start.

    Examples
    --------
    >>> elapsed_share(2018, 2020, 2022)
    0.5
    >>> elapsed_share(2019, moment(2021, 9), 2022)
    0.5833333333333334
    """
    first = numbers("start", start)
    whole = numbers("end", end) - first
    if np.any(whole <= 0):
        raise ShareUndefinedError("the end must lie after the start.")
    gone = (numbers("now", now) - first) / whole
    return _plain(np.clip(gone, 0.0, 1.0))


def elapsed_of_year(months: ArrayLike) -> Any:
    """Return the part of a year that is gone, months / 12 (序时进度, S17).

    Examples
    --------
    >>> elapsed_of_year(9)
    0.75
    """
    gone = numbers("months", months)
    if np.any((gone < 0) | (gone > MONTHS)):
        raise CorridorError(f"months must lie within 0-12, not {months!r}.")
    return _plain(gone / MONTHS)


def schedule_gap(share: ArrayLike, elapsed: ArrayLike) -> Any:
    """Return share done less share elapsed (超（欠）序时), a fraction; 0.1684 is 16.84 points.

    Twelve decimals are kept, so that 0.55 against 0.60 is a gap of 0.05 and nothing else.

    Examples
    --------
    >>> schedule_gap(0.9184, elapsed_of_year(9)), schedule_gap(0.55, 0.60)
    (0.1684, -0.05)
    """
    return _plain(np.round(numbers("share", share) - numbers("elapsed", elapsed), 12))


def expected_progress(start: ArrayLike, now: ArrayLike, end: ArrayLike, total: float = 1.0) -> Any:
    """Return what a linear schedule asks for by now, of a total.

    Examples
    --------
    >>> expected_progress(2020, 2025, 2030, total=0.5)
    0.25
    """
    return elapsed_share(start, now, end) * total


def milestones(base: float, end: float, fractions: Sequence[float]) -> list[float]:
    """Return the values at fractions of the way from base to end, in either direction.

    Examples
    --------
    >>> milestones(-5, 5, [0.7, 0.3])
    [2.0, -2.0]
    """
    return [base + (end - base) * fraction for fraction in fractions]


def planned_value(
    base: ArrayLike, target: ArrayLike, start: ArrayLike, now: ArrayLike, end: ArrayLike
) -> Any:
    """Return the value of a straight line from base to target at this moment.

    Examples
    --------
    >>> planned_value(0, 120, 2019, 2021, 2022)
    80.0
    """
    first = numbers("base", base)
    return _plain(first + (numbers("target", target) - first) * elapsed_share(start, now, end))
