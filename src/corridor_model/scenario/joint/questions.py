"""What the joint engine is asked: limits of scores, needs of indicators, responses of works."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from corridor_model.scenario.joint.correlation import Together
from corridor_model.scenario.joint.counting import Asked, Question
from corridor_model.scenario.joint.needs import ENDS, Need, Varying
from corridor_model.scenario.joint.scores import SCORES
from corridor_model.scenario.targets.marginals import Marginal
from corridor_model.scenario.targets.outlook import Outlook
from corridor_model.scenario.targets.reach import limits, loosened, rows_by_year, shift

if TYPE_CHECKING:
    from corridor_model.scenario.targets.promised import Promised
    from corridor_model.scenario.targets.single import Result

Array = NDArray[np.float64]
Term = tuple[int, float]
"""Place of a response, and its factor."""
NEVER = 1e30
"""A need that nothing meets, within float32 and still a number to interpolate."""
_AT = np.linspace(-ENDS, ENDS, 2049)


def question_of(
    counted: Promised,
    tied: Together,
    results: list[Result],
    marginals: dict[int, Marginal],
    draws: int,
    seed: int,
) -> Question:
    """Return what the joint engine is asked."""
    works = tuple(dict.fromkeys(t.work.id for r in results for t in r.moved if t.uncertain))
    needed = _NeedsOf(marginals)
    names = list(counted.names)
    asked = []
    for result in results:
        varying = _varying(names, works, result, needed)
        lower, upper = _limits(names, result)
        asked.append(Asked(lower, upper, varying, result.resolved.paired, result.resolved.common))
    needs = tuple(needed.made)
    return Question(
        counted.names,
        tied,
        tuple(asked),
        works,
        counted.groups,
        draws,
        seed,
        counted.singles,
        needs,
    )


def one_sided(outlook: Outlook) -> bool:
    """Whether a target has one bound only, or is read as a distance to the nearer one."""
    goal = outlook.goal
    return goal.score != "final" or goal.lower is None or goal.upper is None


def _limits(names: list[str], result: Result) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the limits of scores that give each indicator's probability."""
    below, above = np.array([result.missed[name] for name in names]).reshape(-1, 2).T
    alone = np.array([one_sided(result.outlooks[name]) for name in names], dtype=np.bool_)
    lower, upper = limits(below, above, alone)
    return lower.astype(np.float32), upper.astype(np.float32)


Bound = tuple[tuple[int, ...], int, float]
"""Years whose additions count together, place of what they must bring, and their sign."""


class _NeedsOf:
    """The needs of outlooks, each made once for all scenarios that share it."""

    def __init__(self, marginals: dict[int, Marginal]):
        self.made: list[Need] = []
        self._marginals = marginals
        self._bounds: dict[int, list[Bound]] = {}

    def of(self, outlook: Outlook, indicator: int) -> list[Bound]:
        """Return what an outlook needs: every one of several bounds."""
        if id(outlook) not in self._bounds:
            marginal = self._marginals[id(outlook)]
            made = final_needs if outlook.goal.score == "final" else yearly_needs
            bounds = []
            for years, need, sign in made(marginal, indicator):
                bounds.append((years, len(self.made), sign))
                self.made.append(need)
            self._bounds[id(outlook)] = bounds
        return self._bounds[id(outlook)]


def final_needs(
    marginal: Marginal, indicator: int
) -> Iterator[tuple[tuple[int, ...], Need, float]]:
    """Yield what the bounds of a final target need, and the sign with which additions count.

    With the shift d of :func:`corridor_model.scenario.targets.reach.shift`, the target is missed
    below with probability F(L - a) + d, so that the score z of good news reaches it where
    Phi(z) >= F(L - a) + d: where a >= L - x(Phi(z) - d).
    """
    outlook = marginal.outlook
    goal = outlook.goal
    lower, upper = loosened(goal)
    more, less = shift(marginal, goal, True)
    steps = marginal.paths is not None
    p = _levels(len(_sorted(marginal))) if steps else ndtr(_AT)

    def need(p: Array, bound: float, sign: float) -> Need:
        made = sign * (bound - _values(marginal, p))
        return _need(indicator, made, p if sign > 0 else 1 - p, steps)

    if lower is not None:
        yield (goal.year,), need(p - more, lower, 1.0), 1.0
    if upper is not None:
        # of an upper bound alone the score of good news falls with the value
        yield (goal.year,), need((p if lower is not None else p[::-1]) + less, upper, -1.0), -1.0


