"""How each measure is read off a history: one function a kind (S4).

`fill` takes a case that knows its promise alone, and sets its start, its figure and its state
from what is known of the indicator.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from corridor_model.assessment.averages import (
    Average,
    Season,
    full_year,
    season,
    since,
    still_needed,
    with_baselines,
)
from corridor_model.assessment.case import (
    INDEX,
    LAG,
    PART_YEAR_GROWTH,
    PAUSED,
    Case,
    When,
    cannot_be_kept,
    is_due_within_year,
    is_sum,
    is_yearly,
    of_count,
    of_each_year,
    period_text,
    says_of,
    take_base,
    take_bounded,
    take_bounds,
    take_date,
    take_point,
    take_state,
    with_bounds,
)
from corridor_model.assessment.progress import elapsed_of_year
from corridor_model.codes import weakest
from corridor_model.observations.semantics import CUMULATIVE_METHOD, is_flow
from corridor_model.periods import MONTHS, Period, in_years, month_end, year_end
from corridor_model.plan.measures import MEASURES
from corridor_model.plan.promises import base_year_of

if TYPE_CHECKING:
    from corridor_model.observations.model import History, Point

Fill = Callable[[Case, "History", When], None]


def fill_level(case: Case, history: History, when: When) -> None:
    """Level, share, ratio, rank: the latest value; of a part year of a flow, the full year."""
    take_base(case, history, when)
    case.points = list(history.points)
    if is_due_within_year(case):
        _take_running_total(case, history)
    _take_level(case, history, when)


def _take_running_total(case: Case, history: History) -> None:
    """Read a flow that is due in June as the total of January to June, which starts from 0.

    Whole years do not compare with it, neither as start nor as figure.
    """
    parts = {p.months: p for p in history.part_years.get(case.target_year, ())}
    parts |= {p.months: p for p in case.points if p.year == case.target_year}
    case.points = [parts[months] for months in sorted(parts)]
    case.base, case.start = 0.0, year_end(case.target_year - 1)
    case.base_origin, case.base_series = "definition", None


def _take_level(case: Case, history: History, when: When) -> None:
    take_bounds(case)
    # a figure from before the start says nothing of how far one has come since
    start = case.start or 0
    point = next((p for p in reversed(case.points) if month_end(p.year, p.months) >= start), None)
    if point is not None:
        take_point(case, point)
        if is_flow(case.promise) and point.months < MONTHS:
            usual = season(history, point.year, point.months)
            case.method, case.now = PART_YEAR_GROWTH, year_end(point.year)
            if is_sum(point):
                case.value, case.method = full_year(point.value, usual), usual.method
                if is_due_within_year(case) and case.at < case.due:
                    due = season(history, point.year, round(case.due) % MONTHS)
                    case.value, case.now = case.value * due.share, case.due
                if case.measure.value == "change":
                    case.reported = case.value  # some months less a whole year are no change
    take_state(case, history, when, yearly=is_yearly(history))
    if is_due_within_year(case) and when.moment <= year_end(case.target_year - 1):
        case.state = "not_due_yet"
    take_date(case, history, when)
    if case.kind == "relative_change" and case.base_origin == "definition":
        history = with_bounds(case, history, case.promise.base_year or when.base_year)
    take_bounded(case, history, when)
    _annual(case, history, when)


def fill_change(case: Case, history: History, when: When) -> None:
    """A change since the baseline: its bounds become levels of the series.

    Without a level of the baseline, a relative change is the chained product of the yearly
    growths, read as an index of 100 at the start; and a change that was itself reported
    stands as it is.
    """
    take_base(case, history, when)
    relative = case.kind == "relative_change"
    levels = any(case.start is None or p.year * MONTHS >= case.start for p in history.points)
    if (
        case.base is not None
        and (case.base > 0 or not relative)
        and (levels or not history.growths)
    ):
        case.zero, case.scale = case.base, 100 / case.base if relative else 1.0
        case.points = _levels_and_changes(case, history)
    else:
        lost = relative and case.base is not None and case.base <= 0
        _from_reported(case, history, when, INDEX if relative else 0.0)
        if lost and not case.points and history.points:
            # nothing is a percentage of 0 or of a loss, and no growth says what came since
            case.base = case.start = None
            case.state, case.base_origin, case.zero = "no_scale", "", 0.0
            return
    if case.lower is not None:
        case.lower = case.zero + case.lower / case.scale
    if case.upper is not None:
        case.upper = case.zero + case.upper / case.scale
    _take_level(case, history, when)
    # levels alone say nothing of how far they are from a start that nobody knows
    if case.base is None and case.state == "not_reported" and history.points:
        case.state = "no_baseline"


def _changes(case: Case, history: History) -> list[Point]:
    """Return the reported changes that are in the promise's own terms: % or the unit."""
    relative = case.kind == "relative_change"
    return [p for p in history.changes if (p.unit == "%") == relative]


