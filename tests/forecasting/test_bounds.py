"""Shares at 0 and 100 and counts at 0: one route, a point mass on the bound, no jump before it."""

from __future__ import annotations

import numpy as np
import pytest

from corridor_model.forecasting import calibrate, feasibility, forecast, forecast_batch
from corridor_model.forecasting.history import at_whole, log_odds, scale_of

UP = (98.0, 98.7, 99.1)
HISTORIES = (UP, (92.0, 96.0), (97.0, 97.5, 98.0, 98.3, 98.8, 99.0), (95.0, 99.0, 94.0, 98.0))


def after(history, values, kind="share", horizon=5):
    """Forecasts of a history that goes on with each of some values."""
    rows = [[*history, value] for value in values]
    return forecast_batch(rows, [list(range(len(row))) for row in rows], horizon, kind)


def made_shares(n, seed):
    """Made histories of every temper, most near a bound, many on it."""
    rng = np.random.default_rng(seed)
    out = []
    for _ in range(n):
        start = rng.choice([rng.uniform(0, 100), rng.uniform(95, 100), rng.uniform(0, 3)])
        steps = rng.normal(rng.choice([-1, 0, 0.3, 2]), rng.choice([0.02, 0.3, 3]), 9)
        values = np.clip(start + np.cumsum(steps), 0, 100)[: rng.integers(1, 10)]
        out.append(np.round(values, rng.integers(0, 3)))
    return [values for values in out if values.any()]


@pytest.mark.uncounted
@pytest.mark.parametrize(
    "n", [500, pytest.param(10_000, marks=[pytest.mark.slow, pytest.mark.long])]
)
def test_no_quantile_of_a_share_leaves_its_bounds(n):
    histories = made_shares(n, 0)
    years = [list(range(len(values))) for values in histories]
    batch = forecast_batch(histories, years, 5, "share")
    assert {row.route for row in batch.rows} == {"log_odds"}
    drawn = batch.quantile([0.0, 1e-6, 0.05, 0.5, 0.95, 1 - 1e-6, 1.0], polish=False)
    assert not np.ma.getmaskarray(drawn).any()
    assert drawn.min() >= 0
    assert drawn.max() <= 100
    assert (np.diff(drawn, axis=2) >= 0).all()


@pytest.mark.parametrize("history", HISTORIES)
def test_the_chance_of_100_moves_smoothly_until_99_9(history):
    values = np.round(np.arange(98.5, 99.91, 0.1), 1)
    p = np.asarray(after(history, values).prob_at_least(100.0))
    assert np.abs(np.diff(p, axis=0)).max() < 0.07
    q = np.asarray(after(history, values).quantile([0.1, 0.5, 0.9]))
    # a quantile moves by less than half a point where the last value moves by a tenth
    assert np.abs(np.diff(q, axis=0)).max() < 0.5


def made_near_whole(n, seed):
    """Made histories of 0 to 19 points below 100 or touching it: smooth, steady, jumpy, flat ..."""
    rng = np.random.default_rng(seed)
    out = []
    for _ in range(n):
        k = int(rng.integers(0, 20))
        back, end = np.arange(k)[::-1], rng.choice([99.9, 99.5, 99, 98, 95, 90, 60])
        temper = rng.integers(0, 8)
        if temper == 0:  # smooth
            values = end - rng.choice([0.05, 0.1, 0.3, 1]) * back * np.exp(rng.normal(0, 0.05, k))
        elif temper == 1:  # steady to the digit
            values = end - rng.choice([0.01, 0.05, 0.1, 0.2, 0.5]) * back
        elif temper == 2:  # jumps
            size = rng.choice([0.5, 3, 20])
            values = end + (rng.random(k) < 0.3) * rng.normal(0, size, k) + rng.normal(0, 0.05, k)
        elif temper == 3:  # random walk
            values = end + np.cumsum(rng.normal(0, rng.choice([0.02, 0.1, 0.3, 1, 3]), k))[::-1]
        elif temper == 4:  # at 100 now and then
            values = end + rng.normal(0, rng.choice([0.1, 0.5, 2]), k)
            values[rng.random(k) < rng.choice([0.1, 0.5, 0.9])] = 100
        elif temper == 5:  # still
            values = np.full(k, end)
        elif temper == 6:  # a logistic curve
            values = 100 / (1 + np.exp(rng.choice([0.05, 0.2, 0.5]) * back - rng.uniform(2, 6)))
        else:  # to and fro
            values = np.where(back % 2, end, end + rng.choice([0.1, 0.5, 1]))
        values = np.round(np.clip(values, 0, 100), rng.integers(0, 4))
        out.append(values if temper == 4 or rng.random() < 0.1 else np.minimum(values, 99.9))
    return out


