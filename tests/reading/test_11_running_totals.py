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
