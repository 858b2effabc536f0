"""What is saved is loaded as the same plan, whatever stands in it; and nothing else breaks."""

from __future__ import annotations

import csv
import io
import random
import tempfile
import warnings
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from tests.helpers.paths import BASE_PLAN, OTHER_PLAN

import corridor_model as cm
from corridor_model.errors import CellError, CorridorError, CorridorWarning
from corridor_model.files import csv_text
from corridor_model.plan import validation
from corridor_model.plan.load import load_plan
from corridor_model.plan.plan import Plan
from corridor_model.tabular.cells import clean, list_parser, parse_text
from corridor_model.tabular.schema import TABLES
from corridor_model.tabular.table import from_rows

# --- plans of every shape ----------------------------------------------------------------------

NASTY = (
    "=1+1", "+1", "-x", "@SUM(A1)", "'", "''=x", "'=x", "'-", "_x0041_", "_x005F_x0041_", "x005F_",
    '"', 'a"b', "a,b", "a\nb", "a\r\nb", "——", "/ ", "合计", "注：一", "小计", "#REF!", "TRUE",
    "1e5", "007", "3.3%", "2024-03", "nan", "\u200b", "\ufeff", "💧", "e\u0301", "\u2028", "a\tb",
    " a ",
    "_x000D_", "单位：万元", "亿元", "\x85", "a\x85b", "=", "-", "'\t=x",
)  # fmt: skip


def kept(text: str) -> bool:
    """Whether a cell holds this text as it stands."""
    try:
        return parse_text(text) == text
    except CellError:
        return False


def cleaned(text: str) -> str | None:
    try:
        return parse_text(text)
    except CellError:
        return None


TEXT = st.one_of(st.sampled_from(NASTY), st.text(max_size=12)).map(cleaned)
NAME = TEXT.filter(lambda text: text is not None)
LIST = (
    st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=6)), max_size=3)
    .map(
        lambda parts: tuple(
            part for piece in parts for part in list_parser(";；、，")(_safe(piece)) if part
        )
    )
    .filter(lambda parts: list_parser(";；")(";".join(parts)) == parts)
)
NUMBER = st.floats(allow_nan=False, allow_infinity=False).map(lambda value: value + 0.0)


def _safe(text: str) -> str:
    try:
        return clean(text)
    except CellError:
        return ""


ID = NAME.filter(lambda text: not set(text) & set(";；、，") and text.strip() == text)
"""What a list of ids can hold: its separators are part of no id."""


def ids(draw, least: int = 0, most: int = 4) -> list[str]:
    return draw(st.lists(ID, min_size=least, max_size=most, unique=True))


def one_of(draw, choices, optional: bool = True):
    return draw(st.sampled_from([*([None] if optional else []), *choices]))


def cell(draw, column, pools):
    """Return any value a column can hold; links point at what exists."""
    if column.links:
        known = pools[column.links]
        if column.type == "list":
            return tuple(draw(st.lists(st.sampled_from(known), max_size=2))) if known else ()
        return one_of(draw, known, optional=not column.required)
    match column.type:
        case "number":
            value = draw(NUMBER)
        case "integer":
            value = draw(st.integers(-(10**6), 10**6))
        case "year":
            value = draw(st.integers(1900, 2200))
        case "date":
            value = draw(st.sampled_from(["2024", "2024-02", "2024-02-29", "1900-01-01"]))
        case "flag":
            value = draw(st.booleans())
        case "choice":
            value = draw(st.sampled_from(column.choices))
        case "list":
            return draw(LIST)
        case _ if column.name == "unit":
            value = draw(st.sampled_from(["亿元", "%", "家", "foo/bar"]))
        case _:
            value = draw(NAME)
    return value if column.required or draw(st.booleans()) else None


