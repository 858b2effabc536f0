"""Rows of yearly tables and of reports as entries of the schema."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corridor_model.observations import entries, reports
from corridor_model.observations.columns import Header
from corridor_model.observations.entries import Entry
from corridor_model.observations.remarks import reason_for


def yearly(
    line: int,
    row: Sequence[str],
    cells: dict[str, str],
    header: Header,
    around: entries.Around,
    published: str,
) -> list[Entry]:
    """Return one entry a year that has a figure."""
    made = []
    unit = entries.cell(row, header.of("unit")).strip()
    for heading in header.headings:
        if heading.role not in {"@year", "value"}:
            continue
        text = entries.cell(row, heading)
        if reason_for(text):
            continue
        year = heading.span or cells.get("year", "")
        said = unit or heading.unit or around.column_units.get(heading.position, "") or around.unit
        value = reports.with_unit(text, said)
        made.append(Entry(line, heading.title, {**cells, "year": year, "value": value}))
    return made


def work(
    line: int,
    row: Sequence[str],
    cells: dict[str, str],
    header: Header,
    around: entries.Around,
    published: str,
) -> list[Entry]:
    """Return a report on a work, if the row says anything."""
    for heading in header.headings:
        if heading.role in reports.MONEY:
            text = cells[heading.role]
            unit = heading.unit or around.column_units.get(heading.position, "") or around.unit
            cells[heading.role] = "" if reason_for(text) else reports.with_unit(text, unit)
    said = [text for role, text in cells.items() if role not in {"project", "period", "published"}]
    if all(reason_for(text) == "not_reported" for text in said):
        return []
    heading = header.of("period") or header.headings[0]
    span = next((h for h in header.headings if h.role == "invested_year" and h.span), heading)
    cells["period"] = entries.period_text(
        replace(span, follows="@ytd"), cells.get("period", ""), None, around.period
    )
    cells["published"] = cells.get("published", "").strip() or published
    return [Entry(line, "", cells)]


def task(
    line: int,
    row: Sequence[str],
    cells: dict[str, str],
    header: Header,
    around: entries.Around,
    published: str,
) -> list[Entry]:
    """Return a report on a task; one without a word is not reported."""
    day = cells.get("date", "").strip() or published
    if not day and around.period is not None:
        day = around.period.last_day
    state = reports.state_word(cells.get("state", ""))
    silent = reason_for(cells.get("sentence", "")) == "not_reported"
    if silent and not state:
        state = "not_reported"
    return [Entry(line, "", {**cells, "date": day, "state": state})]
