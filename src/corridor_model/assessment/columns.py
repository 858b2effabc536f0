"""The numbers of an assessment as columns: one function each, in the order in which they are read.

`COLUMNS` is the table: a name and a function of the cases, the period and the columns above it.
A new number is a new function and a new line of the table. A mask is NaN with a reason (S7).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from corridor_model import growth
from corridor_model._typing import Array, Index, Mask, Texts
from corridor_model.assessment import progress
from corridor_model.assessment.case import Case, When
from corridor_model.assessment.regional_numbers import rows_of
from corridor_model.observations.semantics import is_flow
from corridor_model.periods import MONTHS, in_years, year_before
from corridor_model.plan.measures import measures

LEVELS = measures(value="level") | measures(value="change")
STEPPED = measures(value="additions")


class Column:
    """Values of one variable with their reasons; everything is masked until it is filled."""

    __slots__ = ("reasons", "values")

    def __init__(self, count: int, reason: str = "not_applicable"):
        self.values: Array = np.full(count, np.nan)
        self.reasons: Texts = np.full(count, reason)

    def fill(self, where: Mask, values: Any) -> None:
        """Set values where a mask is True, and take the reason away."""
        if where.any():
            self.values[where] = np.add(values, 0.0)  # no -0.0
            self.reasons[where] = ""

    def put(self, i: int, value: float) -> None:
        """Set one value, and take its reason away."""
        self.values[i], self.reasons[i] = value, ""

    def mask(self, where: Mask | int, reason: str | Texts) -> None:
        """Mask one value, or all where a mask is True."""
        self.values[where] = np.nan
        self._because(where, np.asarray(reason))

    def tried(self, where: Mask, function: Any, *inputs: Array) -> None:
        """Fill with a growth relation, or with its reason where it is undefined."""
        if where.any():
            answer = growth.tried(function, *(values[where] for values in inputs))
            self.values[where] = answer.values
            self._because(where, np.asarray(answer.reasons))

    def _because(self, where: Mask | int, reasons: Texts) -> None:
        # an array of texts cuts what is longer than its own longest: widen it first
        self.reasons = self.reasons.astype(np.result_type(self.reasons, reasons), copy=False)
        self.reasons[where] = reasons


class Best(NamedTuple):
    """The fastest yearly change towards the target on record, and its last year."""

    rate: float | None
    step: float | None
    year: int | None


def best_on_record(case: Case) -> Best:
    """Return the best yearly change towards the target between whole years of one series.

    A required rate above it was never reached before: possible, but without precedent.
    """
    known = [(p.year, p.value, p.series) for p in case.points if p.months == MONTHS]
    if case.kind == "growth":
        known = []
    elif case.base is not None and case.start is not None and case.base_origin != "assumed":
        began = year_before(case.start)
        if all(point[0] != began for point in known):
            known.append((began, case.base, case.base_series))
    known.sort(key=lambda point: point[0])
    rising = case.upper is None or (case.base is not None and case.goal > case.base)
    if case.limit:
        rising = case.upper is None  # what is better moves away from the bound
    sign = 1 if rising else -1
    rate: float | None = None
    step: float | None = None
    year: int | None = None
    for before, after in pairwise(known):
        if before[2] != after[2]:
            continue
        years = after[0] - before[0]
        moved = (after[1] - before[1]) / years
        if step is None or moved * sign > step * sign:
            step, year = moved, after[0]
        if before[1] > 0 and after[1] > 0:
            grown = (after[1] / before[1]) ** (1 / years) - 1
            if rate is None or grown * sign > rate * sign:
                rate = grown
    return Best(rate, step, year)


class Cases(Sequence[Case]):
    """The cases of an assessment, and what they hold as arrays; NaN is unknown.

    Attributes
    ----------
    base, value, goal : ndarray of float
        As of a `Case`.
    start, now, due : ndarray of float
        Its moments on the scale of year ends, see `corridor_model.periods.in_years`.
    lower, upper : ndarray of float
        Bounds, infinite where there is none.
    zero, scale : ndarray of float
        What turns a level into the change that is promised.
    limit : ndarray of bool
        Whether the promise is kept by holding (S19).
    kind, state, unbounded : ndarray of str
        Measure, why there is no current figure, and why there is no bound.
    known, based : ndarray of bool
        Whether there is a figure, and a start.
    leveled, stepped : ndarray of bool
        Whether the target is a level, or a count from its start.
    size : int
        Rows of these arrays: one a case, or one of each region for which a case stands.
    places : list of slice
        The rows of each case.
    counts : ndarray of int
        How many those are.

    Parameters
    ----------
    cases : iterable of Case
        The cases.
    rows : sequence of ndarray of int, optional
        Of regions that are judged together: for which of them each case stands.
    """

    def __init__(self, cases: Iterable[Case], rows: Sequence[Index] | None = None):
        self._cases = tuple(cases)
        self._of = rows
        counts = [1] * len(self._cases) if rows is None else list(map(len, rows))
        ends = np.cumsum([0, *counts]).tolist()
        self.places = list(map(slice, ends[:-1], ends[1:]))
        self.size = ends[-1]
        self.counts = np.array(counts, dtype=np.int64)
        self.base, self.value, self._lower, self._upper, self.far_end = (
            self.numbers(getattr(case, name) for case in self._cases)
            for name in ("base", "value", "lower", "upper", "far_end")
        )
        # the one place where months become years: rates and shares of time are asked of them
        self.start, self.now, self.due = (
            in_years(self.numbers(getattr(case, name) for case in self._cases))
            for name in ("start", "now", "due")
        )
        self.lower = np.nan_to_num(self._lower, nan=-np.inf)
        self.upper = np.nan_to_num(self._upper, nan=np.inf)
        self.zero = self.numbers(case.zero for case in self._cases)
        self.scale = self.numbers(case.scale for case in self._cases)
        self.limit = self.answers(case.limit for case in self._cases)
        self.kind = self.texts(case.kind for case in self._cases)
        self.state = self.texts(case.state for case in self._cases)
        self.unbounded = self.texts(case.unbounded for case in self._cases)
        self.leveled, self.stepped = self.of_kinds(LEVELS), self.of_kinds(STEPPED)
        self.known = np.isfinite(self.value)
        self.based = np.isfinite(self.base) & np.isfinite(self.start)

    def numbers(self, values: Iterable[float | None]) -> Array:
        """Return one number of each case as those of its rows; NaN is unknown."""
        listed = list(values)
        if self._of is None:
            return np.array([np.nan if x is None else x for x in listed], dtype=np.float64)
        out = np.empty(self.size)
        for place, rows, x in zip(self.places, self._of, listed, strict=True):
            out[place] = rows_of(x, rows)
        return out

    def answers(self, values: Iterable[bool]) -> Mask:
        """Return a yes or no of each case as those of its rows."""
        return np.repeat(np.array(list(values), dtype=bool), self.counts)

    def texts(self, values: Iterable[str]) -> Texts:
        """Return a text of each case as those of its rows."""
        return np.repeat(np.array(list(values), dtype=np.str_), self.counts)

    def of_kinds(self, kinds: Container[str]) -> Mask:
        """Return of which rows the measure is one of some."""
        return self.answers(case.kind in kinds for case in self._cases)

    def __len__(self) -> int:
        return len(self._cases)

    def __getitem__(self, place: Any) -> Any:
        return self._cases[place]

    def __iter__(self) -> Iterator[Case]:
        return iter(self._cases)

    @cached_property
    def margin(self) -> Array:
        """Distance to the target, at least 0 where it is met (S3); NaN without a figure."""
        return self._margin(self.value, self.known)

    @cached_property
    def met(self) -> Mask:
        """Whether the figure meets the target; of a published bound what it decides."""
        decided = self.answers(case.decided is True for case in self._cases)
        return np.asarray(self._met(self.value, self.margin) | decided)

    @cached_property
    def base_met(self) -> Mask:
        """Whether the start met the target already."""
        return self._met(self.base, self._margin(self.base, self.based))

    def _met(self, values: Array, margin: Array) -> Mask:
        """Return whether a margin meets the bounds: a strict one that is touched does not."""
        met: Mask = margin >= 0
        for bound, opens, sense in (
            (self.lower, (case.lower_open for case in self._cases), "above"),
            (self.upper, (case.upper_open for case in self._cases), "below"),
        ):
            touched = (margin == 0) & self.answers(opens) & np.isfinite(bound)
            if touched.any():
                met[touched] &= growth.meets(values[touched], bound[touched], sense)
        return met

    @cached_property
    def goal(self) -> Array:
        """As of a `Case`: the bound that a path from the start reaches first."""
        nearest = np.where(np.isnan(self._lower), self._upper, self._lower)
        return np.where(self.two_sided & (self.base > self.upper), self._upper, nearest)

    @cached_property
    def two_sided(self) -> Mask:
        """As of a `Case`: whether the value can be too high and too low."""
        return np.isfinite(self._lower) & np.isfinite(self._upper)

    @cached_property
    def target(self) -> Array:
        """As of a `Case`: the value to reach, of a range its minimum."""
        return np.fmin(np.fmin(self._lower, self._upper), self.far_end)

    @cached_property
    def target_max(self) -> Array:
        """As of a `Case`: the upper end of a range; NaN where there is one bound."""
        bounds = np.stack([self._lower, self._upper, self.far_end])
        several = np.isfinite(bounds).sum(axis=0) > 1
        return np.where(several, np.fmax(np.fmax(*bounds[:2]), bounds[2]), np.nan)

    @cached_property
    def why_unknown(self) -> Texts:
        """Why there is no figure."""
        return np.where(self.state == "", "not_reported", self.state)

    @cached_property
    def next_goal(self) -> Array:
        """The bound that a path from now on reaches first."""
        below = np.where(self.value < self.lower, self.lower, self.goal)
        return np.where(self.value > self.upper, self.upper, below)

    @cached_property
    def records(self) -> list[Best]:
        """The best year of each indicator so far."""
        return [best_on_record(case) for case in self]

    def _margin(self, values: Array, known: Mask) -> Array:
        margin = np.full(self.size, np.inf)
        for bound, sense in ((self.lower, "at_least"), (self.upper, "at_most")):
            where = known & np.isfinite(bound)
            if where.any():
                gaps = growth.gap(values[where], bound[where], sense)
                margin[where] = np.minimum(margin[where], gaps)
        return np.where(known & np.isfinite(margin), margin, np.nan)

    def printed(self, values: Array) -> Array:
        """Return levels as the promises speak of them: of a change, the distance from the base."""
        return (values - self.zero) * self.scale


Columns = Mapping[str, Column]
Measure = Callable[[Cases, When, Columns], Column]


def columns_of(cases: Cases, when: When, names: Iterable[str] | None = None) -> dict[str, Column]:
    """Return columns of `COLUMNS`, each worked out from the cases and those above it.

    ``names`` in the order of `COLUMNS`, with what they rest on; by default all.
    """
    columns: dict[str, Column] = {}
    for name in COLUMNS if names is None else names:
        columns[name] = COLUMNS[name](cases, when, columns)
    return columns


# What was put in.


def _input(values: Array, reason: str | Texts) -> Column:
    """Return known values, and a reason in the place of the others."""
    column = Column(len(values), "")
    column.values = values
    masked = np.isnan(values)
    column.mask(masked, np.broadcast_to(np.asarray(reason), values.shape)[masked])
    return column


def actual(cases: Cases, when: When, columns: Columns) -> Column:
    """Return the latest figure."""
    return _input(cases.printed(cases.numbers(c.reported for c in cases)), cases.why_unknown)


def compared(cases: Cases, when: When, columns: Columns) -> Column:
    """Return the value compared: of a part year of a flow, the full year."""
    return _input(cases.printed(cases.value), cases.why_unknown)


def target(cases: Cases, when: When, columns: Columns) -> Column:
    """Return the value to reach; of a range its minimum."""
    values = cases.printed(cases.target)
    # as printed: without the rounding of a level, and also where it cannot be compared
    as_printed = [
        case.measure.value == "change" or case.unbounded == "not_quantified" for case in cases
    ]
    if any(as_printed):
        rows = [c.promise.targets if own else () for own, c in zip(as_printed, cases, strict=True)]
        printed = np.full(cases.size, np.nan)
        for place in range(max(map(len, rows))):
            ends = (row[place].value if place < len(row) else None for row in rows)
            printed = np.fmin(printed, cases.numbers(ends))
        values = np.where(np.isnan(printed), values, printed)
    return _input(values, cases.texts(case.unbounded or "target_revised" for case in cases))


def target_max(cases: Cases, when: When, columns: Columns) -> Column:
    """Return the upper end of a range."""
    return _input(cases.printed(cases.target_max), "not_applicable")


def baseline(cases: Cases, when: When, columns: Columns) -> Column:
    """Return the starting value, of kinds that are measured from one."""
    column = _input(np.array(cases.base), "no_baseline")
    without = cases.of_kinds({"annual", "growth", "milestone", "qualitative"})
    # a change read from growths or from itself starts from an index that nobody printed
    changes = cases.of_kinds(measures(value="change"))
    chained = changes & cases.answers(case.base_origin == "definition" for case in cases)
    column.mask(without | chained, "not_applicable")
    return column


# How much of the way is done, and of the time.


def gap(cases: Cases, when: When, columns: Columns) -> Column:
    """Return the distance to the target, at least 0 where it is met (S3)."""
    column = Column(cases.size, "not_reported")
    known = np.isfinite(cases.margin)
    column.fill(known, (cases.margin * cases.scale)[known])
    column.mask(~known & (cases.unbounded != ""), cases.unbounded[~known & (cases.unbounded != "")])
    return column


def achieved_share(cases: Cases, when: When, columns: Columns) -> Column:
    """Return the part of the way that is done; a year's minimum and a milestone have their own."""
    column = Column(cases.size)
    applies = cases.leveled | cases.stepped
    column.mask(applies & cases.base_met, "base_met")
    column.mask(applies & ~cases.based, "no_baseline")
    unknown = applies & ~cases.known
    column.mask(unknown, cases.why_unknown[unknown])
    unbounded = applies & (cases.unbounded != "")
    column.mask(unbounded, cases.unbounded[unbounded])
    ways = applies & cases.based & ~cases.base_met & cases.known & ~unbounded
    # a strict bound that the start touches: unmet, and no way to go
    nowhere = ways & (cases.base == cases.goal)
    column.mask(nowhere, "no_room")
    ways &= ~nowhere
    one, two = ways & ~cases.two_sided, ways & cases.two_sided
    if one.any():
        share = progress.achieved_share(cases.base[one], cases.value[one], cases.goal[one])
        column.fill(one, share)
    if two.any():
        ends = (cases.lower[two], cases.upper[two])
        column.fill(two, progress.achieved_share_of_range(cases.base[two], cases.value[two], *ends))
    # beyond a range is met, and not 300 % of it (S4)
    beyond = ways & np.isfinite(cases.far_end)
    column.fill(beyond, np.minimum(column.values[beyond], 1.0))
    of_year = cases.of_kinds({"annual"})
    if of_year.any():
        shares = cases.numbers(case.share for case in cases)
        unknown = of_year & np.isnan(shares)
        column.mask(unknown, np.where(cases.state == "", "not_applicable", cases.state)[unknown])
        column.fill(of_year & ~unknown, shares[of_year & ~unknown])
    done = (case.kind == "milestone" and bool(case.done) and not case.met_late for case in cases)
    column.fill(cases.answers(done), 1.0)
    return column


