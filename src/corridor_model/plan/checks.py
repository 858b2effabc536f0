"""What must hold in a plan beyond the type of each cell.

Each check looks at typed tables and yields problems. Column-wise tests come first and rows
are looked at only where a test fails, so that a sound plan of ten thousand targets costs
little.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from corridor_model.errors import Problem
from corridor_model.plan.schema import TABLES, Column
from corridor_model.plan.table import Table, Value

Tables = Mapping[str, Table]


def check(tables: Tables) -> list[Problem]:
    """Return every mistake of a plan, table by table, in the order of the rows."""
    return [problem for table in tables.values() for problem in check_table(table, tables)]


def check_table(table: Table, tables: Tables) -> list[Problem]:
    """Return every mistake of one table beside the others, in the order of its rows."""
    found = [*doubled_keys(table), *broken_links(table, tables)]
    for rule in _RULES.get(table.schema.name, ()):
        found.extend(rule(table, tables))
    return sorted(found, key=lambda problem: problem.row or 0)


def problem(
    table: Table, row: int, column: str, what: tuple[str, str], remedy: tuple[str, str]
) -> Problem:
    """Return a problem at a row of a table; ``what`` and ``remedy`` are (Chinese, English)."""
    line = table.lines[row] if table.lines else None
    return Problem(what[0], what[1], remedy[0], remedy[1], table.file, line, column)


def doubled_keys(table: Table) -> Iterator[Problem]:
    """Yield rows that repeat the key of an earlier one."""
    key = table.schema.key
    values = table[key[0]] if len(key) == 1 else zip(*(table[name] for name in key), strict=True)
    seen: dict[Value, int] = {}
    rows = list(values)
    if len(set(rows)) == len(rows):
        return
    for row, value in enumerate(rows):
        first = seen.setdefault(value, row)
        if first != row and value is not None and value != (None,) * len(key):
            line = table.lines[first] if table.lines else first
            shown = value if isinstance(value, str) else ", ".join(str(v) for v in value if v)
            yield problem(
                table,
                row,
                key[0],
                (f"“{shown}”与第{line}行重复。", f"{shown!r} repeats row {line}."),
                ("请删去重复的一行。", "Keep one of the two rows."),
            )


def broken_links(table: Table, tables: Tables) -> Iterator[Problem]:
    """Yield cells that name something no table carries."""
    for column in table.schema.columns:
        if not column.links:
            continue
        known = _linked_names(column, tables)
        values = table[column.name]
        if column.type == "list":
            pairs = [(row, part) for row, parts in enumerate(values) for part in parts]
            used = {part for _, part in pairs}
        else:
            pairs = []
            used = {value for value in values if value is not None}
        unknown = used - known
        if not unknown:
            continue
        for row, value in pairs or enumerate(values):
            if value in unknown:
                yield problem(table, row, column.name, *unknown_name(value, known, column.links))


def _linked_names(column: Column, tables: Tables) -> set[str]:
    name, _, field = column.links.partition(".")
    target = tables[name]
    known = set(target[field])
    if name == "units":
        known.update(alias for aliases in target["aliases"] for alias in aliases)
    return known


def unknown_name(
    value: str, known: Iterable[str], links: str
) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return what and remedy for a name that nothing carries, with the nearest known one."""
    table = links.partition(".")[0]
    near = difflib.get_close_matches(value, [name for name in known if name], n=1)
    what = (f"“{value}”不在{table}表中。", f"{value!r} is not in the table {table}.")
    if near:
        return what, (f"是否应为“{near[0]}”？", f"Did you mean {near[0]!r}?")
    return what, (f"请先在{table}表中登记。", f"Enter it in {table} first.")


def _about_is_one_row(table: Table, tables: Tables) -> Iterator[Problem]:
    if len(table) != 1:
        yield Problem(
            f"应有且只有一行，现有{len(table)}行。",
            f"has {len(table)} rows; a plan has exactly one.",
            "",
            "",
            table.file,
        )
    for row, (first, last) in enumerate(zip(table["first_year"], table["last_year"], strict=True)):
        if first is not None and last is not None and first > last:
            yield problem(
                table,
                row,
                "last_year",
                ("早于起始年份。", "lies before first_year."),
                ("请检查两个年份。", "Check the two years."),
            )


