"""What docs/scenarios.md and docs/scenarios_example.md say is what the library computes."""

from __future__ import annotations

import csv
import io
import re

import numpy as np
import pytest
from tests.helpers.paths import page
from tests.helpers.scenario_pages import (
    assert_scenarios,
    assert_targets,
    cells,
    means,
    nine_in_ten,
    percent,
    sentence_of,
    table,
)

import corridor_model as cm
from corridor_model.formatting import rounded
from corridor_model.plan.plan import Plan
from corridor_model.scenario.read_toml import scenarios_from_toml
from corridor_model.tabular.table import from_rows

pytestmark = pytest.mark.slow

PAGE = page("scenarios")


@pytest.fixture(scope="module")
def money():
    return cm.spending(cm.load_plan(), cm.shipped_scenarios())


def test_the_table_of_scenarios(money):
    rows = [cells(row) for row in re.findall(r"^\|[^|\n]+\|(?: [\d.]+ \|){3}$", PAGE, re.M)]
    assert len(rows) == 8
    by_name = dict(zip(money["scenario_zh"].values, money["scenario"].values, strict=True))
    for name, *numbers in rows:
        at = money.sel(scenario=by_name[name])
        found = [
            rounded(float(at[part].sum()), 2) for part in ("inside_plan", "beyond_horizon", "total")
        ]
        assert found == numbers, name


def test_the_table_of_years(money):
    row = next(cells(line) for line in PAGE.splitlines() if line.startswith("| 亿元"))
    found = money["programme"].sel(scenario="as planned").values
    assert row[1:] == [rounded(float(value), 2) for value in found[:7]]


