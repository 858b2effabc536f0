"""The main job: everything the ground floor has to say, written into one folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corridor_model.plan.given import must_be_plan
from corridor_model.plan.growth_paths import growth_paths
from corridor_model.report.figure import paths_figure
from corridor_model.report.tables import paths_records, required_records, text_rows
from corridor_model.report.workbook import RATES, write_workbook
from corridor_model.writing import write_csv

if TYPE_CHECKING:
    from corridor_model.plan.plan import Plan


def write_report(
    plan: Plan, out: str | Path = "out", *, rates: Sequence[float] = RATES, lang: str = "zh"
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
    lang : {"zh", "en"}
        Language of workbook and figure.

    Returns
    -------
    dict of str to pathlib.Path
        ``required`` (CSV), ``paths`` (CSV), ``workbook`` (xlsx) and ``figure`` (png).

    Raises
    ------
    CorridorError
        If a file cannot be written.
    """
    must_be_plan(plan)
    folder = Path(out)
    files = {
        "required": folder / "required.csv",
        "paths": folder / "paths.csv",
        "workbook": folder / "required.xlsx",
        "figure": folder / "paths.png",
    }
    write_csv(files["required"], text_rows(required_records(plan)), bom=True)
    write_csv(files["paths"], text_rows(paths_records(growth_paths(plan, rates))), bom=True)
    write_workbook(plan, files["workbook"], rates=rates, lang=lang)
    paths_figure(plan, files["figure"], rates=rates, lang=lang)
    return files
