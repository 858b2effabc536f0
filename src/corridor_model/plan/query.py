"""The questions a planner asks of a plan: what is due, from whom, where is it written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from corridor_model.codes import KIND_WORDS, KINDS
from corridor_model.errors import CellError, CorridorError
from corridor_model.messages import N_, Message, context
from corridor_model.plan.contents import PlanRecords
from corridor_model.plan.promises import promises as together
from corridor_model.tabular.cells import parse_date
from corridor_model.tabular.schema import SHEETS_ZH, place_of
from corridor_model.units import MONEY

if TYPE_CHECKING:
    import pandas as pd

_UNIT, _AREA = context("asked of", "responsible unit"), context("asked of", "area")
_GROUP, _KIND = context("asked of", "group"), context("asked of", "kind")
"""What a plan may not know."""

_COLUMNS = (
    "what",
    "id",
    "name",
    "name_en",
    "sense",
    "value",
    "unit",
    "due",
    "area",
    "group",
    "kind",
    "lead_units",
    "other_units",
    "places",
)


def promises(
    plan: PlanRecords,
    *,
    unit: str | None = None,
    area: str | None = None,
    group: str | None = None,
    due: int | str | None = None,
    kind: str | None = None,
    text: str | None = None,
) -> pd.DataFrame:
    """Return the targets, works and tasks that meet every condition given.

    Parameters
    ----------
    plan : Plan
        The plan.
    unit : str, optional
        A responsible unit by any of its names, leading or not. A target belongs to the
        units of the tasks that carry it.
    area, group : str, optional
        Id or name of an area or a group.
    due : int or str, optional
        ``2021`` for the year, ``"2020-05"`` for the month, of the deadline.
    kind : str, optional
        Kind of target (S4), or ``work`` or ``task``.
    text : str, optional
        Words that must occur in a name, summary, unit or place.

    Returns
    -------
    pandas.DataFrame
        One row a promise: what (target, work, task), id, name, name_en (of a task its
        summary), sense, value, unit, due, area,
        group, kind, lead_units, other_units, places. Targets first, then works, then tasks.

    Raises
    ------
    CorridorError
        For a unit, area, group or kind the plan does not know, with the nearest name.

    Examples
    --------
    >>> import corridor_model as cm
    >>> due = cm.load_plan().promises(unit="区科协")
    >>> due.loc[due["what"] == "target", "id"].tolist()
    ['academician_workstations']
    """
    import pandas as pd

    rows = [*_targets(plan), *_works(plan), *_tasks(plan)]
    if unit is not None:
        office = _known(unit, plan.units, _UNIT)
        rows = [row for row in rows if office in row["_offices"]]
    if area is not None:
        place = _known(area, _labels(plan, "areas"), _AREA)
        rows = [row for row in rows if row.get("area") == place]
    if group is not None:
        heading = _known(group, _labels(plan, "groups"), _GROUP)
        rows = [row for row in rows if row.get("group") == heading]
    if kind is not None:
        words = {word: word for word in (*KINDS, "work", "task")}
        words |= {KIND_WORDS[word].text("zh"): word for word in KINDS}
        words |= {SHEETS_ZH["projects"]: "work", SHEETS_ZH["tasks"]: "task"}
        code = _known(kind, words, _KIND)
        rows = [row for row in rows if row["kind"] == code]
    if due is not None:
        deadline = _deadline(due)
        rows = [row for row in rows if _is_due(row["due"], deadline)]
    if text is not None:
        word = str(text).casefold()
        rows = [row for row in rows if word in row["_words"]]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype({"value": "float64"})


def search(plan: PlanRecords, text: str) -> pd.DataFrame:
    """Return everything that mentions a text, conflicts included.

    Parameters
    ----------
    plan : Plan
        The plan.
    text : str
        Chinese or English words; case does not matter.

    Returns
    -------
    pandas.DataFrame
        Columns what, id, name, due, places, in the order targets, works, tasks, conflicts.

    Examples
    --------
    >>> import corridor_model as cm
    >>> len(cm.load_plan().search("眼谷")) > 10
    True
    """
    import pandas as pd

    mentions = promises(plan, text=text)[["what", "id", "name", "due", "places"]]
    word = str(text).casefold()
    conflicts = [
        {
            "what": "conflict",
            "id": c.id,
            "name": c.subject,
            "due": None,
            "places": ";".join(c.places),
        }
        for c in plan.conflicts.values()
        if word in "\n".join([c.id, c.subject, *c.readings, c.used, c.reason]).casefold()
    ]
    if not conflicts:
        return mentions
    return pd.concat([mentions, pd.DataFrame(conflicts)], ignore_index=True)


def due_text(year: int | None, month: int | None) -> str | None:
    """Return a deadline at its printed precision, None where nothing is dated."""
    if year is None:
        return None
    return f"{year}" if month is None else f"{year}-{month:02d}"


def _targets(plan: PlanRecords) -> list[dict[str, Any]]:
    leads: dict[str, list[str]] = {}
    others: dict[str, list[str]] = {}
    for task in plan.tasks.values():
        for indicator in task.indicators:
            leads.setdefault(indicator, []).extend(task.lead_units)
            others.setdefault(indicator, []).extend(task.other_units)
    rows = []
    for promise in plan.indicators.values():
        lead = tuple(dict.fromkeys(leads.get(promise.id, ())))
        other = tuple(
            unit for unit in dict.fromkeys(others.get(promise.id, ())) if unit not in lead
        )
        for target in promise.targets:
            rows.append(
                _row(
                    plan,
                    what="target",
                    id=promise.id,
                    name=promise.name_zh,
                    name_en=promise.name_en,
                    sense=target.sense,
                    value=target.value,
                    unit=promise.unit,
                    due=due_text(target.year, target.month),
                    area=promise.scope,
                    group=promise.group,
                    kind=promise.kind,
                    lead=lead,
                    other=other,
                    places=target.places,
                    words=promise.name_en or "",
                )
            )
    return rows


def _works(plan: PlanRecords) -> list[dict[str, Any]]:
    return [
        _row(
            plan,
            what="work",
            id=work.id,
            name=work.name_zh,
            name_en=work.name_en,
            value=work.investment,
            unit=MONEY if work.investment is not None else "",
            due=work.end,
            kind="work",
            lead=work.lead_units,
            other=work.other_units,
            places=(place_of(work.table, work.row, None),),
            words=f"{work.name_en or ''} {work.note or ''}",
        )
        for work in plan.projects.values()
    ]


def _tasks(plan: PlanRecords) -> list[dict[str, Any]]:
    return [
        _row(
            plan,
            what="task",
            id=task.id,
            name=task.name,
            name_en=task.summary_en,
            due=task.deadline,
            area=task.area,
            kind="task",
            lead=task.lead_units,
            other=task.other_units,
            places=(place_of(task.table, task.row, task.part),),
            words=task.summary_en or "",
        )
        for task in plan.tasks.values()
    ]


def _row(
    plan: PlanRecords, *, lead: tuple[str, ...], other: tuple[str, ...], words: str, **row: Any
) -> dict[str, Any]:
    offices = {plan.units.get(name, name) for name in (*lead, *other)}
    places = row.pop("places")
    labels = [str(row.get("area") or ""), str(row.get("group") or "")]
    text = [str(row["id"]), row["name"], words, *lead, *other, *offices, *places, *labels]
    text += [name for label in labels for name in _names_of(plan, label)]
    return {
        **row,
        "lead_units": ";".join(lead),
        "other_units": ";".join(other),
        "places": ";".join(places),
        "_offices": offices,
        "_words": "\n".join(text).casefold(),
    }


def _names_of(plan: PlanRecords, label: str) -> list[str]:
    if not label:
        return []
    names = []
    for table in ("areas", "groups"):
        rows = plan.tables[table]
        if label in rows["id"]:
            row = rows["id"].index(label)
            names += [rows["name_zh"][row], rows["name_en"][row] or ""]
    return names


def _is_due(printed: str | None, deadline: str) -> bool:
    return printed is not None and (printed == deadline or printed.startswith(f"{deadline}-"))


def _labels(plan: PlanRecords, table: str) -> dict[str, str]:
    """Return the ids of areas or groups by each of their names."""
    rows = plan.tables[table]
    return {
        name: identifier
        for column in ("id", "name_zh", "name_en")
        for name, identifier in zip(rows[column], rows["id"], strict=True)
        if name
    }


def _known(text: str, names: Mapping[str, str], what: Message) -> str:
    """Return what a text names, or refuse it with the nearest name."""
    if text in names:
        return names[text]
    import difflib

    every = [name for name in names if name]
    near = [name for name in every if text in name] or difflib.get_close_matches(text, every)
    if not near:
        raise CorridorError(N_("The plan knows no {what} {name!r}."), what=what, name=text)
    raise CorridorError(
        N_("The plan knows no {what} {name!r}. Did you mean {near!r}?"),
        what=what,
        name=text,
        near=near[0],
    )


def _deadline(due: int | str) -> str:
    """Return a deadline asked for as ``2021`` or ``2020-05``, however it was written."""
    try:
        date = parse_date(str(due))
    except CellError as error:
        raise CorridorError(
            N_("due: {what} {remedy}"), what=error.what, remedy=error.remedy
        ) from None
    if date is None:
        raise CorridorError(N_("due: give a year or a month."))
    return date


# Which promises stand for others, and which a first look shows.


def alternatives_of(plan: PlanRecords, name: str) -> list[str]:
    """Return the promises of which any one keeps the promise of this one, itself among them."""
    names = list(plan.targets)
    own = names.index(name)
    (places,) = (group for group in together(plan.targets.values()) if own in group)
    return [names[i] for i in places]


def headline(plan: PlanRecords) -> frozenset[str]:
    """Return the promises a first look should show.

    They speak of the whole area (the scope most indicators have), or their start is a real
    figure and not a zero by definition.
    """
    scopes = Counter(indicator.scope for indicator in plan.indicators.values())
    common = scopes.most_common(1)[0][0]
    return frozenset(
        p.id
        for p in plan.targets.values()
        if p.scope == common or (p.baseline and p.baseline.value)
    )
