"""The yearly figures that a forecast reads, and what the forecast floor calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_model.plan.origins import weakest

if TYPE_CHECKING:
    from corridor_model.observations.model import History, Point
    from corridor_model.plan.model import Indicator

INDEX = 100.0
"""Of a growth target at the end of the year before the plan; origin ``assumed`` (S5)."""
COUNTED = frozenset("家个名人件项栋条座所")
"""Things counted one by one: a stock of them is forecast as a count."""


def index_points(history: History, first: int) -> tuple[dict[int, float], str]:
    """Return the index of a growth target, 100 at the end of the year before the plan.

    A year's growth is the one reported, else that of two levels of one series.
    """
    levels = {p.year: p for p in history.points if p.months == 12 and p.value > 0}
    rates = {
        year: point.value / levels[year - 1].value - 1
        for year, point in levels.items()
        if year - 1 in levels and levels[year - 1].series == point.series
    }
    rates.update({p.year: p.value / 100 for p in history.growths if p.months == 12})
    origins = ["assumed", *(p.origin for p in (*history.points, *history.growths))]
    points = {first - 1: INDEX}
    year = first - 1
    while rates.get(year, -1.0) > -1:
        points[year - 1] = points[year] / (1 + rates[year])
        year -= 1
    year = first
    while rates.get(year, -1.0) > -1:
        points[year] = points[year - 1] * (1 + rates[year])
        year += 1
    return points, weakest(origins)


def last_series(points: list[Point]) -> tuple[list[Point], bool]:
    """Return the points of the last series, and whether earlier ones were left out (S10).

    A point without a series belongs to its neighbours.
    """
    name: str | None = None
    for place in range(len(points) - 1, -1, -1):
        series = points[place].series
        if series and name and series != name:
            return points[place + 1 :], True
        name = name or series
    return points, False


def forecast_kind(indicator: Indicator) -> str:
    """Return what the forecast floor calls a level, share, ratio or rank."""
    if indicator.kind in {"share", "ratio"}:
        return indicator.kind
    if indicator.kind == "rank" and indicator.unit == "%":
        return "share"  # a percentile cannot pass 100
    stock = indicator.kind == "level" and indicator.nature == "stock"
    return "count" if stock and indicator.unit in COUNTED else "level"
