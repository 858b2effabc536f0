"""Column headers as people write them: Chinese titles, and units in brackets.

Files may use the schema's English names or these Chinese titles; templates and workbooks
print both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise

from corridor_model.errors import Problem
from corridor_model.formatting import BLANKS
from corridor_model.tabular.cells import MISSING
from corridor_model.tabular.readers import RawTable, cells_at, empty_file, widest
from corridor_model.tabular.schema import SYNONYMS_ZH, TITLES_ZH, TableSchema
from corridor_model.units import scale, tidy

_BRACKET = r"[(\[【](?:单位:)?([^()\[\]【】]++)[)\]】]$"
"""A text: compiled when a header first needs it, which those of ids do not."""


def split_header(cell: str) -> tuple[str, str]:
    """Return the title without blanks and the unit in its bracket, if any.

    Examples
    --------
    >>> split_header("总投资（万元）")
    ('总投资', '万元')
    """
    if cell.isidentifier() and cell.isascii():
        return cell, ""
    text = "".join(unicodedata.normalize("NFKC", cell).replace("\ufeff", "").split())
    match = re.search(_BRACKET, text)
    return (text[: match.start()], match[1]) if match else (text, "")


def column_of(title: str, names: tuple[str, ...]) -> str | None:
    """Return which of the schema's columns a header means, or None."""
    word = title.lower()
    if word in names:
        return word
    for name in names:
        if title == TITLES_ZH.get(name):
            return name
    for name in names:
        if title in SYNONYMS_ZH.get(name, ()):
            return name
    return None


# Where the table stands on a page: titles above it, units beside it, sums below it.

HEADER_DEPTH = 20
"""A header further down than this is not looked for."""

_UNIT_ABOVE = r"单位\s*[:：]\s*([^\s()（）、，,;；]+)"
"""Also matches 填报单位：…, which names an office: what follows must be a unit that is known."""

_TOTALS = frozenset({"合计", "小计", "总计", "其中", "注", "注:", "注：", "备注:", "说明:"})
_NOTES = ("注：", "注:", "备注：", "备注:", "说明：", "说明:")
_FIRST = frozenset(["", *BLANKS, *(word[0] for word in (*_TOTALS, *_NOTES))])
"""What a total or a note can begin with: nearly every row is told by its first character."""

_MEASURES = frozenset({"number", "integer", "year"})


def laid_out(
    file: str,
    grid: Sequence[Sequence[str]],
    lines: Sequence[int],
    schema: TableSchema,
    top: Sequence[Sequence[str]] | None = None,
    notes: tuple[Problem, ...] = (),
) -> RawTable:
    """Return the table that stands somewhere on a page of text.

    Parameters
    ----------
    file : str
        File or sheet, for messages.
    grid : sequence of sequence of str
        Every row; rows may differ in length.
    lines : sequence of int
        Number of each row as a spreadsheet counts it.
    schema : TableSchema
        Which table it is.
    top : sequence of sequence of str, optional
        The first rows with merged cells filled, where they differ from the grid's.
    notes : tuple of Problem
        What was passed over on the way here.

    Raises
    ------
    PlanError
        If there is nothing at all.
    """
    filled = next((i for i, row in enumerate(grid) if any(map(str.strip, row))), -1)
    if filled < 0:
        raise empty_file(file)
    first, depth, header = find_header(grid[: HEADER_DEPTH + 3] if top is None else top, schema)
    if first < 0:
        # no row looks like a header: the first one is read as such, and its titles reported
        first, depth, header = filled, 1, list(grid[filled])
    columns = [column_of(split_header(title)[0], schema.names) for title in header]
    below = first + depth
    units = _units_row(grid[below], columns, schema) if below < len(grid) else {}
    if units:
        below += 1
    needed = [
        position
        for position, name in enumerate(columns)
        if any(column.present and column.name == name for column in schema.columns)
    ]
    body, numbers = grid[below:], lines[below:]
    doubtful = [i for i, text in enumerate(cells_at(body, 0)) if text[:1] in _FIRST]
    dropped = {i for i in doubtful if _is_passed_over(body[i], needed)}
    if dropped:
        kept = [i for i in range(len(body)) if i not in dropped]
        body, numbers = [body[i] for i in kept], [numbers[i] for i in kept]
    return RawTable(
        file,
        tuple(header),
        body,
        numbers,
        units,
        notes,
        top=lines[first + depth - 1],
        unit=unit_above(grid[: first + depth - 1]),
    )


