"""The default forecast: histories of one route and one pattern of years, read together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .arma import coefficients
from .experts import KINDS
from .features import features
from .inputs import History
from .mixture import BOUND, Mixture, pick
from .posterior import Posterior, read
from .routes import Scale, scale_of
from .weights import Weights

Array = NDArray[np.float64]
#: Histories read at a time: enough to spread the cost of a call, few enough for the cache.
BLOCK = 64


@dataclass(frozen=True, eq=False)
class Mixed:
    """Forecast distributions of N histories over H years.

    Attributes
    ----------
    scale : Scale
        From values to changes and back.
    weight : ndarray, shape (N, E)
        Belief in each expert.
    seen : Posterior
        Each expert's forecast.
    gaps : tuple of int
        Years between observations.
    weights : Weights
        The prior that was used.
    """

    scale: Scale
    weight: Array
    seen: Posterior
    gaps: tuple[int, ...]
    weights: Weights

    @property
    def shape(self) -> tuple[int, int]:
        """Histories and horizon years."""
        return self.seen.location.shape[0], self.seen.location.shape[1]

    def only(self, year: int) -> Mixed:
        """Keep one horizon year (0 is the first; -1 the last)."""
        seen, at = self.seen, range(self.shape[1])[year]
        place = (slice(None), slice(at, at + 1))
        kept = Posterior(
            seen.evidence, seen.location[place], seen.size, seen.scale[place], seen.dof
        )
        return replace(self, seen=kept)

    @property
    def mixture(self) -> Mixture:
        """The changes' mixtures, one row a history and year."""
        rows, years, experts = self.seen.location.shape
        weight = np.repeat(self.weight, years, axis=0)
        flat = (rows * years, experts)
        return Mixture(
            weight, self.seen.location.reshape(flat), self.seen.scale.reshape(flat), self.seen.dof
        )

    def take(self, row: int) -> Mixed:
        """Keep one history."""
        one = slice(row, row + 1)
        seen = self.seen
        kept = Posterior(
            seen.evidence[one], seen.location[one], seen.size[one], seen.scale[one], seen.dof
        )
        return Mixed(self.scale.take(one), self.weight[one], kept, self.gaps, self.weights)

    def cdf(self, values: Array, strict: bool = False) -> Array:
        """P(value <= x), or P(value < x) if strict, shape (N, H, Q)."""
        change = self.scale.change(values)
        rows, years = self.shape
        inside = self.mixture.cdf(change.reshape(rows * years, -1)).reshape(change.shape)
        low, high = self.scale.low[:, None, None], self.scale.high[:, None, None]
        # what would lie beyond a limit lies on it
        under, over = (values <= low, values > high) if strict else (values < low, values >= high)
        return np.where(under, 0.0, np.where(over, 1.0, inside))

    def quantile(self, levels: Array, polish: bool = True) -> Array:
        """Values at probabilities, shape (N, H, Q)."""
        change = self.mixture.quantile(levels, polish)
        return self.scale.value(change.reshape(*self.shape, -1))

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        """Independent draws of each year, shape (N, H, n)."""
        return self.scale.value(self.mixture.draw(n, rng).reshape(*self.shape, n))

    def paths(self, n: int, rng: np.random.Generator) -> Array:
        """Joint draws of all years, shape (N, H, n): one expert carries a whole path."""
        rows, years = self.shape
        experts = self.weights.experts
        chol = coefficients(self.gaps, years, experts.noises).path[experts.noise]
        out = np.empty((rows, years, n))
        for row in range(rows):
            who = pick(self.weight[row], rng.random(n))
            noise = rng.standard_normal((n, years))
            dof = self.seen.dof[who]
            size = self.seen.size[row, who] * np.sqrt(dof / rng.chisquare(dof))
            moved = (chol[who] * noise[:, None, :]).sum(axis=-1) * size[:, None]
            out[row] = (self.seen.location[row][:, who].T + moved).T
        return self.scale.value(np.clip(out, -BOUND, BOUND))


def side_by_side(cores: Sequence[Mixed]) -> list[tuple[list[int], Mixed]]:
    """Join forecasts of a route, pattern of years, horizon and prior: places and forecast."""
    groups: dict[Any, list[int]] = {}
    for i, core in enumerate(cores):
        key = core.scale.route, core.gaps, core.shape[1], id(core.weights)
        groups.setdefault(key, []).append(i)
    return [(at, _joined([cores[i] for i in at])) for at in groups.values()]


def _joined(cores: Sequence[Mixed]) -> Mixed:
    def join(of: Callable[[Mixed], Array]) -> Array:
        return np.concatenate([of(core) for core in cores])

    first = cores[0]
    scale = Scale(
        first.scale.route,
        join(lambda core: core.scale.last),
        join(lambda core: core.scale.unit),
        join(lambda core: core.scale.low),
        join(lambda core: core.scale.high),
    )
    seen = Posterior(
        join(lambda core: core.seen.evidence),
        join(lambda core: core.seen.location),
        join(lambda core: core.seen.size),
        join(lambda core: core.seen.scale),
        first.seen.dof,
    )
    return Mixed(scale, join(lambda core: core.weight), seen, first.gaps, first.weights)


def alone(core: Mixed, kind: str) -> Mixed:
    """Forecast one history from its last value alone: only the pooled prior speaks."""
    route, experts = core.scale.route, core.weights.experts
    path = core.scale.path(core.scale.last[:, None])
    facts = features(path, (), is_kind([kind], "count", route), is_kind([kind], "share", route))
    seen = read(np.empty((1, 0)), (), core.shape[1], experts)
    where = np.array([KINDS.index(spoken(kind, route))], np.intp)
    weight = core.weights.posterior(where, seen.evidence, facts)
    return Mixed(core.scale, weight, seen, (), core.weights)


def mix(histories: list[History], route: str, horizon: int, weights: Weights) -> Mixed:
    """Forecast histories that share a route and a pattern of years."""
    gaps = histories[0].gaps
    kinds = [h.kind for h in histories]
    values = np.array([h.values for h in histories], float)
    scale = scale_of(route, values, kinds)
    path = scale.path(values)
    steps = np.diff(path, axis=1)
    # additions and shares past their limit are read as what they behave like
    where = np.array([KINDS.index(spoken(kind, route)) for kind in kinds], np.intp)
    facts = features(path, gaps, is_kind(kinds, "count", route), is_kind(kinds, "share", route))
    parts = [
        read(steps[i : i + BLOCK], gaps, horizon, weights.experts)
        for i in range(0, len(steps), BLOCK)
    ]
    seen = Posterior(
        np.concatenate([p.evidence for p in parts]),
        np.concatenate([p.location for p in parts]),
        np.concatenate([p.size for p in parts]),
        np.concatenate([p.scale for p in parts]),
        parts[0].dof,
    )
    weight = np.concatenate(
        [
            weights.posterior(
                where[i : i + BLOCK], seen.evidence[i : i + BLOCK], facts[i : i + BLOCK]
            )
            for i in range(0, len(steps), BLOCK)
        ]
    )
    return Mixed(scale, weight, seen, gaps, weights)


def spoken(kind: str, route: str) -> str:
    """Kind whose prior weights are used."""
    if kind == "additions":
        return "level"
    return "ratio" if kind == "share" and route == "log" else kind


def is_kind(kinds: list[str], kind: str, route: str) -> NDArray[np.bool_]:
    """Whose level may speak: counts in logs, shares in log-odds."""
    meant = {"count": "log", "share": "log_odds"}[kind]
    return np.array([k == kind and route == meant for k in kinds])
