"""The page in a browser: every control, both languages, sizes, paper, no scripts, axe-core."""

from __future__ import annotations

import json
import re
import shutil

import numpy as np
import pandas as pd
import pytest

import corridor_model as cm
from corridor_model import growth
from corridor_model.periods import Period
from corridor_model.report.page import Results, page, results_of
from corridor_model.report.standing import standing_of

pytestmark = pytest.mark.slow

SIZES = {"phone": (375, 800), "tablet": (820, 1100), "narrow": (960, 700), "desk": (1280, 900)}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api")
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip(f"no browser here: none of {', '.join(BROWSERS)}")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def results():
    plan = cm.load_plan(example=True)
    return results_of(plan, cm.example_observations(), as_of="2021", draws=256)


@pytest.fixture(scope="module")
def file(results, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(page(results, "zh"), encoding="utf-8")
    return path


@pytest.fixture
def visit(browser):
    """Open a file; what a page says or asks for beyond it is a failure."""
    contexts = []

    def opened(file, size="desk", lang="zh", **settings):
        width, height = SIZES[size]
        context = browser.new_context(viewport={"width": width, "height": height}, **settings)
        contexts.append(context)
        tab = context.new_page()
        tab.said, tab.asked = [], []
        tab.on("console", lambda message: tab.said.append(message.text))
        tab.on("pageerror", lambda error: tab.said.append(str(error)))
        tab.on("request", lambda request: tab.asked.append(request.url))
        tab.goto(file.as_uri())
        if lang == "en":
            tab.locator("#lang-en").check()
        return tab

    yield opened
    for context in contexts:
        for tab in context.pages:
            assert tab.said == []
            assert len(tab.asked) == 1, tab.asked
        context.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_stands_beyond_the_edge(visit, file, size, lang):
    tab = visit(file, size, lang)
    tab.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert tab.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
    assert tab.locator("main:visible").count() == 1
    assert tab.locator("main:visible").get_attribute("lang") == {"zh": "zh-CN", "en": "en"}[lang]


@pytest.mark.parametrize(
    ("size", "lang", "scheme", "unfolded"),
    [
        ("desk", "zh", "light", True),
        ("phone", "zh", "dark", False),
        ("desk", "en", "dark", False),
        ("phone", "en", "light", False),
    ],
)
def test_axe_finds_nothing(visit, file, size, lang, scheme, unfolded):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    tab = visit(file, size, lang, color_scheme=scheme, bypass_csp=True)
    tab.locator(f"#{lang}-r1 .name a").click()
    if unfolded:
        tab.evaluate("document.querySelectorAll('.more').forEach((one) => { one.open = true; })")
    found = axe.Axe().run(tab).response["violations"]
    told = [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found]
    assert not told


def test_search_and_filters_show_what_they_say(visit, file, results):
    tab = visit(file)
    rows = tab.locator("main:visible .targets .row:visible")
    total = len(results.standing.promises) + len(results.standing.stretch)
    assert rows.count() == total

    def count():
        return int(re.search(r"\d+", tab.locator("main:visible .count").inner_text())[0])

    search = tab.locator("main:visible [data-filter=text]")
    search.fill("生产总值")
    assert rows.count() == count() > 0
    assert all("生产总值" in text for text in rows.all_inner_texts())
    search.fill("没有这一项")
    assert count() == 0
    assert tab.locator("main:visible .targets .group:visible").count() == 0
    search.fill("")
    counts = results.standing.counts["targets"]
    for status in ("behind", "missed", "not_assessable", "achieved"):
        chip = tab.locator(f"main:visible .chips [data-status={status}]")
        chip.click()
        assert rows.count() == counts[status] == count()
        assert chip.get_attribute("aria-pressed") == "true"
        chip.click()
    assert rows.count() == total
    for name in ("group", "block", "unit"):
        field = tab.locator(f"main:visible [data-filter={name}]")
        options = field.locator("option").all_inner_texts()[1:]
        assert options
        seen = 0
        for option in options:
            field.select_option(label=option)
            assert rows.count() == count() > 0
            seen += count()
        assert seen == total if name == "group" else seen > 0
        field.select_option(index=0)


def test_a_row_opens_its_card_and_a_link_finds_its_row(visit, file):
    """What a link leads to stands there when the browser has told the page of its new address."""
    from playwright.sync_api import expect

    tab = visit(file)
    link = tab.locator("#zh-r2 .name a")
    assert link.get_attribute("aria-expanded") == "false"
    link.click()
    assert link.get_attribute("aria-expanded") == "true"
    card = tab.locator(".place .card")
    assert card.locator("svg title").first.text_content()
    assert card.locator("table").first.is_visible()
    link.press("Enter")
    expect(tab.locator(".place")).to_have_count(0)
    tab.locator("main:visible .marks a").nth(3).click()
    expect(tab.locator(".place")).to_have_count(1)
    # a row that a filter hides is shown where a link leads to it
    tab.locator("main:visible [data-filter=text]").fill("没有这一项")
    tab.locator("main:visible .owe a").first.click()
    expect(tab.locator("main:visible .targets .row:visible")).to_have_count(1)


def test_every_link_leads_somewhere_in_the_page(visit, file):
    tab = visit(file)
    lost = tab.evaluate(
        "[...document.querySelectorAll('a')].map((a) => a.getAttribute('href'))"
        ".filter((href) => !href.startsWith('#') || !document.getElementById(href.slice(1)))"
    )
    assert lost == []
    doubled = tab.evaluate(
        "(() => { const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);"
        " return ids.filter((id, place) => ids.indexOf(id) !== place); })()"
    )
    assert doubled == []


def test_every_picture_has_a_title_and_words(visit, file):
    tab = visit(file)
    bare = tab.evaluate(
        "[...document.querySelectorAll('svg[role=img]')].filter((one) =>"
        " !one.querySelector('title')?.textContent.trim() || !one.querySelector('desc')).length"
    )
    assert bare == 0
    rest = tab.evaluate(
        "[...document.querySelectorAll('svg:not([role=img])')].filter((one) =>"
        " !one.closest('[aria-hidden=true]') && !one.parentElement.closest('svg')).length"
    )
    assert rest == 0


def test_without_scripts_all_can_be_read(visit, file):
    tab = visit(file, java_script_enabled=False)
    assert tab.locator("main:visible .controls").count() == 1
    assert not tab.locator("main:visible .controls").is_visible()
    assert not tab.locator("main:visible .calculator").first.is_visible()
    assert tab.locator("main:visible .cards .card").first.is_visible()
    tab.locator("main:visible .cards .card summary").first.click()
    assert tab.locator("main:visible .cards .card .say").first.is_visible()
    tab.locator("#lang-en").check()
    assert tab.locator("main:visible").get_attribute("lang") == "en"


def test_paper(visit, file, tmp_path):
    pdf = pytest.importorskip("shutil").which("pdfinfo")
    tab = visit(file)
    data = tab.pdf(prefer_css_page_size=True, path=tmp_path / "page.pdf")
    pages = len(re.findall(rb"/Type\s*/Page\b", data))
    assert 8 <= pages <= 60
    assert re.search(rb"/MediaBox\s*\[\s*0 0 59[45](\.\d+)? 84[12](\.\d+)?\s*\]", data)
    assert pdf is None or (tmp_path / "page.pdf").stat().st_size > 50_000


def test_it_is_there_within_a_second(visit, file):
    """In time of the processor: what else the machine does is not the page's."""
    tab = visit(file)
    session = tab.context.new_cdp_session(tab)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    tab.reload()
    tab.asked.pop()
    metrics = session.send("Performance.getMetrics")["metrics"]
    times = {one["name"]: one["value"] for one in metrics}
    assert tab.locator("main:visible .controls").is_visible()
    assert times["ThreadTime"] <= 1.0, times


# The calculator gives what the library gives.

SETTINGS = """(settings) => {
  const panel = document.querySelector("main:not(.other) .calculator.%s");
  const field = (name) => panel.querySelector(`[data-in="${name}"]`);
  const set = (name, value) => {
    field(name).value = String(value);
    field(name).dispatchEvent(new Event("input", { bubbles: true }));
  };
  return settings.map((one) => {
    for (const [name, value] of Object.entries(one)) set(name, value);
    const outs = [...panel.querySelectorAll("[data-out]")];
    const said = Object.fromEntries(outs.map((out) => [out.dataset.out, out.dataset.value]));
    const rows = [...panel.querySelectorAll("tbody tr")];
    said.money = rows.map((row) => [row.cells[0].textContent, row.dataset.money]);
    said.shown = Object.fromEntries(outs.map((out) => [out.dataset.out, out.textContent]));
    return said;
  });
}"""


@pytest.fixture(scope="module")
def many():
    """Return a plan of 25 promises of every sense the calculator knows, some to be reached by
    falling, and their figures."""
    rng = np.random.default_rng(19)
    senses = ("at_least", "at_most", "above", "below")
    rows = []
    for place in range(25):
        sense = senses[place % 4]
        up = sense in {"at_least", "above"}
        start = float(np.round(rng.uniform(20, 60), 2))
        aim = float(np.round(start * (rng.uniform(1.1, 1.6) if up else rng.uniform(0.5, 0.9)), 2))
        now = float(np.round(start + (aim - start) * rng.uniform(-0.1, 1.1), 2))
        rows.append((f"i{place}", ("level", "share")[place % 2], sense, start, now, aim))
    ids = [row[0] for row in rows]
    kinds = [row[1] for row in rows]
    plan = cm.Plan.from_tables(
        {
            "about": pd.DataFrame(
                {"id": ["p"], "name_zh": "p", "name_en": "p", "first_year": 2021, "last_year": 2025}
            ),
            "indicators": pd.DataFrame(
                {"id": ids, "name_zh": ids, "name_en": ids, "kind": kinds,
                 "unit": ["%" if kind == "share" else "个" for kind in kinds]}
            ),
            "targets": pd.DataFrame(
                {"indicator": ids, "value": [row[5] for row in rows],
                 "sense": [row[2] for row in rows], "year": 2025}
            ),
            "baselines": pd.DataFrame(
                {"indicator": ids, "year": 2020, "value": [row[3] for row in rows],
                 "unit": ["%" if kind == "share" else "个" for kind in kinds]}
            ),
        }
    )  # fmt: skip
    figures = cm.load_observations(
        pd.DataFrame(
            {"indicator": ids, "period": "2023", "value": [row[4] for row in rows],
             "unit": ["%" if kind == "share" else "个" for kind in kinds]}
        ),
        plan=plan,
    )  # fmt: skip
    return plan, figures, rows


def test_five_hundred_settings_of_the_calculator_are_the_librarys(visit, many, tmp_path):
    plan, figures, rows = many
    results = Results(
        standing_of(plan, Period.of("2023"), figures),
        cm.assess(plan, figures, "2023", method=None),
        cm.growth_paths(plan),
    )
    text = page(results, "zh")
    file = tmp_path / "many.html"
    file.write_text(text, encoding="utf-8")
    model = json.loads(re.search(r'id="model">(.*?)</script>', text)[1])
    places = {}
    for place, entry in enumerate(model["promises"]):
        same = [
            r for r in rows if (r[3], r[4], r[5]) == (entry["start"], entry["now"], entry["aim"])
        ]
        places[same[0][0]] = place
    assert len(places) >= 20
    rng = np.random.default_rng(2021)
    rounds = -(-500 // len(places))
    asked, known = [], []
    for _ in range(rounds):
        starts = {
            name: float(np.round(row[3] * rng.uniform(0.6, 1.6), 2))
            for row in rows
            for name in (row[0],)
            if name in places
        }
        verdicts = cm.assess(plan.with_baselines(starts, year=2020), figures, "2023", method=None)
        for name, place in places.items():
            rate = float(np.round(rng.uniform(-0.2, 0.3), 3))
            delay = int(rng.integers(0, 40))
            asked.append(
                {
                    "promise": place,
                    "growth": round(rate * 100, 6),
                    "start": starts[name],
                    "delay": delay,
                }
            )
            known.append(
                (
                    name,
                    round(rate * 100, 6) / 100,
                    starts[name],
                    delay,
                    verdicts.sel(indicator=name),
                )
            )
    said = visit(file).evaluate(SETTINGS % "growth", asked)
    assert len(said) >= 500
    seen = set()
    for (name, rate, start, delay, at), out in zip(known, said, strict=True):
        row = next(row for row in rows if row[0] == name)
        _, _, sense, _, now, aim = row
        value = growth.compound(now, rate, max(0.0, 2 - delay / 12))
        assert float(out["value"]) == pytest.approx(value, rel=1e-12)
        assert float(out["left"]) == pytest.approx(growth.cagr(now, aim, 2), rel=1e-9, abs=1e-12)
        assert float(out["whole"]) == pytest.approx(growth.cagr(start, aim, 5), rel=1e-9, abs=1e-12)
        limit = bool(at["is_limit"])
        seen.add("limit" if limit else str(at["status"].values))
        if limit:
            assert out["status"] == ""
        else:
            assert out["status"] == str(at["status"].values), (name, start)
            assert float(out["share"]) == pytest.approx(float(at["achieved_share"]), abs=1e-9)
            assert float(out["elapsed"]) == pytest.approx(float(at["elapsed_share"]), abs=1e-12)
            assert float(out["gap"]) == pytest.approx(float(at["schedule_gap"]), abs=1e-12)
        if sense in {"at_least", "at_most"}:
            try:
                years = growth.periods_to_reach(now, aim, rate, sense)
            except cm.GrowthUndefinedError:
                assert out["arrival"] == ""
            else:
                moment = 2023 + (years + delay / 12 if years else 0)
                assert float(out["arrival"]) == pytest.approx(moment, abs=1e-9)
    assert {"limit", "achieved", "ahead", "behind"} <= seen


def test_money_of_the_calculator_is_the_librarys(visit, file, results):
    plan = results.standing.plan
    model = json.loads(re.search(r'id="model">(.*?)</script>', file.read_text(encoding="utf-8"))[1])
    tab = visit(file)
    options = tab.locator("main:visible [data-in=work] option")
    values = [option.get_attribute("value") for option in options.all()]
    names = dict(zip(values, options.all_inner_texts(), strict=True))
    ids = {project.name("zh"): project.id for project in plan.projects.values()}
    rng = np.random.default_rng(11)
    asked, scenarios = [], []
    for place in range(60):
        value = values[int(rng.integers(len(values)))]
        delay = int(rng.integers(0, 37))
        asked.append({"work": value, "months": delay, "budget": 50})
        target = (
            {"all": True} if value == "" else {"category": value} if not value.isdigit()
            else {"target": ids[names[value]]}
        )  # fmt: skip
        scenarios.append(cm.Scenario(f"s{place}", cm.Delay(months=delay, **target)))
    said = tab.evaluate(SETTINGS % "money", asked)
    money = cm.spending(plan, scenarios)
    inside = np.nansum(money["inside_plan"].values, axis=1)
    beyond = np.nansum(money["beyond_horizon"].values, axis=1)
    last = money.sel(spending_year=plan.about.last_year)["km_open"].values
    years = [int(year) for year in money["spending_year"].values]
    for i, out in enumerate(said):
        assert float(out["inside"]) == pytest.approx(inside[i], abs=1e-9)
        assert float(out["beyond"]) == pytest.approx(beyond[i], abs=1e-9)
        assert float(out["open"]) == pytest.approx(last[i], abs=1e-9)
        own = dict(zip(years, money["programme"].values[i].tolist(), strict=True))
        assert out["money"]
        for year, value in out["money"]:
            assert float(value) == pytest.approx(own.get(int(year), 0.0), abs=1e-9)
        assert float(out["buys"]) in {value for _, value in model["frontier"]}


def test_wrong_settings_are_refused_in_words(visit, file):
    tab = visit(file)
    panel = tab.locator("main:visible .calculator.growth")
    panel.locator("[data-in=growth]").fill("-150")
    assert panel.locator(".refused").is_visible()
    assert not panel.locator(".results").is_visible()
    panel.locator("[data-in=growth]").fill("5")
    assert panel.locator(".results").is_visible()
    money = tab.locator("main:visible .calculator.money")
    money.locator("[data-in=months]").fill("-1")
    assert money.locator(".refused").is_visible()
