"""Named distributions: frozen, hashable values for what is not certain.

Changes of a scenario, uncertainties of a plan and sensitivity inputs share them. They know
nothing of plans, and compute with ``scipy.special`` alone.

>>> from corridor_model.distributions import Lognormal
>>> roads = Lognormal(mean=1.204, sd=0.299)
>>> round(float(roads.ppf(0.8)), 3)
1.436
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv, betaln, ndtr, ndtri

from corridor_model import arguments
from corridor_model._typing import Array
from corridor_model.display import Displayed
from corridor_model.errors import CorridorError, Problem
from corridor_model.formatting import short
from corridor_model.messages import N_, Listing, Message, message

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


def __dir__() -> list[str]:
    return list(__all__)


# What every distribution can do, and how its parameters are refused.


class Distribution(Displayed):
    """A distribution of one number. Frozen and hashable; equal when its parameters are.

    Every one has ``mean``, ``variance``, ``sd``, ``lowest``, ``highest`` and :meth:`ppf`.
    """

    __slots__ = ()

    if TYPE_CHECKING:
        # only declared: a property here would become the default of a dataclass field ``mean``
        @property
        def mean(self) -> float: ...  # noqa: D102
        @property
        def variance(self) -> float: ...  # noqa: D102
        @property
        def sd(self) -> float: ...  # noqa: D102
        @property
        def lowest(self) -> float: ...  # noqa: D102
        @property
        def highest(self) -> float: ...  # noqa: D102

    def ppf(self, q: ArrayLike) -> Array:
        """Return the value at each probability.

        Parameters
        ----------
        q : array_like
            Probabilities from 0 to 1, any shape.

        Returns
        -------
        ndarray
            Of the same shape; the ends of the support at 0 and 1.

        Raises
        ------
        DistributionError
            If a probability is NaN or outside 0-1.
        """
        levels = arguments.numbers("q", q)
        if not bool(np.all((levels >= 0) & (levels <= 1))):
            raise DistributionError(
                Problem(
                    message("a probability must lie between 0 and 1."), message("Check the input.")
                )
            )
        return self._ppf(levels)

    def _ppf(self, q: Array) -> Array:
        raise NotImplementedError

    def at_scores(self, z: ArrayLike) -> Array:
        """Return the values at standard normal scores: ``ppf(Phi(z))``, kept off the ends.

        Where the inverse has no closed form it is read off a fixed table, linear between
        4,097 scores within -8 to 8 (relative error below 1e-5 of the range), so that a
        million draws cost no more than a million look-ups.
        """
        tiny = np.finfo(np.float64).eps / 2
        return self._ppf(np.clip(ndtr(arguments.numbers("z", z)), tiny, 1 - tiny))

    def quantiles(self, levels: ArrayLike = (0.05, 0.25, 0.5, 0.75, 0.95)) -> Array:
        """Return the quantiles people ask for; the same as :meth:`ppf` with a default."""
        return self.ppf(levels)


class DistributionError(CorridorError):
    """A distribution was given parameters that make none.

    Attributes
    ----------
    problem : Problem
        What is wrong and what to do, in Chinese and English.
    """

    def __init__(self, problem: Problem):
        self.problem = problem
        super().__init__(problem.text("en"))

    def text(self, lang: str = "en") -> str:
        """Return the message in ``"zh"`` or ``"en"``."""
        return self.problem.text(lang)


# Distributions between two ends, as people state them: low, most likely, high.


class _Ends(Distribution):
    """Shared by distributions with the parameters ``low`` and ``high``."""

    __slots__ = ()
    low: float
    high: float

    def _check_ends(self) -> None:
        numbers(self)
        if not self.low < self.high:
            refuse(
                self,
                N_("low ({low:g}) must be below high ({high:g})."),
                N_("Use Fixed for a certain number."),
                low=self.low,
                high=self.high,
            )
        if not self.high - self.low < WIDEST:
            refuse(self, N_("the range is too wide."), N_("Narrow it."))

    @property
    def lowest(self) -> float:
        """The lower end."""
        return self.low

    @property
    def highest(self) -> float:
        """The upper end."""
        return self.high

    @property
    def sd(self) -> float:
        """Standard deviation of the value."""
        return math.sqrt(self.variance)

    def _within(self, share: Array) -> Array:
        """Return values at shares of the way from low to high, never beyond either."""
        return np.clip(self.low + (self.high - self.low) * share, self.low, self.high)


_SCORES = np.linspace(-8.0, 8.0, 4097)


@lru_cache(maxsize=1024)
def _beta_table(alpha: float, beta: float) -> Array:
    """Return the inverse of a beta distribution at `_SCORES`."""
    tiny = np.finfo(np.float64).eps / 2
    return np.asarray(betaincinv(alpha, beta, np.clip(ndtr(_SCORES), tiny, 1 - tiny)))


def _beta_inverse(alpha: float, beta: float, q: Array) -> Array:
    """Return the inverse of a beta distribution, at any probability.

    SciPy's search gives up far below 1e-200; there the first term of the series is exact:
    q = x^alpha / (alpha B(alpha, beta)).
    """
    values = np.asarray(betaincinv(alpha, beta, q))
    failed = np.isnan(values)
    if failed.any():
        series = np.exp((np.log(q[failed]) + math.log(alpha) + betaln(alpha, beta)) / alpha)
        values = values.copy()
        values[failed] = series
    return values


def _read(table: Array, z: Array) -> Array:
    """Return a table at `_SCORES` read linearly: as np.interp, which would search for places."""
    place = np.clip(z, _SCORES[0], _SCORES[-1])
    place = (place - _SCORES[0]) * ((len(_SCORES) - 1) / (_SCORES[-1] - _SCORES[0]))
    left = np.minimum(place.astype(np.intp), len(_SCORES) - 2)
    place -= left
    place *= np.diff(table).take(left)
    place += table.take(left)
    return np.asarray(place)


def _check_mode(owner: object, low: float, mode: float, high: float) -> None:
    if not low <= mode <= high:
        refuse(
            owner,
            N_("mode ({mode:g}) must lie between {low:g} and {high:g}."),
            N_("The three are lowest, most likely, highest."),
            mode=mode,
            low=low,
            high=high,
        )


WIDEST = 1e150
"""A spread beyond this has no variance that a number could hold."""


@dataclass(frozen=True, slots=True)
class Uniform(_Ends):
    """Every value between two ends is as likely as any other.

    Examples
    --------
    >>> Uniform(0, 12).ppf([0, 0.25, 1])
    array([ 0.,  3., 12.])
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        self._check_ends()

    @property
    def mean(self) -> float:
        """Middle of the two ends."""
        return self.low + (self.high - self.low) / 2

    @property
    def variance(self) -> float:
        """Of the value."""
        return (self.high - self.low) ** 2 / 12

    def _ppf(self, q: Array) -> Array:
        return self._within(q)


