"""The bulletin: its numbers are the library's, its counts sum, and every form says the same."""

from __future__ import annotations

import html as web
import io
import re
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from html.parser import HTMLParser

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.helpers.paths import ROOT

import corridor_model as cm
from corridor_model.assessment.rollup import FAILING, league
from corridor_model.assessment.works import assess_tasks, assess_works, works_total
from corridor_model.cli import main
from corridor_model.codes import NOT_ASSESSABLE, STATUSES, status_word
from corridor_model.errors import CorridorError
from corridor_model.formatting import plain, rounded
from corridor_model.messages import translator
from corridor_model.observations.forms import missing_by_unit
from corridor_model.periods import Period
from corridor_model.report import word
from corridor_model.report.blocks import (
    Heading,
    Landscape,
    Mark,
    Paragraph,
    Slot,
    Table,
    band,
    html,
    markdown,
    row,
    table,
    text_of,
    texts,
)
from corridor_model.report.bulletin import blocks_of, bulletin, write_bulletin
from corridor_model.report.standing import owed_by_unit, standing_of
from corridor_model.text.bulletin import counts_by_unit, need, period_name, to_date

W = f"{{{word.W}}}"
PERIOD = "2021Q3"


@pytest.fixture(scope="module")
def example():
    return cm.load_plan(example=True)


@pytest.fixture(scope="module")
def standing(example):
    return standing_of(example, Period.of(PERIOD), cm.example_observations())


@pytest.fixture(scope="module")
def blocks(standing):
    return blocks_of(standing)


@pytest.fixture(scope="module")
def assessment(example):
    return cm.assess(example, cm.example_observations(), PERIOD, method=None)


@pytest.fixture(scope="module")
def small():
    return cm.load_plan(ROOT / "tests" / "other_plan")


def tables(blocks):
    """Return each table below its nearest heading, as rows by title of the column."""
    title, found = "", {}
    for block in blocks:
        if isinstance(block, Heading):
            title = block.text
        elif isinstance(block, Table):
            titles = [column.title for column in block.columns]
            found[title] = [
                dict(zip(titles, map(text_of, line.cells), strict=True))
                for line in block.rows
                if not line.band
            ]
    return found


def table_of(blocks, words):
    return next(rows for title, rows in tables(blocks).items() if words in title)


def said(blocks):
    return "\n".join(texts(blocks))


# Its numbers are the library's.


@pytest.mark.uncounted
def test_the_overview_is_the_librarys_count(blocks, standing, assessment, example):
    rows = {line["类别"]: line for line in table_of(blocks, "总体情况")}
    counts = cm.assessment.roll_up(example, assessment, "plan").iloc[0]
    works = works_total(assess_works(example, as_of=PERIOD))
    tasks = Counter(assess_tasks(example, as_of=PERIOD)["status"])
    for status in STATUSES:
        title = status_word(status, "zh")
        title = f"其中：{title}" if status == "achieved" else title
        assert int(rows["监测目标"][title]) == counts[status]
        assert int(rows["重点工程"][title]) == works.statuses[status]
        assert int(rows["重点任务"][title]) == tasks[status]
        assert int(rows["合计"][title]) == counts[status] + works.statuses[status] + tasks[status]
    assert int(rows["监测目标"]["总数"]) == counts["total"]
    first = next(b for b in blocks if isinstance(b, Paragraph) and b.style == "text")
    behind, missed, unknown = (
        rows["合计"][status_word(s, "zh")] for s in ("behind", "missed", NOT_ASSESSABLE)
    )
    assert text_of(first.runs) == (
        f"截至2021年9月30日，共{rows['合计']['总数']}项目标任务中滞后{behind}项、未实现{missed}项，"
        f"无法评估{unknown}项。"
    )


def test_rows_of_the_overview_sum(blocks):
    for line in table_of(blocks, "总体情况"):
        numbers = [int(cell) for cell in list(line.values())[1:]]
        assert numbers[0] == numbers[1] + numbers[7]
        assert numbers[1] == sum(numbers[2:7])
        assert numbers[7] == sum(numbers[8:])