def find_header(top: Sequence[Sequence[str]], schema: TableSchema) -> tuple[int, int, list[str]]:
    """Return row, depth and titles of the header, or row -1.

    The header is where most columns are recognised; of a header merged over two or three
    rows the lowest recognised title of each column counts.
    """
    required = {column.name for column in schema.columns if column.present}
    best: tuple[set[str | None], int, int, list[str]] = (set(), -1, 1, [])
    for row in range(min(HEADER_DEPTH, len(top))):
        for depth in (1, 2, 3):
            if row + depth > len(top):
                break
            block = top[row : row + depth]
            titles = [
                _lowest_title([line[i] if i < len(line) else "" for line in block], schema)
                for i in range(widest(block))
            ]
            named = [
                column_of(split_header(title)[0], schema.names) if title else None
                for title in titles
            ]
            known = {*named} - {None}
            if len(known) > len(best[0]):
                best = (known, row, depth, titles)
            if not known or None not in named:
                break  # a title above the header, or nothing for a deeper one to add
        if len(best[0]) > 1 and required <= best[0]:
            break
    known, row, depth, titles = best
    return (row, depth, titles) if len(known) >= min(2, len(schema.names)) else (-1, 1, [])


def _lowest_title(column: Sequence[str], schema: TableSchema) -> str:
    for text in reversed(column):
        if text and column_of(split_header(text)[0], schema.names) is not None:
            return text
    return next((text for text in reversed(column) if text), "")


def unit_above(rows: Iterable[Sequence[str]]) -> str:
    """Return the unit that a line above the table prints for the whole of it (单位：万元)."""
    for row in rows:
        for text in row:
            match = re.search(_UNIT_ABOVE, text)
            if match and scale(tidy(match[1])) is not None:
                return tidy(match[1])
    return ""


def units_row(row: Sequence[str]) -> tuple[dict[int, str], bool]:
    """Return units by position, and whether the row holds units and nothing else."""
    filled = {
        position: text.strip("()（）[]【】 ") for position, text in enumerate(row) if text.strip()
    }
    filled = {p: text for p, text in filled.items() if text not in {"单位", "计量单位"}}
    if not filled or any(not text or scale(tidy(text)) is None for text in filled.values()):
        return {}, False
    return filled, True


_AROUND_COMMA = re.compile(r"[-+]?\d{1,3}"), re.compile(r"\d{3}(?:\.\d+)?")


def cut_at_commas(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return the rows with more cells than ``width`` in which a comma may have cut a number.

    Examples
    --------
    >>> cut_at_commas([["gdp", "1", "370.5", "8.8"], ["gdp", "370", "8.8"]], 3)
    [0]
    """
    cut = []
    for place, row in enumerate(rows):
        cells = [text.strip() for text in row]
        if any(cells[width:]) and any(
            _AROUND_COMMA[0].fullmatch(a) and _AROUND_COMMA[1].fullmatch(b)
            for a, b in pairwise(cells)
        ):
            cut.append(place)
    return cut


def _units_row(
    row: Sequence[str], columns: Sequence[str | None], schema: TableSchema
) -> dict[int, str]:
    """Return units by position, or nothing if the row may hold figures.

    Units stand under figures alone. Where a text stands too, the row is one of data.
    """
    types = {column.name: column.type for column in schema.columns}
    filled = [(p, text.strip()) for p, text in enumerate(row) if text.strip() not in MISSING]
    units, all_units = units_row([text for _, text in filled if text != "年"])
    places = [position for position, _ in filled]
    if not all_units or any(
        place >= len(columns) or types.get(columns[place] or "") not in _MEASURES
        for place in places
    ):
        return {}
    places = [position for position, text in filled if text != "年"]
    return {places[i]: tidy(unit) for i, unit in units.items()}


def is_total(row: Sequence[str]) -> bool:
    """Return whether a row holds a sum or a note instead of a figure of its own."""
    first = next((text for text in row if text.strip()), "")
    if first[:1] not in _FIRST:
        return False
    word = "".join(first.split())  # 合  计
    return word in _TOTALS or word.startswith(_NOTES)


def _is_passed_over(row: Sequence[str], needed: Sequence[int]) -> bool:
    """A blank row, or a sum or a note: they leave empty what a row of data must have."""
    return not any(map(str.strip, row)) or (
        is_total(row) and any(p >= len(row) or not row[p].strip() for p in needed)
    )
