"""Studies in words: what decides an outcome, where it tips, which change did it.

One function a study, for one reader: the result in short sentences, then how far to trust it
(ranges that are assumptions, points that were too few, what was left out).
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from corridor_model._typing import Mask
from corridor_model.formatting import rounded, share_label
from corridor_model.messages import N_, Translator, message, plural, translator
from corridor_model.sensitivity.outcomes import reason_text
from corridor_model.sensitivity.sobol_indices import FEW, UNTOLD
from corridor_model.text.layout import Narrative
from corridor_model.text.numbers import percents, share_text
from corridor_model.text.studies import (
    AT_ONCE,
    ENDS,
    InputWords,
    OutcomeWords,
    axis_words,
    capital,
    field_word,
    figure_lines,
    input_words,
    origin_lines,
    outcome_words,
    scenario_title,
    setting_lines,
)

if TYPE_CHECKING:
    import xarray as xr

Narrate: TypeAlias = "Callable[[xr.Dataset, Translator], Narrative]"
MOSTLY = 0.5
"""Share from which on an outcome is said to be decided by one input."""


# A tornado: which input moves the outcome most, and how far to trust the ranges.

NEXT = 2
"""Inputs named after the first."""


def tornado(ds: xr.Dataset, t: Translator) -> Narrative:
    """Return a tornado in words.

    Parameters
    ----------
    ds : Dataset
        Of :func:`corridor_model.tornado` or
        :func:`corridor_model.sensitivity.one_at_a_time`.
    t : Translator
        Of the reader.
    """
    outcome, inputs = outcome_words(ds, t), input_words(ds, t)
    notes = []
    if "origin" in ds:
        notes += origin_lines(zip(inputs, map(str, ds["origin"].values), strict=True), t)
    point = ds["low"].values == ds["high"].values
    alone = int(np.count_nonzero(point))
    if alone:
        rare = t.plural(
            "The low and the high of one input are the same value: what happens more rarely than "
            "its quantiles show is not told here.",
            "The low and the high of {n} inputs are the same value: what happens more rarely than "
            "their quantiles show is not told here.",
            alone,
        )
        notes.append(rare)
    still = int(np.count_nonzero((ds["swing"].values == 0) & ~point))
    if 0 < still < len(inputs):
        rest = t.plural(
            "One more input does not move it within its range.",
            "{n} more inputs do not move it within their ranges.",
            still,
        )
        notes.append(rest)
    notes.append(_together(ds, outcome, t))
    unset = [inputs[i].title for i in np.flatnonzero(np.isnan(ds["base"].values))]
    if unset:
        follows = N_("{names}: set by nobody, it follows the median forecast.")
        notes.append(t(follows, names=_joined(unset, "、", t)))
    return Narrative(_movers(ds, outcome, inputs, t), notes + setting_lines(ds, t))


def _movers(
    ds: xr.Dataset, outcome: OutcomeWords, inputs: list[InputWords], t: Translator
) -> list[str]:
    """Say what moves the outcome most, what its two ends do, and what comes next."""
    moving = int(np.count_nonzero(ds["swing"].values > 0))
    what, here = outcome.phrase, outcome.amount(float(ds.attrs["base"]))
    if not moving:
        none = N_("Nothing moves {what} within the ranges given: it stays at {here}.")
        return [t(none, what=what, here=here)]
    shares = [share_text(float(share), t) for share in ds["share_of_swing"].values]
    if moving == 1:
        line = N_("Within these ranges {what} moves with {input} alone.")
    elif float(ds["share_of_swing"][0]) >= MOSTLY:
        line = N_("{what} hangs mainly on {input}: {share} of all swings.")
    else:
        line = N_("{what} is moved most by {input}: {share} of all swings.")
    lines = [t(line, what=what, input=inputs[0].phrase, share=shares[0])]
    low, high = (inputs[0].at(float(ds[end][0])) for end in ("low", "high"))
    down, up = (outcome.amount(float(ds[f"output_{end}"][0])) for end in ("low", "high"))
    ends = N_("{low}: {down}; {high}: {up}; now: {here}.")
    lines.append(t(ends, low=low, down=down, high=high, up=up, here=here))
    rest = range(1, min(moving, 1 + NEXT))
    if rest:
        others = [t("{name} ({more})", name=inputs[i].phrase, more=shares[i]) for i in rest]
        lines.append(t("Next come {inputs}.", inputs=_and(others, t)))
    return [capital(line, t) for line in lines]


def _together(ds: xr.Dataset, outcome: OutcomeWords, t: Translator) -> str:
    """Say whether single effects add up, and by how much they fail to."""
    if ds.attrs["additive"]:
        return t("Single effects add up to what all inputs do together.")
    parts = []
    for end in ("low", "high"):
        left = float(ds.attrs[f"remainder_{end}"])
        if abs(left) <= 1e-9 * max(1.0, abs(float(ds.attrs["base"]))):
            continue
        if left > 0:
            part = N_("all at their {end} give {by} more than the sum of single effects")
        else:
            part = N_("all at their {end} give {by} less than the sum of single effects")
        parts.append(t(part, end=ENDS[end], by=outcome.difference(left)))
    return t("Effects interact: {parts}.", parts=_joined(parts, "，", t))


# Tipping points: how far each input may go before the verdict changes.

NAMED = 2
"""Inputs of one kind that the result names."""


def switching(ds: xr.Dataset, t: Translator) -> Narrative:
    """Return tipping points in words.

    Parameters
    ----------
    ds : Dataset
        Of :func:`corridor_model.switching_values`.
    t : Translator
        Of the reader.
    """
    inputs = input_words(ds, t)
    notes = _never(ds, inputs, t)
    several = int(np.count_nonzero(ds["crossings"].values > 1))
    if several:
        more = t.plural(
            "One changes the verdict more than once; what is listed is the nearest stretch.",
            "{n} change the verdict more than once; what is listed is the nearest stretch.",
            several,
        )
        notes.append(more)
    if not np.isnan(ds["coefficient"].values).all():
        coefficient = N_(
            "Coefficient: relative change of the output over that of the input, at +10 %; an "
            "input that stands at 0 has none."
        )
        notes.append(t(coefficient))
    stands = _verdict(ds, t, bool(ds.attrs["met"]))
    return Narrative([stands, _tipping(ds, inputs, t)], notes + setting_lines(ds, t))


def _verdict(ds: xr.Dataset, t: Translator, met: bool) -> str:
    """Return a sentence on where the outcome stands and whether that is good enough."""
    outcome, limit = outcome_words(ds, t), float(ds.attrs["threshold"])
    key, goal = str(ds.attrs["threshold_of"]).partition(":")[0], ""
    if key == "gap" and limit == 0 and met:
        line = N_("{what} stands at {here}: the target is met.")
    elif key == "gap" and limit == 0:
        line = N_("{what} stands at {here}: the target is not met.")
    else:
        least = ds.attrs["sense"] == "at_least"
        goal = t(
            N_("at least {amount}") if least else N_("at most {amount}"),
            amount=replace(outcome, key=key).amount(limit),
        )
        if met:
            line = N_("{what} stands at {here}: {goal} is met.")
        else:
            line = N_("{what} stands at {here}: {goal} is not met.")
    here = outcome.amount(float(ds.attrs["base"]))
    return capital(t(line, what=outcome.phrase, here=here, goal=goal), t)


def at_once(ds: xr.Dataset, place: int) -> bool:
    """Return whether any move at all changes the verdict."""
    base, value = float(ds["base"][place]), float(ds["switching_value"][place])
    return abs(value - base) <= AT_ONCE * max(1.0, abs(base))


def within(ds: xr.Dataset, place: int, one: InputWords, t: Translator) -> str:
    """Say where an input must stay: on one side of its tipping point, or between two."""
    ends = [(float(ds[f"band_{end}"][place]), end == "low") for end in ("low", "high")]
    if str(ds["good_side"].values[place]) == "below":
        ends.reverse()  # the nearest first
    return _and([one.bound(value, above=above) for value, above in ends if not np.isnan(value)], t)


def _tipping(ds: xr.Dataset, inputs: list[InputWords], t: Translator) -> str:
    """Say what tips first: what does at any move, then the nearest of each kind of input."""
    value, base = ds["switching_value"].values, ds["base"].values
    tips = [i for i in range(len(inputs)) if not np.isnan(value[i])]
    if not tips:
        return t("No single input changes that within the range searched.")
    by_field: dict[str, list[int]] = {}
    for i in tips:
        by_field.setdefault(inputs[i].field, []).append(i)

    def far(i: int) -> float:  # in its own unit, which inputs of one kind share
        return 0.0 if np.isnan(base[i]) else abs(float(value[i] - base[i]))

    nearest = [i for members in by_field.values() for i in sorted(members, key=far)[:NAMED]]
    clauses = []
    for i in sorted(nearest, key=lambda i: not at_once(ds, i)):
        clauses.append(t("{who}: {bound}", who=inputs[i].who, bound=within(ds, i, inputs[i], t)))
    parts = _joined(clauses, "；", t)
    if ds.attrs["met"]:
        return t("All else unchanged: {parts}.", parts=parts)
    n = len(clauses)
    return t.plural(
        "This alone reaches it: {parts}.",
        "Either of these alone reaches it: {parts}.",
        n,
        parts=parts,
    )


def _never(ds: xr.Dataset, inputs: list[InputWords], t: Translator) -> list[str]:
    """Say how many inputs have no tipping point, and how far the search went."""
    counted: Counter[tuple[str, str, str]] = Counter()
    for i, reason in enumerate(ds["switching_value_reason"].values):
        if str(reason) == "none_in_range":
            one = inputs[i]
            low, high = (one.at(float(ds[end][i])) for end in ("low", "high"))
            counted[t.of(field_word(one.field or one.name)), low, high] += 1
    parts = [
        message("{word} ({n}; from {low} to {high})", word=word, n=n, low=low, high=high)
        for (word, low, high), n in counted.items()
    ]
    if not parts:
        return []
    return [t("No tipping point within the range searched: {parts}.", parts=t.listing(parts))]


# Sobol indices: whose variance it is, whether there were points enough, what is left.

SLIGHT = 0.05
"""Total index below which an input is not named, and joint effects are not."""
NAMED_SHARES = 3
"""Inputs that the result names."""


def sobol(ds: xr.Dataset, t: Translator) -> Narrative:
    """Return Sobol indices in words.

    Parameters
    ----------
    ds : Dataset
        Of :func:`corridor_model.sobol` or :func:`corridor_model.sensitivity.sobol_indices`.
    t : Translator
        Of the reader.
    """
    ds, inputs = _by_output(ds), input_words(ds, t)
    result = [line for name in ds["output"].values for line in _shares(ds, str(name), inputs, t)]
    touching = ((ds["ST"].values != 0) | (ds["ST_high"].values > 0)).any(axis=0)
    notes = _converged(ds, t)
    if "input_origin" in ds:
        origins = zip(inputs, map(str, ds["input_origin"].values), touching, strict=True)
        notes += origin_lines([(one, origin) for one, origin, does in origins if does], t)
    still = int(np.count_nonzero(~touching))
    if still:
        none = N_("Inputs that cannot reach what is listed, and have exactly 0: {n}.")
        notes.append(t(none, n=still))
    return Narrative(result, notes + _left_out(ds, t) + setting_lines(ds, t))


def ranked(at: xr.Dataset) -> list[int]:
    """Return the places of the inputs of one outcome, the largest total index first."""
    return [int(i) for i in np.argsort(-at["ST"].values, kind="stable")]


def _shares(ds: xr.Dataset, name: str, inputs: list[InputWords], t: Translator) -> list[str]:
    """Say which inputs have how much of one outcome's variance."""
    at, outcome = ds.sel(output=name), outcome_words(ds, t, name)
    n = int(ds.attrs["n"])
    if bool(at["zero_variance"]) and bool(at["exact"]):
        still = N_("{what} never moves within these ranges: there is no variance to share.")
        return [capital(t(still, what=outcome.phrase), t)]
    if bool(at["zero_variance"]):
        still = N_(
            "{what} did not move at any of {n} points; what happens more rarely would not show."
        )
        return [capital(t(still, what=outcome.phrase, n=n), t)]
    why = str(at["converged_reason"].values)
    if why in UNTOLD:
        return [capital(t(_UNTOLD[why], what=outcome.phrase, n=n, few=FEW), t)]
    order, total = ranked(at), at["ST"].values
    named = [i for i in order if total[i] >= SLIGHT][:NAMED_SHARES] or order[:1]
    shares = [(inputs[i].phrase, share_text(float(total[i]), t)) for i in named]
    if total[order[0]] >= MOSTLY:
        first = N_("{what} hangs mainly on {input}: {share} of its variance")
    else:
        first = N_("{what} is moved most by {input}: {share} of its variance")
    line = t(first, what=outcome.phrase, input=shares[0][0], share=shares[0][1])
    if shares[1:]:
        others = [t("{name} ({more})", name=phrase, more=share) for phrase, share in shares[1:]]
        line = t("{first}; next {others}.", first=line, others=_and(others, t))
    else:
        line = t("{sentence}.", sentence=line)
    lines = [capital(line, t), *_integrated(at, outcome, t)]
    joint = 1 - float(at["S1"].values.sum())
    if joint >= SLIGHT and bool(at["converged"]):
        acting = N_("{share} of it comes from inputs acting jointly.")
        lines.append(t(acting, share=share_text(joint, t)))
    return lines


