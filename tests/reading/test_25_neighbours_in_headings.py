"""What stands beside a heading says of what it is: a part, another area, a difference."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import csv

TITLE = "2021年1—9月主要指标"


@pytest.mark.parametrize(
    ("header", "cells", "values"),
    [
        ("累计,同比,其中：民营,同比", "370,8.8,120,5.5", [370, 8.8]),
        ("累计,同比,全市平均,同比", "370,8.8,120,5.5", [370, 8.8]),
        ("全市,同比,全区,同比", "5370,5.5,370,8.8", [370, 8.8]),
        ("全省,增速,本区,增速", "5370,5.5,370,8.8", [370, 8.8]),
        ("累计,其中：规上,同比", "370,120,5.5", [370]),
    ],
)
def test_a_growth_belongs_to_what_stands_left_of_it(read, tmp_path, header, cells, values):
    answer = read(csv(tmp_path, TITLE, f"指标,{header}", f"生产总值,{cells}"))
    assert answer.values == values
    assert answer.says("5.5")


@pytest.mark.parametrize("rate", ["同比增减%", "增减幅度（%）", "同比增长（%）"])
def test_a_change_beside_its_rate_is_a_difference(read, tmp_path, rate):
    answer = read(csv(tmp_path, TITLE, f"指标,累计,同比增减,{rate}", "生产总值,370,29.9,8.8"))
    assert answer.values == [370, 8.8]
    assert answer.says("29.9", "同比增减")


@pytest.mark.parametrize("row", ["生产总值,1,370.5,8.8", "生产总值,370,1,008.8"])
def test_a_number_cut_at_its_comma_is_refused(read, tmp_path, row):
    refusal = read(csv(tmp_path, TITLE, "指标,累计,同比", row)).refusal.text("zh")
    assert "第3行" in refusal
    assert "逗号" in refusal


def test_a_remark_behind_the_last_column_is_no_cut_number(read, tmp_path):
    answer = read(csv(tmp_path, TITLE, "指标,累计,同比", "生产总值,370,8.8,快报"))
    assert answer.values == [370, 8.8]


@pytest.mark.parametrize(
    "rows",
    [
        ["指标,累计,同比", "（单位）,（万元）,（%）", "生产总值,3700000,8.8"],
        ["指标,累计,同比", "计量单位,万元,%", "生产总值,3700000,8.8"],
        ["指标,累计,同比", "生产总值,3700000,8.8", "注：单位为万元"],
        ["指标,累计,同比", "生产总值,3700000,8.8", "单位：万元"],
        ["指标,累计,同比", "生产总值,3700000,8.8", "注：单位万元"],
        ["指标,累计,同比", "生产总值,3700000,8.8", "注：表中金额单位均为万元。"],
    ],
)
def test_a_unit_below_a_heading_or_a_table(read, tmp_path, rows):
    answer = read(csv(tmp_path, TITLE, *rows))
    assert answer.values == [370, 8.8]


def test_the_nearer_unit_wins_over_a_note(read, tmp_path):
    rows = ["指标,累计", "生产总值（亿元）,370", "贷款余额（千元）,70000000", "注：单位为万元"]
    assert read(csv(tmp_path, TITLE, *rows)).values == [370, 700]


@pytest.mark.parametrize(
    "note", ["注：统计单位为规模以上企业", "责任单位：区统计局", "注：各单位应按时报送"]
)
def test_a_note_of_other_units_is_none_of_figures(read, tmp_path, note):
    answer = read(csv(tmp_path, TITLE, "指标,累计,同比", "生产总值,370,8.8", note))
    assert answer.values == [370, 8.8]
