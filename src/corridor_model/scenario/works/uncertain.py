"""The user's own uncertainties: the plan's table of that name, read and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_model.distributions import Distribution
from corridor_model.errors import PlanError
from corridor_model.plan.uncertain import read_uncertainties

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan


def uncertainties_of(plan: Plan) -> dict[tuple[str, str], tuple[Distribution, str]]:
    """Return distribution and origin by (work or indicator, field).

    Fields are ``delay`` (months) and ``overrun`` (a factor on money) of a work; of an
    indicator ``growth`` (a yearly fraction, each year by itself) or ``value`` (in its unit, in
    the target year; of a yearly minimum in every open year).

    Raises
    ------
    PlanError
        With every row that cannot be used. A plan that was loaded has none.
    """
    made, found = read_uncertainties(plan.tables["uncertainties"], plan.tables)
    if found:
        raise PlanError(found)
    return made
