"""A table as text, before anyone asked what it means: the common form of CSV and xlsx."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corridor_model.errors import PlanError, Problem

ENCODINGS = ("utf-8-sig", "gb18030")
"""Tried in this order, strictly: what Excel, WPS and everything else write."""


@dataclass(frozen=True, slots=True)
class RawTable:
    """Header and rows as text.

    Attributes
    ----------
    file : str
        File or sheet, for messages.
    header : tuple of str
        One text a column.
    rows : sequence of sequence of str
        Cells; short rows mean empty cells at the end.
    lines : sequence of int
        Row number of each row as a spreadsheet counts it.
    units : dict
        Unit by column position, where the sheet prints one for a whole column.
    notes : tuple of Problem
        What was passed over while reading, to be said as warnings.
    """

    file: str
    header: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    lines: Sequence[int]
    units: dict[int, str] = field(default_factory=dict)
    notes: tuple[Problem, ...] = ()


def decode(data: bytes, file: str) -> str:
    """Return the text of a file that is UTF-8 (with or without BOM) or GB18030.

    Raises
    ------
    PlanError
        If it is neither.
    """
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise PlanError(
        [
            Problem(
                "文件编码无法识别。",
                "the text is neither UTF-8 nor GB18030.",
                "请另存为“CSV UTF-8”。",
                "Save it as CSV UTF-8.",
                file,
            )
        ]
    )


def read_csv(path: Path, file: str | None = None) -> RawTable:
    """Read one CSV file as text.

    Raises
    ------
    PlanError
        If the file cannot be opened or is not comma-separated text.
    """
    name = path.name if file is None else file
    try:
        data = path.read_bytes()
    except OSError as error:
        raise unreadable(name, error) from error
    text = decode(data, name)
    try:
        # strict: a stray quote would otherwise swallow the rows that follow it
        parsed = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise PlanError(
            [
                Problem(
                    "不是有效的CSV文件（引号或分隔符有误）。",
                    f"is not a valid CSV file ({error}).",
                    "请用表格软件打开后另存为CSV。",
                    "Open it in a spreadsheet and save it as CSV again.",
                    name,
                )
            ]
        ) from error
    return from_rows(name, parsed, range(1, len(parsed) + 1))


def from_rows(file: str, rows: Sequence[Sequence[str]], lines: Sequence[int]) -> RawTable:
    """Return the table whose first non-empty row is the header; empty rows are passed over."""
    filled = [(line, row) for line, row in zip(lines, rows, strict=True) if any(row)]
    if not filled:
        raise PlanError(
            [
                Problem(
                    "文件是空的。",
                    "the file is empty.",
                    "至少需要一行表头。",
                    "It needs at least a header row.",
                    file,
                )
            ]
        )
    return RawTable(
        file,
        tuple(filled[0][1]),
        [row for _, row in filled[1:]],
        [line for line, _ in filled[1:]],
    )


def unreadable(file: str, error: OSError) -> PlanError:
    """Return the error for a file that cannot be opened."""
    reason = error.strerror or type(error).__name__
    return PlanError(
        [
            Problem(
                f"文件无法打开（{reason}）。",
                f"cannot be opened ({reason}).",
                "请检查路径，并关闭正在使用它的程序。",
                "Check the path, and close the program that has it open.",
                file,
            )
        ]
    )
