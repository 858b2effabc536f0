"""The two sets of versions that are tested, held to what pyproject.toml allows."""

from __future__ import annotations

import re
import tomllib

import pytest
from tests.helpers.paths import ROOT
from tests.helpers.versions import numbers

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
PROMISED = [
    *PROJECT["dependencies"],
    *(one for extra in ("report", "dask", "parquet") for one in EXTRAS[extra]),
]


def pins(name):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("==")[::2] for line in lines if line and line[0] != "#")
    return {package.lower().replace("_", "-"): version for package, version in pairs}


OLDEST, NEWEST = pins("constraints-oldest.txt"), pins("constraints.txt")


def padded(version):
    return (*numbers(version), 0, 0, 0)[:3]


@pytest.mark.parametrize("requirement", PROMISED)
def test_the_lowest_version_is_the_one_that_is_run(requirement):
    package, lowest = re.fullmatch(r"([\w-]+)>=([\d.]+)", requirement).groups()
    assert padded(OLDEST[package.lower()]) == padded(lowest)
    assert padded(NEWEST[package.lower()]) >= padded(lowest)


def test_both_generations_of_pandas_and_numpy_are_run():
    assert OLDEST["pandas"].startswith("2.")
    assert NEWEST["pandas"].startswith("3.")
    assert padded(OLDEST["numpy"]) == (2, 1, 0)
    assert padded(NEWEST["numpy"]) > (2, 3)


@pytest.mark.parametrize("extra", ["test", "dev"])
def test_every_tool_is_pinned(extra):
    """Else a new day brings a new version, and with it a test that fails for nobody's reason."""
    for requirement in EXTRAS[extra]:
        name = re.match(r"[\w-]+", requirement)[0].lower()
        if name != "corridor-model":
            assert name in NEWEST, name
            assert extra == "dev" or name in OLDEST, name


def test_every_continuous_integration_calls_the_same_targets():
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    here = (ROOT / ".ci/run").read_text(encoding="utf-8")
    there = (ROOT / ".github/workflows/tests.yml").read_text(encoding="utf-8")
    called = {
        word
        for text in (here, there)
        for line in re.findall(r"\bmake (?:-j 2 )?([^\n&|#]+)", text)
        for word in line.split()
        if not word.startswith(".venv-") and "=" not in word
    }
    assert called <= targets
    # a browser waits and an installer fetches: what runs beside them costs no time
    assert "make -j 2 iamc pyright .venv-docs/.ready\nmake test\nmake -j 2 machine docs\n" in here
    assert "run: .ci/run" in there
    assert "run: make oldest-all" in there
