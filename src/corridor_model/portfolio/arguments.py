"""How wrong arguments are told: what, where and what to do, in Chinese and English."""

from __future__ import annotations

import math
from collections.abc import Collection
from numbers import Real

from corridor_model.errors import Problem, two_language_problem
from corridor_model.tabular.names import nearest


def unknown_work(name: object, known: Collection[str], where: str) -> Problem:
    """Return the problem of a work that the plan does not have."""
    near = nearest(str(name), known)
    return two_language_problem(
        f"没有项目“{name}”。",
        f"there is no work {name!r}.",
        f"是否应为“{near}”？" if near else "请查看corridor plan --kind work。",
        f"Did you mean {near!r}?" if near else "See `corridor plan --kind work`.",
        where,
    )


def unknown_cost(name: str, where: str) -> Problem:
    """Return the problem of a named work whose money is unknown."""
    return two_language_problem(
        f"“{name}”投资未知，不能选择。",
        f"the cost of {name!r} is unknown; it cannot be chosen.",
        f"请给出costs={{'{name}': 亿元}}，或不要点名这一项。",
        f"Give costs={{{name!r}: 亿元}}, or do not name it.",
        where,
    )


def number_problem(
    value: object, where: str, *, lowest: float = 0.0, infinite: bool = False
) -> Problem | None:
    """Return what is wrong with a number, or None."""
    good = (
        not isinstance(value, bool)
        and isinstance(value, Real)
        and not math.isnan(value)
        and (infinite or math.isfinite(value))
        and float(value) >= lowest
    )
    if good:
        return None
    at_least = "" if lowest == -math.inf else f"，不小于{lowest:g}"
    from_ = "" if lowest == -math.inf else f" of at least {lowest:g}"
    return two_language_problem(
        f"{value!r}不是数{at_least}。",
        f"{value!r} is not a number{from_}.",
        "请改为数值。",
        "Write a number.",
        where,
    )


def told(where: str, zh: str, en: str, remedy_zh: str = "", remedy_en: str = "") -> Problem:
    """Return a problem of one argument."""
    return two_language_problem(zh, en, remedy_zh, remedy_en, where)
