"""The figure of a choice: when works are built, what they cost a year, what other budgets do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model.formatting import plain, rounded
from corridor_model.messages import Translator, translator
from corridor_model.periods import end_of, start_of
from corridor_model.plot.paths import REQUIRED, TARGET
from corridor_model.plot.style import INK, page, panel_title, plain_axes, save_figure
from corridor_model.text.layout import wrap
from corridor_model.text.portfolio import STATUS, cost_coverage, unit_text, value_text
from corridor_model.units import MONEY

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


COLOURS = {
    "as_scheduled": "#2b6288",
    "postponed": "#d08a2e",
    "brought_forward": "#6a9a4f",
    "running": "#86aec8",
    "finished": "#b9c4cc",
    "not_chosen": "#e2e6ea",
    "stopped": "#c9b3b0",
}
NAME_PLACES = 34
ROWS = 40
"""Works drawn at most; the text says how many are left out."""


def choice_figure(
    ds: xr.Dataset, file: str | Path, *, lang: str = "zh", installed_fonts: bool = True
) -> Path:
    """Draw a choice and save the figure.

    Parameters
    ----------
    ds : Dataset
        Of :func:`corridor_model.choose_projects`.
    file : str or path
        Ending in png, svg or pdf.
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
    return save_figure(lambda: draw_choice(ds, lang), file, lang, installed_fonts=installed_fonts)


def draw_choice(ds: xr.Dataset, lang: str) -> Figure:
    """Return the figure; call it inside :func:`corridor_model.plot.style.font_context`."""
    t = translator(lang)
    works = _works_with_a_decision(ds)
    height = 1.4 + 0.3 * max(len(works), 6)
    figure = page(12.0, height + 4.0)
    grid = figure.add_gridspec(2, 2, height_ratios=(height, 3.6))
    curve = ds.sizes["budget_scale"] > 1
    _draw_works(figure.add_subplot(grid[0, :]), ds, works, t)
    _draw_money(figure.add_subplot(grid[1, 0] if curve else grid[1, :]), ds, t)
    if curve:
        _draw_frontier(figure.add_subplot(grid[1, 1]), ds, t)
    title = t(
        "What to build within the budget: {chosen} works, {value}",
        chosen=ds.attrs["chosen"],
        value=value_text(ds, float(ds["objective"]), t),
    )
    note = t(
        "Costs: {coverage}. Money is spread evenly by month (assumed).",
        coverage=cost_coverage(ds, t),
    )
    figure.suptitle(title, fontsize=15, color=INK)
    figure.supxlabel(note, fontsize=10, color=INK)
    return figure


def _works_with_a_decision(ds: xr.Dataset) -> list[int]:
    """Return the works to draw: those with a decision, by start, what is left out last."""
    status = [str(s) for s in ds["status"].values]
    places = [i for i, s in enumerate(status) if s in COLOURS]
    start = ds["start_year"].values

    def key(i: int) -> tuple[bool, float, float]:
        return bool(np.isnan(start[i])), float(np.nan_to_num(start[i])), -_money(ds, i)

    return sorted(places, key=key)[:ROWS]


def _money(ds: xr.Dataset, i: int) -> float:
    return float(np.nan_to_num(ds["investment"].values[i]))


def _draw_works(axes: Axes, ds: xr.Dataset, works: list[int], t: Translator) -> None:
    """Draw a bar from start to end for each chosen work, and where it was scheduled."""
    from matplotlib.ticker import MultipleLocator

    names = ds[f"name_{t.lang}"].values
    labels = []
    statuses: dict[str, None] = {}
    for row, i in enumerate(works):
        at = ds.isel(project=i)
        status = str(at["status"].values)
        statuses.setdefault(status)
        old = _span(at, "start_planned", "end_planned")
        built = bool(at["funded"]) and bool(str(at["end"].values))
        begun, over = _span(at, "start", "end") if built else old
        if not built or begun != old[0]:
            axes.barh(
                row, old[1] - old[0], left=old[0], height=0.62,
                facecolor="none", edgecolor="#9aa6b0", ls=(0, (3, 2)), lw=1.0,
            )  # fmt: skip
        if built:
            axes.barh(row, over - begun, left=begun, height=0.62, color=COLOURS[status])
            axes.text(
                over + 0.04, row, rounded(_money(ds, i), 2), va="center", fontsize=8, color=INK
            )
        short = wrap(str(names[i]), NAME_PLACES)
        labels.append(short[0] + ("…" if len(short) > 1 else ""))
    axes.set_yticks(range(len(works)), labels, fontsize=8.5)
    axes.invert_yaxis()
    if ds.attrs["horizon"]:
        axes.axvline(ds.attrs["horizon"] + 1, color=TARGET, lw=1.4)
    _legend(axes, list(statuses), bool(ds.attrs["horizon"]), t)
    panel_title(axes, t("When works are built (investment, {unit})", unit=MONEY))
    axes.xaxis.set_major_locator(MultipleLocator(1.0))
    plain_axes(axes, "x")