def used_share(cases: Cases, when: When, columns: Columns) -> Column:
    """Return what a limit has used of its bound, or of the room its start left (S19).

    Below 0 where the value has moved away from the bound; masked ``no_room`` where there was
    none.
    """
    column = Column(cases.size)
    if not cases.limit.any():
        return column
    room, used = _use(cases)
    unknown = cases.limit & ((cases.unbounded != "") | ~cases.known)
    why = np.where(cases.unbounded == "", cases.why_unknown, cases.unbounded)
    column.mask(unknown, why[unknown])
    known = cases.limit & ~unknown
    without = known & np.isnan(room)
    column.mask(without, np.where(np.isnan(cases.base), "no_baseline", "not_applicable")[without])
    column.mask(known & (room <= 0), "no_room")
    measured = known & (room > 0)
    column.fill(measured, used[measured] / room[measured])
    return column


def _use(cases: Cases) -> tuple[Array, Array]:
    """Return the room of limits and what is used of it, both on their worse side."""
    up, down = cases._upper - cases.base, cases.base - cases._lower
    used_up, used_down = cases.value - cases.base, cases.base - cases.value
    # of two sides the upper one where they are used alike
    upper = ~np.isnan(up) & ~(used_down > np.where(np.isnan(down), np.inf, used_up))
    room, used = np.where(upper, up, down), np.where(upper, used_up, used_down)
    of_year = cases.of_kinds({"annual"})
    if of_year.any():
        flows = cases.answers(is_flow(case.promise) for case in cases)
        room = np.where(of_year, np.where(flows, cases._upper, np.nan), room)
        used = np.where(of_year, cases.value, used)
    return np.where(cases.of_kinds({"growth"}), np.nan, room), used


