"""The arguments of every verb, in the reader's language."""

from __future__ import annotations

import argparse
from typing import Any

FORMATS = ("table", "json", "csv")


def build_parser(lang: str) -> argparse.ArgumentParser:
    """Return the parser of ``corridor`` with its help in ``"zh"`` or ``"en"``."""

    def say(zh: str, en: str) -> str:
        return zh if lang == "zh" else en

    parser = argparse.ArgumentParser(
        prog="corridor",
        description=say(
            "有目标、有期限的规划：需要多快的年均增速，能否按期实现。",
            "A plan with targets and a deadline: how fast it must grow, and whether it will.",
        ),
        epilog=say(
            "退出码：0 完成；1 输入数据有误（逐条列出）；2 命令行有误。",
            "Exit codes: 0 done; 1 mistakes in the input, all listed; 2 wrong command line.",
        ),
    )
    parser.add_argument(
        "--version", action=_Version, help=say("显示版本", "show the version and stop")
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar=say("命令", "VERB"))

    def verb(name: str, module: str, zh: str, en: str, formats: bool = True) -> Any:
        made = verbs.add_parser(name, help=say(zh, en), description=say(zh, en))
        made.set_defaults(module=module)
        made.add_argument(
            "--lang",
            choices=("zh", "en"),
            default=lang,
            help=say("输出语言（默认随系统）", "language (default: the system's)"),
        )
        if formats:
            made.add_argument(
                "--format",
                choices=FORMATS,
                default="table",
                help=say("输出格式（默认table）", "output format (default: table)"),
            )
        return made

    def plan_options(made: Any) -> None:
        made.add_argument(
            "--plan",
            metavar=say("文件夹|xlsx", "FOLDER|XLSX"),
            help=say("规划数据（默认龙湾三年行动计划）", "the plan (default: the bundled one)"),
        )
        made.add_argument(
            "--baselines",
            metavar=say("文件", "FILE"),
            help=say("本单位的基期数据，CSV或xlsx", "your own baselines, CSV or xlsx"),
        )
        made.add_argument(
            "--example",
            action="store_true",
            help=say("加入教学示例数据（均为假设）", "add figures made up for teaching"),
        )

    made = verb(
        "plan", "plan", "查看规划：指标、项目、任务", "show the plan: targets, works, tasks"
    )
    plan_options(made)
    made.add_argument("--unit", help=say("责任单位", "responsible unit"))
    made.add_argument("--area", help=say("区块", "area or block"))
    made.add_argument("--group", help=say("指标类别", "group of indicators"))
    made.add_argument(
        "--due", help=say("期限，如2021或2020-05", "deadline, such as 2021 or 2020-05")
    )
    made.add_argument("--kind", help=say("目标类型，或work、task", "kind of target, or work, task"))
    made.add_argument("--text", help=say("包含的文字", "words it mentions"))
    made.add_argument("--table", help=say("原样输出一张数据表", "print one table as it is"))

    made = verb("required", "required", "所需年均增速", "the yearly growth each target needs")
    plan_options(made)

    made = verb("paths", "paths", "各增速能达到多少、需要多少基期", "what given growth rates reach")
    plan_options(made)
    made.add_argument(
        "--rates",
        default="10,12,15,20",
        help=say(
            "增速，%%，逗号分隔（默认10,12,15,20）", "rates in %%, by commas (default: 10,12,15,20)"
        ),
    )

    made = verb(
        "template",
        "template",
        "新建规划模板或基期填报表",
        "start a plan of your own",
        formats=False,
    )
    made.add_argument(
        "target",
        metavar=say("文件夹|baselines.csv", "FOLDER|baselines.csv"),
        help=say(
            "新文件夹；或以baselines开头的csv/xlsx，得到本规划的基期填报表",
            "a new folder; or a csv/xlsx named baselines..., to fill in this plan's baselines",
        ),
    )
    plan_options(made)

    made = verb(
        "validate",
        "validate",
        "检查规划数据，列出全部错误",
        "check a plan and list every mistake",
        formats=False,
    )
    made.add_argument(
        "source",
        nargs="?",
        metavar=say("文件夹|xlsx", "FOLDER|XLSX"),
        help=say("默认检查自带规划", "default: the bundled plan"),
    )

    made = verb(
        "report",
        "report",
        "生成结果：表格、工作簿、图",
        "write tables, workbook and figure",
        formats=False,
    )
    plan_options(made)
    made.add_argument(
        "--out",
        default="out",
        metavar=say("文件夹", "FOLDER"),
        help=say("输出文件夹（默认out）", "where to (default: out)"),
    )
    return parser


class _Version(argparse.Action):
    """Print the version; looked up only when asked, since the look-up is slow."""

    def __init__(self, option_strings: Any, dest: str, **kwargs: Any):
        super().__init__(option_strings, dest, nargs=0, **kwargs)

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from corridor_model import __version__

        parser.exit(0, f"corridor {__version__}\n")
