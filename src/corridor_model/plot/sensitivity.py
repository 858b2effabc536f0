"""The figure of a study of sensitivity, whichever it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from corridor_model.errors import CorridorError
from corridor_model.formatting import share_label
from corridor_model.messages import N_, Translator, translator
from corridor_model.options import Language, language
from corridor_model.plot.assessment import must_be_count
from corridor_model.plot.style import (
    DOWN,
    HIGH,
    INK,
    LOW,
    QUIET,
    REST,
    SMALL,
    UP,
    WHOLE,
    beside,
    broken,
    drawing,
    figure_height,
    figure_of,
    inches,
    lay_out,
    legend_above,
    legend_below,
    must_be_study,
    output_ticks,
    page,
    panel_title,
    place_of,
    places_across,
    quiet,
    row_labels,
    rows_in,
    save_figure,
    settle,
    short,
    text_inches,
    tick,
    titled,
    with_unit,
)
from corridor_model.sensitivity.sobol_indices import UNTOLD
from corridor_model.text.numbers import percents, share_text
from corridor_model.text.sensitivity import NARRATORS, caused, changes, movers, ranked
from corridor_model.text.studies import (
    InputWords,
    OutcomeWords,
    axis_words,
    input_words,
    outcome_words,
    scenario_title,
    study_of,
)

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


TOP = 15
WIDE, NARROW = 120, 96
"""Places of a line of notes under a wide and a narrow figure."""


def sensitivity_figure(
    made: xr.Dataset,
    file: str | Path,
    lang: Language | None = None,
    *,
    top: int = TOP,
    installed_fonts: bool = True,
) -> Path:
    """Draw a study and save the figure.

    Parameters
    ----------
    made : Dataset
        Of :func:`corridor_model.tornado`, :func:`corridor_model.sobol`,
        :func:`corridor_model.attribute` or :func:`corridor_model.sensitivity.two_way`.
    file : str or path
        Ending in png, svg or pdf.
    lang : {"zh", "en"}, optional
        Language of all labels; the one of :class:`corridor_model.set_options` by default.
    top : int, default 15
        Inputs drawn at most; of a tornado the rest is summed up.
    installed_fonts : bool, default True
        Whether fonts of the machine may be used; the shipped one always is at hand.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    CorridorError
        If the file cannot be written, or there is no figure of the study.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import corridor_model as cm
    >>> ds = cm.tornado(cm.load_plan(), "km_open:2022")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sensitivity_figure(ds, Path(folder) / "tornado.svg").stat().st_size > 1000
    True
    """
    study = study_of(made)
    if study not in FIGURES:
        raise CorridorError(
            N_("Tipping points are a table; a figure needs tornado, sobol, attribute or a grid.")
        )
    must_be_count(top)
    lang = language(lang)
    t = translator(lang)
    return save_figure(
        lambda: FIGURES[study](made, t, top), file, lang, installed_fonts=installed_fonts
    )


# The tornado: a bar an input, from its low end to its high end, around where the output stands.

HEIGHT = 0.62


class Bar(NamedTuple):
    """One row: its name, where its two ends take the output, and what the ends mean."""

    name: str
    low: float
    high: float
    says_low: str
    says_high: str
    summed: bool = False


def tornado(
    study: xr.Dataset, ax: Axes | None = None, *, top: int = TOP, lang: Language | None = None
) -> Axes:
    r"""Draw a tornado: a bar an input, from its low end to its high end.

    Parameters
    ----------
    study : Dataset
        Of :func:`corridor_model.tornado` or
        :func:`corridor_model.sensitivity.one_at_a_time`.
    ax : Axes, optional
        Where to draw, as many rows as fit; a figure of its own by default.
    top : int, default 15
        Inputs at most; the rest is summed up in one bar.
    lang : {"zh", "en"}, optional
        Language; the one of :class:`corridor_model.set_options` by default.

    Returns
    -------
    Axes
        Where it is drawn.

    Raises
    ------
    CorridorError
        If it is no tornado.

    Examples
    --------
    >>> import corridor_model as cm
    >>> study = cm.tornado(cm.load_plan(), "km_open:2022")
    >>> [label.get_text() for label in cm.plot.tornado(study, lang="en").get_yticklabels()]
    ['Wenzhou Avenue eastern extension\ndelay']
    """
    must_be_study(study, "tornado")
    must_be_count(top)
    with drawing(ax, lang, (9.0, 1.0)) as (axes, t):
        bars = tornado_bars(study, t, top)
        if ax is None:
            figure_height(axes, 1.9 + 0.44 * max(len(bars), 2))
        fits = rows_in(axes, len(bars), SMALL, 3)
        if fits < len(bars):
            bars = tornado_bars(study, t, max(fits - 1, 1))
        pad = _draw_tornado(axes, bars, study, t)
        _headline(axes, study, t, pad)
        settle(axes)
        lay_out(axes)
        _headline(axes, study, t, pad)  # broken by the room that is left
        _label_bars(axes, bars, float(study.attrs["base"]), outcome_words(study, t))
    return axes


def _headline(axes: Axes, ds: xr.Dataset, t: Translator, pad: float | None = None) -> None:
    """Write what the study says over its axes; whether it has converged belongs to it."""
    words = NARRATORS[study_of(ds)](ds, t)
    head = broken(words.result[0], places_across(axes, 10.5), t)
    panel_title(axes, head, 10.5, pad=pad)


def draw_tornado(ds: xr.Dataset, t: Translator, top: int) -> Figure:
    """Return the figure; call it inside :func:`corridor_model.plot.style.style_context`."""
    bars = tornado_bars(ds, t, top)
    figure = page(12.0, 2.6 + 0.46 * max(len(bars), 2))
    axes = figure.subplots()
    _draw_tornado(axes, bars, ds, t)
    words = NARRATORS["tornado"](ds, t)
    titled(figure, words.result[0], words.notes, WIDE, t)
    settle(figure)
    lay_out(axes)
    _label_bars(axes, bars, float(ds.attrs["base"]), outcome_words(ds, t))
    return figure


def _draw_tornado(axes: Axes, bars: list[Bar], ds: xr.Dataset, t: Translator) -> float:
    """Draw everything but the labels of bars; return the points that the legend takes."""
    outcome, base = outcome_words(ds, t), float(ds.attrs["base"])
    for row, bar in enumerate(bars):
        _draw_bar(axes, row, bar, base)
    axes.axvline(base, color=INK, lw=1.2)
    row_labels(axes, [bar.name for bar in bars])
    axes.set_ylim(max(len(bars), 2) - 0.4, -1.1)
    axes.annotate(
        t("now {amount}", amount=outcome.amount(base)), (base, -0.62), ha="center",
        va="center", fontsize=SMALL + 0.5, color=INK,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
    )  # fmt: skip
    pad = _legend(axes, t)
    output_ticks(axes.xaxis, outcome.key)
    title = outcome.title or t("output")
    axes.set_xlabel(with_unit(title, outcome.unit, t), fontsize=SMALL + 1, color=INK)
    quiet(axes)
    return pad


def tornado_bars(ds: xr.Dataset, t: Translator, top: int = TOP) -> list[Bar]:
    """Return the bars: the inputs that move most, and the rest summed up."""
    base = float(ds.attrs["base"])
    moving = int(np.count_nonzero(ds["swing"].values > 0))
    # one more is drawn rather than summed up alone
    count = moving if moving <= top + 1 else top
    bars = []
    for i, one in enumerate(input_words(ds, t)[:count]):
        at = ds.isel(input=i)
        ends = (float(at["output_low"]), float(at["output_high"]))
        low, high = (one.at(float(at[end])) for end in ("low", "high"))
        bars.append(Bar(short(one.title), *ends, low, high))
    if count < moving:
        sides = np.array(
            [ds[f"output_{end}"].values[count:moving] - base for end in ("low", "high")]
        )
        # each to its own side: a delay and a cost at their high ends would cancel out
        low, high = np.minimum(sides.min(axis=0), 0.0), np.maximum(sides.max(axis=0), 0.0)
        name = t("the other {n}, summed up", n=moving - count)
        bars.append(Bar(name, base + low.sum(), base + high.sum(), "", "", True))
    return bars


def _draw_bar(axes: Axes, row: int, bar: Bar, base: float) -> None:
    ends = [
        (bar.low, REST if bar.summed else LOW),
        (bar.high, REST if bar.summed else HIGH),
    ]
    # where both lie on one side the shorter stands in front, and narrower
    same = (bar.low - base) * (bar.high - base) > 0
    ends.sort(key=lambda end: -abs(end[0] - base))
    for place, (value, colour) in enumerate(ends):
        height = HEIGHT * (0.5 if same and place else 1.0)
        axes.barh(row, value - base, left=base, height=height, color=colour)


def _label_bars(axes: Axes, bars: list[Bar], base: float, outcome: OutcomeWords) -> None:
    """Write where both ends take the output, beside each bar, on room made for it."""
    for says in (True, False):  # on narrow axes what the ends mean is left to the table
        labels = [
            label for row, bar in enumerate(bars) for label in _ends(row, bar, base, outcome, says)
        ]
        if _fits(axes, bars, base, labels):
            break
    for label in labels:
        colour = QUIET if bars[label.row].summed else INK
        beside(axes, label.at, label.row, label.text, 4 if label.right else -4, colour)


class EndLabel(NamedTuple):
    """What stands beside one end of a bar."""

    row: int
    at: float
    text: str
    right: bool


def _ends(row: int, bar: Bar, base: float, outcome: OutcomeWords, says: bool) -> list[EndLabel]:
    texts: dict[bool, list[str]] = {}
    for value, meaning in ((bar.low, bar.says_low), (bar.high, bar.says_high)):
        if value != base:
            text = outcome.amount(value)
            if meaning and says:
                text = outcome.t("{name} ({more})", name=text, more=meaning)
            texts.setdefault(value > base, []).append(text)
    far = {True: max(bar.low, bar.high), False: min(bar.low, bar.high)}
    return [EndLabel(row, far[right], "\n".join(lines), right) for right, lines in texts.items()]


def _fits(axes: Axes, bars: list[Bar], base: float, labels: list[EndLabel]) -> bool:
    """Widen the axes until every label has room; return whether that leaves room for bars."""
    ends = [end for bar in bars for end in (bar.low, bar.high)] + [base]
    low, high = min(ends), max(ends)
    wide = (high - low) or max(abs(base), 1.0)
    width, _ = inches(axes)
    room = [(label, text_inches(axes, label.text, SMALL) + 0.14) for label in labels]
    beyond = [
        max((w for label, w in room if label.right is side), default=0.0) for side in (False, True)
    ]
    left, right = low - 0.06 * wide, high + 0.06 * wide
    for _ in range(40):
        inch = (right - left) / width
        left = min([low - 0.06 * wide, *(x.at - w * inch for x, w in room if not x.right)])
        right = max([high + 0.06 * wide, *(x.at + w * inch for x, w in room if x.right)])
        if right - left > 12 * wide:  # the labels alone are wider than the axes
            break
    # what stands over the middle needs room on both sides
    axes.set_xlim(left, right)
    return sum(beyond) < 0.75 * width


def _legend(axes: Axes, t: Translator) -> float:
    from matplotlib.patches import Patch

    handles = [
        Patch(color=LOW, label=t("input at its low end")),
        Patch(color=HIGH, label=t("input at its high end")),
    ]
    return legend_above(axes, handles)


# Sobol indices: a panel an output, two bars an input with their intervals.

PANELS = 6
"""Outputs drawn at most; the note says how many are left out."""
INPUTS = 8
"""Inputs of one panel at most."""
ROWS = 4
"""Rows a panel has room for at least; the legend needs them."""
SEEN = 0.005
"""Total index below which an input is not drawn."""


def sobol(
    study: xr.Dataset,
    output: str | None = None,
    ax: Axes | None = None,
    *,
    top: int = INPUTS,
    lang: Language | None = None,
) -> Axes:
    """Draw Sobol indices of one output: by itself and with interactions, with their intervals.

    Parameters
    ----------
    study : Dataset
        Of :func:`corridor_model.sobol` or
        :func:`corridor_model.sensitivity.sobol_indices`.
    output : str, optional
        Which; by default the first that varies.
    ax : Axes, optional
        Where to draw, as many rows as fit; a figure of its own by default.
    top : int, default 8
        Inputs at most.
    lang : {"zh", "en"}, optional
        Language; the one of :class:`corridor_model.set_options` by default.

    Returns
    -------
    Axes
        Where it is drawn. Where the sample is too small to tell, only the bounds are.

    Raises
    ------
    CorridorError
        If it is another study, an unknown output, or none varies.

    Examples
    --------
    >>> import corridor_model as cm
    >>> study = cm.sobol(cm.load_plan(), "km_open:2022", n=64)
    >>> cm.plot.sobol(study, lang="en").get_title("left")
    'road km open in the area, 2022'
    """
    must_be_study(study, "sobol")
    must_be_count(top)
    names = [str(name) for name in study["output"].values]
    moving = [n for n, still in zip(names, study["zero_variance"].values, strict=True) if not still]
    if output is None and not moving:
        raise CorridorError(N_("No output of the study varies: there is nothing to draw."))
    name = moving[0] if output is None else names[place_of(names, output)]
    with drawing(ax, lang, (7.0, 1.0)) as (axes, t):
        at = study.sel(output=name)
        places = sobol_places(at, top)
        if ax is None:
            figure_height(axes, 1.5 + 0.46 * max(len(places), 2))
        places = places[: rows_in(axes, len(places), SMALL, 3)]
        _panel(axes, at, input_words(study, t), places, t)
        axes.set_ylim(max(len(places), 2) - 0.4, -0.6)
        sure = bool(np.isfinite(at["ST_low"].values[places]).any())
        pad = _legend_of_shares(axes, float(study.attrs["level"]), t, above=True, intervals=sure)
        head = outcome_words(study, t, name).title or name
        if not bool(at["converged"]):
            head = t("{name} (not converged)", name=head)
        head = broken(head, places_across(axes, 10.5), t)
        panel_title(axes, head, 10.5, pad=pad)
    return axes


def draw_sobol(ds: xr.Dataset, t: Translator, top: int) -> Figure:
    """Return the figure; call it inside :func:`corridor_model.plot.style.style_context`."""
    moving = [str(n) for n in ds["output"].values[~ds["zero_variance"].values]]
    names = moving[:PANELS]
    columns = min(2, max(len(names), 1))
    lines = -(-max(len(names), 1) // columns)
    places = {name: sobol_places(ds.sel(output=name), min(top, INPUTS)) for name in names}
    rows = max(max(map(len, places.values()), default=2), ROWS)
    figure = page(12.0, 1.9 + lines * (1.1 + 0.46 * rows))
    panels = np.atleast_1d(np.asarray(figure.subplots(lines, columns))).ravel()
    inputs = input_words(ds, t)
    for axes, name in zip(panels, names, strict=False):
        _panel(axes, ds.sel(output=name), inputs, places[name], t)
        # every panel has room for the rows of the longest, so that bars are alike
        axes.set_ylim(rows - 0.4, -0.6)
        head = outcome_words(ds, t, name).title or name
        head = broken(head, 38 if columns > 1 else 90, t)
        panel_title(axes, head, 11.5)
    for axes in panels[len(names) :]:
        axes.set_axis_off()
    if names:
        _legend_of_shares(panels[0], float(ds.attrs["level"]), t)
    words = NARRATORS["sobol"](ds, t)
    title = words.result[0]
    if ds.sizes["output"] > 1:
        title = t("Where the variance of each output comes from")
    notes, left = words.notes, len(moving) - len(names)
    if left > 0:
        more = t.plural("{n} more output is not drawn.", "{n} more outputs are not drawn.", left)
        notes = [*notes, more]
    titled(figure, title, notes, WIDE - 2, t)
    return figure


def sobol_places(at: xr.Dataset, most: int) -> list[int]:
    """Return the inputs worth a bar, the largest first."""
    order = ranked(at)
    return [i for i in order if at["ST"].values[i] >= SEEN][:most] or order[:1]


def _panel(
    axes: Axes, at: xr.Dataset, inputs: list[InputWords], places: list[int], t: Translator
) -> None:
    """Draw one output; of what the sample cannot tell the bounds alone."""
    told = str(at["converged_reason"].values) not in UNTOLD
    for row, i in enumerate(places):
        for index, colour, shift in (("S1", LOW, -0.19), ("ST", HIGH, 0.19)):
            value = float(at[index].values[i])
            if told:
                axes.barh(row + shift, value, height=0.34, color=colour)
            low, high = (float(at[f"{index}_{end}"].values[i]) for end in ("low", "high"))
            if not np.isnan(low):
                axes.plot([low, high], [row + shift] * 2, color=INK, lw=1.1)
        high = float(np.nanmax([at["ST_high"].values[i], at["ST"].values[i]]))
        share = share_text(float(at["ST"].values[i]), t) if told else "?"
        beside(axes, max(high, 0.0), row + 0.19, share)
    row_labels(axes, [short(inputs[i].title, 28) for i in places])
    # an estimate of nothing may lie a little below 0
    lows = at["S1_low"].values[places]
    highs = at["ST_high"].values[places]
    axes.set_xlim(
        min(0.0, *lows[~np.isnan(lows)].tolist(), 0.0),
        max(1.2, *(high + 0.15 for high in highs[~np.isnan(highs)].tolist()), 1.2),
    )
    ticks = (0.0, 0.25, 0.5, 0.75, 1.0)
    axes.set_xticks(ticks, [percents(tick, t, 0) for tick in ticks])
    quiet(axes)


def _legend_of_shares(
    axes: Axes, level: float, t: Translator, *, above: bool = False, intervals: bool = True
) -> float:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    bounds = t("{level}% interval", level=share_label(level))
    handles = [
        Patch(color=LOW, label=t("by itself (S1)")),
        Patch(color=HIGH, label=t("with interactions (ST)")),
        *([Line2D([], [], color=INK, lw=1.1, label=bounds)] if intervals else []),
    ]
    if above:
        return legend_above(axes, handles)
    # the largest bars stand on top, so that this corner is free
    axes.legend(handles=handles, loc="lower right", fontsize=SMALL, frameon=False)
    return 0.0


# A grid of two inputs: the output as colour, the frontier as a line, the plan as a point.

STEPS = 12
"""An output with no more values than this jumps; it is drawn cell by cell."""


def two_way(study: xr.Dataset, ax: Axes | None = None, *, lang: Language | None = None) -> Axes:
    """Draw a grid of two inputs: the output as colour, where the target is just met as a line.

    Parameters
    ----------
    study : Dataset
        Of :func:`corridor_model.sensitivity.two_way`.
    ax : Axes, optional
        Where to draw, the bar of the colours beside it; a figure of its own by default.
    lang : {"zh", "en"}, optional
        Language; the one of :class:`corridor_model.set_options` by default.

    Returns
    -------
    Axes
        Where it is drawn.

    Raises
    ------
    CorridorError
        If it is another study.

    Examples
    --------
    >>> import corridor_model as cm
    >>> study = cm.sensitivity.two_way(
    ...     cm.load_plan(), "inside_plan", ("delay:binhai_avenue", 0, 24),
    ...     ("overrun:binhai_avenue", 0.9, 1.5), points=(5, 5), threshold=150)
    >>> cm.plot.two_way(study, lang="en").get_xlabel()
    'Binhai Avenue expressway (national road 228): delay (months)'
    """
    must_be_study(study, "two_way")
    with drawing(ax, lang, (7.2, 5.4)) as (axes, t):
        _draw_grid(axes, study, t)
        _headline(axes, study, t)
    return axes


def draw_grid(ds: xr.Dataset, t: Translator) -> Figure:
    """Return the figure; call it inside :func:`corridor_model.plot.style.style_context`."""
    figure = page(9.6, 7.0)
    _draw_grid(figure.subplots(), ds, t)
    words = NARRATORS["two_way"](ds, t)
    titled(figure, words.result[0], [*words.result[1:], *words.notes], NARROW, t)
    return figure


def _draw_grid(axes: Axes, ds: xr.Dataset, t: Translator) -> None:
    outcome, figure = outcome_words(ds, t), figure_of(axes)
    bar = figure.colorbar(_colour(axes, ds), ax=axes, pad=0.02)
    bar.ax.tick_params(labelsize=SMALL, colors=INK)
    output_ticks(bar.ax.yaxis, outcome.key)
    bar.set_label(with_unit(outcome.title, outcome.unit, t), fontsize=SMALL + 1, color=INK)
    handles = [*_verdict(axes, ds, t), *_stands(axes, ds, t)]
    for axis, spine in (("x", axes.xaxis), ("y", axes.yaxis)):
        one = axis_words(ds, axis, t)
        spine.set_major_formatter(_ticks(one))
        # a long name on the upright axis would be cut off
        side = inches(axes)[axis == "y"]
        label = broken(with_unit(one.title, one.unit, t), int(side * 72 / (0.62 * SMALL)), t)
        spine.set_label_text(label, fontsize=SMALL + 1, color=INK)
    axes.set_xlim(float(ds["x"][0]), float(ds["x"][-1]))
    axes.set_ylim(float(ds["y"][0]), float(ds["y"][-1]))
    axes.tick_params(colors=INK, labelsize=SMALL + 0.5)
    if handles:
        legend_below(axes, handles)
    settle(bar.ax)


def _ticks(one: InputWords) -> Callable[[float, float], str]:
    """Return what writes an input's values as its table does."""
    if one.field in {"growth", "forecast", "cancel"}:
        return lambda value, _: one.cell(value)
    return lambda value, _: tick(value)


