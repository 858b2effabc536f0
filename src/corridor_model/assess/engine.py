"""From a plan and its figures to numbers and verdicts, without labels."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corridor_model.assess.case import Case, When, case_of, when_of
from corridor_model.assess.judge import verdicts
from corridor_model.assess.kinds import FILL
from corridor_model.assess.numbers import Numbers
from corridor_model.assess.revisions import Revision, revised, revisions_of
from corridor_model.assess.rules import RULES, Rule, Verdict, rule_of
from corridor_model.errors import CorridorError
from corridor_model.observations.histories import histories
from corridor_model.observations.model import Observations, day_of
from corridor_model.observations.periods import Period

if TYPE_CHECKING:
    import pandas as pd

    from corridor_model.observations.model import History
    from corridor_model.plan.model import Indicator
    from corridor_model.plan.plan import Plan
    from corridor_model.plan.table import Table

AsOf = int | str | Period | datetime.date


@dataclass(slots=True)
class Assessment:
    """Everything an assessment knows, by indicator and rule.

    Attributes
    ----------
    cases : list of Case
        In the order of the plan.
    numbers : Numbers
        Arrays and masked columns.
    verdicts : dict of str to list of Verdict
        By rule.
    before : dict of str to (float, str)
        Target and status before a revision, by indicator.
    histories : mapping of str to History
        What is known of each indicator, for the forecasts.
    """

    plan: Plan
    when: When
    known_by: str | None
    rules: tuple[Rule, ...]
    thresholds: dict[str, dict[str, float]]
    cases: list[Case]
    numbers: Numbers
    verdicts: dict[str, list[Verdict]]
    before: dict[str, tuple[float, str]] = field(default_factory=dict)
    histories: Mapping[str, History] = field(default_factory=dict)


def run(
    plan: Plan,
    observations: Observations | None = None,
    as_of: AsOf = 2021,
    known_by: str | datetime.date | None = None,
    rule: str = "schedule",
    thresholds: Mapping[str, float] | None = None,
    annual_targets: Table | pd.DataFrame | None = None,
    revisions: pd.DataFrame | Iterable[Revision | Mapping[str, Any]] | None = None,
) -> Assessment:
    """Return the assessment that :func:`corridor_model.assess.assess` labels."""
    rules = tuple(RULES.values()) if rule == "all" else (rule_of(rule),)
    limits = {one.name: _limits(one, thresholds, alone=rule != "all") for one in rules}
    known = None if known_by is None else day_of(known_by)
    when = when_of(as_of, plan.about.first_year, plan.about.last_year, known)
    found = histories(plan, observations, as_of=when.period, known_by=known)
    # what holds is what was valid at the period and known on the day, whichever is earlier
    day = min(known or when.period.last_day, when.period.last_day)
    changes = revised(plan.indicators, revisions_of(revisions, plan), day)
    annual = _annual(plan, annual_targets, when.period.year)
    cases = [
        _case(indicator, found[name], when, annual, name in changes, changes.get(name))
        for name, indicator in plan.indicators.items()
    ]
    numbers = Numbers(cases, when)
    made = {one.name: verdicts(numbers, one, limits[one.name]) for one in rules}
    before = _before(plan, found, when, annual, sorted(changes), rules[0], limits)
    return Assessment(plan, when, known, rules, limits, cases, numbers, made, before, found)


def _limits(rule: Rule, thresholds: Mapping[str, float] | None, alone: bool) -> dict[str, float]:
    """Return a rule's thresholds with those the user set; only for one rule at a time."""
    if thresholds is None:
        return dict(rule.thresholds)
    unknown = sorted(set(thresholds) - set(rule.thresholds))
    if unknown or not alone:
        raise CorridorError(
            f"thresholds: {', '.join(unknown) or 'they'} do not belong to rule {rule.name!r}, "
            f"which has {', '.join(rule.thresholds)}; set them for one rule at a time."
        )
    return {**rule.thresholds, **{name: float(value) for name, value in thresholds.items()}}


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


def _case(
    indicator: Indicator,
    history: History,
    when: When,
    annual: Mapping[str, tuple[float, str]],
    changed: bool = False,
    change: Indicator | None = None,
) -> Case:
    case = case_of(change or indicator)
    case.withdrawn |= changed and change is None
    if indicator.id in annual:
        case.annual_target, case.annual_origin = annual[indicator.id]
    else:
        interim = [t.value for t in indicator.targets if t.year == when.period.year < case.due]
        if interim:
            case.annual_target, case.annual_origin = interim[0], "document"
    FILL[indicator.kind](case, history, when)
    return case


def _before(
    plan: Plan,
    found: Mapping[str, History],
    when: When,
    annual: Mapping[str, tuple[float, str]],
    names: Sequence[str],
    rule: Rule,
    limits: Mapping[str, Mapping[str, float]],
) -> dict[str, tuple[float, str]]:
    """Return target and verdict before a revision: what was said is kept."""
    if not names:
        return {}
    cases = [_case(plan.indicators[name], found[name], when, annual) for name in names]
    old = verdicts(Numbers(cases, when), rule, limits[rule.name])
    return {
        case.id: (case.target, verdict.status) for case, verdict in zip(cases, old, strict=True)
    }
