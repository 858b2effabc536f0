"""Does a series' own drift deserve more weight: the default averaged with ``drift``, by signs.

    python -m benchmarks.forecast_drift [--limit 3000]

The average is taken only where the history shows a sign (smooth, steep against its noise, long,
one-sided), and scored on real targets by family, on the placebo, and on the series benchmark.
A sign is worth adopting where it helps the plan family, harms neither the placebo nor the other
families, and keeps the series benchmark.
"""

from __future__ import annotations

import argparse
from functools import partial

import numpy as np
import pandas as pd

from benchmarks.forecast import LEVELS, WORDS
from benchmarks.forecast_folds import figures, scorer
from benchmarks.forecast_targets import chances, placebo_tasks, scores, target_tasks
from benchmarks.forecast_windows import SHARED
from corridor_model.forecasting import forecast_batch


def signs(history: list[float]) -> dict[str, bool]:
    """What a history shows without its outcome: each sign, and whether it is there."""
    x = np.asarray(history[-20:], float)
    x = np.log(x) if (x > 0).all() else x
    step = np.diff(x)
    spread = float(step.std(ddof=1)) if len(step) > 1 else np.inf
    steep = abs(float(step.mean())) / max(spread / np.sqrt(len(step)), 1e-12) if len(step) else 0.0
    one_sided = max((step > 0).mean(), (step < 0).mean()) if len(step) else 0.0
    line = np.polyfit(np.arange(len(x)), x, 1)
    rest = x - np.polyval(line, np.arange(len(x)))
    straight = 1 - rest.var() / max(x.var(), 1e-300)
    return {
        "nowhere": False,
        "everywhere": True,
        "drift over 2 standard errors": steep > 2,
        "drift over 4 standard errors": steep > 4,
        "nine steps in ten one way": one_sided >= 0.9 and len(step) >= 4,
        "all steps one way": one_sided == 1 and len(step) >= 4,
        "a line explains 90 %": straight > 0.9 and len(step) >= 4,
        "ten points and more": len(x) >= 10,
        "ten points, drift over 2": len(x) >= 10 and steep > 2,
        "ten points, drift over 4": len(x) >= 10 and steep > 4,
        "ten points, nine steps in ten one way": len(x) >= 10 and one_sided >= 0.9,
        "fifteen points, a line explains 90 %": len(x) >= 15 and straight > 0.9,
    }


def both(
    histories: np.ndarray,
    years: np.ndarray,
    horizon: int,
    kinds: np.ndarray,
    rng: np.random.Generator,
    sign: str,
) -> np.ndarray:
    """Quantile samples of the default, joined with those of ``drift`` where the sign is there."""
    del rng
    words = [WORDS.get(kind, kind) for kind in kinds]
    rows = [list(h) for h in histories]
    mine, own = (
        np.asarray(forecast_batch(rows, list(years), horizon, words, method=m)
                   .quantile(LEVELS, polish=False)[:, -1])
        for m in ("default", "drift")
    )  # fmt: skip
    there = np.array([signs(h)[sign] for h in rows])
    return np.concatenate([mine, np.where(there[:, None], own, mine)], axis=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--limit", type=int, default=3000)
    limit = parser.parse_args().limit
    tasks = pd.concat([target_tasks(), placebo_tasks()], ignore_index=True)
    mine, own = chances(tasks), chances(tasks, "drift")
    shows = [signs(list(history)) for history in tasks.history]
    series = pd.read_parquet(SHARED / "dev_tasks.parquet").sample(limit, random_state=7)
    series = series.sort_index().reset_index(drop=True)
    rows = []
    for sign in shows[0]:
        there = np.array([show[sign] for show in shows])
        by_family = scores(tasks, np.where(there, (mine + own) / 2, mine)).brier
        drawn = scorer().forecast_all(series, partial(both, sign=sign), True, 0)[0]
        got = figures(series, drawn)
        shown = there[tasks.family == "plan"].mean()
        kept = {name: got[name] for name in ("logCRPSr", "BSS")}
        rows.append({"own drift": sign, **by_family, "plan with sign": shown, **kept})
    print(pd.DataFrame(rows).round(4).to_string(index=False))


if __name__ == "__main__":
    main()
