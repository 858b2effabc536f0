"""Where things stand: the checkout, its pages and data, and the files that only tests read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DATA, DOCS, SCRIPTS = ROOT / "data" / "longwan", ROOT / "docs", ROOT / "scripts"
TESTS = ROOT / "tests"
CASES = TESTS / "cases"
OTHER_PLAN = TESTS / "other_plan"
WRONG_PLANS = TESTS / "wrong_plans"
BASE_PLAN = WRONG_PLANS / "base"
"""The sound plan in which a folder of ``wrong_plans`` changes one file."""
SOURCE_DOCUMENT = TESTS / "source_document.zh.txt"


def cases(name: str) -> Any:
    """Return the reference cases of one room."""
    return json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))


def page(name: str) -> str:
    """Return a page of the documentation."""
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")
