"""Histories of short annual series: read in any order and with holes, and put on a scale.

A history is checked and sorted (`read_history`), sent one way (`route_of`), and turned into
steps of logs, log-odds or plain differences and back (`Scale`). A panel is many of them.
"""

from __future__ import annotations

import csv
import datetime
import math
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, SupportsFloat

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from corridor_model._typing import Array
from corridor_model.arguments import items, single
from corridor_model.errors import CorridorError
from corridor_model.files import data_dir
from corridor_model.forecasting.experts import KINDS
from corridor_model.formatting import short, whole
from corridor_model.messages import N_, Listing
from corridor_model.periods import FIRST_YEAR

ALL_KINDS = (*KINDS, "additions")
#: Only the last so many calendar years are read; the benchmark reaches as far.
WINDOW = 20
LONGEST = 50
LAST = 9999
"""Of calendar years; the histories of the benchmark count their years from anywhere."""


class ForecastError(CorridorError):
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
        return tuple(map(operator.sub, self.years[1:], self.years))


Kind = Literal["level", "share", "ratio", "count", "additions"]
MethodName = Literal["default", "random_walk", "drift", "damped_trend", "ets"]
Missing = Literal["error", "skip"]
"""Whether a NaN among the values is a mistake, or a year that is left out."""


def read_history(
    values: Any,
    years: Any,
    kind: str,
    window: int | None = WINDOW,
    missing: Missing = "error",
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
    window : int or None
        Calendar years to keep; None keeps all.
    missing : {"error", "skip"}
        What a NaN is: a mistake, or a year that is left out.

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
    single(kind=kind, missing=missing)
    if kind not in ALL_KINDS:
        raise ForecastError(
            N_("unknown kind {kind!r}. Use one of {kinds}."), kind=kind, kinds=Listing(ALL_KINDS)
        )
    if missing not in ("error", "skip"):
        raise ForecastError(N_('missing is "error" or "skip", not {missing!r}.'), missing=missing)
    listed, dates = _values(values), years_from(years)
    if len(listed) != len(dates):
        raise ForecastError(
            N_("{values} values but {years} years."), values=len(listed), years=len(dates)
        )
    if (plain := _in_order(listed, dates, kind, window)) is not None:
        return plain
    pairs = [
        (year, _number(year, value, kind))
        for year, value in zip(dates, listed, strict=True)
        if value is not None and not (missing == "skip" and _is_nan(value))
    ]
    pairs.sort()
    for (year, _), (after, _) in pairwise(pairs):
        if year == after:
            raise ForecastError(N_("the year {year} stands twice."), year=year)
    first = -np.inf if window is None or not pairs else pairs[-1][0] - window
    recent = [(year, value) for year, value in pairs if year > first]
    return History(tuple(v for _, v in recent), tuple(y for y, _ in recent), kind)


def within_window(history: History) -> History:
    """Return a history in order of years without what lies too far back to be read."""
    first = next(i for i, year in enumerate(history.years) if year > history.years[-1] - WINDOW)
    return History(history.values[first:], history.years[first:], history.kind)


def _in_order(listed: list[Any], dates: list[int], kind: str, window: int | None) -> History | None:
    """Return a history that has nothing to be said of it, as most have; otherwise None.

    It does what follows it in `read_history`, for a whole history at a time.
    """
    try:
        sound = bool(listed) and all(map(math.isfinite, listed))
    except (TypeError, ValueError, OverflowError):
        return None
    if not sound or not all(map(operator.lt, dates, dates[1:])):
        return None
    if window is not None and dates[0] <= dates[-1] - window:
        return None
    values = tuple(map(float, listed))
    if kind == "additions" and min(values) < 0:
        return None
    return History(values, tuple(dates), kind)


def _number(year: int, value: SupportsFloat, kind: str) -> float:
    """Return the value of a year, checked."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):  # also pandas' NA
        number = math.nan
    if not math.isfinite(number):
        raise ForecastError(
            N_(
                "the value of {year} is {value}. Leave a missing year out or give None, or pass "
                'missing="skip".'
            ),
            year=year,
            value=short(value) if isinstance(value, str) else str(value),
        )
    if kind == "additions" and number < 0:
        raise ForecastError(
            N_("additions of {year} are negative ({value:g}). Use kind 'level'."),
            year=year,
            value=number,
        )
    return number


def _is_nan(value: Any) -> bool:
    """Return whether a value is one of the ways in which NumPy and pandas say nothing."""
    return type(value).__name__ in {"NAType", "NaTType"} or bool(value != value)  # noqa: PLR0124


def _values(values: Any) -> list[SupportsFloat | None]:
    """Return values as a list with None for holes."""
    if isinstance(values, np.ma.MaskedArray):
        mask = np.ma.getmaskarray(values)
        return [None if hole else v for v, hole in zip(values.data, mask, strict=True)]
    if type(values) in {list, tuple}:
        return list(values)
    if isinstance(values, str) or np.ndim(values) != 1:
        raise ForecastError(
            N_("A history is a row of values, one a year, not {value}."), value=short(values)
        )
    # numbers of Python are checked several times faster than those of an array
    numeric = isinstance(values, np.ndarray) and values.dtype.kind in "fiu"
    return values.tolist() if numeric else list(values)


def years_of(history: Any) -> tuple[Any, Any]:
    """Return the values and years of a history that has its years with it.

    Parameters
    ----------
    history : Series, DataArray or mapping
        Values by year: whole numbers, the first or the last days of years, or pandas Periods of
        calendar years.

    Raises
    ------
    ForecastError
        If there are none, or they are no calendar years.

    Examples
    --------
    >>> years_of({2019: 1.0, 2021: 3.0})
    ([1.0, 3.0], [2019, 2021])
    """
    if isinstance(history, Mapping):
        return list(history.values()), years_from(history)
    labels = getattr(history, "index", None)
    if hasattr(history, "dims") and len(history.dims) == 1:
        labels = history.indexes.get(history.dims[0])
    if labels is None or callable(labels):
        raise ForecastError(
            N_("The years of the values are missing. Give years=[2019, 2020, ...], or a Series.")
        )
    years = years_from(labels)
    if years and min(years) < FIRST_YEAR:
        raise ForecastError(
            N_("The index of the values counts them and holds no years. Give years=[2019, ...].")
        )
    return history.to_numpy(), years


def series_of(frame: Any) -> Any:
    """Return the one series of a DataFrame: its only column, or ``y`` by ``ds`` (statsforecast).

    Raises
    ------
    ForecastError
        If it holds several, or none.
    """
    names = list(frame.columns)
    if {"ds", "y"} <= set(names):
        ids = list(dict.fromkeys(frame["unique_id"])) if "unique_id" in names else []
        if len(ids) < 2:
            return frame.set_index("ds")["y"]
        raise ForecastError(
            N_(
                "The table holds {n} series. Choose one: frame[frame['unique_id'] == {first!r}]; "
                "forecast_batch takes many."
            ),
            n=len(ids),
            first=str(ids[0]),
        )
    if len(names) == 1:
        return frame[names[0]]
    raise ForecastError(
        N_("A history is one series, not a table with the columns {names}. Choose one column."),
        names=Listing([str(name) for name in names[:5]]),
    )


def years_from(years: Any) -> list[int]:
    """Return years as whole numbers."""
    if isinstance(years, str) or not hasattr(years, "__iter__"):
        raise ForecastError(N_("{year} is not a row of calendar years."), year=short(years))
    listed: list[Any] = years.tolist() if isinstance(years, np.ndarray) else items("years", years)
    if set(map(type, listed)) == {int} and min(listed) >= -LAST and max(listed) <= LAST:
        return listed
    return [_year(year) for year in (years if isinstance(years, np.ndarray) else listed)]


def _year(year: Any) -> int:
    """Return a label as a calendar year.

    A date stands for its year on the first day of it or the last (S23), a pandas Period where it
    is a calendar year.
    """
    number: Any = None
    if isinstance(year, np.datetime64) and not np.isnat(year):
        year = year.astype("datetime64[D]").item()
    if isinstance(year, datetime.date) and not _is_nan(year):
        number = year.year if (year.month, year.day) in {(1, 1), (12, 31)} else None
    elif hasattr(year, "freqstr") and hasattr(year, "ordinal"):
        number = year.year if year.freqstr in {"Y-DEC", "A-DEC", "YE-DEC"} else None
    elif isinstance(year, (int, float, np.number)) and not isinstance(year, (bool, np.bool_)):
        number = year if np.isfinite(year) and int(year) == year else None
    if number is None or abs(int(number)) > LAST:
        raise ForecastError(N_("{year} is not a calendar year."), year=short(year))
    return int(number)


def read_horizon(horizon: Any) -> int:
    """Check a number of years ahead.

    Examples
    --------
    >>> read_horizon(3)
    3
    """
    number = whole(horizon)
    if number is None or not 1 <= number <= LONGEST:
        raise ForecastError(
            N_("The horizon must be a whole number of years from 1 to {longest}."), longest=LONGEST
        )
    return number


def check_sense(sense: str) -> None:
    """Refuse a direction that a target does not have here (S3)."""
    single(sense=sense)
    if sense not in ("at_least", "at_most"):
        raise ForecastError(N_("The sense must be 'at_least' or 'at_most'."))


# How values become steps and back: logs, log-odds, or plain differences on the series' scale.

WHOLE = 100.0
"""The upper bound of a share."""
_LARGEST = float(np.finfo(float).max)
# The log-odds of a share run to 101, so that they stay finite at 100; chosen on shares above 90
# (Brier skill there .21; .14 with log-odds to 100) and on vaccine coverage.
_PAST_WHOLE = 1.0
# What comes beyond 99.95 would print as 100.0. Of a share that stays at 100 it is all at 100; of
# one that came there with its last value three quarters are (of 20 arrivals in 15 real series 6
# stayed; weights that never saw them state .46 without this part, .34 with it). Of one that may
# return, or never was there, at most this part is; the rest stands at 99.95. How much of these
# two parts counts depends on the yearly shocks that the experts see: half where they are of
# `_LEAP` in log-odds, next to nothing where a share creeps. A constant part let P(at 100) jump by
# .2 for a tenth of a point where a long steady history changed its pace, and stated 22.6 hits for
# 9 when it was chosen (676 forecasts of shares in tenths, from 97 up, never at 100 before); so it
# states 9.1 for 12 of 725 (benchmarks/forecast_bounds.py).
_NEARLY = 99.95
_AT_WHOLE = {"stay": 1.0, "arrival": 0.75, "return": 0.4, "never": 0.2}
_LEAP = 0.2
# A share at 100 stands so far (in log-odds) past it, so that it mostly stays.
_HELD = 0.2
# Logs of counts and log-odds of shares are of values raised by at most so much (a unit, a
# percentage point), and by at most this part of the largest value: 0 is then a value like others.
_RAISED = {"count": 0.5, "share": 0.05}
_RAISED_PART = 0.02


def route_of(history: ArrayLike, kind: str) -> str:
    """Name the way a history is forecast.

    Parameters
    ----------
    history : array_like, shape (n,)
        Observed values.
    kind : str
        ``level``, ``share``, ``ratio``, ``count`` or ``additions``.

    Returns
    -------
    str
        ``log_odds`` for a share within 0-100, bounds included; ``log`` where all values are
        positive, and for counts from 0 on; ``additive`` where another value is zero or negative;
        ``gamma_poisson`` for whole yearly additions; ``no_scale`` where nothing but 0 is known.

    Examples
    --------
    >>> [route_of(h, k) for h, k in
    ...  [([5.0, 6.0], "level"), ([5.0, 100.0], "share"), ([-1.0, 2.0], "ratio"), ([0.0], "count")]]
    ['log', 'log_odds', 'additive', 'no_scale']
    """
    # of a few values Python is faster than NumPy, and a panel has many histories
    plain = isinstance(history, tuple)
    values: Any = history if plain else np.asarray(history, float).ravel().tolist()
    if not any(values):
        return "no_scale"
    # asked value by value: so it may be asked of the numbers of many regions at once
    positive = all(value > 0 for value in values)
    none_below = positive or all(value >= 0 for value in values)
    if kind == "additions" and none_below and all(value == math.floor(value) for value in values):
        return "gamma_poisson"
    if kind == "share" and none_below and all(value <= WHOLE for value in values):
        return "log_odds"
    return "log" if positive or (kind == "count" and none_below) else "additive"


def limits_of(histories: Array, kinds: Sequence[str]) -> tuple[Array, Array]:
    """Return the values that no forecast of N histories passes; a share beyond 0-100 is a ratio."""
    least, most = histories.min(axis=1), histories.max(axis=1)
    share = np.array([kind == "share" for kind in kinds], dtype=bool) & (least >= 0)
    share &= most <= WHOLE
    count = np.array([kind in {"count", "additions"} for kind in kinds], dtype=bool)
    low = np.where(share | (count & (least >= 0)), 0.0, -_LARGEST)
    return low, np.where(share, WHOLE, _LARGEST)


@dataclass(frozen=True, eq=False)
class Scale:
    """The way from values to the kernel's coordinate and back, for N histories of one route.

    A bound lies at a finite coordinate; all that lies beyond stands on the bound.

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
    raised : ndarray, shape (N,)
        What is added to values before their log or log-odds; 0 for levels and ratios.
    at_whole : ndarray, shape (N,)
        Of a share: the part of what comes beyond 99.95 that stands at 100.
    """

    route: str
    last: Array
    unit: Array
    low: Array
    high: Array
    raised: Array
    at_whole: Array

    def path(self, histories: Array) -> Array:
        """Values to coordinates, shape (N, ...); minus infinity below the coordinate's end."""
        tail = (slice(None), *(None,) * (histories.ndim - 1))
        if self.route == "additive":
            with np.errstate(over="ignore"):
                return np.asarray(histories / self.unit[tail])
        raised = self.raised[tail]
        if self.route == "log_odds":
            return log_odds(histories, raised)
        return _log(histories + raised)

    def change(self, values: ArrayLike) -> Array:
        """Change from the last value that leads to ``values``, shape (N, ...)."""
        reached = np.asarray(values, float)
        tail = (slice(None), *(None,) * (reached.ndim - 1))
        if self.route == "additive":
            with np.errstate(over="ignore"):
                return (reached - self.last[tail]) / self.unit[tail]
        if self.route == "log_odds":
            reached = np.minimum(reached, _NEARLY)
        return self.path(reached) - self.path(self.last)[tail]

    def value(self, change: Array, lot: Array | float = 1.0) -> Array:
        """Value reached by a change, shape (N, ...), kept within the limits.

        ``lot`` (0 to 1, evenly spread over what may come) says of a share beyond 99.95 whether
        it is at 100: the uppermost part `at_whole` is.
        """
        tail = (slice(None), *(None,) * (change.ndim - 1))
        last, raised = self.last[tail], self.raised[tail]
        with np.errstate(over="ignore", under="ignore"):
            if self.route == "log_odds":
                odds = np.asarray(expit(self.path(self.last)[tail] + change))
                out = (WHOLE + _PAST_WHOLE) * odds - raised * (1 - odds)
                at_whole = (change >= self.nearly[tail]) & (lot >= 1 - self.at_whole[tail])
                out = np.where(at_whole, WHOLE, np.minimum(out, _NEARLY))
            elif self.route == "additive":
                out = last + self.unit[tail] * change
            else:
                out = (last + raised) * np.exp(change) - raised
        return np.clip(out, self.low[tail], self.high[tail])

    @cached_property
    def nearly(self) -> Array:
        """Of shares: the change that leads to 99.95, shape (N,)."""
        return self.change(np.full(self.last.shape, _NEARLY))

    def lots(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array | float:
        """Draw lots as `value` takes them; of shares alone, so that others draw nothing."""
        return rng.random(shape) if self.route == "log_odds" else 1.0

    def bounded(self, chance: Array, values: Array, strict: bool) -> Array:
        """P(value <= x), or < x if strict, from that of the change that leads there.

        What would lie beyond a limit lies on it.
        """
        tail = (slice(None), *(None,) * (values.ndim - 1))
        if self.route == "log_odds":
            beyond = values > _NEARLY if strict else values >= _NEARLY
            part = self.at_whole[tail]
            chance = np.where(beyond, 1 - part * (1 - chance), chance)
        low, high = self.low[tail], self.high[tail]
        under, over = (values <= low, values > high) if strict else (values < low, values >= high)
        return np.where(under, 0.0, np.where(over, 1.0, chance))


def scale_of(route: str, histories: Array, kinds: Sequence[str]) -> Scale:
    """Build the `Scale` of histories that share a route and a length."""
    low, high = limits_of(histories, kinds)
    # the mean is taken after scaling by the largest value, so that it cannot overflow
    largest = np.abs(histories).max(axis=1)
    unit = largest * (np.abs(histories) / largest[:, None]).mean(axis=1)
    # a share beyond its bounds is a ratio, whose logs are not raised
    most = [_RAISED.get(k, 0.0) if (k == "share") == (route == "log_odds") else 0.0 for k in kinds]
    return Scale(
        route,
        histories[:, -1].copy(),
        np.maximum(unit, np.finfo(float).tiny),
        low,
        high,
        np.minimum(most, _RAISED_PART * largest),
        at_whole(histories),
    )


def at_whole(histories: Array, shocks: ArrayLike | None = None, weight: ArrayLike = 1.0) -> Array:
    """Return the part of what comes beyond 99.95 that stands at 100, of N shares.

    Parameters
    ----------
    histories : ndarray, shape (N, n)
        Values in percent; only whether they are at 100 counts.
    shocks, weight : array_like, shape (N, E)
        Size of a yearly shock of the log-odds as each expert sees it, and its weight. Without
        them the part is the largest possible.

    Returns
    -------
    ndarray, shape (N,)

    Examples
    --------
    >>> import numpy as np
    >>> shares = np.array([[99.0, 99.5], [99.0, 100.0]])
    >>> at_whole(shares).tolist(), at_whole(shares, np.full((2, 1), 0.2)).tolist()
    ([0.2, 0.75], [0.1, 0.75])
    """
    whole = histories == WHOLE
    stays, now = whole[:, -2:].all(axis=1), whole[:, -1]
    parts = [_AT_WHOLE[name] for name in ("stay", "arrival", "return")]
    most = np.select([stays, now, whole.any(axis=1)], parts, _AT_WHOLE["never"])
    if shocks is None:
        return most
    square = np.square(np.asarray(shocks, float))
    leaping = (weight * (square / (square + _LEAP**2))).sum(axis=-1)
    return np.where(now, most, most * leaping)


def log_odds(shares: Array, raised: Array | float = 0.0) -> Array:
    """Return the coordinate of shares in percent: log-odds that stay finite at 100.

    Examples
    --------
    >>> import numpy as np
    >>> log_odds(np.array([50.5, 99.0, 99.95, 100.0])).round(2).tolist()
    [0.0, 3.9, 4.56, 4.81]
    """
    shares = np.minimum(shares, WHOLE)
    out = _log(shares + raised) - np.log(WHOLE + _PAST_WHOLE - shares)
    return np.asarray(np.where(shares == WHOLE, out + _HELD, out))


def _log(values: Array) -> Array:
    """Logs, minus infinity at and below 0."""
    with np.errstate(divide="ignore"):
        return np.log(np.maximum(values, 0.0))


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
    for name, one in raw.items():
        try:
            years, values, kind = one
            both = zip(years, values, strict=True)
            pairs = [(y, v) for y, v in both if until is None or y <= until]
        except (TypeError, ValueError) as error:
            raise ForecastError(
                N_("Series {name!r} is as many years as values and a kind, not {value}."),
                name=name,
                value=short(one),
            ) from error
        if not pairs:
            continue
        try:
            history = read_history([v for _, v in pairs], [y for y, _ in pairs], kind, window=None)
        except ForecastError as error:
            raise ForecastError(
                N_("Series {name!r}: {mistake}"), name=name, mistake=error.message
            ) from error
        if history.values:
            out.append(Series(str(name), history.years, history.values, kind))
    return out


def _from_table(table: Any) -> dict[str, tuple[list[Any], list[Any], str]]:
    """Group the rows of a table by series; no pandas import is needed for that."""
    if not hasattr(table, "columns"):
        raise ForecastError(
            N_("Series are a table with the columns series, year, value and kind, not {kind}."),
            kind=type(table).__name__,
        )
    columns = list(table.columns)
    key = "series" if "series" in columns else "series_id"
    lacking = [c for c in (key, "year", "value", "kind") if c not in columns]
    if lacking:
        raise ForecastError(N_("The panel lacks the column {columns}."), columns=Listing(lacking))
    out: dict[str, tuple[list[Any], list[Any], str]] = {}
    rows = zip(*(table[c].tolist() for c in (key, "year", "value", "kind")), strict=True)
    for name, year, value, kind in rows:
        years, values, first = out.setdefault(str(name), ([], [], str(kind)))
        if first != kind:
            raise ForecastError(
                N_("Series {name!r} has two kinds, {first!r} and {second!r}."),
                name=name,
                first=first,
                second=kind,
            )
        years.append(year)
        values.append(value)
    return out


# The tables that travel with the library.


def shipped_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table that travels with the library (data/forecast)."""
    return csv_rows(data_dir() / "forecast" / name)


def csv_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file by their columns."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
