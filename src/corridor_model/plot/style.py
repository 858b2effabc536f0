"""What all figures share: axes, colours, short names, captions, labels apart, fonts, files."""

from __future__ import annotations

import re
import sys
import textwrap
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from corridor_model.codes import ACHIEVED, AHEAD, BEHIND, MISSED, NOT_ASSESSABLE, ON_SCHEDULE
from corridor_model.errors import CorridorError, CorridorWarning, Problem
from corridor_model.files import data_dir, replacing
from corridor_model.formatting import plain, rounded
from corridor_model.formatting import short as short_value
from corridor_model.messages import N_, Listing, Translator, message, translator
from corridor_model.options import Language, language
from corridor_model.text.layout import width, wrap
from corridor_model.text.numbers import ODDS
from corridor_model.text.studies import study_of

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.text import Text


BLUE, VERMILION, GREEN = "#0072b2", "#d55e00", "#009e73"
ORANGE, SKY, PURPLE = "#e69f00", "#56b4e9", "#cc79a7"
"""M. Okabe and K. Ito, Color Universal Design, 2008: told apart by every kind of eye."""
INK, QUIET, LINE, PALE = "#22303c", "#5f6b77", "#e6eaee", "#b9c4cc"
"""Of texts and main lines, of notes, of grids, and of what is summed up or left out."""
TARGET, TARGET_INK = VERMILION, "#a84a00"
"""Of a target's mark, and the same darkened for its words."""
LOW, HIGH, REST = BLUE, ORANGE, PALE
"""Of an input's low end, its high end, and of what is summed up."""
UP, DOWN, WHOLE = VERMILION, BLUE, "#44596b"
"""Of what adds, what takes away, and of totals."""
STATUS_COLOURS = {
    ACHIEVED: "#00466e",
    AHEAD: BLUE,
    ON_SCHEDULE: SKY,
    BEHIND: ORANGE,
    MISSED: VERMILION,
    NOT_ASSESSABLE: PALE,
}
"""Blue is well and orange is not; the word stands beside, so that none hangs on colour alone."""
HATCHES = ("", "///", "...", "xxx", "\\\\\\", "ooo", "---")
"""Of one series of bars after the other: they stay apart in black and white."""
NAME_PLACES = 32
_AMOUNT = re.compile(r"(?<=\d) (?=亿元|km|%|months?|points|roads)")
"""The blank between a number and its unit, at which no line ends."""
TITLE_SIZE, TEXT_SIZE, SMALL = 14, 9.5, 8.5


@contextmanager
def drawing(
    ax: Axes | None, lang: Language | None, size: tuple[float, float]
) -> Iterator[tuple[Axes, Translator]]:
    """Draw on axes, in the style of the house; the caller's rcParams come back after.

    Labels keep their fonts when the figure is drawn later, outside of this context. A label is
    plain text: a dollar sign in a name begins no formula.

    Parameters
    ----------
    ax : Axes or None
        Where to draw; None makes a figure of its own with ``pyplot``, so that a notebook shows it.
    lang : {"zh", "en"}, optional
        Language; the one of :class:`corridor_model.set_options` by default.
    size : tuple of float
        Width and height of a figure of its own, in inches.

    Yields
    ------
    Axes, Translator
        Where to draw, and the words of the reader.

    Warns
    -----
    CorridorWarning
        If no font at hand draws a letter; 〓 stands in its place.
    """
    from matplotlib.text import Text

    lang = language(lang)
    if ax is not None:
        must_be_axes(ax)
    with style_context(lang):
        axes = _own_axes(size) if ax is None else ax
        # what the caller wrote there is the caller's
        theirs = {text: text.get_text() for text in axes.findobj(Text) if text.get_text()}
        _theirs.append(theirs)
        try:
            yield axes, translator(lang)
            settle(axes)
        except BaseException:
            if ax is None:
                import matplotlib.pyplot as plt

                plt.close(figure_of(axes))
            raise
        finally:
            _theirs.pop()


def must_be_axes(ax: object) -> None:
    """Refuse what is no Axes.

    Raises
    ------
    CorridorError
        If it is something else.
    """
    from matplotlib.axes import Axes

    if not isinstance(ax, Axes):
        raise CorridorError(
            N_("ax must be an Axes of matplotlib, not {kind}."), kind=type(ax).__name__
        )


