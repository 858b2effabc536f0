"""One door to the words of every result."""

from __future__ import annotations

import pytest
from tests.helpers.assess_plans import baseline, figures, indicator, plan_of, target

import corridor_model as cm

HISTORY = [41.2, 44.0, 48.9, 50.3, 56.1, 60.0, 63.7]


@pytest.fixture(scope="module")
def results(plan):
    budget = {2020: 20, 2021: 20, 2022: 20}
    return {
        "choice": cm.choose_projects(plan, budget),
        "cut": cm.budget_cut(plan, share=0.3),
        "explanation": cm.forecast(HISTORY, list(range(2013, 2020)), 3, "level").explain(75.0),
        "base rate": cm.feasibility(100, 133.1, 3, "level"),
        "scenario": cm.shipped_scenarios()[1],
        "tornado": cm.tornado(plan, "km_open:2022"),
    }


@pytest.mark.uncounted
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_kind_of_result_has_words_in_both_languages(results, plan, lang):
    for name, result in results.items():
        text = cm.describe(result, lang, plan=plan)
        assert isinstance(text, str), name
        assert all(text.split("\n")), name
        chinese = any("\u4e00" <= sign <= "\u9fff" for sign in text)
        assert chinese or lang == "en", name


def test_chinese_is_the_language_where_nothing_is_said(results):
    for result in results.values():
        assert cm.describe(result) == cm.describe(result, "zh")


# Every verdict of an assessment is said, the worst first.


def test_an_assessment_in_words():
    plan = plan_of(
        indicators=[
            indicator("x", name_en="Firms"),
            indicator("cap", name_en="Ceiling"),
            indicator("open", name_en="No figure"),
        ],
        targets=[
            target("x", 150, year=2024),
            target("cap", 20, "at_most", year=2024, role="limit"),
            target("open", 5, year=2024),
        ],
        baselines=[baseline("x", 100)],
    )
    made = cm.assess(plan, figures(plan, ("x", 2021, 110), ("cap", 2021, 21)), 2021)
    lines = cm.describe(made, "en").splitlines()
    assert lines[1] == "3 targets: behind 2, not assessable 1"
    # 10 of 50 in two of five years; 21 where 20 may be
    assert lines[2].startswith("Firms: 110 家 in 2021, from 100 in 2019 to >= 150 in 2024.")
    assert "Achieved 20.0 % of the way in 40.0 % of the time" in lines[2]
    assert lines[3].startswith("Ceiling: 21 家 in 2021 to <= 20 in 2024. The limit is passed")
    assert lines[4:] == ["not reported, 1: No figure."]
    chinese = cm.describe(made, "zh").splitlines()
    assert "目标实现程度20.0 %，时间进度40.0 %" in chinese[2]
    assert chinese[-1] == "未报送 1 项：open。"
    one = cm.describe(made.sel(indicator="open"), "en").splitlines()
    assert one[1] == "1 target: not assessable 1"
    assert one[2] == "No figure: target >= 5 家 in 2024. Not assessable: not reported."
