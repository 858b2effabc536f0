"""Refit the prior on the user's own series."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from corridor_model._typing import AnyArray, Array, Array32, Index
from corridor_model.forecasting.experts import KINDS, Experts, read
from corridor_model.forecasting.history import WINDOW, Series, read_panel, route_of, scale_of
from corridor_model.forecasting.mixture import log_constant
from corridor_model.forecasting.pooling import (
    NAMES,
    Weights,
    features,
    is_kind,
    shipped_weights,
    spoken,
)

#: More lessons than this change nothing but the waiting.
MOST_LESSONS = 8000
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
    the shipped ones as far as the panel's own lessons carry them.

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
        How many lessons the shipped weights are worth.
    rounds : int
        Steps of the fit.

    Returns
    -------
    Weights
        Unchanged where the panel holds no lessons; ``about["calibrated"]`` says how many.

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
    start = weights or shipped_weights()
    series = [s for s in read_panel(panel, until) if s.kind in KINDS]
    lessons = study(_thin([w for s in series for w in windows_of(s)]), start.experts)
    count = len(lessons.kind)
    about = {**start.about, "calibrated": {"series": len(series), "until": until, "lessons": count}}
    if not count:
        return replace(start, about=about)
    gated = lessons.facts @ start.gate + start.power * lessons.evidence
    plain = start.plain_power * lessons.evidence
    return replace(
        start,
        prior=_move(start.prior, gated, lessons, strength, rounds),
        plain=_move(start.plain, plain, lessons, strength, rounds),
        about=about,
    )


def _move(
    home: AnyArray, fixed: AnyArray, lessons: Lessons, strength: float, rounds: int
) -> AnyArray:
    """Move one board's prior weights as far as the lessons carry them."""
    rest, base = fixed.astype(np.float32), home.astype(np.float32)
    climb = Adam({"moved": np.zeros_like(base)})
    member = np.eye(len(KINDS), dtype=np.float32)[lessons.kind]
    shrink = strength / len(lessons.kind) / home.shape[1]
    for turn in range(rounds):
        moved = climb.parameters["moved"]
        pull, _ = responsibility(rest + (base + moved)[lessons.kind], lessons.density)
        gradient = (member.T @ pull - shrink * moved).astype(np.float32)
        climb.step({"moved": gradient}, 0.05 * (1 - turn / rounds))
    return home + climb.parameters["moved"]


def _thin(windows: list[Window]) -> list[Window]:
    """Keep at most `MOST_LESSONS`, chosen by a fixed shuffle."""
    if len(windows) <= MOST_LESSONS:
        return windows
    order = np.random.Generator(np.random.SFC64(len(windows))).permutation(len(windows))
    return [windows[i] for i in sorted(order[:MOST_LESSONS])]


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


# Teaching the weights: the mean log density of what came next, climbed by gradient.


@dataclass(frozen=True)
class Window:
    """One lesson: a history without holes, and the value some years later.

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


@dataclass(frozen=True, eq=False)
class Lessons:
    """Windows as the experts see them; N windows, E experts, F features.

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


def study(windows: list[Window], experts: Experts, block: int = 256) -> Lessons:
    """Let every expert read every window (positive values only; others are no lesson)."""
    groups: dict[tuple[str, int, int], list[int]] = {}
    for i, w in enumerate(windows):
        route = route_of(np.asarray(w.values), w.kind)
        beyond = w.actual <= 0 or (route == "log_odds" and w.actual >= 100)
        if route in ("log", "log_odds") and not beyond:
            groups.setdefault((route, len(w.values), w.ahead), []).append(i)
    kept = sorted(i for at in groups.values() for i in at)
    place = {i: j for j, i in enumerate(kept)}
    out = Lessons(
        np.empty(len(kept), np.intp),
        np.empty((len(kept), len(experts)), np.float32),
        np.empty((len(kept), len(experts)), np.float32),
        np.empty((len(kept), len(NAMES)), np.float32),
    )
    for (route, n, ahead), at in groups.items():
        for start in range(0, len(at), block):
            some = at[start : start + block]
            rows = [place[i] for i in some]
            _study_block([windows[i] for i in some], route, n, ahead, experts, out, rows)
    return out


