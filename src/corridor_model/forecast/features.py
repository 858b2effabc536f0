"""What the gate looks at: simple, unit-free facts about a short history."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

NAMES = (
    "one_point",
    "log_steps",
    "inverse_steps",
    "log_rms",
    "log_rms_squared",
    "last_step",
    "step_before",
    "last_step_size",
    "step_before_size",
    "mean_step",
    "median_step",
    "lag_1",
    "lag_2",
    "no_change",
    "recent_size",
    "from_maximum",
    "from_minimum",
    "from_mean",
    "acceleration",
    "count_level",
    "count_small",
    "share_level",
    "share_level_squared",
)


def features(path: Array, gaps: tuple[int, ...], count: Flags, share: Flags) -> Array:
    """Describe N histories that share one pattern of gaps.

    Parameters
    ----------
    path : ndarray, shape (N, n)
        Logs, log-odds or scaled values.
    gaps : tuple of int, length n - 1
        Years between successive values.
    count, share : ndarray of bool, shape (N,)
        Where the level itself may speak: a stock of units, a share on log-odds. For other
        kinds a level depends on the unit and is left out.

    Returns
    -------
    ndarray, shape (N, F)
        In the order of `NAMES`.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.log(np.array([[100.0, 110.0, 121.0]]))
    >>> f = features(x, (1, 1), np.array([False]), np.array([False]))
    >>> round(float(f[0, NAMES.index("mean_step")]), 3)  # in units of the rms step
    1.0
    """
    rows, k = len(path), len(gaps)
    out = {name: np.zeros(rows) for name in NAMES}
    last = path[:, -1]
    if k == 0:
        out["one_point"] += 1
    else:
        _steps(out, path, gaps)
    out["log_steps"] += np.log(max(k, 1)) - 1
    out["inverse_steps"] += 1 / k if k else 0.0
    level = np.where(count, last, 0.0)
    out["count_level"] = np.where(count, np.clip(level / 5 - 1, -2, 2), 0.0)
    out["count_small"] = np.where(count, np.exp(-0.5 * np.clip(level, 0.0, 20.0)), 0.0)
    odds = np.clip(np.where(share, last, 0.0) / 2, -3, 3)
    out["share_level"] = odds
    out["share_level_squared"] = odds * odds / 3
    return np.stack([out[name] for name in NAMES], axis=1)


def _steps(out: dict[str, Array], path: Array, gaps: tuple[int, ...]) -> None:
    """Fill in what needs at least one step."""
    years = np.asarray(gaps, float)
    step = np.diff(path, axis=1) / years
    k = step.shape[1]
    rms = np.sqrt((step * step).mean(axis=1))
    # steps below a thousandth a year count as small, so that a flat history has no wild ratios
    unit = np.maximum(rms, 1e-3)[:, None]
    log_rms = (np.log(unit[:, 0]) + 3) / 2
    out["log_rms"] = log_rms
    out["log_rms_squared"] = log_rms * log_rms / 2
    scaled = np.clip(step / unit, -3, 3)
    size = np.abs(scaled)
    out["last_step"], out["last_step_size"] = scaled[:, -1], size[:, -1] - 0.8
    out["mean_step"], out["median_step"] = scaled.mean(axis=1), np.median(scaled, axis=1)
    out["no_change"] = (np.abs(step) < 1e-9).mean(axis=1)
    recent = (size[:, -2:].mean(axis=1) + 0.05) / (size.mean(axis=1) + 0.05)
    out["recent_size"] = np.clip(np.log(recent), -2, 2)
    here = path[:, -1:] - path
    out["from_maximum"] = np.clip(here.min(axis=1) / unit[:, 0], -10, 0) / 3
    out["from_minimum"] = np.clip(here.max(axis=1) / unit[:, 0], 0, 10) / 3
    out["from_mean"] = np.clip(here.mean(axis=1) / unit[:, 0], -10, 10) / 3
    if k > 1:
        out["step_before"], out["step_before_size"] = scaled[:, -2], size[:, -2] - 0.8
        out["acceleration"] = np.clip(scaled[:, -1] - scaled[:, :-1].mean(axis=1), -3, 3)
        out["lag_1"] = _autocorrelation(scaled, 1)
    if k > 2:
        out["lag_2"] = _autocorrelation(scaled, 2)


def _autocorrelation(scaled: Array, lag: int) -> Array:
    """Autocorrelation of steps around their mean, shrunk towards 0 when they are few."""
    centred = scaled - scaled.mean(axis=1, keepdims=True)
    cross = (centred[:, lag:] * centred[:, :-lag]).sum(axis=1)
    return np.asarray(cross / ((centred * centred).sum(axis=1) + 1.0))
