"""Sobol indices of any function: what must hold whatever the function, and beside SALib."""

from __future__ import annotations

import dataclasses
import itertools
import math
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
from corridor_model.sensitivity.sobol_indices import (
    Indices,
    Study,
    Sums,
    all_pairs,
    bootstrap_weights,
    bounds,
    check_study,
    checked_points,
    columns_of,
    design,
    doubt,
    indices_dataset,
    rare_values,
    sole,
    unseen_variance,
    values_at,
    warn_of_doubt,
)

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


# The estimators, beside their definitions written out answer by answer.

POINTS = 12
INPUTS = 4


def some_answers(seed=0):
    """Skewed answers of both samples and every swapped one; input 2 does nothing."""
    rng = np.random.default_rng(seed)
    a, b = rng.integers(0, 9, POINTS) ** 2.0, rng.integers(0, 9, POINTS) ** 2.0
    ab, ba = a + rng.integers(-9, 9, (INPUTS, POINTS)), b + rng.integers(-9, 9, (INPUTS, POINTS))
    a[3] = b[3] = 4.0
    ab[2], ba[2] = a, b
    return a, b, ab, ba


def some_weights():
    """The sample itself, two resamples, and one that drew a single point of two like answers."""
    rng = np.random.default_rng(1)
    drawn = [np.bincount(rng.integers(0, POINTS, POINTS), minlength=POINTS) for _ in range(2)]
    return np.array([np.ones(POINTS), *drawn, np.eye(POINTS)[3] * POINTS]).T


def sums_of(answers, weights, pairs, shift, cuts=(0, 7, POINTS)):
    a, b, ab, ba = answers
    made = Sums(INPUTS, weights.shape[1] - 1, pairs, shift)
    for begin, end in itertools.pairwise(cuts):
        at = slice(begin, end)
        swapped = None if pairs is None else ba[:, at]
        made.add(a[at], b[at], ab[:, at], swapped, weights[at])
    return made


@pytest.mark.parametrize("shift", [0.0, 21.0])
@pytest.mark.parametrize("asked", [None, *range(7)])
def test_indices_are_what_saltelli_defines(asked, shift):
    """S1 and ST of Saltelli et al. (2010), S2 of Saltelli (2002), on centred answers."""
    pairs = None if asked is None else tuple(places[:asked] for places in all_pairs(INPUTS))
    answers, weights = some_answers(), some_weights()
    made = sums_of(answers, weights, pairs, shift).indices(np.array([0.5, 0, 0.25, 0.25]))
    a, b, ab, ba = answers
    centre = np.concatenate([a, b, ab.ravel(), *([] if pairs is None else [ba.ravel()])]).mean()
    a, b, ab, ba = a - centre, b - centre, ab - centre, ba - centre
    for r in range(3):
        mean = lambda x, w=weights[:, r]: float(x @ w) / POINTS  # noqa: E731
        variance = mean((a**2 + b**2) / 2) - mean((a + b) / 2) ** 2
        first = [mean(b * (ab[i] - a)) / variance for i in range(INPUTS)]
        total = [mean((ab[i] - a) ** 2) / 2 / variance for i in range(INPUTS)]
        assert made.variance[r] == pytest.approx(variance, rel=1e-12)
        np.testing.assert_allclose(made.first[:, r], first, atol=1e-12)
        np.testing.assert_allclose(made.total[:, r], total, atol=1e-12)
        second = [
            mean(ba[j] * ab[k] - a * b) / variance - first[j] - first[k]
            for j, k in zip(*(pairs or ((), ())), strict=True)
        ]
        assert len(made.second) == len(made.pairs[0]) == len(second)
        if second:
            np.testing.assert_allclose(made.second[:, r], second, atol=1e-12)
    # all its points are alike: it says nothing, not even of what does nothing
    assert made.variance[3] == 0
    for index in (made.first, made.total, made.second):
        assert np.isnan(index[:, 3]).all()
    assert made.unseen == pytest.approx(1 / (1 + made.variance[0]))
    assert made.mean == pytest.approx((answers[0].mean() + answers[1].mean()) / 2)
    assert made.exact is False


