"""``corridor assess``: where each target stands, and what cannot be said and why."""

from __future__ import annotations

import math
from argparse import Namespace
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from corridor_model.assessment.answers import METHODS, skill_text
from corridor_model.assessment.assessment import assess
from corridor_model.assessment.rules import RULES
from corridor_model.assessment.verdicts import tally
from corridor_model.cli import output
from corridor_model.codes import (
    NOT_ASSESSABLE,
    REASONS,
    STATUSES,
    reason_word,
    status_word,
    worst_first,
)
from corridor_model.formatting import plain, rounded
from corridor_model.messages import translator
from corridor_model.plan.display import EXAMPLE, headline
from corridor_model.plan.plan import Plan
from corridor_model.text.assessment import (
    BASIS,
    basis_word,
    is_settled,
    probability_text,
    probability_word,
    sentence,
    short,
    target_words,
)
from corridor_model.text.audit import explain, row_of

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.observations.model import Observations


Row = Mapping[str, Any]


def run(options: Namespace) -> int:
    """Print an assessment in the form asked for."""
    plan = output.plan_of(options)
    observations = output.figures_of(options, plan)
    if options.method == "all" and not options.explain:
        print_methods(options, plan, observations)
        return 0
    method = "default" if options.method == "all" else options.method
    made = assess(plan, observations, options.as_of, options.known_by, options.rule, method=method)
    if options.explain:
        print_audit(made, options)
        return 0
    if options.format != "table":
        output.records(rows_of(made), options.format)
        return 0
    if options.rule == "all":
        print_rules(made, plan, options.lang)
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
    print_probabilities(rows, plan, lang, everything, method)
    _print_unsaid(rows, plan, lang, everything)


def _print_head(made: xr.Dataset, plan: Plan, lang: str) -> None:
    zh = lang == "zh"
    attrs = made.attrs
    rule = RULES[str(attrs["rule"])]
    note = f" [{translator(lang)(EXAMPLE)}]" if plan.example else ""
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


# How likely each target is, on the terminal: one method, or all side by side.


def print_probabilities(
    rows: Mapping[str, Row], plan: Plan, lang: str, everything: bool, method: str = "default"
) -> None:
    """Print the probability of each target that has one, the least likely first."""
    zh = lang == "zh"
    known = {name: row for name, row in rows.items() if not math.isnan(row["p_reach"])}
    if not known:
        return
    chosen = set(rows) if everything else set(headline(plan))
    listed = [name for name in known if name in chosen]
    output.heading("达标概率" if zh else "How likely")
    if method != "default":
        word = METHODS[method].words[not zh]
        output.paragraph(f"预测方法：{word}（对照）。" if zh else f"Method: {word}, to compare.")
    if listed:
        listed.sort(key=lambda name: known[name]["p_reach"])
        output.table(
            ("指标", "目标年预测（80 %区间）", "概率", "", "依据")
            if zh
            else ("indicator", "projected (80 %)", "p", "", "basis"),
            [_line_probabilities(known[name], lang) for name in listed],
            (False, True, True, False, False),
        )
        used = [basis for basis in BASIS if any(known[n]["p_basis"] == basis for n in listed)]
        notes = [f"{basis}{'：' if zh else ': '}{basis_word(basis, lang)}" for basis in used]
        output.paragraph(("；" if zh else "; ").join(notes) + ("。" if zh else "."))
    output.paragraph(
        "0.9以上很可能，0.6以上较可能，0.4以上五五开，0.1以上较难，其余很难（分界为本工具设定）。"
        if zh
        else "Very likely from 0.9, likely from 0.6, about even from 0.4, unlikely from 0.1 "
        "(cut points are ours)."
    )
    if len(known) > len(listed):
        count = len(known) - len(listed)
        output.paragraph(
            f"另有分区块、分单位的 {count} 项，加 --all 显示。"
            if zh
            else f"{count} more of single blocks and institutes: add --all."
        )


def _line_probabilities(row: Row, lang: str) -> tuple[str, ...]:
    told = short(row["projected"]) if not math.isnan(row["projected"]) else ""
    if told and row["p_basis"] != "observed":
        told += f" ({short(row['lower'])}–{short(row['upper'])})"
    return (
        row["name_zh" if lang == "zh" else "name_en"],
        told,
        probability_text(row["p_reach"]),
        probability_word(row["p_reach"], lang, is_settled(row)),
        row["p_basis"],
    )


