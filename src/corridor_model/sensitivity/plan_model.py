"""A plan as a function of its parameters, many draws at once, updating only what one touches.

Money, openings and what works add to indicators are sums over works; an outcome is one of these
sums, or follows from an indicator's outlook and the sum that works add to it. Swapping one
parameter for its value in another sample changes one work's terms, or one outlook; everything
else is kept. Numbers are those of :class:`corridor_model.sensitivity.evaluator.Reader`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.special import ndtri

from corridor_model._typing import Array
from corridor_model.assessment.probabilities import never_certain, union
from corridor_model.distributions import Distribution
from corridor_model.messages import N_, Name
from corridor_model.plan.query import alternatives_of
from corridor_model.scenario.attainment import reach, rounding_bounds
from corridor_model.scenario.changes import works_of
from corridor_model.scenario.marginals import NODES
from corridor_model.scenario.money_under_delay import YearlyWork, last_moment, progress, yearly_work
from corridor_model.scenario.outlook import Outlook
from corridor_model.scenario.per_target import while_open
from corridor_model.scenario.promise_odds import is_settled
from corridor_model.scenario.work import Effect, Work, spread
from corridor_model.sensitivity.decomposition import (
    Nodes,
    Part,
    SumOfParts,
    bounded,
    delay_nodes,
    linear_nodes,
    switch_nodes,
)
from corridor_model.sensitivity.evaluator import SPANS, Reader, span_of
from corridor_model.sensitivity.inputs import Dependence, SensitivityError, Spread
from corridor_model.sensitivity.outcomes import Outcome, is_summed, logged, masked
from corridor_model.sensitivity.parameters import Parameter, probe
from corridor_model.sensitivity.sobol_indices import Pairs, all_pairs


@dataclass
class Sample:
    """Values, shape (parameters, n), the sums over works, and what each group changes in them."""

    values: Array
    sums: Array
    changes: dict[int, Array] = field(default_factory=dict)


@dataclass(frozen=True)
class SwappedSample:
    """The sums and parameter values that one answer is made of."""

    sums: Array
    sample: Sample
    other: Sample | None
    swapped: frozenset[int]

    def value(self, place: int | None) -> Array | None:
        """Return the values of one parameter, from the other sample where it is swapped."""
        if place is None:
            return None
        source = self.other if self.other is not None and place in self.swapped else self.sample
        return np.asarray(source.values[place])


class PlanModel:
    """Outcomes of a plan over its parameters.

    Parameters
    ----------
    reader : Reader
        Plan, scenario and outlooks.
    outcomes : sequence of Outcome
        What is read.
    parameters : sequence of Parameter
        Inputs, in order.

    Raises
    ------
    SensitivityError
        For outcomes that have no number, or no variance, and parameters this model cannot set.
    """

    def __init__(
        self, reader: Reader, outcomes: Sequence[Outcome], parameters: Sequence[Parameter]
    ):
        self.reader, self.outcomes, self.parameters = reader, list(outcomes), list(parameters)
        self.promises = reader.base.promises
        names = [one.key for one in outcomes if one.kind.of == "indicator"]
        if any(one.word == "expected_reached" for one in outcomes):
            names += [name for group in self.promises for name in group]
        self.layout = lay_out(reader, outcomes, parameters, list(dict.fromkeys(names)))
        self.places = {
            (one.field, one.indicator): i for i, one in enumerate(parameters) if not one.works
        }
        self.moving, self.settled = self._split()
        check(reader, self.outcomes, self.parameters, self.layout)

    def touched(self, groups: Sequence[Sequence[int]]) -> list[list[int]]:
        """Return for each outcome the groups of parameters that can move it."""
        moving = [self.reached_by(one) for one in self.outcomes]
        return [[g for g, group in enumerate(groups) if set(group) & at] for at in moving]

    def pairs(self, place: int, groups: Sequence[Sequence[int]]) -> Pairs:
        """Return the pairs of groups that can interact in an outcome.

        A sum over works has no interaction between parameters of different works.
        """
        first, second = all_pairs(len(groups))
        if place not in self.layout.linear:
            return first, second
        works = [
            {work for work, fields in self.layout.by_work.items() if set(fields.values()) & set(g)}
            for g in groups
        ]
        keep = [bool(works[j] & works[k]) for j, k in zip(first, second, strict=True)]
        return first[keep], second[keep]

    def sample(self, values: Array) -> Sample:
        """Return a sample of parameter values with its sums over works."""
        sums = np.zeros((self.layout.rows, values.shape[1]))
        for work in self.layout.works:
            fields = self.layout.by_work.get(work.work.id, {})
            for rows, added in work.terms({f: values[i] for f, i in fields.items()}):
                sums[rows] += added
        return Sample(values, sums)

    def compare(self, sample: Sample, other: Sample, groups: Sequence[Sequence[int]]) -> None:
        """Work out once what each group, swapped, changes in the sums of a sample."""
        for work in self.layout.works:
            fields = self.layout.by_work.get(work.work.id, {})
            own: ByField = {f: sample.values[i] for f, i in fields.items()}
            before: list[tuple[slice, Array]] = []
            for g, group in enumerate(groups):
                if not set(fields.values()) & set(group):
                    continue
                before = before or work.terms(own)
                swapped = {
                    f: (other if i in group else sample).values[i] for f, i in fields.items()
                }
                change = sample.changes.setdefault(g, np.zeros_like(sample.sums))
                for (rows, after), (_, was) in zip(work.terms(swapped), before, strict=True):
                    change[rows] += after - was

    def answer(
        self,
        place: int,
        sample: Sample,
        other: Sample | None = None,
        group: int = -1,
        members: Sequence[int] = (),
    ) -> Array:
        """Return one outcome, shape (n,): of a sample, or with a group's values of the other."""
        outcome, change = self.outcomes[place], sample.changes.get(group)
        if place in self.layout.linear:
            row = self.layout.linear[place]
            own = sample.sums[row]
            return np.asarray(own if change is None else own + change[row])
        sums = sample.sums if change is None else sample.sums + change
        swapped = SwappedSample(sums, sample, other, frozenset(members))
        if outcome.word == "expected_reached":
            return self._expected(swapped)
        if outcome.word == "p_reach":
            return self._p_reach(outcome.key, swapped)
        value = self._value(outcome, swapped)
        return logged(outcome, value) if outcome.word.startswith("log_") else value

    def _value(self, outcome: Outcome, swapped: SwappedSample) -> Array:
        """Return an indicator's value in a year: its outlook, and what works add."""
        outlook = self._outlook(outcome.key)
        place = outcome.year - int(outlook.years[0])
        n = swapped.sample.values.shape[1]
        grown = swapped.value(self.places.get(("growth", outlook.indicator.of)))
        level = swapped.value(self.places.get(("forecast", outcome.key)))
        if grown is not None:
            base = self.reader.grown(outcome.key, grown)[place]
        else:
            nodes = self.reader.marginal(outlook).values[place]
            scores: Array = np.zeros(n) if level is None else np.asarray(ndtri(level))
            base = np.interp(scores, NODES, nodes)
        value = base + self._added(outcome.key, swapped)[place]
        share = outlook.indicator.kind == "share"
        return outlook.printed(np.clip(value, 0.0, 100.0) if share else value)

    def _added(self, name: str, swapped: SwappedSample) -> Array:
        """Return what works add to an indicator by year, shape (years, n) or (years, 1)."""
        outlook = self._outlook(name)
        if name not in self.layout.added:
            return np.zeros((len(outlook.years), 1))
        row, years = self.layout.added[name]
        return while_open(outlook, swapped.sums[row : row + years])

    def _p(self, name: str, swapped: SwappedSample) -> Array:
        """Return the probability of a target given the works, the forecast integrated out."""
        outlook, n = self._outlook(name), swapped.sample.values.shape[1]
        place = outlook.goal.year - int(outlook.years[0])
        grown = swapped.value(self.places.get(("growth", outlook.indicator.of)))
        added = self._added(name, swapped)
        if grown is not None:
            lower, upper = rounding_bounds(outlook.goal)
            value = self.reader.grown(name, grown)[place] + added[place]
            met = np.full(n, True) if lower is None else value >= lower
            p = np.asarray(met if upper is None else met & (value <= upper), dtype=np.float64)
        else:
            by_draw = reach(self.reader.marginal(outlook), outlook.goal, added)
            p = np.clip(1 - by_draw.below - by_draw.above, 0.0, 1.0)
        return np.broadcast_to(p, (n,))

    def _p_reach(self, name: str, swapped: SwappedSample) -> Array:
        """Return the probability as it is shown: of alternatives, of any; never certain (S14)."""
        group = [n for n in alternatives_of(self.reader.plan, name) if not self._outlook(n).reason]
        settled = [is_settled(self._outlook(n)) for n in group]
        p, sure = union([self._p(n, swapped) for n in group], settled)
        return never_certain(p, sure)

    def _expected(self, swapped: SwappedSample) -> Array:
        total = np.full(swapped.sample.values.shape[1], self.settled)
        for group in self.moving:
            missed: Array = np.ones(1)
            for name in group:
                missed = missed * (1.0 - self._p(name, swapped))
            total += 1.0 - missed
        return total

    def _split(self) -> tuple[list[list[str]], float]:
        """Return the promises that a parameter can move, and how many of the others are kept."""
        series = {indicator for field_, indicator in self.places if field_ == "growth"}
        promised = self.reader.plan.targets
        grown = {name for group in self.promises for name in group if promised[name].of in series}
        touched = set(self.layout.added) | grown
        moving = [group for group in self.promises if set(group) & touched]
        settled = 0.0
        for group in self.promises:
            if not set(group) & touched:
                odds = [self.reader.reach(self._outlook(name)).p for name in group]
                settled += 1.0 - float(np.prod([1.0 - p for p in odds]))
        return moving, settled

    def _outlook(self, name: str) -> Outlook:
        return self.reader.base.outlook(name)

    def reached_by(self, one: Outcome) -> set[int]:
        """Return the parameters that can move an outcome."""
        place = self.outcomes.index(one)
        names = [one.key] if one.kind.of == "indicator" else []
        if one.word == "expected_reached":
            names = [name for group in self.promises for name in group]
        rows = {self.layout.linear[place]} if place in self.layout.linear else set()
        for name in names:
            row, years = self.layout.added.get(name, (0, 0))
            rows |= set(range(row, row + years))
        parameters: set[int] = set()
        for work in self.layout.works:
            for field_, at in self.layout.by_work.get(work.work.id, {}).items():
                if work.moves(field_) & rows:
                    parameters.add(at)
        integrated = one.word in {"p_reach", "expected_reached"}
        for name in names:
            keys = [("growth", self.reader.plan.targets[name].of)]
            keys += [] if integrated else [("forecast", name)]
            parameters |= {self.places[key] for key in keys if key in self.places}
        return parameters


