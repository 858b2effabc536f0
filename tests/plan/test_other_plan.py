"""Another district's plan, made up and quite different, runs through everything."""

from __future__ import annotations

import json

import pytest
from tests.helpers.paths import OTHER_PLAN

import corridor_model as cm
from corridor_model.cli import main
from corridor_model.codes import KINDS, SENSES
from corridor_model.plan.templates import baselines_form


@pytest.fixture(scope="module")
def other():
    return cm.load_plan(OTHER_PLAN)


def test_it_has_every_kind_and_every_sense(other):
    newer = {"change", "relative_change", "qualitative"}  # see test_promises
    assert {indicator.kind for indicator in other.indicators.values()} == set(KINDS) - newer
    assert set(other.tables["targets"]["sense"]) == set(SENSES[:3])
    assert all(len(table) for table in other.tables.values())


def test_period_and_base_year_are_its_own(other):
    assert (other.about.first_year, other.about.last_year, other.about.base_year) == (
        2024,
        2027,
        2023,
    )


def test_range_alternatives_and_several_deadlines(other):
    density = other.indicators["density"]
    assert [target.sense for target in density.targets] == ["at_least", "at_most"]
    with pytest.raises(cm.CorridorError, match="density has 2 targets; use .targets"):
        _ = density.target
    assert [t.year for t in other.indicators["output"].targets] == [2025, 2027]
    shared = [i.id for i in other.indicators.values() if i.targets[0].any_of == "green_parks"]
    assert shared == ["parks_a", "parks_b"]


def test_works_without_money_stay_unknown(other):
    assert other.projects["ring_west"].investment is None
    assert other.projects["wetland"].start is None
    assert other.units["规划局"] == "县资规局"


def test_required_growth(other):
    needed = cm.required_growth(other)
    assert [name for name in needed.index if "@" not in name] == list(other.indicators)
    assert needed.loc["output@2025", "steps"] == 2
    # 528.4 in 2023 to 800 in 2027 are four steps
    assert needed.loc["output", "required_rate"] == pytest.approx((800 / 528.4) ** 0.25 - 1)
    assert needed.loc["output", "steps"] == 4
    assert needed.loc["output_growth", "required_rate"] == pytest.approx(0.095)
    assert needed.loc["coal_share", "required_rate"] < 0
    assert needed.loc["margin", "steps"] == 5
    assert (needed.loc["density", "target"], needed.loc["density", "target_max"]) == (35, 50)
    assert bool(needed.loc["bus_lines", "already_met"])
    assert needed.loc["hospital", "reason"] == "not_applicable"
    assert needed.loc["tram_progress", "required_step"] == pytest.approx(85 / 4)


def test_growth_paths(other):
    paths = cm.growth_paths(other, rates=(0.05, 0.1, 0.2))
    assert paths.attrs["base_year"] == 2023
    assert set(paths["year"].values) >= {2024, 2025, 2026, 2027}
    reached = paths["reached"].sel(indicator="output")
    assert [bool(value) for value in reached] == [False, False, True]
    assert paths["value"].sel(indicator="output", rate=0.1, year=2024).item() == pytest.approx(
        528.4 * 1.1
    )


@pytest.mark.uncounted
@pytest.mark.parametrize("kind", ["folder", "workbook"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_commands(other, tmp_path, capsys, kind, lang):
    source = str(
        other.to_folder(tmp_path / "plan")
        if kind == "folder"
        else other.to_workbook(tmp_path / "plan.xlsx")
    )
    assert main(["validate", source, "--lang", lang]) == 0
    assert "14" in capsys.readouterr().out
    for verb in ("plan", "required", "paths"):
        for form in ("table", "json", "csv") if kind == "folder" else ("json",):
            assert main([verb, "--plan", source, "--lang", lang, "--format", form]) == 0
            said = capsys.readouterr()
            assert said.out
            assert not said.err
            if form == "json":
                json.loads(said.out, parse_constant=pytest.fail)
    assert main(["plan", "--plan", source, "--unit", "规划局", "--lang", lang]) == 0
    said = capsys.readouterr().out.replace("\n", "")
    assert ("有轨电车" if lang == "zh" else "Tram line 1") in said


def test_template_of_its_missing_baselines(tmp_path, capsys):
    form = tmp_path / "baselines.csv"
    assert main(["template", str(form), "--plan", str(OTHER_PLAN), "--lang", "en"]) == 0
    lines = form.read_text("utf-8-sig").splitlines()
    assert lines[0] == "指标,年份,数值,计量单位,来源"
    assert len(lines) == 1  # every kind that needs a start has one
    assert main(["template", str(form), "--plan", str(OTHER_PLAN), "--lang", "en"]) == 1
    assert "exists already" in capsys.readouterr().err


def test_new_plan_loads_as_it_stands(tmp_path, capsys):
    for lang in ("zh", "en"):
        folder = tmp_path / lang
        assert main(["template", str(folder), "--lang", lang]) == 0
        assert main(["validate", str(folder), "--lang", lang]) == 0
        assert main(["required", "--plan", str(folder), "--lang", lang]) == 0
        assert main(["template", str(folder), "--lang", lang]) == 1
    capsys.readouterr()
    guide = (tmp_path / "zh" / "说明 GUIDE.md").read_text("utf-8")
    assert all(f" {name}.csv" in guide for name in cm.load_plan(OTHER_PLAN).tables)
    with pytest.raises(cm.CorridorError, match=r"a \.csv or an \.xlsx"):
        baselines_form(cm.load_plan(OTHER_PLAN), tmp_path / "form.ods")
