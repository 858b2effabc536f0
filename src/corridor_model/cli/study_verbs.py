"""Arguments of the verbs that ask what if, what matters and what to choose."""

from __future__ import annotations

from corridor_model.cli.options import Words


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
