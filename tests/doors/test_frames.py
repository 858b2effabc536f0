"""Figures in every shape that Python has them in: the same figures, or a refusal in words."""

from __future__ import annotations

import datetime
from itertools import product

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor_model as cm
from corridor_model.observations.shapes import as_frame, period_text

PLAN = cm.load_plan()
YEARS = [2020, 2021]
WIDE = {"gdp": [467.7, 504.0], "rd_to_gdp": [2.9, 3.0]}
LONG = [("gdp", "2020", 467.7), ("gdp", "2021", 504.0)]
LONG += [("rd_to_gdp", "2020", 2.9), ("rd_to_gdp", "2021", 3.0)]


def figures(source, **options):
    table = cm.load_observations(source, PLAN, **options).table
    return sorted(zip(table["indicator"], table["period"], table["value"], strict=True))


def in_rows(index):
    return pd.DataFrame(WIDE, index=index)


def in_columns(columns, index=None):
    frame = pd.DataFrame(list(WIDE.values()), columns=columns)
    return frame.set_axis(pd.Index(WIDE) if index is None else index, axis=0)


def long(period):
    cells = ((name, zip(period, values, strict=True)) for name, values in WIDE.items())
    rows = [(name, when, value) for name, pairs in cells for when, value in pairs]
    return pd.DataFrame(rows, columns=["indicator", "period", "value"])


TIMES = {
    "whole numbers": YEARS,
    "fractions": [2020.0, 2021.0],
    "texts": ["2020", "2021"],
    "Chinese": ["2020年", "2021年"],
    "timestamps": list(pd.to_datetime(["2020", "2021"])),
    "ends of years": list(pd.to_datetime(["2020-12-31", "2021-12-31"])),
    "periods": list(pd.period_range("2020", "2021", freq="Y")),
    "dates": [datetime.date(2020, 1, 1), datetime.date(2021, 1, 1)],
    "datetimes": [datetime.datetime(2020, 1, 1), datetime.datetime(2021, 1, 1)],
    "World Bank": ["2020 [YR2020]", "2021 [YR2021]"],
    "YR": ["YR2020", "YR2021"],
}
SHAPES = {
    "rows": in_rows,
    "columns": in_columns,
    "columns, named": lambda t: in_columns(t, pd.Index(WIDE, name="series")),
    "columns, beside": lambda t: in_columns(t).rename_axis("indicator").reset_index(),
    "columns, Chinese": lambda t: in_columns(t).rename_axis("指标").reset_index(),
    "columns, World Bank": lambda t: in_columns(t).rename_axis("Series Name").reset_index(),
    "rows, beside": lambda t: in_rows(t).rename_axis("year").reset_index(),
    "long": long,
    "long, statsforecast": lambda t: long(t).set_axis(["unique_id", "ds", "y"], axis=1),
    "stacked": lambda t: long(t).set_index(["indicator", "period"])["value"],
    "stacked, unnamed": lambda t: (
        long(t).set_index(["period", "indicator"])["value"].rename_axis([None, None])
    ),
    "dict of dicts": lambda t: {name: dict(zip(t, WIDE[name], strict=True)) for name in WIDE},
    "dict of Series": lambda t: {name: pd.Series(WIDE[name], index=t) for name in WIDE},
    "dict of years": lambda t: {
        when: {name: WIDE[name][i] for name in WIDE} for i, when in enumerate(t)
    },
    "dict of arrays": lambda t: {
        name: xr.DataArray(WIDE[name], coords={"year": t}, dims="year") for name in WIDE
    },
    "columns by name": lambda t: long(t).to_dict("list"),
}


NO_COORDINATE = {("dict of arrays", "periods"), ("dict of arrays", "dates")}
"""What xarray takes for no coordinate."""


@pytest.mark.parametrize(
    ("shape", "time"), [pair for pair in product(SHAPES, TIMES) if pair not in NO_COORDINATE]
)
def test_every_shape_of_every_time_is_the_same_figures(shape, time):
    assert figures(SHAPES[shape](TIMES[time])) == LONG


@pytest.mark.parametrize("time", ["whole numbers", "timestamps"])
def test_arrays_with_labels(time):
    values = list(WIDE.values())
    array = xr.DataArray(
        values, coords={"indicator": list(WIDE), "year": TIMES[time]}, dims=("indicator", "year")
    )
    assert figures(array) == figures(array.T) == LONG
    assert figures(array.to_dataset("indicator")) == LONG
    assert figures(array.sel(indicator="gdp").rename("gdp")) == LONG[:2]


def test_units_of_an_array_are_its_units():
    wan = xr.DataArray(
        [4_677_000.0], coords={"year": [2020]}, dims="year", name="gdp", attrs={"units": "万元"}
    )
    assert figures(wan) == LONG[:1]
    with pytest.raises(cm.CorridorError, match="家"):
        figures(wan.assign_attrs(units="家"))


def test_a_series_by_indicator_is_of_the_period_it_is_named_after():
    one = pd.Series({"gdp": 504.0, "rd_to_gdp": 3.0}, name=2021)
    assert figures(one) == figures(one.rename(None), period=2021) == figures(dict(one), period=2021)
    assert figures(one) == [LONG[1], LONG[3]]
    with pytest.raises(cm.PlanError, match="has no period"):
        figures(dict(one))


