"""Files and folders written whole or not at all, and for their owner only."""

import ctypes
import errno
import os
import secrets
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import platformdirs

from .errors import ExistsError, ReflectLabError
from .language import gettext, translatable

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

_SWAP = {"linux": ("renameat2", -100, 2), "darwin": ("renameatx_np", -2, 2)}
"""What exchanges two names at once: the function, the current folder as a place, and the flag that asks for it."""


def data_folder() -> Path:
    """Return the folder of what reflectlab keeps for you.

    Returns
    -------
    Path
        What the environment variable `REFLECTLAB_DATA` names, else the usual place of your system.

    Examples
    --------
    >>> data_folder().is_absolute()
    True
    """
    named = os.environ.get("REFLECTLAB_DATA")
    return Path(named).expanduser() if named else platformdirs.user_data_path("reflectlab", appauthor=False)


def write_file(path: Path, data: bytes) -> None:
    """Write a file, or replace it: whoever reads it finds the earlier one or this one, whatever happens meanwhile.

    Parameters
    ----------
    path : Path
    data : bytes

    Raises
    ------
    ReflectLabError
        If it cannot be written; then the earlier file is as it was.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> write_file(Path(folder.name) / "a" / "notes.txt", b"kept")
    >>> (Path(folder.name) / "a" / "notes.txt").read_bytes()
    b'kept'
    >>> folder.cleanup()
    """
    with _told(path):
        if path.exists() and not path.is_file() and not path.is_dir():
            raise ReflectLabError(
                gettext("{path} is a device or a pipe, which is not replaced. Choose another name.", path=path)
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        _forget_unfinished(path)
        part = _part(path)
        try:
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            with _in_use(part):
                _fill(part, data)
                part.replace(path)
            _to_disk(path.parent)
        finally:
            part.unlink(missing_ok=True)


def write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder of files, or put it in the place of an earlier one, all of it at once.

    On Linux and macOS there is one instant before which every file is the earlier one and after which every file is
    this one. Elsewhere, and on disks that cannot exchange two names, there are two: between them a process that is
    killed leaves the earlier folder beside its place, whole, under a name that ends in `.part`.

    Parameters
    ----------
    path : Path
        What it holds already, it holds no more.
    files : mapping of str to bytes
        A name may lead into a folder in it.

    Raises
    ------
    ReflectLabError
        If it cannot be written; then the earlier folder is as it was.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> write_folder(Path(folder.name) / "log", {"a.csv": b"1", "b.csv": b"2"})
    >>> write_folder(Path(folder.name) / "log", {"a.csv": b"3"})
    >>> [file.name for file in (Path(folder.name) / "log").iterdir()]
    ['a.csv']
    >>> folder.cleanup()
    """
    with _whole_folder(path) as part:
        for name, data in files.items():
            (part / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(part / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            _fill(part / name, data)
        for folder in {(part / name).parent for name in files} - {part}:
            _to_disk(folder)


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Give a folder to fill file by file, which is at its place once it is whole, and nowhere if it was not filled.

    Parameters
    ----------
    path : Path
        Where nothing is, or an empty folder.

    Yields
    ------
    Path
        The folder to fill.

    Raises
    ------
    ExistsError
        If anything is there.
    ReflectLabError
        If it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "log"
    >>> with new_folder(place) as folder:
    ...     _ = (folder / "a.txt").write_text("a")
    >>> [file.name for file in place.iterdir()]
    ['a.txt']
    """
    if path.is_symlink() or (path.exists() and not (path.is_dir() and not any(path.iterdir()))):
        raise ExistsError(
            gettext("{path} is there already. Name a folder that is not there yet, or an empty one.", path=path)
        )
    with _whole_folder(path) as part:
        yield part
        for file in part.rglob("*"):
            _to_disk(file)


@contextmanager
def _whole_folder(path: Path) -> Iterator[Path]:
    """Give a folder that takes the place of another, whatever that holds, once all is written."""
    with _told(path):
        path = Path(os.path.realpath(path))  # `resolve` raises no OSError where links lead in a circle
        path.parent.mkdir(parents=True, exist_ok=True)
        _forget_unfinished(path)
        part = _part(path)
        try:
            part.mkdir(mode=0o700)
            with _in_use(part):
                yield part
                _to_disk(part)
                _put(part, path)
            _to_disk(path.parent)
        finally:
            shutil.rmtree(part, ignore_errors=True)


def refuse_place(path: Path, ours: Iterable[str]) -> None:
    """Refuse a place that `write_folder` would take from what is not ours: it puts the folder there whole.

    Parameters
    ----------
    path : Path
    ours : iterable of str
        The names of the files that may be there.

    Raises
    ------
    ExistsError

    Examples
    --------
    >>> refuse_place(Path("data"), ["events.csv"])
    Traceback (most recent call last):
    reflectlab.errors.ExistsError: data holds other things too, such as make_sample.py; ...
    """
    if path.exists() and not path.is_dir():
        raise ExistsError(gettext("{path} is a file, where a folder is to be. Choose another name.", path=path))
    others = sorted({file.name for file in path.iterdir()} - {*ours}) if path.is_dir() else []
    if others:
        raise ExistsError(
            gettext(
                "{folder} holds other things too, such as {other}; it is to be a folder of its own, which is replaced "
                "whole. Name a new folder, perhaps one in it.",
                folder=path,
                other=others[0],
            )
        )
    if path.is_dir() and path.samefile(Path.cwd()):
        raise ExistsError(
            gettext(
                "{folder} is the folder that you work in, which cannot be replaced. Name a folder in it.", folder=path
            )
        )


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say in one sentence why something could not be written."""
    try:
        yield
    except OSError as error:
        told = gettext(_FULL if error.errno in _NO_ROOM else _FORBIDDEN, path=path, why=error.strerror or error)
        raise ReflectLabError(told) from error


_FULL = translatable("{path} cannot be written: {why}. What was there before is as it was. Make room, then try again.")

_FORBIDDEN = translatable(
    "{path} cannot be written: {why}. What was there before is as it was. Choose a place that you may write to, then "
    "try again."
)


def _part(path: Path) -> Path:
    return path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.part")


def _fill(path: Path, data: bytes) -> None:
    with path.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def _put(part: Path, path: Path) -> None:
    """Put a folder in the place of another, which then has the name of the part."""
    if not path.exists():
        part.rename(path)
    elif not _exchanged(part, path):
        aside = _part(path)
        path.rename(aside)
        try:
            part.rename(path)
        except OSError:
            aside.rename(path)
            raise
        aside.rename(part)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two names at once; return whether this computer and this disk can."""
    if sys.platform not in _SWAP:
        return False
    name, here, flag = _SWAP[sys.platform]
    exchange = getattr(ctypes.CDLL(None), name, None)
    if exchange is None:
        return False
    return bool(exchange(here, os.fsencode(one), here, os.fsencode(other), flag) == 0)


def _to_disk(place: Path) -> None:
    """See to it that a file, or the names in a folder, are on the disk too, where that can be asked for."""
    if sys.platform == "win32":
        return
    handle = os.open(place, os.O_RDONLY)
    try:
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _in_use(path: Path) -> Iterator[None]:
    """Mark what is being written, for as long as this process lives, so that nobody takes it for left behind."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    handle = os.open(path, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def _forget_unfinished(path: Path) -> None:
    """Remove what a process that was killed has left half written of this file or folder."""
    if sys.platform == "win32":
        return
    import fcntl

    for left in path.parent.glob(f".{_literally(path.name[:100])}.{'[0-9a-f]' * 8}.part"):
        with suppress(OSError):
            handle = os.open(left, os.O_RDONLY)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left) if left.is_dir() else left.unlink()
            finally:
                os.close(handle)


def _literally(name: str) -> str:
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)
