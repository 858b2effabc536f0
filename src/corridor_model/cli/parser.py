"""The parser of ``corridor``: all verbs, in the reader's language, and how it refuses."""

from __future__ import annotations

import argparse
import sys
from typing import Any, NoReturn

from corridor_model.cli import plan_verbs, study_verbs
from corridor_model.cli.options import Words


def build_parser(lang: str) -> argparse.ArgumentParser:
    """Return the parser of ``corridor`` with its help in ``"zh"`` or ``"en"``."""
    zh = lang == "zh"
    parser = _Parser(
        prog="corridor",
        lang=lang,
        description=(
            "有目标、有期限的规划：需要多快的年均增速，能否按期实现。"
            if zh
            else "A plan with targets and a deadline: how fast it must grow, and whether it will."
        ),
        epilog=(
            "退出码：0 完成；1 输入数据有误（逐条列出）；2 命令行有误。"
            if zh
            else "Exit codes: 0 done; 1 mistakes in the input, all listed; 2 wrong command line."
        ),
    )
    parser.add_argument(
        "--version", action=_Version, help="显示版本" if zh else "show the version and stop"
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="命令" if zh else "VERB")
    words = Words(lang, verbs)
    for add in _VERBS:
        add(words)
    return parser


_VERBS = (
    plan_verbs.plan,
    plan_verbs.required,
    plan_verbs.paths,
    plan_verbs.observe,
    plan_verbs.assess,
    plan_verbs.template,
    plan_verbs.validate,
    plan_verbs.report,
    study_verbs.simulate,
    study_verbs.diff,
    study_verbs.sensitivity,
    study_verbs.choose,
)


class _Parser(argparse.ArgumentParser):
    """An argument parser whose own words are in the reader's language, too."""

    def __init__(self, *args: Any, lang: str = "", **kwargs: Any):
        # argparse makes the parsers of verbs itself and knows nothing of languages
        _Parser.lang = lang or _Parser.lang
        super().__init__(*args, **kwargs)
        if _Parser.lang == "zh":
            self._positionals.title, self._optionals.title = "参数", "选项"
            for action in self._actions:
                if action.dest == "help":
                    action.help = "显示帮助"

    lang = "en"

    def format_usage(self) -> str:
        """Return the usage line in the reader's language."""
        return self._said(super().format_usage())

    def format_help(self) -> str:
        """Return the help in the reader's language."""
        return self._said(super().format_help())

    def _said(self, text: str) -> str:
        return text.replace("usage: ", "用法：", 1) if _Parser.lang == "zh" else text

    def error(self, message: str) -> NoReturn:
        """Print usage and what is wrong, and stop with exit code 2."""
        if _Parser.lang == "zh":
            for english, chinese in _ARGPARSE_ZH:
                message = message.replace(english, chinese)
            self.print_usage(sys.stderr)
            self.exit(2, f"命令行有误：{message}\n")
        super().error(message)


_ARGPARSE_ZH = (
    ("the following arguments are required: ", "缺少参数："),
    ("unrecognized arguments: ", "不认识的参数："),
    ("invalid choice: ", "不可用的值"),
    ("(choose from ", "（可选："),
    ("expected one argument", "后面应跟一个值"),
    ("argument ", "参数 "),
)


class _Version(argparse.Action):
    """Print the version; looked up only when asked, since the look-up is slow."""

    def __init__(self, option_strings: Any, dest: str, **kwargs: Any):
        super().__init__(option_strings, dest, nargs=0, **kwargs)

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from corridor_model import __version__

        parser.exit(0, f"corridor {__version__}\n")
