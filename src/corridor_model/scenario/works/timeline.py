"""One work's money and progress over time, moved or not: S11 as arithmetic.

A work runs from ``start`` to ``end`` (moments, see `months`) and spends along a profile. What
was done before ``since`` stays where it was. The rest, planned from ``pivot`` =
max(start, since) to ``end``, is mapped evenly onto a new stretch of time:

=============  ==========================  =========================================
change         rest begins                 rest ends
=============  ==========================  =========================================
delay, move    pivot + months              end + months
delay, stretch pivot                       end + months
accelerate     max(pivot - months, since)  end - months, at least one month of work
=============  ==========================  =========================================

so that money is conserved by every one of them, and a work finished before ``since`` is left
alone. An accelerated work that already runs cannot begin earlier: it is only compressed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_model.scenario.language.profiles import Profile

Array = NDArray[np.float64]
SHORTEST = 1.0
"""Months of work that acceleration leaves, at least."""


class Timeline(NamedTuple):
    """The planned schedule of one work.

    Attributes
    ----------
    start, end : float
        Moments; ``end`` is the moment after the last month.
    since : float
        Before it nothing can be changed.
    profile : Profile
        How progress spreads from start to end.
    """

    start: float
    end: float
    since: float
    profile: Profile

    @property
    def pivot(self) -> float:
        """Where what can still be moved begins."""
        return max(self.start, self.since)

    @property
    def finished(self) -> bool:
        """Whether the work was over before ``since``."""
        return self.end <= self.since

    def planned(self, moments: ArrayLike) -> Array:
        """Return the share of the work done by each moment, as planned."""
        share = np.asarray(moments, dtype=np.float64) - self.start
        share /= self.end - self.start
        return self.profile.cumulative(share)

    @property
    def settled(self) -> float:
        """The share done before ``since``, which stays whatever happens."""
        return float(self.planned(self.since))

    def rest(self, mode: str, months: ArrayLike) -> tuple[Array, Array]:
        """Return where the rest of the work begins and ends; the shape of ``months``."""
        by = np.asarray(months, dtype=np.float64)
        if self.finished:
            return np.full(by.shape, self.pivot), np.full(by.shape, self.end)
        if mode == "move":
            return self.pivot + by, self.end + by
        if mode == "stretch":
            return np.full(by.shape, self.pivot), self.end + by
        begins = np.maximum(self.pivot - by, self.since)
        if self.start < self.since:
            begins = np.full(by.shape, self.pivot)
        duration = min(SHORTEST, self.end - self.pivot)
        return begins, np.maximum(self.end - by, begins + duration)

    def earliest(self, mode: str, months: ArrayLike) -> float:
        """Return the first moment at which the work may run, planned or moved."""
        return float(min(self.start, self.rest(mode, months)[0].min()))

    def ends(self, mode: str, months: ArrayLike) -> Array:
        """Return the moment the work is over."""
        if self.finished:
            return np.full(np.shape(months), float(self.end))
        return self.rest(mode, months)[1]

    def planned_moments(self, moments: Array, mode: str, months: ArrayLike) -> Array:
        """Return of each moment the planned moment whose work is then done.

        Parameters
        ----------
        moments : ndarray, shape (m,)
            Moments of the new timeline.
        mode : str
            ``move``, ``stretch`` or ``accelerate``.
        months : array_like, shape () or (n,)
            By how much.

        Returns
        -------
        ndarray, shape (m,) or (m, n)
        """
        by = np.asarray(months, dtype=np.float64)
        at = moments.reshape(-1, *(1,) * by.ndim)
        if self.finished:
            return np.broadcast_to(at, (len(moments), *by.shape)).copy()
        begins, ends = self.rest(mode, by)
        if mode == "move":
            moved = np.maximum(at - by, self.pivot)  # exact: no division
        else:
            pace = (self.end - self.pivot) / (ends - begins)
            moved = np.maximum(self.pivot + (at - begins) * pace, self.pivot)
            # the last moment maps onto the planned end itself, not a rounding beside it
            moved = np.where(at >= ends, np.maximum(at, self.end), moved)
        settled = moments <= self.since
        moved[settled] = at[settled]
        return moved

    def done(self, moments: Array, mode: str, months: ArrayLike) -> Array:
        """Return the share of the work done by each moment, shape (m,) or (m, n)."""
        return self.planned(self.planned_moments(moments, mode, months))


def yearly(
    total: float, start: float, end: float, profile: Profile, first_year: int, years: int
) -> Array:
    """Return what a work spends in each calendar year.

    Parameters
    ----------
    total : float
        Money.
    start, end : float
        Moments in months since the year 0; see :mod:`corridor_model.scenario.language.months`.
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
    >>> from corridor_model.scenario.language.profiles import Even
    >>> yearly(120, 12 * 2016 + 6, 12 * 2020, Even(), 2016, 4).round(4)
    array([17.1429, 34.2857, 34.2857, 34.2857])
    """
    bounds = 12.0 * np.arange(first_year, first_year + years + 1)
    line = Timeline(start, end, start, profile)
    return np.asarray(total * np.diff(line.planned(bounds)))
