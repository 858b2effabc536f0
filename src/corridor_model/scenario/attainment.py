"""Whether a target is reached: the probability of a score lying within its bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.special import ndtr, ndtri

from corridor_model._typing import Array, Mask
from corridor_model.scenario.contributions import Contribution, Way
from corridor_model.scenario.marginals import NODES, Marginal, convolution_quantiles
from corridor_model.scenario.outlook import Goal, Outlook

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
        return self.sample_mean if self.mean is None else self.mean

    @property
    def error(self) -> float:
        """Monte Carlo standard error; an upper bound where draws are stratified."""
        n = len(self.chance)
        away = self.chance - self.sample_mean
        works = np.sqrt((away * away).sum()) / n if self.mean is None else self.mean_error
        paths = np.sqrt(self.p * (1 - self.p) / self.paths) if self.paths else 0.0
        return float(np.hypot(works, paths))

    @cached_property
    def sample_mean(self) -> float:
        """Mean over draws, whether or not a better one is known."""
        return float(self.chance.mean())


def rounding_bounds(goal: Goal) -> tuple[float | None, float | None]:
    """Return the bounds moved by what rounding can do: a strict one is not met by it (S3)."""
    lower, upper = goal.lower, goal.upper
    low, high = (-GUARD if open_ else GUARD for open_ in (goal.lower_open, goal.upper_open))
    return (
        None if lower is None else lower - low * abs(lower),
        None if upper is None else upper + high * abs(upper),
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
    answer = marginal.outlook.missed
    if answer is None or goal != marginal.outlook.goal:
        return _by_distribution(marginal, goal, added)
    n = added.shape[1]
    if answer.settled or not added.any():
        return Reach(np.full(n, answer.below), np.full(n, answer.above), answer.draws)
    by_works = _by_distribution(marginal, goal, added)
    more_below, more_above = shift(marginal, goal, _varies(marginal, goal, added))
    if goal.score == "final":
        below = np.clip(by_works.below + more_below, 0.0, 1.0)
        above = np.clip(by_works.above + more_above, 0.0, 1.0 - below)
    else:
        below, above = (
            _to_mean(by_works.below, more_below),
            _to_mean(by_works.above, more_above),
        )
    return Reach(below, above, min(filter(None, (answer.draws, by_works.paths)), default=0))


def _to_mean(p: Array, more: float) -> Array:
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
    answer = marginal.outlook.missed
    if answer is None or goal != marginal.outlook.goal:
        return 0.0, 0.0
    if varies not in marginal.shifts:
        plain = _by_distribution(marginal, goal, np.zeros((len(marginal.outlook.years), 1)), varies)
        below, above = float(plain.below[0]), float(plain.above[0])
        marginal.shifts[varies] = (answer.below - below, answer.above - above)
    return marginal.shifts[varies]


def _varies(marginal: Marginal, goal: Goal, added: Array) -> bool:
    row = added[marginal.place(goal.year)]
    return bool(row.min() != row.max())


def _by_distribution(marginal: Marginal, goal: Goal, added: Array, tabled: bool = False) -> Reach:
    """Return the probability from the distribution by year alone, off its table if told so."""
    lower, upper = rounding_bounds(goal)
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
    predictive = marginal.outlook.predictive
    assert predictive is not None
    row = predictive.years.index(year)
    below = 0.0 if lower is None else 1 - predictive.prob_at_least(lower - added)[row]
    above = 0.0 if upper is None else 1 - predictive.cdf(upper - added)[row]
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
    last = marginal.place(goal.year) + 1
    if marginal.paths is None:
        rows = np.asarray(marginal.outlook.known[:last, None] + added[:last])
    else:
        paths = marginal.paths[:last]
        if paths.shape[1] > 1:
            repeats = -(-paths.shape[1] // added.shape[1])
            added = np.tile(added, repeats)[:, : paths.shape[1]]
        rows = np.asarray(paths + added[:last])
    for year, lower in goal.own:
        if goal.lower is not None and 0 <= marginal.place(year) < len(rows):
            rows[marginal.place(year)] -= lower - goal.lower
    years = marginal.outlook.years[:last].tolist()
    return {year: row for year, row in zip(years, rows, strict=True) if not np.isnan(row).any()}


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


def limits(below: Array, above: Array, one_sided: Mask) -> tuple[Array, Array]:
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


# The mean of a probability over uncertain works, where draws of them would not be enough.

STRIPS = 2**14
"""Equally likely delays of a work, each the middle of its strip."""
PLAIN = 1e7
"""Plain draws that the error of a probability is measured by."""
LIKELY = 3.0
"""Normal scores within which the forecast decides how fine the grid is."""
FINE, FEWEST, MOST = 256, 2**10, 2**18
"""Points of the grid for each standard deviation of the forecast; the least and most of all."""


class Programme:
    """The works that a scenario moves, and what each adds at even strips of its delay.

    Parameters
    ----------
    contributions : sequence of Contribution
        Works.
    common : float
        Loading of their delays on one factor; 0 where they are independent.
    first, years : int
        The years that are looked at.
    """

    def __init__(
        self, contributions: Sequence[Contribution], common: float, first: int, years: int
    ):
        self._contributions, self.common = contributions, common
        self._first, self._years = first, years
        self._rows: dict[tuple[str, int], dict[Way, Array]] = {}

    def parts(self, outlook: Outlook) -> list[Array]:
        """Return what each work adds by the goal's year; nothing where delays hang together."""
        amounts = list(self.by_work(outlook).values())
        varying = sum(len(part) > 1 for part in amounts)
        return amounts if varying == 1 or not self.common else []

    def by_work(self, outlook: Outlook) -> dict[str, Array]:
        """Return what each work adds in the goal's year, shape (STRIPS,), or (1,) where certain."""
        out: dict[str, Array] = {}
        indicator, year = outlook.indicator.of, outlook.goal.year
        for one in self._contributions:
            for effect in one.effects:
                if effect.indicator == indicator and outlook.per_effect:
                    unit = effect.per_unit * outlook.per_effect
                    row = unit * self._of(one, year)[effect.lag, effect.decay]
                    out[one.work.id] = out.get(one.work.id, 0.0) + row
        return out

    def _of(self, one: Contribution, year: int) -> dict[Way, Array]:
        """Return what one unit of effect adds in a year; of other years nothing is kept."""
        key = (one.work.id, year)
        if key not in self._rows:
            z = ndtri((np.arange(STRIPS) + 0.5) / STRIPS) if one.uncertain else np.zeros(1)
            by_way = one.moved(one.months(z), self._first, self._years)
            self._rows[key] = {way: rows[year - self._first].copy() for way, rows in by_way}
        return self._rows[key]


