"""An attribution: the waterfall in the order written, beside the shares free of order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_model.report.style import (
    DOWN,
    INK,
    SMALL,
    UP,
    WHOLE,
    broken,
    output_ticks,
    quiet,
    short,
    titled,
    with_unit,
)
from corridor_model.sensitivity import attribution_words as words
from corridor_model.sensitivity.amounts import amount, bare_difference, unit_text
from corridor_model.sensitivity.told import scenario_title

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANELS = 3
"""Outputs drawn at most; the note says how many are left out."""
PLACES = 120


def draw_attribution(made: xr.Dataset, lang: str) -> Figure:
    """Return the figure; call it inside :func:`corridor_model.report.fonts.font_context`."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    zh = lang == "zh"
    moved = [n for n in made["output"].values if words.moves(made.sel(output=n))]
    # what several changes move says more than what one alone does
    moved.sort(key=lambda n: len(words.ranked(made.sel(output=n))) < 2)
    drawn = moved[:PANELS]
    rows = [len(words.ranked(made.sel(output=n))) + 2 for n in drawn] or [2]
    spaced = ConstrainedLayoutEngine(h_pad=0.12, w_pad=0.12)
    figure = Figure(figsize=(12.0, 1.8 + sum(1.0 + 0.42 * n for n in rows)), layout=spaced)
    panels = figure.subplots(
        len(rows), 2, width_ratios=(1.7, 1.0), height_ratios=rows, squeeze=False
    )
    for (left, right), name in zip(panels, drawn, strict=False):
        at = made.sel(output=name)
        order = sorted(words.ranked(at))
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
    notes = [key, *told.notes, *_left(len(moved) - len(drawn), zh)]
    titled(figure, head, notes, PLACES, zh)
    return figure


def _left(count: int, zh: bool) -> list[str]:
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