def test_events_are_counted_from_central_moments():
    answers, weights = some_answers(3), some_weights()
    made = sums_of(answers, weights, None, 10.0)
    a, b, ab, _ = answers
    both = np.concatenate([a, b])
    m2, m4 = (((both - both.mean()) ** k).mean() for k in (2, 4))
    assert made.events == pytest.approx(2 * POINTS * m2**2 / m4)
    squares = (ab - a) ** 2
    want = [one.sum() ** 2 / (one**2).sum() if one.any() else 0.0 for one in squares]
    assert want[2] == 0
    np.testing.assert_allclose(made.carriers, want)
    np.testing.assert_allclose(made.most, squares.max(axis=1))
    done = made.indices()
    assert (done.events, done.unseen) == (made.events, 0.0)
    np.testing.assert_array_equal(done.carriers, made.carriers)
    assert made.indices(np.array([0, np.inf, 0, 0])).unseen == 1.0
    # one event in 2n answers is one event
    rare = np.zeros(64)
    rare[5] = 1.0
    alone = Sums(1, 0, None, 0.0)
    alone.add(rare, np.zeros(64), np.zeros((1, 64)), None, np.ones((64, 1)))
    assert alone.carriers.tolist() == [1.0]
    assert alone.events == pytest.approx(128 * (1 / 128 * 127 / 128) ** 2 / (
        (127 / 128) ** 4 / 128 + 127 / 128 / 128**4))  # fmt: skip


def test_an_output_is_constant_within_rounding_alone():
    eps = np.finfo(float).eps
    for high, still in ((1 + 16 * eps, True), (1 + 17 * eps, False)):
        for scale in (1.0, -1.0, 2.0**20):
            made = Sums(2, 3, all_pairs(2), 0.0)
            a, b = np.full(8, scale), np.full(8, scale)
            b[6] = scale * high
            made.add(a, b, np.array([a, a]), np.array([b, b]), np.ones((8, 4)))
            assert made.constant is still, (high, scale)
            assert made.events >= 0
            assert made.events == 0 or not still
    zeros, tiny = np.zeros(8), np.array([1e-100, *np.zeros(7)])
    for a, still in ((zeros, True), (tiny, False)):
        made = Sums(1, 0, None, 0.0)
        made.add(a, zeros, a[None], None, np.ones((8, 1)))
        assert (made.constant, made.events) == (still, 0.0), "nothing to count"
    assert made.pairs[0].size == made.indices().second.size == 0
    made = Sums(2, 3, all_pairs(2), 0.0)
    a = np.full(8, 3.0)
    made.add(a, a, np.array([a, a]), np.array([a, a]), np.ones((8, 4)))
    done = made.indices()
    assert [x.shape for x in (done.first, done.total, done.second)] == [(2, 4), (2, 4), (1, 4)]
    assert not any(x.any() for x in (done.first, done.total, done.second, done.variance))
    assert (done.mean, done.events, done.carriers.tolist(), done.exact) == (3.0, 0.0, [0, 0], False)
    nothing = Sums(0, 3, None, 0.0)
    a = np.full(8, 3.0)
    nothing.add(a, a, np.zeros((0, 8)), None, np.ones((8, 4)))
    assert nothing.indices().exact is True, "what nothing can move is constant for certain"
    assert nothing.indices().second.shape == (0, 4)


def test_resamples_draw_as_many_points_as_there_are():
    weights = bootstrap_weights(16, 5, 0)
    assert weights.shape == (16, 6)
    assert (weights.sum(axis=0) == 16).all()
    assert (weights[:, 0] == 1).all()
    assert all(weights[:, r].std() > 0 for r in range(1, 6))
    assert len({tuple(column) for column in weights.T}) == 6
    # a saved study is done again bit for bit (S13)
    assert bootstrap_weights(8, 2, 0)[:, 1].tolist() == [1, 0, 3, 0, 1, 0, 2, 1]


# The bounds, and whether a sample can tell.


def indices_of(first, total, *, carriers=None, resampled=(), **fields):
    """Indices of one output, every resample a shift of the estimate."""
    first, total = np.array(first, float), np.array(total, float)
    places = all_pairs(len(first))
    shifts = np.array([0.0, *resampled])
    return Indices(
        first[:, None] + shifts, total[:, None] + shifts,
        np.zeros((len(places[0]), len(shifts))) + shifts, places,
        **{"variance": np.ones(len(shifts)), "mean": 0.0, "events": 10.0,
           "carriers": np.full(len(first), 10.0) if carriers is None else np.array(carriers),
           **fields},
    )  # fmt: skip


STUDY = Study(
    ["a", "b"], n=64, seed=0, resamples=2, level=0.95, tolerance=0.125, second=True,
    groups=None, evaluations=7,
)  # fmt: skip


