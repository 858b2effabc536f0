"""Forms, what is missing from whom, the other tables, and the worked example."""

from __future__ import annotations

import json

import openpyxl
import pandas as pd
import pytest
from tests.helpers.assess_plans import figures, five_years

import corridor_model as cm
from corridor_model.cli import main
from corridor_model.errors import CorridorError, PlanError
from corridor_model.files import data_dir
from corridor_model.observations.forms import HEADER, missing_figures, write_observation_template
from corridor_model.observations.histories import histories
from corridor_model.observations.load import example_observations, load_observations
from corridor_model.observations.model import Observations
from corridor_model.observations.read import read_observations
from corridor_model.observations.reports import (
    load_annual_investment,
    load_annual_targets,
    load_table,
    load_task_reports,
    load_work_reports,
    with_tables,
)
from corridor_model.observations.store import Store

EXAMPLE = data_dir() / "example"


def rows_by_name(sheet, column=2):
    return {sheet.cell(row, column).value: row for row in range(2, sheet.max_row + 1)}


def column(sheet, title):
    return next(c for c in range(1, sheet.max_column + 1) if sheet.cell(1, c).value == title)


# forms


@pytest.mark.uncounted
def test_a_form_asks_for_everything_and_reads_back_empty(plan, tmp_path):
    file = write_observation_template(plan, tmp_path / "observations.xlsx", "2021Q3")
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["监测数据", "项目进展", "任务进展", "还缺什么", "填写说明"]
    sheet = book["监测数据"]
    undated = [p for p in plan.targets.values() if p.year is None]
    assert sheet.max_row == 1 + len(plan.indicators) - len(undated)
    at = rows_by_name(sheet)["生产总值"]
    assert sheet.cell(at, column(sheet, "计量单位")).value == "亿元"
    assert sheet.cell(at, column(sheet, "时期")).value == "2021Q3"
    assert sheet.cell(at, column(sheet, "责任单位")).value == "区发改局"
    assert sheet.cell(at, column(sheet, "上期数")).value == "467.7（2020）"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    # the parts of one row of an annex bear one name, and are told apart
    items = [row[1].value for row in book["任务进展"].iter_rows(min_row=2)]
    assert len(set(items)) == len(items)
    assert "瓯海大道(龙湾段)（附件三第2行第5项）" in items
    lists = {
        str(v.sqref).split(":")[0][0]: v.formula1 for v in sheet.data_validations.dataValidation
    }
    assert len(lists) == 3
    assert any("同比增速" in words for words in lists.values())
    found = load_observations(file, plan)
    assert len(found) == 0
    assert {remark.reason for remark in found.remarks} == {"not_reported"}


@pytest.mark.uncounted
def test_the_next_form_shows_what_was_last_reported(plan, tmp_path):
    """Of an average growth the growths are what was reported."""
    names = ["indicator", "period", "value", "unit", "measure", "published"]
    lines = [
        ("tech_contract_growth", "2021-08", 23.1, "%", "growth", "2021-09-09"),
        ("new_hightech_enterprises", "2021-08", 74, "家", None, "2021-09-09"),
    ]
    last = load_observations(pd.DataFrame(lines, columns=names), plan)
    form = write_observation_template(plan, tmp_path / "observations.xlsx", "2021-09", last)
    sheet = openpyxl.load_workbook(form)["监测数据"]
    at, title = rows_by_name(sheet), column(sheet, "上期数")
    assert sheet.cell(at["技术合同交易额年均增速"], title).value == "23.1%（2021-08）"
    assert sheet.cell(at["累计新增高新技术企业"], title).value == "74（2021-08）"


def test_a_milestone_under_way_is_not_reached(plan):
    for word in ("正在推进", "在建", "未完成"):
        line = {"indicator": "first_hospital_relocated", "period": "2021-08", "value": word}
        assert list(load_observations(pd.DataFrame([line]), plan).table["value"]) == [0]


