"""What works add to indicators under a scenario, against the plan as scheduled (S12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from scipy.special import ndtri

from corridor_model._typing import Array, Bits
from corridor_model.distributions import Distribution
from corridor_model.draws import generator, inside, sobol_bits, uniform_points
from corridor_model.scenario.money_under_delay import progress
from corridor_model.scenario.resolve import Resolved
from corridor_model.scenario.work import Effect, Work, at_scores, spread

POINTS = 1024
"""Project draws of the marginal route: one in each of as many equal strips of each input."""

Way = tuple[int, float]
"""Lag and decay of an effect."""


@dataclass(frozen=True, slots=True, eq=False)
class Contribution:
    """One work that adds to indicators.

    Attributes
    ----------
    work : Work
        As the scenario has it.
    reference : Work
        As the plan has it.
    effects : tuple of Effect
        What it does.
    """

    work: Work
    reference: Work
    effects: tuple[Effect, ...]

    @property
    def uncertain(self) -> bool:
        """Whether its delay is a distribution; a dearer work adds nothing."""
        return isinstance(self.work.months, Distribution) and not self.work.cancelled

    def months(self, z: Array) -> Array:
        """Return months of delay at normal scores; one value where certain."""
        return at_scores(self.work.months, z)

    def moved(self, months: Array, first: int, years: int) -> list[tuple[Way, Array]]:
        """Return what one unit of effect adds in each year, shape (years, n), by way."""
        earliest = self.work.timeline.earliest(self.work.mode, months)
        begin = min(int(min(earliest, self.reference.start) // 12), first)
        bounds: Array = 12.0 * np.arange(begin, first + years + 1, dtype=np.float64)
        carried = (self.work.investment or 0.0) * progress(self.work, months, bounds)
        one: Array = np.zeros(1)
        planned = (self.reference.investment or 0.0) * progress(self.reference, one, bounds)
        carried -= planned
        ways = dict.fromkeys((effect.lag, effect.decay) for effect in self.effects)
        return [(way, spread(carried, *way)[first - begin :]) for way in ways]

    def added(self, months: Array, first: int, years: int) -> dict[str, Array]:
        """Return by indicator what the work adds in each year, shape (years, n)."""
        by_way = dict(self.moved(months, first, years))
        out: dict[str, Array] = {}
        for effect in self.effects:
            by_year = effect.per_unit * by_way[effect.lag, effect.decay]
            out[effect.indicator] = out.get(effect.indicator, 0.0) + by_year
        return out


def contributions_of(resolved: Resolved, planned: Resolved) -> list[Contribution]:
    """Return the works that a scenario moves and that do something to an indicator."""
    by_work: dict[str, list[Effect]] = {}
    for effect in resolved.effects:
        if effect.per_unit:
            by_work.setdefault(effect.project, []).append(effect)
    contributions = []
    for work, reference in zip(resolved.works, planned.works, strict=True):
        if work.investment is None or work.id not in by_work:
            continue
        if work == reference and work.mode == "move" and work.months == 0.0:
            continue  # on schedule with nothing set, the usual case: no copy is made
        # money the plan does not know is taken to be in its schedule already
        money = work.investment if reference.investment is None else reference.investment
        planned_so = replace(
            reference,
            investment=money,
            investment_origin=work.investment_origin,
            since=work.since,
            factor=work.factor,
            dates_origin=work.dates_origin,
            rule=work.rule,
            override=work.override,
            months=0.0,  # on schedule, also where the plan's own uncertainties say otherwise
            mode="move",
        )
        if work != planned_so:
            contributions.append(Contribution(work, planned_so, tuple(by_work[work.id])))
    return contributions


@lru_cache(maxsize=512)
def strips(name: str, seed: int) -> Array:
    """Return a name's standard normals, one in each of `POINTS` equal strips, shuffled.

    A Latin hypercube whose columns are keyed by name (S13): another input leaves it alone.
    """
    rng = generator(f"strips:{name}", seed, 0)
    u = (rng.permutation(POINTS) + rng.random(POINTS)) / POINTS
    return np.asarray(ndtri(inside(u)))


@lru_cache(maxsize=512)
def sobol_strips(name: str, seed: int, column: int) -> Array:
    """Return a name's standard normals at Sobol points, whose columns are even together, too."""
    columns = _columns(max(6, column.bit_length()))  # of few widths, each kept
    return np.asarray(ndtri(inside(uniform_points(columns[column], name, seed))))


@lru_cache(maxsize=8)
def _columns(power: int) -> Bits:
    return sobol_bits(2**power, POINTS)


def delay_scores(work: str, seed: int, common: float, columns: Mapping[str, int]) -> Array:
    """Return normal scores of a work's delay over the strips, with the programme's factor.

    The factor that a work's delay shares with its overrun is left out: overruns add nothing
    to indicators, and no other work knows it.
    """
    name = f"delay:{work}"
    place = columns.get(name)
    own = strips(name, seed) if place is None else sobol_strips(name, seed, place)
    if not common:
        return own
    rest = np.sqrt(max(0.0, 1 - common**2))
    return np.asarray(rest * own + common * strips("factor:programme", seed))


def added_by_indicator(
    contributions: list[Contribution],
    resolved: Resolved,
    first: int,
    years: int,
    seed: int,
    columns: Mapping[str, int] | None = None,
) -> dict[str, Array]:
    """Return by indicator what all works add, shape (years, POINTS), or (years, 1) if certain.

    ``columns`` are the places that the plan stores (`design_columns`): works that have one get
    joint Sobol points, the others a Latin hypercube.
    """
    out: dict[str, Array] = {}
    for one in contributions:
        z = np.zeros(1)
        if one.uncertain:
            z = delay_scores(one.work.id, seed, resolved.common, columns or {})
        for name, values in one.added(one.months(z), first, years).items():
            out[name] = out.get(name, 0.0) + values
    return out
