"""What identifies a study of a plan: attributes that every result carries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corridor_model.sensitivity.reader import Reader


def study_attrs(reader: Reader) -> dict[str, Any]:
    """Return plan, scenario, seed and version of a study."""
    from corridor_model import __version__

    plan = reader.plan
    return {
        "plan": plan.about.id,
        "plan_digest": plan.digest,
        "example": int(plan.example),
        "scenario": reader.scenario.name,
        "scenario_text": reader.scenario.to_toml(),
        "seed": reader.seed,
        "version": __version__,
    }
