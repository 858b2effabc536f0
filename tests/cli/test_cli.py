"""The command line: languages, formats, widths, exit codes and messages."""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import json
import locale
import math
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.helpers.observation_tables import write_rows
from tests.helpers.paths import BASE_PLAN

import corridor_model as cm
from corridor_model.cli import main
from corridor_model.cli import publish as cli_publish
from corridor_model.cli.output import solver_silent
from corridor_model.cli.parser import build_parser, default_language
from corridor_model.messages import translator
from corridor_model.text import layout
from corridor_model.text.assessment import target_text

VERBS = (
    ["plan"],
    ["required"],
    ["paths"],
    ["plan", "--text", "眼谷"],
    ["plan", "--due", "2020-05"],
)


def run(capsys, *arguments):
    code = main(list(arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_no_line_is_wider_than_the_terminal(capsys, monkeypatch, verb, lang):
    monkeypatch.setenv("COLUMNS", "80")
    code, out, err = run(capsys, *verb, "--lang", lang)
    assert (code, err) == (0, "")
    assert max(map(layout.width, out.splitlines())) <= 80
    assert "nan" not in out.lower().split()
    assert "\x1b" not in out


def test_required_prints_rate_origin_and_series(capsys):
    _, out, _ = run(capsys, "required", "--lang", "zh")
    line = next(line for line in out.splitlines() if line.startswith("生产总值"))
    assert "6.44 %" in line
    assert "公开发布" in out
    assert "第四次全国经济普查前" in out
    assert "6.92 %" in out
    assert "无基期" in out


def test_required_names_every_unknown_indicator(capsys):
    _, out, _ = run(capsys, "required", "--lang", "zh")
    joined = out.replace("\n", "")
    frame = cm.required_growth(cm.load_plan())
    plan = cm.load_plan()
    for name in frame.index[frame["reason"] == "no_baseline"]:
        assert plan.indicators[name].name_zh in joined


def test_json_is_a_list_of_rows_with_fractions_and_nulls(capsys):
    _, out, _ = run(capsys, "required", "--format", "json")
    rows = {row["indicator"]: row for row in json.loads(out)}
    assert rows["gdp"]["required_rate"] == pytest.approx(0.0644, abs=1e-4)
    assert rows["sei_va_share"]["required_rate"] is None
    assert rows["sei_va_share"]["reason"] == "no_baseline"


@pytest.mark.uncounted
def test_csv_has_an_empty_cell_for_a_mask(capsys):
    _, out, _ = run(capsys, "paths", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    unknown = next(row for row in rows if row["indicator"] == "sei_va_share")
    assert unknown["value_2022"] == ""
    assert float(unknown["required_baseline"]) == pytest.approx(23 / 1.1**3)


def test_rates_are_percent_as_people_say_them(capsys):
    _, out, _ = run(capsys, "paths", "--rates", "6.5,8%", "--format", "json")
    assert {row["rate"] for row in json.loads(out)} == {0.065, 0.08}
    code, _, err = run(capsys, "paths", "--rates", "ten")
    assert code == 1
    assert "10,12,15,20" in err


def test_mistakes_are_listed_in_the_readers_language(capsys, tmp_path):
    file = tmp_path / "b.csv"
    file.write_text(
        "indicator,year,value,unit\ngpd,2019,480,亿元\ngdp,二〇一九,480,家\n", encoding="utf-8"
    )
    code, out, err = run(capsys, "required", "--baselines", str(file), "--lang", "zh")
    assert (code, out) == (1, "")
    assert "第2行" in err
    assert "gdp" in err
    assert "第3行" in err
    assert "年份" in err
    assert "Traceback" not in err


def test_unknown_unit_has_a_suggestion(capsys):
    code, _, err = run(capsys, "plan", "--unit", "区科技居")
    assert code == 1
    assert "区科技局" in err


@pytest.mark.parametrize("arguments", [[], ["frobnicate"], ["required", "--format", "pdf"]])
def test_a_wrong_command_line_exits_with_2(capsys, arguments):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert capsys.readouterr().err


@pytest.mark.parametrize(
    ("environment", "lang"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "de_DE"}, "en"),
        ({"LC_ALL": "zh_TW", "LANG": "C"}, "zh"),
    ],
)
def test_the_language_follows_the_system(monkeypatch, environment, lang):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert default_language() == lang


def test_help_is_chinese_on_a_chinese_system(capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    assert stop.value.code == 0
    assert "退出码" in capsys.readouterr().out


def test_template_validates_and_runs(capsys, tmp_path):
    folder = tmp_path / "新规划"
    assert run(capsys, "template", str(folder), "--lang", "zh")[0] == 0
    assert "GUIDE" in str(list(folder.iterdir()))
    assert run(capsys, "validate", str(folder))[0] == 0
    code, out, _ = run(capsys, "required", "--plan", str(folder), "--format", "json")
    assert code == 0
    assert json.loads(out)[0]["required_rate"] == pytest.approx(1.2 ** (1 / 3) - 1)
    assert run(capsys, "template", str(folder))[0] == 1


@pytest.mark.parametrize("name", ["baselines.csv", "baselines.xlsx"])
def test_the_baselines_form_comes_back_filled_in(capsys, tmp_path, name):
    form = tmp_path / name
    assert run(capsys, "template", str(form))[0] == 0
    assert run(capsys, "required", "--baselines", str(form))[0] == 1  # nothing filled in
    if form.suffix == ".csv":
        text = form.read_text(encoding="utf-8-sig").splitlines()
        at = next(i for i, line in enumerate(text) if line.startswith("规上工业企业利润率"))
        text[at] = text[at].replace(",2019,,", ",2019,６．５,")
        form.write_text("\n".join(text), encoding="utf-8-sig")
    else:
        import openpyxl

        book = openpyxl.load_workbook(form)
        for row in book.active.iter_rows(min_row=2):
            if row[0].value == "规上工业企业利润率":
                row[2].value = 6.5
        book.save(form)
    code, out, _ = run(capsys, "required", "--baselines", str(form), "--format", "json")
    assert code == 0
    row = next(row for row in json.loads(out) if row["indicator"] == "profit_margin")
    assert (row["baseline"], row["baseline_origin"]) == (6.5, "user")
    assert row["required_rate"] == pytest.approx((7.8 / 6.5) ** (1 / 3) - 1)


@pytest.mark.uncounted
def test_a_closed_pipe_is_no_error():
    command = f'"{sys.executable}" -m corridor_model.cli paths --format csv | head -1'
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("indicator,")
    assert done.stderr == ""


@pytest.mark.uncounted
def test_chinese_reaches_a_pipe_under_the_c_locale():
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "corridor_model.cli", "required", "--lang", "zh"],
        capture_output=True,
        env=environment,
        check=True,
    )
    assert "生产总值" in done.stdout.decode("utf-8")