def _colour(axes: Axes, ds: xr.Dataset) -> Any:
    """Fill the plane: by contours where the output is smooth, by cells where it jumps."""
    x, y, values = ds["x"].values, ds["y"].values, ds["output"].values
    if _jumps(ds):
        return axes.pcolormesh(x, y, values, cmap="Blues", shading="nearest", alpha=0.85)
    return axes.contourf(x, y, values, levels=14, cmap="Blues", alpha=0.85)


def _verdict(axes: Axes, ds: xr.Dataset, t: Translator) -> list[Any]:
    """Hatch where the target is missed, and draw the frontier."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    x, y, met = ds["x"].values, ds["y"].values, ds["met"].values
    look: dict[str, Any] = {
        "facecolor": "none",
        "edgecolor": QUIET,
        "hatch": "//",
        "linewidth": 0.0,
    }
    handles: list[Any] = []
    line = _whole_line(ds)
    step: Literal["mid"] | None = "mid" if _stepped(ds) else None
    if not met.all() and line is not None:
        missed_above = bool(met[0].sum() >= met[-1].sum())
        axes.fill_between(x, line, y[-1] if missed_above else y[0], step=step, **look)
    elif not met.all():
        axes.contourf(x, y, met.astype(np.float64), [-0.5, 0.5], colors="none", hatches=["//"])
    if not met.all():
        patch = {**look, "hatch": "////", "linewidth": 0.7}
        handles.append(Patch(**patch, label=t("target missed")))
    known = ~np.isnan(ds["frontier"].values)
    if known.any():
        frontier = ds["frontier"].values
        visible = frontier if line is None else np.where(_near(known), line, np.nan)
        if (ds["crossings"].values > 1).any():  # one line would join edges of different stretches
            axes.plot(x, ds["edge_value"].values, color=UP, ls="none", marker="o", ms=4)
        else:
            axes.plot(x, visible, color=UP, lw=2.4, drawstyle="steps-mid" if step else "default")
        handles.append(Line2D([], [], color=UP, lw=2.4, label=t("just met")))
    return handles


def _jumps(ds: xr.Dataset) -> bool:
    return len(np.unique(ds["output"].values.round(9))) <= STEPS


def _stepped(ds: xr.Dataset) -> bool:
    """Return whether the frontier itself moves in steps: odds that jump may tip smoothly."""
    line = ds["frontier"].values
    return _jumps(ds) and len(np.unique(line[~np.isnan(line)].round(6))) <= STEPS // 2


def _whole_line(ds: xr.Dataset) -> np.ndarray | None:
    """Return the frontier over all x, at the grid's edge where a column is all met or missed.

    None where a column changes more than once, or columns are missed on different sides.
    """
    met, y = ds["met"].values, ds["y"].values
    turns = np.diff(met.astype(int), axis=0)
    rising, falling = bool((turns > 0).any()), bool((turns < 0).any())
    if (ds["crossings"].values > 1).any() or (rising and falling):
        return None
    if not rising and not falling:
        falling = True
    best, worst = (y[-1], y[0]) if falling else (y[0], y[-1])
    # beyond the edge, so that the line leaves the grid and does not run along it
    out = (y[-1] - y[0]) * (1 if best == y[-1] else -1)
    edge = np.where(met.all(axis=0), best + out, worst - out)
    line = np.where(np.isnan(ds["frontier"].values), edge, ds["frontier"].values)
    return line if _stepped(ds) else _extended(line, ~np.isnan(ds["frontier"].values))


def _extended(line: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return a smooth frontier whose next point on either side lies on its last direction."""
    at = np.flatnonzero(known)
    longer = line.copy()
    if len(at) < 2:
        return longer
    for i, before, to in ((at[0], at[1], at[0] - 1), (at[-1], at[-2], at[-1] + 1)):
        if 0 <= to < len(line) and abs(i - before) == 1:
            ahead = 2 * line[i] - line[before]
            beyond = (ahead - line[i]) * (line[to] - line[i]) > 0
            longer[to] = ahead if beyond else line[to]
    return longer


