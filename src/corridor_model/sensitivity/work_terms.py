"""What one work adds to money, openings and indicators, draw by draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corridor_model.scenario.works.effects import spread
from corridor_model.scenario.works.money import Drawn, drawn
from corridor_model.scenario.works.work import Work

if TYPE_CHECKING:
    from corridor_model.scenario.works.effects import Effect

Array = NDArray[np.float64]
Turned = Mapping[str, Array]
"""Values of a work's levers by field, draws last: delay, overrun, cancel, investment, and
``effect:INDICATOR``."""


@dataclass(frozen=True, slots=True)
class Spending:
    """Money of a work, or of all, from the first year to the last."""

    row: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Opening:
    """What is there at the end of a year if the work is over."""

    row: int
    year: int
    weight: float


@dataclass(frozen=True, slots=True)
class Addition:
    """What the work adds to an indicator from ``row`` on, one row a year."""

    row: int
    indicator: str
    first: int
    years: int
    effect: Effect


@dataclass(frozen=True)
class WorkTerms:
    """One work and the rows it adds to.

    Attributes
    ----------
    work, planned : Work
        As the scenario and as the plan have it.
    escalation : float
        Of money that moves.
    spendings, openings, additions : tuple
        Rows of the table of terms, and what stands there.
    """

    work: Work
    planned: Work
    escalation: float
    spendings: tuple[Spending, ...]
    openings: tuple[Opening, ...]
    additions: tuple[Addition, ...]

    @property
    def rows(self) -> list[int]:
        """The rows it adds to."""
        made = [*(s.row for s in self.spendings), *(o.row for o in self.openings)]
        return made + [a.row + year for a in self.additions for year in range(a.years)]

    def moves(self, field: str) -> set[int]:
        """Return the rows that a lever of the work can move."""
        money = {s.row for s in self.spendings}
        done = {o.row for o in self.openings}
        added = {a.row + year for a in self.additions for year in range(a.years)}
        if field.startswith("effect:"):
            return {
                a.row + year
                for a in self.additions
                for year in range(a.years)
                if field == f"effect:{a.indicator}"
            }
        return {
            "overrun": money,
            "investment": money | added,
        }.get(field, money | done | added)

    def terms(self, turned: Turned, n: int) -> Array:
        """Return what it adds to each of its rows, shape (rows, n)."""
        # one draw where nothing is turned: it broadcasts
        months = turned.get("delay", np.array([_signed(self.work)]))
        factor = turned.get("overrun", np.array([float(self.work.factor)]))  # type: ignore[arg-type]
        total = turned.get("investment", np.array([self.work.investment or 0.0]))
        cancelled = turned.get("cancel")
        first, bounds = self._bounds(months)
        made = _carried(self.work, months, factor, bounds, self.escalation, cancelled)
        out = np.empty((len(self.rows), n))
        money = total * made.cost if self.spendings else made.cost
        place = 0
        for one in self.spendings:
            span = slice(max(0, one.first - first), max(0, one.last + 1 - first))
            out[place] = money[span].sum(axis=0)
            place += 1
        for opening in self.openings:
            out[place] = opening.weight * (made.end <= 12 * (opening.year + 1) + 1e-9)
            place += 1
        if self.additions:
            carried = total * made.progress - self._planned(total, bounds)
        for addition in self.additions:
            size = turned.get(f"effect:{addition.indicator}", addition.effect.per_unit)
            moved = spread(carried, addition.effect.lag, addition.effect.decay)
            rows = moved[addition.first - first :][: addition.years]
            out[place : place + addition.years] = size * rows
            place += addition.years
        return out

    def _bounds(self, months: Array) -> tuple[int, Array]:
        """Return the first year and the bounds of all years in which the work can run."""
        years = [a.first + a.years for a in self.additions]
        begins = min(self.work.start, self.planned.start, self.work.start + months.min())
        first = min([int(begins // 12), *(a.first for a in self.additions)])
        last = int(np.ceil(max(self.work.end + max(months.max(), 0.0), self.planned.end) / 12))
        bounds: Array = 12.0 * np.arange(first, max([last, *years]) + 1, dtype=np.float64)
        return first, bounds

    def _planned(self, total: Array, bounds: Array) -> Array:
        """Return the money carried out by year as planned, which effects are measured against."""
        made = drawn(self.planned, np.zeros(1), np.ones(1), bounds)
        # money the plan does not know is taken to be in its schedule already
        known = self.planned.investment
        return np.asarray((total if known is None else known) * made.progress)


def _signed(work: Work) -> float:
    return -float(work.months) if work.mode == "accelerate" else float(work.months)  # type: ignore[arg-type]


def _carried(
    work: Work,
    months: Array,
    factor: Array,
    bounds: Array,
    escalation: float,
    cancelled: Array | None,
) -> Drawn:
    """Return the work by year in every draw; negative months are earlier, cancelled is 0 or 1."""
    made = _moved(work, months, factor, bounds, escalation)
    if cancelled is None:
        return made
    stopped = _moved(replace(work, cancelled=True), months, factor, bounds, escalation)
    going = _moved(replace(work, cancelled=False), months, factor, bounds, escalation)
    yes = cancelled >= 0.5
    return Drawn(*(np.where(yes, s, g) for s, g in zip(stopped, going, strict=True)))


def _moved(work: Work, months: Array, factor: Array, bounds: Array, escalation: float) -> Drawn:
    later = work if work.mode != "accelerate" else replace(work, mode="move")
    if (months >= 0).all():
        return drawn(later, months, factor, bounds, escalation)
    earlier = replace(work, mode="accelerate")
    fast = drawn(earlier, np.maximum(-months, 0.0), factor, bounds, escalation)
    if (months <= 0).all():
        return fast
    slow = drawn(later, np.maximum(months, 0.0), factor, bounds, escalation)
    late = months >= 0
    return Drawn(*(np.where(late, s, f) for s, f in zip(slow, fast, strict=True)))