@st.composite
def plans(draw) -> Plan:
    """A sound plan with something of everything."""
    pools = {
        "groups.id": ids(draw),
        "areas.id": ids(draw),
        "indicators.id": ids(draw, least=1),
        "projects.id": ids(draw),
        "tasks.id": ids(draw),
        "units.name": ids(draw),
    }
    columns = {
        name: [
            {
                column.name: value if column is schema.columns[0] else cell(draw, column, pools)
                for column in schema.columns
            }
            for value in pools.get(f"{name}.{schema.key[0]}", ())
        ]
        for name, schema in TABLES.items()
    }
    columns["about"] = [
        {
            "id": draw(NAME), "name_zh": draw(NAME), "name_en": draw(TEXT),
            "first_year": 1900, "last_year": 2200, "issued": "2024-02", "number": draw(TEXT),
            "source": draw(TEXT),
        }
    ]  # fmt: skip
    for row in columns["indicators"]:
        kind = draw(
            st.sampled_from(["level", "cumulative", "ratio", "annual", "growth", "milestone"])
        )
        row["kind"], row["unit"] = kind, {"growth": "%", "milestone": None}.get(kind, "亿元")
        size = abs if kind in {"cumulative", "annual"} else float  # less than none is no count
        columns["targets"].append(
            {
                "indicator": row["id"],
                "value": 1.0
                if kind == "milestone"
                else size(draw(NUMBER.filter(lambda v: v > -100))),
                "sense": draw(st.sampled_from(["at_least", "at_most", "exactly"])),
                "year": draw(st.integers(2000, 2200)),
                "month": draw(st.sampled_from([None, 1, 12])),
                "any_of": draw(TEXT),
                "places": draw(LIST.filter(bool)),
            }
        )
        if draw(st.booleans()):
            columns["baselines"].append(
                {
                    "indicator": row["id"], "year": draw(st.integers(1900, 1999)),
                    "value": size(draw(NUMBER)), "unit": row["unit"], "origin": "published",
                    "series": draw(TEXT), "note": draw(TEXT), "confidence": "low",
                }
            )  # fmt: skip
    for row in columns["projects"]:
        row.update(start=None, investment=draw(st.sampled_from([None, 0.1 + 0.2, 5e-324, 1.7e308])))
        row.update(length_km=None)
        if row["length_in_area_km"] is not None:
            row["length_in_area_km"] = abs(row["length_in_area_km"])
    for row in columns["units"]:
        row.update(aliases=(), valid_from=None)
    for name in ("conflicts", "correlations"):
        schema = TABLES[name]
        columns[name] = [
            {column.name: cell(draw, column, pools) for column in schema.columns}
            for _ in range(draw(st.integers(0, 1)))
        ]
    for row in columns["correlations"]:
        row.update(loading=draw(st.sampled_from([-1.0, 0.1 + 0.2, 5e-324, 0.0])))
    tables = {name: from_rows(name, columns[name]) for name in TABLES}
    assert not validation.check(tables)
    return Plan(tables)


MANY = settings.default.max_examples
"""100 in the suite; a run with the profile "fuzz" has more of everything."""

