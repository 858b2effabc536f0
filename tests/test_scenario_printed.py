"""What ``corridor simulate`` and ``corridor diff`` print: no table leaves out what help promises."""

from __future__ import annotations

import pytest

import corridor_model as cm
from corridor_model.cli import main

PLAN = cm.load_plan()
LATE = cm.Scenario("late", cm.Delay("jinliwen_expressway", 12), name_zh="高速晚一年")


def printed(capsys, *asked, lang="zh"):
    """Return what a command prints."""
    assert main([*map(str, asked), "--lang", lang]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("draws", [16, 64])
def test_the_mean_number_of_promises_is_exact(capsys, draws):
    said = printed(capsys, "simulate", "--draws", draws)
    together = said[said.index("平均项数") :]
    line = next(line for line in together.splitlines() if line.startswith("按计划"))
    assert line.split()[1] == "1.94"
