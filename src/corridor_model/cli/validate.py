"""``corridor validate``: every mistake of a plan, or that there is none."""

from __future__ import annotations

from argparse import Namespace

from corridor_model.cli import output
from corridor_model.plan.load import load_plan
from corridor_model.plan.show import counts


def run(options: Namespace) -> int:
    """Print what was checked; mistakes are raised and printed by the command itself."""
    plan = load_plan(options.source)
    n = counts(plan)
    zh = options.lang == "zh"
    held = (n["indicators"], n["targets"], n["works"], n["tasks"])
    output.paragraph(
        "没有错误：指标 {} 项、目标 {} 个、项目 {} 个、任务 {} 项。".format(*held)
        if zh
        else "No mistakes: {} indicators, {} targets, {} works, {} tasks.".format(*held)
    )
    return 0
