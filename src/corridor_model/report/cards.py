"""A promise on the page: its row in the table, and the card behind the row.

Words and numbers are those of the bulletin and the terminal; a formula is written out only
where it gives the number that stands beside it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridor_model.assessment.rollup import Promise
from corridor_model.codes import NOT_ASSESSABLE, ORIGIN_WORDS, reason_word, status_word
from corridor_model.errors import CorridorError
from corridor_model.formatting import plain
from corridor_model.messages import Translator, printable
from corridor_model.plan.display import in_language
from corridor_model.plot.assessment import Progress
from corridor_model.plot.forecasting import Fan, row_fan
from corridor_model.plot.growth import PathLines, path_lines
from corridor_model.plot.style import short_number
from corridor_model.report.charts import (
    Bullet,
    PathChart,
    Series,
    Spark,
    bullet,
    path_chart,
    spark,
)
from corridor_model.report.standing import Row, Standing
from corridor_model.text.assessment import (
    beside_verdict,
    due_text,
    is_settled,
    probability_sentence,
    probability_text,
    probability_word,
    sentence,
)
from corridor_model.text.bulletin import (
    goal,
    known_at,
    latest,
    name_of,
    need,
    number,
    points,
    share,
    with_unit,
)
from corridor_model.text.numbers import percents

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.plan.plan import Plan


class Verdict(NamedTuple):
    """A verdict: its code, its word or the reason why there is none, and its second line."""

    status: str
    word: str
    beside: tuple[str, ...]
    before: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table of promises; every text is ready to stand in its cell.

    Attributes
    ----------
    number : int
        Its place, which also names its anchor.
    id, name, unit, lead : str
        The promise, its unit and who leads it.
    group, block : str
        Names of its group and its block.
    units : tuple of str
        Who leads it.
    goal, due, latest, period, share, gap, chance, likely, need, origin : str
        Cells; empty where there is nothing.
    verdict : Verdict
        With the last one.
    bullet : Bullet
        Share and schedule.
    spark : Spark or None
        The figures so far.
    """

    number: int
    id: str
    name: str
    unit: str
    lead: str
    group: str
    block: str
    units: tuple[str, ...]
    goal: str
    due: str
    latest: str
    period: str
    share: str
    gap: str
    verdict: Verdict
    bullet: Bullet
    spark: Spark | None
    likely: str
    chance: str
    need: str
    origin: str


class Figures(NamedTuple):
    """The table of a card: titles, and a row of texts a year."""

    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Conflict(NamedTuple):
    """A contradiction of the document: what it is about, the readings, the choice and why.

    ``text`` is all of it in both languages, in which a target is looked for.
    """

    id: str
    subject: str
    readings: tuple[str, ...]
    used: str
    reason: str
    places: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """What stands behind one indicator of a promise.

    Attributes
    ----------
    name, sentence, outlook : str
        Its name, its verdict as a sentence, and how likely the target is.
    chart : PathChart or None
        Paths, figures and forecast.
    description : str
        What the chart shows, in words.
    figures : Figures or None
        The numbers of the chart.
    formulas : tuple of str
        How its numbers come about.
    facts : tuple of (str, str)
        Baseline, place in the document, source, units.
    conflicts : tuple of Conflict
        Contradictions at the same places of the document that speak of it.
    """

    name: str
    sentence: str
    outlook: str
    chart: PathChart | None
    description: str
    figures: Figures | None
    formulas: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    conflicts: tuple[Conflict, ...]


class Drawing(NamedTuple):
    """What the pictures of the library draw of a promise; None where there is nothing."""

    lines: PathLines | None
    fan: Fan | None


def drawing_of(plan: Plan, row: Row, paths: xr.Dataset) -> Drawing:
    """Return what :mod:`corridor_model.plot` draws of a promise: its paths and its fan."""
    name, lines, fan = row["indicator"], None, None
    if row["kind"] != "milestone":
        with suppress(CorridorError):
            lines = path_lines(paths, name, promise=plan.targets[name])
        with suppress(CorridorError):
            fan = row_fan(row)
    return Drawing(lines, fan)


# The row.


