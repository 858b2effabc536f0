"""The display of a plan in notebooks, in the reader's language."""

import re

import corridor_model as cm


def test_a_notebook_shows_a_plan_in_the_language_set():
    plan = cm.load_plan()
    assert plan.about.name_zh in plan._repr_html_()
    with cm.set_options(lang="en"):
        english = plan._repr_html_()
    first = next(iter(plan.indicators.values()))
    assert first.name("en") in english
    assert "more rows:" in english
    assert plan.about.name_zh not in english
    head = re.search("<thead>.*</thead>", english).group()
    assert not re.search("[\\u3400-\\u9fff]", head)
    assert not re.search("color|background|#[0-9a-f]{3}", english)
    assert "<script" not in english
