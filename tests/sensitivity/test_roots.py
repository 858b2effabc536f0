"""Where a verdict tips: the nearest by its own distance, both ends of a band, every crossing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.helpers.portfolio_plans import made_up_plan

import corridor_model as cm
from corridor_model.scenario.profiles import SCurve
from corridor_model.sensitivity import switching_values, two_way
from corridor_model.sensitivity.switching import edges_along, flips

DELAY, COST = "delay:w", "overrun:w"
MOST = 12 * (1 - (119.9 / 120) ** 0.5)
"""Months late at which 119.9 of 120 亿元 are still spent in 2021: x^2 of them by x of the time."""


@pytest.fixture(scope="module")
def one_work():
    work = {"id": "w", "investment": 120.0, "start": "2021-01", "end": "2021-12"}
    return made_up_plan([work]), cm.Scenario("s", cm.SetProfile("w", profile=SCurve(2, 1)))


def tipping(one_work, **more):
    plan, scenario = one_work
    return switching_values(plan, "programme:2021", [DELAY], threshold=119.9, sense="at_least",
                            scenario=scenario, **more)  # fmt: skip


@pytest.mark.uncounted
@pytest.mark.parametrize("points", [3, 64, 65, 200])
def test_the_nearest_switching_value_is_the_nearest(one_work, points):
    made = tipping(one_work, points=points)
    assert float(made["band_low"][0]) < 0 < float(made["band_high"][0])
    early, late = (float(made[name][0]) for name in ("band_low", "band_high"))
    nearest = float(made["switching_value"][0])
    assert nearest == min((early, late), key=abs)
    assert made["crossings"].item() == 2
    assert made["edge_value"].values.tolist() == [[early, late]]
    assert made["edge_good_side"].values.tolist() == [["above", "below"]]


def test_the_case_of_the_flat_end(one_work):
    made = tipping(one_work)
    assert float(made["switching_value"][0]) == pytest.approx(MOST, rel=1e-6)
    assert pytest.approx(0.0050, abs=1e-4) == MOST
    # what comes early is spent before 2021: x^2 of it
    assert float(made["band_low"][0]) == pytest.approx(-12 * (0.1 / 120) ** 0.5, rel=1e-6)
    assert str(made["good_side"][0].values) == "below"
    for lang, words in (("en", ("late", "early", " and ")), ("zh", ("推迟", "提前", "、"))):
        said = cm.describe(made, lang)
        assert all(word in said for word in words)


def test_a_band_beside_where_the_work_stands_is_not_stepped_over(one_work):
    """Six months late, and good only within a third of a month of the plan's own dates."""
    plan, scenario = one_work
    late = scenario + cm.Scenario("late", cm.Delay("w", months=6))
    for points in (9, 30, 65):
        made = switching_values(plan, "programme:2021", {DELAY: (-24, 60)}, threshold=119.9,
                                sense="at_least", scenario=late, points=points)  # fmt: skip
        assert made.attrs["met"] == 0
        assert made["crossings"].item() == 2, points
        assert float(made["switching_value"][0]) == float(made["band_high"][0])
        assert float(made["band_high"][0] - made["band_low"][0]) < 0.4
        assert str(made["good_side"][0].values) == "below"


@settings(max_examples=80)
@given(
    st.lists(st.floats(-9, 9), min_size=1, max_size=5, unique_by=lambda x: round(x, 1)),
    st.floats(-9.5, 9.5),
    st.booleans(),
    st.integers(2, 60),
)
def test_every_root_of_a_polynomial_on_a_fine_grid(roots, stands, falls, points):
    sign = -1.0 if falls else 1.0

    def margin(x):
        return sign * float(np.prod([x - root for root in roots]))

    fine = np.sort(
        np.concatenate([np.linspace(-10, 10, points), np.add(roots, 0.05), np.add(roots, -0.05)])
    )
    found = flips(margin, stands, margin(stands), fine.tolist())
    ordered = sorted(roots)
    np.testing.assert_allclose([edge.value for edge in found.edges], ordered, atol=1e-6)
    assert abs(found.edge.value - stands) <= min(abs(root - stands) for root in roots) + 1e-6
    low, high = found.band
    middle = (
        np.nanmean([low, high])
        if not np.isnan([low, high]).any()
        else (low + 1e-3 if np.isnan(high) else high - 1e-3)
    )
    assert margin(middle) >= 0


