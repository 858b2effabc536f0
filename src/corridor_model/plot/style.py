"""What all figures share: the page, colours, short names, captions, quiet axes, fonts."""

from __future__ import annotations

import re
import textwrap
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from corridor_model.errors import CorridorError
from corridor_model.files import data_dir, replacing
from corridor_model.formatting import plain
from corridor_model.messages import N_, Translator
from corridor_model.options import language
from corridor_model.text.layout import width, wrap
from corridor_model.text.numbers import ODDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties


INK, QUIET, LINE = "#22303c", "#6b7884", "#e6eaee"
LOW, HIGH, REST = "#3f7cac", "#d08a2e", "#b9c4cc"
"""Of an input's low end, its high end, and of what is summed up."""
UP, DOWN, WHOLE = "#c0573b", "#4f8a5b", "#44596b"
"""Of what adds, what takes away, and of totals."""
NAME_PLACES = 32
_AMOUNT = re.compile(r"(?<=\d) (?=亿元|km|%|months?|points|roads)")
"""The blank between a number and its unit, at which no line ends."""
TITLE_SIZE, TEXT_SIZE, SMALL = 14, 9.5, 8.5


def page(width: float, height: float) -> Figure:
    """Return an empty figure, in inches, whose parts make room for each other."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    return Figure((width, height), layout=ConstrainedLayoutEngine(h_pad=0.12, w_pad=0.12))


def short(name: str, places: int = NAME_PLACES) -> str:
    r"""Return a name on at most three lines, the word behind its last mark always in sight.

    Works with long names differ at their end (phase 1, phase 2): that is cut last.

    Examples
    --------
    >>> short("滨海大道快速路(228国道)·超支系数", 26)
    '滨海大道快速路(228国道)\n超支系数'
    >>> short("围垦路·推迟")
    '围垦路·推迟'
    """
    if width(name) <= places:
        return name
    for mark in ("·", ": "):
        subject, has_mark, word = name.rpartition(mark)
        if has_mark and width(word) <= places:
            lines = _two(subject, places)
            last = f"{lines[-1]}{mark}{word}"
            if width(last) <= places and len(lines) > 1:
                return "\n".join([*lines[:-1], last])
            return "\n".join([*lines, word])
    return "\n".join(_two(name, places))


def _two(text: str, places: int) -> list[str]:
    """Return a text on one line, or two of like length: no line of one character."""
    if width(text) <= places:
        return [text]
    parts = wrap(text, min(places, -(-width(text) // 2) + 4))
    parts = parts if len(parts) <= 2 else wrap(text, places)
    return [parts[0], parts[1] + ("…" if len(parts) > 2 else "")]


def broken(text: str, places: int, t: Translator) -> str:
    """Return a text broken into lines; English only at blanks, so that 亿元 stays whole."""
    if t.lang == "zh":
        return "\n".join(wrap(text, places))
    whole = _AMOUNT.sub("\N{NO-BREAK SPACE}", text)
    return "\n".join(textwrap.wrap(whole, places, break_long_words=False, break_on_hyphens=False))


def with_unit(title: str, unit: str, t: Translator) -> str:
    """Return a title with its unit."""
    if not unit:
        return title
    if title.endswith((")", "）")):
        return t("{name}, {unit}", name=title, unit=unit)
    return t("{name} ({more})", name=title, more=unit)


def titled(figure: Figure, title: str, notes: Sequence[str], places: int, t: Translator) -> None:
    """Write the result on top and the notes below, broken to the width of the figure.

    Parameters
    ----------
    figure : Figure
        The figure.
    title : str
        What decides, as a sentence.
    notes : sequence of str
        How far to trust it.
    places : int
        Places of one line of the notes.
    t : Translator
        Of the reader.
    """
    head = broken(title, int(places * TEXT_SIZE / TITLE_SIZE), t)
    figure.suptitle(head, fontsize=TITLE_SIZE, color=INK)
    caption = ("" if t.lang == "zh" else " ").join(notes)
    if caption:
        figure.supxlabel(broken(caption, places, t), fontsize=TEXT_SIZE, color=QUIET)


def tick(value: float, word: str = "") -> str:
    """Return a round number as short as it is; odds as percent."""
    return plain(round(100 * value if word in ODDS else value, 9))


def output_ticks(axis: Axis, word: str) -> None:
    """Write an output's axis in the unit of its labels."""
    axis.set_major_formatter(lambda value, _: tick(value, word))