@dataclass(frozen=True, slots=True)
class Triangular(_Ends):
    """Lowest, most likely and highest value, joined by straight lines.

    The most likely value may be one of the ends.

    Examples
    --------
    >>> Triangular(0, 1, 1).ppf([0.1, 0.5, 0.9]).round(6)
    array([0.316228, 0.707107, 0.948683])
    """

    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        self._check_ends()
        _check_mode(self, self.low, self.mode, self.high)

    @property
    def mean(self) -> float:
        """Mean of the three parameters."""
        return self.low / 3 + self.mode / 3 + self.high / 3

    @property
    def variance(self) -> float:
        """Of the value."""
        a, b = self.mode - self.low, self.high - self.mode
        return (a * a + a * b + b * b) / 18

    def _ppf(self, q: Array) -> Array:
        peak = (self.mode - self.low) / (self.high - self.low)
        left = np.sqrt(q * peak)
        right = 1 - np.sqrt((1 - q) * (1 - peak))
        return self._within(np.where(q < peak, left, right))


@dataclass(frozen=True, slots=True)
class PERT(_Ends):
    """Lowest, most likely and highest value, joined by a smooth beta curve.

    Parameters
    ----------
    low, mode, high : float
        The most likely value may be one of the ends.
    shape : float, default 4
        Weight of the most likely value; 0 is uniform.

    Notes
    -----
    alpha = 1 + shape (mode - low) / (high - low), beta = 1 + shape (high - mode) / (high - low).
    The variance is that of this beta distribution: 30.56 for (10, 20, 40). The textbook's
    ((high - low) / 6)², 25 here, belongs to another curve and is not used.

    References
    ----------
    Malcolm, Roseboom, Clark, Fazar (1959), Operations Research 7(5), 646-669; Vose (2008),
    Risk Analysis, 3rd ed., on the modified PERT.

    Examples
    --------
    >>> late = PERT(10, 20, 40)
    >>> round(late.mean, 4), round(late.variance, 4), late.ppf(0.9).round(4)
    (21.6667, 30.5556, np.float64(29.3337))
    """

    low: float
    mode: float
    high: float
    shape: float = 4.0

    def __post_init__(self) -> None:
        self._check_ends()
        _check_mode(self, self.low, self.mode, self.high)
        if self.shape < 0:
            refuse(self, N_("shape is negative."), N_("It is usually 4."))

    @property
    def alpha(self) -> float:
        """First parameter of the beta distribution."""
        return 1 + self.shape * (self.mode - self.low) / (self.high - self.low)

    @property
    def beta(self) -> float:
        """Second parameter of the beta distribution."""
        return 1 + self.shape * (self.high - self.mode) / (self.high - self.low)

    @property
    def mean(self) -> float:
        """(low + shape × mode + high) / (shape + 2)."""
        return self.low + (self.high - self.low) * _beta_mean(self.alpha, self.beta)

    @property
    def variance(self) -> float:
        """Of the beta distribution."""
        return (self.high - self.low) ** 2 * _beta_variance(self.alpha, self.beta)

    def _ppf(self, q: Array) -> Array:
        return self._within(_beta_inverse(self.alpha, self.beta, q))

    def at_scores(self, z: ArrayLike) -> Array:
        """Return the values at standard normal scores, off a table; see the base class."""
        table = _beta_table(self.alpha, self.beta)
        return self._within(_read(table, np.asarray(z, dtype=np.float64)))


