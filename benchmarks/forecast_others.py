"""Other methods beside the default on both benchmarks, in one table.

    python -m benchmarks.forecast_others [--limit 600] [--targets 600] [--weights out/forecast]

statsforecast (AutoETS, AutoARIMA, Theta) and LightGBM are needed by this page alone: where they
cannot be imported the script says how to install them and measures the rest. statsmodels, a
least-squares line and the library's own comparison methods always run. A method that fails on a
series is scored there as the log random walk, and counted.

On the series what was taught is asked of entities it never saw: LightGBM is taught five times
without a fifth of the entities, and with ``--weights`` (the folder that
``benchmarks.forecast_folds`` leaves) the default is, too; without it the shipped weights answer,
which were taught on these series. On the targets the shipped weights answer, and a LightGBM
taught on all series.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import time
import warnings

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

from collections.abc import Callable  # noqa: E402
from functools import partial  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from scipy.special import ndtri, stdtrit  # noqa: E402

from benchmarks.forecast import LEVELS, batch  # noqa: E402
from benchmarks.forecast_folds import figures, scorer  # noqa: E402
from benchmarks.forecast_methods import damped_trend, drift, random_walk  # noqa: E402
from benchmarks.forecast_targets import target_tasks  # noqa: E402
from benchmarks.forecast_windows import (  # noqa: E402
    FOLDS,
    SHARED,
    cut,
    fold_of,
    load_series,
)
from corridor_model.forecasting.pooling import features, read_weights  # noqa: E402

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
        # AutoARIMA answers with a Series whose index need not start at 0
        low, high = (np.asarray(answer[f"{end}-68.27"])[-1] for end in ("lo", "hi"))
        return float(np.asarray(answer["mean"])[-1]), float(high - low) / 2

    return told


def default(weights: Path | None, fold: int | None) -> Draw:
    """The library's default, by the weights of a fold or the shipped ones."""
    mine = None if weights is None or fold is None else read_weights(weights / f"fold_{fold}")

    def told(
        history: np.ndarray, years: np.ndarray, horizon: int, kind: str, rng: np.random.Generator
    ) -> np.ndarray:
        return batch(history[None], years[None], horizon, np.array([kind]), rng, mine)[0]

    return told


BOOSTED = (0.02, 0.05, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.95, 0.98)
"""Quantiles that LightGBM is taught; between them its answer is interpolated."""


def boosted_facts(values: np.ndarray, horizon: int, kind: str) -> tuple[list[float], float]:
    """What LightGBM is shown of a history (the gate's features, horizon, kind), and its unit."""
    path = np.log(values)
    facts = features(path[None], (1,) * (len(values) - 1), [kind], "log")[0]
    unit = max(float(np.sqrt((np.diff(path) ** 2).mean())), 1e-3)
    kinds = [float(kind == k) for k in ("level", "share", "count")]
    return [*facts, float(horizon), unit, *kinds], unit


def lightgbm_quantiles(weights: Path | None, fold: int | None) -> Draw:
    """Gradient-boosted quantiles of the change in logs, in units of the rms step."""
    del weights
    import lightgbm

    series = load_series()
    if fold is not None:
        series = series[series.entity.map(fold_of) != fold]
    windows = [w for w in cut(series, 6, 7) if len(w.values) >= 3]
    shown = [boosted_facts(np.array(w.values), w.ahead, w.kind) for w in windows]
    x = np.array([facts for facts, _ in shown])
    moved = np.array([np.log(w.actual / w.values[-1]) for w in windows])
    y = moved / np.array([unit for _, unit in shown])
    settings = {"objective": "quantile", "learning_rate": 0.05, "num_leaves": 15,
                "min_data_in_leaf": 50, "num_threads": 1, "seed": 7, "verbose": -1}  # fmt: skip
    models = [
        lightgbm.train({**settings, "alpha": q}, lightgbm.Dataset(x, y), num_boost_round=200)
        for q in BOOSTED
    ]

    def told(
        history: np.ndarray, years: np.ndarray, horizon: int, kind: str, rng: np.random.Generator
    ) -> np.ndarray:
        del years, rng
        facts, unit = boosted_facts(history, horizon, "ratio" if kind == "rate" else kind)
        change = np.sort([float(m.predict(np.array([facts]))[0]) for m in models]) * unit
        return history[-1] * np.exp(np.interp(LEVELS, BOOSTED, change))

    return told