def panel_title(axes: Axes, text: str, size: float = 12) -> None:
    """Write the title of one panel above its left end."""
    axes.set_title(text, loc="left", fontsize=size, color=INK)


def beside(axes: Axes, x: float, y: float, text: str, off: float = 4, colour: str = INK) -> None:
    """Write a text beside a point: to its right, or where ``off`` is negative to its left."""
    axes.annotate(
        text, (x, y), xytext=(off, 0), textcoords="offset points", va="center",
        ha="left" if off > 0 else "right", fontsize=SMALL, color=colour,
    )  # fmt: skip


def plain_axes(axes: Axes, grid: Literal["x", "y"] = "y") -> None:
    """Leave two sides of the frame, and lines to read values by."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis=grid, color=LINE, lw=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, labelsize=9)


def quiet(axes: Axes) -> None:
    """Leave only the axis of the numbers: what stands in a row names itself."""
    plain_axes(axes, "x")
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="x", labelsize=TEXT_SIZE)
    axes.tick_params(axis="y", labelsize=SMALL, left=False)


# Chinese in figures: which fonts to use, and whether they can draw every character.

SHIPPED_FAMILY = "Corridor Sans SC"
SHIPPED_FILE = "CorridorSansSC-Regular.otf"
WEIGHTS = ("font.weight", "axes.titleweight", "axes.labelweight", "figure.titleweight")
LATIN_FAMILY = "DejaVu Sans"  # comes with matplotlib
# Simplified Chinese only: a Japanese or Korean face draws some characters otherwise.
_pen = threading.RLock()
"""rcParams and the list of fonts are the process's: one thread draws at a time."""

PREFERRED_FAMILIES = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN",
    "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", "Heiti SC", "STHeiti", "SimHei",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Noto Serif CJK SC", "SimSun",
)  # fmt: skip


def chinese_families(*, installed: bool = True) -> list[str]:
    """Return the font families for Chinese, best first; the shipped one is always the last.

    Parameters
    ----------
    installed : bool, default True
        Whether to use the machine's own fonts too. Without them figures look alike everywhere.

    Examples
    --------
    >>> chinese_families(installed=False)
    ['Corridor Sans SC']
    """
    from matplotlib.font_manager import fontManager

    with _pen:
        if all(entry.name != SHIPPED_FAMILY for entry in fontManager.ttflist):
            fontManager.addfont(data_dir() / "fonts" / SHIPPED_FILE)
    # matplotlib's cache outlives uninstalled fonts; meeting one makes it forget the shipped one.
    fonts = [e for e in fontManager.ttflist if installed and e.name in PREFERRED_FAMILIES]
    known = {e.name for e in fonts if Path(e.fname).is_file()}
    return [*(name for name in PREFERRED_FAMILIES if name in known), SHIPPED_FAMILY]


@contextmanager
def font_context(lang: str, *, installed: bool = True) -> Iterator[None]:
    """Draw and save figures whose Chinese is always drawn; the user's rcParams come back after.

    SVG gets outlines: its reader needs no font. PDF gets Type 3 fonts: as type 42 matplotlib
    labels OpenType outlines as TrueType. Weights are normal: the shipped font has only one.

    Parameters
    ----------
    lang : {"zh", "en"}
        The main language: its font comes first, the other's is the fallback.
    installed : bool, default True
        As in :func:`chinese_families`.
    """
    import matplotlib

    lang = language(lang)
    chinese = chinese_families(installed=installed)
    families = [*chinese, LATIN_FAMILY] if lang == "zh" else [LATIN_FAMILY, *chinese]
    settings: dict[Any, Any] = {"axes.unicode_minus": False, "text.usetex": False}
    settings |= {"font.family": families, "font.style": "normal"}
    settings |= {"svg.fonttype": "path", "pdf.fonttype": 3, "ps.fonttype": 3}
    settings |= dict.fromkeys(WEIGHTS, "normal")
    with _pen, matplotlib.rc_context(settings):
        yield


@lru_cache(maxsize=64)
def _character_map(path: str) -> frozenset[int]:
    from matplotlib.font_manager import get_font

    return frozenset(get_font(path).get_charmap())


