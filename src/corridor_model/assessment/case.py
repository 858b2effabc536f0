"""One indicator made ready for judgement: its target, its start, its figure at a period."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from corridor_model.assessment.progress import elapsed_of_year
from corridor_model.errors import GrowthUndefinedError
from corridor_model.growth import (
    average_growth_cumulative_method,
    average_rate_of_chain,
    chain,
    compound,
    meets,
    remaining_rate,
)
from corridor_model.observations.semantics import CUMULATIVE_METHOD, is_flow
from corridor_model.periods import MONTHS, Period, in_years, month_end, year_before, year_end
from corridor_model.plan.records import bounds

if TYPE_CHECKING:
    from corridor_model.observations.model import History, Point
    from corridor_model.plan.records import Indicator


PAUSED = frozenset({"paused", "not_started"})
"""Remarks that stand until a figure follows: 暂缓, and 暂未启动, where nothing moves either."""
LAG = 1
"""Months by which a figure may be older than the period it is read for (错月)."""


class When(NamedTuple):
    """The period the verdict speaks of (S15), and the plan's own years."""

    period: Period
    first_year: int
    last_year: int
    known_by: str | None = None

    @property
    def moment(self) -> int:
        """Where the period is over."""
        return self.period.end

    @property
    def base_year(self) -> int:
        """The year before the plan."""
        return self.first_year - 1


def when_of(
    as_of: int | str | Period | datetime.date,
    first_year: int,
    last_year: int,
    known_by: str | None = None,
) -> When:
    """Return the period of an assessment, and the day on which its figures were known.

    Raises
    ------
    CorridorError
        If ``as_of`` is no period.
    """
    return When(Period.of(as_of), first_year, last_year, known_by)


@dataclass(slots=True)
class Case:
    """What is known of one indicator at a period; None and NaN are unknown, never 0 (S6, S7).

    Attributes
    ----------
    indicator : Indicator
        With the targets valid at the period.
    lower, upper : float or None
        What the value must reach and must not exceed.
    due : float
        Moment of the deadline, in whole months as all moments; infinite where there is none.
    base : float or None
        Starting value.
    start : int or None
        Its moment.
    reported, value : float or None
        The latest figure, and what is compared: of a part year of a flow, the full year.
    at, now : float
        Moment at which the figure was taken, and of which ``value`` speaks.
    method : str
        How ``value`` follows from ``reported``.
    state : str
        Why there is no current figure; empty where there is one.
    remark : str
        What an office wrote in its place.
    holes : tuple of str
        Periods that would complete this year's figure.
    lasting : bool
        Whether a target once met stays met (counts, milestones).
    share, elapsed : float or None
        Set where the kind has its own: an annual target within its year.
    rate, needed, remaining : float or None
        Likewise yearly rates: of a growth target.
    missed : tuple of int
        Earlier years of an annual target that were missed.
    done : bool or None
        Whether a milestone is reported reached.
    """

    indicator: Indicator
    lower: float | None
    upper: float | None
    due: float
    target_year: int
    withdrawn: bool = False
    base: float | None = None
    start: int | None = None
    base_origin: str = ""
    base_series: str | None = None
    reported: float | None = None
    value: float | None = None
    period: str = ""
    at: float = math.nan
    now: float = math.nan
    origin: str = ""
    method: str = ""
    state: str = ""
    remark: str = ""
    holes: tuple[str, ...] = ()
    lasting: bool = False
    share: float | None = None
    elapsed: float | None = None
    rate: float | None = None
    needed: float | None = None
    remaining: float | None = None
    missed: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()
    done: bool | None = None
    annual_target: float | None = None
    annual_origin: str = ""
    annual_completion: float | None = None
    annual_elapsed: float | None = None
    annual_method: str = ""
    points: list[Point] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The indicator's id."""
        return self.indicator.id

    @property
    def kind(self) -> str:
        """The kind of target (S4)."""
        return self.indicator.kind

    @property
    def target(self) -> float:
        """The value to reach: of a range its minimum."""
        bound = self.lower if self.lower is not None else self.upper
        return math.nan if bound is None else bound

    @property
    def goal(self) -> float:
        """The bound that a path from the start reaches first."""
        if self.lower is not None and self.upper is not None and self.base is not None:
            return self.upper if self.base > self.upper else self.lower
        return self.target

    @property
    def two_sided(self) -> bool:
        """Whether the value can be too high and too low."""
        return self.lower is not None and self.upper is not None


