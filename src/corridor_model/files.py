"""Files written whole or not at all, and cells that no spreadsheet takes for a formula."""

from __future__ import annotations

import datetime
import errno
import io
import os
import re
import shutil
import stat
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from corridor_model.errors import CorridorError, PlanError, Problem
from corridor_model.messages import N_, Listing, Message, Name, message

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?(?:\d++\.?+\d*+|\.\d++)(?:[eE][+-]?\d++)?")


_LEFT = ".corridor-"
"""How the name of a file begins that is being written, or was when its writer was killed."""

_KEPT = "old-"
"""And what is kept of a former file until the last one is renamed."""

_LEFT_SECONDS = 86_400.0
"""After a day nobody writes to it any more, also on a drive that lends no locks."""

_FULL = frozenset(
    getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG") if hasattr(errno, name)
)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path`` and rename it there if all went well.

    A run that fails, or is killed, leaves the old file whole; of two writers the later one
    wins. See :func:`replacing_all`.

    Raises
    ------
    CorridorError
        If the folder cannot be written, the drive is full, or another program holds the file.
    """
    with replacing_all() as beside:
        yield beside(path)


@contextmanager
def replacing_all() -> Iterator[Callable[[Path], Path]]:
    """Yield a function that names a temporary path beside a path; rename all if all went well.

    What was written is on the drive before the first file is renamed. Where a later one cannot
    be renamed, those before it get their former content back. What a killed run leaves behind
    begins with ``.corridor-``, is read by nobody, and is taken away by the next run that
    writes into the folder.

    Raises
    ------
    CorridorError
        If a folder cannot be written, the drive is full, or another program holds a file.
    """
    files: dict[Path, _Replacement] = {}
    folders: list[Path] = []

    def beside(path: Path) -> Path:
        if not path.name:
            raise CorridorError(N_("A file needs a name."))
        if path not in files:
            folders.extend(_folders_missing(path.parent))
            try:
                files[path] = _Replacement(path)
            except (OSError, ValueError) as error:  # ValueError: a NUL in the name
                raise not_written(path, error) from error
        return files[path].temporary

    done: list[_Replacement] = []
    try:
        yield beside
        for one in files.values():
            one.settle()
        for i, one in enumerate(files.values(), 1):
            done.append(one)
            one.rename(keep=i < len(files))
        for folder in {path.parent for path in files}:
            _settle_folder(folder)
        folders.clear()
    except BaseException as error:
        for one in reversed(done):
            one.undo()
        if isinstance(error, OSError):
            path = next(
                (p for p, one in files.items() if _is_of(error, one)), next(iter(files), None)
            )
            if path is not None:
                raise not_written(path, error) from error
        raise
    finally:
        for one in files.values():
            one.forget()
        for folder in reversed(folders):
            with suppress(OSError, ValueError):  # only what is empty goes, and could have a name
                folder.rmdir()


IS_WINDOWS = os.name == "nt"


class _Replacement:
    """A file to be, its temporary file, and what stood in its place."""

    def __init__(self, path: Path) -> None:
        # not tempfile: its files are private, and the umask cannot be asked without being
        # changed, which other threads would notice
        self.path = path
        self.temporary = temporary_name(path)
        self._former: Path | None = None
        self._renamed = False
        path.parent.mkdir(parents=True, exist_ok=True)
        os.fsencode(path)  # the temporary name does not hold what may be wrong with the other
        if "\0" in str(path):
            raise ValueError("embedded null byte")
        if path.exists() and not path.is_file():  # /dev/null would be a file from then on
            raise OSError(errno.EINVAL, "a folder or a device, no file", str(path))
        _take_away(path.parent)
        self._handle: int | None = self._made()
        while not self._is_ours():  # before it was locked it looked like what a killed run left
            self.forget()
            self.temporary = temporary_name(path)
            self._handle = self._made()
        try:
            if path.exists() and IS_WINDOWS:
                # onto itself: nothing moves, but it is refused where Excel or WPS has it open
                path.replace(path)
            elif path.exists():  # on Windows a mode is but the mark of what may not be changed
                self.temporary.chmod(path.stat().st_mode & 0o777)
        except OSError:
            self.forget()
            raise

    def _made(self) -> int:
        return os.open(self.temporary, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666)

    def _is_ours(self) -> bool:
        """Lock the temporary file; False if another writer was about to take it away."""
        handle = self._handle
        assert handle is not None
        try:
            return _hold(handle) and os.path.samestat(os.fstat(handle), self.temporary.stat())
        except FileNotFoundError:
            return False
        except OSError:  # of a drive without locks, where nothing young is taken away
            return True

    def settle(self) -> None:
        """Wait until the drive has what was written; a full one may say so only now."""
        with self.temporary.open("rb+") as file:
            os.fsync(file.fileno())

    def rename(self, keep: bool) -> None:
        """Put the new file in the place of the old, of which a name is kept for `undo`."""
        if keep and self.path.exists():
            self._former = temporary_name(self.path, is_kept=True)
            try:
                os.link(self.path, self._former)
            except OSError:  # a drive that gives a file one name only
                shutil.copy2(self.path, self._former)
        if os.name == "nt":  # pragma: no cover - what is open cannot be renamed there
            self._release()
        self.temporary.replace(self.path)
        self._renamed = True

    def undo(self) -> None:
        """Put back what stood there, or nothing."""
        if not self._renamed:
            return
        with suppress(OSError):
            if self._former is not None:
                self._former.replace(self.path)
            elif self._handle is None or os.path.samestat(
                os.fstat(self._handle), self.path.stat()
            ):  # and not the file of another writer
                self.path.unlink()

    def forget(self) -> None:
        """Take away what is temporary."""
        self._release()
        for one in (self.temporary, self._former):
            if one is not None:
                with suppress(OSError):
                    one.unlink(missing_ok=True)

    def _release(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def temporary_name(path: Path, is_kept: bool = False) -> Path:
    """Return a path beside another that nothing has; what is kept is taken away after a day."""
    start = _LEFT + _KEPT * is_kept
    return path.with_name(f"{start}{os.getpid()}-{os.urandom(6).hex()}{path.suffix}")


def _is_of(error: OSError, one: _Replacement) -> bool:
    return bool({str(one.path), str(one.temporary)} & {str(error.filename), str(error.filename2)})


def _folders_missing(folder: Path) -> list[Path]:
    """Return the folders above a file that are not there yet, outermost first."""
    missing = []
    while not exists(folder) and folder != folder.parent:
        missing.append(folder)
        folder = folder.parent
    return missing[::-1]


def _hold(handle: int) -> bool:
    """Take the lock of a file for as long as it is open; False if another one has it.

    Raises
    ------
    OSError
        If the drive lends none.
    """
    try:
        import fcntl
    except ImportError as error:  # pragma: no cover - Windows
        raise OSError(errno.ENOSYS, "no locks") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _take_away(folder: Path) -> None:
    """Take away what killed runs left: what nobody holds, or where that is unknown, what is old."""
    for entry in os.scandir(folder):
        if not entry.name.startswith(_LEFT):
            continue
        with suppress(OSError):
            is_old = time.time() - entry.stat(follow_symlinks=False).st_ctime > _LEFT_SECONDS
            if not is_old and entry.name.startswith(_LEFT + _KEPT):
                continue
            waits_not = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
            handle = os.open(entry.path, os.O_RDONLY | waits_not)
            try:
                try:
                    is_nobodys = _hold(handle)
                except OSError:
                    is_nobodys = is_old
                if is_nobodys and not IS_WINDOWS:
                    # while it is locked: a writer who locks it next sees that it is gone
                    Path(entry.path).unlink(missing_ok=True)
            finally:
                os.close(handle)
            if is_nobodys and IS_WINDOWS:  # pragma: no cover - what is open stays there
                Path(entry.path).unlink(missing_ok=True)


def _settle_folder(folder: Path) -> None:
    """Wait until the drive has the names of a folder, where that can be waited for."""
    with suppress(OSError):  # Windows opens no folder; some network drives wait for none
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def not_written(path: Path, error: Exception) -> CorridorError:
    """Return the error of a file that cannot be written: why, and what helps."""
    file = Name(name_of(str(path)), name_of(path))
    reason = getattr(error, "strerror", None) or str(error)
    number = getattr(error, "errno", None)
    if number in _FULL:
        return CorridorError(
            N_("{file} cannot be written: {reason}. Make room on the drive, or name another."),
            file=file,
            reason=reason,
        )
    if number == errno.EROFS or (number in {errno.EACCES, errno.EPERM} and not _is_open_to(path)):
        return CorridorError(
            N_("{file} cannot be written: {reason}. Name a folder in which you may write."),
            file=file,
            reason=reason,
        )
    if number in {errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY}:
        return CorridorError(
            N_("{file} cannot be written: {reason}. Close the program that has it open."),
            file=file,
            reason=reason,
        )
    return CorridorError(
        N_("{file} cannot be written: {reason}. Check its name, its folder and the drive."),
        file=file,
        reason=reason,
    )


def _is_open_to(path: Path) -> bool:
    """Whether this user may write into the folder of a file."""
    return os.access(path.parent, os.W_OK | os.X_OK)


@contextmanager
def workbook_at(path: Path) -> Iterator[Any]:
    """Yield a workbook of xlsxwriter that is written whole, without formulas made of texts."""
    xlsxwriter = extra_package("xlsxwriter")
    # in memory: xlsxwriter has errors of its own for a full drive
    data = io.BytesIO()
    plain = dict.fromkeys(("strings_to_formulas", "strings_to_numbers", "strings_to_urls"), False)
    with xlsxwriter.Workbook(data, {"in_memory": True, **plain}) as book:
        book.set_properties({"created": datetime.datetime(*TIME)})
        yield book
    with replacing(path) as temporary:
        temporary.write_bytes(data.getvalue())


TIME = (2020, 1, 1, 0, 0, 0)
"""The time inside every document: the same content gives the same bytes."""


def without_times(package: bytes, changed: Mapping[str, bytes] | None = None) -> bytes:
    """Return a package of Office with one time on all its parts, some with other content.

    Examples
    --------
    >>> import io, zipfile
    >>> packages = []
    >>> for year in (2021, 2022):
    ...     with zipfile.ZipFile(data := io.BytesIO(), "w") as package:
    ...         package.writestr(zipfile.ZipInfo("a.xml", (year, 1, 1, 0, 0, 0)), "<a/>")
    ...     packages.append(data.getvalue())
    >>> packages[0] == packages[1]
    False
    >>> without_times(packages[0]) == without_times(packages[1])
    True
    """
    import zipfile

    fixed, changed = io.BytesIO(), changed or {}
    with (
        zipfile.ZipFile(io.BytesIO(package)) as old,
        zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for item in old.infolist():
            about = zipfile.ZipInfo(item.filename, TIME)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = 0o600 << 16
            new.writestr(about, changed.get(item.filename) or old.read(item))
    return fixed.getvalue()


def guarded(text: str) -> str:
    """Return text that a spreadsheet shows as text, even if it starts like a formula.

    A leading apostrophe is what spreadsheets themselves use; :func:`unguarded` removes it.

    Examples
    --------
    >>> guarded("=1+1"), guarded("-5.2"), guarded("增长")
    ("'=1+1", '-5.2', '增长')
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unguarded(text: str) -> str:
    """Return text without the apostrophe that :func:`guarded` put before it."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Return rows of text as CSV, none of whose cells is a formula."""
    import csv

    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return file.getvalue()


