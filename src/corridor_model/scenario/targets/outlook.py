"""What each indicator does without works: its goal, its known years, its forecast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridor_model.assess.probability.question import INDEX
from corridor_model.plan.kinds import bounds
from corridor_model.scenario.language.aims import SetTarget

if TYPE_CHECKING:
    from corridor_model.forecast.predictive import Predictive
    from corridor_model.plan.model import Indicator

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Goal:
    """A target as bounds on one number: the score.

    Attributes
    ----------
    lower, upper : float or None
        In the unit of ``value``; a growth target as an index.
    year : int
        Target year.
    score : str
        ``final`` (value of the year), ``least`` (of all plan years: an annual minimum),
        ``most`` (an annual maximum) or ``sum`` (growth by the cumulative method).
    own : tuple of (int, float)
        Of an annual minimum: years whose own minimum (年度分解目标) is another one.
    """

    lower: float | None
    upper: float | None
    year: int
    score: str = "final"
    own: tuple[tuple[int, float], ...] = ()


class Told(NamedTuple):
    """What the assessment says of the goal without works.

    Attributes
    ----------
    below, above : float
        Probability of lying below the lower bound, and above the upper one.
    settled : bool
        Whether the final figure is known, or an earlier year was missed: works change nothing.
    draws : int
        Fixed paths it rests on; 0 for a closed form.
    """

    below: float
    above: float
    settled: bool = False
    draws: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """One indicator over the years ``base + 1`` to the last asked for.

    Attributes
    ----------
    indicator : Indicator
        What is meant.
    goal : Goal
        What counts as reached.
    years : ndarray
        Years, shape (Y,).
    known : ndarray
        Values already known, NaN where open, shape (Y,).
    predictive : Predictive or None
        Closed form of the open years, the first of which is ``opens``.
    paths : ndarray or None
        Shape (Y, PATHS), where there is no closed form.
    basis, reason, origin : str
        S14; why it is not simulated; S5.
    series_break : bool
        S10.
    told : Told or None
        The assessment's answer to ``goal``; None where a scenario or the user sets the growth.
    """

    indicator: Indicator
    goal: Goal
    years: NDArray[np.int64]
    known: Array
    predictive: Predictive | None = None
    paths: Array | None = None
    basis: str = ""
    reason: str = ""
    origin: str = "document"
    series_break: bool = False
    told: Told | None = None


def goal_of(indicator: Indicator, first_year: int, aim: SetTarget | None = None) -> Goal:
    """Return the last targets due as bounds on the score."""
    last = max(indicator.targets, key=lambda t: (t.year, t.month or 12))
    lower, upper = bounds(indicator)
    year = last.year
    if aim is not None:
        lower = aim.value if lower is not None else None
        upper = aim.value if upper is not None else None
        year = aim.year or year
    if indicator.kind == "growth":
        steps = year - first_year + 1
        summed = indicator.average_method == "累计法"
        lower = None if lower is None else _index(lower, steps, summed)
        upper = None if upper is None else _index(upper, steps, summed)
        return Goal(lower, upper, year, "sum" if summed else "final")
    if indicator.kind == "annual":
        return Goal(lower, upper, year, "most" if lower is None else "least")
    return Goal(lower, upper, year)


def _index(percent: float, steps: int, summed: bool) -> float:
    """Return the index, or the sum of indices, that an average growth means."""
    grown = INDEX * (1 + percent / 100) ** np.arange(1, steps + 1)
    return float(grown.sum() if summed else grown[-1])