def line_of(
    standing: Standing,
    promise: Promise,
    number_: int,
    row: Row,
    progress: Progress,
    fan: Fan | None,
    names: tuple[str, str, str],
    t: Translator,
) -> Line:
    """Return the row of a promise.

    Parameters
    ----------
    standing : Standing
        Where the plan stands.
    promise : Promise
        What the row is of.
    number_ : int
        Its place.
    row : mapping
        The variables of the indicator that gave its verdict, with its probability.
    progress : Progress
        What is drawn of it.
    fan : Fan or None
        Its figures and its forecast.
    names : tuple of str
        Of the promise, of its group and of its block.
    t : Translator
        Of the language.
    """
    p = row["p_reach"]
    known = math.isfinite(p)
    aim = (row["due"], row["target"])
    return Line(
        number=number_,
        id=promise.id,
        name=names[0],
        unit=row["unit"],
        lead=t.listing(promise.units),
        group=names[1],
        block=names[2],
        units=promise.units,
        goal=goal({**row, "unit": ""}, t),
        due=due_text(row),
        latest=_latest(row, t),
        period=known_at(row, t),
        share=_share(row, t),
        gap=points(row["gap"] / 100 if row["kind"] == "growth" else row["schedule_gap"]),
        verdict=verdict_of(standing, promise, row, t),
        bullet=bullet(progress),
        spark=spark(fan.past, aim if all(map(math.isfinite, aim)) else None) if fan else None,
        likely=probability_word(p, t.lang, is_settled(row)) if known else "",
        chance=probability_text(p) if known else "",
        need=_need(row, t),
        origin=ORIGIN_WORDS[row["origin"]].text(t.lang) if row["origin"] else "",
    )


def verdict_of(standing: Standing, promise: Promise, row: Row, t: Translator) -> Verdict:
    """Return the verdict on a promise, with what its class hides and the last one."""
    beside = beside_verdict(row, t, standing.as_of)
    if promise.status == NOT_ASSESSABLE:
        beside = [reason_word(promise.reason, t.lang), *beside]
    before = standing.statuses_before["targets"].get(promise.id, "")
    return Verdict(
        promise.status,
        status_word(promise.status, t.lang),
        tuple(beside),
        status_word(before, t.lang) if before else "",
    )


def _need(row: Row, t: Translator) -> str:
    """Return what is still needed; of a milestone that nobody reported nothing is known."""
    silent = row["kind"] == "milestone" and row["status"] == NOT_ASSESSABLE
    return "" if row["status"] == "achieved" or silent else need(row, t)


def _latest(row: Row, t: Translator) -> str:
    if row["kind"] == "milestone" and math.isfinite(row["actual"]):
        return (
            t.context("milestone", "done") if row["actual"] else t.context("milestone", "not done")
        )
    return latest(row)


def _share(row: Row, t: Translator) -> str:
    """Return the share done; of a limit what is used of its room."""
    if row["is_limit"] and math.isfinite(row["used_share"]):
        return t.context("table", "used {share}", share=share(row["used_share"]))
    return share(row["achieved_share"])


# The card.


def card_of(
    standing: Standing,
    row: Row,
    drawing: Drawing,
    conflicts: Mapping[str, Sequence[Conflict]],
    t: Translator,
) -> Card:
    """Return the card of one indicator of a promise.

    Parameters
    ----------
    standing : Standing
        Where the plan stands.
    row : mapping
        The variables of the indicator.
    drawing : Drawing
        What the pictures of the library draw of it.
    conflicts : mapping of str to sequence of Conflict
        By place of the document.
    t : Translator
        Of the language.
    """
    promise = standing.plan.targets[row["indicator"]]
    drawn = _drawn(standing, row, drawing, t)
    places = tuple(dict.fromkeys(place for one in promise.targets for place in one.places))
    # many targets share a place: those are told apart that speak of this one
    related = {
        one.id: one
        for place in places
        for one in conflicts.get(place, ())
        if promise.name_zh in one.text or promise.of in re.findall(r"\w+", one.text)
    }
    return Card(
        name=name_of(row, t),
        sentence=sentence(row, t.lang),
        outlook=probability_sentence(row, t.lang),
        chart=drawn[0] if drawn else None,
        description=_description(row, t),
        figures=drawn[1] if drawn else None,
        formulas=tuple(formulas(row, t)),
        facts=tuple(_facts(standing, row, places, t)),
        conflicts=tuple(related.values()),
    )