def _own_axes(size: tuple[float, float]) -> Axes:
    import matplotlib.pyplot as plt

    return plt.figure(figsize=size, layout="constrained").subplots()


def figure_of(axes: Axes) -> Figure:
    """Return the whole figure on which axes stand, also those of a part of it."""
    figure: Any = axes.figure
    while figure is not figure.figure:  # get_figure(root=True) is matplotlib 3.10's
        figure = figure.figure
    whole: Figure = figure
    return whole


def figure_height(axes: Axes, height: float) -> None:
    """Give a figure of our own the height that its rows need, in inches."""
    figure_of(axes).set_figheight(height)


def lay_out(axes: Axes) -> None:
    """Let a figure find its layout, so that labels can be placed by the room there is."""
    figure = figure_of(axes)
    if figure.get_layout_engine() is not None:
        figure.draw_without_rendering()


def inches(axes: Axes) -> tuple[float, float]:
    """Return width and height of axes in inches."""
    box, figure = axes.get_window_extent(), figure_of(axes)
    return box.width / figure.dpi, box.height / figure.dpi


def places_across(axes: Axes, size: float) -> int:
    """Return how many places of text of a size in points fit across axes."""
    return max(int(inches(axes)[0] * 72 / (0.54 * size)), 12)


def spread(values: Sequence[float], apart: float, low: float, high: float) -> list[float]:
    """Move places apart so that none is nearer to the next than a distance, as little as can be.

    Parameters
    ----------
    values : sequence of float
        Where labels would best stand, in any order.
    apart : float
        Least distance of two.
    low, high : float
        They stay between these where there is room.

    Returns
    -------
    list of float
        Where they stand, in the order of ``values``.

    Notes
    -----
    The least squares solution under the order of the values: the means of adjacent violators are
    pooled (Ayer and others 1955, The Annals of Mathematical Statistics 26).

    Examples
    --------
    >>> spread([5.0, 5.0, 9.0], 2.0, 0.0, 10.0)
    [4.0, 6.0, 9.0]
    >>> spread([9.5, 10.0], 2.0, 0.0, 10.0)
    [8.0, 10.0]
    """
    order = sorted(range(len(values)), key=lambda i: values[i])
    pools: list[tuple[float, int]] = []
    for place, i in enumerate(order):
        mean, count = values[i] - place * apart, 1
        while pools and pools[-1][0] > mean:
            other, n = pools.pop()
            mean, count = (mean * count + other * n) / (count + n), count + n
        pools.append((mean, count))
    room = high - (len(values) - 1) * apart
    bases = [max(min(mean, room), low) for mean, count in pools for _ in range(count)]
    out = [0.0] * len(values)
    for place, i in enumerate(order):
        out[i] = bases[place] + place * apart
    return out


Label = tuple[float, str, str]
"""Value beside which it belongs, text, and colour."""


def side_labels(
    axes: Axes,
    ends: tuple[float, float],
    right: Sequence[Label] = (),
    left: Sequence[Label] = (),
    size: float = SMALL,
) -> None:
    """Write labels in a column beside the ends of lines, each at its value, none on another.

    The axes are widened to hold them, so that no line runs there; a thin line leads to a label
    that had to move.

    Parameters
    ----------
    axes : Axes
        With its limits and its layout.
    ends : tuple of float
        Where the lines begin and end.
    right, left : sequence of (value, text, colour)
        What stands where.
    size : float
        Of the letters, in points.
    """
    first, last = ends
    width, _ = inches(axes)
    beyond, before = (_room(axes, labels, size) for labels in (right, left))
    inside = max(width - beyond - before, 0.3 * width)
    inch = (last - first) / inside
    axes.set_xlim(first - before * inch, last + beyond * inch)
    _column(axes, last, inch, right, size)
    _column(axes, first, -inch, left, size)


def paper(axes: Axes) -> dict[str, Any]:
    """Return a box in the colour of the axes, behind which the grid ends."""
    return {"facecolor": axes.get_facecolor(), "edgecolor": "none", "pad": 0.8}


