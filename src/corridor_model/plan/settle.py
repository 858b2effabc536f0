"""Bring a plan's tables together: names to ids, numbers to their indicator's unit.

An office may write an indicator by its Chinese name and a value in another unit of the
same dimension. Both are settled here, before the checks.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import replace
from itertools import chain

from corridor_model.errors import CorridorWarning, Problem
from corridor_model.plan import units
from corridor_model.plan.cells import Quantity
from corridor_model.plan.effects import effect_without_unit
from corridor_model.plan.parse import unit_mismatch
from corridor_model.plan.problems import problem
from corridor_model.plan.table import Table, Value

SLIP = (3e3, 3e5)
"""Between these factors two figures of one indicator look like a slip of 10^4 (or 10^5)."""


FRACTION = 1.0
"""Below this a percentage may have been written as a fraction."""


class UnitSlipWarning(CorridorWarning):
    """A value lies a factor of 10,000 from what is known: 元 for 万元, 万元 for 亿元 (S9)."""


NAMED = {"effects": ("projects",), "uncertainties": ("indicators", "projects")}
"""Tables whose ``target`` may be one of several things: where their names are looked up."""


class Names:
    """Ids of a plan's indicators and works, and what else they are called."""

    def __init__(self, tables: Mapping[str, Table]):
        self._tables = {one: tables[one] for one in ("indicators", "projects") if one in tables}
        self._known = {one: frozenset(table["id"]) for one, table in self._tables.items()}
        self._ids: dict[str, dict[str, str]] = {}

    def to_ids(self, table: Table) -> Table:
        """Replace Chinese or English names by ids; unknown ones are left."""
        settled: dict[str, tuple[Value, ...]] = {}
        for column in table.schema.columns if len(table) else ():
            meant = NAMED.get(table.schema.name, ()) if column.name == "target" else ()
            linked, _, key = column.links.partition(".")
            meant = (linked,) if key == "id" else meant
            meant = tuple(one for one in meant if one in self._known)
            if not meant:
                continue
            said = table[column.name]
            listed = column.type == "list"
            parts = chain(*said) if listed else said
            if all(any(part in self._known[one] for one in meant) for part in parts):
                continue
            ids: dict[str, str] = {}
            for one in reversed(meant):
                ids |= self._called(one)
            settled[column.name] = tuple(
                tuple(ids.get(part, part) for part in each) if listed else ids.get(each, each)
                for each in said
            )
        return replace(table, columns={**table.columns, **settled}) if settled else table

    def _called(self, one: str) -> dict[str, str]:
        if one not in self._ids:
            self._ids[one] = _ids_by_name(self._tables[one])
        return self._ids[one]


def _ids_by_name(known: Table) -> dict[str, str]:
    """Return ids by name, only for names that mean one thing."""
    ids: dict[str, str] = {}
    doubled: set[str] = set()
    for column in ("name_zh", "name_en"):
        for name, identifier in zip(known[column], known["id"], strict=True):
            if name and ids.setdefault(name, identifier) != identifier:
                doubled.add(name)
    for name in doubled:
        del ids[name]
    return ids | {identifier: identifier for identifier in known["id"] if identifier}


def values_to_units(table: Table, indicators: Table) -> tuple[Table, list[Problem]]:
    """Convert a table's ``value`` to the unit of each row's indicator.

    The table's own ``unit`` column, or the unit that stood beside a number, says what it is
    in; an empty one means the indicator's unit.
    """
    if "value" not in table.columns or "indicator" not in table.columns:
        return _leftover_units(table)
    if "unit" not in table.columns and Quantity not in set(map(type, table["value"])):
        return table, []
    wanted = dict(zip(indicators["id"], indicators["unit"], strict=True))
    values: list[Value] = list(table["value"])
    has_units = "unit" in table.columns
    printed: list[Value] = list(table["unit"]) if has_units else [None] * len(values)
    problems: list[Problem] = []
    for row, (indicator, value) in enumerate(zip(table["indicator"], values, strict=True)):
        unit = printed[row]
        if isinstance(value, Quantity):
            values[row], unit = value.value, value.unit
        if indicator not in wanted or value is None:
            continue
        into = wanted[indicator] or ""
        if not unit or unit == into:
            printed[row] = into or None
            continue
        if _is_growth(table, row):
            continue
        try:
            values[row] = units.convert(values[row], unit, into)
            printed[row] = into or None
        except units.UnitError:
            column = "unit" if has_units else "value"
            problems.append(unit_mismatch(table, row, column, unit, into))
    columns = {**table.columns, "value": tuple(values)}
    if has_units:
        columns["unit"] = tuple(printed)
    return replace(table, columns=columns), problems


