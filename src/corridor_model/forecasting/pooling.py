"""The default forecast: experts pooled by what is believed of them before and after a history.

Histories of one route and one pattern of years are read together (`mix`). How much an expert is
believed comes from its prior weight, its evidence, and a gate that looks at a few plain facts
about the history (`Weights`, `features`).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from scipy.special import gammaincinv, ndtri

from corridor_model._typing import Array, Index
from corridor_model.display import Displayed
from corridor_model.files import data_dir, replacing_all
from corridor_model.forecasting.experts import KINDS, Expert, Experts, Posterior, coefficients, read
from corridor_model.forecasting.history import ForecastError, Scale, at_whole, csv_rows, scale_of
from corridor_model.forecasting.mixture import BOUND, Mixture, pick
from corridor_model.formatting import short
from corridor_model.messages import N_

BLOCK = 64
"""Histories read at a time: enough to spread the cost of a call, few enough for the cache."""
_Record = TypeVar("_Record", Scale, Posterior)


@dataclass(frozen=True, eq=False)
class MixtureForecast:
    """Forecast distributions of N histories over H years.

    Attributes
    ----------
    scale : Scale
        From values to changes and back.
    weight : ndarray, shape (N, E)
        Belief in each expert.
    posterior : Posterior
        Each expert's forecast.
    gaps : tuple of int
        Years between observations.
    weights : Weights
        The prior behind it.
    """

    scale: Scale
    weight: Array
    posterior: Posterior
    gaps: tuple[int, ...]
    weights: Weights

    @property
    def shape(self) -> tuple[int, int]:
        """Histories and horizon years."""
        return self.posterior.location.shape[0], self.posterior.location.shape[1]

    def only(self, year: int) -> MixtureForecast:
        """Keep one horizon year (0 is the first; -1 the last)."""
        at = range(self.shape[1])[year]
        location, scale = self.posterior.location, self.posterior.scale
        posterior = replace(
            self.posterior, location=location[:, at : at + 1], scale=scale[:, at : at + 1]
        )
        return replace(self, posterior=posterior)

    def take(self, row: int) -> MixtureForecast:
        """Keep one history."""
        if len(self.weight) == 1:
            return self
        rows = slice(row, row + 1)
        return replace(
            self,
            scale=_part(self.scale, rows),
            weight=self.weight[rows],
            posterior=_part(self.posterior, rows),
        )

    @property
    def mixture(self) -> Mixture:
        """The changes' mixtures, one row a history and year."""
        posterior = self.posterior
        rows, years, experts = posterior.location.shape
        flat = (rows * years, experts)
        weight = np.repeat(self.weight, years, axis=0)
        return Mixture(
            weight, posterior.location.reshape(flat), posterior.scale.reshape(flat), posterior.dof
        )

    def cdf(self, values: Array, strict: bool = False) -> Array:
        """P(value <= x), or P(value < x) if strict, shape (N, H, Q)."""
        return self.scale.bounded(self.change_cdf(self.scale.change(values)), values, strict)

    def quantile(self, levels: Array, polish: bool = True) -> Array:
        """Values at probabilities, shape (N, H, Q)."""
        change = self.change_quantile(levels, polish)
        return self.scale.value(change, lots_of_levels(self, levels))

    def change_cdf(self, change: Array, strict: bool = False) -> Array:
        """P(change since the last value <= x), on the scale's coordinate, shape (N, H, Q)."""
        del strict  # a change hits no number exactly
        rows, years = self.shape
        return self.mixture.cdf(change.reshape(rows * years, -1)).reshape(change.shape)

    def change_quantile(self, levels: Array, polish: bool = True) -> Array:
        """Changes at probabilities, on the scale's coordinate, shape (N, H, Q)."""
        return self.mixture.quantile(levels, polish).reshape(*self.shape, -1)

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        """Independent draws of each year, shape (N, H, n)."""
        change = self.change_sample(n, rng)
        return self.scale.value(change, self.scale.lots(change.shape, rng))

    def change_sample(self, n: int, rng: np.random.Generator) -> Array:
        """Independent draws of each year's change since the last value, shape (N, H, n)."""
        return self.mixture.draw(n, rng).reshape(*self.shape, n)

    def paths(self, n: int, rng: np.random.Generator) -> Array:
        """Joint draws of all years, shape (N, H, n): one expert carries a whole path."""
        change = self.change_paths(n, rng)
        return self.scale.value(change, self.scale.lots(change[:, :1].shape, rng))

    def change_paths(self, n: int, rng: np.random.Generator) -> Array:
        """Joint draws of all years' changes since the last value, shape (N, H, n)."""
        rows, years = self.shape
        posterior, experts = self.posterior, self.weights.experts
        chol = coefficients(self.gaps, years, experts.noises).path[experts.noise]
        out = np.empty((rows, years, n))
        for row in range(rows):
            expert = pick(self.weight[row], rng.random(n))
            noise = rng.standard_normal((n, years))
            dof = posterior.dof[expert]
            # one chi-square a path: its years share what is not known of the noise's size
            size = posterior.size[row, expert] * np.sqrt(dof / rng.chisquare(dof))
            deviation = (chol[expert] * noise[:, None, :]).sum(axis=-1) * size[:, None]
            out[row] = (posterior.location[row][:, expert].T + deviation).T
        return np.clip(out, -BOUND, BOUND)

    def nodes(self, n: int) -> PathNodes:
        """Spread joint changes of the one history evenly over what may come.

        About n nodes, and of each expert as many as it is believed.

        References
        ----------
        Niederreiter, H. (1992). Random Number Generation and Quasi-Monte Carlo Methods, SIAM,
        chapter 3 (Halton's points).
        """
        years, posterior = self.shape[1], self.posterior
        weight = self.weight[0]
        count = np.ceil(n * weight).astype(int)
        expert = np.repeat(np.arange(len(weight)), count)
        # the points go on from expert to expert, so that each has an even part of them
        points = _spread_evenly(n + len(weight), years)[: len(expert)]
        noises = self.weights.experts.noises
        path = coefficients(self.gaps, years, noises).path[self.weights.experts.noise][expert]
        dof = posterior.dof[expert].astype(float)
        # one chi-square a path: its years share what is not known of the noise's size
        size = posterior.size[0, expert] * np.sqrt(dof / (2 * gammaincinv(dof / 2, points[:, 0])))
        shocks = np.asarray(ndtri(points[:, 1:]))
        moved = (path[:, :, : years - 1] * shocks[:, None, :]).sum(axis=-1).T
        change = posterior.location[0][:, expert] + size * moved
        return PathNodes(
            (weight / np.maximum(count, 1))[expert], change[:-1], change[-1], size * path[:, -1, -1]
        )