def test_help_imports_neither_numpy_nor_pandas():
    code = (
        "import sys\nfrom corridor_model.cli import main\n"
        "try:\n main(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'numpy', 'pandas', 'xarray', 'scipy', 'matplotlib'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_a_unit_slip_is_said_on_standard_error(capsys, tmp_path):
    file = tmp_path / "b.csv"
    file.write_text("indicator,year,value,unit\ngdp,2019,4800000,亿元\n", encoding="utf-8")
    code, _, err = run(capsys, "required", "--baselines", str(file), "--lang", "zh")
    assert code == 0
    assert "万元" in err
    assert "第2行" in err


def test_the_observations_form_asks_for_a_period_and_is_read_back(capsys, tmp_path):
    form = tmp_path / "observations.xlsx"
    code, _, err = run(capsys, "template", str(form))
    assert code == 1
    assert "--as-of" in err
    assert run(capsys, "template", str(form), "--as-of", "2021-09", "--lang", "zh")[0] == 0
    assert form.stat().st_size > 5000
    again = tmp_path / "observations2.xlsx"
    assert run(capsys, "template", str(again), "--as-of", "2021", "--previous", str(form))[0] in {
        0,
        1,
    }


def test_a_form_of_unknown_name_is_refused(capsys, tmp_path):
    code, _, err = run(capsys, "template", str(tmp_path / "figures.csv"), "--lang", "zh")
    assert code == 1
    assert "baselines" in err


def baselines_file(folder, *rows):
    file = folder / "b.csv"
    file.write_text("\n".join(["indicator,year,value,unit", *rows]) + "\n", encoding="utf-8")
    return str(file)


@pytest.mark.uncounted
def test_all_says_how_many_more_and_shows_them(capsys):
    _, short, _ = run(capsys, "paths", "--lang", "en")
    _, whole, _ = run(capsys, "paths", "--lang", "en", "--all")
    hidden = int(next(line for line in short.splitlines() if "more of single" in line).split()[0])
    rows = json.loads(run(capsys, "paths", "--format", "json", "--rates", "10")[1])
    drawn = {"level", "share", "ratio", "rank", "growth", "cumulative"}
    assert sum(row["kind"] in drawn for row in rows) - hidden > 20
    assert "more of single" not in whole
    assert "milestones" in whole


@pytest.mark.uncounted
def test_a_start_of_zero_or_below_is_a_step_and_no_count(capsys, tmp_path):
    file = baselines_file(tmp_path, "travel_time_to_ring,2019,0,分钟", "tax_per_mu,2019,-5,万元/亩")
    code, out, err = run(capsys, "required", "--baselines", file, "--lang", "zh")
    assert (code, err) == (0, "")
    counts, steps = out.split("基期为零或负数")
    assert "科创资源集聚地" not in counts
    assert "科创资源集聚地" in steps
    assert "（已" in steps
    code, out, err = run(capsys, "paths", "--baselines", file, "--lang", "zh")
    assert (code, err) == (0, "")
    assert "无法计算" in out


def test_a_count_with_a_start_is_questioned(capsys, tmp_path):
    file = baselines_file(tmp_path, "new_hightech_enterprises,2019,150,家")
    code, _, err = run(capsys, "required", "--baselines", file, "--lang", "zh")
    assert code == 0
    assert "从0起算" in err


def test_a_fraction_for_a_percentage_is_questioned(capsys, tmp_path):
    file = baselines_file(tmp_path, "profit_margin,2019,0.055,%")
    _, _, err = run(capsys, "required", "--baselines", file, "--lang", "zh")
    assert "5.5%" in err


def test_small_units_keep_their_digits(capsys, tmp_path):
    file = baselines_file(tmp_path, "energy_per_industrial_va,2019,420,千克标准煤/万元")
    _, out, _ = run(capsys, "required", "--baselines", file, "--lang", "zh")
    assert "-0.0067" in out
    rows = json.loads(run(capsys, "required", "--baselines", file, "--format", "json")[1])
    start = next(row["baseline"] for row in rows if row["indicator"] == "energy_per_industrial_va")
    assert start == 0.42


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["paths", "--rates", "0.1,0.12"], "百分数"),
        (["plan", "--unit", "区科技局", "--table", "targets"], "筛选"),
        (["plan", "--table", "目标"], "targets"),
        (["template", "b.xls"], "xlsx"),
        (["plan", "--due", "明年"], "日期"),
        (["plan", "--plan", "没有这个文件夹"], "没有这个文件夹"),
    ],
)
def test_wrong_words_are_answered_in_chinese(capsys, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *arguments, "--lang", "zh")
    assert (code, out) == (1, "")
    assert words in err
    assert any("\u4e00" <= character <= "\u9fff" for character in err)
    assert list(tmp_path.iterdir()) == []


