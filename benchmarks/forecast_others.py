"""Other methods beside the default on both benchmarks, in one table.

    python -m benchmarks.forecast_others [--limit 300] [--targets 300]

statsforecast (AutoETS, AutoARIMA, Theta) and LightGBM are benchmarks alone and no dependency: where
they cannot be imported their row says so, and the shared anchors.csv holds what was measured
elsewhere. statsmodels, a least-squares line and the library's own comparison methods always run.
A method that fails on a series is scored there as the log random walk, and counted.
"""

from __future__ import annotations

import argparse
import os
import time
import warnings

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

from collections.abc import Callable  # noqa: E402
from functools import partial  # noqa: E402

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from scipy.special import ndtri, stdtrit  # noqa: E402

from benchmarks.forecast import LEVELS, single  # noqa: E402
from benchmarks.forecast_folds import figures, scorer  # noqa: E402
from benchmarks.forecast_methods import damped_trend, drift, random_walk  # noqa: E402
from benchmarks.forecast_targets import target_tasks  # noqa: E402
from benchmarks.forecast_windows import SHARED, cut, load_series  # noqa: E402

Draw = Callable[[np.ndarray, np.ndarray, int, str, np.random.Generator], np.ndarray]
NORMAL = np.asarray(ndtri(LEVELS))


def line(
    history: np.ndarray, years: np.ndarray, horizon: int, kind: str, rng: np.random.Generator
) -> np.ndarray:
    """Least-squares line through the values with its t interval."""
    del kind, rng
    x, n = np.asarray(years, float), len(history)
    centre, sxx = x.mean(), ((x - x.mean()) ** 2).sum()
    slope = ((x - centre) * (history - history.mean())).sum() / sxx
    fitted = history.mean() + slope * (x - centre)
    size = np.sqrt(((history - fitted) ** 2).sum() / (n - 2))
    at = x[-1] + horizon
    spread = size * np.sqrt(1 + 1 / n + (at - centre) ** 2 / sxx)
    return history.mean() + slope * (at - centre) + spread * stdtrit(n - 2, LEVELS)


def by_logs(
    history: np.ndarray, years: np.ndarray, horizon: int, kind: str, rng: np.random.Generator,
    model: Callable[[np.ndarray, int], tuple[float, float]],
) -> np.ndarray:  # fmt: skip
    """A model of logs with a normal answer: its mean and standard deviation."""
    del years, kind, rng
    positive = bool((history > 0).all())
    mean, sd = model(np.log(history) if positive else history, horizon)
    if not (np.isfinite(mean) and np.isfinite(sd)):
        raise ValueError("no finite forecast")
    out = mean + sd * NORMAL
    return np.exp(np.clip(out, -700, 700)) if positive else out


