"""``corridor assess``: where each target stands, and what cannot be said and why."""

from __future__ import annotations

import math
from argparse import Namespace
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from corridor_model.assess.assessment import assess
from corridor_model.assess.explain import row_of
from corridor_model.assess.judge import tally
from corridor_model.assess.rules import RULES
from corridor_model.assess.sentences import sentence, target_words
from corridor_model.assess.words import (
    NOT_ASSESSABLE,
    REASONS,
    STATUSES,
    reason_word,
    status_word,
    worst_first,
)
from corridor_model.cli import output, probabilities, verdicts
from corridor_model.plan.plan import Plan
from corridor_model.plan.show import EXAMPLE_EN, EXAMPLE_ZH, headline
from corridor_model.rounding import plain, rounded

if TYPE_CHECKING:
    import xarray as xr


Row = Mapping[str, Any]


def run(options: Namespace) -> int:
    """Print an assessment in the form asked for."""
    plan = output.plan_of(options)
    observations = output.figures_of(options, plan)
    if options.method == "all" and not options.explain:
        probabilities.print_methods(options, plan, observations)
        return 0
    method = "default" if options.method == "all" else options.method
    made = assess(plan, observations, options.as_of, options.known_by, options.rule, method=method)
    if options.explain:
        verdicts.print_audit(made, options)
        return 0
    if options.format != "table":
        output.records(rows_of(made), options.format)
        return 0
    if options.rule == "all":
        verdicts.print_rules(made, plan, options.lang)
    else:
        print_assessment(made, plan, options.lang, options.all, method)
    return 0


def rows_of(made: xr.Dataset) -> list[dict[str, Any]]:
    """Return one row an indicator, and a rule where there are several; a mask is None (S7)."""
    names = [str(name) for name in made["indicator"].to_numpy()]
    rules = [str(r) for r in made["rule"].to_numpy()] if "rule" in made.dims else [None]
    columns = {
        str(name): (variable.dims, variable.to_numpy().tolist())
        for name, variable in made.data_vars.items()
    }
    rows = []
    for i, indicator in enumerate(names):
        for r, rule in enumerate(rules):
            row: dict[str, Any] = {"indicator": indicator}
            if rule is not None:
                row["rule"] = rule
            for name, (dims, values) in columns.items():
                value = values[r][i] if "rule" in dims else values[i]
                row[name] = None if isinstance(value, float) and math.isnan(value) else value
            rows.append(row)
    return rows


def print_assessment(
    made: xr.Dataset, plan: Plan, lang: str, everything: bool = False, method: str = "default"
) -> None:
    """Print the counts, what can be said, the worst first, how likely, and what cannot."""
    zh = lang == "zh"
    rows = {str(name): row_of(made, str(name)) for name in made["indicator"].to_numpy()}
    _print_head(made, plan, lang)
    said = {name: row for name, row in rows.items() if row["status"] != NOT_ASSESSABLE}
    counts = tally([r["status"] for r in rows.values()], [r["reason"] for r in rows.values()])
    listed = ("、" if zh else ", ").join(
        f"{status_word(status, lang)} {counts[status]}" for status in STATUSES
    )
    output.paragraph(f"共 {len(rows)} 项：{listed}" if zh else f"{len(rows)} targets: {listed}")
    if said:
        output.say("")
        ordered = sorted(said, key=lambda name: worst_first(said[name]["status"]))
        output.table(
            ("指标", "最新数", "目标", "实现程度", "时间", "超欠序时", "评价")
            if zh
            else ("indicator", "figure", "target", "done", "time", "gap", "verdict"),
            [_line(said[name], lang, str(made.attrs["as_of"])) for name in ordered],
            (False, True, True, True, True, True, False),
        )
        output.paragraph(
            "实现程度、时间：自基期至目标年份；每年目标：本年完成率与本年序时进度。"
            if zh
            else "done, time: from the baseline to the target year; of a yearly minimum, within "
            "its year."
        )
        for name in ordered:
            if said[name]["status"] == "behind" or said[name]["series_break"]:
                output.say("")
                output.paragraph(sentence(said[name], lang))
    probabilities.print_probabilities(rows, plan, lang, everything, method)
    _print_unsaid(rows, plan, lang, everything)


