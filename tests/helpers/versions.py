"""Tests of what some versions or systems lack; under constraints.txt on Linux none is skipped."""

from __future__ import annotations

import os
from importlib.metadata import version

import pytest


def numbers(text: str) -> tuple[int, ...]:
    """Return a version as numbers, as far as it has any."""
    return tuple(int(part) for part in text.split(".")[:3] if part.isdigit())


def is_since(package: str, first: str) -> bool:
    """Return whether a package is of a version or later."""
    return numbers(version(package)) >= numbers(first)


def since(package: str, first: str, why: str) -> pytest.MarkDecorator:
    """Return the mark of a test that an older version cannot pass."""
    return pytest.mark.skipif(
        not is_since(package, first), reason=f"{OLDEST}: {package} before {first}: {why}"
    )


OLDEST = "of the oldest versions"
"""Begins the reason of each such skip: none of them happens under constraints.txt."""

posix = pytest.mark.skipif(
    os.name == "nt",
    reason="processes, pipes or modes of POSIX; see doors/test_windows.py",
)
