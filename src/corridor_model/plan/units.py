"""Units of planning offices: which belong together, and by what factor.

A unit is one word or a quotient of two (``万元/人``). Two units convert when their
dimensions agree; anything else is refused (S9). The table covers what Chinese plans print;
pint is asked only about a unit the table does not know.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from corridor_model.errors import CorridorError


class UnitError(CorridorError, ValueError):
    """Two units do not convert into each other, or a unit is unknown."""


class Scale(NamedTuple):
    """A unit as a dimension and the factor to that dimension's base unit."""

    dimension: str
    factor: float


_WORDS: dict[str, tuple[str, float]] = {}


def _family(dimension: str, **words: float) -> None:
    _WORDS.update({word: (dimension, factor) for word, factor in words.items()})


_family("money", 元=1, 千元=1e3, 万元=1e4, 百万元=1e6, 千万元=1e7, 亿元=1e8, 人民币元=1)
_family("us dollars", 美元=1, 万美元=1e4, 百万美元=1e6, 亿美元=1e8)
_family("people", 人=1, 名=1, 位=1, 千人=1e3, 万人=1e4, 万名=1e4)
_family("firms", 家=1, 户=1, 万家=1e4, 万户=1e4)
_family("items", 项=1, 万项=1e4)
_family("pieces", 个=1, 件=1, 万件=1e4, 万个=1e4, 千个=1e3)
_family("lines", 条=1)
_family("buildings", 栋=1, 幢=1, 座=1)
_family("length", 米=1, 公里=1e3, 千米=1e3, 厘米=1e-2, 里=500)
_family("length", m=1, km=1e3)
_family("area", 平方米=1, 万平方米=1e4, 平方公里=1e6, 公顷=1e4, 亩=10_000 / 15, 万亩=1e8 / 15)
_family("time", 秒=1, 分钟=60, 分=60, 小时=3600, 天=86400, 日=86400)
_family("coal equivalent", 千克标准煤=1e-3, 吨标准煤=1, 万吨标准煤=1e4)
_family("energy", 千瓦时=1, 万千瓦时=1e4, 亿千瓦时=1e8)
_family("share", **{"%": 1, "‰": 0.1, "％": 1})
_family("percentage points", 个百分点=1, 百分点=1)
_family("rank", 位次=1, 名次=1)
_family("teams", 支=1, 团队=1)

_ALIASES = {"": "", "percent": "%", "RMB": "元", "CNY": "元", "USD": "美元", "亿人民币": "亿元"}


def factor(unit: str, into: str) -> float:
    """Return what a value in ``unit`` is multiplied by to stand in ``into``.

    Parameters
    ----------
    unit, into : str
        Units as printed, such as ``"万元"`` and ``"亿元"``.

    Returns
    -------
    float
        The factor; 1.0 for the same unit.

    Raises
    ------
    UnitError
        If the two have different dimensions, or one is unknown.

    Examples
    --------
    >>> factor("万元", "亿元")
    0.0001
    >>> factor("元/人", "万元/人")
    0.0001
    """
    if unit == into:
        return 1.0
    have, want = scale(unit), scale(into)
    if have is None or want is None:
        return _ask_pint(unit, into)
    if have.dimension != want.dimension:
        raise UnitError(f"{unit} does not convert into {into}")
    return have.factor / want.factor


@lru_cache(maxsize=1024)
def scale(unit: str) -> Scale | None:
    """Return dimension and factor of a unit the table knows, otherwise None."""
    word = _ALIASES.get(unit, unit)
    if word == "":
        return Scale("", 1.0)
    if word in _WORDS:
        return Scale(*_WORDS[word])
    above, slash, below = word.partition("/")
    if not slash:
        return None
    top, bottom = scale(above), scale(below)
    if top is None or bottom is None or not bottom.dimension:
        return None
    return Scale(f"{top.dimension}/{bottom.dimension}", top.factor / bottom.factor)


def _ask_pint(unit: str, into: str) -> float:
    import pint

    registry = _registry()
    try:
        return float(registry.Quantity(1.0, unit).to(into).magnitude)
    except (pint.errors.PintError, ValueError, TypeError, AttributeError, AssertionError) as error:
        raise UnitError(f"{unit} does not convert into {into}") from error


@lru_cache(maxsize=1)
def _registry() -> "pint.UnitRegistry":  # type: ignore[name-defined]  # noqa: F821, UP037
    import pint

    return pint.UnitRegistry()
