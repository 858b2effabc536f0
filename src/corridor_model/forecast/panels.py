"""Reading a panel: many annual series in one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .inputs import ForecastError, read_history


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