def test_the_parser_itself_speaks_chinese(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["required", "--format", "pdf", "--lang", "zh"])
    assert stop.value.code == 2
    assert "命令行有误" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["required", "--format", "pdf", "--lang", "en"])
    assert "invalid choice" in capsys.readouterr().err


@pytest.mark.parametrize("order", [("zh", "en"), ("en", "zh")])
def test_parsers_of_two_languages_leave_each_other_alone(capsys, order):
    parsers = {lang: build_parser(lang) for lang in order}
    others = argparse.ArgumentParser(prog="other").format_help()
    assert others.startswith("usage: other")
    assert "options:" in others
    for lang in (*order, *reversed(order)):
        usage, title, wrong = {
            "zh": ("用法：corridor", "选项:", "命令行有误：参数 --format: 不可用的值"),
            "en": ("usage: corridor", "options:", "corridor plan: error: argument --format: inv"),
        }[lang]
        assert parsers[lang].format_usage().startswith(usage)
        assert title in parsers[lang].format_help()
        for line, words in (("plan --format pdf", (usage, wrong)), ("plan --help", (usage, title))):
            with pytest.raises(SystemExit):
                parsers[lang].parse_args(line.split())
            printed = "".join(capsys.readouterr())
            assert all(word in printed for word in words)


def test_a_plan_in_chinese_words_is_read(capsys, tmp_path):
    folder = tmp_path / "规划"
    run(capsys, "template", str(folder))
    for name, words in {
        "indicators.csv": {"level": "水平值", "flow": "流量"},
        "targets.csv": {"at_least": "不低于"},
        "baselines.csv": {"user": "本单位填报"},
    }.items():
        text = (folder / name).read_text(encoding="utf-8-sig")
        for word, said in words.items():
            assert word in text
            text = text.replace(f",{word},", f",{said},")
        (folder / name).write_text(text, encoding="utf-8")
    assert run(capsys, "validate", str(folder))[0] == 0
    assert cm.load_plan(folder).indicators["example_output"].target.sense == "at_least"


