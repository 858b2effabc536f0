"""The parser of ``corridor``: all verbs, in the reader's language, and how it refuses."""

from __future__ import annotations

import argparse
import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NoReturn

from corridor_model.messages import N_, Translator, translator


def build_parser(lang: str) -> argparse.ArgumentParser:
    """Return the parser of ``corridor`` with its help in ``"zh"`` or ``"en"``."""
    t = translator(lang)
    parser = _Parser(
        prog="corridor",
        lang=lang,
        description=t(
            "A plan with targets and a deadline: how fast it must grow, and whether it will."
        ),
        epilog=t(
            "Exit codes: 0 done; 1 mistakes in the input, all listed; 2 wrong command line; "
            "130 interrupted."
        ),
    )
    parser.add_argument("--version", action=_Version, help=t("show the version and stop"))
    verbs = _Verbs(t, parser.add_subparsers(dest="verb", required=True, metavar=t("VERB")))
    for add in _VERBS:
        add(verbs, t)
    return parser


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


class _Verbs:
    """Makes verbs, and the options that several of them share."""

    def __init__(self, t: Translator, parsers: Any):
        self._t, self._parsers = t, parsers

    def add(self, name: str, text: str, *, formats: bool = True) -> argparse.ArgumentParser:
        """Add a verb with the options that every verb has."""
        t = self._t
        verb: argparse.ArgumentParser = self._parsers.add_parser(
            name, lang=t.lang, help=text, description=text
        )
        verb.set_defaults(module=name)
        verb.add_argument(
            "--lang",
            choices=("zh", "en"),
            default=t.lang,
            help=t("language (default: the system's)"),
        )
        if formats:
            verb.add_argument(
                "--format",
                choices=("table", "json", "csv"),
                default="table",
                help=t("output format (default: table)"),
            )
        return verb

    def plan_options(self, verb: argparse.ArgumentParser) -> None:
        """Add the options that say which plan is meant."""
        t = self._t
        verb.add_argument(
            "--plan",
            metavar=t("FOLDER|XLSX|NAME"),
            help=t("the plan, or a bundled one by its name: longwan (default), china_14fyp"),
        )
        verb.add_argument(
            "--baselines", metavar=t("FILE"), help=t("your own baselines, CSV or xlsx")
        )
        verb.add_argument(
            "--example", action="store_true", help=t("add figures made up for teaching")
        )

    def everything(self, verb: argparse.ArgumentParser) -> None:
        """Add the option to list what single blocks and institutes promise, too."""
        t = self._t
        verb.add_argument(
            "--all", action="store_true", help=t("also those of blocks and institutes")
        )


# Arguments of the verbs on the plan, its figures and its reports; one function a verb.


def _plan(verbs: _Verbs, t: Translator) -> None:
    """Add ``corridor plan``: show the plan."""
    verb = verbs.add("plan", t("show the plan: targets, works, tasks"))
    verbs.plan_options(verb)
    for option, text in (
        ("--unit", t("responsible unit")),
        ("--area", t("area or block")),
        ("--group", t("group of indicators")),
        ("--due", t("deadline, such as 2021 or 2020-05")),
        ("--kind", t("kind of target, or work, task")),
        ("--text", t("words it mentions")),
        ("--table", t("print one table as it is")),
    ):
        verb.add_argument(option, help=text)


def _required(verbs: _Verbs, t: Translator) -> None:
    """Add ``corridor required``: the growth each target needs."""
    verb = verbs.add("required", t("the yearly growth each target needs"))
    verbs.plan_options(verb)
    verbs.everything(verb)


def _paths(verbs: _Verbs, t: Translator) -> None:
    """Add ``corridor paths``: what given rates reach."""
    verb = verbs.add("paths", t("what given growth rates reach"))
    verbs.plan_options(verb)
    verbs.everything(verb)
    verb.add_argument(
        "--rates", default="10,12,15,20", help=t("rates in %%, by commas (default: 10,12,15,20)")
    )