def _levels_and_changes(case: Case, history: History) -> list[Point]:
    """Return the levels, and what a reported change makes of the baseline between and after."""
    levels = {(p.year, p.months): p for p in history.points}
    for p in _changes(case, history):
        if case.start is not None and month_end(p.year, p.months) > case.start:
            value = case.zero + p.value / case.scale
            levels.setdefault((p.year, p.months), p._replace(value=value))
    return [levels[time] for time in sorted(levels)]


def _from_reported(case: Case, history: History, when: When, zero: float) -> None:
    """Read a change from what was reported of it: itself, or the yearly growths chained."""
    case.zero, case.scale = zero, 1.0
    base_year = case.promise.base_year or when.base_year
    case.base, case.start, case.base_series = zero, year_end(base_year), None
    case.base_origin = "definition"
    changes = [p for p in _changes(case, history) if p.year > base_year]
    case.points = [p._replace(value=zero + p.value) for p in changes]
    if case.kind != "relative_change":
        if not changes:
            case.base = case.start = None
            case.base_origin = ""
        return
    growths = {p.year: p for p in history.growths}
    index: float | None = zero
    for year in range(base_year + 1, max(growths, default=0) + 1):
        # a change that was reported stands, and the chain goes on from it
        level = next((p for p in case.points if p.year == year and p.months == MONTHS), None)
        if level is not None:
            index = level.value
        elif year in growths and index is not None:
            index *= 1 + growths[year].value / 100
            case.points.append(growths[year]._replace(value=index))
            index = index if growths[year].months == MONTHS else None
        else:
            index = None
    case.points.sort(key=lambda p: (p.year, p.months))


def fill_cumulative(case: Case, history: History, when: When) -> None:
    """Additions since the plan began, and the completion of a work: what is met stays met."""
    history = of_count(case, history)
    take_base(case, history, when)
    take_bounds(case)
    case.points = list(history.points)
    if history.latest is not None:
        take_point(case, history.latest)
    take_state(case, history, when, yearly=is_yearly(history))
    take_date(case, history, when)
    take_bounded(case, history, when)
    _annual(case, history, when)


def _annual(case: Case, history: History, when: When) -> None:
    """Set the completion of this year's own target, where there is one (S17, S21).

    Of flows and additions it is this year's part; of stocks, shares and ranks the change since
    the start over the planned change.
    """
    goal = case.annual_target
    point = case.points[-1] if case.points else None
    if goal is None:
        return
    case.annual_reason = case.state or "not_reported"
    # a figure of now is none of a date within the year, and has its part of the year all the same
    current = point is not None and month_end(point.year, point.months) >= when.moment - LAG
    stale = case.state and not (case.state == "not_reported" and current)
    partial = case.value is None and is_flow(case.promise) and case.measure.value == "change"
    if point is None or stale or partial or point.year != when.period.year:
        return
    usual = Season(point.months / MONTHS, "elapsed_time")
    done = point.value
    if case.measure.value == "additions":
        before = _count_before(case, history, point.year)
        if before is None:
            case.annual_reason = "no_record"
            return
        planned = goal if case.annual_basis == "year" else goal - before
        done = point.value - before
    elif is_flow(case.promise) and case.measure.value == "level":
        usual, planned = season(history, point.year, point.months), goal
    elif case.base is None or case.start is None:
        case.annual_reason = "no_baseline"
        return
    else:
        begin, moment = case.base, case.start
        if case.annual_basis == "year":
            before = _level_before(case, history, point.year)
            if before is None:
                case.annual_reason = "no_baseline"
                return
            begin, moment, goal = before, year_end(point.year - 1), before + goal / case.scale
        else:
            goal = case.zero + goal / case.scale
        # of an amount a year the full year, as its first months point to it
        whole = is_flow(case.promise) and case.value is not None
        value = (case.value or 0.0) if whole else point.value
        now = case.now if whole else month_end(point.year, point.months)
        planned, done = goal - begin, value - begin
        if year_end(point.year) > moment:
            gone = now - moment
            usual = Season(gone / (year_end(point.year) - moment), "elapsed_time")
    if planned == 0 or (planned < 0 and case.measure.value == "additions"):
        case.annual_reason = "not_applicable"
        return
    case.annual_reason = ""
    case.annual_completion = done / planned
    case.annual_elapsed, case.annual_method = usual.share, usual.method


