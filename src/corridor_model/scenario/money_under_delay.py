"""A work's money and progress by year: where a delay and an overrun reach the money.

A delay moves the moments of a work's timeline; the money is what the timeline carries out
between the bounds of a year, times what an overrun and prices make of it. Money spent by
``since`` stays where and as it was (S11). Draws stand last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from corridor_model._typing import Array
from corridor_model.scenario.work import Timeline, Work

if TYPE_CHECKING:
    from corridor_model.scenario.profiles import Profile


class YearlyWork(NamedTuple):
    """One work in every draw; n is the number of draws, or 1 where nothing is uncertain.

    Attributes
    ----------
    progress : ndarray, shape (years, n)
        Share of the planned work carried out in each year.
    cost : ndarray, shape (years, n)
        Money spent in each year per 亿元 planned: progress, overrun and escalation.
    end : ndarray, shape (n,)
        Moment the work is over; infinite where it was cancelled.
    """

    progress: Array
    cost: Array
    end: Array


Scores = dict[tuple[str, float, float], tuple[Array, Array]]
"""Normal scores of works by name and loadings, made once for all scenarios."""


def last_moment(year: ArrayLike) -> Array:
    """Return the moment by which a work must be over to be over in a year, or in each year."""
    return 12.0 * (np.asarray(year, dtype=np.float64) + 1) + 1e-9


def end_of_work(work: Work, months: Array) -> Array:
    """Return the moment each draw's work is over, infinite where cancelled."""
    ends = work.timeline.ends(work.mode, months)
    return np.full(ends.shape, np.inf) if work.cancelled and not work.finished else ends


def yearly_work(
    work: Work, months: Array, factor: Array, bounds: Array, escalation: float = 0.0
) -> YearlyWork:
    """Return one work by year in every draw.

    Parameters
    ----------
    work : Work
        Resolved.
    months, factor : ndarray, shape (n,) or (1,)
        Delay and cost factor.
    bounds : ndarray, shape (years + 1,)
        Moments between which the years lie.
    escalation : float
        Yearly price rise of money that moves.

    Notes
    -----
    Money not yet spent by ``since`` is scaled by the factor (S11); escalation applies at
    the middle of the months whose money falls into a year.
    """
    line = work.timeline
    planned, share = _shares(work, months, bounds)
    done = np.diff(share, axis=0)
    sunk = line.sunk
    before: Array | float = 0.0
    after = done * factor
    if sunk:
        # neither an overrun nor a rise in prices reaches money that is spent
        before = np.diff(np.minimum(share, sunk), axis=0)
        after = np.diff(np.maximum(share, sunk), axis=0) * factor
    if escalation and not line.finished:
        after *= (1 + escalation) ** _lag(work, months, bounds, planned)
    return YearlyWork(done, before + after, end_of_work(work, months))


def progress(work: Work, months: Array, bounds: Array) -> Array:
    """Return the share of the planned work carried out in each year, shape (years, n)."""
    return np.diff(_shares(work, months, bounds)[1], axis=0)


def _shares(work: Work, months: Array, bounds: Array) -> tuple[Array, Array]:
    """Return the planned moments of bounds, and the share done by them, (years + 1, n)."""
    line = work.timeline
    planned = line.planned_moments(bounds, work.mode, months)
    share = line.planned(planned)
    return planned, np.minimum(share, line.sunk) if work.cancelled else share


def _lag(work: Work, months: Array, bounds: Array, planned: Array) -> Array:
    """Return by how many years each year's money moved, shape (years, n)."""
    line = work.timeline
    begins, ends = line.rest(work.mode, months)
    new = np.clip(bounds[:, None], begins, ends)
    old = np.clip(planned, line.pivot, line.end)
    return np.asarray(((new[1:] + new[:-1]) - (old[1:] + old[:-1])) / 24)


def yearly(
    total: float, start: float, end: float, profile: Profile, first_year: int, years: int
) -> Array:
    """Return what a work spends in each calendar year.

    Parameters
    ----------
    total : float
        Money.
    start, end : float
        Moments in months since the year 0; see :mod:`corridor_model.periods`.
    profile : Profile
        How the money spreads.
    first_year, years : int
        The years asked for.

    Returns
    -------
    ndarray, shape (years,)
        In the unit of ``total``; summing to it over all years of the work.

    Examples
    --------
    >>> from corridor_model.scenario.profiles import Even
    >>> yearly(120, 12 * 2016 + 6, 12 * 2020, Even(), 2016, 4).round(4)
    array([17.1429, 34.2857, 34.2857, 34.2857])
    """
    bounds = 12.0 * np.arange(first_year, first_year + years + 1)
    line = Timeline(start, end, start, profile)
    return np.asarray(total * np.diff(line.planned(bounds)))
