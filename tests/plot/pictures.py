"""Every picture by name: what baselines, the gallery and the tests of layout draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import corridor_model as cm

PICTURES: dict[str, tuple[tuple[float, float], Callable[[dict[str, Any], Any, str], Any]]] = {
    "paths": ((4.6, 3.0), lambda r, ax, lang: cm.plot.paths(r["plan"], "gdp", ax, lang=lang)),
    "paths_rank": (
        (4.6, 3.0),
        lambda r, ax, lang: cm.plot.paths(r["plan"], "hitech_zone_rank_percentile", ax, lang=lang),
    ),
    "paths_start": (
        (4.6, 3.0),
        lambda r, ax, lang: cm.plot.paths(r["plan"], "tax_per_mu", ax, lang=lang),
    ),
    "fan": (
        (4.6, 3.0),
        lambda r, ax, lang: cm.plot.fan(r["forecast"], ax=ax, target=150, lang=lang),
    ),
    "fan_assess": ((4.6, 3.0), lambda r, ax, lang: cm.plot.fan(r["assess"], "gdp", ax, lang=lang)),
    "progress": (
        (7.0, 3.6),
        lambda r, ax, lang: cm.plot.progress(r["assess"], ax, indicators=GOALS, lang=lang),
    ),
    "gantt": ((7.6, 4.4), lambda r, ax, lang: cm.plot.gantt(r["plan"], ax, top=14, lang=lang)),
    "spending": ((5.6, 3.2), lambda r, ax, lang: cm.plot.spending(r["simulate"], ax, lang=lang)),
    "tornado": (
        (8.0, 3.8),
        lambda r, ax, lang: cm.plot.tornado(r["tornado"], ax, top=6, lang=lang),
    ),
    "sobol": ((6.4, 3.4), lambda r, ax, lang: cm.plot.sobol(r["sobol"], ax=ax, lang=lang)),
    "attribution": (
        (7.0, 2.6),
        lambda r, ax, lang: cm.plot.attribution(r["attribution"], ax=ax, lang=lang),
    ),
    "two_way": ((5.8, 4.2), lambda r, ax, lang: cm.plot.two_way(r["two_way"], ax, lang=lang)),
    "frontier": ((4.6, 3.0), lambda r, ax, lang: cm.plot.frontier(r["choice"], ax, lang=lang)),
    "reliability": (
        (3.6, 3.8),
        lambda r, ax, lang: cm.plot.reliability(r["backtest"], ax, lang=lang),
    ),
    "league": ((6.4, 3.6), lambda r, ax, lang: cm.plot.league(r["league"], ax, top=14, lang=lang)),
}
"""Name, size in inches, and what draws it on axes."""

GOALS = [
    "gdp", "rd_to_gdp", "hightech_va_share", "new_hightech_enterprises", "hitech_zone_rank",
    "hightech_investment_growth", "tax_per_mu", "outbound_fdi",
]  # fmt: skip

YEARS = range(2010, 2020)
PANEL = {
    "a": (YEARS, [100.0, 104, 111, 115, 123, 130, 134, 145, 150, 162], "level"),
    "b": (YEARS, [50.0, 53, 52, 57, 60, 61, 66, 64, 70, 73], "level"),
    "c": (YEARS, [10.0, 11, 13, 13, 15, 16, 16, 19, 20, 22], "level"),
}


def results_of(plan: cm.Plan) -> dict[str, Any]:
    """One result of every kind that has a picture; small, as what counts is how it looks."""
    taught, figures = cm.load_plan(example=True), cm.example_observations()
    slow = next(s for s in cm.shipped_scenarios() if s.name == "slow")
    verdicts = cm.assess(taught, figures)
    grid = (("delay:jinliwen_expressway", -6, 36), ("overrun:jinliwen_expressway", 0.8, 1.8))
    return {
        "plan": plan,
        "taught": taught,
        "assess": verdicts,
        "league": cm.assessment.league(taught, verdicts),
        "simulate": cm.simulate(
            taught, [*cm.shipped_scenarios()[:2], slow], observations=figures, draws=256, threads=1
        ),
        "forecast": cm.forecast([100.0, 108, 115, 126], [2016, 2017, 2018, 2019], 3, "level"),
        "tornado": cm.tornado(plan, "inside_plan"),
        "sobol": cm.sobol(plan, ["inside_plan"], n=64, second_order=False),
        "attribution": cm.attribute(plan, slow, ["inside_plan"]),
        "two_way": cm.sensitivity.two_way(plan, "inside_plan", *grid, points=(5, 5), threshold=150),
        "choice": cm.choose_projects(
            plan, {2020: 4, 2021: 4, 2022: 4}, frontier=(0.5, 1.0, 1.5, 2.0), runners_up=0
        ),
        "backtest": cm.backtest(PANEL),
    }


def slow_but(quick: Callable[[str, str], bool]) -> list[Any]:
    """Return every picture in both languages, those that are not quick marked slow."""
    return [
        pytest.param(
            name, lang, marks=[] if quick(name, lang) else [pytest.mark.slow], id=f"{name}.{lang}"
        )
        for name in PICTURES
        for lang in ("zh", "en")
    ]
