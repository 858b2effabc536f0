"""Time beside statsforecast's AutoETS, in one run: medians of interleaved rounds.

    python -m benchmarks.forecast_speed        (statsforecast must be importable)

From 8 points on: below, AutoETS refuses most series and times nothing.

batch   500 histories at once, 100 quantiles of the last year, against AutoETS one by one
        (compiled, one core), with two intervals
single  one `forecast` call and three quantiles of three years, against one AutoETS
"""

from __future__ import annotations

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import statistics  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from statsforecast.models import AutoETS  # noqa: E402

from benchmarks.forecast import batch  # noqa: E402
from benchmarks.forecast_windows import SHARED  # noqa: E402
from corridor_model.forecasting import forecast  # noqa: E402

ROUNDS = 7


def clock(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def auto_ets(history: np.ndarray, horizon: int) -> None:
    try:
        AutoETS(season_length=1).forecast(y=np.log(history), h=horizon, level=[50, 80])
    except Exception:  # it gives up on more than half of such short series
        return


def main() -> None:
    tasks = pd.read_parquet(SHARED / "dev_tasks.parquet")
    print("points  batch ms  AutoETS ms  ratio   single ms  ratio to AutoETS")
    ratios, singles = [], []
    for n in (8, 10, 15, 20):
        some = tasks[(tasks.n == n) & (tasks.h == 3)]
        some = pd.concat([some] * 3).head(500)
        histories = np.array(some.history.tolist())
        years = some.origin.to_numpy()[:, None] + np.arange(1 - n, 1)
        kinds = some.kind.to_numpy()
        few = histories[:60]

        def ours(h: Any = histories, y: Any = years, k: Any = kinds) -> None:
            batch(h, y, 3, k, np.random.default_rng(0))

        def theirs(h: Any = few) -> None:
            for row in h:
                auto_ets(row, 3)

        def alone(h: Any = few, y: Any = years, k: Any = kinds) -> None:
            for row, when, kind in zip(h, y, k, strict=False):
                told = forecast(row, when, 3, "ratio" if kind == "rate" else kind)
                told.quantile([0.1, 0.5, 0.9])

        for warm in (ours, theirs, alone):
            warm()
        rounds = [(clock(ours), clock(theirs), clock(alone)) for _ in range(ROUNDS)]
        a, b, c = (statistics.median(r[i] for r in rounds) for i in range(3))
        a, b, c = a / len(histories) * 1e3, b / len(few) * 1e3, c / len(few) * 1e3
        ratios.append(a / b)
        singles.append(c / b)
        print(f"{n:6d} {a:9.3f} {b:11.3f} {a / b:6.2f} {c:11.3f} {c / b:8.2f}")
    print(f"batch: {statistics.median(ratios):.2f} x AutoETS; single: "
          f"{statistics.median(singles):.2f} x AutoETS")  # fmt: skip


if __name__ == "__main__":
    main()
