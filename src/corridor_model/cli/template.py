"""``corridor template``: a new plan, or a form for the figures a plan still lacks."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from corridor_model.cli import output
from corridor_model.plan.template import baselines_form, new_plan


def run(options: Namespace) -> int:
    """Write the template that the target's name asks for."""
    target = Path(options.target)
    zh = options.lang == "zh"
    if target.suffix.lower() not in {".csv", ".xlsx"}:
        new_plan(target)
        output.paragraph(
            f"已建立 {target}。请先看其中的“说明 GUIDE.md”，填好后运行 corridor validate {target}。"
            if zh
            else f"{target} is ready. Read 说明 GUIDE.md in it, fill the tables in, then run "
            f"corridor validate {target}."
        )
        return 0
    baselines_form(output.plan_of(options), target)
    output.paragraph(
        f"已写出 {target}：每项填“数值”和“来源”，没有的留空。填好后运行 "
        f"corridor required --baselines {target}。"
        if zh
        else f"{target} is ready. Fill in 数值 (value) and 来源 (source), leave the rest empty, "
        f"then run corridor required --baselines {target}."
    )
    return 0