def exact_average(by_draw: Reach, marginal: Marginal, added: Array, programme: Programme) -> Reach:
    """Return a probability with its mean over works made exact, where their draws fall short.

    Parameters
    ----------
    by_draw : Reach
        By draw of the works.
    marginal : Marginal
        The indicator without works.
    added : ndarray, shape (Y, n)
        The draws.
    programme : Programme
        The works.

    Notes
    -----
    Draws are enough where their standard error is below that of ten million plain draws,
    sqrt(p (1 - p) / 1e7).
    """
    goal = marginal.outlook.goal
    closed = goal.score == "final" and marginal.paths is None and not marginal.known(goal.year)
    if not closed or added.shape[1] == 1:
        return by_draw
    row = added[marginal.place(goal.year)]
    if enough(by_draw, None if programme.common else row):
        return by_draw
    parts = programme.parts(marginal.outlook)
    return replace(by_draw, mean=mean(marginal, goal, parts)) if parts else by_draw


def enough(by_draw: Reach, added: Array | None) -> bool:
    """Whether draws of works cost no more accuracy than ten million plain draws would.

    Parameters
    ----------
    by_draw : Reach
        By draw of the works.
    added : ndarray, shape (n,), or None
        What independent works add. As far as the probability follows it in a straight line,
        their strata integrate it far better than draws do, and it is not counted.
    """
    n, p = len(by_draw.chance), by_draw.sample_mean
    limit = n * n * p * (1 - p) / PLAIN  # sums instead of variances: this is asked very often
    deviation = by_draw.chance - p
    total = (deviation * deviation).sum()
    if added is None or total <= limit:
        return bool(total <= limit)
    away = added - added.mean()
    return bool(total - (away * deviation).sum() ** 2 / (away * away).sum() <= limit)


