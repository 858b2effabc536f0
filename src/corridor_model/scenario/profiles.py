"""How the money of a work spreads over its months: what share is spent by when.

Each profile is a frozen value with one relation F(x), x the share of the time from start to
end, F(0) = 0, F(1) = 1, never falling. None is printed in the document: every profile is of
origin ``assumed`` but a `ShareTable`: those are figures, and the user's.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc, expit

from corridor_model._typing import Array
from corridor_model.arguments import ArgumentError, items, numbers
from corridor_model.display import Displayed
from corridor_model.errors import CorridorError
from corridor_model.formatting import finite, short
from corridor_model.messages import N_, Listing, Name

FLATTEST, STEEPEST = 0.001, 1000.0
"""Parameters beyond which a curve is a line or a step, and what shapes it is lost in rounding."""
LARGEST = 1e15
"""Sum of the shares of a table beyond which small ones among them are lost."""


class ProfileError(CorridorError):
    """Parameters that make no spending profile."""


class Profile(Displayed):
    """A spending profile; frozen and hashable."""

    __slots__ = ()

    def cumulative(self, x: ArrayLike) -> Array:
        """Return the share spent by each share of the time.

        Parameters
        ----------
        x : array_like
            Shares of the time; below 0 nothing is spent, above 1 all.

        Returns
        -------
        ndarray
            Of the same shape, 0 to 1; exactly 0 and 1 at the ends.
        """
        inside = np.clip(numbers("x", x), 0.0, 1.0)
        spent = np.clip(self._share(inside), 0.0, 1.0)
        return np.where(inside >= 1, 1.0, spent)

    def _share(self, x: Array) -> Array:
        raise NotImplementedError


def _positive(owner: object, *names: str) -> None:
    """Store parameters as floats within what a curve can have."""
    for name in names:
        curve = Name("", f"{type(owner).__name__}: ")  # in Chinese the sentence says what it is
        parameter = getattr(owner, name)
        value = finite(parameter)
        if value is None or value <= 0:
            raise ProfileError(
                N_("{curve}{name} must be a number above 0; got {got}."),
                curve=curve,
                name=name,
                got=short(parameter),
            )
        if not FLATTEST <= value <= STEEPEST:
            raise ProfileError(
                N_(
                    "{curve}{name} must lie within {low:g} and {high:g}; got {value:g}. Most works "
                    "lie between 0.1 and 20."
                ),
                curve=curve,
                name=name,
                low=FLATTEST,
                high=STEEPEST,
                value=value,
            )
        object.__setattr__(owner, name, value)


@dataclass(frozen=True, slots=True)
class Even(Profile):
    """The same money every month; what is used where nothing else is said.

    Examples
    --------
    >>> Even().cumulative([0, 0.25, 1])
    array([0.  , 0.25, 1.  ])
    """

    def cumulative(self, x: ArrayLike) -> Array:
        """Return the share of the time itself, within 0 and 1."""
        # twice as fast as np.clip on short rows, and asked thousands of times
        return np.minimum(np.maximum(np.asarray(x, dtype=np.float64), 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class SCurve(Profile):
    """The distribution function of a beta distribution.

    Parameters
    ----------
    alpha, beta : float, default 2
        (2, 2) is slow, fast, slow; alpha < beta spends early. (2, 2) equals `Smoothstep`.

    Examples
    --------
    >>> (100 * np.diff(SCurve(2, 3.5).cumulative(np.arange(6) / 5))).round(2)
    array([22.15, 37.7 , 27.61, 11.19,  1.36])
    """

    alpha: float = 2.0
    beta: float = 2.0

    def __post_init__(self) -> None:
        _positive(self, "alpha", "beta")

    def _share(self, x: Array) -> Array:
        return np.asarray(betainc(self.alpha, self.beta, x))


@dataclass(frozen=True, slots=True)
class Smoothstep(Profile):
    """F(x) = 3x² - 2x³: an S-curve without parameters.

    Examples
    --------
    >>> Smoothstep().cumulative([0.25, 0.5, 0.75])
    array([0.15625, 0.5    , 0.84375])
    """

    def _share(self, x: Array) -> Array:
        return x * x * (3 - 2 * x)


@dataclass(frozen=True, slots=True)
class Logistic(Profile):
    """A logistic curve, stretched so that it begins at 0 and ends at 1.

    Parameters
    ----------
    steepness : float, default 10
        Of the logistic over the whole time.
    middle : float, default 0.5
        Share of the time at which spending is fastest.
    """

    steepness: float = 10.0
    middle: float = 0.5

    def __post_init__(self) -> None:
        _positive(self, "steepness", "middle")
        if self.middle >= 1:
            raise ProfileError(
                N_("{curve}middle must lie within 0-1; got {middle!r}."),
                curve=Name("", "Logistic: "),
                middle=self.middle,
            )

    def _share(self, x: Array) -> Array:
        low, high = expit(self.steepness * (np.array([0.0, 1.0]) - self.middle))
        return np.asarray((expit(self.steepness * (x - self.middle)) - low) / (high - low))


@dataclass(frozen=True, slots=True)
class Rayleigh(Profile):
    """A Rayleigh curve cut at the end of the work and renormalised to the whole.

    Parameters
    ----------
    peak : float, default 0.38
        Share of the time at which spending is highest. Uncut the curve never ends; at 0.38
        it has spent 97 % by the end, the usual choice.

    References
    ----------
    Norden (1970), Useful tools for project management; Putnam (1978), IEEE TSE 4(4), 345-361.
    """

    peak: float = 0.38

    def __post_init__(self) -> None:
        _positive(self, "peak")

    def _share(self, x: Array) -> Array:
        whole = -math.expm1(-0.5 / self.peak**2)
        return np.asarray(-np.expm1(-0.5 * (x / self.peak) ** 2) / whole)


@dataclass(frozen=True, slots=True)
class DHSS(Profile):
    """The expenditure curve of the British Department of Health and Social Security.

    y = x + C x² - C x - (6 x³ - 9 x² + 3 x) / K.

    Parameters
    ----------
    c, k : float
        Fitted by the size of the work; pairs whose curve falls somewhere are refused.

    References
    ----------
    Hudson and Maunick (1974), Capital expenditure forecasting on health building schemes.

    Examples
    --------
    >>> DHSS(0.134, 3.884).cumulative(0.5)
    array(0.4665)
    """

    c: float
    k: float

    def __post_init__(self) -> None:
        c, k = finite(self.c), finite(self.k)
        if c is None or k is None or k == 0:
            raise ProfileError(N_("DHSS: c and k must be finite, and k not 0."))
        object.__setattr__(self, "c", c)
        object.__setattr__(self, "k", k)
        turn = min(max(0.5 + c * k / 18, 0.0), 1.0)  # where the slope is extreme
        # a slope that is no number, of huge parameters, is refused too
        if not all(self._slope(x) >= -1e-12 for x in (0.0, turn, 1.0)):
            raise ProfileError(
                N_(
                    "DHSS: with c {c:g} and k {k:g} the curve falls somewhere, so that money would "
                    "come back. Choose another pair."
                ),
                c=c,
                k=k,
            )

    def _slope(self, x: float) -> float:
        return 1 + 2 * self.c * x - self.c - (18 * x * x - 18 * x + 3) / self.k

    def _share(self, x: Array) -> Array:
        cubic = x * (x * (6 * x - 9) + 3)
        return x + self.c * x * (x - 1) - cubic / self.k


@dataclass(frozen=True, slots=True)
class FrontLoaded(Profile):
    """F(x) = 1 - (1 - x)^power: most money at the beginning; 1 is even.

    Examples
    --------
    >>> FrontLoaded(2).cumulative(0.5)
    array(0.75)
    """

    power: float = 2.0

    def __post_init__(self) -> None:
        _positive(self, "power")

    def _share(self, x: Array) -> Array:
        return 1 - (1 - x) ** self.power


@dataclass(frozen=True, slots=True)
class ShareTable(Profile):
    """Shares of equal parts of the time, even within each part.

    Parameters
    ----------
    shares : sequence of float
        Any non-negative numbers; they are divided by their sum.

    Examples
    --------
    >>> ShareTable([1, 2, 1]).cumulative([1 / 3, 0.5])
    array([0.25, 0.5 ])
    """

    shares: tuple[float, ...]

    def __post_init__(self) -> None:
        parts: Iterable[object] = self.shares
        if isinstance(parts, (str, bytes, Mapping, Set)):
            parts = ()  # these can be gone through, but are no numbers in an order
        try:
            numbers = [finite(share) for share in items("shares", parts)]
        except (TypeError, ArgumentError):
            numbers = []
        shares = tuple(share for share in numbers if share is not None and share >= 0)
        if len(shares) < len(numbers) or not any(shares):
            raise ProfileError(
                N_(
                    "ShareTable: shares must be numbers of at least 0, not all 0, one for each "
                    "equal part of the time."
                )
            )
        if not sum(shares) <= LARGEST:
            raise ProfileError(
                N_(
                    "ShareTable: the shares sum to more than {largest:g}. They are divided by "
                    "their sum: write smaller ones, such as percentages."
                ),
                largest=LARGEST,
            )
        object.__setattr__(self, "shares", shares)

    def _share(self, x: Array) -> Array:
        sums = np.concatenate([[0.0], np.cumsum(self.shares)])
        return np.asarray(np.interp(x, np.linspace(0, 1, len(sums)), sums / sums[-1]))


# Spending profiles as TOML tables, both ways.

PROFILES: dict[str, type[Profile]] = {
    "even": Even,
    "s_curve": SCurve,
    "smoothstep": Smoothstep,
    "logistic": Logistic,
    "rayleigh": Rayleigh,
    "dhss": DHSS,
    "front_loaded": FrontLoaded,
    "table": ShareTable,
}
"""Every profile by the word that names it in a file."""

EXAMPLES = {"dhss": "c = 0.134, k = 3.884", "table": "shares = [0.3, 0.7]"}
"""Parameters of those that have no defaults."""

_WORDS = {kind: word for word, kind in PROFILES.items()}


def profile_to_toml(profile: Profile) -> dict[str, object]:
    """Return the table that stands for a profile in a TOML file.

    Examples
    --------
    >>> profile_to_toml(FrontLoaded(3.0))
    {'profile': 'front_loaded', 'power': 3.0}
    """
    table: dict[str, object] = {"profile": _WORDS[type(profile)]}
    for parameter in fields(profile):  # type: ignore[arg-type]
        value = getattr(profile, parameter.name)
        table[parameter.name] = list(value) if isinstance(value, tuple) else value
    return table


def profile_from_toml(written: object) -> Profile:
    """Return the profile that a name, or a TOML table, stands for.

    Raises
    ------
    ProfileError
        If it is neither, or the word or a parameter is unknown.

    Examples
    --------
    >>> profile_from_toml("s_curve") == profile_from_toml({"profile": "s_curve", "alpha": 2})
    True
    """
    table = {"profile": written} if isinstance(written, str) else written
    if not isinstance(table, Mapping) or "profile" not in table:
        raise ProfileError(
            N_(
                'A profile is a name, such as "s_curve", or a table that begins with one. Shares '
                "are of equal parts of the work's time, not of calendar years: {form}."
            ),
            form='{ profile = "table", shares = [0.3, 0.7] }',
        )
    word = table["profile"]
    parameters = {name: value for name, value in table.items() if name != "profile"}
    kind = PROFILES.get(word) if isinstance(word, str) else None
    if kind is None:
        raise ProfileError(
            N_("No profile {got}. Known: {known}."), got=short(word), known=Listing(PROFILES)
        )
    try:
        return kind(**parameters)
    except TypeError:
        names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
        if word in EXAMPLES and set(parameters) <= set(names):
            raise ProfileError(
                N_("{profile} needs {c} and {k}, such as {form}.")
                if len(names) > 1
                else N_("{profile} needs {c}, such as {form}."),
                profile=word,
                c=names[0],
                k=names[-1],
                form=f'{{ profile = "{word}", {EXAMPLES[word]} }}',
            ) from None
        raise ProfileError(
            N_("{profile}: wrong parameters; it has {names}.")
            if names
            else N_("{profile}: wrong parameters; it has none."),
            profile=word,
            names=Listing(names),
        ) from None
