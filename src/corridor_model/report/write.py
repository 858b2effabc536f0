"""What an office publishes of a month: page, workbook, bulletin, tables and a figure."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from corridor_model.files import csv_text, replacing_all, require_packages
from corridor_model.messages import Message, message, translator
from corridor_model.observations.load import ObservationsLike, as_observations
from corridor_model.observations.reports import load_reports, with_tables
from corridor_model.options import Language, language
from corridor_model.periods import Period, date_text
from corridor_model.plan.growth_paths import growth_paths
from corridor_model.plan.plan import must_be_plan
from corridor_model.plan.requirements import requirements_of
from corridor_model.plot.growth import draw_paths
from corridor_model.plot.style import print_figure
from corridor_model.report.annexes import annexes
from corridor_model.report.blocks import Block, Heading, Landscape, Paragraph, markdown
from corridor_model.report.bulletin import KIND_TITLES, blocks_of, example_mark, movements
from corridor_model.report.page import Results, page, results_of
from corridor_model.report.standing import Standing, day_known, rows_by_id
from corridor_model.report.workbook import RATES, workbook_of
from corridor_model.rows import Row, text_rows, to_rows
from corridor_model.text.bulletin import doubts_text, statuses

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.scenario import Scenario

PACKAGES = ("jinja2", "xlsxwriter", "docx")
"""What page, workbook and bulletin are written with: the extra ``report``."""

Step = Callable[[Message], object]
"""Is told what is written next."""


def write_report(
    plan: Plan,
    out: str | Path = "out",
    observations: ObservationsLike = None,
    as_of: int | str | Period | None = None,
    scenarios: Sequence[Scenario] | None = None,
    *,
    known_by: str | datetime.date | None = None,
    rates: Sequence[float] = RATES,
    draws: int = 8192,
    units: Sequence[str] | Literal["all"] = (),
    lang: Language | None = None,
    step: Step | None = None,
) -> dict[str, Path]:
    """Write a plan at a period as an office publishes it: all files, or none.

    Parameters
    ----------
    plan : Plan
        The plan, with its reports on works and tasks.
    out : str or path, default "out"
        The folder; made if it does not exist. No old file is replaced before the last new one
        is written. The same input gives the same bytes.
    observations : Observations, path or DataFrame, optional
        Figures besides the plan's own; without any the files say who owes what.
    as_of : int, str or Period, optional
        The period the verdicts speak of (S15), by default the last one with figures.
    scenarios : sequence of Scenario, optional
        Side by side, the plan itself first; by default those that travel with the plan.
    known_by : str or date, optional
        The day on which the figures were known.
    rates : sequence of float
        Yearly fractions of the paths.
    draws : int, default 8192
        Of the simulation.
    units : sequence of str or "all"
        Responsible units that get a sheet of their own (docx): what each answers for, and what
        of it was not reported.
    lang : {"zh", "en"}, optional
        Language of the files; the one of :class:`corridor_model.set_options` by default.
    step : callable, optional
        Called with a message before each part, for a progress bar.

    Returns
    -------
    dict of str to pathlib.Path
        ``page`` (HTML), ``workbook`` (xlsx), ``bulletin`` (docx) and ``notes`` (Markdown),
        ``assessment``, ``required`` and ``paths`` (CSV that Excel and WPS open at once) and
        ``figure`` (png); and ``unit:NAME`` (docx) of each unit asked for.

    Raises
    ------
    CorridorError
        If a file cannot be written, a library for it is missing, or for another language.

    Examples
    --------
    >>> import tempfile
    >>> import corridor_model as cm
    >>> plan = cm.load_plan("china_14fyp")
    >>> files = cm.write_report(plan, tempfile.mkdtemp(), as_of="2023", draws=64)
    >>> sorted(files)[:3]
    ['assessment', 'bulletin', 'figure']
    """
    must_be_plan(plan)
    lang = language(lang)
    require_packages(*PACKAGES)  # before minutes of work
    say: Step = step or (lambda _: None)
    if isinstance(observations, (str, Path)):
        plan = with_tables(plan, *load_reports(observations, plan))
    figures = as_observations(plan, observations)
    say(message("verdicts, scenarios"))
    results = results_of(
        *(plan, figures),
        as_of=None if as_of is None else Period.of(as_of),
        known_by=known_by,
        scenarios=scenarios,
        draws=draws,
    )
    folder = Path(out)
    written: dict[str, Path] = {}
    with replacing_all() as beside:
        parts = (
            *_parts(plan, results, figures, known_by, rates, lang),
            *_unit_parts(results, units, lang),
        )
        # all names first: a workbook that is open in Excel shows before anything is made
        files = [beside(folder / name) for _, name, _, _ in parts]
        for (key, name, title, make), temporary in zip(parts, files, strict=True):
            say(title)
            make(temporary)
            written[key] = folder / name
    return written


Part = tuple[str, str, Message, Callable[[Path], object]]


def _parts(
    plan: Plan,
    results: Results,
    figures: object,
    known_by: str | datetime.date | None,
    rates: Sequence[float],
    lang: Language,
) -> Iterator[Part]:
    """Yield each file: its key, its name, what it is, and how it is written."""
    standing = replace(results.standing, rows=rows_by_id(results.assessment))
    day = day_known(known_by)

    def bulletin(path: Path) -> None:
        from corridor_model.report.word import document

        path.write_bytes(document(blocks_of(standing, lang=lang)))

    def workbook(path: Path) -> None:
        book = workbook_of(standing, figures, day, results.simulation, rates, lang)
        path.write_bytes(book.contents())

    def text(content: Callable[[], str], encoding: str = "utf-8") -> Callable[[Path], object]:
        return lambda path: path.write_text(content(), encoding=encoding, newline="")

    def table(rows: Callable[[], list[Row]]) -> Callable[[Path], object]:
        return text(lambda: csv_text(text_rows(rows())), "utf-8-sig")

    stem = f"bulletin_{standing.period}"
    yield "page", "page.html", message("the page"), text(lambda: page(results, lang))
    yield "workbook", "workbook.xlsx", message("the workbook"), workbook
    yield "bulletin", f"{stem}.docx", message("the bulletin"), bulletin
    notes = text(lambda: markdown(blocks_of(standing, lang=lang)))
    yield "notes", f"{stem}.md", message("the bulletin"), notes
    verdicts = table(lambda: to_rows(results.assessment, ("indicator",)))
    yield "assessment", "assessment.csv", message("the tables"), verdicts
    yield "required", "required.csv", message("the tables"), table(lambda: required_rows(plan))
    paths = table(lambda: path_rows(growth_paths(plan, rates)))
    yield "paths", "paths.csv", message("the tables"), paths
    yield (
        *("figure", "paths.png", message("the figure")),
        lambda path: print_figure(lambda: draw_paths(plan, rates, lang), path, lang),
    )


def unit_blocks(standing: Standing, unit: str, lang: str = "zh") -> list[Block]:
    """Return what one unit answers for as a list of blocks: counts, then the tables.

    Parameters
    ----------
    standing : Standing
        Of the whole plan.
    unit : str
        As the plan names it.
    lang : {"zh", "en"}
        The language.

    Raises
    ------
    CorridorError
        If the unit answers for nothing.
    """
    t, own = translator(lang), standing.of_unit(unit)
    parts = [
        t(
            "{kind}: {n}, of which {assessed} can be assessed: {counts}.",
            kind=t(KIND_TITLES[kind]),
            n=counts["total"],
            assessed=counts["assessed"],
            counts=statuses(counts, t),
        )
        for kind, counts in own.counts.items()
        if counts["total"]
    ]
    parts += movements(own, own.moves(), t)
    if own.missing:
        parts.append(t("{n} items are owed and were not reported.", n=len(own.missing)))
    if doubtful := doubts_text(own.doubts, own.plan, t):
        parts.append(doubtful)
    blocks: list[Block] = [Landscape()]
    if mark := example_mark(own.plan, t):
        blocks.append(Paragraph("example", (mark,)))
    day = date_text(own.period.last_day, lang)
    blocks += [
        Heading(1, "title", t("{unit}: where it stands on {day}", unit=unit, day=day)),
        Paragraph("text", (own.plan.about.name(lang),)),
        *(Paragraph("text", (part,)) for part in parts),
    ]
    for annex in annexes(own, t, "annex"):
        blocks += [Heading(2, "annex_title", annex.title), *annex.blocks]
    return blocks


_NO_NAME = str.maketrans(dict.fromkeys([*'\\/:*?"<>|', *map(chr, range(32))], "_"))
"""What Windows has in no name of a file."""


def _unit_parts(
    results: Results, units: Sequence[str] | Literal["all"], lang: Language
) -> list[Part]:
    """Return the sheets of units: of each what it answers for."""
    standing = replace(results.standing, rows=rows_by_id(results.assessment))
    if isinstance(units, str):
        units = list(standing.by_unit) if units == "all" else [units]

    names: dict[str, int] = {}

    def sheet(unit: str) -> Part:
        from corridor_model.report.word import document

        blocks = unit_blocks(standing, unit, lang)  # before anything is written
        stem = unit.translate(_NO_NAME)
        # two units whose names differ by a slash, or by case alone where Windows sees none
        number = names[stem.casefold()] = names.get(stem.casefold(), 0) + 1
        name = f"unit_{stem}{f'_{number}' if number > 1 else ''}_{standing.period}.docx"
        title = message("the sheet of {unit}", unit=unit)
        return f"unit:{unit}", name, title, lambda path: path.write_bytes(document(blocks))

    return [sheet(unit) for unit in dict.fromkeys(units)]


STEPS = 9
"""How often `write_report` tells what it writes."""


# Results as rows, for the files here and for a terminal.

PATH_COLUMNS = (
    *("indicator", "of", "kind", "unit", "rate", "target", "reached", "reached_reason"),
    *("year_reached", "year_reached_reason", "required_baseline", "required_baseline_reason"),
    *("first_addition", "first_addition_reason", "value", "origin"),
)


def required_rows(plan: Plan) -> list[Row]:
    """Return required growth, one row an indicator, names included."""
    return [
        {"indicator": name, "of": promise.of, "name_zh": promise.name_zh, **asdict(needed)}
        for name, needed in requirements_of(plan).items()
        for promise in (plan.targets[name],)
    ]


def path_rows(paths: xr.Dataset) -> list[Row]:
    """Return paths, one row an indicator and rate, with the value of each year."""
    return to_rows(paths, ("indicator", "rate"), PATH_COLUMNS)