def case_of(indicator: Indicator) -> Case:
    """Return the case of an indicator with its target and its start, without a figure."""
    if not indicator.targets:
        return Case(indicator, None, None, math.inf, 0, withdrawn=True)
    last = max(indicator.targets, key=lambda target: (target.year, target.month or MONTHS))
    lower, upper = (None, None)
    if len(indicator.targets) > 1:
        lower, upper = bounds(indicator)
    else:
        lower = last.value if last.sense != "at_most" else None
        upper = last.value if last.sense != "at_least" else None
    return Case(indicator, lower, upper, month_end(last.year, last.month or MONTHS), last.year)


def take_base(case: Case, history: History, when: When) -> None:
    """Set the start: the plan's baseline, otherwise the last figure before the plan (S6)."""
    baseline = case.indicator.baseline
    if baseline is not None:
        case.base, case.start = baseline.value, year_end(baseline.year)
        case.base_origin, case.base_series = baseline.origin, baseline.series
        return
    early = [p for p in history.points if p.year <= when.base_year and p.months == MONTHS]
    if early:
        case.base, case.start = early[-1].value, year_end(early[-1].year)
        case.base_origin, case.base_series = early[-1].origin, early[-1].series


def take_point(case: Case, point: Point) -> None:
    """Set the latest figure as it was reported."""
    case.reported = case.value = point.value
    case.at = case.now = month_end(point.year, point.months)
    case.period = period_text(point.year, point.months)
    case.origin = point.origin
    case.method = "reported"


def take_state(case: Case, history: History, when: When, yearly: bool) -> None:
    """Say why there is no figure for the period, if there is none.

    A figure is current if it is not older than the period, less the month by which some lag,
    or not older than the deadline: what was reached then is settled. A figure that is given
    once a year (``yearly``) is not due within a year whose predecessor is known; nor is one
    that nobody can have on the day of ``known_by``. What an office wrote in place of a figure
    comes first; that it is still to be published speaks of its own period only.
    """
    current = when.moment - LAG
    if case.reported is not None and case.at >= min(current, case.due):
        return
    last_year = when.period.year - 1
    known = not math.isnan(case.at) and case.at >= year_end(last_year)
    within = when.period.month < MONTHS and yearly and (known or last_year <= when.base_year)
    early = when.known_by is not None and when.known_by <= when.period.last_day
    before_plan = when.moment <= year_end(when.base_year)
    case.state = "not_due_yet" if within or early or before_plan else "not_reported"
    case.holes = tuple(
        part for gap in history.gaps if gap.year == when.period.year for part in gap.missing
    )
    for remark in history.remarks:
        at = Period.of(remark.period).end
        older = not math.isnan(case.at) and at <= case.at
        if older or (remark.reason not in PAUSED and at < current):
            continue
        case.state = "paused" if remark.reason in PAUSED else remark.reason
        case.remark = remark.text


def is_yearly(history: History) -> bool:
    """Return whether no figure within a year was ever given."""
    return not history.part_years


def period_text(year: int, months: int) -> str:
    """Return ``2021`` or ``2021-09``.

    Examples
    --------
    >>> period_text(2021, 12), period_text(2021, 9)
    ('2021', '2021-09')
    """
    return f"{year}" if months == MONTHS else f"{year}-{months:02d}"


# How each kind of target is read off a history (S4): one function a kind.

Fill = Callable[[Case, "History", When], None]


def fill_level(case: Case, history: History, when: When) -> None:
    """Level, share, ratio, rank: the latest value; of a part year of a flow, the full year."""
    take_base(case, history, when)
    case.points = list(history.points)
    point = history.latest
    if point is not None:
        take_point(case, point)
        if is_flow(case.indicator) and point.months < MONTHS:
            usual = season(history, point.year, point.months)
            case.value, case.method = full_year(point.value, usual), usual.method
            case.now = year_end(point.year)
    take_state(case, history, when, yearly=is_yearly(history))
    _annual(case, history)


def fill_cumulative(case: Case, history: History, when: When) -> None:
    """Additions since the plan began, and the completion of a work: what is met stays met."""
    take_base(case, history, when)
    case.points = list(history.points)
    case.lasting = True
    if history.latest is not None:
        take_point(case, history.latest)
    take_state(case, history, when, yearly=is_yearly(history))
    _annual(case, history)


