"""What the growth functions cost beside the bare NumPy expression: ratios of medians in one run.

Run with ``python -m benchmarks.growth``; the exit code is 1 if a ratio is above its limit.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from corridor_model import growth

SIZE = 10_000_000
ROUNDS = 7
POWER, LINEAR = 1.6, 2.5  # limits: what checks and twelve sure digits may cost


class Pair(NamedTuple):
    name: str
    limit: float
    ours: Callable[[], Any]
    bare: Callable[[], Any]


def pairs(size: int) -> list[Pair]:
    """The functions on levels, rates and periods of a plausible spread."""
    rng = np.random.default_rng(20)
    start = rng.uniform(50, 150, size)
    end = start * rng.uniform(0.7, 1.6, size)
    far = start * np.exp(rng.normal(0, 3, size))
    rate = rng.uniform(-0.1, 0.2, size)
    rise = np.abs(rate) + 0.01
    years = rng.integers(1, 9, size).astype(float)
    # paths of ten levels, so that they too hold `size` numbers
    first, last, yearly = start[: size // 10], end[: size // 10], rate[: size // 10]
    ahead = np.arange(10.0)
    g, log = growth, np.log
    return [
        Pair(
            "cagr, 3 years",
            POWER,
            lambda: g.cagr(start, end, 3),
            lambda: (end / start) ** (1 / 3) - 1,
        ),
        Pair(
            "cagr, 2 years", POWER, lambda: g.cagr(start, end, 2), lambda: (end / start) ** 0.5 - 1
        ),
        Pair(
            "cagr, wide ratios",
            POWER,
            lambda: g.cagr(start, far, 3),
            lambda: (far / start) ** (1 / 3) - 1,
        ),
        Pair(
            "cagr, mixed years",
            POWER,
            lambda: g.cagr(start, end, years),
            lambda: (end / start) ** (1 / years) - 1,
        ),
        Pair("aarr", POWER, lambda: g.aarr(start, end, 3), lambda: 1 - (end / start) ** (1 / 3)),
        Pair(
            "compound, 3 years",
            POWER,
            lambda: g.compound(start, rate, 3),
            lambda: start * (1 + rate) ** 3,
        ),
        Pair(
            "compound, 2 years",
            POWER,
            lambda: g.compound(start, rate, 2),
            lambda: start * (1 + rate) ** 2,
        ),
        Pair(
            "compound, 100 years",
            POWER,
            lambda: g.compound(start, rate, 100),
            lambda: start * (1 + rate) ** 100,
        ),
        Pair(
            "compound, mixed years",
            POWER,
            lambda: g.compound(start, rate, years),
            lambda: start * (1 + rate) ** years,
        ),
        Pair(
            "required_start",
            POWER,
            lambda: g.required_start(end, rate, 3),
            lambda: end / (1 + rate) ** 3,
        ),
        Pair(
            "project_latest",
            POWER,
            lambda: g.project_latest(start, end, 3),
            lambda: end * (end / start) ** 3,
        ),
        Pair("log_rate", POWER, lambda: g.log_rate(start, end, 3), lambda: log(end / start) / 3),
        Pair(
            "periods_to_reach",
            POWER,
            lambda: g.periods_to_reach(start, 200.0, rise),
            lambda: log(200.0 / start) / log(1 + rise),
        ),
        Pair(
            "geometric_path, 9 years",
            POWER,
            lambda: g.geometric_path(first, yearly, 9),
            lambda: first[:, None] * (1 + yearly[:, None]) ** ahead,
        ),
        Pair(
            "linear_step", LINEAR, lambda: g.linear_step(start, end, 3), lambda: (end - start) / 3
        ),
        Pair(
            "project_linear",
            LINEAR,
            lambda: g.project_linear(start, end, 3),
            lambda: start + end * 3,
        ),
        Pair(
            "linear_path, 9 years",
            LINEAR,
            lambda: g.linear_path(first, last, 9),
            lambda: first[:, None] + ((last - first) / 9)[:, None] * ahead,
        ),
        Pair("change", LINEAR, lambda: g.change(start, end), lambda: (end - start) / start),
    ]


def seconds(run: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def measure(pair: Pair, rounds: int) -> tuple[float, float]:
    """Median seconds of ours and of the bare expression, taken in turn."""
    pair.ours(), pair.bare()
    taken = [(seconds(pair.ours), seconds(pair.bare)) for _ in range(rounds)]
    ours, bare = zip(*taken, strict=True)
    return statistics.median(ours), statistics.median(bare)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=SIZE, help="elements in each array")
    parser.add_argument(
        "--rounds", type=int, default=ROUNDS, help="runs of which the median counts"
    )
    options = parser.parse_args(arguments)
    print(f"{options.size:,} elements, median of {options.rounds} rounds, ns per element")
    print(f"{'function':<24}{'ours':>8}{'bare':>8}{'ratio':>8}{'limit':>8}")
    over = 0
    for pair in pairs(options.size):
        ours, bare = (value / options.size * 1e9 for value in measure(pair, options.rounds))
        late = ours / bare > pair.limit
        over += late
        mark = "  over" if late else ""
        print(f"{pair.name:<24}{ours:>8.2f}{bare:>8.2f}{ours / bare:>8.2f}{pair.limit:>8.1f}{mark}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
