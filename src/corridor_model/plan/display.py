"""A plan in words: counts, targets and starting values, as terminals and notebooks show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from corridor_model.codes import KIND_WORDS, ORIGIN_WORDS
from corridor_model.formatting import plain, value_text
from corridor_model.messages import N_, Translator, context, translator
from corridor_model.plan.contents import PlanRecords
from corridor_model.plan.records import Indicator, last_target, printed_values

EXAMPLE = N_("with figures made up for teaching (assumed)")
"""What stands beside a plan with the worked example."""

SENSE_SIGNS = {"at_least": "≥", "at_most": "≤", "above": ">", "below": "<", "exactly": "="}


# Of a whole plan.


def counts(plan: PlanRecords) -> dict[str, int]:
    """Return how much of each thing a plan holds, and how much of it is known."""
    money = [work.investment for work in plan.projects.values()]
    return {
        "indicators": len(plan.indicators),
        "targets": len(plan.tables["targets"]),
        "baselines": sum(1 for i in plan.indicators.values() if i.baselines),
        "works": len(money),
        "works_with_money": sum(1 for value in money if value is not None),
        "tasks": len(plan.tasks),
        "conflicts": len(plan.conflicts),
    }


def plan_text(plan: PlanRecords) -> str:
    """Return the plan in a few lines: names, counts, and what is not known."""
    n = counts(plan)
    about = plan.about
    lines = [
        f"Plan {about.id!r}: {about.name_zh}, {about.first_year}-{about.last_year}"
        + (f" [{EXAMPLE}]" if plan.example else ""),
        f"  {n['indicators']} indicators with {n['targets']} targets; "
        f"a baseline is known for {n['baselines']}",
        f"  {n['works']} works, {n['works_with_money']} with a printed cost; {n['tasks']} tasks; "
        f"{n['conflicts']} conflicts",
    ]
    kinds = Counter(indicator.kind for indicator in plan.indicators.values())
    lines.append("  " + ", ".join(f"{count} {KIND_WORDS[kind]}" for kind, count in kinds.items()))
    return "\n".join(lines)


# Of one indicator: its last targets due and its start, as people read them (S4, S5).


def target_text(indicator: Indicator, lang: str = "zh") -> str:
    """Return the last targets due as people read them.

    Examples
    --------
    >>> import corridor_model as cm
    >>> target_text(cm.load_plan().indicators["gdp"])
    '≥ 580 亿元（2022年）'
    """
    t = translator(lang)
    if not indicator.targets:
        return t("no target")
    goal, year = goal_text(indicator, lang), last_target(indicator).year
    return goal if year is None else t("{goal} ({year})", goal=goal, year=year)


def goal_text(
    indicator: Indicator, lang: str = "zh", others: Mapping[str, Indicator] | None = None
) -> str:
    """Return the last targets due without their year: ``≥ 580 亿元``.

    Where the bound is another indicator's figure that one is named, by its id unless ``others``
    knows its name.

    Examples
    --------
    >>> import corridor_model as cm
    >>> goal_text(cm.load_plan().indicators["gdp"])
    '≥ 580 亿元'
    """
    if indicator.kind == "milestone":
        return translator(lang).context("milestone", "done")
    t = translator(lang)
    if not indicator.targets or indicator.kind == "qualitative":
        return t.context("target", "in words")
    last = last_target(indicator)
    sign = SENSE_SIGNS.get(last.sense or "", "")
    values = printed_values(indicator)
    if last.relative_to is not None:
        other = (others or {}).get(last.relative_to)
        name = other.name(lang) if other else last.relative_to
        return relative_text(last.sense or "", name, last.margin or 0.0, t)
    if len(values) > 1:
        return f"{'–'.join(map(plain, values))} {indicator.unit}".rstrip()
    value = f"{sign} {plain(last.number)}".lstrip()
    if last.sense == "about":
        slack = "" if last.tolerance is None else f" ± {plain(last.tolerance)}"
        value = f"{value}{slack} {indicator.unit}".rstrip()
        return t("about {value}", value=value)
    return f"{value} {indicator.unit}".rstrip()


RELATIVE = {
    "above": context("relative target", "above {other}"),
    "at_least": context("relative target", "at least {other}"),
    "below": context("relative target", "below {other}"),
    "at_most": context("relative target", "at most {other}"),
    "exactly": context("relative target", "the same as {other}"),
    "about": context("relative target", "about the same as {other}"),
}
"""How a promise stands to the figure of another indicator (S4)."""


def relative_text(sense: str, other: str, margin: float, t: Translator) -> str:
    """Return a bound that is another indicator's figure: ``above GDP growth + 2``.

    Examples
    --------
    >>> relative_text("above", "GDP增长", 2.0, translator("zh"))
    '高于GDP增长+2'
    """
    sign = "+" if margin > 0 else "-"
    size = plain(abs(margin))
    name = t("{other} {sign} {margin}", other=other, sign=sign, margin=size) if margin else other
    return t.of(replace(RELATIVE[sense], fields={"other": name}))


def printed_text(indicator: Indicator, lang: str = "zh") -> str:
    """Return the last targets due as values with their unit, without sign and year."""
    value = "–".join(plain(value) for value in printed_values(indicator))
    return value_text(value, indicator.unit, lang) if value else ""


def baseline_text(indicator: Indicator, lang: str = "zh") -> str:
    """Return the baseline in use with its year and origin, or that it is unknown."""
    start, t = indicator.baseline, translator(lang)
    if start is None:
        return t.context("baseline", "unknown")
    return f"{plain(start.value)} ({start.year}, {t.of(ORIGIN_WORDS[start.origin])})"


def in_language(text: str, lang: str) -> str:
    """Return the half of a text written «中文 / English» that the reader wants.

    Examples
    --------
    >>> in_language("普查前 / before the census", "en")
    'before the census'
    """
    chinese, slash, english = text.partition(" / ")
    return english if slash and lang == "en" else chinese
