"""One promise at a period: its bounds, its start, its figure, and whether it is a limit."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from corridor_model.assessment.averages import (
    Average,
    Season,
    full_year,
    season,
    since,
    still_needed,
)
from corridor_model.assessment.progress import elapsed_of_year
from corridor_model.codes import weakest
from corridor_model.growth import meets
from corridor_model.observations.model import Point
from corridor_model.observations.semantics import CUMULATIVE_METHOD, is_flow
from corridor_model.periods import MONTHS, Period, in_years, month_end, year_before, year_end
from corridor_model.plan.measures import MEASURES
from corridor_model.plan.promises import base_year_of, is_limit, own_promise
from corridor_model.plan.records import bounds, last_target, strict_ends

if TYPE_CHECKING:
    from corridor_model.observations.model import History
    from corridor_model.plan.measures import Measure
    from corridor_model.plan.promises import Promise
    from corridor_model.plan.records import Indicator


INDEX = 100.0
"""What a chain of yearly growths starts from."""


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
    """What is known of one promise at a period; None and NaN are unknown, never 0 (S6, S7).

    Bounds, start and figures stand in the unit of the series: of a change they are levels,
    which ``zero`` and ``scale`` turn into what the promise says (`printed`).

    Attributes
    ----------
    promise : Promise
        With the targets valid at the period.
    lower, upper : float or None
        What the value must reach and must not exceed. Beyond the far end of a range a value
        may still meet it: that end then stands in ``far_end`` instead (S4).
    lower_open, upper_open : bool
        Whether a bound must be passed, not only touched (S3).
    far_end : float or None
        The end of a range that may be passed.
    zero, scale : float
        A level v is a change of (v - zero) * scale.
    due : float
        Moment of the deadline, in whole months as all moments; infinite where there is none.
    limit : bool
        Whether it is kept by holding (S19); ``limit_origin`` says who decided that.
    unbounded : str
        Why there is nothing to compare with: ``not_quantified``, ``no_date``,
        ``bound_unknown``; empty where there is.
    base : float or None
        Starting value.
    start : int or None
        Its moment.
    reported, value : float or None
        The latest figure, and what is compared: of a part year of a flow, the full year; from
        the date on, the figure of the date (S20).
    at, now : float
        Moment at which the figure was taken, and of which ``value`` speaks.
    method : str
        How ``value`` follows from ``reported``.
    reported_bound : str
        Where ``reported`` is only a bound, on which side of it the figure lies.
    decided : bool or None
        What a bound says: met or not. There is no ``value`` then; None where it cannot say.
    state : str
        Why there is no current figure; empty where there is one.
    remark : str
        What an office wrote in its place.
    holes : tuple of str
        Periods that would complete this year's figure.
    met_late : str
        The period in which the bound was met first, after the date it had been missed.
    share, elapsed : float or None
        Set where the measure has its own: an annual target within its year.
    rate, needed, remaining : float or None
        Likewise yearly rates: of a growth target.
    year : int
        Of a promise about each year, the one in question.
    missed : tuple of int
        Earlier years of an annual target that were missed.
    done : bool or None
        Whether a milestone is reported reached.
    """

    promise: Promise
    lower: float | None
    upper: float | None
    due: float
    target_year: int
    lower_open: bool = False
    upper_open: bool = False
    far_end: float | None = None
    zero: float = 0.0
    scale: float = 1.0
    withdrawn: bool = False
    limit: bool = False
    limit_origin: str = "document"
    unbounded: str = ""
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
    reported_bound: str = ""
    decided: bool | None = None
    state: str = ""
    remark: str = ""
    holes: tuple[str, ...] = ()
    met_late: str = ""
    share: float | None = None
    elapsed: float | None = None
    rate: float | None = None
    needed: float | None = None
    remaining: float | None = None
    year: int = 0
    missed: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()
    done: bool | None = None
    annual_target: float | None = None
    annual_origin: str = ""
    annual_basis: str = ""
    annual_reason: str = "no_annual_target"
    annual_completion: float | None = None
    annual_elapsed: float | None = None
    annual_method: str = ""
    points: list[Point] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The promise's id."""
        return self.promise.id

    @property
    def kind(self) -> str:
        """The measure (S4)."""
        return self.promise.kind

    @property
    def measure(self) -> Measure:
        """How it is read."""
        return self.promise.measure

    @property
    def lasting(self) -> bool:
        """Whether it stays met once it is (additions, milestones)."""
        return self.measure.lasting

    @property
    def target(self) -> float:
        """The value to reach: of a range its minimum."""
        bounds_ = [b for b in (self.lower, self.upper, self.far_end) if b is not None]
        return min(bounds_, default=math.nan)

    @property
    def target_max(self) -> float:
        """The upper end of a range; NaN where there is one bound."""
        bounds_ = [b for b in (self.lower, self.upper, self.far_end) if b is not None]
        return max(bounds_) if len(bounds_) > 1 else math.nan

    @property
    def goal(self) -> float:
        """The bound that a path from the start reaches first."""
        if self.lower is not None and self.upper is not None and self.base is not None:
            return self.upper if self.base > self.upper else self.lower
        bound = self.lower if self.lower is not None else self.upper
        return math.nan if bound is None else bound

    @property
    def two_sided(self) -> bool:
        """Whether the value can be too high and too low."""
        return self.lower is not None and self.upper is not None

    def printed(self, value: float) -> float:
        """Return a level as the promise speaks of it: of a change, its distance from the base."""
        return (value - self.zero) * self.scale

    def meets(self, value: float) -> bool:
        """Return whether a value lies within the bounds (S3); False where there are none."""
        if self.lower is None and self.upper is None:
            return False
        low = "above" if self.lower_open else "at_least"
        high = "below" if self.upper_open else "at_most"
        return (self.lower is None or bool(meets(value, self.lower, low))) and (
            self.upper is None or bool(meets(value, self.upper, high))
        )