@dataclass(frozen=True, slots=True)
class Beta(_Ends):
    """A beta distribution between two ends, 0 and 1 by default.

    Examples
    --------
    >>> Beta(2, 2).mean, Beta(2, 2, low=0, high=100).ppf(0.5)
    (0.5, np.float64(50.0))
    """

    alpha: float
    beta: float
    low: float = 0.0
    high: float = 1.0

    def __post_init__(self) -> None:
        self._check_ends()
        for name in ("alpha", "beta"):
            if number(self, name) <= 0:
                refuse(
                    self,
                    N_("{parameter} must be above 0."),
                    N_("Two ones make it uniform."),
                    parameter=name,
                )

    @property
    def mean(self) -> float:
        """Of the value."""
        return self.low + (self.high - self.low) * _beta_mean(self.alpha, self.beta)

    @property
    def variance(self) -> float:
        """Of the value."""
        return (self.high - self.low) ** 2 * _beta_variance(self.alpha, self.beta)

    def _ppf(self, q: Array) -> Array:
        return self._within(_beta_inverse(self.alpha, self.beta, q))

    def at_scores(self, z: ArrayLike) -> Array:
        """Return the values at standard normal scores, off a table; see the base class."""
        table = _beta_table(self.alpha, self.beta)
        return self._within(_read(table, np.asarray(z, dtype=np.float64)))


def _beta_mean(alpha: float, beta: float) -> float:
    return alpha / (alpha + beta)


def _beta_variance(alpha: float, beta: float) -> float:
    total = alpha + beta
    return (alpha / total) * (beta / total) / (total + 1)


def number(owner: object, name: str) -> float:
    """Store a parameter as a finite float and return it.

    Raises
    ------
    DistributionError
        If it is not a finite number.
    """
    value = getattr(owner, name)
    try:
        if isinstance(value, (bool, str)):
            raise TypeError
        parameter = float(value)
    except (TypeError, ValueError, OverflowError):
        parameter = math.nan
    if not math.isfinite(parameter):
        refuse(
            owner,
            N_("{parameter} must be a finite number; got {value}."),
            parameter=name,
            value=short(value),
        )
    object.__setattr__(owner, name, parameter)
    return parameter


def numbers(owner: object) -> None:
    """Store every parameter as a finite float."""
    for parameter in fields(owner):  # type: ignore[arg-type]
        number(owner, parameter.name)


