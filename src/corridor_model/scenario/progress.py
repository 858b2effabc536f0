"""A bar for long runs, in a terminal or a notebook; silent in pipes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

LONG = 64
"""Tasks from which a run is worth a bar."""


def shown(title: str) -> Callable[[Iterable[Any], int], Iterable[Any]]:
    """Return a wrapper of tasks that end, with a bar where someone looks."""

    def wrap(ended: Iterable[Any], total: int) -> Iterable[Any]:
        if total < LONG or not _watched():
            return ended
        from tqdm import tqdm

        bar: Iterable[Any] = tqdm(ended, total=total, desc=title, leave=False)
        return bar

    return wrap


def _watched() -> bool:
    if sys.stderr is not None and sys.stderr.isatty():
        return True
    shell = sys.modules.get("IPython")
    made = shell.get_ipython() if shell is not None else None
    return made is not None and type(made).__name__ == "ZMQInteractiveShell"
