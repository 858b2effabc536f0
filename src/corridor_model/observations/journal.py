"""A file of checksummed lines that is read on from where the last look ended."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from corridor_model.errors import PlanError, Problem
from corridor_model.observations.lock import cannot_write
from corridor_model.observations.records import DamagedError, encoded, sound
from corridor_model.plan.raw import unreadable


class Journal:
    """An append-only file (:mod:`.records`), which this process has read up to ``end``.

    Parameters
    ----------
    path : Path
        The file; made by the first line.
    """

    def __init__(self, path: Path):
        self.path = path
        self.end = 0

    def news(self) -> tuple[list[dict[str, Any]], bytes]:
        """Return the records added since the last look, and a torn end.

        Raises
        ------
        PlanError
            If the file cannot be read, or is damaged elsewhere than at its end.
        """
        try:
            with self.path.open("rb") as file:
                file.seek(self.end)
                data = file.read()
        except FileNotFoundError:
            return [], b""
        except OSError as error:
            raise unreadable(self.path.name, error) from error
        try:
            found, length = sound(data)
        except DamagedError as error:
            before = self.path.read_bytes()[: self.end].count(b"\n")
            problem = Problem(
                "该条记录已损坏（校验和不符）。",
                "the entry is damaged: its checksum does not fit.",
                "请用备份恢复该文件。",
                "Restore the file from a copy.",
                self.path.name,
                before + error.line,
            )
            raise PlanError([problem]) from error
        self.end += length
        return found, data[length:]

    def write(self, record: dict[str, Any], torn: bytes) -> None:
        """Put a record on the disk; a torn end is put aside first. Call under the lock.

        Raises
        ------
        PlanError
            If the file cannot be written; it then ends where it did.
        """
        line = encoded(record)
        new = not self.path.exists()
        try:
            if torn:
                with self.path.with_name(f".{self.path.name}.torn").open("ab") as aside:
                    aside.write(torn)
            with self.path.open("ab") as file:
                if torn:
                    file.truncate(self.end)
                try:
                    file.write(line)
                    file.flush()
                    os.fsync(file.fileno())
                except OSError:
                    with suppress(OSError):
                        file.truncate(self.end)
                    raise
            if new:
                _sync_folder(self.path.parent)
        except OSError as error:
            raise cannot_write(self.path, error) from error
        self.end += len(line)


def _sync_folder(folder: Path) -> None:
    """Put the name of a new file on the disk too, where the system lets us."""
    if os.name == "nt":  # pragma: no cover
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
