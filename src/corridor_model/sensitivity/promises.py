"""What counts as one promise: a target, or alternatives of which any will do (S4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_model.assess.forecasts import promises

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.works.resolve import Resolved
    from corridor_model.sensitivity.reader import Reader


def alternatives(plan: Plan, name: str) -> list[str]:
    """Return the indicators of which any one keeps the promise of this one (S4)."""
    listed = list(plan.indicators)
    for group in promises(list(plan.indicators.values())):
        if listed.index(name) in group:
            return [listed[i] for i in group]
    return [name]


def promises_of(reader: Reader, resolved: Resolved | None = None) -> list[list[str]]:
    """Return the indicators that can be simulated, alternatives («A or B») together."""
    made: dict[str, list[str]] = {}
    for name in reader.plan.indicators:
        if not reader.outlook(resolved or reader.resolved, name).reason:
            made.setdefault(reader.promise[name], []).append(name)
    return list(made.values())
