"""One writer at a time, on any system, also after a writer was killed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from corridor_model.errors import PlanError, Problem

WAIT = 30.0
"""Seconds to wait for another writer."""


@contextmanager
def locked(path: Path, wait: float = WAIT) -> Iterator[None]:
    """Hold the only right to write to a file.

    The lock lies on a file beside it, ``.name.lock``, and is the operating system's: it ends
    with the process that holds it, however that ends, so that no stale lock can remain. The
    empty file stays; removing it would let two writers hold two different locks.

    Parameters
    ----------
    path : Path
        The file to be written.
    wait : float, default 30
        Seconds to wait for another writer.

    Raises
    ------
    PlanError
        If another writer holds it for longer, or the folder cannot be written.
    """
    beside = path.with_name(f".{path.name}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = beside.open("a+b")
    except OSError as error:
        raise cannot_write(path, error) from error
    with handle:
        deadline = time.monotonic() + wait
        pause = 0.001
        while not _taken(handle):
            if time.monotonic() > deadline:
                raise PlanError(
                    [
                        Problem(
                            "另一程序正在写入。",
                            "is being written by another program.",
                            "请稍后再试。",
                            "Try again later.",
                            path.name,
                        )
                    ]
                )
            time.sleep(pause)
            pause = min(pause * 1.5, 0.01)
        try:
            yield
        finally:
            _released(handle)


def cannot_write(path: Path, error: OSError) -> PlanError:
    """Return the error of a file that cannot be written."""
    reason = error.strerror or type(error).__name__
    problem = Problem(
        f"无法写入（{reason}）。",
        f"cannot be written ({reason}).",
        "请检查文件夹权限和剩余空间。",
        "Check the folder's permissions and the space left.",
        path.name,
    )
    return PlanError([problem])


if os.name == "nt":  # pragma: no cover
    import msvcrt

    def _taken(handle: IO[bytes]) -> bool:
        handle.seek(0)
        try:
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True

    def _released(handle: IO[bytes]) -> None:
        handle.seek(0)
        msvcrt.locking(handle.fileno(), msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined]

else:
    import fcntl

    def _taken(handle: IO[bytes]) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _released(handle: IO[bytes]) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
