"""The page: its counts sum, its numbers are those of the bulletin, nothing of a user acts in it."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser

import pytest

import corridor_model as cm
from corridor_model.codes import NOT_ASSESSABLE, STATUSES, status_word
from corridor_model.files import data_dir
from corridor_model.messages import translator
from corridor_model.periods import Period
from corridor_model.report import sections
from corridor_model.report.cards import formulas
from corridor_model.report.page import LARGEST, Results, page, results_of, write_page
from corridor_model.report.sections import kept_at
from corridor_model.report.standing import standing_of
from corridor_model.text.assessment import probability_text, sentence
from corridor_model.text.bulletin import goal, latest, need, points


@pytest.fixture(
    scope="module", params=["china_14fyp", pytest.param("example", marks=pytest.mark.slow)]
)
def results(request):
    """A plan without odds and studies, which take their time."""
    if request.param == "example":
        plan, figures, as_of = cm.load_plan(example=True), cm.example_observations(), "2021"
    else:
        plan, figures, as_of = cm.load_plan(data_dir() / request.param), None, "2024"
    return Results(
        standing_of(plan, Period.of(as_of), figures),
        cm.assess(plan, figures, as_of, method=None),
        cm.growth_paths(plan),
    )


@pytest.fixture(scope="module")
def text(results):
    return page(results, "zh")


@pytest.fixture(scope="module")
def whole():
    plan = cm.load_plan(example=True)
    return results_of(plan, cm.example_observations(), as_of="2021", draws=256)


@pytest.fixture(scope="module")
def whole_text(whole):
    return page(whole, "zh")


class Tables(HTMLParser):
    """Rows of the table of promises, by language: cells as text."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.lang, self.cell, self.row = {"zh-CN": [], "en": []}, "", None, None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "main":
            self.lang = attrs["lang"]
        if tag == "tr":
            self.row = [] if "row" in (attrs.get("class") or "").split() else None
        if tag in {"td", "th"} and self.row is not None:
            self.cell = []
        if tag == "small" and self.cell is not None:
            self.cell.append("|")

    def handle_data(self, data):
        if self.cell is not None:
            self.cell.append(data)

    def handle_endtag(self, tag):
        if tag in {"td", "th"} and self.cell is not None:
            self.row.append("".join(self.cell))
            self.cell = None
        if tag == "tr" and self.row is not None:
            self.rows[self.lang].append(self.row)
            self.row = None


