"""Wrong plans and a user's own baselines: what the message must say, in both languages.

A folder of tests/wrong_plans holds the files in which its plan differs from ``base``, and
``expect.toml`` with the words. A workbook in it is the whole plan. Baselines are merged over
the plan's, and refused with every mistake at once.
"""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from tests.helpers.paths import BASE_PLAN, TESTS, WRONG_PLANS

from corridor_model.cli import main
from corridor_model.errors import CorridorError, CorridorWarning, PlanError
from corridor_model.plan.load import load_plan
from corridor_model.plan.templates import baselines_form
from corridor_model.units import UnitSlipWarning

CASES = sorted(folder for folder in WRONG_PLANS.iterdir() if (folder / "expect.toml").exists())


def assembled(case: Path, expected: dict, tmp_path: Path) -> Path:
    """Return the plan of a case: its workbook, or ``base`` with the case's files over it."""
    books = [file for file in case.iterdir() if file.suffix in {".xlsx", ".xls", ".et"}]
    if books:
        return books[0]
    folder = tmp_path / "plan"
    shutil.copytree(BASE_PLAN, folder)
    for file in case.glob("*.csv"):
        shutil.copy(file, folder)
    for name in expected.get("remove", ()):
        (folder / name).unlink()
    return folder


def test_there_are_enough():
    assert len(CASES) >= 40


def test_base_is_sound():
    assert len(load_plan(BASE_PLAN).indicators) == 6


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_wrong_plan(case, tmp_path):
    expected = tomllib.loads((case / "expect.toml").read_text(encoding="utf-8"))
    with pytest.raises(PlanError) as caught:
        load_plan(assembled(case, expected, tmp_path))
    error = caught.value
    assert isinstance(error, CorridorError)
    assert isinstance(error, ValueError)
    for lang in ("zh", "en"):
        for words in expected[lang]:
            assert words in error.text(lang)
        for problem in error.problems:
            assert "\n" not in problem.text(lang)
    # one mistake is said once, not once for each of its consequences
    assert len(error.problems) == expected.get("mistakes", 1), error.text("en")


def test_promises_without_a_number_are_allowed_and_said(tmp_path, capsys):
    folder = tmp_path / "plan"
    shutil.copytree(BASE_PLAN, folder)
    with (folder / "indicators.csv").open("a", encoding="utf-8") as file:
        file.write("prices,物价平稳,Prices,economy,qualitative,,ratio,,,town,\n")
    header, *rows = (folder / "targets.csv").read_text(encoding="utf-8").splitlines()
    rows[0] = "gdp,580,about,2026,,,二/1"
    rows[1] += ",stretch"
    rows[2] = rows[2].replace(",2026,", ",,")
    (folder / "targets.csv").write_text("\n".join([header + ",tier", *rows]) + "\n", "utf-8")
    plan = load_plan(folder)
    reasons = {name: plan.targets[name].reason for name in ("gdp", "prices", "rd_share", "firms")}
    assert reasons == dict(
        zip(reasons, ("not_quantified", "not_quantified", "no_date", ""), strict=True)
    )
    assert plan.targets["firms"].tier == "stretch", "a lone stretch target keeps the plain id"
    for verb in ("required", "paths", "assess"):
        assert main([verb, "--plan", str(folder), "--lang", "zh"]) == 0
        said = capsys.readouterr().out.replace("\n", "")
        assert "无法量化 2 项：地区生产总值" in said, verb
        assert "物价平稳" in said, verb
        assert "无期限 1 项：研发投入占比" in said, verb


