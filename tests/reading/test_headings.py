"""Headings taken apart: comparisons, periods, bases, values, blocks, directions (S22)."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import book, csv

from corridor_model.observations.headings import parts, plain

TITLE = "2021年1—9月主要指标"


# 8: growth on a year earlier, in every spelling


@pytest.mark.parametrize(
    "heading",
    [
        "比上年同期增长（%）", "比上年同期增减%", "较上年同期增长(%)", "比上年增长%",
        "比去年同期±%",
        "与上年同期相比增长(%)", "同比 增 长（％）", "增幅（%）", "同比（±%）",
        "比2020年同期增长（%）",
        "同比增速（按可比价计算）%", "比上年同月增减（%）",
    ],
)  # fmt: skip
def test_growth_on_a_year_earlier(read, tmp_path, heading):
    answer = read(csv(tmp_path, TITLE, f"指标,累计,{heading}", "生产总值,370.1,8.8"))
    assert answer.figures[1] == ("output", "2021-09", "growth", "ytd", 8.8)


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("环比（%）", "环比"), ("比上月增长%", "比上月"), ("两年平均（%）", "两年平均"),
        ("比2019年同期增长（%）", "2019"), ("全市排名", "排名"), ("贡献率（%）", "贡献率"),
        ("上年同期", "上年同期"), ("比年初增长（%）", "比年初"), ("占比（%）", "占比"),
        ("全省增速（%）", "全省"), ("预计全年", "预计全年"), ("颜色", "颜色"),
        ("同比增速（规上口径甲）", "规上"), ("增速回落（个百分点）", "回落"),
        ("同比增减额（亿元）", "增减额"), ("高于全市（百分点）", "高于全市"),
    ],
)  # fmt: skip
def test_what_is_not_the_indicators_own_growth_is_skipped_and_named(read, tmp_path, heading, part):
    answer = read(csv(tmp_path, TITLE, f"指标,累计,{heading}", "生产总值,370.1,8.8"))
    assert answer.values == [370.1]
    assert answer.says("C2", part) or answer.says("C3", part)
    assert answer.says("C3", "8.8")


def test_every_character_of_a_heading_belongs_to_a_part():
    for text in ("1—9月累计同比增长（%）", "颜色（红）", "比2019年同期±%", "完成年度计划（%）甲"):
        assert "".join(part.text for part in parts(text)) == plain(text)


# 9: the comparison's own period


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


# 10: the basis in its own heading


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


# 11: 累计 beside 当月


def test_a_flow_runs_since_january(read, tmp_path):
    answer = read(csv(tmp_path, TITLE, "指标,当月,累计", "生产总值,45,370"))
    assert [row[2:4] for row in answer.figures] == [("addition", "month"), ("level", "ytd")]


def test_a_count_since_the_plan_began_is_asked_about(read, tmp_path):
    refusal = read(csv(tmp_path, TITLE, "指标,当月,累计", "累计新增企业,5,70")).refusal
    assert "累计" in refusal.text("zh")
    assert "本年累计" in refusal.text("zh")


@pytest.mark.parametrize(
    ("heading", "measure"),
    [("本年累计", "addition"), ("1—9月累计", "addition"), ("实施以来累计", "level"),
     ("自年初累计", "addition")],
)  # fmt: skip
def test_a_heading_that_says_since_when(read, tmp_path, heading, measure):
    answer = read(csv(tmp_path, TITLE, f"指标,当月,{heading}", "累计新增企业,5,70"))
    assert answer.figures[1][2] == measure


# 12: quarters by themselves


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["指标,2021年第三季度", "生产总值,128"], ("2021Q3", "addition", "month")),
        (["指标,2021年前三季度", "生产总值,370"], ("2021Q3", "level", "ytd")),
        (["指标,时期,数值", "生产总值,2021年第三季度,128"], ("2021Q3", "addition", "month")),
        (["指标,时期,数值", "生产总值,2021年前三季度,370"], ("2021Q3", "level", "ytd")),
        (["2021年第三季度", "指标,数值", "生产总值,128"], ("2021Q3", "addition", "month")),
        (["2021年第三季度", "指标,同比（%）", "生产总值,4.9"], ("2021Q3", "growth", "month")),
        (["指标,2021年第三季度同比", "生产总值,4.9"], ("2021Q3", "growth", "month")),
        (["指标,2021年前三季度同比", "生产总值,9.8"], ("2021Q3", "growth", "ytd")),
        (["2021年", "指标,第三季度", "生产总值,128"], ("2021Q3", "addition", "month")),
        (["指标,2021年7—9月", "生产总值,128"], ("2021Q3", "addition", "month")),
        (["指标,时期,数值", "贷款余额,2021年第三季度,128"], ("2021Q3", "level", "end")),
    ],
)
def test_quarters(read, tmp_path, rows, expected):
    assert read(csv(tmp_path, *rows)).figures[0][1:4] == expected


# 13: words for a value, the period in a cell of its own, blocks


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


# 14: percentage points of a share


@pytest.mark.parametrize("text", ["+1.2个百分点", "提高1.2个百分点", "1.2个百分点"])
def test_a_difference_of_a_share_is_no_growth(read, tmp_path, text):
    answer = read(csv(tmp_path, TITLE, "指标,累计,同比", f"占比,62.3,{text}"))
    assert answer.values == [62.3]
    assert answer.says("C3", text)


# 21: direction


@pytest.mark.parametrize(
    ("rows", "value"),
    [
        (["指标,同比下降（%）", "单位能耗,2.7"], -2.7),
        (["指标,同比（%）", "单位GDP能耗降低,3.1"], -3.1),
        (["指标,数值", "单位能耗降低（%）,3.1"], -3.1),
        (["指标,同比（%）", "单位能耗,下降3.1%"], -3.1),
        (["指标,同比增减（%）", "单位能耗,-2.7"], -2.7),
        (["指标,同比降低（%）", "单位能耗,2.7"], -2.7),
        (["指标,比上年同期减少%", "生产总值,2.7"], -2.7),
        (["指标,同比下降（%）", "单位能耗,增长2.7%"], 2.7),
        (["指标,同比增长（%）", "单位能耗,下降2.7%"], -2.7),
        (["指标,降幅（%）", "单位能耗,2.7"], -2.7),
        (["指标,同比回落（%）", "生产总值,2.7"], -2.7),
        (["指标,同比收窄（%）", "生产总值,2.7"], -2.7),
        (["指标,增长（下降）（%）", "生产总值,-2.7"], -2.7),
    ],
)
def test_direction_counts(read, tmp_path, rows, value):
    answer = read(csv(tmp_path, TITLE, *rows))
    assert [row[2:3] + row[4:] for row in answer.figures] == [("growth", value)]


@pytest.mark.parametrize("text", ["-2.7", "+2.7"])
def test_a_fall_with_a_sign_is_asked_about(read, tmp_path, text):
    refusal = read(csv(tmp_path, TITLE, "指标,同比下降（%）", f"单位能耗,{text}")).refusal
    assert "第3行" in refusal.text("zh")
    assert "同比下降" in refusal.text("zh")


# neighbours: words that look alike and mean something else


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
