"""Write docs/wordings.md: every wording of 48 published plans, how it is written, what it answers.

Run from anywhere::

    python scripts/wordings_page.py           # writes the page
    python scripts/wordings_page.py --check   # writes nothing; the page must be up to date

Wordings are grouped by how they are written in ``targets.csv``. The answers of a group are those
of one promise of it, computed when the page is written: nothing on the page is written by hand
but its frame.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

import corridor_model as cm

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the script beside this one, however this one is run

from scripts.plans_from_facts import (  # noqa: E402
    Promise,
    Reading,
    Row,
    facts,
    plan_tables,
    write,
)

if TYPE_CHECKING:
    import xarray as xr

PAGE = ROOT / "docs" / "wordings.md"


@dataclass
class Member:
    """One printed cell: its row, its wording, and the places of its rows in targets."""

    plan: str
    row: Row
    wording: str
    places: list[int]


@dataclass
class Group:
    """Wordings that are written alike."""

    written: str
    members: list[Member] = field(default_factory=list)

    def wordings(self) -> str:
        """All of them, the frequent ones first, with the number of promises."""
        counts = Counter(member.wording for member in self.members)
        return " · ".join(
            f"{wording} ({count})" if count > 1 else wording
            for wording, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        )


def wording(printed: str) -> str:
    """Return a printed cell with N for each number.

    Examples
    --------
    >>> wording("年均增长7%、力争7.5%"), wording("[13.5]"), wording("1,500,000 a year")
    ('年均增长N%、力争N%', '[N]', 'N a year')
    """
    return re.sub(r"\d+(?:[.,]\d+)*", "N", printed).replace("|", "/")


def written(rows: Sequence[Row], kind: str) -> str:
    """Return how a printed cell stands in the tables: the cells that are filled."""
    first = rows[0]
    cells = [f"indicator `{kind}`"]
    if first["kind"]:
        cells.append(f"`kind={first['kind']}`")
    if len(rows) == 2:
        cells.append("two rows: `at_least` the low value, `at_most` the high one")
    elif first["relative_to"]:
        cells.append(f"`{first['sense']}`, `relative_to`, `margin=0`")
    elif first["sense"]:
        cells.append(f"`{first['sense']}`")
    cells += [f"`{name}={first[name]}`" for name in ("tier", "role") if first[name]]
    cells += [f"`{name}`" for name in ("base_year", "from_year", "any_of") if first[name]]
    if not first["year"]:
        cells.append("no `year`")
    return ", ".join(cells)


def cells_of(reading: Reading) -> Iterator[tuple[str, list[int]]]:
    """Yield each printed cell of a row with the places of its promises: two for a range."""
    row, promises = reading.row, reading.promises
    low = ("at_least", "at_most")
    at = 0
    while at < len(promises):
        one = promises[at]
        other = promises[at + 1] if at + 1 < len(promises) else None
        is_range = (
            other is not None
            and {one.sense, other.sense} == set(low)
            and (one.part, one.of, one.year, one.tier)
            == (other.part, other.of, other.year, other.tier)
        )
        text = row["target_printed"]
        if one.why == row["change_printed"] != "" or re.match(r"20\d\d=", one.why):
            text = one.why
        yield wording(text), [at, at + 1] if is_range else [at]
        at += 2 if is_range else 1


def groups() -> tuple[list[Group], list[Reading]]:
    """Return all promises grouped by how they are written, and the rows listed without one."""
    found: dict[str, Group] = {}
    listed: list[Reading] = []
    for plan in (row["plan"] for row in facts("plans")):
        tables, readings, targets = plan_tables(plan)
        kinds = {row["id"]: row["kind"] for row in tables["indicators"]}
        for reading in readings:
            if reading.listed:
                listed.append(reading)
                continue
            places = targets[reading.row["row"]]
            for text, which in cells_of(reading):
                rows = [tables["targets"][places[at]] for at in which]
                how = written(rows, kinds[rows[0]["indicator"]])
                member = Member(plan, reading.row, text, [places[at] for at in which])
                found.setdefault(how, Group(how)).members.append(member)
    order = sorted(found.values(), key=lambda group: (-len(group.members), group.written))
    return order, listed


# What the library answers.


@dataclass
class Answers:
    """A plan with its answers before and at the date of every promise."""

    plan: cm.Plan
    required: pd.DataFrame
    paths: xr.Dataset
    verdicts: dict[int, xr.Dataset]

    @classmethod
    def of(cls, plan: str) -> Answers:
        """Load a plan of the facts and ask everything once."""
        tables, _, _ = plan_tables(plan)
        loaded = loaded_plan(plan)
        years = {int(row["year"]) for row in tables["targets"] if row["year"]}
        whens = sorted({year - step for year in years for step in (0, 1)})
        return cls(
            loaded,
            cm.required_growth(loaded),
            cm.growth_paths(loaded, rates=(RATE,)),
            {when: cm.assess(loaded, as_of=when) for when in whens},
        )

    def cells(self, row: Row) -> list[str]:
        """Return what required, paths, assess before and at the date, and p_reach answer."""
        name = promise_of(self.plan, row)
        due = int(row["year"]) if row["year"] else max(self.verdicts)
        before, at = (self.verdicts[when].sel(indicator=name) for when in (due - 1, due))
        return [
            _required(self.required.loc[name]),
            _path(self.paths.sel(indicator=name)),
            _verdict(before),
            _verdict(at),
            _chance(before),
        ]


def loaded_plan(plan: str) -> cm.Plan:
    """Return a plan of the facts, loaded from the folder it makes."""
    tables, _, _ = plan_tables(plan)
    with tempfile.TemporaryDirectory() as folder:
        return cm.load_plan(write(tables, Path(folder) / "plan"))


RATE = 0.05
"""Of the path that is shown beside each promise."""


def promise_of(plan: cm.Plan, row: Row) -> str:
    """Return the id of the promise that a row of targets belongs to."""
    for name, promise in plan.targets.items():
        if promise.of != row["indicator"] or promise.kind != (row["kind"] or promise.series_kind):
            continue
        rows = [
            (_text(t.value), t.sense or "", _text(t.year), t.tier or "") for t in promise.targets
        ]
        if (row["value"], row["sense"], row["year"], row["tier"]) in rows:
            return name
    raise LookupError(row)


def _text(number: float | None) -> str:
    return "" if number is None else f"{number:.12g}"


def _required(needed: pd.Series[Any]) -> str:
    """Rate or step a year, or the reason that there is neither."""
    if needed["reason"] and not np.isfinite(needed["required_step"]):
        return f"*{needed['reason']}*"
    if pd.notna(needed["already_met"]) and needed["already_met"]:
        return "already met"
    if np.isfinite(needed["required_rate"]):
        return f"{needed['required_rate']:+.2%} a year"
    return f"{needed['required_step']:+.4g} {needed['unit']} a year"


def _path(paths: xr.Dataset) -> str:
    """When a path at the rate meets the promise, or the start that it would need."""
    if reason := str(paths["reached_reason"].values[0]):
        start = float(paths["required_baseline"].values[0])
        return f"start needed {start:.4g}" if np.isfinite(start) else f"*{reason}*"
    if reason := str(paths["year_reached_reason"].values[0]):
        return f"*{reason}*"
    return f"met in {int(paths['year_reached'].values[0])}"


def _verdict(verdict: xr.Dataset) -> str:
    """Status, or the reason why none."""
    status, reason = str(verdict["status"].item()), str(verdict["reason"].item())
    return f"*{reason}*" if status == "not_assessable" else status + (f" ({reason})" * bool(reason))


def _chance(verdict: xr.Dataset) -> str:
    """The probability, or the reason why none."""
    chance = float(verdict["p_reach"].item())
    return f"{chance:.3f}" if np.isfinite(chance) else f"*{verdict['p_reach_reason'].item()}*"


# Final verdicts against what happened.


@dataclass(frozen=True)
class Outcome:
    """A promise whose outcome is printed: what the figures say, and what `assess` says."""

    plan: str
    row: Row
    promise: str
    printed: str
    verdict: str
    is_final: bool

    @property
    def agrees(self) -> bool:
        """Whether the verdict is that of the printed figures."""
        return self.printed == self.verdict


def final_verdicts(plan: str) -> Iterator[Outcome]:
    """Yield every promise of a plan with an outcome, judged at the date of the outcome."""
    tables, readings, targets = plan_tables(plan)
    loaded, verdicts = loaded_plan(plan), {}
    for reading in readings:
        row = reading.row
        if not row["outcome_printed"] or not row["outcome_year"].isdigit() or reading.listed:
            continue
        when = int(row["outcome_year"])
        if when not in verdicts:
            verdicts[when] = cm.assess(loaded, as_of=when, method=None)
        seen: set[str] = set()
        for promise, place in zip(reading.promises, targets[row["row"]], strict=True):
            name = promise_of(loaded, tables["targets"][place])
            if name in seen or promise.year != row["target_year"]:
                continue  # the other end of a range; a waypoint of another year
            seen.add(name)
            verdict = verdicts[when].sel(indicator=name)
            yield Outcome(
                *(plan, row, name, _printed_verdict(row, promise)),
                verdict=_verdict(verdict).strip("*"),
                is_final=row["outcome_year"] == row["target_year"],
            )


def _printed_verdict(row: Row, promise: Promise) -> str:
    """Return what the two printed cells say by themselves: achieved, missed or nothing."""
    second = promise.why == row["change_printed"] != ""
    outcome = row["outcome_value"]
    target = row["target_value"]
    if second:
        pair = re.search(r";\s*\[?(-?\d+(?:\.\d+)?)", row["outcome_printed"])
        rate = re.fullmatch(r"(-?\d+(?:\.\d+)?)%", row["outcome_printed"])
        outcome = pair[1] if pair else rate[1] if rate else ""
        target = row["change_value"]
    elif row["target_low"] and outcome:
        within = float(row["target_low"]) <= float(outcome) <= float(row["target_high"])
        return "achieved" if within else "missed"
    silent = {"approx", ""} if not second else set()
    if not outcome or not target or row["comparator"] in silent:
        return ""
    if row["target_kind"] in {"multiple", "qualitative", "relative"}:
        return ""
    have, want = float(outcome), float(target)
    sign = row["comparator"]
    if second:
        marks = {">": "gt", "＞": "gt", "<": "lt", "＜": "lt"}
        sign = marks.get(row["change_printed"][0], "ge")
        if "左右" in row["change_printed"]:
            return ""
    met = {
        "eq": have >= want,
        "ge": have >= want,
        "gt": have > want,
        "le": have <= want,
        "lt": have < want,
    }[sign]
    return "achieved" if met else "missed"


# The page.

HEAD = f"""# Wordings of real plans · 真实规划的写法