def lots_of_levels(core: Any, levels: Array) -> Array | float:
    """Of levels that lead beyond 99.95: where they lie in what comes beyond, from 0 to 1."""
    scale: Scale = core.scale
    if scale.route != "log_odds":
        return 1.0
    wide = np.broadcast_to(scale.nearly[:, None, None], (*core.shape, 1))
    below = core.change_cdf(np.array(wide))
    return np.asarray((levels - below) / np.maximum(1.0 - below, 1e-300))


@dataclass(frozen=True, eq=False)
class PathNodes:
    """Joint changes since the last value, but for the last year's own shock; M nodes.

    Given a node the last year's change is normal, so that what depends on it is integrated.

    Attributes
    ----------
    weight : ndarray, shape (M,)
    earlier : ndarray, shape (H - 1, M)
        Changes until the years before the last.
    centre, width : ndarray, shape (M,)
        Mean and standard deviation of the change until the last year.
    """

    weight: Array
    earlier: Array
    centre: Array
    width: Array


@lru_cache(maxsize=4)
def _spread_evenly(n: int, width: int) -> Array:
    """Points of the unit cube that fill it evenly, shape (n, width): Halton's."""
    points = np.zeros((n, width))
    primes = [p for p in range(2, 240) if all(p % q for q in range(2, p))]
    for column, base in enumerate(primes[:width]):
        rest, part = np.arange(1, n + 1), 1.0
        while rest.any():
            part /= base
            points[:, column] += part * (rest % base)
            rest = rest // base
    return points


