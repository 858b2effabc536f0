"""Choose the experts, fit their weights, and write the tables that ship.

    python -m benchmarks.forecast_fit [--shrink-gate RIDGE] [--out data/forecast]

Two steps. From a wide grid of candidates the experts that earn most credit without a gate
are kept; then prior weights, gate and evidence power are taught on many windows.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

from dataclasses import replace  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from benchmarks.forecast_gradient import FitSettings  # noqa: E402
from benchmarks.forecast_gradient import fit as fit_weights  # noqa: E402
from benchmarks.forecast_windows import cut, load_series  # noqa: E402
from corridor_model.forecasting.calibration import (  # noqa: E402
    TrainingSample,
    responsibility,
    training_sample,
)
from corridor_model.forecasting.experts import KINDS, Experts, grid  # noqa: E402
from corridor_model.forecasting.pooling import Weights, read_weights, write_weights  # noqa: E402

SEED = 20201231
KEEP = 64
WINDOWS = 30
PLAIN_SHARE = 0.33
NOISES = (
    *((0, theta) for theta in (0, -0.3, -0.6, -0.85, -0.97)),
    *((phi, 0) for phi in (-0.3, 0.4, 0.7, 0.9, 0.97)),
    (0.7, -0.4), (0.95, -0.6), (0.5, -0.95), (0.8, -0.97),
)  # fmt: skip
SIZES = (0.004, 0.012, 0.03, 0.08, 0.2)
DRIFTS = (-0.08, -0.025, 0, 0.03, 0.08, 0.18)
MEMORIES = ((1, 4, np.inf), (0.75, 3, 3), (0.85, 2, 2))


def choose(series: pd.DataFrame, keep: int, until: int | None = None) -> Experts:
    """Keep the experts that earn most credit, kind by kind, without a gate."""
    candidates = grid(NOISES, SIZES, DRIFTS, MEMORIES)
    sample = training_sample(cut(series, 3, SEED, until), candidates)
    credit = np.zeros(len(candidates))
    for k in range(len(KINDS)):
        credit += _credit(sample, sample.kind == k)
    best = sorted(np.argsort(-credit, kind="stable")[:keep])
    return Experts(tuple(candidates.rows[i] for i in best))


def _credit(sample: TrainingSample, mine: np.ndarray) -> np.ndarray:
    """Mean responsibility of each candidate once its plain weight is fitted."""
    if not mine.any():
        return np.zeros(sample.evidence.shape[1])
    density, evidence = sample.density[mine], sample.evidence[mine] * np.float32(0.8)
    own = np.zeros(evidence.shape[1], np.float32)
    mean, square = np.zeros_like(own), np.zeros_like(own)
    for turn in range(200):
        pull, _ = responsibility(own + evidence, density)
        g = pull.sum(axis=0) - 2e-5 * own
        mean, square = 0.9 * mean + 0.1 * g, 0.98 * square + 0.02 * g * g
        own = own + 0.1 * (mean / (1 - 0.9 ** (turn + 1))) / (
            np.sqrt(square / (1 - 0.98 ** (turn + 1))) + 1e-8
        )
    logs = own + evidence + density
    share = np.exp(logs - logs.max(axis=1, keepdims=True))
    return (share / share.sum(axis=1, keepdims=True)).mean(axis=0)


def fit(
    series: pd.DataFrame,
    until: int | None = None,
    settings: FitSettings | None = None,
    experts: Experts | None = None,
    keep: int = KEEP,
    windows: int = WINDOWS,
) -> Weights:
    """Choose and fit on these series; the mean log density comes along."""
    chosen = experts or choose(series, keep, until)
    sample = training_sample(cut(series, windows, SEED + 1, until), chosen)
    gated = fit_weights(sample, settings or FitSettings(seed=SEED))
    plain = fit_weights(sample, FitSettings(rounds=800, seed=SEED), gated=False)
    about = {"lessons": len(sample.kind), "mean_log_density": round(gated.score, 4)}
    return Weights(
        chosen, gated.prior, gated.gate, gated.power,
        plain.prior, plain.power, PLAIN_SHARE, {}, about,
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shrink-gate", type=float, default=FitSettings.shrink_gate)
    parser.add_argument("--out", type=Path, default=Path("data/forecast"))
    options = parser.parse_args()
    series = load_series()
    weights = fit(series, settings=FitSettings(seed=SEED, shrink_gate=options.shrink_gate))
    skill = {}
    if (options.out / "skill.csv").exists():
        skill = read_weights(options.out).skill
    about = {
        "what": "Prior weights of the forecast mixture: log weights of 64 experts by kind "
        "(experts.csv) and what each feature of a history adds to them (gate.csv).",
        "series": f"{series.series_id.nunique()} annual series of {series.entity.nunique()} "
        "countries, provinces and regions, 1980-2025",
        "sources": [
            "Chinese provincial science, industry, budget and patent yearbooks 2000-2023 "
            "(facts of the National Bureau of Statistics and the Ministry of Science and "
            "Technology, through the MIT-licensed collection huhuaping/techme)",
            "Gapminder Systema Globalis (CC BY 4.0, mostly World Bank WDI)",
            "Penn World Table 10.01 (CC BY 4.0)",
            "Eurostat regional statistics and R&D expenditure (reuse with attribution)",
        ],
        "license": "CC BY 4.0 for these weights, with attribution to the sources above",
        "script": "benchmarks/forecast_fit.py",
        "seed": SEED,
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        **weights.about,
    }
    write_weights(replace(weights, skill=skill, about=about), options.out)
    print({name: about[name] for name in ("lessons", "mean_log_density")})


if __name__ == "__main__":
    main()
