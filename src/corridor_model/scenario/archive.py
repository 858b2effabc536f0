"""Results of `simulate` in files: written, read, and run again.

A file that comes back is not trusted: it may be damaged, changed, or made to point at other
files. What it holds is checked before any of it is believed.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model.arguments import holding
from corridor_model.errors import CorridorError
from corridor_model.files import contents, exists, extra_package, guarded, name_of, replacing
from corridor_model.messages import N_
from corridor_model.scenario.dataset import ARCHIVE, long_table, unpack
from corridor_model.scenario.simulate import simulate

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.scenario import Scenario


MOST = 2**29
"""Bytes that the numbers of a result may have once they are unpacked."""

_DIGEST = "content_digest"
"""The attribute that holds what the rest of a file adds up to."""


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
    holding("result", ds, "Dataset", "data_vars", "attrs")  # else `in` goes through the endless
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
    if path.suffix == ".parquet":
        extra_package("pyarrow")
    with replacing(path) as temporary:
        if path.suffix == ".nc":
            sealed = result.assign_attrs({_DIGEST: _digest(result)})
            temporary.write_bytes(with_checksum(_netcdf(sealed)))
        elif path.suffix == ".csv":
            table = _without_formulas(long_table(result))
            table.to_csv(temporary, index=False, encoding="utf-8-sig", float_format="%.10g")
        else:
            long_table(result).to_parquet(temporary, index=False)
    return path


def _without_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table none of whose texts a spreadsheet takes for a formula."""
    import pandas as pd

    safe = {}
    for name, column in table.items():
        if not pd.api.types.is_numeric_dtype(column):
            texts = {text: guarded(text) for text in column.unique() if isinstance(text, str)}
            safe[str(name)] = column.map(texts, na_action="ignore")
    return table.assign(**safe)


def load_result(file: str | Path) -> xr.Dataset:
    """Return a result saved as netCDF.

    Raises
    ------
    CorridorError
        If there is no such file, it is no netCDF, it was changed since it was written, it
        refers to other files, or it would unpack to more than 512 MiB.

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
    data = contents(path)
    try:
        # a single damaged byte can hang HDF5: the bytes are looked at before it opens them
        if data[-_CHECKSUM:].startswith(_MARK) and with_checksum(data[:-_CHECKSUM]) != data:
            raise _damaged(path)
        _refuse_far_reaching(data, path.name)
        result = xr.load_dataset(io.BytesIO(data), engine="h5netcdf")
        digest = result.attrs.pop(_DIGEST, None)
        changed = digest is not None and digest != _digest(result)
    except (CorridorError, MemoryError):
        raise
    except Exception as error:  # of a damaged file HDF5, h5py and xarray raise whatever they like
        raise CorridorError(N_("{file} is not a saved result (netCDF)."), file=path.name) from error
    if changed:
        raise _damaged(path)
    return Result(result.data_vars, result.coords, result.attrs)


def _damaged(path: Path) -> CorridorError:
    return CorridorError(
        N_("{file} was changed or damaged since it was written. Run the scenarios again."),
        file=path.name,
    )


_MARK = b"\ncorridor-model sha256 "
_CHECKSUM = len(_MARK) + 64 + 1
"""Bytes behind a file, where HDF5 does not look."""


def with_checksum(data: bytes) -> bytes:
    """Return bytes with their checksum behind them.

    Examples
    --------
    >>> len(with_checksum(b"")) == _CHECKSUM
    True
    """
    return data + _MARK + hashlib.sha256(data).hexdigest().encode() + b"\n"


def _netcdf(result: xr.Dataset) -> bytes:
    """Return a result as netCDF, made in memory: HDF5 does not survive a full disk."""
    import h5netcdf
    from xarray.backends import H5NetCDFStore

    buffer = io.BytesIO()
    with h5netcdf.File(buffer, "w") as file:
        result.dump_to_store(H5NetCDFStore(file))
    return buffer.getvalue()


def _refuse_far_reaching(data: bytes, name: str) -> None:
    """Refuse a file whose numbers stand in other files, or are more than any result has.

    HDF5 reads both without a question: the bytes of any file of this machine would be shown as
    numbers, and a few kilobytes can unpack to all of its memory.
    """
    import h5py

    with h5py.File(io.BytesIO(data), "r") as file:
        total = 0
        for dataset in _datasets(file, name):
            if dataset.external or dataset.is_virtual:
                raise CorridorError(N_("{file} refers to other files."), file=name)
            total += dataset.size * dataset.dtype.itemsize
        if total > MOST:
            raise CorridorError(
                N_("{file} would unpack to {size} MiB; the most is {most} MiB."),
                file=name,
                size=total // 2**20,
                most=MOST // 2**20,
            )


def _datasets(group: Any, name: str) -> Iterator[Any]:
    """Yield the datasets of a group of HDF5; links into other files are refused unopened."""
    import h5py

    for key in group:
        if isinstance(group.get(key, getlink=True), h5py.ExternalLink):
            raise CorridorError(N_("{file} refers to other files."), file=name)
        member = group[key]
        if isinstance(member, h5py.Group):
            yield from _datasets(member, name)
        elif isinstance(member, h5py.Dataset):
            yield member


def _digest(result: xr.Dataset) -> str:
    """Return what a result adds up to, the same before it is written and after it is read."""
    total = hashlib.sha256()
    for name in sorted(map(str, result.variables)):
        variable = result[name].variable
        total.update(json.dumps([name, list(map(str, variable.dims)), variable.shape]).encode())
        total.update(_bytes_of(variable.values))
        total.update(_plain_attrs(variable.attrs))
    total.update(_plain_attrs({k: v for k, v in result.attrs.items() if k != _DIGEST}))
    return total.hexdigest()


def _bytes_of(values: Any) -> bytes:
    array = np.asarray(values)
    wide = {"f": "<f8", "i": "<i8", "u": "<i8", "b": "<i8"}.get(array.dtype.kind)
    if wide is not None:
        return np.ascontiguousarray(array, dtype=wide).tobytes()
    return json.dumps([str(value) for value in array.ravel().tolist()]).encode()


def _plain_attrs(attrs: Any) -> bytes:
    plain = {str(k): np.asarray(v).ravel().tolist() for k, v in attrs.items()}
    return json.dumps(plain, sort_keys=True, default=str).encode()
