"""The gallery shows every function of `cm.plot`, in both languages, as drawn now."""

from __future__ import annotations

import importlib.util

import pytest
from matplotlib.image import imread
from tests.helpers.paths import ROOT
from tests.plot.pictures import PICTURES

import corridor_model as cm


@pytest.fixture(scope="module")
def gallery():
    spec = importlib.util.spec_from_file_location("gallery", ROOT / "scripts/gallery.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_the_scripts(gallery):
    assert (ROOT / "docs/gallery.md").read_text(encoding="utf-8") == gallery.page()


def test_every_function_and_every_picture_is_in_it(gallery):
    assert set(gallery.CAPTIONS) == set(PICTURES)
    functions = {name for name in dir(cm.plot) if not name.endswith("_figure")}
    calls = {call.split("(")[0] for _, call, _ in gallery.CAPTIONS.values()}
    assert calls == {f"cm.plot.{name}" for name in functions}


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_picture_has_the_size_it_is_drawn_in(gallery, name, lang):
    height, width, _ = imread(gallery.FOLDER / f"{name}.{lang}.png").shape
    wide, high = PICTURES[name][0]
    assert abs(width - wide * gallery.DPI) < 2
    assert abs(height - high * gallery.DPI) < 2
