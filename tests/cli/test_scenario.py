"""What ``corridor simulate`` and ``diff`` print: no table lacks what the help promises."""

from __future__ import annotations

import csv
import io
import json

import pytest

import corridor_model as cm
from corridor_model.cli import main
from corridor_model.cli.simulate import print_result
from corridor_model.plan.plan import Plan
from corridor_model.tabular.table import from_rows
from corridor_model.text import layout

PLAN = cm.load_plan()
LATE = cm.Scenario("late", cm.Delay("jinliwen_expressway", 12), name_zh="高速晚一年")


def printed(capsys, *asked, lang="zh"):
    """Return what a command prints."""
    assert main([*map(str, asked), "--lang", lang]) == 0
    return capsys.readouterr().out


@pytest.mark.uncounted
@pytest.mark.parametrize("draws", [16, 64])
def test_the_mean_number_of_promises_is_exact(capsys, draws):
    said = printed(capsys, "simulate", "--draws", draws)
    together = said[said.index("平均项数") :]
    line = next(line for line in together.splitlines() if line.startswith("按计划"))
    assert line.split()[1] == "1.94"


def table_of(said, heading):
    """Return the rows below a heading, split at blanks."""
    lines = said[said.index(heading) :].splitlines()
    end = next((i for i, line in enumerate(lines) if not line.strip()), len(lines))
    return [line.split() for line in lines[1:end]]


@pytest.fixture
def mine(tmp_path):
    """Return a file of one scenario, whose odds are those of the plan."""
    file = tmp_path / "mine.toml"
    file.write_text(LATE.to_toml(), encoding="utf-8")
    return file


@pytest.fixture
def three(tmp_path):
    """Return a file of three scenarios."""
    file = tmp_path / "三个.toml"
    file.write_text("\n".join(one.to_toml() for one in cm.shipped_scenarios()[-3:]), "utf-8")
    return file


@pytest.mark.uncounted
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_line_fits_a_terminal(capsys, lang):
    for line in printed(capsys, "simulate", "--draws", 64, lang=lang).splitlines():
        assert layout.width(line) <= 80, line


def test_money_and_roads_are_printed_by_year(capsys):
    said = printed(capsys, "simulate", "--draws", 64)
    money = table_of(said, "投资，亿元")
    assert money[0] == ["情景", "计划前", "2020", "2021", "2022", "计划期内", "计划后", "合计"]
    assert money[2][1:] == ["0.19", "39.98", "51.77", "53.94", "145.70", "73.84", "219.72"]
    roads = table_of(said, "年底累计通车道路")
    assert roads[0] == ["情景", *map(str, range(2020, 2027))]
    assert roads[2][1:5] == ["条", "4", "7", "8"]
    assert roads[3][:5] == ["公里", "4.89", "8.57", "12.20", "13.88"]
    late = next(i for i, row in enumerate(roads) if row[0] == "高速和滨海大道推迟12个月")
    assert roads[late][2:] == ["4", "7", "8", "10", "11", "14", "14"]
    assert "14条道路中8条区内里程已知，公里数只计这些，是下限" in said
    assert not any(row[0] == "增速目标恰好达到" for row in roads)


def test_roads_of_a_late_work_that_is_uncertain_are_means(capsys, tmp_path):
    file = tmp_path / "mine.toml"
    made = cm.Scenario("x", cm.Delay("binhai_avenue", cm.PERT(0, 6, 90)))
    file.write_text(made.to_toml(), encoding="utf-8")
    said = printed(capsys, "simulate", file, "--draws", 512)
    assert "下限；有分布的为均值" in said
    row = table_of(said, "年底累计通车道路")[4]
    expected = (
        cm.spending(PLAN, made, draws=512)
        .isel(scenario=0, drop=True)["p_open_by"]
        .sel(spending_year=2025)
        .sum()
        .item()
    )
    assert row[:2] == ["x", "条"]
    assert row[-2] == f"{expected:.1f}"
    assert row[-1] == "14"


