"""The teacher's journal: what did I notice, what will I try; kept in one file of the teacher's own."""

import errno
import os
import re
import sqlite3
import time
import unicodedata
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

from .errors import ArgumentError, ReflectLabError

if TYPE_CHECKING:
    import pandas as pd

    from .log import Day


_PATIENCE = 20.0

_VERSION = 1

_ELSEWHERE = "Set the environment variable REFLECTLAB_DATA to a folder that you may write to, or name another file."

_WHAT_TO_DO = {
    sqlite3.SQLITE_BUSY: "Another program keeps it locked: close that program, or try again in a moment.",
    sqlite3.SQLITE_FULL: "The disk is full: make room, then try again.",
    sqlite3.SQLITE_CORRUPT: "The file is damaged: put a copy of it aside, and your last backup in its place.",
    sqlite3.SQLITE_NOTADB: "The file is no journal: name another one.",
    sqlite3.SQLITE_READONLY: _ELSEWHERE,
    sqlite3.SQLITE_CANTOPEN: _ELSEWHERE,
}

_COLUMNS = ("note_id", "day", "written", "class_id", "learner_id", "goal_id", "about", "noticed", "will_try")

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


class Journal:
    """The notes of one teacher, in an SQLite file.

    A note that `write` returned from is on the disk, whatever happens to the program or the machine after it.
    Several notebooks may have the journal open at once. It belongs on a disk of this computer: over a network, two
    computers that write at once can damage an SQLite file.

    Parameters
    ----------
    path : str or Path, optional
        The file. By default `journal.sqlite` in your own data folder, or in the folder that the environment
        variable `REFLECTLAB_DATA` names.

    Attributes
    ----------
    path : Path

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> journal = Journal(f"{folder.name}/journal.sqlite")
    >>> note_id = journal.write("Hēmi asked for help by himself.", learner_id="hemi", day="2026-08-07")
    >>> journal.notes(search="hemi asked")["noticed"].tolist()
    ['Hēmi asked for help by himself.']
    >>> folder.cleanup()
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self.path = Path(path) if path is not None else data_folder() / "journal.sqlite"

    def write(
        self,
        noticed: str = "",
        will_try: str = "",
        *,
        day: "Day | None" = None,
        class_id: str | None = None,
        learner_id: str | None = None,
        goal_id: str | None = None,
        about: str = "",
    ) -> str:
        """Keep a note; when this returns, it is on the disk.

        Parameters
        ----------
        noticed, will_try : str
            What you noticed and what you will try; one of them at least.
        day : date or str, optional
            The day that the note is about; today by default.
        class_id, learner_id, goal_id : str, optional
            What the note is about.
        about : str
            The same in words, such as the learner's name, to be read and searched for when the log is not there.

        Returns
        -------
        str
            The `note_id`.

        Raises
        ------
        ArgumentError
            If there is nothing to keep.
        ReflectLabError
            If the journal cannot be written; then the note is not kept.
        """
        noticed, will_try, about = (_storable(text) for text in (noticed, will_try, about))
        if not (noticed or will_try):
            raise ArgumentError("A note needs `noticed` or `will_try`; both are empty.")
        ids = [_storable(value) if value is not None else None for value in (class_id, learner_id, goal_id)]
        row = [uuid.uuid4().hex, _iso(day), datetime.now().isoformat(), *ids, about, noticed, will_try]
        marks = ", ".join("?" * len(row))
        with self._open() as kept:
            kept.execute(f"INSERT INTO notes ({', '.join(_COLUMNS)}) VALUES ({marks})", row)
        return str(row[0])

    def remove(self, note_id: str) -> None:
        """Remove a note for good.

        Parameters
        ----------
        note_id : str

        Raises
        ------
        ArgumentError
            If there is no such note.
        """
        with self._open() as kept:
            found = kept.execute("DELETE FROM notes WHERE note_id = ?", [note_id]).rowcount
        if not found:
            raise ArgumentError(f"There is no note {note_id!r} in {self.path}.")

    def notes(
        self,
        *,
        search: str = "",
        class_id: str | None = None,
        learner_id: str | None = None,
        goal_id: str | None = None,
        start: "Day | None" = None,
        end: "Day | None" = None,
    ) -> "pd.DataFrame":
        """Return notes, the latest day first.

        Parameters
        ----------
        search : str
            Words that must all be in a note, in whatever case and with or without accents and macrons.
        class_id, learner_id, goal_id : str, optional
            What the notes are about.
        start, end : date or str, optional
            The first and the last day.

        Returns
        -------
        pandas.DataFrame
            `note_id, day, written, class_id, learner_id, goal_id, about, noticed, will_try`.
        """
        import pandas as pd

        wanted = {"class_id = ?": class_id, "learner_id = ?": learner_id, "goal_id = ?": goal_id}
        wanted |= {"day >= ?": _iso(start) if start else None, "day <= ?": _iso(end) if end else None}
        words = _plain(search).split()
        rows = [row for row in self._rows(wanted) if all(word in _plain(" ".join(row[-3:])) for word in words)]
        frame = pd.DataFrame(rows, columns=list(_COLUMNS), dtype="str")
        times = {name: pd.to_datetime(frame[name]).astype("datetime64[us]") for name in ("day", "written")}
        return frame.assign(**times)

    def to_markdown(self, **which: Any) -> str:
        """Return notes as Markdown: a heading a day, what was noticed and what will be tried.

        Parameters
        ----------
        **which
            As for `notes`; all of them by default.

        Returns
        -------
        str
            What you wrote stays as you wrote it: signs that mean something in Markdown or HTML are escaped.
        """
        parts = ["# Journal"]
        for day, notes in self.notes(**which).groupby("day", sort=False):
            parts.append(f"## {str(day)[:10]}")
            parts += (part for note in notes.itertuples() for part in _markdown(note))
        return "\n\n".join(parts) + "\n"

    def _rows(self, wanted: Mapping[str, str | None]) -> list[tuple[Any, ...]]:
        asked = {clause: value for clause, value in wanted.items() if value is not None}
        where = f"WHERE {' AND '.join(asked)}" if asked else ""
        question = f"SELECT {', '.join(_COLUMNS)} FROM notes {where} ORDER BY day DESC, place DESC"
        with self._open() as kept:
            return kept.execute(question, list(asked.values())).fetchall()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one transaction, which is on the disk when this ends without an error."""
        try:
            _make_private(self.path)
            with closing(sqlite3.connect(self.path, timeout=_PATIENCE, isolation_level=None)) as kept:
                _require_ours(kept, self.path)
                _prepare(kept)
                kept.execute("BEGIN IMMEDIATE")
                _make_table(kept)
                yield kept
                kept.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            raise ReflectLabError(_refused(self.path, error)) from error


