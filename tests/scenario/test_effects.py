"""What works do, and what is said of them in vain: as it is read and as it is told."""

from __future__ import annotations

import pytest

import corridor_model as cm
from corridor_model.cli import main
from corridor_model.distributions import distribution_from_text
from corridor_model.plan.plan import Plan
from corridor_model.scenario.changes import AsPlanned
from corridor_model.scenario.resolve import uncertainties_of
from corridor_model.scenario.work import effects_of
from corridor_model.tabular.table import from_rows
from corridor_model.text.scenario import idle_text, scenario_text

PLAN = cm.load_plan()


def with_rows(table, names, *rows):
    """Return the bundled plan with other rows in one table."""
    made = [dict(zip(names, row, strict=True)) for row in rows]
    return Plan({**PLAN.tables, table: from_rows(table, made)})


EFFECT = ("target", "indicator", "per_unit", "lag", "decay", "origin")
UNCERTAIN = ("target", "field", "distribution", "origin")


def test_an_effect_of_all_works_is_that_of_every_work_of_which_nothing_else_is_said():
    plan = with_rows(
        "effects",
        EFFECT,
        ("bus_lanes", "gdp", 0.4, None, None, "user"),
        ("road", "gdp", 0.3, 1, 0.5, "user"),
        ("all", "gdp", 0.1, None, None, "user"),
    )
    found = {e.project: e.per_unit for e in effects_of(plan)}
    assert len(found) == len(PLAN.projects)
    assert found.pop("bus_lanes") == 0.4
    for name, per_unit in found.items():
        assert per_unit == (0.3 if PLAN.projects[name].category == "road" else 0.1), name


@pytest.mark.parametrize(
    ("said", "zh", "en"),
    [
        ({}, "增加0.2亿元", "carried out"),
        ({"lag": 1}, "增加0.2亿元，滞后1年见效", "carried out, after 1 year"),
        ({"decay": 0}, "增加0.2亿元，此后一直保持", "carried out, and for good"),
        (
            {"lag": 2, "decay": 0.25},
            "增加0.2亿元，滞后2年见效，此后每年减弱25.0 %",
            "carried out, after 2 years, losing 25.0 % of itself each year after",
        ),
    ],
)
def test_the_words_of_an_effect_say_when_it_shows_and_how_it_fades(said, zh, en):
    scenario = cm.Scenario("x", cm.SetEffect("binhai_avenue", "gdp", 0.2, **said))
    assert scenario_text(scenario, PLAN, "zh")[0].endswith(zh)
    assert scenario_text(scenario, PLAN, "en")[0].endswith(en)


# ---- uncertainties.csv: the same limits as a scenario's ----


@pytest.mark.parametrize("field", ["delay", "overrun"])
@pytest.mark.parametrize(
    "text",
    [
        *("0", "-1", "1", "10", "11", "120", "1200", "1201", "2024", "discrete([0], [1])"),
        *("uniform(-1, 2)", "uniform(0, 2)", "pert(0, 6, 24)", "pert(100, 120, 2000)"),
        *("normal(3, 9)", "lognormal(mean=1.2, sd=0.3)", "lognormal(mean=900, sd=300)"),
    ],
)
def test_a_cell_takes_what_a_change_takes(field, text):
    value = distribution_from_text(text)
    change = cm.Delay if field == "delay" else cm.Overrun
    taken = []
    for make in (
        lambda: change("binhai_avenue", value),
        lambda: uncertainties_of(
            with_rows("uncertainties", UNCERTAIN, ("binhai_avenue", field, text, "user"))
        ),
    ):
        try:
            make()
            taken.append(True)
        except cm.CorridorError:
            taken.append(False)
    assert taken[0] == taken[1]


# ---- works finished before changes count ----

FINISHED = "yandang_middle_road"  # 2020-12


def idle(*changes, since="2021-07"):
    return [idle_text(PLAN, cm.Scenario("x", *changes, since=since), lang) for lang in ("zh", "en")]


@pytest.mark.parametrize(
    ("change", "zh", "en"),
    [
        (cm.Delay(FINISHED, 6), "改期", "a move in time"),
        (cm.Accelerate(FINISHED, 2), "改期", "a move in time"),
        (cm.Overrun(FINISHED, factor=cm.PERT(1, 1.2, 2)), "造价系数", "a cost factor"),
        (cm.Cancel(FINISHED), "取消", "a cancellation"),
    ],
)
def test_what_is_said_in_vain_of_a_finished_work_is_told(change, zh, en):
    assert idle(change) == [
        [f"雁荡中路在2021年7月之前已完工，{zh}对其不起作用"],
        [f"Yandang Middle Road: finished before 2021-07, so {en} changes nothing"],
    ]
    assert idle(change, since="2020-12") == [[], []]
    longer = cm.SetDates(FINISHED, start="2020", end="2022")
    assert idle(longer, change) == [[], []]


def test_of_a_group_the_finished_works_are_named_or_counted():
    zh, en = idle(cm.Delay(all=True, months=6), cm.Overrun(category="road", factor=1.2))
    assert "等7项在2021年7月之前已完工，改期、造价系数对其不起作用" in zh[0]
    assert "and 4 more: finished before 2021-07, so a move in time or a cost factor" in en[0]
    assert idle(cm.Delay(all=True, months=0), cm.Overrun(all=True, factor=1)) == [[], []]
    assert idle(cm.Delay(FINISHED, 6), AsPlanned(FINISHED, what="schedule")) == [[], []]


@pytest.mark.uncounted
@pytest.mark.parametrize(("lang", "said"), [("zh", "改期对其不起作用"), ("en", "changesnothing")])
def test_the_command_line_tells_it_when_it_reads_back(tmp_path, capsys, lang, said):
    file = tmp_path / "mine.toml"
    late = cm.Scenario("late", cm.Delay(category="road", months=6), since="2021-07")
    file.write_text(late.to_toml(), encoding="utf-8")
    assert main(["simulate", str(file), "--draws", "16", "--lang", lang]) == 0
    assert said in "".join(capsys.readouterr().out.split())  # broken to the terminal's width
