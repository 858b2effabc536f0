"""A plan as a function of its levers, many draws at once, updating only what a lever touches.

Money, openings and what works add to indicators are sums over works; an output is one of these
sums, or follows from an indicator's outlook and the sum that works add to it. Swapping one
lever for its value in another sample changes one work's terms, or one outlook; everything
else is kept. Numbers are those of :class:`corridor_model.sensitivity.reader.Reader`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from corridor_model.assess.forecasts import SHOWN, union
from corridor_model.scenario.targets.marginals import NODES
from corridor_model.scenario.targets.odds import is_settled
from corridor_model.scenario.targets.outlook import Outlook
from corridor_model.scenario.targets.reach import loosened, reach
from corridor_model.sensitivity.answerable import check
from corridor_model.sensitivity.estimators import Pairs, all_pairs
from corridor_model.sensitivity.layout import lay_out
from corridor_model.sensitivity.levers import Lever
from corridor_model.sensitivity.masks import logged
from corridor_model.sensitivity.outputs import Output
from corridor_model.sensitivity.promises import alternatives, promises_of
from corridor_model.sensitivity.reader import Reader
from corridor_model.sensitivity.work_terms import Turned

Array = NDArray[np.float64]


@dataclass
class Sample:
    """Lever values, shape (levers, n), the sums over works, and what each group changes in them."""

    values: Array
    sums: Array
    changes: dict[int, Array] = field(default_factory=dict)


@dataclass(frozen=True)
class Drawn:
    """The sums and lever values that one answer is made of."""

    sums: Array
    sample: Sample
    other: Sample | None
    swapped: frozenset[int]

    def value(self, place: int | None) -> Array | None:
        """Return the values of one lever, from the other sample where it is swapped."""
        if place is None:
            return None
        source = self.other if self.other is not None and place in self.swapped else self.sample
        return np.asarray(source.values[place])


class PlanModel:
    """Outputs of a plan over its levers.

    Parameters
    ----------
    reader : Reader
        Plan, scenario and outlooks.
    asked : sequence of Output
        Outputs.
    levers : sequence of Lever
        Inputs, in order.

    Raises
    ------
    SensitivityError
        For outputs that have no number, or no variance, and levers this model cannot turn.
    """

    def __init__(self, reader: Reader, asked: Sequence[Output], levers: Sequence[Lever]):
        self.reader, self.asked, self.levers = reader, list(asked), list(levers)
        self.promises = promises_of(reader)
        names = [one.key for one in asked if one.kind.of == "indicator"]
        if any(one.word == "expected_reached" for one in asked):
            names += [name for group in self.promises for name in group]
        self.layout = lay_out(reader, asked, levers, list(dict.fromkeys(names)))
        self.places = {
            (one.field, one.indicator): i for i, one in enumerate(levers) if not one.works
        }
        self.moving, self.settled = self._split()
        check(reader, self.asked, self.levers, self.layout)

    def touched(self, groups: Sequence[Sequence[int]]) -> list[list[int]]:
        """Return for each output the groups of levers that can move it."""
        reached = [self._reached_by(one) for one in self.asked]
        return [[g for g, group in enumerate(groups) if set(group) & at] for at in reached]

    def pairs(self, place: int, groups: Sequence[Sequence[int]]) -> Pairs:
        """Return the pairs of groups that can interact in an output.

        A sum over works has no interaction between levers of different works.
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
        """Return a sample of lever values with its sums over works."""
        n = values.shape[1]
        sums = np.zeros((self.layout.rows, n))
        made = Sample(values, sums)
        for work in self.layout.works:
            fields = self.layout.by_work.get(work.work.id, {})
            np.add.at(sums, work.rows, work.terms({f: values[i] for f, i in fields.items()}, n))
        return made

    def compare(self, sample: Sample, other: Sample, groups: Sequence[Sequence[int]]) -> None:
        """Work out once what each group, swapped, changes in the sums of a sample."""
        n = sample.values.shape[1]
        for work in self.layout.works:
            fields = self.layout.by_work.get(work.work.id, {})
            own: Turned = {f: sample.values[i] for f, i in fields.items()}
            before = None
            for g, group in enumerate(groups):
                if not set(fields.values()) & set(group):
                    continue
                before = work.terms(own, n) if before is None else before
                swapped = {
                    f: (other if i in group else sample).values[i] for f, i in fields.items()
                }
                change = sample.changes.setdefault(g, np.zeros_like(sample.sums))
                np.add.at(change, work.rows, work.terms(swapped, n) - before)

    def answer(
        self,
        place: int,
        sample: Sample,
        other: Sample | None = None,
        group: int = -1,
        members: Sequence[int] = (),
    ) -> Array:
        """Return one output, shape (n,): of a sample, or with a group's values of the other."""
        asked, change = self.asked[place], sample.changes.get(group)
        if place in self.layout.linear:
            row = self.layout.linear[place]
            own = sample.sums[row]
            return np.asarray(own if change is None else own + change[row])
        sums = sample.sums if change is None else sample.sums + change
        drawn = Drawn(sums, sample, other, frozenset(members))
        return self._expected(drawn) if asked.word == "expected_reached" else self._of(asked, drawn)

    def _of(self, asked: Output, drawn: Drawn) -> Array:
        if asked.word == "p_reach":
            return self._shown(asked.key, drawn)
        value = self._value(asked, drawn)
        return logged(asked, value) if asked.word.startswith("log_") else value

    def _value(self, asked: Output, drawn: Drawn) -> Array:
        """Return an indicator's value in a year: its outlook, and what works add."""
        outlook = self._outlook(asked.key)
        place = asked.year - int(outlook.years[0])
        n = drawn.sample.values.shape[1]
        grown = drawn.value(self.places.get(("growth", asked.key)))
        level = drawn.value(self.places.get(("forecast", asked.key)))
        if grown is not None:
            base = self.reader.grown(asked.key, grown)[place]
        else:
            nodes = self.reader.marginal(outlook).values[place]
            scores: Array = np.zeros(n) if level is None else np.asarray(ndtri(level))
            base = np.interp(scores, NODES, nodes)
        made = base + self._added(asked.key, drawn)[place]
        share = outlook.indicator.kind == "share"
        return np.asarray(np.clip(made, 0.0, 100.0) if share else made)

    def _added(self, name: str, drawn: Drawn) -> Array:
        """Return what works add to an indicator by year, shape (years, n) or (years, 1)."""
        outlook = self._outlook(name)
        if name not in self.layout.added:
            return np.zeros((len(outlook.years), 1))
        row, years = self.layout.added[name]
        return np.where(np.isnan(outlook.known)[:, None], drawn.sums[row : row + years], 0.0)

    def _p(self, name: str, drawn: Drawn) -> Array:
        """Return the probability of a target given the works, the forecast integrated out."""
        outlook, n = self._outlook(name), drawn.sample.values.shape[1]
        place = outlook.goal.year - int(outlook.years[0])
        grown = drawn.value(self.places.get(("growth", name)))
        added = self._added(name, drawn)
        if grown is not None:
            lower, upper = loosened(outlook.goal)
            value = self.reader.grown(name, grown)[place] + added[place]
            met = np.full(n, True) if lower is None else value >= lower
            p = np.asarray(met if upper is None else met & (value <= upper), dtype=np.float64)
        else:
            found = reach(self.reader.marginal(outlook), outlook.goal, added)
            p = np.clip(1 - found.below - found.above, 0.0, 1.0)
        return np.broadcast_to(p, (n,))

    def _shown(self, name: str, drawn: Drawn) -> Array:
        """Return the probability as it is shown: of alternatives, of any; never certain (S14)."""
        group = [n for n in alternatives(self.reader.plan, name) if not self._outlook(n).reason]
        settled = [is_settled(self._outlook(n)) for n in group]
        p, sure = union([self._p(n, drawn) for n in group], settled)
        return p if sure else np.clip(p, *SHOWN)

    def _expected(self, drawn: Drawn) -> Array:
        total = np.full(drawn.sample.values.shape[1], self.settled)
        for group in self.moving:
            missed: Array = np.ones(1)
            for name in group:
                missed = missed * (1.0 - self._p(name, drawn))
            total += 1.0 - missed
        return total

    def _split(self) -> tuple[list[list[str]], float]:
        """Return the promises that a lever can move, and how many of the others are kept."""
        grown = {indicator for field_, indicator in self.places if field_ == "growth"}
        moved = set(self.layout.added) | grown
        moving = [group for group in self.promises if set(group) & moved]
        settled = 0.0
        for group in self.promises:
            if not set(group) & moved:
                kept = [
                    self.reader.reach(o, np.zeros((len(o.years), 1))).p
                    for o in map(self._outlook, group)
                ]
                settled += 1.0 - float(np.prod([1.0 - p for p in kept]))
        return moving, settled

    def _outlook(self, name: str) -> Outlook:
        return self.reader.outlook(self.reader.resolved, name)

    def _reached_by(self, one: Output) -> set[int]:
        """Return the levers that can move an output."""
        place = self.asked.index(one)
        names = [one.key] if one.kind.of == "indicator" else []
        if one.word == "expected_reached":
            names = [name for group in self.promises for name in group]
        rows = {self.layout.linear[place]} if place in self.layout.linear else set()
        for name in names:
            row, years = self.layout.added.get(name, (0, 0))
            rows |= set(range(row, row + years))
        found: set[int] = set()
        for work in self.layout.works:
            for field_, at in self.layout.by_work.get(work.work.id, {}).items():
                if work.moves(field_) & rows:
                    found.add(at)
        integrated = one.word in {"p_reach", "expected_reached"}
        for name in names:
            fields = ("growth",) if integrated else ("growth", "forecast")
            found |= {self.places[f, name] for f in fields if (f, name) in self.places}
        return found
