"""One nasty plan through every door: what a user wrote is text, and no more, wherever it goes.

HTML, SVG, Word, workbooks, CSV, JSON, Markdown, pictures and the terminal.
"""

from __future__ import annotations

import csv
import html.parser
import io
import json
import re
import shutil
import warnings
import zipfile
from xml.etree import ElementTree

import pandas as pd
import pytest
from tests.helpers.paths import BASE_PLAN

import corridor_model as cm
from corridor_model.cli import main
from corridor_model.observations.forms import write_observation_template
from corridor_model.observations.store import Store
from corridor_model.plan.templates import baselines_form

pytestmark = pytest.mark.uncounted

NASTY = (
    "=cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    '+HYPERLINK("http://x.invalid","y")',
    "-2+3+cmd|x",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</text><svg onload=alert(1)>",
    "]]></w:t><w:instrText>DDEAUTO c calc</w:instrText>",
    "$\\frac{1}{2}$ {0} %s {name} {{ 7*7 }} & &lt;",
)
ACTS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
"""Letters that steer a terminal or turn a line around."""
FREE = {
    "about": ("name_zh", "name_en", "source", "number"),
    "groups": ("name_zh", "name_en"),
    "areas": ("name_zh", "name_en"),
    "indicators": ("name_zh", "name_en"),
    "targets": ("places",),
    "baselines": ("source", "note"),
    "projects": ("name_zh", "name_en", "note"),
    "tasks": ("name", "summary_en"),
}


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    """The plan of the tests with a nasty text in every cell that takes any."""
    folder = tmp_path_factory.mktemp("nasty") / "plan"
    shutil.copytree(BASE_PLAN, folder)
    count = 0
    for table, columns in FREE.items():
        file = folder / f"{table}.csv"
        with file.open(encoding="utf-8-sig", newline="") as text:
            rows = list(csv.DictReader(text))
        for row in rows:
            for column in set(columns) & set(row):
                word = NASTY[count % len(NASTY)]
                row[column] = word if column == "places" else f"{word} {count}"
                count += 1
        with file.open("w", encoding="utf-8", newline="") as text:
            writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return cm.load_plan(folder)


@pytest.fixture(scope="module")
def figures(plan):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows = [
            {"indicator": name, "period": str(year), "value": 10.0 + year - 2024, "source": word}
            for name, indicator in plan.indicators.items()
            if indicator.kind == "level"
            for year, word in ((2024, NASTY[0]), (2025, NASTY[4]))
        ]
        return cm.load_observations(pd.DataFrame(rows), plan)


