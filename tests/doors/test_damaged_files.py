"""Every reader answers a damaged file with a valid object or a CorridorError, in seconds.

Real files of every kind, mutated: bytes flipped, cut out, doubled, put in; cells swapped for odd
ones. `make slow` tries a fixed few, `make fuzz` many; what once failed is listed by its seed or
its bytes.
"""

from __future__ import annotations

import random
import shutil
import warnings
import zipfile
from pathlib import Path

import pytest
from tests.helpers.odd_calls import TooLongError, time_limit
from tests.helpers.paths import BASE_PLAN, ROOT

import corridor_model as cm
from corridor_model.observations.store import Store
from corridor_model.scenario.archive import _CHECKSUM, with_checksum

SECONDS = 20
"""Five on a quiet machine."""
ODD = (
    b"", b'"', b",", b"\n", b"\r", b"\0", b"\xff", b"\xef\xbb\xbf", b"=1+1", b"9" * 400, b"1e999",
    b"NaN", b"inf", b"-0", b"../../x", b"2021-13", b"99999999", b"True", b"\xe2\x80\xae", b"'",
    b"[[", b"]]", b"<!", b"&#0;", b"\t", b";" * 40, b"12,5", b"0x10", "２０２１".encode(), b"#REF!",
)  # fmt: skip


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Bytes with one to four places changed."""
    text = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(text) + 1)
        kind = rng.randrange(6)
        if kind == 0 and at < len(text):
            text[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            del text[at : at + rng.randint(1, 60)]
        elif kind == 2:
            text[at:at] = text[at : at + rng.randint(1, 200)]
        elif kind == 3:
            text[at:at] = rng.choice(ODD)
        elif kind == 4:
            del text[at + rng.randrange(max(1, len(text) - at)) :]
        else:  # a cell, as far as commas, quotes and angles tell
            ends = [i for i in range(at, min(at + 200, len(text))) if text[i] in b',"<>\n= ']
            if len(ends) > 1:
                text[ends[0] + 1 : ends[1]] = rng.choice(ODD)
    return bytes(text)


def in_archive(data: Path, rng: random.Random, out: Path) -> None:
    """Write a workbook one part of which is mutated."""
    with zipfile.ZipFile(data) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    name = rng.choice([n for n in sorted(parts) if "theme" not in n and "docProps" not in n])
    parts[name] = mutated(parts[name], rng)
    with zipfile.ZipFile(out, "w") as book:
        for part, text in parts.items():
            book.writestr(part, text)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """One sound file of each kind."""
    home = tmp_path_factory.mktemp("whole")
    plan = cm.load_plan(BASE_PLAN)
    plan.to_workbook(home / "plan.xlsx")
    shutil.copy(ROOT / "data/example/observations.csv", home / "figures.csv")
    shutil.copy(ROOT / "tests/accepted_observations/wps.xlsx", home / "figures.xlsx")
    shutil.copy(
        next(iter(sorted((ROOT / "data/longwan/scenarios").glob("*.toml")))), home / "s.toml"
    )
    cm.save_result(cm.simulate(plan, draws=16), home / "result.nc")
    figures = [
        {"indicator": "gdp", "period": "2020", "value": 467.7},
        {"indicator": "gdp", "period": "2021", "value": 520.0},
    ]
    Store(home / "figures.store").append(figures, date="2022-03-01")
    return home


def plan_folder(whole, rng, home):
    folder = home / "plan"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(BASE_PLAN, folder)
    file = rng.choice(sorted(folder.glob("*.csv")))
    file.write_bytes(mutated(file.read_bytes(), rng))
    return cm.load_plan(folder)


def plan_workbook(whole, rng, home):
    in_archive(whole / "plan.xlsx", rng, home / "plan.xlsx")
    return cm.load_plan(home / "plan.xlsx")


def figures_text(whole, rng, home):
    (home / "f.csv").write_bytes(mutated((whole / "figures.csv").read_bytes(), rng))
    return cm.load_observations(home / "f.csv")


def figures_workbook(whole, rng, home):
    in_archive(whole / "figures.xlsx", rng, home / "f.xlsx")
    return cm.load_observations(home / "f.xlsx")


def scenarios(whole, rng, home):
    (home / "s.toml").write_bytes(mutated((whole / "s.toml").read_bytes(), rng))
    return cm.load_scenarios(home / "s.toml")


def results(whole, rng, home):
    body = (whole / "result.nc").read_bytes()
    hurt = mutated(body, rng)
    if rng.random() < 0.5:  # as one who knows the checksum; in texts, since HDF5 itself can hang
        text = body[:-_CHECKSUM].replace(b"units", rng.choice([b"unitz", b"\0\0\0\0\0"]), 1)
        hurt = with_checksum(text)
    (home / "r.nc").write_bytes(hurt)
    return cm.load_result(home / "r.nc")


def store(whole, rng, home):
    (home / "f.store").write_bytes(mutated((whole / "figures.store").read_bytes(), rng))
    return cm.load_observations(home / "f.store")


READERS = {
    one.__name__: one
    for one in (
        *(plan_folder, plan_workbook, figures_text, figures_workbook),
        *(scenarios, results, store),
    )
}


def answer(reader, whole, seed, home):
    """What was wrong with an answer to one damaged file; nothing where nothing was."""
    try:
        with warnings.catch_warnings(), time_limit(SECONDS):
            warnings.simplefilter("ignore")
            READERS[reader](whole, random.Random(f"{reader} {seed}"), home)
    except cm.CorridorError as error:
        if not (error.text("en") and error.text("zh")) or len(error.text("en")) > 100_000:
            return f"{seed}: an error without words, or with a book of them"
    except (Exception, TooLongError) as error:
        return f"{seed}: {type(error).__name__}: {str(error)[:200]}"
    return ""


def wrong(reader, whole, seeds, home):
    return [text for seed in seeds if (text := answer(reader, whole, seed, home))]


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
def test_a_damaged_file_is_read_or_refused_in_words(reader, whole, tmp_path):
    assert wrong(reader, whole, range(60), tmp_path) == []


@pytest.mark.fuzz
@pytest.mark.parametrize("block", range(5))
@pytest.mark.parametrize("reader", READERS)
def test_many_damaged_files(reader, block, whole, tmp_path):
    assert wrong(reader, whole, range(1000 + 400 * block, 1400 + 400 * block), tmp_path) == []
