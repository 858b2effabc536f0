"""Verdicts counted by group, block, unit and plan; the counts always sum to the total."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from corridor_model.arguments import count, holding, single
from corridor_model.assessment.verdicts import tally
from corridor_model.codes import BEHIND, MISSED, NOT_ASSESSABLE, worst_first
from corridor_model.errors import CorridorError
from corridor_model.messages import N_, Listing, context
from corridor_model.plan.plan import must_be_plan
from corridor_model.plan.promises import places_by

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from corridor_model.plan.plan import Plan


LIGHTS = ("red", "yellow", "grey", "green")
"""The worst first; see `light`."""
By = Literal["group", "block", "unit", "plan"]
BY = ("group", "block", "unit", "plan")
NOBODY = context("unit", "none named")
FAILING = frozenset({BEHIND, MISSED})
"""Verdicts that light a lamp: what is late, and what was not kept."""


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise, or alternatives of which any will do (S4)."""

    id: str
    indicators: tuple[str, ...]
    status: str
    reason: str
    binding: bool
    group: str
    block: str
    units: tuple[str, ...]
    tier: str


def promises_of(plan: Plan, assessment: xr.Dataset) -> list[Promise]:
    """Return the promises of a plan with their verdicts; alternatives are one, the best of them.

    Raises
    ------
    CorridorError
        If the assessment has several rules, or belongs to another plan.
    """
    must_be_plan(plan)
    holding("assessment", assessment, "Dataset", "dims", "data_vars")
    needed = {"promise", "status", "reason"}
    if "indicator" not in assessment.dims or not needed <= set(assessment.variables):
        raise CorridorError(
            N_("This is no result of assess: it lacks indicator, promise, status or reason.")
        )
    if "rule" in assessment.dims:
        raise CorridorError(N_("Choose one rule first: assessment.sel(rule='schedule')."))
    ids = [str(name) for name in assessment["indicator"].to_numpy()]
    if any(name not in plan.targets for name in ids):
        raise CorridorError(N_("The assessment belongs to another plan."))
    leads = lead_units(plan)
    of = [plan.targets[name] for name in ids]
    names = [str(name) for name in assessment["promise"].to_numpy()]
    statuses = [str(status) for status in assessment["status"].to_numpy()]
    reasons = [str(reason) for reason in assessment["reason"].to_numpy()]
    grouped = []
    for places in places_by(names):
        best = max(places, key=lambda i: (statuses[i] != NOT_ASSESSABLE, worst_first(statuses[i])))
        units = [unit for i in places for unit in leads.get(of[i].of, ())]
        grouped.append(
            Promise(
                names[places[0]],
                tuple(ids[i] for i in places),
                statuses[best],
                reasons[best],
                any(of[i].binding == "binding" for i in places),
                of[best].group or "",
                of[best].scope or "",
                tuple(dict.fromkeys(units)),
                of[best].tier,
            )
        )
    return grouped