def elapsed_share(cases: Cases, when: When, columns: Columns) -> Column:
    """Return the part of the time that is gone, of a year's minimum within its year (S15, S17)."""
    column = Column(cases.size)
    column.mask((cases.leveled | cases.stepped) & ~cases.based, "no_baseline")
    timed = np.isfinite(cases.start) & (cases.due > cases.start)
    # an old figure says nothing of how far one is now: the time is then that of the period
    current = (cases.state == "") & np.isfinite(cases.now)
    now = np.where(current, cases.now, in_years(when.moment))
    if timed.any():
        share = progress.elapsed_share(cases.start[timed], now[timed], cases.due[timed])
        column.fill(timed, share)
    of_year = cases.of_kinds({"annual"})
    if of_year.any():
        gone = cases.numbers(case.elapsed for case in cases)[of_year]
        by_calendar = progress.elapsed_of_year(when.period.month)
        column.fill(of_year, np.where(np.isnan(gone), by_calendar, gone))
    return column


def plan_elapsed(cases: Cases, when: When, columns: Columns) -> Column:
    """Return the part of the plan's years that is gone."""
    column = Column(cases.size)
    gone = progress.elapsed_share(when.base_year, in_years(when.moment), when.last_year)
    column.fill(np.ones(cases.size, dtype=bool), gone)
    return column


