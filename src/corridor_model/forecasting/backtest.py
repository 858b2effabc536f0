"""Would it have worked here: rolling-origin forecasts of the user's own series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from corridor_model._deprecated import moved
from corridor_model._typing import Array
from corridor_model.forecasting.api import forecast_batch
from corridor_model.forecasting.experts import KINDS
from corridor_model.forecasting.history import ForecastError, Series, read_panel
from corridor_model.forecasting.pooling import Weights

#: Yearly growth rates whose reaching is asked at every origin.
GROWTH = (0.0, 0.02, 0.05, 0.10, 0.15)
_LEVELS = (np.arange(99) + 0.5) / 99


@dataclass(frozen=True)
class Bin:
    """Probabilities that were stated alike: how often they came true."""

    stated: float
    observed: float
    cases: int


@dataclass(frozen=True, eq=False)
class Backtest:
    """Scores of one method over all origins.

    Attributes
    ----------
    method : str
    tasks : int
        Forecasts made.
    crps : float
        Mean CRPS of log values, lower is better.
    crps_random_walk : float
        The same for a random walk on the same tasks.
    coverage : dict of int to float
        Share of outcomes within the central 50, 80 and 90 % intervals.
    brier, skill : float
        Brier score of reaching the growth rates `GROWTH`, and its skill against the panel's
        own frequency by rate and horizon.
    calibration_error : float
        Mean distance between stated probability and frequency, in ten bins.
    reliability : tuple of Bin
    """

    method: str
    tasks: int
    crps: float
    crps_random_walk: float
    coverage: dict[int, float]
    brier: float
    skill: float
    calibration_error: float
    reliability: tuple[Bin, ...]

    def figure(self, ax: Any, lang: str = "en") -> Any:
        """Draw the reliability: deprecated, use :func:`corridor_model.plot.reliability`."""
        return moved("Backtest.figure", "plot.reliability")(self, ax, lang)


def backtest(
    panel: Any,
    *,
    horizons: tuple[int, ...] = (1, 2, 3),
    fewest: int = 3,
    since: int | None = None,
    weights: Weights | None = None,
    recalibrate: bool = False,
    method: str = "default",
) -> Backtest:
    """Forecast every series from every origin, and compare with what came.

    Parameters
    ----------
    panel : DataFrame or mapping
        As in `calibrate`.
    horizons : tuple of int
        Years ahead.
    fewest : int
        Points a history needs.
    since : int, optional
        First origin.
    weights : Weights, optional
    recalibrate : bool
        Refit the prior at each origin on what was known by then.
    method : str
        ``default`` or a comparison method.

    Returns
    -------
    Backtest

    Raises
    ------
    ForecastError
        If no series is long enough.

    References
    ----------
    Gneiting, T. and Raftery, A. E. (2007). Strictly proper scoring rules, prediction, and
    estimation, J. American Statistical Association 102, 359-378.

    Examples
    --------
    >>> years = list(range(2005, 2020))
    >>> found = backtest({"a": (years, [1.05 ** (y - 2000) for y in years], "level")})
    >>> found.tasks, 0 <= found.brier <= 1
    (33, True)
    """
    tasks = _tasks(read_panel(panel), horizons, fewest, since)
    if not tasks:
        raise ForecastError(f"No series has {fewest} points and a later year to compare with.")
    own = {}
    if recalibrate and method == "default":
        from .calibration import calibrate

        own = {o: calibrate(panel, o, weights=weights) for o in {t.origin for t in tasks}}
    drawn, walked = np.empty((len(tasks), len(_LEVELS))), np.empty((len(tasks), len(_LEVELS)))
    chance = np.empty((len(tasks), len(GROWTH)))
    for (h, origin), at in _grouped(tasks).items():
        some = [tasks[i] for i in at]
        asked = [t.last * (1 + np.array(GROWTH)) ** h for t in some]
        drawn[at], chance[at] = _answer(some, h, own.get(origin, weights), method, asked)
        walked[at], _ = _answer(some, h, weights, "random_walk", asked)
    return _score(method, tasks, drawn, walked, chance)


@dataclass(frozen=True)
class _Task:
    """A history, and the value some years later."""

    values: tuple[float, ...]
    years: tuple[int, ...]
    kind: str
    ahead: int
    actual: float

    @property
    def origin(self) -> int:
        return self.years[-1]

    @property
    def last(self) -> float:
        return self.values[-1]


def _tasks(
    panel: list[Series], horizons: tuple[int, ...], fewest: int, since: int | None
) -> list[_Task]:
    """Every origin of every series whose past and outcome are positive."""
    out = []
    for series in panel:
        later = dict(zip(series.years, series.values, strict=True))
        for end in range(fewest - 1, len(series.years)):
            origin = series.years[end]
            past = series.values[: end + 1]
            if (since is not None and origin < since) or min(past) <= 0 or series.kind not in KINDS:
                continue
            for h in horizons:
                actual = later.get(origin + h)
                if actual is not None and actual > 0:
                    out.append(_Task(past, series.years[: end + 1], series.kind, h, actual))
    return out


def _grouped(tasks: list[_Task]) -> dict[tuple[int, int], list[int]]:
    groups: dict[tuple[int, int], list[int]] = {}
    for i, task in enumerate(tasks):
        groups.setdefault((task.ahead, task.origin), []).append(i)
    return groups


def _answer(
    tasks: list[_Task], h: int, weights: Weights | None, method: str, asked: list[Array]
) -> tuple[Array, Array]:
    """Quantiles (N, Q) and chances of the growth rates (N, G) in the last year."""
    told = forecast_batch(
        [t.values for t in tasks], [t.years for t in tasks], h, [t.kind for t in tasks],
        weights=weights, method=method,
    )  # fmt: skip
    drawn = np.asarray(told.last_year_quantile(_LEVELS))
    goals = np.array(asked)
    chance = np.stack([told.prob_at_least(goals[:, g])[:, -1] for g in range(len(GROWTH))], 1)
    return drawn, np.asarray(chance)


def _score(method: str, tasks: list[_Task], drawn: Array, walked: Array, chance: Array) -> Backtest:
    actual = np.array([t.actual for t in tasks])
    last = np.array([t.last for t in tasks])
    ahead = np.array([t.ahead for t in tasks])
    floor = 1e-3 * last[:, None]
    logs = [np.log(np.maximum(d, floor)) for d in (drawn, walked)]
    came = (actual[:, None] >= last[:, None] * (1 + np.array(GROWTH)) ** ahead[:, None]) * 1.0
    base = np.empty_like(came)
    for h in np.unique(ahead):
        base[ahead == h] = came[ahead == h].mean(axis=0)
    brier = float(((chance - came) ** 2).mean())
    plain = float(((base - came) ** 2).mean())
    bins = _bins(chance.ravel(), came.ravel())
    error = sum(b.cases * abs(b.stated - b.observed) for b in bins) / chance.size
    cover = {}
    for width in (50, 80, 90):
        low, high = np.quantile(drawn, [0.5 - width / 200, 0.5 + width / 200], axis=1)
        cover[width] = float(((actual >= low) & (actual <= high)).mean())
    return Backtest(
        method=method,
        tasks=len(tasks),
        crps=float(crps(logs[0], np.log(actual)).mean()),
        crps_random_walk=float(crps(logs[1], np.log(actual)).mean()),
        coverage=cover,
        brier=brier,
        skill=1 - brier / plain if plain else 0.0,
        calibration_error=float(error),
        reliability=bins,
    )


def crps(drawn: Array, actual: Array) -> Array:
    """CRPS of evenly weighted sorted draws, shape (N, m), against outcomes (N,).

    Examples
    --------
    >>> import numpy as np
    >>> crps(np.array([[1.0, 3.0]]), np.array([2.0])).tolist()
    [0.5]
    """
    m = drawn.shape[1]
    rank = (2 * np.arange(1, m + 1) - m - 1) / (m * m)
    return np.asarray(np.abs(drawn - actual[:, None]).mean(axis=1) - (drawn * rank).sum(axis=1))


def _bins(stated: Array, came: Array) -> tuple[Bin, ...]:
    at = np.clip((stated * 10).astype(int), 0, 9)
    return tuple(
        Bin(float(stated[at == b].mean()), float(came[at == b].mean()), int((at == b).sum()))
        for b in range(10)
        if (at == b).any()
    )
