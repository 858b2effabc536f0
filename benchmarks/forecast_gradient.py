"""Fit all weights of the mixture to many windows, as the shipped ones were."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor_model._typing import Array, Array32, Index
from corridor_model.forecasting.calibration import Adam, TrainingSample, responsibility
from corridor_model.forecasting.experts import KINDS


@dataclass(frozen=True)
class FitSettings:
    """How the fit runs.

    Attributes
    ----------
    rounds, batch : int
        Steps, and windows a step.
    rate : float
        Largest step size; it rises over 20 rounds and falls by a cosine.
    shrink_prior, shrink_common, shrink_gate : float
        Ridge on kinds' own weights, on their common part, on the gate.
    seed : int
        Order of the windows.
    """

    rounds: int = 1200
    batch: int = 6000
    rate: float = 0.03
    shrink_prior: float = 1e-4
    shrink_common: float = 1e-5
    shrink_gate: float = 3e-6
    seed: int = 20201231


@dataclass(frozen=True, eq=False)
class Fit:
    """What a fit comes to.

    Attributes
    ----------
    prior : ndarray, shape (K, E)
    gate : ndarray, shape (F, E)
        All zero without a gate.
    power, score : float
        Evidence power; mean log density over the last fifty rounds.
    """

    prior: Array
    gate: Array
    power: float
    score: float


def fit(sample: TrainingSample, settings: FitSettings, gated: bool = True) -> Fit:
    """Fit prior weights, evidence power and, if wanted, the gate."""
    count, experts = sample.evidence.shape
    ascent = Adam(
        {
            "common": np.zeros(experts, np.float32),
            "prior": np.zeros((len(KINDS), experts), np.float32),
            "gate": np.zeros((sample.facts.shape[1], experts), np.float32),
            "power": np.array([0.5], np.float32),
        }
    )
    rng = np.random.Generator(np.random.SFC64(settings.seed))
    order, start, scores = rng.permutation(count), 0, []
    batch = min(settings.batch, count)
    for turn in range(settings.rounds):
        if start + batch > count:
            order, start = rng.permutation(count), 0
        gradient, score = _slope(sample, order[start : start + batch], ascent, settings, gated)
        start += batch
        scores.append(score)
        ascent.step(gradient, _rate(turn, settings))
    now = ascent.parameters
    prior = (now["common"] + now["prior"]).astype(float)
    return Fit(
        prior - prior.max(axis=1, keepdims=True),
        now["gate"].astype(float),
        float(now["power"][0]),
        float(np.mean(scores[-50:])),
    )


def _slope(
    sample: TrainingSample, at: Index, ascent: Adam, settings: FitSettings, gated: bool
) -> tuple[dict[str, Array32], float]:
    """Gradient of the penalised mean log density on some windows, and that mean."""
    now = ascent.parameters
    kind, evidence, facts = sample.kind[at], sample.evidence[at], sample.facts[at]
    logs = now["common"] + now["prior"][kind] + now["power"] * evidence
    if gated:
        logs = logs + facts @ now["gate"]
    pull, score = responsibility(logs, sample.density[at])
    member = np.eye(len(KINDS), dtype=np.float32)[kind]
    gradient = {
        "common": pull.sum(axis=0) - settings.shrink_common * now["common"],
        "prior": member.T @ pull - settings.shrink_prior * now["prior"],
        "power": np.array([(pull * evidence).sum()], np.float32),
    }
    if gated:
        gradient["gate"] = facts.T @ pull - settings.shrink_gate * now["gate"]
    return gradient, score


def _rate(turn: int, settings: FitSettings) -> float:
    """Step size: rises over 20 rounds, falls by a cosine."""
    warm = min(1.0, (turn + 1) / 20)
    return settings.rate * warm * (0.505 + 0.5 * float(np.cos(np.pi * turn / settings.rounds)))
