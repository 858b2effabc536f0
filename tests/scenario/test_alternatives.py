"""Alternatives and numbers of promises under uncertain works: enumeration, seeds, identities."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from benchmarks.scenario import made_up_plan
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor_model as cm
from corridor_model.scenario.attainment import PLAIN, Reach
from corridor_model.scenario.promise_odds import independent, weights
from corridor_model.sensitivity.evaluator import Reader
from corridor_model.sensitivity.outcomes import outcomes

PLAN = made_up_plan(alternatives=2)
ALTERNATIVES = ["i00", "i01"]
DELAYS = cm.Discrete([0, 3, 6, 12, 24], [0.5, 0.15, 0.15, 0.15, 0.05])


def effects(per_unit, decay=1.0, indicators=ALTERNATIVES):
    """Effects of every work, each of another size and of another one on each indicator."""
    return [
        cm.SetEffect(
            work, indicator=name, per_unit=per_unit * (1 + (7 * i + 3 * k) % 5 / 2), decay=decay
        )
        for k, name in enumerate(indicators)
        for i, work in enumerate(PLAN.projects)
    ]


def late(per_unit, months=DELAYS, **settings_):
    return cm.Scenario("late", cm.Delay(all=True, months=months), *effects(per_unit), **settings_)


def simulated(scenario, seed=0, plan=PLAN):
    return cm.simulate(plan, scenario, draws=8, seed=seed).isel(scenario=0)


def mean_of(shares):
    return float(np.arange(len(shares)) @ shares)


@pytest.fixture(scope="module")
def enumerated():
    """Two works of which each has five delays: all 25 as scenarios of their own."""
    works = ("w01", "w02")
    strong = effects(12.0, 0.0)
    drawn = cm.Scenario("both", *(cm.Delay(w, months=DELAYS) for w in works), *strong)
    every = list(itertools.product(range(5), repeat=2))
    fixed = [
        cm.Scenario(
            f"{i} {j}",
            cm.Delay(works[0], DELAYS.values[i]),
            cm.Delay(works[1], DELAYS.values[j]),
            *strong,
        )
        for i, j in every
    ]
    likely = np.array([DELAYS.probabilities[i] * DELAYS.probabilities[j] for i, j in every])
    return drawn, likely, cm.simulate(PLAN, fixed, draws=8)


def test_the_union_is_that_of_every_combination_of_delays(enumerated):
    drawn, likely, each = enumerated
    made = simulated(drawn)
    p = float(made["p_reach"].sel(indicator="i00"))
    one_by_one = each["p_reach"].sel(indicator="i00").values
    assert np.ptp(one_by_one) > 0.1
    error = float(made["p_reach_error"].sel(indicator="i00"))
    assert 0 < error <= np.sqrt(p * (1 - p) / PLAIN)
    # the grids of single targets, which put it right, are good for 2e-5
    assert p == pytest.approx(float(likely @ one_by_one), abs=4 * error + 2e-5)
    for name in ALTERNATIVES:
        alone = float(likely @ each["p_reach_alone"].sel(indicator=name).values)
        assert float(made["p_reach_alone"].sel(indicator=name)) == pytest.approx(alone, abs=2e-5)


def test_numbers_of_promises_are_those_of_every_combination_of_delays(enumerated):
    drawn, likely, each = enumerated
    counted = simulated(drawn)["n_reached_independent"].values
    assert counted == pytest.approx(likely @ each["n_reached_independent"].values, abs=2e-4)


@pytest.mark.parametrize("months", [DELAYS, cm.PERT(0, 6, 24)], ids=["discrete", "PERT"])
@pytest.mark.parametrize("per_unit", [0.1, 0.5, 1.2])
def test_the_error_is_below_that_of_ten_million_draws(per_unit, months):
    found = [simulated(late(per_unit, months), seed) for seed in range(10)]
    odds = np.array([float(one["p_reach"].sel(indicator="i00")) for one in found])
    told = np.array([float(one["p_reach_error"].sel(indicator="i00")) for one in found])
    p = odds.mean()
    assert 0.1 < p < 0.99
    limit = np.sqrt(p * (1 - p) / PLAIN)
    assert odds.std(ddof=1) <= limit
    assert (told <= 1.01 * limit).all()


@pytest.mark.parametrize("per_unit", [0.1, 1.0, 2.0])
def test_promises_add_up_to_the_sum_of_their_probabilities(per_unit):
    made = simulated(late(per_unit))
    shares = made["n_reached_independent"].values
    alone = made["p_reach"].sel(indicator=[n for n in PLAN.indicators if n not in ALTERNATIVES])
    total = float(alone.sum()) + float(made["p_reach"].sel(indicator="i00"))
    assert shares.sum() == pytest.approx(1.0, abs=1e-12)
    assert mean_of(shares) == pytest.approx(total, abs=2e-7)


def test_one_alternative_that_moves_needs_no_draws():
    scenario = cm.Scenario(
        "late", cm.Delay(all=True, months=DELAYS), *effects(1.0, indicators=["i00"])
    )
    untouched = [cm.SetEffect(w, indicator="i01", per_unit=0.0) for w in PLAN.projects]
    made = simulated(scenario + cm.Scenario("late", *untouched))
    a, b = made["p_reach_alone"].sel(indicator=ALTERNATIVES).values
    joint = made["p_reach"].sel(indicator=ALTERNATIVES).values
    assert joint == pytest.approx([1 - (1 - a) * (1 - b)] * 2, abs=1e-12)
    assert (made["p_reach_error"].sel(indicator=ALTERNATIVES) == 0).all()


def test_either_is_never_less_likely_than_each():
    for per_unit in (-1.0, -0.2, 0.2, 1.0, 3.0):
        made = simulated(late(per_unit))
        alone = made["p_reach_alone"].sel(indicator=ALTERNATIVES).values
        assert (made["p_reach"].sel(indicator=ALTERNATIVES).values >= alone.max()).all()


def test_delays_that_depend_on_each_other_keep_their_draws_and_say_so():
    made = simulated(late(1.0, common=0.5))
    assert float(made["p_reach_error"].sel(indicator="i00")) > 1e-3


def test_draws_of_a_seed_are_the_same_again_and_a_work_that_does_nothing_changes_nothing():
    first = simulated(late(1.0), seed=3)
    assert first.identical(simulated(late(1.0), seed=3))
    assert not first["p_reach"].identical(simulated(late(1.0), seed=4)["p_reach"])
    idle = cm.Scenario("late", cm.Overrun("w03", factor=1.5))
    idly = simulated(late(1.0) + idle, seed=3)
    assert np.array_equal(first["p_reach"].values, idly["p_reach"].values)


def test_studies_of_sensitivity_give_the_same():
    scenario = late(1.0)
    made = simulated(scenario)
    read = Reader(PLAN, scenario).read(outcomes(PLAN, ["p_reach:i00", "expected_reached"]))
    either, number = float(made["p_reach"].sel(indicator="i00")), made["n_reached_independent"]
    assert read == pytest.approx([either, mean_of(number.values)], abs=2e-7)


chances = st.lists(st.lists(st.floats(0, 1), min_size=30, max_size=30), min_size=1, max_size=6)


@settings(max_examples=100, deadline=None)
@given(chances, st.data())
def test_weights_give_each_promise_its_own_probability(rows, data):
    """Those that draws hardly move aside, whatever is to be corrected."""
    away = [data.draw(st.floats(-1e-3, 1e-3)) for _ in rows]
    kept = [
        Reach(1 - np.array(row), np.zeros(1), mean=float(np.clip(np.mean(row) + d, 0, 1)))
        for row, d in zip(rows, away, strict=True)
    ]
    weight = weights(kept)
    assert weight.sum() == pytest.approx(1.0, abs=1e-9)
    matrix = np.array([one.chance for one in kept])
    apart = np.linalg.svd(matrix - matrix.mean(axis=1, keepdims=True), compute_uv=False)
    if apart.min() > 1e-2:
        assert matrix @ weight == pytest.approx([one.p for one in kept], abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=0, max_size=8))
def test_without_works_numbers_of_promises_are_those_of_every_outcome(ps):
    made = independent([Reach(np.array([1 - p]), np.zeros(1)) for p in ps])
    expected = np.zeros(len(ps) + 1)
    for kept in itertools.product((0, 1), repeat=len(ps)):
        expected[sum(kept)] += np.prod([p if k else 1 - p for k, p in zip(kept, ps, strict=True)])
    assert made == pytest.approx(expected, abs=1e-12)
