"""Draw the pictures of docs/forecast.md from the folds' answers.

python -m benchmarks.forecast_folds --only folds
python -m benchmarks.forecast_figures
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from benchmarks.forecast_folds import scorer
from benchmarks.forecast_windows import SHARED
from corridor_model.forecasting import Backtest, forecast
from corridor_model.forecasting.backtest import reliability_bins
from corridor_model.plot import fan, reliability


def reliability_of(name: str, tasks: pd.DataFrame, drawn: np.ndarray) -> Backtest:
    """The scorer's thresholds and bins, as our own result."""
    score = scorer()
    asked = score.targets(tasks)
    place = asked.i.to_numpy()
    reached = (drawn[place] >= asked.tg.to_numpy()[:, None] * (1 - 1e-12)).sum(1)
    p, came = (reached + 0.5) / (score.M + 1), asked.y.to_numpy()
    return Backtest(name, len(tasks), 0.0, 0.0, {}, 0.0, 0.0, 0.0, reliability_bins(p, came))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--answers", type=Path, default=Path("out/forecast/folds.npy"))
    parser.add_argument("--images", type=Path, default=Path("docs/images"))
    options = parser.parse_args()
    tasks = pd.read_parquet(SHARED / "dev_tasks.parquet")
    drawn = np.load(options.answers).astype(float)
    drift = np.empty_like(drawn)
    score = scorer()
    for (_, h), at in tasks.groupby(["n", "h"]).indices.items():
        histories = np.array(tasks.history.values[at].tolist(), float)
        drift[at] = np.sort(score.drift(histories, int(h)), 1)

    picture = Figure(figsize=(9.6, 4.6), layout="constrained")
    FigureCanvasAgg(picture)
    left, right = picture.subplots(1, 2)
    reliability(reliability_of("default", tasks, drawn), left, lang="en")
    left.set_title("default: entities the weights never saw", fontsize="medium")
    reliability(reliability_of("log-normal drift", tasks, drift), right, lang="en")
    right.set_title("log-normal drift", fontsize="medium")
    options.images.mkdir(parents=True, exist_ok=True)
    picture.savefig(options.images / "forecast_reliability.png", dpi=110)

    picture = Figure(figsize=(7.2, 4.2), layout="constrained")
    FigureCanvasAgg(picture)
    axes = picture.subplots()
    history = [100.0, 108.6, 113.9, 126.0, 135.2, 146.9]
    fan(forecast(history, range(2014, 2020), 3, "level"), axes, target=190.0, lang="en")
    axes.set_title("six made-up years, a target of 190 in 2022", fontsize="medium")
    picture.savefig(options.images / "forecast_fan.png", dpi=110)


if __name__ == "__main__":
    main()
