"""Blank forms: a new plan to fill in, and the baselines a plan still lacks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corridor_model.errors import CorridorError
from corridor_model.files import csv_text, data_dir, exists, replacing_all, workbook_at, write_csv
from corridor_model.messages import N_, translator
from corridor_model.tabular.readers import csv_rows
from corridor_model.tabular.schema import (
    CHOICES_ZH,
    SHEETS_ZH,
    TABLES,
    TITLES_ZH,
    TableSchema,
)

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan


_TEMPLATE = data_dir() / "template"
"""What a blank plan begins with: example rows, and what its guide says."""

GUIDE = "说明 GUIDE.md"

NEEDS_NO_BASELINE = frozenset({"growth", "annual", "milestone", "cumulative", "qualitative"})


def new_plan(folder: Path) -> Path:
    """Write every table with its header, example rows and a one-page guide.

    Parameters
    ----------
    folder : Path
        A folder that does not exist yet, or is empty.

    Returns
    -------
    Path
        The folder; it loads as a plan as it stands.

    Raises
    ------
    CorridorError
        If the folder holds anything.
    """
    if exists(folder) and (not folder.is_dir() or any(folder.iterdir())):
        raise CorridorError(
            N_("{folder} exists already and is not empty; name a new folder."), folder=folder
        )
    with replacing_all() as beside:
        for name, schema in TABLES.items():
            rows = [list(schema.names), *_example_rows(schema)]
            # with a BOM, Excel and WPS show Chinese at once
            file = beside(folder / f"{name}.csv")
            file.write_text(csv_text(rows), encoding="utf-8-sig", newline="")
        beside(folder / GUIDE).write_text(guide(), encoding="utf-8")
    return folder


def _example_rows(schema: TableSchema) -> list[list[str]]:
    """Return the rows that show how a table is filled in, none for most."""
    file = _TEMPLATE / f"{schema.name}.csv"
    if not file.exists():
        return []
    header, *rows = csv_rows(file)
    values = [dict(zip(header, row, strict=True)) for row in rows]
    return [[row.get(column, "") for column in schema.names] for row in values]


def baselines_form(plan: Plan, file: Path) -> Path:
    """Write the baselines a plan still lacks as a form: name, year and unit filled in.

    Rows whose value stays empty are passed over when the form is loaded.

    Parameters
    ----------
    plan : Plan
        The plan.
    file : Path
        A ``.csv`` or ``.xlsx`` file.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    CorridorError
        If the file's ending is neither, or it exists already.
    """
    if exists(file):
        raise CorridorError(N_("{file} exists already; name a new file."), file=file)
    columns = ("indicator", "year", "value", "unit", "source")
    rows = [
        (indicator.name_zh, plan.about.base_year, None, indicator.unit, None)
        for indicator in plan.indicators.values()
        if not indicator.baselines and indicator.kind not in NEEDS_NO_BASELINE
    ]
    titles = [TITLES_ZH[column] for column in columns]
    if file.suffix.lower() == ".csv":
        texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
        write_csv(file, [titles, *texts], bom=True)
        return file
    if file.suffix.lower() == ".xlsx":
        _write_form(file, titles, rows)
        return file
    raise CorridorError(N_("{file}: a form is a .csv or an .xlsx file."), file=file.name)


def _write_form(file: Path, titles: list[str], rows: Sequence[Sequence[object]]) -> None:
    with workbook_at(file) as book:
        sheet = book.add_worksheet(SHEETS_ZH["baselines"])
        head = book.add_format({"bold": True, "bg_color": "#DDE6EE", "border": 1})
        fill = book.add_format({"bg_color": "#FFF8DC", "border": 1})
        edge = book.add_format({"border": 1})
        sheet.write_row(0, 0, titles, head)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if cell is None:
                    sheet.write_blank(number, column, None, fill)
                elif isinstance(cell, int):
                    sheet.write_number(number, column, cell, edge)
                else:
                    sheet.write_string(number, column, str(cell), edge)
        for column, width in enumerate((44, 8, 14, 16, 40)):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 1)


# The one-page guide that comes with a blank plan: Chinese first, English beside it.


def guide() -> str:
    """Return the one-page guide of a blank plan: how to fill in, then every table's columns."""
    t = translator("zh")
    _, *rows = csv_rows(_TEMPLATE / "columns.csv")
    meanings = {(table, column): words for table, column, words in rows}
    lines = []
    for name, schema in TABLES.items():
        lines += [f"## {SHEETS_ZH[name]} {name}.csv", ""]
        lines += [t("| column | in Chinese | what to enter |"), "|---|---|---|"]
        for column in schema.columns:
            meaning = meanings.get((name, column.name), meanings.get(("", column.name), ""))
            parts = [
                t("**required**") if column.required else "",
                meaning,
                "；".join(
                    f"{CHOICES_ZH[w][0]} {w}" if w in CHOICES_ZH else w for w in column.choices
                ),
            ]
            entry = "；".join(part for part in parts if part)
            lines.append(f"| {column.name} | {TITLES_ZH[column.name]} | {entry} |")
        lines.append("")
    head = (_TEMPLATE / "guide.md").read_text(encoding="utf-8")
    return head + "\n".join(lines)
