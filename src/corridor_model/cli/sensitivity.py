"""``corridor sensitivity``: what decides a result, where it tips, which change did it."""

from __future__ import annotations

import warnings
from argparse import Namespace
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from corridor_model.cli import output
from corridor_model.cli.simulate import scenario_named
from corridor_model.errors import ConvergenceWarning, PlanError, Problem
from corridor_model.formatting import rounded, share_label
from corridor_model.messages import N_, Listing, Message, Translator, message, translator
from corridor_model.rows import Row, to_rows
from corridor_model.sensitivity import attribute, switching_values
from corridor_model.sensitivity.evaluator import Reader
from corridor_model.sensitivity.inputs import SensitivityError
from corridor_model.sensitivity.parameters import Default, default_inputs, parameter, range_of
from corridor_model.sensitivity.sobol import sobol
from corridor_model.sensitivity.sobol_indices import UNTOLD
from corridor_model.sensitivity.tornado import LEVELS, growth_range, tornado
from corridor_model.sensitivity.two_way import two_way
from corridor_model.text.numbers import percents, share_text
from corridor_model.text.sensitivity import (
    NARRATORS,
    at_once,
    caused,
    changes,
    movers,
    ranked,
    within,
)
from corridor_model.text.studies import (
    ENDS,
    InputWords,
    axis_words,
    input_words,
    outcome_words,
    study_of,
)

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.observations.model import Observations
    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.scenario import Scenario


OUTPUT = "inside_plan"
"""What is asked for where nothing is said and one output is needed."""
GRID = 17
"""Points of each axis where nothing is said: a few seconds for most outputs."""


def run(options: Namespace) -> None:
    """Study, draw, and print in the form asked for."""
    check_options(options)
    plan = output.plan_of(options)
    with warnings.catch_warnings():  # the filters are this command's, see `warnings_shown`
        if options.format == "table":  # whose notes say whether it has converged
            warnings.simplefilter("ignore", ConvergenceWarning)
        ds = study(plan, options)
    if options.figure:
        from corridor_model.plot.sensitivity import sensitivity_figure

        sensitivity_figure(ds, options.figure, lang=options.lang, top=options.top)
    if options.format != "table":
        output.records(records(ds), options.format)
        return
    show(ds, options.lang, options.top, named=options.input is not None)


def study(plan: Plan, options: Namespace) -> xr.Dataset:
    """Return the study that the options ask for."""
    scenario = scenario_named(options.scenario) if options.scenario else None
    observations = output.figures_of(options, plan)
    ranges = ranges_for(options, plan, scenario, observations)
    common: dict[str, Any] = {"observations": observations, "seed": options.seed}
    common |= {"as_of": options.as_of, "known_by": options.known_by}
    if options.method == "attribute":
        assert scenario is not None  # check_options refuses an attribution without one
        return attribute(plan, scenario, options.output, **common)
    common["scenario"] = scenario
    one = (options.output or [OUTPUT])[0]
    limit = {"threshold": options.threshold, "sense": options.sense}
    points = {} if options.points is None else {"points": options.points}
    if options.method == "tornado":
        return tornado(plan, one, ranges, **common)
    if options.method == "switching":
        return switching_values(plan, one, ranges, **limit, **points, **common)
    if options.method == "grid":
        size = GRID if options.points is None else options.points
        x, y = ranges
        # there is nothing between yes and no
        across, up = (2 if name.startswith("cancel:") else size for name, _, _ in ranges)
        return two_way(plan, one, x, y, points=(across, up), **limit, **common)
    # pairs are not shown here, and cost as much again
    points = {} if options.points is None else {"n": options.points}
    return sobol(plan, options.output, ranges, second_order=False, **points, **common)


# The options of ``corridor sensitivity``: inputs with ranges, and which option fits which method.

Range = tuple[float, float]
FITS = {
    "threshold": ("switching", "grid"),
    "sense": ("switching", "grid"),
    "points": ("switching", "sobol", "grid"),
    "input": ("tornado", "switching", "sobol", "grid"),
}
"""Options that only some methods understand."""
MANY = ("sobol", "attribute")
"""Methods that take more than one output."""


