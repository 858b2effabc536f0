"""Prior weights refitted to the user's own series.

A series is cut into windows: a history and the value some years later. Every expert reads each
window, and the weights climb the mean log density of what came next. The shipped weights were
fitted in the same way to many series, by benchmarks/forecast_fit.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import stdtr

from corridor_model._typing import AnyArray, Array, Array32, Index
from corridor_model.forecasting.experts import KINDS, Experts, read
from corridor_model.forecasting.history import WINDOW, Series, read_panel, route_of, scale_of
from corridor_model.forecasting.mixture import log_constant
from corridor_model.forecasting.pooling import (
    NAMES,
    Weights,
    features,
    prior_kinds,
    weights_of,
)

MOST_WINDOWS = 8000
"""More than these change nothing but the waiting."""
_AHEAD = (1, 2, 3, 5)
_LENGTHS = (3, 4, 5, 6, 8, 10, 15, 20)


def calibrate(
    panel: Any,
    until: int | None = None,
    *,
    weights: Weights | None = None,
    strength: float = 40.0,
    rounds: int = 150,
) -> Weights:
    """Refit each kind's prior weights on a panel of series like the ones to be forecast.

    The experts, the gate and the evidence power stay; each kind's log weights move away from
    the shipped ones as far as the panel's own windows carry them.

    Parameters
    ----------
    panel : DataFrame or mapping
        Columns ``series``, ``year``, ``value``, ``kind`` (``series_id`` is understood), or
        ``{name: (years, values, kind)}``.
    until : int, optional
        Last year that may be looked at; nothing later is used, so that past forecasts can be
        tried honestly.
    weights : Weights, optional
        Where to start; the shipped ones by default.
    strength : float
        How many windows the shipped weights are worth.
    rounds : int
        Steps of the fit.

    Returns
    -------
    Weights
        Unchanged where the panel holds no windows; ``about["calibrated"]["lessons"]`` says
        how many.

    Raises
    ------
    ForecastError
        If the panel lacks a column or holds a NaN.

    Examples
    --------
    >>> own = calibrate({"a": (range(2010, 2020), [float(2**i) for i in range(10)], "level")})
    >>> own.about["calibrated"]["lessons"] > 10
    True
    """
    start = weights_of(weights)
    series = [s for s in read_panel(panel, until) if s.kind in KINDS]
    windows = _thinned([w for s in series for w in windows_of(s)])
    sample = training_sample(windows, start.experts)
    count = len(sample.kind)
    about = {**start.about, "calibrated": {"series": len(series), "until": until, "lessons": count}}
    if not count:
        return replace(start, about=about)
    gated = sample.facts @ start.gate + start.power * sample.evidence
    plain = start.plain_power * sample.evidence
    return replace(
        start,
        prior=_shifted(start.prior, gated, sample, strength, rounds),
        plain=_shifted(start.plain, plain, sample, strength, rounds),
        about=about,
    )


def _shifted(
    home: Array, fixed: AnyArray, sample: TrainingSample, strength: float, rounds: int
) -> AnyArray:
    """Shift one board's prior weights as far as the windows carry them."""
    rest, base = fixed.astype(np.float32), home.astype(np.float32)
    ascent = Adam({"shift": np.zeros_like(base)})
    member = np.eye(len(KINDS), dtype=np.float32)[sample.kind]
    shrink = strength / len(sample.kind) / home.shape[1]
    for turn in range(rounds):
        shift = ascent.parameters["shift"]
        pull, _ = responsibility(rest + (base + shift)[sample.kind], sample.density)
        gradient = (member.T @ pull - shrink * shift).astype(np.float32)
        ascent.step({"shift": gradient}, 0.05 * (1 - turn / rounds))
    return home + ascent.parameters["shift"]


def _thinned(windows: list[Window]) -> list[Window]:
    """Keep at most `MOST_WINDOWS`, chosen by a fixed shuffle."""
    if len(windows) <= MOST_WINDOWS:
        return windows
    order = np.random.Generator(np.random.SFC64(len(windows))).permutation(len(windows))
    return [windows[i] for i in sorted(order[:MOST_WINDOWS])]


@dataclass(frozen=True)
class Window:
    """A history without holes, and the value some years later.

    Attributes
    ----------
    values : tuple of float
    ahead : int
    actual : float
    kind : str
    """

    values: tuple[float, ...]
    ahead: int
    actual: float
    kind: str


def windows_of(series: Series) -> list[Window]:
    """Cut windows of one to twenty points that end in a value 1, 2, 3 or 5 years on.

    Every origin and horizon gets its longest history and one of every length in `_LENGTHS`
    that fits, thinned so that short lengths do not crowd out long ones.
    """
    out: list[Window] = []
    for first, last in series.runs():
        for end in range(first, last):
            longest = min(end - first + 1, WINDOW)
            lengths = sorted({longest, *(n for n in _LENGTHS if n < longest)})
            for i, ahead in enumerate(a for a in _AHEAD if end + a <= last):
                # one length for each origin and horizon, turning through those that fit
                n = lengths[(end + i) % len(lengths)]
                values = series.values[end - n + 1 : end + 1]
                out.append(Window(tuple(values), ahead, series.values[end + ahead], series.kind))
    return out


