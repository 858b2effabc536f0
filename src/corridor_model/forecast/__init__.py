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
    from .api import forecast as forecast
    from .api import forecast_batch as forecast_batch
    from .backtesting import Backtest as Backtest
    from .backtesting import backtest as backtest
    from .base_rates import BaseRate as BaseRate
    from .base_rates import feasibility as feasibility
    from .calibration import calibrate as calibrate
    from .explain import Explanation as Explanation
    from .inputs import ForecastError as ForecastError
    from .inputs import NoScaleError as NoScaleError
    from .methods import METHODS as METHODS
    from .methods import log_linear_fit as log_linear_fit
    from .methods import prob_reach_lognormal as prob_reach_lognormal
    from .predictive import Predictive as Predictive
    from .predictive import PredictiveBatch as PredictiveBatch
    from .weights import Weights as Weights
    from .weights import shipped_weights as shipped_weights

_HOMES = {
    "forecast": "api",
    "forecast_batch": "api",
    "Backtest": "backtesting",
    "backtest": "backtesting",
    "BaseRate": "base_rates",
    "feasibility": "base_rates",
    "calibrate": "calibration",
    "Explanation": "explain",
    "ForecastError": "inputs",
    "NoScaleError": "inputs",
    "METHODS": "methods",
    "log_linear_fit": "methods",
    "prob_reach_lognormal": "methods",
    "Predictive": "predictive",
    "PredictiveBatch": "predictive",
    "Weights": "weights",
    "shipped_weights": "weights",
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

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *__all__})


sys.modules[__name__].__class__ = _CallablePackage