@pytest.mark.uncounted
@pytest.mark.parametrize(
    "n", [100, pytest.param(10_000, marks=[pytest.mark.slow, pytest.mark.long])]
)
def test_the_chance_of_100_moves_by_less_than_7_points_whatever_the_history(n):
    """Ten years ahead, for each tenth of the last value up to 99.9."""
    tenths = np.round(np.arange(98.5, 99.91, 0.1), 1)
    histories = made_near_whole(n, 17)
    for start in range(0, n, 1000):
        rows = [[*h, value] for h in histories[start : start + 1000] for value in tenths]
        batch = forecast_batch(rows, [list(range(len(row))) for row in rows], 10, "share")
        p = np.asarray(batch.prob_at_least(100.0)).reshape(-1, len(tenths), 10)
        assert np.abs(np.diff(p, axis=1)).max() < 0.07
        assert p.max() < 0.4


def test_a_long_creep_that_leaps_does_not_jump_to_100():
    """Fifteen years by a tenth and then by half a point: this made P(at 100) jump from 0 to .2."""
    creep = np.round(np.arange(97.6, 99.05, 0.1), 1)
    p = np.asarray(after(creep, [99.4, 99.5, 99.6, 99.7]).prob_at_least(100.0))
    assert np.abs(np.diff(p, axis=0)).max() < 0.01


def test_the_part_at_100_grows_with_the_shocks():
    shares = np.array([[99.0, 99.0], [100.0, 99.0], [99.0, 100.0], [100.0, 100.0]])
    assert at_whole(shares).tolist() == [0.2, 0.4, 0.75, 1.0]
    shocks = np.array([[0.0, 0.2, 1e6]] * 4)
    for weight, part in (
        ((1, 0, 0), 0.0),
        ((0, 1, 0), 0.5),
        ((0, 0, 1), 1.0),
        ((0.5, 0.5, 0), 0.25),
    ):
        assert at_whole(shares, shocks, np.array(weight)) == pytest.approx(
            [0.2 * part, 0.4 * part, 0.75, 1.0]
        )


def test_the_step_to_100_is_a_step():
    """Of shares at 100 most stay; the page says how large the step is."""
    below, at = np.asarray(after(UP, [99.9, 100.0]).prob_at_least(100.0))[:, 0]
    assert 0.03 < below < 0.06
    assert 0.35 < at < 0.6


def test_a_share_that_always_stood_at_100_stays_there_mostly():
    p = [forecast([100.0] * n, range(n), 3, "share").prob_at_least(100.0) for n in (1, 3, 8)]
    assert (np.diff(p, axis=0) > 0).all()
    assert p[0].min() > 0.75
    assert p[2].max() < 1.0


def test_the_point_mass_is_in_every_answer():
    told = forecast([*UP, 100.0], range(2016, 2020), 3, "share")
    p = told.prob_at_least(100.0)
    assert told.cdf(100.0).tolist() == [1.0] * 3
    assert told.prob_at_least(100.01).tolist() == [0.0] * 3
    # from 99.95 on all is at 100: this one stands there now
    assert told.prob_at_least(99.97) == pytest.approx(p)
    rng = np.random.default_rng(0)
    for drawn in (told.sample(200_000, rng), told.sample_paths(200_000, rng)):
        assert (drawn == 100.0).mean(axis=1) == pytest.approx(p, abs=0.005)
        assert drawn.max() == 100.0
    for h, chance in enumerate(p):
        q = told.quantile([1 - chance - 1e-6, 1 - chance + 1e-6])[h]
        assert q[0] < 99.951
        assert q[1] == 100.0