def write_csv(path: Path, rows: Iterable[Sequence[str]], bom: bool = False) -> None:
    """Write rows of text as UTF-8 CSV; with ``bom`` Excel and WPS show Chinese at once."""
    write_text(path, csv_text(rows), "utf-8-sig" if bom else "utf-8")


def write_text(path: Path, text: str, encoding: str = "utf-8") -> None:
    """Write a text with the line ends it has."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding=encoding, newline="")


# Files of other people, read whole: regular ones, within bounds.

LARGEST_FILE = 100_000_000
"""Bytes of a file that is read: a plan of 10,000 targets has a twentieth of it."""


def contents(path: Path) -> bytes:
    """Return the bytes of a file.

    Every file that a person names comes in through here. A pipe would be waited for without
    an end, a device has no end, and a file of gigabytes is none of figures.

    Raises
    ------
    PlanError
        If it cannot be opened, is no regular file, is too large, or in a format that is not read.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with open(os.open(path, flags), "rb") as file:  # noqa: PTH123 - a pipe must not block
            status = os.fstat(file.fileno())
            regular = stat.S_ISREG(status.st_mode)
            # no more than it holds: as many bytes as are asked for are set aside at once
            data = file.read(min(status.st_size, LARGEST_FILE) + 1) if regular else b""
    except (IsADirectoryError, PermissionError) as error:
        if not path.is_dir():  # for Windows a folder is a file that may not be opened
            raise unreadable(path, error) from error
        regular, data = False, b""
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise unreadable(path, error) from error
    if not regular:
        what = message("is no file.")
        raise PlanError([Problem(what, message("Give the name of a file."), name_of(path))])
    if len(data) > LARGEST_FILE:
        what = message("is larger than {most} MB.", most=LARGEST_FILE // 1_000_000)
        raise PlanError([Problem(what, message("Keep what is needed of it."), name_of(path))])
    if (refusal := other_format(path, data)) is not None:
        raise refusal
    return data


_OLD = (
    message("{format} is an old format that is not read."),
    message("Save it as xlsx in WPS or Excel (请在WPS中另存为xlsx)."),
)
_TEXTS = (
    message("{format} is a text document, not a table."),
    message("Copy its table into a spreadsheet and save that as xlsx (请把表格复制到WPS表格)."),
)
_PAGES = (
    message("{format} is a printed page, whose figures cannot be read for certain."),
    message("Ask for the spreadsheet it was printed from, or type the table into one."),
)
_PICTURES = (message("{format} is a picture."), _PAGES[1])
_ARCHIVES = (message("{format} is an archive."), message("Unpack it and give the file in it."))
_OTHERS = (
    message("{format} is a spreadsheet of another program."),
    message("Save it there as xlsx."),
)
OTHER_FORMATS = {
    **dict.fromkeys((".xls", ".et", ".xlsb", ".xlt", ".ett"), _OLD),
    **dict.fromkeys((".doc", ".docx", ".wps", ".rtf", ".odt", ".ppt", ".pptx", ".dps"), _TEXTS),
    **dict.fromkeys((".pdf", ".ofd", ".caj"), _PAGES),
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".gif"), _PICTURES),
    **dict.fromkeys((".zip", ".rar", ".7z", ".gz", ".tar"), _ARCHIVES),
    **dict.fromkeys((".ods", ".numbers"), _OTHERS),
}
"""What offices send that holds no table that is read, and the way out."""

