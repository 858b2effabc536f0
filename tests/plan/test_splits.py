"""What the numbers of a yearly split can be: parts of the way, or where it stands (S21)."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.helpers.assess_plans import baseline, indicator, one, plan_of, target

import corridor_model as cm
from corridor_model.plan.revisions import revisions_of
from corridor_model.plan.splits import Split, SplitWarning, reading, splits_of

YEARS = (2020, 2021, 2022)


def split(plan, name, values, year=2021):
    """Return the split of a year out of rows without a basis."""
    rows = [{"indicator": name, "year": y, "value": v} for y, v in values.items()]
    return splits_of(plan, pd.DataFrame(rows), year)


def read(plan, values, year=2021):
    return reading(plan.targets["x"], dict(zip(YEARS, values, strict=False)), year, 2019)


# 1.10 x 1.08 x 1.03 = 1.22364, whose cube root is 1.0696
@pytest.mark.parametrize(
    ("values", "year", "basis"),
    [
        ((10.0, 8.0, 3.0), 2021, "year"),
        ((6.0, 6.5, 7.0), 2021, "to_date"),  # averages that arrive at 7 %; chained they make 6.5
        ((10.0, 9.0, 8.0), 2021, ""),  # neither ends at 7 nor chains to it
        ((7.0, 7.0, 7.0), 2021, "year"),  # the same rate each year is also the average
        ((10.0, 8.0), 2021, ""),  # the last year is open
        ((10.0, 8.0, 3.0), 2020, "year"),  # of the first year both say the same
    ],
)
def test_rates_of_a_growth_promise(values, year, basis):
    assert read(one("growth", 7, None), values, year) == basis


def test_years_outside_the_promise_are_no_part_of_its_way():
    growth, count = one("growth", 7, None).targets["x"], one("cumulative", 120, 0).targets["x"]
    assert reading(growth, {2020: 10.0, 2021: 8.0, 2022: 3.0, 2023: 30.0}, 2021, 2019) == "year"
    parts = {2018: 90.0, 2020: 40.0, 2021: 40.0, 2022: 40.0, 2023: 50.0}
    assert reading(count, parts, 2021, 2019) == "year"


@pytest.mark.parametrize(
    ("values", "basis"),
    [
        ((1.0, 2.0, 3.0), "year"),  # 1 + 2 + 3 points are the six promised
        ((2.0, 4.0, 6.0), "to_date"),
        ((2.0, -1.0, 5.0), ""),  # a step back is no run; parts of one way have one sign
    ],
)
def test_points_of_a_promised_change(values, basis):
    row = target("x", 6, kind="change")
    plan = plan_of(
        indicators=[indicator("x", "share")], targets=[row], baselines=[baseline("x", 50)]
    )
    assert read(plan, values) == basis


def test_a_stock_without_a_start_is_read_as_it_stands():
    assert read(one("share", 65, None), (55.0, 60.0, 65.0)) == "to_date"


def test_no_way_to_go_has_no_parts():
    # from 50 to 50 nothing is left to divide; what stands at the end is the one reading
    assert read(one("share", 50, 50), (50.0, 50.0, 50.0)) == "to_date"
    assert read(one("cumulative", 0, 0), (0.0, 0.0)) == "to_date"


def test_what_falls_below_the_goal_on_the_way_is_no_run():
    # 90 ends beyond the ceiling of the goal: neither 30 + 40 + 90 = 100 nor a run to 100
    assert read(one("cumulative", 100, 0), (30.0, 40.0, 120.0)) == ""


def test_a_promise_in_words_leaves_no_reading():
    plan = one("cumulative", 100, 0)
    row = target("x", 0.0) | {"value": None}
    plan = plan_of(
        indicators=[indicator("x", "cumulative")], targets=[row], baselines=[baseline("x", 0)]
    )
    assert read(plan, (30.0, 70.0)) == ""


def test_a_split_of_what_is_only_compared_is_said_and_left_out():
    plan = plan_of(
        indicators=[indicator("x", "growth"), indicator("y", "growth")],
        targets=[target("x", 0, relative_to="y")],
    )
    with pytest.warns(SplitWarning, match="y has a yearly target and no promise") as caught:
        assert split(plan, "y", {2021: 5.0}) == {}
    assert "Add its target in targets, or remove the row." in str(caught[0].message)
    with pytest.raises(cm.CorridorError, match="annual_targets: the plan has no indicator 'z'"):
        split(plan, "z", {2021: 5.0})


def test_a_split_is_of_the_year_that_is_named():
    plan = one("cumulative", 120, 0)
    values = {2020: 40.0, 2021: 80.0, 2022: 120.0}
    assert split(plan, "x", values)["x"] == Split(80.0, "user", "to_date")
    assert split(plan, "x", values, 2020)["x"] == Split(40.0, "user", "year")
    assert split(plan, "x", values, 2023) == {}


@pytest.mark.parametrize("nothing", [None, "", float("nan"), pd.NA])
def test_an_empty_cell_of_a_frame_says_nothing(nothing):
    plan = one(base=50)
    rows = [{"indicator": "x", "year": 2021, "value": 80, "basis": nothing, "origin": nothing}]
    found = splits_of(plan, pd.DataFrame(rows), 2021)
    assert (found["x"].origin, found["x"].basis) == ("user", "to_date")
    told = splits_of(plan, pd.DataFrame(rows).assign(basis="year", origin="published"), 2021)
    assert (told["x"].origin, told["x"].basis) == ("published", "year")


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"value": None}, "row 2, column value: is required but empty"),
        ({"year": float("nan")}, "row 2, column year: is required but empty"),
        ({"indicator": None}, "row 2, column indicator: is required but empty"),
        ({"value": "90%"}, "unit '%' does not convert into '家'"),
        ({"origin": "me"}, "'me' is not one of the allowed words"),
        ({"basis": "week"}, "'week' is not one of the allowed words"),
    ],
)
def test_a_cell_that_says_nothing_usable_is_named(cells, words):
    rows = [{"indicator": "x", "year": 2021, "value": 80, "remark": "none"} | cells]
    with pytest.raises(cm.PlanError) as error:
        splits_of(one(base=50), pd.DataFrame(rows), 2021)
    assert words in str(error.value)


def test_a_number_with_a_unit_is_converted():
    rows = [{"indicator": "x", "year": 2021, "value": "0.5万家", "basis": "to_date"}]
    assert splits_of(one(base=50), pd.DataFrame(rows), 2021)["x"].value == 5000


@pytest.mark.parametrize("nothing", [None, "", float("nan"), pd.NA])
def test_an_empty_origin_of_a_table_of_a_plan_is_the_users(nothing):
    rows = [{"indicator": "x", "year": 2021, "value": 80, "basis": "year", "origin": nothing}]
    starts = [{"indicator": "x", "year": 2018, "value": 8, "origin": nothing, "source": nothing}]
    plan = one(base=50, places=("1",)).with_tables(
        annual_targets=pd.DataFrame(rows), baselines=pd.DataFrame(starts)
    )
    assert plan.table("annual_targets")["origin"].tolist() == ["user"]
    assert set(plan.table("baselines")["origin"]) == {"user"}
    known = next(one for one in plan.indicators["x"].baselines if one.year == 2018)
    assert (known.origin, known.source) == ("user", None)


@pytest.mark.parametrize("nothing", [None, "", float("nan"), pd.NA])
def test_an_empty_cell_of_a_revision_says_nothing(nothing):
    rows = [{"indicator": "x", "valid_from": "2021-07-01", "value": 90, "year": nothing,
             "sense": nothing, "source": nothing}]  # fmt: skip
    found = revisions_of(pd.DataFrame(rows), one(base=50))
    assert [(r.year, r.sense, r.source) for r in found] == [(None, None, None)]
