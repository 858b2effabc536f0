"""Names made of quantiles: exact, each once, and opened by pyam."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import corridor_model as cm
from corridor_model.formatting import share_label

FINE = (0.015, 0.02, 0.025, 0.5, 0.975, 0.98, 0.995)
KEYS = ["model", "scenario", "region", "variable", "unit", "year"]


@pytest.fixture(scope="module")
def table(plan):
    return cm.to_iamc(cm.simulate(plan, draws=64, quantiles=FINE))


@pytest.mark.uncounted
def test_quantiles_bear_their_own_names(table):
    names = {name.rsplit("|", 1)[-1] for name in table["variable"] if name.startswith("Value|")}
    assert names == {"P1.5", "P2", "P2.5", "P50", "P97.5", "P98", "P99.5"}
    assert not table.duplicated(KEYS).any()
    assert table["value"].notna().all()


@pytest.mark.uncounted
@pytest.mark.parametrize(
    "levels", [(0.05, 0.051, 0.0509), (0.001, 0.999, 0.9999), (0.07, 0.1, 0.29, 0.57)]
)
def test_near_quantiles_are_kept_apart(plan, levels):
    table = cm.to_iamc(cm.simulate(plan, draws=16, quantiles=sorted(levels)))
    assert not table.duplicated(KEYS).any()


@given(st.floats(1e-6, 1, exclude_max=True), st.floats(1e-6, 1, exclude_max=True))
def test_no_two_shares_have_one_label(a, b):
    if a == b or abs(a - b) > 1e-14 * max(a, b):
        assert (share_label(a) == share_label(b)) == (a == b)
    assert float(share_label(a)) == pytest.approx(100 * a, rel=1e-14)


def test_labels_are_written_as_people_do():
    assert [share_label(q) for q in (0.05, 0.5, 0.07, 0.29, 1)] == ["5", "50", "7", "29", "100"]
    assert [share_label(q) for q in (10.1 / 100, 0.1 + 0.2, 0.125)] == ["10.1", "30", "12.5"]


@pytest.mark.slow
def test_rates_that_are_no_whole_percent_keep_their_names(tmp_path, capsys):
    from corridor_model.cli import main
    from corridor_model.plot.growth import path_lines, paths_figure

    plan = cm.load_plan(example=True)
    words = [line.label for line in path_lines(plan, rates=(0.1, 0.104, 0.125)).lines]
    assert words == ["10 %", "10.4 %", "12.5 %"]
    paths_figure(plan, tmp_path / "p.svg", rates=(0.1, 0.104, 0.125))
    assert main(["paths", "--rates", "10.1,12.5", "--lang", "en"]) == 0
    assert "10.1 %" in capsys.readouterr().out


PYAM = (Path(__file__).parents[2] / ".venv-iamc" / "bin" / "python").absolute()
"""pyam asks for other versions of pandas: ``make iamc`` makes an environment of its own."""

READER = """
import sys
import pyam
frame = pyam.IamDataFrame(sys.argv[1])
print(len(frame.data))
print(*frame.variable, sep="\\n")
"""


@pytest.mark.slow
@pytest.mark.skipif(not PYAM.exists(), reason="make iamc installs pyam beside the project")
@pytest.mark.parametrize("scenarios", [None, cm.shipped_scenarios()], ids=["plan", "shipped"])
def test_pyam_opens_the_table(plan, scenarios, tmp_path):
    table = cm.to_iamc(cm.simulate(plan, scenarios, draws=64, quantiles=FINE))
    file = tmp_path / "result.csv"
    table.to_csv(file, index=False, encoding="utf-8")
    process = subprocess.run(
        [PYAM, "-W", "ignore", "-c", READER, file],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1", "HOME": str(tmp_path)},
    )
    assert not process.returncode, process.stderr
    out = process.stdout.split("\n")
    rows, names = int(out[0]), set(filter(None, out[1:]))
    assert rows == len(table)
    assert names == set(table["variable"])
    assert "Value|gdp|P99.5" in names
