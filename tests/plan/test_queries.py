"""What a planner asks of a plan, and what a notebook shows of it."""

from __future__ import annotations

from pathlib import Path

import pytest

import corridor_model as cm
from corridor_model.plan.display import baseline_text, target_text
from corridor_model.plan.plan import Plan
from corridor_model.plan.promises import headline
from corridor_model.plan.query import due_text
from corridor_model.plan.records import bounds, record_line
from corridor_model.tabular.names import place_of

FOLDER = Path(__file__).parents[1] / "other_plan"


@pytest.fixture(scope="module")
def other():
    return cm.load_plan(FOLDER)


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
    assert record_line(output.targets[0]) == "640.0 · 亿元 · at_least · 2025 · ('二/1',)"
    assert other.tasks["t1"].indicators == ("output", "output_growth")
    assert other.conflicts["margin_base"].readings == ("二/3: 2022年", "附件/3: 2023年")


def test_an_indicator_that_lost_its_target():
    from dataclasses import replace

    bare = replace(cm.load_plan(FOLDER).indicators["trees"], targets=())
    assert target_text(bare) == "无目标"
    assert target_text(bare, "en") == "no target"
    with pytest.raises(cm.CorridorError, match="trees has no target"):
        _ = bare.target


def test_a_notebook_shows_tables(other):
    page = other._repr_html_()
    assert page.count("<tr>") == 13
    assert "另有 2 项" in page
    assert "清河县" in page
    assert "另有" not in cm.load_plan(FOLDER.parent / "wrong_plans" / "base")._repr_html_()
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
        assert page.startswith("<table>")
        assert "None" not in page
    assert "<td>是</td>" in other.projects["ring_west"]._repr_html_()


def test_what_an_office_typed_is_no_markup(tmp_path):
    plan = cm.load_plan(FOLDER)
    folder = plan.to_folder(tmp_path)
    for name, old in (("about.csv", "清河县"), ("indicators.csv", "县医院")):
        text = (folder / name).read_text("utf-8").replace(old, "<script>&")
        (folder / name).write_text(text, "utf-8")
    plan = cm.load_plan(folder)
    for shown in (plan._repr_html_(), plan.indicators["hospital"]._repr_html_()):
        assert "<script>" not in shown
        assert "&lt;script&gt;&amp;" in shown


def test_plans_compare_by_content(other, tmp_path):
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
