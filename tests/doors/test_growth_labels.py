"""Growth functions give labels back: Series, DataFrame and DataArray in, the same out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import corridor_model as cm
from corridor_model import growth

IDS = ["a", "b", "c"]
START = pd.Series([100.0, 200.0, 50.0], index=IDS, name="start")
END = pd.Series([121.0, 180.0, 50.0], index=IDS, name="end")
FRAME = pd.DataFrame({"x": [100.0, 200.0], "y": [50.0, 10.0]}, index=["north", "south"])
ARRAY = xr.DataArray(
    [[100.0, 200.0], [50.0, 10.0]], {"place": ["n", "s"], "kind": ["x", "y"]}, ("place", "kind")
)
ELEMENTWISE = {
    "cagr": (lambda v: growth.cagr(v, v * 1.21, 2)),
    "required_rate": (lambda v: growth.required_rate(v, v * 2, 3)),
    "compound": (lambda v: growth.compound(v, 0.1, 3)),
    "required_start": (lambda v: growth.required_start(v, 0.1, 3)),
    "log_rate": (lambda v: growth.log_rate(v, v * 2, 3)),
    "rate_from_log": (lambda v: growth.rate_from_log(v / 100)),
    "log_from_rate": (lambda v: growth.log_from_rate(v / 100)),
    "aarr": (lambda v: growth.aarr(v, v / 2, 3)),
    "aarr_from_slope": (lambda v: growth.aarr_from_slope(-v / 1000)),
    "periods_to_reach": (lambda v: growth.periods_to_reach(v, v * 2, 0.1)),
    "doubling_time": (lambda v: growth.doubling_time(v / 100)),
    "project_latest": (lambda v: growth.project_latest(v, v * 1.1, 2)),
    "linear_step": (lambda v: growth.linear_step(v, v * 2, 3)),
    "project_linear": (lambda v: growth.project_linear(v, 1.0, 3)),
    "log_odds": (lambda v: growth.log_odds(v / 10)),
    "share_from_log_odds": (lambda v: growth.share_from_log_odds(v / 100)),
    "change": (lambda v: growth.change(v, v * 2)),
    "remaining_rate": (lambda v: growth.remaining_rate(v / 1000, 0.5, 2)),
    "intensity_change": (lambda v: growth.intensity_change(v / 1000, 0.1, 3)),
    "acceleration": (lambda v: growth.acceleration(v / 1000, 0.1)),
    "elasticity": (lambda v: growth.elasticity(v / 1000, 0.1)),
    "share_of": (lambda v: growth.share_of(v, v * 2)),
    "first_addition": (lambda v: growth.first_addition(v, 0.1, 3)),
    "gap": (lambda v: growth.gap(v, 100.0, "at_least")),
    "meets": (lambda v: growth.meets(v, 100.0, "at_least")),
    "whole_periods_to_reach": (lambda v: growth.whole_periods_to_reach(v, v * 2, 0.1, "at_least")),
}


@pytest.mark.uncounted
@pytest.mark.parametrize("name", ELEMENTWISE)
@pytest.mark.parametrize("labelled", [START, FRAME, ARRAY], ids=["series", "frame", "array"])
def test_labels_come_back(name, labelled):
    function = ELEMENTWISE[name]
    out = function(labelled)
    assert type(out) is type(labelled)
    np.testing.assert_array_equal(out.to_numpy(), function(labelled.to_numpy()))
    if isinstance(out, xr.DataArray):
        assert out.dims == labelled.dims
        assert out.attrs == {}  # 亿元 in is no 亿元 out (S9)
        xr.testing.assert_equal(out.place, labelled.place)
    else:
        pd.testing.assert_index_equal(out.index, labelled.index)


def test_every_function_of_growth_is_tried():
    others = {"geometric_path", "path_to_target", "linear_path", "log_odds_path", "split_even"}
    others |= {"split_growing", "cumulate", "total_between", "aarr_fit", "chain", "tried"}
    others |= {"average_rate_of_chain", "average_growth_level_method", "REASONS", "Tried"}
    others |= {"average_growth_cumulative_method"}
    assert {*growth.__all__} == {*ELEMENTWISE} | others


def test_names_are_kept_where_they_agree():
    assert growth.change(START, START + 1).name == "start"
    assert growth.change(START, END).name is None


@pytest.mark.parametrize(
    "other",
    [
        END[::-1],
        END.rename({"a": "z"}),
        END.iloc[:2],
        END.to_frame(),
        xr.DataArray(END.to_numpy(), {"id": IDS}, "id"),
    ],
    ids=str,
)
def test_other_labels_are_refused(other):
    with pytest.raises(cm.GrowthUndefinedError, match="different labels") as caught:
        growth.cagr(START, other, 3)
    assert caught.value.text("zh")


def test_arrays_with_other_labels_are_refused_and_dimensions_broadcast():
    with pytest.raises(cm.GrowthUndefinedError, match="different labels"):
        growth.change(ARRAY, ARRAY.assign_coords(place=["n", "w"]))
    turned = growth.change(ARRAY, (ARRAY * 2).T)
    xr.testing.assert_allclose(turned, xr.full_like(ARRAY, 1.0))
    by_year = xr.DataArray([1.0, 2.0], {"year": [2021, 2022]}, "year")
    out = growth.compound(ARRAY, 0.1, by_year)
    assert out.dims == ("place", "kind", "year")
    assert out.sel(place="n", kind="x", year=2022).item() == pytest.approx(121.0)


def test_numbers_without_labels_beside_labelled_ones():
    out = growth.cagr(START, [121.0, 180.0, 50.0], np.array([2, 1, 3]))
    assert out["a"] == pytest.approx(0.1)
    wide = growth.compound(START.to_numpy()[:, None], pd.Series([0.1]), 1)
    assert isinstance(wide, np.ndarray)  # axes of its own: no labels fit


def test_missing_numbers_are_named_and_tried():
    holes = START.astype("Float64").where(START > 60)
    with pytest.raises(cm.GrowthUndefinedError, match="element \\(2,\\): start is NaN"):
        growth.cagr(holes, END, 2)
    values, reasons = growth.tried(growth.cagr, holes, END, 2)
    assert reasons.to_dict() == {"a": "", "b": "", "c": "missing"}
    assert values["a"] == pytest.approx(0.1)
    assert np.isnan(values["c"])
    with pytest.raises(cm.GrowthUndefinedError, match="numbers are needed"):
        growth.cagr(pd.Series(["x", "y"]), 1.0, 2)


@pytest.mark.parametrize("path", ["geometric_path", "path_to_target", "linear_path"])
def test_paths_have_a_column_a_step(path):
    other = 0.1 if path == "geometric_path" else 200.0
    out = getattr(growth, path)(START, other, 2)
    assert out.columns.to_list() == [0, 1, 2]
    assert out.columns.name == "step"
    pd.testing.assert_index_equal(out.index, START.index)
    np.testing.assert_array_equal(out, getattr(growth, path)(START.to_numpy(), other, 2))
    by_column = getattr(growth, path)(FRAME, other, 2)
    assert by_column.loc["north", ("y", 0)] == 50.0
    array = getattr(growth, path)(ARRAY, other, 2)
    assert array.dims == ("place", "kind", "step")
    assert array.sel(place="s", kind="y", step=0).item() == pytest.approx(10.0)


def test_parts_are_counted_from_1():
    assert growth.split_even(START, 4).columns.to_list() == [1, 2, 3, 4]
    assert growth.split_growing(ARRAY, 0.1, 2)["step"].to_numpy().tolist() == [1, 2]
    assert growth.log_odds_path(START / 10, 50.0, 2).shape == (3, 3)


RATES = pd.DataFrame({2020: [0.1, 0.0], 2021: [0.1, 0.5]}, index=["a", "b"])


@pytest.mark.parametrize("rates", [RATES, RATES.T], ids=["years in columns", "years in rows"])
def test_averages_go_along_the_years_wherever_they_stand(rates):
    expected = pd.Series([0.21, 0.5], index=["a", "b"])
    pd.testing.assert_series_equal(growth.chain(rates), expected)
    np.testing.assert_allclose(growth.average_rate_of_chain(rates)["a"], 0.1)
    sums = growth.cumulate(rates)
    pd.testing.assert_index_equal(sums.index, rates.index)
    assert (sums.T if 2020 in rates.index else sums).loc["b", 2021] == 0.5
    levels = 100 * (1 + rates.T if 2020 in rates.index else 1 + rates).cumprod(axis=1)
    base = pd.Series(100.0, index=["a", "b"])
    given = levels.T if 2020 in rates.index else levels
    average = growth.average_growth_level_method(base, given)
    np.testing.assert_allclose(average, [0.1, 1.5**0.5 - 1])
    assert list(average.index) == ["a", "b"]
    reduction = growth.aarr_fit([2020, 2021], given)
    np.testing.assert_allclose(reduction, [1 - 1.1, 1 - 1.5])


def test_arrays_go_along_their_years():
    array = xr.DataArray(RATES.to_numpy(), {"id": ["a", "b"], "year": [2020, 2021]}, ("id", "year"))
    for one in (array, array.T):
        xr.testing.assert_allclose(
            growth.chain(one), xr.DataArray([0.21, 0.5], {"id": ["a", "b"]}, "id")
        )
    assert growth.cumulate(array.T).dims == ("id", "year")
    assert growth.chain(pd.Series([0.1, 0.1], index=[2020, 2021])) == pytest.approx(0.21)
    dated = RATES.T.set_axis(pd.to_datetime(["2020", "2021"]), axis=0)
    assert growth.chain(dated)["b"] == pytest.approx(0.5)


def test_plain_numbers_stay_plain():
    assert type(growth.cagr(100, 121, 2)) is float
    assert type(growth.cagr([100.0], 121, 2)) is np.ndarray
