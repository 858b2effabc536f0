"""Chinese in figures: which fonts to use, and whether they can draw every character.

Draw *and save* inside :func:`font_context`, then ask :func:`check_figure`: since matplotlib 3.11
a missing character is no longer an empty box, so that looking is not enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor_model.errors import CorridorError
from corridor_model.paths import data_dir

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

SHIPPED_FAMILY = "Corridor Sans SC"
SHIPPED_FILE = "CorridorSansSC-Regular.otf"
WEIGHTS = ("font.weight", "axes.titleweight", "axes.labelweight", "figure.titleweight")
LATIN_FAMILY = "DejaVu Sans"  # comes with matplotlib
# Simplified Chinese only: a Japanese or Korean face draws some characters otherwise.
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

    if lang not in ("zh", "en"):
        raise CorridorError(f"The language {lang!r} is unknown. Use 'zh' or 'en'.")
    chinese = chinese_families(installed=installed)
    families = [*chinese, LATIN_FAMILY] if lang == "zh" else [LATIN_FAMILY, *chinese]
    settings: dict[Any, Any] = {"axes.unicode_minus": False, "text.usetex": False}
    settings |= {"font.family": families, "font.style": "normal"}
    settings |= {"svg.fonttype": "path", "pdf.fonttype": 3, "ps.fonttype": 3}
    settings |= dict.fromkeys(WEIGHTS, "normal")
    with matplotlib.rc_context(settings):
        yield


@lru_cache(maxsize=64)
def _character_map(path: str) -> frozenset[int]:
    from matplotlib.font_manager import get_font

    return frozenset(get_font(path).get_charmap())


def _character_maps(wanted: FontProperties) -> list[frozenset[int]]:
    """Return the maps of the fonts matplotlib would try, in its order (at least one)."""
    from matplotlib.font_manager import fontManager

    maps = []
    for family in wanted.get_family():
        one = wanted.copy()
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

    found, missing = [], set[str]()
    for axis in figure.findobj(Axis):
        axis.get_ticklabels(which="both")  # sets the texts of the ticks, as drawing would
        found.append((axis.get_major_formatter().get_offset(), axis.get_offset_text()))
    texts = figure.findobj(Text) + [cell.get_text() for cell in figure.findobj(Cell)]
    for string, text in found + [(text.get_text(), text) for text in texts]:
        if not string or not text.get_visible() or text.get_usetex():
            continue
        maps, parts = _character_maps(text.get_fontproperties()), [string]
        if text.get_parse_math() and is_math_text(string):
            maps, parts = maps[:1], re.split(r"(?<!\\)\$", string)
        missing |= _missing("".join(parts[::2]), maps)
        missing |= missing_characters(parts[1::2], [LATIN_FAMILY])
    return missing
