"""One door to the words of every result."""

from __future__ import annotations

import pytest

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
