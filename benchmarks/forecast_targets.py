"""How often statements about real government targets came true, by family.

    python -m benchmarks.forecast_targets [--weights FOLDER] [--share S] [--out data/forecast]

Every target with a known outcome is asked for one to five years before its year, from the yearly
values known by then. Written is ``real_targets.csv``: of each family the statements below .1 and
above .9, how many, of how many targets, what was stated on average and how often it was met.
Printed are Brier scores, reliability, and the placebo: the same thresholds asked one to four
years before a year that is none. ``--weights`` and ``--share`` try other tables, or another share
of the experts that see no features; then nothing is written.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from corridor_model.forecasting import forecast_batch
from corridor_model.forecasting.pooling import Weights, read_weights, shipped_weights

TARGETS = Path(
    os.environ.get(
        "CORRIDOR_SHARED_TARGETS",
        Path(__file__).resolve().parents[2] / "shared" / "benchmarks" / "targets",
    )
)
ENDS = {"low": (0.0, 0.1), "high": (0.9, 1.0)}
"""Statements that sound like an end: below a tenth, above nine tenths."""
COLUMNS = "family cluster indicator h history years kind target sense met".split()  # noqa: SIM905


def scorer() -> Any:
    """The shared score.py of the targets as a module."""
    spec = importlib.util.spec_from_file_location("target_score", TARGETS / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def target_tasks() -> pd.DataFrame:
    """All tasks of the shared scorer, one a row."""
    return pd.DataFrame(scorer().tasks(TARGETS), columns=COLUMNS)


def placebo_tasks(earliest: int = 1, latest: int = 4) -> pd.DataFrame:
    """The plan family's thresholds asked of a year one to four years before the target year."""
    rows = []
    targets = pd.read_csv(TARGETS / "targets.csv")
    series = pd.read_csv(TARGETS / "series.csv.gz").sort_values(["id", "year"])
    known = dict(list(series.groupby("id")))
    for t in targets[targets.family == "plan"].itertuples():
        part = known[t.id]
        years, values = part.year.to_numpy(), part.value.to_numpy()
        for before in range(earliest, latest + 1):
            due = t.target_year - before
            at = np.flatnonzero(years == due)
            if not at.size:
                continue
            reached = values[at[0]]
            met = reached >= t.target if t.sense == "at_least" else reached <= t.target
            for h in range(1, 6):
                past = years <= due - h
                if past.sum() >= 3 and years[past][-1] == due - h:
                    history = values[past].tolist(), years[past].tolist()
                    asked = t.kind, t.target, t.sense
                    rows.append(("placebo", t.cluster, t.indicator, h, *history, *asked, int(met)))
    return pd.DataFrame(rows, columns=COLUMNS)


def chances(
    tasks: pd.DataFrame, method: str = "default", weights: Weights | None = None
) -> np.ndarray:
    """P(met) of every task by a method of the package."""
    out = np.empty(len(tasks))
    for h, at in tasks.groupby("h").indices.items():
        part = tasks.iloc[at]
        batch = forecast_batch(
            part.history.tolist(), part.years.tolist(), int(h), part.kind.tolist(), method=method,
            weights=weights,
        )  # fmt: skip
        for i, one, goal, sense in zip(at, batch, part.target, part.sense, strict=True):
            asked = one.prob_at_least if sense == "at_least" else one.cdf
            out[i] = asked(float(goal))[-1]
    return out


def scores(tasks: pd.DataFrame, p: np.ndarray) -> pd.DataFrame:
    """Brier score, what was stated and what was met, by family."""
    table = tasks.assign(p=p, brier=(p - tasks.met) ** 2).groupby("family")
    return table.agg(tasks=("p", "size"), brier=("brier", "mean"), stated=("p", "mean"),
                     met=("met", "mean"))  # fmt: skip


def records(tasks: pd.DataFrame, p: np.ndarray) -> list[dict[str, Any]]:
    """Rows of real_targets.csv."""
    rows = []
    for family, part in tasks.assign(p=p).groupby("family"):
        for end, (low, high) in ENDS.items():
            said = part[(part.p < high) if end == "low" else (part.p > low)]
            rows.append(
                {
                    "family": family,
                    "end": end,
                    "statements": len(said),
                    "entities": said.cluster.nunique(),
                    "stated": f"{said.p.mean():.3f}",
                    "met": f"{said.met.mean():.3f}",
                }
            )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--share", type=float)
    parser.add_argument("--out", type=Path, default=Path("data/forecast"))
    options = parser.parse_args()
    weights = read_weights(options.weights) if options.weights else shipped_weights()
    if options.share is not None:
        weights = replace(weights, plain_share=options.share)
    tasks = target_tasks()
    p = chances(tasks, weights=weights)
    print(scores(tasks, p).round(4).to_string())
    print(f"mean of families {scores(tasks, p).brier.mean():.4f}")
    bins = np.clip((p * 10).astype(int), 0, 9)
    reliability = tasks.assign(p=p, bin=bins).groupby(["family", "bin"])
    print(reliability.agg(n=("p", "size"), stated=("p", "mean"), met=("met", "mean")).round(2))
    plan = tasks[tasks.family == "plan"]
    ends = plan.assign(p=p[plan.index], end=np.digitize(p[plan.index], [0.1, 0.9]))
    print(ends.groupby("end").agg(n=("p", "size"), stated=("p", "mean"), met=("met", "mean")))
    placebo = placebo_tasks()
    q = chances(placebo, weights=weights)
    print(scores(placebo, q).round(4).to_string())
    print(pd.DataFrame(records(placebo, q)).to_string(index=False))
    rows = records(tasks, p)
    print(pd.DataFrame(rows).to_string(index=False))
    if options.weights or options.share is not None:
        return
    with (options.out / "real_targets.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


if __name__ == "__main__":
    main()
