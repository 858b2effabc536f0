"""What counts as one promise: a target, or alternatives of which any will do (S4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan
    from corridor_model.plan.records import Indicator


def alternatives(plan: Plan, name: str) -> list[str]:
    """Return the indicators of which any one keeps the promise of this one (S4)."""
    listed = list(plan.indicators)
    for group in promises(list(plan.indicators.values())):
        if listed.index(name) in group:
            return [listed[i] for i in group]
    return [name]


def promises(indicators: Sequence[Indicator]) -> list[list[int]]:
    """Return the places of indicators that are alternatives of one another (S4)."""
    members: dict[str, list[int]] = {}
    for i, indicator in enumerate(indicators):
        name = next((t.any_of for t in indicator.targets if t.any_of), None)
        if name is not None:
            members.setdefault(name, []).append(i)
    return list(members.values())