def check_options(options: Namespace) -> None:
    """Refuse options that the method would pass over in silence.

    Raises
    ------
    PlanError
        With all of them.
    """
    method, wrong = options.method, {}
    for name, methods in FITS.items():
        if getattr(options, name) is not None and method not in methods:
            elsewhere = N_("{method} does not use it; it belongs to {methods}.")
            wrong[name] = Message(elsewhere, {"method": method, "methods": Listing(methods)})
    if method not in MANY and len(options.output or ()) > 1:
        wrong["output"] = message("{method} looks at one output at a time.", method=method)
    if options.top < 1:
        wrong["top"] = message("shows at least 1 row.")
    if method == "attribute" and options.scenario is None:
        wrong["scenario"] = message("an attribution needs a scenario, such as --scenario slow.")
    if wrong:
        raise PlanError([Problem(what, file=f"--{name}") for name, what in wrong.items()])


def parsed(texts: Sequence[str] | None) -> dict[str, Range | None] | None:
    """Return inputs by name with their range, or None where only the name was given.

    Raises
    ------
    PlanError
        With everything that cannot be read.

    Examples
    --------
    >>> parsed(["delay:binhai_avenue=-6..12", "growth:gdp=5%..12%", "overrun:road"])
    {'delay:binhai_avenue': (-6.0, 12.0), 'growth:gdp': (0.05, 0.12), 'overrun:road': None}
    """
    if texts is None:
        return None
    ranges: dict[str, Range | None] = {}
    problems = []
    for text in texts:
        name, mark, ends = text.replace("＝", "=").partition("=")
        span = _range(ends) if mark else None
        if (mark and span is None) or not name.strip() or name.strip() in ranges:
            what = message(
                "{text!r} should read NAME=LOW..HIGH, such as delay:binhai_avenue=0..12, "
                "each name once.",
                text=text,
            )
            problems.append(Problem(what, file="--input"))
            continue
        ranges[name.strip()] = span
    if problems:
        raise PlanError(problems)
    return ranges


def _range(text: str) -> Range | None:
    low, mark, high = text.replace("％", "%").partition("..")
    try:
        ends = _number(low), _number(high)
    except ValueError:
        return None
    return ends if mark else None


def _number(text: str) -> float:
    """Return a number; percent becomes a fraction."""
    text = text.strip()
    return float(text.removesuffix("%")) / 100 if text.endswith("%") else float(text)


def ranges_for(
    options: Namespace, plan: Plan, scenario: Scenario | None, observations: Observations | None
) -> Any:
    """Return the inputs as the method takes them; a name alone has its usual range.

    Raises
    ------
    SensitivityError
        If a name has no usual range, or a grid is not given two inputs.
    """
    ranges = parsed(options.input)
    if options.method == "grid":
        ranges = ranges or {}
        if len(ranges) != 2:
            raise SensitivityError(N_("A grid needs two inputs: --input NAME=LOW..HIGH twice."))
    if ranges is None or options.method == "switching":
        return ranges
    dates = {"as_of": options.as_of, "known_by": options.known_by}
    reader = Reader(plan, scenario, observations, options.seed, **dates)
    if options.method == "grid":
        return [(name, *(span or _searched(reader, name))) for name, span in ranges.items()]
    usual = default_inputs(plan, reader.resolved)
    return {
        name: span if span is not None else _usual(options.method, reader, usual, name)
        for name, span in ranges.items()
    }


def _searched(reader: Reader, name: str) -> Range:
    one = parameter(reader.plan, name)
    return range_of(one, one.base(reader.plan, reader.resolved))


def _usual(method: str, reader: Reader, usual: dict[str, Default], name: str) -> Any:
    """Return the distribution that the library itself would use, with its origin."""
    one = parameter(reader.plan, name)
    if name in usual:
        return usual[name]
    if method == "tornado" and one.field == "growth":
        implied = growth_range(reader, one.indicator, LEVELS)
        if implied:
            from corridor_model.distributions import Uniform

            low, high, origin = implied[name]
            # so wide that the quantiles which are read are these two
            spare = (high - low) * LEVELS[0] / (LEVELS[1] - LEVELS[0])
            return Default(Uniform(low - spare, high + spare), origin)
    if method == "tornado" and one.base(reader.plan, reader.resolved):
        return 0.1
    if one.field == "forecast":
        outlook = reader.outlook(reader.resolved, one.indicator)
        from corridor_model.distributions import Uniform

        return Default(Uniform(0.0, 1.0), outlook.origin)
    raise SensitivityError(
        N_("{name} has no usual range. Give one: --input {name}=LOW..HIGH."), name=name
    )


# Rows of ``corridor sensitivity`` for programs; a mask is null with its reason beside it (S7).