def schedule_gap(cases: Cases, when: When, columns: Columns) -> Column:
    """Return the achieved share less the elapsed share, of current figures.

    Of a limit it is the elapsed share less the used one (S19): what is left beyond its time.
    """
    column = Column(cases.size)
    share, used, elapsed = (columns[n] for n in ("achieved_share", "used_share", "elapsed_share"))
    timed = (cases.state == "") & ~cases.of_kinds({"milestone"}) & np.isfinite(elapsed.values)
    aims = timed & ~cases.limit & np.isfinite(share.values)
    if aims.any():
        column.fill(aims, progress.schedule_gap(share.values[aims], elapsed.values[aims]))
    limits = timed & cases.limit & np.isfinite(used.values)
    if limits.any():
        column.fill(limits, progress.schedule_gap(elapsed.values[limits], used.values[limits]))
    why = np.where(cases.limit, used.reasons, share.reasons)
    why = np.where(why != "", why, elapsed.reasons)
    why = np.where(why == "", cases.state, why)
    applies = cases.leveled | cases.stepped | cases.of_kinds({"annual"})
    masked = ~(aims | limits) & applies
    column.mask(masked, np.where(why == "", "not_applicable", why)[masked])
    return column


# How fast: yearly rates, and yearly steps in the unit.


def _has_rate(cases: Cases) -> Mask:
    has_rate: Mask = cases.leveled | cases.of_kinds({"cumulative"})
    return has_rate


