"""The made-up plan simulated in other ways: by hand in NumPy, and with the EMA Workbench.

The model is that of :mod:`benchmarks.scenario` without its money: yearly growth of each
indicator, late works that add to six indicators each, quantiles, gaps, odds and counts.
"""

from __future__ import annotations

import time
import warnings

import numpy as np

INDICATORS, WORKS, SCENARIOS, YEARS = 60, 20, 20, 4
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
START, TARGET = 100.0, 136.0
MONEY = np.arange(5, 5 + WORKS)
TOUCHED = np.zeros((WORKS, INDICATORS))
for _work in range(WORKS):
    TOUCHED[_work, [(6 * _work + _k) % INDICATORS for _k in range(6)]] = 0.3


def plain_numpy(scenario: int, draws: int) -> None:
    """One scenario as an analyst would write it: fresh draws, cumprod, np.quantile.

    Draws are the last axis, which suits np.quantile.
    """
    rng = np.random.default_rng(scenario)
    growth = rng.normal(0.06, 0.05, (INDICATORS, YEARS, draws))
    late = rng.triangular(0, 2 + scenario, 12 + 2 * scenario, (WORKS, draws)) / 12
    value = START * np.cumprod(1 + growth, axis=1)
    for year in range(YEARS):
        done = np.clip((year + 1 - late) / 3, 0, 1) - min(1, (year + 1) / 3)
        value[:, year] += TOUCHED.T @ (done * MONEY[:, None])
    np.quantile(value, QUANTILES, axis=-1)
    met = value[:, -1] >= TARGET
    met.mean(axis=-1)
    np.quantile(value[:, -1] - TARGET, QUANTILES, axis=-1)
    np.bincount(met.sum(axis=0), minlength=INDICATORS + 1)


def plain_rows(scenario: int, draws: int) -> None:
    """The same with one row a draw, as designs and most sampling libraries hand them out."""
    rng = np.random.default_rng(scenario)
    growth = rng.normal(0.06, 0.05, (draws, INDICATORS, YEARS))
    late = rng.triangular(0, 2 + scenario, 12 + 2 * scenario, (draws, WORKS)) / 12
    value = START * np.cumprod(1 + growth, axis=2)
    for year in range(YEARS):
        done = np.clip((year + 1 - late) / 3, 0, 1) - min(1, (year + 1) / 3)
        value[:, :, year] += (done * MONEY) @ TOUCHED
    np.quantile(value, QUANTILES, axis=0)
    met = value[:, :, -1] >= TARGET
    met.mean(axis=0)
    np.quantile(value[:, :, -1] - TARGET, QUANTILES, axis=0)
    np.bincount(met.sum(axis=1), minlength=INDICATORS + 1)


def one_draw(latest: float = 12.0, **z: float) -> dict[str, object]:
    """One scenario in one draw, as the EMA Workbench calls a model."""
    growth = np.array([z[f"g{i}"] for i in range(INDICATORS * YEARS)])
    late = latest / 12 * np.array([z[f"w{i}"] for i in range(WORKS)])
    value = START * np.cumprod(1 + growth.reshape(INDICATORS, YEARS), axis=1)
    years = np.arange(1, YEARS + 1)[:, None]
    done = np.clip((years - late) / 3, 0, 1) - np.minimum(1, years / 3)
    value += ((done * MONEY) @ TOUCHED).T
    met = value[:, -1] >= TARGET
    return {"value": value.ravel(), "met": met.astype(float), "n": float(met.sum())}


def workbench(draws: int, scenarios: int = 2) -> float | None:
    """Seconds per scenario and draw of the EMA Workbench, one after another.

    None where the workbench is not installed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it names the evaluators that are not installed
        try:
            import ema_workbench as ema
        except ImportError:
            return None
    model = ema.Model("corridor", function=one_draw)
    model.uncertainties = [
        *(ema.RealParameter(f"g{i}", -0.09, 0.21) for i in range(INDICATORS * YEARS)),
        *(ema.RealParameter(f"w{i}", 0.0, 1.0) for i in range(WORKS)),
    ]
    model.levers = [ema.RealParameter("latest", 12.0, 50.0)]
    model.outcomes = [
        ema.ArrayOutcome("value", shape=(INDICATORS * YEARS,), dtype=float),
        ema.ArrayOutcome("met", shape=(INDICATORS,), dtype=float),
        ema.ScalarOutcome("n"),
    ]
    begin = time.perf_counter()
    with ema.SequentialEvaluator(model) as evaluator:
        _, outcomes = evaluator.perform_experiments(scenarios=draws, policies=scenarios)
    by_scenario = outcomes["value"].reshape(scenarios, draws, -1)
    np.quantile(by_scenario, QUANTILES, axis=1)
    outcomes["met"].reshape(scenarios, draws, -1).mean(axis=1)
    return (time.perf_counter() - begin) / (draws * scenarios)
