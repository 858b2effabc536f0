"""Figures of sensitivity: every glyph drawn, labels inside, the same bytes twice."""

from __future__ import annotations

import itertools

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

import corridor_model as cm
from corridor_model.messages import translator
from corridor_model.plot.sensitivity import draw_attribution, draw_grid, draw_sobol, draw_tornado
from corridor_model.plot.style import broken, check_figure, font_context, short, tick
from corridor_model.sensitivity import one_at_a_time, sobol_indices, two_way
from corridor_model.text.layout import width

pytestmark = pytest.mark.uncounted  # other tests run these lines with fewer figures

LANGS = ("zh", "en")
DRAW = {
    "tornado": lambda made, lang: draw_tornado(made, translator(lang), 15),
    "one bar": lambda made, lang: draw_tornado(made, translator(lang), 15),
    "odds": lambda made, lang: draw_tornado(made, translator(lang), 15),
    "sobol": lambda made, lang: draw_sobol(made, translator(lang), 15),
    "attribute": lambda made, lang: draw_attribution(made, translator(lang)),
    "grid": lambda made, lang: draw_grid(made, translator(lang)),
    "steps": lambda made, lang: draw_grid(made, translator(lang)),
}


@pytest.fixture(scope="module")
def studies(plan):
    slow = next(s for s in cm.shipped_scenarios() if s.name == "slow")
    moved = ("delay:jinliwen_expressway", -6, 36)
    return {
        "tornado": cm.tornado(plan, "inside_plan"),
        "one bar": cm.tornado(plan, "km_open:2022"),
        "odds": cm.tornado(plan, "p_reach:gdp", {"delay:binhai_avenue": (0, 24),
                                                  "delay:weiken_road": (-12, 12)}),
        "sobol": cm.sobol(plan, ["inside_plan", "km_open:2022", "p_reach:gdp"], n=64,
                          second_order=False),
        "attribute": cm.attribute(plan, slow, ["inside_plan", "total", "p_reach:gdp"]),
        "grid": two_way(plan, "inside_plan", moved, ("overrun:jinliwen_expressway", 0.8, 1.8),
                        points=(7, 7), threshold=150),
        "steps": two_way(plan, "km_open:2022", ("delay:wenzhou_avenue_east", -12, 24),
                         ("delay:weiken_road", -6, 24), points=(7, 7), threshold=10),
    }  # fmt: skip


@pytest.fixture(scope="module")
def drawn(studies):
    made = {}
    for lang in LANGS:
        with font_context(lang, installed=False):
            for name, draw in DRAW.items():
                figure = draw(studies[name], lang)
                FigureCanvasAgg(figure).draw()
                made[name, lang] = figure, check_figure(figure)
    return made


CASES = list(itertools.product(DRAW, LANGS))


@pytest.mark.parametrize(("name", "lang"), CASES)
def test_every_character_is_drawn(drawn, name, lang):
    assert drawn[name, lang][1] == set()


@pytest.mark.parametrize(("name", "lang"), CASES)
def test_every_label_stays_inside_the_figure(drawn, name, lang):
    figure = drawn[name, lang][0]
    page = figure.bbox
    for text in texts(figure):
        box = text.get_window_extent()
        assert box.x0 >= page.x0 - 1, text.get_text()
        assert box.x1 <= page.x1 + 1, text.get_text()
        assert box.y0 >= page.y0 - 1, text.get_text()
        assert box.y1 <= page.y1 + 1, text.get_text()


@pytest.mark.parametrize(("name", "lang"), CASES)
def test_no_two_labels_overlap(drawn, name, lang):
    figure = drawn[name, lang][0]
    boxes = [(text, text.get_window_extent()) for text in texts(figure)]
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        apart = min(a.x1, b.x1) - max(a.x0, b.x0) < 2 or min(a.y1, b.y1) - max(a.y0, b.y0) < 2
        assert apart, (one.get_text(), other.get_text())


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", ["tornado", "one bar", "odds", "sobol", "attribute"])
def test_annotations_stay_inside_their_axes(drawn, name, lang):
    figure = drawn[name, lang][0]
    for axes in figure.axes:
        frame = axes.get_window_extent()
        for text in axes.texts:
            box = text.get_window_extent()
            assert box.x0 >= frame.x0 - 2, text.get_text()
            assert box.x1 <= frame.x1 + 12, text.get_text()


def texts(figure):
    """Return what can be read, ticks outside their axis left out."""
    found = []
    for text in figure.findobj(mpl.text.Text):
        if text.get_text().strip() and text.get_visible():
            found.append(text)
    hidden = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for which in (axis.get_major_ticks(), axis.get_minor_ticks()):
                for one in which:
                    if not low - 1e-9 <= one.get_loc() <= high + 1e-9:
                        hidden |= {one.label1, one.label2}
    return [text for text in found if text not in hidden]


def test_the_rest_is_summed_up(studies):
    made = studies["tornado"]
    with font_context("zh", installed=False):
        figure = draw_tornado(made, translator("zh"), 4)
    moving = int((made["swing"] > 0).sum())
    axes = figure.axes[0]
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert len(labels) == 5
    assert labels[-1] == f"其余{moving - 4}项合计"
    ends = np.array([made["output_low"].values, made["output_high"].values])[:, 4:moving]
    ends -= made.attrs["base"]
    bars = sorted(bar.get_width() for bar in axes.patches if bar.get_y() > 3.5)
    assert bars == pytest.approx(
        [ends.clip(max=0).min(axis=0).sum(), ends.clip(0).max(axis=0).sum()]
    )


