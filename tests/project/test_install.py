"""The built wheel and the editable install both find the plan from an empty directory."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.helpers.paths import ROOT

ASK = (
    "import corridor_model as cm; p = cm.load_plan(); "
    "print(cm.__file__); print(p.indicators['gdp'].target.value, p.digest)"
)


def ask(cwd: Path, **environment: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return next(folder.glob("*.whl"))


def test_wheel_works_in_an_empty_directory(wheel, tmp_path, plan):
    installed, empty = tmp_path / "site", tmp_path / "empty"
    empty.mkdir()
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", str(installed), str(wheel)], check=True, capture_output=True)
    where, said = ask(empty, PYTHONPATH=str(installed))
    assert Path(where).is_relative_to(installed)
    assert said == f"580.0 {plan.digest}"


def test_wheel_carries_data_types_and_licences(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert "corridor_model/py.typed" in names
    assert "corridor_model/data/longwan/targets.csv" in names
    assert any(name.endswith("CorridorSansSC-Regular.otf") for name in names)
    assert sum(name.endswith(("LICENSE", "OFL.txt")) for name in names) >= 2
    assert not any("tests/" in name for name in names)


def test_editable_install_works_in_an_empty_directory(tmp_path, plan):
    where, said = ask(tmp_path)
    assert Path(where).is_relative_to(ROOT / "src")
    assert said == f"580.0 {plan.digest}"


def test_importing_the_package_is_cheap_and_quiet():
    code = (
        "import sys, corridor_model\n"
        "heavy = {'numpy', 'pandas', 'xarray', 'scipy', 'matplotlib'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_every_public_name_is_there_and_rooms_stay_callable():
    import corridor_model as cm

    for name in cm.__all__:
        assert getattr(cm, name) is not None, name
    import corridor_model.assessment
    import corridor_model.forecasting

    assert callable(cm.assess)
    assert callable(cm.forecast)
    assert set(cm.__all__) <= set(dir(cm))
    with pytest.raises(AttributeError, match="nothing_here"):
        _ = cm.nothing_here
