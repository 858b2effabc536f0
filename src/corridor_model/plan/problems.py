"""A mistake at a row of a table, as every rule reports it."""

from __future__ import annotations

from collections.abc import Mapping

from corridor_model.errors import Problem
from corridor_model.plan.table import Table

Tables = Mapping[str, Table]


def problem(
    table: Table, row: int, column: str, what: tuple[str, str], remedy: tuple[str, str]
) -> Problem:
    """Return a problem at a row of a table; ``what`` and ``remedy`` are (Chinese, English)."""
    line = table.lines[row] if table.lines else None
    return Problem(what[0], what[1], remedy[0], remedy[1], table.file, line, column)