def test_bars_begin_where_the_plan_stands_and_end_at_the_output(studies):
    made = studies["tornado"]
    with font_context("en", installed=False):
        axes = draw_tornado(made, translator("en"), 15).axes[0]
    base = made.attrs["base"]
    ends = {round(bar.get_x() + bar.get_width(), 6) for bar in axes.patches}
    assert {round(bar.get_x(), 6) for bar in axes.patches} == {round(base, 6)}
    assert round(float(made["output_high"][0]), 6) in ends


def test_a_waterfall_ends_where_the_scenario_does(studies):
    at = studies["attribute"].sel(output="inside_plan")
    with font_context("zh", installed=False):
        axes = draw_attribution(studies["attribute"], translator("zh")).axes[0]
    widths = [bar.get_width() for bar in axes.patches]
    assert float(at["before"]) in widths
    assert float(at["after"]) in widths
    steps = [w for w in widths if w not in (float(at["before"]), float(at["after"]))]
    assert sum(steps) == pytest.approx(float(at["after"] - at["before"]))


def test_a_bar_that_does_not_begin_at_zero_is_not_drawn(studies):
    with font_context("zh", installed=False):
        figure = draw_attribution(studies["attribute"], translator("zh"))
    for axes in figure.axes[::2]:
        left = axes.get_xlim()[0]
        ends = [line for line in axes.lines if line.get_marker() == "D"]
        assert len(ends) == (0 if left == 0 else 2)


def test_odds_are_drawn_in_percent(drawn):
    axes = drawn["odds", "en"][0].axes[0]
    ticks = [float(label.get_text()) for label in axes.get_xticklabels() if label.get_text()]
    assert all(17 < value < 21 for value in ticks)
    assert tick(0.185, "p_reach") == "18.5"


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("one bar", "svg"), ("attribute", "svg"), ("steps", "svg"), ("steps", "png"), ("grid", "pdf")],
)
def test_the_same_study_gives_the_same_bytes(studies, tmp_path, name, suffix):
    one, two = (
        cm.sensitivity_figure(studies[name], tmp_path / f"{i}.{suffix}", installed_fonts=False)
        for i in "ab"
    )
    assert one.read_bytes() == two.read_bytes()


def test_the_users_settings_of_matplotlib_stay(studies, tmp_path):
    with mpl.rc_context({"hatch.linewidth": 9}):
        before = dict(mpl.rcParams)
        cm.sensitivity_figure(studies["steps"], tmp_path / "a.svg", "en", installed_fonts=False)
        assert dict(mpl.rcParams) == before


@pytest.mark.counted
def test_studies_without_a_plan_or_without_movement_are_drawn(tmp_path, plan):
    free = one_at_a_time(lambda x: x[0] - x[1], {"a": 2, "b": 3}, {"a": 1, "b": 2},
                         {"a": 4, "b": 5})  # fmt: skip
    flat = cm.tornado(plan, "km_open:2022", {"delay:binhai_avenue": (0, 12)})
    share = sobol_indices(lambda x: x[0] * x[1], {"a": (0, 1), "b": (0, 1)}, n=64, resamples=0)
    still = sobol_indices(lambda x: 0 * x[0], {"a": (0, 1)}, n=16)
    none = cm.attribute(plan, cm.Scenario("late", cm.Delay("binhai_avenue", months=1)),
                        "roads_open:2022")  # fmt: skip
    edge = two_way(plan, "km_open:2022", ("delay:weiken_road", 0, 5),
                   ("delay:binhai_avenue", 0, 5), points=(2, 2), threshold=1)  # fmt: skip
    for i, made in enumerate((free, flat, share, still, none, edge)):
        for lang in LANGS:
            file = tmp_path / f"{i}.{lang}.svg"
            assert cm.sensitivity_figure(made, file, lang).stat().st_size > 1000


def test_what_has_no_figure_says_so(plan, studies, tmp_path):
    made = cm.switching_values(plan, "value:gdp", ["growth:gdp"])
    with pytest.raises(cm.CorridorError, match="are a table"):
        cm.sensitivity_figure(made, tmp_path / "a.svg")
    with pytest.raises(cm.CorridorError, match="no result of"):
        cm.sensitivity_figure(made.drop_attrs(), tmp_path / "a.svg")
    with pytest.raises(cm.CorridorError, match="top"):
        cm.sensitivity_figure(studies["tornado"], tmp_path / "a.svg", top=0)
    with pytest.raises(cm.CorridorError, match="svg"):
        cm.sensitivity_figure(studies["tornado"], tmp_path / "a.doc")
    assert not list(tmp_path.iterdir())


def test_long_names_differ_where_they_differ(plan):
    for lang in LANGS:
        for places in (26, 32):
            names = [
                short(
                    cm.sensitivity.parameters.parameter(plan, f"{f}:{p}").title(plan, lang), places
                )
                for p in plan.projects
                for f in ("delay", "overrun")
            ]
            assert len(set(names)) == len(names)
            lines = [line for name in names for line in name.split("\n")]
            assert max(map(width, lines)) <= places + 2


def test_a_line_never_ends_between_number_and_unit():
    lines = broken("it costs 150.00 亿元 in all " * 9, 30, translator("en")).split("\n")
    assert not any(line.endswith("150.00") for line in lines)
