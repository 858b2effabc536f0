"""One input at a time, tipping points, grids and attribution, on the real plan."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor_model as cm
from corridor_model.sensitivity import (
    SensitivityError,
    attribute,
    one_at_a_time,
    shapley_values,
    switching_values,
    tornado,
    two_way,
)
from corridor_model.sensitivity.evaluator import Reader
from corridor_model.sensitivity.outcomes import KINDS, outcome, outcomes
from corridor_model.sensitivity.parameters import default_inputs
from corridor_model.sensitivity.switching import flips

pytestmark = pytest.mark.uncounted  # other tests run these lines with fewer figures

SHIPPED = {scenario.name: scenario for scenario in cm.shipped_scenarios()}


@pytest.fixture(scope="module")
def example():
    return cm.load_plan(example=True), cm.example_observations()


@pytest.fixture(scope="module")
def simulated(example):
    plan, observations = example
    return cm.simulate(plan, list(SHIPPED.values()), observations)


@pytest.mark.uncounted
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(n, marks=[pytest.mark.slow, pytest.mark.long] if i % 8 else [])
        for i, n in enumerate(SHIPPED)
    ],
)
def test_the_reader_says_what_simulate_says(example, simulated, name):
    plan, observations = example
    scenario = SHIPPED[name]
    made = simulated.sel(scenario=name)
    reader = Reader(plan, scenario, observations)
    known = [n for n in plan.indicators if not np.isnan(made["p_reach"].sel(indicator=n))]
    alone = [n for n in known if not made["p_reach_alone_reason"].sel(indicator=n).item()]
    # a promise that is lost for good has its odds, and while it rests no size
    sized = [n for n in alone if not made["gap_reason"].sel(indicator=n).item()]
    asked = outcomes(
        plan,
        [
            "before_plan", "inside_plan", "beyond_horizon", "total", "programme:2023",
            "spending:binhai_avenue:2022", "km_open:2021", "tasks_done",
            *(f"p_reach:{n}" for n in known), *(f"gap:{n}" for n in sized),
            *(f"value:{n}:2022" for n in alone if 2022 in reader.outlook(reader.resolved, n).years
              and not np.isnan(made["value"].sel(indicator=n, year=2022, quantile=0.5))),
        ],
    )  # fmt: skip
    want = {
        **{n: float(made[n].sum("project")) for n in ("before_plan", "inside_plan", "total")},
        "beyond_horizon": float(made["beyond_horizon"].sum("project")),
        "programme:2023": float(made["programme"].sel(spending_year=2023)),
        "spending:binhai_avenue:2022": float(
            made["spending"].sel(project="binhai_avenue", spending_year=2022)
        ),
        "km_open:2021": float(made["km_open"].sel(spending_year=2021)),
        "tasks_done": float(made["tasks_done"].sel(spending_year=2022)),
    }
    for one, got in zip(asked, reader.read(asked), strict=True):
        if one.key in plan.indicators:
            at = made.sel(indicator=one.key)
            told = {
                "p_reach": at["p_reach"],
                "gap": at["gap"].sel(quantile=0.5),
                "value": at["value"].sel(quantile=0.5, year=2022),
            }[one.word]
            want[one.name] = float(told)
        assert got == pytest.approx(want[one.name], rel=1e-9, abs=1e-9), one.name
    expected = float((made["n_reached_independent"] * made["n_targets"]).sum())
    assert reader.read(outcomes(plan, "expected_reached"))[0] == pytest.approx(expected, rel=1e-9)


def test_every_output_has_a_name_and_a_unit_in_both_languages(plan):
    for word, kind in KINDS.items():
        key = {"indicator": ":gdp", "project": ":binhai_avenue"}.get(kind.of, "")
        one = outcome(plan, word + key)
        assert one.unit(plan), word
        assert one.title(plan, "zh") != one.title(plan, "en")
        assert (one.year == 2022) == kind.yearly


def test_the_tornado_of_money_is_the_works_and_adds_up_for_costs_alone(plan):
    made = tornado(plan, "total")
    assert made["input"].values[0] == "overrun:jinliwen_expressway"
    low, high = cm.Lognormal(1.204, 0.299).ppf([0.1, 0.9])
    assert float(made["swing"][0]) == pytest.approx(80 * (high - low))
    assert made.attrs["additive"] == 1
    # a delay conserves money
    late = made.sel(input=[n for n in made["input"].values if n.startswith("delay")])
    assert float(late["swing"].max()) == pytest.approx(0, abs=1e-9)
    assert float(made["share_of_swing"].sum()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("zh", "其余条件按情景“as planned”。"),
        ("en", "Everything else stands as in the scenario “as planned”."),
    ],
)
def test_a_scenario_counts_by_what_it_changes_not_by_its_name(plan, lang, line):
    late = cm.Scenario("as planned", cm.Delay("jinliwen_expressway", months=12))
    text = cm.describe(tornado(plan, "km_open:2022", scenario=late), lang)
    assert line in text.split("\n")
    nothing = cm.Scenario("the plan of 2019")
    for scenario in (None, nothing, cm.shipped_scenarios()[0]):
        text = cm.describe(tornado(plan, "km_open:2022", scenario=scenario), lang)
        assert "as in the scenario" not in text
        assert "按情景" not in text


def test_delay_and_cost_of_one_work_do_not_add_up(plan):
    inputs = {"delay:binhai_avenue": (0, 12), "overrun:binhai_avenue": (1, 1.5)}
    made = tornado(plan, "inside_plan", inputs)
    assert made.attrs["additive"] == 0
    # 42 亿元 from 2021 to 2024: half of it by 2022, a quarter if a year late
    alone = [42 * 0.25 - 42 * 0.5, 42 * 0.5 * 0.5]
    assert made.attrs["remainder_high"] == pytest.approx(42 * 0.25 * 1.5 - 21 - sum(alone))


def test_a_delay_that_closes_the_road_counts_though_both_ends_are_alike(plan):
    made = tornado(plan, "km_open:2022", {"delay:wenzhou_avenue_east": (3, 12)})
    assert float(made["swing"][0]) == pytest.approx(3.63)
    assert made.attrs["base"] == pytest.approx(12.195)


def test_what_decides_the_value_is_growth(plan):
    made = tornado(plan, "value:gdp")
    assert made["input"].values[0] == "growth:gdp"
    assert float(made["share_of_swing"][0]) > 0.95
    assert np.isnan(made["base"][0])  # as forecast
    simulated = cm.simulate(plan, draws=64, quantiles=[0.1, 0.9])["value"]
    ends = simulated.sel(indicator="gdp", year=2022).values.ravel()
    np.testing.assert_allclose([made["output_low"][0], made["output_high"][0]], ends, rtol=1e-6)


@pytest.mark.counted
@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        (["delay:binhai_avenue"], "stands at 0"),
        (["growth:gdp"], "no single number"),
        ({"overrun:binhai_avenue": (2, 1)}, "low <= high"),
        ({"overrun:binhai_avenue": "much"}, "Distribution"),
        ({}, "at least one input"),
        (["overrun:nothing"], "nothing is called"),
    ],
)
def test_tornado_refuses(plan, inputs, said):
    with pytest.raises(SensitivityError, match=said):
        tornado(plan, "inside_plan", inputs)


@pytest.mark.counted
def test_names_alone_mean_a_share_of_where_they_stand(plan):
    made = tornado(plan, "total", ["overrun:binhai_avenue", "investment:weiken_road"], share=0.2)
    at = made.sel(input="investment:weiken_road")
    assert [float(at[n]) for n in ("low", "base", "high")] == pytest.approx([3.2, 4, 4.8])
    assert float(at["swing"]) == pytest.approx(1.6)


@settings(max_examples=40)
@given(
    st.lists(st.floats(-5, 5), min_size=1, max_size=6),
    st.lists(st.floats(-5, 5), min_size=6, max_size=6),
)
def test_a_linear_tornado_is_exact(slopes, ends):
    names = [f"x{i}" for i in range(len(slopes))]
    low = {n: min(0, e) for n, e in zip(names, ends, strict=False)}
    high = {n: max(0, e) for n, e in zip(names, ends, strict=False)}
    made = one_at_a_time(lambda x: np.array(slopes) @ x, dict.fromkeys(names, 0.0), low, high)
    assert made.attrs["additive"] == 1
    want = {n: abs(s) * (high[n] - low[n]) for n, s in zip(names, slopes, strict=True)}
    for name in names:
        assert float(made["swing"].sel(input=name)) == pytest.approx(want[name], abs=1e-9)
    assert (np.diff(made["swing"]) <= 0).all()


def test_the_growth_at_which_gdp_just_meets_its_target(plan):
    made = switching_values(plan, "value:gdp", ["growth:gdp", "target:gdp"])
    growth = float(made["switching_value"].sel(input="growth:gdp"))
    assert growth == pytest.approx((580 / 467.7) ** 0.5 - 1, rel=1e-9)
    assert made.attrs["met"] == 0
    target = float(made["switching_value"].sel(input="target:gdp"))
    assert target == pytest.approx(made.attrs["base"], rel=1e-9)
    # turned to its switching value the target is met, and a little beside it is not
    for rate, met in ((growth, True), (growth - 1e-6, False)):
        scenario = cm.Scenario("at", cm.SetGrowth("gdp", rate))
        gap = cm.simulate(plan, scenario, draws=64, quantiles=[0.5])["gap"]
        assert (float(gap.sel(indicator="gdp").item()) >= -1e-9) is met


def test_a_road_that_any_delay_closes(plan):
    made = switching_values(plan, "km_open:2022", threshold=12)
    at = made["switching_value"].to_series()
    assert made.attrs["met"] == 1
    assert at["delay:wenzhou_avenue_east"] == 0  # due in December: any delay at all
    assert at["delay:weiken_road"] == pytest.approx(12)
    reason = made["switching_value_reason"].to_series()
    assert reason["overrun:binhai_avenue"] == "none_in_range"
    assert np.isnan(at["overrun:binhai_avenue"])


def test_yes_or_no_tips_to_yes_or_no(plan):
    names = ["cancel:wenzhou_avenue_east", "cancel:binhai_avenue"]
    made = switching_values(plan, "km_open:2022", names, threshold=12)
    assert float(made["switching_value"][0]) == 0
    assert made["crossings"].values.tolist() == [1, 0]
    late = cm.Scenario("gone", cm.Cancel("wenzhou_avenue_east"))
    back = switching_values(plan, "km_open:2022", names, threshold=12, scenario=late)
    assert float(back["switching_value"][0]) == 0
    assert back.attrs["met"] == 0


def test_the_coefficient_of_project_appraisal(plan):
    made = switching_values(plan, "total", ["overrun:all"], threshold=220, sense="at_most")
    assert float(made["coefficient"][0]) == pytest.approx(
        (219.723 - 0.18618) / 219.723, rel=1e-3
    )  # money spent before the plan does not scale
    spent = switching_values(plan, "total", ["delay:all"], threshold=220)
    assert spent["coefficient_reason"].values.tolist() == ["zero_base"]


@pytest.mark.parametrize(
    ("output_name", "inputs", "more", "said"),
    [
        ("inside_plan", None, {}, "threshold"),
        ("value:gdp", {"growth:gdp": (1, 0)}, {}, "low < high"),
        ("value:gdp", None, {"sense": "above"}, "at_least or at_most"),
        ("value:gdp", None, {"points": 1}, "points"),
    ],
)
def test_switching_values_refuse(plan, output_name, inputs, more, said):
    with pytest.raises(SensitivityError, match=said):
        switching_values(plan, output_name, inputs, **more)


@settings(max_examples=60)
@given(st.floats(-9.9, 9.9), st.floats(-9.9, 9.9), st.booleans(), st.integers(3, 40))
def test_the_nearest_flip_is_on_the_good_side(edge, stands, rising, points):
    def margin(x):
        return x - edge if rising else edge - x

    found = flips(margin, stands, margin(stands), np.linspace(-10, 10, points))
    assert len(found.edges) == 1
    assert found.edge.value == pytest.approx(edge, abs=1e-7)
    assert margin(found.edge.value) >= 0 or abs(found.edge.value - stands) < 1e-7
    assert found.edge.good_side == ("above" if rising else "below")
    low, high = found.band
    assert np.isnan(high if rising else low)


@pytest.mark.counted
def test_a_grid_and_its_frontier(plan):
    made = two_way(
        plan, "value:gdp", ("target:gdp", 500, 640), ("growth:gdp", 0.0, 0.2), points=(5, 9)
    )
    want = (made["x"].values / 467.7) ** 0.5 - 1
    np.testing.assert_allclose(made["frontier"], want, rtol=1e-9)
    assert made["met"].shape == (9, 5)
    assert (made["met"].astype(int).diff("y") >= 0).all()
    steep = two_way(
        plan, "inside_plan", ("delay:binhai_avenue", 0, 24), ("overrun:binhai_avenue", 1, 2),
        points=(3, 4), threshold=150,
    )  # fmt: skip
    assert steep["frontier_reason"].values.tolist() == ["", "always_met", "always_met"]
    assert float(steep["frontier"][0]) == pytest.approx(1 + (150 - 145.6993) / 21, abs=1e-5)
    with pytest.raises(SensitivityError, match="different"):
        two_way(plan, "value:gdp", ("growth:gdp", 0, 1), ("growth:gdp", 0, 1))


def test_attribution_adds_up_and_is_free_of_order(plan):
    scenario = SHIPPED["the office's question"]
    made = attribute(plan, scenario)
    moved = made["after"] - made["before"]
    np.testing.assert_allclose(made["share"].sum("change"), moved, atol=1e-9)
    np.testing.assert_allclose(made["ordered"].sum("change"), moved, atol=1e-9)
    backwards = cm.Scenario("back", *scenario.changes[::-1], settings=scenario.settings)
    turned = attribute(plan, backwards)
    np.testing.assert_allclose(
        turned["share"].values[::-1], made["share"].sel(output=turned["output"]), atol=1e-9
    )
    assert made.attrs["exact"] == 1
    assert (made["share_low"] == made["share"]).all()


def test_delay_and_cost_share_what_they_do_together(plan):
    late, dear = cm.Delay("jinliwen_expressway", 12), cm.Overrun("jinliwen_expressway", 1.2)
    made = attribute(plan, cm.Scenario("both", late, dear), "inside_plan")
    # 60 of 80 亿元 by 2022, 40 if a year late; a fifth dearer
    assert made["share"].values.ravel() == pytest.approx([-(20 + 24) / 2, (12 + 8) / 2])
    assert made["ordered"].values.ravel() == pytest.approx([-20, 8])


def test_many_changes_of_sums_over_works_and_a_sample_of_few(plan):
    works = [w for w in plan.projects.values() if w.investment][:14]
    changes = [cm.Delay(w.id, months=6 + i) for i, w in enumerate(works)]
    changes.append(cm.Overrun(all=True, factor=1.1))
    scenario = cm.Scenario("many", *changes)
    made = attribute(plan, scenario, ["inside_plan", "total"], orders=64)
    assert made.attrs["exact"] == 1  # sums over works: work by work
    moved = made["after"] - made["before"]
    np.testing.assert_allclose(made["share"].sum("change"), moved, atol=1e-9)
    assert (made["share_high"] == made["share_low"]).all()
    # exact: the cost alone moves the total, and a delay meets it on money inside the plan only
    assert float(made["share"].sel(output="total")[-1]) == pytest.approx(float(moved[1]))
    few = cm.Scenario("few", *changes[:3], changes[-1])
    exact = attribute(plan, few, "inside_plan")
    sampled = shapley_values(
        lambda who: Reader(plan).read(outcomes(plan, "inside_plan"), [few.changes[i] for i in who]),
        4, exact=1, orders=40,
    )  # fmt: skip
    np.testing.assert_allclose(
        sampled.parts, exact["share"].values, atol=5 * float(sampled.error.max()) + 1e-9
    )


@settings(max_examples=40)
@given(st.integers(1, 5), st.data())
def test_shapley_parts_sum_to_the_total_whatever_the_game(players, data):
    worth = {
        who: data.draw(st.floats(-100, 100))
        for size in range(players + 1)
        for who in itertools.combinations(range(players), size)
    }
    made = shapley_values(worth.__getitem__, players)
    total = worth[tuple(range(players))] - worth[()]
    assert float(made.parts.sum()) == pytest.approx(total, abs=1e-9)
    # one who never changes anything has exactly 0
    idle = shapley_values(lambda who: worth[tuple(i for i in who if i < players)], players + 1)
    assert float(idle.parts[players, 0]) == 0
    np.testing.assert_allclose(idle.parts[:players], made.parts, atol=1e-9)


@pytest.mark.counted
def test_attribution_refuses(plan):
    with pytest.raises(SensitivityError, match="no changes"):
        attribute(plan, cm.Scenario("as planned"))
    with pytest.raises(cm.PlanError, match="binhai_avenue"):
        attribute(plan, cm.Scenario("wrong", cm.Cancel("binhai_avenu")))


def test_defaults_say_where_they_come_from_and_leave_out_what_is_over(plan):
    late = cm.Scenario("late", cm.Cancel("brt_line_9"), since="2021-01")
    made = default_inputs(plan, cm.resolve(plan, late))
    assert "delay:brt_line_9" not in made
    assert "delay:yandang_middle_road" not in made  # finished in 2020
    assert "overrun:bus_terminals" not in made  # no money is known
    own = cm.Scenario("own", cm.Delay("binhai_avenue", cm.PERT(0, 3, 12)))
    held = default_inputs(plan, cm.resolve(plan, own))["delay:binhai_avenue"]
    assert (held.distribution, held.origin) == (cm.PERT(0, 3, 12), "user")