@pytest.mark.uncounted
def test_a_form_filled_in(plan, tmp_path):
    file = write_observation_template(plan, tmp_path / "observations.xlsx", "2021Q3")
    book = openpyxl.load_workbook(file)
    sheet = book["监测数据"]
    at = rows_by_name(sheet)
    for name, value, measure, note in (
        ("生产总值", "3720000万元", "水平", None),
        ("技术合同交易额年均增速", 17.5, "同比增速", None),
        ("每年落地1亿元以上项目", 7, None, "含签约"),
        ("区第一人民医院整体搬迁", "项目暂缓", None, None),
        ("院士专家工作站", 11, None, '=HYPERLINK("x")'),
    ):
        sheet.cell(at[name], column(sheet, "数值")).value = value
        sheet.cell(at[name], column(sheet, "量别")).value = measure
        cell = sheet.cell(at[name], column(sheet, "备注"))
        cell.value = note
        if note:
            cell.data_type = "s"
    sheet = book["项目进展"]
    sheet.cell(2, 4).value, sheet.cell(2, 6).value = 1.2, "是"
    sheet = book["任务进展"]
    sheet.cell(2, 4).value, sheet.cell(2, 5).value = "正常推进", "已开工"
    book.save(file)
    found = load_observations(file, plan)
    assert dict(zip(found.table["indicator"], found.table["value"], strict=True)) == {
        "gdp": 372.0,
        "tech_contract_growth": 17.5,
        "annual_projects_100m": 7.0,
        "academician_workstations": 11.0,
    }
    assert "paused" in {remark.reason for remark in found.remarks}
    works = load_work_reports(file, plan)
    assert works["invested_year"] == (1.2,)
    assert works["started"] == (True,)
    tasks = load_task_reports(file, plan)
    assert tasks["state"].count("on_schedule") == 1
    assert set(tasks["state"]) == {"on_schedule", "not_reported"}
    # next month's form asks for what is missing only
    again = write_observation_template(plan, tmp_path / "next.xlsx", "2021Q3", previous=file)
    names = rows_by_name(openpyxl.load_workbook(again)["监测数据"])
    assert "生产总值" not in names
    assert "亩均税收" in names
    store = Store(tmp_path / "figures.store")
    assert store.append(found, date="2021-10-20") == 5  # four figures, and why there is no fifth
    from_store = write_observation_template(
        plan, tmp_path / "store.xlsx", "2021Q3", previous=store.path
    )
    assert rows_by_name(openpyxl.load_workbook(from_store)["监测数据"]).keys() == names.keys()


def test_a_form_of_another_name_or_a_bad_previous_leaves_nothing(plan, tmp_path):
    with pytest.raises(CorridorError, match="xlsx") as caught:
        write_observation_template(plan, tmp_path / "form.csv", 2021)
    assert str(caught.value) == "form.csv: a form is an .xlsx file."
    assert caught.value.text("zh") == "form.csv：填报表请用.xlsx。"
    bad = tmp_path / "bad.csv"
    bad.write_text("indicator,period,value\ngpd,2021,1\n")
    with pytest.raises(PlanError):
        write_observation_template(plan, tmp_path / "form.xlsx", 2021, previous=bad)
    assert [file.name for file in tmp_path.iterdir()] == ["bad.csv"]


@pytest.mark.uncounted
def test_text_that_looks_like_a_formula_stays_text(plan, tmp_path):
    from dataclasses import replace

    table = plan.tables["indicators"]
    names = ("=1+1", *table["name_zh"][1:])
    odd = replace(
        plan,
        tables={
            **plan.tables,
            "indicators": replace(table, columns={**table.columns, "name_zh": names}),
        },
    )
    file = write_observation_template(odd, tmp_path / "form.xlsx", 2021)
    for sheet in openpyxl.load_workbook(file):
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


# what is missing


def test_missing_figures_by_unit(plan):
    found = missing_figures(plan, as_of="2021Q3")
    assert list(found.columns) == list(HEADER)
    assert list(found["序号"]) == list(range(1, len(found) + 1))
    units = list(found["应报单位"])
    assert units == sorted(
        units, key=lambda u: "\uffff" if u.startswith("（") else u.split("、")[0]
    )
    # what was due in 2020 is still due for 2020
    assert found.loc["heshangtan_river_started", "应报期"] == "2020-05"
    assert found.loc["gdp", "原因"] == "未报送"
    assert found.loc["annual_bus_lines", "影响"] == "2项目标无法评估"


