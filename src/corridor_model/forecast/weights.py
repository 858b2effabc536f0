"""The pooled prior: how much each expert is believed before and after a history is read."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .experts import KINDS, Expert, Experts
from .features import NAMES

Array = NDArray[np.float64]
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

    def posterior(self, kinds: NDArray[np.intp], evidence: Array, facts: Array) -> Array:
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
    from corridor_model.paths import data_dir

    return read_weights(data_dir() / "forecast")


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
