"""The catalogue of Chinese messages: bring it up to date, check it, compile it.

    python scripts/catalogue.py            update corridor.po from the code, then compile it
    python scripts/catalogue.py --check    say what is missing, unused or contradictory

New templates come in without a translation, unused ones go. Write the Chinese into the .po
file as whole sentences, with the same fields, and run it again.
"""

from __future__ import annotations

import io
import string
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "corridor_model"
TEMPLATES = ROOT / "data" / "page"
PO = SOURCE / "locale" / "zh_CN" / "LC_MESSAGES" / "corridor.po"
MO = PO.with_suffix(".mo")
MARKS = {
    "N_": None,
    "t": None,
    "message": None,
    "plural": (1, 2),
    "context": ((1, "c"), 2),
}
"""Calls that take templates."""


def templates() -> Catalog:
    """Return every template that the code and the page mark."""
    marked = Catalog(locale="zh_CN")
    for folder, method in ((SOURCE, ("**.py", "python")), (TEMPLATES, ("**.html", "jinja2"))):
        for file, _, msgid, _, context in extract_from_dir(
            folder, method_map=[method], keywords=MARKS
        ):
            marked.add(msgid, locations=[(file, 0)], context=context)
    return marked


def catalogue() -> Catalog:
    """Return the catalogue as it stands."""
    with PO.open("rb") as file:
        return read_po(file, locale="zh_CN")


def mistakes(marked: Catalog, kept: Catalog) -> Iterator[str]:
    """Yield what is missing, unused or contradictory, a line each."""
    for entry in _entries(marked):
        there = kept.get(entry.id if isinstance(entry.id, str) else entry.id[0], entry.context)
        if there is None or not there.string or there.string == ("",):
            yield f"not translated: {entry.id!r}"
        elif _fields(there.string) != _fields(entry.id):
            yield f"other fields in Chinese: {entry.id!r}"
    for entry in _entries(kept):
        if (
            marked.get(entry.id if isinstance(entry.id, str) else entry.id[0], entry.context)
            is None
        ):
            yield f"not used: {entry.id!r}"


def _entries(every: Catalog) -> Iterator[Message]:
    return (entry for entry in every if entry.id)


def _fields(text: str | tuple[str, ...]) -> set[str]:
    """Return the fields of a template; of several forms together."""
    parts = (text,) if isinstance(text, str) else text
    return {
        name.partition(".")[0].partition("[")[0]
        for part in parts
        for _, name, _, _ in string.Formatter().parse(part)
        if name is not None
    }


def updated(marked: Catalog, kept: Catalog) -> Catalog:
    """Return a catalogue of just the marked templates, with the translations there are."""
    fresh = Catalog(locale="zh_CN", project="corridor-model", charset="utf-8", fuzzy=False)
    for entry in _entries(marked):
        there = kept.get(entry.id if isinstance(entry.id, str) else entry.id[0], entry.context)
        fresh.add(
            entry.id,
            there.string if there is not None else "",
            locations=sorted({(Path(file).as_posix(), None) for file, _ in entry.locations}),
            context=entry.context,
        )
    return fresh


def text_of(every: Catalog) -> bytes:
    """Return a catalogue as the text that is kept: sorted, without dates or line numbers."""
    out = io.BytesIO()
    write_po(out, every, width=0, sort_output=True, omit_header=True, include_lineno=False)
    return HEAD.encode() + out.getvalue()


HEAD = """\
# Chinese messages of corridor-model. Keep sentences whole; fields in braces are those of the
# English. `python scripts/catalogue.py` brings the file up to date and compiles it.
msgid ""
msgstr ""
"Project-Id-Version: corridor-model\\n"
"Language: zh_CN\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


def compiled(every: Catalog) -> bytes:
    """Return a catalogue as gettext reads it, the same to the byte at any time."""
    every.creation_date = every.revision_date = datetime(2020, 1, 1, tzinfo=UTC)
    out = io.BytesIO()
    write_mo(out, every)
    return out.getvalue()


def main() -> int:
    """Run the command; the exit code is 1 where something is wrong."""
    marked, kept = templates(), catalogue()
    if "--check" not in sys.argv:
        PO.write_bytes(text_of(updated(marked, kept)))
        kept = catalogue()
        MO.write_bytes(compiled(kept))
    wrong = list(mistakes(marked, kept))
    if MO.read_bytes() != compiled(kept):
        wrong.append("corridor.mo is older than corridor.po")
    print("\n".join(wrong) or f"{sum(1 for _ in _entries(kept))} messages, all translated.")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