def refuse(owner: object, what: str, remedy: str = "", **fields: Any) -> None:
    """Raise the error of a wrong parameter, with the name of the distribution before it."""
    named = message("{kind}: {what}", kind=type(owner).__name__, what=Message(what, fields))
    raise DistributionError(Problem(named, Message(remedy, fields)))


def parameters(distribution: Distribution) -> dict[str, Any]:
    """Return the parameters by name, in the order of the constructor."""
    return {p.name: getattr(distribution, p.name) for p in fields(distribution)}  # type: ignore[arg-type]


# Distributions of single values.

ROUNDING = 1e-9
"""How far probabilities may miss 1: what six printed digits each can leave."""


@dataclass(frozen=True, slots=True)
class Fixed(Distribution):
    """A certain number.

    Examples
    --------
    >>> Fixed(12).ppf([0.1, 0.9])
    array([12., 12.])
    """

    value: float

    def __post_init__(self) -> None:
        numbers(self)

    @property
    def mean(self) -> float:
        """The number."""
        return self.value

    @property
    def variance(self) -> float:
        """0."""
        return 0.0

    @property
    def sd(self) -> float:
        """0."""
        return 0.0

    @property
    def lowest(self) -> float:
        """The number."""
        return self.value

    @property
    def highest(self) -> float:
        """The number."""
        return self.value

    def _ppf(self, q: Array) -> Array:
        return np.full(q.shape, self.value)


@dataclass(frozen=True, slots=True)
class Discrete(Distribution):
    """Some values, each with a probability.

    Parameters
    ----------
    values : sequence of float
        Stored in ascending order, each once.
    probabilities : sequence of float
        One each, summing to 1.

    Examples
    --------
    >>> months = Discrete([0, 12, 24], [0.5, 0.3, 0.2])
    >>> months.mean, months.ppf([0.5, 0.51, 0.8, 0.81])
    (8.4, array([ 0., 12., 12., 24.]))
    """

    values: tuple[float, ...]
    probabilities: tuple[float, ...]

    def __init__(self, values: Iterable[float], probabilities: Iterable[float]):
        support, weights = _floats(self, values), _floats(self, probabilities)
        if not support or len(support) != len(weights):
            refuse(
                self,
                N_("{values} values and {probabilities} probabilities."),
                N_("Give one probability each."),
                values=len(support),
                probabilities=len(weights),
            )
        if min(weights) < 0 or abs(math.fsum(weights) - 1) > ROUNDING:
            refuse(
                self,
                N_("the probabilities sum to {total:g}."),
                N_("They must be at least 0 and sum to 1."),
                total=math.fsum(weights),
            )
        merged: dict[float, list[float]] = {}
        for value, weight in zip(support, weights, strict=True):
            merged.setdefault(value, []).append(weight)
        masses = {value: math.fsum(merged[value]) for value in sorted(merged) if any(merged[value])}
        object.__setattr__(self, "values", tuple(masses))
        object.__setattr__(self, "probabilities", tuple(masses.values()))

    @property
    def mean(self) -> float:
        """Of the values, weighted."""
        pairs = zip(self.values, self.probabilities, strict=True)
        return math.fsum(value * weight for value, weight in pairs)

    @property
    def variance(self) -> float:
        """Of the values, weighted."""
        mean = self.mean
        pairs = zip(self.values, self.probabilities, strict=True)
        return math.fsum((value - mean) ** 2 * weight for value, weight in pairs)

    @property
    def sd(self) -> float:
        """Standard deviation of the value."""
        return math.sqrt(self.variance)

    @property
    def lowest(self) -> float:
        """The lowest value that can occur."""
        return self.values[0]

    @property
    def highest(self) -> float:
        """The highest value that can occur."""
        return self.values[-1]

    def _ppf(self, q: Array) -> Array:
        sums = np.array([math.fsum(self.probabilities[: i + 1]) for i in range(len(self.values))])
        # 0.5 + 0.3 must not fall a rounding short of a level of 0.8
        place = np.searchsorted(sums * (1 + 4 * np.finfo(float).eps), q)
        return np.array(self.values)[np.minimum(place, len(sums) - 1)]


