"""Figures in the shapes that Python and a store have them in, brought to the one that is read.

Years may stand in the index or in the columns, in a dict, a Series, a DataArray, or in rows by
themselves. What stands where is told by the years: an axis whose every label is a period is the
axis of time, the other names the indicators. What a store exports is known by its columns.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias, Union

from corridor_model.errors import CellError, CorridorError
from corridor_model.formatting import short
from corridor_model.messages import N_, Worded, message
from corridor_model.observations.headings import plain
from corridor_model.periods import FIRST_YEAR, LAST_YEAR, MONTHS, read_period
from corridor_model.tabular.frames import columns_of
from corridor_model.tabular.headers import HEADER_DEPTH
from corridor_model.tabular.workbooks import Grid

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Figures: TypeAlias = Union[
    "pd.DataFrame", "pd.Series[Any]", "xr.DataArray", "xr.Dataset", Mapping[Any, Any]
]
"""Figures of Python's, in any shape that `as_frame` knows."""

STATSFORECAST = {"unique_id": "indicator", "ds": "period", "y": "value"}
"""What Nixtla's libraries call the columns of a long frame."""

_TIMES = ("year", "date", "time", "ds")
"""Titles of a column of periods, beside those of the schema."""

_NAMES = ("indicator", "series", "variable", "unique_id")
"""Titles of an index that names what each row is of; ``series`` alone would mean a vintage."""


def as_frame(figures: Figures) -> pd.DataFrame:
    """Return figures of any shape as a DataFrame: a row a figure, or a column a period.

    Parameters
    ----------
    figures : DataFrame, Series, DataArray, Dataset or mapping
        A long frame (also with the columns unique_id, ds, y); a wide one with periods in the
        columns or in the index; a Series by period, named like its indicator, or by indicator,
        named like its period; a Series or DataArray by both; a mapping of indicators to values
        by period, or to one value each.

    Raises
    ------
    CorridorError
        Where it cannot be told what is of which indicator, or a period is one of a fiscal year.

    Examples
    --------
    >>> as_frame({"gdp": {2020: 467.7, 2021: 504.2}})
             indicator period  value
    gdp 2020       gdp   2020  467.7
    gdp 2021       gdp   2021  504.2
    """
    import pandas as pd

    if isinstance(figures, pd.DataFrame):
        return _of_frame(figures)
    if isinstance(figures, pd.Series):
        return _of_series(figures)
    if hasattr(figures, "to_series") and hasattr(figures, "dims"):
        return _of_array(figures)
    if hasattr(figures, "data_vars"):
        return _long([row for one in figures.data_vars.values() for row in _cells(_of_array(one))])
    if isinstance(figures, Mapping):
        return _of_mapping(figures)
    raise CorridorError(
        N_("A {kind} cannot be read. Give a CSV or xlsx file, or a DataFrame."),
        kind=type(figures).__name__,
    )


def period_text(label: object) -> str | None:
    """Return the period that a label of an axis means, as text; None if it means none.

    Raises
    ------
    CorridorError
        For a period of a fiscal year, which is no calendar year (S23).

    Examples
    --------
    >>> import pandas as pd
    >>> labels = (2021, 2021.0, "2021Q3", "2021 [YR2021]", "YR2021", pd.Period("2021-09"), "gdp")
    >>> [period_text(label) for label in labels]
    ['2021', '2021', '2021Q3', '2021', '2021', '2021-09', None]
    >>> period_text(pd.Timestamp("2021-01-01"))
    '2021-01-01'
    """
    if label is None or isinstance(label, (bool, bytes)):
        return None
    if hasattr(label, "freqstr") and hasattr(label, "ordinal"):
        return _of_period(label)
    if isinstance(label, datetime.date):
        return None if label != label else label.isoformat()[:10]  # noqa: PLR0124 (NaT)
    if type(label).__name__ == "datetime64":
        text = str(label)[:10]
        return None if text == "NaT" else text
    if isinstance(label, str):
        try:
            word = plain(label)
            return None if re.fullmatch(r"\d{5}", word) or not read_period(word) else word
        except CellError:
            return None
    try:
        year = float(label)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    is_year = year.is_integer() and FIRST_YEAR <= year <= LAST_YEAR
    return str(int(year)) if is_year else None


def _of_period(period: Any) -> str:
    """Return a pandas Period as text."""
    kind, _, anchor = period.freqstr.partition("-")
    if kind[:1] in {"Y", "A", "Q"} and period.end_time.month % (3 if kind[:1] == "Q" else MONTHS):
        anchor = anchor or "?"
    fiscal = kind[:1] in {"Y", "A", "Q"} and anchor not in {"", "DEC"}
    if fiscal or kind[:1] not in {"Y", "A", "Q", "M", "D"}:
        raise CorridorError(
            N_(
                "The period {period} has the frequency {frequency}, which is no calendar year, "
                "quarter or month. Convert it first, such as with .asfreq('Y')."
            ),
            period=str(period),
            frequency=period.freqstr,
        )
    return period.strftime("%Y-%m-%d") if kind == "D" else str(period)


