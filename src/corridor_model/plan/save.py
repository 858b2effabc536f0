"""Save a plan: a folder of CSV files with its data package, or one workbook.

What is written is read back as the same plan, to the last digit.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from corridor_model.plan.package import data_package
from corridor_model.plan.schema import Column
from corridor_model.plan.table import Table, Value
from corridor_model.rounding import plain
from corridor_model.writing import guarded, replacing, write_csv

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan


def to_folder(plan: Plan, folder: Path) -> Path:
    """Write every table as UTF-8 CSV, and ``datapackage.json``, into a folder.

    Tables are written empty too, so that an office finds where its figures go.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    CorridorError
        If a file cannot be written; files already there stay whole.
    """
    for name, table in plan.tables.items():
        write_csv(folder / f"{name}.csv", [table.schema.names, *text_rows(table)])
    with replacing(folder / "datapackage.json") as temporary:
        package = json.dumps(data_package(plan.about), ensure_ascii=False, indent=1)
        temporary.write_text(package + "\n", encoding="utf-8")
    return folder


def to_workbook(plan: Plan, file: Path) -> Path:
    """Write one xlsx workbook with a sheet a table, headers frozen, columns filterable.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    CorridorError
        If the file cannot be written; an old one stays whole.
    """
    import openpyxl
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, table in plan.tables.items():
        sheet = book.create_sheet(name)
        for column, spec in enumerate(table.schema.columns, 1):
            head = sheet.cell(1, column, spec.name)
            head.font = Font(bold=True)
            head.fill = PatternFill("solid", fgColor="DDE6EE")
            head.alignment = Alignment(vertical="top", wrap_text=True)
            letter = get_column_letter(column)
            sheet.column_dimensions[letter].width = _width(spec, table)
        for row, values in enumerate(table.row_tuples(), 2):
            for column, (spec, value) in enumerate(
                zip(table.schema.columns, values, strict=True), 1
            ):
                _write_cell(sheet.cell(row, column), spec, value)
        sheet.freeze_panes = "B2"
        sheet.auto_filter.ref = sheet.dimensions
    with replacing(file) as temporary:
        book.save(temporary)
    return file


def text_rows(table: Table) -> list[list[str]]:
    """Return the table's rows as the text of CSV cells."""
    columns = [
        [cell_text(spec, value) for value in table[spec.name]] for spec in table.schema.columns
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def cell_text(column: Column, value: Value) -> str:
    """Return one value as the text of its cell; unknown is empty."""
    if value is None:
        return ""
    match column.type:
        case "list":
            return ";".join(value)
        case "flag":
            return "yes" if value else "no"
        case "number":
            return plain(value)
        case _:
            return str(value)


def _write_cell(cell: object, column: Column, value: Value) -> None:
    """Put numbers as numbers and everything else as text, also what looks like a formula."""
    if value is None or value == ():
        return
    if column.type in {"number", "integer", "year"}:
        cell.value = value  # type: ignore[attr-defined]
        return
    text = cell_text(column, value)
    # a leading apostrophe is taken off when cells are read, so a real one is doubled
    cell.value = guarded(text) if text.startswith("'") else text  # type: ignore[attr-defined]
    cell.data_type = "s"  # type: ignore[attr-defined]


def _width(column: Column, table: Table) -> float:
    """Return a column width that shows most values; a Chinese character takes two places."""
    texts = [cell_text(column, value) for value in table[column.name][:200]]
    longest = max((sum(2 if ord(c) > 0x2E7F else 1 for c in text) for text in texts), default=0)
    return float(min(max(longest, len(column.name)) + 2, 48))
