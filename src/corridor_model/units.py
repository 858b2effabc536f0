"""Units of planning offices: which belong together, and by what factor.

A unit is one word or a quotient of two or three (``万元/人``). Two units convert when their
dimensions agree; anything else is refused (S9). The table covers what Chinese plans print, and
the units of area that others print: an acre is the international one of 4046.8564224 m² (NIST
Special Publication 811, appendix B.8) whatever another library takes it for. pint is asked only
about a unit the table does not know.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from corridor_model.errors import CellError, CorridorError, CorridorWarning
from corridor_model.messages import N_, Worded, message

MONEY = "亿元"
"""What a plan counts money in."""
ROADS, ITEMS = "条", "项"
"""What roads, and tasks or promises, are counted in."""


class UnitError(CorridorError):
    """Two units do not convert into each other, or a unit is unknown."""


class Scale(NamedTuple):
    """A unit as a dimension and the factor to that dimension's base unit."""

    dimension: str
    factor: float


_WORDS: dict[str, tuple[str, float]] = {}


def _family(dimension: str, **words: float) -> None:
    _WORDS.update({word: (dimension, factor) for word, factor in words.items()})


_family("money", 元=1, 千元=1e3, 万元=1e4, 百万元=1e6, 千万元=1e7, 亿元=1e8)
_family("money", 万亿元=1e12, 人民币元=1)
_family("us dollars", 美元=1, 万美元=1e4, 百万美元=1e6, 亿美元=1e8)
_family("euros", 欧元=1, 万欧元=1e4, 百万欧元=1e6, 亿欧元=1e8)
_family("yen", 日元=1, 万日元=1e4, 亿日元=1e8)
_family("hong kong dollars", 港元=1, 港币=1, 万港元=1e4, 万港币=1e4, 亿港元=1e8, 亿港币=1e8)
_family("pounds", 英镑=1, 万英镑=1e4, 亿英镑=1e8)
_family("people", 人=1, 名=1, 位=1, 千人=1e3, 万人=1e4, 万名=1e4, 亿人=1e8)
_family("firms", 家=1, 户=1, 万家=1e4, 万户=1e4, 亿户=1e8)
_family("items", 项=1, 万项=1e4)
_family("pieces", 件=1, 万件=1e4)
_family("things", 个=1, 千个=1e3, 万个=1e4)
_family("lines", 条=1)
_family("buildings", 栋=1, 幢=1, 座=1)
_family("length", 米=1, 公里=1e3, 千米=1e3, 厘米=1e-2, 里=500)
_family("length", m=1, km=1e3)
_family("area", 平方米=1, 万平方米=1e4, 平方公里=1e6, 公顷=1e4, 万公顷=1e8, 亿公顷=1e12)
_family("area", 亩=10_000 / 15, 万亩=1e8 / 15, 亿亩=1e12 / 15, 英亩=4046.8564224)
_family(
    "area", acre=4046.8564224, acres=4046.8564224, hectare=1e4, hectares=1e4, ha=1e4, mu=10_000 / 15
)
_family("time", 秒=1, 分钟=60, 分=60, 小时=3600, 天=86400, 日=86400)
_family("coal equivalent", 千克标准煤=1e-3, 吨标准煤=1, 万吨标准煤=1e4, 亿吨标准煤=1e8)
_family("mass", 千克=1e-3, 吨=1, 万吨=1e4, 亿吨=1e8, 斤=5e-4, 万斤=5, 亿斤=5e4, 万亿斤=5e8)
_family("volume", 立方米=1, 万立方米=1e4, 亿立方米=1e8)
_family("dwellings", 套=1, 万套=1e4)
_family("energy", 千瓦时=1, 万千瓦时=1e4, 亿千瓦时=1e8)
_family("share", **{"%": 1, "‰": 0.1, "％": 1})
_family("percentage points", 个百分点=1, 百分点=1)
_family("rank", 位次=1, 名次=1)
_family("teams", 支=1, 团队=1)

_HEADS = frozenset(
    {"people", "firms", "items", "pieces", "things", "lines", "buildings", "dwellings", "teams"}
)
CURRENCIES = frozenset({"money", "us dollars", "euros", "yen", "hong kong dollars", "pounds"})
"""Dimensions of money: none converts into another (S9)."""

_ALIASES = {
    "percent": "%",
    "RMB": "元",
    "CNY": "元",
    "USD": "美元",
    "亿人民币": "亿元",
    "万人民币": "万元",
}

_PINT_NAMES = {
    "length": "meter",
    "area": "meter**2",
    "time": "second",
    "energy": "kilowatt_hour",
    "share": "percent",
    "mass": "metric_ton",
    "volume": "meter**3",
}
"""Base units of families that pint knows too, so that miles convert into 公里."""

