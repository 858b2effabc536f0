"""The works, tasks and units of the bundled plan against a second, independent transcription.

Only the csv module is used: the data must be right before any loader reads them.
"""

import csv
import re
from collections import Counter
from decimal import Decimal

import pytest
from tests.helpers.paths import DATA

FILLED = ("projects", "units", "tasks", "observations", "effects", "design_columns")
EMPTY = (
    "annual_targets",
    "annual_investment",
    "work_reports",
    "task_reports",
    "uncertainties",
    "correlations",
)
ANNEX = {"1": "一", "2": "二", "3": "三", "4": "四"}
PARTS = (3, 5, 4, 6, 5, 3, 2, 5, 6, 2, 3)

# Typed from the annex tables a second time, not from the data: table, row, part, printed length
# (with its unit), printed time, printed money (with its unit; "-" is 视情而定).
WORKS = """
2 1   | 5.85公里  | 2019年道路主线完工,2020年公路管理用房开工 | 10.5亿元
2 2 1 | 3.9公里   | 2020年          | -
2 2 2 | 3.2公里   | 2020年          | -
2 3   | 22公里    | 2020-2023年     | 80亿元
2 4   | 10.3公里  | 2021-2024年     | 42亿元
2 5   | 3.63公里  | 2022年底完工    | 12.75亿元
2 6   | 3公里     | 2019.12-2021.12 | 4亿元
2 7   | 2.515公里 | 2020-2023年     | 7.45亿元
2 8   | 3公里     | 2020-2023年     | 20.58亿元
2 9   | 4.1公里   | 2022-2025年     | 17.8亿元
2 10  | 15.1公里  | 2021-2025年     | 20.8亿元
2 11  | 625米     | 2020.1-2020.12  | 1.68亿元
2 12  | 300米     | 2019.12-2021.12 | 0.27亿元
2 13  | 360米     | 2019.12-2020.12 | 0.2亿元
2 14  | 380米     | 2020-2021年     | 0.46亿元
2 15  |           | 2020年完成      | -
2 16  |           | 2020-2022年     | 0.03亿元
2 17  |           | 2020-2022年     | -
2 18  |           | 2020-2022年     | 0.2亿元
2 19  |           | 2020-2022年     | -
2 20  | 21.6公里  | 2020-2022年     | -
2 21  |           | 2020-2023年     | -
3 4 6 |           | 1月底前完成     | 8710万元
3 9 3 |           | 6月底前完成     | 1320万元
"""


def rows(table):
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def cell(text):
    return [part for part in text.split(";") if part]


def quantity(text, factors):
    """«625米» -> Decimal("0.625"); nothing printed -> None."""
    match = re.fullmatch(r"([\d.]+)(\D+)", text)
    return Decimal(match[1]) * Decimal(factors[match[2]]) if match else None


def span(text):
    """The start and end that a printed time means, at the precision printed."""
    if "主线完工" in text:
        return "", ""
    if match := re.fullmatch(r"(\d{4})-(\d{4})年", text):
        return match[1], match[2]
    if match := re.fullmatch(r"(\d{4})\.(\d+)-(\d{4})\.(\d+)", text):
        return f"{match[1]}-{int(match[2]):02}", f"{match[3]}-{int(match[4]):02}"
    if match := re.fullmatch(r"(\d{4})年底完工", text):
        return "", f"{match[1]}-12"
    if match := re.fullmatch(r"(\d{4})年(完成)?", text):
        return "", match[1]
    match = re.fullmatch(r"(\d+)月底前完成", text)
    return "", f"2020-{int(match[1]):02}"


def place(row):
    part = f".{row['part']}" if row["part"] else ""
    return f"附件{ANNEX[row['table']]}/{row['row']}{part}"


PROJECTS, TASKS, UNITS = rows("projects"), rows("tasks"), rows("units")
BY_ID = {project["id"]: project for project in PROJECTS}


@pytest.mark.parametrize("table", FILLED + EMPTY)
def test_files_are_plain_utf8(table):
    raw = (DATA / f"{table}.csv").read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    text = raw.decode("utf-8")
    assert all(value == value.strip() for line in csv.reader(text.splitlines()) for value in line)


