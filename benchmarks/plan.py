"""What it costs to start and to load a plan: ratios of medians in one run.

Run with ``python -m benchmarks.plan``; the exit code is 1 if a ratio is above its limit.

- A fresh process that imports the library, loads the bundled plan and computes a growth
  rate, beside one that imports NumPy. Whole processes, nothing subtracted.
- ``corridor --help``, beside the same.
- Loading and checking a made-up plan of 10,000 indicators with 10,000 targets and 1,000
  works, beside pandas reading the same files. Within one process, imports paid before.

Rounds are interleaved, so that a busy machine slows both sides alike.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

ROUNDS = 15
TARGETS, WORKS = 10_000, 1_000

NUMPY = "import numpy"
WHOLE = (
    "import corridor_model as cm; plan = cm.load_plan(); "
    "assert abs(cm.growth.cagr(451.84, plan.indicators['gdp'].target.value, 4) - .0644) < 1e-4"
)


class Pair(NamedTuple):
    name: str
    limit: float
    ours: Callable[[], object]
    other: Callable[[], object]


def process(*arguments: str) -> Callable[[], object]:
    """Return what runs a fresh process and waits for it."""
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    return lambda: subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, env=environment)


def made_up(folder: Path) -> Path:
    """Write a plan as large as a province's, with every kind of column filled."""
    from corridor_model.plan.load import load_plan
    from corridor_model.plan.plan import Plan
    from corridor_model.tabular.table import from_rows

    kinds = ("level", "share", "growth", "cumulative", "ratio")
    units = {"share": "%", "growth": "%", "level": "亿元", "cumulative": "家", "ratio": "%"}
    names = [f"indicator_{i:05d}" for i in range(TARGETS)]
    indicators = [
        {
            "id": name, "name_zh": f"指标第{i}号", "name_en": f"Indicator {i}", "group": "g",
            "kind": kinds[i % 5], "unit": units[kinds[i % 5]], "nature": "flow", "scope": "a",
        }
        for i, name in enumerate(names)
    ]  # fmt: skip
    targets = [
        {
            "indicator": name, "value": 10 + i % 80 + i % 7 / 10, "sense": "at_least",
            "year": 2026, "month": None, "places": (f"二/{i}", f"附件一/{i}"),
        }
        for i, name in enumerate(names)
    ]  # fmt: skip
    works = [
        {
            "id": f"work_{i}", "table": 1, "row": i, "name_zh": f"第{i}号路", "category": "road",
            "length_km": 1 + i % 9 / 2, "length_in_area_km": 1.0, "opens": True,
            "start": f"2024-{1 + i % 12:02d}", "end": "2026-12", "investment": i / 10,
            "lead_units": (f"局{i % 50}",), "other_units": (f"局{(i + 1) % 50}", f"局{i % 7}"),
        }
        for i in range(WORKS)
    ]  # fmt: skip
    rows = {
        "about": [{"id": "big", "name_zh": "大", "first_year": 2024, "last_year": 2026}],
        "groups": [{"id": "g", "name_zh": "组"}],
        "areas": [{"id": "a", "name_zh": "区"}],
        "indicators": indicators,
        "targets": targets,
        "projects": works,
        "units": [{"name": f"局{i}", "aliases": ()} for i in range(50)],
    }
    tables = {name: from_rows(name, rows.get(name, [])) for name in load_plan().tables}
    return Plan(tables).to_folder(folder)


def pairs(folder: Path) -> list[Pair]:
    """Return what is timed, and beside what."""
    import pandas as pd

    from corridor_model.plan.load import load_plan

    files = sorted(folder.glob("*.csv"))
    numpy = process(sys.executable, "-c", NUMPY)
    script = Path(sys.executable).with_name("corridor")
    found = [
        Pair("import, load_plan(), one cagr", 2.0, process(sys.executable, "-c", WHOLE), numpy),
        Pair(
            "python -m corridor_model.cli --help",
            1.0,
            process(sys.executable, "-m", "corridor_model.cli", "--help"),
            numpy,
        ),
        Pair(
            f"load {TARGETS:,} targets, {WORKS:,} works",
            5.0,
            lambda: load_plan(folder),
            lambda: [pd.read_csv(file) for file in files],
        ),
    ]
    if script.exists():
        found.insert(2, Pair("corridor --help", 1.0, process(str(script), "--help"), numpy))
    return found


def medians(pair: Pair) -> tuple[float, float]:
    """Return seconds of both sides, timed in turns; the first round is not counted."""
    ours, other = [], []
    for _ in range(ROUNDS + 1):
        for work, seconds in ((pair.ours, ours), (pair.other, other)):
            start = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - start)
    return statistics.median(ours[1:]), statistics.median(other[1:])


def main(argv: Sequence[str] | None = None) -> int:
    """Print a table of ratios and return 1 if one is over its limit."""
    over = 0
    print(f"{'what':<40} {'ms':>8} {'beside':>8} {'ratio':>6} {'limit':>6}")
    with tempfile.TemporaryDirectory() as home:
        for pair in pairs(made_up(Path(home))):
            ours, other = medians(pair)
            ratio = ours / other
            over += ratio > pair.limit
            mark = "  OVER" if ratio > pair.limit else ""
            print(
                f"{pair.name:<40} {ours * 1e3:8.1f} {other * 1e3:8.1f} {ratio:6.2f} "
                f"{pair.limit:6.1f}{mark}",
                flush=True,
            )
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
