"""Every public name with its signature, as one text."""

from __future__ import annotations

import importlib
import inspect

FACES = ("", ".growth", ".forecasting", ".assessment", ".sensitivity", ".portfolio", ".plot")


def signatures() -> str:
    """Return one line for each public name and each public method: parameters and defaults."""
    lines = []
    for face in FACES:
        module = importlib.import_module(f"corridor_model{face}")
        for name in module.__all__:
            item = getattr(module, name)
            if inspect.isclass(item):
                methods = {
                    key: value
                    for base in reversed(item.__mro__)
                    for key, value in vars(base).items()
                    if base.__module__.startswith("corridor_model") and key[0] != "_"
                }
                lines += [
                    f"cm{face}.{name}.{key}{_parameters(value)}"
                    for key, value in sorted(methods.items())
                ]
            lines.append(f"cm{face}.{name}{_parameters(item)}")
    return "\n".join(sorted(lines)) + "\n"


def _parameters(item: object) -> str:
    item = getattr(item, "__func__", item)
    if not callable(item):
        return ""
    try:
        signature = inspect.signature(item)
    except (TypeError, ValueError):
        return ""
    bare = [
        parameter.replace(annotation=inspect.Parameter.empty)
        for parameter in signature.parameters.values()
    ]
    return str(signature.replace(parameters=bare, return_annotation=inspect.Signature.empty))
