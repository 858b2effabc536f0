"""One scenario, target by target: values, gaps and probabilities before labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corridor_model.scenario import contributions
from corridor_model.scenario.averages import Programme, averaged
from corridor_model.scenario.builder import Builder
from corridor_model.scenario.gaps import gaps, values
from corridor_model.scenario.marginals import Marginal, marginals_of
from corridor_model.scenario.model import Scenario
from corridor_model.scenario.outlook import Outlook
from corridor_model.scenario.reach import Reach, reach
from corridor_model.scenario.resolve import Resolved, resolve

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan

Array = NDArray[np.float64]
Numbers = tuple[Reach, Array, Array]
"""Probability, value by year, and gap of one indicator."""


@dataclass(slots=True)
class Result:
    """One scenario's numbers, before labels."""

    resolved: Resolved
    outlooks: dict[str, Outlook]
    added: dict[str, Array]
    moved: list[contributions.Touch]
    reached: dict[str, Reach]
    value: dict[str, Array]
    gap: dict[str, Array]


class Singles:
    """Makes results; what no work touches is made once and shared by scenarios."""

    def __init__(self, plan: Plan, builder: Builder, levels: Array, seed: int):
        self._plan, self._builder, self._levels, self._seed = plan, builder, levels, seed
        self._columns = contributions.stored_columns(plan)
        self._planned: dict[int | None, Resolved] = {}
        self._alone: dict[int, Numbers] = {}
        self.marginals: dict[int, Marginal] = {}

    def result(self, scenario: Scenario, resolved: Resolved) -> Result:
        """Return one scenario's numbers."""
        duration = scenario.settings.duration
        if duration not in self._planned:
            as_planned = Scenario("as planned", duration=duration)
            self._planned[duration] = resolve(self._plan, as_planned)
        moved = contributions.touches(resolved, self._planned[duration])
        outlooks = {
            name: self._builder.outlook(
                name, tuple(a for a in resolved.aims if a.indicator == name)
            )
            for name in self._plan.indicators
        }
        first = self._plan.about.first_year
        longest = max((len(o.years) for o in outlooks.values()), default=1)
        added = contributions.added_by_indicator(
            moved, resolved, first, longest, self._seed, self._columns
        )
        programme = Programme(moved, resolved.common, first, longest)
        out = Result(resolved, outlooks, {}, moved, {}, {}, {})
        for name, outlook in outlooks.items():
            if outlook.reason:
                continue
            here = np.zeros((len(outlook.years), 1))
            if name in added:
                open_ = np.isnan(outlook.known)[:, None]
                here = np.where(open_, added[name][: len(outlook.years)], 0.0)
            out.added[name] = here
        self._numbers(out, programme)
        return out

    def _numbers(self, out: Result, programme: Programme) -> None:
        """Put down probabilities, values and gaps of what is added: all of them together."""
        here = {id(out.outlooks[name]): out.outlooks[name] for name in out.added}
        new = {key: outlook for key, outlook in here.items() if key not in self.marginals}
        self.marginals.update(zip(new, marginals_of(list(new.values())), strict=True))
        moved = [
            name
            for name, added in out.added.items()
            if added.any() or id(out.outlooks[name]) not in self._alone
        ]
        marginals = [self.marginals[id(out.outlooks[name])] for name in moved]
        by_year = values(marginals, self._levels, [out.added[name] for name in moved])
        made: dict[str, Numbers] = {}
        for name, marginal, value in zip(moved, marginals, by_year, strict=True):
            goal, added = marginal.outlook.goal, out.added[name]
            found = averaged(reach(marginal, goal, added), marginal, added, programme)
            made[name] = found, value, gaps(marginal, goal, self._levels, added, value)
            if not added.any():
                self._alone[id(marginal.outlook)] = made[name]
        for name in out.added:
            numbers = made[name] if name in made else self._alone[id(out.outlooks[name])]
            out.reached[name], out.value[name], out.gap[name] = numbers
