"""``corridor simulate``: what scenarios do to money, openings and the odds of each target."""

from __future__ import annotations

import re
from argparse import Namespace
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model.cli import output
from corridor_model.codes import reason_word
from corridor_model.errors import CorridorError
from corridor_model.forecasting.base_rates import end_of
from corridor_model.formatting import percent, plain, rounded
from corridor_model.messages import N_, Listing, Name, Translator, context, message, translator
from corridor_model.plan.plan import Plan
from corridor_model.rows import to_rows
from corridor_model.scenario.archive import load_result, request_of, rerun, save_result
from corridor_model.scenario.changes import CHANGE_WORDS, FIRST_DAY, Change
from corridor_model.scenario.difference import settings_between
from corridor_model.scenario.read_toml import load_scenarios, shipped_scenarios
from corridor_model.scenario.scenario import Scenario, changes_nothing, scenario_list
from corridor_model.scenario.simulate import simulate
from corridor_model.scenario.spending import spending
from corridor_model.tabular.schema import nearest
from corridor_model.text import layout
from corridor_model.text.assessment import BASIS
from corridor_model.text.forecasting import record_text
from corridor_model.text.scenario import (
    change_text,
    figures_text,
    idle_text,
    known_lengths,
    known_money,
    scenario_text,
)
from corridor_model.units import MONEY

if TYPE_CHECKING:
    import xarray as xr


DRAWS, SEED = 8192, 0
_KEPT = ("draws", "seed", "observations", "as_of", "known_by", "plan", "baselines", "example")
"""Options that say what a saved result holds already."""


def run(options: Namespace) -> None:
    """Simulate, save, and print in the form asked for."""
    saved = bool(options.file) and Path(options.file).suffix.lower() == ".nc"
    plan, scenarios, ds = _again(options) if saved else _simulated(options)
    if options.out:
        save_result(ds, options.out)
    if options.format != "table":
        output.records(records(ds), options.format)
        return
    t = translator(options.lang)
    if options.file:
        _read_back(plan, scenarios, t)
    print_result(plan, ds, t.lang)


def _simulated(options: Namespace) -> tuple[Plan, Sequence[Scenario], xr.Dataset]:
    """Return the plan, the scenarios as the file has them, and what becomes of them."""
    plan = output.plan_of(options)
    if options.file:
        must_be_no_result(options.file)
        scenarios = load_scenarios(Path(options.file))
    else:
        scenarios = shipped_scenarios()
    ds = simulate(
        plan,
        beside_planned(scenarios),
        output.figures_of(options, plan),
        draws=DRAWS if options.draws is None else options.draws,
        seed=SEED if options.seed is None else options.seed,
        threads=options.threads,
        as_of=options.as_of,
        known_by=options.known_by,
    )
    return plan, scenarios, ds


def _again(options: Namespace) -> tuple[Plan, Sequence[Scenario], xr.Dataset]:
    """Return a saved result, computed again from what it holds."""
    doubled = [
        f"--{name.replace('_', '-')}"
        for name in _KEPT
        if (value := getattr(options, name)) is not None and value is not False
    ]
    if doubled:
        raise CorridorError(
            N_(
                "A saved result holds its plan, figures, scenarios, draws and seed. Run it again "
                "without {options}, or name the scenario file instead."
            ),
            options=Listing(doubled),
        )
    saved = load_result(options.file)
    plan, scenarios, _ = request_of(saved)
    return plan, scenarios, rerun(saved, threads=options.threads)


def beside_planned(scenarios: Sequence[Scenario]) -> list[Scenario]:
    """Return scenarios with the plan as printed first, where they do not hold it."""
    planned = scenario_list(None)[0]
    # one that bears the name keeps it, whatever it changes: names are the coordinate of results
    has_planned = any(one.name == planned.name or changes_nothing(one) for one in scenarios)
    return list(scenarios) if has_planned else [planned, *scenarios]


def _read_back(plan: Plan, scenarios: Sequence[Scenario], t: Translator) -> None:
    """Say what a person's own scenarios mean, so that a slip of the pen is seen."""
    output.heading(t("Scenarios"))
    for one in scenarios:
        why = one.why_zh if t.lang == "zh" else one.why_en
        lines = [line for line in scenario_text(one, plan, t.lang) if line != why]
        lines += idle_text(plan, one, t.lang)
        meaning = _clauses(lines, t) if lines else t("nothing changed")
        output.paragraph(t("{scenario}: {meaning}.", scenario=one.title(t.lang), meaning=meaning))


