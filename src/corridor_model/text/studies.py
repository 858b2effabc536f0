"""What every study speaks of, in words: its outcome, its inputs, and where all else stands."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor_model.arguments import holding
from corridor_model.codes import ORIGIN_WORDS
from corridor_model.formatting import readable, rounded
from corridor_model.messages import N_, Translator, Worded, context, message
from corridor_model.sensitivity.inputs import SensitivityError
from corridor_model.sensitivity.parameters import FIELDS
from corridor_model.text.numbers import (
    MONEY,
    amount,
    bare,
    bare_difference,
    difference,
    percents,
    trimmed,
    unit_text,
)
from corridor_model.text.scenario import figures_text

if TYPE_CHECKING:
    import xarray as xr

OUTCOMES = {
    "before_plan": N_("money spent before the plan"),
    "inside_plan": N_("money spent inside the plan"),
    "beyond_horizon": N_("money spent after the plan"),
    "total": N_("total investment"),
    "programme": N_("money spent in {year}"),
    "spending": N_("money spent on {of} in {year}"),
    "km_open": N_("road length open in the area by the end of {year}"),
    "roads_open": N_("the number of roads open by the end of {year}"),
    "tasks_done": N_("the number of works' tasks done by {year}"),
    "p_open_by": N_("the probability that {of} opens by the end of {year}"),
    "expected_reached": N_("the expected number of promises kept"),
    "p_reach": N_("the probability of the target of {of}"),
    "value": N_("the median of {of} in {year}"),
    "gap": N_("the distance of {of} to its target"),
    "log_value": N_("the logarithm of {of} in {year}"),
    "log_odds": N_("the log-odds of {of} in {year}"),
}
"""Outcomes as parts of a sentence, by their key."""
NOUNS = {
    "delay": context("input", "schedule"),
    "overrun": context("input", "cost"),
    "cancel": context("input", "cancellation"),
    "investment": context("input", "investment"),
    "growth": context("input", "yearly growth"),
    "baseline": context("input", "baseline"),
    "target": context("input", "target"),
    "effect": context("input", "effect of investment"),
    "forecast": context("input", "own outlook"),
}
"""What an input turns, as a noun."""
_CANCELLED = (context("input", "kept"), context("input", "cancelled"))
STUDIES = ("tornado", "switching_values", "sobol", "attribution", "two_way")
ENDS = {"low": context("range", "low"), "high": context("range", "high")}
RATES = frozenset({"growth", "forecast"})
"""Inputs that are fractions and read as percent."""
AT_ONCE = 1e-12
"""Distance from where an input stands within which any move at all tips."""
SHOWN = 1e-6
"""Share of the last digit shown that halving may be off."""
HALVED = 1e-6
"""Months within which halving has closed in on no delay at all."""


def capital(text: str, t: Translator) -> str:
    """Return the beginning of a sentence: English begins with a large letter."""
    return text[:1].upper() + text[1:] if t.lang == "en" else text


def study_of(ds: xr.Dataset) -> str:
    """Return which study a Dataset is of, a word of `STUDIES`.

    Raises
    ------
    SensitivityError
        For a Dataset of no study.
    """
    holding("result", ds, "Dataset", "attrs", "data_vars")
    study = str(ds.attrs.get("study", ""))
    if study not in STUDIES:
        raise SensitivityError(
            N_("This is no result of tornado, switching_values, sobol, attribute or two_way.")
        )
    return study


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    """What a study asked for, for one reader.

    Attributes
    ----------
    t : Translator
        Of the reader.
    key, subject, year : str, str, int
        Its kind, such as ``value``, the name of the indicator or work it speaks of, and when;
        empty where a study has no plan.
    title, unit_code : str
        The name that stands over a table or a figure, and the unit as the result carries it.
    """

    t: Translator
    key: str = ""
    subject: str = ""
    year: int = 0
    title: str = ""
    unit_code: str = ""

    @property
    def phrase(self) -> str:
        """The outcome as part of a sentence."""
        if self.key:
            return self.t(OUTCOMES[self.key], of=self.subject, year=self.year)
        return self.t("“{name}”", name=self.title) if self.title else self.t("the output")

    @property
    def unit(self) -> str:
        """The unit in the reader's language; empty where numbers need none."""
        return unit_text(self.unit_code, self.t, self.key)

    def bare(self, value: float) -> str:
        """Return a number without its unit."""
        return bare(value, self.unit_code, self.key)

    def amount(self, value: float) -> str:
        """Return a number with its unit."""
        return amount(value, self.unit_code, self.t, self.key)

    def difference(self, value: float, *, sign: bool = False) -> str:
        """Return a change with its unit."""
        return difference(value, self.unit_code, self.t, self.key, sign=sign)

    def bare_difference(self, value: float) -> str:
        """Return a signed change without its unit."""
        return bare_difference(value, self.unit_code, self.key)


