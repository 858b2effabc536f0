"""Sobol indices: a panel an output, two bars an input with their intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_model.report.style import HIGH, INK, LOW, SMALL, broken, quiet, short, titled
from corridor_model.sensitivity.amounts import percents, share_text
from corridor_model.sensitivity.sobol_words import ranked, sobol_words
from corridor_model.sensitivity.told import names_of

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANELS = 6
"""Outputs drawn at most; the note says how many are left out."""
INPUTS = 8
"""Inputs of one panel at most."""
ROWS = 4
"""Rows a panel has room for at least; the legend needs them."""
PLACES = 118
SEEN = 0.005
"""Total index below which an input is not drawn."""


def draw_sobol(made: xr.Dataset, lang: str, top: int) -> Figure:
    """Return the figure; call it inside :func:`corridor_model.report.fonts.font_context`."""
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
        _legend(panels[0], float(made.attrs["level"]), zh)
    words = sobol_words(made, None, lang)
    title = words.result[0] if made.sizes["output"] == 1 else _title(zh)
    left = len(moving) - len(drawn)
    notes = [*words.notes, *_left(left, zh)]
    titled(figure, title, notes, PLACES, zh)
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


def _legend(axes: Axes, level: float, zh: bool) -> None:
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
