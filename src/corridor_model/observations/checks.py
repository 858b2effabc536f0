"""What must hold among figures: no doubles, no impossible values, no falling counts.

Each check looks at the figures that came in, beside those that were known before, and
speaks only of the former.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from corridor_model.errors import Problem
from corridor_model.observations.meaning import is_flow, period_of
from corridor_model.observations.model import KEY, last_day
from corridor_model.observations.warn import Warned, series_breaks, unit_slips
from corridor_model.plan.plan import Plan
from corridor_model.plan.problems import problem
from corridor_model.plan.table import Table, Value


def check(table: Table, known: Table, plan: Plan) -> tuple[list[Problem], list[Warned]]:
    """Return every mistake among the figures of ``table``, and what a person should look at.

    Parameters
    ----------
    table : Table
        New figures, written out, in the units of their indicators.
    known : Table
        Earlier ones.
    plan : Plan
        What they speak of.
    """
    problems = [*_doubled(table), *_impossible(table, plan), *_falling(table, known, plan)]
    warned = [*unit_slips(table, known, plan), *series_breaks(table, known, plan)]
    return problems, warned


def _doubled(table: Table) -> Iterator[Problem]:
    seen: dict[tuple[Value, ...], int] = {}
    for row, key in enumerate(zip(*(table[name] for name in KEY), strict=True)):
        first = seen.setdefault(key, row)
        if first == row:
            continue
        shown = " ".join(str(part) for part in key[:3])
        same = table["value"][first] == table["value"][row]
        yield problem(
            table,
            row,
            "indicator",
            (
                f"{shown}出现两次{'' if same else '，数值不同'}。",
                f"{shown} appears twice{'' if same else ', with different values'}.",
            ),
            (
                "请保留一行；若为修订，请填写各自的发布日期。",
                "Keep one row; for a revision give each its date of publication.",
            ),
        )


_BOUNDED = frozenset({"share", "completion"})
_COUNTED = frozenset({"cumulative", "annual"})


def _impossible(table: Table, plan: Plan) -> Iterator[Problem]:
    columns = (table[name] for name in ("indicator", "measure", "value"))
    for row, (name, measure, value) in enumerate(zip(*columns, strict=True)):
        kind = plan.indicators[name].kind
        if measure == "done" and value not in {0, 1}:
            what = (f"{value:g}既不是1也不是0。", f"{value:g} is neither 1 nor 0.")
            remedy = ("已完成填1，未完成填0。", "Enter 1 once it is reached, 0 before.")
        elif measure == "growth" and value <= -100:
            what = (f"增速{value:g}%低于-100%。", f"growth of {value:g} % ends below nothing.")
            remedy = ("请检查数值和单位。", "Check figure and unit.")
        elif measure == "level" and kind in _BOUNDED and not 0 <= value <= 100:
            what = (f"{value:g}超出0至100。", f"{value:g} is outside 0 to 100.")
            remedy = ("占比不能超过100%，请检查数值和单位。", "A share ends at 100 %. Check it.")
        elif measure == "level" and kind == "rank" and value <= 0:
            what = (f"位次{value:g}不是正数。", f"a rank of {value:g} is not positive.")
            remedy = ("请检查数值。", "Check the figure.")
        elif measure in {"level", "addition"} and kind in _COUNTED and value < 0:
            what = (f"{value:g}为负数。", f"{value:g} is negative.")
            remedy = ("未知请留空，退出请修订累计数。", "Leave it empty if unknown.")
        else:
            continue
        yield problem(table, row, "value", what, remedy)


@dataclass(frozen=True, slots=True)
class _Known:
    """One figure of a running total: when, how much, when published, and its row if new."""

    year: int
    months: int
    value: float
    published: str
    series: str | None
    row: int | None


def _falling(table: Table, known: Table, plan: Plan) -> Iterator[Problem]:
    """Yield running totals that are lower than an earlier one, the latest vintages compared."""
    new = set(table["indicator"])
    groups: dict[tuple[Value, ...], list[_Known]] = {}
    for name, group, figure in (*_totals(known, plan, False), *_totals(table, plan, True)):
        if name in new:
            groups.setdefault(group, []).append(figure)
    for figures in groups.values():
        latest: dict[tuple[int, int], _Known] = {}
        for figure in sorted(figures, key=lambda f: (f.published, f.row is not None)):
            latest[figure.year, figure.months] = figure
        run = [latest[time] for time in sorted(latest)]
        for before, after in pairwise(run):
            if after.value < before.value and not _breaks(before, after):
                yield from _fallen(table, before, after)


def _breaks(before: _Known, after: _Known) -> bool:
    return None not in {before.series, after.series} and before.series != after.series


def _totals(table: Table, plan: Plan, new: bool) -> Iterator[tuple[str, tuple[Value, ...], _Known]]:
    """Yield figures that may only rise: counts since the start, and totals within a year."""
    names = ("indicator", "period", "measure", "basis", "value", "published", "series")
    for row, values in enumerate(zip(*(table[name] for name in names), strict=True)):
        name, text, measure, basis, value, published, series = values
        indicator = plan.indicators.get(name)
        if indicator is None:
            continue
        period = period_of(text)
        if indicator.kind == "cumulative" and measure == "level":
            group: tuple[Value, ...] = (name, "count")
        elif basis in {"year", "ytd"} and (
            measure == "addition" or (measure == "level" and is_flow(indicator))
        ):
            group = (name, measure, period.year)
        else:
            continue
        day = last_day(published) if published else ""
        place = row if new else None
        yield name, group, _Known(period.year, period.month, value, day, series, place)


def _fallen(table: Table, before: _Known, after: _Known) -> Iterator[Problem]:
    row = after.row if after.row is not None else before.row
    if row is None:
        return
    yield problem(
        table,
        row,
        "value",
        (
            f"累计数由{before.year}年{before.months}月的{before.value:g}降至"
            f"{after.year}年{after.months}月的{after.value:g}。",
            f"a running total falls from {before.value:g} ({before.year}-{before.months:02d}) "
            f"to {after.value:g} ({after.year}-{after.months:02d}).",
        ),
        (
            "累计数不应下降：当期数请填measure=addition；前期数有误请修订。",
            "If it is the figure of the period alone, use measure addition; otherwise revise "
            "the earlier one.",
        ),
    )
