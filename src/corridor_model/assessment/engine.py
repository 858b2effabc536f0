"""From a plan and its figures to numbers, probabilities and verdicts, without labels.

A plan is first read at a period (`plan_at`): its targets as they hold, its figures as they were
known. From the cases that stand there follow the columns, the forecasts and the verdicts.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from corridor_model.assessment.case import FILL, Case, When, case_of, when_of
from corridor_model.assessment.columns import Cases, Column, columns_of
from corridor_model.assessment.probabilities import ForecastColumns, forecast_columns
from corridor_model.assessment.rules import RULES, Rule, Verdict, rule_of
from corridor_model.assessment.verdicts import verdicts
from corridor_model.errors import CorridorError
from corridor_model.messages import N_, Listing, context
from corridor_model.observations.histories import histories
from corridor_model.periods import Period, day_of, year_end
from corridor_model.plan.plan import must_be_plan

if TYPE_CHECKING:
    import pandas as pd

    from corridor_model.observations.load import ObservationsLike
    from corridor_model.observations.model import History
    from corridor_model.plan.plan import Plan
    from corridor_model.plan.records import Indicator
    from corridor_model.tabular.table import Table


AsOf = int | str | Period | datetime.date


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything an assessment knows, by indicator and rule.

    Attributes
    ----------
    plan : Plan
        What was assessed.
    when : When
        The period, and the day on which its figures were known.
    rules : tuple of Rule
        Under which it was assessed.
    thresholds : dict of str to dict
        Of each rule.
    cases : Cases
        In the order of the plan.
    columns : dict of str to Column
        The masked numbers, see `corridor_model.assessment.columns.COLUMNS`.
    forecasts : ForecastColumns
        What is projected, and how likely the targets are.
    verdicts : dict of str to list of Verdict
        By rule.
    before : dict of str to (float, str)
        Target and status before a revision, by indicator.
    """

    plan: Plan
    when: When
    rules: tuple[Rule, ...]
    thresholds: dict[str, dict[str, float]]
    cases: Cases
    columns: dict[str, Column]
    forecasts: ForecastColumns
    verdicts: dict[str, list[Verdict]]
    before: dict[str, tuple[float, str]]


def evaluate(
    plan: Plan,
    observations: ObservationsLike = None,
    as_of: AsOf = 2021,
    known_by: str | datetime.date | None = None,
    rule: str = "schedule",
    thresholds: Mapping[str, float] | None = None,
    annual_targets: Table | pd.DataFrame | None = None,
    revisions: pd.DataFrame | Iterable[Revision | Mapping[str, Any]] | None = None,
    method: str | None = None,
) -> Assessment:
    """Return the assessment that :func:`corridor_model.assess` labels.

    Without a ``method`` nothing is forecast.
    """
    must_be_plan(plan)
    rules = tuple(RULES.values()) if rule == "all" else (rule_of(rule),)
    limits = {one.name: _limits(one, thresholds, alone=rule != "all") for one in rules}
    at = plan_at(plan, observations, as_of, known_by, annual_targets, revisions)
    cases = Cases(at.cases)
    columns = columns_of(cases, at.when)
    return Assessment(
        plan,
        at.when,
        rules,
        limits,
        cases,
        columns,
        forecast_columns(cases, at.histories, at.when, method),
        {one.name: verdicts(cases, at.when, columns, one, limits[one.name]) for one in rules},
        _before_revision(at, plan, rules[0], limits),
    )


def _limits(rule: Rule, thresholds: Mapping[str, float] | None, alone: bool) -> dict[str, float]:
    """Return a rule's thresholds with those the user set; only for one rule at a time."""
    if thresholds is None:
        return dict(rule.thresholds)
    unknown = sorted(set(thresholds) - set(rule.thresholds))
    if unknown or not alone:
        raise CorridorError(
            N_(
                "thresholds: {names} do not belong to rule {rule!r}, which has {known}; set them "
                "for one rule at a time."
            ),
            names=Listing(unknown) if unknown else context("thresholds", "they"),
            rule=rule.name,
            known=Listing(rule.thresholds),
        )
    return {**rule.thresholds, **{name: float(value) for name, value in thresholds.items()}}


def _before_revision(
    at: PlanAtPeriod, plan: Plan, rule: Rule, limits: Mapping[str, Mapping[str, float]]
) -> dict[str, tuple[float, str]]:
    """Return target and verdict before a revision: what was published is kept."""
    names = sorted(at.changes)
    if not names:
        return {}
    cases = Cases(at.case(plan.indicators[name], at.histories[name]) for name in names)
    columns = columns_of(cases, at.when)
    old = verdicts(cases, at.when, columns, rule, limits[rule.name])
    return {
        case.id: (case.target, verdict.status) for case, verdict in zip(cases, old, strict=True)
    }


# A plan at a period: its targets as they hold, its figures as they were known.


@dataclass(frozen=True, slots=True)
class PlanAtPeriod:
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
            interim = [
                t.value for t in indicator.targets if t.year == year and year_end(year) < case.due
            ]
            if interim:
                case.annual_target, case.annual_origin = interim[0], "document"
        FILL[indicator.kind](case, history, self.when)
        return case


