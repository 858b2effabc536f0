"""A plan's tables brought together: names to ids, numbers to units, every check at once.

The text may come from files (`load`) or from a person's own frames (`frames`); what is asked
of it is the same.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from corridor_model import units
from corridor_model.arguments import single
from corridor_model.errors import CellError, CorridorError, CorridorWarning, PlanError, Problem
from corridor_model.formatting import excerpt, short
from corridor_model.messages import N_, context, message
from corridor_model.plan import validation
from corridor_model.plan.measures import measures
from corridor_model.plan.validation import effect_with_unit
from corridor_model.tabular.cells import MISSING, Quantity, parse_year
from corridor_model.tabular.frames import (
    RowLabel,
    Tabular,
    columns_of,
    frame_of,
    plain,
    read_frame,
    with_defaults,
)
from corridor_model.tabular.headers import column_of, split_header
from corridor_model.tabular.parse import parse_table, unit_mismatch
from corridor_model.tabular.readers import RawTable
from corridor_model.tabular.schema import (
    TABLES,
    TITLES_ZH,
    doubled_table,
    missing_table,
    table_named,
    unknown_table,
)
from corridor_model.tabular.table import Table, Value, empty

if TYPE_CHECKING:
    import pandas as pd


def assemble(
    raw: Mapping[str, RawTable | None],
    added: Iterable[tuple[str, RawTable, str]] = (),
    problems: list[Problem] | None = None,
    beside: Mapping[str, Table] | None = None,
) -> dict[str, Table]:
    """Parse, settle and check everything; raise once with all that is wrong.

    Parameters
    ----------
    raw : mapping of str to RawTable or None
        Tables as text; None for one that cannot be read.
    added : iterable of (str, RawTable, str)
        Tables whose rows are merged over those of the same name, and their origin.
    problems : list of Problem, optional
        What is wrong so far.
    beside : mapping of str to Table, optional
        Tables of an earlier plan, for those that are not among ``raw``.

    Raises
    ------
    PlanError
        With every mistake.
    """
    problems = [] if problems is None else problems
    tables = _parse(raw, problems, beside or {})
    # A missing table or column would make every later check speak of its absence only.
    whole = None not in raw.values() and not any(problem.row is None for problem in problems)
    names = Names(tables)
    for name, table in tables.items():
        tables[name], unsettled = _settle(table, names, tables["indicators"])
        problems.extend(unsettled)
    if whole:
        problems.extend(_in_other_cells(validation.check(tables), problems))
    result = dict(tables)
    starts = [tables["baselines"]]
    for name, text, origin in added:
        stamped = _with_origin(text, origin) if "origin" in TABLES[name].names else text
        table, mistakes = parse_table(stamped, name)
        if not any(problem.row is None for problem in mistakes):
            table, unsettled = _settle(table, names, tables["indicators"])
            mistakes += unsettled
            checks = validation.check_table(table, {**tables, name: table})
            mistakes += _in_other_cells(checks, mistakes)
            if name == "baselines":
                starts.append(table)
        problems.extend(sorted(dict.fromkeys(mistakes), key=lambda problem: problem.row or 0))
        result[name] = result[name].merge(table)
    if problems:
        raise PlanError(dict.fromkeys(problems))
    every = [*raw.values(), *(text for _, text, _ in added)]
    for note in chain.from_iterable(text.notes for text in every if text is not None):
        warnings.warn(CorridorWarning(note), stacklevel=3)
    for table in starts:  # only now: a file with mistakes gets its mistakes and no more
        warn_of_slips(table, tables)
    return result


def _parse(
    raw: Mapping[str, RawTable | None], problems: list[Problem], beside: Mapping[str, Table]
) -> dict[str, Table]:
    """Return every table of a plan, typed; what is wrong is added to the problems."""
    tables: dict[str, Table] = {}
    for name, schema in TABLES.items():
        text = raw.get(name)
        tables[name] = beside.get(name, empty(name))
        if text is not None:
            tables[name], unreadable_cells = parse_table(text, name)
            problems.extend(unreadable_cells)
        elif schema.required and name not in raw and name not in beside:
            problems.append(missing_table(name))
        if text is not None and schema.required and not text.rows:
            problems.append(_without_rows(text))
    return tables


def _in_other_cells(problems: Iterable[Problem], earlier: Iterable[Problem]) -> list[Problem]:
    """Return problems of cells in which none was reported earlier."""
    cells = {(problem.file, problem.row, problem.column) for problem in earlier}
    return [p for p in problems if (p.file, p.row, p.column) not in cells]


def _without_rows(text: RawTable) -> Problem:
    return Problem(
        message("has a header and no rows."), message("Fill in at least one row."), text.file
    )


def _settle(table: Table, names: Names, indicators: Table) -> tuple[Table, list[Problem]]:
    return values_to_units(names.to_ids(table), indicators)


def filled_in(text: RawTable) -> RawTable:
    """Return a form's rows that have a value: what nobody filled in stays unknown (S6).

    Raises
    ------
    PlanError
        If there is none.
    """
    titles = [column_of(split_header(title)[0], TABLES["baselines"].names) for title in text.header]
    if "value" not in titles:
        return text  # the missing column is reported with the rest
    at = titles.index("value")
    keep = [
        i for i, row in enumerate(text.rows) if at < len(row) and row[at].strip() not in MISSING
    ]
    if not keep:
        what = message("has no value filled in.")
        remedy = message("Fill in the value of at least one row.")
        raise PlanError([Problem(what, remedy, text.file, None, "value")])
    return replace(text, rows=[text.rows[i] for i in keep], lines=[text.lines[i] for i in keep])


def _with_origin(text: RawTable, origin: str) -> RawTable:
    """Stamp the origin on every row of a file that has no say in it (S5)."""
    keep = [
        i
        for i, title in enumerate(text.header)
        if title.strip().lower() not in {"origin", TITLES_ZH["origin"]}
    ]
    width = len(text.header)
    rows = [
        [*(row[i] if i < len(row) else "" for i in keep), origin, *row[width:]] for row in text.rows
    ]
    places = {old: new for new, old in enumerate(keep)}
    units = {places[i]: unit for i, unit in text.units.items() if i in places}
    return replace(text, header=(*(text.header[i] for i in keep), "origin"), rows=rows, units=units)


# Plans of Python: tables as DataFrames, rows or columns by name.


def raw_tables(
    frames: Mapping[str, Tabular], whole: bool = True
) -> tuple[dict[str, RawTable | None], list[Problem]]:
    """Return a person's own tables as text, and what is wrong with their names.

    Parameters
    ----------
    frames : mapping of str to DataFrame, mapping or sequence of mappings
        By table, in English or Chinese.
    whole : bool, default True
        Whether they are a plan by themselves: what is missing in ``about`` then follows from
        the years of the others, where these leave one reading.

    Raises
    ------
    CorridorError
        For what is no table.
    """
    if not isinstance(frames, Mapping):
        raise CorridorError(
            N_("The tables of a plan are a mapping of names to DataFrames, not {value}."),
            value=short(frames),
        )
    raw: dict[str, RawTable | None] = {}
    problems: list[Problem] = []
    for title, value in frames.items():
        name = table_named(str(title))
        if name not in TABLES:
            problems.append(unknown_table(excerpt(str(title)), name))
        elif name in raw:
            problems.append(doubled_table(excerpt(str(title)), name))
        else:
            raw[name] = with_defaults(read_frame(frame_of(value, name), name), name)
    if whole:
        _about(raw)
        lacking = [name for name, schema in TABLES.items() if schema.required and name not in raw]
        for name in lacking:
            raw[name] = None
            what = message("the table {name} is missing.", name=name)
            problems.append(Problem(what, message("Add it to the tables."), name))
    return raw, problems


def _about(raw: dict[str, RawTable | None]) -> None:
    """Fill in what the table ``about`` leaves out, as far as the years of the others say it."""
    text = raw.get("about") or RawTable("DataFrame[about]", (), [[]], [RowLabel(2, 0)])
    titles = columns_of(text.header, "about")
    bases, dues = (_years_of(raw.get(name)) for name in ("baselines", "targets"))
    filled = {"id": "plan", "name_zh": "plan"}
    if "id" in titles and text.rows:
        filled["name_zh"] = text.rows[0][titles.index("id")]
    if len(bases) == 1:
        filled["first_year"] = str(next(iter(bases)) + 1)
    if dues:
        filled["last_year"] = str(max(dues))
    filled = {name: cell for name, cell in filled.items() if name not in titles}
    rows = [[*row, *filled.values()] for row in text.rows]
    raw["about"] = replace(text, header=(*text.header, *filled), rows=rows)


def _years_of(text: RawTable | None) -> set[int]:
    """Return the years of a table, of those of its cells that are years."""
    titles = columns_of(text.header, text.file[10:-1]) if text is not None else []
    if text is None or "year" not in titles:
        return set()
    years: set[int] = set()
    for row in text.rows:
        with suppress(CellError):
            year = parse_year(row[titles.index("year")])
            years |= set() if year is None else {year}
    return years


def start_rows(values: Any, year: int | None, usual: int) -> pd.DataFrame:
    """Return starting values as rows of the table ``baselines``.

    Parameters
    ----------
    values : mapping, Series or DataFrame
        By indicator: a value, or values by year. A DataFrame is a table of its own.
    year : int, optional
        The year of values that are not by year.
    usual : int
        The year that a plan's starting values have as a rule, for a message.

    Raises
    ------
    CorridorError
        If a value has no year.
    """
    import pandas as pd

    single(year=year)
    if isinstance(year, (list, tuple, range)) or callable(year):
        raise CorridorError(N_("year is one calendar year, not {value}."), value=short(year))
    if isinstance(values, pd.DataFrame):
        if year is None or "year" in columns_of(values.columns, "baselines"):
            return values
        return values.assign(year=year)
    if isinstance(values, pd.Series):
        if values.index.nlevels > 1:
            values = {one: dict(values.xs(one)) for one in values.index.unique(0)}
        values = dict(values)
    if not isinstance(values, Mapping):
        raise CorridorError(
            N_("Baselines are values by indicator, a Series or a DataFrame, not {value}."),
            value=short(values),
        )
    rows: list[dict[str, object]] = []
    for indicator, value in values.items():
        own = value if isinstance(value, (Mapping, pd.Series)) else {year: value}
        for when, number in own.items():
            if when is None:
                raise CorridorError(
                    N_("{indicator}: a baseline needs its year. Give it, such as year={year}."),
                    indicator=str(indicator),
                    year=usual,
                )
            if plain(number) is None:
                raise CorridorError(
                    N_(
                        "{indicator}: the baseline of {year} is {value}. Leave out what is not "
                        "known."
                    ),
                    indicator=str(indicator),
                    year=when,
                    value=number,
                )
            rows.append({"indicator": indicator, "year": when, "value": number})
    return pd.DataFrame(rows, index=[row["indicator"] for row in rows])


# Bring a plan's tables together: names to ids, numbers to their indicator's unit.

SLIP = (3e3, 3e5)
"""Between these factors two figures of one indicator look like a slip of 10^4 (or 10^5)."""


_PERCENT = measures(percent=True)

NAMED = {"effects": ("projects",), "uncertainties": ("indicators", "projects")}
"""Tables whose ``target`` may be one of several things: where their names are looked up."""


class Names:
    """Ids of a plan's indicators and works, and what else they are called."""

    def __init__(self, tables: Mapping[str, Table]):
        self._tables = {one: tables[one] for one in ("indicators", "projects") if one in tables}
        self._known = {one: frozenset(table["id"]) for one, table in self._tables.items()}
        self._ids: dict[str, dict[str, str]] = {}

    def to_ids(self, table: Table) -> Table:
        """Replace Chinese or English names by ids; unknown ones are left."""
        settled: dict[str, tuple[Value, ...]] = {}
        for column in table.schema.columns if len(table) else ():
            meant = NAMED.get(table.schema.name, ()) if column.name == "target" else ()
            linked, _, key = column.links.partition(".")
            meant = (linked,) if key == "id" else meant
            meant = tuple(one for one in meant if one in self._known)
            if not meant:
                continue
            values = table[column.name]
            is_list = column.type == "list"
            parts = chain(*values) if is_list else values
            if all(any(part in self._known[one] for one in meant) for part in parts):
                continue
            ids: dict[str, str] = {}
            for one in reversed(meant):
                ids |= self._called(one)
            settled[column.name] = tuple(
                tuple(ids.get(part, part) for part in each) if is_list else ids.get(each, each)
                for each in values
            )
        return replace(table, columns={**table.columns, **settled}) if settled else table

    def _called(self, one: str) -> dict[str, str]:
        if one not in self._ids:
            self._ids[one] = _ids_by_name(self._tables[one])
        return self._ids[one]


