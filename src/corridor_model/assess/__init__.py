"""Is it on track: schedule arithmetic, rule profiles, roll-up.

The room can be called like the function it is named after: ``cm.assess(plan)``.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from corridor_model.assess.assessment import assess

__all__ = ["assess"]


class _Room(ModuleType):
    """A package that is also its main function: importing it must not hide ``cm.assess``."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return assess(*args, **kwargs)


sys.modules[__name__].__class__ = _Room
