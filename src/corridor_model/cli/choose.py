"""``corridor choose``: which works to fund under a budget, and what a cut drops."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model.cli import choose_inputs, choose_tables, output
from corridor_model.errors import PlanError, Problem
from corridor_model.plan.plan import Plan
from corridor_model.portfolio import (
    BudgetCut,
    budget_cut,
    choice_text,
    choose_projects,
    robust_choice,
    robust_text,
)
from corridor_model.portfolio.words import CHANGES
from corridor_model.rounding import rounded
from corridor_model.scenario.language.model import Scenario

if TYPE_CHECKING:
    import xarray as xr


def run(options: Namespace) -> int:
    """Choose, draw, and print in the form asked for."""
    plan = output.plan_of(options)
    asked = _asked(plan, options)
    budget = choose_inputs.budget(options.budget)
    cut = None
    with output.solver_silent():
        if options.cut is not None:
            cut = budget_cut(plan, budget, _share(options.cut), **asked)
        made = choose_projects(plan, budget, **asked) if cut is None else cut.after
    if options.figure:
        from corridor_model.report.choice_figure import choice_figure

        choice_figure(made, options.figure, lang=options.lang)
    if options.format != "table":
        output.records(records(made, cut), options.format)
        return 0
    zh = options.lang == "zh"
    if cut is not None:
        _print_cut(cut, zh)
    else:
        _print_choice(made, zh)
    choose_tables.works(made, zh)
    choose_tables.years(made, zh)
    if cut is None:
        choose_tables.next_best(made, zh)
        choose_tables.frontier(made, zh)
        _robust(plan, budget, asked, zh)
    _origin(made, zh)
    return 0


def _asked(plan: Plan, options: Namespace) -> dict[str, Any]:
    """Return the conditions that the options name."""
    asked: dict[str, Any] = {
        "committed": choose_inputs.names(options.committed) or (),
        "works": choose_inputs.names(options.works),
        "costs": choose_inputs.amounts(options.costs, "--costs"),
        "caps": choose_inputs.amounts(options.caps, "--caps"),
        "starts": choose_inputs.starts(options.starts),
        "horizon": options.horizon,
        "leftover": options.leftover,
        "running": options.running,
    }
    if options.benefit:
        asked["benefit"] = choose_inputs.benefit(options.benefit)
    if options.scenario:
        from corridor_model.cli.diff import scenario_named

        asked["scenario"] = scenario_named(options.scenario)
    return asked


def _share(text: str) -> float:
    try:
        percent = float(text.rstrip("%％ "))
    except ValueError:
        percent = -1.0
    if not 0 <= percent <= 100:
        zh, en = f"“{text}”应为0至100的百分数。", f"{text!r} must be a percentage from 0 to 100."
        raise PlanError([Problem(zh, en, file="--cut")])
    return percent / 100


def records(made: xr.Dataset, cut: BudgetCut | None) -> list[dict[str, Any]]:
    """Return one row a work; a mask is null, with its reason beside it."""
    rows = []
    for i, name in enumerate(made["project"].values):
        at = made.isel(project=i)
        start = float(at["start_year"])
        row: dict[str, Any] = {
            "project": str(name),
            "name_zh": str(at["name_zh"].values),
            "status": str(at["status"].values),
            "start_scheduled": int(at["start_scheduled"]),
            "start_year": None if np.isnan(start) else int(start),
            "start_year_reason": str(at["start_year_reason"].values),
            "end": str(at["end"].values) or None,
            "investment": float(at["investment"]),
            "value": float(at["value"]),
            "value_reason": str(at["value_reason"].values),
        }
        for year in made["spending_year"].values:
            row[f"spending_{year}"] = float(at["spending"].sel(spending_year=year))
        row["spending_reason"] = str(at["spending_reason"].values)
        row["origin"] = str(at["origin"].values)
        if cut is not None:
            known = name in cut.table.index
            row["change"] = str(cut.table.loc[name, "change"]) if known else None
        rows.append(row)
    return rows


def _print_choice(made: xr.Dataset, zh: bool) -> None:
    output.heading("选择" if zh else "The choice")
    for line in choice_text(made, "zh" if zh else "en"):
        output.paragraph(line)


def _print_cut(cut: BudgetCut, zh: bool) -> None:
    output.heading("预算削减" if zh else "The budget cut")
    for line in cut.text("zh" if zh else "en"):
        output.paragraph(line)
    if cut.table.empty:
        return
    header = (
        ("调整", "工程", "总投资", "原开工", "现开工", "本期腾出")
        if zh
        else ("change", "work", "亿元", "from", "to", "freed")
    )
    rows = [
        (
            CHANGES[row["change"]][0 if zh else 1],
            str(row["name_zh" if zh else "name_en"]),
            rounded(row["investment"], 2),
            _year(row["start_before"]),
            _year(row["start_after"]),
            rounded(row["freed"], 2),
        )
        for row in cut.table.to_dict("records")
    ]
    output.say("")
    output.table(header, rows, (False, False, True, True, True, True))


def _year(value: Any) -> str:
    return str(value) if isinstance(value, int | np.integer) else "—"


def _robust(plan: Plan, budget: Any, asked: dict[str, Any], zh: bool) -> None:
    """Where the scenario is uncertain, say which choices hold."""
    from corridor_model.scenario.works.resolve import resolve

    scenario = asked.get("scenario") or Scenario("as planned")
    if not any(work.uncertain for work in resolve(plan, scenario).works):
        return
    with output.solver_silent():
        made = robust_choice(plan, budget, **{**asked, "scenario": scenario})
    output.heading("推迟、超支之下" if zh else "When works are late or dearer")
    for line in robust_text(made, "zh" if zh else "en"):
        output.paragraph(line)


def _origin(made: xr.Dataset, zh: bool) -> None:
    output.say("")
    if made.attrs["budget_origin"] == "assumed":
        output.paragraph(
            "没有给出预算：以原计划的分年投资代替（假设）。自定预算：--budget 2020=40,2021=50。"
            if zh
            else "No budget was given: the plan's own yearly spending stands for it (assumed). "
            "Your own: --budget 2020=40,2021=50."
        )
    output.paragraph(
        "分年投资按逐月平均分摊（假设）。" if zh else "Money is spread evenly by month (assumed)."
    )
