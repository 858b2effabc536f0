"""``corridor choose``: what is typed on the line, and tables that have nothing to show."""

from __future__ import annotations

import json

import pytest
from tests.helpers.paths import BASE_PLAN

from corridor_model.cli import main
from corridor_model.cli.choose import parse_amounts, parse_budget, parse_starts, read_benefit
from corridor_model.errors import PlanError

# two works: a road of 3.6 亿元 that opens 4.2 km, and a river of 0.8 亿元 that opens nothing


def choose(capfd, *words):
    code = main(["choose", "--plan", str(BASE_PLAN), "--lang", "en", *words])
    captured = capfd.readouterr()
    return code, " ".join(captured.out.split()), " ".join(captured.err.split())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2024=1,2024=2", "'2024' must be a year, each once."),
        ("=3", "'' must be a year, each once."),
    ],
)
def test_a_year_without_a_number_or_twice_is_refused(text, said):
    with pytest.raises(PlanError) as wrong:
        parse_budget(text)
    assert said in str(wrong.value)


@pytest.mark.parametrize("text", ["road", "road=", "road=-", "road=1,road=2", "road=1,road"])
def test_an_amount_that_would_be_lost_is_refused(text):
    with pytest.raises(PlanError, match="must be a name and its money, each once") as wrong:
        parse_amounts(text, "--costs")
    assert len(wrong.value.problems) == 1
    assert wrong.value.problems[0].file == "--costs"


def test_amounts_and_years_of_delay():
    assert parse_amounts("road=3600万元, river = 0.8", "--costs") == {"road": 0.36, "river": 0.8}
    assert [parse_starts(text) for text in (None, "printed", "2")] == [None, "printed", 2]


def test_a_benefit_table_names_every_column_it_lacks(tmp_path):
    file = tmp_path / "benefit.csv"
    file.write_text("work,value\nroad,3\n", encoding="utf-8")
    with pytest.raises(PlanError) as wrong:
        read_benefit(str(file))
    assert [(p.file, p.what.text("en")) for p in wrong.value.problems] == [
        ("benefit.csv", "has no column project."),
        ("benefit.csv", "has no column benefit."),
    ]


@pytest.mark.uncounted
def test_so_many_years_late_and_no_more(capfd):
    # nothing may be spent before 2025: a year late both works fit, as printed neither
    line = ("--budget", "2024=0,2025=5,2026=5", "--format", "json", "--starts")
    for years, begins in (("1", {2025}), ("printed", {None})):
        main(["choose", "--plan", str(BASE_PLAN), *line, years])
        rows = json.loads(capfd.readouterr().out)
        assert {row["start_year"] for row in rows} == begins


def test_what_the_next_best_choice_does_otherwise(capfd, tmp_path):
    file = tmp_path / "benefit.csv"
    file.write_text("project,benefit\nriver,10\nroad,5\n", encoding="utf-8")
    words = ("--budget", "3.7", "--starts", "printed", "--benefit", str(file))
    _, out, _ = choose(capfd, *words)
    # both cost 4.4: 10 of the river, or else 5 of the road
    assert "+ Stone road; - River works 5.00 3.60" in out
    _, out, _ = choose(capfd, "--budget", "2")
    assert "River works→2024" in out


def test_where_no_other_choice_is_open_none_is_printed(capfd):
    both = ("--committed", "road,river", "--starts", "printed")
    code, out, _ = choose(capfd, *both)
    assert code == 0
    assert "The next best choices" not in out
    assert "2 of 2 works" in out


def test_a_cut_that_changes_nothing_lists_no_change(capfd):
    code, out, _ = choose(capfd, "--budget", "10", "--cut", "50")
    assert code == 0
    assert "The budget cut" in out
    assert "freed" not in out
    assert "4.20 of 4.20 km" in out
