"""What each bound of a target leaves to works, by score of good news (S13)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from corridor_model.scenario.joint.needs import ENDS, Need
from corridor_model.scenario.targets.marginals import Marginal
from corridor_model.scenario.targets.outlook import Outlook
from corridor_model.scenario.targets.reach import loosened, rows_by_year, shift

Array = NDArray[np.float64]
NEVER = 1e30
"""A need that nothing meets, within float32 and still a number to interpolate."""
_AT = np.linspace(-ENDS, ENDS, 2049)
Bound = tuple[tuple[int, ...], int, float]
"""Years whose additions count together, place of what they must bring, and their sign."""


class NeedsOf:
    """The needs of outlooks, each made once for all scenarios that share it."""

    def __init__(self, marginals: dict[int, Marginal]):
        self.made: list[Need] = []
        self._marginals = marginals
        self._bounds: dict[int, list[Bound]] = {}

    def of(self, outlook: Outlook, indicator: int) -> list[Bound]:
        """Return what an outlook needs: every one of several bounds."""
        if id(outlook) not in self._bounds:
            marginal = self._marginals[id(outlook)]
            made = final_needs if outlook.goal.score == "final" else yearly_needs
            bounds = []
            for years, need, sign in made(marginal, indicator):
                bounds.append((years, len(self.made), sign))
                self.made.append(need)
            self._bounds[id(outlook)] = bounds
        return self._bounds[id(outlook)]


def final_needs(
    marginal: Marginal, indicator: int
) -> Iterator[tuple[tuple[int, ...], Need, float]]:
    """Yield what the bounds of a final target need, and the sign with which additions count.

    With the shift d of :func:`corridor_model.scenario.targets.reach.shift`, the target is missed
    below with probability F(L - a) + d, so that the score z of good news reaches it where
    Phi(z) >= F(L - a) + d: where a >= L - x(Phi(z) - d).
    """
    outlook = marginal.outlook
    goal = outlook.goal
    lower, upper = loosened(goal)
    more, less = shift(marginal, goal, True)
    steps = marginal.paths is not None
    p = _levels(len(_sorted(marginal))) if steps else ndtr(_AT)

    def need(p: Array, bound: float, sign: float) -> Need:
        made = sign * (bound - _values(marginal, p))
        return _need(indicator, made, p if sign > 0 else 1 - p, steps)

    if lower is not None:
        yield (goal.year,), need(p - more, lower, 1.0), 1.0
    if upper is not None:
        # of an upper bound alone the score of good news falls with the value
        yield (goal.year,), need((p if lower is not None else p[::-1]) + less, upper, -1.0), -1.0


def yearly_needs(
    marginal: Marginal, indicator: int
) -> Iterator[tuple[tuple[int, ...], Need, float]]:
    """Yield what every open year needs (a minimum or maximum of all years), or their sum.

    The score of good news says which path is met: paths are in the order of how far they are
    from missing the target without works. Works then add to each year of that path.
    """
    goal = marginal.outlook.goal
    lower, upper = loosened(goal)
    nothing = np.zeros((len(marginal.outlook.years), 1))
    low = rows_by_year(marginal, goal, nothing)
    high = rows_by_year(marginal, replace(goal, own=()), nothing)
    open_ = np.isnan(marginal.outlook.known)
    years = [year for year in low if open_[marginal.place(year)]]
    if goal.score == "sum":
        low = high = {goal.year: np.sum(list(low.values()), axis=0)}
    room = [row - lower for row in low.values()] if lower is not None else []
    room += [upper - row for row in high.values()] if upper is not None else []
    order = np.argsort(np.min(room, axis=0), kind="stable")
    more = sum(shift(marginal, goal, True))
    p = _levels(len(order)) - more
    path = order[np.clip(np.floor(p * len(order)), 0, len(order) - 1).astype(np.intp)]
    for rows, bound, sign in ((low, lower, 1.0), (high, upper, -1.0)):
        if bound is None:
            continue
        # a year that is known is missed whatever works do, or asks for nothing
        known = [sign * (bound - row[path]) for year, row in rows.items() if year not in years]
        lost = np.max(known, axis=0, initial=-NEVER) > 0 if goal.score != "sum" else False
        for year, row in rows.items():
            if year in years or goal.score == "sum":
                made = np.where(lost, NEVER, sign * (bound - row[path]))
                counted = tuple(years) if goal.score == "sum" else (year,)
                yield counted, _need(indicator, made, p, True), sign


def _levels(number: int) -> Array:
    return np.asarray((np.arange(number) + 0.5) / number)


def _need(indicator: int, made: Array, p: Array, steps: bool) -> Need:
    """Return a need by score of good news: nothing meets it below p = 0, anything above 1."""
    made = np.where(p <= 0, NEVER, np.where(p >= 1, -NEVER, made))
    return Need(indicator, made.astype(np.float32), steps)


def _sorted(marginal: Marginal) -> Array:
    assert marginal.paths is not None
    return marginal.ordered(marginal.outlook.goal.year)


def _values(marginal: Marginal, p: Array) -> Array:
    """Return the value of the target year at probabilities, without works."""
    if marginal.paths is not None:
        ordered = _sorted(marginal)
        place = np.floor(np.clip(p, 0.0, 1.0) * len(ordered)).astype(np.intp)
        return np.asarray(ordered[np.minimum(place, len(ordered) - 1)])
    return marginal.value_at(marginal.outlook.goal.year, ndtri(np.clip(p, 0.0, 1.0)))


def is_open(outlook: Outlook) -> bool:
    """Whether works can change the probability in each draw, not only on average."""
    goal, told = outlook.goal, outlook.told
    last = goal.year - int(outlook.years[0])
    known = ~np.isnan(outlook.known[: last + 1])
    closed = known[last] if goal.score == "final" else known.all()
    return not closed and not (told is not None and told.settled)
