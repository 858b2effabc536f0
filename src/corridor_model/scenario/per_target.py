"""A plan under a scenario, target by target: what works add, and which targets are reached.

An `Evaluator` holds what scenarios of one plan share: forecasts, their distributions, and the
answers for indicators that no work touches. `UnderScenario` is the plan under one of them, each
number worked out when it is first asked for. `simulate` asks for all targets of every scenario,
the studies of :mod:`corridor_model.sensitivity` for few targets of very many.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from corridor_model._typing import Array
from corridor_model.plan.promises import alternatives, promises
from corridor_model.scenario.attainment import (
    Programme,
    Reach,
    exact_average,
    gaps,
    reach,
    values,
)
from corridor_model.scenario.changes import SetTarget
from corridor_model.scenario.contributions import (
    Contribution,
    added_by_indicator,
    contributions_of,
)
from corridor_model.scenario.marginals import Marginal, marginals_of
from corridor_model.scenario.outlook import Outlook
from corridor_model.scenario.outlook_builder import Builder
from corridor_model.scenario.promise_odds import (
    Alternatives,
    CountedPromises,
    Odds,
    independent,
    odds_of,
)
from corridor_model.scenario.resolve import Resolved, resolve
from corridor_model.scenario.scenario import AS_PLANNED_SCENARIO, Scenario

if TYPE_CHECKING:
    from corridor_model.assessment.engine import AsOf
    from corridor_model.assessment.own_forecasts import OwnForecastLike
    from corridor_model.observations.load import ObservationsLike
    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.resolve import Aim


@dataclass(frozen=True, slots=True, eq=False)
class PerTarget:
    """One scenario's numbers, before labels; no draws are in them, for scenarios may be many.

    Attributes
    ----------
    resolved : Resolved
        The scenario.
    outlooks : dict of str to Outlook
        All indicators.
    contributions : list of Contribution
        Works that add to indicators.
    missed : dict of str to (float, float)
        Probability of lying below the lower bound and above the upper one.
    odds : Odds
        What is shown.
    independent : ndarray, shape (promises + 1,)
        How many promises are kept if targets had nothing in common but works.
    value, gap : dict of str to ndarray
        By year and quantile, shape (Y, Q), and by quantile, shape (Q,).
    """

    resolved: Resolved
    outlooks: dict[str, Outlook]
    contributions: list[Contribution]
    missed: dict[str, tuple[float, float]]
    odds: Odds
    independent: Array
    value: dict[str, Array]
    gap: dict[str, Array]


Levels = tuple[float, ...]


class Evaluator:
    """A plan that scenarios are put to; what they share is worked out once.

    Everything is kept by `Outlook`, which is one object wherever nothing is set of an indicator.

    Parameters
    ----------
    plan : Plan
        The plan.
    observations : Observations, path, DataFrame or None
        Figures beside the plan's own.
    seed : int
        Of all draws.
    as_of, known_by, forecasts : optional
        As for :func:`corridor_model.simulate`.
    """

    def __init__(
        self,
        plan: Plan,
        observations: ObservationsLike,
        seed: int,
        *,
        as_of: AsOf | None = None,
        known_by: str | datetime.date | None = None,
        forecasts: Mapping[str, OwnForecastLike] | None = None,
    ):
        self.plan, self.seed = plan, seed
        self.builder = Builder(
            plan, observations, seed, as_of=as_of, known_by=known_by, forecasts=forecasts
        )
        # the columns of the Sobol points that the plan stores for its inputs
        self.columns = {r["input"]: r["column"] for r in plan.tables["design_columns"].rows()}
        due = [s.case.target_year for s in self.builder.subjects.values()]
        self.last_year = max([plan.about.last_year, *due])
        self.marginals: dict[Outlook, Marginal] = {}
        # of indicators that no work touches
        self.values: dict[tuple[Outlook, Levels], Array] = {}
        self.gaps: dict[tuple[Outlook, Levels], Array] = {}
        self._reached: dict[Outlook, Reach] = {}
        self._planned: dict[int | None, Resolved] = {}

    def as_planned(self, duration: int | None) -> Resolved:
        """Return the plan as planned, with missing dates by the same rule as a scenario's."""
        if duration not in self._planned:
            scenario = Scenario(AS_PLANNED_SCENARIO.name, duration=duration)
            self._planned[duration] = resolve(self.plan, scenario)
        return self._planned[duration]

    def outlook(self, resolved: Resolved, name: str) -> Outlook:
        """Return what a promise is without works, under what a scenario sets of it."""
        return self.builder.outlook(name, self.aims(resolved, name))

    def aims(self, resolved: Resolved, name: str) -> tuple[Aim, ...]:
        """Return what a scenario sets of a promise: growth and starts of its series (S4b)."""
        promises = self.plan.targets
        return tuple(
            aim
            for aim in resolved.aims
            if (
                aim.indicator in promises and promises[aim.indicator].id == name
                if aim.part == "target"
                else aim.indicator == promises[name].of
            )
        )

    def outlooks(self, resolved: Resolved) -> dict[str, Outlook]:
        """Return what every indicator does without works."""
        return {name: self.outlook(resolved, name) for name in self.plan.targets}

    def tabulate(self, outlooks: Iterable[Outlook]) -> None:
        """Work out the distributions of several outlooks: together they cost little."""
        new = [o for o in dict.fromkeys(outlooks) if o not in self.marginals]
        self.marginals.update(zip(new, marginals_of(new), strict=True))

    def marginal(self, outlook: Outlook) -> Marginal:
        """Return the distributions of an outlook."""
        if outlook not in self.marginals:
            self.tabulate([outlook])
        return self.marginals[outlook]

    def reach(self, outlook: Outlook) -> Reach:
        """Return the probability of reaching a target to which works add nothing."""
        if outlook not in self._reached:
            nothing = np.zeros((len(outlook.years), 1))
            self._reached[outlook] = reach(self.marginal(outlook), outlook.goal, nothing)
        return self._reached[outlook]