@pytest.mark.parametrize(
    ("case", "half", "why"),
    [
        ({}, [0.125, 0], ""),
        ({}, [0, 0.126], "wide"),
        ({"exact": True, "events": 0.0}, [9, 9], ""),
        ({"events": 9.99}, [0, 0], "few_events"),
        ({"variance": np.array([1.0, 0.0])}, [0, 0], "few_events"),
        ({"carriers": [9.99, 10]}, [0, 0], "few_events"),
        ({"carriers": [10, 9.99]}, [0, 0], ""),  # its share is within the tolerance
        ({"carriers": [9.99, 9.99]}, [0, 0], "few_events"),
        ({"carriers": [9.99, 10], "total": [0.5, 0.5]}, [0, 0], "few_events"),
        ({"unseen": 0.125}, [0, 0], ""),
        ({"unseen": 0.126}, [0, 0], "unseen_values"),
        # as far beyond its range as the tolerance, or twice the half width, and no further
        ({"first": [-0.125, 0]}, [0, 0], ""),
        ({"first": [-0.126, 0]}, [0, 0], "out_of_range"),
        ({"first": [0, -0.5]}, [0, 0.25], "wide"),
        ({"first": [0, -0.5625]}, [0, 0.25], "out_of_range"),
        ({"first": [1.5, 0], "total": [1.5, 0]}, [0.25, 0], "wide"),
        ({"first": [1.5625, 0], "total": [1.5, 0]}, [0.25, 0], "out_of_range"),
        ({"first": [1, 0], "total": [1.5625, 0]}, [0.25, 0], "out_of_range"),
        ({"first": [1.5, 0], "total": [0.5, 0]}, [0.25, 0], "wide"),
        ({"first": [1.5, 0], "total": [0.4375, 0]}, [0.25, 0], "out_of_range"),
    ],
)
def test_why_indices_have_not_converged(case, half, why):
    case = {"first": [0.5, 0.0], "total": [0.5, 0.125], **case}
    indices = indices_of(case.pop("first"), case.pop("total"), **case)
    assert doubt(indices, np.array(half, float), STUDY) == why


@pytest.mark.parametrize(("resamples", "why"), [(0, "no_bounds"), (1, "no_bounds"), (2, "wide")])
def test_two_resamples_are_the_fewest_that_give_bounds(resamples, why):
    study = dataclasses.replace(STUDY, resamples=resamples)
    assert doubt(indices_of([0.5], [0.5]), np.array([0.2]), study) == why
    assert doubt(indices_of([0.5], [0.5], unseen=0.2), np.array([0.2]), study) == "unseen_values"


def test_bounds_are_normal_quantiles_of_the_resamples():
    half = 1.959963984540054 * math.sqrt(2)
    for row in ([1.0, 0.0, 2.0], [1.0, 0.0, np.nan, 2.0], [1.0, 0.0, 2.0, np.inf]):
        got = bounds(np.array([row, row]), 0.95)
        np.testing.assert_allclose(np.array(got).T, [[1, 1 - half, 1 + half]] * 2)
    ninety = bounds(np.array([[1.0, 0.0, 2.0]]), 0.9)
    assert ninety[2][0] - 1 == pytest.approx(1.6448536269514722 * math.sqrt(2))
    # a resample that lost one of the outputs is lost for all
    torn = bounds(np.array([[1.0, 0.0, 2.0, 5.0], [1.0, 0.0, 2.0, np.nan]]), 0.95)
    np.testing.assert_allclose(torn[2], [1 + half] * 2)
    for row in ([1.0], [1.0, 2.0], [1.0, 2.0, np.nan]):
        point, low, high = bounds(np.array([row]), 0.95)
        assert point.tolist() == [1.0]
        assert np.isnan([low, high]).all()
    assert [end.tolist() for end in bounds(np.array([[1.0, 0.0, 2.0]]), 0.95, exact=True)] == [
        [1.0]
    ] * 3


