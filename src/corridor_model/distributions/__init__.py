"""Named distributions: frozen, hashable values for what is not certain.

Changes of a scenario, uncertainties of a plan and sensitivity inputs share them. They know
nothing of plans, and compute with ``scipy.special`` alone.

>>> from corridor_model.distributions import Lognormal
>>> roads = Lognormal(mean=1.204, sd=0.299)
>>> round(float(roads.ppf(0.8)), 3)
1.436
"""

from corridor_model.distributions.base import Distribution, DistributionError
from corridor_model.distributions.bounded import PERT, Beta, Triangular, Uniform
from corridor_model.distributions.forms import (
    KINDS,
    distribution_from_text,
    distribution_from_toml,
    distribution_to_toml,
)
from corridor_model.distributions.points import Discrete, Fixed
from corridor_model.distributions.unbounded import Lognormal, Normal

__all__ = [
    "KINDS",
    "PERT",
    "Beta",
    "Discrete",
    "Distribution",
    "DistributionError",
    "Fixed",
    "Lognormal",
    "Normal",
    "Triangular",
    "Uniform",
    "distribution_from_text",
    "distribution_from_toml",
    "distribution_to_toml",
]
