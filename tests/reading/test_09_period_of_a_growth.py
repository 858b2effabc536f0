"""A growth belongs to the latest period beside it."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import csv


@pytest.mark.parametrize(
    ("header", "cells", "period"),
    [
        ("2020年,2019年,增速(%)", "467.7,480,23.5", "2020"),
        ("2021年1-9月,2020年1-9月,同比", "370,330,23.5", "2021-09"),
        ("2021年,2020年,2019年,增速", "3,2,1,23.5", "2021"),
        ("2019年,2020年,增速,2021年", "1,2,23.5,3", "2020"),
        ("2019年,2020年,同比增长（%）", "1,2,23.5", "2020"),
        ("2020年,2019年,比2019年增长（%）", "2,1,23.5", "2020"),
        ("2021年1-9月,上年同期,同比", "2,1,23.5", "2021-09"),
    ],
)
def test_growth_belongs_to_the_latest_period(read, tmp_path, header, cells, period):
    answer = read(csv(tmp_path, f"指标,{header}", f"生产总值,{cells}"))
    growths = [row for row in answer.figures if row[2] == "growth"]
    assert [(row[1], row[4]) for row in growths] == [(period, 23.5)]


def test_growth_on_another_year_than_the_one_before_is_skipped(read, tmp_path):
    answer = read(
        csv(tmp_path, "指标,2021年,2020年,2019年,比2019年增长（%）", "生产总值,3,2,1,23.5")
    )
    assert answer.values == [3, 2, 1]
    assert answer.says("23.5")


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("2020年同期增速", "2020年同期"),
        ("2020年同期增长（%）", "2020年同期"),
        ("2020年为2019年%", "2020年"),
        ("2019年至2020年增长%", "2019年"),
    ],
)
def test_a_heading_of_another_or_of_several_years_is_skipped(read, tmp_path, heading, part):
    rows = ["2021年1—9月", f"指标,累计,{heading}", "生产总值,370,3.4"]
    answer = read(csv(tmp_path, *rows))
    assert answer.values == [370.0]
    assert answer.says("C3", "3.4", part)