_PLAUSIBLE = r"[A-Za-z_µμ°%]{1,24}(?: ?[*/·] ?[A-Za-z_µμ°]{1,24}|(?:\^|\*\*)?[-+]?[1-4]){0,6}"
"""What pint is asked about. It computes what it is given, and 9**9**9 takes it for ever."""


def tidy(text: str) -> str:
    """Return a unit as the table writes it: half width, without blanks (full-width ``％``)."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def convert(value: float, unit: str, into: str) -> float:
    """Return a value in another unit of the same dimension.

    Parameters
    ----------
    value : float
        In ``unit``.
    unit, into : str
        Units as printed, such as ``"万元"`` and ``"亿元"``.

    Returns
    -------
    float
        In ``into``, rounded once: 8710 万元 are 0.871 亿元 to the last bit.

    Raises
    ------
    UnitError
        If the two have different dimensions, or one is unknown.

    Examples
    --------
    >>> convert(8710, "万元", "亿元")
    0.871
    """
    if unit == into:
        return value
    have, want = _factors(unit, into)
    # fifteen digits of the larger quotient: 1000 and not 1000.0000000000001
    times = float(f"{max(have, want) / min(have, want):.15g}")
    return value * times if have >= want else value / times


def factor(unit: str, into: str) -> float:
    """Return what a value in ``unit`` is multiplied by to stand in ``into``.

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
    return convert(1.0, unit, into)


_IN_ENGLISH = re.compile(
    r"(?P<before>rmb|cny|yuan|usd|us[$]|hkd|hk[$]|eur|gbp|jpy)?"
    r"(?P<number>ten|hundred|[1-9]\d{0,2}(?:,?\d{3}){0,3})?"
    r"(?:(?P<word>k|thousand|mn|million|bn|billion|trillion)s?(?:of)?)?"
    r"(?P<noun>rmb|cny|yuan|renminbi|usd|usdollars?|dollars?|hkd|euros?|people|persons?|households?"
    r"|enterprises?|firms?|companies|items?|percent)?(?:rmb)?"
)
_TIMES = {"k": 1e3, "thousand": 1e3, "mn": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9,
          "trillion": 1e12}  # fmt: skip
_NOUNS = {
    **dict.fromkeys(("rmb", "cny", "yuan", "renminbi"), "元"),
    **dict.fromkeys(("usd", "us$", "usdollar", "dollar"), "美元"),
    **dict.fromkeys(("hkd", "hk$"), "港元"),
    **dict.fromkeys(("eur", "euro"), "欧元"),
    "gbp": "英镑",
    "jpy": "日元",
    **dict.fromkeys(("people", "person"), "人"),
    "household": "户",
    **dict.fromkeys(("enterprise", "firm", "companie"), "家"),
    "item": "项",
    "percent": "%",
}


def _in_english(word: str) -> tuple[str, float] | None:
    """Return dimension and factor of a unit in English: 100 million yuan, RMB million."""
    match = _IN_ENGLISH.fullmatch(word.lower()) if word.isascii() else None
    if match is None or (match["before"] and match["noun"] not in {None, "yuan"}):
        return None
    number = {"ten": "10", "hundred": "100"}.get(match["number"], match["number"] or "1")
    if match["number"] and len(number) < 4 and not match["word"]:
        return None  # RMB 10, a half of RMB 10,000
    noun = match["before"] or match["noun"] or ""
    known = _WORDS.get(_NOUNS.get(noun, _NOUNS.get(noun.removesuffix("s"), "")))
    if known is None:
        return None
    many = float(number.replace(",", ""))
    return known[0], known[1] * many * _TIMES.get(match["word"] or "", 1.0)


@lru_cache(maxsize=1024)
def scale(unit: str) -> Scale | None:
    """Return dimension and factor of a unit the table knows, otherwise None.

    Examples
    --------
    >>> scale("100 million yuan") == scale("亿元"), scale("10,000 persons") == scale("万人")
    (True, True)
    """
    if unit == "":
        return Scale("", 1.0)
    words = [_ALIASES.get(word, word) for word in unit.split("/")]
    families = [_WORDS.get(word) or _in_english("".join(word.split())) for word in words]
    if len(words) > 3 or None in families:
        return None
    known = [family for family in families if family is not None]
    quotient = known[0][1]
    for _, below in known[1:]:
        quotient /= below
    return Scale("/".join(dimension for dimension, _ in known), quotient)


