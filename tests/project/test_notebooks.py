"""Every notebook runs from top to bottom, and what it keeps is what it gives."""

from __future__ import annotations

import ast
import warnings

import nbformat
import pytest
from scripts.run_notebooks import without_chatter
from tests.helpers.paths import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_and_keeps_its_output(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the kernel machinery, not of the library
        from nbclient import NotebookClient

        kept = nbformat.read(path, as_version=4)
        run = nbformat.read(path, as_version=4)
        where = {"metadata": {"path": str(path.parent)}}
        NotebookClient(run, timeout=300, resources=where, coalesce_streams=True).execute()
    for before, after in zip(kept.cells, run.cells, strict=True):
        assert before.get("outputs") is not None or before.cell_type == "markdown"
        assert texts(before) == texts(after), "run `make notebooks` and look at what changed"


def texts(cell):
    """Return what a cell prints as text; pictures differ from one font renderer to the next."""
    if cell.cell_type != "code":
        return []
    found = []
    for output in cell.outputs:
        assert output.output_type != "error"
        if output.output_type == "stream" and output.name == "stderr":
            continue
        if "data" in output and not any(key.startswith("image/") for key in output.data):
            found.append(output.data.get("text/plain"))
        elif "text" in output:
            found.append(without_chatter(output.text))
    return found


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_imports_public_names_and_shows_a_table_and_a_figure(path):
    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    page = (ROOT / "docs" / "public_names.txt").read_text(encoding="utf-8")
    public = {line.split()[0] for line in page.splitlines() if line and not line.startswith("#")}
    source = "\n".join(line for cell in cells for line in cell.source.splitlines())
    source = "\n".join(line for line in source.splitlines() if not line.startswith("%"))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("corridor_model"):
            for alias in node.names:
                assert f"{node.module}.{alias.name}" in public
        if isinstance(node, ast.Import):
            for alias in node.names:
                assert not alias.name.startswith("corridor_model.")
    shown = {kind for cell in cells for output in cell.outputs for kind in output.get("data", {})}
    assert "text/html" in shown
    assert {"image/png", "image/svg+xml"} & shown
