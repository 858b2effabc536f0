from .api import (
    forecast as forecast,
)
from .api import (
    forecast_batch as forecast_batch,
)
from .backtest import (
    Backtest as Backtest,
)
from .backtest import (
    backtest as backtest,
)
from .base_rates import (
    BaseRate as BaseRate,
)
from .base_rates import (
    feasibility as feasibility,
)
from .calibration import (
    calibrate as calibrate,
)
from .history import (
    ForecastError as ForecastError,
)
from .history import (
    NoScaleError as NoScaleError,
)
from .pooling import (
    Weights as Weights,
)
from .pooling import (
    shipped_weights as shipped_weights,
)
from .predictive import (
    Explanation as Explanation,
)
from .predictive import (
    Predictive as Predictive,
)
from .predictive import (
    PredictiveBatch as PredictiveBatch,
)
from .reference_methods import (
    METHODS as METHODS,
)
from .reference_methods import (
    log_linear_fit as log_linear_fit,
)
from .reference_methods import (
    prob_reach_lognormal as prob_reach_lognormal,
)