class Tags(html.parser.HTMLParser):
    """The elements and the attributes that act, of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.acting: list[str] = []
        self.scripts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)
        self._inside = tag == "script"
        self.acting += [f"{k}={v}" for k, v in attrs if k.startswith("on")]
        self.acting += [v for k, v in attrs if k in {"href", "src"} and "x.invalid" in (v or "")]

    def handle_endtag(self, tag):
        self._inside = False

    def handle_data(self, data):
        if self._inside:
            self.scripts.append(data)


def page_is_text(text: str) -> None:
    tags = Tags()
    tags.feed(text)
    assert "img" not in tags.names
    assert tags.acting == []
    # a script's data may quote a name, but never end there
    assert not any("</script" in script for script in tags.scripts)
    assert not any(script.strip().startswith("alert(1)") for script in tags.scripts)
    assert not ACTS.search(text)


def cells_are_text(text: str) -> None:
    for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))):
        for cell in row:
            if cell[:1] in set("=+-@\t\r"):
                float(cell)  # a number with a sign, or it would have an apostrophe
    assert not ACTS.search(text)


def book_is_text(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        for name in book.namelist():
            if not name.endswith((".xml", ".rels")):
                continue
            root = ElementTree.fromstring(book.read(name))
            for element in root.iter():
                kind = element.tag.rpartition("}")[2]
                if kind == "f":
                    assert not re.search(r"cmd|HYPERLINK|SUM\(A1:A9\)", element.text or "")
                if kind == "Relationship":
                    assert "x.invalid" not in element.get("Target", "")
                assert kind not in {"ddeLink", "oleLink"}, name
                if kind == "instrText":  # the fields of Word: numbers of pages
                    assert (element.text or "").strip() in {"PAGE", "NUMPAGES"}


def svg_is_text(text: str) -> None:
    root = ElementTree.fromstring(text)
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert not names & {"script", "img", "foreignObject", "image"}
    assert not any(key.startswith("on") for element in root.iter() for key in element.attrib)


LOOKS = {
    ".html": lambda data: page_is_text(data.decode()),
    ".csv": lambda data: cells_are_text(data.decode("utf-8")),
    ".xlsx": book_is_text,
    ".docx": book_is_text,
    ".svg": lambda data: svg_is_text(data.decode()),
    ".md": lambda data: page_is_text(_without_escapes(data.decode())),
    ".json": json.loads,
    ".png": lambda data: None,
    ".nc": lambda data: None,
}


def _without_escapes(text: str) -> str:
    """Markdown as HTML would have it: what stands behind a backslash is a letter."""
    return re.sub(r"\\([<>\"'])", lambda m: html.escape(m[1]), text)


def every_file_is_text(folder):
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert files
    for file in files:
        try:
            LOOKS[file.suffix](file.read_bytes())
        except (AssertionError, ValueError) as error:
            raise AssertionError(f"{file.name}: {error}") from error
    return {file.name for file in files}


@pytest.mark.slow
@pytest.mark.long
def test_files_hold_texts_of_a_user_as_texts(plan, figures, tmp_path):
    plan.to_folder(tmp_path / "plan")
    plan.to_workbook(tmp_path / "plan.xlsx")
    baselines_form(plan, tmp_path / "b.csv")
    baselines_form(plan, tmp_path / "b.xlsx")
    write_observation_template(plan, tmp_path / "form.xlsx", "2025", figures)
    figures.save_report(tmp_path / "report.xlsx")
    scenarios = [cm.Scenario(word, cm.SetGrowth("gdp", mean=0.1)) for word in NASTY]
    result = cm.simulate(plan, scenarios, figures, draws=64)
    cm.save_result(result, tmp_path / "r.csv")
    cm.save_result(result, tmp_path / "r.nc")
    cm.plot.paths_figure(plan, tmp_path / "p.svg")
    cm.plot.paths_figure(plan, tmp_path / "p.png")
    cm.sensitivity_figure(cm.tornado(plan, "inside_plan"), tmp_path / "t.svg")
    for lang in ("zh", "en"):
        cm.write_report(
            plan, tmp_path / lang, figures, scenarios=scenarios[:3], draws=64, lang=lang
        )
        cm.write_bulletin(plan, tmp_path / lang, "2025", figures, lang=lang)
    names = every_file_is_text(tmp_path)
    assert {"page.html", "workbook.xlsx", "p.svg", "indicators.csv", "r.csv"} <= names
    assert cm.load_plan(tmp_path / "plan") == plan, "and every letter comes back"
    assert cm.load_plan(tmp_path / "plan.xlsx") == plan


@pytest.mark.slow
@pytest.mark.long
def test_the_terminal_and_notebooks_show_texts(plan, figures, tmp_path, capsys):
    plan.to_folder(tmp_path / "plan")
    store = Store(tmp_path / "a.store")
    row = {"indicator": "gdp", "period": "2025", "value": 12.0, "source": NASTY[0]}
    store.append([row], date="2026-03-01")
    where = ["--plan", str(tmp_path / "plan")]
    late = cm.Scenario(NASTY[0], cm.SetGrowth("gdp", mean=0.1))
    (tmp_path / "late.toml").write_text(late.to_toml(), "utf-8")
    calls = [
        ["plan", *where],
        ["required", *where],
        ["paths", *where],
        ["validate", str(tmp_path / "plan")],
        ["assess", *where, "--as-of", "2025"],
        ["assess", *where, "--as-of", "2025", "--works"],
        ["assess", *where, "--as-of", "2025", "--explain", "gdp"],
        ["simulate", str(tmp_path / "late.toml"), *where, "--draws", "64"],
        ["sensitivity", *where, "--output", "inside_plan"],
        ["observe", "list", "--store", str(tmp_path / "a.store")],
    ]
    for call in calls:
        for form in ("table", "json", "csv"):
            if form != "table" and (call[0] == "validate" or "--explain" in call):
                continue  # prose in every form
            done = main([*call, "--format", form] if form != "table" else call)
            out, said = capsys.readouterr()
            assert done == 0, (call, said)
            assert not ACTS.search(out), call
            if form == "csv":
                cells_are_text(out)
    store.export(tmp_path / "h.csv")
    cells_are_text((tmp_path / "h.csv").read_text("utf-8-sig"))
    verdicts = cm.assess(plan, figures, as_of="2025")
    for thing in (plan, figures, verdicts, cm.required_growth(plan)):
        if hasattr(thing, "_repr_html_"):
            page_is_text(thing._repr_html_())


def test_letters_that_act_are_refused_or_shown_as_a_sign(tmp_path):
    """The rule of every door: a cell with one is refused, what comes from elsewhere is shown."""
    from corridor_model.messages import printable

    for letter in ("\x1b[31m", "\u202e", "\x9b", "\u2066", "\x07"):
        assert not ACTS.search(printable(f"名{letter}称"))
        folder = tmp_path / f"{ord(letter[0]):x}"
        shutil.copytree(BASE_PLAN, folder)
        file = folder / "projects.csv"
        text = file.read_text("utf-8")
        line = text.splitlines()[1]
        name = next(csv.reader([line]))[1]
        file.write_text(text.replace(name, f"{name}{letter}", 1), "utf-8")
        try:
            shown = cm.describe(cm.load_plan(folder), "en")
        except cm.CorridorError as error:
            shown = error.text("en")
        assert not ACTS.search(shown), letter


ACTING = ("a\x1b[31mb", "a\0b", "a\x07", "\x7f", "a\ud800b")


def test_no_scenario_has_a_name_that_acts():
    """Its names go into every result, file and line of a terminal."""
    change = cm.SetGrowth("gdp", mean=0.1)
    for text in ACTING:
        for part in ("name", "name_zh", "why_zh", "why_en"):
            with pytest.raises(cm.CorridorError, match="has an unprintable character") as caught:
                cm.Scenario(
                    *([text, change] if part == "name" else ["late", change]),
                    **({} if part == "name" else {part: text}),
                )
            assert not ACTS.search(caught.value.text("zh"))


@pytest.mark.parametrize("text", ["a\0b", "a\x1b[31m\x07\x7f\u202e\x9b31m\u2066b"])
def test_a_name_of_a_file_that_acts_is_shown_as_a_sign(text, tmp_path, capsys):
    """Units send archives, and a name in them is theirs."""
    path = str(tmp_path / text)
    for ask in (
        lambda: cm.load_plan(path),
        lambda: cm.load_observations(f"{path}.csv", cm.load_plan(BASE_PLAN)),
        lambda: cm.load_result(f"{path}.nc"),
        lambda: cm.plot.paths_figure(cm.load_plan(BASE_PLAN), f"{path}/\0.svg"),
    ):
        with pytest.raises(cm.CorridorError) as caught:
            ask()
        for lang in ("en", "zh"):
            assert not ACTS.search(caught.value.text(lang))
            assert "\ufffd" in caught.value.text(lang)
    for argv in (
        ["plan", "--plan", path],
        ["simulate", path],
        ["collect", path, "--as-of", "2021"],
    ):
        assert main(argv) == 1
        said = "".join(capsys.readouterr())
        assert not ACTS.search(said), (argv, said)


@pytest.mark.slow
def test_files_of_a_folder_are_named_without_what_acts(tmp_path, capsys):
    for name in ("a\x1b[31mb.csv", "a\u202eb.csv", "\x9b.txt"):
        (tmp_path / name).write_text("indicator,period,value\nnobody,2021-09,1\n")
    asked = ["collect", str(tmp_path), "--as-of", "2021-09", "--lang", "en"]
    for form in ("table", "json", "csv"):
        assert main([*asked, "--format", form]) in {0, 1}
        said = "".join(capsys.readouterr())
        assert not ACTS.search(said), form
        assert ("a\\u202eb" if form == "json" else "a\ufffd") in said
