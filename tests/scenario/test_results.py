"""What a result says of itself in both languages, and the long tables it becomes."""

from __future__ import annotations

import ast
import csv
import io
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import corridor_model as cm
from corridor_model.cli import main
from corridor_model.errors import CorridorError
from corridor_model.plan.plan import Plan
from corridor_model.scenario.simulate import LONG, progress_bar
from corridor_model.tabular.table import from_rows

PLAN = cm.load_plan()
SOURCE = Path(cm.__file__).parent / "scenario"


@pytest.fixture(scope="module")
def made():
    return cm.simulate(PLAN, cm.shipped_scenarios()[:2], draws=64)


def chinese(text):
    return any("一" <= sign <= "鿿" for sign in text)


@pytest.mark.parametrize("single", [False, True])
def test_every_variable_has_a_name_in_both_languages_and_numbers_have_units(made, single):
    for data in (
        made,
        cm.spending(PLAN).isel(scenario=0, drop=True)
        if single
        else cm.spending(PLAN, cm.shipped_scenarios()),
    ):
        for name in data.variables:
            attrs = data[name].attrs
            english, _, zh = attrs["long_name"].partition(" / ")
            assert english, name
            assert chinese(zh), name
            if data[name].dtype.kind in "fiub":
                assert attrs["units"], name
    assert made["spending"].attrs["units"] == "亿元"


def test_what_a_result_holds_of_its_making(made):
    assert made.attrs["plan_digest"] == PLAN.digest
    for name in ("version", "numpy", "scipy", "seed", "draws", "as_of"):
        assert str(made.attrs[name]), name
    assert "[[scenario]]" in str(made["scenario_text"].values[0])
    assert set(np.unique(made["value_origin"])) <= {"document", "assumed", "published"}
    assert "gdp" in made.attrs["base_rate"]
    assert "no_baseline" in made.attrs["not_simulated"]
    masked = made["p_reach_alone_reason"].isel(scenario=0).values
    counts = dict(part.split(" ")[::-1] for part in made.attrs["not_simulated"].split("; "))
    assert {name: int(n) for name, n in counts.items()} == {
        str(name): int((masked == name).sum()) for name in set(masked) if name
    }


@pytest.mark.uncounted
def test_the_goal_that_was_asked_for_is_shown():
    example = cm.load_plan(example=True)
    set_ = cm.Scenario("set", cm.SetTarget("gdp", 540.0))
    asked = [cm.Scenario("as planned"), set_]
    goal = cm.simulate(example, asked, cm.example_observations(), draws=16)["goal"]
    assert goal.sel(indicator="invention_patents_per_10k").values[0].startswith("≥ 25")
    assert goal.sel(indicator="gdp").values.tolist() == ["≥ 580 亿元", "≥ 540 亿元"]


def test_every_error_of_the_floor_speaks_chinese():
    kinds = {"CorridorError", "ScenarioError", "ProfileError"}
    for file in SOURCE.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                called = node.exc.func
                if isinstance(called, ast.Name) and called.id in kinds:
                    # a template that the catalogue holds, or both languages
                    template = not isinstance(node.exc.args[0], ast.Constant | ast.JoinedStr)
                    assert template or len(node.exc.args) == 2, f"{file.name}:{node.lineno}"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: cm.Delay("gdp", months=-3), "提前请用accelerate"),
        (lambda: cm.Delay("gdp", months=cm.Normal(3, 9)), "请用从0起的分布"),
        (lambda: cm.Overrun("gdp", factor=0), "取消项目请用cancel"),
        (lambda: cm.Overrun("gdp", factor="two"), "应为数字或分布"),
        (lambda: cm.SetGrowth("gdp", 12), "12%应写0.12"),
        (lambda: cm.Scenario(" "), "缺少名称"),
        (lambda: asked(cm.Delay("温州大道东延", months=3)), "请写编号：wenzhou_avenue_east"),
        (lambda: asked(cm.SetGrowth("技术合同额增速", 0.12)), "请写编号：tech_contract_growth"),
        (lambda: asked(cm.Delay("zzz", months=3)), "编号见corridor plan"),
        (lambda: asked(cm.Delay(unit="天文局", months=3)), "可用：区交建中心、"),
        (lambda: cm.simulate(PLAN, draws=0), "抽取次数"),
        (lambda: cm.simulate(PLAN, draws=8, correlation=2), "载荷"),
        (lambda: cm.rerun("nowhere.nc"), "没有文件nowhere.nc"),
    ],
)
def test_errors_say_what_to_do_in_chinese(make, said):
    with pytest.raises(cm.CorridorError) as caught:
        make()
    assert said in caught.value.text("zh")
    english = caught.value.text("en").split("Write its id")[0].split("Known:")[0]
    assert not chinese(english.replace(quoted(english), ""))


