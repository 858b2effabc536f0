"""A number format scales, carries a unit, or contradicts its value."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import book

HEAD = ["指标", "时期", "数值"]


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (12345678, '0!.0,"万元"', 0.12345678),
        (512.3, "0.0万元", 0.05123),
        (51230000, '#,##0,"千元"', 0.5123),
        (12345678, '0!.0000"万元"', 0.12345678),
        (512.3, '0.0_ "亿元"', 512.3),
        (5.123e10, '[>=100000000]0!.00,,"亿元";0"元"', 512.3),
    ],
)
def test_a_format_scales_and_names_the_unit(read, tmp_path, value, code, expected):
    file = book(tmp_path, [HEAD, ["生产总值", 2021, value]], formats={"C2": code})
    assert read(file).values == [expected]


@pytest.mark.parametrize(
    ("value", "code"), [(12345678, "0.0,"), (-5.1, "0.0;0.0"), (5.1, "(0.0)"), (5.1, '"▼"0.0')]
)
def test_a_look_that_contradicts_the_value_is_refused_with_both(read, tmp_path, value, code):
    file = book(tmp_path, [HEAD, ["生产总值", 2021, value]], formats={"C2": code})
    said = read(file).refusal.text("zh")
    assert "第2行" in said
    assert f"{value}" in said
    assert code in said


def test_struck_hidden_and_superscript(read, tmp_path):
    import openpyxl
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont
    from openpyxl.styles import Font

    rows = [HEAD, ["生产总值", 2021, "x"], ["企业数", 2021, 120], ["贷款余额", 2021, 700]]
    file = book(tmp_path, rows)
    work = openpyxl.load_workbook(file)
    sheet = work.active
    sheet["C2"] = CellRichText("580", TextBlock(InlineFont(vertAlign="superscript"), "1"))
    sheet["C3"].font = Font(strike=True)
    sheet.row_dimensions[4].hidden = True
    work.save(file)
    answer = read(file)
    assert answer.values == [580.0]
    assert answer.says("C3", "120", "删除线")
    assert answer.says("C4", "700", "隐藏")


def test_dates_counted_from_1904(read, tmp_path):
    import openpyxl
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    file = book(tmp_path, [HEAD, ["贷款余额", 44469 - 1462, 700]])
    work = openpyxl.load_workbook(file)
    work.epoch = CALENDAR_MAC_1904
    work.save(file)
    assert read(file).figures[0][1] == "2021-09"


@pytest.mark.parametrize(
    ("title", "name", "value", "code", "expected"),
    [
        ("数值", "生产总值", 48_050_000_000, '0!.00,,"亿"', 480.5),
        ("数值（元）", "生产总值", 48_050_000_000, '0!.00,,"亿"', 480.5),
        ("数值", "企业数", 32_000, '0!.0,"万"', 32_000.0),
    ],
)
def test_a_format_that_scales_without_a_unit(read, tmp_path, title, name, value, code, expected):
    rows = [["指标", "时期", title], [name, 2021, value]]
    assert read(book(tmp_path, rows, formats={"C2": code})).values == [expected]
