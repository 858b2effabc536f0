"""Sobol indices of any function: what must hold whatever the function, and beside SALib."""

from __future__ import annotations

import os
import warnings

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.helpers.study_functions import ishigami

import corridor_model as cm
from corridor_model.distributions import Discrete, Normal, Uniform
from corridor_model.sensitivity import SensitivityError, morris, sobol_indices
from corridor_model.sensitivity.inputs import BLOCK
from corridor_model.sensitivity.sobol_indices import columns_of, design

UNIT = {"a": (0, 1), "b": (0, 1), "c": (0, 1)}
INDICES = ("S1", "ST", "S2")


def bent(x):
    """Two outputs with interactions, every input used."""
    return np.array([x[0] * x[1] + np.sin(3 * x[2]), x[0] + x[1] ** 2 - 2 * x[1] * x[2]])


def salib_answers(func, names, n, seed=0):
    """Answers in the order in which SALib reads them, on the design of the library."""
    a, b = design(names, n, seed)
    rows = []
    for one, other in zip(a.T, b.T, strict=True):
        rows.append(one)
        for base, swapped in ((one, other), (other, one)):
            for j in range(len(names)):
                row = base.copy()
                row[j] = swapped[j]
                rows.append(row)
        rows.append(other)
    return func(np.array(rows).T)


@pytest.mark.uncounted
@pytest.mark.parametrize(("inputs", "outputs", "n"), [(3, 1, 64), (7, 3, 256), (12, 2, 128)])
def test_estimates_are_salibs_on_the_same_design(inputs, outputs, n):
    from SALib.analyze import sobol as salib

    names = [f"x{i:02d}" for i in range(inputs)]
    mix = np.random.default_rng(inputs).normal(size=(outputs, inputs))

    def func(x):
        return mix @ x + (mix @ x**2) ** 2 + 5

    made = sobol_indices(func, dict.fromkeys(names, (0, 1)), n=n)
    problem = {"num_vars": inputs, "names": names, "bounds": [[0, 1]] * inputs}
    for place, answers in enumerate(salib_answers(func, names, n)):
        theirs = salib.analyze(problem, answers, calc_second_order=True, seed=1)
        second = np.where(np.isnan(theirs["S2"]), theirs["S2"].T, theirs["S2"])
        np.testing.assert_allclose(made["S1"][place], theirs["S1"], rtol=0, atol=1e-6)
        np.testing.assert_allclose(made["ST"][place], theirs["ST"], rtol=0, atol=1e-6)
        np.testing.assert_allclose(made["S2"][place], second, rtol=0, atol=1e-6)
        half = (made["ST_high"] - made["ST"])[place]
        # two bootstraps of a hundred resamples each
        np.testing.assert_allclose(half, theirs["ST_conf"], rtol=0.6, atol=0.01)


@pytest.mark.uncounted
@settings(max_examples=25)
@given(
    st.floats(-1e3, 1e3).filter(lambda a: abs(a) > 1e-3), st.floats(-1e4, 1e4), st.integers(0, 5)
)
def test_a_scale_and_a_shift_change_nothing(scale, shift, seed):
    plain = sobol_indices(bent, UNIT, n=64, seed=seed)
    moved = sobol_indices(lambda x: scale * bent(x) + shift, UNIT, n=64, seed=seed)
    for index in INDICES:
        np.testing.assert_allclose(moved[index], plain[index], atol=1e-6)


@pytest.mark.uncounted
@settings(max_examples=20)
@given(st.permutations(list(UNIT)), st.integers(0, 3))
def test_the_order_of_inputs_changes_nothing_but_the_order(order, seed):
    places = [order.index(name) for name in UNIT]
    plain = sobol_indices(bent, UNIT, n=64, seed=seed)
    turned = sobol_indices(lambda x: bent(x[places]), {n: UNIT[n] for n in order}, n=64, seed=seed)
    for index in ("S1", "ST"):
        np.testing.assert_allclose(
            turned[index].sel(input=list(UNIT)), plain[index], rtol=1e-12, atol=1e-12
        )


