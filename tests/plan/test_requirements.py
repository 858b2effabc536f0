"""What a promise needs where its start is unknown, lies beyond a range, or is of another year."""

from __future__ import annotations

import math

import pytest
from tests.helpers.assess_plans import baseline, indicator, plan_of, target

import corridor_model as cm
from corridor_model.plan.records import Indicator, printed_values
from corridor_model.plan.requirements import bound_of, requirement, requirements
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


# ------------------------------------------------------------------ the bounds of each answer


def needs(*rows, **more):
    """Return what a promise needs, as the fields that a test looks at."""
    return requirement(promise(*rows, **more), base_year=2019)


def test_a_change_of_less_than_1_goes_its_way_from_0():
    low, high = {"value": 0.2}, {"value": 0.5, "sense": "at_most"}
    for kind in ("change", "relative_change"):
        need = needs(low | {"kind": kind}, high | {"kind": kind}, base=80)
        assert (need.goal, need.required_step) == (0.2, pytest.approx(0.2 / 3)), kind
        assert need.already_met is False
    half = needs({"value": 0.5, "kind": "change"}, base=80)
    assert (half.already_met, half.required_step) == (False, pytest.approx(0.5 / 3))
    growth = needs(low | {"kind": "growth"}, high | {"kind": "growth"})
    assert growth.required_rate == pytest.approx(0.002)


def test_a_change_is_added_to_its_start_and_a_relative_one_is_a_share_of_it():
    points = needs({"value": 6, "kind": "change"}, base=40, kind="share")
    assert (points.required_step, points.steps, points.reason) == (2, 3, "")
    assert points.required_rate == pytest.approx((46 / 40) ** (1 / 3) - 1)
    for base in (None, 40, 50):
        share = needs({"value": 10, "kind": "relative_change"}, base=base)
        assert share.required_rate == pytest.approx(1.1 ** (1 / 3) - 1)
        assert share.required_step == pytest.approx(10 / 3)


def test_a_change_since_a_year_of_its_own_counts_from_there():
    need = needs({"value": 10, "kind": "relative_change", "base_year": 2018})
    assert (need.steps, need.required_step) == (4, 2.5)
    one = needs({"value": 10, "kind": "relative_change", "year": 2020})
    assert (one.steps, one.required_rate, one.reason) == (1, pytest.approx(0.1), "")


def test_one_year_is_enough_to_grow_and_none_is_not():
    near = needs({"value": 60, "year": 2020}, base=50)
    assert (near.steps, near.required_step) == (1, 10)
    assert near.required_rate == pytest.approx(0.2)
    assert needs({"value": 60, "year": 2019}, base=50).reason == "deadline_passed"


def test_a_range_that_is_touched_from_inside_goes_to_its_lower_end():
    need = needs(*RANGE, base=70, kind="share")
    assert (need.goal, need.already_met, need.required_step) == (60, True, pytest.approx(-10 / 3))


@pytest.mark.parametrize(
    ("sense", "base", "met"),
    [("at_least", 60, True), ("above", 60, False), ("at_most", 60, True), ("below", 60, False),
     ("above", 61, True), ("below", 59, True), ("exactly", 60, True), ("exactly", 61, False)],
)  # fmt: skip
def test_a_start_at_the_bound_meets_it_unless_it_must_be_passed(sense, base, met):
    assert needs({"value": 60, "sense": sense}, base=base).already_met is met


def test_about_is_one_figure_though_it_has_two_ends():
    need = needs({"value": 60, "sense": "about", "tolerance": 5}, base=50)
    assert (need.target, need.target_max, need.goal) == (60, None, 60)
    assert need.required_step == pytest.approx(5 / 3), "55 is enough"
    row = {"value": None, "relative_to": "y", "sense": "about", "tolerance": 5}
    beside = requirement(promise(row, base=30), 42.0, 2019)
    assert (beside.target, beside.target_max, beside.goal) == (42, None, 42)


@pytest.mark.parametrize("sense", ["at_least", "at_most"])
def test_the_bound_of_another_promise_is_the_target(sense):
    other = promise({"value": None, "relative_to": "y", "sense": sense}, base=30)
    need = requirement(other, 42.0, 2019)
    assert (need.target, need.target_max, need.required_step) == (42, None, 4)
    alone = requirement(other, None, 2019)
    assert (alone.target, alone.reason, alone.required_step) == (None, "bound_unknown", None)


def test_another_promise_sets_a_bound_at_its_own_date_and_in_its_own_measure():
    rows = [
        target("y", 35, year=2020),
        target("y", 7, kind="growth"),
        target("y", 40),
        target("z", 90),
        target("x", relative_to="y", margin=2) | {"value": None},
        target("w", relative_to="x") | {"value": None},
    ]
    plan = plan_of(
        indicators=[indicator(name) for name in "wyzx"],
        targets=rows,
        baselines=[baseline(name, 30) for name in "xyz"],
        target_revisions=[{"indicator": "z", "valid_from": "2021-01-01", "value": None}],
    )
    every = [None, *plan.targets.values()]
    assert bound_of(plan.targets["x"], every) == 42
    assert bound_of(plan.targets["y"], every) is None
    assert bound_of(plan.targets["w"], every) is None, "that of x is no number of its own"
    table = requirements(plan)
    assert table.attrs["example"] == plan.example
    assert table["required_step"]["x"] == 4
    assert table["reason"].to_dict() == {
        "w": "bound_unknown", "y": "", "y@2020": "", "y@growth": "", "z": "target_revised", "x": "",
    }  # fmt: skip
    gone = table.loc["z"]
    assert (gone["sense"], gone["unit"], gone["kind"]) == ("at_least", "家", "level")
    assert (gone["is_limit"], gone["origin"]) == (False, "document")
    assert gone[["target", "target_year", "steps", "required_rate", "already_met"]].isna().all()


@pytest.mark.parametrize(
    ("row", "base", "origin"),
    [
        ({"value": 60}, 50, "user"),
        ({"value": 60, "kind": "completion"}, 50, "user"),  # a step alone stands on it, too
        ({"value": 60, "kind": "growth"}, 50, "document"),  # its rate stands on no start
        ({"value": 60, "kind": "annual"}, 50, "document"),
        ({"value": 60}, None, "document"),
    ],
)
def test_the_origin_is_that_of_the_start_where_an_answer_stands_on_one(row, base, origin):
    assert needs(row, base=base).origin == origin


def test_what_a_milestone_needs():
    need = needs({"value": None, "year": None, "sense": None}, base=3, kind="milestone")
    assert (need.steps, need.sense, need.target, need.reason) == (None, "", None, "not_applicable")
    dated = needs({"value": 60, "sense": "at_most"}, base=80)
    assert (dated.steps, dated.sense, dated.baseline_year) == (3, "at_most", 2019)
    assert needs({"value": 60}).steps is None
    assert needs(*RANGE, base=50).sense == "at_least"
