"""Files as they arrive: each mistake has its words, each habit is understood.

``expect.toml`` of tests/wrong_observations says what each file must be told, in both
languages; that of tests/accepted_observations says what each file means.
"""

from __future__ import annotations

import tomllib
import warnings

import pytest
from tests.helpers.paths import TESTS

import corridor_model as cm
from corridor_model.errors import CorridorError, PlanError
from corridor_model.observations.load import load_observations
from corridor_model.observations.reports import load_table

WRONG, ACCEPTED = TESTS / "wrong_observations", TESTS / "accepted_observations"
EXPECTED = tomllib.loads((WRONG / "expect.toml").read_text(encoding="utf-8"))
MEANT = tomllib.loads((ACCEPTED / "expect.toml").read_text(encoding="utf-8"))


def files(folder):
    return sorted(file.name for file in folder.iterdir() if file.suffix != ".toml")


def load(file, table, plan):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if table == "observations":
            return load_observations(file, plan)
        return load_table(file, table, plan)


def test_every_file_is_expected():
    assert files(WRONG) == sorted(EXPECTED)
    assert files(ACCEPTED) == sorted(MEANT)
    assert len(EXPECTED) >= 50


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_wrong(name, plan):
    expected = EXPECTED[name]
    with pytest.raises(PlanError) as caught:
        load(WRONG / name, expected.get("table", "observations"), plan)
    error = caught.value
    assert isinstance(error, CorridorError)
    assert isinstance(error, ValueError)
    for lang in ("zh", "en"):
        for words in expected[lang]:
            assert words in error.text(lang)
        assert all("\n" not in problem.text(lang) for problem in error.problems)
    # one mistake is said once, not once for each of its consequences
    assert len(error.problems) == expected.get("mistakes", 1), error.text("en")
    assert all(problem.remedy.text("zh") and problem.remedy.text() for problem in error.problems)
    assert all(problem.file.startswith(name) for problem in error.problems)


@pytest.mark.parametrize("name", sorted(MEANT))
def test_accepted(name, plan):
    found = load(ACCEPTED / name, "observations", plan)
    columns = ("indicator", "period", "measure", "basis", "value", "unit")
    rows = zip(*(found.table[column] for column in columns), strict=True)
    assert [[str(v or "") if v is None else str(v) for v in row] for row in rows] == [
        list(row) for row in MEANT[name]["rows"]
    ]
    assert [remark.reason for remark in found.remarks] == MEANT[name].get("reasons", [])
    assert set(found.table["origin"]) <= {"user"}


def test_the_same_file_as_csv_xlsx_and_frame(plan, tmp_path):
    import pandas as pd

    frame = pd.read_csv(ACCEPTED / "year_column.csv", dtype=str)
    frame.to_excel(tmp_path / "same.xlsx", index=False)
    tables = [
        load(source, "observations", plan).table
        for source in (ACCEPTED / "year_column.csv", frame, tmp_path / "same.xlsx")
    ]
    assert tables[0] == tables[1] == tables[2]


def test_pictures_and_changes_of_shares_are_noted(plan):
    notes = load(ACCEPTED / "wps.xlsx", "observations", plan).notes
    assert any("picture" in note.text("en") for note in notes)
    notes = load(ACCEPTED / "bulletin.csv", "observations", plan).notes
    assert any("percentage points" in note.text("en") for note in notes)


def test_the_period_may_be_given_beside_the_file(plan):
    import pandas as pd

    frame = pd.DataFrame({"指标": ["生产总值"], "累计": [370.1]})
    assert load_observations(frame, plan, period="2021-09").table["period"] == ("2021-09",)
    frame = pd.DataFrame({"指标": ["生产总值"], "时期": ["1—9月"], "数值": [370.1]})
    assert load_observations(frame, plan, period=2021).table["period"] == ("2021-09",)


def test_bundled_plan_by_default():
    import pandas as pd

    rows = pd.DataFrame({"indicator": ["gdp"], "period": [2021], "value": [500]})
    assert load_observations(rows).table == load_observations(rows, cm.load_plan()).table


def test_a_mistake_of_a_wide_table_names_the_heading_its_figure_stood_under(plan):
    import pandas as pd

    frame = pd.DataFrame({"指标": ["生产总值"], "本月": ["约四十"], "累计（亿元）": ["约三百"]})
    with pytest.raises(PlanError) as caught:
        load_observations(frame, plan, period="2021-09")
    places = [(problem.row, problem.column) for problem in caught.value.problems]
    assert places == [(2, "本月"), (2, "累计（亿元）")]
    table = load_observations(
        frame.replace({"约四十": "40", "约三百": "370"}), plan, period="2021-09"
    )
    assert table.table.lines == [2, 2]


def test_a_table_that_is_not_filled_in_like_this_is_named_in_both_languages(plan):
    with pytest.raises(CorridorError, match="Known: annual_targets") as caught:
        load_table("nowhere.csv", "targets", plan)
    assert "可用：annual_targets、annual_investment" in caught.value.text("zh")
