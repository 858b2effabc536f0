"""How good are the probabilities on entities, years and sources the weights never saw.

    python -m benchmarks.forecast_folds [--only folds|time|china|shares] [--shrink-gate RIDGE]
                                        [--out out/forecast]

folds   weights taught on four fifths of the entities, scored on the last fifth, five times;
        each fold's tasks and weights are left in --out for the shared scorer
time    taught on target years up to 2012, scored on origins from 2012; weights left in --out
china   taught without the Chinese yearbooks, scored on them; and after `calibrate` on the
        Chinese series known at each origin
shares  more or less weight on the experts that see no features, by the weights in --out

``--shrink-gate`` teaches with another ridge on the gate; use another --out with it.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.forecast import batch
from benchmarks.forecast_fit import SEED, fit
from benchmarks.forecast_gradient import FitSettings
from benchmarks.forecast_windows import FOLDS, SHARED, fold_of, load_series
from corridor_model.forecasting.pooling import Weights, read_weights, write_weights

CHINA = "china_province_yearbook"
SHARES = (0.0, 0.1, 0.2, 0.25, 0.3, 0.33, 0.35, 0.4)
"""Shares of the plain board that are tried; the first is the gated experts alone."""


def scorer() -> Any:
    """The shared score.py as a module."""
    spec = importlib.util.spec_from_file_location("shared_score", SHARED / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def answer(tasks: pd.DataFrame, weights: Weights) -> np.ndarray:
    """Quantile samples of every task, spread to the scorer's 200."""
    score = scorer()
    drawn, failed, _, _ = score.forecast_all(tasks, partial(batch, weights=weights), True, 0)
    assert not failed.any()
    return drawn


def figures(tasks: pd.DataFrame, drawn: np.ndarray) -> dict[str, float]:
    """The scorer's figures, coverage by unbiased quantile positions, cov80's range over n."""
    score = scorer()
    climatology = pd.read_parquet(SHARED / "climatology.parquet").p
    drift = np.empty_like(drawn)
    for (_, h), at in tasks.groupby(["n", "h"]).indices.items():
        drift[at] = score.drift(np.array(tasks.history.values[at].tolist(), float), int(h))
    got, _ = score.score(tasks, drawn, climatology)
    unit, _ = score.score(tasks, np.sort(drift, 1), climatology)
    actual = tasks.actual.to_numpy()
    inside = {}
    for width in (50, 80, 90):
        # the scorer's own coverage reads np.quantile's positions, whose intervals are narrower
        ends = [0.5 - width / 200, 0.5 + width / 200]
        low, high = np.quantile(drawn, ends, axis=1, method="hazen")
        inside[width] = (actual >= low) & (actual <= high)
    covers = [inside[80][at].mean() for at in tasks.groupby("n").indices.values()]
    return {
        "logCRPSr": float(got["logCRPS"] / unit["logCRPS"]),
        **{key: float(got[key]) for key in ("BSS", "ECE")},
        **{f"cov{width}": float(held.mean()) for width, held in inside.items()},
        "cov80_lowest_n": float(min(covers)),
        "cov80_highest_n": float(max(covers)),
        "tasks": len(tasks),
    }


def skill_table(tasks: pd.DataFrame, drawn: np.ndarray) -> dict[tuple[str, int, int], float]:
    """Brier skill by kind and number of points up to five years ahead, for `p_basis`."""
    score = scorer()
    climatology = pd.read_parquet(SHARED / "climatology.parquet").p
    out = {}
    for (kind, n), at in tasks.groupby(["kind", "n"]).indices.items():
        part = tasks.iloc[at].reset_index(drop=True)
        got, _ = score.score(part, drawn[at], climatology)
        out["ratio" if kind == "rate" else kind, int(n), 5] = float(got["BSS"])
    return out


