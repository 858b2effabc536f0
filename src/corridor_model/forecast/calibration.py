"""Refit the prior on the user's own series."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .experts import KINDS
from .fitting import Adam, Lessons, Window, responsibility, study
from .inputs import WINDOW
from .panels import Series, read_panel
from .weights import Weights, shipped_weights

Array = NDArray[Any]
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


def _move(home: Array, fixed: Array, lessons: Lessons, strength: float, rounds: int) -> Array:
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
