"""What must hold in reports on works and tasks, and in yearly targets and plans."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from corridor_model.errors import Problem
from corridor_model.observations import completion
from corridor_model.observations.entries import Entry, Quoted
from corridor_model.observations.meaning import period_of
from corridor_model.observations.model import last_day
from corridor_model.observations.remarks import PAUSED
from corridor_model.plan.cells import CellError, parse_quantity
from corridor_model.plan.plan import Plan
from corridor_model.plan.problems import problem
from corridor_model.plan.table import Table, Value
from corridor_model.plan.units import UnitError

MONEY = ("invested_month", "invested_year", "invested_total")
"""Money of a work report, 亿元, each part of the next."""

_STATES = {
    "done": ("已完成", "完成", "办结", "已办结", "提前完成", "√"),
    "on_schedule": (
        "按序时推进",
        "正常推进",
        "推进中",
        "按计划推进",
        "正常",
        "符合序时",
        "基本符合预期",
    ),
    "behind": ("滞后", "进度滞后", "落后", "逾期", "未达序时"),
    "paused": ("暂缓", "暂停", "停工"),
    "not_reported": ("未报送", "未报", "未上报"),
}
_HUNDRED = re.compile(r"(?<![\d.])100(?:\.0+)?\s*%")
_BARE = re.compile(r"[+-]?[\d,]*\.?\d+")
_PERCENT = frozenset({"share", "completion"})


def state_word(text: str) -> str:
    """Return the state of a task that an office's word means, or the word itself.

    Examples
    --------
    >>> state_word("进度滞后"), state_word("on_schedule"), state_word("差不多")
    ('behind', 'on_schedule', '差不多')
    """
    word = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    return next((state for state, words in _STATES.items() if word in words), text.strip())


def with_unit(text: str, unit: str) -> str:
    """Return a bare number with the unit that stands elsewhere behind it."""
    bare = _BARE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return f"{text.strip()}{unit}" if bare and unit else text


def check(name: str, table: Table, plan: Plan) -> list[Problem]:
    """Return the mistakes of one of these tables, rows numbered as in it."""
    problems = list(_doubled(table))
    match name:
        case "annual_targets":
            problems += _yearly_targets(table, plan)
        case "annual_investment":
            problems += _not_negative(table, ("value",))
        case "work_reports":
            problems += _periods(table)
            problems += _not_negative(table, MONEY)
            problems += _parts_fit(table)
            if not problems:
                problems += _falling(table)
        case _:
            problems += _paused_tasks(table)
    return problems


def _doubled(table: Table) -> Iterator[Problem]:
    seen: dict[tuple[Value, ...], int] = {}
    for row, key in enumerate(zip(*(table[name] for name in table.schema.key), strict=True)):
        if None in key[:2]:
            continue
        if seen.setdefault(key, row) != row:
            shown = " ".join(str(part) for part in key if part is not None)
            what = (f"{shown}出现两次。", f"{shown} appears twice.")
            yield problem(table, row, table.schema.key[0], what, ("请保留一行。", "Keep one row."))


def _yearly_targets(table: Table, plan: Plan) -> Iterator[Problem]:
    for row, (name, value) in enumerate(zip(table["indicator"], table["value"], strict=True)):
        indicator = plan.indicators.get(name)
        if indicator and indicator.kind in _PERCENT and value is not None and not 0 <= value <= 100:
            what = (f"{value:g}超出0至100。", f"{value:g} is outside 0 to 100.")
            remedy = ("占比不能超过100%，请检查数值和单位。", "A share ends at 100 %. Check it.")
            yield problem(table, row, "value", what, remedy)


def _not_negative(table: Table, columns: Sequence[str]) -> Iterator[Problem]:
    for column in columns:
        for row, value in enumerate(table[column]):
            if value is not None and value < 0:
                what = (f"{value:g}为负数。", f"{value:g} is negative.")
                yield problem(table, row, column, what, ("未知请留空。", "Leave it empty."))


def _periods(table: Table) -> Iterator[Problem]:
    for row, text in enumerate(table["period"]):
        try:
            if text is not None:
                period_of(text)
        except CellError as error:
            what, remedy = (error.what_zh, error.what_en), (error.remedy_zh, error.remedy_en)
            yield problem(table, row, "period", what, remedy)


def _parts_fit(table: Table) -> Iterator[Problem]:
    """Yield months that exceed their year, and years that exceed the total."""
    for part, whole in pairwise(MONEY):
        for row, (inner, outer) in enumerate(zip(table[part], table[whole], strict=True)):
            if inner is not None and outer is not None and inner > outer * (1 + 1e-9):
                what = (
                    f"{inner:g}亿元超过累计数{outer:g}亿元。",
                    f"{inner:g} 亿元 exceeds the running total {outer:g} 亿元.",
                )
                yield problem(
                    table, row, part, what, ("请核对数值和单位。", "Check figures and units.")
                )


def _falling(table: Table) -> Iterator[Problem]:
    """Yield invested money that falls over time, the latest vintages compared."""
    for column in MONEY[1:]:
        runs: dict[tuple[Value, ...], dict[int, tuple[str, float, int]]] = {}
        for row, (work, text, published, value) in enumerate(
            zip(*(table[c] for c in ("project", "period", "published", column)), strict=True)
        ):
            if value is None:
                continue
            period = period_of(text)
            group = (work, period.year if column == "invested_year" else None)
            time = period.year * 12 + period.month
            figure = (last_day(published) if published else "", value, row)
            known = runs.setdefault(group, {})
            known[time] = max(known.get(time, figure), figure)
        for known in runs.values():
            for before, after in pairwise(sorted(known)):
                was, now = known[before][1], known[after][1]
                if now < was:
                    what = (
                        f"累计投资由{was:g}降至{now:g}亿元。",
                        f"money invested falls from {was:g} to {now:g} 亿元.",
                    )
                    remedy = ("请核对，前期有误请修订。", "Check it; revise the earlier report.")
                    yield problem(table, known[after][2], column, what, remedy)


def _paused_tasks(table: Table) -> Iterator[Problem]:
    for row, (state, sentence) in enumerate(zip(table["state"], table["sentence"], strict=True)):
        said = unicodedata.normalize("NFKC", sentence or "")
        whole = state == "done" or _HUNDRED.search(said)
        if whole and (PAUSED.search(said) or state == "paused"):
            what = (
                f"状态为{state}，而文字为“{said[:30]}”。",
                f"the state is {state}, but the text says {said[:30]!r}: paused and finished.",
            )
            remedy = ("暂缓的任务不能算完成，请核对。", "A paused task is not finished. Check it.")
            yield problem(table, row, "state", what, remedy)


def check_quotes(
    name: str, quotes: Iterable[Quoted], table: Table, made: Sequence[Entry], plan: Plan
) -> Iterator[Problem]:
    """Yield completions of works that do not follow, and finished works that are paused."""
    if name != "work_reports":
        return
    planned = plan.tables["annual_investment"]
    money = dict(
        zip(
            zip(planned["project"], planned["year"], strict=True),
            planned["value"],
            strict=True,
        )
    )
    rows = {made[line].line: row for row, line in enumerate(table.lines)}
    for quote in quotes:
        row = rows[quote.line]
        column = quote.titles.get("completion", "完成率")
        words = [table[c][row] or "" for c in ("milestone", "problem", "next_step")]
        try:
            typed = parse_quantity(quote.completion)
            target, slack = (
                completion.stated(completion.with_title_unit(quote.plan, quote.titles), "亿元")
                if quote.plan
                else (_planned(money, table, row), 0.0)
            )
        except (CellError, UnitError):
            what = (f"“{quote.completion}”或计划投资不是数字。", "is no number.")
            remedy = ("请检查。", "Check it.")
            yield Problem(*what, *remedy, table.file, quote.line, column)
            continue
        if typed is None:
            continue
        if typed.value >= 100 and PAUSED.search(" ".join([quote.note, *words])):
            note = " ".join(word for word in [quote.note, *words] if PAUSED.search(word))
            yield completion.paused(table.file, quote.line, column, note)
            continue
        value = table["invested_year"][row]
        if not target or value is None:
            continue
        spread = completion.spread_of(made[table.lines[row]].cells["invested_year"], value)
        if not completion.follows(typed, quote.completion, value, spread, target, slack):
            yield completion.mismatch(table.file, quote.line, column, typed.value, value, target)


def _planned(money: dict[tuple[str, int], float], table: Table, row: int) -> float | None:
    try:
        year = period_of(table["period"][row] or "").year
    except CellError:
        return None
    return money.get((table["project"][row], year))
