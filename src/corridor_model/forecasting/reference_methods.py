"""Older methods by name, for comparison beside the default."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from corridor_model._typing import Array
from corridor_model.arguments import number, numbers, single
from corridor_model.files import silenced
from corridor_model.forecasting.history import ForecastError, History, Scale, scale_of
from corridor_model.forecasting.mixture import BOUND
from corridor_model.forecasting.pooling import lots_of_levels
from corridor_model.messages import N_, Listing


@dataclass(frozen=True, eq=False)
class NormalForecast:
    """A normal change in each year, on the coordinate of the route; one history.

    Attributes
    ----------
    scale : Scale
    mean, sd : ndarray, shape (H,)
        Of the change since the last value; ``sd`` may be 0.
    growing : bool
        Whether joint paths move like a random walk (else years err alike).
    """

    scale: Scale
    mean: Array
    sd: Array

    @property
    def shape(self) -> tuple[int, int]:
        """Histories (always 1) and horizon years."""
        return 1, len(self.mean)

    def cdf(self, values: Array, strict: bool = False) -> Array:
        """P(value <= x), or < x if strict, shape (1, H, Q)."""
        return self.scale.bounded(
            self.change_cdf(self.scale.change(values), strict), values, strict
        )

    def change_cdf(self, change: Array, strict: bool = False) -> Array:
        """P(change since the last value <= x), or < x if strict, shape (1, H, Q)."""
        off = change - self.mean[:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            score = np.where(off == 0, 0.0, off / self.sd[:, None])
        certain = off > 0 if strict else off >= 0
        return np.where(self.sd[:, None] == 0, certain.astype(float), np.asarray(ndtr(score)))

    def quantile(self, levels: Array, polish: bool = True) -> Array:
        """Values at probabilities, shape (1, H, Q)."""
        change = self.change_quantile(levels, polish)
        return self.scale.value(change, lots_of_levels(self, levels))

    def change_quantile(self, levels: Array, polish: bool = True) -> Array:  # noqa: ARG002
        """Changes at probabilities, on the scale's coordinate, shape (1, H, Q)."""
        spread = np.clip(np.asarray(ndtri(levels)), -1e3, 1e3)
        change = self.mean[:, None] + self.sd[:, None] * spread
        return np.clip(change, -BOUND, BOUND)[None]

    def only(self, year: int) -> NormalForecast:
        """Keep one horizon year (0 is the first; -1 the last)."""
        return replace(self, mean=self.mean[year, None], sd=self.sd[year, None])

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        """Independent draws, shape (1, H, n)."""
        change = self.change_sample(n, rng)
        return self.scale.value(change, self.scale.lots(change.shape, rng))

    def change_sample(self, n: int, rng: np.random.Generator) -> Array:
        """Independent draws of each year's change since the last value, shape (1, H, n)."""
        noise = rng.standard_normal((len(self.mean), n))
        change = self.mean[:, None] + self.sd[:, None] * noise
        return np.asarray(np.clip(change, -BOUND, BOUND)[None])

    def paths(self, n: int, rng: np.random.Generator) -> Array:
        """Joint draws whose yearly increments are independent, shape (1, H, n)."""
        change = self.change_paths(n, rng)
        return self.scale.value(change, self.scale.lots(change[:, :1].shape, rng))

    def change_paths(self, n: int, rng: np.random.Generator) -> Array:
        """Joint draws of all years' changes since the last value, shape (1, H, n)."""
        grown = np.diff(self.sd**2, prepend=0.0)
        steps = rng.standard_normal((len(self.mean), n)) * np.sqrt(np.maximum(grown, 0))[:, None]
        walked = np.cumsum(steps, axis=0)
        total = np.sqrt(np.cumsum(np.maximum(grown, 0)))
        fit = np.divide(self.sd, total, out=np.zeros_like(total), where=total > 0)
        change = self.mean[:, None] + walked * fit[:, None]
        return np.asarray(np.clip(change, -BOUND, BOUND)[None])


