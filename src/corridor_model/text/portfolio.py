"""A choice of works in words: what a director reads before the tables."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model.formatting import percent, plain, readable, rounded
from corridor_model.messages import N_, Name, Translator, context, translator
from corridor_model.portfolio.robust import BEST_OF, MINIMAX

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.portfolio.budget_cut import BudgetCut


STATUS = {
    "as_scheduled": context("work", "as scheduled"),
    "postponed": context("work", "postponed"),
    "brought_forward": context("work", "brought forward"),
    "running": context("work", "already running"),
    "finished": context("work", "finished"),
    "stopped": context("work", "stopped"),
    "not_chosen": context("work", "not chosen"),
    "unknown_investment": context("work", "cost unknown"),
    "not_asked": context("work", "not asked for"),
    "cancelled": context("work", "cancelled"),
}
"""What becomes of a work, in the order in which tables list it."""
REASONS = {
    "no_length": N_("length unknown"),
    "opens_no_road": N_("opens no road"),
    "not_in_table": N_("not in the table"),
    "after_horizon": N_("after horizon"),
}
"""Why a work adds nothing; what its status says already needs no reason."""
CHANGES = {
    "dropped": context("work", "dropped"),
    "postponed": context("work", "postponed"),
    "brought_forward": context("work", "brought forward"),
    "added": context("work", "added"),
}
"""What a budget cut does to a work."""
SMALLEST = 0.005
"""亿元 that are printed as 0.00."""


def choice_text(ds: xr.Dataset, lang: str = "zh") -> list[str]:
    """Return a choice in words, one paragraph a line, the result first.

    Parameters
    ----------
    ds : Dataset
        Of :func:`corridor_model.choose_projects`.
    lang : {"zh", "en"}
        Language.

    Examples
    --------
    >>> import corridor_model as cm
    >>> choice = cm.choose_projects(cm.load_plan(), {2020: 5, 2021: 5, 2022: 5})
    >>> choice_text(choice, "en")[0]
    '5 of 17 works with known cost are chosen: 4.67 km open by the end of 2022 (proven optimal).'
    """
    t = translator(lang)
    lines = [_headline(ds, t), _rest_of_budget(ds, t), _unknown(ds, t), _no_candidates(ds, t)]
    lines += [_running_left_out(ds, t), _later(ds, t), _next_best(ds, t), _more_money(ds, t)]
    return [line for line in lines if line]


def cost_coverage(ds: xr.Dataset, t: Translator) -> str:
    """Return of how many works the money is known (S6)."""
    return t("{n} of {of} known", n=ds.attrs["n_known"], of=ds.attrs["n_works"])


def unit_text(unit: str, t: Translator) -> str:
    """Return the unit of the objective."""
    return t("km") if unit == "km" else t("benefit")


def value_text(ds: xr.Dataset, value: float, t: Translator) -> str:
    """Return a value of the objective with what it is."""
    number, horizon = rounded(value, 2), ds.attrs["horizon"]
    if ds.attrs["unit"] != "km":
        return t("benefit {value}", value=number)
    if not ds.attrs["discount"]:
        return t("{km} km open by the end of {year}", km=number, year=horizon)
    rate = percent(ds.attrs["discount"], 1)
    return t(
        "{km} km open by the end of {year} (discounted at {rate})",
        km=number,
        year=horizon,
        rate=rate,
    )


def _headline(ds: xr.Dataset, t: Translator) -> str:
    gap = float(ds["gap"])
    proof = (
        t("proven optimal")
        if ds.attrs["status"] == "optimal" and not gap
        else t("within {share} of the best", share=_share_apart(gap))
    )
    return t(
        "{chosen} of {candidates} works with known cost are chosen: {value} ({proof}).",
        chosen=ds.attrs["chosen"],
        candidates=ds.attrs["candidates"],
        value=value_text(ds, float(ds["objective"]), t),
        proof=proof,
    )


def _share_apart(gap: float) -> str:
    """Return a gap as percent; a small one is not called none."""
    return percent(gap, 2) if gap >= SMALLEST / 100 else f"{readable(100 * gap, up=True)} %"


def _rest_of_budget(ds: xr.Dataset, t: Translator) -> str:
    """Say what becomes of the money the objective does not need."""
    if ds.attrs["leftover"] == "plan":
        return t(
            "The rest of the budget goes to the works of the plan: "
            "{money} 亿元 of planned investment carried out.",
            money=readable(float(ds["invested"])),
        )
    return t(
        "They cost {money} 亿元 in all; what adds nothing to the aim is not funded.",
        money=readable(float(ds["spent"].sum())),
    )


def _unknown(ds: xr.Dataset, t: Translator) -> str:
    """Say what could not be valued or chosen, as n of m (S6)."""
    costs = cost_coverage(ds, t)
    if ds.attrs["unit"] != "km":
        return t("Costs: {coverage}; the rest is no candidate.", coverage=costs)
    return t(
        "Costs: {coverage}; the rest is no candidate. {n} of {of} lengths in the area known: "
        "the others are not 0, and cannot count.",
        coverage=costs,
        n=ds.attrs["n_lengths"],
        of=ds.attrs["n_roads"],
    )


def _no_candidates(ds: xr.Dataset, t: Translator) -> str:
    """Say why a simulation counts more kilometres: works of unknown cost are in it."""
    left_out = float(ds["objective_left_out"])
    if ds.attrs["unit"] != "km" or left_out <= 0:
        return ""
    return t(
        "As scheduled, all works together come to {all} ({km} km of it by works that are no "
        "candidates here): that is what a simulation of the plan counts.",
        all=value_text(ds, float(ds["objective_scheduled"]), t),
        km=rounded(left_out, 2),
    )


def _running_left_out(ds: xr.Dataset, t: Translator) -> str:
    """Say which running works the budget does not count."""
    if ds.attrs["running_left_out"] == "none":
        return ""
    names = dict(zip(ds["project"].values, ds[f"name_{t.lang}"].values, strict=True))
    works = [str(names[one]) for one in ds.attrs["running_left_out"].split("; ")]
    return t(
        "Running, but not among the works asked for, and not counted against the budget: {works}.",
        works=t.listing(works),
    )


def _later(ds: xr.Dataset, t: Translator) -> str:
    money = ds.attrs["uncapped_money"]
    if money < SMALLEST:
        return ""
    return t(
        "{money} 亿元 fall into years after the budget, which have no cap.", money=readable(money)
    )


def _next_best(ds: xr.Dataset, t: Translator) -> str:
    if ds.sizes["portfolio"] < 2:
        return ""
    if ties := int(ds["portfolio_tied"].values[1:].sum()):
        return t.plural(
            "{n} other choice is as good by the aim (tied); this one is ahead by the rest.",
            "{n} other choices are as good by the aim (tied); this one is ahead by the rest.",
            ties,
        )
    value = value_text(ds, float(ds["portfolio_objective"][1]), t)
    return t("The next best choice: {value}.", value=value)


def _more_money(ds: xr.Dataset, t: Translator) -> str:
    """Say what one more 亿元 buys, and if nothing, what would."""
    if "more_anywhere" not in ds:
        return ""
    by, gain = plain(ds.attrs["more_by"]), rounded(float(ds["more_anywhere"]), 2)
    settled = bool(ds["more_proven"])
    if float(ds["more_anywhere"]) <= 0 and not settled:
        first = t("Whether {money} 亿元 more adds anything was not settled in time.", money=by)
    elif float(ds["more_anywhere"]) <= 0:
        first = t("{money} 亿元 more adds nothing to the aim.", money=by)
    elif ds.attrs["unit"] == "km":
        first = t("{money} 亿元 more, where it helps most, adds {km} km.", money=by, km=gain)
    else:
        first = t(
            "{money} 亿元 more, where it helps most, adds {value} {unit}.",
            money=by,
            value=gain,
            unit=ds.attrs["unit"],
        )
    sentences = [first, _next_step(ds, settled, t), _investment_gained(ds, t)]
    return t.listing(filter(None, sentences), zh="", en=" ")


def _next_step(ds: xr.Dataset, settled: bool, t: Translator) -> str:
    total = float(ds["next_money_total"])
    if ds.attrs["every_counted"]:
        return t("Every work that can count is chosen.")
    if np.isnan(total):
        if not settled:
            return ""
        return t("No more money in these years allows a better choice: other conditions bind.")
    value = value_text(ds, float(ds["next_objective"]), t)
    years = ds["budget_year"].values
    pairs = zip(years, ds["next_money"].values, strict=True)
    money = (
        t.listing(
            t("{money} in {year}", money=readable(float(m), up=True), year=year)
            for year, m in pairs
            if m > 0
        )
        if len(years)
        else readable(total, up=True)
    )
    if not settled:
        return t("A better choice takes at most {money} 亿元: {value}.", money=money, value=value)
    return t("The next step takes {money} 亿元: {value}.", money=money, value=value)


def _investment_gained(ds: xr.Dataset, t: Translator) -> str:
    gains = ds["more_invested"].values
    if not gains.size or np.isnan(gains).any():
        return ""
    return t(
        "Planned investment that {money} 亿元 adds: {gains}.",
        money=plain(ds.attrs["more_by"]),
        gains=t.listing(
            t("{gain} if in {year}", gain=readable(float(gain)), year=year)
            for year, gain in zip(ds["budget_year"].values, gains, strict=True)
        ),
    )


def cut_text(cut: BudgetCut, lang: str = "zh") -> list[str]:
    """Return a budget cut in words, one paragraph a line, the result first."""
    t = translator(lang)
    lines = [_cut_headline(cut, t)]
    for change, word in CHANGES.items():
        rows = cut.table[cut.table["change"] == change].to_dict("records")
        if rows:
            works = t.listing((_changed_work(row, change, t) for row in rows), en="; ")
            lines.append(t("{change}: {works}.", change=t.of(word).capitalize(), works=works))
    if cut.table.empty:
        lines.append(t("No work changes."))
    if cut.after.attrs["leftover"] == "plan":
        before, after = (readable(float(ds["invested"])) for ds in (cut.before, cut.after))
        lines.append(
            t(
                "Planned investment carried out: {after} instead of {before} 亿元.",
                before=before,
                after=after,
            )
        )
    return [*lines, *filter(None, [_more_money(cut.after, t)])]


def _cut_headline(cut: BudgetCut, t: Translator) -> str:
    less = percent(cut.share, 0)
    before, after = (rounded(float(ds["objective"]), 2) for ds in (cut.before, cut.after))
    if cut.before.attrs["unit"] != "km":
        return t(
            "With {share} less: {value}, instead of {before}.",
            share=less,
            value=value_text(cut.after, float(cut.after["objective"]), t),
            before=before,
        )
    year = cut.after.attrs["horizon"]
    if before == after:
        return t(
            "With {share} less, {km} of {km} km are still open by the end of {year}.",
            share=less,
            km=after,
            year=year,
        )
    return t(
        "With {share} less, {after} of {before} km are still open by the end of {year}.",
        share=less,
        before=before,
        after=after,
        year=year,
    )


def _changed_work(row: Mapping[Hashable, Any], change: str, t: Translator) -> str:
    name = str(row[f"name_{t.lang}"])
    if change == "dropped":
        return t("{work} ({money} 亿元)", work=name, money=readable(float(row["investment"])))
    return t("{work} (to {year})", work=name, year=row["start_after"])


def robust_text(ds: xr.Dataset, lang: str = "zh") -> list[str]:
    """Return in words which candidates hold, one paragraph a line."""
    t = translator(lang)
    best, level = ds.isel(portfolio=0), ds.attrs["level"]
    rules = {
        rule: _sources(ds.attrs[rule], t)
        for rule in ("minimax_regret", "most_satisficing", "least_cvar")
    }
    return [
        t(
            "In {draws} draws the best choice meets the threshold ({threshold}) in {satisfied} and "
            "keeps every budget in {kept}; the worst {tail} overspend by {risk} 亿元 on average.",
            draws=ds.attrs["draws"],
            threshold=rounded(ds.attrs["threshold"], 2),
            satisfied=percent(float(best["p_satisfied"]), 1),
            kept=percent(float(best["p_within_budget"]), 1),
            tail=percent(1 - level, 0),
            risk=rounded(float(best["overspending_cvar"]), 2),
        ),
        t(
            "Least largest regret: {minimax_regret}. Most often good enough: {most_satisficing}. "
            "Least risk of overspending: {least_cvar}.",
            **rules,
        ),
        t(
            "To keep every budget with {level}: {choice}.",
            level=percent(level, 0),
            choice=_sure_enough(ds, t),
        ),
    ]


def regret_text(ds: xr.Dataset, lang: str = "zh") -> list[str]:
    """Return in words the choice with the least largest regret over several scenarios."""
    t = translator(lang)
    own = ds.isel(portfolio=0)
    names = zip(own[f"name_{t.lang}"].values, own["start_year"].values, strict=True)
    works = [t("{work} (from {year})", work=n, year=int(y)) for n, y in names if not np.isnan(y)]
    lines = [
        t(
            "Over {n} scenarios the choice with the least largest regret: {works}.",
            n=ds.sizes["scenario"],
            works=t.listing(works) or t("no work"),
        ),
        t(
            "It loses at most {value} against the best choice of each scenario ({proof}).",
            value=_amount(ds, float(own["regret_max"]), t),
            proof=t("proven optimal")
            if ds.attrs["status"] == "optimal"
            else t(
                "no choice loses less than {value}",
                value=_amount(ds, float(ds["regret_bound"]), t),
            ),
        ),
    ]
    lines += [
        t(
            "{scenario}: {value} instead of {best}.",
            scenario=name,
            value=_amount(ds, float(own["objective"].sel(scenario=name)), t),
            best=_amount(ds, float(ds["best_objective"].sel(scenario=name)), t),
        )
        for name in ds["scenario"].values
    ]
    return lines


def _amount(ds: xr.Dataset, value: float, t: Translator) -> str:
    return f"{rounded(value, 2)} {unit_text(ds.attrs['unit'], t)}"


def _sure_enough(ds: xr.Dataset, t: Translator) -> str:
    """Say which candidate keeps the budgets often enough, and what it does."""
    source = ds.attrs["sure_enough"]
    if source == "none":
        return t("no candidate does")
    one = ds.isel(portfolio=list(ds["source"].values).index(source))
    return t(
        "take {choice} (objective {value}, {money} 亿元 of planned investment, {p})",
        choice=_sources(source, t),
        value=rounded(float(one["objective_mean"]), 2),
        money=rounded(float(one["invested"]), 2),
        p=percent(float(one["p_within_budget"]), 1),
    )


def _sources(names: str, t: Translator) -> str:
    """Return the sources of tied candidates, the first three and how many more there are."""
    sources = [source_text(name, t) for name in names.split("; ")]
    if len(sources) <= 3:
        return t.listing(sources)
    # English counts those that are left, Chinese all of them
    rest = Name(str(len(sources)), str(len(sources) - 3))
    return t("{first} and {rest} more (tied)", first=t.listing(sources[:3]), rest=rest)


def source_text(name: str, t: Translator) -> str:
    """Return where a candidate comes from; the result names it as a code."""
    if name == MINIMAX:
        return t.context("candidate", "least largest regret")
    if name.startswith(BEST_OF):
        return t("best under “{scenario}”", scenario=name.removeprefix(BEST_OF))
    kind, _, number = name.rpartition(" ")
    if kind == "runner-up":
        return t("runner-up {number}", number=number)
    if kind:
        return t("budget x {factor}", factor=number)
    return t.context("candidate", "best")