def test_every_target_stands_once_in_the_first_annex_with_its_own_numbers(blocks, assessment):
    ds = assessment
    every = [
        *table_of(blocks, "可评估的定量指标"),
        *(line | {"指标名称": line["节点目标"]} for line in table_of(blocks, "节点目标")),
        *table_of(blocks, "无法评估的目标"),
    ]
    assert Counter(line["指标名称"] for line in every) == Counter(ds["name_zh"].to_numpy().tolist())
    by_name = {str(n): i for i, n in enumerate(ds["name_zh"].to_numpy())}
    checked = 0
    for line in table_of(blocks, "可评估的定量指标"):
        one = ds.isel(indicator=by_name[line["指标名称"]])
        assert line["评价"].split("\n")[0] == status_word(str(one["status"].item()), "zh")
        for title, name, digits, shift in (
            ("时间进度（%）", "elapsed_share", 1, 100),
            ("目标实现程度（%）", "achieved_share", 1, 100),
            ("最新数", "actual", None, 1),
        ):
            value = float(one[name])
            cell = line[title].removeprefix("已用")
            if cell == "——":
                assert value != value or bool(one["is_limit"])
                continue
            if cell != line[title]:
                value = float(one["used_share"])
            shown = plain(value) if digits is None else rounded(value * shift, digits)
            if len(shown) > 8:
                shown = rounded(value, 1)
            assert cell == shown, (line["指标名称"], title)
            checked += 1
        gap = float(one["schedule_gap"])
        if str(one["kind"].item()) != "growth" and gap == gap:
            assert line["超欠序时（百分点）"].replace("−", "-").lstrip("+") == rounded(gap * 100, 1)
            checked += 1
    assert checked > 60


def test_all_that_is_late_is_listed_with_what_it_needs(blocks, standing, assessment):
    late = {
        str(name)
        for name, status, met in zip(
            *(assessment[v].to_numpy() for v in ("name_zh", "status", "met_late")), strict=True
        )
        if status in FAILING and not met
    }
    listed = table_of(blocks, "监测目标")
    assert {line["滞后和未实现的目标"] for line in listed} == late
    assert [line["序号"] for line in listed] == [str(n + 1) for n in range(len(listed))]
    assert all(line["尚需"] not in {"", "——"} for line in listed)
    gdp = next(line for line in listed if line["滞后和未实现的目标"] == "生产总值")
    rate = float(assessment["required_rate_remaining"].sel(indicator="gdp"))
    assert gdp["尚需"] == f"年均增长{rounded(rate * 100, 1)}%"
    assert gdp["最新数"] == "372亿元\n（2021年1—9月）"
    came_late = sum(bool(standing.row_of(promise)["met_late"]) for promise in standing.failing)
    assert f"未实现中有{came_late}项系逾期完成" in said(blocks)


def test_the_paragraph_on_works_has_the_librarys_totals_in_the_offices_order(blocks, example):
    total = works_total(assess_works(example, as_of=PERIOD))
    text = next(line for line in texts(blocks) if line.startswith("工程"))
    assert total.completion is not None
    assert total.year_gap is not None
    assert total.start_rate is not None
    words = (
        f"工程{total.works}项，总投资{rounded(total.investment.value, 2)}亿元",
        f"（{total.investment.known}项已知），年度计划{rounded(total.annual_plan.value, 2)}亿元",
        f"（{total.annual_plan.known}项已知）。1—9月完成投资",
        f"{rounded(total.invested_year.value, 2)}亿元（{total.invested_year.known}项报送",
        f"完成年度计划的{rounded(total.completion * 100, 1)}%，",
        f"欠序时{rounded(-total.year_gap * 100, 1)}个百分点。应开工",
        f"{total.start_due}项，已开工{total.started}项，",
        f"开工率{rounded(total.start_rate * 100, 1)}%（4项未报送）",
        f"完工{total.finished}项；已过完工期限、未报完工{total.overdue}项",
        "滞后和未实现的工程：滨海大道快速路(228国道)完成年度计划27.5%，欠序时47.5个百分点，年内尚需2.90亿元，"
        "报送的问题为：征地未完成（区住建局、区交通局）",
    )
    assert [text.index(part) for part in words] == sorted(text.index(part) for part in words)