# Which sums over works a study needs, and which parameters set which work.

ByWork = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Layout:
    """The table of sums: its rows, and what each work adds to them.

    Attributes
    ----------
    works : tuple of WorkTerms
        In the order of the plan.
    by_work : dict
        Work to field to the place of the parameter that sets it.
    linear : dict of int to int
        Outcomes that are a row, by place.
    added : dict of str to (int, int)
        First row and number of years of what works add to an indicator.
    rows : int
        How many.
    """

    works: tuple[WorkTerms, ...]
    by_work: ByWork
    linear: dict[int, int]
    added: dict[str, tuple[int, int]]
    rows: int


def lay_out(
    reader: Reader,
    outcomes: Sequence[Outcome],
    parameters: Sequence[Parameter],
    indicators: Sequence[str],
) -> Layout:
    """Return the layout of a study.

    Parameters
    ----------
    reader : Reader
        Plan and scenario.
    outcomes : sequence of Outcome
        What is read.
    parameters : sequence of Parameter
        Inputs.
    indicators : sequence of str
        Indicators whose outlook any outcome reads.

    Raises
    ------
    SensitivityError
        If two parameters set the same number, or an uncertain work is set by none.
    """
    by_work = _by_work(reader, parameters)
    linear = {i: row for row, i in enumerate(i for i, one in enumerate(outcomes) if is_summed(one))}
    rows = len(linear)
    added: dict[str, tuple[int, int]] = {}
    for name in indicators:
        of = reader.plan.targets[name].of  # works' effects speak of the series
        is_set = any(one.field == "effect" and one.indicator == of for one in parameters)
        if is_set or any(e.indicator == of for e in reader.resolved.effects):
            years = len(reader.outlook(reader.resolved, name).years)
            added[name] = rows, years
            rows += years
    works = tuple(
        _work(
            reader,
            _as_set(work, parameters, by_work),
            planned,
            outcomes,
            linear,
            added,
            by_work.get(work.id, {}),
        )
        for work, planned in zip(reader.resolved.works, reader.planned.works, strict=True)
    )
    return Layout(works, by_work, linear, added, rows)


