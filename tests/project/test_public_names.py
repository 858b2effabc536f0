"""Public names: the page lists them all, and old ones work, with a warning, for one release."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest
from scripts.public_names import FILE, public_names, text

import corridor_model as cm
from corridor_model._deprecated import NAMES, PACKAGE


def looked_up(name: str):
    """Return what a dotted name below the package means, modules imported on the way."""
    room, _, last = name.rpartition(".")
    return getattr(importlib.import_module(f"{PACKAGE}.{room}".rstrip(".")), last)


def test_the_page_lists_every_name():
    assert FILE.read_text(encoding="utf-8") == text(), "run python scripts/public_names.py"


@pytest.mark.uncounted
@pytest.mark.parametrize("name", public_names())
def test_a_public_name_is_there(name):
    assert looked_up(name) is not None


@pytest.mark.parametrize("old", NAMES)
def test_an_old_name_means_the_new_thing_and_warns(old):
    with pytest.warns(DeprecationWarning, match="goes with the next release"):
        value = looked_up(old)
    assert value is looked_up(NAMES[old])


def test_functions_that_were_packages_keep_their_old_names():
    history = ([1.0, 1.1, 1.3], [2018, 2019, 2020], 2, "level")
    with pytest.warns(DeprecationWarning, match="forecasting.feasibility"):
        assert cm.forecast.feasibility(100, 133.1, 3, "level").years == 3
    assert isinstance(cm.forecast(*history), cm.forecast.Predictive)


@pytest.mark.uncounted
def test_importing_an_old_package_hides_no_function():
    code = (
        "import warnings; warnings.simplefilter('ignore')\n"
        "import corridor_model as cm, corridor_model.forecast, corridor_model.assess\n"
        "import inspect\n"
        "assert inspect.isfunction(cm.forecast) and inspect.isfunction(cm.assess)\n"
        "assert 'history' in inspect.signature(cm.forecast).parameters\n"
        "assert 'Parameters' in cm.assess.__doc__\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_never_was_is_not_there():
    with pytest.raises(ImportError, match="nothing_here"):
        from corridor_model.forecast import nothing_here  # noqa: F401
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("corridor_model.assess.nothing")
    with pytest.raises(AttributeError, match="nothing_here"):
        _ = cm.portfolio.nothing_here
