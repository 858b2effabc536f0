"""Every way to do every work: when it begins, what it spends by year, what it is worth.

Money and ends come from the scenario floor, moved by whole years; where a delay or an overrun
is a distribution the numbers are means over the draws of ``simulate`` (S13).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from corridor_model.errors import CorridorError
from corridor_model.portfolio.question import Question
from corridor_model.scenario.spending import LAST_YEAR
from corridor_model.scenario.works.money import Drawn, Scores, drawn, end_of_work, months_and_factor
from corridor_model.scenario.works.work import Work

Array = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Options:
    """The options of a question, in the order of its works; o options, w works, y years.

    Attributes
    ----------
    years : ndarray, shape (y,)
        Every year in which any option spends.
    owner, shift, begins : ndarray, shape (o,)
        Place of the work, the years it moves, and the year it then begins in.
    spending : ndarray, shape (o, y)
        Expected 亿元, beyond what is sunk.
    carried : ndarray, shape (o,)
        Expected 亿元 of planned investment carried out in the budget's years; overruns do
        not add to it (S12).
    value : ndarray, shape (o,)
        Expected worth.
    end : ndarray, shape (o,)
        Median moment at which the work is over.
    sunk : ndarray, shape (w, y)
        亿元 spent before changes count; they stay whatever is chosen (S11).
    """

    years: Whole
    owner: Whole
    shift: Whole
    begins: Whole
    spending: Array
    carried: Array
    value: Array
    end: Array
    sunk: Array

    def __len__(self) -> int:
        return len(self.owner)

    def of(self, work: int) -> Whole:
        """Return the places of the options of one work."""
        return np.asarray(np.flatnonzero(self.owner == work), dtype=np.int64)


class Draws:
    """Delay and cost factor of every work in every draw, keyed by name (S13)."""

    def __init__(self, question: Question):
        self.question = question
        scores: Scores = {}
        at = (question.resolved, question.draws, question.seed, scores)
        self.made = {w.id: months_and_factor(w, *at) for w in question.works}

    def end(self, work: Work, shift: int) -> Array:
        """Return the moment a work is over, moved by whole years, shape (n,) or (1,)."""
        return end_of_work(moved(work, shift), self.made[work.id][0])

    def earliest(self, work: Work, shift: int) -> float:
        """Return the first moment at which a work, moved by whole years, may run."""
        return moved(work, shift).timeline.earliest(work.mode, self.made[work.id][0])

    def money(self, work: Work, shift: int, bounds: Array) -> tuple[Array, Array]:
        """Return 亿元 spent, and carried out, by year in every draw, shape (years, n or 1)."""
        assert work.investment is not None
        escalation = self.question.resolved.escalation
        made: Drawn = drawn(moved(work, shift), *self.made[work.id], bounds, escalation)
        # what moves by whole years is dearer by as many years' price rise
        spent = work.investment * made.cost * (1 + escalation) ** shift
        return spent, work.investment * made.progress


def moved(work: Work, shift: int) -> Work:
    """Return a work whose schedule lies whole years later; delays come on top.

    Examples
    --------
    >>> import corridor_model as cm
    >>> work = cm.resolve(cm.load_plan()).work("binhai_avenue")
    >>> moved(work, 1).start - work.start
    12
    """
    return replace(work, start=work.start + 12 * shift, end=work.end + 12 * shift)


def build(question: Question) -> Options:
    """Return all options of a question.

    Raises
    ------
    CorridorError
        If a delay without an upper end reaches a far year.
    """
    draws = Draws(question)
    pairs = [(i, w, k) for i, w in enumerate(question.works) for k in question.shifts[w.id]]
    ends = [draws.end(work, shift) for _, work, shift in pairs]
    years = _years(question, [draws.earliest(work, shift) for _, work, shift in pairs], ends)
    bounds = 12.0 * np.arange(years[0], years[-1] + 2)
    sunk = np.array([_sunk(work, bounds) for work in question.works]).reshape(-1, len(years))
    inside = (years >= question.budget.first) & (years <= question.budget.last)
    spending, carried = [], []
    for i, work, shift in pairs:
        spent, done = draws.money(work, shift, bounds)
        spending.append(spent.mean(axis=1) - sunk[i])
        carried.append(float(done[inside].mean(axis=1).sum()))
    worth = question.worth
    value = [worth.of(work.id, e).mean() for (_, work, _), e in zip(pairs, ends, strict=True)]
    return Options(
        years,
        np.array([i for i, _, _ in pairs], dtype=np.int64),
        np.array([k for _, _, k in pairs], dtype=np.int64),
        np.array([w.start // 12 + k for _, w, k in pairs], dtype=np.int64),
        np.array(spending).reshape(-1, len(years)),
        np.array(carried, dtype=np.float64),
        np.array(value, dtype=np.float64),
        np.array([float(np.median(e)) for e in ends]),
        sunk,
    )


def _years(question: Question, begins: list[float], ends: list[Array]) -> Whole:
    about, last = question.plan.about, question.budget.last
    first = min([about.first_year, *(int(moment // 12) for moment in begins)])
    furthest = max([12.0 * (last + 1), *(float(e.max()) for e in ends)])
    until = int(np.ceil(furthest / 12 - 1e-9)) - 1
    if until > LAST_YEAR:
        raise CorridorError(
            f"A delay reaches the year {until}. Use a distribution with an upper end.",
            f"推迟到了{until}年。请改用有上限的分布。",
        )
    return np.arange(first, until + 1)


def _sunk(work: Work, bounds: Array) -> Array:
    """Return what a work has spent by year before changes count."""
    assert work.investment is not None
    line = work.timeline
    return np.asarray(work.investment * np.diff(np.minimum(line.planned(bounds), line.settled)))