def _by_input(ds: xr.Dataset) -> list[Row]:
    """Return one row an input: ranges and what they do, or tipping points."""
    attrs = ds.attrs
    limit = {word: attrs[word] for word in _LIMIT if word in attrs}
    if "met" in attrs:
        limit["met"] = bool(attrs["met"])
    whole = {"output_unit": attrs["unit"], "output_base": attrs["base"]}
    return [
        {
            "input": row.pop("input"),
            "output": attrs["output"],
            **{name: row.pop(name) for name in ("name_zh", "unit")},
            **whole,
            **row,
            **limit,
        }
        for row in to_rows(ds, ("input",), ("input", "name_zh", "unit", *_along(ds)))
    ]


def _along(ds: xr.Dataset) -> list[str]:
    """Return the variables that have one number an input; all edges stand in the Dataset."""
    return [str(name) for name in ds.data_vars if ds[name].dims == ("input",)]


_LIMIT = ("threshold", "threshold_of", "sense")


def _by_share(ds: xr.Dataset) -> list[Row]:
    """Return one row an output and input."""
    sure = ds["exact"].values | (ds.attrs["resamples"] > 1)
    needed = ds["n_converge"]
    ds = ds.assign(
        bounds_reason=("output", np.where(sure, "", "no_bounds")),
        n=ds.attrs["n"],
        n_converge_reason=("output", np.where(needed < 0, ds["converged_reason"], "")),
    )
    columns = {name: name for name in ("input", "output", *_INDICES, "bounds_reason")}
    columns |= {"origin": "input_origin", "mean": "mean", "variance": "variance"}
    columns |= {"output_unit": "unit", "zero_variance": "zero_variance", "exact": "exact"}
    columns |= {name: name for name in ("converged", "converged_reason", "events", "events_reason")}
    columns |= {name: name for name in ("n", "n_converge", "n_converge_reason")}
    rows = to_rows(ds, ("output", "input"), columns)
    for row in rows:
        if row["n_converge_reason"]:
            row["n_converge"] = None
    return rows


_INDICES = ("S1", "S1_low", "S1_high", "ST", "ST_low", "ST_high")


def _by_change(ds: xr.Dataset) -> list[Row]:
    """Return one row an output and change; ``input`` is the place of the change."""
    ds = ds.assign(scenario=ds.attrs["scenario"])
    shares = ("share", "share_low", "share_high", "ordered", "before", "after")
    columns = {"input": "change"}
    columns |= {name: name for name in ("output", "change_zh", "change_en", *shares)}
    columns |= {"output_unit": "unit"}
    columns |= {name: name for name in ("exact", "converged", "n_converge", "scenario")}
    return to_rows(ds, ("output", "change"), columns)


def _by_point(ds: xr.Dataset) -> list[Row]:
    """Return one row a point of a grid, with the frontier of its x."""
    one, other = (str(ds[axis].attrs["input"]) for axis in "xy")
    head = {"input": one, "input_2": other, "output": ds.attrs["output"]}
    limit = {"output_unit": ds.attrs["unit"], **{word: ds.attrs[word] for word in _LIMIT}}
    columns = {"x": "x", "y": "y", "value": "output", "met": "met"}
    columns |= {name: name for name in ("frontier", "frontier_reason", "good_side", "crossings")}
    columns |= {name: name for name in ("band_low", "band_high")}
    return [{**head, **row, **limit} for row in to_rows(ds, ("x", "y"), columns)]


# What is printed: words first, then numbers, then how far to trust them.

FEW = 3
"""Outputs that get a table each; more share one."""


def show(ds: xr.Dataset, lang: str, top: int, *, named: bool = False) -> None:
    """Print a study.

    Parameters
    ----------
    ds : Dataset
        Of any of the five.
    lang : {"zh", "en"}
        Language.
    top : int
        Rows of each table at most; the rest is counted.
    named : bool
        Whether the inputs were named one by one, so that none may be missing.
    """
    t, name = translator(lang), study_of(ds)
    words = NARRATORS[name](ds, t)
    STUDIES[name].tabulate(ds, words.result, t, top, named)
    if words.notes:
        output.heading(t("Notes"), *(f"· {line}" for line in words.notes))


def records(ds: xr.Dataset) -> list[Row]:
    """Return a study as rows keyed ``input`` and ``output``; rates and shares as fractions."""
    return STUDIES[study_of(ds)].rows(ds)


def _more(hidden: int, t: Translator) -> None:
    """Say how many rows are not shown."""
    if hidden > 0:
        output.remark(t.plural("{n} more row: see --top.", "{n} more rows: see --top.", hidden))


