"""How figures are saved: every character drawn, the same study the same bytes, whole or not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor_model.errors import CorridorError
from corridor_model.report.fonts import check_figure, font_context
from corridor_model.writing import replacing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

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
            f"{path.name}: a figure is written as .svg, .png or .pdf.",
            f"“{path.name}”：图的文件名应以.svg、.png或.pdf结尾。",
        )
    # a fixed salt: the same study gives the same bytes in SVG, too
    salt = mpl.rc_context({"svg.hashsalt": "corridor", "hatch.linewidth": 0.7})
    with font_context(lang, installed=installed_fonts), salt:
        figure = draw()
        missing = check_figure(figure)
        if missing:
            gone = "".join(sorted(missing))
            raise CorridorError(f"No font draws {gone!r}.", f"没有字体能画出“{gone}”。")
        with replacing(path) as temporary:
            figure.savefig(temporary, dpi=160, metadata=_metadata(path))
    return path


def _metadata(path: Path) -> dict[str, Any]:
    """Leave out dates, so that the same study gives the same bytes."""
    return {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(path.suffix.lower(), {})