def case_of(indicator: Indicator) -> Case:
    """Return the case of a promise, or of an indicator's own one, without start and figure."""
    promise = own_promise(indicator)
    if not promise.targets:
        return Case(promise, None, None, math.inf, 0, unbounded=promise.reason)
    last = last_target(promise)
    lower, upper = bounds(promise)
    year, month = last.year or 0, last.month or MONTHS
    due = month_end(year, month) if last.year is not None else math.inf
    case = Case(promise, lower, upper, due, year, *strict_ends(promise), unbounded=promise.reason)
    if promise.relative_to is not None and not case.unbounded:
        case.unbounded = "bound_unknown"
    return case


def take_bounds(case: Case) -> None:
    """Settle what hangs on the start: aim or limit (S19), and what lies beyond a range (S4)."""
    case.limit, case.limit_origin = is_limit(case.promise, case.base)
    low, high = case.lower, case.upper
    if case.limit or low is None or high is None or low == high or case.promise.sense != "range":
        return
    counts = case.measure.value in {"additions", "year"}
    below = counts or (case.base is not None and case.base < low)
    above = not counts and case.base is not None and case.base > high
    passable = case.promise.beyond == "met" or (case.promise.beyond is None and (below or above))
    if passable and above:
        case.lower, case.far_end = None, low
    elif passable:
        case.upper, case.far_end = None, high


def beyond_range(case: Case) -> bool:
    """Return whether the value lies beyond the far end of a range, where that is met (S4)."""
    if case.far_end is None or case.value is None:
        return False
    return case.value > case.far_end if case.upper is None else case.value < case.far_end


def take_base(case: Case, history: History, when: When) -> None:
    """Set the start: the plan's baseline, otherwise the last figure before the plan (S6).

    A promise that names its base year starts from that year's figure and from no other.
    """
    year, baseline = case.promise.base_year, case.promise.baseline
    if baseline is not None and year in {None, baseline.year}:
        case.base, case.start = baseline.value, year_end(baseline.year)
        case.base_origin, case.base_series = baseline.origin, baseline.series
        return
    early = [p for p in history.points if p.year <= when.base_year and p.months == MONTHS]
    if year is not None:
        early = [p for p in history.points if p.year == year and p.months == MONTHS]
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


def take_date(case: Case, when: When) -> None:
    """From the date on, let the figure of the date decide and no later one (S20).

    What once met stays met (additions) was met by the date if an earlier figure met it, and
    was not if a later one does not. Otherwise a promise without a figure of its date is not
    reported.
    """
    if when.moment < case.due:
        return
    ends = [(month_end(p.year, p.months), p) for p in case.points]
    if case.base is not None and case.start == case.due and all(end != case.due for end, _ in ends):
        year = year_before(case.start)
        start = Point(year, MONTHS, case.base, "", "level", "year", origin=case.base_origin)
        ends = sorted([*ends, (case.start, start)], key=lambda pair: pair[0])
    of_date = [p for end, p in ends if end >= case.due and p.year == case.target_year]
    earlier = [p for end, p in ends if end < case.due]
    later = [p for end, p in ends if end >= case.due and p.year > case.target_year]
    if of_date:
        decisive = of_date[0]
    elif case.lasting and earlier and case.meets(earlier[-1].value):
        decisive = earlier[-1]
    elif case.lasting and later and not case.meets(later[0].value):
        decisive = later[0]
    else:
        if not case.state:
            case.state = "not_reported"
        return
    case.value, case.now = decisive.value, month_end(decisive.year, decisive.months)
    case.method, case.state = "reported", ""
    if not case.meets(decisive.value):
        last = next((p for p in [*of_date[1:], *later] if case.meets(p.value)), None)
        case.met_late = period_text(last.year, last.months) if last is not None else ""


