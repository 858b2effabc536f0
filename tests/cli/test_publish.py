"""``corridor publish``: from the folder of returns to what an office publishes."""

from __future__ import annotations

import openpyxl
import pytest

import corridor_model as cm
from corridor_model.cli import main
from corridor_model.cli import publish as cli_publish
from corridor_model.observations.forms import missing_by_unit, missing_figures
from corridor_model.observations.store import Store


@pytest.fixture
def quick(monkeypatch):
    """Few draws: what is asked here is what is written and said."""
    whole = cli_publish.write_report

    def few(*args, **more):
        return whole(*args, **more, draws=64)

    monkeypatch.setattr(cli_publish, "write_report", few)


def _month(folder, name, lines):
    folder.mkdir(exist_ok=True)
    header = "indicator,period,value,unit,published"
    (folder / name).write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")


@pytest.mark.slow
def test_three_months_of_a_clerk(tmp_path, capsys, quick):
    store, out = tmp_path / "figures.store", tmp_path / "out"
    months = {
        "2021-07": ["gdp,2021-06,236.2,亿元,2021-07-28"],
        "2021-08": ["new_hightech_enterprises,2021-08,60,家,2021-08-30"],
        "2021-09": ["gdp,2021-09,372,亿元,2021-10-20"],
    }
    for month, lines in months.items():
        folder = tmp_path / month
        _month(folder, "returns.csv", lines)
        # a file with a mistake goes in whole or not at all, and is named
        _month(folder, "wrong.csv", ["rd_to_gdp,2021,很好,%,2021-10-20"])
        words = ["publish", "--figures", str(folder), "--as-of", month, "--store", str(store)]
        assert main([*words, "--out", str(out / month), "--lang", "en"]) == 0
        said = capsys.readouterr().out
        assert "Written" in said
        assert "Taken and skipped" in said
        assert "items are owed" in said
        assert "wrong.csv" in said
    # the store kept what came before
    sheet = openpyxl.load_workbook(out / "2021-09" / "workbook.xlsx", data_only=True)["Targets"]
    titles = [cell.value for cell in sheet[4]]
    rows = {r[titles.index("id")]: r for r in sheet.iter_rows(min_row=5, values_only=True)}
    assert rows["gdp"][titles.index("latest figure")] == 372
    assert rows["new_hightech_enterprises"][titles.index("latest figure")] == 60
    # and a second run with the same input writes the same bytes
    before = {file.name: file.read_bytes() for file in (out / "2021-09").iterdir()}
    assert main([*words, "--out", str(out / "2021-09"), "--lang", "en"]) == 0
    assert {file.name: file.read_bytes() for file in (out / "2021-09").iterdir()} == before


def test_returns_need_a_period(tmp_path, capsys):
    _month(tmp_path / "in", "a.csv", [])
    assert main(["publish", "--figures", str(tmp_path / "in"), "--lang", "zh"]) == 1
    assert "--as-of 2021-09" in capsys.readouterr().err


def test_what_is_owed_sums_and_the_old_name_warns(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(cli_publish, "write_report", lambda *_, **__: {"page": tmp_path / "p"})
    assert main(["publish", "--as-of", "2021-09", "--out", str(tmp_path), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    owed = len(missing_figures(cm.load_plan(), as_of="2021-09"))
    assert f"{owed} items are owed" in said
    numbers = [int(line.split()[-1]) for line in said.splitlines() if line[-1:].isdigit()]
    assert sum(numbers) == owed
    # a table of eight units, the rest by number, and what nobody answers for is no unit
    units = {
        unit for due in missing_by_unit(cm.load_plan(), None, "2021-09") for unit in due.units[:1]
    }
    assert f"{len(units) - 8} other units" in said
    assert "(no unit is named)" in said
    assert main(["report", "--out", str(tmp_path), "--lang", "en"]) == 0
    assert "corridor publish now" in capsys.readouterr().err


def test_what_looks_slipped_is_said_again_every_month(capsys, monkeypatch, tmp_path):
    """The store took it in July with a warning; in August nobody would have seen one."""
    monkeypatch.setattr(cli_publish, "write_report", lambda *_, **__: {"page": tmp_path / "p"})
    store = str(tmp_path / "figures.store")
    _month(tmp_path / "07", "a.csv", ["tech_finance_fund_size,2021-07,300000,亿元,"])
    _month(tmp_path / "08", "a.csv", ["new_hightech_enterprises,2021-08,60,家,2021-08-30"])
    for month in ("07", "08"):
        words = ["--figures", str(tmp_path / month), "--as-of", f"2021-{month}", "--store", store]
        words += ["--date", "2021-08-10", "--out", str(tmp_path / "out"), "--lang", "zh"]
        assert main(["publish", *words]) == 0
        said = "".join(capsys.readouterr().out.split())
        assert (
            "数据存疑1项科技金融中心基金规模（2021年7月300000亿元，目标或已知数为60亿元）" in said
        )
    (figure,) = Store(store).list("tech_finance_fund_size")
    assert figure["published"] == "2021-08-10"  # --date, not the day on which it was entered
