"""The user's own uncertainties: the plan's table of that name, read and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_model.distributions import Distribution, DistributionError, distribution_from_text
from corridor_model.errors import PlanError, Problem

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan

WORK_FIELDS = ("delay", "overrun")
AIM_FIELDS = ("growth",)


def uncertainties_of(plan: Plan) -> dict[tuple[str, str], tuple[Distribution, str]]:
    """Return distribution and origin by (work or indicator, field).

    Fields are ``delay`` (months) and ``overrun`` (a factor on money) of a work, and
    ``growth`` (a yearly fraction, each year by itself) of an indicator.

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
        known = WORK_FIELDS if target in plan.projects else AIM_FIELDS
        if field not in known:
            found.append(
                Problem(
                    f"“{target}”没有可设定的“{field}”。",
                    f"{target!r} has no field {field!r} that can be uncertain.",
                    f"可用：{'、'.join(known)}。",
                    f"Known: {', '.join(known)}.",
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
