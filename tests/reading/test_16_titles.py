"""The period of a title."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import book, csv


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("三年行动计划（2020—2022年）2021年1—9月监测表", "2021-09"),
        ("（2021—2025年）甲规划2022年上半年", "2022H1"),
        ("2022年度目标任务2021年1—9月", "2021-09"),
        ("2020年同口径 2021年1—6月", "2021-06"),
        ("2020-2022行动计划2021年9月", "2021-09"),
        ("2021年10月15日印发 2021年1—9月", "2021-09"),
        ("2022年目标任务2021年完成情况", "2021"),
        ("2021年1—9月（与2020年同期相比）", "2021-09"),
    ],
)
def test_the_period_of_a_title(read, tmp_path, title, period):
    answer = read(csv(tmp_path, title, "填报日期：2021年10月12日", "指标,数值", "贷款余额,700"))
    assert [row[1] for row in answer.figures] == [period]


def test_two_periods_that_do_not_fit_are_both_named(read, tmp_path):
    refusal = read(csv(tmp_path, "2021年1—9月及2021年1—6月", "指标,数值", "贷款余额,700")).refusal
    assert "2021年1-9月" in refusal.text("zh")
    assert "2021年1-6月" in refusal.text("zh")


# where no title says it: the sheet, a cover, the file's name; said in the report

HEAD = ["指标", "累计"]


@pytest.mark.parametrize(
    ("name", "rows", "period"),
    [
        ("2021年1-9月快报.csv", ["指标,累计", "生产总值,370"], "2021-09"),
        ("青山区202109.csv", ["主要指标", "指标,累计", "生产总值,370"], "2021-09"),
        ("2021年统计公报.csv", ["指标,数值", "生产总值,370"], "2021"),
        ("2021年.csv", ["1—9月主要指标", "指标,累计", "生产总值,370"], "2021-09"),
        ("2021年.csv", ["主要指标", "指标,1—9月", "生产总值,370"], "2021-09"),
        ("2021年.csv", ["指标,时期,数值", "生产总值,1—9月,370"], "2021-09"),
    ],
)
def test_the_name_of_a_file(read, tmp_path, name, rows, period):
    answer = read(csv(tmp_path, *rows, name=name))
    assert [row[1] for row in answer.figures] == [period]
    assert answer.says(name.removesuffix(".csv"), period[:4], fate="remark")


@pytest.mark.parametrize(
    ("name", "word"),
    [("2021年.csv", "2021年"), ("20211012.csv", "时期"), ("2022年目标任务.csv", "时期")],
)
def test_a_name_that_says_no_months_is_asked_about(read, tmp_path, name, word):
    refusal = read(csv(tmp_path, "主要指标", "指标,数值", "生产总值,370", name=name)).refusal
    assert word in refusal.text("zh")
    assert "第3行" in refusal.text("zh")


def test_a_name_is_not_asked_where_the_table_says_its_periods(read, tmp_path):
    rows = ["指标,时期,数值", "生产总值,2021-08,370"]
    answer = read(csv(tmp_path, *rows, name="2021年10月报送.csv"))
    assert [row[1] for row in answer.figures] == ["2021-08"]
    assert answer.lines("remark") == []


@pytest.mark.parametrize(
    "cover",
    [[["统计月报"], ["2021年1—9月"]], [["报告期", "2021年1—9月"], ["填报日期", "2021-10-12"]]],
)
def test_a_cover(read, tmp_path, cover):
    sheets = [("封面", cover), ("综合", [HEAD, ["生产总值", 370]])]
    sheets.append(("金融", [["2021年1—8月"], HEAD, ["贷款余额", 700]]))
    answer = read(book(tmp_path, *sheets))
    assert [row[1] for row in answer.figures] == ["2021-09", "2021-08"]
    assert answer.says("封面", fate="remark")
    assert answer.says("A1", "2021-09", fate="remark")
    assert answer.lines() == []


def test_sheets_of_a_year_that_the_file_names(read, tmp_path):
    sheets = [("3月", [HEAD, ["生产总值", 90]]), ("6月", [HEAD, ["生产总值", 200]])]
    answer = read(book(tmp_path, *sheets, name="2021年.xlsx"))
    assert [row[1] for row in answer.figures] == ["2021-03", "2021-06"]


@pytest.mark.parametrize(
    ("sheets", "name", "words"),
    [
        ([("3月", [HEAD, ["生产总值", 90]])], "2021年9月.xlsx", ("3月", "2021-09")),
        ([("甲", [["2021年1—9月"]]), ("乙", [["2021年1—8月"]]), ("丙", [HEAD, ["生产总值", 90]])],
         "file.xlsx", ("2021年1-9月", "2021年1-8月")),
    ],
)  # fmt: skip
def test_places_that_contradict_each_other_are_asked_about(read, tmp_path, sheets, name, words):
    refusal = read(book(tmp_path, *sheets, name=name)).refusal
    for word in words:
        assert word in refusal.text("zh")


# titles that say more than a period


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("2021年1—9月预计完成情况", ("预计",)),
        ("2021年1-9月（预测）", ("预测",)),
        ("2021年预期目标", ("时期",)),
        ("青山区2021年统计公报（2022年3月）", ("2021年", "2022年3月")),
        ("2021年1-9月、1-8月对比", ("2021年1-9月", "1-8月")),
        ("2021年上半年及7月", ("2021年上半年", "7月")),
    ],
)
def test_a_title_of_expectations_or_of_several_periods_is_asked_about(read, tmp_path, title, words):
    refusal = read(csv(tmp_path, title, "指标,数值", "贷款余额,700")).refusal
    for word in words:
        assert word in refusal.text("zh")


@pytest.mark.parametrize(
    ("title", "area"),
    [
        ("全市2021年1—9月主要指标", "全市"),
        ("全省2021年1—9月", "全省"),
        ("白水区2021年1—9月", "白水区"),
        ("青山区2021年1—9月", ""),
        ("全区2021年1—9月", ""),
        ("我区2021年1—9月", ""),
        ("主要指标2021年1—9月", ""),
        ("2021年1—9月全市", ""),
    ],
)
def test_a_title_of_another_area_is_remarked(read, tmp_path, title, area):
    answer = read(csv(tmp_path, title, "指标,数值", "贷款余额,700"))
    assert answer.values == [700.0]
    assert [line[1] for line in answer.lines("remark")] == ([area] if area else [])


@pytest.mark.parametrize(
    "title",
    ["统计月报 2021年第9期", "2021年统计月报", "2021年第三期主要指标", "2021年经济运行季报"],
)
def test_a_year_of_a_monthly_report_is_not_its_period(read, tmp_path, title):
    refusal = read(csv(tmp_path, title, "指标,累计", "生产总值,370")).refusal.text("zh")
    assert "2021年" in refusal
    answer = read(csv(tmp_path, title, "指标,1—9月累计", "生产总值,370"))
    assert answer.figures == [("output", "2021-09", "level", "ytd", 370.0)]


@pytest.mark.parametrize("title", ["2021年10月月报（1—9月数据）", "2021年10月（1—9月）"])
def test_another_range_beside_the_month_of_a_report_is_asked_about(read, tmp_path, title):
    refusal = read(csv(tmp_path, title, "指标,累计", "生产总值,370")).refusal.text("zh")
    assert "1-9月" in refusal


def test_a_range_of_a_part_is_not_that_of_the_table(read, tmp_path):
    title = "2021年9月主要指标（服务业为1—8月，规上服务业1—8月）"
    answer = read(csv(tmp_path, title, "指标,累计", "生产总值,370"))
    assert answer.figures == [("output", "2021-09", "level", "ytd", 370.0)]


@pytest.mark.parametrize(
    "title",
    ["2021年主要指标计划表", "2021年主要预期目标", "2021年经济社会发展预期", "2021年各项任务书"],
)
def test_a_title_of_targets_is_no_title_of_figures(read, tmp_path, title):
    refusal = read(csv(tmp_path, title, "指标,数值", "生产总值,504")).refusal
    assert "时期" in refusal.text("zh")


@pytest.mark.parametrize(
    ("header", "cells"), [("2022年,2021年1—9月", "580,370"), ("2021年,2020年", "370,340")]
)
def test_a_column_of_a_time_that_is_not_over_is_asked_about(read, tmp_path, header, cells):
    refusal = read(
        csv(tmp_path, "2021年1—9月主要指标", f"指标,{header}", f"生产总值,{cells}")
    ).refusal.text("zh")
    assert header.split(",")[0] in refusal


def test_a_running_year_has_the_months_of_the_title(read, tmp_path):
    rows = ["2021年1—9月主要指标", "指标,2021年累计,2020年累计,同比", "生产总值,370,340,8.8"]
    answer = read(csv(tmp_path, *rows))
    assert [row[1:3] + row[4:] for row in answer.figures] == [
        ("2021-09", "level", 370.0), ("2020-09", "level", 340.0), ("2021-09", "growth", 8.8)
    ]  # fmt: skip


@pytest.mark.parametrize("word", ["增速", "同比增速（%）", "增长率"])
def test_a_title_of_growths_over_columns_that_do_not_say_so(read, tmp_path, word):
    title = f"2021年1—9月主要指标{word}"
    refusal = read(csv(tmp_path, title, "指标,数值", "生产总值,8.8")).refusal
    assert "增" in refusal.text("zh")
    answer = read(csv(tmp_path, title, "指标,数值,同比", "生产总值,370,8.8", "工业增加值增速,9.8,"))
    assert answer.values == [370.0, 8.8, 9.8]
    answer = read(csv(tmp_path, title, "指标,累计（亿元）", "生产总值,370"))
    assert answer.values == [370.0]


@pytest.mark.parametrize("title", ["2021年9月上旬", "2021年09月中旬快报", "2021年第39周"])
def test_what_is_shorter_than_a_month_is_asked_about(read, tmp_path, title):
    refusal = read(csv(tmp_path, title, "指标,累计", "生产总值,370")).refusal
    assert title in refusal.text("zh")


def test_the_days_of_publication_are_no_period(read, tmp_path):
    rows = ["2021年9月主要指标（10月中旬公布）", "指标,累计", "生产总值,370"]
    assert read(csv(tmp_path, *rows)).figures[0][1] == "2021-09"