def test_works_equal_a_second_transcription():
    expected = []
    for line in WORKS.strip().splitlines():
        key, length, time, money = (field.strip() for field in line.split("|"))
        table, row, part = (*key.split(), "")[:3]
        km = quantity(length, {"公里": "1", "米": "0.001"})
        yi = quantity(money, {"亿元": "1", "万元": "0.0001"})
        expected.append((table, row, part, km, *span(time), yi))
    found = [
        (
            *(p[column] for column in ("table", "row", "part")),
            Decimal(p["length_km"]) if p["length_km"] else None,
            p["start"],
            p["end"],
            Decimal(p["investment"]) if p["investment"] else None,
        )
        for p in PROJECTS
    ]
    assert found == expected


def test_number_and_money_of_works():
    money = [Decimal(p["investment"]) for p in PROJECTS if p["investment"]]
    assert len(PROJECTS) == 24
    assert len(money) == 17
    # roads 218.49, public transport 0.23, annex three 1.003
    assert sum(money) == Decimal("219.723")
    by_category = Counter()
    for p in PROJECTS:
        by_category[p["category"]] += Decimal(p["investment"] or 0)
    assert by_category == {
        "road": Decimal("218.49"),
        "public_transport": Decimal("0.23"),
        "environment": Decimal("1.003"),
    }
    assert all(value > 0 for value in money)  # 视情而定 is unknown, never 0 (S6)


def test_only_roads_open():
    for p in PROJECTS:
        assert p["opens"] in ("yes", "no")
        if p["opens"] == "yes":
            assert p["category"] == "road"
            assert p["end"]
        else:
            assert not p["length_in_area_km"]
        if p["length_in_area_km"]:
            assert Decimal(p["length_in_area_km"]) <= Decimal(p["length_km"])
    closed = {p["id"] for p in PROJECTS if p["category"] == "road" and p["opens"] == "no"}
    assert closed == {"huanshan_east_road", "huanshan_north_road_phase_2"}
    assert BY_ID["tonghai_avenue_west"]["length_in_area_km"] == "1.685"
    assert BY_ID["brt_line_9"]["length_in_area_km"] == ""


def test_rows_of_the_annexes():
    count = Counter(task["table"] for task in TASKS)
    assert count == {"1": 42, "2": 22, "3": 44, "4": 52}
    for table, last in (("1", 42), ("2", 21), ("3", 11), ("4", 52)):
        numbers = [int(task["row"]) for task in TASKS if task["table"] == table]
        assert numbers == sorted(numbers)
        assert set(numbers) == set(range(1, last + 1))
    for row, parts in enumerate(PARTS, 1):
        found = [t["part"] for t in TASKS if t["table"] == "3" and t["row"] == str(row)]
        assert found == [str(part) for part in range(1, parts + 1)]
    with_parts = {(t["table"], t["row"]) for t in TASKS if t["part"]} - {
        ("3", str(row)) for row in range(1, 12)
    }
    assert with_parts == {("2", "2")}