@pytest.mark.uncounted
def test_a_full_disk_is_no_traceback():
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full on this system")
    command = f'"{sys.executable}" -m corridor_model.cli paths --format csv > /dev/full'
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert done.returncode != 0


def test_a_whole_table_is_printed_as_csv_and_nothing_found_is_said(capsys):
    plan = ("--plan", str(BASE_PLAN), "--lang", "en")
    code, out, _ = run(capsys, "plan", *plan, "--table", "targets")
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == len(cm.load_plan(BASE_PLAN).tables["targets"])
    assert {"gdp"} <= {row["indicator"] for row in rows}
    _, out, _ = run(capsys, "plan", *plan, "--table", "targets", "--format", "json")
    assert len(json.loads(out)) == len(rows)
    code, out, _ = run(capsys, "plan", *plan, "--text", "no such words")
    assert (code, out) == (0, "Nothing meets these conditions.\n")


def test_the_report_names_every_file_it_wrote(capsys, tmp_path, monkeypatch):
    def written(plan, folder, figures=None, *, lang):
        return {"book": Path(folder) / f"{plan.about.id}.{lang}.xlsx", "notes": Path(folder) / "n"}

    monkeypatch.setattr(cli_publish, "write_report", written)
    words = ("--plan", str(BASE_PLAN), "--out", str(tmp_path), "--lang", "en")
    code, out, _ = run(capsys, "report", *words)
    assert code == 0
    found = out.split("Written")[1].split()
    lang = build_parser("en").parse_args(["report", *words]).files
    assert found == [str(tmp_path / f"stone_2026.{lang}.xlsx"), str(tmp_path / "n")]
    assert out.index("Yearly growth that each target needs") < out.index("Written")


def test_a_plan_of_levels_has_no_growth_rates_and_nothing_without_a_path(capsys, tmp_path):
    plan = write_rows(
        tmp_path / "plan",
        ["x,甲,First,level,家,stock"],
        ["x,2022,80,at_least,一"],
        baselines=["x,2019,50,家,published"],
    )
    _, out, _ = run(capsys, "required", "--plan", plan, "--lang", "en")
    assert "16.96 %" in out, "(80 / 50) ** (1 / 3) is 1.1696"
    assert "The target is a growth rate" not in out
    _, out, _ = run(capsys, "paths", "--plan", plan, "--lang", "en")
    assert "Besides:" not in out


