"""Names as people write them: which table a file or sheet is, which id a word meant."""

from __future__ import annotations

from collections.abc import Collection

from corridor_model.errors import Problem, two_language_problem
from corridor_model.messages import Message, message
from corridor_model.tabular.schema import SHEETS_ZH, TABLES

MANY = 2_000
"""Among more names than this only those that begin or end alike are compared."""

_BY_TITLE = {title: name for name, title in SHEETS_ZH.items()}


def nearest(word: str, known: Collection[str]) -> str:
    """Return the known name most like a word, or an empty text.

    Examples
    --------
    >>> nearest("gpd", ["gdp", "rd_to_gdp"])
    'gdp'
    """
    from difflib import get_close_matches

    lower = word.lower()
    by_lower = {name.lower(): name for name in known if name}
    if len(by_lower) > MANY:
        by_lower = {
            text: name
            for text, name in by_lower.items()
            if abs(len(text) - len(lower)) <= 2
            and (text[:1] == lower[:1] or text[-1:] == lower[-1:])
        }
    found = get_close_matches(lower, by_lower, n=1)
    return by_lower[found[0]] if found else ""


def unknown_name(value: str, known: Collection[str], links: str) -> tuple[Message, Message]:
    """Return what and remedy for a name that nothing carries, with the nearest known one."""
    table = links.partition(".")[0]
    what = message("{name!r} is not in the table {table}.", name=value, table=table)
    if near := nearest(value, known):
        return what, message("Did you mean {near!r}?", near=near)
    return what, message("Enter it in {table} first.", table=table)


def table_named(title: str) -> str:
    """Return the table a file or sheet is called after, in English or Chinese."""
    title = title.strip()
    return _BY_TITLE.get(title, title.lower())


def unknown_table(shown: str, name: str) -> Problem:
    """Return the problem of a file or sheet that is no table of a plan."""
    near = nearest(name, [*TABLES, *_BY_TITLE])
    return two_language_problem(
        "不是计划的数据表。",
        "is not a table of a plan.",
        f"是否应为{near}？" if near else f"可用：{'、'.join(TABLES)}。",
        f"Did you mean {near!r}?" if near else f"Known: {', '.join(TABLES)}.",
        shown,
    )


def doubled_table(shown: str, name: str) -> Problem:
    """Return the problem of a second file or sheet for one table."""
    return two_language_problem(
        f"{name}表出现两次。",
        f"is a second table {name}.",
        "请只保留一个。",
        "Keep one of the two.",
        shown,
    )


def missing_table(name: str) -> Problem:
    """Return the problem of a table a plan cannot be without."""
    return two_language_problem(
        f"缺少{name}表。",
        f"the table {name} is missing.",
        f"请补上{name}.csv或同名工作表；可用corridor template新建一套。",
        f"Add {name}.csv or a sheet of that name; `corridor template` makes a set.",
        name,
    )
