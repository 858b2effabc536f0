"""``corridor bulletin``: the bulletin of a month or a quarter, and what it says first."""

from __future__ import annotations

from argparse import Namespace

from corridor_model.cli import output
from corridor_model.errors import CorridorError
from corridor_model.messages import N_, translator
from corridor_model.periods import Period
from corridor_model.report.bulletin import write_bulletin


def run(options: Namespace) -> None:
    """Write the bulletin, and name the files."""
    t = translator(options.lang)
    period = period_of(options)
    plan = output.with_reports(options, output.plan_of(options))
    files = write_bulletin(
        plan,
        options.out,
        period,
        output.figures_of(options, plan),
        known_by=options.known_by,
        form=options.form,
        template=options.template,
        lang=options.lang,
    )
    output.heading(t("Written"))
    output.say(*(f"  {file}" for file in files.values()))
    output.paragraph(t("What only the office can write is left as slots: 〔…〕."))


def period_of(options: Namespace) -> Period:
    """Return the month or the quarter that was asked for.

    Raises
    ------
    CorridorError
        If the one is no month, or the other no quarter.
    """
    period = Period.of(options.month or options.quarter)
    if options.month and period.kind != "month":
        raise CorridorError(N_("--month: {value} is no month. Write 2021-09."), value=options.month)
    if options.quarter and period.kind != "quarter":
        raise CorridorError(
            N_("--quarter: {value} is no quarter. Write 2021Q3."), value=options.quarter
        )
    return period