def _is_growth(table: Table, row: int) -> bool:
    """A growth observation is in percent whatever its indicator's unit."""
    return "measure" in table.columns and table["measure"][row] == "growth"


def _leftover_units(table: Table) -> tuple[Table, list[Problem]]:
    """Return the table without the numbers that have a unit where none belongs, and those."""
    columns, problems = dict(table.columns), []
    for column in table.schema.columns:
        if column.type != "number" or Quantity not in set(map(type, table[column.name])):
            continue
        values = list(table[column.name])
        for row, value in enumerate(values):
            if not isinstance(value, Quantity):
                continue
            values[row] = None  # unknown, so that no later check takes it for a number
            told = (
                effect_without_unit(column.name, value) if table.schema.name == "effects" else None
            )
            problems.append(
                problem(table, row, column.name, *told)
                if told
                else unit_mismatch(table, row, column.name, value.unit, "")
            )
        columns[column.name] = tuple(values)
    return replace(table, columns=columns), problems


class CountStartWarning(CorridorWarning):
    """A count since the plan began was given a start other than 0 (S4)."""


def _count_start(table: Table, row: int, value: float) -> Problem:
    return Problem(
        f"累计类目标自计划开始从0起算，这里的{value:g}将视为已经完成的数量。",
        f"counts since the plan began start at 0; {value:g} is taken as already done.",
        "若是现有总数，请删去这一行。",
        "If it is the number there are in all, remove this row.",
        table.file,
        table.lines[row] if table.lines else None,
        "value",
    )


def _fraction(table: Table, row: int, value: float) -> Problem:
    return Problem(
        f"{value:g}的单位是%，与目标相差约百倍。",
        f"{value:g} is in %, about a hundredth of the target.",
        f"是否把{value * 100:g}%写成了{value:g}？",
        f"Was {value * 100:g} % meant?",
        table.file,
        table.lines[row] if table.lines else None,
        "value",
    )


def warn_of_slips(table: Table, tables: Mapping[str, Table]) -> None:
    """Warn where a baseline lies a factor of about 10,000 from its indicator's target."""
    if not len(table):
        return
    targets = dict(zip(tables["targets"]["indicator"], tables["targets"]["value"], strict=True))
    kinds = dict(zip(tables["indicators"]["id"], tables["indicators"]["kind"], strict=True))
    for row, (indicator, value) in enumerate(zip(table["indicator"], table["value"], strict=True)):
        target = targets.get(indicator)
        kind = kinds.get(indicator)
        if value and kind == "cumulative":
            warnings.warn(CountStartWarning(_count_start(table, row, value)), stacklevel=4)
        if kind not in {"level", "cumulative", "share", "ratio"} or not value or not target:
            continue
        if kind in {"share", "ratio"}:
            if value < FRACTION and 30 < target / value < 300:
                warnings.warn(UnitSlipWarning(_fraction(table, row, value)), stacklevel=4)
            continue
        times = max(abs(value / target), abs(target / value))
        if SLIP[0] < times < SLIP[1]:
            slip = Problem(
                f"{indicator}的数值{value:g}与目标{target:g}相差约{times:,.0f}倍。",
                f"{indicator} is {value:g} and its target {target:g}: a factor of {times:,.0f}.",
                "单位是否把万元写成了亿元，或把元写成了万元？",
                "Was 万元 meant for 亿元, or 元 for 万元?",
                table.file,
                table.lines[row] if table.lines else None,
                "value",
            )
            warnings.warn(UnitSlipWarning(slip), stacklevel=4)
