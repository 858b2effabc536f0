"""Outputs of the main job: whole files, numbers that recompute, a figure that can be read."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import matplotlib as mpl
import openpyxl
import pytest
from tests.helpers.assess_plans import baseline, indicator, plan_of, target

import corridor_model as cm
from corridor_model.cli.simulate import records
from corridor_model.codes import reason_word
from corridor_model.plot.growth import draw_paths, paths_figure
from corridor_model.plot.style import check_figure, font_context
from corridor_model.report import write as write_module
from corridor_model.rows import to_rows

RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"
 oor:op="fuse"><value>0</value></prop></item></oor:items>
"""


@pytest.fixture(scope="module")
def out(plan, tmp_path_factory):
    return cm.write_report(plan, tmp_path_factory.mktemp("out"))


def sheet_rows(file, name):
    sheet = openpyxl.load_workbook(file, data_only=True)[name]
    return {row[0]: row for row in sheet.iter_rows(min_row=6, values_only=True)}


def test_every_file_is_there_and_csv_opens_in_excel(out):
    assert set(out) == {"required", "paths", "workbook", "figure"}
    for file in out.values():
        assert file.stat().st_size > 1000
    assert out["required"].read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(out["required"].read_text("utf-8-sig"))))
    gdp = next(row for row in rows if row["indicator"] == "gdp")
    assert float(gdp["required_rate"]) == pytest.approx((580 / 451.84) ** 0.25 - 1, rel=1e-15)
    assert next(row for row in rows if row["indicator"] == "sei_va_share")["required_rate"] == ""


def test_the_workbook_shows_the_librarys_numbers_without_recalculation(plan, out):
    rows = sheet_rows(out["workbook"], "所需增速")
    needed = cm.required_growth(plan)
    shown = 0
    for name, record in plan.indicators.items():
        if record.name_zh not in rows:
            continue
        rate, step = rows[record.name_zh][9:11]
        expected = needed.loc[name]
        if isinstance(rate, float):
            assert rate == pytest.approx(expected["required_rate"], rel=1e-15)
            shown += 1
        else:
            assert expected["reason"]
        if not isinstance(step, str):
            assert step == pytest.approx(expected["required_step"], rel=1e-15)
    assert shown == 3


def test_formulas_are_live_and_guarded(out):
    sheet = openpyxl.load_workbook(out["workbook"])["所需增速"]
    formula = next(r[9].value for r in sheet.iter_rows(min_row=6) if r[0].value == "生产总值")
    assert formula.startswith("=IF(")
    assert "RRI" not in formula