@pytest.mark.uncounted
@settings(max_examples=25)
@given(
    st.lists(st.floats(-3, 3).filter(lambda c: abs(c) > 0.1), min_size=1, max_size=6),
    st.integers(0, 9),
)
def test_a_sum_has_no_interaction_and_shares_that_add_up(slopes, seed):
    weights = np.array(slopes)
    inputs = {f"x{i}": (0, 1) for i in range(len(slopes))}
    made = sobol_indices(lambda x: weights @ x, inputs, n=512, seed=seed)
    exact = weights**2 / (weights**2).sum()
    np.testing.assert_allclose(made["S1"][0], exact, atol=0.03)
    np.testing.assert_allclose(made["ST"][0], exact, atol=0.03)
    assert float(made["S1"].sum()) == pytest.approx(1, abs=0.05)


@pytest.mark.uncounted
@settings(max_examples=25)
@given(st.integers(0, 1000), st.sampled_from([64, 128, 256]))
def test_first_is_never_above_total_beyond_the_bounds(seed, n):
    made = sobol_indices(bent, UNIT, n=n, seed=seed, level=0.999)
    assert (made["S1_low"] <= made["ST_high"] + 1e-9).all()
    assert (made["ST"] >= 0).all()


def test_a_group_of_all_is_everything_and_of_one_is_itself():
    whole = sobol_indices(bent, UNIT, n=256, groups={"all": list(UNIT)})
    np.testing.assert_allclose(whole["ST"], 1, atol=0.1)
    alone = sobol_indices(bent, UNIT, n=256, groups={"a": ["a"]})
    plain = sobol_indices(bent, UNIT, n=256)
    np.testing.assert_array_equal(alone["S1"], plain["S1"])


def test_blocks_of_points_add_up():
    n = 4 * BLOCK
    sizes = []

    def func(x):
        sizes.append(x.shape[1])
        return ishigami(np.pi * (2 * x - 1))

    made = sobol_indices(func, UNIT, n=n, second_order=False, resamples=5)
    # two columns are asked a second time, and every input at its tails
    assert made.attrs["evaluations"] == sum(sizes)
    assert n * 5 < sum(sizes) < n * 5.05
    assert "S2" not in made
    np.testing.assert_allclose(made["S1"][0], [0.3139, 0.4424, 0.0], atol=0.01)


def test_yes_or_no_whole_numbers_and_frozen_distributions():
    inputs = {
        "cancelled": Discrete((0, 1), (0.75, 0.25)),
        "years": Discrete((0, 1, 2), (0.5, 0.3, 0.2)),
        "cost": scipy.stats.lognorm(s=0.25),
        "other": Normal(0, 1),
    }
    made = sobol_indices(lambda x: 2.0 * x[0] + x[1] + 0 * x[3], inputs, n=2**12)
    variances = [4 * 0.75 * 0.25, 0.3 + 4 * 0.2 - 0.7**2]
    np.testing.assert_allclose(made["S1"][0, :2], np.array(variances) / sum(variances), atol=0.01)
    assert made["ST"][0, 2:].values.tolist() == [0, 0]


def test_seed_0_is_a_seed_and_results_repeat():
    first, again = (sobol_indices(bent, UNIT, n=64, seed=0) for _ in range(2))
    assert first.identical(again)
    assert not np.array_equal(first["S1"], sobol_indices(bent, UNIT, n=64, seed=1)["S1"])


def test_stored_columns_keep_their_points_when_an_input_is_added():
    few, _ = design(["a", "b"], 64, 3, {"a": 0, "b": 1})
    more, _ = design(["c", "b", "a"], 64, 3, {"a": 0, "b": 1})
    np.testing.assert_array_equal(more[2], few[0])
    np.testing.assert_array_equal(more[1], few[1])
    assert columns_of(["c", "b"], {"a": 0, "b": 1}) == {"c": 2, "b": 1}


