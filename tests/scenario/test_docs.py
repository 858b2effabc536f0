"""What docs/scenarios.md says is what the library computes; openings as a table."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from tests.helpers.scenario_pages import assert_scenarios, assert_targets, cells, means

import corridor_model as cm
from corridor_model.formatting import rounded
from corridor_model.plan.plan import Plan
from corridor_model.scenario.read_toml import scenarios_from_toml
from corridor_model.tabular.table import from_rows

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "scenarios.md").read_text("utf-8")


@pytest.fixture(scope="module")
def made():
    return cm.spending(cm.load_plan(), cm.shipped_scenarios())


def test_the_table_of_scenarios(made):
    rows = [cells(row) for row in re.findall(r"^\|[^|\n]+\|(?: [\d.]+ \|){3}$", PAGE, re.M)]
    assert len(rows) == 8
    by_name = dict(zip(made["scenario_zh"].values, made["scenario"].values, strict=True))
    for name, *numbers in rows:
        at = made.sel(scenario=by_name[name])
        found = [
            rounded(float(at[part].sum()), 2) for part in ("inside_plan", "beyond_horizon", "total")
        ]
        assert found == numbers, name


def test_the_table_of_years(made):
    row = next(cells(line) for line in PAGE.splitlines() if line.startswith("| 亿元"))
    found = made["programme"].sel(scenario="as planned").values
    assert row[1:] == [rounded(float(value), 2) for value in found[:7]]


def test_the_numbers_in_the_sentences(made):
    total = {
        name: made.sel(scenario=name)["total"].sum().item() for name in made["scenario"].values
    }
    inside = {
        name: made.sel(scenario=name)["inside_plan"].sum().item()
        for name in made["scenario"].values
    }
    plain, asked = "as planned", "the office's question"
    said = {
        "30.50": inside[plain] - inside["expressway and avenue 12 months late"],
        "61.00": inside[plain] - inside["expressway and avenue 24 months late"],
        "44.49": total["slow"] - total[plain],
        "15.77": total[asked] - total[plain],
        "12.23": inside[plain] - inside[asked],
    }
    for text, value in said.items():
        assert rounded(value, 2) == text
        assert f"{text}亿元" in PAGE
    km = made["km_open"].sel(scenario=plain, spending_year=[2020, 2021, 2022, 2023]).values
    for value in km:
        assert f"{rounded(float(value), 2)}公里" in PAGE


def test_the_example_of_the_page_is_read():
    text = re.search(r"```toml\n(.*?)```", PAGE, re.S).group(1)
    (scenario,) = scenarios_from_toml(text)
    assert scenario.since == "2021-07"
    assert len(scenario.changes) == 2
    cm.spending(cm.load_plan(), scenario, draws=64)


def test_what_the_page_says_of_the_odds():
    plan = cm.load_plan()
    made = cm.simulate(plan, cm.shipped_scenarios(), draws=131072)
    assert made.attrs["n_promises"] == 8
    assert len(plan.indicators) == 144
    assert "144项指标中只有8项" in PAGE
    assert f"其余{144 - 8}项" in PAGE
    assert_scenarios(PAGE, made, ("gdp", "rd_to_gdp", "tech_contract_growth"), 2)
    assert_targets(PAGE, made, plan, every=True)
    mean = means(made)
    for name, zh, english in (
        ("as planned", "", ""),
        ("slow", "“慢”", "slow"),
        ("fast", "“快”", "fast"),
    ):
        said = rounded(mean.sel(scenario=name).item(), 2)
        assert f"{zh}{said}项" in PAGE
        assert f"{english} {said}" in PAGE


def test_the_table_of_uncertainties_is_read():
    text = re.search(r"```csv\n(.*?)```", PAGE, re.S).group(1)
    rows = list(csv.DictReader(io.StringIO(text)))
    plan = cm.load_plan()
    made = Plan({**plan.tables, "uncertainties": from_rows("uncertainties", rows)})
    at = cm.simulate(made, draws=64).isel(scenario=0)
    for row in rows:
        assert at["p_basis"].sel(indicator=row["target"]).item() == "scenario"


def test_openings_as_a_table():
    plan = cm.load_plan()
    table = cm.openings(plan)
    assert len(table) == 14
    assert table["opens"].is_monotonic_increasing
    assert table["length_in_area_km"].notna().sum() == 8
    assert set(table["origin"]) == {"document"}
    late = cm.openings(
        plan, cm.Scenario("x", cm.Delay(all=True, months=1), cm.Cancel("weiken_road"))
    )
    assert late.loc["weiken_road", "opens"] == ""
    assert late.index[-1] == "weiken_road"
    assert late.loc["binhai_avenue", "opens"] == "2025-01"
