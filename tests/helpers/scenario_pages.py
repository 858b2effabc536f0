"""Tables of the scenario pages, read back and computed again."""

from __future__ import annotations

import re

import numpy as np

from corridor_model.formatting import rounded
from corridor_model.text.assessment import BASIS, probability_word


def cells(line):
    """Return the cells of one row."""
    return [cell.strip() for cell in line.strip("|").split("|")]


def table(page, header):
    """Return the rows below a header, which begins so."""
    lines = page[page.index(f"| {header}") :].splitlines()
    end = next(i for i, line in enumerate(lines) if not line.startswith("|"))
    return [cells(line) for line in lines[2:end]]


def percent(p):
    return f"{rounded(100 * float(p), 1)}%"


def means(made):
    """Return the expected number of promises, which is exact."""
    return made["n_reached_mean"]


def nine_in_ten(at, name="n_reached"):
    """Return the range of promises with nine chances in ten, as the pages write it."""
    sums = at[name].cumsum("n_targets").values
    low, high = (int((sums < level).sum()) for level in (0.05, 0.95))
    return f"{low}至{high}"


def assert_scenarios(page, made, names, digits):
    """Compare the table of scenarios: mean, range, and the odds of some indicators."""
    rows = table(page, "情景 | 平均实现项数")
    assert [row[0] for row in rows] == made["scenario_zh"].values.tolist()
    mean = means(made)
    for row, scenario in zip(rows, made["scenario"].values, strict=True):
        at = made.sel(scenario=scenario)
        odds = [percent(at["p_reach"].sel(indicator=name)) for name in names]
        found = [rounded(mean.sel(scenario=scenario).item(), digits), nine_in_ten(at), *odds]
        assert row[1:] == found, scenario


def assert_targets(page, made, plan, every=False):
    """Compare the table of targets: goal, median, odds, word and basis."""
    at = made.sel(scenario="as planned")
    by_name = {indicator.name_zh: name for name, indicator in plan.indicators.items()}
    rows = table(page, "指标 | 目标")
    for name_zh, goal, median, p, word, basis in rows:
        one = at.sel(indicator=by_name[name_zh])
        value = float(one["value"].sel(year=2022, quantile=0.5))
        found = float(one["p_reach"])
        said = [one["goal"].item(), rounded(value, 2), percent(found)]
        said += [probability_word(found, "zh"), BASIS[one["p_basis"].item()].text("zh")]
        assert [goal, median, p, word, basis] == said, name_zh
    if every:
        assert len(rows) == int(np.isfinite(at["p_reach"].values).sum())


def sentence_of(page, pattern):
    """Return the groups of the one place of a page that a pattern fits."""
    (found,) = re.findall(pattern, page)
    return found