GAP, MARGIN = 0.26, 0.08
"""Inches between a line's end and its label, and beyond the label."""


def _room(axes: Axes, labels: Sequence[Label], size: float) -> float:
    """Return the inches that a column of labels takes; a little where there is none."""
    if not labels:
        return 0.12
    return max(text_inches(axes, text, size) for _, text, _ in labels) + GAP + MARGIN


def _column(axes: Axes, x: float, inch: float, labels: Sequence[Label], size: float) -> None:
    if not labels:
        return
    bottom, top = axes.get_ylim()
    lines = max(text.count("\n") + 1 for _, text, _ in labels)
    line = size / 72 / inches(axes)[1] * (top - bottom)
    apart, half = (1.22 * lines + 0.15) * line, 0.6 * lines * line
    places = spread([value for value, _, _ in labels], apart, bottom + half, top - half)
    for (value, text, colour), place in zip(labels, places, strict=True):
        if abs(place - value) > 0.25 * line:
            axes.plot(
                [x + 0.1 * inch, x + (GAP - 0.03) * inch], [value, place], color=PALE, lw=0.7,
                zorder=1.5,
            )  # fmt: skip
        axes.text(
            x + GAP * inch, place, text, va="center", ha="left" if inch > 0 else "right",
            fontsize=size, color=colour, bbox=paper(axes),
        )  # fmt: skip


def text_inches(axes: Axes, text: str, size: float) -> float:
    """Return how wide a text is on paper, in inches."""
    box = axes.text(0, 0, drawable(text)[0], fontsize=size, transform=axes.transAxes)
    width = box.get_window_extent().width / figure_of(axes).dpi
    box.remove()
    return float(width)


def row_labels(axes: Axes, labels: Sequence[str], size: float = SMALL) -> None:
    """Name the rows of axes: plain text, also where they had ticks before."""
    axes.set_yticks(range(len(labels)), labels, fontsize=size, linespacing=1.05)
    for label in axes.get_yticklabels():
        label.set_parse_math(False)


def rows_in(axes: Axes, wanted: int, size: float = SMALL, lines: int = 1) -> int:
    """Return how many rows of text fit into the height of axes, at least one."""
    return max(min(wanted, int(inches(axes)[1] * 72 / (1.18 * size * lines))), 1)


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


def place_of(ids: Sequence[str], wanted: str) -> int:
    """Return the place of an id.

    Raises
    ------
    CorridorError
        If there is none of that name, with the nearest one.
    """
    if isinstance(wanted, str) and wanted in ids:
        return ids.index(wanted)
    if not isinstance(wanted, str):
        raise CorridorError(
            N_("{value} is no name of an indicator; axes are passed as ax=..."),
            value=short_value(wanted),
        )
    near = get_close_matches(wanted, ids, 1)
    raise CorridorError(
        N_("There is no {id!r} here. Did you mean {near!r}?")
        if near
        else N_("There is no {id!r} here."),
        id=wanted,
        near=near[0] if near else "",
    )


