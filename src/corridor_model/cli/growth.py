"""``corridor required`` and ``paths``: the growth that targets need, and what rates reach."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from corridor_model.cli import output
from corridor_model.codes import ORIGIN_WORDS, reason_word
from corridor_model.errors import CorridorError
from corridor_model.formatting import percent, plain, readable, rounded, share_label
from corridor_model.growth import compound
from corridor_model.messages import N_, Translator, plural, translator
from corridor_model.plan.display import EXAMPLE, SENSE_SIGNS, goal_text, in_language
from corridor_model.plan.growth_paths import KINDS_WITH_PATHS, growth_paths
from corridor_model.plan.measures import measures
from corridor_model.plan.plan import Plan
from corridor_model.plan.query import headline
from corridor_model.plan.records import Indicator
from corridor_model.plan.requirements import Requirement, requirements_of
from corridor_model.plan.revisions import in_force
from corridor_model.report.write import path_rows, required_rows

if TYPE_CHECKING:
    import xarray as xr


Requirements = dict[str, Requirement]


def run_required(options: Namespace) -> None:
    """Print required growth in the form asked for."""
    plan = output.plan_of(options)
    if options.format != "table":
        output.records(required_rows(plan), options.format)
        return
    print_required(plan, translator(options.lang), options.all)


def print_required(plan: Plan, t: Translator, everything: bool = False) -> None:
    """Print what can be said, the plain rates first, then what cannot and why.

    Counts of single blocks and institutes are many and small; they are listed only where
    ``everything`` is asked for.
    """
    needs = requirements_of(plan)
    title = t("Yearly growth that each target needs")
    _print_rates(plan, needs, t, f"{title} [{t(EXAMPLE)}]" if plan.example else title)
    _print_growth(plan, needs, t)
    _print_steps(plan, needs, t, everything)
    _print_unknown(plan, needs, t)


def _print_rates(plan: Plan, needs: Requirements, t: Translator, title: str) -> None:
    """Print indicators with a known start and a compounded rate."""
    rows = {n: r for n, r in needs.items() if r.required_rate is not None and r.kind != "growth"}
    output.heading(title)
    if not rows:
        output.say("  " + t("No indicator has a known baseline."))
        return
    output.table(
        (
            *(
                t.context("column", "indicator"),
                t.context("column", "baseline"),
                t.context("column", "target"),
                t.context("column", "year"),
                t.context("rate", "a year"),
            ),
            *(t("step a year"), t("baseline is")),
        ),
        [
            (
                plan.targets[name].name(t.lang),
                # a change in percent has its rate, whatever its start
                "" if row.baseline is None else f"{plain(row.baseline)} ({row.baseline_year})",
                _goal(plan, name, row, t),
                str(row.target_year),
                percent(row.required_rate),
                "" if row.required_step is None else _step(row, t),
                t.of(ORIGIN_WORDS[row.origin]),
            )
            for name, row in rows.items()
            if row.required_rate is not None
        ],
        (False, False, False, True, True, True, False),
    )
    limits = [plan.targets[name].name(t.lang) for name, row in rows.items() if row.is_limit]
    if limits:
        names = t("; ").join(limits)
        output.paragraph(
            t("To be kept, the rate is that at which it just holds: {names}.", names=names)
        )
    for name in rows:
        output.paragraph(*_cautions(plan.targets[name], t))


def _cautions(indicator: Indicator, t: Translator) -> Iterator[str]:
    """Yield what a reader must know of a starting value: its vintage, and a weak source."""
    start, name = indicator.baseline, indicator.name(t.lang)
    if start is not None and start.series:
        yield t(
            "{indicator}: the {year} figure is of the series {series!r}.",
            indicator=name,
            year=start.year,
            series=in_language(start.series, t.lang),
        )
    if start is not None and start.confidence == "low":
        yield t(
            "{indicator}: the {year} figure comes from a weak mirror; check it before use.",
            indicator=name,
            year=start.year,
        )


def _goal(plan: Plan, name: str, row: Requirement, t: Translator) -> str:
    # the rate beside it is that of the target as revised
    promise = in_force(plan)[name] or plan.targets[name]
    goal = goal_text(promise, t.lang, plan.indicators)
    return t("{goal} (met)", goal=goal) if row.already_met else goal


def _print_growth(plan: Plan, needs: Requirements, t: Translator) -> None:
    """Print growth targets with the multiple they imply."""
    base = plan.about.base_year
    rows = {n: r for n, r in needs.items() if r.kind == "growth" and not r.reason}
    if not rows:
        return
    output.heading(t("The target is a growth rate ({base} = 100, an assumed base)", base=base))
    output.table(
        (
            t.context("column", "indicator"),
            t.context("rate", "a year"),
            t.context("column", "year"),
            t.context("column", "index"),
        ),
        [
            (
                plan.targets[name].name(t.lang),
                goal_text(plan.targets[name], t.lang, plan.indicators),
                str(row.target_year),
                rounded(float(compound(100.0, row.target / 100, row.target_year - base)), 2),
            )
            for name, row in rows.items()
            if row.target is not None and row.target_year is not None
        ],
        (False, False, True, True),
    )


def _print_steps(plan: Plan, needs: Requirements, t: Translator, everything: bool) -> None:
    """Print what is counted up: a rate from zero does not exist, a yearly addition does."""
    rows = {
        n: r for n, r in needs.items() if r.required_rate is None and r.required_step is not None
    }
    counts = {n: r for n, r in rows.items() if r.kind in {"cumulative", "completion"}}
    others = {n: r for n, r in rows.items() if n not in counts}
    chosen = counts.keys() if everything else headline(plan)
    listed = {name: row for name, row in counts.items() if name in chosen}
    _step_table(plan, listed, t, t("Counts that start at zero: needed a year"))
    if len(listed) < len(counts):
        output.paragraph(_more(len(counts) - len(listed), t))
    _step_table(plan, others, t, t("The start is zero or negative: no rate exists, only a step"))


def _more(n: int, t: Translator) -> str:
    return t("{n} more of single blocks and institutes: add --all.", n=n)


def _step_table(plan: Plan, rows: Requirements, t: Translator, title: str) -> None:
    if not rows:
        return
    output.heading(title)
    output.table(
        (
            *(
                t.context("column", "indicator"),
                t.context("column", "baseline"),
                t.context("column", "target"),
                t.context("column", "year"),
                t.context("step", "a year"),
            ),
            t("start is"),
        ),
        [
            (
                plan.targets[name].name(t.lang),
                "" if row.baseline is None else f"{plain(row.baseline)} ({row.baseline_year})",
                _goal(plan, name, row, t),
                str(row.target_year),
                _step(row, t),
                t.of(ORIGIN_WORDS[row.origin]),
            )
            for name, row in rows.items()
        ],
        (False, False, False, True, True, False),
    )


def _step(row: Requirement, t: Translator) -> str:
    assert row.required_step is not None
    unit = t.context("unit", "points") if row.unit == "%" else row.unit
    return f"{readable(row.required_step)} {unit}".rstrip()


def _print_unknown(plan: Plan, needs: Requirements, t: Translator) -> None:
    unknown = [name for name, row in needs.items() if row.reason == "no_baseline"]
    if unknown:
        names = [plan.targets[name].name(t.lang) for name in unknown]
        output.heading(
            t.plural(
                "No baseline, so no rate: {n} indicator",
                "No baseline, so no rate: {n} indicators",
                len(unknown),
            )
        )
        output.paragraph(t("{names}.", names=t("; ").join(names)))
        output.paragraph(
            t(
                "`corridor paths` shows the {base} value each rate would need. To give yours: "
                "`corridor template baselines.csv`, fill it in, add --baselines baselines.csv.",
                base=plan.about.base_year,
            )
        )
    # whatever else has neither rate nor step is named with its reason: nothing is passed over
    silent = {
        name: row.reason
        for name, row in needs.items()
        if row.required_rate is None and row.required_step is None
        if row.reason != "no_baseline" and row.kind not in {"annual", "milestone"}
    }
    _print_reasons(plan, silent, t)
    floors = sum(row.kind == "annual" for row in needs.values())
    dated = sum(row.kind == "milestone" for row in needs.values())
    if floors or dated:
        output.remark(
            t(
                "Besides: {floors} and {milestones}, for which a growth rate has no meaning.",
                floors=plural("{n} yearly minimum", "{n} yearly minimums", floors),
                milestones=plural("{n} milestone", "{n} milestones", dated),
            )
        )


def _print_reasons(plan: Plan, reasons: Mapping[str, str], t: Translator) -> None:
    """Print what cannot be said of promises, by reason."""
    for reason in dict.fromkeys(reasons.values()):
        names = [plan.targets[name].name(t.lang) for name, why in reasons.items() if why == reason]
        fields = {"reason": reason_word(reason, t.lang), "n": len(names)}
        output.remark(t("{reason}, {n}: {names}.", names=t("; ").join(names), **fields))


# ``corridor paths``: what given yearly rates reach, and the start each would need.

GEOMETRIC = measures(path="geometric")


def run_paths(options: Namespace) -> None:
    """Print paths in the form asked for."""
    plan = output.plan_of(options)
    paths = growth_paths(plan, _rates(options.rates))
    if options.format != "table":
        output.records(path_rows(paths), options.format)
        return
    print_paths(plan, paths, translator(options.lang), options.all)


def _rates(text: str) -> list[float]:
    """Return fractions from ``10,12.5``: percent, as people say it."""
    try:
        parts = text.replace("，", ",").replace("、", ",").split(",")
        rates = [float(part.strip().rstrip("%％")) / 100 for part in parts]
    except ValueError:
        rates = []
    # 0.10 is meant as 10 % by whoever knows the Python side
    if not rates or any(0 < abs(rate) < 0.005 for rate in rates):
        raise CorridorError(
            N_("--rates {text!r}: give percentages separated by commas, such as 10,12,15,20."),
            text=text,
        )
    return rates


def print_paths(plan: Plan, paths: xr.Dataset, t: Translator, everything: bool = False) -> None:
    """Print four tables: what is reached, index paths, yearly additions, and back-casts."""
    base, last = plan.about.base_year, plan.about.last_year
    chosen = plan.targets.keys() if everything else headline(plan)
    listed = [indicator for name, indicator in plan.targets.items() if name in chosen]
    listed = [promise for promise in listed if not promise.reason]
    known = [i.id for i in listed if i.baseline is not None and i.kind in GEOMETRIC]
    # a change in percent has an index of its own, and needs no start
    indexed = [i.id for i in listed if i.baseline is None and i.kind == "relative_change"]
    unknown = [i.id for i in listed if i.baseline is None and i.kind in GEOMETRIC]
    unknown = [name for name in unknown if name not in indexed]
    counts = [i.id for i in listed if i.baseline is not None and i.kind == "cumulative"]
    growing = [*(i.id for i in listed if i.kind == "growth"), *indexed]
    blocks = _Blocks(plan, paths, t)
    blocks.print(
        t(
            "Value in the target year (✓ met; in brackets the first year that meets it; what must "
            "fall falls by the rate)"
        ),
        known,
        _reached,
    )
    blocks.print(
        t("Growth targets: index in {last}, {base} = 100", last=last, base=base), growing, _reached
    )
    blocks.print(t("Counts: first-year addition if additions grow at the rate"), counts, _addition)
    blocks.print(
        t("No baseline: the {base} value each rate would need", base=base), unknown, _back_cast
    )
    reasons = {name: promise.reason for name, promise in plan.targets.items() if promise.reason}
    with_path = {
        i.id for i in plan.targets.values() if i.kind in KINDS_WITH_PATHS - measures(path="floor")
    } - reasons.keys()
    hidden = len(with_path - {indicator.id for indicator in listed})
    without = len(plan.targets.keys() - with_path - reasons.keys())
    _print_reasons(plan, reasons, t)
    if without:
        output.remark(
            t.plural(
                "Besides: {n} milestone, yearly minimum or completion without a path.",
                "Besides: {n} milestones, yearly minimums and completions without a path.",
                without,
            )
        )
    if hidden:
        output.remark(_more(hidden, t))


class _Blocks:
    """Tables of indicators by rate over one dataset of paths."""

    def __init__(self, plan: Plan, paths: xr.Dataset, t: Translator):
        self.plan, self.paths, self.t = plan, paths, t
        self.rates = paths["rate"].to_numpy()

    def print(
        self, title: str, names: Sequence[str], cell: Callable[[xr.Dataset, Translator], str]
    ) -> None:
        """Print one table; nothing if no indicator belongs into it."""
        if not names:
            return
        output.heading(title)
        rates = (f"{share_label(rate)} %" for rate in self.rates)
        header = (self.t.context("column", "indicator"), self.t.context("column", "target"), *rates)
        rows = [(*self._promise(name), *self._cells(name, cell)) for name in names]
        output.table(header, rows, (False, False, *[True] * len(self.rates)))

    def _promise(self, name: str) -> tuple[str, str]:
        indicator = in_force(self.plan)[name] or self.plan.targets[name]
        lang = self.t.lang
        if indicator.kind != "growth":
            return indicator.name(lang), goal_text(indicator, lang)
        index = rounded(float(self.paths["target"].sel(indicator=name)), 2)
        return indicator.name(lang), f"{SENSE_SIGNS.get(indicator.sense or '', '')} {index}"

    def _cells(self, name: str, cell: Callable[[xr.Dataset, Translator], str]) -> list[str]:
        due = self.plan.targets[name].year
        at_end = self.paths.sel(indicator=name, year=due)
        return [cell(at_end.isel(rate=i), self.t) for i in range(len(self.rates))]


_MASKS = {
    "no_baseline": N_("no baseline"),
    "undefined_rate": N_("undefined"),
    "not_applicable": N_("not applicable"),
    "before_baseline": N_("before the baseline"),
    "above_bound": N_("above 100 %"),
    "never_reached": N_("never"),
}
"""Why a path has no value (S7)."""


def _mask(reason: str, t: Translator) -> str:
    return t(_MASKS[reason]) if reason in _MASKS else reason_word(reason, t.lang)


def _reached(path: xr.Dataset, t: Translator) -> str:
    masked = str(path["value_reason"].item())
    if masked:
        return _mask(masked, t)
    value = readable(path["value"].item())
    if path["reached"].item():
        return f"{value} ✓"
    never = str(path["year_reached_reason"].item())
    return f"{value} ({t(_MASKS[never]) if never else plain(path['year_reached'].item())})"


def _addition(path: xr.Dataset, t: Translator) -> str:
    masked = str(path["first_addition_reason"].item())
    return _mask(masked, t) if masked else rounded(path["first_addition"].item(), 1)


def _back_cast(path: xr.Dataset, t: Translator) -> str:
    masked = str(path["required_baseline_reason"].item())
    return _mask(masked, t) if masked else readable(path["required_baseline"].item())
