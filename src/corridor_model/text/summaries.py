"""Results in a sentence or two each: what there is, what is most telling, what is not known.

Studies and choices have words of their own, in rooms beside this one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model.codes import NOT_ASSESSABLE, REASONS, STATUSES, reason_word, worst_first
from corridor_model.formatting import percent, readable, rounded, share_label
from corridor_model.messages import N_, Translator, plural
from corridor_model.plan.display import EXAMPLE, counts
from corridor_model.text.assessment import (
    basis_word,
    probability_sentence,
    row_of,
    sentence,
)
from corridor_model.text.forecasting import explanation_text
from corridor_model.text.result_tables import along, grid, odds
from corridor_model.text.scenario import change_text, figures_text, known_lengths, known_money

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from corridor_model.plan.plan import Plan

Lines = Callable[[Any, Translator, "Plan | None"], list[str]]


def _counted(words: Mapping[str, Any], codes: Counter[str], t: Translator) -> str:
    """Return codes as words with how often each is there, in the order of the words."""
    return t.listing(f"{t.of(words[code])} {codes[code]}" for code in words if codes[code])


def _statuses(codes: Any, t: Translator) -> str:
    return _counted(STATUSES, Counter(str(code) for code in codes), t)


# Of plans and figures.


def plan_summary(plan: Plan, t: Translator, _: Plan | None) -> list[str]:
    """Return what a plan holds, and of how much the start or the money is known."""
    about = plan.about
    title = about.name_en if t.lang == "en" and about.name_en else about.name_zh
    note = f" [{t(EXAMPLE)}]" if plan.example else ""
    n = counts(plan)
    tally = t(
        "{indicators} ({baselines} with a baseline) · {works} ({known} with a cost) · {tasks} · "
        "{conflicts}",
        indicators=plural("{n} indicator", "{n} indicators", n["indicators"]),
        baselines=n["baselines"],
        works=plural("{n} work", "{n} works", n["works"]),
        known=n["works_with_money"],
        tasks=plural("{n} task", "{n} tasks", n["tasks"]),
        conflicts=plural("{n} conflict", "{n} conflicts", n["conflicts"]),
    )
    return [f"{title} {about.first_year}–{about.last_year}{note}", tally]


def observations_summary(figures: Any, t: Translator, _: Plan | None) -> list[str]:
    """Return how many figures there are, of what and of which periods."""
    periods = sorted(str(period) for period in figures.table["period"])
    n = len(periods)
    if not n:
        lines = [t("No figures.")]
    else:
        lines = [
            t.plural(
                "{n} figure of {indicators} indicators, {first} to {last}.",
                "{n} figures of {indicators} indicators, {first} to {last}.",
                n,
                indicators=len(set(figures.table["indicator"])),
                first=periods[0],
                last=periods[-1],
            )
        ]
    if figures.remarks:
        remarked = len(figures.remarks)
        lines.append(t.plural("{n} remark in place of figures.", "{n} remarks.", remarked))
    if figures.lines:
        lines.append(figures.summary.text(t.lang))
    return lines


def records_summary(records: Mapping[str, Any], t: Translator, _: Plan | None) -> list[str]:
    """Return how many records there are."""
    return [t.plural("{n} entry.", "{n} entries.", len(records))]


def record_summary(record: Any, t: Translator, _: Plan | None) -> list[str]:
    """Return a record as one line."""
    from corridor_model.plan.records import record_fields

    known = [f"{title} {text}" for title, text in record_fields(record, t.lang).items() if text]
    return [t("; ").join(line.replace("\n", " / ") for line in known)]


def collection_summary(collection: Any, t: Translator, _: Plan | None) -> list[str]:
    """Return what the units sent in."""
    return [collection.summary.text(t.lang)]


# Of growth and verdicts.


def required_summary(frame: pd.DataFrame, t: Translator, plan: Plan | None) -> list[str]:
    """Return how many promises have a rate or a step, the fastest, and why others have none."""
    rates = frame["required_rate"].astype(float)
    stepped = frame["required_step"].notna() & rates.isna()
    lines = [
        t(
            "{n} promises: {rates} with a yearly rate, {steps} with a yearly step alone.",
            n=len(frame),
            rates=int(rates.notna().sum()),
            steps=int(stepped.sum()),
        )
    ]
    if rates.notna().any():
        fastest = str(rates.idxmax())
        known = plan is not None and fastest in plan.targets
        name = plan.targets[fastest].name(t.lang) if known and plan is not None else fastest
        rate = percent(float(rates.max()))
        lines.append(t("The fastest is {name}: {rate} a year.", name=name, rate=rate))
    without = frame["reason"][rates.isna() & ~stepped]
    reasons = Counter(str(reason) for reason in without if reason)
    if reasons:
        listed = t.listing(f"{reason_word(code, t.lang)} {n}" for code, n in reasons.items())
        lines.append(t("Without either: {reasons}.", reasons=listed))
    return lines


def paths_summary(ds: xr.Dataset, t: Translator, _: Plan | None) -> list[str]:
    """Return how many targets each rate reaches in time."""
    ds = along(ds, "indicator", "rate")
    lines = []
    for rate in ds["rate"].values:
        at = ds.sel(rate=rate)
        known = at["reached_reason"].values == ""
        lines.append(
            t(
                "At {rate} % a year {met} of the {n} targets with such a path are met in time.",
                rate=share_label(float(rate)),
                met=int((at["reached"].values.astype(bool) & known).sum()),
                n=int(known.sum()),
            )
        )
    return lines


def assessment_summary(ds: xr.Dataset, t: Translator, _: Plan | None) -> list[str]:
    """Return how many targets have which verdict, by rule where there are several."""
    ds = along(ds, "indicator")
    period = str(ds.attrs.get("as_of", ""))
    if "rule" in ds.dims:
        from corridor_model.assessment.rules import RULES

        return [
            t(
                "{rule}: {counts}",
                rule=t.of(RULES[str(rule)].title),
                counts=_statuses(ds["status"].sel(rule=rule).values, t),
            )
            for rule in ds["rule"].values
        ]
    lines = [t("Targets as of {period}{note}", period=period, note="")] if period else []
    tally = _statuses(ds["status"].values, t)
    n = ds.sizes["indicator"]
    lines.append(t.plural("{n} target: {counts}", "{n} targets: {counts}", n, counts=tally))
    return lines + _verdicts(ds, t)


def _verdicts(ds: xr.Dataset, t: Translator) -> list[str]:
    """Return every verdict as a sentence, the worst first, and the rest by reason."""
    rows = [row_of(ds, str(name)) for name in ds["indicator"].values]
    said = []
    for row in sorted(rows, key=lambda row: worst_first(row["status"])):
        if row["status"] != NOT_ASSESSABLE or len(rows) == 1:
            chance = probability_sentence(row, t.lang)
            first = sentence(row, t.lang)
            between = N_("{first} {second}")
            said.append(t(between, first=first, second=chance) if chance else first)
    name = "name_zh" if t.lang == "zh" else "name_en"
    for reason in REASONS if len(rows) > 1 else ():
        names = [str(row[name]) for row in rows
                 if row["status"] == NOT_ASSESSABLE and row["reason"] == reason]  # fmt: skip
        if names:
            fields = {"reason": reason_word(reason, t.lang), "n": len(names)}
            said.append(t("{reason}, {n}: {names}.", names=t.listing(names, en="; "), **fields))
    return said


def panel_summary(ds: xr.Dataset, t: Translator, _: Plan | None) -> list[str]:
    """Return how many promises of how many regions have which verdict."""
    ds = along(ds, "region", "indicator")
    promised = grid(ds, "has_target", "region", "indicator")
    codes = grid(ds, "status", "region", "indicator")[promised]
    return [
        t(
            "{regions}, {promises} as of {period}: {counts}.",
            regions=plural("{n} region", "{n} regions", ds.sizes["region"]),
            promises=plural("{n} promise", "{n} promises", int(promised.sum())),
            period=ds.attrs["as_of"],
            counts=_statuses(codes, t),
        )
    ]


def history_summary(frame: pd.DataFrame, t: Translator, _: Plan | None) -> list[str]:
    """Return how many verdicts are better or worse than a period before."""
    moved = Counter(str(change) for change in frame["change"])
    return [
        t(
            "{n} promises over time; at the last period {better} verdicts are better than before, "
            "{worse} worse.",
            n=len(frame),
            better=moved["better"],
            worse=moved["worse"],
        )
    ]


def works_summary(frame: pd.DataFrame, t: Translator, _: Plan | None) -> list[str]:
    """Return how many works have which verdict."""
    tally = _statuses(frame["status"], t)
    return [t.plural("{n} work: {counts}.", "{n} works: {counts}.", len(frame), counts=tally)]


def tasks_summary(frame: pd.DataFrame, t: Translator, _: Plan | None) -> list[str]:
    """Return how many tasks have which verdict."""
    tally = _statuses(frame["status"], t)
    return [t.plural("{n} task: {counts}", "{n} tasks: {counts}", len(frame), counts=tally)]


def league_summary(frame: pd.DataFrame, t: Translator, _: Plan | None) -> list[str]:
    """Return how many units are compared, and how many have nothing behind."""
    clean = int((frame["score"].astype(float) == 1).sum())
    return [t("{n} units; {clean} have nothing behind.", n=len(frame), clean=clean)]


def roll_up_summary(frame: pd.DataFrame, t: Translator, _: Plan | None) -> list[str]:
    """Return how many groups there are, and in how many something is behind."""
    late = int(((frame["behind"] + frame["missed"]) > 0).sum())
    return [t("{n} groups; in {late} something is behind or missed.", n=len(frame), late=late)]


def works_total_summary(total: Any, t: Translator, _: Plan | None) -> list[str]:
    """Return the works of a plan in one line, in the order in which offices report it."""
    month, year = total.invested_month, total.invested_year

    def money(value: float | None) -> str:
        return "—" if value is None else rounded(value, 2)

    return [
        t.plural(
            "{n} work; this month {month} 亿元 ({known_month} reported), this year {year} 亿元 "
            "({known_year} reported); {started} of {due} due to start have started; {finished} "
            "finished.",
            "{n} works; this month {month} 亿元 ({known_month} reported), this year {year} 亿元 "
            "({known_year} reported); {started} of {due} due to start have started; {finished} "
            "finished.",
            total.works,
            month=money(month.value),
            known_month=month.known,
            year=money(year.value),
            known_year=year.known,
            started=total.started,
            due=total.start_due,
            finished=total.finished,
        )
    ]


# Of forecasts.


def predictive_summary(forecast: Any, t: Translator, _: Plan | None) -> list[str]:
    """Return median and interval of the last year, and what it rests on."""
    year = forecast.years[-1]
    if forecast.core is None:
        return [
            t(
                "{year}: no forecast, {reason}.",
                year=year,
                reason=reason_word(forecast.reason, t.lang),
            )
        ]
    low, middle, high = (readable(float(x)) for x in forecast.quantile([0.1, 0.5, 0.9])[-1])
    basis = basis_word(forecast.p_basis or "", t.lang)
    lines = [
        t(
            "{year}: median {middle}, with 80 % between {low} and {high} ({basis}).",
            year=year,
            middle=middle,
            low=low,
            high=high,
            basis=basis,
        )
    ]
    explanation = forecast.explain()
    return lines if explanation is None else [*lines, explanation_text(explanation, t.lang)]


def batch_summary(batch: Any, t: Translator, _: Plan | None) -> list[str]:
    """Return how many forecasts there are, and what they rest on."""
    bases = Counter(row.p_basis or row.reason or "" for row in batch.rows)
    listed = t.listing(
        f"{basis_word(code, t.lang) if code != 'no_scale' else reason_word(code, t.lang)} {n}"
        for code, n in bases.items()
    )
    return [
        t(
            "{n} forecasts, {years} years ahead: {bases}.",
            n=len(batch),
            years=batch.horizon,
            bases=listed,
        )
    ]


def backtest_summary(backtest: Any, t: Translator, _: Plan | None) -> list[str]:
    """Return how good forecasts would have been."""
    return [
        t(
            "{n} forecasts of earlier years: the mean error (CRPS) was {crps}, that of a random "
            "walk {walk}; 80 % intervals held {held} of what came.",
            n=backtest.tasks,
            crps=readable(backtest.crps),
            walk=readable(backtest.crps_random_walk),
            held=percent(backtest.coverage[80], 1),
        ),
        t(
            "Probabilities had a skill of {skill} and lay {error} from what came true on average.",
            skill=rounded(backtest.skill, 2),
            error=percent(backtest.calibration_error, 1),
        ),
    ]


def weights_summary(weights: Any, t: Translator, _: Plan | None) -> list[str]:
    """Return what a calibration holds."""
    return [
        t(
            "Belief in {n} experts before any figure is known; skill is measured for {cases} "
            "combinations of kind, figures and years ahead.",
            n=len(weights.experts.rows),
            cases=len(weights.skill),
        )
    ]


# Of scenarios and money.


def simulation_summary(ds: xr.Dataset, t: Translator, _: Plan | None) -> list[str]:
    """Return how many promises are kept on average, and which are the least likely."""
    ds = along(ds, "scenario", "indicator")
    names = ds["name_zh" if t.lang == "zh" else "name_en"].values
    titles = ds["scenario_zh" if t.lang == "zh" else "scenario"].values
    lines = []
    count = int(ds.attrs.get("n_promises", 0))
    p = grid(ds, "p_reach", "scenario", "indicator")[0]
    known = np.flatnonzero(~np.isnan(p))
    if len(known):
        least = known[np.argmin(p[known])]
        lines.append(
            t(
                "{scenario}: the least likely of {n} targets is {name}, {p}.",
                scenario=str(titles[0]),
                n=len(known),
                name=str(names[least]),
                p=percent(odds(p[least]), 1),
            )
        )
    if count and "n_reached_mean" in ds:
        means = grid(ds, "n_reached_mean", "scenario")
        each = t.listing(
            f"{title} {rounded(float(mean), 1)}" for title, mean in zip(titles, means, strict=True)
        )
        lines.append(t("Of {count} promises are kept on average: {each}.", count=count, each=each))
    if "figures_until" in ds.attrs:
        lines.append(figures_text(ds, t))
    return lines or [t("No target has a probability.")]


def spending_summary(ds: xr.Dataset, t: Translator, _: Plan | None) -> list[str]:
    """Return the money of each scenario inside the plan and beyond, and what is known of it."""
    ds = along(ds, "scenario", "project")
    if "scenario" not in ds.dims:
        ds = ds.expand_dims(scenario=[""]).assign_coords(scenario_zh=("scenario", [""]))
    lines = []
    for i, title in enumerate(ds["scenario_zh" if t.lang == "zh" else "scenario"].values):
        at = ds.isel(scenario=i)
        inside, beyond = (
            rounded(float(at[name].sum()), 2) for name in ("inside_plan", "beyond_horizon")
        )
        fields = {"inside": inside, "beyond": beyond, "year": ds.attrs["horizon"]}
        lines.append(
            t(
                "{scenario}: {inside} 亿元 inside the plan, {beyond} 亿元 after {year}.",
                scenario=str(title),
                **fields,
            )
            if str(title)
            else t("{inside} 亿元 inside the plan, {beyond} 亿元 after {year}.", **fields)
        )
    known = t("investment of works: {known}", known=known_money(ds, t.lang))
    return [*lines, t("{first}; {second}", first=known, second=known_lengths(ds, t.lang))]


def openings_summary(frame: pd.DataFrame, t: Translator, _: Plan | None) -> list[str]:
    """Return how many roads open within the plan."""
    expected = rounded(float(frame["p_in_plan"].sum()), 1).removesuffix(".0")
    return [
        t(
            "{n} roads; {expected} of them are expected to open within the plan.",
            n=len(frame),
            expected=expected,
        )
    ]


def long_summary(frame: pd.DataFrame, t: Translator, _: Plan | None) -> list[str]:
    """Return how many numbers a long table holds."""
    return [
        t(
            "{n} numbers of {variables} variables.",
            n=len(frame),
            variables=frame["variable"].nunique(),
        )
    ]


def resolved_summary(resolved: Any, t: Translator, _: Plan | None) -> list[str]:
    """Return how many works a scenario leaves as they are."""
    changed = sum(
        bool(work.cancelled or work.override or work.months != 0.0 or work.factor != 1.0)
        for work in resolved.works
    )
    return [
        t(
            "{n} works, {changed} of them changed; {aims} settings of indicators.",
            n=len(resolved.works),
            changed=changed,
            aims=len(resolved.aims),
        )
    ]


def change_summary(change: Any, t: Translator, plan: Plan | None) -> list[str]:
    """Return one change in words."""
    return [change_text(change, plan, t.lang)]


def distribution_summary(distribution: Any, t: Translator, _: Plan | None) -> list[str]:
    """Return what a number may be."""
    from corridor_model.scenario.wording import number_wording

    return [t.of(number_wording(distribution))]


def profile_summary(profile: Any, t: Translator, _: Plan | None) -> list[str]:
    """Return how money is spread over time."""
    from corridor_model.scenario.wording import profile_wording

    return [t.of(profile_wording(profile))]


# Of games and rules.


def morris_summary(ds: xr.Dataset, t: Translator, _: Plan | None) -> list[str]:
    """Return the input with the largest effects on each output."""
    ds = along(ds, "output", "input")
    lines = []
    for name in ds["output"].values:
        at = ds.sel(output=name)
        place = int(np.argmax(at["mu_star"].values))
        lines.append(
            t(
                "{output}: {input} moves it most, by {effect} over its range on average.",
                output=str(name),
                input=str(at["input"].values[place]),
                effect=readable(float(at["mu_star"][place])),
            )
        )
        if "converged" in at and not bool(at["converged"]):
            count, enough = int(ds.attrs["trajectories"]), int(at["n_converge"])
            lines[-1:] = [
                *(lines[-1:] if enough > 0 else []),
                t(
                    "{output}: not converged at {count} trajectories; {enough} would do.",
                    output=str(name),
                    count=count,
                    enough=enough,
                )
                if enough > 0
                else t(
                    "{output}: nothing moved it in {count} trajectories; that does not say that "
                    "nothing can.",
                    output=str(name),
                    count=count,
                ),
            ]
    return lines


def verdict_summary(verdict: Any, t: Translator, _: Plan | None) -> list[str]:
    """Return which alternatives are best."""
    best = t.listing(verdict.names)
    return [t.plural("Best: {best}.", "Best, tied: {best}.", len(verdict.names), best=best)]


def shares_summary(shares: Any, t: Translator, _: Plan | None) -> list[str]:
    """Return whether shares are exact."""
    players = len(np.atleast_2d(shares.parts))
    exact = bool(np.all(shares.exact))
    template = (
        N_("Shares of {n} players, every subset counted.")
        if exact
        else N_("Shares of {n} players, estimated from random orders.")
    )
    return [t(template, n=players)]


def evaluation_summary(assessment: Any, t: Translator, _: Plan | None) -> list[str]:
    """Return how many targets have which verdict, by rule."""
    from corridor_model.assessment.assessment import to_dataset

    return assessment_summary(to_dataset(assessment, len(assessment.rules) > 1), t, None)


BY_KIND: dict[str, Lines] = {
    "assessment": assessment_summary,
    "simulation": simulation_summary,
    "spending": spending_summary,
    "growth_paths": paths_summary,
    "morris": morris_summary,
    "panel": panel_summary,
    "required_growth": required_summary,
    "verdict_history": history_summary,
    "assess_works": works_summary,
    "assess_tasks": tasks_summary,
    "league": league_summary,
    "roll_up": roll_up_summary,
    "openings": openings_summary,
    "long_table": long_summary,
}
"""Of Datasets and frames, by what they are of."""

BY_CLASS: dict[str, Lines] = {
    "Plan": plan_summary,
    "Observations": observations_summary,
    "Predictive": predictive_summary,
    "PredictiveBatch": batch_summary,
    "Backtest": backtest_summary,
    "Weights": weights_summary,
    "Resolved": resolved_summary,
    "Change": change_summary,
    "Collection": collection_summary,
    "WorksTotal": works_total_summary,
    "Verdict": verdict_summary,
    "Shares": shares_summary,
    "Distribution": distribution_summary,
    "Profile": profile_summary,
    "Records": records_summary,
    "Promises": records_summary,
    "HtmlRecord": record_summary,
    "Assessment": evaluation_summary,
}
"""Of other objects, by their class."""
