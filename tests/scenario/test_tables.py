"""Long tables: whole, of one scenario, masked, and in files that people open."""

from __future__ import annotations

import csv

import pandas as pd
import pytest

import corridor_model as cm
from corridor_model.errors import CorridorError

PLAN = cm.load_plan()
LATE = cm.Scenario("late", cm.Delay("binhai_avenue", 12), name_zh="晚")


@pytest.fixture(scope="module")
def made():
    return cm.simulate(PLAN, [cm.Scenario("as planned"), LATE], draws=64)


def test_one_scenario_selected_is_its_rows_of_the_whole(made):
    for table in (cm.long_table, cm.to_iamc):
        whole = table(made)
        alone = table(made.sel(scenario="late"))
        rows = whole[whole["scenario"] == "late"].reset_index(drop=True)
        pd.testing.assert_frame_equal(alone, rows)


def test_one_indicator_or_level_selected_keeps_its_name(made):
    rows = cm.long_table(made.sel(indicator="gdp", quantile=0.5)).query("variable == 'value'")
    assert set(rows["item"]) == {"gdp"}
    assert set(rows["item_zh"]) == {"生产总值"}
    assert set(rows["unit"]) == {"亿元"}
    assert set(rows["quantile"]) == {0.5}


def test_money_without_a_dimension_scenario_names_its_own():
    rows = cm.long_table(cm.spending(PLAN, LATE))
    assert set(rows["scenario"]) == {"late"}
    assert set(rows["scenario_zh"]) == {"晚"}
    assert set(cm.to_iamc(cm.spending(PLAN))["scenario"]) == {"as planned"}


def test_money_of_the_programme_has_a_name_of_its_own(made):
    names = set(cm.to_iamc(made)["variable"])
    assert "Programme" in names
    assert "Spending|binhai_avenue" in names
    assert not any("nan" in name.split("|")[1:] for name in names)


def test_names_stand_beside_ids_and_reasons_beside_masks(made):
    rows = cm.long_table(made)
    at = rows[(rows["item"] == "binhai_avenue") & (rows["scenario"] == "late")]
    assert set(at["item_zh"]) == {PLAN.projects["binhai_avenue"].name("zh")}
    assert set(at["scenario_zh"]) == {"晚"}
    assert "年度投资（均值）" in set(at["variable_zh"])
    masked = rows[rows["value"].isna()]
    odds = masked.query("variable == 'p_reach' and scenario == 'late'")
    expected = made["p_reach_reason"].sel(scenario="late").values
    assert odds["reason"].tolist() == [why for why in expected if why]
    assert set(masked.query("variable == 'spending'")["reason"]) == {"unknown_investment"}


def test_a_csv_file_has_no_binary_dust(made, tmp_path):
    dusty = made.assign(programme=made["programme"] * 0 + 0.009999999999999998)
    for what in (dusty, dusty.sel(scenario="late")):
        file = cm.save_result(what, tmp_path / "long.csv")
        with file.open(encoding="utf-8-sig") as lines:
            rows = list(csv.DictReader(lines))
        assert {row["value"] for row in rows if row["variable"] == "programme"} == {"0.01"}
        assert {row["quantile"] for row in rows} == {"", "0.05", "0.25", "0.5", "0.75", "0.95"}
        assert {row["year"] for row in rows} >= {"", "2020"}
        assert all(row["scenario"] for row in rows)
        for row in rows:
            digits = row["value"].partition("e")[0].lstrip("-0.").replace(".", "")
            assert len(digits) <= 10, row


def test_works_have_names_in_both_languages(made):
    for result in (made, cm.spending(PLAN)):
        for at, work in zip(result["project"], PLAN.projects.values(), strict=True):
            names = at["project_zh"].item(), at["project_en"].item()
            assert names == (work.name_zh, work.name_en or work.name_zh)


def test_what_asks_for_one_scenario_refuses_others_in_words():
    for several in ([LATE], [LATE, cm.Scenario("x")], (LATE,)):
        with pytest.raises(CorridorError, match="one scenario at a time") as caught:
            cm.openings(PLAN, several)
        assert "逐个" in caught.value.text("zh")
    for wrong in ("slow", 3):
        for ask in (cm.openings, cm.attribute):
            with pytest.raises(CorridorError, match="A Scenario is needed") as caught:
                ask(PLAN, wrong)
    with pytest.raises(CorridorError, match="A Scenario is needed"):
        cm.attribute(PLAN, [LATE], "inside_plan")
