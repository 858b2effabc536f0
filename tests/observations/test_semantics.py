"""What a figure means: measures that say nothing, years that end in December, units of changes."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.helpers.assess_plans import baseline, indicator, plan_of, target

from corridor_model.errors import CellError, PlanError
from corridor_model.observations.load import load_observations
from corridor_model.observations.semantics import basis_of, measure_of
from corridor_model.periods import Period


def promised(kind, unit, own="level", **about):
    """A plan that promises a change of 6 since 2019."""
    return plan_of(
        indicators=[indicator("x", own, unit=unit, **about)],
        targets=[target("x", 6, kind=kind)],
        baselines=[baseline("x", 50)],
    )


def change(plan, value, unit):
    row = {"indicator": "x", "period": "2021", "value": value, "unit": unit, "measure": "change"}
    table = load_observations(pd.DataFrame([row]), plan).table
    return table["value"][0], table["unit"][0]


@pytest.mark.parametrize("kind", ["rank", "completion"])
def test_the_growth_of_a_rank_says_nothing(kind):
    plan = plan_of(indicators=[indicator("x", kind)], targets=[target("x", 5, "at_most")])
    with pytest.raises(CellError) as wrong:
        measure_of(plan.indicators["x"], "growth")
    assert "growth says nothing of it" in str(wrong.value.what)
    assert measure_of(plan.indicators["x"], "level") == "level"


def test_a_december_that_is_called_the_year_is_the_total_up_to_it():
    output = promised("change", "亿元", nature="flow").indicators["x"]
    assert basis_of(output, "level", Period.of("2021"), "year") == "year"
    assert basis_of(output, "level", Period.of("2021Q4"), "year") == "ytd"
    with pytest.raises(CellError, match="contradicts|basis"):
        basis_of(output, "level", Period.of("2021-09"), "year")


def test_changes_come_in_the_unit_of_the_promise():
    money = promised("change", "亿元", nature="flow")
    assert change(money, 30000, "万元") == (3.0, "亿元")
    assert change(money, 3, "亿元") == (3.0, "亿元")
    with pytest.raises(PlanError, match="公里"):
        change(money, 3, "公里")
    share = promised("change", "%", "share")
    for unit in ("%", "个百分点", "百分点"):
        assert change(share, 0.6, unit) == (0.6, "个百分点")
    relative = promised("relative_change", "亿元", nature="flow")
    assert change(relative, 4, "%") == (4.0, "%")
