"""A person's own tables, DataFrames or plain rows and columns, as text a table is read from.

What files say by row number a DataFrame says by the label of its row.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias, Union

from corridor_model.errors import CellError, CorridorError
from corridor_model.formatting import excerpt, short
from corridor_model.messages import N_
from corridor_model.tabular.headers import column_of, split_header
from corridor_model.tabular.readers import RawTable
from corridor_model.tabular.schema import TABLES

if TYPE_CHECKING:
    import pandas as pd


Tabular: TypeAlias = Union["pd.DataFrame", Mapping[str, object], Sequence[Mapping[str, object]]]
"""A table of Python's: a DataFrame, columns or one row by name, or rows by name."""


class RowLabel(int):
    """The row of a spreadsheet that a DataFrame's row would be, shown by its label.

    Rows sort and have addresses as in a sheet; a person who made the frame knows its labels.

    Examples
    --------
    >>> row = RowLabel(2, "gdp")
    >>> f"row {row}", row < RowLabel(3, "a"), row == 2
    ('row gdp', True, True)
    """

    label: str

    def __new__(cls, row: int, label: object) -> RowLabel:
        """Return the row with its label."""
        one = super().__new__(cls, row)
        one.label = excerpt(str(label))
        return one

    def __str__(self) -> str:
        return self.label

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __reduce__(self) -> tuple[Any, ...]:
        return RowLabel, (int(self), self.label)


def frame_of(value: Any, name: str) -> pd.DataFrame:
    """Return a table of Python's as a DataFrame.

    Parameters
    ----------
    value : DataFrame, mapping or sequence of mappings
        Columns by name, or one row whose values are single ones, or rows by name.
    name : str
        The table of the schema it is meant to be.

    Raises
    ------
    CorridorError
        If it is no table.

    Examples
    --------
    >>> frame_of({"first_year": 2020, "last_year": 2022}, "about").shape
    (1, 2)
    """
    import pandas as pd

    if isinstance(value, pd.DataFrame):
        return value
    if isinstance(value, Mapping):
        cells = dict(value)
        if all(isinstance(one, str) or not hasattr(one, "__len__") for one in cells.values()):
            return pd.DataFrame([cells])
        try:
            return pd.DataFrame(cells)
        except ValueError as error:
            raise CorridorError(
                N_("{table}: the columns do not make a table ({reason})."),
                table=name,
                reason=str(error),
            ) from None
    if isinstance(value, (list, tuple)) and all(isinstance(row, Mapping) for row in value):
        return pd.DataFrame(list(value))
    raise CorridorError(
        N_("{table}: {value} cannot be read. Give a CSV or xlsx file, or a DataFrame."),
        table=name,
        value=short(value),
    )


def read_frame(frame: pd.DataFrame, name: str, numbered: bool = False) -> RawTable:
    """Return a DataFrame as text; an index that carries names becomes columns.

    Rows are counted as a spreadsheet would and shown by their labels, see `RowLabel`;
    ``numbered`` shows those of an index that only counts as a spreadsheet would, too, so that
    row 2 is the row of the cell B2.
    """
    import pandas as pd

    counts = numbered and isinstance(frame.index, pd.RangeIndex)
    labels = range(2, len(frame) + 2) if counts else frame.index
    frame = with_index(frame, name)
    for place in year_columns(frame.columns, name):
        own = frame.iloc[:, place]
        if own.dtype.kind in "MO":
            frame = frame.copy(deep=False)
            frame.isetitem(place, own.map(year_of_date).astype(object).to_numpy())
    rows = [
        [cell_text(plain(value)) for value in row]
        for row in frame.itertuples(index=False, name=None)
    ]
    header = tuple(str(column) for column in frame.columns)
    lines = [RowLabel(line, label) for line, label in enumerate(labels, 2)]
    return RawTable(f"DataFrame[{name}]", header, rows, lines)


