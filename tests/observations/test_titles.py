"""What stands above a table: its period, which a day is not, and its unit."""

from __future__ import annotations

import pytest

from corridor_model.observations.titles import period_above, unit_above


@pytest.mark.parametrize(
    ("rows", "period"),
    [
        # the day of filling in stands beside its label, with the label or in a cell of its own
        ([["主要指标", "填报日期", "2021年10月12日"], ["2021年1—9月"]], "2021-09"),
        # the year in one cell and its part in another
        ([["2021年", "1—9月"]], "2021-09"),
        ([["2021年主要指标", "（1—9月）"]], "2021-09"),
        # a day counts where the text says until, or where it ends its month
        ([["截至2021年9月28日"]], "2021-09"),
        ([["2021年9月30日"]], "2021-09"),
        ([["2021年9月28日"]], None),
        ([["2021年13月5日"]], None),
        # 报告期 that is no period leaves none
        ([["报告期", "待定"]], None),
        ([["报告期", "9月"], ["2021年快报"]], "2021-09"),
        ([[]], None),
    ],
)
def test_the_period_of_a_page(rows, period):
    found = period_above(rows)
    assert found.error is None
    assert (None if found.period is None else str(found.period)) == period


def test_two_periods_are_no_period():
    found = period_above([["2021年1—6月", "2021年1—9月"]])
    assert found.period is None
    assert found.error is not None


@pytest.mark.parametrize(
    ("rows", "unit"),
    [
        ([["单位：万元"]], "万元"),
        ([["单位：", "万元"]], "万元"),
        ([["单位", "万元"]], "万元"),
        ([["单位：人民币万元"]], "万元"),
        ([["单位：万元"], ["金额单位：亿元"]], "亿元"),  # the nearest
        ([["单位：区发改局"]], ""),  # an office that fills it in
        ([["填报单位：区发改局"]], ""),
        ([["单位："]], ""),
        ([["单位", "区发改局"]], ""),
        ([[""]], ""),
    ],
)
def test_the_unit_of_a_page(rows, unit):
    assert unit_above(rows) == (unit, None)


def test_a_unit_that_nobody_knows_is_no_guess():
    unit, error = unit_above([["单位：万两"]])
    assert unit == ""
    assert "'万两'" in str(error.what)
