"""What a scenario means for a plan: every work and indicator with its values, or all mistakes.

`resolve` puts each change on the works, effects and indicators it names, in order; a delay, an
overrun or a cancellation sets fields of a work in `_with_change`. Nothing is computed here: how
those fields move a work's money in time is said by :mod:`corridor_model.scenario.work`. A
scenario with any mistake is refused whole, with all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridor_model._typing import AnyArray, Array
from corridor_model.display import Displayed
from corridor_model.distributions import Distribution
from corridor_model.draws import scores_of_work
from corridor_model.errors import PlanError, Problem
from corridor_model.formatting import short
from corridor_model.messages import N_
from corridor_model.periods import start_of, year_start
from corridor_model.plan.plan import must_be_plan
from corridor_model.plan.uncertainties import read_uncertainties
from corridor_model.scenario import changes as kinds
from corridor_model.scenario.changes import (
    FIRST_DAY,
    Change,
    Number,
    ScenarioError,
    Settings,
    WhatIf,
    WorkChange,
    works_of,
)
from corridor_model.scenario.money_under_delay import Scores
from corridor_model.scenario.validation import mistakes
from corridor_model.scenario.work import Effect, Work, at_scores, effects_of, printed_of

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan
    from corridor_model.plan.uncertainties import Uncertainties

Aim = kinds.SetGrowth | kinds.SetBaseline | kinds.SetTarget


@dataclass(frozen=True)
class Resolved(Displayed):
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
        See `corridor_model.scenario.changes.Settings`.
    """

    works: tuple[Work, ...]
    effects: tuple[Effect, ...]
    aims: tuple[Aim, ...]
    since: int
    escalation: float = 0.0
    paired: float = 0.0
    common: float = 0.0

    def __repr__(self) -> str:
        parts = f"{len(self.works)} works, {len(self.effects)} effects, {len(self.aims)} aims"
        return f"Resolved({parts}, since={self.since})"

    def work(self, name: str) -> Work:
        """Return one work by id."""
        return next(work for work in self.works if work.id == name)

    def arrays(self) -> dict[str, AnyArray]:
        """Return the works as arrays, shape (works,).

        NaN masks unknown money; the mean stands for a distribution.
        """
        works = list(self.works)
        return {
            "project": np.array([w.id for w in works], dtype=np.str_),
            "start": np.array([w.start for w in works], dtype=np.float64),
            "end": np.array([w.end for w in works], dtype=np.float64),
            "investment": np.array([w.investment for w in works], dtype=np.float64),
            "mode": np.array([w.mode for w in works], dtype=np.str_),
            "months": np.array([mean_of(w.months) for w in works], dtype=np.float64),
            "factor": np.array([mean_of(w.factor) for w in works], dtype=np.float64),
            "cancelled": np.array([w.cancelled for w in works], dtype=np.bool_),
        }


def mean_of(value: float | Distribution) -> float:
    """Return a number, or the mean of a distribution."""
    return value.mean if isinstance(value, Distribution) else float(value)


