"""Shares of time and of ways at their edges: closed forms, and one wrong value among right ones."""

from __future__ import annotations

import math

import pytest

import corridor_model as cm
from corridor_model.assessment.progress import (
    achieved_share,
    achieved_share_of_range,
    completion,
    distance_outside,
    distance_to_target,
    elapsed_of_year,
    elapsed_share,
    expected_progress,
    fold_around_target,
    milestones,
    overfulfilment,
    parity,
    path_shares,
    schedule_gap,
    share_of_periods_met,
    window_completion,
)


def test_a_year_has_twelve_months_and_no_fewer_than_none():
    assert [elapsed_of_year(months) for months in (0, 3, 12)] == [0.0, 0.25, 1.0]
    for wrong in (-1, -0.01, 12.01, 13, [3, 13], [-1, 3]):
        with pytest.raises(cm.CorridorError, match="must lie within 0-12"):
            elapsed_of_year(wrong)


def test_time_before_the_start_and_after_the_end_is_none_and_all():
    assert elapsed_share(2018, 2017, 2022) == 0.0
    assert elapsed_share(2018, 2023, 2022) == 1.0
    assert elapsed_share([2018, 2020], 2021, 2022).tolist() == [0.75, 0.5]
    for start in (2022, 2023, [2018, 2022], [2023, 2018]):
        with pytest.raises(cm.CorridorError, match="end must lie after the start"):
            elapsed_share(start, 2020, 2022)


@pytest.mark.parametrize(
    ("base", "actual", "goal"), [(50, 60, 80), (80, 70, 40), (10, 5, 40), (1, 99, 50)]
)
def test_shares_of_a_way_are_their_formulas(base, actual, goal):
    shares = path_shares(base, actual, goal)
    odds = [math.log(x / (100 - x)) for x in (base, actual, goal)]
    assert shares.linear == (actual - base) / (goal - base)
    assert shares.geometric == pytest.approx(math.log(actual / base) / math.log(goal / base))
    log_odds = path_shares(base, actual, goal, bounded=True).log_odds
    assert log_odds == pytest.approx((odds[1] - odds[0]) / (odds[2] - odds[0]))


def test_ways_that_a_value_has_not():
    for values in ((0, 5, 10), (5, 0, 10), (10, 5, 0), (-5, 5, 10)):
        shares = path_shares(*values, bounded=True)
        assert (shares.geometric, shares.log_odds) == (None, None), values
    assert path_shares(50, 60, 100, bounded=True).log_odds is None
    assert path_shares(50, 60, 100, bounded=True).geometric is not None
    assert path_shares(50, 60, 80).log_odds is None, "no share in percent"
    with pytest.raises(cm.CorridorError):
        path_shares(5, 6, 5)


def test_one_unknown_among_numbers_is_an_error():
    with pytest.raises(cm.CorridorError, match="is not a number"):
        elapsed_of_year([3.0, math.nan])


def test_parity_is_a_band_and_then_the_larger_way_round():
    assert parity([0.97, 1.0, 1.03]).tolist() == [1.0, 1.0, 1.0]
    assert parity([1.04, 2.0, 0.96, 0.5]).tolist() == [1.04, 2.0, 1 / 0.96, 2.0]
    for wrong in (0.0, -1.0, [1.0, 0.0], [-0.5, 2.0]):
        with pytest.raises(cm.CorridorError, match="must be above 0"):
            parity(wrong)


def test_the_place_between_the_worst_and_the_target():
    assert distance_to_target([2, 5, 12], 10).tolist() == [0.0, 0.375, 1.25]
    assert distance_to_target([2, 5, 12], 10, cap=True).tolist() == [0.0, 0.375, 1.0]
    assert distance_to_target([12, 5, 1], 2, direction=-1).tolist() == [0.0, 0.7, 1.1]


def test_an_error_names_the_first_element_that_is_wrong():
    with pytest.raises(cm.CorridorError, match=r"no way to go at \(1, 0\)"):
        achieved_share([[0, 1], [5, 5]], 3, [[1, 2], [5, 5]])
    with pytest.raises(cm.CorridorError, match=r"no way to go\.$"):
        achieved_share(5, 3, 5)
    with pytest.raises(cm.CorridorError, match=r"actual is not a number at \(2,\)"):
        completion([1, 2, math.nan, math.nan], 4)
    with pytest.raises(cm.CorridorError, match=r"nothing was planned at \(1,\)"):
        completion(3, [1, 0])
    with pytest.raises(cm.CorridorError, match=r"the base lies in the range.* at \(1,\)"):
        achieved_share_of_range([0, 1.5], 3, 1, 2)
    with pytest.raises(cm.CorridorError, match="do not go together"):
        achieved_share([1, 2], [1, 2, 3], 4)


def test_shares_are_numbers_of_numbers_and_arrays_of_arrays():
    for value in (achieved_share(0, 3, 4), completion(3, 4), schedule_gap(1, 0.25)):
        assert (type(value), value) == (float, 0.75)
    assert achieved_share([0, 8], [3, 5], 4).tolist() == [0.75, 0.75]
    assert achieved_share(10, 4, 2) == 0.75, "a way down counts like a way up"
    assert distance_outside([0, 1, 2, 5], [1, 1, 1, -math.inf], [2, 2, 2, math.inf]).tolist() == [
        1.0, 0.0, 0.0, 0.0
    ]  # fmt: skip
    assert achieved_share_of_range(4, [4, 3, 2, 0, -2], 1, 2).tolist() == [0, 0.5, 1, 0.5, -0.5]
    assert overfulfilment([25, 15], 20).tolist() == [0.25, -0.25]
    assert window_completion([3, 3], [4, 8]) == 0.5
    assert fold_around_target([1, 5], 3).tolist() == [5, 5]


def test_what_a_schedule_asks_for_is_its_part_of_the_whole():
    assert expected_progress(2020, 2021, 2024) == 0.25
    assert expected_progress(2020, 2021, 2024, 8) == 2.0
    assert milestones(10, 2, [0, 0.25, 1]) == [10, 8, 2]
    assert (schedule_gap(0.5 + 4e-13, 0.25), schedule_gap(0.1, 0.7)) == (0.25, -0.6)


def test_periods_up_to_the_latest_one_with_a_value():
    assert share_of_periods_met([1, 3, None, 3], 2) == 0.5
    assert share_of_periods_met([None, 3, None, None], 2) == 0.5
    assert share_of_periods_met([3], 2) == share_of_periods_met([2], 2) == 1.0
    assert share_of_periods_met([1, None], 2) == 0.0
    assert share_of_periods_met([1, 2, 3, 4], 2, "at_most") == 0.5
    for none in ([], [None, None]):
        with pytest.raises(cm.CorridorError, match="no period has a value"):
            share_of_periods_met(none, 2)


def test_a_band_has_two_ends_and_places_have_values():
    assert parity(1.5, (0.5, 1.5)) == 1.0
    assert parity([0.49, 1.6], (0.5, 1.5)).tolist() == [1 / 0.49, 1.6]
    for band in ((1.0,), (0.9, 1.0, 1.1)):
        with pytest.raises(cm.CorridorError, match="two numbers"):
            parity(1.0, band)
    with pytest.raises(cm.CorridorError, match="no period has a value"):
        distance_to_target([], 3)
    with pytest.raises(cm.CorridorError, match="the worst value is the target"):
        distance_to_target([3, 5], 3)
