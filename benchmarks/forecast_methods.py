"""The comparison methods by name, as the shared scorer calls a single forecast.

    python ../shared/benchmarks/forecast/score.py benchmarks.forecast_methods:drift

``corridor assess --method all`` prints the Brier skill measured here beside each of them.
"""

from __future__ import annotations

import numpy as np

from corridor_model.forecasting.history import History, route_of
from corridor_model.forecasting.reference_methods import by_name

from .forecast import LEVELS, WORDS


def _told(
    method: str, history: np.ndarray, years: np.ndarray, horizon: int, kind: str
) -> np.ndarray:
    word = WORDS.get(kind, kind)
    read = History(tuple(map(float, history)), tuple(map(int, years)), word)
    core = by_name(method, read, route_of(history, word), int(horizon))
    return core.quantile(LEVELS)[0, -1]


def random_walk(
    history: np.ndarray, years: np.ndarray, horizon: int, kind: str, rng: np.random.Generator
) -> np.ndarray:
    """No drift, the size of change as seen."""
    return _told("random_walk", history, years, horizon, kind)


def drift(
    history: np.ndarray, years: np.ndarray, horizon: int, kind: str, rng: np.random.Generator
) -> np.ndarray:
    """Mean yearly change goes on."""
    return _told("drift", history, years, horizon, kind)


def damped_trend(
    history: np.ndarray, years: np.ndarray, horizon: int, kind: str, rng: np.random.Generator
) -> np.ndarray:
    """Smoothed trend that fades."""
    return _told("damped_trend", history, years, horizon, kind)
