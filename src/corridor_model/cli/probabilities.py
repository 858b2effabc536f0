"""How likely each target is, on the terminal: one method, or all side by side."""

from __future__ import annotations

import math
from argparse import Namespace
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from corridor_model.assess.assessment import assess
from corridor_model.assess.probability.methods import METHODS, skill_text
from corridor_model.assess.probability.words import (
    BASIS,
    basis_word,
    is_settled,
    probability_text,
    probability_word,
    short,
)
from corridor_model.cli import output
from corridor_model.plan.plan import Plan
from corridor_model.plan.show import headline

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.observations.model import Observations

Row = Mapping[str, Any]


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
            [_line(known[name], lang) for name in listed],
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


def _line(row: Row, lang: str) -> tuple[str, ...]:
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
