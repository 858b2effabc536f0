"""Refit the prior on the user's own series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from .experts import KINDS
from .fitting import Adam, Window, responsibility, study
from .inputs import WINDOW, ForecastError
from .panels import Series, read_panel
from .weights import Weights, shipped_weights

#: Fewer lessons than this teach more noise than truth (measured in docs/forecast.md).
FEWEST_LESSONS = 200
_AHEAD = (1, 2, 3, 5)


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
    lessons = study([w for s in series for w in windows_of(s)], start.experts)
    count = len(lessons.kind)
    about = {**start.about, "calibrated": {"series": len(series), "until": until, "lessons": count}}
    if not count:
        return replace(start, about=about)
    fixed = (lessons.facts @ start.gate + start.power * lessons.evidence).astype(np.float32)
    climb = Adam({"moved": np.zeros_like(start.prior, dtype=np.float32)})
    home = start.prior.astype(np.float32)
    member = np.eye(len(KINDS), dtype=np.float32)[lessons.kind]
    for turn in range(rounds):
        moved = climb.parameters["moved"]
        pull, _ = responsibility(fixed + (home + moved)[lessons.kind], lessons.density)
        gradient = member.T @ pull - strength / count * moved / len(start.experts)
        climb.step({"moved": gradient.astype(np.float32)}, 0.05 * (1 - turn / rounds))
    return replace(start, prior=start.prior + climb.parameters["moved"], about=about)


def windows_of(series: Series) -> list[Window]:
    """Cut every window of one to twenty points that ends in a value 1, 2, 3 or 5 years on."""
    out: list[Window] = []
    for first, last in series.runs():
        for end in range(first, last):
            for ahead in _AHEAD:
                if end + ahead > last:
                    break
                # the longest history and a short one: both are asked for in practice
                longest = min(end - first + 1, WINDOW)
                for n in {longest, min(longest, 3)}:
                    values = series.values[end - n + 1 : end + 1]
                    actual = series.values[end + ahead]
                    out.append(Window(tuple(values), ahead, actual, series.kind))
    return out


def check_size(weights: Weights) -> None:
    """Refuse weights calibrated on too few lessons to be trusted."""
    seen: Mapping[str, Any] = weights.about.get("calibrated", {})
    if seen and seen["lessons"] < FEWEST_LESSONS:
        raise ForecastError(
            f"The panel holds {seen['lessons']} lessons; below {FEWEST_LESSONS} the shipped "
            "weights do better. Add series or years."
        )
