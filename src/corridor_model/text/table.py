"""Any result as the table that a person would want: short, ordered, headers in words with units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model.codes import KIND_WORDS, NOT_ASSESSABLE, STATUSES, worst_first
from corridor_model.errors import CorridorError
from corridor_model.formatting import plain, readable, rounded, short
from corridor_model.messages import N_, Translator, context, translator
from corridor_model.options import Language, language
from corridor_model.plan.display import SENSE_SIGNS, baseline_text, goal_text
from corridor_model.tabular.schema import TITLES_ZH
from corridor_model.text.assessment import basis_word
from corridor_model.text.columns import Columns, fields_frame, of_language
from corridor_model.text.forecasting import FAMILIES
from corridor_model.text.portfolio import CHANGES
from corridor_model.text.result_tables import assessment_table, dataset_table
from corridor_model.text.scenario import change_text

if TYPE_CHECKING:
    import pandas as pd

    from corridor_model.assessment.engine import Assessment
    from corridor_model.assessment.works import WorksTotal
    from corridor_model.distributions import Distribution
    from corridor_model.forecasting.backtest import Backtest
    from corridor_model.forecasting.base_rates import BaseRate
    from corridor_model.forecasting.pooling import Weights
    from corridor_model.forecasting.predictive import Explanation, Predictive, PredictiveBatch
    from corridor_model.observations.collection import Collection
    from corridor_model.observations.model import Observations
    from corridor_model.plan.plan import Plan
    from corridor_model.portfolio.budget_cut import BudgetCut
    from corridor_model.portfolio.robust import Verdict
    from corridor_model.scenario.changes import Change
    from corridor_model.scenario.profiles import Profile
    from corridor_model.scenario.resolve import Resolved
    from corridor_model.scenario.scenario import Scenario
    from corridor_model.sensitivity.attribution import Shares


def table(result: Any, lang: Language | None = None, *, plan: Plan | None = None) -> pd.DataFrame:
    """Return any result as the table that a person reads.

    Few columns, what matters first, headers in words with their units; numbers are rounded as
    people read them (S18), what is masked is missing and says why in a column of words. For
    numbers to go on with, take the result itself.

    Parameters
    ----------
    result : Dataset, DataFrame, Plan, Observations, Predictive, Scenario, ...
        What any verb of the library returns, or a part of it:
        ``table(result.sel(indicator=["gdp"]))``.
    lang : {"zh", "en"}, optional
        Language; the one of :class:`corridor_model.set_options` by default.
    plan : Plan, optional
        Names what a result knows by its id alone: growth, scenarios.

    Returns
    -------
    pandas.DataFrame
        Indexed by what the rows are of, where that has ids.

    Raises
    ------
    CorridorError
        For what is no result, a part of one without what its table needs, and for another
        language.

    Examples
    --------
    >>> import corridor_model as cm
    >>> paths = cm.growth_paths(cm.load_plan(), [0.05, 0.15])
    >>> cm.table(paths, "en").loc["gdp", "at 5 % a year":].to_dict()
    {'at 5 % a year': '2024', 'at 15 % a year': '2020 ✓'}
    >>> cm.table(cm.spending(cm.load_plan())).columns[:3].tolist()
    ['项目', '开工', '完工']
    """
    lang = language(lang)
    t = translator(lang)
    if plan is not None:
        from corridor_model.plan.plan import must_be_plan

        must_be_plan(plan)
    frame = None
    if hasattr(result, "data_vars"):
        frame = dataset_table(result, t, plan)
    elif type(result).__name__ == "DataFrame":
        frame = _of_frame(result, t, plan)
    else:
        kinds = [kind.__name__ for kind in type(result).__mro__ if _is_ours(kind)]
        tabulate = next((BY_CLASS[name] for name in kinds if name in BY_CLASS), None)
        frame = None if tabulate is None else tabulate(result, t, plan)
    if frame is None:
        raise CorridorError(N_("This is no result that has a table: {value}."), value=short(result))
    return frame


def _is_ours(kind: type) -> bool:
    return kind.__module__.partition(".")[0] == "corridor_model"


# Of the frames that verbs return, known by their columns.


def _of_frame(frame: pd.DataFrame, t: Translator, plan: Plan | None) -> pd.DataFrame | None:
    kind = frame_kind(frame)
    return FRAMES[kind][1](frame, t, plan) if kind else None


def frame_kind(frame: pd.DataFrame) -> str:
    """Return which verb's frame it is, a key of `FRAMES`; empty for none.

    Examples
    --------
    >>> import corridor_model as cm
    >>> frame_kind(cm.required_growth(cm.load_plan())), frame_kind(cm.openings(cm.load_plan()))
    ('required_growth', 'openings')
    """
    held = {str(column) for column in frame.columns}
    return next((kind for kind, (needs, _) in FRAMES.items() if needs <= held), "")


def _named(columns: Columns, ids: Iterable[Any], plan: Plan | None) -> None:
    if plan is not None:
        targets, t = plan.targets, columns.t
        names = [targets[i].name(t.lang) if i in targets else str(i) for i in map(str, ids)]
        columns.text(t.context("column", "indicator"), names)


def _required(frame: pd.DataFrame, t: Translator, plan: Plan | None) -> pd.DataFrame:
    """Return what each promise needs a year, the fastest first, then steps, then reasons."""
    frame = frame.sort_values(["required_rate"], ascending=False, na_position="last", kind="stable")
    columns = Columns(t)
    _named(columns, frame.index, plan)
    columns.words(t.context("column", "kind"), frame["kind"], KIND_WORDS)
    columns.exact(t.context("column", "baseline"), frame["baseline"])
    columns.whole(t.context("table", "baseline year"), frame["baseline_year"])
    columns.text(t.context("column", "target"), _bounds(frame))
    columns.text(t.context("column", "unit"), frame["unit"])
    columns.whole(t.context("column", "due"), frame["target_year"])
    columns.percent(t.context("rate", "a year"), frame["required_rate"], 2)
    columns.number(t("step a year"), frame["required_step"])
    if "actual" in frame:
        columns.exact(t.context("table", "figure"), frame["actual"])
        columns.text(t.context("column", "period"), frame["actual_period"].fillna(""))
        so_far, rest = t.context("rate", "so far, a year"), t.context("rate", "the rest, a year")
        columns.percent(so_far, frame["achieved_rate"], 2)
        columns.percent(rest, frame["required_rate_remaining"], 2)
        columns.number(t.context("table", "times the pace"), frame["acceleration"], digits=2)
    columns.origins(t("baseline is"), frame["baseline_origin"].fillna(""))
    columns.reasons(t.context("table", "why not"), frame["reason"])
    keep = [t("{name} ({more})", name=t.context("rate", "a year"), more="%")]
    return columns.frame(frame.index, t.context("column", "id"), keep=keep)


def _bounds(frame: pd.DataFrame) -> list[str]:
    """Return what must be reached: its sign and number, or both ends of a range."""
    texts = []
    for sense, low, high in zip(frame["sense"], frame["target"], frame["target_max"], strict=True):
        low, high = (None if x is None or x != x else plain(float(x)) for x in (low, high))  # noqa: PLR0124, PLW2901
        sign = SENSE_SIGNS.get(str(sense), "")
        texts.append("" if low is None else f"{low}–{high}" if high else f"{sign} {low}".strip())
    return texts


def _history(frame: pd.DataFrame, t: Translator, plan: Plan | None) -> pd.DataFrame:
    """Return the verdicts of every period, the worst of the last first."""
    fixed = ["status", "last_status", "change", "months_behind"]
    periods = [name for name in frame.columns if name not in fixed]
    frame = frame.sort_values("status", key=lambda of: of.map(worst_first), kind="stable")
    columns = Columns(t)
    _named(columns, frame.index, plan)
    columns.words(t.context("table", "verdict"), frame["status"], STATUSES)
    columns.words(t.context("table", "change"), frame["change"], CHANGE_WORDS)
    months = t.context("unit", "months")
    columns.whole(t.context("table", "behind for"), frame["months_behind"], months)
    for period in periods:
        if (frame[period] == NOT_ASSESSABLE).all():
            continue  # of years before the plan nothing can be said
        columns.words(str(period), frame[period], STATUSES)
    return columns.frame(frame.index, t.context("column", "id"))


CHANGE_WORDS = {
    "": "",
    "better": context("trend", "better"),
    "worse": context("trend", "worse"),
    "same": context("trend", "as before"),
    "newly_assessed": context("trend", "newly assessed"),
    "no_longer_assessed": context("trend", "no longer assessed"),
}
"""How a verdict moved since the period before."""


def _works(frame: pd.DataFrame, t: Translator, plan: Plan | None) -> pd.DataFrame:
    """Return where works stand, the worst first."""
    frame = frame.sort_values("status", key=lambda of: of.map(worst_first), kind="stable")
    columns = Columns(t)
    columns.text(t.context("table", "work"), of_language(t, frame["name_zh"], frame["name_en"]))
    columns.text(t.context("table", "unit"), _listed(frame["lead_units"], t))
    columns.text(t.context("table", "report"), frame["period"].fillna(""))
    columns.number(t.context("table", "this year"), frame["invested_year"], "亿元", 2)
    columns.number(t.context("table", "plan of the year"), frame["annual_plan"], "亿元", 2)
    columns.percent(t.context("table", "done"), frame["completion"])
    columns.points(t.context("table", "gap"), frame["year_gap"])
    _verdicts(columns, frame)
    return columns.frame(frame.index, t.context("column", "id"))


def _tasks(frame: pd.DataFrame, t: Translator, plan: Plan | None) -> pd.DataFrame:
    """Return where tasks stand, the worst first."""
    frame = frame.sort_values("status", key=lambda of: of.map(worst_first), kind="stable")
    columns = Columns(t)
    columns.text(t.context("table", "task"), frame["name"])
    columns.text(t.context("table", "unit"), _listed(frame["lead_units"], t))
    columns.text(t.context("table", "deadline"), frame["deadline"].fillna(""))
    columns.text(t.context("table", "report"), frame["date"].fillna(""))
    _verdicts(columns, frame)
    columns.text(t.context("table", "sentence"), frame["sentence"].fillna(""))
    return columns.frame(frame.index, t.context("column", "id"))


def _verdicts(columns: Columns, frame: pd.DataFrame) -> None:
    t = columns.t
    columns.words(t.context("table", "verdict"), frame["status"], STATUSES)
    late = [isinstance(when, str) and bool(when) for when in frame["met_late"]]
    word = t.context("verdict", "met late")
    columns.text(t.context("table", "beside it"), (word if one else "" for one in late))
    columns.reasons(t.context("table", "why not"), frame["reason"])


def _listed(cells: Iterable[Any], t: Translator) -> list[str]:
    return [t.listing(str(cell).split(";")) if isinstance(cell, str) else "" for cell in cells]


def _league(frame: pd.DataFrame, t: Translator, plan: Plan | None) -> pd.DataFrame:
    """Return the units in the order of their rank."""
    columns = Columns(t)
    columns.whole(t.context("table", "rank"), frame["rank"])
    for name, word in (
        ("items", t.context("table", "items")),
        ("assessed", t.context("table", "assessed")),
        ("behind", t.context("table", "behind")),
    ):
        columns.whole(word, frame[name])
    columns.percent(t.context("table", "score"), frame["score"])
    return columns.frame(frame.index, t.context("table", "unit"))


def _roll_up(frame: pd.DataFrame, t: Translator, plan: Plan | None) -> pd.DataFrame:
    """Return how many promises of each group have which verdict."""
    columns = Columns(t)
    columns.text(t.context("column", "group"), of_language(t, frame["name_zh"], frame["name_en"]))
    columns.whole(t.context("table", "promises"), frame["total"])
    for code, word in STATUSES.items():
        columns.whole(t.of(word), frame[code])
    return columns.frame(frame.index, t.context("column", "id"))


def _openings(frame: pd.DataFrame, t: Translator, plan: Plan | None) -> pd.DataFrame:
    """Return the roads in the order in which they open."""
    columns = Columns(t)
    if plan is not None:
        names = [plan.projects[i].name(t.lang) if i in plan.projects else i for i in frame.index]
        columns.text(t.context("table", "work"), names)
    columns.text(t.context("table", "opens"), frame["opens"])
    columns.number(t.context("table", "length in the area"), frame["length_in_area_km"], "km", 2)
    columns.number(t.context("table", "whole length"), frame["length_km"], "km", 2)
    columns.percent(t.context("table", "open within the plan"), frame["p_in_plan"])
    columns.origins(t.context("column", "basis"), frame["origin"])
    return columns.frame(frame.index, t.context("column", "id"))


def _long(frame: pd.DataFrame, t: Translator, plan: Plan | None) -> pd.DataFrame:
    """Return a long table with its names in one language."""
    columns = Columns(t)
    columns.text(
        t.context("column", "scenario"), of_language(t, frame["scenario_zh"], frame["scenario"])
    )
    columns.text(
        t.context("table", "variable"), of_language(t, frame["variable_zh"], frame["variable"])
    )
    columns.text(t.context("table", "item"), of_language(t, frame["item_zh"], frame["item"]))
    columns.whole(t.context("column", "year"), frame["year"])
    columns.number(t.context("table", "quantile"), frame["quantile"].astype(object), digits=3)
    columns.number(t.context("column", "value"), frame["value"])
    columns.text(t.context("column", "unit"), frame["unit"].fillna(""))
    columns.reasons(t.context("table", "why not"), frame["reason"])
    return columns.frame()


FrameTable = Callable[["pd.DataFrame", Translator, "Plan | None"], "pd.DataFrame"]

FRAMES: dict[str, tuple[frozenset[str], FrameTable]] = {
    "required_growth": (frozenset({"required_rate", "required_step", "baseline"}), _required),
    "verdict_history": (frozenset({"last_status", "months_behind", "change"}), _history),
    "assess_works": (frozenset({"invested_year", "lead_units", "year_gap"}), _works),
    "assess_tasks": (frozenset({"deadline", "lead_units", "sentence", "state"}), _tasks),
    "league": (frozenset({"items", "assessed", "score", "rank"}), _league),
    "roll_up": (frozenset({"total", "light", "achieved", "behind"}), _roll_up),
    "openings": (frozenset({"opens", "p_in_plan", "length_km"}), _openings),
    "long_table": (frozenset({"variable_zh", "item_zh", "quantile"}), _long),
}
"""The columns by which a frame is known, and its table."""


# Of plans, figures, forecasts and scenarios.


def _plan(plan: Plan, t: Translator, _: Plan | None) -> pd.DataFrame:
    """Return every promise with its target, start and place."""
    columns = Columns(t)
    promises = list(plan.targets.values())
    columns.text(t.context("column", "indicator"), (one.name(t.lang) for one in promises))
    columns.words(t.context("column", "kind"), (one.kind for one in promises), KIND_WORDS)
    goals = [goal_text(one, t.lang, plan.indicators) for one in promises]
    columns.text(t.context("column", "target"), goals)
    columns.whole(t.context("column", "due"), (one.year for one in promises))
    columns.text(t.context("column", "baseline"), (baseline_text(one, t.lang) for one in promises))
    columns.text(
        t.context("column", "place"),
        (t.listing(dict.fromkeys(p for of in one.targets for p in of.places)) for one in promises),
    )
    return columns.frame(plan.targets, t.context("column", "id"))


OBSERVED = (
    "indicator",
    "period",
    "value",
    "unit",
    "measure",
    "basis",
    "published",
    "series",
    "source",
)
"""Columns of figures that a person reads."""


CODES_OF_FIGURES = {
    "measure": {
        "level": context("measure", "level"),
        "addition": context("measure", "addition"),
        "growth": context("measure", "growth"),
        "average_growth": context("measure", "average growth"),
        "change": context("measure", "change"),
        "done": context("measure", "done"),
    },
    "basis": {
        "year": context("basis of a figure", "year"),
        "ytd": context("basis of a figure", "since January"),
        "month": context("basis of a figure", "this period alone"),
        "end": context("basis of a figure", "at the end"),
    },
}
"""What figures measure, and of which time they speak."""


def _observations(figures: Observations, t: Translator, plan: Plan | None) -> pd.DataFrame:
    """Return the figures, an indicator's together, the last first."""
    columns = Columns(t)
    rows = list(figures.table.rows())
    rows.sort(key=lambda row: str(row["period"]), reverse=True)
    rows.sort(key=lambda row: str(row["indicator"]))
    ids = [str(row["indicator"]) for row in rows]
    if plan is not None:
        known = plan.indicators
        names = (known[i].name(t.lang) if i in known else i for i in ids)
        columns.text(t.context("column", "name"), names)
    for name in OBSERVED:
        title = TITLES_ZH.get(name, name) if t.lang == "zh" else name.replace("_", " ")
        values = [row.get(name) for row in rows]
        if name == "value":
            columns.exact(title, values)
        elif name in CODES_OF_FIGURES:
            columns.words(title, ("" if v is None else v for v in values), CODES_OF_FIGURES[name])
        else:
            columns.text(title, values)
    return columns.frame()


