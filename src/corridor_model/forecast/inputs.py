"""Reading what a caller brings: histories with holes, years in any order, kinds by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, SupportsFloat

import numpy as np
from numpy.typing import NDArray

from corridor_model.errors import CorridorError

from .experts import KINDS

Array = NDArray[np.float64]

ALL_KINDS = (*KINDS, "additions")
#: Only the last so many calendar years are read; the benchmark reaches as far.
WINDOW = 20
LONGEST = 50


class ForecastError(CorridorError, ValueError):
    """A history, a year, a kind or a horizon that cannot be forecast."""


class NoScaleError(ForecastError):
    """Nothing but a 0 is known, so that no size of change is known either (S14)."""


@dataclass(frozen=True)
class History:
    """Observed values in the order of their years; holes left out.

    Attributes
    ----------
    values : tuple of float
    years : tuple of int
    kind : str
    """

    values: tuple[float, ...]
    years: tuple[int, ...]
    kind: str

    @property
    def gaps(self) -> tuple[int, ...]:
        """Years between successive values."""
        return tuple(b - a for a, b in pairwise(self.years))


def read_history(
    values: Any, years: Any, kind: str, row: int | None = None, window: int | None = WINDOW
) -> History:
    """Check one history and put it in order.

    Parameters
    ----------
    values : sequence of float or None, or masked array
        A missing year is None, is masked, or is simply not among ``years``.
    years : sequence of int
        In any order, each once.
    kind : str
        One of `ALL_KINDS`.
    row : int, optional
        Position in a batch, named in messages.
    window : int or None
        Calendar years to keep; None keeps all.

    Returns
    -------
    History
        Values in the order of their years.

    Raises
    ------
    ForecastError
        For NaN, infinities, unequal lengths, repeated or fractional years, unknown kinds.

    Examples
    --------
    >>> read_history([3.0, None, 1.0], [2021, 2020, 2019], "level")
    History(values=(1.0, 3.0), years=(2019, 2021), kind='level')
    """
    where = "" if row is None else f"history {row}: "
    if kind not in ALL_KINDS:
        raise ForecastError(f"{where}unknown kind {kind!r}. Use one of {', '.join(ALL_KINDS)}.")
    said, when = _values(values), _years(years, where)
    if len(said) != len(when):
        raise ForecastError(f"{where}{len(said)} values but {len(when)} years.")
    known = []
    for year, value in zip(when, said, strict=True):
        if value is None:
            continue
        number = float(value)
        if not np.isfinite(number):
            raise ForecastError(
                f"{where}the value of {year} is {number}. Leave a missing year out or give None."
            )
        if kind == "additions" and number < 0:
            raise ForecastError(
                f"{where}additions of {year} are negative ({number:g}). Use kind 'level'."
            )
        known.append((year, number))
    known.sort()
    seen = [year for year, _ in known]
    if len(set(seen)) < len(seen):
        double = next(a for a, b in pairwise(seen) if a == b)
        raise ForecastError(f"{where}the year {double} stands twice.")
    kept = known if window is None else [(y, v) for y, v in known if y > seen[-1] - window]
    return History(tuple(v for _, v in kept), tuple(y for y, _ in kept), kind)


def read_horizon(horizon: Any) -> int:
    """Check a number of years ahead.

    Examples
    --------
    >>> read_horizon(3)
    3
    """
    if isinstance(horizon, bool) or int(horizon) != horizon or not 1 <= horizon <= LONGEST:
        raise ForecastError(f"The horizon must be a whole number of years from 1 to {LONGEST}.")
    return int(horizon)


def _values(values: Any) -> list[SupportsFloat | None]:
    """Values as a list with None for holes."""
    if isinstance(values, np.ma.MaskedArray):
        mask = np.ma.getmaskarray(values)
        return [None if hole else v for v, hole in zip(values.data, mask, strict=True)]
    return list(values)


def _years(years: Any, where: str) -> list[int]:
    """Years as whole numbers."""
    found: Sequence[Any] = list(years)
    out = []
    for year in found:
        if year is None or not np.isfinite(year) or int(year) != year:
            raise ForecastError(f"{where}{year!r} is not a calendar year.")
        out.append(int(year))
    return out
