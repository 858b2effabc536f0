"""Methods of results that became functions of a room above: they work for one release more.

A result must not import the rooms that draw it and put it into words; that would be an arrow
upward, and a circle. So its old method names the function only by a word, and the package's
face, which stands above every room, tells this module how a word is looked up.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

_WAYS: list[Callable[[str], Callable[..., Any]]] = []


def register(look_up: Callable[[str], Callable[..., Any]]) -> None:
    """Take the way from ``room.function`` to the function."""
    _WAYS[:] = [look_up]


def moved(method: str, function: str, advice: str = "") -> Callable[..., Any]:
    """Return the function that a method became, and warn whoever called the method.

    Parameters
    ----------
    method : str
        The old name, such as ``Predictive.figure``.
    function : str
        The new one below the package, such as ``plot.fan``.
    advice : str, optional
        What to call instead, where that is another public name.
    """
    warnings.warn(
        f"{method} goes with the next release: use corridor_model.{advice or function}.",
        DeprecationWarning,
        stacklevel=3,
    )
    return _WAYS[0](function)
