"""Figures into histories: the best known figure of each year, sums where they are complete.

Of several figures for one time the most trusted is taken: an office's own before a
published one, before an assumed one; then the strongest stage (最终核实, 初步核算, 快报); then
the one published last.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from corridor_model.codes import preference, weakest
from corridor_model.errors import PlanError
from corridor_model.observations.load import ObservationsLike, as_observations
from corridor_model.observations.model import (
    Gap,
    History,
    Observations,
    Point,
    Remark,
    known_from,
)
from corridor_model.observations.semantics import (
    NO_SERIES,
    adds_up,
    is_flow,
    spell_out,
    with_series,
)
from corridor_model.observations.vocabulary import STAGES
from corridor_model.periods import Period, day_of, period_of
from corridor_model.plan.plan import Plan
from corridor_model.plan.records import Indicator
from corridor_model.tabular.table import Table, Value

Parts = dict[int, dict[int, Point]]
"""Figures by year and by how many months of it they cover."""


def histories(
    plan: Plan,
    observations: ObservationsLike = None,
    as_of: int | str | Period | None = None,
    known_by: str | datetime.date | None = None,
) -> dict[str, History]:
    """Return what is known of every indicator of a plan, one figure a year.

    Parameters
    ----------
    plan : Plan
        Its own observations are included.
    observations : Observations, path or DataFrame, optional
        Further ones; they replace the plan's of the same key.
    as_of : int, str or Period, optional
        Leave out what ends after this period (S15).
    known_by : str or date, optional
        Leave out what was published after this day (S15).

    Returns
    -------
    dict of str to History
        One entry an indicator, in the order of the plan, empty where nothing is known.

    Raises
    ------
    PlanError
        If the plan's own observations make no sense; those of a file were checked before.

    Examples
    --------
    >>> import corridor_model as cm
    >>> gdp = histories(cm.load_plan())["gdp"]
    >>> [(point.year, point.months, point.value) for point in gdp.points]
    [(2017, 12, 416.35), (2018, 12, 451.84), (2020, 12, 467.7)]
    >>> [(point.year, point.value) for point in gdp.growths]
    [(2019, 8.2)]
    >>> histories(cm.load_plan(), known_by="2020-12-31")["gdp"].latest.year
    2018
    """
    table, problems = spell_out(plan.tables["observations"], plan.indicators)
    if problems:
        raise PlanError(problems)
    remarks: tuple[Remark, ...] = ()
    further = None if observations is None else as_observations(plan, observations)
    if further is not None:
        table = table.merge(further.table)
        remarks = further.remarks
    table, asked = with_series(table, table, plan.indicators)
    if asked:
        series = [NO_SERIES if row in asked else s for row, s in enumerate(table["series"])]
        table = replace(table, columns={**table.columns, "series": tuple(series)})
    end = None if as_of is None else Period.of(as_of)
    day = None if known_by is None else day_of(known_by)
    remarks_of: dict[str, list[Remark]] = {}
    for remark in remarks:
        if _within(period_of(remark.period), remark.period, remark.published, end, day):
            remarks_of.setdefault(remark.indicator, []).append(remark)
    first = plan.about.first_year
    return {
        name: history_of(plan.indicators[name], figures, first, tuple(remarks_of.get(name, ())))
        for name, figures in _figures(table, plan, end, day).items()
    }


def _figures(
    table: Table, plan: Plan, end: Period | None, day: str | None
) -> dict[str, list[tuple[Period, Point]]]:
    """Return the figures of each indicator that end by a period and were known on a day."""
    figures: dict[str, list[tuple[Period, Point]]] = {name: [] for name in plan.indicators}
    names = ("indicator", "period", "value", "unit", "measure", "basis")
    more = ("series", "stage", "published", "source", "origin", "bound")
    for values in zip(*(table[name] for name in (*names, *more)), strict=True):
        indicator, text, value, unit, measure, basis, *rest = values
        period = period_of(text)
        if indicator in figures and _within(period, text, rest[2], end, day):
            point = Point(period.year, period.month, value, unit or "", measure, basis, *rest)
            figures[indicator].append((period, point))
    return figures


def _within(
    period: Period, text: str, published: str | None, end: Period | None, day: str | None
) -> bool:
    if end is not None and (period.year, period.month) > (end.year, end.month):
        return False
    return day is None or known_from(text, published) <= day


def last_period(
    plan: Plan,
    observations: Observations | None = None,
    known_by: str | datetime.date | None = None,
) -> Period:
    """Return the last period that figures or baselines speak of: the usual ``as_of`` (S15).

    Parameters
    ----------
    plan : Plan
        Its own observations and baselines count; without any the year before the plan does.
    observations : Observations, optional
        Figures beside the plan's own, and remarks in the place of figures.
    known_by : str or date, optional
        Leave out what was published after this day.

    Returns
    -------
    Period
        Of several that end in the same month the longest.

    Examples
    --------
    >>> import corridor_model as cm
    >>> str(last_period(cm.load_plan())), str(last_period(cm.load_plan(), known_by="2020-06-30"))
    ('2021', '2019')
    """
    day = None if known_by is None else day_of(known_by)
    tables = [plan.tables["observations"], *([] if observations is None else [observations.table])]
    dated = [
        pair for table in tables for pair in zip(table["period"], table["published"], strict=True)
    ]
    if observations is not None:
        dated += [(remark.period, remark.published) for remark in observations.remarks]
    known = {str(text) for text, date in dated if _within(period_of(text), text, date, None, day)}
    years = [baseline.year for one in plan.indicators.values() for baseline in one.baselines]
    base = Period.of(max([plan.about.base_year, *years]))
    periods = [base, *map(Period.of, sorted(known))]
    return max(periods, key=lambda period: (period.year, period.month, period.length))


def best(points: Sequence[Point]) -> Point:
    """Return the most trusted of several figures for one time.

    A figure without a stage is held to be at the stage of what was published before it: a
    revision is no weaker than what it revises.
    """
    if len(points) == 1:
        return points[0]
    stage = 0
    ranked: list[tuple[tuple[Value, ...], Point]] = []
    for point in sorted(points, key=_vintage):
        own = STAGES.get(point.stage or "", 0)
        stage = max(stage, own)
        trust = (-preference(point.origin), own or stage, *_vintage(point))
        ranked.append((trust, point))
    return max(ranked, key=lambda pair: pair[0])[1]


def _vintage(point: Point) -> tuple[Value, ...]:
    """Return a key that sorts by publication, and by content where that is equal."""
    day = day_of(point.published) if point.published else ""
    rest = (point.stage, point.series, point.source)
    return (day, *(text or "" for text in rest), point.value)


def history_of(
    indicator: Indicator,
    figures: Iterable[tuple[Period, Point]],
    first: int,
    remarks: tuple[Remark, ...] = (),
) -> History:
    """Return what is known of one indicator: one figure a year, sums where they are complete.

    Parameters
    ----------
    indicator : Indicator
        What the figures are of.
    figures : iterable of (Period, Point)
        With measure and basis written out.
    first : int
        The plan's first year: a count begins with it.
    remarks : tuple of Remark
        What stands in the place of figures.
    """
    figures = list(figures)
    if (plain := _whole_years(indicator, [point for _, point in figures])) is not None:
        return replace(plain, remarks=remarks) if remarks else plain
    by_measure: dict[str, list[tuple[Period, Point]]] = {}
    for period, point in figures:
        # a bound is no figure of its time: nothing is summed, chained or forecast from it
        measure = "bound" if point.bound else point.measure
        by_measure.setdefault(measure, []).append((period, point))
    levels = by_measure.get("level", [])
    flows = by_measure.get("addition", [])
    growths, gaps = _states(by_measure.get("growth", []))
    done = _best_each(point for _, point in by_measure.get("done", []))
    additions: Parts = {}
    if is_flow(indicator):
        parts, more = running_totals([*levels, *flows], best, "level")
    elif adds_up(indicator):
        additions, more = running_totals(flows, best, "addition")
        states = {(p.year, p.months): p for p in _best_each(point for _, point in levels)}
        parts, lost = _counts(states, additions, first)
        more += lost
    else:
        parts, more = _states(levels)
    points = _last_of_each(parts)
    known_years = {year for year, point in points.items() if point.months == 12}
    return History(
        indicator.id,
        tuple(points.values()),
        tuple(_last_of_each(growths).values()),
        done,
        tuple(_last_of_each(additions).values()),
        {
            year: within
            for year, known in sorted(parts.items())
            if (within := tuple(known[m] for m in sorted(known) if m < 12))
        },
        tuple(
            sorted(
                (gap for gap in (*gaps, *more) if gap.year not in known_years),
                key=lambda gap: (gap.year, gap.reason),
            )
        ),
        remarks,
        _best_each(point for _, point in by_measure.get("change", [])),
        _best_each(point for _, point in by_measure.get("average_growth", [])),
        _bounds(point for _, point in by_measure.get("bound", [])),
    )


def _whole_years(indicator: Indicator, points: list[Point]) -> History | None:
    """Return the history of one figure a year, in order and of one measure; else None.

    Nothing is to be summed or chosen among them: most panels are such figures alone.
    """
    if not points:
        return History(indicator.id)
    measure, last = points[0].measure, -1
    if measure not in {"level", "growth", "done"}:
        return None
    for point in points:
        if (
            point.months != 12
            or point.basis != "year"
            or point.measure != measure
            or point.bound
            or point.year <= last
        ):
            return None
        last = point.year
    return history_of_years(indicator.id, measure, tuple(points))


def history_of_years(indicator: str, measure: str, points: tuple[Point, ...]) -> History:
    """Return the history of whole years, one figure each, ascending, of one measure.

    Parameters
    ----------
    indicator : str
        Id.
    measure : {"level", "growth", "done"}
        Of all points.
    points : tuple of Point
        Of whole years (basis ``year``), none of them a bound.
    """
    if measure == "level":
        return History(indicator, points)
    if measure == "growth":
        return History(indicator, growths=points)
    return History(indicator, done=points)


def _last_of_each(parts: Parts) -> dict[int, Point]:
    """Return the figure of each year that covers most of it, by year."""
    return {year: known[max(known)] for year, known in sorted(parts.items()) if known}


def _best_each(points: Iterable[Point]) -> tuple[Point, ...]:
    """Return the most trusted point of each time, by time."""
    points = tuple(points)
    if all((a.year, a.months) < (b.year, b.months) for a, b in pairwise(points)):
        return points  # one figure a time, in order: nothing competes
    groups: dict[tuple[int, int], list[Point]] = {}
    for point in points:
        groups.setdefault((point.year, point.months), []).append(point)
    return tuple(best(groups[time]) for time in sorted(groups))


def _bounds(points: Iterable[Point]) -> tuple[Point, ...]:
    """Return the most trusted bound of each time, measure and side, by time."""
    groups: dict[tuple[str, bool], list[Point]] = {}
    for point in points:
        groups.setdefault((point.measure, point.bound in {"at_least", "above"}), []).append(point)
    each = [point for group in groups.values() for point in _best_each(group)]
    return tuple(sorted(each, key=lambda point: (point.year, point.months)))


def _states(figures: list[tuple[Period, Point]]) -> tuple[Parts, list[Gap]]:
    """Return stocks, ratios and growths by year and month; that of one month is not the year's."""
    parts: Parts = {}
    for point in _best_each(point for _, point in figures if point.basis != "month"):
        parts.setdefault(point.year, {})[point.months] = point
    alone = {point.year for _, point in figures if point.basis == "month"} - set(parts)
    return parts, [Gap(year, "month_only") for year in alone]