@pytest.mark.parametrize("inputs", [2, 5, 30])
def test_designs_are_balanced_and_columns_do_not_know_each_other(inputs):
    n = 1024
    a, b = design([f"x{i}" for i in range(inputs)], n)
    for sample in (a, b):
        # one point in each of n equal strips of every input
        assert (np.sort(np.floor(sample * n), axis=1) == np.arange(n)).all()
    close = np.corrcoef(np.vstack([a, b])) - np.eye(2 * inputs)
    assert np.abs(close).max() < 0.12  # three times what independent columns would show
    assert 0 < a.min() <= a.max() < 1


def test_a_users_random_state_is_left_alone():
    np.random.seed(7)  # noqa: NPY002
    want = np.random.random()  # noqa: NPY002
    np.random.seed(7)  # noqa: NPY002
    sobol_indices(bent, UNIT, n=16)
    assert np.random.random() == want  # noqa: NPY002


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"n": 1000}, "512 or 1024"),
        ({"n": True}, "power of two"),
        ({"n": 0}, "power of two"),
        ({"inputs": {}}, "at least one"),
        ({"inputs": {"a": (1, 0)}}, "low < high"),
        ({"inputs": {"a": (0, np.inf)}}, "low < high"),
        ({"inputs": {"a": 3}}, "a: 3"),
        ({"inputs": {"a": scipy.stats.norm}}, "frozen"),
        ({"inputs": ["a"]}, "mapping"),
        ({"groups": {"g": ["a", "x"]}}, "no input 'x'"),
        ({"groups": {"g": ["a"], "h": ["a"]}}, "second time"),
        ({"groups": {"b": ["a"]}}, "name of an input"),
        ({"correlations": {"g": 0.5}}, "must share a group"),
        ({"groups": {"g": ["a", "b"]}, "correlations": {"g": 1.5}}, "positive definite"),
        ({"columns": {"a": 0, "b": 0}}, "share a column"),
        ({"resamples": -1}, "resamples"),
        ({"level": 1.0}, "level"),
        ({"tolerance": 0}, "tolerance"),
        ({"seed": -1}, "seed"),
        ({"func": lambda x: x.T}, "must answer"),
        ({"func": lambda x: 1.0}, "must answer"),
        ({"func": lambda x: x[0] - x[0].mean()}, "another call"),
        ({"func": lambda x: np.where(x[0] > 0.5, np.inf, 0)}, "infinite"),
    ],
)
def test_what_cannot_be_studied_is_refused(change, said):
    asked = {"func": bent, "inputs": UNIT, "n": 16, **change}
    with pytest.raises(cm.CorridorError, match=said) as error:
        sobol_indices(asked.pop("func"), asked.pop("inputs"), **asked)
    if not said.startswith("seed"):
        assert isinstance(error.value, SensitivityError)
        assert error.value.text("zh") != str(error.value)


def test_no_resamples_no_bounds_no_claim():
    made = sobol_indices(bent, UNIT, n=64, resamples=0)
    assert np.isnan(made["S1_low"]).all()
    assert not made["converged"].any()
    assert (made["n_converge"] == -1).all()


@pytest.mark.uncounted
def test_more_points_narrow_the_bounds_and_convergence_is_said():
    few, many = (sobol_indices(bent, UNIT, n=n) for n in (64, 2**14))
    assert ((many["ST_high"] - many["ST"]) < (few["ST_high"] - few["ST"])).all()
    assert many["converged"].all()
    assert (many["n_converge"] == 2**14).all()
    assert (few["n_converge"] > 64).all()
    wide = few["n_converge"].values.tolist()
    assert all(value & (value - 1) == 0 for value in wide)


