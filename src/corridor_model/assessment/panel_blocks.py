"""One block of a panel: its regions as plans, judged together where they promise and report alike.

A region and one indicator with all its rows and figures is a unit. Units that differ in nothing
but their numbers go through the rules together (:mod:`.regional_numbers`); a region that compares
its indicators with one another, or promises alternatives, is read as a plan of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby
from typing import Any, NamedTuple, cast

import numpy as np

from corridor_model._typing import Array, Index, Integers
from corridor_model.assessment.answers import (
    NO,
    Answer,
    Reading,
    basis_outside,
    chance_within,
    fresh_answers,
    terms_of,
)
from corridor_model.assessment.assessment import is_kept, is_secured
from corridor_model.assessment.case import Case, When, has_series_break
from corridor_model.assessment.columns import COLUMNS, Cases, Column, columns_of
from corridor_model.assessment.engine import PlanAtPeriod
from corridor_model.assessment.panel_tables import PanelTargets, PanelValues, series_kinds
from corridor_model.assessment.probabilities import BASES, never_certain, with_alternatives
from corridor_model.assessment.questions import (
    Final,
    ForecastQuestion,
    Settled,
    Unasked,
    question_of,
)
from corridor_model.assessment.regional_numbers import (
    OneByOne,
    Regions,
    alone,
    elementwise,
    read_together,
    rows_of,
)
from corridor_model.assessment.rules import rule_of
from corridor_model.assessment.verdicts import (
    Standing,
    Verdict,
    standing_columns,
    verdict,
    with_alternatives_kept,
)
from corridor_model.codes import KINDS, MASKS, REASONS, SENSES, STATUSES
from corridor_model.forecasting.api import basis_of
from corridor_model.forecasting.history import LONGEST, Kind, route_of, within_window
from corridor_model.forecasting.history import History as ForecastHistory
from corridor_model.forecasting.pooling import mix, shipped_weights
from corridor_model.observations.histories import history_of_years
from corridor_model.observations.model import History, points_of_years
from corridor_model.observations.semantics import measure_of
from corridor_model.periods import year_before
from corridor_model.plan.measures import MEASURES
from corridor_model.plan.promises import promises_of
from corridor_model.plan.records import Indicator, Target, zero_start

BLOCK = 2048
"""Targets of one block, about: enough to be worked out together, few enough for memory."""


_OF_A_PLAN = {
    "compared", "plan_elapsed", "year_target", "completion", "year_elapsed", "year_gap",
    "best_rate", "best_step", "best_year",
}  # fmt: skip
NUMBERS = tuple(name for name in COLUMNS if name not in _OF_A_PLAN)
"""The numbers of an assessment that a panel has, too: it knows neither parts of a year nor
yearly splits, and the record of each region is left out."""


# Blocks of regions: what travels to a worker.


@dataclass(frozen=True)
class Block:
    """Regions that are worked out together.

    Attributes
    ----------
    targets, values : PanelTargets, PanelValues
        Of these regions alone.
    when : When
        The period, and the plans' years.
    """

    targets: PanelTargets
    values: PanelValues
    when: When


def blocks_of(targets: PanelTargets, values: PanelValues, when: When) -> Iterator[Block]:
    """Yield blocks of whole regions of about `BLOCK` targets, in the order of the regions."""
    count = len(targets.regions)
    ends = np.searchsorted(targets.region, np.arange(count + 1))
    until = np.searchsorted(values.region, np.arange(count + 1))
    begin = 0
    while begin < count:
        end = begin + 1
        while end < count and ends[end + 1] - ends[begin] <= BLOCK:
            end += 1
        rows, figures = slice(ends[begin], ends[end]), slice(until[begin], until[end])
        yield Block(
            replace(
                targets,
                regions=targets.regions[begin:end],
                region=targets.region[rows] - begin,
                indicator=targets.indicator[rows],
                columns={name: cells[rows] for name, cells in targets.columns.items()},
            ),
            PanelValues(
                values.region[figures] - begin,
                values.indicator[figures],
                values.year[figures],
                values.value[figures],
                None if values.series is None else values.series[figures],
            ),
            when,
        )
        begin = end


class BlockAnswer(NamedTuple):
    """What a block says: of each promise its region and id, and every variable.

    Attributes
    ----------
    region, indicator : ndarray of int, shape (promises,)
        Positions within the block's regions, and in the panel's indicators.
    ids : list of str
        Of the promises.
    data : dict of str to ndarray, shape (promises,)
        Variables by name.
    """

    region: Integers
    indicator: Integers
    ids: list[str]
    data: dict[str, Any]


# Units: a region and one indicator, and those that differ in nothing but their numbers.


class Units(NamedTuple):
    """Regions and indicators that promise anything, in the order of regions and indicators.

    Attributes
    ----------
    region, indicator : ndarray of int, shape (units,)
        Positions in the block.
    order : ndarray of int
        Rows of the targets, unit after unit.
    first, last : ndarray of int, shape (units,)
        Where its rows stand in that order.
    begin, end : ndarray of int, shape (units,)
        Where its figures stand, by year.
    """

    region: Integers
    indicator: Integers
    order: Index
    first: Index
    last: Index
    begin: Index
    end: Index

    def rows(self, unit: int) -> list[int]:
        """Return the rows of one unit's targets."""
        own: list[int] = self.order[self.first[unit] : self.last[unit]].tolist()
        return own


