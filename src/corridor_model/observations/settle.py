"""Figures brought to the unit of their indicator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from corridor_model.errors import Problem
from corridor_model.plan import units
from corridor_model.plan.model import Indicator
from corridor_model.plan.parse import unit_mismatch
from corridor_model.plan.table import Table, Value

POINTS = frozenset({"个百分点", "百分点"})


def settle_units(table: Table, indicators: Mapping[str, Indicator]) -> tuple[Table, list[Problem]]:
    """Return observations in the units of their indicators, and what does not convert (S9).

    Growth is in percent. A level of something that has a growth target keeps its own unit.
    """
    values: list[Value] = list(table["value"])
    printed: list[Value] = list(table["unit"])
    problems: list[Problem] = []
    for row, (name, measure) in enumerate(zip(table["indicator"], table["measure"], strict=True)):
        indicator = indicators.get(name)
        if indicator is None or values[row] is None:
            continue
        unit = printed[row] or ""
        if measure == "growth" or (measure is None and indicator.kind == "growth"):
            problem = _growth_unit(table, row, unit, indicator)
            printed[row] = "%"
            if problem is not None:
                problems.append(problem)
            continue
        if indicator.kind == "milestone":
            printed[row] = None
            continue
        if indicator.kind == "growth":
            if unit in {"", "%"}:
                problems.append(_level_needs_unit(table, row, indicator))
            continue
        try:
            values[row] = converted(values[row], unit, indicator.unit)
            printed[row] = indicator.unit or None
        except units.UnitError:
            problems.append(unit_mismatch(table, row, "value", unit, indicator.unit))
    columns = {**table.columns, "value": tuple(values), "unit": tuple(printed)}
    return replace(table, columns=columns), problems


def converted(value: float, unit: str, into: str) -> float:
    """Return a value in another unit, divided where that is exact: 37010万元 is 3.701亿元.

    Raises
    ------
    UnitError
        If the two do not convert.
    """
    if not unit or unit == into:
        return value
    return units.convert(value, unit, into)


def _growth_unit(table: Table, row: int, unit: str, indicator: Indicator) -> Problem | None:
    """Return the mistake of a growth not in percent, or of a share that grows in percent."""
    line = table.lines[row] if table.lines else None
    if indicator.unit == "%" and indicator.kind != "growth":
        if unit in POINTS:
            return Problem(
                f"“{indicator.name_zh}”的变动以个百分点计，不是同比增速。",
                f"{indicator.id!r} is in %; its change is in percentage points, not a growth.",
                "请填写本期值（level）。",
                "Give its value (level).",
                table.file,
                line,
                "value",
            )
        return Problem(
            f"“{indicator.name_zh}”以%计，变动应为个百分点，不应为%。",
            f"{indicator.id!r} is in %; it changes by percentage points (个百分点), not by %.",
            "请填写本期值（level），不填增速。",
            "Give its value (level) instead of a growth.",
            table.file,
            line,
            "value",
        )
    if unit not in {"", "%", "％"}:
        return unit_mismatch(table, row, "value", unit, "%")
    return None


def _level_needs_unit(table: Table, row: int, indicator: Indicator) -> Problem:
    return Problem(
        f"“{indicator.name_zh}”的水平值没有单位。",
        f"the level behind {indicator.id!r} has no unit.",
        "请填写单位，如亿元；若是增速，量别请填growth。",
        "Give its unit, such as 亿元; if it is a growth, use measure growth.",
        table.file,
        table.lines[row] if table.lines else None,
        "unit",
    )
