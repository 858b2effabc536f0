"""The smallest panel worth calibrating on, measured on a source the weights never saw.

    python -m benchmarks.forecast_panel [--out out/forecast]

Weights taught without the Chinese yearbooks are calibrated on panels of 3 to 300 Chinese
series known in 2016, and scored on the other series' tasks with origins from 2016.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.forecast_fit import fit
from benchmarks.forecast_folds import CHINA, answer, figures
from benchmarks.forecast_windows import SHARED, load_series
from corridor_model.forecasting import calibrate
from corridor_model.forecasting.pooling import read_weights, write_weights

SIZES = (3, 10, 30, 100, 300)
DRAWN = 3
ORIGIN = 2016


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("out/forecast"))
    out = parser.parse_args().out
    series, tasks = load_series(), pd.read_parquet(SHARED / "dev_tasks.parquet")
    folder = out / "without_china"
    if not folder.exists():
        write_weights(fit(series[series.source != CHINA]), folder)
    weights = read_weights(folder)
    home = series[series.source == CHINA]
    late = tasks[(tasks.source == CHINA) & (tasks.origin >= ORIGIN)]
    names = np.array(sorted(home.series_id.unique()))
    rng = np.random.Generator(np.random.SFC64(7))
    plain = figures(late.reset_index(drop=True), answer(late.reset_index(drop=True), weights))
    rows = [{"series": 0, "lessons": 0, "seconds": 0.0, **plain}]
    for size in SIZES:
        found = []
        for _ in range(DRAWN):
            mine = rng.choice(names, size, replace=False)
            others = late[~late.series_id.isin(mine)].reset_index(drop=True)
            start = time.perf_counter()
            own = calibrate(home[home.series_id.isin(mine)], until=ORIGIN, weights=weights)
            took = time.perf_counter() - start
            lessons = own.about["calibrated"]["lessons"]
            found.append(
                {"lessons": lessons, "seconds": took, **figures(others, answer(others, own))}
            )
        rows.append({"series": size, **pd.DataFrame(found).mean().to_dict()})
        print({k: round(float(v), 4) for k, v in rows[-1].items()}, flush=True)
    print(pd.DataFrame(rows).round(4).to_string(index=False))
    (out / "panel.json").write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
