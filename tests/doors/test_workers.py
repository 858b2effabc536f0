"""On a dask cluster: what travels to workers, and workers that are killed in the middle.

Processes of their own, reached over the network as on a cluster of many machines.
"""

from __future__ import annotations

import os
import signal

import numpy as np
import pytest
import xarray as xr
from tests.assessment.test_panel import many

import corridor_model as cm
from corridor_model.assessment import panel_blocks
from corridor_model.scenario import joint_counts

pytestmark = pytest.mark.slow
distributed = pytest.importorskip("distributed")

LATE = cm.Scenario("late", cm.Delay("jinliwen_expressway", months=cm.PERT(0, 6, 24)))


@pytest.fixture(scope="module")
def cluster():
    where = {"n_workers": 3, "threads_per_worker": 1, "processes": True}
    with distributed.LocalCluster(**where, dashboard_address=None) as one:
        yield one


@pytest.fixture(scope="module")
def client(cluster):
    with distributed.Client(cluster) as one:
        one.wait_for_workers(3, timeout=60)
        yield one


class Killing:
    """A client that kills a worker after its second answer and another after its fifth."""

    def __init__(self, client, cluster):
        self.client, self.cluster = client, cluster
        self.futures, self.killed, self.lost, self.answers = [], [], [], 0

    def map(self, *args, **named):
        self.futures = self.client.map(*args, **named)
        return self.futures

    def gather(self, future):
        answer = self.client.gather(future)
        self.answers += 1
        if self.answers in {2, 5}:
            held = self.client.has_what()
            open_ = {one.key for one in self.futures[self.answers :]}
            pid, lost = max(
                (
                    (one.process.pid, len(open_ & set(held.get(one.worker_address, ()))))
                    for one in self.cluster.workers.values()
                    if one.process and one.process.pid not in {None, *self.killed}
                ),
                key=lambda pair: pair[1],
            )
            self.lost.append(lost + sum(one.status == "pending" for one in self.futures))
            os.kill(pid, signal.SIGKILL)
            self.killed.append(pid)
        return answer


def test_two_workers_killed_in_the_middle_change_no_bit_of_a_panel(client, cluster, monkeypatch):
    monkeypatch.setattr(panel_blocks, "BLOCK", 120)
    frames = many(900, 6)
    whole = cm.assess_panel(*frames, threads=1)
    killing = Killing(client, cluster)
    xr.testing.assert_identical(whole, cm.assess_panel(*frames, client=killing))
    assert len(killing.killed) == 2
    assert min(killing.lost) > 0  # work in hand, or answers that nobody had fetched


def test_two_workers_killed_in_the_middle_change_no_bit_of_a_simulation(
    client, cluster, monkeypatch
):
    monkeypatch.setattr(joint_counts, "UNITS", 4)
    plan = cm.load_plan()
    ask = {"scenarios": [LATE], "draws": 800_000}
    whole = cm.simulate(plan, threads=1, **ask)
    killing = Killing(client, cluster)
    assert cm.simulate(plan, client=killing, **ask).identical(whole)
    assert len(killing.killed) == 2
    assert min(killing.lost) > 0


def test_plans_figures_and_results_travel(client):
    plan, figures = cm.load_plan(example=True), cm.example_observations()
    here = cm.assess(plan, figures, as_of=2021)  # after use: what is cached must not hinder
    assert plan.indicators["gdp"].baseline.value
    assert (
        client.submit(lambda p, f: cm.assess(p, f, as_of=2021), plan, figures, pure=False)
        .result()
        .identical(here)
    )
    back = client.submit(lambda one: one, plan, pure=False).result()
    assert back == plan
    assert back.digest == plan.digest
    assert cm.assess(back, figures, as_of=2021).identical(here)
    months = client.map(lambda p, year: cm.assess(p, as_of=year), [plan, plan], [2020, 2021])
    for year, there in zip((2020, 2021), client.gather(months), strict=True):
        assert there.identical(cm.assess(plan, as_of=year))


def test_studies_on_workers_have_the_bits_of_here(client):
    plan = cm.load_plan()
    calls = {
        "sobol": lambda p: cm.sobol(p, "km_open:2022", n=64, seed=3),
        "tornado": lambda p: cm.tornado(p, "inside_plan"),
        "attribute": lambda p: cm.attribute(p, LATE, "inside_plan"),
        "forecast": lambda p: cm.forecast([1.0, 1.2, 1.3], [2018, 2019, 2020], 2, "level").quantile(
            [0.1, 0.9]
        ),
    }
    for name, call in calls.items():
        there, here = client.submit(call, plan, pure=False).result(), call(plan)
        if isinstance(here, xr.Dataset):
            xr.testing.assert_identical(there, here)
        else:
            np.testing.assert_array_equal(there, here, name)


def test_an_error_of_a_worker_has_its_words(client):
    wrong = cm.Scenario("wrong", cm.Cancel("no_such_work"))
    there = client.submit(lambda p, s: cm.simulate(p, [s], draws=16), cm.load_plan(), wrong)
    with pytest.raises(cm.CorridorError, match="no_such_work"):
        there.result()
