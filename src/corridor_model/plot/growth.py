"""Growth rates against a target: what each reaches, and what would just do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from corridor_model import growth
from corridor_model._typing import Array, Integers
from corridor_model.codes import ORIGIN_WORDS
from corridor_model.errors import CorridorError
from corridor_model.formatting import percent, plain, rounded, share_label
from corridor_model.messages import N_, Name, Translator, Worded, translator
from corridor_model.options import Language, language
from corridor_model.plan.display import EXAMPLE, goal_text
from corridor_model.plan.growth_paths import growth_paths
from corridor_model.plan.plan import Plan
from corridor_model.plan.requirements import requirement
from corridor_model.plot.style import (
    INK,
    SMALL,
    TARGET,
    TARGET_INK,
    drawing,
    inches,
    lay_out,
    legend_below,
    page,
    panel_title,
    paper,
    place_of,
    places_across,
    plain_axes,
    save_figure,
    settle,
    short_number,
    side_labels,
)
from corridor_model.text.layout import shortened, wrap

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from corridor_model.plan.promises import Promise

RATES = (0.10, 0.12, 0.15, 0.20)
RATE_COLOURS = ("#6fa3c4", "#4f8db5", "#2f77a6", "#175f8f", "#0b4a75", "#063552")
"""Of slow growth and fast growth: one hue, darker for each rate that follows."""
PANELS = 5
"""Indicators drawn one by one; with the panel of growth targets they fill two rows of three."""
DASHES: tuple[Any, ...] = ("-", (0, (1, 1)), (0, (4, 1)), (0, (4, 1, 1, 1)))
"""Of lines that lie on one another."""
COMPOUNDING = frozenset({"level", "share", "ratio", "rank"})
"""Measures whose own value grows at the rate, so that a start can be worked out from it."""


class RateLine(NamedTuple):
    """One rate: its values, shape (Y,), NaN where there are none, and the label of its end."""

    rate: float
    values: Array
    label: str


@dataclass(frozen=True, slots=True)
class PathLines:
    """What :func:`paths` draws of one promise, Y years.

    Attributes
    ----------
    name, unit : Worded, str
        Of the promise, and of its path (a growth target is an index).
    years : ndarray, shape (Y,)
        Calendar years.
    lines : tuple of RateLine
        In the order of the rates.
    required : ndarray, shape (Y,)
        The path that just meets the target; NaN where there is none.
    rate : float or None
        Its yearly rate, with sign.
    start : tuple of (year, value) or None
        Where all paths begin; None where the baseline is unknown: the lines then run back from
        the target to the start that each rate would need (S6).
    origin : str
        Of the start.
    goal : float
        The target in the unit of the path, due in the last year.
    goal_words : Worded
        The target as it is promised.
    """

    name: Worded
    unit: str
    years: Integers
    lines: tuple[RateLine, ...]
    required: Array
    rate: float | None
    start: tuple[int, float] | None
    origin: str
    goal: float
    goal_words: Worded

    @property
    def runs_back(self) -> bool:
        """Whether the start is unknown, and the lines lead from the target back to it."""
        return self.start is None and not np.isfinite(self.required).any()

    @property
    def meet(self) -> bool:
        """Whether all lines end in the target, as those of a count do."""
        ends = np.array([line.values[-1] for line in self.lines])
        finite = bool(len(ends) > 1 and np.isfinite(ends).all())
        return finite and bool(np.ptp(ends) <= 1e-9 * abs(self.goal))


def path_lines(
    x: Plan | xr.Dataset,
    indicator: str | None = None,
    rates: Sequence[float] = RATES,
    *,
    promise: Promise | None = None,
) -> PathLines:
    """Return what :func:`paths` draws: every line with its label, and the target.

    Parameters
    ----------
    x : Plan or Dataset
        A plan, or a result of :func:`corridor_model.growth_paths`.
    indicator : str, optional
        A promise; by default the first with a known start.
    rates : sequence of float
        Yearly fractions; of a result its own.
    promise : Promise, optional
        Of a result the plan's own record, whose deadline, names and origin are taken.

    Raises
    ------
    CorridorError
        For an unknown promise, or one that no rate leads to.

    Examples
    --------
    >>> import corridor_model as cm
    >>> lines = path_lines(cm.load_plan(), "gdp", [0.10])
    >>> lines.start, lines.goal, [line.label for line in lines.lines]
    ((2018, 451.84), 580.0, ['10 %'])
    """
    plan = x if isinstance(x, Plan) else None
    ds = growth_paths(x, rates) if isinstance(x, Plan) else x
    if getattr(ds, "attrs", {}).get("base_year") is None or "required_path" not in ds:
        raise CorridorError(N_("paths needs a plan, or a result of growth_paths."))
    ids = [str(name) for name in ds["indicator"].values]
    place = _first(ds) if indicator is None else place_of(ids, indicator)
    if place is None:
        raise CorridorError(N_("No promise of the plan has a path: there is nothing to draw."))
    if plan is not None:
        promise = plan.targets[ids[place]]
    return _lines_of(ds.isel(indicator=place), promise)


def _lines_of(at: xr.Dataset, promise: Promise | None) -> PathLines:
    kind, goal = str(at["kind"].values), float(at["target"])
    value, required = at["value"].values, at["required_path"].values
    known = np.isfinite(required) | np.isfinite(value).any(axis=0)
    back = not known.any() and kind in COMPOUNDING and np.isfinite(goal)
    fractions = [float(rate) for rate in at["rate"].values]
    sign = int(at["direction"])
    years = at["year"].values.astype(int)
    if back:
        last = _deadline(promise) or int(years[-1])
        years = np.arange(int(at.attrs["base_year"]), last + 1)
        steps = years - years[0]
        starts = at["required_baseline"].values
        value = np.array(
            [
                growth.compound(start, sign * rate, steps)
                if np.isfinite(start)
                else np.full(len(years), np.nan)
                for start, rate in zip(starts, fractions, strict=True)
            ]
        )
        required = np.full(len(years), np.nan)
    elif not known.any():
        raise CorridorError(
            N_("{id} has no path: there is nothing to draw."), id=str(at["indicator"].values)
        )
    else:
        span = slice(int(np.flatnonzero(known)[0]), int(np.flatnonzero(known)[-1]) + 1)
        years, value, required = years[span], value[:, span], required[span]
    labels = [f"{'−' if sign < 0 else ''}{share_label(rate)} %" for rate in fractions]
    first = value[:, 0]
    start = None
    if not back and kind in COMPOUNDING and np.isfinite(first).any():
        start = (int(years[0]), float(first[np.isfinite(first)][0]))
    baseline = None if promise is None else promise.baseline
    return PathLines(
        name=_name(at, promise),
        unit=str(at["unit"].values),
        years=years,
        lines=tuple(map(RateLine, fractions, value, labels)),
        required=required,
        rate=_rate(required) if kind in COMPOUNDING or kind == "growth" else None,
        start=start,
        origin=str(at["origin"].values) if baseline is None else baseline.origin,
        goal=goal,
        goal_words=_goal(at, promise),
    )


def _first(ds: xr.Dataset) -> int | None:
    """Return the first promise with a path worth a picture: a known start before all."""
    compounds = np.isin(ds["kind"].values, sorted(COMPOUNDING))
    path = np.isfinite(ds["required_path"].values).any(axis=1)
    back = np.isfinite(ds["required_baseline"].values).any(axis=1)
    for fits in (compounds & path, path, compounds & back):
        if fits.any():
            return int(np.flatnonzero(fits)[0])
    return None


def _deadline(promise: Promise | None) -> int | None:
    needed = None if promise is None else requirement(promise)
    # a promise without a date has no deadline
    return None if needed is None else needed.target_year


def _name(at: xr.Dataset, promise: Promise | None) -> Worded:
    if promise is not None:
        return Name(promise.name("zh"), promise.name("en"))
    return Name(
        *(str(at.coords.get(f"name_{lang}", at["indicator"]).values) for lang in ("zh", "en"))
    )


def _goal(at: xr.Dataset, promise: Promise | None) -> Worded:
    if promise is None:
        number = f"{short_number(float(at['target']))} {at['unit'].values}".rstrip()
        return Name(number, number)
    return Name(goal_text(promise, "zh"), goal_text(promise, "en"))


def _rate(required: Array) -> float | None:
    """Return the yearly rate of a path, from its first year to its last."""
    known = np.flatnonzero(np.isfinite(required))
    if len(known) < 2 or required[known[0]] <= 0 or required[known[-1]] <= 0:
        return None
    steps = int(known[-1] - known[0])
    return float((required[known[-1]] / required[known[0]]) ** (1 / steps) - 1)


def paths(
    x: Plan | xr.Dataset,
    indicator: str | None = None,
    ax: Axes | None = None,
    *,
    rates: Sequence[float] = RATES,
    lang: Language | None = None,
) -> Axes:
    """Draw what growth rates reach against a target.

    Thin lines grow at the rates, the dashed one just meets the target, the diamond is the
    target. Where the baseline is unknown, the lines run back from the target to the start that
    each rate would need.

    Parameters
    ----------
    x : Plan or Dataset
        A plan, or a result of :func:`corridor_model.growth_paths`.
    indicator : str, optional
        A promise; by default the first with a known start.
    ax : Axes, optional
        Where to draw; a figure of its own by default.
    rates : sequence of float, default (0.10, 0.12, 0.15, 0.20)
        Yearly fractions; of a result its own.
    lang : {"zh", "en"}, optional
        Language; the one of :class:`corridor_model.set_options` by default.

    Returns
    -------
    Axes
        Where it is drawn.

    Raises
    ------
    CorridorError
        For an unknown promise, or one that no rate leads to.

    See Also
    --------
    corridor_model.plot.growth.path_lines : the arrays and labels behind it.

    Examples
    --------
    >>> import corridor_model as cm
    >>> ax = cm.plot.paths(cm.load_plan(), "gdp", lang="en")
    >>> ax.get_title("left")
    'Gross domestic product: must grow 6.44 % a year'
    >>> [text.get_text() for text in ax.texts][-1]
    '451.84 (2018, published)'
    """
    lines = path_lines(x, indicator, rates)
    with drawing(ax, lang, (6.4, 4.0)) as (axes, t):
        _draw_lines(axes, lines, t)
        settle(axes)
        lay_out(axes)
        _draw_labels(axes, lines, t)
    return axes


def _draw_lines(axes: Axes, lines: PathLines, t: Translator) -> None:
    """Draw everything but the labels, which need the final room."""
    years, last = lines.years, int(lines.years[-1])
    apart = lines.meet and not lines.runs_back
    for i, (colour, line) in enumerate(zip(_colours(lines.lines), lines.lines, strict=True)):
        # lines that nearly coincide: the first year tells them apart, in the legend
        label: str | None = None
        style: Any = "-"
        if apart:
            label = t("{rate}: {number} in the first year", rate=line.label,
                      number=short_number(line.values[1] - line.values[0]))  # fmt: skip
            style = DASHES[i % len(DASHES)]
        axes.plot(years, line.values, color=colour, lw=1.4, ls=style, label=label)
    axes.plot(years, lines.required, color=INK, lw=2.2, ls=(0, (5, 2)), zorder=4)
    axes.plot([years[0], last], [lines.goal] * 2, color=TARGET, lw=0.9, alpha=0.7, zorder=1.8)
    if lines.start is not None:
        axes.plot(*lines.start, "o", color=INK, ms=6, zorder=5)
    axes.plot(last, lines.goal, "D", color=TARGET, ms=7, zorder=6)
    axes.margins(y=0.16)  # room for the label of the start
    size = float(_title_size(axes))
    panel_title(axes, "\n".join(wrap(_title(lines, t), places_across(axes, size))), size)
    axes.set_xticks(years if len(years) <= 9 else years[:: -(-len(years) // 8)])
    axes.xaxis.set_major_formatter("{x:.0f}")
    axes.set_xlim(years[0] - 0.04 * max(last - years[0], 1), last)
    _unit(axes, lines.unit)
    plain_axes(axes)
    if apart:
        legend_below(axes, ncols=2)


def _title_size(axes: Axes) -> float:
    """Return the size of a panel's title: smaller on axes that are one of many."""
    return 11 if places_across(axes, 11) > 30 else 9