# Figures of which only a bound was published: they decide where they can (S4).


def decision(case: Case, bound: str, value: float) -> bool | None:
    """Return whether a figure that lies on one side of a value meets the bounds.

    True and False are certain; None where both are possible.

    Examples
    --------
    >>> import corridor_model as cm
    >>> gdp = case_of(cm.load_plan().targets["gdp"])
    >>> decision(gdp, "at_least", 580), decision(gdp, "below", 580), decision(gdp, "above", 500)
    (True, False, None)
    """
    if case.lower is None and case.upper is None:
        return None
    lowest, highest = (value, math.inf) if bound in {"at_least", "above"} else (-math.inf, value)
    passed = bound in {"above", "below"}  # the value itself is not among what is possible

    def within(possible: float, edge: float | None, open_: bool, side: int) -> bool:
        if edge is None:
            return True
        if math.isinf(possible):
            return False
        touched = bool(meets(possible, edge, "exactly")) and (not open_ or passed)
        return touched or (possible - edge) * side > 0

    def beyond(possible: float, edge: float | None, open_: bool, side: int) -> bool:
        if edge is None or math.isinf(possible):
            return False
        if bool(meets(possible, edge, "exactly")):
            return open_ or passed
        return (possible - edge) * side > 0

    if within(lowest, case.lower, case.lower_open, 1) and within(
        highest, case.upper, case.upper_open, -1
    ):
        return True
    if beyond(lowest, case.upper, case.upper_open, 1) or beyond(
        highest, case.lower, case.lower_open, -1
    ):
        return False
    return None


def take_bounded(case: Case, history: History, when: When) -> None:
    """Let a published bound decide where no figure does; otherwise show it.

    From the date on it is the bound of the date; what stays met once it is (additions) is
    decided by an earlier one that met, too, and by a later one that did not. It is never the
    ``value``: no share, no rate and no forecast rests on it.
    """
    if not case.state or case.state == "paused":
        return  # a figure says more than a bound
    ends = [
        (month_end(point.year, point.months), point, _says(case, point))
        for point in history.bounded
        if _bounded_value(case, point) is not None
    ]
    if when.moment >= case.due:
        answers = [e for e in ends if e[0] >= case.due and e[1].year == case.target_year]
        if case.lasting:
            answers += [e for e in ends if e[0] < case.due and e[2]]
            answers += [e for e in ends if e[0] >= case.due and e[2] is False]
    else:
        answers = [e for e in reversed(ends) if e[0] >= when.moment - LAG]
        answers += [e for e in ends if case.lasting and e[2]]
    if not answers:
        return
    end, point, says = next((a for a in answers if a[2] is not None), answers[0])
    if says is False and when.moment < case.due and not case.limit:
        says = None  # not there yet: how far it is, a bound does not say
    case.reported, case.reported_bound = _bounded_value(case, point), str(point.bound)
    case.value = None
    case.at = case.now = end
    case.period, case.origin = period_text(point.year, point.months), point.origin
    case.method, case.decided = "reported", says
    case.state = "" if says is not None else "not_reported"


def _says(case: Case, point: Point) -> bool | None:
    """Return what a bound says; of a part of a year of a flow only that it is passed."""
    value = _bounded_value(case, point)
    part = is_flow(case.promise) and point.months < MONTHS
    if value is None or point.bound is None or (part and point.bound in {"at_most", "below"}):
        return None
    return decision(case, point.bound, value)


def _bounded_value(case: Case, point: Point) -> float | None:
    """Return the value of a bound as the case's own are; None where it speaks of another."""
    if point.measure == "change" and case.measure.value == "change":
        relative = point.unit == "%"
        same = relative == (case.kind == "relative_change")
        return case.zero + point.value / case.scale if same else None
    wanted = {"growth": "average_growth", "event": ""}.get(case.measure.value, "level")
    known = case.measure.value != "change" or case.base_origin != "definition"
    return point.value if point.measure == wanted and known else None


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
    _take_level(case, history, when)


