# pyright: strict
"""What somebody asks first in a notebook: ten questions, three lines each, on two plans."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import corridor_model as cm

INDICATORS = pd.DataFrame(
    {
        "id": ["gdp", "firms", "rd_share"],
        "kind": ["level", "cumulative", "share"],
        "unit": ["亿元", "家", "%"],
    }
)
TARGETS = pd.DataFrame(
    {
        "indicator": ["gdp", "firms", "rd_share"],
        "value": [580.0, 40.0, 3.3],
        "sense": "at_least",
        "year": 2022,
    }
)
PROJECTS = pd.DataFrame(
    {
        "id": ["bridge", "park"],
        "table": 1,
        "row": [1, 2],
        "name_en": ["Bridge", "Park"],
        "category": ["road", "environment"],
        "start": "2020",
        "end": "2022",
        "investment": [6.0, 3.0],
    }
)


def own_plan() -> cm.Plan:
    """Return a plan made in Python."""
    about = {"id": "mine", "first_year": 2020, "last_year": 2022}
    tables = {"about": about, "indicators": INDICATORS, "targets": TARGETS, "projects": PROJECTS}
    return cm.Plan.from_tables(tables).with_baselines({"gdp": 451.84, "rd_share": 2.6}, year=2019)


PLANS = {"shipped": cm.load_plan(), "own": own_plan()}
FIGURES = {"gdp": {2019: 451.84, 2020: 467.7, 2021: 504.2}}


@pytest.fixture(params=PLANS)
def plan(request: pytest.FixtureRequest) -> cm.Plan:
    """Return each of the two plans."""
    return PLANS[request.param]


@pytest.fixture
def figures(plan: cm.Plan) -> cm.Observations:
    """Return figures of one's own."""
    return cm.load_observations({"gdp": {2020: 467.7, 2021: 504.2}}, plan)


def test_1_what_is_promised(plan: cm.Plan) -> None:
    gdp = plan.indicators["gdp"]
    assert (gdp.target.value, gdp.target.sense) == (580.0, "at_least")
    assert "gdp" in set(plan.table("targets")["indicator"])


def test_2_how_fast_must_it_grow(plan: cm.Plan) -> None:
    required = cm.required_growth(plan)
    rate = required.loc["gdp", "required_rate"]
    assert rate == pytest.approx(cm.growth.cagr(451.84, 580.0, 4 if len(plan.tasks) else 3))


@pytest.mark.uncounted
def test_3_which_path_gets_there(plan: cm.Plan) -> None:
    paths = cm.growth_paths(plan, rates=(0.05, 0.15))
    reached = paths["reached"].to_series()
    assert (bool(reached["gdp", 0.05]), bool(reached["gdp", 0.15])) == (False, True)


def test_4_put_in_figures(plan: cm.Plan) -> None:
    wide = pd.DataFrame(FIGURES).loc[2020:]
    figures = cm.load_observations(wide, plan)
    assert list(figures.frame()["value"]) == [467.7, 504.2]


def test_5_are_we_on_track(plan: cm.Plan, figures: cm.Observations) -> None:
    verdicts = cm.assess(plan, figures)
    status = verdicts["status"].to_series()
    assert str(status["gdp"]) in {"ahead", "on_schedule", "behind"}


def test_6_how_likely_is_it(plan: cm.Plan, figures: cm.Observations) -> None:
    verdicts = cm.assess(plan, figures, as_of=2021)
    chance = float(verdicts["p_reach"].to_series()["gdp"])
    assert 0 < chance < 1


def test_7_where_does_a_series_go() -> None:
    history = pd.Series(FIGURES["gdp"])
    predictive = cm.forecast(history, horizon=2, kind="level")
    assert predictive.quantile(0.5).shape == (2,)


def test_8_what_if_it_grows_more_slowly(plan: cm.Plan) -> None:
    slow = cm.Scenario("slow", cm.SetGrowth("gdp", mean=0.02, sd=0.01))
    result = cm.simulate(plan, [cm.Scenario("as planned"), slow], draws=64)
    assert float(result["p_reach"].to_series()["slow", "gdp"]) < 0.01


def test_9_what_matters_most(plan: cm.Plan) -> None:
    swings = cm.tornado(plan, "p_reach:gdp")
    widest = swings["input"].to_numpy()[0]
    assert widest in cm.describe(swings, "en") or swings.sizes["input"] > 1


@pytest.mark.uncounted
def test_10_what_should_be_funded(plan: cm.Plan) -> None:
    budget = {2020: 3.0, 2021: 3.0, 2022: 3.0}
    choice = cm.choose_projects(plan, budget)
    assert len(cm.describe(choice, "en")) > 0


OWN = Path(__file__).resolve().parents[2] / ".venv-pyright" / "bin" / "basedpyright"
"""What `make pyright` installs and asks; also where somebody has another one, that is asked."""
PYRIGHT = str(OWN) if OWN.exists() else shutil.which("pyright")

if PYRIGHT:

    @pytest.mark.slow
    def test_pyright_is_strict_on_this_page() -> None:
        page = Path(__file__).read_text(encoding="utf-8")
        assert "# type: ignore" not in page.replace('"# type: ignore"', "")
        run = subprocess.run(
            [str(PYRIGHT), "--pythonpath", sys.executable, __file__],
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stdout
