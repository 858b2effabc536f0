"""Year and month, or quarter, in columns of their own: together they are the period."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import book, csv


@pytest.mark.parametrize(
    ("rows", "figure"),
    [
        (["年份,月份,指标,数值", "2021,1—9月,生产总值,370"], ("2021-09", "level", "ytd")),
        (["年,月,指标,数值", "2021,9,贷款余额,370"], ("2021-09", "level", "end")),
        (["year,month,indicator,value", "2021,9.0,loans,370"], ("2021-09", "level", "end")),
        (["年度,统计月份,指标,累计", "2021,9月,生产总值,370"], ("2021-09", "level", "ytd")),
        (["年份,月份,指标,当月", "2021,9,生产总值,370"], ("2021-09", "addition", "month")),
        (["年份,季度,指标,数值", "2021,三季度,贷款余额,370"], ("2021Q3", "level", "end")),
        (["year,quarter,indicator,value", "2021,3,output,370"], ("2021Q3", "addition", "month")),
        (["2021年", "月份,指标,数值", "9月,贷款余额,370"], ("2021-09", "level", "end")),
        (["年份,月份,指标,数值", "2021,1,生产总值,370"], ("2021-01", "level", "ytd")),
    ],
)
def test_a_month_beside_its_year(read, tmp_path, rows, figure):
    answer = read(csv(tmp_path, *rows))
    assert [row[1:4] for row in answer.figures] == [figure]


def test_a_year_merged_over_its_months(read, tmp_path):
    rows = [["年份", "月份", "指标", "数值"], [2021, "1—8月", "生产总值", 325],
            [None, "1—9月", "生产总值", 370]]  # fmt: skip
    answer = read(book(tmp_path, rows, merged=["A2:A3"]))
    assert [(row[1], row[4]) for row in answer.figures] == [("2021-08", 325.0), ("2021-09", 370.0)]


@pytest.mark.parametrize("row", ["2021,9,生产总值,45", "2021,9月,工业增加值增速,9.8"])
def test_a_bare_month_of_a_flow_is_asked_about(read, tmp_path, row):
    refusal = read(csv(tmp_path, "年份,月份,指标,数值", row)).refusal.text("zh")
    assert "9月" in refusal
    assert "当月" in refusal
    assert "累计" in refusal


@pytest.mark.parametrize("cells", [("三季度", "二季度"), ("1—9月", "1—8月"), ("9月末", "8月末")])
def test_periods_under_another_word_are_asked_about(read, tmp_path, cells):
    rows = [f"2021,{cell},贷款余额,{700 + i}" for i, cell in enumerate(cells)]
    refusal = read(csv(tmp_path, "年份,阶段,指标,数值", *rows)).refusal.text("zh")
    assert "阶段" in refusal
    assert "时期" in refusal


@pytest.mark.parametrize("title", ["2021年分月累计数", "2021年各月主要指标累计"])
def test_months_that_run_since_january_are_asked_about(read, tmp_path, title):
    answer = read(csv(tmp_path, title, "指标,1月,2月,3月", "生产总值,36,70,110"))
    assert "2月" in answer.refusal.text("zh")
    assert read(csv(tmp_path, title, "指标,1月,2月", "贷款余额,650,660")).values == [650, 660]