_BEGINNINGS = {
    b"%PDF-": ".pdf",
    b"\x89PNG": ".png",
    b"\xff\xd8\xff": ".jpg",
    b"{\\rtf": ".rtf",
    b"Rar!": ".rar",
    b"7z\xbc\xaf": ".7z",
}
"""How some of them begin, whatever they are called."""


def other_format(path: Path, data: bytes = b"") -> PlanError | None:
    """Return the error of a file in a format that is not read, or None.

    Examples
    --------
    >>> print(other_format(Path("9月.docx")).text("zh"))
    9月.docx：.docx是文字文档，不是表格。请把其中的表格复制到WPS表格或Excel，另存为xlsx。
    """
    named = path.suffix.lower()
    begun = next((s for start, s in _BEGINNINGS.items() if data.startswith(start)), "")
    for suffix in (named, begun):
        if suffix in OTHER_FORMATS:
            what, remedy = OTHER_FORMATS[suffix]
            return PlanError(
                [Problem(Message(what.template, {"format": suffix}), remedy, name_of(path))]
            )
    return None


def exists(path: Path) -> bool:
    """Return whether something stands at a path; nothing stands where no name could be."""
    try:
        path.stat()
    except (OSError, ValueError):
        return False
    return True


def unreadable(path: str | Path, error: Exception) -> PlanError:
    """Return the error for a file that cannot be opened."""
    reason = getattr(error, "strerror", None) or type(error).__name__
    what = message("cannot be opened ({reason}).", reason=reason)
    remedy = message("Check the path, and close the program that has it open.")
    return PlanError([Problem(what, remedy, name_of(path))])