def units_of(targets: PanelTargets, values: PanelValues) -> Units:
    """Return the units of a block."""
    count = len(targets.indicators)
    key = targets.region * count + targets.indicator
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    first = np.flatnonzero(np.diff(ordered, prepend=-1))
    keys = ordered[first]
    figures = values.region * count + values.indicator
    return Units(
        keys // count,
        keys % count,
        order,
        first,
        np.append(first[1:], len(order)),
        np.searchsorted(figures, keys, side="left"),
        np.searchsorted(figures, keys, side="right"),
    )


_APART = ("relative_to", "any_of")
"""What ties the indicators of a region together."""


def _alike(block: Block, units: Units) -> tuple[list[Index], list[int]]:
    """Return units that differ in numbers alone, group by group, and regions that are tied."""
    cells = block.targets.columns
    tied = np.zeros(len(block.targets.regions), dtype=bool)
    for name in _APART:
        where = [row for row, cell in enumerate(cells[name]) if cell is not None]
        tied[block.targets.region[where]] = True
    words = [cells[name] for name in Row._fields if name not in {"value", "tolerance"}]
    holes = [[cell is None for cell in cells[name]] for name in ("value", "tolerance")]
    years, series = block.values.year, block.values.series
    groups: dict[Any, list[int]] = {}
    codes: dict[Any, int] = {}
    every = [codes.setdefault(row, len(codes)) for row in zip(*words, *holes, strict=True)]
    promised = [every[row] for row in units.order.tolist()]
    reported, size = years.tobytes(), years.itemsize
    vintages: Any = None
    spans = (units.first, units.last, units.begin, units.end, tied[units.region])
    listed = (span.tolist() for span in spans)
    for unit, (first, last, begin, end, apart) in enumerate(zip(*listed, strict=True)):
        if apart:
            continue
        if series is not None:
            vintages = tuple(series[begin:end])
        key = tuple(promised[first:last]), reported[begin * size : end * size], vintages
        groups.setdefault(key, []).append(unit)
    return list(map(np.array, groups.values())), np.flatnonzero(tied).tolist()


# Their promises: cases and questions of all regions of a unit's kind that go one way.


class RegionalCase(NamedTuple):
    """One promise of some regions, and what is asked of it.

    Attributes
    ----------
    case : Case
        With the numbers of each of them.
    question : ForecastQuestion or RegionalQuestion
        What is asked about the target.
    units : ndarray of int, shape (regions,)
        Whose it is.
    place : int
        Its own among the promises of the unit.
    rows : ndarray of int, shape (regions,)
        Where their numbers stand.
    regions : Regions or None
        What their numbers belong to; None of a single region.
    """

    case: Case
    question: ForecastQuestion | RegionalQuestion
    units: Index
    place: int
    rows: Index
    regions: Regions | None = None


def _regional_cases(block: Block, units: Units) -> Iterator[RegionalCase]:
    """Yield the promises of a block, those together whose regions go one way."""
    groups, tied = _alike(block, units)
    for group in groups:
        yield from _cases_of(block, units, group)
    if tied:
        yield from _cases_of_plans(block, units, tied)


