"""Numbers of a study as people read them: one rounding (S18), units in the reader's language."""

from __future__ import annotations

import math

from corridor_model.formatting import percent, readable, rounded
from corridor_model.messages import Translator, context

UNITS = {
    "km": context("unit", "km"),
    "months": context("unit", "months"),
    "条": context("unit", "roads"),
    "项": context("unit", "works' tasks"),
}
"""Units of inputs and outcomes that are words; those of indicators stay as printed."""
ODDS = frozenset({"p_reach", "p_open_by"})
"""Outcomes that are probabilities."""
COUNTS = frozenset({"条", "项"})
MONEY = frozenset({"亿元"})


def unit_text(unit: str, t: Translator, key: str = "") -> str:
    """Return a unit in the reader's language; empty where the number needs none.

    Parameters
    ----------
    unit : str
        As a result carries it.
    t : Translator
        Of the reader.
    key : str
        Of the outcome; empty for an input.

    Examples
    --------
    >>> from corridor_model.messages import translator
    >>> zh, en = translator("zh"), translator("en")
    >>> unit_text("km", zh), unit_text("条", en), unit_text("1", zh, "p_reach")
    ('公里', 'roads', '%')
    """
    if key in ODDS:
        return "%"
    if key == "expected_reached":  # promises: a count in Chinese, a plain number in English
        return "" if t.lang == "en" else "项"
    if unit == "1":
        return ""
    return t.of(UNITS.get(unit, unit))


def percents(rate: float, t: Translator, digits: int = 1) -> str:
    """Return a fraction as percent; Chinese print sets no blank.

    Examples
    --------
    >>> from corridor_model.messages import translator
    >>> percents(0.1136, translator("zh")), percents(0.1136, translator("en"))
    ('11.4%', '11.4 %')
    """
    return t("{number} %", number=percent(rate, digits).removesuffix(" %"))


def share_text(share: float, t: Translator) -> str:
    """Return a share of the whole as whole percent; what is little but not nothing says so.

    An estimate from too few points may lie above 1 or below 0.

    Examples
    --------
    >>> from corridor_model.messages import translator
    >>> zh, en = translator("zh"), translator("en")
    >>> share_text(0.88, zh), share_text(0.002, en), share_text(0.998, zh)
    ('88%', 'less than 1 %', '99%以上')
    >>> share_text(1.05, zh), share_text(-0.002, zh)
    ('约100%', '约0%')
    """
    if share > 1 + 1e-9:
        return t("about 100 %")
    if share < 0:
        return t("about 0 %")
    if 0 < share < 0.005:
        return t("less than 1 %")
    if 0.995 <= share < 1 - 1e-9:
        return t("more than 99 %")
    return percents(share, t, 0)


def bare(value: float, unit: str, key: str = "") -> str:
    """Return an outcome's number without its unit.

    Examples
    --------
    >>> bare(145.699, "亿元"), bare(0.18895, "1", "p_reach"), bare(8.0, "条"), bare(1.944, "项")
    ('145.70', '18.9', '8', '1.94')
    """
    if key in ODDS:
        return rounded(value, 1, shift=2)
    if unit in MONEY or unit == "km":
        return rounded(value, 2)
    if unit in COUNTS:
        return rounded(value, 0 if math.isclose(value, round(value), abs_tol=1e-9) else 2)
    return readable(value)


def amount(value: float, unit: str, t: Translator, key: str = "") -> str:
    """Return an outcome's number with its unit.

    Examples
    --------
    >>> from corridor_model.messages import translator
    >>> zh, en = translator("zh"), translator("en")
    >>> amount(12.195, "km", zh), amount(0.18895, "1", en, "p_reach")
    ('12.20公里', '18.9 %')
    >>> amount(111.2, "2019=100", zh)
    '111.2（2019=100）'
    """
    return with_unit(bare(value, unit, key), unit_text(unit, t, key), t)


def with_unit(number: str, unit: str, t: Translator) -> str:
    """Return a number with its unit; that of an index is a number itself and stands apart."""
    if not unit:
        return number
    if "=" in unit:
        return t("{name} ({more})", name=number, more=unit)
    return t("{number} {unit}", number=number, unit=unit)


def difference(value: float, unit: str, t: Translator, key: str = "", *, sign: bool = False) -> str:
    """Return a change of an outcome; of probabilities and percents in points.

    Examples
    --------
    >>> from corridor_model.messages import translator
    >>> zh, en = translator("zh"), translator("en")
    >>> difference(-0.0038, "1", zh, "p_reach"), difference(-43.99, "亿元", en, sign=True)
    ('0.4个百分点', '−43.99 亿元')
    >>> difference(0.001, "亿元", zh), difference(1e-5, "1", en, "p_reach")
    ('不到0.01亿元', 'less than 0.1 points')
    """
    number = _size(value, unit, key)
    points = key in ODDS or unit == "%"
    of = t.context("unit", "points") if points else unit_text(unit, t, key)
    if sign:
        mark = ("−" if value < 0 else "+") if value else ""
        return mark + with_unit(number, of, t)
    if value and not number.strip("0."):
        return t("less than {amount}", amount=with_unit(number[:-1] + "1", of, t))
    return with_unit(number, of, t)


def bare_difference(value: float, unit: str, key: str = "") -> str:
    """Return a signed change of an outcome for a column that names its unit.

    Examples
    --------
    >>> bare_difference(-43.99, "亿元"), bare_difference(0.0, "亿元")
    ('−43.99', '0.00')
    """
    number = _size(value, unit, key)
    return number if not number.strip("0.") else f"{'−' if value < 0 else '+'}{number}"


def _size(value: float, unit: str, key: str) -> str:
    return rounded(abs(value), 1) if unit == "%" else bare(abs(value), unit, key)


def trimmed(value: float) -> str:
    """Return months with one decimal, or none where it is a whole number."""
    return rounded(value, 1).removesuffix(".0")
