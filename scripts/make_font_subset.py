"""Make the small Chinese font that the figures fall back on.

Run it from a checkout; it writes ``data/fonts/CorridorSansSC-Regular.otf`` and keeps
``data/fonts/extra_characters.txt``, the characters beyond the fixed repertoire::

    python scripts/make_font_subset.py [--source FONT] [--also FILE ...] [--check]

The same source font, extra characters and fontTools give the same bytes.
"""

from __future__ import annotations

import argparse
import io
import logging
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont, newTable

ROOT = Path(__file__).resolve().parents[1]
FONT_FILE = ROOT / "data" / "fonts" / "CorridorSansSC-Regular.otf"
EXTRA_FILE = ROOT / "data" / "fonts" / "extra_characters.txt"

SOURCE_FAMILY = "Noto Sans CJK SC"
# "Source" is a Reserved Font Name and "Noto" a trademark; ours uses neither.
FAMILY = "Corridor Sans SC"
POSTSCRIPT_NAME = "CorridorSansSC-Regular"
KEPT_NAMES = (0, 9, 13, 14)  # copyright, designers, licence, its address

# The source has no ✗; matplotlib's own DejaVu Sans draws it.
MARKS = "‐‑–—―‘’“”•…‰€℃№←↑→↓↔−√∞≈≠≤≥±×÷²³■□▲△▼▽◆◇○●★☆✓①②③④⑤⑥⑦⑧⑨⑩ⅠⅡⅢⅣⅤ〇αβγδεμπσΔΣΩ"


def repertoire() -> set[str]:
    """Return the fixed characters: GB2312 level 1, ASCII, Latin-1, punctuation and marks."""
    rows = range(0xB0, 0xD8)
    cells = range(0xA1, 0xFF)
    level_1 = (bytes((row, cell)).decode("gb2312", "ignore") for row in rows for cell in cells)
    ranges = (
        range(0x20, 0x7F),  # ASCII
        range(0xA0, 0x100),  # Latin-1
        range(0x3000, 0x3018),  # CJK punctuation
        range(0xFF01, 0xFF5F),  # full-width forms
        range(0xFFE0, 0xFFE6),  # full-width currency
    )
    return {c for c in level_1 if c} | {chr(i) for r in ranges for i in r} | set(MARKS)


def characters_of(files: Iterable[Path]) -> set[str]:
    """Return every printable character of some UTF-8 text files."""
    found: set[str] = set()
    for file in files:
        found.update(file.read_text(encoding="utf-8-sig"))
    return {c for c in found if c.isprintable() or c == "\u3000"}


def project_files() -> list[Path]:
    """Return the files whose text may end up in a figure: the tables and the code."""
    tables = (ROOT / "data").rglob("*.csv")
    code = (ROOT / "src").rglob("*.py")
    return sorted((*tables, *code))


def default_source() -> Path:
    """Return the font file fontconfig finds for the source family."""
    if shutil.which("fc-match") is None:
        raise SystemExit("fc-match is not installed: name the font with --source.")
    command = ["fc-match", "--format", "%{family}\n%{file}", f"{SOURCE_FAMILY}:style=Regular"]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    family, file = answer.split("\n", 1)
    if SOURCE_FAMILY not in family:
        raise SystemExit(
            f"{SOURCE_FAMILY} is not installed (fontconfig offers {family}): "
            "install the package fonts-noto-cjk, or name the font with --source."
        )
    return Path(file)


def open_source(file: Path) -> TTFont:
    """Open the simplified Chinese regular face of a font or font collection."""
    content = file.read_bytes()
    count = int.from_bytes(content[8:12]) if content.startswith(b"ttcf") else 1
    for index in range(count):
        font = TTFont(io.BytesIO(content), fontNumber=index, lazy=True, recalcTimestamp=False)
        if font["name"].getDebugName(1) == SOURCE_FAMILY:
            return font
    raise SystemExit(f"{file} holds no face named {SOURCE_FAMILY}.")


