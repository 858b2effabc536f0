"""A saved result that comes back is checked before it is believed."""

from __future__ import annotations

import base64
import json
import random
import zlib

import h5py
import numpy as np
import pytest
import xarray as xr

import corridor_model as cm
from corridor_model.scenario import dataset
from corridor_model.scenario.archive import request_of

PLAN, FIGURES = cm.load_plan(example=True), cm.example_observations()


@pytest.fixture(scope="module")
def result():
    return cm.simulate(PLAN, cm.Scenario("late", cm.Delay(all=True, months=6)), FIGURES, draws=64)


@pytest.fixture(scope="module")
def file(result, tmp_path_factory):
    return cm.save_result(result, tmp_path_factory.mktemp("saved") / "result.nc")


@pytest.mark.uncounted
def test_it_comes_back_whole(result, file):
    assert cm.load_result(file).identical(result)


@pytest.mark.slow
def test_damaged_bytes_are_refused_in_words_or_do_no_harm(result, file, tmp_path):
    """One byte, several, or an end torn off; HDF5 itself overlooks most of them."""
    rng, whole, refused = random.Random(0), file.read_bytes(), 0
    for _ in range(40):
        damaged = bytearray(whole)
        for _ in range(rng.choice([1, 1, 4, 20])):
            damaged[rng.randrange(len(damaged))] ^= rng.randrange(1, 256)
        if rng.random() < 0.2:
            damaged = damaged[: rng.randrange(len(damaged))]
        (tmp_path / "damaged.nc").write_bytes(damaged)
        try:
            assert cm.load_result(tmp_path / "damaged.nc").identical(result)
        except cm.CorridorError as error:
            refused += "damaged.nc" in str(error)
    assert refused > 20


def test_a_changed_number_is_seen(file, tmp_path):
    changed = xr.load_dataset(file, engine="h5netcdf")
    changed["p_reach"] = changed["p_reach"].fillna(0.5)
    changed.to_netcdf(tmp_path / "better.nc", engine="h5netcdf")
    with pytest.raises(cm.CorridorError, match="was changed or damaged"):
        cm.load_result(tmp_path / "better.nc")


@pytest.mark.uncounted
def test_files_of_former_versions_have_no_digest_and_are_read(file, tmp_path):
    old = xr.load_dataset(file, engine="h5netcdf")
    del old.attrs["content_digest"]
    old.to_netcdf(tmp_path / "old.nc", engine="h5netcdf")
    assert "p_reach" in cm.load_result(tmp_path / "old.nc")


def test_bytes_of_other_files_are_never_shown(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("0123456789")
    with h5py.File(tmp_path / "stored_outside.nc", "w") as made:
        made.create_dataset("x", shape=(10,), dtype="u1", external=[(str(secret), 0, 10)])
    with h5py.File(tmp_path / "inner.nc", "w") as made:
        made["x"] = np.arange(3.0)
    with h5py.File(tmp_path / "linked.nc", "w") as made:
        made.create_group("inside")["x"] = h5py.ExternalLink(str(tmp_path / "inner.nc"), "x")
    layout = h5py.VirtualLayout(shape=(3,), dtype="f8")
    layout[:] = h5py.VirtualSource(str(tmp_path / "inner.nc"), "x", shape=(3,))
    with h5py.File(tmp_path / "virtual.nc", "w") as made:
        made.create_virtual_dataset("x", layout)
    for name in ("stored_outside", "linked", "virtual"):
        with pytest.raises(cm.CorridorError, match="refers to other files"):
            cm.load_result(tmp_path / f"{name}.nc")


def test_few_bytes_that_unpack_to_many_are_refused(tmp_path):
    with h5py.File(tmp_path / "bomb.nc", "w") as made:
        made.create_dataset("x", shape=(10**10,), dtype="f8", chunks=(10**6,), compression="gzip")
    with pytest.raises(cm.CorridorError, match="would unpack to 76293 MiB"):
        cm.load_result(tmp_path / "bomb.nc")


def asked_with(result, change):
    """The result with another request in it, as one who knows the format could write it."""
    text = result["rerun"].attrs[dataset.ARCHIVE]
    content = json.loads(zlib.decompress(base64.b64decode(text)))
    change(content)
    packed = base64.b64encode(zlib.compress(json.dumps(content).encode())).decode()
    other = result.copy()
    other["rerun"] = other["rerun"].assign_attrs({dataset.ARCHIVE: packed})
    return other


def first_figure(**cells):
    return lambda content: content["observations"][0].update(cells)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (first_figure(value=float("nan")), "is not a number"),
        (first_figure(value=float("inf")), "is not a number"),
        (first_figure(value=True), "is not a number"),
        (first_figure(bound="about"), "is not one of the allowed words"),
        (lambda content: content["plan"]["targets"][0].update(year="soon"), "year"),
        (lambda content: content["plan"]["targets"][0].update(indicator="nobody"), "nobody"),
        (lambda content: content["plan"]["indicators"].append({}), "id"),
        (lambda content: content.update(draws=10**9), "draws"),
        (lambda content: content.update(draws="many"), "draws"),
        (lambda content: content.update(scenarios="[[scenario]"), "TOML"),
        (lambda content: content.pop("scenarios"), "damaged"),
        (lambda content: content.update(plan=3), "damaged"),
    ],
)
def test_what_a_run_was_asked_with_is_checked_like_a_file(result, change, words):
    with pytest.raises(cm.CorridorError, match=words):
        cm.rerun(asked_with(result, change))


def test_a_request_that_unpacks_without_end_is_refused(result, monkeypatch):
    monkeypatch.setattr(dataset, "MOST", 1_000)
    with pytest.raises(cm.CorridorError, match="is damaged"):
        request_of(result)


def test_texts_that_are_no_archive_are_refused(result):
    for text in ("", "not base64!", base64.b64encode(b"not zlib").decode()):
        other = result.copy()
        other["rerun"] = other["rerun"].assign_attrs({dataset.ARCHIVE: text})
        with pytest.raises(cm.CorridorError, match="is damaged"):
            cm.rerun(other)


@pytest.mark.parametrize("place", [0.0, 0.01, 0.3, 0.5, 0.9, 0.999])
def test_a_damaged_byte_is_said_before_hdf5_sees_it(file, tmp_path, monkeypatch, place):
    hurt = bytearray(file.read_bytes())
    hurt[int(place * (len(hurt) - 90))] ^= 1
    (tmp_path / "r.nc").write_bytes(hurt)
    monkeypatch.setattr("xarray.load_dataset", None)
    with pytest.raises(cm.CorridorError, match="r.nc was changed or damaged"):
        cm.load_result(tmp_path / "r.nc")


@pytest.mark.uncounted
def test_no_library_writes_to_the_disk(result, tmp_path, monkeypatch):
    """HDF5 crashes on a full one: what it makes is whole before a byte is written."""

    def full(self, data):
        raise OSError(28, "No space left on device")

    (tmp_path / "r.nc").write_bytes(b"old")
    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(cm.CorridorError, match="No space left on device"):
        cm.save_result(result, tmp_path / "r.nc")
    assert [one.name for one in tmp_path.iterdir()] == ["r.nc"]
    assert (tmp_path / "r.nc").read_bytes() == b"old"