def _predictive(forecast: Predictive, t: Translator, _: Plan | None) -> pd.DataFrame:
    """Return median and intervals of each year."""
    columns = Columns(t)
    if forecast.core is None:
        columns.reasons(t.context("table", "why not"), [forecast.reason] * len(forecast.years))
        return columns.frame(forecast.years, t.context("column", "year"))
    _quantiles(columns, forecast.quantile(LEVELS))
    return columns.frame(forecast.years, t.context("column", "year"))


LEVELS = (0.5, 0.1, 0.9, 0.25, 0.75)


def _quantiles(columns: Columns, values: Any) -> None:
    t = columns.t
    titles = (
        t.context("table", "median"),
        t("{level} %, from", level=80),
        t("{level} %, to", level=80),
        t("{level} %, from", level=50),
        t("{level} %, to", level=50),
    )
    for title, column in zip(titles, np.ma.filled(values, np.nan).T, strict=True):
        columns.number(title, column)


def _batch(batch: PredictiveBatch, t: Translator, _: Plan | None) -> pd.DataFrame:
    """Return for each history what the last year may be."""
    columns = Columns(t)
    columns.whole(t.context("table", "figures"), (len(row.history.values) for row in batch.rows))
    columns.whole(t.context("column", "year"), (row.years[-1] for row in batch.rows))
    _quantiles(columns, batch.last_year_quantile(LEVELS))
    bases = (basis_word(row.p_basis or "", t.lang) for row in batch.rows)
    columns.text(t.context("column", "basis"), bases)
    columns.reasons(t.context("table", "why not"), (row.reason for row in batch.rows))
    return columns.frame(range(len(batch)), t.context("table", "history"))


