"""A growth has the basis that its own heading says."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import csv

TITLE = "2021年1—9月主要指标"


@pytest.mark.parametrize(
    ("header", "cells", "growths"),
    [
        ("当月,1—9月累计同比", "45,23.5", [("ytd", 23.5)]),
        ("当月同比,1-9月同比", "9.9,8.8", [("month", 9.9), ("ytd", 8.8)]),
        ("当月,累计,当月同比,累计同比", "45,370,9.9,8.8", [("month", 9.9), ("ytd", 8.8)]),
        ("累计,同比,当月,同比", "370,8.8,45,9.9", [("ytd", 8.8), ("month", 9.9)]),
        ("9月,1—9月,同比", "45,370,8.8", [("ytd", 8.8)]),
        ("本月止累计,同比增长", "370,8.8", [("ytd", 8.8)]),
    ],
)
def test_growth_of_its_own_basis(read, tmp_path, header, cells, growths):
    answer = read(csv(tmp_path, TITLE, f"指标,{header}", f"生产总值,{cells}"))
    assert [(row[3], row[4]) for row in answer.figures if row[2] == "growth"] == growths


@pytest.mark.parametrize(
    ("label", "heading"),
    [("生产总值（当月）", "累计"), ("本年累计生产总值", "当月"), ("本月生产总值", "1—9月")],
)
def test_a_row_of_another_basis_than_its_column_is_asked_about(read, tmp_path, label, heading):
    refusal = read(csv(tmp_path, TITLE, f"指标,{heading}", f"{label},45")).refusal
    assert heading in refusal.text("zh")
    assert "第3行" in refusal.text("zh")


def test_a_row_says_the_basis_where_its_column_does_not(read, tmp_path):
    answer = read(csv(tmp_path, TITLE, "指标,数值", "生产总值（当月）,45"))
    assert answer.figures == [("output", "2021-09", "addition", "month", 45.0)]
