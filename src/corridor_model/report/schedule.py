"""Works on the page: when each is built, its money by year, and what falls after the plan."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridor_model.codes import NOT_ASSESSABLE, reason_word, status_word
from corridor_model.formatting import rounded
from corridor_model.messages import Translator
from corridor_model.plot.scenario import WorkBar, work_bars
from corridor_model.report.annexes import BRANCHES
from corridor_model.report.cards import Verdict
from corridor_model.report.standing import Row, Standing
from corridor_model.text.bulletin import money, name_of, points, share
from corridor_model.text.numbers import percents
from corridor_model.text.scenario import known_lengths, known_money
from corridor_model.units import MONEY

if TYPE_CHECKING:
    import xarray as xr


EDGE = 90.0
"""Percent of the width beyond which an opening has no room for its words."""


class Cell(NamedTuple):
    """Money of one year: where its text stands, in percent, and whether it is after the plan."""

    x: str
    text: str
    after: bool


class Bar(NamedTuple):
    """A work over the years; places are percent of the width.

    Attributes
    ----------
    left, inside, after : str
        Where it begins, how wide it is within the plan and beyond; empty where it has no dates.
    middle : str
        Where the plan's end parts the two.
    known : bool
        Whether its money is known.
    cells : tuple of Cell
        Money by year.
    opens : str
        Where it opens a road; empty where it opens none.
    label : str
        What is opened.
    """

    left: str
    inside: str
    after: str
    middle: str
    known: bool
    cells: tuple[Cell, ...]
    opens: str
    label: str


class WorkLine(NamedTuple):
    """A row of the Gantt chart; every text is ready to stand in its cell."""

    name: str
    lead: str
    money: str
    bar: Bar
    year: str
    share: str
    gap: str
    verdict: Verdict
    problem: str


class Sum(NamedTuple):
    """A last row: a title, the whole, a text a year, and a remark."""

    title: str
    whole: str
    years: tuple[str, ...]
    note: str


class Schedule(NamedTuple):
    """The works: the years across, a row each, the sums, and the table of money by year.

    Attributes
    ----------
    years : tuple of (int, str, bool)
        Year, its left edge in percent, and whether it is after the plan.
    end : str
        Where the plan ends, in percent.
    lines : tuple of WorkLine
        By their start.
    sums : tuple of Sum
        Money, and kilometres open.
    after : str
        How much falls after the plan, in words.
    """

    years: tuple[tuple[int, str, bool], ...]
    end: str
    lines: tuple[WorkLine, ...]
    sums: tuple[Sum, ...]
    after: str


def schedule(standing: Standing, works: xr.Dataset, t: Translator) -> Schedule:
    """Return the works of a plan over the years.

    Parameters
    ----------
    standing : Standing
        Verdicts on the works.
    works : Dataset
        Of ``spending`` or ``simulate``, of one scenario.
    t : Translator
        Of the language.
    """
    bars = work_bars(works)
    about = standing.plan.about
    years = [int(year) for year in bars.years]
    ends = [b.end for b in bars.rows if math.isfinite(b.end)]
    first = min([about.first_year, *years])
    last = max([about.last_year, *years, *(math.ceil(end) - 1 for end in ends)])
    span = range(first, last + 1)
    verdicts = {work["project"]: work for work in standing.works}

    def at(moment: float) -> float:
        return 100 * (min(max(moment, first), last + 1) - first) / len(span)

    def place(moment: float) -> str:
        return f"{at(moment):.2f}"

    def line(bar: WorkBar) -> WorkLine:
        work = verdicts[bar.id]
        return WorkLine(
            name_of(work, t),
            t.listing(standing.leads(work)),
            money(work["investment"]) or t.context("money", "unknown"),
            _bar(standing, bar, years, about.last_year + 1, at, t),
            " / ".join(money(work[key]) or "—" for key in ("invested_year", "annual_plan"))
            if work["invested_year"] is not None or work["annual_plan"] is not None
            else "",
            share(work["completion"]),
            points(math.nan if work["year_gap"] is None else work["year_gap"]),
            _verdict(standing, work, t),
            str(work["problem"] or ""),
        )

    return Schedule(
        tuple((year, place(year), year > about.last_year) for year in span),
        place(about.last_year + 1),
        tuple(map(line, bars.rows)),
        _sums(works, span, t),
        _after(works, about.last_year, t),
    )


def _bar(
    standing: Standing,
    bar: WorkBar,
    years: list[int],
    end: float,
    place: Callable[[float], float],
    t: Translator,
) -> Bar:
    """Return the bar of a work, parted where the plan ends; ``place`` gives percent."""
    known = math.isfinite(bar.total)
    if not (math.isfinite(bar.start) and math.isfinite(bar.end)):
        return Bar("", "", "", "", known, (), "", "")
    parted = min(max(end, bar.start), bar.end)
    cells = [
        Cell(
            f"{(place(max(bar.start, year)) + place(min(bar.end, year + 1))) / 2:.2f}",
            _short(value),
            year >= end,
        )
        for year, value in zip(years, bar.money.tolist(), strict=True)
        if known and value > 0 and min(bar.end, year + 1) - max(bar.start, year) >= 0.4
    ]
    project = standing.plan.projects[bar.id]
    km = project.length_in_area_km
    label = ""
    if project.opens and place(bar.end) < EDGE:
        label = t("opens {km} km", km=_plain(km)) if km else t.context("road", "opens")
    return Bar(
        f"{place(bar.start):.2f}",
        f"{place(parted) - place(bar.start):.2f}",
        f"{place(bar.end) - place(parted):.2f}" if bar.end > end else "",
        f"{place(parted):.2f}",
        known,
        tuple(cells),
        f"{place(bar.end):.2f}" if project.opens else "",
        label,
    )


def _short(value: float) -> str:
    """Return money inside a bar: one decimal, more where one would say nothing."""
    return rounded(value, 1 if value >= 1 else 2)


def _plain(km: float) -> str:
    text = rounded(km, 2)
    return text.rstrip("0").rstrip(".")


def _verdict(standing: Standing, work: Row, t: Translator) -> Verdict:
    status = str(work["status"])
    beside = [t.of(BRANCHES[work["branch"]])] if work["branch"] in BRANCHES else []
    if status == NOT_ASSESSABLE:
        beside = [reason_word(work["reason"], t.lang), *beside]
    before = standing.statuses_before["works"].get(str(work["project"]), "")
    return Verdict(
        status,
        status_word(status, t.lang),
        tuple(beside),
        status_word(before, t.lang) if before else "",
    )


def _sums(works: xr.Dataset, span: range, t: Translator) -> tuple[Sum, ...]:
    """Return money and open kilometres by year, as the library sums them."""
    years = [int(year) for year in works["spending_year"].values]
    programme: Mapping[int, float] = dict(zip(years, works["programme"].values, strict=True))
    open_: Mapping[int, float] = dict(zip(years, works["km_open"].values, strict=True))
    total = float(np.nansum(works["total"].values))
    money_ = tuple(money(float(programme[y])) if programme.get(y) else "" for y in span)
    km, known = [], ""
    for year in span:
        value = open_.get(year, math.nan)
        known = rounded(float(value), 2) if math.isfinite(value) else known
        km.append(known)
    return (
        Sum(t("Money by year"), money(total), money_, known_money(works, t.lang)),
        Sum(t("Open in the area, km"), "", tuple(km), known_lengths(works, t.lang)),
    )


def _after(works: xr.Dataset, last: int, t: Translator) -> str:
    inside, beyond = (
        float(np.nansum(works[name].values)) for name in ("inside_plan", "beyond_horizon")
    )
    before = float(np.nansum(works["before_plan"].values))
    if not inside + beyond + before:
        return ""
    total = inside + beyond + before
    return t(
        "Of {total} {unit} known, {inside} fall within the plan, {before} before it and {beyond} "
        "({share}) after {year}.",
        total=money(total),
        unit=MONEY,
        inside=money(inside),
        before=money(before),
        beyond=money(beyond),
        share=percents(beyond / total, t),
        year=last,
    )
