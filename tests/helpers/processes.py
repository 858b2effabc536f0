"""Calls in a process of their own: without rights, within limits, killed in the middle."""

from __future__ import annotations

import os
import random
import resource
import signal
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import corridor_model as cm

NOBODY = 65534


def fork() -> int:
    """Fork; Python 3.12 warns of threads, of which BLAS has some that sleep."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def said_in_child(call: Callable[[], Any], before: Callable[[], Any] = lambda: None) -> str:
    """What a call in a child raised, in both languages; «raw» where nobody meant it."""
    reader, writer = os.pipe()
    child = fork()
    if not child:
        said = ""
        sys.dont_write_bytecode = True  # Python would keep half of it where no file may grow
        try:
            before()
            call()
        except cm.CorridorError as error:
            said = error.text("en") + "\n" + error.text("zh")
        except BaseException as error:
            said = f"raw {error!r}"
        os.write(writer, said.encode()[:60_000])
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(child, 0)
    return said


def as_nobody(call: Callable[[], Any]) -> str:
    """What a call raises without the rights of root."""

    def drop() -> None:
        if os.getuid() == 0:
            os.setgid(NOBODY)
            os.setuid(NOBODY)

    return said_in_child(call, drop)


def with_files_of(size: int, call: Callable[[], Any]) -> str:
    """What a call raises where no file may grow above some bytes, as on a full drive."""
    return said_in_child(call, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))


def killed_after(seconds: float, call: Callable[[], Any]) -> None:
    """Call again and again in a child that is killed after some seconds."""
    child = fork()
    if not child:
        try:
            while True:
                call()
        finally:
            os._exit(1)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL, "the call failed of itself"


def moments(seed: str, count: int, longest: float) -> list[float]:
    """Some seconds at which something is killed."""
    rng = random.Random(seed)
    return [rng.uniform(0.0, longest) for _ in range(count)]
