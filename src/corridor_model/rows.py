"""Results as rows: what ``--format json|csv`` prints and a report writes as CSV.

``to_rows(ds, dims)`` is the one way from a labelled result, or a table of pandas, to rows. A
row is a dict of plain Python values, rates and shares are fractions, a mask is None with its
reason beside it (S7).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from corridor_model.formatting import plain

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Row = dict[str, Any]


def to_rows(
    source: xr.Dataset | pd.DataFrame,
    dims: Sequence[str] = (),
    columns: Iterable[str] | Mapping[str, str] | None = None,
) -> list[Row]:
    """Return a result as rows, one a place of its dimensions.

    Parameters
    ----------
    source : xarray.Dataset or pandas.DataFrame
        What holds the numbers. The named index of a frame becomes its first columns.
    dims : sequence of str
        Dimensions that rows run over, the slowest first; those that a dataset lacks are passed
        over. A frame has none: its rows are the rows.
    columns : iterable of str, or mapping of str to str, optional
        What a row holds, in this order: names of variables and coordinates, or other titles for
        them as ``{title: name}``. By default the dimensions, ``of`` beside the ids of promises,
        and every data variable. A variable with one dimension more is spread over columns:
        ``value_2020``, ``value_2021``.

    Returns
    -------
    list of dict
        NaN, NaT and NA are None, and so is a truth value whose ``<name>_reason`` says why it
        is masked, and a year 0: a promise without a date, or without a start.

    Examples
    --------
    >>> import corridor_model as cm
    >>> paths = cm.growth_paths(cm.load_plan(), [0.10]).sel(indicator=["gdp"], year=[2021, 2022])
    >>> (row,) = to_rows(paths, ("indicator", "rate"), {"id": "indicator", "value": "value"})
    >>> row["id"], sorted(row)
    ('gdp', ['id', 'value_2021', 'value_2022'])
    """
    if hasattr(source, "data_vars"):
        return _rows_of_dataset(cast("xr.Dataset", source), dims, columns)
    return _rows_of_frame(cast("pd.DataFrame", source), columns)


def _rows_of_dataset(
    source: xr.Dataset, dims: Sequence[str], columns: Iterable[str] | Mapping[str, str] | None
) -> list[Row]:
    axes = [dim for dim in dims if dim in source.dims]
    if columns is None:
        # the id of a promise does not say by itself which indicator it belongs to (S4b)
        of = ["of"] if "of" in source.coords and "indicator" in axes else []
        columns = (*axes, *of, *map(str, source.data_vars))
    titles = dict(columns) if isinstance(columns, Mapping) else {name: name for name in columns}
    lists: dict[str, list[Any]] = {}
    for title, name in titles.items():
        lists.update(_spread(source, title, name, axes))
    return [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)]


def _rows_of_frame(
    frame: pd.DataFrame, columns: Iterable[str] | Mapping[str, str] | None
) -> list[Row]:
    if any(name is not None for name in frame.index.names):
        frame = frame.reset_index()
    if columns is not None:
        names = dict(columns) if isinstance(columns, Mapping) else {name: name for name in columns}
        frame = frame[list(names.values())].set_axis(list(names), axis=1)
    return [
        {str(title): plain_value(value) for title, value in row.items()}
        for row in frame.to_dict("records")
    ]


def _spread(
    source: xr.Dataset, title: str, name: str, axes: Sequence[str]
) -> Iterator[tuple[str, list[Any]]]:
    """Yield title and values of a column, or of one column a place of a further dimension."""
    variable = source[name].variable
    further = [dim for dim in variable.dims if dim not in axes]
    if further:
        (dim,) = further
        for i, label in enumerate(source[dim].to_numpy()):
            yield f"{title}_{label}", _listed(variable.isel({dim: i}), source, axes)
        return
    values = _listed(variable, source, axes)
    if variable.dtype == bool and f"{name}_reason" in source:
        reasons = _listed(source[f"{name}_reason"].variable, source, axes)
        values = [None if why else value for value, why in zip(values, reasons, strict=True)]
    if variable.dtype.kind == "i" and variable.attrs.get("units") == "year":
        values = [value or None for value in values]  # a year that there is not stands as 0
    yield title, values


def _listed(variable: Any, source: xr.Dataset, axes: Sequence[str]) -> list[Any]:
    """Return the values of a variable, repeated along the axes it does not have."""
    whole = variable.set_dims({axis: source.sizes[axis] for axis in axes}).transpose(*axes)
    return [plain_value(value) for value in whole.to_numpy().reshape(-1).tolist()]


def plain_value(value: Any) -> Any:
    """Return what JSON can hold; every kind of missing value becomes None (S7)."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return None
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and math.isnan(value) else value


def text_rows(rows: Sequence[Mapping[Any, Any]]) -> Iterator[list[str]]:
    """Yield header and rows as the text of CSV cells; a mask is an empty cell.

    Examples
    --------
    >>> list(text_rows([{"id": "gdp", "met": True, "rate": None}]))
    [['id', 'met', 'rate'], ['gdp', 'yes', '']]
    """
    if rows:
        yield list(rows[0])
    for row in rows:
        yield [_cell(plain_value(value)) for value in row.values()]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(value) if isinstance(value, float) else str(value)
