"""Run every notebook from top to bottom and keep its output; a failing cell fails the run.

``python scripts/run_notebooks.py [--check]``: with ``--check`` nothing is written.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]


def run(path: Path, write: bool) -> None:
    """Execute one notebook in its own folder."""
    notebook = nbformat.read(path, as_version=4)
    where = {"metadata": {"path": str(path.parent)}}
    # where a kernel happens to flush in the middle of a cell, the text is still one
    NotebookClient(notebook, timeout=300, resources=where, coalesce_streams=True).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # times would change the file at every run
        for output in cell.get("outputs", ()):
            if "text" in output:
                output.text = without_chatter(output.text)
    if write:
        nbformat.write(notebook, path)


def without_chatter(text: str) -> str:
    """Return what a cell printed without the line that HiGHS leaves on C's own output.

    It has no switch, and whether a kernel catches it changes from run to run.
    """
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("HighsMipSolverData::"))


def main(arguments: list[str]) -> int:
    """Run all notebooks and name each."""
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        print(path.relative_to(ROOT), flush=True)
        run(path, write="--check" not in arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
