"""What matters: which work, delay or growth decides each target, and where it tips.

Studies of a plan (:func:`tornado`, :func:`switching_values`, :func:`two_way`, :func:`sobol`,
:func:`attribute`) ask the model that :func:`corridor_model.simulate` does. Their general
forms take any function: :func:`one_at_a_time`, :func:`sobol_indices`, :func:`morris`,
:func:`shapley_values`.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corridor_model.sensitivity.attribution import attribute as attribute
    from corridor_model.sensitivity.attribution import shapley_values as shapley_values
    from corridor_model.sensitivity.inputs import SensitivityError as SensitivityError
    from corridor_model.sensitivity.morris import morris as morris
    from corridor_model.sensitivity.plan_sobol import sobol as sobol
    from corridor_model.sensitivity.sobol import sobol_indices as sobol_indices
    from corridor_model.sensitivity.switching import switching_values as switching_values
    from corridor_model.sensitivity.tornado import one_at_a_time as one_at_a_time
    from corridor_model.sensitivity.tornado import tornado as tornado
    from corridor_model.sensitivity.two_way import two_way as two_way

_HOMES = {
    "SensitivityError": "inputs",
    "attribute": "attribution",
    "morris": "morris",
    "one_at_a_time": "tornado",
    "shapley_values": "attribution",
    "sobol": "plan_sobol",
    "sobol_indices": "sobol",
    "switching_values": "switching",
    "tornado": "tornado",
    "two_way": "two_way",
}

__all__ = sorted(_HOMES)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*(name for name in globals() if name.startswith("__")), *__all__})


class _Face(ModuleType):
    """A package whose modules do not hide its functions of the same name."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Face
