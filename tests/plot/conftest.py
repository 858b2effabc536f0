"""Results that pictures are drawn of, made once, and figures that are closed again."""

from __future__ import annotations

import matplotlib as mpl
import pytest

mpl.use("Agg")

import matplotlib.pyplot as plt

import corridor_model as cm
from corridor_model.plot import style

YEARS = range(2010, 2020)
PANEL = {
    "a": (YEARS, [100.0, 104, 111, 115, 123, 130, 134, 145, 150, 162], "level"),
    "b": (YEARS, [50.0, 53, 52, 57, 60, 61, 66, 64, 70, 73], "level"),
    "c": (YEARS, [10.0, 11, 13, 13, 15, 16, 16, 19, 20, 22], "level"),
}


@pytest.fixture(autouse=True)
def figures_closed():
    yield
    plt.close("all")


@pytest.fixture
def only_shipped_fonts(monkeypatch):
    """Pictures look alike on every machine."""
    monkeypatch.setattr(style, "PREFERRED_FAMILIES", ())


@pytest.fixture(scope="session")
def results(plan):
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
