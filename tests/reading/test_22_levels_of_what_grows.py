"""A row of what grows, where the plan promises its growth: the growth goes there, no level."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import csv

TITLE = "2021年1—9月主要指标"


@pytest.mark.parametrize(
    "rows",
    [
        ["指标,累计（亿元）,同比增长（%）", "工业增加值,312.5,9.5"],
        ["指标,累计,同比", "工业增加值（亿元）,312.5,9.5"],
        ["指标,计量单位,累计,增速（%）", "工业增加值,亿元,312.5,9.5"],
        ["指标,绝对额,比上年同期增长（%）", " 工业 增加值,312.5,9.5"],
    ],
)
def test_the_growth_goes_there_and_the_level_is_skipped(read, tmp_path, rows):
    answer = read(csv(tmp_path, TITLE, *rows))
    assert answer.figures == [("industry_growth", "2021-09", "growth", "ytd", 9.5)]
    assert answer.says("312.5", "工业增加值增速")


@pytest.mark.parametrize(
    "rows",
    [
        ["指标,数值", "工业增加值增长,9.5"],
        ["指标,数值", "工业增加值增长率（%）,9.5"],
        ["指标,数值", "工业增加值同比增长（%）,9.5"],
        ["指标,计量单位,累计", "工业增加值,%,9.5"],
        ["指标,累计", "工业增加值,增长9.5%"],
        ["指标,累计（%）", "工业增加值,9.5"],
        ["指标,累计", "工业增加值（%）,9.5"],
    ],
)
def test_a_growth_in_other_words(read, tmp_path, rows):
    answer = read(csv(tmp_path, TITLE, *rows))
    assert answer.figures == [("industry_growth", "2021-09", "growth", "ytd", 9.5)]


def test_a_number_without_a_unit_may_be_a_level(read, tmp_path):
    answer = read(csv(tmp_path, TITLE, "指标,数值", "工业增加值,9.5", "生产总值,370"))
    assert answer.values == [370.0]
    assert answer.says("B3", "9.5", "工业增加值增速")


@pytest.mark.parametrize("label", ["规上工业增加值", "工业增加值占比", "全市工业增加值"])
def test_another_thing_that_grows_is_another_row(read, tmp_path, label):
    answer = read(csv(tmp_path, TITLE, "指标,累计,同比", f"{label},312.5,9.5", "生产总值,370,"))
    assert answer.values == [370.0]
    assert answer.says("C3", "9.5")