def _cases_of(block: Block, units: Units, group: Index) -> Iterator[RegionalCase]:
    """Yield the promises of units that differ in numbers alone."""
    when, first = block.when, group[0]
    targets = units.order[units.first[group][:, None] + np.arange(len(units.rows(first)))]
    cells = block.targets.columns
    rows = [Row(*(cells[name][row] for name in Row._fields)) for row in targets[0].tolist()]
    steps = np.arange(units.end[first] - units.begin[first])
    figures = block.values.value[units.begin[group][:, None] + steps]
    span = slice(int(units.begin[first]), int(units.end[first]))
    years, series = block.values.year[span].tolist(), block.values.series
    vintages: Sequence[str | None] = [None] * len(years) if series is None else series[span]

    def promised(name: str) -> list[Array | None]:
        """Return a column of numbers, one array a row of the unit."""
        return [
            None
            if getattr(row, name) is None
            else np.array([cells[name][i] for i in column.tolist()], dtype=np.float64)
            for row, column in zip(rows, targets.T, strict=True)
        ]

    columns = list(zip(promised("value"), promised("tolerance"), strict=True))

    def read(number: Callable[[Array], float], many: bool) -> list[tuple[Case, Any]]:
        own = [
            row._replace(
                value=None if value is None else number(value),
                tolerance=None if tolerance is None else number(tolerance),
            )
            for row, (value, tolerance) in zip(rows, columns, strict=True)
        ]
        indicator = _indicator("", own, "", when.base_year)
        history = _history(indicator, years, [number(column) for column in figures.T], vintages)
        at = PlanAtPeriod(when, {"": history}, {}, {}, [], {"": indicator})
        cases = []
        for promise in promises_of([indicator], when.last_year, when.base_year).values():
            case = at.case(promise, history)
            cases.append((case, _regional(question_of(case, history, when), many)))
        return cases

    for regions, some, cases in read_together(len(group), read):
        for place, (case, question) in enumerate(cases):
            yield RegionalCase(case, question, group[some], place, some, regions)


def _cases_of_plans(block: Block, units: Units, tied: Sequence[int]) -> Iterator[RegionalCase]:
    """Yield the promises of regions whose indicators are tied together, each a plan."""
    names, cells = block.targets.indicators, block.targets.columns
    series = block.values.series or [None] * len(block.values)
    years, values = block.values.year.tolist(), block.values.value.tolist()
    for region in tied:
        mine = range(*np.searchsorted(units.region, [region, region + 1]).tolist())
        rows = {
            names[units.indicator[unit]]: [
                Row(*(cells[name][row] for name in Row._fields)) for row in units.rows(unit)
            ]
            for unit in mine
        }
        indicators = _indicators(rows, block.targets.regions[region], block.when.base_year)
        begin, end = np.searchsorted(block.values.region, [region, region + 1]).tolist()
        of = [names[i] for i in block.values.indicator[begin:end].tolist()]
        histories = {name: History(name) for name in indicators}
        for name, places in groupby(range(begin, end), key=lambda i: of[i - begin]):
            span = list(places)
            histories[name] = _history(
                indicators[name],
                [years[i] for i in span],
                [values[i] for i in span],
                [series[i] for i in span],
            )
        at = PlanAtPeriod(block.when, histories, {}, {}, [], indicators)
        unit_of = {names[units.indicator[unit]]: unit for unit in mine}
        last: dict[str, int] = {}
        for promise in promises_of(
            indicators.values(), block.when.last_year, block.when.base_year
        ).values():
            case = at.case(promise, histories[promise.of])
            question = _regional(question_of(case, histories[promise.of], block.when), False)
            place = last[promise.of] = last.get(promise.of, -1) + 1
            unit = np.array([unit_of[promise.of]])
            yield RegionalCase(case, question, unit, place, np.zeros(1, dtype=np.int64))


# What a unit says, as the records of a plan.


class Row(NamedTuple):
    """What one row of the targets says, besides whose it is; None where it is empty."""

    value: float | None
    sense: str | None
    year: int | None
    month: int | None
    any_of: str | None
    kind: str
    tolerance: float | None
    base_year: int | None
    from_year: int | None
    relative_to: str | None
    margin: float | None
    tier: str | None
    role: str | None
    beyond: str | None
    unit: str | None
    nature: str | None
    average_method: str | None


