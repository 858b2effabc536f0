"""Tables for a terminal: every line fits, every character is there."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corridor_model.text.layout import table, width, wrap

wcwidth = pytest.importorskip("wcwidth")
LETTERS = st.text(
    st.one_of(
        st.characters(min_codepoint=0x20, max_codepoint=0x7E),
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
        st.sampled_from("，。（）“”、％—…·①√亿元 　"),
    ),
    max_size=60,
)


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("", 0),
        ("GDP", 3),
        ("生产总值", 8),
        ("３．３％", 8),
        ("e\u0301", 1),
        ("\u200b", 0),
        ("한글", 4),
    ],
)
def test_width(text, places):
    assert width(text) == places


@given(LETTERS)
def test_width_is_what_terminals_use(text):
    assert width(text) == wcwidth.wcswidth(text)


@given(LETTERS, st.integers(2, 40))
@example("\u30000", 2)  # a blank as wide as the line
def test_wrapped_lines_fit_and_lose_nothing(text, places):
    lines = wrap(text, places)
    assert lines
    assert all(width(line) <= places for line in lines)
    assert squeezed("".join(lines)) == squeezed(text)


def test_words_are_kept_whole_where_they_fit():
    assert wrap("gross domestic product", 9) == ["gross", "domestic", "product"]
    assert wrap("internationalisation", 8) == ["internat", "ionalisa", "tion"]
    assert wrap("龙湾区GDP年均增长", 8) == ["龙湾区", "GDP年均", "增长"]


def test_line_breaks_stay():
    assert wrap("a\n\nb", 10) == ["a", "", "b"]
    assert wrap("a\tb", 10) == ["a b"]


@given(
    st.integers(1, 5).flatmap(
        lambda n: st.tuples(
            st.lists(LETTERS, min_size=n, max_size=n),
            st.lists(st.lists(LETTERS, min_size=n, max_size=n), max_size=4),
        )
    ),
    st.integers(60, 120),
)
def test_text_tables_fit(content, places):
    header, rows = content
    lines = table(header, rows, numeric=[False] * len(header), places=places)
    assert all(width(line) <= places for line in lines)
    assert sorted(squeezed("".join(lines)).replace("─", "")) == sorted(
        squeezed("".join([*header, *(cell for row in rows for cell in row)])).replace("─", "")
    )


@given(st.lists(st.tuples(LETTERS, st.floats(-1e12, 1e12)), min_size=1, max_size=5))
def test_numbers_are_never_cut(rows):
    lines = table(["指标", "值"], [[a, repr(b)] for a, b in rows], numeric=[False, True], places=30)
    for _, value in rows:
        assert any(line.endswith(repr(value)) for line in lines)


def test_a_cell_of_several_lines_does_not_tear_the_table():
    lines = table(["名称", "值"], [["一\n二", "1"], ["三", "22"]], numeric=[False, True])
    assert lines == ["名称  值", "────  ──", "一     1", "二", "三    22"]


def test_every_line_of_a_row_is_aligned():
    long = "环大罗山科创走廊温州高新区（龙湾）片区建设三年行动计划" * 3
    lines = table(["名称", "年"], [[long, "2022"]], numeric=[False, True], places=40)
    assert width(lines[2]) == 40
    assert all(unicodedata.east_asian_width(line[0]) in "WF" for line in lines[2:])