_UNTOLD = {
    "few_events": N_(
        "{n} points cannot tell what {what} hangs on: fewer than {few} of them carry its variance, "
        "or what an input has of it."
    ),
    "unseen_values": N_(
        "{n} points cannot tell what {what} hangs on: values too rare for them would move it "
        "further than any they hold."
    ),
    "out_of_range": N_(
        "{n} points cannot tell what {what} hangs on: the shares they give lie outside 0–100 %."
    ),
}
"""Why a sample cannot tell, in place of shares that mean nothing."""


def _integrated(at: xr.Dataset, outcome: OutcomeWords, t: Translator) -> list[str]:
    """Say how little odds may move where forecasts are integrated out of them."""
    sd = float(np.sqrt(at["variance"]))
    if outcome.key == "p_reach":
        line, by = (
            N_(
                "Forecasts are inside the odds already; these inputs move them with a standard "
                "deviation of {by} percentage points only."
            ),
            rounded(100 * sd, 1),
        )
    elif outcome.key == "expected_reached":
        line, by = (
            N_(
                "Forecasts are inside the odds already; these inputs move them with a standard "
                "deviation of {by} only."
            ),
            rounded(sd, 2),
        )
    else:
        return []
    return [t(line, by=by)]


def _converged(ds: xr.Dataset, t: Translator) -> list[str]:
    """Say whether the points were enough, and how many would be."""
    moving, exact = ~ds["zero_variance"].values, ds["exact"].values
    lines = []
    n, of = int((moving & exact).sum()), int(moving.sum())
    if n and n == of:
        lines.append(t("Shares are exact: of a sum over independent works, or one input alone."))
    elif n:
        known = N_(
            "Shares of {n} of {of} outputs are exact: sums over independent works, or one input "
            "alone."
        )
        lines.append(t(known, n=n, of=of))
    drawn = ~exact
    n = int(ds.attrs["n"])
    untold = drawn & np.isin(ds["converged_reason"].values, sorted(UNTOLD))
    if untold.any():
        rare = t.plural(
            "One output has not converged: what may move it is too rare or too extreme for "
            "{points} points; how many would do is not known.",
            "{n} outputs have not converged: what may move them is too rare or too extreme for "
            "{points} points; how many would do is not known.",
            int(untold.sum()),
            points=n,
        )
        lines.append(rare)
    return lines + _wide(ds, drawn & ~untold, t)


