"""Growth, tested like an opponent: edges, precision against mpmath, inverse pairs."""

from __future__ import annotations

import math
import warnings
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from tests.helpers.counting import a_third

from corridor_model import growth
from corridor_model.errors import CorridorError, GrowthUndefinedError
from corridor_model.growth._elementwise import RELATIONS, Relation

mpmath.mp.dps = 60
CLOSE = 1e-12
calm = settings(derandomize=True, deadline=None, max_examples=150, database=None)

levels = st.floats(1e-300, 1e300)
plain_levels = st.floats(1e-3, 1e9)
# so small a rate that 1 + rate needs more than the oracle's sixty digits has its own test
rates = (st.floats(-0.9, 3.0) | st.floats(-1e-6, 1e-6) | st.sampled_from([0.0, 1e-15, -1e-15])).map(
    lambda rate: rate if abs(rate) > 1e-30 else 0.0
)
counts = st.integers(1, 60)
long_counts = st.floats(0.25, 2000.0)
SENSES = ("at_least", "at_most", "exactly")


def exact(value: float) -> Any:
    return mpmath.mpf(float(value))


def agrees(found: float, wanted: Any) -> None:
    """Relative to the true value; below the normal range only absolutely."""
    if abs(wanted) < 1e-290:
        assert abs(found) < 1e-280
    else:
        assert abs((exact(found) - wanted) / wanted) < CLOSE, (found, wanted)


# ---- precision -------------------------------------------------------------------------------


@calm
@given(levels, levels, long_counts)
@example(1.0, 1 + 1e-12, 3.0)
@example(3.0, 3 * (1 + 1e-15), 7.0)
@example(1e300, 1e-300, 1.0)
@example(1e-300, 1e300, 3.0)
@example(5e-324, 1.0, 5.0)
@example(1.0, 5e-324, 1000.0)
@example(1.0, 1.0005e-3, 2000.0)
@example(1.0, 1e-12, 2.0)
def test_cagr_and_log_rate_against_mpmath(start: float, end: float, periods: float) -> None:
    ratio = exact(end) / exact(start)
    wanted = mpmath.expm1(mpmath.log(ratio) / exact(periods))
    assume(abs(wanted) < 1e300)
    agrees(growth.cagr(start, end, periods), wanted)
    agrees(growth.aarr(start, end, periods), -wanted)
    agrees(growth.log_rate(start, end, periods), mpmath.log(ratio) / exact(periods))


@calm
@given(levels, rates | st.floats(-1, 1e6), long_counts)
@example(1e300, -0.9, 310.0)
@example(1e-300, 9.0, 550.0)
@example(1.0, 1e-9, 1e9)
@example(1.0, -1e-13, 1e12)
@example(1.0, 1e-7, 64.0)
@example(1.0, 1e-7, 65.0)
def test_compound_and_back_cast_against_mpmath(start: float, rate: float, periods: float) -> None:
    factor = (1 + exact(rate)) ** exact(periods)
    wanted = exact(start) * factor
    if wanted < 1e300:
        agrees(growth.compound(start, rate, periods), wanted)
    if factor > 0 and exact(start) / factor < 1e300:
        agrees(growth.required_start(start, rate, periods), exact(start) / factor)


@pytest.mark.uncounted
@calm
@given(plain_levels, st.floats(-0.5, 1.0) | st.floats(-1e-9, 1e-9), rates)
def test_periods_and_doubling_against_mpmath(start: float, rise: float, rate: float) -> None:
    target = start * (1 + rise)
    assume(rate != 0 and target != start and (target > start) == (rate > 0))
    wanted = mpmath.log(exact(target) / exact(start)) / mpmath.log1p(exact(rate))
    agrees(growth.periods_to_reach(start, target, rate), wanted)
    agrees(growth.log_from_rate(rate), mpmath.log1p(exact(rate)))
    agrees(growth.rate_from_log(rate), mpmath.expm1(exact(rate)))
    agrees(growth.aarr_from_slope(rate), -mpmath.expm1(exact(rate)))
    if rate > 0:
        agrees(growth.doubling_time(rate), mpmath.log(2) / mpmath.log1p(exact(rate)))


@calm
@given(st.lists(rates, min_size=1, max_size=12))
@example([0.1, -0.1 / 1.1])
@example([-0.9999] * 5)
@example([1e-17, 2e-17])
@example([3.0] * 12)
def test_chain_against_mpmath(yearly: list[float]) -> None:
    factor = mpmath.fprod(1 + exact(rate) for rate in yearly)
    agrees(growth.chain(yearly), factor - 1)
    agrees(growth.average_rate_of_chain(yearly), mpmath.expm1(mpmath.log(factor) / len(yearly)))


@calm
@given(rates, rates, st.integers(1, 50))
@example(0.1, 0.1000000001, 3)
@example(-0.99999999, 3.0, 50)
@example(-1e-9, -0.999999, 50)
def test_quotients_of_growth_against_mpmath(above: float, below: float, years: int) -> None:
    ratio = (1 + exact(above)) / (1 + exact(below))
    agrees(growth.intensity_change(above, below, years), ratio**years - 1)
    wanted = mpmath.expm1(mpmath.log(ratio) / years)
    agrees(growth.remaining_rate(below, above, years), wanted)


@calm
@given(plain_levels, rates, counts)
def test_first_addition_against_mpmath(total: float, rate: float, periods: int) -> None:
    annuity = mpmath.fsum((1 + exact(rate)) ** k for k in range(periods))
    agrees(growth.first_addition(total, rate, periods), exact(total) / annuity)
    parts = growth.split_growing(total, rate, periods)
    assert math.isclose(math.fsum(parts), total, rel_tol=1e-14)
    assert math.isclose(math.fsum(growth.split_even(total, periods)), total, rel_tol=1e-15)


@calm
@given(st.floats(0.01, 99.99), st.floats(0.01, 99.99), st.integers(2, 20))
@example(1e-300, 99.9999999, 3)
def test_log_odds_path_against_mpmath(start: float, end: float, periods: int) -> None:
    def odds(share: float) -> Any:
        return mpmath.log(exact(share) / (100 - exact(share)))

    path = growth.log_odds_path(start, end, periods)
    for year in range(1, periods):
        between = odds(start) + (odds(end) - odds(start)) * year / periods
        agrees(path[year], 100 / (1 + mpmath.exp(-between)))
    assert path[0] == start
    assert path[-1] == end


def _cumulative_root(base: float, values: list[float]) -> Any:
    """Bisection in sixty digits on g + … + g^n = sum / base."""
    wanted = mpmath.fsum(map(exact, values)) / exact(base)
    low, high = mpmath.mpf(0), max(mpmath.mpf(1), wanted)
    for _ in range(2400):
        middle = mpmath.sqrt(low * high) if low > 0 else high / 1e30
        if mpmath.fsum(middle**k for k in range(1, len(values) + 1)) < wanted:
            low = middle
        else:
            high = middle
        if low > 0 and (high - low) < high * mpmath.mpf(10) ** -45:
            break
    return low - 1


