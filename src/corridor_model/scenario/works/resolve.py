"""What a scenario means for a plan: every work and indicator with its values, or all mistakes.

Nothing is computed here. A scenario with any mistake is refused whole, with all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corridor_model.distributions import Distribution
from corridor_model.errors import PlanError, Problem
from corridor_model.plan.given import must_be_plan
from corridor_model.scenario.language.aims import AimChange, EffectAsPlanned, SetEffect
from corridor_model.scenario.language.changes import WorkChange
from corridor_model.scenario.language.model import AS_PLANNED, Scenario, must_be_scenario
from corridor_model.scenario.language.months import start_of, year_start
from corridor_model.scenario.language.select import works_of
from corridor_model.scenario.works.apply import Aim, changed, set_aim, set_effect, tidied
from corridor_model.scenario.works.effects import Effect, effects_of
from corridor_model.scenario.works.mistakes import mistakes
from corridor_model.scenario.works.uncertain import uncertainties_of
from corridor_model.scenario.works.work import Work, column, printed_of

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan


@dataclass(frozen=True)
class Resolved:
    """A plan under a scenario. Equal when every value is; the scenario's name is not in it.

    Attributes
    ----------
    works : tuple of Work
        In the order of the plan.
    effects : tuple of Effect
        What works do to indicators.
    aims : tuple of SetGrowth, SetBaseline, SetTarget
        What is set of indicators, sorted; the rest is as forecast.
    since : int
        Moment from which changes count.
    escalation, paired, common : float
        See `corridor_model.scenario.language.model.Settings`.
    """

    works: tuple[Work, ...]
    effects: tuple[Effect, ...]
    aims: tuple[Aim, ...]
    since: int
    escalation: float = 0.0
    paired: float = 0.0
    common: float = 0.0

    def work(self, name: str) -> Work:
        """Return one work by id."""
        return next(work for work in self.works if work.id == name)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the works as arrays, shape (works,).

        NaN masks unknown money; the mean stands for a distribution.
        """
        works = list(self.works)
        return {
            "project": np.array([w.id for w in works], dtype=np.str_),
            "start": np.array([w.start for w in works], dtype=np.float64),
            "end": np.array([w.end for w in works], dtype=np.float64),
            "investment": column([w.investment for w in works]),
            "mode": np.array([w.mode for w in works], dtype=np.str_),
            "months": np.array([mean_of(w.months) for w in works], dtype=np.float64),
            "factor": np.array([mean_of(w.factor) for w in works], dtype=np.float64),
            "cancelled": np.array([w.cancelled for w in works], dtype=np.bool_),
        }


def mean_of(value: float | Distribution) -> float:
    """Return a number, or the mean of a distribution."""
    return value.mean if isinstance(value, Distribution) else float(value)


def resolve(plan: Plan, scenario: Scenario | None = None) -> Resolved:
    """Return what a scenario means for a plan.

    Parameters
    ----------
    plan : Plan
        The plan.
    scenario : Scenario, optional
        None is as planned.

    Returns
    -------
    Resolved
        Works and indicators with their values; ``.arrays()`` for NumPy.

    Raises
    ------
    PlanError
        With every mistake: names nothing carries (and the nearest known one), values an
        indicator cannot have, works cancelled that were finished before ``since``.

    Examples
    --------
    >>> import corridor_model as cm
    >>> from corridor_model.scenario.language.changes import Delay
    >>> plan = cm.load_plan()
    >>> late = Scenario("late", Delay("jinliwen_expressway", months=12))
    >>> resolve(plan, late).work("jinliwen_expressway").months
    12.0
    >>> resolve(plan, late + late.diff(Scenario("as planned"))) == resolve(plan)
    True
    """
    return resolve_all(plan, [Scenario("as planned") if scenario is None else scenario])[0]


def resolve_all(plan: Plan, scenarios: Iterable[Scenario]) -> list[Resolved]:
    """Return what each of several scenarios means for a plan.

    Parameters
    ----------
    plan : Plan
        The plan.
    scenarios : iterable of Scenario
        Those asked for.

    Returns
    -------
    list of Resolved
        In the same order.

    Raises
    ------
    PlanError
        With every mistake of all of them; see `resolve`.
    """
    must_be_plan(plan)
    made: list[Resolved] = []
    found: list[Problem] = []
    for scenario in scenarios:
        must_be_scenario(scenario)
        works, effects, aims = applied(plan, scenario)
        found += mistakes(plan, scenario, works)
        settings = scenario.settings
        made.append(
            Resolved(
                tuple(tidied(work) for work in works.values()),
                tuple(effects[key] for key in sorted(effects)),
                tuple(aims[key] for key in sorted(aims)),
                moment_since(plan, settings.since),
                settings.escalation or 0.0,
                settings.paired or 0.0,
                settings.common or 0.0,
            )
        )
    if found:
        raise PlanError(found)
    return made


Applied = tuple[dict[str, Work], dict[tuple[str, str], Effect], dict[tuple[str, str], Aim]]


def applied(plan: Plan, scenario: Scenario) -> Applied:
    """Return works, effects and aims with every change put on, whether or not it matters.

    A change of works that do not exist changes none; `mistakes` names it.
    """
    since = moment_since(plan, scenario.settings.since)
    duration = scenario.settings.duration or 0
    given = uncertainties_of(plan)
    works = {name: _planned(plan, name, since, duration, given) for name in plan.projects}
    effects = {(e.project, e.indicator): e for e in effects_of(plan)}
    aims: dict[tuple[str, str], Aim] = {}
    planned, base = dict(works), dict(effects)
    for change in scenario.changes:
        if isinstance(change, AimChange):
            set_aim(aims, change)
        elif isinstance(change, (SetEffect, EffectAsPlanned)):
            set_effect(effects, base, change, works_of(change, plan))
        elif isinstance(change, WorkChange):
            for name in works_of(change, plan):
                works[name] = changed(works[name], planned[name], change)
    return works, effects, aims


def moment_since(plan: Plan, since: str | None) -> int:
    """Return the moment from which changes count."""
    if since is None or since == AS_PLANNED:
        return year_start(plan.about.first_year)
    return start_of(since)


def _planned(
    plan: Plan,
    name: str,
    since: int,
    duration: int,
    given: dict[tuple[str, str], tuple[Distribution, str]],
) -> Work:
    """Return a work as printed, with what the user's uncertainties say of it."""
    project = plan.projects[name]
    printed = printed_of(project, plan.about, duration)
    start, end, rule = printed.dates()
    origin = "assumed" if rule else "document"
    months, schedule_origin = given.get((name, "delay"), (0.0, "document"))
    factor, factor_origin = given.get((name, "overrun"), (1.0, "document"))
    return Work(
        name,
        start,
        end,
        origin,
        rule,
        project.investment,
        "document",
        since,
        months=months,
        factor=factor,
        schedule_origin=schedule_origin,
        factor_origin=factor_origin,
        printed=printed,
    )
