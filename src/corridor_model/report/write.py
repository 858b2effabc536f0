"""The main job: everything the ground floor has to say, written into one folder."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor_model.files import write_csv
from corridor_model.formatting import plain
from corridor_model.plan.growth_paths import growth_paths
from corridor_model.plan.plan import must_be_plan
from corridor_model.plan.required_growth import COLUMNS, requirement
from corridor_model.plot.paths import paths_figure
from corridor_model.report.workbook import RATES, write_workbook

if TYPE_CHECKING:
    import xarray as xr

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


# Results as plain records, and records as the text of a CSV file; used by cli and report.

Record = Mapping[str, Any]


def required_records(plan: Plan) -> list[Record]:
    """Return required growth, one record an indicator, names included."""
    records: list[Record] = []
    for name, indicator in plan.indicators.items():
        row = requirement(indicator)
        values = {column: getattr(row, column) for column in COLUMNS}
        records.append({"indicator": name, "name_zh": indicator.name_zh, **values})
    return records


def paths_records(paths: xr.Dataset) -> list[Record]:
    """Return paths, one record an indicator and rate, with the value of each year."""
    years = paths["year"].to_numpy()
    arrays = {name: paths[name].to_numpy() for name in paths.data_vars}
    records: list[Record] = []
    for i, indicator in enumerate(paths["indicator"].to_numpy()):
        for r, rate in enumerate(paths["rate"].to_numpy()):
            row: dict[str, Any] = {
                "indicator": str(indicator),
                "kind": str(arrays["kind"][i]),
                "unit": str(arrays["unit"][i]),
                "rate": rate,
                "target": arrays["target"][i],
            }
            for name in ("reached", "year_reached", "required_baseline", "first_addition"):
                row[name] = arrays[name][i, r]
                row[f"{name}_reason"] = str(arrays[f"{name}_reason"][i, r])
            if row["reached_reason"]:
                row["reached"] = None
            row |= {f"value_{year}": arrays["value"][i, r, t] for t, year in enumerate(years)}
            row["origin"] = str(arrays["origin"][i])
            records.append(row)
    return records


def cleaned(value: Any) -> Any:
    """Return what JSON can hold; every kind of missing value becomes None (S7)."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return None
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and math.isnan(value) else value


def text_rows(records: Sequence[Record]) -> Iterator[list[str]]:
    """Yield header and rows as text; a mask is an empty cell."""
    if records:
        yield list(records[0])
    for record in records:
        yield [_cell(cleaned(value)) for value in record.values()]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(value) if isinstance(value, float) else str(value)
