"""One scenario after another, quickly: what `simulate` would say, for the outputs asked for.

Money follows from each work alone and an indicator's outlook from what is set of it, so that a
scenario that differs in one number costs one work, or one indicator, anew. The numbers are
those of :func:`corridor_model.simulate` and :func:`corridor_model.spending`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model._typing import Array
from corridor_model.plan.plan import must_be_plan
from corridor_model.plan.promises import alternatives_of, promises
from corridor_model.plan.records import bounds
from corridor_model.scenario import contributions
from corridor_model.scenario.attainment import (
    GUARD,
    Programme,
    Reach,
    averaged,
    gaps,
    reach,
    values,
)
from corridor_model.scenario.changes import (
    AimChange,
    EffectAsPlanned,
    SetEffect,
    SetGrowth,
    SetTarget,
    WorkChange,
    works_of,
)
from corridor_model.scenario.contributions import stored_columns
from corridor_model.scenario.marginals import Marginal
from corridor_model.scenario.outlook import Outlook
from corridor_model.scenario.outlook_builder import Builder
from corridor_model.scenario.promise_odds import Alternatives, odds_of
from corridor_model.scenario.resolve import (
    Resolved,
    changed,
    months_and_factor,
    resolve,
    set_aim,
    set_effect,
    tidied,
)
from corridor_model.scenario.scenario import AS_PLANNED_SCENARIO, Scenario, changes_nothing
from corridor_model.scenario.spending import MONEY_DRAWS, tasks_of
from corridor_model.scenario.work import Work, drawn
from corridor_model.sensitivity.inputs import SensitivityError
from corridor_model.sensitivity.outcomes import Output, logged, masked, output
from corridor_model.sensitivity.parameters import Lever

if TYPE_CHECKING:
    from corridor_model.observations.load import Given
    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.changes import Change


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
        self.scenario = scenario or AS_PLANNED_SCENARIO
        self.builder = Builder(plan, observations, seed)
        self.resolved = resolve(plan, self.scenario)
        duration = self.scenario.settings.duration
        self.planned = resolve(plan, Scenario(AS_PLANNED_SCENARIO.name, duration=duration))
        self.columns = stored_columns(plan)
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


# Numbers under one resolved scenario: money, openings, outlooks, each when it is asked for.

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


class Numbers:
    """Numbers under one resolved scenario, each made when it is asked for."""

    def __init__(self, reader: Reader, resolved: Resolved, levels: dict[str, float]):
        self.reader, self.resolved, self.levels = reader, resolved, levels
        self._added: dict[str, Array] | None = None

    def number(self, asked: Output) -> float:
        """Return one output."""
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
            self._added = contributions.added_by_indicator(
                self._moved, self.resolved, *self._span, self.reader.seed, self.reader.columns
            )
        here = self._added.get(outlook.indicator.id, np.zeros((len(outlook.years), 1)))
        here = here[: len(outlook.years)]
        return np.where(np.isnan(outlook.known)[:, None], here, 0.0)

    @cached_property
    def _moved(self) -> list[contributions.Touch]:
        return contributions.touches(self.resolved, self.reader.planned)

    @cached_property
    def _programme(self) -> Programme:
        return Programme(self._moved, self.resolved.common, *self._span)

    @cached_property
    def _span(self) -> tuple[int, int]:
        """The first year looked at, and how many."""
        plan = self.reader.plan
        due = [t.year for i in plan.indicators.values() for t in i.targets]
        later = [a.year for a in self.resolved.aims if isinstance(a, SetTarget) and a.year]
        first = plan.about.first_year
        return first, max(plan.about.last_year, *due, *later) - first + 1

    def _averaged(self, outlook: Outlook) -> Reach:
        added = self.added(outlook)
        found = self.reader.reach(outlook, added)
        return averaged(found, self.reader.marginal(outlook), added, self._programme)

    def _p(self, name: str) -> float:
        """Return the probability as `simulate` shows it: of alternatives, of any of them."""
        group = alternatives_of(self.reader.plan, name)
        outlooks = {one: self._outlook(one) for one in group}
        reached = self._open(group)
        any_of = self._alternatives(reached).any_of
        odds = odds_of(outlooks, reached, [range(len(group))] if len(group) > 1 else [], any_of)
        place = group.index(name)
        if odds.reason[place]:
            raise masked(f"p_reach:{name}", str(odds.reason[place]))
        return float(odds.p[place])

    def _expected(self) -> float:
        """Return how many promises are kept on average; alternatives are one promise."""
        total = 0.0
        for group in promises_of(self.reader, self.resolved):
            total += self._alternatives(self._open(group)).any_of(group).p
        return total

    def _open(self, names: Sequence[str]) -> dict[str, Reach]:
        """Return the probabilities of those indicators that are not masked."""
        outlooks = {name: self._outlook(name) for name in names}
        return {name: self._averaged(o) for name, o in outlooks.items() if not o.reason}

    def _alternatives(self, reached: Mapping[str, Reach]) -> Alternatives:
        marginals = {name: self.reader.marginal(self._outlook(name)) for name in reached}
        return Alternatives(reached, marginals, self._programme, self.reader.seed)

    def _indicator(self, asked: Output) -> float:
        if asked.word == "p_reach":
            return self._p(asked.key)
        outlook = self._outlook(asked.key)
        if outlook.reason:
            raise masked(asked.name, outlook.reason)
        marginal, here = self.reader.marginal(outlook), self.added(outlook)
        level = np.array([self.levels.get(asked.key, 0.5)])
        by_year = values([marginal], level, [here])[0]
        if asked.word == "gap":
            return float(gaps(marginal, outlook.goal, level, here, by_year)[0])
        place = asked.year - int(outlook.years[0])
        if not 0 <= place < len(outlook.years) or np.isnan(by_year[place, 0]):
            raise masked(asked.name, "not_reported")
        value = float(by_year[place, 0])
        if asked.word == "value":
            return value
        return float(logged(asked, np.array([value]))[0])


# Outputs with levers turned to values.


def read_at(
    reader: Reader, asked: Sequence[Output], levers: Sequence[Lever], values: Mapping[str, float]
) -> Array:
    """Return outputs with levers turned to values; the others stand where they are."""
    changes: list[Change] = []
    levels: dict[str, float] = {}
    for one in levers:
        if one.name not in values:
            continue
        value = float(values[one.name])
        if one.field == "forecast":
            levels[one.indicator] = value
        changes += one.change(value, reader.resolved)
    return reader.read(asked, changes, levels)


# What identifies a study of a plan: attributes that every result carries.


def study_attrs(
    study: str, reader: Reader, outcomes: Sequence[Output], inputs: Mapping[str, Lever]
) -> dict[str, Any]:
    """Return which study a result is, of what, and from what it can be made again.

    Parameters
    ----------
    study : str
        ``tornado``, ``switching``, ``two_way``, ``sobol`` or ``attribution``.
    reader : Reader
        Plan and scenario.
    outcomes : sequence of Output
        What was asked. Key, subject and year of a single one are attributes of their own;
        those of several stand as JSON by name in ``outcomes``.
    inputs : mapping of str to Lever
        What was turned, by the name it has in the result; ``subjects`` holds, as JSON, what
        inputs and outcomes speak of, in Chinese and English.
    """
    from corridor_model import __version__

    plan = reader.plan
    spoken_of: dict[str, Output | Lever] = {one.key: one for one in outcomes if one.key}
    spoken_of |= inputs
    subjects = {
        name: [one.subject(plan, lang) for lang in ("zh", "en")] for name, one in spoken_of.items()
    }
    if study in {"sobol", "attribution"}:
        by_name = {
            one.name: {"key": one.word, "subject": one.key, "year": one.year} for one in outcomes
        }
        asked: dict[str, Any] = {"outcomes": json.dumps(by_name)}
    else:
        (one,) = outcomes
        asked = {
            "outcome_key": one.word,
            "outcome_subject": one.key,
            "outcome_year": one.year,
        }
    return {
        "study": study,
        **asked,
        "subjects": json.dumps(subjects, ensure_ascii=False),
        "plan": plan.about.id,
        "plan_digest": plan.digest,
        "example": int(plan.example),
        **scenario_attrs(reader.scenario),
        "seed": reader.seed,
        "version": __version__,
    }


def scenario_attrs(scenario: Scenario) -> dict[str, Any]:
    """Return under which scenario a study stands: its names, its text, whether it changes any."""
    return {
        "scenario": scenario.name,
        "scenario_zh": scenario.title("zh"),
        "scenario_text": scenario.to_toml(),
        "as_planned": int(changes_nothing(scenario)),
    }


# When an output is good enough: the target itself, or a threshold that is given.

SENSES = ("at_least", "at_most")
HALF = 0.5
"""Probability at which a target is as likely as not, where no threshold is given."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """An output, and from where on it is good enough; an exact hit counts (S3).

    Attributes
    ----------
    asked : Output
        What is read.
    value : float
        In its unit.
    sense : str
        ``at_least`` or ``at_most``.
    """

    asked: Output
    value: float
    sense: str

    def margin(self, number: float) -> float:
        """Return how far a number is on the good side; at least 0 is met."""
        off = number - self.value if self.sense == "at_least" else self.value - number
        return 0.0 if abs(off) <= GUARD * max(abs(self.value), abs(number)) else off


def threshold_of(
    reader: Reader, asked: Output, value: float | None, sense: str | None
) -> Threshold:
    """Return the threshold that is meant.

    ``value:gdp`` and ``gap:gdp`` mean the target of gdp, ``p_reach:gdp`` means 0.5; anything else
    must be told. More is better of openings, values and odds, less of money, unless ``sense``
    says otherwise.

    Raises
    ------
    SensitivityError
        Without a threshold where none follows, or for a wrong sense.
    """
    if sense is not None and sense not in SENSES:
        raise SensitivityError(
            f"sense is at_least or at_most; got {sense!r}.",
            f"sense应为at_least或at_most；{sense!r}。",
        )
    if value is not None:
        indicator = reader.plan.indicators.get(asked.key)
        usual = asked.kind.sense
        if asked.word == "value" and indicator is not None and bounds(indicator)[0] is None:
            usual = "at_most"
        return Threshold(asked, float(value), sense or usual)
    if asked.word in {"value", "gap"}:
        return Threshold(output(reader.plan, f"gap:{asked.key}"), 0.0, "at_least")
    if asked.word == "p_reach":
        return Threshold(asked, HALF, "at_least")
    raise SensitivityError(
        f"{asked.name}: say from where on it is good enough: threshold=.",
        f"“{asked.name}”没有默认的目标，请给出threshold。",
    )


def margin_at(
    reader: Reader, limit: Threshold, levers: list[Lever], values: Mapping[str, float]
) -> float:
    """Return the margin with levers turned to values."""
    return limit.margin(float(read_at(reader, [limit.asked], levers, values)[0]))


def promises_of(reader: Reader, resolved: Resolved | None = None) -> list[list[str]]:
    """Return the indicators that can be simulated, alternatives («A or B») together."""
    indicators = [
        indicator
        for name, indicator in reader.plan.indicators.items()
        if not reader.outlook(resolved or reader.resolved, name).reason
    ]
    return [[indicators[i].id for i in places] for places in promises(indicators)]
