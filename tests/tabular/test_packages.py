"""Workbooks of a few kilobytes that ask for gigabytes are refused in a moment, in words."""

from __future__ import annotations

import io
import struct
import sys
import threading
import time
import tracemalloc
import warnings
import zipfile
import zlib

import openpyxl
import pytest
import xlsxwriter

from corridor_model.errors import PlanError
from corridor_model.observations.load import load_observations
from corridor_model.tabular import packages
from corridor_model.tabular.packages import measured
from corridor_model.tabular.workbooks import read_grid

SHEET = "xl/worksheets/sheet1.xml"


def book(rows=(("指标", "时期", "数值"), ("生产总值", "2021-09", 370))):
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def patched(change, part=SHEET):
    """Return the workbook with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book())) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == part else data)
    return out.getvalue()


def after(xml):
    return lambda data: data.replace(b"</sheetData>", b"</sheetData>" + xml)


def inside(xml):
    return lambda data: data.replace(b"</sheetData>", xml + b"</sheetData>")


def in_utf16(data):
    return data.decode().replace("UTF-8", "UTF-16").encode("utf-16")


def merged(ref):
    return after(b"<mergeCells count='1'><mergeCell ref='%s'/></mergeCells>" % ref.encode())


HOSTILE = {
    "merged": (patched(merged("A1:XFD1048576")), "cover more than 1,000,000 cells"),
    "merged, absolute": (patched(merged("$A$1:$XFD$1048576")), "1,000,000 cells"),
    "merged, lower case": (patched(merged("a1:xfd1048576")), "1,000,000 cells"),
    "merged, whole columns": (patched(merged("A:XFD")), "1,000,000 cells"),
    "merged, the wrong way round": (patched(merged("XFD1048576:A1")), "1,000,000 cells"),
    "merged, in pieces": (
        patched(after(b"<mergeCells>" + b"<mergeCell ref='A1:Z9999'/>" * 9 + b"</mergeCells>")),
        "1,000,000 cells",
    ),
    "merged, UTF-16": (
        patched(lambda data: in_utf16(merged("A1:XFD1048576")(data))),
        "1,000,000 cells",
    ),
    "merged, with a prefix": (
        patched(after(b"<x:mergeCell xmlns:x='u' ref='A1:XFD1048576'/>")),
        "1,000,000 cells",
    ),
    "a link": (
        patched(after(b"<hyperlinks><hyperlink ref='A1:XFD1048576'/></hyperlinks>")),
        "1,000,000 cells",
    ),
    "a row beyond the last": (
        patched(inside(b"<row r='999999999'><c r='A999999999'><v>1</v></c></row>")),
        "names row 999999999",
    ),
    "a cell beyond the last row": (
        patched(inside(b"<row r='5'><c r='A999999999'><v>1</v></c></row>")),
        "names row 999999999",
    ),
    "cells": (patched(inside(b"<row r='9'>" + b"<c/>" * 600_000 + b"</row>")), "500,000 cells"),
    "rows": (patched(inside(b"<row/>" * 300_000)), "200,000 rows"),
    "nested": (patched(after(b"<a>" * 9_999 + b"</a>" * 9_999)), "nested more than 200"),
    "entities": (
        patched(lambda d: d.replace(b"<worksheet", b"<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet")),
        "entities of its own",
    ),
    "a long text": (
        patched(
            inside(
                b"<row r='9'><c r='A9' t='inlineStr'><is><t>"
                + b"9" * 99_999
                + b"</t></is></c></row>"
            )
        ),
        "row 9, column A: is longer than 32000 characters",
    ),
    "strays": (
        patched(
            inside(
                b"".join(
                    b"<row r='%d'><c r='XFD%d'><v>1</v></c></row>" % (n, n) for n in range(9, 999)
                )
            )
        ),
        "lie too far apart",
    ),
    "styles": (
        patched(
            lambda d: d.replace(b"<cellXfs", b"<n>" + b"<m/>" * 400_000 + b"</n><cellXfs", 1),
            "xl/styles.xml",
        ),
        "300,000 styles",
    ),
}


@pytest.mark.uncounted  # half a million elements pass one line
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused_in_a_moment(tmp_path, plan, name):
    data, words = HOSTILE[name]
    file = tmp_path / "month.xlsx"
    file.write_bytes(data)
    before = time.process_time()
    tracemalloc.start()
    try:
        with pytest.raises(PlanError) as caught:
            load_observations(file, plan)
        assert tracemalloc.get_traced_memory()[1] < 200e6
    finally:
        tracemalloc.stop()
    assert words in caught.value.text("en")
    assert "month.xlsx" in caught.value.text("zh")
    # a coverage tracer multiplies the time of every line
    assert time.process_time() - before < (10 if sys.gettrace() is None else 40)


def test_a_cell_above_the_first_row_is_refused_in_words(tmp_path, plan):
    file = tmp_path / "figures.xlsx"
    file.write_bytes(patched(lambda data: data.replace(b'r="A1"', b'r="A0"')))
    with pytest.raises(PlanError, match="row 0, which no sheet has"):
        load_observations(file, plan)


@pytest.mark.uncounted
def test_a_stray_figure_in_the_last_corner_is_read_past(tmp_path, plan):
    file = tmp_path / "month.xlsx"
    corner = b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"
    file.write_bytes(patched(inside(corner)))
    assert load_observations(file, plan).table["value"] == (370.0,)


def test_a_part_that_lies_about_its_size(tmp_path, plan):
    data = patched(lambda part: part + b" " * 20_000_000)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo(SHEET)
        first = zlib.crc32(archive.read(SHEET)[:1000])
    data = data.replace(struct.pack("<I", info.file_size), struct.pack("<I", 1000))
    data = data.replace(struct.pack("<I", info.CRC), struct.pack("<I", first))
    file = tmp_path / "month.xlsx"
    file.write_bytes(data)
    tracemalloc.start()
    try:
        # what it says of itself is what it is held to: the library never sees the rest
        assert load_observations(file, plan).table["value"] == (370.0,)
        assert tracemalloc.get_traced_memory()[1] < 10e6
    finally:
        tracemalloc.stop()


def test_a_package_that_unpacks_to_too_much(monkeypatch):
    monkeypatch.setattr(packages, "LARGEST", 1_000_000)
    with pytest.raises(PlanError, match="unpacks to more than 1 MB"):
        measured(patched(lambda part: b" " * 2_000_000, "docProps/app.xml"), "month.xlsx")
    monkeypatch.setattr(packages, "MOST_PARTS", 3)
    with pytest.raises(PlanError, match="more than 3 parts"):
        measured(book(), "month.xlsx")


def test_what_was_measured_is_the_workbook():
    package, has_formulas = measured(book(), "month.xlsx")
    assert not has_formulas
    assert openpyxl.load_workbook(package).active["C2"].value == 370
    assert measured(book([["=1+1"]]), "month.xlsx")[1]


@pytest.mark.uncounted
def test_threads_leave_the_filters_of_warnings_alone(tmp_path, plan):
    """Each of many slips is warned of, and no filter stays behind."""
    file = tmp_path / "month.xlsx"
    file.write_bytes(book([("指标", "时期", "数值"), ("生产总值", "2021-09", 3_700_000)]))
    failures = []

    def load():
        try:
            for _ in range(10):
                load_observations(file, plan)
        except BaseException as error:
            failures.append(error)

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        before = list(warnings.filters)
        threads = [threading.Thread(target=load) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert warnings.filters == before
    assert not failures
    assert sum("UnitSlip" in type(warning.message).__name__ for warning in said) == 40


@pytest.mark.parametrize("shared", [True, False], ids=["shared strings", "texts in the sheet"])
@pytest.mark.parametrize("rich", [True, False], ids=["rich", "plain"])
@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("_x005F_x0041_", "_x0041_"),
        ("_x005F_x000D_行", "_x000D_行"),
        ("_x005F_x005F_x005F_x0041_", "_x005F_x0041_"),
        ("x005F_", "x005F_"),
        ("a__x005F_x0042_", "a__x0042_"),
        ("_x005f_x0041_", "_x0041_"),
        ("总产值", "总产值"),
    ],
)
def test_escapes_of_a_text_are_undone_once(stored, text, rich, shared, tmp_path):
    """As ECMA-376, part 1, 22.4.2.4 writes them: ``_x005F_`` is an underscore, what follows text.

    The library that reads the cells drops ``x005F_`` wherever it stands.
    """
    run = f"<r><rPr><b/></rPr><t>{stored}</t></r><r><t>行</t></r>" if rich else f"<t>{stored}</t>"
    file = tmp_path / "figures.xlsx"
    with xlsxwriter.Workbook(file) as workbook:
        workbook.add_worksheet().write("A1", "HERE")
    with zipfile.ZipFile(file) as old:
        parts = {name: old.read(name).decode() for name in old.namelist()}
    before, after, part = {
        True: ("<t>HERE</t>", run, "xl/sharedStrings.xml"),
        False: ('t="s"><v>0</v>', f't="inlineStr"><is>{run}</is>', SHEET),
    }[shared]
    assert before in parts[part]
    parts[part] = parts[part].replace(before, after)
    with zipfile.ZipFile(file, "w") as new:
        for name, part in parts.items():
            new.writestr(name, part)
    _, grid, _, _ = read_grid(file, "observations")
    assert grid[0][0] == text + ("行" if rich else "")
