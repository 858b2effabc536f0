"""How each kind of target is read off a history (S4): one function a kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from corridor_model.assess import average
from corridor_model.assess import case as cases
from corridor_model.assess.case import Case, When
from corridor_model.assess.part_year import Season, full_year, season
from corridor_model.assess.schedule import MONTHS, moment
from corridor_model.growth import meets
from corridor_model.observations.meaning import is_flow

if TYPE_CHECKING:
    from corridor_model.observations.model import History

Fill = Callable[[Case, "History", When], None]


def fill_level(case: Case, history: History, when: When) -> None:
    """Level, share, ratio, rank: the latest value; of a part year of a flow, the full year."""
    cases.take_base(case, history, when)
    case.points = list(history.points)
    point = history.latest
    if point is not None:
        cases.take_point(case, point)
        if is_flow(case.indicator) and point.months < MONTHS:
            found = season(history, point.year, point.months)
            case.value, case.method = full_year(point.value, found), found.method
            case.now = float(point.year)
    cases.take_state(case, history, when, yearly=cases.is_yearly(history))
    _annual(case, history)


def fill_cumulative(case: Case, history: History, when: When) -> None:
    """Additions since the plan began, and the completion of a work: what is met stays met."""
    cases.take_base(case, history, when)
    case.points = list(history.points)
    case.lasting = True
    if history.latest is not None:
        cases.take_point(case, history.latest)
    cases.take_state(case, history, when, yearly=cases.is_yearly(history))
    _annual(case, history)


def _annual(case: Case, history: History) -> None:
    """Set the completion of this year's own target, where there is one (S17)."""
    goal, point = case.annual_target, history.latest
    if goal is None or point is None or case.state:
        return
    if is_flow(case.indicator):
        found = season(history, point.year, point.months)
        before = 0.0
    elif case.kind in {"cumulative", "completion"}:
        last_year = history.at(point.year - 1)
        if last_year is not None and last_year.months == MONTHS:
            before = last_year.value
        elif case.base is not None and case.start == point.year - 1:
            before = case.base
        else:
            return
        found = Season(point.months / MONTHS, "elapsed_time")
    else:
        return
    if goal > before:
        case.annual_completion = (point.value - before) / (goal - before)
        case.annual_elapsed, case.annual_method = found.share, found.method


def fill_annual(case: Case, history: History, when: When) -> None:
    """A minimum in each year: this year against months / 12 or the season; missed years."""
    year = min(when.period.year, case.target_year)
    if case.annual_target is not None:
        case.lower = case.annual_target
    case.due = moment(year)
    case.points = list(history.points)
    if when.period.year < when.first_year:
        case.state = "not_due_yet"
        return
    point = history.at(year)
    if point is not None:
        cases.take_point(case, point)
        found = season(history, year, point.months)
        case.elapsed, case.annual_method = found.share, found.method
        if case.lower:
            case.share = point.value / case.lower
            case.annual_completion, case.annual_elapsed = case.share, found.share
    cases.take_state(case, history, when, yearly=False)
    earlier = {
        p.year: p for p in history.points if when.first_year <= p.year < year and p.months == MONTHS
    }
    case.unknown = tuple(y for y in range(when.first_year, year) if y not in earlier)
    case.missed = tuple(y for y, p in earlier.items() if not _met(p.value, case))


def _met(value: float, case: Case) -> bool:
    return (case.lower is None or bool(meets(value, case.lower, "at_least"))) and (
        case.upper is None or bool(meets(value, case.upper, "at_most"))
    )


def fill_growth(case: Case, history: History, when: When) -> None:
    """Average growth since the year before the plan, compared with the target (S17)."""
    case.start, case.base_origin = float(when.base_year), "assumed"
    case.needed = case.target / 100
    case.points = list(history.growths)
    found = average.since(history, when.base_year, case.indicator.average_method)
    if found is not None:
        cases.take_point(case, found.last)
        case.now = float(found.last.year)
        case.method = found.method
        case.rate = found.rate
        case.reported = case.value = found.rate * 100
        left = case.due - case.now
        if left > 0:
            case.remaining = average.still_needed(found, case.needed, left)
    cases.take_state(case, history, when, yearly=all(p.months == MONTHS for p in case.points))
    if found is None and case.points and not case.remark:
        case.state = "not_reported"


def fill_milestone(case: Case, history: History, when: When) -> None:
    """A dated promise: done, reported not done, not yet due, or not reported."""
    case.lasting = True
    reports = history.done
    reached = next((point for point in reports if point.value >= 1), None)
    latest = reached or (reports[-1] if reports else None)
    if latest is not None:
        cases.take_point(case, latest)
        case.done = reached is not None
    if case.done:
        return
    if when.moment < case.due:
        case.state = "not_due_yet"
    cases.take_state(case, history, when, yearly=False)
    if case.state == "not_reported" and when.moment < case.due:
        case.state = "not_due_yet"


FILL: dict[str, Fill] = {
    "level": fill_level,
    "share": fill_level,
    "ratio": fill_level,
    "rank": fill_level,
    "cumulative": fill_cumulative,
    "completion": fill_cumulative,
    "annual": fill_annual,
    "growth": fill_growth,
    "milestone": fill_milestone,
}
