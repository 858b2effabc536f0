"""What was drawn too little to be relied on says so once, with how many draws would do."""

from __future__ import annotations

import warnings
from contextlib import contextmanager

import numpy as np
import pytest

import corridor_model as cm
from corridor_model.sensitivity import morris, shapley_values

UNIT = dict.fromkeys("abc", (0, 1))
PI = dict.fromkeys("abc", (-np.pi, np.pi))


@contextmanager
def silence():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def ishigami(x):
    """Ishigami and Homma (1990): sines, and a fourth power that only acts jointly."""
    return np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])


def product(x):
    """The g function of Sobol' with the weights 0, 1, 4.5, 9, 99 (Saltelli, Sobol' 1995)."""
    weights = [0, 1, 4.5, 9, 99, 99, 99, 99]
    return np.prod([(abs(4 * x[i] - 2) + a) / (1 + a) for i, a in enumerate(weights)], axis=0)


def rare(x):
    return (x[0] > 0.99) * x[1]


# Screening.


def test_trajectories_that_are_few_say_how_many_would_do():
    with pytest.warns(cm.ConvergenceWarning) as heard:
        ds = morris(ishigami, PI, trajectories=10)
    assert len(heard) == 1
    assert heard[0].filename == __file__
    enough = int(ds["n_converge"].item())
    assert enough > 10
    assert not ds["converged"].item()
    assert str(heard[0].message) == (
        f"Not converged at 10 trajectories: y. trajectories={enough} would do."
    )
    assert heard[0].message.text("zh").startswith("10条轨迹时，1项结果尚未收敛：y。")
    assert f"not converged at 10 trajectories; {enough} would do" in cm.describe(ds, "en")


def test_the_usual_functions_have_converged_by_default():
    linear = lambda x: 3 * x[0] + x[1] ** 2  # noqa: E731
    for func, inputs in ((ishigami, PI), (product, dict.fromkeys("abcdefgh", (0, 1))),
                         (linear, UNIT)):  # fmt: skip
        with silence():
            assert morris(func, inputs)["converged"].all()


def test_as_many_trajectories_as_were_said_do():
    """The estimate rests on the trajectories there were: a tenth more allows for that."""
    with pytest.warns(cm.ConvergenceWarning):
        enough = int(morris(ishigami, PI, trajectories=30)["n_converge"].item())
    with silence():
        ds = morris(ishigami, PI, trajectories=enough + enough // 10)
    star = ds["mu_star"].values[0]
    half = ds["mu_star_high"].values[0] - star
    assert half.max() <= 0.2 * star.max()


def test_effects_that_few_steps_show_have_not_converged():
    with pytest.warns(cm.ConvergenceWarning, match="Not converged at 100 trajectories: y"):
        ds = morris(rare, UNIT)
    assert ds["n_converge"].item() > 100
    with pytest.warns(cm.ConvergenceWarning, match="Take trajectories=100 or more; how many would"):
        ds = morris(lambda x: 0 * x[0], UNIT, trajectories=50)
    assert ds["n_converge"].item() == -1
    assert "nothing moved it in 50 trajectories" in cm.describe(ds, "en")
    assert "moves it most" not in cm.describe(ds, "en")


def test_below_ten_trajectories_nothing_has_converged():
    """Four effects of one size may be all of one size, or four of many."""
    with pytest.warns(cm.ConvergenceWarning, match=r"4 trajectories \(2 outputs\): y0, y1"):
        morris(lambda x: np.stack([x[0], x[0] + x[1]]), UNIT, trajectories=4)
    with silence():
        morris(lambda x: x[0], UNIT, trajectories=11)


# Shares of games and scenarios.


def test_few_orders_of_a_game_say_how_many_would_do():
    def many(who):
        return float(len(who) >= 10)

    with silence():
        shapley_values(many, 15)
        shapley_values(many, 10, orders=2)  # up to twelve players all subsets are asked
    with pytest.warns(cm.ConvergenceWarning) as heard:
        shapley_values(many, 15, orders=20)
    assert heard[0].filename == __file__
    assert str(heard[0].message).startswith("Not converged at 20 orders. orders=1")
    with pytest.warns(cm.ConvergenceWarning, match="Not converged at 20 orders: 0"):
        shapley_values(lambda who: [many(who), float(sum(who))], 15, orders=20)
    with silence():  # nothing to share out, in no order
        shapley_values(lambda who: 0.0 * len(who), 15, orders=2)
    with pytest.raises(cm.CorridorError, match="orders: a whole number from 2"):
        shapley_values(many, 10, orders="many")


@pytest.mark.uncounted
def test_an_attribution_names_what_has_not_converged():
    plan = cm.load_plan()
    works = [work for work in plan.projects.values() if work.investment][:13]
    changes = [cm.Delay(work.id, months=9 + i) for i, work in enumerate(works)]
    scenario = cm.Scenario("late", *changes, cm.SetGrowth("gdp", 0.1))
    asked = ["inside_plan", "expected_reached"]
    with pytest.warns(cm.ConvergenceWarning) as heard:
        ds = cm.attribute(plan, scenario, asked, orders=4)
    assert [one.filename for one in heard] == [__file__]
    assert str(heard[0].message).startswith("Not converged at 4 orders: expected_reached. orders=")
    assert ds["converged"].values.tolist() == [True, False]
    assert ds["n_converge"].values[0] == 0
    assert ds.attrs["orders"] == 4
    said = cm.describe(ds, "en")
    assert "Not converged: with 4 orders a half width of" in said
    assert "4个次序" in cm.describe(ds, "zh")
    with silence():
        few = cm.attribute(plan, cm.Scenario("some", *changes[:2]), asked)
    assert few["converged"].all()
    assert "onverged" not in cm.describe(few, "en")


# Simulations: single targets have closed forms, the number kept is drawn.


@pytest.mark.uncounted
def test_few_draws_warn_of_the_odds_of_numbers_kept_alone():
    plan = cm.load_plan()
    with pytest.warns(cm.ConvergenceWarning) as heard:
        few = cm.simulate(plan, cm.shipped_scenarios(), draws=64, threads=1)
    assert [one.filename for one in heard] == [__file__]
    said = str(heard[0].message)
    assert said.startswith(f"Not converged at 64 draws ({few.sizes['scenario']} scenarios): the")
    assert "draws=3" in said
    with silence():
        many = cm.simulate(plan, cm.shipped_scenarios(), draws=385, threads=1)
    np.testing.assert_array_equal(few["p_reach"].values, many["p_reach"].values)
    assert 1.96 * float(many["n_reached_error"].max()) <= 0.05