def _annual(case: Case, history: History) -> None:
    """Set the completion of this year's own target, where there is one (S17)."""
    goal, point = case.annual_target, history.latest
    if goal is None or point is None or case.state:
        return
    if is_flow(case.indicator):
        usual = season(history, point.year, point.months)
        before = 0.0
    elif case.kind in {"cumulative", "completion"}:
        last_year = history.at(point.year - 1)
        if last_year is not None and last_year.months == MONTHS:
            before = last_year.value
        elif case.base is not None and case.start == year_end(point.year - 1):
            before = case.base
        else:
            return
        usual = Season(point.months / MONTHS, "elapsed_time")
    else:
        return
    if goal > before:
        case.annual_completion = (point.value - before) / (goal - before)
        case.annual_elapsed, case.annual_method = usual.share, usual.method


def fill_annual(case: Case, history: History, when: When) -> None:
    """A minimum in each year: this year against months / 12 or the season; missed years."""
    year = min(when.period.year, case.target_year)
    if case.annual_target is not None:
        case.lower = case.annual_target
    case.due = year_end(year)
    case.points = list(history.points)
    if when.period.year < when.first_year:
        case.state = "not_due_yet"
        return
    point = history.at(year)
    if point is not None:
        take_point(case, point)
        usual = season(history, year, point.months)
        case.elapsed, case.annual_method = usual.share, usual.method
        if case.lower:
            case.share = point.value / case.lower
            case.annual_completion, case.annual_elapsed = case.share, usual.share
    take_state(case, history, when, yearly=False)
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
    case.start, case.base_origin = year_end(when.base_year), "assumed"
    case.needed = case.target / 100
    case.points = list(history.growths)
    average = since(history, when.base_year, case.indicator.average_method)
    if average is not None:
        take_point(case, average.last)
        case.now = year_end(average.last.year)
        case.method = average.method
        case.rate = average.rate
        case.reported = case.value = average.rate * 100
        left = in_years(case.due) - in_years(case.now)
        if left > 0:
            case.remaining = still_needed(average, case.needed, left)
    take_state(case, history, when, yearly=all(p.months == MONTHS for p in case.points))
    if average is None and case.points and not case.remark:
        case.state = "not_reported"


def fill_milestone(case: Case, history: History, when: When) -> None:
    """A dated promise: done, reported not done, not yet due, or not reported."""
    case.lasting = True
    reports = history.done
    reached = next((point for point in reports if point.value >= 1), None)
    latest = reached or (reports[-1] if reports else None)
    if latest is not None:
        take_point(case, latest)
        case.done = reached is not None
    if case.done:
        return
    if when.moment < case.due:
        case.state = "not_due_yet"
    take_state(case, history, when, yearly=False)
    if case.state == "not_reported" and when.moment < case.due:
        case.state = "not_due_yet"


# A whole year out of its first months: by the indicator's own season, else by the calendar.


class Season(NamedTuple):
    """Share of a whole year reached after some months, and how it is known.

    ``method`` is ``reported`` (the year is whole), ``seasonal_share`` (the mean of earlier
    years) or ``elapsed_time`` (months / 12).
    """

    share: float
    method: str
    years: tuple[int, ...] = ()


# Average growth since the base year, by rates or by levels, 水平法 or 累计法 (S4, S17).


class Average(NamedTuple):
    """Average growth from the base year to ``last``, with the level of each year (base 1)."""

    rate: float
    levels: tuple[float, ...]
    last: Point
    method: str
    cumulative: bool


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


def since(history: History, base_year: int, average_method: str | None) -> Average | None:
    """Return the average growth since the base year; None where a year between is unknown.

    Growth rates on a year earlier are chained; without them, levels from the base year on are
    used, if they are of one series (S10). By 水平法 only the last year counts, by 累计法 the
    sum of all years. The last year may be a part of it, compared with the same months of the
    year before; the method then ends in ``_part_year``.
    """
    run = _by_rates(history, base_year) or _by_levels(history, base_year)
    if run is None:
        return None
    index, last, method = run
    cumulative = average_method == CUMULATIVE_METHOD
    try:
        if cumulative:
            rate = average_growth_cumulative_method(1.0, index)
        else:
            steps = [now / before - 1 for before, now in zip((1.0, *index), index, strict=False)]
            rate = average_rate_of_chain(steps)
    except (GrowthUndefinedError, ZeroDivisionError):
        return None
    if last.months < MONTHS:
        method += "_part_year"
    return Average(float(rate), tuple(index), last, method, cumulative)