def lead_units(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Return the units that lead the tasks of each indicator, by their names in use."""
    leads: dict[str, dict[str, None]] = {}
    for task in plan.tasks.values():
        for indicator in task.indicators:
            for unit in task.lead_units:
                leads.setdefault(indicator, {})[plan.units.get(unit, unit)] = None
    return {indicator: tuple(units) for indicator, units in leads.items()}


def roll_up(plan: Plan, assessment: xr.Dataset, by: By = "group") -> pd.DataFrame:
    """Return counts by status and by reason, the worst first.

    Parameters
    ----------
    plan : Plan
        The plan that was assessed.
    assessment : xarray.Dataset
        From :func:`corridor_model.assess`, with one rule.
    by : {"group", "block", "unit", "plan"}
        A promise counts once; by unit it counts with every unit that leads it. Stretch
        promises are named apart (S4b).

    Returns
    -------
    pandas.DataFrame
        Indexed by ``by``: name_zh, name_en, total, one column a status (they sum to the
        total), one column a reason (they sum to not_assessable), light (see
        :func:`light`), binding_behind (behind or missed), parts (ids, the worst first),
        stretch (ids of stretch promises, not counted).

    Examples
    --------
    >>> import corridor_model as cm
    >>> from corridor_model.assessment import assess
    >>> plan = cm.load_plan()
    >>> whole = roll_up(plan, assess(plan, as_of=2020), by="plan").iloc[0]
    >>> int(whole["total"]), int(whole["behind"]), str(whole["light"])
    (145, 1, 'yellow')
    """
    import pandas as pd

    single(by=by)
    if by not in BY:
        raise CorridorError(N_("by must be one of {known}, not {by!r}."), known=Listing(BY), by=by)
    groups: dict[str, list[Promise]] = {}
    for promise in promises_of(plan, assessment):
        for key in _keys(promise, by, plan):
            groups.setdefault(key, []).append(promise)
    names = _names(plan, by)
    rows = {key: _row(members, names.get(key, (key, key))) for key, members in groups.items()}
    order = sorted(rows, key=lambda key: _worst(rows[key]))
    frame = pd.DataFrame.from_dict({key: rows[key] for key in order}, orient="index")
    frame.index.name = by
    return frame


def _keys(promise: Promise, by: str, plan: Plan) -> Iterable[str]:
    if by == "plan":
        return (plan.about.id,)
    if by == "unit":
        return promise.units or ("",)
    return (promise.group if by == "group" else promise.block,)


def _names(plan: Plan, by: str) -> dict[str, tuple[str, str]]:
    if by == "plan":
        return {plan.about.id: (plan.about.name_zh, plan.about.name("en"))}
    nobody = {"": (NOBODY.text("zh"), NOBODY.text("en"))}
    if by == "unit":
        return nobody
    table = plan.tables["groups" if by == "group" else "areas"]
    return nobody | {
        key: (zh, en or zh)
        for key, zh, en in zip(table["id"], table["name_zh"], table["name_en"], strict=True)
    }


def _row(members: list[Promise], names: tuple[str, str]) -> dict[str, object]:
    promises = [promise for promise in members if promise.tier != "stretch"]
    counts = tally([p.status for p in promises], [p.reason for p in promises])
    binding = sum(p.binding and p.status in FAILING for p in promises)
    parts = sorted(promises, key=lambda p: worst_first(p.status))
    return {
        "name_zh": names[0],
        "name_en": names[1],
        "total": len(promises),
        **counts,
        "light": light(promises),
        "binding_behind": binding,
        "parts": ";".join(p.id for p in parts),
        "stretch": ";".join(p.id for p in members if p.tier == "stretch"),
    }


def light(promises: list[Promise]) -> str:
    """Return red, yellow, green or grey for several promises.

    Red: a binding target is behind or missed; yellow: another one is; grey: none can be
    assessed; green: otherwise. Whether a target is 约束性 is often not printed; what is not
    printed does not bind here.
    """
    failing = [promise for promise in promises if promise.status in FAILING]
    if failing:
        return "red" if any(promise.binding for promise in failing) else "yellow"
    return "grey" if all(p.status == NOT_ASSESSABLE for p in promises) else "green"


def _worst(row: dict[str, object]) -> tuple[float, float, str]:
    total = int(str(row["total"])) or 1
    behind = sum(int(str(row[status])) for status in FAILING)
    open_ = int(str(row["not_assessable"]))
    rank = LIGHTS.index(str(row["light"]))
    return rank, -(behind / total + open_ / total / 1000), str(row["name_zh"])


# Units by the items they lead: ties share a rank, few items give none.

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
    """Return responsible units ranked by the share of items neither behind nor missed.

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
        Indexed by unit: items (all it leads, without stretch promises), assessed, behind (or
        missed), not_assessable, score (assessed items that are neither over all), rank (ties 1,
        2, 2, 4; 0 where not
        ranked), note (empty, ``too_few_items`` or ``left_out``). Ranked units first.

    Raises
    ------
    CorridorError
        If ``min_items`` is below 1.

    Examples
    --------
    >>> import corridor_model as cm
    >>> plan = cm.load_plan()
    >>> len(league(plan, cm.assess(plan, as_of=2020))) > 0
    True
    """
    import pandas as pd

    min_items = count("min_items", min_items)
    items: dict[str, list[str]] = {}
    for promise in promises_of(plan, assessment):
        for unit in promise.units if promise.tier != "stretch" else ():
            items.setdefault(unit, []).append(promise.status)
    for frame in (works, tasks):
        if frame is not None:
            for units, status in zip(frame["lead_units"], frame["status"], strict=True):
                for unit in dict.fromkeys(
                    plan.units.get(name, name) for name in str(units).split(";") if name
                ):
                    items.setdefault(unit, []).append(status)
    aside = {plan.units.get(name, name) for name in left_out}
    rows = {unit: _unit_row(statuses, unit in aside, min_items) for unit, statuses in items.items()}
    scores = [row["score"] for row in rows.values() if not row["note"]]
    for row in rows.values():
        if not row["note"]:
            row["rank"] = rank(row["score"], scores)
    order = sorted(rows, key=lambda unit: (rows[unit]["rank"] or len(rows) + 1, unit))
    columns = ["items", "assessed", "behind", "not_assessable", "score", "rank", "note"]
    frame = pd.DataFrame([rows[unit] for unit in order], index=order, columns=columns)
    frame.index.name = "unit"
    return frame


def _unit_row(statuses: list[str], aside: bool, min_items: int) -> dict[str, object]:
    assessed = [status for status in statuses if status != NOT_ASSESSABLE]
    behind = sum(status in FAILING for status in assessed)
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