def _clauses(parts: Sequence[str], t: Translator) -> str:
    """Return parts of one sentence, a semicolon between them."""
    sentence = parts[0]
    for part in parts[1:]:
        sentence = t("{one}; {other}", one=sentence, other=part)
    return sentence


def records(ds: xr.Dataset) -> list[dict[str, Any]]:
    """Return one row an indicator and scenario; rates and probabilities as fractions.

    The median is masked where a saved result was asked for other quantiles.
    """
    median = ds["value"].isel(year=-1).reindex(quantile=[0.5]).squeeze("quantile")
    columns = {
        "indicator": "indicator",
        "of": "of",
        "indicator_zh": "name_zh",
        "scenario": "scenario",
        "scenario_zh": "scenario_zh",
        "p_reach": "p_reach",
        "p_reach_error": "p_reach_error",
        "p_basis": "p_basis",
        "median": "median",
        "reason": "p_reach_reason",
    }
    whole = ds.assign(median=median.drop_vars(("year", "quantile")))
    return to_rows(whole, ("scenario", "indicator"), columns)


# The tables of ``corridor simulate``: money, roads, odds, and promises kept at once.

BASES = {
    "benchmarked": (context("odds", "benchmarked"), BASIS["benchmarked"]),
    "unbenchmarked": (context("odds", "unbenchmarked"), BASIS["unbenchmarked"]),
    "base_rate": (context("odds", "base rate"), BASIS["base_rate"]),
    "scenario": (
        context("odds", "set by scenario"),
        message("given by the scenario or the user, not forecast"),
    ),
    "observed": (context("odds", "observed"), BASIS["observed"]),
}
"""What odds rest on, as short as a column, and in full."""

PARTS = {
    "before_plan": context("money", "before"),
    "inside_plan": context("money", "inside"),
    "beyond_horizon": context("money", "beyond"),
    "total": context("money", "total"),
}
ROOM = 20
"""Places for the names of scenarios, below which years become a table of their own."""
FEW = 5
"""Years of money at most that stand beside each other in a table of their own."""
SHOWN = 7
"""Years of roads at most; of more, the first and the last."""


def print_result(plan: Plan, ds: xr.Dataset, lang: str) -> None:
    """Print money and roads by year, odds, and how many targets are reached at once."""
    t = translator(lang)
    titles = [str(title) for title in ds["scenario_zh" if lang == "zh" else "scenario"].values]
    _money(plan, ds, titles, t)
    _roads(plan, ds, titles, t)
    _odds(plan, ds, titles, t)
    _together(plan, ds, titles, t)


def _money(plan: Plan, ds: xr.Dataset, titles: list[str], t: Translator) -> None:
    notes = [known_money(ds, t.lang)]
    away = ds["programme_quantile"] - ds["programme"]
    if bool((np.abs(away.values) > 1e-9).any()):  # a mean of draws under any scenario
        notes.append(t("means where uncertain"))
    output.heading(t("Money, {money} ({notes})", money=MONEY, notes=_clauses(notes, t)))
    parts = {t.of(word): ds[part].sum("project").values for part, word in PARTS.items()}
    years = {
        str(year): ds["programme"].sel(spending_year=year).values
        for year in range(plan.about.first_year, plan.about.last_year + 1)
    }
    before, *others = parts
    whole = {before: parts[before]} | years | {word: parts[word] for word in others}
    if _room(whole, titles, t) >= ROOM:
        _numbers(whole, titles, t)
        return
    _numbers(parts, titles, t)
    listed = list(years)
    for i in range(0, len(listed), FEW):
        output.say("")
        _numbers({year: years[year] for year in listed[i : i + FEW]}, titles, t)


def _rows(columns: dict[str, Any], titles: list[str]) -> list[tuple[str, ...]]:
    return [
        (title, *(rounded(float(values[i]), 2) for values in columns.values()))
        for i, title in enumerate(titles)
    ]


def _numbers(columns: dict[str, Any], titles: list[str], t: Translator) -> None:
    """Print one row a scenario, with two decimals."""
    header = (t.context("column", "scenario"), *columns)
    output.table(header, _rows(columns, titles), (False, *(True for _ in columns)))


def _room(columns: dict[str, Any], titles: list[str], t: Translator) -> int:
    """Return how many places columns of numbers leave for names, or all that names need."""
    header = (t.context("column", "scenario"), *columns)
    names, *widths = [
        max(map(layout.width, column))
        for column in zip(header, *_rows(columns, titles), strict=True)
    ]
    left = output.places() - sum(width + layout.GAP for width in widths)
    return max(left, ROOM) if left >= names else left


