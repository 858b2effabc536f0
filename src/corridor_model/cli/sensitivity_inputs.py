"""What ``corridor sensitivity`` is told: inputs with ranges, and which options fit which method."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from corridor_model.errors import PlanError, Problem
from corridor_model.sensitivity.defaults import Default, default_inputs, range_of
from corridor_model.sensitivity.growth_range import growth_range
from corridor_model.sensitivity.inputs import SensitivityError
from corridor_model.sensitivity.levers import lever
from corridor_model.sensitivity.ranges import LEVELS
from corridor_model.sensitivity.reader import Reader

if TYPE_CHECKING:
    from corridor_model.observations.model import Observations
    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.language.model import Scenario

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
        Problem(
            f"方法{options.method}不用这个选项，它只适用于{'、'.join(methods)}。",
            f"{options.method} does not use it; it belongs to {', '.join(methods)}.",
            file=f"--{name}",
        )
        for name, methods in FITS.items()
        if getattr(options, name) is not None and options.method not in methods
    ]
    if options.method not in MANY and len(options.output or ()) > 1:
        found.append(
            Problem(
                f"方法{options.method}一次只看一个结果。",
                f"{options.method} looks at one output at a time.",
                file="--output",
            )
        )
    if options.top < 1:
        found.append(Problem("至少列1行。", "shows at least 1 row.", file="--top"))
    if options.method == "attribute" and options.scenario is None:
        found.append(
            Problem(
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
                Problem(
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
