"""The kernel under attack: order, inverses, units, bounds, batches, broken input."""

from __future__ import annotations

import dataclasses
import os
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import stdtr
from tests.helpers.paths import cases

import corridor_model
from corridor_model.errors import CorridorError
from corridor_model.forecasting import (
    ForecastError,
    NoScaleError,
    forecast,
    forecast_batch,
    log_linear_fit,
    mixture,
    prob_reach_lognormal,
    shipped_weights,
)
from corridor_model.units import UnitSlipWarning

KINDS = ["level", "share", "ratio", "count", "additions"]
CASES = cases("forecast")["cases"]

positive = st.floats(1e-6, 1e9)
anything = st.one_of(positive, st.just(0.0), st.floats(-1e6, 1e6), st.floats(1e-300, 1e300))


@st.composite
def wild(draw):
    """A history of any shape a person might bring: holes, zeros, signs, any length."""
    kind = draw(st.sampled_from(KINDS))
    n = draw(st.integers(1, 30))
    values = {
        "share": st.floats(0, 120),
        "additions": st.one_of(st.integers(0, 5000).map(float), st.floats(0, 1e6)),
        "count": st.one_of(st.integers(0, 10**6).map(float), positive),
    }.get(kind, anything)
    gaps = draw(st.lists(st.integers(1, 3), min_size=n, max_size=n))
    years = [1990 + int(y) for y in np.cumsum(gaps)]
    return draw(st.lists(values, min_size=n, max_size=n)), years, kind


@st.composite
def tame(draw, kinds=("level", "share", "ratio", "count")):
    """A positive history without holes; shares below 100."""
    kind = draw(st.sampled_from(kinds))
    top = 99.9 if kind == "share" else 1e7
    values = draw(st.lists(st.floats(0.01, top), min_size=1, max_size=12))
    return values, list(range(2010, 2010 + len(values))), kind


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["id"])
def test_reference_cases(case):
    given_, expected, tolerance = case["inputs"], case["expected"], case["tolerance"]
    if case["kind"] == "log_linear_fit":
        got = log_linear_fit(given_["x"], given_["y"], given_["predict_x"])
        assert np.abs(got - np.asarray(expected)).max() <= tolerance
        return
    names = ("mu_log", "sigma_log", "years", "direction")
    got = prob_reach_lognormal(given_["x0"], given_["target"], *(given_[n] for n in names))
    assert abs(got - expected) <= tolerance


def test_the_package_and_its_top_have_one_function():
    assert corridor_model.forecast is forecast
    assert corridor_model.backtest is corridor_model.forecasting.backtest


@pytest.mark.parametrize("dof", [1, 2, 3, 4, 5, 9, 14, 23])
def test_student_matches_scipy(dof):
    z = np.concatenate([-np.logspace(-3, 3, 300), [0.0], np.logspace(-3, 3, 300)])
    assert np.abs(mixture.cdf(z, dof) - stdtr(dof, z)).max() < 1e-10
    middle = (z[1:] + z[:-1]) / 2
    slope = np.diff(mixture.cdf(z, dof)) / np.diff(z)
    near = (np.abs(middle) < 5) & (np.diff(z) > 1e-3) & (np.diff(z) < 0.05)
    assert np.allclose(mixture.pdf(middle[near], dof), slope[near], rtol=2e-3)


#: CORRIDOR_EXAMPLES=10000 for the long run.
EXAMPLES = int(os.environ.get("CORRIDOR_EXAMPLES", "300"))


@pytest.mark.filterwarnings("ignore::corridor_model.units.UnitSlipWarning")
@pytest.mark.slow
@settings(max_examples=EXAMPLES, deadline=None)
@given(wild(), st.integers(1, 7))
def test_nothing_breaks_it(history, horizon):
    values, years, kind = history
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", UnitSlipWarning)
        told = forecast(values, years, horizon, kind)
        if told.reason == "no_scale":
            assert not any(v for v, y in zip(values, years, strict=True) if y > years[-1] - 20)
            assert told.p_basis is None
            with pytest.raises(NoScaleError):
                told.quantile(0.5)
            return
        levels = np.array([0.0, 0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999, 1.0])
        q = told.quantile(levels)
        assert q.shape == (horizon, len(levels))
        assert np.isfinite(q).all()
        assert (np.diff(q, axis=1) >= 0).all()
        p = told.prob_at_least(q[0])
        assert ((p >= 0) & (p <= 1)).all()
        assert (np.diff(p, axis=1) <= 1e-12).all()
        draws = told.sample_paths(7, np.random.default_rng(1))
        assert draws.shape == (horizon, 7)
        assert np.isfinite(draws).all()
        if kind == "share" and max(values) <= 100:
            assert q.min() >= 0
            assert q.max() <= 100
            assert draws.min() >= 0
            assert draws.max() <= 100
        if kind in ("count", "additions"):
            assert q.min() >= 0
    assert told.p_basis in ("benchmarked", "unbenchmarked", "base_rate")