WRONG = TESTS / "wrong_baselines"
EXPECTED = tomllib.loads((WRONG / "expect.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", sorted(WRONG.glob("*.csv")), ids=lambda file: file.stem)
def test_wrong_baselines(file):
    expected = EXPECTED[file.name]
    with pytest.raises(PlanError) as caught:
        load_plan(BASE_PLAN, baselines=file)
    for lang in ("zh", "en"):
        for words in expected[lang]:
            assert words in caught.value.text(lang)
    assert len(caught.value.problems) == expected.get("mistakes", 1), caught.value.text("en")
    assert all(
        problem.remedy.text("zh") and problem.remedy.text() for problem in caught.value.problems
    )


def test_the_same_mistakes_in_a_sheet_and_in_a_frame(tmp_path):
    frame = pd.read_csv(WRONG / "everything.csv", dtype=str)
    frame.to_excel(tmp_path / "mine.xlsx", index=False)
    for source in (frame, tmp_path / "mine.xlsx"):
        with pytest.raises(PlanError) as caught:
            load_plan(BASE_PLAN, baselines=source)
        assert [(p.row, p.column) for p in caught.value.problems] == [
            (2, "indicator"),
            (3, "unit"),
            (4, "value"),
            (6, "indicator"),
            (7, "year"),
        ]


def test_command_says_all_of_it_in_the_language_asked_for(capsys):
    for lang in ("zh", "en"):
        argv = ["required", "--plan", str(BASE_PLAN), "--lang", lang]
        assert main([*argv, "--baselines", str(WRONG / "everything.csv")]) == 1
        said = capsys.readouterr().err
        assert all(words in said for words in EXPECTED["everything.csv"][lang])
        assert "Traceback" not in said


@pytest.mark.parametrize("source", ["nowhere.csv", "nowhere.xlsx", "a\0b.csv", "x" * 5000])
def test_file_that_is_not_there(source):
    with pytest.raises(CorridorError, match=r"cannot be opened|valid xlsx"):
        load_plan(BASE_PLAN, baselines=source)


def test_own_figure_comes_first_and_replaces_one_of_the_same_key(tmp_path):
    mine = tmp_path / "mine.csv"
    mine.write_text("指标,年份,数值,单位\n地区生产总值,2023,4600000,万元\nGDP,2022,440,\n", "utf-8")
    plan = load_plan(BASE_PLAN, baselines=mine)
    gdp = plan.indicators["gdp"]
    assert [(b.year, b.value, b.unit, b.origin) for b in gdp.baselines] == [
        (2023, 460.0, "亿元", "user"),
        (2022, 440.0, "亿元", "user"),
    ]
    assert len(plan.baselines) == 4
    assert load_plan(BASE_PLAN).indicators["gdp"].baseline.value == 451.84  # the plan itself stays


def test_origin_is_not_the_files_to_say(tmp_path):
    mine = tmp_path / "mine.csv"
    mine.write_text("origin,indicator,year,value,数据性质\ndocument,gdp,2023,1,x\n", "utf-8")
    assert load_plan(BASE_PLAN, baselines=mine).indicators["gdp"].baseline.origin == "user"


def test_rows_nobody_filled_in_stay_unknown(tmp_path):
    form = baselines_form(load_plan(BASE_PLAN), tmp_path / "baselines.xlsx")
    book = openpyxl.load_workbook(form)
    assert [cell.value for cell in book.active["A"]] == ["指标", "创新位次"]
    with pytest.raises(PlanError, match="has no value filled in"):
        load_plan(BASE_PLAN, baselines=form)
    book.active["C2"] = 21
    book.save(form)
    plan = load_plan(BASE_PLAN, baselines=form)
    assert plan.indicators["rank"].baseline.value == 21
    assert plan.indicators["rank"].baseline.year == plan.about.base_year == 2023


def test_slip_of_ten_thousand_is_named(tmp_path):
    mine = tmp_path / "mine.csv"
    mine.write_text("indicator,year,value\ngdp,2023,4518400\n", "utf-8")
    with pytest.warns(UnitSlipWarning, match="a factor of 7,7") as said:
        load_plan(BASE_PLAN, baselines=mine)
    assert "mine.csv, row 2, column value" in str(said[0].message)
    assert "万元" in said[0].message.text("zh")
    assert issubclass(UnitSlipWarning, CorridorWarning)


def test_frame_with_an_index_of_names():
    frame = pd.DataFrame(
        {"year": [2023, 2023], "value": [15.0, float("nan")], "unit": ["位", None]},
        index=pd.Index(["rank", "gdp"], name="indicator"),
    )
    plan = load_plan(BASE_PLAN, baselines=frame)
    assert plan.indicators["rank"].baseline.value == 15
    assert plan.indicators["gdp"].baseline.origin == "published"


def test_mistakes_of_plan_and_baselines_are_said_together(tmp_path):
    shutil.copytree(BASE_PLAN, tmp_path / "plan")
    shutil.copy(WRONG_PLANS / "month_13" / "targets.csv", tmp_path / "plan")
    with pytest.raises(PlanError) as caught:
        load_plan(tmp_path / "plan", baselines=WRONG / "unknown_id.csv")
    assert [p.file for p in caught.value.problems] == ["targets.csv", "unknown_id.csv"]
