"""``corridor simulate``: what scenarios do to money, openings and the odds of each target."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor_model.cli import output
from corridor_model.cli.diff import must_be_no_result
from corridor_model.cli.simulate_tables import print_result
from corridor_model.errors import CorridorError
from corridor_model.plan.plan import Plan
from corridor_model.scenario.archive import asked_of, load_result, rerun, save_result
from corridor_model.scenario.asked import listed_scenarios
from corridor_model.scenario.language.model import Settings
from corridor_model.scenario.language.toml import load_scenarios, shipped_scenarios
from corridor_model.scenario.simulate import simulate
from corridor_model.scenario.works.idle import idle_text

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.scenario.language.model import Scenario


DRAWS, SEED = 8192, 0
_HELD = ("draws", "seed", "observations", "as_of", "known_by", "plan", "baselines", "example")
"""Options that say what a saved result holds already."""


def run(options: Namespace) -> int:
    """Simulate, save, and print in the form asked for."""
    saved = bool(options.file) and Path(options.file).suffix.lower() == ".nc"
    plan, listed, made = _again(options) if saved else _asked(options)
    if options.out:
        save_result(made, options.out)
    if options.format != "table":
        output.records(records(made), options.format)
        return 0
    if options.file:
        _read_back(plan, listed, options.lang)
    print_result(plan, made, options.lang)
    return 0


def _asked(options: Namespace) -> tuple[Plan, Sequence[Scenario], xr.Dataset]:
    """Return the plan, the scenarios as the file has them, and what becomes of them."""
    plan = output.plan_of(options)
    if options.file:
        must_be_no_result(options.file)
        listed = load_scenarios(Path(options.file))
    else:
        listed = shipped_scenarios()
    observations = output.figures_of(options, plan)
    made = simulate(
        plan,
        beside_planned(listed),
        observations,
        draws=DRAWS if options.draws is None else options.draws,
        seed=SEED if options.seed is None else options.seed,
        threads=options.threads,
        as_of=options.as_of,
        known_by=options.known_by,
    )
    return plan, listed, made


def _again(options: Namespace) -> tuple[Plan, Sequence[Scenario], xr.Dataset]:
    """Return a saved result, computed again from what it holds."""
    given = [f"--{name.replace('_', '-')}" for name in _HELD if _is_given(getattr(options, name))]
    if given:
        raise CorridorError(
            f"A saved result holds its plan, figures, scenarios, draws and seed. Run it again "
            f"without {', '.join(given)}, or name the scenario file instead.",
            f"保存的结果里已有规划、数据、情景、抽取次数和种子。重算时请去掉{'、'.join(given)}，"
            "或改用情景文件。",
        )
    held = load_result(options.file)
    plan, listed, _ = asked_of(held)
    return plan, listed, rerun(held, threads=options.threads)


def _is_given(value: object) -> bool:
    return value is not None and value is not False


def beside_planned(listed: Sequence[Scenario]) -> list[Scenario]:
    """Return scenarios with the plan as printed first, where they do not hold it."""
    planned = listed_scenarios(None)[0]
    held = any(
        one.name == planned.name or not (one.changes or one.settings != Settings())
        for one in listed
    )
    return list(listed) if held else [planned, *listed]


def _read_back(plan: Plan, scenarios: Sequence[Scenario], lang: str) -> None:
    """Say what a person's own scenarios mean, so that a slip of the pen is seen."""
    zh = lang == "zh"
    output.heading("情景" if zh else "Scenarios")
    for one in scenarios:
        why = one.why_zh if zh else one.why_en
        lines = [line for line in one.text(plan, lang) if line != why]
        lines += idle_text(plan, one, lang)
        nothing = "照规划，不作改动" if zh else "nothing changed"
        said = ("；" if zh else "; ").join(lines) or nothing
        output.paragraph(f"{one.title(lang)}：{said}。" if zh else f"{one.title(lang)}: {said}.")


def records(made: xr.Dataset) -> list[dict[str, Any]]:
    """Return one row an indicator and scenario; rates and probabilities as fractions.

    The median is masked where a saved result was asked for other quantiles.
    """
    rows = []
    last = int(made["year"].values[-1])
    for i, scenario in enumerate(made["scenario"].values):
        at = made.isel(scenario=i)
        median = at["value"].sel(year=last).reindex(quantile=[0.5]).squeeze("quantile").values
        for j, indicator in enumerate(made["indicator"].values):
            rows.append(
                {
                    "indicator": str(indicator),
                    "indicator_zh": str(made["name_zh"].values[j]),
                    "scenario": str(scenario),
                    "scenario_zh": str(at["scenario_zh"].item()),
                    "p_reach": float(at["p_reach"].values[j]),
                    "p_reach_error": float(at["p_reach_error"].values[j]),
                    "p_basis": str(at["p_basis"].values[j]),
                    "median": float(median[j]),
                    "reason": str(at["p_reach_reason"].values[j]),
                }
            )
    return rows
