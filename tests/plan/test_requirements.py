"""What a promise needs where its start is unknown, lies beyond a range, or is of another year."""

from __future__ import annotations

import math

import pytest
from tests.helpers.assess_plans import baseline, indicator, plan_of, target

import corridor_model as cm
from corridor_model.plan.records import Indicator, printed_values
from corridor_model.plan.requirements import requirement
from corridor_model.plan.validation import effect_with_unit
from corridor_model.tabular.cells import Quantity


def promise(*rows, base=None, **about):
    starts = [] if base is None else [baseline("x", base)]
    rows = [target("x", **row) for row in rows]
    plan = plan_of(indicators=[indicator("x", **about)], targets=rows, baselines=starts)
    return plan.targets["x"]


RANGE = ({"value": 60}, {"value": 70, "sense": "at_most"})


@pytest.mark.parametrize(("base", "goal"), [(50, 60), (90, 70), (65, 60)])
def test_the_goal_of_a_range_is_the_end_that_is_met_first(base, goal):
    need = requirement(promise(*RANGE, base=base, kind="share"))
    assert (need.goal, need.target_max) == (goal, 70)


def test_without_a_start_the_goal_is_the_bound():
    need = requirement(promise(*RANGE, kind="share"))
    assert (need.goal, need.reason) == (60, "no_baseline")
    assert need.required_step is None


def test_a_change_needs_a_year_to_count_from_and_a_level_to_compound():
    points = promise({"value": 6, "kind": "change"}, kind="share")
    unknown = requirement(points)
    assert (unknown.reason, unknown.required_step, unknown.already_met) == (
        "no_baseline",
        None,
        False,
    )
    dated = requirement(points, base_year=2019)
    # six points in three years; of what level they are a share nobody knows
    assert (dated.reason, dated.required_step, dated.required_rate) == ("no_baseline", 2.0, None)


def test_a_fall_below_all_there_is_has_no_rate():
    need = requirement(promise({"value": -150, "sense": "at_most", "kind": "relative_change"}),
                       base_year=2019)  # fmt: skip
    assert (need.reason, need.required_rate) == ("undefined_rate", None)
    assert need.required_step == -50
    half = requirement(promise({"value": -50, "sense": "at_most", "kind": "relative_change"}),
                       base_year=2019)  # fmt: skip
    assert half.required_rate == pytest.approx(math.pow(0.5, 1 / 3) - 1)


def test_an_indicator_without_a_target_prints_no_values():
    blank = Indicator("y", "乙", "Y", None, "level", "家", *[None] * 5, (), ())
    assert printed_values(blank) == ()
    assert printed_values(promise(*RANGE, kind="share")) == (60, 70)


@pytest.mark.parametrize(
    ("column", "value", "unit", "remedy"),
    [
        ("decay", 20, "%", "The share lost a year is a fraction: 20 % is 0.2."),
        ("decay", 3, "家", "The share lost a year is a fraction."),
        ("lag", 12, "个月", "Enter whole years: 12 months are 1."),
        ("lag", 5, "个月", "Enter whole years, such as 1."),
        ("lag", 2, "年", "Enter whole years, such as 1."),
        ("per_unit", 2, "亿元", "Enter by how much 1 亿元 carried out moves the indicator"),
    ],
)
def test_numbers_of_effects_take_no_unit(column, value, unit, remedy):
    what, said = effect_with_unit(column, Quantity(value, unit))
    assert str(what) == f"{value} {unit} has a unit."
    assert str(said).startswith(remedy)
    assert effect_with_unit("origin", Quantity(value, unit)) is None


def test_the_total_of_a_year_meets_no_target_of_its_first_months():
    half = promise({"value": 60, "month": 6}, base=100, kind="level", nature="flow")
    need = requirement(half)
    assert (need.required_rate, need.already_met, need.reason) == (None, None, "not_applicable")
    whole = requirement(promise({"value": 60, "month": 12}, base=100, kind="level", nature="flow"))
    assert whole.already_met
    plan = plan_of(
        indicators=[indicator("x", "level", nature="flow")],
        targets=[target("x", 60, month=6)],
        baselines=[baseline("x", 100)],
    )
    path = cm.growth_paths(plan, 0.1).sel(indicator="x", rate=0.1)
    for name in ("reached", "year_reached", "required_baseline"):
        assert path[f"{name}_reason"].item() == "not_applicable"
    assert path["value"].values[1] == pytest.approx(110)