def _take_level(case: Case, history: History, when: When) -> None:
    take_bounds(case)
    case.points = case.points or list(history.points)
    # a figure from before the start says nothing of how far one has come since
    since_start = [p for p in case.points if month_end(p.year, p.months) >= (case.start or 0)]
    if since_start:
        point = since_start[-1]
        take_point(case, point)
        if is_flow(case.promise) and point.months < MONTHS:
            usual = season(history, point.year, point.months)
            case.value, case.method = full_year(point.value, usual), usual.method
            case.now = year_end(point.year)
    take_state(case, history, when, yearly=is_yearly(history))
    take_date(case, when)
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
        _from_reported(case, history, when, INDEX if relative else 0.0)
    if case.lower is not None:
        case.lower = case.zero + case.lower / case.scale
    if case.upper is not None:
        case.upper = case.zero + case.upper / case.scale
    _take_level(case, history, when)


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
            levels.setdefault((p.year, p.months), replace(p, value=value))
    return [levels[time] for time in sorted(levels)]


def _from_reported(case: Case, history: History, when: When, zero: float) -> None:
    """Read a change from what was reported of it: itself, or the yearly growths chained."""
    case.zero, case.scale = zero, 1.0
    base_year = case.promise.base_year or when.base_year
    case.base, case.start, case.base_series = zero, year_end(base_year), None
    case.base_origin = "definition"
    changes = [p for p in _changes(case, history) if p.year > base_year]
    case.points = [replace(p, value=zero + p.value) for p in changes]
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
            case.points.append(replace(growths[year], value=index))
            index = index if growths[year].months == MONTHS else None
        else:
            index = None
    case.points.sort(key=lambda p: (p.year, p.months))


def fill_cumulative(case: Case, history: History, when: When) -> None:
    """Additions since the plan began, and the completion of a work: what is met stays met."""
    take_base(case, history, when)
    take_bounds(case)
    case.points = list(history.points)
    if history.latest is not None:
        take_point(case, history.latest)
    take_state(case, history, when, yearly=is_yearly(history))
    take_date(case, when)
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
    if point is None or case.state or point.year != when.period.year:
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
    elif is_flow(case.promise):
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
        planned, done = goal - begin, (case.value or 0.0) - begin
        if year_end(point.year) > moment:
            gone = month_end(point.year, point.months) - moment
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
    final = case.due
    first_year = case.promise.from_year or when.first_year
    year = case.year = min(when.period.year, case.target_year)
    take_bounds(case)
    case.due = min(year_end(year), final)
    case.points = list(history.points)
    earlier = {
        p.year: p for p in history.points if first_year <= p.year < year and p.months == MONTHS
    }
    case.unknown = tuple(y for y in range(first_year, year) if y not in earlier)
    case.missed = tuple(y for y, p in earlier.items() if not case.meets(p.value))
    bounded = {
        p.year: _says(case, p)
        for p in history.bounded
        if first_year <= p.year <= year and p.months == MONTHS and history.at(p.year) is None
    }
    case.unknown = tuple(y for y in case.unknown if bounded.get(y) is None)
    case.missed += tuple(y for y, says in bounded.items() if says is False)
    if case.missed:
        broke = [p for p in (*history.points, *history.bounded) if p.year in case.missed]
        case.origin = weakest(p.origin for p in broke)
    # the split is of this year alone: earlier ones were held to the promise itself
    if case.annual_target is not None and case.lower is not None:
        case.lower = case.annual_target
    elif case.annual_target is not None and case.upper is not None:
        case.upper = case.annual_target
    if when.period.year < first_year:
        case.state, case.due = "not_due_yet", final
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
    take_state(case, history, when, yearly=not is_flow(case.promise))
    case.due = final
    if when.moment >= final and not case.missed:
        if point is None or month_end(point.year, point.months) < final:
            case.state = case.state or "not_reported"
        else:
            case.state = ""
    take_bounded(case, history, when)


def fill_growth(case: Case, history: History, when: When) -> None:
    """Average growth since the year before the plan, compared with the target (S17)."""
    base_year = base_year_of(case.promise, when.base_year)
    take_bounds(case)
    case.start, case.base_origin = year_end(base_year), "assumed"
    case.needed = None if math.isnan(case.target) else case.target / 100
    # from the date on only the years of the promise count
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
    if when.moment <= case.start:
        case.state = "not_due_yet"
    if when.moment >= case.due and case.at < case.due and not case.state:
        case.state = "not_reported"
    take_bounded(case, history, when)
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
    case.annual_completion, case.annual_elapsed = value / (case.annual_target or 1.0), 1.0


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
            case.met_late = period_text(reached.year, reached.months)
        return
    if when.moment < case.due:
        case.state = "not_due_yet"
    take_state(case, history, when, yearly=False)
    if case.state == "not_reported" and when.moment < case.due:
        case.state = "not_due_yet"


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


# Breaks between vintages (S10).


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
