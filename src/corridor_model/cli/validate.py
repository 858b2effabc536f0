"""``corridor validate``: every mistake of a plan, or that there is none."""

from __future__ import annotations

import warnings
from argparse import Namespace

from corridor_model.cli import output
from corridor_model.plan.load import load_plan
from corridor_model.plan.show import counts


def run(options: Namespace) -> int:
    """Print what was checked; mistakes are raised and printed by the command itself."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        plan = load_plan(options.source)
    n = counts(plan)
    zh = options.lang == "zh"
    output.paragraph(
        f"没有错误：指标 {n['indicators']} 项、目标 {n['targets']} 个、项目 {n['works']} 个、任务 {n['tasks']} 项。"
        if zh
        else f"No mistakes: {n['indicators']} indicators, {n['targets']} targets, {n['works']} works, {n['tasks']} tasks."
    )
    for warning in caught:
        output.paragraph(("请核对：" if zh else "Please check: ") + str(warning.message))
    return 0