def _wide(ds: xr.Dataset, drawn: Mask, t: Translator) -> list[str]:
    """Say of what a sample can judge whether the half widths are small enough."""
    if not drawn.any():
        return []
    if not int(ds.attrs["resamples"]):
        return [t("Nothing was resampled: no intervals, and no saying whether it has converged.")]
    n, points = int(ds.attrs["n"]), share_text(float(ds.attrs["tolerance"]), t)
    points = points.replace("%", "").strip()
    short = drawn & ~ds["converged"].values
    needed, more = ds["n_converge"].values[short], ""
    if not short.any():
        line = N_("Converged: at {n} points every half width is within {points} percentage points.")
    elif len(drawn) > 1:
        line = N_(
            "{outputs} not converged: with {n} points a half width exceeds {points} percentage "
            "points; {more}."
        )
    else:
        line = N_(
            "Not converged: with {n} points a half width exceeds {points} percentage points; "
            "{more}."
        )
    if (needed < 0).any():
        more = t("how many would do is not known")
    elif needed.size:
        more = t("about {n} would do", n=int(needed.max()))
    outputs = plural("{n} output has", "{n} outputs have", len(needed))
    return [t(line, outputs=outputs, n=n, points=points, more=more)]


def _left_out(ds: xr.Dataset, t: Translator) -> list[str]:
    """Say how many indicators have no outcome, by reason."""
    left = str(ds.attrs.get("left_out", "none"))
    if left in {"none", ""}:
        return []
    codes = Counter(part.rpartition(" (")[2].rstrip(")") for part in left.split("; "))
    reasons = [
        message("{reason} {n}", reason=reason_text(code, t.lang), n=n)
        for code, n in codes.most_common()
    ]
    total = sum(codes.values())
    return [
        t.plural(
            "{n} indicator is left out: {reasons}.",
            "{n} indicators are left out: {reasons}.",
            total,
            reasons=t.listing(reasons),
        )
    ]


