"""What verbs share: the language of their help, and options that say which plan is meant."""

from __future__ import annotations

from typing import Any

FORMATS = ("table", "json", "csv")


class Words:
    """Makes verbs and options, and speaks one language."""

    def __init__(self, lang: str, verbs: Any):
        self.lang, self.verbs = lang, verbs

    def say(self, zh: str, en: str) -> str:
        """Return the text in the reader's language."""
        return zh if self.lang == "zh" else en

    def verb(self, name: str, zh: str, en: str, *, formats: bool = True) -> Any:
        """Add a verb; its code is the module of this name beside this file."""
        made = self.verbs.add_parser(name, help=self.say(zh, en), description=self.say(zh, en))
        made.set_defaults(module=name)
        made.add_argument(
            "--lang",
            choices=("zh", "en"),
            default=self.lang,
            help=self.say("输出语言（默认随系统）", "language (default: the system's)"),
        )
        if formats:
            made.add_argument(
                "--format",
                choices=FORMATS,
                default="table",
                help=self.say("输出格式（默认table）", "output format (default: table)"),
            )
        return made

    def plan_options(self, made: Any) -> None:
        """Add the options that say which plan is meant."""
        made.add_argument(
            "--plan",
            metavar=self.say("文件夹|xlsx", "FOLDER|XLSX"),
            help=self.say("规划数据（默认自带规划）", "the plan (default: the bundled one)"),
        )
        made.add_argument(
            "--baselines",
            metavar=self.say("文件", "FILE"),
            help=self.say("本单位的基期数据，CSV或xlsx", "your own baselines, CSV or xlsx"),
        )
        made.add_argument(
            "--example",
            action="store_true",
            help=self.say("加入教学示例数据（均为假设）", "add figures made up for teaching"),
        )

    def everything(self, made: Any) -> None:
        """Add the option to list what single blocks and institutes promise, too."""
        made.add_argument(
            "--all",
            action="store_true",
            help=self.say("连同分区块、分单位的指标", "also those of blocks and institutes"),
        )
