"""The workbook: live formulas that a spreadsheet works out to the library's own numbers."""

from __future__ import annotations

import random
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from tests.helpers.assess_plans import baseline, indicator, plan_of, target
from tests.helpers.spreadsheets import (
    column_of,
    differences,
    formula_cells,
    recalculated,
    row_of,
    values_at,
    with_a_spoilt_value,
)

import corridor_model as cm
from corridor_model.assessment.rollup import promises_of
from corridor_model.messages import translator
from corridor_model.observations.semantics import spell_out
from corridor_model.report.spreadsheet import LONGEST_CELL, quoted, verdict_words

CHINA = cm.load_plan("china_14fyp")


def tiny(names=("产值", "占比"), **more):
    """A plan of a few levels, one with a start."""
    return plan_of(
        indicators=[indicator(f"i{n}", "level", name_zh=name) for n, name in enumerate(names)],
        targets=[target(f"i{n}", 100, places=f"二/{n + 1}") for n in range(len(names))],
        baselines=[baseline("i0", 50)],
        **more,
    )


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """The worked example in September 2021, in English."""
    plan = cm.load_plan(example=True)
    file = tmp_path_factory.mktemp("workbook") / "example.xlsx"
    return cm.write_workbook(plan, file, cm.example_observations(), "2021-09", lang="en")


@pytest.fixture(scope="module")
def china(tmp_path_factory):
    file = tmp_path_factory.mktemp("workbook") / "china.xlsx"
    return cm.write_workbook(CHINA, file, as_of="2023", lang="en")


def table(file: Path, name: str) -> pd.DataFrame:
    sheet = openpyxl.load_workbook(file, data_only=True)[name]
    titles = [cell.value for cell in sheet[4]]
    rows = [row[: len(titles)] for row in sheet.iter_rows(min_row=5, values_only=True)]
    frame = pd.DataFrame(rows, columns=[str(title) for title in titles])
    return frame.loc[:, ~frame.columns.duplicated()]


# What is shown is the library's.


@pytest.mark.uncounted
def test_verdicts_and_counts_are_those_of_assess(china):
    result = cm.assess(CHINA, as_of="2023")
    shown = table(china, "Targets").set_index("id")
    words = verdict_words(translator("en"))
    for name in result["indicator"].to_numpy():
        one = result.sel(indicator=name)
        assert shown.loc[name, "verdict"] == words[str(one["status"].item())]
        for title, variable in (
            ("latest figure", "actual"),
            ("achieved share (%)", "achieved_share"),
            ("time elapsed (%)", "elapsed_share"),
            ("ahead or behind (points)", "schedule_gap"),
            ("growth still needed a year (%)", "required_rate_remaining"),
        ):
            value, cell = float(one[variable]), shown.loc[name, title]
            value *= 100 if variable == "schedule_gap" else 1  # no format shows a share in points
            assert cell == "——" if np.isnan(value) else cell == pytest.approx(value, rel=1e-11)
    overview = table(china, "Overview")
    counted = [one for one in promises_of(CHINA, result) if one.tier != "stretch"]
    assert overview["total"].iloc[0] == len(counted)
    assert set(overview["check"].dropna()) - {""} == {"agrees"}


@pytest.mark.uncounted
def test_a_column_of_points_shows_points(china):
    shown = table(china, "Targets").replace("——", np.nan)
    kept = shown[["achieved share (%)", "time elapsed (%)", "ahead or behind (points)"]].dropna()
    share, time, points = kept.to_numpy(dtype=float).T
    assert len(points) > 3
    assert np.abs(points).max() > 10
    assert points == pytest.approx(100 * (share - time))
    guide = openpyxl.load_workbook(china)["Guide"]
    thresholds = {row[0]: row[1] for row in guide.iter_rows(values_only=True)}
    assert thresholds["Ahead from this gap on (points)"] == 5


@pytest.mark.uncounted
def test_a_line_without_a_figure_says_when_one_counts(tmp_path):
    """Whoever types one below the figures sees no verdict of it until the file is read back."""
    shown = table(cm.write_workbook(tiny(), tmp_path / "a.xlsx", lang="en"), "Targets")
    assert set(shown["latest figure"]) == {"——"}
    said = {"none yet: one counts when the file is read back"}
    assert set(shown["follows the figures"]) == said


