"""The one rounding for people (S18): decimal, half up, as a spreadsheet shows it."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal, localcontext


def rounded(value: float, digits: int, shift: int = 0) -> str:
    """Return a number with that many decimals, halves away from zero.

    The decimal digits a person sees are rounded, not the binary value behind them: 2.675
    becomes 2.68 as in a spreadsheet, where Python's ``round`` gives 2.67.

    Parameters
    ----------
    value : float
        A finite number.
    digits : int
        Decimals to keep.
    shift : int, default 0
        Places the point is moved to the right first: 2 makes percent of a fraction, without
        the binary slip of 0.285 * 100.

    Returns
    -------
    str
        Never ``-0.0``.

    Examples
    --------
    >>> rounded(2.675, 2), rounded(12.25, 1), rounded(-0.04, 1)
    ('2.68', '12.3', '0.0')
    """
    with localcontext() as context:
        context.prec = 400  # every finite double has fewer digits than this
        shown = Decimal(repr(float(value))).scaleb(shift)
        number = shown.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"{abs(number) if number == 0 else number:f}"


def plain(value: float) -> str:
    """Return a number as short as it is exact: 580, not 580.0.

    Examples
    --------
    >>> plain(580.0), plain(3.3)
    ('580', '3.3')
    """
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < 1e16 else repr(number)


def readable(value: float) -> str:
    """Return a number with two decimals, or as many as show two of its digits.

    Examples
    --------
    >>> readable(32.04), readable(-0.0066667), readable(0.0)
    ('32.04', '-0.0067', '0.00')
    """
    size = abs(float(value))
    if size >= 100:
        return rounded(value, 1)
    digits = 2 if size == 0 or size >= 0.1 else min(1 - math.floor(math.log10(size)), 12)
    return rounded(value, digits)


def percent(rate: float, digits: int = 2) -> str:
    """Return a yearly fraction as percent for people.

    Examples
    --------
    >>> percent(0.06441)
    '6.44 %'
    """
    return f"{rounded(rate, digits, shift=2)} %"


_SET_OFF = frozenset({"%", "‰"})


def value_text(value: float | str, unit: str, lang: str = "zh") -> str:
    """Return a value with its unit, as Chinese and as English people write it.

    Examples
    --------
    >>> value_text(580.0, "亿元"), value_text(580.0, "亿元", "en"), value_text(3.3, "%")
    ('580亿元', '580 亿元', '3.3 %')
    """
    said = value if isinstance(value, str) else plain(value)
    return f"{said}{'' if lang == 'zh' and unit not in _SET_OFF else ' '}{unit}".rstrip()
