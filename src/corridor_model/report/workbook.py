"""The workbook an auditor can recompute: every target, work and task with its verdict as formula.

`write_workbook` lays the sheets of this room side by side, counts them on an overview and puts
the tables of the plan behind them, linked to what was filled in, so that the file is read back
as a plan with its figures.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor_model.assessment.engine import evaluate
from corridor_model.files import require_packages
from corridor_model.messages import Translator, translator
from corridor_model.observations.histories import histories, last_period
from corridor_model.observations.load import ObservationsLike, as_observations
from corridor_model.observations.reports import load_reports, with_tables
from corridor_model.options import Language, language
from corridor_model.periods import Period
from corridor_model.plan.display import EXAMPLE, in_language
from corridor_model.plan.growth_paths import BOUNDED, growth_paths
from corridor_model.plan.measures import measures
from corridor_model.plan.plan import must_be_plan
from corridor_model.report.figure_sheet import Baselines, Figures
from corridor_model.report.overview_sheets import Guide, Overview
from corridor_model.report.pace_sheets import write_pace, write_paths
from corridor_model.report.plan_tables import PlanTables
from corridor_model.report.promise_sheets import Promises, day_text, write_splits
from corridor_model.report.spreadsheet import (
    DASH,
    Field,
    Sheet,
    Spreadsheet,
    known,
    workbook_path,
)
from corridor_model.report.standing import Standing, day_known, standing_of
from corridor_model.report.work_sheets import (
    Works,
    write_money,
    write_scenarios,
    write_tasks,
)

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.plan.plan import Plan

RATES = (0.10, 0.12, 0.15, 0.20)
"""Yearly rates of the back-casts; they stand in cells and may be changed."""


def write_workbook(
    plan: Plan,
    file: str | Path,
    observations: ObservationsLike = None,
    as_of: int | str | Period | None = None,
    *,
    known_by: str | datetime.date | None = None,
    scenarios: xr.Dataset | None = None,
    rates: Sequence[float] = RATES,
    lang: Language | None = None,
) -> Path:
    """Write a plan at a period as a workbook with live formulas.

    Sheets: a guide, an overview, targets, yearly splits, figures, baselines, growth needed,
    paths, works, money by year, tasks, scenarios, conflicts, missing figures. Yellow cells may
    be changed: baselines, figures, splits, the money and the delay of works, states of tasks,
    thresholds; what follows from them follows. Everything else is locked, without a password.

    Parameters
    ----------
    plan : Plan
        The plan, with its reports on works and tasks.
    file : str or path
        Ending in xlsx; replaced whole or not at all. The same input gives the same bytes.
    observations : Observations, path or DataFrame, optional
        Figures besides the plan's own.
    as_of : int, str or Period, optional
        The period the verdicts speak of (S15), by default the last one with figures.
    known_by : str or date, optional
        The day on which the figures were known.
    scenarios : xarray.Dataset, optional
        From :func:`corridor_model.simulate`, for the sheet of scenarios.
    rates : sequence of float
        Yearly fractions for paths and back-casts; they stand in cells and may be changed there.
    lang : {"zh", "en"}, optional
        By default the language that is set.

    Returns
    -------
    pathlib.Path
        The file. ``load_plan`` and ``load_observations`` read it back.

    Raises
    ------
    CorridorError
        If the file does not end in xlsx or cannot be written, for a text longer than a cell
        holds, or another language.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import corridor_model as cm
    >>> plan = cm.load_plan("china_14fyp")
    >>> file = cm.write_workbook(plan, Path(tempfile.mkdtemp()) / "plan.xlsx")
    >>> cm.load_plan(file).indicators["life_expectancy"].baseline.value
    77.3
    """
    must_be_plan(plan)
    path, lang = workbook_path(file), language(lang)
    if isinstance(observations, (str, Path)):
        plan = with_tables(plan, *load_reports(observations, plan))
    require_packages("xlsxwriter")  # before anything is computed
    figures = as_observations(plan, observations)
    day = day_known(known_by)
    period = last_period(plan, figures, day) if as_of is None else Period.of(as_of)
    standing = standing_of(plan, period, figures, day, method="default")
    return workbook_of(standing, figures, day, scenarios, rates, lang).save(path)


def workbook_of(
    standing: Standing,
    observations: Any,
    known_by: str | None,
    scenarios: xr.Dataset | None = None,
    rates: Sequence[float] = RATES,
    lang: str = "zh",
) -> Spreadsheet:
    """Return the workbook of a standing, all of its sheets written.

    Parameters
    ----------
    standing : Standing
        From :func:`corridor_model.report.standing.standing_of`.
    observations : Observations or None
        The figures it was made from, besides the plan's own.
    known_by : str or None
        The day on which they were known.
    scenarios, rates, lang
        As of :func:`write_workbook`.
    """
    t, plan, period = translator(lang), standing.plan, standing.period
    mark = t(EXAMPLE) if plan.example else ""
    book = Spreadsheet(t, period.last_day, mark)
    assessment = evaluate(plan, observations, period, known_by)
    known_histories = histories(plan, observations, as_of=period, known_by=known_by)
    figures = Figures(plan, observations, period, known_by)
    names = _names(t)
    guide = Guide(book, standing)
    overview = Overview(book, standing)
    promises = Promises(book, standing, assessment, known_histories, figures, names)
    # sheets stand in the order in which they are made, formulas may look ahead
    figures.name_cells(t)
    splits = write_splits(promises)
    figures.write(book, t)
    baselines = _baselines(book, t, plan, rates)
    promises.write()
    write_pace(promises, baselines, rates)
    write_paths(promises, baselines, rates)
    works = tasks = None
    if standing.works:
        from corridor_model.scenario.spending import spending

        works = Works(book, standing, names)
        works.write()
        write_money(works, spending(plan, draws=64).isel(scenario=0, drop=True))
    if standing.tasks:
        tasks = write_tasks(book, standing)
    write_scenarios(book, scenarios, plan)
    _conflicts(book, plan)
    _missing(book, standing)
    overview.write()
    guide.write(names)
    PlanTables(book, standing, figures, baselines, splits, works, tasks, promises).write()
    book.book.worksheets()[0].activate()
    return book


def _names(t: Translator) -> dict[str, str]:
    """Return the names of cells that formulas use, by what they are."""
    return {
        "year": t.context("cell", "as_of_year"),
        "month": t.context("cell", "as_of_month"),
        "moment": t.context("cell", "as_of_moment"),
        "first": t.context("cell", "base_year"),
        "last": t.context("cell", "last_year"),
        "ahead": t.context("cell", "ahead_from"),
        "behind": t.context("cell", "behind_from"),
        "growth_ahead": t.context("cell", "growth_ahead_from"),
        "growth_behind": t.context("cell", "growth_behind_from"),
        "baseline_indicator": t.context("cell", "baseline_indicator"),
        "baseline_year": t.context("cell", "baseline_year"),
        "baseline_value": t.context("cell", "baseline_value"),
    }


def _baselines(book: Spreadsheet, t: Translator, plan: Plan, rates: Sequence[float]) -> Baselines:
    """Write the sheet of baselines with the start each rate would need."""
    paths = growth_paths(plan, rates)
    geometric = measures(path="geometric") - measures(value="change")
    goals: dict[str, tuple[float, int, bool, bool]] = {}
    starts: dict[str, list[Any]] = {}
    above = t.context("workbook", "above 100 %")
    for promise in plan.targets.values():
        one = paths.sel(indicator=promise.id)
        target = float(one["target"])
        if promise.of in goals or promise.kind not in geometric or promise.year is None:
            continue
        if math.isnan(target):
            continue
        falls = int(one["direction"]) < 0
        goals[promise.of] = (target, promise.year, falls, promise.kind in BOUNDED)
        values = []
        for value, reason in zip(
            one["required_baseline"].to_numpy(),
            one["required_baseline_reason"].to_numpy(),
            strict=True,
        ):
            number = float(value)
            values.append(above if str(reason) == "above_bound" else known(number))
        starts[promise.of] = values
    for name, values in list(starts.items()):
        if any(value == DASH for value in values):  # no start is defined: nothing to show
            del goals[name], starts[name]
    sheet = Baselines(plan, t.lang)
    levels = measures(value="level") | measures(value="change") | measures(value="additions")
    sheet.write(book, t, levels, rates, starts, goals)
    return sheet


# What the document contradicts, and what is owed.


def _conflicts(book: Spreadsheet, plan: Plan) -> None:
    t = book.t
    sheet = Sheet(
        book,
        t.context("sheet", "Conflicts"),
        t("Where the document contradicts itself"),
        t("The reading in use and why; the places stand beside it."),
        (
            Field("no", t.context("workbook", "no."), 5, "count"),
            Field("subject", t.context("workbook", "what of"), 26),
            Field("readings", t.context("workbook", "readings"), 46),
            Field("used", t.context("workbook", "reading in use"), 26),
            Field("reason", t.context("workbook", "why"), 40),
            Field("places", t.context("workbook", "place"), 24),
            Field("id", t.context("workbook", "id"), 18),
        ),
        printed=6,
    )
    for number, row in enumerate(plan.tables["conflicts"].rows(), 1):
        cells = {
            key: in_language(_joined(row[key], t), t.lang)
            for key in ("subject", "readings", "used", "reason")
        }
        cells["places"] = _joined(row["places"], t)
        sheet.line(no=number, id=row["id"], **cells)
        sheet.next()
    sheet.finish()


def _joined(value: Any, t: Translator) -> str:
    if value is None:
        return ""
    return t.listing(value, "；", "; ") if isinstance(value, tuple) else str(value)


def _missing(book: Spreadsheet, standing: Standing) -> None:
    t = book.t
    sheet = Sheet(
        book,
        t.context("sheet", "Missing"),
        t(
            "What is owed and was not reported (as of {day})",
            day=day_text(standing, t),
        ),
        t("By the unit that answers for it; what is not due yet is not listed."),
        (
            Field("no", t.context("workbook", "no."), 5, "count"),
            Field("name", t.context("workbook", "item"), 44),
            Field("kind", t.context("workbook", "kind"), 9, "word"),
            Field("units", t.context("workbook", "unit that owes it"), 30),
            Field("period", t.context("workbook", "period owed"), 10, "plain"),
            Field("reason", t.context("workbook", "reason"), 26),
            Field("effect", t.context("workbook", "effect"), 26),
            Field("day", t.context("workbook", "day reported (fill in)"), 12, "plain", True),
            Field("note", t.context("workbook", "remark (fill in)"), 24, "text", True),
        ),
    )
    kinds = {
        "indicator": t.context("owed", "target"),
        "work": t.context("owed", "work"),
        "task": t.context("owed", "task"),
    }
    for number, item in enumerate(standing.missing, 1):
        sheet.line(
            no=number,
            name=t.of(item.name),
            kind=kinds[item.kind],
            units=t.listing(item.units) or t("(no unit is named)"),
            period=str(item.period),
            reason=item.reason.text(t.lang),
            effect=item.effect.text(t.lang),
            day=None,
            note=None,
        )
        sheet.next()
    sheet.finish()