def _random_walk(path: Array, years: Array, ahead: Array) -> tuple[Array, Array]:
    """No drift; the size of yearly change as seen."""
    gaps = np.diff(years)
    step = np.diff(path) / np.sqrt(gaps)
    size = float(np.sqrt((step * step).mean())) if len(step) else 0.0
    return np.zeros(len(ahead)), size * np.sqrt(ahead)


def _drift(path: Array, years: Array, ahead: Array) -> tuple[Array, Array]:
    """Mean yearly change goes on; its own error counts.

    References
    ----------
    Hyndman, R. J. and Athanasopoulos, G. (2021). Forecasting: Principles and Practice, 5.2.
    """
    span = float(years[-1] - years[0])
    if span == 0:
        return np.zeros(len(ahead)), np.zeros(len(ahead))
    slope = (path[-1] - path[0]) / span
    gaps = np.diff(years)
    rest = (np.diff(path) - slope * gaps) / np.sqrt(gaps)
    free = len(rest) - 1
    size = float(np.sqrt((rest * rest).sum() / free)) if free else 0.0
    return slope * ahead, size * np.sqrt(ahead + ahead**2 / span)


def _damped_trend(path: Array, years: Array, ahead: Array) -> tuple[Array, Array]:
    """Smoothed trend that fades by a tenth a year (smoothing 0.5 and 0.3, fixed).

    References
    ----------
    Gardner, E. S. and McKenzie, E. (1985). Forecasting trends in time series,
    Management Science 31, 1237-1246.
    """
    alpha, beta, phi = 0.5, 0.3, 0.9
    level, trend = path[0], 0.0 if len(path) < 2 else (path[1] - path[0]) / (years[1] - years[0])
    errors = []
    for i in range(1, len(path)):
        gap = int(years[i] - years[i - 1])
        faded = trend * phi**gap
        guess = level + trend * sum(phi**j for j in range(1, gap + 1))
        error = path[i] - guess
        errors.append(error / np.sqrt(gap))
        level, trend = guess + alpha * error, faded + beta * alpha * error / gap
    reach = np.cumsum(phi ** np.arange(1, len(ahead) + 1))
    size = float(np.sqrt(np.mean(np.square(errors[1:] or errors)))) if errors else 0.0
    weight = alpha * (1 + beta * np.concatenate([[0.0], reach[:-1]]))
    weight[0] = 1.0
    return level - path[-1] + trend * reach, size * np.sqrt(np.cumsum(weight**2))


def _ets(path: Array, years: Array, ahead: Array) -> tuple[Array, Array]:
    """Additive errors and damped additive trend, fitted by statsmodels; needs 5 even years.

    References
    ----------
    Hyndman, R. J. et al. (2008). Forecasting with Exponential Smoothing, chapter 6.
    """
    if len(path) < 5 or (np.diff(years) != 1).any() or float(np.ptp(path)) == 0:
        raise ForecastError(N_("The method 'ets' needs at least 5 consecutive years that differ."))
    with silenced("statsmodels", "pandas", "scipy", "numpy", "patsy"):
        import pandas as pd
        from statsmodels.tsa.exponential_smoothing.ets import ETSModel

        model: Any = ETSModel(pd.Series(path), error="add", trend="add", damped_trend=True)
        fitted = model.fit(disp=False)
        prediction = fitted.get_prediction(start=len(path), end=len(path) + len(ahead) - 1)
        mean = np.asarray(prediction.predicted_mean, float)
        sd = np.sqrt(np.maximum(np.asarray(prediction.forecast_variance, float), 0.0))
    if not (np.isfinite(mean).all() and np.isfinite(sd).all()):
        raise ForecastError(N_("The method 'ets' found no finite forecast for this series."))
    return mean - path[-1], sd