QUIET = settings(
    max_examples=MANY // 5,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@pytest.mark.slow
@QUIET
@given(plans())
def test_folder_and_workbook_hold_the_same_plan(plan):
    with warnings.catch_warnings(), tempfile.TemporaryDirectory() as home:
        warnings.simplefilter("ignore", CorridorWarning)  # of figures that look like a slip
        folder = load_plan(plan.to_folder(Path(home, "a")))
        assert folder == plan
        assert folder.tables == plan.tables
        book = load_plan(folder.to_workbook(Path(home, "a.xlsx")))
        assert book.tables == plan.tables
        again = load_plan(book.to_folder(Path(home, "b")))
        assert again.tables == plan.tables
        for file in Path(home, "a").iterdir():  # byte for byte
            assert file.read_bytes() == Path(home, "b", file.name).read_bytes()
            assert file.suffix == ".json" or not any(
                text[:1] in "=@+" or (text[:1] == "-" and not _is_number(text))
                for text in _cells(file)
                if text
            )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _cells(file: Path) -> list[str]:
    with file.open(encoding="utf-8", newline="") as text:
        return [c for row in csv.reader(text) for c in row if not _is_number(c)]


@pytest.mark.uncounted
@pytest.mark.parametrize("source", [None, BASE_PLAN, OTHER_PLAN], ids=["longwan", "base", "other"])
def test_real_plans(source, tmp_path):
    plan = load_plan(source)
    book = load_plan(plan.to_workbook(tmp_path / "plan.xlsx"))
    assert load_plan(book.to_folder(tmp_path / "plan")).tables == plan.tables


@pytest.mark.uncounted
@given(st.randoms(use_true_random=False))
@settings(max_examples=MANY // 10)
def test_order_of_rows_changes_nothing_but_the_order(shuffler: random.Random):
    plan = load_plan(OTHER_PLAN)
    tables = {
        name: table.select(shuffler.sample(range(len(table)), len(table)))
        for name, table in plan.tables.items()
    }
    with tempfile.TemporaryDirectory() as home:
        shuffled = load_plan(Plan(tables).to_folder(Path(home)))
    assert set(shuffled.indicators) == set(plan.indicators)
    for name, indicator in plan.indicators.items():
        other = shuffled.indicators[name]
        assert other.baseline == indicator.baseline
        assert sorted(map(repr, other.targets)) == sorted(map(repr, indicator.targets))
    assert shuffled.projects == plan.projects
    assert shuffled.tasks == plan.tasks
    assert shuffled.units == plan.units
    needed, again = cm.required_growth(plan), cm.required_growth(shuffled)
    assert again.loc[needed.index].equals(needed)


# --- anything at all as a file -----------------------------------------------------------------


def tried(source, **options) -> None:
    """Load whatever it is: a plan, or an error of ours in both languages."""
    said: tuple = ()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CorridorWarning)
        try:
            load_plan(source, **options)
        except CorridorError as error:
            said = getattr(error, "problems", ())
    for problem in said:
        assert problem.text("zh").encode()  # no lone surrogate, which no stream takes
        assert problem.text("en").encode()


def with_file(name: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        for file in BASE_PLAN.glob("*.csv"):
            (folder / file.name).write_bytes(file.read_bytes())
        (folder / name).write_bytes(data)
        tried(folder)
        tried(BASE_PLAN, baselines=folder / name)


FEW = settings(max_examples=MANY)


@pytest.mark.slow
@FEW
@given(st.sampled_from(["targets.csv", "units.csv", "baselines.csv"]), st.binary(max_size=300))
@example("targets.csv", b"\xed\xa0\x80,value\n")
@example("targets.csv", b"indicator,value\n\x81\x30\x81\x30,1\n")
@example("targets.csv", "指标,\udfff\n".encode("utf-8", "surrogatepass"))
def test_any_bytes_as_csv(name, data):
    with_file(name, data)


CELLS = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=8),
    st.sampled_from(
        ["gdp", "地区生产总值", "580", "1" * 400, "1e308", "٣", "9" * 30 + "亿元", "1/0", "5kg",
         "5 m**9999", "3" + "/人" * 3000, "at_least", "2024", "一", "½", "1 2", "9**9**9", "3 degC",
         "亿元", "(" + " " * 3000 + "x", "1" * 5000 + "x\n\n", "单位:" + " " * 3000]
    ),
)  # fmt: skip


@pytest.mark.slow
@FEW
@given(
    st.sampled_from(sorted(TABLES)),
    st.lists(st.lists(CELLS, max_size=9), min_size=1, max_size=5),
    st.booleans(),
)
def test_any_cells(name, rows, headed):
    if headed:
        rows = [list(TABLES[name].names), *rows]
    try:
        data = csv_text(rows).encode()
    except UnicodeEncodeError:
        return
    with_file(f"{name}.csv", data)