@pytest.mark.uncounted
@settings(calm, max_examples=60)
@given(plain_levels, st.lists(st.floats(0, 1e9), min_size=1, max_size=9))
@example(1.0, [1 + 1e-12, 1.0, 1.0])
@example(100.0, [130.0, 70.0 + 1e-9, 100.0])
@example(1e-3, [1e9] * 9)
@example(1e9, [1e-3, 0.0])
@example(100.0, [130.0, 90.0, 120.0])
def test_cumulative_method_against_mpmath(base: float, values: list[float]) -> None:
    assume(sum(values) > 0)
    root = _cumulative_root(base, values)
    found = growth.average_growth_cumulative_method(base, values)
    if abs(root) < 1e-40:  # the bisection's own last digits
        assert abs(found) < 1e-30
    else:
        agrees(found, root)


def test_cumulative_method_at_the_ends_of_the_number_range() -> None:
    solve = growth.average_growth_cumulative_method
    assert solve(1e-300, [1e300, 1e300]) == pytest.approx(2**0.5 * 1e300, rel=CLOSE)
    assert solve(1e300, [1e308, 1e308, 1.7e308]) > 0
    assert solve(1e300, [1e-300, 0.0]) == -1.0
    assert solve(5.0, [0.0, 0.0]) == -1.0
    assert solve(5.0, [5.0, 5.0, 5.0]) == 0.0
    years = np.arange(1, 301)
    assert solve(7.0, 7.0 * 1.01**years) == pytest.approx(0.01, rel=1e-11)
    with pytest.raises(GrowthUndefinedError, match="double precision"):
        solve(1e-308, [1e308])


# ---- inverse pairs ---------------------------------------------------------------------------


@calm
@given(plain_levels, rates, st.integers(1, 30))
def test_rate_level_and_start_are_inverse(start: float, rate: float, periods: int) -> None:
    end = growth.compound(start, rate, periods)
    assume(1e-280 < end < 1e280)
    # rounding 1 + rate once a year is all that may separate them
    slack = 5e-16 * (1 + abs(rate))
    assert growth.cagr(start, end, periods) == pytest.approx(rate, rel=CLOSE, abs=slack)
    assert growth.required_rate(start, end, periods) == growth.cagr(start, end, periods)
    assert growth.required_start(end, rate, periods) == pytest.approx(start, rel=CLOSE)
    assert growth.chain([rate] * periods) == pytest.approx(
        end / start - 1, rel=CLOSE, abs=1e-14 * max(1, end / start)
    )
    if abs(rate) > 1e-3:
        found = growth.periods_to_reach(start, end, rate)
        assert found == pytest.approx(periods, rel=1e-10)


@calm
@given(plain_levels, plain_levels, counts)
def test_linear_pairs(start: float, end: float, periods: int) -> None:
    step = growth.linear_step(start, end, periods)
    assert growth.project_linear(start, step, periods) == pytest.approx(
        end, rel=CLOSE, abs=1e-15 * start
    )
    path = growth.linear_path(start, end, periods)
    assert path.shape == (periods + 1,)
    assert (path[0], path[-1]) == (start, end)
    assert (np.diff(path) * np.sign(end - start) >= 0).all()


@calm
@given(plain_levels, st.integers(-3, 3), counts)
def test_a_straight_path_between_neighbours_oversteps_nothing(
    start: float, ulps: int, periods: int
) -> None:
    end = start + ulps * math.ulp(start)
    path = growth.linear_path(start, end, periods)
    assert path.min() >= min(start, end)
    assert path.max() <= max(start, end)
    assert (np.diff(path) * ulps >= 0).all()


@calm
@given(st.floats(1e-6, 1 - 1e-6), st.floats(0.5, 1000))
def test_log_odds_pair(fraction: float, upper: float) -> None:
    share = fraction * upper
    there = growth.log_odds(share, upper)
    assert growth.share_from_log_odds(there, upper) == pytest.approx(share, rel=1e-11)


@calm
@given(plain_levels, plain_levels, plain_levels, st.integers(1, 20))
def test_geometric_paths(start: float, target: float, other: float, periods: int) -> None:
    path = growth.path_to_target([start, other], target, periods)
    assert path.shape == (2, periods + 1)
    assert (path[:, 0] == [start, other]).all()
    assert (path[:, -1] == target).all(), "hit exactly, in the target year and not after it"
    assert (np.diff(path[0]) * np.sign(target - start) >= 0).all()
    for year in range(periods + 1):
        agrees(
            path[0, year],
            exact(start) * (exact(target) / exact(start)) ** (mpmath.mpf(year) / periods),
        )
    rate = growth.cagr(start, target, periods)
    assume(rate > -0.9)  # nearer to -1 a rate has lost the digits of the level it leads to
    np.testing.assert_allclose(path[0], growth.geometric_path(start, rate, periods), rtol=CLOSE)


@calm
@given(plain_levels, rates, st.integers(1, 20))
def test_path_is_compound_year_by_year(start: float, rate: float, periods: int) -> None:
    path = growth.geometric_path(start, rate, periods)
    singles = [growth.compound(start, rate, year) for year in range(periods + 1)]
    np.testing.assert_allclose(path, singles, rtol=1e-15)
    assert path[0] == start


@calm
@given(plain_levels, plain_levels, st.integers(0, 12))
def test_latest_growth_goes_on(prev: float, last: float, periods: int) -> None:
    wanted = exact(last) * (exact(last) / exact(prev)) ** periods
    assume(1e-290 < wanted < 1e300)
    agrees(growth.project_latest(prev, last, periods), wanted)


# ---- monotone, free of units, free of order -----------------------------------------------------


@calm
@given(plain_levels, st.floats(1.01, 3), st.floats(1.01, 2), st.integers(1, 30))
def test_monotone(start: float, up: float, more: float, periods: int) -> None:
    end = start * up
    assert growth.cagr(start, end * more, periods) > growth.cagr(start, end, periods)
    assert growth.cagr(start, end, periods + 1) < growth.cagr(start, end, periods)
    assert growth.cagr(start * more, end, periods) < growth.cagr(start, end, periods)
    rate = up - 1
    assert growth.compound(start, rate, periods + 1) > growth.compound(start, rate, periods)
    assert growth.required_start(end, rate, periods + 1) < growth.required_start(end, rate, periods)
    assert growth.periods_to_reach(start, end * more, rate) > growth.periods_to_reach(
        start, end, rate
    )
    assert growth.doubling_time(rate * more) < growth.doubling_time(rate)


@pytest.mark.uncounted
@calm
@given(plain_levels, plain_levels, st.integers(1, 30), st.integers(-40, 40))
def test_units_do_not_matter(start: float, end: float, periods: int, shift: int) -> None:
    unit = 2.0**shift  # exact, so that gaps and straight lines agree to the last bit
    assert growth.cagr(start * unit, end * unit, periods) == pytest.approx(
        growth.cagr(start, end, periods), rel=1e-14
    )
    values = [end, start, end]
    assert growth.average_growth_cumulative_method(
        start * unit, np.multiply(values, unit)
    ) == pytest.approx(growth.average_growth_cumulative_method(start, values), rel=CLOSE, abs=1e-15)
    for sense in SENSES:
        assert growth.meets(start * unit, end * unit, sense) == growth.meets(start, end, sense)
        assert growth.gap(start * unit, end * unit, sense) == unit * growth.gap(start, end, sense)
    assert (
        growth.linear_path(start * unit, end * unit, periods)
        == unit * growth.linear_path(start, end, periods)
    ).all()