def _backtest(backtest: Backtest, t: Translator, _: Plan | None) -> pd.DataFrame:
    """Return what was stated beside what came true."""
    columns = Columns(t)
    columns.percent(t.context("table", "stated"), (one.stated for one in backtest.reliability))
    columns.percent(t.context("table", "came true"), (one.observed for one in backtest.reliability))
    columns.whole(t.context("table", "cases"), (one.cases for one in backtest.reliability))
    return columns.frame()


def _weights(weights: Weights, t: Translator, _: Plan | None) -> pd.DataFrame:
    """Return the skill that forecasts had, by kind, years ahead and number of figures."""
    keys = sorted(weights.skill)
    columns = Columns(t)
    columns.words(t.context("column", "kind"), (key[0] for key in keys), KIND_WORDS | SERIES_WORDS)
    columns.whole(t.context("table", "figures"), (key[1] for key in keys))
    columns.whole(t.context("table", "years ahead"), (key[2] for key in keys))
    columns.percent(t.context("table", "skill"), (weights.skill[key] for key in keys))
    return columns.frame()


SERIES_WORDS = {
    "count": context("series", "count"),
    "additions": context("series", "yearly additions"),
}
"""Kinds of series that are no kind of a promise."""


def _explanation(explanation: Explanation, t: Translator, _: Plan | None) -> pd.DataFrame:
    """Return what carries a forecast, the largest share first."""
    columns = Columns(t)
    columns.text(
        t.context("table", "expectation"), (t(FAMILIES[of]) for of, _ in explanation.families)
    )
    columns.percent(t.context("tornado", "share"), (share for _, share in explanation.families))
    return columns.frame()


