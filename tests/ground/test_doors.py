"""Every door that takes a file: pipes, devices, impossible names and old formats, in words."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.helpers.versions import posix

import corridor_model as cm
from corridor_model import files
from corridor_model.cli import main
from corridor_model.errors import CorridorError
from corridor_model.observations.load import load_observations
from corridor_model.observations.reports import load_table
from corridor_model.scenario.archive import load_result
from corridor_model.scenario.read_toml import load_scenarios

DOORS = {
    "observations": load_observations,
    "works": lambda path: load_table(path, "work_reports"),
    "plan": cm.load_plan,
    "baselines": lambda path: cm.load_plan(baselines=path),
    "scenarios": load_scenarios,
    "result": load_result,
}
COMMANDS = (
    "required --plan",
    "required --baselines",
    "assess --observations",
    "observe add",
    "observe list --store",
    "simulate",
    "choose --benefit",
    "validate",
)


@contextmanager
def in_time(seconds=20):
    """Fail where a door waits for ever."""

    def ring(*_):
        raise TimeoutError

    former = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, former)


def odd_names(folder):
    """Return paths of what is no file, or no name."""
    for ending in (".csv", ".xlsx", ".toml", ".nc", ".store"):
        os.mkfifo(folder / f"pipe{ending}")
        (folder / f"device{ending}").symlink_to("/dev/zero")
        (folder / f"folder{ending}").mkdir()
    for ending in (".csv", ".xlsx", ".toml", ".nc", ".store", ""):
        yield from (folder / f"{stem}{ending}" for stem in ("a\0b", "长" * 5000, "nowhere"))
        if ending:
            yield from (folder / f"{stem}{ending}" for stem in ("pipe", "device"))


pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")


@posix
@pytest.mark.uncounted
@pytest.mark.parametrize("door", DOORS)
def test_what_is_no_file_is_refused_in_words(tmp_path, door):
    for path in odd_names(tmp_path):
        for name in (path, str(path)):
            with in_time(), pytest.raises(CorridorError) as caught:
                DOORS[door](name)
            for lang in ("en", "zh"):
                assert 0 < len(caught.value.text(lang)) < 1000


@posix
@pytest.mark.parametrize("command", COMMANDS)
def test_commands_refuse_it_too(tmp_path, command, capsys):
    for path in odd_names(tmp_path):
        if "\0" in str(path) and not command.startswith("observe"):
            continue
        with in_time():
            if main([*command.split(), str(path), "--lang", "zh"]) == 0:
                assert "nowhere" in path.name or "\0" in path.name or len(path.name) > 255
        assert len(capsys.readouterr().err) < 7_000


@posix
def test_a_pipe_among_the_tables_of_a_plan(tmp_path):
    os.mkfifo(tmp_path / "targets.csv")
    with in_time(), pytest.raises(CorridorError, match="is no file"):
        cm.load_plan(tmp_path)


def test_a_file_of_gigabytes(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LARGEST_FILE", 1_000_000)
    file = tmp_path / "month.csv"
    with file.open("wb") as sparse:
        sparse.truncate(10**12)
    with pytest.raises(CorridorError, match="larger than 1 MB"):
        load_observations(file)


def test_contents(tmp_path):
    file = tmp_path / "month.csv"
    file.write_bytes(b"a\r\nb")
    assert files.contents(file) == b"a\r\nb"
    assert files.exists(file)
    assert not files.exists(Path("a\0b"))
    assert not files.exists(Path("a" * 5000))
    assert len(files.name_of("长" * 5000 + ".csv")) < 130


FORMATS = {
    "9月.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xlsx"),
    "9月.et": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xlsx"),
    "9月.docx": (b"PK\x03\x04", "文字文档"),
    "9月.DOC": (b"\xd0\xcf\x11\xe0", "文字文档"),
    "9月.wps": (b"\xd0\xcf\x11\xe0", "文字文档"),
    "9月.pdf": (b"%PDF-1.7\n", "打印页"),
    "9月.csv": (b"%PDF-1.7\n", "打印页"),
    "9月.jpg": (b"\xff\xd8\xff\xe0", "图片"),
    "9月.png": (b"\x89PNG\r\n", "图片"),
    "9月.zip": (b"PK\x03\x04", "压缩包"),
    "9月.ods": (b"PK\x03\x04", "另存为xlsx"),
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("door", [door for door in DOORS if door != "result"])
def test_one_clear_refusal_with_the_way_out(tmp_path, door, name):
    data, word = FORMATS[name]
    (tmp_path / name).write_bytes(data)
    if door == "plan" and name.endswith(".csv"):
        return  # a plan is a folder or a workbook, whatever this file holds
    with pytest.raises(CorridorError) as caught:
        DOORS[door](tmp_path / name)
    assert word in caught.value.text("zh")
    assert "\n" not in caught.value.text("zh")
    assert caught.value.problems[0].remedy


@pytest.mark.parametrize("command", ["assess --observations", "observe add", "validate"])
def test_the_command_says_so_once(tmp_path, command, capsys):
    file = tmp_path / "9月.pdf"
    file.write_bytes(b"%PDF-1.7")
    assert main([*command.split(), str(file), "--lang", "zh"]) == 1
    assert capsys.readouterr().err.count("打印页") == 1
