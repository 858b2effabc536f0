"""What is given away: wheel, source archive, versions; what is installed works anywhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from tests.helpers.paths import ROOT

import corridor_model as cm

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


def built(target: str, folder: Path, tree: Path = ROOT) -> Path:
    """Return the wheel or the sdist of a source tree."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    subprocess.run(build, cwd=tree, capture_output=True, check=True)
    (file,) = folder.glob("*.whl" if target == "wheel" else "*.tar.gz")
    return file


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return built("wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory):
    return built("sdist", tmp_path_factory.mktemp("sdist"))


@pytest.mark.slow
@pytest.mark.uncounted
def test_wheel_works_in_an_empty_directory(wheel, tmp_path, plan):
    installed, empty = tmp_path / "site", tmp_path / "empty"
    empty.mkdir()
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", str(installed), str(wheel)], check=True, capture_output=True)
    where, said = ask(empty, PYTHONPATH=str(installed))
    assert Path(where).is_relative_to(installed)
    assert said == f"580.0 {plan.digest}"


def test_wheel_carries_what_is_read_and_nothing_else(wheel):
    """The whole list: every module, type and data file of the tree, less what nothing reads."""
    names = set(zipfile.ZipFile(wheel).namelist())
    package = ROOT / "src/corridor_model"
    trees = {package: "corridor_model", ROOT / "data": "corridor_model/data"}
    every = {
        f"{into}/{file.relative_to(tree).as_posix()}"
        for tree, into in trees.items()
        for file in tree.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    passed_over = {
        name
        for name in every
        if name.endswith((".po", "/datapackage.json")) or "extra_characters" in name
    }
    info = f"corridor_model-{cm.__version__}.dist-info"
    about = {"METADATA", "WHEEL", "RECORD", "entry_points.txt"}
    licences = {"licenses/LICENSE", "licenses/data/fonts/OFL.txt"}
    assert names == (every - passed_over) | {f"{info}/{name}" for name in about | licences}
    assert "corridor_model/locale/zh_CN/LC_MESSAGES/corridor.mo" in names
    assert "corridor_model/py.typed" in names
    assert len(passed_over) == 4


def test_nothing_reads_what_the_wheel_leaves_out():
    for file in (ROOT / "src").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert '.po"' not in text, file
        assert "extra_characters" not in text, file


@pytest.mark.slow
def test_sdist_is_complete_and_makes_the_same_wheel(sdist, wheel, tmp_path):
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (tree,) = tmp_path.iterdir()
    carried = {file.relative_to(tree) for file in tree.rglob("*") if file.is_file()}
    for folder in (".ci", ".github", "benchmarks", "data", "docs", "notebooks", "scripts", "tests"):
        assert any(file.parts[0] == folder for file in carried), folder
    for name in (
        "CITATION.cff", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md",
        "README.zh.md", "pyproject.toml", "constraints.txt", "constraints-oldest.txt",
        "constraints-docs.txt", "constraints-iamc.txt", "docs/public_names.txt",
    ):  # fmt: skip
        assert Path(name) in carried, name
    git = ["git", "-C", str(ROOT), "-c", "core.quotepath=off", "ls-files", "-z"]
    listed = subprocess.run(git, capture_output=True, check=False)
    if not listed.returncode:  # an unpacked sdist has no git, and was complete when it was made
        tracked = {Path(name) for name in listed.stdout.decode().split("\0") if name}
        assert {file for file in tracked if (ROOT / file).exists()} <= carried
    again = built("wheel", tmp_path / "again", tree)
    assert again.name == wheel.name
    assert again.read_bytes() == wheel.read_bytes()


@pytest.mark.slow
@pytest.mark.long
def test_the_wheel_publishes_from_outside_the_tree(wheel, tmp_path):
    """A fresh environment; the libraries it needs are lent by this one, the package is not."""
    place, work = tmp_path / "venv", tmp_path / "office work"
    venv.create(place, with_pip=False, symlinks=os.name != "nt")
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(place)}))
    run = place / ("Scripts" if os.name == "nt" else "bin")
    pip = [sys.executable, "-m", "pip", "--python", str(run / "python"), "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True, capture_output=True)
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    work.mkdir()
    clean = {name: one for name, one in os.environ.items() if name != "PYTHONPATH"}

    def said(*words: str) -> str:
        done = subprocess.run(
            words, cwd=work, env=clean, capture_output=True, check=False, encoding="utf-8"
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    corridor = str(run / "corridor")
    assert said(corridor, "--version") == f"corridor {cm.__version__}\n"
    where, plan = said(str(run / "python"), "-c", ASK).splitlines()
    assert Path(where).is_relative_to(site)
    assert plan == f"580.0 {cm.load_plan().digest}"
    said(corridor, "publish", "--example", "--as-of", "2021-09", "--out", "out")
    written = {file.suffix for file in (work / "out").iterdir()}
    assert {".html", ".xlsx", ".docx", ".md", ".csv", ".png"} <= written


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
    for name in cm.__all__:
        assert getattr(cm, name) is not None, name

    assert callable(cm.assess)
    assert callable(cm.forecast)
    assert set(cm.__all__) <= set(dir(cm))
    with pytest.raises(AttributeError, match="nothing_here"):
        _ = cm.nothing_here


# Versions.


def test_one_version_everywhere():
    """The first heading of the changelog is it, or is not numbered yet."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", project["version"])
    assert project["version"] == cm.__version__
    cited = re.search(r"^version: (.*)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.M)
    assert cited
    assert cited[1] == project["version"]
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    numbered = [
        tuple(map(int, one)) for one in re.findall(r"^## (\d+)\.(\d+)\.(\d+)", changes, re.M)
    ]
    assert numbered == sorted(numbered, reverse=True)
    assert numbered[0] <= tuple(map(int, project["version"].split(".")))
    assert re.search(
        r"^## (Unreleased|[\d.]+ \(unreleased\)|" + re.escape(cm.__version__) + ")", changes, re.M
    )


def test_every_python_that_is_promised_is_run():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    jobs = (ROOT / ".github/workflows/tests.yml").read_text(encoding="utf-8")
    assert project["requires-python"] == ">=3.11"
    for version in ("3.11", "3.12", "3.13", "3.14"):
        assert f'"{version}"' in jobs
        assert f"Programming Language :: Python :: {version}" in project["classifiers"]
    assert "windows-latest" in jobs
    assert "make oldest-all" in jobs


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.long
def test_an_intranet_installs_from_a_folder_of_wheels():
    """Every index is switched off for the second half; the first half needs one."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts/offline_install.py")],
        capture_output=True, check=False, text=True, encoding="utf-8",
    )  # fmt: skip
    if done.returncode == 3:
        pytest.skip(f"no registry and no wheels in pip's cache: {done.stderr.strip()[-200:]}")
    assert done.returncode == 0, done.stderr
    assert f"corridor --version: corridor {cm.__version__}" in done.stdout
    for name in ("workbook.xlsx", "page.html", "bulletin_2021-09.docx"):
        assert name in done.stdout
