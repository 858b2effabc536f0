"""What the promises of one indicator are called, and what each says of itself (S4b)."""

from __future__ import annotations

from tests.helpers.assess_plans import baseline, indicator, plan_of, target

from corridor_model.plan.promises import base_year_of, promises_of
from corridor_model.plan.records import Indicator


def plan_with(*rows, kind="level", base=None):
    starts = [] if base is None else [baseline("x", base)]
    targets = [target("x", **row) for row in rows]
    return plan_of(indicators=[indicator("x", kind)], targets=targets, baselines=starts)


def test_a_range_has_two_ends_and_one_bound_has_none_above():
    ends = ({"value": 60}, {"value": 70, "sense": "at_most"})
    one = plan_with(*ends, kind="share").targets["x"]
    assert (one.value, one.value_max, one.sense) == (60, 70, "range")
    floor = plan_with({"value": 60}).targets["x"]
    assert (floor.value, floor.value_max, floor.sense) == (60, None, "at_least")
    blank = Indicator("y", "乙", "Y", None, "level", "家", *[None] * 5, (), ())
    words = promises_of([blank], 2022)["y"]
    assert (words.value, words.value_max, words.month) == (None, None, None)


def test_each_promise_names_its_indicator_and_its_date():
    promises = plan_with({"value": 60, "month": 6}, {"value": 80}).targets
    assert repr(promises) == "Promises('x', 'x@2022-06')"
    assert [p.indicator for p in promises.values()] == ["x", "x"]
    assert [p.month for p in promises.values()] == [None, 6]


def test_the_year_it_counts_from_is_its_own():
    plan = plan_with({"value": 60, "base_year": 2017})
    assert base_year_of(plan.targets["x"], plan.about.base_year) == 2017
    later = plan_with({"value": 60, "from_year": 2021}, kind="annual")
    assert base_year_of(later.targets["x"], later.about.base_year) == 2020
    usual = plan_with({"value": 60})
    assert base_year_of(usual.targets["x"], usual.about.base_year) == 2019


def test_promises_that_nothing_tells_apart_are_counted():
    # above y's growth and above z's are two; a third, again above z, repeats neither's id
    rows = [
        {"value": 60, "relative_to": "y"},
        {"value": 60, "relative_to": "z"},
        {"value": 70, "relative_to": "z", "sense": "above"},
        {"value": 80, "relative_to": "z", "sense": "at_most"},
    ]
    ids = list(plan_with(*rows).targets)
    assert ids == ["x", "x@z", "x@z@2", "x@z@3"]
    assert len(set(ids)) == len(rows)
