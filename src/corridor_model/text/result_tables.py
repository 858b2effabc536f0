"""The tables of results that are Datasets: of verdicts, odds, money, studies and choices.

One function a kind of result, for one reader: few columns, what matters first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model.assessment.rules import RULES
from corridor_model.codes import KIND_WORDS, STATUSES, reason_word, status_word, worst_first
from corridor_model.errors import CorridorError
from corridor_model.formatting import readable, share_label
from corridor_model.messages import N_, Translator, context
from corridor_model.sensitivity.sobol_indices import UNTOLD
from corridor_model.text.assessment import BASIS, beside_verdict, figure_text, row_of, target_text
from corridor_model.text.columns import Columns, of_language
from corridor_model.text.portfolio import REASONS, STATUS
from corridor_model.text.portfolio import source_text as source_of_choice
from corridor_model.text.portfolio import unit_text as unit_of_choice
from corridor_model.text.sensitivity import changes, movers, ranked, within
from corridor_model.text.studies import ENDS, axis_words, input_words, outcome_words

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from corridor_model.plan.plan import Plan

ODDS = BASIS | {"scenario": context("odds", "set by scenario")}
"""What a probability rests on, as results carry it."""


BESIDE = {
    "scenario": ("scenario_zh", "scenario_text"),
    "indicator": ("name_zh", "name_en", "unit", "of"),
    "project": ("project_zh", "project_en", "name_zh", "name_en"),
    "input": ("name_zh", "name_en", "unit", "input_zh", "input_en", "input_origin"),
    "output": ("output_zh", "output_en", "unit"),
    "change": ("change_zh", "change_en"),
    "portfolio": ("source",),
}
"""What stands beside the ids of a dimension, and is selected with them."""


def along(ds: xr.Dataset, *dims: str) -> xr.Dataset:
    """Return a result with these dimensions back, of which single places were selected."""
    for dim in dims:
        if dim in ds.coords and dim not in ds.dims:
            beside = [name for name in BESIDE.get(dim, ()) if name in ds and not ds[name].ndim]
            lone = {name: ((dim,), [ds[name].values[()]]) for name in beside}
            ds = ds.drop_vars(beside).expand_dims(dim).assign_coords(lone)
    return ds


def grid(ds: xr.Dataset, name: str, *dims: str) -> Any:
    """Return a variable along these dimensions alone, those of a result that `along` gave back."""
    variable = ds[name]
    others = {dim: 0 for dim in variable.dims if dim not in dims}
    return variable.isel(others).transpose(*dims).values


def odds(value: Any) -> float:
    """Return a probability that people may see: never certain of a year still open (S14).

    Examples
    --------
    >>> odds(0.99999), odds(1.0), odds(0.25)
    (0.999, 1.0, 0.25)
    """
    p = float(value)
    return p if math.isnan(p) or p in (0.0, 1.0) else min(max(p, 0.001), 0.999)


# Where targets stand.


def assessment_table(ds: xr.Dataset, t: Translator, plan: Plan | None) -> pd.DataFrame:
    """Return every promise with its figure, what is done of it and its verdict, the worst first."""
    ds = along(ds, "indicator")
    if "rule" in ds.dims:
        return _by_rule(ds, t)
    ids = [str(name) for name in ds["indicator"].values]
    rows = sorted((row_of(ds, name) for name in ids), key=lambda row: worst_first(row["status"]))
    columns = Columns(t, "assessment")
    columns.text(t.context("table", "indicator"), of_language(t, *_names(rows)))
    # exact, as reported: a figure that is only a bound has its sign
    figures = ["" if math.isnan(row["actual"]) else figure_text(row) for row in rows]
    columns.text(t.context("table", "figure"), figures)
    columns.text(t.context("column", "period"), (row["actual_period"] for row in rows))
    columns.text(t.context("table", "target"), (target_text(row, t) for row in rows))
    columns.text(t.context("column", "unit"), (row["unit"] for row in rows))
    columns.whole(t.context("column", "due"), (row["target_year"] or None for row in rows))
    aims = ["used_share" if row["is_limit"] else "achieved_share" for row in rows]
    both = list(zip(rows, aims, strict=True))
    done = [row[name] if name == "achieved_share" else None for row, name in both]
    used = [row[name] if name == "used_share" else None for row, name in both]
    columns.percent(t.context("table", "done"), done)
    columns.percent(t.context("table", "used of a limit"), used)
    columns.percent(t.context("table", "time"), (row["elapsed_share"] for row in rows))
    columns.points(t.context("table", "gap"), (row["schedule_gap"] for row in rows))
    columns.percent(t.context("table", "p"), (odds(row["p_reach"]) for row in rows))
    as_of = str(ds.attrs.get("as_of", ""))
    columns.text(t.context("table", "verdict"), (_verdict(row, t, as_of) for row in rows))
    columns.reasons(t.context("table", "why not"), (row["reason"] for row in rows))
    keep = (t.context("table", "figure"), t.context("table", "verdict"))
    return columns.frame((row["indicator"] for row in rows), t.context("column", "id"), keep=keep)


def _names(rows: list[dict[str, Any]]) -> tuple[list[str], list[str]]:
    return [row["name_zh"] for row in rows], [row["name_en"] for row in rows]


def _verdict(row: Mapping[str, Any], t: Translator, as_of: str) -> str:
    notes = beside_verdict(row, t, as_of) if as_of else []
    word = status_word(row["status"], t.lang)
    return t("{name} ({more})", name=word, more=t.listing(notes)) if notes else word


def _by_rule(ds: xr.Dataset, t: Translator) -> pd.DataFrame:
    """Return a column of verdicts a rule."""
    columns = Columns(t)
    names = of_language(t, ds["name_zh"].values, ds["name_en"].values)
    columns.text(t.context("table", "indicator"), names)
    titles = []
    for rule in ds["rule"].values:
        titles.append(t.of(RULES[str(rule)].title))
        columns.words(titles[-1], ds["status"].sel(rule=rule).values, STATUSES)
    return columns.frame(ds["indicator"].values, t.context("column", "id"), keep=titles)


def panel_table(ds: xr.Dataset, t: Translator, plan: Plan | None) -> pd.DataFrame:
    """Return for each region how many promises have which verdict, most behind first."""
    ds = along(ds, "region", "indicator")
    columns = Columns(t, "panel")
    status = grid(ds, "status", "region", "indicator")
    promised = grid(ds, "has_target", "region", "indicator")
    counts = {code: ((status == code) & promised).sum(axis=1) for code in STATUSES}
    total = promised.sum(axis=1)
    # many regions: no number of a row is asked for twice
    order = np.lexsort((counts["achieved"], -(counts["behind"] + counts["missed"])))
    columns.whole(t.context("table", "promises"), total[order])
    for code, word in STATUSES.items():
        columns.whole(t.of(word), counts[code][order])
    if "rank_p_reach" in ds and ds.sizes["indicator"] == 1:
        columns.whole(t.context("table", "place by odds"), ds["rank_p_reach"].values.ravel()[order])
    return columns.frame(ds["region"].values[order], t.context("table", "region"))


# What growth needs and reaches.


def paths_table(ds: xr.Dataset, t: Translator, plan: Plan | None) -> pd.DataFrame:
    """Return for each promise what every rate of growth comes to: a year, a start, or neither."""
    ds = along(ds, "indicator", "rate")
    columns = Columns(t, "growth_paths")
    ids = [str(name) for name in ds["indicator"].values]
    if plan is not None:
        columns.text(t.context("column", "indicator"), (_name_in(plan, i, t) for i in ids))
    columns.words(t.context("column", "kind"), ds["kind"].values, KIND_WORDS)
    columns.exact(t.context("column", "target"), ds["target"].values)
    columns.text(t.context("column", "unit"), ds["unit"].values)
    told = {name: grid(ds, name, "rate", "indicator") for name in _TOLD_OF_PATHS}
    for row, rate in enumerate(ds["rate"].values):
        cells = [
            _of_path({name: values[row, i] for name, values in told.items()}, t)
            for i in range(len(ids))
        ]
        columns.text(t("at {rate} % a year", rate=share_label(float(rate))), cells)
    return columns.frame(ids, t.context("column", "id"))


_TOLD_OF_PATHS = (
    *("year_reached", "year_reached_reason", "reached", "reached_reason"),
    *("required_baseline", "required_baseline_reason"),
    *("first_addition", "first_addition_reason"),
)


def _of_path(at: Mapping[str, Any], t: Translator) -> str:
    """Return the year in which a path meets its target, the start that it would need, or why."""
    if not at["year_reached_reason"]:
        reached = not at["reached_reason"] and bool(at["reached"])
        return f"{int(at['year_reached'])}{' ✓' if reached else ''}"
    if not at["required_baseline_reason"]:
        return t("needs a start of {value}", value=readable(float(at["required_baseline"])))
    if not at["first_addition_reason"]:
        return t("first year adds {value}", value=readable(float(at["first_addition"])))
    return reason_word(str(at["year_reached_reason"]), t.lang)


def _name_in(plan: Plan, name: str, t: Translator) -> str:
    return plan.targets[name].name(t.lang) if name in plan.targets else name


# Scenarios: odds and money.


def simulation_table(ds: xr.Dataset, t: Translator, plan: Plan | None) -> pd.DataFrame:
    """Return for each promise its odds under every scenario, the least likely first."""
    ds = along(ds, "scenario", "indicator")
    p = grid(ds, "p_reach", "scenario", "indicator")
    first = np.where(np.isnan(p[0]), np.inf, p[0])
    order = np.argsort(first, kind="stable")
    at = ds.isel(indicator=order)
    columns = Columns(t, "simulation")
    names = of_language(t, at["name_zh"].values, at["name_en"].values)
    columns.text(t.context("table", "indicator"), names)
    columns.text(t.context("column", "goal"), grid(at, "goal", "scenario", "indicator")[0])
    titles = of_language(t, ds["scenario_zh"].values, ds["scenario"].values)
    for i, title in enumerate(titles):
        columns.percent(title, map(odds, p[i, order]))
    basis = grid(at, "p_basis", "scenario", "indicator")
    columns.words(t.context("column", "basis"), basis[0], {"": "", **ODDS})
    reason = grid(at, "p_reach_reason", "scenario", "indicator")
    columns.reasons(t.context("table", "why not"), reason[0])
    keep = [t("{name} ({more})", name=title, more="%") for title in titles]
    return columns.frame(at["indicator"].values, t.context("column", "id"), keep=keep)


def spending_table(ds: xr.Dataset, t: Translator, plan: Plan | None) -> pd.DataFrame:
    """Return yearly money: of each work under one scenario, of all works under several."""
    ds = along(ds, "scenario", "project", "spending_year")
    if "scenario" not in ds.dims or ds.sizes["scenario"] == 1:
        return _by_work(ds.squeeze("scenario") if "scenario" in ds.dims else ds, t)
    columns = Columns(t, "simulation")
    works = ds.sizes["project"]
    known = [
        t("{n} of {works}", n=int(n), works=works) for n in grid(ds, "known_works", "scenario")
    ]
    columns.text(t.context("table", "money known"), known)
    _years(columns, ds, "programme", "scenario")
    total = grid(ds, "total", "scenario", "project").sum(axis=1)
    columns.number(t.context("money", "total"), total, "亿元", 2)
    columns.number(
        t.context("table", "road open at the end"),
        grid(ds, "km_open", "scenario", "spending_year")[:, -1],
        "km",
        2,
    )
    names = of_language(t, ds["scenario_zh"].values, ds["scenario"].values)
    return columns.frame(names, t.context("column", "scenario"))


def _by_work(ds: xr.Dataset, t: Translator) -> pd.DataFrame:
    columns = Columns(t, "simulation")
    names = of_language(t, ds["project_zh"].values, ds["project_en"].values)
    columns.text(t.context("table", "work"), names)
    columns.text(t.context("table", "start"), ds["start_planned"].values)
    columns.text(t.context("table", "end"), ds["end"].values)
    _years(columns, ds, "spending", "project")
    columns.number(t.context("money", "total"), ds["total"].values, "亿元", 2)
    columns.origins(t.context("column", "basis"), ds["origin"].values)
    columns.text(t.context("table", "why not"), _unknown_money(ds["spending_reason"].values, t))
    return columns.frame(ds["project"].values, t.context("column", "id"))


def _years(columns: Columns, ds: xr.Dataset, name: str, of: str) -> None:
    """Add a column a year in which any money is spent."""
    money = grid(ds, name, "spending_year", of)
    for year, values in zip(ds["spending_year"].values, money, strict=True):
        if np.nanmax(np.abs(values), initial=0.0) > 0:
            columns.number(str(year), values, "亿元", 2)


def _unknown_money(codes: Any, t: Translator) -> list[str]:
    return [t.of(STATUS.get(str(code), str(code))) for code in codes]


# Studies of sensitivity.


def tornado_table(ds: xr.Dataset, t: Translator, plan: Plan | None) -> pd.DataFrame:
    """Return each input with its range, what that does to the outcome, the widest first."""
    ds = along(ds, "input")
    inputs, outcome = input_words(ds, t), outcome_words(ds, t)
    columns = Columns(t, "tornado")
    columns.text(t("input"), (one.heading for one in inputs))
    for end in ("low", "high"):
        cells = [one.cell(float(x)) for one, x in zip(inputs, ds[end].values, strict=True)]
        columns.text(t.of(ENDS[end]), cells)
    unit = outcome.unit
    columns.text(_with(t("at low"), unit, t), map(outcome.bare, ds["output_low"].values))
    columns.text(_with(t("at high"), unit, t), map(outcome.bare, ds["output_high"].values))
    columns.text(_with(t("swing"), unit, t), map(outcome.bare, ds["swing"].values))
    columns.percent(t.context("tornado", "share"), ds["share_of_swing"].values)
    if "origin" in ds:
        columns.origins(t.context("table", "origin of the range"), ds["origin"].values)
    return columns.frame(ds["input"].values, t.context("column", "id"))


def _with(title: str, unit: str, t: Translator) -> str:
    return t("{name} ({more})", name=title, more=unit) if unit else title


def switching_table(ds: xr.Dataset, t: Translator, plan: Plan | None) -> pd.DataFrame:
    """Return each input with the value at which the target tips; those that tip first."""
    ds = along(ds, "input")
    tips = ds["switching_value"].values
    order = np.argsort(np.isnan(tips), kind="stable")
    ds = ds.isel(input=order)
    inputs, tips = input_words(ds, t), tips[order]
    base = ds["base"].values
    columns = Columns(t, "switching_values")
    columns.text(t("input"), (one.heading for one in inputs))
    now = [
        t("as forecast") if np.isnan(x) else one.cell(float(x))
        for one, x in zip(inputs, base, strict=True)
    ]
    columns.text(t("now"), now)
    known = list(enumerate(zip(inputs, tips, strict=True)))
    at = ["" if np.isnan(x) else one.cell(float(x)) for _, (one, x) in known]
    columns.text(t("tips at"), at)
    meaning = [
        t("none within its range") if np.isnan(x) else within(ds, i, one, t)
        for i, (one, x) in known
    ]
    columns.text(t("what it means"), meaning)
    columns.number(t("coefficient"), ds["coefficient"].values, digits=2)
    return columns.frame(ds["input"].values, t.context("column", "id"), keep=[t("tips at")])


def sobol_table(ds: xr.Dataset, t: Translator, plan: Plan | None) -> pd.DataFrame:
    """Return the inputs that move each output with their shares of its variance."""
    ds = along(ds, "output", "input")
    inputs = input_words(ds, t)
    rows = []
    for name in ds["output"].values:
        at = ds.sel(output=name)
        high = np.nan_to_num(at["ST_high"].values)
        moving = [i for i in ranked(at) if at["ST"].values[i] != 0 or high[i] > 0]
        rows += [(str(name), at.isel(input=i), inputs[i].title) for i in moving]
    columns = Columns(t, "sobol")
    titles = {str(n): outcome_words(ds, t, str(n)).title for n in ds["output"].values}
    columns.text(t("output"), (titles[name] for name, _, _ in rows))
    columns.text(t("input"), (title for _, _, title in rows))
    told = [str(at["converged_reason"].values) not in UNTOLD for _, at, _ in rows]
    for index, word in (("S1", t("S1")), ("ST", t("ST"))):
        # an estimate of what the sample cannot tell is none: its bounds say so
        shares = [
            at[index].item() if say else None for (_, at, _), say in zip(rows, told, strict=True)
        ]
        columns.percent(word, shares)
        bounds = {"low": t("{index}, from", index=word), "high": t("{index}, to", index=word)}
        for end, title in bounds.items():
            columns.percent(title, (at[f"{index}_{end}"].item() for _, at, _ in rows))
    columns.text(t.context("table", "converged"), (_converged(at, t) for _, at, _ in rows))
    return columns.frame()


def _converged(at: xr.Dataset, t: Translator) -> str:
    return t.context("flag", "yes") if bool(at["converged"]) else t.context("flag", "no")


def attribution_table(ds: xr.Dataset, t: Translator, plan: Plan | None) -> pd.DataFrame:
    """Return what each change does to each output, with what it stood at before and after."""
    ds = along(ds, "output", "change")
    words, rows = changes(ds, t), []
    for name in map(str, ds["output"].values):
        at, outcome = ds.sel(output=name), outcome_words(ds, t, name)
        title = _with(outcome.title, outcome.unit, t)
        rows.append(
            (title, t.context("attribution", "before"), outcome.bare(float(at["before"])), "")
        )
        for i in sorted(movers(at)):
            share, step = (
                outcome.bare_difference(float(at[v].values[i])) for v in ("share", "ordered")
            )
            rows.append((title, words[i], share, step))
        rows.append(
            (title, t.context("attribution", "after"), outcome.bare(float(at["after"])), "")
        )
    columns = Columns(t, "attribution")
    columns.text(t("output"), (row[0] for row in rows))
    columns.text(t.context("attribution", "change"), (row[1] for row in rows))
    columns.text(t.context("attribution", "share"), (row[2] for row in rows))
    columns.text(t("in order"), (row[3] for row in rows))
    return columns.frame()


def grid_table(ds: xr.Dataset, t: Translator, plan: Plan | None) -> pd.DataFrame:
    """Return the frontier of a grid: for each x the y at which the target is just met."""
    ds = along(ds, "x", "y")
    x, y = axis_words(ds, "x", t), axis_words(ds, "y", t)
    same = {"always_met": t("always met"), "never_met": t("never met")}
    cells = [
        same.get(str(reason)) or y.cell(float(value))
        for value, reason in zip(ds["frontier"].values, ds["frontier_reason"].values, strict=True)
    ]
    columns = Columns(t, "two_way")
    columns.text(t("just met at: {input}", input=y.heading), cells)
    return columns.frame([x.cell(float(value)) for value in ds["x"].values], x.heading)


def morris_table(ds: xr.Dataset, t: Translator, plan: Plan | None) -> pd.DataFrame:
    """Return the elementary effects of each input, the largest first."""
    ds = along(ds, "output", "input")
    rows = []
    for name in ds["output"].values:
        at = ds.sel(output=name)
        order = np.argsort(-at["mu_star"].values, kind="stable")
        rows += [(str(name), at.isel(input=int(i))) for i in order]
    columns = Columns(t, "morris")
    if ds.sizes["output"] > 1:
        columns.text(t("output"), (name for name, _ in rows))
    size = t.context("morris", "size of effect")
    titles = {
        "mu_star": size,
        "mu_star_low": t("{index}, from", index=size),
        "mu_star_high": t("{index}, to", index=size),
        "mu": t.context("morris", "mean effect"),
        "sigma": t.context("morris", "spread of effects"),
    }
    for name, title in titles.items():
        columns.number(title, (float(at[name]) for _, at in rows))
    return columns.frame((str(at["input"].values) for _, at in rows), t("input"))


# Choices of works.


def choice_table(ds: xr.Dataset, t: Translator, plan: Plan | None) -> pd.DataFrame:
    """Return what becomes of each work, the chosen ones first."""
    ds = along(ds, "project")
    order = tuple(STATUS)
    status = [str(code) for code in ds["status"].values]
    ds = ds.isel(project=sorted(range(len(status)), key=lambda i: order.index(status[i])))
    columns = Columns(t, "choice")
    names = of_language(t, ds["name_zh"].values, ds["name_en"].values)
    columns.text(t.context("table", "work"), names)
    columns.words(t("what becomes of it"), ds["status"].values, STATUS)
    columns.whole(t.context("work", "start scheduled"), ds["start_scheduled"].values)
    columns.whole(t.context("work", "start"), ds["start_year"].values)
    columns.text(t.context("table", "end"), ds["end"].values)
    columns.number(t.context("table", "total investment"), ds["investment"].values, "亿元", 2)
    money = ds["spending"].transpose("project", "spending_year")
    capped = ~np.isnan(ds["budget"].values)
    for i, year in enumerate(ds["spending_year"].values):
        if capped[i]:
            columns.number(str(year), money.values[:, i], "亿元", 2)
    unit = unit_of_choice(ds.attrs["unit"], t)
    columns.number(t.context("table", "counts for"), ds["value"].values, unit, 2)
    reasons = [REASONS.get(str(code), "") for code in ds["value_reason"].values]
    columns.text(t.context("table", "why not"), (t(why) if why else "" for why in reasons))
    keep = [t.context("work", "start")]
    return columns.frame(ds["project"].values, t.context("column", "id"), keep=keep)


def robust_table(ds: xr.Dataset, t: Translator, plan: Plan | None) -> pd.DataFrame:
    """Return the candidates with what they reach and risk."""
    ds = along(ds, "portfolio")
    columns = Columns(t, "robust_choice")
    unit = unit_of_choice(ds.attrs["unit"], t)
    for name, word in (
        ("objective_mean", t.context("candidate", "reaches")),
        ("regret_mean", t.context("candidate", "mean regret")),
        ("regret_max", t.context("candidate", "largest regret")),
    ):
        columns.number(word, ds[name].values, unit, 2)
    columns.number(t("planned investment done"), ds["invested"].values, "亿元", 2)
    for name, word in (
        ("p_satisfied", t.context("candidate", "good enough")),
        ("p_within_budget", t.context("candidate", "keeps every budget")),
    ):
        if name in ds:
            columns.percent(word, ds[name].values)
    if "overspending_mean" in ds:
        over = t.context("candidate", "overspent on average")
        columns.number(over, ds["overspending_mean"].values, "亿元", 2)
    if "scenario" in ds.dims:
        for name in ds["scenario"].values:
            of = ds["objective"].sel(scenario=name).values
            columns.number(t("under “{scenario}”", scenario=str(name)), of, unit, 2)
    sources = [source_of_choice(str(name), t) for name in ds["source"].values]
    return columns.frame(sources, t.context("table", "candidate"))


TableOf = Callable[["xr.Dataset", Translator, "Plan | None"], "pd.DataFrame"]

BY_STUDY: dict[str, TableOf] = {
    "tornado": tornado_table,
    "switching_values": switching_table,
    "sobol": sobol_table,
    "attribution": attribution_table,
    "two_way": grid_table,
    "morris": morris_table,
    "choice": choice_table,
    "robust": robust_table,
    "minimax_regret": robust_table,
    "panel": panel_table,
}
"""Of a Dataset that says which study it is."""

BY_VARIABLES: dict[frozenset[str], tuple[str, TableOf]] = {
    frozenset({"status", "schedule_gap", "rule_word"}): ("assessment", assessment_table),
    frozenset({"p_reach", "goal", "p_basis"}): ("simulation", simulation_table),
    frozenset({"programme", "km_open", "total"}): ("spending", spending_table),
    frozenset({"required_baseline", "year_reached"}): ("growth_paths", paths_table),
    frozenset({"mu_star", "sigma"}): ("morris", morris_table),
}
"""Of the others by what they hold, the fuller first: a part of a result is still one."""


def kind_of(ds: xr.Dataset) -> str:
    """Return what kind of result a Dataset is: a key of `BY_STUDY`, or its kind; empty for none.

    Examples
    --------
    >>> import corridor_model as cm
    >>> kind_of(cm.spending(cm.load_plan())), kind_of(cm.growth_paths(cm.load_plan()))
    ('spending', 'growth_paths')
    """
    study = str(ds.attrs.get("study", ""))
    if study in BY_STUDY:
        return study
    held = {str(name) for name in ds.data_vars}
    return next((kind for needs, (kind, _) in BY_VARIABLES.items() if needs <= held), "")


def dataset_table(ds: xr.Dataset, t: Translator, plan: Plan | None) -> pd.DataFrame | None:
    """Return the table of a result; None where it is none of ours."""
    kind = kind_of(ds)
    if not kind:
        return None
    tabulate = BY_STUDY.get(kind) or next(of for one, of in BY_VARIABLES.values() if one == kind)
    try:
        return tabulate(ds, t, plan)
    except KeyError as error:
        raise CorridorError(
            N_("A part of the result is not enough for its table: {name} is missing."),
            name=_variable_of(error),
        ) from error


def _variable_of(error: KeyError) -> str:
    """Return the variable that is not there, out of xarray's longer sentence."""
    quoted = re.findall(r"'(\w+)'", str(error.args[0]))
    return quoted[0] if quoted else str(error.args[0])