def _near(known: np.ndarray) -> np.ndarray:
    """Return where the frontier is known, and one point to either side."""
    near = known.copy()
    near[1:] |= known[:-1]
    near[:-1] |= known[1:]
    return near


def _stands(axes: Axes, ds: xr.Dataset, t: Translator) -> list[Any]:
    """Mark where the plan stands: a point, or a line where only one input is set."""
    from matplotlib.lines import Line2D

    x, y = (ds[axis].attrs.get("base") for axis in "xy")
    if x is not None and y is not None:
        inside = all(
            float(ds[axis][0]) <= base <= float(ds[axis][-1]) for axis, base in (("x", x), ("y", y))
        )
        if not inside:
            return []
        style: dict[str, Any] = {
            "marker": "D",
            "ms": 9,
            "color": "white",
            "mec": INK,
            "mew": 1.6,
            "ls": "none",
        }
        axes.plot([x], [y], zorder=5, clip_on=False, **style)
        return [Line2D([], [], label=t("where the plan stands"), **style)]
    if y is not None:
        axes.axhline(float(y), color=INK, lw=1.4, ls=(0, (5, 3)))
    elif x is not None:
        axes.axvline(float(x), color=INK, lw=1.4, ls=(0, (5, 3)))
    else:
        return []
    label = t("the plan (the other as forecast)")
    return [Line2D([], [], color=INK, lw=1.4, ls="--", label=label)]


