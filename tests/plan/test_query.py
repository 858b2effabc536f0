"""Questions a planner asks of a plan, and how plans and records show themselves."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from tests.helpers.paths import BASE_PLAN, OTHER_PLAN

import corridor_model as cm
from corridor_model.plan.display import baseline_text, target_text
from corridor_model.plan.plan import Plan
from corridor_model.plan.query import due_text, headline
from corridor_model.plan.records import bounds, record_line
from corridor_model.tabular.schema import place_of


class Tags(HTMLParser):
    """Collects unclosed tags, so that a broken table is found."""

    def __init__(self):
        super().__init__()
        self.open, self.rows = [], 0

    def handle_starttag(self, tag, attrs):
        if tag != "br":
            self.open.append(tag)
        self.rows += tag == "tr"

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def parsed(html):
    tags = Tags()
    tags.feed(html)
    assert tags.open == []
    return tags


def test_by_unit_any_of_its_names_gives_the_same(plan):
    one = plan.promises(unit="区卫健局")
    other = plan.promises(unit="区卫生健康局")
    assert len(one) > 3
    assert one.equals(other)
    assert one["lead_units"].str.cat(one["other_units"]).str.contains("卫").all()


def test_by_deadline_year_contains_its_months(plan):
    year = plan.promises(due=2020)
    month = plan.promises(due="2020-05")
    assert set(month["id"]) <= set(year["id"])
    assert year["due"].str.startswith("2020").all()
    assert (month["due"] == "2020-05").all()


def test_conditions_narrow_each_other(plan):
    both = plan.promises(area="eye_valley", kind="cumulative")
    assert set(both["kind"]) == {"cumulative"}
    assert set(both["area"]) == {"eye_valley"}
    assert len(both) < len(plan.promises(area="中国眼谷"))


def test_every_target_work_and_task_is_found_without_conditions(plan):
    found = plan.promises()
    sizes = found["what"].value_counts().to_dict()
    assert sizes == {
        "target": len(plan.tables["targets"]),
        "work": len(plan.projects),
        "task": len(plan.tasks),
    }


@pytest.mark.parametrize(
    ("condition", "near"),
    [
        ({"unit": "区科技居"}, "区科技局"),
        ({"area": "eye_vally"}, "eye_valley"),
        ({"kind": "leval"}, "level"),
    ],
)
def test_unknown_names_come_with_the_nearest(plan, condition, near):
    with pytest.raises(cm.CorridorError, match=near):
        plan.promises(**condition)


def test_nothing_found_is_an_empty_table_with_columns(plan):
    found = plan.promises(text="没有这样的字")
    assert len(found) == 0
    assert "due" in found


def test_search_reaches_conflicts_and_both_languages(plan):
    found = plan.search("眼谷")
    assert {"target", "task", "conflict"} <= set(found["what"])
    assert "rd_to_gdp" in set(plan.search("r&d")["id"])
    assert len(plan.search("zzzz")) == 0


@pytest.mark.parametrize(("place", "said"), [((3, 4, 5), "附件三/4.5"), ((1, 8, None), "附件一/8")])
def test_places_read_like_the_targets_places(place, said):
    assert place_of(*place) == said


def test_every_task_with_targets_stands_where_a_target_says(plan):
    known = {p for i in plan.indicators.values() for t in i.targets for p in t.places}
    loose = [
        task.id
        for task in plan.tasks.values()
        if task.indicators and place_of(task.table, task.row, task.part) not in known
    ]
    # rows that print a reading which stands in conflicts instead of places
    assert len(loose) <= 3


def test_repr_and_html_of_the_plan(plan):
    assert "580" not in repr(plan).splitlines()[0]
    assert "2020-2022" in repr(plan)
    tags = parsed(plan._repr_html_())
    assert tags.rows > 5


@pytest.mark.uncounted
def test_html_of_every_record_is_a_closed_table(plan):
    for records in (plan.indicators, plan.projects, plan.tasks, plan.conflicts):
        for record in records.values():
            assert parsed(record._repr_html_()).rows >= 6
    parsed(plan.about._repr_html_())


def test_html_escapes_what_people_write(tmp_path, plan):
    plan.to_folder(tmp_path)
    file = tmp_path / "indicators.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(",生产总值,", ",<script>x</script>,"), encoding="utf-8")
    gdp = cm.load_plan(tmp_path).indicators["gdp"]
    assert "<script>" not in gdp._repr_html_()
    assert "&lt;script&gt;" in gdp._repr_html_()


def test_unknown_says_so(plan):
    html = plan.indicators["sei_va_share"]._repr_html_()
    assert re.search("基期</th><td[^>]*>—</td>", html)


def test_records_are_frozen(plan):
    gdp = plan.indicators["gdp"]
    for thing, name in ((gdp, "unit"), (gdp.target, "value"), (plan, "example")):
        with pytest.raises(AttributeError):
            setattr(thing, name, "x")
    with pytest.raises(TypeError):
        plan.indicators["gdp"] = None


def test_single_target_refuses_a_range(plan):
    with pytest.raises(cm.CorridorError, match="2 targets"):
        _ = plan.indicators["annual_bus_lines"].target


def test_tables_are_frames_with_ids_as_columns(plan):
    indicators = plan.table("indicators")
    assert indicators["id"].tolist() == list(plan.indicators)
    assert plan.table("targets")["year"].dtype == "Int64"
    assert plan.table("projects")["investment"].isna().sum() == 7
    with pytest.raises(cm.CorridorError, match="indicators"):
        plan.table("indicator")


def test_plans_compare_by_content(plan, tmp_path):
    again = cm.load_plan(plan.to_folder(tmp_path / "a"))
    assert again == plan
    assert hash(again) == hash(plan)
    assert plan != "plan"
    assert cm.load_plan(baselines=_one_baseline(tmp_path)) != plan


def _one_baseline(folder):
    file = folder / "b.csv"
    file.write_text("indicator,year,value\ngdp,2019,480\n", encoding="utf-8")
    return file


@pytest.mark.uncounted
@pytest.mark.parametrize("said", [2020, "２０２０", "2020年", " 2020 "])
def test_a_deadline_may_be_written_as_offices_do(plan, said):
    assert len(plan.promises(due=said)) == len(plan.promises(due="2020")) > 0


@pytest.mark.parametrize("said", ["明年", "2020-13", "abc", "2021-2022", ""])
def test_a_deadline_that_is_no_date_is_refused(plan, said):
    with pytest.raises(cm.CorridorError) as wrong:
        plan.promises(due=said)
    assert wrong.value.text("zh") != wrong.value.text("en")


def test_kinds_may_be_asked_for_in_chinese(plan):
    assert set(plan.promises(kind="位次")["kind"]) == {"rank"}
    assert len(plan.promises(kind="项目")) == len(plan.projects)


def test_part_of_a_name_finds_the_office(plan):
    with pytest.raises(cm.CorridorError) as wrong:
        plan.promises(unit="科技局")
    assert "区科技局" in wrong.value.text("zh")
    assert "责任单位" in wrong.value.text("zh")


@pytest.fixture(scope="module")
def other():
    return cm.load_plan(OTHER_PLAN)


def found(frame):
    return frame["id"].tolist()


def test_by_unit_under_any_of_its_names(other):
    assert found(other.promises(unit="县生态环境局")) == [
        "density",
        "density",
        "parks_a",
        "parks_b",
        "wetland",
        "t2",
    ]
    assert found(other.promises(unit="县环保局")) == found(other.promises(unit="县生态环境局"))
    with pytest.raises(cm.CorridorError, match="Did you mean '县交通局'"):
        other.promises(unit="县交通委")


def test_by_area_group_kind_and_text(other):
    assert found(other.promises(area="river_park")) == ["density", "density", "t2"]
    assert found(other.promises(area="清河产业园")) == found(other.promises(area="River park"))
    assert found(other.promises(group="绿色低碳", kind="cumulative")) == [
        "chargers",
        "parks_a",
        "parks_b",
    ]
    assert found(other.promises(kind="work", text="WEST RING")) == ["ring_west", "ring_west_south"]
    assert found(other.promises(kind="task", text="充电")) == ["t3"]
    assert other.promises(text="no such words").empty
    for wrong in ({"area": "moon"}, {"group": "绿色底碳"}, {"kind": "levels"}):
        with pytest.raises(cm.CorridorError, match="The plan knows no"):
            other.promises(**wrong)


def test_by_deadline(other):
    assert found(other.promises(due=2025)) == ["output", "hospital", "ring_west", "t4"]
    assert found(other.promises(due="2025-09")) == ["hospital", "t4"]
    assert found(other.promises(due="2027-12-31")) == ["t3"]
    assert other.promises(due=1999).empty


def test_several_conditions_are_all_met(other):
    frame = other.promises(unit="县卫健局", due=2025)
    assert frame["due"].tolist() == ["2025-09", "2025-09"]
    assert frame["what"].tolist() == ["target", "task"]
    assert frame["lead_units"].tolist() == ["县卫健局", "县卫健局"]


def test_search_reads_conflicts_too(other):
    assert found(other.search("5.9%")) == ["margin_base"]
    assert found(other.search("利润率")) == ["margin", "margin_base"]
    assert found(other.search("TRAM"))[0] == "tram_progress"
    assert other.search("no such words").empty


def test_places_and_dates():
    assert (place_of(3, 4, 5), place_of(12, 1, None)) == ("附件三/4.5", "附件12/1")
    assert (due_text(2025, 6), due_text(2025, None)) == ("2025-06", "2025")


def test_records(other):
    output = other.indicators["output"]
    assert output.baseline.year == 2023  # of one origin the later year comes first
    assert output.name("en") == "Industrial output"
    assert other.projects["ring_west"].name("zh") == other.projects["ring_west"].name_zh
    assert other.about.name("en").startswith("Qinghe")
    assert bounds(other.indicators["density"]) == (35, 50)
    assert target_text(other.indicators["density"]) == "35–50 亿元/平方公里（2027年）"
    assert target_text(other.indicators["hospital"], "en") == "done (2025)"
    assert target_text(other.indicators["bus_lines"], "en") == "= 48 条 (2027)"
    assert baseline_text(other.indicators["trees"]) == "未知"
    assert baseline_text(other.indicators["trees"], "en") == "unknown"
    assert baseline_text(output, "en") == "528.4 (2023, published)"
    assert "output" in headline(other)
    assert record_line(output.targets[0]) == "640 · 亿元 · at_least · 2025 · 二/1"
    assert other.tasks["t1"].indicators == ("output", "output_growth")
    assert other.conflicts["margin_base"].readings == ("二/3: 2022年", "附件/3: 2023年")


def test_an_indicator_that_lost_its_target():
    from dataclasses import replace

    bare = replace(cm.load_plan(OTHER_PLAN).indicators["trees"], targets=())
    assert target_text(bare) == "无目标"
    assert target_text(bare, "en") == "no target"
    with pytest.raises(cm.CorridorError, match="trees has no target"):
        _ = bare.target


def test_a_notebook_shows_tables(other):
    page = other._repr_html_()
    assert page.count("<tr>") == 13
    assert f"另有{len(other.targets) - 12}行" in page
    assert "清河县" in page
    assert "另有" not in cm.load_plan(BASE_PLAN)._repr_html_()
    for record in (
        other.about,
        other.indicators["density"],
        other.indicators["output"].targets[0],
        other.indicators["output"].baseline,
        other.projects["ring_west"],
        other.tasks["t2"],
        other.conflicts["margin_base"],
    ):
        page = record._repr_html_()
        assert page.startswith("<div><table><caption")
        assert "None" not in page
    assert re.search("<td[^>]*>是</td>", other.projects["ring_west"]._repr_html_())


def test_what_an_office_typed_is_no_markup(tmp_path):
    plan = cm.load_plan(OTHER_PLAN)
    folder = plan.to_folder(tmp_path)
    for name, old in (("about.csv", "清河县"), ("indicators.csv", "县医院")):
        text = (folder / name).read_text("utf-8").replace(old, "<script>&")
        (folder / name).write_text(text, "utf-8")
    plan = cm.load_plan(folder)
    for shown in (plan._repr_html_(), plan.indicators["hospital"]._repr_html_()):
        assert "<script>" not in shown
        assert "&lt;script&gt;&amp;" in shown


def test_another_plan_compares_by_content(other, tmp_path):
    again = cm.load_plan(other.to_folder(tmp_path))
    assert again == other
    assert hash(again) == hash(other)
    assert other != cm.load_plan()
    assert other != "a plan"
    assert "'qinghe_green_2027'" in repr(other)
    with pytest.raises(AttributeError):
        other.tables = {}
    with pytest.raises(TypeError):
        other.indicators["output"] = None
    assert "[" in repr(Plan(other.tables, example=True)).splitlines()[0]


def test_a_membership_looks_for_no_nearest_name(plan, monkeypatch):
    """A search of all names for each question would cost more than an assessment."""

    def never(*_: object) -> str:
        raise AssertionError("the nearest name was looked for")

    monkeypatch.setattr("corridor_model.plan.records.nearest", never)
    names = plan.indicators
    assert "gdp" in names
    assert "GDP" not in names
    assert [] not in names  # of no hash, as for a dict it is no error here
    assert names.get("gdp") is names["gdp"]
    assert names.get("GDP") is None
    assert names.get(["gdp"], 3) == 3
