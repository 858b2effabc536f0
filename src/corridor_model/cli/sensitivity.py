"""``corridor sensitivity``: what decides a result, where it tips, which change did it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model.cli import output
from corridor_model.cli.simulate import scenario_named
from corridor_model.errors import PlanError, two_language_problem
from corridor_model.sensitivity import attribute, switching_values
from corridor_model.sensitivity.evaluator import Reader
from corridor_model.sensitivity.inputs import SensitivityError
from corridor_model.sensitivity.parameters import Default, default_inputs, lever, range_of
from corridor_model.sensitivity.sobol import sobol
from corridor_model.sensitivity.tornado import LEVELS, growth_range, tornado
from corridor_model.sensitivity.two_way import two_way
from corridor_model.text import sensitivity
from corridor_model.text.layout import Narrative
from corridor_model.text.numbers import (
    amount,
    bare,
    bare_difference,
    lever_bare,
    percents,
    share_text,
    unit_text,
)
from corridor_model.text.sensitivity import (
    bound,
    field_of,
    method_of,
    names_of,
    told,
    units_of,
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


def run(options: Namespace) -> int:
    """Study, draw, and print in the form asked for."""
    check_options(options)
    plan = output.plan_of(options)
    made = study(plan, options)
    if options.figure:
        from corridor_model.plot.sensitivity import sensitivity_figure

        sensitivity_figure(made, options.figure, lang=options.lang, top=options.top)
    if options.format != "table":
        output.records(records(made), options.format)
        return 0
    show(made, options.lang, options.top, named=options.input is not None)
    return 0


def study(plan: Plan, options: Namespace) -> xr.Dataset:
    """Return the study that the options ask for."""
    scenario = scenario_named(options.scenario) if options.scenario else None
    observations = output.figures_of(options, plan)
    given = ranges_for(options, plan, scenario, observations)
    told: dict[str, Any] = {
        "scenario": scenario,
        "observations": observations,
        "seed": options.seed,
    }
    one = (options.output or [OUTPUT])[0]
    limit = {"threshold": options.threshold, "sense": options.sense}
    points = {} if options.points is None else {"points": options.points}
    if options.method == "tornado":
        return tornado(plan, one, given, **told)
    if options.method == "switching":
        return switching_values(plan, one, given, **limit, **points, **told)
    if options.method == "grid":
        size = GRID if options.points is None else options.points
        x, y = given
        # there is nothing between yes and no
        across, up = (2 if name.startswith("cancel:") else size for name, _, _ in given)
        return two_way(plan, one, x, y, points=(across, up), **limit, **told)
    if options.method == "sobol":
        points = {} if options.points is None else {"n": options.points}
        # pairs are not shown here, and cost as much again
        return sobol(plan, options.output, given, second_order=False, **points, **told)
    assert scenario is not None  # asked for by check_options
    del told["scenario"]
    return attribute(plan, scenario, options.output, **told)


# What ``corridor sensitivity`` is told: inputs with ranges, and which options fit which method.

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
    found = [
        two_language_problem(
            f"方法{options.method}不用这个选项，它只适用于{'、'.join(methods)}。",
            f"{options.method} does not use it; it belongs to {', '.join(methods)}.",
            file=f"--{name}",
        )
        for name, methods in FITS.items()
        if getattr(options, name) is not None and options.method not in methods
    ]
    if options.method not in MANY and len(options.output or ()) > 1:
        found.append(
            two_language_problem(
                f"方法{options.method}一次只看一个结果。",
                f"{options.method} looks at one output at a time.",
                file="--output",
            )
        )
    if options.top < 1:
        found.append(two_language_problem("至少列1行。", "shows at least 1 row.", file="--top"))
    if options.method == "attribute" and options.scenario is None:
        found.append(
            two_language_problem(
                "归因需要一个情景，如 --scenario 慢。",
                "an attribution needs a scenario, such as --scenario slow.",
                file="--scenario",
            )
        )
    if found:
        raise PlanError(found)


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
    made: dict[str, Range | None] = {}
    found = []
    for text in texts:
        name, mark, ends = text.replace("＝", "=").partition("=")
        span = _range(ends) if mark else None
        if (mark and span is None) or not name.strip() or name.strip() in made:
            found.append(
                two_language_problem(
                    f"“{text}”应写成“名称=低..高”，如 delay:binhai_avenue=0..12，每个名称一次。",
                    f"{text!r} should read NAME=LOW..HIGH, such as delay:binhai_avenue=0..12, "
                    "each name once.",
                    file="--input",
                )
            )
            continue
        made[name.strip()] = span
    if found:
        raise PlanError(found)
    return made


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
    given = parsed(options.input)
    if options.method == "grid":
        given = given or {}
        if len(given) != 2:
            raise SensitivityError(
                "A grid needs two inputs: --input NAME=LOW..HIGH twice.",
                "网格需要两个输入：--input 名称=低..高，写两次。",
            )
    if given is None or options.method == "switching":
        return given
    reader = Reader(plan, scenario, observations, options.seed)
    if options.method == "grid":
        return [(name, *(span or _searched(reader, name))) for name, span in given.items()]
    usual = default_inputs(plan, reader.resolved)
    return {
        name: span if span is not None else _usual(options.method, reader, usual, name)
        for name, span in given.items()
    }


def _searched(reader: Reader, name: str) -> Range:
    turn = lever(reader.plan, name)
    return range_of(turn, turn.base(reader.plan, reader.resolved))


def _usual(method: str, reader: Reader, usual: dict[str, Default], name: str) -> Any:
    """Return the distribution that the library itself would use, with its origin."""
    turn = lever(reader.plan, name)
    if name in usual:
        return usual[name]
    if method == "tornado" and turn.field == "growth":
        found = growth_range(reader, turn.indicator, LEVELS)
        if found:
            from corridor_model.distributions import Uniform

            low, high, origin = found[turn.name]
            # so wide that the quantiles which are read are these two
            spare = (high - low) * LEVELS[0] / (LEVELS[1] - LEVELS[0])
            return Default(Uniform(low - spare, high + spare), origin)
    if method == "tornado" and turn.base(reader.plan, reader.resolved):
        return 0.1
    if turn.field == "forecast":
        outlook = reader.outlook(reader.resolved, turn.indicator)
        from corridor_model.distributions import Uniform

        return Default(Uniform(0.0, 1.0), outlook.origin)
    raise SensitivityError(
        f"{name} has no usual range. Give one: --input {name}=LOW..HIGH.",
        f"“{name}”没有通用的范围，请给出：--input {name}=低..高。",
    )


# What every printed study has: the result in words, the notes, and rows left out.


def result(words: Narrative, zh: bool) -> None:
    """Print what decides, in words."""
    output.heading("结论" if zh else "The result")
    for line in words.result:
        output.paragraph(line)


def notes(lines: Sequence[str], zh: bool) -> None:
    """Print how far to trust it."""
    if lines:
        output.heading("说明" if zh else "Notes")
    for line in lines:
        output.paragraph(f"· {line}")


def more(hidden: int, zh: bool) -> None:
    """Say how many rows are not shown."""
    if hidden > 0:
        output.say("")
        output.paragraph(
            f"其余{hidden}行未列，加 --top 显示更多。" if zh else f"{hidden} more rows: see --top."
        )


# Rows of ``corridor sensitivity`` for programs; a mask is null with its reason beside it (S7).

Row = dict[str, Any]


def records(made: xr.Dataset) -> list[Row]:
    """Return a study as rows keyed ``input`` and ``output``; rates and shares as fractions."""
    return {
        "tornado": _by_input,
        "switching": _by_input,
        "sobol": _sobol,
        "attribute": _attribute,
        "grid": _grid,
    }[method_of(made)](made)


def _by_input(made: xr.Dataset) -> list[Row]:
    """Return one row an input: ranges and what they do, or tipping points."""
    rows = []
    for i, name in enumerate(made["input"].values):
        at = made.isel(input=i)
        row: Row = {
            "input": str(name),
            "output": made.attrs["output"],
            "name_zh": str(at["name_zh"].values),
            "unit": str(at["unit"].values),
            "output_unit": made.attrs["unit"],
            "output_base": made.attrs["base"],
        }
        row |= {str(variable): at[variable].values.item() for variable in made.data_vars}
        for word in ("threshold", "threshold_of", "sense"):
            if word in made.attrs:
                row[word] = made.attrs[word]
        if "met" in made.attrs:
            row["met"] = bool(made.attrs["met"])
        rows.append(row)
    return rows


def _sobol(made: xr.Dataset) -> list[Row]:
    """Return one row an output and input."""
    rows = []
    for name in made["output"].values:
        at = made.sel(output=name)
        needed = int(at["n_converge"])
        whole: Row = {
            "mean": float(at["mean"]),
            "variance": float(at["variance"]),
            "output_unit": str(at["unit"].values),
            "zero_variance": bool(at["zero_variance"]),
            "converged": bool(at["converged"]),
            "n": made.attrs["n"],
            "n_converge": None if needed < 0 else needed,
            "n_converge_reason": "no_bounds" if needed < 0 else "",
        }
        for i, given in enumerate(made["input"].values):
            row: Row = {"input": str(given), "output": str(name)}
            for index in ("S1", "S1_low", "S1_high", "ST", "ST_low", "ST_high"):
                row[index] = float(at[index].values[i])
            row["bounds_reason"] = "" if made.attrs["resamples"] else "no_bounds"
            rows.append({**row, "origin": str(made["input_origin"].values[i]), **whole})
    return rows


def _attribute(made: xr.Dataset) -> list[Row]:
    """Return one row an output and change; ``input`` is the place of the change."""
    rows = []
    for name in made["output"].values:
        at = made.sel(output=name)
        for i, place in enumerate(made["change"].values):
            row: Row = {
                "input": int(place),
                "output": str(name),
                "change_zh": str(at["change_zh"].values[i]),
                "change_en": str(at["change_en"].values[i]),
            }
            for variable in ("share", "share_low", "share_high", "ordered"):
                row[variable] = float(at[variable].values[i])
            row |= {word: float(at[word]) for word in ("before", "after")}
            row |= {"output_unit": str(at["unit"].values), "exact": bool(made.attrs["exact"])}
            rows.append({**row, "scenario": made.attrs["scenario"]})
    return rows


def _grid(made: xr.Dataset) -> list[Row]:
    """Return one row a point, with the frontier of its x."""
    rows = []
    one, other = (str(made[axis].attrs["input"]) for axis in "xy")
    for i, x in enumerate(made["x"].values):
        for j, y in enumerate(made["y"].values):
            rows.append(
                {
                    "input": one,
                    "input_2": other,
                    "output": made.attrs["output"],
                    "x": float(x),
                    "y": float(y),
                    "value": float(made["output"].values[j, i]),
                    "met": bool(made["met"].values[j, i]),
                    "frontier": float(made["frontier"].values[i]),
                    "frontier_reason": str(made["frontier_reason"].values[i]),
                    "output_unit": str(made["output"].attrs["units"]),
                    "threshold": made.attrs["threshold"],
                    "threshold_of": made.attrs["threshold_of"],
                    "sense": made.attrs["sense"],
                }
            )
    return rows


# Shares of ``corridor sensitivity``: of the variance, and of what a scenario does.

FEW = 3
"""Outputs that get a table each; more share one."""


def indices(made: xr.Dataset, zh: bool, top: int) -> None:
    """Print Sobol indices: a table an output, or one row an output where there are many."""
    lang = "zh" if zh else "en"
    moving = [
        str(n) for n in made["output"].values if not bool(made["zero_variance"].sel(output=n))
    ]
    words = sensitivity.sobol_words(made, None, lang)
    if made.sizes["output"] <= FEW:
        result(words, zh)
        for name in moving:
            _indices(made, name, zh, top)
    else:
        _shares(made, moving, zh, top)
    notes(words.notes, zh)


def _indices(made: xr.Dataset, name: str, zh: bool, top: int) -> None:
    """Print the indices of one output."""
    at = made.sel(output=name)
    level = round(100 * float(made.attrs["level"]))
    title = str(at["output_zh" if zh else "output_en"].values)
    output.heading(f"占方差的份额，%：{title}" if zh else f"Shares of the variance, %: {title}")
    order = [i for i in sensitivity.ranked(at) if at["ST"].values[i] != 0]
    names = names_of(made, "zh" if zh else "en")
    rows = []
    for i in order[:top]:
        cells = []
        for index in ("S1", "ST"):
            cells.append(_hundredth(float(at[index].values[i])))
            cells.append(
                " – ".join(_hundredth(float(at[f"{index}_{e}"].values[i])) for e in ("low", "high"))
            )
        rows.append((names[i], *cells))
    header = (
        ("输入", "一阶", f"{level}%区间", "总指数", f"{level}%区间")
        if zh
        else ("input", "S1", f"{level} % bounds", "ST", f"{level} % bounds")
    )
    output.table(header, rows, (False, True, True, True, True))
    more(len(order) - len(rows), zh)


def _hundredth(share: float) -> str:
    return "—" if np.isnan(share) else bare(share, "1", "p_reach")


def _shares(made: xr.Dataset, moving: list[str], zh: bool, top: int) -> None:
    """Print one row an output: mean, and the two inputs with the largest share."""
    lang = "zh" if zh else "en"
    output.heading(
        "每项结果由什么决定（总指数）" if zh else "What decides each output (total index)"
    )
    names = names_of(made, lang)
    rows = []
    for name in moving[:top]:
        at = made.sel(output=name)
        unit, word = str(at["unit"].values), name.partition(":")[0]
        order, total = sensitivity.ranked(at), at["ST"].values
        first, second = order[0], order[1] if len(order) > 1 else None
        known = second is not None and total[second] > 0.005
        rows.append(
            (
                str(at[f"output_{lang}"].values),
                amount(float(at["mean"]), unit, zh, word),
                names[first],
                share_text(float(total[first]), zh),
                names[second] if known and second is not None else "—",
                share_text(float(total[second]), zh) if known and second is not None else "—",
            )
        )
    header = (
        ("结果", "均值", "最要紧", "份额", "其次", "份额")
        if zh
        else ("output", "mean", "first", "share", "second", "share")
    )
    if rows:
        output.table(header, rows, (False, True, False, True, False, True))
    more(len(moving) - len(rows), zh)
    still = made.sizes["output"] - len(moving)
    if still:
        output.say("")
        output.paragraph(
            f"另有{still}项结果在所设范围内不变。"
            if zh
            else f"{still} more outputs never move within these ranges."
        )


def attribution(made: xr.Dataset, zh: bool) -> None:
    """Print for each output the words, and a table where more than one change moves it."""
    lang = "zh" if zh else "en"
    whole = sensitivity.attribution_words(made, None, lang)
    moved = [n for n in made["output"].values if sensitivity.moves(made.sel(output=n))]
    output.heading("结论" if zh else "The result")
    for name in moved:
        at = made.sel(output=name)
        for line in sensitivity.attribution_words(made, str(name), lang).result:
            output.paragraph(line)
        _waterfall(at, zh)
        output.say("")
    if len(moved) < made.sizes["output"]:
        output.paragraph(whole.result[-1])
    notes(whole.notes, zh)


def _waterfall(at: xr.Dataset, zh: bool) -> None:
    order = sensitivity.ranked_attribution_words(at)
    if len(order) < 2:
        return
    unit, word = str(at["unit"].values), str(at["output"].values).partition(":")[0]
    rows = [("改动前" if zh else "before", *[bare(float(at["before"]), unit, word)] * 2)]
    for i in sorted(order):
        cells = (bare_difference(float(at[v].values[i]), unit, word) for v in ("share", "ordered"))
        rows.append((sensitivity.change(at, i, zh), *cells))
    rows.append(("改动后" if zh else "after", *[bare(float(at["after"]), unit, word)] * 2))
    of = unit_text(unit, zh, word)
    tail = f"，{of}" if zh and of else f", {of}" if of else ""
    header = ("改动", f"份额{tail}", "按序") if zh else ("change", f"share{tail}", "in order")
    output.say("")
    output.table(header, rows, (False, True, True))


# The tables of ``corridor sensitivity``: words first, then numbers, then how far to trust them.

AS_FORECAST = ("按预测", "as forecast")


def show(made: xr.Dataset, lang: str, top: int, *, named: bool = False) -> None:
    """Print a study.

    Parameters
    ----------
    made : Dataset
        Of any of the five.
    lang : {"zh", "en"}
        Language.
    top : int
        Rows of each table at most; the rest is counted.
    named : bool
        Whether the inputs were named one by one, so that none may be missing.
    """
    method, zh = method_of(made), lang == "zh"
    if method == "attribute":
        attribution(made, zh)
        return
    if method == "sobol":
        indices(made, zh, top)
        return
    words = told(made, lang)
    result(words, zh)
    if method == "tornado":
        _tornado(made, zh, top)
    elif method == "switching":
        _switching(made, zh, top, named)
    else:
        _grid_sensitivity_tables(made, zh)
    notes(words.notes, zh)


def input_title(name: str, title: str, unit: str, zh: bool) -> str:
    """Return an input's name with the unit of its numbers."""
    said = "" if field_of(name) in {"growth", "forecast", "cancel"} else unit_text(unit, zh)
    said = "月" if said == "个月" else said
    if not said:
        return title
    return f"{title}（{said}）" if zh else f"{title} ({said})"


