"""Targets revised while the plan runs: a dated history, of which nothing is overwritten.

A revision is a row of its own: which indicator, from what day, which value (empty: the target
was withdrawn), and where that is written. The plan's own target stays; an assessment uses what
is valid at its period and keeps the verdict on the target before in ``status_before``.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from corridor_model.errors import CorridorError

if TYPE_CHECKING:
    import pandas as pd

    from corridor_model.plan.model import Indicator
    from corridor_model.plan.plan import Plan

COLUMNS = ("indicator", "valid_from", "value", "year", "sense", "source")


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
    given: pd.DataFrame | Iterable[Revision | Mapping[str, Any]] | None, plan: Plan
) -> tuple[Revision, ...]:
    """Return the plan's own revisions and those given, oldest first.

    ``given`` may be records, rows or a DataFrame; of one day, the given ones come last.

    Raises
    ------
    CorridorError
        For an unknown indicator, a date that is none, or a range (its two rows need a plan of
        their own).
    """
    rows: list[Any] = list(plan.tables["target_revisions"].rows())
    if given is not None:
        rows += given.to_dict("records") if hasattr(given, "to_dict") else list(given)
    made = [row if isinstance(row, Revision) else _revision(row) for row in rows]
    for revision in made:
        if revision.indicator not in plan.indicators:
            raise CorridorError(f"revisions: the plan has no indicator {revision.indicator!r}.")
        if revision.value is not None and len(plan.indicators[revision.indicator].targets) != 1:
            raise CorridorError(
                f"revisions: {revision.indicator} has several targets; load a revised plan instead."
            )
    return tuple(sorted(made, key=lambda revision: (revision.valid_from, revision.indicator)))


def _revision(row: Mapping[str, Any]) -> Revision:
    known = {name: _cell(row.get(name)) for name in COLUMNS}
    printed = str(known["valid_from"])[:10]
    try:
        # a year or a month alone holds from its first day
        day = datetime.date.fromisoformat(printed + "-01" * (2 - printed.count("-")))
    except ValueError:
        raise CorridorError(
            f"revisions: valid_from {known['valid_from']!r} is no day. Write it as 2021-07-01."
        ) from None
    value, year = known["value"], known["year"]
    return Revision(
        str(known["indicator"]),
        day.isoformat(),
        None if value is None else float(value),
        None if year is None else int(year),
        known["sense"],
        known["source"],
    )


def _cell(value: Any) -> Any:
    """Return None for every way in which a table says nothing."""
    return None if value is None or value != value or value == "" else value  # noqa: PLR0124


def revised(
    indicators: Mapping[str, Indicator], revisions: Iterable[Revision], day: str
) -> dict[str, Indicator | None]:
    """Return what was revised by a day: the indicator with its new target, None if withdrawn."""
    changed: dict[str, Indicator | None] = {}
    for revision in revisions:
        if revision.valid_from > day:
            continue
        if revision.value is None:
            changed[revision.indicator] = None
            continue
        before = indicators[revision.indicator]
        target = before.targets[0]
        new = replace(
            target,
            value=revision.value,
            year=revision.year or target.year,
            sense=revision.sense or target.sense,
        )
        changed[revision.indicator] = replace(before, targets=(new,))
    return changed
