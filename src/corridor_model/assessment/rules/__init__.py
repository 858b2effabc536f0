"""Ways to judge progress, one file each, faithful to what was published."""

from __future__ import annotations

from corridor_model.assessment.rules import base, growth_ratio, pace
from corridor_model.assessment.rules.base import Facts, Rule, Verdict
from corridor_model.assessment.rules.lamps import PROFILES, Lamp, lamp
from corridor_model.errors import CorridorError

RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        base.RULE,
        growth_ratio.RULE_EUROSTAT,
        growth_ratio.RULE,
        pace.RULE_ESCAP,
        pace.RULE_DESTATIS,
        pace.RULE_HEALTHY_PEOPLE,
        pace.RULE_SERVICENOW,
    )
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
        raise CorridorError(f"No rule {name!r}. Known: {', '.join(RULES)}, all.")
    return RULES[name]