# An attribution: the waterfall in the order written, beside the shares free of order.

MOVED = 3
"""Outputs drawn at most; the note says how many are left out."""


def attribution(
    study: xr.Dataset,
    output: str | None = None,
    ax: Axes | None = None,
    *,
    lang: Language | None = None,
) -> Axes:
    """Draw which change of a scenario did it: a waterfall from before to after.

    Parameters
    ----------
    study : Dataset
        Of :func:`corridor_model.attribute`.
    output : str, optional
        Which; by default the one that the most changes move.
    ax : Axes, optional
        Where to draw; a figure of its own by default.
    lang : {"zh", "en"}, optional
        Language; the one of :class:`corridor_model.set_options` by default.

    Returns
    -------
    Axes
        Where it is drawn; what adds in orange-red, what takes away in blue.

    Raises
    ------
    CorridorError
        If it is another study, an unknown output, or nothing moves.

    Examples
    --------
    >>> import corridor_model as cm
    >>> late = cm.Scenario("late", cm.Delay("binhai_avenue", months=12),
    ...                    cm.Overrun("binhai_avenue", factor=1.2))
    >>> ax = cm.plot.attribution(cm.attribute(cm.load_plan(), late, "inside_plan"), lang="en")
    >>> len(ax.get_yticklabels())
    4
    """
    must_be_study(study, "attribution")
    names = [str(name) for name in study["output"].values]
    counts = [len(movers(study.sel(output=name))) for name in names]
    if output is None and not any(counts):
        raise CorridorError(N_("No output of the study moves: there is nothing to draw."))
    name = names[int(np.argmax(counts)) if output is None else place_of(names, output)]
    with drawing(ax, lang, (8.0, 1.0)) as (axes, t):
        at, outcome = study.sel(output=name), outcome_words(study, t, name)
        order = sorted(movers(at))
        if ax is None:
            figure_height(axes, 1.3 + 0.46 * (len(order) + 2))
        _waterfall(axes, at, outcome, order, [short(change, 38) for change in changes(study, t)])
        title = t("{name}: in the order written", name=with_unit(outcome.title, outcome.unit, t))
        panel_title(axes, broken(title, places_across(axes, 10.5), t), 10.5)
    return axes


