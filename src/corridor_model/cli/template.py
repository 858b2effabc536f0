"""``corridor template``: a new plan, or a form for the figures a plan still lacks."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from corridor_model.cli import output
from corridor_model.errors import CorridorError
from corridor_model.plan.template import baselines_form, new_plan


def run(options: Namespace) -> int:
    """Write the template that the target's name asks for."""
    target = Path(options.target)
    zh = options.lang == "zh"
    if target.suffix == "":
        new_plan(target)
        said = (
            f"已建立 {target}。请先看其中的“说明 GUIDE.md”，填好后运行 corridor validate {target}。"
            if zh
            else f"{target} is ready. Read 说明 GUIDE.md in it, fill the tables in, then run "
            f"corridor validate {target}."
        )
    elif target.suffix.lower() not in {".csv", ".xlsx"}:
        raise CorridorError(
            f"{target.name}: a form is a .csv or .xlsx file; a new plan is a folder without a dot.",
            f"“{target.name}”：填报表请用.csv或.xlsx；新建规划请给出不带点号的文件夹名。",
        )
    elif target.stem.lower().startswith(("observations", "监测数据")):
        said = _observations(options, target)
    elif target.stem.lower().startswith(("baselines", "基期")):
        baselines_form(output.plan_of(options), target)
        said = (
            f"已写出 {target}：每项填“数值”和“来源”，没有的留空。填好后运行"
            f" corridor required --baselines {target}。"
            if zh
            else f"{target} is ready. Fill in 数值 (value) and 来源 (source), leave the rest "
            f"empty, then run corridor required --baselines {target}."
        )
    else:
        raise CorridorError(
            f"{target.name}: name the form baselines... or observations..., or give a folder.",
            f"“{target.name}”：表名应以baselines（基期）或observations（监测数据）开头。",
        )
    output.paragraph(said)
    return 0


def _observations(options: Namespace, target: Path) -> str:
    """Write the form for a period's figures, with what last month's file already holds."""
    from corridor_model.observations.template import write_observation_template

    if options.as_of is None:
        raise CorridorError(
            "Say which period is due, such as --as-of 2021-09.",
            "请用 --as-of 指明填报期，如 --as-of 2021-09。",
        )
    write_observation_template(output.plan_of(options), target, options.as_of, options.previous)
    if options.lang == "zh":
        return f"已写出 {target}：含应报指标和缺报清单（按单位）。填好后运行 corridor observe add。"
    return f"{target} is ready, with what is due and what is missing by unit."
