"""``corridor diff A B``: what differs between two scenarios, and what it does to the money."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from corridor_model import grid
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

_IN_FILE = re.compile(r"(?P<file>.+?\.toml)(?:[:：](?P<name>.*))?", re.IGNORECASE)
WIDE = 28
"""Places for the name of a scenario over its money: two of them fit a terminal."""


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

    ``file.toml:name`` takes one of several; the colon may be a Chinese one.

    Raises
    ------
    CorridorError
        If there is no such scenario, with the nearest name; if a file holds several and
        none is named; for a saved result.
    """
    must_be_no_result(name)
    found = _IN_FILE.fullmatch(name)
    if found:
        file, name = found["file"], found["name"] or ""
        listed = load_scenarios(Path(file))
        if not name and len(listed) == 1:
            return listed[0]
        if not name:
            raise _several(file, listed)
    else:
        listed = shipped_scenarios()
    for scenario in listed:
        if name in {scenario.name, scenario.name_zh}:
            return scenario
    known = [title for s in listed for title in (s.name, s.name_zh) if title]
    near = nearest(name, known)
    hint = f"Did you mean {near!r}?" if near else f"Known: {'; '.join(known)}."
    zh = f"是否应为“{near}”？" if near else f"可用：{'；'.join(known)}。"
    raise CorridorError(f"There is no scenario {name!r}. {hint}", f"没有名为“{name}”的情景。{zh}")


def must_be_no_result(name: str) -> None:
    """Refuse a saved result where a scenario is asked for.

    Raises
    ------
    CorridorError
        With the command that reads it.
    """
    kind = Path(name).suffix.lower()
    if kind == ".nc":
        raise CorridorError(
            f"{name} is a saved result, not a scenario file. corridor simulate {name} runs it "
            "again; scenarios are .toml files.",
            f"{name}是保存的模拟结果，不是情景文件。用corridor simulate {name}可以重算；"
            "情景文件以.toml结尾。",
        )
    if kind in {".csv", ".parquet"}:
        raise CorridorError(
            f"{name} is a table, not a scenario file: scenarios are .toml files, and of saved "
            "results only .nc can be run again.",
            f"{name}是数据表，不是情景文件：情景文件以.toml结尾；保存的结果只有.nc可以重算。",
        )


def _several(file: str, listed: Sequence[Scenario]) -> CorridorError:
    """Return the error of a file of which one scenario must be named."""
    en, zh = ("; ".join(one.name for one in listed), "、".join(one.title("zh") for one in listed))
    return CorridorError(
        f"{Path(file).name} holds {len(listed)} scenarios: {en}. Say which, such as "
        f'"{file}:{listed[0].name}".',
        f"{Path(file).name}里有{len(listed)}个情景：{zh}。请写明是哪一个，"
        f"如“{file}:{listed[0].title('zh')}”。",
    )


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
    year, less = ("年份", "差额") if zh else ("year", "difference")
    header = (year, *_headings(a, b, zh), less)
    output.table(header, rows, (False, True, True, True))


def _headings(a: Scenario, b: Scenario, zh: bool) -> tuple[str, str]:
    """Return the names of both over their money, told apart where they read the same."""
    names = [s.title("zh" if zh else "en") for s in (a, b)]
    one, other = (grid.shortened(name, WIDE) for name in names)
    if one != other:
        return one, other
    one, other = (grid.shortened(name, WIDE - 3) for name in names)
    return (f"甲 {one}", f"乙 {other}") if zh else (f"A {one}", f"B {other}")
