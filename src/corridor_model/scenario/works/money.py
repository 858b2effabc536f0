"""One work's money and progress by year, for every draw; draws last."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridor_model.distributions import Distribution
from corridor_model.scenario.draws.keyed import scores_of_work
from corridor_model.scenario.works.resolve import Resolved
from corridor_model.scenario.works.work import Work

Array = NDArray[np.float64]


class Drawn(NamedTuple):
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


def months_and_factor(
    work: Work, resolved: Resolved, draws: int, seed: int, made: Scores | None = None
) -> tuple[Array, Array]:
    """Return months of delay and cost factor, shape (draws,), or (1,) where certain."""
    months, factor = work.months, work.factor
    if not work.uncertain:
        return np.array([float(months)]), np.array([float(factor)])  # type: ignore[arg-type]
    key = (work.id, resolved.paired, resolved.common)
    known = {} if made is None else made
    if key not in known:
        known[key] = scores_of_work(work.id, draws, seed, resolved.paired, resolved.common)
    dearer, later = known[key]
    by = months.at_scores(later) if isinstance(months, Distribution) else np.array([float(months)])
    if isinstance(factor, Distribution):
        return by, factor.at_scores(dearer)
    return by, np.array([float(factor)])


def end_of_work(work: Work, months: Array) -> Array:
    """Return the moment each draw's work is over, infinite where cancelled."""
    ends = work.timeline.ends(work.mode, months)
    return np.full(ends.shape, np.inf) if work.cancelled and not work.finished else ends


def drawn(
    work: Work, months: Array, factor: Array, bounds: Array, escalation: float = 0.0
) -> Drawn:
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
    settled = line.settled
    before: Array | float = 0.0
    grown = done * factor
    if settled:
        before = np.diff(np.minimum(share, settled), axis=0)
        grown = np.diff(np.maximum(share, settled), axis=0) * factor
    if escalation and not line.finished:
        grown *= (1 + escalation) ** _lag(work, months, bounds, planned)
    return Drawn(done, before + grown, end_of_work(work, months))


def progress(work: Work, months: Array, bounds: Array) -> Array:
    """Return the share of the planned work carried out in each year, shape (years, n)."""
    return np.diff(_shares(work, months, bounds)[1], axis=0)


def _shares(work: Work, months: Array, bounds: Array) -> tuple[Array, Array]:
    """Return the planned moments of bounds, and the share done by them, (years + 1, n)."""
    line = work.timeline
    planned = line.planned_moments(bounds, work.mode, months)
    share = line.planned(planned)
    return planned, np.minimum(share, line.settled) if work.cancelled else share


def _lag(work: Work, months: Array, bounds: Array, planned: Array) -> Array:
    """Return by how many years each year's money moved, shape (years, n)."""
    line = work.timeline
    begins, ends = line.rest(work.mode, months)
    new = np.clip(bounds[:, None], begins, ends)
    old = np.clip(planned, line.pivot, line.end)
    return np.asarray(((new[1:] + new[:-1]) - (old[1:] + old[:-1])) / 24)
