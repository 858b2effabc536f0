"""Works and money: a bar chart over time with money by year, and money by year and scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from corridor_model._typing import Array, Integers
from corridor_model.errors import CorridorError
from corridor_model.formatting import rounded
from corridor_model.messages import N_, Translator, translator
from corridor_model.options import Language, language
from corridor_model.periods import end_of, start_of
from corridor_model.plan.plan import Plan
from corridor_model.plot.assessment import must_be_count
from corridor_model.plot.style import (
    BLUE,
    GREEN,
    HATCHES,
    INK,
    NAME_PLACES,
    ORANGE,
    PALE,
    PURPLE,
    QUIET,
    SKY,
    SMALL,
    TARGET,
    VERMILION,
    drawing,
    figure_height,
    inches,
    lay_out,
    legend_below,
    panel_title,
    place_of,
    plain_axes,
    quiet,
    row_labels,
    rows_in,
    settle,
    short,
    text_inches,
)
from corridor_model.scenario.scenario import Scenario
from corridor_model.scenario.spending import spending as spending_of
from corridor_model.text.portfolio import STATUS
from corridor_model.text.scenario import known_money
from corridor_model.units import MONEY

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

MOST = 40
"""Works of one picture at most; the line below says how many are left out."""
SERIES = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILION, PALE)
"""One colour a scenario, each with a hatch of its own."""


class WorkBar(NamedTuple):
    """One row of :func:`gantt`.

    Attributes
    ----------
    id, zh, en : str
        The work and its names.
    start, end : float
        When it is scheduled, in years: 2020.5 is the middle of 2020; NaN where unknown.
    new_end : float
        When it ends under the scenario; NaN where it is cancelled.
    money : ndarray, shape (Y,)
        By year; NaN where the investment is unknown.
    total : float
        Over all years.
    status : str
        Of a choice what became of it; empty elsewhere.
    """

    id: str
    zh: str
    en: str
    start: float
    end: float
    new_end: float
    money: Array
    total: float
    status: str = ""


class WorkBars(NamedTuple):
    """What :func:`gantt` draws: the calendar years of all money, shape (Y,), and a row a work."""

    years: Integers
    rows: list[WorkBar]


def work_bars(x: Plan | xr.Dataset, scenario: Scenario | str | None = None) -> WorkBars:
    """Return what :func:`gantt` draws: works by their start, with money by year.

    Parameters
    ----------
    x : Plan or Dataset
        A plan; or a result of :func:`corridor_model.spending`, :func:`corridor_model.simulate`
        or :func:`corridor_model.choose_projects`.
    scenario : Scenario or str, optional
        Of a plan a scenario, as planned by default; of a result the name of one of its own.

    Examples
    --------
    >>> import corridor_model as cm
    >>> bars = work_bars(cm.load_plan())
    >>> [row.total for row in bars.rows if row.id == "binhai_avenue"], int(bars.years[0])
    ([42.0], 2019)
    """
    ds = _money_of(x, scenario)
    if not ds.sizes["project"]:
        raise CorridorError(N_("The plan has no works: there is nothing to draw."))
    if "project_zh" not in ds.coords:  # of a choice
        ds = ds.rename(name_zh="project_zh", name_en="project_en")
    money = ds["spending"].transpose("project", "spending_year").values
    unknown = ds["spending_reason"]
    masked = (unknown.transpose("project", ...).values.reshape(ds.sizes["project"], -1) != "").all(
        axis=1
    )
    rows = []
    for i, name in enumerate(ds["project"].values):
        at = ds.isel(project=i)
        start, end = _year(at["start_planned"], start_of), _year(at["end_planned"], end_of)
        by_year = np.full(money.shape[1], np.nan) if masked[i] else money[i]
        rows.append(
            WorkBar(
                str(name), str(at["project_zh"].values), str(at["project_en"].values), start, end,
                _year(at["end"], end_of), by_year, float(by_year.sum()),
                str(at["status"].values) if "status" in at else "",
            )
        )  # fmt: skip
    rows.sort(key=lambda row: (np.nan_to_num(row.start, nan=np.inf), -np.nan_to_num(row.total)))
    years = ds["spending_year"].values.astype(int)
    some = np.array([np.nansum([row.money[k] for row in rows]) > 0 for k in range(len(years))])
    if some.any():
        span = slice(int(np.flatnonzero(some)[0]), int(np.flatnonzero(some)[-1]) + 1)
        years, rows = years[span], [row._replace(money=row.money[span]) for row in rows]
    return WorkBars(years, rows)


def _year(date: xr.DataArray, months_of: Any) -> float:
    text = str(date.values)
    return months_of(text) / 12 if text else np.nan


def _money_of(x: Plan | xr.Dataset, scenario: Scenario | str | None) -> xr.Dataset:
    """Return a Dataset of works with their dates and money under one scenario."""
    if isinstance(x, Plan):
        if isinstance(scenario, str):
            raise CorridorError(
                N_("Of a plan, scenario is a Scenario; a name picks one of a result.")
            )
        return spending_of(x, scenario).isel(scenario=0, drop=True)
    needs = {"spending", "start_planned", "end_planned", "end"}
    if not needs <= set(getattr(x, "data_vars", ())):
        raise CorridorError(
            N_("This needs a plan, or a result of spending, simulate or choose_projects.")
        )
    if "scenario" not in x["spending"].dims:
        return x
    names = [str(name) for name in x["scenario"].values]
    return x.isel(scenario=0 if scenario is None else place_of(names, str(scenario)))


def gantt(
    x: Plan | xr.Dataset,
    ax: Axes | None = None,
    *,
    scenario: Scenario | str | None = None,
    top: int = MOST,
    lang: Language | None = None,
) -> Axes:
    """Draw when works are built, with their money by year in the bars.

    An outline is the schedule, a filled cell a year in which money is spent, darker for more, its
    figure inside. A diamond marks the end where the scenario moves it. Beside each bar stands
    the investment, or that it is unknown.

    Parameters
    ----------
    x : Plan or Dataset
        A plan; or a result of :func:`corridor_model.spending`, :func:`corridor_model.simulate`
        or :func:`corridor_model.choose_projects`.
    ax : Axes, optional
        Where to draw, as many rows as fit; a figure of its own by default.
    scenario : Scenario or str, optional
        Of a plan a scenario, as planned by default; of a result the name of one of its own, the
        first by default.
    top : int, default 40
        Works at most; how many are left out stands below.
    lang : {"zh", "en"}, optional
        Language; the one of :class:`corridor_model.set_options` by default.

    Returns
    -------
    Axes
        Where it is drawn; x in years, 2020.5 being the middle of 2020.

    Raises
    ------
    CorridorError
        If it has no works, or there is no such scenario.

    See Also
    --------
    corridor_model.plot.scenario.work_bars : the rows behind it.

    Examples
    --------
    >>> import corridor_model as cm
    >>> late = cm.Scenario("late", cm.Delay("binhai_avenue", months=12))
    >>> ax = cm.plot.gantt(cm.load_plan(), scenario=late, lang="en")
    >>> ax.get_title("left")
    'Works and their money by year, 亿元'
    """
    must_be_count(top)
    years, bars = work_bars(x, scenario)
    with drawing(ax, lang, (9.5, 1.0)) as (axes, t):
        wanted = bars[:top]
        names = [short(row.zh if t.lang == "zh" else row.en, NAME_PLACES) for row in wanted]
        lines = max(name.count("\n") + 1 for name in names)
        if ax is None:
            figure_height(axes, 1.3 + 0.29 * (1 + 0.35 * (lines - 1)) * max(len(wanted), 3))
        wanted = wanted[: rows_in(axes, len(wanted), SMALL, lines)]
        row_labels(axes, names[: len(wanted)])
        _gantt_frame(axes, years, wanted, t)
        left = len(bars) - len(wanted)
        note = t.plural("{n} more work not drawn", "{n} more works not drawn", left) if left else ""
        axes.set_xlabel(note, fontsize=SMALL, color=QUIET, loc="left")
        settle(axes)
        lay_out(axes)
        _gantt_rows(axes, years, wanted, t)
    return axes


def _gantt_frame(axes: Axes, years: Integers, rows: list[WorkBar], t: Translator) -> None:
    ends = [v for row in rows for v in (row.start, row.end, row.new_end) if np.isfinite(v)] + [
        years[0],
        years[-1] + 1,
    ]
    first, last = int(np.floor(min(ends))), int(np.ceil(max(ends)))
    panel_title(axes, t("Works and their money by year, {unit}", unit=MONEY), 11)
    quiet(axes)
    # a tick at the beginning of each year, its label in the middle
    axes.set_xlim(first, last)
    axes.set_xticks(range(first, last + 1), [""] * (last - first + 1))
    axes.set_xticks(np.arange(first, last) + 0.5, [str(y) for y in range(first, last)], minor=True)
    axes.tick_params(axis="x", which="minor", length=0, labelsize=9)
    axes.set_ylim(max(len(rows), 2) - 0.4, -0.6)


def _gantt_rows(axes: Axes, years: Integers, rows: list[WorkBar], t: Translator) -> None:
    """Draw bars, figures and totals; figures only where a year is wide enough for them."""
    first, last = axes.get_xlim()
    words = [_words(row, t) for row in rows]
    width, _ = inches(axes)
    share = min((max(text_inches(axes, text, SMALL) for text in words) + 0.25) / width, 0.5)
    right = first + (last - first) / (1 - share)
    axes.set_xlim(first, right)
    inch = (right - first) / width
    most = np.nanmax([1e-9, *(np.nanmax(row.money, initial=0.0) for row in rows)])
    size = SMALL - 1
    for place, row in enumerate(rows):
        if np.isfinite(row.start) and np.isfinite(row.end):
            axes.barh(
                place, row.end - row.start, left=row.start, height=0.74, facecolor="none",
                edgecolor=QUIET, lw=0.9, ls=(0, (3, 2)) if np.isnan(row.total) else "-", zorder=3,
            )  # fmt: skip
        for year, money in zip(years, row.money, strict=True):
            if not money > 0.005:
                continue
            # the least money still shows; the square root keeps small works apart
            depth = 0.15 + 0.75 * float(np.sqrt(money / most))
            low, high = _within(float(year), row)
            axes.barh(place, high - low, left=low, height=0.6, color=BLUE, alpha=depth, zorder=2)
            text = rounded(float(money), 2 if money < 1 else 1)
            if text_inches(axes, text, size) < 0.95 * (high - low) / inch:
                axes.text(
                    (low + high) / 2, place, text, ha="center", va="center", fontsize=size,
                    zorder=4, color="white" if depth > 0.62 else INK,
                )  # fmt: skip
        if np.isfinite(row.new_end) and row.new_end != row.end:
            axes.plot([row.new_end], [place], "D", color=TARGET, ms=6, zorder=5)
        axes.text(
            last + 0.12 * inch, place, words[place], va="center", fontsize=SMALL,
            color=QUIET if np.isnan(row.total) else INK,
        )  # fmt: skip


def _words(row: WorkBar, t: Translator) -> str:
    if row.status in STATUS and not row.total > 0:
        return t.of(STATUS[row.status])
    return t("investment unknown") if np.isnan(row.total) else rounded(row.total, 2)


def _within(year: float, row: WorkBar) -> tuple[float, float]:
    """Return the part of a year in which a work is built, the whole year where that is unknown."""
    ends = [end for end in (row.end, row.new_end) if np.isfinite(end)]
    low = max(year, row.start) if np.isfinite(row.start) else year
    high = min([year + 1, max(ends)]) if ends else year + 1
    return (low, high) if low < high else (year, year + 1)


class YearlyMoney(NamedTuple):
    """What :func:`spending` draws: S scenarios or one choice, Y years.

    Attributes
    ----------
    names : list of str
        Of the series, in the reader's language.
    years : ndarray, shape (Y,)
    money : ndarray, shape (S, Y)
        Spent by year, the mean.
    low, high : ndarray, shape (S, Y)
        The widest interval of the result; equal to ``money`` where nothing is uncertain.
    budget : ndarray, shape (Y,)
        Of a choice; NaN where there is none.
    coverage : str
        For how many works the money is known.
    """

    names: list[str]
    years: Integers
    money: Array
    low: Array
    high: Array
    budget: Array
    coverage: str


def yearly_money(x: Plan | xr.Dataset, lang: str = "zh") -> YearlyMoney:
    """Return what :func:`spending` draws.

    Parameters
    ----------
    x : Plan or Dataset
        As of :func:`spending`.
    lang : {"zh", "en"}
        Language.

    Examples
    --------
    >>> import corridor_model as cm
    >>> money = yearly_money(cm.load_plan(), "en")
    >>> int(money.years[money.money[0].argmax()]), money.money.max().round(2).item(), money.coverage
    (2022, 53.94, 'investment of works: 17 of 24 known')
    """
    t = translator(lang)
    # of a plan as printed alone no name is needed
    ds = spending_of(x).isel(scenario=0, drop=True) if isinstance(x, Plan) else x
    variables = getattr(ds, "data_vars", ())
    if "programme" in variables:
        mean = ds["programme"].transpose(..., "spending_year").values
        mean = mean.reshape(-1, mean.shape[-1])
        quantiles = ds["programme_quantile"].transpose(..., "spending_year", "quantile").values
        quantiles = quantiles.reshape(*mean.shape, -1)
        names = [""]
        if "scenario" in ds["programme"].dims:
            title = "scenario_zh" if lang == "zh" and "scenario_zh" in ds.coords else "scenario"
            names = [str(name) for name in ds[title].values]
        low, high = quantiles.min(axis=2), quantiles.max(axis=2)
        budget = np.full(mean.shape[1], np.nan)
    elif "spent" in variables:
        mean = ds["spent"].values[None, :]
        names, low, high = [t("spent")], mean, mean
        budget = ds["budget"].values
    else:
        raise CorridorError(
            N_("This needs a plan, or a result of spending, simulate or choose_projects.")
        )
    some = (mean > 0.005).any(axis=0) | (high > 0.005).any(axis=0) | np.isfinite(budget)
    if not some.any():
        raise CorridorError(N_("No money of any work is known: there is nothing to draw."))
    span = slice(int(np.flatnonzero(some)[0]), int(np.flatnonzero(some)[-1]) + 1)
    years = ds["spending_year"].values.astype(int)[span]
    coverage = ""
    if "known_works" in variables:
        coverage = t("investment of works: {known}", known=known_money(ds, lang))
    return YearlyMoney(
        names, years, mean[:, span], low[:, span], high[:, span], budget[span], coverage
    )


def spending(x: Plan | xr.Dataset, ax: Axes | None = None, *, lang: Language | None = None) -> Axes:
    """Draw money by year: a bar a scenario, with the interval where works are uncertain.

    Parameters
    ----------
    x : Plan or Dataset
        A plan; or a result of :func:`corridor_model.spending`, :func:`corridor_model.simulate`
        or :func:`corridor_model.choose_projects` (with its budgets as lines).
    ax : Axes, optional
        Where to draw; a figure of its own by default.
    lang : {"zh", "en"}, optional
        Language; the one of :class:`corridor_model.set_options` by default.

    Returns
    -------
    Axes
        Where it is drawn.

    Raises
    ------
    CorridorError
        If there are no works, or none with known money.

    See Also
    --------
    corridor_model.plot.scenario.yearly_money : the arrays behind it.

    Examples
    --------
    >>> import corridor_model as cm
    >>> ax = cm.plot.spending(cm.load_plan(), lang="en")
    >>> ax.get_title("left"), ax.get_xlabel()
    ('Money by year, 亿元', 'investment of works: 17 of 24 known')
    """
    money = yearly_money(x, language(lang))
    with drawing(ax, lang, (7.0, 3.8)) as (axes, t):
        draw_money(axes, money, t)
    return axes


def draw_money(axes: Axes, money: YearlyMoney, t: Translator) -> None:
    """Draw bars by year on axes whose context is set."""
    count = len(money.names)
    width = 0.8 / count
    for i, name in enumerate(money.names):
        place = money.years + (i - (count - 1) / 2) * width
        axes.bar(
            place, money.money[i], width=0.92 * width, color=SERIES[i % len(SERIES)],
            hatch=HATCHES[i % len(HATCHES)] if count > 1 else None, edgecolor="white", lw=0.0,
            label=name or None,
        )  # fmt: skip
        wide = money.high[i] - money.low[i] > 0.005
        for at, low, high in zip(place[wide], money.low[i][wide], money.high[i][wide], strict=True):
            axes.plot([at, at], [low, high], color=INK, lw=1.0)
    if count == 1:
        _figures_on_bars(axes, money)
    label: str | None = t("budget")
    for year, budget in zip(money.years, money.budget, strict=True):
        if np.isfinite(budget):
            axes.plot([year - 0.46, year + 0.46], [budget] * 2, color=TARGET, lw=2, label=label)
            label = None
    axes.set_xticks(money.years)
    axes.xaxis.set_major_formatter("{x:.0f}")
    axes.margins(y=0.12)
    axes.set_ylim(0)
    panel_title(axes, t("Money by year, {unit}", unit=MONEY), 11)
    axes.set_xlabel(money.coverage, fontsize=SMALL, color=QUIET, loc="left")
    plain_axes(axes)
    if axes.get_legend_handles_labels()[1]:
        legend_below(axes)


def _figures_on_bars(axes: Axes, money: YearlyMoney) -> None:
    """Write each figure above its bar and its interval, where a line of a budget does not run."""
    for year, value, high, budget in zip(
        money.years, money.money[0], money.high[0], money.budget, strict=True
    ):
        top = max(value, high)
        scale = max(float(money.high.max()), float(np.nanmax([0.0, *money.budget])))
        if np.isfinite(budget) and 0 <= budget - top < 0.09 * scale:
            top = budget
        axes.annotate(
            rounded(float(value), 1), (year, top), xytext=(0, 3), textcoords="offset points",
            ha="center", va="bottom", fontsize=SMALL, color=INK,
        )  # fmt: skip