def test_the_version_is_that_of_the_package(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out == f"corridor {cm.__version__}\n"


@pytest.mark.parametrize(
    ("system", "lang"),
    [("zh_CN", "zh"), ("Chinese (Simplified)_China", "zh"), ("English_Canada", "en"), (None, "en")],
)
def test_where_no_variable_speaks_the_system_does(monkeypatch, system, lang):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(locale, "getlocale", lambda: (system, "UTF-8"))
    assert default_language() == lang


def test_a_scenario_of_another_name_lists_those_there_are(capsys):
    code, _, err = run(capsys, "diff", "按计划", "zzzz", "--lang", "en")
    assert code == 1
    assert "There is no scenario 'zzzz'. Known: as planned" in err


def test_the_module_runs_as_a_program(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["corridor", "validate", str(BASE_PLAN), "--lang", "en"])
    with pytest.raises(SystemExit) as stop:
        runpy.run_module("corridor_model.cli", run_name="__main__")
    assert stop.value.code == 0
    assert "No mistakes: 6 indicators" in capsys.readouterr().out


def test_a_reader_that_has_seen_enough_is_no_error(monkeypatch, capsys):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", encoding="utf-8") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        code = main(["paths", "--format", "csv"])
        # what is still to be written, also at the end of the program, goes nowhere
        assert os.path.samestat(os.fstat(pipe.fileno()), Path(os.devnull).stat())
    assert (code, capsys.readouterr().err) == (0, "")


def test_a_full_disk_is_said_in_the_systems_words(monkeypatch, capsys):
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full on this system")
    full = open("/dev/full", "w", encoding="utf-8")  # noqa: PTH123, SIM115
    monkeypatch.setattr(sys, "stdout", full)
    assert main(["paths", "--format", "csv"]) == 1
    assert capsys.readouterr().err == "No space left on device.\n"
    with contextlib.suppress(OSError):
        full.close()


class Terminal(io.TextIOWrapper):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("environment", "bold"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_a_terminal_has_bold_headings_and_replaces_what_it_cannot_show(
    monkeypatch, environment, bold
):
    for name, value in {"NO_COLOR": "", "TERM": "xterm", **environment}.items():
        monkeypatch.setenv(name, value)
    terminal = Terminal(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", terminal)
    assert main(["plan", "--plan", str(BASE_PLAN), "--lang", "zh"]) == 0
    text = terminal.buffer.getvalue().decode("ascii")
    assert "?" in text, "Chinese in a terminal of ASCII"
    assert ("\x1b[1m" in text) == bold


def test_a_stream_of_ones_own_is_written_as_it_is(monkeypatch):
    text = io.StringIO()  # it has no encoding that could be set
    monkeypatch.setattr(sys, "stdout", text)
    assert main(["plan", "--plan", str(BASE_PLAN), "--lang", "zh"]) == 0
    assert cm.load_plan(BASE_PLAN).about.name_zh in text.getvalue()


def test_without_a_standard_output_the_solver_runs_all_the_same(monkeypatch):
    def closed(handle):
        raise OSError(9, "Bad file descriptor")

    ran = []
    with monkeypatch.context() as patched:
        patched.setattr(os, "dup", closed)
        with solver_silent():
            ran.append("solved")
    assert ran == ["solved"]


def test_the_example_brings_its_figures_and_says_so(capsys):
    code, out, _ = run(capsys, "assess", "--example", "--as-of", "2021", "--lang", "zh")
    assert code == 0
    assert "教学示例" in out
    for word in (
        "已实现",
        "快于预期",
        "基本符合预期",
        "滞后",
        "未实现",
        "暂缓",
        "未报送",
        "目标调整",
    ):
        assert word in out


@pytest.fixture
def split_plan(tmp_path):
    """Arguments for a plan with yearly splits of which some cannot be used, and its figures."""
    folder = tmp_path / "plan"
    shutil.copytree(BASE_PLAN, folder)
    targets = (folder / "targets.csv").read_text(encoding="utf-8").splitlines()
    rows = [f"{targets[0]},tier", *(f"{line}," for line in targets[1:])]
    rows.append("rd_share,3.6,at_least,2026,,,二/3,stretch")
    (folder / "targets.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "annual_targets.csv").write_text(
        "indicator,year,value,basis,origin\ngdp,2025,520,year,user\nfirms,2025,25,,user\n"
        "growth,2025,11,year,user\nrd_share,2025,3.1,to_date,user\npark,2025,1,year,user\n",
        encoding="utf-8",
    )
    file = tmp_path / "figures.csv"
    file.write_text(
        "indicator,period,value,unit,measure\ngdp,2024,490,亿元,\ngdp,2025,500,亿元,\n"
        "firms,2024,10,家,\nfirms,2025,22,家,\ngrowth,2024,13,%,growth\ngrowth,2025,10,%,growth\n"
        "rd_share,2025,3.0,%,\npark,2025-08,1,,done\n",
        encoding="utf-8",
    )
    return "assess", "--plan", str(folder), "--observations", str(file), "--as-of", "2025"


def test_yearly_splits_stand_in_the_normal_table(capsys, split_plan):
    _, out, err = run(capsys, *split_plan, "--lang", "zh")
    assert "请增加“分解口径”一列" in err
    assert all(layout.width(line) <= 80 for line in out.splitlines())
    below = out.split("年度分解目标", 1)[1].split("达标概率")[0].splitlines()
    cells = {line.split()[0]: line.split()[1:] for line in below if line.strip()}
    assert cells["地区生产总值"] == ["500", "520", "96.2%", "100.0%", "-3.8"]
    assert cells["研发投入占比"] == ["3", "3.1", "75.0%", "100.0%", "-25.0"]
    assert cells["工业增加值年均增速"] == ["10", "11", "-1.0"], "in points, never divided"
    assert "未作比较（分解口径未注明）：新增高新技术企业。" in out
    assert "未作比较（不适用）：科技园开园。" in out
    _, out, err = run(capsys, *split_plan, "--lang", "en")
    assert "Add a column basis" in err
    assert "Not compared, year or to date, not stated: New high-tech firms." in out


def test_what_came_late_stands_below_its_verdict(capsys, split_plan):
    _, out, _ = run(capsys, *split_plan, "--lang", "zh")
    lines = out.splitlines()
    row = next(i for i, line in enumerate(lines) if line.startswith("科技园开园"))
    assert lines[row].endswith("未实现")
    assert lines[row + 1].strip() == "逾期完成"
    counts = "共 7 项：已实现 0、快于预期 0、基本符合预期 0、滞后 5、未实现 1、无法评估 1"
    assert counts in out.replace("\n", "")
    assert "其中1项为力争目标。" in out


def test_comparators_of_every_sense_have_a_sign():
    t = translator("en")
    row = {"kind": "level", "target": 75.0, "target_max": math.nan, "relative_to": ""}
    signs = {"at_least": "≥ 75", "at_most": "≤ 75", "above": "> 75", "below": "< 75"}
    for sense, text in signs.items():
        assert target_text(row | {"sense": sense}, t) == text
    about = row | {"target": 0.5, "target_max": 0.6, "sense": "about"}
    assert target_text(about, t) == "0.55 ± 0.05"
    assert target_text(row | {"sense": "about"}, t) == "about 75"


@pytest.mark.uncounted
def test_the_target_beside_a_rate_is_the_one_revised(capsys):
    for verb in ("required", "paths"):
        _, out, _ = run(capsys, verb, "--example", "--lang", "en")
        line = next(line for line in out.splitlines() if "≥ 25 件" in line or "≥ 22 件" in line)
        assert "≥ 25 件" in line, verb
