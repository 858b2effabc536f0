"""Points of a Sobol study: two independent samples, every column keyed by name (S13).

Each input owns two columns of one Sobol sequence, the second for the sample that is swapped
in, and each column is scrambled by random numbers of its name. Another input so leaves the
points of this one alone, as long as it keeps its place; the order in which inputs are told
changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from corridor_model.scenario.draws.keyed import inside
from corridor_model.scenario.draws.sobol import sobol_bits, uniform_points
from corridor_model.sensitivity.inputs import Dependence, SensitivityError

Array = NDArray[np.float64]


def checked_points(n: object) -> int:
    """Return a number of points: a power of two, so that the sequence is balanced.

    Raises
    ------
    SensitivityError
        If it is anything else; with the powers beside it.
    """
    good = isinstance(n, (int, np.integer)) and not isinstance(n, bool)
    if good and 2 <= int(n) <= 2**20 and int(n).bit_count() == 1:  # type: ignore[call-overload]
        return int(n)  # type: ignore[call-overload, no-any-return]
    if good and 2 < int(n) < 2**20:  # type: ignore[call-overload]
        low = 2 ** (int(n).bit_length() - 1)  # type: ignore[call-overload]
        raise SensitivityError(
            f"n must be a power of two, so that the Sobol sequence is balanced: {low} or "
            f"{2 * low}; got {n}.",
            f"n应为2的幂，如{low}或{2 * low}；现为{n}。",
        )
    raise SensitivityError(
        f"n must be a power of two from 2 to 2^20, such as 1024; got {n!r}.",
        f"n应为2的幂（2至2^20），如1024；现为{n!r}。",
    )


def columns_of(names: Sequence[str], stored: Mapping[str, int] | None = None) -> dict[str, int]:
    """Return the place of each input in the design.

    Parameters
    ----------
    names : sequence of str
        Inputs.
    stored : mapping, optional
        Places already given away; the other names take the next free ones, sorted.

    Examples
    --------
    >>> columns_of(["b", "a"])
    {'b': 1, 'a': 0}
    >>> columns_of(["b", "a", "c"], {"b": 0, "a": 1})
    {'b': 0, 'a': 1, 'c': 2}
    """
    held = dict(stored or {})
    places = list(held.values())
    if len(set(places)) != len(places) or any(place < 0 for place in places):
        raise SensitivityError(
            "Two inputs share a column of the design, or one is negative.",
            "两个输入共用一列，或列号为负。",
        )
    free = max(places, default=-1) + 1
    for name in sorted(set(names) - set(held)):
        held[name] = free
        free += 1
    return {name: held[name] for name in names}


def design(
    names: Sequence[str],
    n: int,
    seed: int = 0,
    columns: Mapping[str, int] | None = None,
    dependent: Sequence[Dependence] = (),
) -> tuple[Array, Array]:
    """Return two samples of uniform points, shape (inputs, n) each, within (0, 1).

    Parameters
    ----------
    names : sequence of str
        Inputs.
    n : int
        Points of each sample, a power of two.
    seed : int
        Of the scrambling.
    columns : mapping, optional
        Stored places by name; see `columns_of`.
    dependent : sequence of Dependence
        Inputs that move together.

    References
    ----------
    Sobol (1967), USSR Computational Mathematics 7(4), 86-112; Matousek (1998), Journal of
    Complexity 14(4), 527-556, for the scrambling; Saltelli (2002), Computer Physics
    Communications 145(2), 280-297, for the two samples.

    Examples
    --------
    >>> a, b = design(["x", "y"], 4)
    >>> a.shape, np.sort(np.floor(4 * a[0])).tolist()
    ((2, 4), [0.0, 1.0, 2.0, 3.0])
    """
    from scipy.stats import qmc

    places = columns_of(names, columns)
    width = 2 * (max(places.values()) + 1)
    if width > qmc.Sobol.MAXDIM:
        raise SensitivityError(
            f"The design has {width // 2} columns; it can hold {qmc.Sobol.MAXDIM // 2}.",
            f"设计有{width // 2}列，最多{qmc.Sobol.MAXDIM // 2}列。",
        )
    whole = sobol_bits(width, n)
    samples = []
    for side, word in enumerate(("a", "b")):
        made = np.empty((len(names), n))
        for row, name in zip(made, names, strict=True):
            bits = whole[2 * places[name] + side]
            row[:] = uniform_points(bits, f"design:{word}:{name}", seed)
        for group in dependent:
            members = list(group.members)
            made[members] = inside(ndtr(group.root @ ndtri(made[members])))
        samples.append(made)
    return samples[0], samples[1]