def _indicators(rows: dict[str, list[Row]], region: Any, base_year: int) -> dict[str, Indicator]:
    """Return the indicators of a region with their targets, in the order of the panel."""
    out = {name: _indicator(name, own, region, base_year) for name, own in rows.items()}
    for own in rows.values():
        kind = series_kinds([0] * len(own), [row.kind for row in own])[0]
        for other in (row.relative_to for row in own):
            # what others are compared with, and promises nothing itself
            if other is not None and other not in out:
                blank = (None, None, None, None, None)
                out[other] = Indicator(other, other, None, None, kind, "", *blank)
    return out


def _indicator(name: str, rows: Sequence[Row], region: Any, base_year: int) -> Indicator:
    """Return an indicator of a region with its targets."""
    kind = rows[0].kind
    if len(rows) > 1:
        kind = series_kinds([0] * len(rows), [row.kind for row in rows])[0]
    unit, nature, method = (
        next((cell for cell in cells if cell is not None), None)
        for cells in zip(*(row[-3:] for row in rows), strict=True)
    )
    unit = unit or ("%" if MEASURES[kind].percent else "")
    starts = (zero_start(name, unit, base_year),) if kind == "cumulative" else ()
    targets = tuple([_target(row, name, region, unit) for row in rows])
    words = (name, name, None, None, kind, unit, nature, None, method, None, None)
    return Indicator(*words, targets, starts)


def _target(row: Row, name: str, region: Any, unit: str) -> Target:
    """Return one row as a target; alternatives of one region are no other's."""
    return Target(
        name,
        row.value,
        "%" if MEASURES[row.kind].percent else unit,
        row.sense,
        row.year,
        row.month,
        None if row.any_of is None else f"{region}\n{row.any_of}",
        (),
        row.kind,
        row.tolerance,
        row.base_year,
        row.from_year,
        row.relative_to,
        row.margin,
        row.tier,
        row.role,
        row.beyond,
    )


def _history(
    indicator: Indicator,
    years: Sequence[int],
    values: Sequence[float],
    series: Sequence[str | None],
) -> History:
    """Return the history of an indicator from its figures by year."""
    if not years:
        return History(indicator.id)
    measure, unit = measure_of(indicator, None), indicator.unit
    points = points_of_years(
        *(years, values, series), unit=unit, measure=measure, basis="year", origin="user"
    )
    return history_of_years(indicator.id, measure, points)


# One block: its columns, verdicts and probabilities.


def assess_block(block: Block) -> BlockAnswer:
    """Return the verdicts of a block's regions, each a plan of its own."""
    units = units_of(block.targets, block.values)
    some = list(_regional_cases(block, units))
    cases = Cases([one.case for one in some], [one.rows for one in some])
    columns = columns_of(cases, block.when, NUMBERS)
    data: dict[str, Any] = {}
    for name, column in columns.items():
        data[name], data[f"{name}_reason"] = column.values, _texts(column.reasons, MASKS)
    data |= _verdicts(some, cases, block.when, columns)
    data |= _probabilities(some, cases)
    data |= _facts(cases)
    unit = np.concatenate([one.units for one in some])
    order = np.lexsort((np.repeat([one.place for one in some], cases.counts), unit))
    whose = units.indicator[unit]
    names = block.targets.indicators
    apart = [one.case.id.removeprefix(one.case.promise.of) for one in some]
    ids = [
        names[i] + more
        for place, more in zip(cases.places, apart, strict=True)
        for i in whose[place].tolist()
    ]
    return BlockAnswer(
        units.region[unit][order],
        whose[order],
        [ids[i] for i in order.tolist()],
        {name: values[order] for name, values in data.items()},
    )


