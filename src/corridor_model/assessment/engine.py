"""From a plan and its figures to numbers, probabilities and verdicts, without labels.

A plan is first read at a period (`plan_at`): its targets as they hold, its figures as they were
known. From the cases that stand there follow the columns, the forecasts and the verdicts.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from corridor_model.arguments import single
from corridor_model.assessment.case import Case, When, case_of, take_bounds, when_of
from corridor_model.assessment.columns import Cases, Column, columns_of
from corridor_model.assessment.measurement import fill
from corridor_model.assessment.probabilities import ForecastColumns, forecast_columns
from corridor_model.assessment.rules import RULES, Rule, Verdict, rule_of
from corridor_model.assessment.verdicts import limits_of, verdicts
from corridor_model.codes import RuleName
from corridor_model.display import Displayed
from corridor_model.errors import CorridorError
from corridor_model.messages import N_
from corridor_model.observations.histories import histories, last_period
from corridor_model.observations.load import as_observations
from corridor_model.periods import Period, day_of
from corridor_model.plan.plan import must_be_plan
from corridor_model.plan.promises import relative_bounds
from corridor_model.plan.revisions import Revision, revised, revisions_of
from corridor_model.plan.splits import Split, splits_of

if TYPE_CHECKING:
    import pandas as pd

    from corridor_model.assessment.own_forecasts import OwnForecast, OwnForecastLike
    from corridor_model.observations.load import ObservationsLike
    from corridor_model.observations.model import History
    from corridor_model.plan.plan import Plan
    from corridor_model.plan.promises import Promise
    from corridor_model.plan.records import Indicator
    from corridor_model.tabular.table import Table


AsOf = int | str | Period | datetime.date


@dataclass(frozen=True, slots=True)
class Assessment(Displayed):
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

    def __repr__(self) -> str:
        rules = ", ".join(rule.name for rule in self.rules)
        return f"Assessment({len(self.plan.targets)} targets, {self.when.period}, rules: {rules})"


def evaluate(
    plan: Plan,
    observations: ObservationsLike = None,
    as_of: AsOf | None = None,
    known_by: str | datetime.date | None = None,
    rule: RuleName = "schedule",
    thresholds: Mapping[str, float] | None = None,
    annual_targets: Table | pd.DataFrame | None = None,
    revisions: pd.DataFrame | Iterable[Revision | Mapping[str, Any]] | None = None,
    method: str | None = None,
    forecasts: Mapping[str, OwnForecastLike] | None = None,
) -> Assessment:
    """Return the assessment that :func:`corridor_model.assess` labels.

    Without a ``method`` nothing is forecast.

    Examples
    --------
    >>> import corridor_model as cm
    >>> len(evaluate(cm.load_plan(), as_of=2020).cases) > 100
    True
    """
    must_be_plan(plan)
    single(rule=rule, method=method)
    rules = tuple(RULES.values()) if rule == "all" else (rule_of(rule),)
    limits = {one.name: limits_of(one, thresholds, alone=rule != "all") for one in rules}
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
        forecast_columns(cases, at.histories, at.when, method, _own(cases, at, method, forecasts)),
        {one.name: verdicts(cases, at.when, columns, one, limits[one.name]) for one in rules},
        _before_revision(at, plan, rules[0], limits),
    )


def _own(
    cases: Cases,
    at: PlanAtPeriod,
    method: str | None,
    forecasts: Mapping[str, OwnForecastLike] | None,
) -> dict[str, OwnForecast]:
    """Return what a person forecasts, by promise."""
    if forecasts is None:
        return {}
    if method is None:
        raise CorridorError(N_("method=None leaves probabilities out; forecasts asks for them."))
    from corridor_model.assessment.own_forecasts import own_forecasts

    return own_forecasts(cases, forecasts, at.when)


def _before_revision(
    at: PlanAtPeriod, plan: Plan, rule: Rule, limits: Mapping[str, Mapping[str, float]]
) -> dict[str, tuple[float, str]]:
    """Return target and verdict before a revision: what was published is kept."""
    names = sorted(at.changes)
    if not names:
        return {}
    before = (plan.targets[name] for name in names)
    cases = Cases(at.case(promise, at.histories[promise.of]) for promise in before)
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
    annual : mapping of str to Split
        This year's own targets.
    changes : mapping of str to Promise or None
        Promises that were revised by then; None: withdrawn.
    cases : list of Case
        In the order of the plan.
    indicators : mapping of str to Indicator
        Also those that promise nothing: another's bound may hang on them.
    """

    when: When
    histories: Mapping[str, History]
    annual: Mapping[str, Split]
    changes: Mapping[str, Promise | None]
    cases: list[Case]
    indicators: Mapping[str, Indicator]

    def case(self, promise: Promise, history: History, withdrawn: bool = False) -> Case:
        """Return the case of a promise with the target it carries, revised or not."""
        case = case_of(promise)
        case.withdrawn |= withdrawn
        split = self.annual.get(promise.id)
        if split is not None:
            case.annual_target, case.annual_origin = split.value, split.origin
            case.annual_basis, case.annual_reason = split.basis, split.reason
            if split.reason:
                case.annual_target = None
        fill(case, history, self.when)
        if split is not None and case.annual_completion is None:
            # a split that its measure has no use for is said, too (S21)
            unused = case.annual_reason in {"", "no_annual_target"}
            case.annual_reason = "not_applicable" if unused else case.annual_reason
        if case.unbounded == "bound_unknown":
            self._take_relative(case)
        return case

    def _take_relative(self, case: Case) -> None:
        """Set the bound to another indicator's figure of the same period, plus the margin."""
        promise = case.promise
        name = str(promise.relative_to)
        other = case_of(replace(promise, baselines=self.indicators[name].baselines))
        fill(other, self.histories[name], self.when)
        if other.value is None or case.value is None or other.now != case.now:
            return
        bound = other.value + promise.margin
        case.unbounded = ""
        case.lower, case.upper = relative_bounds(promise, bound)
        take_bounds(case)


def plan_at(
    plan: Plan,
    observations: ObservationsLike,
    as_of: AsOf | None = None,
    known_by: str | datetime.date | None = None,
    annual_targets: Table | pd.DataFrame | None = None,
    revisions: pd.DataFrame | Iterable[Revision | Mapping[str, Any]] | None = None,
) -> PlanAtPeriod:
    """Return a plan at a period; parameters as of :func:`corridor_model.assess`."""
    known = None if known_by is None else day_of(known_by)
    observations = as_observations(plan, observations)
    if as_of is None:
        as_of = last_period(plan, observations, known)
    when = when_of(as_of, plan.about.first_year, plan.about.last_year, known)
    known_histories = histories(plan, observations, as_of=when.period, known_by=known)
    # what holds is what was valid at the period and known on the day, whichever is earlier
    day = min(known or when.period.last_day, when.period.last_day)
    changes = revised(plan.targets, revisions_of(revisions, plan), day)
    annual = splits_of(plan, annual_targets, when.period.year)
    at = PlanAtPeriod(when, known_histories, annual, changes, [], plan.indicators)
    for name, promise in plan.targets.items():
        now = changes.get(name)
        withdrawn = name in changes and now is None
        at.cases.append(at.case(now or promise, known_histories[promise.of], withdrawn))
    return at
