"""A forecast read from a later figure than its history ends with: part of a year is known.

Shape and size of change come from the whole years. From the later figure on, the time left
keeps its share of the drift, and of chance the root of its share; where a flow is partly
counted, the value cannot fall below what is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from corridor_model.assess.probability.question import Final
    from corridor_model.forecast.routes import Scale

Array = NDArray[np.float64]
_MEDIAN = np.array([0.5])


class Reading:
    """The target year of N forecasts of one horizon, each read from its question's anchor.

    Of the change c over the horizon h with median m, the time left keeps drift / h of the
    median and sqrt(spread / h) of the distance to it.

    Parameters
    ----------
    core : Core
        N histories.
    asked : sequence of Final
        N questions of one horizon.
    """

    def __init__(self, core: Any, asked: Sequence[Final]):
        self.ends = core.only(-1) if hasattr(core, "only") else core
        self.scale: Scale = self.ends.scale
        self.moved = np.array([a.anchor is not None for a in asked])[:, None, None]
        self.least = np.array([-np.inf if a.floor is None else a.floor for a in asked])[
            :, None, None
        ]
        if self.moved.any():
            pairs = zip(asked, self.scale.last, strict=True)
            last = np.array([s if a.anchor is None else a.anchor for a, s in pairs])
            self.here = replace(self.scale, last=last)
            horizon = asked[0].horizon
            self.drift = np.array([a.drift / horizon for a in asked])[:, None, None]
            spread = np.array([max(a.spread, 1e-9) / horizon for a in asked])
            self.root = np.sqrt(spread)[:, None, None]
            self.middle = self.scale.change(self._plain(_MEDIAN))

    def _plain(self, levels: Array) -> Array:
        return np.asarray(self.ends.quantile(levels, False)[:, -1:])

    def quantile(self, levels: Array) -> Array:
        """Return values at probabilities, shape (N, 1, Q)."""
        values = self._plain(levels)
        if self.moved.any():
            values = np.where(self.moved, self.carried(values), values)
        return np.asarray(np.maximum(values, self.least))

    def carried(self, values: Array) -> Array:
        """Return where values of the plain forecast lie when read from the anchor."""
        change = self.scale.change(values)
        near = self.drift * self.middle + self.root * (change - self.middle)
        return np.asarray(self.here.value(near), dtype=np.float64)

    def cdf(self, points: Array, strict: bool = False) -> Array:
        """Return P(value <= x), or P(value < x) if strict, shape (N, 1, Q); x may be infinite."""
        finite = np.isfinite(points)
        asked = np.where(finite, points, self.scale.last[:, None, None])
        if self.moved.any():
            change = self.here.change(asked)
            with np.errstate(invalid="ignore"):
                away = (change - self.drift * self.middle) / self.root
            back = self.scale.value(self.middle + away)
            asked = np.where(finite & self.moved, back, asked)
        years = int(self.ends.shape[1])
        wide = np.broadcast_to(asked, (asked.shape[0], years, asked.shape[2])).copy()
        inside = self.ends.cdf(wide, strict=strict)[:, -1:]
        inside = np.where(finite, inside, np.where(points > 0, 1.0, 0.0))
        under = points <= self.least if strict else points < self.least
        return np.where(under, 0.0, inside)


@dataclass(frozen=True, eq=False)
class Anchored:
    """One history's forecast by year, every year read from the same later figure.

    Stands where the forecast floor's own cores stand.

    Attributes
    ----------
    core : Core
        The plain forecast, over as many steps as the last year needs.
    asked : tuple of Final
        One question a year, of Y years; its horizon names the row of ``core``.
    """

    core: Any
    asked: tuple[Final, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Histories (always 1) and years."""
        return 1, len(self.asked)

    @cached_property
    def readings(self) -> list[Reading]:
        """Each year's reading."""
        return [Reading(self.core.only(a.horizon - 1), [a]) for a in self.asked]

    def cdf(self, values: Array, strict: bool = False) -> Array:
        """Return P(value <= x), or < x if strict, shape (1, Y, Q)."""
        rows = [one.cdf(values[:, i : i + 1], strict) for i, one in enumerate(self.readings)]
        return np.concatenate(rows, axis=1)

    def quantile(self, levels: Array, polish: bool = True) -> Array:  # noqa: ARG002
        """Return values at probabilities, shape (1, Y, Q)."""
        return np.concatenate([one.quantile(levels) for one in self.readings], axis=1)

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        """Draw each year by itself, shape (1, Y, n)."""
        return self._carried(self.core.sample(n, rng))

    def paths(self, n: int, rng: np.random.Generator) -> Array:
        """Draw paths over all years, shape (1, Y, n)."""
        return self._carried(self.core.paths(n, rng))

    def _carried(self, drawn: Array) -> Array:
        rows = []
        for asked, one in zip(self.asked, self.readings, strict=True):
            row = drawn[:, asked.horizon - 1 : asked.horizon]
            row = one.carried(row) if asked.anchor is not None else row
            rows.append(np.maximum(row, one.least))
        return np.concatenate(rows, axis=1)
