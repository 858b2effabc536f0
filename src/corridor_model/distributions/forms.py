"""Distributions as text: inline TOML tables in scenario files, calls in table cells."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from corridor_model.distributions.base import (
    Distribution,
    DistributionError,
    parameters,
)
from corridor_model.distributions.bounded import PERT, Beta, Triangular, Uniform
from corridor_model.distributions.points import Discrete, Fixed
from corridor_model.distributions.unbounded import Lognormal, Normal
from corridor_model.errors import Problem

KINDS: dict[str, type[Distribution]] = {
    kind.__name__.lower(): kind
    for kind in (Fixed, Discrete, Uniform, Triangular, PERT, Beta, Normal, Lognormal)
}
"""Every distribution by the word that names it in a file."""


def distribution_to_toml(distribution: Distribution) -> dict[str, Any]:
    """Return the table that stands for a distribution in a TOML file.

    Examples
    --------
    >>> distribution_to_toml(Triangular(0, 6, 24))
    {'distribution': 'triangular', 'low': 0.0, 'mode': 6.0, 'high': 24.0}
    """
    told = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in parameters(distribution).items()
    }
    return {"distribution": type(distribution).__name__.lower(), **told}


def distribution_from_toml(table: Mapping[str, Any]) -> Distribution:
    """Return the distribution that a TOML table stands for.

    Raises
    ------
    DistributionError
        If the word, a parameter or a value is wrong.

    Examples
    --------
    >>> distribution_from_toml({"distribution": "lognormal", "mean": 1.204, "sd": 0.299})
    Lognormal(mean=1.204, sd=0.299)
    """
    given = dict(table)
    word = given.pop("distribution", None)
    kind = KINDS.get(word.lower()) if isinstance(word, str) else None
    if kind is None:
        known = "、".join(KINDS)
        raise DistributionError(
            Problem(
                "没有写明分布的名称（distribution）。"
                if word is None
                else f"没有名为{word!r}的分布。",
                "lacks the name of a distribution (distribution = ...)."
                if word is None
                else f"there is no distribution {word!r}.",
                f"可用：{known}。",
                f"Known: {', '.join(KINDS)}.",
            )
        )
    _check_names(kind, given)
    return kind(**given)


def _check_names(kind: type[Distribution], given: Mapping[str, Any]) -> None:
    declared = fields(kind)  # type: ignore[arg-type]
    names = [field.name for field in declared]
    needed = [field.name for field in declared if field.default is MISSING]
    unknown = [name for name in given if name not in names]
    missing = [name for name in needed if name not in given]
    if unknown or missing:
        wrong = ", ".join(unknown or missing)
        raise DistributionError(
            Problem(
                f"{kind.__name__}：{'没有参数' if unknown else '缺少参数'}{wrong}。",
                f"{kind.__name__} {'has no parameter' if unknown else 'lacks'} {wrong}.",
                f"参数为{'、'.join(names)}。",
                f"Its parameters are {', '.join(names)}.",
            )
        )


def distribution_from_text(text: str) -> Distribution:
    """Return the distribution that a table cell writes as a call.

    Parameters
    ----------
    text : str
        Such as ``lognormal(mean=1.204, sd=0.299)`` or ``PERT(0, 6, 24)``; what ``repr``
        prints is read back. A bare number is a certain value.

    Raises
    ------
    DistributionError
        If it is no such call.

    Examples
    --------
    >>> distribution_from_text("pert(0, 6, 24)")
    PERT(low=0.0, mode=6.0, high=24.0, shape=4.0)
    >>> distribution_from_text("12")
    Fixed(value=12.0)
    """
    try:
        call = ast.parse(text.strip(), mode="eval").body
        if not isinstance(call, ast.Call):
            return Fixed(ast.literal_eval(call))
        if not isinstance(call.func, ast.Name):
            raise ValueError
        word = call.func.id.lower()
        named = {item.arg or "": ast.literal_eval(item.value) for item in call.keywords}
        listed = [ast.literal_eval(value) for value in call.args]
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        raise DistributionError(
            Problem(
                f"“{text}”不是分布。",
                f"{text!r} is no distribution.",
                "写法如lognormal(mean=1.204, sd=0.299)。",
                "Write it like lognormal(mean=1.204, sd=0.299).",
            )
        ) from None
    names = [field.name for field in fields(KINDS[word])] if word in KINDS else []  # type: ignore[arg-type]
    placed = {names[i] if i < len(names) else f"#{i + 1}": v for i, v in enumerate(listed)}
    doubled = placed.keys() & named.keys()
    if doubled:
        placed["#" + doubled.pop()] = 0
    return distribution_from_toml({"distribution": word, **placed, **named})
