"""What every study has to say besides its result: names, origins, scenario, example figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from corridor_model.plan.origins import ORIGINS_ZH
from corridor_model.plan.schema import ORIGINS
from corridor_model.plan.show import EXAMPLE_EN, EXAMPLE_ZH
from corridor_model.sensitivity.levers import FIELDS
from corridor_model.sensitivity.phrases import field_of, output_phrase

if TYPE_CHECKING:
    import xarray as xr


_ORIGINS = {name: (ORIGINS_ZH[name], name) for name in ORIGINS}
_ORIGINS["user"] = ("自行给定或情景给定", "given by you or the scenario")


class Told(NamedTuple):
    """A study in words.

    Attributes
    ----------
    result : list of str
        What decides the output; a sentence or two.
    notes : list of str
        How far to trust it: origins, convergence, what was left out.
    """

    result: list[str]
    notes: list[str]

    @property
    def lines(self) -> list[str]:
        """Result and notes."""
        return self.result + self.notes


def names_of(made: xr.Dataset, lang: str) -> list[str]:
    """Return the inputs' names people read; their own where the study has no plan."""
    for coordinate in (f"name_{lang}", f"input_{lang}", "input"):
        if coordinate in made.coords:
            return [str(name) for name in made[coordinate].values]
    return []


def units_of(made: xr.Dataset) -> list[str]:
    """Return the inputs' units; empty where the study has no plan."""
    if "unit" in made.coords and made["unit"].dims == ("input",):
        return [str(unit) for unit in made["unit"].values]
    return [""] * made.sizes["input"]


def asked_phrase(made: xr.Dataset, lang: str) -> str:
    """Return the one output of a study as part of a sentence."""
    zh = lang == "zh"
    name = str(made.attrs.get("output", ""))
    if not name:
        return "结果" if zh else "the output"
    return output_phrase(name, str(made.attrs[f"output_{lang}"]), zh)


def capital(text: str) -> str:
    """Return an English sentence with its first letter large."""
    return text[:1].upper() + text[1:]


def origin_lines(inputs: Iterable[tuple[str, str]], zh: bool) -> list[str]:
    """Return where ranges come from, assumptions first and named as such (S5).

    Parameters
    ----------
    inputs : iterable of (str, str)
        Name of a lever and origin of its range.
    zh : bool
        In Chinese.

    Examples
    --------
    >>> origin_lines([("delay:a", "assumed"), ("overrun:a", "literature")], True)
    ['变动范围是假设、没有统计依据的：推迟1项。', '变动范围的其他出处：超支系数1项（文献）。']
    """
    found = Counter((_kind(name), origin) for name, origin in inputs)
    at = 0 if zh else 1

    def text(field: str, count: int) -> str:
        word = _WORDS[field][at] if field in _WORDS else field
        return f"{word}{count}项" if zh else f"{word} ({count})"

    assumed = [text(f, n) for (f, o), n in found.items() if o == "assumed"]
    others = [
        text(f, n) + (f"（{_ORIGINS[o][0]}）" if zh else f" [{_ORIGINS[o][1]}]")
        for (f, o), n in found.items()
        if o != "assumed"
    ]
    lines = []
    if assumed:
        told = ("、" if zh else ", ").join(assumed)
        lines.append(
            f"变动范围是假设、没有统计依据的：{told}。"
            if zh
            else f"Ranges that are assumptions, with no statistics behind them: {told}."
        )
    if others:
        told = ("、" if zh else ", ").join(others)
        lines.append(f"变动范围的其他出处：{told}。" if zh else f"Other ranges: {told}.")
    return lines


def _kind(name: str) -> str:
    """Return what an input turns; groups of one work's delay and cost are one kind."""
    grouped = name == "works" or name.startswith("work:")
    return "work" if grouped else field_of(name) or name


_WORDS = {field: words[:2] for field, words in FIELDS.items()}
_WORDS["work"] = ("工期与造价", "delay and cost")


def setting_lines(made: xr.Dataset, zh: bool) -> list[str]:
    """Return under which scenario a study stands, and whether figures are made up."""
    lines = []
    scenario = str(made.attrs.get("scenario", "as planned"))
    if scenario != "as planned":
        lines.append(
            f"其余条件按情景“{_scenario_zh(made, scenario)}”。"
            if zh
            else f"Everything else stands as in the scenario “{scenario}”."
        )
    if made.attrs.get("example"):
        lines.append(f"{EXAMPLE_ZH}。" if zh else f"{capital(EXAMPLE_EN)}.")
    return lines


def _scenario_zh(made: xr.Dataset, name: str) -> str:
    """Return the scenario's Chinese name, which its text holds."""
    import tomllib

    told = tomllib.loads(str(made.attrs.get("scenario_text", "")))
    listed = told.get("scenario", [])
    return str(listed[0].get("name_zh", name)) if listed else name


def scenario_title(made: xr.Dataset, zh: bool) -> str:
    """Return the name of a study's scenario in the reader's language."""
    name = str(made.attrs.get("scenario", ""))
    return _scenario_zh(made, name) if zh else name
