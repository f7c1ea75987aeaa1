"""The file of a journal: private, opened with care, set aside and begun anew where it is damaged."""

import errno
import os
import shutil
import sqlite3
import stat
import time
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from ..errors import ReflectLabError
from ..language import gettext, number_in_words, translatable
from .pages import Pages, Stored, Whose

NOTE_COLUMNS = ("note_id", "day", "written", "class_id", "learner_id", "goal_id", "about", "noticed", "will_try")

LOCK_PATIENCE = 20.0

_VERSION = 1

_TABLE = """
CREATE TABLE notes (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    note_id TEXT NOT NULL UNIQUE,
    day TEXT NOT NULL,
    written TEXT NOT NULL,
    class_id TEXT, learner_id TEXT, goal_id TEXT,
    about TEXT NOT NULL, noticed TEXT NOT NULL, will_try TEXT NOT NULL
)
"""

_ELSEWHERE = translatable(
    "Set the environment variable REFLECTLAB_DATA to a folder that you may write to, or name another file."
)

_WHAT_TO_DO = translatable(
    {
        sqlite3.SQLITE_BUSY: "Another program keeps it locked: close that program, or try again in a moment.",
        sqlite3.SQLITE_FULL: "The disk is full: make room, then try again.",
        sqlite3.SQLITE_CORRUPT: "The file is damaged: put a copy of it aside, and your last backup in its place.",
        sqlite3.SQLITE_NOTADB: "The file is no journal: name another one.",
        sqlite3.SQLITE_READONLY: _ELSEWHERE,
        sqlite3.SQLITE_CANTOPEN: _ELSEWHERE,
    }
)

_BESIDE = 64 * 1024
"""How many bytes SQLite takes at least for what it keeps beside a journal while that is open."""

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

_REFUSED: dict[Whose, str] = translatable(
    {
        "newer": "The journal {path} was written by a newer reflectlab; install that one to open it.",
        "other program": "{path} is a database of another program and no journal; name another file.",
        "no database": "{path} is no journal: name another file.",
    }
)

Result = TypeVar("Result")


class _DamagedError(Exception):
    """The first page of a file is no longer that of a database, and there are notes in it."""


def transact(path: Path, work: Callable[[sqlite3.Connection], Result]) -> tuple[Result, str]:
    """Do one piece of work, on the disk when this returns; return what it gave, and what had to be mended.

    The work is done again where another notebook put another file in the place meanwhile.
    """
    said = ""
    try:
        try:
            return _done(path, work), said
        except (sqlite3.DatabaseError, _DamagedError) as error:
            if isinstance(error, sqlite3.DatabaseError) and _code(error) not in (
                sqlite3.SQLITE_CORRUPT,
                sqlite3.SQLITE_NOTADB,
            ):
                raise
            said = _mend(path.resolve())
            return _done(path, work), said
    except (sqlite3.Error, OSError, _DamagedError) as error:
        raise ReflectLabError(_refused(path, error)) from error


def _done(path: Path, work: Callable[[sqlite3.Connection], Result]) -> Result:
    for _ in range(5):
        _require_ours(path)
        _make_private(path)
        before = _identity(path)
        with _opened(path) as kept:
            result = work(kept)
        if _identity(path) == before:
            return result
    raise OSError(errno.EBUSY, "other programs put other files in its place")


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the file for one transaction, which is on the disk when this ends without an error."""
    with closing(sqlite3.connect(path, timeout=LOCK_PATIENCE, isolation_level=None)) as kept:
        kept.text_factory = lambda raw: raw.decode("utf-8", "replace")
        _prepare(kept)
        kept.execute("BEGIN IMMEDIATE")
        _make_table(kept)
        yield kept
        kept.execute("COMMIT")


def _require_ours(path: Path) -> None:
    """Refuse a file of a newer version, or of another program, without opening it: opening can change it."""
    if not path.exists():
        return
    if not stat.S_ISREG(path.stat().st_mode):
        raise ReflectLabError(f"{path} is a folder or a device and no journal; name another file.")
    whose: Whose = "new"
    for _ in range(3):  # a page that is being written may be seen half old, half new
        whose = Pages(path).whose(_VERSION, NOTE_COLUMNS)
        if whose in ("new", "ours"):
            return
        time.sleep(0.02)
    if whose == "damaged":
        raise _DamagedError
    raise ReflectLabError(gettext(_REFUSED[whose], path=path))


def _make_private(path: Path) -> None:
    """Make the file, or put its rights right: it is readable for its owner only, and so are its neighbours."""
    if not path.exists():
        _make_folder(path.parent)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    for file in (path, *_neighbours(path)):
        with suppress(OSError):  # the file of somebody else who lets us write in it
            if stat.S_IMODE(file.stat().st_mode) & 0o077:
                file.chmod(0o600)


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, each for its owner only, whatever the umask lets through."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def _neighbours(path: Path) -> tuple[Path, Path]:
    return path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def _prepare(kept: sqlite3.Connection) -> None:
    kept.execute("PRAGMA synchronous = FULL")
    kept.execute("PRAGMA fullfsync = ON")  # macOS: past the cache of the disk too
    kept.execute("PRAGMA secure_delete = ON")
    deadline = time.monotonic() + LOCK_PATIENCE
    while True:  # the change to WAL does not wait for others by itself
        try:
            kept.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _make_table(kept: sqlite3.Connection) -> None:
    if kept.execute("PRAGMA user_version").fetchone()[0] < _VERSION:
        kept.execute(_TABLE)
        kept.execute(f"PRAGMA user_version = {_VERSION}")


def _mend(path: Path) -> str:
    """Set a damaged file aside, and put one in its place that holds the notes that can be read."""
    with _alone(path):
        if _is_whole(path):
            return ""  # another notebook was quicker
        aside = _set_aside(path)
        part = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
        try:
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            _fill(part, Pages(path).notes())
            for file, with_aside in zip(_neighbours(path), _neighbours(aside), strict=True):
                with suppress(FileNotFoundError):
                    file.replace(with_aside)
            part.replace(path)
        finally:
            for left in (part, part.with_name(f"{part.name}-journal")):
                left.unlink(missing_ok=True)
        count = _fill(path, Pages(aside).notes())  # what another notebook wrote there until just now is not lost
    said = gettext(
        "The journal {path} was damaged. {number} of its notes could be read and are in it again; the damaged file is "
        "kept as it was, in {aside}.",
        path=path,
        number=number_in_words(count),
        aside=aside,
    )
    warnings.warn(said, stacklevel=5)
    return said


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let one notebook at a time mend a file; the lock goes with the process, its empty file stays."""
    lock = path.with_name(f"{path.name}-mending")
    os.close(os.open(lock, os.O_CREAT | os.O_RDWR, 0o600))
    with closing(sqlite3.connect(lock, timeout=LOCK_PATIENCE, isolation_level=None)) as held:
        held.execute("BEGIN EXCLUSIVE")
        yield


