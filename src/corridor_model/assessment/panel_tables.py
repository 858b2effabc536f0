"""The two tables of a panel, checked and put in order: targets of regions, and their figures.

A panel has hundreds of thousands of rows, so that they are read by column. All mistakes are
listed at once, and what is not used is counted with the reason why (S22).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, Union

import numpy as np

from corridor_model._typing import Array, Index, Integers, Mask
from corridor_model.codes import KINDS, SENSES
from corridor_model.errors import NOTHING, CorridorError, PlanError, Problem
from corridor_model.formatting import short
from corridor_model.messages import N_, Listing, Message, Worded, context, message, plural
from corridor_model.plan.measures import measures
from corridor_model.plan.validation import check_targets, level_mistake
from corridor_model.tabular.frames import year_of_date
from corridor_model.tabular.schema import SYNONYMS_ZH, TABLES, TITLES_ZH, likely, synonyms
from corridor_model.tabular.table import Table, empty

if TYPE_CHECKING:
    import pandas as pd

PanelTable: TypeAlias = Union["pd.DataFrame", str, Path]
"""A table of a panel: a DataFrame, or a CSV, Parquet or xlsx file."""

REQUIRED = {
    "targets": ("region", "indicator", "kind", "sense", "year"),
    "values": ("region", "indicator", "year", "value"),
}
"""Columns each table must have; a target may lack its ``value`` where another is its bound."""

_NUMBERS = ("value", "tolerance", "margin")
_YEARS = ("year", "base_year", "from_year")
_TEXTS = ("unit", "relative_to", "any_of")
_WORDS: dict[str, tuple[str, ...]] = {
    "kind": KINDS,
    "sense": SENSES,
    **{
        column.name: column.choices
        for name in ("indicators", "targets")
        for column in TABLES[name].columns
        if column.name in {"nature", "average_method", "tier", "role", "beyond"}
    },
}
"""Columns that take one of a few words."""

OPTIONAL = {
    "targets": (*_NUMBERS, *_YEARS[1:], *_TEXTS, *list(_WORDS)[2:], "month"),
    "values": ("series",),
}
"""Columns each table may have."""

_TITLES = {"region": (context("table", "region").text("zh"),)}


@dataclass(frozen=True)
class PanelRows:
    """One table as columns, and where each row stood.

    Attributes
    ----------
    name : str
        ``targets`` or ``values``.
    file : str
        What messages call it.
    columns : dict of str to sequence
        As they were read.
    labels : sequence of int
        The row of each in a sheet whose first line are the titles.
    unused : tuple of str
        Columns that mean nothing here.
    """

    name: str
    file: str
    columns: dict[str, Any]
    labels: Sequence[int]
    unused: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class PanelTargets:
    """Targets of all regions, in the order of regions and indicators.

    Attributes
    ----------
    regions, indicators : list of str
        In the order in which they come first.
    region, indicator : ndarray of int, shape (rows,)
        Positions in them; rows are sorted by region, of one region as in the table.
    columns : dict of str to list
        Every other column, None where it is empty.
    """

    regions: list[Any]
    indicators: list[str]
    region: Integers
    indicator: Integers
    columns: dict[str, list[Any]]

    def __len__(self) -> int:
        return len(self.region)


@dataclass(frozen=True)
class PanelValues:
    """Figures that some target asks for, sorted by region, indicator and year.

    Attributes
    ----------
    region, indicator, year : ndarray of int, shape (rows,)
        Positions as of `PanelTargets`; calendar years.
    value : ndarray of float, shape (rows,)
    series : list of str or None, or None
        Vintage of each figure (S10), where the table has that column.
    unused : dict of str to int
        How many figures were not used, by reason.
    examples : dict of str to list of str
        Some of them.
    """

    region: Integers
    indicator: Integers
    year: Integers
    value: Array
    series: list[str | None] | None
    unused: dict[str, int] = field(default_factory=dict)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.value)


# A table as columns, whatever it comes from.


def read_panel_table(source: PanelTable, name: str) -> PanelRows:
    """Return a DataFrame or a file as columns under their own names.

    Raises
    ------
    CorridorError
        If it is no table, or lacks a column.
    """
    if isinstance(source, (str, Path)):
        header, columns, labels, file = _of_file(Path(source), name)
    elif hasattr(source, "columns") and hasattr(source, "iloc"):
        header = [str(title) for title in source.columns]
        columns = [source.iloc[:, place] for place in range(len(header))]
        # as a sheet with one line of titles would count them
        labels, file = range(2, len(source) + 2), name
    else:
        raise CorridorError(
            N_("{table}: {value} cannot be read. Give a DataFrame, or a CSV or xlsx file."),
            table=name,
            value=short(source),
        )
    named: dict[str, Any] = {}
    unused: list[str] = []
    problems: list[Problem] = []
    known = (*REQUIRED[name], *OPTIONAL[name])
    for title, column in zip(header, columns, strict=True):
        meant = _column_named(title, known)
        if meant is None:
            unused.append(title)
        elif meant in named:
            what = message("the column {name} stands twice.", name=meant)
            problems.append(Problem(what, message("Keep one of the two."), file, None, title))
        else:
            named[meant] = column
    for lacking in REQUIRED[name]:
        if lacking not in named:
            what = message("the column {name} is missing.", name=lacking)
            remedy = likely(
                lacking, unused, message("A panel needs {names}.", names=Listing(known))
            )
            problems.append(Problem(what, remedy, file))
    if problems:
        raise PlanError(problems)
    return PanelRows(name, file, named, labels, tuple(unused))


def _column_named(title: str, known: Iterable[str]) -> str | None:
    """Return the column that a title means, in English or Chinese."""
    word = title.strip()
    for name in known:
        titles = _TITLES.get(name, (TITLES_ZH.get(name, name), *SYNONYMS_ZH.get(name, ())))
        if word.lower() == name or word in titles:
            return name
    return None


def _of_file(path: Path, name: str) -> tuple[list[str], list[Any], Sequence[Any], str]:
    """Return header, columns, row numbers and name of a file."""
    if path.suffix.lower() == ".parquet":
        import pandas as pd

        from corridor_model.files import extra_package, unreadable

        extra_package("pyarrow")
        try:
            frame = pd.read_parquet(path)
        except (OSError, ValueError) as error:
            raise unreadable(path, error) from error
        columns = [frame.iloc[:, place] for place in range(frame.shape[1])]
        lines = range(2, len(frame) + 2)
        return [str(title) for title in frame.columns], columns, lines, path.name
    from corridor_model.tabular.readers import cells_at, read_csv

    if path.suffix.lower() in {".xlsx", ".xlsm", ".xls", ".et"}:
        from corridor_model.tabular.workbooks import read_first_sheet

        raw = read_first_sheet(path, "targets" if name == "targets" else "observations")
    else:
        raw = read_csv(path)
    header = list(raw.header)
    texts = [list(cells_at(raw.rows, place)) for place in range(len(header))]
    return header, texts, raw.lines, raw.file


# Cells by column: texts, words, years, numbers. What is wrong is said of its row.

Mistakes = list[Problem]


def _cells(rows: PanelRows, name: str) -> list[Any]:
    """Return a column as a list, None where it is empty; numbers stay numbers."""
    column = rows.columns.get(name)
    if column is None:
        return [None] * len(rows)
    cells = column if isinstance(column, list) else column.tolist()
    return [None if _is_empty(cell) else cell for cell in cells]


def _is_empty(cell: Any) -> bool:
    if cell is None or cell == "":
        return True
    if isinstance(cell, float):
        return math.isnan(cell)
    return type(cell).__name__ in {"NAType", "NaTType"} or (
        isinstance(cell, str) and not cell.strip()
    )


def _problem(
    rows: PanelRows, row: int, column: str, what: Worded, remedy: Worded = NOTHING
) -> Problem:
    return Problem(what, remedy, rows.file, rows.labels[row], column)


class Names(Sequence[str]):
    """Regions or indicators of rows: each name once, and which of them a row has.

    Attributes
    ----------
    listed : list of str
        In the order in which they come first.
    of : ndarray of int, shape (rows,)
        Positions in it.
    """

    def __init__(self, names: Sequence[str], of: Integers | None = None):
        # cells that differ in blanks alone are one name
        places: dict[str, int] = {}
        at = np.array([places.setdefault(name, len(places)) for name in names], dtype=np.int64)
        self.listed = list(places)
        self.of = at if of is None else at[of]

    def __len__(self) -> int:
        return len(self.of)

    def __getitem__(self, row: Any) -> Any:
        return self.listed[self.of[row]]

    def __iter__(self) -> Iterator[str]:
        return map(self.listed.__getitem__, self.of.tolist())


def _names(rows: PanelRows, name: str, problems: Mistakes) -> Names:
    """Return regions or indicators as texts; whole numbers are codes."""
    if (names := _plain_names(rows.columns[name])) is not None:
        return names
    out: list[str] = []
    for row, cell in enumerate(_column(rows, name)):
        text = _name_of(cell)
        if text is None:
            what, remedy = message("is required but empty."), message("Fill it in.")
            if not _is_empty(cell):
                what = message("{value} is no name and no code.", value=short(cell))
                remedy = message("Write codes as text or as whole numbers.")
            problems.append(_problem(rows, row, name, what, remedy))
        out.append(text or "")
    return Names(out)


def _plain_names(column: Any) -> Names | None:
    """Return the names of a column that holds nothing but names; otherwise None."""
    import pandas as pd

    if isinstance(column, list):
        column = np.array(column, dtype=object)
    if pd.api.types.infer_dtype(column, skipna=False) not in {"string", "integer", "categorical"}:
        return None  # to a table of hashes True is 1, and 1.0 too
    of, distinct = pd.factorize(column)
    names = [_name_of(cell) for cell in distinct.tolist()]
    if (of < 0).any() or None in names:
        return None
    return Names([str(name) for name in names], of.astype(np.int64))


def _name_of(cell: Any) -> str | None:
    if isinstance(cell, str):
        return cell.strip() or None
    if isinstance(cell, bool) or not hasattr(cell, "__index__"):
        return None
    try:
        return str(cell.__index__())
    except TypeError:  # numpy's own yes and no
        return None


def _column(rows: PanelRows, name: str) -> list[Any]:
    """Return a column that must be there as a list."""
    column = rows.columns[name]
    return column if isinstance(column, list) else list(column.tolist())


def _words(rows: PanelRows, name: str, problems: Mistakes) -> list[str | None]:
    """Return a column of words of a closed list, in English or Chinese."""
    if name not in rows.columns:
        return [None] * len(rows)
    choices = _WORDS[name]
    known = synonyms(choices)
    cells = _column(rows, name)
    if set(map(type, cells)) == {str}:  # few words, many rows
        plain = {cell: known.get(cell.strip().lower()) for cell in set(cells)}
        if None not in plain.values():
            return list(map(plain.__getitem__, cells))
    out: list[str | None] = []
    for row, cell in enumerate(_cells(rows, name)):
        word = None if cell is None else known.get(str(cell).strip().lower())
        if cell is not None and word is None:
            what = message(
                "{value} is not one of {choices}.", value=short(cell), choices=Listing(choices)
            )
            problems.append(_problem(rows, row, name, what, likely(str(cell), choices)))
        out.append(word)
    return out


def _texts(rows: PanelRows, name: str) -> list[str | None]:
    if name not in rows.columns:
        return [None] * len(rows)
    return [None if cell is None else str(cell).strip() for cell in _cells(rows, name)]


def _numbers(
    rows: PanelRows, name: str, problems: Mistakes, missing: str = "empty"
) -> tuple[Array, Mask]:
    """Return a column of finite numbers, and where it is empty.

    Parameters
    ----------
    rows : PanelRows
        The table.
    name : str
        The column.
    problems : list of Problem
        What is wrong is added.
    missing : {"empty", "error"}
        Whether an empty cell may be.
    """
    column = rows.columns.get(name)
    if column is None:
        return np.full(len(rows), np.nan), np.ones(len(rows), dtype=bool)
    kind = getattr(getattr(column, "dtype", None), "kind", "O")
    if kind in "iuf":
        values = np.asarray(column, dtype=np.float64)
        empty_ = np.isnan(values)
    else:
        values, empty_ = _parsed(rows, name, problems)
    for row in np.flatnonzero(np.isinf(values)).tolist():
        what = message("{value} is no finite number.", value=short(float(values[row])))
        problems.append(_problem(rows, row, name, what, message("Correct it.")))
    if missing == "error":
        wrong = {p.row for p in problems if p.column == name}
        for row in np.flatnonzero(empty_).tolist():
            if rows.labels[row] not in wrong:
                what = message("there is no number.")
                remedy = message('Leave the row out, or give missing="skip".')
                problems.append(_problem(rows, row, name, what, remedy))
    return values, empty_


def _parsed(rows: PanelRows, name: str, problems: Mistakes) -> tuple[Array, Mask]:
    """Return a column of mixed cells as numbers."""
    cells = _cells(rows, name)
    values = np.full(len(cells), np.nan)
    empty_ = np.zeros(len(cells), dtype=bool)
    for row, cell in enumerate(cells):
        if cell is None:
            empty_[row] = True
            continue
        # numpy's own yes and no is no bool, but says that it is one
        if not isinstance(cell, bool) and type(cell).__name__ != "bool":
            try:
                values[row] = float(cell)
                if not math.isnan(values[row]):
                    continue
            except (TypeError, ValueError):
                pass
        what = message("{value} is no number.", value=short(cell))
        problems.append(
            _problem(rows, row, name, what, message("Write digits alone, such as 12.5."))
        )
    return values, empty_


def _years(
    rows: PanelRows, name: str, problems: Mistakes, required: bool = False
) -> tuple[Integers, Mask]:
    """Return a column of whole years (or months), and where it is empty."""
    before = len(problems)
    column: Any = rows.columns.get(name)
    if getattr(getattr(column, "dtype", None), "kind", "") in {"M", "O"}:
        # dates, periods, cells of any kind
        rows = replace(rows, columns={**rows.columns, name: list(map(_year_cell, column))})
    values, empty_ = _numbers(rows, name, problems)
    wrong = {p.row for p in problems[before:]}
    low, high = (1, 12) if name == "month" else (1000, 3000)
    with np.errstate(invalid="ignore"):
        bad = ~empty_ & ((values != np.rint(values)) | (values < low) | (values > high))
    for row in np.flatnonzero(bad).tolist():
        if rows.labels[row] not in wrong and not math.isnan(values[row]):
            what = message("{value:g} is no calendar year.", value=values[row])
            if name == "month":
                what = message("there is no month {month:g}.", month=values[row])
            problems.append(_problem(rows, row, name, what, message("Write it as 2025.")))
    if required:
        for row in np.flatnonzero(empty_).tolist():
            what = message("is required but empty.")
            problems.append(_problem(rows, row, name, what, message("Fill it in.")))
    return np.where(empty_ | ~np.isfinite(values), 0, values).astype(np.int64), empty_


def _year_cell(cell: Any) -> Any:
    """Return the year of its first or last day, or of a Period of a calendar year (S23)."""
    if getattr(cell, "freqstr", "") in {"Y-DEC", "A-DEC", "YE-DEC"}:
        return cell.year
    return year_of_date(cell)


# The targets.


def panel_targets(rows: PanelRows, first_year: int | None) -> tuple[PanelTargets, int, bool]:
    """Return targets in order, the first year of the plan, and whether it was said.

    Raises
    ------
    PlanError
        With every mistake.
    """
    problems: Mistakes = []
    regions, indicators = (_names(rows, name, problems) for name in ("region", "indicator"))
    columns: dict[str, list[Any]] = {name: _words(rows, name, problems) for name in _WORDS}
    for row, kind in enumerate(columns["kind"] if None in columns["kind"] else ()):
        if kind is None and not any(p.row == rows.labels[row] for p in problems):
            what, remedy = message("is required but empty."), message("Fill it in.")
            problems.append(_problem(rows, row, "kind", what, remedy))
    columns |= {name: _texts(rows, name) for name in _TEXTS}
    for name in _NUMBERS:
        values, empty_ = _numbers(rows, name, problems)
        columns[name] = _or_none(values, empty_)
    for name in (*_YEARS, "month"):
        years, empty_ = _years(rows, name, problems)
        columns[name] = _or_none(years, empty_)
    if problems:
        raise PlanError(problems)
    bases = [year for year in columns["base_year"] if year is not None]
    is_stated = first_year is not None or bool(bases)
    first = first_year if first_year is not None else min(bases, default=-1) + 1
    if problems := _mistakes_of(rows, regions, indicators, columns, first or None):
        raise PlanError(problems)
    others = [other for other in columns["relative_to"] if other is not None]
    series = list(dict.fromkeys([*indicators.listed, *others]))
    order = np.argsort(regions.of, kind="stable")
    ordered = {name: _ordered(cells, order.tolist()) for name, cells in columns.items()}
    in_order = PanelTargets(
        regions.listed, series, regions.of[order], indicators.of[order], ordered
    )
    return in_order, first, is_stated


def _ordered(cells: list[Any], order: list[int]) -> list[Any]:
    return list(map(cells.__getitem__, order))


def _or_none(values: Array | Integers, empty_: Mask) -> list[Any]:
    if not empty_.any():
        return list(values.tolist())
    if empty_.all():
        return [None] * len(empty_)
    pairs = zip(values.tolist(), empty_.tolist(), strict=True)
    return [None if hole else value for value, hole in pairs]


def _mistakes_of(
    rows: PanelRows,
    regions: Names,
    indicators: Names,
    columns: Mapping[str, list[Any]],
    first_year: int | None,
) -> list[Problem]:
    """Return what cannot be promised, by the rules of a plan's own table of targets."""
    names = [f"{region} / {one}" for region, one in zip(regions, indicators, strict=True)]
    others = [
        None if other is None else f"{region} / {other}"
        for region, other in zip(regions, columns["relative_to"], strict=True)
    ]
    own = {**columns, "indicator": names, "relative_to": others}
    blank = {"places": ((),)}
    schema = TABLES["targets"]
    table = Table(
        schema,
        {name: tuple(own.get(name, blank.get(name, (None,)) * len(rows))) for name in schema.names},
        rows.file,
        rows.labels,
    )
    kinds = dict(zip(names, series_kinds(names, columns["kind"]), strict=True))
    known = {**empty("indicators").columns, "id": tuple(kinds), "kind": tuple(kinds.values())}
    tables = {
        "targets": table,
        "indicators": Table(TABLES["indicators"], known),
        "about": Table(TABLES["about"], {**empty("about").columns, "first_year": (first_year,)}),
    }
    return check_targets(table, tables)