def _tornado(ds: xr.Dataset, lines: list[str], t: Translator, top: int, named: bool) -> None:
    output.heading(t("The result"), *lines)
    outcome, inputs = outcome_words(ds, t), input_words(ds, t)
    title = outcome.title
    if outcome.unit:
        title = t("{name}, {unit}", name=title, unit=outcome.unit)
    output.heading(t("One input at a time: {name}", name=title))
    moving = int(np.count_nonzero(ds["swing"].values > 0))
    rows = []
    for i, one in enumerate(inputs[: min(top, moving)]):
        at = ds.isel(input=i)
        ends = [one.cell(float(at[end])) for end in ("low", "high")]
        results = [outcome.bare(float(at[v])) for v in ("output_low", "output_high", "swing")]
        rows.append((one.heading, *ends, *results, percents(float(at["share_of_swing"]), t)))
    low, high, share = ENDS["low"], ENDS["high"], t.context("tornado", "share")
    names = (t("input"), t.of(low), t.of(high), t("at low"), t("at high"), t("swing"), share)
    if rows:
        output.table(names, rows, (False, *[True] * 6))
    _more(moving - len(rows), t)


def _switching(ds: xr.Dataset, lines: list[str], t: Translator, top: int, named: bool) -> None:
    output.heading(t("The result"), *lines)
    values = {v: ds[v].values for v in ("base", "switching_value", "coefficient")}
    tips = ~np.isnan(values["switching_value"])
    places = [i for i in range(ds.sizes["input"]) if named or tips[i]]
    if not places:
        return
    output.heading(t("Tipping points, all else unchanged"))
    places.sort(key=lambda i: not at_once(ds, i))
    inputs, rows = input_words(ds, t), []
    for i in places[:top]:
        one, (base, _, slope) = inputs[i], (float(of[i]) for of in values.values())
        rows.append(
            (
                one.heading,
                t("as forecast") if np.isnan(base) else one.cell(base),
                _ends(ds, i, one) if tips[i] else t.context("tipping point", "none"),
                within(ds, i, one, t) if tips[i] else t("none within its range"),
                "—" if np.isnan(slope) else rounded(slope, 2),
            )
        )
    header = (t("input"), t("now"), t("tips at"), t("what it means"), t("coefficient"))
    output.table(header, rows, (False, True, True, False, True))
    _more(len(places) - len(rows), t)


def _ends(ds: xr.Dataset, place: int, one: InputWords) -> str:
    """Return the tipping point, or both ends of the good values at it."""
    ends = [(float(ds[f"band_{end}"][place]), end == "low") for end in ("low", "high")]
    return " – ".join(
        one.cell(one.kept(value, above=above)) for value, above in ends if not np.isnan(value)
    )


def _sobol(ds: xr.Dataset, lines: list[str], t: Translator, top: int, named: bool) -> None:
    """Print Sobol indices: a table an output, or one row an output where there are many."""
    moving = [str(n) for n in ds["output"].values[~ds["zero_variance"].values]]
    if ds.sizes["output"] <= FEW:
        output.heading(t("The result"), *lines)
        for name in moving:
            _indices(ds, name, t, top)
    else:
        _largest(ds, moving, t, top)


def _indices(ds: xr.Dataset, name: str, t: Translator, top: int) -> None:
    """Print the indices of one output."""
    at, inputs = ds.sel(output=name), input_words(ds, t)
    output.heading(t("Shares of the variance, %: {name}", name=outcome_words(ds, t, name).title))
    high = np.nan_to_num(at["ST_high"].values)
    order = [i for i in ranked(at) if at["ST"].values[i] != 0 or high[i] > 0]

    untold = str(at["converged_reason"].values) in UNTOLD

    def cell(index: str, i: int) -> str:
        share = float(at[index].values[i])
        # an estimate of what the sample cannot tell is none: its bounds say so
        nothing = np.isnan(share) or (untold and index in {"S1", "ST"})
        return "—" if nothing else rounded(share, 1, shift=2)

    rows = []
    for i in order[:top]:
        first, total = (
            (cell(name, i), f"{cell(f'{name}_low', i)} – {cell(f'{name}_high', i)}")
            for name in ("S1", "ST")
        )
        rows.append((inputs[i].title, *first, *total))
    bounds = t("{level} % bounds", level=share_label(float(ds.attrs["level"])))
    header = (t("input"), t("S1"), bounds, t("ST"), bounds)
    output.table(header, rows, (False, True, True, True, True))
    _more(len(order) - len(rows), t)