def draw_attribution(ds: xr.Dataset, t: Translator) -> Figure:
    """Return the figure; call it inside :func:`corridor_model.plot.style.style_context`."""
    places = {str(name): sorted(movers(ds.sel(output=name))) for name in ds["output"].values}
    # what several changes move says more than what one alone does
    moved = sorted((n for n in places if places[n]), key=lambda name: len(places[name]) < 2)
    names = moved[:MOVED]
    rows = [len(places[name]) + 2 for name in names] or [2]
    figure = page(12.0, 1.8 + sum(1.0 + 0.42 * n for n in rows))
    panels = figure.subplots(
        len(rows), 2, width_ratios=(1.7, 1.0), height_ratios=rows, squeeze=False
    )
    labels = [short(change, 38) for change in changes(ds, t)]
    for (left, right), name in zip(panels, names, strict=False):
        at, outcome = ds.sel(output=name), outcome_words(ds, t, name)
        _waterfall(left, at, outcome, places[name], labels)
        _shares(right, at, outcome, places[name])
    if not names:
        for axes in panels.ravel():
            axes.set_axis_off()
    if len(moved) == 1:
        head = caused(ds, moved[0], t)[0]
    else:
        head = t("Which change of “{scenario}” did it", scenario=scenario_title(ds, t))
    notes = [t("Orange-red adds, blue takes away."), *NARRATORS["attribution"](ds, t).notes]
    if len(moved) > len(names):
        more = t.plural(
            "{n} more output moves, not drawn.",
            "{n} more outputs move, not drawn.",
            len(moved) - len(names),
        )
        notes.append(more)
    titled(figure, head, notes, WIDE, t)
    return figure


