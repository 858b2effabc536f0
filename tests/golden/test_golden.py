"""What the command line prints and the studies compute is what was kept; see the package."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache

import numpy as np
import pytest

from tests.golden.commands import FORMATS, answer, calls
from tests.golden.keep import ARRAYS, ATTRS, DIGESTS, SIGNATURES, digest, kept_texts, rounded, study
from tests.golden.names import signatures
from tests.golden.once import verbs_compute_once
from tests.golden.sayings import SAYINGS
from tests.golden.studies import STUDIES
from tests.helpers.versions import is_since, since

pytestmark = pytest.mark.slow

kept = cache(kept_texts)


@pytest.fixture(scope="module", autouse=True)
def _results_computed_once():
    with verbs_compute_once():
        yield


@pytest.fixture(autouse=True)
def _in_the_checkout(monkeypatch, request):
    monkeypatch.chdir(request.config.rootpath)


LONG = {"choose_scenario.zh", "choose_scenario.en"}


@pytest.mark.parametrize(
    "call", [pytest.param(c, marks=pytest.mark.long) if c in LONG else c for c in calls()]
)
def test_a_call_answers_as_kept(call):
    form = call.rpartition(".")[2]
    text = answer(calls()[call], form)
    if form in FORMATS:
        assert digest(text) == json.loads(DIGESTS.read_text(encoding="utf-8"))[call]
    else:
        assert rounded(text) == rounded(kept()[call])


IS_NEWEST = is_since("scipy", "1.17") and is_since("matplotlib", "3.11")
"""Under constraints-oldest.txt pictures have other ticks and bytes, and searches end elsewhere."""
TICKS = since("matplotlib", "3.11", "ticks and bytes of pictures are its own")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=TICKS) if n.startswith("figure_") else n for n in SAYINGS],
)
def test_a_result_says_of_itself_what_was_kept(name, lang):
    assert SAYINGS[name](lang).strip() == kept()[f"saying {name}.{lang}"].strip()


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_gives_the_kept_numbers(name):
    arrays, attrs = study(name)
    with np.load(ARRAYS) as file:
        assert {f"{name}/{key}" for key in arrays} == {
            key for key in file.files if key.startswith(f"{name}/")
        }
        for key, value in arrays.items():
            stored = file[f"{name}/{key}"]
            if value.dtype.kind == "f":
                # bits on one processor; another's vector instructions may differ in the last
                rtol = 1e-11 if IS_NEWEST else 1e-8
                np.testing.assert_allclose(value, stored, rtol=rtol, atol=1e-12, err_msg=key)
            else:
                np.testing.assert_array_equal(value, stored, err_msg=key)
    kept_attrs = json.loads(ATTRS.read_text(encoding="utf-8"))[name]
    for versions in () if IS_NEWEST else ("numpy", "scipy", "solver"):
        for whole in (attrs.get("", {}), kept_attrs.get("", {})):
            whole.pop(versions, None)
    assert attrs == kept_attrs


FINGERPRINT = """
import hashlib, sys
import corridor_model as cm
from tests.golden.studies import STUDIES
if sys.argv[1] == "save":
    result = STUDIES["simulate"]()
    cm.save_result(result, sys.argv[2])
else:
    result = cm.rerun(sys.argv[2])
for name in result.variables:
    values = result[name].values
    values = values.astype(str) if values.dtype == object else values
    print(name, hashlib.sha256(values.tobytes()).hexdigest(), result[name].attrs)
print(result.attrs)
"""


@pytest.mark.slow
def test_a_saved_result_runs_again_bit_for_bit(tmp_path):
    """In another process, like a user of another day."""
    saved, again = (
        subprocess.run(
            [sys.executable, "-c", FINGERPRINT, verb, str(tmp_path / "result.nc")],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for verb in ("save", "rerun")
    )
    assert "p_reach" in saved
    assert saved == again


def test_public_names_keep_their_signatures():
    assert signatures() == SIGNATURES.read_text(encoding="utf-8")
