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

from corridor_model.assess.forecasts import promises
from corridor_model.scenario import contributions
from corridor_model.scenario.aims import AimChange, EffectAsPlanned, SetEffect, SetGrowth
from corridor_model.scenario.apply import changed, set_aim, set_effect, tidied
from corridor_model.scenario.builder import Builder
from corridor_model.scenario.changes import WorkChange
from corridor_model.scenario.gaps import gaps, values
from corridor_model.scenario.labels import tasks_of
from corridor_model.scenario.marginals import Marginal
from corridor_model.scenario.model import Scenario
from corridor_model.scenario.money import drawn, months_and_factor
from corridor_model.scenario.odds import odds_of
from corridor_model.scenario.outlook import Outlook
from corridor_model.scenario.reach import Reach, reach
from corridor_model.scenario.resolve import Resolved, resolve
from corridor_model.scenario.select import works_of
from corridor_model.scenario.simulate import MONEY_DRAWS
from corridor_model.scenario.works import Work
from corridor_model.sensitivity.inputs import SensitivityError
from corridor_model.sensitivity.outputs import Output

if TYPE_CHECKING:
    from corridor_model.observations.model import Observations
    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.changes import Change

Array = NDArray[np.float64]
SPANS = frozenset({"before_plan", "inside_plan", "beyond_horizon", "total", "programme"})
"""Outputs that are the money of all works in a span of years."""


