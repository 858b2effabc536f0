"""Numbers as people hand them over, Python's or NumPy's, as plain numbers of Python."""

from __future__ import annotations

import math
import numbers

LONGEST = 60
"""Signs of a wrong value that a message repeats."""


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
        made = float(value)
    except OverflowError:
        return None
    return made if math.isfinite(made) else None


def whole(value: object) -> int | None:
    """Return a whole number as a plain int; None for anything else.

    Examples
    --------
    >>> whole(2022.0), whole(2022.5), whole("2022")
    (2022, None, None)
    """
    made = finite(value)
    return int(value) if made is not None and made.is_integer() else None  # type: ignore[call-overload]


def short(value: object) -> str:
    """Return a wrong value as a message can repeat it: a number plainly, and no page of digits.

    Examples
    --------
    >>> short("36"), len(short(10**4000))
    ("'36'", 60)
    """
    try:
        said = repr(value)
    except ValueError:  # Python writes no whole number of more than 4,300 digits
        return f"{type(value).__name__} ..."
    return said if len(said) <= LONGEST else said[: LONGEST - 3] + "..."
