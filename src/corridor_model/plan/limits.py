"""What a work or an indicator may be said to become: one limit for tables and for scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corridor_model.distributions import Distribution

LONGEST = 1200
"""Months of delay beyond which a slip of the pen is likelier than a plan."""
DEAREST = 10.0
"""Times the planned cost beyond which a percentage is likelier than a factor."""

FASTEST = 1.0
"""Yearly growth, or deviation of it, beyond which a percentage is likelier than a fraction."""

SLIP = 50.0
"""Times a printed value from which on a figure is likelier in another unit than meant."""


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


def too_fast(*growths: float | Distribution) -> float | None:
    """Return a yearly growth, or the mean, median or deviation of one, beyond `FASTEST`."""
    for growth in growths:
        parts = [growth] if isinstance(growth, (int, float)) else _middle_and_spread(growth)
        for part in parts:
            if abs(part) > FASTEST:
                return part
    return None


def _middle_and_spread(growth: Distribution) -> list[float]:
    return [growth.mean, float(growth.ppf(0.5)), growth.sd]


def fraction_meant(growth: float) -> tuple[str, str]:
    """Return how a growth beyond `FASTEST` reads, and what was meant, in Chinese and English."""
    read, meant = f"{100 * growth:g}", f"{growth / 100:g}"
    return (
        f"{growth:g}即每年{read}%；{growth:g}%应写{meant}。",
        f"{growth:g} is {read} % a year; {growth:g} % is {meant}.",
    )


def times_off(value: float, printed: float) -> float | None:
    """Return how many times as large one of two values is, where that is `SLIP` or more.

    Examples
    --------
    >>> times_off(5_800_000, 580), times_off(0.25, 20), times_off(600, 580)
    (10000.0, 80.0, None)
    """
    less, more = sorted((abs(value), abs(printed)))
    if less == 0 or more / less < SLIP:
        return None
    return more / less
