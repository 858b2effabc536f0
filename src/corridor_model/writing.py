"""Files written whole or not at all, and cells that no spreadsheet takes for a formula."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from corridor_model.errors import CorridorError

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?(?:\d++\.?+\d*+|\.\d++)(?:[eE][+-]?\d++)?")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path`` and rename it there if all went well.

    A run that fails, or is killed, leaves the old file whole; of two writers the later one
    wins. What a killed run leaves behind begins with a dot and is read by nobody.

    Raises
    ------
    CorridorError
        If the folder cannot be written, or another program holds the file.
    """
    # not tempfile: its files are private, and the umask cannot be asked without being changed,
    # which other threads would notice
    temporary = path.with_name(f".{os.getpid()}-{os.urandom(6).hex()}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        if path.exists():
            temporary.chmod(path.stat().st_mode & 0o777)
    except OSError as error:
        raise CorridorError(
            f"{path.name} cannot be written: {error.strerror}.",
            f"“{path}”无法写入（{error.strerror}）。请检查文件夹是否存在、是否可写。",
        ) from error
    try:
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise CorridorError(
            f"{path.name} cannot be written: {error.strerror}. Close the program that has it open.",
            f"“{path}”无法写入（{error.strerror}）。请先关闭正在使用该文件的程序。",
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


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


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Return rows of text as CSV, none of whose cells is a formula."""
    import csv
    import io

    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return file.getvalue()


def write_csv(path: Path, rows: Iterable[Sequence[str]], bom: bool = False) -> None:
    """Write rows of text as UTF-8 CSV; with ``bom`` Excel and WPS show Chinese at once."""
    write_text(path, csv_text(rows), "utf-8-sig" if bom else "utf-8")


def write_text(path: Path, text: str, encoding: str = "utf-8") -> None:
    """Write a text with the line ends it has."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding=encoding, newline="")
