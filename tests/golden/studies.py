"""Every study on the shipped plan and the worked example, as labelled arrays and attributes."""

from __future__ import annotations

from typing import Any

import numpy as np

import corridor_model as cm


def _plan() -> Any:
    return cm.load_plan()


def _example() -> Any:
    return cm.load_plan(example=True)


def _figures() -> Any:
    return cm.example_observations()


def _simulated() -> Any:
    return cm.simulate(
        _example(), cm.shipped_scenarios()[:6], _figures(), as_of="2021Q3", draws=2048, seed=5
    )


def _choice(**more: Any) -> Any:
    return cm.choose_projects(_plan(), budget={2020: 20, 2021: 20, 2022: 20}, **more)


HISTORY = {2013: 41.2, 2014: 44.0, 2015: 48.9, 2016: 50.3, 2017: 56.1, 2018: 60.0, 2019: 63.7}


def _predictive(kind: str) -> Any:
    scale = 1 if kind != "additions" else 0.2
    values = [value * scale for value in HISTORY.values()]
    if kind in {"count", "additions"}:
        values = [float(round(value)) for value in values]
    entry = cm.forecast(values, list(HISTORY), 3, kind)
    levels = np.linspace(0.01, 0.99, 25)
    return {
        "quantile": np.asarray(entry.quantile(levels)),
        "odds": np.asarray(entry.prob_at_least(values[-1] * 1.2)),
        "sample": np.asarray(entry.sample(64, np.random.default_rng(3))),
    }


STUDIES = {
    "required_growth": lambda: cm.required_growth(_plan()),
    "required_growth_example": lambda: cm.required_growth(_example(), _figures(), as_of=2021),
    "growth_paths": lambda: cm.growth_paths(_plan()),
    "growth_paths_example": lambda: cm.growth_paths(_example(), rates=(0.1, 0.065)),
    "assess": lambda: cm.assess(_plan(), as_of=2021),
    "assess_example": lambda: cm.assess(_example(), _figures(), as_of=2021),
    "assess_quarter": lambda: cm.assess(_example(), _figures(), as_of="2021Q3"),
    "assess_rules": lambda: cm.assess(_example(), _figures(), as_of=2021, rule="all"),
    "assess_methods": lambda: cm.assess(_example(), _figures(), as_of=2021, method="ets"),
    "simulate": _simulated,
    "simulate_plan": lambda: cm.simulate(_plan(), cm.shipped_scenarios(), draws=1024),
    "spending": lambda: cm.spending(_plan(), cm.shipped_scenarios()),
    "openings": lambda: cm.openings(_plan(), cm.shipped_scenarios()[-1]),
    "long_table": lambda: cm.long_table(_simulated()),
    "to_iamc": lambda: cm.to_iamc(_simulated(), region="Longwan"),
    "tornado": lambda: cm.tornado(_plan(), "km_open:2022"),
    "tornado_money": lambda: cm.tornado(_plan(), "inside_plan"),
    "sobol": lambda: cm.sobol(_plan(), ["inside_plan", "km_open:2022"], n=512),
    "sobol_example": lambda: cm.sobol(_example(), "p_reach:gdp", n=128, observations=_figures()),
    "switching_values": lambda: cm.switching_values(_plan(), "value:gdp"),
    "two_way": lambda: cm.sensitivity.two_way(
        _plan(), "value:gdp", ("growth:gdp", 0, 0.2), ("target:gdp", 500, 640)
    ),
    "attribute": lambda: cm.attribute(_plan(), cm.shipped_scenarios()[-1]),
    "choose_projects": _choice,
    "choose_scenario": lambda: _choice(scenario=cm.shipped_scenarios()[-1]),
    "budget_cut": lambda: cm.budget_cut(_plan(), share=0.3).table,
    "robust_choice": lambda: cm.portfolio.robust_choice(
        _plan(), {2020: 20, 2021: 20, 2022: 20}, scenario=cm.shipped_scenarios()[3]
    ),
    "forecast_level": lambda: _predictive("level"),
    "forecast_share": lambda: _predictive("share"),
    "forecast_ratio": lambda: _predictive("ratio"),
    "forecast_count": lambda: _predictive("count"),
    "forecast_additions": lambda: _predictive("additions"),
}