def _ids_by_name(known: Table) -> dict[str, str]:
    """Return ids by name, only for names that mean one thing."""
    ids: dict[str, str] = {}
    doubled: set[str] = set()
    for column in ("name_zh", "name_en"):
        for name, identifier in zip(known[column], known["id"], strict=True):
            if name and ids.setdefault(name, identifier) != identifier:
                doubled.add(name)
    for name in doubled:
        del ids[name]
    return ids | {identifier: identifier for identifier in known["id"] if identifier}


def values_to_units(table: Table, indicators: Table) -> tuple[Table, list[Problem]]:
    """Convert a table's ``value`` to the unit of each row's indicator.

    The table's own ``unit`` column, or the unit that stood beside a number, says what it is
    in; an empty one means the indicator's unit.
    """
    if "value" not in table.columns or "indicator" not in table.columns:
        return _leftover_units(table)
    named = [name for name in ("value", "tolerance", "margin") if name in table.columns]
    has_units = "unit" in table.columns
    if not has_units and Quantity not in {type(cell) for name in named for cell in table[name]}:
        return table, []
    own_units = dict(zip(indicators["id"], indicators["unit"], strict=True))
    kinds = dict(zip(indicators["id"], indicators["kind"], strict=True))
    columns = dict(table.columns)
    problems: list[Problem] = []
    for name in named:
        values: list[Value] = list(table[name])
        printed: list[Value] = list(table["unit"]) if has_units else [None] * len(values)
        for row, (indicator, value) in enumerate(zip(table["indicator"], values, strict=True)):
            unit = printed[row]
            if isinstance(value, Quantity):
                values[row], unit = value.value, value.unit
            if indicator not in own_units or value is None:
                continue
            into = own_units[indicator] or ""
            change = "measure" in table.columns and table["measure"][row] == "change"
            if not unit and change:
                continue  # in points or relative: its promises tell
            if not unit or unit == into:
                printed[row] = into or None
                continue
            if _in_percent(table, row, unit) or _behind_growth(table, row, kinds[indicator]):
                continue
            try:
                values[row] = units.convert(values[row], unit, into)
                printed[row] = into or None
            except units.UnitError:
                column = "unit" if has_units else name
                problems.append(unit_mismatch(table, row, column, unit, into))
        columns[name] = tuple(values)
        if has_units:
            columns["unit"] = tuple(printed)
    return replace(table, columns=columns), problems