_BY_NAME: dict[str, Callable[[Array, Array, Array], tuple[Array, Array]]] = {
    "random_walk": _random_walk,
    "drift": _drift,
    "damped_trend": _damped_trend,
    "ets": _ets,
}
METHODS = tuple(_BY_NAME)


def by_name(method: str, history: History, route: str, horizon: int) -> NormalForecast:
    """Forecast one history by a comparison method, on the coordinate of its route."""
    if method not in _BY_NAME:
        raise ForecastError(
            N_("Unknown method {method!r}. Use default, {methods}."),
            method=method,
            methods=Listing(METHODS),
        )
    on = "additive" if route == "gamma_poisson" else route
    scale = scale_of(on, np.array([history.values]), [history.kind])
    path = scale.path(np.array([history.values]))[0]
    ahead = np.arange(1, horizon + 1, dtype=float)
    mean, sd = _BY_NAME[method](path, np.asarray(history.years, float), ahead)
    return NormalForecast(scale, mean, sd)


def log_linear_fit(x: ArrayLike, y: ArrayLike, predict_x: ArrayLike) -> Array:
    """Extrapolate an exponential fitted by least squares on logs (a spreadsheet's GROWTH).

    Parameters
    ----------
    x, y : array_like, shape (n,)
        Years and positive values.
    predict_x : array_like
        Years wanted.

    Returns
    -------
    ndarray
        Values, shaped like ``predict_x``.

    Raises
    ------
    ForecastError
        If a value is not positive, or all years are the same.

    Examples
    --------
    >>> float(log_linear_fit([1, 2, 3], [2.0, 4.0, 8.0], 4).round(6))
    16.0
    """
    year, value = numbers("x", x), numbers("y", y)
    if year.shape != value.shape or year.size < 2 or float(np.ptp(year)) == 0:
        raise ForecastError(N_("An exponential needs values in at least two different years."))
    if not (value > 0).all():
        raise ForecastError(N_("An exponential needs positive values."))
    log, off = np.log(value), year - year.mean()
    slope = (off * log).sum() / (off * off).sum()
    return np.asarray(np.exp(log.mean() + slope * (np.asarray(predict_x, float) - year.mean())))


def prob_reach_lognormal(
    start: float,
    target: float,
    mu_log: float,
    sigma_log: float,
    years: float,
    direction: str = "up",
) -> float:
    """P that a geometric random walk stands at or beyond a target after some years.

    Parameters
    ----------
    start, target : float
        Positive values.
    mu_log, sigma_log : float
        Mean and standard deviation of yearly log growth; ``sigma_log`` may be 0.
    years : float
        Years ahead.
    direction : {"up", "down"}
        ``up`` asks for value >= target, ``down`` for value <= target; an exact hit counts (S3).

    References
    ----------
    Johnson, N. L., Kotz, S. and Balakrishnan, N. (1994). Continuous Univariate
    Distributions 1, chapter 14.

    Examples
    --------
    >>> prob_reach_lognormal(100, 100, 0.0, 0.1, 3)
    0.5
    """
    single(direction=direction)
    start, target, mu_log, sigma_log, years = map(
        number,
        ("start", "target", "mu_log", "sigma_log", "years"),
        (start, target, mu_log, sigma_log, years),
    )
    if not (start > 0 and target > 0 and sigma_log >= 0 and years >= 0):
        raise ForecastError(N_("Start and target must be positive, sigma and years not negative."))
    if direction not in ("up", "down"):
        raise ForecastError(N_("The direction must be 'up' or 'down'."))
    excess = np.log(start) + mu_log * years - np.log(target)
    if direction == "down":
        excess = -excess
    spread = sigma_log * np.sqrt(years)
    if spread == 0:
        # a hit to within rounding of the logarithms is a hit
        return 1.0 if excess >= -1e-12 * max(1.0, abs(float(np.log(target)))) else 0.0
    return float(ndtr(excess / spread))