def _titles(made: xr.Dataset, zh: bool) -> list[str]:
    named = zip(
        made["input"].values, names_of(made, "zh" if zh else "en"), units_of(made), strict=True
    )
    return [input_title(str(name), title, unit, zh) for name, title, unit in named]


def _tornado(made: xr.Dataset, zh: bool, top: int) -> None:
    word, unit = str(made.attrs["output"]).partition(":")[0], str(made.attrs["unit"])
    of = unit_text(unit, zh, word)
    title = made.attrs["output_zh" if zh else "output_en"]
    output.heading(
        f"一次只变一项：{title}{f'，{of}' if of else ''}"
        if zh
        else f"One input at a time: {title}{f', {of}' if of else ''}"
    )
    moving = int(np.count_nonzero(made["swing"].values > 0))
    titles, units = _titles(made, zh), units_of(made)
    rows = []
    for i in range(min(top, moving)):
        field = field_of(str(made["input"].values[i]))
        at = made.isel(input=i)
        ends = [lever_bare(field, float(at[end]), zh, units[i]) for end in ("low", "high")]
        results = [bare(float(at[f"output_{end}"]), unit, word) for end in ("low", "high")]
        swing = bare(float(at["swing"]), unit, word)
        rows.append((titles[i], *ends, *results, swing, percents(float(at["share_of_swing"]), zh)))
    header = (
        ("输入", "低值", "高值", "低值时", "高值时", "幅度", "占比")
        if zh
        else ("input", "low", "high", "at low", "at high", "swing", "share")
    )
    if rows:
        output.table(header, rows, (False, *[True] * 6))
    more(moving - len(rows), zh)