def test_spreadsheet_recalculates_to_the_same_numbers(out, tmp_path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    wrong = tmp_path / "wrong.xlsx"
    with zipfile.ZipFile(out["workbook"]) as good, zipfile.ZipFile(wrong, "w") as spoilt:
        for item in good.infolist():
            text = good.read(item)
            if item.filename == "xl/worksheets/sheet1.xml":
                rate = repr((580 / 451.84) ** 0.25 - 1)[:12].encode()
                assert text.count(rate) == 1
                text = text.replace(rate, b"0.9999999999")
            spoilt.writestr(item, text)
    profile = tmp_path / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    subprocess.run(
        [
            office,
            "--headless",
            f"-env:UserInstallation={profile.as_uri()}",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(tmp_path / "again"),
            str(wrong),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    again = tmp_path / "again" / "wrong.xlsx"
    for name in ("所需增速", "所需基期值", "增速与每年下限"):
        before, after = sheet_rows(out["workbook"], name), sheet_rows(again, name)
        assert before.keys() == after.keys()
        for title, row in before.items():
            for old, new in zip(row, after[title], strict=False):
                if isinstance(old, float) and isinstance(new, (int, float)):
                    assert new == pytest.approx(old, rel=1e-12), (name, title)
                else:
                    assert (new or None) == (old or None), (name, title)


def test_text_that_looks_like_a_formula_stays_text(tmp_path):
    plan_folder = tmp_path / "plan"
    cm.load_plan().to_folder(plan_folder)
    file = plan_folder / "indicators.csv"
    text = file.read_text(encoding="utf-8").replace(",生产总值,", ",'=SUM(A1:A9),")
    file.write_text(text, encoding="utf-8")
    plan = cm.load_plan(plan_folder)
    assert plan.indicators["gdp"].name_zh == "=SUM(A1:A9)"
    cm.write_workbook(plan, tmp_path / "w.xlsx")
    book = openpyxl.load_workbook(tmp_path / "w.xlsx")
    cell = next(r[0] for r in book["所需增速"].iter_rows(min_row=6) if "SUM" in str(r[0].value))
    assert cell.data_type == "s"
    files = cm.write_report(plan, tmp_path / "out")
    assert "'=SUM(A1:A9)" in files["required"].read_text(encoding="utf-8-sig")


def test_a_failed_run_leaves_the_old_file_whole(plan, tmp_path, monkeypatch):
    file = tmp_path / "required.xlsx"
    file.write_bytes(b"old")

    def fail(*_, **__):
        raise RuntimeError("disk full")

    monkeypatch.setattr("xlsxwriter.Workbook.close", fail)
    with pytest.raises(RuntimeError):
        cm.write_workbook(plan, file)
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["required.xlsx"]


def test_an_unwritable_folder_is_an_error_in_words(plan, tmp_path):
    (tmp_path / "out").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(cm.CorridorError, match="cannot be written"):
        cm.write_report(plan, tmp_path / "out")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_character_of_the_figure_can_be_drawn_by_the_shipped_font(plan, lang):
    with font_context(lang, installed=False):
        figure = draw_paths(plan, (0.10, 0.12, 0.15, 0.20), lang)
        assert check_figure(figure) == set()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_label_overlaps_the_title_of_another_panel(plan, lang):
    with font_context(lang, installed=False):
        figure = draw_paths(plan, (0.10, 0.12, 0.15, 0.20), lang)
        figure.canvas.draw()
        titles = [axes.get_title(loc="left") for axes in figure.axes]
        boxes = [axes._left_title.get_window_extent() for axes in figure.axes]
    assert all(titles)
    for i, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[i + 1 :])
        assert box.x1 <= figure.bbox.x1


def test_figure_has_one_panel_an_indicator_and_one_for_growth(plan):
    with font_context("zh", installed=False):
        figure = draw_paths(plan, (0.10,), "zh")
    assert [axes.get_title(loc="left").split("：")[0] for axes in figure.axes] == [
        "研究与试验发展经费支出占GDP比重",
        "生产总值",
        "温州高新区综合排名(全国前百分位)",
        "年均增速目标",
    ]


@pytest.mark.parametrize(
    "suffix", ["svg", *(pytest.param(s, marks=pytest.mark.slow) for s in ("png", "pdf"))]
)
def test_the_same_plan_gives_the_same_bytes(plan, tmp_path, suffix):
    one = paths_figure(plan, tmp_path / f"a.{suffix}", installed_fonts=False).read_bytes()
    assert paths_figure(plan, tmp_path / f"b.{suffix}", installed_fonts=False).read_bytes() == one


def test_the_users_settings_of_matplotlib_stay(plan, tmp_path):
    with mpl.rc_context({"lines.linewidth": 9}):
        before = dict(mpl.rcParams)
        paths_figure(plan, tmp_path / "a.png", installed_fonts=False)
        assert dict(mpl.rcParams) == before


def test_the_report_says_that_it_uses_the_example(tmp_path, plan):
    from dataclasses import replace

    taught = replace(plan, example=True)
    cm.write_workbook(taught, tmp_path / "w.xlsx")
    title = openpyxl.load_workbook(tmp_path / "w.xlsx").worksheets[0]["A1"].value
    assert "教学示例" in title
    with font_context("zh", installed=False):
        assert "教学示例" in draw_paths(taught, (0.1,), "zh").get_suptitle()


def test_write_report_is_the_public_one():
    assert cm.write_report is write_module.write_report
    assert Path(write_module.__file__).name == "write.py"


# ------------------------------------------------------------------ every promise stands in it


def test_the_workbook_holds_every_promise_with_its_reason_in_words(tmp_path):
    for lang, name in (("zh", "全部目标"), ("en", "all promises")):
        plan = cm.load_plan("china_14fyp")
        file = cm.write_workbook(plan, tmp_path / f"{lang}.xlsx", lang=lang)
        rows = sheet_rows(file, name)
        assert list(rows) == list(plan.targets)
        needed = cm.required_growth(plan)
        for promise, row in rows.items():
            reason = needed.loc[promise, "reason"]
            assert (row[9] or "") == (reason_word(reason, lang) if reason else "")
            assert row[10] or reason, "it is worked out on a sheet, or says why not"
    assert rows["labor_productivity_growth"][5] == "above GDP growth"
    assert rows["gdp_growth"][9] == "not quantified"
    assert rows["surveyed_unemployment"][4] == "limit"


def test_changes_are_worked_out_with_formulas(tmp_path):
    plan = cm.load_plan("china_14fyp")
    file = cm.write_workbook(plan, tmp_path / "w.xlsx")
    rows = sheet_rows(file, "所需增速")
    needed = cm.required_growth(plan)
    for name, start in (("energy_intensity", None), ("life_expectancy", 77.3)):
        row = rows[plan.targets[name].name_zh]
        assert row[4] == start
        assert row[9] == pytest.approx(needed.loc[name, "required_rate"], rel=1e-12)
        assert row[10] == pytest.approx(needed.loc[name, "required_step"], rel=1e-12)
    sheet = openpyxl.load_workbook(file)["所需增速"]
    formulas = {r[0].value: r[9].value for r in sheet.iter_rows(min_row=6)}
    assert formulas[plan.targets["energy_intensity"].name_zh].count("(100+G") == 2


def test_withdrawn_relative_and_undated_promises_stand_in_the_workbook(tmp_path):
    plan = plan_of(
        indicators=[indicator(name, "growth") for name in "abcd"] + [indicator("m", "milestone")],
        targets=[
            target("a", 6),
            target("b", None, "above", relative_to="a", margin=1),
            target("b", 8, tier="stretch"),
            target("c", 5),
            target("d", 5, year=None),
            target("m", 1, month=9),
        ],
        target_revisions=[{"indicator": "c", "valid_from": "2021-01-01", "value": None}],
    )
    rows = sheet_rows(cm.write_workbook(plan, tmp_path / "w.xlsx", lang="en"), "all promises")
    assert list(rows) == ["a", "b", "b@stretch", "c", "d", "m"]
    assert (rows["b"][5], rows["b"][7]) == ("above a + 1", 0.07)
    assert (rows["b@stretch"][3], rows["b@stretch"][5]) == ("stretch", "≥ 8 %")
    assert [rows["c"][at] or None for at in (7, 9, 10)] == [None, "target revised", None]
    assert (rows["d"][6], rows["d"][9]) == ("undated", "no date")
    assert (rows["m"][5], rows["m"][6], rows["m"][9]) == ("done", "2022-09", "not applicable")


def test_rows_name_the_indicator_of_each_promise(tmp_path):
    plan = plan_of(
        indicators=[indicator("x", "level")],
        targets=[target("x", 100), target("x", 80, year=2021)],
        baselines=[baseline("x", 50)],
    )
    result = cm.assess(plan, None, 2020)
    for rows in (
        to_rows(result, ("indicator",)),
        records(cm.simulate(plan, draws=64)),
        write_module.required_rows(plan),
        write_module.path_rows(cm.growth_paths(plan)),
    ):
        assert [row["of"] for row in rows] == ["x"] * len(rows)
        assert {row["indicator"] for row in rows} == {"x", "x@2021"}
