"""One promise at a period: its bounds, its start, its figure, what a published bound says."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from corridor_model.assessment.averages import bounds_since
from corridor_model.assessment.regional_numbers import elementwise
from corridor_model.growth import meets
from corridor_model.observations.model import Point
from corridor_model.observations.semantics import is_flow
from corridor_model.periods import MONTHS, Period, month_end, year_before, year_end
from corridor_model.plan.promises import is_limit, is_sum_of_years, own_promise, span_of
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
    unknown, kept : tuple of int
        Years of which nothing is known, and those that a published bound says were kept.
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
    kept: tuple[int, ...] = ()
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
        """Whether it stays met once it is: additions and milestones that have no upper bound."""
        return self.measure.lasting and self.upper is None

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
        return (self.lower is not None or self.upper is not None) and self.within(value)

    def within(self, value: float) -> bool:
        """Return whether a value breaks no bound (S3); True where there are none."""
        low = "above" if self.lower_open else "at_least"
        high = "below" if self.upper_open else "at_most"
        return (self.lower is None or elementwise(meets, value, self.lower, low)) and (
            self.upper is None or elementwise(meets, value, self.upper, high)
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
    span = span_of(case.promise, case.base, case.lower, case.upper)
    case.lower, case.upper = span.lower, span.upper
    if span.far_end is not None:
        case.far_end = span.far_end


def cannot_be_kept(case: Case) -> bool:
    """Return whether a promise is lost, whatever is still to come (S20).

    A sum, or a year's amount, that has passed its upper bound cannot be given back: additions,
    and the running total of a flow in the year that counts. Nor can a year that was missed.
    """
    if case.missed:
        return True
    if case.upper is None:
        return False
    capped = replace(case, lower=None)
    if is_total(case, case.at):
        total = case.points[-1].value if case.points and not case.reported_bound else None
        return case.decided is False if total is None else not capped.within(total)
    if case.kind not in {"cumulative", "annual"}:
        return False
    if case.kind == "annual" and not is_flow(case.promise) and case.at < year_end(case.year):
        return False
    if case.decided is not None:
        return not case.decided
    return case.value is not None and not capped.within(case.value)


def is_total(case: Case, at: float) -> bool:
    """Return whether a figure is a running total of the year of the date, which only rises."""
    levels = case.measure.value in {"level", "change"} and is_flow(case.promise)
    sums = all(is_sum(point) for point in case.points[-1:])
    return levels and sums and year_end(case.target_year - 1) < at < case.due


def is_due_within_year(case: Case) -> bool:
    """Return whether a flow is due before its year is over: the total of the first months."""
    whole = math.isinf(case.due) or case.due % MONTHS == 0
    return case.measure.value == "level" and is_flow(case.promise) and not whole


def is_sum(point: Point) -> bool:
    """Return whether a part of a year of a flow is a sum: not a growth or a change over it."""
    return point.measure not in {"growth", "change", "average_growth"}


PART_YEAR_GROWTH = "part_year_growth"
"""How a value follows from a growth of the first months, which stands for the whole year."""


def is_projected(case: Case) -> bool:
    """Return whether the value is a full year that its first months point to."""
    return case.method in {"seasonal_share", "elapsed_time", PART_YEAR_GROWTH}


def holds_now(case: Case) -> bool:
    """Return whether a figure itself meets the bounds: a projected full year is none (S20).

    Of a flow's running total only that says something which it cannot fall short of any more.
    """
    if case.value is None:
        return case.decided is True
    if not is_projected(case):
        return case.meets(case.value)
    total = case.points[-1]
    return case.upper is None and is_sum(total) and case.meets(total.value)


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
    if year is not None:
        early = [p for p in history.points if p.year == year and p.months == MONTHS]
    else:
        until = when.base_year
        early = [p for p in history.points if p.year <= until and p.months == MONTHS]
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
    year = min(when.period.year, case.target_year or when.period.year)
    case.holes = tuple(part for gap in history.gaps if gap.year == year for part in gap.missing)
    for remark in history.remarks:
        at = Period.of(remark.period).end
        older = not math.isnan(case.at) and at <= case.at
        if older or (remark.reason not in PAUSED and at < current):
            continue
        case.state = "paused" if remark.reason in PAUSED else remark.reason
        case.remark = remark.text


class AroundDate(NamedTuple):
    """The figures of a promise about its date, by time: of it, before it and after it."""

    of_date: Point | None
    earlier: list[Point]
    later: list[Point]


def only_rises(case: Case, point: Point) -> bool:
    """Return whether a figure is of what is no less later on and was no more before.

    That are additions, and the running total of a flow in the year of the date.
    """
    kinds = {"level", "change"} if case.due % MONTHS == 0 else {"level"}
    total = is_flow(case.promise) and case.measure.value in kinds and is_sum(point)
    return case.measure.lasting or (total and point.year == case.target_year)


def around_date(case: Case, history: History) -> AroundDate:
    """Return the figures that compare with the bounds, as they lie about the date (S20).

    Those within the years are among them: the last before a date and the first after it say
    most of it. Of an amount a year they are but a part, which only the year of the date has a
    use for.
    """
    points = list(case.points)
    if case.measure.value != "change" or case.base_origin != "definition":
        points += [p for parts in history.part_years.values() for p in parts]
    by_end = {
        month_end(p.year, p.months): p
        for p in points
        if p.months == MONTHS or not is_flow(case.promise) or not is_sum(p) or only_rises(case, p)
    }
    if case.base is not None and case.start == case.due and case.start not in by_end:
        year = year_before(case.start)
        start = Point(year, MONTHS, case.base, "", "level", "year", origin=case.base_origin)
        by_end[case.start] = start
    before = [by_end[end] for end in sorted(by_end) if end < case.due]
    after = [by_end[end] for end in sorted(by_end) if end > case.due]
    return AroundDate(by_end.get(int(case.due)), before, after)


def take_date(case: Case, history: History, when: When) -> None:
    """From the date on, let the figure of the date decide and no later one (S20).

    Where a promise is due within a year its end says nothing of the date, and the figure of the
    month counts even where later ones of the year are known. Without a figure of its date a
    promise is not reported, unless those about the date decide it (`enclosed`).
    """
    if when.moment < case.due:
        return
    figures = around_date(case, history)
    decisive = figures.of_date or enclosed(case, figures)
    if decisive is None:
        case.state = case.state or "not_reported"
        if case.at > case.due:
            case.value = None  # what came later says nothing of the date
        return
    take_point(case, decisive)
    case.state = ""
    if not case.meets(decisive.value):
        late = next((p for p in figures.later if case.meets(p.value)), None)
        case.met_late = period_text(late.year, late.months) if late is not None else ""


def enclosed(case: Case, figures: AroundDate) -> Point | None:
    """Return the figure before or after the date that decides what only rises; None if none does.

    By the date there was no less than the last figure before it, and no more than the first
    after it: what was met by then stays so, and what is not there yet was not there then.
    """
    least = next((p for p in reversed(figures.earlier) if only_rises(case, p)), None)
    most = next((p for p in figures.later if only_rises(case, p)), None)
    capped, floored = replace(case, lower=None), replace(case, upper=None)
    if least is not None:
        passed = not capped.within(least.value)
        if passed or (case.upper is None and case.meets(least.value)):
            return least
    if most is not None:
        short = not floored.within(most.value)
        within = case.meets(most.value)
        if short or (within and case.lower is None):
            return most
        if within and least is not None and case.meets(least.value):
            return least
    return None


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
        if bool(meets(possible, edge, "exactly")):
            return not open_ or passed
        return (possible - edge) * side > 0

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

    From the date on it is the bound of the date; what only rises is decided by an earlier one
    that met, too, and by a later one that did not. It is never the ``value``: no share, no rate
    and no forecast rests on it. A later one that decides nothing is shown where no figure is.
    """
    if not case.state or case.state == "paused":
        return  # a figure says more than a bound
    ends = [
        (month_end(point.year, point.months), point, says_of(case, point))
        for point in history.bounded
        if _bounded_value(case, point) is not None
    ]
    if when.moment >= case.due:
        answers = [e for e in ends if e[0] == case.due]
        early = ((end, p, says_of(case, p, by_then=True)) for end, p, _ in ends if end < case.due)
        late = [(end, p, says_of(case, p, not_yet=True)) for end, p, _ in ends if end > case.due]
        answers += [e for e in (*early, *late) if e[2] is not None]
        if not answers and case.reported is None:
            answers = late[-1:]
    else:
        answers = [e for e in reversed(ends) if e[0] >= when.moment - LAG]
        if case.measure.lasting:
            since = ((end, p, says_of(case, p, by_then=True)) for end, p, _ in ends)
            answers += [e for e in since if e[2] is not None]
    if not answers:
        return
    end, point, says = next((a for a in answers if a[2] is not None), answers[0])
    not_there = says is False and when.moment < case.due and not case.limit
    if not_there and case.kind != "growth" and says_of(case, point, by_then=True) is not False:
        says = None  # not there yet: how far it is, a bound does not say
    case.reported, case.reported_bound = _bounded_value(case, point), str(point.bound)
    case.value = None
    case.at = case.now = end
    case.period, case.origin = period_text(point.year, point.months), point.origin
    case.method, case.decided = "reported", says
    case.state = "" if says is not None else "not_reported"