def _by_work(reader: Reader, parameters: Sequence[Parameter]) -> ByWork:
    by_work: ByWork = {}
    for place, one in enumerate(parameters):
        if not one.works:
            continue
        field = f"effect:{one.indicator}" if one.field == "effect" else one.field
        for name in works_of(probe(one.works), reader.plan):
            fields = by_work.setdefault(name, {})
            if field in fields:
                other = parameters[fields[field]].name
                raise SensitivityError(
                    N_("{one} and {other} turn the same number of {work!r}. Keep one."),
                    one=other,
                    other=one.name,
                    work=name,
                )
            fields[field] = place
    return by_work


def _as_set(work: Work, parameters: Sequence[Parameter], by_work: ByWork) -> Work:
    """Return a work as its parameter sets it: one of a group is moved, not stretched."""
    place = by_work.get(work.id, {}).get("delay")
    if place is None or parameters[place].works == work.id:
        return work
    return replace(work, mode="move") if work.mode == "stretch" else work


def _work(
    reader: Reader,
    work: Work,
    planned: Work,
    outcomes: Sequence[Outcome],
    linear: dict[int, int],
    added: dict[str, tuple[int, int]],
    fields: dict[str, int],
) -> WorkTerms:
    """Return one work's rows; what is uncertain of it must be set by a parameter."""
    known = work.investment is not None or "investment" in fields
    fixed = _certain(work, fields, known)
    parts: list[Spending | Opening | Addition] = []
    for place, row in linear.items():
        one = outcomes[place]
        if one.word in SPANS or one.word == "spending":
            first, last = span_of(one, reader.plan)
            if known and one.key in {"", work.id}:
                parts.append(Spending(row, first, last))
        else:
            weight = reader.weight(one, work.id)
            if weight:
                parts.append(Opening(row, one.year, weight))
    if known:
        parts += _additions(reader, work.id, added, fields)
    return WorkTerms(fixed, planned, reader.resolved.escalation, tuple(parts))


