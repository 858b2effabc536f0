"""What a plan says is uncertain: delays, costs, growths and values as distributions.

Scenarios and the table of uncertainties are held to the same limits, which stand below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_model.errors import Problem
from corridor_model.messages import Listing, Message, Worded, message
from corridor_model.plan.measures import measures
from corridor_model.tabular.schema import unknown_name
from corridor_model.tabular.table import Table, Tables

if TYPE_CHECKING:
    from corridor_model.distributions import Distribution

    Uncertainties = dict[tuple[str, str], tuple[Distribution, str]]

UNFORESEEN = measures(event="none")
"""A milestone is done or not, a work follows its builder, words have no number."""

WORK_FIELDS = ("delay", "overrun")
AIM_FIELDS = ("growth", "value")

Mistake = tuple[Worded, Worded]
"""What is wrong and what to do."""


def read_uncertainties(table: Table, tables: Tables) -> tuple[Uncertainties, list[Problem]]:
    """Return distribution and origin by (work or indicator, field), and what cannot be read."""
    uncertain: Uncertainties = {}
    problems: list[Problem] = []
    if not len(table):  # as bundled: nothing to import for
        return uncertain, problems
    works = set(tables["projects"]["id"])
    kinds = dict(zip(tables["indicators"]["id"], tables["indicators"]["kind"], strict=True))
    columns = (table[name] for name in ("target", "field", "distribution", "origin"))
    for row, (target, field, text, origin) in enumerate(zip(*columns, strict=True)):
        if target is None or field is None or text is None:
            continue  # an empty cell is reported as such
        if target not in works and target not in kinds:
            unknown = unknown_name(target, {*kinds, *works}, "indicators")
            problems.append(table.problem(row, "target", *unknown))
            continue
        fields = WORK_FIELDS if target in works else _aim_fields(kinds[target], target, uncertain)
        if field not in fields:
            problems.append(table.problem(row, "field", *_unknown_field(target, field, fields)))
            continue
        distribution = _distribution(text, field)
        if isinstance(distribution, tuple):
            problems.append(table.problem(row, "distribution", *distribution))
        else:
            uncertain[target, field] = distribution, origin
    return uncertain, problems


def _aim_fields(kind: str, name: str, uncertain: Uncertainties) -> tuple[str, ...]:
    """Return what can be said of an indicator: its growth or its value, once."""
    if kind in UNFORESEEN:
        return ()
    if kind == "growth":
        return ("growth",)  # an average is no value of a year
    return tuple(
        field
        for field in AIM_FIELDS
        if not any((name, other) in uncertain for other in AIM_FIELDS if other != field)
    )


def _unknown_field(target: str, field: str, known: tuple[str, ...]) -> Mistake:
    what = message(
        "{target!r} has no field {field!r} that can be uncertain.", target=target, field=field
    )
    if not known:
        return what, message("Known: none.")
    return what, message("Known: {known}.", known=Listing(known))


def _distribution(text: str, field: str) -> Distribution | Mistake:
    """Return a distribution, or what is wrong with it and what to do."""
    from corridor_model.distributions import DistributionError, distribution_from_text

    try:
        distribution = distribution_from_text(text)
    except DistributionError as error:
        return error.problem.what, error.problem.remedy
    if field in WORK_FIELDS:
        return _of_a_work(distribution, field, text) or distribution
    return (_in_percent(distribution) if field == "growth" else None) or distribution


def _in_percent(distribution: Distribution) -> Mistake | None:
    """Return what is wrong with a growth that was written in percent."""
    fast = too_fast(distribution)
    if fast is None:
        return None
    return fraction_meant(fast), message("Enter yearly fractions, such as normal(0.15, 0.05).")


def _of_a_work(distribution: Distribution, field: str, text: str) -> Mistake | None:
    """Return what a work cannot be: as a change of a scenario may not say it either."""
    if distribution.lowest < 0:
        what = message("{field} {text} can be negative.", field=field, text=text)
        return what, message("Use one that begins at 0, such as pert or lognormal.")
    if field == "delay":
        far, late = too_long(distribution), too_late(distribution)
        if far is not None:
            what = message("{months:g} months are more than a hundred years.", months=far)
        elif late is not None:
            what = message("{months:g} months are more than ten years.", months=late)
        else:
            return None
        return what, message("Enter months, such as pert(0, 6, 24).")
    if free(distribution):
        return message("an overrun of {text} may be 0, which makes the work free.", text=text), (
            message("It is a factor on cost and must be above 0: 20 % dearer is 1.2.")
        )
    odd = too_dear(distribution) or too_cheap(distribution)
    if odd is None:
        return None
    return message("the work would cost {times:g} times as much.", times=odd), (
        message("Enter a factor: 20 % dearer is 1.2.")
    )


# Limits of what a work or an indicator may become, for tables and for scenarios.

LONGEST = 1200
"""Months that no delay has, not even in one draw of a thousand."""
LATEST = 120
"""Months of delay beyond which a slip of the pen, or days, are likelier than a plan."""
DEAREST = 3.0
"""Times the planned cost beyond which a percentage is likelier than a factor."""
CHEAPEST = 0.5
"""Times the planned cost below which an increase is likelier than a factor: 0.2 for 1.2."""
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


def too_late(months: float | Distribution) -> float | None:
    """Return months of delay, or their median, where beyond `LATEST`."""
    middle = _middle(months)
    return middle if middle > LATEST else None


def too_dear(factor: float | Distribution) -> float | None:
    """Return a factor on money, or its median, where beyond `DEAREST`."""
    middle = _middle(factor)
    return middle if middle > DEAREST else None


def too_cheap(factor: float | Distribution) -> float | None:
    """Return a factor on money, or its median, where below `CHEAPEST`."""
    middle = _middle(factor)
    return middle if middle < CHEAPEST else None


def _middle(number: float | Distribution) -> float:
    return number if isinstance(number, (int, float)) else float(number.ppf(0.5))


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


def fraction_meant(growth: float) -> Message:
    """Return how a growth beyond `FASTEST` reads, and what was meant."""
    return message(
        "{growth:g} is {percent:g} % a year; {growth:g} % is {fraction:g}.",
        growth=growth,
        percent=100 * growth,
        fraction=growth / 100,
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