def comparable(one: Scale, other: Scale) -> bool:
    """Return whether two units convert; 个 counts whatever is counted one by one.

    Examples
    --------
    >>> comparable(scale("个"), scale("家")), comparable(scale("件"), scale("家"))
    (True, False)
    """
    if one.dimension.count("/") != other.dimension.count("/"):
        return False
    pairs = zip(one.dimension.split("/"), other.dimension.split("/"), strict=True)
    return all(a == b or ("things" in {a, b} and {a, b} <= _HEADS) for a, b in pairs)


def _factors(unit: str, into: str) -> tuple[float, float]:
    """Return the factors of both units to one base."""
    have, want = scale(unit), scale(into)
    if have is not None and want is not None:
        if not comparable(have, want):
            raise UnitError(N_("{unit} does not convert into {into}"), unit=unit, into=into)
        return have.factor, want.factor
    if have is not None:
        return have.factor, _ask_pint(into, _PINT_NAMES.get(have.dimension, ""))
    if want is not None:
        return _ask_pint(unit, _PINT_NAMES.get(want.dimension, "")), want.factor
    return _ask_pint(unit, into), 1.0


def _ask_pint(unit: str, into: str) -> float:
    """Return pint's factor; a scale with another zero (°C) has none."""
    refused = UnitError(N_("{unit} does not convert into {into}"), unit=unit, into=into)
    if not (re.fullmatch(_PLAUSIBLE, unit) and re.fullmatch(_PLAUSIBLE, into)):
        raise refused
    registry = _registry()
    try:
        zero, one = (
            float(registry.Quantity(value, unit).to(into).magnitude) for value in (0.0, 1.0)
        )
    except Exception as error:  # pint, tokenize and Python's own: whatever the text provokes
        raise refused from error
    if zero != 0 or not 0 < one < math.inf:
        raise refused
    return one


@lru_cache(maxsize=1)
def _registry() -> Any:
    import pint

    return pint.UnitRegistry()


# Percentages written as fractions.


class UnitSlipWarning(CorridorWarning):
    """A value lies far from what is known: 元 for 万元, 万元 for 亿元, 0.65 for 65 % (S9)."""


HUNDREDTH = (50.0, 200.0)
"""Within these factors two percentages look like 0.65 for 65 %."""


def fraction_slip(
    value: float, known: Iterable[float], subject: str | Worded, unit: str = "%", digits: int = 2
) -> CellError | None:
    """Return what to say of a share, ratio or growth that looks like a fraction, or None.

    Parameters
    ----------
    value : float
        In percent.
    known : iterable of float
        Other figures of the same thing, its target among them; without any, digits decide:
        percentages are printed with one, fractions with three.
    subject : str or message
        What it is the value of, as the sentence begins.
    unit : str
        Nothing is said of what is in no percent.
    digits : int
        Behind the point, that a percentage may have where nothing else decides; with fewer
        than two, all that is below 1 is looked at, otherwise what is below 0.5.

    Examples
    --------
    >>> print(fraction_slip(0.65, [65.0], "The share of 2021"))
    The share of 2021 is 0.65 % and 65 % is known: it looks like a fraction. Was 65 % meant?
    >>> fraction_slip(0.5, [], "The growth"), fraction_slip(0.4, [40.0], "The price", "元")
    (None, None)
    """
    if unit != "%" or not 0 < abs(value) < 1:
        return None
    beside = [v for v in known if abs(v) >= 1]
    alike = [v for v in beside if HUNDREDTH[0] < abs(v / value) < HUNDREDTH[1]]
    is_short = round(value, digits) == round(value, 6) or (digits > 1 and abs(value) >= 0.5)
    if not alike and is_short:
        return None
    fields = {"subject": subject, "value": value, "percent": float(f"{100 * value:.12g}")}
    remedy = message("Was {percent:g} % meant?", percent=fields["percent"])
    if not alike:
        return CellError(
            N_("{subject} is {value:g} %, which looks like a fraction."), remedy, **fields
        )
    nearest = min(alike, key=lambda v: abs(math.log(abs(v / value / 100))))
    return CellError(
        N_("{subject} is {value:g} % and {known:g} % is known: it looks like a fraction."),
        remedy,
        **fields,
        known=nearest,
    )


def counts(unit: str) -> bool:
    """Return whether a unit counts things, which are never fewer than none.

    Examples
    --------
    >>> counts("万人"), counts("家"), counts("亿元"), counts("人/平方公里")
    (True, True, False, False)
    """
    known = scale(unit)
    return unit in COUNTED or (known is not None and known.dimension in _HEADS)


COUNTED = frozenset("家个名人件项栋条座所")
"""Units of things that are counted one by one: a stock of them is forecast as a count."""
