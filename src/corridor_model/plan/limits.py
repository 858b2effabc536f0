"""How late, and how dear, a work may be said to be: one limit for tables and for scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corridor_model.distributions import Distribution

LONGEST = 1200
"""Months of delay beyond which a slip of the pen is likelier than a plan."""
DEAREST = 10.0
"""Times the planned cost beyond which a percentage is likelier than a factor."""


def too_long(months: float | Distribution) -> float | None:
    """Return the months, or all but the last thousandth of them, where beyond `LONGEST`."""
    if isinstance(months, (int, float)):
        return months if months > LONGEST else None
    if months.highest <= LONGEST:
        return None
    far = float(months.ppf(0.999))
    return far if far > LONGEST else None


def too_dear(factor: float | Distribution) -> float | None:
    """Return a factor on money, or its median, where beyond `DEAREST`."""
    middle = factor if isinstance(factor, (int, float)) else float(factor.ppf(0.5))
    return middle if middle > DEAREST else None


def free(factor: float | Distribution) -> bool:
    """Whether a factor on money may be 0: works that cost nothing."""
    if isinstance(factor, (int, float)):
        return factor <= 0
    return factor.lowest <= 0 and float(factor.ppf(1e-9)) <= 0