def _periods(labels: Iterable[object]) -> list[str] | None:
    """Return the labels of an axis as periods, or None where one of them is none."""
    texts = [period_text(label) for label in labels]
    return None if not texts or None in texts else [text for text in texts if text is not None]


def _of_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose periods stand in rows or in columns."""
    if frame.columns.nlevels > 1:
        raise CorridorError(
            N_(
                "The frame has {levels} rows of column titles. Stack it first, such as with "
                "frame.stack(), or join the titles."
            ),
            levels=frame.columns.nlevels,
        )
    if "unique_id" in {*frame.columns, *frame.index.names} and {"ds", "y"} <= {*frame.columns}:
        if "unique_id" in frame.index.names:
            frame = frame.reset_index()
        return frame.rename(columns=STATSFORECAST)
    titles = columns_of(frame.columns, "observations")
    if "value" not in titles and (moved := _by_row(frame, titles)) is not None:
        return _of_frame(moved)
    dates = _periods(frame.index) if frame.index.nlevels == 1 else None
    if "value" in titles and ("indicator" in titles or "indicator" in frame.index.names):
        if dates and "period" not in titles and frame.index.name is None:
            return frame.assign(period=dates)
        return _with_texts(frame)
    in_columns = [period_text(title) for title in frame.columns]
    if dates and not any(in_columns):
        wide = frame.set_axis(dates, axis=0).T
        wide.columns.name = None
        return _with_names(wide)
    named = [
        title if text is None else text
        for title, text in zip(frame.columns, in_columns, strict=True)
    ]
    frame = frame.set_axis(named, axis=1)
    if any(in_columns) and frame.index.nlevels == 1 and "indicator" not in titles:
        if _is_name(frame.index.name):
            return _with_names(frame)
        for title in filter(_is_name, frame.columns):
            return frame.rename(columns={title: "indicator"})
    return frame


def _by_row(frame: pd.DataFrame, titles: list[str | None]) -> pd.DataFrame | None:
    """Return a frame of a column an indicator by its column of periods, or None if it has none."""
    at = [i for i, title in enumerate(titles) if title == "period"] or [
        i for i, title in enumerate(frame.columns) if str(title).lower() in _TIMES
    ]
    if len(at) != 1 or "indicator" in titles or not _periods(frame.iloc[:, at[0]]):
        return None
    if any(map(_is_name, frame.columns)):
        return None
    return frame.set_index(frame.columns[at[0]])


def _is_name(title: object) -> bool:
    """Return whether a title heads the names of what each row is of."""
    return re.sub(r" (name|code)$", "", str(title).lower()) in _NAMES


def _with_names(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose index names indicators with them as a column, and still as labels."""
    labels = frame.index.astype(str).rename(None)
    return frame.rename_axis("indicator").reset_index().set_axis(labels, axis=0)


