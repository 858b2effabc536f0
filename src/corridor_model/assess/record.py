"""An indicator's own record: its best year so far, and breaks between vintages (S10)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from corridor_model.assess.schedule import MONTHS

if TYPE_CHECKING:
    from corridor_model.assess.case import Case


class Best(NamedTuple):
    """The fastest yearly change towards the target on record, and its last year."""

    rate: float | None
    step: float | None
    year: int | None


def best_on_record(case: Case) -> Best:
    """Return the best yearly change towards the target between whole years of one series.

    A required rate above it was never reached before: possible, but without precedent.
    """
    known = [(p.year, p.value, p.series) for p in case.points if p.months == MONTHS]
    if case.kind == "growth":
        known = []
    elif case.base is not None and case.start is not None and case.base_origin != "assumed":
        began = int(case.start)
        if all(point[0] != began for point in known):
            known.append((began, case.base, case.base_series))
    known.sort(key=lambda point: point[0])
    rising = case.upper is None or (case.base is not None and case.goal > case.base)
    sign = 1 if rising else -1
    rate: float | None = None
    step: float | None = None
    year: int | None = None
    for before, after in pairwise(known):
        if before[2] != after[2]:
            continue
        years = after[0] - before[0]
        moved = (after[1] - before[1]) / years
        if step is None or moved * sign > step * sign:
            step, year = moved, after[0]
        if before[1] > 0 and after[1] > 0:
            grown = (after[1] / before[1]) ** (1 / years) - 1
            if rate is None or grown * sign > rate * sign:
                rate = grown
    return Best(rate, step, year)


def has_series_break(case: Case) -> bool:
    """Return whether start and figures up to now are of different vintages (S10).

    Only vintages that are named count: an empty series says nothing.
    """
    if case.kind == "growth":
        names = {p.series for p in case.points if p.series}
        return len(names) > 1
    first = case.start if case.start is not None else -1.0
    names = {p.series for p in case.points if p.series and p.year >= first}
    if case.base_series:
        names.add(case.base_series)
    return len(names) > 1