@pytest.mark.uncounted
def test_money_that_is_a_mean_says_so_and_other_money_does_not(capsys, mine):
    assert "17项投资已知；有分布的为均值）" in printed(capsys, "simulate", "--draws", 64)
    assert "均值" not in printed(capsys, "simulate", mine, "--draws", 64)


def test_years_of_a_long_plan_stand_in_a_table_of_their_own(capsys):
    from benchmarks.scenario import made_up_plan

    plan = made_up_plan()
    years = list(range(plan.about.first_year, plan.about.last_year + 1))
    names = ["a scenario with a name of some length", "another scenario of such a length"]
    made = cm.simulate(plan, [cm.Scenario(name) for name in names], draws=64)
    print_result(plan, made, "en")
    lines = capsys.readouterr().out.splitlines()
    assert all(layout.width(line) <= 80 for line in lines)
    assert len(years) > 3
    assert any(line.split() == ["scenario", *map(str, years)] for line in lines)


@pytest.mark.uncounted
def test_an_own_scenario_stands_beside_the_plan(capsys, mine, tmp_path):
    out = tmp_path / "结果.nc"
    late = cm.Scenario("slow money", cm.SetGrowth("gdp", 0.01), name_zh="慢增长")
    mine.write_text(late.to_toml(), encoding="utf-8")
    said = printed(capsys, "simulate", mine, "--draws", 64, "--out", out)
    assert table_of(said, "达标概率：按计划")
    rows = table_of(said, "达标概率：慢增长")
    assert rows[0] == ["指标", "目标", "按计划", "概率", "依据"]
    assert rows[2][-5:] == ["18.8", "%", "0.1", "%", "情景设定"]
    assert "其他情景只列出与“按计划”不同的概率。" in said
    assert cm.load_result(out)["scenario"].values.tolist() == ["as planned", "slow money"]
    rows = json.loads(printed(capsys, "simulate", mine, "--draws", 64, "--format", "json"))
    assert {row["scenario_zh"] for row in rows} == {"按计划", "慢增长"}
    assert {row["indicator_zh"] for row in rows if row["indicator"] == "gdp"} == {"生产总值"}


def test_a_file_that_holds_the_plan_is_left_as_it_is(capsys, mine):
    plain = cm.Scenario("printed", name_zh="照印")
    mine.write_text(f"{plain.to_toml()}\n{LATE.to_toml()}", encoding="utf-8")
    rows = json.loads(printed(capsys, "simulate", mine, "--draws", 16, "--format", "json"))
    assert list(dict.fromkeys(row["scenario"] for row in rows)) == ["printed", "late"]
    mine.write_text(plain.to_toml(), encoding="utf-8")
    assert "其他情景" not in printed(capsys, "simulate", mine, "--draws", 16)


@pytest.mark.uncounted
def test_a_scenario_that_moves_no_odds_is_named(capsys, mine):
    said = printed(capsys, "simulate", mine, "--draws", 16)
    assert "高速晚一年：各项概率不变" in said
    assert "达标概率：高速晚一年" not in said


@pytest.mark.uncounted
def test_short_words_for_the_basis_are_said_in_full(capsys, mine):
    said = printed(capsys, "simulate", "--draws", 16).replace("\n", "")
    assert "未检验＝同一方法，未经基准检验；仅先验＝仅为同类序列的基准概率" in said
    assert "情景设定＝数值由情景或使用者给定" in said
    assert "已检验＝" not in said
    assert "情景设定＝" not in printed(capsys, "simulate", mine, "--draws", 16)
    assert "base rate: base rate of" in printed(capsys, "simulate", "--draws", 16, lang="en")


@pytest.mark.parametrize(
    ("as_of", "zh", "en"),
    [
        (None, "按截至2021年的数据。", "From figures up to 2021."),
        (
            "2025",
            "时点2025年，最后的数据为2021年。",
            "Seen from 2025; the last figures are of 2021",
        ),
        ("2021Q3", "时点2021年三季度，最后的数据为2020年。", "Seen from 2021Q3; the last"),
    ],
)
def test_the_last_figures_are_named_beside_the_period(capsys, mine, as_of, zh, en):
    asked = ["simulate", mine, "--draws", 16, *(["--as-of", as_of] if as_of else [])]
    assert zh in printed(capsys, *asked)
    assert en in printed(capsys, *asked, lang="en")


