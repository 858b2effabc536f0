"""Every reader as a function of bytes, for fuzzers and for what they once found.

The bytes are a whole file, or a part of a sound one that a fuzzer reaches the depths by: a table
of a plan's folder, a part of a workbook, the body of an entry whose seal is right. The first
byte says which.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import xarray as xr

import corridor_model as cm
from corridor_model.observations.ledger import sealed
from corridor_model.observations.store import Store
from tests.helpers.paths import BASE_PLAN, ROOT

FIGURES = ROOT / "tests/accepted_observations"
SHEETS = ("xl/worksheets/sheet", "xl/sharedStrings", "xl/styles", "xl/workbook")


@cache
def base_tables() -> tuple[tuple[str, bytes], ...]:
    return tuple((file.name, file.read_bytes()) for file in sorted(BASE_PLAN.glob("*.csv")))


def plan_folder(data: bytes, home: Path) -> None:
    tables = base_tables()
    folder = home / "plan"
    folder.mkdir(exist_ok=True)
    for name, text in tables:
        (folder / name).write_bytes(text)
    if data:
        (folder / tables[data[0] % len(tables)][0]).write_bytes(data[1:])
    cm.load_plan(folder)


def parts_of(book: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(book) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def plan_book() -> tuple[dict[str, bytes], tuple[str, ...]]:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "plan.xlsx"
        cm.load_plan(BASE_PLAN).to_workbook(file)
        return _with_sheets(parts_of(file))


@cache
def figure_book() -> tuple[dict[str, bytes], tuple[str, ...]]:
    return _with_sheets(parts_of(FIGURES / "wps.xlsx"))


def _with_sheets(parts: dict[str, bytes]) -> tuple[dict[str, bytes], tuple[str, ...]]:
    return parts, tuple(sorted(name for name in parts if name.startswith(SHEETS)))


def _book(whole: tuple[dict[str, bytes], tuple[str, ...]], data: bytes, file: Path) -> Path:
    parts, names = whole
    if data and data[0] == 255:  # the archive itself
        file.write_bytes(data[1:])
        return file
    changed = names[data[0] % len(names)] if data else ""
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, data[1:] if name == changed else text)
    return file


def plan_workbook(data: bytes, home: Path) -> None:
    cm.load_plan(_book(plan_book(), data, home / "plan.xlsx"))


def figures_workbook(data: bytes, home: Path) -> None:
    cm.load_observations(_book(figure_book(), data, home / "figures.xlsx"))


def figures_text(data: bytes, home: Path) -> None:
    (home / "figures.csv").write_bytes(data)
    cm.load_observations(home / "figures.csv")


def scenarios(data: bytes, home: Path) -> None:
    (home / "s.toml").write_bytes(data)
    cm.load_scenarios(home / "s.toml")


def results(data: bytes, home: Path) -> None:
    """A sound file in which a text or the numbers of a result are others, or a foreign file.

    HDF5 itself is not ours to fuzz: no damaged file passes the checksum before it.
    """
    file = home / "r.nc"
    if data[:1] >= b"\x80":
        if not data[1:].startswith(b"\x89HDF"):
            file.write_bytes(data[1:])
            cm.load_result(file)
        return
    result = base_result().copy()
    places = [*result.attrs, *result.variables]
    name = places[data[0] % len(places)] if data else places[0]
    if name in result.attrs:
        result.attrs[name] = data[1:].decode("utf-8", "replace").replace("\0", "")
    else:
        there = result[name]
        if there.dtype.kind in "iuf":
            letters = np.resize(np.frombuffer(data[1:] or b"\0", dtype="u1"), there.nbytes)
            values = letters.view(there.dtype).reshape(there.shape)
        elif there.dtype.kind in "OU":
            words = data[1:].decode("utf-8", "replace").replace("\0", "").split("\n")
            values = np.resize(np.array(words, dtype=object), there.shape)
        else:
            return
        result = result.assign({name: (there.dims, values, there.attrs)})
    cm.save_result(result, file)
    cm.load_result(file)


def request(data: bytes, home: Path) -> None:
    """What a result was asked with, in a result that is otherwise sound."""
    import base64
    import zlib

    from corridor_model.scenario.dataset import unpack

    unpack(base64.b64encode(zlib.compress(data)).decode("ascii"))


@cache
def base_result() -> xr.Dataset:
    return cm.simulate(cm.load_plan(BASE_PLAN), draws=16)


@cache
def base_store() -> bytes:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.store"
        Store(file).append(
            [{"indicator": "gdp", "period": "2020", "value": 467.7}], date="2022-03-01"
        )
        return file.read_bytes()


def store(data: bytes, home: Path) -> None:
    """A file, or the body of an entry with the right seal."""
    file = home / "a.store"
    if data[:1] < b"\x40":
        file.write_bytes(data[1:])
        cm.load_observations(file)
        return
    file.write_bytes(base_store())
    kind = ("figure", "remark", "withdrawal", "work", "task")[data[0] % 5]
    body = data[1:].decode("utf-8", "replace")
    db = sqlite3.connect(file)
    try:
        (before,) = db.execute("SELECT seal FROM entries ORDER BY number DESC LIMIT 1").fetchone()
        entered = "2022-03-02T00:00:00+00:00"
        row = (2, entered, kind, body, sealed(_text(before), 2, entered, kind, body))
        db.execute("INSERT INTO entries VALUES (?, ?, ?, ?, ?)", row)
        db.commit()
    except sqlite3.Error:
        return  # nothing that the tables take
    finally:
        db.close()
    cm.load_observations(file)


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


READERS: dict[str, Callable[[bytes, Path], None]] = {
    one.__name__: one
    for one in (
        *(plan_folder, plan_workbook, figures_text, figures_workbook),
        *(scenarios, results, request, store),
    )
}


def seeds(name: str) -> Iterator[bytes]:
    """Sound inputs of a reader, for a fuzzer to begin with."""
    if name == "plan_folder":
        yield from (bytes([i]) + text for i, (_, text) in enumerate(base_tables()))
    elif name in {"plan_workbook", "figures_workbook"}:
        parts, names = plan_book() if name == "plan_workbook" else figure_book()
        yield from (bytes([i]) + parts[part] for i, part in enumerate(names))
    elif name == "figures_text":
        yield (ROOT / "data/example/observations.csv").read_bytes()[:3000]
        for file in sorted(FIGURES.iterdir()):
            if file.suffix in {".csv", ".txt"} and file.stat().st_size < 20_000:
                yield file.read_bytes()
    elif name == "scenarios":
        for file in sorted((ROOT / "data/longwan/scenarios").glob("*.toml")):
            yield file.read_bytes()
    elif name == "results":
        yield from (bytes([i]) + b"gdp" for i in range(len(base_result().attrs)))
        yield b"\x80CDF\x01"
    elif name == "request":
        from corridor_model.scenario.archive import request_of  # noqa: F401

        yield base_request()
    else:
        yield b"\x00" + base_store()
        bodies = (
            {"indicator": "gdp", "period": "2021", "value": 2.0, "unit": "", "known": "2022-03-02"},
            {"text": "because", "withdraws": 1},
            {"id": "a", "status": "done", "period": "2021-09"},
        )
        yield from (bytes([0x40 + i]) + json.dumps(b).encode() for i, b in enumerate(bodies))


@cache
def base_request() -> bytes:
    import base64
    import zlib

    from corridor_model.scenario.dataset import ARCHIVE

    return zlib.decompress(base64.b64decode(base_result()["rerun"].attrs[ARCHIVE]))


def clear(home: Path) -> None:
    for one in home.iterdir():
        shutil.rmtree(one) if one.is_dir() else one.unlink()
