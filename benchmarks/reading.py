"""What it costs to read bulletins: beside openpyxl opening the same files.

Run with ``python -m benchmarks.reading``; the exit code is 1 if the ratio is above its limit.

200 workbooks of 150 rows, each row an indicator with figures of the month, since January and
growth, beside ``openpyxl.load_workbook(rich_text=True)``. Rounds are interleaved, so that a busy
machine slows both sides alike.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
import warnings
from pathlib import Path

FILES, ROWS, ROUNDS, LIMIT = 200, 150, 3, 3.0
HEADINGS = (
    "序号",
    "指标",
    "计量单位",
    "本月",
    "1—9月累计",
    "同比增长（%）",
    "环比（%）",
    "责任单位",
    "备注",
)


def made_up(folder: Path) -> tuple[Path, list[Path]]:
    """Write a plan of 150 flows, and bulletins of all of them."""
    import openpyxl

    names = [f"第{number}项收入" for number in range(ROWS)]
    plan = folder / "plan"
    plan.mkdir()
    tables = {
        "about": [
            "id,name_zh,name_en,first_year,last_year,source",
            "made_up,某区计划,Made up,2020,2022,x",
        ],
        "indicators": ["id,name_zh,name_en,kind,unit,nature"],
        "targets": ["indicator,year,value,sense,places"],
        "baselines": ["indicator,year,value,unit,origin"],
    }
    for number, name in enumerate(names):
        tables["indicators"].append(f"income_{number},{name},Income {number},level,亿元,flow")
        tables["targets"].append(f"income_{number},2022,900,at_least,一/1")
    for name, rows in tables.items():
        (plan / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    rng, files = random.Random(0), []
    for number in range(FILES):
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.append(["某区2021年1—9月主要指标完成情况"])
        sheet.append([*[None] * 7, "单位：亿元"])
        sheet.append(list(HEADINGS))
        for row, name in enumerate(names, 1):
            month = rng.randint(1, 999) / 10
            figures = [month, month * 9, rng.randint(-99, 199) / 10, rng.randint(-99, 99) / 10]
            sheet.append([row, name, "亿元", *figures, "区发改局", "快报"])
        files.append(folder / f"{number}.xlsx")
        book.save(files[-1])
    return plan, files


def main() -> int:
    """Print both times and their ratio."""
    import openpyxl

    from corridor_model.observations.load import load_observations
    from corridor_model.plan.load import load_plan

    with tempfile.TemporaryDirectory() as name, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folder, files = made_up(Path(name))
        plan = load_plan(folder)
        assert len(load_observations(files[0], plan)) == 3 * ROWS
        ours, theirs = [], []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            for file in files:
                load_observations(file, plan)
            ours.append(time.perf_counter() - start)
            start = time.perf_counter()
            for file in files:
                openpyxl.load_workbook(file, rich_text=True)
            theirs.append(time.perf_counter() - start)
    ratio = statistics.median(ours) / statistics.median(theirs)
    print(f"reading {FILES} bulletins of {ROWS} rows: {statistics.median(ours):.2f} s")
    print(f"openpyxl alone: {statistics.median(theirs):.2f} s; ratio {ratio:.2f} (<= {LIMIT:g})")
    return int(ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
