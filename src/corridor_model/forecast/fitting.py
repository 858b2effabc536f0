"""Teaching the weights: the mean log density of what came next, climbed by gradient."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .experts import KINDS, Experts
from .features import NAMES, features
from .mixed import is_kind, spoken
from .posterior import read
from .routes import route_of, scale_of
from .student import log_constant

Array = NDArray[np.float64]
Small = NDArray[np.float32]


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

    kind: NDArray[np.intp]
    evidence: Small
    density: Small
    facts: Small


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

    parameters: dict[str, Small]

    def __post_init__(self) -> None:
        self.mean = {name: np.zeros_like(v) for name, v in self.parameters.items()}
        self.square = {name: np.zeros_like(v) for name, v in self.parameters.items()}
        self.count = 0

    def step(self, gradient: dict[str, Small], rate: float) -> None:
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


def responsibility(logs: Small, density: Small) -> tuple[Small, float]:
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
    lessons: Lessons, at: NDArray[np.intp], climb: Adam, course: Course, gated: bool
) -> tuple[dict[str, Small], float]:
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
