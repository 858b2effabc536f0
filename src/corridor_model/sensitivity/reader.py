"""One scenario after another, quickly: what `simulate` would say, for the outputs asked for.

Money follows from each work alone and an indicator's outlook from what is set of it, so that a
scenario that differs in one number costs one work, or one indicator, anew. The numbers are
those of :func:`corridor_model.simulate` and :func:`corridor_model.spending`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corridor_model.plan.given import must_be_plan
from corridor_model.scenario.labels import tasks_of
from corridor_model.scenario.language.aims import AimChange, EffectAsPlanned, SetEffect, SetGrowth
from corridor_model.scenario.language.changes import WorkChange
from corridor_model.scenario.language.model import Scenario
from corridor_model.scenario.language.select import works_of
from corridor_model.scenario.simulate import MONEY_DRAWS
from corridor_model.scenario.targets.builder import Builder
from corridor_model.scenario.targets.marginals import Marginal
from corridor_model.scenario.targets.outlook import Outlook
from corridor_model.scenario.targets.reach import Reach, reach
from corridor_model.scenario.works.apply import changed, set_aim, set_effect, tidied
from corridor_model.scenario.works.contributions import stored_columns
from corridor_model.scenario.works.money import drawn, months_and_factor
from corridor_model.scenario.works.resolve import Resolved, resolve
from corridor_model.scenario.works.work import Work
from corridor_model.sensitivity.inputs import SensitivityError
from corridor_model.sensitivity.masks import masked
from corridor_model.sensitivity.numbers import Numbers
from corridor_model.sensitivity.outputs import Output
from corridor_model.sensitivity.promises import alternatives

if TYPE_CHECKING:
    from corridor_model.observations.given import Given
    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.language.changes import Change

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Money:
    """One work's mean money from ``first`` on, and the moments it may be over."""

    first: int
    by_year: Array
    ends: Array

    def done_by(self, year: int) -> float:
        """Return the probability that the work is over by the end of a year."""
        return float((self.ends <= 12 * (year + 1) + 1e-9).mean())


