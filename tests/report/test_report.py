"""Outputs of the main job: whole files, numbers that recompute, a figure that can be read."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import matplotlib as mpl
import openpyxl
import pytest
from tests.helpers.assess_plans import baseline, indicator, plan_of, target
from tests.helpers.excerpt import excerpt

import corridor_model as cm
from corridor_model.cli.simulate import records
from corridor_model.files import csv_text
from corridor_model.plot.growth import draw_paths, paths_figure
from corridor_model.plot.style import check_figure, font_context
from corridor_model.report import write as write_module
from corridor_model.report.page import scenarios_of
from corridor_model.rows import text_rows, to_rows


@pytest.fixture(scope="module")
def china():
    return cm.load_plan("china_14fyp")


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    part, figures = excerpt()
    return cm.write_report(part, tmp_path_factory.mktemp("out"), figures, "2021-09", draws=64)


def test_every_file_is_there_and_csv_opens_in_excel(out):
    assert set(out) == {
        *("page", "workbook", "bulletin", "notes"),
        *("assessment", "required", "paths", "figure"),
    }
    for file in out.values():
        assert file.stat().st_size > 1000
    assert out["required"].read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(out["required"].read_text("utf-8-sig"))))
    needed = {row["indicator"]: row["required_rate"] for row in rows}
    assert float(needed["gdp"]) == pytest.approx((580 / 451.84) ** 0.25 - 1, rel=1e-15)
    assert "" in needed.values()


def test_required_growth_of_the_plan_is_that_of_its_formula(plan):
    rows = {row["indicator"]: row for row in write_module.required_rows(plan)}
    assert rows["gdp"]["required_rate"] == pytest.approx((580 / 451.84) ** 0.25 - 1, rel=1e-15)
    assert rows["sei_va_share"]["required_rate"] is None


def test_a_rate_that_follows_another_has_no_number_to_draw(china):
    assert china.targets["labor_productivity_growth"].value is None
    with font_context("en", installed=False):
        texts = [text.get_text() for text in draw_paths(china, (0.1,), "en").axes[-1].texts]
    assert any(text.startswith("7 %") for text in texts)
    assert not any("productivity" in text for text in texts)


def test_text_that_looks_like_a_formula_stays_text(tmp_path):
    plan = plan_of(
        indicators=[indicator("a", "level", name_zh="=SUM(A1:A9)")],
        targets=[target("a", 100)],
        baselines=[baseline("a", 50)],
    )
    assert plan.indicators["a"].name_zh == "=SUM(A1:A9)"
    cm.write_workbook(plan, tmp_path / "w.xlsx")
    book = openpyxl.load_workbook(tmp_path / "w.xlsx")
    cells = (r[0] for r in book["指标"].iter_rows(min_row=5, min_col=2))
    cell = next(cell for cell in cells if "SUM" in str(cell.value))
    assert cell.data_type == "s"
    rows = csv_text(text_rows(write_module.required_rows(plan)))
    assert "'=SUM(A1:A9)" in rows


def test_an_unwritable_folder_is_an_error_in_words(plan, tmp_path):
    (tmp_path / "out").write_text("a file where the folder should be", encoding="utf-8")
    small = plan_of(
        indicators=[indicator("a", "level")],
        targets=[target("a", 100)],
        baselines=[baseline("a", 50)],
    )
    with pytest.raises(cm.CorridorError, match="cannot be written"):
        cm.write_report(small, tmp_path / "out", draws=64)


def test_all_files_are_written_or_none_and_the_same_bytes_again(tmp_path, monkeypatch):
    small = plan_of(
        indicators=[indicator("a", "level", name_zh="含$\\frac的名称")],
        targets=[target("a", 100)],
        baselines=[baseline("a", 50)],
    )
    steps = []
    one = cm.write_report(small, tmp_path / "one", draws=64, step=steps.append)
    assert len(steps) == write_module.STEPS
    two = cm.write_report(small, tmp_path / "two", draws=64)
    for key, file in one.items():
        assert file.read_bytes() == two[key].read_bytes(), key
    before = {file.name: file.read_bytes() for file in (tmp_path / "one").iterdir()}

    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(write_module, "print_figure", fail)
    with pytest.raises(cm.CorridorError, match="No space left"):
        cm.write_report(small, tmp_path / "one", as_of="2020", draws=64)
    with pytest.raises(cm.CorridorError, match="No space left"):
        cm.write_report(small, tmp_path / "new", draws=64)
    assert {file.name: file.read_bytes() for file in (tmp_path / "one").iterdir()} == before
    assert not (tmp_path / "new").exists()


@pytest.mark.uncounted
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_character_of_the_figure_can_be_drawn_by_the_shipped_font(plan, lang):
    with font_context(lang, installed=False):
        figure = draw_paths(plan, (0.10, 0.12, 0.15, 0.20), lang)
        assert check_figure(figure) == set()


@pytest.mark.uncounted
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


@pytest.mark.uncounted
def test_figure_has_one_panel_an_indicator_and_one_for_growth(plan):
    with font_context("zh", installed=False):
        figure = draw_paths(plan, (0.10,), "zh")
    assert [axes.get_title(loc="left").split("：")[0] for axes in figure.axes] == [
        "研究与试验发展经费支出占GDP比重",
        "生产总值",
        "温州高新区综合排名(全国前百分位)",
        "年均增速目标",
    ]


@pytest.mark.uncounted
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


@pytest.mark.uncounted
def test_the_report_says_that_it_uses_the_example(tmp_path, china):
    from dataclasses import replace

    taught = replace(china, example=True)
    cm.write_workbook(taught, tmp_path / "w.xlsx")
    title = openpyxl.load_workbook(tmp_path / "w.xlsx").worksheets[0]["A2"].value
    assert "教学示例" in title
    with font_context("zh", installed=False):
        assert "教学示例" in draw_paths(taught, (0.1,), "zh").get_suptitle()


def test_write_report_is_the_public_one():
    assert cm.write_report is write_module.write_report
    assert Path(write_module.__file__).name == "write.py"


# ------------------------------------------------------------------ every promise stands in it


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


def test_a_part_of_the_plan_has_the_scenarios_that_fit_it():
    part, _ = excerpt()
    names = [scenario.name for scenario in scenarios_of(part)]
    assert names[0] == "as planned"
    assert 1 < len(names) < len(scenarios_of(cm.load_plan()))