def _facts(
    standing: Standing, row: Row, places: Sequence[str], t: Translator
) -> list[tuple[str, str]]:
    promise = standing.plan.targets[row["indicator"]]
    facts = [(t("Promised"), f"{goal(row, t)} · {due_text(row)}".rstrip(" ·"))]
    if math.isfinite(row["baseline"]):
        start = with_unit(number(row["baseline"], row, math.nan), row["unit"], t)
        origin = ORIGIN_WORDS[row["baseline_origin"]].text(t.lang)
        facts.append(
            (
                t("Baseline"),
                t(
                    "{value} ({year}, {origin})",
                    value=start,
                    year=row["baseline_year"],
                    origin=origin,
                ),
            )
        )
    for baseline in promise.baselines:
        if baseline.year == row["baseline_year"] and baseline.source:
            facts.append((t("Source of the baseline"), baseline.source))
            break
    facts.append((t("Place in the document"), t.listing(places)))
    if row["missing_periods"]:
        facts.append((t("Figures that are missing"), row["missing_periods"].replace(";", "、")))
    if row["remark"]:
        facts.append((t.context("card", "Remark"), row["remark"]))
    return [(title, text) for title, text in facts if text]


def _description(row: Row, t: Translator) -> str:
    return t(
        "Years across, {unit} up: figures, the paths of growth rates, the path that just meets "
        "the target, and what is forecast; the numbers stand in the table.",
        unit=row["unit"] or t("the value"),
    )


def _drawn(
    standing: Standing, row: Row, drawing: Drawing, t: Translator
) -> tuple[PathChart, Figures] | None:
    """Return the chart of an indicator with its table; None where there is nothing to draw."""
    lines, fan = drawing
    if row["kind"] == "milestone":
        return None
    growing = row["kind"] == "growth" and lines is not None
    since = row["baseline_year"] or row["base_year"]

    def own(year: float, value: float) -> float:
        """Return a value in the unit of the paths: of an average growth, the index."""
        return 100 * (1 + value / 100) ** (year - since) if growing else value

    points = {} if fan is None else {x: own(x, y) for x, y in fan.past.tolist()}
    hollow = []
    if math.isfinite(row["baseline"]) and not growing:
        if row["series_break"]:
            hollow = [float(row["baseline_year"])]
        points.setdefault(float(row["baseline_year"]), row["baseline"])
    figures = np.array(sorted(points.items())).reshape(-1, 2)
    interval = None
    if fan is not None and len(fan.years):
        year, (low, middle, high) = float(fan.years[-1]), fan.bands[-1]
        interval = (year, own(year, low), own(year, middle), own(year, high))
    aim = None
    series: list[Series] = []
    if lines is not None:
        years = lines.years.tolist()
        series = [Series(years, one.values.tolist(), "rate", one.label) for one in lines.lines]
        if lines.meet and not lines.runs_back:
            series = [one._replace(label="") for one in series]
        series.append(Series(years, lines.required.tolist(), "required"))
        aim = (float(years[-1]), lines.goal)
    elif math.isfinite(row["target"]) and math.isfinite(row["due"]):
        aim = (math.ceil(row["due"]), row["target"])
        first = min([standing.plan.about.first_year - 1, *(x for x, _ in points.items())])
        series = [Series((first, aim[0]), (aim[1], aim[1]), "required")]
    if aim is None and not len(figures):
        return None
    if aim and len(figures) and figures[-1, 0] < aim[0] and row["status"] != "achieved":
        (year, value) = figures[-1]
        series.append(Series((float(year), aim[0]), (float(value), aim[1]), "left"))
    about = standing.plan.about
    chart = path_chart(
        series, figures, hollow, interval, aim, t("target {value}", value=short_number(aim[1]))
        if aim else "", (about.first_year - 1, about.last_year), short_number,
    )  # fmt: skip
    table = [one for one in series if lines is not None and one.look != "left"]
    return chart, _table(table, points, row, interval, t)


