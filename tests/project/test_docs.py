"""Code in the pages of the site runs, in the order of the page, and says what the page says."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from corridor_model.cli import main

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = ["index.md", "own_plan.md", "own_plan.zh.md", "own_rule.md", "own_effects.md"]
BLOCK = re.compile(r"```python\n(.*?)```", re.S)


@pytest.mark.uncounted
@pytest.mark.parametrize("page", PAGES)
def test_code_of_a_page_runs(page):
    text = (DOCS / page).read_text(encoding="utf-8")
    names: dict[str, object] = {}
    blocks = BLOCK.findall(text)
    assert blocks
    for block in blocks:
        if not block.startswith(">>>"):
            exec(compile(block, page, "exec"), names)
            continue
        test = doctest.DocTestParser().get_doctest(block, names, page, page, 0)
        result = doctest.DocTestRunner().run(test, clear_globs=False)
        assert result.attempted
        assert not result.failed
        names = test.globs


def test_every_page_of_docs_stands_in_the_site():
    """One that no page leads to is found by nobody."""
    sources = [*DOCS.glob("*.md"), DOCS / "conf.py"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    listed = set(re.findall(r"^([\w.]+)$", text, re.M)) | set(re.findall(r"\.\./(\w+)\\n", text))
    pages = {path.name.removesuffix(".md") for path in DOCS.glob("*.md")} - {"index"}
    assert pages <= listed


@pytest.mark.uncounted
def test_a_template_is_what_the_pages_say_it_is(tmp_path, monkeypatch):
    """Header, example rows and a guide; one workbook is made of them in Python."""
    monkeypatch.chdir(tmp_path)
    for page in ("own_plan.md", "own_plan.zh.md"):
        text = (DOCS / page).read_text(encoding="utf-8")
        (name,) = set(re.findall(r"corridor template (\S+?)[`\s]", text))
        assert main(["template", name, "--lang", "en"]) == 0
        assert main(["validate", name, "--lang", "en"]) == 0
        assert "说明 GUIDE.md" in text
        assert (tmp_path / name / "说明 GUIDE.md").exists()
        assert f'cm.load_plan("{name}").to_workbook("{name}.xlsx")' in text
