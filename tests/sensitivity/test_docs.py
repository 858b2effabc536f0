"""Every number on the page about sensitivity, computed anew."""

from __future__ import annotations

import re

import pytest
from tests.helpers.paths import page

import corridor_model as cm
from corridor_model.formatting import percent as spaced
from corridor_model.formatting import rounded
from corridor_model.sensitivity.evaluator import Reader
from corridor_model.sensitivity.outcomes import outcomes
from corridor_model.sensitivity.tornado import growth_range

pytestmark = pytest.mark.slow

PAGE = page("sensitivity")
SHORT = {
    "jinliwen_expressway": "金丽温高速",
    "binhai_avenue": "滨海大道",
    "wenzhou_avenue_east": "温州大道东延",
    "weiken_road": "围垦路",
    "huanshan_north_road_phase_1": "环山北路一期",
    "tonghai_avenue_west": "通海大道西段",
}
WORD = {"delay": "推迟", "overrun": "超支系数"}
ROWS = {
    "计划期内投资（亿元）": "inside_plan",
    "2020年投资（亿元）": "programme:2020",
    "2022年投资（亿元）": "programme:2022",
    "2021年底通车里程（公里）": "km_open:2021",
    "2022年底通车里程（公里）": "km_open:2022",
    "2023年底通车里程（公里）": "km_open:2023",
}


def percent(value: float, digits: int) -> str:
    """As Chinese print writes it: without a space."""
    return spaced(value, digits).replace(" ", "").replace("\u202f", "")


def title(name: str) -> str:
    field, work = name.split(":")
    return f"{SHORT[work]}·{WORD[field]}"


@pytest.fixture(scope="module")
def shares(plan):
    return cm.sobol(plan, list(ROWS.values()), n=4096)


@pytest.mark.parametrize("row", ROWS)
def test_the_table_of_shares(shares, row):
    at = shares.sel(output=ROWS[row])
    first, second = at["ST"].to_series().sort_values(ascending=False).index[:2]
    cells = [
        row,
        rounded(float(at["mean"]), 2),
        title(first),
        percent(float(at["ST"].sel(input=first)), 0),
        title(second),
        percent(float(at["ST"].sel(input=second)), 0),
    ]
    assert f"| {' | '.join(cells)} |" in PAGE


def test_the_sentences_on_money_and_roads(plan, shares):
    money = shares["ST"].sel(output="inside_plan")
    told = {"overrun:jinliwen_expressway": 46, "delay:jinliwen_expressway": 29,
            "delay:binhai_avenue": 8, "overrun:binhai_avenue": 5}  # fmt: skip
    for name, share in told.items():
        assert percent(float(money.sel(input=name)), 0) == f"{share}%"
    made = cm.tornado(plan, "inside_plan").sel(input="overrun:jinliwen_expressway")
    assert percent(float(made["high"]) - 1, 0) == "60%"
    more = float(made["output_high"]) - 145.6993153846154
    assert rounded(more, 2) == "35.93"
    assert "期内多花35.93亿元" in PAGE
    late = cm.tornado(plan, "inside_plan", {"delay:jinliwen_expressway": (0, 12)})
    assert rounded(float(late["swing"][0]), 2) == "20.00"
    km = Reader(plan).read(outcomes(plan, ["km_open:2021", "km_open:2022", "inside_plan"]))
    assert [rounded(float(v), 2) for v in km] == ["8.57", "12.20", "145.70"]


def test_works_hardly_move_the_odds_of_gdp(plan):
    reader = Reader(plan)
    asked = outcomes(plan, ["p_reach:gdp", "value:gdp:2022"])
    odds, value = reader.read(asked)
    assert percent(odds, 1) == "18.8%"
    assert rounded(value, 2) == "500.36"
    late = reader.read(asked, [cm.Delay(all=True, months=24)])
    assert rounded(100 * (odds - float(late[0])), 1) == "0.5"


