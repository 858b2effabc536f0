"""累计 beside 当月: since January, since the plan began, or asked about."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import csv

TITLE = "2021年1—9月主要指标"


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


@pytest.mark.parametrize(
    ("heading", "measure", "basis"),
    [
        ("自2020年以来累计", "level", "end"),
        ("2020年起累计", "level", "end"),
        ("2020年至今", "level", "end"),
        ("自2020年1月以来", "level", "end"),
        ("从2020年开始累计", "level", "end"),
        ("2021年以来累计", "addition", "ytd"),
        ("2021年初以来", "addition", "ytd"),
    ],
)
def test_the_year_in_which_a_count_begins_is_not_its_own(read, tmp_path, heading, measure, basis):
    answer = read(csv(tmp_path, TITLE, f"指标,{heading}", "累计新增企业,60"))
    assert answer.figures == [("new_firms", "2021-09", measure, basis, 60.0)]


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        ("2016年以来累计", "累计新增企业,60"),
        ("7月以来", "累计新增企业,60"),
        ("2020年10月以来", "累计新增企业,60"),
        ("2020年以来累计", "生产总值,837"),
        ("规划期累计", "生产总值,837"),
        ("实施以来累计", "每年新增专利,83"),
        ("规划期累计增长（%）", "生产总值,12"),
        ("2020年以来", "贷款余额,700"),
    ],
)
def test_a_count_from_another_moment_is_skipped(read, tmp_path, heading, row):
    answer = read(
        csv(tmp_path, TITLE, f"指标,累计,{heading}", row.replace(",", ",,"), "企业数,120")
    )
    assert answer.values == [120.0]
    assert answer.says(row.split(",")[1], heading)


def test_a_label_says_when_a_count_begins(read, tmp_path):
    answer = read(csv(tmp_path, TITLE, "指标,完成", "2020年以来累计新增企业,60"))
    assert answer.figures == [("new_firms", "2021-09", "level", "end", 60.0)]
