"""``corridor sensitivity``: result first, 80 columns, masks with reasons, errors in words."""

from __future__ import annotations

import csv
import io
import json
import shlex

import pytest
from tests.helpers.paths import BASE_PLAN, page

import corridor_model as cm
from corridor_model.cli import main
from corridor_model.cli.parser import build_parser
from corridor_model.cli.sensitivity import check_options, parsed
from corridor_model.scenario.resolve import resolve
from corridor_model.sensitivity.parameters import parameter, range_of
from corridor_model.text import layout

GRID = ["--method", "grid", "--output", "inside_plan", "--threshold", "150", "-n", "3",
        "--input", "delay:jinliwen_expressway=-6..36", "--input",
        "overrun:jinliwen_expressway=0.8..1.8"]  # fmt: skip
BLAME = ["--method", "attribute", "--scenario", "slow", "--output", "inside_plan",
         "--output", "roads_open:2022"]  # fmt: skip
TIP = ["--method", "switching", "--output", "value:gdp", "--input", "growth:gdp",
       "--input", "delay:binhai_avenue=-12..24"]  # fmt: skip
SHARES = ["--method", "sobol", "--output", "km_open:2022", "--output", "km_open:2028", "-n", "64"]
VERBS = {
    "tornado": [],
    "switching": [*TIP],
    "sobol": [*SHARES],
    "sobol of all": ["--method", "sobol", "-n", "16"],
    "attribute": [*BLAME],
    "grid": [*GRID],
}


def run(capsys, *words):
    code = main(["sensitivity", *words])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def rows_of(capsys, *words):
    code, out, err = run(capsys, *words, "--format", "json")
    heard = [line for line in err.splitlines() if "Not converged at" not in line]
    assert (code, heard) == (0, [])
    return json.loads(out)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("verb", VERBS)
def test_no_line_is_wider_than_the_terminal(capsys, monkeypatch, verb, lang):
    monkeypatch.setenv("COLUMNS", "80")
    code, out, err = run(capsys, *VERBS[verb], "--lang", lang)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert max(map(layout.width, lines)) <= 80
    assert "nan" not in out.lower().split()
    first = next(line for line in lines if line)
    if verb != "sobol of all":
        assert first == ("结论" if lang == "zh" else "The result")
    if verb != "grid":
        assert ("说明" if lang == "zh" else "Notes") in lines


def test_the_sentence_comes_before_the_table_and_the_notes_after(capsys):
    _, out, _ = run(capsys, "--lang", "zh", "--top", "2")
    sentence = out.index("对规划期内投资影响最大的是金丽温高速公路东延线的造价")
    assert sentence < out.index("低值时") < out.index("变动范围是假设")
    assert "其余25行未列" in out
    assert out.count("金丽温高速公路东延线·") == 2


def test_the_example_is_marked(capsys):
    words = ["--example", "--output", "value:gdp", "--input", "growth:gdp=0..10%"]
    _, out, _ = run(capsys, "--lang", "zh", *words)
    assert "教学示例" in out


def test_tornado_rows(capsys):
    rows = rows_of(capsys, "--output", "value:gdp")
    assert list(rows[0])[:2] == ["input", "output"]
    first = rows[0]
    assert first["input"] == "growth:gdp"
    assert (first["base"], first["base_reason"]) == (None, "as_forecast")
    assert 0 < first["high"] < 1
    assert first["output_unit"] == "亿元"
    assert first["origin"] == "published"
    assert sum(row["share_of_swing"] for row in rows) == pytest.approx(1)


def test_switching_rows_have_their_reasons(capsys):
    growth, delay = rows_of(capsys, *TIP)
    assert growth["switching_value"] == pytest.approx(0.1136, abs=1e-4)
    assert (growth["coefficient"], growth["coefficient_reason"]) == (None, "as_forecast")
    assert delay["switching_value"] is None
    assert delay["switching_value_reason"] == "none_in_range"
    assert (delay["change"], delay["change_reason"]) == (None, "none_in_range")
    assert growth["good_side"] == "above"
    assert growth["met"] is False


def test_sobol_rows_are_fractions(capsys):
    rows = rows_of(capsys, *SHARES)
    outputs = {row["output"] for row in rows}
    assert outputs == {"km_open:2022", "km_open:2028"}
    best = max(rows, key=lambda row: row["ST"])
    assert best["input"] == "delay:wenzhou_avenue_east"
    assert best["ST_low"] == best["ST"] == best["ST_high"]
    assert best["converged"] is best["exact"] is True
    assert (best["events"], best["events_reason"]) == (None, "not_applicable")
    still = [row for row in rows if row["output"] == "km_open:2028"]
    assert all(row["zero_variance"] and row["ST"] == 0 for row in still)


