"""The bundled targets against the printed document, and every number of it traced to a row."""

from __future__ import annotations

import csv
import re
from functools import cache
from itertools import pairwise

import pytest
from tests.helpers.paths import DATA, DOCS, SCRIPTS, SOURCE_DOCUMENT

from corridor_model.tabular.schema import TABLES

OWN = ("about", "groups", "areas", "indicators", "targets", "baselines", "conflicts")
PLACE = re.compile(
    r"二/(总述|[1-5])|三/([1-9]|1[0-5])|四/[1-5]|附件一/\d+|附件二/\d+|附件三/\d+\.\d|附件四/\d+"
)
#: Read from section two again, without looking at the tables.
SECTION_TWO = """
hightech_va_share 65 % at_least | sei_va_share 23 % at_least
hightech_investment_growth 15 % at_least
smart_equipment_revenue_growth 10 % at_least | life_health_revenue_growth 12 % at_least
digital_economy_va_growth 10 % at_least | new_hightech_enterprises 120 家 at_least
new_provincial_tech_smes 630 家 at_least | hightech_enterprise_share 43 % at_least
major_institute_carriers 5 个 at_least | academician_workstations 12 家 at_least
new_provincial_carriers 21 家 at_least | high_level_talents 540 名 at_least
vc_investment_total 5 亿元 at_least | rd_to_gdp 3.3 % at_least | tech_contract_growth 20 % at_least
rd_active_enterprise_share 90 % at_least | rd_institution_share 85 % at_least
invention_patent_zero_clearance 70 % at_least | new_product_output_rate 42 % at_least
invention_patents_per_10k 22 件 at_least | open_coop_bases 7 家 at_least
overseas_branches 15 个 at_least
hightech_export_ratio 5.3 % at_least | tech_service_export_share 0.4 % at_least
outbound_fdi 0.9 亿美元 at_least | fiscal_st_share 6.3 % at_least | gdp 580 亿元 at_least
energy_per_industrial_va 0.4 吨标准煤/万元 at_most | tax_per_mu 39 万元/亩 at_least
labor_productivity 17.7 万元/人 at_least | profit_margin 7.8 % at_least
"""
#: A printed number whose unit does not stand right behind it.
ODD_NUMBERS = {
    ("eye_valley_research_platforms", "5"): "五大平台",
    ("annual_bus_lines", "1"): "1-2条",
    ("annual_bus_lines", "2"): "1-2条",
}
#: A place that prints the promise with another unit or another deadline, and the conflict that
#: says so; what each prints.
OTHER_READING = {
    ("labor_productivity", "附件四/6"): ("labor_productivity_unit", "17.7元/人"),
    ("second_affiliated_hospital_in_use", "三/14"): ("second_hospital_deadline", "到2022年"),
    ("second_affiliated_hospital_in_use", "附件四/51"): ("second_hospital_deadline", "到2022年"),
    ("stomatology_hospital_in_use", "三/14"): ("stomatology_hospital_deadline", "到2022年"),
    ("stomatology_hospital_in_use", "附件四/51"): ("stomatology_hospital_deadline", "到2022年"),
    ("eye_hospital_in_use", "三/14"): ("eye_hospital_deadline", "到2022年"),
    ("eye_hospital_in_use", "附件四/51"): ("eye_hospital_deadline", "到2022年"),
    ("gongzhudian_greening_done", "附件三/11.3"): ("gongzhudian_deadline", "5月底完成"),
}


def rows(table: str) -> list[dict[str, str]]:
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def parts(cell: str) -> list[str]:
    return [part for part in cell.split(";") if part]


def numbered(lines: list[str]) -> dict[int, list[str]]:
    """Lines under each row number: a line that holds only the next number opens a row."""
    found: dict[int, list[str]] = {}
    for line in lines:
        if line == str(len(found) + 1):
            found[len(found) + 1] = []
        elif found:
            found[len(found)].append(line)
    return found


def is_unit(line: str) -> bool:
    sole = {"属地街道", "科技城建投集团", "区综合行政执法局"}
    return line.startswith("*") or line in sole


