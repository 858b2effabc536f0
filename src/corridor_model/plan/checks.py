"""Keys and links of a plan's tables, and the rules of each table on top of them.

Each check looks at typed tables and yields problems. Column-wise tests come first and rows
are looked at only where a test fails, so that a sound plan of ten thousand targets costs
little.
"""

from __future__ import annotations

from collections.abc import Iterator

from corridor_model.errors import Problem
from corridor_model.plan.names import unknown_name
from corridor_model.plan.problems import Tables, problem
from corridor_model.plan.rules import RULES
from corridor_model.plan.schema import Column
from corridor_model.plan.table import Table, Value

__all__ = ["broken_links", "check", "check_table", "doubled_keys", "problem"]

HINTS = 20
"""So many unknown names of a column are compared with the known ones; the search is slow."""


def check(tables: Tables) -> list[Problem]:
    """Return every mistake of a plan, table by table, in the order of the rows."""
    return [problem for table in tables.values() for problem in check_table(table, tables)]


def check_table(table: Table, tables: Tables) -> list[Problem]:
    """Return every mistake of one table beside the others, in the order of its rows."""
    found = [*doubled_keys(table), *broken_links(table, tables)]
    for rule in RULES.get(table.schema.name, ()):
        found.extend(rule(table, tables))
    return sorted(found, key=lambda problem: problem.row or 0)


def doubled_keys(table: Table) -> Iterator[Problem]:
    """Yield rows that repeat the key of an earlier one."""
    key = table.schema.key
    if len(set(table[key[0]])) == len(table):
        return
    rows = list(zip(*(table[name] for name in key), strict=True))
    seen: dict[Value, int] = {}
    for row, value in enumerate(rows):
        first = seen.setdefault(value, row)
        if first != row and value != (None,) * len(key):
            line = table.lines[first] if table.lines else first
            shown = ", ".join(str(part) for part in value if part)
            yield problem(
                table,
                row,
                key[0],
                (f"“{shown}”与第{line}行重复。", f"{shown!r} repeats row {line}."),
                ("请删去重复的一行。", "Keep one of the two rows."),
            )


def broken_links(table: Table, tables: Tables) -> Iterator[Problem]:
    """Yield cells that name something no table carries."""
    for column in table.schema.columns:
        if not column.links:
            continue
        known = _linked_names(column, tables)
        values = table[column.name]
        if column.type == "list":
            pairs = [(row, part) for row, parts in enumerate(values) for part in parts]
            used = {part for _, part in pairs}
        else:
            pairs = []
            used = {value for value in values if value is not None}
        unknown = used - known
        if not unknown:
            continue
        said: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {}
        for row, value in pairs or enumerate(values):
            if value in unknown and value not in said:
                hints = known if len(said) < HINTS else ()
                said[value] = unknown_name(value, hints, column.links)
            if value in said:
                yield problem(table, row, column.name, *said[value])


def _linked_names(column: Column, tables: Tables) -> set[str]:
    name, _, field = column.links.partition(".")
    target = tables[name]
    known = set(target[field])
    if name == "units":
        known.update(alias for aliases in target["aliases"] for alias in aliases)
    return known
