"""What works with an uncertain delay add in one scenario, laid out for the draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corridor_model.scenario.joint.bounds import NeedsOf, is_open
from corridor_model.scenario.joint.needs import Varying
from corridor_model.scenario.joint.scores import SCORES

if TYPE_CHECKING:
    from corridor_model.scenario.targets.single import Result

Array = NDArray[np.float64]
Term = tuple[int, float]
"""Place of a response, and its factor."""
FAR = 1e12
"""Effects within which one may be the unit of another in float32."""
Counted = tuple[str, tuple[int, ...]]
"""An indicator and the years that count together."""
Key = tuple[str, int, float, tuple[int, ...]]
"""A work, the lag and decay of an effect, and years."""


def varying_of(
    names: list[str], works: Sequence[str], result: Result, needed: NeedsOf
) -> Varying | None:
    """Return what works with an uncertain delay add to open targets; None if nothing."""
    rows = _Rows(works)
    first = min((int(o.years[0]) for o in result.outlooks.values()), default=0)
    longest = max((len(o.years) for o in result.outlooks.values()), default=1)
    places = {name: i for i, name in enumerate(names) if is_open(result.outlooks[name])}
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
            unit = per_unit if 1 / FAR < abs(per_unit) < FAR else 1.0
            self.works.append(self._places[key[0]])
            self.responses.append((unit * row).astype(np.float32))
            self._units.append(unit)
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