@pytest.mark.slow
def test_figures_of_a_part_of_a_year_are_the_last(capsys, mine):
    asked = ["simulate", mine, "--example", "--draws", 16, "--as-of"]
    assert "按截至2021年三季度的数据" in printed(capsys, *asked, "2021Q3")
    assert "按截至2021年9月的数据" in printed(capsys, *asked, "2021-09")
    assert "时点2021年11月，最后的数据为2021年三季度" in printed(capsys, *asked, "2021-11")


# ---- saved results ----


def test_a_saved_result_is_run_again_and_printed(capsys, mine, tmp_path):
    out, again = tmp_path / "结果.nc", tmp_path / "again.nc"
    first = printed(capsys, "simulate", mine, "--draws", 64, "--seed", 3, "--out", out)
    second = printed(capsys, "simulate", out, "--out", again)
    assert second[second.index("投资，") :] == first[first.index("投资，") :]
    assert cm.load_result(again).identical(cm.load_result(out))


@pytest.mark.slow
@pytest.mark.parametrize("levels", [(0.1, 0.9), (0.95,)])
def test_a_saved_result_of_other_quantiles_is_printed(capsys, tmp_path, levels):
    late = [
        cm.Scenario("as planned"),
        cm.Scenario("x", cm.Overrun(all=True, factor=cm.PERT(1, 2, 4))),
    ]
    file = cm.save_result(cm.simulate(PLAN, late, draws=64, quantiles=levels), tmp_path / "r.nc")
    assert "有分布的为均值" in printed(capsys, "simulate", file)
    rows = json.loads(printed(capsys, "simulate", file, "--format", "json"))
    assert {row["median"] for row in rows} == {None}


@pytest.mark.parametrize(
    "option", [["--seed", "0"], ["--draws", "64"], ["--example"], ["--as-of", "2020"]]
)
def test_a_saved_result_holds_its_own_settings(capsys, mine, tmp_path, option):
    out = tmp_path / "r.nc"
    printed(capsys, "simulate", mine, "--draws", 16, "--out", out)
    assert main(["simulate", str(out), *option, "--lang", "zh"]) == 1
    assert f"请去掉{option[0]}" in capsys.readouterr().err


@pytest.mark.parametrize("verb", [["diff", "按计划"], ["choose", "--scenario"]])
def test_a_saved_result_is_no_scenario_file(capsys, verb):
    assert main([*verb, "结果.nc", "--lang", "zh"]) == 1
    said = capsys.readouterr().err
    assert "结果.nc是保存的模拟结果，不是情景文件" in said
    assert "corridor simulate 结果.nc" in said
    assert main(["diff", "结果.nc", "慢", "--lang", "en"]) == 1
    assert "a saved result, not a scenario file" in capsys.readouterr().err


@pytest.mark.parametrize("file", ["结果.csv", "结果.parquet"])
def test_a_long_table_is_no_scenario_file(capsys, file):
    for asked in (["simulate", file], ["diff", file, "慢"]):
        assert main([*asked, "--lang", "zh"]) == 1
        assert "只有.nc可以重算" in capsys.readouterr().err


# ---- corridor diff ----


def test_of_a_file_of_several_one_must_be_named(capsys, three):
    assert main(["diff", str(three), "慢", "--lang", "zh"]) == 1
    said = capsys.readouterr().err
    assert "三个.toml里有3个情景：慢、快、办公室的提问" in said
    assert f"{three}:慢" in said
    assert main(["diff", f"{three}:", "慢", "--lang", "en"]) == 1
    assert "holds 3 scenarios: slow; fast; the office's question" in capsys.readouterr().err


def test_a_chinese_colon_names_a_scenario_of_a_file(capsys, three):
    narrow, wide = (printed(capsys, "diff", f"{three}{colon}慢", "快") for colon in ":：")
    assert narrow == wide
    assert "慢 → 快" in narrow