def mix(
    values: Array, kinds: Sequence[str], gaps: tuple[int, ...], route: str, horizon: int,
    weights: Weights,
) -> MixtureForecast:  # fmt: skip
    """Forecast N histories that share a route and a pattern of years, shape (N, n)."""
    scale = scale_of(route, values, kinds)
    path = scale.path(values)
    blocks = []
    for start in range(0, len(path), BLOCK):
        rows = slice(start, start + BLOCK)
        part = _part(scale, rows) if len(path) > BLOCK else scale
        blocks.append(
            _forecast(part, values[rows], path[rows], gaps, kinds[rows], horizon, weights)
        )
    return _joined(blocks) if len(blocks) > 1 else blocks[0]


def prior_only(forecast: MixtureForecast, kind: str) -> MixtureForecast:
    """Forecast one history from its last value alone: only the pooled prior speaks."""
    scale = forecast.scale
    last = scale.last[:, None]
    return _forecast(scale, last, scale.path(last), (), [kind], forecast.shape[1], forecast.weights)


def _forecast(
    scale: Scale, values: Array, path: Array, gaps: tuple[int, ...], kinds: Sequence[str],
    horizon: int, weights: Weights,
) -> MixtureForecast:  # fmt: skip
    """Let the experts read some paths, and weigh them."""
    posterior = read(np.diff(path, axis=1), gaps, horizon, weights.experts)
    facts = features(path, gaps, kinds, scale.route)
    weight = weights.posterior(prior_kinds(kinds, scale.route), posterior.evidence, facts)
    if scale.route == "log_odds":
        scale = replace(scale, at_whole=at_whole(values, posterior.size, weight))
    return MixtureForecast(scale, weight, posterior, gaps, weights)


def side_by_side(
    forecasts: Sequence[MixtureForecast],
) -> list[tuple[list[int], MixtureForecast]]:
    """Join forecasts of a route, pattern of years, horizon and prior: places and forecast."""
    groups: dict[Any, list[int]] = {}
    for i, one in enumerate(forecasts):
        key = one.scale.route, one.gaps, one.shape[1], id(one.weights)
        groups.setdefault(key, []).append(i)
    return [(at, _joined([forecasts[i] for i in at])) for at in groups.values()]


def _joined(forecasts: Sequence[MixtureForecast]) -> MixtureForecast:
    """Join forecasts row by row; route, degrees of freedom, years and prior are the first's."""
    return replace(
        forecasts[0],
        scale=_concatenated([one.scale for one in forecasts]),
        weight=np.concatenate([one.weight for one in forecasts]),
        posterior=_concatenated([one.posterior for one in forecasts]),
    )


def _part(record: _Record, rows: slice) -> _Record:
    return _by_history([record], lambda arrays: arrays[0][rows])


def _concatenated(records: Sequence[_Record]) -> _Record:
    return _by_history(records, np.concatenate)


def _by_history(records: Sequence[_Record], of: Callable[[list[Array]], Array]) -> _Record:
    """Return the first record, what it has for each history made of the same of all records."""
    names = [f.name for f in fields(records[0]) if f.name not in {"route", "dof"}]
    arrays: dict[str, Any] = {name: of([getattr(r, name) for r in records]) for name in names}
    return replace(records[0], **arrays)


def prior_kinds(kinds: Sequence[str], route: str) -> Index:
    """Return the positions in `KINDS` of the kinds whose prior weights count, shape (N,).

    Additions and shares past their limit are read as what they behave like.
    """
    alike = {"additions": "level"} | ({"share": "ratio"} if route == "log" else {})
    return np.array([KINDS.index(alike.get(kind, kind)) for kind in kinds], np.intp)


# The pooled prior: how much each expert is believed before and after a history is read.

_NUMBERS = ("power", "plain_power", "plain_share")
_PLAIN = tuple(f"plain_{kind}" for kind in KINDS)
_EXPERT_FIELDS = ("phi", "theta", "s0", "mu", "delta", "nu", "cap")