class Reader:
    """Reads outputs of a plan under a scenario and changes of it.

    Parameters
    ----------
    plan : Plan
        The plan.
    scenario : Scenario, optional
        What changes are added to; None is as planned.
    observations : Observations, path or DataFrame, optional
        As for `simulate`.
    seed : int
        Of uncertain works that are not turned.
    """

    def __init__(
        self,
        plan: Plan,
        scenario: Scenario | None = None,
        observations: Given = None,
        seed: int = 0,
    ):
        must_be_plan(plan)
        self.plan, self.seed = plan, seed
        self.scenario = scenario or Scenario("as planned")
        self.builder = Builder(plan, observations, seed)
        self.resolved = resolve(plan, self.scenario)
        duration = self.scenario.settings.duration
        self.planned = resolve(plan, Scenario("as planned", duration=duration))
        self.columns = stored_columns(plan)
        self.promise = {name: alternatives(plan, name)[0] for name in plan.indicators}
        self.tasks = {name: len(ids) for name, ids in tasks_of(plan).items()}
        self._money: dict[tuple[Work, float, float, float], Money] = {}
        self._marginals: dict[int, tuple[Outlook, Marginal]] = {}
        self._untouched: dict[int, Reach] = {}

    def read(
        self,
        outputs: Sequence[Output],
        changes: Iterable[Change] = (),
        levels: Mapping[str, float] | None = None,
    ) -> Array:
        """Return outputs under the scenario with changes added.

        Parameters
        ----------
        outputs : sequence of Output
            What is asked.
        changes : iterable of Change
            Added to the scenario.
        levels : mapping, optional
            Where within its forecast an indicator ends, as a probability; 0.5 by default.

        Returns
        -------
        ndarray, shape (outputs,)
        """
        return self.read_resolved(outputs, self.turned(tuple(changes)), levels)

    def read_resolved(
        self,
        outputs: Sequence[Output],
        resolved: Resolved,
        levels: Mapping[str, float] | None = None,
    ) -> Array:
        """Return outputs of a resolved scenario, shape (outputs,)."""
        at = Numbers(self, resolved, dict(levels or {}))
        return np.array([at.number(one) for one in outputs])

    def turned(self, changes: tuple[Change, ...]) -> Resolved:
        """Return the scenario with changes added: what `resolve` gives, for what changed alone."""
        if not changes:
            return self.resolved
        works, planned = list(self.resolved.works), self.planned.works
        places = {work.id: i for i, work in enumerate(works)}
        effects = {(e.project, e.indicator): e for e in self.resolved.effects}
        base = {(e.project, e.indicator): e for e in self.planned.effects}
        aims = {(a.indicator, a.part): a for a in self.resolved.aims}
        for change in changes:
            if isinstance(change, AimChange):
                set_aim(aims, change)
            elif isinstance(change, (SetEffect, EffectAsPlanned)):
                set_effect(effects, base, change, works_of(change, self.plan))
            elif isinstance(change, WorkChange):
                for name in works_of(change, self.plan):
                    i = places[name]
                    works[i] = tidied(changed(works[i], planned[i], change))
        return replace(
            self.resolved,
            works=tuple(works),
            effects=tuple(effects[key] for key in sorted(effects)),
            aims=tuple(aims[key] for key in sorted(aims)),
        )

    def money(self, work: Work, resolved: Resolved) -> Money:
        """Return one work's money by year; made once."""
        key = (work, resolved.paired, resolved.common, resolved.escalation)
        if key not in self._money:
            months, factor = months_and_factor(work, resolved, MONEY_DRAWS, self.seed)
            ends = work.timeline.ends(work.mode, months)
            first = int(work.timeline.earliest(work.mode, months) // 12)
            last = int(np.ceil(ends.max() / 12))
            bounds: Array = 12.0 * np.arange(first, last + 1, dtype=np.float64)
            made = drawn(work, months, factor, bounds, resolved.escalation)
            total = 0.0 if work.investment is None else work.investment
            self._money[key] = Money(first, total * made.cost.mean(axis=1), made.end)
        return self._money[key]

    def weight(self, asked: Output, work: str) -> float:
        """Return what a work counts for in an opening once it is over."""
        project = self.plan.projects[work]
        if asked.word == "p_open_by" and not self.plan.projects[asked.key].opens:
            raise masked(asked.name, "not_applicable")
        return {
            "km_open": (project.length_in_area_km or 0.0) if project.opens else 0.0,
            "roads_open": float(bool(project.opens)),
            "tasks_done": float(self.tasks[work]),
            "p_open_by": float(work == asked.key),
        }[asked.word]

    def unknown(self, work: str, by_work: Mapping[str, Mapping[str, int]]) -> bool:
        """Whether a work's money is not known and no lever sets it."""
        held = self.resolved.work(work).investment
        return held is None and "investment" not in by_work.get(work, {})

    def outlook(self, resolved: Resolved, name: str) -> Outlook:
        """Return the outlook of an indicator under what a scenario sets of it."""
        return self.builder.outlook(name, tuple(a for a in resolved.aims if a.indicator == name))

    def grown(self, name: str, rates: Array) -> Array:
        """Return an indicator's years under each of several growth rates, shape (Y, n).

        Raises
        ------
        SensitivityError
            If the growth begins only after years that are forecast.
        """
        aims = [a for a in self.resolved.aims if a.indicator == name]
        if not any(isinstance(a, SetGrowth) for a in aims):
            aims.append(SetGrowth(name))
        outlook = self.builder.grown_by(name, tuple(aims), rates)
        if outlook.reason:
            raise masked(f"growth:{name}", outlook.reason)
        if outlook.paths is None or outlook.paths.shape[1] != len(rates):
            raise SensitivityError(
                f"growth:{name} begins after years that are forecast: it cannot be turned alone.",
                f"“{name}”的增速从预测年份之后才开始，不能单独变动。",
            )
        return outlook.paths

    def marginal(self, outlook: Outlook) -> Marginal:
        """Return the distributions of an outlook; made once."""
        if id(outlook) not in self._marginals:
            # the outlook is held beside it, so that its id stays its own
            self._marginals[id(outlook)] = outlook, Marginal(outlook)
        return self._marginals[id(outlook)][1]

    def reach(self, outlook: Outlook, added: Array) -> Reach:
        """Return the probability of reaching a target; made once where works add nothing."""
        if added.any():
            return reach(self.marginal(outlook), outlook.goal, added)
        if id(outlook) not in self._untouched:
            marginal = self.marginal(outlook)
            self._untouched[id(outlook)] = reach(marginal, outlook.goal, added[:, :1])
        return self._untouched[id(outlook)]