def resolve(plan: Plan, scenario: WhatIf | None = None) -> Resolved:
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
    >>> plan = cm.load_plan()
    >>> late = cm.Scenario("late", cm.Delay("jinliwen_expressway", months=12))
    >>> resolve(plan, late).work("jinliwen_expressway").months
    12.0
    >>> resolve(plan, late + late.diff(cm.Scenario("as planned"))) == resolve(plan)
    True
    """
    if scenario is not None:
        return resolve_all(plan, [scenario])[0]
    must_be_plan(plan)
    return _resolved(plan, Settings(), values_under(plan, (), Settings()))


def resolve_all(plan: Plan, scenarios: Iterable[WhatIf]) -> list[Resolved]:
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
    resolved: list[Resolved] = []
    problems: list[Problem] = []
    for scenario in scenarios:
        must_be_scenario(scenario)
        values = values_under(plan, scenario.changes, scenario.settings)
        problems += mistakes(plan, scenario, values.works)
        resolved.append(_resolved(plan, scenario.settings, values))
    if problems:
        raise PlanError(problems)
    return resolved


def must_be_scenario(value: object) -> None:
    """Refuse what is no scenario.

    Raises
    ------
    ScenarioError
        If it is anything else.
    """
    if not isinstance(value, WhatIf):
        raise ScenarioError(
            N_("A Scenario is needed; got {got}. load_scenarios reads them from a file."),
            got=short(value),
        )


# Each change, put onto works, effects and aims.


class Values(NamedTuple):
    """What changes set: works by id, effects by work and indicator, aims by indicator and part."""

    works: dict[str, Work]
    effects: dict[tuple[str, str], Effect]
    aims: dict[tuple[str, str], Aim]

    @classmethod
    def of(cls, resolved: Resolved) -> Values:
        """Return the values of a plan under a scenario."""
        return cls(
            {work.id: work for work in resolved.works},
            {(e.project, e.indicator): e for e in resolved.effects},
            {(a.indicator, a.part): a for a in resolved.aims},
        )


def values_under(plan: Plan, changes: Sequence[Change], settings: Settings) -> Values:
    """Return works, effects and aims with every change put on, whether or not it matters.

    A change of works that do not exist changes none; `mistakes` names it.
    """
    since = moment_since(plan, settings.since)
    uncertain = uncertainties_of(plan)
    planned = Values(
        {n: _planned(plan, n, since, settings.duration or 0, uncertain) for n in plan.projects},
        {(e.project, e.indicator): e for e in effects_of(plan)},
        {},
    )
    return _with_changes(plan, planned, changes, planned)


def resolve_further(
    plan: Plan, resolved: Resolved, changes: Sequence[Change], planned: Resolved
) -> Resolved:
    """Return a plan under a scenario with changes added: as `resolve`, for what changes alone.

    Parameters
    ----------
    plan : Plan
        The plan.
    resolved : Resolved
        The plan under the scenario.
    changes : sequence of Change
        Added to those of the scenario; nothing is checked.
    planned : Resolved
        What «as planned» takes back to, under the same settings.
    """
    values = _with_changes(plan, Values.of(resolved), changes, Values.of(planned))
    works = zip(resolved.works, values.works.values(), strict=True)
    return replace(
        resolved,
        works=tuple(old if new is old else canonical(new) for old, new in works),
        effects=tuple(values.effects[key] for key in sorted(values.effects)),
        aims=tuple(values.aims[key] for key in sorted(values.aims)),
    )


def _with_changes(plan: Plan, values: Values, changes: Sequence[Change], planned: Values) -> Values:
    works, effects, aims = dict(values.works), dict(values.effects), dict(values.aims)
    for change in changes:
        if isinstance(change, Aim):
            aims[change.indicator, change.part] = change
        elif isinstance(change, kinds.AsForecast):
            aims.pop((change.indicator, change.part), None)
        if not isinstance(change, WorkChange):
            continue
        for name in works_of(change, plan):
            if isinstance(change, kinds.SetEffect):
                key = (name, change.indicator)
                lag, decay = int(change.lag), change.decay
                effects[key] = Effect(*key, change.per_unit, lag, decay, "user", "scenario")
            elif isinstance(change, kinds.EffectAsPlanned):
                key = (name, change.indicator)
                effects.pop(key, None)
                effects |= {key: planned.effects[key]} if key in planned.effects else {}
            else:
                works[name] = _with_change(works[name], planned.works[name], change)
    return Values(works, effects, aims)


def _resolved(plan: Plan, settings: Settings, values: Values) -> Resolved:
    return Resolved(
        tuple(canonical(work) for work in values.works.values()),
        tuple(values.effects[key] for key in sorted(values.effects)),
        tuple(values.aims[key] for key in sorted(values.aims)),
        moment_since(plan, settings.since),
        settings.escalation or 0.0,
        settings.paired or 0.0,
        settings.common or 0.0,
    )


def moment_since(plan: Plan, since: str | None) -> int:
    """Return the moment from which changes count."""
    if since is None or since == FIRST_DAY:
        return year_start(plan.about.first_year)
    return start_of(since)


def _planned(plan: Plan, name: str, since: int, duration: int, uncertain: Uncertainties) -> Work:
    """Return a work as printed, with what the user's uncertainties say of it."""
    project = plan.projects[name]
    printed = printed_of(project, plan.about, duration)
    start, end, rule = printed.dates()
    origin = "assumed" if rule else "document"
    months, schedule_origin = uncertain.get((name, "delay"), (0.0, "document"))
    factor, factor_origin = uncertain.get((name, "overrun"), (1.0, "document"))
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