@pytest.mark.uncounted
def test_no_word_of_a_heading_is_broken(china):
    for sheet in openpyxl.load_workbook(china):
        widths = {
            place: dimension.width
            for dimension in sheet.column_dimensions.values()
            for place in range(dimension.min, dimension.max + 1)
        }
        for cell in sheet[4]:
            plain = sheet.sheet_state == "visible" and cell.data_type != "f"
            words = str(cell.value or "").split() if plain else []
            widest = max((len(word) for word in words if word.isascii()), default=0)
            assert widths.get(cell.column, 8.43) >= min(widest * 1.1, 16), cell.value


@pytest.mark.slow
def test_what_is_asked_for_stands_in_the_workbook(example):
    book = openpyxl.load_workbook(example)
    visible = [sheet.title for sheet in book if sheet.sheet_state == "visible"]
    assert visible == [
        *("Guide", "Overview", "Targets", "Yearly splits", "Figures", "Baselines"),
        *("Growth needed", "Paths", "Works", "Money by year", "Tasks", "Conflicts", "Missing"),
    ]
    for sheet in book:
        assert sheet.protection.sheet
        assert sheet.protection.password is None
    for name in visible:
        sheet = book[name]
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.print_title_rows == "$1:$4"
        assert (
            "假设" in str(sheet["A2"].value)
            or "made up" in str(sheet["A2"].value).lower()
            or sheet["A2"].value
        )
    baselines = book["Baselines"]
    row = row_of(baselines, "id", "gdp")
    for title, locked in (("baseline", False), ("baseline year", False), ("target", True)):
        cell = baselines.cell(row, column_of(baselines, title))
        assert cell.protection.locked is locked
        assert (cell.fill.fgColor.rgb == "FFFFF9DB") is not locked
    assert {"as_of_year", "ahead_from", "figure_value", "target_verdict"} <= set(book.defined_names)
    assert book["Tasks"].data_validations.dataValidation
    rules = book["Targets"].conditional_formatting
    words = {rule.formula[0] for group in rules for rule in group.rules}
    assert {'"behind"', '"achieved"'} <= words


def test_no_formula_uses_what_older_spreadsheets_lack(china):
    book = openpyxl.load_workbook(china)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    text = str(cell.value)
                    assert len(text) < 8192
                    for name in ("RRI(", "XLOOKUP", "LET(", "FILTER(", "MAXIFS", "_xlfn"):
                        assert name not in text


# It is read back as a plan with its figures.


@pytest.mark.parametrize("lang", [pytest.param("zh", marks=pytest.mark.slow), "en"])
def test_it_is_read_back_as_the_same_plan_with_its_figures(lang, tmp_path):
    file = cm.write_workbook(CHINA, tmp_path / "w.xlsx", as_of="2023", lang=lang)
    plan = cm.load_plan(file)
    for name, one in CHINA.tables.items():
        if name != "observations":
            assert list(one.rows()) == list(plan.tables[name].rows()), name
    figures = cm.load_observations(file, plan)
    before = cm.assess(CHINA, as_of="2023")
    for again in (cm.assess(plan, as_of="2023"), cm.assess(plan, figures, as_of="2023")):
        for name in ("status", "reason", "actual", "p_reach", "schedule_gap"):
            np.testing.assert_array_equal(before[name].to_numpy(), again[name].to_numpy())


@pytest.mark.slow
def test_the_worked_example_is_read_back_with_works_tasks_and_remarks(example):
    plan, taught = cm.load_plan(example), cm.load_plan(example=True)
    for name, one in taught.tables.items():
        if name != "observations":
            assert list(one.rows()) == list(plan.tables[name].rows()), name
    figures = cm.load_observations(example, plan)
    assert len(figures.remarks) == len(cm.example_observations().remarks)
    before = cm.assess(taught, cm.example_observations(), "2021-09")
    again = cm.assess(plan, figures, "2021-09")
    for name in ("status", "reason", "actual", "p_reach", "remark"):
        np.testing.assert_array_equal(before[name].to_numpy(), again[name].to_numpy())