def outcome_words(ds: xr.Dataset, t: Translator, name: str | None = None) -> OutcomeWords:
    """Return the outcome of a study, or of one of several the one of that name."""
    title, attrs = f"output_{t.lang}", ds.attrs
    if name is None:
        key, of, year = (attrs.get(f"outcome_{part}", "") for part in ("key", "subject", "year"))
        named, unit = str(attrs.get(title, "")), str(attrs.get("unit", ""))
    else:
        outcome = json.loads(attrs.get("outcomes", "{}")).get(name, {})
        key, of, year = (outcome.get(part, "") for part in ("key", "subject", "year"))
        at = ds.sel(output=name) if ds["output"].ndim else ds
        named = str(at[title].values) if title in at.coords else name
        unit = str(at["unit"].values) if "unit" in at.coords else ""
    return OutcomeWords(t, key, subjects_of(ds, t).get(of, ""), int(year or 0), named, unit)


def subjects_of(ds: xr.Dataset, t: Translator) -> dict[str, str]:
    """Return the names of what a study's inputs and outcomes speak of."""
    both = json.loads(ds.attrs.get("subjects", "{}"))
    return {key: names[t.lang == "en"] for key, names in both.items()}


@dataclass(frozen=True, slots=True)
class InputWords:
    """What a study turned, for one reader.

    Attributes
    ----------
    t : Translator
        Of the reader.
    name : str
        Such as ``delay:binhai_avenue``.
    title, unit_code : str
        The name that stands in tables and figures, and the unit as the result carries it.
    subject : str
        The work, indicator or group it belongs to; empty where the study has no plan.
    """

    t: Translator
    name: str
    title: str = ""
    unit_code: str = ""
    subject: str = ""

    @property
    def field(self) -> str:
        """What it turns; empty for an input that is no parameter of a plan."""
        field, mark, _ = self.name.partition(":")
        return field if mark and field in FIELDS else ""

    @property
    def kind(self) -> str:
        """What it turns; delay and cost of one work, or of all, are one kind."""
        return "work" if self._grouped else self.field or self.name

    @property
    def _grouped(self) -> bool:
        return self.name == "works" or self.name.startswith("work:")

    @property
    def who(self) -> str:
        """Whose number it is."""
        return self.subject or self.title

    @property
    def phrase(self) -> str:
        """The input as part of a sentence."""
        if self._grouped:
            who = self.subject or self.t("all works")
            return self.t("the delay and cost of {of}", of=who)
        if not self.field:
            return self.t("“{name}”", name=self.title or self.name)
        return self.t("the {noun} of {of}", noun=NOUNS[self.field], of=self.subject)

    @property
    def unit(self) -> str:
        """The unit in the reader's language; empty for what reads as percent, or yes and no."""
        return "" if self.field in RATES | {"cancel"} else unit_text(self.unit_code, self.t)

    @property
    def heading(self) -> str:
        """The name with the unit of its numbers, for a table."""
        unit = (
            self.t.context("unit of a column", "months")
            if self.unit_code == "months"
            else self.unit
        )
        return self.t("{name} ({more})", name=self.title, more=unit) if unit else self.title

    def cell(self, value: float) -> str:
        """Return its number for a table: months, a factor, percent, or as it is.

        Examples
        --------
        >>> from corridor_model.messages import translator
        >>> zh = translator("zh")
        >>> InputWords(zh, "delay:x").cell(12.0), InputWords(zh, "growth:x").cell(0.1136)
        ('12', '11.4%')
        >>> InputWords(zh, "target:x", unit_code="亿元").cell(500.6222)
        '500.62'
        """
        match self.field:
            case "delay":
                return trimmed(value)
            case "growth" | "forecast":
                return percents(value, self.t)
            case "overrun":
                return rounded(value, 3)
            case "cancel":
                return (
                    self.t.context("cancelled", "yes")
                    if value >= 0.5
                    else self.t.context("cancelled", "no")
                )
        return rounded(value, 2) if self.unit_code in MONEY else readable(value)

    def level(self, value: float) -> str:
        """Return its number with its unit."""
        unit = "" if self.field in RATES else unit_text(self.unit_code, self.t)
        number = self.cell(value)
        return self.t("{number} {unit}", number=number, unit=unit) if unit else number

    def at(self, value: float) -> str:
        """Return what it means that the input stands at a value.

        Examples
        --------
        >>> from corridor_model.messages import translator
        >>> zh, en = translator("zh"), translator("en")
        >>> InputWords(zh, "delay:x").at(12.0), InputWords(en, "delay:x").at(0.0)
        ('推迟12个月', 'on time')
        >>> InputWords(zh, "overrun:x").at(1.072), InputWords(en, "growth:gdp").at(-0.05)
        ('造价增加7.2%', 'falling 5.0 % a year')
        """
        t = self.t
        match self.field:
            case "delay":
                by = trimmed(abs(value))
                if by == "0":
                    return t("on time")
                many = 1 if by == "1" else 2
                if value > 0:
                    return t.plural("{by} month late", "{by} months late", many, by=by)
                return t.plural("{by} month early", "{by} months early", many, by=by)
            case "overrun":
                if not rounded(value - 1, 3).strip("-0."):
                    return t("cost as planned")
                by = percents(abs(value - 1), t)
                return t("{by} dearer", by=by) if value > 1 else t("{by} cheaper", by=by)
            case "growth":
                by = percents(abs(value), t)
                if value >= 0:
                    return t("growing {by} a year", by=by)
                return t("falling {by} a year", by=by)
            case "forecast":
                return t("outlook at its {by} quantile", by=percents(value, t))
            case "cancel":
                return t.of(_CANCELLED[value >= 0.5])
            case "":
                return self.level(value)
        noun = NOUNS[self.field]
        return t("{noun} {number}", noun=noun, number=self.level(value))

    def kept(self, value: float, *, above: bool) -> float:
        """Return a bound at the digits it is shown with, rounded to its good side.

        Examples
        --------
        >>> from corridor_model.messages import translator
        >>> delay = InputWords(translator("en"), "delay:x")
        >>> delay.kept(1.05, above=False), delay.kept(-0.3464, above=True)
        (1.0, -0.3)
        """
        if self.field == "delay":
            digits = 1
        elif self.field in RATES | {"overrun"}:
            digits = 3
        elif self.unit_code in MONEY:
            digits = 2
        else:
            digits = len(readable(value).partition(".")[2])
        steps = value * 10.0**digits
        nearest = round(steps)
        if abs(steps - nearest) > SHOWN:
            nearest = math.ceil(steps) if above else math.floor(steps)
        return nearest / 10.0**digits

    def bound(self, value: float, *, above: bool) -> str:
        """Return on which side of a value the input must stay.

        Parameters
        ----------
        value : float
            Tipping point.
        above : bool
            Whether the good side is above.

        Examples
        --------
        >>> from corridor_model.messages import translator
        >>> delay = InputWords(translator("zh"), "delay:x")
        >>> delay.bound(0.0, above=False), delay.bound(12.0, above=False)
        ('一推迟就不满足', '最多可推迟12个月')
        >>> InputWords(translator("en"), "growth:x", unit_code="1").bound(0.1136, above=True)
        'yearly growth at least 11.4 %'
        """
        t, field = self.t, self.field
        if field in {"delay", "overrun"}:
            off = value if field == "delay" else value - 1
            if abs(off) <= _SLIGHTEST[field]:
                return t(_AT_ALL[field, above])
            side, value = off > 0, self.kept(value, above=above)
            off = value if field == "delay" else value - 1
            by = trimmed(abs(off)) if field == "delay" else percents(abs(off), t)
            if by == "0":
                by = t("less than {amount}", amount="0.1")
            # a good side that holds the plan says how far it may go, the other how far it must
            return t(_FAR[field, "may" if side != above else "must", side], by=by)
        if field == "cancel":
            return t("must go") if above else t("must be kept")
        noun, number = field_word(field or self.name), self.level(self.kept(value, above=above))
        if above:
            return t("{noun} at least {number}", noun=noun, number=number)
        return t("{noun} at most {number}", noun=noun, number=number)