# An attribution: what a scenario does, and which of its changes did it.

NOTHING = 1e-9
"""Change, relative to where an outcome stands, that counts as none."""


def attribution(ds: xr.Dataset, t: Translator) -> Narrative:
    """Return an attribution in words.

    Parameters
    ----------
    ds : Dataset
        Of :func:`corridor_model.attribute`.
    t : Translator
        Of the reader.
    """
    ds = _by_output(ds)
    result, still = [], []
    for name in map(str, ds["output"].values):
        if movers(ds.sel(output=name)):
            result += caused(ds, name, t)
        else:
            still.append(outcome_words(ds, t, name).phrase)
    if still:
        stays = N_("The scenario “{scenario}” does not move {outcomes}.")
        result.append(t(stays, scenario=scenario_title(ds, t), outcomes=t.listing(still)))
    notes = [
        t(
            "“Share” is what a change does on average over all orders (Shapley); shares sum to "
            "the whole. “In order” depends on the order written."
        )
    ]
    n = int((~ds["exact"].values).sum())
    if n:
        level = share_label(float(ds.attrs["level"]))
        sampled = N_(
            "With more than 12 changes the shares of {n} of {of} outputs are sampled, with "
            "{level} % intervals."
        )
        notes.append(t(sampled, n=n, of=ds.sizes["output"], level=level))
    if "converged" in ds and not ds["converged"].values.all():
        short = ds.isel(output=~ds["converged"].values)
        wide = N_(
            "Not converged: with {orders} orders a half width of {outcomes} exceeds 5 % of the "
            "whole effect; {enough} orders would do."
        )
        names = [outcome_words(short, t, str(name)).phrase for name in short["output"].values]
        enough = int(short["n_converge"].max())
        of = t.listing(names)
        notes.append(t(wide, orders=int(ds.attrs["orders"]), outcomes=of, enough=enough))
    return Narrative(result, notes + figure_lines(ds, t))


