"""Pictures on axes: the caller's settings, plain labels, letters without glyphs, labels apart."""

from __future__ import annotations

import itertools
import math
import threading
import warnings

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from tests.plot.pictures import PICTURES, slow_but

import corridor_model as cm
from corridor_model.errors import CorridorWarning
from corridor_model.plot import style
from corridor_model.plot.assessment import FAR, league_rows, progress_rows
from corridor_model.plot.forecasting import fan_of
from corridor_model.plot.growth import path_lines
from corridor_model.plot.portfolio import frontier_line
from corridor_model.plot.scenario import work_bars, yearly_money
from corridor_model.plot.style import (
    STATUS_COLOURS,
    check_figure,
    drawable,
    figure_of,
    short_number,
    spread,
    style_context,
)

TIBETAN = "\N{TIBETAN LETTER KA}"
LANGS = ("zh", "en")
QUICK = {"paths_rank", "fan_assess", "two_way", "league"}
"""Tried after every change; the others by `make slow`."""


def axes_of(size=(5, 3.4)):
    return Figure(size, layout="constrained").subplots()


@pytest.mark.uncounted
@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=[] if n in QUICK else [pytest.mark.slow]) for n in PICTURES]
)
def test_the_callers_settings_stay_and_the_axes_come_back(results, name):
    size, draw = PICTURES[name]
    axes = axes_of(size)
    with mpl.rc_context({"font.family": ["serif"], "lines.linewidth": 9, "axes.grid": True}):
        before = dict(mpl.rcParams)
        assert draw(results, axes, "zh") is axes
        assert dict(mpl.rcParams) == before
    axes.figure.draw_without_rendering()  # outside the style: labels have kept their fonts
    assert check_figure(axes.figure) == set()
    families = {f for text in axes.texts for f in text.get_fontfamily()}
    assert "serif" not in families


def test_without_axes_a_figure_of_its_own_appears(results):
    before = plt.get_fignums()
    axes = cm.plot.fan(results["forecast"])
    assert len(plt.get_fignums()) == len(before) + 1
    assert plt.gcf() is axes.figure


def test_a_refusal_leaves_no_empty_figure(results):
    for wrong in (
        lambda: cm.plot.paths(results["plan"], "GDP"),
        lambda: cm.plot.progress(results["assess"], indicators=["gpd"]),
        lambda: cm.plot.progress("gdp"),
        lambda: cm.plot.league(results["assess"]),
    ):
        with pytest.raises(cm.CorridorError):
            wrong()
    assert plt.get_fignums() == []


@pytest.mark.uncounted
def test_the_language_that_is_set_is_the_language_drawn(results):
    with cm.set_options(lang="en"):
        assert "must grow" in cm.plot.paths(results["plan"], "gdp", axes_of()).get_title("left")
        title = cm.plot.paths(results["plan"], "gdp", axes_of(), lang="zh").get_title("left")
    assert "需年均增长" in title


@pytest.mark.uncounted
def test_what_stood_on_the_axes_stays(results):
    axes = axes_of()
    mine = axes.text(0.5, 0.5, "my own", family="monospace", transform=axes.transAxes)
    axes.plot([2018, 2022], [400, 500], label="mine")
    cm.plot.paths(results["plan"], "gdp", axes)
    assert mine.get_fontfamily() == ["monospace"]
    assert mine.get_text() == "my own"
    assert "mine" in [line.get_label() for line in axes.lines]


