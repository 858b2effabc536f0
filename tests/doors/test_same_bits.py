"""The same bits and the same bytes, whatever surrounds the process or orders the rows."""

from __future__ import annotations

import csv
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.helpers.paths import BASE_PLAN, ROOT

import corridor_model as cm

pytestmark = pytest.mark.uncounted

PROGRAM = """
import hashlib, locale, sys, tempfile, time
from pathlib import Path
if {locale!r}:
    locale.setlocale(locale.LC_ALL, {locale!r})
    print("speaks", locale.localeconv()["decimal_point"], file=sys.stderr)
import numpy as np
import corridor_model as cm
folder = Path(tempfile.mkdtemp())
plan, figures = cm.load_plan(example=True), cm.example_observations()
late = [cm.Scenario("late", cm.Delay(all=True, months=cm.PERT(0, 6, 24)))]

def bits(name, dataset):
    total = hashlib.sha256()
    for key in dataset.variables:
        values = np.asarray(dataset[key].values)
        text = values.tobytes() if values.dtype.kind in "fiub" else repr(values.tolist()).encode()
        total.update(key.encode() + text)
    print(name, total.hexdigest())

bits("assess", cm.assess(plan, figures, as_of="2021-09"))
bits("simulate", cm.simulate(plan, late, figures, draws=20_000, threads={threads}))
bits("sobol", cm.sobol(plan, ["inside_plan", "log_value:gdp:2022"], n=256))
bits("spending", cm.spending(plan, late, draws=256, threads={threads}))
bits("choose", cm.choose_projects(cm.load_plan(), {{2020: 20, 2021: 20, 2022: 20}}))
cm.load_plan().to_folder(folder / "plan")
cm.load_plan().to_workbook(folder / "plan.xlsx")
cm.save_result(cm.simulate(cm.load_plan(), draws=64), folder / "r.csv")
cm.write_report(cm.load_plan(), folder / "out", figures, as_of="2021", draws=64)
for file in sorted(folder.rglob("*.*")):
    if file.is_file():
        print(file.name, hashlib.sha256(file.read_bytes()).hexdigest())
print(cm.describe(cm.assess(plan, figures, as_of="2021-09"), "zh")[:4000].encode())
print(cm.load_observations({{"gdp": {{2020: 1234567.5}}}}, plan).table)
"""


def answer(environment: dict[str, str], name: str = "", threads: int = 1) -> tuple[str, str]:
    """What the program prints in an environment, and in which language numbers are there."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(locale=name, threads=threads)],
        env={**os.environ, **environment, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def locale_made(name: str, folder: Path) -> bool:
    """Whether a locale is here, or can be made for this test alone."""
    if shutil.which("localedef") is None or not Path(f"/usr/share/i18n/locales/{name}").is_file():
        return False
    made = ["localedef", "-i", name, "-f", "UTF-8", str(folder / f"{name}.UTF-8")]
    return subprocess.run(made, capture_output=True, check=False).returncode in {0, 1}


@pytest.mark.slow
@pytest.mark.long
def test_hashes_languages_hours_and_threads_change_nothing(tmp_path):
    """Each process differs from the first in all of them at once."""
    here, _ = answer({"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "TZ": "UTC"})
    places = [
        ("zh_CN", "Asia/Shanghai", "2", "."),
        ("de_DE", "America/St_Johns", "1", ","),
        ("tr_TR", "Pacific/Kiritimati", "2", ","),
    ]
    for seed, (name, zone, threads, point) in enumerate(places, 1):
        spoken = f"{name}.UTF-8" if locale_made(name, tmp_path) else ""
        there, said = answer(
            {
                "PYTHONHASHSEED": str(seed),
                "TZ": zone,
                "OPENBLAS_NUM_THREADS": threads,
                "OMP_NUM_THREADS": threads,
                "LC_ALL": f"{name}.UTF-8",
                "LANG": f"{name}.UTF-8",
                "LOCPATH": str(tmp_path),
            },
            spoken,
            int(threads),
        )
        assert not spoken or f"speaks {point}" in said
        assert there.splitlines() == here.splitlines(), name


def shuffled(folder: Path, seed: int) -> None:
    """The rows of every table in another order."""
    for file in folder.glob("*.csv"):
        with file.open(encoding="utf-8-sig", newline="") as text:
            head, *rows = list(csv.reader(text))
        random.Random(seed).shuffle(rows)
        with file.open("w", encoding="utf-8", newline="") as text:
            csv.writer(text, lineterminator="\n").writerows([head, *rows])


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_changes_no_number(tmp_path, seed):
    shutil.copytree(BASE_PLAN, tmp_path / "plan")
    shutil.copytree(ROOT / "data/longwan", tmp_path / "longwan")
    for name in ("plan", "longwan"):
        before = cm.load_plan(tmp_path / name)
        shuffled(tmp_path / name, seed)
        after = cm.load_plan(tmp_path / name)
        for ask in (
            lambda plan: cm.assess(plan, as_of=2021),
            lambda plan: cm.simulate(plan, draws=4096),
        ):
            one, two = ask(before), ask(after)
            same = two.reindex_like(one[list(one.coords)])
            for key in one.data_vars:
                if one[key].dtype.kind in "fiub" and key != "rerun":
                    # sums over the indicators are taken in their order: the last digit may differ
                    np.testing.assert_allclose(
                        same[key].values, one[key].values, rtol=1e-13, err_msg=str(key)
                    )
