"""Verdicts in other forms: every rule side by side, and how one came about."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from corridor_model.assess.explain import explain
from corridor_model.assess.rules import RULES
from corridor_model.assess.words import NOT_ASSESSABLE, status_word
from corridor_model.cli import output
from corridor_model.cli.probabilities import print_story
from corridor_model.plan.plan import Plan
from corridor_model.plan.show import EXAMPLE_EN, EXAMPLE_ZH
from corridor_model.rounding import plain

if TYPE_CHECKING:
    import xarray as xr


def print_rules(made: xr.Dataset, plan: Plan, lang: str) -> None:
    """Print the verdicts of all rules side by side, for what any of them can judge."""
    zh = lang == "zh"
    note = f" [{EXAMPLE_ZH if zh else EXAMPLE_EN}]" if plan.example else ""
    output.heading(
        f"{made.attrs['as_of']} 各规则评价对照{note}"
        if zh
        else f"Verdicts of every rule as of {made.attrs['as_of']}{note}"
    )
    names = [str(name) for name in made["name_zh" if zh else "name_en"].to_numpy()]
    statuses, words = made["status"].to_numpy(), made["rule_word"].to_numpy()
    for i, name in enumerate(names):
        if (statuses[:, i] == NOT_ASSESSABLE).all():
            continue
        output.say("", output.bold(name))
        output.table(
            ("规则", "评价", "该规则的等级") if zh else ("rule", "verdict", "its own class"),
            [
                (
                    rule.name_zh if zh else rule.name,
                    status_word(str(statuses[r, i]), lang),
                    rule.words.get(str(words[r, i]), ("", str(words[r, i])))[not zh],
                )
                for r, rule in enumerate(RULES.values())
            ],
            (False, False, False),
        )


def print_audit(made: xr.Dataset, options: Namespace) -> None:
    """Print how one verdict came about."""
    rule = "schedule" if options.rule == "all" else None
    audit = explain(made, options.explain, rule)
    if options.format == "json":
        fields = type(audit).__dataclass_fields__
        output.records([{name: getattr(audit, name) for name in fields}], "json")
        return
    output.heading(audit.zh if options.lang == "zh" else audit.en)
    rows = [(name, value) for part in (audit.inputs, audit.steps) for name, value in part.items()]
    rows += [(f"formula {name}", text) for name, text in audit.formulas.items()]
    rows += [
        (name, getattr(audit, name))
        for name in ("rule", "source", "thresholds", "branch", "status", "reason")
    ]
    output.table(
        ("项目", "值") if options.lang == "zh" else ("item", "value"),
        [(name, _cell(value)) for name, value in rows],
        (False, False),
    )
    print_story(audit.forecast, options.lang)


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "—"
    return plain(value) if isinstance(value, float) else str(value)
