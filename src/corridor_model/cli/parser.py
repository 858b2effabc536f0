"""The parser of ``corridor``: all verbs, in the reader's language, and how it refuses."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any, NoReturn


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


# Arguments of the verbs on the plan, its figures and its reports; one function a verb.


def plan(words: Words) -> None:
    """Add ``corridor plan``: show the plan."""
    made = words.verb("plan", "查看规划：目标、项目、任务", "show the plan: targets, works, tasks")
    words.plan_options(made)
    for option, zh, en in (
        ("--unit", "责任单位", "responsible unit"),
        ("--area", "区块", "area or block"),
        ("--group", "指标类别", "group of indicators"),
        ("--due", "期限，如2021或2020-05", "deadline, such as 2021 or 2020-05"),
        ("--kind", "目标类型，或work、task", "kind of target, or work, task"),
        ("--text", "包含的文字", "words it mentions"),
        ("--table", "原样输出一张数据表", "print one table as it is"),
    ):
        made.add_argument(option, help=words.say(zh, en))


def required(words: Words) -> None:
    """Add ``corridor required``: the growth each target needs."""
    made = words.verb("required", "所需年均增速", "the yearly growth each target needs")
    words.plan_options(made)
    words.everything(made)


def paths(words: Words) -> None:
    """Add ``corridor paths``: what given rates reach."""
    made = words.verb("paths", "各增速能达到多少、需要多少基期", "what given growth rates reach")
    words.plan_options(made)
    words.everything(made)
    made.add_argument(
        "--rates",
        default="10,12,15,20",
        help=words.say(
            "增速，%%，逗号分隔（默认10,12,15,20）", "rates in %%, by commas (default: 10,12,15,20)"
        ),
    )


def observe(words: Words) -> None:
    """Add ``corridor observe``: the store of figures."""
    made = words.verb(
        "observe",
        "录入、查看、修订监测数据（只追加、不删改）",
        "add, list and revise figures in a store that only grows",
    )
    words.plan_options(made)
    made.add_argument("action", choices=("add", "list", "revise"))
    made.add_argument(
        "figure",
        nargs="*",
        metavar=words.say("文件|指标 时期 数值", "FILE|INDICATOR PERIOD VALUE"),
        help=words.say(
            "add：一个文件，或指标、时期、数值；revise：指标、时期、新数值；list：可选指标、时期",
            "add: a file, or indicator, period, value; revise: indicator, period and the new "
            "value; list: indicator and period, if wanted",
        ),
    )
    for option, zh, en in (
        ("--date", "发布日期（默认今天）", "day of publication (default: today)"),
        ("--source", "来源", "where it can be looked up"),
        ("--unit", "单位（默认该指标的单位）", "unit (default: the indicator's)"),
        ("--measure", "level、addition、growth或done", "level, addition, growth or done"),
        ("--basis", "year、ytd、month或end", "year, ytd, month or end"),
        ("--stage", "快报、初步核算或最终核实", "快报, 初步核算 or 最终核实"),
        ("--series", "口径", "vintage of the statistic"),
        ("--period", "文件未写明的时期", "period of a file that prints none"),
    ):
        made.add_argument(option, help=words.say(zh, en))
    made.add_argument(
        "--store",
        default="observations.store",
        metavar=words.say("文件", "FILE"),
        help=words.say("数据库文件（默认observations.store）", "default: observations.store"),
    )


def assess(words: Words) -> None:
    """Add ``corridor assess``: where each target stands."""
    made = words.verb("assess", "目标执行情况评价", "where each target stands against its schedule")
    words.plan_options(made)
    words.everything(made)
    for option, default, zh, en in (
        ("--observations", None, "监测数据，CSV或xlsx", "your figures, CSV or xlsx"),
        ("--as-of", "2021", "评价时期，如2021、2021Q3、2021-09（默认2021）", "period (2021)"),
        ("--known-by", None, "数据已知日期，如2021-10-31", "day on which figures were known"),
        (
            "--rule",
            "schedule",
            "规则：schedule eurostat statcan escap destatis healthy_people servicenow all",
            "schedule eurostat statcan escap destatis healthy_people servicenow all",
        ),
        ("--explain", None, "一项指标的评价依据（指标编号）", "how one verdict came about: an id"),
    ):
        made.add_argument(option, default=default, help=words.say(zh, en))
    made.add_argument(
        "--method",
        choices=("default", "random_walk", "drift", "damped_trend", "ets", "all"),
        default="default",
        help=words.say("预测方法；all：各方法对照", "how to forecast; all: side by side"),
    )


def template(words: Words) -> None:
    """Add ``corridor template``: forms to fill in."""
    made = words.verb(
        "template", "新建规划模板或填报表", "start a plan of your own, or a form", formats=False
    )
    made.add_argument(
        "target",
        metavar=words.say("文件夹|文件", "FOLDER|FILE"),
        help=words.say(
            "新文件夹：空白规划；baselines.csv或.xlsx：基期填报表；observations.xlsx：监测数据填报表",
            "a new folder: a blank plan; baselines.csv or .xlsx: a form for this plan's "
            "baselines; observations.xlsx: a form for a period's figures",
        ),
    )
    words.plan_options(made)
    made.add_argument("--as-of", help=words.say("填报期，如2021-09", "period due, such as 2021-09"))
    made.add_argument(
        "--previous",
        metavar=words.say("文件", "FILE"),
        help=words.say("上一期数据，已报的不再要求填报", "last period's file: not asked for again"),
    )


def validate(words: Words) -> None:
    """Add ``corridor validate``: check a plan."""
    made = words.verb(
        "validate", "检查规划数据，列出全部错误", "check a plan, list every mistake", formats=False
    )
    made.add_argument(
        "source",
        nargs="?",
        metavar=words.say("文件夹|xlsx", "FOLDER|XLSX"),
        help=words.say("默认检查自带规划", "default: the bundled plan"),
    )


def report(words: Words) -> None:
    """Add ``corridor report``: the workbook and the figure."""
    made = words.verb(
        "report", "写出表格、工作簿和图", "write tables, workbook and figure", formats=False
    )
    words.plan_options(made)
    made.add_argument(
        "--out",
        default="out",
        metavar=words.say("文件夹", "FOLDER"),
        help=words.say("输出文件夹（默认out）", "where to (default: out)"),
    )
    words.everything(made)
    made.add_argument(
        "--files",
        choices=("zh", "en"),
        default="zh",
        help=words.say(
            "工作簿和图的语言（默认zh）", "language of workbook and figure (default: zh)"
        ),
    )


# Arguments of the verbs that ask what if, what matters and what to choose.


def simulate(words: Words) -> None:
    """Add ``corridor simulate``: what if."""
    made = words.verb("simulate", "情景模拟：投资、通车、达标概率", "what scenarios do to the plan")
    made.add_argument(
        "file",
        nargs="?",
        metavar="TOML|NC",
        help=words.say(
            "情景文件（默认自带情景），或保存的结果.nc（重算）",
            "scenarios (default: the shipped ones), or a saved result, .nc, to run again",
        ),
    )
    for option, zh, en in (
        ("--draws", "抽取次数（默认8192）", "draws (8192)"),
        ("--seed", "随机种子（默认0）", "seed (0)"),
    ):
        made.add_argument(option, type=int, help=words.say(zh, en))
    made.add_argument("--threads", type=int, help=words.say("线程数", "threads"))
    made.add_argument(
        "--observations",
        metavar=words.say("文件", "FILE"),
        help=words.say("本单位的统计数据，CSV或xlsx", "your own figures, CSV or xlsx"),
    )
    for option, zh, en in (
        ("--as-of", "站在哪一时期看，如2021Q3（默认数据的最后一期）", "period (default: the last)"),
        ("--known-by", "数据已知日期，如2021-10-31", "day on which figures were known"),
    ):
        made.add_argument(option, help=words.say(zh, en))
    made.add_argument(
        "--out",
        metavar=words.say("文件", "FILE"),
        help=words.say("保存为.nc（可重算）、.csv或.parquet", "save as .nc, .csv or .parquet"),
    )
    words.plan_options(made)


def diff(words: Words) -> None:
    """Add ``corridor diff``: two scenarios compared."""
    made = words.verb("diff", "比较两个情景", "what differs between two scenarios")
    for name in ("a", "b"):
        made.add_argument(
            name,
            metavar=name.upper(),
            help=words.say(
                "自带情景的名称，或TOML文件（文件.toml:名称）",
                "name of a shipped scenario, or a TOML file (file.toml:name)",
            ),
        )
    words.plan_options(made)


def sensitivity(words: Words) -> None:
    """Add ``corridor sensitivity``: what matters."""
    made = words.verb(
        "sensitivity",
        "什么最要紧：哪项工程、哪个增速决定结果",
        "what decides a result, and where it tips",
    )
    made.add_argument(
        "--method",
        choices=("tornado", "switching", "sobol", "attribute", "grid"),
        default="tornado",
        help=words.say(
            "tornado一次变一项（默认）；switching临界点；sobol方差份额；attribute情景归因；grid两项网格",
            "tornado (default): one input at a time; switching: tipping points; sobol: shares of "
            "the variance; attribute: which change of a scenario; grid: two inputs",
        ),
    )
    for option, zh, en in (
        (
            "--output",
            "结果，如inside_plan、km_open:2022、value:gdp（sobol、attribute可写多次）",
            "such as inside_plan, km_open:2022, value:gdp (again for sobol, attribute)",
        ),
        (
            "--input",
            "输入，可写多次：名称=低..高，或只写名称，如delay:binhai_avenue=0..12、growth:gdp",
            "NAME=LOW..HIGH or NAME, more than once: delay:binhai_avenue=0..12, growth:gdp",
        ),
    ):
        made.add_argument(option, action="append", help=words.say(zh, en))
    made.add_argument(
        "--threshold",
        type=float,
        help=words.say("达到多少才算好", "from where on it is good enough"),
    )
    made.add_argument(
        "--sense",
        choices=("at_least", "at_most"),
        help=words.say("不低于或不超过", "whether more or less is better"),
    )
    for option, zh, en in (
        ("--scenario", "情景名称或TOML文件（文件.toml:名称）", "a scenario, or TOML file[:name]"),
        ("--observations", "本单位的统计数据，CSV或xlsx", "your own figures, CSV or xlsx"),
        ("--figure", "画图，svg、png或pdf", "draw it: svg, png or pdf"),
    ):
        made.add_argument(option, help=words.say(zh, en))
    made.add_argument(
        "--points",
        "-n",
        type=int,
        help=words.say("点数；sobol须为2的幂", "points; for sobol a power of two"),
    )
    made.add_argument("--seed", type=int, default=0, help=words.say("随机种子", "seed"))
    made.add_argument(
        "--top", type=int, default=15, help=words.say("最多列几行（默认15）", "rows shown (15)")
    )
    words.plan_options(made)


def choose(words: Words) -> None:
    """Add ``corridor choose``: what to fund."""
    made = words.verb(
        "choose", "预算之内选哪些工程、何时开工", "which works to fund under a budget, and when"
    )
    for option, zh, en in (
        (
            "--budget",
            "分年预算（亿元），如2020=40,2021=50；一个数为总预算；或CSV文件（默认原计划的分年投资）",
            "亿元 by year, such as 2020=40,2021=50; one number in all; or a CSV file "
            "(default: the plan's own spending)",
        ),
        ("--cut", "预算削减百分之几，如30", "cut the budget by so many percent, such as 30"),
        ("--committed", "必须实施的工程编号，逗号分隔", "ids of works that must be done"),
        ("--works", "只在这些工程中选", "choose among these works only"),
        ("--costs", "投资未知的工程的投资，如brt_line_9=12", "costs the plan does not print"),
        ("--caps", "类别或牵头单位的上限，如road=100", "caps of categories or leading units"),
        ("--starts", "printed：不许推迟；或最多推迟几年", "printed, or the most years of delay"),
        ("--benefit", "效益表，CSV（project、benefit）", "your own benefits, CSV"),
        ("--scenario", "情景名称或TOML文件", "a scenario, or a TOML file"),
        ("--figure", "画图，svg、png或pdf", "draw it: svg, png or pdf"),
    ):
        made.add_argument(option, help=words.say(zh, en))
    made.add_argument(
        "--horizon",
        type=int,
        help=words.say("到哪一年年底通车才计入", "year by whose end a work must be finished"),
    )
    made.add_argument(
        "--leftover",
        choices=("plan", "save"),
        default="plan",
        help=words.say(
            "余下预算：plan用于原计划工程（默认），save结余",
            "money the aim does not need: for the plan (default), or saved",
        ),
    )
    made.add_argument(
        "--running",
        choices=("keep", "free"),
        default="keep",
        help=words.say(
            "已开工的工程：keep续建（默认），free可停建", "running works: keep, or free"
        ),
    )
    words.plan_options(made)


_VERBS = (
    plan,
    required,
    paths,
    observe,
    assess,
    template,
    validate,
    report,
    simulate,
    diff,
    sensitivity,
    choose,
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


# What verbs share: the language of their help, and options that say which plan is meant.

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


# The words of the command line in Chinese and English.


def default_language() -> str:
    """Return ``"zh"`` on a Chinese system, otherwise ``"en"``.

    ``LC_ALL``, ``LC_MESSAGES`` and ``LANG`` are asked in this order, as POSIX has it; where
    none is set (Windows) the system's own locale.
    """
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    import locale

    system = (locale.getlocale()[0] or "").lower()
    return "zh" if system.startswith(("zh", "chinese")) else "en"


REASONS = {
    "no_baseline": ("无基期", "no baseline"),
    "undefined_rate": ("无法计算", "undefined"),
    "not_applicable": ("不适用", "not applicable"),
    "before_baseline": ("早于基期", "before the baseline"),
    "above_bound": ("超过100%", "above 100 %"),
    "never_reached": ("达不到", "never"),
}


def reason(code: str, lang: str) -> str:
    """Return a reason code in words (S7)."""
    return REASONS[code][lang == "en"]
