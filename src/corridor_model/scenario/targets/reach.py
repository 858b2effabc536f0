"""Whether a target is reached: the probability of a score lying within its bounds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from corridor_model.scenario.targets.marginals import Marginal
from corridor_model.scenario.targets.outlook import Goal

Array = NDArray[np.float64]
GUARD = 64 * float(np.finfo(np.float64).eps)
"""How far a target may be missed by rounding alone (S3)."""


@dataclass(frozen=True, eq=False)
class Reach:
    """Probability of reaching a target.

    Attributes
    ----------
    below, above : ndarray, shape (n,)
        P(score below the lower bound) and P(score above the upper one), by draw of what
        works add.
    paths : int
        Paths they rest on; 0 for a closed form.
    mean : float or None
        Probability of lying within the bounds where it is known better than by these draws.
    mean_error : float
        Standard error of ``mean``; 0 where no draws of works entered it.
    """

    below: Array
    above: Array
    paths: int = 0
    mean: float | None = None
    mean_error: float = 0.0

    @cached_property
    def chance(self) -> Array:
        """Probability of lying within the bounds by draw, shape (n,)."""
        return np.asarray(np.clip(1 - self.below - self.above, 0, 1))

    @property
    def p(self) -> float:
        """Probability of lying within the bounds."""
        return self.drawn_mean if self.mean is None else self.mean

    @property
    def error(self) -> float:
        """Monte Carlo standard error; an upper bound where draws are stratified."""
        n = len(self.chance)
        away = self.chance - self.drawn_mean
        works = np.sqrt((away * away).sum()) / n if self.mean is None else self.mean_error
        paths = np.sqrt(self.p * (1 - self.p) / self.paths) if self.paths else 0.0
        return float(np.hypot(works, paths))

    @cached_property
    def drawn_mean(self) -> float:
        """Mean over draws, whether or not a better one is known."""
        return float(self.chance.mean())


def loosened(goal: Goal) -> tuple[float | None, float | None]:
    """Return the bounds moved by what rounding can do."""
    lower, upper = goal.lower, goal.upper
    return (
        None if lower is None else lower - GUARD * abs(lower),
        None if upper is None else upper + GUARD * abs(upper),
    )


def reach(marginal: Marginal, goal: Goal, added: Array) -> Reach:
    """Return the probability of reaching a target with what works add.

    Parameters
    ----------
    marginal : Marginal
        Without works.
    goal : Goal
        Bounds on the score.
    added : ndarray, shape (Y, n)
        What works add by year, n = 1 where certain.

    Notes
    -----
    Without works the answer is the assessment's. With them, the distribution by year says how
    much the probability moves: what sampling or tabulating it costs then cancels.
    """
    told = marginal.outlook.told
    if told is None or goal != marginal.outlook.goal:
        return _by_distribution(marginal, goal, added)
    n = added.shape[1]
    if told.settled or not added.any():
        return Reach(np.full(n, told.below), np.full(n, told.above), told.draws)
    moved = _by_distribution(marginal, goal, added)
    more_below, more_above = shift(marginal, goal, _varies(marginal, goal, added))
    if goal.score == "final":
        below = np.clip(moved.below + more_below, 0.0, 1.0)
        above = np.clip(moved.above + more_above, 0.0, 1.0 - below)
    else:
        below, above = _drawn_to(moved.below, more_below), _drawn_to(moved.above, more_above)
    return Reach(below, above, min(filter(None, (told.draws, moved.paths)), default=0))


def _drawn_to(p: Array, more: float) -> Array:
    """Return probabilities whose mean is moved, each towards 0 or 1 and none beyond.

    Those of few paths are often 0 or 1 themselves; cut there, they would lose the mean.
    """
    mean = float(p.mean())
    aim = min(max(mean + more, 0.0), 1.0)
    if aim <= mean:
        return p * (aim / mean) if mean else p
    return 1 - (1 - p) * ((1 - aim) / (1 - mean))


def shift(marginal: Marginal, goal: Goal, varies: bool) -> tuple[float, float]:
    """Return by how much the assessment's probabilities exceed the distribution's own.

    Parameters
    ----------
    marginal : Marginal
        Without works.
    goal : Goal
        Bounds on the score.
    varies : bool
        Whether the addition is uncertain, so that the distribution is read off its table.
    """
    told = marginal.outlook.told
    if told is None or goal != marginal.outlook.goal:
        return 0.0, 0.0
    if varies not in marginal.shifts:
        plain = _by_distribution(marginal, goal, np.zeros((len(marginal.outlook.years), 1)), varies)
        below, above = float(plain.below[0]), float(plain.above[0])
        marginal.shifts[varies] = (told.below - below, told.above - above)
    return marginal.shifts[varies]


def _varies(marginal: Marginal, goal: Goal, added: Array) -> bool:
    row = added[marginal.place(goal.year)]
    return bool(row.min() != row.max())


def _by_distribution(marginal: Marginal, goal: Goal, added: Array, tabled: bool = False) -> Reach:
    """Return the probability from the distribution by year alone, off its table if told so."""
    lower, upper = loosened(goal)
    place = marginal.place(goal.year)
    if goal.score != "final":
        if goal.score == "least" and upper is not None and lower is not None:
            # every year must lie within a range: the worst distance to either end counts
            return _by_paths(range_score(marginal, goal, added), -GUARD, None, added.shape[1])
        return _by_paths(score_of(marginal, goal, added), lower, upper, added.shape[1])
    if marginal.known(goal.year):
        value = marginal.outlook.known[place] + added[place]
        below = np.zeros(len(value)) if lower is None else (value < lower).astype(float)
        above = np.zeros(len(value)) if upper is None else (value > upper).astype(float)
        return Reach(below, above)
    if marginal.paths is not None:
        return _sorted(marginal.ordered(goal.year), lower, upper, added[place])
    if not tabled and not _varies(marginal, goal, added):
        return _exact(marginal, goal.year, lower, upper, float(added[place, 0]))
    zeros = np.zeros(added.shape[1])
    below = zeros if lower is None else ndtr(marginal.z(goal.year, lower - added[place]))
    above = zeros if upper is None else 1 - ndtr(marginal.z(goal.year, upper - added[place]))
    return Reach(below, above)


def _exact(
    marginal: Marginal, year: int, lower: float | None, upper: float | None, added: float
) -> Reach:
    made = marginal.outlook.predictive
    assert made is not None
    row = made.years.index(year)
    below = 0.0 if lower is None else 1 - made.prob_at_least(lower - added)[row]
    above = 0.0 if upper is None else 1 - made.cdf(upper - added)[row]
    return Reach(np.array([below]), np.array([above]))


def _sorted(ordered: Array, lower: float | None, upper: float | None, added: Array) -> Reach:
    size = len(ordered)
    zeros = np.zeros(len(added))
    below = zeros if lower is None else np.searchsorted(ordered, lower - added) / size
    above = (
        zeros if upper is None else 1 - np.searchsorted(ordered, upper - added, side="right") / size
    )
    return Reach(below, above, 0 if ordered[0] == ordered[-1] else size)


def range_score(marginal: Marginal, goal: Goal, added: Array) -> Array:
    """Return the worst year's distance to either end of a range, by path."""
    assert goal.lower is not None
    assert goal.upper is not None
    low, high = _rows(marginal, goal, added), _rows(marginal, replace(goal, own=()), added)
    return np.asarray(np.minimum(low - goal.lower, goal.upper - high).min(axis=0))


