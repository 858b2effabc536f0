"""Odd arguments for every public name, and what may come of them."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import io
import itertools
import random
import signal
import sys
import traceback
import warnings
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from scipy import stats

import corridor_model as cm

FACES = ("", "growth", "forecasting", "assessment", "sensitivity", "portfolio", "plot", "draws")
CIRCLE: list[Any] = []
CIRCLE.append(CIRCLE)


class Endless:
    """Items that never end."""

    def __iter__(self) -> Any:
        return itertools.count()


ENDLESS = Endless()
ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    1,
    3,
    2021,
    10**30,
    0.5,
    float("nan"),
    float("inf"),
    "",
    "x",
    "gdp",
    "2021-09",
    "\0",
    b"x",
    (),
    [],
    ["x"],
    [1, "x"],
    [float("nan")],
    {},
    {"x": 1},
    {1: {}},
    {"gdp": [1]},
    object(),
    int,
    len,
    np.array([]),
    np.array([[1.0, 2.0]]),
    np.array(["a"]),
    np.datetime64("NaT"),
    pd.NA,
    pd.DataFrame(),
    pd.DataFrame({"a": [1, 2]}),
    pd.Series([1.0], index=["a"]),
    range(3),
    1j,
    -0.0,
    2**63,
    -(10**400),
    Decimal("0.5"),
    Decimal("NaN"),
    Fraction(1, 3),
    np.float32("inf"),
    np.array(3.0),
    np.array([True, False]),
    np.array([None, 1], dtype=object),
    np.ma.masked_array([1.0, 2.0], mask=[True, False]),
    np.zeros((0, 3)),
    np.array(["2021-01-01"], dtype="datetime64[D]"),
    date(2021, 9, 30),
    pd.Timestamp("1700-01-01"),
    pd.NaT,
    pd.Series({2020: 1.0, 2021: None}),
    pd.DataFrame({("a", "b"): [1]}, index=pd.MultiIndex.from_tuples([(1, 2)])),
    pd.DataFrame([[1, 2]], columns=["a", "a"]),
    xr.Dataset({"a": ("x", [1.0])}),
    xr.DataArray([1.0], dims="year", coords={"year": [2021]}),
    stats.norm(0, 1),
    Path("nowhere"),
    {1, 2},
    frozenset({"gdp"}),
    "\ud800",
    "9" * 5000,
    "=1+1",
    "gdp@",
    "../x",
    {None: None},
    {"gdp": {2020: float("nan")}},
    {"gdp": {2020: True}},
    [[1, 2], [3]],
    [None],
    [True],
    [[], {}],
    (1, 2),
    (2.0, 1.0),
    (float("-inf"), float("inf")),
    ENDLESS,
    CIRCLE,
    np.random.default_rng(0),
    KeyError,
    ...,
    slice(3),
)
PLAN = cm.load_plan()
GOOD: dict[str, Any] = {
    "plan": PLAN,
    "scenario": cm.Scenario("late", cm.Delay("jinliwen_expressway", months=12)),
    "scenarios": [cm.Scenario("late", cm.Delay("jinliwen_expressway", months=12))],
    "observations": {"gdp": {2020: 467.7}},
    "history": [1.0, 2.0],
    "years": [2019, 2020],
    "horizon": 2,
    "kind": "level",
    "draws": 16,
    "n": 16,
    "budget": {2020: 20, 2021: 20, 2022: 20},
    "outcome": "km_open:2022",
    "indicator": "gdp",
    "target": "jinliwen_expressway",
    "start": 1.0,
    "end": 2.0,
    "periods": 3,
    "sense": "at_least",
}
"""What is sound for a parameter of that name, so that the other arguments are looked at."""

SLOW = {"backtest", "calibrate", "write_report", "rerun", "shipped_scenarios", "shapley_values"}
"""Names whose sound calls take seconds; they get odd arguments alone."""


def targets() -> dict[str, Any]:
    """Return every public callable by its dotted name, methods of public classes too."""
    every: dict[str, Any] = {}
    for face in FACES:
        module = importlib.import_module(f"corridor_model.{face}".rstrip("."))
        for name in module.__all__:
            item = getattr(module, name)
            if callable(item):
                every[f"{face}.{name}".lstrip(".")] = item
    return every | methods()


def methods() -> dict[str, Any]:
    """Return the public methods of one instance of each kind of object that people hold."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        held = {
            "Predictive": cm.forecast([1.0, 2.0], [2019, 2020], 2, "level"),
            "Observations": cm.load_observations({"gdp": {2020: 467.7}}),
            "Plan": PLAN,
            "Scenario": GOOD["scenario"],
            "Lognormal": cm.Lognormal(mean=1.2, sd=0.3),
            "Uniform": cm.Uniform(low=0.0, high=1.0),
            "Discrete": cm.Discrete((1.0, 2.0), (0.5, 0.5)),
            "ShareTable": cm.ShareTable((0.5, 0.5)),
        }
    return {
        f"{name}.{method}": getattr(one, method)
        for name, one in held.items()
        for method in dir(type(one))
        if not method.startswith("_") and callable(getattr(one, method, None))
    }


