"""Paths at given rates: what is reached, when, and from which start (S16)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plan.test_required_growth import made

import corridor_model as cm
from corridor_model.plan.growth_paths import paths_of

YEARS = np.arange(2016, 2024)


def paths(indicator, *rates):
    return paths_of(indicator, np.array(rates), YEARS, 2019)


def at(found, year, rate=0):
    return found.value[rate, list(YEARS).index(year)]


@pytest.fixture(scope="module")
def dataset(plan):
    return cm.growth_paths(plan)


def test_gdp_on_the_four_paths(dataset):
    gdp = dataset.sel(indicator="gdp")
    expected = [451.84 * (1 + r) ** 4 for r in (0.10, 0.12, 0.15, 0.20)]
    assert gdp["value"].sel(year=2022).to_numpy() == pytest.approx(expected)
    assert gdp["reached"].to_numpy().all()
    assert gdp["year_reached"].to_numpy().tolist() == [2021, 2021, 2020, 2020]
    assert gdp["required_baseline"].sel(rate=0.10).item() == pytest.approx(580 / 1.1**3)


def test_growth_targets_are_indices_with_the_multiple_they_imply(dataset):
    target = dataset["target"].sel(indicator="hightech_investment_growth").item()
    assert target == pytest.approx(152.0875)
    row = dataset.sel(indicator="hightech_investment_growth")
    assert row["reached"].to_numpy().tolist() == [False, False, True, True]
    assert row["year_reached"].to_numpy().tolist() == [2024, 2023, 2022, 2022]
    assert str(row["origin"].item()) == "assumed"


def test_a_target_hit_exactly_counts_in_its_year():
    # 100 * 1.1**3 is 133.10000000000002 in binary, and 133.1 / 1.1**3 is not 100 either
    for goal in (133.1, 100 * 1.1**3, np.nextafter(133.1, 200)):
        found = paths(made(start=100.0, goals=((float(goal), "at_least", 2022),)), 0.10)
        assert found.reached[0]
        assert found.year_reached[0] == 2022


def test_at_most_falls_by_the_rate():
    found = paths(made(start=0.5, goals=((0.4, "at_most", 2022),), unit="吨标准煤/万元"), 0.10)
    assert at(found, 2022) == pytest.approx(0.5 * 0.9**3)
    assert found.reached[0]
    assert found.year_reached[0] == 2022 - 0 if 0.5 * 0.9**2 > 0.4 else 2021
    assert found.required_baseline[0] == pytest.approx(0.4 / 0.9**3)


def test_a_share_above_100_is_masked():
    found = paths(made("share", start=80.0, goals=((90.0, "at_least", 2022),), unit="%"), 0.20)
    reasons = dict(zip(YEARS, found.value_reason[0], strict=True))
    assert reasons[2020] == ""
    assert reasons[2021] == reasons[2022] == "above_bound"
    assert np.isnan(at(found, 2022))
    assert found.reached_reason[0] == "above_bound"
    assert not found.reached[0]
    assert found.year_reached[0] == 2020


def test_a_back_cast_above_100_is_masked():
    found = paths(made("share", goals=((65.0, "at_most", 2022),), unit="%"), 0.20)
    assert found.required_baseline_reason[0] == "above_bound"


def test_cumulative_additions_grow_and_sum_to_the_target():
    found = paths(
        made("cumulative", start=0.0, goals=((120.0, "at_least", 2022),), unit="家"), 0.10, 0.0
    )
    first = 120 / (1 + 1.1 + 1.21)
    assert found.first_addition[0] == pytest.approx(first)
    assert at(found, 2020) == pytest.approx(first)
    assert at(found, 2021) == pytest.approx(first * 2.1)
    assert at(found, 2022) == 120
    assert found.first_addition[1] == pytest.approx(40)
    assert found.reached.all()


def test_an_annual_target_is_its_floor_in_each_year():
    found = paths(made("annual", goals=((8.0, "at_least", 2022),), unit="个"), 0.10, 0.20)
    for year in (2020, 2021, 2022):
        assert at(found, year, 0) == at(found, year, 1) == 8
    assert np.isnan(at(found, 2019))
    assert found.reached_reason == ["not_applicable"] * 2


@pytest.mark.parametrize("kind", ["milestone", "completion"])
def test_promises_have_no_path(kind):
    found = paths(made(kind, goals=((1.0, "at_least", 2022),)), 0.10)
    assert np.isnan(found.value).all()
    assert (found.value_reason == "not_applicable").all()


def test_without_a_baseline_the_start_is_given():
    found = paths(made(), 0.10)
    assert (found.value_reason == "no_baseline").all()
    assert found.required_baseline[0] == pytest.approx(100 / 1.331)


def test_shrinking_never_arrives():
    found = paths(made(start=50.0), -0.05)
    assert found.year_reached_reason[0] == "never_reached"
    assert not found.reached[0]


def test_the_year_may_lie_after_the_target_year():
    found = paths(made(start=50.0), 0.10)
    assert found.year_reached[0] == 2027
    assert not found.reached[0]


def test_an_at_most_target_cannot_fall_by_more_than_all():
    found = paths(made(start=50.0, goals=((10.0, "at_most", 2022),)), 1.2)
    assert found.reached_reason[0] == "undefined_rate"


def test_masks_and_reasons_agree_everywhere(dataset):
    for name in ("value", "year_reached", "required_baseline", "first_addition"):
        masked = np.isnan(dataset[name].to_numpy())
        assert (masked == (dataset[f"{name}_reason"].to_numpy() != "")).all(), name
    assert not dataset["reached"].where(dataset["reached_reason"] != "", False).any()


@pytest.mark.parametrize("rates", [[], [np.nan], [-1.0], [0.1, 0.1], [np.inf]])
def test_wrong_rates_are_refused(plan, rates):
    with pytest.raises(cm.CorridorError, match="rates"):
        cm.growth_paths(plan, rates)


def test_one_rate_may_be_a_number(plan):
    assert cm.growth_paths(plan, 0.1)["rate"].to_numpy().tolist() == [0.1]


@given(
    st.floats(0.01, 1e6),
    st.floats(0.01, 1e6),
    st.floats(-0.5, 2.0),
    st.sampled_from([1.0, 1e-4, 1e4]),
)
def test_back_cast_and_path_are_inverses_in_any_unit(start, goal, rate, factor):
    indicator = made(start=start * factor, goals=((goal * factor, "at_least", 2022),))
    needed = paths(indicator, rate).required_baseline[0]
    again = paths(made(start=float(needed), goals=((goal * factor, "at_least", 2022),)), rate)
    assert at(again, 2022) == pytest.approx(goal * factor, rel=1e-9)
    assert again.reached[0]


@given(st.floats(0.01, 1e6), st.floats(0.01, 1e6), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_faster_path_is_never_later(start, goal, one, other):
    slow, fast = sorted((one, other))
    found = paths(made(start=start, goals=((goal, "at_least", 2022),)), slow, fast)
    assert at(found, 2022, 0) <= at(found, 2022, 1)
    assert found.reached[0] <= found.reached[1]
    if not np.isnan(found.year_reached[0]):
        assert found.year_reached[1] <= found.year_reached[0]