def _character_maps(font: FontProperties) -> list[frozenset[int]]:
    """Return the maps of the fonts matplotlib would try, in its order (at least one)."""
    from matplotlib.font_manager import fontManager

    maps = []
    for family in font.get_family():
        one = font.copy()
        one.set_family(family)
        with suppress(ValueError):  # matplotlib, too, passes over a family it does not find
            maps.append(_character_map(fontManager.findfont(one, fallback_to_default=False)))
    return maps or [_character_map(fontManager.findfont(LATIN_FAMILY))]


def _missing(text: str, maps: Sequence[frozenset[int]]) -> set[str]:
    return {c for c in text if c != "\n" and not any(ord(c) in have for have in maps)}


def missing_characters(texts: Iterable[str], families: Sequence[str]) -> set[str]:
    """Return the characters of some plain texts that no font of a family list can draw.

    Examples
    --------
    >>> missing_characters(["亿元", "ཀ"], chinese_families(installed=False))
    {'ཀ'}
    """
    from matplotlib.font_manager import FontProperties

    maps = _character_maps(FontProperties(family=list(families), weight="normal"))
    return _missing("".join(texts), maps)


def check_figure(figure: Figure) -> set[str]:
    """Return the characters of a figure that no font of their text's family list can draw.

    Every text is read, ticks also before the first drawing; invisible ones and those set by LaTeX
    are passed over. In a text with ``$…$``, matplotlib draws what stands outside with the first
    family alone and what stands inside with its mathematics font, taken to be DejaVu Sans.
    """
    from matplotlib.axis import Axis
    from matplotlib.cbook import is_math_text
    from matplotlib.table import Cell
    from matplotlib.text import Text

    strings, missing = [], set[str]()
    for axis in figure.findobj(Axis):
        axis.get_ticklabels(which="both")  # sets the texts of the ticks, as drawing would
        strings.append((axis.get_major_formatter().get_offset(), axis.get_offset_text()))
    texts = figure.findobj(Text) + [cell.get_text() for cell in figure.findobj(Cell)]
    for string, text in strings + [(text.get_text(), text) for text in texts]:
        if not string or not text.get_visible() or text.get_usetex():
            continue
        maps, parts = _character_maps(text.get_fontproperties()), [string]
        if text.get_parse_math() and is_math_text(string):
            maps, parts = maps[:1], re.split(r"(?<!\\)\$", string)
        missing |= _missing("".join(parts[::2]), maps)
        missing |= missing_characters(parts[1::2], [LATIN_FAMILY])
    return missing


# How figures are saved: every character drawn, the same study the same bytes, whole or not.

SUFFIXES = (".svg", ".png", ".pdf")


def save_figure(
    draw: Callable[[], Figure], file: str | Path, lang: str, *, installed_fonts: bool = True
) -> Path:
    """Draw a figure and save it.

    Parameters
    ----------
    draw : callable
        Returns the figure; it is called where the fonts are set.
    file : str or path
        Ending in png, svg or pdf.
    lang : {"zh", "en"}
        Language whose font comes first.
    installed_fonts : bool, default True
        Whether fonts of the machine may be used; the shipped one always is at hand.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    CorridorError
        If the file cannot be written, has another ending, or a label has a character no font
        can draw.
    """
    import matplotlib as mpl

    path = Path(file)
    if path.suffix.lower() not in SUFFIXES:
        raise CorridorError(
            N_("{name}: a figure is written as .svg, .png or .pdf."), name=path.name
        )
    # a fixed salt: the same study gives the same bytes in SVG, too
    salt = mpl.rc_context({"svg.hashsalt": "corridor", "hatch.linewidth": 0.7})
    # the salt is entered second, as the fonts are, with the pen in hand
    with font_context(lang, installed=installed_fonts), salt:
        figure = draw()
        missing = check_figure(figure)
        if missing:
            gone = "".join(sorted(missing))
            raise CorridorError(N_("No font draws {gone!r}."), gone=gone)
        with replacing(path) as temporary:
            figure.savefig(temporary, dpi=160, metadata=_metadata(path))
    return path


def _metadata(path: Path) -> dict[str, Any]:
    """Leave out dates, so that the same study gives the same bytes."""
    return {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(path.suffix.lower(), {})