def name_of(path: str | Path) -> str:
    r"""Return the name of a file as a message can carry it.

    Bytes that are no UTF-8, as names of GBK have on Linux, stand as escapes: to print them fails.

    Examples
    --------
    >>> name_of("9月.csv"), name_of("\udcff.csv")
    ('9月.csv', '\\udcff.csv')
    """
    name = path if isinstance(path, str) else path.name
    name = name.encode(errors="backslashreplace").decode()
    return name if len(name) <= 120 else f"{name[:80]}…{name[-30:]}"


# What other libraries say of files that they open, one thread at a time.

_speech = threading.RLock()


@contextmanager
def silenced(*modules: str) -> Iterator[None]:
    """Keep warnings of some libraries away from the user, and no others.

    Filters of warnings are the process's: without a lock two threads put back what the other
    one had changed, and a filter without a module would silence warnings of other threads.
    """
    with _speech, warnings.catch_warnings():
        for module in modules:
            warnings.filterwarnings("ignore", module=rf"{re.escape(module)}(\.|$)")
        yield


@contextmanager
def warnings_shown(category: type[Warning], show: Callable[..., None]) -> Iterator[None]:
    """Show warnings of a category in a way of one's own, always; for a whole command."""
    with _speech, warnings.catch_warnings():
        warnings.simplefilter("always", category)
        warnings.showwarning = show
        yield


