"""What docs/scenarios_example.md says is what the library computes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.helpers.scenario_pages import (
    assert_scenarios,
    assert_targets,
    means,
    nine_in_ten,
    percent,
    sentence_of,
    table,
)

import corridor_model as cm
from corridor_model.formatting import rounded

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "scenarios_example.md").read_text("utf-8")
PLAN = cm.load_plan(example=True)
FIGURES = cm.example_observations()
WORDS = (0.9, 0.6, 0.4, 0.1, 0.0)
PAGE_WORDS = ("很可能{}项", "较可能{}项", "五五开{}项", "较难{}项", "很难{}项")


@pytest.fixture(scope="module")
def made():
    return cm.simulate(PLAN, cm.shipped_scenarios(), FIGURES, draws=131072)


def test_the_tables(made):
    names = ("gdp", "smart_equipment_revenue_growth", "tech_contract_growth")
    assert_scenarios(PAGE, made, names, 1)
    assert_targets(PAGE, made, PLAN)


def test_the_table_of_the_year():
    periods = (2020, "2021Q1", "2021Q2", "2021Q3", 2021)
    for row, as_of in zip(table(PAGE, "时点 |"), periods, strict=True):
        at = cm.simulate(PLAN, None, FIGURES, draws=131072, as_of=as_of).isel(scenario=0)
        gdp = at.sel(indicator="gdp")
        low, middle, high = (
            rounded(float(gdp["value"].sel(year=2022, quantile=q)), 1) for q in (0.05, 0.5, 0.95)
        )
        found = [str(at.attrs["n_promises"]), rounded(means(at).item(), 1), nine_in_ten(at)]
        found += [middle, f"{low}至{high}", percent(gdp["p_reach"])]
        assert row[1:] == found, as_of


def test_the_conclusion(made):
    at = made.sel(scenario="as planned")
    p, observed = at["p_reach"].values, at["p_basis"].values == "observed"
    known = ~np.isnan(p)
    open_ = known & ~observed & (p > 0)
    classes = [int((open_ & (p >= low) & (p < high)).sum()) for low, high in
               zip(WORDS, (2.0, *WORDS), strict=False)]  # fmt: skip
    assert sum(classes) == open_.sum()
    mean, mean_of = rounded(means(at).item(), 1), means(made)
    settled, reached = int(observed.sum()), int((observed & (p == 1)).sum())
    missed = int((known & ~observed & (p == 0)).sum())
    assert f"{known.sum()}项指标能算把握，合成{made.attrs['n_promises']}项承诺" in PAGE
    assert f"平均实现**{mean}项**，九成可能在{nine_in_ten(at)}项之间" in PAGE
    assert f"其中{settled}项已有最终数据，{reached}项达到、{settled - reached}项没有达到" in PAGE
    assert f"另有{missed}项“每年至少”" in PAGE
    said = "，".join(PAGE_WORDS).format(*classes)
    assert f"还没定的{open_.sum()}项：{said}。" in PAGE
    assert f"五五开的{classes[2]}项" in PAGE
    late = mean_of.sel(scenario="expressway and avenue 24 months late")
    slow = mean_of.sel(scenario="growth targets missed by a third")
    lost = [rounded((means(at) - other).item(), 2) for other in (late, slow)]
    assert f"平均只少{lost[0]}项；五项增速少三分之一，少{lost[1]}项" in PAGE
    alone = nine_in_ten(at, "n_reached_independent")
    assert f"九成可能在{alone}项之间，窄了一半" in PAGE
    whole = [int(end) for end in nine_in_ten(at).split("至")]
    narrow = [int(end) for end in alone.split("至")]
    assert 0.35 < (narrow[1] - narrow[0]) / (whole[1] - whole[0]) < 0.6
    english = PAGE[PAGE.index("## The same in English") :]
    for text in (
        f"{known.sum()} indicators can be given odds, {made.attrs['n_promises']} promises",
        f"{mean} are kept on average, {nine_in_ten(at).replace('至', ' to ')} with nine chances",
        f"{reached} of them reached",
        "Of the {} that are open, {} are very likely, {} likely, {} about even, {} unlikely, "
        "{} very unlikely".format(open_.sum(), *classes),
        f"costs {lost[0]} promises, growth a third below its targets {lost[1]}",
        f"the range would be {alone.replace('至', ' to ')}",
    ):
        assert text in english, text


def test_the_sentences(made):
    gdp = made["p_reach"].sel(indicator="gdp")
    plain, late, fast = (
        percent(gdp.sel(scenario=name))
        for name in ("as planned", "expressway and avenue 24 months late", "fast")
    )
    assert sentence_of(PAGE, r"只有生产总值变：([\d.]+%)降到([\d.]+%)") == (plain, late)
    assert sentence_of(PAGE, r"moves GDP alone, from ([\d.]+%) to ([\d.]+%)") == (plain, late)
    assert f"道路提前带来的生产总值：{fast}" in PAGE
    moved = made["p_reach_alone"] - made["p_reach_alone"].sel(scenario="as planned")
    for months, touched in (("12", []), ("24", ["gdp"])):
        at = moved.sel(scenario=f"expressway and avenue {months} months late")
        assert at["indicator"].values[np.abs(at.values) > 1e-9].tolist() == touched
    met = made["p_reach"].sel(scenario="growth targets met", indicator="hightech_investment_growth")
    assert percent(met) == "0.1%"
    assert "高新技术产业投资仍只有0.1%" in PAGE
    assert "investment in high-tech industry at 0.1%" in PAGE
    quarters = [row[-1] for row in table(PAGE, "时点 |")]
    assert f"推到{quarters[1]}" in PAGE
    assert f"rise to {quarters[1]} on a strong first quarter and fall back to {quarters[3]}" in PAGE
    patents = made["goal"].sel(scenario="as planned", indicator="invention_patents_per_10k").item()
    assert (patents, PLAN.indicators["invention_patents_per_10k"].target.value) == ("≥ 25 件", 22)


def test_what_has_no_odds(made):
    at = made.sel(scenario="as planned")
    reasons = at["p_reach_reason"].values.tolist()
    count = {name: reasons.count(name) for name in set(reasons) if name}
    expected = {"not_applicable": 45, "no_scale": 1, "paused": 1, "target_revised": 1}
    assert count == expected
    assert f"{sum(count.values())}项不给概率" in PAGE
    assert f"{count['not_applicable']}项不适用" in PAGE
    assert f"{sum(count.values())} indicators, each with its reason" in PAGE


def test_the_figures_are_said_to_be_made_up():
    assert "全部为教学编造" in PAGE[:200]
    assert "made up for teaching" in PAGE