def test_attribution_rows_sum_to_the_change(capsys):
    rows = [row for row in rows_of(capsys, *BLAME) if row["output"] == "inside_plan"]
    assert [row["input"] for row in rows] == list(range(1, 9))
    whole = rows[0]["after"] - rows[0]["before"]
    for column in ("share", "ordered"):
        assert sum(row[column] for row in rows) == pytest.approx(whole)


def test_grid_rows_mask_the_frontier(capsys):
    rows = rows_of(capsys, *GRID)
    assert len(rows) == 9
    assert {row["input"] for row in rows} == {"delay:jinliwen_expressway"}
    last = [row for row in rows if row["x"] == 36]
    assert all((r["frontier"], r["frontier_reason"]) == (None, "always_met") for r in last)


def test_csv_has_an_empty_cell_for_a_mask(capsys):
    _, out, _ = run(capsys, *TIP, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert rows[1]["switching_value"] == ""
    assert rows[1]["switching_value_reason"] == "none_in_range"


def test_a_name_alone_keeps_the_usual_range_and_its_origin(capsys):
    words = ["--input", "delay:binhai_avenue", "--input", "overrun:binhai_avenue"]
    rows = {row["input"]: row for row in rows_of(capsys, *words)}
    whole = {row["input"]: row for row in rows_of(capsys)}
    for name, row in rows.items():
        for column in ("low", "high", "output_high", "origin"):
            assert row[column] == whole[name][column]
    growth = rows_of(capsys, "--output", "value:gdp", "--input", "growth:gdp")[0]
    usual = rows_of(capsys, "--output", "value:gdp")[0]
    assert growth["low"] == pytest.approx(usual["low"])
    assert growth["origin"] == usual["origin"]
    target = rows_of(capsys, "--output", "gap:gdp", "--input", "target:gdp")[0]
    assert (target["low"], target["high"], target["origin"]) == pytest.approx(
        (522.0, 638.0, "user")
    )


def test_sobol_takes_names_alone(capsys):
    words = ["--method", "sobol", "-n", "16", "--output", "log_value:gdp"]
    words += ["--input", "forecast:gdp", "--input", "delay:weiken_road", "--input",
              "overrun:weiken_road=1..1.5"]  # fmt: skip
    origins = {row["input"]: row["origin"] for row in rows_of(capsys, *words)}
    assert origins == {
        "forecast:gdp": "published",
        "delay:weiken_road": "assumed",
        "overrun:weiken_road": "user",
    }


def test_ranges_as_people_write_them():
    assert parsed(["a:b=-6..12", "growth:gdp=5％..12%", "c"]) == {
        "a:b": (-6.0, 12.0),
        "growth:gdp": (0.05, 0.12),
        "c": None,
    }
    assert parsed(None) is None
    with pytest.raises(cm.PlanError) as wrong:
        parsed(["a=1", "b=x..2", "c", "c", "=1..2"])
    assert len(wrong.value.problems) == 4
    assert "名称=低..高" in wrong.value.text("zh")


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (["--output", "km_opn:2022"], "是否应为“km_open”", "Did you mean 'km_open'"),
        (["--input", "delay:binhai=0..3"], "是否应为“binhai_avenue”", "Did you mean 'binhai_"),
        (["--method", "switching"], "threshold", "threshold"),
        (["--method", "attribute"], "归因需要一个情景", "needs a scenario"),
        (["--method", "attribute", "--scenario", "slo"], "slow", "slow"),
        (["--threshold", "3"], "switching、grid", "switching, grid"),
        (["-n", "8"], "switching、sobol、grid", "switching, sobol, grid"),
        (["--output", "total", "--output", "inside_plan"], "一次只看一个结果", "one output"),
        (["--method", "grid", "--input", "delay:road"], "需要两个输入", "two inputs"),
        (["--method", "sobol", "-n", "100"], "2", "power of"),
        (["--method", "sobol", "--input", "growth:gdp"], "请给出", "Give one"),
        (["--output", "value:tax_per_mu"], "没有数值：无基期。请", "no number"),
        (["--figure", "x.doc", "--output", "km_open"], "结尾", "written as .svg, .png or .pdf"),
        (["--figure", "x.svg", *TIP], "临界点只有表格", "are a table"),
        (["--top", "0"], "top", "top"),
    ],
)
def test_errors_speak_the_readers_language(capsys, words, zh, en):
    for lang, told in (("zh", zh), ("en", en)):
        code, out, err = run(capsys, "--lang", lang, *words)
        assert (code, out) == (1, "")
        assert told in err
        assert "Traceback" not in err


