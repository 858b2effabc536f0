"""Tie every number of the printed document to a row of the plan, or to a reason.

Run from anywhere::

    python scripts/trace_numbers.py           # writes docs/coverage.md and docs/conflicts.md
    python scripts/trace_numbers.py --check   # writes nothing; the pages must be up to date

It ends with 1 when a number has neither a row nor a reason, when a target's value is not
printed at one of its places, when a place does not exist, or when a reason in
``numbers_not_used.csv`` explains nothing.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from pathlib import Path

from number_uses import Occurrence, Uses, row_place, task_place
from plan_pages import Explained, conflicts_page, coverage_page
from source_places import Line, read_lines

from corridor_model import load_plan
from corridor_model.plan.plan import Plan

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "tests" / "source_document.zh.txt"
REASONS = Path(__file__).with_name("numbers_not_used.csv")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the two pages; return 1 if anything is left unexplained."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--source", type=Path, default=SOURCE, help="the printed document")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs", help="folder of the pages")
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    options = parser.parse_args(arguments)

    plan = load_plan()
    lines = read_lines(options.source)
    uses = Uses(plan, lines)
    explained, problems = explain(uses)
    problems += [f"the value is not printed there: {said}" for said in uses.not_found]
    problems += unknown_places(plan, lines)
    pages = {
        "coverage.md": coverage_page(plan, lines, uses, explained),
        "conflicts.md": conflicts_page(plan),
    }
    for name, text in pages.items():
        page = options.docs / name
        if options.check:
            if not page.is_file() or page.read_text(encoding="utf-8") != text:
                problems.append(f"docs/{name} is not what scripts/trace_numbers.py writes")
        else:
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(text, encoding="utf-8")
    for problem in problems:
        sys.stderr.write(problem + "\n")
    sys.stdout.write(f"{len(uses.numbers)} numbers, {len(explained)} of them used by no row\n")
    return 1 if problems else 0


def explain(uses: Uses) -> tuple[Explained, list[str]]:
    """Return the numbers that no row uses with their reasons, and what went wrong."""
    with REASONS.open(encoding="utf-8", newline="") as file:
        reasons = list(csv.DictReader(file))
    idle = set(range(len(reasons)))
    explained: Explained = []
    problems = []
    for number in uses.numbers:
        if uses.of(number) is not None:
            continue
        at = next((i for i, row in enumerate(reasons) if _fits(row, number)), None)
        if at is None:
            problems.append(
                f"line {number.line.number} ({number.line.place}): {number.text} in "
                f"«{number.context}» has neither a row nor a reason"
            )
            continue
        idle.discard(at)
        explained.append((number, (reasons[at]["reason_zh"], reasons[at]["reason_en"])))
    problems += [f"{REASONS.name} row {i + 2} explains no number" for i in sorted(idle)]
    return explained, problems


def _fits(row: dict[str, str], number: Occurrence) -> bool:
    return (
        row["place"] == number.line.place
        and row["number"] == number.text
        and number.within(row["context"])
    )


def unknown_places(plan: Plan, lines: list[Line]) -> list[str]:
    """Return the places that rows name and the document does not have."""
    cells = {task_place(t.table, t.row, t.part) for t in plan.tasks.values()}
    known = {line.place for line in lines if not line.place.startswith("附件三")} | cells
    named = {p for i in plan.indicators.values() for t in i.targets for p in t.places}
    named |= {p for c in plan.conflicts.values() for p in c.places}
    named |= {task_place(w.table, w.row, w.part) for w in plan.projects.values()}
    rows = {line.place for line in lines}
    wrong = (named - known) | {cell for cell in cells if row_place(cell) not in rows}
    return [f"the document has no place {place}" for place in sorted(wrong)]


if __name__ == "__main__":
    raise SystemExit(main())