class UnderScenario:
    """A plan under one scenario; each number is worked out when it is first asked for.

    Parameters
    ----------
    evaluator : Evaluator
        The plan, and what scenarios share.
    resolved : Resolved
        The scenario.
    planned : Resolved
        What works are measured against.
    """

    def __init__(self, evaluator: Evaluator, resolved: Resolved, planned: Resolved):
        self.evaluator, self.resolved, self.planned = evaluator, resolved, planned
        self._reached: dict[str, Reach] = {}
        self._open_years: dict[Outlook, Array] = {}

    def outlook(self, name: str) -> Outlook:
        """Return what an indicator does without works."""
        return self.evaluator.outlook(self.resolved, name)

    @cached_property
    def outlooks(self) -> dict[str, Outlook]:
        """What every indicator does without works."""
        return self.evaluator.outlooks(self.resolved)

    @cached_property
    def open(self) -> list[str]:
        """Indicators that can be simulated."""
        return [name for name, outlook in self.outlooks.items() if not outlook.reason]

    @cached_property
    def promises(self) -> list[list[str]]:
        """Commit promises that can be simulated, alternatives («A or B») together (S4b)."""
        every = [self.evaluator.plan.targets[name] for name in self.open]
        indicators = [promise for promise in every if promise.tier == "commit"]
        return [[indicators[i].id for i in places] for places in promises(indicators)]

    @cached_property
    def span(self) -> tuple[int, int]:
        """The first year that is looked at, and how many."""
        later = [a.year for a in self.resolved.aims if isinstance(a, SetTarget) and a.year]
        first = self.evaluator.plan.about.first_year
        return first, max([self.evaluator.last_year, *later]) - first + 1

    @cached_property
    def contributions(self) -> list[Contribution]:
        """Works that add to indicators."""
        return contributions_of(self.resolved, self.planned)

    @cached_property
    def programme(self) -> Programme:
        """What the works add at even strips of their delays."""
        return Programme(self.contributions, self.resolved.common, *self.span)

    @cached_property
    def _added(self) -> dict[str, Array]:
        evaluator = self.evaluator
        return added_by_indicator(
            self.contributions, self.resolved, *self.span, evaluator.seed, evaluator.columns
        )

    def added(self, outlook: Outlook) -> Array:
        """Return what works add to an indicator by year, shape (Y, n)."""
        if outlook not in self._open_years:
            nothing = np.zeros((len(outlook.years), 1))
            added = self._added.get(outlook.indicator.of, nothing)
            unit = outlook.per_effect
            added = added if unit == 1.0 else unit * added if unit else nothing
            self._open_years[outlook] = while_open(outlook, added)
        return self._open_years[outlook]

    def reach(self, name: str) -> Reach:
        """Return the probability of reaching a target, for an indicator that is not masked."""
        if name not in self._reached:
            self._reached[name] = self._reach(self.outlook(name))
        return self._reached[name]

    def _reach(self, outlook: Outlook) -> Reach:
        added = self.added(outlook)
        if not added.any():
            return self.evaluator.reach(outlook)
        marginal = self.evaluator.marginal(outlook)
        return exact_average(reach(marginal, outlook.goal, added), marginal, added, self.programme)

    @cached_property
    def _alternatives(self) -> Alternatives:
        return Alternatives(
            self.reach,
            lambda name: self.evaluator.marginal(self.outlook(name)),
            self.programme,
            self.evaluator.seed,
        )

    def any_of(self, names: Sequence[str]) -> Reach:
        """Return the probability of reaching any of several targets that are not masked."""
        return self._alternatives.any_of(names)

    def odds(self, names: Sequence[str], groups: Sequence[Sequence[int]]) -> Odds:
        """Return what is shown of several indicators, places of alternatives in ``groups``."""
        outlooks = {name: self.outlook(name) for name in names}
        return odds_of(outlooks, groups, self._alternatives)

    def values(self, names: Sequence[str], levels: Array) -> dict[str, Array]:
        """Return quantiles of indicators by year, shape (Y, Q) each: together they cost less."""
        key = tuple(levels.tolist())
        known = self.evaluator.values
        by_name: dict[str, Array] = {}
        rows: list[tuple[str, Outlook, Array]] = []
        for name in names:
            outlook = self.outlook(name)
            added = self.added(outlook)
            if not added.any():
                if (outlook, key) in known:
                    by_name[name] = known[outlook, key]
                    continue
                added = added[:, :1]
            rows.append((name, outlook, added))
        marginals = [self.evaluator.marginal(outlook) for _, outlook, _ in rows]
        by_year = values(marginals, levels, [added for _, _, added in rows])
        for (name, outlook, added), value in zip(rows, by_year, strict=True):
            by_name[name] = value
            if not added.any():
                known[outlook, key] = value
        return by_name

    def gap(self, name: str, levels: Array, value: Array) -> Array:
        """Return quantiles of the distance to a target, shape (Q,), from those of its value."""
        outlook = self.outlook(name)
        added, marginal = self.added(outlook), self.evaluator.marginal(outlook)
        if added.any():
            return gaps(marginal, outlook.goal, levels, added, value)
        known, key = self.evaluator.gaps, (outlook, tuple(levels.tolist()))
        if key not in known:
            known[key] = gaps(marginal, outlook.goal, levels, added[:, :1], value)
        return known[key]

    def per_target(self, counted: CountedPromises, levels: Array) -> PerTarget:
        """Return the numbers of all targets.

        Parameters
        ----------
        counted : CountedPromises
            Promises that all scenarios can answer for.
        levels : ndarray, shape (Q,)
            Of quantiles.
        """
        self.evaluator.tabulate(self.outlooks[name] for name in self.open)
        indicators = self.evaluator.plan.targets
        value = self.values(self.open, levels)
        kept = [self.reach(counted.names[i]) for i in counted.singles]
        kept += [self.any_of([counted.names[i] for i in group]) for group in counted.groups]
        reached = {name: self.reach(name) for name in self.open}
        return PerTarget(
            self.resolved,
            self.outlooks,
            self.contributions,
            {n: (float(r.below.mean()), float(r.above.mean())) for n, r in reached.items()},
            self.odds(list(indicators), alternatives(indicators.values())),
            independent(kept),
            value,
            {name: self.gap(name, levels, value[name]) for name in self.open},
        )


def while_open(outlook: Outlook, added: Array) -> Array:
    """Return what works add by year, shape (Y, n): nothing to years that are known."""
    open_ = np.isnan(outlook.known)[:, None]
    return np.where(open_, added[: len(outlook.years)], 0.0)
