"""The sheet of a unit: what it answers for, and nothing of others."""

from __future__ import annotations

import io

import docx
import pytest

import corridor_model as cm
from corridor_model.cli import main
from corridor_model.periods import Period
from corridor_model.report.blocks import Landscape, Table, texts
from corridor_model.report.standing import standing_of
from corridor_model.report.word import document
from corridor_model.report.write import unit_blocks

PLAN, FIGURES = cm.load_plan(example=True), cm.example_observations()


@pytest.fixture(scope="module")
def standing():
    return standing_of(PLAN, Period.of("2021-09"), FIGURES, None)


@pytest.mark.uncounted
def test_units_share_out_all_there_is(standing):
    """Each promise, work and task stands with every unit that leads it, and nowhere else."""
    for kind, key in (("works", "project"), ("tasks", "task")):
        whole = {row[key] for row in getattr(standing, kind) if standing.leads(row)}
        parts = [getattr(standing.of_unit(unit), kind) for unit in standing.by_unit]
        assert {row[key] for rows in parts for row in rows} == whole
    led = {p.id for p in standing.promises if p.units}
    assert {p.id for u in standing.by_unit for p in standing.of_unit(u).promises} == led
    for unit in standing.by_unit:
        own = standing.of_unit(unit)
        assert all(unit in promise.units for promise in own.promises)
        assert all(unit in due.units for due in own.missing)
        for counts, rows in zip(
            own.counts.values(), (own.promises, own.works, own.tasks), strict=True
        ):
            assert counts["total"] == len(rows)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_unit_has_a_document(standing, lang):
    for unit in standing.by_unit:
        blocks = unit_blocks(standing, unit, lang)
        assert isinstance(blocks[0], Landscape)  # no empty page before the first
        assert any(isinstance(block, Table) for block in blocks)
        assert unit in "\n".join(texts(blocks))


def test_the_sum_of_works_is_that_of_the_unit(standing):
    own = standing.of_unit("区交通局")
    known = [work["investment"] for work in own.works if work["investment"] is not None]
    assert own.total.investment.value == pytest.approx(sum(known))
    assert own.total.investment.value < standing.total.investment.value


def test_the_document_is_one_wide_section_with_the_mark_of_the_example(standing):
    file = docx.Document(io.BytesIO(document(unit_blocks(standing, "区交通局"))))
    assert len(file.sections) == 1
    page = file.sections[0]
    assert page.page_width > page.page_height
    assert "教学示例" in page.header.paragraphs[0].text


def test_a_unit_that_answers_for_nothing_is_named_with_the_nearest(standing):
    with pytest.raises(cm.CorridorError, match="Did you mean 区交通局"):
        unit_blocks(standing, "交通局")
    with pytest.raises(cm.CorridorError, match="answers for nothing in this plan.$"):
        unit_blocks(standing, "xyz")


@pytest.mark.slow
def test_publish_writes_the_sheets_asked_for(tmp_path, capsys):
    arguments = ["publish", "--example", "--as-of", "2021-09", "--out", str(tmp_path)]
    assert main([*arguments, "--unit", "区交通局", "--unit", "区科技局", "--lang", "en"]) == 0
    sheets = sorted(path.name for path in tmp_path.glob("unit_*.docx"))
    assert sheets == ["unit_区交通局_2021-09.docx", "unit_区科技局_2021-09.docx"]
    assert "unit_区交通局_2021-09.docx" in capsys.readouterr().out.replace("\n", "")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert main([*arguments, "--unit", "交通局", "--lang", "en"]) == 1
    assert "Did you mean" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
