"""One scenario after another, quickly: what `simulate` would say, for single outcomes.

Money follows from each work alone and an indicator's outlook from what is set of it, so that a
scenario that differs in one number costs one work, or one indicator, anew. The numbers are
those of :func:`corridor_model.simulate` and :func:`corridor_model.spending`.
"""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model._typing import Array
from corridor_model.arguments import number, single
from corridor_model.messages import N_
from corridor_model.plan.plan import must_be_plan
from corridor_model.plan.query import alternatives_of
from corridor_model.plan.records import bounds
from corridor_model.scenario.attainment import GUARD
from corridor_model.scenario.changes import SetGrowth
from corridor_model.scenario.money_under_delay import last_moment, yearly_work
from corridor_model.scenario.per_target import Evaluator, UnderScenario
from corridor_model.scenario.resolve import Resolved, months_and_factor, resolve, resolve_further
from corridor_model.scenario.scenario import AS_PLANNED_SCENARIO, Scenario, changes_nothing
from corridor_model.scenario.spending import MONEY_DRAWS
from corridor_model.scenario.work import Work, tasks_of
from corridor_model.sensitivity.inputs import SensitivityError
from corridor_model.sensitivity.outcomes import Outcome, logged, masked, outcome_attrs
from corridor_model.sensitivity.outcomes import outcome as outcome_of
from corridor_model.sensitivity.parameters import Parameter

if TYPE_CHECKING:
    from corridor_model.assessment.engine import AsOf
    from corridor_model.assessment.own_forecasts import OwnForecastLike
    from corridor_model.observations.load import ObservationsLike
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
        return float((self.ends <= last_moment(year)).mean())


