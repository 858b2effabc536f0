"""Results on standard output: a table for people, JSON and CSV for programs."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor_model.files import guarded
from corridor_model.labels import SCHEMA_VERSION
from corridor_model.messages import UNSEEN, printable
from corridor_model.plan.load import load_plan
from corridor_model.plan.plan import Plan
from corridor_model.rows import plain_value, text_rows
from corridor_model.text import layout

if TYPE_CHECKING:
    from corridor_model.observations.model import Observations

NARROWEST, WIDEST = 60, 120


def plan_of(options: Namespace) -> Plan:
    """Load the plan that the options name."""
    return load_plan(options.plan, baselines=options.baselines, example=options.example)


def with_reports(options: Namespace, plan: Plan) -> Plan:
    """Return the plan with the reports on works and tasks that stand beside the figures."""
    if not options.observations:
        return plan
    from corridor_model.observations.reports import load_reports, with_tables

    return with_tables(plan, *load_reports(options.observations, plan))


def _reports_alone(source: str) -> bool:
    from corridor_model.observations.reports import holds_reports_alone

    return holds_reports_alone(source)


def figures_of(options: Namespace, plan: Plan) -> Observations | None:
    """Load the user's figures, over those of the worked example where that is asked for."""
    own = None
    if options.observations and not _reports_alone(options.observations):
        from corridor_model.observations.load import load_observations

        own = load_observations(options.observations, plan)
        if own.lines:  # a file; a store said so when it was filled
            print(printable(own.summary.text(options.lang)), file=sys.stderr)  # noqa: T201
    if not options.example:
        return own
    from corridor_model.observations.load import example_observations

    example = example_observations()
    return example if own is None else example + own


def say(*lines: str, is_bold: bool = False) -> None:
    """Print lines; what others wrote into them steers no terminal."""
    for line in map(printable, lines):
        print(bold(line) if is_bold else line)  # noqa: T201


def places() -> int:
    """Return how wide a table may be: the terminal, or 80 where there is none."""
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size((80, 24)).columns))


def bold(text: str) -> str:
    """Return text in bold on a terminal that is not told otherwise (NO_COLOR)."""
    if sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb":
        return f"\x1b[1m{text}\x1b[0m"
    return text


def heading(text: str, *paragraphs: str) -> None:
    """Print a heading after an empty line, and what stands below it."""
    say("")
    say(*layout.wrap(text, places()), is_bold=True)
    paragraph(*paragraphs)


def paragraph(*texts: str) -> None:
    """Print texts broken to the width of the terminal."""
    for text in texts:
        say(*layout.wrap(text, places()))


def remark(text: str) -> None:
    """Print a text after an empty line."""
    say("")
    paragraph(text)


@contextmanager
def solver_silent() -> Iterator[None]:
    """Keep what a C library prints on its own out of the output; for one command, one thread."""
    sys.stdout.flush()
    try:
        stdout = os.dup(1)
    except OSError:  # no standard output at all
        yield
        return
    try:
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            yield
    finally:
        os.dup2(stdout, 1)
        os.close(stdout)


def table(header: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[bool]) -> None:
    """Print a table that fits the terminal."""
    lines = layout.table(header, rows, numeric=numeric, places=places())
    say(lines[0], is_bold=True)
    say(*lines[1:])


def records(rows: Sequence[Mapping[Any, Any]], form: str) -> None:
    """Print rows as a JSON list or as CSV; a mask is null, or an empty cell (S7).

    JSON stays a list, so that each row says of which version its names are.
    """
    if form == "json":
        version = {"schema_version": SCHEMA_VERSION}
        whole = [{key: plain_value(row[key]) for key in row} | version for row in rows]
        text = json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False)
        say(re.sub(UNSEEN, lambda sign: f"\\u{ord(sign[0]):04x}", text))  # nothing is lost
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerows([guarded(printable(cell)) for cell in row] for row in text_rows(rows))