def _observe(verbs: _Verbs, t: Translator) -> None:
    """Add ``corridor observe``: the store of figures."""
    verb = verbs.add(
        "observe", t("add, list, revise and withdraw figures in a store that only grows")
    )
    verbs.plan_options(verb)
    verb.add_argument("action", choices=("add", "list", "revise", "withdraw", "export"))
    verb.add_argument(
        "figure",
        nargs="*",
        metavar=t("FILE|INDICATOR PERIOD VALUE"),
        help=t(
            "add: a file, or indicator, period, value; revise: indicator, period and the new "
            "value; list: indicator and period, if wanted; withdraw: the number of an entry, or "
            "indicator and period; export: nothing"
        ),
    )
    for option, text in (
        ("--date", t("day of publication (default: today)")),
        ("--source", t("where it can be looked up")),
        ("--unit", t("unit (default: the indicator's)")),
        ("--measure", t("level, addition, growth or done")),
        ("--basis", t("year, ytd, month or end")),
        ("--stage", t("快报, 初步核算 or 最终核实")),
        ("--series", t("vintage of the statistic")),
        ("--period", t("period of a file that prints none")),
        ("--reason", t("withdraw: why the entry is wrong")),
    ):
        verb.add_argument(option, help=text)
    verb.add_argument("--out", metavar=t("FILE"), help=t("export: a CSV file"))
    verb.add_argument(
        "--store",
        default="observations.store",
        metavar=t("FILE"),
        help=t("default: observations.store"),
    )


def _collect(verbs: _Verbs, t: Translator) -> None:
    """Add ``corridor collect``: what the units sent in, in one go."""
    verb = verbs.add("collect", t("what the units sent in, merged; who is missing or late"))
    verb.add_argument(
        "folder", metavar=t("FOLDER"), help=t("forms, bulletins and tables of one period")
    )
    verbs.plan_options(verb)
    verb.add_argument("--as-of", required=True, help=t("period due, such as 2021-09"))
    for option, text in (
        ("--due", t("last day of publication; what is later is late")),
        ("--date", t("day of publication of figures that print none")),
    ):
        verb.add_argument(option, help=text)
    for option, text in (
        ("--store", t("count as reported what it holds, and add what is new")),
        ("--out", t("write what was taken: .xlsx, .csv, or a folder")),
    ):
        verb.add_argument(option, metavar=t("FILE"), help=text)


def _assess(verbs: _Verbs, t: Translator) -> None:
    """Add ``corridor assess``: where each target stands."""
    verb = verbs.add("assess", t("where each target stands against its schedule"))
    verbs.plan_options(verb)
    verbs.everything(verb)
    for option, default, text in (
        ("--observations", None, t("your figures, CSV or xlsx")),
        ("--as-of", None, t("period (default: the last)")),
        ("--known-by", None, t("day on which figures were known")),
        (
            "--rule",
            "schedule",
            t("schedule eurostat statcan escap destatis healthy_people servicenow all"),
        ),
        ("--explain", None, t("how one verdict came about: an id")),
    ):
        verb.add_argument(option, default=default, help=text)
    for option, text in (
        ("--works", t("where each work stands: money, schedule, state")),
        ("--tasks", t("where each task stands")),
        ("--league", t("responsible units by the share of their items that are not behind")),
    ):
        verb.add_argument(option, action="store_true", help=text)
    verb.add_argument("--unit", help=t("works and tasks of this responsible unit alone"))
    verb.add_argument(
        "--method",
        choices=("default", "random_walk", "drift", "damped_trend", "ets", "all"),
        default="default",
        help=t("how to forecast; all: side by side"),
    )