def _with_change(work: Work, planned: Work, change: WorkChange) -> Work:
    """Return a work with one field set, or taken back."""
    match change:
        case kinds.AsPlanned():
            names = FIELDS[change.field]
            return replace(work, **{name: getattr(planned, name) for name in names})
        case kinds.Delay():
            return _moved(work, change.mode, change.months)
        case kinds.Accelerate():
            return _moved(work, "accelerate", change.months)
        case kinds.Overrun():
            return replace(work, factor=change.factor, factor_origin="user")
        case kinds.Cancel():
            return replace(work, cancelled=True)
        case kinds.SetInvestment():
            return replace(work, investment=change.value, investment_origin="user")
        case kinds.SetDates():
            assert planned.printed is not None
            start, end, rule = planned.printed.dates(change.start, change.end)
            origin = "assumed" if rule else "user"
            return replace(
                work, start=start, end=end, dates_origin=origin, rule=rule, override=change.given
            )
        case kinds.SetProfile():
            assert change.profile is not None
            return replace(work, profile=change.profile)
    raise TypeError(change)  # pragma: no cover


FIELDS: dict[str, tuple[str, ...]] = {
    "schedule": ("mode", "months", "schedule_origin"),
    "factor": ("factor", "factor_origin"),
    "cancelled": ("cancelled",),
    "investment": ("investment", "investment_origin"),
    "dates": ("start", "end", "dates_origin", "rule", "override"),
    "profile": ("profile",),
}
"""What each field of a change sets in a work."""


def canonical(work: Work) -> Work:
    """Return a work in which what changes nothing has only one form."""
    if work.finished and work.cancelled:
        work = replace(work, cancelled=False)  # one of a group: there is nothing to cancel
    if work.factor == 1.0:
        work = replace(work, factor_origin="document")
    return _moved(work, "move", 0.0, "document") if work.months == 0.0 else work


def _moved(work: Work, mode: str, months: Number, origin: str = "user") -> Work:
    return replace(work, mode=mode, months=months, schedule_origin=origin)


# The user's own uncertainties: the plan's table of that name, read and checked.


def uncertainties_of(plan: Plan) -> Uncertainties:
    """Return distribution and origin by (work or indicator, field).

    Fields are ``delay`` (months) and ``overrun`` (a factor on money) of a work; of an
    indicator ``growth`` (a yearly fraction, each year by itself) or ``value`` (in its unit, in
    the target year; of a yearly minimum in every open year).

    Raises
    ------
    PlanError
        With every row that cannot be used. A plan that was loaded has none.
    """
    uncertain, problems = read_uncertainties(plan.tables["uncertainties"], plan.tables)
    if problems:
        raise PlanError(problems)
    return uncertain


def months_and_factor(
    work: Work, resolved: Resolved, draws: int, seed: int, scores: Scores | None = None
) -> tuple[Array, Array]:
    """Return months of delay and cost factor, shape (draws,), or (1,) where certain.

    Scores of works that were drawn before are taken from ``scores``, and put there.
    """
    if not work.uncertain:
        return at_scores(work.months, np.zeros(1)), at_scores(work.factor, np.zeros(1))
    key = (work.id, resolved.paired, resolved.common)
    known = {} if scores is None else scores
    if key not in known:
        known[key] = scores_of_work(work.id, draws, seed, resolved.paired, resolved.common)
    overrun, delay = known[key]
    return at_scores(work.months, delay), at_scores(work.factor, overrun)