@pytest.mark.uncounted
@calm
@given(st.lists(rates, min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_order_of_years_does_not_matter(yearly: list[float], random: Any) -> None:
    mixed = list(yearly)
    random.shuffle(mixed)
    assert growth.chain(mixed) == pytest.approx(growth.chain(yearly), rel=1e-13, abs=1e-30)
    assert growth.average_rate_of_chain(mixed) == pytest.approx(
        growth.average_rate_of_chain(yearly), rel=1e-13, abs=1e-30
    )


@pytest.mark.uncounted
@calm
@given(st.integers(0, 2**32 - 1))
def test_order_and_company_of_elements_do_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    start, end = rng.uniform(1, 100, (2, 37))
    periods = rng.integers(1, 9, 37)
    rate = rng.uniform(-0.5, 1, 37)
    order = rng.permutation(37)
    for function, args in [
        (growth.cagr, (start, end, periods)),
        (growth.compound, (start, rate, periods)),
        (growth.required_start, (end, rate, periods)),
        (growth.log_rate, (start, end, periods)),
    ]:
        whole = function(*args)
        assert (function(*(arg[order] for arg in args)) == whole[order]).all()
        singles = [function(*(arg[i] for arg in args)) for i in range(37)]
        np.testing.assert_allclose(singles, whole, rtol=1e-14)


@pytest.mark.uncounted
@calm
@given(plain_levels, rates, st.integers(1, 12))
def test_methods_agree_on_constant_growth(base: float, rate: float, periods: int) -> None:
    values = growth.geometric_path(base, rate, periods)[1:]
    level = growth.average_growth_level_method(base, values)
    cumulative = growth.average_growth_cumulative_method(base, values)
    slack = 2e-15 * (1 + abs(rate))
    assert level == pytest.approx(rate, rel=CLOSE, abs=slack)
    assert cumulative == pytest.approx(rate, rel=CLOSE, abs=slack)


def test_broadcasting_and_kinds_of_input() -> None:
    start = np.array([[50.0], [100.0]])
    end = [100, 200, 400]
    table = growth.cagr(start, end, 2)
    assert table.shape == (2, 3)
    for i, first in enumerate([50, 100]):
        for j, last in enumerate(end):
            assert table[i, j] == growth.cagr(first, last, 2)
    assert isinstance(growth.cagr(1, 2, 3), float)
    assert isinstance(growth.cagr(np.float32(1), np.int64(2), np.array(3)), float)
    assert growth.cagr([], [], 3).shape == (0,)
    assert growth.cagr(np.zeros((0, 4)), 1, 3).shape == (0, 4)
    assert growth.cagr([1], [2], [3]).shape == (1,)
    nothing = np.zeros((0,))
    for empty in (
        growth.path_to_target(nothing, 5, 3),
        growth.geometric_path(nothing, 0.1, 3),
        growth.linear_path(nothing, 5, 3),
        growth.log_odds_path(nothing, 5, 3),
    ):
        assert empty.shape == (0, 4)
    assert growth.average_growth_cumulative_method(nothing, np.zeros((0, 3))).shape == (0,)
    assert growth.meets(nothing, 1, "at_least").shape == (0,)
    assert growth.path_to_target([[1, 2]], [[3, 4]], 5).shape == (1, 2, 6)
    backwards = np.arange(1.0, 7.0).reshape(2, 3)[::-1, ::-1].T
    assert (growth.change(backwards, 12) == 12 / backwards - 1).sum() >= 0
    np.testing.assert_allclose(growth.change(backwards, 12), 12 / backwards - 1, rtol=1e-15)


def test_blocks_join_without_a_seam() -> None:
    size = 3 * 32768 + 17
    rng = np.random.default_rng(5)
    start, end = rng.uniform(1, 2, (2, size))
    found = growth.cagr(start, end, 3)
    np.testing.assert_allclose(found, (end / start) ** (1 / 3) - 1, rtol=1e-9, atol=1e-15)
    start[-1] = 0
    with pytest.raises(GrowthUndefinedError, match=rf"element \({size - 1},\): start is 0"):
        growth.cagr(start, end, 3)
    values, reasons = growth.tried(growth.cagr, start, end, 3)
    assert np.isnan(values).sum() == (reasons != "").sum() == 1
    assert (values[:-1] == found[:-1]).all()


# ---- exact edges -------------------------------------------------------------------------------


@pytest.mark.uncounted
@calm
@given(levels, st.floats(0.1, 1e6))
def test_edges_are_exact(level: float, periods: float) -> None:
    assert growth.cagr(level, level, periods) == 0.0
    assert growth.aarr(level, level, periods) == 0.0
    assert growth.cagr(level, 0, periods) == -1.0
    assert growth.compound(level, 0, periods) == level
    assert growth.compound(level, -1, periods) == 0.0
    assert growth.compound(level, 0.37, 0) == level
    assert growth.compound(0, 5.0, periods) == 0.0
    assert growth.required_start(level, 0, periods) == level
    assert growth.required_start(0, -0.5, periods) == 0.0
    assert growth.required_start(level, 0.37, 0) == level
    assert growth.periods_to_reach(level, level, 0.1) == 0.0
    assert growth.project_latest(level, level, periods) == level
    assert growth.linear_step(level, level, periods) == 0.0
    assert growth.change(level, 0) == -1.0


@calm
@given(plain_levels, plain_levels)
def test_one_period_is_the_plain_change(start: float, end: float) -> None:
    assert growth.cagr(start, end, 1) == growth.change(start, end)
    assert (growth.cagr([start, start], end, [1, 2])[0]) == growth.change(start, end)
    assert growth.linear_step(start, end, 1) == end - start
    assert growth.path_to_target(start, end, 1).tolist() == [start, end]


def test_zero_is_never_negative_zero() -> None:
    for value in (
        growth.aarr(5, 5, 3),
        growth.aarr_from_slope(0.0),
        growth.gap(5, 5, "exactly"),
        growth.gap(5, 5, "at_most"),
    ):
        assert math.copysign(1, value) == 1


UNDEFINED = [
    (growth.cagr, (0, 5, 3), "start is 0"),
    (growth.cagr, (0, 0, 3), "both 0"),
    (growth.cagr, (5, -5, 3), "sign changes"),
    (growth.cagr, (-5, 5, 3), "sign changes"),
    (growth.cagr, (-5, 0, 3), "start is negative"),
    (growth.cagr, (-5, -4, 3), "both negative"),
    (growth.cagr, (1.0, -1e-30, 3), "sign changes"),
    (growth.cagr, (5, 6, 0), "periods"),
    (growth.cagr, (5, 6, -2), "periods"),
    (growth.cagr, (math.nan, 6, 2), "start is NaN"),
    (growth.cagr, (5, math.nan, 2), "end is NaN"),
    (growth.cagr, (5, 6, math.nan), "periods is NaN"),
    (growth.cagr, (math.inf, 6, 2), "start is infinite"),
    (growth.cagr, (5, math.inf, 2), "end is infinite"),
    (growth.cagr, (5, 6, math.inf), "periods is infinite"),
    (growth.cagr, (1e-300, 1e300, 0.5), "double precision"),
    (growth.cagr, (None, 6, 2), "start is NaN"),
    (growth.cagr, ("12", 6, 2), "numbers are needed"),
    (growth.cagr, (5, 6j, 2), "numbers are needed"),
    (growth.cagr, (10**400, 6, 2), "numbers are needed"),
    (growth.cagr, ([1, 2], [1, 2, 3], 2), "do not broadcast"),
    (growth.required_rate, (0, 5, 3), "start is 0"),
    (growth.compound, (-1, 0.1, 2), "start is negative"),
    (growth.compound, (1, -1.0000000001, 2), "below -1"),
    (growth.compound, (1, 0.1, -1), "periods is negative"),
    (growth.compound, (1e300, 1, 100), "double precision"),
    (growth.compound, (1, math.inf, 0), "rate is infinite"),
    (growth.compound, (1, 0, math.inf), "periods is infinite"),
    (growth.required_start, (5, -1, 2), "above -1"),
    (growth.required_start, (-5, 0.1, 2), "target is negative"),
    (growth.periods_to_reach, (100, 90, 0.1), "never"),
    (growth.periods_to_reach, (90, 100, -0.1), "never"),
    (growth.periods_to_reach, (90, 100, 0), "never"),
    (growth.periods_to_reach, (0, 100, 0.1), "never"),
    (growth.periods_to_reach, (100, 0, -0.1), "never"),
    (growth.periods_to_reach, (100, 50, -1), "above -1"),
    (growth.periods_to_reach, (100, 90, 0.1, "at_most"), "never"),
    (growth.periods_to_reach, (100, 90, 0.1, "lower"), "none of at_least"),
    (growth.whole_periods_to_reach, (90, 100, 0.1, "exactly"), "exactly"),
    (growth.doubling_time, (0,), "never doubles"),
    (growth.doubling_time, (-0.1,), "never doubles"),
    (growth.log_rate, (5, 0, 2), "end is 0"),
    (growth.log_from_rate, (-1,), "above -1"),
    (growth.rate_from_log, (1000,), "double precision"),
    (growth.rate_from_log, (-math.inf,), "infinite"),
    (growth.aarr_fit, ([2010, 2010], [1, 2]), "two different"),
    (growth.aarr_fit, ([2010, 2011], [1, 0]), "above 0"),
    (growth.aarr_fit, ([2010, 2011], [1, 2, 3]), "years"),
    (growth.linear_step, (1, 2, 0), "periods"),
    (growth.linear_step, (-1e308, 1e308, 1), "double precision"),
    (growth.linear_path, (1, 2, 1.5), "whole number"),
    (growth.linear_path, (1, 2, [1, 2]), "whole number"),
    (growth.linear_path, (1, 2, math.inf), "whole number"),
    (growth.geometric_path, (1, -2, 3), "below -1"),
    (growth.log_odds_path, (0, 50, 3), "inside its bounds"),
    (growth.log_odds_path, (50, 100, 3), "inside its bounds"),
    (growth.log_odds_path, (50, 120, 3), "inside its bounds"),
    (growth.log_odds, (1, 0), "upper must be above 0"),
    (growth.share_from_log_odds, (1, -3), "upper must be above 0"),
    (growth.project_latest, (0, 5, 3), "prev is 0"),
    (growth.project_latest, (5, -5, 3), "negative"),
    (growth.project_latest, (5, 6, -1), "periods is negative"),
    (growth.average_growth_level_method, (0, [1, 2]), "base must be above 0"),
    (growth.average_growth_cumulative_method, (5, [1, -2]), "a value is negative"),
    (growth.average_growth_cumulative_method, (5, [1, math.nan]), "value is NaN"),
    (growth.average_growth_cumulative_method, (5, []), "at least one year"),
    (growth.first_addition, (5, -1.5, 3), "below -1"),
    (growth.first_addition, (5, 0.1, 0.5), "below 1"),
    (growth.first_addition, (5, 1e10, 50), "double precision"),
    (growth.split_even, (5, 0), "whole number"),
    (growth.cumulate, ([1, math.nan],), r"element \(1,\): addition is NaN"),
    (growth.chain, ([0.1, -1.5],), "below -1"),
    (growth.chain, ([],), "at least one year"),
    (growth.chain, ([1e308, 1e308],), "double precision"),
    (growth.average_rate_of_chain, ([math.nan],), "rate is NaN"),
    (growth.remaining_rate, (-1, 0.2, 1), "nothing is left"),
    (growth.remaining_rate, (0.1, -1.2, 1), "total is below -1"),
    (growth.remaining_rate, (0.1, 0.2, 0), "periods_left"),
    (growth.acceleration, (0.1, 0), "not above 0"),
    (growth.acceleration, (0.1, -0.1), "not above 0"),
    (growth.change, (0, 1), "start is 0"),
    (growth.change, (-1, 1), "start is negative"),
    (growth.intensity_change, (0.1, -1, 3), "denominator_growth"),
    (growth.intensity_change, (-1.1, 0, 3), "numerator_growth"),
    (growth.intensity_change, (0.1, 0.1, -1), "years"),
    (growth.elasticity, (0.1, 0), "reference_growth is 0"),
    (growth.share_of, (1, 0), "whole must be above 0"),
    (growth.gap, (1, 2, "higher"), "none of at_least"),
    (growth.gap, (1e308, -1e308, "at_least"), "double precision"),
    (growth.meets, (math.nan, 1, "at_least"), "value is NaN"),
    (growth.tried, (growth.chain, [0.1]), "not elementwise"),
    (growth.tried, (math.log, 0.1), "not elementwise"),
]


@pytest.mark.uncounted
@pytest.mark.parametrize(
    ("function", "args", "words"),
    UNDEFINED,
    ids=[f"{function.__name__}-{i}" for i, (function, _, _) in enumerate(UNDEFINED)],
)
def test_undefined_is_raised_and_said(function: Any, args: tuple[Any, ...], words: str) -> None:
    with pytest.raises(GrowthUndefinedError, match=words):
        function(*args)


@pytest.mark.uncounted
@pytest.mark.parametrize("name", sorted(RELATIONS))
@pytest.mark.parametrize("poison", [math.nan, math.inf, -math.inf])
def test_one_bad_number_among_good_ones_never_passes(name: str, poison: float) -> None:
    function, inputs = getattr(growth, name), RELATIONS[name].inputs
    for periods in (0.0, 1.0, 2.0, 3.0, 100.0):
        for place, bad in enumerate(inputs):
            if bad == "sense":
                continue
            columns: list[Any] = []
            for other, key in enumerate(inputs):
                good = periods if key.startswith(("periods", "years")) else 0.5
                column = np.array([good, good, good])
                if other == place:
                    column[1] = poison
                columns.append("at_least" if key == "sense" else column)
            reasons = growth.tried(function, *columns).reasons
            assert reasons[1] == ("missing" if math.isnan(poison) else "undefined_rate")


def test_the_message_names_elements_numbers_and_remedy() -> None:
    start = np.array([[1.0, 2.0], [3.0, 4.0], [math.nan, 0.0], [0.0, 0.0]])
    with pytest.raises(GrowthUndefinedError) as caught:
        growth.cagr(start, [2.0, -7.0], 3)
    text = str(caught.value)
    assert "element (0, 1): the sign changes (start=2, end=-7, periods=3)" in text
    assert "element (1, 1)" in text
    assert "element (2, 0): start is NaN" in text
    assert "; 3 more." in text
    assert "tried(cagr, ...)" in text
    with pytest.raises(GrowthUndefinedError) as single:
        growth.cagr(0, 1, 1)
    assert "element" not in str(single.value)
    assert "more" not in str(single.value)
    for culprits, more in ((3, False), (4, True)):
        with pytest.raises(GrowthUndefinedError) as several:
            growth.cagr([0] * culprits, 1, 1)
        assert ("; 1 more." in str(several.value)) is more


# ---- reason codes ------------------------------------------------------------------------------

anything = st.floats() | st.sampled_from([0.0, -0.0, 1.0, -1.0, -0.5, 3.0, math.nan, 1e-320])


def _arguments(name: str, rows: list[tuple[float, ...]]) -> list[Any]:
    """Columns of `rows`, as many as the function takes; a direction for each row."""
    inputs = RELATIONS[name].inputs
    columns: list[Any] = [np.array(column) for column in zip(*rows, strict=True)]
    directions = np.array([SENSES[place % 3] for place in range(len(rows))])
    return [directions if key == "sense" else columns.pop() for key in inputs]


@pytest.mark.uncounted
@pytest.mark.parametrize("name", a_third(sorted(RELATIONS)))
@calm
@given(rows=st.lists(st.tuples(anything, anything, anything), min_size=1, max_size=4))
def test_raising_and_reasons_agree(name: str, rows: list[tuple[float, ...]]) -> None:
    function, columns = getattr(growth, name), _arguments(name, rows)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        values, reasons = growth.tried(function, *columns)
        assert (np.isnan(values) == (reasons != "")).all(), "NaN never without a reason"
        assert not np.isinf(values).any()
        assert set(reasons.tolist()) <= {"", *growth.REASONS}
        for row, value, reason in zip(zip(*columns, strict=True), values, reasons, strict=True):
            numbers = [float(number) for number in row if not isinstance(number, str)]
            if reason:
                with pytest.raises(GrowthUndefinedError):
                    function(*row)
            else:
                assert np.isfinite(numbers).all(), "an infinite input never passes"
                assert function(*row) == pytest.approx(value, rel=1e-14, abs=0)


def test_a_masked_element_leaves_the_digits_of_the_others() -> None:
    start = growth.required_start(1.0, 2e-139, 5e124)
    values, _ = growth.tried(growth.required_start, [1.0, 0.0], 2e-139, [5e124, np.nan])
    assert values[0] == pytest.approx(start, rel=1e-15, abs=0)


def test_rates_far_below_the_rounding_of_one() -> None:
    tiny = 4.2e-88
    assert growth.chain([tiny]) == tiny
    assert growth.chain([tiny, tiny]) == 2 * tiny
    assert growth.average_rate_of_chain([tiny, tiny]) == pytest.approx(tiny, rel=CLOSE, abs=0)
    assert growth.intensity_change(0, tiny, 1) == pytest.approx(-tiny, rel=CLOSE, abs=0)
    assert growth.remaining_rate(tiny, 0, 2) == pytest.approx(-tiny / 2, rel=CLOSE, abs=0)
    assert growth.log_from_rate(tiny) == tiny
    assert growth.first_addition(6, tiny, 3) == pytest.approx(2, rel=CLOSE)
    assert growth.compound(1e88, tiny, 1e88) == pytest.approx(1e88 * math.exp(4.2), rel=CLOSE)


def test_reasons_are_told_apart() -> None:
    missing = np.ma.array([1.0, 2.0], mask=[False, True])
    assert growth.tried(growth.cagr, missing, 3, 1).reasons.tolist() == ["", "missing"]
    assert growth.tried(growth.cagr, 0, 1, 1) == (
        pytest.approx(math.nan, nan_ok=True),
        "undefined_rate",
    )
    assert growth.tried(growth.compound, 1e300, 1, 99).reasons == "out_of_range"
    assert growth.tried(growth.log_odds, 100).reasons == "above_bound"
    never = growth.tried(growth.periods_to_reach, 1, 2, [0.1, -0.1], sense="at_least")
    assert never.reasons.tolist() == ["", "never_reached"]


# ---- targets -----------------------------------------------------------------------------------


def test_an_exact_hit_counts_in_every_direction() -> None:
    for sense in SENSES:
        assert growth.meets(580, 580, sense) is True
        assert growth.meets(100 * 1.1**3, 133.1, sense) is True
        assert growth.meets(0.1 + 0.2, 0.3, sense) is True
        assert growth.gap(0.1 + 0.2, 0.3, sense) == 0.0
    assert growth.meets([99, 101], 100, "at_least").tolist() == [False, True]
    assert growth.meets([99, 101], 100, "at_most").tolist() == [True, False]
    assert growth.meets([99, 101], 100, "exactly").tolist() == [False, False]
    assert growth.gap(99, 100, ["at_least", "at_most", "exactly"]).tolist() == [-1, 1, -1]


def test_a_wrong_direction_is_named_with_its_element() -> None:
    with pytest.raises(GrowthUndefinedError, match=r"sense: element \(1,\): 'over' is none of"):
        growth.meets([1.0, 2.0], [1.0, 1.0], ["at_least", "over"])
    with pytest.raises(GrowthUndefinedError, match="sense: 'over' is none of"):
        growth.meets(1.0, 1.0, "over")


@pytest.mark.parametrize("target", [1e-300, 1e-12, 1.0, 133.1, 1e12, 1e300])
def test_the_guard_is_relative_and_small(target: float) -> None:
    assert not growth.meets(target * (1 - 1e-14), target, "at_least")
    assert not growth.meets(target * (1 + 1e-14), target, "at_most")
    assert growth.meets(np.nextafter(target, 0), target, "at_least")


def test_nothing_is_forgiven_at_zero() -> None:
    assert not growth.meets(5e-324, 0, "at_most")
    assert not growth.meets(-1e-300, 0, "at_least")
    assert growth.meets(0, 0, "exactly")


def test_direction_has_no_default() -> None:
    with pytest.raises(TypeError):
        growth.gap(1, 2)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        growth.meets(1, 2)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        growth.whole_periods_to_reach(1, 2, 0.1)  # type: ignore[call-arg]


@calm
@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9), st.sampled_from(SENSES))
def test_gap_and_meets_say_the_same(value: float, target: float, sense: str) -> None:
    assert growth.meets(value, target, sense) == (growth.gap(value, target, sense) >= 0)
    if sense != "exactly":
        other = "at_most" if sense == "at_least" else "at_least"
        assert growth.gap(value, target, sense) == -growth.gap(value, target, other)
        assert growth.meets(value, target, sense) or growth.meets(value, target, other)