def _base_rate(rate: BaseRate, t: Translator, _: Plan | None) -> pd.DataFrame:
    yearly = _percent(rate.yearly)
    if rate.kind == "share":  # a share moves on the scale of its odds
        yearly = t("{value} log-odds", value=readable(rate.yearly))
    return fields_frame(
        t,
        {
            t.context("table", "came as far"): _percent(rate.share),
            t.context("table", "series compared"): rate.series,
            t.context("table", "years ahead"): rate.years,
            t.context("rate", "a year"): yearly,
        },
    )


def _percent(share: float) -> str:
    return f"{rounded(share, 1, shift=2)} %"


def _scenario(scenario: Scenario, t: Translator, plan: Plan | None) -> pd.DataFrame:
    """Return a scenario's changes in words, in the order in which they act."""
    columns = Columns(t)
    columns.text(
        t.context("attribution", "change"),
        (change_text(change, plan, t.lang) for change in scenario.changes),
    )
    return columns.frame(keep=[t.context("attribution", "change")])


def _change(change: Change, t: Translator, plan: Plan | None) -> pd.DataFrame:
    columns = Columns(t)
    columns.text(t.context("attribution", "change"), [change_text(change, plan, t.lang)])
    return columns.frame()


def _resolved(resolved: Resolved, t: Translator, plan: Plan | None) -> pd.DataFrame:
    """Return the works under a scenario."""
    from corridor_model.periods import first_month, last_month
    from corridor_model.scenario.resolve import mean_of

    works = resolved.works
    columns = Columns(t)
    if plan is not None:
        names = [plan.projects[w.id].name(t.lang) if w.id in plan.projects else w.id for w in works]
        columns.text(t.context("table", "work"), names)
    columns.text(t.context("table", "start before"), (first_month(work.start) for work in works))
    columns.text(t.context("table", "end before"), (last_month(work.end) for work in works))
    columns.number(
        t.context("table", "months later"),
        (mean_of(work.months) or None for work in works),
        digits=1,
    )
    columns.number(
        t.context("table", "times the cost"), (mean_of(work.factor) for work in works), digits=2
    )
    columns.number(
        t.context("table", "total investment"), (work.investment for work in works), "亿元", 2
    )
    cancelled = (t.context("input", "cancelled") if work.cancelled else "" for work in works)
    columns.text(t.context("table", "beside it"), cancelled)
    return columns.frame((work.id for work in works), t.context("column", "id"))