def cells(row: list[str]) -> list[str]:
    """Content cells of a row of annex three, each with the deadline that covers it."""
    body = [line for line in row if not is_unit(line)]
    first = next(i for i, line in enumerate(body) if line.endswith(("。", ";")))
    body = body[first:]
    if any(re.match(r"\d+月底完成", line) for line in body):  # row 11 promises in the third column
        return [line for line in body if re.match(r"\d+月底完成", line)]
    texts: list[str] = []
    due: list[str] = []
    for line in body:
        if re.match(r"加大日常管理力度|\d+月底前完成", line):
            due[-1] = line
        else:
            texts.append(line)
            due.append("")
    for i in range(1, len(due)):
        due[i] = due[i] or due[i - 1]
    return [text + " " + when for text, when in zip(texts, due, strict=True)]


CONFLICTS = rows("conflicts")


@cache
def document() -> dict[str, str]:
    """Text of every place."""
    lines = [line.strip() for line in SOURCE_DOCUMENT.read_text(encoding="utf-8").splitlines()]
    lines = [line for line in lines if line]
    heads = ("二、行动目标", "三、具体任务", "四、保障措施", "一、重点区块建设大会战(43项)")
    heads += ("二、交通路网建设大会战(26项)", "三、环境整治提升大会战(54项)")
    heads += ("四、三年行动计划重点工作(53项)",)
    at = [lines.index(head) for head in heads] + [len(lines)]
    goals, tasks, support, *annexes = (lines[a + 1 : b] for a, b in pairwise(at))
    texts = {"二/总述": goals[0]}
    texts |= {f"二/{i}": line for i, line in enumerate(goals[1:], 1)}
    for name, block, head in (("三", tasks, r"(\d+)\..+"), ("四", support, r"\(.\).+")):
        n = 0
        for line in block:
            if re.fullmatch(head, line) and len(line) < 30 and (name == "四" or line[0] != "("):
                n += 1
                texts[f"{name}/{n}"] = line
            elif n and not line.startswith("("):
                texts[f"{name}/{n}"] += line
    for name, block in zip("一二三四", annexes, strict=True):
        for number, row in numbered(block).items():
            texts[f"附件{name}/{number}"] = " ".join(row)
            if name == "三":
                for i, cell in enumerate(cells(row), 1):
                    texts[f"附件三/{number}.{i}"] = cell
    return texts


def test_the_document_has_the_rows_that_places_count():
    texts = document()
    count = {name: sum(key.startswith(f"附件{name}/") for key in texts) for name in "一二四"}
    assert count == {"一": 42, "二": 21, "四": 52}
    found = [sum(key.startswith(f"附件三/{n}.") for key in texts) for n in range(1, 12)]
    assert found == [3, 5, 4, 6, 5, 3, 2, 5, 6, 2, 3]
    assert [key for key in texts if key[0] == "三"] == [f"三/{n}" for n in range(1, 16)]
    assert "瑶溪分院" in texts["三/14"]
    assert "每月一通报" in texts["四/4"]


@pytest.mark.uncounted
@pytest.mark.parametrize("table", OWN)
def test_files_follow_the_schema(table):
    schema = TABLES[table]
    raw = (DATA / f"{table}.csv").read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert tuple(raw.decode("utf-8").splitlines()[0].split(",")) == schema.names
    data = rows(table)
    keys = [tuple(row[column] for column in schema.key) for row in data]
    assert len(set(keys)) == len(keys)
    for row in data:
        assert None not in row
        for column in schema.columns:
            value = row[column.name]
            assert value == value.strip()
            assert value or not column.required, (row, column.name)
            assert not value or not column.choices or value in column.choices, (row, column.name)
            if column.links:
                other, field = column.links.split(".")
                known = {linked[field] for linked in rows(other)}
                linked = parts(value) if column.type == "list" else [value] if value else []
                assert set(linked) <= known, (row, column.name)


def test_ids_are_slugs_and_every_indicator_has_a_target_and_every_group_and_area_a_use():
    indicators = rows("indicators")
    for table in ("groups", "areas", "indicators", "conflicts"):
        assert all(re.fullmatch(r"[a-z][a-z0-9_]*", row["id"]) for row in rows(table))
    assert {row["indicator"] for row in rows("targets")} == {row["id"] for row in indicators}
    assert {row["group"] for row in indicators} == {row["id"] for row in rows("groups")}
    assert all(row["name_zh"] and row["name_en"] for row in indicators)
    assert len({row["name_zh"] for row in indicators}) == len(indicators)