def test_a_workbook_whose_formulas_nobody_worked_out_is_refused(tmp_path):
    book = openpyxl.load_workbook(cm.write_workbook(tiny(), tmp_path / "w.xlsx"))
    book.save(tmp_path / "edited.xlsx")
    with pytest.raises(cm.PlanError, match="does not calculate its formulas"):
        cm.load_plan(tmp_path / "edited.xlsx")
    with pytest.raises(cm.PlanError, match="save it once"):
        cm.load_observations(tmp_path / "edited.xlsx", CHINA)


# A spreadsheet works everything out anew.


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "as_of", "lang"),
    [
        ("example", "2021-09", "zh"),
        pytest.param("example", "2022", "en", marks=pytest.mark.long),
        pytest.param("longwan", "2020", "en", marks=pytest.mark.long),
        ("china_14fyp", "2025", "en"),
        ("china_14fyp", "2022-06", "zh"),
    ],
)
def test_every_formula_recalculates_to_the_librarys_number(name, as_of, lang, tmp_path):
    taught = name == "example"
    plan = cm.load_plan(example=True) if taught else cm.load_plan(name)
    figures = cm.example_observations() if taught else None
    file = cm.write_workbook(plan, tmp_path / "w.xlsx", figures, as_of, lang=lang)
    expected = formula_cells(file)
    book = openpyxl.load_workbook(file)
    sheet = next(s for s in book if s.title in {"指标", "Targets"})
    title = next(c for c in sheet[4] if c.value in {"达到", "met"})
    spoilt = with_a_spoilt_value(file, sheet.title, f"{title.column_letter}5", tmp_path)
    again = recalculated(spoilt, tmp_path)
    assert len(expected) > 700
    assert differences(expected, values_at(again, expected)) == []


def _changed(plan, figures, seed):
    """Return a plan and figures with other numbers, and what to type into the workbook."""
    rng = random.Random(seed)
    starts, numbers = {}, {}
    for one in plan.indicators.values():
        if (
            one.kind in {"milestone", "qualitative", "growth", "relative_change", "rank"}
            or not one.targets
        ):
            continue
        most = 99.0 if one.unit == "%" else 1e9
        start, goal = one.baseline, one.targets[0].value
        if one.unit == "%" and (start.value if start else goal or 0) < 2:
            continue  # a share below 1 % is asked about: was a fraction meant?
        if start is not None and start.origin != "definition" and rng.random() < 0.5:
            value = start.value * rng.uniform(0.5, 1.6)
            starts[one.id] = (start.year, round(min(value, most), 3))
        elif start is None and goal and goal > 0 and one.kind not in {"annual", "cumulative"}:
            value = goal * rng.uniform(0.5, 1.3)
            starts[one.id] = (plan.about.base_year, round(min(value, most), 3))

    def other(source):
        values = list(source["value"])
        places = zip(source["indicator"], source["period"], source["measure"], strict=True)
        for row, place in enumerate(places):
            if place[2] in {"level", "addition", "growth"} and rng.random() < 0.4:
                most = 99.0 if plan.indicators[place[0]].unit == "%" else 1e12
                values[row] = round(min(values[row] * rng.uniform(0.6, 1.5), most), 3)
                numbers.setdefault(place, {})[source["published"][row]] = values[row]
        return replace(source, columns={**source.columns, "value": tuple(values)})

    spelt, _ = spell_out(plan.tables["observations"], plan.indicators)
    own = other(spelt)
    more = None if figures is None else replace(figures, table=other(figures.table))
    rows = [{"indicator": k, "year": y, "value": v} for k, (y, v) in starts.items()]
    based = plan.with_baselines(pd.DataFrame(rows))
    based = type(based)({**based.tables, "observations": own}, based.example)
    return based, more, starts, numbers


