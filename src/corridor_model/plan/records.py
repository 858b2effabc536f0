"""Records out of tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from corridor_model.plan.model import About, Baseline, Indicator, Project, Target
from corridor_model.plan.origins import preference
from corridor_model.plan.table import Table

Record = TypeVar("Record")


def by_id(table: Table, record: type[Record]) -> dict[str, Record]:
    """Return one record a row, by id; the record's fields are the table's columns."""
    make: Any = record
    return {row["id"]: make(**row) for row in table.rows()}


def about(tables: Mapping[str, Table]) -> About:
    """Return the plan's own row."""
    return next(About(**row) for row in tables["about"].rows())


def projects(tables: Mapping[str, Table]) -> dict[str, Project]:
    """Return works by id; the column ``class`` is a Python keyword and becomes ``class_``."""
    made = {}
    for row in tables["projects"].rows():
        row["class_"] = row.pop("class")
        made[row["id"]] = Project(**row)
    return made


def baselines(tables: Mapping[str, Table]) -> tuple[Baseline, ...]:
    """Return baselines in the order of the table."""
    return tuple(
        Baseline(**{**row, "unit": row["unit"] or ""}) for row in tables["baselines"].rows()
    )


def indicators(tables: Mapping[str, Table]) -> dict[str, Indicator]:
    """Return indicators by id with their targets and baselines, the baseline in use first."""
    table = tables["indicators"]
    units = dict(zip(table["id"], table["unit"], strict=True))
    targets: dict[str, list[Target]] = {}
    for row in tables["targets"].rows():
        target = Target(unit=units[row["indicator"]] or "", **row)
        targets.setdefault(target.indicator, []).append(target)
    starts: dict[str, list[Baseline]] = {}
    for baseline in baselines(tables):
        starts.setdefault(baseline.indicator, []).append(baseline)
    base_year = next(iter(tables["about"]["first_year"])) - 1
    for row in table.rows():
        # what is counted since the plan began was 0 when it began (S4, S5)
        if row["kind"] == "cumulative" and row["id"] not in starts:
            zero = Baseline(row["id"], base_year, 0.0, row["unit"] or "", "assumed")
            starts[row["id"]] = [zero]
    return {
        row["id"]: Indicator(
            **{**row, "unit": row["unit"] or ""},
            targets=tuple(targets.get(row["id"], ())),
            baselines=tuple(sorted(starts.get(row["id"], ()), key=_first_in_use)),
        )
        for row in table.rows()
    }


def _first_in_use(baseline: Baseline) -> tuple[int, int]:
    return preference(baseline.origin), -baseline.year


def unit_names(table: Table) -> dict[str, str]:
    """Return the name in use by every name and alias."""
    names = {name: name for name in table["name"]}
    for name, aliases in zip(table["name"], table["aliases"], strict=True):
        for alias in aliases:
            names.setdefault(alias, name)
    return names