@pytest.mark.uncounted
def test_pictures_of_two_threads_do_not_meet(results):
    errors = []

    def draw(lang):
        try:
            for _ in range(3):
                cm.plot.spending(results["plan"], axes_of(), lang=lang)
        except Exception as error:
            errors.append(error)

    before = dict(mpl.rcParams)
    threads = [threading.Thread(target=draw, args=(lang,)) for lang in LANGS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert dict(mpl.rcParams) == before


# Names as offices have them.


def renamed(assessment, name):
    names = assessment["name_zh"].astype(object).copy()
    names[list(assessment["indicator"].values).index("gdp")] = name
    return assessment.assign(name_zh=names.astype(str))


@pytest.mark.uncounted
@pytest.mark.parametrize(
    "name", ["成本 $x$ 与 $", r"a_b^{c} $\frac{1}{2}$", "$", r"\$ 5", "100%_#&"]
)
def test_a_dollar_sign_begins_no_formula(results, name):
    strange = renamed(results["assess"], name)
    for axes in (
        cm.plot.progress(strange, axes_of((8, 2)), indicators=["gdp", "rd_to_gdp"], lang="zh"),
        cm.plot.fan(strange, "gdp", axes_of(), lang="zh"),
    ):
        axes.figure.draw_without_rendering()
        texts = [text.get_text() for text in axes.figure.findobj(mpl.text.Text)]
        assert name in texts
        axes.figure.draw_without_rendering()


def test_a_scenario_named_with_dollars_is_drawn(results):
    money = results["simulate"].assign_coords(scenario_zh=("scenario", ["$a$", "$_^", "c"]))
    axes = cm.plot.spending(money, axes_of(), lang="zh")
    axes.figure.draw_without_rendering()
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["$a$", "$_^", "c"]


@pytest.mark.usefixtures("only_shipped_fonts")
def test_a_letter_without_a_glyph_is_marked_and_named(results, monkeypatch):
    monkeypatch.setattr(style, "_family_with", lambda character: None)
    strange = renamed(results["assess"], "生产" + TIBETAN)
    with pytest.warns(CorridorWarning, match=r"ཀ \(U\+0F40\)") as caught:
        axes = cm.plot.progress(strange, axes_of((8, 2)), indicators=["gdp"], lang="zh")
    assert len(caught) == 1
    assert caught[0].filename == __file__
    assert "安装" in caught[0].message.text("zh")
    assert [label.get_text() for label in axes.get_yticklabels()] == ["生产〓"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # no empty box is drawn in silence
        axes.figure.draw_without_rendering()
    with pytest.warns(CorridorWarning, match=r"U\+0F40"):
        assert cm.plot.fan(strange, "gdp", axes_of(), lang="zh").get_title("left") == "生产〓"


@pytest.mark.usefixtures("only_shipped_fonts")
def test_any_installed_font_helps_out(monkeypatch):
    monkeypatch.setattr(style, "_family_with", lambda character: "Some Font")
    with style_context("zh", installed=False):
        text, families = drawable("垟" + TIBETAN)
    assert text == "垟" + TIBETAN
    assert families[-1] == "Some Font"


def test_the_search_for_a_font_passes_over_placeholders_and_pictures():
    style._family_with.cache_clear()
    assert style._family_with("A") in {"DejaVu Sans", style.SHIPPED_FAMILY}
    assert style._family_with("\U000f1234") is None


# What is worked out apart from the drawing.


@given(
    st.lists(st.floats(-100, 100), min_size=1, max_size=12),
    st.floats(0.1, 5),
)
@settings(max_examples=60, deadline=None)
def test_labels_are_moved_apart_and_no_further(values, apart):
    low, high = -150.0, 150.0
    places = spread(values, apart, low, high)
    order = np.argsort(values, kind="stable")
    moved = np.array(places)[order]
    assert (np.diff(moved) >= apart - 1e-9).all()
    assert moved[0] >= low - 1e-9
    assert moved[-1] <= high + 1e-9
    ranked = np.array(values)[order]
    if (np.diff(ranked) >= apart).all():
        np.testing.assert_allclose(moved, ranked, atol=1e-9)  # nothing moves without need


def test_labels_on_one_point_stand_around_it():
    assert spread([5.0, 5.0, 5.0], 1.0, 0.0, 10.0) == [4.0, 5.0, 6.0]
    assert spread([], 1.0, 0.0, 1.0) == []


def test_paths_are_the_numbers_of_growth_paths(results):
    plan = results["plan"]
    ds = cm.growth_paths(plan).sel(indicator="gdp")
    for lines in (path_lines(plan, "gdp"), path_lines(cm.growth_paths(plan), "gdp")):
        assert lines.years.tolist() == [2018, 2019, 2020, 2021, 2022]
        for line in lines.lines:
            want = ds["value"].sel(rate=line.rate, year=lines.years).values
            np.testing.assert_array_equal(line.values, want)
        assert lines.required[-1] == pytest.approx(580)
        assert lines.rate == pytest.approx(0.0644146, abs=1e-7)
    assert path_lines(plan).name.text("zh") == path_lines(plan, "rd_to_gdp").name.text("zh")


def test_an_unknown_start_is_worked_out_from_the_target(results):
    lines = path_lines(results["plan"], "tax_per_mu")
    assert lines.runs_back
    for line in lines.lines:
        assert line.values[-1] == pytest.approx(39)
        assert line.values[0] == pytest.approx(39 / (1 + line.rate) ** 3)


def test_a_count_meets_its_target_at_every_rate(results):
    lines = path_lines(results["plan"], "new_hightech_enterprises")
    assert lines.meet
    assert not lines.runs_back
    axes = cm.plot.paths(results["plan"], "new_hightech_enterprises", axes_of(), lang="en")
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels[0] == "10 %: 36.3 in the first year"


def test_fans_stand_on_the_figures_of_the_promise(results):
    fan = fan_of(results["assess"], "gdp")
    assert fan.past.tolist() == [[2020, 467.7], [2021, 522.3]]
    assert fan.years.tolist() == [2022]
    assert fan.target == 580
    assert fan.p == pytest.approx(float(results["assess"]["p_reach"].sel(indicator="gdp")))
    count = fan_of(results["assess"], "new_hightech_enterprises")
    assert count.past.tolist() == [[2019, 0], [2020, 31], [2021, 84]]
    growth = fan_of(results["assess"], "hightech_investment_growth")
    assert growth.past[:, 1] == pytest.approx([4.1, 6.0134], abs=1e-4)
    sim = fan_of(results["simulate"], "gdp", scenario="slow")
    assert sim.past.tolist() == [[2020, 467.7], [2021, 522.3]]
    assert sim.widths == ["50", "90"]
    assert sim.target == 580
    index = fan_of(results["simulate"], "hightech_investment_growth")
    assert index.target == pytest.approx(152.0875)
    assert fan_of(results["forecast"], target=1e9).p == 0.001  # an open year is never impossible


@pytest.mark.uncounted
def test_rows_of_progress_stand_worst_first_and_lose_none(results):
    rows = progress_rows(results["assess"], lang="en")
    assert len(rows) == results["assess"].sizes["indicator"]
    order = [row.status for row in rows]
    ranks = ["missed", "behind", "on_schedule", "ahead", "achieved", "not_assessable"]
    assert order == sorted(order, key=ranks.index)
    axes = cm.plot.progress(results["assess"], lang="en")
    drawn = len(axes.get_yticklabels())
    assert axes.get_xlabel().startswith(f"{len(rows) - drawn} rows not drawn")
    late = [row.words for row in rows if "met only in" in row.words]
    assert late
    assert all(word.startswith("missed") for word in late)


def test_rows_that_do_not_fit_are_counted(results):
    axes = cm.plot.progress(results["assess"], axes_of((7, 1.6)), lang="en")
    fits = len(axes.get_yticklabels())
    assert 1 <= fits < 12
    assert axes.get_xlabel().startswith(f"{146 - fits} rows not drawn")
    units = cm.plot.league(results["league"], axes_of((6, 1.6)), lang="en")
    left = len(results["league"]) - len(units.get_yticklabels())
    assert f"{left} more units not drawn" in units.get_xlabel()
    works = cm.plot.gantt(results["plan"], axes_of((7, 1.6)), lang="en")
    assert works.get_xlabel() == f"{24 - len(works.get_yticklabels())} more works not drawn"


def test_what_cannot_be_judged_says_why(plan):
    few = cm.assess(plan).isel(indicator=slice(0, 4))
    axes = cm.plot.progress(few, axes_of((7, 2.4)), lang="en")
    assert [text.get_text() for text in axes.texts] == ["not assessable: not reported"] * 4


def test_bars_of_works_hold_all_their_money(results):
    years, rows = work_bars(results["plan"])
    total = cm.spending(results["plan"]).isel(scenario=0, drop=True)["total"]
    for row in rows:
        want = float(total.sel(project=row.id))
        assert (math.isnan(row.total) and math.isnan(want)) or row.total == pytest.approx(want)
    money = yearly_money(results["plan"])
    assert money.money.sum() == pytest.approx(float(total.sum()))
    assert years.tolist() == money.years.tolist()
    late = cm.Scenario("late", cm.Delay("binhai_avenue", months=12))
    moved = {row.id: row for row in work_bars(results["plan"], late).rows}["binhai_avenue"]
    assert moved.new_end - moved.end == pytest.approx(1)
    assert moved.total == pytest.approx(42)


@pytest.mark.uncounted
def test_a_works_money_in_a_picture_lies_within_its_dates(results):
    axes = cm.plot.gantt(results["plan"], axes_of((9, 12)), lang="en")
    texts = [text.get_text() for text in axes.texts]
    assert "investment unknown" in texts
    assert "80.00" in texts
    assert texts.count("20.0") == 4


def test_the_frontier_is_the_choices_own(results):
    line = frontier_line(results["choice"])
    assert line.scale.tolist() == [0.5, 1.0, 1.5, 2.0]
    assert line.value[1] == pytest.approx(line.here)
    money = yearly_money(results["choice"], "en")
    assert np.nanmax(money.budget) == 4


def test_the_league_is_the_tables_own(results):
    units = league_rows(results["league"])
    assert [unit.name for unit in units] == list(results["league"].index)
    assert [unit.rank for unit in units] == results["league"]["rank"].tolist()


def test_many_growth_targets_are_listed_in_few_lines():
    from corridor_model.messages import translator
    from corridor_model.plot.growth import MOST_NAMES, _listed

    en = translator("en")
    assert _listed({10.0: ["a", "b"], 8.0: ["c"]}, en) == ["8 %  c", "10 %  a", "10 %  b"]
    many = _listed({8.0: [f"n{i}" for i in range(12)], 9.0: ["last"]}, en)
    assert many == ["8 %  n0 and 11 more", "9 %  last"]
    wide = _listed({float(i): [f"n{i}"] for i in range(12)}, en)
    assert len(wide) == MOST_NAMES + 1
    assert wide[-1] == "… and 5 more"


@pytest.mark.uncounted
def test_a_share_that_leaves_its_bounds_is_labelled_where_it_ends():
    taught = cm.load_plan(example=True)
    lines = path_lines(taught, "hightech_va_share", [0.1, 0.25])
    assert np.isnan(lines.lines[1].values[-1])
    axes = cm.plot.paths(taught, "hightech_va_share", axes_of(), rates=[0.1, 0.25], lang="en")
    label = next(text for text in axes.texts if text.get_text() == "25 %")
    assert label.xy[0] < lines.years[-1]


# Refusals.

WRONG = {
    "paths": (lambda r: cm.plot.paths(r["assess"]), "growth_paths"),
    "paths id": (lambda r: cm.plot.paths(r["plan"], "gdpp"), "Did you mean 'gdp'"),
    "paths far id": (lambda r: cm.plot.paths(r["plan"], "xqzw"), "There is no 'xqzw'"),
    "paths axes": (lambda r: cm.plot.paths(r["plan"], axes_of()), "ax="),
    "paths annual": (lambda r: cm.plot.paths(r["plan"], "talent_apartments_none"), "There is no"),
    "ax": (lambda r: cm.plot.paths(r["plan"], "gdp", "here"), "Axes of matplotlib, not str"),
    "ax figure": (lambda r: cm.plot.spending(r["plan"], Figure()), "not Figure"),
    "fan": (lambda r: cm.plot.fan([1, 2, 3]), "needs a forecast"),
    "fan id": (lambda r: cm.plot.fan(r["forecast"], "gdp"), "one series"),
    "fan scenario": (lambda r: cm.plot.fan(r["simulate"], "gdp", scenario="no"), "'no'"),
    "fan quantiles": (
        lambda r: cm.plot.fan(r["simulate"].isel(quantile=[0, 2]), "gdp"),
        "pairs of quantiles",
    ),
    "fan of nothing": (
        lambda r: cm.plot.fan(cm.assess(r["plan"]), "tax_per_mu"),
        "nothing to draw",
    ),
    "progress": (lambda r: cm.plot.progress(r["forecast"]), "result of assess"),
    "progress rules": (
        lambda r: cm.plot.progress(r["assess"].expand_dims(rule=["schedule"])), "one rule"
    ),
    "fan rules": (
        lambda r: cm.plot.fan(r["assess"].expand_dims(rule=["schedule"]), "gdp"), "one rule"
    ),
    "top": (lambda r: cm.plot.progress(r["assess"], top=0), "top"),
    "gantt": (lambda r: cm.plot.gantt(r["assess"]), "needs a plan"),
    "gantt name": (lambda r: cm.plot.gantt(r["plan"], scenario="slow"), "is a Scenario"),
    "gantt scenario": (lambda r: cm.plot.gantt(r["simulate"], scenario="slo"), "Did you mean"),
    "spending": (lambda r: cm.plot.spending(3), "needs a plan"),
    "tornado": (lambda r: cm.plot.tornado(r["sobol"]), "result of tornado; got sobol"),
    "sobol": (lambda r: cm.plot.sobol(r["plan"]), "result of sobol; got Plan"),
    "sobol output": (lambda r: cm.plot.sobol(r["sobol"], "x"), "There is no 'x'"),
    "two_way": (lambda r: cm.plot.two_way(r["tornado"]), "two_way"),
    "attribution": (lambda r: cm.plot.attribution(r["tornado"]), "attribute"),
    "frontier": (lambda r: cm.plot.frontier(r["tornado"]), "choose_projects"),
    "frontier of one": (
        lambda r: cm.plot.frontier(r["choice"].isel(budget_scale=[1])), "one budget only"
    ),
    "reliability": (lambda r: cm.plot.reliability(r["forecast"]), "backtest"),
    "league": (lambda r: cm.plot.league(r["plan"]), "league"),
    "language": (lambda r: cm.plot.spending(r["plan"], axes_of(), lang="fr"), "'fr'"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_drawn_is_refused_in_words(results, case):
    call, words = WRONG[case]
    with pytest.raises(cm.CorridorError, match=words) as refusal:
        call(results)
    assert refusal.value.text("zh") != refusal.value.text("en")
    assert plt.get_fignums() == []


def test_a_result_without_works_or_money_says_so(plan):
    money = cm.spending(plan).isel(scenario=0, drop=True)
    with pytest.raises(cm.CorridorError, match="no works"):
        cm.plot.gantt(money.isel(project=slice(0, 0)))
    none = {name: money[name] * 0 for name in ("programme", "programme_quantile")}
    with pytest.raises(cm.CorridorError, match="No money"):
        cm.plot.spending(money.assign(none))


# Labels: none on another, none on a line, all inside.


def boxes(axes):
    shown = [text for text in axes.texts if text.get_text().strip() and text.get_visible()]
    legend = axes.get_legend()
    shown += list(legend.get_texts()) if legend else []
    shown += [text for text in (axes.title, axes._left_title) if text.get_text()]
    return [(text, text.get_window_extent()) for text in shown]


def lines_in_pixels(axes):
    for line in axes.lines:
        xy = line.get_transform().transform(line.get_xydata())
        if len(xy) > 1 and np.isfinite(xy).all() and line.get_linestyle() != "None":
            yield from itertools.pairwise(xy)


def crosses(box, one, other):
    steps = np.linspace(0, 1, 60)[:, None]
    points = one + (other - one) * steps
    inside = (points[:, 0] > box.x0 + 1) & (points[:, 0] < box.x1 - 1)
    inside &= (points[:, 1] > box.y0 + 2) & (points[:, 1] < box.y1 - 2)
    return bool(inside.any())


@pytest.mark.uncounted
@pytest.mark.parametrize(("name", "lang"), slow_but(lambda n, lang: n in QUICK and lang == "en"))
@pytest.mark.usefixtures("only_shipped_fonts")
def test_labels_stand_apart_from_each_other_and_from_lines(results, name, lang):
    size, draw = PICTURES[name]
    axes = axes_of(size)
    draw(results, axes, lang)
    figure = axes.figure
    figure.draw_without_rendering()
    page = figure.bbox
    every = boxes(axes)
    for text, box in every:
        assert box.x0 >= page.x0 - 1, text.get_text()
        assert box.x1 <= page.x1 + 1, text.get_text()
        assert box.y0 >= page.y0 - 1, text.get_text()
        assert box.y1 <= page.y1 + 1, text.get_text()
    for (one, a), (other, b) in itertools.combinations(every, 2):
        apart = min(a.x1, b.x1) - max(a.x0, b.x0) < 1 or min(a.y1, b.y1) - max(a.y0, b.y0) < 1.5
        assert apart, (one.get_text(), other.get_text())
    if name in {"paths", "paths_rank", "paths_start", "fan", "fan_assess"}:
        for text, box in every:
            for segment in lines_in_pixels(axes):
                assert not crosses(box, *segment), text.get_text()


# Colours.


def linear(colour):
    rgb = np.array(mpl.colors.to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def luminance(colour):
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(one, other="white"):
    """WCAG 2.1: (L1 + 0.05) / (L2 + 0.05)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


DEUTERANOPIA = np.array(
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.04294, 0.968881],
    ]
)
"""Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB."""
XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.072175],
        [0.0193339, 0.119192, 0.9503041],
    ]
)


def lab(colour, matrix=None):
    rgb = linear(colour)
    if matrix is not None:
        rgb = np.clip(matrix @ rgb, 0, 1)
    ratio = XYZ @ rgb / (XYZ @ np.ones(3))
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_words_are_readable_and_marks_are_seen():
    for colour in (style.INK, style.QUIET, style.TARGET_INK):
        assert contrast(colour) >= 4.5, colour  # WCAG 2.1, 1.4.3
    from corridor_model.plot.growth import RATE_COLOURS

    lines = (style.BLUE, style.VERMILION, style.GREEN, style.TARGET, style.WHOLE)
    for colour in (*lines, *RATE_COLOURS[1:]):
        assert contrast(colour) >= 3, colour  # 1.4.11, of lines and marks
    assert contrast(RATE_COLOURS[0]) >= 2.5
    assert [luminance(c) for c in RATE_COLOURS] == sorted(
        (luminance(c) for c in RATE_COLOURS), reverse=True
    )


SIDE_BY_SIDE = [
    (style.LOW, style.HIGH), (style.UP, style.DOWN), (style.BLUE, style.TARGET),
    *itertools.combinations((style.BLUE, style.ORANGE, style.GREEN, style.PURPLE, style.SKY), 2),
    *itertools.combinations(STATUS_COLOURS.values(), 2),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SIDE_BY_SIDE)
def test_colours_that_stand_together_are_told_apart(one, other):
    assert np.linalg.norm(lab(one) - lab(other)) >= 14
    # a difference of 2.3 is just seen (Mahy, Van Eycken and Oosterlinck 1994)
    assert np.linalg.norm(lab(one, DEUTERANOPIA) - lab(other, DEUTERANOPIA)) >= 10


def test_in_black_and_white_bars_differ_by_shade_or_hatch():
    assert abs(lab(style.LOW)[0] - lab(style.HIGH)[0]) >= 20
    assert len(set(style.HATCHES)) == len(style.HATCHES)


def test_long_shares_end_in_an_arrow(results):
    far = results["assess"].copy()
    share = far["achieved_share"].values.copy()
    share[list(far["indicator"].values).index("gdp")] = 7.0
    far = far.assign(achieved_share=("indicator", share))
    axes = cm.plot.progress(far, axes_of((8, 2)), indicators=["gdp", "rd_to_gdp"], lang="en")
    assert max(bar.get_width() for bar in axes.patches) == pytest.approx(FAR)
    assert any(line.get_marker() == ">" for line in axes.lines)


def test_numbers_at_the_ends_of_lines_are_short():
    assert [short_number(v) for v in (0.0, 1234.5678, -0.05, 3.0)] == ["0", "1234.6", "-0.05", "3"]


@pytest.mark.parametrize("year", [2023, 2025])
def test_progress_draws_every_kind_of_the_national_plan(year):
    """Changes and relative changes among them, whose figures have words of their own."""
    verdicts = cm.assess(cm.load_plan("china_14fyp"), as_of=year)
    axes = cm.plot.progress(verdicts, lang="en")
    assert axes.texts


def test_axes_of_a_part_of_a_figure_know_the_whole():
    from matplotlib.figure import Figure

    figure = Figure()
    inner = figure.subfigures(1, 2)[0].subfigures(2, 1)[1]
    assert figure_of(inner.subplots()) is figure
    assert figure_of(Figure().subplots()) is not figure
