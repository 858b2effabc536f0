"""A plan made ready at a period: its targets as they hold, its figures as they were known."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corridor_model.assess.case import Case, When, case_of, when_of
from corridor_model.assess.kinds import FILL
from corridor_model.assess.revisions import Revision, revised, revisions_of
from corridor_model.observations.histories import histories
from corridor_model.observations.model import day_of
from corridor_model.observations.periods import Period

if TYPE_CHECKING:
    import pandas as pd

    from corridor_model.observations.given import Given
    from corridor_model.observations.model import History
    from corridor_model.plan.model import Indicator
    from corridor_model.plan.plan import Plan
    from corridor_model.plan.table import Table

AsOf = int | str | Period | datetime.date


@dataclass(frozen=True, slots=True)
class Ready:
    """What verdicts and probabilities are read from.

    Attributes
    ----------
    when : When
        The period, and the day on which its figures were known.
    histories : mapping of str to History
        What is known of each indicator.
    annual : mapping of str to (float, str)
        This year's own targets and their origin.
    changes : mapping of str to Indicator or None
        Targets that were revised by then; None: withdrawn.
    cases : list of Case
        In the order of the plan.
    """

    when: When
    histories: Mapping[str, History]
    annual: Mapping[str, tuple[float, str]]
    changes: Mapping[str, Indicator | None]
    cases: list[Case]

    def case(self, indicator: Indicator, history: History, withdrawn: bool = False) -> Case:
        """Return the case of an indicator with the target it carries, revised or not."""
        case = case_of(indicator)
        case.withdrawn |= withdrawn
        if indicator.id in self.annual:
            case.annual_target, case.annual_origin = self.annual[indicator.id]
        else:
            year = self.when.period.year
            interim = [t.value for t in indicator.targets if t.year == year < case.due]
            if interim:
                case.annual_target, case.annual_origin = interim[0], "document"
        FILL[indicator.kind](case, history, self.when)
        return case


def ready(
    plan: Plan,
    observations: Given,
    as_of: AsOf,
    known_by: str | datetime.date | None = None,
    annual_targets: Table | pd.DataFrame | None = None,
    revisions: pd.DataFrame | Iterable[Revision | Mapping[str, Any]] | None = None,
) -> Ready:
    """Return a plan at a period; parameters as of :func:`corridor_model.assess.assess`."""
    known = None if known_by is None else day_of(known_by)
    when = when_of(as_of, plan.about.first_year, plan.about.last_year, known)
    found = histories(plan, observations, as_of=when.period, known_by=known)
    # what holds is what was valid at the period and known on the day, whichever is earlier
    day = min(known or when.period.last_day, when.period.last_day)
    changes = revised(plan.indicators, revisions_of(revisions, plan), day)
    annual = _annual(plan, annual_targets, when.period.year)
    made = Ready(when, found, annual, changes, [])
    for name, indicator in plan.indicators.items():
        now = changes.get(name)
        withdrawn = name in changes and now is None
        made.cases.append(made.case(now or indicator, found[name], withdrawn))
    return made


def _annual(
    plan: Plan, given: Table | pd.DataFrame | None, year: int
) -> dict[str, tuple[float, str]]:
    """Return this year's own targets: the plan's 年度分解目标 and those a user brings."""
    rows = _of_year(plan.tables["annual_targets"].columns, year)
    if given is not None:
        columns: Any = given.columns if isinstance(given.columns, Mapping) else given
        origin = columns["origin"] if "origin" in columns else ["user"] * len(columns["value"])
        rows |= _of_year(
            {
                "indicator": tuple(columns["indicator"]),
                "year": tuple(columns["year"]),
                "value": tuple(columns["value"]),
                "origin": tuple(origin),
            },
            year,
        )
    return rows


def _of_year(
    plan_rows: Mapping[str, tuple[object, ...]], year: int
) -> dict[str, tuple[float, str]]:
    """Return value and origin of the annual targets of a year by indicator."""
    names = ("indicator", "year", "value", "origin")
    return {
        str(indicator): (float(value), str(origin))
        for indicator, of_year, value, origin in zip(
            *(plan_rows[name] for name in names), strict=True
        )
        if of_year == year
    }