@pytest.mark.parametrize("table", ["projects", "tasks"])
def test_ids_are_slugs_and_unique(table):
    ids = [row["id"] for row in rows(table)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", slug) for slug in ids)


def test_every_unit_resolves_to_one_office_and_is_used():
    names = [name for unit in UNITS for name in (unit["name"], *cell(unit["aliases"]))]
    assert [name for name, times in Counter(names).items() if times > 1] == []
    office = {name: u["name"] for u in UNITS for name in (u["name"], *cell(u["aliases"]))}
    printed = {
        name
        for row in (*PROJECTS, *TASKS)
        for column in ("lead_units", "other_units")
        for name in cell(row[column])
    }
    assert printed - set(office) == set()
    assert {u["name"] for u in UNITS} - {office[name] for name in printed} == set()
    assert office["区卫健局"] == office["区卫生健康局"]
    assert office["区招才局"] == office["区委组织部(招才局)"]


@pytest.mark.uncounted
@pytest.mark.parametrize("row", [*PROJECTS, *TASKS], ids=lambda row: row["id"])
def test_units_of_a_row(row):
    lead, other = cell(row["lead_units"]), cell(row["other_units"])
    assert lead, "every row of the annexes marks a lead or has a sole unit"
    assert len(set(lead + other)) == len(lead + other)
    assert not any(mark in name for name in lead + other for mark in "*、,")


def test_missing_separator_is_mended():
    task = next(t for t in TASKS if t["table"] == "4" and t["row"] == "24")
    assert cell(task["lead_units"]) == ["区委组织部(招才局)"]
    assert cell(task["other_units"])[0] == "区科技局"


def test_two_stars_are_two_leads():
    both = {place(task) for task in TASKS if len(cell(task["lead_units"])) == 2}
    assert both == {"附件一/10", "附件二/3", "附件二/4", "附件四/36"}


def test_dates():
    for row in PROJECTS:
        for column in ("start", "end"):
            assert re.fullmatch(r"(20(19|2[0-5])(-(0[1-9]|1[0-2]))?)?", row[column])
        if row["start"] and row["end"]:
            assert row["start"] <= row["end"]
    for task in TASKS:
        years = "20(2[0-5])" if task["table"] == "2" else "20(2[0-2])"
        assert re.fullmatch(rf"({years}(-(0[1-9]|1[0-2]))?)?", task["deadline"]), task["id"]


def test_undated_tasks_are_those_without_a_printed_date():
    undated = {place(task) for task in TASKS if not task["deadline"]}
    first = {f"附件一/{n}" for n in (16, 17, 18, 25, 26, 27, 37, 38, 39, 40, 41, 42)}
    fourth = {f"附件四/{n}" for n in (8, 16, *range(36, 45), 48, 49, 50, 52)}
    assert undated == first | {"附件三/6.2"} | fourth


def test_deadlines_of_table_three():
    printed = {  # the month of each part, 2020
        1: "5 5 5",
        2: "4 4 4 4 4",
        3: "3 3 3 3",
        4: "3 3 3 3 3 1",
        5: "4 4 4 4 5",
        6: "12 - 3",
        7: "4 11",
        8: "3 3 4 5 3",
        9: "5 6 6 4 5 3",
        10: "11 11",
        11: "5 6 5",
    }
    for row, months in printed.items():
        found = [t["deadline"] for t in TASKS if t["table"] == "3" and t["row"] == str(row)]
        assert found == ["" if m == "-" else f"2020-{int(m):02}" for m in months.split()]


def test_a_work_and_its_task_agree():
    tasks = {place(task): task for task in TASKS}
    for project in PROJECTS:
        task = tasks[place(project)]
        assert task["lead_units"] == project["lead_units"]
        assert task["other_units"] == project["other_units"]
        if project["id"] != "huanshan_east_road":  # its task is the building started in 2020
            assert task["deadline"] == project["end"]


def test_links_exist():
    areas = {row["id"] for row in rows("areas")}
    indicators = {row["id"] for row in rows("indicators")}
    for task in TASKS:
        assert task["area"] in areas
        assert set(cell(task["indicators"])) <= indicators
        assert len(set(cell(task["indicators"]))) == len(cell(task["indicators"]))
        assert 1 <= len(task["summary_en"].split()) <= 12
    for table in ("observations", "effects"):
        assert {row["indicator"] for row in rows(table)} <= indicators
    targets = {p["id"] for p in PROJECTS} | {p["category"] for p in PROJECTS}
    assert {row["target"] for row in rows("effects")} <= targets


def test_a_task_carries_the_targets_printed_in_its_row():
    carried = {place(task): set(cell(task["indicators"])) for task in TASKS}
    printed = {}
    for target in rows("targets"):
        for spot in cell(target["places"]):
            if spot.startswith("附件"):
                printed.setdefault(spot, set()).add(target["indicator"])
    assert set(printed) <= set(carried), "every annex place is the row of a task"
    for spot, indicators in carried.items():
        assert indicators == printed.get(spot, set()), spot


def test_observations_are_the_published_figures():
    found = {(r["indicator"], r["period"], r["measure"]): r["value"] for r in rows("observations")}
    assert found == {
        ("gdp", "2017", "level"): "416.35",
        ("gdp", "2018", "level"): "451.84",
        ("gdp", "2019", "growth"): "8.2",
        ("gdp", "2020", "level"): "467.7",
        ("rd_to_gdp", "2017", "level"): "2.1",
        ("rd_to_gdp", "2019", "level"): "2.7",
        ("hitech_zone_rank_percentile", "2016", "level"): "84",
        ("hitech_zone_rank_percentile", "2021", "level"): "44",
    }
    series = {r["period"]: r["series"] for r in rows("observations") if r["indicator"] == "gdp"}
    assert series["2018"] != series["2020"]  # across the 4th economic census (S10)
    assert all("http" in r["source"] for r in rows("observations"))


def test_no_effect_comes_from_the_document():
    effects = rows("effects")
    assert {row["target"] for row in effects} == {"road", "public_transport", "environment"}
    assert {row["origin"] for row in effects} == {"literature"}
    assert {row["per_unit"] for row in effects} == {"0.2"}


@pytest.mark.parametrize("table", EMPTY)
def test_what_the_documents_do_not_give_is_empty(table):
    assert rows(table) == []
