"""A fraction where a percentage is meant is warned of."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import csv


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        (["指标,时期,同比", "生产总值,2021,0.085"], "生产总值"),
        (["指标,时期,数值", "工业增加值增速,2021,0.095"], "工业增加值增速"),
        (["指标,时期,数值", "占比,2021,0.623"], "占比"),
        (["指标,时期,同比增减（%）", "生产总值,2021,-0.031"], "生产总值"),
    ],
)
def test_a_fraction_for_a_percentage_is_warned_of(read, tmp_path, rows, names):
    answer = read(csv(tmp_path, *rows))
    assert any(("%" in said and "0.0" in said) or "0.6" in said for said in answer.warned)


@pytest.mark.parametrize("rows", [
    ["指标,时期,同比", "生产总值,2021,8.5"], ["指标,时期,同比", "生产总值,2021,0.5"],
    ["指标,时期,数值", "工业增加值增速,2021,1.2"],
])  # fmt: skip
def test_no_warning_where_there_is_no_fraction(read, tmp_path, rows):
    assert read(csv(tmp_path, *rows)).warned == []