def data_folder() -> Path:
    """Return the folder of what reflectlab keeps for you.

    Returns
    -------
    Path
        What the environment variable `REFLECTLAB_DATA` names, else the usual place of your system.
    """
    named = os.environ.get("REFLECTLAB_DATA")
    return Path(named).expanduser() if named else platformdirs.user_data_path("reflectlab", appauthor=False)


def _make_private(path: Path) -> None:
    """Make the file, readable for its owner only; SQLite gives its neighbours the same rights."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _require_ours(kept: sqlite3.Connection, path: Path) -> None:
    """Refuse a file of a newer version, or of another program, before anything is changed in it."""
    asked = "SELECT user_version, (SELECT count(*) FROM sqlite_master) FROM pragma_user_version"
    version, tables = kept.execute(asked).fetchone()
    if version > _VERSION:
        raise ReflectLabError(f"The journal {path} was written by a newer reflectlab; install that one to open it.")
    if version < _VERSION and tables:
        raise ReflectLabError(f"{path} is a database of another program and no journal; name another file.")


def _prepare(kept: sqlite3.Connection) -> None:
    kept.execute("PRAGMA synchronous = FULL")
    kept.execute("PRAGMA fullfsync = ON")  # macOS: past the cache of the disk too
    kept.execute("PRAGMA secure_delete = ON")
    deadline = time.monotonic() + _PATIENCE
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


def _refused(path: Path, error: sqlite3.Error | OSError) -> str:
    why = str(error)
    if isinstance(error, OSError):
        why = error.strerror or why
        advice = _WHAT_TO_DO[sqlite3.SQLITE_FULL] if error.errno == errno.ENOSPC else _ELSEWHERE
    else:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest tells more of the same
        advice = _WHAT_TO_DO.get(code, "Try again; if it stays so, look for a fault of the disk.")
    return f"The journal {path} cannot be used: {why}. Nothing was kept or changed now. {advice}"


def _iso(day: "Day | None") -> str:
    if day is None:
        return date.today().isoformat()
    from .log import as_day

    return str(as_day("day", day))


def _storable(text: str) -> str:
    """Return a text that can be stored: without halves of signs, which a browser may send."""
    return str(text).encode("utf-8", "replace").decode().replace("\0", "").replace("\r\n", "\n").strip()


def _plain(text: str) -> str:
    """Return a text for comparing: without case, accents and macrons."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _markdown(note: Any) -> Iterator[str]:
    ids = (note.learner_id, note.goal_id, note.class_id)
    about = note.about or " · ".join(each for each in ids if isinstance(each, str))
    if about:
        yield f"### {_escaped(' '.join(about.split()))}"
    for heading, text in (("I noticed", note.noticed), ("I will try", note.will_try)):
        if text:
            yield f"**{heading}:** {_escaped(text)}"


def _escaped(text: str) -> str:
    """Return a text whose signs mean nothing in Markdown, with its lines and paragraphs kept."""
    lines = (re.sub(r"([\\`*_\[\]<>$|~&])", r"\\\1", line.strip()) for line in text.split("\n"))
    started = (re.sub(r"^(\d*)([#+=.)-])", r"\1\\\2", line) for line in lines)
    return re.sub(r"(?<!\n)\n(?!\n)", "  \n", "\n".join(started))
