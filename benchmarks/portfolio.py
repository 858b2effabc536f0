"""Whether the choice is proven, and how near within a minute: real works, and 200 made up.

Run with ``python -m benchmarks.portfolio``; the exit code is 1 if a limit is missed. Made-up
plan: 200 works of one to four years that may start in any of eight, under eight yearly
budgets that pay for about half of them; some require or exclude each other.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time

import numpy as np

import corridor_model as cm
from corridor_model.plan.plan import Plan
from corridor_model.tabular.schema import TABLES
from corridor_model.tabular.table import empty, from_rows

WORKS, YEARS, FIRST = 200, 8, 2020
GAP, SECONDS = 0.005, 60.0
ALONE = {"runners_up": 0, "frontier": (), "one_more": 0}


def made_up_plan(seed: int) -> tuple[Plan, dict[str, float], dict[int, float]]:
    """A plan of that size, what its works are worth, and yearly budgets."""
    rng = np.random.default_rng(seed)
    money = np.round(np.exp(rng.normal(1.5, 1.0, WORKS)), 2)
    length = rng.integers(1, 5, WORKS)
    names = [f"w{i:03d}" for i in range(WORKS)]
    projects = [
        {
            "id": names[i],
            "name_zh": names[i],
            "table": 2,
            "row": i + 1,
            "category": "road",
            "opens": True,
            "start": str(FIRST),
            "end": str(FIRST + int(length[i]) - 1),
            "investment": float(money[i]),
        }
        for i in range(WORKS)
    ]
    about = [{"id": "x", "name_zh": "x", "first_year": FIRST, "last_year": FIRST + YEARS - 1}]
    given = {"about": about, "projects": projects}
    plan = Plan({n: from_rows(n, given[n]) if n in given else empty(n) for n in TABLES})
    worth = np.round(money * rng.uniform(0.5, 1.5, WORKS) + rng.uniform(0, 3, WORKS), 2)
    budget = {FIRST + y: float(round(money.sum() / YEARS / 2, 2)) for y in range(YEARS)}
    return plan, dict(zip(names, worth.tolist(), strict=True)), budget


def large(seed: int, seconds: float) -> tuple[float, float, float]:
    """Return gap, seconds and objective for the made-up works."""
    plan, worth, budget = made_up_plan(seed)
    names = list(plan.projects)
    begun = time.perf_counter()
    made = cm.choose_projects(
        plan,
        budget,
        benefit=worth,
        horizon=FIRST + YEARS - 1,
        discount=0.05,
        requires=[(names[i], names[i + 1]) for i in range(0, 40, 4)],
        excludes=[(names[i], names[i + 1]) for i in range(80, 120, 4)],
        time_limit=seconds,
        mip_rel_gap=GAP / 5,
        **ALONE,
    )
    return made["gap"].item(), time.perf_counter() - begun, made["objective"].item()


def real() -> tuple[float, float]:
    """Return gap and median seconds for the works of the shipped plan."""
    plan, took, gap = cm.load_plan(), [], 0.0
    for _ in range(5):
        begun = time.perf_counter()
        made = cm.choose_projects(plan, {2020: 20, 2021: 20, 2022: 20}, **ALONE)
        took.append(time.perf_counter() - begun)
        gap = max(gap, made["gap"].item())
    return gap, statistics.median(took)


def main() -> int:
    """Print what is reached and return 1 if a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--seeds", type=int, default=1)
    options = parser.parse_args()
    missed = False
    gap, took = real()
    print(f"real works: gap {gap:.1e} (must be 0), {took:.2f} s")
    missed |= gap > 0
    for seed in range(options.seeds):
        gap, took, objective = large(seed, options.seconds)
        print(
            f"{WORKS} works x {YEARS} years, seed {seed}: gap {gap:.2%} (limit {GAP:.1%}), "
            f"{took:.1f} s (limit {options.seconds:g}), objective {objective:.2f}"
        )
        missed |= gap > GAP or took > 1.05 * options.seconds
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