def _roads(plan: Plan, ds: xr.Dataset, titles: list[str], t: Translator) -> None:
    """Print the roads and kilometres open, under the first scenario and where others differ."""
    if not any(work.opens for work in plan.projects.values()):
        return
    last = int(ds["spending_year"].values[-1])
    years = list(range(plan.about.first_year, last + 1))
    years = years if len(years) <= SHOWN else [*years[: SHOWN - 1], last]
    at = ds.sel(spending_year=years)
    roads, km = at["p_open_by"].sum("project").values, at["km_open"].values
    cells = [
        ([_count(number) for number in one], [rounded(float(k), 2) for k in length])
        for one, length in zip(roads, km, strict=True)
    ]
    different = [i for i, rows in enumerate(cells) if i and rows != cells[0]]
    units = (t.context("column", "roads"), t.context("column", "km"))
    output.heading(t("Roads open at year end, and km within the area"))
    output.table(
        (t.context("column", "scenario"), "", *map(str, years)),
        [
            (title, unit, *row)
            for i in (0, *different)
            for title, unit, row in zip((titles[i], ""), units, cells[i], strict=True)
        ],
        (False, True, *(True for _ in years)),
    )
    lengths = known_lengths(ds, t.lang)
    notes = [t("{lengths}; kilometres count these alone, so at least", lengths=lengths)]
    open_by = at["p_open_by"].values
    if ((open_by > 0) & (open_by < 1)).any():
        notes.append(t("means where uncertain"))
    if len(different) < len(titles) - 1:
        notes.append(t("others: as “{scenario}”", scenario=titles[0]))
    output.paragraph(t("{text}.", text=_clauses(notes, t)))


def _count(number: float) -> str:
    """Return a number of roads, with a decimal where it is a mean."""
    whole = round(float(number))
    return str(whole) if abs(number - whole) < 1e-9 else rounded(float(number), 1)


def _odds(plan: Plan, ds: xr.Dataset, titles: list[str], t: Translator) -> None:
    """Print the odds under the first scenario, and under the others where they differ."""
    listed = {*ds.attrs["n_reached_over"].split("; "), *stretch_of(ds)}
    names = [name for name in plan.targets if name in listed]
    at = ds.sel(indicator=names)
    odds = [["—" if np.isnan(p) else percent(float(p), 1) for p in row] for row in at["p_reach"]]
    first = titles[0] if layout.width(titles[0]) <= 12 else t.context("column", "first")
    bases: set[str] = set()
    same = []
    for i, title in enumerate(titles):
        rows = []
        for j, name in enumerate(names):
            if i and odds[i][j] == odds[0][j]:
                continue
            basis = str(at["p_basis"].values[i, j])
            bases.add(basis)
            planned = (odds[0][j],) if i else ()
            target = (plan.targets[name].name(t.lang), str(at["goal"].values[i, j]))
            rests_on = t.of(BASES[basis][0]) if basis else ""
            rows.append((*target, *planned, odds[i][j], rests_on))
        if rows:
            between = (first,) if i else ()
            header = (
                t.context("column", "target of"),
                t.context("column", "goal"),
                *between,
                t.context("column", "odds"),
                t.context("column", "basis"),
            )
            output.heading(t("Odds of each target: {scenario}", scenario=title))
            output.table(header, rows, (False, False, *(True for _ in between), True, False))
        elif i:
            same.append(title)
    output.say("")
    near = {end_of(p): p for p in map(float, at["p_reach"].values.ravel()) if end_of(p)}
    records = [record_text(near[end], t.lang) for end in ("low", "high") if end in near]
    lines = (
        _legend(bases, t),
        *records,
        figures_text(ds, t),
        _others(titles, same, t),
        _left(ds, t),
    )
    output.paragraph(*filter(None, lines))


def _legend(bases: set[str], t: Translator) -> str:
    """Return what the short words for what odds rest on stand for."""
    parts = [
        t("{word}: {meaning}", word=word, meaning=meaning)
        for basis, (word, meaning) in BASES.items()
        if basis in bases
    ]
    return t("Basis — {text}.", text=_clauses(parts, t)) if parts else ""


