"""What the import report says of every cell."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import book, csv

from corridor_model.observations.load import load_observations


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


@pytest.mark.uncounted
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
