"""What a person should look at, though the figures are taken: slips of units, series breaks."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from corridor_model.errors import CorridorWarning, Problem
from corridor_model.observations.meaning import period_of
from corridor_model.plan.plan import Plan
from corridor_model.plan.problems import problem
from corridor_model.plan.settle import UnitSlipWarning
from corridor_model.plan.table import Table
from corridor_model.plan.units import scale

SLIP = 3000.0
"""From this factor on, two figures of one amount look like a slip of 10,000 or more."""

PERCENT_SLIP = (50.0, 200.0)
"""Within these factors two percentages look like 0.65 for 65 %."""

_SCALED = frozenset({"money", "us dollars", "area", "coal equivalent", "energy"})


class SeriesBreakWarning(CorridorWarning):
    """A figure is of another series than the one it would be compared with (S10)."""


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning to be given once its place is known."""

    category: type[CorridorWarning]
    problem: Problem

    def place(self, placed: Callable[[Problem], Problem]) -> Warned:
        """Return the warning with its problem at the cell it came from."""
        return replace(self, problem=placed(self.problem))

    def show(self) -> None:
        """Give the warning to the caller of the loading function."""
        warnings.warn(self.category(self.problem), stacklevel=4)


def unit_slips(table: Table, known: Table, plan: Plan) -> Iterator[Warned]:
    """Yield figures that lie a factor of 10,000 (or, for percentages, 100) from what is known.

    Compared are baselines, targets and earlier figures; where there are none, the other
    figures of the file.
    """
    references = _references(known, plan)
    own = _levels(table)
    for row, (name, measure, value) in enumerate(
        zip(table["indicator"], table["measure"], table["value"], strict=True)
    ):
        indicator = plan.indicators[name]
        if measure not in {"level", "addition"} or not value or indicator.kind == "growth":
            continue
        beside = references.get(name) or [v for r, v in own.get(name, ()) if r != row]
        factors = [max(abs(value / v), abs(v / value)) for v in beside if v]
        if not factors:
            continue
        nearest = min(factors)
        if _scaled(indicator.unit) and nearest > SLIP:
            hint = (
                "是否把万元写成了亿元，或把元写成了万元？",
                "Was 万元 meant for 亿元, or 元 for 万元?",
            )
        elif indicator.unit == "%" and PERCENT_SLIP[0] < nearest < PERCENT_SLIP[1]:
            hint = ("是否把65%写成了0.65？", "Was 65 % written as 0.65?")
        else:
            continue
        like = min(beside, key=lambda v: abs(math.log(abs(value / v))) if v else math.inf)
        what = (
            f"{indicator.name_zh}为{value:g}{indicator.unit}，已知为{like:g}，"
            f"相差约{nearest:,.0f}倍。",
            f"{name} is {value:g} {indicator.unit}, known is {like:g}: a factor of {nearest:,.0f}.",
        )
        yield Warned(UnitSlipWarning, problem(table, row, "value", what, hint))


def _levels(table: Table) -> dict[str, list[tuple[int, float]]]:
    found: dict[str, list[tuple[int, float]]] = {}
    columns = (table[name] for name in ("indicator", "measure", "value"))
    for row, (name, measure, value) in enumerate(zip(*columns, strict=True)):
        if measure in {"level", "addition"}:
            found.setdefault(name, []).append((row, value))
    return found


def _references(known: Table, plan: Plan) -> Mapping[str, list[float]]:
    """Return baselines, targets and earlier levels by indicator, without zeros."""
    found: dict[str, list[float]] = {}
    for name, indicator in plan.indicators.items():
        values = [b.value for b in indicator.baselines] + [t.value for t in indicator.targets]
        found[name] = [value for value in values if value]
    for name, levels in _levels(known).items():
        found.setdefault(name, []).extend(value for _, value in levels if value)
    return found


def _scaled(unit: str) -> bool:
    """Return whether a unit is one that offices print in steps of 10,000."""
    known = scale(unit)
    return known is not None and any(part in _SCALED for part in known.dimension.split("/"))


def series_breaks(table: Table, known: Table, plan: Plan) -> Iterator[Warned]:
    """Yield the first figure of each indicator that another series stands before.

    A figure without a series breaks nothing: it says nothing of its series.
    """
    before: dict[str, list[tuple[int, str]]] = {}
    for name, indicator in plan.indicators.items():
        before[name] = [(b.year, b.series) for b in indicator.baselines if b.series]
    for name, year, series in (*_series(known), *_series(table)):
        before.setdefault(name, []).append((year, series))
    told: set[str] = set()
    rows = zip(table["indicator"], table["period"], table["measure"], table["series"], strict=True)
    for row, (name, text, measure, series) in enumerate(rows):
        if measure != "level" or not series or name in told:
            continue
        year = period_of(text).year
        other = [(y, s) for y, s in before.get(name, ()) if y < year and s != series]
        if not other:
            continue
        told.add(name)
        since, earlier = max(other)
        label = plan.indicators[name].name_zh
        yield Warned(
            SeriesBreakWarning,
            problem(
                table,
                row,
                "series",
                (
                    f"{label}{year}年的口径“{series}”与{since}年的“{earlier}”不同。",
                    f"{name} of {year} is of the series {series!r}, {since} of {earlier!r}.",
                ),
                (
                    "跨口径比较仍会计算，但会标明。",
                    "A comparison across the break is computed and flagged.",
                ),
            ),
        )


def _series(table: Table) -> Iterator[tuple[str, int, str]]:
    rows = zip(table["indicator"], table["period"], table["measure"], table["series"], strict=True)
    for name, text, measure, series in rows:
        if measure == "level" and series:
            yield name, period_of(text).year, series