_SLIGHTEST = {"delay": HALVED, "overrun": AT_ONCE}
_AT_ALL = {
    ("delay", True): N_("being early at all breaks it"),
    ("delay", False): N_("any delay at all breaks it"),
    ("overrun", True): N_("being cheaper at all breaks it"),
    ("overrun", False): N_("any overrun at all breaks it"),
}
"""By whether the good side is above."""
_FAR = {
    ("delay", "may", True): N_("may be at most {by} months late"),
    ("delay", "may", False): N_("may be at most {by} months early"),
    ("delay", "must", True): N_("must be at least {by} months late"),
    ("delay", "must", False): N_("must be at least {by} months early"),
    ("overrun", "may", True): N_("may be at most {by} dearer"),
    ("overrun", "may", False): N_("may be at most {by} cheaper"),
    ("overrun", "must", True): N_("must be at least {by} dearer"),
    ("overrun", "must", False): N_("must be at least {by} cheaper"),
}
"""By whether the tipping point lies above the plan."""


def input_words(ds: xr.Dataset, t: Translator) -> list[InputWords]:
    """Return the inputs of a study in its order; by their own names where it has no plan."""
    title = next(one for one in (f"name_{t.lang}", f"input_{t.lang}", "input") if one in ds.coords)
    known = "unit" in ds.coords and ds["unit"].dims == ("input",)
    units = ds["unit"].values if known else [""] * ds.sizes["input"]
    subjects, names = subjects_of(ds, t), ds["input"].values
    return [
        InputWords(t, str(name), str(named), str(unit), subjects.get(str(name), ""))
        for name, named, unit in zip(names, ds[title].values, units, strict=True)
    ]


