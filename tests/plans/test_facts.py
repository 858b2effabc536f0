"""What becomes of 667 rows of 48 published plans: promises, or a name on a short list.

The rows stand in tests/data/plans as printed; `scripts/plans_from_facts.py` turns them into
tables. Nothing here needs the library: it holds the script to the printed cells.
"""

from __future__ import annotations

import re
from collections import Counter

import pytest
from scripts.plans_from_facts import facts, main, plan_tables

PLANS = [row["plan"] for row in facts("plans")]

LISTED = {
    ("EU2030", "12"): "no target was read on any page",
    ("RW-NST1", "o1"): "no target was read on any page",
    ("RW-NST1", "o2"): "no target was read on any page",
    ("RW-NST1", "o3"): "no target was read on any page",
    ("RW-NST1", "o4"): "no target was read on any page",
    ("RW-NST1", "o5"): "no target was read on any page",
    ("RW-EDPRS", "3"): "no target was read on any page",
    ("CZ2020", "5"): "the plan prints no target: n.a.",
    ("EL2020", "2"): "the plan prints no target: to be revised",
}
"""All rows without a promise: none of them prints one."""


@pytest.fixture(scope="module")
def every():
    """Tables, readings and target rows of all plans."""
    return {plan: plan_tables(plan) for plan in PLANS}


def test_rows_in_are_promises_out_and_listed(every):
    rows = facts("tables")
    assert len(rows) == 667
    assert len(PLANS) == 48
    seen = Counter()
    listed = {}
    for plan, (tables, readings, targets) in every.items():
        numbered = [place for places in targets.values() for place in places]
        # each promise is a row of its own, and each row of targets comes from a printed row
        assert sorted(numbered) == list(range(len(tables["targets"]))), plan
        for reading in readings:
            seen[plan, reading.row["row"]] += 1
            assert bool(reading.promises) != bool(reading.listed), (plan, reading.row["row"])
            assert len(targets.get(reading.row["row"], [])) == len(reading.promises)
            if reading.listed:
                listed[plan, reading.row["row"]] = reading.listed
    assert seen == Counter({(row["plan"], row["row"]): 1 for row in rows})
    assert listed == LISTED


def test_no_printed_number_becomes_words(every):
    for plan, (_, readings, _) in every.items():
        for reading in readings:
            row = reading.row
            if all(promise.of == "qualitative" for promise in reading.promises):
                printed = row["target_printed"].replace("“十四五”", "")
                assert not re.search(r"\d", printed), (plan, row["row"], printed)
                assert not row["target_value"]


@pytest.mark.parametrize("column", ["target_value", "target_low", "target_high", "change_value"])
def test_every_number_that_was_read_is_a_bound(every, column):
    """Each figure of the facts is the bound of a promise, or repeats target minus base."""
    for plan, (_, readings, _) in every.items():
        for reading in readings:
            row = reading.row
            if not row[column] or reading.listed:
                continue
            figure = abs(float(row[column]))
            bounds = {abs(p.value) for p in reading.promises if p.value is not None}
            bounds |= {float(p.year) for p in reading.promises if p.of == "milestone" and p.year}
            if "‰" in row["change_printed"] and column == "change_value":
                figure /= 10  # growth is in percent
            if row["target_kind"] == "multiple" and figure == 2:
                figure = 100  # twice as much is 100 % more
            repeated = column == "change_value" and reading.repeats
            assert repeated or any(b == pytest.approx(figure) for b in bounds), (plan, row["row"])


def test_a_second_cell_is_left_out_only_where_it_is_the_first(every):
    repeats = 0
    for _, readings, _ in every.values():
        for reading in readings:
            row = reading.row
            if reading.repeats:
                repeats += 1
                rise = float(row["target_value"]) - float(row["base_value"])
                assert rise == pytest.approx(float(row["change_value"]))
            elif row["change_printed"]:
                assert len(reading.promises) > 1, (row["plan"], row["row"])
    assert repeats == 36


SIGNS = [
    ("gt", {"above"}),
    ("lt", {"below"}),
    ("approx", {"about", "at_least", "at_most"}),  # «about 30-35» is a range as it stands
    ("le", {"at_most"}),
    ("range", {"at_least", "at_most"}),
]


@pytest.mark.parametrize(("comparator", "senses"), SIGNS)
def test_signs_are_kept(every, comparator, senses):
    for plan, (_, readings, _) in every.items():
        for reading in readings:
            if reading.row["comparator"] != comparator or not reading.promises:
                continue
            first = reading.promises[0]
            if first.of not in {"milestone", "qualitative"}:
                assert first.sense in senses, (plan, reading.row["row"], first.sense)


def test_measures_are_counted(every):
    """By how many rows each measure is used; a changed reading shows here."""
    counts = Counter(
        promise.of for _, readings, _ in every.values() for r in readings for promise in r.promises
    )
    assert sum(counts.values()) == sum(len(tables["targets"]) for tables, _, _ in every.values())
    assert set(counts) == {
        "level",
        "share",
        "ratio",
        "rank",
        "growth",
        "cumulative",
        "annual",
        "change",
        "relative_change",
        "milestone",
        "qualitative",
    }
    assert counts["qualitative"] == 21
    assert counts["relative_change"] == 57


def test_the_command_counts_and_writes(tmp_path, capsys):
    assert main(["--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "667 rows = 658 with " in said
    assert said.count("listed: ") == len(LISTED)
    assert len(list(tmp_path.iterdir())) == 48
    assert (tmp_path / "cn_fyp12" / "targets.csv").is_file()