def test_units_are_the_librarys_league_and_their_items_sum(blocks, standing, example, assessment):
    works, tasks = assess_works(example, as_of=PERIOD), assess_tasks(example, as_of=PERIOD)
    frame = league(example, assessment, works, tasks)
    rows = table_of(blocks, "责任单位情况表")
    assert [line["责任单位" if "责任单位" in line else "单位"] for line in rows] == list(
        frame.index
    )
    for line, (_, unit) in zip(rows, frame.iterrows(), strict=True):
        assert line["位次"] == (str(unit["rank"]) if unit["rank"] else "——")
        items = [int(line[title]) for title in ("目标", "工程", "任务")]
        assert sum(items) == int(line["牵头事项"]) == unit["items"]
        names = [] if line["滞后和未实现事项"] == "——" else line["滞后和未实现事项"].split("；")
        late = sum(int(n[1]) if (n := re.search(r"（(\d+)项）$", name)) else 1 for name in names)
        assert int(line["滞后和未实现"]) == unit["behind"] == late


def test_what_is_owed_sums_by_unit_and_is_the_librarys_list(blocks, standing, example):
    due = missing_by_unit(example, cm.example_observations(), PERIOD)
    text = next(line for line in texts(blocks) if line.startswith("应报未报"))
    assert text.startswith(f"应报未报{len(due)}项（")
    assert sum(n for _, n in owed_by_unit(due)) == len(due)
    assert len(table_of(blocks, "应报未报的事项")) == len(due)
    rest = missing_by_unit(example, cm.example_observations(), PERIOD, rest=True)
    assert len(table_of(blocks, "无须报送的事项")) == len(rest)


def test_tasks_stand_all_in_the_third_annex_and_in_the_districts_table(blocks, standing, example):
    rows = table_of(blocks, "重点任务进展表")
    assert [line["重点任务"].split("\n")[0] for line in rows] == [
        task.name for task in example.tasks.values()
    ]
    done = Counter(line["评价"].split("\n")[0] for line in rows)
    counts = standing.counts["tasks"]
    assert tuple(done[word] for word in ("已完成", "按序时推进", "滞后", "未按期完成")) == tuple(
        counts[status] for status in ("achieved", "on_schedule", "behind", "missed")
    )
    carried = example.indicators[next(iter(example.tasks.values())).indicators[0]].name_zh
    assert carried in rows[0]["重点任务"]
    district = table_of(blocks_of(standing, "district"), "重点任务进展表（截至2021年9月30日）")
    assert list(district[0]) == ["序号", "重点任务", "责任单位", "进展情况"]
    assert len(district) == len(rows)
    first = next(iter(example.tasks.values()))
    assert district[0]["责任单位"].startswith(f"*{first.lead_units[0]}")


def test_what_moved_sums_to_all_and_names_the_better(blocks, standing):
    for kind in ("targets", "works", "tasks"):
        moves = standing.moves(kind)
        assert sum(map(len, moves)) == standing.counts[kind]["total"]
    assert "较2021年第二季度转好的：累计新增高新技术企业。" in said(blocks)


def test_revisions_have_both_values_and_both_verdicts(blocks, standing, example):
    rows = table_of(blocks, "修订对照表")
    assert len(rows) == len(standing.figure_revisions) + len(standing.target_revisions) == 3
    figure = next(line for line in rows if line["内容"] == "数据")
    one = standing.figure_revisions[0]
    table = cm.example_observations().frame()
    values = set(
        table[(table["indicator"] == one.indicator) & (table["period"] == one.period)]["value"]
    )
    assert {one.before, one.after} <= values
    assert figure["按现值评价"] == status_word(standing.rows[one.indicator]["status"], "zh")
    withdrawn = next(line for line in rows if line["现值"] == "撤销")
    assert withdrawn["内容"] == "目标"


def test_no_column_is_empty_and_no_cell_blank(blocks):
    for block in blocks:
        if isinstance(block, Table):
            for place in range(len(block.columns)):
                cells = [text_of(line.cells[place]) for line in block.rows if not line.band]
                assert all(cells)
                assert set(cells) != {"——"}, block.columns[place].title


# A month without figures, and any subset of figures: everything sums.


@pytest.mark.uncounted
def test_a_month_without_any_figure_still_says_who_owes_what(plan):
    here = standing_of(plan, Period.of("2021-09"))
    blocks = blocks_of(here)
    for line in table_of(blocks, "总体情况"):
        numbers = [int(cell) for cell in list(line.values())[1:]]
        assert numbers[0] == numbers[1] + numbers[7] == sum(numbers[2:7]) + sum(numbers[8:])
    text = next(line for line in texts(blocks) if line.startswith("应报未报"))
    assert text.startswith(f"应报未报{len(here.missing)}项（指标")
    named = sum(
        int(n)
        for n in re.findall(
            r"(?<!家各)(?<!家)(?:\D)(\d+)项(?=、|，|。)", text.split("：")[1].split("。")[0]
        )
    )
    assert named > 0
    assert "教学示例" not in said(blocks)
    assert "（14项未报送）。" in said(blocks)
    assert "开工率" not in said(blocks)
    assert len(table_of(blocks, "应报未报的事项")) == len(here.missing) > 100


