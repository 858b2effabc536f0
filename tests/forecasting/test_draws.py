"""Draws of forecasts have the distributions that are stated in closed form; what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest

from corridor_model.forecasting import ForecastError, forecast, forecast_batch
from corridor_model.forecasting.counts import forecast_counts
from corridor_model.forecasting.experts import Experts, grid
from corridor_model.forecasting.history import History
from corridor_model.forecasting.predictive import NoScaleError
from corridor_model.forecasting.reference_methods import log_linear_fit, prob_reach_lognormal

YEARS = tuple(range(2014, 2020))
LEVELS = [100.0, 104.0, 109.0, 111.0, 118.0, 121.0]


def test_counts_drawn_by_year_have_their_own_distribution():
    core = forecast_counts(History((3.0, 5.0, 4.0, 6.0), YEARS[:4], "additions"), 2)
    drawn = core.sample(40_000, np.random.default_rng(2))
    assert drawn.shape == (1, 2, 40_000)
    assert (drawn == np.floor(drawn)).all()
    assert (drawn >= 0).all()
    for count in (2.0, 4.0, 8.0):
        exact = core.cdf(np.full((1, 2, 1), count))[0, :, 0]
        assert (drawn[0] <= count).mean(axis=1) == pytest.approx(exact, abs=0.012)


@pytest.mark.parametrize("kind", ["level", "share"])
def test_a_method_beside_the_mixture_draws_its_own_distribution(kind):
    values = LEVELS if kind == "level" else [40.0, 42.0, 41.0, 45.0, 47.0, 48.0]
    made = forecast(values, YEARS, 3, kind, method="drift")
    core = made.core
    drawn = core.sample(40_000, np.random.default_rng(3))
    levels = np.array([0.1, 0.5, 0.9])
    exact = core.quantile(levels)
    for year in range(3):
        below = [(drawn[0, year] <= exact[0, year, k]).mean() for k in range(3)]
        assert below == pytest.approx(levels, abs=0.012)
    last = core.only(2)
    assert last.shape[1] == 1
    assert last.quantile(levels)[0, 0] == pytest.approx(exact[0, 2])


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [
        ([2019], [5.0], "at least two different years"),
        ([2019, 2019], [5.0, 6.0], "at least two different years"),
        ([2018, 2019], [5.0], "at least two different years"),
        ([2018, 2019], [5.0, 0.0], "needs positive values"),
    ],
)
def test_an_exponential_through_nothing(x, y, said):
    with pytest.raises(ForecastError, match=said):
        log_linear_fit(x, y, 2020)


@pytest.mark.parametrize(
    "wrong", [{"start": 0}, {"target": -1}, {"sigma_log": -0.1}, {"years": -1}]
)
def test_a_walk_from_nowhere(wrong):
    asked = {"start": 100, "target": 120, "mu_log": 0.0, "sigma_log": 0.1, "years": 3} | wrong
    with pytest.raises(ForecastError, match="Start and target must be positive"):
        prob_reach_lognormal(**asked)
    with pytest.raises(ForecastError, match="must be 'up' or 'down'"):
        prob_reach_lognormal(100, 120, 0.0, 0.1, 3, "sideways")


def test_a_walk_up_and_down_are_complements_and_a_certain_one_arrives_or_not():
    # ln(120 / 100) = 0.1823 is 1.0527 standard deviations of 0.1 x sqrt(3)
    up = prob_reach_lognormal(100, 120, 0.0, 0.1, 3)
    assert up == pytest.approx(0.5 * math.erfc(math.log(1.2) / (0.1 * math.sqrt(3)) / math.sqrt(2)))
    assert prob_reach_lognormal(100, 120, 0.0, 0.1, 3, "down") == pytest.approx(1 - up)
    sure = [prob_reach_lognormal(100, 110 * 1.1 * f, math.log(1.1), 0.0, 2) for f in (1, 1.001)]
    assert sure == [1.0, 0.0]


def test_nothing_but_zeros_has_no_scale_and_a_slice_is_its_rows():
    nothing = forecast([0.0, 0.0], YEARS[:2], 2, "additions")
    with pytest.raises(NoScaleError, match="Give at least one value other than 0"):
        nothing.quantile(0.5)
    batch = forecast_batch([LEVELS, LEVELS[:4], LEVELS[2:]], [YEARS, YEARS[:4], YEARS[2:]], 3,
                           ["level"] * 3)  # fmt: skip
    alone = [float(one.quantile(0.5)[-1]) for one in batch[1:]]
    assert alone == [float(batch[i].quantile(0.5)[-1]) for i in (1, 2)]
    assert batch[:0] == []


def test_experts_that_remember_every_year_come_first():
    memories = [(1.0, 4.0, math.inf), (0.9, 4.0, math.inf)]
    rows = grid([(0.0, 0.0)], [0.1], [0.0], memories).rows
    assert [row.delta for row in rows] == [1.0, 0.9]
    with pytest.raises(ValueError, match="must come first"):
        Experts(rows[::-1])
