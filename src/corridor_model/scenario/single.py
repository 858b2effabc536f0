"""One scenario, target by target: values, gaps and probabilities before labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corridor_model.scenario import contributions
from corridor_model.scenario.builder import Builder
from corridor_model.scenario.gaps import gaps, values
from corridor_model.scenario.marginals import Marginal
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
        out = Result(resolved, outlooks, {}, moved, {}, {}, {})
        for name, outlook in outlooks.items():
            if outlook.reason:
                continue
            here = np.zeros((len(outlook.years), 1))
            if name in added:
                open_ = np.isnan(outlook.known)[:, None]
                here = np.where(open_, added[name][: len(outlook.years)], 0.0)
            out.added[name] = here
            out.reached[name], out.value[name], out.gap[name] = self._numbers(outlook, here)
        return out

    def _numbers(self, outlook: Outlook, added: Array) -> Numbers:
        key = id(outlook)
        if key not in self.marginals:
            self.marginals[key] = Marginal(outlook)
        marginal, touched = self.marginals[key], added.shape[1] > 1 or bool(added.any())
        if not touched and key in self._alone:
            return self._alone[key]
        found = reach(marginal, outlook.goal, added)
        value = values(marginal, self._levels, added)
        made = found, value, gaps(marginal, outlook.goal, self._levels, added, value)
        if not touched:
            self._alone[key] = made
        return made