# Where the shipped data lie: inside the wheel, or beside ``src`` in a checkout.


def data_dir() -> Path:
    """Return the folder that holds ``longwan/``, ``forecast/``, ``fonts/`` and ``example/``.

    Raises
    ------
    CorridorError
        If the installation lacks its data.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "data", package.parents[1] / "data"):
        if (folder / "longwan").is_dir():
            return folder
    raise CorridorError(
        N_("The plan's data are missing from this installation. Install corridor-model again.")
    )


def version() -> str:
    """Return the version of this installation, as results keep it.

    In a source tree it is the one of its pyproject.toml: what an editable install noted may be
    of an older day, and another copy may be installed beside it.
    """
    import tomllib
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as version_of

    tree = Path(__file__).resolve().parents[1]
    if tree.name == "src":
        with suppress(OSError, tomllib.TOMLDecodeError, KeyError):
            text = (tree.parent / "pyproject.toml").read_text(encoding="utf-8")
            project = tomllib.loads(text)["project"]
            if project["name"] == "corridor-model":
                return str(project["version"])
    try:
        return version_of("corridor-model")
    except PackageNotFoundError:  # its files alone were copied somewhere
        return "0+unknown"


# Packages that only some answers need: each belongs to an extra, and its absence has words.

_EXTRAS = {
    "docx": ("python-docx", "report"),
    "jinja2": ("Jinja2", "report"),
    "xlsxwriter": ("XlsxWriter", "report"),
    "pyarrow": ("pyarrow", "parquet"),
}
"""Packages by the name they are imported under: their own name, and the extra that has them."""

_WITHOUT = {
    "docx": N_(
        "A Word document needs {package}, which is not installed: {command}. "
        "Markdown and HTML need nothing."
    ),
    "jinja2": N_(
        "A page needs {package}, which is not installed: {command}. "
        "The bulletin in Markdown needs nothing."
    ),
    "xlsxwriter": N_(
        "A form or a workbook of results needs {package}, which is not installed: {command}. "
        "Tables as CSV need nothing."
    ),
    "pyarrow": N_(
        "A parquet file needs {package}, which is not installed: {command}. "
        "A .csv file needs nothing."
    ),
}


def extra_package(name: str) -> Any:
    """Return a package that an installation need not have.

    Parameters
    ----------
    name : {"docx", "jinja2", "xlsxwriter", "pyarrow"}
        The name it is imported under.

    Raises
    ------
    CorridorError
        If it is not installed, with the command that installs it; or if it is and cannot be
        loaded.

    Examples
    --------
    >>> extra_package("jinja2").__name__
    'jinja2'
    """
    try:
        return import_module(name)
    except ImportError as error:
        package, extra = _EXTRAS[name]
        if not _is_absent(name, error):
            # half an installation, or another machine's: to call it absent would mislead
            raise CorridorError(
                N_("{package} is installed, but cannot be loaded ({reason}): {command}."),
                package=package,
                reason=str(error),
                command=f"pip install --force-reinstall {package}",
            ) from error
        raise CorridorError(_WITHOUT[name], package=package, command=_command(extra)) from None


def require_packages(*names: str) -> None:
    """Refuse at once what would fail for want of packages after minutes of work.

    Raises
    ------
    CorridorError
        As :func:`extra_package`; of several packages that are absent all are named.

    Examples
    --------
    >>> require_packages("jinja2", "docx")
    """
    absent = []
    for name in names:
        try:
            import_module(name)
        except ImportError as error:
            if not _is_absent(name, error):
                extra_package(name)
            absent.append(name)
    if len(absent) == 1:
        extra_package(absent[0])
    if absent:
        extras = sorted({_EXTRAS[name][1] for name in absent})
        raise CorridorError(
            N_("This needs {packages}, which are not installed: {command}."),
            packages=Listing([_EXTRAS[name][0] for name in absent]),
            command=_command(",".join(extras)),
        )


def _is_absent(name: str, error: ImportError) -> bool:
    return isinstance(error, ModuleNotFoundError) and error.name == name


def _command(extra: str) -> str:
    # the quotes are for shells to which brackets are a pattern; cmd and PowerShell take them too
    return f'pip install "corridor-model[{extra}]"'


# One writer at a time, on any system, also after a writer was killed.

WAIT = 30.0
"""Seconds to wait for another writer."""

POLL = 0.005
"""Seconds between two looks: an entry takes less than a hundredth of one to write."""


@contextmanager
def locked(path: Path, wait: float = WAIT) -> Iterator[None]:
    """Hold the only right to write to a file.

    The lock lies on a file beside it, ``.name.lock``, and is the operating system's: it ends
    with the process that holds it, however that ends, so that no stale lock can remain.

    Parameters
    ----------
    path : Path
        The file to be written.
    wait : float, default 30
        Seconds to wait for another writer.

    Raises
    ------
    PlanError
        If another writer holds it for longer, or the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    # not a lock of this thread: two stores of one process wait for each other as well
    lock = FileLock(path.with_name(f".{path.name}.lock"), thread_local=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=wait, poll_interval=POLL)
    except Timeout:
        if (refusal := _may_not_write(path)) is not None:
            raise cannot_write(path, refusal) from refusal
        busy = message("is being written by another program.")
        raise PlanError([Problem(busy, message("Try again later."), path.name)]) from None
    except OSError as error:
        raise cannot_write(path, error) from error
    try:
        yield
    finally:
        lock.release()


