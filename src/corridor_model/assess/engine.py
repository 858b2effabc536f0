"""From a plan and its figures to numbers and verdicts, without labels."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corridor_model.assess.case import Case, When
from corridor_model.assess.judge import verdicts
from corridor_model.assess.numbers import Numbers
from corridor_model.assess.ready import AsOf, Ready, ready
from corridor_model.assess.revisions import Revision
from corridor_model.assess.rules import RULES, Rule, Verdict, rule_of
from corridor_model.errors import CorridorError
from corridor_model.plan.given import must_be_plan

if TYPE_CHECKING:
    import pandas as pd

    from corridor_model.observations.given import Given
    from corridor_model.observations.model import History
    from corridor_model.plan.plan import Plan
    from corridor_model.plan.table import Table


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
    observations: Given = None,
    as_of: AsOf = 2021,
    known_by: str | datetime.date | None = None,
    rule: str = "schedule",
    thresholds: Mapping[str, float] | None = None,
    annual_targets: Table | pd.DataFrame | None = None,
    revisions: pd.DataFrame | Iterable[Revision | Mapping[str, Any]] | None = None,
) -> Assessment:
    """Return the assessment that :func:`corridor_model.assess.assess` labels."""
    must_be_plan(plan)
    rules = tuple(RULES.values()) if rule == "all" else (rule_of(rule),)
    limits = {one.name: _limits(one, thresholds, alone=rule != "all") for one in rules}
    facts = ready(plan, observations, as_of, known_by, annual_targets, revisions)
    numbers = Numbers(facts.cases, facts.when)
    made = {one.name: verdicts(numbers, one, limits[one.name]) for one in rules}
    before = _before(facts, plan, rules[0], limits)
    return Assessment(
        plan,
        facts.when,
        facts.when.known_by,
        rules,
        limits,
        facts.cases,
        numbers,
        made,
        before,
        facts.histories,
    )


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


def _before(
    facts: Ready, plan: Plan, rule: Rule, limits: Mapping[str, Mapping[str, float]]
) -> dict[str, tuple[float, str]]:
    """Return target and verdict before a revision: what was said is kept."""
    names = sorted(facts.changes)
    if not names:
        return {}
    cases = [facts.case(plan.indicators[name], facts.histories[name]) for name in names]
    old = verdicts(Numbers(cases, facts.when), rule, limits[rule.name])
    return {
        case.id: (case.target, verdict.status) for case, verdict in zip(cases, old, strict=True)
    }
