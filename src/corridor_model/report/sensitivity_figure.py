"""The figure of a study of sensitivity, whichever it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from corridor_model.errors import CorridorError
from corridor_model.report.attribution_figure import draw_attribution
from corridor_model.report.grid_figure import draw_grid
from corridor_model.report.saving import save_figure
from corridor_model.report.sobol_figure import draw_sobol
from corridor_model.report.tornado_figure import draw_tornado
from corridor_model.sensitivity.words import method_of

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

TOP = 15


def sensitivity_figure(
    made: xr.Dataset,
    file: str | Path,
    lang: str = "zh",
    *,
    top: int = TOP,
    installed_fonts: bool = True,
) -> Path:
    """Draw a study and save the figure.

    Parameters
    ----------
    made : Dataset
        Of :func:`corridor_model.tornado`, :func:`corridor_model.sobol`,
        :func:`corridor_model.attribute` or :func:`corridor_model.sensitivity.two_way`.
    file : str or path
        Ending in png, svg or pdf.
    lang : {"zh", "en"}
        Language of all labels.
    top : int, default 15
        Inputs drawn at most; of a tornado the rest is summed up.
    installed_fonts : bool, default True
        Whether fonts of the machine may be used; the shipped one always is at hand.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    CorridorError
        If the file cannot be written, or there is no figure of the study.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import corridor_model as cm
    >>> made = cm.tornado(cm.load_plan(), "km_open:2022")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sensitivity_figure(made, Path(folder) / "tornado.svg").stat().st_size > 1000
    True
    """
    method = method_of(made)
    if method == "switching":
        raise CorridorError(
            "Tipping points are a table; a figure needs tornado, sobol, attribute or a grid.",
            "临界点只有表格，没有图；图请用tornado、sobol、attribute或grid。",
        )
    if isinstance(top, bool) or not isinstance(top, int) or top < 1:
        raise CorridorError(f"top must be at least 1; got {top!r}.", f"top至少为1；现为{top!r}。")

    def draw() -> Figure:
        if method == "tornado":
            return draw_tornado(made, lang, top)
        if method == "sobol":
            return draw_sobol(made, lang, top)
        if method == "attribute":
            return draw_attribution(made, lang)
        return draw_grid(made, lang)

    return save_figure(draw, file, lang, installed_fonts=installed_fonts)
