"""Workbooks as a spreadsheet works them out: recalculated by LibreOffice."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"
 oor:op="fuse"><value>0</value></prop></item></oor:items>
"""


def recalculated(file: Path, folder: Path) -> Path:
    """Return a workbook as LibreOffice saves it with every formula worked out anew."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    into = ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "again")]
    subprocess.run(
        [office, "--headless", f"-env:UserInstallation={profile.as_uri()}", *into, str(file)],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return folder / "again" / file.name


def formula_cells(file: Path) -> dict[tuple[str, str], Any]:
    """Return the value of every formula cell, by sheet and cell; an empty text is None."""
    formulas, values = openpyxl.load_workbook(file), openpyxl.load_workbook(file, data_only=True)
    return {
        (sheet.title, cell.coordinate): values[sheet.title][cell.coordinate].value or None
        for sheet in formulas
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def values_at(file: Path, places: Any) -> dict[tuple[str, str], Any]:
    """Return the values of cells."""
    book = openpyxl.load_workbook(file, data_only=True)
    return {(sheet, cell): book[sheet][cell].value or None for sheet, cell in places}


def differences(expected: dict[Any, Any], shown: dict[Any, Any]) -> list[tuple[Any, Any, Any]]:
    """Return the cells that differ by more than 1e-9."""

    def alike(a: Any, b: Any) -> bool:
        if isinstance(a, (int, float)) and isinstance(b, (int, float)):
            return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)
        return (a or None) == (b or None)

    return [
        (place, value, shown.get(place))
        for place, value in expected.items()
        if not alike(value, shown.get(place))
    ]


def with_a_spoilt_value(file: Path, sheet: str, cell: str, folder: Path) -> Path:
    """Return a copy in which the cached value of one formula is wrong."""
    book = openpyxl.load_workbook(file)
    part = f"xl/worksheets/sheet{book.sheetnames.index(sheet) + 1}.xml"
    wrong = folder / "wrong.xlsx"
    pattern = re.compile(rf'(<c r="{cell}"[^>]*><f>.*?</f><v>)([^<]*)(</v>)')
    with zipfile.ZipFile(file) as good, zipfile.ZipFile(wrong, "w") as spoilt:
        for item in good.infolist():
            text = good.read(item)
            if item.filename == part:
                changed, n = pattern.subn(r"\g<1>0.123456\g<3>", text.decode(), count=1)
                assert n == 1
                text = changed.encode()
            spoilt.writestr(item, text)
    return wrong


def column_of(sheet: Any, title: str) -> int:
    """Return the column with a heading."""
    return next(cell.column for cell in sheet[4] if cell.value == title)


def row_of(sheet: Any, title: str, value: Any) -> int:
    """Return the row with a value below a heading."""
    column = column_of(sheet, title)
    return next(
        row for row in range(5, sheet.max_row + 1) if sheet.cell(row, column).value == value
    )
