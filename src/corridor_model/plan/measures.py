"""The measures: what of a series a promise speaks of, as one table of frozen objects (S4).

A measure says which value counts at the date, what rate, step and path it has, how progress
towards it is judged, how a limit on it is kept, and which event its probability is asked of.
Everything that treats measures differently asks here; a new measure is one entry of `MEASURES`
and its words in `corridor_model.codes.KIND_WORDS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Measure:
    """How one kind of promise is read.

    Attributes
    ----------
    name : str
        Its code, as it stands in the tables.
    value : str
        What counts at the date: ``level`` the value of the series, ``change`` its distance
        from the baseline, ``growth`` its average yearly growth, ``additions`` the sum since
        the start, ``year`` the value of each year, ``event`` whether it happened.
    path : str
        ``geometric`` a rate compounded from the baseline, ``index`` the same from 100,
        ``additions`` that grow at the rate, ``floor`` the bound of each year; or ``none``.
    progress : str
        ``share`` of the way against the share of the time, ``points`` the average so far
        beside the target, ``year`` this year's part against the year, ``event``; or ``none``.
    limit : str
        How a limit is judged (S19): by ``use`` of the room, by whether the bound is held
        (``hold``), in ``points``; or ``never`` where a promise is always an aim.
    event : str
        What the probability is asked of (S14): the ``final`` value, the ``total``, ``each``
        year, the ``average``; or ``none``.
    percent : bool
        Whether its bound is in percent, whatever the unit of the indicator.
    bounded : bool
        Whether it ends at 0 and 100.
    lasting : bool
        Whether it stays met once it is (S20).
    """

    name: str
    value: Literal["level", "change", "growth", "additions", "year", "event"]
    path: Literal["geometric", "index", "additions", "floor", "none"]
    progress: Literal["share", "points", "year", "event", "none"]
    limit: Literal["use", "hold", "points", "never"]
    event: Literal["final", "total", "each", "average", "none"]
    percent: bool = False
    bounded: bool = False
    lasting: bool = False


MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        Measure("level", "level", "geometric", "share", "use", "final"),
        Measure(
            "share", "level", "geometric", "share", "hold", "final", percent=True, bounded=True
        ),
        Measure("ratio", "level", "geometric", "share", "hold", "final"),
        Measure("rank", "level", "geometric", "share", "hold", "final"),
        Measure("growth", "growth", "index", "points", "points", "average", percent=True),
        Measure("cumulative", "additions", "additions", "share", "use", "total", lasting=True),
        Measure("annual", "year", "floor", "year", "use", "each"),
        Measure("change", "change", "geometric", "share", "use", "final"),
        Measure("relative_change", "change", "geometric", "share", "use", "final", percent=True),
        Measure("milestone", "event", "none", "event", "never", "none", lasting=True),
        Measure(
            *("completion", "additions", "none", "share", "never", "none"),
            percent=True,
            bounded=True,
            lasting=True,
        ),
        Measure("qualitative", "event", "none", "none", "never", "none"),
    )
}
"""The measures by name."""


def measures(**is_: object) -> frozenset[str]:
    """Return the names of the measures whose attributes are as stated.

    Examples
    --------
    >>> sorted(measures(value="change"))
    ['change', 'relative_change']
    """
    return frozenset(
        name
        for name, measure in MEASURES.items()
        if all(getattr(measure, attribute) == value for attribute, value in is_.items())
    )


def holds_at_zero(lower: float | None, upper: float | None) -> bool:
    """Return whether no change at all keeps a bound on a change or a growth."""
    return (lower is None or lower <= 0) and (upper is None or upper >= 0)
