"""The national 14th five-year plan that comes with the library: its figures and its story."""

from __future__ import annotations

import json
import re
import shutil
import warnings

import pytest
from scripts.plans_from_facts import facts
from tests.helpers.paths import ROOT

import corridor_model as cm
from corridor_model.cli import main

FOLDER = ROOT / "data" / "china_14fyp"
OFFICIAL = {"official", "official, read in a public copy", "public copy (repository)"}
HOSTS = ("https://www.gov.cn/", "https://www.stats.gov.cn/", "https://github.com/lawtext/gov/")


@pytest.fixture(scope="module")
def china():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CorridorWarning)  # two vintages of a statistic
        return cm.load_plan("china_14fyp")


def test_it_is_loaded_by_its_name(china, tmp_path, monkeypatch):
    assert china.about.id == "china_14fyp"
    assert (china.about.first_year, china.about.last_year) == (2021, 2025)
    # a path of that name comes first: somebody's own copy is his own
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "tests" / "other_plan", tmp_path / "china_14fyp")
    assert cm.load_plan("china_14fyp").about.id != "china_14fyp"
    (tmp_path / "longwan").mkdir()
    assert cm.load_plan().about.id == "longwan"
    with pytest.raises(cm.CorridorError):
        cm.load_plan("longwan")  # the empty folder, not the bundled plan
    with pytest.raises(cm.CorridorError, match="china_15fyp"):
        cm.load_plan("china_15fyp")


def test_all_twenty_rows_of_the_box_are_there(china):
    places = [place for t in china.targets.values() for place in t.places]
    numbers = {int(m[1]) for place in places if (m := re.fullmatch(r"专栏1/(\d+)", place))}
    assert numbers == set(range(1, 21))
    assert len(china.targets) == 21  # row 4 promises two things
    for indicator in china.indicators.values():
        assert indicator.name_zh
        assert indicator.name_en


def test_bounds_are_those_of_the_printed_table(china):
    printed = {
        row["row"]: float(row["target_value"])
        for row in facts("tables")
        if row["plan"] == "CN-FYP14" and row["target_value"]
    }
    for promise in china.targets.values():
        number = promise.places[0].removeprefix("专栏1/")
        if promise.value is not None and promise.tier == "commit":
            assert abs(promise.value) == printed[number], promise.id
        elif promise.tier == "commit":
            assert number not in printed


def test_every_figure_has_an_official_source(china):
    for name in ("baselines", "observations"):
        table = china.table(name)
        for source in table["source"]:
            assert any(host in source for host in HOSTS), source


def test_observations_are_the_published_figures_and_no_weak_ones(china):
    """Each yearly figure stands in the facts with an official source; weak cells stay empty."""
    table = china.table("observations")
    listed = facts("yearly")
    official = {
        (row["year"], abs(float(row["value"]))) for row in listed if row["source_class"] in OFFICIAL
    }
    outcomes = {
        (row["outcome_year"], abs(float(row["outcome_value"])))
        for row in facts("tables")
        if row["outcome_value"] and row["plan"] == "CN-FYP14"
    }
    reports = {("2022", 2.5), ("2025", 2.8)}  # R&D intensity, reports of 2023 and 2026
    known = official | outcomes | reports | {("2025", 1.39)}  # 万亿斤: 5 亿吨
    for row in table.to_dict("records"):
        value = abs(row["value"])
        printed = [value] if row["unit"] != "亿吨" else [round(value * 1e4, 3), round(value / 5, 6)]
        assert any((row["period"], figure) in known for figure in printed), row
    weak = {
        ("physicians", 2024),
        ("pension_coverage", 2024),
        ("nursery_places", 2022),
        ("life_expectancy", 2024),
        ("good_air_days", 2021),
    }
    present = set(zip(table["indicator"], table["period"].astype(int), strict=True))
    assert not weak & present


STORY = {
    "gdp_growth": ["not_quantified"] * 5,
    "labor_productivity_growth": ["ahead"] * 4 + ["achieved"],
    "rd_spending_growth": ["ahead"] * 4 + ["achieved"],
    "income_growth": ["not_quantified"] * 5,
    "high_value_patents": ["on_schedule", "ahead", "ahead", "achieved", "achieved"],
    "surveyed_unemployment": ["on_schedule", "missed", "missed", "missed", "missed"],
    "energy_intensity": ["on_schedule", "behind", "behind", "behind", "missed"],
    "co2_intensity": ["on_schedule", "behind", "behind", "behind", "missed"],
    "good_surface_water": ["ahead", "achieved", "achieved", "achieved", "achieved"],
    "nursery_places": ["not_reported"] * 5,
}
"""What was published of each, year by year, from 2021 to 2025."""


@pytest.mark.uncounted
@pytest.mark.parametrize("name", STORY)
def test_the_story_of_five_years(china, name):
    told = []
    for year in range(2021, 2026):
        verdict = cm.assess(china, as_of=year).sel(indicator=name)
        status, reason = verdict["status"].item(), verdict["reason"].item()
        told.append(reason if status == "not_assessable" else status)
    assert told == STORY[name]


def test_figures_of_the_end_by_hand(china):
    verdict = cm.assess(china, as_of=2025)

    def actual(name):
        return verdict["actual"].sel(indicator=name).item()

    # falls of 2.7, 0.1, 0.5, 3.8 and 5.1 %, chained
    assert actual("energy_intensity") == pytest.approx(
        (0.973 * 0.999 * 0.995 * 0.962 * 0.949 - 1) * 100
    )
    assert bool(verdict["series_break"].sel(indicator="energy_intensity"))
    # the total that the next plan prints, not the chain of first estimates
    assert actual("co2_intensity") == pytest.approx(-17.7)
    assert actual("life_expectancy") == pytest.approx(79.25 - 77.3)
    assert actual("grain_capacity") == pytest.approx(6.95)  # 1.39 万亿斤
    assert verdict["status"].sel(indicator="digital_core_share") == "achieved"  # 10.5 以上


def test_required_growth_by_hand(china):
    needed = cm.required_growth(china)
    assert needed.loc["high_value_patents", "required_rate"] == pytest.approx((12 / 6.3) ** 0.2 - 1)
    assert needed.loc["urbanization", "required_step"] == pytest.approx((65 - 60.6) / 6)
    assert needed.loc["energy_intensity", "required_rate"] == pytest.approx(0.865**0.2 - 1)
    assert needed.loc["rd_spending_growth", "required_rate"] == pytest.approx(0.07)


@pytest.mark.parametrize("verb", ["plan", "required", "paths", "assess"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command_line_knows_it(verb, lang, capsys):
    options = ["--as-of", "2025"] if verb == "assess" else []
    asked = [verb, "--plan", "china_14fyp", "--lang", lang]
    assert main([*asked, *options]) == 0
    assert capsys.readouterr().out
    assert main([*asked, *options, "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert rows
    assert main(["validate", "china_14fyp", "--lang", lang]) == 0
    capsys.readouterr()