def _typed(file, folder, starts, numbers):
    """Return a workbook into which other baselines and figures were typed."""
    book = openpyxl.load_workbook(file)
    sheet = book["Baselines"]
    for name, (year, value) in starts.items():
        row = row_of(sheet, "id", name)
        sheet.cell(row, column_of(sheet, "baseline year")).value = year
        sheet.cell(row, column_of(sheet, "baseline")).value = value
    sheet = book["Figures"]
    words = {"level": "level", "addition": "addition", "growth": "growth on a year earlier"}
    at = {t: column_of(sheet, t) for t in ("id", "period", "measure", "published", "value")}
    places = {(k[0], k[1], words[k[2]]): v for k, v in numbers.items()}
    for row in range(5, sheet.max_row + 1):
        place = tuple(sheet.cell(row, at[t]).value for t in ("id", "period", "measure"))
        day = sheet.cell(row, at["published"]).value or None
        if day in (values := places.get(place, {})):
            sheet.cell(row, at["value"]).value = values[day]
    book.save(folder / "typed.xlsx")
    return folder / "typed.xlsx"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "as_of", "seed"),
    [
        ("example", "2021-09", 1),
        pytest.param("example", "2021", 2, marks=pytest.mark.long),
        pytest.param("example", "2022", 3, marks=pytest.mark.long),
        ("china", "2023", 4),
    ],
)
def test_other_baselines_and_figures_give_the_librarys_numbers(name, as_of, seed, tmp_path):
    taught = name == "example"
    plan = cm.load_plan(example=True) if taught else CHINA
    figures = cm.example_observations() if taught else None
    based, more, starts, numbers = _changed(plan, figures, seed)
    assert starts
    assert numbers
    file = cm.write_workbook(plan, tmp_path / "before.xlsx", figures, as_of, lang="en")
    again = recalculated(_typed(file, tmp_path, starts, numbers), tmp_path)
    after = cm.write_workbook(based, tmp_path / "after.xlsx", more, as_of, lang="en")
    titles = openpyxl.load_workbook(after)["Targets"][4]
    moved = next(cell.column_letter for cell in titles if cell.value == "change of verdict")
    units = openpyxl.load_workbook(after)["Overview"]
    first = next(
        (r for r in range(5, units.max_row + 1) if units.cell(r, 1).value == "Responsible units"),
        units.max_row,
    )

    def same_question(sheet, cell):
        # the verdict before is what was published then; units stand in the order of their ranks
        if sheet.startswith("_") or sheet in {"Figures", "Baselines", "Guide"}:
            return False
        row = int("".join(filter(str.isdigit, cell)))
        if sheet == "Targets" and cell == f"{moved}{row}":
            return False
        # reasons stand in the order in which there are any
        return sheet != "Overview" or (row < first and cell[0] in "ABCDEFGHIJ")

    expected = {at: v for at, v in formula_cells(after).items() if same_question(*at)}
    assert differences(expected, values_at(again, expected)) == []
    # and it is read back with what was typed
    read = cm.load_plan(again)
    for one, (year, value) in starts.items():
        start = read.indicators[one].baseline
        assert (start.year, start.value) == (year, value)


@pytest.mark.slow
def test_a_delay_moves_the_money_as_the_library_does(example, tmp_path):
    from corridor_model.scenario.spending import spending

    plan = cm.load_plan(example=True)
    delays = {"jinliwen_expressway": 12, "binhai_avenue": 7, "huanshan_east_road": 30}
    book = openpyxl.load_workbook(example)
    sheet = book["Money by year"]
    for name, months in delays.items():
        sheet.cell(row_of(sheet, "id", name), column_of(sheet, "delay (months)")).value = months
    book.save(tmp_path / "late.xlsx")
    again = openpyxl.load_workbook(recalculated(tmp_path / "late.xlsx", tmp_path), data_only=True)
    shown = again["Money by year"]
    late = cm.Scenario("late", *(cm.Delay(name, months=m) for name, m in delays.items()))
    money = spending(plan, late).isel(scenario=0, drop=True)
    seen = 0
    for name in plan.projects:
        row, one = row_of(shown, "id", name), money.sel(project=name)
        for year in money["spending_year"].to_numpy().tolist():
            titles = [cell.value for cell in shown[4]]
            if f"{year} (year)" not in titles:
                continue
            cell = shown.cell(row, column_of(shown, f"{year} (year)")).value
            value = float(one["spending"].sel(spending_year=year))
            assert cell == "——" if np.isnan(value) else cell == pytest.approx(value, abs=1e-9)
            seen += 1
        for title, variable in (
            ("before 2020", "before_plan"),
            ("2020 to 2022", "inside_plan"),
            ("after 2022", "beyond_horizon"),
        ):
            value, cell = float(one[variable]), shown.cell(row, column_of(shown, title)).value
            assert cell == "——" if np.isnan(value) else cell == pytest.approx(value, abs=1e-9)
    assert seen > 100


