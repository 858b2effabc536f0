"""Reading what a caller brings: histories with holes, years in any order, kinds by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, SupportsFloat

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from corridor_model._typing import Array
from corridor_model.errors import CorridorError
from corridor_model.forecasting.experts import KINDS

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


# How values become steps and back: logs, log-odds, or plain differences on the series' scale.

#: A share at or above this once is treated as a ratio, which may pass 100.
SHARE_LIMIT = 99.5
_LARGEST = float(np.finfo(float).max)


def route_of(history: Array, kind: str) -> str:
    """Name the way a history is forecast.

    Parameters
    ----------
    history : ndarray, shape (n,)
        Observed values.
    kind : str
        ``level``, ``share``, ``ratio``, ``count`` or ``additions``.

    Returns
    -------
    str
        ``log`` where all values are positive; ``log_odds`` for a share within 0-100;
        ``additive`` where a value is zero or negative; ``gamma_poisson`` for whole yearly
        additions; ``no_scale`` where nothing but 0 is known.

    Examples
    --------
    >>> import numpy as np
    >>> [route_of(np.array(h), k) for h, k in
    ...  [([5.0, 6.0], "level"), ([5.0, 6.0], "share"), ([-1.0, 2.0], "ratio"), ([0.0], "count")]]
    ['log', 'log_odds', 'additive', 'no_scale']
    """
    if history.size == 0 or not history.any():
        return "no_scale"
    if kind == "additions" and (history >= 0).all() and (history == np.rint(history)).all():
        return "gamma_poisson"
    if (history <= 0).any():
        return "additive"
    if kind == "share" and (history < SHARE_LIMIT).all():
        return "log_odds"
    return "log"


def limits_of(history: Array, kind: str) -> tuple[float, float]:
    """Return the values no forecast of this history passes."""
    if kind == "share" and (history >= 0).all() and (history < SHARE_LIMIT).all():
        return 0.0, 100.0
    if kind in ("count", "additions") and (history >= 0).all():
        return 0.0, _LARGEST
    return -_LARGEST, _LARGEST


@dataclass(frozen=True, eq=False)
class Scale:
    """The way from values to the kernel's coordinate and back, for N histories of one route.

    Attributes
    ----------
    route : str
        ``log``, ``log_odds`` or ``additive``.
    last : ndarray, shape (N,)
        Last observed value.
    unit : ndarray, shape (N,)
        Mean absolute value of the history (used by ``additive`` alone).
    low, high : ndarray, shape (N,)
        Values no forecast passes.
    """

    route: str
    last: Array
    unit: Array
    low: Array
    high: Array

    def take(self, rows: slice) -> Scale:
        """Keep some of the histories."""
        return Scale(self.route, self.last[rows], self.unit[rows], self.low[rows], self.high[rows])

    def path(self, histories: Array) -> Array:
        """Values to coordinates, shape (N, n)."""
        if self.route == "additive":
            return histories / self.unit[:, None]
        return _forward(histories, self.route)

    def change(self, values: ArrayLike) -> Array:
        """Change from the last value that leads to ``values``, shape (N, ...)."""
        values = np.asarray(values, float)
        tail = (slice(None), *(None,) * (values.ndim - 1))
        if self.route == "additive":
            with np.errstate(over="ignore"):
                return (values - self.last[tail]) / self.unit[tail]
        top = 100.0 if self.route == "log_odds" else np.inf
        inside = (values > 0) & (values < top)
        safe = np.where(inside, values, 1.0)
        moved = _forward(safe, self.route) - _forward(self.last, self.route)[tail]
        return np.where(inside, moved, np.where(values <= 0, -np.inf, np.inf))

    def value(self, change: Array) -> Array:
        """Value reached by a change, shape (N, ...), kept within the limits."""
        tail = (slice(None), *(None,) * (change.ndim - 1))
        last = self.last[tail]
        if self.route == "log_odds":
            return 100.0 * np.asarray(expit(_forward(last, "log_odds") + change))
        with np.errstate(over="ignore", under="ignore"):
            if self.route == "additive":
                out = last + self.unit[tail] * change
            else:
                out = last * np.exp(change)
        return np.clip(out, self.low[tail], self.high[tail])


def scale_of(route: str, histories: Array, kinds: list[str]) -> Scale:
    """Build the `Scale` of histories that share a route and a length."""
    ends = [limits_of(row, kind) for row, kind in zip(histories, kinds, strict=True)]
    # the mean is taken after scaling by the largest value, so that it cannot overflow
    largest = np.abs(histories).max(axis=1)
    unit = largest * (np.abs(histories) / largest[:, None]).mean(axis=1)
    return Scale(
        route,
        histories[:, -1].copy(),
        np.maximum(unit, np.finfo(float).tiny),
        np.array([low for low, _ in ends]),
        np.array([high for _, high in ends]),
    )


def _forward(values: Array, route: str) -> Array:
    """Logs or log-odds of positive values."""
    if route == "log":
        return np.log(values)
    return np.log(values) - np.log(100.0 - values)


# Reading a panel: many annual series in one table.


@dataclass(frozen=True)
class Series:
    """One annual series, holes left out.

    Attributes
    ----------
    name : str
    years : tuple of int
    values : tuple of float
    kind : str
    """

    name: str
    years: tuple[int, ...]
    values: tuple[float, ...]
    kind: str

    def runs(self) -> list[tuple[int, int]]:
        """Positions of the first and last value of each unbroken run of years."""
        edges = [i for i in range(1, len(self.years)) if self.years[i] != self.years[i - 1] + 1]
        return list(zip([0, *edges], [*(e - 1 for e in edges), len(self.years) - 1], strict=True))


def read_panel(panel: Any, until: int | None = None) -> list[Series]:
    """Read a table of series, or a mapping from names to (years, values, kind).

    Parameters
    ----------
    panel : DataFrame or mapping
        A table has the columns ``series`` (or ``series_id``), ``year``, ``value``, ``kind``.
    until : int, optional
        Later years are not read at all.

    Returns
    -------
    list of Series

    Examples
    --------
    >>> read_panel({"gdp": ([2019, 2018], [2.0, 1.0], "level")})
    [Series(name='gdp', years=(2018, 2019), values=(1.0, 2.0), kind='level')]
    """
    raw = panel if isinstance(panel, Mapping) else _from_table(panel)
    out = []
    for name, (years, values, kind) in raw.items():
        pairs = [(y, v) for y, v in zip(years, values, strict=True) if until is None or y <= until]
        if not pairs:
            continue
        try:
            known = read_history([v for _, v in pairs], [y for y, _ in pairs], kind, window=None)
        except ForecastError as error:
            raise ForecastError(f"Series {name!r}: {error}") from error
        if known.values:
            out.append(Series(str(name), known.years, known.values, kind))
    return out


def _from_table(table: Any) -> dict[str, tuple[list[Any], list[Any], str]]:
    """Group the rows of a table by series; no pandas import is needed for that."""
    columns = list(table.columns)
    key = "series" if "series" in columns else "series_id"
    lacking = [c for c in (key, "year", "value", "kind") if c not in columns]
    if lacking:
        raise ForecastError(f"The panel lacks the column {', '.join(lacking)}.")
    out: dict[str, tuple[list[Any], list[Any], str]] = {}
    rows = zip(*(table[c].tolist() for c in (key, "year", "value", "kind")), strict=True)
    for name, year, value, kind in rows:
        years, values, first = out.setdefault(str(name), ([], [], str(kind)))
        if first != kind:
            raise ForecastError(f"Series {name!r} has two kinds, {first!r} and {kind!r}.")
        years.append(year)
        values.append(value)
    return out