def mean(marginal: Marginal, goal: Goal, parts: Sequence[Array]) -> float | None:
    """Return the mean probability of reaching a final target over independent additions.

    None where no grid is fine enough: the forecast has steps, or works move a thousand times
    as far as it spreads.

    Parameters
    ----------
    marginal : Marginal
        The indicator without works.
    goal : Goal
        A final one.
    parts : sequence of ndarray, shape (n,) or (1,)
        Equally likely additions of each work.

    Notes
    -----
    Each addition is shared between the two points of the grid beside it, so that its mean is
    kept; the grid is fine beside the forecast where that is steepest.
    """
    low = sum(float(part.min()) for part in parts)
    varying = [part for part in parts if part.min() != part.max()]
    width = sum(float(np.ptp(part)) for part in varying)
    place = marginal.place(goal.year)
    if low + width == low:  # nothing varies, or by less than a rounding
        return float(chance_at(marginal, goal, np.full(1, low))[0])
    likely = marginal.values[place][np.abs(NODES) <= LIKELY]
    # where the forecast is densest the probability is steepest, and the grid must follow it
    steepest = float(np.diff(likely).min()) / float(NODES[1] - NODES[0])
    if not steepest * MOST > FINE * width:  # so that a year without figures has none, either
        return None
    fine = max(FINE * width / steepest, len(varying) + 1)
    points = max(FEWEST, 2 ** int(np.ceil(np.log2(fine))))
    step = width / (points - 1)
    # the distribution of a sum is the product of the works' spectra
    spectrum = np.ones(points + 1, dtype=np.complex128)
    for part in varying:
        spectrum *= np.fft.rfft(_grid_mass((part - part.min()) / step, points), 2 * points)
    # each work may round up by a point; twice the length has room, and nothing comes round
    reached = points + len(varying)
    mass: Array = np.fft.irfft(spectrum, 2 * points)[:reached]
    amounts: Array = low + step * np.arange(reached, dtype=np.float64)
    return float(np.dot(mass, chance_at(marginal, goal, amounts)))


def _grid_mass(at: Array, points: int) -> Array:
    """Return the mass of equally likely amounts at whole numbers below ``points``."""
    left = np.minimum(at.astype(np.intp), points - 2)
    right = at - left
    mass = np.bincount(left, 1 - right, points) + np.bincount(left + 1, right, points)
    return np.asarray(mass / len(at))


def chance_at(marginal: Marginal, goal: Goal, amounts: Array) -> Array:
    """Return the probability of reaching a final target with each of several additions."""
    added = np.zeros((len(marginal.outlook.years), len(amounts)))
    added[marginal.place(goal.year)] = amounts
    return reach(marginal, goal, added).chance


# Quantiles of values by year, and of how far a target is met or missed.

_FINE = (np.arange(2000) + 0.5) / 2000


def values(marginals: Sequence[Marginal], levels: Array, added: Sequence[Array]) -> list[Array]:
    """Return quantiles by year with what works add, shape (Y, Q) each; shares stay within 100."""
    uncertain = [i for i, draws in enumerate(added) if draws.shape[1] > 1]
    convolutions = convolution_quantiles(
        [marginals[i] for i in uncertain], levels, [added[i] for i in uncertain]
    )
    quantiles = dict(zip(uncertain, convolutions, strict=True))
    out = []
    for i, marginal in enumerate(marginals):
        one = quantiles[i] if i in quantiles else marginal.quantile(levels) + added[i]
        share = marginal.outlook.indicator.kind == "share"
        out.append(np.clip(one, 0.0, 100.0) if share else one)
    return out


def gaps(marginal: Marginal, goal: Goal, levels: Array, added: Array, value: Array) -> Array:
    """Return quantiles of the distance to the target, shape (Q,); at least 0 is met (S3).

    In the unit of the value; of a growth target in index points, of the cumulative method
    exact_average over the years; of an annual target the worst year's. ``value`` holds the
    quantiles of the value at the same levels.
    """
    if goal.score != "final":
        if goal.score == "least" and goal.lower is not None and goal.upper is not None:
            return np.quantile(range_score(marginal, goal, added), levels)
        score = score_of(marginal, goal, added)
        scale = marginal.place(goal.year) + 1 if goal.score == "sum" else 1
        return np.quantile(_distance(score, goal) / scale, levels)
    place = marginal.place(goal.year)
    if goal.upper is None and goal.lower is not None:
        return np.asarray(value[place] - goal.lower)
    if goal.lower is None and goal.upper is not None:
        return np.asarray(
            goal.upper - values([marginal], (1 - levels)[::-1], [added])[0][place][::-1]
        )
    return np.quantile(_distance(values([marginal], _FINE, [added])[0][place], goal), levels)


def _distance(score: Array, goal: Goal) -> Array:
    low = np.inf if goal.lower is None else score - goal.lower
    high = np.inf if goal.upper is None else goal.upper - score
    return np.asarray(np.minimum(low, high))
