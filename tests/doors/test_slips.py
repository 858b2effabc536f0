"""Small slips at the doors: years as dates, names half remembered, one series in a table."""

from __future__ import annotations

import warnings

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import corridor_model as cm

INDICATORS = {"id": ["gdp", "jobs"], "kind": ["level", "cumulative"], "unit": ["亿元", "个"]}
ABOUT = {"id": "mine", "first_year": 2021, "last_year": 2025}


def tables(years):
    targets = {"indicator": ["gdp", "jobs"], "value": [150.0, 900.0], "sense": "at_least"}
    return {"about": ABOUT, "indicators": INDICATORS, "targets": pd.DataFrame(targets | years)}


ENDS = ["2025-12-31", "2024-12-31"]
DATES = {
    "last days": pd.to_datetime(ENDS),
    "first days": pd.to_datetime(["2025-01-01", "2024-01-01"]),
    "dates": list(pd.to_datetime(ENDS).date),
    "numpy": np.array(ENDS, dtype="datetime64[s]"),
    "periods": pd.PeriodIndex(["2025", "2024"], freq="Y"),
}


@pytest.mark.parametrize("name", DATES)
def test_years_of_a_plan_and_a_panel_may_be_dates(name):
    """S23: the first or last day of a year stands for it, as pandas writes years."""
    plan = cm.load_plan(tables({"year": DATES[name]}))
    assert [target.year for target in plan.targets.values()] == [2025, 2024]
    targets = pd.DataFrame({"region": ["a", "a"], "indicator": ["x", "y"], "kind": "level",
                            "value": 2.0, "sense": "at_least", "year": DATES[name],
                            "base_year": 2020})  # fmt: skip
    values = pd.DataFrame({"region": "a", "indicator": "x", "value": [1.0, 1.5],
                           "year": pd.to_datetime(["2020-12-31", "2022-12-31"])})  # fmt: skip
    panel = cm.assess_panel(targets, values)
    assert panel["target_year"].values.tolist() == [[2025, 2024]]
    assert panel["actual"].sel(indicator="x").item() == 1.5


def test_days_within_a_year_are_no_year():
    with pytest.raises(cm.CorridorError, match="row 1, column year: '2024-06-30' is not a year"):
        cm.load_plan(tables({"year": pd.to_datetime(["2025-12-31", "2024-06-30"])}))
    targets = pd.DataFrame({"region": ["a"], "indicator": "x", "kind": "level", "value": 2.0,
                            "sense": "at_least", "base_year": 2020})  # fmt: skip
    values = pd.DataFrame({"region": "a", "indicator": "x", "year": [2020], "value": 1.0})
    for wrong in (pd.to_datetime(["2025-06-30"]), pd.PeriodIndex(["2025Q2"], freq="Q")):
        with pytest.raises(cm.CorridorError, match="row 2, column year"):
            cm.assess_panel(targets.assign(year=wrong), values)
    hole = values.assign(year=pd.to_datetime([None]))
    with pytest.raises(cm.CorridorError, match="row 2, column year: is required but empty"):
        cm.assess_panel(targets.assign(year=2025), hole)


@pytest.mark.parametrize(
    ("word", "meant"),
    [("GDP", "gdp"), ("gpd", "gdp"), ("生产总值", "gdp"), ("gross domestic product", "gdp"),
     ("地区生产总值", "gdp"), ("rd_to", "rd_to_gdp")],
)  # fmt: skip
def test_an_indicator_half_remembered_is_named(word, meant):
    with pytest.raises(KeyError, match=f"Did you mean '{meant}'"):
        cm.load_plan().indicators[word]


def test_works_and_tables_half_remembered_are_named():
    plan = cm.load_plan()
    with pytest.raises(KeyError, match="Did you mean 'jinliwen_expressway'"):
        plan.projects["jinliwen"]
    with pytest.raises(cm.CorridorError, match="No table 'indicator'. Did you mean 'indicators'"):
        plan.table("indicator")
    with pytest.raises(cm.CorridorError, match="No table 'money'. Known: about"):
        plan.table("money")
    for nothing in ("", "no such thing", 5, None):
        with pytest.raises(KeyError, match=r"There is no .*\.$"):
            plan.indicators[nothing]


def test_a_forecast_reads_the_one_series_of_a_table():
    dates = pd.to_datetime(["2019-12-31", "2020-12-31", "2021-12-31"])
    known = pd.Series([10.0, 11.0, 12.5], index=[2019, 2020, 2021])
    want = cm.forecast(known, horizon=2, kind="level").quantile([0.1, 0.5])
    long = pd.DataFrame({"unique_id": "a", "ds": dates, "y": known.to_numpy()})
    for table in (long, long.drop(columns="unique_id"), known.to_frame("gdp")):
        made = cm.forecast(table, horizon=2, kind="level")
        np.testing.assert_array_equal(made.quantile([0.1, 0.5]), want)
    two = pd.concat([long, long.assign(unique_id="b")])
    with pytest.raises(cm.CorridorError, match=r"2 series. Choose one: .*== 'a'\]"):
        cm.forecast(two, horizon=2, kind="level")
    with pytest.raises(cm.CorridorError, match="not a table with the columns x, y"):
        cm.forecast(pd.DataFrame({"x": known, "y": known}), horizon=2, kind="level")


def test_what_is_no_period_and_no_pair_has_words():
    plan = cm.load_plan()
    with pytest.raises(cm.CorridorError, match="'NaT' is not a period"):
        cm.assess(plan, as_of=pd.NaT)
    for levels in ([], (0.1,), (0.1, 0.5, 0.9), "ab", None, 0.5, (0.9, 0.1)):
        with pytest.raises(cm.CorridorError, match="levels must be two probabilities"):
            cm.tornado(plan, "total", levels=levels)


def test_a_plan_is_assessed_to_draw_its_progress():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax = cm.plot.progress(cm.load_plan(example=True), lang="en")
    assert ax.get_yticklabels()
    plt.close("all")
