"""A user's function, asked in calls of bounded size and held to what it promises."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_model.sensitivity.inputs import SensitivityError

Array = NDArray[np.float64]
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
