"""What every distribution can do, and how its parameters are refused."""

from __future__ import annotations

import math
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from corridor_model.errors import CorridorError, Problem
from corridor_model.finite import short

Array = NDArray[np.float64]
WIDEST = 1e150
"""A spread beyond this has no variance that a number could hold."""


class DistributionError(CorridorError, ValueError):
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


class Distribution:
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
        levels = np.asarray(q, dtype=np.float64)
        if not bool(np.all((levels >= 0) & (levels <= 1))):
            raise DistributionError(
                Problem(
                    "概率应在0到1之间。",
                    "a probability must lie between 0 and 1.",
                    "请检查输入。",
                    "Check the input.",
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
        return self._ppf(np.clip(ndtr(np.asarray(z, dtype=np.float64)), tiny, 1 - tiny))

    def quantiles(self, levels: ArrayLike = (0.05, 0.25, 0.5, 0.75, 0.95)) -> Array:
        """Return the quantiles people ask for; the same as :meth:`ppf` with a default."""
        return self.ppf(levels)


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
        made = float(value)
    except (TypeError, ValueError, OverflowError):
        made = math.nan
    if not math.isfinite(made):
        refuse(
            owner,
            f"{name}应为有限的数，现为{short(value)}。",
            f"{name} must be a finite number; got {short(value)}.",
        )
    object.__setattr__(owner, name, made)
    return made


def numbers(owner: object) -> None:
    """Store every parameter as a finite float."""
    for parameter in fields(owner):  # type: ignore[arg-type]
        number(owner, parameter.name)


def refuse(
    owner: object, what_zh: str, what_en: str, remedy_zh: str = "", remedy_en: str = ""
) -> None:
    """Raise the error of a wrong parameter, with the name of the distribution before it."""
    name = type(owner).__name__
    raise DistributionError(
        Problem(f"{name}：{what_zh}", f"{name}: {what_en}", remedy_zh, remedy_en)
    )


def parameters(distribution: Distribution) -> dict[str, Any]:
    """Return the parameters by name, in the order of the constructor."""
    return {p.name: getattr(distribution, p.name) for p in fields(distribution)}  # type: ignore[arg-type]
