"""What is counted: targets, and alternatives of which any one will do (S4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from corridor_model.scenario.targets.outlook import Outlook

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan


class Promised(NamedTuple):
    """The promises that every scenario can answer for.

    Attributes
    ----------
    names : tuple of str
        Indicators.
    singles : tuple of int
        Places of those that are promises of their own.
    groups : tuple of tuple of int
        Places of alternatives: any of them is one promise.
    """

    names: tuple[str, ...]
    singles: tuple[int, ...]
    groups: tuple[tuple[int, ...], ...]


def promised(plan: Plan, outlooks: Sequence[Mapping[str, Outlook]]) -> Promised:
    """Return what is counted: indicators that are simulated in all of several scenarios."""
    names = [name for name in plan.indicators if all(not each[name].reason for each in outlooks)]
    by_word: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        word = next((t.any_of for t in plan.indicators[name].targets if t.any_of), None)
        by_word.setdefault(word or f"\0{name}", []).append(i)
    singles = tuple(group[0] for group in by_word.values() if len(group) == 1)
    groups = tuple(tuple(group) for group in by_word.values() if len(group) > 1)
    return Promised(tuple(names), singles, groups)
