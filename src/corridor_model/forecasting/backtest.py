"""Would it have worked here: rolling-origin forecasts of the user's own series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from corridor_model._deprecated import moved
from corridor_model._typing import AnyArray, Array
from corridor_model.arguments import flag
from corridor_model.display import Displayed
from corridor_model.forecasting.api import forecast_batch
from corridor_model.forecasting.calibration import Window, calibrate
from corridor_model.forecasting.experts import KINDS
from corridor_model.forecasting.history import ForecastError, MethodName, Series, read_panel
from corridor_model.forecasting.pooling import Weights
from corridor_model.messages import N_

GROWTH = (0.0, 0.02, 0.05, 0.10, 0.15)
"""Yearly growth rates; what they lead to is the target at every origin."""
_LEVELS = (np.arange(99) + 0.5) / 99
WIDTHS = (50, 80, 90)
"""Of central intervals, in percent."""
_ENDS = np.array([0.5 + sign * width / 200 for width in WIDTHS for sign in (-1, 1)])


@dataclass(frozen=True)
class Bin:
    """Probabilities that were stated alike: how often they came true."""

    stated: float
    observed: float
    cases: int


@dataclass(frozen=True, eq=False)
class Backtest(Displayed):
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
        return moved("Backtest.figure", "plot.reliability")(self, ax, lang=lang)


def backtest(
    panel: Any,
    *,
    horizons: tuple[int, ...] = (1, 2, 3),
    fewest: int = 3,
    since: int | None = None,
    weights: Weights | None = None,
    recalibrate: bool = False,
    method: MethodName = "default",
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
    >>> score = backtest({"a": (years, [1.05 ** (y - 2000) for y in years], "level")})
    >>> score.tasks, 0 <= score.brier <= 1
    (33, True)
    """
    tasks = _tasks(read_panel(panel), horizons, fewest, since)
    if not tasks:
        raise ForecastError(
            N_("No series has {fewest} points and a later year to compare with."), fewest=fewest
        )
    own = {}
    if flag("recalibrate", recalibrate) and method == "default":
        own = {o: calibrate(panel, o, weights=weights) for o in {t.origin for t in tasks}}
    groups: dict[tuple[int, int], list[int]] = {}
    for i, task in enumerate(tasks):
        groups.setdefault((task.ahead, task.origin), []).append(i)
    drawn, walk = np.empty((len(tasks), len(_LEVELS))), np.empty((len(tasks), len(_LEVELS)))
    intervals = np.empty((len(tasks), len(_ENDS)))
    chance = np.empty((len(tasks), len(GROWTH)))
    for (_, origin), at in groups.items():
        alike = [tasks[i] for i in at]
        drawn[at], intervals[at], chance[at] = _answer(alike, own.get(origin, weights), method)
        walk[at] = _answer(alike, weights, "random_walk")[0]
    return _score(method, tasks, drawn, intervals, walk, chance)


@dataclass(frozen=True)
class _Task(Window):
    """A window with its calendar years."""

    years: tuple[int, ...]

    @property
    def origin(self) -> int:
        return self.years[-1]

    @property
    def targets(self) -> Array:
        """What the growth rates `GROWTH` lead to, shape (G,)."""
        return self.values[-1] * (1 + np.array(GROWTH)) ** self.ahead


def _tasks(
    panel: list[Series], horizons: tuple[int, ...], fewest: int, since: int | None
) -> list[_Task]:
    """Return every origin of every series whose past and outcome are positive."""
    out = []
    for series in panel:
        later = dict(zip(series.years, series.values, strict=True))
        for end in range(fewest, len(series.years) + 1):
            past, years = series.values[:end], series.years[:end]
            early = since is not None and years[-1] < since
            if early or min(past) <= 0 or series.kind not in KINDS:
                continue
            for h in horizons:
                actual = later.get(years[-1] + h)
                if actual is not None and actual > 0:
                    out.append(_Task(past, h, actual, series.kind, years))
    return out


def _answer(tasks: list[_Task], weights: Weights | None, method: str) -> tuple[Array, Array, Array]:
    """Quantiles (N, Q), intervals (N, 6) and chances of the growth rates (N, G), last year."""
    batch = forecast_batch(
        [t.values for t in tasks], [t.years for t in tasks], tasks[0].ahead,
        [t.kind for t in tasks], weights=weights, method=method,
    )  # fmt: skip
    # intervals are asked for, not read between the quantiles, which would narrow them
    drawn = np.asarray(batch.last_year_quantile(np.concatenate([_LEVELS, _ENDS])))
    targets = np.array([t.targets for t in tasks])
    chance = [batch.prob_at_least(targets[:, g])[:, -1] for g in range(len(GROWTH))]
    return drawn[:, : len(_LEVELS)], drawn[:, len(_LEVELS) :], np.asarray(np.stack(chance, 1))


def _score(
    method: str, tasks: list[_Task], drawn: Array, intervals: Array, walk: Array, chance: Array
) -> Backtest:
    actual = np.array([t.actual for t in tasks])
    ahead = np.array([t.ahead for t in tasks])
    # a quantile at or below 0 has no log; a thousandth of the last value stands for it
    floor = 1e-3 * np.array([t.values[-1] for t in tasks])[:, None]
    logs = [np.log(np.maximum(d, floor)) for d in (drawn, walk)]
    outcome = (actual[:, None] >= np.array([t.targets for t in tasks])) * 1.0
    base = np.empty_like(outcome)
    for h in np.unique(ahead):
        base[ahead == h] = outcome[ahead == h].mean(axis=0)
    brier = float(((chance - outcome) ** 2).mean())
    plain = float(((base - outcome) ** 2).mean())
    bins = reliability_bins(chance.ravel(), outcome.ravel())
    cover = {}
    for place, width in enumerate(WIDTHS):
        low, high = intervals[:, 2 * place : 2 * place + 2].T
        cover[width] = float(((actual >= low) & (actual <= high)).mean())
    return Backtest(
        method=method,
        tasks=len(tasks),
        crps=float(crps(logs[0], np.log(actual)).mean()),
        crps_random_walk=float(crps(logs[1], np.log(actual)).mean()),
        coverage=cover,
        brier=brier,
        skill=1 - brier / plain if plain else 0.0,
        calibration_error=sum(b.cases * abs(b.stated - b.observed) for b in bins) / chance.size,
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


def reliability_bins(stated: AnyArray, outcome: AnyArray) -> tuple[Bin, ...]:
    """Return probabilities in ten bins of equal width, each with how often it came true."""
    at = np.clip((stated * 10).astype(int), 0, 9)
    return tuple(
        Bin(float(stated[at == b].mean()), float(outcome[at == b].mean()), int((at == b).sum()))
        for b in np.unique(at)
    )