# Texts of users, bytes, and what is refused.


@pytest.mark.uncounted
def test_text_that_looks_like_a_formula_stays_text(tmp_path):
    plan = tiny(["=SUM(A1:A9)", "+1", "-2", "@x", "_x0041_", "$\\frac$"])
    file = cm.write_workbook(plan, tmp_path / "w.xlsx", lang="zh")
    sheet = openpyxl.load_workbook(file)["指标"]
    cells = {
        sheet.cell(row, 2).value: sheet.cell(row, 2).data_type
        for row in range(5, sheet.max_row + 1)
    }
    assert set(cells.values()) == {"s"}
    back = cm.load_plan(file)
    assert [one.name_zh for one in back.indicators.values()] == [
        one.name_zh for one in plan.indicators.values()
    ]


@pytest.mark.uncounted
def test_the_same_input_gives_the_same_bytes_and_no_time_of_writing(tmp_path):
    one = cm.write_workbook(tiny(), tmp_path / "a.xlsx", as_of="2023").read_bytes()
    two = cm.write_workbook(tiny(), tmp_path / "b.xlsx", as_of="2023").read_bytes()
    assert one == two
    with zipfile.ZipFile(tmp_path / "a.xlsx") as package:
        core = package.read("docProps/core.xml").decode()
        days = {item.date_time[:3] for item in package.infolist()}
    assert "2023-12-31T00:00:00Z" in core
    assert len(days) == 1


@pytest.mark.uncounted
def test_many_rates_have_columns_of_their_own(tmp_path):
    rates = [n / 100 for n in range(1, 31)]
    file = cm.write_workbook(tiny(), tmp_path / "w.xlsx", rates=rates, lang="en")
    sheet = openpyxl.load_workbook(file)["Baselines"]
    shown = [cell.value for cell in sheet[4] if isinstance(cell.value, float)]
    assert shown == rates
    formulas = [c.value for row in sheet.iter_rows(min_row=5) for c in row if c.data_type == "f"]
    assert not any("$[" in str(text) for text in formulas)


def test_what_a_workbook_cannot_hold_is_refused(tmp_path):
    plan = tiny()
    rows = plan.tables["conflicts"]
    long = "长" * (LONGEST_CELL + 1)
    row = dict.fromkeys(rows.schema.names)
    row |= {"id": "c", "subject": long, "readings": long, "used": "x", "reason": "y"}
    from corridor_model.tabular.table import from_rows

    huge = type(plan)({**plan.tables, "conflicts": from_rows("conflicts", [row])}, False)
    (tmp_path / "w.xlsx").write_bytes(b"old")
    with pytest.raises(cm.CorridorError, match="32768 characters does not fit"):
        cm.write_workbook(huge, tmp_path / "w.xlsx")
    assert (tmp_path / "w.xlsx").read_bytes() == b"old"
    with pytest.raises(cm.CorridorError, match="unknown"):
        cm.write_workbook(plan, tmp_path / "w.xlsx", lang="qq")
    with pytest.raises(cm.CorridorError, match=r"ends in \.xlsx"):
        cm.write_workbook(plan, tmp_path / "w.xls")


def test_a_failed_run_leaves_the_old_file_whole(tmp_path, monkeypatch):
    file = tmp_path / "required.xlsx"
    file.write_bytes(b"old")

    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(cm.CorridorError, match="No space left"):
        cm.write_workbook(tiny(), file)
    monkeypatch.undo()
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["required.xlsx"]


