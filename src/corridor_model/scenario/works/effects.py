"""What works do to indicators: against the plan as scheduled, by work carried out (S12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Effect:
    """One work's effect on one indicator.

    Attributes
    ----------
    project, indicator : str
        Ids.
    per_unit : float
        Change of the indicator, in its unit, per 亿元 of planned investment carried out.
    lag : int
        Years until it shows.
    decay : float
        Share of the effect lost a year: 1 acts in one year only, 0 stays for good.
    origin, source : str
        ``literature``, ``user`` or ``assumed``; never ``document`` (the plan prints none).
    """

    project: str
    indicator: str
    per_unit: float
    lag: int
    decay: float
    origin: str
    source: str


def effects_of(plan: Plan) -> list[Effect]:
    """Return the plan's effects, one a work and indicator.

    A work's own row wins over that of its category, and both over one of ``all``.

    Examples
    --------
    >>> import corridor_model as cm
    >>> effects = effects_of(cm.load_plan())
    >>> len(effects), effects[0].indicator, effects[0].per_unit
    (24, 'gdp', 0.2)
    """
    made: dict[tuple[str, str], Effect] = {}
    by_category: dict[str, list[str]] = {}
    for project in plan.projects.values():
        by_category.setdefault(project.category, []).append(project.id)
    rows = list(plan.tables["effects"].rows())
    for named in ({"all": list(plan.projects)}, by_category, {p: [p] for p in plan.projects}):
        for row in rows:
            for name in named.get(row["target"], ()):
                made[name, row["indicator"]] = Effect(
                    name,
                    row["indicator"],
                    row["per_unit"],
                    int(row["lag"] or 0),
                    1.0 if row["decay"] is None else row["decay"],
                    row["origin"],
                    row["source"] or "",
                )
    return list(made.values())


def spread(carried: Array, lag: int, decay: float) -> Array:
    """Return the effect by year of work carried out by year, per unit.

    Parameters
    ----------
    carried : ndarray, shape (years, ...)
        Work carried out in each year, 亿元 of planned investment.
    lag : int
        Years until it shows.
    decay : float
        Share lost a year.

    Returns
    -------
    ndarray, shape (years, ...)
        Sum over k of carried[t - lag - k] × (1 - decay)^k.

    Examples
    --------
    >>> spread(np.array([10.0, 0.0, 0.0]), lag=1, decay=0.5)
    array([ 0., 10.,  5.])
    """
    out = np.zeros_like(carried)
    for year in range(lag, len(carried)):
        out[year] = carried[year - lag] + ((1 - decay) * out[year - 1] if year > lag else 0.0)
    return out
