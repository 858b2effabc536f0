"""What a study varies where nothing is said, and how far: every range with its origin.

No published distribution of delays of district roads exists, so theirs is an assumption and says
so. Cost overruns of roads are published; the same is assumed of the other works.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor_model.distributions import Discrete, Distribution, Lognormal
from corridor_model.scenario.works.uncertain import uncertainties_of
from corridor_model.sensitivity.inputs import SensitivityError
from corridor_model.sensitivity.levers import Lever

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.works.resolve import Resolved

DELAY = Discrete((0, 3, 6, 12, 24), (0.5, 0.15, 0.15, 0.15, 0.05))
"""Months, of every work: half are on time, one in five a year or more late; origin ``assumed``."""
OVERRUN = Lognormal(mean=1.204, sd=0.299)
"""Cost factor of roads: Flyvbjerg, Skamris Holm, Buhl (2003), Transport Reviews 23(1), 71-88."""


@dataclass(frozen=True, slots=True)
class Default:
    """A distribution and where it comes from (S5)."""

    distribution: Distribution
    origin: str


def default_inputs(plan: Plan, resolved: Resolved) -> dict[str, Default]:
    """Return delay and cost of every work that can still move.

    A distribution of the scenario, or of the plan's table ``uncertainties``, comes first. Works
    without known money have no overrun; works finished or cancelled have neither.

    Examples
    --------
    >>> import corridor_model as cm
    >>> plan = cm.load_plan()
    >>> made = default_inputs(plan, cm.resolve(plan))
    >>> made["overrun:binhai_avenue"].origin, made["delay:binhai_avenue"].origin
    ('literature', 'assumed')
    """
    return dict(_defaults(plan, resolved))


def _defaults(plan: Plan, resolved: Resolved) -> Iterator[tuple[str, Default]]:
    given = uncertainties_of(plan)
    for work in resolved.works:
        if work.finished or work.cancelled:
            continue
        cost = "literature" if plan.projects[work.id].category == "road" else "assumed"
        fields = (
            ("delay", work.months, work.months != 0, DELAY, "assumed"),
            (
                "overrun",
                work.factor,
                work.factor != 1,
                OVERRUN,
                cost,
            ),
        )
        for field, held, said, usual, origin in fields:
            if field == "overrun" and work.investment is None:
                continue
            if isinstance(held, Distribution):
                own = given.get((work.id, field))
                yield f"{field}:{work.id}", Default(held, own[1] if own else "user")
            elif not said:
                yield f"{field}:{work.id}", Default(usual, origin)


def range_of(lever: Lever, base: float | None) -> tuple[float, float]:
    """Return how far a search for a tipping point goes, where nothing is said.

    Raises
    ------
    SensitivityError
        If the range follows from where the input stands and that is unknown.
    """
    fixed: Mapping[str, tuple[float, float]] = {
        "delay": (-24.0, 60.0),
        "overrun": (0.5, 3.0),
        "cancel": (0.0, 1.0),
        "growth": (-0.3, 1.0),
        "forecast": (0.001, 0.999),
    }
    if lever.field in fixed:
        return fixed[lever.field]
    if base is None or base <= 0:
        raise SensitivityError(
            f"{lever.name} has no value above 0 to take a range from. Give one: "
            f"{{{lever.name!r}: (low, high)}}.",
            f"“{lever.name}”没有大于0的现值，请给出范围（低，高）。",
        )
    return 0.1 * base, 3 * base
