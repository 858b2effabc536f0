"""Blocks as a Word document: the styles of a template carry all appearance.

python-docx opens the template; what is written into it names styles and sets nothing else, so
that an office changes a style once and every bulletin follows.
"""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from corridor_model.errors import CorridorError
from corridor_model.files import TIME, data_dir, exists, extra_package, without_times
from corridor_model.messages import N_, Listing, context, printable
from corridor_model.report.blocks import (
    Block,
    Heading,
    Landscape,
    Paragraph,
    Run,
    Slot,
    Table,
)

STYLES = {
    "example": context("style", "Example mark"),
    "system": context("style", "Masthead plan"),
    "masthead": context("style", "Masthead title"),
    "issue": context("style", "Masthead number"),
    "ends": context("style", "Masthead ends"),
    "title": context("style", "Bulletin title"),
    "text": context("style", "Bulletin text"),
    "section": context("style", "Bulletin heading"),
    "note": context("style", "Bulletin note"),
    "imprint": context("style", "Bulletin imprint"),
    "annex_number": context("style", "Annex number"),
    "annex_title": context("style", "Annex title"),
    "table_title": context("style", "Table title"),
    "table_note": context("style", "Table note"),
    "head": context("style", "Table head"),
    "left": context("style", "Table text left"),
    "center": context("style", "Table text centred"),
    "right": context("style", "Table text right"),
    "head_small": context("style", "Annex table head"),
    "left_small": context("style", "Annex table text left"),
    "center_small": context("style", "Annex table text centred"),
    "right_small": context("style", "Annex table text right"),
    "table": context("style", "Bulletin table"),
    "slot": context("style", "To be filled in"),
    "lead": context("style", "Lead word"),
    "failing": context("style", "Verdict behind"),
}
"""Every style that a template must have, by its code; its name in the file is the Chinese one."""

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def document(blocks: Sequence[Block], *, template: str | Path | None = None) -> bytes:
    """Return blocks as the bytes of a .docx file.

    Parameters
    ----------
    blocks : sequence of Block
        The document; the mark of an example stands in the header of every page.
    template : str or path, optional
        A .docx with the styles of :data:`STYLES`; the shipped one by default. Its page, its
        header and footer are kept, its text is not. The annexes take its last section, or its
        only one turned on its side.

    Raises
    ------
    CorridorError
        If python-docx is missing, or the template is none or lacks a style.
    """
    docx = extra_package("docx")
    path = data_dir() / "bulletin" / "template.docx" if template is None else Path(template)
    data = _bytes_of(path)
    try:
        file = docx.Document(io.BytesIO(data))
        body = file.element.body
        sections = [copy.deepcopy(one) for one in body.iter(f"{{{W}}}sectPr")]
    except (KeyError, ValueError, SyntaxError, zipfile.BadZipFile, AttributeError) as error:
        raise CorridorError(
            N_("{file} is no Word document that can be read. Save it as .docx in Word or WPS."),
            file=path.name,
        ) from error
    writer = _Writer(_style_ids(file, path.name), sections)
    for child in list(body):
        body.remove(child)
    for block in blocks:
        if isinstance(block, Paragraph) and block.style == "example":
            continue
        if isinstance(block, Landscape) and not len(body):
            writer.section = writer.wide  # no empty page before the first
            continue
        body.extend(writer.elements(block))
    body.append(writer.section)
    _mark_pages(file, writer, blocks)
    _properties(file, blocks)
    return _saved(file)


def _bytes_of(path: Path) -> bytes:
    if not exists(path):
        raise CorridorError(N_("The template {file} is not there."), file=path.name)
    try:
        return path.read_bytes()
    except OSError as error:
        raise CorridorError(
            N_("The template {file} cannot be read: {reason}."),
            file=path.name,
            reason=error.strerror or "",
        ) from error


def _style_ids(file: Any, name: str) -> Mapping[str, str]:
    """Return the id of each style by its code; Word renames ids, and names stay."""
    ids = {style.name: style.style_id for style in file.styles}
    names = {code: word.text("zh") for code, word in STYLES.items()}
    if missing := [one for one in names.values() if one not in ids]:
        raise CorridorError(
            N_(
                "The template {file} lacks the styles {styles}. Start from the shipped one "
                "(data/bulletin/template.docx) and change its styles."
            ),
            file=name,
            styles=Listing(missing),
        )
    return {code: ids[one] for code, one in names.items()}


