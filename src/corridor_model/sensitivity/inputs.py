"""What an input of a sensitivity study may be, and how wrong ones are refused."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from corridor_model.distributions import Distribution, Uniform
from corridor_model.errors import CorridorError

Array = NDArray[np.float64]


class SensitivityError(CorridorError, ValueError):
    """A sensitivity study that cannot be made as asked."""


class Spread(Protocol):
    """What an input varies over: anything with an inverse distribution function."""

    def ppf(self, q: Any, /) -> Any:
        """Return the values at probabilities."""
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
            "inputs is a mapping of names to ranges or distributions, at least one.",
            "inputs应为名称到范围或分布的映射，至少一项。",
        )
    made: dict[str, Spread] = {}
    wrong = []
    for name, given in inputs.items():
        found = _spread(given)
        if found is None:
            wrong.append(f"{name}: {given!r}")
        else:
            made[str(name)] = found
    if wrong:
        raise SensitivityError(
            "An input is (low, high) with low < high, a Distribution, or a frozen scipy "
            f"distribution; not {'; '.join(wrong)}.",
            f"输入应为（低，高）、Distribution或冻结的scipy分布；有误：{'；'.join(wrong)}。",
        )
    return made


def _spread(given: object) -> Spread | None:
    if isinstance(given, Distribution):
        return given
    if hasattr(given, "ppf") and not isinstance(given, type):
        # a distribution of scipy that was never frozen has ppf, too, and free parameters
        return None if hasattr(given, "freeze") else given
    if isinstance(given, (str, bytes)) or not isinstance(given, (Sequence, np.ndarray)):
        return None
    if len(given) != 2 or any(isinstance(end, (bool, str)) for end in given):
        return None
    try:
        low, high = float(given[0]), float(given[1])
    except (TypeError, ValueError):
        return None
    return Uniform(low, high) if math.isfinite(low) and math.isfinite(high) and low < high else None


def groups_of(
    names: Sequence[str], groups: Mapping[str, Sequence[str]] | None
) -> dict[str, tuple[int, ...]]:
    """Return the places of the inputs of each group, one that stands alone being its own.

    Raises
    ------
    SensitivityError
        For an unknown input, one in two groups, or an empty group.
    """
    places = {name: i for i, name in enumerate(names)}
    made: dict[str, tuple[int, ...]] = {}
    taken: dict[str, str] = {}
    for group, members in (groups or {}).items():
        listed = [members] if isinstance(members, str) else list(members)
        unknown = [name for name in listed if name not in places]
        twice = [name for name in listed if name in taken or listed.count(name) > 1]
        if not listed or unknown or twice or (group in places and listed != [group]):
            why = (
                f"has no input {unknown[0]!r}"
                if unknown
                else f"holds {twice[0]!r} a second time"
                if twice
                else "bears the name of an input, or is empty"
            )
            raise SensitivityError(
                f"Group {group!r} {why}. Inputs: {', '.join(names)}.",
                f"分组“{group}”有误。输入：{'、'.join(names)}。",
            )
        taken.update(dict.fromkeys(listed, group))
        made[group] = tuple(places[name] for name in listed)
    alone = {name: (places[name],) for name in names if name not in taken}
    # in the order of the inputs, by the first one of each group
    return dict(sorted({**made, **alone}.items(), key=lambda item: item[1][0]))


def dependences(
    groups: Mapping[str, tuple[int, ...]], correlations: Mapping[str, Any] | None
) -> list[Dependence]:
    """Return the groups whose inputs are correlated.

    Raises
    ------
    SensitivityError
        Where correlated inputs are not one group: their indices would have no meaning.
    """
    made = []
    for group, given in (correlations or {}).items():
        if group not in groups or len(groups[group]) < 2:
            raise SensitivityError(
                f"correlations: {group!r} is no group of two or more inputs. Correlated inputs "
                "must share a group, because only their joint index has a meaning.",
                f"“{group}”不是含两个以上输入的分组；相关的输入必须同组。",
            )
        size = len(groups[group])
        matrix = np.asarray(given, dtype=np.float64)
        if matrix.ndim == 0:
            matrix = np.where(np.eye(size) == 1, 1.0, matrix)
        good = matrix.shape == (size, size) and bool(np.isfinite(matrix).all())
        good = good and np.allclose(matrix, matrix.T) and np.allclose(np.diag(matrix), 1)
        if not good or np.linalg.eigvalsh(matrix).min() < 1e-12:
            raise SensitivityError(
                f"correlations: that of {group!r} must be one number or a {size} x {size} "
                "correlation matrix, positive definite.",
                f"“{group}”的相关系数应为一个数，或{size}×{size}的正定相关矩阵。",
            )
        root = np.asarray(np.linalg.cholesky(matrix), dtype=np.float64)
        made.append(Dependence(groups[group], root))
    return made
