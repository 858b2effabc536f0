"""Small plans under any scenario: nothing stops, both routes agree, corners by plain arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.helpers.scenario_plans import less_done, levels, small_plan

import corridor_model as cm

pytestmark = pytest.mark.uncounted  # other tests run these lines with fewer figures

HISTORY = levels(1)
LAST = list(HISTORY.values())[-1]
LATE = cm.PERT(0, 12, 36)
WORK = [("w", "2020", "2022", 60.0)]
DRAWS = 400_000


def months(seed=5):
    return LATE.ppf(np.random.default_rng(seed).random(DRAWS))


def late(*changes):
    return cm.Scenario("late", cm.Delay("w", months=LATE), *changes)


def level(name, *targets, **more):
    return {"id": name, "history": HISTORY, "targets": list(targets), **more}


def test_a_range_may_be_all_that_uncertain_works_move():
    both = [(1.1 * LAST, "at_least"), (1.3 * LAST, "at_most")]
    alone = small_plan([level("a", *both)], WORK, [("w", "a", 1.0)])
    beside = small_plan(
        [level("a", *both), level("z", (LAST, "at_least"))], WORK, [("w", "a", 1.0)]
    )
    asked = {"indicator": "a"}
    one, two = (cm.simulate(plan, late(), draws=2**16) for plan in (alone, beside))
    assert one["p_reach"].sel(asked).item() == two["p_reach"].sel(asked).item()
    sampled = one["p_reach_sampled"].sel(asked).item()
    assert sampled == two["p_reach_sampled"].sel(asked).item()
    assert sampled == pytest.approx(one["p_reach"].sel(asked).item(), abs=0.01)


def test_growth_that_is_certain_leaves_the_spread_of_works_alone():
    plan = small_plan(
        [level("a", (1.1 * LAST, "at_least")), level("z", (LAST, "at_least"))],
        WORK,
        [("w", "a", 1.0)],
    )
    quantiles = (0.01, 0.05, 0.5, 0.95, 0.99)
    made = cm.simulate(plan, late(cm.SetGrowth("a", 0.2)), draws=8, quantiles=quantiles)
    value = LAST * 1.2**3 + less_done(60.0, months(), 2022)
    found = made["value"].sel(indicator="a", year=2022).values[0]
    assert found == pytest.approx(np.quantile(value, quantiles), abs=0.4)
    gap = made["gap"].sel(indicator="a").values[0]
    assert gap == pytest.approx(found - 1.1 * LAST, abs=1e-9)


@pytest.mark.parametrize(
    "per_unit", [3.0, *(pytest.param(n, marks=pytest.mark.slow) for n in (1.0, 10.0))]
)
def test_quantiles_hold_where_works_spread_further_than_the_forecast(per_unit):
    """The probability of every quantile is its level, in a sum drawn by hand."""
    plan = small_plan([level("a", (LAST, "at_least"))], WORK, [("w", "a", per_unit)])
    quantiles = (0.01, 0.05, 0.5, 0.95, 0.99)
    made = cm.simulate(plan, late(), draws=8, quantiles=quantiles)
    found = made["value"].sel(indicator="a", year=2022).values[0]
    forecast = cm.forecast(list(HISTORY.values()), list(HISTORY), 3, "level")
    grid = np.linspace(1, 3000, 60_001)
    cdf = np.asarray(forecast.cdf(grid))[-1]
    base = np.interp(np.random.default_rng(6).random(DRAWS), cdf, grid)
    value = np.sort(base + per_unit * less_done(60.0, months(), 2022))
    assert np.searchsorted(value, found) / DRAWS == pytest.approx(quantiles, abs=0.0025)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("second", "sense", "target"), [(2.0, "at_least", 60), (-2.0, "at_most", 130)]
)
def test_alternatives_in_every_year_that_the_same_work_moves(second, sense, target):
    history = {2015 + t: value for t, value in enumerate((90.0, 91.0, 92.0, 91.0, 90.0))}
    plan = small_plan(
        [
            {
                "id": name,
                "kind": "annual",
                "history": history,
                "targets": [goal],
                "any_of": "either",
            }
            for name, goal in (("a", (60.0, "at_least")), ("b", (target, sense)))
        ],
        WORK,
        [("w", "a", 2.0), ("w", "b", second)],
    )
    scenario = late(*(cm.SetGrowth(name, mean=0.0, sd=0.01) for name in "ab"))
    made = cm.simulate(plan, scenario, draws=64).isel(scenario=0)
    rng, late_by = np.random.default_rng(7), months()
    met = []
    for per_unit, goal in ((2.0, 60.0), (second, target)):
        paths = 90 * np.cumprod(1 + rng.normal(0, 0.01, (3, DRAWS)), axis=0)
        paths += per_unit * np.array(
            [less_done(60.0, late_by, year) for year in (2020, 2021, 2022)]
        )
        met.append((paths >= goal).all(axis=0) if per_unit > 0 else (paths <= goal).all(axis=0))
    found = made["p_reach"].values
    error = made["p_reach_error"].values[0]
    assert error < 0.02
    assert found == pytest.approx([(met[0] | met[1]).mean()] * 2, abs=2 * error)
    assert made["p_reach_alone"].values == pytest.approx([m.mean() for m in met], abs=2 * error)
    # taken as independent they would be far off
    apart = 1 - (1 - met[0].mean()) * (1 - met[1].mean())
    assert abs(apart - found[0]) > 4 * error


@pytest.mark.parametrize("growth", [0.26, -0.26])
def test_a_range_that_is_certainly_missed_is_never_counted(growth):
    """Above it both limits of the score are minus infinity."""
    both = [(0.9 * LAST, "at_least"), (1.1 * LAST, "at_most")]
    plan = small_plan([level("a", *both)], WORK)
    made = cm.simulate(plan, cm.Scenario("s", cm.SetGrowth("a", growth)), draws=4096)
    assert made["p_reach_sampled"].item() == 0.0
    assert made["n_reached"].values.tolist() == [[1.0, 0.0]]
    assert made["n_reached_mean"].item() == 0.0


@pytest.mark.parametrize("tiny", [1e-200, 1e-30, 1e30])
def test_an_effect_of_another_size_leaves_those_of_the_same_work_alone(tiny):
    plan = small_plan(
        [level("a", (LAST, "at_least")), level("b", (LAST, "at_least"))],
        WORK,
        [("w", "a", tiny), ("w", "b", 1.0)],
    )
    made = cm.simulate(plan, late(), draws=2**16).sel(indicator="b")
    assert made["p_reach_sampled"].item() == pytest.approx(made["p_reach"].item(), abs=0.01)


YEARLY = {2015 + t: value for t, value in enumerate((90.0, 91.0, 92.0, 91.0, 90.0))}


@pytest.mark.uncounted
@pytest.mark.counted
def test_numbers_of_promises_that_hold_in_every_year_and_the_same_work_moves():
    """Counted path by path: each year of a path meets what works add in that year."""
    goals = {"a": [(60.0, "at_least")], "b": [(50.0, "at_least")]}
    plan = small_plan(
        [{"id": n, "kind": "annual", "history": YEARLY, "targets": goals[n]} for n in goals],
        WORK,
        [("w", "a", 2.0), ("w", "b", 2.0)],
    )
    scenario = late(*(cm.SetGrowth(name, mean=0.0, sd=0.01) for name in goals))
    made = cm.simulate(plan, scenario, draws=2**17, correlation=0.0).isel(scenario=0)
    rng, late_by = np.random.default_rng(8), months()
    kept = np.zeros(DRAWS, dtype=int)
    for targets in goals.values():
        paths = 90 * np.cumprod(1 + rng.normal(0, 0.01, (3, DRAWS)), axis=0)
        paths += 2.0 * np.array([less_done(60.0, late_by, y) for y in (2020, 2021, 2022)])
        kept += (paths >= targets[0][0]).all(axis=0)
    expected = np.bincount(kept, minlength=3) / DRAWS
    likely = [expected[1:] @ (1, 2) / 2] * 2
    assert expected[2] > 2 * likely[0] * likely[1]  # the work moves both together
    assert made["n_reached"].values == pytest.approx(expected, abs=0.006)
    assert made["n_reached_independent"].values == pytest.approx(expected, abs=0.02)


@pytest.mark.counted
@pytest.mark.parametrize(
    "one",
    [
        {"kind": "annual", "targets": [(60.0, "at_least")]},
        {"kind": "annual", "targets": [(130.0, "at_most")]},
        {"kind": "annual", "targets": [(60.0, "at_least"), (91.0, "at_most")]},
        {"kind": "growth", "average_method": "累计法", "targets": [(2.0, "at_least")]},
        {"kind": "growth", "average_method": "累计法", "targets": [(9.0, "at_most")]},
        {
            "kind": "growth",
            "average_method": "累计法",
            "targets": [(1.0, "at_least"), (9.0, "at_most")],
        },
    ],
    ids=["least", "most", "every year in a range", "sum", "sum at most", "sum in a range"],
)
@pytest.mark.parametrize("set_growth", [True, False], ids=["set", "forecast"])
def test_joint_draws_of_yearly_targets_agree_with_their_own_probability(one, set_growth):
    history = YEARLY if one["kind"] == "annual" else HISTORY
    per_unit = -1.0 if one["targets"][0][1] == "at_most" else 1.0
    works = [*WORK, ("v", "2021", "2022", 30.0)]
    plan = small_plan(
        [{"id": "a", "history": history, **one}],
        works,
        [("w", "a", 0.8 * per_unit), ("v", "a", 0.5 * per_unit)],
    )
    grown = [cm.SetGrowth("a", mean=0.02, sd=0.03)] if set_growth else []
    scenarios = [
        cm.Scenario("planned", *grown),
        cm.Scenario("late", cm.Delay(all=True, months=LATE), *grown),
    ]
    made = cm.simulate(plan, scenarios, draws=2**17).sel(indicator="a")
    p, sampled = made["p_reach"].values, made["p_reach_sampled"].values
    assert abs(p[1] - p[0]) > 0.004
    assert sampled == pytest.approx(p, abs=0.006)


@pytest.mark.slow
def test_a_thousand_works_beside_one_that_decides():
    works = [*WORK, *((f"v{i}", "2020", "2022", 0.01) for i in range(1100))]
    effects = [("w", "a", 1.0), *((name, "a", 0.01) for name, *_ in works[1:])]
    plan = small_plan([level("a", (1.1 * LAST, "at_least"))], works, effects)
    certain = cm.Scenario("s", cm.Delay(all=True, months=6), cm.Delay("w", months=LATE))
    uncertain = cm.Scenario("u", cm.Delay(all=True, months=LATE))
    made = cm.simulate(plan, [certain, uncertain, late()], draws=8)["p_reach"].values[:, 0]
    # what the thousand add together is less than a 亿元 of sixty
    assert made == pytest.approx([made[2]] * 3, abs=1e-3)
    assert 0.1 < made[2] < 0.9


def test_a_union_is_never_below_the_likeliest_whatever_its_draws():
    history = HISTORY
    both = [{"id": n, "history": history, "targets": [(1.2 * LAST, "at_least")]} for n in "ab"]
    plan = small_plan(
        [{**one, "any_of": "either"} for one in both],
        [*WORK, ("v", "2020", "2022", 60.0)],
        [("w", "a", 3.0), ("v", "b", 3.0)],
    )
    scenario = cm.Scenario("late", cm.Delay(all=True, months=LATE), common=0.9)
    for seed in range(5):
        made = cm.simulate(plan, scenario, draws=8, seed=seed)
        assert made["p_reach"].values.min() >= made["p_reach_alone"].values.max()


@pytest.mark.parametrize("seed", [-1, 2**63, 2**64, 1.5, True, "0"])
def test_a_seed_that_no_file_can_hold_is_refused(seed):
    with pytest.raises(cm.CorridorError, match="seed must be a whole number from 0") as caught:
        cm.simulate(small_plan([], WORK), draws=8, seed=seed)
    assert "随机种子" in caught.value.text("zh")


@pytest.mark.slow
def test_the_largest_seed_is_held(tmp_path):
    made = cm.simulate(small_plan([], WORK), late(), draws=8, seed=2**63 - 1)
    cm.save_result(made, tmp_path / "a.nc")
    assert cm.rerun(tmp_path / "a.nc").identical(made)


FEW_DRAWS = 20_000
SENSES = st.sampled_from(["at_least", "at_most"])
UNCERTAIN = st.sampled_from(
    [
        cm.PERT(0, 6, 24),
        cm.Discrete([0, 6, 24], [0.5, 0.3, 0.2]),
        cm.Lognormal(mean=8, sd=6),
        cm.Uniform(0, 18),
    ]
)


@st.composite
def indicators(draw, name):
    """One of every kind, with a target or a range about the last figure, or no figure at all."""
    kind = draw(st.sampled_from(["level", "annual", "growth", "累计法", "cumulative", "range"]))
    history = levels(draw(st.integers(0, 999)), draw(st.integers(1, 10)))
    last = list(history.values())[-1]
    value = last * draw(st.floats(0.7, 1.5))
    made = {"id": name, "history": history, "targets": [(value, draw(SENSES))]}
    if kind in {"growth", "累计法"}:
        made |= {"kind": "growth", "targets": [(draw(st.floats(1.0, 15.0)), draw(SENSES))]}
        made |= {"average_method": kind} if kind == "累计法" else {}
    elif kind == "cumulative":
        made |= {"kind": kind, "history": {}, "targets": [(value, "at_least")]}
    elif kind == "range":
        made |= {"targets": [(0.8 * value, "at_least"), (1.2 * value, "at_most")]}
        made |= {"kind": draw(st.sampled_from(["level", "annual"]))}
    elif kind == "annual":
        made |= {"kind": kind}
    return made | ({"any_of": "either"} if draw(st.booleans()) else {})


@st.composite
def questions(draw):
    """A plan and a scenario of it."""
    names = [f"i{i}" for i in range(draw(st.integers(1, 3)))]
    known = [draw(indicators(name)) for name in names]
    works = [
        (f"w{j}", str(draw(st.integers(2020, 2021))), str(draw(st.integers(2021, 2024))), money)
        for j, money in enumerate(draw(st.lists(st.floats(1, 80), min_size=1, max_size=3)))
    ]
    effects = [
        (work, name, draw(st.floats(-3, 3)))
        for work, *_ in works
        for name in names
        if draw(st.booleans())
    ]
    changes = []
    for work, *_ in works:
        mode = draw(st.sampled_from(["move", "stretch"]))
        delayed = cm.Delay(work, months=draw(UNCERTAIN), mode=mode)
        earlier = cm.Accelerate(work, months=draw(UNCERTAIN))
        changes.append(draw(st.sampled_from([delayed, delayed, earlier, cm.Cancel(work)])))
    for name in names:
        if draw(st.integers(0, 3)) == 0:
            growth = draw(st.floats(-0.2, 0.3)), draw(st.sampled_from([0.0, 0.05]))
            changes.append(cm.SetGrowth(name, growth[0], sd=growth[1]))
    loadings = {"common": draw(st.sampled_from([0.0, 0.0, 0.6])), "paired": 0.3}
    return small_plan(known, works, effects), cm.Scenario("s", *changes, **loadings)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(questions(), st.integers(0, 2**40))
def test_draws_agree_with_probabilities_and_nothing_is_lost(question, seed):
    plan, scenario = question
    asked = [cm.Scenario("as planned"), scenario]
    made = cm.simulate(plan, asked, draws=FEW_DRAWS, seed=seed, threads=1)
    alone, sampled = made["p_reach_alone"].values, made["p_reach_sampled"].values
    told = np.nan_to_num(made["p_reach_error"].values)
    # 0.001 for what is shown of an open year; the rest is sampling
    room = 5 * (told + np.sqrt(0.25 / FEW_DRAWS)) + 0.001
    known = ~np.isnan(alone)
    assert (np.abs(alone - sampled)[known] <= room[known]).all()
    either = np.nan_to_num(made["p_reach"].values)
    assert (either >= np.nan_to_num(alone) - 1e-12).all()
    for name in ("n_reached", "n_reached_independent"):
        shares = made[name].values
        assert shares.sum(axis=1) == pytest.approx([1.0, 1.0], abs=1e-9)
        assert (shares >= 0).all()
    steps = np.diff(made["value"].values, axis=-1)
    assert (steps[~np.isnan(steps)] >= -1e-6).all()
    parts = made["before_plan"] + made["inside_plan"] + made["beyond_horizon"]
    assert parts.values == pytest.approx(made["total"].values, rel=1e-9)
    # each scenario alone says the same
    one = cm.simulate(plan, scenario, draws=FEW_DRAWS, seed=seed, threads=2).isel(scenario=0)
    both = made.isel(scenario=1)
    if one.attrs["n_reached_over"] == made.attrs["n_reached_over"]:
        # what is not simulated is named for all scenarios of a result together
        assert one["n_reached"].equals(both["n_reached"])
    assert one["p_reach"].identical(both["p_reach"])
