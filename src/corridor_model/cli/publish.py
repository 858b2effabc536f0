"""``corridor publish``: what the units sent in becomes what an office publishes of a month."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor_model.cli import output
from corridor_model.cli.growth import print_required
from corridor_model.errors import CorridorError
from corridor_model.files import require_packages
from corridor_model.messages import N_, Message, Translator, translator
from corridor_model.observations.forms import missing_by_unit
from corridor_model.observations.load import example_observations
from corridor_model.periods import Period
from corridor_model.report.standing import doubtful_figures, owed_by_unit
from corridor_model.report.write import PACKAGES, STEPS, write_report
from corridor_model.text.bulletin import doubt_text

if TYPE_CHECKING:
    from corridor_model.observations.collection import Collection
    from corridor_model.observations.model import Observations
    from corridor_model.plan.plan import Plan

MOST_UNITS = 8
"""Units that are named with what they owe; the bulletin has them all."""


def run(options: Namespace) -> None:
    """Collect, check, store, assess, simulate, write; say what was written and who owes what."""
    require_packages(*PACKAGES)  # before a figure is stored
    plan, t = output.plan_of(options), translator(options.lang)
    collection: Collection | None = None
    figures: Observations | None = None
    if options.figures and not options.as_of:
        raise CorridorError(N_("Say which period is due, such as --as-of 2021-09."))
    if options.figures:
        plan, figures, collection = _collected(options, plan)
    elif options.example:
        figures = example_observations()
    with output.solver_silent(), _Bar(t) as bar:
        files = write_report(
            plan,
            options.out,
            figures,
            options.as_of,
            known_by=options.known_by,
            units="all" if "all" in options.unit else options.unit,
            lang=options.files or options.lang,
            step=bar.step,
        )
    output.heading(t("Written"))
    output.say(*(f"  {file}" for file in files.values()))
    if collection is not None:
        _print_skipped(collection, t)
    _print_doubts(plan, figures, options, t)
    _print_owed(plan, figures, options.as_of, t)


def run_report(options: Namespace) -> None:
    """Do the same under the name of earlier releases, for one release with a warning."""
    t = translator(options.lang)
    warning = t("corridor report is corridor publish now; this name goes with the next release.")
    print(warning, file=sys.stderr)  # noqa: T201
    plan = output.plan_of(options)
    figures = example_observations() if options.example else None
    with output.solver_silent():
        files = write_report(plan, options.out, figures, lang=options.files)
    print_required(plan, t, options.all)
    output.heading(t("Written"))
    output.say(*(f"  {file}" for file in files.values()))


def _collected(options: Namespace, plan: Plan) -> tuple[Plan, Observations, Collection]:
    """Return the plan with the reports, the figures and what was collected.

    With a store everything that it holds counts, also of the months before.
    """
    from corridor_model.observations.collection import collect
    from corridor_model.observations.reports import with_tables
    from corridor_model.observations.store import Store

    collection = collect(
        plan,
        options.figures,
        options.as_of,
        published=options.date,
        store=options.store,
        apart=[options.out, *([options.store] if options.store else [])],
    )
    figures, reports = collection.observations, collection.reports
    if options.store:
        store = Store(Path(options.store))
        figures, reports = store.open(), store.reports()
    return with_tables(plan, *reports), figures, collection


class _Bar:
    """A bar on the terminal; none where nobody looks."""

    def __init__(self, t: Translator):
        from tqdm import tqdm

        self._t = t
        hidden = not sys.stderr.isatty()
        self._bar: Any = tqdm(total=STEPS, file=sys.stderr, disable=hidden, leave=False)
        self._begun = False

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def step(self, what: Message) -> None:
        """Show what is being written."""
        if self._begun:
            self._bar.update()
        self._begun = True
        self._bar.set_description(self._t.of(what))


def _print_skipped(collection: Collection, t: Translator) -> None:
    """Print what was taken and every file and place that was not."""
    output.heading(t("Taken and skipped"))
    output.paragraph(collection.summary.text(t.lang))
    for one in collection.returns:
        if one.why is not None:
            output.paragraph(t("Not read: {why}", why=one.summary.text(t.lang)))
    places = Counter(file for file, _ in collection.skipped)
    for file, n in places.items():
        output.paragraph(
            t.plural("{file}: {n} place skipped.", "{file}: {n} places skipped.", n, file=file)
        )
    if n := len(collection.contradictions):
        output.paragraph(
            t.plural(
                "{n} contradiction; none of its figures was taken",
                "{n} contradictions; none of their figures was taken",
                n,
            )
        )


def _print_doubts(
    plan: Plan, figures: Observations | None, options: Namespace, t: Translator
) -> None:
    """Print the figures that count and look slipped, those of earlier months, too."""
    period = _period(plan, figures, options.as_of)
    named = [
        doubt_text(doubt, plan.indicators[doubt.indicator], t)
        for doubt in doubtful_figures(plan, figures, period, options.known_by)
    ]
    if named:
        output.heading(t.plural("{n} figure to check", "{n} figures to check", len(named)))
        for text in named:
            output.paragraph(text)
        remedy = t("It counts until it is revised: corridor observe revise, or a form anew.")
        output.paragraph(remedy)


def _period(plan: Plan, figures: Observations | None, as_of: str | None) -> Period:
    from corridor_model.observations.histories import last_period

    return Period.of(as_of) if as_of else last_period(plan, figures)


def _print_owed(plan: Plan, figures: Observations | None, as_of: str | None, t: Translator) -> None:
    """Print who owes how much, so that it sums."""
    missing = missing_by_unit(plan, figures, _period(plan, figures, as_of))
    if not missing:
        output.heading(t("Nothing is missing."))
        return
    counts = owed_by_unit(missing)
    output.heading(t.plural("{n} item is owed", "{n} items are owed", len(missing)))
    named = [(unit, n) for unit, n in counts if unit]
    rows = [(unit, str(n)) for unit, n in named[:MOST_UNITS]]
    if rest := named[MOST_UNITS:]:
        rows.append((t("{n} other units", n=len(rest)), str(sum(n for _, n in rest))))
    rows += [(t("(no unit is named)"), str(n)) for unit, n in counts if not unit]
    output.table((t.context("table", "unit"), t.context("column", "missing")), rows, (False, True))
