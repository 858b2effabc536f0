"""Memory that a thread's tasks use one after another."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


class Room(threading.local):
    """Arrays by name, one of each for every thread.

    New memory of some MiB is slow, and threads wait for each other while they get it.
    """

    def __init__(self) -> None:
        self._arrays: dict[str, NDArray[Any]] = {}

    def array(self, name: str, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        """Return an array to write in; what was in it is gone."""
        size = int(np.prod(shape))
        if name not in self._arrays or self._arrays[name].size < size:
            self._arrays[name] = np.empty(size, dtype=dtype)
        return self._arrays[name][:size].reshape(shape)