_PERCENT_KINDS = frozenset({"share", "growth", "completion"})
_BOUNDED_KINDS = frozenset({"share", "completion"})


def _units_fit_kinds(table: Table, tables: Tables) -> Iterator[Problem]:
    for row, (kind, unit) in enumerate(zip(table["kind"], table["unit"], strict=True)):
        if kind in _PERCENT_KINDS and unit != "%":
            yield problem(
                table,
                row,
                "unit",
                (f"{kind}类目标的单位应为%。", f"a {kind} target is in %."),
                ("请填写%。", "Enter %."),
            )
        elif kind not in {"milestone", "rank", None} and unit is None:
            yield problem(
                table,
                row,
                "unit",
                ("缺少计量单位。", "is missing."),
                ("请填写，如亿元、家、%。", "Enter one, such as 亿元, 家 or %."),
            )


def _every_indicator_is_promised(table: Table, tables: Tables) -> Iterator[Problem]:
    promised = set(tables["targets"]["indicator"])
    for row, name in enumerate(table["id"]):
        if name is not None and name not in promised:
            yield problem(
                table,
                row,
                "id",
                (f"指标“{name}”没有目标。", f"{name!r} has no target."),
                ("请在targets表中补上目标，或删去该指标。", "Add one in targets, or remove it."),
            )


def _values_fit_kinds(table: Table, tables: Tables) -> Iterator[Problem]:
    kinds = dict(zip(tables["indicators"]["id"], tables["indicators"]["kind"], strict=True))
    first = next(iter(tables["about"]["first_year"]), None)
    columns = (table[name] for name in ("indicator", "value", "sense", "year", "month"))
    for row, (indicator, value, sense, year, month) in enumerate(zip(*columns, strict=True)):
        kind = kinds.get(indicator)
        if month is not None and not 1 <= month <= 12:
            yield problem(
                table,
                row,
                "month",
                (f"没有{month}月。", f"there is no month {month}."),
                ("请填写1至12。", "Enter 1 to 12."),
            )
        if year is not None and first is not None and year < first:
            yield problem(
                table,
                row,
                "year",
                (
                    f"{year}年早于计划起始年份{first}年。",
                    f"{year} lies before the plan's first year {first}.",
                ),
                ("请检查年份。", "Check the year."),
            )
        if value is None:
            continue
        if kind in _BOUNDED_KINDS and not 0 <= value <= 100:
            yield problem(
                table,
                row,
                "value",
                (f"{value:g}超出0至100。", f"{value:g} is outside 0 to 100."),
                (
                    "占比不能超过100%；若可以超过，类型应为ratio。",
                    "A share ends at 100 %; what can exceed it is a ratio.",
                ),
            )
        if kind == "milestone" and value != 1:
            yield problem(
                table,
                row,
                "value",
                ("节点目标的数值应为1。", "a milestone has the value 1."),
                ("请填写1。", "Enter 1."),
            )
        if kind == "rank" and sense == "at_least":
            yield problem(
                table,
                row,
                "sense",
                (
                    "位次越小越好，不应为at_least。",
                    "a rank is better when lower, so it is not at_least.",
                ),
                ("请填写at_most。", "Enter at_most."),
            )
        if kind == "growth" and value <= -100:
            yield problem(
                table,
                row,
                "value",
                ("增速不能低于-100%。", "growth cannot fall to -100 % or below."),
                ("请检查数值。", "Check the figure."),
            )


def _targets_agree(table: Table, tables: Tables) -> Iterator[Problem]:
    """A range is one minimum and one maximum; anything else at one date is a contradiction."""
    counted = Counter(zip(table["indicator"], table["year"], table["month"], strict=True))
    if not counted or counted.most_common(1)[0][1] == 1:
        return
    seen: dict[tuple[Value, ...], dict[str, tuple[int, float]]] = {}
    columns = (table[name] for name in ("indicator", "year", "month", "sense", "value"))
    for row, (indicator, year, month, sense, value) in enumerate(zip(*columns, strict=True)):
        if value is None or sense is None:
            continue
        group = seen.setdefault((indicator, year, month), {})
        if sense in group and group[sense][1] != value:
            other = table.lines[group[sense][0]] if table.lines else group[sense][0]
            yield problem(
                table,
                row,
                "value",
                (f"与第{other}行的目标值矛盾。", f"contradicts the target in row {other}."),
                (
                    "请保留一个，另一个写入conflicts表。",
                    "Keep one; write the other into conflicts.",
                ),
            )
        group.setdefault(sense, (row, value))
        if {"at_least", "at_most"} <= group.keys() and group["at_least"][1] > group["at_most"][1]:
            yield problem(
                table,
                row,
                "value",
                ("下限高于上限。", "the minimum lies above the maximum."),
                ("请检查两行的方向和数值。", "Check sense and value of the two rows."),
            )


