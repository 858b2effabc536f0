"""What a saved result needs to be run again: plan, observations, scenarios, settings."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corridor_model.errors import CorridorError
from corridor_model.observations.model import Observations, Remark
from corridor_model.plan.plan import Plan
from corridor_model.plan.schema import TABLES
from corridor_model.plan.table import Table, from_rows
from corridor_model.scenario.language.model import Scenario
from corridor_model.scenario.language.toml import scenarios_from_toml
from corridor_model.scenario.language.toml_writing import scenarios_to_toml
from corridor_model.writing import replacing

if TYPE_CHECKING:
    import xarray as xr

Bytes = NDArray[np.uint8]


def packed(
    plan: Plan, scenarios: list[Scenario], request: dict[str, Any], asked: dict[str, Any]
) -> Bytes:
    """Return everything a run was given, as bytes."""
    correlation, observations = asked["correlation"], asked["observations"]
    if correlation is not None and hasattr(correlation, "loc"):
        correlation = {
            "names": [str(name) for name in correlation.index],
            "columns": [str(name) for name in correlation.columns],
            "values": np.asarray(correlation, dtype=np.float64).tolist(),
        }
    told = {
        "plan": {name: list(table.rows()) for name, table in plan.tables.items()},
        "example": plan.example,
        "observations": None if observations is None else list(observations.table.rows()),
        "remarks": [] if observations is None else [asdict(r) for r in observations.remarks],
        "as_of": asked["as_of"],
        "known_by": asked["known_by"],
        "scenarios": scenarios_to_toml(scenarios),
        "correlation": correlation,
        **request,
    }
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return np.frombuffer(zlib.compress(text.encode(), 9), dtype=np.uint8).copy()


def _table(name: str, rows: list[dict[str, Any]]) -> Table:
    lists = {column.name for column in TABLES[name].columns if column.type == "list"}
    typed = [{k: tuple(v) if k in lists else v for k, v in row.items()} for row in rows]
    return from_rows(name, typed)


def rerun(result: str | Path | xr.Dataset, threads: int | None = None) -> xr.Dataset:
    """Run a saved result again, bit for bit on the same versions.

    Parameters
    ----------
    result : str, Path or Dataset
        A netCDF file written by :func:`save_result` or ``corridor simulate``, or the Dataset.
    threads : int, optional
        Changes nothing but the time.

    Raises
    ------
    CorridorError
        If it is no result of :func:`corridor_model.simulate`.
    """
    from corridor_model.scenario.simulate import simulate

    held = load_result(result) if isinstance(result, (str, Path)) else result
    if "rerun" not in held:
        raise CorridorError(
            "This is no result of simulate: it holds nothing to run again.",
            "这不是情景模拟的结果，没有可以重算的内容。",
        )
    told = json.loads(zlib.decompress(held["rerun"].values.astype(np.uint8).tobytes()))
    tables = {name: _table(name, rows) for name, rows in told["plan"].items()}
    rows, remarks = told["observations"], tuple(Remark(**row) for row in told["remarks"])
    correlation = told["correlation"]
    if isinstance(correlation, dict):
        import pandas as pd

        correlation = pd.DataFrame(
            correlation["values"], index=correlation["names"], columns=correlation["columns"]
        )
    return simulate(
        Plan(tables, told["example"]),
        scenarios_from_toml(told["scenarios"]),
        None if rows is None else Observations(_table("observations", rows), remarks),
        told["draws"],
        told["seed"],
        told["quantiles"],
        threads,
        correlation=correlation,
        as_of=told["as_of"],
        known_by=told["known_by"],
    )


def save_result(result: xr.Dataset, file: str | Path) -> Path:
    """Write a result: ``.nc`` as netCDF, ``.csv`` or ``.parquet`` as a long table.

    A run that fails leaves no half file. Only netCDF can be run again.

    Raises
    ------
    CorridorError
        If the ending is another one, or the file cannot be written.
    """
    from corridor_model.scenario.tables import long_table

    path = Path(file)
    if path.suffix not in {".nc", ".csv", ".parquet"}:
        raise CorridorError(
            f"{path.name}: a result is written as .nc, .csv or .parquet.",
            f"{path.name}：结果只能存为.nc、.csv或.parquet。",
        )
    with replacing(path) as temporary:
        if path.suffix == ".nc":
            result.to_netcdf(temporary, engine="h5netcdf")
        elif path.suffix == ".csv":
            long_table(result).to_csv(temporary, index=False, encoding="utf-8-sig")
        else:
            long_table(result).to_parquet(temporary, index=False)
    return path


def load_result(file: str | Path) -> xr.Dataset:
    """Return a result saved as netCDF.

    Raises
    ------
    CorridorError
        If there is no such file, or it is no netCDF.
    """
    import xarray as xr

    path = Path(file)
    if not path.is_file():
        raise CorridorError(f"There is no file {path.name}.", f"没有文件{path.name}。")
    try:
        return xr.load_dataset(path, engine="h5netcdf")
    except (OSError, ValueError) as error:
        raise CorridorError(
            f"{path.name} is not a saved result (netCDF).",
            f"{path.name}不是保存的模拟结果（netCDF）。",
        ) from error
