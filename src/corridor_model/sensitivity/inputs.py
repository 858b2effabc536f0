"""What a study of any function asks: inputs and their ranges, groups, the function itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from corridor_model._typing import Array
from corridor_model.arguments import mapping
from corridor_model.distributions import Uniform
from corridor_model.errors import CorridorError
from corridor_model.frozen import distribution_of
from corridor_model.messages import N_, Listing, Message, Name, message
from corridor_model.tabular.schema import nearest


class SensitivityError(CorridorError):
    """A sensitivity study that cannot be made as asked."""


class Spread(Protocol):
    """What an input varies over: its two ends, and an inverse distribution function."""

    @property
    def lowest(self) -> float:
        """The lower end of what can occur."""
        ...

    @property
    def highest(self) -> float:
        """The upper end of what can occur."""
        ...

    def ppf(self, q: Any, /) -> Any:
        """Return the values at probabilities, its ends at 0 and 1."""
        ...


@dataclass(frozen=True, slots=True)
class Dependence:
    """Inputs of one group that move together, by a Gaussian copula.

    Attributes
    ----------
    members : tuple of int
        Places of the inputs.
    root : ndarray
        Lower triangular root of their correlation matrix of normal scores.
    """

    members: tuple[int, ...]
    root: Array


def spreads(inputs: Mapping[str, object]) -> dict[str, Spread]:
    """Return every input as something with an inverse distribution function.

    Parameters
    ----------
    inputs : mapping
        Name to (low, high), a :class:`corridor_model.Distribution`, or a frozen distribution
        of ``scipy.stats``.

    Raises
    ------
    SensitivityError
        For every input that is none of these, all at once.
    """
    if not isinstance(inputs, Mapping) or not inputs:
        raise SensitivityError(
            N_("inputs is a mapping of names to ranges or distributions, at least one.")
        )
    ranges = {str(name): _spread(value) for name, value in inputs.items()}
    wrong = [f"{name}: {value!r}" for name, value in inputs.items() if not ranges[str(name)]]
    if wrong:
        raise SensitivityError(
            N_(
                "An input is (low, high) with low < high, a Distribution, or a frozen scipy "
                "distribution; not {inputs}."
            ),
            inputs=Name("；".join(wrong), "; ".join(wrong)),
        )
    return {name: spread for name, spread in ranges.items() if spread is not None}


def _spread(value: object) -> Spread | None:
    ends = span(value)
    if ends is not None:
        return Uniform(*ends) if ends[0] < ends[1] else None
    return distribution_of(value)


def span(value: object) -> tuple[float, float] | None:
    """Return two finite ends, the lower first, or None where there are none in that order.

    Examples
    --------
    >>> span((0, 12)), span((12, 0)), span((0, float("inf"))), span("0 12")
    ((0.0, 12.0), None, None, None)
    """
    if isinstance(value, (str, bytes)) or not isinstance(value, (Sequence, np.ndarray)):
        return None
    if len(value) != 2 or any(isinstance(end, (bool, np.bool_, str)) for end in value):
        return None
    try:
        low, high = float(value[0]), float(value[1])
    except (TypeError, ValueError):
        return None
    return (low, high) if math.isfinite(low) and math.isfinite(high) and low <= high else None


def groups_of(
    names: Sequence[str], groups: Mapping[str, Sequence[str]] | None
) -> dict[str, tuple[int, ...]]:
    """Return the places of the inputs of each group, one that stands alone being its own.

    Raises
    ------
    SensitivityError
        For an unknown input, one in two groups, or an empty group.
    """
    if groups is not None:
        groups = mapping("groups", groups)
    places = {name: i for i, name in enumerate(names)}
    places_of: dict[str, tuple[int, ...]] = {}
    taken: set[str] = set()
    for group, members in (groups or {}).items():
        listed = [members] if isinstance(members, str) else list(members)
        of = {"group": group, "names": Listing(names)}
        for name in listed:
            if name not in places:
                none = N_("Group {group!r} has no input {name!r}. Inputs: {names}.")
                raise SensitivityError(none, name=name, **of)
            if name in taken or listed.count(name) > 1:
                twice = N_("Group {group!r} holds {name!r} a second time. Inputs: {names}.")
                raise SensitivityError(twice, name=name, **of)
        if not listed or (group in places and listed != [group]):
            empty = N_("Group {group!r} bears the name of an input, or is empty. Inputs: {names}.")
            raise SensitivityError(empty, **of)
        taken.update(listed)
        places_of[group] = tuple(places[name] for name in listed)
    alone = {name: (places[name],) for name in names if name not in taken}
    # in the order of the inputs, by the first one of each group
    return dict(sorted({**places_of, **alone}.items(), key=lambda item: item[1][0]))


def dependences(
    groups: Mapping[str, tuple[int, ...]], correlations: Mapping[str, Any] | None
) -> list[Dependence]:
    """Return the groups whose inputs are correlated.

    Raises
    ------
    SensitivityError
        Where correlated inputs are not one group: their indices would have no meaning.
    """
    if correlations is not None:
        correlations = mapping("correlations", correlations)
    tied = []
    for group, value in (correlations or {}).items():
        if group not in groups or len(groups[group]) < 2:
            raise SensitivityError(
                N_(
                    "correlations: {group!r} is no group of two or more inputs. Correlated inputs "
                    "must share a group, because only their joint index has a meaning."
                ),
                group=group,
            )
        size = len(groups[group])
        matrix = np.asarray(value, dtype=np.float64)
        if matrix.ndim == 0:
            matrix = np.where(np.eye(size) == 1, 1.0, matrix)
        good = matrix.shape == (size, size) and bool(np.isfinite(matrix).all())
        good = good and np.allclose(matrix, matrix.T) and np.allclose(np.diag(matrix), 1)
        if not good or np.linalg.eigvalsh(matrix).min() < 1e-12:
            raise SensitivityError(
                N_(
                    "correlations: that of {group!r} must be one number or a {size} x {size} "
                    "correlation matrix, positive definite."
                ),
                group=group,
                size=size,
            )
        root = np.asarray(np.linalg.cholesky(matrix), dtype=np.float64)
        tied.append(Dependence(groups[group], root))
    return tied


# The function of a user, asked in calls of bounded size and held to what it promises.

Function = Callable[[Array], Any]
BLOCK = 1024
"""Points handled together; all that is held of them is their answers."""
COLUMNS = 16_384
"""Points in one call of the function, at most."""


def blocks(n: int) -> Iterator[slice]:
    """Yield the points handled together."""
    for begin in range(0, n, BLOCK):
        yield slice(begin, min(begin + BLOCK, n))


class Ask:
    """A user's function, asked in calls of bounded size and held to what it promises."""

    def __init__(self, func: Function, inputs: int):
        self.func, self.inputs = func, inputs
        self.names: list[str] = []
        self.columns = 0

    def __call__(self, x: Array) -> Array:
        """Return answers, shape (outputs, m)."""
        answer = self.func(x)
        self.columns += x.shape[1]
        if isinstance(answer, Mapping):
            names = [str(name) for name in answer]
            values = np.array([np.broadcast_to(one, x.shape[1:]) for one in answer.values()], float)
        else:
            values = np.atleast_2d(np.asarray(answer, dtype=np.float64))
            names = ["y"] if np.ndim(answer) < 2 else [f"y{i}" for i in range(len(values))]
        if values.ndim != 2 or values.shape[1] != x.shape[1] or not len(values):
            raise SensitivityError(
                N_(
                    "func must answer (outputs, {n}) or ({n},) to an array of shape {shape}; it "
                    "answered {answer}."
                ),
                n=x.shape[1],
                shape=x.shape,
                answer=np.shape(answer),
            )
        if self.names and names != self.names:
            raise SensitivityError(N_("func answers another number of outputs from call to call."))
        self.names = names
        return values

    def checked(self, x: Array) -> Array:
        """Return finite answers to all columns, in calls of bounded size."""
        parts = [self(x[:, i : i + COLUMNS].copy()) for i in range(0, x.shape[1], COLUMNS)]
        values = np.hstack(parts)
        self._finite(values, None)
        return values

    def loosely(self, x: Array) -> Array:
        """Return answers to all columns, finite or not, in calls of bounded size."""
        return np.hstack(
            [self(x[:, i : i + COLUMNS].copy()) for i in range(0, x.shape[1], COLUMNS)]
        )

    def both(self, a: Array, b: Array, whole: Array) -> tuple[Array, Array]:
        """Return answers of both samples; the first call is repeated on a few columns."""
        first = not self.names
        fa, fb = self(a.copy()), self(b.copy())
        self._finite(fa, whole)
        self._finite(fb, None)
        if first and a.shape[1] > 2:
            few = self(a[:, 1:3].copy())
            if not np.allclose(few, fa[:, 1:3], rtol=1e-9, atol=1e-12 * np.abs(fa).max()):
                raise SensitivityError(
                    N_(
                        "func gave another answer to the same inputs in another call. An answer "
                        "may depend on its own column alone, and on no random numbers of its own."
                    )
                )
        return fa, fb

    def swapped(self, a: Array, b: Array, members: list[list[int]]) -> Array:
        """Return answers of the first sample with each member of the second, (t, outputs, m)."""
        m = a.shape[1]
        out = np.empty((len(members), len(self.names), m))
        at_once = max(1, COLUMNS // m)
        for begin in range(0, len(members), at_once):
            part = members[begin : begin + at_once]
            x = np.tile(a, len(part))
            for i, rows in enumerate(part):
                x[rows, i * m : (i + 1) * m] = b[rows]
            values = self(x)
            self._finite(values, None)
            by_member = values.reshape(len(values), len(part), m)
            out[begin : begin + len(part)] = by_member.swapaxes(0, 1)
        return out

    def _finite(self, values: Array, whole: Array | None) -> None:
        """Refuse answers that are not finite, counted over the whole sample where it is known."""
        if np.isfinite(values).all():
            return
        if whole is not None and values.shape[1] < whole.shape[1]:
            values = np.hstack([self(whole[:, rows].copy()) for rows in blocks(whole.shape[1])])
        wrong = (~np.isfinite(values)).sum(axis=1)
        n = values.shape[1]
        parts = [
            message("output {name!r}: {count} of {n} draws", name=name, count=count, n=n)
            for name, count in zip(self.names, wrong, strict=True)
            if count
        ]
        listed = Name(
            *(
                between.join(one.text(lang) for one in parts)
                for lang, between in (("zh", "；"), ("en", "; "))
            )
        )
        nan = N_(
            "func answered NaN ({outputs}). Nothing is dropped or replaced: narrow the inputs or "
            "mend the function."
        )
        infinite = N_(
            "func answered infinite ({outputs}). Nothing is dropped or replaced: narrow the "
            "inputs or mend the function."
        )
        raise SensitivityError(nan if np.isnan(values).any() else infinite, outputs=listed)


def whole_number(name: str, value: Any, least: int, most: float = math.inf) -> int:
    """Return a setting that must be a whole number.

    Raises
    ------
    SensitivityError
        If it is none, or out of range.
    """
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or not least <= value <= most:
        raise SensitivityError(
            N_("{name} must be a whole number of at least {least}; got {value!r}."),
            name=name,
            least=least,
            value=value,
        )
    return int(value)


def unknown(what: str, name: str, part: str, known: list[str]) -> SensitivityError:
    """Return the error of a name nothing carries, with the nearest known one."""
    near, hint = nearest(part, known) if part else "", Message("")
    if near:
        hint = message("Did you mean {near!r}?", near=near)
    elif len(known) <= 20:
        hint = message("Known: {names}.", names=Listing(known))
    return SensitivityError(_UNKNOWN[what, bool(hint)], name=name, part=part, hint=hint)


_UNKNOWN = {
    ("input", True): N_("There is no input {name!r}: nothing is called {part!r}. {hint}"),
    ("input", False): N_("There is no input {name!r}: nothing is called {part!r}."),
    ("output", True): N_("There is no output {name!r}: nothing is called {part!r}. {hint}"),
    ("output", False): N_("There is no output {name!r}: nothing is called {part!r}."),
}
