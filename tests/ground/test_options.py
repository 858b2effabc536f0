"""The reader's language is set in one place: for the process, or for a block of one thread."""

from __future__ import annotations

import asyncio
import threading

import pytest

import corridor_model as cm
from corridor_model import options
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
