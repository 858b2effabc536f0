"""A table with typed columns: what a plan is made of.

Values are kept by column, so that ten thousand rows are read and checked at the speed of
their columns; records are made from them only when someone asks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corridor_model.arguments import items
from corridor_model.errors import CellError, CorridorError, PlanError, Problem
from corridor_model.formatting import short
from corridor_model.messages import N_, Worded
from corridor_model.tabular.schema import TABLES, TableSchema

if TYPE_CHECKING:
    import pandas as pd


Value = Any
"""str, float, int, bool, tuple of str, or None for unknown (S6)."""


@dataclass(frozen=True, slots=True)
class Table:
    """Typed columns of equal length, and where each row stood in its file.

    Attributes
    ----------
    schema : TableSchema
        What the columns mean.
    columns : mapping of str to tuple
        One tuple a column; unknown is None, an empty list is ``()``.
    file : str
        Where the rows came from; not part of equality.
    lines : sequence of int
        Row numbers in that file; not part of equality.
    titles : sequence of mapping of str to str
        What that file calls the columns, row by row; empty where it calls them as the schema
        does. A wide table prints its figures under several titles, so that rows differ.
    """

    schema: TableSchema
    columns: Mapping[str, tuple[Value, ...]]
    file: str = field(default="", compare=False)
    lines: Sequence[int] = field(default=(), compare=False)
    titles: Sequence[Mapping[str, str]] = field(default=(), compare=False)

    def __len__(self) -> int:
        return len(self.columns[self.schema.columns[0].name])

    def __getitem__(self, column: str) -> tuple[Value, ...]:
        return self.columns[column]

    def rows(self) -> Iterator[dict[str, Value]]:
        """Yield each row as a dict of column name to value."""
        names = tuple(self.columns)
        for values in zip(*self.columns.values(), strict=True):
            yield dict(zip(names, values, strict=True))

    def row_tuples(self) -> Iterator[tuple[Value, ...]]:
        """Yield each row as a tuple in the order of the schema's columns."""
        return zip(*(self.columns[name] for name in self.schema.names), strict=True)

    def select(self, keep: Sequence[int]) -> Table:
        """Return the rows at these positions, in this order."""
        columns = {name: tuple(values[i] for i in keep) for name, values in self.columns.items()}
        lines = [self.lines[i] for i in keep] if self.lines else ()
        titles = [self.titles[i] for i in keep] if self.titles else ()
        return Table(self.schema, columns, self.file, lines, titles)

    def keys(self) -> list[tuple[Value, ...]]:
        """Return what tells each row apart."""
        return list(zip(*(self.columns[name] for name in self.schema.key), strict=True))

    def merge(self, other: Table) -> Table:
        """Return the rows of both; one of ``other`` replaces those with the same key."""
        new = set(other.keys())
        return self.select([row for row, key in enumerate(self.keys()) if key not in new]) + other

    def __add__(self, other: Table) -> Table:
        columns = {name: values + other.columns[name] for name, values in self.columns.items()}
        return Table(self.schema, columns, self.file, [*self.lines, *other.lines])

    def problem(
        self, row: int, column: str, what: str | Worded, remedy: str | Worded = "", **fields: Any
    ) -> Problem:
        """Return a mistake at a row, placed where the row stood in its file.

        ``what`` and ``remedy`` are messages, or templates marked by ``N_``.
        """
        return self.at(row, column, CellError(what, remedy, **fields))

    def at(self, row: int, column: str, error: CellError) -> Problem:
        """Return what is wrong with a cell as a mistake at its row."""
        title = self.titles[row].get(column, column) if self.titles else column
        return error.at(self.file, self.lines[row] if self.lines else None, title)

    def frame(self) -> pd.DataFrame:
        """Return a DataFrame; lists are joined with ``;`` and unknowns are missing values."""
        import pandas as pd

        kinds = {
            "number": "float64",
            "integer": "Int64",
            "year": "Int64",
            "flag": "boolean",
        }
        series = {}
        for column in self.schema.columns:
            values: Sequence[Value] = self.columns[column.name]
            if column.type == "list":
                values = [";".join(value) if value else None for value in values]
            series[column.name] = pd.Series(values, dtype=kinds.get(column.type, "str"))
        return pd.DataFrame(series, columns=list(self.schema.names))


def empty(name: str) -> Table:
    """Return the table of that name without rows."""
    schema = TABLES[name]
    return Table(schema, dict.fromkeys(schema.names, ()))


def from_rows(name: str, rows: Sequence[Mapping[str, Value]], file: str = "") -> Table:
    """Return a table of typed values; a column that a row lacks is unknown there."""
    schema = TABLES[name]
    blank = {column.name: () if column.type == "list" else None for column in schema.columns}
    columns = {
        column: tuple(row.get(column, blank[column]) for row in rows) for column in schema.names
    }
    return Table(schema, columns, file, range(2, len(rows) + 2))


class Problems(list[Problem]):
    """The mistakes of one file, collected so that a person sees all of them at once.

    Parameters
    ----------
    file : str
        The file or sheet.
    """

    def __init__(self, file: str = ""):
        super().__init__()
        self.file = file

    def add(self, error: CellError, row: int | None = None, column: str = "") -> None:
        """Add what is wrong with a cell, its row as a spreadsheet counts it."""
        self.append(error.at(self.file, row, column))

    def check(self) -> None:
        """Raise `PlanError` if there are any: each once, in the order of the file."""
        if self:
            raise PlanError(sorted(dict.fromkeys(self), key=lambda problem: problem.row or 0))


def rows_from(name: str, source: Any) -> list[Any]:
    """Return the rows of a DataFrame as mappings, or what is listed one by one."""
    if hasattr(source, "columns") and hasattr(source, "to_dict"):
        rows: list[Any] = source.to_dict("records")
        return rows
    return items(name, source)


def rows_of(source: Any, names: Sequence[str]) -> list[dict[str, Value]]:
    """Return the rows of a Table, a DataFrame or a list of mappings; unknown is None.

    Columns that are missing are unknown in every row.
    """
    if source is None:
        return []
    rows = list(source.rows()) if hasattr(source, "rows") else rows_from("rows", source)
    if not all(isinstance(row, Mapping) for row in rows):
        raise CorridorError(
            N_("Rows are a DataFrame or mappings of columns to cells, not {value}."),
            value=short(source),
        )
    return [{name: known(row.get(name)) for name in names} for row in rows]


def known(value: Any) -> Value:
    """Return a value, None for every way in which a table says nothing (S6)."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"} or value == "":
        return None
    return None if isinstance(value, float) and math.isnan(value) else value


Tables = Mapping[str, Table]