def test_morris_finds_what_does_nothing_and_repeats():
    inputs = {"a": (0, 1), "b": Normal(0, 1), "c": (0, 1)}
    made = morris(lambda x: 3 * x[0] + x[1] ** 2, inputs, trajectories=50)
    assert float(made["mu_star"].sel(input="c")[0]) == 0
    assert float(made["mu_star"].sel(input="a")[0]) == pytest.approx(3)
    assert float(made["sigma"].sel(input="a")[0]) == pytest.approx(0, abs=1e-12)
    assert made.attrs["evaluations"] == 50 * 4
    again = morris(lambda x: 3 * x[0] + x[1] ** 2, inputs, trajectories=50)
    assert made.identical(again)


@pytest.mark.parametrize(
    ("change", "said"),
    [({"levels": 3}, "even"), ({"levels": 0}, "levels"), ({"trajectories": 1}, "trajectories")],
)
def test_morris_refuses(change, said):
    with pytest.raises(SensitivityError, match=said):
        morris(bent, UNIT, **change)
    with pytest.raises(SensitivityError, match="NaN"):
        morris(lambda x: np.where(x[0] > 0.5, np.nan, x[0]), UNIT)


@pytest.mark.uncounted
def test_memory_stays_small():
    import tracemalloc

    mix = np.random.default_rng(0).normal(size=(1, 40))
    inputs = {f"x{i}": Uniform(0, 1) for i in range(40)}
    tracemalloc.start()
    sobol_indices(lambda x: mix @ x, inputs, n=8192 if "CI" in os.environ else 4096)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 200 * 2**20


# A study that has not converged says so once, with what to do.


def rough(x):
    return np.sin(5 * x[0]) * x[1]


WIDE = {"a": cm.Uniform(0, 3), "b": cm.Uniform(-1, 2)}


def test_a_study_that_has_not_converged_warns_once_with_what_to_do():
    with pytest.warns(cm.ConvergenceWarning) as heard:
        ds = cm.sensitivity.sobol_indices(rough, WIDE, n=64)
    assert len(heard) == 1
    assert heard[0].filename == __file__
    warned = heard[0].message
    enough = int(ds["n_converge"].item())
    assert str(warned) == f"Not converged at 64 points: y. n={enough} would do."
    assert warned.text("zh") == f"64个样本点时，1项结果尚未收敛：y。取n={enough}即可。"
    assert issubclass(cm.ConvergenceWarning, cm.CorridorWarning)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        done = cm.sensitivity.sobol_indices(rough, WIDE, n=enough)  # as it said
    assert done["converged"].all()


def test_many_outputs_are_named_in_one_warning():
    def several(x):
        return np.stack([rough(x) * k + x[1] for k in range(1, 6)])

    with pytest.warns(
        cm.ConvergenceWarning, match=r"^Not converged at 16 points \(5 outputs\): "
    ) as heard:
        cm.sensitivity.sobol_indices(several, WIDE, n=16)
    assert len(heard) == 1
    assert str(heard[0].message).count(",") == 3
    assert "…" in str(heard[0].message)


def test_what_is_too_rare_to_tell_asks_for_more_points():
    def rare(x):
        return (x[0] > 2.999).astype(float)

    with pytest.warns(cm.ConvergenceWarning, match="Take n=128 or more; how many would do is not"):
        cm.sensitivity.sobol_indices(rare, WIDE, n=64)


@pytest.mark.parametrize("resamples", [0, 1])
def test_where_nothing_was_resampled_nobody_asked(resamples):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ds = cm.sensitivity.sobol_indices(rough, WIDE, n=64, resamples=resamples)
    assert not ds["converged"].any()


@pytest.mark.uncounted
def test_a_study_of_a_plan_warns_of_what_is_sampled_alone():
    plan = cm.load_plan()
    with pytest.warns(
        cm.ConvergenceWarning, match="^Not converged at 16 points: p_reach:gdp"
    ) as heard:
        cm.sobol(plan, ["km_open:2022", "p_reach:gdp"], n=16)
    assert heard[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cm.sobol(plan, "km_open:2022", n=16)  # exact
