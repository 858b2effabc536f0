"""``corridor diff A B``: what differs between two scenarios, and what it does to the money."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import fields
from pathlib import Path
from typing import Any

from corridor_model.cli import output
from corridor_model.errors import CorridorError
from corridor_model.plan.names import nearest
from corridor_model.plan.plan import Plan
from corridor_model.rounding import percent, plain, rounded
from corridor_model.scenario.labels import known_text
from corridor_model.scenario.language.model import AS_PLANNED, Scenario
from corridor_model.scenario.language.toml import load_scenarios, shipped_scenarios
from corridor_model.scenario.language.toml_writing import CHANGE_WORDS
from corridor_model.scenario.language.words import change_text
from corridor_model.scenario.spending import spending
from corridor_model.scenario.works.difference import settings_between

SETTINGS = {
    "since": ("改动从何时起算", "changes count from"),
    "escalation": ("移动的投资每年调价", "money that moves is dearer each year by"),
    "paired": ("同一项目超支与推迟的共同因子载荷", "loading of overrun and delay of one work"),
    "common": ("全部项目超支与推迟的共同因子载荷", "loading of overruns and delays of all works"),
    "duration": ("没有印的开工或完工时间", "a date that is not printed lies at"),
}
"""The settings of a scenario as people read them."""


def run(options: Namespace) -> int:
    """Print the difference in the form asked for."""
    plan = output.plan_of(options)
    a, b = (scenario_named(name) for name in (options.a, options.b))
    difference = a.diff(b, plan)
    if options.format != "table":
        rows = [*_settings_records(a, b), *(_record(change) for change in difference.changes)]
        columns = dict.fromkeys(name for row in rows for name in row)
        whole = [{name: row.get(name) for name in columns} for row in rows]
        output.records(whole, options.format)
        return 0
    zh = options.lang == "zh"
    settings = _settings_lines(a, b, zh)
    if not difference.changes and not settings:
        output.paragraph("两个情景相同。" if zh else "The two scenarios mean the same.")
        return 0
    arrow = f"{a.title('zh')} → {b.title('zh')}" if zh else f"{a.name} → {b.name}"
    output.heading(arrow)
    changes = [change_text(change, plan, options.lang) for change in difference.changes]
    for line in (*settings, *changes):
        output.paragraph(f"· {line}")
    _money(plan, a, b, zh)
    return 0


def scenario_named(name: str) -> Scenario:
    """Return a shipped scenario by its name, or the one scenario of a TOML file.

    ``file.toml:name`` takes one of several.

    Raises
    ------
    CorridorError
        If there is no such scenario; with the nearest name.
    """
    path, _, wanted = name.partition(".toml:")
    if wanted or name.endswith(".toml"):
        listed = load_scenarios(Path(f"{path}.toml" if wanted else name))
        if not wanted and len(listed) == 1:
            return listed[0]
        name = wanted
    else:
        listed = shipped_scenarios()
    for scenario in listed:
        if name in {scenario.name, scenario.name_zh}:
            return scenario
    known = [title for s in listed for title in (s.name, s.name_zh) if title]
    near = nearest(name, known) if name else ""
    hint = f"Did you mean {near!r}?" if near else f"Known: {'; '.join(known)}."
    zh = f"是否应为“{near}”？" if near else f"可用：{'；'.join(known)}。"
    raise CorridorError(f"There is no scenario {name!r}. {hint}", f"没有名为“{name}”的情景。{zh}")


def _settings_lines(a: Scenario, b: Scenario, zh: bool) -> list[str]:
    """Return the settings that differ in words, before and after."""
    colon, at = ("：", 0) if zh else (": ", 1)
    return [
        f"{SETTINGS[name][at]}{colon}{_setting(name, old, at)} → {_setting(name, new, at)}"
        for name, (old, new) in settings_between(a, b).items()
    ]


def _setting(name: str, value: Any, at: int) -> str:
    if name == "since" and value == AS_PLANNED:
        return ("规划第一天", "the plan's first day")[at]
    if name == "duration":
        if not value:
            return ("规划首月或末月", "the plan's first or last month")[at]
        return (f"按工期{value}个月推算", f"{value} months from the other")[at]
    if name == "escalation":
        return percent(value, 1)
    return value if name == "since" else plain(value)


def _settings_records(a: Scenario, b: Scenario) -> list[dict[str, Any]]:
    """Return one row a setting that differs, its values as a scenario file writes them."""
    return [
        {"change": "setting", "setting": name, "was": old, "value": new}
        for name, (old, new) in settings_between(a, b).items()
    ]


def _record(change: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"change": CHANGE_WORDS[type(change)]}
    for field in fields(change):
        value = getattr(change, field.name)
        told[field.name] = value if isinstance(value, (int, float, str, bool)) else _text(value)
    return told


def _text(value: object) -> str | None:
    return None if value is None else repr(value)


def _money(plan: Plan, a: Scenario, b: Scenario, zh: bool) -> None:
    """Print the programme's yearly money under both."""
    one, other = (
        Scenario("a", *a.changes, settings=a.settings),
        Scenario("b", *b.changes, settings=b.settings),
    )
    made = spending(plan, [one, other])
    years = made["spending_year"].values
    note = known_text(made, "zh" if zh else "en")
    output.heading(
        f"年度投资，亿元（{note}；有分布的为均值）"
        if zh
        else f"Yearly money, 亿元 ({note}; means where uncertain)"
    )
    money = made["programme"].values
    rows = [
        (str(year), *(rounded(value, 2) for value in (x, y, y - x)))
        for year, x, y in zip(years, money[0], money[1], strict=True)
    ]
    rows.append(
        (
            "合计" if zh else "total",
            *(rounded(v, 2) for v in (*money.sum(axis=1), money[1].sum() - money[0].sum())),
        )
    )
    header = ("年份", "甲", "乙", "差额") if zh else ("year", "A", "B", "difference")
    output.table(header, rows, (False, True, True, True))
