"""The closed lists: what kinds, origins, statuses and reasons there are, in their order.

Codes stand in files and results; their words are messages: ``KIND_WORDS["level"].text(lang)`` or
``t.of(KIND_WORDS["level"])`` is what a person reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from corridor_model.messages import Message, context, message

# What is promised.

KIND_WORDS = {
    "level": context("kind", "level"),
    "share": context("kind", "share"),
    "ratio": context("kind", "ratio"),
    "growth": context("kind", "average growth"),
    "cumulative": context("kind", "cumulative"),
    "annual": context("kind", "yearly minimum"),
    "change": context("kind", "change"),
    "relative_change": context("kind", "change in percent"),
    "rank": context("kind", "rank"),
    "milestone": context("kind", "milestone"),
    "completion": context("kind", "completion"),
    "qualitative": context("kind", "without a number"),
}
"""How a target is meant (S4), in words."""

KINDS = tuple(KIND_WORDS)

Side = Literal["at_least", "at_most"]
"""On which side of a bound a target is met, where no other comparator will do."""

SENSES = ("at_least", "at_most", "exactly", "above", "below", "about")

CATEGORIES = {
    "road": message("roads"),
    "public_transport": message("public transport works"),
    "environment": message("environment works"),
}
"""Works of one kind."""


# Where a number came from (S5).

ORIGIN_WORDS = {
    "document": context("origin", "document"),
    "definition": context("origin", "definition"),
    "published": context("origin", "published"),
    "user": context("origin", "user"),
    "literature": context("origin", "literature"),
    "assumed": context("origin", "assumed"),
}
"""From the strongest to the weakest."""

ORIGINS = tuple(ORIGIN_WORDS)
Origin = Literal["document", "definition", "published", "user", "literature", "assumed"]

_STRENGTH = {origin: place for place, origin in enumerate(ORIGINS)}
_CHOICE = ("user", "document", "definition", "published", "literature", "assumed")


def weakest(origins: Iterable[str]) -> str:
    """Return the weakest of some origins: a result is no better than its worst input.

    Examples
    --------
    >>> weakest(["document", "assumed", "published"])
    'assumed'
    """
    return max(origins, key=_STRENGTH.__getitem__)


def preference(origin: str) -> int:
    """Return the place of an origin when two baselines compete: the user's own comes first."""
    return _CHOICE.index(origin)


# What an assessment says, and why it says nothing.

RuleName = Literal[
    "schedule", "eurostat", "statcan", "escap", "destatis", "healthy_people", "servicenow", "all"
]
"""Rules of progress by name, or all of them."""

ACHIEVED = "achieved"
AHEAD = "ahead"
ON_SCHEDULE = "on_schedule"
BEHIND = "behind"
MISSED = "missed"
NOT_ASSESSABLE = "not_assessable"

STATUSES = {
    ACHIEVED: context("status", "achieved"),
    AHEAD: context("status", "ahead"),
    ON_SCHEDULE: context("status", "on schedule"),
    BEHIND: context("status", "behind"),
    MISSED: context("status", "missed"),
    NOT_ASSESSABLE: context("status", "not assessable"),
}
"""The official classes of a mid-term report, best first, and the one for what cannot be said."""

REASONS = {
    "not_due_yet": context("reason", "not due yet"),
    "not_reported": context("reason", "not reported"),
    "no_baseline": context("reason", "no baseline"),
    "no_scale": context("reason", "no scale"),
    "not_quantified": context("reason", "not quantified"),
    "no_date": context("reason", "no date"),
    "bound_unknown": context("reason", "bound unknown"),
    "not_applicable": context("reason", "not applicable"),
    "paused": context("reason", "paused"),
    "target_revised": context("reason", "target revised"),
}
"""Why a status is `not_assessable`: a closed list, so that counts always sum to the total."""

PUBLISHED_SUBSTITUTION = "published_substitution"
"""Beside a status: the publication put 0.001 for zero (S7)."""

ABOVE_RANGE = "above_range"
"""Beside a status: met beyond the far end of a range (S4)."""

MASKS = {
    "": Message(""),
    "not_reported": REASONS["not_reported"],
    "not_due_yet": REASONS["not_due_yet"],
    "no_baseline": REASONS["no_baseline"],
    "no_scale": REASONS["no_scale"],
    "no_forecast": context("reason", "no forecast"),
    "not_applicable": REASONS["not_applicable"],
    "not_quantified": REASONS["not_quantified"],
    "no_date": REASONS["no_date"],
    "bound_unknown": REASONS["bound_unknown"],
    "paused": REASONS["paused"],
    "no_room": context("reason", "no room"),
    "basis_unknown": context("reason", "year or to date, not stated"),
    "above_range": context("reason", "beyond the range"),
    "undefined_rate": context("reason", "rate undefined"),
    "out_of_range": context("reason", "out of range"),
    "above_bound": context("reason", "beyond the bound"),
    "base_met": context("reason", "met at the start"),
    "no_progress": context("reason", "no progress yet"),
    "deadline_passed": context("reason", "deadline passed"),
    "target_revised": REASONS["target_revised"],
    "missing": context("reason", "missing"),
    "never_reached": context("reason", "never reached"),
    "no_annual_target": context("reason", "no annual target"),
    "no_record": context("reason", "no record of earlier years"),
}
"""Why a number is masked (S7); each masked variable x has x_reason."""

_ORDER = {MISSED: 0, BEHIND: 1, NOT_ASSESSABLE: 2, ON_SCHEDULE: 3, AHEAD: 4, ACHIEVED: 5}


def worst_first(status: str) -> int:
    """Return the place of a status when the worst stands first.

    Examples
    --------
    >>> sorted(STATUSES, key=worst_first)
    ['missed', 'behind', 'not_assessable', 'on_schedule', 'ahead', 'achieved']
    """
    return _ORDER[status]


def status_word(status: str, lang: str) -> str:
    """Return a status in ``"zh"`` or ``"en"``."""
    return STATUSES[status].text(lang)


def reason_word(reason: str, lang: str) -> str:
    """Return a reason or a mask in ``"zh"`` or ``"en"``; an unknown code as it is."""
    if reason == PUBLISHED_SUBSTITUTION:
        return message("0.001 for zero, as published").text(lang)
    word = REASONS.get(reason) or MASKS.get(reason)
    return reason if word is None else word.text(lang)