@pytest.mark.uncounted
@settings(calm, max_examples=300)
@given(plain_levels, st.sampled_from([0.02, 0.10, 0.12, 0.15, 0.20, 1.0]), st.integers(0, 40))
def test_a_target_hit_exactly_belongs_to_its_year(start: float, rate: float, years: int) -> None:
    target = growth.compound(start, rate, years)
    assert growth.whole_periods_to_reach(start, target, rate, "at_least") == years
    assert growth.whole_periods_to_reach(start, target * 1.000001, rate, "at_least") == years + 1
    low = growth.compound(start, -rate / 2, years)
    assert growth.whole_periods_to_reach(start, low, -rate / 2, "at_most") == years


def test_already_met_depends_on_the_direction() -> None:
    assert growth.periods_to_reach(600, 580, 0.1, "at_least") == 0.0
    assert growth.periods_to_reach(600, 580, -0.1, "at_least") == 0.0
    assert growth.periods_to_reach(500, 580, 0.1, "at_most") == 0.0
    found = growth.periods_to_reach(600, 580, -0.1, ["at_least", "at_most"])
    assert found[0] == 0
    assert found[1] > 0


# ---- traps -------------------------------------------------------------------------------------


def test_yearly_percentages_are_compounded_not_summed() -> None:
    yearly = [0.10, 0.10, 0.10]
    assert growth.chain(yearly) == pytest.approx(0.331, rel=CLOSE)
    assert growth.average_rate_of_chain([0.5, -0.5]) < 0
    assert growth.remaining_rate(0.10, 0.21, 1) == pytest.approx(0.10, rel=CLOSE)