def _may_not_write(path: Path) -> OSError | None:
    """Return why no file can be made beside another, or None.

    On Windows a folder that may not be written looks to filelock like a lock that is held.
    """
    probe = path.with_name(f".{os.getpid()}-{os.urandom(6).hex()}")
    try:
        os.close(os.open(probe, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    except OSError as error:
        return error
    with suppress(OSError):
        probe.unlink()
    return None


NO_LOCKS = frozenset(
    getattr(errno, name)
    for name in ("ENOLCK", "ENOSYS", "ENOTSUP", "EOPNOTSUPP")
    if hasattr(errno, name)
)
"""What a drive answers that lends no locks."""


def lends_locks(path: Path) -> bool:
    """Return whether the drive of a file lends locks; some network drives do not.

    No handle of this process may hold a lock of the file: on POSIX they would all be given up.
    """
    try:
        import fcntl
    except ImportError:  # pragma: no cover - Windows always lends them
        return True
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return True  # what is wrong is said by whoever opens the file
    try:
        fcntl.lockf(handle, fcntl.LOCK_SH | fcntl.LOCK_NB, 1)
    except OSError as error:
        return error.errno not in NO_LOCKS
    finally:
        os.close(handle)
    return True


def cannot_write(path: Path, error: OSError) -> PlanError:
    """Return the error of a file that cannot be written."""
    what = message("cannot be written ({reason}).", reason=error.strerror or type(error).__name__)
    remedy = message("Check the folder's permissions and the space left.")
    return PlanError([Problem(what, remedy, name_of(path))])