@pytest.mark.uncounted
@settings(max_examples=8)
@given(data=st.data())
def test_counts_sum_whatever_was_reported(small, data):
    figures = small.tables["observations"]
    keep = data.draw(st.lists(st.sampled_from(range(len(figures))), unique=True))
    period = data.draw(st.sampled_from(["2024-01", "2024-06", "2025Q1", "2025", "2027-12"]))
    part = type(small)({**small.tables, "observations": figures.select(sorted(keep))})
    blocks = bulletin(part, period, lang=data.draw(st.sampled_from(["zh", "en"])))
    overview = next(block for block in blocks if isinstance(block, Table))
    assessable = 1 + len(STATUSES) - 1
    for line in overview.rows:
        numbers = [int(text_of(cell)) for cell in line.cells[1:]]
        assert numbers[0] == numbers[1] + numbers[1 + assessable]
        assert numbers[1] == sum(numbers[2 : 1 + assessable])
        assert numbers[1 + assessable] == sum(numbers[2 + assessable :])


def test_units_that_owe_are_named_until_the_rest_is_counted():
    t = translator("zh")
    counts = [
        ("甲", 9),
        ("乙", 3),
        *((f"单位{n}", 2) for n in range(4)),
        *((f"处{n}", 1) for n in range(3)),
    ]
    assert counts_by_unit([*counts, ("", 5)], t) == (
        "甲9项、乙3项、其余4家各2项、3家各1项，未注明单位5项"
    )
    many = [(f"单位{n:02d}", 30 - n) for n in range(20)]
    text = counts_by_unit(many, t)
    assert text.endswith(f"其余14家共{sum(n for _, n in many[6:])}项")
    assert counts_by_unit([("", 2)], t) == "未注明单位2项"
    assert counts_by_unit([("甲", 1), ("乙", 1)], t) == "甲1项、乙1项"


# One list of blocks in three forms.


def docx_texts(data: bytes) -> list[str]:
    """Return the text of each paragraph of a Word document, in its order, controls included."""
    document = docx.Document(io.BytesIO(data))
    found = []
    for paragraph in document.element.body.iter(f"{W}p"):
        parts = {f"{W}t": lambda e: e.text, f"{W}tab": lambda e: "\t", f"{W}br": lambda e: "\n"}
        found.append("".join(parts[e.tag](e) for e in paragraph.iter() if e.tag in parts))
    return found


def without_mark(blocks):
    return [b for b in blocks if not (isinstance(b, Paragraph) and b.style == "example")]


def markdown_texts(text: str) -> list[str]:
    found = []
    for line in text.splitlines():
        if not line or re.fullmatch(r"\| [|:\- ]+ \|", line):
            continue
        # a bar with a backslash before it is text
        cells = re.split(r"(?<!\\)\|", line)[1:-1] if line.startswith("|") else [line]
        for cell in cells:
            bare = re.sub(r"^#+ ", "", cell.strip())
            bare = re.sub(r"(?<!\\)\*\*", "", bare).replace("<br>", "\n")
            found.append(re.sub(r"\\(.)", r"\1", bare))
    return [text for text in found if text]


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.open = [], None

    def handle_starttag(self, tag, attrs):
        if tag in {"p", "h1", "h2", "h3", "th", "td"}:
            self.open = []
        elif tag == "br" and self.open is not None:
            self.open.append("\n")

    def handle_data(self, data):
        if self.open is not None:
            self.open.append(data)

    def handle_endtag(self, tag):
        if tag in {"p", "h1", "h2", "h3", "th", "td"}:
            self.found.append("".join(self.open))
            self.open = None


@pytest.fixture(scope="module")
def data(blocks):
    return word.document(blocks)


@pytest.mark.uncounted
def test_word_markdown_and_html_say_the_same(blocks, data):
    expected = texts(without_mark(blocks))
    assert [text for text in docx_texts(data) if text] == expected
    flat = [text.replace("\t", "　") for text in texts(blocks)]
    assert markdown_texts(markdown(blocks)) == flat
    reader = Reader()
    reader.feed(html(blocks, "题", "zh"))
    assert reader.found == flat


