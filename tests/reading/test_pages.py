"""Labels, titles, sheets and rows, and what the import report says of them (S22)."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import book, csv

from corridor_model.errors import PlanError
from corridor_model.observations.load import load_observations

# 15: units, the nearest wins


@pytest.mark.parametrize(
    ("rows", "value"),
    [
        (["指标,时期,数值", "贷款余额（万元）,2021,7200"], 0.72),
        (["单位：万元", "指标,时期,数值", "人均收入（元）,2021,51000"], 51000.0),
        (["指标,时期,数值", "生产总值（万元）,2021,5123000"], 512.3),
        (["指标,时期,数值", "生产总值（现价、万元）,2021,5123000"], 512.3),
        (["单位：亿元", "指标,时期,数值（万元）", "生产总值,2021,5123000"], 512.3),
        (["单位：亿元", "指标,时期,数值", "生产总值,2021,5123000万元"], 512.3),
        (["单位：万元", "指标,计量单位,时期,数值", "生产总值,亿元,2021,512.3"], 512.3),
        (["计量单位：,人民币万元", "指标,时期,数值", "生产总值,2021,5123000"], 512.3),
    ],
)
def test_the_nearest_unit_wins(read, tmp_path, rows, value):
    assert read(csv(tmp_path, *rows)).values == [value]


@pytest.mark.parametrize(
    ("label", "word"),
    [("生产总值（不含甲乡）", "不含"), ("生产总值排名", "排名"), ("生产总值目标", "目标"),
     ("全省生产总值", "全省"), ("生产总值占全市比重", "占全市比重")],
)  # fmt: skip
def test_a_label_that_says_something_else_is_skipped_and_named(read, tmp_path, label, word):
    rows = ["指标,时期,数值", f"{label},2021,512.3", "企业数,2021,120"]
    answer = read(csv(tmp_path, *rows))
    assert answer.values == [120.0]
    assert answer.says("A2", word)
    assert answer.says("C2", "512.3")


# 16: titles


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


# 17: currencies


def test_dollars_convert_into_dollars(read, tmp_path):
    answer = read(csv(tmp_path, "单位：万美元", "指标,时期,数值", "出口额,2021,51000"))
    assert answer.values == [5.1]


@pytest.mark.parametrize(
    "rows",
    [
        ["单位：万元", "指标,时期,数值", "出口额,2021,5100"],
        ["指标,时期,数值（万元）", "出口额,2021,5100"],
        ["指标,时期,数值", "出口额（万元）,2021,5100"],
        ["指标,时期,数值", "出口额,2021,5100万元"],
        ["单位：万欧元", "指标,时期,数值", "出口额,2021,5100"],
        ["单位：万美元", "指标,时期,数值", "生产总值,2021,5100"],
        ["单位：万卢布", "指标,时期,数值", "生产总值,2021,5100"],
    ],
)
def test_another_currency_is_refused(read, tmp_path, rows):
    refusal = read(csv(tmp_path, *rows)).refusal
    assert "行" in refusal.text("zh")
    assert any(word in refusal.text("zh") for word in ("万元", "万欧元", "万美元", "万卢布"))


# 18: sheets


def test_every_visible_sheet_is_read(read, tmp_path):
    head = ["指标", "时期", "数值"]
    sheets = [("综合", [head, ["生产总值", 2021, 480]]), ("科技", [head, ["企业数", 2021, 120]])]
    answer = read(book(tmp_path, *sheets))
    assert answer.values == [480.0, 120.0]
    assert set(answer.observations.report.sheet) == {"综合", "科技"}


def test_a_hidden_sheet_is_skipped_and_said(read, tmp_path):
    import openpyxl

    head = ["指标", "时期", "数值"]
    sheets = [("综合", [head, ["生产总值", 2021, 480]]), ("旧", [head, ["企业数", 2021, 120]])]
    file = book(tmp_path, *sheets)
    work = openpyxl.load_workbook(file)
    work["旧"].sheet_state = "hidden"
    work.save(file)
    answer = read(file)
    assert answer.values == [480.0]
    assert answer.says("旧", "隐藏")
    assert answer.says("120")


def test_a_figure_that_an_earlier_sheet_has_too(read, tmp_path):
    head = ["指标", "时期", "数值"]
    sheets = [("甲", [head, ["生产总值", 2021, 480]]), ("乙", [head, ["生产总值", 2021, 480]])]
    answer = read(book(tmp_path, *sheets))
    assert answer.values == [480.0]
    assert answer.says("C2", "480")
    sheets[1] = ("乙", [head, ["生产总值", 2021, 490]])
    assert "乙" in read(book(tmp_path, *sheets)).refusal.text("zh")


def test_a_sheet_without_indicators_is_said(read, tmp_path):
    head = ["指标", "时期", "数值"]
    sheets = [("综合", [head, ["生产总值", 2021, 480]]), ("图", [["甲", "乙"], [1, 2]])]
    answer = read(book(tmp_path, *sheets))
    assert answer.values == [480.0]
    assert answer.says("图")
    assert answer.says("A2", "1")


# 19: rows outside the plan


def test_a_row_outside_the_plan_is_listed_and_the_rest_taken(read, tmp_path, small):
    file = csv(tmp_path, "指标,时期,数值", "外区旅游收入,2021,88", "生产总值,2021,480")
    answer = read(file)
    assert answer.values == [480.0]
    assert answer.says("A2", "外区旅游收入")
    assert answer.says("C2", "88")
    assert "1" in str(answer.observations.summary)
    with pytest.raises(PlanError, match="外区旅游收入"):
        load_observations(file, small, strict=True)


def test_a_file_of_foreign_rows_alone_is_refused(read, tmp_path):
    refusal = read(csv(tmp_path, "指标,时期,数值", "外区旅游收入,2021,88")).refusal
    assert "外区旅游收入" in refusal.text("zh")


# 20: remarks


@pytest.mark.parametrize("text", ["预计12月下旬公布", "待反馈", "未开工", "暂无"])
def test_a_remark_in_the_place_of_a_figure(read, tmp_path, text):
    answer = read(csv(tmp_path, "指标,时期,数值", f"企业数,2021,{text}"))
    assert [(r.indicator, r.text) for r in answer.observations.remarks] == [("firms", text)]
    assert answer.says("C2", text, fate="remark")


# the report


def test_figures_in_are_figures_taken_and_skipped(read, tmp_path):
    rows = [
        "2021年1—9月,,,,,单位：万元", "序号,指标,累计,同比,环比,完成率（%）,备注",
        "1,生产总值（亿元）,370,8.8,1.2,,快报", "2,外区,1,2,3,,", "合计,,371,,,,", ",,,,99,,",
    ]  # fmt: skip
    answer = read(csv(tmp_path, *rows))
    report = answer.observations.report
    assert list(report.columns) == ["file", "sheet", "cell", "text", "fate", "why"]
    figures = {"C3", "D3", "E3", "C4", "D4", "E4", "C5", "E6"}
    assert figures <= set(report.cell)
    assert set(report[report.fate == "taken"].cell) == {"C3", "D3"}
    assert report.why.str.len().min() > 0


def test_the_summary_is_one_line_with_each_place(read, tmp_path):
    rows = ["2021年1—9月", "指标,累计,环比（%）", "生产总值,370,1.2", "企业数,预计10月公布,"]
    summary = read(csv(tmp_path, *rows)).observations.summary
    assert (
        summary.text("zh")
        == "已录入1条、说明1条；跳过1处：C2“环比（%）”及其1个数（与上期（环比）的比较）"
    )
    assert "\n" not in str(summary)


def test_a_foreign_row_with_figures_only_in_columns_passed_over(read, tmp_path):
    rows = ["2021年1—9月", "指标,累计,环比（%）", "生产总值,370,1.2", "外区,,7.7"]
    answer = read(csv(tmp_path, *rows))
    assert answer.says("A4", "外区")
    assert answer.says("C4", "7.7")


def test_a_door_that_takes_a_file_warns_of_what_it_skips(small, tmp_path):
    import corridor_model as cm
    from corridor_model.observations.load import SkippedWarning

    file = csv(tmp_path, "指标,2021年,环比（%）", "生产总值,470,1.2")
    with pytest.warns(SkippedWarning, match="环比"):
        cm.assess(small, file, as_of=2021)


def test_a_period_beside_the_file_holds_and_is_said(read, tmp_path):
    file = csv(tmp_path, "2021年1—9月主要指标", "指标,累计", "生产总值,370")
    answer = read(file, period="2021-08")
    assert answer.figures[0][1] == "2021-08"
    assert answer.says("2021-08", "2021-09", fate="remark")


def test_a_table_of_targets_alone_has_no_period(read, tmp_path):
    rows = ["指标,数值", "生产总值,580"]
    assert "没有时期" in read(csv(tmp_path, "2022年度目标任务", *rows)).refusal.text("zh")
    answer = read(csv(tmp_path, "2022年度目标任务完成情况", *rows))
    assert [row[1] for row in answer.figures] == ["2022"]


def test_of_several_units_of_a_column_the_indicators(read, tmp_path):
    rows = ["2021年1—9月", "指标,累计（亿元、%）", "生产总值,370", "占比,62.3"]
    assert read(csv(tmp_path, *rows)).values == [370.0, 62.3]


def test_the_form_is_read_back_with_nothing_skipped(plan, tmp_path):
    import openpyxl

    from corridor_model.observations.forms import write_observation_template

    file = write_observation_template(plan, tmp_path / "form.xlsx", "2021-09")
    work = openpyxl.load_workbook(file)
    sheet = work.worksheets[0]
    titles = [cell.value for cell in sheet[1]]
    assert "期别" in titles
    row = next(r for r in sheet.iter_rows(min_row=2) if "生产总值" in [cell.value for cell in r])
    row[titles.index("数值")].value = 370
    work.save(file)
    observations = load_observations(file, plan)
    assert observations.table["value"] == (370.0,)
    assert "skipped" not in set(observations.report.fate)
    assert {"项目进展", "任务进展"} <= set(observations.report.text)


def test_the_report_as_a_workbook_links_to_the_cells(read, tmp_path):
    import openpyxl

    rows = [["2021年1—9月"], ["指标", "累计", "环比（%）"], ["生产总值", 370, 1.2]]
    observations = read(book(tmp_path, ("综合", rows))).observations
    sheet = openpyxl.load_workbook(observations.save_report(tmp_path / "report.xlsx")).active
    assert [cell.value for cell in sheet[1]] == list(observations.report.columns)
    assert sheet.max_row == 1 + len(observations.report)
    links = {cell.value: cell.hyperlink for cell in sheet["C"][1:]}
    assert links["C3"].target == "file.xlsx"
    assert links["C3"].location == "'综合'!C3"


@pytest.mark.parametrize(
    "label",
    [
        "规上生产总值",
        "民营企业数",
        "高新区生产总值",
        "生产总值增值部分",
        "实际生产总值",
        "主要企业数",
    ],
)
def test_a_word_before_or_behind_a_name_makes_it_another(read, tmp_path, label):
    answer = read(csv(tmp_path, "指标,2021年", f"{label},3", "贷款余额,700"))
    assert answer.values == [700.0]
    assert answer.says("A2", label)
    assert answer.says("B2", "3")


@pytest.mark.parametrize(
    ("label", "value"),
    [("单位生产总值能耗", 0.41), ("万元GDP能耗（吨标准煤/万元）", 0.41), ("单位GDP能耗", 0.41)],
)
def test_another_name_of_the_same(read, tmp_path, label, value):
    answer = read(csv(tmp_path, "指标,2021年", f"{label},{value}"))
    assert [(row[0], row[4]) for row in answer.figures] == [("energy", value)]