def test_interval_counts() -> None:
    assert growth.cagr(451.84, 580, 2022 - 2018) == pytest.approx(0.0644, abs=5e-5)
    assert growth.cagr(2.7, 3.3, 2022 - 2019) == pytest.approx(0.0692, abs=5e-5)
    assert growth.linear_step(2.7, 3.3, 2022 - 2019) == pytest.approx(0.2)
    assert growth.compound(100, 0.15, 3) == pytest.approx(152.0875)
    assert growth.geometric_path(100, 0.15, 3).shape == (4,)
    assert growth.split_even(30, 3).shape == (3,)


def test_zero_is_not_replaced_by_an_epsilon() -> None:
    with pytest.raises(GrowthUndefinedError):
        growth.cagr(0, 1e-9, 3)
    assert growth.linear_step(0, 30, 3) == 10.0
    assert growth.acceleration(0, 0.1) == 0.0


def test_the_users_settings_stay_as_they_were() -> None:
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    with np.errstate(divide="raise", over="warn", under="raise", invalid="raise"):
        before = np.geterr()
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            growth.tried(growth.cagr, [0, 1, -1, 1e-300], [1, 0, 1, 1e300], 1)
            growth.compound(1, -0.5, 5000)
            growth.path_to_target([1e-300, 5], [1e300, 0], 3)
            growth.log_odds_path(1e-300, 99, 4)
            growth.linear_path(-1e308, 1e308, 2)
            growth.average_growth_cumulative_method([1e-300, 5], [[1e300, 1e300], [0, 0]])
            growth.average_rate_of_chain([1e308, -1.0])
            growth.remaining_rate(-0.5, -1, 2)
            growth.intensity_change(-1, 0.1, 0)
            growth.project_latest(5, 0, 0)
            growth.split_growing(5, -1, 3)
            growth.whole_periods_to_reach(100, 133.1, 0.1, "at_least")
            growth.meets([1e308, 5e-324], [1, 0], "at_least")
            for function, args, _ in UNDEFINED:
                with pytest.raises(GrowthUndefinedError):
                    function(*args)
        assert [str(warning.message) for warning in caught] == []
        assert np.geterr() == before
    assert (np.random.get_state()[1] == state).all()  # noqa: NPY002


