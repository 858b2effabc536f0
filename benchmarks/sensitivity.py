"""Sobol indices beside SALib and beside a simulation; ratios of medians in one run.

Both sides get the same inputs, the same number of evaluations, pairs and intervals. On the
project model SALib evaluates all points in one vectorised call of the same model; ours
updates what a swapped input touches.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

import corridor_model as cm
from benchmarks.scenario import seconds
from corridor_model.sensitivity.evaluator import Reader
from corridor_model.sensitivity.outcomes import outcomes
from corridor_model.sensitivity.parameters import parameter
from corridor_model.sensitivity.plan_model import PlanModel

INPUTS, POINTS, OUTPUTS = 40, 1024, 8
ASKED = (
    "before_plan", "inside_plan", "beyond_horizon", "total", "programme:2020", "programme:2021",
    "programme:2022", "km_open:2021", "km_open:2022", "roads_open:2023", "tasks_done:2022",
    "p_reach:gdp",
)  # fmt: skip


def mixed(x: np.ndarray) -> np.ndarray:
    """A vector function with interactions of every pair."""
    mix = np.random.default_rng(0).normal(size=(OUTPUTS, INPUTS))
    return mix @ x + 0.1 * (mix @ x**2) ** 2


def with_salib(
    func: Callable[[np.ndarray], np.ndarray], spreads: dict[str, Any], n: int
) -> list[Any]:
    """What a user of SALib writes: sample, evaluate at once, analyse each output."""
    from SALib.analyze import sobol as analyse
    from SALib.sample import sobol as sample

    names = list(spreads)
    problem = {"num_vars": len(names), "names": names, "bounds": [[0, 1]] * len(names)}
    points = sample.sample(problem, n, calc_second_order=True, seed=1).T
    x = np.array([spreads[name].ppf(row) for name, row in zip(names, points, strict=True)])
    return [
        analyse.analyze(problem, y, calc_second_order=True, num_resamples=100, seed=1)
        for y in func(x)
    ]


def project_inputs(plan: cm.Plan) -> dict[str, Any]:
    """24 delays and 16 costs."""
    known = [w for w in plan.projects.values() if w.investment is not None]
    late = {f"delay:{w}": cm.PERT(0, 6, 24) for w in plan.projects}
    dear = {f"overrun:{w.id}": cm.Lognormal(1.204, 0.299) for w in known[:16]}
    return {**late, **dear}


def peak_of(n: int) -> float:
    """Peak memory in MiB of a fresh process, imports included."""
    code = (
        "from benchmarks.sensitivity import INPUTS, mixed\n"
        "import corridor_model as cm\n"
        "inputs = {f'x{i}': (0, 1) for i in range(INPUTS)}\n"
        f"cm.sensitivity.sobol_indices(mixed, inputs, n={n})\n"
        # of this process alone: what getrusage says begins with the parent's size
        "held = open('/proc/self/status').read().split('VmHWM:')[1]\n"
        "print(int(held.split()[0]) / 1024)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    unit = {f"x{i:02d}": cm.Uniform(0, 1) for i in range(INPUTS)}
    (ours,) = seconds(rounds, lambda: cm.sensitivity.sobol_indices(mixed, unit, n=POINTS))
    (theirs,) = seconds(1, lambda: with_salib(mixed, unit, POINTS))

    plan = cm.load_plan()
    inputs = project_inputs(plan)
    model = PlanModel(
        Reader(plan), outcomes(plan, ASKED), [parameter(plan, name) for name in inputs]
    )

    def whole(x: np.ndarray) -> np.ndarray:
        made = model.sample(x)
        return np.array([model.answer(i, made) for i in range(len(ASKED))])

    (project,) = seconds(rounds, lambda: cm.sobol(plan, ASKED, inputs, n=POINTS))
    (project_theirs,) = seconds(1, lambda: with_salib(whole, inputs, POINTS))

    example, figures = cm.load_plan(example=True), cm.example_observations()
    made = cm.sobol(example, observations=figures)
    evaluations = int(made.attrs["evaluations"])
    sobol, simulate = seconds(
        rounds,
        lambda: cm.sobol(example, observations=figures),
        lambda: cm.simulate(example, observations=figures, draws=evaluations),
    )
    peak = peak_of(8192)
    wrong = 0
    for name, ratio, limit, most in (
        ("SALib / sobol_indices, vector function", theirs / ours, 25.0, False),
        ("SALib / sobol, project model", project_theirs / project, 80.0, False),
        ("sobol, worked example / simulate", sobol / simulate, 5.0, True),
        ("peak MiB of a process at n = 8192", peak, 300.0, True),
    ):
        good = ratio <= limit if most else ratio >= limit
        wrong += not good
        print(f"{name:42s} {ratio:9.2f}  ({'<=' if most else '>='} {limit:g})"
              f"{'' if good else ' MISSED'}")  # fmt: skip
    print(
        f"vector function {ours:.3f} s, SALib {theirs:.1f} s; project {project:.3f} s, SALib "
        f"{project_theirs:.1f} s; example {sobol:.2f} s for {evaluations} evaluations and "
        f"{made.sizes['output']} outputs, simulate {simulate:.2f} s"
    )
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
