"""The figure of a choice: when works are built, what they cost a year, what other budgets do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from corridor_model._typing import Array
from corridor_model.errors import CorridorError
from corridor_model.formatting import plain, rounded
from corridor_model.messages import N_, Translator, translator
from corridor_model.options import Language, language
from corridor_model.periods import end_of, start_of
from corridor_model.plot.scenario import draw_money, yearly_money
from corridor_model.plot.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PALE,
    SKY,
    SMALL,
    TARGET,
    drawing,
    page,
    panel_title,
    plain_axes,
    save_figure,
)
from corridor_model.text.layout import wrap
from corridor_model.text.portfolio import STATUS, cost_coverage, unit_text, value_text
from corridor_model.units import MONEY

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


COLOURS = {
    "as_scheduled": BLUE,
    "postponed": ORANGE,
    "brought_forward": GREEN,
    "running": SKY,
    "finished": PALE,
    "not_chosen": "#e2e6ea",
    "stopped": "#e2e6ea",
}
STATUS_HATCHES = {"postponed": "///", "brought_forward": "...", "running": "xxx"}
"""What tells them apart in black and white."""
NAME_PLACES = 34
ROWS = 40
"""Works drawn at most; the text says how many are left out."""


def choice_figure(
    ds: xr.Dataset, file: str | Path, *, lang: Language | None = None, installed_fonts: bool = True
) -> Path:
    """Draw a choice and save the figure.

    Parameters
    ----------
    ds : Dataset
        Of :func:`corridor_model.choose_projects`.
    file : str or path
        Ending in png, svg or pdf.
    lang : {"zh", "en"}, optional
        Language of all labels; the one of :class:`corridor_model.set_options` by default.
    installed_fonts : bool, default True
        Whether fonts of the machine may be used; the shipped one always is at hand.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    CorridorError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import corridor_model as cm
    >>> choice = cm.choose_projects(cm.load_plan(), {2020: 20, 2021: 20, 2022: 20})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     cm.plot.choice_figure(choice, Path(folder) / "choice.svg").stat().st_size > 1000
    True
    """
    lang = language(lang)
    return save_figure(lambda: draw_choice(ds, lang), file, lang, installed_fonts=installed_fonts)


def draw_choice(ds: xr.Dataset, lang: str) -> Figure:
    """Return the figure; call it inside :func:`corridor_model.plot.style.style_context`."""
    t = translator(lang)
    works = _works_with_a_decision(ds)
    height = 1.4 + 0.3 * max(len(works), 6)
    figure = page(12.0, height + 4.0)
    grid = figure.add_gridspec(2, 2, height_ratios=(height, 3.6))
    curve = ds.sizes["budget_scale"] > 1
    _draw_works(figure.add_subplot(grid[0, :]), ds, works, t)
    money = figure.add_subplot(grid[1, 0] if curve else grid[1, :])
    draw_money(money, yearly_money(ds, t.lang), t)
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
            axes.barh(
                row, over - begun, left=begun, height=0.62, color=COLOURS[status],
                hatch=STATUS_HATCHES.get(status), edgecolor="white", lw=0.0,
            )  # fmt: skip
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
    handles: list[Any] = [
        Patch(
            facecolor=COLOURS[s], hatch=STATUS_HATCHES.get(s), edgecolor="white", lw=0.0,
            label=t.of(STATUS[s]),
        )
        for s in chosen
    ]  # fmt: skip
    label = t("scheduled (not chosen, or moved)")
    handles.append(Patch(facecolor="none", edgecolor="#9aa6b0", ls="--", label=label))
    if horizon:
        label = t("counts if finished by here")
        handles.append(Line2D([], [], color=TARGET, lw=1.4, label=label))
    axes.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.0, -0.16 if statuses else 0),
        ncols=len(handles), fontsize=9, frameon=False,
    )  # fmt: skip


class Frontier(NamedTuple):
    """What :func:`frontier` draws: what each multiple of the budget buys, B of them."""

    scale: Array
    value: Array
    here: float
    of_money: bool


def frontier_line(ds: xr.Dataset) -> Frontier:
    """Return what :func:`frontier` draws: budgets as multiples, what each buys, and the choice.

    Examples
    --------
    >>> import corridor_model as cm
    >>> choice = cm.choose_projects(cm.load_plan(), {2020: 20, 2021: 20, 2022: 20})
    >>> line = frontier_line(choice)
    >>> len(line.scale), bool((line.value[1:] >= line.value[:-1]).all())
    (11, True)
    """
    if str(getattr(ds, "attrs", {}).get("study", "")) != "choice":
        raise CorridorError(N_("frontier needs a result of choose_projects."))
    plan = ds.attrs["leftover"] == "plan"
    values = ds["frontier_invested" if plan else "frontier_objective"].values
    here = float(ds["invested"]) if plan else float(ds["objective"])
    if ds.sizes["budget_scale"] < 2 or not np.isfinite(values).any():
        raise CorridorError(
            N_("The choice has one budget only; choose_projects(frontier=...) takes several.")
        )
    return Frontier(ds["budget_scale"].values, values, here, plan)


def frontier(ds: xr.Dataset, ax: Axes | None = None, *, lang: Language | None = None) -> Axes:
    """Draw what other budgets would buy: the objective against multiples of the budget.

    Parameters
    ----------
    ds : Dataset
        Of :func:`corridor_model.choose_projects`.
    ax : Axes, optional
        Where to draw; a figure of its own by default.
    lang : {"zh", "en"}, optional
        Language; the one of :class:`corridor_model.set_options` by default.

    Returns
    -------
    Axes
        Where it is drawn; the diamond is the budget of the choice.

    Raises
    ------
    CorridorError
        If it is no choice, or one without other budgets.

    See Also
    --------
    corridor_model.plot.portfolio.frontier_line : the arrays behind it.

    Examples
    --------
    >>> import corridor_model as cm
    >>> choice = cm.choose_projects(cm.load_plan(), {2020: 20, 2021: 20, 2022: 20})
    >>> cm.plot.frontier(choice, lang="en").get_xlabel()
    'times the budget'
    """
    frontier_line(ds)
    with drawing(ax, lang, (5.6, 3.8)) as (axes, t):
        _draw_frontier(axes, ds, t)
    return axes


def _draw_frontier(axes: Axes, ds: xr.Dataset, t: Translator) -> None:
    """Draw the objective against the budget, and the investment done where money goes on."""
    line = frontier_line(ds)
    unit = ds.attrs["unit"]
    axes.plot(line.scale, line.value, color=BLUE, lw=1.8, marker="o", ms=5)
    axes.plot([1.0], [line.here], "D", color=TARGET, ms=8, zorder=5)
    title = (
        t("Planned investment done, {unit}", unit=MONEY)
        if line.of_money
        else t("Objective reached ({unit})", unit=unit_text(unit, t))
    )
    panel_title(axes, title)
    scale = line.scale if len(line.scale) <= 11 else line.scale[:: -(-len(line.scale) // 10)]
    axes.set_xticks(scale, [plain(round(float(s), 6)) for s in scale], fontsize=SMALL)
    axes.set_xlabel(t("times the budget"), fontsize=9, color=INK)
    axes.margins(y=0.15)
    plain_axes(axes)
