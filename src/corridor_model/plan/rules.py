"""What must hold in each table of a plan beyond the type of a cell, its key and its links."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from corridor_model.errors import Problem
from corridor_model.plan.effects import effects_follow_their_cause, effects_have_a_target
from corridor_model.plan.problems import Tables, problem
from corridor_model.plan.table import Table, Value
from corridor_model.plan.uncertain import uncertainties_are_usable


def _about_is_one_row(table: Table, tables: Tables) -> Iterator[Problem]:
    if len(table) > 1:
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
    if promised.issuperset(table["id"]):
        return
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
        told = target_mistake(kind, value)
        if told:
            yield problem(table, row, "value", *told)
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


def target_mistake(
    kind: str | None, value: float
) -> tuple[tuple[str, str], tuple[str, str]] | None:
    """Return what and remedy, in Chinese and English, of a target that its kind cannot have."""
    if kind in _BOUNDED_KINDS and not 0 <= value <= 100:
        return (f"{value:g}超出0至100。", f"{value:g} is outside 0 to 100."), (
            "占比不能超过100%；若可以超过，类型应为ratio。",
            "A share ends at 100 %; what can exceed it is a ratio.",
        )
    if kind == "milestone" and value != 1:
        return ("节点目标的数值应为1。", "a milestone has the value 1."), ("请填写1。", "Enter 1.")
    if kind == "growth" and value <= -100:
        return ("增速不能低于-100%。", "growth cannot fall to -100 % or below."), (
            "请检查数值。",
            "Check the figure.",
        )
    return None


def baseline_mistake(
    kind: str | None, value: float
) -> tuple[tuple[str, str], tuple[str, str]] | None:
    """Return the same of a starting value."""
    if kind in _BOUNDED_KINDS and not 0 <= value <= 100:
        return (f"{value:g}超出0至100。", f"{value:g} is outside 0 to 100."), (
            "请检查数值和单位。",
            "Check figure and unit.",
        )
    return None


def _targets_have_places(table: Table, tables: Tables) -> Iterator[Problem]:
    if () not in table["places"]:
        return
    for row, (indicator, places) in enumerate(
        zip(table["indicator"], table["places"], strict=True)
    ):
        if not places:
            yield problem(
                table,
                row,
                "places",
                (f"“{indicator}”的目标没有出处。", f"the target of {indicator!r} has no place."),
                (
                    "请写明文件中的章节或附件和行号，如“二/3”。",
                    "Say where the document prints it, such as 二/3.",
                ),
            )


def _targets_agree(table: Table, tables: Tables) -> Iterator[Problem]:
    """A range is one minimum and one maximum; anything else at one date is a contradiction."""
    if len(set(table["indicator"])) == len(table):
        return
    seen: dict[tuple[Value, ...], list[tuple[int, str, float]]] = {}
    columns = (table[name] for name in ("indicator", "year", "month", "sense", "value"))
    for row, (indicator, year, month, sense, value) in enumerate(zip(*columns, strict=True)):
        if value is None or sense is None:
            continue
        earlier = seen.setdefault((indicator, year, month), [])
        for other, its_sense, its_value in earlier:
            if _agree(sense, value, its_sense, its_value):
                continue
            line = table.lines[other] if table.lines else other
            both_ends = {sense, its_sense} == {"at_least", "at_most"}
            yield problem(
                table,
                row,
                "value",
                (
                    f"与第{line}行合起来，下限高于上限。",
                    f"the minimum lies above the maximum (with row {line}).",
                )
                if both_ends
                else (f"与第{line}行的目标值矛盾。", f"contradicts the target in row {line}."),
                ("请检查两行的方向和数值。", "Check sense and value of the two rows.")
                if both_ends
                else (
                    "请保留一个，另一个写入conflicts表。",
                    "Keep one; write the other into conflicts.",
                ),
            )
            break
        earlier.append((row, sense, value))


def _agree(sense: str, value: float, its_sense: str, its_value: float) -> bool:
    """Return whether one figure can meet both targets, and both are worth stating."""
    if sense == its_sense or value == its_value:
        return value == its_value
    highs = [v for s, v in ((sense, value), (its_sense, its_value)) if s != "at_least"]
    lows = [v for s, v in ((sense, value), (its_sense, its_value)) if s != "at_most"]
    return max(lows) <= min(highs)


def _baselines_precede(table: Table, tables: Tables) -> Iterator[Problem]:
    if not len(table):
        return
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
        told = None if value is None else baseline_mistake(kinds.get(indicator), value)
        if told:
            yield problem(table, row, "value", *told)


def _ends_follow(table: Table, first: str, last: str, shown_zh: str) -> Iterator[Problem]:
    for row, (start, end) in enumerate(zip(table[first], table[last], strict=True)):
        # compared at the coarser precision: 2020 to 2020-01 is in order
        if start and end and start[: len(end)] > end[: len(start)]:
            yield problem(
                table,
                row,
                last,
                (f"早于{shown_zh}。", f"lies before {first}."),
                ("请检查两个日期。", "Check the two dates."),
            )


def _works_are_possible(table: Table, tables: Tables) -> Iterator[Problem]:
    yield from _ends_follow(table, "start", "end", "开工时间")
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
    yield from _ends_follow(table, "valid_from", "valid_to", "启用日期")
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


Rule = Callable[[Table, Tables], Iterator[Problem]]

RULES: dict[str, tuple[Rule, ...]] = {
    "about": (_about_is_one_row,),
    "indicators": (_units_fit_kinds, _every_indicator_is_promised),
    "targets": (_values_fit_kinds, _targets_have_places, _targets_agree),
    "baselines": (_baselines_precede,),
    "projects": (_works_are_possible,),
    "units": (_units_are_told_apart,),
    "effects": (effects_have_a_target, effects_follow_their_cause),
    "uncertainties": (uncertainties_are_usable,),
}
