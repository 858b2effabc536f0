"""Cut lessons from the shared annual series, and fold their entities."""

from __future__ import annotations

import hashlib
import os
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from corridor_model.forecasting.calibration import Window

LENGTHS = (1, 2, 3, 4, 5, 6, 8, 10, 15, 20)
HORIZONS = (1, 2, 3, 5)
FOLDS = 5
SHARED = Path(
    os.environ.get(
        "CORRIDOR_SHARED_FORECAST",
        Path(__file__).resolve().parents[2] / "shared" / "benchmarks" / "forecast",
    )
)


def load_series() -> pd.DataFrame:
    """All development series in a fixed order; the scorer's "rate" is our "ratio"."""
    series = pd.read_parquet(SHARED / "dev_series.parquet").sort_values(["series_id", "year"])
    # fifty Chinese series change their kind for a year (a slip of the source's table): the
    # commonest kind holds for the whole series
    kind = series.groupby("series_id").kind.transform(lambda k: k.mode().iat[0])
    return series.assign(kind=kind.replace("rate", "ratio"))


def fold_of(entity: str) -> int:
    """Fold of a country, province or region; the same on every machine."""
    return int(hashlib.sha256(entity.encode()).hexdigest(), 16) % FOLDS


def cut(series: pd.DataFrame, each: int, seed: int, until: int | None = None) -> list[Window]:
    """Cut up to ``each`` windows from every series at random lengths, horizons and origins.

    With ``until``, no target year lies after it.
    """
    rng = np.random.Generator(np.random.SFC64(seed))
    out = []
    for _, group in series.groupby("series_id", sort=False):
        value, year, kind = group.value.to_numpy(), group.year.to_numpy(), group.kind.iat[0]
        edges = np.r_[0, np.flatnonzero(np.diff(year) != 1) + 1, len(year)]
        runs = list(pairwise(edges))
        seen = set()
        for _ in range(each):
            n, ahead = int(rng.choice(LENGTHS)), int(rng.choice(HORIZONS))
            ends = [
                i
                for a, b in runs
                for i in range(a + n - 1, b - ahead)
                if until is None or year[i + ahead] <= until
            ]
            if not ends:
                continue
            i = ends[int(rng.integers(len(ends)))]
            if (n, ahead, i) in seen:
                continue
            seen.add((n, ahead, i))
            history = tuple(value[i - n + 1 : i + 1].tolist())
            out.append(Window(history, ahead, float(value[i + ahead]), kind))
    return out