def _count_before(case: Case, history: History, year: int) -> float | None:
    """Return what had been added when a year began."""
    last_year = history.at(year - 1)
    if last_year is not None and last_year.months == MONTHS:
        return last_year.value
    return case.base if case.start == year_end(year - 1) else None


def _level_before(case: Case, history: History, year: int) -> float | None:
    """Return the level at the end of the year before."""
    last_year = next((p for p in history.points if p.year == year - 1 and p.months == MONTHS), None)
    if last_year is not None:
        return last_year.value
    return case.base if case.start == year_end(year - 1) else None


def fill_annual(case: Case, history: History, when: When) -> None:
    """A bound in each year: this year against months / 12 or the season; missed years."""
    history = of_each_year(case, history)
    first_year = case.promise.from_year or when.first_year
    year = case.year = min(when.period.year, case.target_year)
    take_bounds(case)
    case.points = list(history.points)
    earlier = {
        p.year: p for p in history.points if first_year <= p.year < year and p.months == MONTHS
    }
    case.unknown = tuple(y for y in range(first_year, year) if y not in earlier)
    case.missed = tuple(y for y, p in earlier.items() if not case.meets(p.value))
    bounded = {
        p.year: says_of(case, p)
        for p in history.bounded
        if first_year <= p.year <= year and p.months == MONTHS and history.at(p.year) is None
    }
    case.unknown = tuple(y for y in case.unknown if bounded.get(y) is None)
    case.missed += tuple(y for y, says in bounded.items() if says is False)
    case.kept = tuple(y for y, says in bounded.items() if says)
    if case.missed:
        broke = [p for p in (*history.points, *history.bounded) if p.year in case.missed]
        case.origin = weakest(p.origin for p in broke)
    # the split is of this year alone: earlier ones were held to the promise itself
    if case.annual_target is not None and case.lower is not None:
        case.lower = case.annual_target
    elif case.annual_target is not None and case.upper is not None:
        case.upper = case.annual_target
    if when.period.year < first_year:
        case.state = "not_due_yet"
        return
    point = history.at(year)
    bound = case.lower if case.lower is not None else case.upper
    if point is not None:
        take_point(case, point)
        if is_flow(case.promise):
            usual = season(history, year, point.months)
            case.elapsed, case.annual_method = usual.share, usual.method
        else:
            case.elapsed, case.annual_method = elapsed_of_year(point.months), "elapsed_time"
        if bound:
            case.share = point.value / bound
            if case.far_end is not None:
                case.share = min(case.share, 1.0)
            case.annual_reason = ""
            case.annual_completion, case.annual_elapsed = case.share, case.elapsed
    _take_state_of_year(case, history, when, year - 1 in earlier)
    if when.moment >= case.due and not case.missed:
        if point is None or month_end(point.year, point.months) < case.due:
            case.state = case.state or "not_reported"
        else:
            case.state = ""
    take_bounded(case, history, when)
    _every_year(case, when)


def _take_state_of_year(case: Case, history: History, when: When, known: bool) -> None:
    """Say why this year has no figure; one a year is not due within it if the last is ``known``."""
    standing = not is_flow(case.promise)
    take_state(case, history, when, yearly=standing)
    once = known and standing and is_yearly(history) and when.period.month < MONTHS
    if once and when.period.year == case.year and case.state == "not_reported" and not case.remark:
        case.state = "not_due_yet"


def _every_year(case: Case, when: When) -> None:
    """At the date, say that a promise of each year is not kept by the known years alone (S6)."""
    broken = cannot_be_kept(case) or case.decided is False
    if when.moment < case.due or not case.unknown or case.state or broken:
        return
    if case.decided or (case.value is not None and case.meets(case.value)):
        case.state, case.decided = "not_reported", None