def _others(titles: Sequence[str], same: Sequence[str], t: Translator) -> str:
    """Return how to read the tables of further scenarios, where there are any."""
    if len(titles) == 1:
        return ""
    if not same:
        return t(
            "Of the other scenarios only odds that differ from “{scenario}” are shown.",
            scenario=titles[0],
        )
    return t(
        "Of the other scenarios only odds that differ from “{scenario}” are shown; none does "
        "under: {others}.",
        scenario=titles[0],
        others=Listing(same),
    )


def _left(ds: xr.Dataset, t: Translator) -> str:
    """Return how many indicators are not simulated, by reason."""
    reasons = [str(one) for one in ds["gap_reason"].isel(scenario=0).values if one]
    if not reasons:
        return t("Not simulated: none.")
    counts = [f"{reason_word(one, t.lang)} {n}" for one, n in Counter(reasons).items()]
    return t("Not simulated: {reasons}.", reasons=Listing(counts))


def _together(plan: Plan, ds: xr.Dataset, titles: list[str], t: Translator) -> None:
    """Print how many promises are kept at once."""
    count = int(ds.attrs["n_promises"])
    if not count:
        return
    output.heading(
        t.plural(
            "Whether the one promise is kept",
            "How many of {n} promises are kept at once",
            count,
        )
    )
    expected = ds["n_reached_mean"].values
    half = ds["n_reached"].isel(n_targets=slice((count + 1) // 2, None)).sum("n_targets").values
    header = (
        t.context("column", "scenario"),
        t.context("promises kept", "mean"),
        t.context("promises kept", "at least half"),
    )
    rows = [
        (title, rounded(float(expected[i]), 2), percent(float(half[i]), 1))
        for i, title in enumerate(titles)
    ]
    output.table(header, rows, (False, True, True))
    stretch = [plan.targets[name].name(t.lang) for name in stretch_of(ds)]
    if stretch:
        output.paragraph(
            t("Not counted, for they are stretch targets: {names}.", names=Listing(stretch))
        )


def stretch_of(ds: xr.Dataset) -> list[str]:
    """Return the stretch promises that every scenario can answer for: odds without a count."""
    sure = ds["p_reach"].notnull().all("scenario")
    names = str(ds.attrs["n_reached_stretch"]).split("; ")
    return [str(name) for name in ds["indicator"].values[sure.values] if name in names]


# ``corridor diff A B``: what differs between two scenarios, and what it does to the money.

SETTINGS = {
    "since": message("changes count from"),
    "escalation": message("money that moves is dearer each year by"),
    "paired": message("loading of overrun and delay of one work"),
    "common": message("loading of overruns and delays of all works"),
    "duration": message("a date that is not printed lies at"),
}
"""The settings of a scenario as people read them."""

_IN_FILE = re.compile(r"(?P<file>.+?\.toml)(?:[:：](?P<name>.*))?", re.IGNORECASE)
WIDE = 28
"""Places for the name of a scenario over its money: two of them fit a terminal."""


def run_diff(options: Namespace) -> None:
    """Print the difference in the form asked for."""
    plan = output.plan_of(options)
    a, b = (scenario_named(name) for name in (options.a, options.b))
    difference = a.diff(b, plan)
    if options.format != "table":
        rows = [*_settings_records(a, b), *(_record(change) for change in difference.changes)]
        columns = dict.fromkeys(name for row in rows for name in row)
        whole = [{name: row.get(name) for name in columns} for row in rows]
        output.records(whole, options.format)
        return
    t = translator(options.lang)
    settings = [
        t(
            "{setting}: {old} → {new}",
            setting=SETTINGS[name],
            old=_setting(name, old, t),
            new=_setting(name, new, t),
        )
        for name, (old, new) in settings_between(a, b).items()
    ]
    if not difference.changes and not settings:
        output.paragraph(t("The two scenarios mean the same."))
        return
    changes = [change_text(change, plan, t.lang) for change in difference.changes]
    lines = (f"· {line}" for line in (*settings, *changes))
    output.heading(f"{a.title(t.lang)} → {b.title(t.lang)}", *lines)
    _money_diff(plan, a, b, t)


def scenario_named(name: str) -> Scenario:
    """Return a shipped scenario by its name, or the one scenario of a TOML file.

    ``file.toml:name`` takes one of several; the colon may be a Chinese one.

    Raises
    ------
    CorridorError
        If there is no such scenario, with the nearest name; if a file holds several and
        none is named; for a saved result.
    """
    must_be_no_result(name)
    in_file = _IN_FILE.fullmatch(name)
    if not in_file:
        scenarios = shipped_scenarios()
    else:
        file, name = in_file["file"], in_file["name"] or ""
        scenarios = load_scenarios(Path(file))
        if not name and len(scenarios) == 1:
            return scenarios[0]
        if not name:
            raise _several(file, scenarios)
    for scenario in scenarios:
        if name in {scenario.name, scenario.name_zh}:
            return scenario
    known = [title for one in scenarios for title in (one.name, one.name_zh) if title]
    if near := nearest(name, known):
        raise CorridorError(
            N_("There is no scenario {name!r}. Did you mean {near!r}?"), name=name, near=near
        )
    raise CorridorError(
        N_("There is no scenario {name!r}. Known: {known}."),
        name=name,
        known=Name("；".join(known), "; ".join(known)),
    )


def must_be_no_result(name: str) -> None:
    """Refuse a saved result where a scenario is asked for.

    Raises
    ------
    CorridorError
        With the command that reads it.
    """
    kind = Path(name).suffix.lower()
    if kind == ".nc":
        raise CorridorError(
            N_(
                "{file} is a saved result, not a scenario file. corridor simulate {file} runs it "
                "again; scenarios are .toml files."
            ),
            file=name,
        )
    if kind in {".csv", ".parquet"}:
        raise CorridorError(
            N_(
                "{file} is a table, not a scenario file: scenarios are .toml files, and of saved "
                "results only .nc can be run again."
            ),
            file=name,
        )


def _several(file: str, scenarios: Sequence[Scenario]) -> CorridorError:
    """Return the error of a file of which one scenario must be named."""
    names = [one.name for one in scenarios]
    titles = [one.title("zh") for one in scenarios]
    return CorridorError(
        N_('{file} holds {count} scenarios: {names}. Say which, such as "{path}:{first}".'),
        file=Path(file).name,
        count=len(scenarios),
        names=Name("、".join(titles), "; ".join(names)),
        path=file,
        first=Name(titles[0], names[0]),
    )


def _setting(name: str, value: Any, t: Translator) -> str:
    """Return the value of a setting as people read it."""
    if name == "since" and value == FIRST_DAY:
        return t("the plan's first day")
    if name == "duration":
        if not value:
            return t("the plan's first or last month")
        return t.plural("{n} month from the other", "{n} months from the other", int(value))
    if name == "escalation":
        return percent(value, 1)
    return str(value) if name == "since" else plain(value)


def _settings_records(a: Scenario, b: Scenario) -> list[dict[str, Any]]:
    """Return one row a setting that differs, its values as a scenario file writes them."""
    return [
        {"change": "setting", "setting": name, "was": old, "value": new}
        for name, (old, new) in settings_between(a, b).items()
    ]


def _record(change: Change) -> dict[str, Any]:
    """Return a change as a row; what is no plain value as Python writes it."""
    row: dict[str, Any] = {"change": CHANGE_WORDS[type(change)]}
    for field in fields(change):
        value = getattr(change, field.name)
        simple = value is None or isinstance(value, int | float | str | bool)
        row[field.name] = value if simple else repr(value)
    return row


def _money_diff(plan: Plan, a: Scenario, b: Scenario, t: Translator) -> None:
    """Print the programme's yearly money under both."""
    # by names of their own: those of the two may be the same
    both = [Scenario(x, *one.changes, settings=one.settings) for x, one in (("a", a), ("b", b))]
    ds = spending(plan, both)
    output.heading(
        t(
            "Yearly money, {money} ({known}; means where uncertain)",
            money=MONEY,
            known=known_money(ds, t.lang),
        )
    )
    money = ds["programme"].values
    columns = (*money, money[1] - money[0])
    rows = [
        (str(year), *(rounded(float(value), 2) for value in values))
        for year, *values in zip(ds["spending_year"].values, *columns, strict=True)
    ]
    totals = (*money.sum(axis=1), money[1].sum() - money[0].sum())
    rows.append((t.context("row", "total"), *(rounded(float(total), 2) for total in totals)))
    header = (t.context("column", "year"), *_headings(a, b, t), t.context("column", "difference"))
    output.table(header, rows, (False, True, True, True))


def _headings(a: Scenario, b: Scenario, t: Translator) -> tuple[str, str]:
    """Return the names of both over their money, told apart where they read the same."""
    names = [one.title(t.lang) for one in (a, b)]
    first, second = (layout.shortened(name, WIDE) for name in names)
    if first != second:
        return first, second
    first, second = (layout.shortened(name, WIDE - 3) for name in names)
    return t("A {scenario}", scenario=first), t("B {scenario}", scenario=second)