def asked(change):
    """Ask for a scenario of one change."""
    cm.simulate(PLAN, cm.Scenario("x", change), draws=8)


def quoted(text):
    """Return what the user wrote, as a message repeats it."""
    return text.split("'")[1] if "'" in text else ""


@pytest.mark.uncounted
def test_the_command_line_shows_the_chinese_text(tmp_path, capsys):
    file = tmp_path / "wrong.toml"
    file.write_text('[[scenario]]\nname = "x"\n[[scenario.change]]\nchange = "delay"\n'
                    'target = "binhai_avenue"\nmonths = -3\n', encoding="utf-8")  # fmt: skip
    assert main(["simulate", str(file), "--lang", "zh"]) != 0
    assert "提前请用accelerate" in capsys.readouterr().err
    assert main(["simulate", "--draws", "16", "--as-of", "2020", "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert "按截至2020年的数据" in said
    assert "无基期 " in said


# ---- the bar ----


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("stream", "speaks"), [(io.StringIO, False), (Terminal, True)])
def test_the_bar_is_for_those_who_look(monkeypatch, stream, speaks):
    seen = stream()
    monkeypatch.setattr(sys, "stderr", seen)
    assert list(progress_bar("simulate")(range(LONG), LONG)) == list(range(LONG))
    assert bool(seen.getvalue()) == speaks


# ---- uncertainties.csv: an explicit distribution of an indicator ----


def uncertain(*rows):
    names = ("target", "field", "distribution", "origin")
    made = [dict(zip(names, (*row, "user"), strict=True)) for row in rows]
    return Plan({**PLAN.tables, "uncertainties": from_rows("uncertainties", made)})


def test_a_value_the_user_gives_stands_in_place_of_the_forecast():
    given = uncertain(
        ("labor_productivity", "value", "uniform(16, 20)"),
        ("gdp", "value", "uniform(500, 600)"),
        ("new_hightech_enterprises", "value", "uniform(60, 160)"),
        ("annual_projects_100m", "value", "uniform(6, 14)"),
    )
    made = cm.simulate(given, draws=2**14).isel(scenario=0)
    for name, p in (
        ("labor_productivity", (20 - 17.7) / 4),
        ("gdp", 0.2),
        ("new_hightech_enterprises", 0.4),
        ("annual_projects_100m", 0.75),
    ):
        at = made.sel(indicator=name)
        assert float(at["p_reach"]) == pytest.approx(p, abs=1e-3), name
        assert at["p_basis"].item() == "scenario"
        assert at["value_origin"].item() in {"user", "assumed"}
        assert float(at["p_reach_sampled"]) == pytest.approx(p, abs=0.02)
    gdp = made["value"].sel(indicator="gdp", quantile=0.5)
    assert gdp.values == pytest.approx([467.7, (467.7 + 550) / 2, 550], abs=0.5)
    unknown = made.sel(indicator="labor_productivity")
    assert unknown["value_reason"].values.tolist() == ["not_reported", "not_reported", ""]
    firms = made["value"].sel(indicator="new_hightech_enterprises", quantile=0.5)
    assert firms.values == pytest.approx([110 / 3, 220 / 3, 110], abs=0.5)


@pytest.mark.uncounted
def test_works_add_to_a_value_and_growth_of_a_scenario_replaces_it():
    given = uncertain(("gdp", "value", "uniform(500, 600)"))
    late = cm.Scenario(
        "late",
        cm.Delay(all=True, months=cm.PERT(0, 8, 30)),
        cm.SetEffect(all=True, indicator="labor_productivity", per_unit=0.1),
    )
    grown = cm.Scenario("grown", cm.SetGrowth("gdp", 0.2))
    both = uncertain(
        ("gdp", "value", "uniform(500, 600)"), ("labor_productivity", "value", "uniform(16, 20)")
    )
    made = cm.simulate(both, [cm.Scenario("as planned"), late, grown], draws=64)
    p = made["p_reach"].sel(indicator="gdp").values
    assert p[1] < p[0] < p[2] == 0.999
    assert made["p_reach"].sel(indicator="labor_productivity").values[1] < 0.575
    assert cm.rerun(cm.simulate(given, draws=64)).attrs["n_promises"] == 8


def test_a_distribution_that_says_nothing_of_an_indicator_is_refused():
    wrong = uncertain(
        ("gdp", "growth", "normal(0.06, 0.02)"),
        ("gdp", "value", "uniform(500, 600)"),
        ("tech_contract_growth", "value", "uniform(10, 20)"),
        ("beidou_base_completion", "growth", "uniform(0, 1)"),
    )
    with pytest.raises(cm.PlanError) as caught:
        cm.simulate(wrong, draws=16)
    assert len(caught.value.problems) == 3


def test_a_start_makes_no_sense_for_a_growth():
    based = cm.Scenario("x", cm.SetBaseline("tech_contract_growth", 2019, 100.0))
    with pytest.raises(cm.PlanError, match="no starting value"):
        cm.simulate(PLAN, based, draws=16)


@pytest.mark.uncounted
@pytest.mark.parametrize(
    ("lang", "said"),
    [("zh", "推迟：温州大道东延推迟12个月，工期不变。"), ("en", "late: Wenzhou Avenue eastern")],
)
def test_the_command_line_reads_a_persons_scenarios_back(tmp_path, capsys, lang, said):
    file = tmp_path / "mine.toml"
    scenario = cm.Scenario("late", cm.Delay("wenzhou_avenue_east", 12), name_zh="推迟")
    file.write_text(scenario.to_toml(), encoding="utf-8")
    assert main(["simulate", str(file), "--draws", "64", "--lang", lang]) == 0
    printed = capsys.readouterr().out
    assert said in printed
    assert main(["simulate", "--draws", "64", "--lang", lang]) == 0
    assert said not in capsys.readouterr().out


LATE = cm.Scenario("late", cm.Delay("binhai_avenue", 12), name_zh="晚")


@pytest.fixture(scope="module")
def late():
    return cm.simulate(PLAN, [cm.Scenario("as planned"), LATE], draws=64)


@pytest.mark.uncounted
def test_one_scenario_selected_is_its_rows_of_the_whole(late):
    for table in (cm.long_table, cm.to_iamc):
        whole = table(late)
        alone = table(late.sel(scenario="late"))
        rows = whole[whole["scenario"] == "late"].reset_index(drop=True)
        pd.testing.assert_frame_equal(alone, rows)


def test_one_indicator_or_level_selected_keeps_its_name(late):
    rows = cm.long_table(late.sel(indicator="gdp", quantile=0.5)).query("variable == 'value'")
    assert set(rows["item"]) == {"gdp"}
    assert set(rows["item_zh"]) == {"生产总值"}
    assert set(rows["unit"]) == {"亿元"}
    assert set(rows["quantile"]) == {0.5}


def test_money_without_a_dimension_scenario_names_its_own():
    rows = cm.long_table(cm.spending(PLAN, LATE).isel(scenario=0, drop=True))
    assert set(rows["scenario"]) == {"late"}
    assert set(rows["scenario_zh"]) == {"晚"}
    assert set(cm.to_iamc(cm.spending(PLAN).isel(scenario=0, drop=True))["scenario"]) == {
        "as planned"
    }


def test_money_of_the_programme_has_a_name_of_its_own(late):
    names = set(cm.to_iamc(late)["variable"])
    assert "Programme" in names
    assert "Spending|binhai_avenue" in names
    assert not any("nan" in name.split("|")[1:] for name in names)


def test_what_has_no_name_is_empty_and_no_text(late):
    """pandas 2 makes 'nan' of it where a column becomes one of texts."""
    rows = cm.long_table(late)
    without = rows[rows["variable"] == "programme"]
    assert len(without)
    assert without["item"].isna().all()
    assert without["item_zh"].isna().all()
    assert not rows.isin(["nan", "None", "<NA>", "NaN"]).to_numpy().any()
    counts = rows[rows["variable"] == "n_reached"]
    assert set(counts["item"]) == {str(n) for n in late["n_targets"].values}


@pytest.mark.uncounted
def test_names_stand_beside_ids_and_reasons_beside_masks(late):
    rows = cm.long_table(late)
    at = rows[(rows["item"] == "binhai_avenue") & (rows["scenario"] == "late")]
    assert set(at["item_zh"]) == {PLAN.projects["binhai_avenue"].name("zh")}
    assert set(at["scenario_zh"]) == {"晚"}
    assert "年度投资（均值）" in set(at["variable_zh"])
    masked = rows[rows["value"].isna()]
    odds = masked.query("variable == 'p_reach' and scenario == 'late'")
    expected = late["p_reach_reason"].sel(scenario="late").values
    assert odds["reason"].tolist() == [why for why in expected if why]
    assert set(masked.query("variable == 'spending'")["reason"]) == {"unknown_investment"}


@pytest.mark.uncounted
def test_a_csv_file_has_no_binary_dust(late, tmp_path):
    dusty = late.assign(programme=late["programme"] * 0 + 0.009999999999999998)
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


def test_works_have_names_in_both_languages(late):
    for result in (late, cm.spending(PLAN).isel(scenario=0, drop=True)):
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
