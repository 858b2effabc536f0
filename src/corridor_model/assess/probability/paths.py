"""Years that must be added up or each be met, from joint paths of a forecast.

Used where no closed form is at hand: fractional additions (亿元), the sum of an index by 累计法,
and the comparison methods. Paths come from a fixed stream, so the same question has the same
answer. Of a year that is partly known, the estimate of the whole year stands in the middle and
chance is that of the part still open: the root of the share to come times one step's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corridor_model.assess.probability.counts import Belief, is_whole
from corridor_model.forecast.api import forecast
from corridor_model.forecast.inputs import ForecastError

if TYPE_CHECKING:
    from corridor_model.assess.probability.question import Yearly
    from corridor_model.forecast.predictive import Predictive

Array = NDArray[np.float64]
PATHS = 4096
_STREAM = 20201231


def yearly_paths(
    asked: Yearly, method: str, n: int = PATHS, rng: np.random.Generator | None = None
) -> tuple[Array, Predictive]:
    """Return values of the open years, shape (Y, n), and the forecast behind them.

    Of a year that is partly known the whole year is given. Without ``rng`` they come from a
    fixed stream.
    """
    values, years = asked.values, asked.years
    estimate = asked.estimate
    if estimate is None and asked.share:
        estimate = asked.part / asked.share
    if not any(values) and estimate:
        values, years = (estimate,), (asked.open[0] - 1,)
    told = forecast(values, years, asked.open[-1] - years[-1], asked.kind, method=method)
    if method != "default" and not np.any(getattr(told.core, "sd", 1.0)):
        raise ForecastError(f"{method} knows no size of change from {len(values)} values.")
    rng = rng or np.random.Generator(np.random.SFC64(_STREAM))
    drawn = told.sample_paths(n, rng)[asked.open[0] - years[-1] - 1 :]
    if asked.share and estimate:
        drawn = _anchored(told, drawn, estimate, 1.0 - asked.share)
    return drawn, told


def _anchored(told: Predictive, drawn: Array, estimate: float, left: float) -> Array:
    """Move paths so that their first year lies around an estimate, with less chance."""
    scale = getattr(told.core, "scale", None)
    if scale is None or told.route == "gamma_poisson":
        first = estimate + np.sqrt(left) * (drawn[0] - np.median(drawn[0]))
        return np.vstack([first[None], drawn[1:] - drawn[0] + first])
    change = scale.change(drawn[None])[0]
    around = np.sqrt(left) * (change[0] - np.median(change[0]))
    moved = np.vstack([around[None], change[1:] - change[0] + around])
    return np.asarray(replace(scale, last=np.array([estimate])).value(moved[None])[0])


def coming(asked: Yearly, n: int, rng: np.random.Generator) -> Array:
    """Draw what each open year brings from now on, shape (Y, n): counts are whole numbers."""
    if is_whole(asked):
        return Belief(asked).paths(n, rng)
    return counted(asked, yearly_paths(asked, "default", n, rng)[0])


def counted(asked: Yearly, paths: Array) -> Array:
    """Return what the paths bring from now on, shape (Y, PATHS)."""
    rest = np.array(paths)
    if asked.share and asked.estimate is None:
        rest[0] = np.maximum(rest[0] - asked.part, 0.0)
    elif not asked.share:
        rest[0] *= asked.weights[0]
    if len(rest) > 1:
        rest[-1] *= asked.weights[-1]
    return rest


def score(asked: Yearly, paths: Array) -> tuple[float, Array]:
    """Return P(within the bounds), and draws of what is projected for the target year."""
    rest = counted(asked, paths)
    if asked.score == "total":
        total = asked.start + rest.sum(axis=0)
        good = _inside(total, asked.lower[0], asked.upper[0])
        return float(good.mean()), total
    whole = np.maximum(paths, asked.part) if asked.share and len(paths) == 1 else paths
    good = np.ones(paths.shape[1], bool)
    for i, year in enumerate(whole):
        least = np.maximum(year, asked.part) if i == 0 and asked.share else year
        good &= _inside(least, asked.lower[i], asked.upper[i])
    return float(good.mean()), whole[-1]


def _inside(values: Array, lower: float | None, upper: float | None) -> NDArray[np.bool_]:
    """Return where values lie within bounds; an exact hit counts, rounding too (S3)."""
    slack = 64 * np.finfo(float).eps
    good = np.ones(values.shape, bool)
    if lower is not None:
        good &= values >= lower - slack * abs(lower)
    if upper is not None:
        good &= values <= upper + slack * abs(upper)
    return good