def test_section_two_is_in_the_order_of_the_text_with_value_unit_sense_and_year():
    second = [tuple(goal.split()) for goal in re.split(r"[|\n]", SECTION_TWO) if goal.strip()]
    assert len(second) == 32
    units = {row["id"]: row["unit"] for row in rows("indicators")}
    found = [
        (row["indicator"], row["value"], units[row["indicator"]], row["sense"], row["year"])
        for row in rows("targets")[:32]
    ]
    assert found == [(*goal, "2022") for goal in second]
    assert [row["id"] for row in rows("indicators")[:32]] == [goal[0] for goal in second]


@pytest.mark.uncounted
@pytest.mark.parametrize("row", rows("targets"), ids=lambda row: row["indicator"] + row["sense"])
def test_the_number_and_the_deadline_are_printed_in_every_place(row):
    indicator = next(i for i in rows("indicators") if i["id"] == row["indicator"])
    places = parts(row["places"])
    assert places
    assert len(set(places)) == len(places)
    for place in places:
        assert PLACE.fullmatch(place), place
        text = document()[place]
        if (row["indicator"], place) in OTHER_READING:
            assert place != places[0], "the place that governs stands first"
            conflict, printed = OTHER_READING[row["indicator"], place]
            assert printed in text
            assert place in parts(next(c for c in CONFLICTS if c["id"] == conflict)["places"])
            continue
        if indicator["kind"] != "milestone":
            number = ODD_NUMBERS.get((row["indicator"], row["value"]))
            if number is None and indicator["kind"] == "rank":
                number = {"80": "80名以内", "45": "前45%"}[row["value"]]
            number = number or row["value"] + indicator["unit"]
            assert re.search(rf"(?<![\d.]){re.escape(number)}", text), (place, number)
        if row["month"]:
            words = {"12": "12月|2020年底", "6": "6月|上半年"}
            assert re.search(words.get(row["month"], rf"(?<!\d){row['month']}月"), text), place
        if row["indicator"] in UNDATED:
            assert not row["year"], place
            continue
        years = re.findall(r"20[12]\d(?=[年.-])", text)
        if place.startswith("附件三/") or row["indicator"] == "b03_middle_school_started":
            assert row["year"] == "2020", place  # a month alone
        else:
            assert row["year"] == max(years), place


def test_kinds_are_used_as_the_design_means_them():
    kinds = {row["id"]: row for row in rows("indicators")}
    targets = rows("targets")
    for row in targets:
        indicator = kinds[row["indicator"]]
        if indicator["kind"] == "milestone":
            assert (row["value"], row["sense"], indicator["unit"]) == ("1", "at_least", "")
            assert indicator["nature"] == "event"
        else:
            assert indicator["unit"], row
            assert indicator["nature"] != "event"
        if indicator["kind"] in {"share", "completion"}:
            assert indicator["unit"] == "%"
            assert 0 < float(row["value"]) <= 100
        assert bool(indicator["average_method"]) == (indicator["kind"] == "growth")
        if indicator["kind"] == "rank":
            assert row["sense"] == "at_most"
    several = [r["indicator"] for r in targets if r["indicator"] == "annual_bus_lines"]
    assert len(targets) - len(kinds) == len(several) - 1 == 1
    words = [row["any_of"] for row in targets if row["any_of"]]
    assert words == ["hdu_patents"] * 2


UNDATED = {"travel_time_within_area", "core_section_6_rivers"}
"""Promises that the document does not date: counted, and not assessed until the office does."""


def test_senses_follow_the_printed_words():
    at_most = {row["indicator"] for row in rows("targets") if row["sense"] == "at_most"}
    assert at_most == {
        "energy_per_industrial_va",
        "travel_time_to_ring",
        "travel_time_around_ring",
        "travel_time_within_area",
        "hitech_zone_rank",
        "hitech_zone_rank_percentile",
        "annual_bus_lines",
    }
    assert "exactly" not in {row["sense"] for row in rows("targets")}