def _waterfall(
    axes: Axes, at: xr.Dataset, outcome: OutcomeWords, order: list[int], labels: list[str]
) -> None:
    """Draw before, each step in the order written, and after."""
    t = outcome.t
    before, after = float(at["before"]), float(at["after"])
    steps = at["ordered"].values
    last = len(order) + 1
    level = before
    for row, i in enumerate(order, start=1):
        axes.barh(row, steps[i], left=level, height=0.6, color=UP if steps[i] > 0 else DOWN)
        axes.plot([level, level], [row - 1 + 0.3, row + 0.3], color=INK, lw=0.7)
        beside(axes, max(level, level + steps[i]), row, outcome.bare_difference(float(steps[i])))
        level += steps[i]
    axes.plot([level, level], [last - 1 + 0.3, last + 0.3], color=INK, lw=0.7)
    start = _window(axes, before, steps[order], after)
    for row, value in ((0, before), (last, after)):
        if start == 0:
            axes.barh(row, value, height=0.6, color=WHOLE)
        else:  # a bar that does not begin at 0 would lie about its length
            axes.plot([value], [row], "D", color=WHOLE, ms=8)
        beside(axes, max(value, 0.0), row, outcome.amount(value), 4 if start == 0 else 10)
    row_labels(axes, [
        t.context("attribution", "before"),
        *(labels[i] for i in order),
        t.context("attribution", "after"),
    ])  # fmt: skip
    axes.set_ylim(last + 0.6, -0.6)
    output_ticks(axes.xaxis, outcome.key)
    title = t("{name}: in the order written", name=with_unit(outcome.title, outcome.unit, t))
    panel_title(axes, broken(title, 66, t), 11)
    quiet(axes)


