"""Charts of the page as places and words: a template draws them, nothing here is markup.

What is drawn comes from the functions behind :mod:`corridor_model.plot`; here it gets places in
a drawing of fixed size, or in percent of a width that the reader's screen decides.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from corridor_model._typing import Array
from corridor_model.plot.assessment import Progress
from corridor_model.plot.style import spread

FIRST, LAST = -0.1, 1.3
"""Shares at the two edges of a bullet; what lies beyond ends in an arrow."""


def _place(value: float) -> str:
    """Return a place in a drawing with one decimal, as short as it can be."""
    return f"{value:.1f}".removesuffix(".0")


class Bullet(NamedTuple):
    """A bar of the share done beside the schedule; places are percent of the width.

    Attributes
    ----------
    left, width : str
        Of the bar; empty where the promise is compared and not divided.
    schedule : str
        Where it should be; empty where that has no meaning.
    zero, whole : str
        Where 0 and 100 % lie.
    beyond : str
        ``left`` or ``right`` where the bar goes on beyond the edge.
    is_limit : bool
        Whether the bar is what is used of a limit.
    """

    left: str
    width: str
    schedule: str
    zero: str
    whole: str
    beyond: str
    is_limit: bool


def bullet(row: Progress) -> Bullet:
    """Return the bullet of a promise.

    Examples
    --------
    >>> row = Progress("gdp", "GDP", "behind", 0.55, 0.75, False, "")
    >>> bullet(row)[:4]
    ('7.1', '39.3', '60.7', '7.1')
    """
    beyond = ""
    left = width = ""
    if math.isfinite(row.share):
        end = min(max(row.share, FIRST), LAST)
        beyond = "" if end == row.share else "right" if end > 0 else "left"
        left, width = _percent(min(end, 0.0)), _place(abs(end) / (LAST - FIRST) * 100)
    schedule = ""
    if math.isfinite(row.schedule):
        schedule = _percent(min(max(row.schedule, FIRST), LAST))
    return Bullet(left, width, schedule, _percent(0.0), _percent(1.0), beyond, row.is_limit)


def _percent(share: float) -> str:
    return _place((share - FIRST) / (LAST - FIRST) * 100)


class Spark(NamedTuple):
    """A line of figures that leads to its target, in a drawing of 80 by 24.

    Attributes
    ----------
    line : str
        Points of the figures.
    end : tuple of str
        Place of the last figure.
    goal : tuple of str
        Place of the target; empty where it has none.
    """

    line: str
    end: tuple[str, ...]
    goal: tuple[str, ...]


def spark(past: Array, goal: tuple[float, float] | None) -> Spark | None:
    """Return a sparkline of years and values, shape (N, 2), and a target; None without figures.

    Examples
    --------
    >>> spark(np.array([[2019, 1.0], [2021, 3.0]]), (2022.0, 4.0))
    Spark(line='4,20 52,9.3', end=('52', '9.3'), goal=('76', '4'))
    """
    if not len(past):
        return None
    points = [*map(tuple, past.tolist()), *([goal] if goal else [])]
    across = _scale([x for x, _ in points], 4.0, 76.0)
    up = _scale([y for _, y in points], 20.0, 4.0)
    places = [(_place(across(x)), _place(up(y))) for x, y in points]
    known = places[: len(past)]
    return Spark(" ".join(map(",".join, known)), known[-1], places[-1] if goal else ())


def _scale(values: Iterable[float], first: float, last: float) -> Callable[[float], float]:
    """Return what puts the least value at one place and the greatest at another."""
    known = list(values)
    low, high = min(known), max(known)
    if high == low:
        return lambda _: (first + last) / 2
    return lambda value: first + (value - low) / (high - low) * (last - first)


class Label(NamedTuple):
    """A text at a place, in a class that decides its look."""

    x: str
    y: str
    text: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """A line through points, in a class that decides its look."""

    points: str
    look: str


@dataclass(frozen=True, slots=True)
class PathChart:
    """Years across, values up, in a drawing of :data:`WIDE` by :data:`HIGH`.

    Attributes
    ----------
    grid : tuple of Label
        A line across for each value of the scale, with its number.
    years : tuple of Label
        Under the drawing.
    curves : tuple of Curve
        Rates, required growth, figures.
    fan : str
        Corners of the interval; empty where there is none.
    median : str
        The two points of what is projected.
    dots : tuple of Label
        Figures; one of another series is hollow.
    goal : tuple of str
        Place of the target.
    labels : tuple of Label
        At the right, pushed apart.
    plan : tuple of str
        From where to where the plan runs, along the foot.
    """

    grid: tuple[Label, ...]
    years: tuple[Label, ...]
    curves: tuple[Curve, ...]
    fan: str
    median: str
    dots: tuple[Label, ...]
    goal: tuple[str, ...]
    labels: tuple[Label, ...]
    plan: tuple[str, str]


WIDE, HIGH = 380.0, 236.0
_LEFT, _RIGHT, _TOP, _FOOT = 44.0, 286.0, 12.0, 208.0
_APART = 13.0


class Series(NamedTuple):
    """Years and values of one line, NaN where there is none; its look, and a text at its end."""

    years: Sequence[float]
    values: Sequence[float]
    look: str
    label: str = ""


def path_chart(
    series: Sequence[Series],
    figures: Array,
    hollow: Sequence[float],
    interval: tuple[float, float, float, float] | None,
    goal: tuple[float, float] | None,
    goal_label: str,
    plan: tuple[float, float],
    tick: Callable[[float], str],
) -> PathChart:
    """Return the chart of a promise.

    Parameters
    ----------
    series : sequence of Series
        Rates, and what is required.
    figures : ndarray, shape (N, 2)
        Years and values known.
    hollow : sequence of float
        Years of figures that belong to another series: no line joins them.
    interval : tuple of float, optional
        Year, lower, median and upper value.
    goal : tuple of float, optional
        Year and value.
    goal_label : str
        What stands beside it.
    plan : tuple of float
        First moment and last of the plan.
    tick : callable
        A value of the scale as text.
    """
    points = [
        *((x, y) for s in series for x, y in zip(s.years, s.values, strict=True)),
        *map(tuple, figures.tolist()),
        *([(interval[0], interval[1]), (interval[0], interval[3])] if interval else []),
        *([goal] if goal else []),
    ]
    points = [(x, y) for x, y in points if math.isfinite(y)]
    values = [y for _, y in points]
    ticks = _ticks(min(values), max(values))
    across = _scale([*(x for x, _ in points), plan[0]], _LEFT, _RIGHT)
    up = _scale([*ticks, *values], _FOOT, _TOP)

    def at(x: float, y: float) -> str:
        return f"{_place(across(x))},{_place(up(y))}"

    def line(pairs: Iterable[tuple[float, float]]) -> str:
        return " ".join(at(x, y) for x, y in pairs if math.isfinite(y))

    curves = [
        Curve(line(zip(one.years, one.values, strict=True)), one.look)
        for one in series
        if np.isfinite(one.values).sum() > 1
    ]
    joined = [pair for pair in figures.tolist() if pair[0] not in hollow]
    if len(joined) > 1:
        curves.append(Curve(line(joined), "actual"))
    fan = median = ""
    if interval and joined:
        x, low, middle, high = interval
        start = joined[-1]
        fan = f"{at(*start)} {at(x, low)} {at(x, high)}"
        median = f"{at(*start)} {at(x, middle)}"
    ends = [
        (one.values[-1], one.label, one.look)
        for one in series
        if one.label and math.isfinite(one.values[-1])
    ]
    if goal:
        ends.append((goal[1], goal_label, "goal"))
    heights = spread([up(value) for value, _, _ in ends], _APART, _TOP, _FOOT) if ends else []
    years = sorted({x for x, _ in points if x == int(x)} | {plan[0], plan[1]})
    step = -(-len(years) // 8)
    return PathChart(
        grid=tuple(Label(_place(_LEFT - 5), _place(up(value)), tick(value)) for value in ticks),
        years=tuple(Label(_place(across(x)), "226", str(int(x))) for x in years[::-1][::step]),
        curves=tuple(curves),
        fan=fan,
        median=median,
        dots=tuple(
            Label(_place(across(x)), _place(up(y)), "", "hollow" if x in hollow else "dot")
            for x, y in figures.tolist()
        ),
        goal=(_place(across(goal[0])), _place(up(goal[1]))) if goal else (),
        labels=tuple(
            Label(_place(_RIGHT + 8), _place(height + 4), text, look)
            for height, (_, text, look) in zip(heights, ends, strict=True)
        ),
        plan=(_place(across(plan[0])), _place(across(plan[1]))),
    )


def curve_chart(
    points: Array,
    mark: tuple[float, float],
    across_tick: Callable[[float], str],
    up_tick: Callable[[float], str],
) -> PathChart:
    """Return a chart of one line, shape (N, 2), with a diamond at the point that holds now."""
    values = [*points[:, 1].tolist(), mark[1]]
    ticks = _ticks(min(values), max(values))
    across = _scale(points[:, 0].tolist(), _LEFT, _RIGHT)
    up = _scale([*ticks, *values], _FOOT, _TOP)
    pairs = [(_place(across(x)), _place(up(y))) for x, y in points.tolist()]
    step = -(-len(pairs) // 6)
    return PathChart(
        grid=tuple(Label(_place(_LEFT - 5), _place(up(value)), up_tick(value)) for value in ticks),
        years=tuple(
            Label(x, "226", across_tick(value))
            for (x, _), value in list(zip(pairs, points[:, 0].tolist(), strict=True))[::step]
        ),
        curves=(Curve(" ".join(map(",".join, pairs)), "actual"),),
        fan="",
        median="",
        dots=tuple(Label(x, y, "", "dot") for x, y in pairs),
        goal=(_place(across(mark[0])), _place(up(mark[1]))),
        labels=(),
        plan=(_place(_LEFT), _place(_LEFT)),
    )


def _ticks(low: float, high: float) -> list[float]:
    """Return three to six round values of a scale that hold between them all there is.

    Examples
    --------
    >>> _ticks(451.84, 936.9), _ticks(3.0, 3.0)
    ([400.0, 600.0, 800.0, 1000.0], [2.0, 3.0, 4.0])
    """
    if high - low <= 1e-12 * max(abs(low), abs(high), 1e-12):
        size = 10.0 ** math.floor(math.log10(abs(low))) if low else 1.0
        return [low - size, low, low + size]
    size = 10.0 ** math.floor(math.log10((high - low) / 3))
    step = next(size * m for m in (1, 2, 5, 10, 20) if (high - low) / (size * m) <= 4)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(place * step, 12) for place in range(first, last + 1)]
