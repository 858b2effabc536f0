"""Figures made up for teaching: every one of origin ``assumed``."""

from __future__ import annotations

from functools import lru_cache

from corridor_model.observations.load import read_observations
from corridor_model.observations.model import Observations
from corridor_model.paths import data_dir
from corridor_model.plan.load import load_plan


@lru_cache(maxsize=1)
def example_observations() -> Observations:
    """Return the figures of the worked example, for the bundled plan.

    They are made up. Their origin is ``assumed``, and every result that uses them says so.

    Examples
    --------
    >>> figures = example_observations()
    >>> set(figures.table["origin"])
    {'assumed'}
    """
    file = data_dir() / "example" / "observations.csv"
    observations, _ = read_observations(file, load_plan(), origin="assumed")
    return observations
