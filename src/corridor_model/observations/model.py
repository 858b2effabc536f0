"""The records of what has happened: figures, remarks in their place, and histories."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from corridor_model.display import Displayed
from corridor_model.errors import Problem
from corridor_model.files import workbook_at
from corridor_model.messages import N_, Listing, Message, Worded, message, plural
from corridor_model.options import Language, language
from corridor_model.periods import MONTHS, day_of, last_day, period_of
from corridor_model.plan.records import HtmlRecord, record_html
from corridor_model.tabular.schema import TABLES
from corridor_model.tabular.table import Table, empty

if TYPE_CHECKING:
    import pandas as pd

KEY = TABLES["observations"].key
"""Two rows with these alike are one figure; another ``published`` makes a revision."""


class Point(NamedTuple):
    """One figure of a year: the whole year, or as much of it as is known.

    A tuple, since a panel of regions has a million of them.

    Attributes
    ----------
    year, months : int
        The figure covers the first ``months`` of ``year`` (flows), or stands at the end of
        that month (stocks, ratios, counts since the plan began); 12 is the whole year.
    value : float
        In ``unit``.
    measure : str
        ``level``, ``addition``, ``growth`` (percent on a year earlier), ``average_growth``
        (since the start), ``change`` (since the baseline) or ``done``.
    basis : str
        ``year``, ``ytd``, ``month`` or ``end``.
    series, stage, published, source : str or None
        Vintage and provenance; of a sum, those its parts share.
    origin : str
        S5; of a sum, the weakest of its parts.
    bound : str or None
        Where only a bound was published, on which side of ``value`` the figure lies:
        ``at_least``, ``above``, ``at_most`` or ``below``.
    """

    year: int
    months: int
    value: float
    unit: str
    measure: str
    basis: str
    series: str | None = None
    stage: str | None = None
    published: str | None = None
    source: str | None = None
    origin: str = "user"
    bound: str | None = None

    def _repr_html_(self) -> str:
        return record_html(self)


def points_of_years(
    years: Iterable[int], values: Iterable[float], series: Iterable[str | None], **same: Any
) -> tuple[Point, ...]:
    """Return whole-year points that share all else, at a tenth of the time of making each.

    Parameters
    ----------
    years, values, series : iterable
        One entry a point.
    **same : str or None
        The other fields, with the defaults of `Point`.

    Examples
    --------
    >>> points_of_years([2020], [3.5], [None], unit="%", measure="level", basis="year")[0].months
    12
    """
    cells: list[Iterable[Any]] = [repeat(cell) for cell in Point(0, MONTHS, 0.0, **same)]
    for name, column in (("year", years), ("value", values), ("series", series)):
        cells[Point._fields.index(name)] = column
    return tuple(map(partial(tuple.__new__, Point), zip(*cells)))  # noqa: B905


@dataclass(frozen=True, slots=True)
class Gap(HtmlRecord):
    """Figures that do not add up to one, and what is missing (S7).

    Attributes
    ----------
    year : int
        The year whose figure cannot be given.
    reason : str
        ``months_missing``: figures of single months or quarters with a hole before them;
        ``year_missing``: additions after a year without a figure;
        ``month_only``: only the figure of a month by itself, which says nothing of the year.
    missing : tuple of str
        The periods that would close the gap.
    """

    year: int
    reason: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark(HtmlRecord):
    """What an office wrote in the place of a figure, and what it means.

    ``reason`` is one of ``not_due_yet``, ``paused``, ``not_reported``, ``not_started``.
    """

    indicator: str
    period: str
    reason: str
    text: str
    published: str | None = None


@dataclass(frozen=True, slots=True)
class History(HtmlRecord):
    """What is known of one indicator, one figure a year. Baselines are not in it.

    Attributes
    ----------
    indicator : str
        Its id.
    points : tuple of Point
        Levels, counts since the plan began, or yearly figures; the best known of each year.
    growths : tuple of Point
        Growth on a year earlier in percent, also of years without a level.
    done : tuple of Point
        Reports on a milestone, 1 once it is reached.
    additions : tuple of Point
        Yearly additions of a cumulative indicator, also of years before the plan.
    part_years : mapping of int to tuple of Point
        All known figures within each year (months < 12), by month.
    gaps : tuple of Gap
        Years whose figure cannot be given, and why.
    remarks : tuple of Remark
        What was written where a figure is missing.
    changes : tuple of Point
        Changes since the baseline as they were reported, in the promise's unit.
    averages : tuple of Point
        Average yearly growth since the start as it was reported, in percent.
    bounded : tuple of Point
        Figures of which only a bound was published, by time: they decide where they can and
        are no levels, so that nothing else reads them.
    """

    indicator: str
    points: tuple[Point, ...] = ()
    growths: tuple[Point, ...] = ()
    done: tuple[Point, ...] = ()
    additions: tuple[Point, ...] = ()
    part_years: Mapping[int, tuple[Point, ...]] = field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()
    remarks: tuple[Remark, ...] = ()
    changes: tuple[Point, ...] = ()
    averages: tuple[Point, ...] = ()
    bounded: tuple[Point, ...] = ()

    @property
    def latest(self) -> Point | None:
        """The last point, or None."""
        return self.points[-1] if self.points else None

    def at(self, year: int) -> Point | None:
        """Return the point of a year, or None."""
        return next((point for point in self.points if point.year == year), None)

    def ytd_shares(self, months: int) -> dict[int, float]:
        """Return by year what share of the whole year was reached after some months.

        Only years that have both figures, and a whole-year figure above 0, are given.
        """
        shares = {}
        for point in self.points:
            for part in self.part_years.get(point.year, ()):
                if part.months == months and point.months == 12 and point.value > 0:
                    shares[point.year] = part.value / point.value
        return shares


@dataclass(frozen=True, slots=True)
class ReportLine:
    """What became of one cell of a file (S22).

    Attributes
    ----------
    file, sheet, cell : str
        Where it stands; ``cell`` as a spreadsheet calls it, B7, also in a CSV file.
    text : str
        As it stands there.
    fate : str
        ``taken``, ``skipped`` or ``remark``.
    why : Worded
        As which figure it was taken, why it was not, or what is remarked.
    within : str
        The cell of the heading, name or sheet for whose sake it was skipped, or empty.
    brief : Worded or None
        Why, in a few words, where `why` is more than a line can hold.
    """

    file: str
    sheet: str
    cell: str
    text: str
    fate: str
    why: Worded
    within: str = ""
    brief: Worded | None = None

    @property
    def place(self) -> str:
        """File and sheet, for messages."""
        return f"{self.file}[{self.sheet}]" if self.sheet else self.file


REPORT_COLUMNS = ("file", "sheet", "cell", "text", "fate", "why")
_WIDTHS = (28, 14, 8, 24, 9, 90)
MOST_LINKS = 60_000
"""Links that one sheet of a workbook can hold, less some room."""


def _link(line: ReportLine) -> str:
    """Return the link to a cell of a file that lies beside the report."""
    file, sheet = line.file, line.sheet.replace("'", "''")
    if "#" in file or "%" in file:  # else all behind the sign would be taken for the place
        file = file.translate({ord(letter): f"%{ord(letter):02X}" for letter in "#% "})
    return f"external:{file}#'{sheet}'!{line.cell}"


@dataclass(frozen=True)
class Observations(Displayed):
    """Figures of any number of indicators and periods. Frozen; ``a + b`` merges.

    Attributes
    ----------
    table : Table
        The table ``observations`` with periods, measures and bases written out.
    remarks : tuple of Remark
        Words that stood where a figure was expected.
    notes : tuple of Problem
        What was passed over while reading.
    lines : tuple of ReportLine
        What became of every cell that holds something: the import report.

    Examples
    --------
    >>> import corridor_model as cm
    >>> from corridor_model.observations.load import load_observations
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"indicator": ["gdp"], "period": ["2021Q3"], "value": [370.1]})
    >>> (load_observations(rows) + load_observations(rows.assign(value=371.0))).table["value"]
    (371.0,)
    """

    table: Table = field(default_factory=lambda: empty("observations"))
    remarks: tuple[Remark, ...] = ()
    notes: tuple[Problem, ...] = field(default=(), compare=False)
    lines: tuple[ReportLine, ...] = field(default=(), compare=False)

    @property
    def report(self) -> pd.DataFrame:
        """The import report: file, sheet, cell, text, fate, why (S22), in the language set.

        ``fate`` is ``taken``, ``skipped`` or ``remark``.

        Examples
        --------
        >>> import pandas as pd
        >>> from corridor_model.observations.load import load_observations
        >>> rows = pd.DataFrame({"指标": ["生产总值"], "2021年": [522.6], "环比（%）": [1.2]})
        >>> load_observations(rows).report[["cell", "text", "fate"]].values.tolist()
        [['C1', '环比（%）', 'skipped'], ['B2', '522.6', 'taken'], ['C2', '1.2', 'skipped']]
        """
        return self.report_in()

    def report_in(self, lang: Language | None = None) -> pd.DataFrame:
        """Return the import report in ``"zh"`` or ``"en"``, by default the language set."""
        import pandas as pd

        lang = language(lang)
        rows = [
            (line.file, line.sheet, line.cell, line.text, line.fate, line.why.text(lang))
            for line in self.lines
        ]
        return pd.DataFrame(rows, columns=list(REPORT_COLUMNS), dtype="str")

    def save_report(self, file: str | Path, lang: Language | None = None) -> Path:
        """Write the import report as a workbook, each row with a link to its cell.

        Kept beside the files it speaks of, a click opens them at the cell.

        Parameters
        ----------
        file : str or path
            An ``.xlsx`` file; an old one is replaced whole or not at all.
        lang : {"zh", "en"}, optional
            Language of ``why``; the one of :class:`corridor_model.set_options` by default.

        Raises
        ------
        CorridorError
            If it cannot be written, or for another language.
        """
        lang = language(lang)
        target = Path(file)
        with workbook_at(target) as book:
            sheet = book.add_worksheet("report")
            sheet.freeze_panes(1, 0)
            for column, (name, width) in enumerate(zip(REPORT_COLUMNS, _WIDTHS, strict=True)):
                sheet.set_column(column, column, width)
                sheet.write_string(0, column, name)
            for row, line in enumerate(self.lines, 1):
                cells = (line.file, line.sheet, line.cell, line.text, line.fate)
                for column, text in enumerate((*cells, line.why.text(lang))):
                    sheet.write_string(row, column, text)
                if line.sheet and row <= MOST_LINKS:
                    sheet.write_url(row, 2, _link(line), string=line.cell)
        return target

    @property
    def summary(self) -> Message:
        """The import report in one line: how many figures were taken, and what was skipped.

        Examples
        --------
        >>> import pandas as pd
        >>> from corridor_model.observations.load import load_observations
        >>> rows = pd.DataFrame({"指标": ["生产总值"], "2021年": [522.6], "环比（%）": [1.2]})
        >>> str(load_observations(rows).summary)[:41]
        '1 figure taken; 1 place skipped: C1 环比（%）'
        """
        skipped = [line for line in self.lines if line.fate == "skipped"]
        taken = plural("{n} figure taken", "{n} figures taken", len(self))
        if worded := sum(bool(remark.text) for remark in self.remarks):
            kept = plural("{n} remark kept", "{n} remarks kept", worded)
            taken = message("{taken}, {kept}", taken=taken, kept=kept)
        if not skipped:
            return message("{taken}.", taken=taken)
        heads = [line for line in skipped if not line.within]
        inside = Counter((line.file, line.sheet, line.within) for line in skipped)
        places = [
            Message(
                N_("{where} {text} with {n} figures ({why})")
                if (n := inside[line.file, line.sheet, line.cell])
                else N_("{where} {text} ({why})"),
                {
                    "where": f"{line.sheet}!{line.cell}" if line.sheet else line.cell,
                    "text": line.text,
                    "n": n,
                    "why": line.brief or line.why,
                },
            )
            for line in heads
        ]
        return plural(
            "{taken}; {n} place skipped: {places}",
            "{taken}; {n} places skipped: {places}",
            len(heads),
            taken=taken,
            places=Listing(places, "；", "; "),
        )

    def __len__(self) -> int:
        return len(self.table)

    def __add__(self, other: Observations) -> Observations:
        if not isinstance(other, Observations):
            return NotImplemented
        return Observations(
            self.table.merge(other.table),
            tuple(dict.fromkeys(self.remarks + other.remarks)),
            self.notes + other.notes,
            self.lines + other.lines,
        )

    def frame(self) -> pd.DataFrame:
        """Return the rows as a DataFrame."""
        return self.table.frame()

    def known_by(self, date: str | datetime.date) -> Observations:
        """Return the figures that were known at the end of a date (S15).

        A figure without a date of publication counts as the first of its period, known from
        the period's last day; a date without a day or month counts as its last day.
        """
        day = day_of(date)
        columns = (self.table["period"], self.table["published"])
        keep = [
            row
            for row, (period, published) in enumerate(zip(*columns, strict=True))
            if known_from(period, published) <= day
        ]
        remarks = tuple(r for r in self.remarks if known_from(r.period, r.published) <= day)
        return Observations(self.table.select(keep), remarks, self.notes, self.lines)

    def __repr__(self) -> str:
        periods = sorted(str(period) for period in self.table["period"])
        span = f", {periods[0]} to {periods[-1]}" if periods else ""
        remarks = f", {len(self.remarks)} remarks" if self.remarks else ""
        return f"Observations({len(self)} figures{span}{remarks})"


def known_from(period: str, published: str | None) -> str:
    """Return the day from which a figure was known, as ``2021-10-31``."""
    return last_day(published) if published else period_of(period).last_day
