"""Targets revised while the plan runs: a dated history, of which nothing is overwritten."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from corridor_model.arguments import holding
from corridor_model.errors import CorridorError
from corridor_model.messages import N_
from corridor_model.plan.promises import Promise
from corridor_model.tabular.table import known, rows_from

if TYPE_CHECKING:
    import pandas as pd

    from corridor_model.plan.contents import PlanRecords


_FIELDS = ("indicator", "valid_from", "value", "year", "sense", "source")


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of a target.

    Attributes
    ----------
    indicator : str
        Id of the indicator.
    valid_from : str
        Day from which it holds, such as ``2021-07-01``.
    value : float or None
        In the indicator's unit; None withdraws the target.
    year : int or None
        New deadline; None keeps it.
    sense : str or None
        New direction; None keeps it.
    source : str or None
        Where the revision is written.
    """

    indicator: str
    valid_from: str
    value: float | None
    year: int | None = None
    sense: str | None = None
    source: str | None = None


def revisions_of(
    more: pd.DataFrame | Iterable[Revision | Mapping[str, Any]] | None, plan: PlanRecords
) -> tuple[Revision, ...]:
    """Return the plan's own revisions and the user's, oldest first.

    ``more`` may be records, rows or a DataFrame; of one day, the plan's own come first.

    Raises
    ------
    CorridorError
        For an unknown indicator, a date that is none, or a range (its two rows need a plan of
        their own).
    """
    rows: list[Any] = list(plan.tables["target_revisions"].rows())
    if more is not None:
        rows += rows_from("revisions", more)
    revisions = [row if isinstance(row, Revision) else _revision(row) for row in rows]
    for revision in revisions:
        if revision.indicator not in plan.targets:
            raise CorridorError(
                N_("revisions: the plan has no indicator {id!r}."), id=revision.indicator
            )
        if revision.value is not None and len(plan.targets[revision.indicator].targets) != 1:
            raise CorridorError(
                N_("revisions: {id} has several targets; load a revised plan instead."),
                id=revision.indicator,
            )
    return tuple(sorted(revisions, key=lambda revision: (revision.valid_from, revision.indicator)))


def _revision(row: Mapping[str, Any]) -> Revision:
    holding("revisions", row, "mapping", "get")
    cells = {name: known(row.get(name)) for name in _FIELDS}
    printed = str(cells["valid_from"])[:10]
    try:
        # a year or a month alone holds from its first day
        day = datetime.date.fromisoformat(printed + "-01" * (2 - printed.count("-")))
    except ValueError:
        raise CorridorError(
            N_("revisions: valid_from {day!r} is no day. Write it as 2021-07-01."),
            day=cells["valid_from"],
        ) from None
    value, year = cells["value"], cells["year"]
    return Revision(
        str(cells["indicator"] or ""),
        day.isoformat(),
        None if value is None else float(value),
        None if year is None else int(year),
        cells["sense"],
        cells["source"],
    )


def revised(
    promises: Mapping[str, Promise], revisions: Iterable[Revision], day: str
) -> dict[str, Promise | None]:
    """Return what was revised by a day: the promise with its new target, None if withdrawn."""
    changed: dict[str, Promise | None] = {}
    for revision in revisions:
        if revision.valid_from > day:
            continue
        before = promises[revision.indicator]
        if revision.value is None:
            changed[before.id] = None
            continue
        target = before.targets[0]
        new = replace(
            target,
            value=revision.value,
            year=revision.year or target.year,
            sense=revision.sense or target.sense,
        )
        changed[before.id] = replace(before, targets=(new,))
    return changed


def in_force(plan: PlanRecords, day: str = "9999") -> dict[str, Promise | None]:
    """Return every promise as the plan's own revisions have it by a day; None if withdrawn.

    Parameters
    ----------
    plan : Plan
        The plan.
    day : str, optional
        Such as ``2021-07-01``; by default every revision counts.
    """
    return {**plan.targets} | revised(plan.targets, revisions_of(None, plan), day)
