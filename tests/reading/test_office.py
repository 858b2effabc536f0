"""The page for offices shows what is on screen."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tests.helpers.paths import ROOT


@pytest.mark.slow
def test_the_months_of_the_page_are_what_is_on_screen():
    script = [sys.executable, str(ROOT / "scripts" / "office_year.py"), "--check"]
    done = subprocess.run(script, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