def _switching(made: xr.Dataset, zh: bool, top: int, named: bool) -> None:
    found = [
        i
        for i in range(made.sizes["input"])
        if named or not np.isnan(float(made["switching_value"][i]))
    ]
    if not found:
        return
    output.heading("临界点：其余不变，只变一项" if zh else "Tipping points, all else unchanged")
    found.sort(key=lambda i: not sensitivity.at_once(made, i))
    titles, units = _titles(made, zh), units_of(made)
    rows = []
    for i in found[:top]:
        at, name = made.isel(input=i), str(made["input"].values[i])
        base, value, slope = (float(at[v]) for v in ("base", "switching_value", "coefficient"))
        field = field_of(name)
        none = np.isnan(value)
        above = str(at["good_side"].values) == "above"
        rows.append(
            (
                titles[i],
                AS_FORECAST[not zh] if np.isnan(base) else lever_bare(field, base, zh, units[i]),
                ("无" if zh else "none") if none else lever_bare(field, value, zh, units[i]),
                ("范围内没有临界点" if zh else "none within its range")
                if none
                else bound(name, value, units[i], above, zh),
                "—" if np.isnan(slope) else bare(slope, "km"),
            )
        )
    header = (
        ("输入", "现值", "临界点", "含义", "敏感度系数")
        if zh
        else ("input", "now", "tips at", "what it means", "coefficient")
    )
    output.table(header, rows, (False, True, True, False, True))
    more(len(found) - len(rows), zh)


def _grid_sensitivity_tables(made: xr.Dataset, zh: bool) -> None:
    """Print the frontier: for each x the y at which the target is just met."""
    lang = "zh" if zh else "en"
    output.heading("边界：恰好达到要求之处" if zh else "The frontier: where the target is just met")
    fields = [field_of(str(made[axis].attrs["input"])) for axis in "xy"]
    header = [
        input_title(str(held["input"]), str(held[f"name_{lang}"]), str(held["units"]), zh)
        for held in (made["x"].attrs, made["y"].attrs)
    ]
    units = [str(made[axis].attrs["units"]) for axis in "xy"]
    rows = []
    for i, x in enumerate(made["x"].values):
        code = str(made["frontier_reason"].values[i])
        at_y = (
            sensitivity.REASONS[code][not zh]
            if code
            else lever_bare(fields[1], float(made["frontier"].values[i]), zh, units[1])
        )
        rows.append((lever_bare(fields[0], float(x), zh, units[0]), at_y))
    output.table([f"{header[0]}", f"{header[1]}"], rows, (False, False))
