"""How a plan shows itself in a terminal and in a notebook."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import TYPE_CHECKING

from corridor_model.codes import KIND_WORDS, ORIGIN_WORDS
from corridor_model.formatting import plain, value_text
from corridor_model.plan.records import bounds, printed_values

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan
    from corridor_model.plan.records import Indicator


EXAMPLE_ZH = "含教学示例数据（假设）"
EXAMPLE_EN = "with figures made up for teaching (assumed)"


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
    lines.append("  " + ", ".join(f"{count} {KIND_WORDS[kind]}" for kind, count in kinds.items()))
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
            KIND_WORDS[indicator.kind].text("zh"),
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
    origin = ORIGIN_WORDS[start.origin].text(lang)
    return f"{plain(start.value)} ({start.year}, {origin})"


# The kinds of target in words, and a target as people read it (S4).

SENSE_SIGNS = {"at_least": "≥", "at_most": "≤", "exactly": "="}


def printed_text(indicator: Indicator, lang: str = "zh") -> str:
    """Return the last targets due as values with their unit, without sign and year."""
    said = "–".join(plain(value) for value in printed_values(indicator))
    return value_text(said, indicator.unit, lang) if said else ""


def goal_text(indicator: Indicator, lang: str = "zh") -> str:
    """Return the last targets due without their year: ``≥ 580 亿元``.

    Examples
    --------
    >>> import corridor_model as cm
    >>> goal_text(cm.load_plan().indicators["gdp"])
    '≥ 580 亿元'
    """
    last = max(indicator.targets, key=lambda target: (target.year, target.month or 12))
    if indicator.kind == "milestone":
        return "完成" if lang == "zh" else "done"
    lower, upper = bounds(indicator)
    if lower is not None and upper is not None and lower != upper:
        said = f"{plain(lower)}–{plain(upper)}"
    else:
        said = f"{SENSE_SIGNS[last.sense]} {plain(last.value)}"
    return f"{said} {indicator.unit}".rstrip()


def target_text(indicator: Indicator, lang: str = "zh") -> str:
    """Return the last targets due as people read them.

    Examples
    --------
    >>> import corridor_model as cm
    >>> target_text(cm.load_plan().indicators["gdp"])
    '≥ 580 亿元（2022年）'
    """
    if not indicator.targets:
        return "无目标" if lang == "zh" else "no target"
    year = max(target.year for target in indicator.targets)
    return goal_text(indicator, lang) + (f"（{year}年）" if lang == "zh" else f" ({year})")