def by_folds(
    series: pd.DataFrame, tasks: pd.DataFrame, out: Path, settings: FitSettings | None = None
) -> dict[str, float]:
    """Five fits by entity, pooled; leaves fold_i.parquet and fold_i/ for the scorer.

    The skill that ships is written only where no other settings are tried.
    """
    at_series, at_tasks = series.entity.map(fold_of), tasks.entity.map(fold_of)
    drawn = np.empty((len(tasks), scorer().M))
    for fold in range(FOLDS):
        weights = fit(series[at_series != fold], settings=settings)
        write_weights(weights, out / f"fold_{fold}")
        mine = np.flatnonzero(at_tasks == fold)
        part = tasks.iloc[mine].reset_index(drop=True)
        part.to_parquet(out / f"fold_{fold}.parquet")
        drawn[mine] = answer(part, read_weights(out / f"fold_{fold}"))
        print(fold, {k: round(v, 4) for k, v in figures(part, drawn[mine]).items()}, flush=True)
    np.save(out / "folds.npy", drawn.astype(np.float32))
    shipped = Path("data/forecast")
    if shipped.exists() and settings is None:
        weights = read_weights(shipped)
        skill = weights.skill | skill_table(tasks, drawn)
        write_weights(replace(weights, skill=skill), shipped)
    return figures(tasks, drawn)


def by_time(
    series: pd.DataFrame, tasks: pd.DataFrame, out: Path, settings: FitSettings | None = None
) -> dict[str, float]:
    """Taught on the past alone; leaves time/."""
    weights = fit(series[series.year <= 2012], until=2012, settings=settings)
    write_weights(weights, out / "time")
    late = tasks[tasks.origin >= 2012].reset_index(drop=True)
    return figures(late, answer(late, weights))


def by_share(tasks: pd.DataFrame, out: Path) -> Iterator[tuple[str, dict[str, float]]]:
    """Figures by the plain board's share of the forecast, on other entities and later years."""
    folds = tasks.entity.map(fold_of)
    late = tasks[tasks.origin >= 2012].reset_index(drop=True)
    for share in SHARES:
        drawn = np.empty((len(tasks), scorer().M))
        for fold in range(FOLDS):
            mine = np.flatnonzero(folds == fold)
            weights = replace(read_weights(out / f"fold_{fold}"), plain_share=share)
            drawn[mine] = answer(tasks.iloc[mine].reset_index(drop=True), weights)
        yield f"folds_{share:g}", figures(tasks, drawn)
        weights = replace(read_weights(out / "time"), plain_share=share)
        yield f"out_of_time_{share:g}", figures(late, answer(late, weights))


def without_china(
    series: pd.DataFrame, tasks: pd.DataFrame, settings: FitSettings | None = None
) -> Iterator[tuple[str, dict[str, float]]]:
    """A source never seen; then the same weights calibrated on what was known at each origin."""
    from corridor_model.forecasting import calibrate

    weights = fit(series[series.source != CHINA], settings=settings)
    mine = tasks[tasks.source == CHINA].reset_index(drop=True)
    panel = series[series.source == CHINA]
    yield "china_out", figures(mine, answer(mine, weights))
    drawn = np.empty((len(mine), scorer().M))
    for origin, at in mine.groupby("origin").indices.items():
        own = calibrate(panel, until=int(origin), weights=weights)
        drawn[at] = answer(mine.iloc[at].reset_index(drop=True), own)
    yield "china_calibrated", figures(mine, drawn)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=["folds", "time", "china", "shares"])
    parser.add_argument("--shrink-gate", type=float)
    parser.add_argument("--out", type=Path, default=Path("out/forecast"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    series, tasks = load_series(), pd.read_parquet(SHARED / "dev_tasks.parquet")
    ridge = options.shrink_gate
    settings = None if ridge is None else FitSettings(seed=SEED, shrink_gate=ridge)
    found: dict[str, Any] = {}

    def keep(name: str, row: dict[str, float]) -> None:
        found[name] = row
        print(name, {k: round(v, 4) for k, v in row.items()}, flush=True)
        text = json.dumps(found, indent=1)
        (options.out / f"figures_{options.only or 'all'}.json").write_text(text)

    if options.only in (None, "folds"):
        keep("folds", by_folds(series, tasks, options.out, settings))
    if options.only in (None, "time"):
        keep("out_of_time", by_time(series, tasks, options.out, settings))
    if options.only in (None, "china"):
        for name, row in without_china(series, tasks, settings):
            keep(name, row)
    if options.only == "shares":
        for name, row in by_share(tasks, options.out):
            keep(name, row)


if __name__ == "__main__":
    main()
