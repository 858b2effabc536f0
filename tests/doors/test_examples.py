"""Every public function has an example that runs when pasted after the import."""

from __future__ import annotations

import doctest
import importlib
import inspect
import warnings

import pytest

pytestmark = pytest.mark.uncounted  # their modules are read for docstrings once more

FACES = ("", "growth", "forecasting", "assessment", "sensitivity", "portfolio", "plot", "draws")


def public_functions():
    every = {}
    for face in FACES:
        module = importlib.import_module(f"corridor_model.{face}".rstrip("."))
        for name in module.__all__:
            item = getattr(module, name)
            if inspect.isfunction(item):
                every.setdefault(item, f"{face}.{name}".lstrip("."))
    return {name: item for item, name in every.items()}


FUNCTIONS = public_functions()


def run(name, tmp_path, monkeypatch):
    item = FUNCTIONS[name]
    examples = doctest.DocTestParser().get_examples(inspect.getdoc(item) or "")
    assert examples, f"{name} has no example"
    monkeypatch.chdir(tmp_path)
    names = {}
    exec("import corridor_model as cm", names)
    # as in the module itself: names of its own face, without an import
    face = importlib.import_module(f"corridor_model.{name.rpartition('.')[0]}".rstrip("."))
    names |= {one: getattr(face, one) for one in face.__all__}
    test = doctest.DocTest(examples, names, name, None, None, None)
    runner = doctest.DocTestRunner(
        optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS, verbose=False
    )
    said = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        runner.run(test, out=said.append)
    assert not runner.failures, "".join(said)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_the_example_of_a_public_function_runs(name, tmp_path, monkeypatch):
    run(name, tmp_path, monkeypatch)
