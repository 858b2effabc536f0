"""From a case and its history to the question a target asks; one function a kind (S4)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from corridor_model.assessment.averages import full_year, season, with_baselines
from corridor_model.assessment.case import (
    Case,
    When,
    cannot_be_kept,
    is_due_within_year,
    is_sum,
    of_count,
    of_each_year,
)
from corridor_model.assessment.regional_numbers import elementwise
from corridor_model.observations.model import Point
from corridor_model.observations.semantics import CUMULATIVE_METHOD, is_flow
from corridor_model.periods import EPSILON, MONTHS, in_years, month_end, year_before, year_end
from corridor_model.plan.measures import MEASURES
from corridor_model.plan.promises import base_year_of
from corridor_model.plan.records import bounds
from corridor_model.plan.uncertainties import UNFORESEEN
from corridor_model.units import COUNTED

if TYPE_CHECKING:
    from corridor_model.observations.model import History


SHARE_LIMIT = 100.0
"""A share beyond this is forecast as a ratio, as the forecast floor does."""


def question_of(case: Case, history: History, when: When) -> ForecastQuestion:
    """Return what is to be asked about a target, or why nothing is."""
    if case.kind in UNFORESEEN:
        return Unasked("not_applicable")
    if case.withdrawn:
        return Unasked("target_revised")
    if case.unbounded:
        return Unasked(case.unbounded)
    # a bound in each year has a forecast of its open years, also where an earlier one was missed
    forecast = case.missed and case.points and case.state != "paused"
    if cannot_be_kept(case) and not forecast:
        return _lost(case, history, when)
    if case.state == "paused":
        return Unasked("paused")
    return _ASK[case.measure.event](case, history, when)


def _lost(case: Case, history: History, when: When) -> ForecastQuestion:
    """Return the question of a promise that cannot be kept: only where its value will end."""
    if when.moment >= case.due:
        return Settled(None if case.missed else case.value, False)
    question = _ASK[case.measure.event](case, history, when)
    if isinstance(question, Final | Yearly):
        return replace(question, missed=True)
    return Settled(None, False)


def _ask_level(case: Case, history: History, when: When) -> ForecastQuestion:
    """Level, share, ratio, rank: the value at the deadline."""
    if when.moment >= case.due:
        return _settled(case)
    if is_due_within_year(case):
        return Unasked("no_forecast")  # whole years say nothing of the first months
    if case.kind == "change" and case.base_origin == "definition":
        return Unasked("no_baseline")  # what was reported of a change is no series to forecast
    points, broken = last_series(with_base(case, list(case.points), when))
    if not points:
        return Unasked("no_baseline")
    known, last = whole(points), points[-1]
    values = tuple([p.value for p in known]) or (last.value,)
    years = tuple([p.year for p in known]) or (last.year - 1,)
    left = in_years(case.due) - in_years(month_end(last.year, last.months))
    drift, spread, anchor, least = left, left, last.value, None
    if last.months < MONTHS and is_flow(case.promise):
        usual = season(history, last.year, last.months)
        drift = year_before(case.due) - last.year
        # the indicator's own season tells how much is open; the calendar alone does not
        spread = drift + (1 - usual.share if usual.method == "seasonal_share" else 1.0)
        if is_sum(last):
            anchor = full_year(last.value, usual)
            least = last.value if drift == 0 and last.value >= 0 else None
    kind, horizon = forecast_kind(case), max(1, math.ceil(spread - EPSILON))
    if kind == "share" and any(value > SHARE_LIMIT for value in (*values, anchor)):
        kind = "ratio"
    if not any(values) and anchor:
        values, years = (anchor,), (last.year - 1,)
    plain = last.months == MONTHS and abs(horizon - spread) < EPSILON
    if not plain and anchor <= 0 and all(value > 0 for value in values):
        return Unasked("undefined_rate")
    return Final(
        values,
        years,
        kind,
        horizon,
        *strict_bounds(case),
        None if plain else anchor,
        drift,
        spread,
        least,
        broken,
    )


def strict_bounds(case: Case) -> tuple[float | None, float | None]:
    """Return the bounds; one that must be passed is moved by the least that a double can.

    A count that must be above 5 is then asked to be 6, a continuous value to be above 5.
    """
    lower = _passed(case.lower, case.lower_open, math.inf)
    return lower, _passed(case.upper, case.upper_open, -math.inf)


def _passed(bound: float | None, open_: bool, towards: float) -> float | None:
    if bound is None or not open_:
        return bound
    return cast("float", elementwise(np.nextafter, bound, towards))


def _settled(case: Case) -> ForecastQuestion:
    """Return what the figure of the date says, from the date on (S14, S20)."""
    if not case.state and case.decided is not None:
        return Settled(None, case.decided)  # by a published bound, which is no figure
    if case.state or case.value is None:
        return Unasked(case.state or "not_reported")
    return Settled(case.value, case.meets(case.value))


def with_base(case: Case, points: list[Point], when: When) -> list[Point]:
    """Return the points with the baseline among them, unless a definition made it (S5)."""
    base, start = case.base, case.start
    if base is None or start is None or case.base_origin == "definition" or start > when.moment:
        return points
    began = year_before(start)
    for p in points:
        if p.year == began and p.months == MONTHS:
            return points
    point = Point(began, MONTHS, base, "", "level", "year", case.base_series)
    points = [p for p in points if p.year != point.year]
    return sorted([*points, point], key=lambda p: p.year)


def _ask_cumulative(case: Case, history: History, when: When) -> ForecastQuestion:
    """Additions since the plan began: what is counted, and what the open years add."""
    if when.moment >= case.due:
        return _settled(case)
    history = of_count(case, history)
    latest = history.latest
    if latest is None and (case.base is None or case.start is None):
        return Unasked("no_baseline")
    now = case.start if latest is None else month_end(latest.year, latest.months)
    start = case.base if latest is None else latest.value
    assert now is not None
    assert start is not None
    if case.decided and case.reported is not None and case.at > now:
        now, start, latest = int(case.at), case.reported, None  # so much at the least
    added = additions(case, history, when)
    if any(value < 0 for value in added.values()):
        return Unasked("no_forecast")
    first = now // MONTHS
    if any(year >= first for year in added):
        return Unasked("missing")
    share = in_years(now) + 1 - first if now % MONTHS else 0.0
    before = _before(case, history, when, first - 1)
    part = 0.0 if latest is None or before is None or not share else latest.value - before
    share = 0.0 if before is None or latest is None else share
    if not any(added.values()) and part <= 0:
        nothing = start == 0 or (latest is not None and not share)
        return Unasked("no_scale" if nothing else "no_forecast")
    open_years = tuple(range(first, case.target_year + 1))
    weights = tuple(
        min(in_years(case.due), year) - max(in_years(now), year - 1) for year in open_years
    )
    return Yearly(
        tuple(added[year] for year in sorted(added)),
        tuple(sorted(added)),
        "additions",
        open_years,
        weights,
        "total",
        (strict_bounds(case)[0],),
        (strict_bounds(case)[1],),
        start,
        part,
        share,
    )


def additions(case: Case, history: History, when: When) -> dict[int, float]:
    """Return what each whole year added: as reported, else the difference of two counts.

    Where years between two counts are unknown, the later one stands for their mean.
    """
    counts = {p.year: p.value for p in whole(list(history.points))}
    start = _before(case, history, when, when.base_year)
    if start is not None:
        counts.setdefault(when.base_year, start)
    years = sorted(counts)
    yearly = {year: (counts[year] - counts[last]) / (year - last) for last, year in pairwise(years)}
    yearly.update({p.year: p.value for p in whole(list(history.additions))})
    return yearly


def _before(case: Case, history: History, when: When, year: int) -> float | None:
    """Return the count at the end of a year, None where it is unknown."""
    point = history.at(year)
    if point is not None and point.months == MONTHS:
        return point.value
    if case.base is not None and case.start == year_end(year):
        return case.base
    return 0.0 if year == when.base_year and case.base is None else None


def _ask_annual(case: Case, history: History, when: When) -> ForecastQuestion:
    """A minimum in each year: all years that are open, 0 once one was missed."""
    history = of_each_year(case, history)
    lower, upper = bounds(case.promise)
    if case.far_end is not None:
        upper = None  # more than the range is met, too

    def kept(value: float, low: float | None, high: float | None) -> bool:
        return replace(case, lower=low, upper=high).within(value)

    first_year = case.promise.from_year or when.first_year
    goals = dict.fromkeys(range(first_year, case.target_year + 1), (lower, upper))
    goals |= dict.fromkeys(case.kept, (None, None))
    if case.annual_target is not None and when.period.year in {*goals} - {*case.kept}:
        split = case.annual_target
        goals[when.period.year] = (split, upper) if lower is not None else (None, split)
    known = {p.year: p.value for p in whole(list(history.points))}
    missed = bool(case.missed) or any(
        year in known and not kept(known[year], *goals[year]) for year in goals
    )
    if case.target_year in known:
        # a year that nobody knows may have been missed
        hole = bool(case.unknown) and not missed
        return Unasked("not_reported") if hole else Settled(known[case.target_year], not missed)
    if when.moment >= case.due:
        if missed or (not case.state and case.decided is not None):
            return Settled(None, not missed and bool(case.decided))
        return Unasked(case.state or "not_reported")
    if not history.points:
        return Unasked("no_forecast")
    first = max(max(known, default=0) + 1, first_year)
    open_years = tuple(range(first, case.target_year + 1))
    part, share = 0.0, 0.0
    latest = history.points[-1]
    if latest.months < MONTHS and latest.year >= first:
        if latest.year > first:  # a whole year before it is unknown: only what follows is open
            open_years = tuple(range(latest.year, case.target_year + 1))
        part, share = latest.value, season(history, latest.year, latest.months).share
    if not open_years:
        return Unasked("deadline_passed")
    if not any(known.values()) and part <= 0:
        return Unasked("no_scale")
    return Yearly(
        tuple(known[year] for year in sorted(known)),
        tuple(sorted(known)),
        "additions" if min([part, *known.values()]) >= 0 else "level",
        open_years,
        (1.0 - share, *(1.0 for _ in open_years[1:])),
        "each",
        tuple(_passed(goals[year][0], case.lower_open, math.inf) for year in open_years),
        tuple(_passed(goals[year][1], case.upper_open, -math.inf) for year in open_years),
        0.0,
        part,
        share,
        missed=missed,
    )


# The question of an average growth: known years compounded, the others forecast (S4).


def ask_growth(case: Case, history: History, when: When) -> ForecastQuestion:
    """Return the question of the index in the target year, or of its sum by 累计法.

    The index is 100 at the end of the year before the plan, whose growth the text prints (S5:
    assumed). Years with a known growth move it; the years between and after are forecast from
    the last run of known years. Where no growth is known at all, the index alone is forecast,
    and only the base rate speaks.
    """
    base, end = base_year_of(case.promise, when.base_year), case.target_year
    steps = end - base
    if steps <= 0:
        return Unasked("not_applicable")
    if when.moment >= case.due:
        return _settled(case)
    rates = yearly_rates(with_baselines(history, case.promise))
    average = _reported_average(case, history, rates, base, end)
    since = base if average is None else average.year
    known = [year for year in range(since + 1, end + 1) if year in rates]
    part = next((p for p in history.growths if p.months < MONTHS and base < p.year <= end), None)
    if part is not None and (part.year in rates or part.year <= since):
        part = None
    open_years = [
        year
        for year in range(since + 1, end + 1)
        if year not in rates and (part is None or year != part.year)
    ]
    if any(rate <= -1 for rate in rates.values()) or (part is not None and part.value <= -100):
        return Unasked("undefined_rate")
    if not open_years and part is None:
        return Unasked("missing")
    begin = INDEX if average is None else INDEX * (1 + average.value / 100) ** (since - base)
    reached = begin * math.prod(1 + rates[year] for year in known)
    values, years = index_of(rates, reached, base)
    if average is not None:
        values, years = index_of({y: rates[y] for y in known}, reached, since)
        if years[0] == since:
            values, years = (INDEX, *values), (base, *years)
    holes = any(year < years[-1] for year in open_years)
    if case.promise.average_method == CUMULATIVE_METHOD:
        if holes or (part is not None and open_years and open_years[0] < part.year):
            return Unasked("missing")
        return _sum(case, values, years, rates, base, part)
    grown = 1.0 if part is None else 1 + part.value / 100
    chance = len(open_years) + (0.0 if part is None else 1 - part.months / MONTHS)
    return Final(
        values,
        years,
        "level",
        max(1, math.ceil(chance)),
        _index(case.lower, steps),
        _index(case.upper, steps),
        None if part is None else reached * grown,
        float(len(open_years)),
        chance,
        broken=holes,
        steps=steps,
    )


def _reported_average(
    case: Case, history: History, rates: dict[int, float], base: int, end: int
) -> Point | None:
    """Return the last average that was reported and that the years' own growths do not give.

    By 累计法 it says nothing of the level that was reached, from which the rest goes on.
    """
    if case.promise.average_method == CUMULATIVE_METHOD:
        return None
    averages = [p for p in whole(list(history.averages)) if base < p.year <= end and p.value > -100]
    if not averages or all(year in rates for year in range(base + 1, averages[-1].year + 1)):
        return None
    return averages[-1]


# What is asked of the forecast floor about one indicator: its history, its bounds, the time left.


class Settled(NamedTuple):
    """What is decided: the probability is 0 or 1 (S14).

    ``value`` is the final figure; None where a published bound decided, or a year long missed.
    """

    value: float | None
    met: bool


class Unasked(NamedTuple):
    """No probability, and why."""

    reason: str


INDEX = 100.0


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
    missed : bool
        Whether the promise is lost already: the probability is 0, only the value is asked.
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
    missed: bool = False


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


_ASK: dict[str, Callable[[Case, History, When], ForecastQuestion]] = {
    "final": _ask_level,
    "total": _ask_cumulative,
    "each": _ask_annual,
    "average": ask_growth,
}
"""By the event, see `corridor_model.plan.measures.Measure`."""


ForecastQuestion = Final | Yearly | Settled | Unasked


def forecast_kind(case: Case) -> str:
    """Return what the forecast floor calls a level, share, ratio or rank.

    A rank in percent is a share: it cannot pass 100.

    Examples
    --------
    >>> import corridor_model as cm
    >>> from corridor_model.assessment.case import case_of
    >>> plan = cm.load_plan()
    >>> names = "gdp", "rd_to_gdp", "hitech_zone_rank_percentile", "academician_workstations"
    >>> [forecast_kind(case_of(plan.targets[name])) for name in names]
    ['level', 'ratio', 'share', 'count']
    """
    if case.measure.value == "change":
        series = case.promise.series_kind
        points = case.promise.unit in {"%", "个百分点"} and case.scale == 1.0 and case.zero != INDEX
        return series if series in {"share", "ratio"} else "ratio" if points else "level"
    if case.kind in {"share", "ratio"}:
        return case.kind
    if case.kind == "rank" and case.promise.unit == "%":
        return "share"
    stock = case.kind == "level" and case.promise.nature == "stock"
    return "count" if stock and case.promise.unit in COUNTED else "level"


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


def whole(points: list[Point]) -> list[Point]:
    """Return the figures of whole years."""
    return [point for point in points if point.months == MONTHS]


def yearly_rates(history: History) -> dict[int, float]:
    """Return each year's growth as a fraction: as reported, else from two levels of one series."""
    levels = whole([p for p in history.points if p.value > 0])
    rates = {
        now.year: now.value / before.value - 1
        for before, now in pairwise(levels)
        if now.year == before.year + 1 and now.series == before.series
    }
    rates.update({p.year: p.value / 100 for p in history.growths if p.months == MONTHS})
    return rates