@pytest.mark.uncounted
@pytest.mark.parametrize(("lang", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_every_promise_has_a_row_with_the_numbers_of_the_bulletin(results, text, lang, tag):
    rows, t = Tables(text).rows[tag], translator(lang)
    standing = results.standing
    assert len(rows) == len(standing.promises) + len(standing.stretch)
    by_name = {row[0].partition("|")[0]: row for row in rows}
    for promise in standing.promises:
        one = standing.row_of(promise)
        if len(promise.indicators) > 1:
            continue
        row = by_name[one[f"name_{lang}"]]
        assert row[1].partition("|")[0] == goal({**one, "unit": ""}, t)
        assert row[4] == points(
            one["gap"] / 100 if one["kind"] == "growth" else one["schedule_gap"]
        )
        assert status_word(promise.status, lang) in row[5]
        if one["kind"] != "milestone":
            assert row[2].partition("|")[0] == latest(one)
        silent = one["kind"] == "milestone" and promise.status == NOT_ASSESSABLE
        if silent:  # nobody said that it is not done
            assert row[8] == ""
        elif promise.status != "achieved":
            assert row[8] == need(one, t)


@pytest.mark.slow
def test_probabilities_are_those_of_assess(whole, whole_text):
    rows = {row[0].partition("|")[0]: row for row in Tables(whole_text).rows["en"]}
    verdicts = whole.assessment
    for name in ("gdp", "rd_to_gdp", "tax_per_mu"):
        at = verdicts.sel(indicator=name)
        p = float(at["p_reach"])
        assert rows[str(at["name_en"].values)][7].endswith(probability_text(p))


def test_counts_sum_and_stand_in_the_first_sentence(results, text):
    counts = results.standing.counts["targets"]
    assert sum(counts[status] for status in STATUSES) == counts["total"]
    said = re.search(r'<p class="answer">(.*?)</p>', text, re.S)[1]
    numbers = [int(n) for n in re.findall(r"(\d+)项", re.sub(r"<[^>]+>", "", said))]
    assert numbers[0] == sum(numbers[1:]) == counts["total"]
    assert numbers[-1] == counts[NOT_ASSESSABLE]


def test_what_is_behind_stands_with_who_leads_it_before_any_picture(results, text):
    """A director with a minute and a phone reads who must act, without a script."""
    standing = results.standing
    html = text.partition('<main lang="zh-CN"')[2].partition("</main>")[0]
    answer = html.partition('id="zh-targets"')[0]
    acts = answer.partition('<table class="owe acts">')[2].partition("</table>")[0]
    assert acts.count('class="one"') == len(standing.failing) > 0
    assert answer.index("owe acts") < answer.index('<table class="marks">')
    said = sections.besides(standing, translator("zh"))
    assert bool(said) == bool(standing.works or standing.tasks)
    assert said in html
    numbers = re.findall(r"</b> (\d+)</th>", acts)
    assert sum(map(int, numbers)) == len(standing.failing)
    assert list(map(int, numbers)) == sorted(map(int, numbers), reverse=True)


def test_sentences_are_those_of_the_library(results, text):
    import html

    said = html.unescape(text)
    for promise in results.standing.promises:
        row = results.standing.row_of(promise)
        for lang in ("zh", "en"):
            assert sentence(row, lang) in said


@pytest.mark.slow
def test_a_formula_stands_only_beside_the_number_it_gives(whole):
    t = translator("en")
    standing = whole.standing
    said = formulas(standing.rows["gdp"], t)
    assert said[0] == "Needed from the start: (580 ÷ 451.84)^(1/4) − 1 = 6.4 % a year"
    assert said[1] == "Needed from here: (580 ÷ 522.3)^(1/1) − 1 = 11.0 % a year"
    for row in standing.rows.values():
        for line in formulas(row, t):
            if line.startswith("Share done"):
                numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", line)]
                now, start, aim, start_again, share = numbers
                assert start == start_again
                rounding = 100 * 0.0051 / abs(aim - start)
                assert share == pytest.approx(
                    100 * (now - start) / (aim - start), abs=rounding + 0.06
                )


@pytest.mark.slow
def test_the_file_asks_for_nothing_and_is_small(whole_text):
    text = whole_text
    assert len(text.encode()) < LARGEST
    assert not re.search(r'(?:src|href|action|poster|data)\s*=\s*"(?!#)', text)
    assert "url(" not in re.sub(r"url\(#\w+\)", "", text)
    assert "@import" not in text


@pytest.mark.slow
def test_the_same_results_give_the_same_bytes(results, text):
    assert page(results, "zh") == text
    english = page(results, "en")
    assert english.index('<main lang="en">') < english.index('<main lang="zh-CN" class="other">')


ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "{{ 7*7 }}{% raw %}",
    "</script><svg onload=alert(1)>",
    "$E=mc^2$ \x1b[31m\u202egpj.exe\ud800\x00",
    "=cmd|' /C calc'!A0",
)


def test_texts_of_a_user_are_only_text(tmp_path):
    import pandas as pd

    names = [a.replace("\x00", "").replace("\ud800", "").replace("\x1b", "") for a in ATTACKS]
    names = [name.replace("\u202e", "") for name in names]
    ids = [f"i{n}" for n in range(len(names))]
    plan = cm.Plan.from_tables(
        {
            "about": pd.DataFrame(
                {
                    "id": ["p"], "name_zh": [names[0]], "name_en": [names[0]],
                    "first_year": [2020], "last_year": [2022],
                }
            ),
            "indicators": pd.DataFrame(
                {"id": ids, "name_zh": names, "name_en": names, "kind": "level", "unit": "个"}
            ),
            "targets": pd.DataFrame(
                {
                    "indicator": ids, "value": 10.0, "sense": "at_least",
                    "year": 2022, "places": names,
                }
            ),
        }
    )  # fmt: skip
    text = page(
        Results(
            standing_of(plan, Period.of("2021")),
            cm.assess(plan, as_of="2021", method=None),
            cm.growth_paths(plan),
        ),
        "zh",
    )
    for part in ("<img", "<svg onload", "alert(1)</script>", "49{%"):
        assert part not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "{{ 7*7 }}" in text
    assert len(re.findall(r"<script", text)) == len(re.findall(r"</script", text))


def test_letters_that_act_are_replaced():
    from corridor_model.report.page import _environment

    template = _environment().from_string("{{ name }}")
    assert template.render(name="a\x1b[31m\u202eb") == "a\ufffd[31m\ufffdb"


def test_odd_calls(tmp_path, monkeypatch):
    plan = cm.load_plan()
    with pytest.raises(cm.CorridorError, match=r"report\.pdf: a page is a \.html file"):
        write_page(plan, tmp_path / "report.pdf")
    with pytest.raises(cm.CorridorError, match="qq"):
        write_page(plan, tmp_path / "report.html", lang="qq")
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(cm.CorridorError, match="needs Jinja2"):
        write_page(plan, tmp_path / "report.html")
    assert not list(tmp_path.iterdir())


def test_quantiles_of_promises_kept():
    import numpy as np

    chances = np.array([0.0, 0.05, 0.25, 0.4, 0.3])
    assert [kept_at(chances, level) for level in (0.05, 0.051, 0.5, 0.95)] == [1, 2, 3, 4]


# The same numbers on the terminal, in the bulletin and on the page.

FIGURE = re.compile(r"[-−+]?\d+(?:\.\d+)?")


def _terminal(capsys, *words):
    from corridor_model.cli import main

    assert main([*words]) == 0
    return capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("which", ["example", "china_14fyp"])
def test_no_number_differs_between_terminal_bulletin_and_page(capsys, which, lang):
    import json

    from corridor_model.report.annexes import annexes
    from corridor_model.report.blocks import Table, text_of

    if which == "example":
        plan, figures, source = cm.load_plan(example=True), cm.example_observations(), ["--example"]
        as_of = "2021"
    else:
        folder = data_dir() / which
        plan, figures, source = cm.load_plan(folder), None, ["--plan", str(folder)]
        as_of = "2024"
    results = results_of(
        plan, figures, as_of=as_of, scenarios=[cm.Scenario("as planned")], draws=64
    )
    t = translator(lang)
    rows = Tables(page(results, lang)).rows[{"zh": "zh-CN", "en": "en"}[lang]]
    on_page = {row[0].partition("|")[0].strip(): row for row in rows}
    # the bulletin's annex 1 holds the same cells, word for word
    compared = 0
    for block in annexes(results.standing, t, "annex")[0].blocks:
        if not isinstance(block, Table):
            continue
        titles = [column.title for column in block.columns]
        named = {t.context("annex", key): place for key, place in (
            ("Latest", 2), ("Promised", 1), ("Ahead or short (points)", 4), ("Needs", 8),
        )}  # fmt: skip
        for line in block.rows:
            cells = [text_of(cell) for cell in line.cells]
            if line.band or cells[1] not in on_page:
                continue
            row = on_page[cells[1]]
            for title, place in named.items():
                if title in titles and t.context("annex", "Done (%)") in titles:
                    cell = cells[titles.index(title)]
                    said = row[place].partition("|")[0].strip()
                    assert said == ("" if cell == "——" else cell), (cells[1], title)
                    compared += 1
    assert compared > 20
    # the terminal prints the same figures, shares and probabilities
    words = ["assess", *source, "--as-of", as_of, "--lang", lang, "--all"]
    printed = _terminal(capsys, *words)
    data = json.loads(_terminal(capsys, *words, "--format", "json"))
    assert len(data) == len(results.assessment["indicator"])
    flat = re.sub(r"\s+", " ", printed)
    for promise in results.standing.promises:
        row = results.standing.row_of(promise)
        if promise.status == NOT_ASSESSABLE or row["kind"] == "milestone":
            continue
        cell = on_page.get(row[f"name_{lang}"])
        if cell is None:
            continue
        assert latest(row).lstrip("≥≤<>") in flat
        p = float(results.assessment["p_reach"].sel(indicator=row["indicator"]))
        if p == p:
            assert cell[7].split()[-1] in flat


def test_another_rule_is_named_and_has_no_calculator(results):
    plan, as_of = results.standing.plan, str(results.assessment.attrs["as_of"])
    figures = cm.example_observations() if plan.example else None
    verdicts = cm.assess(plan, figures, as_of, method=None, rule="eurostat")
    text = page(Results(results.standing, verdicts, results.paths), "en")
    assert "<dd>Eurostat" in text or "eurostat" in text.lower()
    assert '"promises": []' in text


@pytest.mark.slow
def test_a_page_of_a_month_says_which(tmp_path):
    plan = cm.load_plan(example=True)
    file = write_page(
        plan,
        tmp_path / "page.html",
        cm.example_observations(),
        as_of="2021-09",
        scenarios=[cm.Scenario("as planned")],
        lang="en",
    )
    text = file.read_text(encoding="utf-8")
    assert text.startswith('<!doctype html>\n<html lang="en">')
    assert "<dt>Period</dt><dd>2021-09</dd>" in text
    assert "<dt>报告期</dt><dd>2021年9月</dd>" in text
    # one scenario stands beside nothing
    assert 'id="en-scenarios"' not in text
    assert 'id="en-studies"' in text


def test_a_bar_beyond_the_edge_ends_in_an_arrow():
    from corridor_model.plot.assessment import Progress
    from corridor_model.report.charts import bullet, spark

    def drawn(share, schedule=0.5):
        return bullet(Progress("x", "x", "behind", share, schedule, False, ""))

    assert [drawn(share).beyond for share in (-3.0, 0.4, 9.0)] == ["left", "", "right"]
    assert drawn(float("nan")).width == "" == drawn(0.4, float("nan")).schedule
    assert spark((), None) is None
