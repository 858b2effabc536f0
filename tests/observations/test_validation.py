"""Completions held against their parts: what is refused, what cannot be checked."""

from __future__ import annotations

import pandas as pd
import pytest

from corridor_model.errors import PlanError
from corridor_model.observations.bulletins import Quote
from corridor_model.observations.load import load_observations
from corridor_model.observations.reports import load_work_reports
from corridor_model.observations.validation import follows, half, printed_target
from corridor_model.tabular.cells import Quantity
from corridor_model.units import UnitError

PERIOD = {"period": "2021-09"}


def figures(**columns):
    row = {"指标": "生产总值", "累计": "390", **columns}
    return pd.DataFrame({name: [value] for name, value in row.items()})


def works(**columns):
    row = {"项目名称": "围垦路", "时期": "2021-09", "本年累计完成投资": "1.5亿元", **columns}
    return pd.DataFrame({name: [value] for name, value in row.items()})


def test_a_completion_of_an_indicator_that_is_no_number_is_refused(plan):
    with pytest.raises(PlanError, match="Check figure and unit"):
        load_observations(figures(完成率="约九成"), plan, **PERIOD)


@pytest.mark.parametrize("completion", ["", "—"])
def test_a_completion_that_is_not_given_is_not_checked(plan, completion):
    assert len(load_observations(figures(完成率=completion, 年度计划="1"), plan, **PERIOD)) == 1
    made = load_work_reports(works(完成率=completion, 年度计划投资="9亿元"), plan)
    assert made["invested_year"] == (1.5,)


def test_a_target_that_is_none_in_the_unit_is_refused(plan):
    with pytest.raises(PlanError, match="'5公里' is no target in 亿元"):
        load_observations(figures(完成率="75%", 年度目标="5公里"), plan, **PERIOD)


def test_completions_of_works_and_of_what_is_on_hold(plan):
    # 1.5 of 1.8 are 83.3 %
    made = load_work_reports(works(完成率="83.3%", 年度计划投资="1.8亿元"), plan)
    assert made["invested_year"] == (1.5,)
    with pytest.raises(PlanError, match="does not follow"):
        load_work_reports(works(完成率="95%", 年度计划投资="1.8亿元"), plan)
    with pytest.raises(PlanError):
        load_work_reports(works(完成率="大半", 年度计划投资="1.8亿元"), plan)
    held = works(完成率="100%", 年度计划投资="1.5亿元", 形象进度="暂缓实施")
    with pytest.raises(PlanError, match="暂缓"):
        load_work_reports(held, plan)


def test_without_what_it_follows_from_a_completion_says_nothing_wrong(plan):
    frame = works(完成率="50%", 年度计划投资="1.8亿元").assign(
        本年累计完成投资="", 形象进度="路基完成"
    )
    assert load_work_reports(frame, plan)["invested_year"] == (None,)


@pytest.mark.parametrize(
    ("target", "slack", "follow"), [(0.0, 0.0, True), (0.4, 0.5, True), (211.83, 0.005, False)]
)
def test_of_a_target_that_may_be_nothing_every_completion_follows(target, slack, follow):
    assert follows(Quantity(98.1), "98.1", 194.54, 0.005, target, slack) is follow


def test_the_last_digit_of_what_holds_none():
    assert [half(text) for text in ("91.84", "１，２００", "约九成", "")] == [0.005, 0.5, 0.0, 0.0]


def test_a_target_as_a_row_prints_it():
    def printed(text, title=""):
        return printed_target(Quote(1, "", text, "", {"@plan": title}), "亿元")

    assert printed("5000", "年度目标（万元）") == pytest.approx((0.5, 0.00005))
    assert printed("0.5亿元") == pytest.approx((0.5, 0.05))
    assert printed("—") == (None, 0.0)
    assert printed("0") == (0.0, 0.0)
    with pytest.raises(UnitError):
        printed("5公里")


def test_a_count_below_nothing_is_refused(plan):
    frame = pd.DataFrame(
        {"indicator": ["new_hightech_enterprises"], "period": ["2021"], "value": [-3]}
    )
    with pytest.raises(PlanError, match="Leave it empty if unknown"):
        load_observations(frame, plan)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"年度计划投资": "9公里"}, "'9公里' is no target in 亿元"),
        ({"年度计划投资（公里）": "9"}, "'9公里' is no target in 亿元"),
        ({"年度计划投资": "约九亿"}, "is no target in 亿元"),
    ],
)
def test_a_target_of_a_work_in_another_unit_is_named_with_it(plan, columns, words):
    with pytest.raises(PlanError) as error:
        load_work_reports(works(完成率="75%", **columns), plan)
    assert words in str(error.value)
    assert "is no number" not in str(error.value)
    assert "年度计划投资" in str(error.value)
