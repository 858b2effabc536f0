"""Probabilities under uncertain works without draws: means, alternatives, numbers of promises."""

from __future__ import annotations

import copy
import itertools
from dataclasses import replace

import numpy as np
import pytest
from benchmarks.scenario import made_up_plan
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.helpers.scenario_plans import small_plan

import corridor_model as cm
from corridor_model.plan.plan import Plan
from corridor_model.scenario.attainment import (
    FINE,
    MOST,
    PLAIN,
    Reach,
    chance_at,
    enough,
    gaps,
    mean,
    range_score,
    reach,
)
from corridor_model.scenario.marginals import Marginal, strata
from corridor_model.scenario.outlook_builder import Builder
from corridor_model.scenario.promise_odds import independent, weights
from corridor_model.sensitivity.evaluator import Reader
from corridor_model.sensitivity.outcomes import outcomes
from corridor_model.tabular.table import from_rows

MADE_UP = made_up_plan()
GDP = Marginal(Builder(MADE_UP, None, 0).outlook("i00", ()))
GOAL = GDP.outlook.goal
PLACE = GDP.place(GOAL.year)
SPREAD = float(np.diff(np.interp([-1, 1], [-1, 1], GDP.values[PLACE, [100, 140]]))[0])

STEEPEST = float(np.diff(GDP.values[PLACE, 60:181]).min()) / 0.05


def mean_of_combinations(parts):
    """Return the mean over every combination of equally likely additions."""
    sums = np.array([sum(each) for each in itertools.product(*parts)])
    return float(chance_at(GDP, GOAL, sums).mean())


amounts = st.lists(st.floats(-3, 3), min_size=1, max_size=6)


@pytest.mark.uncounted
@settings(max_examples=60, deadline=None)
@given(st.lists(amounts, min_size=1, max_size=4), st.sampled_from([0.01, 0.3, 1.0, 20.0, 400.0]))
def test_the_mean_is_that_of_every_combination(parts, scale):
    """Additions from a hundredth of the forecast's spread to where no grid is fine enough."""
    made = [scale * SPREAD * np.array(part) for part in parts]
    found = mean(GDP, GOAL, made)
    widest = sum(np.ptp(part) for part in made)
    assert (found is None) == (widest > 0 and FINE * widest >= MOST * STEEPEST)
    if found is not None:
        assert found == pytest.approx(mean_of_combinations(made), abs=2e-5)


