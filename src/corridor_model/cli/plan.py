"""``corridor plan``: what is promised, filtered as a planner asks."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from typing import Any

from corridor_model.cli import output
from corridor_model.errors import CorridorError
from corridor_model.plan.kinds import KINDS_EN, KINDS_ZH, SENSE_SIGNS
from corridor_model.plan.plan import Plan
from corridor_model.plan.show import EXAMPLE_EN, EXAMPLE_ZH, counts
from corridor_model.report.tables import cleaned
from corridor_model.rounding import plain

_FILTERS = ("unit", "area", "group", "due", "kind", "text")


def run(options: Namespace) -> int:
    """Print the plan, the promises that meet the filters, or one table."""
    plan = output.plan_of(options)
    chosen = {name: getattr(options, name) for name in _FILTERS if getattr(options, name)}
    if options.table and chosen:
        raise CorridorError(
            "--table prints a whole table; leave the filters out.",
            "--table 输出整张表，不能与筛选条件同用。",
        )
    if options.table:
        frame = plan.table(options.table)
        _print_frame(frame.to_dict("records"), options.format)
        return 0
    if not chosen and options.format == "table":
        print_plan(plan, options.lang)
        return 0
    found = [
        {str(key): cleaned(value) for key, value in row.items()}
        for row in plan.promises(**chosen).to_dict("records")
    ]
    for row in found:
        row["indicator"] = row["id"] if row["what"] == "target" else None
    if options.format != "table":
        output.records(found, options.format)
        return 0
    _print_promises(found, options.lang)
    return 0


def _print_frame(rows: Sequence[Mapping[Any, Any]], form: str) -> None:
    """Print a table of the plan; as text it is CSV, since it may be of any width."""
    output.records(rows, "csv" if form == "table" else form)


def print_plan(plan: Plan, lang: str) -> None:
    """Print names, counts and the groups of the plan."""
    zh = lang == "zh"
    n = counts(plan)
    note = f" [{EXAMPLE_ZH if zh else EXAMPLE_EN}]" if plan.example else ""
    output.heading(plan.about.name(lang) + note)
    output.say("")
    lines = (
        (
            f"指标 {n['indicators']} 项，其中已知基期 {n['baselines']} 项",
            f"项目 {n['works']} 个，其中已知总投资 {n['works_with_money']} 个",
            f"任务 {n['tasks']} 项，责任单位 {len(set(plan.units.values()))} 个",
            f"文件中前后不一或未写明之处 {n['conflicts']} 处（corridor plan --table conflicts）",
        )
        if zh
        else (
            f"{n['indicators']} indicators, {n['baselines']} with a known baseline",
            f"{n['works']} works, {n['works_with_money']} with a known cost",
            f"{n['tasks']} tasks of {len(set(plan.units.values()))} responsible units",
            f"{n['conflicts']} places where the document contradicts itself or is silent "
            "(corridor plan --table conflicts)",
        )
    )
    for line in lines:
        output.paragraph(f"  {line}")
    labels = plan.tables["groups"]
    names = dict(zip(labels["id"], labels["name_zh" if zh else "name_en"], strict=True))
    kinds = KINDS_ZH if zh else KINDS_EN
    by_group: dict[str | None, dict[str, int]] = {}
    for indicator in plan.indicators.values():
        tally = by_group.setdefault(indicator.group, {})
        tally[indicator.kind] = tally.get(indicator.kind, 0) + 1
    output.say("")
    output.table(
        ("类别", "指标数", "类型") if zh else ("group", "indicators", "kinds"),
        [
            (
                names.get(group) or str(group or "—"),
                str(sum(tally.values())),
                ("、" if zh else ", ").join(
                    f"{kinds[kind]} {count}" for kind, count in tally.items()
                ),
            )
            for group, tally in by_group.items()
        ],
        (False, True, False),
    )


def _print_promises(rows: Sequence[Mapping[Any, Any]], lang: str) -> None:
    zh = lang == "zh"
    words = {"target": "目标", "work": "项目", "task": "任务"} if zh else {}
    if not rows:
        output.say("没有符合条件的内容。" if zh else "Nothing meets these conditions.")
        return
    output.table(
        ("类", "名称", "数值", "期限", "牵头单位", "出处")
        if zh
        else ("what", "name", "value", "due", "lead", "place"),
        [
            (
                words.get(str(row["what"]), str(row["what"])),
                str((row["name"] if zh else row["name_en"]) or row["name"]),
                _value(row),
                str(row["due"] or ""),
                str(row["lead_units"]).replace(";", "、"),
                str(row["places"]).replace(";", "、"),
            )
            for row in rows
        ],
        (False, False, True, True, False, False),
    )
    output.say("", f"共 {len(rows)} 条" if zh else f"{len(rows)} rows")


def _value(row: Mapping[Any, Any]) -> str:
    value = row["value"]
    if value is None or row["kind"] == "milestone":
        return ""
    sign = SENSE_SIGNS.get(str(row["sense"]), "")
    return f"{sign} {plain(value)} {row['unit']}".strip()
