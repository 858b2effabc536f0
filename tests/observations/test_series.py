"""The series of a figure: kept where it repeats a known one, asked for where it differs (S10)."""

from __future__ import annotations

import warnings
from dataclasses import replace

import pandas as pd
import pytest

import corridor_model as cm
from corridor_model.observations.histories import histories
from corridor_model.observations.load import load_observations
from corridor_model.observations.semantics import NO_SERIES
from corridor_model.observations.store import Store
from corridor_model.observations.validation import SeriesBreakWarning
from corridor_model.tabular.table import from_rows

AFTER = "第四次全国经济普查后 / after the 4th economic census"


def entered(plan, value, period="2020", **columns):
    """Load one figure of the gross product, and return it with what was warned of."""
    row = {"indicator": "gdp", "period": period, "value": value, **columns}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        figures = load_observations(pd.DataFrame([row]), plan)
    return figures, [warning for warning in caught if warning.category is SeriesBreakWarning]


def chance(plan, figures):
    gdp = cm.assess(plan, figures, as_of=2020).sel(indicator="gdp")
    return float(gdp.p_reach), bool(gdp.series_break)


@pytest.mark.uncounted
@pytest.mark.parametrize(
    ("value", "columns"),
    [
        (467.7, {}),
        ("4677000万元", {}),
        (467.7, {"period": "2020年12月"}),
        (467.7, {"series": "第四次全国经济普查后"}),
        (467.7, {"series": "After the 4th  economic census"}),
        (467.7, {"published": "2021-04-20"}),
    ],
)
def test_a_repeated_figure_keeps_its_series_and_its_chance(plan, value, columns):
    figures, warned = entered(plan, value, **columns)
    assert figures.table["series"] == (AFTER,)
    assert warned == []
    assert chance(plan, figures) == chance(plan, None)
    assert chance(plan, None)[0] == pytest.approx(0.1877, abs=5e-4)


def test_another_value_is_asked_for_its_series_and_flagged_until_then(plan):
    figures, warned = entered(plan, 468.7)
    assert figures.table["series"] == (None,)
    said = warned[0].message.problem.text("zh")
    for word in ("468.7", "467.7", "第四次全国经济普查后", "第2行"):
        assert word in said
    assert histories(plan, figures)["gdp"].at(2020).series == NO_SERIES
    p_reach, is_flagged = chance(plan, figures)
    assert is_flagged
    assert p_reach > 0.15  # not the chance across the break, .093


def test_another_value_that_names_its_series_is_taken_at_its_word(plan):
    figures, warned = entered(plan, 468.7, series="after the 4th economic census")
    assert figures.table["series"] == (AFTER,)
    assert warned == []  # the break before 2020 is known
    assert histories(plan, figures)["gdp"].at(2020).series == AFTER


def test_what_nobody_published_is_asked_nothing(plan):
    figures, warned = entered(plan, 372, period="2021Q3")
    assert (figures.table["series"], warned) == ((None,), [])


def test_a_baseline_is_a_figure(plan):
    start = {"indicator": "gdp", "year": 2019, "value": 470.0, "unit": "亿元", "origin": "user"}
    rows = from_rows("baselines", [{**start, "series": "普查后 / after"}])
    held = replace(plan, tables={**plan.tables, "baselines": plan.tables["baselines"].merge(rows)})
    figures, _ = entered(held, 470.0, period="2019")
    assert figures.table["series"] == ("普查后 / after",)


def test_a_figure_of_a_month_is_not_that_of_its_end(plan):
    figures, warned = entered(plan, 467.7, period="2020-12", measure="addition")
    assert (figures.table["series"], warned) == ((None,), [])


def test_the_store_revises_a_figure_whose_series_was_kept(plan, tmp_path):
    figures, _ = entered(plan, 467.7, published="2021-04-01")
    store = Store(tmp_path / "figures.store")
    assert store.append(figures) == 1
    with pytest.warns(SeriesBreakWarning):
        store.revise("gdp", "2020", 471.0, date="2021-05-01", plan=plan)
    assert [row["value"] for row in store.list()] == [467.7, 471.0]
    assert histories(plan, store.open())["gdp"].at(2020).series == NO_SERIES


def test_an_entry_without_a_series_is_the_same_figure(tmp_path, plan):
    figures, _ = entered(plan, 467.7, published="2021-04-01")
    columns = {**figures.table.columns, "series": (None,)}
    store = Store(tmp_path / "figures.store")
    store.append(type(figures.table)(figures.table.schema, columns))
    assert store.append(figures) == 0