def _collection(collection: Collection, t: Translator, _: Plan | None) -> pd.DataFrame:
    """Return for each file what was taken, and for each unit what it owes."""
    columns = Columns(t)
    skipped = Counter(file for file, _ in collection.skipped)
    columns.whole(
        t.context("table", "figures"), (len(one.observations) for one in collection.returns)
    )
    columns.whole(
        t.context("table", "reports"), (sum(map(len, one.reports)) for one in collection.returns)
    )
    columns.whole(t.context("table", "skipped"), (skipped[one.file] for one in collection.returns))
    whys = (one.why.text(t.lang) if one.why is not None else "" for one in collection.returns)
    columns.text(t.context("table", "why not"), whys)
    return columns.frame((one.file for one in collection.returns), t.context("table", "file"))


def _works_total(total: WorksTotal, t: Translator, _: Plan | None) -> pd.DataFrame:
    fields: dict[str, Any] = {
        t.context("column", "works"): total.works,
        t.context("table", "total investment"): total.investment.text(t.lang),
        t.context("table", "plan of the year"): total.annual_plan.text(t.lang),
        t.context("table", "this month"): total.invested_month.text(t.lang),
        t.context("table", "this year"): total.invested_year.text(t.lang),
        t.context("table", "due to start"): total.start_due,
        t.context("table", "started"): total.started,
        t.context("table", "finished"): total.finished,
        t.context("table", "overdue"): total.overdue,
    }
    return fields_frame(t, fields)


