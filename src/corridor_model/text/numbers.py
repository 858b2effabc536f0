"""Numbers of a study as people read them: one rounding (S18), units in the reader's language."""

from __future__ import annotations

import math

from corridor_model.formatting import percent, readable, rounded

UNITS = {
    "km": ("公里", "km"),
    "months": ("个月", "months"),
    "条": ("条", "roads"),
    "项": ("项", "works' tasks"),
    "1": ("", ""),
}
"""Units of levers and outputs in Chinese and English; those of indicators stay as printed."""
ODDS = frozenset({"p_reach", "p_open_by"})
"""Outputs that are probabilities."""
COUNTS = frozenset({"条", "项"})
MONEY = frozenset({"亿元"})
RATES = frozenset({"growth", "forecast"})
"""Levers that are fractions and read as percent."""


def unit_text(unit: str, zh: bool, word: str = "") -> str:
    """Return a unit in the reader's language; empty where the number needs none.

    Examples
    --------
    >>> unit_text("km", True), unit_text("条", False), unit_text("1", True, "p_reach")
    ('公里', 'roads', '%')
    """
    if word in ODDS:
        return "%"
    if word == "expected_reached":
        return "项" if zh else ""
    return UNITS.get(unit, (unit, unit))[0 if zh else 1]


def percents(rate: float, zh: bool, digits: int = 1) -> str:
    """Return a fraction as percent; Chinese print sets no blank.

    Examples
    --------
    >>> percents(0.1136, True), percents(0.1136, False)
    ('11.4%', '11.4 %')
    """
    said = percent(rate, digits)
    return said.replace(" ", "") if zh else said


def share_text(share: float, zh: bool) -> str:
    """Return a share of the whole as whole percent; what is little but not nothing says so.

    An estimate from too few points may lie above 1 or below 0.

    Examples
    --------
    >>> share_text(0.88, True), share_text(0.002, False), share_text(0.998, True)
    ('88%', 'less than 1 %', '99%以上')
    >>> share_text(1.05, True), share_text(-0.002, True)
    ('约100%', '约0%')
    """
    if share > 1 + 1e-9:
        return "约100%" if zh else "about 100 %"
    if share < 0:
        return "约0%" if zh else "about 0 %"
    if 0 < share < 0.005:
        return "不到1%" if zh else "less than 1 %"
    if 0.995 <= share < 1 - 1e-9:
        return "99%以上" if zh else "more than 99 %"
    return percents(share, zh, 0)


def bare(value: float, unit: str, word: str = "") -> str:
    """Return an output's number without its unit.

    Examples
    --------
    >>> bare(145.699, "亿元"), bare(0.18895, "1", "p_reach"), bare(8.0, "条"), bare(1.944, "项")
    ('145.70', '18.9', '8', '1.94')
    """
    if word in ODDS:
        return rounded(value, 1, shift=2)
    if unit in MONEY or unit == "km":
        return rounded(value, 2)
    if unit in COUNTS:
        return rounded(value, 0 if math.isclose(value, round(value), abs_tol=1e-9) else 2)
    return readable(value)


def amount(value: float, unit: str, zh: bool, word: str = "") -> str:
    """Return an output's number with its unit.

    Examples
    --------
    >>> amount(12.195, "km", True), amount(0.18895, "1", False, "p_reach")
    ('12.20公里', '18.9 %')
    >>> amount(111.2, "2019=100", True)
    '111.2（2019=100）'
    """
    return _joined(bare(value, unit, word), unit_text(unit, zh, word), zh)


def _joined(said: str, of: str, zh: bool) -> str:
    """Return a number with its unit; that of an index is a number itself and stands apart."""
    if "=" in of:
        return f"{said}（{of}）" if zh else f"{said} ({of})"
    return f"{said}{'' if zh or not of else ' '}{of}"


def difference(value: float, unit: str, zh: bool, word: str = "", *, sign: bool = False) -> str:
    """Return a change of an output; of probabilities and percents in points.

    Examples
    --------
    >>> difference(-0.0038, "1", True, "p_reach"), difference(-43.99, "亿元", False, sign=True)
    ('0.4个百分点', '−43.99 亿元')
    >>> difference(0.001, "亿元", True), difference(1e-5, "1", False, "p_reach")
    ('不到0.01亿元', 'less than 0.1 points')
    """
    mark = ("−" if value < 0 else "+") if sign and value else ""
    said, of = _difference(abs(value), unit, word), unit_text(unit, zh, word)
    if word in ODDS or unit == "%":
        of = "个百分点" if zh else "points"
    little = ""
    if value and not said.strip("0.") and not sign:
        said = said[:-1] + "1"
        little = "不到" if zh else "less than "
    return mark + little + _joined(said, of, zh)


def _difference(size: float, unit: str, word: str) -> str:
    return rounded(size, 1) if unit == "%" else bare(size, unit, word)


def bare_difference(value: float, unit: str, word: str = "") -> str:
    """Return a signed change of an output for a column that names its unit.

    Examples
    --------
    >>> bare_difference(-43.99, "亿元"), bare_difference(0.0, "亿元")
    ('−43.99', '0.00')
    """
    said = _difference(abs(value), unit, word)
    nothing = not said.strip("0.")
    return said if nothing else f"{'−' if value < 0 else '+'}{said}"


def lever_bare(field: str, value: float, zh: bool, unit: str = "") -> str:
    """Return a lever's number for a table: months, a factor, percent, or as it is.

    Examples
    --------
    >>> lever_bare("delay", 12.0, True), lever_bare("growth", 0.1136, True)
    ('12', '11.4%')
    >>> lever_bare("target", 500.6222, True, "亿元")
    '500.62'
    """
    if field == "delay":
        return trimmed(value)
    if field in RATES:
        return percents(value, zh)
    if field == "overrun":
        return rounded(value, 3)
    if field == "cancel":
        yes = value >= 0.5
        return ("取消" if yes else "不取消") if zh else ("yes" if yes else "no")
    return rounded(value, 2) if unit in MONEY else readable(value)


def trimmed(value: float) -> str:
    """Return months with one decimal, or none where it is a whole number."""
    said = rounded(value, 1)
    return said.removesuffix(".0")
