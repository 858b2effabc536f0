"""A quarter by itself is not the months since January."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import csv


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
