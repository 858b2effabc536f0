"""Normal scores of indicators, and of works' delays, for any range of draws.

Scores of indicators are made of factors and a rest of their own, keyed by name, float32, in
streams of 16,384 draws; those of delays are the normals that money uses, too. Every scenario
reads the same ones.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corridor_model.scenario.draws.keyed import UNIT, Streams, generator
from corridor_model.scenario.joint.correlation import Together
from corridor_model.scenario.joint.room import Room

Array = NDArray[np.float64]
Float32 = NDArray[np.float32]
Places = NDArray[np.intp]
STREAM = 8 * UNIT
"""Draws that one start of a generator makes at most: threads wait for each other between."""
BLOCK = 4 * UNIT
"""Draws whose works are looked up at a time, so that they stay in a processor's own memory."""
ROWS = 8
"""Indicators to which a factor is added at a time: new memory for all of them is slow."""


def scores_of(
    names: Sequence[str],
    tied: Together,
    seed: int,
    begin: int,
    end: int,
    room: Room | None = None,
) -> Float32:
    """Return the indicators' scores of good news, shape (indicators, end - begin)."""
    first, last = begin // STREAM, -(-end // STREAM)
    streams, size = Streams(), end - first * STREAM
    whole = (room or Room()).array("scores", (len(names), size), np.float32)
    for k, unit in enumerate(range(first, last)):
        _stream(whole[:, k * STREAM : (k + 1) * STREAM], names, tied, seed, unit, streams)
    return whole[:, begin - first * STREAM :]


def _stream(
    own: Float32, names: Sequence[str], tied: Together, seed: int, unit: int, streams: Streams
) -> None:
    """Write one stream's first scores, shape (indicators, STREAM) or fewer."""
    shared = [
        streams.at(f"factor:{name}", seed, unit).standard_normal(own.shape[1], dtype=np.float32)
        for name in tied.factors
    ]
    for row, name in zip(own, names, strict=True):
        streams.at(f"indicator:{name}", seed, unit).standard_normal(out=row, dtype=np.float32)
    if tied.root is not None:
        own[:] = _mixed(tied.root.astype(np.float32), own)
        return
    own *= tied.rest.astype(np.float32)[:, None]
    loadings = tied.loadings.astype(np.float32)
    for start in range(0, len(own), ROWS):
        rows = slice(start, start + ROWS)
        for loading, factor in zip(loadings[rows].T, shared, strict=True):
            own[rows] += loading[:, None] * factor


def _mixed(root: Float32, own: Float32) -> Float32:
    """Return root @ own, added up in one order whatever the machine's threads."""
    out = np.zeros_like(own)
    for start in range(0, own.shape[1], UNIT):
        part = slice(start, start + UNIT)
        for column, row in zip(root.T, own[:, part], strict=True):
            out[:, part] += column[:, None] * row
    return out


class Delays:
    """Places of works' delays among the scores at which responses are tabulated."""

    def __init__(
        self,
        works: Sequence[str],
        seed: int,
        begin: int,
        end: int,
        paired: bool,
        common: bool,
    ):
        self._seed, self._begin, self._end = seed, begin, end
        self._works = [
            (self._draw(f"delay:{name}"), self._draw(f"factor:{name}") if paired else 0.0)
            for name in works
        ]
        self._programme = self._draw("factor:programme") if works and common else 0.0
        self._loadings = (0.0, 0.0)
        self._cells: dict[int, Places] = {}
        self._last: tuple[tuple[int, ...], list[Places]] | None = None

    def _draw(self, name: str) -> Array:
        first, last = self._begin // UNIT, -(-self._end // UNIT)
        made = np.empty((last - first) * UNIT)
        for k, unit in enumerate(range(first, last)):
            part = made[k * UNIT : (k + 1) * UNIT]
            generator(name, self._seed, unit).standard_normal(out=part)
        return made[self._begin - first * UNIT : self._end - first * UNIT]

    def places(self, works: tuple[int, ...], paired: float, common: float) -> list[Places]:
        """Return places in a table with one row of `SCORES` for each work, `BLOCK` draws each.

        Shape (works, draws) each. Those of the last works are kept, and each work's own under
        the last loadings: scenarios in a row mostly share them, and any number of scenarios
        takes no more memory than one.
        """
        if self._loadings != (paired, common):
            self._loadings, self._last = (paired, common), None
            self._cells.clear()
        if self._last is None or self._last[0] != works:
            rows = [self._cells_of(work) + at * len(SCORES) for at, work in enumerate(works)]
            whole = np.array(rows).reshape(len(works), self._end - self._begin)
            starts = range(0, whole.shape[1], BLOCK)
            made = [np.ascontiguousarray(whole[:, i : i + BLOCK]) for i in starts]
            self._last = (works, made)
        return self._last[1]

    def _cells_of(self, work: int) -> Places:
        """Return the place among `SCORES` of a work's delay in each draw."""
        if work not in self._cells:
            paired, common = self._loadings
            own, factor = self._works[work]
            rest = np.sqrt(max(0.0, 1 - paired**2 - common**2))
            z = common * self._programme + paired * factor + rest * own
            nearest = np.rint((z - SCORES[0]) / (SCORES[1] - SCORES[0]))
            self._cells[work] = np.clip(nearest, 0, len(SCORES) - 1).astype(np.intp)
        return self._cells[work]


SCORES = np.linspace(-6.0, 6.0, 2049)
"""Scores of a delay at which responses are tabulated."""
