"""Arguments looked at where they come in: numbers, single values, results, counts.

What has no plain truth, such as a DataFrame where a word is wanted, would otherwise fail deep
inside with another library's words.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np

from corridor_model._typing import Array
from corridor_model.errors import CorridorError
from corridor_model.formatting import short, whole
from corridor_model.messages import N_


class ArgumentError(CorridorError):
    """An argument is of a kind that its parameter cannot be."""


def numbers(name: str, value: Any) -> Array:
    """Return an argument as an array of floats.

    Raises
    ------
    ArgumentError
        If it holds anything but numbers.

    Examples
    --------
    >>> numbers("q", [0.1, 0.9])
    array([0.1, 0.9])
    """
    try:
        array = np.asarray(value)
        if array.dtype.kind in "biuf":
            return np.asarray(array, dtype=np.float64)
        if array.dtype.kind == "O" and not any(isinstance(one, str) for one in array.flat):
            return np.asarray(array, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        pass
    raise ArgumentError(
        N_("{name}: numbers are needed, not {value}."), name=name, value=short(value)
    )


def single(**named: Any) -> None:
    """Refuse what is many values where one is wanted.

    Raises
    ------
    ArgumentError
        For an array, a Series, a DataFrame, a Dataset or pandas' NA.

    Examples
    --------
    >>> single(level=0.9, lang="zh")
    """
    for name, value in named.items():
        # pandas' NA is neither equal to anything nor unequal
        several = bool(getattr(value, "ndim", 0)) or hasattr(value, "data_vars")
        if several or type(value).__name__ == "NAType":
            raise ArgumentError(
                N_("{name}: one value is needed, not a {kind}."),
                name=name,
                kind=type(value).__name__,
            )


def number(name: str, value: Any) -> float:
    """Return an argument as one number, also an infinite one or NaN.

    Raises
    ------
    ArgumentError
        If it is none.
    """
    array = numbers(name, value)
    if array.size != 1 or isinstance(value, (list, tuple)):
        raise ArgumentError(
            N_("{name}: one number is needed, not {value}."), name=name, value=short(value)
        )
    return float(array.reshape(()))


def fraction(name: str, value: Any) -> float:
    """Return an argument as a number between 0 and 1, neither of them.

    Raises
    ------
    ArgumentError
        If it is none.

    Examples
    --------
    >>> fraction("level", 0.95)
    0.95
    """
    one = number(name, value)
    if not 0 < one < 1:
        raise ArgumentError(
            N_("{name}: a number between 0 and 1 is needed, not {value}."),
            name=name,
            value=short(value),
        )
    return one


def flag(name: str, value: Any) -> bool:
    """Return an argument that is yes or no; of numbers 0 and 1 are.

    Raises
    ------
    ArgumentError
        If it is neither.

    Examples
    --------
    >>> flag("cap", True)
    True
    """
    if isinstance(value, (bool, np.bool_)) or (type(value) is int and value in {0, 1}):
        return bool(value)
    raise ArgumentError(
        N_("{name}: True or False is needed, not {value}."), name=name, value=short(value)
    )


def items(name: str, value: Any, most: int = 1_000_000) -> list[Any]:
    """Return what can be gone through as a list; an endless one is not waited for.

    Raises
    ------
    ArgumentError
        For a text, for what holds no items, and for more of them than anybody means.

    Examples
    --------
    >>> items("names", ("a", "b"))
    ['a', 'b']
    """
    if isinstance(value, (str, bytes)) or not hasattr(value, "__iter__"):
        raise ArgumentError(
            N_("{name}: a list is needed, not {value}."), name=name, value=short(value)
        )
    listed = list(itertools.islice(value, most + 1))
    if len(listed) > most:
        raise ArgumentError(N_("{name}: more than {most} items."), name=name, most=most)
    return listed


def mapping(name: str, value: Any) -> Mapping[Any, Any]:
    """Return an argument as a mapping; a Series is one of its labels.

    Raises
    ------
    ArgumentError
        If it is none.

    Examples
    --------
    >>> mapping("groups", {"works": ["a"]})
    {'works': ['a']}
    """
    if isinstance(value, Mapping):
        return value
    if hasattr(value, "to_dict") and getattr(value, "ndim", 0) == 1:
        listed: Mapping[Any, Any] = value.to_dict()
        return listed
    raise ArgumentError(
        N_("{name}: a {kind} is needed, not {value}."),
        name=name,
        kind="mapping",
        value=short(value),
    )


def count(name: str, value: Any, least: int = 1, most: int = 2**31 - 1) -> int:
    """Return an argument as a whole number within bounds.

    Raises
    ------
    ArgumentError
        If it is none, or too small or large.

    Examples
    --------
    >>> count("n", 16.0)
    16
    """
    n = None if getattr(value, "ndim", 0) else whole(value)
    if n is None or not least <= n <= most:
        raise ArgumentError(
            N_("{name}: a whole number from {least} to {most} is needed, not {value}."),
            name=name,
            least=least,
            most=most,
            value=short(value),
        )
    return n


def holding(name: str, value: Any, kind: str, *attributes: str) -> None:
    """Refuse what is not of a kind, told by attributes that all of that kind have.

    Raises
    ------
    ArgumentError
        With the kind that is needed.
    """
    if isinstance(value, type) or not all(hasattr(value, one) for one in attributes):
        raise ArgumentError(
            N_("{name}: a {kind} is needed, not {value}."), name=name, kind=kind, value=short(value)
        )
