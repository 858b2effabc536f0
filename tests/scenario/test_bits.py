"""The same bits for any number of threads and workers, and for any size of a task (S13)."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pandas as pd
import pytest
from benchmarks.scenario import made_up_plan

import corridor_model as cm
from corridor_model.draws import UNIT, Streams
from corridor_model.scenario import joint_counts as joint
from corridor_model.scenario.correlation import STREAM, CorrelationModel, Delays, scores_of
from corridor_model.scenario.joint_counts import JointQuestion, ScenarioLimits, count, delays_of

MADE_UP = made_up_plan()
DRAWS = 5 * STREAM + 777
"""No whole number of tasks, streams or units."""
SCENARIOS = (
    cm.Scenario("as planned"),
    cm.Scenario("late", cm.Delay(all=True, months=cm.PERT(0, 8, 30))),
    cm.Scenario("tied", cm.Delay(all=True, months=cm.PERT(0, 3, 9)), paired=0.5, common=0.3),
)


@pytest.fixture(scope="module")
def first():
    return cm.simulate(MADE_UP, SCENARIOS, draws=DRAWS, threads=1)


@pytest.mark.parametrize("units", [1, 3, 4, 16])
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_sizes_of_a_task_change_no_bit(first, monkeypatch, units, threads):
    monkeypatch.setattr(joint, "UNITS", units)
    made = cm.simulate(MADE_UP, SCENARIOS, draws=DRAWS, threads=threads)
    assert made.identical(first)


def test_sizes_of_a_task_change_no_bit_of_a_full_matrix(monkeypatch):
    names = list(MADE_UP.indicators)
    tied = 0.2 + 0.8 * np.eye(len(names))
    matrix = pd.DataFrame(tied, index=names, columns=names)
    made = []
    for units in (1, 4, 6):
        monkeypatch.setattr(joint, "UNITS", units)
        made.append(cm.simulate(MADE_UP, SCENARIOS, draws=20_000, correlation=matrix, threads=2))
    assert made[0].identical(made[1])
    assert made[0].identical(made[2])


@pytest.mark.parametrize("workers", [1, 4])
def test_dask_workers_change_no_bit(first, workers):
    """Processes of their own, reached over the network as on a cluster."""
    distributed = pytest.importorskip("distributed")
    where = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": ":0"}
    with distributed.LocalCluster(**where) as cluster, distributed.Client(cluster) as client:
        client.wait_for_workers(workers, timeout=60)
        made = cm.simulate(MADE_UP, SCENARIOS, draws=DRAWS, client=client)
    assert made.identical(first)


def test_any_range_of_draws_is_cut_from_the_same_streams():
    tied = CorrelationModel(("f",), np.full((2, 1), 0.5))
    whole = scores_of(("a", "b"), tied, 3, 0, 3 * STREAM)
    for begin, end in ((0, 1), (UNIT, 2 * UNIT), (STREAM - 5, STREAM + 9), (100, 3 * STREAM)):
        assert np.array_equal(scores_of(("a", "b"), tied, 3, begin, end), whole[:, begin:end])
    limits = np.zeros(1, dtype=np.float32)
    asked = (ScenarioLimits(limits, limits + np.float32(np.inf), None, 0.5, 0.3),)
    question = JointQuestion(("a",), tied, asked, ("w",), (), 10, 3, (0,))
    (cells,) = delays_of(question, 0, 3 * UNIT).places((0,), 0.5, 0.3)
    (part,) = delays_of(question, UNIT + 7, 2 * UNIT + 9).places((0,), 0.5, 0.3)
    assert np.array_equal(part, cells[:, UNIT + 7 : 2 * UNIT + 9])


def test_scenarios_in_turn_find_the_same_places_and_keep_the_last_alone():
    """Whatever was asked between, and in memory that their number does not change."""
    works, n = [f"w{i}" for i in range(20)], 4 * STREAM
    made = Delays(works, 3, 0, n, paired=True, common=True)
    asked = [((i, (i + 7) % 20), 0.4, round(0.05 * (i % 3), 2)) for i in range(20)]
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    seen = {each: np.concatenate(made.places(*each), axis=1).astype(np.int16) for each in asked}
    kept = tracemalloc.get_traced_memory()[0] - before - sum(p.nbytes for p in seen.values())
    tracemalloc.stop()
    row = n * np.dtype(np.intp).itemsize
    assert kept < (2 + len(works)) * row
    for works_, paired, common in reversed(asked):
        alone = Delays(works, 3, 0, n, paired=True, common=True).places(works_, paired, common)
        again = np.concatenate(made.places(works_, paired, common), axis=1)
        assert np.array_equal(again, np.concatenate(alone, axis=1))
        assert np.array_equal(again, seen[works_, paired, common])


def test_streams_are_normal_and_have_nothing_in_common():
    streams = Streams()
    keys = [("a", 0, 0), ("b", 0, 0), ("a", 1, 0), ("a", 0, 1), ("a0", 0, 0)]
    made = np.array([streams.at(*key).standard_normal(2**16) for key in keys])
    again = np.array([streams.at(*key).standard_normal(2**16) for key in keys])
    assert np.array_equal(made, again)
    assert made.mean(axis=1) == pytest.approx(0, abs=4.5 / 2**8)
    assert made.var(axis=1) == pytest.approx(1, abs=4.5 * 2**0.5 / 2**8)
    apart = np.corrcoef(made)[~np.eye(len(keys), dtype=bool)]
    assert apart == pytest.approx(0, abs=4.5 / 2**8)
    first = np.array([streams.at("a", 0, unit).standard_normal() for unit in range(4096)])
    assert first.mean() == pytest.approx(0, abs=4.5 / 2**6)
    assert np.corrcoef(first[1:], first[:-1])[0, 1] == pytest.approx(0, abs=4.5 / 2**6)


def test_a_task_is_as_long_as_it_is_told():
    limits = np.zeros(1, dtype=np.float32)
    asked = (ScenarioLimits(limits, limits + np.float32(np.inf)),)
    tied = CorrelationModel((), np.zeros((1, 0)))
    question = JointQuestion(("a",), tied, asked, (), (), DRAWS, 0, (0,))
    ended = []

    def watched(tasks, total):
        ended.append(total)
        return tasks

    for units in (1, 4, 100):
        count(question, 1, None, watched, units)
    assert ended == [-(-DRAWS // (UNIT * units)) for units in (1, 4, 100)]
