"""One indicator made ready for judgement: its target, its start, its figure at a period."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from corridor_model.assess.schedule import MONTHS, moment
from corridor_model.observations.periods import Period
from corridor_model.plan.kinds import bounds

if TYPE_CHECKING:
    from corridor_model.observations.model import History, Point
    from corridor_model.plan.model import Indicator

PAUSED = frozenset({"paused", "not_started"})
"""Remarks that stand until a figure follows: 暂缓, and 暂未启动, where nothing moves either."""
EPSILON = 1e-9
"""Moments are multiples of 1 / 12; differences below this are rounding."""
LAG = 1
"""Months by which a figure may be older than the period it is read for (错月)."""


class When(NamedTuple):
    """The period the verdict speaks of (S15), and the plan's own years."""

    period: Period
    moment: float
    first_year: int
    last_year: int
    known_by: str | None = None

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
    period = Period.of(as_of)
    return When(period, moment(period.year, period.month), first_year, last_year, known_by)


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
        Moment of the deadline.
    base, start : float or None
        Starting value and its moment.
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
    start: float | None = None
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
    return Case(indicator, lower, upper, moment(last.year, last.month or MONTHS), last.year)


def take_base(case: Case, history: History, when: When) -> None:
    """Set the start: the plan's baseline, otherwise the last figure before the plan (S6)."""
    baseline = case.indicator.baseline
    if baseline is not None:
        case.base, case.start = baseline.value, float(baseline.year)
        case.base_origin, case.base_series = baseline.origin, baseline.series
        return
    early = [p for p in history.points if p.year <= when.base_year and p.months == MONTHS]
    if early:
        case.base, case.start = early[-1].value, float(early[-1].year)
        case.base_origin, case.base_series = early[-1].origin, early[-1].series


def take_point(case: Case, point: Point) -> None:
    """Set the latest figure as it was reported."""
    case.reported = case.value = point.value
    case.at = case.now = moment(point.year, point.months)
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
    current = when.moment - LAG / MONTHS - EPSILON
    if case.reported is not None and case.at >= min(current, case.due - EPSILON):
        return
    last_year = when.period.year - 1
    known = not math.isnan(case.at) and case.at >= last_year - EPSILON
    within = when.period.month < MONTHS and yearly and (known or last_year <= when.base_year)
    early = when.known_by is not None and when.known_by <= when.period.last_day
    before_plan = when.moment <= when.base_year
    case.state = "not_due_yet" if within or early or before_plan else "not_reported"
    case.holes = tuple(
        part for gap in history.gaps if gap.year == when.period.year for part in gap.missing
    )
    for remark in history.remarks:
        said = Period.of(remark.period)
        at = moment(said.year, said.month)
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