@settings(max_examples=60)
@given(st.floats(-9.8, 9.8), st.floats(0.001, 0.5), st.floats(-12, 12), st.sampled_from([1, -1]))
def test_a_stretch_narrower_than_the_steps_is_found(centre, half, stands, sign):
    """A good band, or a gap in what is good, between the points of a coarse grid."""

    def margin(x):
        return sign * (half - abs(x - centre) * (1 + 0.1 * np.tanh(x)))

    grid = np.linspace(-10, 10, 8).tolist()
    edges = edges_along(margin, grid, [margin(x) for x in grid])
    assert len(edges) == 2
    assert all(abs(margin(edge.value)) < 1e-6 for edge in edges)
    assert [edge.good_side for edge in edges] == (
        ["above", "below"] if sign > 0 else ["below", "above"]
    )
    found = flips(margin, stands, margin(stands), grid)
    assert found.edge.value == min((e.value for e in found.edges), key=lambda v: abs(v - stands))


def test_yes_or_no_has_nothing_between(one_work):
    plan, scenario = one_work
    made = switching_values(plan, "programme:2021", ["cancel:w"], threshold=60, sense="at_least",
                            scenario=scenario)  # fmt: skip
    assert made["edge_value"].values.tolist() == [[0.0]]
    assert np.isnan(made["band_low"].item())
    assert made["band_high"].item() == 0


def test_a_frontier_with_two_crossings_says_both(one_work):
    """Dearer works may be later and earlier; between the two edges the money is spent."""
    plan, scenario = one_work
    made = two_way(plan, "programme:2021", (COST, 1.0, 1.2), (DELAY, -6, 6), points=(5, 7),
                   threshold=119.9, sense="at_least", scenario=scenario)  # fmt: skip
    assert made["crossings"].values.tolist() == [2] * 5
    low, high = made["band_low"].values, made["band_high"].values
    assert (low < 0).all()
    assert (high > 0).all()
    # f x^2 = 119.9 / 120 at the late end, x = 1 - months / 12
    want = 12 * (1 - (119.9 / 120 / made["x"].values) ** 0.5)
    np.testing.assert_allclose(high, want, rtol=1e-6)
    assert (np.diff(high) > 0).all()
    assert (np.diff(low) < 0).all()
    nearest = np.where(-low < high, low, high)
    np.testing.assert_array_equal(made["frontier"].values, nearest)
    np.testing.assert_array_equal(made["edge_value"].values, np.column_stack([low, high]))
    assert not made["frontier_reason"].values.any()
    assert "more than once" in cm.describe(made, "en")
    assert "不止一次" in cm.describe(made, "zh")


def test_a_band_between_the_points_of_a_grid_is_no_frontier_that_is_never_met(one_work):
    plan, scenario = one_work
    made = two_way(plan, "programme:2021", (COST, 1.0, 1.2), (DELAY, -7, 5), points=(2, 4),
                   threshold=119.9, sense="at_least", scenario=scenario)  # fmt: skip
    assert not made["met"].values[:, 0].any()  # at -7, -3, 1 and 5
    assert made["crossings"].values[0] == 2
    assert made["frontier_reason"].values[0] == ""


def test_the_figure_and_the_rows_of_a_band(one_work, tmp_path):
    from corridor_model.cli.sensitivity import records

    plan, scenario = one_work
    made = two_way(plan, "programme:2021", (COST, 1.0, 1.2), (DELAY, -6, 6), points=(3, 7),
                   threshold=119.9, sense="at_least", scenario=scenario)  # fmt: skip
    assert cm.sensitivity_figure(made, tmp_path / "grid.svg").stat().st_size > 1000
    assert {row["crossings"] for row in records(made)} == {2}
    (row,) = records(tipping(one_work))
    assert row["band_low"] < 0 < row["band_high"]