def _title(lines: PathLines, t: Translator) -> str:
    if lines.runs_back:
        return t("{name}: the start each rate would need", name=lines.name)
    if lines.rate is None:
        return t.of(lines.name)
    needs = percent(abs(lines.rate))
    if lines.rate < 0:
        return t("{name}: must fall {rate} a year", name=lines.name, rate=needs)
    return t("{name}: must grow {rate} a year", name=lines.name, rate=needs)


def _draw_labels(axes: Axes, lines: PathLines, t: Translator) -> None:
    """Label the ends in one column, and the start where no line passes."""
    goal = (lines.goal, t.of(lines.goal_words), TARGET_INK)
    right, left = [goal], []
    if lines.runs_back:
        left = [
            (line.values[0], f"{line.label}: {short_number(line.values[0])}", INK)
            for line in lines.lines
            if np.isfinite(line.values[0])
        ]
    elif not lines.meet:
        right += [
            (line.values[-1], line.label, INK)
            for line in lines.lines
            if np.isfinite(line.values[-1])
        ]
    side_labels(axes, (float(lines.years[0]), float(lines.years[-1])), right, left)
    for line in lines.lines:
        known = np.flatnonzero(np.isfinite(line.values))
        if len(known) and known[-1] < len(lines.years) - 1:  # it leaves what a share can be
            end = (float(lines.years[known[-1]]), float(line.values[known[-1]]))
            axes.annotate(
                line.label, end, xytext=(0, 4), textcoords="offset points", ha="center",
                va="bottom", fontsize=SMALL, color=INK,
            )  # fmt: skip
    if lines.start is not None:
        year, value = lines.start
        ends = [line.values[-1] for line in lines.lines if np.isfinite(line.values[-1])]
        ends += [v for v in lines.required[-1:] if np.isfinite(v)]
        falls = bool(ends) and float(np.mean(ends)) < value
        axes.annotate(
            f"{plain(value)} ({year}, {t.of(ORIGIN_WORDS[lines.origin])})",
            (year, value), xytext=(2, 9 if falls else -9), textcoords="offset points",
            va="bottom" if falls else "top", fontsize=SMALL, color=INK, bbox=paper(axes),
        )  # fmt: skip


