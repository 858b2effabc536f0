"""One work as a scenario has it: schedule, money, and where each number came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from corridor_model._typing import Array
from corridor_model.codes import weakest
from corridor_model.distributions import Distribution
from corridor_model.periods import end_of, start_of, year_start
from corridor_model.scenario.changes import Number
from corridor_model.scenario.profiles import Even, Profile, ShareTable

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan
    from corridor_model.plan.records import About, Project


EVEN = Even()


@dataclass(frozen=True, slots=True)
class Printed:
    """The dates that a plan prints of a work, and the rule for those it does not.

    The rule, of origin ``assumed``: a start that is not printed lies ``duration`` months
    before the end, and an end that is not printed as many after the start; with duration 0
    it is the first, or the last, month of the plan. A work that ends before the plan's
    first month starts in January of its last year.

    Attributes
    ----------
    start, end : str or None
        As printed.
    opens, closes : int
        Moments at which the plan begins and is over.
    duration : int
        Months between the two dates where only one is known; 0 is not said.
    """

    start: str | None
    end: str | None
    opens: int
    closes: int
    duration: int

    def dates(self, start: str = "", end: str = "") -> tuple[int, int, str]:
        """Return start, end, and which of them the rule gave; another date is as if printed.

        The start may come out after the end, where one is printed and the other is not.
        """
        first, last = start or self.start, end or self.end
        if not first and not last:
            return self.opens, self.closes, "both"
        if first and last:
            return start_of(first), end_of(last), ""
        if last:
            over = end_of(last)
            begin = over - self.duration if self.duration else self.opens
            return (begin if begin < over else year_start((over - 1) // 12)), over, "start"
        assert first
        begin = start_of(first)
        over = begin + self.duration if self.duration else self.closes
        return begin, (over if over > begin else year_start(begin // 12 + 1)), "end"


@dataclass(frozen=True, slots=True)
class Work:
    """A resolved work.

    Attributes
    ----------
    id : str
        Of the plan.
    start, end : int
        Planned moments in months since the year 0; ``end`` is after the last month.
    dates_origin : str
        ``document`` where both are printed, ``assumed`` where the rule for missing dates
        was used, ``user`` after SetDates of what the rule did not have to add to.
    rule : str
        Which date the rule gave: ``start``, ``end``, ``both`` or empty.
    override : str
        Which date SetDates gave: ``start``, ``end``, ``both`` or empty.
    printed : Printed or None
        What the plan prints of the dates.
    investment : float or None
        Planned total, 亿元; None is unknown (S6).
    investment_origin : str
        ``document`` or ``user``.
    since : int
        Moment from which changes count.
    mode, months : str, float or Distribution
        ``move``, ``stretch`` or ``accelerate``, and by how much.
    factor : float or Distribution
        On money not yet spent by ``since``.
    cancelled : bool
        Whether nothing more is built after ``since``.
    profile : Profile
        How money and progress spread.
    schedule_origin, factor_origin : str
        Of ``months`` and of ``factor``: ``user`` where a scenario sets them, that of its row
        where the plan's uncertainties do, ``document`` where nothing does.
    """

    id: str
    start: int
    end: int
    dates_origin: str
    rule: str
    investment: float | None
    investment_origin: str
    since: int
    mode: str = "move"
    months: Number = 0.0
    factor: Number = 1.0
    cancelled: bool = False
    profile: Profile = EVEN
    override: str = ""
    # where a number came from changes no result: works that differ in it alone are the same
    schedule_origin: str = field(default="document", compare=False)
    factor_origin: str = field(default="document", compare=False)
    printed: Printed | None = field(default=None, compare=False, repr=False)

    @property
    def timeline(self) -> Timeline:
        """The planned schedule, and from when it can move."""
        return Timeline(self.start, self.end, self.since, self.profile)

    @property
    def uncertain(self) -> bool:
        """Whether delay or overrun is a distribution."""
        return isinstance(self.months, Distribution) or isinstance(self.factor, Distribution)

    @property
    def end_origin(self) -> str:
        """Weakest origin of the month it ends in (S5): a date that is moved is not printed."""
        own = "document"
        if self.override in {"end", "both"}:
            own = "user"
        elif self.rule in {"end", "both"}:
            own = "assumed"
        if self.finished:
            return own
        return weakest([own, self.schedule_origin, "user" if self.cancelled else "document"])

    @property
    def money_origin(self) -> str:
        """Weakest origin of its yearly money."""
        # a table of shares is figures, and the user's; every curve is assumed
        profile = "user" if isinstance(self.profile, ShareTable) else "assumed"
        origins = [self.dates_origin, self.end_origin, self.investment_origin, profile]
        return weakest([*origins, "document" if self.finished else self.factor_origin])

    @property
    def finished(self) -> bool:
        """Whether the work was over before changes count."""
        return self.end <= self.since


def printed_of(project: Project, about: About, duration: int) -> Printed:
    """Return the dates that the plan prints of a work, with the rule for those it does not.

    Examples
    --------
    >>> import corridor_model as cm
    >>> plan = cm.load_plan()
    >>> printed = printed_of(plan.projects["wenzhou_avenue_east"], plan.about, duration=0)
    >>> start, end, rule = printed.dates()
    >>> start / 12, end / 12, rule
    (2020.0, 2023.0, 'start')
    """
    opens, closes = year_start(about.first_year), year_start(about.last_year + 1)
    return Printed(project.start, project.end, opens, closes, duration)


def tasks_of(plan: Plan) -> dict[str, list[str]]:
    """Return the tasks that are a work of the annexes: same table, row and part.

    Examples
    --------
    >>> import corridor_model as cm
    >>> tasks_of(cm.load_plan())["jinliwen_expressway"]
    ['annex2_03']
    """
    by_place: dict[tuple[int, int, int | None], list[str]] = {}
    for task in plan.tasks.values():
        by_place.setdefault((task.table, task.row, task.part), []).append(task.id)
    return {p.id: by_place.get((p.table, p.row, p.part), []) for p in plan.projects.values()}


def at_scores(number: Number, z: Array) -> Array:
    """Return the values of a number at normal scores; one value where it is certain."""
    if isinstance(number, Distribution):
        return number.at_scores(z)
    return np.array([float(number)])


# One work's money and progress over time, moved or not: S11 as arithmetic.

SHORTEST = 1.0
"""Months of work that acceleration leaves, at least."""


class Timeline(NamedTuple):
    """The planned schedule of one work.

    Attributes
    ----------
    start, end : float
        Moments; ``end`` is the moment after the last month.
    since : float
        Before it nothing can be changed.
    profile : Profile
        How progress spreads from start to end.
    """

    start: float
    end: float
    since: float
    profile: Profile

    @property
    def pivot(self) -> float:
        """Where what can still be moved begins."""
        return max(self.start, self.since)

    @property
    def finished(self) -> bool:
        """Whether the work was over before ``since``."""
        return self.end <= self.since

    def planned(self, moments: ArrayLike) -> Array:
        """Return the share of the work done by each moment, as planned."""
        share = np.asarray(moments, dtype=np.float64) - self.start
        share /= self.end - self.start
        return self.profile.cumulative(share)

    @property
    def sunk(self) -> float:
        """The share done before ``since``, which stays whatever happens."""
        return float(self.planned(self.since))

    def rest(self, mode: str, months: ArrayLike) -> tuple[Array, Array]:
        """Return where the rest of the work begins and ends; the shape of ``months``."""
        by = np.asarray(months, dtype=np.float64)
        if self.finished:
            return np.full(by.shape, self.pivot), np.full(by.shape, self.end)
        if mode == "move":
            return self.pivot + by, self.end + by
        if mode == "stretch":
            return np.full(by.shape, self.pivot), self.end + by
        # accelerated: it may begin earlier, but not before changes count; what runs is compressed
        begins = np.maximum(self.pivot - by, self.since)
        if self.start < self.since:
            begins = np.full(by.shape, self.pivot)
        duration = min(SHORTEST, self.end - self.pivot)
        return begins, np.maximum(self.end - by, begins + duration)

    def earliest(self, mode: str, months: ArrayLike) -> float:
        """Return the first moment at which the work may run, planned or moved."""
        return float(min(self.start, self.rest(mode, months)[0].min()))

    def ends(self, mode: str, months: ArrayLike) -> Array:
        """Return the moment the work is over."""
        if self.finished:
            return np.full(np.shape(months), float(self.end))
        return self.rest(mode, months)[1]

    def planned_moments(self, moments: Array, mode: str, months: ArrayLike) -> Array:
        """Return of each moment the planned moment whose work is then done.

        Parameters
        ----------
        moments : ndarray, shape (m,)
            Moments of the new timeline.
        mode : str
            ``move``, ``stretch`` or ``accelerate``.
        months : array_like, shape () or (n,)
            By how much.

        Returns
        -------
        ndarray, shape (m,) or (m, n)
        """
        by = np.asarray(months, dtype=np.float64)
        at = moments.reshape(-1, *(1,) * by.ndim)
        if self.finished:
            return np.broadcast_to(at, (len(moments), *by.shape)).copy()
        begins, ends = self.rest(mode, by)
        if mode == "move":
            moments_planned = np.maximum(at - by, self.pivot)  # exact: no division
        else:
            pace = (self.end - self.pivot) / (ends - begins)
            moments_planned = np.maximum(self.pivot + (at - begins) * pace, self.pivot)
            # the last moment maps onto the planned end itself, not a rounding beside it
            moments_planned = np.where(at >= ends, np.maximum(at, self.end), moments_planned)
        before = moments <= self.since  # what was done by then stays where it was
        moments_planned[before] = at[before]
        return moments_planned

    def done(self, moments: Array, mode: str, months: ArrayLike) -> Array:
        """Return the share of the work done by each moment, shape (m,) or (m, n)."""
        return self.planned(self.planned_moments(moments, mode, months))


# What works do to indicators: against the plan as scheduled, by work carried out (S12).


@dataclass(frozen=True, slots=True)
class Effect:
    """One work's effect on one indicator.

    Attributes
    ----------
    project, indicator : str
        Ids.
    per_unit : float
        Change of the indicator, in its unit, per 亿元 of planned investment carried out.
    lag : int
        Years until it shows.
    decay : float
        Share of the effect lost a year: 1 acts in one year only, 0 stays for good.
    origin, source : str
        ``literature``, ``user`` or ``assumed``; never ``document`` (the plan prints none).
    """

    project: str
    indicator: str
    per_unit: float
    lag: int
    decay: float
    origin: str
    source: str


def effects_of(plan: Plan) -> list[Effect]:
    """Return the plan's effects, one a work and indicator.

    A work's own row wins over that of its category, and both over one of ``all``.

    Examples
    --------
    >>> import corridor_model as cm
    >>> effects = effects_of(cm.load_plan())
    >>> len(effects), effects[0].indicator, effects[0].per_unit
    (24, 'gdp', 0.2)
    """
    effects: dict[tuple[str, str], Effect] = {}
    by_category: dict[str, list[str]] = {}
    for project in plan.projects.values():
        by_category.setdefault(project.category, []).append(project.id)
    rows = list(plan.tables["effects"].rows())
    for named in ({"all": list(plan.projects)}, by_category, {p: [p] for p in plan.projects}):
        for row in rows:
            for name in named.get(row["target"], ()):
                effects[name, row["indicator"]] = Effect(
                    name,
                    row["indicator"],
                    row["per_unit"],
                    int(row["lag"] or 0),
                    1.0 if row["decay"] is None else row["decay"],
                    row["origin"],
                    row["source"] or "",
                )
    return list(effects.values())


def spread(carried: Array, lag: int, decay: float) -> Array:
    """Return the effect by year of work carried out by year, per unit.

    Parameters
    ----------
    carried : ndarray, shape (years, ...)
        Work carried out in each year, 亿元 of planned investment.
    lag : int
        Years until it shows.
    decay : float
        Share lost a year.

    Returns
    -------
    ndarray, shape (years, ...)
        Sum over k of carried[t - lag - k] × (1 - decay)^k.

    Examples
    --------
    >>> spread(np.array([10.0, 0.0, 0.0]), lag=1, decay=0.5)
    array([ 0., 10.,  5.])
    """
    out = np.zeros_like(carried)
    for year in range(lag, len(carried)):
        out[year] = carried[year - lag] + ((1 - decay) * out[year - 1] if year > lag else 0.0)
    return out
