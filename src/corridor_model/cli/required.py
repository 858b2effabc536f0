"""``corridor required``: the yearly growth each target needs, and what is not known."""

from __future__ import annotations

from argparse import Namespace

from corridor_model.cli import output
from corridor_model.plan.kinds import target_text
from corridor_model.plan.origins import ORIGINS_ZH
from corridor_model.plan.plan import Plan
from corridor_model.plan.required import Requirement, requirement
from corridor_model.plan.show import EXAMPLE_EN, EXAMPLE_ZH
from corridor_model.report.tables import required_records
from corridor_model.rounding import percent, plain, rounded


def run(options: Namespace) -> int:
    """Print required growth in the form asked for."""
    plan = output.plan_of(options)
    if options.format != "table":
        output.records(required_records(plan), options.format)
        return 0
    print_required(plan, options.lang)
    return 0


def print_required(plan: Plan, lang: str) -> None:
    """Print what can be said as a table, then what cannot and why."""
    needed = {name: requirement(indicator) for name, indicator in plan.indicators.items()}
    zh = lang == "zh"
    title = "各项目标所需的年均增速" if zh else "Yearly growth that each target needs"
    note = (EXAMPLE_ZH if zh else EXAMPLE_EN) if plan.example else ""
    output.heading(f"{title} [{note}]" if note else title)
    header = (
        ("指标", "基期", "目标", "年均增速", "每年增加", "性质")
        if zh
        else ("indicator", "baseline", "target", "a year", "step a year", "origin")
    )
    shown = {
        name: row
        for name, row in needed.items()
        if row.required_rate is not None or row.required_step is not None
    }
    output.table(
        header,
        [_line(plan, name, row, lang) for name, row in shown.items()],
        numeric=(False, False, False, True, True, False),
    )
    for name, row in shown.items():
        if row.series:
            label = plan.indicators[name].name(lang)
            said = (
                f"{label}：{row.baseline_year}年数口径为 {row.series}。"
                if zh
                else f"{label}: the {row.baseline_year} figure is of the series {row.series!r}."
            )
            output.paragraph(said)
    _print_unknown(plan, needed, lang)


def _line(plan: Plan, name: str, row: Requirement, lang: str) -> tuple[str, ...]:
    indicator = plan.indicators[name]
    if row.baseline is None:
        start = f"{plan.about.base_year}=100" if row.kind == "growth" else ""
    else:
        start = f"{plain(row.baseline)} ({row.baseline_year})"
    rate = "" if row.required_rate is None else percent(row.required_rate)
    step = "" if row.required_step is None else _step(row, lang)
    origin = ORIGINS_ZH[row.origin] if lang == "zh" else row.origin
    return indicator.name(lang), start, target_text(indicator, lang), rate, step, origin


def _step(row: Requirement, lang: str) -> str:
    assert row.required_step is not None
    digits = 2 if abs(row.required_step) < 100 else 1
    points = "个百分点" if lang == "zh" else "points"
    unit = points if row.unit == "%" else row.unit
    return f"{rounded(row.required_step, digits)} {unit}".rstrip()


def _print_unknown(plan: Plan, needed: dict[str, Requirement], lang: str) -> None:
    zh = lang == "zh"
    unknown = [name for name, row in needed.items() if row.reason == "no_baseline"]
    if unknown:
        names = [plan.indicators[name].name(lang) for name in unknown]
        output.heading(
            f"无基期，无法计算增速：{len(unknown)} 项"
            if zh
            else f"No baseline, so no rate: {len(unknown)} indicators"
        )
        output.paragraph(("、" if zh else "; ").join(names) + ("。" if zh else "."))
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
