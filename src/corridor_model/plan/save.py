"""Save a plan: a folder of CSV files with its data package, or one workbook.

What is written is read back as the same plan, to the last digit.
"""

from __future__ import annotations

import datetime
import errno
import io
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from corridor_model.errors import CorridorError
from corridor_model.files import TIME, csv_text, guarded, replacing, replacing_all, without_times
from corridor_model.formatting import plain
from corridor_model.messages import N_
from corridor_model.plan.contents import PlanRecords
from corridor_model.plan.records import About
from corridor_model.tabular.schema import Column, standard_resources
from corridor_model.tabular.table import Table, Value

LONGEST_CELL = 32_767
"""Characters that a cell of a workbook holds."""

_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""Text that a spreadsheet would take for an escaped character (_x0041_ is an A)."""


def to_folder(plan: PlanRecords, folder: Path) -> Path:
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
    package = json.dumps(data_package(plan.about), ensure_ascii=False, indent=1)
    return tables_to_folder(plan.tables, folder, {"datapackage.json": package + "\n"})


def tables_to_folder(
    tables: Mapping[str, Table],
    folder: Path,
    beside: Mapping[str, str] | None = None,
    bom: bool = False,
) -> Path:
    """Write tables as CSV into a folder, and other texts ``beside`` them, all or none.

    With ``bom`` Excel and WPS show Chinese at once.
    """
    files = {
        f"{name}.csv": "\ufeff" * bom + csv_text([table.schema.names, *text_rows(table)])
        for name, table in tables.items()
    }
    files |= beside or {}
    with replacing_all() as new:
        for name, text in files.items():
            new(folder / name).write_text(text, encoding="utf-8", newline="")
    return folder


def to_workbook(plan: PlanRecords, file: Path) -> Path:
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
    return tables_to_workbook(plan.tables, file)


def tables_to_workbook(tables: Mapping[str, Table], file: Path) -> Path:
    """Write tables as one workbook; see :func:`to_workbook`."""
    import openpyxl
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.xml.constants import ARC_CORE
    from openpyxl.xml.functions import tostring

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, table in tables.items():
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
    about = book.properties
    with replacing(file) as temporary:
        # openpyxl writes the hour of saving; the same tables give the same bytes
        data = io.BytesIO()
        try:
            book.save(data)
        except Exception as error:
            # it keeps sheets in the system's folder for a moment; where lxml is there, a full
            # drive is an error of lxml
            if not str(error).startswith("IO_"):
                raise
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        about.created = about.modified = datetime.datetime(*TIME)
        core = {ARC_CORE: tostring(about.to_tree())}
        temporary.write_bytes(without_times(data.getvalue(), core))
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
        case "number":  # or the words in the place of a figure
            return value if isinstance(value, str) else plain(value)
        case _:
            return str(value)


def _write_cell(cell: Any, column: Column, value: Value) -> None:
    """Put numbers as numbers and everything else as text, also what looks like a formula."""
    text = cell_text(column, value)
    if not text:
        return
    if column.type in {"number", "integer", "year"} and not isinstance(value, str):
        # as text of type number: openpyxl itself would keep 16 digits of the 17
        cell.value = repr(value)
        cell.data_type = "n"
        return
    # a leading apostrophe is taken off when cells are read, so a real one is doubled
    text = guarded(text) if text.startswith("'") else text
    text = _ESCAPED.sub("_x005F_", text)
    if len(text) > LONGEST_CELL:
        raise CorridorError(
            N_("A {column} of {n} characters does not fit into a cell of a workbook."),
            column=column.name,
            n=len(text),
        )
    cell.value = text
    cell.data_type = "s"


def _width(column: Column, table: Table) -> float:
    """Return a column width that shows most values; a Chinese character takes two places."""
    texts = [cell_text(column, value) for value in table[column.name][:200]]
    longest = max((sum(2 if ord(c) > 0x2E7F else 1 for c in text) for text in texts), default=0)
    return float(min(max(longest, len(column.name)) + 2, 48))


# ``datapackage.json``: the schema in the words of the Frictionless standard.


def data_package(about: About) -> dict[str, Any]:
    """Return the data package of a plan's folder.

    See Also
    --------
    corridor_model.tabular.schema : the one source of what stands here.
    """
    return {
        "name": about.id.replace("_", "-").lower(),
        "title": about.name_zh,
        "description": about.name_en or about.name_zh,
        "sources": [{"title": about.source or about.name_zh}],
        "resources": standard_resources(),
    }
