"""The experts: small closed-form forecasters of yearly steps, as columns of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.intp]

KINDS = ("level", "share", "ratio", "count")


@dataclass(frozen=True)
class Expert:
    """One expert: a yearly drift, a noise memory and a way to learn the noise's size.

    Attributes
    ----------
    phi, theta : float
        Steps are drift + ARMA(1,1) noise. Positive ``phi`` is persistent growth, ``theta``
        near -1 is reversion to a trend, both 0 a random walk with drift.
    s0 : float
        Size of a yearly shock before any is seen, in units of the step (log or log-odds).
    mu : float
        Yearly drift, same units.
    delta, nu, cap : float
        Memory of the noise's size (1 remembers every year alike), weight of ``s0`` in
        years, and the largest number of degrees of freedom.
    """

    phi: float
    theta: float
    s0: float
    mu: float
    delta: float
    nu: float
    cap: float


@dataclass(frozen=True, eq=False)
class Experts:
    """Experts side by side; E experts, P distinct noise models.

    Attributes
    ----------
    rows : tuple of Expert
        Those that remember every year (``delta`` 1) come first.
    """

    rows: tuple[Expert, ...]

    def __post_init__(self) -> None:
        order = [row.delta < 1 for row in self.rows]
        if order != sorted(order):
            raise ValueError("experts with delta = 1 must come first")

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> Array:
        """Return one attribute of all experts, shape (E,)."""
        return np.array([getattr(row, name) for row in self.rows], float)

    @cached_property
    def steady(self) -> int:
        """Number of experts that remember every year alike."""
        return sum(row.delta == 1 for row in self.rows)

    @cached_property
    def noises(self) -> tuple[tuple[float, float], ...]:
        """The distinct (phi, theta)."""
        return tuple(dict.fromkeys((row.phi, row.theta) for row in self.rows))

    @cached_property
    def noise(self) -> Index:
        """Position of each expert's noise model in `noises`, shape (E,)."""
        return np.array([self.noises.index((r.phi, r.theta)) for r in self.rows], np.intp)

    @cached_property
    def mu(self) -> Array:
        """Yearly drifts, shape (E,)."""
        return self.column("mu")

    @cached_property
    def s0(self) -> Array:
        """Prior shock sizes, shape (E,)."""
        return self.column("s0")

    def dof(self, steps: int) -> Index:
        """Degrees of freedom after so many steps, shape (E,), whole numbers."""
        delta, nu = self.column("delta"), self.column("nu")
        seen = np.zeros(len(self))
        for _ in range(steps):
            seen = delta * seen + 1
        return np.floor(np.minimum(nu + seen, self.column("cap"))).astype(np.intp)


def grid(
    noises: Sequence[tuple[float, float]],
    sizes: Sequence[float],
    drifts: Sequence[float],
    memories: Sequence[tuple[float, float, float]],
) -> Experts:
    """Cross every noise model, size, drift and memory.

    Examples
    --------
    >>> len(grid([(0, 0), (0.7, -0.4)], [0.01, 0.1], [0.0], [(1, 4, float("inf"))]))
    4
    """
    rows = [
        Expert(phi, theta, s0, mu, *memory)
        for memory in sorted(memories, key=lambda m: m[0] < 1)
        for phi, theta in noises
        for s0 in sizes
        for mu in drifts
    ]
    return Experts(tuple(rows))
