"""Every picture by name: what baselines, the gallery and the tests of layout draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import corridor_model as cm

PICTURES: dict[str, tuple[tuple[float, float], Callable[[dict[str, Any], Any, str], Any]]] = {
    "paths": ((4.6, 3.0), lambda r, ax, lang: cm.plot.paths(r["plan"], "gdp", ax, lang=lang)),
    "paths_rank": (
        (4.6, 3.0),
        lambda r, ax, lang: cm.plot.paths(r["plan"], "hitech_zone_rank_percentile", ax, lang=lang),
    ),
    "paths_start": (
        (4.6, 3.0),
        lambda r, ax, lang: cm.plot.paths(r["plan"], "tax_per_mu", ax, lang=lang),
    ),
    "fan": (
        (4.6, 3.0),
        lambda r, ax, lang: cm.plot.fan(r["forecast"], ax=ax, target=150, lang=lang),
    ),
    "fan_assess": ((4.6, 3.0), lambda r, ax, lang: cm.plot.fan(r["assess"], "gdp", ax, lang=lang)),
    "progress": (
        (7.0, 3.6),
        lambda r, ax, lang: cm.plot.progress(r["assess"], ax, indicators=GOALS, lang=lang),
    ),
    "gantt": ((7.6, 4.4), lambda r, ax, lang: cm.plot.gantt(r["plan"], ax, top=14, lang=lang)),
    "spending": ((5.6, 3.2), lambda r, ax, lang: cm.plot.spending(r["simulate"], ax, lang=lang)),
    "tornado": (
        (8.0, 3.8),
        lambda r, ax, lang: cm.plot.tornado(r["tornado"], ax, top=6, lang=lang),
    ),
    "sobol": ((6.4, 3.4), lambda r, ax, lang: cm.plot.sobol(r["sobol"], ax=ax, lang=lang)),
    "attribution": (
        (7.0, 2.6),
        lambda r, ax, lang: cm.plot.attribution(r["attribution"], ax=ax, lang=lang),
    ),
    "two_way": ((5.8, 4.2), lambda r, ax, lang: cm.plot.two_way(r["two_way"], ax, lang=lang)),
    "frontier": ((4.6, 3.0), lambda r, ax, lang: cm.plot.frontier(r["choice"], ax, lang=lang)),
    "reliability": (
        (3.6, 3.8),
        lambda r, ax, lang: cm.plot.reliability(r["backtest"], ax, lang=lang),
    ),
    "league": ((6.4, 3.6), lambda r, ax, lang: cm.plot.league(r["league"], ax, top=14, lang=lang)),
}
"""Name, size in inches, and what draws it on axes."""

GOALS = [
    "gdp", "rd_to_gdp", "hightech_va_share", "new_hightech_enterprises", "hitech_zone_rank",
    "hightech_investment_growth", "tax_per_mu", "outbound_fdi",
]  # fmt: skip