def _verdicts(
    some: Sequence[RegionalCase], cases: Cases, when: When, columns: dict[str, Column]
) -> dict[str, Any]:
    """Return status, reason and branch under the schedule, and what is secured."""
    rule = rule_of("schedule")
    every: list[tuple[Verdict, bool]] = [(Verdict("", ""), False)] * cases.size
    standing = standing_columns(cases, columns)

    def judged(case: Case, at: Standing) -> tuple[Verdict, bool]:
        secured = is_kept(case, at.met) and is_secured(case, when.moment)
        return verdict(case, at, when, rule, rule.thresholds), secured

    for one, place in zip(some, cases.places, strict=True):
        columns_here = [column[place] for column in standing]
        for rows, answer in _ways(one, columns_here, judged):
            for row in (np.searchsorted(one.rows, rows) + place.start).tolist():
                every[row] = answer
    joined = _tied(some)
    promises = [some[i].case.promise for i in joined]
    at_rows = [cases.places[i].start for i in joined]
    joint = with_alternatives_kept(promises, [every[row][0] for row in at_rows])
    for row, one_verdict in zip(at_rows, joint, strict=True):
        every[row] = one_verdict, every[row][1]
    return {
        "status": _texts([one.status for one, _ in every], STATUSES),
        "reason": _texts([one.reason for one, _ in every], REASONS),
        "branch": _texts([one.branch for one, _ in every], ("alternative_achieved",)),
        "secured": np.array([secured for _, secured in every], dtype=bool),
    }


def _ways(
    one: RegionalCase,
    columns: Sequence[Any],
    judged: Callable[[Case, Standing], tuple[Verdict, bool]],
) -> Iterator[tuple[Index, tuple[Verdict, bool]]]:
    """Yield regions of a promise that are judged alike, and how."""
    if one.regions is None:
        yield one.rows, judged(one.case, Standing(*(column[0].item() for column in columns)))
        return
    numbers = []
    for column in columns:
        spread = np.zeros(one.regions.count, dtype=column.dtype)
        spread[one.rows] = column
        numbers.append(one.regions.number(spread))
    at = Standing(*numbers)  # type: ignore[arg-type]
    for rows, answer in one.regions.walk(one.rows, lambda: judged(one.case, at)):
        if answer is not None:
            yield rows, answer
            continue
        for row in rows.tolist():
            yield np.array([row]), judged(alone(one.case, row), alone(at, row))


def _tied(some: Sequence[RegionalCase]) -> list[int]:
    """Return the places of promises that have alternatives: none of them stands for several."""
    return [i for i, one in enumerate(some) if one.case.promise.any_of is not None]


def _probabilities(some: Sequence[RegionalCase], cases: Cases) -> dict[str, Any]:
    """Return p_reach and p_basis with the reason why they are masked."""
    p, settled = np.full(cases.size, np.nan), np.zeros(cases.size, dtype=bool)
    basis, reason = np.full(cases.size, "", "U32"), np.full(cases.size, "", "U32")
    single: list[tuple[int, Any]] = []
    chances = regional_chances(
        [(one.question, one.rows) for one in some if isinstance(one.question, RegionalQuestion)]
    )
    for one, place in zip(some, cases.places, strict=True):
        question = one.question
        if isinstance(question, Unasked):
            reason[place] = question.reason
        elif isinstance(question, Settled):
            p[place], basis[place], settled[place] = float(question.met), "observed", True
        elif isinstance(question, RegionalQuestion):
            if question.route == "no_scale":
                reason[place] = "no_scale"
            else:
                p[place], basis[place] = next(chances), question.basis
                settled[place] = question.question.missed
        else:
            rows = enumerate(one.rows.tolist(), start=place.start)
            single += [(at, alone(question, row)) for at, row in rows]
    answers = fresh_answers([question for _, question in single], quantiles=False)
    for (at, _), answer in zip(single, answers, strict=True):
        p[at], basis[at], reason[at], settled[at] = (
            answer.p,
            answer.basis,
            answer.reason,
            (answer.settled),
        )
    tied = _tied(some)
    at_rows = [cases.places[i].start for i in tied]
    alone_answers = [
        Answer(float(p[row]), NO, str(basis[row]), str(reason[row]), bool(settled[row]))
        for row in at_rows
    ]
    joint = with_alternatives([some[i].case for i in tied], alone_answers)
    for row, answer in zip(at_rows, joint, strict=True):
        p[row], basis[row], reason[row], settled[row] = (
            answer.p,
            answer.basis,
            answer.reason,
            answer.settled,
        )
    known = reason == ""
    return {
        "p_reach": np.where(known, never_certain(p, settled), np.nan),
        "p_reach_reason": _texts(reason, MASKS),
        "p_basis": _texts(np.where(known, basis, ""), BASES),
        "p_basis_reason": _texts(reason, MASKS),
    }


