"""What every printed study has: the result in words, the notes, and rows left out."""

from __future__ import annotations

from collections.abc import Sequence

from corridor_model.cli import output
from corridor_model.sensitivity.told import Told


def result(words: Told, zh: bool) -> None:
    """Print what decides, in words."""
    output.heading("结论" if zh else "The result")
    for line in words.result:
        output.paragraph(line)


def notes(lines: Sequence[str], zh: bool) -> None:
    """Print how far to trust it."""
    if lines:
        output.heading("说明" if zh else "Notes")
    for line in lines:
        output.paragraph(f"· {line}")


def more(hidden: int, zh: bool) -> None:
    """Say how many rows are not shown."""
    if hidden > 0:
        output.say("")
        output.paragraph(
            f"其余{hidden}行未列，加 --top 显示更多。" if zh else f"{hidden} more rows: see --top."
        )
