"""Where a number came from, and which of several origins a result must carry (S5)."""

from __future__ import annotations

from collections.abc import Iterable

from corridor_model.plan.schema import ORIGINS

ORIGINS_ZH = {
    "document": "文件",
    "definition": "定义",
    "published": "公开发布",
    "user": "本单位填报",
    "literature": "文献",
    "assumed": "假设",
}

_STRENGTH = {origin: place for place, origin in enumerate(ORIGINS)}
_CHOICE = ("user", "document", "definition", "published", "literature", "assumed")


def weakest(origins: Iterable[str]) -> str:
    """Return the weakest of some origins: a result is no better than its worst input.

    Examples
    --------
    >>> weakest(["document", "assumed", "published"])
    'assumed'
    """
    return max(origins, key=_STRENGTH.__getitem__)


def preference(origin: str) -> int:
    """Return the place of an origin when two baselines compete: the user's own comes first."""
    return _CHOICE.index(origin)
