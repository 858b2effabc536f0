"""The command ``corridor``. A verb is named like the function it calls.

Nothing heavy is imported before a verb is known, so that ``corridor --help`` is instant.
"""

from __future__ import annotations

import codecs
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from importlib import import_module

OK, WRONG_INPUT, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130
"""Exit codes: done; the files have mistakes; the command line has one (argparse's own); Ctrl-C."""


_VERBS = {
    "assess": ("assess", "run"),
    "assess-panel": ("assess", "run_panel"),
    "bulletin": ("bulletin", "run"),
    "choose": ("choose", "run"),
    "collect": ("plan", "run_collect"),
    "diff": ("simulate", "run_diff"),
    "observe": ("plan", "run_observe"),
    "paths": ("growth", "run_paths"),
    "plan": ("plan", "run_plan"),
    "publish": ("publish", "run"),
    "report": ("publish", "run_report"),
    "required": ("growth", "run_required"),
    "sensitivity": ("sensitivity", "run"),
    "simulate": ("simulate", "run"),
    "template": ("plan", "run_template"),
    "validate": ("plan", "run_validate"),
}
"""The module and the function of each verb."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments without the program's name; those of the process by default.

    Returns
    -------
    int
        0 when done, 1 for mistakes in the input (each printed with its remedy), 2 for a
        wrong command line, 130 after Ctrl-C.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    lang = "en"
    try:
        # within: who presses Ctrl-C while this is imported sees no traceback
        from corridor_model.cli.parser import build_parser

        _prepare_streams()
        lang = _language_of(arguments)
        return _run(build_parser(lang).parse_args(arguments))
    except KeyboardInterrupt:
        _say_interrupted(lang)
        if argv is None:
            # a solver or a thread that is still at work is not waited for, and what a library
            # noted of the signal does not change the code
            os._exit(INTERRUPTED)
        return INTERRUPTED


def _say_interrupted(lang: str) -> None:
    from corridor_model.messages import translator

    t = translator(lang)
    with suppress(OSError):
        sys.stdout.flush()
        print(t("Interrupted. Every file is whole."), file=sys.stderr, flush=True)  # noqa: T201


def _run(options: Namespace) -> int:
    """Run the verb of a command line and return the exit code."""
    # only verbs need them: --help is faster without
    from corridor_model.errors import CorridorError, CorridorWarning
    from corridor_model.files import warnings_shown

    try:
        with warnings_shown(CorridorWarning, _warn_in(options.lang)):
            room, name = _VERBS[options.module]
            verb = import_module(f"corridor_model.cli.{room}")
            getattr(verb, name)(options)
            sys.stdout.flush()
    except CorridorError as error:
        print(error.text(options.lang), file=sys.stderr)  # noqa: T201
        return WRONG_INPUT
    except BrokenPipeError:
        # the reader (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except OSError as error:
        # a full disk, or a terminal that went away
        print(f"{error.strerror}.", file=sys.stderr)  # noqa: T201
        return WRONG_INPUT
    return OK


def _warn_in(lang: str) -> Callable[..., None]:
    """Return a warning printer that speaks to a person, without file names of the library."""
    from corridor_model.messages import translator

    def show(message: Warning | str, *_: object, **__: object) -> None:
        t = translator(lang)
        print(t("Please check: {warning}", warning=t.of(message)), file=sys.stderr)  # noqa: T201

    return show


def _language_of(arguments: Sequence[str]) -> str:
    """Return the language asked for, before the parser that speaks it exists.

    That of ``--lang``, or else of :class:`corridor_model.set_options`, or else the system's.
    """
    for i, argument in enumerate(arguments):
        word = argument.partition("=")[2] if argument.startswith("--lang=") else ""
        if argument == "--lang" and i + 1 < len(arguments):
            word = arguments[i + 1]
        if word in {"zh", "en"}:
            return word
    from corridor_model.cli.parser import default_language
    from corridor_model.options import language_set

    # who calls this from Python may have set one
    return language_set() or default_language()


def _prepare_streams() -> None:
    """Write UTF-8 into files and pipes; on a terminal replace what it cannot show.

    Whoever names an encoding for Python has it in files and pipes, too.
    """
    encoding, _, errors = os.environ.get("PYTHONIOENCODING", "").partition(":")
    for name, rest in _REST.items():
        codecs.register_error(name, partial(_near, rest=rest))
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        if stream.isatty():
            reconfigure(errors=errors or "corridor-terminal")
        elif encoding:
            reconfigure(errors=errors or "corridor-file")
        else:
            reconfigure(encoding="utf-8")


_REST = {"corridor-terminal": "replace", "corridor-file": "backslashreplace"}
"""What becomes of letters that an encoding lacks: a person sees a gap, a program loses nothing."""

_SIGNS = {"✓": "√", "−": "-", "²": "^2", "«": '"', "»": '"'}
"""Signs of ours that the consoles of Chinese Windows (cp936) lack, and what they have instead."""


def _near(error: UnicodeError, rest: str) -> tuple[bytes, int]:
    """Write what an encoding lacks as the sign that is nearest; a tick is no question mark."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    parts = []
    for letter in error.object[error.start : error.end]:
        try:
            parts.append(_SIGNS.get(letter, letter).encode(error.encoding))
        except UnicodeEncodeError:
            parts.append(letter.encode(error.encoding, errors=rest))
    return b"".join(parts), error.end
