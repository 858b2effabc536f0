"""Chinese in figures is drawn on every machine, and a gap is noticed."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import logging
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.helpers.paths import ROOT

from corridor_model.errors import CorridorError
from corridor_model.files import data_dir
from corridor_model.plot import style

matplotlib = pytest.importorskip("matplotlib")
from matplotlib import font_manager  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402

FONT = data_dir() / "fonts" / style.SHIPPED_FILE
TIBETAN = "\N{TIBETAN LETTER KA}"
EMOJI = "\N{ROCKET}"
MARKS = "✓●▲▼◆○–—…±×≥≤→％‰²−，。；：（）《》“”、·①〇㎡"


@pytest.fixture
def no_chinese_installed(monkeypatch):
    """Hide every font but matplotlib's own, as on a bare machine."""
    manager = font_manager.fontManager
    own = str(Path(matplotlib.get_data_path()))
    bare = [entry for entry in manager.ttflist if entry.fname.startswith(own)]
    assert bare
    monkeypatch.setattr(manager, "ttflist", bare)
    manager._findfont_cached.cache_clear()
    yield
    manager._findfont_cached.cache_clear()


def chinese_figure(extra: str = "") -> Figure:
    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.subplots()
    axes.plot([2018, 2022], [-451.84, 580], label="要求增速 6.44 %（亿元）")
    axes.set_title("龙湾区地区生产总值：垟、岙、瓯" + extra)
    axes.set_ylabel("亿元")
    axes.set_xticks([2018, 2022], ["2018年", "2022年"])
    axes.annotate("目标 ≥ 580 ✓ ✗", (2020, 0))
    axes.legend(title="路径")
    return figure


def shipped_map() -> set[str]:
    return {chr(code) for code in font_manager.get_font(FONT).get_charmap()}


def test_the_font_is_small_and_bears_its_own_name():
    assert FONT.stat().st_size <= 1_000_000
    face = font_manager.get_font(FONT)
    assert face.family_name == style.SHIPPED_FAMILY
    names = face.get_sfnt().values()
    shown = b" ".join(value for key, value in face.get_sfnt().items() if key[3] in (1, 3, 4, 6))
    assert b"Noto" not in shown.replace(b"\0", b"")
    assert b"Source" not in shown.replace(b"\0", b"")
    assert any("Adobe" in value.decode("utf-16-be", "ignore") for value in names)


