"""What results, plans and scenarios say of themselves, in both languages."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import corridor_model as cm
from corridor_model.text.forecasting import base_rate_text, explanation_text
from corridor_model.text.portfolio import choice_text, cut_text, robust_text
from corridor_model.text.scenario import scenario_text
from tests.golden.once import study_result


def _lines(lines: Any) -> str:
    return lines if isinstance(lines, str) else "\n".join(lines)


def _study(name: str, text: Callable[..., Any] = cm.describe) -> Callable[[str], str]:
    return lambda lang: _lines(text(study_result(name), lang=lang))


def _scenarios(lang: str) -> str:
    plan = cm.load_plan()
    every = [
        *cm.shipped_scenarios(),
        cm.Scenario(
            "mine",
            cm.Delay(category="road", months=cm.Triangular(0, 2, 12), mode="stretch"),
            cm.Overrun(factor=cm.Lognormal(mean=1.2, sd=0.3), unit="区住建局"),
            cm.SetGrowth("gdp", 0.07, sd=0.02),
            cm.SetTarget("gdp", 600, year=2023),
            cm.SetDates("binhai_avenue", start="2021-01", end="2023-06"),
            cm.SetProfile("binhai_avenue", cm.SCurve()),
            since="2021-01-01",
        ),
    ]
    return "\n".join(line for scenario in every for line in scenario_text(scenario, plan, lang))


def _explanation(lang: str) -> str:
    history = [41.2, 44.0, 48.9, 50.3, 56.1, 60.0, 63.7]
    told = cm.forecast(history, list(range(2013, 2020)), 3, "level")
    return "\n".join(
        [
            explanation_text(told.explain(75.0), lang),
            base_rate_text(cm.feasibility(100, 133.1, 3, "level"), lang),
            repr(told),
        ]
    )


def _html(lang: str) -> str:
    plan = cm.load_plan(example=True)
    shown = (
        plan,
        plan.indicators["gdp"],
        plan.projects["binhai_avenue"],
        cm.example_observations(),
    )
    with cm.set_options(lang=lang):
        return "\n".join(item._repr_html_() for item in shown)


def _template(_: str) -> str:
    from corridor_model.cli import main

    with tempfile.TemporaryDirectory() as folder:
        main(["template", f"{folder}/plan", "--lang", "zh"])
        main(["template", f"{folder}/baselines.csv", "--lang", "zh"])
        return "\n".join(
            f"{file.relative_to(folder)}\n{file.read_text(encoding='utf-8-sig')}"
            for file in sorted(Path(folder).rglob("*"))
            if file.suffix in {".csv", ".md", ".txt", ".json"}
        )


def _cells(file: Path) -> str:
    import openpyxl

    book = openpyxl.load_workbook(file)
    return "\n".join(
        "\t".join("" if cell is None else str(cell) for cell in row)
        for sheet in book
        for row in ([sheet.title], *sheet.iter_rows(values_only=True))
    )


def _workbook(lang: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        file = cm.write_workbook(cm.load_plan(), f"{folder}/w.xlsx", as_of="2021-09", lang=lang)
        return _shown(file)


def _shown(file: Path) -> str:
    """Return what the sheets of a workbook print: values, without the arithmetic beside them."""
    import openpyxl

    book = openpyxl.load_workbook(file, data_only=True)
    return "\n".join(
        "\t".join("" if cell is None else str(cell) for cell in row)
        for sheet in book
        if sheet.sheet_state == "visible"
        for row in ([sheet.title], *sheet[sheet.print_area.split("!")[-1].replace("$", "")])
        for row in [[getattr(cell, "value", cell) for cell in row]]
    )


def _form(lang: str) -> str:
    from corridor_model.cli import main

    with tempfile.TemporaryDirectory() as folder:
        main(["template", f"{folder}/observations.xlsx", "--as-of", "2021-09", "--lang", lang])
        return _cells(Path(folder) / "observations.xlsx")


def _figure(name: str) -> Callable[[str], str]:
    def draw(lang: str) -> str:
        with tempfile.TemporaryDirectory() as folder:
            file = cm.sensitivity_figure(study_result(name), f"{folder}/f.svg", lang=lang)
            svg = Path(file).read_text(encoding="utf-8")
        labels = re.findall(r"<!-- (.*?) -->", svg)
        numbers = re.sub(r"-?\d+\.\d+", lambda number: f"{float(number[0]):.3f}", svg)
        return "\n".join([*labels, hashlib.sha256(numbers.encode()).hexdigest()])

    return draw


SAYINGS: dict[str, Callable[[str], str]] = {
    "tornado": _study("tornado"),
    "tornado_money": _study("tornado_money"),
    "switching": _study("switching_values"),
    "sobol": _study("sobol"),
    "sobol_example": _study("sobol_example"),
    "attribute": _study("attribute"),
    "two_way": _study("two_way"),
    "choice": _study("choose_projects", choice_text),
    "choice_scenario": _study("choose_scenario", choice_text),
    "robust": _study("robust_choice", robust_text),
    "cut": lambda lang: _lines(cut_text(cm.budget_cut(cm.load_plan(), share=0.3), lang)),
    "scenarios": _scenarios,
    "explanation": _explanation,
    "html": _html,
    "template": _template,
    "workbook": _workbook,
    "form": _form,
    "figure_tornado": _figure("tornado"),
    "figure_sobol": _figure("sobol"),
    "figure_grid": _figure("two_way"),
    "figure_attribution": _figure("attribute"),
}