def _cut(cut: BudgetCut, t: Translator, _: Plan | None) -> pd.DataFrame:
    """Return the works that a cut changes."""
    frame = cut.table
    columns = Columns(t)
    columns.text(t("work"), of_language(t, frame["name_zh"], frame["name_en"]))
    columns.words(t("change"), frame["change"], CHANGES)
    columns.number(t.context("table", "total investment"), frame["investment"], "亿元", 2)
    columns.whole(t.context("year before the cut", "from"), frame["start_before"])
    columns.whole(t.context("year after the cut", "to"), frame["start_after"])
    columns.number(t("freed"), frame["freed"], "亿元", 2)
    return columns.frame(frame.index, t.context("column", "id"))


def _verdict(verdict: Verdict, t: Translator, _: Plan | None) -> pd.DataFrame:
    """Return the score of every alternative, the best first."""
    names = sorted(verdict.scores, key=lambda name: name not in verdict.names)
    columns = Columns(t)
    columns.number(t.context("table", "of the rule"), (verdict.scores[name] for name in names))
    best = (t.context("candidate", "best") if name in verdict.names else "" for name in names)
    columns.text(t.context("table", "beside it"), best)
    return columns.frame(names, t.context("table", "candidate"))


def _shares(shares: Shares, t: Translator, _: Plan | None) -> pd.DataFrame:
    """Return what each player adds to each output."""
    parts, error = np.atleast_2d(shares.parts), np.atleast_2d(shares.error)
    columns = Columns(t)
    for i in range(parts.shape[1]):
        title = t("output {n}", n=i + 1) if parts.shape[1] > 1 else t("output")
        columns.number(title, parts[:, i])
        if error[:, i].any():
            columns.number(t("{name}, standard error", name=title), error[:, i])
    return columns.frame(range(len(parts)), t.context("table", "player"))


