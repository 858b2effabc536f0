"""``corridor observe``: figures into a store that only grows, and out of it."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from corridor_model.cli import output
from corridor_model.errors import PlanError, Problem
from corridor_model.observations.load import load_observations
from corridor_model.observations.store import Store
from corridor_model.plan.plan import Plan
from corridor_model.rounding import plain

_MORE = ("unit", "measure", "basis", "stage", "series")


def run(options: Namespace) -> int:
    """Add, list or revise."""
    {"add": _add, "list": _list, "revise": _revise}[options.action](options)
    return 0


def _add(options: Namespace) -> None:
    plan = output.plan_of(options)
    store = Store(options.store)
    if len(options.figure) == 1:
        rows: Any = load_observations(
            options.figure[0], plan, period=options.period, beside=store.open()
        )
        said = len(rows)
    else:
        rows, said = [_figure(options)], 1
    count = store.append(rows, date=options.date, source=options.source, plan=plan)
    same = said - count
    if options.lang == "zh":
        tail = f"，{same}条与库中相同，未重复录入" if same else ""
        output.paragraph(f"已录入 {count} 条到 {options.store}{tail}。")
    else:
        tail = f"; {same} were there already" if same else ""
        output.paragraph(f"{count} added to {options.store}{tail}.")


def _revise(options: Namespace) -> None:
    plan = output.plan_of(options)
    row = _figure(options)
    Store(options.store).revise(
        row.pop("indicator"),
        row.pop("period"),
        row.pop("value"),
        date=options.date,
        source=options.source,
        plan=plan,
        **row,
    )
    output.paragraph(
        f"已修订，原数值仍保留在 {options.store}。"
        if options.lang == "zh"
        else f"Revised; the former value stays in {options.store}."
    )


def _figure(options: Namespace) -> dict[str, Any]:
    """Return the row that the command line spells out."""
    if len(options.figure) != 3:
        problem = Problem(
            "应为：指标 时期 数值，或一个文件。",
            "takes an indicator, a period and a value, or one file.",
            "例如 corridor observe add gdp 2021Q3 370.1 --source 区统计局快报",
            "For example: corridor observe add gdp 2021Q3 370.1 --source 'Statistics, flash'",
            f"observe {options.action}",
        )
        raise PlanError([problem])
    row = dict(zip(("indicator", "period", "value"), options.figure, strict=True))
    return row | {name: getattr(options, name) for name in _MORE if getattr(options, name)}


def _list(options: Namespace) -> None:
    plan = output.plan_of(options)
    wanted = [*options.figure, None, None][:2]
    period = None if wanted[1] is None else str(_period(wanted[1]))
    rows = Store(options.store).list(_indicator(plan, wanted[0]), period)
    if options.format != "table":
        output.records(rows, options.format)
        return
    zh = options.lang == "zh"
    if not rows:
        output.say("没有数据。" if zh else "Nothing is there.")
        return
    output.table(
        ("指标", "时期", "数值", "单位", "发布", "录入", "来源")
        if zh
        else ("indicator", "period", "value", "unit", "published", "entered", "source"),
        [
            (
                _name(plan, row["indicator"], options.lang),
                f"{row['period']}{_MARKS.get(row.get('measure', ''), '')}",
                plain(row["value"]),
                row.get("unit") or "",
                row.get("published") or "",
                row.get("entered") or "",
                row.get("source") or "",
            )
            for row in rows
        ],
        (False, False, True, False, False, False, False),
    )


_MARKS = {"addition": " +", "growth": " ±"}
"""Shown behind the period: an addition of the period alone, a growth on a year earlier."""


def _period(text: str) -> object:
    from corridor_model.observations.periods import Period

    return Period.of(text)


def _indicator(plan: Plan, text: str | None) -> str | None:
    from corridor_model.observations.names import names_of

    return None if text is None else names_of(plan, "indicator").find(text) or text


def _name(plan: Plan, identifier: str, lang: str) -> str:
    indicator = plan.indicators.get(identifier)
    return indicator.name(lang) if indicator else identifier
