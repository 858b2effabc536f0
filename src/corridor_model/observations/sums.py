"""Year-to-date totals out of what was reported: totals, months and quarters.

A total is given only where every month of it is covered; a hole is a reason, never a
smaller sum (S7).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from corridor_model.observations.model import Gap, Point
from corridor_model.observations.periods import Period
from corridor_model.plan.origins import weakest

Parts = dict[int, dict[int, Point]]
"""Totals by year and by how many months of it they cover."""


def running_totals(
    found: Sequence[tuple[Period, Point]], best: Callable[[list[Point]], Point], measure: str
) -> tuple[Parts, list[Gap]]:
    """Return the total of the first months of each year, wherever it is known or adds up.

    Parameters
    ----------
    found : sequence of (Period, Point)
        Totals since January (basis ``year`` or ``ytd``) and figures of a period by itself
        (basis ``month``).
    best : callable
        Chooses among several figures for one time.
    measure : str
        Measure of the totals.

    Returns
    -------
    totals : dict of int to dict of int to Point
        By year and months covered.
    gaps : list of Gap
        Figures of a period by itself that no total reaches.
    """
    said: dict[int, dict[int, list[Point]]] = {}
    alone: dict[int, dict[tuple[int, int], list[Point]]] = {}
    for period, point in found:
        if point.basis == "month":
            span = (period.first_month - 1, period.month)
            alone.setdefault(period.year, {}).setdefault(span, []).append(point)
        else:
            said.setdefault(period.year, {}).setdefault(period.month, []).append(point)
    totals: Parts = {}
    gaps: list[Gap] = []
    for year in sorted({*said, *alone}):
        direct = {months: best(points) for months, points in said.get(year, {}).items()}
        pieces = {span: best(points) for span, points in alone.get(year, {}).items()}
        totals[year], hole = _chain(year, direct, pieces, measure)
        if hole:
            gaps.append(Gap(year, "months_missing", tuple(hole)))
    return totals, gaps


def _chain(
    year: int, direct: dict[int, Point], pieces: dict[tuple[int, int], Point], measure: str
) -> tuple[dict[int, Point], list[str]]:
    """Return totals by months covered, and the months missing before the last piece.

    A stated total is taken before a sum, and a longer piece before several short ones.
    """
    reached: dict[int, list[Point]] = {0: []}
    totals: dict[int, Point] = {}
    for months in range(1, 13):
        if months in direct:
            reached[months] = [direct[months]]
            totals[months] = total(reached[months], year, months, measure)
            continue
        for start, end in sorted(pieces):
            if end == months and start in reached:
                reached[months] = [*reached[start], pieces[start, end]]
                totals[months] = total(reached[months], year, months, measure)
                break
    last = max((end for _, end in pieces), default=0)
    if last <= max(reached):
        return totals, []
    covered = set(range(1, max(reached) + 1))
    for start, end in pieces:
        covered.update(range(start + 1, end + 1))
    return totals, [f"{year}-{month:02d}" for month in range(1, last + 1) if month not in covered]


def total(
    parts: Sequence[Point], year: int, months: int, measure: str, basis: str | None = None
) -> Point:
    """Return the sum of some figures as one, with the provenance they share."""
    basis = basis or ("year" if months == 12 else "ytd")
    if len(parts) == 1:
        only = parts[0]
        value, published, origin = only.value, only.published, only.origin
    else:
        value = sum(part.value for part in parts)
        published = max((part.published or "" for part in parts), default="") or None
        origin = weakest(part.origin for part in parts)
    return Point(
        year,
        months,
        value,
        parts[0].unit,
        measure,
        basis,
        _shared([part.series for part in parts]),
        _shared([part.stage for part in parts]),
        published,
        "; ".join(dict.fromkeys(part.source for part in parts if part.source)) or None,
        origin,
    )


def _shared(words: Sequence[str | None]) -> str | None:
    return words[0] if len(set(words)) == 1 else None
