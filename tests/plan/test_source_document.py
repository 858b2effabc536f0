"""Every number of the document is used or explained, and the pages that say so are fresh."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "tests" / "source_document.zh.txt"
DOCS = ROOT / "docs"


@pytest.fixture
def trace(monkeypatch):
    """The script, imported as it is run: with its neighbours beside it."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    import trace_numbers

    return trace_numbers


def test_every_number_has_a_row_or_a_reason_and_the_pages_are_what_the_script_writes(trace, capsys):
    assert trace.main(["--check"]) == 0, capsys.readouterr().err
    assert capsys.readouterr().out.startswith("572 numbers")


def test_the_script_writes_the_pages_it_checks(trace, tmp_path):
    assert trace.main(["--docs", str(tmp_path), "--check"]) == 1
    assert trace.main(["--docs", str(tmp_path)]) == 0
    for page in ("coverage.md", "conflicts.md"):
        assert (tmp_path / page).read_bytes() == (DOCS / page).read_bytes()


@pytest.mark.parametrize(
    ("printed", "changed", "message"),
    [
        ("生产总值达到580亿元", "生产总值达到590亿元", "gdp 580 亿元 @ 二/5"),
        ("生产总值达到580亿元", "生产总值达到590亿元", "590 in «"),
        ("组织赴国外交流研修的人才总数达到30人", "人才总数达到31人", "31 in «"),
        ("到2021年,完成视觉", "到2023年,完成视觉", "附件一/20): 2023 in «"),
        ("全长约4.1公里", "全长约4.2公里", "附件二/9): 4.2 in «"),
        ("工程投资约1320万元", "工程投资约1330万元", "附件三/9): 1330 in «"),
        ("设计速度为80公里/小时", "设计速度为100公里/小时", "100 in «"),
        ("设计速度为80公里/小时", "设计速度为100公里/小时", "explains no number"),
        ("深化布局数字经济产业\n", "深化布局7项数字经济产业\n", "7 in «"),
        ("\n52\n", "\n53\n", "no place 附件四/52"),
    ],
)
def test_a_number_without_a_row_is_reported(trace, tmp_path, capsys, printed, changed, message):
    text = SOURCE.read_text(encoding="utf-8")
    assert printed in text
    source = tmp_path / "document.txt"
    source.write_text(text.replace(printed, changed), encoding="utf-8")
    assert trace.main(["--source", str(source), "--docs", str(tmp_path)]) == 1
    assert message in capsys.readouterr().err


def test_the_counts_are_those_of_the_data(plan):
    page = (DOCS / "coverage.md").read_text(encoding="utf-8")
    total = next(line for line in page.splitlines() if line.startswith("| **合计** |"))
    numbers = [int(number) for number in re.findall(r"\d+", total)]
    targets = sum(len(indicator.targets) for indicator in plan.indicators.values())
    assert numbers == [43 + 26 + 54 + 53, 160, 24, targets, 57, len(plan.conflicts)]
    heads = {"附件一": (43, 42, 42), "附件二": (26, 21, 22), "附件三": (54, 11, 44)}
    for part, counts in (heads | {"附件四": (53, 52, 52)}).items():
        row = next(line for line in page.splitlines() if line.startswith(f"| {part} |"))
        assert tuple(int(number) for number in re.findall(r"\d+", row)[:3]) == counts
    governing = re.findall(r"^\| (?:二|三|四|附件.) \|(.+)", page, re.MULTILINE)[:7]
    assert sum(int(row.split("|")[4]) for row in governing) == targets


def test_every_row_is_traced_to_its_place(plan):
    page = (DOCS / "coverage.md").read_text(encoding="utf-8").partition("## 逐处对照")[2]
    traced = set(re.findall(r"`([a-z0-9_]+)`", page))
    rows = {*plan.indicators, *plan.tasks, *plan.projects, *plan.conflicts}
    assert traced == rows - {"title_forms"}  # a title is no place


def test_the_conflicts_page_shows_every_conflict_whole(plan):
    page = (DOCS / "conflicts.md").read_text(encoding="utf-8")
    for conflict in plan.conflicts.values():
        assert page.count(f"`{conflict.id}`") == 1
        assert f"### {conflict.subject}\n" in page
        for reading in conflict.readings:
            assert f"  - {reading}\n" in page
        for half in (*conflict.used.split(" / "), *conflict.reason.split(" / ")):
            assert half in page


def test_the_offices_of_every_task_stand_as_printed_in_its_row(trace, plan):
    from source_places import read_lines

    printed: dict[str, set[str]] = {}
    for line in read_lines(SOURCE):
        printed.setdefault(line.place, set()).add(line.text)
    for task in plan.tasks.values():
        units = [*task.lead_units, *task.other_units]
        star = "*" if len(units) > 1 else ""
        said = "、".join([star + unit for unit in task.lead_units] + list(task.other_units))
        if task.id == "annex4_24":  # a separator is missing in print
            said = said.replace("、", "", 1)
        place = f"附件{'一二三四'[task.table - 1]}/{task.row}"
        assert said in printed[place], task.id


def test_reasons_are_given_in_both_languages():
    with (ROOT / "scripts" / "numbers_not_used.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert row["number"] in row["context"]
            assert re.search("[\u4e00-\u9fff]", row["reason_zh"])
            assert re.search("[a-z]", row["reason_en"])