def _counts(
    states: dict[tuple[int, int], Point], additions: Parts, first: int
) -> tuple[Parts, list[Gap]]:
    """Return counts since the plan began: as reported, otherwise added up over whole years."""
    parts: Parts = {}
    gaps: list[Gap] = []
    for (year, months), point in states.items():
        parts.setdefault(year, {})[months] = point
    last = max([*parts, *additions], default=first - 1)
    for year in range(first, last + 1):
        before = parts.get(year - 1, {}).get(12)
        for months, addition in additions.get(year, {}).items():
            if months in parts.get(year, {}):
                continue
            # an addition is a count in the first year only; later it needs the count before it
            if before is None and year > first:
                gaps.append(Gap(year, "year_missing", (str(year - 1),)))
                break
            whole = [addition] if before is None or year == first else [before, addition]
            basis = "year" if months == 12 else "end"
            parts.setdefault(year, {})[months] = total(whole, year, months, "level", basis)
    return parts, gaps


# Year-to-date totals out of what was reported: totals, months and quarters.


def running_totals(
    figures: Sequence[tuple[Period, Point]], best: Callable[[list[Point]], Point], measure: str
) -> tuple[Parts, list[Gap]]:
    """Return the total of the first months of each year, wherever it is known or adds up.

    Parameters
    ----------
    figures : sequence of (Period, Point)
        Totals since January (basis ``year`` or ``ytd``) and figures of a period by itself
        (basis ``month``).
    best : callable
        Chooses among several figures for one time.
    measure : str
        Measure of the totals.

    Returns
    -------
    totals : dict of int to dict of int to Point
        By year and months covered.
    gaps : list of Gap
        Figures of a period by itself that no total reaches.
    """
    running: dict[int, dict[int, list[Point]]] = {}
    alone: dict[int, dict[tuple[int, int], list[Point]]] = {}
    for period, point in figures:
        if point.basis == "month":
            span = (period.first_month - 1, period.month)
            alone.setdefault(period.year, {}).setdefault(span, []).append(point)
        else:
            running.setdefault(period.year, {}).setdefault(period.month, []).append(point)
    totals: Parts = {}
    gaps: list[Gap] = []
    for year in sorted({*running, *alone}):
        direct = {months: best(points) for months, points in running.get(year, {}).items()}
        pieces = {span: best(points) for span, points in alone.get(year, {}).items()}
        totals[year], hole = _chain(year, direct, pieces, measure)
        if hole:
            gaps.append(Gap(year, "months_missing", tuple(hole)))
    return totals, gaps


