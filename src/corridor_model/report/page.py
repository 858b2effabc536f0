"""The page: where a plan stands, as one file that opens without a network and without scripts.

Templates, style and script are files in ``data/page``; here their content is put together from
results alone, in Chinese and in English, both in the same file.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor_model import __version__
from corridor_model.assessment.assessment import assess
from corridor_model.assessment.rules import RULES
from corridor_model.codes import CATEGORIES, STATUSES, status_word
from corridor_model.errors import CorridorError, PlanError
from corridor_model.files import data_dir, extra_package, write_text
from corridor_model.formatting import plain
from corridor_model.messages import (
    LANGUAGES,
    N_,
    Translator,
    context,
    plural,
    printable,
    translator,
)
from corridor_model.observations.load import ObservationsLike, as_observations
from corridor_model.observations.reports import load_reports, with_tables
from corridor_model.options import language
from corridor_model.periods import MONTHS, Period, date_text
from corridor_model.plan.display import EXAMPLE
from corridor_model.plan.growth_paths import growth_paths
from corridor_model.plan.plan import must_be_plan
from corridor_model.plot.assessment import progress_rows
from corridor_model.report import comparisons, sections
from corridor_model.report.annexes import (
    missing_tables,
    revision_tables,
    task_table,
    unit_table,
    work_table,
)
from corridor_model.report.blocks import Heading, Table
from corridor_model.report.bulletin import (
    figures_part,
    promise_name,
    tasks_part,
    units_part,
    works_part,
)
from corridor_model.report.calculator import Model, model_of
from corridor_model.report.cards import (
    Drawing,
    Line,
    by_place,
    card_of,
    conflicts_of,
    drawing_of,
    line_of,
)
from corridor_model.report.schedule import schedule
from corridor_model.report.standing import Row, Standing, day_known, rows_by_id, standing_of
from corridor_model.scenario.spending import spending
from corridor_model.text.assessment import thresholds_text
from corridor_model.text.bulletin import doubts_text, period_name, to_date
from corridor_model.text.describe import describe

if TYPE_CHECKING:
    import jinja2
    import xarray as xr

    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.scenario import Scenario

LARGEST = 3_000_000
"""Bytes of a page that opens in a mail preview; more is said, and still written."""


@dataclass(frozen=True)
class Results:
    """What a page is made of; what is None has no section.

    Attributes
    ----------
    standing : Standing
        Verdicts of now and before on everything, and who owes what.
    assessment : Dataset
        Of :func:`corridor_model.assess`, of one rule, with probabilities where they are wanted.
    paths : Dataset
        Of :func:`corridor_model.growth_paths`.
    simulation : Dataset, optional
        Of :func:`corridor_model.simulate`; its first scenario is the plan itself.
    tornado : Dataset, optional
        Of :func:`corridor_model.tornado`.
    choice : Dataset, optional
        Of :func:`corridor_model.choose_projects`, with its frontier.
    """

    standing: Standing
    assessment: xr.Dataset
    paths: xr.Dataset
    simulation: xr.Dataset | None = None
    tornado: xr.Dataset | None = None
    choice: xr.Dataset | None = None


def results_of(
    plan: Plan,
    observations: ObservationsLike = None,
    *,
    as_of: str | Period | None = None,
    known_by: str | datetime.date | None = None,
    scenarios: Sequence[Scenario] | None = None,
    draws: int = 8192,
    seed: int = 0,
) -> Results:
    """Return the results that a page shows, each asked of the library once.

    Parameters
    ----------
    plan, observations, as_of, known_by
        As of :func:`write_page`.
    scenarios : sequence of Scenario, optional
        Side by side; the first is what the others are measured against. By default the plan
        alone, and those that travel with it.
    draws, seed : int
        Of the simulation.
    """
    from corridor_model.portfolio.choose import choose_projects
    from corridor_model.scenario.simulate import simulate
    from corridor_model.sensitivity.tornado import tornado

    must_be_plan(plan)
    if isinstance(observations, (str, Path)):
        plan = with_tables(plan, *load_reports(observations, plan))
    figures = as_observations(plan, observations)
    day = day_known(known_by)
    verdicts = assess(plan, figures, as_of, day)
    period = Period.of(str(verdicts.attrs["as_of"]))
    chosen = scenarios_of(plan) if scenarios is None else tuple(scenarios)
    works = bool(plan.projects) and any(p.investment for p in plan.projects.values())
    return Results(
        standing=standing_of(plan, period, figures, day),
        assessment=verdicts,
        paths=growth_paths(plan),
        simulation=simulate(
            plan, chosen, figures, draws=draws, seed=seed, as_of=period, known_by=day
        ),
        tornado=tornado(plan, "inside_plan") if works else None,
        choice=choose_projects(plan, leftover="plan") if works else None,
    )


def scenarios_of(plan: Plan) -> tuple[Scenario, ...]:
    """Return the plan as it is, and the scenarios that fit its works and indicators."""
    from corridor_model.scenario.read_toml import shipped_scenarios
    from corridor_model.scenario.resolve import resolve_all
    from corridor_model.scenario.scenario import Scenario

    def fits(scenario: Scenario) -> bool:
        try:
            resolve_all(plan, (scenario,))
        except PlanError:  # a part of the plan, without the works or indicators it speaks of
            return False
        return True

    own = Scenario("as planned")
    bundled = filter(fits, shipped_scenarios()) if plan.about.id == "longwan" else ()
    return tuple(bundled) or (own,)


def write_page(
    plan: Plan,
    out: str | Path,
    observations: ObservationsLike = None,
    *,
    as_of: str | Period | None = None,
    known_by: str | datetime.date | None = None,
    scenarios: Sequence[Scenario] | None = None,
    results: Results | None = None,
    lang: str | None = None,
) -> Path:
    """Write where a plan stands as a page: one file of HTML that needs nothing beside it.

    Parameters
    ----------
    plan : Plan
        The plan; reports on works and tasks that stand beside the figures are added.
    out : str or path
        The file, ending in ``.html``; it is replaced whole or not at all.
    observations : Observations, path or DataFrame, optional
        Figures besides the plan's own.
    as_of : str or Period, optional
        The period the verdicts speak of; by default the last one with figures (S15).
    known_by : str or date, optional
        The day on which the figures were known (S15).
    scenarios : sequence of Scenario, optional
        Side by side, the plan itself first.
    results : Results, optional
        Of :func:`results_of`, where they are at hand: nothing is computed again.
    lang : {"zh", "en"}, optional
        The language in which the page opens; the other is one click away.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    CorridorError
        For another ending or language, if the file cannot be written, or where Jinja2 is not
        installed.

    Examples
    --------
    >>> import corridor_model as cm, tempfile
    >>> from corridor_model.report.page import LARGEST, results_of
    >>> plan = cm.load_plan("china_14fyp")
    >>> results = results_of(plan, as_of="2023", draws=256)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = cm.write_page(plan, f"{folder}/page.html", results=results)
    ...     file.stat().st_size < LARGEST
    True
    """
    must_be_plan(plan)
    lang = language(lang)
    target = Path(out)
    if target.suffix.lower() != ".html":
        raise CorridorError(N_("{file}: a page is a .html file."), file=target.name)
    extra_package("jinja2")  # before anything is computed
    if results is None:
        results = results_of(
            plan, observations, as_of=as_of, known_by=known_by, scenarios=scenarios
        )
    write_text(target, page(results, lang))
    return target


def page(results: Results, lang: str = "zh") -> str:
    """Return the page on results as HTML.

    Parameters
    ----------
    results : Results
        From :func:`results_of`.
    lang : {"zh", "en"}
        The language in which it opens.
    """
    template = _environment().get_template("page.html")
    scripts = {"script": _content("page.js"), "first": FIRST}
    rows, plan = rows_by_id(results.assessment), results.standing.plan
    drawings = {name: drawing_of(plan, row, results.paths) for name, row in rows.items()}
    model = model_of(results.standing, rows, results.assessment, _money(results), results.choice)
    first, *others = (lang, *(other for other in LANGUAGES if other != lang))
    return template.render(
        views=[_view(results, one, rows, drawings, model) for one in (first, *others)],
        model=model.numbers,
        style=_content("page.css"),
        digests=[_digest(text) for text in scripts.values()],
        **scripts,
    )


FIRST = 'document.documentElement.className = "scripted";'
"""Said before anything is drawn: what scripts take over is not laid out first."""


def _digest(script: str) -> str:
    """Return what lets a browser run this script and no other."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


