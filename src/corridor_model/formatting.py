"""Numbers and texts between people and the library: as they are handed over, and as they are read.

The one rounding for people stands here (S18): decimal, half up, as a spreadsheet shows it.
"""

from __future__ import annotations

import math
import numbers
import re

from corridor_model.errors import CellError
from corridor_model.messages import N_

BLANKS = (
    "\t\n \x85\xa0\u1680\u2000\u2001\u2002\u2003"
    "\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\u200b\ufeff"
)
"""Every blank of Unicode, and the two marks of no width that come with pasted text."""

LONGEST = 32_000
"""Characters a spreadsheet cell can hold, with some room for escapes."""

# as a text: compiled when one first has a character without a look, which few have
_UNPRINTABLE = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]"


# Handed over: numbers of Python or NumPy, texts of cells.


def finite(value: object) -> float | None:
    """Return a number as a plain float; None for what is no finite number.

    Texts and truth values are no numbers, also where ``float`` would take them.

    Examples
    --------
    >>> finite(12), finite("12"), finite(True), finite(10**400), finite(math.nan)
    (12.0, None, None, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def whole(value: object) -> int | None:
    """Return a whole number as a plain int; None for anything else.

    Examples
    --------
    >>> whole(2022.0), whole(2022.5), whole("2022")
    (2022, None, None)
    """
    number = finite(value)
    return int(value) if number is not None and number.is_integer() else None  # type: ignore[call-overload]


def clean(cell: str) -> str:
    """Return the text of a cell without surrounding blanks, with unified line ends.

    Raises
    ------
    CellError
        For control characters and for text no spreadsheet can hold.
    """
    text = cell.replace("\r\n", "\n").replace("\r", "\n").strip(BLANKS)
    if not text.isprintable() and re.search(_UNPRINTABLE, text):
        raise CellError(N_("has an unprintable character."), N_("Type the cell again."))
    if len(text) > LONGEST:
        raise CellError(N_("is longer than {most} characters."), N_("Shorten it."), most=LONGEST)
    return text


# Read: a wrong value in a message, a number as a person writes it.


def excerpt(text: str) -> str:
    """Return a text as a message can carry it: one line, no longer than it helps."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text)
    return text if len(text) <= 40 else text[:37] + "..."


def short(value: object) -> str:
    """Return a wrong value as a message can repeat it: a number plainly, and no page of digits.

    Examples
    --------
    >>> short("36"), len(short(10**4000))
    ("'36'", 60)
    """
    try:
        text = repr(value)
    except Exception:  # Python writes no whole number of more than 4,300 digits; others fail, too
        return f"{type(value).__name__} ..."
    return text if len(text) <= 60 else text[:57] + "..."


def rounded(value: float, digits: int, shift: int = 0, *, up: bool = False) -> str:
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
    up : bool
        Never less than the number: for what is needed.

    Returns
    -------
    str
        Never ``-0.0``.

    Examples
    --------
    >>> rounded(2.675, 2), rounded(12.25, 1), rounded(-0.04, 1)
    ('2.68', '12.3', '0.0')
    """
    # not needed to load a plan
    from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal, localcontext

    with localcontext() as context:
        context.prec = 400  # every finite double has fewer digits than this
        number = Decimal(repr(float(value))).scaleb(shift)
        mode = ROUND_CEILING if up else ROUND_HALF_UP
        number = number.quantize(Decimal(1).scaleb(-digits), mode)
    return f"{abs(number) if number == 0 else number:f}"


def telling(value: float, bound: float, digits: int) -> str:
    """Return a value with as many decimals as it takes to tell it from a bound (S18).

    Examples
    --------
    >>> telling(9.98, 10, 1), telling(9.9, 10, 1), telling(10.0, 10, 1)
    ('9.98', '9.9', '10.0')
    """
    most = digits + 6
    while digits < most and value != bound and rounded(value, digits) == rounded(bound, digits):
        digits += 1
    return rounded(value, digits)


def plain(value: float) -> str:
    """Return a number as short as it is exact: 580, not 580.0.

    Examples
    --------
    >>> plain(580.0), plain(3.3)
    ('580', '3.3')
    """
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < 1e16 else repr(number)


def readable(value: float, *, up: bool = False) -> str:
    """Return a number with two decimals, or as many as show two of its digits.

    Parameters
    ----------
    value : float
        A finite number.
    up : bool
        Never less than the number: for what is needed.

    Examples
    --------
    >>> readable(32.04), readable(-0.0066667), readable(0.0), readable(1.00005, up=True)
    ('32.04', '-0.0067', '0.00', '1.01')
    """
    size = abs(float(value))
    if size >= 100:
        return rounded(value, 1, up=up)
    digits = 2 if size == 0 or size >= 0.1 else min(1 - math.floor(math.log10(size)), 12)
    return rounded(value, digits, up=up)


def percent(rate: float, digits: int = 2) -> str:
    """Return a yearly fraction as percent for people.

    Examples
    --------
    >>> percent(0.06441)
    '6.44 %'
    """
    return f"{rounded(rate, digits, shift=2)} %"


def share_label(share: float) -> str:
    """Return a share as the percentage that names it, to the last digit that a person wrote.

    Two shares have one name only where they differ by binary dust, as 10.1 / 100 and 0.101.

    Examples
    --------
    >>> [share_label(share) for share in (0.02, 0.025, 0.5, 0.995, 0.07, 10.1 / 100)]
    ['2', '2.5', '50', '99.5', '7', '10.1']
    """
    from decimal import Decimal  # not needed to load a plan

    number = Decimal(f"{float(share):.15g}").scaleb(2)
    return f"{number.normalize() + 0:f}"


_SET_OFF = frozenset({"%", "‰"})


def value_text(value: float | str, unit: str, lang: str = "zh") -> str:
    """Return a value with its unit, as Chinese and as English people write it.

    Examples
    --------
    >>> value_text(580.0, "亿元"), value_text(580.0, "亿元", "en"), value_text(3.3, "%")
    ('580亿元', '580 亿元', '3.3 %')
    """
    number = value if isinstance(value, str) else plain(value)
    return f"{number}{'' if lang == 'zh' and unit not in _SET_OFF else ' '}{unit}".rstrip()
