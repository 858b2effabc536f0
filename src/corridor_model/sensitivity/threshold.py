"""When an output is good enough: the target itself, or a threshold that is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor_model.plan.kinds import bounds
from corridor_model.scenario.targets.reach import GUARD
from corridor_model.sensitivity.inputs import SensitivityError
from corridor_model.sensitivity.levers import Lever
from corridor_model.sensitivity.outputs import Output, output
from corridor_model.sensitivity.turning import read_at

if TYPE_CHECKING:
    from corridor_model.sensitivity.reader import Reader

SENSES = ("at_least", "at_most")
HALF = 0.5
"""Probability at which a target is as likely as not, where no threshold is given."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """An output, and from where on it is good enough; an exact hit counts (S3).

    Attributes
    ----------
    asked : Output
        What is read.
    value : float
        In its unit.
    sense : str
        ``at_least`` or ``at_most``.
    """

    asked: Output
    value: float
    sense: str

    def margin(self, number: float) -> float:
        """Return how far a number is on the good side; at least 0 is met."""
        off = number - self.value if self.sense == "at_least" else self.value - number
        return 0.0 if abs(off) <= GUARD * max(abs(self.value), abs(number)) else off


def threshold_of(
    reader: Reader, asked: Output, value: float | None, sense: str | None
) -> Threshold:
    """Return the threshold that is meant.

    ``value:gdp`` and ``gap:gdp`` mean the target of gdp, ``p_reach:gdp`` means 0.5; anything else
    must be told. More is better of openings, values and odds, less of money, unless ``sense``
    says otherwise.

    Raises
    ------
    SensitivityError
        Without a threshold where none follows, or for a wrong sense.
    """
    if sense is not None and sense not in SENSES:
        raise SensitivityError(
            f"sense is at_least or at_most; got {sense!r}.",
            f"sense应为at_least或at_most；{sense!r}。",
        )
    if value is not None:
        indicator = reader.plan.indicators.get(asked.key)
        usual = asked.kind.sense
        if asked.word == "value" and indicator is not None and bounds(indicator)[0] is None:
            usual = "at_most"
        return Threshold(asked, float(value), sense or usual)
    if asked.word in {"value", "gap"}:
        return Threshold(output(reader.plan, f"gap:{asked.key}"), 0.0, "at_least")
    if asked.word == "p_reach":
        return Threshold(asked, HALF, "at_least")
    raise SensitivityError(
        f"{asked.name}: say from where on it is good enough: threshold=.",
        f"“{asked.name}”没有默认的目标，请给出threshold。",
    )


def margin_at(
    reader: Reader, limit: Threshold, levers: list[Lever], values: Mapping[str, float]
) -> float:
    """Return the margin with levers turned to values."""
    return limit.margin(float(read_at(reader, [limit.asked], levers, values)[0]))