def test_baselines_are_only_published_by_definition_or_assumed_zero():
    kinds = {row["id"]: row for row in rows("indicators")}
    names = {row["indicator"] for row in rows("targets")}
    unprinted = next(row for row in rows("conflicts") if row["id"] == "bases_not_printed")
    with_place = set(parts(unprinted["places"]))
    published = {}
    for row in rows("baselines"):
        assert row["indicator"] in names
        assert row["unit"] == kinds[row["indicator"]]["unit"]
        if row["origin"] == "published":
            published[row["indicator"], row["year"]] = (row["value"], row["confidence"])
            assert "http" in row["source"]
            continue
        assert (row["year"], row["value"]) == ("2019", "0")
        assert kinds[row["indicator"]]["kind"] == "cumulative"
        places = {
            p
            for t in rows("targets")
            if t["indicator"] == row["indicator"]
            for p in parts(t["places"])
        }
        if row["origin"] == "assumed":
            assert places & with_place, row["indicator"]
        else:
            assert row["origin"] == "definition"
            assert any(
                re.search("新增|新建|新设立|新引进|新招引", document()[place]) for place in places
            )
    assert published == {
        ("gdp", "2018"): ("451.84", "high"),
        ("rd_to_gdp", "2019"): ("2.7", "high"),
        ("hitech_zone_rank_percentile", "2016"): ("84", "low"),
    }
    counted = {row["id"] for row in kinds.values() if row["kind"] == "cumulative"}
    assert counted == {row["indicator"] for row in rows("baselines") if row["value"] == "0"}


@cache
def rows_of_annex_three() -> dict[int, str]:
    lines = [line.strip() for line in SOURCE_DOCUMENT.read_text(encoding="utf-8").splitlines()]
    start = lines.index("三、环境整治提升大会战(54项)")
    end = lines.index("四、三年行动计划重点工作(53项)")
    found = numbered([line for line in lines[start + 1 : end] if line])
    return {number: "".join(row) for number, row in found.items()}


def printed_at(head: str) -> list[str]:
    """Text of each place that a reading names; anything but a place means the whole document."""
    texts = []
    for place in head.split():
        if not PLACE.fullmatch(place):
            texts.append(SOURCE_DOCUMENT.read_text(encoding="utf-8"))
        elif place.startswith("附件三/"):  # the heading of a row stands outside its cells
            row = rows_of_annex_three()[int(place[4:].split(".")[0])]
            texts.append(document()[place] + "\n" + row)
        else:
            texts.append(document()[place])
    return ["".join(text.split()) for text in texts]


@pytest.mark.parametrize("row", CONFLICTS, ids=lambda row: row["id"])
def test_a_conflict_quotes_the_document_and_says_why_in_both_languages(row):
    readings = parts(row["readings"])
    assert len(readings) >= 2
    named = set()
    for reading in readings:
        head, colon, words = reading.partition(": ")
        assert colon, reading
        assert not re.search("[a-z]{3}", words), reading
        named |= {place for place in head.split() if PLACE.fullmatch(place)}
        for text in printed_at(head):
            for quoted in re.findall("「(.+?)」", words):
                assert "".join(quoted.split()) in text, (reading, quoted)
    places = parts(row["places"])
    assert set(places) == named
    assert named <= document().keys()
    for column in ("subject", "used", "reason"):
        zh, slash, en = row[column].partition(" / ")
        assert slash
        assert " / " not in en
        assert re.search("[\u4e00-\u9fff]", zh), row[column]
        assert re.search("[A-Za-z0-9]", en), row[column]
        assert not re.search("[a-z]{3}", zh), row[column]


@pytest.fixture
def trace(monkeypatch):
    """The script, imported as it is run: with its neighbours beside it."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    import trace_numbers

    return trace_numbers


@pytest.mark.uncounted
def test_every_number_has_a_row_or_a_reason_and_the_pages_are_what_the_script_writes(trace, capsys):
    assert trace.main(["--check"]) == 0, capsys.readouterr().err
    assert capsys.readouterr().out.startswith("572 numbers")


@pytest.mark.uncounted
def test_the_script_writes_the_pages_it_checks(trace, tmp_path):
    assert trace.main(["--docs", str(tmp_path), "--check"]) == 1
    assert trace.main(["--docs", str(tmp_path)]) == 0
    for page in ("coverage.md", "conflicts.md"):
        assert (tmp_path / page).read_bytes() == (DOCS / page).read_bytes()


@pytest.mark.uncounted
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
    text = SOURCE_DOCUMENT.read_text(encoding="utf-8")
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
    for line in read_lines(SOURCE_DOCUMENT):
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
    with (SCRIPTS / "numbers_not_used.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert row["number"] in row["context"]
            assert re.search("[\u4e00-\u9fff]", row["reason_zh"])
            assert re.search("[a-z]", row["reason_en"])
