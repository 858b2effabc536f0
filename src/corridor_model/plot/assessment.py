"""Progress: a bullet chart of what is promised, and responsible units ranked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridor_model.assessment.assessment import assess
from corridor_model.codes import (
    NOT_ASSESSABLE,
    STATUSES,
    reason_word,
    status_word,
    worst_first,
)
from corridor_model.errors import CorridorError
from corridor_model.formatting import rounded
from corridor_model.messages import N_, Translator, translator
from corridor_model.options import Language
from corridor_model.plan.plan import Plan
from corridor_model.plot.style import (
    BLUE,
    INK,
    NAME_PLACES,
    PALE,
    QUIET,
    SMALL,
    STATUS_COLOURS,
    drawing,
    figure_height,
    inches,
    lay_out,
    legend_above,
    place_of,
    quiet,
    row_labels,
    rows_in,
    settle,
    short,
    text_inches,
)
from corridor_model.text.assessment import figure_text, row_of, target_text
from corridor_model.text.numbers import percents

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes

MOST = 40
"""Rows of one picture at most; the line below says how many are left out."""
ROW = 0.27
"""Height of a row in inches, where a figure has its own."""
FAR = 1.25
"""Shares beyond this end in an arrow: the rest of the picture stays readable."""


COLUMNS = (
    *("status", "reason", "kind", "unit", "name_zh", "name_en", "is_limit", "achieved_share"),
    "method",
    *("used_share", "elapsed_share", "actual", "actual_bound", "target", "target_max", "sense"),
    *("met_late", "missed_years", "relative_to", "relative_zh", "relative_en", "margin"),
)
"""What a row is made of."""


class Progress(NamedTuple):
    """One row of :func:`progress`.

    Attributes
    ----------
    id, name, status : str
        The promise, its name in the reader's language, and its verdict.
    share : float
        Part of the way done, or of a limit part of the room used; NaN where it is compared
        instead (growth) or unknown.
    schedule : float
        Where it should be by now; NaN where that has no meaning.
    is_limit : bool
        Whether ``share`` is what is used of a limit.
    words : str
        Verdict, figure and target; of what cannot be judged the reason.
    """

    id: str
    name: str
    status: str
    share: float
    schedule: float
    is_limit: bool
    words: str


def progress_rows(
    assessment: xr.Dataset, indicators: Sequence[str] | None = None, lang: str = "zh"
) -> list[Progress]:
    """Return what :func:`progress` draws: a row a promise, the worst first.

    Parameters
    ----------
    assessment : Dataset
        Of :func:`corridor_model.assess`.
    indicators : sequence of str, optional
        Promises in their order; by default all, those that cannot be judged last.
    lang : {"zh", "en"}
        Language.

    Examples
    --------
    >>> import corridor_model as cm
    >>> plan = cm.load_plan(example=True)
    >>> row = progress_rows(cm.assess(plan, cm.example_observations()), ["gdp"], "en")[0]
    >>> row.status, round(row.share, 3), row.schedule, row.words
    ('behind', 0.55, 0.75, 'behind: 522.3 of ≥ 580 亿元')
    """
    if "achieved_share" not in getattr(assessment, "data_vars", ()):
        raise CorridorError(N_("progress needs a result of assess."))
    if "rule" in assessment.dims:
        raise CorridorError(N_("Choose one rule first: assessment.sel(rule='schedule')."))
    assessment = assessment[[*COLUMNS]]
    ids = [str(name) for name in assessment["indicator"].values]
    if indicators is not None:
        for name in indicators:
            place_of(ids, name)
        return [_progress(assessment, name, lang) for name in indicators]
    rows = [_progress(assessment, name, lang) for name in ids]
    judged = [row for row in rows if row.status != NOT_ASSESSABLE]
    judged.sort(key=lambda row: worst_first(row.status))
    return judged + [row for row in rows if row.status == NOT_ASSESSABLE]


def _progress(assessment: xr.Dataset, name: str, lang: str) -> Progress:
    row, t = row_of(assessment, name), translator(lang)
    status = str(row["status"])
    limit = bool(row["is_limit"]) and math.isfinite(row["used_share"])
    share = row["used_share"] if limit else row["achieved_share"]
    word = status_word(status, lang)
    goal = f"{target_text(row, t)} {row['unit']}".rstrip()
    if status == NOT_ASSESSABLE:
        words = t("{status}: {reason}", status=word, reason=reason_word(row["reason"], lang))
    elif math.isfinite(row["actual"]) and row["kind"] != "milestone":
        words = t(
            "{status}: {actual} of {target}",
            status=word,
            actual=figure_text(row, _digits(row["actual"])),
            target=goal,
        )
    else:
        words = word
    if row["met_late"]:
        words = t("{words}, met only in {period}", words=words, period=row["met_late"])
    elif row["missed_years"]:
        years = t.listing(row["missed_years"].split(";"))
        words = t("{words}, missed in {years}", words=words, years=years)
    return Progress(
        name, row[f"name_{lang}"], status, float(share) if status != NOT_ASSESSABLE else math.nan,
        float(row["elapsed_share"]) if math.isfinite(share) else math.nan, limit, words,
    )  # fmt: skip


def _digits(value: float) -> int:
    """Return how many decimals a figure needs beside a bar: about four digits."""
    size = abs(value)
    if float(value).is_integer():
        return 0
    return 1 if size >= 10 else 2 if size >= 0.1 else 4


def progress(
    assessment: xr.Dataset | Plan,
    ax: Axes | None = None,
    *,
    indicators: Sequence[str] | None = None,
    top: int = MOST,
    lang: Language | None = None,
) -> Axes:
    """Draw how far each promise has come, beside where it should be: a bullet chart.

    The bar is the part of the way done (of a limit, hatched: the room used), the upright line
    where the schedule stands, 100 % the target. The worst verdicts stand first; beside each bar
    stand the verdict, the figure and the target. What cannot be judged is counted below.

    Parameters
    ----------
    assessment : Dataset or Plan
        Of :func:`corridor_model.assess`, of one rule; a plan is assessed first.
    ax : Axes, optional
        Where to draw, as many rows as fit; a figure of its own by default.
    indicators : sequence of str, optional
        Promises to draw, in their order; by default all that are judged.
    top : int, default 40
        Rows at most.
    lang : {"zh", "en"}, optional
        Language; the one of :class:`corridor_model.set_options` by default.

    Returns
    -------
    Axes
        Where it is drawn.

    Raises
    ------
    CorridorError
        If it is no result of ``assess``, or a promise is unknown.

    See Also
    --------
    corridor_model.plot.assessment.progress_rows : the rows behind it.

    References
    ----------
    Few, S. (2006). Information Dashboard Design. O'Reilly: bullet graphs.

    Examples
    --------
    >>> import corridor_model as cm
    >>> verdicts = cm.assess(cm.load_plan(example=True), cm.example_observations())
    >>> ax = cm.plot.progress(verdicts, indicators=["gdp", "rd_to_gdp"], lang="en")
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['Gross domestic product', 'R&D expenditure relative to GDP']
    """
    must_be_count(top)
    if isinstance(assessment, Plan):
        assessment = assess(assessment)
    with drawing(ax, lang, (9.0, 1.0)) as (axes, t):
        rows = progress_rows(assessment, indicators, t.lang)
        judged = [row for row in rows if row.status != NOT_ASSESSABLE]
        # a few that cannot be judged are drawn with their reason; many are counted
        wanted = rows if indicators is not None or len(rows) <= min(top, 12) else judged
        wanted = (wanted or rows)[:top]
        names = [short(row.name, NAME_PLACES) for row in wanted]
        lines = max((name.count("\n") + 1 for name in names), default=1)
        if ax is None:
            figure_height(axes, _row_height(len(wanted), lines))
        wanted = wanted[: rows_in(axes, len(wanted), SMALL, lines)]
        row_labels(axes, names[: len(wanted)])
        for place, row in enumerate(wanted):
            _draw_bullet(axes, place, row)
        _finish_bullets(axes, wanted, rows, t)
        settle(axes)
        lay_out(axes)
        _words_beside(axes, [row.words for row in wanted])
    return axes


def must_be_count(top: object) -> None:
    """Refuse a number of rows that is none."""
    if isinstance(top, bool) or not isinstance(top, int | np.integer) or top < 1:
        raise CorridorError(N_("top must be at least 1; got {top!r}."), top=top)


def _row_height(rows: int, lines: int) -> float:
    """Return the height of a figure in inches for rows of so many lines."""
    return 1.5 + ROW * (1 + 0.42 * (lines - 1)) * max(rows, 2) * 1.08


def _draw_bullet(axes: Axes, place: int, row: Progress) -> None:
    """Draw one row: the bar, an arrow where it goes on, and the schedule."""
    axes.barh(place, 1.0, height=0.66, color="#f1f4f6", zorder=0.5)
    if math.isfinite(row.share):
        end = min(max(row.share, -0.1), FAR)
        axes.barh(
            place, end, height=0.4, color=STATUS_COLOURS[row.status], zorder=2,
            hatch="////" if row.is_limit else None, edgecolor="white" if row.is_limit else "none",
        )  # fmt: skip
        if not -0.1 <= row.share <= FAR:
            axes.plot(
                [end], [place], marker=">" if row.share > 0 else "<", color=INK, ms=5, zorder=4
            )
    else:  # compared, not divided: a mark of the verdict's colour
        axes.plot(
            [0.0], [place], marker="o", ms=6, color=STATUS_COLOURS[row.status], mec=INK, mew=0.6,
            zorder=3, clip_on=False,
        )  # fmt: skip
    if math.isfinite(row.schedule):
        axes.plot(
            [row.schedule] * 2, [place - 0.36, place + 0.36], color=INK, lw=2.0, zorder=3,
            solid_capstyle="butt",
        )  # fmt: skip


def _finish_bullets(
    axes: Axes, wanted: Sequence[Progress], rows: Sequence[Progress], t: Translator
) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    quiet(axes)
    axes.axvline(1.0, color=INK, lw=0.9, zorder=1.5)
    axes.set_ylim(max(len(wanted), 2) - 0.4, -0.6)
    ticks = (0.0, 0.25, 0.5, 0.75, 1.0)
    axes.set_xticks(ticks, [percents(tick, t, 0) for tick in ticks])
    low = min((row.share for row in wanted if math.isfinite(row.share)), default=0.0)
    high = max((row.share for row in wanted if math.isfinite(row.share)), default=1.0)
    axes.set_xlim(-0.12 if low < 0 else -0.02, min(max(high, 1.0), FAR) + 0.04)
    handles = [Line2D([], [], color=INK, lw=2.0, marker="|", ls="none", ms=9, mew=2,
                      label=t("where the schedule stands"))]  # fmt: skip
    bar = {"facecolor": QUIET, "edgecolor": "white"}
    if any(math.isfinite(row.share) and not row.is_limit for row in wanted):
        handles.insert(0, Patch(**bar, label=t("part of the way done")))  # type: ignore[arg-type]
    if any(row.is_limit for row in wanted):
        label = t("part of a limit used")
        handles.append(Patch(**bar, hatch="////", label=label))  # type: ignore[arg-type]
    if any(not math.isfinite(row.share) for row in wanted):
        dot = Line2D([], [], color=QUIET, marker="o", ls="none", ms=6, label=t("compared only"))
        handles.append(dot)
    legend_above(axes, handles)
    present = {row.id for row in wanted}
    left = [row for row in rows if row.id not in present]
    counts = [
        (status, sum(row.status == status for row in left))
        for status in STATUSES
        if any(row.status == status for row in left)
    ]
    if counts:
        parts = t.listing(
            t("{status} {n}", status=status_word(status, t.lang), n=n) for status, n in counts
        )
        note = t.plural("{n} row not drawn: {parts}", "{n} rows not drawn: {parts}",
                        len(left), parts=parts)  # fmt: skip
        axes.set_xlabel(note, fontsize=SMALL, color=QUIET, loc="left")
    else:
        axes.set_xlabel("")


def _words_beside(axes: Axes, words: Sequence[str]) -> None:
    """Write a text beside each row, right of all bars, on room made for it."""
    width, _ = inches(axes)
    left, right = axes.get_xlim()
    widest = max((text_inches(axes, text, SMALL) for text in words), default=0.0)
    share = min((widest + 0.2) / width, 0.6)
    axes.set_xlim(left, left + (right - left) / (1 - share))
    for place, text in enumerate(words):
        axes.text(right, place, text, va="center", ha="left", fontsize=SMALL, color=INK)


class Unit(NamedTuple):
    """One row of :func:`league`: a unit, its score, its items, and whether it is ranked."""

    name: str
    score: float
    items: int
    assessed: int
    behind: int
    rank: int
    note: str


NOTES = {
    "too_few_items": N_("too few items to rank"),
    "left_out": N_("not ranked"),
}


def league_rows(frame: pd.DataFrame) -> list[Unit]:
    """Return what :func:`league` draws: the ranked units, then those that are not."""
    columns = {"score", "items", "assessed", "behind", "rank", "note"}
    if not columns <= set(getattr(frame, "columns", ())):
        raise CorridorError(N_("league needs the table of corridor_model.assessment.league."))
    return [
        Unit(
            str(name), float(row.score), int(row["items"]), int(row.assessed), int(row.behind),
            int(row["rank"]), str(row.note),
        )
        for name, row in frame.iterrows()
    ]  # fmt: skip


def league(
    frame: pd.DataFrame, ax: Axes | None = None, *, top: int = MOST, lang: Language | None = None
) -> Axes:
    """Draw responsible units ranked by the share of their items that are not late.

    Parameters
    ----------
    frame : DataFrame
        Of :func:`corridor_model.assessment.league`.
    ax : Axes, optional
        Where to draw, as many rows as fit; a figure of its own by default.
    top : int, default 40
        Units at most; how many are left out stands below.
    lang : {"zh", "en"}, optional
        Language; the one of :class:`corridor_model.set_options` by default.

    Returns
    -------
    Axes
        Where it is drawn: ranked units in blue, those with too few items in grey.

    Raises
    ------
    CorridorError
        If it is no such table.

    Examples
    --------
    >>> import corridor_model as cm
    >>> plan = cm.load_plan(example=True)
    >>> verdicts = cm.assess(plan, cm.example_observations())
    >>> ax = cm.plot.league(cm.assessment.league(plan, verdicts), top=10, lang="en")
    >>> len(ax.get_yticklabels())
    10
    """
    must_be_count(top)
    units = league_rows(frame)
    with drawing(ax, lang, (8.0, 1.0)) as (axes, t):
        wanted = units[:top]
        names = [short(unit.name, NAME_PLACES) for unit in wanted]
        lines = max((name.count("\n") + 1 for name in names), default=1)
        if ax is None:
            figure_height(axes, _row_height(len(wanted), lines))
        wanted = wanted[: rows_in(axes, len(wanted), SMALL, lines)]
        row_labels(axes, [
            f"{unit.rank}  {name}" if unit.rank else name
            for unit, name in zip(wanted, names, strict=False)
        ])  # fmt: skip
        for place, unit in enumerate(wanted):
            axes.barh(place, 1.0, height=0.66, color="#f1f4f6", zorder=0.5)
            if math.isfinite(unit.score):
                axes.barh(
                    place, unit.score, height=0.5, color=PALE if unit.note else BLUE, zorder=2
                )
        quiet(axes)
        axes.set_ylim(max(len(wanted), 2) - 0.4, -0.6)
        ticks = (0.0, 0.25, 0.5, 0.75, 1.0)
        axes.set_xticks(ticks, [percents(tick, t, 0) for tick in ticks])
        axes.set_xlim(0, 1.03)
        label = t("items neither behind nor missed, of those assessed")
        left = len(units) - len(wanted)
        if left:
            label = t.plural(
                "{label}; {n} more unit not drawn",
                "{label}; {n} more units not drawn",
                left,
                label=label,
            )
        axes.set_xlabel(label, fontsize=SMALL, color=QUIET, loc="left")
        settle(axes)
        lay_out(axes)
        _words_beside(axes, [_unit_words(unit, t) for unit in wanted])
    return axes


def _unit_words(unit: Unit, t: Translator) -> str:
    if not unit.assessed:
        return t("nothing assessed of {items}", items=unit.items)
    counts = t("{kept} of {assessed}", kept=unit.assessed - unit.behind, assessed=unit.assessed)
    words = f"{rounded(unit.score, 0, shift=2)} % ({counts})"
    return t("{words}, {note}", words=words, note=t(NOTES[unit.note])) if unit.note else words