def _unit(axes: Axes, unit: str) -> None:
    axes.set_ylabel(unit, rotation=0, ha="right", va="bottom", y=1.0, fontsize=SMALL, color=INK)


def _colours(rates: Sequence[Any]) -> list[str]:
    """Return a colour a rate, darker for each one that follows."""
    return [RATE_COLOURS[min(i, len(RATE_COLOURS) - 1)] for i in range(len(rates))]


# The figure of a plan: a panel an indicator, and one for all growth targets.


def paths_figure(
    plan: Plan,
    file: str | Path,
    *,
    rates: Sequence[float] = RATES,
    lang: Language | None = None,
    installed_fonts: bool = True,
) -> Path:
    """Draw what given growth rates reach against the targets, and save the figure.

    Parameters
    ----------
    plan : Plan
        The plan.
    file : str or path
        Ending in png, svg or pdf.
    rates : sequence of float
        Yearly fractions.
    lang : {"zh", "en"}, optional
        Language of all labels; the one of :class:`corridor_model.set_options` by default.
    installed_fonts : bool, default True
        Whether fonts of the machine may be used; the shipped one always is at hand.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    CorridorError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import corridor_model as cm
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     cm.plot.paths_figure(cm.load_plan(), Path(folder) / "paths.svg").stat().st_size > 1000
    True
    """
    lang = language(lang)
    return save_figure(
        lambda: draw_paths(plan, rates, lang), file, lang, installed_fonts=installed_fonts
    )