@pytest.mark.uncounted
@pytest.mark.filterwarnings("ignore::corridor_model.units.UnitSlipWarning")
@settings(max_examples=100, deadline=None)
@given(tame(), st.lists(st.floats(0.0005, 0.9995), min_size=1, max_size=6))
def test_cdf_and_quantile_are_inverses(history, levels):
    told = forecast(*history[:2], 3, history[2])
    q = told.quantile(levels)
    back = np.array([[told.cdf(v)[h] for v in q[h]] for h in range(3)])
    inside = np.abs(back - levels) < 1e-9
    # where a change of e**8 is passed the mass piles up and only an inequality holds
    last = history[0][-1]
    bound = (q > last * 2900) | (q < last / 2900) | (history[2] == "share")
    assert (inside | (bound & (back >= levels))).all()


@pytest.mark.uncounted
@pytest.mark.filterwarnings("ignore::corridor_model.units.UnitSlipWarning")
@settings(max_examples=100, deadline=None)
@given(tame(), st.lists(st.floats(0.001, 1e8), min_size=2, max_size=8))
def test_monotone_in_target(history, targets):
    told = forecast(*history[:2], 2, history[2])
    p = told.prob_at_least(sorted(targets))
    assert (np.diff(p, axis=1) <= 1e-12).all()
    some = [told.prob_some_year(t) for t in sorted(targets)]
    assert (np.diff(some, axis=0) <= 1e-12).all()


@pytest.mark.uncounted
@pytest.mark.filterwarnings("ignore::corridor_model.units.UnitSlipWarning")
@settings(max_examples=60, deadline=None)
@given(tame(kinds=("level", "ratio")), st.floats(1e-3, 1e5))
def test_unit_of_a_level_does_not_matter(history, unit):
    values, years, kind = history
    plain = forecast(values, years, 3, kind)
    other = forecast([v * unit for v in values], years, 3, kind)
    levels = [0.05, 0.5, 0.95]
    assert np.allclose(plain.quantile(levels) * unit, other.quantile(levels), rtol=1e-6)
    goal = values[-1] * 1.1
    assert np.allclose(plain.prob_at_least(goal), other.prob_at_least(goal * unit), atol=1e-7)


ODD = {
    "still": [5.0] * 20,
    "one point": [1e-9],
    "a leap of a thousand": [1.0, 1.0, 1.0, 1000.0, 1000.0],
    "to and fro between the bounds": [0.0, 100.0] * 4,
    "nothing or one": [0.0, 1.0, 0.0, 0.0, 1.0, 0.0],
    "below 0": [-5.0, -4.0, -7.0, -6.5],
    "through 0": [-2.0, 0.0, 3.0],
    "a fall to nothing": [391.0, 190.0, 80.0, 12.0, 2.0],
    "beyond what floats count": [3e17, 1e17, 8e17, 2e17],
    "fifteen doublings": [2.0**i for i in range(16)],
}


@pytest.mark.uncounted
@pytest.mark.filterwarnings("ignore::corridor_model.units.UnitSlipWarning")
@pytest.mark.parametrize("kind", ["level", "share", "ratio", "count", "additions"])
@pytest.mark.parametrize("name", ODD)
def test_odd_histories_answer_in_order(name, kind):
    """Up to fifteen years ahead; probabilities, quantiles and units agree."""
    values = ODD[name]
    if kind == "additions" and min(values) < 0:
        return
    years = [2000 + i + 2 * (i > 2) for i in range(len(values))]
    told = forecast(values, years, 15, kind)
    levels = np.array([0.0, 0.01, 0.1, 0.5, 0.9, 0.99, 1.0])
    q = told.quantile(levels)
    assert np.isfinite(q).all()
    assert (np.diff(q, axis=1) >= 0).all()
    goals = np.unique(np.concatenate([q[0], q[-1], [0.0, 1.0, 100.0, -1.0]]))
    at_least, at_most = told.prob_at_least(goals), told.cdf(goals)
    assert (np.diff(at_least, axis=1) <= 1e-12).all()
    assert (np.diff(at_most, axis=1) >= -1e-12).all()
    assert (at_least + at_most >= 1 - 1e-9).all()
    for h in (0, 14):
        inner = q[h, 1:-1]
        wide = 1e-7 * np.abs(inner) + 1e-300
        assert (told.cdf(inner + wide)[h] >= levels[1:-1] - 1e-6).all()
        assert (1 - told.prob_at_least(inner - wide)[h] <= levels[1:-1] + 1e-6).all()
    if kind in ("level", "ratio"):
        for unit in (1e-9, 1e9):
            other = forecast([unit * v for v in values], years, 15, kind).quantile(levels)
            assert np.allclose(unit * q, other, rtol=1e-6, atol=1e-9 * unit * np.abs(values).max())