def index_of(
    rates: dict[int, float], reached: float, base: int
) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Return the index over the last run of years with a known growth; it ends at ``reached``.

    Examples
    --------
    >>> index_of({2020: 0.25, 2021: 0.0}, 125.0, 2019)
    ((100.0, 125.0, 125.0), (2019, 2020, 2021))
    >>> index_of({}, 100.0, 2019)
    ((100.0,), (2019,))
    """
    last = max(rates, default=base)
    values, years = [reached], [last]
    while years[0] in rates:
        values.insert(0, values[0] / (1 + rates[years[0]]))
        years.insert(0, years[0] - 1)
    return tuple(values), tuple(years)


def _index(percent: float | None, steps: int) -> float | None:
    return None if percent is None else INDEX * (1 + percent / 100) ** steps


def _sum(
    case: Case,
    values: tuple[float, ...],
    years: tuple[int, ...],
    rates: dict[int, float],
    base: int,
    part: Point | None,
) -> ForecastQuestion:
    """Return the question of the sum of the index over the plan's years (累计法)."""
    steps, end = case.target_year - base, case.target_year
    index, start = INDEX, 0.0
    first = base + 1
    while first in rates:
        index *= 1 + rates[first]
        start += index
        first += 1
    share, estimate = 0.0, None
    if part is not None:
        share, estimate = part.months / MONTHS, index * (1 + part.value / 100)

    def planned(percent: float | None) -> float | None:
        if percent is None:
            return None
        return sum(INDEX * (1 + percent / 100) ** year for year in range(1, steps + 1))

    open_years = tuple(range(first, end + 1))
    moved = first - 1 - years[-1]  # growth before the plan counts as the years just before
    return Yearly(
        values,
        tuple(year + moved for year in years),
        "level",
        open_years,
        tuple(1.0 for _ in open_years),
        "total",
        (planned(case.lower),),
        (planned(case.upper),),
        start,
        0.0,
        share,
        estimate,
        steps=steps,
    )