How 48 published plans word their targets, how each wording stands in the tables, and what the
library answers. `scripts/wordings_page.py` writes this page from `tests/data/plans` (the rows as
printed, each with its source) and from answers computed on the spot; a test holds it up to date.

- **Wordings**: printed cells with N for each number, and how many cells are worded so.
- **Written**: the measure of the indicator and the cells of `targets.csv` beside `value` and
  `year`. A fall is a negative change with `at_most`; a number without a sign is a floor, and a
  ceiling where the base lies above it; «about» without a tolerance is kept and not assessable.
- **Required, path, assess, p_reach** are those of the example: the rate or step a year that it
  needs; when a path of {RATE:.0%} a year meets it, or the start that such a path would need; the
  verdict a year before the date and at the date; the probability a year before. *Reasons* are
  those of `assess` where nothing can be said, mostly because no figure was published.

"""


TITLES = (
    *("Wordings", "Written", "Example", "Required", "Path"),
    *("Assess before", "At the date", "p_reach"),
)


def page() -> str:
    """Return the page."""
    found, listed = groups()
    asked: dict[str, Answers] = {}
    lines = []
    for group in found:
        best = min(group.members, key=lambda member: _rank(member, asked))
        rows = _rows(best)
        cells = asked[best.plan].cells(rows[0])
        example = f"{best.plan}/{best.row['row']}: {_printed(best)}"
        lines.append("| " + " | ".join([group.wordings(), group.written, example, *cells]) + " |")
    n_cells = sum(len(group.members) for group in found)
    n_rows = len(facts("tables"))
    table = "\n".join(
        [
            f"| {' | '.join(TITLES)} |",
            "|---" * len(TITLES) + "|",
            *lines,
        ]
    )
    counts = (
        f"{n_rows} rows of the facts: {n_rows - len(listed)} with {n_cells} printed cells, in "
        f"{len(found)} ways of writing; {len(listed)} rows print no target:\n\n"
    )
    names = "\n".join(
        f"- {r.row['plan']}/{r.row['row']}, {r.row['name_en']}: {r.listed}" for r in listed
    )
    whole = f"{HEAD}{counts}{names}\n\nNothing else is left out.\n\n{table}\n"
    return whole + _outcomes_section()


OUTCOMES = """
## Final verdicts against what happened · 结果核对

