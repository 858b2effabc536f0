"""The figure of a study of sensitivity, whichever it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from corridor_model.errors import CorridorError
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
    broken,
    output_ticks,
    quiet,
    save_figure,
    short,
    tick,
    titled,
    with_unit,
)
from corridor_model.text import sensitivity as words
from corridor_model.text.numbers import (
    amount,
    bare_difference,
    lever_bare,
    percents,
    share_text,
    unit_text,
)
from corridor_model.text.sensitivity import (
    field_of,
    grid_words,
    method_of,
    names_of,
    ranked,
    scenario_title,
    setting,
    sobol_words,
    tornado_words,
    units_of,
)

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


TOP = 15


def sensitivity_figure(
    made: xr.Dataset,
    file: str | Path,
    lang: str = "zh",
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
    lang : {"zh", "en"}
        Language of all labels.
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
    >>> made = cm.tornado(cm.load_plan(), "km_open:2022")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sensitivity_figure(made, Path(folder) / "tornado.svg").stat().st_size > 1000
    True
    """
    method = method_of(made)
    if method == "switching":
        raise CorridorError(
            "Tipping points are a table; a figure needs tornado, sobol, attribute or a grid.",
            "临界点只有表格，没有图；图请用tornado、sobol、attribute或grid。",
        )
    if isinstance(top, bool) or not isinstance(top, int) or top < 1:
        raise CorridorError(f"top must be at least 1; got {top!r}.", f"top至少为1；现为{top!r}。")

    def draw() -> Figure:
        if method == "tornado":
            return draw_tornado(made, lang, top)
        if method == "sobol":
            return draw_sobol(made, lang, top)
        if method == "attribute":
            return draw_attribution(made, lang)
        return draw_grid(made, lang)

    return save_figure(draw, file, lang, installed_fonts=installed_fonts)


# The tornado: a bar an input, from its low end to its high end, around where the output stands.

PLACES_TORNADO_FIGURE = 120
HEIGHT = 0.62
ROOM = 0.42
"""Room for labels on each side, as a share of the widest bar."""


class Bar(NamedTuple):
    """One row: its name, where its two ends take the output, and what the ends mean."""

    name: str
    low: float
    high: float
    says_low: str
    says_high: str
    summed: bool = False