def axis_words(ds: xr.Dataset, axis: str, t: Translator) -> InputWords:
    """Return the input along ``x`` or ``y`` of a grid."""
    attrs = ds[axis].attrs
    name = str(attrs["input"])
    title, unit = str(attrs[f"name_{t.lang}"]), str(attrs["units"])
    return InputWords(t, name, title, unit, subjects_of(ds, t).get(name, ""))


def field_word(field: str) -> Worded | str:
    """Return what an input turns, as it stands in titles."""
    if field == "work":
        return message("delay and cost")
    return FIELDS[field].word if field in FIELDS else field


# Where ranges come from, under which scenario a study stands, and whether figures are made up.

_ORIGINS = ORIGIN_WORDS | {"user": message("given by you or the scenario")}


def origin_lines(inputs: Iterable[tuple[InputWords, str]], t: Translator) -> list[str]:
    """Return where ranges come from, assumptions first and named as such (S5).

    Parameters
    ----------
    inputs : iterable of (InputWords, str)
        With the origin of its range.
    t : Translator
        Of the reader.
    """
    counted = Counter((one.kind, origin) for one, origin in inputs)
    assumed, others = [], []
    for (kind, origin), n in counted.items():
        word, of = field_word(kind), _ORIGINS[origin]
        if origin == "assumed":
            assumed.append(t("{word} ({n})", word=word, n=n))
        else:
            others.append(t("{word} ({n}) [{origin}]", word=word, n=n, origin=of))
    lines = []
    if assumed:
        behind = N_("Ranges that are assumptions, with no statistics behind them: {listed}.")
        lines.append(t(behind, listed=t.listing(assumed)))
    if others:
        lines.append(t("Other ranges: {listed}.", listed=t.listing(others)))
    return lines


def setting_lines(ds: xr.Dataset, t: Translator) -> list[str]:
    """Return under which scenario a study stands, and on which figures."""
    lines = []
    if "scenario" in ds.attrs and not ds.attrs.get("as_planned"):
        name = scenario_title(ds, t)
        lines.append(t("Everything else stands as in the scenario “{name}”.", name=name))
    return lines + figure_lines(ds, t)


def figure_lines(ds: xr.Dataset, t: Translator) -> list[str]:
    """Return of which period the figures are, and whether they are made up for teaching."""
    lines = [figures_text(ds, t)] if "figures_until" in ds.attrs else []
    if ds.attrs.get("example"):
        lines.append(t("With figures made up for teaching (assumed)."))
    return lines


def scenario_title(ds: xr.Dataset, t: Translator) -> str:
    """Return the name of a study's scenario."""
    return str(ds.attrs.get("scenario" if t.lang == "en" else "scenario_zh", ""))
