"""The mean of a probability over uncertain works, where draws of them would not be enough.

Works whose delays are independent add independent amounts. The distribution of their sum is
a convolution, made on a grid; the mean over it is free of sampling error. It takes longer than
draws, which are as good where works move the odds by little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from corridor_model.scenario.targets.marginals import NODES, Marginal
from corridor_model.scenario.targets.outlook import Goal
from corridor_model.scenario.targets.reach import Reach, reach
from corridor_model.scenario.works.contributions import Touch, Way

Array = NDArray[np.float64]
STRIPS = 2**14
"""Equally likely delays of a work, each the middle of its strip."""
PLAIN = 1e7
"""Plain draws that the error of a probability is measured by."""
LIKELY = 3.0
"""Normal scores within which the forecast decides how fine the grid is."""
FINE, FEWEST, MOST = 256, 2**10, 2**18
"""Points of the grid for each standard deviation of the forecast; the least and most of all."""


class Programme:
    """The works that a scenario moves, and what each adds at even strips of its delay.

    Parameters
    ----------
    moved : sequence of Touch
        Works.
    common : float
        Loading of their delays on one factor; 0 where they are independent.
    first, years : int
        The years that are looked at.
    """

    def __init__(self, moved: Sequence[Touch], common: float, first: int, years: int):
        self._moved, self.common = moved, common
        self._first, self._years = first, years
        self._rows: dict[tuple[str, int], dict[Way, Array]] = {}

    def parts(self, indicator: str, year: int) -> list[Array]:
        """Return what each work adds in a year; an empty list where delays depend on each other."""
        found = list(self.by_work(indicator, year).values())
        varying = sum(len(part) > 1 for part in found)
        return found if varying == 1 or not self.common else []

    def by_work(self, indicator: str, year: int) -> dict[str, Array]:
        """Return what each work adds in a year, shape (STRIPS,), or (1,) where certain."""
        out: dict[str, Array] = {}
        for touch in self._moved:
            for effect in touch.effects:
                if effect.indicator == indicator:
                    row = effect.per_unit * self._of(touch, year)[effect.lag, effect.decay]
                    out[touch.work.id] = out.get(touch.work.id, 0.0) + row
        return out

    def _of(self, touch: Touch, year: int) -> dict[Way, Array]:
        """Return what one unit of effect adds in a year; of other years nothing is kept."""
        key = (touch.work.id, year)
        if key not in self._rows:
            z = ndtri((np.arange(STRIPS) + 0.5) / STRIPS) if touch.uncertain else np.zeros(1)
            moved = touch.moved(touch.months(z), self._first, self._years)
            self._rows[key] = {way: rows[year - self._first].copy() for way, rows in moved}
        return self._rows[key]


def averaged(found: Reach, marginal: Marginal, added: Array, programme: Programme) -> Reach:
    """Return a probability with its mean over works made exact, where their draws fall short.

    Parameters
    ----------
    found : Reach
        By draw of the works.
    marginal : Marginal
        The indicator without works.
    added : ndarray, shape (Y, n)
        The draws.
    programme : Programme
        The works.

    Notes
    -----
    Draws are enough where their standard error is below that of ten million plain draws,
    sqrt(p (1 - p) / 1e7).
    """
    goal = marginal.outlook.goal
    closed = goal.score == "final" and marginal.paths is None and not marginal.known(goal.year)
    if not closed or added.shape[1] == 1:
        return found
    row = added[marginal.place(goal.year)]
    if enough(found, None if programme.common else row):
        return found
    parts = programme.parts(marginal.outlook.indicator.id, goal.year)
    return replace(found, mean=mean(marginal, goal, parts)) if parts else found


def enough(found: Reach, added: Array | None) -> bool:
    """Whether draws of works cost no more accuracy than ten million plain draws would.

    Parameters
    ----------
    found : Reach
        By draw of the works.
    added : ndarray, shape (n,), or None
        What independent works add. As far as the probability follows it in a straight line,
        their strata integrate it far better than draws do, and it is not counted.
    """
    n, p = len(found.chance), found.drawn_mean
    limit = n * n * p * (1 - p) / PLAIN  # sums instead of variances: this is asked very often
    moved = found.chance - p
    total = (moved * moved).sum()
    if added is None or total <= limit:
        return bool(total <= limit)
    away = added - added.mean()
    return bool(total - (away * moved).sum() ** 2 / (away * away).sum() <= limit)


def mean(marginal: Marginal, goal: Goal, parts: Sequence[Array]) -> float | None:
    """Return the mean probability of reaching a final target over independent additions.

    None where no grid is fine enough: the forecast has steps, or works move a thousand times
    as far as it spreads.

    Parameters
    ----------
    marginal : Marginal
        The indicator without works.
    goal : Goal
        A final one.
    parts : sequence of ndarray, shape (n,) or (1,)
        Equally likely additions of each work.

    Notes
    -----
    Each addition is shared between the two points of the grid beside it, so that its mean is
    kept; the grid is fine beside the forecast where that is steepest.
    """
    low = sum(float(part.min()) for part in parts)
    varying = [part for part in parts if part.min() != part.max()]
    width = sum(float(np.ptp(part)) for part in varying)
    place = marginal.place(goal.year)
    if not width:
        return float(chance_at(marginal, goal, np.full(1, low))[0])
    likely = marginal.values[place][np.abs(NODES) <= LIKELY]
    steepest = float(np.diff(likely).min()) / float(NODES[1] - NODES[0])
    if not steepest * MOST > FINE * width:  # so that a year without figures has none, either
        return None
    fine = max(FINE * width / steepest, len(varying) + 1)
    points = max(FEWEST, 2 ** int(np.ceil(np.log2(fine))))
    step = width / (points - 1)
    spectrum = np.ones(points + 1, dtype=np.complex128)
    for part in varying:
        spectrum *= np.fft.rfft(_shared((part - part.min()) / step, points), 2 * points)
    # each work may round up by a point; twice the length has room, and nothing comes round
    reached = points + len(varying)
    mass: Array = np.fft.irfft(spectrum, 2 * points)[:reached]
    amounts: Array = low + step * np.arange(reached, dtype=np.float64)
    return float(np.dot(mass, chance_at(marginal, goal, amounts)))


def _shared(at: Array, points: int) -> Array:
    """Return the mass of equally likely amounts at whole numbers below ``points``."""
    left = np.minimum(at.astype(np.intp), points - 2)
    right = at - left
    mass = np.bincount(left, 1 - right, points) + np.bincount(left + 1, right, points)
    return np.asarray(mass / len(at))


def chance_at(marginal: Marginal, goal: Goal, amounts: Array) -> Array:
    """Return the probability of reaching a final target with each of several additions."""
    added = np.zeros((len(marginal.outlook.years), len(amounts)))
    added[marginal.place(goal.year)] = amounts
    return reach(marginal, goal, added).chance