def untaught(draw: Callable[[], Draw]) -> Callable[[Path | None, int | None], Draw]:
    """A method that no series teach."""
    return lambda _weights, _fold: draw()


LEARNED = ("corridor_model default", "LightGBM quantiles")
METHODS: dict[str, Callable[[Path | None, int | None], Draw]] = {
    "corridor_model default": default,
    "log random walk": untaught(lambda: random_walk),
    "log drift": untaught(lambda: drift),
    "damped trend": untaught(lambda: damped_trend),
    "least-squares line, t interval": untaught(lambda: line),
    "statsmodels ETS(A,Ad,N)": untaught(lambda: partial(by_logs, model=statsmodels_ets)),
    "statsmodels Theta": untaught(lambda: partial(by_logs, model=statsmodels_theta)),
    "statsmodels ARIMA(0,1,1), drift": untaught(lambda: partial(by_logs, model=statsmodels_arima)),
    **{
        f"statsforecast {name}": untaught(
            lambda name=name: partial(by_logs, model=statsforecast_model(name))
        )
        for name in ("AutoETS", "AutoARIMA", "Theta")
    },
    "LightGBM quantiles": lightgbm_quantiles,
}


def on_series(
    name: str, tasks: pd.DataFrame, weights: Path | None
) -> tuple[np.ndarray, float, float]:
    """Draws of every task, the share that failed, and seconds a forecast."""
    folds = tasks.entity.map(fold_of).to_numpy()
    if name not in LEARNED or (name == LEARNED[0] and weights is None):
        folds = np.full(len(tasks), -1)
    drawn, failed, seconds = np.empty((len(tasks), scorer().M)), np.zeros(len(tasks)), 0.0
    for fold in range(-1, FOLDS):
        at = np.flatnonzero(folds == fold)
        if not at.size:
            continue
        draw = METHODS[name](weights, None if fold < 0 else fold)
        start = time.perf_counter()
        some = tasks.iloc[at].reset_index(drop=True)
        drawn[at], failed[at], _, _ = scorer().forecast_all(some, draw, False, 0)
        seconds += time.perf_counter() - start
    return np.sort(drawn, 1), float(failed.mean()), seconds / len(tasks)


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


def version_of(package: str) -> str:
    """Version of a package, or that it is missing."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "missing"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--limit", type=int, default=600)
    parser.add_argument("--targets", type=int, default=600)
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--only", nargs="*", default=list(METHODS))
    options = parser.parse_args()
    series = pd.read_parquet(SHARED / "dev_tasks.parquet").sample(options.limit, random_state=7)
    series = series.sort_index().reset_index(drop=True)
    families = [family for _, family in target_tasks().groupby("family")]
    each = options.targets // len(families)
    part = pd.concat([f.sample(min(len(f), each), random_state=7) for f in families])
    part = part.reset_index(drop=True)
    packages = ("statsforecast", "lightgbm", "statsmodels", "numpy")
    print(", ".join(f"{name} {version_of(name)}" for name in packages))
    print(f"{len(series)} series tasks; {part.groupby('family').size().to_dict()} target tasks")
    rows = []
    for name in options.only:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                drawn, failed, seconds = on_series(name, series, options.weights)
                brier, lost = on_targets(METHODS[name](None, None), part)
        except ImportError as error:
            print(f"{name}: not measured, {error.name} is not installed. Install it with: "
                  "pip install 'corridor-model[benchmarks]'")  # fmt: skip
            continue
        got = figures(series, drawn)
        kept = {key: got[key] for key in ("logCRPSr", "BSS", "ECE", "cov80")}
        rows.append({"method": name, **kept, "failed": failed, **brier.to_dict(),
                     "mean Brier": brier.mean(), "failed on targets": lost / len(part),
                     "ms a forecast": 1e3 * seconds})  # fmt: skip
        print({k: round(float(v), 3) if k != "method" else v for k, v in rows[-1].items()},
              flush=True)  # fmt: skip
    print(pd.DataFrame(rows).round(3).to_string(index=False))


if __name__ == "__main__":
    main()