def yearly_needs(
    marginal: Marginal, indicator: int
) -> Iterator[tuple[tuple[int, ...], Need, float]]:
    """Yield what every open year needs (a minimum or maximum of all years), or their sum.

    The score of good news says which path is met: paths are in the order of how far they are
    from missing the target without works. Works then add to each year of that path.
    """
    goal = marginal.outlook.goal
    lower, upper = loosened(goal)
    nothing = np.zeros((len(marginal.outlook.years), 1))
    low = rows_by_year(marginal, goal, nothing)
    high = rows_by_year(marginal, replace(goal, own=()), nothing)
    open_ = np.isnan(marginal.outlook.known)
    years = [year for year in low if open_[marginal.place(year)]]
    if goal.score == "sum":
        low = high = {goal.year: np.sum(list(low.values()), axis=0)}
    room = [row - lower for row in low.values()] if lower is not None else []
    room += [upper - row for row in high.values()] if upper is not None else []
    order = np.argsort(np.min(room, axis=0), kind="stable")
    more = sum(shift(marginal, goal, True))
    p = _levels(len(order)) - more
    path = order[np.clip(np.floor(p * len(order)), 0, len(order) - 1).astype(np.intp)]
    for rows, bound, sign in ((low, lower, 1.0), (high, upper, -1.0)):
        if bound is None:
            continue
        # a year that is known is missed whatever works do, or asks for nothing
        known = [sign * (bound - row[path]) for year, row in rows.items() if year not in years]
        lost = np.max(known, axis=0, initial=-NEVER) > 0 if goal.score != "sum" else False
        for year, row in rows.items():
            if year in years or goal.score == "sum":
                made = np.where(lost, NEVER, sign * (bound - row[path]))
                counted = tuple(years) if goal.score == "sum" else (year,)
                yield counted, _need(indicator, made, p, True), sign


def _levels(number: int) -> Array:
    return np.asarray((np.arange(number) + 0.5) / number)


def _need(indicator: int, made: Array, p: Array, steps: bool) -> Need:
    """Return a need by score of good news: nothing meets it below p = 0, anything above 1."""
    made = np.where(p <= 0, NEVER, np.where(p >= 1, -NEVER, made))
    return Need(indicator, made.astype(np.float32), steps)


def _sorted(marginal: Marginal) -> Array:
    assert marginal.paths is not None
    return marginal.ordered(marginal.outlook.goal.year)


def _values(marginal: Marginal, p: Array) -> Array:
    """Return the value of the target year at probabilities, without works."""
    if marginal.paths is not None:
        ordered = _sorted(marginal)
        place = np.floor(np.clip(p, 0.0, 1.0) * len(ordered)).astype(np.intp)
        return np.asarray(ordered[np.minimum(place, len(ordered) - 1)])
    return marginal.value_at(marginal.outlook.goal.year, ndtri(np.clip(p, 0.0, 1.0)))


