"""What coverage led a fuzzer to, read again: a valid object or a CorridorError, in seconds.

`make fuzz-coverage` looks for more; what it keeps, and what once did harm, stands in
tests/data/fuzz.
"""

from __future__ import annotations

import tracemalloc
import warnings
from pathlib import Path

import pytest
from tests.helpers.odd_calls import time_limit
from tests.helpers.paths import ROOT
from tests.helpers.readers import READERS, seeds

import corridor_model as cm

CORPUS = ROOT / "tests/data/fuzz"
SECONDS, BYTES = 20, 2**30
"""Five seconds on a quiet machine; one GiB."""


def inputs(name: str) -> list[tuple[str, bytes]]:
    kept = [(file.name, file.read_bytes()) for file in sorted((CORPUS / name).glob("*"))]
    return kept + [(f"seed {i}", data) for i, data in enumerate(seeds(name))]


def refused(name: str, data: bytes, home: Path) -> cm.CorridorError | None:
    try:
        READERS[name](data, home)
    except cm.CorridorError as error:
        return error
    return None


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("name", READERS)
def test_what_a_fuzzer_kept_is_read_or_refused_in_words(name: str, tmp_path: Path):
    every = inputs(name)
    assert len(every) > 1
    tracemalloc.start()
    try:
        for title, data in every:
            tracemalloc.reset_peak()
            with warnings.catch_warnings(), time_limit(SECONDS):
                warnings.simplefilter("ignore")
                refusal = refused(name, data, tmp_path)
            assert refusal is None or (refusal.text("en") and refusal.text("zh")), title
            assert tracemalloc.get_traced_memory()[1] < BYTES, title
    finally:
        tracemalloc.stop()


def test_a_seed_of_each_reader_is_sound(tmp_path: Path):
    """Else a fuzzer would begin with refusals and learn nothing."""
    for name in ("figures_text", "scenarios", "request"):
        READERS[name](next(iter(seeds(name))), tmp_path)