def _certain(work: Work, fields: dict[str, int], known: bool) -> Work:
    """Return a work without distributions: a parameter sets each of them that can do anything."""
    still = work.finished or (work.cancelled and "cancel" not in fields)
    for value, field_, idle in (
        (work.months, "delay", still),
        (work.factor, "overrun", still or not known),
    ):
        if isinstance(value, Distribution) and field_ not in fields and not idle:
            raise SensitivityError(
                N_(
                    "{name} is uncertain in the scenario and no input. Add it to the inputs, "
                    "or set it to a number."
                ),
                name=f"{field_}:{work.id}",
            )
    if isinstance(work.months, Distribution):
        work = replace(work, months=0.0)
    return replace(work, factor=1.0) if isinstance(work.factor, Distribution) else work


def _additions(
    reader: Reader, work: str, added: dict[str, tuple[int, int]], fields: dict[str, int]
) -> Iterator[Addition]:
    effects = {e.indicator: e for e in reader.resolved.effects if e.project == work}
    for name, (row, years) in added.items():
        indicator = reader.plan.targets[name].of
        unit = reader.outlook(reader.resolved, name).per_effect
        effect = effects.get(indicator)
        if effect is None and f"effect:{indicator}" in fields:
            effect = Effect(work, indicator, 0.0, 0, 1.0, "user", "")
        if effect is not None and unit:
            yield Addition(row, indicator, reader.plan.about.first_year, years, effect, unit)


# What one work adds to money, openings and indicators, draw by draw.

ByField = Mapping[str, Array]
"""Values of a work's parameters by field, draws last: delay, overrun, cancel, investment, and
``effect:INDICATOR``."""