def plan_at(
    plan: Plan,
    observations: ObservationsLike,
    as_of: AsOf,
    known_by: str | datetime.date | None = None,
    annual_targets: Table | pd.DataFrame | None = None,
    revisions: pd.DataFrame | Iterable[Revision | Mapping[str, Any]] | None = None,
) -> PlanAtPeriod:
    """Return a plan at a period; parameters as of :func:`corridor_model.assess`."""
    known = None if known_by is None else day_of(known_by)
    when = when_of(as_of, plan.about.first_year, plan.about.last_year, known)
    known_histories = histories(plan, observations, as_of=when.period, known_by=known)
    # what holds is what was valid at the period and known on the day, whichever is earlier
    day = min(known or when.period.last_day, when.period.last_day)
    changes = revised(plan.indicators, revisions_of(revisions, plan), day)
    annual = _annual_targets(plan, annual_targets, when.period.year)
    at = PlanAtPeriod(when, known_histories, annual, changes, [])
    for name, indicator in plan.indicators.items():
        now = changes.get(name)
        withdrawn = name in changes and now is None
        at.cases.append(at.case(now or indicator, known_histories[name], withdrawn))
    return at


def _annual_targets(
    plan: Plan, more: Table | pd.DataFrame | None, year: int
) -> dict[str, tuple[float, str]]:
    """Return this year's own targets: the plan's 年度分解目标 and those a user brings."""
    targets = _of_year(plan.tables["annual_targets"].columns, year)
    if more is None:
        return targets
    columns: Any = more.columns if isinstance(more.columns, Mapping) else more
    origin = columns["origin"] if "origin" in columns else ["user"] * len(columns["value"])
    return targets | _of_year(
        {name: columns[name] for name in ("indicator", "year", "value")} | {"origin": origin},
        year,
    )


def _of_year(rows: Mapping[str, Iterable[Any]], year: int) -> dict[str, tuple[float, str]]:
    """Return value and origin of the annual targets of a year by indicator."""
    names = ("indicator", "year", "value", "origin")
    return {
        str(indicator): (float(value), str(origin))
        for indicator, of_year, value, origin in zip(*(rows[name] for name in names), strict=True)
        if of_year == year
    }


# Targets revised while the plan runs: a dated history, of which nothing is overwritten.

_FIELDS = ("indicator", "valid_from", "value", "year", "sense", "source")


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of a target.

    Attributes
    ----------
    indicator : str
        Id of the indicator.
    valid_from : str
        Day from which it holds, such as ``2021-07-01``.
    value : float or None
        In the indicator's unit; None withdraws the target.
    year : int or None
        New deadline; None keeps it.
    sense : str or None
        New direction; None keeps it.
    source : str or None
        Where the revision is written.
    """

    indicator: str
    valid_from: str
    value: float | None
    year: int | None = None
    sense: str | None = None
    source: str | None = None


def revisions_of(
    more: pd.DataFrame | Iterable[Revision | Mapping[str, Any]] | None, plan: Plan
) -> tuple[Revision, ...]:
    """Return the plan's own revisions and the user's, oldest first.

    ``more`` may be records, rows or a DataFrame; of one day, the plan's own come first.

    Raises
    ------
    CorridorError
        For an unknown indicator, a date that is none, or a range (its two rows need a plan of
        their own).
    """
    rows: list[Any] = list(plan.tables["target_revisions"].rows())
    if more is not None:
        rows += more.to_dict("records") if hasattr(more, "to_dict") else list(more)
    revisions = [row if isinstance(row, Revision) else _revision(row) for row in rows]
    for revision in revisions:
        if revision.indicator not in plan.indicators:
            raise CorridorError(
                N_("revisions: the plan has no indicator {id!r}."), id=revision.indicator
            )
        if revision.value is not None and len(plan.indicators[revision.indicator].targets) != 1:
            raise CorridorError(
                N_("revisions: {id} has several targets; load a revised plan instead."),
                id=revision.indicator,
            )
    return tuple(sorted(revisions, key=lambda revision: (revision.valid_from, revision.indicator)))


def _revision(row: Mapping[str, Any]) -> Revision:
    known = {name: _cell(row.get(name)) for name in _FIELDS}
    printed = str(known["valid_from"])[:10]
    try:
        # a year or a month alone holds from its first day
        day = datetime.date.fromisoformat(printed + "-01" * (2 - printed.count("-")))
    except ValueError:
        raise CorridorError(
            N_("revisions: valid_from {day!r} is no day. Write it as 2021-07-01."),
            day=known["valid_from"],
        ) from None
    value, year = known["value"], known["year"]
    return Revision(
        str(known["indicator"]),
        day.isoformat(),
        None if value is None else float(value),
        None if year is None else int(year),
        known["sense"],
        known["source"],
    )


def _cell(value: Any) -> Any:
    """Return None for every way in which a table says nothing."""
    return None if value is None or value != value or value == "" else value  # noqa: PLR0124


def revised(
    indicators: Mapping[str, Indicator], revisions: Iterable[Revision], day: str
) -> dict[str, Indicator | None]:
    """Return what was revised by a day: the indicator with its new target, None if withdrawn."""
    changed: dict[str, Indicator | None] = {}
    for revision in revisions:
        if revision.valid_from > day:
            continue
        if revision.value is None:
            changed[revision.indicator] = None
            continue
        before = indicators[revision.indicator]
        target = before.targets[0]
        new = replace(
            target,
            value=revision.value,
            year=revision.year or target.year,
            sense=revision.sense or target.sense,
        )
        changed[revision.indicator] = replace(before, targets=(new,))
    return changed