@pytest.mark.filterwarnings("ignore::corridor_model.units.UnitSlipWarning")
@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(wild(), min_size=1, max_size=12), st.integers(1, 4))
def test_same_bits_in_batch_and_alone(histories, horizon):
    values, years, kinds = zip(*histories, strict=True)
    together = forecast_batch(values, years, horizon, kinds)
    levels = [0.1, 0.5, 0.97]
    all_at_once = together.quantile(levels)
    rough = together.last_year_quantile(levels)
    chance = together.prob_at_least([v[-1] for v in values])
    for i, (v, y, k) in enumerate(histories):
        alone = forecast(v, y, horizon, k)
        assert together[i].p_basis == alone.p_basis
        if alone.reason:
            assert all_at_once.mask[i].all()
            continue
        assert (alone.quantile(levels) == together[i].quantile(levels)).all()
        assert (alone.quantile(levels) == all_at_once[i]).all()
        assert (alone.prob_at_least(v[-1]) == chance[i]).all()
        one = forecast_batch([v], [y], horizon, k).last_year_quantile(levels)
        assert (one[0] == rough[i]).all()
        ours, theirs = (x.sample_paths(5, np.random.default_rng(3)) for x in (alone, together[i]))
        assert (ours == theirs).all()


def test_large_batch_keeps_bits():
    rng = np.random.default_rng(5)
    values = np.exp(np.cumsum(rng.normal(0.03, 0.1, (300, 9)), axis=1))
    years = np.tile(np.arange(2010, 2019), (300, 1))
    together = forecast_batch(values, years, 3, "level").last_year_quantile([0.1, 0.5])
    for i in (0, 63, 64, 65, 257, 299):
        alone = forecast_batch(values[i : i + 1], years[:1], 3, "level")
        assert (alone.last_year_quantile([0.1, 0.5])[0] == together[i]).all()


def test_global_random_state_is_left_alone():
    state = np.random.get_state()  # noqa: NPY002
    told = forecast([1.0, 2.0, 3.0], [2017, 2018, 2019], 3, "level")
    told.prob_some_year(3.5)
    told.sample(10, np.random.default_rng(0))
    after = np.random.get_state()  # noqa: NPY002
    assert state[0] == after[0]
    assert (state[1] == after[1]).all()


def test_order_of_years_and_holes_do_not_matter():
    levels = [0.1, 0.5, 0.9]
    a = forecast([1.0, 2.0, 4.0], [2015, 2016, 2019], 2, "level")
    b = forecast([4.0, None, 1.0, 2.0], [2019, 2017, 2015, 2016], 2, "level")
    c = forecast(
        np.ma.array([1.0, 2.0, 9.0, 4.0], mask=[0, 0, 1, 0]), [2015, 2016, 2018, 2019], 2, "level"
    )
    for other in (b, c):
        assert (a.quantile(levels) == other.quantile(levels)).all()
    assert a.years == (2020, 2021)
    assert a.p_basis == "unbenchmarked"


def test_a_hole_widens():
    full = forecast([100, 105, 110, 116, 121], range(2015, 2020), 2, "level")
    holed = forecast([100, 105, 121], [2015, 2016, 2019], 2, "level")
    width = [np.log(x.quantile(0.9) / x.quantile(0.1)) for x in (full, holed)]
    assert (width[1] > width[0]).all()