@dataclass(frozen=True, eq=False)
class Weights(Displayed):
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
        Brier skill against the base rate by (kind, number of points, years): up to 5 years
        ahead, and 6 to 10.
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
    skill: dict[tuple[str, int, int], float] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Weights({len(self.experts.rows)} experts, skill of {len(self.skill)} cases)"

    @cached_property
    def skill_by_points(self) -> dict[tuple[str, int], list[tuple[int, float]]]:
        """Number of points and Brier skill, fewest points first, by kind and years."""
        out: dict[tuple[str, int], list[tuple[int, float]]] = {}
        for (kind, points, years), skill in sorted(self.skill.items()):
            out.setdefault((kind, years), []).append((points, skill))
        return out

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
            Features in the order of `NAMES`.

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
    logs = np.concatenate([weights.prior, weights.plain])
    experts = [
        [*(f"{getattr(row, name):g}" for name in _EXPERT_FIELDS), *(f"{v:.3f}" for v in column)]
        for row, column in zip(weights.experts.rows, logs.T, strict=True)
    ]
    gate = [[f"{v:.3f}" for v in column] for column in weights.gate.T]
    tables: dict[str, list[list[Any]]] = {
        "experts.csv": [["expert", *_EXPERT_FIELDS, *KINDS, *_PLAIN], *_numbered(experts)],
        "gate.csv": [["expert", *NAMES], *_numbered(gate)],
        "skill.csv": [
            ["kind", "points", "years", "brier_skill"],
            *([*key, f"{v:.3f}"] for key, v in sorted(weights.skill.items())),
        ],
    }
    numbers = {name: round(getattr(weights, name), 4) for name in _NUMBERS}
    text = json.dumps({**numbers, **weights.about}, indent=1, ensure_ascii=False)
    with replacing_all() as beside:
        for name, rows in tables.items():
            with beside(folder / name).open("w", newline="", encoding="utf-8") as file:
                csv.writer(file, lineterminator="\n").writerows(rows)
        beside(folder / "weights.json").write_text(text + "\n", encoding="utf-8")


def _numbered(rows: list[list[str]]) -> list[list[str]]:
    return [[str(number), *row] for number, row in enumerate(rows, 1)]


def read_weights(folder: Path) -> Weights:
    """Read what `write_weights` wrote."""
    experts = csv_rows(folder / "experts.csv")
    gate = csv_rows(folder / "gate.csv")
    about = json.loads((folder / "weights.json").read_text(encoding="utf-8"))
    skill = {
        (row["kind"], int(row["points"]), int(row["years"])): float(row["brier_skill"])
        for row in csv_rows(folder / "skill.csv")
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
    return read_weights(data_dir() / "forecast")


def weights_of(weights: Weights | None) -> Weights:
    """Return weights as they are, and the shipped ones where there are none."""
    if weights is not None and not isinstance(weights, Weights):
        raise ForecastError(N_("weights come from calibrate, not {value}."), value=short(weights))
    return weights or shipped_weights()


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


_TURN = 0.3
"""Steps smaller than this part of the usual one differ little in size, whatever their sign."""


def features(path: Array, gaps: tuple[int, ...], kinds: Sequence[str], route: str) -> Array:
    """Describe N histories that share one pattern of gaps.

    Parameters
    ----------
    path : ndarray, shape (N, n)
        Logs, log-odds or scaled values.
    gaps : tuple of int, length n - 1
        Years between successive values.
    kinds : list of str, length N
        A level may speak for itself where it is a stock of units in logs, or a share in
        log-odds. Of other kinds it depends on the unit and is left out.
    route : str
        Where the path stands.

    Returns
    -------
    ndarray, shape (N, F)
        In the order of `NAMES`.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.log(np.array([[100.0, 110.0, 121.0]]))
    >>> f = features(x, (1, 1), ["level"], "log")
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
    count = np.array([kind == "count" and route == "log" for kind in kinds])
    share = np.array([kind == "share" and route == "log_odds" for kind in kinds])
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
    # rounded where a step turns its direction: a kink there moved all weights for a tenth
    size = np.hypot(scaled, _TURN)
    out["last_step"], out["last_step_size"] = scaled[:, -1], size[:, -1] - 0.8
    out["mean_step"], out["median_step"] = scaled.mean(axis=1), np.median(scaled, axis=1)
    # without the last step: a last value that happens to equal the one before is no jump
    out["no_change"] = (np.abs(step[:, :-1]) < 1e-9).sum(axis=1) / k
    recent = (size[:, -2:].mean(axis=1) + 0.05) / (size.mean(axis=1) + 0.05)
    out["recent_size"] = np.clip(np.log(recent), -2, 2)
    # from what was before: a new record goes on from the old one without a kink
    here = path[:, -1:] - path[:, :-1]
    out["from_maximum"] = np.clip(here.min(axis=1) / unit[:, 0], -10, 3) / 3
    out["from_minimum"] = np.clip(here.max(axis=1) / unit[:, 0], -3, 10) / 3
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