def fill_growth(case: Case, history: History, when: When) -> None:
    """Average growth since the year before the plan, compared with the target (S17)."""
    base_year = base_year_of(case.promise, when.base_year)
    take_bounds(case)
    case.start, case.base_origin = year_end(base_year), "assumed"
    case.needed = None if case.target != case.target else case.target / 100
    # from the date on only the years of the promise count
    history = with_baselines(history, case.promise)
    known = [p for p in history.growths if p.year <= (case.target_year or p.year)]
    levels = [p for p in history.points if p.year <= (case.target_year or p.year)]
    upto = replace(history, growths=tuple(known), points=tuple(levels))
    case.points = known
    average = since(upto, base_year, case.promise.average_method)
    reported = [p for p in history.averages if base_year < p.year <= (case.target_year or p.year)]
    if reported and (average is None or reported[-1].year >= average.last.year):
        take_point(case, reported[-1])
        case.now, case.rate = year_end(reported[-1].year), reported[-1].value / 100
        _take_remaining(case, _average_of(reported[-1], base_year, case.promise.average_method))
    elif average is not None:
        take_point(case, average.last)
        case.now = year_end(average.last.year)
        case.method = average.method
        case.rate = average.rate
        case.reported = case.value = average.rate * 100
        _take_remaining(case, average)
    take_state(case, history, when, yearly=all(p.months == MONTHS for p in case.points))
    if average is None and not reported and case.points and not case.remark:
        case.state = "not_reported"
        # what was reported counts only with the years before it
        there = {p.year for p in known}
        gaps = [year for year in range(base_year + 1, known[-1].year) if year not in there]
        case.holes = case.holes or tuple(map(str, gaps))
    if when.moment <= case.start:
        case.state = "not_due_yet"
    if when.moment >= case.due and case.at < case.due and not case.state:
        case.state = "not_reported"
    take_bounded(case, with_bounds(case, history, base_year), when)
    year_rate = next((p for p in known if p.year == when.period.year), None)
    if case.annual_target is not None:
        _annual_growth(case, year_rate, average)


def _average_of(point: Point, base_year: int, average_method: str | None) -> Average | None:
    """Return a reported average as one; by 累计法 its last level is unknown."""
    if average_method == CUMULATIVE_METHOD or point.value <= -100:
        return None
    rate = point.value / 100
    levels = tuple((1 + rate) ** year for year in range(1, point.year - base_year + 1))
    return Average(rate, levels, point, "reported", False)


def _take_remaining(case: Case, average: Average | None) -> None:
    """Set the growth that the years left need."""
    left = in_years(case.due) - in_years(case.now)
    if average is not None and 0 < left < math.inf and case.needed is not None:
        case.remaining = still_needed(average, case.needed, left)


def _annual_growth(case: Case, year_rate: Point | None, average: Average | None) -> None:
    """Compare this year's growth, or the average so far, with its split: in points (S21)."""
    value = None
    if case.annual_basis == "to_date" and average is not None:
        value = average.rate * 100
    elif case.annual_basis != "to_date" and year_rate is not None:
        value = year_rate.value
    if value is None or not case.annual_target:
        case.annual_reason = case.state or "not_reported"
        return
    if case.annual_target < 0:
        case.annual_reason = "not_applicable"  # a part of a fall turns good and bad around
        return
    # a growth is compared, never divided by the months (S17)
    case.annual_reason, case.annual_method = "", "compared"
    case.annual_completion, case.annual_elapsed = value / case.annual_target, 1.0


def fill_milestone(case: Case, history: History, when: When) -> None:
    """A dated promise: done, done late, reported not done, not yet due, or not reported."""
    reports = history.done
    reached = next((point for point in reports if point.value >= 1), None)
    latest = reached or (reports[-1] if reports else None)
    if latest is not None:
        take_point(case, latest)
        case.done = reached is not None
    if reached is not None:
        # a report of the whole year in which it was due does not say that it came too late
        whole = reached.basis == "year" and reached.year == case.target_year
        if case.at > case.due and not whole:
            case.met_late = case.period
            # what counts is the date: it was not done by then
            case.reported = case.value = 0.0
            case.at = case.now = case.due
            case.period = period_text(case.target_year, case.promise.month or MONTHS)
        return
    if when.moment < case.due:
        case.state = "not_due_yet"
    take_state(case, history, when, yearly=False)
    if case.state == "not_reported" and when.moment < case.due:
        case.state = "not_due_yet"
    # what rested at its date was not done by then (S20)
    for remark in history.remarks:
        end = Period.of(remark.period).end
        if remark.reason in PAUSED and case.due <= end <= when.moment:
            case.done, case.at, case.state = False, end, ""
            case.period, case.remark = str(Period.of(remark.period)), remark.text


_FILL: dict[str, Fill] = {
    "level": fill_level,
    "change": fill_change,
    "growth": fill_growth,
    "additions": fill_cumulative,
    "year": fill_annual,
    "event": fill_milestone,
}
"""By what of a series counts."""

FILL = {name: _FILL[measure.value] for name, measure in MEASURES.items()}
"""By measure, see `corridor_model.plan.measures`."""


def fill(case: Case, history: History, when: When) -> None:
    """Read the figures of a promise off the history of its indicator."""
    if case.kind != "qualitative" and case.promise.targets:
        FILL[case.kind](case, history, when)