def achieved_rate(cases: Cases, when: When, columns: Columns) -> Column:
    """Return the yearly growth from the start to now."""
    column, levels = Column(cases.size), _has_rate(cases)
    gone = cases.now - cases.start
    column.mask(levels & ~cases.based, "no_baseline")
    unmoved = levels & (~cases.known | (cases.based & ~(gone > 0)))
    column.mask(unmoved, cases.why_unknown[unmoved])
    moved = levels & cases.based & cases.known & (gone > 0)
    column.tried(moved, growth.cagr, cases.base, cases.value, gone)
    return _of_growth(column, cases, "rate")


def required_rate(cases: Cases, when: When, columns: Columns) -> Column:
    """Return the yearly growth from the start to the target."""
    column, levels = Column(cases.size), _has_rate(cases)
    whole = cases.due - cases.start
    column.mask(levels & ~cases.based, "no_baseline")
    bounded = levels & cases.based & (whole > 0) & (cases.unbounded == "")
    column.tried(bounded, growth.cagr, cases.base, cases.goal, whole)
    unbounded = levels & (cases.unbounded != "")
    column.mask(unbounded, cases.unbounded[unbounded])
    growths = cases.of_kinds({"growth"})
    if growths.any():
        needed = cases.numbers(case.needed for case in cases)
        stated = growths & ~np.isnan(needed)
        column.fill(stated, needed[stated])
    return column