def test_the_licence_stands_beside_the_font():
    text = FONT.with_name("OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    assert "Reserved Font Name 'Source'" in text
    assert "Copyright 2014-2021 Adobe" in text


def test_every_level_1_character_and_mark_is_in_the_font():
    codes = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    level_1 = "".join(code.decode("gb2312", "ignore") for code in codes)
    assert len(level_1) == 3755
    ascii_ = "".join(map(chr, range(0x20, 0x7F)))
    assert not set(level_1 + ascii_ + MARKS.replace("㎡", "")) - shipped_map()


@pytest.mark.parametrize("file", sorted(data_dir().rglob("*.csv")), ids=lambda path: path.name)
def test_every_character_of_the_data_is_in_the_font(file):
    text = file.read_text(encoding="utf-8-sig")
    gone = {c for c in text if c not in "\r\n\t"} - shipped_map()
    assert not gone, f"{sorted(gone)}: run scripts/make_font_subset.py"


@pytest.mark.slow
def test_every_character_of_the_code_can_be_drawn():
    code = Path(style.__file__).parents[1].rglob("*.py")
    families = [*style.chinese_families(installed=False), style.LATIN_FAMILY]
    gone = style.missing_characters((file.read_text(encoding="utf-8") for file in code), families)
    assert gone <= {TIBETAN}, f"{sorted(gone)}: run scripts/make_font_subset.py"


@pytest.mark.uncounted
@pytest.mark.usefixtures("no_chinese_installed")
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("extension", ["png", "svg", "pdf"])
def test_a_bare_machine_draws_chinese(lang, extension, caplog):
    assert style.chinese_families() == [style.SHIPPED_FAMILY]
    caplog.set_level(logging.WARNING, logger="matplotlib")
    with style.font_context(lang):
        figure = chinese_figure()
        assert style.check_figure(figure) == set()
        file = io.BytesIO()
        figure.savefig(file, format=extension)  # a missing glyph would warn, and warnings fail
        assert style.check_figure(figure) == set()
    assert not caplog.records
    content = file.getvalue()
    if extension == "svg":
        assert b"<text" not in content
    if extension == "pdf":
        assert b"/Subtype /Type3" in content
        assert b"/CIDFontType2" not in content


def test_without_the_context_a_bare_machine_has_gaps(no_chinese_installed):
    """What the check is for: matplotlib's default family knows no Chinese."""
    with matplotlib.rc_context({"font.family": ["DejaVu Sans"]}):
        assert set("龙湾亿元年") <= style.check_figure(chinese_figure())


@pytest.mark.parametrize("gap", [TIBETAN, EMOJI])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_real_gap_is_found_wherever_it_stands(gap, lang):
    with style.font_context(lang, installed=False):
        figure = chinese_figure(gap)
        assert style.check_figure(figure) == {gap}
        bare = Figure()
        places = [
            lambda axes: axes.set_xlabel(gap),
            lambda axes: axes.plot([1], label=gap) and axes.legend(),
            lambda axes: axes.set_yticks([0], [gap]),
            lambda axes: axes.set_yticks([0.5], [gap], minor=True),
            lambda axes: axes.xaxis.set_major_formatter(lambda value, place: gap),
            lambda axes: axes.table([[gap]]),
            lambda axes: axes.text(0, 0, "多行\n" + gap),
            lambda axes: axes.annotate(gap, (0, 0), family=["SimSun", "no such family"]),
            lambda axes: axes.twinx().set_ylabel(gap),
            lambda axes: axes.figure.suptitle(gap),
            lambda axes: axes.figure.subfigures().suptitle(gap),
        ]
        for place in places:
            bare.clear()
            place(bare.subplots())
            assert style.check_figure(bare) - set("多行") == {gap}


def test_an_offset_is_read():
    with style.font_context("zh", installed=False):
        figure = Figure()
        axis = figure.subplots().yaxis
        axis.set_ticks([0, 1], ["一", "二"])
        axis.get_major_formatter().set_offset_string("亿元" + TIBETAN)
        assert style.check_figure(figure) == {TIBETAN}


def test_chinese_beside_mathematics_needs_the_first_family():
    """In a text with $...$ matplotlib tries no second family, so a label may lose its Chinese."""
    with style.font_context("zh", installed=False):
        figure = Figure()
        figure.suptitle("增速 $r^2$ 与 \\$")
        assert style.check_figure(figure) == set()
        figure.suptitle("增速 $r^{年}$")
        assert style.check_figure(figure) == {"年"}
        figure.text(0, 0, "增速 $r$ 与 $s", parse_math=False)
        assert style.check_figure(figure) == {"年"}
    with style.font_context("en", installed=False):
        figure = Figure()
        figure.suptitle("增速 $r^2$")
        assert style.check_figure(figure) == {"增", "速"}
        figure.suptitle("增速 5 $")
        assert style.check_figure(figure) == set()


def test_invisible_texts_are_passed_over():
    figure = Figure()
    figure.text(0, 0, TIBETAN, visible=False)
    assert style.check_figure(figure) == set()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_rcparams_come_back(lang):
    before = dict(matplotlib.rcParams)
    with style.font_context(lang):
        assert matplotlib.rcParams["axes.unicode_minus"] is False
        assert style.LATIN_FAMILY in matplotlib.rcParams["font.family"]
        assert style.SHIPPED_FAMILY in matplotlib.rcParams["font.family"]
    assert dict(matplotlib.rcParams) == before
    with contextlib.suppress(ZeroDivisionError), style.font_context(lang):
        matplotlib.rcParams["font.size"] = 3
        raise ZeroDivisionError
    assert dict(matplotlib.rcParams) == before
    style.chinese_families()
    style.check_figure(chinese_figure())
    assert dict(matplotlib.rcParams) == before


def test_the_users_other_settings_stay_inside():
    with matplotlib.rc_context({"axes.facecolor": "red", "font.weight": "bold"}):
        with style.font_context("zh", installed=False):
            assert matplotlib.rcParams["axes.facecolor"] == "red"
        assert matplotlib.rcParams["font.weight"] == "bold"


def test_an_unknown_language_is_refused():
    with pytest.raises(CorridorError, match="'fr'"), style.font_context("fr"):
        pass


def test_the_font_is_registered_once():
    for _ in range(3):
        style.chinese_families()
    names = [entry.name for entry in font_manager.fontManager.ttflist]
    assert names.count(style.SHIPPED_FAMILY) == 1


def test_preferred_families_come_in_order_and_only_if_their_file_is_there(monkeypatch, tmp_path):
    entry = font_manager.FontEntry
    manager = font_manager.fontManager
    style.chinese_families()
    ours = [e for e in manager.ttflist if e.name == style.SHIPPED_FAMILY]
    here = tmp_path / "here.ttf"
    here.touch()
    listed = [
        entry(fname=str(here), name="SimHei"),
        entry(fname=str(here), name="Microsoft YaHei"),
        entry(fname=str(here), name="Noto Sans CJK JP"),
        entry(fname=str(tmp_path / "uninstalled.ttf"), name="Noto Sans CJK SC"),
    ]
    monkeypatch.setattr(manager, "ttflist", [*listed, *ours])
    assert style.chinese_families() == ["Microsoft YaHei", "SimHei", style.SHIPPED_FAMILY]
    assert style.chinese_families(installed=False) == [style.SHIPPED_FAMILY]


def test_families_that_do_not_exist_fall_back_like_matplotlib():
    assert style.missing_characters(["GDP 亿"], ["no such family"]) == {"亿"}
    assert style.missing_characters([], []) == set()


@pytest.mark.uncounted
def test_importing_costs_no_matplotlib():
    code = "import sys, corridor_model.plot.style; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def installed_source() -> bool:
    if shutil.which("fc-match") is None:
        return False
    command = ["fc-match", "--format", "%{family}", "Noto Sans CJK SC"]
    answer = subprocess.run(command, check=False, capture_output=True, text=True).stdout
    return "Noto Sans CJK SC" in answer


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("make", ROOT / "scripts/make_font_subset.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.uncounted
@pytest.mark.skipif(not installed_source(), reason="Noto Sans CJK SC is not installed")
def test_the_script_makes_the_same_bytes_twice(script):
    source = script.default_source()
    first, absent = script.build(source, "龙湾 GDP 580" + TIBETAN)
    second, _ = script.build(source, reversed("龙湾 GDP 580" + TIBETAN))
    assert first == second
    assert absent == {TIBETAN}


def test_the_scripts_repertoire_is_what_the_font_holds(script):
    extra = script.characters_of([script.EXTRA_FILE])
    assert extra
    assert shipped_map() == script.repertoire() | extra
    listed = script.EXTRA_FILE.read_text(encoding="utf-8").strip()
    assert listed == "".join(sorted(listed))
