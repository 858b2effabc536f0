"""Blank forms: a new plan to fill in, and the baselines a plan still lacks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corridor_model.errors import CorridorError
from corridor_model.plan.guide import guide
from corridor_model.plan.headers import TITLES_ZH
from corridor_model.plan.schema import TABLES
from corridor_model.plan.titles import SHEETS_ZH
from corridor_model.writing import replacing, write_csv

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan

NEEDS_NO_BASELINE = frozenset({"growth", "annual", "milestone", "cumulative"})

_EXAMPLE_ROWS: dict[str, dict[str, str]] = {
    "about": {
        "id": "my_plan",
        "name_zh": "示例：某区三年行动计划",
        "name_en": "Example: a district's three-year plan",
        "first_year": "2024",
        "last_year": "2026",
        "source": "示例",
    },
    "indicators": {
        "id": "example_output",
        "name_zh": "示例：规上工业总产值",
        "name_en": "Example: industrial output",
        "kind": "level",
        "unit": "亿元",
        "nature": "flow",
    },
    "targets": {
        "indicator": "example_output",
        "value": "120",
        "sense": "at_least",
        "year": "2026",
        "places": "二/1",
    },
    "baselines": {
        "indicator": "example_output",
        "year": "2023",
        "value": "100",
        "unit": "亿元",
        "origin": "user",
        "source": "示例",
    },
}


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
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CorridorError(
            f"{folder} exists already and is not empty; name a new folder.",
            f"“{folder}”已存在且不为空，请另取名称。",
        )
    for name, schema in TABLES.items():
        rows = [list(schema.names)]
        if name in _EXAMPLE_ROWS:
            rows.append([_EXAMPLE_ROWS[name].get(column, "") for column in schema.names])
        # with a BOM, Excel and WPS show Chinese at once
        write_csv(folder / f"{name}.csv", rows, bom=True)
    with replacing(folder / "说明 GUIDE.md") as temporary:
        temporary.write_text(guide(), encoding="utf-8")
    return folder


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
    if file.exists():
        raise CorridorError(
            f"{file} exists already; name a new file.", f"“{file}”已存在，请另取文件名。"
        )
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
    raise CorridorError(f"{file.name}: a form is a .csv or an .xlsx file.")


def _write_form(file: Path, titles: list[str], rows: Sequence[Sequence[object]]) -> None:
    import xlsxwriter

    with replacing(file) as temporary, xlsxwriter.Workbook(temporary) as book:
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