def _assess_panel(verbs: _Verbs, t: Translator) -> None:
    """Add ``corridor assess-panel``: where the targets of many regions stand."""
    verb = verbs.add("assess-panel", t("where the targets of many regions stand"))
    for name, text in (
        ("targets", t("region, indicator, kind, value, sense, year: CSV, Parquet or xlsx")),
        ("values", t("region, indicator, year, value")),
    ):
        verb.add_argument(name, metavar=name.upper(), help=text)
    for option, text in (
        ("--as-of", t("period (default: the last)")),
        ("--first-year", t("first year of the plans (default: after the base years)")),
    ):
        verb.add_argument(option, help=text)
    verb.add_argument("--top", type=int, default=15, help=t("rows shown (15)"))


def _template(verbs: _Verbs, t: Translator) -> None:
    """Add ``corridor template``: forms to fill in."""
    verb = verbs.add("template", t("start a plan of your own, or a form"), formats=False)
    verb.add_argument(
        "target",
        metavar=t("FOLDER|FILE"),
        help=t(
            "a new folder: a blank plan; baselines.csv or .xlsx: a form for this plan's "
            "baselines; observations.xlsx: a form for a period's figures"
        ),
    )
    verbs.plan_options(verb)
    verb.add_argument("--as-of", help=t("period due, such as 2021-09"))
    verb.add_argument(
        "--previous", metavar=t("FILE"), help=t("last period's file: not asked for again")
    )


def _validate(verbs: _Verbs, t: Translator) -> None:
    """Add ``corridor validate``: check a plan."""
    verb = verbs.add("validate", t("check a plan, list every mistake"), formats=False)
    verb.add_argument(
        "source", nargs="?", metavar=t("FOLDER|XLSX|NAME"), help=t("default: the bundled plan")
    )


def _publish(verbs: _Verbs, t: Translator) -> None:
    """Add ``corridor publish``: what an office publishes of a month."""
    verb = verbs.add(
        "publish",
        t("collect, check, store, assess, simulate; write page, workbook, bulletin, tables"),
        formats=False,
    )
    verbs.plan_options(verb)
    verb.add_argument("--as-of", help=t("period, such as 2021-09 (needed with --figures)"))
    for option, metavar, text in (
        ("--figures", t("FOLDER"), t("what the units sent in: forms, bulletins, tables")),
        ("--store", t("FILE"), t("keep what is new there; all that it holds counts")),
    ):
        verb.add_argument(option, metavar=metavar, help=text)
    verb.add_argument("--date", help=t("day of publication of figures that print none"))
    verb.add_argument("--known-by", help=t("day on which figures were known"))
    verb.add_argument(
        "--out", default="out", metavar=t("FOLDER"), help=t("where to (default: out)")
    )
    verb.add_argument(
        "--unit",
        action="append",
        default=[],
        metavar=t("UNIT"),
        help=t("a sheet of its own for this unit; may be repeated; all for every one"),
    )
    verb.add_argument("--files", choices=("zh", "en"), help=t("language of the files"))


def _report(verbs: _Verbs, t: Translator) -> None:
    """Add ``corridor report``: the former name of ``publish``."""
    verb = verbs.add("report", t("the former name of publish"), formats=False)
    verbs.plan_options(verb)
    verb.add_argument(
        "--out", default="out", metavar=t("FOLDER"), help=t("where to (default: out)")
    )
    verbs.everything(verb)
    verb.add_argument(
        "--files",
        choices=("zh", "en"),
        help=t("language of workbook and figure (default: zh)"),
    )


def _bulletin(verbs: _Verbs, t: Translator) -> None:
    """Add ``corridor bulletin``: the bulletin of a month or a quarter."""
    verb = verbs.add(
        "bulletin",
        t("write the bulletin of a month or a quarter: Word, Markdown, HTML"),
        formats=False,
    )
    verbs.plan_options(verb)
    period = verb.add_mutually_exclusive_group(required=True)
    period.add_argument("--month", help=t("such as 2021-09"))
    period.add_argument("--quarter", help=t("such as 2021Q3"))
    for option, text in (
        ("--observations", t("your own figures, CSV or xlsx")),
        ("--template", t("a Word document of your own, whose styles are used")),
    ):
        verb.add_argument(option, metavar=t("FILE"), help=text)
    verb.add_argument("--known-by", help=t("day on which figures were known"))
    verb.add_argument(
        "--form",
        choices=("annex", "district"),
        default="annex",
        help=t("annex 3 in full (default), or the district's table of four columns"),
    )
    verb.add_argument(
        "--out",
        default="out",
        metavar=t("FOLDER|FILE"),
        help=t("where to (default: out); a .docx, .md or .html file writes that alone"),
    )


