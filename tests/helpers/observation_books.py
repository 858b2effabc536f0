"""Makes the workbooks of tests/wrong_observations and tests/accepted_observations.

Run it to make them again: ``python -m tests.helpers.observation_books``.
"""

from __future__ import annotations

import datetime
import re
import zipfile

import openpyxl

from tests.helpers.paths import TESTS

WRONG, ACCEPTED = TESTS / "wrong_observations", TESTS / "accepted_observations"


def book(rows, merged=()):
    made = openpyxl.Workbook()
    made.properties.created = made.properties.modified = datetime.datetime(2021, 10, 20)
    sheet = made.active
    for row in rows:
        sheet.append(row)
    for span in merged:
        sheet.merge_cells(span)
    return made


def patched(file, name, pattern, text):
    """Rewrite one part of a saved workbook, as another program would have written it."""
    with zipfile.ZipFile(file) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    parts[name] = re.sub(pattern, text, parts[name].decode()).encode()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts.items():
            archive.writestr(part, data)


def wrong():
    head = ["indicator", "period", "value", "unit"]
    # typed as 2021.10: the cell is a number, and the zero is gone
    book([head, ["gdp", 2021.10, 410, "亿元"]]).save(WRONG / "numeric_october.xlsx")
    book([head, ["gdp", 2021, "=200+300", "亿元"]]).save(WRONG / "no_cached_value.xlsx")
    made = book([head, ["gdp", 2021, "#DIV/0!", "亿元"]])
    made.active["C2"].data_type = "e"
    made.save(WRONG / "error_value.xlsx")
    title = ["2021年1—9月主要指标", None, None, None]
    rows = [title, ["指标", "单位", "累计", None], [None, None, "绝对量", "同比(%)"]]
    rows += [["生产总值", "亿元", 370.1, 8.8], ["亩均税收", "家", 24.1, 3.0]]
    spans = ["A1:D1", "A2:A3", "B2:B3", "C2:D2"]
    book(rows, spans).save(WRONG / "merged_header.xlsx")


def accepted():
    rows = [["指标", "时期", "数值", "单位", "备注"]]
    rows += [["生产总值", "2021年1—9月", "370.1\u00a0", "亿元", '=_xlfn.DISPIMG("ID_1",1)']]
    rows += [["高新技术产业增加值占规上工业增加值比重", "2021-09", 0.623, None, "快报"]]
    made = book(rows)
    made.active["C3"].number_format = "0.0%"
    made.save(ACCEPTED / "wps.xlsx")
    # WPS writes a dimension of A1:A1 whatever the sheet holds
    patched(
        ACCEPTED / "wps.xlsx",
        "xl/worksheets/sheet1.xml",
        r'<dimension ref="[^"]*"\s*/>',
        '<dimension ref="A1:A1"/>',
    )
    title = ["2021年1—9月主要指标", None, None, None, None]
    rows = [title, [None, None, None, None, "单位：万元"]]
    rows += [["指标", "单位", "9月", "1—9月", None], [None, None, "绝对量", "绝对量", "同比(%)"]]
    rows += [["生产总值", "亿元", 45.2, 370.1, 8.8], ["合计", None, None, None, None]]
    spans = ["A1:E1", "A3:A4", "B3:B4", "D3:E3"]
    book(rows, spans).save(ACCEPTED / "merged_header.xlsx")
    rows = [["indicator", "period", "value", "unit"]]
    rows += [["gdp", datetime.date(2021, 9, 30), 370.1, "亿元"], ["gdp", 44377, 236, "亿元"]]
    rows += [["gdp", 2021.11, 450, "亿元"], ["gdp", 2020, 467.7, "亿元"]]
    book(rows).save(ACCEPTED / "dates.xlsx")


if __name__ == "__main__":
    wrong()
    accepted()
