"""Shares of sums over works are exact, and a sample that cannot tell says so."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.helpers.portfolio_plans import made_up_plan

import corridor_model as cm
from corridor_model.distributions import PERT, Discrete, Lognormal, Normal, Triangular, Uniform
from corridor_model.scenario.profiles import SCurve
from corridor_model.sensitivity import sobol, sobol_indices
from corridor_model.sensitivity.decomposition import Part, SumOfParts
from corridor_model.sensitivity.evaluator import Reader
from corridor_model.sensitivity.outcomes import outcomes
from corridor_model.sensitivity.parameters import parameter
from corridor_model.sensitivity.plan_model import PlanModel
from corridor_model.sensitivity.sobol_indices import rare_values

LATE = Discrete([0, 24], [0.9999, 0.0001])
KM = "km_open:2022"


def roads(*lengths: float, **more: object) -> cm.Plan:
    return made_up_plan(
        [
            {"id": f"r{i}", "length_km": km, "length_in_area_km": km, "end": "2022", **more}
            for i, km in enumerate(lengths)
        ]
    )


# Kilometres of works that are late once in ten thousand times: what no sample sees.


@pytest.mark.parametrize("n", [16, 1024])
@pytest.mark.parametrize("seed", range(3))
def test_two_roads_that_are_hardly_ever_late(seed, n):
    made = sobol(roads(5, 2), KM, {"delay:r0": LATE, "delay:r1": LATE}, n=n, seed=seed)
    for name in ("S1", "ST", "S1_low", "ST_high"):
        assert made[name].values[0].tolist() == pytest.approx([25 / 29, 4 / 29])
    assert bool(made["converged"][0])
    assert bool(made["exact"][0])
    p = 0.0001 * 0.9999
    assert float(made["variance"][0]) == pytest.approx(29 * p)
    assert float(made["mean"][0]) == pytest.approx(7 * 0.9999)
    assert "exact" in cm.describe(made, "en")
    assert "86 %" in cm.describe(made, "en")
    assert "精确值" in cm.describe(made, "zh")
    assert made.attrs["evaluations"] == 0


@pytest.mark.uncounted
@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(1, 300), st.floats(1e-9, 1 - 1e-9)), min_size=1, max_size=8))
def test_roads_that_are_late_or_not_have_their_variance_in_closed_form(works):
    plan = roads(*(km / 10 for km, _ in works))
    inputs = {f"delay:r{i}": Discrete([0, 1], [1 - p, p]) for i, (_, p) in enumerate(works)}
    made = sobol(plan, [KM, "roads_open:2022"], inputs, n=16)
    for name, sizes in ((KM, [km / 10 for km, _ in works]), ("roads_open:2022", [1] * len(works))):
        own = np.array([s**2 * p * (1 - p) for s, (_, p) in zip(sizes, works, strict=True)])
        at = made.sel(output=name)
        assert float(at["variance"]) == pytest.approx(own.sum(), rel=1e-9)
        np.testing.assert_allclose(at["S1"], own / own.sum(), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(at["ST"], own / own.sum(), rtol=1e-9, atol=1e-12)
        assert not np.nan_to_num(at["S2"].values).any()


SPREADS = {
    "pert": (PERT(0, 6, 24), scipy.stats.beta(2, 4, scale=24)),
    "normal": (Normal(3, 5), scipy.stats.norm(3, 5)),
    "lognormal": (Lognormal(6, 9), scipy.stats.lognorm(np.log1p(2.25) ** 0.5, scale=6 / 3.25**0.5)),
    "scipy": (scipy.stats.gamma(2, scale=4), scipy.stats.gamma(2, scale=4)),
    "counts": (scipy.stats.poisson(2.5), scipy.stats.poisson(2.5)),
    "uniform": (Uniform(0, 36), scipy.stats.uniform(0, 36)),
}  # fmt: skip


@pytest.mark.parametrize("shift", [0.0, 3.7])
@pytest.mark.parametrize("name", SPREADS)
def test_the_odds_of_opening_follow_the_distribution_of_the_delay(name, shift):
    """A work due in June 2021 is open by 2022 if it is at most 18 months late."""
    own, known = SPREADS[name]
    plan = roads(5, end="2021-06")
    stretched = cm.Scenario("s", cm.Delay("r0", months=shift, mode="stretch"))
    made = sobol(plan, KM, {"delay:r0": own}, n=16, scenario=stretched)
    p = float(known.cdf(18))
    assert float(made["mean"][0]) == pytest.approx(5 * p, rel=1e-6)
    assert float(made["variance"][0]) == pytest.approx(25 * p * (1 - p), rel=1e-5)
    assert float(made["S1"][0, 0]) == 1


def test_money_of_a_late_work_in_closed_form():
    """120 亿元 over 2020-2022, late by up to 12 months: 1 - m / 36 of it inside the plan."""
    plan = roads(5, investment=120.0, start="2020-01", end="2022-12")
    inputs = {"delay:r0": Uniform(0, 12), "overrun:r0": Normal(1.2, 0.3)}
    made = sobol(plan, "inside_plan", inputs, n=16)
    # T = 120 (1 - m / 36) f with m and f independent
    share, spread = 1 - 6 / 36, 12 / 36 / 12**0.5
    by_delay, by_cost = (120 * 1.2 * spread) ** 2, (120 * share * 0.3) ** 2
    both = (120 * 0.3 * spread) ** 2
    whole = by_delay + by_cost + both
    assert float(made["variance"][0]) == pytest.approx(whole, rel=1e-9)
    np.testing.assert_allclose(made["S1"][0], [by_delay / whole, by_cost / whole], rtol=1e-9)
    np.testing.assert_allclose(
        made["ST"][0], [(by_delay + both) / whole, (by_cost + both) / whole], rtol=1e-9
    )
    assert float(made["S2"][0, 0, 1]) == pytest.approx(both / whole, rel=1e-6)


# Any sum of parts against the whole grid of all its inputs.


@st.composite
def sums_of_parts(draw):
    """Parts over some of four inputs of two to four values each."""
    sizes = draw(st.lists(st.integers(2, 4), min_size=4, max_size=4))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    weights = [rng.dirichlet(np.ones(size)) for size in sizes]
    axes = draw(
        st.lists(st.sets(st.integers(0, 3), max_size=3).map(sorted), min_size=1, max_size=5)
    )
    parts = [
        Part(tuple(one), tuple(weights[i] for i in one),
             rng.normal(size=(2, *(sizes[i] for i in one))))
        for one in axes
    ]  # fmt: skip
    return sizes, weights, parts


@settings(max_examples=60)
@given(sums_of_parts(), st.sets(st.integers(0, 3), min_size=1, max_size=3))
def test_a_sum_of_parts_is_its_whole_grid(made, inputs):
    sizes, weights, parts = made
    whole = np.zeros((2, *sizes))
    for part in parts:
        shape = [sizes[i] if i in part.axes else 1 for i in range(4)]
        whole = whole + part.values.reshape(2, *shape)
    every = tuple(range(4))
    grid = Part(every, tuple(weights), whole)
    closed = grid.given(inputs)
    rest = grid.given(set(every) - inputs)
    total = grid.covariance(grid) - rest.covariance(rest)
    sum_ = SumOfParts(parts)
    np.testing.assert_allclose(sum_.mean, grid.mean, atol=1e-12)
    np.testing.assert_allclose(sum_.variance, grid.covariance(grid), atol=1e-10)
    np.testing.assert_allclose(sum_.closed(inputs), closed.covariance(closed), atol=1e-10)
    np.testing.assert_allclose(sum_.total(inputs), total, atol=1e-10)


# The plan itself, beside estimates of the same model.

ASKED = ["inside_plan", "beyond_horizon", "programme:2022", KM, "tasks_done:2023"]
INPUTS = {
    "delay:jinliwen_expressway": PERT(-6, 6, 30),
    "delay:binhai_avenue": Discrete((0, 5.5, 24), (0.5, 0.3, 0.2)),
    "cancel:maoyong_road": scipy.stats.bernoulli(0.2),
    "investment:brt_line_9": Triangular(1, 4, 9),
    "overrun:road": Lognormal(1.2, 0.3),
    "overrun:public_transport": (0.8, 1.6),
    "delay:wenzhou_avenue_east": Normal(0, 4),
}


def estimated(plan, inputs, n, scenario=None, **more):
    """Return estimates of the same model as of any function."""
    reader = Reader(plan, scenario)
    asked = outcomes(plan, ASKED)
    model = PlanModel(reader, asked, [parameter(plan, name) for name in inputs])

    def func(x):
        sample = model.sample(x)
        return np.array([model.answer(i, sample) for i in range(len(asked))])

    return sobol_indices(func, inputs, n=n, **more)


def beyond(exact, sampled, widths):
    """Return by how much exact indices miss the bounds of estimates, widened so many times."""
    off = []
    for name in ("S1", "ST"):
        half = widths * (sampled[f"{name}_high"] - sampled[name]).values
        off.append(np.abs(exact[name].values - sampled[name].values) - half)
    return float(np.max(off))


@pytest.mark.uncounted
@pytest.mark.parametrize("groups", [None, {"roads": ["delay:binhai_avenue", "overrun:road"]}])
def test_exact_shares_lie_within_the_bounds_of_estimates(plan, groups):
    scenario = cm.Scenario("s", cm.Delay("binhai_avenue", 3, mode="stretch"), escalation=0.03,
                           since="2020-07")  # fmt: skip
    made = sobol(plan, ASKED, INPUTS, n=16, groups=groups, scenario=scenario)
    assert made["exact"].all()
    sampled = estimated(plan, INPUTS, 1024, scenario, groups=groups, resamples=50)
    assert beyond(made, sampled, 1.5) < 1e-3
    np.testing.assert_allclose(made["mean"], sampled["mean"], rtol=5e-3)
    np.testing.assert_allclose(made["variance"], sampled["variance"], rtol=0.05)
    off = np.abs(made["S2"].values - sampled["S2"].values)
    half = (sampled["S2_high"] - sampled["S2"]).values
    assert np.nanmax(off - 1.5 * half) < 1e-3


def test_groups_and_pairs_of_exact_shares_add_up(plan):
    alone = sobol(plan, ASKED, INPUTS, n=16)
    names = ["delay:binhai_avenue", "overrun:road"]
    both = sobol(plan, ASKED, INPUTS, n=16, groups={"both": names})
    one = alone["S1"].sel(input=names).sum("input")
    pair = alone["S2"].sel(input=names[0], input_2=names[1])
    np.testing.assert_allclose(both["S1"].sel(input="both"), one + pair, atol=1e-9)


def test_correlated_inputs_of_one_sum_are_sampled_and_others_are_not(plan):
    tied = cm.Scenario(
        "tied",
        cm.Delay("binhai_avenue", months=PERT(0, 6, 24)),
        cm.Overrun("binhai_avenue", factor=Lognormal(1.2, 0.3)),
        paired=0.7,
    )
    made = sobol(plan, ["inside_plan", "km_open:2024"], scenario=tied, n=64)
    # a cost moves no road: the delay alone is left of the pair
    assert made["exact"].values.tolist() == [False, True]


def test_a_cost_without_a_variance_is_sampled_and_not_called_converged():
    inputs = {"overrun:r0": scipy.stats.t(1.5, loc=1), "delay:r1": (0, 12)}
    plan = roads(5, 2, start="2020-01", end="2022-12")
    made = sobol(plan, "total", {"overrun:r0": inputs["overrun:r0"]}, n=64)
    assert float(made["S1"][0, 0]) == 1  # one input alone: all of it, however wide
    both = sobol(plan, "inside_plan", inputs, n=256)
    assert not both["exact"].any()
    assert not both["converged"].any()


@pytest.mark.long
@pytest.mark.slow
def test_exact_shares_equal_a_million_points_in_a_tenth_of_their_time(plan):
    inputs = {name: INPUTS[name] for name in list(INPUTS)[:3]}
    sobol(plan, ASKED, inputs, n=16, second_order=False)
    began = time.perf_counter()
    made = sobol(plan, ASKED, inputs, n=16, second_order=False)
    ours = time.perf_counter() - began
    began = time.perf_counter()
    sampled = estimated(plan, inputs, 2**20, second_order=False, resamples=20)
    theirs = time.perf_counter() - began
    assert beyond(made, sampled, 1.0) < 1e-6
    assert ours < 0.1 * theirs


# Samples that cannot tell: too few events, rare values that nobody drew, shares out of range.

UNIT = {"a": (0, 1), "b": (0, 1)}
UNTOLD = {
    "two roads": (lambda x: 5 * (x[0] < 24) + 2 * (x[1] < 24), {"a": LATE, "b": LATE}),
    "a threshold": (lambda x: 5 * (x[0] < 0.9999) + 2 * (x[1] < 0.9999), UNIT),
    "beside noise": (lambda x: x[0] + 100 * (x[1] > 0.9999), UNIT),
    "a rare value": (
        lambda x: x[0] + 10 * x[1],
        {"a": (0, 1), "b": Discrete([0, 1], [0.999, 0.001])},
    ),
    "in the middle": (
        lambda x: x[0] + 10 * (x[1] == 1),
        {"a": (0, 1), "b": Discrete([0, 1, 2], [0.4995, 0.001, 0.4995])},
    ),
    "of scipy": (lambda x: x[0] + 10 * x[1], {"a": (0, 1), "b": scipy.stats.bernoulli(0.001)}),
    "both at once": (
        lambda x: 50 * x[0] * x[1],
        {"a": Discrete([0, 1], [0.97, 0.03]), "b": Discrete([0, 1], [0.97, 0.03])},
    ),
    "a heavy tail": (lambda x: np.exp(2 * x[0]) + np.exp(x[1]), dict.fromkeys("ab", Normal(0, 1))),
}  # fmt: skip


@pytest.mark.parametrize("name", UNTOLD)
@pytest.mark.parametrize("seed", range(3))
def test_what_a_sample_cannot_tell_has_not_converged(name, seed):
    func, inputs = UNTOLD[name]
    made = sobol_indices(func, inputs, n=1024, second_order=False, seed=seed)
    assert not made["converged"].any()
    assert made["converged_reason"].item() in {"few_events", "unseen_values", "out_of_range"}
    assert made["n_converge"].item() == -1
    # the bounds say what is known: anything
    for share in ("S1", "ST"):
        assert (made[f"{share}_low"] <= 0).all()
        assert (made[f"{share}_high"] >= 1).all()
    for lang, mainly, sorry in (
        ("en", "hangs mainly", "not converged"),
        ("zh", "决定“y”", "尚未收敛"),
    ):
        said = cm.describe(made, lang)
        assert mainly not in said
        assert sorry in said


def test_smooth_functions_are_not_suspected():
    smooth = {
        "sum": (lambda x: x[0] + 2 * x[1], UNIT),
        "normal": (lambda x: x[0] + 2 * x[1], dict.fromkeys("ab", Normal(0, 1))),
        "product": (lambda x: (1 + x[0]) * (2 + x[1]), UNIT),
        "counts": (lambda x: x[0] + x[1], dict.fromkeys("ab", scipy.stats.poisson(3))),
        "many values": (
            lambda x: x[0] + x[1],
            dict.fromkeys("ab", Discrete(range(1000), np.full(1000, 0.001))),
        ),
        "costs": (lambda x: 3 * x[0] + x[1], dict.fromkeys("ab", Lognormal(1.2, 0.3))),
        "yes or no": (
            lambda x: 5 * x[0] + 2 * x[1],
            dict.fromkeys("ab", Discrete([0, 1], [0.7, 0.3])),
        ),
    }
    for name, (func, inputs) in smooth.items():
        for seed in range(2):
            made = sobol_indices(func, inputs, 4096, False, resamples=30, seed=seed)
            assert made["converged_reason"].item() in {"", "wide"}, (name, seed)


def test_a_constant_answer_is_no_claim_and_an_unmoved_sum_is():
    made = sobol_indices(lambda x: np.full(x.shape[1], 3.0), UNIT, n=64)
    assert made["zero_variance"].all()
    assert made["converged_reason"].item() == "few_events"
    assert "did not move at any of 64 points" in cm.describe(made, "en")
    assert "not converged" in cm.describe(made, "en")
    still = sobol(roads(5, end="2021"), "km_open:2030", {"delay:r0": (0, 12)}, n=16)
    assert still["zero_variance"].all()
    assert still["converged"].all()
    assert "never moves" in cm.describe(still, "en")


def test_rare_values_are_those_that_a_sample_holds_less_than_ten_times():
    values, chances = rare_values(Discrete([0, 1, 9], [0.8, 0.199, 0.001]), 1024)
    assert values.tolist() == [9]
    assert chances.tolist() == [0.001]
    values, chances = rare_values(Uniform(0, 1), 1024)
    assert values.min() < 1e-6
    assert values.max() > 1 - 1e-6
    assert chances.sum() == pytest.approx(2 * 10 / 2048, rel=1e-3)


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("name", ["two roads", "a threshold", "beside noise", "a rare value"])
def test_a_wrong_answer_is_never_called_converged(name):
    func, inputs = UNTOLD[name]
    for seed in range(1000):
        made = sobol_indices(func, inputs, n=1024, second_order=False, resamples=50, seed=seed)
        assert not made["converged"].any(), seed


def test_every_way_of_being_late_is_counted():
    """Three works, every combination of their delays, against the study's variance."""
    plan = roads(3, 4, 5, start="2020-01", end="2022-06", investment=60.0)
    spread = Discrete((0, 6, 9, 18), (0.4, 0.3, 0.2, 0.1))
    inputs = {f"delay:r{i}": spread for i in range(3)}
    made = sobol(plan, ["inside_plan", KM], inputs, n=16)
    model = PlanModel(Reader(plan), outcomes(plan, ["inside_plan", KM]),
                      [parameter(plan, name) for name in inputs])  # fmt: skip
    grid = np.array(list(itertools.product(spread.values, repeat=3))).T
    weights = np.prod(list(itertools.product(spread.probabilities, repeat=3)), axis=1)
    sample = model.sample(grid)
    for place in range(2):
        y = model.answer(place, sample)
        mean = y @ weights
        assert float(made["mean"][place]) == pytest.approx(mean)
        assert float(made["variance"][place]) == pytest.approx((y - mean) ** 2 @ weights)


def test_a_steep_curve_is_integrated_too():
    """Nearly all of the money in one month: a jump that no even grid would find."""
    plan = roads(5, investment=100.0, start="2021-01", end="2022-12")
    steep = cm.Scenario("steep", cm.SetProfile("r0", profile=SCurve(800, 800)))
    made = sobol(plan, "programme:2022", {"delay:r0": Uniform(0, 24)}, n=16, scenario=steep)
    reader = Reader(plan, steep)
    model = PlanModel(reader, outcomes(plan, "programme:2022"), [parameter(plan, "delay:r0")])
    fine = (np.arange(2**18) + 0.5) * 24 / 2**18
    y = model.answer(0, model.sample(fine[None, :]))
    assert float(made["mean"][0]) == pytest.approx(y.mean(), rel=1e-6)
    assert float(made["variance"][0]) == pytest.approx(y.var(), rel=1e-6)
