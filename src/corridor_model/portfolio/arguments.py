"""Mistakes that several arguments of a choice can have."""

from __future__ import annotations

import math
from collections.abc import Collection

from corridor_model.errors import Problem
from corridor_model.formatting import finite
from corridor_model.messages import message
from corridor_model.periods import FIRST_YEAR, LAST_YEAR
from corridor_model.tabular.schema import likely
from corridor_model.units import MONEY


def unknown_work(name: object, known: Collection[str], where: str) -> Problem:
    """Return the problem of a work that the plan does not have."""
    remedy = likely(str(name), known, message("See `corridor plan --kind work`."))
    return Problem(message("there is no work {name!r}.", name=name), remedy, where)


def unknown_cost(name: str, where: str) -> Problem:
    """Return the problem of a named work whose money is unknown."""
    return Problem(
        message("the cost of {name!r} is unknown; it cannot be chosen.", name=name),
        message("Give costs={{{name!r}: {unit}}}, or do not name it.", name=name, unit=MONEY),
        where,
    )


def year_problem(year: object, where: str) -> Problem | None:
    """Return what is wrong with a year, or None."""
    number = finite(year)
    if number is not None and number == int(number) and FIRST_YEAR <= number <= LAST_YEAR:
        return None
    what = message("{year!r} is not a year.", year=year)
    remedy = message("Write a year from {first} to {last}.", first=FIRST_YEAR, last=LAST_YEAR)
    return Problem(what, remedy, where)


def number_problem(
    value: object, where: str, *, lowest: float = 0.0, infinite: bool = False
) -> Problem | None:
    """Return what is wrong with a number, or None."""
    number = (
        math.inf if infinite and isinstance(value, float) and value == math.inf else finite(value)
    )
    if number is not None and number >= lowest:
        return None
    what = (
        message("{value!r} is not a number.", value=value)
        if lowest == -math.inf
        else message(
            "{value!r} is not a number of at least {lowest:g}.", value=value, lowest=lowest
        )
    )
    return Problem(what, message("Write a number."), where)
