"""The reader's language is set in one place: for the process, or for a block of one thread."""

from __future__ import annotations

import asyncio
import threading

import pandas as pd
import pytest
from openpyxl import load_workbook

import corridor_model as cm
from corridor_model import options
from corridor_model.cli import main
from corridor_model.options import language


@pytest.fixture(autouse=True)
def language_as_before():
    before = list(options._process)
    yield
    options._process.clear()
    options._process.extend(before)


def test_chinese_first_and_an_argument_before_all():
    assert language() == "zh"
    cm.set_options(lang="en")
    assert (language(), language("zh"), language("en")) == ("en", "zh", "en")
    cm.set_options(lang="zh")
    assert language() == "zh"


def test_a_block_gives_back_what_was_set():
    cm.set_options(lang="en")
    with cm.set_options(lang="zh"):
        assert language() == "zh"
        with cm.set_options(lang="en") as inner:
            assert language() == "en"
            assert repr(inner) == "set_options(lang='en')"
        assert language() == "zh"
    assert language() == "en"
    with pytest.raises(ZeroDivisionError), cm.set_options(lang="zh"):
        raise ZeroDivisionError
    assert language() == "en"


def test_a_block_is_entered_later_and_again():
    block = cm.set_options(lang="en")
    assert language() == "en"
    with block:
        pass
    assert language() == "zh"
    with block:
        assert language() == "en"
    assert language() == "zh"
    block.__exit__(None, None, None)
    assert language() == "zh"


def test_blocks_of_threads_do_not_meet():
    inside, done, heard = threading.Barrier(3), threading.Event(), {}

    def speak(name: str, lang: str) -> None:
        with cm.set_options(lang=lang):
            inside.wait(10)
            heard[name] = language()
            done.wait(10)

    threads = [threading.Thread(target=speak, args=(c, c)) for c in ("en", "zh")]
    for thread in threads:
        thread.start()
    inside.wait(10)
    assert language() == "zh"
    done.set()
    for thread in threads:
        thread.join()
    assert heard == {"en": "en", "zh": "zh"}
    assert language() == "zh"


def test_a_call_in_one_task_holds_in_the_next_as_in_cells_of_a_notebook():
    async def cells() -> str:
        async def first() -> None:
            cm.set_options(lang="en")

        async def second() -> str:
            return language()

        await asyncio.create_task(first())
        return await asyncio.create_task(second())

    assert asyncio.run(cells()) == "en"


def test_many_calls_keep_little():
    for _ in range(1000):
        cm.set_options(lang="en")
    assert len(options._process) <= 64


@pytest.mark.parametrize("lang", ["qq", "", "ZH", "zh_CN", 1, b"zh"])
def test_another_language_is_refused_and_changes_nothing(lang):
    with pytest.raises(cm.CorridorError, match="'zh' or 'en'"):
        cm.set_options(lang=lang)
    with pytest.raises(cm.CorridorError, match="'zh' or 'en'"):
        language(lang)
    assert language() == "zh"


def test_descriptions_follow(plan):
    study = cm.tornado(plan, "km_open:2022")
    chinese = cm.describe(study)
    with cm.set_options(lang="en"):
        assert cm.describe(study) == cm.describe(study, "en") != chinese
        assert cm.describe(study, "zh") == chinese


def first_sheet(file):
    return load_workbook(file, read_only=True).sheetnames[0]


@pytest.mark.uncounted
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_workbooks_follow_it(lang, tmp_path):
    other = {"zh": "en", "en": "zh"}[lang]
    plan = cm.Plan.from_tables({
        "indicators": {"id": ["x"], "kind": ["level"], "unit": ["亿元"]},
        "targets": {"indicator": ["x"], "value": [5], "sense": ["at_least"], "year": [2022]},
        "baselines": {"indicator": ["x"], "year": [2019], "value": [3]},
    })  # fmt: skip
    with cm.set_options(lang=lang):
        cm.write_workbook(plan, tmp_path / "set.xlsx")
        cm.write_workbook(plan, tmp_path / "other.xlsx", lang=other)
    cm.write_workbook(plan, tmp_path / "named.xlsx", lang=lang)
    sheets = {name: first_sheet(tmp_path / f"{name}.xlsx") for name in ("set", "named", "other")}
    assert sheets["set"] == sheets["named"] != sheets["other"]


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_reports_and_the_command_line_follow_it(lang, tmp_path, capsys, monkeypatch):
    other = {"zh": "en", "en": "zh"}[lang]
    monkeypatch.setenv("LC_ALL", {"zh": "zh_CN.UTF-8", "en": "en_GB.UTF-8"}[other])
    with cm.set_options(lang=lang):
        assert main(["report", "--out", str(tmp_path / "out")]) == 0
    assert first_sheet(tmp_path / "out/workbook.xlsx") == {"zh": "说明", "en": "Guide"}[lang]
    said = {"zh": "各项目标所需的年均增速", "en": "Yearly growth that each target needs"}
    shown = capsys.readouterr().out
    assert said[lang] in shown
    assert said[other] not in shown
    assert main(["report", "--out", str(tmp_path / "out"), "--lang", lang]) == 0
    assert said[lang] in capsys.readouterr().out


def test_a_language_that_is_none_is_refused_by_reports(tmp_path):
    for write in (cm.write_workbook, cm.write_report):
        with pytest.raises(cm.CorridorError, match="'fr' is unknown"):
            write(cm.load_plan(), tmp_path / "x.xlsx", lang="fr")
    figures = cm.load_observations({"gdp": {2021: 504.2}})
    with pytest.raises(cm.CorridorError, match="'fr' is unknown"):
        figures.save_report(tmp_path / "y.xlsx", lang="fr")
    assert not list(tmp_path.iterdir())


def test_an_import_report_is_in_the_language_set(tmp_path):
    figures = cm.load_observations(
        pd.DataFrame({"指标": ["生产总值"], "2021年": [522.6], "环比（%）": [1.2]})
    )
    with cm.set_options(lang="en"):
        english = figures.report["why"]
        figures.save_report(tmp_path / "report.xlsx")
    assert list(english) == list(figures.report_in("en")["why"]) != list(figures.report["why"])
    rows = load_workbook(tmp_path / "report.xlsx")["report"].iter_rows(min_row=2, values_only=True)
    assert [row[-1] or "" for row in rows] == list(english)
