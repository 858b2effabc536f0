"""Numbers under one resolved scenario: money, openings, outlooks, each when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corridor_model.scenario.language.aims import SetTarget
from corridor_model.scenario.targets.alternatives import Alternatives
from corridor_model.scenario.targets.averages import Programme, averaged
from corridor_model.scenario.targets.gaps import gaps, values
from corridor_model.scenario.targets.odds import odds_of
from corridor_model.scenario.targets.outlook import Outlook
from corridor_model.scenario.targets.reach import Reach
from corridor_model.scenario.works import contributions
from corridor_model.scenario.works.resolve import Resolved
from corridor_model.sensitivity.masks import logged, masked
from corridor_model.sensitivity.outputs import Output
from corridor_model.sensitivity.promises import alternatives, promises_of

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan
    from corridor_model.sensitivity.reader import Reader

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
        group = alternatives(self.reader.plan, name)
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
