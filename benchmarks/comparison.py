"""The same small task in other tools and here: answers, times, and what each tool leaves open.

    python -m benchmarks.comparison

Each task is what a user of that tool would write. A tool that is missing is named and left out:
``pip install linopy highspy ema-workbench SALib statsforecast`` into an environment of its own;
the spreadsheet is LibreOffice Calc (``soffice``). Times are medians of rounds in turn.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import corridor_model as cm

ROUNDS = 5


def seconds(*runs: Callable[[], Any], rounds: int = ROUNDS) -> list[float]:
    """Median seconds of each run, all in turn."""
    taken: list[list[float]] = [[] for _ in runs]
    for run in runs:
        run()
    for _ in range(rounds):
        for times, run in zip(taken, runs, strict=True):
            begun = time.perf_counter()
            run()
            times.append(time.perf_counter() - begun)
    return [float(np.median(times)) for times in taken]


def spreadsheet() -> str:
    """GDP from 451.84 to 580 in four years, by RRI of a spreadsheet and by `required_growth`."""
    ours = float(cm.required_growth(cm.load_plan()).loc["gdp", "required_rate"])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "task.csv").write_text("=RRI(4;451.84;580)*1000000\n", encoding="utf-8")
        subprocess.run(
            [
                "soffice",
                f"-env:UserInstallation=file://{folder}/profile",
                "--headless",
                "--infilter=CSV:44,34,76,1,,0,false,true,false,false,false,-1",
                "--convert-to",
                "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false",
                "--outdir",
                f"{folder}/out",
                f"{folder}/task.csv",
            ],
            check=True,
            capture_output=True,
        )
        text = (folder / "out/task.csv").read_text(encoding="utf-8").strip()
    return f"RRI {text} millionths a year, required_growth {ours * 1e6:.6f}"


def linopy_choice() -> str:
    """Works of known money on their printed dates under yearly budgets: the most money at work."""
    import linopy
    import xarray as xr

    plan, budgets = cm.load_plan(), {2020: 12.0, 2021: 12.0, 2022: 12.0}
    known = [name for name, work in plan.projects.items() if work.investment is not None]
    money = cm.spending(plan)["spending"].isel(scenario=0, drop=True)
    costs = money.sel(project=known, spending_year=list(budgets)).drop_vars(
        ["project_zh", "project_en", "scenario_zh"], errors="ignore"
    )
    worth = {name: plan.projects[name].investment for name in known}
    gain = xr.DataArray(list(worth.values()), {"project": known})

    def theirs() -> float:
        model = linopy.Model()
        chosen = model.add_variables(binary=True, coords=[costs.indexes["project"]], name="chosen")
        for year, budget in budgets.items():
            model.add_constraints((chosen * costs.sel(spending_year=year)).sum() <= budget)
        model.add_objective((chosen * gain).sum(), sense="max")
        model.solve("highs", output_flag=False)
        return float(model.objective.value)

    def ours() -> float:
        return float(
            cm.choose_projects(
                plan,
                budgets,
                works=known,
                benefit=worth,
                starts="printed",
                running="free",
                runners_up=0,
                frontier=(),
                one_more=0,
            )["objective"].item()
        )

    took, own = seconds(theirs, ours, rounds=3)
    return (
        f"linopy {theirs():.4f} in {took * 1e3:.0f} ms; choose_projects {ours():.4f} "
        f"in {own * 1e3:.0f} ms"
    )


def statsforecast_chance() -> str:
    """GDP of three years, target 580 in 2022: the chance of reaching it."""
    from scipy.stats import norm
    from statsforecast.models import AutoETS

    history = [451.84, 467.7, 500.3]
    years = [2018, 2019, 2020]

    def theirs() -> float:
        fit = AutoETS(season_length=1).forecast(np.array(history), h=2, level=[80])
        spread = (fit["hi-80"][1] - fit["mean"][1]) / norm.ppf(0.9)
        return float(norm.sf(580, fit["mean"][1], spread))

    def ours() -> float:
        return float(cm.forecast(history, years, 2, kind="level").prob_at_least(580.0)[-1])

    try:
        other = f"{theirs():.3f}"
    except Exception as error:  # what it says is the finding
        other = f"no answer ({type(error).__name__}: {str(error)[:60]})"
    return f"AutoETS {other}; forecast {ours():.3f}"


def salib_indices() -> str:
    """Ishigami's function, first order of x1, exactly .3139; 4,096 base points each."""
    from SALib.analyze import sobol as analyse
    from SALib.sample import sobol as sample

    problem = {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[-np.pi, np.pi]] * 3}

    def model(x: np.ndarray) -> np.ndarray:
        return np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])

    def theirs() -> float:
        points = sample.sample(problem, 4096, seed=0)
        return float(analyse.analyze(problem, model(points.T), seed=0)["S1"][0])

    inputs = {name: cm.Uniform(-np.pi, np.pi) for name in problem["names"]}

    def ours() -> float:
        result = cm.sensitivity.sobol_indices(model, inputs, n=4096)
        return float(result["S1"].values.ravel()[0])

    took, own = seconds(theirs, ours, rounds=3)
    return (
        f"SALib {theirs():.4f} in {took * 1e3:.0f} ms; sobol_indices {ours():.4f} "
        f"in {own * 1e3:.0f} ms"
    )


def workbench_draws() -> str:
    """Sixty indicators, twenty works, four years: seconds for a thousand draws of a scenario."""
    from benchmarks.scenario import made_up_plan, made_up_scenarios
    from benchmarks.scenario_others import workbench

    theirs = workbench(300)
    plan, cases = made_up_plan(), made_up_scenarios()
    (own,) = seconds(lambda: cm.simulate(plan, cases, draws=1000), rounds=3)
    assert theirs is not None
    return (
        f"EMA Workbench {theirs * 1e6:.0f} ms a scenario; simulate {own * 1e3 / len(cases):.1f} ms"
    )


TASKS: tuple[tuple[str, str, Callable[[], str]], ...] = (
    ("soffice", "a spreadsheet's RRI", spreadsheet),
    ("statsforecast", "statsforecast", statsforecast_chance),
    ("ema_workbench", "EMA Workbench", workbench_draws),
    ("SALib", "SALib", salib_indices),
    ("linopy", "linopy", linopy_choice),
)


def main() -> int:
    """Print one line a tool; a tool that is not here is named."""
    warnings.simplefilter("ignore")
    for module, title, task in TASKS:
        there = shutil.which(module) if module == "soffice" else importlib.util.find_spec(module)
        print(f"{title}: {task() if there else 'not installed'}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