@dataclass(frozen=True, slots=True)
class Negative(Distribution):
    """The negative of another: months earlier, where months later are counted.

    Examples
    --------
    >>> earlier = Negative(Triangular(0, 3, 12))
    >>> earlier.lowest, earlier.mean, earlier.highest
    (-12.0, -5.0, 0.0)
    """

    of: Distribution

    @property
    def mean(self) -> float:
        """Of the value."""
        return -self.of.mean

    @property
    def variance(self) -> float:
        """That of the other."""
        return self.of.variance

    @property
    def sd(self) -> float:
        """That of the other."""
        return self.of.sd

    @property
    def lowest(self) -> float:
        """The negative of the highest."""
        return 0.0 - self.of.highest

    @property
    def highest(self) -> float:
        """The negative of the lowest."""
        return 0.0 - self.of.lowest

    def _ppf(self, q: Array) -> Array:
        return -self.of.ppf(1 - q)


def _floats(owner: object, values: Iterable[float]) -> tuple[float, ...]:
    try:
        floats = tuple(float(value) for value in arguments.items("values", values))
    except (TypeError, ValueError, OverflowError):  # an ArgumentError is a ValueError
        floats = (math.nan,)
    if not all(math.isfinite(value) for value in floats):
        refuse(owner, N_("values and probabilities must be lists of finite numbers."))
    return floats


# Distributions stated by mean and standard deviation of the value itself.


def _check_sd(owner: object) -> None:
    if number(owner, "sd") < 0:
        refuse(owner, N_("sd is negative."), N_("Give 0 or more."))
    if number(owner, "sd") > WIDEST:
        refuse(owner, N_("sd is too large."), N_("Give a smaller one."))


@dataclass(frozen=True, slots=True)
class Normal(Distribution):
    """A normal distribution.

    Parameters
    ----------
    mean, sd : float
        Of the value, in its unit; sd 0 is a certain value.

    Examples
    --------
    >>> Normal(mean=0.12, sd=0.03).ppf(0.5)
    array(0.12)
    """

    mean: float
    sd: float

    def __post_init__(self) -> None:
        numbers(self)
        _check_sd(self)

    @property
    def variance(self) -> float:
        """Of the value."""
        return self.sd**2

    @property
    def lowest(self) -> float:
        """Minus infinity, unless certain."""
        return -math.inf if self.sd else self.mean

    @property
    def highest(self) -> float:
        """Infinity, unless certain."""
        return math.inf if self.sd else self.mean

    def _ppf(self, q: Array) -> Array:
        if not self.sd:
            return np.full(q.shape, self.mean)
        return np.asarray(self.mean + self.sd * ndtri(q))


@dataclass(frozen=True, slots=True)
class Lognormal(Distribution):
    """A lognormal distribution, given by the mean and sd of the value, not of its logarithm.

    Parameters
    ----------
    mean : float
        Above 0; 1.204 for works that cost 20.4 % more on average.
    sd : float
        Of the value; 0 is a certain value.

    Notes
    -----
    With c = sd / mean: sigma² = ln(1 + c²) and mu = ln(mean) - sigma² / 2. The median is
    exp(mu), below the mean.

    References
    ----------
    Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions 1, ch. 14.

    Examples
    --------
    >>> costs = Lognormal(mean=1.28, sd=0.38 * 1.28)
    >>> round(costs.mu, 6), round(costs.sigma, 6), costs.ppf([0.5, 0.8, 0.9]).round(4)
    (0.17942, 0.367261, array([1.1965, 1.6299, 1.9157]))
    """

    mean: float
    sd: float

    def __post_init__(self) -> None:
        numbers(self)
        _check_sd(self)
        if self.mean <= 0:
            refuse(
                self,
                N_("mean must be above 0."),
                N_("mean is that of the value, not of its logarithm."),
            )
        if self.sd / self.mean > WIDEST:
            refuse(self, N_("sd is too large."), N_("Give a smaller one."))

    @property
    def sigma(self) -> float:
        """Standard deviation of the logarithm."""
        return math.sqrt(math.log1p((self.sd / self.mean) ** 2))

    @property
    def mu(self) -> float:
        """Mean of the logarithm, which is the logarithm of the median."""
        return math.log(self.mean) - self.sigma**2 / 2

    @property
    def variance(self) -> float:
        """Of the value."""
        return self.sd**2

    @property
    def lowest(self) -> float:
        """0, unless certain."""
        return 0.0 if self.sd else self.mean

    @property
    def highest(self) -> float:
        """Infinity, unless certain."""
        return math.inf if self.sd else self.mean

    def _ppf(self, q: Array) -> Array:
        if not self.sd:
            return np.full(q.shape, self.mean)
        return np.asarray(np.exp(self.mu + self.sigma * ndtri(q)))