# Arguments of the verbs that ask what if, what matters and what to choose.


def _simulate(verbs: _Verbs, t: Translator) -> None:
    """Add ``corridor simulate``: what if."""
    verb = verbs.add("simulate", t("what scenarios do to the plan"))
    verb.add_argument(
        "file",
        nargs="?",
        metavar="TOML|NC",
        help=t("scenarios (default: the shipped ones), or a saved result, .nc, to run again"),
    )
    for option, text in (("--draws", t("draws (8192)")), ("--seed", t("seed (0)"))):
        verb.add_argument(option, type=int, help=text)
    verb.add_argument("--threads", type=int, help=t("threads"))
    verb.add_argument("--observations", metavar=t("FILE"), help=t("your own figures, CSV or xlsx"))
    for option, text in (
        ("--as-of", t("period (default: the last)")),
        ("--known-by", t("day on which figures were known")),
    ):
        verb.add_argument(option, help=text)
    verb.add_argument("--out", metavar=t("FILE"), help=t("save as .nc, .csv or .parquet"))
    verbs.plan_options(verb)


def _diff(verbs: _Verbs, t: Translator) -> None:
    """Add ``corridor diff``: two scenarios compared."""
    verb = verbs.add("diff", t("what differs between two scenarios"))
    for name in ("a", "b"):
        verb.add_argument(
            name,
            metavar=name.upper(),
            help=t("name of a shipped scenario, or a TOML file (file.toml:name)"),
        )
    verbs.plan_options(verb)


def _sensitivity(verbs: _Verbs, t: Translator) -> None:
    """Add ``corridor sensitivity``: what matters."""
    verb = verbs.add("sensitivity", t("what decides a result, and where it tips"))
    verb.add_argument(
        "--method",
        choices=("tornado", "switching", "sobol", "attribute", "grid"),
        default="tornado",
        help=t(
            "tornado (default): one input at a time; switching: tipping points; sobol: shares of "
            "the variance; attribute: which change of a scenario; grid: two inputs"
        ),
    )
    for option, text in (
        (
            "--output",
            t("such as inside_plan, km_open:2022, value:gdp (again for sobol, attribute)"),
        ),
        (
            "--input",
            t("NAME=LOW..HIGH or NAME, more than once: delay:binhai_avenue=0..12, growth:gdp"),
        ),
    ):
        verb.add_argument(option, action="append", help=text)
    verb.add_argument("--threshold", type=float, help=t("from where on it is good enough"))
    verb.add_argument(
        "--sense", choices=("at_least", "at_most"), help=t("whether more or less is better")
    )
    for option, text in (
        ("--scenario", t("a scenario, or TOML file[:name]")),
        ("--observations", t("your own figures, CSV or xlsx")),
        ("--as-of", t("period (default: the last)")),
        ("--known-by", t("day on which figures were known")),
        ("--figure", t("draw it: svg, png or pdf")),
    ):
        verb.add_argument(option, help=text)
    verb.add_argument("--points", "-n", type=int, help=t("points; for sobol a power of two"))
    verb.add_argument("--seed", type=int, default=0, help=t("seed"))
    verb.add_argument("--top", type=int, default=15, help=t("rows shown (15)"))
    verbs.plan_options(verb)