def test_word_has_no_formatting_but_styles(blocks, data):
    document = docx.Document(io.BytesIO(data))
    body = document.element.body
    known = {style.style_id for style in document.styles}
    for tag, allowed in (
        ("rPr", {"rStyle"}),
        ("pPr", {"pStyle", "sectPr"}),
        ("tcPr", {"tcW", "gridSpan"}),
    ):
        for element in body.iter(W + tag):
            assert {child.tag.removeprefix(W) for child in element} <= allowed
    named = {
        e.get(f"{W}val") for tag in ("pStyle", "rStyle", "tblStyle") for e in body.iter(W + tag)
    }
    assert named <= known
    for grid in body.iter(f"{W}tbl"):
        rows = grid.findall(f"{W}tr")
        assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
        assert all(line.find(f"{W}trPr/{W}cantSplit") is not None for line in rows)
    upright, wide = body.iter(f"{W}sectPr")
    page = upright.find(f"{W}pgMar")
    assert [int(page.get(f"{W}{side}")) for side in ("top", "bottom", "left", "right")] == [
        round(mm / 25.4 * 1440) for mm in (37, 35, 28, 26)
    ]
    assert upright.find(f"{W}docGrid").get(f"{W}linePitch") == "579"
    assert wide.find(f"{W}pgSz").get(f"{W}orient") == "landscape"
    for header in (document.sections[0].header, document.sections[0].even_page_header):
        assert [p.text for p in header.paragraphs] == ["教学示例数据（假设）·非真实数据，不得引用"]


def test_slots_are_controls_of_plain_text_by_their_names(blocks, data):
    body = docx.Document(io.BytesIO(data)).element.body
    controls = list(body.iter(f"{W}sdt"))
    names = [c.find(f"{W}sdtPr/{W}alias").get(f"{W}val") for c in controls]
    assert names == [
        *("期数", "总期数", "编发单位", "印发日期", "由编发单位填写"),
        *("主送机关", "抄送机关", "编发单位", "印发日期"),
    ]
    assert len({c.find(f"{W}sdtPr/{W}id").get(f"{W}val") for c in controls}) == len(controls)
    assert all(c.find(f"{W}sdtPr/{W}text") is not None for c in controls)


@pytest.mark.uncounted
def test_the_same_content_gives_the_same_bytes(blocks, data, monkeypatch):
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert word.document(blocks) == data
    times = {item.date_time for item in zipfile.ZipFile(io.BytesIO(data)).infolist()}
    assert times == {word.TIME}


def test_what_a_user_wrote_is_text_in_every_form(small):
    name = "*=cmd|' /C calc'!A1 <script>alert(1)</script> [x](y) \x1b[31m\u202e# `a` &lt; {0} $x$"
    nasty = [
        Heading(1, "title", name),
        Paragraph("text", (name, Mark("failing", name), Slot(name))),
        Paragraph("text", ("- x",)),
        Paragraph("text", ("1. x",)),
        Paragraph("text", ("> x\n# y",)),
        table([_column("a|b"), _column("c")], [row(name, "=1+1"), band(name)]),
        Landscape(),
    ]
    clean = name.replace("\x1b", "\ufffd").replace("\u202e", "\ufffd")
    data = word.document(nasty)
    assert [text for text in docx_texts(data) if text] == texts(nasty)
    assert clean in docx_texts(data)
    xml = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    assert "instrText" not in xml
    page = html(nasty, name, "en")
    assert "<script" not in page
    assert web.escape("<script>", quote=False) in page
    text = markdown(nasty)
    assert "<script>" not in text.replace("\\<", "")
    assert "\n- x" not in text
    assert "\n1. x" not in text
    assert markdown_texts(text) == texts(nasty)
    assert "\x1b" not in page + text + xml


def _column(title):
    from corridor_model.report.blocks import Column

    return Column(title, 10)


# Templates.


def test_the_shipped_template_is_what_its_script_writes(tmp_path):
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        import bulletin_template
    finally:
        sys.path.pop(0)
    bulletin_template.write(tmp_path / "again.docx")
    shipped, again = (
        {name: file.read(name) for name in file.namelist()}
        for file in map(zipfile.ZipFile, (bulletin_template.FILE, tmp_path / "again.docx"))
    )
    assert shipped == again


