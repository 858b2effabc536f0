"""A document as a list of blocks, and the list as Markdown and as HTML.

One list says everything: :mod:`corridor_model.report.word` writes the same one for Word. A block
holds text and the name of a style, and no appearance.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from corridor_model.files import data_dir
from corridor_model.messages import printable

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


@dataclass(frozen=True, slots=True)
class Slot:
    """What only the office can write: a control to type into, named, and never filled here."""

    name: str

    @property
    def text(self) -> str:
        """Return what stands in its place until it is filled."""
        return f"〔{self.name}〕"


@dataclass(frozen=True, slots=True)
class Mark:
    """Some text of a paragraph in a style of its own: ``lead`` or ``failing``."""

    style: str
    text: str


Run: TypeAlias = str | Slot | Mark
Runs: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph.

    Attributes
    ----------
    style : str
        A code of :data:`corridor_model.report.word.STYLES`.
    runs : tuple of str, Slot or Mark
        Its text.
    """

    style: str
    runs: Runs


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the title of the document."""

    level: int
    style: str
    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, its width as a share of the others' and where its text stands."""

    title: str
    width: float
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Row:
    """A row: one run of text a column; a band has one over all columns."""

    cells: tuple[Runs, ...]
    band: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``small`` is the type of the annexes."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    small: bool = True


@dataclass(frozen=True, slots=True)
class Landscape:
    """Here the annexes begin, on pages that lie on their side."""


Block: TypeAlias = Paragraph | Heading | Table | Landscape

EMPTY = "——"
"""What stands where there is nothing to say: never 0 and never a blank."""


def row(*cells: Run | Runs) -> Row:
    """Return a row of texts; an empty one says that there is none.

    Examples
    --------
    >>> row("1", "").cells
    (('1',), ('——',))
    """
    return Row(tuple(cell if isinstance(cell, tuple) else (cell or EMPTY,) for cell in cells))


def band(text: str) -> Row:
    """Return a row that stands over all columns."""
    return Row(((text,),), band=True)


def table(columns: Sequence[Column], rows: Iterable[Row], *, small: bool = True) -> Table:
    """Return a table without the columns in which nothing stands.

    Examples
    --------
    >>> grid = table([Column("a", 10), Column("b", 10)], [row("1", ""), row("2", "")])
    >>> [column.title for column in grid.columns]
    ['a']
    """
    rows = tuple(rows)
    lines = [line for line in rows if not line.band]
    full = [
        place
        for place in range(len(columns))
        if not lines or any(text_of(line.cells[place]) not in {"", EMPTY} for line in lines)
    ]
    kept = tuple(
        line if line.band else replace(line, cells=tuple(line.cells[i] for i in full))
        for line in rows
    )
    return Table(tuple(columns[i] for i in full), kept, small)


def text_of(runs: Iterable[Run]) -> str:
    """Return the text of a paragraph or a cell, as every form of the document has it."""
    return "".join(printable(run if isinstance(run, str) else run.text) for run in runs)


def texts(blocks: Iterable[Block]) -> list[str]:
    """Return every text of a document in its order: paragraphs, and the cells of tables."""
    said: list[str] = []
    for block in blocks:
        match block:
            case Heading():
                said.append(printable(block.text))
            case Paragraph():
                said.append(text_of(block.runs))
            case Table():
                said += [printable(column.title) for column in block.columns]
                said += [text_of(cell) for line in block.rows for cell in line.cells]
    return said


# As Markdown.

_MARKS = re.compile(r"([\\`*_{}\[\]<>|~#$&])")
_LEADING = re.compile(r"^(\s*\d*)([-+=>]|(?<=\d)[.)])")


def markdown(blocks: Iterable[Block]) -> str:
    """Return a document as Markdown; no text of a user is read as a mark of it."""
    parts = []
    for block in blocks:
        match block:
            case Heading():
                parts.append(f"{'#' * block.level} {_plain([block.text])}")
            case Paragraph():
                text = "".join(
                    f"**{_plain([run.text])}**" if isinstance(run, Mark) else _plain([run])
                    for run in block.runs
                )
                parts.append(_LEADING.sub(r"\1\\\2", text))
            case Table():
                parts.append(_markdown_table(block))
    return "\n\n".join(parts) + "\n"


def _plain(runs: Iterable[Run]) -> str:
    return _MARKS.sub(r"\\\1", text_of(runs)).replace("\n", "<br>").replace("\t", "　")


_ALIGN = {"left": ":---", "center": ":---:", "right": "---:"}


def _markdown_table(block: Table) -> str:
    width = len(block.columns)
    rows = [
        [_plain([column.title]) for column in block.columns],
        [_ALIGN[column.align] for column in block.columns],
    ]
    for line in block.rows:
        cells = [_plain(cell) for cell in line.cells]
        rows.append(cells + [""] * (width - len(cells)))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)


# As HTML: one file, no request, no script.


def html(blocks: Iterable[Block], title: str, lang: str) -> str:
    """Return a document as a page of HTML that needs nothing beside it."""
    from xml.etree.ElementTree import Element, SubElement, tostring

    page = Element("html", lang="zh-CN" if lang == "zh" else "en")
    head, body = SubElement(page, "head"), SubElement(page, "body")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    SubElement(head, "title").text = printable(title)
    look = data_dir() / "bulletin" / "bulletin.css"
    SubElement(head, "style").text = look.read_text(encoding="utf-8")
    part = SubElement(body, "main")
    for block in blocks:
        match block:
            case Heading():
                heading = SubElement(part, f"h{block.level}", {"class": block.style})
                _fill(heading, [block.text])
            case Paragraph():
                _fill(SubElement(part, "p", {"class": block.style}), block.runs)
            case Table():
                _html_table(part, block)
            case Landscape():
                part = SubElement(body, "section", {"class": "annexes"})
    return "<!DOCTYPE html>\n" + tostring(page, encoding="unicode", method="html") + "\n"


def _html_table(part: Element, block: Table) -> None:
    from xml.etree.ElementTree import SubElement

    frame = SubElement(part, "div", {"class": "wide", "tabindex": "0"})
    grid = SubElement(frame, "table", {"class": "small" if block.small else "body"})
    line = SubElement(SubElement(grid, "thead"), "tr")
    for column in block.columns:
        _fill(SubElement(line, "th", scope="col"), [column.title])
    body = SubElement(grid, "tbody")
    for one in block.rows:
        line = SubElement(body, "tr")
        if one.band:
            width = str(len(block.columns))
            _fill(SubElement(line, "th", {"colspan": width, "class": "band"}), one.cells[0])
            continue
        for column, cell in zip(block.columns, one.cells, strict=True):
            _fill(SubElement(line, "td", {"class": column.align}), cell)


def _fill(parent: Element, runs: Iterable[Run]) -> None:
    """Put text into an element, a line break for each of its own."""
    from xml.etree.ElementTree import SubElement

    for run in runs:
        if isinstance(run, str):
            _append(parent, None, run)
        else:
            style = "slot" if isinstance(run, Slot) else run.style
            _append(parent, SubElement(parent, "span", {"class": style}), run.text)


def _append(parent: Element, span: Element | None, text: str) -> None:
    from xml.etree.ElementTree import SubElement

    first, *rest = printable(text).replace("\t", "　").split("\n")
    if span is not None:
        span.text = first
    elif len(parent):
        parent[-1].tail = (parent[-1].tail or "") + first
    else:
        parent.text = (parent.text or "") + first
    for line in rest:
        SubElement(parent if span is None else span, "br").tail = line