def _is_whole(path: Path) -> bool:
    if Pages(path).whose(_VERSION, NOTE_COLUMNS) == "damaged":
        return False  # SQLite might throw away a write-ahead log of which it cannot make anything
    try:
        with closing(sqlite3.connect(path, timeout=LOCK_PATIENCE)) as kept:
            return bool(kept.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",))
    except sqlite3.DatabaseError as error:
        if _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return False
        raise


def _set_aside(path: Path) -> Path:
    """Give a file a second name, which no other file has; where that cannot be, copy it."""
    when = datetime.now().strftime("%Y-%m-%d %H.%M.%S.%f")
    aside = path.with_name(f"{path.stem} damaged {when}{path.suffix}")
    try:
        aside.hardlink_to(path)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):  # a disk that knows one name for a file
        handle = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(path.read_bytes())
            out.flush()
            os.fsync(out.fileno())
    return aside


def _fill(path: Path, notes: Iterator[Stored]) -> int:
    """Write into a journal those of some notes that are not in it; return how many it holds then."""
    marks = ", ".join("?" * (len(NOTE_COLUMNS) + 1))
    with closing(sqlite3.connect(path, timeout=LOCK_PATIENCE, isolation_level=None)) as kept:
        kept.execute("PRAGMA synchronous = FULL")
        kept.execute("BEGIN IMMEDIATE")
        _make_table(kept)
        there = {note for (note,) in kept.execute("SELECT note_id FROM notes")}
        places = {place for (place,) in kept.execute("SELECT place FROM notes")}
        for place, values in sorted(note for note in notes if note.values[0] not in there):
            row = [None if place in places else place, *("" if value is None else value for value in values[:3])]
            row += [*values[3:6], *("" if value is None else value for value in values[6:])]
            kept.execute(f"INSERT OR IGNORE INTO notes (place, {', '.join(NOTE_COLUMNS)}) VALUES ({marks})", row)
        kept.execute("COMMIT")
        return int(kept.execute("SELECT count(*) FROM notes").fetchone()[0])


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest tells more of the same


def _has_no_room(folder: Path) -> bool:
    """Tell whether SQLite's own files beside the journal have no room: it says of that no more than "I/O error"."""
    with suppress(OSError):
        return shutil.disk_usage(folder).free < _BESIDE
    return False


def _refused(path: Path, error: Exception) -> str:
    why = str(error)
    if isinstance(error, OSError):
        why = error.strerror or why
        advice = _WHAT_TO_DO[sqlite3.SQLITE_FULL] if error.errno in _NO_ROOM else _ELSEWHERE
    elif isinstance(error, sqlite3.Error):
        code = sqlite3.SQLITE_FULL if _has_no_room(path.parent) else _code(error)
        advice = _WHAT_TO_DO.get(code, _AGAIN)
    else:
        why, advice = gettext("its first page is damaged"), _WHAT_TO_DO[sqlite3.SQLITE_CORRUPT]
    said = gettext("The journal {path} cannot be used: {why}. Nothing was kept or changed now.", path=path, why=why)
    return f"{said} {gettext(advice)}"


_AGAIN = translatable("Try again; if it stays so, look for a fault of the disk.")
