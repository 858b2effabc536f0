"""How values become steps and back: logs, log-odds, or plain differences on the series' scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

Array = NDArray[np.float64]

#: A share at or above this once is treated as a ratio, which may pass 100.
SHARE_LIMIT = 99.5
_LARGEST = float(np.finfo(float).max)


def route_of(history: Array, kind: str) -> str:
    """Name the way a history is forecast.

    Parameters
    ----------
    history : ndarray, shape (n,)
        Observed values.
    kind : str
        ``level``, ``share``, ``ratio``, ``count`` or ``additions``.

    Returns
    -------
    str
        ``log`` where all values are positive; ``log_odds`` for a share within 0-100;
        ``additive`` where a value is zero or negative; ``gamma_poisson`` for whole yearly
        additions; ``no_scale`` where nothing but 0 is known.

    Examples
    --------
    >>> import numpy as np
    >>> [route_of(np.array(h), k) for h, k in
    ...  [([5.0, 6.0], "level"), ([5.0, 6.0], "share"), ([-1.0, 2.0], "ratio"), ([0.0], "count")]]
    ['log', 'log_odds', 'additive', 'no_scale']
    """
    if history.size == 0 or not history.any():
        return "no_scale"
    if kind == "additions" and (history >= 0).all() and (history == np.rint(history)).all():
        return "gamma_poisson"
    if (history <= 0).any():
        return "additive"
    if kind == "share" and (history < SHARE_LIMIT).all():
        return "log_odds"
    return "log"


def limits_of(history: Array, kind: str) -> tuple[float, float]:
    """Return the values no forecast of this history passes."""
    if kind == "share" and (history >= 0).all() and (history < SHARE_LIMIT).all():
        return 0.0, 100.0
    if kind in ("count", "additions") and (history >= 0).all():
        return 0.0, _LARGEST
    return -_LARGEST, _LARGEST


@dataclass(frozen=True, eq=False)
class Scale:
    """The way from values to the kernel's coordinate and back, for N histories of one route.

    Attributes
    ----------
    route : str
        ``log``, ``log_odds`` or ``additive``.
    last : ndarray, shape (N,)
        Last observed value.
    unit : ndarray, shape (N,)
        Mean absolute value of the history (used by ``additive`` alone).
    low, high : ndarray, shape (N,)
        Values no forecast passes.
    """

    route: str
    last: Array
    unit: Array
    low: Array
    high: Array

    def take(self, rows: slice) -> Scale:
        """Keep some of the histories."""
        return Scale(self.route, self.last[rows], self.unit[rows], self.low[rows], self.high[rows])

    def path(self, histories: Array) -> Array:
        """Values to coordinates, shape (N, n)."""
        if self.route == "additive":
            return histories / self.unit[:, None]
        return _forward(histories, self.route)

    def change(self, values: ArrayLike) -> Array:
        """Change from the last value that leads to ``values``, shape (N, ...)."""
        values = np.asarray(values, float)
        tail = (slice(None), *(None,) * (values.ndim - 1))
        if self.route == "additive":
            with np.errstate(over="ignore"):
                return (values - self.last[tail]) / self.unit[tail]
        top = 100.0 if self.route == "log_odds" else np.inf
        inside = (values > 0) & (values < top)
        safe = np.where(inside, values, 1.0)
        moved = _forward(safe, self.route) - _forward(self.last, self.route)[tail]
        return np.where(inside, moved, np.where(values <= 0, -np.inf, np.inf))

    def value(self, change: Array) -> Array:
        """Value reached by a change, shape (N, ...), kept within the limits."""
        tail = (slice(None), *(None,) * (change.ndim - 1))
        last = self.last[tail]
        if self.route == "log_odds":
            return 100.0 * np.asarray(expit(_forward(last, "log_odds") + change))
        with np.errstate(over="ignore", under="ignore"):
            if self.route == "additive":
                out = last + self.unit[tail] * change
            else:
                out = last * np.exp(change)
        return np.clip(out, self.low[tail], self.high[tail])


def scale_of(route: str, histories: Array, kinds: list[str]) -> Scale:
    """Build the `Scale` of histories that share a route and a length."""
    ends = [limits_of(row, kind) for row, kind in zip(histories, kinds, strict=True)]
    # the mean is taken after scaling by the largest value, so that it cannot overflow
    largest = np.abs(histories).max(axis=1)
    unit = largest * (np.abs(histories) / largest[:, None]).mean(axis=1)
    return Scale(
        route,
        histories[:, -1].copy(),
        np.maximum(unit, np.finfo(float).tiny),
        np.array([low for low, _ in ends]),
        np.array([high for _, high in ends]),
    )


def _forward(values: Array, route: str) -> Array:
    """Logs or log-odds of positive values."""
    if route == "log":
        return np.log(values)
    return np.log(values) - np.log(100.0 - values)