def test_what_is_reported_is_not_missing_and_reasons_are_named(plan):
    frame = pd.DataFrame(
        [
            ("gdp", "2021Q3", 372, ""),
            ("outbound_fdi", "2021Q2", 0.26, ""),
            ("annual_projects_100m", "2021-01", 2, "addition"),
            ("annual_projects_100m", "2021-03", 2, "addition"),
            ("first_hospital_relocated", "2021Q3", "项目暂缓", ""),
            ("rd_to_gdp", "2021Q3", "为年度指标", ""),
            ("wenchang_town_listed", "2021-05", 1, ""),
            ("tech_contract_growth", "2021Q3", 17.5, ""),
            ("digital_economy_va_growth", "2021Q2", 12, ""),
        ],
        columns=["indicator", "period", "value", "measure"],
    )
    found = missing_figures(plan, load_observations(frame, plan), as_of="2021Q3")
    for name in ("gdp", "wenchang_town_listed", "tech_contract_growth"):
        assert name not in found.index
    reasons = found["原因"]
    assert reasons["outbound_fdi"] == "只报到6月"
    assert reasons["annual_projects_100m"] == "分月数据不全（缺2021-02）"
    assert reasons["first_hospital_relocated"] == "项目暂缓"
    rest = missing_figures(plan, load_observations(frame, plan), as_of="2021Q3", rest=True)
    assert rest.loc["rd_to_gdp", "原因"] == "未到公布期"
    assert "rd_to_gdp" not in found.index
    assert reasons["digital_economy_va_growth"] == "未报送"


def test_reports_count_as_reported():
    plan = cm.load_plan(example=True)
    found = missing_figures(plan, example_observations(), as_of="2021-09")
    assert "weiken_road" not in found.index
    assert "bus_lanes" in found.index
    assert "maoyong_road" not in found.index  # begins in 2022
    assert found.loc["community_bus", "影响"] == "项目进度无法评估"
    done = {t for t, s in zip(*(plan.tables["task_reports"][c] for c in ("task", "state")),
                              strict=True) if s == "done"}  # fmt: skip
    assert done.isdisjoint(found.index)
    assert (found["影响"] == "任务状态不明").any()


def test_nothing_is_missing_of_nothing():
    plan = cm.load_plan(example=True)
    found = missing_figures(plan, Observations(), as_of=2019)
    assert set(found["应报期"]) == {"2019"}


# the other tables


def test_yearly_tables_long_and_wide(plan):
    share = "高新技术产业增加值占规上工业增加值比重"
    wide = pd.DataFrame({"指标名称": ["生产总值", share],
                         "单位": ["万元", "%"],
                         "2021年": [5200000, 62.5], "2022": [5800000, None]})  # fmt: skip
    found = load_annual_targets(wide, plan)
    assert list(zip(found["indicator"], found["year"], found["value"], strict=True)) == [
        ("gdp", 2021, 520.0),
        ("gdp", 2022, 580.0),
        ("hightech_va_share", 2021, 62.5),
    ]
    long = pd.DataFrame({"indicator": ["gdp"], "year": [2021], "value": ["520亿元"]})
    assert load_annual_targets(long, plan)["value"] == (520.0,)
    money = pd.DataFrame(
        {"项目名称": ["围垦路"], "2020年（万元）": [19000], "2021年（万元）": [18000]}
    )
    assert load_annual_investment(money, plan)["value"] == (1.9, 1.8)
    assert set(found["origin"]) == {"user"}