def test_inputs_are_not_written_to() -> None:
    rate = np.array([0.1, -0.2, 0.3])
    level = np.array([1.0, 2.0, 3.0])
    for array in (rate, level):
        array.setflags(write=False)
    growth.cagr(level, level[::-1], 3)
    growth.compound(level, rate, 100)
    growth.chain(rate)
    growth.split_growing(level, rate, 3)
    growth.average_growth_cumulative_method(level, level[:, None])
    growth.linear_path(level, rate, 2)
    assert rate.tolist() == [0.1, -0.2, 0.3]


def test_aarr_fit_is_the_regression() -> None:
    years = np.array([1990, 1995, 2000, 2004, 2010])
    values = np.array([53.0, 47.0, 43.0, 30.0, 28.0])
    slope = np.polyfit(years - 2000.0, np.log(values), 1)[0]
    assert growth.aarr_fit(years, values) == pytest.approx(1 - math.exp(slope), rel=1e-10)
    both = growth.aarr_fit(years, [values, values * 1e200])
    assert both == pytest.approx([growth.aarr_fit(years, values)] * 2, rel=1e-10)
    assert growth.aarr_fit([2000, 2003], [7.0, 7.0]) == 0.0


def test_every_public_function_has_reference_raises_and_example() -> None:
    for name in growth.__all__:
        thing = getattr(growth, name)
        if not callable(thing) or isinstance(thing, type):
            continue
        sections = ["Parameters", "Returns", "Raises", "Examples"]
        sections += [] if name == "tried" else ["References"]
        assert [part for part in sections if f"{part}\n" not in thing.__doc__] == [], name


def test_one_undefined_element_leaves_its_neighbours_alone() -> None:
    """A step that is mended for overflow is mended alone: 0 over 1e-320 years stays 0."""
    values, reasons = growth.tried(growth.linear_step, [0.0, 1.0], [0.0, 1.0], [0.0, 1e-320])
    assert values[1] == 0
    assert reasons.tolist() == ["undefined_rate", ""]


# ---- a sound call never pays for the search ----------------------------------------------------

SOUND: dict[str, list[tuple[Any, ...]]] = {
    "cagr": [(100, 120, 1), (100, 120, 2), (100, 120, 3), (100, 0, 3), (1, 1e-9, 3), (5, 5, 1),
             (100, 120, [1, 2, 3]), ([1, 2, 3], [3, 2, 1], 2)],
    "compound": [(100, 0.1, 3), (0, 0.1, 3), (100, 0.1, 0), (100, -0.9, 64), (100, 0.1, [3, 100])],
    "required_start": [(100, 0.1, 3), (0, 0.1, 0), (100, -0.9, 3), (1, 0.1, [3, 100])],
    "log_rate": [(100, 120, 1), (100, 1, 3)],
    "rate_from_log": [(0.1,), (-0.1,)],
    "log_from_rate": [(0.1,), (-0.9,)],
    "aarr": [(100, 50, 1), (100, 50, 3)],
    "aarr_from_slope": [(0.1,), (-0.1,)],
    "periods_to_reach": [(100, 120, 0.1, "exactly"), (100, 120, 0.1, "at_least"),
                         (100, 80, -0.1, "at_most")],
    "doubling_time": [(0.1,), (1e-6,)],
    "change": [(100, 120), (100, 0), (100, -5), (1e-9, 1)],
    "remaining_rate": [(0.1, 0.2, 2), (-0.9, -1, 0.5), (0, 0, 1)],
    "intensity_change": [(0.1, 0.2, 0), (-1, -0.9, 3), (0.1, 0.1, 0.5)],
    "acceleration": [(0.1, 0.2), (-3, 1e-9), (0, 5)],
    "elasticity": [(0.1, 0.2), (-3, 0.1)],
    "share_of": [(1, 3), (-1, 0.1)],
    "first_addition": [(100, 0.1, 3), (-100, -1, 1), (0, 0, 1), (100, -0.5, 30)],
    "gap": [(1, 2, "at_least"), (2, 1, "exactly"), (0, 0, "at_most"), (-5, 5, "below")],
    "project_latest": [(100, 120, 3), (100, 0, 3), (100, 120, 0), (1, 1e6, 40)],
    "linear_step": [(-5, 5, 0.5), (5, -5, 3)],
    "project_linear": [(-5, 1, 0), (5, -1, 3)],
    "log_odds": [(50, 100), (1e-9, 0.1), (99.9, 100)],
    "share_from_log_odds": [(0, 100), (-900, 100), (9, 0.1)],
}  # fmt: skip