def parameters(item: Any) -> list[inspect.Parameter]:
    """Return the parameters of a callable that can be named or placed."""
    try:
        found = list(inspect.signature(item).parameters.values())
    except (TypeError, ValueError):
        return []
    return [
        p for p in found if p.kind in {p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY}
    ]


def calls(item: Any, n: int, rng: random.Random) -> list[tuple[list[Any], dict[str, Any]]]:
    """Return arguments of n calls: one argument odd, or all of them."""
    names = parameters(item)
    made = []
    for number in range(n):
        odd = (
            {p.name for p in names}
            if number % 3 == 0
            else {rng.choice(names).name}
            if names
            else set()
        )
        args, named = [], {}
        for p in names:
            if p.name in odd:
                value = rng.choice(ODD)
            elif p.name in GOOD:
                value = GOOD[p.name]
            elif p.default is not p.empty:
                continue
            else:
                value = rng.choice(ODD)
            if p.kind is p.POSITIONAL_ONLY:
                args.append(value)
            else:
                named[p.name] = value
        made.append((args, named))
    return made


LONGEST = 20
"""Seconds of the processor that no odd call takes."""
LARGEST = 2**31
"""Bytes that no odd call takes: an endless list would take those of the whole machine, and the
test's process would be killed without a word of which call it was."""


class TooLongError(BaseException):
    """Nobody catches it on the way."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Any:
    """Stop what takes longer, where the system has an alarm.

    Seconds are the processor's, so that a busy machine raises no alarm; what only waits has ten
    times as many of the clock.
    """

    def stop(signum: int, frame: Any) -> None:
        raise TooLongError(f"more than {seconds} seconds")

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    limits = [
        (signal.SIGPROF, signal.ITIMER_PROF, seconds),
        (signal.SIGALRM, signal.ITIMER_REAL, 10 * seconds),
    ]
    before = [signal.signal(number, stop) for number, _, _ in limits]
    try:
        for _, timer, most in limits:
            signal.setitimer(timer, most)
        yield
    finally:
        for (number, timer, _), handler in zip(limits, before, strict=True):
            signal.setitimer(timer, 0)
            signal.signal(number, handler)


@contextlib.contextmanager
def memory_limit(most: int) -> Any:
    """Let what takes more bytes than that fail with a MemoryError, where Linux keeps the count."""
    if not sys.platform.startswith("linux"):
        yield
        return
    import resource

    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    bounds = [bound for bound in (soft, taken + most) if bound != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(bounds), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def raw_error(item: Any, args: list[Any], named: dict[str, Any]) -> str:
    """Call, and return the error and its place if it is one that nobody meant; or nothing."""
    out = io.StringIO()
    try:
        with (
            warnings.catch_warnings(),
            contextlib.redirect_stdout(out),
            time_limit(LONGEST),
            memory_limit(LARGEST),
        ):
            warnings.simplefilter("ignore")
            item(*args, **named)
    except (cm.CorridorError, TypeError):
        return ""
    except (Exception, TooLongError) as error:
        place = traceback.extract_tb(error.__traceback__)
        ours = [f for f in place if "corridor_model" in f.filename] or place
        last = ours[-1]
        name = last.filename.rpartition("corridor_model/")[2]
        return f"{name}:{last.lineno} {type(error).__name__}: {str(error)[:80]}"
    return ""
