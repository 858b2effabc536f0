"""What an assessment costs beside reading the plan's files: a ratio of medians in one run.

Run with ``python -m benchmarks.assess``; the exit code is 1 if a ratio is above its limit.
The figures are those of a full month: one or two for every indicator of the bundled plan.
The limit holds for the schedule and for an assessment whose probabilities were asked before;
what the probabilities cost the first time is printed beside it.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

import corridor_model as cm
from corridor_model.assessment import assess
from corridor_model.assessment.answers import _KNOWN
from corridor_model.assessment.engine import evaluate
from corridor_model.assessment.rollup import roll_up
from corridor_model.files import data_dir
from corridor_model.observations.load import load_observations

ROUNDS = 21
LIMIT = 2.0


def month(plan: Any) -> pd.DataFrame:
    """Figures for every indicator, as an office would have them in September."""
    rows: list[tuple[str, str, float]] = []
    for name, indicator in plan.indicators.items():
        goal = indicator.targets[0].value
        if indicator.kind == "milestone":
            rows.append((name, "2021-09", 1.0))
        elif indicator.kind == "growth":
            rows += [(name, "2020", goal), (name, "2021-09", goal)]
        else:
            part = max(1.0, goal // 2)
            rows += [(name, "2020", part), (name, "2021-09", part)]
    return pd.DataFrame(rows, columns=["indicator", "period", "value"])


def median(call: Callable[[], Any], rounds: int) -> float:
    call()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print each call beside pandas reading the plan's CSV files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args(arguments).rounds
    plan = cm.load_plan()
    _ = plan.indicators, plan.tasks
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        figures = load_observations(month(plan), plan)
    files = sorted((data_dir() / "longwan").glob("*.csv"))
    made = assess(plan, figures, "2021-09")
    calls: dict[str, Callable[[], Any]] = {
        "without labels": lambda: evaluate(plan, figures, "2021-09"),
        "assess, schedule alone": lambda: assess(plan, figures, "2021-09", method=None),
        "assess": lambda: assess(plan, figures, "2021-09"),
        "assess, no figures": lambda: assess(plan, None, "2021-09"),
        'assess, rule="all"': lambda: assess(plan, figures, "2021-09", rule="all"),
        "roll-up by unit": lambda: roll_up(plan, made, "unit"),
    }
    base = median(lambda: [pd.read_csv(file) for file in files], rounds)
    print(f"pandas reads {len(files)} files: {base * 1e3:.1f} ms")
    worst = 0.0
    for name, call in calls.items():
        ratio = median(call, rounds) / base
        worst = max(worst, ratio)
        print(f"{name:22} {ratio:6.2f}")

    def anew() -> None:
        _KNOWN.clear()
        assess(plan, figures, "2021-09")

    print(f"{'assess, asked anew':22} {median(anew, rounds) / base:6.2f} (no limit)")
    print(f"limit {LIMIT}: {'met' if worst <= LIMIT else 'missed'}")
    return int(worst > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