def test_a_wrong_method_is_a_wrong_command_line(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["sensitivity", "--method", "magic"])
    assert stop.value.code == 2
    assert "magic" in capsys.readouterr().err


@pytest.mark.parametrize("suffix", ["svg", "png"])
def test_the_figure_is_written_beside_the_table(capsys, tmp_path, suffix):
    file = tmp_path / f"t.{suffix}"
    code, out, _ = run(capsys, "--output", "km_open:2022", "--figure", str(file))
    assert code == 0
    assert out
    assert file.stat().st_size > 1000


def test_a_scenario_moves_where_everything_stands(capsys):
    words = ["--output", "inside_plan", "--input", "delay:weiken_road=0..12"]
    plain = rows_of(capsys, *words)[0]
    late = rows_of(capsys, *words, "--scenario", "expressway and avenue 12 months late")[0]
    assert late["output_base"] == pytest.approx(plain["output_base"] - 30.5, abs=0.01)


# a plan of a road and a river, of which one study takes a moment
SMALL = ["--plan", str(BASE_PLAN), "--lang", "en"]


def test_a_grid_of_names_alone_takes_their_usual_ranges(capsys):
    grid = ["--method", "grid", "--output", "total", "--threshold", "5", "-n", "3"]
    named = [*grid, "--input", "delay:road", "--input", "overrun:road"]
    rows = rows_of(capsys, *SMALL, *named)
    plan = cm.load_plan(BASE_PLAN)
    for axis, name in (("x", "delay:road"), ("y", "overrun:road")):
        one = parameter(plan, name)
        low, high = range_of(one, one.base(plan, resolve(plan)))
        assert {row[axis] for row in rows} == {low, (low + high) / 2, high}
    # 0.8 of the river and 3.6 times the factor reach 5 at 1.1667
    assert rows[0]["frontier"] == pytest.approx(4.2 / 3.6)


def test_what_nothing_moves_has_no_table(capsys):
    code, out, _ = run(capsys, *SMALL, "--output", "total", "--input", "delay:road=0..12")
    assert code == 0
    assert "One input at a time" in out
    assert "swing" not in out, "a delay moves no money in all"
    tip = ["--method", "switching", "--output", "total", "--threshold", "1000"]
    code, out, _ = run(capsys, *SMALL, *tip)
    assert code == 0
    assert "Tipping points" not in out, "no cost of two works leads to 1000 亿元"


def test_outputs_that_do_not_move_are_counted(capsys):
    sobol = ["--method", "sobol", "-n", "16", "--input", "overrun:road=0.9..1.3"]
    code, out, _ = run(capsys, *SMALL, *sobol)
    assert code == 0
    text = " ".join(out.split())
    # 0.8 of the river and 3.6 of the road at 1.1 times its cost
    assert "total investment 4.76 亿元 roads: cost factor 100 %" in text
    assert "34 more outputs never move within these ranges." in text
    first = rows_of(capsys, *SMALL, *sobol)
    outputs = {row["output"] for row in first}
    moved = {row["output"] for row in first if row["ST"]}
    assert (len(outputs), len(moved)) == (38, 4)


def test_the_commands_on_the_page_are_understood():
    text = page("sensitivity")
    lines = [line for line in text.splitlines() if line.startswith("corridor sensitivity")]
    assert len(lines) == 5
    for line in lines:
        options = build_parser("zh").parse_args(shlex.split(line, comments=True)[1:])
        check_options(options)
        parsed(options.input)


@pytest.mark.uncounted
def test_a_program_hears_that_a_study_has_not_converged(capsys):
    words = ["sensitivity", "--method", "sobol", "--output", "p_reach:gdp", "--points", "16"]
    assert main([*words, "--format", "json", "--lang", "en"]) == 0
    assert "Not converged at 16 points: p_reach:gdp." in capsys.readouterr().err
    assert main([*words, "--lang", "en"]) == 0  # whose notes say it
    printed = capsys.readouterr()
    assert printed.err == ""
    assert "has not converged" in printed.out