# Templates: every value is escaped, and has no letter that acts instead of standing there.


def _content(name: str) -> str:
    return (data_dir() / "page" / name).read_text(encoding="utf-8")


@cache
def _environment() -> jinja2.Environment:
    jinja = extra_package("jinja2")
    environment: jinja2.Environment = jinja.Environment(
        loader=jinja.FileSystemLoader(data_dir() / "page"),
        autoescape=True,
        undefined=jinja.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.globals.update(context=context, plural=plural)
    environment.tests.update(
        grid=lambda block: isinstance(block, Table),
        heading=lambda block: isinstance(block, Heading),
    )
    return environment


def _shown(value: Any) -> Any:
    """Return what stands in the page for a value: plain text without control characters."""
    return printable(value) if type(value) is str else value


# What a template is given: everything of one language.


def _view(
    results: Results,
    lang: str,
    rows: Mapping[str, Row],
    drawings: Mapping[str, Drawing],
    model: Model,
) -> dict[str, Any]:
    """Return everything that one language's part of the page says."""
    t = translator(lang)
    standing, plan = results.standing, results.standing.plan
    lines = _lines(results, rows, drawings, t)
    lacking, waiting = sections.supplies(standing, lines, t)
    conflicts = conflicts_of(plan.table("conflicts").to_dict("records"), t)
    places = by_place(conflicts)
    parted = sections.groups(standing, results.assessment, lines, t)
    about = plan.about
    return {
        "t": t,
        "lang": lang,
        "title": about.name(lang),
        "document": about.number or "",
        "example": t(EXAMPLE) if plan.example else "",
        "facts": _facts(results, t),
        "answer": sections.answer(standing, t),
        "outlook": sections.outlook(standing, results.simulation, t),
        "classes": sections.classes(standing, t),
        "total": standing.counts["targets"]["total"],
        "doubts": doubts_text(standing.doubts, plan, t),
        "besides": sections.besides(standing, t),
        "failing": sections.failing(standing, lines, t),
        "lacking": lacking,
        "waiting": waiting,
        "groups": parted,
        "blocks": sorted({line.block for line in lines.values()}),
        "units": sorted({unit for line in lines.values() for unit in line.units}),
        "before": period_name(standing.before, t) if standing.before else "",
        "cards": {
            line.number: [
                card_of(standing, rows[name], drawings[name], places, t)
                for name in promise.indicators
            ]
            for promise in (*standing.promises, *standing.stretch)
            for line in (lines[promise.id],)
        },
        **_programme(results, t),
        **_studies(results, t),
        "calculator": {
            "promises": [lines[name].name for name in model.promises],
            "works": [str(plan.projects[name].name(lang)) for name in model.works],
            "categories": {
                one: t.of(CATEGORIES[one])
                for one in dict.fromkeys(w["category"] for w in model.numbers["works"])
            },
            "words": {status: status_word(status, lang) for status in STATUSES},
            "year": about.last_year,
        },
        "units_text": units_part(standing, t)[1] if standing.units else (),
        "unit_lists": sections.unit_lists(standing, t),
        "unit_table": unit_table(standing, t, 4) if standing.units else (),
        "figures_text": figures_part(standing, t)[1],
        "missing": missing_tables(standing, t, 5),
        "revisions": revision_tables(standing, t, 6) if _revised(standing) else (),
        "conflicts": conflicts,
        "methods": _methods(results, t),
    }


def _money(results: Results) -> xr.Dataset | None:
    """Return the money of the works as planned; None where the plan has none."""
    if not results.standing.works:
        return None
    money = results.simulation
    return (spending(results.standing.plan) if money is None else money).isel(scenario=0)


def _programme(results: Results, t: Translator) -> dict[str, Any]:
    """Return works and tasks."""
    standing, money = results.standing, _money(results)
    works = tasks = None
    if money is not None:
        works = {
            "text": works_part(standing, t)[1],
            "schedule": schedule(standing, money, t),
            "table": work_table(standing, t, 2),
            "year": to_date(standing.period, t),
        }
    if standing.tasks:
        tasks = {"text": tasks_part(standing, t)[1], "table": task_table(standing, t, 3)}
    return {"works": works, "tasks": tasks}


def _studies(results: Results, t: Translator) -> dict[str, Any]:
    """Return scenarios side by side, the tornado and the frontier, with their words."""
    simulation, study, choice = results.simulation, results.tornado, results.choice
    beside = None
    if simulation is not None and simulation.sizes["scenario"] > 1:
        beside = comparisons.scenarios(simulation, t)
    bars = None if study is None else comparisons.tornado(study, t)
    curve = None if choice is None else comparisons.frontier(choice, t)
    return {
        "scenarios": beside,
        "tornado": bars,
        "tornado_text": describe(study, language(t.lang)).split("\n") if bars else (),
        "frontier": curve,
        "choice_text": describe(choice, language(t.lang)).split("\n") if curve else (),
    }


def _revised(standing: Standing) -> bool:
    return bool(standing.figure_revisions or standing.target_revisions)


def _methods(results: Results, t: Translator) -> list[tuple[str, str]]:
    """Return what repeats the page: version, plan, draws and seed."""
    made = [(t("Version"), __version__), (t("Plan"), str(results.assessment.attrs["plan_digest"]))]
    if results.simulation is not None:
        attrs = results.simulation.attrs
        made.append(
            (t("Simulation"), t("{n} draws, seed {seed}", n=attrs["draws"], seed=attrs["seed"]))
        )
    return made


def _lines(
    results: Results, rows: Mapping[str, Row], drawings: Mapping[str, Drawing], t: Translator
) -> dict[str, Line]:
    """Return the row of each promise, by its id."""
    standing, plan = results.standing, results.standing.plan
    parts = {one.id: one for one in progress_rows(results.assessment, lang=t.lang)}
    names = {
        table: {
            str(one["id"]): str(one[f"name_{t.lang}"] or one["name_zh"])
            for one in plan.table(table).to_dict("records")
        }
        for table in ("groups", "areas")
    }
    lines = {}
    for place, promise in enumerate((*standing.promises, *standing.stretch), 1):
        own = str(standing.row_of(promise)["indicator"])
        row = rows[own]
        title = (
            promise_name(standing, promise, t),
            names["groups"].get(promise.group, promise.group),
            names["areas"].get(promise.block, promise.block),
        )
        fan = drawings[own].fan
        lines[promise.id] = line_of(standing, promise, place, row, parts[own], fan, title, t)
    return lines


def _facts(results: Results, t: Translator) -> list[tuple[str, str]]:
    """Return the head of the page: of when, by which rule, since when."""
    standing, about = results.standing, results.standing.plan.about
    year, years = standing.period.year, about.last_year - about.first_year + 1
    day = date_text(standing.period.last_day, t.lang)
    of = t("{day} (year {n} of {years})", day=day, n=year - about.first_year + 1, years=years)
    facts = [(t.context("page", "As of"), of)]
    if standing.period.length != MONTHS:
        facts.append((t.context("page", "Period"), period_name(standing.period, t)))
    facts.append((t.context("page", "Rule"), _rule(results.assessment, t)))
    if about.issued:
        facts.append((t.context("page", "Issued"), date_text(about.issued, t.lang)))
    return facts


def _rule(assessment: xr.Dataset, t: Translator) -> str:
    """Return the rule of the verdicts with its thresholds."""
    rule = str(assessment.attrs["rule"])
    if rule != "schedule":
        title = RULES[rule].title
        return t("{rule}: {thresholds}", rule=title, thresholds=thresholds_text(assessment, rule))
    own = json.loads(assessment.attrs["thresholds"])[rule]
    return t(
        "schedule; ahead from {ahead}, behind from {behind} points",
        ahead=plain(round(100 * own["ahead"], 6)),
        behind=plain(round(-100 * own["behind"], 6)),
    )
