"""The user's own uncertainties: the plan's table of that name, read and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_model.assess.probability.ask import UNFORESEEN
from corridor_model.distributions import Distribution, DistributionError, distribution_from_text
from corridor_model.errors import PlanError, Problem

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan

WORK_FIELDS = ("delay", "overrun")
AIM_FIELDS = ("growth", "value")


def uncertainties_of(plan: Plan) -> dict[tuple[str, str], tuple[Distribution, str]]:
    """Return distribution and origin by (work or indicator, field).

    Fields are ``delay`` (months) and ``overrun`` (a factor on money) of a work; of an
    indicator ``growth`` (a yearly fraction, each year by itself) or ``value`` (in its unit, in
    the target year; of a yearly minimum in every open year).

    Raises
    ------
    PlanError
        With every row that cannot be used.
    """
    made: dict[tuple[str, str], tuple[Distribution, str]] = {}
    found: list[Problem] = []
    table = plan.tables["uncertainties"]
    for place, row in enumerate(table.rows()):
        line = table.lines[place] if table.lines else None
        target, field = row["target"], row["field"]
        known = WORK_FIELDS if target in plan.projects else _aim_fields(plan, target, made)
        if field not in known:
            found.append(
                Problem(
                    f"“{target}”没有可设定的“{field}”。",
                    f"{target!r} has no field {field!r} that can be uncertain.",
                    f"可用：{'、'.join(known) or '无'}。",
                    f"Known: {', '.join(known) or 'none'}.",
                    table.file,
                    line,
                    "field",
                )
            )
            continue
        try:
            distribution = distribution_from_text(row["distribution"])
        except DistributionError as error:
            p = error.problem
            said = (p.what_zh, p.what_en, p.remedy_zh, p.remedy_en)
            found.append(Problem(*said, table.file, line, "distribution"))
            continue
        if field in WORK_FIELDS and distribution.lowest < 0:
            found.append(
                Problem(
                    f"{field}可能为负。",
                    f"{field} can be negative.",
                    "请用从0起的分布，如pert、lognormal。",
                    "Use one that begins at 0, such as pert or lognormal.",
                    table.file,
                    line,
                    "distribution",
                )
            )
            continue
        made[target, field] = distribution, row["origin"]
    if found:
        raise PlanError(found)
    return made


def _aim_fields(
    plan: Plan, name: str, made: dict[tuple[str, str], tuple[Distribution, str]]
) -> tuple[str, ...]:
    """Return what can be said of an indicator: its growth or its value, once."""
    kind = plan.indicators[name].kind if name in plan.indicators else ""
    if kind in UNFORESEEN:
        return ()
    if kind == "growth":
        return ("growth",)  # an average is no value of a year
    return tuple(f for f in AIM_FIELDS if not any((name, g) in made for g in AIM_FIELDS if g != f))
