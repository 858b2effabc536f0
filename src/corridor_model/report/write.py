"""The main job: everything the ground floor has to say, written into one folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from corridor_model.files import write_csv
from corridor_model.options import Language, language
from corridor_model.plan.growth_paths import growth_paths
from corridor_model.plan.plan import must_be_plan
from corridor_model.plan.requirements import requirements_of
from corridor_model.plot.growth import paths_figure
from corridor_model.report.workbook import RATES, write_workbook
from corridor_model.rows import Row, text_rows, to_rows

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.plan.plan import Plan


def write_report(
    plan: Plan,
    out: str | Path = "out",
    *,
    rates: Sequence[float] = RATES,
    lang: Language | None = None,
) -> dict[str, Path]:
    """Write required growth, paths, a workbook and a figure into a folder.

    Parameters
    ----------
    plan : Plan
        The plan.
    out : str or path, default "out"
        The folder; made if it does not exist. Each file is replaced whole or not at all.
    rates : sequence of float
        Yearly fractions of the paths.
    lang : {"zh", "en"}, optional
        Language of workbook and figure; the one of :class:`corridor_model.set_options` by
        default.

    Returns
    -------
    dict of str to pathlib.Path
        ``required`` (CSV), ``paths`` (CSV), ``workbook`` (xlsx) and ``figure`` (png).

    Raises
    ------
    CorridorError
        If a file cannot be written, or for another language.

    Examples
    --------
    >>> import tempfile
    >>> import corridor_model as cm
    >>> len(write_report(cm.load_plan(), tempfile.mkdtemp())) > 0
    True
    """
    must_be_plan(plan)
    lang = language(lang)
    folder = Path(out)
    files = {
        "required": folder / "required.csv",
        "paths": folder / "paths.csv",
        "workbook": folder / "required.xlsx",
        "figure": folder / "paths.png",
    }
    write_csv(files["required"], text_rows(required_rows(plan)), bom=True)
    write_csv(files["paths"], text_rows(path_rows(growth_paths(plan, rates))), bom=True)
    write_workbook(plan, files["workbook"], rates=rates, lang=lang)
    paths_figure(plan, files["figure"], rates=rates, lang=lang)
    return files


# Results as rows, for the files here and for a terminal.

PATH_COLUMNS = (
    *("indicator", "of", "kind", "unit", "rate", "target", "reached", "reached_reason"),
    *("year_reached", "year_reached_reason", "required_baseline", "required_baseline_reason"),
    *("first_addition", "first_addition_reason", "value", "origin"),
)


def required_rows(plan: Plan) -> list[Row]:
    """Return required growth, one row an indicator, names included."""
    return [
        {"indicator": name, "of": promise.of, "name_zh": promise.name_zh, **asdict(needed)}
        for name, needed in requirements_of(plan).items()
        for promise in (plan.targets[name],)
    ]


def path_rows(paths: xr.Dataset) -> list[Row]:
    """Return paths, one row an indicator and rate, with the value of each year."""
    return to_rows(paths, ("indicator", "rate"), PATH_COLUMNS)
