"""A grid of two inputs in words: where the plan stands, and where the frontier runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor_model.sensitivity.amounts import amount, percents
from corridor_model.sensitivity.bound_words import bound
from corridor_model.sensitivity.phrases import input_phrase, setting, subject_of
from corridor_model.sensitivity.switching_words import goal_phrase, verdict
from corridor_model.sensitivity.told import Told, asked_phrase, setting_lines

if TYPE_CHECKING:
    import xarray as xr

REASONS = {
    "always_met": ("全部达到", "always met"),
    "never_met": ("都达不到", "never met"),
    "": ("", ""),
}


def grid_words(made: xr.Dataset, lang: str = "zh") -> Told:
    """Return a grid of two inputs in words.

    Parameters
    ----------
    made : Dataset
        Of :func:`corridor_model.sensitivity.two_way`.
    lang : {"zh", "en"}
        Language.
    """
    zh = lang == "zh"
    lines = [_here(made, lang), _share(made, zh), _frontier(made, lang)]
    return Told([line for line in lines if line], setting_lines(made, zh))


def axis_phrase(made: xr.Dataset, axis: str, lang: str) -> str:
    """Return an axis' input as part of a sentence."""
    held = made[axis].attrs
    return input_phrase(str(held["input"]), str(held[f"name_{lang}"]), lang == "zh")


def at(made: xr.Dataset, axis: str, value: float, zh: bool) -> str:
    """Return what an axis' input at a value means."""
    held = made[axis].attrs
    return setting(str(held["input"]), value, str(held["units"]), zh)


def with_unit(made: xr.Dataset) -> xr.Dataset:
    """Return the grid with the output's unit where the words of other studies look for it."""
    return made.assign_attrs(unit=str(made["output"].attrs["units"]))


def _here(made: xr.Dataset, lang: str) -> str:
    zh = lang == "zh"
    if "base" not in made.attrs:
        return ""
    word = str(made.attrs["output"]).partition(":")[0]
    here = amount(float(made.attrs["base"]), str(made["output"].attrs["units"]), zh, word)
    goal, met = goal_phrase(with_unit(made), zh), bool(made.attrs["base_met"])
    return verdict(asked_phrase(made, lang), here, goal, met, zh)


def _share(made: xr.Dataset, zh: bool) -> str:
    met = made["met"].values
    by = percents(float(met.mean()), zh, 0)
    if zh:
        return f"所列{met.size}种组合中，{by}达到要求。"
    return f"Of {met.size} combinations {by} meet it."


def _frontier(made: xr.Dataset, lang: str) -> str:
    """Say where the frontier begins and ends."""
    zh = lang == "zh"
    line = made["frontier"].values
    known = np.flatnonzero(~np.isnan(line))
    if not len(known):
        return (
            "这一范围内没有边界：结论处处相同。"
            if zh
            else "There is no frontier here: the verdict is the same everywhere."
        )
    who_x, who_y = (subject_of(str(made[axis].attrs[f"name_{lang}"]), zh) for axis in "xy")
    parts: list[str] = []
    for i in dict.fromkeys((int(known[0]), int(known[-1]))):
        at_x = at(made, "x", float(made["x"][i]), zh)
        held = made["y"].attrs
        side = bound(str(held["input"]), float(line[i]), str(held["units"]), _above(made, i), zh)
        first = not parts
        x, y = who_x if first else "", who_y if first and who_x != who_y else ""
        parts.append(
            f"{x}{at_x}时，{y}{side}"
            if zh
            else f"{x} {at_x}: {y} {side}".strip().replace(":  ", ": ")
        )
    return f"边界：{'；'.join(parts)}。" if zh else f"The frontier: {'; '.join(parts)}."


def _above(made: xr.Dataset, place: int) -> bool:
    """Return whether the target is met above the frontier."""
    column, y = made["met"].values[:, place], made["y"].values
    higher = y > float(made["frontier"][place])
    return bool(higher.any() and column[higher].mean() > column[~higher].mean())
