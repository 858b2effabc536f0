"""What is asked of the forecast floor about one indicator: its history, its bounds, the time left.

A question is put in one of two forms. `Final` asks for the value of the target year: levels,
shares, ratios, ranks, and an average growth as an index (100 at the end of the year before the
plan). `Yearly` asks for the years that are open: additions, yearly minima, and a growth by
累计法, whose sum over the years counts. What needs no question is `Settled` (the figure is
known) or `Unasked` (with a reason from the closed list, S7).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from corridor_model.assess.schedule import MONTHS

if TYPE_CHECKING:
    from corridor_model.assess.case import Case
    from corridor_model.observations.model import Point

INDEX = 100.0
UNITS = frozenset("家个名人件项栋条座所")
"""Things that are counted one by one: a stock of them is forecast as a count."""


class Unasked(NamedTuple):
    """No probability, and why."""

    reason: str


class Settled(NamedTuple):
    """The final figure is known: the probability is 0 or 1 (S14)."""

    value: float
    met: bool


@dataclass(frozen=True, slots=True)
class Final:
    """A question about the value of the target year.

    Attributes
    ----------
    values, years : tuple
        History of whole years, of one series (S10).
    kind : str
        As the forecast floor names kinds.
    horizon : int
        Steps the floor is asked for.
    lower, upper : float or None
        Bounds on the value.
    anchor : float or None
        A later figure that stands for the last value, where the year is not over.
    drift, spread : float
        Years of drift and of chance from the anchor to the target year.
    floor : float or None
        What the value cannot be less than: the part of a flow already counted.
    broken : bool
        Whether earlier figures of another series were left out.
    steps : int
        Of a growth: years that the average spans; 0 for others.
    index : float
        Of a growth: the value of the base year.
    """

    values: tuple[float, ...]
    years: tuple[int, ...]
    kind: str
    horizon: int
    lower: float | None
    upper: float | None
    anchor: float | None = None
    drift: float = 0.0
    spread: float = 0.0
    floor: float | None = None
    broken: bool = False
    steps: int = 0
    index: float = INDEX


@dataclass(frozen=True, slots=True)
class Yearly:
    """A question about the years that are open.

    Attributes
    ----------
    values, years, kind
        As in `Final`.
    open : tuple of int
        Years to forecast, without a hole; the last is the target year.
    weights : tuple of float
        How much of each open year is still to come and counts.
    score : str
        ``total`` (start plus all open years) or ``each`` (every open year within its bounds).
    lower, upper : tuple of float or None
        Bounds: of the total one, or one for each open year.
    start : float
        What is counted already.
    part, share : float
        What the first open year has brought, and how much of that year this is; a share of 0
        means that nothing is known of it.
    estimate : float or None
        Of that year as a whole, where it is not the part over its share (an index).
    missed : bool
        Whether an earlier year broke the promise.
    steps, index, broken
        As in `Final`.
    """

    values: tuple[float, ...]
    years: tuple[int, ...]
    kind: str
    open: tuple[int, ...]
    weights: tuple[float, ...]
    score: str
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]
    start: float = 0.0
    part: float = 0.0
    share: float = 0.0
    estimate: float | None = None
    missed: bool = False
    steps: int = 0
    index: float = INDEX
    broken: bool = False


Question = Final | Yearly | Settled | Unasked


def forecast_kind(case: Case) -> str:
    """Return what the forecast floor calls a level, share, ratio or rank.

    A rank in percent is a share: it cannot pass 100.

    Examples
    --------
    >>> import corridor_model as cm
    >>> from corridor_model.assess.case import case_of
    >>> plan = cm.load_plan()
    >>> names = "gdp", "rd_to_gdp", "hitech_zone_rank_percentile", "academician_workstations"
    >>> [forecast_kind(case_of(plan.indicators[name])) for name in names]
    ['level', 'ratio', 'share', 'count']
    """
    if case.kind in {"share", "ratio"}:
        return case.kind
    if case.kind == "rank" and case.indicator.unit == "%":
        return "share"
    stock = case.kind == "level" and case.indicator.nature == "stock"
    return "count" if stock and case.indicator.unit in UNITS else "level"


def last_series(points: list[Point]) -> tuple[list[Point], bool]:
    """Return the points of the last series, and whether others were left out (S10).

    Only vintages that are named count: a point without a series belongs to its neighbours.

    Examples
    --------
    >>> from corridor_model.observations.model import Point
    >>> old = Point(2018, 12, 451.84, "亿元", "level", "year", "before the census")
    >>> new = Point(2020, 12, 467.7, "亿元", "level", "year", "after the census")
    >>> [point.year for point in last_series([old, new])[0]], last_series([old, new])[1]
    ([2020], True)
    """
    name: str | None = None
    for place in range(len(points) - 1, -1, -1):
        series = points[place].series
        if series and name and series != name:
            return points[place + 1 :], True
        name = name or series
    return points, False


def met(value: float, lower: float | None, upper: float | None) -> bool:
    """Return whether a value lies within bounds; an exact hit counts (S3)."""
    from corridor_model.growth import meets

    return (lower is None or bool(meets(value, lower, "at_least"))) and (
        upper is None or bool(meets(value, upper, "at_most"))
    )


def whole(points: list[Point]) -> list[Point]:
    """Return the figures of whole years."""
    return [point for point in points if point.months == MONTHS]
