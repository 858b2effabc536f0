"""Text tables into typed tables: headers recognised, cells parsed, units brought together.

Every mistake of a table is collected with its row and column; nothing stops at the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from corridor_model import units
from corridor_model.errors import CellError, PlanError, Problem
from corridor_model.formatting import excerpt
from corridor_model.messages import N_, Listing, Name, context, message
from corridor_model.tabular import cells
from corridor_model.tabular.cells import parse_column
from corridor_model.tabular.frames import cell_text
from corridor_model.tabular.headers import column_of, split_header
from corridor_model.tabular.readers import RawTable, cells_at, widest
from corridor_model.tabular.schema import TABLES, TITLES_ZH, Column, TableSchema, nearest
from corridor_model.tabular.table import Table, Value

_NOT_IN_YEARS = {("effects", "per_unit"), ("effects", "decay")}
"""Numbers without a unit column behind which 年 says something else than they mean."""


def parse_table(raw: RawTable, name: str) -> tuple[Table, list[Problem]]:
    """Return the typed table and every mistake in its text.

    Parameters
    ----------
    raw : RawTable
        Header and rows as text.
    name : str
        Which table of the schema it is.

    Returns
    -------
    table : Table
        Cells with a mistake are unknown in it.
    problems : list of Problem
        Unknown, doubled and missing columns, and cells that cannot be read.
    """
    schema = TABLES[name]
    positions, header_units, problems = _match_header(raw, schema)
    columns: dict[str, tuple[Value, ...]] = {}
    bounds: tuple[str, ...] = ()
    beside: dict[str, tuple[str, ...]] = {}
    for column in schema.columns:
        position = positions.get(column.name)
        if position is None or not raw.rows:
            blank: Value = () if column.type == "list" else None
            columns[column.name] = (blank,) * len(raw.rows)
            continue
        texts = cells_at(raw.rows, position)
        if column.name == "value" and "bound" in schema.names:
            bounds, texts = zip(*map(cells.bound_of, texts), strict=True)
        values, printed, wrong = parse_column(texts, column)
        problems.extend(_at(raw, row, column.name, error) for row, error in wrong)
        columns[column.name] = values
        if column.type == "number":
            beside[column.name] = printed
        if column.required:
            problems.extend(_missing_cells(raw, column, values, {row for row, _ in wrong}))
    if widest(raw.rows) > len(raw.header):
        problems.extend(_overlong_rows(raw))
    if any(bounds):
        stated = columns["bound"]
        columns["bound"] = tuple(sign or own for sign, own in zip(bounds, stated, strict=True))
        for row, (sign, own) in enumerate(zip(bounds, stated, strict=True)):
            if sign and own not in {None, sign}:
                problems.append(_at(raw, row, "bound", two_bounds(sign, str(own))))
    table = Table(schema, columns, raw.file, raw.lines, raw.titles)
    table, unit_problems = _settle_units(table, raw, beside, header_units)
    problems.extend(unit_problems)
    problems.sort(key=lambda problem: problem.row or 0)
    return table, problems


def rows_of_file(name: str, rows: Sequence[Mapping[str, Any]], file: str) -> Table:
    """Return typed rows out of a file as a table, each value checked as a cell would be.

    A checksum that fits says that nobody touched them, not that they were sound.

    Raises
    ------
    PlanError
        With every mistake.

    Examples
    --------
    >>> row = {"indicator": "gdp", "year": 2019, "value": 451.84, "unit": "亿元", "origin": "user"}
    >>> rows_of_file("baselines", [row], "result.nc")["value"]
    (451.84,)
    """
    names = TABLES[name].names
    texts = [[_text_of(row.get(column)) for column in names] for row in rows]
    table, problems = parse_table(RawTable(file, names, texts, range(2, len(texts) + 2)), name)
    if problems:
        raise PlanError(problems)
    return table


def _text_of(value: Any) -> str:
    return cell_text(";".join(map(str, value)) if isinstance(value, (list, tuple)) else value)


def two_bounds(sign: str, own: str) -> CellError:
    """Return the mistake of a cell whose own sign says another bound than its row."""
    return CellError(
        N_("the value is written as {sign!r} and the column bound says {own!r}."),
        N_("Keep one of the two."),
        sign=sign,
        own=own,
    )


def _overlong_rows(raw: RawTable) -> Iterable[Problem]:
    declared = len(raw.header)
    for line, row in zip(raw.lines, raw.rows, strict=True):
        if any(cell.strip() for cell in row[declared:]):
            what = message(
                "has {cells} cells, but the header has {columns} columns.",
                cells=len(row),
                columns=declared,
            )
            remedy = message("Put quotes around text that contains a comma.")
            yield Problem(what, remedy, raw.file, line)


def _match_header(
    raw: RawTable, schema: TableSchema
) -> tuple[dict[str, int], dict[str, str], list[Problem]]:
    """Return position and unit by column name, and what is wrong with the header."""
    positions: dict[str, int] = {}
    header_units: dict[str, str] = {}
    problems: list[Problem] = []
    for position, cell in enumerate(raw.header):
        title, unit = split_header(cell)
        if not title:
            problems.extend(_untitled(raw, position))
            continue
        name = column_of(title, schema.names)
        if name is None:
            problems.append(_unknown_column(raw, title, schema))
        elif name in positions:
            # the place names the column in English, and not the title by which Chinese knows it
            what = message("{column}appears twice.", column=Name(f"“{title}”", ""))
            remedy = message("Remove one of the two.")
            problems.append(Problem(what, remedy, raw.file, raw.top, name))
        else:
            positions[name] = position
            if unit or position in raw.units:
                header_units[name] = units.tidy(unit or raw.units[position])
    for column in schema.columns:
        if column.present and column.name not in positions:
            what = message(
                "the required column {column}is missing.",
                column=Name(f"“{TITLES_ZH[column.name]}”（{column.name}）", ""),
            )
            problems.append(Problem(what, message("Add it."), raw.file, None, column.name))
    return positions, header_units, problems


def _untitled(raw: RawTable, position: int) -> Iterable[Problem]:
    """Yield the first figure that stands under no title: nobody could say what it is."""
    for line, row in zip(raw.lines, raw.rows, strict=True):
        if position < len(row) and row[position].strip():
            what = message("column {place} has cells but no title.", place=position + 1)
            yield Problem(what, message("Give it a title, or clear it."), raw.file, line)
            return


def _unknown_column(raw: RawTable, title: str, schema: TableSchema) -> Problem:
    near = nearest(title, [*schema.names, *(TITLES_ZH[name] for name in schema.names)])
    remedy = context("columns", "Known: {known}.", known=Listing(schema.names))
    if near:
        remedy = message("Did you mean {near!r}?", near=near)
    title = excerpt(title)
    what = message("unknown column {title!r}.", title=title)
    return Problem(what, remedy, raw.file, raw.top, title)


def _missing_cells(
    raw: RawTable,
    column: Column,
    values: tuple[Value, ...],
    wrong: set[int],
) -> Iterable[Problem]:
    blank: Value = () if column.type == "list" else None
    if blank not in values:
        return
    error = CellError(N_("is required but empty."), N_("Fill it in."))
    for row, value in enumerate(values):
        if value == blank and row not in wrong:
            yield _at(raw, row, column.name, error)


def _at(raw: RawTable, row: int, column: str, error: CellError) -> Problem:
    title = raw.titles[row].get(column, column) if raw.titles else column
    return error.at(raw.file, raw.lines[row], title)


def _settle_units(
    table: Table,
    raw: RawTable,
    beside: dict[str, tuple[str, ...]],
    header_units: dict[str, str],
) -> tuple[Table, list[Problem]]:
    """Bring every number to one unit: beside the number, in the header, or in a unit column.

    Where the table has a ``unit`` column, a unit found elsewhere fills its empty cells.
    Money and length columns without one are converted to 亿元 and 公里. A unit above the
    whole table speaks of the figures that have none of their own.
    """
    problems: list[Problem] = []
    columns = dict(table.columns)
    fixed_units = {column.name: column.unit for column in table.schema.columns}
    has_unit_column = "unit" in table.schema.names and table.schema.name != "work_reports"
    for name, printed in beside.items():
        fixed = fixed_units[name]
        whole = header_units.get(name, "")
        above = raw.unit if name == "value" or _same_dimension(raw.unit, fixed) else ""
        if not whole and not above and not any(printed):
            continue
        values, column_units = list(columns[name]), list(columns.get("unit", ()))
        for row, value in enumerate(values):
            own = column_units[row] if has_unit_column else ""
            unit = (units.tidy(printed[row]) if printed else "") or whole or ("" if own else above)
            if value is None or not unit:
                continue
            if fixed or own:
                into = fixed or own
                try:
                    values[row] = units.convert(value, unit, into)
                except units.UnitError:
                    problems.append(unit_mismatch(table, row, name, unit, into))
            elif has_unit_column:
                column_units[row] = unit
            elif unit != "年" or (table.schema.name, name) in _NOT_IN_YEARS:
                # kept with the number until the indicator's own unit is known (settle)
                values[row] = cells.Quantity(value, unit)
        columns[name] = tuple(values)
        if has_unit_column:
            columns["unit"] = tuple(column_units)
    return replace(table, columns=columns), problems


def _same_dimension(unit: str, other: str) -> bool:
    have, want = units.scale(unit), units.scale(other)
    return bool(unit and other) and have is not None and have[:1] == (want and want[:1])


def unit_mismatch(table: Table, row: int, column: str, unit: str, into: str) -> Problem:
    """Return the problem of a number in a unit that does not convert."""
    return table.problem(
        row,
        column,
        N_("unit {unit!r} does not convert into {into!r}."),
        N_("Give the value in {into}.") if into else N_("No unit belongs here."),
        unit=unit,
        into=into,
    )
