"""A row of no indicator is listed, and the rest is taken."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import csv

from corridor_model.errors import PlanError
from corridor_model.observations.load import load_observations


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


@pytest.mark.parametrize(
    ("head", "own", "other"),
    [
        ("指标,地区,累计", "生产总值,青山区,370", "生产总值,白水区,900"),
        ("区县,指标,累计", "青山,生产总值,370", "全市,生产总值,3700"),
        ("指标,区域,累计", "生产总值,全区,370", "生产总值,全省,37000"),
        ("indicator,country,value", "Gross product,Qingshan,370", "Gross product,India,900"),
    ],
)
def test_a_row_of_another_area_is_listed(read, tmp_path, head, own, other):
    answer = read(csv(tmp_path, head, own, other), period="2021-09")
    assert answer.values == [370.0]
    assert answer.says(other.rsplit(",", 1)[1])
    alone = read(csv(tmp_path, head, other), period="2021-09")
    assert alone.values == []
    assert alone.says("C2", other.rsplit(",", 1)[1])
