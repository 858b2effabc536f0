"""How a plan shows itself in a terminal and in a notebook."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from html import escape
from typing import TYPE_CHECKING

from corridor_model.plan.headers import TITLES_ZH
from corridor_model.plan.kinds import KINDS_EN, KINDS_ZH, target_text
from corridor_model.plan.origins import ORIGINS_ZH
from corridor_model.rounding import plain

if TYPE_CHECKING:
    from corridor_model.plan.model import Indicator
    from corridor_model.plan.plan import Plan

EXAMPLE_ZH = "含教学示例数据（假设）"
EXAMPLE_EN = "with figures made up for teaching (assumed)"
_MORE_TITLES = {"targets": "目标", "baselines": "基期", "class": "道路类别"}
SHOWN = 12
"""Indicators that a representation lists; the table has them all."""


def in_language(text: str, lang: str) -> str:
    """Return the half of a text written «中文 / English» that the reader wants.

    Examples
    --------
    >>> in_language("普查前 / before the census", "en")
    'before the census'
    """
    chinese, slash, english = text.partition(" / ")
    return english if slash and lang == "en" else chinese


def counts(plan: Plan) -> dict[str, int]:
    """Return how much of each thing a plan holds, and how much of it is known."""
    money = [work.investment for work in plan.projects.values()]
    return {
        "indicators": len(plan.indicators),
        "targets": len(plan.tables["targets"]),
        "baselines": sum(1 for i in plan.indicators.values() if i.baselines),
        "works": len(money),
        "works_with_money": sum(1 for value in money if value is not None),
        "tasks": len(plan.tasks),
        "conflicts": len(plan.conflicts),
    }


def headline(plan: Plan) -> frozenset[str]:
    """Return the indicators a first look should show.

    They speak of the whole area (the scope most indicators have), or their start is a real
    figure and not a zero by definition.
    """
    scopes = Counter(indicator.scope for indicator in plan.indicators.values())
    common = scopes.most_common(1)[0][0]
    return frozenset(
        i.id
        for i in plan.indicators.values()
        if i.scope == common or (i.baseline and i.baseline.value)
    )


def plan_text(plan: Plan) -> str:
    """Return the plan in a few lines: names, counts, and what is not known."""
    n = counts(plan)
    about = plan.about
    lines = [
        f"Plan {about.id!r}: {about.name_zh}, {about.first_year}-{about.last_year}"
        + (f" [{EXAMPLE_EN}]" if plan.example else ""),
        f"  {n['indicators']} indicators with {n['targets']} targets; "
        f"a baseline is known for {n['baselines']}",
        f"  {n['works']} works, {n['works_with_money']} with a printed cost; {n['tasks']} tasks; "
        f"{n['conflicts']} conflicts",
    ]
    kinds = Counter(indicator.kind for indicator in plan.indicators.values())
    lines.append("  " + ", ".join(f"{count} {KINDS_EN[kind]}" for kind, count in kinds.items()))
    return "\n".join(lines)


def plan_html(plan: Plan) -> str:
    """Return the plan as a heading, its counts and a table of its first indicators."""
    n = counts(plan)
    about = plan.about
    shown = list(plan.indicators.values())[:SHOWN]
    note = f" <em>{EXAMPLE_ZH}</em>" if plan.example else ""
    more = len(plan.indicators) - len(shown)
    tail = f"<p>另有 {more} 项：<code>plan.table('indicators')</code></p>" if more > 0 else ""
    return (
        f"<div><strong>{escape(about.name_zh)}</strong> {about.first_year}–{about.last_year}{note}"
        f"<p>指标 {n['indicators']} 项（已知基期 {n['baselines']} 项）· 项目 {n['works']} 个"
        f"（已知投资 {n['works_with_money']} 个）· 任务 {n['tasks']} 项"
        f" · 疑义 {n['conflicts']} 处</p>"
        f"{indicator_table(shown)}{tail}</div>"
    )


def indicator_table(indicators: list[Indicator]) -> str:
    """Return indicators as an HTML table with what is promised and where it starts."""
    head = "".join(
        f"<th>{title}</th>" for title in ("编号", "指标", "类型", "目标", "基期", "出处")
    )
    rows = []
    for indicator in indicators:
        places = dict.fromkeys(place for target in indicator.targets for place in target.places)
        cells = (
            f"<code>{escape(indicator.id)}</code>",
            escape(indicator.name_zh),
            KINDS_ZH[indicator.kind],
            escape(target_text(indicator, "zh")),
            escape(baseline_text(indicator)),
            escape("；".join(places)),
        )
        rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def baseline_text(indicator: Indicator, lang: str = "zh") -> str:
    """Return the baseline in use with its year and origin, or that it is unknown."""
    start = indicator.baseline
    if start is None:
        return "未知" if lang == "zh" else "unknown"
    origin = ORIGINS_ZH[start.origin] if lang == "zh" else start.origin
    return f"{plain(start.value)} ({start.year}, {origin})"


def record_html(record: object) -> str:
    """Return a record as an HTML table of its fields; what is unknown says so."""
    rows = []
    for field in fields(record):  # type: ignore[arg-type]
        name = field.name.rstrip("_")
        value = getattr(record, field.name)
        title = TITLES_ZH.get(name, _MORE_TITLES.get(name, name))
        rows.append(f"<tr><th>{title}</th><td>{_value_html(value)}</td></tr>")
    return f"<table><tbody>{''.join(rows)}</tbody></table>"


def _value_html(value: object) -> str:
    if value is None or value == ():
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return plain(value)
    if isinstance(value, tuple):
        parts = [part if isinstance(part, str) else record_line(part) for part in value]
        return "<br>".join(escape(part) for part in parts)
    return escape(str(value))


def record_line(record: object) -> str:
    """Return a target or a baseline as one line."""
    known = [
        f"{getattr(record, field.name)}"
        for field in fields(record)  # type: ignore[arg-type]
        if field.name != "indicator" and getattr(record, field.name) not in (None, "", ())
    ]
    return " · ".join(known)
