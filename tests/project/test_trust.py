"""What the source must not hold: code made of text, objects of strangers, other machines.

And what no plan folder can do: lead out of itself.
"""

from __future__ import annotations

import ast
import json
import os
import shutil
import socket
import subprocess
import sys
from functools import cache

import pytest
from tests.helpers.network import NetworkError
from tests.helpers.paths import BASE_PLAN, ROOT

import corridor_model as cm

pytestmark = pytest.mark.uncounted

SOURCE = ROOT / "src/corridor_model"
NO_CALLS = {"eval", "exec", "compile", "__import__", "input", "breakpoint"}
NO_MODULES = {
    "pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "subprocess",
    "socket", "http", "urllib.request", "ftplib", "smtplib", "requests", "httpx", "aiohttp", "yaml",
    "ctypes", "telnetlib", "xmlrpc",
}  # fmt: skip


@cache
def trees():
    return tuple(_trees())


def _trees():
    for path in sorted(SOURCE.rglob("*.py")):
        yield path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.slow
def test_no_code_is_made_of_text():
    found = [
        f"{name}:{node.lineno} {node.func.id}"
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in NO_CALLS
    ]
    assert found == []


@pytest.mark.slow
def test_no_module_of_pickles_processes_or_networks_is_imported():
    found = []
    for name, tree in trees():
        for node in ast.walk(tree):
            names = []
            if isinstance(node, ast.Import):
                names = [one.name for one in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [f"{node.module}.{one.name}" for one in node.names]
            found += [
                f"{name} {one}"
                for one in names
                if any(f"{one}.".startswith(f"{module}.") for module in NO_MODULES)
            ]
    assert found == []


@pytest.mark.slow
def test_numpy_reads_no_pickled_object():
    calls = [
        (name, node)
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and any(one.arg == "allow_pickle" for one in node.keywords)
    ]
    assert calls == []


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.invalid", 443)])
def test_the_suite_reaches_no_other_machine(address):
    with socket.socket() as one, pytest.raises(NetworkError, match="reaches no other machine"):
        one.connect(address)
    with socket.socket() as one, pytest.raises(NetworkError):
        one.connect_ex(address)


WATCHED = """
import sys, tempfile
opened = []
sys.addaudithook(lambda event, args: event.startswith(("socket.", "urllib.", "ftplib.", "smtplib."))
                 and event not in {"socket.__new__"} and opened.append(event))
import corridor_model as cm
plan, figures = cm.load_plan(example=True), cm.example_observations()
cm.assess(plan, figures, as_of="2021-09")
cm.save_result(cm.simulate(plan, draws=64), tempfile.mkdtemp() + "/r.nc")
cm.choose_projects(cm.load_plan(), {2020: 20, 2021: 20, 2022: 20})
cm.write_report(plan, tempfile.mkdtemp(), figures, as_of="2021-09", draws=64)
print(opened)
"""


@pytest.mark.slow
def test_what_is_published_opens_no_socket():
    done = subprocess.run(
        [sys.executable, "-c", WATCHED], capture_output=True, text=True, check=True, cwd=ROOT
    )
    # the solver may print a line of its own before
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("path", ["../secret.csv", "/etc/hostname", "C:\\secret.csv"])
def test_a_data_package_leads_out_of_no_folder(tmp_path, path):
    """Its tables are those beside it, whatever paths it names."""
    folder = tmp_path / "plan"
    shutil.copytree(BASE_PLAN, folder)
    (tmp_path / "secret.csv").write_text("id,name_zh\nsecret_indicator,x\n", encoding="utf-8")
    resources = [{"name": name, "path": path} for name in ("indicators", "targets")]
    package = json.dumps({"name": "p", "resources": resources})
    (folder / "datapackage.json").write_text(package, encoding="utf-8")
    assert cm.load_plan(folder) == cm.load_plan(BASE_PLAN)


@pytest.mark.skipif(os.name == "nt", reason="links of POSIX")
def test_a_link_out_of_a_plan_folder_shows_nothing(tmp_path):
    folder = tmp_path / "plan"
    shutil.copytree(BASE_PLAN, folder)
    (tmp_path / "secret.csv").write_text("id,name_zh\nsecret_indicator,x\n", encoding="utf-8")
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(cm.CorridorError) as error:
        cm.load_plan(folder)
    assert "link.csv" in str(error.value)
    assert "secret_indicator" not in str(error.value)


@pytest.mark.parametrize("table", ["targets", "baselines"])
def test_names_in_a_plan_lead_to_no_file(tmp_path, table):
    """A name of a file in a cell, or in datapackage.json, is opened by nobody."""
    folder, secret = tmp_path / "plan", tmp_path / "secret.csv"
    shutil.copytree(BASE_PLAN, folder)
    secret.write_text("id,name_zh\nsecret_indicator,x\n", encoding="utf-8")
    (folder / "datapackage.json").write_text(
        '{"resources": [{"name": "indicators", "path": "../secret.csv"}]}', encoding="utf-8"
    )
    text = (folder / f"{table}.csv").read_text(encoding="utf-8")
    with_path = text.replace("\n", "\n../secret.csv,", 1)
    assert "secret_indicator" not in cm.load_plan(folder).indicators
    (folder / f"{table}.csv").write_text(with_path, encoding="utf-8")
    with pytest.raises(cm.CorridorError) as error:
        cm.load_plan(folder)
    assert "secret_indicator" not in str(error.value)


def test_a_plan_is_written_into_its_folder_alone(tmp_path):
    cm.load_plan(BASE_PLAN).to_folder(tmp_path / "in")
    assert [one.name for one in tmp_path.iterdir()] == ["in"]


def test_the_limits_that_the_page_states_are_those_that_hold():
    from corridor_model import draws, files
    from corridor_model.scenario import archive, dataset
    from corridor_model.tabular import packages, workbooks

    page = (ROOT / "docs/trust.md").read_text("utf-8")
    for words in (
        f"| any file that is read | {files.LARGEST_FILE // 10**6} MB |",
        f"{packages.LARGEST // 10**6} MB, {packages.MOST_CELLS:,} cells, "
        f"{packages.MOST_ROWS:,} rows, {packages.MOST_PARTS:,} parts",
        f"{workbooks.WIDEST:,} cells from the left edge",
        f"{workbooks.LONGEST_TEXT:,} characters",
        f"| a saved result, unpacked | {archive.MOST // 2**20} MiB; "
        f"what it was asked with, {dataset.MOST // 2**20} MiB |",
        f"| draws | {draws.MOST_DRAWS:,} |",
    ):
        assert words in page