def with_bounds(case: Case, history: History, base_year: int) -> History:
    """Return a history with what bounds on yearly growths say since the start."""
    more = bounds_since(history, base_year, case.promise.average_method)
    return replace(history, bounded=(*history.bounded, *more)) if more else history


def says_of(
    case: Case, point: Point, *, by_then: bool = False, not_yet: bool = False
) -> bool | None:
    """Return what a bound says; of a part of a year of a flow only that it is passed.

    Of additions it says ``by_then`` something of later dates, and ``not_yet`` of earlier ones.
    """
    value, end = _bounded_value(case, point), month_end(point.year, point.months)
    part = is_flow(case.promise) and point.months < MONTHS
    part = part and not (is_due_within_year(case) and end >= case.due)
    if value is None or point.bound is None or (part and point.bound in {"at_most", "below"}):
        return None
    says = decision(case, point.bound, value)
    if not (by_then or not_yet):
        return says
    if not only_rises(case, point):
        return None
    side = replace(case, lower=None) if by_then else replace(case, upper=None)
    if decision(side, point.bound, value) is False:
        return False
    return says if says and (case.upper if by_then else case.lower) is None else None


def _bounded_value(case: Case, point: Point) -> float | None:
    """Return the value of a bound as the case's own are; None where it speaks of another."""
    if point.measure == "change" and case.measure.value == "change":
        relative = point.unit == "%"
        same = relative == (case.kind == "relative_change")
        return case.zero + point.value / case.scale if same else None
    wanted = {"growth": "average_growth", "event": ""}.get(case.measure.value, "level")
    if is_growth_of_each_year(case.promise):
        wanted = "growth"
    known = case.measure.value != "change" or case.base_origin != "definition"
    return point.value if point.measure == wanted and known else None


