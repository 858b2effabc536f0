"""Sobol indices of a plan: the quick model is the slow one, and what it decomposes is true."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor_model as cm
from corridor_model.scenario.resolve import resolve
from corridor_model.sensitivity import SensitivityError, sobol, sobol_indices
from corridor_model.sensitivity.evaluator import Reader, read_at
from corridor_model.sensitivity.outcomes import outcomes
from corridor_model.sensitivity.parameters import parameter
from corridor_model.sensitivity.plan_model import PlanModel
from corridor_model.sensitivity.sobol import default_outcomes

MONEY = ["before_plan", "inside_plan", "beyond_horizon", "total", "programme:2021"]
NAMES = [
    "delay:jinliwen_expressway",
    "overrun:jinliwen_expressway",
    "delay:binhai_avenue",
    "overrun:binhai_avenue",
    "cancel:maoyong_road",
    "investment:brt_line_9",
    "overrun:public_transport",
    "delay:wenzhou_avenue_east",
    "growth:gdp",
    "effect:road:gdp",
]
ASKED = [
    *MONEY,
    "spending:binhai_avenue:2022",
    "km_open:2022",
    "roads_open:2024",
    "tasks_done:2023",
    "p_open_by:jinliwen_expressway:2023",
    "p_reach:gdp",
    "value:gdp:2022",
    "log_value:gdp:2022",
    "expected_reached",
]


@pytest.fixture(scope="module")
def example():
    return cm.load_plan(example=True), cm.example_observations()


def values_of(draw: st.DrawFn) -> list[float]:
    """One value for each of NAMES, earlier and later, stopped and going."""
    return [
        draw(st.floats(-30, 60)),
        draw(st.floats(0.5, 2.0)),
        draw(st.one_of(st.just(0.0), st.floats(0, 60))),
        draw(st.floats(0.5, 2.0)),
        draw(st.sampled_from([0.0, 1.0])),
        draw(st.floats(0.1, 50)),
        draw(st.floats(0.5, 2.0)),
        draw(st.one_of(st.just(0.0), st.floats(0, 24))),
        draw(st.floats(-0.2, 0.4)),
        draw(st.floats(0, 0.5)),
    ]


@pytest.mark.slow
@settings(max_examples=30)
@given(st.data())
def test_the_quick_model_says_what_the_reader_says(plan, data):
    scenario = cm.Scenario("since", since=data.draw(st.sampled_from(["2020-01", "2021-07"])))
    reader = Reader(plan, scenario)
    parameters, asked = [parameter(plan, name) for name in NAMES], outcomes(plan, ASKED)
    model = PlanModel(reader, asked, parameters)
    draws = np.array([values_of(data.draw) for _ in range(3)]).T
    sample = model.sample(draws)
    for column in range(3):
        turned = dict(zip(NAMES, draws[:, column].tolist(), strict=True))
        want = read_at(reader, asked, parameters, turned)
        got = [model.answer(i, sample)[column] for i in range(len(asked))]
        np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-9)


@pytest.mark.slow
@settings(max_examples=15)
@given(st.data())
def test_a_swapped_group_is_the_sample_with_its_values_swapped(plan, data):
    reader = Reader(plan)
    parameters, asked = [parameter(plan, name) for name in NAMES], outcomes(plan, ASKED)
    model = PlanModel(reader, asked, parameters)
    draws = np.array([values_of(data.draw) for _ in range(8)]).T
    one, other = model.sample(draws[:, :4]), model.sample(draws[:, 4:])
    groups = [(0, 1), (2,), (3, 5), (4,), (6, 7), (8,), (9,)]
    model.compare(one, other, groups)
    touched = model.touched(groups)
    for g, group in enumerate(groups):
        swapped = draws[:, :4].copy()
        swapped[list(group)] = draws[list(group), 4:]
        whole = model.sample(swapped)
        for place in range(len(asked)):
            want = model.answer(place, whole)
            got = model.answer(place, one, other, g, group)
            np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-8)
            if g not in touched[place]:  # what is said not to matter does not
                np.testing.assert_allclose(want, model.answer(place, one), rtol=1e-12, atol=1e-9)


def test_a_reader_that_turns_levers_is_the_scenario_resolved(plan):
    base = cm.Scenario(
        "base",
        cm.Delay(category="road", months=6),
        cm.SetGrowth("gdp", 0.05),
        cm.Cancel("brt_line_9"),
        cm.SetEffect("binhai_avenue", indicator="gdp", per_unit=0.1),
        since="2021-01",
        escalation=0.03,
    )
    reader = Reader(plan, base)
    for name, value in (
        ("delay:binhai_avenue", 12), ("delay:road", -6), ("delay:all", 0), ("overrun:road", 1.2),
        ("cancel:brt_line_9", 0), ("cancel:all", 1), ("investment:binhai_avenue", 50),
        ("growth:gdp", 0.1), ("baseline:gdp", 400), ("target:gdp", 600), ("effect:road:gdp", 0.4),
        ("overrun:unit=区交通局", 1.1),
    ):  # fmt: skip
        changes = parameter(plan, name).change(value, reader.resolved)
        whole = cm.Scenario("x", *base.changes, *changes, settings=base.settings)
        assert reader.with_changes(changes) == resolve(plan, whole), name


@pytest.mark.uncounted
def test_everything_on_the_real_plan(plan):
    made = sobol(plan)
    assert set(made.dims) == {"output", "input", "input_2"}
    at = made["ST"].sel(output="km_open:2022")
    assert str(at["input"].values[int(at.values.argmax())]) == "delay:wenzhou_avenue_east"
    assert float(at.max()) > 0.8
    # a cost moves no road, and what ends the plan's money moves no kilometre
    assert float(at.sel(input="overrun:wenzhou_avenue_east")) == 0
    money = made["ST"].sel(output="inside_plan")
    assert str(money["input"].values[int(money.values.argmax())]) == "overrun:jinliwen_expressway"
    # money of different works does not interact; of one work, delay and cost do
    pair = made["S2"].sel(output="inside_plan", input="overrun:jinliwen_expressway")
    assert float(pair.sel(input_2="overrun:binhai_avenue")) == 0
    assert float(pair.sel(input_2="delay:jinliwen_expressway")) > 0.005
    origins = made["input_origin"].to_series()
    assert origins["overrun:binhai_avenue"] == "literature"
    assert origins["delay:binhai_avenue"] == "assumed"
    assert "no_baseline" in made.attrs["left_out"]
    assert bool(made["zero_variance"].sel(output="tasks_done:2020")) is False
    assert made.attrs["plan_digest"] == plan.digest


@pytest.mark.uncounted
def test_the_worked_example_is_decided_by_outlooks(example):
    plan, observations = example
    made = sobol(plan, observations=observations, n=256)
    alone = made["ST"].sel(output="log_odds:hightech_va_share:2022")
    assert float(alone.sel(input="forecast:hightech_va_share")) == 1
    assert float(alone.sum()) == 1
    gdp = made["ST"].sel(output="log_value:gdp:2022")
    assert float(gdp.sel(input="forecast:gdp")) > 0.9
    odds = made["ST"].sel(output="p_reach:gdp")
    assert float(odds.sel(input="forecast:gdp")) == 0  # integrated out
    np.testing.assert_allclose(made["mean"].sel(output="p_reach:gdp"), 0.2, atol=0.2)


def test_the_plan_decomposes_like_any_function(plan):
    names = ["delay:binhai_avenue", "effect:road:gdp", "delay:jinliwen_expressway"]
    inputs = {n: cm.PERT(0, 6, 30) if n[0] == "d" else cm.Uniform(0.1, 0.9) for n in names}
    made = sobol(plan, "p_reach:gdp", inputs, n=512)
    reader, turns = Reader(plan), [parameter(plan, n) for n in names]
    model = PlanModel(reader, outcomes(plan, "p_reach:gdp"), turns)
    columns = {n: int(made["design_column"].sel(input=n)) for n in names}
    same = sobol_indices(lambda x: model.answer(0, model.sample(x)), inputs, n=512, columns=columns)
    for index in ("S1", "ST", "S1_high", "ST_low"):
        np.testing.assert_allclose(made[index].values, same[index].values, atol=1e-9)
    j, k = 0, 1
    np.testing.assert_allclose(made["S2"][0, j, k], same["S2"][0, j, k], atol=1e-9)


def test_another_input_leaves_the_points_of_the_others_alone(plan):
    few = {"delay:binhai_avenue": (0, 24), "overrun:binhai_avenue": (1, 2)}
    made = sobol(plan, "spending:binhai_avenue:2022", few, n=256)
    with_it = {"overrun:weiken_road": (1, 2), **few}
    more = sobol(plan, "spending:binhai_avenue:2022", with_it, n=256)
    for index in ("S1", "ST"):
        np.testing.assert_allclose(
            more[index].sel(input=list(few)).values, made[index].values, atol=1e-12
        )
    assert float(more["ST"].sel(input="overrun:weiken_road")[0]) == 0


def test_shared_factors_of_a_scenario_make_groups(plan):
    uncertain = cm.Scenario(
        "tied",
        cm.Delay("binhai_avenue", months=cm.PERT(0, 6, 24)),
        cm.Overrun("binhai_avenue", factor=cm.Lognormal(1.2, 0.3)),
        paired=0.7,
    )
    made = sobol(plan, "inside_plan", scenario=uncertain, n=256)
    assert "work:binhai_avenue" in made["input"].values
    assert "delay:binhai_avenue" not in made["input"].values
    common = cm.Scenario("common", common=0.5)
    whole = sobol(plan, "inside_plan", scenario=common, n=128)
    assert float(whole["ST"].sel(input="works")[0]) == pytest.approx(1, abs=0.15)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"outputs": "value:gdp:2022"}, "no variance"),
        ({"outputs": "km_opened"}, "Did you mean 'km_open'"),
        ({"outputs": "p_reach:gpd"}, "Did you mean 'gdp'"),
        ({"outputs": "value:gdp:then"}, "one year"),
        ({"outputs": "inside_plan:2022"}, "without a year"),
        ({"outputs": []}, "at least one output"),
        ({"outputs": "p_reach:tax_per_mu"}, "no_baseline"),
        ({"outputs": "spending:bus_terminals:2021"}, "unknown_investment"),
        ({"outputs": "p_open_by:bus_lanes:2021"}, "not_applicable"),
        ({"outputs": "gap:gdp"}, "tornado"),
        ({"inputs": {"delay:binhai_avenu": (0, 1)}}, "Did you mean 'binhai_avenue'"),
        ({"inputs": {"late:binhai_avenue": (0, 1)}}, "Known|Did you mean"),
        ({"inputs": {"growth:gpd": (0, 1)}}, "Did you mean 'gdp'"),
        ({"inputs": {"investment:road": (1, 2)}}, "nothing is called 'road'"),
        ({"inputs": {"delay:road": (0, 1), "delay:binhai_avenue": (0, 1)}}, "same number"),
        ({"inputs": {"target:gdp": (1, 2)}, "outputs": "p_reach:gdp"}, "two_way"),
        ({"inputs": ["delay:road"]}, "mapping"),
        ({"scenario": cm.Scenario("u", cm.Delay("binhai_avenue", cm.PERT(0, 1, 2))),
          "inputs": {"overrun:binhai_avenue": (1, 2)}}, "is uncertain in the scenario"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(plan, asked, said):
    with pytest.raises(SensitivityError, match=said) as error:
        sobol(plan, n=16, **asked)
    assert error.value.text("zh") != str(error.value)


def test_a_plan_without_works_and_one_without_outlooks(plan, tmp_path):
    plan.to_folder(tmp_path)
    for table in ("projects", "effects", "annual_investment", "work_reports", "design_columns"):
        file = tmp_path / f"{table}.csv"
        file.write_text(file.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    bare = cm.load_plan(tmp_path)
    made = sobol(bare, n=64)
    assert all(name.startswith("forecast:") for name in made["input"].values)
    asked, left = default_outcomes(Reader(bare), [])
    assert asked
    assert left


def test_growth_that_is_set_has_a_variance_and_decides(plan):
    inputs = {"growth:gdp": (0.0, 0.2), "delay:binhai_avenue": (0, 24)}
    made = sobol(plan, ["value:gdp:2022", "p_reach:gdp"], inputs, n=512)
    assert float(made["ST"].sel(output="value:gdp:2022", input="growth:gdp")) > 0.99
    # 580 from 467.7 in two years: 11.36 %, and the odds of a uniform growth to be above
    assert float(made["mean"].sel(output="p_reach:gdp")) == pytest.approx(
        (0.2 - 0.1136) / 0.2, abs=0.01
    )


def test_what_cannot_do_anything_need_not_be_an_input(plan):
    """A cost factor of unknown money, and a delay of a cancelled work, are no inputs."""
    slow = next(s for s in cm.shipped_scenarios() if s.name == "slow")
    made = cm.sobol(plan, "inside_plan", n=16, second_order=False, scenario=slow)
    unknown = [p for p, work in plan.projects.items() if work.investment is None]
    assert not {f"overrun:{p}" for p in unknown} & set(made["input"].values)
    stopped = cm.Scenario("x", cm.Delay(all=True, months=cm.Uniform(0, 12)),
                          cm.Cancel("binhai_avenue"))  # fmt: skip
    made = cm.sobol(plan, "inside_plan", n=16, second_order=False, scenario=stopped)
    assert "delay:binhai_avenue" not in made["input"].values
    with pytest.raises(cm.CorridorError, match="is uncertain in the scenario"):
        cm.sobol(plan, "inside_plan", {"cancel:binhai_avenue": (0, 1)}, n=16, scenario=stopped)


def test_a_plan_without_works_or_forecasts_has_no_tornado(tmp_path):
    from corridor_model.cli import main

    assert main(["template", str(tmp_path / "p")]) == 0
    with pytest.raises(cm.CorridorError, match="Nothing can be varied"):
        cm.tornado(cm.load_plan(tmp_path / "p"), "inside_plan")


@pytest.mark.parametrize("name", ["delay:binhai_avenue", "delay:road"])
def test_a_stretched_work_is_turned_alike_by_both(plan, name):
    stretched = cm.Scenario("s", cm.Delay("binhai_avenue", months=6, mode="stretch"))
    reader = Reader(plan, stretched)
    parameters, asked = [parameter(plan, name)], outcomes(plan, MONEY)
    model = PlanModel(reader, asked, parameters)
    sample = model.sample(np.array([[0.0, 9.0, 20.0, -5.0]]))
    for column, months in enumerate((0.0, 9.0, 20.0, -5.0)):
        want = read_at(reader, asked, parameters, {name: months})
        got = [model.answer(i, sample)[column] for i in range(len(asked))]
        np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-9)