def _table(
    series: Sequence[Series],
    points: Mapping[float, float],
    row: Row,
    interval: tuple[float, float, float, float] | None,
    t: Translator,
) -> Figures:
    columns: list[tuple[str, dict[float, float]]] = [(t.context("card", "figure"), dict(points))]
    for one in sorted(series, key=lambda one: one.look != "required"):
        title = t("needed") if one.look == "required" else one.label
        if title:
            columns.append((title, dict(zip(one.years, one.values, strict=True))))
    if interval:
        year, low, middle, high = interval
        columns += [
            (t("forecast, median"), {year: middle}),
            (t("80 % from"), {year: low}),
            (t("80 % to"), {year: high}),
        ]
    columns = [
        (title, {year: value for year, value in values.items() if math.isfinite(value)})
        for title, values in columns
    ]
    columns = [(title, values) for title, values in columns if values]
    years = sorted({year for _, values in columns for year in values})

    def cell(title: int, value: float | None) -> str:
        if value is None:
            return ""
        own = title == 0 and row["kind"] != "growth"
        return number(value, row, math.nan) if own else short_number(value)

    return Figures(
        (t.context("card", "year"), *(title for title, _ in columns)),
        tuple(
            (
                _year(year),
                *(cell(i, values.get(year)) for i, (_, values) in enumerate(columns)),
            )
            for year in years
        ),
    )


def _year(moment: float) -> str:
    """Return a moment as its year, or its month: 2021.75 is the end of September of 2021.

    Examples
    --------
    >>> _year(2021.0), _year(2020.75)
    ('2021', '2021-09')
    """
    if moment == int(moment):
        return str(int(moment))
    return f"{math.floor(moment) + 1}-{round((moment - math.floor(moment)) * 12):02d}"


# Formulas, each written out with its own numbers.


def formulas(row: Row, t: Translator) -> list[str]:
    """Return how the numbers of a promise come about, each with its result.

    A line is left out where its formula does not give the number of the library: of a range, of
    a limit or of a sum another one holds, which the sentence above it names.
    """
    start, now, aim = row["baseline"], row["compared"], row["target"]

    def text(value: float) -> str:
        return number(value, row, math.nan)

    said = []
    years = row["target_year"] - row["baseline_year"]
    if _is(_rate(start, aim, years), row["required_rate"]):
        said.append(
            t(
                "Needed from the start: ({aim} ÷ {start})^(1/{years}) − 1 = {rate} a year",
                aim=text(aim), start=text(start), years=years,
                rate=percents(row["required_rate"], t),
            )
        )  # fmt: skip
    left = row["due"] - row["compared_at"]
    if _is(_rate(now, aim, left), row["required_rate_remaining"]):
        said.append(
            t(
                "Needed from here: ({aim} ÷ {now})^(1/{years}) − 1 = {rate} a year",
                aim=text(aim), now=text(now), years=plain(round(left, 4)),
                rate=percents(row["required_rate_remaining"], t),
            )
        )  # fmt: skip
    if aim != start and _is((now - start) / (aim - start), row["achieved_share"]):
        said.append(
            t(
                "Share done: ({now} − {start}) ÷ ({aim} − {start}) = {share}",
                now=text(now), start=text(start), aim=text(aim),
                share=percents(row["achieved_share"], t),
            )
        )  # fmt: skip
        if _is(row["achieved_share"] - row["elapsed_share"], row["schedule_gap"]):
            said.append(
                t(
                    "Ahead or short: {share} − {elapsed} of the time = {gap} points",
                    share=percents(row["achieved_share"], t),
                    elapsed=percents(row["elapsed_share"], t), gap=points(row["schedule_gap"]),
                )
            )  # fmt: skip
    return said


def _rate(start: float, end: float, years: float) -> float:
    if not (start > 0 and end > 0 and 0 < years < math.inf):
        return math.nan
    return float((end / start) ** (1 / years) - 1)


def _is(value: float, known: float) -> bool:
    return math.isfinite(value) and math.isclose(value, known, rel_tol=1e-9, abs_tol=1e-9)


# Contradictions of the document.


def conflicts_of(rows: Sequence[Mapping[Hashable, object]], t: Translator) -> list[Conflict]:
    """Return the contradictions of a document in the reader's language."""
    return [
        Conflict(
            str(one["id"]),
            in_language(str(one["subject"] or ""), t.lang),
            tuple(printable(part) for part in str(one["readings"] or "").split(";")),
            in_language(str(one["used"] or ""), t.lang),
            in_language(str(one["reason"] or ""), t.lang),
            str(one["places"] or ""),
            " ".join(str(one[part] or "") for part in ("subject", "readings", "used")),
        )
        for one in rows
    ]


def by_place(conflicts: Sequence[Conflict]) -> dict[str, list[Conflict]]:
    """Return contradictions by each place of the document that they name."""
    places: dict[str, list[Conflict]] = {}
    for one in conflicts:
        for place in filter(None, one.places.split(";")):
            places.setdefault(place, []).append(one)
    return places