def _chain(
    year: int, direct: dict[int, Point], pieces: dict[tuple[int, int], Point], measure: str
) -> tuple[dict[int, Point], list[str]]:
    """Return totals by months covered, and the months missing before the last piece.

    A stated total is taken before a sum, and a longer piece before several short ones.
    """
    reached: dict[int, list[Point]] = {0: []}
    totals: dict[int, Point] = {}
    # month by month: what is reached after `months`, and the figures that it is made of
    for months in range(1, 13):
        if months in direct:
            reached[months] = [direct[months]]
            totals[months] = total(reached[months], year, months, measure)
            continue
        for start, end in sorted(pieces):
            if end == months and start in reached:
                reached[months] = [*reached[start], pieces[start, end]]
                totals[months] = total(reached[months], year, months, measure)
                break
    last = max((end for _, end in pieces), default=0)
    if last <= max(reached):
        return totals, []
    covered = set(range(1, max(reached) + 1))
    for start, end in pieces:
        covered.update(range(start + 1, end + 1))
    return totals, [f"{year}-{month:02d}" for month in range(1, last + 1) if month not in covered]


def total(
    parts: Sequence[Point], year: int, months: int, measure: str, basis: str | None = None
) -> Point:
    """Return the sum of some figures as one, with the provenance they share."""
    basis = basis or ("year" if months == 12 else "ytd")
    if len(parts) == 1:
        only = parts[0]
        value, published, origin = only.value, only.published, only.origin
    else:
        value = sum(part.value for part in parts)
        published = max((part.published or "" for part in parts), default="") or None
        origin = weakest(part.origin for part in parts)
    return Point(
        year,
        months,
        value,
        parts[0].unit,
        measure,
        basis,
        _shared([part.series for part in parts]),
        _shared([part.stage for part in parts]),
        published,
        "; ".join(dict.fromkeys(part.source for part in parts if part.source)) or None,
        origin,
    )


def _shared(words: Sequence[str | None]) -> str | None:
    return words[0] if len(set(words)) == 1 else None