def _study_block(
    windows: list[Window], route: str, n: int, ahead: int,
    experts: Experts, out: Lessons, rows: list[int],
) -> None:  # fmt: skip
    """Fill in the lessons of windows that share route, length and horizon."""
    values = np.array([w.values for w in windows])
    kinds = [w.kind for w in windows]
    scale = scale_of(route, values, kinds)
    path = scale.path(values)
    gaps = (1,) * (n - 1)
    seen = read(np.diff(path, axis=1), gaps, ahead, experts)
    came = scale.change(np.array([w.actual for w in windows]))[:, None]
    size = seen.scale[:, -1]
    far = (came - seen.location[:, -1]) / size
    constant = np.array([log_constant(float(f)) for f in seen.dof])
    out.density[rows] = (
        constant - np.log(size) - (seen.dof + 1) / 2 * np.log1p(far * far / seen.dof)
    )
    out.evidence[rows] = seen.evidence - seen.evidence.max(axis=1, keepdims=True)
    out.facts[rows] = features(
        path, gaps, is_kind(kinds, "count", route), is_kind(kinds, "share", route)
    )
    out.kind[rows] = [KINDS.index(spoken(kind, route)) for kind in kinds]


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


@dataclass(frozen=True)
class Course:
    """How the teaching runs.

    Attributes
    ----------
    rounds, batch : int
        Steps, and lessons a step.
    rate : float
        Largest step size; it rises over 20 rounds and falls by a cosine.
    shrink_prior, shrink_common, shrink_gate : float
        Ridge on kinds' own weights, on their common part, on the gate.
    seed : int
        Order of the lessons.
    """

    rounds: int = 1200
    batch: int = 6000
    rate: float = 0.03
    shrink_prior: float = 1e-4
    shrink_common: float = 1e-5
    shrink_gate: float = 1e-5
    seed: int = 20201231


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


@dataclass(frozen=True, eq=False)
class Taught:
    """What teaching found.

    Attributes
    ----------
    prior : ndarray, shape (K, E)
    gate : ndarray, shape (F, E)
        All zero where no gate was wanted.
    power, score : float
        Evidence power; mean log density over the last fifty rounds.
    """

    prior: Array
    gate: Array
    power: float
    score: float


def teach(lessons: Lessons, course: Course, gated: bool = True) -> Taught:
    """Fit prior weights, evidence power and, if wanted, the gate."""
    count, experts = lessons.evidence.shape
    climb = Adam(
        {
            "common": np.zeros(experts, np.float32),
            "prior": np.zeros((len(KINDS), experts), np.float32),
            "gate": np.zeros((lessons.facts.shape[1], experts), np.float32),
            "power": np.array([0.5], np.float32),
        }
    )
    rng = np.random.Generator(np.random.SFC64(course.seed))
    order, start, scores = rng.permutation(count), 0, []
    batch = min(course.batch, count)
    for turn in range(course.rounds):
        if start + batch > count:
            order, start = rng.permutation(count), 0
        gradient, score = _slope(lessons, order[start : start + batch], climb, course, gated)
        start += batch
        scores.append(score)
        climb.step(gradient, _rate(turn, course))
    now = climb.parameters
    prior = (now["common"] + now["prior"]).astype(float)
    return Taught(
        prior - prior.max(axis=1, keepdims=True),
        now["gate"].astype(float),
        float(now["power"][0]),
        float(np.mean(scores[-50:])),
    )


def _slope(
    lessons: Lessons, at: Index, climb: Adam, course: Course, gated: bool
) -> tuple[dict[str, Array32], float]:
    """Gradient of the penalised mean log density on some lessons, and that mean."""
    now = climb.parameters
    kind, evidence, facts = lessons.kind[at], lessons.evidence[at], lessons.facts[at]
    logs = now["common"] + now["prior"][kind] + now["power"] * evidence
    if gated:
        logs = logs + facts @ now["gate"]
    pull, score = responsibility(logs, lessons.density[at])
    member = np.eye(len(KINDS), dtype=np.float32)[kind]
    gradient = {
        "common": pull.sum(axis=0) - course.shrink_common * now["common"],
        "prior": member.T @ pull - course.shrink_prior * now["prior"],
        "power": np.array([(pull * evidence).sum()], np.float32),
    }
    if gated:
        gradient["gate"] = facts.T @ pull - course.shrink_gate * now["gate"]
    return gradient, score


def _rate(turn: int, course: Course) -> float:
    """Step size: rises over 20 rounds, falls by a cosine."""
    warm = min(1.0, (turn + 1) / 20)
    return course.rate * warm * (0.505 + 0.5 * float(np.cos(np.pi * turn / course.rounds)))