def test_columns_of_money_are_named_like_the_scenarios(capsys, mine, three):
    assert table_of(printed(capsys, "diff", "按计划", f"{three}:慢"), "年度投资")[0] == [
        *("年份", "按计划", "慢", "差额")
    ]
    late = ("expressway and avenue 12 months late", "expressway and avenue 24 months late")
    said = printed(capsys, "diff", *late, lang="en")
    assert "12 months late  " in next(line for line in said.splitlines() if line[:4] == "year")
    assert all(layout.width(line) <= 80 for line in said.splitlines())
    other = mine.with_name("other.toml")
    other.write_text(mine.read_text("utf-8").replace("12", "24"), encoding="utf-8")
    row = table_of(printed(capsys, "diff", mine, other), "年度投资")[0]
    assert row == ["年份", "甲", "高速晚一年", "乙", "高速晚一年", "差额"]


def test_a_plan_without_works_is_printed(capsys):
    bare = {name: from_rows(name, []) for name in ("projects", "effects")}
    plan = Plan({**PLAN.tables, **bare})
    for lang in ("zh", "en"):
        print_result(plan, cm.simulate(plan, draws=16), lang)
    assert "年底累计通车道路" not in capsys.readouterr().out


LATE_AVENUE = cm.Delay("binhai_avenue", 6)
SET = {"since": "2021-07", "escalation": 0.03, "paired": 0.5, "common": 0.2, "duration": 36}
WORDS = {
    "zh": [
        "· 改动从何时起算：规划第一天 → 2021-07",
        "· 移动的投资每年调价：0.0 % → 3.0 %",
        "· 同一项目超支与推迟的共同因子载荷：0 → 0.5",
        "· 全部项目超支与推迟的共同因子载荷：0 → 0.2",
        "· 没有印的开工或完工时间：规划首月或末月 → 按工期36个月推算",
    ],
    "en": [
        "· changes count from: the plan's first day → 2021-07",
        "· money that moves is dearer each year by: 0.0 % → 3.0 %",
        "· loading of overrun and delay of one work: 0 → 0.5",
        "· loading of overruns and delays of all works: 0 → 0.2",
        "· a date that is not printed lies at: the plan's first or last month → 36",
    ],
}


@pytest.fixture
def files(tmp_path):
    """Return the files of a scenario with all settings, and of one with none."""
    for name, changes, said in (("set", (LATE_AVENUE,), SET), ("bare", (), {}), ("only", (), SET)):
        scenario = cm.Scenario(name, *changes, **said)
        (tmp_path / f"{name}.toml").write_text(scenario.to_toml(), encoding="utf-8")
    return tmp_path


def difference(capsys, *asked):
    assert main(["diff", *map(str, asked)]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["set", "only"])
def test_settings_that_differ_are_shown_with_and_without_changes(capsys, files, name, lang):
    said = difference(capsys, "as planned", files / f"{name}.toml", "--lang", lang)
    for line in WORDS[lang]:
        assert line in said
    assert said.count("· ") == len(SET) + (name == "set")  # dates that duration moves are its own
    back = difference(capsys, files / f"{name}.toml", files / "bare.toml", "--lang", lang)
    assert ("2021-07 → 规划第一天" if lang == "zh" else "2021-07 → the plan's first") in back
    same = difference(capsys, files / "set.toml", files / "set.toml", "--lang", lang)
    assert "→" not in same


@pytest.mark.parametrize("form", ["json", "csv"])
def test_settings_that_differ_are_rows_for_programs(capsys, files, form):
    said = difference(capsys, "as planned", files / "set.toml", "--format", form)
    rows = json.loads(said) if form == "json" else list(csv.DictReader(io.StringIO(said)))
    found = {row["setting"]: row for row in rows if row["change"] == "setting"}
    assert {name: str(row["value"]) for name, row in found.items()} == {
        name: str(value) for name, value in SET.items()
    }
    assert found["since"]["was"] == "plan"
    assert [row["months"] for row in rows if row["change"] == "delay"] == (
        [6.0] if form == "json" else ["6"]
    )