def short_number(value: float) -> str:
    """Return a number with about four digits, as the end of a line bears it.

    Examples
    --------
    >>> short_number(661.539), short_number(36.2537), short_number(0.20984), short_number(8.0)
    ('661.5', '36.3', '0.21', '8')
    """
    size = abs(value)
    digits = 1 if size >= 10 else 2 if size >= 0.1 or size == 0 else 4
    text = rounded(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def must_be_study(ds: xr.Dataset, study: str) -> None:
    """Refuse a result of another study.

    Raises
    ------
    CorridorError
        If it is another, or no result at all.
    """
    if not hasattr(ds, "attrs") or study_of(ds) != study:
        raise CorridorError(
            N_("This picture needs a result of {study}; got {other}."),
            study=CALLS[study],
            other=CALLS.get(str(getattr(ds, "attrs", {}).get("study", "")), type(ds).__name__),
        )


CALLS = {
    "tornado": "tornado",
    "sobol": "sobol",
    "attribution": "attribute",
    "two_way": "sensitivity.two_way",
    "switching_values": "switching_values",
}
"""What makes the result of each study."""


def tick(value: float, word: str = "") -> str:
    """Return a round number as short as it is; odds as percent."""
    return plain(round(100 * value if word in ODDS else value, 9))


def output_ticks(axis: Axis, word: str) -> None:
    """Write an output's axis in the unit of its labels."""
    axis.set_major_formatter(lambda value, _: tick(value, word))


def panel_title(axes: Axes, text: str, size: float = 12, pad: float | None = None) -> None:
    """Write the title of one panel above its left end, ``pad`` points above the axes."""
    axes.set_title(text, loc="left", fontsize=size, color=INK, pad=pad)


def legend_above(axes: Axes, handles: Sequence[Any] | None = None, ncols: int = 4) -> float:
    """Put the legend between the axes and their title; return the points that it takes."""
    return 6 + 12.5 * _legend_off(axes, handles, ncols, "lower left", 1.0, 2)


def legend_below(axes: Axes, handles: Sequence[Any] | None = None, ncols: int = 3) -> None:
    """Put the legend under the labels of the x axis, where no line runs."""
    label = 17 * (axes.get_xlabel().count("\n") + 1) if axes.get_xlabel() else 0
    _legend_off(axes, handles, ncols, "upper left", 0.0, -22 - label)


def _legend_off(
    axes: Axes, handles: Sequence[Any] | None, ncols: int, corner: str, y: float, points: float
) -> int:
    """Put the legend off the axes, in as many columns as fit; return its rows."""
    from matplotlib.transforms import ScaledTranslation

    figure = figure_of(axes)
    # a distance in points holds for axes of any height
    off = ScaledTranslation(0, points / 72, figure.dpi_scale_trans)
    handles = list(handles or axes.get_legend_handles_labels()[0])
    labels = [str(handle.get_label()) for handle in handles]
    # as many columns as fit: a legend wider than its axes would squeeze them
    widest = max(text_inches(axes, label, SMALL) for label in labels) + 0.5
    ncols = max(min(ncols, len(labels), int(inches(axes)[0] / widest)), 1)
    settings: dict[str, Any] = {
        "loc": corner,
        "bbox_to_anchor": (0.0, y),
        "bbox_transform": axes.transAxes + off,
        "ncols": ncols,
        "fontsize": SMALL,
        "frameon": False,
        "borderaxespad": 0.0,
        "borderpad": 0.0,
        "columnspacing": 1.2,
        "handlelength": 1.8,
    }
    axes.legend(handles=handles, **settings)
    return -(-len(labels) // ncols)


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
PACKAGE_FOLDER = Path(__file__).parents[1]
STYLE_FILE = Path(__file__).with_name("corridor.mplstyle")
GAP_MARK = "\N{GETA MARK}"
"""What printers set where a letter is not at hand."""
UNFIT = re.compile("Last Resort|Emoji|Math|^STIX|^cm|Symbol|Dingbats")
"""Families that hold placeholders, pictures or signs of formulas."""
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


@contextmanager
def style_context(lang: str, *, installed: bool = True) -> Iterator[None]:
    """Draw in the style of the house: its style sheet, and fonts as in :func:`font_context`."""
    import matplotlib

    settings = matplotlib.rc_params_from_file(STYLE_FILE, use_default_template=False)
    with _pen, matplotlib.rc_context(settings), font_context(lang, installed=installed):
        yield


@lru_cache(maxsize=256)
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


def drawable(text: str) -> tuple[str, list[str]]:
    """Return a text whose every letter is drawn, and the families to draw it with.

    Beyond the families of :func:`font_context` any installed font will do; a letter that none
    has becomes 〓.
    """
    import matplotlib

    families = list(matplotlib.rcParams["font.family"])
    missing = missing_characters([text], families) if not text.isascii() else set()
    for character in sorted(missing):
        family = _family_with(character)
        if family is None:
            text = text.replace(character, GAP_MARK)
        elif family not in families:
            families.append(family)
    return text, families


@lru_cache(maxsize=1024)
def _family_with(character: str) -> str | None:
    """Return an installed family that draws a letter, the same one every time."""
    from matplotlib.font_manager import fontManager

    fonts = [e for e in fontManager.ttflist if e.style == "normal" and not UNFIT.search(e.name)]
    for entry in sorted(fonts, key=lambda e: (abs(_weight(e.weight) - 400), e.name)):
        with suppress(OSError, RuntimeError):  # a font may be gone, or no font at all
            if ord(character) in _character_map(entry.fname):
                return str(entry.name)
    return None


def _weight(weight: int | str) -> int:
    from matplotlib.font_manager import weight_dict

    return weight_dict.get(weight, 400) if isinstance(weight, str) else int(weight)


_theirs: list[dict[Text, str]] = []
"""What stood on the axes before; the pen is in one hand, so that one list will do."""


def settle(artist: Figure | Axes) -> None:
    """Give every label its fonts for good, read none as a formula, and mark what no font draws.

    Parameters
    ----------
    artist : Figure or Axes
        What has just been drawn, inside :func:`style_context`. What stood on axes before
        :func:`drawing` is left alone where it still says the same.

    Warns
    -----
    CorridorWarning
        If no font at hand draws a letter; 〓 stands in its place.
    """
    import matplotlib
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.text import Text
    from matplotlib.ticker import FixedLocator

    gone: set[str] = set()
    for axes in artist.findobj(Axes):
        axes.tick_params(labelfontfamily=matplotlib.rcParams["font.family"])
    for axis in artist.findobj(Axis):
        labels = [label.get_text() for label in axis.get_ticklabels()]
        whole = [drawable(text) for text in labels]
        locator = axis.get_major_locator()
        if isinstance(locator, FixedLocator) and any(labels):
            axis.set_ticks(axis.get_majorticklocs(), labels=[text for text, _ in whole])
            for label, (_, families) in zip(axis.get_ticklabels(), whole, strict=True):
                label.set_fontfamily(families)
                label.set_parse_math(False)
        gone |= _replaced(labels, [text for text, _ in whole])
    theirs = _theirs[-1] if _theirs else {}
    ticks = {label for axis in artist.findobj(Axis) for label in axis.get_ticklabels(which="both")}
    for text in artist.findobj(Text):
        before = text.get_text()
        if text in ticks or not before or theirs.get(text) == before:
            continue
        after, families = drawable(before)
        text.set_parse_math(False)
        text.set_fontfamily(families)
        if after != before:
            text.set_text(after)
            gone |= _replaced([before], [after])
    if gone:
        codes = [f"{c} (U+{ord(c):04X})" for c in sorted(gone)]
        what = message("No font at hand draws {letters}.", letters=Listing(codes))
        remedy = message("〓 stands in its place; install a font that has it.")
        warnings.warn(CorridorWarning(Problem(what, remedy)), stacklevel=_outside())


def _replaced(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Return the characters that gave way to the mark of a gap."""
    return {
        one
        for old, new in zip(before, after, strict=True)
        for one, other in zip(old, new, strict=True)
        if one != other
    }


def _outside() -> int:
    """Return the level of the frame that called the package, for a warning."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and (
        str(PACKAGE_FOLDER) in frame.f_code.co_filename or "contextlib" in frame.f_code.co_filename
    ):
        level, frame = level + 1, frame.f_back
    return level


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
        If the file cannot be written, or has another ending.

    Warns
    -----
    CorridorWarning
        If no font at hand draws a letter; 〓 stands in its place.
    """
    path = Path(file)
    if path.suffix.lower() not in SUFFIXES:
        raise CorridorError(
            N_("{name}: a figure is written as .svg, .png or .pdf."), name=path.name
        )
    with replacing(path) as temporary:
        print_figure(draw, temporary, lang, installed_fonts=installed_fonts)
    return path


def print_figure(
    draw: Callable[[], Figure], path: Path, lang: str, *, installed_fonts: bool = True
) -> None:
    """Draw a figure straight into a file, for a caller who replaces the file himself."""
    with style_context(lang, installed=installed_fonts):
        figure = draw()
        settle(figure)
        figure.savefig(path, dpi=160, metadata=_metadata(path))


def _metadata(path: Path) -> dict[str, Any]:
    """Leave out dates, so that the same study gives the same bytes."""
    return {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(path.suffix.lower(), {})
