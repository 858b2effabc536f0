"""Lines of a store: each carries its own length and checksum, so that a torn one is known.

A line is ``length checksum json`` with the length of the JSON in bytes and its CRC-32, and
ends with a line feed. A line counts only if all of that holds. Only the end of a file can be
torn by a crash: a broken line with a sound one after it is damage, and is reported.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

_LINE = re.compile(rb"([1-9]\d{0,8}) ([0-9a-f]{8}) (\{.*\})", re.DOTALL)


class DamagedError(Exception):
    """A line that is not the last one is broken."""

    def __init__(self, line: int):
        super().__init__(line)
        self.line = line


def encoded(record: Mapping[str, Any]) -> bytes:
    r"""Return the line of a record, line feed included.

    Examples
    --------
    >>> encoded({"value": 1})
    b'11 efd1e2d2 {"value":1}\n'
    """
    body = json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return b"%d %08x %s\n" % (len(body), zlib.crc32(body), body)


def decoded(line: bytes) -> dict[str, Any] | None:
    """Return the record of a line without its line feed, or None if it is broken."""
    found = _LINE.fullmatch(line)
    if found is None or int(found[1]) != len(found[3]) or int(found[2], 16) != zlib.crc32(found[3]):
        return None
    record = json.loads(found[3])
    return record if isinstance(record, dict) else None


def sound(data: bytes) -> tuple[list[dict[str, Any]], int]:
    """Return the records of a file and how many bytes of it are sound.

    What stands after that was being written when its writer stopped.

    Raises
    ------
    DamagedError
        If a broken line is followed by a sound one: no crash does that.
    """
    records: list[dict[str, Any]] = []
    end = broken = 0
    for number, (line, after) in enumerate(_lines(data), 1):
        record = decoded(line)
        if record is None:
            broken = broken or number
        elif broken:
            raise DamagedError(broken)
        else:
            records.append(record)
            end = after
    return records, end


def _lines(data: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield each line that ends with a line feed, and the position after it."""
    start = 0
    while (stop := data.find(b"\n", start)) >= 0:
        yield data[start:stop], stop + 1
        start = stop + 1