def _with_texts(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a long frame whose pandas periods are texts."""
    periods = [title for title in frame.columns if _is_of_periods(frame[title])]
    return frame.assign(**{title: frame[title].map(period_text) for title in periods})


def _is_of_periods(column: Any) -> bool:
    return getattr(column, "ndim", 2) == 1 and str(column.dtype).startswith("period")


def _of_series(series: pd.Series[Any], unit: str = "") -> pd.DataFrame:
    """Return a Series by period, by indicator, or by both."""
    index = series.index
    levels = [list(index.get_level_values(level)) for level in range(index.nlevels)]
    dates = [_periods(level) for level in levels]
    if len(levels) == 1 and dates[0]:
        if series.name is None:
            raise CorridorError(
                N_("Values by year alone: nobody knows what they are of. Use {remedy}."),
                remedy='series.rename("gdp")',
            )
        rows = [(series.name, when, value) for when, value in zip(dates[0], series, strict=True)]
    elif len(levels) == 1:
        when = "" if series.name is None else period_text(series.name) or ""
        rows = [(name, when, value) for name, value in zip(levels[0], series, strict=True)]
    else:
        rows = _of_levels(series, levels, dates)
    return _long(rows, unit)


def _of_levels(
    series: pd.Series[Any], levels: list[list[Any]], dates: list[list[str] | None]
) -> list[tuple[Any, str, Any]]:
    """Return the rows of a Series by indicator and period."""
    times = [i for i, texts in enumerate(dates) if texts]
    names = [i for i in range(len(levels)) if i not in times]
    if len(levels) != 2 or len(times) != 1:
        raise CorridorError(
            N_(
                "The index has the levels {levels}; one is to name the indicator and the other "
                "the period."
            ),
            levels=", ".join(str(name) for name in series.index.names),
        )
    return list(zip(levels[names[0]], dates[times[0]] or (), series, strict=True))


def _of_array(array: Any) -> pd.DataFrame:
    """Return a DataArray by period, by indicator, or by both; its ``units`` are its unit."""
    unit = str(array.attrs.get("units", "") or "")
    if not array.dims:
        raise CorridorError(
            N_("The array is a single number. Give it a dimension of years or indicators.")
        )
    own = array.reset_coords(drop=True) if hasattr(array, "reset_coords") else array
    series = own.to_series()
    if series.name == "":
        series.name = None
    return _of_series(series, unit)


def _of_mapping(figures: Mapping[Any, Any]) -> pd.DataFrame:
    """Return a mapping: columns of a table, or values by indicator."""
    import pandas as pd

    titles = columns_of(list(figures), "observations")
    if "value" in titles or {*STATSFORECAST} <= {*figures}:
        try:
            return _of_frame(pd.DataFrame(dict(figures)))
        except ValueError as error:
            raise CorridorError(
                N_("{table}: the columns do not make a table ({reason})."),
                table="observations",
                reason=str(error),
            ) from None
    rows: list[tuple[Any, str, Any, str]] = []
    by_time = bool(figures) and _periods(figures) is not None
    if by_time and not all(isinstance(value, Mapping) for value in figures.values()):
        raise CorridorError(
            N_("Values by year alone: nobody knows what they are of. Use {remedy}."),
            remedy='{"gdp": {2020: 467.7}}',
        )
    for key, value in figures.items():
        own = value
        if hasattr(value, "to_series") and hasattr(value, "dims"):
            own = _of_array(value.rename(key)) if value.dims else value.item()
        if isinstance(own, pd.Series):
            own = _of_series(own.rename(key))
        if isinstance(own, pd.DataFrame):
            rows += _cells(own)
            continue
        for inner, number in own.items() if isinstance(own, Mapping) else [("", own)]:
            when, name = (key, inner) if by_time else (inner, key)
            rows.append((name, _when(name, when), number, ""))
    return _long(rows)


def _when(name: object, when: object) -> str:
    """Return the period of a value in a mapping; an empty text is that of the whole."""
    text = "" if when == "" else period_text(when)
    if text is None:
        raise CorridorError(
            N_("{name}: {when} is not a period. Write 2021, 2021Q3 or 2021-09."),
            name=short(name),
            when=short(when),
        )
    return text


def _cells(frame: pd.DataFrame) -> list[tuple[Any, str, Any, str]]:
    units = frame["unit"] if "unit" in frame.columns else [""] * len(frame)
    return list(zip(frame["indicator"], frame["period"], frame["value"], units, strict=True))


def _long(rows: Iterable[tuple[Any, ...]], unit: str = "") -> pd.DataFrame:
    """Return a row a figure; the unit is a column where any is known."""
    import pandas as pd

    rows = list(rows)
    frame = pd.DataFrame(
        [(*row[:3], row[3] if len(row) > 3 else unit) for row in rows],
        index=[f"{row[0]} {row[1]}".strip() for row in rows],
        columns=["indicator", "period", "value", "unit"],
        dtype=object,  # None stays what it is, and is no NaN
    )
    return frame if any(frame["unit"]) else frame.drop(columns="unit")


# The export of a store, read back.

HISTORY = ("number", "entered", "kind", "withdrawn", "withdraws", "text")
"""Columns by which the export of a store is known."""

Kept = tuple[int, int, str, Worded]
"""An entry that is no figure: line and column from 0 of its kind, the kind, and what it is."""

_KEPT = {
    "withdrawal": message("takes another entry back."),
    "work_reports": message("a report on a work, read by itself."),
    "task_reports": message("a report on a task, read by itself."),
}
_OTHER_TITLES = {"number": "序号", "entered": "填报日期", "kind": "类别", "withdraws": "编号",
                 "withdrawn": "状态", "text": "备注"}  # fmt: skip


def of_history(grid: Grid) -> tuple[Grid, list[Kept]]:
    """Return an export of a store as a page of figures, and its entries that are none.

    What was taken back does not count; a remark stands in the place of its figure.
    """
    places = history_places(grid)
    if places is None:
        return grid, []
    top, at = places
    width = len(grid.rows[top])
    rows = [[*row, *[""] * (width - len(row))] for row in grid.rows]
    rows[top] = [_OTHER_TITLES.get(text.strip(), text) for text in rows[top]]
    odd, kept = dict(grid.odd), list[Kept]()
    for line, row in zip(grid.lines[top + 1 :], rows[top + 1 :], strict=True):
        kind, day = row[at["kind"]].strip(), row[at["withdrawn"]].strip()
        if why := _KEPT.get(kind):
            kept.append((line, at["kind"], kind, why))
            row[:] = [""] * len(row)
            continue
        if kind == "remark":
            row[at["value"]] = row[at["text"]]
            odd.pop((line, at["value"]), None)
        row[at["text"]] = ""
        if day:
            odd[line, at["value"]] = CellError(N_("was taken back on {day}."), day=day)
    return replace(grid, rows=rows, top=rows[: len(grid.top)], odd=odd, whole=()), kept


def history_places(grid: Grid) -> tuple[int, dict[str, int]] | None:
    """Return the row of the titles of an export and their places, or None for any other page."""
    for top, row in enumerate(grid.rows[:HEADER_DEPTH]):
        at = {text.strip(): column for column, text in enumerate(row)}
        if at.keys() >= {*HISTORY, "indicator", "period", "value", "published"}:
            return top, at
    return None
