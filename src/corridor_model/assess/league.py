"""Units by the items they lead: ties share a rank, few items give none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_model.assess.rollup import promises_of
from corridor_model.assess.words import BEHIND, NOT_ASSESSABLE
from corridor_model.errors import CorridorError

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from corridor_model.plan.plan import Plan

MIN_ITEMS = 3
"""Below this a share says more about the number than about the unit; ours, adjustable."""


def league(
    plan: Plan,
    assessment: xr.Dataset,
    works: pd.DataFrame | None = None,
    tasks: pd.DataFrame | None = None,
    min_items: int = MIN_ITEMS,
    left_out: tuple[str, ...] = (),
) -> pd.DataFrame:
    """Return responsible units ranked by the share of their items that are not behind.

    Parameters
    ----------
    plan : Plan
        The plan.
    assessment : xarray.Dataset
        Verdicts on its targets; a target belongs to the units that lead its tasks.
    works, tasks : pandas.DataFrame, optional
        Verdicts on works and tasks, counted as items of the units that lead them.
    min_items : int, default 3
        Units with fewer assessed items are not ranked.
    left_out : tuple of str
        Units that are listed but not ranked (不参与排名).

    Returns
    -------
    pandas.DataFrame
        Indexed by unit: items (all it leads), assessed, behind, not_assessable, score
        (assessed items not behind over assessed items), rank (ties 1, 2, 2, 4; 0 where not
        ranked), note (empty, ``too_few_items`` or ``left_out``). Ranked units first.

    Raises
    ------
    CorridorError
        If ``min_items`` is below 1.
    """
    import pandas as pd

    if min_items < 1:
        raise CorridorError(f"min_items must be at least 1, not {min_items}.")
    items: dict[str, list[str]] = {}
    for promise in promises_of(plan, assessment):
        for unit in promise.units:
            items.setdefault(unit, []).append(promise.status)
    for frame in (works, tasks):
        if frame is not None:
            for units, status in zip(frame["lead_units"], frame["status"], strict=True):
                for unit in dict.fromkeys(
                    plan.units.get(name, name) for name in str(units).split(";") if name
                ):
                    items.setdefault(unit, []).append(status)
    aside = {plan.units.get(name, name) for name in left_out}
    rows = {unit: _row(found, unit in aside, min_items) for unit, found in items.items()}
    scores = [row["score"] for row in rows.values() if not row["note"]]
    for row in rows.values():
        if not row["note"]:
            row["rank"] = rank(row["score"], scores)
    order = sorted(rows, key=lambda unit: (rows[unit]["rank"] or len(rows) + 1, unit))
    columns = ["items", "assessed", "behind", "not_assessable", "score", "rank", "note"]
    made = pd.DataFrame([rows[unit] for unit in order], index=order, columns=columns)
    made.index.name = "unit"
    return made


def _row(statuses: list[str], aside: bool, min_items: int) -> dict[str, object]:
    assessed = [status for status in statuses if status != NOT_ASSESSABLE]
    behind = assessed.count(BEHIND)
    note = "left_out" if aside else "too_few_items" if len(assessed) < min_items else ""
    return {
        "items": len(statuses),
        "assessed": len(assessed),
        "behind": behind,
        "not_assessable": len(statuses) - len(assessed),
        "score": (len(assessed) - behind) / len(assessed) if assessed else float("nan"),
        "rank": 0,
        "note": note,
    }


def rank(score: object, scores: list[object]) -> int:
    """Return the place of a score among all, equal scores sharing the better place.

    Examples
    --------
    >>> scores = [0.9, 0.8, 0.8, 0.5]
    >>> [rank(score, scores) for score in scores]
    [1, 2, 2, 4]
    """
    return 1 + sum(other > score for other in scores)  # type: ignore[operator]