# What every expert makes of the windows.


@dataclass(frozen=True, eq=False)
class TrainingSample:
    """Windows as the experts read them; N windows, E experts, F features.

    Attributes
    ----------
    kind : ndarray of int, shape (N,)
    evidence, density : ndarray, shape (N, E)
        Log densities of the history, and of what came next.
    facts : ndarray, shape (N, F)
    """

    kind: Index
    evidence: Array32
    density: Array32
    facts: Array32


def training_sample(windows: list[Window], experts: Experts, block: int = 256) -> TrainingSample:
    """Let every expert read every window; windows that take the additive route teach nothing.

    An outcome on a bound (a share at 0 or 100, a count at 0) teaches by its probability, any
    other by its density.
    """
    groups: dict[tuple[str, int, int], list[int]] = {}
    for i, w in enumerate(windows):
        route = route_of(w.values, w.kind)
        bounded = route == "log_odds" or w.kind == "count"
        if route in ("log", "log_odds") and (w.actual > 0 or (bounded and w.actual == 0)):
            groups.setdefault((route, len(w.values), w.ahead), []).append(i)
    readable = sorted(i for at in groups.values() for i in at)
    place = {i: j for j, i in enumerate(readable)}
    sample = TrainingSample(
        np.empty(len(readable), np.intp),
        *(
            np.empty((len(readable), width), np.float32)
            for width in (len(experts), len(experts), len(NAMES))
        ),
    )
    for (route, _, _), at in groups.items():
        for start in range(0, len(at), block):
            part = at[start : start + block]
            rows = [place[i] for i in part]
            _fill(sample, rows, [windows[i] for i in part], route, experts)
    return sample


def _fill(
    sample: TrainingSample, rows: list[int], windows: list[Window], route: str, experts: Experts
) -> None:
    """Fill in the rows of windows that share route, length and horizon."""
    values = np.array([w.values for w in windows])
    kinds = [w.kind for w in windows]
    scale = scale_of(route, values, kinds)
    path = scale.path(values)
    gaps = (1,) * (path.shape[1] - 1)
    posterior = read(np.diff(path, axis=1), gaps, windows[0].ahead, experts)
    actual = scale.change(np.array([w.actual for w in windows]))[:, None]
    size = posterior.scale[:, -1]
    far = (actual - posterior.location[:, -1]) / size
    constant = np.array([log_constant(float(f)) for f in posterior.dof])
    density = constant - np.log(size) - (posterior.dof + 1) / 2 * np.log1p(far**2 / posterior.dof)
    reached = np.array([w.actual for w in windows])[:, None]
    for on_bound, beyond in (
        (reached <= scale.low[:, None], far),
        (reached >= scale.high[:, None], -far),
    ):
        density = np.where(
            on_bound, np.log(np.maximum(stdtr(posterior.dof, beyond), 1e-300)), density
        )
    sample.density[rows] = density
    sample.evidence[rows] = posterior.evidence - posterior.evidence.max(axis=1, keepdims=True)
    sample.facts[rows] = features(path, gaps, kinds, route)
    sample.kind[rows] = prior_kinds(kinds, route)


# The fit: the mean log density of what came next, climbed by gradient.


@dataclass
class Adam:
    """Gradient ascent with running moments, one array a parameter.

    References
    ----------
    Kingma, D. P. and Ba, J. (2015), Adam: a method for stochastic optimization, ICLR.
    """

    parameters: dict[str, Array32]

    def __post_init__(self) -> None:
        self.mean = {name: np.zeros_like(v) for name, v in self.parameters.items()}
        self.square = {name: np.zeros_like(v) for name, v in self.parameters.items()}
        self.count = 0

    def step(self, gradient: dict[str, Array32], rate: float) -> None:
        """Move every parameter uphill."""
        self.count += 1
        for name, g in gradient.items():
            self.mean[name] = 0.9 * self.mean[name] + 0.1 * g
            self.square[name] = 0.99 * self.square[name] + 0.01 * g * g
            up = self.mean[name] / (1 - 0.9**self.count)
            width = np.sqrt(self.square[name] / (1 - 0.99**self.count)) + 1e-9
            self.parameters[name] = self.parameters[name] + rate * (up / width)


def responsibility(logs: Array32, density: Array32) -> tuple[Array32, float]:
    """Gradient of the mean log density with respect to log weights, and that mean.

    The gradient is how far each expert's share of the outcome exceeds its weight.
    """
    weight = np.exp(logs - logs.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    top = density.max(axis=1, keepdims=True)
    credit = weight * np.exp(density - top)
    total = credit.sum(axis=1, keepdims=True)
    score = float((np.log(total) + top).mean())
    return (credit / total - weight) / len(logs), score