def movers(at: xr.Dataset) -> list[int]:
    """Return the places of the changes that move one outcome, the largest first."""
    share = at["share"].values
    scale = max(abs(float(at["before"])), abs(float(at["after"])), 1e-300)
    order = np.argsort(-np.abs(share), kind="stable")
    return [int(i) for i in order if abs(share[i]) > NOTHING * scale]


def changes(ds: xr.Dataset, t: Translator) -> list[str]:
    """Return the changes of a scenario in words; Chinese print sets no blank before %."""
    texts = [str(text) for text in ds[f"change_{t.lang}"].values]
    return [text.replace(" %", "%") for text in texts] if t.lang == "zh" else texts


def caused(ds: xr.Dataset, name: str, t: Translator) -> list[str]:
    """Say what a scenario does to one outcome, and which of its changes did it."""
    at, outcome, words = ds.sel(output=name), outcome_words(ds, t, name), changes(ds, t)
    before, after = float(at["before"]), float(at["after"])
    by = outcome.difference(after - before)
    head = t(
        "The scenario “{scenario}” takes {what} from {before} to {after}: {by}",
        scenario=scenario_title(ds, t),
        what=outcome.phrase,
        before=outcome.amount(before),
        after=outcome.amount(after),
        by=t("{by} more", by=by) if after > before else t("{by} less", by=by),
    )
    share, order = at["share"].values, movers(at)
    if len(order) == 1:
        return [t("{head}, all of it by “{change}”.", head=head, change=words[order[0]])]

    def largest(places: list[int]) -> str:
        by = [outcome.difference(float(share[i]), sign=True) for i in places[:2]]
        parts = [
            t("“{change}” ({by})", change=words[i], by=one)
            for i, one in zip(places, by, strict=False)
        ]
        return t("{first}, then {second}", first=parts[0], second=parts[1]) if by[1:] else parts[0]

    lines = [t("{sentence}.", sentence=head)]
    along = [i for i in order if (share[i] > 0) == (after > before)]
    against = [i for i in order if i not in along]
    if along:
        lines.append(t("Most of it comes from {changes}.", changes=largest(along)))
    if against:
        lines.append(t("Against it works {changes}.", changes=largest(against)))
    return lines


# A grid of two inputs: where the plan stands, and where the frontier runs.


