"""The front door: one history or many, always through the same steps."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from corridor_model.arguments import flag, items, single
from corridor_model.forecasting.counts import forecast_counts
from corridor_model.forecasting.experts import KINDS
from corridor_model.forecasting.history import (
    ForecastError,
    History,
    Kind,
    MethodName,
    Missing,
    read_history,
    read_horizon,
    route_of,
    series_of,
    years_from,
    years_of,
)
from corridor_model.forecasting.pooling import Weights, mix, weights_of
from corridor_model.forecasting.predictive import Core, Predictive, PredictiveBatch
from corridor_model.messages import N_, message
from corridor_model.periods import FIRST_YEAR
from corridor_model.units import UnitSlipWarning, fraction_slip

COVERED_YEARS = (5, 10)
"""Horizons were measured up to the first, and from there up to the second."""


def forecast(
    history: Any,
    years: Any = None,
    horizon: int | None = None,
    kind: Kind | None = None,
    *,
    weights: Weights | None = None,
    method: MethodName = "default",
    series_break: bool = False,
    missing: Missing = "error",
) -> Predictive:
    """Forecast a short annual series.

    Parameters
    ----------
    history : sequence of float or None, Series, DataArray or mapping
        Values in the unit of the indicator; a missing year is None, masked or left out.
    years : sequence of int, optional
        Calendar years of the values. A Series has them in its index, a DataArray in its
        coordinate, a mapping in its keys.
    horizon : int
        Years ahead of the last known value; the answer has one entry for each. Required.
    kind : str
        Required:
        ``level``, ``share`` (percent of a whole), ``ratio`` (percent without a bound), ``count``
        (a stock of units) or ``additions`` (what is added each year).
    weights : Weights, optional
        From `calibrate`; the shipped ones by default.
    method : str
        ``default``, or for comparison ``random_walk``, ``drift``, ``damped_trend``, ``ets``.
    series_break : bool
        Whether the values come from two vintages of a statistic (S10): the benchmark has no
        such series, so ``p_basis`` is ``unbenchmarked``.
    missing : {"error", "skip"}
        What a NaN is: a mistake (S7), or a year that is left out.

    Returns
    -------
    Predictive
        With ``reason`` ``no_scale`` where nothing but 0 is known.

    Raises
    ------
    ForecastError
        Where the input is not a history; a `CorridorError` and a ValueError.

    Warns
    -----
    UnitSlipWarning
        Where a share looks like a fraction, 0.65 for 65 %; of a ratio where values of both sizes
        stand in its history.

    References
    ----------
    See docs/forecast.md for the mathematics and for how good the probabilities are.

    Examples
    --------
    >>> p = forecast([100.0, 108.0, 115.0, 126.0], [2016, 2017, 2018, 2019], 3, "level")
    >>> p.years, p.route, p.p_basis
    ((2020, 2021, 2022), 'log', 'benchmarked')
    >>> bool(p.prob_at_least(126)[2] > p.prob_at_least(160)[2])
    True

    A Series has its years with it:

    >>> import pandas as pd
    >>> gdp = pd.Series([100.0, 108.0, float("nan"), 126.0], index=[2016, 2017, 2018, 2019])
    >>> forecast(gdp, horizon=3, kind="level", missing="skip").years
    (2020, 2021, 2022)
    """
    single(horizon=horizon, kind=kind)
    if horizon is None or kind is None:
        raise ForecastError(
            N_("A forecast needs a horizon and a kind, such as horizon=3, kind={kind}."),
            kind='"level"',
        )
    if hasattr(history, "columns") and hasattr(history, "iloc"):
        history = series_of(history)
    if years is None:
        history, years = years_of(history)
    elif getattr(history, "dtype", None) is not None and hasattr(history, "index"):
        _same_years(history, years)
    known = read_history(history, years, kind, missing=missing)
    single(method=method)
    batch = forecast_batch(
        [known.values], [known.years], horizon, [kind], weights=weights, method=method
    )
    one: Predictive = batch[0]
    if kind in PERCENTAGES:
        _warn_of_fractions(known)
    if flag("series_break", series_break) and one.p_basis == "benchmarked":
        return replace(one, p_basis="unbenchmarked")
    return one


def _same_years(history: Any, years: Any) -> None:
    """Refuse years beside a Series whose own index holds other ones."""
    try:
        _, own = years_of(history)
    except ForecastError:
        return  # the index is none of years, such as one that only counts
    if all(year >= FIRST_YEAR for year in own) and own != years_from(years):
        raise ForecastError(
            N_("The index of the Series has other years than the argument. Give one of the two.")
        )


PERCENTAGES = ("share", "ratio")
"""Kinds whose values are in percent, as far as one knows who sees no unit.