def test_no_rule_is_asked_where_every_number_is_sound(monkeypatch: Any) -> None:
    """Which element is to blame is looked for only where one may be: that takes far longer."""
    wanted = {
        name: [growth.tried(getattr(growth, name), *args) for args in rows]
        for name, rows in SOUND.items()
    }
    assert set(SOUND) | {"required_rate"} == set(RELATIONS)

    def search(relation: Any, *_: Any) -> Any:
        raise AssertionError(f"{relation.name} looks for a culprit")

    monkeypatch.setattr(Relation, "_search", search)
    for name, rows in SOUND.items():
        for args, (values, reasons) in zip(rows, wanted[name], strict=True):
            assert (np.asarray(reasons) == "").all(), (name, args)
            np.testing.assert_array_equal(getattr(growth, name)(*args), values)
    growth.chain([-1, 0.5, 0])
    growth.cumulate([-5, 0, 1e300])
    growth.aarr_fit([2020, 2021], [1e-9, 1e9])
    growth.average_growth_level_method(1e-9, [0.0, 1.0])


OVERFLOW: list[tuple[str, tuple[Any, ...]]] = [
    ("cagr", (1e-300, 1e300, 1)),
    ("cagr", (1, 1e300, 0.5)),
    ("aarr", (1e-300, 1e300, 1)),
    ("compound", (1e300, 1, 99)),
    ("required_start", (1e300, -0.9, 99)),
    ("log_rate", (1, 1e300, 1e-320)),
    ("rate_from_log", (1000,)),
    ("aarr_from_slope", (1000,)),
    ("periods_to_reach", (1, 1e300, 5e-324, "at_least")),
    ("doubling_time", (5e-324,)),
    ("change", (1e-300, 1e300)),
    ("change", (1e-300, -1e300)),
    ("remaining_rate", (-0.9999999, 1e308, 1)),
    ("intensity_change", (1e300, 0, 5)),
    ("acceleration", (1e300, 1e-300)),
    ("acceleration", (-1e300, 1e-300)),
    ("elasticity", (1e300, 1e-300)),
    ("elasticity", (-1e300, 1e-300)),
    ("share_of", (1e300, 1e-300)),
    ("share_of", (-1e300, 1e-300)),
    ("gap", (1e308, -1e308, "at_least")),
    ("gap", (1e308, -1e308, "at_most")),
    ("project_latest", (1e-300, 1e300, 2)),
    ("linear_step", (-1e308, 1e308, 0.5)),
    ("linear_step", (1e308, -1e308, 0.5)),
    ("project_linear", (1e308, 1e308, 1)),
    ("project_linear", (-1e308, -1e308, 1)),
]


@pytest.mark.parametrize(("name", "args"), OVERFLOW)
def test_what_a_double_cannot_hold_is_said_and_never_infinite(
    name: str, args: tuple[Any, ...]
) -> None:
    assert growth.tried(getattr(growth, name), *args).reasons == "out_of_range"
    rows = [[value, value] for value in args]
    with pytest.raises(GrowthUndefinedError, match="double precision"):
        getattr(growth, name)(*rows)


def test_a_strict_direction_counts_a_gap_as_its_plain_one_does() -> None:
    assert growth.gap([99, 101, 100], 100, "above").tolist() == [-1, 1, 0]
    assert growth.gap([99, 101, 100], 100, "below").tolist() == [1, -1, 0]
    assert growth.gap([99, 101], 100, "exactly").tolist() == [-1, -1]
    assert growth.meets([99, 101, 100], 100, "above").tolist() == [False, True, False]
    assert growth.meets([99, 101, 100], 100, "below").tolist() == [True, False, False]


def test_a_path_has_a_million_periods_at_most() -> None:
    assert growth.split_even(1, 1_000_000).shape == (1_000_000,)
    for wrong in (1_000_001, 0, 1.5):
        with pytest.raises(GrowthUndefinedError, match="whole number of periods"):
            growth.split_even(1, wrong)


def test_a_quotient_of_growth_beyond_all_doubles_has_its_root() -> None:
    wanted = mpmath.expm1(mpmath.log((1 + exact(1e308)) / (1 + exact(-0.9999))) / 50)
    agrees(growth.remaining_rate(-0.9999, 1e308, 50), wanted)


def test_a_chain_that_leaves_the_number_range_and_comes_back() -> None:
    almost_all = -1 + 2.0**-53
    yearly = [1e160, 1e160, almost_all, almost_all]
    agrees(growth.chain(yearly), mpmath.fprod(1 + exact(rate) for rate in yearly) - 1)
    assert growth.chain([1e200, 1e200, -1]) == growth.chain([-1, 1e20, 5]) == -1


def test_straight_paths_over_the_whole_number_range() -> None:
    top = 1e308
    path = growth.linear_path([-top, top], [top, -top], 4)
    assert path == pytest.approx(np.array([[-1, -0.5, 0, 0.5, 1], [1, 0.5, 0, -0.5, -1]]) * top)
    steep = growth.linear_path(-top, 1.7 * top, 4)  # its steps leave the range before its end does
    assert steep == pytest.approx(np.array([-1, -0.325, 0.35, 1.025, 1.7]) * top)
    assert growth.linear_step([-top, 0, top], [top, 6, -top], 2).tolist() == [top, 3, -top]


def test_the_guard_is_16_roundings() -> None:
    rounding = 2.0**-52
    for direction, sense in ((-1, "at_least"), (1, "at_most")):
        assert growth.meets(1 + direction * 16 * rounding, 1, sense)
        assert not growth.meets(1 + direction * 17.5 * rounding, 1, sense)
        assert not growth.meets(1 + direction * 16 * rounding, 1, "above")


def test_directions_of_many_paths_each_count_for_their_own() -> None:
    years = growth.whole_periods_to_reach
    senses = ["at_least", "above", "above"]
    assert years(100, [121, 121, 120], 0.1, senses).tolist() == [2, 3, 2]
    assert years(100, [81, 81], -0.1, ["at_most", "below"]).tolist() == [2, 3]
    with pytest.raises(GrowthUndefinedError, match="touches its target and never passes"):
        years(100, [90, 100], 0.0, ["at_least", "above"])
    with pytest.raises(GrowthUndefinedError, match="has no whole year"):
        years(100, 121, 0.1, ["at_least", "exactly"])