def test_a_dataset_of_indices_says_what_is_known():
    resampled = (-0.0625, 0.0625)
    sure = indices_of([0.5, 0.25], [0.625, 0.375], resampled=resampled)
    few = indices_of([0.5], [0.625], resampled=resampled, events=3.0)
    exact = indices_of([1.0], [1.0], resampled=(0.0, 0.0), exact=True, mean=4.0)
    made = indices_dataset(["x", "y", "z"], [sure, few, exact], [[0, 1], [1], [1]], STUDY)
    half = 1.959963984540054 * 0.0625 * math.sqrt(2)
    assert made["S1"].values.tolist() == [[0.5, 0.25], [0, 0.5], [0, 1]]
    assert made["ST"].values.tolist() == [[0.625, 0.375], [0, 0.625], [0, 1]]
    np.testing.assert_allclose(made["S1_low"][0], [0.5 - half, 0.25 - half])
    np.testing.assert_allclose(made["ST_high"][0], [0.625 + half, 0.375 + half])
    # the sample cannot tell: from 0 to 1; what does not touch the output has exactly nothing
    assert [made[name][1].values.tolist() for name in ("S1_low", "S1_high")] == [[0, 0], [0, 1]]
    assert [made[name][2].values.tolist() for name in ("ST_low", "ST_high")] == [[0, 1], [0, 1]]
    assert np.isnan(np.diagonal(made["S2"].values, axis1=1, axis2=2)).all()
    np.testing.assert_allclose(made["S2_high"][0, 0, 1], half)
    assert made["S2_high"][0, 0, 1] == made["S2_high"][0, 1, 0]
    assert made["S2"][1, 0, 1].item() == 0.0
    assert made["S2_reason"].values.tolist() == [["not_applicable", ""], ["", "not_applicable"]]
    assert made["converged_reason"].values.tolist() == ["wide", "few_events", ""]
    assert made["converged"].values.tolist() == [False, False, True]
    needed = 64 * (half / 0.125) ** 2
    assert 64 < needed <= 128
    assert made["n_converge"].values.tolist() == [128, -1, 0]
    assert made["zero_variance"].values.tolist() == [False] * 3
    assert made["exact"].values.tolist() == [False, False, True]
    assert made["events"].values[:2].tolist() == [10, 3]
    assert np.isnan(made["events"].values[2])
    assert made["events_reason"].values.tolist() == ["", "", "not_applicable"]
    assert made["mean"].values.tolist() == [0, 0, 4]
    assert made.attrs["evaluations"] == 7
    assert "groups" not in made.attrs
    grouped = dataclasses.replace(STUDY, groups={"g": ["p", "q"], "h": ["r"]})
    attrs = indices_dataset(["x"], [sure], [[0, 1]], grouped).attrs
    assert attrs["groups"] == "g: p, q; h: r"


def test_bounds_that_are_wider_than_all_stay_so_and_one_resample_gives_none():
    wide = indices_of([0.5], [0.5], resampled=(-4.0, 4.0), events=3.0)
    made = indices_dataset(["x"], [wide], [[1]], STUDY)
    assert made["S1_low"][0, 1].item() < -9
    assert made["S1_high"][0, 1].item() > 9
    one = indices_of([0.5], [0.5], resampled=(0.25,), events=3.0)
    made = indices_dataset(["x"], [one], [[1]], dataclasses.replace(STUDY, resamples=1))
    for name in ("S1_low", "ST_high"):
        assert np.isnan(made[name].values).all()
    assert np.isnan(made["S2_low"].values).all()
    assert (made["S1"][0, 1].item(), made["S2"][0, 0, 1].item()) == (0.5, 0.0)


@pytest.mark.parametrize(
    ("half", "needed"), [(0.125, 64), (0.25, 256), (0.2501, 512), (0.176, 128), (0.03, 64)]
)
def test_points_that_would_do_grow_with_the_square_of_the_width(half, needed):
    shift = half / 1.959963984540054 / math.sqrt(2)
    indices = indices_of([0.5], [0.5], resampled=(-shift, shift))
    study = dataclasses.replace(STUDY, inputs=["a"], second=False)
    made = indices_dataset(["x"], [indices], [[0]], study)
    assert made["n_converge"].values.tolist() == [needed]
    assert "S2" not in made


def test_the_widest_half_of_all_inputs_and_both_indices_counts():
    shift = 0.25 / 1.959963984540054 / math.sqrt(2)
    narrow, wide = np.array([0, -shift / 8, shift / 8]), np.array([0, -shift, shift])
    for first, total in ((wide, narrow), (narrow, wide)):
        for rows in (([0, 1]), ([1, 0])):
            one = indices_of([0.5, 0.25], [0.5, 0.25], resampled=(0.0, 0.0))
            one = one._replace(
                first=one.first + np.array([first, narrow])[rows],
                total=one.total + np.array([total, narrow])[rows],
            )
            made = indices_dataset(["x"], [one], [[0, 1]], STUDY)
            assert made["n_converge"].values.tolist() == [256]
            assert made["converged_reason"].values.tolist() == ["wide"]


