"""Figures as objects: what they add to, how a notebook shows them, names that are too long."""

from __future__ import annotations

import pandas as pd
import pytest

import corridor_model as cm
from corridor_model.observations.forms import due_period
from corridor_model.observations.load import load_observations
from corridor_model.observations.names import names_of
from corridor_model.observations.reports import load_reports
from corridor_model.observations.store import Store
from corridor_model.periods import Period
from corridor_model.plan.records import Indicator


@pytest.fixture(scope="module")
def figures(plan):
    frame = pd.DataFrame({"indicator": ["gdp"], "period": ["2021"], "value": [500.0]})
    return load_observations(frame, plan)


def test_figures_are_added_to_figures_alone(figures):
    with pytest.raises(TypeError, match="unsupported operand"):
        figures + 5
    assert len(figures + figures) == 1


def test_a_notebook_shows_figures_as_a_table(figures):
    html = figures._repr_html_()
    assert html.count("<table") == html.count("</table>") == 1
    assert "gdp" in html
    assert "NaN" not in html
    assert html.count("<tr") <= 22


def test_a_name_longer_than_any_is_none(plan):
    names = names_of(plan, "indicator")
    assert names.find("生产总值") == "gdp"
    assert names.find("生产总值" * 1000) is None


def test_nothing_is_due_of_an_indicator_without_a_target():
    blank = Indicator("y", "乙", "Y", None, "level", "家", *[None] * 5, (), ())
    assert due_period(blank, Period.of("2021-09")) is None


def test_what_is_no_file_holds_no_reports(plan):
    assert load_reports(pd.DataFrame({"指标": ["生产总值"]}), plan) == ()


def test_a_store_among_returns_is_named_and_not_read(plan, tmp_path):
    store = Store(tmp_path / "figures.store")
    store.append([{"indicator": "gdp", "period": "2021", "value": 500}], date="2022-01-20")
    result = cm.collect(plan, tmp_path, 2021)
    (one,) = result.returns
    assert "figures.store: is a store, not a return; name it with --store." in str(one.why)
    assert len(result.observations) == 0
