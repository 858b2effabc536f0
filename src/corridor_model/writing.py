"""Files written whole or not at all, and cells that no spreadsheet takes for a formula."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from corridor_model.errors import CorridorError

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path`` and rename it there if all went well.

    A run that fails, or is killed, leaves the old file whole.

    Raises
    ------
    CorridorError
        If the folder cannot be written, or another program holds the file.
    """
    import tempfile

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=path.suffix, dir=path.parent)
    except OSError as error:
        raise CorridorError(f"{path.name} cannot be written: {error.strerror}.") from error
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        raise CorridorError(
            f"{path.name} cannot be written: {error.strerror}. Close the program that has it open."
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    """Return the process's file mode mask; there is no way to read it but to set it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def guarded(text: str) -> str:
    """Return text that a spreadsheet shows as text, even if it starts like a formula.

    A leading apostrophe is what spreadsheets themselves use; :func:`unguarded` removes it.

    Examples
    --------
    >>> guarded("=1+1"), guarded("-5.2"), guarded("增长")
    ("'=1+1", '-5.2', '增长')
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unguarded(text: str) -> str:
    """Return text without the apostrophe that :func:`guarded` put before it."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def write_csv(path: Path, rows: Iterable[Sequence[str]], bom: bool = False) -> None:
    """Write rows of text as UTF-8 CSV; with ``bom`` Excel and WPS show Chinese at once."""
    import csv

    with (
        replacing(path) as temporary,
        temporary.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file,
    ):
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([guarded(cell) for cell in row] for row in rows)
