"""Deadlines at the precision they were printed, against the period of an assessment."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from corridor_model.assess.schedule import MONTHS, moment

EPSILON = 1e-9
"""Moments are multiples of 1 / 12; differences below this are rounding."""


def due_moment(date: str | None) -> float:
    """Return the end of the last month a printed date allows; ``inf`` where none is printed.

    Examples
    --------
    >>> due_moment("2020"), due_moment("2020-06"), due_moment("2020-06-30"), due_moment(None)
    (2020.0, 2019.5, 2019.5, inf)
    """
    if not date:
        return math.inf
    year, *rest = date.split("-")
    return moment(int(year), int(rest[0]) if rest else MONTHS)


def is_due(date: str | None, now: float) -> bool:
    """Return whether a date has come by a moment."""
    return due_moment(date) <= now + EPSILON


def is_next(date: str | None, now: float) -> bool:
    """Return whether a date falls into the month after a moment.

    Examples
    --------
    >>> is_next("2020-06", moment(2020, 5)), is_next("2020", moment(2020, 5))
    (True, False)
    """
    return abs(due_moment(date) - now - 1 / MONTHS) < EPSILON


def rows_of(given: Any, names: Sequence[str]) -> list[dict[str, Any]]:
    """Return the rows of a Table, a DataFrame or a list of mappings; unknown is None.

    Columns that are missing are unknown in every row.
    """
    if given is None:
        return []
    if hasattr(given, "rows"):
        rows = list(given.rows())
    elif hasattr(given, "to_dict"):
        rows = given.to_dict("records")
    else:
        rows = list(given)
    return [{name: known(row, name) for name in names} for row in rows]


def known(row: Mapping[str, Any], name: str) -> Any:
    """Return a cell, None for every way in which a table says nothing (S6)."""
    value = row.get(name)
    if value is None or type(value).__name__ in {"NAType", "NaTType"} or value == "":
        return None
    return None if isinstance(value, float) and math.isnan(value) else value