def _by_rates(history: History, base_year: int) -> tuple[list[float], Point, str] | None:
    by_year = {point.year: point for point in history.growths if point.year > base_year}
    if not by_year:
        return None
    last = max(by_year)
    years = range(base_year + 1, last + 1)
    # only the last year may be a part of one: an earlier part is not that year's growth
    if any(year not in by_year or by_year[year].months < MONTHS for year in years[:-1]):
        return None
    rates = [by_year[year].value / 100 for year in years]
    try:
        index = [1 + float(chain(rates[: n + 1])) for n in range(len(rates))]
    except GrowthUndefinedError:
        return None
    return index, by_year[last], "chained_growth"


def _by_levels(history: History, base_year: int) -> tuple[list[float], Point, str] | None:
    by_year = {p.year: p for p in history.points if p.year >= base_year and p.months == MONTHS}
    base, last = by_year.get(base_year), max(by_year, default=base_year)
    if base is None or base.value <= 0 or last == base_year:
        return None
    points = [by_year.get(year) for year in range(base_year + 1, last + 1)]
    if any(p is None or p.series != base.series or p.value < 0 for p in points):
        return None
    return [p.value / base.value for p in points if p is not None], by_year[last], "levels"


def still_needed(average: Average, target: float, years_left: float) -> float | None:
    """Return the yearly growth that the years left need, so that the average is the target.

    Parameters
    ----------
    average : Average
        The average so far.
    target : float
        Yearly fraction.
    years_left : float
        Whole years after the last one known.

    Returns
    -------
    float or None
        Yearly fraction; None where no growth can do it any more, or none is defined.
    """
    done = len(average.levels)
    years = round(done + years_left)
    try:
        if not average.cumulative:
            total = float(compound(1.0, target, years)) - 1
            return float(remaining_rate(average.levels[-1] - 1, total, years_left))
        planned = sum(float(compound(1.0, target, year)) for year in range(1, years + 1))
        rest = planned - sum(average.levels)
        if rest <= 0:
            return -1.0
        left = years - done
        return float(average_growth_cumulative_method(average.levels[-1], [rest / left] * left))
    except GrowthUndefinedError:
        return None


def season(history: History, year: int, months: int) -> Season:
    """Return what share of a year is usually reached after some months (S17).

    Parameters
    ----------
    history : History
        Earlier years count where both their part and their whole are known.
    year, months : int
        The year in question is left out.

    Examples
    --------
    >>> from corridor_model.observations.model import History, Point
    >>> whole = Point(2020, 12, 400.0, "亿元", "level", "year")
    >>> part = Point(2020, 9, 280.0, "亿元", "level", "ytd")
    >>> season(History("gdp", (whole,), part_years={2020: (part,)}), 2021, 9)
    Season(share=0.7, method='seasonal_share', years=(2020,))
    >>> season(History("gdp"), 2021, 9)
    Season(share=0.75, method='elapsed_time', years=())
    """
    if months == MONTHS:
        return Season(1.0, "reported")
    known = {
        past: share
        for past, share in history.ytd_shares(months).items()
        if past < year and share > 0
    }
    if known:
        return Season(sum(known.values()) / len(known), "seasonal_share", tuple(known))
    return Season(elapsed_of_year(months), "elapsed_time")


def full_year(value: float, usual: Season) -> float:
    """Return the whole year that a part of it points to.

    Examples
    --------
    >>> full_year(280.0, Season(0.7, "seasonal_share", (2020,)))
    400.0
    """
    return value if usual.share == 1 else value / usual.share


# An indicator's own record: its best year so far, and breaks between vintages (S10).


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


def has_series_break(case: Case) -> bool:
    """Return whether start and figures up to now are of different vintages (S10).

    Only vintages that are named count: an empty series says nothing.
    """
    if case.kind == "growth":
        names = {p.series for p in case.points if p.series}
        return len(names) > 1
    first = -1 if case.start is None else year_before(case.start)
    names = {p.series for p in case.points if p.series and p.year >= first}
    if case.base_series:
        names.add(case.base_series)
    return len(names) > 1