def test_an_annex_of_works(plan):
    frame = pd.DataFrame(
        [["1", "围垦路", "两环路", "4", "1.8", "0.2", "1.5", "83.3", "8.3", "是", "是", "路面摊铺",
          "——", "扫尾", "龙湾城市中心区管委会"],
         ["2", "兴区路", "", "0.27", "", "", "", "", "", "", "", "", "", "", ""]],
        columns=["序号", "项目名称", "类别", "总投资", "年度计划投资", "9月完成", "1—9月完成",
                 "完成率（%）", "超（欠）序时（个百分点）", "是否开工", "是否入统", "形象进度",
                 "存在问题", "下步计划", "牵头单位"],
    )  # fmt: skip
    found = load_work_reports(frame, plan, period="2021-09", published="2021-10-08")
    assert list(found.rows()) == [
        {
            "project": "weiken_road",
            "period": "2021-09",
            "invested_month": 0.2,
            "invested_year": 1.5,
            "invested_total": None,
            "milestone": "路面摊铺",
            "started": True,
            "in_statistics": True,
            "problem": None,
            "next_step": "扫尾",
            "unit": None,
            "published": "2021-10-08",
        }
    ]


def test_typed_completions_may_be_rounded(plan):
    rows = {"项目名称": ["围垦路"], "时期": ["2021-09"], "年度计划投资": ["211.83万元"],
            "本年累计完成投资": ["194.54万元"]}  # fmt: skip
    for typed in ("91.84", "91.8", "92", "91.8%"):
        load_work_reports(pd.DataFrame(rows | {"完成率（%）": [typed]}), plan)
    for typed in ("91.9", "91.85", "93", "100"):
        with pytest.raises(PlanError, match="does not follow"):
            load_work_reports(pd.DataFrame(rows | {"完成率（%）": [typed]}), plan)


def test_completions_follow_the_years_targets_of_the_plan(plan):
    plan = with_tables(
        plan,
        load_annual_targets(
            pd.DataFrame({"indicator": ["gdp"], "year": [2021], "value": [520]}), plan
        ),
    )
    frame = pd.DataFrame({"指标": ["生产总值"], "累计": [390], "完成率": ["75%"]})
    assert len(load_observations(frame, plan, period="2021-09")) == 1
    frame["完成率"] = ["80%"]
    with pytest.raises(PlanError, match="does not follow"):
        load_observations(frame, plan, period="2021-09")


def test_an_unknown_table(plan):
    with pytest.raises(CorridorError, match="annual_targets"):
        load_table(pd.DataFrame(), "targets", plan)


def test_tasks_by_place(plan):
    frame = pd.DataFrame({"重点任务": ["附件三/4.5", "1-1"], "状态": ["已完成", "滞后"],
                          "进展情况": ["完成。", "征地滞后。"]})  # fmt: skip
    found = load_task_reports(frame, plan, published="2021-09-30")
    assert found["state"] == ("done", "behind")
    assert [plan.tasks[task].table for task in found["task"]] == [3, 1]


# the worked example


def test_the_example_is_assumed_and_says_so():
    plan = cm.load_plan(example=True)
    figures = example_observations()
    assert plan.example
    assert set(figures.table["origin"]) == {"assumed"}
    assert set(figures.table["source"]) == {"教学示例，非真实数据"}
    bundled = cm.load_plan()
    for name in ("baselines", "annual_targets", "annual_investment"):
        added = plan.tables[name]
        origins = added["origin"][len(bundled.tables[name]) :]
        assert origins
        assert set(origins) == {"assumed"}
    known = {b.indicator for b in bundled.baselines}
    new = [b for b in plan.baselines if b.origin == "assumed" and b.source.startswith("教学")]
    assert known.isdisjoint(b.indicator for b in new)
    assert {b.year for b in new} == {2019}


@pytest.mark.uncounted
def test_the_example_loads_like_any_file(plan):
    found, warned = read_observations(EXAMPLE / "observations.csv", plan, origin="assumed")
    assert found.table == example_observations().table
    assert [type(warning).__name__ for warning in warned] == ["SeriesBreakWarning"]
    for name in ("annual_targets", "annual_investment", "work_reports", "task_reports"):
        loaded = load_table(EXAMPLE / f"{name}.csv", name, plan, origin="assumed")
        assert loaded == cm.load_plan(example=True).tables[name]