def changed(tmp_path, change):
    document = docx.Document(str(ROOT / "data" / "bulletin" / "template.docx"))
    change(document)
    document.save(str(tmp_path / "own.docx"))
    return tmp_path / "own.docx"


def test_an_offices_own_template_lends_its_styles_page_and_header(blocks, tmp_path):
    def change(document):
        document.styles["通报正文"].font.name = "楷体"
        for style in document.styles:  # as Word may rename ids
            style.element.set(f"{W}styleId", style.style_id + "x")
        for section in list(document.element.body.iter(f"{W}sectPr"))[:-1]:
            section.getparent().remove(section)
        document.sections[0].header.paragraphs[0].text = "某某办"
        document.sections[0].page_width, document.sections[0].page_height = 7560000, 10692000

    short = [*blocks[:4], Paragraph("text", ("a",)), Heading(1, "title", "b"), Landscape()]
    document = docx.Document(io.BytesIO(word.document(short, template=changed(tmp_path, change))))
    assert document.styles["通报正文"].font.name == "楷体"
    upright, wide = document.sections
    assert (upright.page_width, wide.page_width) == (wide.page_height, upright.page_height)
    assert upright.page_width < wide.page_width
    assert [p.text for p in upright.header.paragraphs][-1] == "某某办"
    assert document.paragraphs[0].style.name == "刊头系统名"


def test_a_wrong_template_is_refused_in_words_before_anything_is_written(small, tmp_path):
    def change(document):
        for name in ("通报正文", "表头小"):
            style = document.styles[name].element
            style.getparent().remove(style)

    lacking = changed(tmp_path, change)
    (tmp_path / "text.docx").write_text("not a document", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "other.docx", "w") as other:
        other.writestr("a", "b")
    title = [Heading(1, "title", "a")]
    for template, words in (
        (lacking, ["own.docx", "通报正文, 表头小", "data/bulletin/template.docx"]),
        (tmp_path / "text.docx", ["text.docx", "no Word document", "Save it as .docx"]),
        (tmp_path / "other.docx", ["other.docx", "no Word document"]),
        (tmp_path / "none.docx", ["none.docx", "not there"]),
        (tmp_path, ["cannot be read"]),
    ):
        with pytest.raises(CorridorError) as caught:
            word.document(title, template=template)
        assert all(part in str(caught.value) for part in words), caught.value
        assert "模板" in caught.value.text("zh") or "Word文档" in caught.value.text("zh")
    with pytest.raises(CorridorError):
        write_bulletin(small, tmp_path / "out", "2025", template=lacking)
    assert not (tmp_path / "out").exists()


def test_without_python_docx_the_other_forms_are_written(small, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(CorridorError, match=r"pip install \"corridor-model\[report\]\""):
        write_bulletin(small, tmp_path / "a.docx", "2025")
    files = write_bulletin(small, tmp_path / "a.html", "2025")
    assert list(files) == ["html"]
    assert not (tmp_path / "a.docx").exists()


# Wrong input, and the words of a cell.


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"period": "soon"}, ["'soon' is not a period"]),
        ({"period": "2010-01"}, ["2010-01", "before the plan"]),
        ({"form": "long"}, ["annex, district", "'long'"]),
        ({"lang": "qq"}, ["'qq'"]),
        ({"out": "a.pdf"}, ["a.pdf", ".docx, .md or .html"]),
        ({"plan": "longwan"}, ["A plan is needed"]),
    ],
)
def test_wrong_input_is_refused_in_words(small, tmp_path, arguments, words):
    given_ = {"plan": small, "out": tmp_path / "o", "period": "2025"} | arguments
    if "out" in arguments:
        given_["out"] = tmp_path / arguments["out"]
    with pytest.raises(CorridorError) as caught:
        write_bulletin(**given_)
    assert all(part in str(caught.value) for part in words), caught.value
    assert not list(tmp_path.iterdir())


