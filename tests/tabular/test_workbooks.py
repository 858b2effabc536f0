"""Numbers as their formats show them, and sheets of which something is hidden or merged."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import book

from corridor_model.errors import CellError, PlanError
from corridor_model.tabular import workbooks
from corridor_model.tabular.packages import area
from corridor_model.tabular.schema import unknown_table
from corridor_model.tabular.workbooks import cell_text, read_pages


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (1.5, '0.00"万"', "1.5万"),  # 1.50万 is fifteen thousand
        (12345, '0!.0,"万"', "1.2345万"),  # shown as 1.2万
        (3.5, '0.0"亿元"', "3.5亿元"),
        (0.033, "0.0%", "3.3%"),
        # sections by sign, and by conditions of which none may fit
        (0, '0.0;-0.0;"none "0', "none0"),
        (0, "0.0;-0.0", "0"),
        (50, "[>100]0;[<0]0", "50"),
        (150, '[>100]"much "0;0', "much150"),
        (50, '[>100]"much "0;0', "50"),
        (3, "[=3]0;[<>3]0", "3"),
        # a currency's sign in brackets is its sign
        (8.25, "[$¥-804]#,##0.00", "8.25"),
        (8.25, "[$￥-804]#,##0.00;[Red]-[$￥-804]#,##0.00", "8.25"),
    ],
)
def test_a_number_is_what_its_format_shows(value, number_format, text):
    assert cell_text(value, number_format) == text


@pytest.mark.parametrize(
    ("value", "number_format", "said"),
    [
        (5, ";;;", "holds 5, but its format ';;;' shows nothing."),
        (12345, "0,", "holds 12345, but its format '0,' shows '12.345'"),
        (-5, "0;0", "holds -5, but its format '0;0' shows '5'"),
        (5, '"▼"0', "shows '▼5'"),
    ],
)
def test_a_number_that_is_shown_as_another_is_refused(value, number_format, said):
    with pytest.raises(CellError) as wrong:
        cell_text(value, number_format)
    assert said in str(wrong.value.what)


def test_a_figure_that_its_format_hides_is_odd_and_not_lost(tmp_path):
    file = book(tmp_path, [["指标", "数值"], ["甲", 5], ["乙", 6]], formats={"B2": ";;;"})
    (grid,) = read_pages(file, "observations")
    assert grid.rows[1] == ["甲", "5"]
    assert list(grid.odd) == [(2, 1)], "line and column"
    assert "shows nothing" in str(grid.odd[2, 1].what)


def test_hidden_columns_and_rows_are_odd(tmp_path):
    import openpyxl

    file = book(tmp_path, [["指标", "数值", "备注"], ["甲", 5, "x"], ["乙", 6, ""]])
    work = openpyxl.load_workbook(file)
    work.active.column_dimensions["B"].hidden = True
    work.active.row_dimensions[3].hidden = True
    work.save(file)
    (grid,) = read_pages(file, "observations")
    assert set(grid.odd) == {(1, 1), (2, 1), (3, 0), (3, 1)}


def test_a_merged_range_without_text_spreads_none(tmp_path):
    file = book(
        tmp_path, [["指标", "数值"], ["甲", 5], ["", ""], ["乙", 6]], merged=["A3:B3", "D8:E9"]
    )
    (grid,) = read_pages(file, "observations")
    assert [row[:2] for row in grid.rows] == [["指标", "数值"], ["甲", "5"], ["乙", "6"]]
    assert not grid.spread


def test_struck_text_of_a_cell_is_passed_over(tmp_path):
    from openpyxl import Workbook
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont

    work = Workbook()
    text = CellRichText("甲", TextBlock(InlineFont(strike=True), "错"), "乙")
    work.active.append([text, "数值"])
    work.active.append(["丙", 1])
    work.save(tmp_path / "a.xlsx")
    (grid,) = read_pages(tmp_path / "a.xlsx", "observations")
    assert grid.rows[0][0] == "甲乙"


def test_figures_scattered_over_a_whole_sheet_are_refused(tmp_path, monkeypatch):
    file = book(tmp_path, [["指标", "数值"], ["甲", 5]])
    monkeypatch.setattr(workbooks, "WIDEST", 3)
    with pytest.raises(PlanError) as wrong:
        list(read_pages(file, "observations"))
    assert wrong.value.problems[0].file == "file.xlsx[Sheet1]"


def test_the_cells_of_a_reference():
    assert area("A1:C2 E5") == 7
    assert area("Sheet1!$B$2:$B$4") == 3
    assert area("nonsense A1") == 1


def test_a_table_of_another_name_lists_those_there_are():
    near = unknown_table("a.csv", "targetz").text("en")
    assert "Did you mean 'targets'?" in near
    far = unknown_table("a.csv", "qqqqqqqq").text("en")
    assert "Known: " in far
    assert "targets" in far
