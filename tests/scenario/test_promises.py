"""Several promises of one indicator under scenarios (S3, S4, S4b, S19)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.helpers.scenario_plans import levels, small_plan

import corridor_model as cm
from corridor_model.assessment import assess
from corridor_model.plan.plan import Plan
from corridor_model.scenario.changes import Delay, SetGrowth, SetTarget
from corridor_model.scenario.outlook_builder import Builder
from corridor_model.scenario.scenario import Scenario
from corridor_model.scenario.simulate import simulate
from corridor_model.tabular.table import from_rows

LEVEL = levels(3)[2019]


def plan_with(targets, *, effects=(("w", "x", 0.5),), history=None, **more):
    """A plan of 2020-2022 with one indicator x, its history 2010-2019, and one work."""
    plan = small_plan(
        [{"id": "x", "history": history or levels(3), "targets": []}],
        [("w", "2020-01", "2022-12", 30.0)],
        effects,
    )
    rows = [{"indicator": "x", "year": 2022} | target for target in targets]
    about = [{"id": "x", "name_zh": "x", "first_year": 2020, "last_year": 2022}]
    tables = {**plan.tables, "targets": from_rows("targets", rows)}
    return Plan(tables | {"about": from_rows("about", about)} | more)


MANY = [
    {"value": 1.2 * LEVEL, "sense": "at_least"},
    {"value": 1.05 * LEVEL, "sense": "at_least", "year": 2021},
    {"value": 6.0, "sense": "at_least", "kind": "growth"},
    {"value": 0.2 * LEVEL, "sense": "at_least", "kind": "change"},
    {"value": 20.0, "sense": "at_least", "kind": "relative_change"},
    {"value": 1.3 * LEVEL, "sense": "above", "tier": "stretch"},
    {"value": None, "sense": None, "kind": "qualitative"},
]


def odds(result, name, scenario=0):
    return result["p_reach"].isel(scenario=scenario).sel(indicator=name).item()


def test_as_planned_is_the_assessment_of_every_promise():
    plan = plan_with(MANY)
    result = simulate(plan, draws=2048)
    verdicts = assess(plan, None, 2019)
    assert list(result.indicator.values) == list(verdicts.indicator.values) == list(plan.targets)
    np.testing.assert_allclose(
        result["p_reach"].isel(scenario=0).values, verdicts["p_reach"].values, rtol=1e-12
    )
    masked = result["p_reach_reason"].isel(scenario=0)
    assert masked.values.tolist() == verdicts["p_reach_reason"].values.tolist()
    assert masked.sel(indicator="x@qualitative").item() == "not_applicable"
    # a level, its distance from the start, and what that is of it are one promise
    same = [odds(result, name) for name in ("x", "x@change", "x@relative_change")]
    assert same == pytest.approx([same[0]] * 3, rel=1e-9)


def test_values_stand_in_the_words_of_the_promise():
    result = simulate(plan_with(MANY), draws=2048).isel(scenario=0)
    value = result["value"].sel(year=2022)
    np.testing.assert_allclose(
        value.sel(indicator="x@change").values, value.sel(indicator="x").values - LEVEL, rtol=1e-9
    )
    np.testing.assert_allclose(
        value.sel(indicator="x@relative_change").values,
        100 * (value.sel(indicator="x").values / LEVEL - 1),
        rtol=1e-9,
    )
    gap = result["gap"]
    np.testing.assert_allclose(
        gap.sel(indicator="x@relative_change").values,
        value.sel(indicator="x@relative_change").values - 20.0,
        rtol=1e-9,
    )


def test_works_reach_every_promise_of_their_series():
    plan = plan_with(MANY)
    late = Scenario("late", Delay("w", months=24))
    result = simulate(plan, [Scenario("planned"), late], draws=2048)
    for name in ("x", "x@2021", "x@growth", "x@change", "x@relative_change", "x@stretch"):
        assert odds(result, name, 1) < odds(result, name, 0), name
    value = result["value"].sel(year=2022)
    lost = (value.isel(scenario=1) - value.isel(scenario=0)).sel(quantile=0.5)
    assert lost.sel(indicator="x").item() < 0
    assert lost.sel(indicator="x@change").item() == pytest.approx(lost.sel(indicator="x").item())
    for name in ("x@growth", "x@relative_change"):
        expected = 100 * lost.sel(indicator="x").item() / LEVEL
        assert lost.sel(indicator=name).item() == pytest.approx(expected, rel=1e-6)


def test_uncertain_works_reach_every_promise_of_their_series():
    plan = plan_with(MANY)
    late = Scenario("late", Delay("w", months=cm.Uniform(0, 24)))
    result = simulate(plan, [Scenario("planned"), late], draws=16384)
    shown = result["p_reach"].isel(scenario=1)
    drawn = result["p_reach_sampled"].isel(scenario=1)
    for name in ("x", "x@2021", "x@growth", "x@change", "x@relative_change"):
        assert odds(result, name, 1) < odds(result, name, 0), name
        assert drawn.sel(indicator=name).item() == pytest.approx(
            shown.sel(indicator=name).item(), abs=0.02
        )


def test_growth_is_set_of_the_series_and_a_target_of_one_promise():
    plan = plan_with(MANY)
    grown = Scenario("grown", SetGrowth("x", mean=0.07))
    result = simulate(plan, grown, draws=2048)
    value = result["value"].isel(scenario=0).sel(year=2022, quantile=0.5)
    assert value.sel(indicator="x").item() == pytest.approx(LEVEL * 1.07**3)
    assert value.sel(indicator="x@growth").item() == pytest.approx(100 * 1.07**3)
    assert value.sel(indicator="x@relative_change").item() == pytest.approx(100 * (1.07**3 - 1))
    assert [odds(result, n) > 0.5 for n in ("x", "x@growth", "x@stretch")] == [True, True, False]
    lower = Scenario("lower", SetTarget("x@2021", value=LEVEL))
    both = simulate(plan, [Scenario("planned"), lower], draws=2048)
    assert odds(both, "x@2021", 1) > odds(both, "x@2021", 0)
    assert odds(both, "x", 1) == odds(both, "x", 0)
    # the final promise may be called by its year
    final = simulate(plan, [Scenario("y", SetTarget("x@2022", value=LEVEL))], draws=2048)
    assert odds(final, "x") > odds(both, "x", 0)


def test_stretch_promises_are_not_counted():
    result = simulate(plan_with(MANY), draws=2048)
    counted = result.attrs["n_reached_over"].split("; ")
    assert counted == ["x", "x@2021", "x@growth", "x@change", "x@relative_change"]
    assert result.sizes["n_targets"] == len(counted) + 1
    # promises of one series rise and fall together: all or none are far likelier than by chance
    share = result["n_reached"].isel(scenario=0)
    alone = result["n_reached_independent"].isel(scenario=0)
    assert share.sel(n_targets=0).item() > alone.sel(n_targets=0).item()


def test_what_is_counted_is_named_with_what_is_not():
    result = simulate(plan_with(MANY), draws=64)
    for name in ("n_reached", "n_reached_independent", "n_reached_mean"):
        attrs = result[name].attrs
        assert attrs["n_reached_stretch"] == "x@stretch"
        assert "x@stretch" not in attrs["n_reached_over"].split("; ")
        assert set(attrs["n_reached_over"].split("; ")) | {"x@stretch", "x@qualitative"} == set(
            result.indicator.values
        )
        assert attrs["not_simulated"] == "1 not_applicable"
    assert result.attrs["n_reached_stretch"] == "x@stretch"
    none = simulate(plan_with(MANY[:2]), draws=64)
    assert none["n_reached"].attrs["n_reached_stretch"] == "none"


def test_a_range_that_may_be_passed_and_a_strict_bound():
    near, far = 1.1 * LEVEL, 1.2 * LEVEL
    ends = [{"value": near, "sense": "at_least"}, {"value": far, "sense": "at_most"}]
    passable = simulate(plan_with(ends), draws=2048)
    one_sided = simulate(plan_with(ends[:1]), draws=2048)
    assert odds(passable, "x") == pytest.approx(odds(one_sided, "x"), rel=1e-12)
    closed = simulate(plan_with([e | {"beyond": "broken"} for e in ends]), draws=2048)
    assert odds(closed, "x") < odds(passable, "x")
    strict = simulate(plan_with([{"value": near, "sense": "above"}]), draws=2048)
    assert odds(strict, "x") == pytest.approx(odds(one_sided, "x"), rel=1e-9)
    grown = Scenario("level", SetGrowth("x", mean=0.0))
    touched = [{"value": LEVEL, "sense": "above"}, {"value": LEVEL, "sense": "below"}]
    for target in touched:
        assert odds(simulate(plan_with([target]), grown, draws=2048), "x") < 0.01
    about = [{"value": LEVEL, "sense": "about", "tolerance": 1.0}]
    assert odds(simulate(plan_with(about), grown, draws=2048), "x") > 0.99


def test_what_cannot_be_asked_is_masked():
    undated = plan_with([{"value": 1.1 * LEVEL, "sense": "at_least", "year": None}])
    result = simulate(undated, draws=2048)
    assert result["p_reach_reason"].values.tolist() == [["no_date"]]


def test_studies_take_promises_by_their_ids():
    plan = plan_with(MANY)
    names = ["p_reach:x@2021", "p_reach:x@growth", "p_reach:x@2022", "value:x@relative_change"]
    made = [cm.tornado(plan, output=name, inputs={"delay:w": (0.0, 24.0)}) for name in names]
    own = cm.tornado(plan, output="p_reach:x", inputs={"delay:w": (0.0, 24.0)})
    assert made[2]["output_low"].item() == own["output_low"].item()
    for one in made:
        low, high = one["output_low"].item(), one["output_high"].item()
        assert high < low


@pytest.mark.uncounted
@settings(deadline=None, max_examples=12)
@given(st.floats(0.0, 0.9), st.floats(0.01, 0.3))
def test_p_reach_of_a_limit_falls_as_more_is_used(used, more):
    def p(share):
        value = LEVEL * (1 + 0.4 * share)
        plan = plan_with(
            [{"value": 1.4 * LEVEL, "sense": "at_most", "role": "limit"}],
            history={**levels(3), 2020: value},
        )
        return odds(simulate(plan, draws=2048), "x")

    assert p(used + more) <= p(used) + 1e-9


def test_the_forecast_and_the_target_of_one_promise_are_inputs():
    plan = plan_with(MANY)
    made = cm.sobol(plan, outputs=["log_value:x@2021"], n=64)
    assert {"forecast:x", "forecast:x@2021"} <= {str(name) for name in made["input"].values}
    made = cm.tornado(plan, "p_reach:x@2021", {"target:x@2021": (LEVEL, 1.1 * LEVEL)})
    assert made["output_low"].item() > made["output_high"].item()


# ---- growth that is set, and what an effect is in the terms of a promise ----


def grown(history, *changes, kind="level", as_of=None):
    goal = [{"id": "a", "kind": kind, "history": history, "targets": [(100.0, "at_least")]}]
    made = simulate(small_plan(goal, ()), Scenario("s", *changes), draws=2048, as_of=as_of)
    return made.isel(scenario=0).sel(indicator="a")


def test_growth_begins_nowhere_without_a_figure():
    made = grown({}, SetGrowth("a", 0.05))
    assert made["p_reach_reason"].item() == "no_baseline"
    assert np.isnan(made["p_reach"].item())


def test_a_figure_between_is_not_grown_anew():
    made = grown({2018: 80.0, 2019: 90.0, 2021: 120.0}, SetGrowth("a", 0.1), as_of=2021)
    values = {year: made["value"].sel(year=year).values for year in (2020, 2021, 2022)}
    assert values[2020] == pytest.approx(99.0), "90 in 2019"
    assert values[2021] == pytest.approx(120.0), "as reported, and not 99 x 1.1"
    assert values[2022] == pytest.approx(132.0)


def test_growth_from_a_later_year_goes_on_from_every_path():
    history = {2015 + t: value for t, value in enumerate((90.0, 95.0, 99.0, 104.0, 110.0))}
    made = grown(history, SetGrowth("a", 0.1, from_year=2022), kind="annual")
    before, after = (made["value"].sel(year=year).values for year in (2021, 2022))
    assert after == pytest.approx(1.1 * before, rel=1e-9)
    assert before[0] < before[-1]


@pytest.mark.parametrize(
    ("row", "history", "factor"),
    [
        # 1 亿元 beside 200 亿元 of the base year are half a point of an index of 100
        ({"value": 6.0, "sense": "at_least", "kind": "growth"}, {2018: 190.0}, 0.5),
        ({"value": 6.0, "sense": "at_least", "kind": "growth"}, {2018: 190.0, 2019: 250.0}, 0.4),
        ({"value": 100.0, "sense": "at_least", "kind": "annual"}, {2019: 250.0}, 1.0),
        ({"value": 100.0, "sense": "at_least"}, {2019: 250.0}, 1.0),
    ],
)
def test_an_effect_in_the_terms_of_a_promise(row, history, factor):
    start = {"indicator": "x", "value": 200.0, "year": 2019, "unit": "亿元", "origin": "user"}
    plan = plan_with([row], history=history, baselines=from_rows("baselines", [start]))
    assert Builder(plan, None, 0).outlook("x", ()).per_effect == pytest.approx(factor)
