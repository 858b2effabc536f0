"""The documentation site: pages, notebooks and docstrings of this repository, as they stand.

The source of the site is the repository itself, so that a link between two files is right on the
site and where the files are kept. What is generated (a page for every public name) is written
into docs/reference/ and never committed.
"""

from __future__ import annotations

import inspect
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

import corridor_model as cm  # noqa: E402

project = "corridor_model"
author = "The corridor_model developers"
version = release = cm.__version__
root_doc = "docs/index"
include_patterns = ["docs/**", "notebooks/*.ipynb", "CHANGELOG.md", "CONTRIBUTING.md"]
exclude_patterns = ["docs/site/**", "docs/conf.py", "**.ipynb_checkpoints"]
extensions = [
    "myst_nb",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.viewcode",
]
templates_path = ["site"]
html_theme = "pydata_sphinx_theme"
html_title = "corridor_model"
html_static_path: list[str] = []
html_show_sourcelink = False
html_theme_options = {
    "show_toc_level": 2,
    "navbar_align": "left",
    "header_links_before_dropdown": 7,
    "show_prev_next": False,
    "footer_end": [],
}
html_sidebars = {"docs/index": [], "docs/zh": [], "docs/glossary": []}

# the notebooks are executed and committed by their own script, which the tests compare
nb_execution_mode = "off"
myst_heading_anchors = 3
myst_enable_extensions = ["deflist"]
autodoc_typehints = "none"  # numpydoc's sections say them in words
autosummary_generate = False  # docs/reference is written below, by subject
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False
suppress_warnings = ["mystnb.unknown_mime_type"]

SUBJECTS: dict[str, str] = {
    "plan": "Plans",
    "observations": "Figures",
    "growth": "Growth",
    "assessment": "Verdicts",
    "forecasting": "Forecasts",
    "scenario": "Scenarios",
    "sensitivity": "What matters",
    "portfolio": "What to fund",
    "plot": "Pictures",
    "report": "Reports",
    "": "Words, options, errors, distributions",
}
"""Rooms of the package with public names, and what their page is called."""


def public_objects() -> dict[str, Any]:
    """Return every public function, class and constant by its shortest dotted name."""
    found: dict[str, Any] = {}
    seen: set[int] = set()
    faces = {"corridor_model": cm}
    faces |= {
        f"corridor_model.{name}": getattr(cm, name)
        for name in cm.__all__
        if isinstance(getattr(cm, name), ModuleType)
    }
    for face, module in faces.items():
        for name in module.__all__:
            value = getattr(module, name)
            if isinstance(value, (ModuleType, str)) or id(value) in seen:
                continue
            seen.add(id(value))
            found[f"{face}.{name}"] = value
    return found


def subject_of(value: Any) -> str:
    """Return the room that a public name lives in, or an empty text for the ground."""
    home = getattr(value, "__module__", None) or type(value).__module__
    room = home.split(".")[1] if home.startswith("corridor_model.") else ""
    return room if room in SUBJECTS else ""


def write_reference() -> None:
    """Write a page for each subject and one for each name, from docstrings alone."""
    folder = ROOT / "docs/reference"
    folder.mkdir(exist_ok=True)
    by_subject: dict[str, list[str]] = {room: [] for room in SUBJECTS}
    pages: dict[str, str] = {}
    for name, value in public_objects().items():
        if not inspect.isfunction(value) and not inspect.isclass(value):
            continue
        by_subject[subject_of(value)].append(name)
        kind = "autoclass" if inspect.isclass(value) else "autofunction"
        members = "   :members:\n" if inspect.isclass(value) else ""
        title = name.removeprefix("corridor_model.")
        pages[f"{name}.rst"] = f"{title}\n{'=' * len(title)}\n\n.. {kind}:: {name}\n{members}"
    index = "Reference\n=========\n\nEvery public name, from its docstring.\n\n"
    index += ".. toctree::\n   :maxdepth: 1\n\n   ../formulas\n   ../wordings\n"
    index += "   ../gallery\n   ../glossary\n"
    for room, names in by_subject.items():
        title, page = SUBJECTS[room], room or "ground"
        index += f"   {page}\n"
        pages[f"{page}.rst"] = (
            f"{title}\n{'=' * len(title)}\n\n.. autosummary::\n   :nosignatures:\n\n"
            + "".join(f"   {name}\n" for name in names)
            + "\n.. toctree::\n   :hidden:\n\n"
            + "".join(f"   {name}\n" for name in names)
        )
    pages["index.rst"] = index
    for path in folder.glob("*.rst"):
        if path.name not in pages:
            path.unlink()
    for file, text in pages.items():
        path = folder / file
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


class NamesAsLinks(SphinxTransform):
    """Code in a sentence that is a public name leads to its page."""

    default_priority = 200

    def apply(self, **_: Any) -> None:
        """Replace `` `assess` ``, ``cm.assess(...)`` and the like outside headings and links."""
        apart = (nodes.title, nodes.reference, addnodes.pending_xref)
        for literal in list(self.document.findall(nodes.literal)):
            word = literal.astext().partition("(")[0].removeprefix("cm.")
            target = _PUBLIC.get(word.removeprefix("corridor_model."))
            if target is None or _within(literal, apart):
                continue
            link = addnodes.pending_xref(
                "", refdomain="py", reftype="obj", reftarget=target, refexplicit=True
            )
            link["refdoc"] = self.env.docname
            link += literal.deepcopy()
            literal.replace_self(link)


_PUBLIC: dict[str, str] = {}


def _within(node: nodes.Node, kinds: tuple[type[nodes.Node], ...]) -> bool:
    while node is not None:
        if isinstance(node, kinds):
            return True
        node = node.parent
    return False


def setup(app: Sphinx) -> None:
    """Write the generated pages before Sphinx looks for sources."""
    os.environ.setdefault("MPLBACKEND", "agg")
    write_reference()
    for name in public_objects():
        _PUBLIC[name.removeprefix("corridor_model.")] = name
        _PUBLIC.setdefault(name.rpartition(".")[2], name)
    app.add_transform(NamesAsLinks)
