"""What stands beside a figure is kept, and so is the figure."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import csv

HEAD = ["指标", "时期", "数值"]


@pytest.mark.parametrize(
    ("name", "text", "value", "note"),
    [
        ("生产总值", "512.3（年报数）", 512.3, "年报数"),
        ("企业数", "160（其中停工3家）", 160.0, "停工3家"),
        ("企业数", "160，其中2家未开工", 160.0, "未开工"),
        ("企业数", "160家（待反馈）", 160.0, "待反馈"),
        ("企业数", "160*", 160.0, "*"),
        ("生产总值", "512.3（亿元）", 512.3, ""),
        ("生产总值", "512.3亿元（暂停更新）", 512.3, "暂停更新"),
    ],
)
def test_a_remark_beside_a_figure_keeps_the_figure(read, tmp_path, name, text, value, note):
    answer = read(csv(tmp_path, ",".join(HEAD), f"{name},2021,{text}"))
    assert answer.values == [value]
    assert not answer.observations.remarks
    assert note in answer.lines("taken")[0][2]


@pytest.mark.parametrize("text", ["512.3（预计数）", "512.3（目标）", "512.3（全省）"])
def test_a_note_that_denies_the_figure(read, tmp_path, text):
    answer = read(csv(tmp_path, ",".join(HEAD), f"生产总值,2021,{text}", "企业数,2021,1"))
    assert answer.values == [1.0]
    assert answer.says(text)


@pytest.mark.parametrize(
    ("cell", "mark"),
    [("512.3①", "①"), ("512.3亿元②", "②"), ("512.3[1]", "[1]"), ("512.3注1", "注1"),
     ("512.3（注）", "注"), ("5123000万元[注]", "[注]")],
)  # fmt: skip
def test_the_mark_of_a_footnote_is_no_digit(read, tmp_path, cell, mark):
    answer = read(csv(tmp_path, "2021年1—9月", "指标,累计", f"生产总值,{cell}"))
    assert answer.values == [512.3]
    assert answer.says(cell, mark, fate="taken")


@pytest.mark.parametrize(
    ("cell", "bound"),
    [("超512.3", "above"), ("逾512.3亿元", "above"), ("近512.3亿元", "below"),
     ("接近512.3", "below"), ("不足512.3", "below")],
)  # fmt: skip
def test_a_figure_of_which_only_a_bound_is_printed(read, tmp_path, cell, bound):
    answer = read(csv(tmp_path, "2021年1—9月", "指标,累计", f"生产总值,{cell}"))
    assert answer.values == [512.3]
    assert list(answer.observations.table["bound"]) == [bound]


@pytest.mark.parametrize("cell", ["约512.3", "512.3左右", "510-515", "510～515", "±512.3"])
def test_a_figure_that_is_no_one_number_is_refused(read, tmp_path, cell):
    refusal = read(csv(tmp_path, "2021年1—9月", "指标,累计", f"生产总值,{cell}")).refusal
    assert "第3行" in refusal.text("zh")


@pytest.mark.parametrize("cell", ["暂缺", "待统计", "待核实", "无数据"])
def test_words_in_the_place_of_a_figure(read, tmp_path, cell):
    answer = read(csv(tmp_path, "2021年1—9月", "指标,累计", f"生产总值,{cell}", "企业数,120"))
    assert answer.values == [120]
    assert [remark.reason for remark in answer.observations.remarks] == ["not_reported"]
