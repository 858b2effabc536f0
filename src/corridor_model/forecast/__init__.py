"""Where is it heading: predictive distributions for short annual series.

The package is itself callable: ``corridor_model.forecast(history, years, horizon, kind)`` is
`corridor_model.forecast.forecast`, whichever of the two was imported first.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corridor_model.forecast.backtest import Backtest as Backtest
    from corridor_model.forecast.backtest import backtest as backtest
    from corridor_model.forecast.history import ForecastError as ForecastError
    from corridor_model.forecast.history import NoScaleError as NoScaleError
    from corridor_model.forecast.pooling import Weights as Weights
    from corridor_model.forecast.pooling import shipped_weights as shipped_weights
    from corridor_model.forecast.predictive import Explanation as Explanation
    from corridor_model.forecast.reference_methods import METHODS as METHODS
    from corridor_model.forecast.reference_methods import log_linear_fit as log_linear_fit
    from corridor_model.forecast.reference_methods import (
        prob_reach_lognormal as prob_reach_lognormal,
    )

    from .api import forecast as forecast
    from .api import forecast_batch as forecast_batch
    from .base_rates import BaseRate as BaseRate
    from .base_rates import feasibility as feasibility
    from .calibration import calibrate as calibrate
    from .predictive import Predictive as Predictive
    from .predictive import PredictiveBatch as PredictiveBatch

_HOMES = {
    "forecast": "api",
    "forecast_batch": "api",
    "Backtest": "backtest",
    "backtest": "backtest",
    "BaseRate": "base_rates",
    "feasibility": "base_rates",
    "calibrate": "calibration",
    "Explanation": "predictive",
    "ForecastError": "history",
    "NoScaleError": "history",
    "METHODS": "reference_methods",
    "log_linear_fit": "reference_methods",
    "prob_reach_lognormal": "reference_methods",
    "Predictive": "predictive",
    "PredictiveBatch": "predictive",
    "Weights": "pooling",
    "shipped_weights": "pooling",
}

__all__ = sorted(_HOMES)  # noqa: PLE0605


class _CallablePackage(ModuleType):
    """The package answers a call as its function `forecast` does."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        from .api import forecast

        return forecast(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)

    def __setattr__(self, name: str, value: Any) -> None:
        # a module named like a public function must not hide it
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *__all__})


sys.modules[__name__].__class__ = _CallablePackage
