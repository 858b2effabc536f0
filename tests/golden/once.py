"""What takes long is computed once: a call in another language or format asks the same again."""

from __future__ import annotations

import contextlib
import copy
import importlib
import io
import pickle
import warnings
from collections.abc import Callable, Iterator
from functools import cache, wraps
from typing import Any
from unittest import mock

from corridor_model.plan.plan import Plan
from tests.golden.studies import STUDIES

VERBS = {
    "assess": ("assess",),
    "choose": ("budget_cut", "choose_projects", "robust_choice"),
    "sensitivity": ("attribute", "sobol", "switching_values", "tornado", "two_way"),
    "simulate": ("simulate",),
}
"""Functions that do the work of a verb, by the module of the command line that calls them."""


class _Key(pickle.Pickler):
    """Writes arguments down; a plan stands for its content, whatever was asked of it before."""

    def persistent_id(self, item: Any) -> Any:
        return (Plan.__name__, item.digest) if isinstance(item, Plan) else None


def _remembering(function: Callable[..., Any], results: dict[Any, Any]) -> Callable[..., Any]:
    @wraps(function)
    def answer(*arguments: Any, **options: Any) -> Any:
        text = io.BytesIO()
        _Key(text).dump((arguments, sorted(options.items())))
        key = (function.__module__, function.__name__, text.getvalue())
        if key not in results:
            with warnings.catch_warnings(record=True) as said:
                warnings.simplefilter("always")
                results[key] = function(*arguments, **options), said
        result, said = results[key]
        for one in said:  # as when it is computed anew
            warnings.warn(one.message, stacklevel=2)
        return copy.deepcopy(result)  # who changes its result changes no other's

    return answer


@contextlib.contextmanager
def verbs_compute_once() -> Iterator[None]:
    """Let the command line compute a result once, however often it is worded."""
    results: dict[Any, Any] = {}
    with contextlib.ExitStack() as stack:
        for verb, names in VERBS.items():
            module = importlib.import_module(f"corridor_model.cli.{verb}")
            for name in names:
                function = _remembering(getattr(module, name), results)
                stack.enter_context(mock.patch.object(module, name, function))
        yield


@cache
def _computed(name: str) -> Any:
    return STUDIES[name]()


def study_result(name: str) -> Any:
    """Return the result of a study, computed once."""
    return copy.deepcopy(_computed(name))
