"""Write the small tables beside the weights: base rates, yearly additions, a panel.

    python -m benchmarks.forecast_tables [--out data/forecast]

base_rates.csv  share of spans of 1-5 years in which a series rose at least so fast; every
                series counts once, however long
panel.csv       a small panel of Chinese provinces for the notebook
additions.csv   weights of the gamma-Poisson experts, by expectation-maximisation on the
                predictive probability of small whole counts
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.forecast_windows import load_series
from corridor_model.forecasting.counts import RateExperts, learn, log_mass, shake
from corridor_model.forecasting.history import History

STEPS = (
    -0.7, -0.5, -0.35, -0.25, -0.2, -0.15, -0.12, -0.1, -0.08, -0.06, -0.05, -0.04, -0.03, -0.02,
    -0.01, 0.0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.1, 0.12, 0.14, 0.16, 0.18, 0.2,
    0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7, 1.0, 1.5, 2.0,
)  # fmt: skip
GROWTHS = (-0.15, -0.05, 0.0, 0.05, 0.15, 0.3)
PANEL = {
    "RDIntense:v4_ztr_qd_RD": "R&D intensity",
    "RDIntense:v4_ztr_jf_RD": "R&D expenditure",
    "PublicBudget:v6_cz_yszc_kxjs": "fiscal science spending",
    "RDPatentValid:v4_cg_zlsyx_fm": "invention patents in force",
    "MarketPush:v4_cg_jssc_je": "technology contracts",
}
FIRMNESS = (1.0, 3.0, 10.0, 40.0, 200.0, 2000.0)


def base_rates(series: pd.DataFrame) -> list[list[object]]:
    """Rows of base_rates.csv."""
    rows: list[list[object]] = []
    for kind, part in series.groupby("kind"):
        reached: dict[int, list[np.ndarray]] = {h: [] for h in range(1, 6)}
        for _, one in part.groupby("series_id"):
            if kind == "share" and one.value.max() >= 99.5:
                continue
            y = one.value.to_numpy()
            x = pd.Series(np.log(y / (100 - y)) if kind == "share" else np.log(y), one.year)
            for h, found in reached.items():
                step = (x.reindex(x.index + h).to_numpy() - x.to_numpy()) / h
                step = step[np.isfinite(step)]
                if len(step):
                    found.append((step[:, None] >= np.array(STEPS) - 1e-9).mean(axis=0))
        for h, found in reached.items():
            for step, share in zip(STEPS, np.mean(found, axis=0), strict=True):
                growth = "" if kind == "share" else f"{np.expm1(step):.4f}"
                rows.append([kind, h, f"{step:g}", growth, f"{share:.4f}", len(found)])
    return rows


def rate_experts(series: pd.DataFrame) -> RateExperts:
    """Weigh the experts by how well they told small whole counts one to three years on."""
    growth, firmness = (a.ravel() for a in np.meshgrid(GROWTHS, FIRMNESS, indexing="ij"))
    plain = RateExperts(growth, firmness, np.zeros(growth.size))
    rng = np.random.Generator(np.random.SFC64(20201231))
    evidence, outcome = [], []
    counts = series[(series.kind == "count") & (series.source != "gapminder_sg_wdi")]
    for _, one in counts.groupby("series_id"):
        y, year = one.value.to_numpy(), one.year.to_numpy()
        whole = (y == np.rint(y)).all() and np.median(y) < 3000
        if not whole or (np.diff(year) != 1).any():
            continue
        for _ in range(6):
            n, h = int(rng.integers(1, 7)), int(rng.integers(1, 4))
            if len(y) < n + h:
                continue
            i = int(rng.integers(n - 1, len(y) - h))
            past = History(tuple(y[i - n + 1 : i + 1]), tuple(year[i - n + 1 : i + 1]), "additions")
            shape, rate, seen = learn(past, plain)
            shape, rate = shake(shape, rate, plain, h)
            evidence.append(seen)
            outcome.append(log_mass(float(y[i + h]), shape, rate))
    told, came = np.array(evidence), np.array(outcome)
    weight = np.full(growth.size, 1 / growth.size)
    for _ in range(40):
        logs = np.log(weight) + told
        before = np.exp(logs - logs.max(axis=1, keepdims=True))
        before /= before.sum(axis=1, keepdims=True)
        after = before * np.exp(came - came.max(axis=1, keepdims=True))
        after /= after.sum(axis=1, keepdims=True)
        # climb on predictive credit; stopped early, so that few windows decide little
        weight = weight * (after.sum(axis=0) + 0.5) / (before.sum(axis=0) + 0.5)
        weight /= weight.sum()
    print(f"{len(told)} windows of small counts")
    return RateExperts(growth, firmness, np.log(weight))


def panel(series: pd.DataFrame) -> pd.DataFrame:
    """Rows of panel.csv: five indicators of the Chinese provinces, long series only."""
    china = series[series.source == "china_province_yearbook"]
    part = china[china.indicator.isin(PANEL)]
    long = part.groupby("series_id").year.transform("size") >= 12
    part = part[long].assign(
        series=[f"{PANEL[i]} {e.removeprefix('CN-')}" for i, e in
                zip(part.indicator[long], part.entity[long], strict=True)]
    )  # fmt: skip
    return part[["series", "kind", "year", "value"]].sort_values(["series", "year"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("data/forecast"))
    out = parser.parse_args().out
    series = load_series()
    with (out / "base_rates.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["kind", "years", "log_step", "growth", "share_reaching", "series"])
        table.writerows(base_rates(series))
    panel(series).to_csv(out / "panel.csv", index=False, lineterminator="\n")
    experts = rate_experts(series)
    with (out / "additions.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["growth", "firmness", "log_weight"])
        for row in zip(experts.growth, experts.firmness, experts.prior, strict=True):
            table.writerow([f"{row[0]:g}", f"{row[1]:g}", f"{row[2]:.3f}"])


if __name__ == "__main__":
    main()
