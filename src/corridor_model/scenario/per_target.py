"""One scenario, target by target: values, gaps and probabilities before labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor_model._typing import Array
from corridor_model.plan.promises import alternatives
from corridor_model.scenario import contributions
from corridor_model.scenario.attainment import Programme, Reach, averaged, gaps, reach, values
from corridor_model.scenario.marginals import Marginal, marginals_of
from corridor_model.scenario.outlook import Outlook
from corridor_model.scenario.outlook_builder import Builder
from corridor_model.scenario.promise_odds import Alternatives, Odds, Promised, independent, odds_of
from corridor_model.scenario.resolve import Resolved, resolve
from corridor_model.scenario.scenario import AS_PLANNED_SCENARIO, Scenario

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan


Numbers = tuple[Reach, Array, Array]
"""Probability, value by year, and gap of one indicator."""


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """One scenario's numbers, before labels; no draws are in them, for scenarios may be many.

    Attributes
    ----------
    resolved : Resolved
        The scenario.
    outlooks : dict of str to Outlook
        All indicators.
    moved : list of Touch
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
    moved: list[contributions.Touch]
    missed: dict[str, tuple[float, float]]
    odds: Odds
    independent: Array
    value: dict[str, Array]
    gap: dict[str, Array]


class Singles:
    """Makes results; what no work touches is made once and shared by scenarios."""

    def __init__(self, plan: Plan, builder: Builder, levels: Array, seed: int):
        self._plan, self._builder, self._levels, self._seed = plan, builder, levels, seed
        self._columns = contributions.stored_columns(plan)
        self._groups = alternatives(plan.indicators.values())
        self._planned: dict[int | None, Resolved] = {}
        self._alone: dict[int, Numbers] = {}
        self.marginals: dict[int, Marginal] = {}

    def outlooks(self, resolved: Resolved) -> dict[str, Outlook]:
        """Return what every indicator does without works; shared by scenarios that set it alike."""
        return {
            name: self._builder.outlook(
                name, tuple(a for a in resolved.aims if a.indicator == name)
            )
            for name in self._plan.indicators
        }

    def result(
        self,
        scenario: Scenario,
        resolved: Resolved,
        outlooks: dict[str, Outlook],
        counted: Promised,
    ) -> Result:
        """Return one scenario's numbers."""
        duration = scenario.settings.duration
        if duration not in self._planned:
            as_planned = Scenario(AS_PLANNED_SCENARIO.name, duration=duration)
            self._planned[duration] = resolve(self._plan, as_planned)
        moved = contributions.touches(resolved, self._planned[duration])
        first = self._plan.about.first_year
        longest = max((len(o.years) for o in outlooks.values()), default=1)
        added = contributions.added_by_indicator(
            moved, resolved, first, longest, self._seed, self._columns
        )
        programme = Programme(moved, resolved.common, first, longest)
        seen = {name: outlook for name, outlook in outlooks.items() if not outlook.reason}
        numbers = self._numbers(seen, added, programme)
        reached = {name: found for name, (found, _, _) in numbers.items()}
        marginals = {name: self.marginals[id(outlook)] for name, outlook in seen.items()}
        alternatives = Alternatives(reached, marginals, programme, self._seed)
        kept = [reached[counted.names[i]] for i in counted.singles]
        kept += [alternatives.any_of([counted.names[i] for i in g]) for g in counted.groups]
        return Result(
            resolved,
            outlooks,
            moved,
            {n: (float(r.below.mean()), float(r.above.mean())) for n, r in reached.items()},
            odds_of(outlooks, reached, self._groups, alternatives.any_of),
            independent(kept),
            {name: value for name, (_, value, _) in numbers.items()},
            {name: gap for name, (_, _, gap) in numbers.items()},
        )

    def _numbers(
        self, outlooks: Mapping[str, Outlook], added: Mapping[str, Array], programme: Programme
    ) -> dict[str, Numbers]:
        """Return probabilities, values and gaps with what works add: all of them together."""
        here = {name: _while_open(outlook, added.get(name)) for name, outlook in outlooks.items()}
        asked = {id(outlook): outlook for outlook in outlooks.values()}
        new = {key: outlook for key, outlook in asked.items() if key not in self.marginals}
        self.marginals.update(zip(new, marginals_of(list(new.values())), strict=True))
        moved = [
            name
            for name, outlook in outlooks.items()
            if here[name].any() or id(outlook) not in self._alone
        ]
        marginals = [self.marginals[id(outlooks[name])] for name in moved]
        by_year = values(marginals, self._levels, [here[name] for name in moved])
        made: dict[str, Numbers] = {}
        for name, marginal, value in zip(moved, marginals, by_year, strict=True):
            goal, more = marginal.outlook.goal, here[name]
            found = averaged(reach(marginal, goal, more), marginal, more, programme)
            made[name] = found, value, gaps(marginal, goal, self._levels, more, value)
            if not more.any():
                self._alone[id(marginal.outlook)] = made[name]
        return {
            name: made[name] if name in made else self._alone[id(outlook)]
            for name, outlook in outlooks.items()
        }


def _while_open(outlook: Outlook, added: Array | None) -> Array:
    """Return what works add by year, shape (Y, n): nothing to years that are known."""
    if added is None:
        return np.zeros((len(outlook.years), 1))
    open_ = np.isnan(outlook.known)[:, None]
    return np.where(open_, added[: len(outlook.years)], 0.0)
