"""What a figure means: its measure and basis written out, given what its indicator is.

Month and quarter figures of flows run from 1 January unless the measure is ``addition``;
stocks and ratios are the latest value; a cumulative indicator counts from the first day of
the plan unless the measure is ``addition``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from corridor_model import units
from corridor_model.errors import CellError, Problem
from corridor_model.messages import N_, Listing, Name
from corridor_model.observations.vocabulary import POINTS
from corridor_model.periods import MONTHS, Period, month_end, period_of, year_before
from corridor_model.plan.measures import measures
from corridor_model.plan.records import Indicator
from corridor_model.tabular.parse import unit_mismatch
from corridor_model.tabular.table import Table, Value

_LEVELS = frozenset({"level", "growth", "change", "relative_change"})
"""Measures of a series that may be an amount a year."""

CUMULATIVE_METHOD = "累计法"
"""The average growth that the sum of all years gives; the other one, 水平法, only the last."""


def is_flow(indicator: Indicator) -> bool:
    """Return whether the level of an indicator is an amount per year (GDP, yearly counts)."""
    if indicator.kind == "annual":
        return indicator.nature in {None, "flow", "event"}
    return indicator.kind in _LEVELS and indicator.nature == "flow"


def adds_up(indicator: Indicator) -> bool:
    """Return whether figures of single months or quarters of an indicator can be added."""
    return is_flow(indicator) or indicator.kind == "cumulative"


def measure_of(indicator: Indicator, measure: str | None) -> str:
    """Return the measure of a figure, the usual one of its indicator where none is stated.

    Raises
    ------
    CellError
        If the stated one makes no sense for the indicator.
    """
    kind = indicator.kind
    if measure is None:
        return {"milestone": "done", "growth": "growth"}.get(kind, "level")
    if (measure == "done") != (kind == "milestone"):
        raise CellError(
            N_("measure {measure!r} does not suit {indicator}, a milestone indicator.")
            if kind == "milestone"
            else N_("measure {measure!r} does not suit {indicator}, a {kind} indicator."),
            N_("A milestone takes done (1 once reached), anything else level, addition or growth."),
            measure=measure,
            indicator=_name(indicator),
            kind=kind,
        )
    if measure == "addition" and not adds_up(indicator):
        raise CellError(
            N_("{indicator} is a stock or a ratio; its additions do not give its value."),
            N_("Give its value at the end of the period (level)."),
            indicator=_name(indicator),
        )
    if measure in _PROMISED_AS and not _PROMISED_AS[measure] & _kinds(indicator):
        raise CellError(
            N_("no promise of {indicator} is a change since a baseline.")
            if measure == "change"
            else N_("no promise of {indicator} is an average growth."),
            N_("Give its value (level)."),
            indicator=_name(indicator),
        )
    if measure == "growth" and kind in {"completion", "rank"}:
        raise CellError(
            N_("{indicator} is a {kind}; growth says nothing of it."),
            N_("Give its value (level)."),
            indicator=_name(indicator),
            kind=kind,
        )
    return measure


_PROMISED_AS = {"change": measures(value="change"), "average_growth": measures(value="growth")}
"""Figures that say something only of some promises, and the measures of these."""


def _kinds(indicator: Indicator) -> set[str]:
    """Return the measures that are promised of an indicator, its own among them."""
    return {indicator.kind, *(target.kind or indicator.kind for target in indicator.targets)}


def change_units(indicator: Indicator) -> tuple[str, ...]:
    """Return the units in which a change since the baseline may be reported (S4).

    That of a promise: its indicator's unit, 个百分点 for one in %, and % of the baseline where
    a promise is relative.

    Examples
    --------
    >>> import corridor_model as cm
    >>> change_units(cm.load_plan("china_14fyp").indicators["energy_intensity"])
    ('%',)
    """
    kinds = _kinds(indicator)
    plain = "个百分点" if indicator.unit == "%" else indicator.unit
    return (*([plain] if "change" in kinds else []), *(["%"] if "relative_change" in kinds else []))


def _name(indicator: Indicator) -> Name:
    return Name(f"“{indicator.name_zh}”", repr(indicator.id))


def basis_of(indicator: Indicator, measure: str, period: Period, basis: str | None) -> str:
    """Return the basis of a figure: ``year``, ``ytd`` (累计), ``month`` (当期) or ``end``.

    Raises
    ------
    CellError
        If basis and period contradict each other, or the basis must be said.
    """
    whole = period.kind == "year"
    if measure == "done":
        return "year" if whole else "end"
    runs = measure in {"addition", "growth"} or is_flow(indicator)
    if measure in _PROMISED_AS:
        return "year" if whole else "end"  # since the start, up to the end of the period
    if not runs:
        if whole:
            return "year"
        return basis if basis in {"ytd", "month"} and indicator.nature == "ratio" else "end"
    if basis == "end":
        raise CellError(
            N_("{indicator} is a flow: it has no value at a moment."),
            N_("Use basis ytd (since January), month (of the period), or leave it empty."),
            indicator=_name(indicator),
        )
    if (basis == "year" and period.month < 12) or (basis == "month" and whole):
        raise CellError(
            N_("basis {basis!r} contradicts the period {period}."),
            N_("Correct one of the two."),
            basis=basis,
            period=period,
        )
    if whole:
        return "year"
    if basis == "year":
        return "ytd"
    if basis is None and period.month == 12 and period.length == 6 and measure != "addition":
        raise CellError(
            N_("{period} may be the whole year or the second half by itself."),
            N_("Write {year} for the whole year, or measure=addition for the half alone."),
            period=period,
            year=period.year,
        )
    if basis is None:
        return "month" if measure == "addition" else "ytd"
    return basis


def spell_out(
    table: Table, indicators: Mapping[str, Indicator], origin: str = "published"
) -> tuple[Table, list[Problem]]:
    """Return observations with period, measure, basis and origin in full, and what is wrong.

    Rows that make no sense are left out of the table.
    """
    columns: dict[str, list[Value]] = {name: list(values) for name, values in table.columns.items()}
    problems: list[Problem] = []
    sound: list[int] = []
    for row, (name, text) in enumerate(zip(table["indicator"], table["period"], strict=True)):
        column = "period"
        try:
            if name not in indicators or text is None or columns["value"][row] is None:
                continue
            period = period_of(text)
            column = "measure"
            measure = measure_of(indicators[name], columns["measure"][row])
            column = "basis"
            basis = basis_of(indicators[name], measure, period, columns["basis"][row])
            column = "unit"
            if measure == "change":
                value, unit = columns["value"][row], columns["unit"][row] or ""
                columns["value"][row], columns["unit"][row] = _change(value, unit, indicators[name])
        except CellError as error:
            problems.append(table.at(row, column, error))
            continue
        columns["period"][row], columns["measure"][row] = str(period), measure
        columns["basis"][row], columns["origin"][row] = basis, columns["origin"][row] or origin
        sound.append(row)
    whole = replace(table, columns={name: tuple(values) for name, values in columns.items()})
    return (whole if len(sound) == len(table) else whole.select(sound)), problems


# Figures brought to the unit of their indicator.


def settle_units(table: Table, indicators: Mapping[str, Indicator]) -> tuple[Table, list[Problem]]:
    """Return observations in the units of their indicators, and what does not convert (S9).

    Growth is in percent. A level of something that has a growth target keeps its own unit.
    """
    values: list[Value] = list(table["value"])
    printed: list[Value] = list(table["unit"])
    problems: list[Problem] = []
    for row, (name, measure) in enumerate(zip(table["indicator"], table["measure"], strict=True)):
        indicator = indicators.get(name)
        if indicator is None or values[row] is None:
            continue
        unit = printed[row] or ""
        if measure == "change":
            try:
                values[row], printed[row] = _change(values[row], unit, indicator)
            except CellError as error:
                problems.append(table.at(row, "unit" if not unit else "value", error))
            continue
        rate = measure in {"growth", "average_growth"}
        if rate or (measure is None and indicator.kind == "growth"):
            problem = _growth_unit(table, row, unit, indicator)
            printed[row] = "%"
            if problem is not None:
                problems.append(problem)
            continue
        if indicator.kind == "milestone":
            printed[row] = None
            continue
        if indicator.kind == "growth":
            if unit in {"", "%"}:
                problems.append(_level_needs_unit(table, row, indicator))
            continue
        try:
            values[row] = in_unit(values[row], unit, indicator.unit)
            printed[row] = indicator.unit or None
        except units.UnitError:
            problems.append(unit_mismatch(table, row, "value", unit, indicator.unit))
    columns = {**table.columns, "value": tuple(values), "unit": tuple(printed)}
    return replace(table, columns=columns), problems


def in_unit(value: float, unit: str, into: str) -> float:
    """Return a value in another unit, divided where that is exact: 37010万元 is 3.701亿元.

    Raises
    ------
    UnitError
        If the two do not convert.
    """
    if not unit or unit == into:
        return value
    return units.convert(value, unit, into)


def _growth_unit(table: Table, row: int, unit: str, indicator: Indicator) -> Problem | None:
    """Return the mistake of a growth not in percent, or of a share that grows in percent."""
    # where a change in percent is promised, % is the unit of the change and not of the level
    if indicator.unit == "%" and indicator.kind not in {"growth", "relative_change"}:
        in_points = unit in POINTS
        return table.problem(
            row,
            "value",
            N_("{indicator} is in %; its change is in percentage points, not a growth.")
            if in_points
            else N_("{indicator} is in %; it changes by percentage points (个百分点), not by %."),
            N_("Give its value (level).")
            if in_points
            else N_("Give its value (level) instead of a growth."),
            indicator=_name(indicator),
        )
    if unit not in {"", "%", "％"}:
        return unit_mismatch(table, row, "value", unit, "%")
    return None


def _change(value: float, unit: str, indicator: Indicator) -> tuple[float, str | None]:
    """Return a change in the unit of its promise.

    Raises
    ------
    CellError
        If the unit must be said, or is that of no promise.
    """
    wanted = change_units(indicator)
    if not unit and len(wanted) == 1:
        return value, wanted[0] or None
    if not unit:
        raise CellError(
            N_("the change of {indicator} may be in {units}."),
            N_("Give its unit."),
            indicator=_name(indicator),
            units=Listing(wanted),
        )
    if unit in POINTS:
        unit = "个百分点"
    elif unit == "%" and indicator.unit == "%" and "%" not in wanted:
        unit = "个百分点"  # of a share the two are one where nothing relative is promised
    for own in wanted:
        if unit == own:
            return value, own
        try:
            if own not in {"%", "个百分点"}:
                return in_unit(value, unit, own), own
        except units.UnitError:
            continue
    into = wanted[0] if wanted else ""
    raise CellError(
        N_("unit {unit!r} does not convert into {into!r}."),
        N_("Give the value in {into}.") if into else N_("No unit belongs here."),
        unit=unit,
        into=into,
    )


def _level_needs_unit(table: Table, row: int, indicator: Indicator) -> Problem:
    return table.problem(
        row,
        "unit",
        N_("the level behind {indicator} has no unit."),
        N_("Give its unit, such as 亿元; if it is a growth, use measure growth."),
        indicator=_name(indicator),
    )


# Series (S10).

NO_SERIES = "口径未注明 / series not named"
"""Series of a figure that differs from one whose series is known, and names none itself."""


def with_series(
    table: Table, known: Table, indicators: Mapping[str, Indicator]
) -> tuple[Table, dict[int, tuple[float, str]]]:
    """Return figures with the series they keep, and those that must be asked for theirs (S10).

    A figure that repeats another one keeps its series, and so does one that names it by half:
    普查后 of «普查后 / after the census». A baseline counts as a figure.

    Parameters
    ----------
    table, known : Table
        Observations written out, in the units of their indicators; ``known`` may hold
        ``table``.
    indicators : mapping of str to Indicator
        Of the plan.

    Returns
    -------
    Table
        The figures of ``table``.
    dict of int to (float, str)
        By row what is known of the same time, and its series, where the row names none and
        its value is another.
    """
    if not any(known["series"]) and not any(
        baseline.series for indicator in indicators.values() for baseline in indicator.baselines
    ):
        return table, {}
    by_time: dict[tuple[Value, ...], list[tuple[float, str]]] = {}
    names: dict[tuple[str, str], str] = {}
    for indicator in indicators.values():
        for start in indicator.baselines:
            if start.series:
                time = (indicator.id, "level", (start.year, 12))
                by_time.setdefault(time, []).append((start.value, start.series))
                names |= dict.fromkeys(_spellings(indicator.id, start.series), start.series)
    for time, value, series in _times(known):
        if series:
            by_time.setdefault(time, []).append((value, series))
            for spelling in _spellings(time[0], series):
                names.setdefault(spelling, series)
    column: list[Value] = list(table["series"])
    asked: dict[int, tuple[float, str]] = {}
    for row, (time, value, series) in enumerate(_times(table)):
        if series:
            column[row] = names.get((time[0], _spelling(series)), series)
        elif others := by_time.get(time):
            alike = (s for v, s in others if math.isclose(v, value, rel_tol=_ROUNDING))
            column[row] = next(alike, None)
            if column[row] is None:
                asked[row] = others[-1]
    return replace(table, columns={**table.columns, "series": tuple(column)}), asked


_ROUNDING = 1e-9
"""What 4677000万元 and 467.7亿元 may differ by."""


def _times(table: Table) -> Iterator[tuple[tuple[Any, ...], float, str | None]]:
    """Yield of each figure what it is of and when it ends, its value and its series."""
    names = ("indicator", "measure", "basis", "period", "value", "series")
    for name, measure, basis, text, value, series in zip(
        *map(table.__getitem__, names), strict=True
    ):
        period = period_of(text)
        # a third quarter by itself is not the months up to September
        span = text if basis == "month" else (period.year, period.month)
        yield (name, measure, span), value, series


def _spellings(indicator: str, series: str) -> list[tuple[str, str]]:
    """Return the names of a series: both halves of «中文 / English», and the whole."""
    return [(indicator, _spelling(name)) for name in (*series.split(" / "), series)]


def _spelling(series: str) -> str:
    return "".join(series.split()).casefold()


# What a report says of a work in words (形象进度).

_FINISHED = re.compile(
    r"(?:项目|工程|道路|全线|全面|全部|整体|已经?|均|于|在|[0-9年月日上中下旬底初末])*"
    r"(?:竣工|完工|通车|建成|投入使用|交付使用|投用)"
)
"""The work as a whole, from the first word on: 半幅通车 or 桥梁完工 is a part of it."""
_FINISH_WORD = re.compile(r"竣工|完工|通车|建成|投入使用|交付使用|投用")
_MONTH = re.compile(r"(?:(\d{4})年)?(1[0-2]|[1-9])月")
_NOT_YET = re.compile(r"预计|计划|力争|确保|尚未|即将|未")
_PAUSED = re.compile(r"暂缓|停工|暂停|缓建|暂未启动")


def is_finished(milestone: str | None) -> bool:
    """Return whether a 形象进度 says that a work is finished.

    Examples
    --------
    >>> is_finished("已于6月底竣工"), is_finished("预计12月底竣工"), is_finished("半幅通车")
    (True, False, False)
    """
    text = milestone or ""
    return bool(_FINISHED.match(text.strip())) and not _NOT_YET.search(text)


def is_unfinished(milestone: str | None) -> bool:
    """Return whether a 形象进度 says that a work is not finished yet.

    Examples
    --------
    >>> is_unfinished("尚未通车"), is_unfinished("办理竣工验收"), is_unfinished("路基施工")
    (True, False, False)
    """
    text = milestone or ""
    return bool(_FINISH_WORD.search(text) and _NOT_YET.search(text))


def finish_moment(milestone: str, reported: int) -> int:
    """Return when a work was finished: the month that its 形象进度 names, or that of the report.

    Parameters
    ----------
    milestone : str
        Of a work that is finished.
    reported : int
        Moment at which the month of the report is over.

    Examples
    --------
    >>> from corridor_model.periods import month_end
    >>> finish_moment("已于6月底竣工", month_end(2021, 9)) == month_end(2021, 6)
    True
    >>> finish_moment("全线通车", month_end(2021, 9)) == month_end(2021, 9)
    True
    """
    finished = _FINISHED.match(milestone.strip())
    months = _MONTH.findall(finished.group() if finished else "")
    if not months:
        return reported
    year, month = months[-1]
    named = month_end(int(year) if year else year_before(reported), int(month))
    # «12月竣工» in a report of March speaks of last year
    return named if named <= reported else reported if year else named - MONTHS


def is_paused(*texts: str | None) -> bool:
    """Return whether a report says that a work rests.

    Examples
    --------
    >>> is_paused("路基施工", "因征地停工"), is_paused(None, "")
    (True, False)
    """
    return any(_PAUSED.search(text or "") for text in texts)
