"""What a panel of regions costs beside its forecasts, and beside a loop of `assess`, in one run.

    python -m benchmarks.panel [--regions 2844] [--indicators 30] [--rounds 3]

forecasts   `assess_panel` against `forecast_batch` on the same series: at most 2
loop        a loop over 100 regions of `Plan.from_tables` and `assess`, against `assess_panel` of
            these regions: at least 30. Beside it stands the loop over `forecast_batch` of these
            regions alone
memory      peak resident memory of the process: at most 1 GiB

Ratios of medians of interleaved rounds; the exit code is 1 if a limit is missed. The figures are
made up: levels, shares and ratios over ten years.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

import corridor_model as cm
from corridor_model.assessment.answers import _KNOWN
from corridor_model.forecasting import forecast_batch

YEARS = np.arange(2013, 2023)
KINDS = ("level", "share", "ratio")
LIMITS = {"forecasts": 2.0, "loop": 30.0, "memory": 1024.0}


def panel(regions: int, indicators: int) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Return targets and values of made-up regions, and the values as an array."""
    rng = np.random.default_rng(0)
    kinds = np.array([KINDS[i % 3] for i in range(indicators)])
    steps = rng.normal(0.03, 0.05, (regions, indicators, len(YEARS)))
    paths = np.exp(np.cumsum(steps, axis=2)) * rng.uniform(20, 60, (regions, indicators, 1))
    paths = np.where((kinds == "share")[None, :, None], np.clip(paths, 1, 95), paths)
    names = [f"{i:06d}" for i in range(regions)]
    series = [f"i{j:02d}" for j in range(indicators)]
    targets = pd.DataFrame(
        {
            "region": np.repeat(names, indicators),
            "indicator": np.tile(series, regions),
            "kind": np.tile(kinds, regions),
            "value": np.minimum(paths[:, :, -3] * 1.15, 99.0).ravel(),
            "sense": "at_least",
            "year": 2025,
            "base_year": 2020,
        }
    )
    values = pd.DataFrame(
        {
            "region": np.repeat(names, indicators * len(YEARS)),
            "indicator": np.tile(np.repeat(series, len(YEARS)), regions),
            "year": np.tile(YEARS, regions * indicators),
            "value": paths.ravel(),
        }
    )
    return targets, values, paths


def loop(targets: pd.DataFrame, values: pd.DataFrame) -> None:
    """Assess region by region: a plan and its figures, as one would write it."""
    figures = values.rename(columns={"year": "period"})
    for name in targets["region"].unique():
        mine = targets[targets["region"] == name].drop(columns="region")
        units = np.where(mine["kind"] == "level", "亿元", "%")
        indicators = {"id": mine["indicator"], "kind": mine["kind"], "unit": units}
        plan = cm.Plan.from_tables(
            {
                "about": {"id": name, "first_year": 2021, "last_year": 2025},
                "indicators": pd.DataFrame(indicators),
                "targets": mine,
            }
        )
        cm.assess(plan, figures[figures["region"] == name].drop(columns="region"), as_of=2022)


def clock(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the three figures beside their limits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--regions", type=int, default=2844)
    parser.add_argument("--indicators", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    targets, values, paths = panel(options.regions, options.indicators)
    histories = list(paths.reshape(-1, len(YEARS)))
    kinds = targets["kind"].tolist()
    few = [frame[frame["region"] < "000100"] for frame in (targets, values)]

    def forecasts() -> Any:
        return forecast_batch(histories, [YEARS] * len(histories), 3, kinds)

    def few_forecasts() -> Any:
        n = len(few[0])
        return forecast_batch(histories[:n], [YEARS] * n, 3, kinds[:n])

    def one_by_one() -> None:
        _KNOWN.clear()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            loop(*few)

    _ = cm.assess_panel(*few)
    whole: list[float] = []
    for _ in range(options.rounds):
        whole.append(clock(lambda: cm.assess_panel(targets, values)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    batch = [clock(forecasts) for _ in range(options.rounds)]
    short = [clock(lambda: cm.assess_panel(*few)) for _ in range(options.rounds)]
    long = [clock(one_by_one) for _ in range(options.rounds)]
    least = [clock(few_forecasts) for _ in range(options.rounds)]
    shown = {
        "forecasts": statistics.median(whole) / statistics.median(batch),
        "loop": statistics.median(long) / statistics.median(short),
        "memory": peak,
    }
    print(f"{options.regions} regions x {options.indicators}: {statistics.median(whole):.1f} s")
    missed = 0
    for name, value in shown.items():
        good = value >= LIMITS[name] if name == "loop" else value <= LIMITS[name]
        missed += not good
        print(f"{name:10} {value:8.2f}  (limit {LIMITS[name]:g}: {'met' if good else 'missed'})")
    alone = statistics.median(long) / statistics.median(least)
    print(f"loop over the forecasts alone {alone:8.2f}")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
