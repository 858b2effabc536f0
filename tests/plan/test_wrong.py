"""Wrong plans, one mistake each: what the message must say, in both languages.

A folder of tests/wrong_plans holds the files in which its plan differs from ``base``, and
``expect.toml`` with the words. A workbook in it is the whole plan.
"""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from corridor_model.errors import CorridorError, PlanError
from corridor_model.plan.load import load_plan

HOME = Path(__file__).parents[1] / "wrong_plans"
CASES = sorted(folder for folder in HOME.iterdir() if (folder / "expect.toml").exists())


def assembled(case: Path, expected: dict, tmp_path: Path) -> Path:
    """Return the plan of a case: its workbook, or ``base`` with the case's files over it."""
    books = [file for file in case.iterdir() if file.suffix in {".xlsx", ".xls", ".et"}]
    if books:
        return books[0]
    folder = tmp_path / "plan"
    shutil.copytree(HOME / "base", folder)
    for file in case.glob("*.csv"):
        shutil.copy(file, folder)
    for name in expected.get("remove", ()):
        (folder / name).unlink()
    return folder


def test_there_are_enough():
    assert len(CASES) >= 40


def test_base_is_sound():
    assert len(load_plan(HOME / "base").indicators) == 6


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_wrong_plan(case, tmp_path):
    expected = tomllib.loads((case / "expect.toml").read_text(encoding="utf-8"))
    with pytest.raises(PlanError) as caught:
        load_plan(assembled(case, expected, tmp_path))
    error = caught.value
    assert isinstance(error, CorridorError)
    assert isinstance(error, ValueError)
    for lang in ("zh", "en"):
        for words in expected[lang]:
            assert words in error.text(lang)
        for problem in error.problems:
            assert "\n" not in problem.text(lang)
    # one mistake is said once, not once for each of its consequences
    assert len(error.problems) == expected.get("mistakes", 1), error.text("en")
