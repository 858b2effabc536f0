"""Old public names: they work for one release more, and say what to use.

A result must not import the rooms that draw it and put it into words: that would be an arrow
upward, and a circle. So what moved up, or to another package, is known here by its dotted name
alone, and looked up when somebody uses the old one.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Sequence
from functools import wraps
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

PACKAGE = "corridor_model"

NAMES: dict[str, str] = {
    "assess.assess": "assess",
    **{
        f"forecast.{name}": f"forecasting.{name}"
        for name in (
            *("METHODS", "Backtest", "BaseRate", "Explanation", "ForecastError"),
            *("NoScaleError", "Predictive", "PredictiveBatch", "Weights", "backtest"),
            *("calibrate", "feasibility", "forecast", "forecast_batch", "log_linear_fit"),
            *("prob_reach_lognormal", "shipped_weights"),
        )
    },
    "assess.explain.explain": "text.audit.explain",
    "assess.league.league": "assessment.rollup.league",
    "assess.probability.words.WORDS": "text.assessment.WORDS",
    "assess.probability.words.probability_word": "text.assessment.probability_word",
    "assess.rollup.roll_up": "assessment.rollup.roll_up",
    "assess.tasks.assess_tasks": "assessment.works.assess_tasks",
    "assess.trail.verdict_history": "assessment.trail.verdict_history",
    "assess.works.assess_works": "assessment.works.assess_works",
    "assess.works_total.works_total": "assessment.works.works_total",
    "paths.data_dir": "files.data_dir",
    "portfolio.choice_text": "text.portfolio.choice_text",
    "portfolio.cut_text": "text.portfolio.cut_text",
    "portfolio.robust_text": "text.portfolio.robust_text",
    "report.figure.draw_paths": "plot.growth.draw_paths",
    "report.fonts.font_context": "plot.style.font_context",
    "rounding.percent": "formatting.percent",
    "rounding.rounded": "formatting.rounded",
    **{
        f"sensitivity.words.{name}": f"text.sensitivity.{name}"
        for name in (
            *("tornado_text", "switching_text", "sobol_text", "attribute_text", "two_way_text"),
        )
    },
}
"""Old names and where they stand now, both below the package."""

_BETTER = "_text"
"""What puts one kind of result into words is best asked for by ``describe``."""


def moved(method: str, function: str, advice: str = "") -> Callable[..., Any]:
    """Return the function that a method became, and warn whoever called the method.

    Parameters
    ----------
    method : str
        The old name, such as ``Predictive.figure``.
    function : str
        The new one below the package, such as ``plot.fan``.
    advice : str, optional
        What to call instead, where that is another public name.
    """
    _warn(method, advice or function, 4)
    replacement: Callable[..., Any] = _look_up(function)
    return replacement


def attribute(owner: str, name: str) -> Any:
    """Return what an old name of a module or package means now, with a warning.

    Raises
    ------
    AttributeError
        If it never was a public name.
    """
    old = f"{owner}.{name}".removeprefix(f"{PACKAGE}.")
    if old not in NAMES:
        raise AttributeError(f"module {owner!r} has no attribute {name!r}")
    _warn(f"{PACKAGE}.{old}", NAMES[old], 4)
    return _look_up(NAMES[old])


def _warn(old: str, new: str, level: int) -> None:
    better = "describe" if new.endswith(_BETTER) else new
    warnings.warn(
        f"{old} goes with the next release: use {PACKAGE}.{better}.",
        DeprecationWarning,
        stacklevel=level,
    )


def _look_up(name: str) -> Any:
    room, _, last = name.rpartition(".")
    return getattr(import_module(f"{PACKAGE}.{room}" if room else PACKAGE), last)


_FUNCTIONS = {"assess", "forecast"}
"""Packages of the last release that are plain functions now."""
_MODULES = {
    f"{PACKAGE}.{'.'.join(parts[:n])}"
    for parts in (name.split(".") for name in NAMES)
    for n in range(1, len(parts))
} - {f"{PACKAGE}.{room}" for room in ("portfolio", "sensitivity", "report")}


class OldModule(ModuleType):
    """A module that is no more; its names lead to the new ones."""

    def __init__(self, name: str):
        super().__init__(name)
        self.__path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return attribute(self.__name__, name)


class _Finder:
    """Finds the modules of the last release that a public name came from.

    It has what the import system asks of a finder and a loader; their base classes stand in
    ``importlib.abc``, which costs more time than all of this package's face.
    """

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        """Return how to make an old module; None for any other."""
        loader: Any = self
        return ModuleSpec(fullname, loader, is_package=True) if fullname in _MODULES else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return the old module."""
        return OldModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: the module has no code."""


class Face(ModuleType):
    """The package's face: importing an old module must not hide the function of its name."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _FUNCTIONS and isinstance(value, OldModule)):
            super().__setattr__(name, value)

    def __reduce__(self) -> tuple[Any, ...]:
        # as any module: a notebook's own function that says `cm.assess` travels to workers
        return import_module, (self.__name__,)


def with_old_names(name: str, function: Any) -> Any:
    """Return a function that was a package once, its public names as attributes."""
    for old, new in NAMES.items():
        owner, _, last = old.rpartition(".")
        if owner == name and last != name:
            setattr(function, last, _forward(old, _look_up(new)))
    return function


def _forward(old: str, value: Any) -> Any:
    if isinstance(value, type) or not callable(value):
        return value  # a class must stay the class that results are instances of

    @wraps(value)
    def forwarded(*args: Any, **kwargs: Any) -> Any:
        _warn(f"{PACKAGE}.{old}", NAMES[old], 3)
        return value(*args, **kwargs)

    return forwarded


def install(face: ModuleType) -> None:
    """Let the package know its old names."""
    face.__class__ = Face
    sys.meta_path.append(_Finder())