For every row with a printed outcome of its date: what the two printed cells say by themselves
(the outcome compared with the target by its sign), and what `assess` says at the date.

"""


def _outcomes_section() -> str:
    """Return how verdicts and printed outcomes compare, with every difference explained."""
    why = {(r["plan"], r["row"], r["promise"]): r["why"] for r in facts("differences")}
    printed = {row["plan"] for row in facts("tables") if row["outcome_printed"]}
    plans = [row["plan"] for row in facts("plans") if row["plan"] in printed]
    every = [outcome for plan in plans for outcome in final_verdicts(plan)]
    final = [outcome for outcome in every if outcome.is_final]
    agree = Counter(outcome.verdict for outcome in final if outcome.agrees)
    words = sum(outcome.verdict == "not_quantified" for outcome in final)
    lines = [
        f"| {o.plan}/{o.row['row']} | {o.promise} | {_cell(o.row['target_printed'])} "
        f"{_cell(o.row['change_printed'])} | {_cell(o.row['outcome_printed'])} | "
        f"{o.printed or '-'} | {o.verdict} | {why[o.plan, o.row['row'], o.promise]} |"
        for o in final
        if not o.agrees and o.verdict != "not_quantified"
    ]
    counts = (
        f"{len(final)} promises have an outcome of their date: {sum(agree.values())} verdicts are "
        f"those of the printed cells ({agree['achieved']} achieved, {agree['missed']} missed), "
        f"{words} have no bound to compare with (左右 or 基本同步 without a tolerance, or words "
        f"without a number), {len(lines)} differ and are explained below. The outcomes of "
        f"{len(every) - len(final)} more are of an earlier year and decide nothing yet.\n\n"
    )
    head = (
        "| Row | Promise | Target | Outcome | Cells say | assess says | Why |\n"
        + "|---" * 7
        + "|\n"
    )
    return OUTCOMES + counts + head + "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "/")


def _rows(member: Member) -> list[Row]:
    tables, _, _ = plan_tables(member.plan)
    return [tables["targets"][place] for place in member.places]


def _printed(member: Member) -> str:
    """Return the printed cell, without what would end a cell of the table."""
    row = member.row
    second = member.wording == wording(row["change_printed"]) != wording(row["target_printed"])
    return (row["change_printed"] if second else row["target_printed"]).replace("|", "/")


def _rank(member: Member, asked: dict[str, Answers]) -> tuple[int, str, str]:
    """Prefer the example with the fewest answers that are reasons."""
    if member.plan not in asked:
        asked[member.plan] = Answers.of(member.plan)
    cells = asked[member.plan].cells(_rows(member)[0])
    silent = sum(cell.startswith("*") for cell in cells)
    return silent, member.plan, member.row["row"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page, or compare it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    options = parser.parse_args(arguments)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CorridorWarning)  # breaks of series, said elsewhere
        text = page()
    if options.check:
        if not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != text:
            sys.stderr.write("docs/wordings.md is not what scripts/wordings_page.py writes\n")
            return 1
    else:
        PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