def series_kinds(names: Sequence[Any], kinds: Sequence[Any]) -> list[str]:
    """Return the measure of each row's series: of several promised the first of `KINDS`.

    Examples
    --------
    >>> series_kinds(["gdp", "gdp", "jobs"], ["growth", "level", "cumulative"])
    ['level', 'level', 'cumulative']
    """
    first: dict[Any, str] = {}
    for name, kind in zip(names, kinds, strict=True):
        if name not in first or KINDS.index(kind) < KINDS.index(first[name]):
            first[name] = kind
    return [first[name] for name in names]


# The figures.

_EXAMPLES = 3


def panel_values(
    rows: PanelRows, targets: PanelTargets, last: Callable[[int], int], missing: str
) -> tuple[PanelValues, int]:
    """Return the figures that some target asks for, and the last year looked at.

    Parameters
    ----------
    rows : PanelRows
        The table.
    targets : PanelTargets
        What is asked for.
    last : callable
        From the last year with figures to the last year that counts.
    missing : {"error", "skip"}
        Whether an empty value is a mistake, or left out and counted.

    Raises
    ------
    PlanError
        With every mistake.
    """
    problems: Mistakes = []
    regions, indicators = (_names(rows, name, problems) for name in ("region", "indicator"))
    years, _ = _years(rows, "year", problems, required=True)
    values, empty_ = _numbers(rows, "value", problems, "error" if missing == "error" else "empty")
    series = _texts(rows, "series") if "series" in rows.columns else None
    if problems:
        raise PlanError(problems)
    at_indicator = {name: i for i, name in enumerate(targets.indicators)}
    region = _places(regions, {name: i for i, name in enumerate(targets.regions)})
    indicator = _places(indicators, at_indicator)
    count = len(targets.indicators)
    asked = np.zeros(len(targets.regions) * count, dtype=bool)
    asked[targets.region * count + targets.indicator] = True
    for row, other in enumerate(targets.columns["relative_to"]):
        if other is not None:
            asked[targets.region[row] * count + at_indicator[other]] = True
    key = region * count + indicator
    promised = (region >= 0) & (indicator >= 0)
    promised[promised] = asked[key[promised]]
    known = promised & ~empty_
    period = last(int(years[known].max()) if known.any() else 0)
    used = known & (years <= period)
    reasons = {"no_target": ~promised, "empty": promised & empty_, "after_as_of": known & ~used}
    order = np.flatnonzero(used)
    order = order[np.lexsort((years[order], key[order]))]
    order, repeated = _once(rows, order, key, years, values, series)
    unused = {name: int(where.sum()) for name, where in reasons.items() if where.any()}
    if repeated:
        unused["repeated"] = repeated
    examples = {
        name: [
            f"{regions[i]} / {indicators[i]} / {years[i]}"
            for i in np.flatnonzero(where)[:_EXAMPLES].tolist()
        ]
        for name, where in reasons.items()
        if where.any()
    }
    chosen = None if series is None else [series[i] for i in order.tolist()]
    out = PanelValues(
        *(region[order], indicator[order], years[order], values[order], chosen), unused, examples
    )
    if mistakes := _impossible(rows, order, targets, out):
        raise PlanError(mistakes)
    return out, period