def _in_percent(table: Table, row: int, unit: str) -> bool:
    """Growth and relative changes are in percent whatever their indicator's unit."""
    if "measure" in table.columns and table["measure"][row] in {"growth", "average_growth"}:
        return True
    if "measure" in table.columns and table["measure"][row] == "change":
        known = units.scale(unit)  # of a share in points, relative in percent
        return known is not None and known.dimension in {"share", "percentage points"}
    return "sense" in table.columns and unit == "%" and table["kind"][row] in _PERCENT


def _behind_growth(table: Table, row: int, kind: Value) -> bool:
    """Whether a figure is the level behind a growth target, which keeps its own unit."""
    return kind == "growth" and "measure" in table.columns and table["measure"][row] == "level"


def _leftover_units(table: Table) -> tuple[Table, list[Problem]]:
    """Return the table without the numbers that have a unit where none belongs, and those."""
    columns, problems = dict(table.columns), []
    for column in table.schema.columns:
        if column.type != "number" or Quantity not in set(map(type, table[column.name])):
            continue
        values = list(table[column.name])
        for row, value in enumerate(values):
            if not isinstance(value, Quantity):
                continue
            values[row] = None  # unknown, so that no later check takes it for a number
            mistake = None
            if table.schema.name == "effects":
                mistake = effect_with_unit(column.name, value)
            problems.append(
                table.problem(row, column.name, *mistake)
                if mistake
                else unit_mismatch(table, row, column.name, value.unit, "")
            )
        columns[column.name] = tuple(values)
    return replace(table, columns=columns), problems


