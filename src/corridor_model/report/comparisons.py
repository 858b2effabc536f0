"""Scenarios side by side, what moves the money most, and what other budgets would buy."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridor_model.formatting import plain, rounded
from corridor_model.messages import Translator
from corridor_model.plot.portfolio import frontier_line
from corridor_model.plot.sensitivity import tornado_bars
from corridor_model.plot.style import short_number
from corridor_model.report.charts import PathChart, curve_chart
from corridor_model.report.sections import kept_at
from corridor_model.text.assessment import probability_text
from corridor_model.text.bulletin import money, yuan
from corridor_model.text.portfolio import unit_text, value_text
from corridor_model.text.studies import outcome_words
from corridor_model.units import MONEY

if TYPE_CHECKING:
    import xarray as xr


# Scenarios.

CHOSEN = 3
"""Promises whose odds stand beside each scenario: those that the scenarios move most."""


class Odds(NamedTuple):
    """A probability: its text, and whether it differs from the plan's."""

    text: str
    moved: bool


class ScenarioLine(NamedTuple):
    """A scenario; places are percent of the width.

    Attributes
    ----------
    name : str
        In the reader's language.
    mean, low, high : str
        Promises kept: on average, and with nine chances in ten between.
    dot, left, width : str
        Where they stand.
    odds : tuple of Odds
        Of the promises chosen.
    inside, beyond : str
        Money within the plan and after it.
    inside_width, beyond_width : str
        Of the two parts of the bar.
    """

    name: str
    mean: str
    low: str
    high: str
    dot: str
    left: str
    width: str
    odds: tuple[Odds, ...]
    inside: str
    beyond: str
    inside_width: str
    beyond_width: str


class Scenarios(NamedTuple):
    """Scenarios side by side: the promises chosen, a row each, and where the plan stands."""

    promises: tuple[str, ...]
    lines: tuple[ScenarioLine, ...]
    planned: str
    has_money: bool


def scenarios(simulation: xr.Dataset, t: Translator) -> Scenarios:
    """Return the scenarios of a simulation side by side; the first is the plan's own.

    Parameters
    ----------
    simulation : Dataset
        Of :func:`corridor_model.simulate`.
    t : Translator
        Of the language.
    """
    ds = simulation
    names = [
        str(zh) if t.lang == "zh" and str(zh) else str(name)
        for name, zh in zip(ds["scenario"].values, ds["scenario_zh"].values, strict=True)
    ]
    chances = ds["n_reached"].values
    means = [float(value) for value in ds["n_reached_mean"].values]
    spans = [(kept_at(row, 0.05), kept_at(row, 0.95)) for row in chances]
    least, most = min(low for low, _ in spans), max(high for _, high in spans)
    chosen = _moved_most(ds)
    p = ds["p_reach"].values
    inside, beyond = (
        np.nansum(ds[name].values, axis=1) for name in ("inside_plan", "beyond_horizon")
    )
    whole = float((inside + beyond).max()) or 1.0

    def place(n: float) -> float:
        return 14 + 72 * (n - least) / max(most - least, 1)

    lines = [
        ScenarioLine(
            name,
            rounded(means[i], 2),
            str(low),
            str(high),
            f"{place(means[i]):.2f}",
            f"{place(low):.2f}",
            f"{place(high) - place(low):.2f}",
            tuple(
                Odds(
                    probability_text(float(p[i, j])) if math.isfinite(p[i, j]) else "",
                    bool(abs(p[i, j] - p[0, j]) >= 0.0005),
                )
                for j in chosen
            ),
            money(float(inside[i])),
            money(float(beyond[i])),
            f"{100 * inside[i] / whole:.2f}",
            f"{100 * beyond[i] / whole:.2f}",
        )
        for i, (name, (low, high)) in enumerate(zip(names, spans, strict=True))
    ]
    titles = tuple(str(ds[f"name_{t.lang}"].values[j]) for j in chosen)
    has_money = bool(ds.sizes["project"]) and float((inside + beyond).max()) > 0
    return Scenarios(titles, tuple(lines), f"{place(means[0]):.2f}", has_money)


def _moved_most(ds: xr.Dataset) -> list[int]:
    """Return the promises whose odds differ most among the scenarios, at most three."""
    p = ds["p_reach"].values
    known = np.isfinite(p).all(axis=0)
    swing = np.where(known, np.ptp(np.nan_to_num(p), axis=0), 0.0)
    order = np.argsort(-swing, kind="stable")[:CHOSEN]
    return [int(j) for j in order if swing[j] >= 0.0005]


# The tornado.


class TornadoLine(NamedTuple):
    """An input: where its two ends take the output; places are percent of the width."""

    name: str
    says: str
    low: str
    high: str
    low_left: str
    low_width: str
    high_left: str
    high_width: str


class Tornado(NamedTuple):
    """What moves an output: its name, where it stands, and a row an input."""

    title: str
    unit: str
    base: str
    base_place: str
    lines: tuple[TornadoLine, ...]


def tornado(study: xr.Dataset, t: Translator) -> Tornado | None:
    """Return what moves the output of a tornado, the largest first; None where nothing does."""
    outcome = outcome_words(study, t)
    base = float(study.attrs["base"])
    bars = [bar for bar in tornado_bars(study, t) if math.isfinite(bar.low + bar.high)]
    if not bars:
        return None
    ends = [base, *(bar.low for bar in bars), *(bar.high for bar in bars)]
    low, high = min(ends), max(ends)
    room = (high - low) or 1.0

    def place(value: float) -> float:
        return 12 + 76 * (value - low) / room

    def span(value: float) -> tuple[str, str]:
        return f"{place(min(value, base)):.2f}", f"{abs(place(value) - place(base)):.2f}"

    lines = [
        TornadoLine(
            bar.name.replace("\n", ""),
            " — ".join(filter(None, (bar.says_low, bar.says_high))),
            rounded(bar.low, 2),
            rounded(bar.high, 2),
            *span(bar.low),
            *span(bar.high),
        )
        for bar in bars
    ]
    return Tornado(
        outcome.title, outcome.unit, rounded(base, 2), f"{place(base):.2f}", tuple(lines)
    )


# Budgets.


class Frontier(NamedTuple):
    """What other budgets would buy: what is counted, a chart, and a row a budget."""

    title: str
    chart: PathChart
    rows: tuple[tuple[str, str, str], ...]


def frontier(choice: xr.Dataset, t: Translator) -> Frontier | None:
    """Return what multiples of the budget buy; None where the choice has one budget only."""
    if choice.sizes["budget_scale"] < 2:
        return None
    line = frontier_line(choice)
    known = np.isfinite(line.value)
    points = np.array([line.scale[known], line.value[known]]).T
    cost = choice["frontier_money"].values
    rows = [
        (
            plain(round(float(scale), 6)),
            yuan(float(value), t) if line.of_money else value_text(choice, float(value), t),
            money(float(spent)) if math.isfinite(spent) else "",
        )
        for scale, value, spent in zip(line.scale, line.value, cost, strict=True)
        if math.isfinite(value)
    ]
    chart = curve_chart(points, (1.0, line.here), lambda x: plain(round(x, 6)), short_number)
    title = (
        t("Planned investment done, {unit}", unit=MONEY)
        if line.of_money
        else t("Objective reached ({unit})", unit=unit_text(choice.attrs["unit"], t))
    )
    return Frontier(title, chart, tuple(rows))