def with_index(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return a frame whose index is columns, where it has names or holds the missing key."""
    index = frame.index
    if any(level is not None for level in index.names):
        return frame.reset_index()
    key = TABLES[name].columns[0].name if name in TABLES else ""
    is_text = index.nlevels == 1 and len(index) and all(isinstance(label, str) for label in index)
    if is_text and key and key not in columns_of(frame.columns, name):
        return frame.rename_axis(key).reset_index()
    return frame


def columns_of(titles: Iterable[Any], name: str) -> list[str | None]:
    """Return which column of the schema each title means, None for one it does not know."""
    names = TABLES[name].names
    return [column_of(split_header(str(title))[0], names) for title in titles]


def year_columns(titles: Iterable[Any], name: str) -> list[int]:
    """Return the places of columns that hold years."""
    if name not in TABLES:
        return []
    years = {column.name for column in TABLES[name].columns if column.type == "year"}
    return [place for place, own in enumerate(columns_of(titles, name)) if own in years]


def year_of_date(value: Any) -> Any:
    """Return the year for which its first or last day stands, as pandas writes years (S23).

    Examples
    --------
    >>> import datetime
    >>> year_of_date(datetime.date(2025, 12, 31)), year_of_date(datetime.date(2025, 6, 30))
    (2025, datetime.date(2025, 6, 30))
    """
    is_end = isinstance(value, datetime.date) and (value.month, value.day) in {(1, 1), (12, 31)}
    return value.year if is_end else value


_NAN = CellError(
    N_("is NaN, which says neither a figure nor that there is none."),
    N_('Give the figure, drop the row, or load with missing="skip".'),
)


def missing_cells(frame: pd.DataFrame, name: str) -> dict[tuple[int, int], CellError]:
    """Return the cells of a frame that are NaN (S7), by line and column from 0."""
    return {
        (line, column): _NAN
        for line, row in enumerate(with_index(frame, name).itertuples(index=False, name=None), 2)
        for column, value in enumerate(row)
        if value is not None and plain(value) is None
    }


def plain(value: Any) -> Any:
    """Return Python's own value for a NumPy or pandas one; a missing value is None."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return None
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, (list, tuple)):
        return ";".join(str(part) for part in value)
    if type(value).__module__ == "numpy" and getattr(value, "ndim", 1) == 0:
        item = value.item()
        if isinstance(item, int) and type(value).__name__ == "datetime64":
            return str(value)[:10]  # of nanoseconds NumPy gives back their number
        return None if item is None or item != item else item  # noqa: PLR0124 (NaN and NaT)
    return value


def cell_text(value: Any) -> str:
    """Return a value as it would stand in a sheet.

    Examples
    --------
    >>> import datetime
    >>> [cell_text(v) for v in (580.0, True, None, datetime.date(2021, 9, 30), "3.3%")]
    ['580', 'yes', '', '2021-09-30', '3.3%']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    if hasattr(value, "ppf"):  # of scipy: written as one of ours where that is the same
        from corridor_model.frozen import distribution_of

        value = distribution_of(value) or value
    return str(value)


def with_defaults(raw: RawTable, name: str) -> RawTable:
    """Return a table of Python's with the columns that a file must have and it need not.

    A name is the English one or the id, an origin is ``user`` (S5), also where its cell is empty,
    and the place of a target that stands in no document is its row.
    """
    titles = columns_of(raw.header, name)
    of_row: dict[str, Callable[[int], str]] = {}
    named = [titles.index(one) for one in ("name_en", "id") if one in titles]
    if named and "name_zh" in TABLES[name].names and "name_zh" not in titles:
        of_row["name_zh"] = lambda row: next(filter(None, (raw.rows[row][at] for at in named)), "")
    if "origin" in TABLES[name].names:
        if "origin" in titles:
            at = titles.index("origin")
            raw = replace(raw, rows=[_filled(cells, at, "user") for cells in raw.rows])
        else:
            of_row["origin"] = lambda _: "user"
    if name == "targets" and "places" not in titles:
        of_row["places"] = lambda row: f"targets[{raw.lines[row]}]"
    rows = [
        [*cells, *(default(row) for default in of_row.values())]
        for row, cells in enumerate(raw.rows)
    ]
    return RawTable(raw.file, (*raw.header, *of_row), rows, raw.lines)


def _filled(cells: Sequence[str], at: int, text: str) -> list[str]:
    """Return the cells of a row with a text where one is empty."""
    return [text if place == at and not cell.strip() else cell for place, cell in enumerate(cells)]