@pytest.mark.parametrize(
    ("first", "last"), [(-9999, 9999), (-10000, 0), (0, 10000), (10000, 10000)]
)
def test_totals_of_the_years_there_are(first: int, last: int) -> None:
    years, values = [-10000, 10000], [1, 1]
    if abs(first) < 10000 > abs(last):
        assert growth.total_between(years, values, first, last) == 19999
        return
    with pytest.raises(CorridorError, match="a whole number from -9999 to 9999 is needed"):
        growth.total_between(years, values, first, last)


def test_an_average_growth_never_falls_below_all_there_is() -> None:
    """Sums of nearly nothing: the last step of the root would pass -1 by a rounding."""
    tiny = np.linspace(5e-17, 3e-16, 400)
    values = np.stack([tiny, tiny * 0, tiny * 0], axis=-1)
    assert (growth.average_growth_cumulative_method(np.ones(400), values) >= -1).all()


def test_averages_at_the_end_of_the_number_range_and_beyond_it() -> None:
    top = 1.7e308
    for solve in (
        growth.average_growth_level_method,
        growth.average_growth_cumulative_method,
    ):
        assert solve(top, [top]) == 0
        for base, values, name in ((math.inf, [1, 2], "base"), (1, [1, math.inf], "value")):
            with pytest.raises(GrowthUndefinedError, match=f"{name} is infinite"):
                solve(base, values)


# ---- each rule catches what it names, and no neighbour ------------------------------------------

NO_DIRECTION = ", where a rate has no clear direction"
BELOW, NOT_ABOVE = "rate is below -1 (-100 %)", "rate must be above -1 (-100 %)"
LEVELS: list[tuple[tuple[Any, ...], str]] = [
    ((1, 2, 0), "periods must be above 0"),
    ((1, 2, -0.1), "periods must be above 0"),
    ((0, 0, 1), "start and end are both 0, which every rate fits"),
    ((0, 1, 1), "start is 0, from which no rate grows"),
    ((-0.1, -0.1, 1), f"start and end are both negative{NO_DIRECTION}"),
    ((-0.1, 0, 1), "start is negative"),
    ((-0.1, 2, 1), "the sign changes"),
    ((1, -0.1, 1), "the sign changes"),
    ((0.5, -0.1, 1), "the sign changes"),
]
NEVER = "this rate never leads from start to target"
RULES: dict[str, list[tuple[tuple[Any, ...], str]]] = {
    "cagr": LEVELS,
    "aarr": LEVELS,
    "log_rate": [*LEVELS, ((1, 0, 1), "end is 0, whose log is undefined")],
    "compound": [((-0.1, 0.1, 1), f"start is negative{NO_DIRECTION}"), ((1, -1.1, 1), BELOW),
                 ((1, 0.1, -0.1), "periods is negative")],
    "required_start": [((-0.1, 0.1, 1), f"target is negative{NO_DIRECTION}"),
                       ((1, -1, 1), NOT_ABOVE), ((1, 0.1, -0.1), "periods is negative")],
    "log_from_rate": [((-1,), NOT_ABOVE), ((-1.1,), NOT_ABOVE)],
    "periods_to_reach": [
        ((-0.1, 1, 0.1, "exactly"), "a level is negative"),
        ((1, -0.1, -0.1, "at_most"), "a level is negative"),
        ((1, 2, -1, "at_least"), NOT_ABOVE),
        *(((*numbers, sense), NEVER) for numbers, sense in (
            ((1, 2, 0), "at_least"), ((1, 2, -0.1), "at_least"), ((0, 1, 0.1), "at_least"),
            ((2, 1, 0.1), "at_most"), ((2, 1, 0.1), "exactly"), ((1, 2, -0.1), "exactly"),
            ((1, 0, -0.1), "at_most"), ((1, 2, 0), "exactly"),
        )),
    ],
    "doubling_time": [((0,), "a level that does not grow never doubles")],
    "change": [((0, 1), "start is 0"), ((-0.1, 1), f"start is negative{NO_DIRECTION}")],
    "remaining_rate": [
        ((0.1, 0.2, 0), "periods_left must be above 0"),
        ((0.2, 0.1, 0), "periods_left must be above 0"),
        ((-1, 0.2, 1), "after a change of -1 (-100 %) nothing is left to grow"),
        ((0.1, -1.1, 1), "total is below -1 (-100 %)"),
    ],
    "intensity_change": [
        ((0.1, 0.1, -0.1), "years is negative"),
        ((0.1, -1, 3), "denominator_growth must be above -1 (-100 %)"),
        ((-1.1, 0.1, 3), "numerator_growth is below -1 (-100 %)"),
    ],
    "acceleration": [
        ((0.1, low), "achieved is not above 0, so that no multiple of it is an acceleration (S15)")
        for low in (0, -0.1)
    ],
    "elasticity": [((0.1, 0), "reference_growth is 0")],
    "share_of": [((1, 0), "whole must be above 0"), ((1, -0.1), "whole must be above 0")],
    "first_addition": [((5, -1.1, 3), BELOW), ((5, 0.1, 0.9), "periods is below 1")],
    "project_latest": [
        ((0, 1, 1), "prev is 0, from which no rate grows"),
        ((-0.1, 1, 1), "a level is negative"),
        ((1, -0.1, 1), "a level is negative"),
        ((1, 1, -0.1), "periods is negative"),
    ],
    "linear_step": [((0, 1, 0), "periods must be above 0")],
    "project_linear": [((0, 1, -0.1), "periods is negative")],
    "log_odds": [
        *(((share, 100), "a share must lie inside its bounds") for share in (0, -0.1, 100, 100.1)),
        ((1, 0), "upper must be above 0"), ((1, -0.1), "upper must be above 0"),
    ],
    "share_from_log_odds": [((0, 0), "upper must be above 0")],
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_rule_says_what_is_wrong(name: str) -> None:
    for args, words in RULES[name]:
        with pytest.raises(GrowthUndefinedError) as caught:
            getattr(growth, name)(*args)
        assert f"{name} is undefined: {words} (" in str(caught.value), args


@pytest.mark.parametrize("name", sorted(SOUND))
def test_a_rule_catches_no_neighbour_of_what_it_names(name: str) -> None:
    function = getattr(growth, name)
    for args in SOUND[name]:
        if any(isinstance(value, list) for value in args):
            continue
        for place, value in enumerate(args):
            if isinstance(value, str):
                continue
            rows = [[value, value] for value in args]
            rows[place][1] = math.nan
            values, reasons = growth.tried(function, *rows)
            assert reasons.tolist() == ["", "missing"], args
            assert values[0] == pytest.approx(function(*args), rel=1e-14, abs=0), args


def test_the_rules_of_lists() -> None:
    for function, args, words in (
        (growth.average_growth_level_method, ([0.5, 0], [[0.5], [1]]), "base must be above 0 ("),
        (growth.average_growth_cumulative_method, (1, [0.5, -0.1]), "a value is negative ("),
        (growth.chain, ([-1, -1.1],), "rate is below -1 (-100 %) ("),
        (growth.aarr_fit, ([1, 2], [0.5, 0]), "a log needs a value above 0 ("),
    ):
        with pytest.raises(GrowthUndefinedError) as caught:
            function(*args)
        assert words in str(caught.value)
        assert "element (1," in str(caught.value)
        assert "element (0," not in str(caught.value)