def score_of(marginal: Marginal, goal: Goal, added: Array) -> Array:
    """Return the score of each path, path m meeting draw m of the works."""
    rows = _rows(marginal, goal, added)
    if goal.score == "sum":
        return np.asarray(rows.sum(axis=0))
    return np.asarray(rows.min(axis=0) if goal.score == "least" else rows.max(axis=0))


def _rows(marginal: Marginal, goal: Goal, added: Array) -> Array:
    """Return what each year brings; years that were never reported are not counted (S4)."""
    return np.stack(list(rows_by_year(marginal, goal, added).values()))


def rows_by_year(marginal: Marginal, goal: Goal, added: Array) -> dict[int, Array]:
    """Return by year what each path brings that counts, path m meeting draw m of the works.

    A year with a minimum of its own is as far from the common one as it is from its own.
    """
    first, last = 0, marginal.place(goal.year) + 1
    if marginal.paths is None:
        rows = np.asarray(marginal.outlook.known[first:last, None] + added[first:last])
    else:
        paths = marginal.paths[first:last]
        if paths.shape[1] > 1:
            repeats = -(-paths.shape[1] // added.shape[1])
            added = np.tile(added, repeats)[:, : paths.shape[1]]
        rows = np.asarray(paths + added[first:last])
    for year, lower in goal.own:
        if goal.lower is not None and 0 <= marginal.place(year) < len(rows):
            rows[marginal.place(year)] -= lower - goal.lower
    return {marginal.first + i: row for i, row in enumerate(rows) if not np.isnan(row).any()}


def _by_paths(score: Array, lower: float | None, upper: float | None, n: int) -> Reach:
    """Return the probability by draw of the works: of the paths that met it, an n-th of all.

    Few paths say little of one draw; but what several indicators make of the same draws can be
    multiplied, since their paths are independent. How far draws differ holds what paths cost.
    """
    by_draw = score.reshape(-1, n)
    zeros = np.zeros(n)
    below = zeros if lower is None else (by_draw < lower).mean(axis=0)
    above = zeros if upper is None else (by_draw > upper).mean(axis=0)
    certain = n > 1 or score.min() == score.max()
    return Reach(below, above, 0 if certain else len(score))


def limits(below: Array, above: Array, one_sided: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Return the limits of normal scores of good news within which targets are reached.

    Parameters
    ----------
    below, above : ndarray, shape (n,)
        Probabilities of lying below and above the bounds.
    one_sided : ndarray of bool, shape (n,)
        With one bound only, good news is on its side: the upper tail of the score. A range
        has both, and the score follows the value.
    """
    with np.errstate(divide="ignore"):
        lower = ndtri(np.clip(below + np.where(one_sided, above, 0.0), 0, 1))
        upper = np.where(one_sided, np.inf, ndtri(np.clip(1 - above, 0, 1)))
    return np.asarray(lower), np.asarray(upper)