@settings(max_examples=25, deadline=None)
@given(st.lists(amounts, min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_works_does_not_matter_and_a_certain_one_only_moves(parts, random):
    made = [SPREAD * np.array(part) for part in parts]
    turned = random.sample(made, len(made))
    assert mean(GDP, GOAL, made) == pytest.approx(mean(GDP, GOAL, turned), abs=1e-9)
    moved = [made[0] + 0.5 * SPREAD, *made[1:]]
    split = [made[0], np.array([0.5 * SPREAD]), *made[1:]]
    assert mean(GDP, GOAL, moved) == pytest.approx(mean(GDP, GOAL, split), abs=2e-5)


def test_a_year_without_a_figure_has_no_mean():
    empty = copy.copy(GDP)
    empty.values = np.full_like(GDP.values, np.nan)
    assert mean(empty, GOAL, [np.array([0.0, SPREAD])]) is None


def late_works(per_unit, months, decay=1.0, **settings_):
    return cm.Scenario(
        "late",
        cm.Delay(all=True, months=months),
        cm.SetEffect(all=True, indicator="i00", per_unit=per_unit, decay=decay),
        **settings_,
    )


def odds(scenario, seed=0, plan=MADE_UP):
    made = cm.simulate(plan, scenario, draws=8, seed=seed).isel(scenario=0)
    one = made.sel(indicator="i00")
    return float(one["p_reach"]), float(one["p_reach_error"])


DISCRETE = cm.Discrete([0, 3, 6, 12, 24], [0.5, 0.15, 0.15, 0.15, 0.05])


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("months", [cm.PERT(0, 6, 24), DISCRETE], ids=["PERT", "discrete"])
@pytest.mark.parametrize("per_unit", [0.1, 1.0, 3.0])
def test_the_error_of_1024_draws_is_below_that_of_ten_million(per_unit, months):
    """However far works move the odds, in a plan that stores no columns for them."""
    found = [odds(late_works(per_unit, months), seed) for seed in range(6)]
    p = np.mean([one[0] for one in found])
    planned = odds(cm.Scenario("as planned"))[0]
    assert abs(planned - p) > {0.1: 0.005, 1.0: 0.05, 3.0: 0.4}[per_unit]
    assert np.std([one[0] for one in found], ddof=1) <= np.sqrt(p * (1 - p) / PLAIN)


@pytest.mark.uncounted
def test_and_it_is_the_mean_of_a_million_plain_draws():
    """Of the made-up works themselves, drawn here by hand from the forecast's own table."""
    rng = np.random.default_rng(11)
    n = 1_000_000
    value = np.interp(rng.standard_normal(n), np.linspace(-6, 6, 241), GDP.values[PLACE])
    for i, project in enumerate(MADE_UP.projects.values()):
        months, end = rng.choice(DISCRETE.values, n, p=DISCRETE.probabilities), int(project.end)
        planned = 12 * (end - 2019)
        done = np.clip((48 - months) / planned, 0, 1) - min(48 / planned, 1)
        value -= 3.0 * (5 + i) * done
    p = float((value >= MADE_UP.indicators["i00"].target.value).mean())
    assert 0.2 < p < 0.8
    assert odds(late_works(-3.0, DISCRETE, decay=0.0))[0] == pytest.approx(
        p, abs=4 * np.sqrt(p * (1 - p) / n)
    )


@pytest.mark.uncounted
def test_delays_that_depend_on_each_other_keep_their_draws_and_their_error():
    together = odds(late_works(3.0, DISCRETE, common=0.5))
    assert together[1] > 1e-3
    assert odds(late_works(3.0, DISCRETE))[1] == 0.0
    # of one work alone nothing depends on another
    single = cm.Scenario(
        "late",
        cm.Delay("w00", months=cm.PERT(0, 30, 60)),
        cm.SetEffect("w00", indicator="i00", per_unit=40.0, decay=0.0),
        common=0.5,
    )
    assert odds(single)[1] == 0.0


@pytest.mark.uncounted
def test_works_that_dwarf_the_forecast_keep_their_draws():
    months = cm.Discrete([0, 24], [0.5, 0.5])
    scenario = cm.Scenario(
        "late",
        cm.Delay("w00", months=months),
        cm.Delay("w01", months=months),
        cm.SetEffect("w00", indicator="i00", per_unit=1e6),
        cm.SetEffect("w01", indicator="i00", per_unit=-1e6),
    )
    p, error = odds(scenario)
    assert 0.2 < p < 0.8
    assert error > 1e-3


def test_draws_are_enough_where_the_odds_follow_the_sum_in_a_straight_line():
    sums = np.random.default_rng(0).normal(size=1024)
    straight = Reach(0.5 - 0.2 * np.tanh(sums / 10), np.zeros(1024))
    bent = Reach(0.5 - 0.3 * np.tanh(sums), np.zeros(1024))
    assert enough(straight, sums)
    assert not enough(bent, sums)
    assert not enough(straight, None)


@pytest.mark.uncounted
def test_a_union_of_alternatives_keeps_the_error_of_its_draws():
    plan = cm.load_plan(example=True)
    group = next(
        [n for n in plan.indicators if any(t.any_of == word for t in plan.indicators[n].targets)]
        for word in {t.any_of for i in plan.indicators.values() for t in i.targets if t.any_of}
    )
    scenario = cm.Scenario(
        "late",
        cm.Delay(all=True, months=DISCRETE),
        *(cm.SetEffect(all=True, indicator=name, per_unit=1.0) for name in group),
    )
    made = cm.simulate(plan, scenario, cm.example_observations(), draws=8).isel(scenario=0)
    open_ = made.sel(indicator=group).where(made["p_reach_reason"].sel(indicator=group) == "")
    inner = (open_["p_reach"] > 0.001) & (open_["p_reach"] < 0.999)
    assert (open_["p_reach_error"].values[inner.values] > 0).all()


def test_studies_of_sensitivity_give_the_same_mean():
    plan = cm.load_plan()
    scenario = cm.Scenario(
        "late",
        cm.Delay(all=True, months=DISCRETE),
        cm.SetEffect(all=True, indicator="gdp", per_unit=2.0),
    )
    made = cm.simulate(plan, scenario, draws=8).isel(scenario=0)
    base = float(cm.tornado(plan, "p_reach:gdp", scenario=scenario).attrs["base"])
    assert base == pytest.approx(float(made["p_reach"].sel(indicator="gdp")), abs=1e-12)


@pytest.mark.uncounted
def test_delays_of_the_plans_own_table_count_against_the_schedule():
    """What `uncertainties` says of a work does to a target what the same Delay does (S12)."""
    row = {"target": "w00", "field": "delay", "distribution": "fixed(24)", "origin": "user"}
    tables = {**MADE_UP.tables, "uncertainties": from_rows("uncertainties", [row])}
    effect = cm.SetEffect("w00", indicator="i00", per_unit=3.0)
    own = odds(cm.Scenario("own", effect), plan=Plan(tables))
    said = odds(cm.Scenario("said", effect, cm.Delay("w00", 24)))
    assert own == said
    assert abs(own[0] - odds(cm.Scenario("none", effect))[0]) > 0.001


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


@pytest.mark.slow
@pytest.mark.uncounted
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


@pytest.mark.uncounted
def test_numbers_of_promises_are_those_of_every_combination_of_delays(enumerated):
    drawn, likely, each = enumerated
    counted = simulated(drawn)["n_reached_independent"].values
    assert counted == pytest.approx(likely @ each["n_reached_independent"].values, abs=2e-4)


@pytest.mark.slow
@pytest.mark.long
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


@pytest.mark.uncounted
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


@pytest.mark.slow
@pytest.mark.uncounted
def test_either_is_never_less_likely_than_each():
    for per_unit in (-1.0, -0.2, 0.2, 1.0, 3.0):
        made = simulated(late(per_unit))
        alone = made["p_reach_alone"].sel(indicator=ALTERNATIVES).values
        assert (made["p_reach"].sel(indicator=ALTERNATIVES).values >= alone.max()).all()


def test_delays_that_depend_on_each_other_keep_their_draws_and_say_so():
    made = simulated(late(1.0, common=0.5))
    assert float(made["p_reach_error"].sel(indicator="i00")) > 1e-3


@pytest.mark.slow
@pytest.mark.uncounted
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


@pytest.mark.uncounted
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


@pytest.mark.uncounted
@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=0, max_size=8))
def test_without_works_numbers_of_promises_are_those_of_every_outcome(ps):
    made = independent([Reach(np.array([1 - p]), np.zeros(1)) for p in ps])
    expected = np.zeros(len(ps) + 1)
    for kept in itertools.product((0, 1), repeat=len(ps)):
        expected[sum(kept)] += np.prod([p if k else 1 - p for k, p in zip(kept, ps, strict=True)])
    assert made == pytest.approx(expected, abs=1e-12)


