"""The ends of every input: what can occur, the lower first, each output with its own end."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor_model as cm
from corridor_model.distributions import Discrete, Fixed, Lognormal, Negative, Normal, Uniform
from corridor_model.sensitivity import (
    SensitivityError,
    morris,
    one_at_a_time,
    sobol,
    sobol_indices,
    switching_values,
    tornado,
    two_way,
)
from corridor_model.sensitivity.evaluator import Reader
from corridor_model.sensitivity.inputs import spreads
from corridor_model.sensitivity.parameters import default_inputs

GDP = "growth:gdp"
ROAD = "delay:binhai_avenue"
DISCRETE = {
    "die": scipy.stats.randint(1, 7),
    "counts": scipy.stats.binom(5, 0.2, loc=10),
    "any values": scipy.stats.rv_discrete(values=([-3, 2.5, 7], [0.2, 0.3, 0.5]))(),
    "yes or no": scipy.stats.bernoulli(0.01),
    "own": Discrete([-1, 4], [0.999, 0.001]),
}


def asked_at(inputs, **more):
    """Return everything that a function was asked at, and the study."""
    asked: list[np.ndarray] = []

    def func(x):
        asked.append(x.copy())
        return x[0]

    return morris(func, inputs, **more), np.unique(np.hstack(asked)[0])


def test_a_discrete_input_is_asked_within_its_support():
    made, at = asked_at({"a": scipy.stats.randint(0, 4)})
    assert at.tolist() == [0, 1, 2, 3]
    assert made["mu_star"].values.tolist() == [[3.0]]
    assert made["sigma"].values.tolist() == [[0.0]]


@pytest.mark.parametrize("name", DISCRETE)
def test_an_effect_is_per_whole_range_of_whatever_can_occur(name):
    (spread,) = spreads({"a": DISCRETE[name]}).values()
    made, at = asked_at({"a": DISCRETE[name]}, trajectories=20)
    assert at.min() == spread.lowest
    assert at.max() == spread.highest
    assert float(made["mu_star"][0, 0]) == pytest.approx(spread.highest - spread.lowest)
    assert float(made["sigma"][0, 0]) == pytest.approx(0, abs=1e-9)
    assert spread.ppf([0.0, 1.0]).tolist() == [spread.lowest, spread.highest]


def test_yes_or_no_does_not_outrank_what_moves_more():
    inputs = {"switch": Discrete([0, 1], [0.5, 0.5]), "smooth": (0, 1.2)}
    made = morris(lambda x: x[0] + x[1], inputs)
    np.testing.assert_allclose(made["mu_star"][0], [1.0, 1.2])
    np.testing.assert_allclose(made["sigma"][0], 0, atol=1e-12)


@pytest.mark.uncounted
@settings(max_examples=60)
@given(
    st.lists(st.integers(-50, 50), min_size=2, max_size=7, unique=True),
    st.data(),
    st.sampled_from([2, 4, 6, 10]),
)
def test_a_straight_line_has_its_range_times_its_slope(values, data, levels):
    weights = np.array([data.draw(st.floats(1e-6, 1)) for _ in values])
    spread = Discrete(values, weights / weights.sum())
    made = morris(lambda x: -2 * x[0], {"a": spread}, trajectories=7, levels=levels)
    assert float(made["mu_star"][0, 0]) == pytest.approx(2 * (max(values) - min(values)))
    assert float(made["sigma"][0, 0]) == pytest.approx(0, abs=1e-6)


def test_unbounded_inputs_are_cut_and_rare_counts_still_move():
    made, at = asked_at({"a": Normal(0, 1)})
    assert at.max() == pytest.approx(2.5758, abs=1e-4)
    assert float(made["mu_star"][0, 0]) == pytest.approx(2 * at.max())
    made, at = asked_at({"a": scipy.stats.poisson(1e-3)})
    assert at.tolist() == [0, 1]
    assert float(made["mu_star"][0, 0]) == 1
    made, at = asked_at({"a": Fixed(3), "b": (0, 1)})
    assert float(made["mu_star"][0, 0]) == 0


def test_a_study_never_asks_below_the_support():
    lowest = []

    def func(x):
        lowest.append(x[0].min())
        return x[0]

    sobol_indices(func, {"a": scipy.stats.randint(0, 2)}, n=64)
    assert min(lowest) == 0


# Tornadoes: low is never above high, and each output stands with its end.


@pytest.mark.uncounted
@pytest.mark.parametrize("share", [0.1, -0.1])
def test_a_share_of_what_falls_has_its_lower_end_first(plan, share):
    falling = cm.Scenario("falling", cm.SetGrowth("gdp", -0.05))
    at = tornado(plan, "value:gdp", {GDP: share}, scenario=falling).isel(input=0)
    assert [float(at[end]) for end in ("low", "base", "high")] == pytest.approx(
        [-0.055, -0.05, -0.045]
    )
    for end in ("low", "high"):
        set_to = cm.Scenario("at", cm.SetGrowth("gdp", float(at[end])))
        same = Reader(plan, set_to).read(_outcomes(plan, "value:gdp"))[0]
        assert float(at[f"output_{end}"]) == pytest.approx(same)
    assert float(at["output_low"]) < float(at["output_high"])


def _outcomes(plan, name):
    from corridor_model.sensitivity.outcomes import outcomes

    return outcomes(plan, name)


def test_a_work_that_is_early_and_an_effect_that_takes_away(plan):
    early = cm.Scenario("early", cm.Accelerate("binhai_avenue", months=6))
    at = tornado(plan, "inside_plan", {ROAD: 0.5}, scenario=early).isel(input=0)
    assert (float(at["low"]), float(at["high"])) == (-9, -3)
    assert float(at["output_low"]) > float(at["output_high"])  # earlier is more money by 2022
    lost = cm.Scenario("lost", cm.SetEffect("binhai_avenue", "gdp", per_unit=-2.0),
                       cm.Delay("binhai_avenue", months=12))  # fmt: skip
    name = "effect:binhai_avenue:gdp"
    at = tornado(plan, "value:gdp:2021", {name: 0.1}, scenario=lost).isel(input=0)
    assert (float(at["low"]), float(at["high"])) == pytest.approx((-2.2, -1.8))
    # a delay gives back what the effect would have taken: 10.5 亿元 are not spent in 2021
    assert float(at["swing"]) == pytest.approx(0.4 * 10.5)
    assert float(at["output_low"]) > float(at["output_high"])
    tips = switching_values(plan, "value:gdp", [name], scenario=lost)
    assert (float(tips["low"][0]), float(tips["high"][0])) == pytest.approx((-6, -0.2))


def test_works_brought_forward_by_chance_are_early_and_not_late(plan):
    spread = cm.Uniform(0, 10)
    ahead = cm.Scenario("ahead", cm.Accelerate("binhai_avenue", months=spread))
    reader = Reader(plan, ahead)
    own = default_inputs(plan, reader.resolved)[ROAD]
    assert own.distribution == Negative(spread)
    assert (own.distribution.lowest, own.distribution.highest) == (-10, 0)
    at = tornado(plan, "inside_plan", scenario=ahead).sel(input=ROAD)
    assert (float(at["low"]), float(at["base"]), float(at["high"])) == pytest.approx((-9, -5, -1))
    assert float(at["output_low"]) > float(at["output_high"])
    shares = sobol(plan, "inside_plan", {ROAD: own}, n=64, scenario=ahead)
    planned = float(Reader(plan).read(_outcomes(plan, "inside_plan"))[0])
    assert float(shares["mean"][0]) > planned


@given(
    st.floats(0, 1),
    st.sampled_from([Uniform(0, 3), Lognormal(1, 0.3), Discrete([0, 2], [0.3, 0.7])]),
)
def test_the_negative_of_a_distribution(q, spread):
    other = Negative(spread)
    assert other.mean == -spread.mean
    assert other.variance == spread.variance
    assert other.lowest <= other.ppf(q) <= other.highest
    assert other.ppf(q) == -spread.ppf(1 - q)


def test_quantiles_of_scipy_stand_in_a_tornado(plan):
    inputs = {ROAD: scipy.stats.randint(0, 13), "overrun:binhai_avenue": Lognormal(1.2, 0.3)}
    made = tornado(plan, "inside_plan", inputs)
    at = made.sel(input=ROAD)
    assert (float(at["low"]), float(at["high"])) == (1, 11)


def test_a_delay_too_rare_for_its_quantiles_is_not_said_to_do_nothing(plan):
    rare = Discrete([0, 24], [0.95, 0.05])
    made = tornado(plan, "km_open:2022", {"delay:wenzhou_avenue_east": rare, ROAD: (0, 12)})
    en, zh = cm.describe(made, "en"), cm.describe(made, "zh")
    assert "The low and the high of one input are the same value" in en
    assert "有1项输入的低值与高值相同" in zh


@pytest.mark.parametrize("ends", [(1, 0), (0, np.inf), (np.nan, 1)])
def test_ends_out_of_order_are_refused_everywhere(plan, ends):
    low, high = ends
    with pytest.raises(SensitivityError, match="low must not be above high"):
        one_at_a_time(lambda x: x[0], {"a": 0}, {"a": low}, {"a": high})
    with pytest.raises(SensitivityError, match="low <= high"):
        tornado(plan, "inside_plan", {ROAD: ends})
    with pytest.raises(SensitivityError, match="low < high"):
        switching_values(plan, "inside_plan", {ROAD: ends}, threshold=1)
    with pytest.raises(SensitivityError, match="low < high"):
        two_way(plan, "inside_plan", (ROAD, *ends), ("delay:weiken_road", 0, 1), threshold=1)
    with pytest.raises(SensitivityError, match="low < high"):
        sobol_indices(lambda x: x[0], {"a": ends}, n=16)
