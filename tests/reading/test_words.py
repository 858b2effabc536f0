"""Words of headings and labels that look alike and mean something else."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import book, csv

TITLE = "2021年1—9月主要指标"


@pytest.mark.parametrize(
    ("heading", "measure"),
    [("增加值（亿元）", "level"), ("同期增长%", "growth"), ("年增长率(%)", "growth"),
     ("YoY (%)", "growth"), ("一至九月", "level"), ("前9个月", "level"), ("8月末", "level"),
     ("比上年同期增（减）%", "growth"), ("9月份", "addition"), ("总量/亿元", "level")],
)  # fmt: skip
def test_words_that_are_read(read, tmp_path, heading, measure):
    answer = read(csv(tmp_path, TITLE, f"指标,{heading}", "生产总值,37"))
    assert [(row[2], row[4]) for row in answer.figures] == [(measure, 37.0)]


@pytest.mark.parametrize(
    ("heading", "part"),
    [("增值税", "增"), ("增速（%）位次", "位次"), ("增速与全市差距", "与全市差距"),
     ("人均增速", "人均"),
     ("目标增速", "目标"), ("上年增速（%）", "上年"), ("比8月增长", "比"), ("降水量", "降水")],
)  # fmt: skip
def test_words_that_mean_something_else(read, tmp_path, heading, part):
    answer = read(csv(tmp_path, TITLE, f"指标,累计,{heading}", "生产总值,370,3"))
    assert answer.values == [370.0]
    assert answer.says("C2", part)


def test_a_group_beside_the_names(read, tmp_path):
    rows = [[TITLE], ["指标", None, "累计"], ["综合", "生产总值", 370], [None, "企业数", 12],
            ["贷款余额", None, 700]]  # fmt: skip
    answer = read(book(tmp_path, rows, merged=["A2:B2", "A3:A4", "A5:B5"]))
    assert [(row[0], row[4]) for row in answer.figures] == [
        ("output", 370.0), ("firms", 12.0), ("loans", 700.0)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "says"), [("同比（%、百分点）", True), ("同比", True), ("同比（%）", False)]
)
def test_a_bare_change_of_a_share(read, tmp_path, heading, says):
    answer = read(csv(tmp_path, TITLE, f"指标,累计,{heading}", "占比,62.3,1.2"))
    if says:
        assert answer.values == [62.3]
        assert answer.says("C3", "1.2")
    else:
        assert "百分点" in answer.refusal.text("zh")


def test_an_index_and_a_weak_key(read, tmp_path):
    rows = ["指标编号,指标名称,累计", "A1,生产总值,370"]
    assert read(csv(tmp_path, TITLE, *rows)).values == [370.0]
    assert read(csv(tmp_path, TITLE, "项目,累计", "生产总值,370")).values == [370.0]
    assert "指标" in read(csv(tmp_path, TITLE, "项目,累计", "围垦路,370")).refusal.text("zh")


@pytest.mark.parametrize(
    "label", ["生产总值备注", "生产总值责任单位", "生产总值序号", "地区生产总值"]
)
def test_a_word_of_a_heading_in_a_label_is_no_figure_of_it(read, tmp_path, label):
    answer = read(csv(tmp_path, TITLE, "指标,累计", f"{label},370", "贷款余额,700"))
    assert answer.values == [700.0]
    assert answer.says("B3", "370")