def test_the_numbers_in_the_sentences(money):
    total = {
        name: money.sel(scenario=name)["total"].sum().item() for name in money["scenario"].values
    }
    inside = {
        name: money.sel(scenario=name)["inside_plan"].sum().item()
        for name in money["scenario"].values
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
    km = money["km_open"].sel(scenario=plain, spending_year=[2020, 2021, 2022, 2023]).values
    for value in km:
        assert f"{rounded(float(value), 2)}公里" in PAGE


def test_the_example_of_the_page_is_read():
    text = re.search(r"```toml\n(.*?)```", PAGE, re.S).group(1)
    (scenario,) = scenarios_from_toml(text)
    assert scenario.since == "2021-07"
    assert len(scenario.changes) == 2
    cm.spending(cm.load_plan(), scenario, draws=64).isel(scenario=0, drop=True)


def test_what_the_page_says_of_the_odds():
    plan = cm.load_plan()
    money = cm.simulate(plan, cm.shipped_scenarios(), draws=131072)
    assert money.attrs["n_promises"] == 8
    assert len(plan.indicators) == 146
    assert "146项指标中只有8项" in PAGE
    assert f"其余{146 - 8}项" in PAGE
    assert_scenarios(PAGE, money, ("gdp", "rd_to_gdp", "tech_contract_growth"), 2)
    assert_targets(PAGE, money, plan, every=True)
    mean = means(money)
    for name, zh, english in (
        ("as planned", "", ""),
        ("slow", "“慢”", "slow"),
        ("fast", "“快”", "fast"),
    ):
        said = rounded(mean.sel(scenario=name).item(), 2)
        assert f"{zh}{said}项" in PAGE
        assert f"{english} {said}" in PAGE


def test_the_table_of_uncertainties_is_read():
    text = re.search(r"```text\n(target,field.*?)```", PAGE, re.S).group(1)
    rows = list(csv.DictReader(io.StringIO(text)))
    plan = cm.load_plan()
    money = Plan({**plan.tables, "uncertainties": from_rows("uncertainties", rows)})
    at = cm.simulate(money, draws=64).isel(scenario=0)
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


EXAMPLE_PAGE = page("scenarios_example")
EXAMPLE = cm.load_plan(example=True)
FIGURES = cm.example_observations()
WORDS = (0.9, 0.6, 0.4, 0.1, 0.0)
PAGE_WORDS = ("很可能{}项", "较可能{}项", "五五开{}项", "较难{}项", "很难{}项")


@pytest.fixture(scope="module")
def outlook():
    return cm.simulate(EXAMPLE, cm.shipped_scenarios(), FIGURES, draws=131072)


def test_the_tables(outlook):
    names = ("gdp", "smart_equipment_revenue_growth", "tech_contract_growth")
    assert_scenarios(EXAMPLE_PAGE, outlook, names, 1)
    assert_targets(EXAMPLE_PAGE, outlook, EXAMPLE)


@pytest.mark.slow
def test_the_table_of_the_year():
    periods = (2020, "2021Q1", "2021Q2", "2021Q3", 2021)
    for row, as_of in zip(table(EXAMPLE_PAGE, "时点 |"), periods, strict=True):
        at = cm.simulate(EXAMPLE, None, FIGURES, draws=131072, as_of=as_of).isel(scenario=0)
        gdp = at.sel(indicator="gdp")
        low, middle, high = (
            rounded(float(gdp["value"].sel(year=2022, quantile=q)), 1) for q in (0.05, 0.5, 0.95)
        )
        found = [str(at.attrs["n_promises"]), rounded(means(at).item(), 1), nine_in_ten(at)]
        found += [middle, f"{low}至{high}", percent(gdp["p_reach"])]
        assert row[1:] == found, as_of


def test_the_conclusion(outlook):
    at = outlook.sel(scenario="as planned")
    p, observed = at["p_reach"].values, at["p_basis"].values == "observed"
    known = ~np.isnan(p)
    open_ = known & ~observed & (p > 0)
    classes = [int((open_ & (p >= low) & (p < high)).sum()) for low, high in
               zip(WORDS, (2.0, *WORDS), strict=False)]  # fmt: skip
    assert sum(classes) == open_.sum()
    mean, mean_of = rounded(means(at).item(), 1), means(outlook)
    settled, reached = int(observed.sum()), int((observed & (p == 1)).sum())
    missed = int((known & ~observed & (p == 0)).sum())
    assert f"{known.sum()}项指标能算把握，合成{outlook.attrs['n_promises']}项承诺" in EXAMPLE_PAGE
    assert f"平均实现**{mean}项**，九成可能在{nine_in_ten(at)}项之间" in EXAMPLE_PAGE
    assert (
        f"其中{settled}项已有最终数据，{reached}项达到、{settled - reached}项没有达到"
        in EXAMPLE_PAGE
    )
    assert f"另有{missed}项“每年至少”" in EXAMPLE_PAGE
    said = "，".join(PAGE_WORDS).format(*classes)
    assert f"还没定的{open_.sum()}项：{said}。" in EXAMPLE_PAGE
    assert f"五五开的{classes[2]}项" in EXAMPLE_PAGE
    late = mean_of.sel(scenario="expressway and avenue 24 months late")
    slow = mean_of.sel(scenario="growth targets missed by a third")
    lost = [rounded((means(at) - other).item(), 2) for other in (late, slow)]
    assert f"平均只少{lost[0]}项；五项增速少三分之一，少{lost[1]}项" in EXAMPLE_PAGE
    alone = nine_in_ten(at, "n_reached_independent")
    assert f"九成可能在{alone}项之间，窄了一半" in EXAMPLE_PAGE
    whole = [int(end) for end in nine_in_ten(at).split("至")]
    narrow = [int(end) for end in alone.split("至")]
    assert 0.35 < (narrow[1] - narrow[0]) / (whole[1] - whole[0]) < 0.6
    english = EXAMPLE_PAGE[EXAMPLE_PAGE.index("## The same in English") :]
    for text in (
        f"{known.sum()} indicators can be given odds, {outlook.attrs['n_promises']} promises",
        f"{mean} are kept on average, {nine_in_ten(at).replace('至', ' to ')} with nine chances",
        f"{reached} of them reached",
        "Of the {} that are open, {} are very likely, {} likely, {} about even, {} unlikely, "
        "{} very unlikely".format(open_.sum(), *classes),
        f"costs {lost[0]} promises, growth a third below its targets {lost[1]}",
        f"the range would be {alone.replace('至', ' to ')}",
    ):
        assert text in english, text


def test_the_sentences(outlook):
    gdp = outlook["p_reach"].sel(indicator="gdp")
    plain, late, fast = (
        percent(gdp.sel(scenario=name))
        for name in ("as planned", "expressway and avenue 24 months late", "fast")
    )
    assert sentence_of(EXAMPLE_PAGE, r"只有生产总值变：([\d.]+%)降到([\d.]+%)") == (plain, late)
    assert sentence_of(EXAMPLE_PAGE, r"moves GDP alone, from ([\d.]+%) to ([\d.]+%)") == (
        plain,
        late,
    )
    assert f"道路提前带来的生产总值：{fast}" in EXAMPLE_PAGE
    moved = outlook["p_reach_alone"] - outlook["p_reach_alone"].sel(scenario="as planned")
    for months, touched in (("12", []), ("24", ["gdp"])):
        at = moved.sel(scenario=f"expressway and avenue {months} months late")
        assert at["indicator"].values[np.abs(at.values) > 1e-9].tolist() == touched
    met = outlook["p_reach"].sel(
        scenario="growth targets met", indicator="hightech_investment_growth"
    )
    assert percent(met) == "0.1%"
    assert "高新技术产业投资仍只有0.1%" in EXAMPLE_PAGE
    assert "investment in high-tech industry at 0.1%" in EXAMPLE_PAGE
    quarters = [row[-1] for row in table(EXAMPLE_PAGE, "时点 |")]
    assert f"推到{quarters[1]}" in EXAMPLE_PAGE
    assert (
        f"rise to {quarters[1]} on a strong first quarter and fall back to {quarters[3]}"
        in EXAMPLE_PAGE
    )
    patents = (
        outlook["goal"].sel(scenario="as planned", indicator="invention_patents_per_10k").item()
    )
    assert (patents, EXAMPLE.indicators["invention_patents_per_10k"].target.value) == (
        "≥ 25 件",
        22,
    )


def test_what_has_no_odds(outlook):
    at = outlook.sel(scenario="as planned")
    reasons = at["p_reach_reason"].values.tolist()
    count = {name: reasons.count(name) for name in set(reasons) if name}
    expected = {
        "not_applicable": 45,
        "not_reported": 5,
        "no_date": 2,
        "no_scale": 1,
        "target_revised": 1,
    }
    assert count == expected
    assert f"{sum(count.values())}项不给概率" in EXAMPLE_PAGE
    assert f"{count['not_applicable']}项不适用" in EXAMPLE_PAGE
    assert f"{sum(count.values())} indicators, each with its reason" in EXAMPLE_PAGE


def test_the_figures_are_said_to_be_made_up():
    assert "全部为教学编造" in EXAMPLE_PAGE[:200]
    assert "made up for teaching" in EXAMPLE_PAGE