def draw_tornado(made: xr.Dataset, lang: str, top: int) -> Figure:
    """Return the figure; call it inside :func:`corridor_model.plot.style.font_context`."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    zh = lang == "zh"
    bars = _bars(made, lang, top)
    spaced = ConstrainedLayoutEngine(h_pad=0.12, w_pad=0.12)
    figure = Figure(figsize=(12.0, 2.6 + 0.46 * max(len(bars), 2)), layout=spaced)
    axes = figure.subplots()
    base = float(made.attrs["base"])
    for row, bar in enumerate(bars):
        _draw(axes, made, row, bar, zh)
    axes.axvline(base, color=INK, lw=1.2)
    axes.set_yticks(range(len(bars)), [bar.name for bar in bars], linespacing=1.05)
    axes.set_ylim(max(len(bars), 2) - 0.4, -1.1)
    axes.annotate(
        f"{'现值' if zh else 'now'} {_said(made, base, zh)}", (base, -0.62), ha="center",
        va="center", fontsize=SMALL + 0.5, color=INK,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
    )  # fmt: skip
    _limits(axes, bars, base)
    _legend(axes, zh)
    output_ticks(axes.xaxis, str(made.attrs.get("output", "")).partition(":")[0])
    axes.set_xlabel(_axis(made, lang), fontsize=SMALL + 1, color=INK)
    quiet(axes)
    axes.tick_params(axis="y", labelsize=SMALL)
    words = tornado_words(made, lang)
    titled(figure, words.result[0], words.notes, PLACES_TORNADO_FIGURE, zh)
    return figure


def _axis(made: xr.Dataset, lang: str) -> str:
    zh = lang == "zh"
    title = str(made.attrs.get(f"output_{lang}", "结果" if zh else "output"))
    word = str(made.attrs.get("output", "")).partition(":")[0]
    return with_unit(title, unit_text(str(made.attrs.get("unit", "")), zh, word), zh)


def _said(made: xr.Dataset, value: float, zh: bool) -> str:
    word = str(made.attrs.get("output", "")).partition(":")[0]
    return amount(value, str(made.attrs.get("unit", "")), zh, word)


def _bars(made: xr.Dataset, lang: str, top: int) -> list[Bar]:
    """Return what is drawn: the inputs that move most, and the rest summed up."""
    zh = lang == "zh"
    base = float(made.attrs["base"])
    moving = int(np.count_nonzero(made["swing"].values > 0))
    # one more is drawn rather than summed up alone
    shown = moving if moving <= top + 1 else top
    names, units = names_of(made, lang), units_of(made)
    bars = []
    for i in range(shown):
        at, name = made.isel(input=i), str(made["input"].values[i])
        says = [setting(name, float(at[end]), units[i], zh) for end in ("low", "high")]
        ends = (float(at["output_low"]), float(at["output_high"]))
        bars.append(Bar(short(names[i]), *ends, says[0], says[1]))
    if shown < moving:
        sides = np.array(
            [made[f"output_{end}"].values[shown:moving] - base for end in ("low", "high")]
        )
        # each to its own side: a delay and a cost at their high ends would cancel out
        low, high = np.minimum(sides.min(axis=0), 0.0), np.maximum(sides.max(axis=0), 0.0)
        name = f"其余{moving - shown}项合计" if zh else f"the other {moving - shown}, summed up"
        bars.append(Bar(name, base + low.sum(), base + high.sum(), "", "", True))
    return bars


def _draw(axes: Axes, made: xr.Dataset, row: int, bar: Bar, zh: bool) -> None:
    base = float(made.attrs["base"])
    ends = [
        (bar.low, bar.says_low, REST if bar.summed else LOW),
        (bar.high, bar.says_high, REST if bar.summed else HIGH),
    ]
    # where both lie on one side the shorter stands in front, and narrower
    same = (bar.low - base) * (bar.high - base) > 0
    ends.sort(key=lambda end: -abs(end[0] - base))
    for place, (value, _, colour) in enumerate(ends):
        height = HEIGHT * (0.5 if same and place else 1.0)
        axes.barh(row, value - base, left=base, height=height, color=colour)
    told: dict[bool, list[str]] = {}
    for value, says, _ in ends:
        if value != base:
            said = _said(made, value, zh)
            text = said if not says else f"{said}（{says}）" if zh else f"{said} ({says})"
            told.setdefault(value > base, []).append(text)
    for right, texts in told.items():
        far = max(bar.low, bar.high) if right else min(bar.low, bar.high)
        axes.annotate(
            "\n".join(texts), (far, row), xytext=(4 if right else -4, 0),
            textcoords="offset points", ha="left" if right else "right", va="center",
            fontsize=SMALL, color=INK if not bar.summed else QUIET,
        )  # fmt: skip


def _limits(axes: Axes, bars: list[Bar], base: float) -> None:
    """Leave room for the labels at both ends."""
    ends = [end for bar in bars for end in (bar.low, bar.high)] or [base]
    low, high = min(*ends, base), max(*ends, base)
    wide = (high - low) or max(abs(base), 1.0)
    axes.set_xlim(
        low - wide * (ROOM if low < base else 0.06), high + wide * (ROOM if high > base else 0.06)
    )


def _legend(axes: Axes, zh: bool) -> None:
    from matplotlib.patches import Patch

    handles = [
        Patch(color=LOW, label="输入取低值" if zh else "input at its low end"),
        Patch(color=HIGH, label="输入取高值" if zh else "input at its high end"),
    ]
    axes.legend(
        handles=handles,
        loc="lower right",
        bbox_to_anchor=(1.0, 1.0),
        ncols=2,
        fontsize=SMALL + 0.5,
        frameon=False,
    )


# Sobol indices: a panel an output, two bars an input with their intervals.

PANELS = 6
"""Outputs drawn at most; the note says how many are left out."""
INPUTS = 8
"""Inputs of one panel at most."""
ROWS = 4
"""Rows a panel has room for at least; the legend needs them."""
PLACES_SOBOL_FIGURE = 118
SEEN = 0.005
"""Total index below which an input is not drawn."""


def draw_sobol(made: xr.Dataset, lang: str, top: int) -> Figure:
    """Return the figure; call it inside :func:`corridor_model.plot.style.font_context`."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    zh = lang == "zh"
    moving = [n for n in made["output"].values if not bool(made["zero_variance"].sel(output=n))]
    drawn = moving[:PANELS]
    columns = min(2, max(len(drawn), 1))
    lines = -(-max(len(drawn), 1) // columns)
    most = min(top, INPUTS)
    rows = max((len(_places(made.sel(output=n), most)) for n in drawn), default=2)
    spaced = ConstrainedLayoutEngine(h_pad=0.12, w_pad=0.12)
    rows = max(rows, ROWS)
    size = (12.0, 1.9 + lines * (1.1 + 0.46 * rows))
    figure = Figure(figsize=size, layout=spaced)
    panels = np.atleast_1d(np.asarray(figure.subplots(lines, columns))).ravel()
    for axes, name in zip(panels, drawn, strict=False):
        _panel(axes, made.sel(output=name), names_of(made, lang), (most, rows, columns), lang)
    for axes in panels[len(drawn) :]:
        axes.set_axis_off()
    if drawn:
        _legend_sobol_figure(panels[0], float(made.attrs["level"]), zh)
    words = sobol_words(made, None, lang)
    title = words.result[0] if made.sizes["output"] == 1 else _title(zh)
    left = len(moving) - len(drawn)
    notes = [*words.notes, *_left(left, zh)]
    titled(figure, title, notes, PLACES_SOBOL_FIGURE, zh)
    return figure


def _title(zh: bool) -> str:
    return "各项结果的不确定性来自哪里" if zh else "Where the variance of each output comes from"


def _left(count: int, zh: bool) -> list[str]:
    if count <= 0:
        return []
    return [f"另有{count}项结果未画。" if zh else f"{count} more outputs are not drawn."]


def _places(at: xr.Dataset, most: int) -> list[int]:
    """Return the inputs worth a bar, the largest first."""
    order = ranked(at)
    return [i for i in order if at["ST"].values[i] >= SEEN][:most] or order[:1]


def _panel(
    axes: Axes, at: xr.Dataset, names: list[str], size: tuple[int, int, int], lang: str
) -> None:
    """Draw one output; every panel has room for the rows of the longest, so that bars are alike."""
    zh = lang == "zh"
    most, rows, columns = size
    places = _places(at, most)
    for row, i in enumerate(places):
        for index, colour, shift in (("S1", LOW, -0.19), ("ST", HIGH, 0.19)):
            value = float(at[index].values[i])
            axes.barh(row + shift, value, height=0.34, color=colour)
            low, high = (float(at[f"{index}_{end}"].values[i]) for end in ("low", "high"))
            if not np.isnan(low):
                axes.plot([low, high], [row + shift] * 2, color=INK, lw=1.1)
        high = float(np.nanmax([at["ST_high"].values[i], at["ST"].values[i]]))
        axes.annotate(
            share_text(float(at["ST"].values[i]), zh), (max(high, 0.0), row + 0.19),
            xytext=(4, 0), textcoords="offset points", va="center", fontsize=SMALL, color=INK,
        )  # fmt: skip
    axes.set_yticks(range(len(places)), [short(names[i], 28) for i in places])
    axes.set_ylim(rows - 0.4, -0.6)
    # an estimate of nothing may lie a little below 0
    lows = at["S1_low"].values[places]
    highs = at["ST_high"].values[places]
    axes.set_xlim(
        min(0.0, *lows[~np.isnan(lows)].tolist(), 0.0),
        max(1.2, *(high + 0.15 for high in highs[~np.isnan(highs)].tolist()), 1.2),
    )
    ticks = (0.0, 0.25, 0.5, 0.75, 1.0)
    axes.set_xticks(ticks, [percents(tick, zh, 0) for tick in ticks])
    title = str(at[f"output_{lang}"].values) if f"output_{lang}" in at.coords else ""
    head = broken(title or str(at["output"].values), 38 if columns > 1 else 90, zh)
    axes.set_title(head, loc="left", fontsize=11.5, color=INK)
    quiet(axes)
    axes.tick_params(axis="y", labelsize=SMALL)


def _legend_sobol_figure(axes: Axes, level: float, zh: bool) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    shown = f"{round(100 * level)}%"
    handles = [
        Patch(color=LOW, label="单独（一阶）" if zh else "by itself (S1)"),
        Patch(color=HIGH, label="连同相互作用（总指数）" if zh else "with interactions (ST)"),
        Line2D([], [], color=INK, lw=1.1, label=f"{shown}区间" if zh else f"{shown} interval"),
    ]
    # the largest bars stand on top, so that this corner is free
    axes.legend(handles=handles, loc="lower right", fontsize=SMALL, frameon=False)


# A grid of two inputs: the output as colour, the frontier as a line, the plan as a point.

PLACES_GRID_FIGURE = 96
STEPS = 12
"""An output with no more values than this jumps; it is drawn cell by cell."""


def draw_grid(made: xr.Dataset, lang: str) -> Figure:
    """Return the figure; call it inside :func:`corridor_model.plot.style.font_context`."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    zh = lang == "zh"
    spaced = ConstrainedLayoutEngine(h_pad=0.12, w_pad=0.12)
    figure = Figure(figsize=(9.6, 7.0), layout=spaced)
    axes = figure.subplots()
    shade = _colour(axes, made)
    bar = figure.colorbar(shade, ax=axes, pad=0.02)
    bar.ax.tick_params(labelsize=SMALL, colors=INK)
    unit, word = str(made["output"].attrs["units"]), str(made.attrs["output"]).partition(":")[0]
    output_ticks(bar.ax.yaxis, word)
    bar.set_label(with_unit(str(made.attrs[f"output_{lang}"]), unit_text(unit, zh, word), zh),
                  fontsize=SMALL + 1, color=INK)  # fmt: skip
    handles = [*_verdict(axes, made, zh), *_stands(axes, made, zh)]
    for axis, spine in (("x", axes.xaxis), ("y", axes.yaxis)):
        held = made[axis].attrs
        field = field_of(str(held["input"]))
        spine.set_major_formatter(_ticks(field, str(held["units"]), zh))
        rate = field in {"growth", "forecast", "cancel"}
        said = "" if rate else unit_text(str(held["units"]), zh)
        spine.set_label_text(
            with_unit(str(held[f"name_{lang}"]), said, zh), fontsize=SMALL + 1, color=INK
        )
    axes.set_xlim(float(made["x"][0]), float(made["x"][-1]))
    axes.set_ylim(float(made["y"][0]), float(made["y"][-1]))
    axes.tick_params(colors=INK, labelsize=SMALL + 0.5)
    axes.legend(
        handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.11), ncols=len(handles),
        fontsize=SMALL + 0.5, frameon=False,
    )  # fmt: skip
    words = grid_words(made, lang)
    titled(figure, words.result[0], [*words.result[1:], *words.notes], PLACES_GRID_FIGURE, zh)
    return figure


def _ticks(field: str, unit: str, zh: bool) -> Callable[[float, float], str]:
    """Return what writes an input's values as its table does."""
    if field in {"growth", "forecast", "cancel"}:
        return lambda value, _: lever_bare(field, value, zh, unit)
    return lambda value, _: tick(value)


def _colour(axes: Axes, made: xr.Dataset) -> Any:
    """Fill the plane: by contours where the output is smooth, by cells where it jumps."""
    x, y, values = made["x"].values, made["y"].values, made["output"].values
    if _jumps(made):
        return axes.pcolormesh(x, y, values, cmap="Blues", shading="nearest", alpha=0.85)
    return axes.contourf(x, y, values, levels=14, cmap="Blues", alpha=0.85)


def _verdict(axes: Axes, made: xr.Dataset, zh: bool) -> list[Any]:
    """Hatch where the target is missed, and draw the frontier."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    x, y, met = made["x"].values, made["y"].values, made["met"].values
    look: dict[str, Any] = {
        "facecolor": "none",
        "edgecolor": QUIET,
        "hatch": "//",
        "linewidth": 0.0,
    }
    handles: list[Any] = []
    line = _whole_line(made)
    step: Literal["mid"] | None = "mid" if _stepped(made) else None
    if not met.all() and line is not None:
        missed_above = bool(met[0].sum() >= met[-1].sum())
        axes.fill_between(x, line, y[-1] if missed_above else y[0], step=step, **look)
    elif not met.all():
        axes.contourf(x, y, met.astype(np.float64), [-0.5, 0.5], colors="none", hatches=["//"])
    if not met.all():
        label = "没有达到要求" if zh else "target missed"
        seen = {**look, "hatch": "////", "linewidth": 0.7}
        handles.append(Patch(**seen, label=label))
    known = ~np.isnan(made["frontier"].values)
    if known.any():
        shown = made["frontier"].values if line is None else np.where(_near(known), line, np.nan)
        axes.plot(x, shown, color=UP, lw=2.4, drawstyle="steps-mid" if step else "default")
        label = "恰好达到要求" if zh else "just met"
        handles.append(Line2D([], [], color=UP, lw=2.4, label=label))
    return handles


def _jumps(made: xr.Dataset) -> bool:
    return len(np.unique(made["output"].values.round(9))) <= STEPS


def _stepped(made: xr.Dataset) -> bool:
    """Return whether the frontier itself moves in steps: odds that jump may tip smoothly."""
    line = made["frontier"].values
    return _jumps(made) and len(np.unique(line[~np.isnan(line)].round(6))) <= STEPS // 2


def _whole_line(made: xr.Dataset) -> np.ndarray | None:
    """Return the frontier over all x, at the grid's edge where a column is all met or missed.

    None where a column changes more than once, or columns are missed on different sides.
    """
    met, y = made["met"].values, made["y"].values
    turns = np.diff(met.astype(int), axis=0)
    rising, falling = bool((turns > 0).any()), bool((turns < 0).any())
    if (np.abs(turns).sum(axis=0) > 1).any() or (rising and falling):
        return None
    if not rising and not falling:
        falling = True
    best, worst = (y[-1], y[0]) if falling else (y[0], y[-1])
    # beyond the edge, so that the line leaves the grid and does not run along it
    out = (y[-1] - y[0]) * (1 if best == y[-1] else -1)
    edge = np.where(met.all(axis=0), best + out, worst - out)
    line = np.where(np.isnan(made["frontier"].values), edge, made["frontier"].values)
    return line if _stepped(made) else _extended(line, ~np.isnan(made["frontier"].values))


def _extended(line: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return a smooth frontier whose next point on either side lies on its last direction."""
    at = np.flatnonzero(known)
    made = line.copy()
    if len(at) < 2:
        return made
    for i, before, to in ((at[0], at[1], at[0] - 1), (at[-1], at[-2], at[-1] + 1)):
        if 0 <= to < len(line) and abs(i - before) == 1:
            ahead = 2 * line[i] - line[before]
            beyond = (ahead - line[i]) * (line[to] - line[i]) > 0
            made[to] = ahead if beyond else line[to]
    return made


def _near(known: np.ndarray) -> np.ndarray:
    """Return where the frontier is known, and one point to either side."""
    near = known.copy()
    near[1:] |= known[:-1]
    near[:-1] |= known[1:]
    return near


def _stands(axes: Axes, made: xr.Dataset, zh: bool) -> list[Any]:
    """Mark where the plan stands: a point, or a line where only one input is set."""
    from matplotlib.lines import Line2D

    x, y = (made[axis].attrs.get("base") for axis in "xy")
    label = "规划现值" if zh else "where the plan stands"
    if x is not None and y is not None:
        inside = all(
            float(made[axis][0]) <= base <= float(made[axis][-1])
            for axis, base in (("x", x), ("y", y))
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
        return [Line2D([], [], label=label, **style)]
    if y is not None:
        axes.axhline(float(y), color=INK, lw=1.4, ls=(0, (5, 3)))
    elif x is not None:
        axes.axvline(float(x), color=INK, lw=1.4, ls=(0, (5, 3)))
    else:
        return []
    label = "规划现值（另一项按预测）" if zh else "the plan (the other as forecast)"
    return [Line2D([], [], color=INK, lw=1.4, ls="--", label=label)]


# An attribution: the waterfall in the order written, beside the shares free of order.

PANELS_ATTRIBUTION_FIGURE = 3
"""Outputs drawn at most; the note says how many are left out."""


def draw_attribution(made: xr.Dataset, lang: str) -> Figure:
    """Return the figure; call it inside :func:`corridor_model.plot.style.font_context`."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    zh = lang == "zh"
    moved = [n for n in made["output"].values if words.moves(made.sel(output=n))]
    # what several changes move says more than what one alone does
    moved.sort(key=lambda n: len(words.ranked_attribution_words(made.sel(output=n))) < 2)
    drawn = moved[:PANELS_ATTRIBUTION_FIGURE]
    rows = [len(words.ranked_attribution_words(made.sel(output=n))) + 2 for n in drawn] or [2]
    spaced = ConstrainedLayoutEngine(h_pad=0.12, w_pad=0.12)
    figure = Figure(figsize=(12.0, 1.8 + sum(1.0 + 0.42 * n for n in rows)), layout=spaced)
    panels = figure.subplots(
        len(rows), 2, width_ratios=(1.7, 1.0), height_ratios=rows, squeeze=False
    )
    for (left, right), name in zip(panels, drawn, strict=False):
        at = made.sel(output=name)
        order = sorted(words.ranked_attribution_words(at))
        _waterfall(left, at, order, lang)
        _shares(right, at, order, zh)
    if not drawn:
        for axes in panels.ravel():
            axes.set_axis_off()
    told = words.attribution_words(made, str(drawn[0]) if len(moved) == 1 else None, lang)
    name = scenario_title(made, zh)
    title = f"情景“{name}”里是哪一条起的作用" if zh else f"Which change of “{name}” did it"
    head = told.result[0] if len(moved) == 1 else title
    key = "红为增加，绿为减少。" if zh else "Red adds, green takes away."
    notes = [key, *told.notes, *_left_attribution_figure(len(moved) - len(drawn), zh)]
    titled(figure, head, notes, PLACES_TORNADO_FIGURE, zh)
    return figure


def _left_attribution_figure(count: int, zh: bool) -> list[str]:
    if count <= 0:
        return []
    return [f"另有{count}项结果有变化，未画。" if zh else f"{count} more outputs move, not drawn."]


def _parts(at: xr.Dataset) -> tuple[str, str]:
    return str(at["unit"].values), str(at["output"].values).partition(":")[0]


def _waterfall(axes: Axes, at: xr.Dataset, order: list[int], lang: str) -> None:
    """Draw before, each step in the order written, and after."""
    zh = lang == "zh"
    unit, word = _parts(at)
    before, after = float(at["before"]), float(at["after"])
    steps = at["ordered"].values
    last = len(order) + 1
    level = before
    for row, i in enumerate(order, start=1):
        axes.barh(row, steps[i], left=level, height=0.6, color=UP if steps[i] > 0 else DOWN)
        axes.plot([level, level], [row - 1 + 0.3, row + 0.3], color=INK, lw=0.7)
        _label(
            axes, max(level, level + steps[i]), row, bare_difference(float(steps[i]), unit, word)
        )
        level += steps[i]
    axes.plot([level, level], [last - 1 + 0.3, last + 0.3], color=INK, lw=0.7)
    start = _window(axes, before, steps[order], after)
    for row, value in ((0, before), (last, after)):
        if start == 0:
            axes.barh(row, value, height=0.6, color=WHOLE)
        else:  # a bar that does not begin at 0 would lie about its length
            axes.plot([value], [row], "D", color=WHOLE, ms=8)
        _label(axes, max(value, 0.0), row, amount(value, unit, zh, word), 4 if start == 0 else 10)
    names = [short(words.change(at, i, zh), 38) for i in order]
    ends = ("改动前", "改动后") if zh else ("before", "after")
    axes.set_yticks(range(last + 1), [ends[0], *names, ends[1]])
    axes.set_ylim(last + 0.6, -0.6)
    output_ticks(axes.xaxis, word)
    title = str(at[f"output_{lang}"].values)
    of = unit_text(unit, zh, word)
    told = with_unit(title, of, zh)
    axes.set_title(
        broken(told + ("：按书写次序" if zh else ": in the order written"), 66, zh),
        loc="left", fontsize=11, color=INK,
    )  # fmt: skip
    quiet(axes)
    axes.tick_params(axis="y", labelsize=SMALL)


def _window(axes: Axes, before: float, steps: np.ndarray, after: float) -> float:
    """Show what changes, from 0 where that does not squeeze it; return where it starts."""
    levels = np.concatenate([[before, after], before + np.cumsum(steps)])
    low, high = float(levels.min()), float(levels.max())
    wide = (high - low) or max(abs(high), 1.0)
    start = 0.0 if 0 <= low <= 4 * wide else low - 0.35 * wide
    axes.set_xlim(start, high + 0.2 * (high - start))
    return start


def _label(axes: Axes, x: float, row: int, text: str, off: int = 4) -> None:
    axes.annotate(
        text, (x, row), xytext=(off, 0), textcoords="offset points", va="center",
        fontsize=SMALL, color=INK,
    )  # fmt: skip


def _shares(axes: Axes, at: xr.Dataset, order: list[int], zh: bool) -> None:
    """Draw what each change does on average over all orders, on the rows of the waterfall."""
    unit, word = _parts(at)
    share, low, high = (at[name].values for name in ("share", "share_low", "share_high"))
    for row, i in enumerate(order, start=1):
        axes.barh(row, share[i], height=0.6, color=UP if share[i] > 0 else DOWN)
        if high[i] > low[i]:
            axes.plot([low[i], high[i]], [row, row], color=INK, lw=1.1)
        right = share[i] > 0
        axes.annotate(
            bare_difference(float(share[i]), unit, word),
            (max(share[i], high[i]) if right else min(share[i], low[i]), row),
            xytext=(4 if right else -4, 0), textcoords="offset points",
            ha="left" if right else "right", va="center", fontsize=SMALL, color=INK,
        )  # fmt: skip
    output_ticks(axes.xaxis, word)
    axes.axvline(0, color=INK, lw=0.8)
    axes.set_yticks([])
    axes.set_ylim(len(order) + 1.6, -0.6)
    ends = np.concatenate([share[order], [0.0]])
    wide = float(ends.max() - ends.min()) or 1.0
    axes.set_xlim(float(ends.min()) - 0.3 * wide, float(ends.max()) + 0.3 * wide)
    axes.set_title(
        "份额：与次序无关" if zh else "shares, free of order", loc="left", fontsize=11, color=INK
    )
    quiet(axes)
