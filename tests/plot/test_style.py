"""Parts of figures: titles with units, glyphs that no font has, and where the plan stands."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from matplotlib.figure import Figure
from tests.helpers.paths import BASE_PLAN

import corridor_model as cm
from corridor_model.messages import translator
from corridor_model.plot import sensitivity
from corridor_model.plot.sensitivity import draw_attribution, draw_sobol
from corridor_model.plot.style import font_context, save_figure, titled, with_unit

ZH, EN = map(translator, ("zh", "en"))


@pytest.fixture(scope="module")
def small():
    return cm.load_plan(BASE_PLAN)


def words_of(figure):
    parts = [figure._suptitle, getattr(figure, "_supxlabel", None)]
    return " ".join(" ".join(part.get_text().split()) for part in parts if part is not None)


def test_a_title_in_brackets_has_its_unit_behind_a_comma():
    assert with_unit("GDP", "亿元", EN) == "GDP (亿元)"
    assert with_unit("GDP (2022)", "亿元", EN) == "GDP (2022), 亿元"
    assert with_unit("GDP", "", EN) == "GDP"


def test_without_notes_there_is_no_caption():
    figure = Figure()
    with font_context("en", installed=False):
        titled(figure, "What decides", [], 60, EN)
        assert words_of(figure) == "What decides"
        titled(figure, "What decides", ["One note.", "Another."], 60, EN)
        assert words_of(figure) == "What decides One note. Another."


def test_a_glyph_that_no_font_has_is_named_and_replaced(tmp_path):
    figure = Figure()
    title = figure.suptitle("a \ue123 b")
    with pytest.warns(cm.errors.CorridorWarning, match=r"No font at hand draws . \(U\+E123\)"):
        save_figure(lambda: figure, tmp_path / "a.svg", "en", installed_fonts=False)
    assert title.get_text() == "a 〓 b"
    assert (tmp_path / "a.svg").stat().st_size > 0


@pytest.mark.parametrize(
    ("x", "y", "labels"),
    [
        (5.0, 1.0, ["where the plan stands"]),
        (50.0, 1.0, []),  # outside of what is drawn
        (None, 1.0, ["the plan (the other as forecast)"]),
        (5.0, None, ["the plan (the other as forecast)"]),
        (None, None, []),
    ],
)
def test_where_the_plan_stands_in_a_grid(x, y, labels):
    axes = Figure().subplots()
    ds = xr.Dataset(coords={"x": [0.0, 10.0], "y": [0.5, 1.5]})
    for axis, base in (("x", x), ("y", y)):
        if base is not None:
            ds[axis].attrs["base"] = base
    handles = sensitivity._stands(axes, ds, EN)
    assert [one.get_label() for one in handles] == labels
    assert len(axes.lines) == len(labels)
    if x is None and y is not None:
        assert set(axes.lines[0].get_ydata()) == {1.0}
    if y is None and x is not None:
        assert set(axes.lines[0].get_xdata()) == {5.0}


def test_a_frontier_is_carried_on_in_its_last_direction():
    known = np.array([False, True, True, False])
    # at either end the line leaves the grid: towards 0 and towards 9, in steps of one
    assert sensitivity._extended(np.array([0.0, 2.0, 3.0, 9.0]), known).tolist() == [1, 2, 3, 4]
    # it does not turn back for an end that lies the other way
    assert sensitivity._extended(np.array([9.0, 2.0, 3.0, 0.0]), known).tolist() == [9, 2, 3, 0]
    alone = np.array([0.0, 2.0, 9.0])
    found = sensitivity._extended(alone, np.array([False, True, False]))
    assert found.tolist() == alone.tolist(), "one point has no direction"


def test_what_changes_several_outputs_is_named_by_its_scenario(small):
    late = cm.Scenario("late", cm.Delay("road", 12), cm.Overrun("road", 1.2))
    ds = cm.attribute(small, late, ["inside_plan", "total", "km_open:2025"])
    with font_context("en", installed=False):
        figure = draw_attribution(ds, EN)
    assert "Which change of “late” did it" in words_of(figure)
    assert len(figure.axes) == 2 * 3, "a waterfall and its shares for each output"


def test_the_outputs_of_a_study_that_are_not_drawn_are_counted(small):
    ds = cm.sobol(small, None, {"overrun:road": (0.9, 1.3), "delay:road": (0, 24)}, n=16)
    moving = int((~ds["zero_variance"].values).sum())
    with font_context("en", installed=False):
        figure = draw_sobol(ds, EN, 15)
    drawn = len([axes for axes in figure.axes if axes.get_visible()])
    assert 0 < drawn < moving
    assert "more outputs are not drawn." in words_of(figure)
