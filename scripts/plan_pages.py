"""The pages ``docs/coverage.md`` and ``docs/conflicts.md``, written from the data."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path

from number_uses import Occurrence, Use, Uses, row_place, task_place
from source_places import ANNEXES, Line, heading_counts

from corridor_model.plan.plan import Plan
from corridor_model.plan.records import Conflict

GROUPS = Path(__file__).with_name("conflict_groups.csv")
USES = {
    "target": ("目标值", "value of a target"),
    "date": ("期限或起止时间", "deadline, start or end"),
    "length": ("工程长度", "length of a work"),
    "money": ("工程投资", "money of a work"),
    "row": ("序号（即出处编号）", "number of a row or section, which places use"),
    "plan": ("计划名称、文号、日期", "title, number and dates of the document"),
    "name": ("名称中的数字", "part of a name"),
    "conflict": ("只见于疑义表", "stands in the conflicts only"),
}
Explained = list[tuple[Occurrence, tuple[str, str]]]
_GENERATED = (
    "<!-- 由 scripts/trace_numbers.py 生成，请勿手改。"
    "Written by scripts/trace_numbers.py: do not edit. -->\n"
)
_PLACES_ZH = (
    "出处写法：`二/总述` 为第二部分首段，`二/1` 至 `二/5` 为其后五段；`三/4` 为第三部分第4条；"
    "`附件一/12` 为附件第一张表第12行；`附件三/4.5` 为第三张表第4行第5格；"
    "`四/1` 为保障措施第一条。"
)
_PLACES_EN = (
    "Places: `二/总述` is the first paragraph of section two, `二/1` to `二/5` the five after it; "
    "`三/4` is item 4 of section three; `附件一/12` is row 12 of the first annex table; "
    "`附件三/4.5` is cell 5 in row 4 of the third; `四/1` is the first item of section four."
)


def conflicts_page(plan: Plan) -> str:
    """Return the page of all conflicts, grouped, Chinese first.

    Raises
    ------
    ValueError
        If a conflict is in no group, or a group names one that does not exist.
    """
    with GROUPS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if sorted(row["conflict"] for row in rows) != sorted(plan.conflicts):
        wrong = {row["conflict"] for row in rows} ^ set(plan.conflicts)
        raise ValueError(f"{GROUPS.name} and conflicts.csv differ: {sorted(wrong)}")
    out = [
        _GENERATED,
        "# 文件疑义 / Where the document contradicts itself or is silent\n",
        f"共{len(rows)}条。每条列出文件的各种读法、数据采用的读法和理由。\n",
        f"{len(rows)} places, each with every reading, the one the data follows, and why.\n",
        _PLACES_ZH + "\n",
        _PLACES_EN + "\n",
    ]
    for (zh, en), members in groupby(rows, key=lambda row: (row["group_zh"], row["group_en"])):
        found = [plan.conflicts[row["conflict"]] for row in members]
        out.append(f"## {zh} / {en}（{len(found)}）\n")
        out += [_conflict(conflict) for conflict in found]
    return "\n".join(out)


def _conflict(conflict: Conflict) -> str:
    readings = "".join(f"  - {reading}\n" for reading in conflict.readings)
    used, why = _two(conflict.used), _two(conflict.reason)
    return (
        f"### {conflict.subject}\n\n`{conflict.id}`\n\n- 原文 / As printed\n{readings}"
        f"- 采用：{used[0]}<br>Used: {used[1]}\n- 理由：{why[0]}<br>Why: {why[1]}\n"
    )


def _two(text: str) -> tuple[str, str]:
    zh, _, en = text.partition(" / ")
    return zh, en


def coverage_page(plan: Plan, lines: list[Line], uses: Uses, explained: Explained) -> str:
    """Return the page that says what was encoded, from where, and which numbers were not."""
    used = {number: use for number in uses.numbers if (use := uses.of(number))}
    return "\n".join(
        [
            _GENERATED,
            "# 文件与数据对照 / What was encoded, and from where\n",
            _PLACES_ZH + "\n",
            _PLACES_EN + "\n",
            _counts(plan, lines),
            _numbers(used, explained),
            _trace(plan),
        ]
    )


def _counts(plan: Plan, lines: list[Line]) -> str:
    announced = heading_counts(lines)
    places = dict.fromkeys(line.place for line in lines)
    rows = []
    for part in ("二", "三", "四", *ANNEXES.values()):
        inside = _within(part)
        goals = [t.places for i in plan.indicators.values() for t in i.targets]
        tasks = [t for t in plan.tasks.values() if inside(task_place(t.table, t.row, t.part))]
        units = {plan.units[u] for t in tasks for u in (*t.lead_units, *t.other_units)}
        works = [w for w in plan.projects.values() if inside(task_place(w.table, w.row, w.part))]
        items = [p for p in places if p.startswith(f"{part}/")]
        conflicts = sum(any(map(inside, c.places)) for c in plan.conflicts.values())
        rows.append(
            (
                part,
                announced.get(part, ""),
                len(items),
                len(tasks) or "",
                len(works) or "",
                sum(inside(printed[0]) for printed in goals),
                sum(any(map(inside, printed)) for printed in goals),
                len(units) or "",
                conflicts,
            )
        )
    head = "部分,标题所示项数,条或行,任务,工程,目标,目标（含他处已列）,责任单位,疑义"
    total = (
        "**合计**",
        sum(announced.values()),
        "",
        len(plan.tasks),
        len(plan.projects),
        sum(len(i.targets) for i in plan.indicators.values()),
        "",
        len(plan.tables["units"]),
        len(plan.conflicts),
    )
    ways = {t.any_of or i.id for i in plan.indicators.values() for t in i.targets}
    return "\n".join(
        [
            "## 数量 / Counts\n",
            _table(head.split(","), [*rows, total]),
            "一项目标印在多处只算一次，计入所依据的一处；“含他处已列”一列则每处都算。"
            "标题所示项数与实有行数不符，见疑义 `heading_annex_one` 至 `heading_annex_four`。"
            f"共{len(plan.indicators)}项指标、{len(ways)}项承诺（区间与二选一各算一项）。\n",
            "Columns: part, items its heading announces, items or rows there are, tasks, works, "
            "targets whose governing place lies here, targets printed here at all, responsible "
            "units, conflicts that touch it. A target printed in several places is counted once. "
            "The headings of the annexes do not agree with their rows: see the conflicts. "
            f"{len(plan.indicators)} indicators, {len(ways)} promises (a range, and «A or B», "
            "are one each).\n",
        ]
    )


def _within(part: str) -> Callable[[str], bool]:
    return lambda place: place.startswith(f"{part}/")


def _numbers(used: dict[Occurrence, Use], explained: Explained) -> str:
    count: dict[str, int] = defaultdict(int)
    for use in used.values():
        count[use.what] += 1
    rows: list[tuple[object, ...]] = [
        (f"{zh} / {en}", count[what]) for what, (zh, en) in USES.items()
    ]
    rows.append(("未用，理由见下 / not used, with a reason", len(explained)))
    rows.append(("**合计 / all**", len(used) + len(explained)))
    aside = [
        (*_spot(number), f"{USES[use.what][0]} / {USES[use.what][1]}", _ids(use.ids))
        for number, use in used.items()
        if use.what in {"name", "conflict"}
    ]
    unused = [(*_spot(number), zh, en) for number, (zh, en) in explained]
    return "\n".join(
        [
            "## 文件中的数字 / The numbers of the document\n",
            "文件中每个阿拉伯数字都对应一行数据，或有不采用的理由。用汉字写的数"
            "（三大会战、九大场景、一级标准等）是名称或等级，只有“五大平台”是数量，已列为目标。\n",
            "Every number in digits is used by a row, or there is a reason why not. Numbers "
            "written in characters (三大会战, 九大场景, 一级标准 …) are names or grades; only "
            "五大平台 is a count, and a target.\n",
            _table(("用途 / Use", "个数 / Count"), rows),
            "### 没有数据行采用的数字 / Numbers that no row uses\n",
            _table(("出处", "数字", "上下文", "理由", "Reason"), unused),
            "### 只在名称或疑义中出现的数字 / Numbers that stand in a name or a conflict only\n",
            _table(("出处", "数字", "上下文", "用途 / Use", "行 / Rows"), aside),
        ]
    )


def _spot(number: Occurrence) -> tuple[str, str, str]:
    return number.line.place, number.text, number.context.replace("|", " ").strip()


def _trace(plan: Plan) -> str:
    """Every place that a row names, in the order of the document, with its rows."""
    at: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for indicator in plan.indicators.values():
        for place in dict.fromkeys(p for t in indicator.targets for p in t.places):
            at[place]["targets"].append(indicator.id)
    for task in plan.tasks.values():
        at[task_place(task.table, task.row, task.part)]["tasks"].append(task.id)
    for work in plan.projects.values():
        at[task_place(work.table, work.row, work.part)]["works"].append(work.id)
    for conflict in plan.conflicts.values():
        for place in conflict.places:
            at[place]["conflicts"].append(conflict.id)
    names = {i.id: i.name_zh for i in plan.indicators.values()}
    names |= {work.id: work.name_zh for work in plan.projects.values()}
    rows = [
        (
            place,
            *("<br>".join(f"{names[i]} `{i}`" for i in at[place][k]) for k in ("targets", "works")),
            *(_ids(at[place][kind]) for kind in ("tasks", "conflicts")),
        )
        for place in sorted(at, key=place_order)
    ]
    head = ("出处", "目标 / Targets", "工程 / Works", "任务 / Tasks", "疑义 / Conflicts")
    return "## 逐处对照 / Place by place\n\n" + _table(head, rows)


def place_order(place: str) -> tuple[int, int, int]:
    """Return the key that sorts places as they are printed."""
    part, _, item = row_place(place).partition("/")
    parts = ("二", "三", "四", *ANNEXES.values())
    cell = place.partition(".")[2]
    return parts.index(part), 0 if item == "总述" else int(item), int(cell or 0)


def _ids(ids: Iterable[str]) -> str:
    return " ".join(f"`{name}`" for name in ids)


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(str(cell) for cell in row) + " |\n" for row in lines)
