"""``corridor required``: the yearly growth each target needs, and what is not known."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator

from corridor_model.cli import output
from corridor_model.growth import compound
from corridor_model.plan.kinds import goal_text
from corridor_model.plan.model import Indicator
from corridor_model.plan.origins import ORIGINS_ZH
from corridor_model.plan.plan import Plan
from corridor_model.plan.required import Requirement, requirement
from corridor_model.plan.show import EXAMPLE_EN, EXAMPLE_ZH, headline, in_language
from corridor_model.report.tables import required_records
from corridor_model.rounding import percent, plain, readable, rounded

Needed = dict[str, Requirement]


def run(options: Namespace) -> int:
    """Print required growth in the form asked for."""
    plan = output.plan_of(options)
    if options.format != "table":
        output.records(required_records(plan), options.format)
        return 0
    print_required(plan, options.lang, options.all)
    return 0


def print_required(plan: Plan, lang: str, everything: bool = False) -> None:
    """Print what can be said, the plain rates first, then what cannot and why.

    Counts of single blocks and institutes are many and small; they are listed only where
    ``everything`` is asked for.
    """
    zh = lang == "zh"
    needed = {name: requirement(indicator) for name, indicator in plan.indicators.items()}
    title = "各项目标所需的年均增速" if zh else "Yearly growth that each target needs"
    note = (EXAMPLE_ZH if zh else EXAMPLE_EN) if plan.example else ""
    _print_rates(plan, needed, lang, f"{title} [{note}]" if note else title)
    _print_growth(plan, needed, lang)
    _print_steps(plan, needed, lang, everything)
    _print_unknown(plan, needed, lang)


def _print_rates(plan: Plan, needed: Needed, lang: str, title: str) -> None:
    """Print indicators with a known start and a compounded rate."""
    zh = lang == "zh"
    rows = {n: r for n, r in needed.items() if r.required_rate is not None and r.kind != "growth"}
    output.heading(title)
    if not rows:
        output.say("  " + ("没有已知基期的指标。" if zh else "No indicator has a known baseline."))
        return
    output.table(
        ("指标", "基期", "目标", "年份", "年均增速", "每年增减", "数据性质")
        if zh
        else ("indicator", "baseline", "target", "year", "a year", "step a year", "baseline is"),
        [
            (
                plan.indicators[name].name(lang),
                f"{plain(row.baseline)} ({row.baseline_year})",
                goal_text(plan.indicators[name], lang) + (_met(lang) if row.already_met else ""),
                str(row.target_year),
                percent(row.required_rate),
                _step(row, lang),
                ORIGINS_ZH[row.origin] if zh else row.origin,
            )
            for name, row in rows.items()
            if row.baseline is not None and row.required_rate is not None
        ],
        (False, False, False, True, True, True, False),
    )
    for name in rows:
        for note in _cautions(plan.indicators[name], lang):
            output.paragraph(note)


def _cautions(indicator: Indicator, lang: str) -> Iterator[str]:
    """Yield what a reader must know of a starting value: its vintage, and a weak source."""
    start, label, zh = indicator.baseline, indicator.name(lang), lang == "zh"
    if start is not None and start.series:
        series = in_language(start.series, lang)
        yield (
            f"{label}：{start.year}年数的口径为“{series}”。"
            if zh
            else f"{label}: the {start.year} figure is of the series {series!r}."
        )
    if start is not None and start.confidence == "low":
        yield (
            f"{label}：{start.year}年数来自转载，可信度低，请核实后使用。"
            if zh
            else f"{label}: the {start.year} figure comes from a weak mirror; check it before use."
        )


def _met(lang: str) -> str:
    return "（已达到）" if lang == "zh" else " (met)"


def _print_growth(plan: Plan, needed: Needed, lang: str) -> None:
    """Print growth targets with the multiple they imply."""
    zh, base = lang == "zh", plan.about.base_year
    rows = {name: row for name, row in needed.items() if row.kind == "growth"}
    if not rows:
        return
    output.heading(
        f"目标即为年均增速（{base}年=100，基期为假设）"
        if zh
        else f"The target is a growth rate ({base} = 100, an assumed base)"
    )
    output.table(
        ("指标", "年均增速", "年份", "届时指数")
        if zh
        else ("indicator", "a year", "year", "index"),
        [
            (
                plan.indicators[name].name(lang),
                goal_text(plan.indicators[name], lang),
                str(row.target_year),
                rounded(float(compound(100.0, row.target / 100, row.target_year - base)), 2),
            )
            for name, row in rows.items()
        ],
        (False, False, True, True),
    )


def _print_steps(plan: Plan, needed: Needed, lang: str, everything: bool) -> None:
    """Print what is counted up: a rate from zero does not exist, a yearly addition does."""
    zh = lang == "zh"
    rows = {
        n: r for n, r in needed.items() if r.required_rate is None and r.required_step is not None
    }
    counts = {n: r for n, r in rows.items() if r.kind in {"cumulative", "completion"}}
    others = {n: r for n, r in rows.items() if n not in counts}
    chosen = counts.keys() if everything else headline(plan)
    shown = {name: row for name, row in counts.items() if name in chosen}
    _step_table(
        plan,
        shown,
        lang,
        "从零起算的累计目标：平均每年需新增" if zh else "Counts that start at zero: needed a year",
    )
    if len(shown) < len(counts):
        output.paragraph(
            f"另有分区块、分单位的 {len(counts) - len(shown)} 项，加 --all 显示。"
            if zh
            else f"{len(counts) - len(shown)} more of single blocks and institutes: add --all."
        )
    _step_table(
        plan,
        others,
        lang,
        "基期为零或负数，增速无法计算，只列每年增减"
        if zh
        else "The start is zero or negative: no rate exists, only a step",
    )


def _step_table(plan: Plan, rows: Needed, lang: str, title: str) -> None:
    if not rows:
        return
    zh = lang == "zh"
    output.heading(title)
    output.table(
        ("指标", "基期", "目标", "年份", "每年增减", "数据性质")
        if zh
        else ("indicator", "baseline", "target", "year", "a year", "start is"),
        [
            (
                plan.indicators[name].name(lang),
                "" if row.baseline is None else f"{plain(row.baseline)} ({row.baseline_year})",
                goal_text(plan.indicators[name], lang) + (_met(lang) if row.already_met else ""),
                str(row.target_year),
                _step(row, lang),
                ORIGINS_ZH[row.origin] if zh else row.origin,
            )
            for name, row in rows.items()
        ],
        (False, False, False, True, True, False),
    )


def _step(row: Requirement, lang: str) -> str:
    assert row.required_step is not None
    points = "个百分点" if lang == "zh" else "points"
    unit = points if row.unit == "%" else row.unit
    return f"{readable(row.required_step)} {unit}".rstrip()


def _print_unknown(plan: Plan, needed: Needed, lang: str) -> None:
    zh = lang == "zh"
    unknown = [name for name, row in needed.items() if row.reason == "no_baseline"]
    if unknown:
        names = [plan.indicators[name].name(lang) for name in unknown]
        output.heading(
            f"无基期，无法计算增速：{len(unknown)} 项"
            if zh
            else f"No baseline, so no rate: {len(unknown)} indicators"
        )
        output.paragraph(("；" if zh else "; ").join(names) + ("。" if zh else "."))
        output.paragraph(
            f"所需的{plan.about.base_year}年基期值见 corridor paths；"
            "已有数据可用 corridor template baselines.csv 填报，再加 --baselines baselines.csv。"
            if zh
            else f"`corridor paths` shows the {plan.about.base_year} value each rate would need. "
            "To give yours: `corridor template baselines.csv`, fill it in, add --baselines "
            "baselines.csv."
        )
    floors = [n for n, row in needed.items() if row.kind == "annual"]
    dated = [n for n, row in needed.items() if row.kind == "milestone"]
    if floors or dated:
        output.say("")
        output.paragraph(
            f"另有每年下限目标 {len(floors)} 项、节点目标 {len(dated)} 项，不计算增速。"
            if zh
            else f"Besides: {len(floors)} yearly minimums and {len(dated)} milestones, "
            "for which a growth rate has no meaning."
        )