# ---- targets of every year ----

YEARLY = {2015 + t: value for t, value in enumerate((90.0, 91.0, 92.0, 91.0, 90.0))}


def yearly(history, *rows):
    """Return the marginal of a yearly promise, beyond whose far end it is broken."""
    plan = small_plan([{"id": "a", "kind": "annual", "history": history, "targets": []}], ())
    targets = [{"indicator": "a", "year": 2022, "beyond": "broken", **row} for row in rows]
    tables = {**plan.tables, "targets": from_rows("targets", targets)}
    return Marginal(Builder(Plan(tables), None, 0).outlook("a", ()))


RANGE = ({"value": 80.0, "sense": "at_least"}, {"value": 100.0, "sense": "at_most"})


def test_a_range_of_every_year_is_missed_by_its_worst_year():
    marginal = yearly(YEARLY, *RANGE)
    goal = marginal.outlook.goal
    assert (goal.lower, goal.upper, goal.score) == (80.0, 100.0, "least")
    added = np.array([[0.0, 5.0], [0.0, 5.0], [0.0, 5.0]])
    # path m meets draw m of the works: the second, fourth ... get 5 more in every year
    rows = marginal.paths.copy()
    rows[:, 1::2] += 5.0
    worst = np.minimum(rows - 80.0, 100.0 - rows).min(axis=0)
    assert range_score(marginal, goal, added) == pytest.approx(worst, abs=1e-12)
    levels = np.array([0.1, 0.5, 0.9])
    found = gaps(marginal, goal, levels, added, np.empty(0))
    assert found == pytest.approx(np.quantile(worst, levels), abs=1e-12)
    # a draw of the works that pushes every year out of the range leaves nothing of it
    far = reach(marginal, goal, np.array([[200.0], [200.0], [200.0]]))
    assert far.p == 0.0
    plain = reach(marginal, goal, np.zeros((3, 1))).p
    inside = (np.minimum(marginal.paths - 80, 100 - marginal.paths).min(axis=0) >= 0).mean()
    assert plain == pytest.approx(inside, abs=0.02)


def test_a_year_with_a_minimum_of_its_own_counts_from_its_own():
    marginal = yearly({**YEARLY, 2020: 85.0, 2021: 78.0, 2022: 95.0}, *RANGE)
    assert marginal.paths is None, "every year is known"
    nothing = np.zeros((3, 1))
    goal = marginal.outlook.goal
    # 85 is 5 above, 78 is 2 below, 95 leaves 5 to the upper end
    assert range_score(marginal, goal, nothing).tolist() == [-2.0]
    own = replace(goal, own=((2021, 70.0),))
    assert range_score(marginal, own, nothing).tolist() == [5.0], "78 is 8 above its own 70"
    floor = replace(goal, upper=None)
    assert gaps(marginal, floor, np.array([0.1, 0.9]), nothing, np.empty(0)).tolist() == [-2, -2]


def test_the_score_of_a_value_that_is_known_is_at_either_end():
    marginal = yearly({**YEARLY, 2020: 85.0, 2021: 78.0, 2022: 95.0}, *RANGE)
    found = marginal.z(2021, np.array([77.9, 78.0, 78.1]))
    assert found.tolist() == [-np.inf, np.inf, np.inf], "P(value <= x) is 0, 1, 1"


def test_draws_that_no_equal_parts_hold_are_split_as_evenly_as_can_be():
    draws = np.array([4.0, 0.0, 3.0, 1.0, 2.0])
    assert strata(draws, 2).tolist() == [1.0, 3.5], "0, 1, 2 and 3, 4"
    assert strata(draws[:2], 4).tolist() == [0.0, 4.0], "no more parts than draws"