# One unit of a series in the terms of a promise, and the index that growths give.


def per_effect(case: Case, history: History, when: When) -> float:
    """Return what one unit of the series is in the terms of a promise's values."""
    promise = case.promise
    own, kind = MEASURES.get(promise.series_kind), case.measure
    if own is None or promise.kind == promise.series_kind or own.value == kind.value:
        return 1.0
    if kind.value == "change":
        # an index of the growths has no unit of the series
        return 0.0 if case.base_origin == "definition" and case.zero == INDEX else 1.0
    if kind.value == "growth" and own.value in {"level", "year"}:
        base = base_year_of(promise, when.base_year)
        level = next((p.value for p in whole(list(history.points)) if p.year == base), None)
        baseline = promise.baseline
        if level is None and baseline is not None and baseline.year == base:
            level = baseline.value
        return INDEX / level if level is not None and level > 0 else 0.0
    return 1.0 if {own.value, kind.value} == {"level", "year"} else 0.0


def index_points(rates: dict[int, float], base: int) -> dict[int, float]:
    """Return the index by year, 100 at the end of the year before the plan."""
    before = {year: rate for year, rate in rates.items() if year <= base and rate > -1}
    values, years = index_of(before, INDEX, base) if base in before else ((INDEX,), (base,))
    points = dict(zip(years, values, strict=True))
    year = base + 1
    while rates.get(year, -1.0) > -1:
        points[year] = points[year - 1] * (1 + rates[year])
        year += 1
    return points
