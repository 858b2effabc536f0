"""Numbers and distributions that a change may carry, and how others are refused."""

from __future__ import annotations

from corridor_model.distributions import Distribution
from corridor_model.errors import CorridorError
from corridor_model.finite import finite, short
from corridor_model.plan.limits import free, too_dear, too_long

Number = float | Distribution


class _Unsaid(float):
    """A number that was not given; help() shows it as one that must be."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<required>"


UNSAID = _Unsaid("nan")
"""Stands where an amount was left out."""


class ScenarioError(CorridorError, ValueError):
    """A change that makes no sense by itself."""


def months_of(change: object, months: object) -> Number:
    """Return checked months: at least 0, in every draw."""
    made = amount(change, "months", months, zero=True)
    highest = too_long(made)
    if highest is not None:
        raise ScenarioError(
            f"{type(change).__name__}: {highest:g} months are more than a hundred years.",
            f"{highest:g}个月超过一百年，请核对月数。",
        )
    return made


def factor_of(change: object, factor: object) -> Number:
    """Return a checked factor on money: above 0 in every draw, and no percentage."""
    made = amount(change, "factor", factor)
    if free(made):
        raise ScenarioError(
            f"{type(change).__name__}: factor {short(made)} may be 0: must be above 0. "
            "To drop works: Cancel.",
            f"factor的分布{short(made)}可能为0，应大于0。取消项目请用cancel。",
        )
    middle = too_dear(made)
    if middle is not None:
        raise ScenarioError(
            f"{type(change).__name__}: factor {middle:g} makes works {middle:g} times as dear. "
            "20 % dearer is 1.2.",
            f"factor为{middle:g}，即投资变为{middle:g}倍。贵20%应写1.2。",
        )
    return made


def amount(
    change: object, name: str, value: object, *, zero: bool = False, certain: bool = False
) -> Number:
    """Return a number or distribution that cannot be negative.

    Raises
    ------
    ScenarioError
        If it is anything else.
    """
    kind = type(change).__name__
    if value is UNSAID:
        raise ScenarioError(f"{kind} lacks {name}.", f"缺少{name}。")
    if isinstance(value, Distribution) and value.lowest == value.highest:
        value = value.lowest
    if isinstance(value, Distribution) and not certain:
        if value.lowest < 0:
            raise ScenarioError(
                f"{kind}: {name} {value!r} can be negative. Use a distribution that begins at 0, "
                "such as PERT, Triangular or Lognormal."
                + (" To bring works forward use Accelerate." if zero else ""),
                f"{name}的分布{value!r}可能为负。请用从0起的分布，如pert、triangular、lognormal。"
                + ("要提前请用accelerate。" if zero else ""),
            )
        return value
    made = finite(value)
    if made is None:
        what = "a number" if certain else "a number or a Distribution"
        raise ScenarioError(
            f"{kind}: {name} must be {what}; got {short(value)}.",
            f"{name}应为数字{'' if certain else '或分布'}；得到{short(value)}。",
        )
    if made < 0 or (made == 0 and not zero):
        if zero:
            late = kind == "Delay"
            hint = "use Accelerate to bring works forward" if late else "use Delay"
            raise ScenarioError(
                f"{kind}: {name} is negative ({made:g}); {hint}.",
                f"{name}为负（{made:g}）；{'提前请用accelerate' if late else '推迟请用delay'}。",
            )
        raise ScenarioError(
            f"{kind}: {name} must be above 0; got {made:g}. To drop works: Cancel.",
            f"{name}应大于0；得到{made:g}。取消项目请用cancel。",
        )
    return made
