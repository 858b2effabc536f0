"""What a simulation costs beside drawing its numbers once: ratios of medians within one run.

Run with ``python -m benchmarks.scenario``; the exit code is 1 if a ratio is above its limit.
Made-up plan: 60 level indicators with ten years of history, 20 works of which each touches
six, 20 scenarios, 100,000 draws, four years: 480 million path-years. Beside it the same by
hand in NumPy (one scenario in full, times twenty) and, where it is installed, with the EMA
Workbench (``pip install '.[compare]'``).
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations, islice
from typing import Any

import numpy as np

import corridor_model as cm
from benchmarks.scenario_others import (
    INDICATORS,
    QUANTILES,
    SCENARIOS,
    WORKS,
    YEARS,
    plain_numpy,
    plain_rows,
    workbench,
)
from corridor_model.plan.plan import Plan
from corridor_model.scenario.correlation import CorrelationModel
from corridor_model.scenario.joint_counts import JointQuestion, ScenarioLimits, count
from corridor_model.tabular.schema import TABLES
from corridor_model.tabular.table import empty, from_rows

PATHS = 1000
"""Draws the workbench is given: its time is theirs, many or few."""


def made_up_plan(alternatives: int = 0) -> Plan:
    """A plan of that size; the figures mean nothing. The first few targets may be one promise."""
    rng = np.random.default_rng(7)
    names = [f"i{i:02d}" for i in range(INDICATORS)]
    works = [f"w{i:02d}" for i in range(WORKS)]
    levels = 100 * np.exp(np.cumsum(rng.normal(0.06, 0.05, (INDICATORS, 10)), axis=1))
    rows: dict[str, list[dict[str, Any]]] = {
        "about": [{"id": "x", "name_zh": "x", "first_year": 2020, "last_year": 2019 + YEARS}],
        "indicators": [
            {"id": n, "name_zh": n, "kind": "level", "unit": "亿元", "nature": "flow"}
            for n in names
        ],
        "targets": [
            {
                "indicator": n,
                "value": float(levels[i, -1] * 1.08**YEARS),
                "sense": "at_least",
                "year": 2019 + YEARS,
                "any_of": "either" if i < alternatives else None,
            }
            for i, n in enumerate(names)
        ],
        "observations": [
            {
                "indicator": n,
                "period": str(2010 + t),
                "measure": "level",
                "basis": "year",
                "value": float(levels[i, t]),
                "unit": "亿元",
            }
            for i, n in enumerate(names)
            for t in range(10)
        ],
        "projects": [
            {
                "id": w,
                "table": 2,
                "row": i + 1,
                "name_zh": w,
                "category": "road",
                "opens": True,
                "start": "2020",
                "end": str(2021 + i % 3),
                "investment": float(5 + i),
            }
            for i, w in enumerate(works)
        ],
        "effects": [
            {
                "target": w,
                "indicator": names[(6 * i + k) % INDICATORS],
                "per_unit": 0.3,
                "lag": 0.0,
                "decay": 0.0,
                "origin": "assumed",
            }
            for i, w in enumerate(works)
            for k in range(6)
        ],
    }
    return Plan(
        {name: from_rows(name, rows[name]) if name in rows else empty(name) for name in TABLES}
    )


def made_up_scenarios() -> list[cm.Scenario]:
    """Twenty scenarios; in every one all works are late by an uncertain number of months."""
    return [
        cm.Scenario(
            f"s{i:02d}",
            cm.Delay(all=True, months=cm.PERT(0, 2 + i, 12 + 2 * i)),
            cm.Overrun(all=True, factor=1.0 + i / 50),
        )
        for i in range(SCENARIOS)
    ]


def normals_alone(draws: int) -> None:
    """Draw as many PCG64 float64 normals as there are path-years, and nothing else."""
    rng = np.random.Generator(np.random.PCG64(0))
    block = np.empty(2048)
    for _ in range(SCENARIOS * INDICATORS * YEARS * draws // len(block)):
        rng.standard_normal(out=block)


def normals_by(threads: int) -> None:
    """Draw normals in threads that share nothing: what a second thread is worth here."""

    def draw(seed: int) -> None:
        rng = np.random.Generator(np.random.SFC64(seed))
        block = np.empty(8192, dtype=np.float32)
        for _ in range(2000):
            rng.standard_normal(out=block, dtype=np.float32)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(draw, range(8)))


def error_of_odds(plan: Plan, scenarios: list[cm.Scenario], seeds: int = 8) -> float:
    """Return the largest spread of p_reach over seeds, as a share of 10^7 plain draws' error.

    Beside the scenarios, one whose works decide a target almost alone. What is shown at the
    edge of what may be shown (S14) has no spread and counts for nothing.
    """
    strong = [
        cm.SetEffect(f"w{w:02d}", indicator=f"i0{k}", per_unit=0.2 * (1 + (w + k) % 3))
        for w in range(WORKS)
        for k in range(2)
    ]
    asked = [*scenarios, scenarios[-1] + cm.Scenario("strong", *strong)]
    odds = np.array(
        [cm.simulate(plan, asked, draws=8, seed=seed)["p_reach"].values for seed in range(seeds)]
    )
    p = odds.mean(axis=0)
    inside = (p > 0.001) & (p < 0.999)
    if not inside.mean() > 0.9 or not inside[-1, :2].all():
        raise ValueError("too many of these odds are all but certain")
    spread = np.asarray(odds.std(axis=0, ddof=1))
    return float((spread / np.sqrt(p * (1 - p) / 1e7))[inside].max())


def seconds(rounds: int, *runs: Callable[[], Any]) -> list[float]:
    """Median times of runs that take turns, so that a busy minute is shared by all."""
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds):
        for run, taken in zip(runs, times, strict=True):
            begin = time.perf_counter()
            run()
            taken.append(time.perf_counter() - begin)
    return [statistics.median(taken) for taken in times]


def joint_question(draws: int) -> JointQuestion:
    """The joint engine alone: 60 indicators, 20 scenarios, one factor."""
    names = tuple(f"i{i:02d}" for i in range(INDICATORS))
    tied = CorrelationModel(("corridor",), np.full((INDICATORS, 1), 0.3))
    limits = np.linspace(-1, 1, INDICATORS).astype(np.float32)
    never = np.full(INDICATORS, np.inf, dtype=np.float32)
    asked = tuple(ScenarioLimits(limits + np.float32(s / 20), never) for s in range(SCENARIOS))
    return JointQuestion(names, tied, asked, (), (), draws, 0, tuple(range(INDICATORS)))


def scattered_scenarios(number: int) -> list[cm.Scenario]:
    """As many scenarios, of which each delays three works of its own by an uncertain time."""
    works = combinations(range(WORKS), 3)
    return [
        cm.Scenario(f"s{i}", *(cm.Delay(f"w{w:02d}", months=cm.PERT(0, 6, 24)) for w in chosen))
        for i, chosen in enumerate(islice(works, number))
    ]


def peak_of(call: str) -> float:
    """Peak memory in MiB of a fresh process that makes a call with what is defined here.

    ``ru_maxrss`` of a child begins at what its parent had; ``VmHWM`` does not.
    """
    code = (
        f"import pathlib, resource\nfrom benchmarks.scenario import *\n{call}\n"
        "file = pathlib.Path('/proc/self/status')\n"
        "lines = file.read_text().splitlines() if file.exists() else []\n"
        "high = [line.split()[1] for line in lines if line.startswith('VmHWM')]\n"
        "most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "print(float(high[0] if high else most) / 1024)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def lines(draws: int, rounds: int) -> list[tuple[str, float | None, float, bool]]:
    """Measure: what, its ratio (None: not measured), its limit, and whether at most that."""
    plan, scenarios = made_up_plan(), made_up_scenarios()

    def ours() -> Any:
        return cm.simulate(plan, scenarios, draws=draws, quantiles=QUANTILES, threads=2)

    ours()
    simulated, alone, plain, rows = seconds(
        rounds,
        ours,
        lambda: normals_alone(draws),
        lambda: plain_numpy(SCENARIOS // 2, draws),
        lambda: plain_rows(SCENARIOS // 2, draws),
    )
    other = workbench(PATHS)
    worst = error_of_odds(plan, scenarios)
    either = error_of_odds(made_up_plan(alternatives=2), scenarios[:2])
    big, small = joint_question(2**20), joint_question(2**17)
    count(small, 2)
    one, two, alone_one, alone_two = seconds(
        rounds + 12,
        lambda: count(big, 1),
        lambda: count(big, 2),
        lambda: normals_by(1),
        lambda: normals_by(2),
    )
    peaks = [peak_of(f"count(joint_question({draws}), 2)") for draws in (2**20, 2**17)]
    asked = "cm.simulate(made_up_plan(), scattered_scenarios({}), draws=131072, threads=2)"
    many = [peak_of(asked.format(number)) for number in (200, 20)]
    print(f"simulate {simulated:.2f} s, normals {alone:.2f} s")
    print(f"plain NumPy {plain:.2f} s, or {rows:.2f} s, a scenario; {SCENARIOS} scenarios")
    print(f"joint engine, 2^20 draws: one thread {one:.2f} s, two threads {two:.2f} s")
    print(f"this machine: normals alone, one thread / two threads {alone_one / alone_two:.2f}")
    if other is not None:
        print(f"EMA Workbench {1e6 * other:.0f} us a scenario and draw")
    per = simulated / (SCENARIOS * draws)
    return [
        ("simulate / drawing the normals alone", simulated / alone, 1.0, True),
        ("plain NumPy, draws last / simulate", SCENARIOS * plain / simulated, 20.0, False),
        ("plain NumPy, a row a draw / simulate", SCENARIOS * rows / simulated, 20.0, False),
        ("EMA Workbench / simulate", None if other is None else other / per, 100.0, False),
        ("joint engine: one thread / two threads", one / two, 1.7, False),
        ("p_reach, 1,024 draws: spread / error of 10^7", worst, 1.0, True),
        ("the same of alternatives", either, 1.0, True),
        ("joint engine: peak MiB at 2^20 draws", peaks[0], 512.0, True),
        ("joint engine: peak at 2^20 / at 2^17", peaks[0] / peaks[1], 1.2, True),
        ("simulate: peak of 200 scenarios / of 20", many[0] / many[1], 1.5, True),
    ]


def main() -> int:
    """Print every ratio with its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    wrong = 0
    for name, ratio, limit, most in lines(options.draws, options.rounds):
        sign = "<=" if most else ">="
        if ratio is None:
            print(f"{name:44s} not measured: ema_workbench is missing  ({sign} {limit:g})")
            continue
        good = ratio <= limit if most else ratio >= limit
        wrong += not good
        print(f"{name:44s} {ratio:9.3f}  ({sign} {limit:g}) {'' if good else 'MISSED'}")
    print(
        f"peak of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB"
    )
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
