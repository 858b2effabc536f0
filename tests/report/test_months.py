"""What the bulletin of a month says of the month before: verdicts restated, figures in doubt."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pandas as pd
import pytest

import corridor_model as cm
from corridor_model.messages import translator
from corridor_model.periods import Period
from corridor_model.report.annexes import item_name
from corridor_model.report.blocks import texts
from corridor_model.report.bulletin import blocks_of, units_part
from corridor_model.report.standing import standing_of
from corridor_model.report.write import unit_blocks
from corridor_model.text.bulletin import need
from corridor_model.units import UnitSlipWarning

FIGURES = [
    # in July 亿元 stood where 万元 was meant; the unit mended it in August
    ("tech_finance_fund_size", "2021-07", 300000.0, "亿元", "level", "2021-08-10"),
    ("tech_finance_fund_size", "2021-07", 30.0, "亿元", "level", "2021-08-20"),
    # a growth of this year says nothing of the average without last year's
    ("hightech_investment_growth", "2021-08", 17.9, "%", "growth", "2021-09-09"),
    # 44 % was meant, and nobody has mended it
    ("small_park_cloud_share", "2021-08", 0.44, "%", "level", "2021-09-09"),
]


@pytest.fixture(scope="module")
def plan():
    return cm.load_plan()


@pytest.fixture(scope="module")
def standing(plan):
    names = ("indicator", "period", "value", "unit", "measure", "published")
    with pytest.warns(UnitSlipWarning):
        observations = cm.load_observations(pd.DataFrame(FIGURES, columns=names))
    return standing_of(plan, Period.of("2021-08"), observations, None)


def _text(standing, lang):
    return "\n".join(texts(blocks_of(standing, lang=lang)))


def test_a_verdict_that_a_revision_took_back_is_named(standing):
    """July printed «achieved» of a figure ten thousand times too large."""
    fund = next(p for p in standing.promises if p.id in standing.restated)
    assert standing.restated == {fund.id: "achieved"}
    assert standing.statuses_before["targets"][fund.id] == "not_assessable"
    said = _text(standing, "zh")
    assert (
        "2021年7月按修订后的数据重新评价，与当时不同的有："
        "科技金融中心基金规模（原为已实现，现为无法评估）。"
    ) in said
    assert "then achieved, now not assessable" in _text(standing, "en")


@pytest.mark.slow
def test_a_month_without_revisions_restates_nothing(plan):
    assert standing_of(plan, Period.of("2021-08")).restated == {}
    assert standing_of(plan, Period.of("2020-01")).restated == {}  # no month of the plan before


def test_figures_in_doubt_are_named_until_they_are_revised(standing):
    """The warning of the day on which a figure came in is read once; a bulletin every month."""
    (doubt,) = standing.doubts  # the fund was mended
    assert (doubt.value, doubt.known) == (0.44, 50)
    sentence = (
        "数据存疑1项，已采用，请核实：小微园企业上云比例（2021年8月0.44%，目标或已知数为50%）。"
    )
    assert sentence in _text(standing, "zh")
    (unit,) = {u for p in standing.promises if doubt.indicator in p.indicators for u in p.units}
    assert sentence in "\n".join(texts(unit_blocks(standing, unit, "zh")))
    other = next(u for u in standing.by_unit if u != unit)
    assert "存疑" not in "\n".join(texts(unit_blocks(standing, other, "zh")))


def test_a_growth_that_was_reported_is_not_called_missing(standing):
    row = standing.rows["hightech_investment_growth"]
    assert (row["reason"], row["missing_periods"]) == ("not_reported", "2020")
    assert "缺2020年数据" in _text(standing, "zh")


def test_an_english_bulletin_calls_works_and_tasks_by_their_english_names(standing):
    """The ranking of units had them in Chinese, beside tables that had them in English."""
    t = translator("en")
    work = {"project": "huanshan_east_road", "name": "环山东路(龙湾段)"}
    assert item_name(standing, work, t) == "Huanshan East Road (Longwan section)"
    task = {"task": "annex3_02_2", "name": "瓯海大道(龙湾段)"}
    assert item_name(standing, task, t) == "Ouhai Avenue: farmland tidied"
    assert item_name(standing, task, translator("zh")) == "瓯海大道(龙湾段)"
    assert "Ouhai Avenue: farmland tidied (annex 3, row 2, part 2)" in _text(standing, "en")


def test_what_is_needed_falls_by_a_size_without_a_sign():
    row = {
        "met_late": "", "kind": "level", "missed_years": "", "gap": -1.0, "status": "behind",
        "required_rate_remaining": -0.038, "required_step_remaining": math.nan, "is_limit": False,
    }  # fmt: skip
    assert need(row, translator("en")) == "a fall of 3.8 % a year"
    assert need(row, translator("zh")) == "年均下降3.8%"
    assert need(row | {"required_rate_remaining": 0.038}, translator("zh")) == "年均增长3.8%"


def test_who_leads_is_never_among_the_last():
    units = [
        {"unit": name, "rank": rank, "score": score, "behind": 1}
        for name, rank, score in (("甲", 1, 0.7), ("乙", 2, 0.6), ("丙", 3, 0.5))
    ]

    def said(units):
        _, (paragraph,) = units_part(SimpleNamespace(units=units), translator("zh"))
        return "".join(map(str, paragraph.runs))

    assert "排名靠后的：乙（60.0%）、丙（50.0%）" in said(units)
    assert "靠后" not in said(units[:1])
    assert "靠后" not in said([{**unit, "rank": 1} for unit in units])
