"""Where the coverage tracer may rest: it doubles the time of every line it counts.

The first examples of a property walk its lines; the hundred after them prove numbers, not lines.
So do kept answers, cases that differ in nothing but their figures, and costly tests of which
every line and branch is walked by others too (measured with ``--cov-context=test``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import coverage
import pytest

EXAMPLES = 15
"""Examples of a property whose lines are counted."""

EXAMPLES_OF_OTHERS = frozenset(
    {
        "assessment.required_growth.required_growth",
        "plan.growth_paths.growth_paths",
        "plot.assessment.progress",
        "plot.growth.paths",
        "plot.growth.paths_figure",
        "plot.sensitivity.sensitivity_figure",
        "plot.portfolio.frontier_line",
        "portfolio.choose.choose_projects",
        "report.write.write_report",
        "results.Result",
        "scenario.archive.load_result",
        "scenario.archive.rerun",
        "scenario.archive.save_result",
        "scenario.dataset.long_table",
        "scenario.dataset.to_iamc",
        "scenario.simulate.simulate",
        "sensitivity.attribution.attribute",
        "sensitivity.two_way.two_way",
        "text.portfolio.choice_text",
        "text.result_tables.kind_of",
    }
)
"""Examples in docstrings whose lines tests walk, too."""


class Tracer:
    """The running coverage measurements, of which a worker has two, nested."""

    def __init__(self) -> None:
        self.resting: list[coverage.Coverage] = []

    def rest(self) -> None:
        while (measurement := coverage.Coverage.current()) is not None:
            measurement.stop()
            self.resting.append(measurement)

    def resume(self) -> None:
        while self.resting:
            self.resting.pop().start()


@contextmanager
def lines_not_counted() -> Iterator[None]:
    tracer = Tracer()
    tracer.rest()
    try:
        yield
    finally:
        tracer.resume()


@contextmanager
def first_examples_counted(handle: Any) -> Iterator[None]:
    """Let a property be traced for its first examples alone; ``handle`` is hypothesis' own."""
    tracer, inner, examples = Tracer(), handle.inner_test, 0

    def example(*args: object, **kwargs: object) -> object:
        nonlocal examples
        examples += 1
        if examples == EXAMPLES + 1:
            tracer.rest()
        return inner(*args, **kwargs)

    handle.inner_test = example
    try:
        yield
    finally:
        handle.inner_test = inner
        tracer.resume()


def counting(item: Any) -> Callable[[], Any] | None:
    """Return how the lines of a test are counted where it is not in the usual way."""
    example = item.name.removeprefix("corridor_model.")
    rests = item.get_closest_marker("uncounted") or example in EXAMPLES_OF_OTHERS
    if rests and not item.get_closest_marker("counted"):
        return lines_not_counted
    handle = getattr(getattr(item, "obj", None), "hypothesis", None)
    if handle is not None and hasattr(handle, "inner_test"):
        return lambda: first_examples_counted(handle)
    return None


def a_third(cases: Sequence[Any]) -> list[Any]:
    """Return cases of which every third is tried after each change, the others by `make slow`."""
    return [
        pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.slow)
        if place % 3
        else case
        for place, case in enumerate(cases)
    ]
