"""``corridor plan``: what is promised, filtered as a planner asks."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from corridor_model.cli import output
from corridor_model.cli.growth import print_required
from corridor_model.codes import KIND_WORDS
from corridor_model.errors import CorridorError, PlanError, two_language_problem
from corridor_model.formatting import plain
from corridor_model.observations.load import load_observations
from corridor_model.observations.store import Store
from corridor_model.plan.display import EXAMPLE_EN, EXAMPLE_ZH, SENSE_SIGNS, counts
from corridor_model.plan.load import load_plan
from corridor_model.plan.plan import Plan
from corridor_model.plan.templates import baselines_form, new_plan
from corridor_model.report.write import write_report
from corridor_model.rows import to_rows

_FILTERS = ("unit", "area", "group", "due", "kind", "text")


def run_plan(options: Namespace) -> int:
    """Print the plan, the promises that meet the filters, or one table."""
    plan = output.plan_of(options)
    chosen = {name: getattr(options, name) for name in _FILTERS if getattr(options, name)}
    if options.table and chosen:
        raise CorridorError(
            "--table prints a whole table; leave the filters out.",
            "--table 输出整张表，不能与筛选条件同用。",
        )
    if options.table:
        rows = to_rows(plan.table(options.table))
        # as text it is CSV, since it may be of any width
        output.records(rows, "csv" if options.format == "table" else options.format)
        return 0
    if not chosen and options.format == "table":
        print_plan(plan, options.lang)
        return 0
    rows = to_rows(plan.promises(**chosen))
    for row in rows:
        row["indicator"] = row["id"] if row["what"] == "target" else None
    if options.format != "table":
        output.records(rows, options.format)
        return 0
    _print_promises(rows, options.lang)
    return 0


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
    kinds = {code: word.text("zh" if zh else "en") for code, word in KIND_WORDS.items()}
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


# ``corridor template``: a new plan, or a form for the figures a plan still lacks.


def run_template(options: Namespace) -> int:
    """Write the template that the target's name asks for."""
    target = Path(options.target)
    zh = options.lang == "zh"
    if target.suffix == "":
        new_plan(target)
        said = (
            f"已建立 {target}。请先看其中的“说明 GUIDE.md”，填好后运行 corridor validate {target}。"
            if zh
            else f"{target} is ready. Read 说明 GUIDE.md in it, fill the tables in, then run "
            f"corridor validate {target}."
        )
    elif target.suffix.lower() not in {".csv", ".xlsx"}:
        raise CorridorError(
            f"{target.name}: a form is a .csv or .xlsx file; a new plan is a folder without a dot.",
            f"“{target.name}”：填报表请用.csv或.xlsx；新建规划请给出不带点号的文件夹名。",
        )
    elif target.stem.lower().startswith(("observations", "监测数据")):
        said = _observations(options, target)
    elif target.stem.lower().startswith(("baselines", "基期")):
        baselines_form(output.plan_of(options), target)
        said = (
            f"已写出 {target}：每项填“数值”和“来源”，没有的留空。填好后运行"
            f" corridor required --baselines {target}。"
            if zh
            else f"{target} is ready. Fill in 数值 (value) and 来源 (source), leave the rest "
            f"empty, then run corridor required --baselines {target}."
        )
    else:
        raise CorridorError(
            f"{target.name}: name the form baselines... or observations..., or give a folder.",
            f"“{target.name}”：表名应以baselines（基期）或observations（监测数据）开头。",
        )
    output.paragraph(said)
    return 0


def _observations(options: Namespace, target: Path) -> str:
    """Write the form for a period's figures, with what last month's file already holds."""
    from corridor_model.observations.forms import write_observation_template

    if options.as_of is None:
        raise CorridorError(
            "Say which period is due, such as --as-of 2021-09.",
            "请用 --as-of 指明填报期，如 --as-of 2021-09。",
        )
    write_observation_template(output.plan_of(options), target, options.as_of, options.previous)
    if options.lang == "zh":
        return f"已写出 {target}：含应报指标和缺报清单（按单位）。填好后运行 corridor observe add。"
    return f"{target} is ready, with what is due and what is missing by unit."


# ``corridor validate``: every mistake of a plan, or that there is none.


def run_validate(options: Namespace) -> int:
    """Print what was checked; mistakes are raised and printed by the command itself."""
    plan = load_plan(options.source)
    n = counts(plan)
    zh = options.lang == "zh"
    held = (n["indicators"], n["targets"], n["works"], n["tasks"])
    output.paragraph(
        "没有错误：指标 {} 项、目标 {} 个、项目 {} 个、任务 {} 项。".format(*held)
        if zh
        else "No mistakes: {} indicators, {} targets, {} works, {} tasks.".format(*held)
    )
    return 0


# ``corridor report``: the main job, and a summary of what it found.


def run_report(options: Namespace) -> int:
    """Write every output, print required growth and what is unknown, and name the files."""
    plan = output.plan_of(options)
    files = write_report(plan, options.out, lang=options.files)
    print_required(plan, options.lang, options.all)
    output.heading("已写出" if options.lang == "zh" else "Written")
    output.say(*(f"  {file}" for file in files.values()))
    return 0


# ``corridor observe``: figures into a store that only grows, and out of it.

_MORE = ("unit", "measure", "basis", "stage", "series")


def run_observe(options: Namespace) -> int:
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
        problem = two_language_problem(
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
    from corridor_model.periods import Period

    return Period.of(text)


def _indicator(plan: Plan, text: str | None) -> str | None:
    from corridor_model.observations.names import names_of

    return None if text is None else names_of(plan, "indicator").find(text) or text


def _name(plan: Plan, identifier: str, lang: str) -> str:
    indicator = plan.indicators.get(identifier)
    return indicator.name(lang) if indicator else identifier
