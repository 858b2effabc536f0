"""What docs/portfolio.md says is what the library computes."""

from __future__ import annotations

import re

import pytest
from tests.helpers.paths import page

import corridor_model as cm
from corridor_model import portfolio
from corridor_model.cli import main
from corridor_model.formatting import rounded

pytestmark = pytest.mark.slow

PAGE = page("portfolio")
ALONE = {"runners_up": 0, "frontier": (), "one_more": 0}
YEARS = (2020, 2021, 2022)


def test_the_kilometres_and_what_they_cost(plan):
    made = cm.choose_projects(plan, **ALONE)
    km, money = (rounded(made[name].sum().item(), 2) for name in ("objective", "spent"))
    assert f"区内通车里程是{km}公里，只需{money}亿元**（{made.attrs['chosen']}条道路）" in PAGE
    assert money == "19.36"
    assert made["gap"] == 0
    seven, six = (
        cm.choose_projects(plan, dict.fromkeys(YEARS, money), **ALONE)["objective"].item()
        for money in (7, 6)
    )
    assert rounded(seven, 2) == km
    assert f"每年7亿元就够，每年6亿元只能通{rounded(six, 2)}公里" in PAGE
    assert made["investment"].sum().item() == pytest.approx(219.72, abs=0.005)
    budget = [rounded(v, 2) for v in made["budget"].sel(spending_year=list(YEARS)).values]
    assert "（2020年{}、2021年{}、2022年{}亿元）".format(*budget) in PAGE
    later = cm.choose_projects(plan, leftover="plan", **ALONE).attrs["uncapped_money"]
    assert f"有{rounded(later, 2)}亿元在2022年以后" in PAGE


@pytest.mark.parametrize("share", [0.2, 0.3])
def test_the_cuts(plan, share):
    cut = cm.budget_cut(plan, share=share)
    line = re.search(rf"\*\*预算削减{share * 100:.0f}%\*\*.*", PAGE).group()
    short = {
        "binhai_avenue": "滨海大道快速路",
        "tonghai_avenue_west": "通海大道西段",
        "yongchang_road": "永昌路",
        "yandang_middle_road": "雁荡中路",
        "huanshan_east_road": "环山东路",
    }
    for name, words in short.items():
        change = cut.table["change"].get(name, "")
        text = line.partition("本期不安排")[2]
        assert (words in text) == (change != ""), name
        if change == "postponed":
            assert cut.table["start_after"][name] == 2021
            assert words in text.partition("推迟到2021年开工")[0].rpartition("，")[2]
        if change == "dropped":
            assert words in text.partition("推迟到")[0].rpartition("，")[0]
    assert set(cut.table.index) <= set(short)
    assert rounded(cut.after["objective"].item(), 2) == "8.30"
    assert f"{rounded(cut.after['invested'].item(), 1)}亿元" in line
    assert rounded(cut.before["invested"].item(), 1) == "145.7"
    gained = [rounded(v, 2) for v in cut.after["more_invested"].values]
    more = re.search(r"\*\*再多1亿元\*\*.*", PAGE).group()
    if share == 0.2:
        assert "分别是{}、{}、{}亿元".format(*gained) in more
    else:
        assert gained[0] == gained[1]
        assert f"各可多完成计划投资{gained[0]}亿元，加在2022年{gained[2]}亿元" in more
    assert cut.after["more_anywhere"] == 0


@pytest.mark.slow
def test_how_firm_the_lists_are(plan):
    def touched(share):
        cuts = [cm.budget_cut(plan, share=share, near=n, one_more=0) for n in (0.01, 0.02, 0.05)]
        return [set(cut.table.index) for cut in cuts]

    thirty, twenty = touched(0.3), touched(0.2)
    assert thirty[0] == thirty[1] == thirty[2]
    assert len(thirty[0]) == 5
    assert "受影响的始终是同样五项" in PAGE
    assert len({frozenset(one) for one in twenty}) == 3
    assert set.intersection(*twenty) == {"yongchang_road"}
    assert "三种取法都受影响的只有永昌路" in PAGE


@pytest.mark.slow
def test_the_reserve(plan):
    (over,) = [s for s in cm.shipped_scenarios() if s.name == "roads at reference-class overrun"]
    made = portfolio.robust_choice(plan, scenario=over, leftover="plan")
    best = made.isel(portfolio=0)
    kept = rounded(best["p_within_budget"].item(), 1, 2)
    risk = rounded(best["overspending_cvar"].item(), 2)
    assert f"只有{kept}%的把握各年都不超预算，最差一成的情形平均超支{risk}亿元" in PAGE
    assert made.attrs["sure_enough"] == "budget x 0.8"
    place = list(made["source"].values).index("budget x 0.8")
    assert f"把握是{rounded(made['p_within_budget'].values[place], 1, 2)}%" in PAGE


def test_the_example_of_a_collision(plan):
    with pytest.raises(portfolio.InfeasibleError) as error:
        cm.choose_projects(plan, dict.fromkeys(YEARS, 0))
    assert sorted(rule.kind for rule in error.value.constraints) == ["budget", "running"]
    assert "已开工的工程与当年预算冲突，两个条件放宽一个即可" in PAGE


@pytest.mark.slow
def test_the_commands_and_the_code_of_the_page(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shell, code = re.findall(r"```(?:python)?\n(.*?)```", PAGE, re.S)
    lines = [line.partition("#")[0].split() for line in shell.splitlines()]
    assert len(lines) == 4
    for words in lines[1:3]:
        assert words[0] == "corridor"
        assert main([*words[1:], "--lang", "zh"]) == 0
    assert (tmp_path / "方案.svg").is_file()
    exec(code, {})
    assert "预算削减30 %" in capsys.readouterr().out
    assert main(["choose", "--costs", "huanshan_north_road_phase_1=9", "--lang", "zh"]) == 0
    assert "12.20公里" in capsys.readouterr().out


def test_the_english_answer_has_the_numbers_of_the_chinese_one():
    chinese, _, english = PAGE.partition("## The same in English")
    answer = re.search(r"\*\*Answer\.\*\*.*", english).group()
    numbers = re.findall(r"\d+\.\d+", answer)
    assert len(numbers) >= 9
    assert all(number in chinese for number in numbers)