def _facts(cases: Cases) -> dict[str, Any]:
    """Return what was put in, and what stands beside a verdict as yes or no."""
    starts = [0 if case.start is None else year_before(case.start) for case in cases]
    senses = (*SENSES, "range")
    return {
        "kind": _texts(cases.kind, KINDS),
        "sense": _texts(cases.texts(case.promise.sense or "" for case in cases), senses),
        "actual_period": _texts(cases.texts(case.period for case in cases), ("2021-09",)),
        "baseline_year": np.repeat(np.array(starts, dtype=np.int64), cases.counts),
        "target_year": np.repeat([case.target_year for case in cases], cases.counts),
        "tier": _texts(cases.texts(case.promise.tier for case in cases), ("commit", "stretch")),
        "is_limit": cases.limit,
        "series_break": cases.answers(has_series_break(case) for case in cases),
    }


def _texts(values: Any, codes: Iterable[str]) -> Any:
    """Return texts as an array that holds the longest of them, and of the codes."""
    listed = np.asarray(values, dtype=np.str_)
    width = max(*map(len, codes), listed.dtype.itemsize // 4 or 1)
    return listed.astype(f"U{width}", copy=False)


# The forecasts behind a block: questions of one route and one pattern of years together.


class RegionalQuestion(NamedTuple):
    """A question about the target year of many regions, and how it is forecast.

    Attributes
    ----------
    question : Final
        With numbers of each region.
    history : ForecastHistory
        What is read of it.
    route, basis : str
        The way it is forecast, and on what a probability rests then.
    """

    question: Final
    history: ForecastHistory
    route: str
    basis: str


def _regional(question: ForecastQuestion, many: bool) -> ForecastQuestion | RegionalQuestion:
    """Return how a question about the target year is forecast; others as they are.

    Raises
    ------
    OneByOne
        If regions must be asked one by one.
    """
    if not isinstance(question, Final):
        return question
    if question.horizon > LONGEST or not all(
        elementwise(np.isfinite, value) for value in question.values
    ):
        if many:
            raise OneByOne
        return question  # it has no forecast, and the answer says why
    kind = cast("Kind", question.kind)
    history = within_window(ForecastHistory(question.values, question.years, kind))
    route = route_of(history.values, kind)
    basis = basis_of(history, route, question.horizon, shipped_weights())
    return RegionalQuestion(question, history, route, basis_outside(basis, question))


def regional_chances(questions: Sequence[tuple[RegionalQuestion, Index]]) -> Iterator[Array]:
    """Return P(within the bounds) of every region of every question that has a scale.

    Parameters
    ----------
    questions : sequence of (RegionalQuestion, ndarray of int)
        Questions, and where the numbers of those who ask stand.
    """
    scaled = [(one, rows) for one, rows in questions if one.route != "no_scale"]
    places: dict[Any, list[int]] = {}
    for i, (one, _) in enumerate(scaled):
        places.setdefault((one.route, one.history.gaps, one.question.horizon), []).append(i)
    out: list[Array] = [np.empty(0)] * len(scaled)
    weights = shipped_weights()
    for (route, gaps, horizon), at in places.items():
        some = [scaled[i] for i in at]
        counts = [len(rows) for _, rows in some]
        values = np.concatenate([_matrix(one.history.values, rows) for one, rows in some])
        kinds = list(chain(*([one.history.kind] * len(rows) for one, rows in some)))
        core = mix(values, kinds, gaps, route, horizon, weights)
        terms = terms_of([one.question for one, _ in some], [rows for _, rows in some])
        chance = np.clip(chance_within(Reading(core, terms), terms), 0.0, 1.0)
        for i, part in zip(at, np.split(chance, np.cumsum(counts)[:-1]), strict=True):
            out[i] = np.zeros(len(part)) if scaled[i][0].question.missed else part
    return iter(out)


def _matrix(values: Sequence[float], rows: Index) -> Array:
    """Return numbers of each region as columns, shape (regions, n)."""
    out = np.empty((len(rows), len(values)))
    for place, value in enumerate(values):
        out[:, place] = rows_of(value, rows)
    return out
