"""The tables of a plan behind the sheets of its workbook, so that the file is read back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from corridor_model.files import guarded
from corridor_model.messages import printable
from corridor_model.periods import Period
from corridor_model.plan.save import cell_text
from corridor_model.report.figure_sheet import SPARE, Baselines, Figures, code_formula
from corridor_model.report.promise_sheets import Promises
from corridor_model.report.spreadsheet import TOP, Sheet, Spreadsheet, quoted
from corridor_model.report.standing import Standing
from corridor_model.report.work_sheets import STATES, Works
from corridor_model.tabular.packages import OWN_REMARKS
from corridor_model.tabular.schema import TABLES

if TYPE_CHECKING:
    from corridor_model.tabular.schema import Column


class PlanTables:
    """Hidden sheets, one a table of the schema, linked to the cells that may be filled in."""

    def __init__(
        self,
        book: Spreadsheet,
        standing: Standing,
        figures: Figures,
        baselines: Baselines,
        splits: Sheet,
        works: Works | None,
        tasks: Sheet | None,
        promises: Promises,
    ):
        self.book, self.standing, self.plan = book, standing, standing.plan
        self.figures, self.baselines, self.splits = figures, baselines, splits
        self.works, self.tasks, self.promises = works, tasks, promises
        self.look = book.book.add_format({"font_size": 9})
        self.head = book.book.add_format({"font_size": 9, "bold": True})

    def write(self) -> None:
        """Write every table."""
        links = {
            "baselines": self._of_baselines(),
            "annual_targets": self._of_splits(),
            "projects": self._of_projects(),
            "annual_investment": self._of_plans(),
            "work_reports": self._of_work_reports(),
            "task_reports": self._of_task_reports(),
        }
        for name, schema in TABLES.items():
            sheet = self.book.book.add_worksheet(f"_{name}")
            sheet.hide()
            sheet.protect("")
            for column, title in enumerate(schema.names):
                sheet.write_string(0, column, title, self.head)
            if name == "observations":
                self._figures(sheet, schema.names, "ISNUMBER")
                continue
            linked = links.get(name, {})
            rows = list(self.plan.tables[name].rows())
            for row, cells in enumerate(rows, 1):
                own = linked.get(row - 1, {})
                for column, spec in enumerate(schema.columns):
                    if spec.name in own:
                        formula, cached = own[spec.name]
                        self._link(sheet, row, column, formula, cached)
                    else:
                        self._write(sheet, row, column, spec, cells[spec.name])
            for extra, cells_ in enumerate(linked.get(-1, {}).values(), len(rows) + 1):
                for column, spec in enumerate(schema.columns):
                    if spec.name in cells_:
                        formula, cached = cells_[spec.name]
                        self._link(sheet, extra, column, formula, cached)
        # words in the place of figures, which a plan's own table does not take
        sheet = self.book.book.add_worksheet(OWN_REMARKS)
        sheet.hide()
        sheet.protect("")
        names = ("indicator", "period", "value", "published")
        for column, title in enumerate(names):
            sheet.write_string(0, column, title, self.head)
        self._figures(sheet, names, "ISTEXT")

    def _link(self, sheet: Any, row: int, column: int, formula: str, cached: Any) -> None:
        value = "" if cached is None else cached
        sheet.write_formula(row, column, f"={formula}", self.look, value)

    def _write(self, sheet: Any, row: int, column: int, spec: Column, value: Any) -> None:
        if value is None:
            return
        if spec.type in {"number", "integer", "year"} and not isinstance(value, str):
            sheet.write_number(row, column, value, self.look)
            return
        text = cell_text(spec, value)
        text = guarded(text) if text.startswith("'") else text
        if text:
            sheet.write_string(row, column, printable(text), self.look)

    @staticmethod
    def _cell(reference: str) -> str:
        return f'IF({reference}="","",{reference})'

    def _figures(self, sheet: Any, names: Sequence[str], holds: str) -> None:
        """Link the lines of figures whose value is a number, or a word in its place."""
        page = self.figures.sheet
        assert page is not None
        lang = self.book.t.lang
        own = quoted("user")
        for line in range(len(self.figures.rows) + SPARE):
            row = self.figures.rows[line] if line < len(self.figures.rows) else {}
            value = row.get("value")
            shown_here = value is not None and isinstance(value, str) == (holds == "ISTEXT")
            value_cell = page.abroad("value", TOP + line)
            for column, name in enumerate(names):
                cell = page.abroad(name, TOP + line)
                shown = row.get(name)
                formula = self._cell(cell)
                if name in {"measure", "basis", "origin", "bound"}:
                    formula = code_formula(cell, name, lang)
                if name == "origin" and isinstance(value, (int, float)):
                    # a figure typed over another one is the user's own
                    formula = f"IF({value_cell}={value!r},{formula},{own})"
                formula = f'IF({holds}({value_cell}),{formula},"")'
                self._link(sheet, line + 1, column, formula, shown if shown_here else "")

    def _of_baselines(self) -> dict[int, dict[str, Any]]:
        links: dict[int, dict[str, Any]] = {-1: {}}
        page = self.baselines.sheet
        assert page is not None
        table = list(self.plan.tables["baselines"].rows())
        for name, line in self.baselines.lines.items():
            start = self.plan.indicators[name].baseline
            year, value = (page.abroad(key, line) for key in ("year", "value"))
            origin = page.abroad("origin", line)
            if start is None:
                given = f"ISNUMBER({value})"
                unit = self.plan.indicators[name].unit
                links[-1][name] = {
                    "indicator": (f'IF({given},{quoted(name)},"")', ""),
                    "year": (f'IF({given},{year},"")', ""),
                    "value": (f'IF({given},{value},"")', ""),
                    "unit": (f'IF({given},{quoted(unit)},"")', ""),
                    "origin": (f'IF({given},"user","")', ""),
                }
                continue
            place = next(
                (
                    i
                    for i, row in enumerate(table)
                    if row["indicator"] == name
                    and (row["year"], row["value"], row["origin"])
                    == (start.year, start.value, start.origin)
                ),
                None,
            )
            if place is not None:
                links[place] = {
                    "year": (self._cell(year), start.year),
                    "value": (self._cell(value), start.value),
                    "origin": (code_formula(origin, "origin", self.book.t.lang), start.origin),
                }
        return links

    def _of_splits(self) -> dict[int, dict[str, Any]]:
        links: dict[int, dict[str, Any]] = {}
        year = self.standing.period.year
        rows = list(self.plan.tables["annual_targets"].rows())
        for case in self.promises.splits:
            line = self.promises.split_rows[case.id]
            for place, row in enumerate(rows):
                if (
                    row["indicator"] == case.id
                    and row["year"] == year
                    and case.annual_target == row["value"]
                ):
                    cell = self.splits.abroad("split", line)
                    own = quoted("user")
                    origin = quoted(row["origin"] or "user")
                    links[place] = {
                        "value": (self._cell(cell), row["value"]),
                        "origin": (
                            f"IF({cell}={row['value']!r},{origin},{own})",
                            row["origin"] or "user",
                        ),
                    }
        return links

    def _of_projects(self) -> dict[int, dict[str, Any]]:
        links: dict[int, dict[str, Any]] = {}
        if self.works is None:
            return links
        lines = {str(row["project"]): TOP + i for i, row in enumerate(self.standing.works)}
        for place, row in enumerate(self.plan.tables["projects"].rows()):
            cell = self.works.sheet.abroad("investment", lines[row["id"]])
            links[place] = {"investment": (self._cell(cell), row["investment"])}
        return links

    def _of_plans(self) -> dict[int, dict[str, Any]]:
        links: dict[int, dict[str, Any]] = {-1: {}}
        if self.works is None:
            return links
        year = self.standing.period.year
        rows = list(self.plan.tables["annual_investment"].rows())
        of_year = {row["project"]: i for i, row in enumerate(rows) if row["year"] == year}
        for line, row in enumerate(self.standing.works, TOP):
            name = str(row["project"])
            cell = self.works.sheet.abroad("plan", line)
            if name in of_year:
                old = rows[of_year[name]]["value"]
                links[of_year[name]] = {"value": (self._cell(cell), old)}
            else:
                given = f"ISNUMBER({cell})"
                links[-1][name] = {
                    "project": (f'IF({given},{quoted(name)},"")', ""),
                    "year": (f'IF({given},{year},"")', ""),
                    "value": (f'IF({given},{cell},"")', ""),
                    "origin": (f'IF({given},"user","")', ""),
                }
        return links

    def _of_work_reports(self) -> dict[int, dict[str, Any]]:
        links: dict[int, dict[str, Any]] = {}
        if self.works is None:
            return links
        rows = list(self.plan.tables["work_reports"].rows())
        for line, work in enumerate(self.standing.works, TOP):
            for place, row in enumerate(rows):
                if row["project"] != work["project"] or not work["period"]:
                    continue
                if str(Period.of(row["period"])) != str(Period.of(work["period"])):
                    continue
                own = {}
                for name, key, shown in (
                    ("invested_month", "month", work["invested_month"]),
                    ("invested_year", "spent", work["invested_year"]),
                    ("invested_total", "total", work["invested_total"]),
                ):
                    if shown is not None and shown == row[name]:
                        cell = self.works.sheet.abroad(key, line)
                        own[name] = (self._cell(cell), shown)
                links[place] = own
        return links

    def _of_task_reports(self) -> dict[int, dict[str, Any]]:
        """Link the last report of each task; the words of its state are read back."""
        links: dict[int, dict[str, Any]] = {}
        if self.tasks is None:
            return links
        rows = list(self.plan.tables["task_reports"].rows())
        for line, task in enumerate(self.standing.tasks, TOP):
            for place, row in enumerate(rows):
                if row["task"] == task["task"] and row["date"] == task["date"]:
                    state, date, sentence = (
                        self.tasks.abroad(key, line) for key in ("state", "date", "sentence")
                    )
                    links[place] = {
                        "state": (self._state(state), row["state"]),
                        "date": (self._cell(date), row["date"]),
                        "sentence": (self._cell(sentence), row["sentence"] or ""),
                    }
        return links

    def _state(self, cell: str) -> str:
        """Return the formula of the code of a state, whatever the language of its word."""
        formula = f'IF({cell}="","",{cell})'
        for code, text in STATES.items():
            formula = f"IF({cell}={quoted(self.book.t.of(text))},{quoted(code)},{formula})"
        return formula
