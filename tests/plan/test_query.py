"""Questions a planner asks of a plan, and how a plan and its records show themselves."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

import corridor_model as cm
from corridor_model.tabular.names import place_of


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
    assert re.search("基期</th><td>—", html)


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
