"""Conditions between works: requires, excludes, same year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from corridor_model.errors import Problem
from corridor_model.portfolio.problems import told

REQUIRES, EXCLUDES, SAME_YEAR = "requires", "excludes", "same_year"


@dataclass(frozen=True, slots=True)
class Link:
    """One condition.

    Attributes
    ----------
    kind : str
        ``requires``: the first only if the second is done, too. ``excludes``: at most one.
        ``same_year``: all begin in the same year, or none is done.
    works : tuple of str
        Ids.
    """

    kind: str
    works: tuple[str, ...]


def links(
    requires: Iterable[Any], excludes: Iterable[Any], same_year: Iterable[Any], found: list[Problem]
) -> tuple[Link, ...]:
    """Return the conditions, sorted, each once; malformed ones are found.

    Examples
    --------
    >>> links([("a", "b")], [("c", "b", "a")], [], [])
    (Link(kind='excludes', works=('a', 'b', 'c')), Link(kind='requires', works=('a', 'b')))
    """
    made: set[Link] = set()
    for kind, groups in ((REQUIRES, requires), (EXCLUDES, excludes), (SAME_YEAR, same_year)):
        listed = groups.items() if isinstance(groups, Mapping) else groups
        for group in listed:
            names = () if isinstance(group, str) else tuple(map(str, group))
            pair = kind == REQUIRES
            if len(set(names)) != len(names) or len(names) < 2 or (pair and len(names) > 2):
                zh = f"{group!r}应为{'两个' if pair else '两个或更多'}不同的项目。"
                en = f"{group!r} must be {'a pair of' if pair else 'two or more'} different works."
                found.append(told(kind, zh, en))
                continue
            made.add(Link(kind, names if pair else tuple(sorted(names))))
    return tuple(sorted(made, key=lambda link: (link.kind, link.works)))
