"""Frozen distributions of ``scipy.stats`` as distributions of our own.

Those that one of :mod:`corridor_model.distributions` states become it; any other is held as it
is, and stands in files by its name in ``scipy.stats``.

>>> import scipy.stats
>>> distribution_of(scipy.stats.uniform(2, 3))
Uniform(low=2.0, high=5.0)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from corridor_model import distributions
from corridor_model._typing import Array
from corridor_model.distributions import (
    KINDS,
    Beta,
    Discrete,
    Distribution,
    DistributionError,
    Lognormal,
    Normal,
    Triangular,
    Uniform,
)
from corridor_model.errors import Problem
from corridor_model.messages import Listing, message

LEVELS = np.linspace(0.0, 1.0, 35)[1:-1]
"""Probabilities at which two of scipy's are compared: they may write one thing in several ways."""
LISTED = 100
"""Whole numbers that are listed one by one; more are left to scipy."""


class Frozen(Distribution):
    """A frozen distribution of ``scipy.stats`` that none of ours states.

    Equal to another of the same family with the same values at 33 probabilities. In a file it
    stands by its name in ``scipy.stats`` and its parameters; one without a name there is refused
    where a file or a result is written.

    Parameters
    ----------
    frozen : object
        With ``ppf``, or ``icdf`` as scipy's new ones have; ``support``, ``mean`` and ``var``
        where it has them.

    Raises
    ------
    TypeError
        If it is no distribution of one number.

    Examples
    --------
    >>> import scipy.stats
    >>> late = Frozen(scipy.stats.gamma(2, scale=3))
    >>> late, late.mean, late.lowest
    (scipy.stats.gamma(2, scale=3), 6.0, 0.0)
    """

    __slots__ = ("_key", "frozen", "highest", "lowest", "mean", "variance")

    frozen: Any
    _key: tuple[str, tuple[float, ...]]

    def __init__(self, frozen: Any):
        object.__setattr__(self, "frozen", frozen)
        support = getattr(frozen, "support", None)
        ends = support() if callable(support) else self._inverse(np.array([0.0, 1.0]))
        low, high = (float(end) for end in ends)
        if not low <= high:
            raise TypeError("no distribution of one number")
        object.__setattr__(self, "lowest", low)
        object.__setattr__(self, "highest", high)
        object.__setattr__(self, "mean", _moment(frozen, "mean"))
        object.__setattr__(self, "variance", _moment(frozen, "var", "variance"))
        values = self._ppf(LEVELS)
        if values.shape != LEVELS.shape:
            raise TypeError("no distribution of one number")
        object.__setattr__(self, "_key", (_family(frozen), tuple(values.tolist())))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(name)

    def __reduce__(self) -> tuple[Any, ...]:
        return Frozen, (self.frozen,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Frozen) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def __repr__(self) -> str:
        args = [repr(one) for one in getattr(self.frozen, "args", ())]
        args += [f"{key}={one!r}" for key, one in getattr(self.frozen, "kwds", {}).items()]
        return f"scipy.stats.{_family(self.frozen)}({', '.join(args)})"

    @property
    def sd(self) -> float:
        """Standard deviation of the value."""
        return math.sqrt(self.variance)

    @property
    def is_discrete(self) -> bool:
        """Whether it takes whole numbers alone."""
        return hasattr(self.frozen, "pmf") and not hasattr(self.frozen, "pdf")

    def cdf(self, values: Array) -> Array:
        """Return the probability of lying at or below each value, of the same shape."""
        return np.asarray(self.frozen.cdf(values), dtype=np.float64)

    def _ppf(self, q: Array) -> Array:
        # scipy's inverse of a discrete distribution lies one below its support at 0
        return np.clip(self._inverse(q), self.lowest, self.highest)

    def _inverse(self, q: Array) -> Array:
        inverse = getattr(self.frozen, "ppf", None) or self.frozen.icdf
        return np.asarray(inverse(q), dtype=np.float64)


def _family(frozen: Any) -> str:
    return str(getattr(getattr(frozen, "dist", None), "name", None) or type(frozen).__name__)


def _moment(frozen: Any, *names: str) -> float:
    """Return a moment, NaN where the object has none."""
    moment = next((getattr(frozen, name) for name in names if hasattr(frozen, name)), None)
    return float(moment()) if callable(moment) else math.nan


def distribution_of(value: object) -> Distribution | None:
    """Return a distribution, one of ours or a frozen one of scipy; None for anything else.

    Parameters
    ----------
    value : object
        A :class:`corridor_model.Distribution`, or a frozen distribution of one number:
        ``scipy.stats.norm(0.1, 0.02)``, ``scipy.stats.randint(0, 13)``.

    Returns
    -------
    Distribution or None
        ``uniform``, ``norm``, ``triang``, ``beta``, ``lognorm`` from 0 on, and discrete ones of
        at most 100 values as ours, the others as `Frozen`.

    Examples
    --------
    >>> import scipy.stats
    >>> distribution_of(scipy.stats.norm(loc=0.1, scale=0.02))
    Normal(mean=0.1, sd=0.02)
    >>> distribution_of(scipy.stats.bernoulli(0.25))
    Discrete(values=(0.0, 1.0), probabilities=(0.75, 0.25))
    >>> distribution_of(scipy.stats.norm), distribution_of("norm")
    (None, None)
    """
    if isinstance(value, Distribution):
        return value
    # a distribution of scipy that was never frozen has ppf, too, and free parameters
    inverse = getattr(value, "ppf", None) or getattr(value, "icdf", None)
    if not callable(inverse) or isinstance(value, type) or hasattr(value, "freeze"):
        return None
    try:
        with np.errstate(all="ignore"):  # what it does not have is NaN or infinite
            held = Frozen(value)
    except (TypeError, ValueError):
        return None
    try:
        return _of_ours(held) or held
    except DistributionError:
        return held


