"""Results of every release, saved by it, are read and run again with the numbers they had.

python -m tests.doors.test_releases 0.2     keeps one, once, when that version is released
"""

from __future__ import annotations

import json
import platform
import sys
from pathlib import Path

import numpy as np
import pytest
import scipy
from tests.helpers.paths import BASE_PLAN, ROOT

import corridor_model as cm

FOLDER = ROOT / "tests/data/releases"
FILES = sorted(FOLDER.glob("*.nc"))


def machine() -> dict[str, str]:
    """What bits depend on beside our own code: processor kernels and libraries."""
    kernels = " ".join(
        k for k, there in np._core._multiarray_umath.__cpu_features__.items() if there
    )
    versions = {"numpy": np.__version__, "scipy": scipy.__version__}
    return {"machine": platform.machine(), "kernels": kernels, **versions}


def test_there_are_some():
    assert FILES


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_result_of_a_release_is_what_it_was(file: Path):
    kept = cm.load_result(file)
    again = cm.rerun(kept)
    same = json.loads(file.with_suffix(".json").read_text("utf-8")) == machine()
    assert set(kept.variables) <= set(again.variables)
    for name in kept.variables:
        old, new = kept[name].values, again[name].values
        if same or old.dtype.kind not in "f":
            np.testing.assert_array_equal(new, old, str(name))
        else:  # other kernels and libraries round otherwise in the last digits
            np.testing.assert_allclose(new, old, rtol=1e-9, atol=1e-12, err_msg=str(name))


def keep(version: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    plan = cm.load_plan(BASE_PLAN)
    late = cm.Scenario("late", cm.Delay(all=True, months=cm.PERT(0, 6, 24)))
    result = cm.simulate(plan, [late], draws=512)
    cm.save_result(result, FOLDER / f"{version}.nc")
    (FOLDER / f"{version}.json").write_text(json.dumps(machine(), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    keep(sys.argv[1])