def is_growth_of_each_year(promise: Promise) -> bool:
    """Return whether a growth is promised of each year, not on average: 每年增长7%以上."""
    return promise.kind == "annual" and promise.series_kind == "growth"


def of_each_year(case: Case, history: History) -> History:
    """Return a history whose points are what is promised of each year (S4).

    Of a growth these are the growths; of a count since the plan began, what each year added.
    """
    if is_growth_of_each_year(case.promise):
        return replace(history, points=history.growths)
    counted = case.promise.series_kind == "cumulative"
    return _amounts_of_years(case, history) if counted else history


def _amounts_of_years(case: Case, history: History) -> History:
    """Return what each year amounts to a count: as reported, else the difference of two counts.

    A year before which nobody knows the count has none.
    """
    ends = {b.year: b.value for b in case.promise.baselines}
    ends |= {p.year: p.value for p in history.points if p.months == MONTHS}
    amounts = {(p.year, p.months): p for p in history.additions}
    counts = [*history.points, *(p for parts in history.part_years.values() for p in parts)]
    for p in counts:
        if p.year - 1 in ends:
            more = _difference(p.value, ends[p.year - 1])
            amounts.setdefault((p.year, p.months), p._replace(value=more))
    last = {year: amounts[year, months] for year, months in sorted(amounts)}
    parts: dict[int, list[Point]] = {}
    for year, months in sorted(amounts):
        if months < MONTHS:
            parts.setdefault(year, []).append(amounts[year, months])
    within = {year: tuple(points) for year, points in parts.items()}
    # what a bound says of a count it does not say of its years
    return replace(history, points=tuple(last.values()), part_years=within, bounded=())


def _difference(after: float, before: float) -> float:
    """Return the decimal difference of two printed figures: 1.3 - 1.2 is 0.1."""
    return float(Decimal(repr(float(after))) - Decimal(repr(float(before))))


def of_count(case: Case, history: History) -> History:
    """Return a history whose points are counts since the start of a promised sum (S4).

    Where the indicator's own figures are amounts of years, they are added up; behind a year
    that nobody knows there is no count.
    """
    promise = case.promise
    if not is_sum_of_years(promise.kind, promise.series_kind):
        return history
    start = promise.baseline
    points: list[Point] = []
    parts: dict[int, tuple[Point, ...]] = {}
    total, year = Decimal(0), math.inf if start is None else start.year + 1
    yearly = {p.year: p for p in history.points} if _is_yearly_amount(promise) else {}
    while year in yearly:
        point = yearly[int(year)]
        within = history.part_years.get(point.year, ())
        parts[point.year] = tuple(_count_with(total, p) for p in within)
        points.append(_count_with(total, point))
        total += Decimal(repr(float(point.value)))
        year = year + 1 if point.months == MONTHS else math.inf
    whole = tuple(p for p in history.points if p.months == MONTHS)
    return replace(history, points=tuple(points), part_years=parts, additions=whole, bounded=())


def _is_yearly_amount(promise: Promise) -> bool:
    """Return whether the indicator's own figures are amounts of years."""
    return is_flow(replace(promise, kind=promise.series_kind))


def _count_with(total: Decimal, point: Point) -> Point:
    return point._replace(value=float(total + Decimal(repr(float(point.value)))), measure="level")


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
