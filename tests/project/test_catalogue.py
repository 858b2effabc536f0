"""The catalogue of Chinese messages is complete, used, and compiled as it stands."""

from __future__ import annotations

import ast
import importlib.util

import pytest
from tests.helpers.paths import ROOT

from corridor_model.messages import Listing, Message, Name, message, plural, translator


@pytest.fixture(scope="module")
def catalogue():
    spec = importlib.util.spec_from_file_location("catalogue", ROOT / "scripts" / "catalogue.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.uncounted
def test_every_message_is_translated_with_the_same_fields_and_used(catalogue):
    assert list(catalogue.mistakes(catalogue.templates(), catalogue.catalogue())) == []


@pytest.mark.slow
@pytest.mark.uncounted
def test_no_message_stands_where_its_extraction_misses_it(catalogue):
    """Inside an f-string, or called on what `translator` returns at once."""
    lost = []
    for file in sorted((ROOT / "src").rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        inside = {
            id(call)
            for joined in ast.walk(tree)
            if isinstance(joined, ast.JoinedStr)
            for call in ast.walk(joined)
        }
        for call in ast.walk(tree):
            if not (isinstance(call, ast.Call) and call.args):
                continue
            literal = isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            at_once = isinstance(call.func, ast.Call) and (
                getattr(call.func.func, "id", "") == "translator"
            )
            if literal and (at_once or (id(call) in inside and name in catalogue.MARKS)):
                lost.append(f"{file.relative_to(ROOT)}:{call.lineno}")
    assert not lost


def test_the_compiled_catalogue_is_that_of_the_text(catalogue):
    assert catalogue.MO.read_bytes() == catalogue.compiled(catalogue.catalogue())


def test_what_is_missing_unused_or_contradictory_is_found(catalogue):
    marked, kept = catalogue.Catalog(), catalogue.Catalog()
    marked.add("lost")
    marked.add("{n} works")
    kept.add("{n} works", "{m}项")
    kept.add("left over", "多余")
    assert list(catalogue.mistakes(marked, kept)) == [
        "not translated: 'lost'",
        "other fields in Chinese: '{n} works'",
        "not used: 'left over'",
    ]


def test_fields_speak_the_language_of_the_message():
    name, inner = Name("产值", "output"), message("Fill it in.")
    outer = Message("{what} {remedy}", {"what": name, "remedy": inner})
    assert outer.text("zh") == "产值请填写。"
    assert str(outer) == outer.text("en") == "output Fill it in."
    assert Listing([name, "b"]).text("zh") == "产值、b"
    assert str(Listing([name, "b"])) == "output, b"


def test_a_number_decides_between_two_wordings_in_english_alone():
    assert [plural("{n} mistake:", "{n} mistakes:", n).text() for n in (1, 2)] == [
        "1 mistake:",
        "2 mistakes:",
    ]
    assert plural("{n} mistake:", "{n} mistakes:", 2).text("zh") == translator("zh").plural(
        "{n} mistake:", "{n} mistakes:", 2
    )


def test_what_is_in_no_catalogue_stays_english():
    assert Message("no such sentence {x}", {"x": 1}).text("zh") == "no such sentence 1"
    assert not Message("")