def _choose(verbs: _Verbs, t: Translator) -> None:
    """Add ``corridor choose``: what to fund."""
    verb = verbs.add("choose", t("which works to fund under a budget, and when"))
    for option, text in (
        (
            "--budget",
            t(
                "亿元 by year, such as 2020=40,2021=50; one number in all; or a CSV file (default: "
                "the plan's own spending)"
            ),
        ),
        ("--cut", t("cut the budget by so many percent, such as 30")),
        ("--committed", t("ids of works that must be done")),
        ("--works", t("choose among these works only")),
        ("--costs", t("costs the plan does not print")),
        ("--caps", t("caps of categories or leading units")),
        ("--starts", t("printed, or the most years of delay")),
        ("--benefit", t("your own benefits, CSV")),
        ("--scenario", t("a scenario, or a TOML file")),
        ("--figure", t("draw it: svg, png or pdf")),
    ):
        verb.add_argument(option, help=text)
    verb.add_argument("--horizon", type=int, help=t("year by whose end a work must be finished"))
    verb.add_argument(
        "--leftover",
        choices=("plan", "save"),
        default="plan",
        help=t("money the aim does not need: for the plan (default), or saved"),
    )
    verb.add_argument(
        "--running",
        choices=("keep", "free"),
        default="keep",
        help=t("running works: keep, or free"),
    )
    verbs.plan_options(verb)


_VERBS = (
    _plan,
    _required,
    _paths,
    _observe,
    _collect,
    _assess,
    _assess_panel,
    _template,
    _validate,
    _publish,
    _report,
    _bulletin,
    _simulate,
    _diff,
    _sensitivity,
    _choose,
)


# argparse says its own words through gettext. Each parser has them said in its own language, by
# way of the catalogue of this library; parsers of other programs go on as before.

_WORDS = (
    N_("show this help message and exit"),
    N_("positional arguments"),
    N_("options"),
    N_("usage: "),
    N_("%(prog)s: error: %(message)s\n"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("the following arguments are required: %s"),
    N_("unrecognized arguments: %s"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("invalid %(type)s value: %(value)r"),
    N_("expected one argument"),
    N_("ignored explicit argument %r"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
)
_USAGE = _WORDS[3]

_speaker: ContextVar[Translator | None] = ContextVar("speaker", default=None)


def _word(english: str) -> str:
    """Return one of argparse's words in the language of the parser at work."""
    t = _speaker.get()
    if t is None:
        return gettext.gettext(english)
    # the layout counts the letters of «usage: »; `_Parser` puts the other word in afterwards
    return t(english) if english in _WORDS and english != _USAGE else english


vars(argparse)["_"] = _word


class _Parser(argparse.ArgumentParser):
    """An argument parser whose own words are in the reader's language, too."""

    def __init__(self, *args: Any, lang: str, **kwargs: Any):
        self._t = translator(lang)
        with self._speaking():
            super().__init__(*args, **kwargs)

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        token = _speaker.set(self._t)
        try:
            yield
        finally:
            _speaker.reset(token)

    def parse_known_args(self, *args: Any, **kwargs: Any) -> Any:
        """Parse, and refuse in the reader's language."""
        with self._speaking():
            return super().parse_known_args(*args, **kwargs)

    def format_usage(self) -> str:
        """Return the usage line in the reader's language."""
        return super().format_usage().replace(_USAGE, self._t(_USAGE), 1)

    def format_help(self) -> str:
        """Return the help in the reader's language."""
        return super().format_help().replace(_USAGE, self._t(_USAGE), 1)

    def error(self, message: str) -> NoReturn:
        """Print usage and what is wrong, and stop with exit code 2."""
        with self._speaking():
            super().error(message)


class _Version(argparse.Action):
    """Print the version; looked up only when asked, since the look-up is slow."""

    def __init__(self, option_strings: Any, dest: str, **kwargs: Any):
        super().__init__(option_strings, dest, nargs=0, **kwargs)

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from corridor_model import __version__

        print(f"corridor {__version__}")  # noqa: T201  # an answer: exit() would call it an error
        parser.exit()
