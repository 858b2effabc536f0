"""A merged cell of the body holds for all its rows; a merged value is one."""

from __future__ import annotations

import pytest
from tests.helpers.observation_tables import book

HEAD = ["指标", "时期", "数值"]


def test_a_merged_period_holds_for_all_its_rows(read, tmp_path):
    rows = [["2021年1—9月主要指标"], HEAD, ["生产总值", "2021年1—6月", 236], ["企业数", None, 120]]
    rows += [["贷款余额", None, 700]]
    answer = read(book(tmp_path, rows, merged=["B3:B5"]))
    assert [row[1] for row in answer.figures] == ["2021-06"] * 3


@pytest.mark.parametrize(
    ("head", "first", "expected"),
    [
        (["指标", "年份", "数值"], 2021, ("2021", 236.0)),
        (["指标", "计量单位", "数值"], "亿元", ("2020", 236.0)),
        (["指标", "发布日期", "数值"], "2021-10-20", ("2020", 236.0)),
    ],
)
def test_a_merged_cell_of_any_column_holds_for_all(read, tmp_path, head, first, expected):
    rows = [head, ["生产总值", first, 236], ["贷款余额", None, 236]]
    answer = read(book(tmp_path, rows, merged=["B2:B3"]), period=2020)
    assert [(row[1], row[-1]) for row in answer.figures] == [expected] * 2
    if head[1] == "发布日期":
        assert set(answer.observations.table["published"]) == {"2021-10-20"}


def test_a_merged_value_is_one_value(read, tmp_path):
    rows = [HEAD, ["生产总值", 2021, 500], [None, 2021, None], [None, 2021, None]]
    answer = read(book(tmp_path, rows, merged=["A2:A4", "C2:C4"]))
    assert answer.values == [500.0]