# Distributions as text: inline TOML tables in scenario files, calls in table cells.

KINDS: dict[str, type[Distribution]] = {
    kind.__name__.lower(): kind
    for kind in (Fixed, Discrete, Uniform, Triangular, PERT, Beta, Normal, Lognormal)
}
"""Every distribution by the word that names it in a file."""


def distribution_to_toml(distribution: Distribution) -> dict[str, Any]:
    """Return the table that stands for a distribution in a TOML file.

    Examples
    --------
    >>> distribution_to_toml(Triangular(0, 6, 24))
    {'distribution': 'triangular', 'low': 0.0, 'mode': 6.0, 'high': 24.0}
    """
    values = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in parameters(distribution).items()
    }
    return {"distribution": type(distribution).__name__.lower(), **values}


def distribution_from_toml(table: Mapping[str, Any]) -> Distribution:
    """Return the distribution that a TOML table stands for.

    Raises
    ------
    DistributionError
        If the word, a parameter or a value is wrong.

    Examples
    --------
    >>> distribution_from_toml({"distribution": "lognormal", "mean": 1.204, "sd": 0.299})
    Lognormal(mean=1.204, sd=0.299)
    """
    values = dict(table)
    word = values.pop("distribution", None)
    kind = KINDS.get(word.lower()) if isinstance(word, str) else None
    if kind is None:
        what = message("there is no distribution {word!r}.", word=word)
        if word is None:
            what = message("lacks the name of a distribution (distribution = ...).")
        raise DistributionError(Problem(what, message("Known: {known}.", known=Listing(KINDS))))
    _check_names(kind, values)
    return kind(**values)


def _check_names(kind: type[Distribution], values: Mapping[str, Any]) -> None:
    declared = fields(kind)  # type: ignore[arg-type]
    names = [field.name for field in declared]
    needed = [field.name for field in declared if field.default is MISSING]
    unknown = ", ".join(name for name in values if name not in names)
    missing = ", ".join(name for name in needed if name not in values)
    if unknown or missing:
        what = message("{kind} lacks {names}.", kind=kind.__name__, names=missing)
        if unknown:
            what = message("{kind} has no parameter {names}.", kind=kind.__name__, names=unknown)
        remedy = message("Its parameters are {names}.", names=Listing(names))
        raise DistributionError(Problem(what, remedy))


def distribution_from_text(text: str) -> Distribution:
    """Return the distribution that a table cell writes as a call.

    Parameters
    ----------
    text : str
        Such as ``lognormal(mean=1.204, sd=0.299)`` or ``PERT(0, 6, 24)``; what ``repr``
        prints is read back. A bare number is a certain value.

    Raises
    ------
    DistributionError
        If it is no such call.

    Examples
    --------
    >>> distribution_from_text("pert(0, 6, 24)")
    PERT(low=0.0, mode=6.0, high=24.0, shape=4.0)
    >>> distribution_from_text("12")
    Fixed(value=12.0)
    """
    try:
        call = ast.parse(text.strip(), mode="eval").body
        if not isinstance(call, ast.Call):
            return Fixed(ast.literal_eval(call))
        if not isinstance(call.func, ast.Name):
            raise ValueError
        word = call.func.id.lower()
        named = {item.arg or "": ast.literal_eval(item.value) for item in call.keywords}
        positional = [ast.literal_eval(value) for value in call.args]
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        raise DistributionError(
            Problem(
                message("{text!r} is no distribution.", text=text),
                message("Write it like lognormal(mean=1.204, sd=0.299)."),
            )
        ) from None
    names = [field.name for field in fields(KINDS[word])] if word in KINDS else []  # type: ignore[arg-type]
    placed = {names[i] if i < len(names) else f"#{i + 1}": v for i, v in enumerate(positional)}
    doubled = placed.keys() & named.keys()
    if doubled:
        placed["#" + doubled.pop()] = 0
    return distribution_from_toml({"distribution": word, **placed, **named})
