"""Roll-ups, leagues, verdicts over time, audits and the command line."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest
from tests.helpers.assess_plans import baseline, figures, indicator, one, plan_of, remark, target

from corridor_model.assessment import assess
from corridor_model.assessment.required_growth import required_growth
from corridor_model.assessment.rollup import LIGHTS, lead_units, league, promises_of, rank, roll_up
from corridor_model.assessment.trail import change, earlier, in_a_row, verdict_history
from corridor_model.assessment.works import assess_tasks
from corridor_model.cli import main
from corridor_model.codes import reason_word, status_word
from corridor_model.errors import CorridorError
from corridor_model.text.assessment import row_of
from corridor_model.text.audit import FORMULAS, explain
from corridor_model.text.layout import width

NAMES = ("a", "b", "c", "d", "e")


def office(bindings=None, **leads):
    """Return a plan of five counts of 100 from 0, in two groups, led by the units given."""
    bindings = bindings or {}
    return plan_of(
        groups=[{"id": "g", "name_zh": "甲", "name_en": "A"}, {"id": "h", "name_zh": "乙"}],
        areas=[{"id": "north", "name_zh": "北", "name_en": "North"}],
        indicators=[
            indicator(
                name,
                "cumulative",
                group="g" if name < "d" else "h",
                scope="north",
                binding=bindings.get(name),
            )
            for name in NAMES
        ],
        targets=[target(name) for name in NAMES],
        baselines=[baseline(name, 0) for name in NAMES],
        tasks=[
            {
                "id": f"t{i}",
                "table": 1,
                "row": i,
                "name": unit,
                "indicators": tuple(names),
                "lead_units": (unit,),
            }
            for i, (unit, names) in enumerate(leads.items(), start=1)
        ],
    )


def judged(plan, as_of=2021, **values):
    rows = [(name, as_of, value) for name, value in values.items()]
    return assess(plan, figures(plan, *rows), as_of)


# ------------------------------------------------------------------ roll-up


def test_the_worst_group_stands_first_and_parts_stay_listed():
    plan = office()
    made = judged(plan, a=100, b=66, c=90, d=10)
    groups = roll_up(plan, made, "group")
    assert list(groups.index) == ["h", "g"]
    assert groups.loc["h", ["total", "behind", "not_assessable", "not_reported"]].tolist() == [
        2,
        1,
        1,
        1,
    ]
    assert groups.loc["h", "parts"] == "d;e"
    assert groups.loc["g", "parts"] == "b;c;a"
    assert groups.loc["g", "name_en"] == "A"
    assert groups.loc["h", "name_en"] == "乙"


def test_only_binding_targets_turn_a_group_red():
    values = {"a": 1, "b": 66, "c": 90, "d": 10, "e": 66}
    plan = office({"a": "expected", "d": "binding"})
    groups = roll_up(plan, judged(plan, **values), "group")
    assert groups["light"].to_dict() == {"h": "red", "g": "yellow"}
    assert groups["binding_behind"].to_dict() == {"h": 1, "g": 0}
    good = roll_up(plan, judged(plan, a=66, b=66, c=66), "group")
    assert good["light"].to_dict() == {"h": "grey", "g": "green"}
    assert {*groups["light"], *good["light"]} <= set(LIGHTS)


def test_by_block_unit_and_plan():
    plan = office(x=("a", "b"), y=("a",))
    made = judged(plan, a=10, b=66)
    units = roll_up(plan, made, "unit")
    assert units["total"].to_dict() == {"y": 1, "x": 2, "": 3}
    assert units.loc["", "name_zh"] == "未指定"
    assert roll_up(plan, made, "block").loc["north", "total"] == 5
    whole = roll_up(plan, made, "plan").iloc[0]
    assert (whole["total"], whole["name_zh"]) == (5, "测试计划")


def test_alternatives_count_once():
    plan = plan_of(
        indicators=[indicator("x", "cumulative"), indicator("y", "cumulative")],
        targets=[target("x", any_of="p"), target("y", any_of="p")],
        baselines=[baseline("x", 0), baseline("y", 0)],
    )
    made = judged(plan, x=3, y=90)
    (promise,) = promises_of(plan, made)
    assert (promise.id, promise.indicators, promise.status) == ("p", ("x", "y"), "ahead")
    made = judged(plan, x=3)
    assert promises_of(plan, made)[0].status == "behind", "what is reported counts"


def test_what_cannot_be_rolled_up_is_said(plan):
    with pytest.raises(CorridorError, match="one rule first"):
        roll_up(plan, assess(plan, rule="all"))
    with pytest.raises(CorridorError, match="another plan"):
        roll_up(plan, assess(one()))
    with pytest.raises(CorridorError, match="by must be one of"):
        roll_up(plan, assess(plan), "colour")


def test_leads_are_known_by_their_names_in_use(plan):
    leads = lead_units(plan)
    assert set(plan.units.values()) >= {unit for units in leads.values() for unit in units}


# ------------------------------------------------------------------ league


def test_league_with_ties_and_not_ranked():
    names = {"w": ("a",), "x": ("b", "c"), "y": ("b", "c"), "z": ("d", "e")}
    plan = office(**names)
    made = judged(plan, a=66, b=66, c=10, d=1, e=2)
    table = league(plan, made, min_items=1)
    assert table["rank"].to_dict() == {"w": 1, "x": 2, "y": 2, "z": 4}
    assert table["score"].to_dict() == {"w": 1.0, "x": 0.5, "y": 0.5, "z": 0.0}
    table = league(plan, made, min_items=2, left_out=("x",))
    assert table["note"].to_dict() == {"y": "", "z": "", "w": "too_few_items", "x": "left_out"}
    assert table["rank"].to_dict() == {"y": 1, "z": 2, "w": 0, "x": 0}
    assert rank(0.8, [0.9, 0.8, 0.8, 0.5]) == 2
    with pytest.raises(CorridorError, match="min_items"):
        league(plan, made, min_items=0)


def test_league_counts_tasks_and_what_cannot_be_assessed():
    plan = office(x=("a",), y=("b",))
    tasks = assess_tasks(plan, [{"task": "t1", "date": "2021-05-01", "state": "done"}], 2021)
    table = league(plan, judged(plan, a=66), tasks=tasks, min_items=2)
    assert table.loc["x", ["items", "assessed", "score", "rank"]].tolist() == [2, 2, 1.0, 1]
    assert table.loc["y", ["items", "assessed", "not_assessable", "note"]].tolist() == [
        2,
        0,
        2,
        "too_few_items",
    ]


# ------------------------------------------------------------------ over time


def test_last_verdict_change_and_months_in_a_row():
    plan = one("cumulative", value=36, base=0)
    rows = [("x", f"2021-{month:02d}", 12 + month // 3) for month in range(1, 10)]
    made = verdict_history(plan, figures(plan, ("x", 2020, 12), *rows), "2021-09", periods=9).loc[
        "x"
    ]
    assert made["2021-01"] == "on_schedule"
    assert (made["status"], made["last_status"], made["change"]) == ("behind", "behind", "same")
    statuses = [made[f"2021-{month:02d}"] for month in range(1, 10)]
    assert made["months_behind"] == in_a_row(statuses) == statuses.count("behind")


def test_quarters_count_three_months_each():
    plan = one("cumulative", value=36, base=0)
    rows = [("x", f"2021Q{quarter}", 12) for quarter in (1, 2, 3)]
    made = verdict_history(plan, figures(plan, ("x", 2020, 12), *rows), "2021Q3", periods=4).loc[
        "x"
    ]
    assert list(made.index[4:]) == ["2020Q4", "2021Q1", "2021Q2", "2021Q3"]
    assert made["months_behind"] == 9


def test_what_was_said_then():
    plan = one("cumulative", value=36, base=0)
    rows = [
        ("x", 2020, 3, "level", None, "2021-01-20"),
        ("x", 2020, 12, "level", None, "2021-12-01"),
        ("x", 2021, 24, "level", None, "2022-01-20"),
    ]
    now = verdict_history(plan, figures(plan, *rows), 2021, periods=2).loc["x"]
    then = verdict_history(plan, figures(plan, *rows), 2021, periods=2, as_known=True).loc["x"]
    assert (now["2020"], then["2020"]) == ("on_schedule", "behind")
    assert then["change"] == "better"


def test_words_for_a_change():
    assert change("not_assessable", "ahead") == "newly_assessed"
    assert change("not_assessable", "not_assessable") == ""
    assert change("achieved", "behind") == "worse"
    assert [str(period) for period in earlier(2021, 2)] == ["2020", "2021"]
    with pytest.raises(CorridorError, match="at least 2"):
        verdict_history(one(), periods=1)


# ------------------------------------------------------------------ audit


def test_an_audit_names_everything(plan):
    audit = explain(assess(plan, as_of=2020), "gdp")
    assert audit.inputs["baseline_year"] == 2018
    assert audit.inputs["actual_origin"] == "published"
    assert audit.steps["required_rate_remaining"] == pytest.approx(0.1136, abs=5e-5)
    assert audit.formulas == {key: FORMULAS[key] for key in ("achieved_share", "schedule_gap")}
    assert audit.thresholds == "ahead 0.05, behind -0.05, growth_ahead 0.1, growth_behind -0.1"
    assert (audit.branch, audit.status) == ("gap", "behind")
    for said in ("2018年为451.84", "滞后", "11.4 %", "37.6个百分点", "口径不同"):
        assert said in audit.zh
    assert audit.source.startswith("class names")
    assert "<table>" in audit._repr_html_()


def test_an_audit_of_each_rule(plan):
    made = assess(plan, as_of=2020, rule="all")
    assert explain(made, "gdp", "eurostat").thresholds.startswith("significant 0.95")
    assert explain(made, "gdp").rule == "schedule"
    assert "cagr_ratio" in explain(made, "gdp", "eurostat").formulas
    with pytest.raises(CorridorError, match="no rule 'x'"):
        explain(made, "gdp", "x")
    with pytest.raises(CorridorError, match="no indicator 'x'"):
        explain(made, "x")


CASES = [
    (one("milestone", 1, None, year=2020), [("x", 2020, 1)], 2021, "已完成", "Done:"),
    (
        one("milestone", 1, None, year=2020),
        [("x", 2021, 1)],
        2021,
        "2021年才完成",
        "Met late, in 2021",
    ),
    (
        one("milestone", 1, None, year=2020, month=6),
        [("x", "2020-06", 0)],
        "2020-06",
        "到期未完成",
        "Not done when due",
    ),
    (one("growth", 10, None), [("x", 2020, 8)], 2020, "低于目标2.0个百分点", "2.0 points below"),
    (
        one("annual", 10, None),
        [("x", 2020, 8), ("x", 2021, 12)],
        2021,
        "2020年未达到",
        "Missed in 2020",
    ),
    (one("annual", 10, None), [("x", 2020, 8)], 2020, "本年未达到", "The year is missed"),
    (
        one("annual", 12, None),
        [("x", "2021-06", 5)],
        "2021-06",
        "年度序时进度50.0 %",
        "50.0 % of the year",
    ),
    (one(value=40, role="aim"), [("x", 2021, 30)], 2021, "现已回落", "lost since"),
    (one(value=40), [("x", 2021, 30)], 2021, "已跌破下限", "lower limit is passed"),
    (one(value=60, sense="at_most"), [("x", 2021, 66)], 2021, "已突破限额", "The limit is passed"),
    (one(value=40), [("x", 2021, 30)], 2021, "须年均上升33.3 %才能守住", "must rise by 33.3 %"),
    (
        *(one(value=60, sense="at_most"), [("x", 2021, 66)], 2021),
        *("须年均下降9.1 %才能守住", "must fall by 9.1 %"),
    ),
    (one(value=40), [("x", 2021, 46)], 2021, "已用40.0 %", "Used 40.0 % of the room"),
    (one(value=60), [("x", 2021, 70)], 2021, "目标值已达到", "target is met"),
    (one(value=60), [("x", 2021, 70)], 2021, "尚有回落可能", "can still be lost"),
    (one(value=90), [("x", 2022, 80)], 2022, "到期未达到", "Not met at the deadline"),
    (one(base=None), [("x", 2021, 80)], 2021, "无法评估：无基期", "Not assessable: no baseline"),
    (
        one("cumulative", 90, 0),
        [("x", 2021, 30)],
        2021,
        "每年需增加60.00家",
        "needs 60.00 家 a year",
    ),
    (one("share", 90, 50), [("x", 2021, 89)], 2021, "超序时", "points ahead"),
    (one(base=None), [], 2021, "未报送", "not reported"),
    (
        one(value=580, base=450, about={"nature": "flow"}),
        [("x", "2021-06", 240)],
        "2021-06",
        "2021年1—6月为240家，2019年为450，2022年目标≥580家",
        "Full year by months elapsed: 480.00",
    ),
]


@pytest.mark.parametrize(("plan_", "rows", "as_of", "zh", "en"), CASES)
def test_sentences(plan_, rows, as_of, zh, en):
    audit = explain(assess(plan_, figures(plan_, *rows), as_of), "x")
    assert zh in audit.zh
    assert en in audit.en
    assert not re.search(r"\bnan\b", audit.zh + audit.en)


def test_sentences_of_revisions_ranges_and_remarks():
    plan = one(value=100, base=50)
    change_ = [{"indicator": "x", "valid_from": "2021-07-01", "value": 85}]
    made = assess(plan, figures(plan, ("x", 2021, 75)), 2021, revisions=change_)
    assert "目标调整前（100）评价：滞后" in explain(made, "x").zh
    ranged = plan_of(
        indicators=[indicator("x")], targets=[target("x", 1), target("x", 2, "at_most")]
    )
    audit = explain(assess(ranged, figures(ranged, ("x", 2021, 2)), 2021), "x")
    assert "1-2" in audit.zh
    assert "achieved_share_of_range" in audit.formulas
    bare = plan_of(indicators=[indicator("x")])
    assert "定性目标" in explain(assess(bare), "x").zh
    told = explain(assess(one(), remark("x", "2021", "paused", "项目暂缓"), 2021), "x")
    assert "暂缓“项目暂缓”" in told.zh
    fast = one(value=100, base=50)
    rows = [("x", 2018, 45), ("x", 2019, 50), ("x", 2021, 58)]
    assert "最高增速11.1 %" in explain(assess(fast, figures(fast, *rows), 2021), "x").zh


def test_alternatives_and_paths_in_words():
    plan = plan_of(
        indicators=[indicator("x", "cumulative"), indicator("y", "cumulative")],
        targets=[target("x", any_of="p"), target("y", any_of="p")],
        baselines=[baseline("x", 0), baseline("y", 0)],
    )
    assert "二者之一" in explain(judged(plan, x=3, y=100), "x").zh
    index = plan_of(
        indicators=[indicator("x", "ratio")],
        targets=[target("x", 100, year=2020)],
        baselines=[baseline("x", 57.05, 2000)],
    )
    assert "取决于路径" in explain(assess(index, figures(index, ("x", 2006, 69.05)), 2006), "x").zh


def test_the_years_left_are_counted_from_what_is_compared():
    plan = one(value=580, base=450, about={"nature": "flow"})
    made = assess(plan, figures(plan, ("x", "2021-09", 390)), "2021-09")
    assert "剩余1年年均需增长11.5 %" in explain(made, "x").zh
    stock = one(value=100, base=50)
    made = assess(stock, figures(stock, ("x", "2021-09", 80)), "2021-09")
    assert "剩余1.25年" in explain(made, "x").zh
    falling = one(value=40, base=50, sense="at_most")
    made = assess(falling, figures(falling, ("x", 2021, 48)), 2021)
    assert "剩余1年年均需下降16.7 %" in explain(made, "x").zh
    assert "The year left needs -16.7 % a year" in explain(made, "x").en


def test_words():
    assert status_word("ahead", "zh") == "快于预期"
    assert reason_word("never_heard", "en") == "never_heard"
    assert row_of(assess(one()), "x")["base_year"] == 2019


# ------------------------------------------------------------------ required growth


@pytest.mark.uncounted
def test_required_growth_with_figures(plan):
    made = required_growth(plan, as_of=plan.about.last_year)
    gdp = made.loc["gdp"]
    assert round(gdp["required_rate"], 4) == 0.0644
    assert round(gdp["required_rate_remaining"], 4) == 0.1136
    assert round(gdp["achieved_rate"], 4) == 0.0174
    assert gdp["acceleration"] == pytest.approx(6.53, abs=0.005)
    assert bool(gdp["series_break"])
    for name in ("achieved_rate", "required_rate_remaining", "acceleration"):
        assert (made[name].isna() == (made[f"{name}_reason"] != "")).all()
    early = required_growth(plan, as_of=2018)
    assert pd.isna(early.loc["gdp", "achieved_rate"])


# ------------------------------------------------------------------ command line


def run(capsys, *arguments):
    code = main(["assess", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("more", [(), ("--all",), ("--rule", "all"), ("--explain", "gdp")])
def test_it_fits_into_eighty_columns(capsys, monkeypatch, lang, more):
    monkeypatch.setenv("COLUMNS", "80")
    code, out, err = run(capsys, "--as-of", "2020", "--lang", lang, *more)
    assert (code, err) == (0, "")
    assert max(map(width, out.splitlines())) <= 80


@pytest.mark.uncounted
def test_it_says_what_can_be_said_and_names_what_cannot(capsys):
    _, out, _ = run(capsys, "--as-of", "2020", "--lang", "zh")
    assert "滞后 1、未实现 0、无法评估" in out
    assert "37.6" in out
    assert "11.4 %" in out
    assert "未报送" in out
    assert "研究与试验发展经费" in out
    _, out, _ = run(capsys, "--lang", "en")
    assert "Only an older figure is known" in out
    assert "National rank" in out


def test_json_and_csv(capsys):
    _, out, _ = run(capsys, "--as-of", "2020", "--format", "json")
    rows = {row["indicator"]: row for row in json.loads(out)}
    assert rows["gdp"]["required_rate"] == pytest.approx(0.0644, abs=5e-5)
    assert rows["gdp"]["p_basis"] == "base_rate"
    assert rows["labor_productivity"]["projected"] is None
    assert rows["labor_productivity"]["projected_reason"] == "no_baseline"
    _, out, _ = run(capsys, "--as-of", "2020", "--format", "json", "--rule", "all")
    assert {row["rule"] for row in json.loads(out)} >= {"schedule", "statcan"}
    _, out, _ = run(capsys, "--as-of", "2020", "--format", "csv")
    assert out.splitlines()[0].startswith("indicator,")
    _, out, _ = run(capsys, "--as-of", "2020", "--explain", "gdp", "--format", "json")
    assert json.loads(out)[0]["branch"] == "gap"


def test_a_file_of_figures(capsys, tmp_path):
    file = tmp_path / "figures.csv"
    file.write_text("指标,时期,数值,计量单位\n生产总值,2021,500,亿元\n", "utf-8")
    code, out, _ = run(capsys, "--observations", str(file), "--lang", "zh")
    assert code == 0
    assert "16.0 %" in out
    code, _, err = run(capsys, "--rule", "nonsense")
    assert code == 1
    assert "No rule" in err


def test_warnings_are_said_beside_the_result(capsys, tmp_path):
    file = tmp_path / "figures.csv"
    text = "indicator,period,value,unit,series\ngdp,2021,500,亿元,after the 4th economic census\n"
    file.write_text(text, "utf-8")
    code, out, err = run(capsys, "--observations", str(file), "--lang", "zh", "--format", "json")
    assert code == 0
    assert json.loads(out)
    assert err.startswith("请核对：")
    said = [line for line in err.splitlines() if line != "已录入1条。"]
    assert all(line.startswith("请核对：") for line in said)


@pytest.mark.uncounted
def test_nothing_to_say(capsys):
    _, out, _ = run(capsys, "--as-of", "2019", "--lang", "en")
    assert "not assessable 1" in " ".join(out.split())
