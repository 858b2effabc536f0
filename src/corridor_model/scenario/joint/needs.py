"""What an indicator's score leaves to works, and whether what they add is enough.

With x(z) the value at a normal score z without works, and a what works add, «at least L» is
met where a >= L - x(z), and «at most U» where -a >= x(z) - U. The right side belongs to the
indicator alone: it is looked up once a draw and shared by all scenarios.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from corridor_model.scenario.joint.scores import BLOCK

if TYPE_CHECKING:
    from corridor_model.scenario.joint.scores import Delays

Float32 = NDArray[np.float32]
Places = NDArray[np.intp]
ENDS = 6.0
"""Scores between which a smooth table runs, in even steps."""


@dataclass(frozen=True, slots=True, eq=False)
class Need:
    """What one bound of one indicator needs works to add.

    Attributes
    ----------
    indicator : int
        Place among the indicators.
    table : ndarray of float32
        Need by score of good news, falling: at even steps of the score within `ENDS`, or at
        even steps of its probability.
    steps : bool
        Whether by probability: the values of paths, each as likely as the next.
    """

    indicator: int
    table: Float32
    steps: bool = False

    def at(self, scores: Float32) -> Float32:
        """Return the need in each draw."""
        last = len(self.table) - 1
        if self.steps:
            place = ndtr(scores) * np.float32(last + 1)
            return self.table.take(np.minimum(place.astype(np.intp), last))
        place = (scores + np.float32(ENDS)) * np.float32(last / (2 * ENDS))
        np.clip(place, 0, last, out=place)
        left = np.minimum(place.astype(np.intp), last - 1)
        place -= left
        rise = np.diff(self.table).take(left)
        rise *= place
        rise += self.table.take(left)
        return rise


class Needs:
    """What a task's draws need, and its works' delays; looked up once for all scenarios."""

    def __init__(self, needs: tuple[Need, ...], scores: Float32, delays: Delays):
        self._needs, self._scores, self.delays = needs, scores, delays
        self._last: tuple[tuple[int, ...], Float32] | None = None
        self._scratch: Float32 = np.empty(0, dtype=np.float32)

    def scratch(self, rows: int, size: int) -> Float32:
        """Return room to write in, kept from scenario to scenario: new memory is slow.

        In one piece, whose rows of `BLOCK` draws begin at the same place of a memory page:
        a row copied to one that begins a little later in its page takes ten times as long.
        """
        if self._scratch.size < rows * size:
            self._scratch = np.empty(rows * size, dtype=np.float32)
        return self._scratch[: rows * size].reshape(rows, size)

    def rows(self, which: tuple[int, ...]) -> Float32:
        """Return some needs, shape (rows, draws); those of the last scenario are kept."""
        if self._last is None or self._last[0] != which:
            made = np.empty((len(which), self._scores.shape[1]), dtype=np.float32)
            before = {} if self._last is None else dict(zip(*self._last, strict=True))
            for row, at in zip(made, which, strict=True):
                need = self._needs[at]
                row[:] = before[at] if at in before else need.at(self._scores[need.indicator])
            self._last = (which, made)
        return self._last[1]


@dataclass(frozen=True, slots=True, eq=False)
class Varying:
    """What works with an uncertain delay add in one scenario, row by row of its needs.

    Attributes
    ----------
    needs : tuple of int
        Place of each row's need.
    works : tuple of int
        Places of works, once for each of their responses.
    responses : ndarray of float32, shape (responses, scores)
        What they add at the scores tabulated, per unit.
    slots : tuple of (ndarray of int, ndarray of float32)
        Of the k-th summand of the first rows: place among the responses, and its factor.
    fixed : ndarray of float32, shape (rows, 1)
        What certain works add.
    firsts : tuple of (int, int)
        Row and indicator.
    seconds : tuple of (int, int)
        The same for the other bound of a range.
    """

    needs: tuple[int, ...]
    works: tuple[int, ...]
    responses: Float32
    slots: tuple[tuple[Places, Float32], ...]
    fixed: Float32
    firsts: tuple[tuple[int, int], ...]
    seconds: tuple[tuple[int, int], ...] = ()

    def meet(self, needs: Needs, paired: float, common: float, met: NDArray[np.bool_]) -> None:
        """Put down in which draws the indicators of these rows are reached."""
        rows, indicators = (list(each) for each in zip(*self.firsts, strict=True))
        needed = needs.rows(self.needs)
        places = needs.delays.places(self.works, paired, common)
        for at, start in zip(places, range(0, met.shape[1], BLOCK), strict=True):
            part = slice(start, start + at.shape[1])
            added = self._added(at, needs)
            own = rows == indicators == list(range(len(met)))
            if own and not self.seconds:  # every one in its own place, with one bound
                np.greater_equal(added, needed[:, part], out=met[:, part])
                continue
            hit = added >= needed[:, part]
            met[indicators, part] = hit[rows]
            for row, indicator in self.seconds:
                met[indicator, part] &= hit[row]

    def _added(self, at: Places, needs: Needs) -> Float32:
        """Return what works add to each row, shape (rows, draws)."""
        responses, rows = len(self.works), len(self.needs)
        room = needs.scratch(responses + 2 * rows, at.shape[1])
        made, added, other = np.split(room, [responses, responses + rows])
        # every place lies within the table: "clip" only spares a copy
        self.responses.take(at, out=made, mode="clip")
        for k, (places, factors) in enumerate(self.slots):
            into = (other if k else added)[: len(places)]
            made.take(places, axis=0, out=into, mode="clip")
            if (factors != 1).any():
                into *= factors[:, None]
            if k:
                added[: len(places)] += into
        if self.fixed.any():
            added += self.fixed
        return added