def test_what_never_was_at_100_mostly_stays_short_of_it():
    told = forecast([*UP, 99.7], range(2016, 2020), 3, "share")
    beyond, whole = told.prob_at_least(99.95), told.prob_at_least(100.0)
    assert whole == pytest.approx(told.core.scale.at_whole * beyond)
    assert 0.05 < told.core.scale.at_whole < 0.2
    drawn = told.sample_paths(400_000, np.random.default_rng(1))
    assert (drawn == 100.0).mean(axis=1) == pytest.approx(whole, abs=0.003)
    assert (drawn >= 99.95).mean(axis=1) == pytest.approx(beyond, abs=0.004)
    levels = np.linspace(0.001, 0.999, 997)
    q = told.quantile(levels)
    assert (q == 100.0).mean(axis=1) == pytest.approx(whole, abs=0.003)
    # a path that is at 100 once stands there whenever it is beyond 99.95
    once = (drawn == 100.0).any(axis=0)
    assert not (drawn[:, once] == 99.95).any()


def test_a_share_above_100_is_a_ratio():
    told = forecast([98.0, 101.0, 103.0], range(2017, 2020), 2, "share")
    assert told.route == "log"
    assert told.quantile(0.95)[0] > 103


def test_coordinates_and_values_are_inverses():
    values = np.array([0.0, 0.01, 0.4, 3.0, 50.0, 97.0, 99.9, 99.95])
    scale = scale_of("log_odds", np.array([[40.0, 30.0]]), ["share"])
    assert scale.value(scale.change(values[None]), 0.0)[0] == pytest.approx(values, abs=1e-10)
    assert (np.diff(log_odds(np.linspace(0.01, 100, 5000))) > 0).all()
    counts = scale_of("log", np.array([[0.0, 3.0, 12.0]]), ["count"])
    numbers = np.array([[0.0, 1.0, 2.0, 500.0]])
    assert counts.value(counts.change(numbers)) == pytest.approx(numbers)


@pytest.mark.parametrize(
    ("history", "kind"), [((5.0, 3.0, 2.0), "count"), ((0.5, 0.3, 0.2), "share")]
)
def test_nearing_0_is_no_jump(history, kind):
    """From a value to nothing in small steps: quantiles and the chance of 0 follow."""
    low = history[-1] * np.linspace(0.2, 0.0, 41)
    batch = after(history, low, kind, 3)
    assert {row.route for row in batch.rows} == {"log_odds" if kind == "share" else "log"}
    zero = np.array([[told.cdf(0.0)] for told in batch])[:, 0]
    assert np.abs(np.diff(zero, axis=0)).max() < 0.03
    q = np.asarray(batch.quantile([0.25, 0.5, 0.75])) / history[-1]
    assert np.abs(np.diff(q, axis=0)).max() < 0.12
    assert q.min() >= 0
    assert zero[-1].min() > 0.05


def test_an_outcome_on_the_bound_teaches_by_its_probability():
    years = list(range(2000, 2015))
    stays = {f"s{i}": (years, [97.0, 98.0, 99.0] + [100.0] * 12, "share") for i in range(12)}
    taught = calibrate(stays)
    before = forecast([98.0, 99.0, 100.0], years[:3], 3, "share").prob_at_least(100.0)
    now = forecast([98.0, 99.0, 100.0], years[:3], 3, "share", weights=taught)
    assert taught.about["calibrated"]["lessons"] > 100
    assert (now.prob_at_least(100.0) > before).all()


def test_a_base_rate_knows_100():
    near, whole = feasibility(95.0, 99.0, 3, "share"), feasibility(95.0, 100.0, 3, "share")
    assert 0 < whole.share < near.share < 1
