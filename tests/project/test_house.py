"""The script that counts the house counts what it should, on a small package made for it."""

from __future__ import annotations

import pytest
from scripts import house

FILES = {
    "__init__.py": '"""The face."""\n\nfrom made_up.growth import rate\n',
    "growth.py": '''"""Numbers, 中文 of a docstring aside."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from made_up import text

# 注释
WORD = "增长"
"""What stands alone documents the constant: 中文."""


def rate() -> float:
    """Return a rate."""
    from . import periods

    return periods.YEARS
''',
    "periods.py": "YEARS = 4\n\n\ndef of_growth():\n    import made_up.growth\n",
    "text/__init__.py": "",
    "text/words.py": 'from ..growth import rate\n\nTITLE = "增长"\n',
    "plan/tall.py": "X = 1\n" * 901,
    "plan/small.py": "from made_up.plan.tall import X\n",
}


@pytest.fixture
def made_up(tmp_path):
    for name, text in FILES.items():
        file = tmp_path / "made_up" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path


def test_every_count_is_made_of_what_it_names(made_up):
    counts = house.counts(made_up, "made_up")
    assert {name: parts for name, (_, _, parts) in counts.items() if "lines" not in name} == {
        "circles": ["made_up.growth <-> made_up.periods"],
        "numbers that import words": ["made_up.growth -> made_up.text"],
        "Chinese literals among numbers": ["made_up.growth:9 '增长'"],
        "modules with content": [
            *("made_up.growth", "made_up.periods"),
            *("made_up.plan.small", "made_up.plan.tall", "made_up.text.words"),
        ],
    }
    assert counts["modules above 900 lines"][2] == ["made_up.plan.tall 901"]
    assert counts["median of lines"][0] == 5
    # of growth two others make use; the tall one is no small module
    share, _, parts = counts["share of modules under 400 lines that one other imports"]
    assert (share, parts) == (0.2, ["    5 made_up.periods <- made_up.growth"])


def test_lines_of_code_are_no_comments_and_no_docstrings(made_up):
    count, limit, parts = house.counts(made_up, "made_up")["code lines"]
    lines = {name: int(number) for number, name in (part.split() for part in parts)}
    assert lines == {
        "made_up": 1,
        "made_up.growth": 7,
        "made_up.periods": 3,
        "made_up.text": 0,
        "made_up.text.words": 2,
        "made_up.plan.tall": 901,
        "made_up.plan.small": 1,
    }
    assert count == sum(lines.values())
    assert limit >= 28000


def test_past_a_limit_the_exit_code_is_one(made_up, capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["house.py"])
    assert house.main(made_up, "made_up") == 1
    wrong = [line[1:59].strip() for line in capsys.readouterr().out.splitlines() if line[0] == "!"]
    assert wrong == [
        *("circles", "numbers that import words", "modules above 900 lines", "median of lines"),
    ]
    monkeypatch.setattr("sys.argv", ["house.py", "--list", "circles"])
    assert house.main(made_up, "made_up") == 0
    assert capsys.readouterr().out == "made_up.growth <-> made_up.periods\n"


@pytest.mark.uncounted
def test_a_journey_lists_the_modules_whose_functions_it_enters():
    files = house.entered('main(["plan", "--lang", "en"])')
    assert any(file.endswith("cli/plan.py") for file in files)
    assert not any("sensitivity" in file for file in files)