def _baselines_precede(table: Table, tables: Tables) -> Iterator[Problem]:
    last: dict[str, int] = {}
    for indicator, year in zip(
        tables["targets"]["indicator"], tables["targets"]["year"], strict=True
    ):
        if year is not None:
            last[indicator] = max(year, last.get(indicator, year))
    kinds = dict(zip(tables["indicators"]["id"], tables["indicators"]["kind"], strict=True))
    for row, (indicator, year, value) in enumerate(
        zip(table["indicator"], table["year"], table["value"], strict=True)
    ):
        if year is not None and indicator in last and year >= last[indicator]:
            yield problem(
                table,
                row,
                "year",
                (
                    f"基期{year}年不早于目标年份{last[indicator]}年。",
                    f"{year} is not before the target year {last[indicator]}.",
                ),
                ("请检查年份。", "Check the year."),
            )
        if value is not None and kinds.get(indicator) in _BOUNDED_KINDS and not 0 <= value <= 100:
            yield problem(
                table,
                row,
                "value",
                (f"{value:g}超出0至100。", f"{value:g} is outside 0 to 100."),
                ("请检查数值和单位。", "Check figure and unit."),
            )


def _works_are_possible(table: Table, tables: Tables) -> Iterator[Problem]:
    for row, (start, end) in enumerate(zip(table["start"], table["end"], strict=True)):
        # compared at the coarser precision: 2020 to 2020-01 is in order
        if start and end and start[: len(end)] > end[: len(start)]:
            yield problem(
                table,
                row,
                "end",
                ("早于开工时间。", "lies before start."),
                ("请检查两个日期。", "Check the two dates."),
            )
    for name in ("investment", "length_km", "length_in_area_km"):
        for row, value in enumerate(table[name]):
            if value is not None and value < 0:
                yield problem(
                    table,
                    row,
                    name,
                    (f"{value:g}为负数。", f"{value:g} is negative."),
                    ("未知请留空。", "Leave it empty if unknown."),
                )
    for row, (whole, inside) in enumerate(
        zip(table["length_km"], table["length_in_area_km"], strict=True)
    ):
        if whole is not None and inside is not None and inside > whole:
            yield problem(
                table,
                row,
                "length_in_area_km",
                ("超过全长。", "is longer than length_km."),
                ("请检查两个长度。", "Check the two lengths."),
            )


def _units_are_told_apart(table: Table, tables: Tables) -> Iterator[Problem]:
    owner: dict[str, str] = {name: name for name in table["name"] if name}
    for row, (name, aliases) in enumerate(zip(table["name"], table["aliases"], strict=True)):
        for alias in aliases:
            if owner.setdefault(alias, name) != name:
                yield problem(
                    table,
                    row,
                    "aliases",
                    (
                        f"“{alias}”已属于“{owner[alias]}”。",
                        f"{alias!r} already belongs to {owner[alias]!r}.",
                    ),
                    ("一个名称只能属于一个单位。", "A name belongs to one unit."),
                )


def _effects_have_a_target(table: Table, tables: Tables) -> Iterator[Problem]:
    categories = next(c for c in TABLES["projects"].columns if c.name == "category").choices
    known = {*tables["projects"]["id"], *categories, "all"}
    for row, target in enumerate(table["target"]):
        if target is not None and target not in known:
            yield problem(table, row, "target", *unknown_name(target, known, "projects.id"))


Rule = Callable[[Table, Tables], Iterator[Problem]]

_RULES: dict[str, tuple[Rule, ...]] = {
    "about": (_about_is_one_row,),
    "indicators": (_units_fit_kinds, _every_indicator_is_promised),
    "targets": (_values_fit_kinds, _targets_agree),
    "baselines": (_baselines_precede,),
    "projects": (_works_are_possible,),
    "units": (_units_are_told_apart,),
    "effects": (_effects_have_a_target,),
}