@dataclass(frozen=True, slots=True)
class Spending:
    """Money of the work from the first year to the last."""

    row: int
    first: int
    last: int
    rows: int = 1

    def moved_by(self, field: str) -> bool:
        """Whether a parameter of the work can change it."""
        return not field.startswith("effect:")


@dataclass(frozen=True, slots=True)
class Opening:
    """What is there at the end of a year if the work is over."""

    row: int
    year: int
    weight: float
    rows: int = 1

    def moved_by(self, field: str) -> bool:
        """Whether a parameter of the work can change it."""
        return field in {"delay", "cancel"}


@dataclass(frozen=True, slots=True)
class Addition:
    """What the work adds to a promise's series from ``row`` on, one row a year.

    ``unit`` is what one of the series is in the promise's terms.
    """

    row: int
    indicator: str
    first: int
    rows: int
    effect: Effect
    unit: float = 1.0

    def moved_by(self, field: str) -> bool:
        """Whether a parameter of the work can change it; a dearer work adds nothing."""
        return field in {"delay", "cancel", "investment", f"effect:{self.indicator}"}


@dataclass(frozen=True)
class WorkTerms:
    """One work and the rows it adds to.

    Attributes
    ----------
    work, planned : Work
        As the scenario and as the plan have it.
    escalation : float
        Of money that moves.
    parts : tuple of Spending, Opening or Addition
        What stands in the table of sums, and where.
    """

    work: Work
    planned: Work
    escalation: float
    parts: tuple[Spending | Opening | Addition, ...]

    def moves(self, field: str) -> set[int]:
        """Return the rows that a parameter of the work can move."""
        parts = [part for part in self.parts if part.moved_by(field)]
        return {part.row + k for part in parts for k in range(part.rows)}

    def terms(self, by_field: ByField) -> list[tuple[slice, Array]]:
        """Return what it adds, as rows and values that broadcast to them, draws last."""
        if not self.parts:
            return []
        # one draw where nothing is set: it broadcasts
        months = by_field.get("delay", np.array([_signed(self.work)]))
        factor = by_field.get("overrun", np.array([float(self.work.factor)]))  # type: ignore[arg-type]
        total = by_field.get("investment", np.array([self.work.investment or 0.0]))
        first, bounds = self._bounds(months)
        work = _by_year(self.work, months, factor, bounds, self.escalation, by_field.get("cancel"))
        carried = work.progress
        if self._additions:
            carried = total * carried - self._planned(total, bounds)
        terms: list[tuple[slice, Array]] = []
        for part in self.parts:
            match part:
                case Spending():
                    years = slice(max(0, part.first - first), max(0, part.last + 1 - first))
                    values = (total * work.cost[years]).sum(axis=0)
                case Opening():
                    values = part.weight * (work.end <= last_moment(part.year))
                case Addition():
                    size = by_field.get(f"effect:{part.indicator}", part.effect.per_unit)
                    added = spread(carried, part.effect.lag, part.effect.decay)
                    values = part.unit * size * added[part.first - first :][: part.rows]
            terms.append((slice(part.row, part.row + part.rows), values))
        return terms

    @property
    def _additions(self) -> list[Addition]:
        return [part for part in self.parts if isinstance(part, Addition)]

    def _bounds(self, months: Array) -> tuple[int, Array]:
        """Return the first year and the bounds of all years in which the work can run."""
        years = [a.first + a.rows for a in self._additions]
        begins = min(self.work.start, self.planned.start, self.work.start + months.min())
        first = min([int(begins // 12), *(a.first for a in self._additions)])
        last = int(np.ceil(max(self.work.end + max(months.max(), 0.0), self.planned.end) / 12))
        bounds: Array = 12.0 * np.arange(first, max([last, *years]) + 1, dtype=np.float64)
        return first, bounds

    def _planned(self, total: Array, bounds: Array) -> Array:
        """Return the money carried out by year as planned, which effects are measured against."""
        share = progress(self.planned, np.zeros(1), bounds)
        # money the plan does not know is taken to be in its schedule already
        known = self.planned.investment
        return np.asarray((total if known is None else known) * share)


def _signed(work: Work) -> float:
    return -float(work.months) if work.mode == "accelerate" else float(work.months)  # type: ignore[arg-type]


def _by_year(
    work: Work,
    months: Array,
    factor: Array,
    bounds: Array,
    escalation: float,
    cancelled: Array | None,
) -> YearlyWork:
    """Return the work by year in every draw; negative months are earlier, cancelled is 0 or 1."""
    if cancelled is None:
        return _moved(work, months, factor, bounds, escalation)
    stopped = _moved(replace(work, cancelled=True), months, factor, bounds, escalation)
    going = _moved(replace(work, cancelled=False), months, factor, bounds, escalation)
    yes = cancelled >= 0.5
    return YearlyWork(*(np.where(yes, s, g) for s, g in zip(stopped, going, strict=True)))


def _moved(
    work: Work, months: Array, factor: Array, bounds: Array, escalation: float
) -> YearlyWork:
    later = work if work.mode != "accelerate" else replace(work, mode="move")
    if (months >= 0).all():
        return yearly_work(later, months, factor, bounds, escalation)
    earlier = replace(work, mode="accelerate")
    fast = yearly_work(earlier, np.maximum(-months, 0.0), factor, bounds, escalation)
    if (months <= 0).all():
        return fast
    slow = yearly_work(later, np.maximum(months, 0.0), factor, bounds, escalation)
    late = months >= 0
    return YearlyWork(*(np.where(late, s, f) for s, f in zip(slow, fast, strict=True)))


# Sums over works as parts on the grid of each work's own inputs, of which nothing is sampled.


def summed_places(
    model: PlanModel, spread: Sequence[Spread], tied: Sequence[Dependence]
) -> list[int]:
    """Return the places of the outcomes that are sums over works of independent inputs.

    Two correlated inputs that both move an outcome leave it to the sample, and so does a cost
    or a sum of money without a variance.
    """
    known = [_integrable(one.field, spread[i]) for i, one in enumerate(model.parameters)]
    places = []
    for place in model.layout.linear:
        at = model.reached_by(model.outcomes[place])
        together = any(len(at & set(group.members)) > 1 for group in tied)
        if not together and all(known[i] for i in at):
            places.append(place)
    return places


def _integrable(field: str, spread: Spread) -> bool:
    """Whether a few values can stand for an input: cost and money count by their variance."""
    if field == "delay":
        return bounded(spread)
    return field == "cancel" or linear_nodes(spread) is not None


CANCELLED = 0.5
"""From where on a work counts as cancelled."""


def sum_of_works(model: PlanModel, spread: Sequence[Spread], places: Sequence[int]) -> SumOfParts:
    """Return outcomes that are sums over works, one row each, on the grids of their inputs.

    Parameters
    ----------
    model : PlanModel
        Of the plan.
    spread : sequence of Spread
        Of each parameter.
    places : sequence of int
        Outcomes, of those that `summed_places` names.
    """
    rows = {model.layout.linear[place]: i for i, place in enumerate(places)}
    works = [_Summand(work, rows, model.layout.by_work) for work in model.layout.works]
    works = [one for one in works if one.work.parts]
    nodes: dict[int, Nodes] = {}
    delays: dict[int, list[_Summand]] = {}
    for one in works:
        for field_, i in one.fields.items():
            if field_ == "delay":
                delays.setdefault(i, []).append(one)
            elif i not in nodes:
                linear = None if field_ == "cancel" else linear_nodes(spread[i])
                nodes[i] = linear or switch_nodes(spread[i], CANCELLED)
    for i, moved in delays.items():

        def by_month(months: Array, moved: Sequence[_Summand] = moved) -> Array:
            return np.concatenate([one.over_months(months, nodes) for one in moved])

        nodes[i] = delay_nodes(spread[i], by_month)
    return SumOfParts([one.part(nodes) for one in works])


class _Summand:
    """One work's rows, and the places of the inputs that move them, by field."""

    def __init__(self, work: WorkTerms, rows: Mapping[int, int], by_work: ByWork):
        self.rows = rows
        self.work = replace(work, parts=tuple(part for part in work.parts if part.row in rows))
        fields = by_work.get(work.work.id, {})
        self.fields = {name: i for name, i in fields.items() if self.work.moves(name)}

    def part(self, nodes: Mapping[int, Nodes]) -> Part:
        """Return the work on the grid of its inputs."""
        axes = tuple(sorted(self.fields.values()))
        grid = self._grid([nodes[i].values for i in axes])
        by_place = dict(zip(axes, grid, strict=True))
        values = self._values({name: by_place[i] for name, i in self.fields.items()})
        shape = [len(nodes[i].values) for i in axes]
        weights = tuple(nodes[i].weights for i in axes)
        return Part(axes, weights, values.reshape(len(values), *shape))

    def over_months(self, months: Array, nodes: Mapping[int, Nodes]) -> Array:
        """Return the rows at all nodes of the other inputs, one beside another, (rows, m)."""
        others = {name: i for name, i in self.fields.items() if name != "delay"}
        grid = self._grid([months, *(nodes[i].values for i in others.values())])
        values = self._values(dict(zip(["delay", *others], grid, strict=True)))
        return values.reshape(len(values), len(months), -1).swapaxes(1, 2).reshape(-1, len(months))

    @staticmethod
    def _grid(values: Sequence[Array]) -> list[Array]:
        return [one.ravel() for one in np.meshgrid(*values, indexing="ij")]

    def _values(self, by_field: ByField) -> Array:
        count = max((len(one) for one in by_field.values()), default=1)
        values = np.zeros((len(self.rows), count))
        for row, added in self.work.terms(by_field):
            values[self.rows[row.start]] += np.asarray(added).reshape(-1)
        return values


# What Sobol indices can be asked of: outcomes with a number and a variance.

TAILED = frozenset({"log", "additive"})
"""Routes of a forecast that are Student-t, or its exponential."""


def check(
    reader: Reader, outcomes: Sequence[Outcome], parameters: Sequence[Parameter], layout: Layout
) -> None:
    """Refuse parameters that cannot be set draw by draw, and outcomes without a variance.

    Raises
    ------
    SensitivityError
        For the first of them, with what to ask instead.
    """
    for parameter in parameters:
        if parameter.field in {"baseline", "target"}:
            raise SensitivityError(
                N_(
                    "{name} cannot be an input here. Ask tornado, switching_values or two_way, "
                    "or sobol_indices with a function of your own."
                ),
                name=parameter.name,
            )
    names = {one.name for one in parameters}
    for one in outcomes:
        _check(reader, one, names, layout)


def _check(reader: Reader, one: Outcome, names: set[str], layout: Layout) -> None:
    """Refuse an outcome that has no number, or no variance."""
    if one.word == "expected_reached" or one.kind.of != "indicator":
        if one.word == "spending" and reader.unknown(one.key, layout.by_work):
            raise masked(one.name, "unknown_investment")
        return
    outlook = reader.outlook(reader.resolved, one.key)
    if outlook.reason:
        raise masked(one.name, outlook.reason)
    place = one.year - int(outlook.years[0]) if one.year else 0
    if not 0 <= place < len(outlook.years):
        raise masked(one.name, "not_reported")
    open_ = np.isnan(outlook.known[place]) and f"forecast:{one.key}" in names
    if one.word == "value" and open_ and _tailed(outlook):
        raise SensitivityError(
            N_(
                "{name} has no variance to decompose: its forecast is a Student-t, or the "
                "exponential of one. Ask for {logarithm}, or p_reach:{key}."
            ),
            name=one.name,
            key=one.key,
            logarithm=Name(f"log_value:{one.key}", f"log_value:{one.key}:{one.year}"),
        )
    if one.word == "gap":
        raise SensitivityError(
            N_(
                "{name} is read by tornado and switching_values; ask here for value, log_value, "
                "log_odds or p_reach."
            ),
            name=one.name,
        )
    paths = outlook.goal.score != "final"
    if one.word == "p_reach" and paths and one.key in layout.added:
        raise SensitivityError(
            N_(
                "p_reach:{key}: what works add to {key} is judged year by year along paths, which "
                "gives one probability and not one a draw."
            ),
            key=one.key,
        )


def _tailed(outlook: Outlook) -> bool:
    """Whether a value's forecast is a Student-t, or its exponential; counts and shares are not."""
    if outlook.predictive is not None:
        return outlook.predictive.route in TAILED
    return outlook.indicator.kind not in {"cumulative", "annual", "share"}
