"""Arguments of the verbs on the plan, its figures and its reports; one function a verb."""

from __future__ import annotations

from corridor_model.cli.options import Words


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