def _span(at: xr.Dataset, first: str, last: str) -> tuple[float, float]:
    """Return start and end in years."""
    return start_of(str(at[first].values)) / 12, end_of(str(at[last].values)) / 12


def _legend(axes: Axes, statuses: list[str], horizon: bool, t: Translator) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    chosen = [s for s in statuses if s not in {"not_chosen", "stopped"}]
    handles: list[Any] = [Patch(color=COLOURS[s], label=t.of(STATUS[s])) for s in chosen]
    label = t("scheduled (not chosen, or moved)")
    handles.append(Patch(facecolor="none", edgecolor="#9aa6b0", ls="--", label=label))
    if horizon:
        label = t("counts if finished by here")
        handles.append(Line2D([], [], color=TARGET, lw=1.4, label=label))
    axes.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.0, -0.16 if statuses else 0),
        ncols=len(handles), fontsize=9, frameon=False,
    )  # fmt: skip


def _draw_money(axes: Axes, ds: xr.Dataset, t: Translator) -> None:
    years = ds["spending_year"].values
    spent, budget = ds["spent"].values, ds["budget"].values
    some = (spent > 0.005) | ~np.isnan(budget)
    years, spent, budget = years[some], spent[some], budget[some]
    axes.bar(years, spent, width=0.62, color="#6395b5", label=t("spent"))
    label = t("budget")
    for year, money in zip(years, budget, strict=True):
        if not np.isnan(money):
            axes.plot([year - 0.42, year + 0.42], [money, money], color=TARGET, lw=2, label=label)
            label = "_"
    for year, money in zip(years, spent, strict=True):
        tiny = money < 0.06 * spent.max()
        axes.annotate(
            rounded(float(money), 1), (year, money if tiny else money / 2),
            xytext=(0, 3 if tiny else 0), textcoords="offset points", ha="center",
            va="bottom" if tiny else "center", fontsize=8.5, color=INK if tiny else "white",
        )  # fmt: skip
    axes.set_xticks(years)
    panel_title(axes, t.context("with budgets", "Money by year, {unit}", unit=MONEY))
    axes.margins(y=0.2)
    axes.legend(fontsize=9, frameon=False, loc="upper right", ncols=2)
    plain_axes(axes)


def _draw_frontier(axes: Axes, ds: xr.Dataset, t: Translator) -> None:
    """Draw the objective against the budget, and the investment done where money goes on."""
    scale = ds["budget_scale"].values
    unit = ds.attrs["unit"]
    plan = ds.attrs["leftover"] == "plan"
    values = ds["frontier_invested" if plan else "frontier_objective"].values
    axes.plot(scale, values, color=REQUIRED, lw=1.8, marker="o", ms=5)
    here = float(ds["invested"]) if plan else float(ds["objective"])
    axes.plot([1.0], [here], "D", color=TARGET, ms=8, zorder=5)
    title = (
        t("Planned investment done, {unit}", unit=MONEY)
        if plan
        else t("Objective reached ({unit})", unit=unit_text(unit, t))
    )
    panel_title(axes, title)
    axes.set_xticks(scale, [plain(round(float(s), 6)) for s in scale])
    axes.set_xlabel(t("times the budget"), fontsize=9, color=INK)
    axes.margins(y=0.15)
    plain_axes(axes)
