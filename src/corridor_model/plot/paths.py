"""Paths drawn: growth rates against targets, a forecast as a fan, and how reliable it was."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model import growth
from corridor_model.codes import ORIGIN_WORDS
from corridor_model.formatting import percent, plain, rounded, share_label
from corridor_model.messages import Translator, translator
from corridor_model.plan.display import EXAMPLE, target_text
from corridor_model.plan.requirements import requirement
from corridor_model.plot.style import INK, page, panel_title, plain_axes, save_figure
from corridor_model.text.forecasting import probability_text
from corridor_model.text.layout import wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from corridor_model.forecasting.backtest import Backtest
    from corridor_model.forecasting.predictive import Predictive
    from corridor_model.plan.plan import Plan
    from corridor_model.plan.promises import Promise


TARGET, REQUIRED = "#c0392b", "#1b5e8c"
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
    t = translator(lang)
    indicators = _with_path(plan)[:PANELS]
    growing = [i for i in plan.targets.values() if i.kind == "growth"]
    count = len(indicators) + bool(growing)
    columns = min(2, max(count, 1))
    lines = -(-max(count, 1) // columns)
    figure = page(6.4 * columns, 4.0 * lines + 0.8)
    axes = np.atleast_1d(np.asarray(figure.subplots(lines, columns))).ravel()
    for panel, indicator in zip(axes, indicators, strict=False):
        _draw_indicator(panel, indicator, rates, t)
    if growing:
        _draw_growth(axes[len(indicators)], plan, growing, rates, t)
    for panel in axes[count:]:
        panel.set_axis_off()
    title = t("How fast is fast enough: growth paths against targets")
    note = t(EXAMPLE) if plan.example else ""
    key = t("Thin: given yearly rates. Dashed: just enough. Red diamond: the target.")
    figure.suptitle(f"{title}  [{note}]" if note else title, fontsize=15, color=INK)
    figure.supxlabel(key, fontsize=10, color=INK)
    return figure


def _with_path(plan: Plan) -> list[Promise]:
    """Return indicators with a known start and a compounding path."""
    kinds = {"level", "share", "ratio", "rank"}
    return [
        indicator
        for indicator in plan.targets.values()
        if indicator.kind in kinds and requirement(indicator).required_rate is not None
    ]


def _draw_indicator(axes: Axes, indicator: Promise, rates: Sequence[float], t: Translator) -> None:
    needed = requirement(indicator)
    start, rate = indicator.baseline, needed.required_rate
    assert start is not None
    assert rate is not None
    goal, last = needed.number, needed.deadline
    years = np.arange(start.year, last + 1)
    steps = years - start.year
    falls = needed.sense in {"at_most", "below"} and not needed.is_limit
    ends = []
    for colour, yearly in zip(_colours(rates), rates, strict=True):
        path = growth.compound(start.value, -yearly if falls else yearly, steps)
        axes.plot(years, path, color=colour, lw=1.4)
        ends.append((float(path[-1]), f"{'−' if falls else ''}{share_label(yearly)} %", colour))
    required = growth.compound(start.value, rate, steps)
    axes.plot(years, required, color=REQUIRED, lw=2.6, ls=(0, (5, 2)), zorder=4)
    axes.plot(start.year, start.value, "o", color=INK, ms=7, zorder=5)
    axes.plot(last, goal, "D", color=TARGET, ms=8, zorder=6)
    axes.axhline(goal, color=TARGET, lw=0.9, alpha=0.55)
    axes.margins(y=0.14)  # room for the label of the start
    _label_ends(axes, last, ends)
    origin = t.of(ORIGIN_WORDS[start.origin])
    name, needs = indicator.name(t.lang), percent(abs(rate))
    title = (
        t("{name}: must fall {rate} a year", name=name, rate=needs)
        if rate < 0
        else t("{name}: must grow {rate} a year", name=name, rate=needs)
    )
    panel_title(axes, "\n".join(wrap(title, TITLE_PLACES)))
    axes.annotate(
        f"{plain(start.value)} ({start.year}, {origin})",
        (start.year, start.value),
        xytext=(6, -14 if not falls else 9),
        textcoords="offset points",
        fontsize=9,
        color=INK,
    )
    axes.annotate(
        target_text(indicator, t.lang),
        (start.year, goal),
        xytext=(2, 4),
        textcoords="offset points",
        fontsize=9.5,
        color=TARGET,
    )
    _finish(axes, years, indicator.unit)


def _draw_growth(
    axes: Axes, plan: Plan, growing: Sequence[Promise], rates: Sequence[float], t: Translator
) -> None:
    """Draw growth targets as the index each implies, beside the index paths of the rates."""
    base, last = plan.about.base_year, plan.about.last_year
    years = np.arange(base, last + 1)
    ends = []
    for colour, rate in zip(_colours(rates), rates, strict=True):
        path = growth.compound(100.0, rate, years - base)
        axes.plot(years, path, color=colour, lw=1.8)
        last_index = float(path[-1])
        ends.append((last_index, f"{share_label(rate)} % → {rounded(last_index, 1)}", colour))
    _label_ends(axes, last, ends)
    goals: dict[float, list[str]] = {}
    for indicator in growing:
        goals.setdefault(indicator.target.number, []).append(indicator.name(t.lang))
    for value in goals:
        index = float(growth.compound(100.0, value / 100, last - base))
        axes.plot(last, index, "D", color=TARGET, ms=8, zorder=6)
    listed = "\n".join(
        f"{plain(value)} %  {name}" for value, names in sorted(goals.items()) for name in names
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
    title = t("Growth targets as an index, {base} = 100 (assumed base)", base=base)
    panel_title(axes, title)
    bottom, top = axes.get_ylim()
    axes.set_ylim(bottom, top + 0.07 * (len(growing) + 1) * (top - bottom))
    _finish(axes, years, f"{base}=100")


def _colours(rates: Sequence[float]) -> list[str]:
    """Return a colour a rate, darker for each one that follows."""
    return [RATE_COLOURS[min(i + 1, len(RATE_COLOURS) - 1)] for i in range(len(rates))]


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
    plain_axes(axes)


# Forecasts, on axes of the caller's: fonts and styles are the caller's, too.

_BLUE, _RED, _GREY = "#1f5fa8", "#b3261e", "#666666"
_FAN = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
"""Quantiles of the fan: the first and the last bound its widest band, and so on inward."""


def fan(predictive: Predictive, ax: Any, target: float | None = None, lang: str = "en") -> Any:
    """Draw the history, the fan of a forecast, and a target.

    Parameters
    ----------
    predictive : Predictive
        Of :func:`corridor_model.forecast`.
    ax : Axes
        Where to draw.
    target : float, optional
        Its line names the probability of reaching it in the last year.
    lang : {"en", "zh"}
        Language of the labels.

    Returns
    -------
    Axes
        The same.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> import corridor_model as cm
    >>> p = cm.forecast([100.0, 108.0, 115.0, 126.0], [2016, 2017, 2018, 2019], 3, "level")
    >>> axes = cm.plot.fan(p, Figure().subplots(), target=150)
    >>> axes.get_legend_handles_labels()[1][0]
    '50, 80 and 90 % intervals'
    """
    t = translator(lang)
    history = predictive.history
    years = np.array([history.years[-1], *predictive.years])
    now = np.full((1, len(_FAN)), history.values[-1])
    bands = np.concatenate([now, predictive.quantile(_FAN)])
    middle = len(_FAN) // 2
    for outer in range(middle):
        innermost = outer == middle - 1
        ax.fill_between(
            years, bands[:, outer], bands[:, -1 - outer], color=_BLUE, alpha=0.14, lw=0,
            label=t("50, 80 and 90 % intervals") if innermost else None,
        )  # fmt: skip
    ax.plot(years, bands[:, middle], color=_BLUE, lw=1.4, ls="--", label=t("median forecast"))
    ax.plot(history.years, history.values, color="black", marker="o", ms=4, lw=1.2,
            label=t("history"))  # fmt: skip
    if target is not None:
        label = t(
            "target {target:g}  (P(target) {p})",
            target=target,
            p=probability_text(float(predictive.prob_at_least(target)[-1])),
        )
        ax.plot([years[0], years[-1]], [target, target], color=_RED, lw=1.2, label=label)
    ax.set_xticks(range(history.years[0], int(years[-1]) + 1, max(1, len(history.years) // 6)))
    return _bare(ax)


def reliability(backtest: Backtest, ax: Any, lang: str = "en", label: str | None = None) -> Any:
    """Draw the probabilities stated against how often they came true.

    Parameters
    ----------
    backtest : Backtest
        Of :func:`corridor_model.backtest`.
    ax : Axes
        Where to draw; areas grow with the number of cases.
    lang : {"en", "zh"}
        Language of the labels.
    label : str, optional
        Name in the legend; the method by default.

    Returns
    -------
    Axes
        The same.
    """
    t = translator(lang)
    bins = backtest.reliability
    stated, observed = [b.stated for b in bins], [b.observed for b in bins]
    cases = np.array([b.cases for b in bins], float)
    ax.plot([0, 1], [0, 1], color=_GREY, lw=0.8, ls=":", label=t("perfectly reliable"))
    ax.plot(stated, observed, color=_BLUE, lw=1.0)
    ax.scatter(
        stated, observed, s=10 + 140 * cases / cases.max(), color=_BLUE, alpha=0.8,
        label=backtest.method if label is None else label,
    )  # fmt: skip
    ax.set(
        xlim=(0, 1), ylim=(0, 1),
        xlabel=t("probability stated"), ylabel=t("how often it came true"),
    )  # fmt: skip
    ax.set_aspect("equal")
    return _bare(ax)


def _bare(ax: Any) -> Any:
    """Take the frame away from axes and from their legend."""
    ax.legend(frameon=False, fontsize="small", loc="upper left")
    ax.spines[["top", "right"]].set_visible(False)
    return ax