def rename(font: TTFont) -> None:
    """Give the subset its own names, as the OFL and the trademark ask."""
    old = font["name"]
    version = old.getDebugName(5).split(";")[0]
    names = {i: old.getDebugName(i) for i in KEPT_NAMES}
    names |= {
        1: FAMILY,
        2: "Regular",
        3: f"{version};{POSTSCRIPT_NAME}",
        4: FAMILY,
        5: f"{version};subset",
        6: POSTSCRIPT_NAME,
        10: f"A subset of {SOURCE_FAMILY} Regular, {version}, made for corridor-model.",
    }
    table: Any = newTable("name")
    table.names = []
    for number, text in sorted(names.items()):
        table.setName(text, number, 3, 1, 0x409)
    font["name"] = table

    cff = font["CFF "].cff
    cff.fontNames = [POSTSCRIPT_NAME]
    top = cff.topDictIndex[0]
    top.FullName = top.FamilyName = FAMILY
    for number, part in enumerate(top.FDArray):
        part.FontName = f"{POSTSCRIPT_NAME}-{number}"


def build(source: Path, characters: Iterable[str]) -> tuple[bytes, set[str]]:
    """Make the subset.

    Parameters
    ----------
    source : Path
        The source font or collection.
    characters : iterable of str
        The characters wanted.

    Returns
    -------
    bytes
        The font file.
    set of str
        The characters the source does not have.
    """
    # Figures run left to right and are never hinted: of the layout features
    # matplotlib applies, kerning is the only one that shows.
    options = subset.Options(
        layout_features=["kern"],
        hinting=False,
        desubroutinize=True,  # 1 % smaller than with the subroutines
        notdef_outline=True,
        name_IDs=["*"],
        recalc_timestamp=False,
    )
    options.drop_tables += ["BASE", "GDEF", "GSUB", "VORG", "vhea", "vmtx"]
    wanted = {ord(c) for c in characters}
    font = open_source(source)
    maker = subset.Subsetter(options)
    maker.populate(unicodes=wanted)
    maker.subset(font)
    rename(font)
    buffer = io.BytesIO()
    font.save(buffer)
    have = set(font.getBestCmap())
    return buffer.getvalue(), {chr(i) for i in wanted - have}


def main(argv: list[str] | None = None) -> int:
    """Make the font, or with ``--check`` say whether the shipped one is up to date."""
    parser = argparse.ArgumentParser(description="Make the small Chinese font of the figures.")
    parser.add_argument("--source", type=Path, help=f"font file (default: {SOURCE_FAMILY})")
    parser.add_argument("--also", type=Path, nargs="+", default=[], help="more texts to cover")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    chosen = parser.parse_args(argv)
    logging.getLogger("fontTools").setLevel(logging.ERROR)

    base = repertoire()
    extra = characters_of([EXTRA_FILE]) if EXTRA_FILE.exists() else set()
    extra = (extra | characters_of([*project_files(), *chosen.also])) - base
    font, absent = build(chosen.source or default_source(), base | extra)
    files = {
        FONT_FILE: font,
        EXTRA_FILE: ("".join(sorted(extra - absent)) + "\n").encode(),
    }
    say = sys.stdout.write
    covered = len(base | extra) - len(absent)
    say(f"{covered} characters, {len(font):,} bytes, {len(extra - absent)} of them extra\n")
    if absent:
        say(f"not in the source font: {' '.join(sorted(absent))}\n")
    if chosen.check:
        stale = [f for f, new in files.items() if not f.exists() or f.read_bytes() != new]
        for file in stale:
            say(f"out of date: {file.relative_to(ROOT)}\n")
        return 1 if stale else 0
    for file, new in files.items():
        partial = file.with_name(file.name + ".part")
        partial.write_bytes(new)
        partial.replace(file)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