def test_months_and_quarters():
    ends = pd.date_range("2021-09-30", periods=2, freq="ME")
    assert figures(pd.DataFrame({"gdp": [370.1, 411.0]}, index=ends)) == [
        ("gdp", "2021-09", 370.1),
        ("gdp", "2021-10", 411.0),
    ]
    quarters = pd.period_range("2021Q2", "2021Q3", freq="Q")
    assert figures(pd.Series([240.0, 370.1], index=quarters, name="gdp"))[1] == (
        "gdp",
        "2021Q3",
        370.1,
    )
    lone = pd.to_datetime(["2021-01-01", "2021-02-01"])
    for shape in (pd.Series([1.0, 2.0], index=lone, name="gdp"), in_rows(lone), in_columns(lone)):
        with pytest.raises(cm.PlanError, match="1 January may be the month or the year"):
            figures(shape)


@pytest.mark.parametrize("freq", ["Y-MAR", "Y-JUN", "Q-JAN", "W"])
@pytest.mark.parametrize("shape", ["rows", "columns", "long", "stacked", "dict of dicts"])
def test_fiscal_years_are_refused(shape, freq):
    periods = list(pd.period_range("2020-01-01", periods=2, freq=freq))
    with pytest.raises(cm.CorridorError, match="no calendar year") as caught:
        figures(SHAPES[shape](periods))
    assert freq.partition("-")[0] in caught.value.text("zh")


@pytest.mark.parametrize("label", ["2009/10", "2008-09"])
def test_double_years_are_refused(label):
    with pytest.raises(cm.PlanError, match="may be a fiscal year"):
        figures(pd.Series([1.0], index=[label], name="gdp"))


def test_a_heading_of_two_years_is_no_year():
    with pytest.raises(cm.PlanError):
        figures(in_columns(["2020 [YR2021]", "2021 [YR2020]"]))


@pytest.mark.parametrize(
    ("frame", "place"),
    [
        (in_rows(YEARS).assign(gdp=[467.7, np.nan]), "row gdp, column 2021"),
        ({"gdp": {2020: 467.7, 2021: None}, "rd_to_gdp": {2020: np.nan}}, "row rd_to_gdp 2020"),
        (pd.Series([467.7, pd.NA], index=YEARS, name="gdp", dtype=object), "row gdp 2021"),
        (xr.DataArray([np.nan], coords={"year": [2020]}, name="gdp"), "row gdp 2020"),
    ],
)
def test_a_nan_is_a_mistake_that_names_its_place(frame, place):
    with pytest.raises(cm.PlanError, match="is NaN") as caught:
        figures(frame)
    assert place in str(caught.value)
    report = cm.load_observations(frame, PLAN, missing="skip").report
    assert (report["fate"] == "skipped").sum() == 1


def test_what_is_of_no_indicator_is_listed():
    loaded = cm.load_observations(in_rows(YEARS).assign(note=["a", 1.5]), PLAN)
    lines = loaded.report_in("en").query("fate == 'skipped'")
    assert {"note", "1.5"} >= {*lines["text"]}
    assert len(loaded.table) == 4


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (3, "int cannot be read"),
        ([1], "list cannot be read"),
        (np.zeros(3), "ndarray cannot be read"),
        (pd.Series([1.0], index=[2020]), 'series.rename("gdp")'),
        ({2020: 467.7}, '{"gdp": {2020: 467.7}}'),
        ({"gdp": {"x": 3}}, "'x' is not a period"),
        ({"value": [1, 2], "indicator": ["gdp"]}, "do not make a table"),
        (xr.DataArray(3.0, name="gdp"), "a single number"),
        (pd.DataFrame({("a", "b"): [1]}), "rows of column titles"),
        (pd.Series([1], index=pd.MultiIndex.from_tuples([("a", "b")])), "one is to name"),
        (pd.Series([1], index=pd.MultiIndex.from_tuples([(2020, 2021)])), "one is to name"),
        (pd.Series([1], index=pd.MultiIndex.from_tuples([("a", "b", 2020)])), "one is to name"),
        (pd.DataFrame(), "required column is missing"),
    ],
    ids=str,
)
def test_what_holds_no_figures_is_refused(source, words):
    with pytest.raises(cm.CorridorError) as caught:
        figures(source)
    assert words in str(caught.value)
    assert caught.value.text("zh")


@pytest.mark.uncounted
def test_every_door_takes_every_shape():
    plan = cm.load_plan()
    one = {"gdp": {2020: 467.7, 2021: 504.0}}
    status = cm.assess(plan, one, as_of=2021)["p_reach"].sel(indicator="gdp").item()
    for shape in (pd.Series(one["gdp"], name="gdp"), pd.DataFrame(one), pd.DataFrame(one).T):
        assert cm.assess(plan, shape, as_of=2021)["p_reach"].sel(indicator="gdp").item() == status
    assert cm.required_growth(plan, one, as_of=2021).loc["gdp", "achieved_rate"] > 0


def test_the_frame_of_the_user_stays_as_it_is():
    frame = in_rows(pd.to_datetime(["2020", "2021"]))
    before = frame.copy(deep=True)
    figures(frame)
    pd.testing.assert_frame_equal(frame, before)


@given(st.one_of(st.integers(), st.floats(), st.text(max_size=8), st.none(), st.binary(max_size=3)))
@settings(max_examples=60, deadline=None)
def test_any_label_is_a_period_or_none(label):
    assert period_text(label) is None or isinstance(period_text(label), str)


@pytest.mark.parametrize(
    "label", [True, None, b"2020", 1899, 2201, 2020.5, float("inf"), "gdp", "44197", np.bool_(True)]
)
def test_labels_that_are_no_period(label):
    assert period_text(label) is None


def test_numpy_dates():
    assert period_text(np.datetime64("2021-09-30")) == "2021-09-30"
    assert period_text(np.datetime64("NaT")) is None
    assert period_text(pd.NaT) is None
    assert period_text(pd.Period("2021-09-30", freq="D")) == "2021-09-30"


def test_an_empty_mapping_has_no_figures():
    assert as_frame({}).empty
