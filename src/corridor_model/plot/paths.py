"""The figure of paths against targets: one panel an indicator, one for all growth targets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model import growth
from corridor_model.codes import ORIGINS_ZH
from corridor_model.forecasting.predictive import shown
from corridor_model.formatting import percent, plain, rounded
from corridor_model.plan.display import EXAMPLE_EN, EXAMPLE_ZH, target_text
from corridor_model.plan.required_growth import requirement
from corridor_model.plot.style import save_figure
from corridor_model.text.layout import wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from corridor_model.forecasting.backtest import Backtest
    from corridor_model.forecasting.predictive import Predictive
    from corridor_model.plan.plan import Plan
    from corridor_model.plan.records import Indicator


INK, TARGET, REQUIRED = "#22303c", "#c0392b", "#1b5e8c"
RATE_COLOURS = ("#a9c6d9", "#86aec8", "#6395b5", "#437ba0", "#2b6288", "#184a6d")
TITLE_PLACES = 58
PANELS = 5
"""Indicators drawn one by one; with the panel of growth targets they fill two rows of three."""


def paths_figure(
    plan: Plan,
    file: str | Path,
    *,
    rates: Sequence[float] = (0.10, 0.12, 0.15, 0.20),
    lang: str = "zh",
    installed_fonts: bool = True,
) -> Path:
    """Draw what given growth rates reach against the targets, and save the figure.

    Parameters
    ----------
    plan : Plan
        The plan.
    file : str or path
        Ending in png, svg or pdf.
    rates : sequence of float
        Yearly fractions.
    lang : {"zh", "en"}
        Language of all labels.
    installed_fonts : bool, default True
        Whether fonts of the machine may be used; the shipped one always is at hand.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    CorridorError
        If the file cannot be written, or a label has a character no font can draw.
    """
    return save_figure(
        lambda: draw_paths(plan, rates, lang), file, lang, installed_fonts=installed_fonts
    )


def draw_paths(plan: Plan, rates: Sequence[float], lang: str) -> Figure:
    """Return the figure; call it inside :func:`corridor_model.plot.style.font_context`."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    drawn = _drawable(plan)[:PANELS]
    growing = [i for i in plan.indicators.values() if i.kind == "growth"]
    count = len(drawn) + bool(growing)
    columns = min(2, max(count, 1))
    lines = -(-max(count, 1) // columns)
    spaced = ConstrainedLayoutEngine(h_pad=0.12, w_pad=0.12)
    figure = Figure(figsize=(6.4 * columns, 4.0 * lines + 0.8), layout=spaced)
    axes = np.atleast_1d(np.asarray(figure.subplots(lines, columns))).ravel()
    for panel, indicator in zip(axes, drawn, strict=False):
        _draw_indicator(panel, indicator, rates, lang)
    if growing:
        _draw_growth(axes[len(drawn)], plan, growing, rates, lang)
    for panel in axes[count:]:
        panel.set_axis_off()
    title = (
        "需要多快才能实现目标：各增速路径与目标"
        if lang == "zh"
        else "How fast is fast enough: growth paths against targets"
    )
    note = (EXAMPLE_ZH if lang == "zh" else EXAMPLE_EN) if plan.example else ""
    key = (
        "细线：给定的年均增速；粗虚线：恰好实现目标所需；红菱形：目标"
        if lang == "zh"
        else "Thin: given yearly rates. Dashed: just enough. Red diamond: the target."
    )
    figure.suptitle(f"{title}  [{note}]" if note else title, fontsize=15, color=INK)
    figure.supxlabel(key, fontsize=10, color=INK)
    return figure


def _drawable(plan: Plan) -> list[Indicator]:
    """Return indicators with a known start and a compounding path."""
    kinds = {"level", "share", "ratio", "rank"}
    return [
        indicator
        for indicator in plan.indicators.values()
        if indicator.kind in kinds and requirement(indicator).required_rate is not None
    ]


def _draw_indicator(axes: Axes, indicator: Indicator, rates: Sequence[float], lang: str) -> None:
    needed = requirement(indicator)
    start, rate = indicator.baseline, needed.required_rate
    assert start is not None
    assert rate is not None
    goal = needed.target
    years = np.arange(start.year, needed.target_year + 1)
    steps = years - start.year
    falls = needed.sense == "at_most"
    ends = []
    for i, at in enumerate(rates):
        moved = -at if falls else at
        path = growth.compound(start.value, moved, steps)
        colour = RATE_COLOURS[min(i + 1, len(RATE_COLOURS) - 1)]
        axes.plot(years, path, color=colour, lw=1.4)
        ends.append((float(path[-1]), f"{'−' if falls else ''}{percent(at, 0)}", colour))
    required = growth.compound(start.value, rate, steps)
    axes.plot(years, required, color=REQUIRED, lw=2.6, ls=(0, (5, 2)), zorder=4)
    axes.plot(start.year, start.value, "o", color=INK, ms=7, zorder=5)
    axes.plot(needed.target_year, goal, "D", color=TARGET, ms=8, zorder=6)
    axes.axhline(goal, color=TARGET, lw=0.9, alpha=0.55)
    axes.margins(y=0.14)  # room for the label of the start
    _label_ends(axes, needed.target_year, ends)
    origin = ORIGINS_ZH[start.origin] if lang == "zh" else start.origin
    colon = "：" if lang == "zh" else ": "
    title = f"{indicator.name(lang)}{colon}{_need(rate, lang)}"
    axes.set_title(
        "\n".join(wrap(title, TITLE_PLACES)),
        loc="left",
        fontsize=12,
        color=INK,
    )
    axes.annotate(
        f"{plain(start.value)} ({start.year}, {origin})",
        (start.year, start.value),
        xytext=(6, -14 if not falls else 9),
        textcoords="offset points",
        fontsize=9,
        color=INK,
    )
    axes.annotate(
        target_text(indicator, lang),
        (start.year, goal),
        xytext=(2, 4),
        textcoords="offset points",
        fontsize=9.5,
        color=TARGET,
    )
    _finish(axes, years, indicator.unit)


def _need(rate: float, lang: str) -> str:
    """Return the required rate as a phrase; what must fall says so."""
    said = percent(abs(rate))
    if lang == "zh":
        return f"需年均{'下降' if rate < 0 else '增长'} {said}"
    return f"must {'fall' if rate < 0 else 'grow'} {said} a year"


def _draw_growth(
    axes: Axes, plan: Plan, growing: Sequence[Indicator], rates: Sequence[float], lang: str
) -> None:
    """Draw growth targets as the index each implies, beside the index paths of the rates."""
    base, last = plan.about.base_year, plan.about.last_year
    years = np.arange(base, last + 1)
    ends = []
    for i, rate in enumerate(rates):
        path = growth.compound(100.0, rate, years - base)
        colour = RATE_COLOURS[min(i + 1, len(RATE_COLOURS) - 1)]
        axes.plot(years, path, color=colour, lw=1.8)
        ends.append(
            (float(path[-1]), f"{percent(rate, 0)} → {rounded(float(path[-1]), 1)}", colour)
        )
    _label_ends(axes, last, ends)
    wanted: dict[float, list[str]] = {}
    for indicator in growing:
        wanted.setdefault(indicator.target.value, []).append(indicator.name(lang))
    for value in wanted:
        index = float(growth.compound(100.0, value / 100, last - base))
        axes.plot(last, index, "D", color=TARGET, ms=8, zorder=6)
    listed = "\n".join(
        f"{plain(value)} %  {name}" for value, names in sorted(wanted.items()) for name in names
    )
    axes.text(
        0.02,
        0.97,
        listed,
        transform=axes.transAxes,
        va="top",
        fontsize=9,
        color=TARGET,
        linespacing=1.5,
    )
    title = (
        f"年均增速目标：{base}年=100 的指数（假设基期）"
        if lang == "zh"
        else f"Growth targets as an index, {base} = 100 (assumed base)"
    )
    axes.set_title(title, loc="left", fontsize=12, color=INK)
    bottom, top = axes.get_ylim()
    axes.set_ylim(bottom, top + 0.07 * (len(growing) + 1) * (top - bottom))
    _finish(axes, years, f"{base}=100")


def _label_ends(axes: Axes, year: int, ends: Sequence[tuple[float, str, str]]) -> None:
    """Write each path's rate at its end, moved apart where two would overlap."""
    bottom, top = axes.get_ylim()
    apart = 0.055 * (top - bottom)
    places: list[float] = []
    for value, text, colour in sorted(ends):
        place = max(value, places[-1] + apart) if places else value
        places.append(place)
        axes.annotate(
            text,
            (year, value),
            xytext=(year + 0.12, place),
            textcoords="data",
            va="center",
            fontsize=9,
            color=colour,
            annotation_clip=False,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
        )


def _finish(axes: Axes, years: np.ndarray[Any, Any], unit: str) -> None:
    axes.set_xticks(years)
    room = 0.16 * (years[-1] - years[0]) + 0.25
    axes.set_xlim(years[0] - 0.25, years[-1] + room)
    axes.set_ylabel(unit, rotation=0, ha="right", va="top", y=1.0, fontsize=9, color=INK)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(colors=INK, labelsize=9)
    axes.grid(axis="y", color="#e6eaee", lw=0.8)
    axes.set_axisbelow(True)


# Pictures on the caller's axes; fonts and styles are the caller's.

_BLUE, _RED, _GREY = "#1f5fa8", "#b3261e", "#666666"
_WORDS = {
    "history": ("实际值", "history"),
    "middle": ("预测中位数", "median forecast"),
    "fan": ("50%、80%、90%区间", "50, 80 and 90 % intervals"),
    "target": ("目标", "target"),
    "p": ("达标概率", "P(target)"),
    "said": ("预测概率", "probability stated"),
    "came": ("实现频率", "how often it came true"),
    "perfect": ("完全可靠", "perfectly reliable"),
}


def word(key: str, lang: str) -> str:
    """Label in Chinese or English."""
    return _WORDS[key][0 if lang == "zh" else 1]


def fan(told: Predictive, ax: Any, target: float | None = None, lang: str = "en") -> Any:
    """Draw history, forecast fan and target."""
    history = told.history
    years = np.array([history.years[-1], *told.years])
    levels = np.array([0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95])
    now = np.full((1, len(levels)), history.values[-1])
    bands = np.concatenate([now, told.quantile(levels)])
    for inner, (low, high) in enumerate(((0, 6), (1, 5), (2, 4))):
        label = word("fan", lang) if inner == 2 else None
        ax.fill_between(
            years, bands[:, low], bands[:, high], color=_BLUE, alpha=0.14, lw=0, label=label
        )
    ax.plot(years, bands[:, 3], color=_BLUE, lw=1.4, ls="--", label=word("middle", lang))
    ax.plot(history.years, history.values, color="black", marker="o", ms=4, lw=1.2,
            label=word("history", lang))  # fmt: skip
    if target is not None:
        chance = shown(float(told.prob_at_least(target)[-1]))
        label = f"{word('target', lang)} {target:g}  ({word('p', lang)} {chance})"
        ax.plot([years[0], years[-1]], [target, target], color=_RED, lw=1.2, label=label)
    ax.set_xticks(range(history.years[0], int(years[-1]) + 1, max(1, len(history.years) // 6)))
    ax.legend(frameon=False, fontsize="small", loc="upper left")
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    return ax


def reliability(found: Backtest, ax: Any, lang: str = "en", label: str | None = None) -> Any:
    """Draw stated probability against observed frequency; areas grow with the cases."""
    rows = found.reliability
    said = np.array([r.stated for r in rows])
    came = np.array([r.observed for r in rows])
    count = np.array([r.cases for r in rows], float)
    ax.plot([0, 1], [0, 1], color=_GREY, lw=0.8, ls=":", label=word("perfect", lang))
    ax.plot(said, came, color=_BLUE, lw=1.0)
    ax.scatter(said, came, s=10 + 140 * count / count.max(), color=_BLUE, alpha=0.8, label=label)
    ax.set(xlim=(0, 1), ylim=(0, 1), xlabel=word("said", lang), ylabel=word("came", lang))
    ax.set_aspect("equal")
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    ax.legend(frameon=False, fontsize="small", loc="upper left")
    return ax