def _distribution(distribution: Distribution, t: Translator, _: Plan | None) -> pd.DataFrame:
    """Return what a value may be, by the probability of lying below."""
    levels = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    columns = Columns(t)
    columns.number(t.context("column", "value"), distribution.ppf(levels))
    below = [f"{level:.0%}".replace("%", " %") for level in levels]
    return columns.frame(below, t.context("table", "probability of lying below"))


def _profile(profile: Profile, t: Translator, _: Plan | None) -> pd.DataFrame:
    """Return how much is spent by each tenth of the time."""
    x = np.linspace(0, 1, 11)
    columns = Columns(t)
    columns.percent(t.context("table", "of the money"), profile.cumulative(x))
    times = [f"{share:.0%}".replace("%", " %") for share in x]
    return columns.frame(times, t.context("table", "of the time"))


def _records(records: Mapping[str, Any], t: Translator, plan: Plan | None) -> pd.DataFrame:
    """Return records by id with what they are called."""
    columns = Columns(t)
    values = list(records.values())
    columns.text(t.context("column", "name"), (_name_of(one, t) for one in values))
    if all(hasattr(one, "kind") and hasattr(one, "targets") for one in values):
        columns.words(t.context("column", "kind"), (one.kind for one in values), KIND_WORDS)
        columns.text(t.context("column", "target"), (goal_text(one, t.lang) for one in values))
    return columns.frame(records, t.context("column", "id"), keep=[t.context("column", "name")])


def _name_of(record: Any, t: Translator) -> str:
    name = getattr(record, "name", record if isinstance(record, str) else "")
    return str(name(t.lang) if callable(name) else name)


def _record(record: Any, t: Translator, _: Plan | None) -> pd.DataFrame:
    from corridor_model.plan.records import record_fields

    return fields_frame(t, record_fields(record, t.lang))


def _assessment(assessment: Assessment, t: Translator, plan: Plan | None) -> pd.DataFrame:
    from corridor_model.assessment.assessment import to_dataset

    return assessment_table(to_dataset(assessment, len(assessment.rules) > 1), t, plan)


BY_CLASS: dict[str, Callable[[Any, Translator, Plan | None], pd.DataFrame]] = {
    "Plan": _plan,
    "Observations": _observations,
    "Predictive": _predictive,
    "PredictiveBatch": _batch,
    "Backtest": _backtest,
    "Weights": _weights,
    "Explanation": _explanation,
    "BaseRate": _base_rate,
    "Scenario": _scenario,
    "Change": _change,
    "Resolved": _resolved,
    "Collection": _collection,
    "WorksTotal": _works_total,
    "BudgetCut": _cut,
    "Verdict": _verdict,
    "Shares": _shares,
    "Distribution": _distribution,
    "Profile": _profile,
    "Records": _records,
    "Promises": _records,
    "HtmlRecord": _record,
    "Assessment": _assessment,
}
"""What tabulates an object, by its class."""