def test_how_many_points_would_do_is_said_only_where_it_is_known_of_all():
    shift = 0.25 / 1.959963984540054 / math.sqrt(2)
    wide = indices_of([0.5], [0.5], resampled=(-shift, shift))
    few = indices_of([0.5], [0.5], resampled=(-shift, shift), events=3.0)
    study = dataclasses.replace(STUDY, inputs=["a"], second=False)
    made = indices_dataset(["x", "y"], [wide, few], [[0], [0]], study)
    with pytest.warns(cm.ConvergenceWarning, match=r"\(2 outputs\): x, y\. Take n=128 or more"):
        warn_of_doubt(made, stacklevel=1)
    made = indices_dataset(["x", "y"], [wide, wide], [[0], [0]], study)
    with pytest.warns(cm.ConvergenceWarning, match=r"n=256 would do"):
        warn_of_doubt(made, stacklevel=1)


def test_an_input_that_alone_can_move_an_output_has_all_of_it():
    one = indices_of([0.9], [1.1], resampled=(-0.1, 0.1))
    whole = sole(one)
    assert whole.exact
    assert (whole.first == 1).all()
    assert (whole.total == 1).all()
    assert whole.first is not whole.total
    two, still = indices_of([0.9, 0.1], [0.9, 0.1]), indices_of([0.0], [0.0], variance=np.zeros(1))
    assert sole(two) is two
    assert sole(still) is still


# Values that are too rare for the sample.


def test_rare_values_are_those_below_ten_in_two_samples():
    chances = [0.1, 0.25, 0.65]
    for n, edge in ((50, 0.1), (40, 0.125), (20, 0.25), (4, 0.25)):
        values, rare = rare_values(Discrete([1, 2, 3], chances), n)
        assert rare.tolist() == [p for p in chances if p < edge], n
        assert len(values) == len(rare)
    for many, listed in ((16, True), (17, False)):
        values, rare = rare_values(Discrete(range(many + 1), [1e-5] * many + [1 - many * 1e-5]), 64)
        assert (len(values) == many and rare.tolist() == [1e-5] * many) is listed


def test_tails_are_cut_into_stretches_each_an_eighth_of_the_one_before():
    values, chances = rare_values(Uniform(0, 1), 1024)
    levels = [10 / 2048 / 8**k for k in range(7)]
    assert levels[-1] < 1e-7 < levels[-2]
    np.testing.assert_allclose(values, [*levels[1:], *(1 - x for x in levels[1:])], rtol=1e-12)
    stretches = [levels[k] - levels[k + 1] for k in range(6)]
    np.testing.assert_allclose(chances, stretches * 2, rtol=1e-12)
    frozen = rare_values(scipy.stats.uniform(0, 1), 1024)
    np.testing.assert_allclose(frozen[0], values, rtol=1e-12)


def test_what_a_rare_value_moves_is_unseen():
    spread = Discrete([0, 24], [0.9999, 0.0001])
    sample = np.array([[0.0] * 64, np.linspace(0, 1, 64), [0.0] * 64])
    both = [spread, Uniform(0, 1), Discrete([0, 1, 2], [0.9, 0.02, 0.08])]

    def func(x):
        moved = x[0] == 24
        return np.array([1000 * moved + x[1], 4.0 * moved, np.where(moved, np.inf, 0), x[2] + 1e6])

    # n = 64: of the third input both values are rarer than 10 in 128; groups of one and of two
    seen = np.array([[1.0, 1.0], [1.0, 4.0], [1.0, 1.0], [0.0, 0.0]])
    made = unseen_variance(func, both, sample, [[1], [0, 2]], seen)
    assert made[:3, 0].tolist() == [0, 0, 0], "within what was seen"
    assert made[:, 1].tolist() == pytest.approx([100.0, 0.0, np.inf, 0.02 + 4 * 0.0])
    seen[1, 1] = 3.99
    made = unseen_variance(func, both, sample, [[1], [0, 2]], seen)
    assert made[1, 1] == pytest.approx(16e-4), "further than twice what was seen"


