"""What an indicator's score leaves to works, and whether what they add is enough.

With x(z) the value at a normal score z without works, and a what works add, «at least L» is
met where a >= L - x(z), and «at most U» where -a >= x(z) - U. The right side belongs to the
indicator alone: it is looked up once a draw and shared by all scenarios.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri

from corridor_model._typing import Array, Array32, Index, Mask
from corridor_model.scenario.attainment import rounding_bounds, rows_by_year, shift
from corridor_model.scenario.correlation import BLOCK, SCORES
from corridor_model.scenario.marginals import Marginal
from corridor_model.scenario.outlook import Outlook

if TYPE_CHECKING:
    from corridor_model.scenario.correlation import Delays
    from corridor_model.scenario.per_target import PerTarget


ENDS = 6.0
"""Scores between which a smooth table runs, in even steps."""


@dataclass(frozen=True, slots=True, eq=False)
class Need:
    """What one bound of one indicator needs works to add.

    Attributes
    ----------
    indicator : int
        Place among the indicators.
    table : ndarray of float32
        Need by score of good news, falling: at even steps of the score within `ENDS`, or at
        even steps of its probability.
    steps : bool
        Whether by probability: the values of paths, each as likely as the next.
    """

    indicator: int
    table: Array32
    steps: bool = False

    def at(self, scores: Array32) -> Array32:
        """Return the need in each draw."""
        last = len(self.table) - 1
        if self.steps:
            place = ndtr(scores) * np.float32(last + 1)
            return self.table.take(np.minimum(place.astype(np.intp), last))
        place = (scores + np.float32(ENDS)) * np.float32(last / (2 * ENDS))
        np.clip(place, 0, last, out=place)
        left = np.minimum(place.astype(np.intp), last - 1)
        place -= left
        rise = np.diff(self.table).take(left)
        rise *= place
        rise += self.table.take(left)
        return rise


class Needs:
    """What a task's draws need, and its works' delays; looked up once for all scenarios."""

    def __init__(self, needs: tuple[Need, ...], scores: Array32, delays: Delays):
        self._needs, self._scores, self.delays = needs, scores, delays
        self._last: tuple[tuple[int, ...], Array32] | None = None
        self._scratch: Array32 = np.empty(0, dtype=np.float32)

    def scratch(self, rows: int, size: int) -> Array32:
        """Return room to write in, kept from scenario to scenario: new memory is slow.

        In one piece, whose rows of `BLOCK` draws begin at the same place of a memory page:
        a row copied to one that begins a little later in its page takes ten times as long.
        """
        if self._scratch.size < rows * size:
            self._scratch = np.empty(rows * size, dtype=np.float32)
        return self._scratch[: rows * size].reshape(rows, size)

    def rows(self, which: tuple[int, ...]) -> Array32:
        """Return some needs, shape (rows, draws); those of the last scenario are kept."""
        if self._last is None or self._last[0] != which:
            rows = np.empty((len(which), self._scores.shape[1]), dtype=np.float32)
            before = {} if self._last is None else dict(zip(*self._last, strict=True))
            for row, at in zip(rows, which, strict=True):
                need = self._needs[at]
                row[:] = before[at] if at in before else need.at(self._scores[need.indicator])
            self._last = (which, rows)
        return self._last[1]


@dataclass(frozen=True, slots=True, eq=False)
class Varying:
    """What works with an uncertain delay add in one scenario, row by row of its needs.

    Attributes
    ----------
    needs : tuple of int
        Place of each row's need.
    works : tuple of int
        Places of works, once for each of their responses.
    responses : ndarray of float32, shape (responses, scores)
        What they add at the scores tabulated, per unit.
    slots : tuple of (ndarray of int, ndarray of float32)
        Of the k-th summand of the first rows: place among the responses, and its factor.
    fixed : ndarray of float32, shape (rows, 1)
        What certain works add.
    firsts : tuple of (int, int)
        Row and indicator.
    seconds : tuple of (int, int)
        The same for the other bound of a range.
    """

    needs: tuple[int, ...]
    works: tuple[int, ...]
    responses: Array32
    slots: tuple[tuple[Index, Array32], ...]
    fixed: Array32
    firsts: tuple[tuple[int, int], ...]
    seconds: tuple[tuple[int, int], ...] = ()

    def meet(self, needs: Needs, paired: float, common: float, met: Mask) -> None:
        """Put down in which draws the indicators of these rows are reached."""
        rows, indicators = (list(each) for each in zip(*self.firsts, strict=True))
        needed = needs.rows(self.needs)
        places = needs.delays.places(self.works, paired, common)
        for at, start in zip(places, range(0, met.shape[1], BLOCK), strict=True):
            part = slice(start, start + at.shape[1])
            added = self._added(at, needs)
            own = rows == indicators == list(range(len(met)))
            if own and not self.seconds:  # every one in its own place, with one bound
                np.greater_equal(added, needed[:, part], out=met[:, part])
                continue
            hit = added >= needed[:, part]
            met[indicators, part] = hit[rows]
            for row, indicator in self.seconds:
                met[indicator, part] &= hit[row]

    def _added(self, at: Index, needs: Needs) -> Array32:
        """Return what works add to each row, shape (rows, draws)."""
        responses, rows = len(self.works), len(self.needs)
        scratch = needs.scratch(responses + 2 * rows, at.shape[1])
        responses_at, added, other = np.split(scratch, [responses, responses + rows])
        # every place lies within the table: "clip" only spares a copy
        self.responses.take(at, out=responses_at, mode="clip")
        for k, (places, factors) in enumerate(self.slots):
            into = (other if k else added)[: len(places)]
            responses_at.take(places, axis=0, out=into, mode="clip")
            if (factors != 1).any():
                into *= factors[:, None]
            if k:
                added[: len(places)] += into
        if self.fixed.any():
            added += self.fixed
        return added


# What each bound of a target leaves to works, by score of good news (S13).

NEVER = 1e30
"""A need that nothing meets, within float32 and still a number to interpolate."""
_AT = np.linspace(-ENDS, ENDS, 2049)
Bound = tuple[tuple[int, ...], int, float]
"""Years whose additions count together, place of what they must bring, and their sign."""


class NeedsOf:
    """The needs of outlooks, each made once for all scenarios that share it."""

    def __init__(self, marginal: Callable[[Outlook], Marginal]):
        self.needs: list[Need] = []
        self._marginal = marginal
        self._bounds: dict[Outlook, list[Bound]] = {}

    def of(self, outlook: Outlook, indicator: int) -> list[Bound]:
        """Return what an outlook needs: every one of several bounds."""
        if outlook not in self._bounds:
            needs_of = final_needs if outlook.goal.score == "final" else yearly_needs
            bounds = []
            for years, need, sign in needs_of(self._marginal(outlook), indicator):
                bounds.append((years, len(self.needs), sign))
                self.needs.append(need)
            self._bounds[outlook] = bounds
        return self._bounds[outlook]


def final_needs(
    marginal: Marginal, indicator: int
) -> Iterator[tuple[tuple[int, ...], Need, float]]:
    """Yield what the bounds of a final target need, and the sign with which additions count.

    With the shift d of :func:`corridor_model.scenario.attainment.shift`, the target is missed
    below with probability F(L - a) + d, so that the score z of good news reaches it where
    Phi(z) >= F(L - a) + d: where a >= L - x(Phi(z) - d).
    """
    outlook = marginal.outlook
    goal = outlook.goal
    lower, upper = rounding_bounds(goal)
    more, less = shift(marginal, goal, True)
    steps = marginal.paths is not None
    p = _levels(len(marginal.ordered(goal.year))) if steps else ndtr(_AT)

    def need(p: Array, bound: float, sign: float) -> Need:
        amounts = sign * (bound - _values(marginal, p))
        return _need(indicator, amounts, p if sign > 0 else 1 - p, steps)

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
    lower, upper = rounding_bounds(goal)
    nothing = np.zeros((len(marginal.outlook.years), 1))
    low = rows_by_year(marginal, goal, nothing)
    high = rows_by_year(marginal, replace(goal, own=()), nothing)
    open_ = np.isnan(marginal.outlook.known)
    years = [year for year in low if open_[marginal.place(year)]]
    if goal.score == "sum":
        low = high = {goal.year: np.sum(list(low.values()), axis=0)}
    margins = [row - lower for row in low.values()] if lower is not None else []
    margins += [upper - row for row in high.values()] if upper is not None else []
    order = np.argsort(np.min(margins, axis=0), kind="stable")
    more = sum(shift(marginal, goal, True))
    p = _levels(len(order)) - more
    path = order[np.clip(np.floor(p * len(order)), 0, len(order) - 1).astype(np.intp)]
    for rows, bound, sign in ((low, lower, 1.0), (high, upper, -1.0)):
        if bound is None:
            continue
        # a year that is known is missed whatever works do, or asks for nothing
        known = [sign * (bound - row[path]) for year, row in rows.items() if year not in years]
        unreachable = np.max(known, axis=0, initial=-NEVER) > 0 if goal.score != "sum" else False
        for year, row in rows.items():
            if year in years or goal.score == "sum":
                amounts = np.where(unreachable, NEVER, sign * (bound - row[path]))
                counted = tuple(years) if goal.score == "sum" else (year,)
                yield counted, _need(indicator, amounts, p, True), sign


def _levels(number: int) -> Array:
    return np.asarray((np.arange(number) + 0.5) / number)


def _need(indicator: int, amounts: Array, p: Array, steps: bool) -> Need:
    """Return a need by score of good news: nothing meets it below p = 0, anything above 1."""
    amounts = np.where(p <= 0, NEVER, np.where(p >= 1, -NEVER, amounts))
    return Need(indicator, amounts.astype(np.float32), steps)


def _values(marginal: Marginal, p: Array) -> Array:
    """Return the value of the target year at probabilities, without works."""
    if marginal.paths is not None:
        ordered = marginal.ordered(marginal.outlook.goal.year)
        place = np.floor(np.clip(p, 0.0, 1.0) * len(ordered)).astype(np.intp)
        return np.asarray(ordered[np.minimum(place, len(ordered) - 1)])
    return marginal.value_at(marginal.outlook.goal.year, ndtri(np.clip(p, 0.0, 1.0)))


def is_open(outlook: Outlook) -> bool:
    """Whether works can change the probability in each draw, not only on average."""
    goal, answer = outlook.goal, outlook.missed
    last = outlook.place(goal.year)
    known = ~np.isnan(outlook.known[: last + 1])
    closed = known[last] if goal.score == "final" else known.all()
    return not closed and not (answer is not None and answer.settled)


# What works with an uncertain delay add in one scenario, laid out for the draws.

Term = tuple[int, float]
"""Place of a response, and its factor."""
Row = tuple[int, list[Term], float, tuple[int, bool]]
"""One bound: its need, what uncertain and certain works add, indicator, whether the second."""
FAR = 1e12
"""Effects within which one may be the unit of another in float32."""
Counted = tuple[str, tuple[int, ...]]
"""An indicator and the years that count together."""
Key = tuple[str, int, float, tuple[int, ...]]
"""A work, the lag and decay of an effect, and years."""


def varying_of(
    names: list[str], works: Sequence[str], result: PerTarget, needed: NeedsOf
) -> Varying | None:
    """Return what works with an uncertain delay add to open targets; None if nothing."""
    rows = _Rows(works)
    first = min((int(o.years[0]) for o in result.outlooks.values()), default=0)
    longest = max((len(o.years) for o in result.outlooks.values()), default=1)
    places = {name: i for i, name in enumerate(names) if is_open(result.outlooks[name])}
    moved = dict.fromkeys(e.indicator for c in result.contributions for e in c.effects)
    # every promise of a series that works add to
    promised: dict[str, list[str]] = {
        of: [
            name
            for name in places
            if result.outlooks[name].indicator.of == of and result.outlooks[name].per_effect
        ]
        for of in moved
    }
    bounds = {
        name: needed.of(result.outlooks[name], places[name])
        for each in promised.values()
        for name in each
    }
    for one in result.contributions:
        wanted = [
            (effect, name) for effect in one.effects for name in promised.get(effect.indicator, ())
        ]
        if not wanted:
            continue
        z = SCORES if one.uncertain else np.zeros(1)
        by_way = dict(one.moved(one.months(z), first, longest))
        for effect, name in wanted:
            by_year = by_way[effect.lag, effect.decay]
            per_unit = effect.per_unit * result.outlooks[name].per_effect
            for years in dict.fromkeys(years for years, _, _ in bounds[name]):
                row = by_year[[year - first for year in years]].sum(axis=0)
                key = (one.work.id, effect.lag, effect.decay, years)
                rows.add((name, years), key, row, per_unit)
    table: list[Row] = []
    for name in names:
        if not any((name, years) in rows.terms for years, _, _ in bounds.get(name, ())):
            continue
        for k, (years, place, sign) in enumerate(bounds[name]):
            # of a bound that no uncertain work touches, a term of 0
            terms = rows.terms.get((name, years)) or [(0, 0.0)]
            terms = [(at, sign * factor) for at, factor in terms]
            fixed = sign * rows.fixed.get((name, years), 0.0)
            table.append((place, terms, fixed, (places[name], k > 0)))
    return _layout(table, rows) if table else None


class _Rows:
    """Responses of works, each once, and what each indicator makes of them."""

    def __init__(self, works: Sequence[str]):
        self._places = {work: place for place, work in enumerate(works)}
        self._keys: dict[Key, int] = {}
        self.works: list[int] = []
        self.responses: list[Array32] = []
        self._units: list[float] = []
        self.terms: dict[Counted, list[Term]] = {}
        self.fixed: dict[Counted, float] = {}

    def add(self, name: Counted, key: Key, row: Array, per_unit: float) -> None:
        """Note one effect; a row that does not vary is a number."""
        if row.min() == row.max():
            self.fixed[name] = self.fixed.get(name, 0.0) + per_unit * float(row[0])
            return
        if key not in self._keys:
            self._keys[key] = len(self.responses)
            # in the unit of the first indicator: where all have one effect, nothing is scaled
            unit = per_unit if 1 / FAR < abs(per_unit) < FAR else 1.0
            self.works.append(self._places[key[0]])
            self.responses.append((unit * row).astype(np.float32))
            self._units.append(unit)
        at = self._keys[key]
        self.terms.setdefault(name, []).append((at, per_unit / self._units[at]))


def _layout(table: list[Row], rows: _Rows) -> Varying:
    """Return rows by falling number of summands, so that each slot is one stretch of them."""
    table = sorted(table, key=lambda row: -len(row[1]))
    needs, summands, fixed, bounds = zip(*table, strict=True)
    slots = []
    for k in range(len(summands[0])):
        at, factors = zip(*(terms[k] for terms in summands if len(terms) > k), strict=True)
        slots.append((np.array(at, dtype=np.intp), np.array(factors, dtype=np.float32)))
    pairs = [(row, indicator) for row, (indicator, _) in enumerate(bounds)]
    return Varying(
        needs,
        tuple(rows.works),
        np.array(rows.responses),
        tuple(slots),
        np.array(fixed, dtype=np.float32)[:, None],
        tuple(pair for pair in pairs if not bounds[pair[0]][1]),
        tuple(pair for pair in pairs if bounds[pair[0]][1]),
    )