class _Writer:
    """Blocks as elements of WordprocessingML.

    Parameters
    ----------
    styles : mapping of str to str
        The id of each style.
    sections : sequence of element
        Sections of the template: of its pages upright, and of those on their side.
    """

    def __init__(self, styles: Mapping[str, str], sections: Sequence[Any]):
        self.styles = styles
        self.first, self.section = sections[0], sections[0]
        self.wide = sections[-1] if len(sections) > 1 else _turned(sections[0])
        self.slots = 0

    def elements(self, block: Block) -> list[Any]:
        """Return a block as elements of the body."""
        match block:
            case Heading():
                return [self.paragraph(block.style, [block.text])]
            case Paragraph():
                return [self.paragraph(block.style, block.runs)]
            case Table():
                return [self.table(block)]
            case _:
                end = self.paragraph("note", [])
                end[0].append(self.section)
                self.section = self.wide
                return [end]

    def paragraph(self, style: str, runs: Iterable[Run]) -> Any:
        """Return a paragraph in a style."""
        paragraph = _element("p", _element("pPr", _element("pStyle", val=self.styles[style])))
        for run in runs:
            if isinstance(run, Slot):
                paragraph.append(self._slot(run))
            else:
                text, character = (run, "") if isinstance(run, str) else (run.text, run.style)
                paragraph.append(self._run(text, character))
        return paragraph

    def _run(self, text: str, style: str = "") -> Any:
        run = _element("r")
        if style:
            run.append(_element("rPr", _element("rStyle", val=self.styles[style])))
        for place, line in enumerate(printable(text).split("\n")):
            if place:
                run.append(_element("br"))
            for tab, piece in enumerate(line.split("\t")):
                if tab:
                    run.append(_element("tab"))
                if piece:
                    part = _element("t")
                    part.text = piece
                    part.set(_SPACE, "preserve")
                    run.append(part)
        return run

    def _slot(self, slot: Slot) -> Any:
        """Return a control of plain text, named, to be typed into."""
        self.slots += 1
        name = printable(slot.name)
        about = _element(
            "sdtPr",
            _element("alias", val=name),
            _element("tag", val=f"slot{self.slots}"),
            _element("id", val=str(self.slots)),
            _element("text"),
        )
        return _element("sdt", about, _element("sdtContent", self._run(slot.text, "slot")))

    def table(self, block: Table) -> Any:
        """Return a table as wide as the page; its head is repeated and no row is split."""
        widths = self._widths(block)
        look = _element(
            "tblLook", val="0420", firstRow="1", lastRow="0", firstColumn="0", lastColumn="0",
            noHBand="0", noVBand="1",
        )  # fmt: skip
        about = _element(
            "tblPr",
            _element("tblStyle", val=self.styles["table"]),
            _element("tblW", w=str(sum(widths)), type="dxa"),
            _element("tblLayout", type="fixed"),
            look,
        )
        grid = _element("tblGrid", *(_element("gridCol", w=str(width)) for width in widths))
        kind = "_small" if block.small else ""
        head = [(column.title,) for column in block.columns]
        rows = [self._row(head, widths, [f"head{kind}"] * len(widths), repeated=True)]
        for line in block.rows:
            if line.band:
                rows.append(self._row(line.cells, [sum(widths)], [f"head{kind}"], len(widths)))
            else:
                aligned = [f"{column.align}{kind}" for column in block.columns]
                rows.append(self._row(line.cells, widths, aligned))
        return _element("tbl", about, grid, *rows)

    def _row(
        self,
        cells: Sequence[Sequence[Run]],
        widths: Sequence[int],
        styles: Sequence[str],
        span: int = 1,
        *,
        repeated: bool = False,
    ) -> Any:
        about = _element("trPr", _element("cantSplit"))
        if repeated:
            about.append(_element("tblHeader"))
        line = _element("tr", about)
        for cell, width, style in zip(cells, widths, styles, strict=True):
            box = _element("tcPr", _element("tcW", w=str(width), type="dxa"))
            if span > 1:
                box.append(_element("gridSpan", val=str(span)))
            line.append(_element("tc", box, self.paragraph(style, cell)))
        return line

    def _widths(self, block: Table) -> list[int]:
        """Return the widths of the columns in twentieths of a point, together the text's."""
        page, margins = (self.section.find(f"{{{W}}}{tag}") for tag in ("pgSz", "pgMar"))
        whole = int(page.get(f"{{{W}}}w"))
        for side in ("left", "right"):
            whole -= int(margins.get(f"{{{W}}}{side}"))
        total = sum(column.width for column in block.columns)
        widths = [int(whole * column.width / total) for column in block.columns]
        widths[-1] += whole - sum(widths)
        return widths


def _element(tag: str, *children: Any, **attributes: str) -> Any:
    from lxml import etree

    names = {f"{{{W}}}{name}": value for name, value in attributes.items()}
    element = etree.Element(f"{{{W}}}{tag}", names)
    element.extend(children)
    return element


def _turned(section: Any) -> Any:
    """Return a section with its page on its side."""
    wide = copy.deepcopy(section)
    page = wide.find(f"{{{W}}}pgSz")
    width, height = page.get(f"{{{W}}}w"), page.get(f"{{{W}}}h")
    if int(width) < int(height):
        page.set(f"{{{W}}}w", height)
        page.set(f"{{{W}}}h", width)
        page.set(f"{{{W}}}orient", "landscape")
    return wide


def _mark_pages(file: Any, writer: _Writer, blocks: Iterable[Block]) -> None:
    """Put the mark of an example into the header of every page."""
    marks = [b for b in blocks if isinstance(b, Paragraph) and b.style == "example"]
    if not marks:
        return
    for place, section in enumerate(file.sections):
        for header in (section.header, section.even_page_header, section.first_page_header):
            if place and header.is_linked_to_previous:
                continue
            header.is_linked_to_previous = False
            top = header._element
            for paragraph in header.paragraphs:
                if not paragraph.text.strip():
                    top.remove(paragraph._p)
            top.insert(0, writer.paragraph("example", marks[0].runs))


def _properties(file: Any, blocks: Iterable[Block]) -> None:
    import datetime

    about = file.core_properties
    about.title = printable(next(b.text for b in blocks if isinstance(b, Heading)))[:250]
    about.author = about.last_modified_by = about.comments = ""
    about.revision = 1
    about.created = about.modified = datetime.datetime(*TIME)


def _saved(file: Any) -> bytes:
    """Return a document as bytes that hold no time of writing."""
    saved = io.BytesIO()
    file.save(saved)
    return without_times(saved.getvalue())
