"""Words for a value, a period in its own cell, blocks of tables."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import book, csv

TITLE = "2021年1—9月主要指标"


@pytest.mark.parametrize(
    "heading",
    [
        "绝对额",
        "实绩",
        "总量",
        "完成数",
        "完成额",
        "本月累计",
        "绝 对 量",
        "实际完成",
        "金额（亿元）",
    ],
)
def test_words_for_a_value(read, tmp_path, heading):
    answer = read(csv(tmp_path, TITLE, f"指标,{heading}", "生产总值,370"))
    assert answer.figures == [("output", "2021-09", "level", "ytd", 370.0)]


@pytest.mark.parametrize(
    "above",
    [["报告期,2021年1—9月"], ["报告期：,2021-09"], ["2021年监测表", "报告期,1—9月"],
     ["报告期：2021年1—9月", "填报日期：2021年10月15日"]],
)  # fmt: skip
def test_the_period_in_a_cell_of_its_own(read, tmp_path, above):
    answer = read(csv(tmp_path, *above, "指标,数值", "生产总值,370"))
    assert answer.figures == [("output", "2021-09", "level", "ytd", 370.0)]


def test_blocks_beside_each_other(read, tmp_path):
    rows = [
        TITLE,
        "序号,指标,累计,同比,,序号,指标,累计,同比",
        "1,生产总值,370,8.8,,1,贷款余额,700,9.1",
    ]
    answer = read(csv(tmp_path, *rows, "2,企业数,120,3.1,,,,,"))
    assert [(row[0], row[2], row[4]) for row in answer.figures] == [
        ("output", "level", 370.0), ("output", "growth", 8.8),
        ("firms", "level", 120.0), ("firms", "growth", 3.1),
        ("loans", "level", 700.0), ("loans", "growth", 9.1),
    ]  # fmt: skip


def test_blocks_below_each_other(read, tmp_path):
    rows = [TITLE, "指标,累计", "生产总值,370", "二、2021年1—8月", "指标,本年累计（万元）,同比"]
    answer = read(csv(tmp_path, *rows, "贷款余额,7000000,9.1"))
    assert [(row[0], row[1], row[4]) for row in answer.figures] == [
        ("output", "2021-09", 370.0), ("loans", "2021-08", 700.0), ("loans", "2021-08", 9.1)
    ]  # fmt: skip


def test_stacked_headings_are_paths(read, tmp_path):
    rows = [[None, "2021年", None, "2020年"], ["指标", "1—9月", "同比（%）", "1—9月"],
            ["生产总值", 370, 8.8, 340]]  # fmt: skip
    answer = read(book(tmp_path, rows, merged=["B1:C1"]))
    assert [row[1:3] + row[4:] for row in answer.figures] == [
        ("2021-09", "level", 370.0), ("2021-09", "growth", 8.8), ("2020-09", "level", 340.0)
    ]  # fmt: skip
