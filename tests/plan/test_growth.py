"""What a plan demands each year, and its paths at given rates (S1, S3, S4, S6, S7, S16)."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.helpers.assess_plans import baseline, figures, indicator, plan_of, target

import corridor_model as cm
from corridor_model.plan.growth_paths import paths_of
from corridor_model.plan.records import Baseline, Indicator, Target
from corridor_model.plan.requirements import requirement

FIGURES = st.floats(min_value=1e-6, max_value=1e9, allow_nan=False)


def made(kind="level", *, start=None, year=2019, goals=((100.0, "at_least", 2022),), unit="亿元"):
    """Return an indicator with these targets and perhaps a baseline."""
    targets = tuple(Target("x", value, unit, sense, due) for value, sense, due in goals)
    baselines = () if start is None else (Baseline("x", year, start, unit, "user"),)
    return Indicator(
        "x", "某指标", "X", None, kind, unit, None, None, None, None, None, targets, baselines
    )


def test_gdp_needs_644_percent_over_four_steps(plan):
    row = cm.required_growth(plan).loc["gdp"]
    assert row["steps"] == 4
    assert row["required_rate"] == pytest.approx((580 / 451.84) ** 0.25 - 1, rel=1e-14)
    assert round(row["required_rate"] * 100, 2) == 6.44
    assert row["required_step"] == pytest.approx((580 - 451.84) / 4)
    assert row["baseline_origin"] == row["origin"] == "published"
    assert "census" in row["series"]


def test_rd_needs_692_percent_or_a_fifth_of_a_point(plan):
    row = cm.required_growth(plan).loc["rd_to_gdp"]
    assert round(row["required_rate"] * 100, 2) == 6.92
    assert row["required_step"] == pytest.approx(0.2)


def test_the_rank_must_fall_and_its_rate_is_negative(plan):
    row = cm.required_growth(plan).loc["hitech_zone_rank_percentile"]
    assert row["required_rate"] == pytest.approx((45 / 84) ** (1 / 6) - 1)
    assert row["sense"] == "at_most"


def test_growth_target_is_its_own_requirement(plan):
    row = cm.required_growth(plan).loc["hightech_investment_growth"]
    assert (row["target"], row["required_rate"], row["origin"]) == (15, 0.15, "document")
    assert math.isnan(row["baseline"])
    assert row["reason"] == ""


def test_a_count_from_zero_has_a_step_and_no_rate(plan):
    row = cm.required_growth(plan).loc["new_hightech_enterprises"]
    assert math.isnan(row["required_rate"])
    assert (row["required_step"], row["reason"], row["origin"]) == (
        40,
        "undefined_rate",
        "definition",
    )


def test_every_mask_has_a_reason_and_every_reason_a_mask(plan):
    frame = cm.required_growth(plan)
    assert ((frame["reason"] == "") == frame["required_rate"].notna()).all()
    assert list(frame.index) == list(plan.indicators)


@pytest.mark.parametrize("kind", ["annual", "milestone"])
def test_floors_and_promises_have_neither_rate_nor_step(kind):
    row = requirement(made(kind, start=3.0))
    assert (row.required_rate, row.required_step, row.reason) == (None, None, "not_applicable")


def test_completion_is_added_up():
    row = requirement(made("completion", start=10.0, goals=((85.0, "at_least", 2022),), unit="%"))
    assert (row.required_rate, row.required_step) == (None, 25.0)


def test_unknown_baseline_is_a_mask():
    row = requirement(made())
    assert (row.required_rate, row.required_step, row.already_met) == (None, None, None)
    assert row.reason == "no_baseline"


@pytest.mark.parametrize(
    ("start", "rate", "reason"),
    [
        (100.0, 0.0, ""),
        (0.0, None, "undefined_rate"),
        (-5.0, None, "undefined_rate"),
        (121.0, None, ""),
    ],
)
def test_edges_of_a_level(start, rate, reason):
    row = requirement(made(start=start))
    assert row.reason == reason
    if rate is not None:
        assert row.required_rate == rate
    assert row.required_step == (100 - start) / 3
    assert row.already_met == (start >= 100)


def test_a_range_is_one_row_and_goes_to_the_nearer_bound():
    goals = ((1.0, "at_least", 2022), (2.0, "at_most", 2022))
    above = requirement(made(start=4.0, goals=goals, unit="条"))
    below = requirement(made(start=0.5, goals=goals, unit="条"))
    inside = requirement(made(start=1.5, goals=goals, unit="条"))
    assert (above.target, above.target_max) == (1.0, 2.0)
    assert above.required_rate == pytest.approx(0.5 ** (1 / 3) - 1)
    assert below.required_rate == pytest.approx(2 ** (1 / 3) - 1)
    assert inside.already_met
    assert not above.already_met


def test_several_deadlines_use_the_last():
    row = requirement(made(start=50.0, goals=((80.0, "at_least", 2021), (100.0, "at_least", 2022))))
    assert (row.target, row.target_year, row.steps) == (100.0, 2022, 3)


@given(FIGURES, FIGURES, st.integers(2010, 2021))
def test_the_required_rate_leads_to_the_target(start, goal, year):
    row = requirement(made(start=start, year=year, goals=((goal, "at_least", 2022),)))
    # near -100 % a double holds fewer digits of the level that is left
    held = 1e-12 + 1e-15 * row.steps / (1 + row.required_rate)
    assert start * (1 + row.required_rate) ** row.steps == pytest.approx(goal, rel=held)
    scale = max(start, goal)  # a difference is only as fine as the larger of the two
    assert start + row.required_step * row.steps == pytest.approx(goal, abs=1e-12 * scale)


@given(FIGURES, FIGURES, st.sampled_from([1e-4, 1e4, 12.5]))
def test_the_rate_does_not_depend_on_the_unit(start, goal, factor):
    plain = requirement(made(start=start, goals=((goal, "at_least", 2022),)))
    scaled = requirement(made(start=start * factor, goals=((goal * factor, "at_least", 2022),)))
    assert scaled.required_rate == pytest.approx(plain.required_rate, rel=1e-9, abs=1e-12)


def test_a_users_baseline_wins_and_keeps_its_origin(tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text(
        "indicator,year,value,unit,source\ngdp,2019,4900000,万元,年鉴\n", encoding="utf-8"
    )
    plan = cm.load_plan(baselines=file)
    row = cm.required_growth(plan).loc["gdp"]
    assert (row["baseline"], row["baseline_year"], row["baseline_origin"]) == (490.0, 2019, "user")
    assert row["origin"] == "user"
    assert [b.origin for b in plan.indicators["gdp"].baselines] == ["user", "published"]


def test_reordering_the_plan_reorders_the_rows_and_nothing_else(plan, tmp_path):
    plan.to_folder(tmp_path)
    for name in ("indicators", "targets", "baselines"):
        file = tmp_path / f"{name}.csv"
        header, *rows = file.read_text(encoding="utf-8").splitlines()
        file.write_text("\n".join([header, *reversed(rows)]) + "\n", encoding="utf-8")
    turned = cm.required_growth(cm.load_plan(tmp_path))
    expected = cm.required_growth(plan)
    assert list(turned.index) == list(reversed(expected.index))
    assert turned.loc[expected.index].equals(expected)


def test_a_count_nobody_gave_a_start_begins_at_an_assumed_zero(tmp_path, plan):
    plan.to_folder(tmp_path)
    file = tmp_path / "baselines.csv"
    header, *rows = file.read_text(encoding="utf-8").splitlines()
    kept = [row for row in rows if not row.startswith("new_hightech_enterprises,")]
    file.write_text("\n".join([header, *kept]) + "\n", encoding="utf-8")
    row = cm.required_growth(cm.load_plan(tmp_path)).loc["new_hightech_enterprises"]
    assert (row["baseline"], row["baseline_year"], row["required_step"]) == (0, 2019, 40)
    assert row["origin"] == "assumed"


YEARS = np.arange(2016, 2024)


def paths(indicator, *rates):
    return paths_of(indicator, np.array(rates), YEARS, 2019)


def at(found, year, rate=0):
    return found.value[rate, list(YEARS).index(year)]


@pytest.fixture(scope="module")
def dataset(plan):
    return cm.growth_paths(plan)


def test_gdp_on_the_four_paths(dataset):
    gdp = dataset.sel(indicator="gdp")
    expected = [451.84 * (1 + r) ** 4 for r in (0.10, 0.12, 0.15, 0.20)]
    assert gdp["value"].sel(year=2022).to_numpy() == pytest.approx(expected)
    assert gdp["reached"].to_numpy().all()
    assert gdp["year_reached"].to_numpy().tolist() == [2021, 2021, 2020, 2020]
    assert gdp["required_baseline"].sel(rate=0.10).item() == pytest.approx(580 / 1.1**3)


def test_growth_targets_are_indices_with_the_multiple_they_imply(dataset):
    target = dataset["target"].sel(indicator="hightech_investment_growth").item()
    assert target == pytest.approx(152.0875)
    row = dataset.sel(indicator="hightech_investment_growth")
    assert row["reached"].to_numpy().tolist() == [False, False, True, True]
    assert row["year_reached"].to_numpy().tolist() == [2024, 2023, 2022, 2022]
    assert str(row["origin"].item()) == "assumed"


def test_a_target_hit_exactly_counts_in_its_year():
    # 100 * 1.1**3 is 133.10000000000002 in binary, and 133.1 / 1.1**3 is not 100 either
    for goal in (133.1, 100 * 1.1**3, np.nextafter(133.1, 200)):
        found = paths(made(start=100.0, goals=((float(goal), "at_least", 2022),)), 0.10)
        assert found.reached[0]
        assert found.year_reached[0] == 2022


def test_at_most_falls_by_the_rate():
    found = paths(made(start=0.5, goals=((0.4, "at_most", 2022),), unit="吨标准煤/万元"), 0.10)
    assert at(found, 2022) == pytest.approx(0.5 * 0.9**3)
    assert found.reached[0]
    assert found.year_reached[0] == 2022 - 0 if 0.5 * 0.9**2 > 0.4 else 2021
    assert found.required_baseline[0] == pytest.approx(0.4 / 0.9**3)


def test_a_share_above_100_is_masked():
    found = paths(made("share", start=80.0, goals=((90.0, "at_least", 2022),), unit="%"), 0.20)
    reasons = dict(zip(YEARS, found.value_reason[0], strict=True))
    assert reasons[2020] == ""
    assert reasons[2021] == reasons[2022] == "above_bound"
    assert np.isnan(at(found, 2022))
    assert found.reached_reason[0] == "above_bound"
    assert not found.reached[0]
    assert found.year_reached[0] == 2020


def test_a_back_cast_above_100_is_masked():
    aim = made("share", goals=((65.0, "at_most", 2022),), unit="%")
    aim = replace(aim, targets=tuple(replace(row, role="aim") for row in aim.targets))
    found = paths(aim, 0.20)
    assert found.required_baseline_reason[0] == "above_bound"


def test_cumulative_additions_grow_and_sum_to_the_target():
    found = paths(
        made("cumulative", start=0.0, goals=((120.0, "at_least", 2022),), unit="家"), 0.10, 0.0
    )
    first = 120 / (1 + 1.1 + 1.21)
    assert found.first_addition[0] == pytest.approx(first)
    assert at(found, 2020) == pytest.approx(first)
    assert at(found, 2021) == pytest.approx(first * 2.1)
    assert at(found, 2022) == 120
    assert found.first_addition[1] == pytest.approx(40)
    assert found.reached.all()


def test_an_annual_target_is_its_floor_in_each_year():
    found = paths(made("annual", goals=((8.0, "at_least", 2022),), unit="个"), 0.10, 0.20)
    for year in (2020, 2021, 2022):
        assert at(found, year, 0) == at(found, year, 1) == 8
    assert np.isnan(at(found, 2019))
    assert found.reached_reason == ["not_applicable"] * 2


@pytest.mark.parametrize("kind", ["milestone", "completion"])
def test_promises_have_no_path(kind):
    found = paths(made(kind, goals=((1.0, "at_least", 2022),)), 0.10)
    assert np.isnan(found.value).all()
    assert (found.value_reason == "not_applicable").all()


def test_without_a_baseline_the_start_is_given():
    found = paths(made(), 0.10)
    assert (found.value_reason == "no_baseline").all()
    assert found.required_baseline[0] == pytest.approx(100 / 1.331)


def test_shrinking_never_arrives():
    found = paths(made(start=50.0), -0.05)
    assert found.year_reached_reason[0] == "never_reached"
    assert not found.reached[0]


def test_the_year_may_lie_after_the_target_year():
    found = paths(made(start=50.0), 0.10)
    assert found.year_reached[0] == 2027
    assert not found.reached[0]


def test_an_at_most_target_cannot_fall_by_more_than_all():
    found = paths(made(start=50.0, goals=((10.0, "at_most", 2022),)), 1.2)
    assert found.reached_reason[0] == "undefined_rate"


def test_masks_and_reasons_agree_everywhere(dataset):
    for name in ("value", "year_reached", "required_baseline", "first_addition"):
        masked = np.isnan(dataset[name].to_numpy())
        assert (masked == (dataset[f"{name}_reason"].to_numpy() != "")).all(), name
    assert not dataset["reached"].where(dataset["reached_reason"] != "", False).any()


@pytest.mark.parametrize("rates", [[], [np.nan], [-1.0], [0.1, 0.1], [np.inf]])
def test_wrong_rates_are_refused(plan, rates):
    with pytest.raises(cm.CorridorError, match="rates"):
        cm.growth_paths(plan, rates)


def test_rates_in_percent_are_refused(plan):
    with pytest.raises(cm.CorridorError, match="yearly fractions, 0.10 for 10 %: 10 is 1000%"):
        cm.growth_paths(plan, [0.1, 10])


# ------------------------------------------------------------------ starts and dates


def small(*targets, base=None, **about):
    rows = [target("x", **row) for row in targets]
    starts = [] if base is None else [baseline("x", *base)]
    return plan_of(indicators=[indicator("x", **about)], targets=rows, baselines=starts)


INTERIM = {"value": 60, "year": 2021}


@pytest.mark.parametrize("kind", ["level", "share", "rank", "cumulative", "completion"])
def test_an_interim_target_no_later_than_the_start_is_masked(kind):
    # a plan renewed half-way: the baseline is that of 2021, and an interim target of 2021 stands
    plan = small(INTERIM, {"value": 80}, base=(50, 2021), kind=kind)
    needed = cm.required_growth(plan)
    assert needed["reason"].to_dict()["x@2021"] == "deadline_passed"
    assert not needed["already_met"]["x@2021"]
    assert math.isnan(needed["required_step"]["x@2021"])
    assert needed["required_step"]["x"] == 30
    found = cm.growth_paths(plan, 0.1).sel(indicator="x@2021")
    assert np.isnan(found["required_path"]).all()
    assert set(found["required_path_reason"].values) == {"deadline_passed"}


def test_no_path_runs_back_before_its_start():
    # 50 in 2022 would have been 45.5 in 2021 at 10 %: that is no answer to a target of 2021
    plan = small(INTERIM, {"value": 80, "year": 2023}, base=(50, 2022))
    found = cm.growth_paths(plan, [0.1]).sel(indicator="x", rate=0.1)  # x@2023 is the later one
    assert (found["reached"].item(), found["reached_reason"].item()) == (False, "deadline_passed")
    assert found["year_reached"].item() == 2024, "50 x 1.21 = 60.5"
    count = small(INTERIM, {"value": 80, "year": 2023}, base=(50, 2021), kind="cumulative")
    found = cm.growth_paths(count, [0.1]).sel(indicator="x", rate=0.1)
    for name in ("reached", "year_reached", "first_addition"):
        assert found[f"{name}_reason"].item() == "deadline_passed", name
    assert set(found["value_reason"].values) == {"deadline_passed"}


def test_a_change_since_a_year_of_its_own_that_has_come():
    row = {"value": 6, "kind": "change", "base_year": 2022}
    needed = cm.required_growth(small(row, base=(50, 2022), kind="share")).iloc[0]
    assert (needed["reason"], needed["steps"]) == ("deadline_passed", 0)


def test_a_start_of_another_year_than_the_base_year_is_none():
    plan = small({"value": 80, "base_year": 2018}, base=(50, 2019))
    found = cm.growth_paths(plan, 0.1).isel(indicator=0, rate=0)
    assert set(found["value_reason"].values) == {"no_baseline"}
    assert found["required_baseline"].item() == pytest.approx(80 / 1.1**3)


def test_a_change_in_points_without_a_start_has_no_level():
    found = cm.growth_paths(small({"value": 6, "kind": "change"}, kind="share"), 0.1)
    found = found.isel(indicator=0, rate=0)
    assert math.isnan(found["target"].item())
    assert found["reached_reason"].item() == "no_baseline"
    assert found["required_baseline_reason"].item() == "undefined_rate"


def test_the_bound_of_another_promise_is_that_of_the_path():
    # "two points above y, which is to be 40 by 2022": 42, which 30 x 1.1^3 = 39.9 does not reach
    plan = plan_of(
        indicators=[indicator("x"), indicator("y")],
        targets=[target("x", relative_to="y", margin=2) | {"value": None}, target("y", 40)],
        baselines=[baseline("x", 30), baseline("y", 30)],
    )
    found = cm.growth_paths(plan, [0.1, 0.12]).sel(indicator="x")
    assert found["target"].item() == 42
    assert found["reached"].values.tolist() == [False, True], "30 x 1.12^3 = 42.1"
    assert found["required_baseline"].values == pytest.approx([42 / 1.331, 42 / 1.404928])


def test_a_growth_that_is_to_fall_by_all_has_no_index():
    plan = small({"value": -5, "sense": "at_most"}, kind="growth")
    found = cm.growth_paths(plan, [0.05, 1.0]).isel(indicator=0)
    assert found["reached_reason"].values.tolist() == ["", "undefined_rate"]
    assert found["reached"].values.tolist() == [True, False]
    assert set(found["value_reason"].values[1]) == {"undefined_rate"}


def test_a_count_of_which_no_start_is_known_has_no_path():
    found = paths(made("cumulative"), 0.10)
    assert (found.value_reason == "no_baseline").all()
    for reasons in (found.reached_reason, found.year_reached_reason, found.first_addition_reason):
        assert reasons == ["no_baseline"]


@pytest.mark.uncounted
@pytest.mark.parametrize(
    ("kind", "base", "ends", "beyond", "rate", "end"),
    [
        ("level", 100, (110, 120), None, 0.1, 133.1),
        ("level", 100, (110, 120), "met", 0.1, 133.1),
        ("level", 100, (110, 120), "broken", 0.1, 133.1),
        ("level", 100, (110, 120), None, 0.05, 115.7625),
        ("level", 100, (110, 120), "broken", 0.02, 106.1208),
        ("level", 200, (110, 150), None, 0.2, 102.4),  # from above: 102.4 lies beyond 110
        ("level", 200, (110, 150), "broken", 0.2, 102.4),
        ("level", 200, (110, 150), "broken", 0.1, 145.8),
        ("relative_change", 100, (10, 20), None, 0.1, 133.1),
        ("relative_change", 100, (10, 20), "broken", 0.1, 133.1),
        ("relative_change", 100, (-30, -20), None, 0.2, 51.2),
        ("change", 100, (10, 20), None, 0.1, 133.1),
    ],
)
def test_paths_and_assess_agree_beyond_the_far_end_of_a_range(kind, base, ends, beyond, rate, end):
    low, high = ends
    rows = [{"value": low, "beyond": beyond}, {"value": high, "sense": "at_most"}]
    plan = small(*(row | {"kind": kind} for row in rows), base=(base, 2019))
    path = cm.growth_paths(plan, rate).isel(indicator=0, rate=0)
    assert path["value"].sel(year=2022).item() == pytest.approx(end)
    judged = cm.assess(plan, figures(plan, ("x", 2022, end)), 2022).isel(indicator=0)
    assert path["reached"].item() == (judged["status"].item() == "achieved")
    if path["reached"].item():
        assert path["year_reached"].item() <= 2022
    assert path["target"].item() == pytest.approx(low if kind == "level" else base + low)


def test_a_growth_beyond_its_range_is_met_where_the_row_says_so():
    ends = ({"value": 5, "beyond": "met"}, {"value": 7, "sense": "at_most"})
    path = cm.growth_paths(small(*ends, kind="growth"), [0.04, 0.06, 0.1]).isel(indicator=0)
    assert path["reached"].values.tolist() == [False, True, True]
    assert path["target"].item() == pytest.approx(100 * 1.05**3)
    strict = ({"value": 5}, {"value": 7, "sense": "at_most"})
    path = cm.growth_paths(small(*strict, kind="growth"), [0.04, 0.06, 0.1]).isel(indicator=0)
    assert path["reached"].values.tolist() == [False, True, False]


def test_the_start_that_a_fall_into_a_range_needs():
    plan = small({"value": 110}, {"value": 150, "sense": "at_most"}, base=(200, 2019))
    path = cm.growth_paths(plan, 0.1).isel(indicator=0, rate=0)
    assert path["direction"].item() == -1
    assert path["required_baseline"].item() == pytest.approx(150 / 0.9**3)
    held = small({"value": 110}, {"value": 150, "sense": "at_most", "role": "limit"},
                 base=(200, 2019))  # fmt: skip
    assert cm.growth_paths(held, 0.1)["direction"].item() == 1


def test_a_count_that_starts_beyond_its_range_has_met_it():
    rows = {"value": 1}, {"value": 2, "sense": "at_most"}
    needed = cm.required_growth(small(*rows, base=(3, 2019), kind="cumulative"))
    assert needed["already_met"].tolist() == [True]
    rows = {"value": 1, "beyond": "broken"}, {"value": 2, "sense": "at_most"}
    needed = cm.required_growth(small(*rows, base=(3, 2019), kind="cumulative"))
    assert needed["already_met"].tolist() == [False]


def test_one_rate_may_be_a_number(plan):
    assert cm.growth_paths(plan, 0.1)["rate"].to_numpy().tolist() == [0.1]


@given(
    st.floats(0.01, 1e6),
    st.floats(0.01, 1e6),
    st.floats(-0.5, 2.0),
    st.sampled_from([1.0, 1e-4, 1e4]),
)
def test_back_cast_and_path_are_inverses_in_any_unit(start, goal, rate, factor):
    indicator = made(start=start * factor, goals=((goal * factor, "at_least", 2022),))
    needed = paths(indicator, rate).required_baseline[0]
    again = paths(made(start=float(needed), goals=((goal * factor, "at_least", 2022),)), rate)
    assert at(again, 2022) == pytest.approx(goal * factor, rel=1e-9)
    assert again.reached[0]


@given(st.floats(0.01, 1e6), st.floats(0.01, 1e6), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_faster_path_is_never_later(start, goal, one, other):
    slow, fast = sorted((one, other))
    found = paths(made(start=start, goals=((goal, "at_least", 2022),)), slow, fast)
    assert at(found, 2022, 0) <= at(found, 2022, 1)
    assert found.reached[0] <= found.reached[1]
    if not np.isnan(found.year_reached[0]):
        assert found.year_reached[1] <= found.year_reached[0]


# ------------------------------------------------------------------ every year, and every edge

NAN = np.nan


def reasons_of(found, rate=0):
    return dict(zip(YEARS.tolist(), found.value_reason[rate].tolist(), strict=True))


def test_the_years_are_those_of_starts_and_of_drawn_targets():
    plan = plan_of(
        indicators=[indicator("x"), indicator("m", "milestone"), indicator("g", "growth")],
        targets=[target("x", 80, year=2024), target("m", None, None, year=2035), target("g", 5)],
        baselines=[baseline("x", 50, 2017)],
        target_revisions=[{"indicator": "g", "valid_from": "2020-05-01", "value": None}],
    )
    found = cm.growth_paths(plan)
    assert found["year"].values.tolist() == list(range(2017, 2025))
    assert found["rate"].values.tolist() == [0.10, 0.12, 0.15, 0.20]
    assert found["direction"].values.tolist() == [1, 1, 1]
    gone = found.sel(indicator="g")
    assert set(gone["value_reason"].values.flat) == {"target_revised"}
    assert math.isnan(gone["target"].item())
    assert math.isnan(found["target"].sel(indicator="m").item())
    assert small({"value": 85}, kind="completion").targets["x"].value == 85
    done = cm.growth_paths(small({"value": 85}, kind="completion"))
    assert (done["target"].item(), done["year"].values.tolist()) == (85, [2019, 2020, 2021, 2022])


@pytest.mark.parametrize("rates", [[[0.1]], [0.1, np.nan], [0.1, -1.5], [0.1, 5.5]])
def test_more_rates_that_are_refused(rates):
    with pytest.raises(cm.CorridorError, match="rates"):
        cm.growth_paths(small({"value": 80}), rates)


def test_a_rate_of_500_percent_is_the_highest():
    found = cm.growth_paths(small({"value": 80}, base=(50, 2019)), [5.0, -0.99])
    assert found["value"].sel(indicator="x", rate=5.0, year=2022).item() == pytest.approx(10800)


@pytest.mark.parametrize(
    ("rows", "base", "kind", "path", "why"),
    [
        (
            ({"value": 80, "year": 2021},), (50, 2018), "level",
            [50 * 1.6 ** (k / 3) for k in range(4)] + [NAN], ("", "not_applicable"),
        ),
        (
            ({"value": 15, "year": 2021},), None, "growth",
            [NAN, 100, 115, 132.25, NAN], ("before_baseline", "not_applicable"),
        ),
        (
            ({"value": 15, "year": 2021, "base_year": 2018},), None, "growth",
            [100, 115, 132.25, 152.0875, NAN], ("", "not_applicable"),
        ),
        (
            ({"value": 80, "year": 2021},), (50, 2019), "completion",
            [NAN, 50, 65, 80, NAN], ("before_baseline", "not_applicable"),
        ),
        (
            ({"value": 80, "year": 2021},), (50, 2019), "cumulative",
            [NAN, 50, 65, 80, NAN], ("before_baseline", "not_applicable"),
        ),
        (
            ({"value": 21, "year": 2021, "kind": "relative_change"},), None, "level",
            [NAN, 100, 110, 121, NAN], ("before_baseline", "not_applicable"),
        ),
        (
            ({"value": 6, "year": 2021, "kind": "change"},), None, "share",
            [NAN] * 5, ("no_baseline", "no_baseline"),
        ),
    ],
)  # fmt: skip
def test_the_path_at_the_rate_that_is_needed(rows, base, kind, path, why):
    plan = plan_of(
        indicators=[indicator("x", kind), indicator("y")],
        targets=[*(target("x", **row) for row in rows), target("y", 5)],
        baselines=[baseline("y", 1, 2018), *([baseline("x", *base)] if base else [])],
    )
    if kind == "cumulative":  # a count from 50 on compounds; one from nothing is added up
        path = [NAN, 50, 50 * 1.6**0.5, 80, NAN]
    found = cm.growth_paths(plan, 0.1).sel(indicator="x")
    assert found["year"].values.tolist() == list(range(2018, 2023))
    assert found["required_path"].values == pytest.approx(path, nan_ok=True)
    first, last = found["required_path_reason"].values[[0, -1]]
    assert (first, last) == why
    known = np.isfinite(path)
    assert (found["required_path_reason"].values[known] == "").all()


def test_a_count_from_nothing_is_added_up_on_its_way():
    found = cm.growth_paths(small({"value": 120}, base=(0, 2019), kind="cumulative"), 0.1)
    assert found["required_path"].values.tolist() == [[0, 40, 80, 120]]


def test_the_index_of_a_growth_counts_from_the_year_it_names():
    row = {"value": 15, "base_year": 2018}
    found = cm.growth_paths(small(row, kind="growth"), [0.15, 0.149, -0.05]).isel(indicator=0)
    assert found["target"].item() == pytest.approx(100 * 1.15**4)
    assert found["required_path"].values[-1] == pytest.approx(found["target"].item())
    assert found["value"].values[0] == pytest.approx(100 * 1.15 ** np.arange(1, 5))
    assert found["reached"].values.tolist() == [True, False, False]
    assert found["year_reached"].values == pytest.approx([2022, 2023, NAN], nan_ok=True)
    assert found["year_reached_reason"].values.tolist() == ["", "", "never_reached"]
    plain = paths(made("growth", goals=((15.0, "at_least", 2022),), unit="%"), 0.15)
    assert plain.value[0] == pytest.approx([NAN] * 3 + [100 * 1.15**k for k in range(5)],
                                           nan_ok=True)  # fmt: skip
    assert reasons_of(plain) == dict.fromkeys(range(2016, 2019), "before_baseline") | (
        dict.fromkeys(range(2019, 2024), "")
    )


def test_a_growth_within_a_range_is_met_in_its_year():
    ends = ({"value": 5}, {"value": 7, "sense": "at_most"})
    path = cm.growth_paths(small(*ends, kind="growth"), [0.05, 0.06, 0.07]).isel(indicator=0)
    assert path["reached"].values.all()
    assert path["year_reached"].values.tolist() == [2022, 2022, 2022]


def test_a_promise_beside_another_that_is_unknown_has_no_path():
    alone = small({"value": None, "relative_to": "y"}, base=(50, 2019))
    found = cm.growth_paths(alone, 0.1).isel(indicator=0, rate=0)
    assert set(found["value_reason"].values) == {"bound_unknown"}
    assert set(found["required_path_reason"].values) == {"bound_unknown"}


def test_a_path_that_starts_at_nothing_stays_there_and_one_below_has_none():
    still = paths(made(start=0.0), 0.1)
    assert (at(still, 2019), at(still, 2023)) == (0, 0)
    assert reasons_of(still) == dict.fromkeys(range(2016, 2019), "before_baseline") | (
        dict.fromkeys(range(2019, 2024), "")
    )
    assert (still.reached_reason[0], still.year_reached_reason[0]) == ("", "never_reached")
    below = paths(made(start=-5.0), 0.1)
    assert np.isnan(below.value).all()
    assert reasons_of(below) == dict.fromkeys(range(2016, 2019), "before_baseline") | (
        dict.fromkeys(range(2019, 2024), "undefined_rate")
    )


def test_who_falls_by_all_there_is_has_no_path_and_no_start():
    found = paths(made(start=50.0, goals=((10.0, "at_most", 2022),)), 1.0, 0.99)
    assert found.reached_reason == ["undefined_rate", ""]
    assert found.required_baseline_reason == ["undefined_rate", ""]
    growing = paths(made(start=50.0, goals=((80.0, "at_least", 2022),)), 1.5)
    assert at(growing, 2020) == 125
    fast = paths(made("growth", goals=((-5.0, "at_most", 2022),), unit="%"), 1.0)
    assert reasons_of(fast)[2018] == "before_baseline"
    assert reasons_of(fast)[2019] == "undefined_rate"


def test_a_start_within_a_range_goes_no_way_into_it():
    ends = ({"value": 110, "role": "aim"}, {"value": 150, "sense": "at_most", "role": "aim"})
    directions = [
        cm.growth_paths(small(*ends, base=(base, 2019)), 0.1)["direction"].item()
        for base in (100, 150, 151)
    ]
    assert directions == [1, 1, -1]
    below = cm.growth_paths(small(*ends, base=(100, 2019)), 0.1).isel(indicator=0, rate=0)
    assert below["required_baseline"].item() == pytest.approx(110 / 1.331)
    unknown = cm.growth_paths(small(*ends), 0.1).isel(indicator=0, rate=0)
    assert unknown["required_baseline"].item() == pytest.approx(110 / 1.331)


@pytest.mark.parametrize(
    ("kind", "row", "goal", "unit"),
    [
        ("relative_change", {"value": 10}, 55, "家"),
        ("relative_change", {"value": -20, "sense": "at_most"}, 40, "家"),
        ("change", {"value": 10}, 60, "家"),
        ("change", {"value": -20, "sense": "at_most"}, 30, "家"),
    ],
)
def test_a_change_on_a_known_start_is_a_level(kind, row, goal, unit):
    plan = plan_of(
        indicators=[indicator("x")],
        targets=[target("x", **row, kind=kind)],
        baselines=[baseline("x", 50, unit="家")],
    )
    found = cm.growth_paths(plan, 0.1).isel(indicator=0)
    assert (found["target"].item(), found["unit"].item()) == (pytest.approx(goal), unit)
    signed = found["direction"].item() * 0.1
    assert found["value"].sel(year=2020, rate=0.1).item() == pytest.approx(50 * (1 + signed))


def test_a_relative_change_since_a_year_of_its_own_is_an_index_of_that_year():
    row = {"value": 21, "kind": "relative_change", "base_year": 2017, "year": 2019}
    found = paths(small(row).targets["x"], 0.1)
    assert (found.unit, found.target) == ("2017=100", pytest.approx(121))
    assert (at(found, 2017), at(found, 2019)) == (100, pytest.approx(121))
    assert found.reached[0]


def test_the_start_of_a_target_that_was_due_with_or_before_it():
    now = paths(made(goals=((80.0, "at_least", 2019),)), 0.1)
    assert (now.required_baseline[0], now.required_baseline_reason[0]) == (80, "")
    before = paths(made(goals=((80.0, "at_least", 2018),)), 0.1)
    assert before.required_baseline_reason[0] == "undefined_rate"
    none = paths(made(goals=((0.0, "at_most", 2022),)), 0.1)
    assert (none.required_baseline[0], none.required_baseline_reason[0]) == (0, "")
    due = paths(made(start=120.0, goals=((100.0, "at_least", 2019),)), 0.1)
    assert (due.reached[0], due.reached_reason[0]) == (True, "")


def test_a_share_of_100_is_a_share_and_one_just_above_is_none():
    whole = made("share", start=100.0, goals=((100.0, "at_least", 2022),), unit="%")
    found = paths(whole, 0.0, 0.002, -0.002)
    assert reasons_of(found)[2022] == reasons_of(found, 2)[2022] == ""
    assert reasons_of(found, 1)[2020] == "above_bound"
    assert found.reached.tolist() == [True, False, False]
    assert found.reached_reason == ["", "above_bound", ""]
    assert found.required_baseline_reason == ["", "", "above_bound"]
    assert found.required_baseline[0] == 100
    level = paths(made(start=100.0, goals=((100.0, "at_least", 2022),)), 0.1)
    assert level.reached_reason == [""]
    assert at(level, 2020) == pytest.approx(110)


@pytest.mark.parametrize(
    ("sense", "start", "goal", "reached", "year"),
    [
        ("at_least", 100, 121, True, 2021), ("above", 100, 121, True, 2022),
        ("above", 100, 133.1, False, 2023), ("at_least", 100, 133.1, True, 2022),
        ("at_most", 100, 81, True, 2021), ("below", 100, 72.9, False, 2023),
        ("at_most", 100, 72.9, True, 2022),
    ],
)  # fmt: skip
def test_a_bound_that_must_be_passed_is_not_met_by_touching_it(sense, start, goal, reached, year):
    rows = {"value": goal, "sense": sense, "role": "aim"}
    found = paths(small(rows, base=(start, 2019)).targets["x"], 0.1)
    assert (bool(found.reached[0]), found.year_reached[0]) == (reached, year)


def test_a_start_that_touches_the_bound_it_must_pass_goes_on():
    found = paths(small({"value": 100, "sense": "below"}, base=(100, 2019)).targets["x"], 0.1)
    assert (found.direction, found.year_reached[0]) == (-1, 2020)


def test_a_count_on_a_start_by_hand():
    count = made("cumulative", start=10.0, goals=((130.0, "at_least", 2022),), unit="家")
    found = paths(count, 0.10, 0.0)
    first = 120 / 3.31
    assert found.first_addition == pytest.approx([first, 40])
    assert found.value[0] == pytest.approx(
        [NAN] * 3 + [10, 10 + first, 10 + 2.1 * first, 130, NAN], nan_ok=True
    )
    assert found.value[1, 3:7].tolist() == [10, 50, 90, 130]
    assert list(reasons_of(found).values()) == (
        ["before_baseline"] * 3 + [""] * 4 + ["not_applicable"]
    )
    assert found.year_reached.tolist() == [2022, 2022]
    due = paths(made("cumulative", start=10.0, goals=((30.0, "at_least", 2019),)), 0.1)
    assert due.reached_reason == due.first_addition_reason == ["deadline_passed"]


def test_a_floor_holds_in_each_year_of_the_plan_and_in_no_other():
    found = paths(made("annual", goals=((8.0, "at_least", 2022),), unit="个"), 0.10)
    assert found.value[0] == pytest.approx([NAN] * 4 + [8] * 3 + [NAN], nan_ok=True)
    assert set(found.value_reason[0, 4:7]) == {""}
    own = {"value": 8, "kind": "annual", "from_year": 2021}
    later = paths(small(own).targets["x"], 0.1)
    assert np.isfinite(later.value[0]).tolist() == [False] * 5 + [True] * 2 + [False]
    table = cm.growth_paths(small(own), 0.1)
    assert set(table["required_path_reason"].values.flat) == {"not_applicable"}