def _of_ours(held: Frozen) -> Distribution | None:
    """Return the distribution of ours that is the same one, if any is."""
    if held.is_discrete:
        return _listed(held)
    dist = getattr(held.frozen, "dist", None)
    if dist is None or type(dist).__module__ != "scipy.stats._continuous_distns":
        return None
    state = STATES.get(_family(held.frozen))
    if state is None:
        return None
    return state(_parts(held.frozen))


def _listed(held: Frozen) -> Discrete | None:
    """Return a discrete distribution value by value, where it has few."""
    if not held.highest - held.lowest < LISTED:
        return None
    values = np.arange(held.lowest, held.highest + 1)
    mass = np.asarray(held.frozen.pmf(values), dtype=np.float64)
    total = math.fsum(mass)
    # values between whole numbers, which scipy allows in one of its own, are left to scipy
    if abs(total - 1) > 1e-9:
        return None
    return Discrete(values.tolist(), (mass / total).tolist())


def _lognormal(part: dict[str, float]) -> Lognormal | None:
    if part["loc"]:
        return None
    sigma, scale = part["s"], part["scale"]
    mean = scale * math.exp(sigma**2 / 2)
    return Lognormal(mean=mean, sd=mean * math.sqrt(math.expm1(sigma**2)))


def distribution_to_toml(distribution: Distribution) -> dict[str, Any]:
    """Return the table that stands for a distribution in a TOML file, ours or one of scipy's.

    Raises
    ------
    DistributionError
        If it is none of ``scipy.stats`` by name: a histogram, or a class of one's own.

    Examples
    --------
    >>> import scipy.stats
    >>> distribution_to_toml(Frozen(scipy.stats.gamma(2, scale=3)))
    {'distribution': 'scipy.stats.gamma', 'a': 2.0, 'loc': 0.0, 'scale': 3.0}
    """
    if not isinstance(distribution, Frozen):
        return distributions.distribution_to_toml(distribution)
    dist = getattr(distribution.frozen, "dist", None)
    family = _named(_family(distribution.frozen))
    if dist is None or type(dist) is not type(family):
        raise DistributionError(
            Problem(
                message("{distribution!r} has no form in a file.", distribution=distribution),
                message(
                    "Every result carries its scenarios so that it can be run again. Take one "
                    "that scipy.stats names, or one of these: {known}.",
                    known=Listing(KINDS),
                ),
            )
        )
    return {"distribution": PREFIX + dist.name, **_parts(distribution.frozen)}


def distribution_from_toml(table: Mapping[str, Any]) -> Distribution:
    """Return the distribution that a TOML table stands for, ours or one of scipy's.

    Raises
    ------
    DistributionError
        If the word, a parameter or a value is wrong.

    Examples
    --------
    >>> distribution_from_toml({"distribution": "scipy.stats.gamma", "a": 2.0, "scale": 3.0})
    scipy.stats.gamma(a=2.0, scale=3.0)
    """
    word = table.get("distribution")
    if not (isinstance(word, str) and word.startswith(PREFIX)):
        return distributions.distribution_from_toml(table)
    values = {name: value for name, value in table.items() if name != "distribution"}
    family = _named(word.removeprefix(PREFIX))
    if family is None:
        what = message("there is no distribution {word!r}.", word=word)
        raise DistributionError(Problem(what, message("Known: {known}.", known=Listing(KINDS))))
    try:
        there = distribution_of(family(**values))
    except (TypeError, ValueError):
        there = None
    if there is None:
        what = message("{word} takes no such parameters: {names}.", word=word, names=str(values))
        names = message("Its parameters are {names}.", names=Listing(_names(family)))
        raise DistributionError(Problem(what, names))
    return there


PREFIX = "scipy.stats."
"""Before the name of a family in a file."""


def _named(name: str) -> Any:
    """Return a family of scipy by its name, None where there is none."""
    import scipy.stats

    family = getattr(scipy.stats, name, None) if name.isidentifier() else None
    kinds = (scipy.stats.rv_continuous, scipy.stats.rv_discrete)
    return family if isinstance(family, kinds) else None


def _names(dist: Any) -> list[str]:
    """Return the names of a family's parameters, in the order of its call."""
    shapes = (dist.shapes or "").replace(",", " ").split()
    return [*shapes, "loc", *(["scale"] if hasattr(dist, "pdf") else [])]


def _parts(frozen: Any) -> dict[str, float]:
    """Return the parameters of a frozen distribution by name."""
    names = _names(frozen.dist)
    usual = {"loc": 0.0, "scale": 1.0}
    stated = dict(zip(names, frozen.args, strict=False)) | frozen.kwds
    return {name: float(stated[name] if name in stated else usual[name]) for name in names}


STATES: dict[str, Callable[[dict[str, float]], Distribution | None]] = {
    "uniform": lambda p: Uniform(p["loc"], p["loc"] + p["scale"]),
    "norm": lambda p: Normal(p["loc"], p["scale"]),
    "triang": lambda p: Triangular(p["loc"], p["loc"] + p["c"] * p["scale"], p["loc"] + p["scale"]),
    "beta": lambda p: Beta(p["a"], p["b"], p["loc"], p["loc"] + p["scale"]),
    "lognorm": _lognormal,
}
"""Families of scipy that one of ours states, by their parameters there."""
