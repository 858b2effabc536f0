"""Figures a question is asked with: observations, or a file or table they are read from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, Union

from corridor_model.observations.model import Observations

if TYPE_CHECKING:
    import pandas as pd

    from corridor_model.plan.plan import Plan

Given: TypeAlias = Union[Observations, str, Path, "pd.DataFrame", None]
"""What public functions take for ``observations``."""


def given(plan: Plan, observations: Given) -> Observations | None:
    """Return observations as they are, or read them by `load_observations`.

    Raises
    ------
    CorridorError
        If they are neither figures nor a source of figures, or have mistakes.
    """
    if observations is None or isinstance(observations, Observations):
        return observations
    from corridor_model.observations.load import load_observations

    return load_observations(observations, plan)