def two_way(ds: xr.Dataset, t: Translator) -> Narrative:
    """Return a grid of two inputs in words.

    Parameters
    ----------
    ds : Dataset
        Of :func:`corridor_model.sensitivity.two_way`.
    t : Translator
        Of the reader.
    """
    met = ds["met"].values
    by = percents(float(met.mean()), t, 0)
    lines = [t("Of {n} combinations {share} meet it.", n=met.size, share=by), _frontier(ds, t)]
    if "base" in ds.attrs:
        lines.insert(0, _verdict(ds, t, bool(ds.attrs["base_met"])))
    notes = []
    several = int(np.count_nonzero(ds["crossings"].values > 1))
    if several:
        x = axis_words(ds, "x", t).title
        more = N_(
            "At {n} of {all} values of {x} the verdict changes more than once; what is listed is "
            "the nearest stretch."
        )
        notes.append(t(more, n=several, all=ds.sizes["x"], x=x))
    return Narrative(lines, notes + setting_lines(ds, t))


def _frontier(ds: xr.Dataset, t: Translator) -> str:
    """Say where the frontier begins and ends."""
    line = ds["frontier"].values
    known = np.flatnonzero(~np.isnan(line))
    if not len(known):
        return t("There is no frontier here: the verdict is the same everywhere.")
    x, y = (axis_words(ds, axis, t) for axis in "xy")
    parts: list[str] = []
    for i in dict.fromkeys((int(known[0]), int(known[-1]))):
        there, side = x.at(float(ds["x"][i])), within(ds, i, y, t)
        if parts:  # whose numbers they are is said once
            part = N_("{there}: {bound}")
        elif x.who == y.who:
            part = N_("{who} {there}: {bound}")
        else:
            part = N_("{who} {there}: {other} {bound}")
        parts.append(t(part, who=x.who, there=there, other=y.who, bound=side))
    return t("The frontier: {parts}.", parts=_joined(parts, "；", t))


def _by_output(ds: xr.Dataset) -> xr.Dataset:
    """Return a study by output, also where one was selected."""
    if ds["output"].ndim:
        return ds
    of_inputs = {name: ds[name] for name in ("input_origin",) if name in ds}
    return ds.expand_dims("output").assign(of_inputs)


def _joined(parts: Iterable[str], mark: str, t: Translator) -> str:
    """Return clauses in a row: a mark between them in Chinese, a semicolon in English."""
    return ("; " if t.lang == "en" else mark).join(parts)


def _and(parts: Iterable[str], t: Translator) -> str:
    """Return few things in a row: the English says «and» between them."""
    return (" and " if t.lang == "en" else "、").join(parts)


NARRATORS: dict[str, Narrate] = {
    "tornado": tornado,
    "switching_values": switching,
    "sobol": sobol,
    "attribution": attribution,
    "two_way": two_way,
}
"""What puts a study into words, by the attribute ``study`` of its result."""


# The names of before `corridor_model.describe`; they go with the next release.


def _old(name: str, narrate: Narrate, ds: xr.Dataset, lang: str) -> list[str]:
    warnings.warn(f"{name} is now corridor_model.describe", DeprecationWarning, stacklevel=3)
    return narrate(ds, translator(lang)).lines


def tornado_text(ds: xr.Dataset, lang: str = "zh") -> list[str]:
    """Return a tornado in words; use :func:`corridor_model.describe`."""
    return _old("tornado_text", tornado, ds, lang)


def switching_text(ds: xr.Dataset, lang: str = "zh") -> list[str]:
    """Return tipping points in words; use :func:`corridor_model.describe`."""
    return _old("switching_text", switching, ds, lang)


def sobol_text(ds: xr.Dataset, output: str | None = None, lang: str = "zh") -> list[str]:
    """Return Sobol indices in words; use :func:`corridor_model.describe`."""
    return _old("sobol_text", sobol, ds if output is None else ds.sel(output=[output]), lang)


def attribute_text(ds: xr.Dataset, lang: str = "zh", output: str | None = None) -> list[str]:
    """Return an attribution in words; use :func:`corridor_model.describe`."""
    one = ds if output is None else ds.sel(output=[output])
    return _old("attribute_text", attribution, one, lang)


def two_way_text(ds: xr.Dataset, lang: str = "zh") -> list[str]:
    """Return a grid of two inputs in words; use :func:`corridor_model.describe`."""
    return _old("two_way_text", two_way, ds, lang)