def test_withdrawn_relative_and_undated_promises_stand_in_the_workbook(tmp_path):
    plan = plan_of(
        indicators=[indicator(name, "growth") for name in "abcd"] + [indicator("m", "milestone")],
        targets=[
            target("a", 6),
            target("b", None, "above", relative_to="a", margin=1),
            target("b", 8, tier="stretch"),
            target("c", 5),
            target("d", 5, year=None),
            target("m", 1, month=9),
        ],
        target_revisions=[{"indicator": "c", "valid_from": "2021-01-01", "value": None}],
    )
    shown = table(
        cm.write_workbook(plan, tmp_path / "w.xlsx", as_of="2021-09", lang="en"), "Targets"
    )
    shown = shown.set_index("id")
    assert list(shown.index) == ["a", "b", "b@stretch", "c", "d", "m"]
    assert shown.loc["b@stretch", "counted"] == 0
    assert shown.loc["c", "why not assessable"] == "target revised"
    assert (shown.loc["d", "due"], shown.loc["m", "due"]) == ("undated", "2022-09")
    assert set(shown["verdict"]) == {"not assessable"}


@pytest.mark.parametrize("text", ["", "a", '"', 'a"b""c', "=1+1", "增长"])
def test_a_quoted_text_is_one_string_of_a_formula(text):
    inside = quoted(text)
    assert inside.startswith('"')
    assert inside.endswith('"')
    assert inside[1:-1].replace('""', "").count('"') == 0
    assert inside[1:-1].replace('""', '"') == text


@pytest.mark.slow
def test_sums_of_years_and_years_of_counts_are_worked_out_alike(tmp_path):
    """A measure on an indicator whose own figures are another's, a base of 0, a June (S4, S20)."""
    amount = {"unit": "亿元", "nature": "flow"}
    own = {"n": "cumulative", "m": "level", "k": "annual", "r": "level", "s": "level"}
    goals = [
        *(("n", 50, None), ("n", 8, "annual"), ("m", 120, None), ("m", 550, "cumulative")),
        *(("k", 6, None), ("k", 50, "cumulative"), ("r", 9, None), ("r", 50, "relative_change")),
    ]
    targets = [{"indicator": i, "value": v, "kind": kind, "year": 2025} for i, v, kind in goals]
    targets.append({"indicator": "s", "value": 60, "year": 2023, "month": 6})
    starts = [("m", 90), ("r", 0), ("s", 40)]
    plan = cm.Plan.from_tables(
        {
            "about": [{"id": "p", "first_year": 2021, "last_year": 2025}],
            "indicators": [{"id": name, "kind": kind, **amount} for name, kind in own.items()],
            "targets": [{"sense": "at_least", **row} for row in targets],
            "baselines": [{"indicator": i, "year": 2020, "value": v} for i, v in starts],
        }
    )
    figures = [
        *(("n", 2021, 12), ("n", 2022, 19), ("n", 2023, 28), ("m", 2021, 100), ("m", 2022, 105)),
        *(("m", 2023, 90), ("k", 2021, 12), ("k", 2022, 7), ("k", 2023, 7), ("r", 2023, 4)),
        *(("s", "2023-06", 29), ("s", 2023, 62)),
    ]
    rows = pd.DataFrame(figures, columns=["indicator", "period", "value"]).astype({"period": str})
    file = cm.write_workbook(plan, tmp_path / "book.xlsx", rows, as_of="2023")
    cached, again = formula_cells(file), formula_cells(recalculated(file, tmp_path))
    assert again.keys() >= cached.keys()
    for cell, value in cached.items():
        number = isinstance(value, int | float)
        assert again[cell] == (pytest.approx(value, rel=1e-9, abs=1e-9) if number else value), cell


WITHIN = {
    "at_least": [
        [("03", 5)], [("06", 5)], [("06", 4)], [("06", 4), ("12", 5)], [("02", 5), ("06", 6)],
        [("02", 4), ("06", 5)], [("02", 4)], [("03", 4), ("06", 5)], [],
    ],
    "at_most": [[("06", 5)], [("06", 6)], [("02", 6)], [("02", 4), ("06", 4)]],
    "exactly": [[("02", 5), ("06", 5)], [("02", 5), ("06", 6)], [("06", 4), ("12", 5)]],
}  # fmt: skip
"""What is reported of a promise of 5 by March."""


