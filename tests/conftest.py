"""Settings for the whole suite: hypothesis profiles, and skips that CI forbids."""

from __future__ import annotations

import gc
import os
from contextlib import nullcontext
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import corridor_model as cm
from tests.helpers.counting import counting
from tests.helpers.network import no_network
from tests.helpers.paths import ROOT
from tests.helpers.versions import OLDEST

settings.register_profile(
    "thorough", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("suite", settings.get_profile("thorough"), max_examples=40)
settings.register_profile(
    "fuzz", settings.get_profile("thorough"), derandomize=False, max_examples=5000
)
settings.register_profile("mutants", settings.get_profile("thorough"), max_examples=12)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


def pytest_configure(config):
    """Let no test, and nothing that it calls, reach another machine."""
    no_network()


def pytest_collection_finish(session):
    """Let the collector pass over the thousands of tests: they stay to the end."""
    gc.collect()
    gc.freeze()


FORBID_SKIPS = os.environ.get("CORRIDOR_FORBID_SKIPS") == "1"
ALLOWED = ("../shared", OLDEST)
"""A test that reads ../shared says so in its reason; that folder is not part of the project. What
the oldest versions lack is skipped under them, and under the newest by nobody."""


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if FORBID_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        said = str(report.longrepr)
        if not any(reason in said for reason in ALLOWED):
            report.outcome = "failed"
            report.longrepr = f"skips are forbidden here: {said}"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item):
    with (counting(item) or nullcontext)():
        yield


@pytest.fixture(scope="session")
def plan():
    return cm.load_plan()


@pytest.fixture(scope="session")
def shared() -> Path:
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("reads ../shared, which is not here")
    return folder
