"""What counts as one promise: an indicator, or alternatives of which any one will do (S4).

Targets that share a word in ``any_of`` are one promise («A or B»). Verdicts, probabilities,
counts and studies all ask here which indicators belong together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corridor_model.plan.contents import PlanRecords
    from corridor_model.plan.plan import Plan
    from corridor_model.plan.records import Indicator


def promise_of(indicator: Indicator) -> str:
    """Return the name of an indicator's promise: the word its alternatives share, or its id."""
    return _shared_word(indicator) or indicator.id


def promises(indicators: Iterable[Indicator]) -> list[list[int]]:
    """Return the places of indicators, those of one promise together.

    Examples
    --------
    >>> import corridor_model as cm
    >>> plan = cm.load_plan()
    >>> len(plan.indicators), len(promises(plan.indicators.values()))
    (144, 143)
    """
    # an id never joins what shares a word of the same spelling
    return places_by(_shared_word(i) or (i.id,) for i in indicators)


def alternatives(indicators: Iterable[Indicator]) -> list[list[int]]:
    """Return the places of indicators that are alternatives of one another."""
    return [places for places in promises(indicators) if len(places) > 1]


def alternatives_of(plan: Plan, name: str) -> list[str]:
    """Return the indicators of which any one keeps the promise of this one, itself among them."""
    names = list(plan.indicators)
    own = names.index(name)
    (places,) = (group for group in promises(plan.indicators.values()) if own in group)
    return [names[i] for i in places]


def places_by(keys: Iterable[Hashable]) -> list[list[int]]:
    """Return the places that hold the same key, in the order of the first of each."""
    places: dict[Hashable, list[int]] = {}
    for i, key in enumerate(keys):
        places.setdefault(key, []).append(i)
    return list(places.values())


def _shared_word(indicator: Indicator) -> str | None:
    return next((target.any_of for target in indicator.targets if target.any_of), None)


def headline(plan: PlanRecords) -> frozenset[str]:
    """Return the indicators a first look should show.

    They speak of the whole area (the scope most indicators have), or their start is a real
    figure and not a zero by definition.
    """
    scopes = Counter(indicator.scope for indicator in plan.indicators.values())
    common = scopes.most_common(1)[0][0]
    return frozenset(
        i.id
        for i in plan.indicators.values()
        if i.scope == common or (i.baseline and i.baseline.value)
    )