class Reader(Evaluator):
    """Reads outcomes of a plan under a scenario and changes of it.

    Parameters
    ----------
    plan : Plan
        The plan.
    scenario : Scenario, optional
        What changes are added to; None is as planned.
    observations : Observations, path or DataFrame, optional
        As for `simulate`.
    seed : int
        Of uncertain works that no parameter sets.
    as_of, known_by, forecasts : optional
        As for `simulate`.
    """

    def __init__(
        self,
        plan: Plan,
        scenario: Scenario | None = None,
        observations: ObservationsLike = None,
        seed: int = 0,
        *,
        as_of: AsOf | None = None,
        known_by: str | datetime.date | None = None,
        forecasts: Mapping[str, OwnForecastLike] | None = None,
    ):
        must_be_plan(plan)
        super().__init__(
            plan, observations, seed, as_of=as_of, known_by=known_by, forecasts=forecasts
        )
        self.scenario = AS_PLANNED_SCENARIO if scenario is None else scenario
        self.resolved = resolve(plan, self.scenario)
        self.planned = self.as_planned(self.scenario.settings.duration)
        self.tasks = {name: len(ids) for name, ids in tasks_of(plan).items()}
        self._money: dict[tuple[Work, float, float, float], Money] = {}

    @cached_property
    def base(self) -> UnderScenario:
        """The plan under the scenario, nothing added."""
        return UnderScenario(self, self.resolved, self.planned)

    def read(
        self,
        outcomes: Sequence[Outcome],
        changes: Iterable[Change] = (),
        levels: Mapping[str, float] | None = None,
    ) -> Array:
        """Return outcomes under the scenario with changes added.

        Parameters
        ----------
        outcomes : sequence of Outcome
            What is read.
        changes : iterable of Change
            Added to the scenario.
        levels : mapping, optional
            Where within its forecast an indicator ends, as a probability; 0.5 by default.

        Returns
        -------
        ndarray, shape (outcomes,)
        """
        return self.read_resolved(outcomes, self.with_changes(tuple(changes)), levels)

    def read_resolved(
        self,
        outcomes: Sequence[Outcome],
        resolved: Resolved,
        levels: Mapping[str, float] | None = None,
    ) -> Array:
        """Return outcomes of a resolved scenario, shape (outcomes,)."""
        under = self.base
        if resolved is not self.resolved:
            under = UnderScenario(self, resolved, self.planned)
        return np.array([self._outcome(one, under, levels or {}) for one in outcomes])

    def _outcome(
        self, outcome: Outcome, under: UnderScenario, levels: Mapping[str, float]
    ) -> float:
        if outcome.word in SPANS:
            return self._spent(under.resolved, *span_of(outcome, self.plan))
        if outcome.word == "spending":
            return self._spent(under.resolved, outcome.year, outcome.year, outcome.key)
        if outcome.word == "expected_reached":
            return sum(under.any_of(group).p for group in under.promises)
        if outcome.word == "p_reach":
            return self._p_reach(outcome.key, under)
        if outcome.kind.of == "indicator":
            return self._value(outcome, under, levels.get(outcome.key, 0.5))
        return self._there_by(outcome, under.resolved)

    def _spent(self, resolved: Resolved, first: int, last: int, key: str = "") -> float:
        """Return money of all works, or one, in a span of years."""
        works = [work for work in resolved.works if key in {"", work.id}]
        return sum((self._spent_on(work, resolved, first, last, key) for work in works), 0.0)

    def _spent_on(
        self, work: Work, resolved: Resolved, first: int, last: int, key: str = ""
    ) -> float:
        """Return money of one work in a span of years; 0 where it is not known and not asked."""
        if work.investment is None:
            if key:
                raise masked(f"spending:{key}", "unknown_investment")
            return 0.0
        money = self.money(work, resolved)
        span = slice(max(0, first - money.first), max(0, last + 1 - money.first))
        return float(money.by_year[span].sum())

    def _there_by(self, outcome: Outcome, resolved: Resolved) -> float:
        """Return what works that are over by the end of a year count for."""
        return sum((self._there_of(outcome, work, resolved) for work in resolved.works), 0.0)

    def _there_of(self, outcome: Outcome, work: Work, resolved: Resolved) -> float:
        weight = self.weight(outcome, work.id)
        return weight * self.money(work, resolved).done_by(outcome.year) if weight else 0.0

    def of_work(self, outcome: Outcome, work: Work, resolved: Resolved) -> float:
        """Return what one work adds to an outcome that is a sum over works."""
        if outcome.word in SPANS:
            return self._spent_on(work, resolved, *span_of(outcome, self.plan))
        if outcome.word == "spending":
            if outcome.key != work.id:
                return 0.0
            return self._spent_on(work, resolved, outcome.year, outcome.year, work.id)
        return self._there_of(outcome, work, resolved)

    def _p_reach(self, name: str, under: UnderScenario) -> float:
        """Return the probability as `simulate` shows it: of alternatives, of any of them."""
        group = alternatives_of(self.plan, name)
        odds = under.odds(group, [range(len(group))] if len(group) > 1 else [])
        place = group.index(name)
        if odds.reason[place]:
            raise masked(f"p_reach:{name}", str(odds.reason[place]))
        return float(odds.p[place])

    def _value(self, outcome: Outcome, under: UnderScenario, level: float) -> float:
        """Return a quantile of an indicator's value, of its logarithm, or of the distance left."""
        outlook = under.outlook(outcome.key)
        if outlook.reason:
            raise masked(outcome.name, outlook.reason)
        levels = np.array([level])
        by_year = under.values([outcome.key], levels)[outcome.key]
        if outcome.word == "gap":
            return float(under.gap(outcome.key, levels, by_year)[0]) * outlook.scale
        place = outcome.year - int(outlook.years[0])
        if not 0 <= place < len(outlook.years) or np.isnan(by_year[place, 0]):
            raise masked(outcome.name, "not_reported")
        value = float(outlook.printed(by_year[place, 0]))
        return value if outcome.word == "value" else float(logged(outcome, np.array([value]))[0])

    def with_changes(self, changes: tuple[Change, ...]) -> Resolved:
        """Return the scenario with changes added: what `resolve` gives, for what changed alone."""
        if not changes:
            return self.resolved
        return resolve_further(self.plan, self.resolved, changes, self.planned)

    def money(self, work: Work, resolved: Resolved) -> Money:
        """Return one work's money by year; worked out once."""
        key = (work, resolved.paired, resolved.common, resolved.escalation)
        if key not in self._money:
            months, factor = months_and_factor(work, resolved, MONEY_DRAWS, self.seed)
            ends = work.timeline.ends(work.mode, months)
            first = int(work.timeline.earliest(work.mode, months) // 12)
            last = int(np.ceil(ends.max() / 12))
            bounds: Array = 12.0 * np.arange(first, last + 1, dtype=np.float64)
            by_year = yearly_work(work, months, factor, bounds, resolved.escalation)
            total = 0.0 if work.investment is None else work.investment
            self._money[key] = Money(first, total * by_year.cost.mean(axis=1), by_year.end)
        return self._money[key]

    def weight(self, outcome: Outcome, work: str) -> float:
        """Return what a work counts for in an opening once it is over."""
        project = self.plan.projects[work]
        if outcome.word == "p_open_by" and not self.plan.projects[outcome.key].opens:
            raise masked(outcome.name, "not_applicable")
        return {
            "km_open": (project.length_in_area_km or 0.0) if project.opens else 0.0,
            "roads_open": float(bool(project.opens)),
            "tasks_done": float(self.tasks[work]),
            "p_open_by": float(work == outcome.key),
        }[outcome.word]

    def unknown(self, work: str, by_work: Mapping[str, Mapping[str, int]]) -> bool:
        """Whether a work's money is not known and no parameter sets it."""
        investment = self.resolved.work(work).investment
        return investment is None and "investment" not in by_work.get(work, {})

    def grown(self, name: str, rates: Array) -> Array:
        """Return an indicator's years under each of several growth rates, shape (Y, n).

        Raises
        ------
        SensitivityError
            If the growth begins only after years that are forecast.
        """
        aims = list(self.aims(self.resolved, name))
        if not any(isinstance(a, SetGrowth) for a in aims):
            aims.append(SetGrowth(self.plan.targets[name].of, 0.0))  # the rates stand for it
        outlook = self.builder.outlook_at_rates(name, tuple(aims), rates)
        if outlook.reason:
            raise masked(f"growth:{name}", outlook.reason)
        if outlook.paths is None or outlook.paths.shape[1] != len(rates):
            raise SensitivityError(
                N_(
                    "growth:{name} begins after years that are forecast: it cannot be turned alone."
                ),
                name=name,
            )
        return outlook.paths


SPANS = frozenset({"before_plan", "inside_plan", "beyond_horizon", "total", "programme"})
"""Outcomes that are the money of all works in a span of years."""


def span_of(outcome: Outcome, plan: Plan) -> tuple[int, int]:
    """Return the first and last year of a sum of money."""
    first, last = plan.about.first_year, plan.about.last_year
    return {
        "before_plan": (0, first - 1),
        "inside_plan": (first, last),
        "beyond_horizon": (last + 1, 9999),
        "total": (0, 9999),
    }.get(outcome.word, (outcome.year, outcome.year))


# Outcomes with parameters set to values.


def read_at(
    reader: Reader,
    outcomes: Sequence[Outcome],
    parameters: Sequence[Parameter],
    values: Mapping[str, float],
) -> Array:
    """Return outcomes with parameters set to values; the others stand where they are."""
    changes: list[Change] = []
    levels: dict[str, float] = {}
    for one in parameters:
        if one.name not in values:
            continue
        value = float(values[one.name])
        if one.field == "forecast":
            levels[one.indicator] = value
        changes += one.change(value, reader.resolved)
    return reader.read(outcomes, changes, levels)


# What identifies a study of a plan: attributes that every result carries.


def study_attrs(
    study: str, reader: Reader, outcomes: Sequence[Outcome], inputs: Mapping[str, Parameter]
) -> dict[str, Any]:
    """Return which study a result is, of what, and from what it can be made again.

    Parameters
    ----------
    study : str
        ``tornado``, ``switching_values``, ``two_way``, ``sobol`` or ``attribution``.
    reader : Reader
        Plan and scenario.
    outcomes : sequence of Outcome
        What is studied. Names, unit, subject and year of a single one are attributes of their
        own; key, subject and year of several stand as JSON by name in ``outcomes``.
    inputs : mapping of str to Parameter
        What was varied, by the name it has in the result; ``subjects`` holds, as JSON, what
        inputs and outcomes speak of, in Chinese and English.
    """
    from corridor_model.files import version

    plan = reader.plan
    spoken_of: dict[str, Outcome | Parameter] = {one.key: one for one in outcomes if one.key}
    spoken_of |= inputs
    subjects = {
        name: [one.subject(plan, lang) for lang in ("zh", "en")] for name, one in spoken_of.items()
    }
    if study in {"sobol", "attribution"}:
        by_name = {
            one.name: {"key": one.word, "subject": one.key, "year": one.year} for one in outcomes
        }
        which: dict[str, Any] = {"outcomes": json.dumps(by_name)}
    else:
        (one,) = outcomes
        which = outcome_attrs(one, plan)
    return {
        "study": study,
        **which,
        "subjects": json.dumps(subjects, ensure_ascii=False),
        "plan": plan.about.id,
        "plan_digest": plan.digest,
        "example": int(plan.example),
        **reader.builder.period_attrs(),
        **scenario_attrs(reader.scenario),
        "seed": reader.seed,
        "version": version(),
    }


def scenario_attrs(scenario: Scenario) -> dict[str, Any]:
    """Return under which scenario a study stands: its names, its text, whether it changes any."""
    return {
        "scenario": scenario.name,
        "scenario_zh": scenario.title("zh"),
        "scenario_text": scenario.to_toml(),
        "as_planned": int(changes_nothing(scenario)),
    }


# When an outcome is good enough: the target itself, or a threshold of the caller's.

SENSES = ("at_least", "at_most")
HALF = 0.5
"""Probability at which a target is as likely as not, where no threshold is set."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """An outcome, and from where on it is good enough; an exact hit counts (S3).

    Attributes
    ----------
    outcome : Outcome
        What is read.
    value : float
        In its unit.
    sense : str
        ``at_least`` or ``at_most``.
    """

    outcome: Outcome
    value: float
    sense: str

    @property
    def attrs(self) -> dict[str, Any]:
        """What a result carries of it."""
        return {"threshold": self.value, "threshold_of": self.outcome.name, "sense": self.sense}

    def margin(self, number: float) -> float:
        """Return how far a number is on the good side; at least 0 is met."""
        off = number - self.value if self.sense == "at_least" else self.value - number
        return 0.0 if abs(off) <= GUARD * max(abs(self.value), abs(number)) else off


def threshold_of(
    reader: Reader, outcome: Outcome, value: float | None, sense: str | None
) -> Threshold:
    """Return the threshold that is meant.

    ``value:gdp`` and ``gap:gdp`` mean the target of gdp, ``p_reach:gdp`` means 0.5; anything else
    needs a threshold. More is better of openings, values and odds, less of money, unless ``sense``
    says otherwise.

    Raises
    ------
    SensitivityError
        Without a threshold where none follows, or for a wrong sense.
    """
    single(sense=sense)
    if sense is not None and sense not in SENSES:
        raise SensitivityError(N_("sense is at_least or at_most; got {sense!r}."), sense=sense)
    if value is not None:
        value = number("threshold", value)
        if not math.isfinite(value):
            raise SensitivityError(N_("threshold: a finite number is needed."))
        indicator = reader.plan.targets.get(outcome.key)
        usual = outcome.kind.sense
        if outcome.word == "value" and indicator is not None and bounds(indicator)[0] is None:
            usual = "at_most"
        return Threshold(outcome, value, sense or usual)
    if outcome.word in {"value", "gap"}:
        return Threshold(outcome_of(reader.plan, f"gap:{outcome.key}"), 0.0, "at_least")
    if outcome.word == "p_reach":
        return Threshold(outcome, HALF, "at_least")
    raise SensitivityError(
        N_("{name}: say from where on it is good enough: threshold=."), name=outcome.name
    )


def margin_at(
    reader: Reader, limit: Threshold, parameters: list[Parameter], values: Mapping[str, float]
) -> float:
    """Return the margin with parameters set to values."""
    return limit.margin(float(read_at(reader, [limit.outcome], parameters, values)[0]))