def print_methods(options: Namespace, plan: Plan, observations: Observations | None) -> None:
    """Print the probability of each target by every method, and how skilful each is."""
    made = {name: _assessed(options, plan, observations, name) for name in METHODS}
    if options.format != "table":
        output.records(method_rows(made), options.format)
        return
    zh = options.lang == "zh"
    at = 0 if zh else 1
    chosen = set(plan.indicators) if options.all else set(headline(plan))
    rows = []
    for row in method_rows(made):
        values = [row[f"p_{name}"] for name in METHODS]
        if row["indicator"] in chosen and any(value is not None for value in values):
            name = row["name_zh" if zh else "name_en"]
            rows.append((name, *("—" if v is None else probability_text(v) for v in values)))
    output.heading("各方法达标概率对照" if zh else "The probability by every method")
    output.table(
        ("指标" if zh else "indicator", *(method.words[at] for method in METHODS.values())),
        [*rows, _skill_row(zh)],
        (False, *(True for _ in METHODS)),
    )
    for line in skill_text(options.lang):
        output.paragraph(line)


def _skill_row(zh: bool) -> tuple[str, ...]:
    return (
        "检验技巧BSS" if zh else "skill (BSS)",
        *("—" if m.skill is None else f"{m.skill:.3f}" for m in METHODS.values()),
    )


def method_rows(made: Mapping[str, xr.Dataset]) -> list[dict[str, Any]]:
    """Return one row an indicator: probability and projection by method; a mask is None."""
    first = next(iter(made.values()))
    rows = []
    for place, indicator in enumerate(first["indicator"].to_numpy().tolist()):
        row: dict[str, Any] = {"indicator": indicator}
        for name in ("name_zh", "name_en", "p_basis"):
            row[name] = first[name].to_numpy()[place].item()
        for variable, prefix in (("p_reach", "p"), ("projected", "projected")):
            for method, told in made.items():
                value = float(told[variable].to_numpy()[place])
                row[f"{prefix}_{method}"] = None if math.isnan(value) else value
        rows.append(row)
    return rows


def _assessed(
    options: Namespace, plan: Plan, observations: Observations | None, method: str
) -> xr.Dataset:
    rule = "schedule" if options.rule == "all" else options.rule
    return assess(plan, observations, options.as_of, options.known_by, rule, method=method)


def print_story(story: Mapping[str, Any], lang: str) -> None:
    """Print what stands behind a probability: what was read, who carries it, the base rate."""
    zh = lang == "zh"
    if story.get("p_reach") is None:
        return
    output.heading("达标概率的依据" if zh else "Behind the probability")
    for name in ("said", "experts", "feasibility"):
        if story[f"{name}_{lang}"]:
            output.paragraph(story[f"{name}_{lang}"])


# Verdicts in other forms: every rule side by side, and how one came about.


def print_rules(made: xr.Dataset, plan: Plan, lang: str) -> None:
    """Print the verdicts of all rules side by side, for what any of them can judge."""
    zh = lang == "zh"
    note = f" [{translator(lang)(EXAMPLE)}]" if plan.example else ""
    output.heading(
        f"{made.attrs['as_of']} 各规则评价对照{note}"
        if zh
        else f"Verdicts of every rule as of {made.attrs['as_of']}{note}"
    )
    names = [str(name) for name in made["name_zh" if zh else "name_en"].to_numpy()]
    statuses, words = made["status"].to_numpy(), made["rule_word"].to_numpy()
    for i, name in enumerate(names):
        if (statuses[:, i] == NOT_ASSESSABLE).all():
            continue
        output.say("", output.bold(name))
        output.table(
            ("规则", "评价", "该规则的等级") if zh else ("rule", "verdict", "its own class"),
            [
                (
                    rule.name_zh if zh else rule.name,
                    status_word(str(statuses[r, i]), lang),
                    rule.words.get(str(words[r, i]), ("", str(words[r, i])))[not zh],
                )
                for r, rule in enumerate(RULES.values())
            ],
            (False, False, False),
        )


def print_audit(made: xr.Dataset, options: Namespace) -> None:
    """Print how one verdict came about."""
    rule = "schedule" if options.rule == "all" else None
    audit = explain(made, options.explain, rule)
    if options.format == "json":
        fields = type(audit).__dataclass_fields__
        output.records([{name: getattr(audit, name) for name in fields}], "json")
        return
    output.heading(audit.zh if options.lang == "zh" else audit.en)
    rows = [(name, value) for part in (audit.inputs, audit.steps) for name, value in part.items()]
    rows += [(f"formula {name}", text) for name, text in audit.formulas.items()]
    rows += [
        (name, getattr(audit, name))
        for name in ("rule", "source", "thresholds", "branch", "status", "reason")
    ]
    output.table(
        ("项目", "值") if options.lang == "zh" else ("item", "value"),
        [(name, _cell(value)) for name, value in rows],
        (False, False),
    )
    print_story(audit.forecast, options.lang)


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "—"
    return plain(value) if isinstance(value, float) else str(value)
