"""What the figures of sensitivity share: colours, short names, captions, quiet axes."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from corridor_model.grid import width, wrap
from corridor_model.rounding import plain
from corridor_model.sensitivity.amounts import ODDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

INK, QUIET, LINE = "#22303c", "#6b7884", "#e6eaee"
LOW, HIGH, REST = "#3f7cac", "#d08a2e", "#b9c4cc"
"""Of an input's low end, its high end, and of what is summed up."""
UP, DOWN, WHOLE = "#c0573b", "#4f8a5b", "#44596b"
"""Of what adds, what takes away, and of totals."""
NAME_PLACES = 32
_AMOUNT = re.compile(r"(?<=\d) (?=亿元|km|%|months?|points|roads)")
"""The blank between a number and its unit, at which no line ends."""
TITLE_SIZE, TEXT_SIZE, SMALL = 14, 9.5, 8.5


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
        subject, found, word = name.rpartition(mark)
        if found and width(word) <= places:
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


def broken(text: str, places: int, zh: bool) -> str:
    """Return a text broken into lines; English only at blanks, so that 亿元 stays whole."""
    if zh:
        return "\n".join(wrap(text, places))
    kept = _AMOUNT.sub("\N{NO-BREAK SPACE}", text)
    return "\n".join(textwrap.wrap(kept, places, break_long_words=False, break_on_hyphens=False))


def with_unit(title: str, unit: str, zh: bool) -> str:
    """Return a title with its unit."""
    if not unit:
        return title
    if zh:
        return f"{title}，{unit}" if title.endswith("）") else f"{title}（{unit}）"
    return f"{title}, {unit}" if title.endswith(")") else f"{title} ({unit})"


def titled(figure: Figure, title: str, notes: Sequence[str], places: int, zh: bool) -> None:
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
    zh : bool
        In Chinese.
    """
    head = broken(title, int(places * TEXT_SIZE / TITLE_SIZE), zh)
    figure.suptitle(head, fontsize=TITLE_SIZE, color=INK)
    told = ("" if zh else " ").join(notes)
    if told:
        figure.supxlabel(broken(told, places, zh), fontsize=TEXT_SIZE, color=QUIET)


def tick(value: float, word: str = "") -> str:
    """Return a round number as short as it is; odds as percent."""
    return plain(round(100 * value if word in ODDS else value, 9))


def output_ticks(axis: Axis, word: str) -> None:
    """Write an output's axis in the unit of its labels."""
    axis.set_major_formatter(lambda value, _: tick(value, word))


def quiet(axes: Axes, grid: str = "x") -> None:
    """Take away what does not speak."""
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(axis="x" if grid == "x" else "y", color=LINE, lw=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, labelsize=TEXT_SIZE, left=False)