def _places(names: Names, places: Mapping[str, int]) -> Integers:
    """Return where the name of each row stands among those that are asked for; -1 nowhere."""
    at = np.array([places.get(name, -1) for name in names.listed], dtype=np.int64)
    return at[names.of]


def _once(
    rows: PanelRows,
    order: Index,
    key: Integers,
    years: Integers,
    values: Array,
    series: Sequence[str | None] | None,
) -> tuple[Index, int]:
    """Return sorted rows without those that repeat another, and how many those are.

    Raises
    ------
    PlanError
        Where two rows say different things of one figure.
    """
    same = (key[order][1:] == key[order][:-1]) & (years[order][1:] == years[order][:-1])
    problems: Mistakes = []
    for place in np.flatnonzero(same).tolist():
        before, after = sorted((int(order[place]), int(order[place + 1])))
        if values[before] != values[after] or (series and series[before] != series[after]):
            what = message(
                "says {value:g} where row {row} says {other:g} of the same year.",
                value=values[after],
                row=rows.labels[before],
                other=values[before],
            )
            remedy = message("Keep one of the two rows.")
            problems.append(_problem(rows, after, "value", what, remedy))
    if problems:
        raise PlanError(problems)
    return order[np.concatenate([[True], ~same])] if len(order) else order, int(same.sum())


