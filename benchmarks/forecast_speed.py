"""Processor time beside statsforecast's AutoETS, in one run: medians of interleaved rounds.

    python -m benchmarks.forecast_speed

batch   500 histories at once, 100 quantiles of the last year, against AutoETS one by one
        (compiled, one core), with two intervals
single  one `forecast` call and three quantiles of three years, against one AutoETS

Three panels: 3 to 20 points mixed as in the shared tasks, 8 to 20, and 20 alone. AutoETS refuses
many short series; its time is that of a series it answers, and the share it answers is printed.
"""

from __future__ import annotations

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import statistics  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
import warnings  # noqa: E402
from collections.abc import Callable  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from benchmarks.forecast import LEVELS  # noqa: E402
from benchmarks.forecast_windows import SHARED  # noqa: E402
from corridor_model.forecasting import forecast, forecast_batch  # noqa: E402

ROUNDS = 7


def clock(call: Callable[[], Any]) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start


def auto_ets(history: np.ndarray, horizon: int) -> bool:
    """Forecast one series by AutoETS, and whether it answers."""
    from statsforecast.models import AutoETS

    try:
        AutoETS(season_length=1).forecast(y=np.log(history), h=horizon, level=[50, 80])
    except Exception:  # it gives up on many short series
        return False
    return True


def measure(tasks: pd.DataFrame) -> tuple[float, float, float, float]:
    """Milliseconds a series of a batch, of AutoETS, of a single call; share AutoETS answers."""
    some = tasks.sample(500, random_state=7, replace=len(tasks) < 500)
    histories = [np.asarray(h, float) for h in some.history]
    years = [np.arange(o - len(h) + 1, o + 1) for o, h in zip(some.origin, histories, strict=True)]
    kinds = ["ratio" if kind == "rate" else kind for kind in some.kind]
    answered = [i for i, row in enumerate(histories) if auto_ets(row, 3)]
    few = answered[:60]

    def ours() -> None:
        forecast_batch(histories, years, 3, kinds).last_year_quantile(LEVELS)

    def theirs() -> None:
        for i in few:
            auto_ets(histories[i], 3)

    def alone() -> None:
        for i in few:
            forecast(histories[i], years[i], 3, kinds[i]).quantile([0.1, 0.5, 0.9])

    for warm in (ours, theirs, alone):
        warm()
    rounds = [(clock(ours), clock(theirs), clock(alone)) for _ in range(ROUNDS)]
    a, b, c = (1e3 * statistics.median(r[i] for r in rounds) for i in range(3))
    return a / len(histories), b / len(few), c / len(few), len(answered) / len(histories)


def main() -> None:
    try:
        import statsforecast
    except ImportError:
        sys.exit("statsforecast is not installed. Install it with: "
                 "pip install 'corridor-model[benchmarks]'")  # fmt: skip
    tasks = pd.read_parquet(SHARED / "dev_tasks.parquet")
    tasks = tasks[tasks.h == 3]
    print(f"statsforecast {statsforecast.__version__}; 500 series, {ROUNDS} rounds")
    print("points  batch ms  AutoETS ms  ratio  single ms  ratio  AutoETS answers")
    warnings.simplefilter("ignore")  # shares that look like fractions, fits that do not converge
    for least, most in ((3, 20), (8, 20), (20, 20)):
        a, b, c, answers = measure(tasks[tasks.n.between(least, most)])
        print(f"{least:3d}-{most:2d} {a:9.3f} {b:11.3f} {a / b:6.3f} {c:10.3f} {c / b:6.2f} "
              f"{answers:12.0%}")  # fmt: skip


if __name__ == "__main__":
    main()
