"""From a case and its history to the question a target asks; one function a kind (S4)."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

from corridor_model.assess.case import EPSILON, Case, When
from corridor_model.assess.part_year import full_year, season
from corridor_model.assess.probability.growths import ask_growth
from corridor_model.assess.probability.question import (
    Final,
    Question,
    Settled,
    Unasked,
    Yearly,
    forecast_kind,
    last_series,
    met,
    whole,
)
from corridor_model.assess.schedule import MONTHS, moment
from corridor_model.observations.meaning import is_flow
from corridor_model.observations.model import Point
from corridor_model.plan.kinds import UNFORESEEN, bounds

if TYPE_CHECKING:
    from corridor_model.observations.model import History

SHARE_LIMIT = 99.5
"""A share at or above this is forecast as a ratio, as the forecast floor does."""


def question_of(case: Case, history: History, when: When) -> Question:
    """Return what is to be asked about a target, or why nothing is."""
    if case.kind in UNFORESEEN:
        return Unasked("not_applicable")
    if case.withdrawn or (case.lower is None and case.upper is None):
        return Unasked("target_revised")
    if case.state == "paused":
        return Unasked("paused")
    return _ASK[case.kind](case, history, when)


def _ask_level(case: Case, history: History, when: When) -> Question:
    """Level, share, ratio, rank: the value at the deadline."""
    points, broken = last_series(with_base(case, list(history.points), when))
    final = next((p for p in points if p.year == case.target_year and p.months == MONTHS), None)
    if points and moment(points[-1].year, points[-1].months) >= case.due - EPSILON:
        value = (final or points[-1]).value
        return Settled(value, met(value, case.lower, case.upper))
    if not points:
        return Unasked("no_baseline")
    known, last = whole(points), points[-1]
    values = tuple(p.value for p in known) or (last.value,)
    years = tuple(p.year for p in known) or (last.year - 1,)
    left = case.due - moment(last.year, last.months)
    drift, spread, anchor, least = left, left, last.value, None
    if last.months < MONTHS and is_flow(case.indicator):
        found = season(history, last.year, last.months)
        drift = math.ceil(case.due - EPSILON) - last.year
        # the indicator's own season tells how much is open; the calendar alone does not
        spread = drift + (1 - found.share if found.method == "seasonal_share" else 1.0)
        anchor = full_year(last.value, found)
        least = last.value if drift == 0 and last.value >= 0 else None
    kind, horizon = forecast_kind(case), max(1, math.ceil(spread - EPSILON))
    if kind == "share" and max(*values, anchor) >= SHARE_LIMIT:
        kind = "ratio"
    if not any(values) and anchor:
        values, years = (anchor,), (last.year - 1,)
    plain = last.months == MONTHS and abs(horizon - spread) < EPSILON
    if not plain and anchor <= 0 < min(values):
        return Unasked("undefined_rate")
    return Final(
        values,
        years,
        kind,
        horizon,
        case.lower,
        case.upper,
        None if plain else anchor,
        drift,
        spread,
        least,
        broken,
    )


def with_base(case: Case, points: list[Point], when: When) -> list[Point]:
    """Return the points with the baseline among them, unless a definition made it (S5)."""
    base, start = case.base, case.start
    if base is None or start is None or case.base_origin == "definition" or start > when.moment:
        return points
    if any(p.year == int(start) and p.months == MONTHS for p in points):
        return points
    point = Point(int(start), MONTHS, base, "", "level", "year", case.base_series)
    points = [p for p in points if p.year != point.year]
    return sorted([*points, point], key=lambda p: p.year)


def _ask_cumulative(case: Case, history: History, when: When) -> Question:
    """Additions since the plan began: what is counted, and what the open years add."""
    latest = history.latest
    if latest is not None and moment(latest.year, latest.months) >= case.due - EPSILON:
        final = next((p for p in history.points if p.year == case.target_year), latest)
        return Settled(final.value, met(final.value, case.lower, case.upper))
    if latest is None and (case.base is None or case.start is None):
        return Unasked("no_baseline")
    now = case.start if latest is None else moment(latest.year, latest.months)
    start = case.base if latest is None else latest.value
    assert now is not None
    assert start is not None
    added = additions(case, history, when)
    if any(value < 0 for value in added.values()):
        return Unasked("no_forecast")
    first = math.floor(now + EPSILON) + 1
    if any(year >= first for year in added):
        return Unasked("missing")
    share = now + 1 - first
    before = _before(case, history, when, first - 1)
    part = 0.0 if latest is None or before is None or share < EPSILON else latest.value - before
    share = 0.0 if before is None or share < EPSILON else share
    if not any(added.values()) and part <= 0:
        nothing = start == 0 or (latest is not None and not share)
        return Unasked("no_scale" if nothing else "no_forecast")
    open_years = tuple(range(first, case.target_year + 1))
    weights = tuple(min(case.due, year) - max(now, year - 1) for year in open_years)
    return Yearly(
        tuple(added[year] for year in sorted(added)),
        tuple(sorted(added)),
        "additions",
        open_years,
        weights,
        "total",
        (case.lower,),
        (case.upper,),
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
    found = {year: (counts[year] - counts[last]) / (year - last) for last, year in pairwise(years)}
    found.update({p.year: p.value for p in whole(list(history.additions))})
    return found


def _before(case: Case, history: History, when: When, year: int) -> float | None:
    """Return the count at the end of a year, None where it is unknown."""
    point = history.at(year)
    if point is not None and point.months == MONTHS:
        return point.value
    if case.base is not None and case.start == year:
        return case.base
    return 0.0 if year == when.base_year and case.base is None else None


def _ask_annual(case: Case, history: History, when: When) -> Question:
    """A minimum in each year: all years that are open, 0 once one was missed."""
    lower, upper = bounds(case.indicator)
    goals = dict.fromkeys(range(when.first_year, case.target_year + 1), (lower, upper))
    if case.annual_target is not None and when.period.year in goals:
        goals[when.period.year] = (case.annual_target, upper)
    known = {p.year: p.value for p in whole(list(history.points))}
    missed = bool(case.missed) or any(
        year in known and not met(known[year], *goals[year]) for year in goals
    )
    if case.target_year in known:
        return Settled(known[case.target_year], not missed)
    if not history.points:
        return Unasked("no_forecast")
    first = max(max(known, default=0) + 1, when.first_year)
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
        tuple(goals[year][0] for year in open_years),
        tuple(goals[year][1] for year in open_years),
        0.0,
        part,
        share,
        missed=missed,
    )


_ASK: dict[str, Callable[[Case, History, When], Question]] = {
    "level": _ask_level,
    "share": _ask_level,
    "ratio": _ask_level,
    "rank": _ask_level,
    "cumulative": _ask_cumulative,
    "annual": _ask_annual,
    "growth": ask_growth,
}
