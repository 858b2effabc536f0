"""Coverage and scores by horizon, one to ten years ahead, on tasks cut from the series.

    python -m benchmarks.forecast_horizons [--weights FOLDER] [--each 2500] [--out out/forecast]

The shared tasks end five years ahead. These are cut by a seed from the same series: for every
horizon the same number of tasks, no series more often than it must. Each entity is forecast by
the weights of the fold that never saw it (``benchmarks.forecast_folds`` leaves them in --out);
``--weights`` takes one folder of weights for all.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.forecast import batch
from benchmarks.forecast_folds import scorer
from benchmarks.forecast_windows import FOLDS, fold_of, load_series
from corridor_model.forecasting.pooling import Weights, read_weights, write_weights

SEED = 20301231
LONGEST = 10
LENGTHS = (3, 4, 5, 6, 8, 10, 15, 20)
GROWTH = (0.0, 0.02, 0.05, 0.10)


def tasks_by_horizon(series: pd.DataFrame, each: int, seed: int = SEED) -> pd.DataFrame:
    """Cut ``each`` tasks for every horizon, in the form of the shared ones.

    Series are taken in a random order, one task each, as often as it takes.
    """
    rng = np.random.Generator(np.random.SFC64(seed))
    values = [
        (name, one.entity.iat[0], one.kind.iat[0], one.value.to_numpy(), one.year.to_numpy())
        for name, one in series.groupby("series_id", sort=False)
    ]
    rows = []
    for h in range(1, LONGEST + 1):
        cut: set[tuple[str, int, int]] = set()
        for _ in range(20):
            for i in rng.permutation(len(values)):
                name, entity, kind, value, year = values[i]
                n = int(rng.choice(LENGTHS))
                edges = np.r_[0, np.flatnonzero(np.diff(year) != 1) + 1, len(year)]
                ends = [e for a, b in pairwise(edges) for e in range(a + n - 1, b - h)]
                if not ends or len(cut) >= each:
                    continue
                e = ends[int(rng.integers(len(ends)))]
                if (name, n, e) in cut:
                    continue
                cut.add((name, n, e))
                past = value[e - n + 1 : e + 1]
                scale = np.abs(np.diff(past)).mean()
                rows.append((entity, kind, n, h, int(year[e]), past, past[-1], value[e + h],
                             max(scale, 1e-3 * past[-1])))  # fmt: skip
    names = ["entity", "kind", "n", "h", "origin", "history", "last", "actual", "scale"]
    return pd.DataFrame(rows, columns=names)


def forecasts(tasks: pd.DataFrame, weights: Weights | Path) -> np.ndarray:
    """Quantile samples of every task; by fold where a folder of folds stands for the weights."""
    score = scorer()
    if isinstance(weights, Weights):
        return np.asarray(score.forecast_all(tasks, partial(batch, weights=weights), True, 0)[0])
    drawn = np.empty((len(tasks), score.M))
    folds = tasks.entity.map(fold_of)
    for fold in range(FOLDS):
        at = np.flatnonzero(folds == fold)
        mine = read_weights(weights / f"fold_{fold}")
        drawn[at] = forecasts(tasks.iloc[at].reset_index(drop=True), mine)
    return drawn


def scores(tasks: pd.DataFrame, drawn: np.ndarray) -> pd.DataFrame:
    """By horizon: CRPS of logs relative to a log-normal drift, Brier skill, coverage."""
    score = scorer()
    rows = {}
    for h, at in tasks.groupby("h").indices.items():
        part, some = tasks.iloc[at].reset_index(drop=True), drawn[at]
        actual, last = part.actual.to_numpy(), part["last"].to_numpy()
        drift = np.empty_like(some)
        for _, where in part.groupby("n").indices.items():
            histories = np.array(part.history.values[where].tolist(), float)
            drift[where] = np.sort(score.drift(histories, int(h)), 1)
        logs = [np.log(np.maximum(d, 1e-3 * last[:, None])) for d in (some, drift)]
        mine, unit = (float(score.crps(x, np.log(actual)).mean()) for x in logs)
        brier = base = 0.0
        for g in GROWTH:
            target = last * (1 + g) ** h
            p, came = (some >= target[:, None]).mean(1), (actual >= target) * 1.0
            known = part.assign(y=came).groupby("kind").y.transform("mean").to_numpy()
            brier, base = brier + ((p - came) ** 2).mean(), base + ((known - came) ** 2).mean()
        cover = {}
        for width in (50, 80, 90):
            low, high = np.quantile(some, [0.5 - width / 200, 0.5 + width / 200], axis=1,
                                    method="hazen")  # fmt: skip
            cover[f"cov{width}"] = ((actual >= low) & (actual <= high)).mean()
        rows[h] = {"tasks": len(part), "logCRPSr": mine / unit, "BSS": 1 - brier / base, **cover}
    return pd.DataFrame(rows).T


def skill_table(tasks: pd.DataFrame, drawn: np.ndarray) -> dict[tuple[str, int, int], float]:
    """Brier skill by kind and number of points six to ten years ahead, for `p_basis`."""
    out = {}
    far = tasks[tasks.h > 5]
    for (kind, n), at in far.groupby(["kind", "n"]).groups.items():
        table = scores(tasks.loc[at].reset_index(drop=True), drawn[at])
        out[kind, int(n), LONGEST] = float((table.BSS * table.tasks).sum() / table.tasks.sum())
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--each", type=int, default=2500)
    parser.add_argument("--out", type=Path, default=Path("out/forecast"))
    options = parser.parse_args()
    tasks = tasks_by_horizon(load_series(), options.each)
    weights = read_weights(options.weights) if options.weights else options.out
    drawn = forecasts(tasks, weights)
    print(scores(tasks, drawn).round(3).to_string())
    shipped = Path("data/forecast")
    if shipped.exists():
        known = read_weights(shipped)
        write_weights(replace(known, skill=known.skill | skill_table(tasks, drawn)), shipped)
    for kind, at in tasks.groupby("kind").indices.items():
        table = scores(tasks.iloc[at].reset_index(drop=True), drawn[at])
        print(f"\n{kind}\n{table.round(3).to_string()}")


if __name__ == "__main__":
    main()