def test_a_need_is_said_as_the_promise_has_it():
    t = translator("zh")
    nan = float("nan")
    base = {
        "met_late": "", "kind": "level", "missed_years": "", "gap": nan, "unit": "吨",
        "required_rate_remaining": nan, "required_step_remaining": nan, "is_limit": False,
        "status": "behind", "sense": "at_least",
    }  # fmt: skip
    for change, words in (
        ({"met_late": "2021-05"}, "已于2021年5月完成"),
        ({"kind": "milestone"}, "尚未完成"),
        ({"missed_years": "2020;2021"}, "2020、2021年未达到"),
        ({"status": "missed", "gap": -3.0}, "尚差3吨"),
        ({"status": "missed", "gap": -0.4, "unit": "%"}, "尚差0.4个百分点"),
        ({"status": "missed", "gap": -2.0, "sense": "at_most"}, "超出2吨"),
        ({"required_rate_remaining": -0.051}, "年均下降5.1%"),
        ({"required_step_remaining": 12.5}, "每年12.50吨"),
        ({"required_step_remaining": 12.5, "is_limit": True, "gap": 3.0}, "每年不超过12.50吨"),
        ({"status": "behind", "is_limit": True, "gap": -1.0, "sense": "at_most"}, "超出1吨"),
        ({}, ""),
    ):
        assert need(base | change, t) == words


def test_periods_have_their_names():
    zh, en = translator("zh"), translator("en")
    assert period_name(Period.of("2021H1"), zh) == "2021年上半年"
    assert period_name(Period.of("2021Q1"), en) == "the first quarter of 2021"
    assert [to_date(Period.of(p), zh) for p in ("2021-01", "2021Q3", "2021")] == [
        "1月",
        "1—9月",
        "全年",
    ]


def test_other_plans_have_the_sections_that_they_have_matter_for():
    blocks = bulletin(cm.load_plan("china_14fyp"), "2023")
    titles = [b.text for b in blocks if isinstance(b, Heading) and b.style == "section"]
    assert titles == ["一、总体情况", "二、监测目标", "三、数据报送", "四、工作要求"]
    assert [line["类别"] for line in table_of(blocks, "总体情况")] == ["监测目标"]
    text = next(line for line in texts(blocks) if line.startswith("自上期") or "自上期以来" in line)
    assert "调整目标0项" in text


def test_the_first_period_is_compared_with_none(small):
    first = small.about.first_year
    here = standing_of(small, Period.of(first))
    assert here.before is None
    assert not any("相比" in text for text in texts(blocks_of(here)))


# The command.


def test_the_command_writes_three_forms_in_both_languages(tmp_path, capsys):
    folder = ROOT / "tests" / "other_plan"
    for lang, words in (("zh", "已写出"), ("en", "Written")):
        out = tmp_path / lang
        call = [
            "bulletin",
            "--plan",
            str(folder),
            "--quarter",
            "2025Q3",
            "--out",
            str(out),
            "--lang",
            lang,
        ]
        assert main(call) == 0
        printed = capsys.readouterr().out
        assert words in printed
        assert sorted(p.name for p in out.iterdir()) == [
            f"bulletin_2025Q3.{s}" for s in ("docx", "html", "md")
        ]
        assert all(path.name in printed for path in out.iterdir())
    text = (tmp_path / "en" / "bulletin_2025Q3.md").read_text(encoding="utf-8")
    assert "# Progress in the third quarter of 2025" in text


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--month", "2021Q3"], 1, "--month：2021Q3不是月份"),
        (["--quarter", "2021-09"], 1, "--quarter：2021-09不是季度"),
        (["--month", "九月"], 1, "九月"),
        ([], 2, "--month"),
        (["--month", "2021-09", "--quarter", "2021Q3"], 2, "--month"),
    ],
)
def test_the_command_refuses_other_periods(tmp_path, capsys, arguments, code, words):
    call = ["bulletin", "--out", str(tmp_path / "o"), "--lang", "zh", *arguments]
    if code == 2:
        with pytest.raises(SystemExit) as stopped:
            main(call)
        assert stopped.value.code == 2
    else:
        assert main(call) == code
    assert words in capsys.readouterr().err
    assert not (tmp_path / "o").exists()


@pytest.mark.slow
def test_libreoffice_renders_every_page(blocks, tmp_path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    file = tmp_path / "b.docx"
    file.write_bytes(word.document(blocks))
    profile = (tmp_path / "profile").as_uri()
    done = subprocess.run(
        [
            office,
            "--headless",
            f"-env:UserInstallation={profile}",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(file),
        ],
        capture_output=True,
        timeout=240,
        check=False,
    )
    pdf = tmp_path / "b.pdf"
    if not pdf.exists() and b"could not be loaded" in done.stderr + done.stdout:
        pytest.skip("LibreOffice has no Writer")
    pages = len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf.read_bytes()))
    assert 15 <= pages <= 40
