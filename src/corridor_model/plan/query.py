"""The questions a planner asks of a plan: what is due, from whom, where is it written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor_model.codes import KIND_WORDS, KINDS
from corridor_model.errors import CellError, CorridorError
from corridor_model.tabular.cells import parse_date

if TYPE_CHECKING:
    import pandas as pd

    from corridor_model.plan.plan import Plan

_WHAT_ZH = {"responsible unit": "责任单位", "area": "区块", "group": "指标类别", "kind": "目标类型"}
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
    plan: Plan,
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
    >>> found = cm.load_plan().promises(unit="区科协")
    >>> found.loc[found["what"] == "target", "id"].tolist()
    ['academician_workstations']
    """
    import pandas as pd

    rows = [*_targets(plan), *_works(plan), *_tasks(plan)]
    if unit is not None:
        office = _known(unit, plan.units, "responsible unit")
        rows = [row for row in rows if office in row["_offices"]]
    if area is not None:
        place = _label(area, plan, "areas")
        rows = [row for row in rows if row.get("area") == place]
    if group is not None:
        heading = _label(group, plan, "groups")
        rows = [row for row in rows if row.get("group") == heading]
    if kind is not None:
        words = {word: word for word in (*KINDS, "work", "task")}
        words |= {word.text("zh"): code for code, word in KIND_WORDS.items()}
        words |= {"项目": "work", "任务": "task"}
        wanted = _known(kind, words, "kind")
        rows = [row for row in rows if row["kind"] == wanted]
    if due is not None:
        deadline = _due(due)
        rows = [row for row in rows if _is_due(row["due"], deadline)]
    if text is not None:
        rows = [row for row in rows if text.casefold() in row["_words"]]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype({"value": "float64"})


def search(plan: Plan, text: str) -> pd.DataFrame:
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

    found = promises(plan, text=text)[["what", "id", "name", "due", "places"]]
    rows = [
        {
            "what": "conflict",
            "id": c.id,
            "name": c.subject,
            "due": None,
            "places": ";".join(c.places),
        }
        for c in plan.conflicts.values()
        if text.casefold() in "\n".join([c.id, c.subject, *c.readings, c.used, c.reason]).casefold()
    ]
    if not rows:
        return found
    return pd.concat([found, pd.DataFrame(rows)], ignore_index=True)


def due_text(year: int, month: int | None) -> str:
    """Return a deadline at its printed precision."""
    return f"{year}" if month is None else f"{year}-{month:02d}"


def _targets(plan: Plan) -> list[dict[str, Any]]:
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


def _works(plan: Plan) -> list[dict[str, Any]]:
    return [
        _row(
            plan,
            what="work",
            id=work.id,
            name=work.name_zh,
            name_en=work.name_en,
            value=work.investment,
            unit="亿元" if work.investment is not None else "",
            due=work.end,
            kind="work",
            lead=work.lead_units,
            other=work.other_units,
            places=(place_of(work.table, work.row, None),),
            words=f"{work.name_en or ''} {work.note or ''}",
        )
        for work in plan.projects.values()
    ]


def _tasks(plan: Plan) -> list[dict[str, Any]]:
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
    plan: Plan, *, lead: tuple[str, ...], other: tuple[str, ...], words: str, **row: Any
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


def _names_of(plan: Plan, label: str) -> list[str]:
    if not label:
        return []
    names = []
    for table in ("areas", "groups"):
        rows = plan.tables[table]
        if label in rows["id"]:
            row = rows["id"].index(label)
            names += [rows["name_zh"][row], rows["name_en"][row] or ""]
    return names


def place_of(table: int, row: int, part: int | None) -> str:
    """Return the place of an annex row as targets print it: ``附件三/4.5``."""
    numeral = "一二三四五六七八九"[table - 1] if 1 <= table <= 9 else str(table)
    return f"附件{numeral}/{row}" + (f".{part}" if part is not None else "")


def _is_due(deadline: str | None, wanted: str) -> bool:
    return deadline is not None and (deadline == wanted or deadline.startswith(f"{wanted}-"))


def _label(text: str, plan: Plan, table: str) -> str:
    rows = plan.tables[table]
    names = {}
    for column in ("id", "name_zh", "name_en"):
        names.update({n: i for n, i in zip(rows[column], rows["id"], strict=True) if n})
    return _known(text, names, table[:-1])


def _known(text: str, names: Any, what: str) -> str:
    if text in names:
        return str(names[text])
    import difflib

    listed = [name for name in names if name]
    near = [name for name in listed if text in name] or difflib.get_close_matches(text, listed)
    hint, hint_zh = "", ""
    if near:
        hint, hint_zh = f" Did you mean {near[0]!r}?", f"是否为“{near[0]}”？"
    raise CorridorError(
        f"The plan knows no {what} {text!r}.{hint}",
        f"规划中没有{_WHAT_ZH.get(what, what)}“{text}”。{hint_zh}",
    )


def _due(wanted: int | str) -> str:
    """Return a deadline asked for as ``2021`` or ``2020-05``, however it was written."""
    try:
        date = parse_date(str(wanted))
    except CellError as error:
        raise CorridorError(
            f"due: {error.what_en} {error.remedy_en}", error.what_zh + error.remedy_zh
        ) from None
    if date is None:
        raise CorridorError("due: give a year or a month.", "请给出年份或月份，如2021或2020-05。")
    return date
