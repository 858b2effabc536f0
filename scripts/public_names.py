"""Write docs/public_names.txt: every public dotted name, and the old one of each that moved."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from corridor_model._deprecated import NAMES, PACKAGE

FILE = Path(__file__).resolve().parents[1] / "docs" / "public_names.txt"
FACES = ("", "growth", "forecasting", "assessment", "sensitivity", "portfolio", "plot", "draws")
HEAD = """\
# Every public name of corridor_model, one a line: python scripts/public_names.py writes it.
# «new <- old»: the name moved; the old one works for one release more, with a DeprecationWarning.
"""


def public_names() -> list[str]:
    """Return the dotted names below the package, sorted."""
    return sorted(
        f"{face}.{name}".lstrip(".")
        for face in FACES
        for name in import_module(f"{PACKAGE}.{face}".rstrip(".")).__all__
    )


def text() -> str:
    """Return the page."""
    moved = set(NAMES.values())
    names = sorted({*public_names(), *moved})
    lines = []
    for name in names:
        olds = [old for old, new in NAMES.items() if new == name]
        lines += [f"{PACKAGE}.{name} <- {PACKAGE}.{old}" for old in olds] or [f"{PACKAGE}.{name}"]
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