@pytest.mark.parametrize(
    ("values", "years", "kind", "horizon", "words"),
    [
        ([1.0, float("nan")], [2018, 2019], "level", 2, "2019"),
        ([1.0, float("inf")], [2018, 2019], "level", 2, "2019"),
        ([1.0, 2.0], [2018, 2018], "level", 2, "twice"),
        ([1.0, 2.0], [2018], "level", 2, "2 values"),
        ([1.0], [2018.5], "level", 2, "calendar year"),
        ([1.0], [2018], "growth", 2, "unknown kind"),
        ([1.0], [2018], "level", 0, "horizon"),
        ([1.0], [2018], "level", 2.5, "horizon"),
        ([-1.0], [2018], "additions", 2, "negative"),
    ],
)
def test_errors_name_the_cell(values, years, kind, horizon, words):
    with pytest.raises(ForecastError, match=words) as caught:
        forecast(values, years, horizon, kind)
    assert isinstance(caught.value, CorridorError)
    assert isinstance(caught.value, ValueError)


def test_batch_errors_name_the_row():
    with pytest.raises(ForecastError, match="history 1"):
        forecast_batch([[1.0], [float("nan")]], [[2019], [2019]], 1, "level")


@pytest.mark.parametrize("level", [-0.1, 1.1, float("nan")])
def test_levels_outside_0_1(level):
    with pytest.raises(ForecastError):
        forecast([1.0, 2.0], [2018, 2019], 1, "level").quantile(level)


def test_nan_target():
    with pytest.raises(ForecastError):
        forecast([1.0, 2.0], [2018, 2019], 1, "level").prob_at_least(float("nan"))


@pytest.mark.parametrize("values", [[], [0.0], [0.0, 0.0], [None]])
@pytest.mark.parametrize("kind", KINDS)
def test_only_zero_is_no_scale(values, kind):
    told = forecast(values, range(2019, 2019 + len(values)), 3, kind)
    assert told.reason == "no_scale"
    assert told.p_basis is None


@pytest.mark.parametrize(
    ("values", "kind", "route", "basis"),
    [
        ([5.0], "level", "log", "base_rate"),
        ([5.0, 6.0], "level", "log", "unbenchmarked"),
        ([5.0, 6.0, 7.0], "level", "log", "benchmarked"),
        ([5.0, 6.0, 7.0], "ratio", "log", "benchmarked"),
        ([50.0, 60.0, 99.6], "share", "log_odds", "benchmarked"),
        ([50.0, 60.0, 100.0], "share", "log_odds", "benchmarked"),
        ([50.0, 60.0, 100.1], "share", "log", "benchmarked"),
        ([0.0, 60.0, 70.0], "share", "log_odds", "unbenchmarked"),
        ([3.0, 0.0, 1.0], "count", "log", "unbenchmarked"),
        ([3.0, 0.0, 1.0], "level", "additive", "unbenchmarked"),
        ([-5.0, 6.0, 7.0], "level", "additive", "unbenchmarked"),
        ([5.0, 6.0, 7.0], "additions", "gamma_poisson", "unbenchmarked"),
        ([5.5, 6.0, 7.0], "additions", "log", "unbenchmarked"),
    ],
)
def test_route_and_basis_are_stated(values, kind, route, basis):
    told = forecast(values, range(2020 - len(values), 2020), 3, kind)
    assert (told.route, told.p_basis) == (route, basis)


def test_across_a_break_is_unbenchmarked():
    values, years = [416.35, 451.84, 467.7], [2017, 2018, 2020]
    for y in (years, [2018, 2019, 2020]):
        told = forecast(values, y, 2, "level", series_break=True)
        assert told.p_basis == "unbenchmarked"


@pytest.mark.parametrize(
    ("horizon", "basis"), [(5, "benchmarked"), (10, "benchmarked"), (11, "unbenchmarked")]
)
def test_the_basis_ends_where_the_measured_years_end(horizon, basis):
    assert forecast([5, 6, 7], [2017, 2018, 2019], horizon, "level").p_basis == basis


def test_no_skill_where_it_was_measured_is_no_benchmark():
    """The table decides, kind by kind and for near and far years apart."""
    weights = shipped_weights()
    without = {key: -0.01 if key[2] == 10 else skill for key, skill in weights.skill.items()}
    poor = dataclasses.replace(weights, skill=without)
    near, far = (
        forecast([5, 6, 7], [2017, 2018, 2019], h, "level", weights=poor).p_basis for h in (5, 6)
    )
    assert (near, far) == ("benchmarked", "unbenchmarked")
    assert {years for _, _, years in weights.skill} == {5, 10}