def required_rate_remaining(cases: Cases, when: When, columns: Columns) -> Column:
    """Return the yearly growth from now to the target."""
    column, levels = Column(cases.size), _has_rate(cases)
    left = cases.due - cases.now
    unknown = levels & ~cases.known
    column.mask(unknown, cases.why_unknown[unknown])
    # an addition counts from 0: its total has no rate, only a step (S16)
    from_zero = cases.of_kinds({"cumulative"}) & ~(cases.base > 0)
    column.mask(levels & cases.known & from_zero, "undefined_rate")
    # a change that was itself reported has no level that could grow
    no_level = cases.answers(
        case.kind == "change" and case.base_origin == "definition" for case in cases
    )
    column.mask(levels & cases.known & no_level, "no_baseline")
    from_zero |= no_level
    rated = levels & cases.known & ~from_zero & (cases.unbounded == "")
    over = (left <= 0) | _decided(cases, when)
    column.mask(rated & over, "deadline_passed")
    column.tried(rated & ~over, growth.cagr, cases.value, cases.next_goal, left)
    return _of_growth(column, cases, "remaining")


def _decided(cases: Cases, when: When) -> Mask:
    """Return whether a figure decides at the date already, be it an earlier one."""
    return np.asarray((cases.due <= in_years(when.moment)) & (cases.state == ""))


def _of_growth(column: Column, cases: Cases, name: str) -> Column:
    """Set the rates of growth targets, which their cases have by themselves."""
    growths = cases.of_kinds({"growth"})
    if growths.any():
        rates = cases.numbers(getattr(case, name) for case in cases)
        so_far = cases.numbers(case.rate for case in cases)
        passed = ~np.isnan(so_far) & (cases.now >= cases.due)
        why = np.where(passed, "deadline_passed", cases.why_unknown)
        unknown = growths & np.isnan(rates)
        column.mask(unknown, why[unknown])
        column.fill(growths & ~unknown, rates[growths & ~unknown])
    return column


def achieved_step(cases: Cases, when: When, columns: Columns) -> Column:
    """Return the yearly step from the start to now."""
    gone = cases.now - cases.start
    column = _step(cases, cases.value - cases.base, gone, needs_value=True)
    unmoved = (cases.leveled | cases.stepped) & cases.based & cases.known & ~(gone > 0)
    column.mask(unmoved, cases.why_unknown[unmoved])
    return column


def required_step(cases: Cases, when: When, columns: Columns) -> Column:
    """Return the yearly step from the start to the target."""
    return _step(cases, cases.goal - cases.base, cases.due - cases.start, needs_value=False)


def required_step_remaining(cases: Cases, when: When, columns: Columns) -> Column:
    """Return the yearly step from now to the target."""
    left = cases.due - cases.now
    column = _step(cases, cases.next_goal - cases.value, left, needs_value=True)
    passed = (cases.leveled | cases.stepped) & cases.known & ((left <= 0) | _decided(cases, when))
    column.mask(passed, "deadline_passed")
    return column


def _step(cases: Cases, amount: Array, years: Array, *, needs_value: bool) -> Column:
    column, kinds = Column(cases.size), cases.leveled | cases.stepped
    column.mask(kinds & ~cases.based, "no_baseline")
    if needs_value:
        unknown = kinds & ~cases.known
        column.mask(unknown, cases.why_unknown[unknown])
    where = kinds & np.isfinite(amount) & (np.nan_to_num(years, nan=-1.0) > 0)
    where &= np.isfinite(years)
    column.fill(where, (amount * cases.scale)[where] / years[where])
    return column


def acceleration(cases: Cases, when: When, columns: Columns) -> Column:
    """Return how many times as fast the rest must be: rates, or steps where a total has no rate."""
    column = Column(cases.size)
    rising = np.where(cases.goal > cases.base, 1.0, -1.0)
    rising[cases.of_kinds({"growth"})] = 1.0
    for where, done, left in (
        (cases.leveled | cases.of_kinds({"growth"}), "achieved_rate", "required_rate_remaining"),
        (cases.stepped, "achieved_step", "required_step_remaining"),
    ):
        first, second = columns[done], columns[left]
        column.mask(where, np.where(second.reasons != "", second.reasons, first.reasons)[where])
        both = where & np.isfinite(first.values) & np.isfinite(second.values)
        moving = both & (first.values * rising > 0)
        column.mask(both & ~moving, "no_progress")
        column.tried(moving, growth.acceleration, second.values * rising, first.values * rising)
    return column


