"""A grid of two inputs: the output as colour, the frontier as a line, the plan as a point."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from corridor_model.report.style import INK, QUIET, SMALL, UP, output_ticks, tick, titled, with_unit
from corridor_model.sensitivity.amounts import lever_bare, unit_text
from corridor_model.sensitivity.grid_words import grid_words
from corridor_model.sensitivity.phrases import field_of

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PLACES = 96
STEPS = 12
"""An output with no more values than this jumps; it is drawn cell by cell."""


def draw_grid(made: xr.Dataset, lang: str) -> Figure:
    """Return the figure; call it inside :func:`corridor_model.report.fonts.font_context`."""
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
    titled(figure, words.result[0], [*words.result[1:], *words.notes], PLACES, zh)
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