def _varying(
    names: list[str], works: Sequence[str], result: Result, needed: _NeedsOf
) -> Varying | None:
    """Return what works with an uncertain delay add to open targets; None if nothing."""
    rows = _Rows(works)
    first = min((int(o.years[0]) for o in result.outlooks.values()), default=0)
    longest = max((len(o.years) for o in result.outlooks.values()), default=1)
    places = {name: i for i, name in enumerate(names) if _is_open(result.outlooks[name])}
    bounds = {
        name: needed.of(result.outlooks[name], places[name])
        for name in dict.fromkeys(e.indicator for t in result.moved for e in t.effects)
        if name in places
    }
    for touch in result.moved:
        wanted = [effect for effect in touch.effects if effect.indicator in bounds]
        if not wanted:
            continue
        z = SCORES if touch.uncertain else np.zeros(1)
        by_way = dict(touch.moved(touch.months(z), first, longest))
        for effect in wanted:
            by_year = by_way[effect.lag, effect.decay]
            for years in dict.fromkeys(years for years, _, _ in bounds[effect.indicator]):
                row = by_year[[year - first for year in years]].sum(axis=0)
                key = (touch.work.id, effect.lag, effect.decay, years)
                rows.add((effect.indicator, years), key, row, effect.per_unit)
    found: list[tuple[int, list[Term], float, int]] = []
    seconds: list[int] = []
    for name in names:
        if not any((name, years) in rows.terms for years, _, _ in bounds.get(name, ())):
            continue
        for k, (years, place, sign) in enumerate(bounds[name]):
            terms = [(at, sign * factor) for at, factor in rows.terms_of(name, years)]
            if k:
                seconds.append(len(found))
            found.append((place, terms, sign * rows.fixed.get((name, years), 0.0), places[name]))
    return _laid_out(found, seconds, rows) if found else None


def _is_open(outlook: Outlook) -> bool:
    """Whether works can change the probability in each draw, not only on average."""
    goal, told = outlook.goal, outlook.told
    last = goal.year - int(outlook.years[0])
    known = ~np.isnan(outlook.known[: last + 1])
    closed = known[last] if goal.score == "final" else known.all()
    return not closed and not (told is not None and told.settled)


Counted = tuple[str, tuple[int, ...]]
"""An indicator and the years that count together."""
Key = tuple[str, int, float, tuple[int, ...]]
"""A work, the lag and decay of an effect, and years."""


class _Rows:
    """Responses of works, each once, and what each indicator makes of them."""

    def __init__(self, works: Sequence[str]):
        self._places = {work: place for place, work in enumerate(works)}
        self._keys: dict[Key, int] = {}
        self.works: list[int] = []
        self.responses: list[NDArray[np.float32]] = []
        self._units: list[float] = []
        self.terms: dict[Counted, list[Term]] = {}
        self.fixed: dict[Counted, float] = {}

    def terms_of(self, name: str, years: tuple[int, ...]) -> list[Term]:
        """Return the terms of a bound; of one that no uncertain work touches, a term of 0."""
        return self.terms.get((name, years)) or [(0, 0.0)]

    def add(self, name: Counted, key: Key, row: Array, per_unit: float) -> None:
        """Note one effect; a row that does not vary is a number."""
        if row.min() == row.max():
            self.fixed[name] = self.fixed.get(name, 0.0) + per_unit * float(row[0])
            return
        if key not in self._keys:
            self._keys[key] = len(self.responses)
            # in the unit of the first indicator: where all have one effect, nothing is scaled
            self.works.append(self._places[key[0]])
            self.responses.append((per_unit * row).astype(np.float32))
            self._units.append(per_unit)
        at = self._keys[key]
        self.terms.setdefault(name, []).append((at, per_unit / self._units[at]))


def _laid_out(
    found: list[tuple[int, list[Term], float, int]], seconds: list[int], rows: _Rows
) -> Varying:
    """Return rows by falling number of summands, so that each slot is one stretch of them."""
    order = sorted(range(len(found)), key=lambda row: -len(found[row][1]))
    slots = []
    for k in range(len(found[order[0]][1])):
        terms = [found[row][1][k] for row in order if len(found[row][1]) > k]
        at, factors = zip(*terms, strict=True)
        slots.append((np.array(at, dtype=np.intp), np.array(factors, dtype=np.float32)))
    fixed = np.array([[found[row][2]] for row in order], dtype=np.float32)
    pairs = [(place, found[row][3]) for place, row in enumerate(order)]
    second = {place for place, row in enumerate(order) if row in set(seconds)}
    return Varying(
        tuple(found[row][0] for row in order),
        tuple(rows.works),
        np.array(rows.responses),
        tuple(slots),
        fixed,
        tuple(pair for pair in pairs if pair[0] not in second),
        tuple(pair for pair in pairs if pair[0] in second),
    )