# This year's own target (S17).


def year_target(cases: Cases, when: When, columns: Columns) -> Column:
    """Return this year's own target; of a bound in each year that bound (S21)."""
    column = _input(cases.numbers(case.annual_target for case in cases), _no_split(cases))
    for i, case in enumerate(cases):
        bound = case.lower if case.lower is not None else case.upper
        if case.kind == "annual" and bound is not None and case.year == when.period.year:
            column.put(i, bound)
    return column


def completion(cases: Cases, when: When, columns: Columns) -> Column:
    """Return what is done of this year's target."""
    return _input(cases.numbers(case.annual_completion for case in cases), _no_split(cases))


def year_elapsed(cases: Cases, when: When, columns: Columns) -> Column:
    """Return the part of this year that is gone, by the calendar or the season."""
    return _input(cases.numbers(case.annual_elapsed for case in cases), _no_split(cases))


def _no_split(cases: Cases) -> Texts:
    """Return why this year has no target of its own, or none that can be used (S21)."""
    return cases.texts(case.annual_reason or "no_annual_target" for case in cases)


def year_gap(cases: Cases, when: When, columns: Columns) -> Column:
    """Return the completion of this year's target less the part of the year that is gone."""
    both = columns["completion"].values - columns["year_elapsed"].values
    column = Column(cases.size)
    column.mask(np.ones(cases.size, dtype=bool), _no_split(cases))
    known = np.isfinite(both)
    column.fill(known, np.round(both[known], 12))
    return column


# The indicator's own record: whether it was ever done.


def _record(cases: Cases, name: str, kinds: Mask) -> Column:
    """Return the best year on record, its rate or its step."""
    column = Column(cases.size, "no_record")
    column.mask(cases.of_kinds({"milestone", "growth"}), "not_applicable")
    for i in np.flatnonzero(kinds & (column.reasons == "no_record")).tolist():
        value = getattr(cases.records[i], name)
        if value is not None:
            column.put(i, value)
    return column


def best_rate(cases: Cases, when: When, columns: Columns) -> Column:
    """Return the best yearly growth on record."""
    return _record(cases, "rate", cases.leveled)


def best_step(cases: Cases, when: When, columns: Columns) -> Column:
    """Return the best yearly step on record."""
    return _record(cases, "step", np.ones(cases.size, dtype=bool))


def best_year(cases: Cases, when: When, columns: Columns) -> Column:
    """Return the last year of the best yearly step."""
    return _record(cases, "year", np.ones(cases.size, dtype=bool))


COLUMNS: dict[str, Measure] = {
    function.__name__: function
    for function in (
        actual,
        compared,
        target,
        target_max,
        baseline,
        gap,
        achieved_share,
        used_share,
        elapsed_share,
        plan_elapsed,
        schedule_gap,
        achieved_rate,
        required_rate,
        required_rate_remaining,
        achieved_step,
        required_step,
        required_step_remaining,
        acceleration,
        year_target,
        completion,
        year_elapsed,
        year_gap,
        best_rate,
        best_step,
        best_year,
    )
}
"""The columns by name, in the order in which they are read and may rest on one another."""


# What stands beside a verdict as yes or no.


def never_this_fast(cases: Cases, columns: Columns) -> list[bool]:
    """Return whether the years left need more than the best year on record.

    It never was so fast: possible, but without precedent. Where nothing is on record, or the
    target is met, the answer is False and ``best_year_reason`` says why.
    """
    flags = [False] * len(cases)
    for i, case in enumerate(cases):
        if cases.met[i] or not (cases.leveled[i] or cases.stepped[i]):
            continue
        word = "rate" if cases.leveled[i] else "step"
        best = columns[f"best_{word}"].values[i]
        needed = columns[f"required_{word}_remaining"].values[i]
        if math.isnan(best) or math.isnan(needed):
            continue
        rising = case.upper is None or needed > 0
        flags[i] = bool(needed > best if rising else needed < best)
    return flags
