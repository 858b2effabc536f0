"""One work as a scenario has it: schedule, money, and where each number came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from corridor_model.distributions import Distribution
from corridor_model.plan.origins import weakest
from corridor_model.scenario.language.amounts import Number
from corridor_model.scenario.language.months import end_of, start_of, year_start
from corridor_model.scenario.language.profiles import Even, Profile, ShareTable
from corridor_model.scenario.works.timeline import Timeline

if TYPE_CHECKING:
    from corridor_model.plan.model import About, Project

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

    def dates(self, given_start: str = "", given_end: str = "") -> tuple[int, int, str]:
        """Return start, end, and which of them the rule gave; a date that is given is as printed.

        The start may come out after the end, where one is given and the other printed.
        """
        said, over = given_start or self.start, given_end or self.end
        if not said and not over:
            return self.opens, self.closes, "both"
        if said and over:
            return start_of(said), end_of(over), ""
        if over:
            end = end_of(over)
            start = end - self.duration if self.duration else self.opens
            return (start if start < end else year_start((end - 1) // 12)), end, "start"
        assert said
        start = start_of(said)
        end = start + self.duration if self.duration else self.closes
        return start, (end if end > start else year_start(start // 12 + 1)), "end"


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
    given : str
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
    given: str = ""
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
        if self.given in {"end", "both"}:
            own = "user"
        elif self.rule in {"end", "both"}:
            own = "assumed"
        if self.finished:
            return own
        return weakest([own, self.schedule_origin, "user" if self.cancelled else "document"])

    @property
    def money_origin(self) -> str:
        """Weakest origin of its yearly money."""
        used = [self.dates_origin, self.end_origin, self.investment_origin, self.profile_origin]
        return weakest([*used, "document" if self.finished else self.factor_origin])

    @property
    def profile_origin(self) -> str:
        """``user`` for a table of shares, which is figures; every curve is ``assumed``."""
        return "user" if isinstance(self.profile, ShareTable) else "assumed"

    @property
    def finished(self) -> bool:
        """Whether the work was over before changes count."""
        return self.end <= self.since


def dates_of(project: Project, about: About, duration: int) -> tuple[int, int, str]:
    """Return start, end, and which of them the rule gave; see `Printed`.

    Examples
    --------
    >>> import corridor_model as cm
    >>> plan = cm.load_plan()
    >>> start, end, rule = dates_of(plan.projects["wenzhou_avenue_east"], plan.about, 0)
    >>> start / 12, end / 12, rule
    (2020.0, 2023.0, 'start')
    """
    return printed_of(project, about, duration).dates()


def printed_of(project: Project, about: About, duration: int) -> Printed:
    """Return the dates that the plan prints of a work, with the rule for those it does not."""
    opens, closes = year_start(about.first_year), year_start(about.last_year + 1)
    return Printed(project.start, project.end, opens, closes, duration)


def column(values: list[float | None]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return floats with NaN for what is unknown; for arrays only, never for people."""
    return np.array([np.nan if value is None else float(value) for value in values])