def test_the_example_shows_what_an_office_meets(plan):
    figures = example_observations()
    known = histories(plan, figures)
    assert {remark.reason for remark in figures.remarks} >= {"paused", "not_due_yet", "not_started"}
    assert {gap.reason for history in known.values() for gap in history.gaps} == {"months_missing"}
    assert known["gdp"].at(2021).value == 522.3
    assert histories(plan, figures, known_by="2022-02-01")["gdp"].at(2021).value == 519.6
    assert known["new_provincial_tech_smes"].at(2021).value == 414
    kinds = {plan.indicators[n].kind for n, h in known.items() if h.points or h.growths or h.done}
    assert kinds == {indicator.kind for indicator in plan.indicators.values()}


# what a month's form brings back: figures, works and tasks


def test_what_is_due_and_the_rest_apart():
    """40 of 115: neither the yearly figures that are to come nor finished works are owed."""
    plan, figures = cm.load_plan(example=True), example_observations()
    due = missing_figures(plan, figures, as_of="2021-09")
    rest = missing_figures(plan, figures, as_of="2021-09", rest=True)
    assert (len(due), len(rest)) == (40, 75)
    assert not set(due.index) & set(rest.index)
    assert set(rest["原因"]) == {"未到公布期", "项目已完工", "该目标尚无期限"}
    assert (rest["原因"] == "项目已完工").sum() == 4
    # at the year's end the yearly figures are due
    assert len(missing_figures(plan, figures, as_of="2020", rest=True)) < 10


def test_a_form_goes_into_the_store_whole_and_is_not_asked_again(plan, tmp_path, capsys):
    file = write_observation_template(plan, tmp_path / "observations.xlsx", "2021-09")
    book = openpyxl.load_workbook(file)
    sheet = book["监测数据"]
    sheet.cell(rows_by_name(sheet)["生产总值"], column(sheet, "数值")).value = 370.4
    book["项目进展"]["C2"], book["项目进展"]["D2"], book["项目进展"]["F2"] = 0.3, 1.2, "是"
    book["任务进展"]["D2"], book["任务进展"]["E2"] = "正常推进", "已开工"
    work, task = book["项目进展"]["A2"].value, book["任务进展"]["A2"].value
    book.save(file)
    path = tmp_path / "figures.store"
    add = [
        "observe",
        "add",
        str(file),
        "--store",
        str(path),
        "--date",
        "2021-10-20",
        "--lang",
        "zh",
    ]
    assert main(add) == 0
    said = capsys.readouterr().out
    assert "项目和任务进展2条" in said
    assert "已录入 1 条" in said
    assert main(add) == 0
    assert "项目和任务进展0条" in capsys.readouterr().out
    works, tasks = Store(path).reports()
    assert works["invested_month"] == (0.3,)
    assert tasks["task"] == (task,)
    assert [row["kind"] for row in Store(path).list()] == ["figure", "work_reports", "task_reports"]
    # the file itself and the store answer the same
    for source in (file, path):
        shown = []
        for form in ("--works", "--tasks"):
            options = ["--observations", str(source), "--as-of", "2021-09", "--format", "json"]
            assert main(["assess", form, *options, "--lang", "zh"]) == 0
            shown.append({row["project" if form == "--works" else "task"]: row
                          for row in json.loads(capsys.readouterr().out)})  # fmt: skip
        (only,) = [row for row in shown[0].values() if row["period"]]
        assert (only["name_zh"], only["invested_month"], only["started"]) == (work, 0.3, True)
        assert shown[1][task]["sentence"] == "已开工"
        again = write_observation_template(plan, tmp_path / "next.xlsx", "2021-09", previous=source)
        titles = {row[0].value for row in openpyxl.load_workbook(again)["项目进展"].iter_rows()}
        assert work not in titles
    # a wrong report is taken back like any entry
    Store(path).withdraw(2)
    (left,) = Store(path).reports()
    assert left["task"] == (task,)