def _window(axes: Axes, before: float, steps: np.ndarray, after: float) -> float:
    """Show what changes, from 0 where that does not squeeze it; return where it starts."""
    levels = np.concatenate([[before, after], before + np.cumsum(steps)])
    low, high = float(levels.min()), float(levels.max())
    wide = (high - low) or max(abs(high), 1.0)
    start = 0.0 if 0 <= low <= 4 * wide else low - 0.35 * wide
    axes.set_xlim(start, high + 0.2 * (high - start))
    return start


def _shares(axes: Axes, at: xr.Dataset, outcome: OutcomeWords, order: list[int]) -> None:
    """Draw what each change does on average over all orders, on the rows of the waterfall."""
    share, low, high = (at[name].values for name in ("share", "share_low", "share_high"))
    for row, i in enumerate(order, start=1):
        axes.barh(row, share[i], height=0.6, color=UP if share[i] > 0 else DOWN)
        if high[i] > low[i]:
            axes.plot([low[i], high[i]], [row, row], color=INK, lw=1.1)
        right = share[i] > 0
        far = max(share[i], high[i]) if right else min(share[i], low[i])
        text = outcome.bare_difference(float(share[i]))
        beside(axes, far, row, text, 4 if right else -4)
    output_ticks(axes.xaxis, outcome.key)
    axes.axvline(0, color=INK, lw=0.8)
    axes.set_yticks([])
    axes.set_ylim(len(order) + 1.6, -0.6)
    ends = np.concatenate([share[order], [0.0]])
    wide = float(ends.max() - ends.min()) or 1.0
    axes.set_xlim(float(ends.min()) - 0.3 * wide, float(ends.max()) + 0.3 * wide)
    panel_title(axes, outcome.t("shares, free of order"), 11)
    quiet(axes)


FIGURES: dict[str, Callable[[xr.Dataset, Translator, int], Figure]] = {
    "tornado": draw_tornado,
    "sobol": draw_sobol,
    "attribution": lambda ds, t, _: draw_attribution(ds, t),
    "two_way": lambda ds, t, _: draw_grid(ds, t),
}
"""Studies with a figure, by the attribute ``study`` of their result."""
