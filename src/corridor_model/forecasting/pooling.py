"""The default forecast: histories of one route and one pattern of years, read together."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from corridor_model._typing import Array, Index, Mask
from corridor_model.forecasting.experts import KINDS, Expert, Experts, Posterior, coefficients, read
from corridor_model.forecasting.history import History, Scale, scale_of
from corridor_model.forecasting.mixture import BOUND, Mixture, pick

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


def is_kind(kinds: list[str], kind: str, route: str) -> Mask:
    """Whose level may speak: counts in logs, shares in log-odds."""
    meant = {"count": "log", "share": "log_odds"}[kind]
    return np.array([k == kind and route == meant for k in kinds])


# The pooled prior: how much each expert is believed before and after a history is read.

_NUMBERS = ("power", "plain_power", "plain_share")
_PLAIN = tuple(f"plain_{kind}" for kind in KINDS)
_EXPERT_FIELDS = ("phi", "theta", "s0", "mu", "delta", "nu", "cap")


@dataclass(frozen=True, eq=False)
class Weights:
    """Everything the mixture was taught; E experts, F features, K kinds.

    Attributes
    ----------
    experts : Experts
    prior : ndarray, shape (K, E)
        Log weight of each expert by kind, in the order of `KINDS`, on the gated board.
    gate : ndarray, shape (F, E)
        What one unit of a feature adds to that log weight.
    power : float
        How far the history's evidence counts there (1 is plain Bayes).
    plain : ndarray, shape (K, E)
        Log weights on the plain board, which sees no features.
    plain_power : float
        How far evidence counts there.
    plain_share : float
        How much of the forecast the plain board carries.
    skill : dict
        Brier skill against the base rate by (kind, number of points).
    about : dict
        Provenance.
    """

    experts: Experts
    prior: Array
    gate: Array
    power: float
    plain: Array
    plain_power: float
    plain_share: float
    skill: dict[tuple[str, int], float] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def _gate_by_expert(self) -> Array:
        return np.ascontiguousarray(self.gate.T)

    def posterior(self, kinds: Index, evidence: Array, facts: Array) -> Array:
        """Weigh the experts for N histories.

        Parameters
        ----------
        kinds : ndarray of int, shape (N,)
            Positions in `KINDS`.
        evidence : ndarray, shape (N, E)
            Log densities of the histories.
        facts : ndarray, shape (N, F)
            Features in the order of `features.NAMES`.

        Returns
        -------
        ndarray, shape (N, E)
            Weights that sum to 1.
        """
        # product and sum instead of a matrix product: BLAS rounds by batch size
        gated = (facts[:, None, :] * self._gate_by_expert).sum(axis=-1)
        board = _softmax(self.prior[kinds] + self.power * evidence + gated)
        plain = _softmax(self.plain[kinds] + self.plain_power * evidence)
        return self.plain_share * plain + (1 - self.plain_share) * board


def _softmax(logs: Array) -> Array:
    """Exponentiate and scale to sum 1 along the last axis."""
    raw = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return np.asarray(raw / raw.sum(axis=-1, keepdims=True))


def write_weights(weights: Weights, folder: Path) -> None:
    """Write tables that people can read: experts.csv, gate.csv, skill.csv, weights.json."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "experts.csv").open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["expert", *_EXPERT_FIELDS, *KINDS, *_PLAIN])
        for i, row in enumerate(weights.experts.rows):
            attributes = [f"{getattr(row, name):g}" for name in _EXPERT_FIELDS]
            logs = [*weights.prior[:, i], *weights.plain[:, i]]
            out.writerow([i + 1, *attributes, *(f"{v:.3f}" for v in logs)])
    with (folder / "gate.csv").open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["expert", *NAMES])
        for i, column in enumerate(weights.gate.T):
            out.writerow([i + 1, *(f"{v:.3f}" for v in column)])
    with (folder / "skill.csv").open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["kind", "points", "brier_skill"])
        out.writerows([k, n, f"{v:.3f}"] for (k, n), v in sorted(weights.skill.items()))
    numbers = {name: round(getattr(weights, name), 4) for name in _NUMBERS}
    text = json.dumps({**numbers, **weights.about}, indent=1, ensure_ascii=False)
    (folder / "weights.json").write_text(text + "\n", encoding="utf-8")


def read_weights(folder: Path) -> Weights:
    """Read what `write_weights` wrote."""
    experts = _table(folder / "experts.csv")
    gate = _table(folder / "gate.csv")
    about = json.loads((folder / "weights.json").read_text(encoding="utf-8"))
    skill = {
        (row["kind"], int(row["points"])): float(row["brier_skill"])
        for row in _table(folder / "skill.csv")
    }
    return Weights(
        Experts(tuple(Expert(*(float(row[name]) for name in _EXPERT_FIELDS)) for row in experts)),
        np.array([[float(row[kind]) for row in experts] for kind in KINDS]),
        np.array([[float(row[name]) for row in gate] for name in NAMES]),
        float(about.pop("power")),
        np.array([[float(row[name]) for row in experts] for name in _PLAIN]),
        float(about.pop("plain_power")),
        float(about.pop("plain_share")),
        skill,
        about,
    )


@lru_cache(maxsize=1)
def shipped_weights() -> Weights:
    """Return the weights that travel with the library (read once)."""
    from corridor_model.files import data_dir

    return read_weights(data_dir() / "forecast")


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


# What the gate looks at: simple, unit-free facts about a short history.


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


def features(path: Array, gaps: tuple[int, ...], count: Mask, share: Mask) -> Array:
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