def test_works_tasks_and_units_on_the_command_line(capsys):
    month = ["assess", "--example", "--as-of", "2021-09", "--lang", "zh"]
    assert main([*month, "--works"]) == 0
    said = "".join(capsys.readouterr().out.split())
    # of works that reported this month alone: with the last month of finished ones 3.55
    assert "本月完成投资3.18亿元（10个已报）" in said
    assert main([*month, "--unit", "区住建局"]) == 0
    said = capsys.readouterr().out
    assert "共1个项目" in said
    assert "共1项任务" in said
    assert main([*month, "--league"]) == 0
    assert "责任单位排名" in capsys.readouterr().out
    assert main([*month, "--league", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["rank"] == 1
    assert main([*month, "--unit", "无此单位"]) == 1
    assert "无此单位" in capsys.readouterr().err
    assert main([*month, "--explain", "生产总值"]) == 0
    by_name = capsys.readouterr().out
    assert main([*month, "--explain", "gdp"]) == 0
    assert capsys.readouterr().out == by_name


def test_a_file_of_reports_alone(plan, tmp_path, capsys):
    file = tmp_path / "work_reports.csv"
    file.write_text("项目,时期,本年累计完成投资（亿元）\n围垦路,2021-09,1.5\n", "utf-8")
    path = str(tmp_path / "figures.store")
    assert main(["observe", "add", str(file), "--store", path, "--lang", "zh"]) == 0
    assert "项目和任务进展1条" in capsys.readouterr().out
    month = ["--as-of", "2021-09", "--works", "--format", "json"]
    assert main(["assess", "--observations", str(file), *month]) == 0
    rows = {row["project"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["weiken_road"]["invested_year"] == 1.5


@pytest.mark.parametrize(
    ("heads", "cells", "month"),
    [
        ("本月计划投资（万元）,本月完成投资（万元）", "1300,1200", 0.12),
        ("本月完成投资（万元）,下月计划投资（万元）", "1200,1500", 0.12),
        ("9月目标（万元）,9月完成（万元）", "1300,1200", 0.12),
        ("本月计划投资（万元）,1—9月完成（万元）", "1300,9000", None),
    ],
)
def test_money_that_is_planned_is_none_that_is_spent(tmp_path, heads, cells, month):
    rows = f"2021年1—9月重点项目\n项目名称,{heads}\n环山东路(龙湾段),{cells}\n"
    (tmp_path / "works.csv").write_text(rows, encoding="utf-8")
    assert load_work_reports(tmp_path / "works.csv")["invested_month"] == (month,)


def test_two_months_of_a_work_are_refused(tmp_path):
    rows = "2021年1—9月\n项目名称,8月完成（万元）,9月完成（万元）\n环山东路(龙湾段),1000,1200\n"
    (tmp_path / "works.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(PlanError) as caught:
        load_work_reports(tmp_path / "works.csv")
    assert "9月完成" in caught.value.text("zh")


def test_a_report_on_a_work_without_a_period_is_refused(tmp_path):
    rows = "项目名称,本年完成（万元）\n环山东路(龙湾段),9000\n"
    (tmp_path / "works.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(PlanError) as caught:
        load_work_reports(tmp_path / "works.csv")
    assert "period" in caught.value.text("zh")


def test_what_is_owed_of_a_date_within_a_year_is_its_own_figure():
    """A later one of the year is none; what is decided without one owes none (S20)."""
    goal = {"value": 5, "sense": "at_least", "year": 2023, "month": 3}
    plan = five_years("cumulative", 0, targets=[goal])

    def owed(*rows):
        due = missing_figures(plan, figures(plan, *(("x", *row) for row in rows)), 2023)
        return due[["应报期", "原因"]].values.tolist()

    later = "只报送了到期之后（2023年6月）的数据"
    assert owed(("2023-06", 5), (2023, 7)) == [["2023-03", later]]
    assert owed(("2023-02", 4), ("2023-06", 5)) == [["2023-03", later]]
    assert owed(("2023-02", 4)) == [["2023-03", "只报到2月"]]
    assert owed() == [["2023-03", "未报送"]]
    for known in [("2023-03", 4)], [("2023-02", 5)], [("2023-06", 4), (2023, 6)], [(2022, 5)]:
        assert owed(*known) == []
