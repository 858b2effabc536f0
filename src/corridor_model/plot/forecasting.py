"""Forecasts: a fan with its history and target, and how reliable such forecasts were."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model._typing import Array
from corridor_model.arguments import single
from corridor_model.errors import CorridorError
from corridor_model.forecasting.backtest import Backtest
from corridor_model.forecasting.predictive import Predictive
from corridor_model.messages import N_, Listing, Name, Translator, Worded
from corridor_model.options import Language
from corridor_model.plot.style import (
    BLUE,
    INK,
    QUIET,
    SMALL,
    TARGET,
    TARGET_INK,
    drawing,
    lay_out,
    legend_below,
    panel_title,
    place_of,
    places_across,
    plain_axes,
    settle,
    short_number,
    side_labels,
)
from corridor_model.text.assessment import probability_text, row_of, target_text
from corridor_model.text.layout import wrap

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
"""Quantiles of the fan of a forecast: the first and the last bound its widest band."""
OWN_HISTORY = frozenset({"level", "share", "ratio", "rank", "annual"})
"""Measures whose forecast stands on the very figures that the promise speaks of."""


@dataclass(frozen=True, slots=True)
class Fan:
    """What :func:`fan` draws: N past years, H years ahead, Q quantiles.

    Attributes
    ----------
    name, unit : Worded, str
        Of the indicator; empty of a bare forecast.
    past : ndarray, shape (N, 2)
        Years and values known.
    years : ndarray, shape (H,)
        Years ahead, as numbers.
    levels : ndarray, shape (Q,)
        Probabilities, rising; symmetric about the median.
    bands : ndarray, shape (H, Q)
        Values at these quantiles.
    target : float or None
        What is aimed at in the last year.
    target_words : Worded
        As it is promised; empty where it is a bare number.
    p : float or None
        Probability of it.
    """

    name: Worded
    unit: str
    past: Array
    years: Array
    levels: Array
    bands: Array
    target: float | None
    target_words: Worded
    p: float | None

    @property
    def widths(self) -> list[str]:
        """Central intervals in percent, the narrowest first: ``["50", "80", "90"]``."""
        half = len(self.levels) // 2
        return [
            f"{100 * (self.levels[-1 - i] - self.levels[i]):.3g}" for i in reversed(range(half))
        ]


def fan_of(
    x: Predictive | xr.Dataset,
    indicator: str | None = None,
    *,
    target: float | None = None,
    scenario: str | None = None,
) -> Fan:
    """Return what :func:`fan` draws: the history, the quantiles and the target.

    Parameters
    ----------
    x : Predictive or Dataset
        Of :func:`corridor_model.forecast`, :func:`corridor_model.assess` or
        :func:`corridor_model.simulate`.
    indicator, target, scenario
        As of :func:`fan`.

    Examples
    --------
    >>> import corridor_model as cm
    >>> forecast = cm.forecast([100.0, 108.0, 115.0, 126.0], [2016, 2017, 2018, 2019], 3, "level")
    >>> what = fan_of(forecast, target=150)
    >>> what.widths, what.bands.shape
    (['50', '80', '90'], (3, 7))
    """
    if isinstance(x, Predictive):
        if indicator is not None or scenario is not None:
            raise CorridorError(
                N_("A forecast is of one series: it takes no indicator or scenario.")
            )
        return _of_forecast(x, target)
    variables = getattr(x, "data_vars", ())
    if "projected" in variables and "rule" not in x.dims:
        return _of_assessment(x, indicator, target)
    if "value" in variables and "quantile" in getattr(x, "dims", ()):
        return _of_simulation(x, indicator, target, scenario)
    if "projected" in variables:
        raise CorridorError(N_("Choose one rule first: assessment.sel(rule='schedule')."))
    raise CorridorError(N_("fan needs a forecast, or a result of assess or simulate."))


def _of_forecast(x: Predictive, target: float | None) -> Fan:
    history = x.history
    # S14: of an open year neither «certain» nor «impossible» is said
    p = None if target is None else float(np.clip(x.prob_at_least(target)[-1], 0.001, 0.999))
    return Fan(
        Name("", ""), "",
        np.array([history.years, history.values], float).T, np.array(x.years, float),
        np.array(LEVELS), x.quantile(LEVELS), target, Name("", ""), p,
    )  # fmt: skip


def _of_assessment(ds: xr.Dataset, indicator: str | None, target: float | None) -> Fan:
    """Return history and the 80 % interval in the target year, of one promise assessed."""
    ids = [str(name) for name in ds["indicator"].values]
    if indicator is None:
        known = np.isfinite(ds["lower"].values) & (ds["p_basis"].values != "observed")
        if not known.any():
            raise CorridorError(N_("No indicator of the result has a forecast to draw."))
        indicator = ids[int(np.flatnonzero(known)[0])]
    place_of(ids, indicator)
    return row_fan(row_of(ds, indicator), target)


def row_fan(row: Mapping[str, Any], target: float | None = None) -> Fan:
    """Return what :func:`fan` draws of one promise assessed, from its variables.

    Parameters
    ----------
    row : mapping
        The variables of an assessment for one promise.
    target : float, optional
        Another target than its own.

    Raises
    ------
    CorridorError
        If it has neither figures nor a forecast.

    Examples
    --------
    >>> import corridor_model as cm
    >>> verdicts = cm.assess(cm.load_plan(example=True), cm.example_observations())
    >>> row_fan(row_of(verdicts, "gdp")).past.tolist()
    [[2020.0, 467.7], [2021.0, 522.3]]
    """
    past = _past(row)
    ends = np.array([[row["lower"], row["projected"], row["upper"]]])
    ahead = np.isfinite(ends).all() and row["target_year"] > past[-1, 0] if len(past) else False
    if not ahead and not len(past):
        raise CorridorError(
            N_("{id} has neither figures nor a forecast: there is nothing to draw."),
            id=row["indicator"],
        )
    aim = row["target"] if target is None else target
    own = target is None or target == row["target"]
    p = float(row["p_reach"]) if own and np.isfinite(row["p_reach"]) else None
    words = Name(*(f"{target_text(row, _t(lang))} {row['unit']}".rstrip() for lang in ("zh", "en")))
    return Fan(
        Name(row["name_zh"], row["name_en"]), row["unit"], past,
        np.array([row["target_year"]], float) if ahead else np.zeros(0),
        np.array([0.1, 0.5, 0.9]), ends if ahead else np.zeros((0, 3)),
        float(aim) if np.isfinite(aim) else None, words if own else Name("", ""), p,
    )  # fmt: skip


def _t(lang: str) -> Translator:
    from corridor_model.messages import translator

    return translator(lang)


def _past(row: Mapping[str, Any]) -> Array:
    """Return years and values of a promise's own measure, shape (N, 2), from its history.

    A count is summed since the plan began, growth is the average since then; of changes only
    the latest figure is at hand.
    """
    pairs = [part.split("=") for part in row["forecast_history"].split(";") if part]
    years = np.array([float(year) for year, _ in pairs])
    values = np.array([float(value) for _, value in pairs])
    base = float(row["base_year"])
    if row["kind"] == "cumulative":
        # what came before the plan tells the forecast how much a year brings
        inside = years > base
        years, values = years[inside], np.cumsum(values[inside]) + np.nan_to_num(row["baseline"])
        years, values = np.r_[base, years], np.r_[np.nan_to_num(row["baseline"]), values]
    elif row["kind"] == "growth" and len(years):
        start = float(row["baseline_year"])
        after, level = years > start, values[years == start]
        steps = years[after] - start
        values = 100 * ((values[after] / (level[0] if len(level) else 100)) ** (1 / steps) - 1)
        years = years[after]
    elif row["kind"] not in OWN_HISTORY:
        years, values = np.zeros(0), np.zeros(0)
    points = dict(zip(years.tolist(), values.tolist(), strict=True))
    if np.isfinite(row["compared"]):  # a part of a year, or what no forecast was made from
        points[float(row["compared_at"])] = float(row["compared"])
    if not points and np.isfinite(row["baseline"]):
        points[float(row["baseline_year"])] = float(row["baseline"])
    return np.array(sorted(points.items())).reshape(-1, 2)


def _of_simulation(
    ds: xr.Dataset, indicator: str | None, target: float | None, scenario: str | None
) -> Fan:
    """Return the quantiles of one indicator under one scenario; settled years are history."""
    single(scenario=scenario)
    if "scenario" in ds["value"].dims:
        names = [str(name) for name in ds["scenario"].values]
        if scenario is not None and scenario not in names:
            raise CorridorError(
                N_("The result has no scenario {name!r}; it has {names}."),
                name=scenario,
                names=Listing(names),
            )
        ds = ds.isel(scenario=0 if scenario is None else names.index(scenario))
    ids = [str(name) for name in ds["indicator"].values]
    open_ = np.ptp(ds["value"].transpose("indicator", "year", "quantile").values, axis=2) > 0
    if indicator is None:
        if not open_.any():
            raise CorridorError(N_("No indicator of the result has a forecast to draw."))
        indicator = ids[int(np.flatnonzero(open_.any(axis=1))[0])]
    at = ds.isel(indicator=place_of(ids, indicator))
    levels = at["quantile"].values
    if not np.allclose(levels + levels[::-1], 1) or len(levels) % 2 == 0:
        raise CorridorError(
            N_("A fan needs a median and pairs of quantiles such as 0.05 and 0.95 beside it.")
        )
    bands = at["value"].transpose("year", "quantile").values
    years = at["year"].values.astype(float)
    known = np.isfinite(bands).all(axis=1)
    if not known.any():
        raise CorridorError(
            N_("{id} has neither figures nor a forecast: there is nothing to draw."), id=indicator
        )
    settled = known & (np.ptp(bands, axis=1) == 0)
    # a year without spread after one with spread is no figure of the past
    settled &= np.cumprod(settled | ~known).astype(bool)
    ahead = known & ~settled
    unit, words = str(at["unit"].values), str(at["goal"].values) if "goal" in at else ""
    own = target is None
    aim = _goal(words, unit, float(years[known][-1])) if own else target
    p = float(at["p_reach"]) if own and np.isfinite(at["p_reach"]) else None
    words = words if own else ""
    return Fan(
        Name(str(at["name_zh"].values), str(at["name_en"].values)), unit,
        np.array([years[settled], bands[settled, len(levels) // 2]]).T,
        years[ahead], levels, bands[ahead], aim, Name(words, words), p,
    )  # fmt: skip


_NUMBER = re.compile(r"(?<!\d)(?<![^\w-])[^\w-]*+(-?\d++(?:\.\d++)?)\D")


def _goal(words: str, unit: str, year: float) -> float | None:
    """Return the number of a target in the unit of the values; None where it has none.

    Examples
    --------
    >>> _goal("≥ 580 亿元", "亿元", 2022), _goal("done", "", 2022)
    (580.0, None)
    >>> round(_goal("≥ 15 %", "2019=100", 2022), 2)
    152.09
    """
    match = _NUMBER.match(f"{words} ")
    if match is None:
        return None
    number, (base, index, _) = float(match[1]), unit.partition("=100")
    if index and base.isdecimal():
        return float(100 * (1 + number / 100) ** (year - int(base)))
    return number


def fan(
    x: Predictive | xr.Dataset,
    indicator: str | Axes | None = None,
    ax: Axes | None = None,
    *,
    target: float | None = None,
    scenario: str | None = None,
    lang: Language | None = None,
) -> Axes:
    """Draw the history of an indicator, the fan of its forecast, and its target.

    Parameters
    ----------
    x : Predictive or Dataset
        Of :func:`corridor_model.forecast`; or a result of :func:`corridor_model.assess` (the
        interval of the target year) or of :func:`corridor_model.simulate` (every year's
        quantiles, of one scenario).
    indicator : str, optional
        Of a result: which; by default the first with a forecast. Axes in this place are taken
        for ``ax``.
    ax : Axes, optional
        Where to draw; a figure of its own by default.
    target : float, optional
        Its label names the probability of at least so much in the last year of a forecast. Of a
        result the promise's own by default.
    scenario : str, optional
        Of a simulation; the first by default.
    lang : {"zh", "en"}, optional
        Language; the one of :class:`corridor_model.set_options` by default.

    Returns
    -------
    Axes
        Where it is drawn.

    Raises
    ------
    CorridorError
        If there is nothing to draw, or something is unknown.

    See Also
    --------
    corridor_model.plot.forecasting.fan_of : the arrays behind it.

    Examples
    --------
    >>> import corridor_model as cm
    >>> p = cm.forecast([100.0, 108.0, 115.0, 126.0], [2016, 2017, 2018, 2019], 3, "level")
    >>> ax = cm.plot.fan(p, target=150, lang="en")
    >>> ax.get_legend_handles_labels()[1]
    ['50, 80 and 90 % intervals', 'median forecast', 'history', 'target 150']
    """
    name = indicator if isinstance(indicator, str) else None
    if ax is None and not isinstance(indicator, str):
        ax = indicator
    what = fan_of(x, name, target=target, scenario=scenario)
    with drawing(ax, lang, (6.4, 4.0)) as (axes, t):
        _draw_fan(axes, what, t)
        settle(axes)
        lay_out(axes)
        if what.target is not None:
            ends = [*what.past[:, 0], *what.years]
            label = (what.target, _target_label(what, t), TARGET_INK)
            side_labels(axes, (min(ends), max(ends)), [label])
    return axes


def _target_label(what: Fan, t: Translator) -> str:
    assert what.target is not None
    label = t.of(what.target_words) or short_number(what.target)
    if what.p is None:
        return label
    odds = t("probability {p}", p=probability_text(what.p))
    return f"{label}\n{odds}"


def _draw_fan(axes: Axes, what: Fan, t: Translator) -> None:
    past, years, bands = what.past, what.years, what.bands
    middle = len(what.levels) // 2
    if len(past):  # the fan opens at the last figure
        years = np.r_[past[-1, 0], years]
        bands = np.concatenate([np.full((1, len(what.levels)), past[-1, 1]), bands])
    for outer in range(middle if len(what.years) else 0):
        axes.fill_between(
            years, bands[:, outer], bands[:, -1 - outer], lw=0, color=BLUE,
            alpha=0.45 / middle,
            label=_interval_label(what, t) if outer == middle - 1 else None,
        )  # fmt: skip
        # the edges tell the bands apart in black and white
        for edge in (outer, -1 - outer):
            axes.plot(years, bands[:, edge], color=BLUE, lw=0.5, alpha=0.8)
    if len(what.years):
        axes.plot(years, bands[:, middle], color=BLUE, lw=1.6, ls="--", label=t("median forecast"))
    if len(past):
        axes.plot(past[:, 0], past[:, 1], color=INK, marker="o", ms=4, lw=1.3, label=t("history"))
    ends = [*past[:, 0], *what.years]
    first, last = min(ends), max(ends)
    if what.target is not None:
        axes.plot([first, last], [what.target] * 2, color=TARGET, lw=0.9, alpha=0.7)
        goal = t.of(what.target_words) or short_number(what.target)
        label = t("target {goal}", goal=goal)
        axes.plot([last], [what.target], "D", color=TARGET, ms=7, zorder=6, label=label)
    whole = np.arange(int(np.floor(first)), int(np.ceil(last)) + 1)
    axes.set_xticks(whole if len(whole) <= 9 else whole[:: -(-len(whole) // 8)])
    axes.xaxis.set_major_formatter("{x:.0f}")
    axes.set_xlim(first - 0.04 * max(last - first, 1), last)
    axes.margins(y=0.1)
    if t.of(what.name):
        title = "\n".join(wrap(t.of(what.name), places_across(axes, 11)))
        panel_title(axes, title, 11)
    if what.unit:
        axes.set_ylabel(what.unit, rotation=0, ha="right", va="bottom", y=1.0, fontsize=SMALL)
    plain_axes(axes)
    legend_below(axes, ncols=4)


def _interval_label(what: Fan, t: Translator) -> str:
    if len(what.widths) == 1:
        return t("{width} % interval", width=what.widths[0])
    *rest, last = what.widths
    return t("{widths} and {last} % intervals", widths=t.listing(rest), last=last)


def reliability(
    backtest: Backtest,
    ax: Axes | None = None,
    *,
    label: str | None = None,
    lang: Language | None = None,
) -> Axes:
    """Draw the probabilities stated against how often they came true.

    Parameters
    ----------
    backtest : Backtest
        Of :func:`corridor_model.backtest`.
    ax : Axes, optional
        Where to draw; a figure of its own by default. Areas grow with the number of cases.
    label : str, optional
        Name in the legend; the method by default.
    lang : {"zh", "en"}, optional
        Language; the one of :class:`corridor_model.set_options` by default.

    Returns
    -------
    Axes
        Where it is drawn.

    Raises
    ------
    CorridorError
        If it is no backtest.

    Examples
    --------
    >>> import corridor_model as cm
    >>> years = range(2015, 2021)
    >>> panel = {"a": (years, [100.0, 104, 111, 115, 123, 130], "level"),
    ...          "b": (years, [50.0, 53, 52, 57, 60, 61], "level")}
    >>> ax = cm.plot.reliability(cm.backtest(panel), lang="en")
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('probability stated', 'how often it came true')
    """
    if not isinstance(backtest, Backtest):
        raise CorridorError(N_("reliability needs a result of backtest."))
    bins = backtest.reliability
    stated, observed = [b.stated for b in bins], [b.observed for b in bins]
    cases = np.array([b.cases for b in bins], float)
    with drawing(ax, lang, (4.6, 4.6)) as (axes, t):
        axes.plot([0, 1], [0, 1], color=QUIET, lw=0.9, ls=":", label=t("perfectly reliable"))
        axes.plot(stated, observed, color=BLUE, lw=1.0)
        axes.scatter(
            stated, observed, s=10 + 140 * cases / (cases.max() if len(cases) else 1), color=BLUE,
            alpha=0.8, label=backtest.method if label is None else label, clip_on=False, zorder=3,
        )  # fmt: skip
        axes.set(xlim=(0, 1), ylim=(0, 1))
        axes.set_xlabel(t("probability stated"), fontsize=9, color=INK)
        axes.set_ylabel(t("how often it came true"), fontsize=9, color=INK)
        axes.set_aspect("equal")
        plain_axes(axes)
        legend_below(axes)
    return axes