def within_a_year(change=0.0):
    """Promises due in March of 2023, each with its own figures, and what these are."""
    rng = random.Random(7)
    indicators, goals, rows, starts = [], [], [], []
    kinds = {
        "c": ("cumulative", "cumulative", None),
        "y": ("annual", "cumulative", "flow"),
        "f": ("level", "level", "flow"),
        "s": ("level", "level", "stock"),
    }
    for letter, (own, kind, nature) in kinds.items():
        for sense, cases in WITHIN.items():
            for place, known in enumerate(cases):
                name = f"{letter}_{sense}_{place}"
                indicators.append({"id": name, "kind": own, "unit": "家", "nature": nature})
                goals.append({"indicator": name, "value": 5, "sense": sense, "kind": kind,
                              "year": 2023, "month": 3})  # fmt: skip
                if letter == "s":
                    starts.append({"indicator": name, "year": 2020, "value": 2})
                zero = [("2021-12", 0), ("2022-12", 0)] if letter == "y" else []
                least = 0
                for at, value in [*zero, *((f"2023-{month}", v) for month, v in known)]:
                    other = rng.choice((3, 4, 5, 6, 7)) if value else 0
                    # a running total never falls
                    least = max(least, other if rng.random() < change else value)
                    rows.append((name, at.removesuffix("-12"), least))
    splits = [
        {"indicator": row["indicator"], "year": 2023, "value": 8, "basis": "to_date"}
        for row in goals
        if row["sense"] == "at_least"
    ]
    about = [{"id": "p", "first_year": 2021, "last_year": 2025}]
    tables = {"about": about, "indicators": indicators, "targets": goals, "baselines": starts,
              "annual_targets": splits}  # fmt: skip
    frame = pd.DataFrame(rows, columns=["indicator", "period", "value"])
    return cm.Plan.from_tables(tables), frame.assign(measure="level")


@pytest.mark.slow
def test_what_is_due_within_a_year_is_worked_out_alike(tmp_path):
    """Counts, sums of years, flows and stocks; and other figures typed into the workbook (S20)."""
    plan, rows = within_a_year()
    figures = cm.load_observations(rows, plan)
    file = cm.write_workbook(plan, tmp_path / "before.xlsx", figures, "2024", lang="en")
    expected = formula_cells(file)
    again = recalculated(file, tmp_path)
    assert differences(expected, values_at(again, expected)) == []
    shown = table(file, "Targets").set_index("id")["verdict"]
    words = verdict_words(translator("en"))
    made = cm.assess(plan, figures, "2024")
    assert [words[s] for s in made.status.values] == shown[made.indicator.values].tolist()
    assert {words["achieved"], words["missed"], words["not_assessable"]} == set(shown)
    # the part of the year that is done has no such date
    june = cm.write_workbook(plan, tmp_path / "june.xlsx", figures, "2023-06", lang="en")
    expected = formula_cells(june)
    assert differences(expected, values_at(recalculated(june, tmp_path), expected)) == []
    done = table(june, "Yearly splits").set_index("id")["completion (%)"]
    known = cm.assess(plan, figures, "2023-06")
    for name in ("y_at_least_1", "y_at_least_5", "f_at_least_4", "s_at_least_4"):
        part = known.completion.sel(indicator=name).item()
        assert done[name] == pytest.approx(part)
        assert part > 0.5
    # of a count nobody knows what was there before the year began
    assert known.completion_reason.sel(indicator="c_at_least_1").item() == "no_record"
    assert done["c_at_least_1"] == "——"
    _, others = within_a_year(change=0.5)
    changed = {
        (*key, "level"): {None: after}
        for *key, before, after in zip(
            *(rows[name] for name in ("indicator", "period", "value")), others["value"], strict=True
        )
        if before != after
    }
    assert len(changed) > 10
    (tmp_path / "typed").mkdir()
    typed = recalculated(_typed(file, tmp_path / "typed", {}, changed), tmp_path / "typed")
    after = cm.write_workbook(
        plan, tmp_path / "after.xlsx", cm.load_observations(others, plan), "2024", lang="en"
    )
    columns = ("verdict", "why not assessable", "achieved share (%)", "ahead or behind (points)")
    one, two = (table(book, "Targets").set_index("id")[list(columns)] for book in (typed, after))
    pd.testing.assert_frame_equal(one, two)