def statsmodels_ets(x: np.ndarray, horizon: int) -> tuple[float, float]:
    """ETS(A,Ad,N)."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    fitted = ETSModel(pd.Series(x), error="add", trend="add", damped_trend=True).fit(disp=False)
    told = fitted.get_prediction(start=len(x), end=len(x) + horizon - 1)
    return float(np.asarray(told.predicted_mean)[-1]), float(
        np.sqrt(np.asarray(told.forecast_variance)[-1])
    )


def statsmodels_theta(x: np.ndarray, horizon: int) -> tuple[float, float]:
    """The Theta method."""
    from statsmodels.tsa.forecasting.theta import ThetaModel

    fitted = ThetaModel(pd.Series(x), deseasonalize=False).fit()
    interval = fitted.prediction_intervals(horizon, alpha=0.3173).to_numpy()[-1]
    return float(fitted.forecast(horizon).to_numpy()[-1]), float((interval[1] - interval[0]) / 2)


def statsmodels_arima(x: np.ndarray, horizon: int) -> tuple[float, float]:
    """ARIMA(0,1,1) with drift."""
    from statsmodels.tsa.arima.model import ARIMA

    told = ARIMA(x, order=(0, 1, 1), trend="t").fit().get_forecast(horizon)
    return float(told.predicted_mean[-1]), float(np.sqrt(told.var_pred_mean[-1]))


def statsforecast_model(name: str) -> Callable[[np.ndarray, int], tuple[float, float]]:
    """AutoETS, AutoARIMA or Theta of statsforecast."""
    from statsforecast import models

    def told(x: np.ndarray, horizon: int) -> tuple[float, float]:
        answer = getattr(models, name)(season_length=1).forecast(y=x, h=horizon, level=[68.27])
        half = (answer["hi-68.27"][-1] - answer["lo-68.27"][-1]) / 2
        return float(answer["mean"][-1]), float(half)

    return told


def lightgbm_quantiles() -> Draw:
    """Gradient-boosted quantiles of the change in logs, taught on windows of the series."""
    from lightgbm import LGBMRegressor

    windows = [w for w in cut(load_series(), 12, 7) if len(w.values) >= 3]

    def facts(values: np.ndarray, horizon: int, kind: str) -> list[float]:
        step = np.diff(np.log(values))
        kinds = [float(kind == k) for k in ("level", "share", "count")]
        level = float(np.log(values[-1])) * (kind in ("share", "count"))
        spread = step.mean(), step.std(), np.abs(step).mean()
        return [len(step), horizon, *spread, step[-1], step[-2], level, *kinds]

    x = np.array([facts(np.array(w.values), w.ahead, w.kind) for w in windows])
    y = np.array([np.log(w.actual / w.values[-1]) for w in windows])
    levels = np.array([0.02, 0.05, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.95, 0.98])
    models = [
        LGBMRegressor(objective="quantile", alpha=q, n_estimators=200, num_leaves=15)
        .fit(x, y) for q in levels
    ]  # fmt: skip

    def told(
        history: np.ndarray, years: np.ndarray, horizon: int, kind: str, rng: np.random.Generator
    ) -> np.ndarray:
        del years, rng
        row = np.array([facts(history, horizon, "ratio" if kind == "rate" else kind)])
        change = np.sort([float(model.predict(row)[0]) for model in models])
        return history[-1] * np.exp(np.interp(LEVELS, levels, change))

    return told


METHODS: dict[str, Callable[[], Draw]] = {
    "corridor_model default": lambda: single,
    "log random walk": lambda: random_walk,
    "log drift": lambda: drift,
    "damped trend": lambda: damped_trend,
    "least-squares line, t interval": lambda: line,
    "statsmodels ETS(A,Ad,N)": lambda: partial(by_logs, model=statsmodels_ets),
    "statsmodels Theta": lambda: partial(by_logs, model=statsmodels_theta),
    "statsmodels ARIMA(0,1,1), drift": lambda: partial(by_logs, model=statsmodels_arima),
    **{
        f"statsforecast {name}": lambda name=name: partial(by_logs, model=statsforecast_model(name))
        for name in ("AutoETS", "AutoARIMA", "Theta")
    },
    "LightGBM quantiles": lightgbm_quantiles,
}


def on_targets(draw: Draw, tasks: pd.DataFrame) -> tuple[pd.Series, int]:
    """Mean Brier score by family, and how many tasks failed."""
    rng, failed, p = np.random.default_rng(0), 0, []
    for t in tasks.itertuples():
        history, years = np.array(t.history[-20:], float), np.array(t.years[-20:])
        try:
            drawn = draw(history, years, t.h, t.kind, rng)
            assert np.isfinite(drawn).all()
        except Exception:  # a failing method is a result
            failed += 1
            drawn = random_walk(history, years, t.h, t.kind, rng)
        p.append(np.mean(drawn >= t.target if t.sense == "at_least" else drawn <= t.target))
    return ((np.array(p) - tasks.met) ** 2).groupby(tasks.family).mean(), failed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--limit", type=int, default=300)
    parser.add_argument("--targets", type=int, default=300)
    parser.add_argument("--only", nargs="*", default=list(METHODS))
    options = parser.parse_args()
    series = pd.read_parquet(SHARED / "dev_tasks.parquet").sample(options.limit, random_state=7)
    series = series.sort_index().reset_index(drop=True)
    families = [family for _, family in target_tasks().groupby("family")]
    each = options.targets // len(families)
    part = pd.concat([f.sample(min(len(f), each), random_state=7) for f in families])
    part = part.reset_index(drop=True)
    rows = []
    for name in options.only:
        try:
            draw = METHODS[name]()
        except ImportError as error:
            print(f"{name}: not measured here ({error.name} is not installed)")
            continue
        start = time.perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            drawn, failed, _, _ = scorer().forecast_all(series, draw, False, 0)
            brier, lost = on_targets(draw, part)
        got = figures(series, np.sort(drawn, 1))
        kept = {key: got[key] for key in ("logCRPSr", "BSS", "ECE", "cov80")}
        rows.append({"method": name, **kept, "failed": failed.mean(), **brier.to_dict(),
                     "mean Brier": brier.mean(), "failed on targets": lost / len(part),
                     "seconds": time.perf_counter() - start})  # fmt: skip
        print({k: round(v, 3) if k != "method" else v for k, v in rows[-1].items()}, flush=True)
    print(pd.DataFrame(rows).round(3).to_string(index=False))


if __name__ == "__main__":
    main()
