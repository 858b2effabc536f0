"""The tornado: a bar an input, from its low end to its high end, around where the output stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridor_model.report.style import (
    HIGH,
    INK,
    LOW,
    QUIET,
    REST,
    SMALL,
    output_ticks,
    quiet,
    short,
    titled,
    with_unit,
)
from corridor_model.sensitivity.amounts import amount, unit_text
from corridor_model.sensitivity.phrases import setting
from corridor_model.sensitivity.told import names_of, units_of
from corridor_model.sensitivity.tornado_words import tornado_words

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PLACES = 120
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
    """Return the figure; call it inside :func:`corridor_model.report.fonts.font_context`."""
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
    titled(figure, words.result[0], words.notes, PLACES, zh)
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