A plan knows it, and its figures are looked at when they are loaded: what it forecasts goes
through `forecast_batch`.
"""


_NEVER = 6
"""So many digits are those of any number: they never make a fraction of it."""


def _warn_of_fractions(history: History) -> None:
    """Warn of the first value that looks like a fraction, 0.65 for 65 %.

    Where all values of a share lie below 1 none is proof of another; but percentages that small
    are printed with one digit behind the point. A ratio may have any unit (2.5 per doctor,
    0.45 kWh): of it only values of both sizes in one history say anything.
    """
    values = history.values
    digits = 1 if all(abs(value) < 1 for value in values) else 2
    if history.kind == "ratio":
        digits = _NEVER
    for year, value in zip(history.years, values, strict=True):
        slip = fraction_slip(
            value, values, message("the value of {year}", year=year), digits=digits
        )
        if slip is not None:
            warnings.warn(UnitSlipWarning(slip.at()), stacklevel=3)
            return


def forecast_batch(
    histories: Sequence[Any],
    years: Sequence[Any],
    horizon: int,
    kinds: Sequence[str] | str,
    *,
    weights: Weights | None = None,
    method: str = "default",
) -> PredictiveBatch:
    """Forecast many histories at once, to the bit as one by one.

    Parameters
    ----------
    histories, years : sequence of sequences
        As in `forecast`, one entry per history; lengths may differ.
    horizon : int
        Years ahead.
    kinds : str or sequence of str
        One for all, or one each.
    weights, method
        As in `forecast`.

    Returns
    -------
    PredictiveBatch

    Examples
    --------
    >>> b = forecast_batch([[1.0, 2.0], [30.0]], [[2018, 2019], [2019]], 2, ["level", "share"])
    >>> b.quantile([0.1, 0.5, 0.9]).shape
    (2, 2, 3)
    """
    horizon = read_horizon(horizon)
    histories = items("histories", histories, 10**7)
    years = items("years", years, 10**7)
    names = [kinds] * len(histories) if isinstance(kinds, str) else items("kinds", kinds, 10**7)
    if not len(histories) == len(years) == len(names):
        raise ForecastError(
            N_("{histories} histories, {years} lists of years and {kinds} kinds."),
            histories=len(histories),
            years=len(years),
            kinds=len(names),
        )
    checked = []
    for place, (values, dates, kind) in enumerate(zip(histories, years, names, strict=True)):
        try:
            checked.append(read_history(values, dates, str(kind)))
        except ForecastError as error:
            if len(histories) == 1:
                raise
            raise ForecastError(
                N_("history {place}: {mistake}"), place=place, mistake=error.message
            ) from None
    weights = weights_of(weights)
    routes = [route_of(h.values, h.kind) for h in checked]
    groups = _groups(checked, routes, horizon, weights, method)
    rows = tuple(
        _row(history, route, horizon, weights, method)
        for history, route in zip(checked, routes, strict=True)
    )
    return PredictiveBatch(rows, groups, horizon)


def _groups(
    histories: list[History], routes: list[str], horizon: int, weights: Weights, method: str
) -> tuple[tuple[tuple[int, ...], Core], ...]:
    """Group histories by route and pattern of years, and forecast each group."""
    places: dict[tuple[Any, ...], list[int]] = {}
    for i, (history, route) in enumerate(zip(histories, routes, strict=True)):
        if route == "no_scale":
            continue
        # only the mixture reads several histories at once
        apart = i if route == "gamma_poisson" or method != "default" else -1
        places.setdefault((route, history.gaps, apart), []).append(i)
    groups: list[tuple[tuple[int, ...], Core]] = []
    for (route, _, _), at in places.items():
        alike = [histories[i] for i in at]
        if method != "default":
            from corridor_model.forecasting.reference_methods import by_name

            core: Core = by_name(method, alike[0], route, horizon)
        elif route == "gamma_poisson":
            core = forecast_counts(alike[0], horizon)
        else:
            values = np.array([h.values for h in alike], float)
            core = mix(values, [h.kind for h in alike], alike[0].gaps, route, horizon, weights)
        groups.append((tuple(at), core))
    return tuple(groups)


def _row(history: History, route: str, horizon: int, weights: Weights, method: str) -> Predictive:
    """Return everything of a forecast but its mathematics."""
    last = history.years[-1:]
    years = tuple(range(last[0] + 1, last[0] + horizon + 1)) if last else ()
    if route == "no_scale":
        return Predictive(history, years, route, None, "no_scale")
    if method != "default":
        return Predictive(history, years, method, "unbenchmarked")
    return Predictive(history, years, route, basis_of(history, route, horizon, weights))


def basis_of(history: History, route: str, horizon: int, weights: Weights) -> str:
    """Name what a probability rests on (S14).

    ``benchmarked`` where the default beats the base rate on the benchmark for this kind and
    number of points, over consecutive years, up to five years ahead or six to ten;
    ``base_rate`` where one point leaves only the pooled prior to speak; ``unbenchmarked``
    otherwise.
    """
    n = len(history.values)
    if route == "gamma_poisson" or history.kind not in KINDS:
        return "unbenchmarked"
    if n == 1:
        return "base_rate"
    years = next((last for last in COVERED_YEARS if horizon <= last), 0)
    # no series of the benchmark holds a hole or a 0
    whole = history.years[-1] - history.years[0] == n - 1 and all(v > 0 for v in history.values)
    kind = "ratio" if history.kind == "share" and route == "log" else history.kind
    skill = [one for points, one in weights.skill_by_points.get((kind, years), ()) if points <= n]
    if route == "additive" or not whole or not skill:
        return "unbenchmarked"
    return "benchmarked" if skill[-1] > 0 else "unbenchmarked"