class CountStartWarning(CorridorWarning):
    """A count since the plan began was given a start other than 0 (S4)."""


def warn_of_slips(table: Table, tables: Mapping[str, Table]) -> None:
    """Warn where a baseline lies a factor of about 10,000, or 100, from its indicator's target."""
    if not len(table):
        return
    targets = dict(zip(tables["targets"]["indicator"], tables["targets"]["value"], strict=True))
    indicators = tables["indicators"]
    kinds = dict(zip(indicators["id"], indicators["kind"], strict=True))
    in_units = dict(zip(indicators["id"], indicators["unit"], strict=True))
    for row, (indicator, value) in enumerate(zip(table["indicator"], table["value"], strict=True)):
        target = targets.get(indicator)
        kind = kinds.get(indicator)
        if value and kind == "cumulative":
            count = table.problem(
                row,
                "value",
                N_("counts since the plan began start at 0; {value:g} is taken as already done."),
                N_("If it is the number there are in all, remove this row."),
                value=value,
            )
            warnings.warn(CountStartWarning(count), stacklevel=4)
        if kind not in {"level", "cumulative", "share", "ratio"} or not value or not target:
            continue
        if kind in {"share", "ratio"}:
            named = message("the start of {indicator}", indicator=indicator)
            slip = units.fraction_slip(value, [target], named, in_units.get(indicator) or "")
            if slip is not None:
                fraction = table.at(row, "value", slip)
                warnings.warn(units.UnitSlipWarning(fraction), stacklevel=4)
            continue
        times = max(abs(value / target), abs(target / value))
        if SLIP[0] < times < SLIP[1]:
            far = table.problem(
                row,
                "value",
                N_("{indicator} is {value:g} and its target {target:g}: a factor of {times:,.0f}."),
                context("baseline", "Was 万元 meant for 亿元, or 元 for 万元?"),
                indicator=indicator,
                value=value,
                target=target,
                times=times,
            )
            warnings.warn(units.UnitSlipWarning(far), stacklevel=4)