def test_rounding_of_what_does_not_move_is_no_move():
    sample = np.zeros((1, 64))
    spread = [Discrete([0, 1], [0.9999, 0.0001])]
    for step, unseen in ((0.5e-6, 0.0), (2e-6, 4e-16)):
        moved = unseen_variance(
            lambda x, step=step: 1e6 + step * x, spread, sample, [[0]], np.zeros((1, 1))
        )
        assert moved[0, 0] == pytest.approx(unseen, rel=1e-3)
    # a step of exactly a millionth of a millionth is still none
    moved = unseen_variance(lambda x: 1e12 + x, spread, sample, [[0]], np.zeros((1, 1)))
    assert moved[0, 0] == 0


# Points and settings.


def test_points_are_powers_of_two_from_2_to_2_to_the_20th():
    for n in (2, 4, 1024, 2**20, np.int64(8)):
        assert checked_points(n) == n
    for n, words in (
        (3, "2 or 4; got 3"), (5, "4 or 8; got 5"), (2**20 - 1, "524288 or 1048576"),
        (2**20 + 1, r"from 2 to 2\^20"), (2**21, r"from 2 to 2\^20"), (1, r"from 2 to 2\^20"),
        (-4, r"from 2 to 2\^20"), (True, r"from 2 to 2\^20"), (4.0, r"from 2 to 2\^20"),
    ):  # fmt: skip
        with pytest.raises(SensitivityError, match=words):
            checked_points(n)


def test_columns_are_places_of_their_own():
    assert columns_of(["b", "a"], {"b": 0}) == {"b": 0, "a": 1}
    assert columns_of(["b", "a"], {"b": 3, "x": 7}) == {"b": 3, "a": 8}
    for wrong in ({"a": 1, "b": 1}, {"a": -1}, {"a": -1, "b": 0}, {"a": 0.5}, {"a": 0, "b": "1"}):
        with pytest.raises(SensitivityError):
            columns_of(["a", "b"], wrong)


def test_both_samples_of_a_stored_column_keep_their_points(monkeypatch):
    few = design(["a", "b"], 64, 3, {"a": 0, "b": 1})
    more = design(["c", "b", "a"], 64, 3, {"a": 0, "b": 1})
    for side in (0, 1):
        np.testing.assert_array_equal(more[side][2], few[side][0])
        np.testing.assert_array_equal(more[side][1], few[side][1])
    np.testing.assert_array_equal(design(["b"], 64, 3, {"b": 1})[1][0], few[1][1])
    np.testing.assert_array_equal(design(["a", "b"], 64), design(["a", "b"], 64, 0))
    monkeypatch.setattr(scipy.stats.qmc.Sobol, "MAXDIM", 8)
    assert design(["a"], 2, 0, {"a": 3})[0].shape == (1, 2)
    with pytest.raises(SensitivityError, match="has 5 columns; it can hold 4"):
        design(["a"], 2, 0, {"a": 4})


def test_what_no_output_feels_stands_at_its_median():
    ranges = {"a": Uniform(0, 10), "b": Uniform(0, 10)}
    u = np.array([[0.1, 0.9], [0.2, 0.8]])
    np.testing.assert_allclose(values_at(ranges, u, {1}), [[5, 5], [2, 8]])
    np.testing.assert_allclose(values_at(ranges, u), [[1, 9], [2, 8]])
    ends = np.array([[0.5, 0.5, 1.0]])
    with pytest.raises(SensitivityError, match="Input 'a' is not finite"):
        values_at({"a": Normal(0, 1)}, ends)


def test_settings_at_their_ends():
    assert check_study(0, 0.5, 1e-9) == (0.5, 1e-9)
    assert check_study(100_000, 0.001, 7) == (0.001, 7.0)
    for wrong in ((100_001, 0.5, 1), (-1, 0.5, 1), (9, 0, 1), (9, 1, 1), (9, 0.5, 0), (9, 0.5, -1)):
        with pytest.raises(SensitivityError):
            check_study(*wrong)


def test_what_is_not_asked_for_is_what_the_docstring_says():
    made = sobol_indices(bent, UNIT)
    want = {"n": 1024, "resamples": 100, "level": 0.95, "tolerance": 0.05, "seed": 0}
    assert {name: made.attrs[name] for name in want} == want
    # both samples, every input of one with the other, two columns asked again, and twelve
    # rare values of each input at four points beside those points themselves
    assert made.attrs["evaluations"] == 1024 * (2 * 3 + 2) + 2 + 4 * (1 + 3 * 12)
    assert "S2" in made