@pytest.mark.slow
@settings(max_examples=MANY // 3)
@given(st.binary(max_size=300))
def test_any_bytes_as_workbook(data):
    with tempfile.TemporaryDirectory() as home:
        file = Path(home, "plan.xlsx")
        for head in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
            file.write_bytes(head + data)
            tried(file)
            tried(BASE_PLAN, baselines=file)


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    file = load_plan(BASE_PLAN).to_workbook(tmp_path_factory.mktemp("book") / "plan.xlsx")
    with zipfile.ZipFile(file) as book:
        return {name: book.read(name) for name in book.namelist()}


@pytest.mark.slow
@settings(max_examples=MANY // 2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_workbooks(parts, data):
    """Bytes of one part change, or the part is gone; the archive itself is whole."""
    names = sorted(n for n in parts if "theme" not in n and "docProps" not in n)
    name = data.draw(st.sampled_from(names))
    text = bytearray(parts[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text) - 1))
        text[at : at + data.draw(st.integers(0, 6))] = data.draw(st.binary(max_size=4))
    gone = data.draw(st.booleans()) and data.draw(st.booleans())
    with tempfile.TemporaryDirectory() as home:
        file = Path(home, "plan.xlsx")
        with zipfile.ZipFile(file, "w") as book:
            for part, old in parts.items():
                if part != name or not gone:
                    book.writestr(part, bytes(text) if part == name else old)
        tried(file)


@pytest.mark.slow
@settings(max_examples=MANY // 3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_torn_archives(parts, data):
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as book:
        for part, text in parts.items():
            book.writestr(part, text)
    whole = bytearray(stored.getvalue())
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at : at + data.draw(st.integers(1, 40))] = data.draw(st.binary(max_size=40))
    with tempfile.TemporaryDirectory() as home:
        file = Path(home, "plan.xlsx")
        file.write_bytes(whole)
        tried(file)


@pytest.mark.slow
@settings(max_examples=MANY // 5)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 8), st.integers(1, 8), st.one_of(CELLS, st.floats(), st.booleans())
        ),
        max_size=12,
    )
)
def test_any_cells_in_a_sheet(cells):
    book = openpyxl.Workbook()
    book.active.title = "说明"
    for name in ("about", "indicators", "targets"):
        sheet = book.create_sheet(name)
        for row in csv.reader((BASE_PLAN / f"{name}.csv").read_text("utf-8").splitlines()):
            sheet.append(row)
    for row, column, value in cells:
        if not (isinstance(value, str) and ILLEGAL_CHARACTERS_RE.search(value)):
            book["targets"].cell(row, column, value)
    saved = io.BytesIO()
    try:
        book.save(saved)
    except UnicodeEncodeError:
        return
    with tempfile.TemporaryDirectory() as home:
        file = Path(home, "plan.xlsx")
        file.write_bytes(saved.getvalue())
        tried(file)


@pytest.mark.uncounted
def test_many_unknown_names_are_reported_in_time(tmp_path):
    """A whole column from another scheme of ids: no search for the nearest in each row."""
    import shutil
    import time

    shutil.copytree(BASE_PLAN, tmp_path / "plan")
    rows = [(tmp_path / "plan" / "targets.csv").read_text("utf-8")]
    head = (tmp_path / "plan" / "indicators.csv").read_text("utf-8")
    more = [f"indicator_{i:05d},指标{i},,,level,亿元,,,,,\n" for i in range(4000)]
    (tmp_path / "plan" / "indicators.csv").write_text(head + "".join(more), "utf-8")
    rows += [f"other_{i:05d},1,at_least,2026,,,二\n" for i in range(4000)]
    (tmp_path / "plan" / "targets.csv").write_text("".join(rows), "utf-8")
    started = time.perf_counter()
    with pytest.raises(cm.PlanError) as caught:
        load_plan(tmp_path / "plan")
    assert len(caught.value.problems) == 8000
    assert time.perf_counter() - started < 5