_CHECKED = measures(bounded=True) | {"growth", "milestone"}
_SIGNED = frozenset({"level", "cumulative", "annual"})


def _impossible(
    rows: PanelRows, order: Index, targets: PanelTargets, values: PanelValues
) -> list[Problem]:
    """Return figures that their measure cannot have."""
    count = len(targets.indicators)
    keys = targets.region * count + targets.indicator
    kinds = dict(
        zip(keys.tolist(), series_kinds(keys.tolist(), targets.columns["kind"]), strict=True)
    )
    place = {kind: i for i, kind in enumerate(KINDS)}
    of_key = np.full(len(targets.regions) * count, -1)
    of_key[list(kinds)] = [place[kind] for kind in kinds.values()]
    of_value = values.region * count + values.indicator
    of = of_key[of_value]
    units, natures = (
        dict(zip(keys.tolist(), targets.columns[name], strict=True)) for name in ("unit", "nature")
    )
    problems: Mistakes = []
    for kind in sorted(_CHECKED | _SIGNED | {"rank"}):
        mine = of == place[kind]
        if not mine.any():
            continue
        figures = values.value
        if kind == "growth":
            wrong = mine & (figures < -100)
        elif kind == "milestone":
            wrong = mine & (figures != 0) & (figures != 1)
        elif kind == "rank":
            wrong = mine & ((figures < 1) | (figures != np.floor(figures)))
        elif kind in _SIGNED:
            wrong = mine & (figures < 0)
        else:
            wrong = mine & ((figures < 0) | (figures > 100))
        for at in np.flatnonzero(wrong).tolist():
            key, value = int(of_value[at]), float(figures[at])
            mistake = level_mistake(kind, value, units[key], natures[key])
            if mistake is None and kind in _CHECKED:
                mistake = (
                    message("a {kind} cannot be {value:g}.", kind=kind, value=value),
                    message("Check the figure."),
                )
            if mistake is not None:
                problems.append(_problem(rows, int(order[at]), "value", *mistake))
    return problems


def unused_lines(values: PanelValues, but: Sequence[str] = ()) -> list[Message]:
    """Return what was not used of the figures, one message a reason; ``but`` are left out."""
    return [
        WHY[name](
            count,
            examples=Listing(
                [*values.examples.get(name, ()), *(["…"] if count > _EXAMPLES else [])]
            ),
        )
        for name, count in values.unused.items()
        if name not in but
    ]


WHY: dict[str, Callable[..., Message]] = {
    "no_target": lambda n, **fields: plural(
        "{n} figure belongs to no target ({examples}).",
        "{n} figures belong to no target ({examples}).",
        n,
        **fields,
    ),
    "empty": lambda n, **fields: plural(
        "{n} figure is empty ({examples}).", "{n} figures are empty ({examples}).", n, **fields
    ),
    "after_as_of": lambda n, **fields: plural(
        "{n} figure is of a later year ({examples}).",
        "{n} figures are of later years ({examples}).",
        n,
        **fields,
    ),
    "repeated": lambda n, **fields: plural(
        "{n} figure repeats another row.", "{n} figures repeat another row.", n, **fields
    ),
}
"""Why figures are not used, in words."""