def _largest(ds: xr.Dataset, moving: list[str], t: Translator, top: int) -> None:
    """Print one row an output: mean, and the two inputs with the largest share."""
    output.heading(t("What decides each output (total index)"))
    inputs, rows = input_words(ds, t), []
    for name in moving[:top]:
        at, outcome = ds.sel(output=name), outcome_words(ds, t, name)
        total = at["ST"].values
        # what is little more than nothing is not worth its place
        places = [i for place, i in enumerate(ranked(at)[:2]) if not place or total[i] > 0.005]
        if str(at["converged_reason"].values) in UNTOLD:
            cells = [t.context("sobol", "cannot be told")]
        else:
            cells = [
                cell for i in places for cell in (inputs[i].title, share_text(float(total[i]), t))
            ]
        rows.append(
            (outcome.title, outcome.amount(float(at["mean"])), *cells, *["—"] * (4 - len(cells)))
        )
    share = t.context("sobol", "share")
    first, second = t.context("share", "first"), t.context("share", "second")
    header = (t("output"), t("mean"), first, share, second, share)
    if rows:
        output.table(header, rows, (False, True, False, True, False, True))
    _more(len(moving) - len(rows), t)
    never = int((ds["zero_variance"].values & ds["exact"].values).sum())
    if never:
        output.remark(
            t.plural(
                "{n} more output never moves within these ranges.",
                "{n} more outputs never move within these ranges.",
                never,
            )
        )
    still = ds.sizes["output"] - len(moving) - never
    if still:
        output.remark(
            t.plural(
                "{n} more output did not move at any of {points} points.",
                "{n} more outputs did not move at any of {points} points.",
                still,
                points=int(ds.attrs["n"]),
            )
        )


def _attribution(ds: xr.Dataset, lines: list[str], t: Translator, top: int, named: bool) -> None:
    """Print for each output the words, and a table where more than one change moves it."""
    output.heading(t("The result"))
    moved = [name for name in map(str, ds["output"].values) if movers(ds.sel(output=name))]
    for name in moved:
        output.paragraph(*caused(ds, name, t))
        _waterfall(ds, name, t)
        output.say("")
    if len(moved) < ds.sizes["output"]:
        output.paragraph(lines[-1])


def _waterfall(ds: xr.Dataset, name: str, t: Translator) -> None:
    at, outcome, words = ds.sel(output=name), outcome_words(ds, t, name), changes(ds, t)
    order = sorted(movers(at))
    if len(order) < 2:
        return
    rows = [(t.context("attribution", "before"), *[outcome.bare(float(at["before"]))] * 2)]
    for i in order:
        share, step = (
            outcome.bare_difference(float(at[v].values[i])) for v in ("share", "ordered")
        )
        rows.append((words[i], share, step))
    rows.append((t.context("attribution", "after"), *[outcome.bare(float(at["after"]))] * 2))
    share = t.context("attribution", "share")
    if outcome.unit:
        share = t("{name}, {unit}", name=share, unit=outcome.unit)
    output.say("")
    output.table(
        (t.context("attribution", "change"), share, t("in order")), rows, (False, True, True)
    )


def _grid(ds: xr.Dataset, lines: list[str], t: Translator, top: int, named: bool) -> None:
    """Print the frontier: for each x the y at which the target is just met."""
    output.heading(t("The result"), *lines)
    output.heading(t("The frontier: where the target is just met"))
    x, y = (axis_words(ds, axis, t) for axis in "xy")
    rows = []
    same = {"always_met": t("always met"), "never_met": t("never met")}
    for i, (at, reason) in enumerate(
        zip(ds["x"].values, ds["frontier_reason"].values, strict=True)
    ):
        rows.append((x.cell(float(at)), same.get(str(reason)) or _ends(ds, i, y)))
    output.table((x.heading, y.heading), rows, (False, False))


class Study(NamedTuple):
    """How one study is printed.

    Attributes
    ----------
    tabulate : callable
        Prints the result in words and its tables.
    rows : callable
        Returns rows for programs.
    """

    tabulate: Callable[[xr.Dataset, list[str], Translator, int, bool], None]
    rows: Callable[[xr.Dataset], list[Row]]


STUDIES = {
    "tornado": Study(_tornado, _by_input),
    "switching_values": Study(_switching, _by_input),
    "sobol": Study(_sobol, _by_share),
    "attribution": Study(_attribution, _by_change),
    "two_way": Study(_grid, _by_point),
}
"""Every study by the attribute ``study`` of its result."""