def span_of(asked: Output, plan: Plan) -> tuple[int, int]:
    """Return the first and last year of a sum of money."""
    first, last = plan.about.first_year, plan.about.last_year
    return {
        "before_plan": (0, first - 1),
        "inside_plan": (first, last),
        "beyond_horizon": (last + 1, 9999),
        "total": (0, 9999),
    }.get(asked.word, (asked.year, asked.year))


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
    observations : Observations, optional
        As for `simulate`.
    seed : int
        Of uncertain works that are not turned.
    """

    def __init__(
        self,
        plan: Plan,
        scenario: Scenario | None = None,
        observations: Observations | None = None,
        seed: int = 0,
    ):
        self.plan, self.seed = plan, seed
        self.scenario = scenario or Scenario("as planned")
        self.builder = Builder(plan, observations, seed)
        self.resolved = resolve(plan, self.scenario)
        duration = self.scenario.settings.duration
        self.planned = resolve(plan, Scenario("as planned", duration=duration))
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
        at = _At(self, resolved, dict(levels or {}))
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


class _At:
    """Numbers under one resolved scenario, each made when it is asked for."""

    def __init__(self, reader: Reader, resolved: Resolved, levels: dict[str, float]):
        self.reader, self.resolved, self.levels = reader, resolved, levels
        self._added: dict[str, Array] | None = None

    def number(self, asked: Output) -> float:
        if asked.word in SPANS:
            return self._spent(*span_of(asked, self.reader.plan))
        if asked.word == "spending":
            return self._spent(asked.year, asked.year, asked.key)
        if asked.word == "expected_reached":
            return self._expected()
        if asked.kind.of == "indicator":
            return self._indicator(asked)
        return self._opened(asked)

    def _spent(self, first: int, last: int, key: str = "") -> float:
        """Return money of all works, or one, in a span of years."""
        total = 0.0
        for work in self.resolved.works:
            if work.investment is None:
                if key == work.id:
                    raise masked(f"spending:{key}", "unknown_investment")
                continue
            if key in {"", work.id}:
                money = self.reader.money(work, self.resolved)
                span = slice(max(0, first - money.first), max(0, last + 1 - money.first))
                total += float(money.by_year[span].sum())
        return total

    def _opened(self, asked: Output) -> float:
        total = 0.0
        for work in self.resolved.works:
            weight = self.reader.weight(asked, work.id)
            if weight:
                total += weight * self.reader.money(work, self.resolved).done_by(asked.year)
        return total

    def _outlook(self, name: str) -> Outlook:
        return self.reader.outlook(self.resolved, name)

    def added(self, outlook: Outlook) -> Array:
        """Return what works add to an indicator by year, shape (Y, draws)."""
        if self._added is None:
            moved = contributions.touches(self.resolved, self.reader.planned)
            first = self.reader.plan.about.first_year
            longest = max(
                (t.year for i in self.reader.plan.indicators.values() for t in i.targets),
                default=first,
            )
            longest = max(longest, self.reader.plan.about.last_year, outlook.goal.year) - first + 1
            self._added = contributions.added_by_indicator(
                moved, self.resolved, first, longest, self.reader.seed
            )
        here = self._added.get(outlook.indicator.id, np.zeros((len(outlook.years), 1)))
        here = here[: len(outlook.years)]
        return np.where(np.isnan(outlook.known)[:, None], here, 0.0)

    def _reach(self, name: str) -> tuple[Outlook, Reach]:
        outlook = self._outlook(name)
        if outlook.reason:
            raise masked(f"p_reach:{name}", outlook.reason)
        return outlook, self.reader.reach(outlook, self.added(outlook))

    def _p(self, name: str) -> float:
        """Return the probability as `simulate` shows it: of alternatives, of any of them."""
        group = alternatives(self.reader.plan, name)
        outlooks = {one: self._outlook(one) for one in group}
        reached = {
            one: self.reader.reach(outlook, self.added(outlook))
            for one, outlook in outlooks.items()
            if not outlook.reason
        }
        odds = odds_of(outlooks, reached, [range(len(group))] if len(group) > 1 else [])
        place = group.index(name)
        if odds.reason[place]:
            raise masked(f"p_reach:{name}", str(odds.reason[place]))
        return float(odds.p[place])

    def _expected(self) -> float:
        """Return how many promises are kept on average; alternatives are one promise."""
        total = 0.0
        for group in promises_of(self.reader, self.resolved):
            missed = 1.0
            for name in group:
                missed *= 1 - self._reach(name)[1].p
            total += 1 - missed
        return total

    def _indicator(self, asked: Output) -> float:
        if asked.word == "p_reach":
            return self._p(asked.key)
        outlook = self._outlook(asked.key)
        if outlook.reason:
            raise masked(asked.name, outlook.reason)
        marginal, here = self.reader.marginal(outlook), self.added(outlook)
        level = np.array([self.levels.get(asked.key, 0.5)])
        by_year = values(marginal, level, here)
        if asked.word == "gap":
            return float(gaps(marginal, outlook.goal, level, here, by_year)[0])
        place = asked.year - int(outlook.years[0])
        if not 0 <= place < len(outlook.years) or np.isnan(by_year[place, 0]):
            raise masked(asked.name, "not_reported")
        value = float(by_year[place, 0])
        if asked.word == "value":
            return value
        return float(logged(asked, np.array([value]))[0])


def alternatives(plan: Plan, name: str) -> list[str]:
    """Return the indicators of which any one keeps the promise of this one (S4)."""
    listed = list(plan.indicators)
    for group in promises(list(plan.indicators.values())):
        if listed.index(name) in group:
            return [listed[i] for i in group]
    return [name]


def promises_of(reader: Reader, resolved: Resolved | None = None) -> list[list[str]]:
    """Return the indicators that can be simulated, alternatives («A or B») together."""
    made: dict[str, list[str]] = {}
    for name in reader.plan.indicators:
        if not reader.outlook(resolved or reader.resolved, name).reason:
            made.setdefault(reader.promise[name], []).append(name)
    return list(made.values())


def logged(asked: Output, value: Array) -> Array:
    """Return the logarithm, or the log-odds of a percent.

    Raises
    ------
    SensitivityError
        Where it does not exist for every value.
    """
    share = asked.word == "log_odds"
    good = (value > 0) & (value < 100) if share else value > 0
    if not good.all():
        raise SensitivityError(
            f"{asked.name}: {np.count_nonzero(~good)} of {value.size} values lie outside "
            + ("0-100." if share else "what has a logarithm."),
            f"{asked.name}：{value.size}个数值中有{np.count_nonzero(~good)}个没有对数。",
        )
    return np.log(value) - np.log(100 - value) if share else np.log(value)


def masked(name: str, reason: str) -> SensitivityError:
    """Return the error of an output without a number."""
    return SensitivityError(
        f"Output {name!r} has no number here: {reason}.", f"输出“{name}”没有数值：{reason}。"
    )