@pytest.mark.uncounted
def test_far_years_are_somewhat_narrower_and_paths_agree():
    told = forecast([100.0, 104.0, 112.0, 115.0, 127.0], range(2015, 2020), 10, "level")
    q = told.quantile([0.1, 0.5, 0.9])
    drawn = told.sample_paths(200_000, np.random.default_rng(0))
    for h in (4, 5, 9):
        assert (drawn[h] <= q[h, 0]).mean() == pytest.approx(0.1, abs=0.003)
        assert (drawn[h] <= q[h, 2]).mean() == pytest.approx(0.9, abs=0.003)
    assert (np.diff(q[:, 2] / q[:, 0]) > 0).all()


def test_paths_have_the_margins():
    told = forecast([100, 112, 118, 131, 140], range(2015, 2020), 4, "level")
    paths = told.sample_paths(200_000, np.random.default_rng(0))
    levels = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    below = (paths[:, :, None] <= told.quantile(levels)[:, None, :]).mean(axis=1)
    assert np.abs(below - levels).max() < 0.005
    free = told.sample(200_000, np.random.default_rng(0))
    below = (free[:, :, None] <= told.quantile(levels)[:, None, :]).mean(axis=1)
    assert np.abs(below - levels).max() < 0.005
    # growth persists: neighbouring years go together, far more than independent draws
    assert np.corrcoef(np.log(paths[2]), np.log(paths[3]))[0, 1] > 0.9


def test_first_passage_is_coherent():
    told = forecast([100, 112, 118, 131, 140], range(2015, 2020), 4, "level")
    some, every, each = (
        told.prob_some_year(150),
        told.prob_every_year(150),
        told.prob_at_least(150),
    )
    assert (np.diff(some) >= 0).all()
    assert (np.diff(every) <= 0).all()
    assert (some >= each).all()
    assert (every <= each).all()
    assert some[0] == pytest.approx(each[0], abs=0.01)


def test_additions_total_and_exact_hit():
    told = forecast([10, 14, 9], [2017, 2018, 2019], 3, "additions")
    assert (told.prob_at_least(10) > told.prob_at_least(10.5)).all()
    assert np.allclose(told.prob_at_least(10) + told.cdf(9), 1)
    total = told.prob_total_at_least(30)
    assert (np.diff(total) >= 0).all()
    assert total[0] == told.prob_at_least(30)[0]
    paths = told.sample_paths(100_000, np.random.default_rng(0))
    for h in range(3):
        assert (paths[h] <= 12).mean() == pytest.approx(told.cdf(12)[h], abs=0.01)


def test_a_steady_grower_reaches_what_a_flat_one_does_not():
    grower = forecast([100 * 1.08**i for i in range(8)], range(2012, 2020), 3, "level")
    flat = forecast([100.0] * 8, range(2012, 2020), 3, "level")
    goal = 1.2
    up = grower.prob_at_least(goal * 100 * 1.08**7)[2]
    assert up > 0.7
    assert flat.prob_at_least(goal * 100)[2] < 0.05


@pytest.mark.uncounted
def test_import_is_light():
    import subprocess
    import sys

    code = (
        "import sys, corridor_model.forecasting as f; f.forecast([1.,2.],[2018,2019],2,'level')"
        ".quantile(.5); print([m for m in ('pandas','scipy.stats','matplotlib','statsmodels')"
        " if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("kind", "history", "words"),
    [
        ("share", [0.62, 0.63, 0.65], ("2018", "62 %")),
        ("share", [62.0, 63.0, 0.65], ("2020", "65 %")),
        ("ratio", [62.0, 63.0, 0.65], ("2020", "65 %")),
        ("ratio", [0.615, 63.0, 65.0], ("2018", "61.5 %")),
    ],
)
def test_fractions_for_percentages_are_warned_of(kind, history, words):
    with pytest.warns(UnitSlipWarning) as caught:
        forecast(history, [2018, 2019, 2020], 1, kind)
    assert len(caught) == 1
    for word in words:
        assert word in str(caught[0].message)


@pytest.mark.parametrize(
    ("history", "kind"),
    [([0.6, 0.7, 0.8], "share"), ([2.1, 0.9, 2.7], "ratio"), ([0.62, 0.63, 0.65], "level"),
     ([0.452, 0.447, 0.431], "ratio"), ([0.8, 1.25, 1.313], "ratio"),
     ([0.0, 0.0, 0.0], "share")],
)  # fmt: skip
@pytest.mark.filterwarnings("error::corridor_model.units.UnitSlipWarning")
def test_what_is_no_fraction_is_not_warned_of(history, kind):
    forecast(history, [2018, 2019, 2020], 1, kind)
