"""Ways to judge progress, one object each, faithful to what was published.

What a rule is, and our own (`SCHEDULE`), stands in :mod:`corridor_model.assessment.verdicts`;
those that compare yearly growth (Eurostat, Statistics Canada) in :mod:`.growth_ratio`; those
that compare how far one has come in :mod:`.pace`; lamps of single offices in :mod:`.lamps`. A
new rule is a function ``(facts, thresholds) -> Verdict`` in one of them, a `Rule` around it, and
a name in `RULES`.
"""

from __future__ import annotations

from corridor_model.assessment.rules.growth_ratio import EUROSTAT, STATCAN
from corridor_model.assessment.rules.lamps import PROFILES, Lamp, lamp
from corridor_model.assessment.rules.pace import DESTATIS, ESCAP, HEALTHY_PEOPLE, SERVICENOW
from corridor_model.assessment.verdicts import SCHEDULE, Facts, Rule, Verdict
from corridor_model.errors import CorridorError
from corridor_model.messages import N_, Listing

RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (SCHEDULE, EUROSTAT, STATCAN, ESCAP, DESTATIS, HEALTHY_PEOPLE, SERVICENOW)
}
"""By name, ours first."""

__all__ = ["PROFILES", "RULES", "Facts", "Lamp", "Rule", "Verdict", "lamp", "rule_of"]


def rule_of(name: str) -> Rule:
    """Return a rule by name.

    Raises
    ------
    CorridorError
        If there is none of that name, with those there are.

    Examples
    --------
    >>> rule_of("eurostat").thresholds["moderate"]
    0.6
    """
    if name not in RULES:
        raise CorridorError(
            N_("No rule {name!r}. Known: {rules}, all."), name=name, rules=Listing(RULES)
        )
    return RULES[name]
