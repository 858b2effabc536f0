"""Figures in are figures taken and skipped, whatever the layout (S22)."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.helpers.bulletins import (
    NAMES,
    beside,
    by_period,
    layouts,
    long,
    page,
    without_doubles,
    write,
)

from corridor_model.observations.load import load_observations


def account(pages, file, small):
    """Hold what is read of a bulletin against what was written into it."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loaded = load_observations(write(pages, file), small)
    table = loaded.table
    names = ("indicator", "period", "measure")
    keys = zip(*(table[name] for name in names), strict=True)
    values = dict(zip(keys, table["value"], strict=True))
    report = loaded.report
    fates = {
        (sheet, cell): fate
        for sheet, cell, fate in zip(report.sheet, report.cell, report.fate, strict=True)
    }
    taken = 0
    for sheet in pages:
        title = sheet.title if file.suffix == ".xlsx" else ""
        for cell, meaning in sheet.figures.items():
            fate = fates.get((title, cell))
            assert fate is not None, (cell, meaning, sheet.rows)
            if meaning is None:
                assert fate == "skipped", (cell, sheet.rows)
                continue
            assert fate == "taken", (cell, meaning, sheet.rows)
            assert values[meaning[:3]] == pytest.approx(meaning[3], rel=1e-12, abs=0), cell
            taken += 1
    assert taken == len(table)
    figures = sum(len(sheet.figures) for sheet in pages)
    assert figures <= len(table) + (report.fate == "skipped").sum()


@pytest.mark.uncounted
@pytest.mark.parametrize(("name", "pages"), layouts(), ids=[name for name, _ in layouts()])
def test_twenty_layouts_are_read_back(small, tmp_path, name, pages):
    account(pages, tmp_path / f"{name}.xlsx", small)


@pytest.mark.uncounted
@settings(max_examples=60)
@given(st.randoms(use_true_random=False), st.booleans())
def test_random_layouts_are_read_back(small, tmp_path_factory, rng, as_csv):
    names = rng.sample(list(NAMES), rng.randint(1, 5))
    content = without_doubles(page(rng, names))
    as_csv = as_csv and not content.merged
    file = tmp_path_factory.mktemp("page") / ("file.csv" if as_csv else "file.xlsx")
    account([content], file, small)


@pytest.mark.uncounted
@pytest.mark.parametrize("maker", [beside, by_period, long])
@pytest.mark.parametrize("seed", range(4))
def test_other_shapes_are_read_back(small, tmp_path, maker, seed):
    account([maker(random.Random(seed))], tmp_path / "file.xlsx", small)