def _print_head(made: xr.Dataset, plan: Plan, lang: str) -> None:
    zh = lang == "zh"
    attrs = made.attrs
    rule = RULES[str(attrs["rule"])]
    note = f" [{EXAMPLE_ZH if zh else EXAMPLE_EN}]" if plan.example else ""
    known = str(attrs["known_by"])
    if known:
        known = f"，按{known}已知数据" if zh else f", as known on {known}"
    output.heading(
        f"{attrs['as_of']} 目标执行情况{known}{note}"
        if zh
        else f"Targets as of {attrs['as_of']}{known}{note}"
    )
    limits = str(attrs["thresholds"]).partition(": ")[2]
    output.paragraph(
        f"规则：{rule.name_zh}（{limits}；阈值为本工具设定）"
        if zh and rule.name == "schedule"
        else f"规则：{rule.name_zh}（{limits}）"
        if zh
        else f"Rule {rule.name}: {limits}."
    )
    if rule.ours and not zh:
        output.paragraph(f"Ours in it: {rule.ours}.")
    gone = rounded(100 * float(made["plan_elapsed"][0]), 1) if made.sizes["indicator"] else ""
    if gone:
        years = f"{int(attrs['base_year']) + 1}-{attrs['last_year']}"
        output.paragraph(
            f"规划期（{years}）时间进度 {gone} %。" if zh else f"Of {years}, {gone} % is over."
        )


def _line(row: Row, lang: str, as_of: str) -> tuple[str, ...]:
    """Return one line; the period of a figure stands beside it only if it is another."""
    zh = lang == "zh"
    value = row["actual"]
    digits = 1 if row["kind"] == "growth" else 2
    shown = "" if math.isnan(value) else _short(value, digits)
    if shown and row["actual_period"] != as_of:
        shown += f" ({row['actual_period']})"
    gap = row["schedule_gap"]
    return (
        row["name_zh"] if zh else row["name_en"],
        shown,
        target_words(row, zh=True),
        _percent(row["achieved_share"]),
        _percent(row["elapsed_share"]),
        _points(gap),
        status_word(row["status"], lang),
    )


def _short(value: float, digits: int) -> str:
    exact = plain(value)
    return exact if len(exact) <= 8 else rounded(value, digits)


def _points(gap: float) -> str:
    """Return a gap in percentage points with its sign."""
    if math.isnan(gap):
        return ""
    said = rounded(gap * 100, 1)
    return said if said.startswith("-") or said == "0.0" else f"+{said}"


def _percent(share: float) -> str:
    return "" if math.isnan(share) else f"{rounded(share * 100, 1)}%"


def _print_unsaid(rows: Mapping[str, Row], plan: Plan, lang: str, everything: bool) -> None:
    """Name what cannot be judged, by reason; single blocks are counted unless asked for."""
    zh = lang == "zh"
    unsaid = {name: row for name, row in rows.items() if row["status"] == NOT_ASSESSABLE}
    if not unsaid:
        return
    output.heading(
        f"无法评估：{len(unsaid)} 项" if zh else f"What cannot be said: {len(unsaid)} targets"
    )
    chosen = set(rows) if everything else set(headline(plan))
    hidden = 0
    for reason in REASONS:
        found = [name for name, row in unsaid.items() if row["reason"] == reason]
        if not found:
            continue
        shown = [rows[n]["name_zh" if zh else "name_en"] for n in found if n in chosen]
        hidden += len(found) - len(shown)
        word = reason_word(reason, lang)
        listed = ("、" if zh else "; ").join(shown)
        output.paragraph(
            f"{word} {len(found)} 项" + (f"：{listed}。" if shown else "。")
            if zh
            else f"{word}, {len(found)}" + (f": {listed}." if shown else ".")
        )
    if hidden:
        output.paragraph(
            f"其中分区块、分单位的 {hidden} 项未列名，加 --all 显示。"
            if zh
            else f"{hidden} of single blocks and institutes are not named here: add --all."
        )
    _print_older(unsaid, lang)
    output.paragraph(
        "填报：--observations 文件.xlsx（指标、时期、数值、计量单位）。"
        if zh
        else "To fill them in: --observations FILE (indicator, period, value, unit)."
    )


def _print_older(unsaid: Mapping[str, Row], lang: str) -> None:
    """Say what follows from figures that are older than the period."""
    older = [
        row
        for row in unsaid.values()
        if row["actual_period"] and not math.isnan(row["required_rate_remaining"])
    ]
    if older:
        output.heading("只有较早的数据" if lang == "zh" else "Only an older figure is known")
    for row in older:
        output.paragraph(sentence(row, lang))
