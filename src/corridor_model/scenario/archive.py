"""Results of `simulate` in files: written, read, and run again."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model.arguments import holding
from corridor_model.errors import CorridorError
from corridor_model.files import exists, name_of, replacing
from corridor_model.messages import N_
from corridor_model.scenario.dataset import ARCHIVE, long_table, unpack
from corridor_model.scenario.simulate import simulate

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.scenario import Scenario


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

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import corridor_model as cm
    >>> file = Path(tempfile.mkdtemp()) / "result.nc"
    >>> result = cm.simulate(cm.load_plan(), draws=64)
    >>> _ = cm.save_result(result, file)
    >>> bool(rerun(file)["p_reach"].equals(result["p_reach"]))
    True
    """
    plan, scenarios, others = request_of(result)
    return simulate(plan, scenarios, threads=threads, **others)


def request_of(
    result: str | Path | xr.Dataset,
) -> tuple[Plan, tuple[Scenario, ...], dict[str, Any]]:
    """Return what a saved result was asked: the plan, the scenarios, and all other arguments.

    Raises
    ------
    CorridorError
        If it is no result of :func:`corridor_model.simulate`.
    """
    ds = load_result(result) if isinstance(result, str | Path) else result
    if "rerun" not in ds or not {ARCHIVE, "byte"} & {*ds["rerun"].attrs, *ds["rerun"].dims}:
        raise CorridorError(N_("This is no result of simulate: it holds nothing to run again."))
    stored = ds["rerun"]
    if "byte" in stored.dims:  # older files hold it byte by byte
        text = base64.b64encode(stored.values.astype(np.uint8).tobytes()).decode("ascii")
    else:
        text = str(stored.attrs[ARCHIVE])
    return unpack(text)


def save_result(result: xr.Dataset, file: str | Path) -> Path:
    """Write a result: ``.nc`` as netCDF, ``.csv`` or ``.parquet`` as a long table.

    A run that fails leaves no half file. Only netCDF can be run again. Numbers of a CSV file
    are rounded to 10 significant digits, so that no cell shows 0.009999999999999998; the
    other two forms keep every bit.

    Raises
    ------
    CorridorError
        If the ending is another one, or the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import corridor_model as cm
    >>> file = Path(tempfile.mkdtemp()) / "result.nc"
    >>> save_result(cm.simulate(cm.load_plan(), draws=64), file).name
    'result.nc'
    """
    holding("result", result, "Dataset", "data_vars", "to_netcdf")
    path = Path(file)
    if path.suffix not in {".nc", ".csv", ".parquet"}:
        raise CorridorError(
            N_("{file}: a result is written as .nc, .csv or .parquet."), file=path.name
        )
    with replacing(path) as temporary:
        if path.suffix == ".nc":
            result.to_netcdf(temporary, engine="h5netcdf")
        elif path.suffix == ".csv":
            long_table(result).to_csv(
                temporary, index=False, encoding="utf-8-sig", float_format="%.10g"
            )
        else:
            _write_parquet(long_table(result), temporary, path.name)
    return path


def _write_parquet(table: pd.DataFrame, file: Path, name: str) -> None:
    try:
        table.to_parquet(file, index=False)
    except ImportError as error:
        raise CorridorError(
            N_("{file}: parquet needs pyarrow. Install {extra}, or write .csv."),
            file=name,
            extra='"corridor-model[parquet]"',
        ) from error


def load_result(file: str | Path) -> xr.Dataset:
    """Return a result saved as netCDF.

    Raises
    ------
    CorridorError
        If there is no such file, or it is no netCDF.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import corridor_model as cm
    >>> file = Path(tempfile.mkdtemp()) / "result.nc"
    >>> _ = cm.save_result(cm.simulate(cm.load_plan(), draws=64), file)
    >>> "p_reach" in load_result(file)
    True
    """
    import xarray as xr

    from corridor_model.results import Result

    path = Path(file)
    if not exists(path):
        raise CorridorError(N_("There is no file {file}."), file=name_of(path))
    if not path.is_file():  # a pipe, a device, a folder
        raise CorridorError(N_("{file} is not a saved result (netCDF)."), file=path.name)
    try:
        ds: xr.Dataset = xr.load_dataset(path, engine="h5netcdf")
        return Result(ds.data_vars, ds.coords, ds.attrs)
    except (OSError, ValueError) as error:
        raise CorridorError(N_("{file} is not a saved result (netCDF)."), file=path.name) from error
