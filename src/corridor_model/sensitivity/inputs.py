"""What an input of a sensitivity study may be, and how wrong ones are refused."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from corridor_model._typing import Array
from corridor_model.distributions import Distribution, Uniform
from corridor_model.errors import CorridorError
from corridor_model.tabular.names import nearest


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


# A user's function, asked in calls of bounded size and held to what it promises.

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

    def __call__(self, x: Array) -> Array:
        """Return answers, shape (outputs, m)."""
        told = self.func(x)
        if isinstance(told, Mapping):
            names = [str(name) for name in told]
            made = np.array([np.broadcast_to(told[name], x.shape[1:]) for name in told], float)
        else:
            made = np.atleast_2d(np.asarray(told, dtype=np.float64))
            names = ["y"] if np.ndim(told) < 2 else [f"y{i}" for i in range(len(made))]
        if made.ndim != 2 or made.shape[1] != x.shape[1] or not len(made):
            raise SensitivityError(
                f"func must answer (outputs, {x.shape[1]}) or ({x.shape[1]},) to an array of "
                f"shape {x.shape}; it answered {np.shape(told)}.",
                f"函数对形状{x.shape}的输入应返回（输出数，{x.shape[1]}）；现为{np.shape(told)}。",
            )
        if self.names and names != self.names:
            raise SensitivityError(
                "func answers another number of outputs from call to call.",
                "函数每次返回的输出不一致。",
            )
        self.names = names
        return made

    def checked(self, x: Array) -> Array:
        """Return finite answers to all columns, in calls of bounded size."""
        parts = [self(x[:, i : i + COLUMNS].copy()) for i in range(0, x.shape[1], COLUMNS)]
        made = np.hstack(parts)
        self._finite(made, None)
        return made

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
                    "func gave another answer to the same inputs in another call. An answer "
                    "may depend on its own column alone, and on no random numbers of its own.",
                    "同样的输入再算一次结果不同。每一列的结果只能取决于该列，函数内不得有随机数。",
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
            made = self(x)
            self._finite(made, None)
            out[begin : begin + len(part)] = made.reshape(len(made), len(part), m).swapaxes(0, 1)
        return out

    def _finite(self, made: Array, whole: Array | None) -> None:
        """Refuse answers that are not finite, counted over the whole sample where it is known."""
        if np.isfinite(made).all():
            return
        if whole is not None and made.shape[1] < whole.shape[1]:
            made = np.hstack([self(whole[:, rows].copy()) for rows in blocks(whole.shape[1])])
        wrong = (~np.isfinite(made)).sum(axis=1)
        kind = "NaN" if np.isnan(made).any() else "infinite"
        said = "; ".join(
            f"output {name!r}: {count} of {made.shape[1]} draws"
            for name, count in zip(self.names, wrong, strict=True)
            if count
        )
        raise SensitivityError(
            f"func answered {kind} ({said}). Nothing is dropped or replaced: narrow the inputs "
            "or mend the function.",
            f"函数返回了{kind}（{said}）。不会忽略或替换，请缩小输入范围或修改函数。",
        )


def unknown(what: str, name: str, part: str, known: list[str]) -> SensitivityError:
    """Return the error of a name nothing carries, with the nearest known one."""
    near = nearest(part, known) if part else ""
    few = len(known) <= 20
    hint_en = f"Did you mean {near!r}?" if near else f"Known: {', '.join(known)}." if few else ""
    hint_zh = f"是否应为“{near}”？" if near else f"可用：{'、'.join(known)}。" if few else ""
    what_zh = {"input": "输入", "output": "输出"}[what]
    return SensitivityError(
        f"There is no {what} {name!r}: nothing is called {part!r}. {hint_en}".rstrip(),
        f"没有{what_zh}“{name}”：找不到“{part}”。{hint_zh}",
    )
