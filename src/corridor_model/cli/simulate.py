"""``corridor simulate``: what scenarios do to money, openings and the odds of each target."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor_model.assess.words import reason_word
from corridor_model.cli import output
from corridor_model.plan.plan import Plan
from corridor_model.rounding import percent, rounded
from corridor_model.scenario.archive import save_result
from corridor_model.scenario.labels import known_text
from corridor_model.scenario.language.toml import load_scenarios, shipped_scenarios
from corridor_model.scenario.simulate import simulate
from corridor_model.scenario.works.idle import idle_text

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.scenario.language.model import Scenario

BASES = {
    "benchmarked": ("已检验", "benchmarked"),
    "unbenchmarked": ("未检验", "unbenchmarked"),
    "base_rate": ("仅先验", "base rate"),
    "scenario": ("情景设定", "set by scenario"),
    "observed": ("已公布", "observed"),
    "": ("", ""),
}


def run(options: Namespace) -> int:
    """Simulate, save, and print in the form asked for."""
    plan = output.plan_of(options)
    listed = load_scenarios(Path(options.file)) if options.file else shipped_scenarios()
    observations = output.figures_of(options, plan)
    made = simulate(
        plan,
        listed,
        observations,
        draws=options.draws,
        seed=options.seed,
        threads=options.threads,
        as_of=options.as_of,
        known_by=options.known_by,
    )
    if options.out:
        save_result(made, options.out)
    if options.format != "table":
        output.records(records(made), options.format)
        return 0
    if options.file:
        _read_back(plan, listed, options.lang)
    print_result(plan, made, options.lang)
    return 0


def _read_back(plan: Plan, scenarios: Sequence[Scenario], lang: str) -> None:
    """Say what a person's own scenarios mean, so that a slip of the pen is seen."""
    zh = lang == "zh"
    output.heading("情景" if zh else "Scenarios")
    for one in scenarios:
        why = one.why_zh if zh else one.why_en
        lines = [line for line in one.text(plan, lang) if line != why]
        lines += idle_text(plan, one, lang)
        said = ("；" if zh else "; ").join(lines) or ("按计划" if zh else "as planned")
        output.paragraph(f"{one.title(lang)}：{said}。" if zh else f"{one.title(lang)}: {said}.")


def records(made: xr.Dataset) -> list[dict[str, Any]]:
    """Return one row an indicator and scenario; rates and probabilities as fractions."""
    rows = []
    last = int(made["year"].values[-1])
    for i, scenario in enumerate(made["scenario"].values):
        at = made.isel(scenario=i)
        median = at["value"].sel(year=last, quantile=0.5).values
        for j, indicator in enumerate(made["indicator"].values):
            rows.append(
                {
                    "indicator": str(indicator),
                    "scenario": str(scenario),
                    "p_reach": float(at["p_reach"].values[j]),
                    "p_reach_error": float(at["p_reach_error"].values[j]),
                    "p_basis": str(at["p_basis"].values[j]),
                    "median": float(median[j]),
                    "reason": str(at["p_reach_reason"].values[j]),
                }
            )
    return rows


def print_result(plan: Plan, made: xr.Dataset, lang: str) -> None:
    """Print money, odds, and how many targets are reached at once."""
    zh = lang == "zh"
    titles = made["scenario_zh" if zh else "scenario"].values
    note = known_text(made, "zh" if zh else "en")
    output.heading(f"投资，亿元（{note}）" if zh else f"Money, 亿元 ({note})")
    parts = ("before_plan", "inside_plan", "beyond_horizon", "total")
    header = (
        ("情景", "计划前", "计划期内", "计划后", "合计")
        if zh
        else ("scenario", "before", "inside", "beyond", "total")
    )
    money = {part: made[part].sum("project").values for part in parts}
    rows = [
        (str(title), *(rounded(float(money[part][i]), 2) for part in parts))
        for i, title in enumerate(titles)
    ]
    output.table(header, rows, (False, True, True, True, True))
    _odds(plan, made, titles, zh)
    _together(made, titles, zh)


def _odds(plan: Plan, made: xr.Dataset, titles: Any, zh: bool) -> None:
    """Print the odds under the first scenario, and under the others where they differ."""
    names = [n for n in made.attrs["n_reached_over"].split("; ") if n in plan.indicators]
    at = made.sel(indicator=names)
    odds = [[percent(float(p), 1) for p in row] for row in at["p_reach"].values]
    lang = "zh" if zh else "en"
    header = ("指标", "目标", "概率", "依据") if zh else ("target of", "goal", "odds", "basis")
    for i, title in enumerate(titles):
        rows = [
            (
                plan.indicators[name].name(lang),
                str(at["goal"].values[i, j]),
                odds[i][j],
                BASES[str(at["p_basis"].values[i, j])][0 if zh else 1],
            )
            for j, name in enumerate(names)
            if not i or odds[i][j] != odds[0][j]
        ]
        if rows:
            output.heading(f"达标概率：{title}" if zh else f"Odds of each target: {title}")
            output.table(header, rows, (False, False, True, False))
    output.say("")
    when = str(made.attrs["as_of"])
    output.paragraph(
        f"按截至{when}的数据。其他情景只列出与第一个不同的。未模拟的指标：{_left(made, lang)}。"
        if zh
        else f"From figures up to {when}. Of the other scenarios only what differs is shown. "
        f"Not simulated: {_left(made, lang)}."
    )


def _left(made: xr.Dataset, lang: str) -> str:
    """Return how many indicators are not simulated, by reason."""
    reasons = [str(one) for one in made["gap_reason"].isel(scenario=0).values if one]
    said = [f"{reason_word(one, lang)} {n}" for one, n in Counter(reasons).items()]
    return ("、" if lang == "zh" else ", ").join(said) or ("无" if lang == "zh" else "none")


def _together(made: xr.Dataset, titles: Any, zh: bool) -> None:
    count = int(made.attrs["n_promises"])
    if not count:
        return
    output.heading(
        f"{count}项承诺中同时实现的项数" if zh else f"How many of {count} promises are kept at once"
    )
    expected = made["n_reached_mean"].values
    half = made["n_reached"].isel(n_targets=slice((count + 1) // 2, None)).sum("n_targets").values
    header = ("情景", "平均项数", "至少一半") if zh else ("scenario", "mean", "at least half")
    rows = [
        (str(title), rounded(float(expected[i]), 2), percent(float(half[i]), 1))
        for i, title in enumerate(titles)
    ]
    output.table(header, rows, (False, True, True))