def draw_paths(plan: Plan, rates: Sequence[float], lang: str) -> Figure:
    """Return the figure; call it inside :func:`corridor_model.plot.style.style_context`."""
    t = translator(lang)
    names = _with_path(plan)[:PANELS]
    # a rate that follows another indicator's has no number of its own to draw
    growing = [i for i in plan.targets.values() if i.kind == "growth" and i.value is not None]
    count = len(names) + bool(growing)
    columns = min(2, max(count, 1))
    rows = -(-max(count, 1) // columns)
    figure = page(6.4 * columns, 4.0 * rows + 0.8)
    panels = np.atleast_1d(np.asarray(figure.subplots(rows, columns))).ravel()
    ds = growth_paths(plan, rates)
    every = [_lines_of(ds.sel(indicator=name), plan.targets[name]) for name in names]
    for axes, lines in zip(panels, every, strict=False):
        _draw_lines(axes, lines, t)
    index = _draw_growth(panels[len(names)], plan, growing, rates, t) if growing else []
    for axes in panels[count:]:
        axes.set_axis_off()
    if not count:
        panels[0].text(
            0.5, 0.5, t("No promise of the plan has a path: there is nothing to draw."),
            ha="center", va="center", fontsize=11, color=INK, transform=panels[0].transAxes,
        )  # fmt: skip
    title = t("How fast is fast enough: growth paths against targets")
    note = t(EXAMPLE) if plan.example else ""
    key = t("Thin: given yearly rates. Dashed: just enough. Red diamond: the target.")
    figure.suptitle(f"{title}  [{note}]" if note else title, fontsize=15, color=INK)
    figure.supxlabel(key, fontsize=10, color=INK)
    settle(figure)
    figure.draw_without_rendering()  # labels are placed by the room there is
    for axes, lines in zip(panels, every, strict=False):
        _draw_labels(axes, lines, t)
    if index:
        ends = (float(plan.about.base_year), float(plan.about.last_year))
        side_labels(panels[len(names)], ends, index)
    return figure


def _with_path(plan: Plan) -> list[str]:
    """Return promises with a known start and a compounding path."""
    return [
        name
        for name, promise in plan.targets.items()
        if promise.kind in COMPOUNDING and requirement(promise).required_rate is not None
    ]


MOST_NAMES = 7
"""Growth targets listed by name; of more only the first of each rate is named."""


def _listed(goals: dict[float, list[str]], t: Translator) -> list[str]:
    """Return growth targets as lines, slowest first; of very many the first of each rate."""
    names = sorted(goals.items())
    if sum(map(len, goals.values())) <= MOST_NAMES:
        return [f"{plain(value)} %  {name}" for value, those in names for name in those]
    lines = []
    for value, those in names[:MOST_NAMES]:
        line = f"{plain(value)} %  {shortened(those[0], 44)}"
        more = len(those) - 1
        lines.append(t("{name} and {n} more", name=line, n=more) if more else line)
    left = sum(len(those) for _, those in names[MOST_NAMES:])
    return [*lines, t("… and {n} more", n=left)] if left else lines


def _draw_growth(
    axes: Axes, plan: Plan, growing: Sequence[Promise], rates: Sequence[float], t: Translator
) -> list[tuple[float, str, str]]:
    """Draw growth targets as the index each implies, beside the index paths of the rates."""
    base, last = plan.about.base_year, plan.about.last_year
    years = np.arange(base, last + 1)
    ends = []
    for colour, rate in zip(_colours(rates), rates, strict=True):
        path = growth.compound(100.0, rate, years - base)
        axes.plot(years, path, color=colour, lw=1.4)
        last_index = float(path[-1])
        ends.append((last_index, f"{share_label(rate)} % → {rounded(last_index, 1)}", INK))
    goals: dict[float, list[str]] = {}
    for promise in growing:
        assert promise.value is not None
        goals.setdefault(promise.value, []).append(promise.name(t.lang))
    for value in goals:
        index = float(growth.compound(100.0, value / 100, last - base))
        axes.plot(last, index, "D", color=TARGET, ms=7, zorder=6)
    listed = _listed(goals, t)
    bottom, top = axes.get_ylim()
    # room for the list above all lines: it must cover none of them
    share = min((1.5 * 9 * len(listed) + 14) / 72 / (0.9 * inches(axes)[1]), 0.7)
    axes.set_ylim(bottom, bottom + (top - bottom) / (1 - share))
    axes.text(
        0.02, 0.97, "\n".join(listed), transform=axes.transAxes, va="top", fontsize=9,
        color=TARGET_INK, linespacing=1.5, zorder=3,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 2},
    )  # fmt: skip
    panel_title(axes, t("Growth targets as an index, {base} = 100 (assumed base)", base=base), 11)
    axes.set_xticks(years)
    axes.set_xlim(base - 0.12, last)
    _unit(axes, f"{base}=100")
    plain_axes(axes)
    return ends
