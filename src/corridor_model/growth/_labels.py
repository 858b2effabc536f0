"""Labels around numbers: what comes in with labels goes out with them (S8).

The relations themselves know arrays alone. Inputs with labels must carry the same ones: by
position they would be paired wrongly. A path adds an axis of steps behind the others; an average
takes the last axis away, that of time: years in the rows of a frame are turned into its columns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Literal, TypeVar

import numpy as np

from corridor_model.errors import GrowthUndefinedError
from corridor_model.messages import N_
from corridor_model.periods import FIRST_YEAR, LAST_YEAR

_Function = TypeVar("_Function", bound=Callable[..., Any])

Axis = Literal["same", "along", "steps", "parts", "none"]
"""What becomes of the axes: as they are, also where the last is followed; steps from 0, or parts
from 1, behind; the last gone."""

_TIMES = ("year", "time", "period", "date")

_KINDS = {"pandas": ("Series", "DataFrame"), "xarray": ("DataArray",)}


def labelled(axis: Axis = "same") -> Callable[[_Function], _Function]:
    """Let a function of arrays answer with the labels of its inputs.

    Parameters
    ----------
    axis : {"same", "along", "steps", "parts", "none"}
        What the function does to the axes of its inputs.
    """

    def decorator(function: _Function) -> _Function:
        @wraps(function)
        def with_labels(*args: Any, **kwargs: Any) -> Any:
            every = (*args, *kwargs.values())
            if not any(map(is_labelled, every)):
                return function(*args, **kwargs)
            values, dress = bare(function.__name__, every, axis)
            names = dict(zip(kwargs, values[len(args) :], strict=True))
            return dress(function(*values[: len(args)], **names))

        return with_labels  # type: ignore[return-value]

    return decorator


def is_labelled(value: Any) -> bool:
    """Return whether a value is a Series, a DataFrame or a DataArray, without importing them."""
    kind = type(value)
    return kind.__name__ in _KINDS.get(kind.__module__.partition(".")[0], ())


def bare(name: str, values: Sequence[Any], axis: Axis) -> tuple[list[Any], Callable[[Any], Any]]:
    """Return the inputs without labels, and what puts them on a result.

    Raises
    ------
    GrowthUndefinedError
        If their labels differ.
    """
    ours = [value for value in values if is_labelled(value)]
    if all(hasattr(one, "dims") for one in ours):
        return _arrays(name, values, ours, axis)
    first = max(ours, key=lambda one: one.ndim)
    turned = axis in {"along", "none"} and first.ndim == 2 and _has_years_in_rows(first)
    if turned:
        first = first.T
        values = [
            one.T if getattr(one, "ndim", 0) == 2 and is_labelled(one) else one for one in values
        ]
        ours = [value for value in values if is_labelled(value)]
    if any(hasattr(one, "dims") or not _fits(one, first, axis) for one in ours):
        raise _other_labels(name)
    titles = {one.name for one in ours} if first.ndim == 1 else set()
    title = titles.pop() if len(titles) == 1 else None

    def dress(result: Any) -> Any:
        out = _pandas(np.asarray(result), first, title, axis)
        return out.T if turned and axis == "along" else out

    return [_numbers(value) if is_labelled(value) else value for value in values], dress


def _has_years_in_rows(frame: Any) -> bool:
    """Return whether the rows of a frame are years, and its columns are not."""
    return _are_years(frame.index) and not _are_years(frame.columns)


def _are_years(index: Any) -> bool:
    if type(index).__name__ in {"DatetimeIndex", "PeriodIndex"}:
        return True
    if index.dtype.kind not in "iu" or not len(index):
        return False
    return bool(index.min() >= FIRST_YEAR and index.max() <= LAST_YEAR)


def _fits(one: Any, first: Any, axis: Axis) -> bool:
    """Return whether an input carries the labels of the largest, or of one of its axes."""
    if one.ndim == first.ndim:
        return _same(one.axes, first.axes)
    return axis == "none" and any(one.index.equals(labels) for labels in first.axes)


def _same(axes: Sequence[Any], others: Sequence[Any]) -> bool:
    return all(one.equals(other) for one, other in zip(axes, others, strict=True))


def _other_labels(name: str) -> GrowthUndefinedError:
    return GrowthUndefinedError(
        N_(
            "{relation}: the inputs carry different labels. Align them first, such as with "
            "start.align(end), or pass .to_numpy()."
        ),
        relation=name,
    )


def _numbers(frame: Any) -> Any:
    """Return the numbers of a Series or DataFrame, what is missing as NaN."""
    values = frame.to_numpy()
    if values.dtype != object:
        return values
    try:
        return frame.to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        return values  # words: the relation itself says what is wrong with them


def _pandas(result: Any, first: Any, title: Any, axis: Axis) -> Any:
    """Return a result as a Series or DataFrame with the labels of an input."""
    import pandas as pd

    shape = first.shape[:-1] if axis == "none" else first.shape
    if result.shape[: len(shape)] != shape or result.ndim != len(shape) + (
        axis in {"steps", "parts"}
    ):
        return result if result.ndim else result.item()  # of other inputs with axes of their own
    if axis in {"same", "along", "none"}:
        if not shape:
            return result.item()
        if len(shape) == 2:
            return pd.DataFrame(result, index=first.index, columns=first.columns)
        return pd.Series(result, index=first.index, name=title)
    steps = pd.Index(_steps(result, axis), name="step")
    if first.ndim == 1:
        return pd.DataFrame(result, index=first.index, columns=steps)
    columns = pd.MultiIndex.from_product([first.columns, steps])
    cells = result.reshape(len(first), len(columns))
    return pd.DataFrame(cells, index=first.index, columns=columns)


def _steps(result: Any, axis: Axis) -> Any:
    begin = 0 if axis == "steps" else 1
    return np.arange(begin, begin + result.shape[-1])


def _arrays(
    name: str, values: Sequence[Any], ours: Sequence[Any], axis: Axis
) -> tuple[list[Any], Callable[[Any], Any]]:
    """Return DataArrays as arrays of one order of dimensions, and what labels a result."""
    import xarray as xr

    if axis in {"along", "none"}:
        ours = [_with_time_behind(one) for one in ours]
    try:
        aligned = xr.align(*ours, join="exact")
    except ValueError:
        raise _other_labels(name) from None
    whole = aligned if axis in {"along", "none"} else xr.broadcast(*aligned)
    last = max(whole, key=lambda one: one.ndim)
    rest = iter(whole)
    plain = [next(rest).values if is_labelled(value) else value for value in values]

    def dress(result: Any) -> Any:
        out = np.asarray(result)
        dims = list(last.dims[:-1] if axis == "none" else last.dims)
        coords = {key: coord for key, coord in last.coords.items() if set(coord.dims) <= set(dims)}
        if axis in {"steps", "parts"}:
            dims, coords = [*dims, "step"], coords | {"step": _steps(out, axis)}
        if out.ndim != len(dims) or any(
            len(coords[dim]) != size
            for dim, size in zip(dims, out.shape, strict=True)
            if dim in coords
        ):
            return out  # of other inputs with axes of their own
        # no units: what the relation gives may be a rate (S9)
        return xr.DataArray(out, coords, dims)

    return plain, dress


def _with_time_behind(array: Any) -> Any:
    """Return an array whose dimension of time is the last."""
    times = [dim for dim in array.dims if dim in _TIMES]
    return array.transpose(..., times[0]) if len(times) == 1 else array
