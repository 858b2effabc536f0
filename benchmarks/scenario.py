"""What a simulation costs beside drawing its numbers once: ratios of medians within one run.

Run with ``python -m benchmarks.scenario``; the exit code is 1 if a ratio is above its limit.
Made-up plan: 60 level indicators with ten years of history, 20 works of which each touches
six, 20 scenarios, 100,000 draws, four years: 480 million path-years.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import corridor_model as cm
from corridor_model.plan.plan import Plan
from corridor_model.plan.schema import TABLES
from corridor_model.plan.table import empty, from_rows
from corridor_model.scenario.correlation import Together
from corridor_model.scenario.joint import Asked, Question, count

INDICATORS, WORKS, SCENARIOS, YEARS = 60, 20, 20, 4
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def made_up_plan() -> Plan:
    """A plan of that size; the figures mean nothing."""
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


def plain_numpy(draws: int) -> None:
    """One scenario as an analyst would write it: fresh draws, cumprod, np.quantile."""
    rng = np.random.default_rng(0)
    growth = rng.normal(0.06, 0.05, (draws, INDICATORS, YEARS))
    late = rng.triangular(0, 6, 24, (draws, WORKS)) / 12
    value = 100 * np.cumprod(1 + growth, axis=2)
    touched = np.zeros((WORKS, INDICATORS))
    for i in range(WORKS):
        touched[i, [(6 * i + k) % INDICATORS for k in range(6)]] = 0.3
    for year in range(YEARS):
        done = np.clip((year + 1 - late) / 3, 0, 1) - min(1, (year + 1) / 3)
        value[:, :, year] += (done * np.arange(5, 5 + WORKS)) @ touched
    np.quantile(value, QUANTILES, axis=0)
    met = value[:, :, -1] >= 136
    met.mean(axis=0)
    np.quantile(value[:, :, -1] - 136, QUANTILES, axis=0)
    np.bincount(met.sum(axis=1), minlength=INDICATORS + 1)


def seconds(run: Callable[[], Any], rounds: int) -> float:
    """Median time of some runs."""
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        run()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def joint_question(draws: int) -> Question:
    """The joint engine alone: 60 indicators, 20 scenarios, one factor."""
    names = tuple(f"i{i:02d}" for i in range(INDICATORS))
    tied = Together(("corridor",), np.full((INDICATORS, 1), 0.3))
    limits = np.linspace(-1, 1, INDICATORS).astype(np.float32)
    never = np.full(INDICATORS, np.inf, dtype=np.float32)
    asked = tuple(Asked(limits + np.float32(s / 20), never) for s in range(SCENARIOS))
    return Question(names, tied, asked, (), (), draws, 0, tuple(range(INDICATORS)))


def peak_of(draws: int) -> float:
    """Peak memory in MiB of a fresh process that counts so many draws."""
    code = (
        "import resource\nfrom benchmarks.scenario import joint_question\n"
        f"from corridor_model.scenario.joint import count\ncount(joint_question({draws}), 2)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    draws, rounds = options.draws, options.rounds
    plan, scenarios = made_up_plan(), made_up_scenarios()

    def ours() -> Any:
        return cm.simulate(plan, scenarios, draws=draws, quantiles=QUANTILES, threads=2)

    ours()
    simulated = seconds(ours, rounds)
    alone = seconds(lambda: normals_alone(draws), 1)
    plain = seconds(lambda: plain_numpy(draws // 10), 1) * 10 * SCENARIOS
    big, small = 2**20, 2**17
    one = seconds(lambda: count(joint_question(small), 1), rounds)
    two = seconds(lambda: count(joint_question(small), 2), rounds)
    peaks = peak_of(big), peak_of(small)
    wrong = 0
    for name, ratio, limit, most in (
        ("simulate / drawing the normals alone", simulated / alone, 1.0, True),
        ("plain NumPy / simulate", plain / simulated, 20.0, False),
        ("joint engine: one thread / two threads", one / two, 1.7, False),
        ("joint engine: peak MiB at 2^20 draws", peaks[0], 512.0, True),
        ("joint engine: peak at 2^20 / at 2^17", peaks[0] / peaks[1], 1.2, True),
    ):
        good = ratio <= limit if most else ratio >= limit
        wrong += not good
        sign = "<=" if most else ">="
        print(f"{name:44s} {ratio:9.3f}  ({sign} {limit:g}) {'' if good else 'MISSED'}")
    print(f"simulate {simulated:.2f} s, normals {alone:.2f} s, plain NumPy {plain:.1f} s")
    print(
        f"peak of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB"
    )
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
