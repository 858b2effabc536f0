"""The forecaster as the shared scorer calls it.

    python ../shared/benchmarks/forecast/score.py benchmarks.forecast:batch --batch

CORRIDOR_FORECAST_WEIGHTS names another folder of weights (a fold's, for example).
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import numpy as np

from corridor_model.forecasting import forecast_batch
from corridor_model.forecasting.pooling import Weights, read_weights, shipped_weights

DRAWS = 100
LEVELS = (np.arange(DRAWS) + 0.5) / DRAWS
#: The scorer's word for a ratio.
WORDS = {"rate": "ratio"}


@lru_cache(maxsize=8)
def _weights(folder: str | None) -> Weights:
    return read_weights(Path(folder)) if folder else shipped_weights()


def batch(
    histories: np.ndarray,
    years: np.ndarray,
    horizon: int,
    kinds: np.ndarray,
    rng: np.random.Generator,
    weights: Weights | None = None,
) -> np.ndarray:
    """Evenly spaced quantiles of the value in the last horizon year, shape (N, DRAWS)."""
    del rng  # quantiles need no chance
    belief = weights or _weights(os.environ.get("CORRIDOR_FORECAST_WEIGHTS"))
    words = [WORDS.get(kind, kind) for kind in kinds]
    told = forecast_batch(list(histories), list(years), horizon, words, weights=belief)
    return np.asarray(told.last_year_quantile(LEVELS))


def single(
    history: np.ndarray, years: np.ndarray, horizon: int, kind: str, rng: np.random.Generator
) -> np.ndarray:
    """One history by the public call, polished quantiles."""
    return batch(history[None], years[None], horizon, np.array([kind]), rng)[0]