def test_the_table_of_tipping_points(plan):
    gdp = cm.switching_values(plan, "value:gdp", ["growth:gdp", "target:gdp"])
    assert percent(float(gdp["switching_value"][0]), 2) == "11.36%"
    assert rounded(float(gdp["switching_value"][1]), 2) == "500.36"
    roads = cm.switching_values(plan, "km_open:2022", threshold=12.195)
    found = roads["switching_value"].to_series().dropna().round(6)
    assert sorted(found[found == 12].index) == [
        "delay:tiedao_south_road", "delay:weiken_road", "delay:xingqu_road",
    ]  # fmt: skip
    assert sorted(found[found == 24].index) == [
        "delay:huanshan_north_road_phase_1", "delay:oujiang_road_east",
        "delay:yandang_middle_road",
    ]  # fmt: skip
    assert list(found[found == 0].index) == ["delay:wenzhou_avenue_east"]
    assert len(found) == 7
    names = ["overrun:jinliwen_expressway", "overrun:binhai_avenue"]
    money = cm.switching_values(plan, "inside_plan", names, threshold=150)
    assert [rounded(float(v), 3) for v in money["switching_value"]] == ["1.072", "1.205"]
    assert rounded(float(money["coefficient"][0]), 2) == "0.41"


def test_the_table_of_attribution(plan):
    by_name = {s.name: s for s in cm.shipped_scenarios()}
    made = cm.attribute(plan, by_name["slow"], ["inside_plan", "expected_reached"])
    share = made["share"].values
    sums = [*share[:3], share[3:].sum(axis=0), share.sum(axis=0)]
    table = PAGE[PAGE.index("| 改动 |") :].splitlines()[2:7]
    for line, (money, kept) in zip(table, sums, strict=True):
        told = [float(cell.replace("−", "-")) for cell in re.findall(r"[−+]?\d+\.\d\d", line)]
        assert told == pytest.approx([money, kept], abs=0.005), line
    fast = cm.attribute(plan, by_name["fast"], ["inside_plan", "expected_reached"])
    assert rounded(float(fast["share"][1, 0]), 2) == "21.13"
    growth = fast["share"][2:, 1].sum()
    assert rounded(float(growth), 2) == "4.21"
    assert float(growth) == pytest.approx(float((fast["after"] - fast["before"])[1]), abs=0.005)


def test_the_table_of_the_example():
    plan, figures = cm.load_plan(example=True), cm.example_observations()
    reader = Reader(plan, None, figures)
    assert rounded(float(reader.read(outcomes(plan, "expected_reached"))[0]), 2) == "44.68"
    ids = {
        "生产总值": "gdp",
        "全员劳动生产率": "labor_productivity",
        "研发经费占比": "rd_to_gdp",
        "智能装备产业收入": "smart_equipment_revenue_growth",
        "规上工业企业利润率": "profit_margin",
        "亩均税收": "tax_per_mu",
        "每万人有效发明专利": "invention_patents_per_10k",
    }
    for title, name in ids.items():
        made = cm.switching_values(plan, f"gap:{name}", [f"growth:{name}"], observations=figures)
        needed = float(made["switching_value"][0])
        ((usual, _, _),) = growth_range(reader, name, (0.5, 0.501)).values()
        odds = float(reader.read(outcomes(plan, f"p_reach:{name}"))[0])
        cells = [title, *(percent(v, 1) for v in (needed, usual, odds))]
        assert f"| {' | '.join(cells)} |" in PAGE
        assert (odds > 0.5) == (needed < usual)


def test_what_a_cut_of_30_percent_drops(plan):
    said = cm.describe(cm.budget_cut(plan, share=0.3), "zh")
    section = PAGE[PAGE.index("## 六、预算少三成") : PAGE.index("## 七、")]
    dropped, postponed = said[said.index("本期不安排") :].split("推迟：")
    for name in ("滨海大道", "永昌路", "通海大道西段"):
        assert name in dropped
        assert name in section
    for name in ("环山东路", "雁荡中路"):
        assert name in postponed
        assert name in section
    assert "由145.7亿元变为100.2亿元" in said
    assert "由145.7亿元变为100.2亿元" in section
