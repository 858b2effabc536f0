"""Outputs with levers turned to values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corridor_model.sensitivity.levers import Lever
from corridor_model.sensitivity.outputs import Output

if TYPE_CHECKING:
    from corridor_model.scenario.language.changes import Change
    from corridor_model.sensitivity.reader import Reader

Array = NDArray[np.float64]


def read_at(
    reader: Reader, asked: Sequence[Output], levers: Sequence[Lever], values: Mapping[str, float]
) -> Array:
    """Return outputs with levers turned to values; the others stand where they are."""
    changes: list[Change] = []
    levels: dict[str, float] = {}
    for one in levers:
        if one.name not in values:
            continue
        value = float(values[one.name])
        if one.field == "forecast":
            levels[one.indicator] = value
        changes += one.change(value, reader.resolved)
    return reader.read(asked, changes, levels)
