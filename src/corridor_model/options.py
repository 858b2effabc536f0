"""The reader's language, set once: of figures, descriptions, tables, files and displays."""

from __future__ import annotations

from collections import deque
from contextvars import ContextVar, Token
from types import TracebackType
from typing import Literal

from corridor_model.errors import CorridorError
from corridor_model.messages import LANGUAGES, N_

Language = Literal["zh", "en"]
DEFAULT: Language = "zh"
"""A planning office reads Chinese first."""

# Calls outside of a ``with`` hold for the whole process: the tasks in which a notebook runs its
# cells do not share context variables. The newest counts; older ones are kept only until a
# ``with`` that has just been made takes its own away again.
_process: deque[set_options] = deque(maxlen=64)
_block: ContextVar[Language | None] = ContextVar("corridor_model.lang", default=None)


class set_options:  # noqa: N801 - called like a function, as in xarray
    """Set the language of figures, descriptions, tables, reports and the command line.

    Called, it holds from now on; in a ``with`` statement it holds inside the block, in this
    thread or task alone. An argument ``lang`` of a function goes before it.

    Parameters
    ----------
    lang : {"zh", "en"}
        Chinese, as without any call, or English.

    Raises
    ------
    CorridorError
        If the language is another.

    Examples
    --------
    >>> import corridor_model as cm
    >>> study = cm.tornado(cm.load_plan(), "km_open:2022")
    >>> with cm.set_options(lang="en"):
    ...     print(cm.describe(study).splitlines()[0][:36])
    Within these ranges road length open
    """

    def __init__(self, *, lang: Language):
        self._lang = language(lang)
        self._token: Token[Language | None] | None = None
        _process.append(self)

    def __enter__(self) -> set_options:
        # the call that made it set the whole process: a block is its own thread's affair
        if self in _process:
            _process.remove(self)
        self._token = _block.set(self._lang)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._token is not None:
            _block.reset(self._token)
            self._token = None

    def __repr__(self) -> str:
        return f"set_options(lang={self._lang!r})"


def language_set() -> Language | None:
    """Return the language that was set in this block or process; None where none was.

    Examples
    --------
    >>> with set_options(lang="en"):
    ...     language_set()
    'en'
    """
    return _block.get() or (_process[-1]._lang if _process else None)


def language(lang: str | None = None) -> Language:
    """Return a language that is known: the one of an argument, or else the one that is set.

    Parameters
    ----------
    lang : {"zh", "en"}, optional
        What a function was called with.

    Raises
    ------
    CorridorError
        If it is another.

    Examples
    --------
    >>> language(), language("en")
    ('zh', 'en')
    """
    if lang is None:
        return language_set() or DEFAULT
    if not isinstance(lang, str) or lang not in LANGUAGES:
        raise CorridorError(N_("The language {lang!r} is unknown. Use 'zh' or 'en'."), lang=lang)
    return "zh" if lang == "zh" else "en"
