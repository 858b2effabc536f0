"""Shares near 100: how often 100 came, and how often the forecast said so.

    python -m benchmarks.forecast_bounds [--weights FOLDER]

Every forecast one to five years ahead from three or more values (ten at most) of the series'
shares that never pass 100: from 97 up by those never at 100 before, printed in tenths or in
whole percent, and by those at 100 now. The last also with 99.9 in place of 100: the step.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.forecast_windows import load_series
from corridor_model.forecasting import forecast_batch
from corridor_model.forecasting.pooling import Weights, read_weights, shipped_weights

FROM, WHOLE, PRINTED_WHOLE = 97.0, 100.0, 99.95
LEAST, MOST, AHEAD = 3, 10, 5


def near_whole(series: pd.DataFrame) -> Iterator[tuple[str, str, np.ndarray, np.ndarray, dict]]:
    """Yield class, series, years, values and what came (years ahead to value) of each origin."""
    for name, one in series[series.kind == "share"].groupby("series_id", sort=False):
        value, year = one.value.to_numpy(float), one.year.to_numpy()
        if value.max() > WHOLE:
            continue
        tenths = bool((np.abs(value - np.round(value)) > 1e-9).any())
        for end in range(LEAST, len(value)):
            past = value[:end]
            ahead = zip(year[end:] - year[end - 1], value[end:], strict=True)
            came = {int(h): float(v) for h, v in ahead if h <= AHEAD}
            now, before = past[-1] == WHOLE, bool((past == WHOLE).any())
            if not came or not (now or (past[-1] >= FROM and not before)):
                continue
            kind = "at 100" if now else "in tenths" if tenths else "in whole percent"
            yield kind, str(name), year[max(0, end - MOST) : end], past[-MOST:], came


def chances(years: list[np.ndarray], values: list[np.ndarray], at: float, weights: Weights):
    """P(value >= at) by history and year ahead."""
    batch = forecast_batch(values, years, AHEAD, "share", weights=weights)
    return np.asarray(batch.prob_at_least(at))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path)
    options = parser.parse_args()
    weights = read_weights(options.weights) if options.weights else shipped_weights()
    groups: dict[str, list] = {}
    for kind, *rest in near_whole(load_series()):
        groups.setdefault(kind, []).append(rest)
    for kind, rows in groups.items():
        names, years, values, came = (list(part) for part in zip(*rows, strict=True))
        hits = np.array([v >= PRINTED_WHOLE for one in came for v in one.values()])
        at = [(i, h - 1) for i, one in enumerate(came) for h in one]
        line = f"{kind}: {len(hits)} forecasts of {len(set(names))} series, {hits.mean():.3f} came"
        for bound in (WHOLE, 99.5):
            p = chances(years, values, bound, weights)
            line += f"; P(>= {bound:g}) {np.mean([p[i] for i in at]):.3f}"
        print(f"{line}; {hits.sum()} at 100")
        if kind == "at 100":
            below = [np.append(one[:-1], 99.9) for one in values]
            p = [chances(years, v, WHOLE, weights)[:, 0] for v in (values, below)]
            print(f"a year ahead, by the last value: 100 {p[0].mean():.3f}, 99.9 {p[1].mean():.3f}")


if __name__ == "__main__":
    main()
