"""`Journal`: notes kept, found again, removed, and given as Markdown."""

import re
import sqlite3
import unicodedata
import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import ArgumentError
from ..writing import data_folder
from .file import NOTE_COLUMNS, Result, transact
from .logs import key_in, known_by, need_logs
from .markdown import as_markdown

if TYPE_CHECKING:
    import pandas as pd

    from ..log import Day, ProgressLog

_NOTE_ID = re.compile("[0-9a-f]{32}")

_OF_LOG = "NOT EXISTS (SELECT 1 FROM belongs WHERE belongs.note_id = notes.note_id AND log_key <> ?)"


class Journal:
    """The notes of one teacher, in an SQLite file.

    A note that `write` returned from is on the disk, whatever happens to the program or the machine after it.
    Several notebooks may have the journal open at once. It belongs on a disk of this computer: over a network, two
    computers that write at once can damage an SQLite file. Where the file is damaged all the same, it is kept as it is
    under another name, and the notes that can be read in it are in the journal again.

    Parameters
    ----------
    path : str or Path, optional
        The file. By default `journal.sqlite` in your own data folder, or in the folder that the environment
        variable `REFLECTLAB_DATA` names.

    Attributes
    ----------
    path : Path
    mended : str
        What was said when a damaged file was set aside; empty as long as none was.

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
        self.mended = ""

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
        log_key: str = "",
        note_id: str = "",
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
        log_key : str, optional
            The log that the note belongs to, as `key_of` tells it; none by default.
        note_id : str, optional
            32 signs of 0-9 and a-f, for who has to send a note again without knowing whether it arrived: what
            is sent twice with one id is one note, with the words of the second. A new one by default.

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
        if note_id and not _NOTE_ID.fullmatch(note_id):
            raise ArgumentError(f"must be 32 signs of 0-9 and a-f; got {note_id!r}.", "note_id")
        texts = _texts(noticed, will_try, about)
        ids = [_storable(value) if value is not None else None for value in (class_id, learner_id, goal_id)]
        row = [note_id or uuid.uuid4().hex, _iso(day), datetime.now().isoformat(timespec="microseconds"), *ids, *texts]
        marks = ", ".join("?" * len(row))
        # Done again, where the file had to be set aside meanwhile: one note, as it was sent last.
        again = ", ".join(f"{name} = excluded.{name}" for name in NOTE_COLUMNS if name not in ("note_id", "written"))
        columns = ", ".join(NOTE_COLUMNS)
        question = f"INSERT INTO notes ({columns}) VALUES ({marks}) ON CONFLICT (note_id) DO UPDATE SET {again}"

        def keep(kept: sqlite3.Connection) -> None:
            kept.execute(question, row)
            _let_belong(kept, str(row[0]), log_key)

        self._transact(keep)
        return str(row[0])

    def rewrite(
        self,
        note_id: str,
        noticed: str = "",
        will_try: str = "",
        *,
        day: "Day | None" = None,
        class_id: str | None = None,
        learner_id: str | None = None,
        goal_id: str | None = None,
        about: str = "",
        log_key: str = "",
    ) -> None:
        """Put other words in the place of a note's; when this returns, they are on the disk.

        Parameters
        ----------
        note_id : str
        noticed, will_try, day, class_id, learner_id, goal_id, about, log_key
            As for `write`: all of the note is as said here, but when it was first written.

        Raises
        ------
        ArgumentError
            If there is no such note, or nothing to keep.
        """
        texts = _texts(noticed, will_try, about)
        ids = [_storable(value) if value is not None else None for value in (class_id, learner_id, goal_id)]
        changed = {"day": _iso(day), **dict(zip(("class_id", "learner_id", "goal_id"), ids, strict=True))}
        changed |= dict(zip(("about", "noticed", "will_try"), texts, strict=True))
        question = f"UPDATE notes SET {', '.join(f'{name} = ?' for name in changed)} WHERE note_id = ?"

        def change(kept: sqlite3.Connection) -> int:
            _let_belong(kept, note_id, log_key)
            return kept.execute(question, [*changed.values(), note_id]).rowcount

        self._require(self._transact(change), note_id)

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

        def remove(kept: sqlite3.Connection) -> int:
            need_logs(kept)
            kept.execute("DELETE FROM belongs WHERE note_id = ?", [note_id])
            return kept.execute("DELETE FROM notes WHERE note_id = ?", [note_id]).rowcount

        self._require(self._transact(remove), note_id)

    def _require(self, found: int, note_id: str) -> None:
        if not found:
            raise ArgumentError(f"There is no note {note_id!r} in {self.path}.")

    def key_of(self, log: "ProgressLog") -> str:
        """Return the key of a log, which its notes belong to: made when it is first asked for.

        Parameters
        ----------
        log : ProgressLog
            Known again by its learners and goals, half of which at least are those that it had before: so a log that
            has grown, or that lies elsewhere, keeps its key.

        Returns
        -------
        str
        """
        known = known_by(log)
        return self._transact(lambda kept: key_in(kept, known))

    def notes(
        self,
        *,
        search: str = "",
        class_id: str | None = None,
        learner_id: str | None = None,
        goal_id: str | None = None,
        start: "Day | None" = None,
        end: "Day | None" = None,
        log_key: str | None = None,
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
        log_key : str, optional
            Only the notes of this log, and those that belong to none; all by default.

        Returns
        -------
        pandas.DataFrame
            `note_id, day, written, class_id, learner_id, goal_id, about, noticed, will_try`. A day or a time that is
            damaged is missing; the rest of its note is not.
        """
        import pandas as pd

        wanted = {"class_id = ?": class_id, "learner_id = ?": learner_id, "goal_id = ?": goal_id}
        wanted |= {"day >= ?": _iso(start) if start else None, "day <= ?": _iso(end) if end else None}
        wanted |= {_OF_LOG: log_key}
        words = _plain(search).split()
        rows = [row for row in self._rows(wanted) if all(word in _plain(" ".join(row[-3:])) for word in words)]
        frame = pd.DataFrame(rows, columns=list(NOTE_COLUMNS), dtype="str")
        times = {name: [_time(text) for text in frame[name]] for name in ("day", "written")}
        return frame.assign(**{name: pd.Series(each, dtype="datetime64[us]") for name, each in times.items()})

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
        return as_markdown(self.notes(**which))

    def _rows(self, wanted: Mapping[str, str | None]) -> list[tuple[Any, ...]]:
        asked = {clause: value for clause, value in wanted.items() if value is not None}
        where = f"WHERE {' AND '.join(asked)}" if asked else ""
        question = f"SELECT {', '.join(NOTE_COLUMNS)} FROM notes {where} ORDER BY day DESC, place DESC"

        def read(kept: sqlite3.Connection) -> list[tuple[Any, ...]]:
            if _OF_LOG in asked:
                need_logs(kept)
            return kept.execute(question, list(asked.values())).fetchall()

        rows = self._transact(read)
        return [
            (*(_readable(value) for value in row[:-3]), *(_readable(value) or "" for value in row[-3:])) for row in rows
        ]

    def _transact(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        result, mended = transact(self.path, work)
        self.mended = mended or self.mended
        return result


def _texts(noticed: str, will_try: str, about: str) -> list[str]:
    """Return what a note is about and its words, fit to be stored."""
    noticed, will_try, about = (_storable(text) for text in (noticed, will_try, about))
    if not (noticed or will_try):
        raise ArgumentError("A note needs `noticed` or `will_try`; both are empty.")
    return [about, noticed, will_try]


def _let_belong(kept: sqlite3.Connection, note_id: str, log_key: str) -> None:
    if log_key:
        need_logs(kept)
        kept.execute("INSERT OR REPLACE INTO belongs (note_id, log_key) VALUES (?, ?)", [note_id, log_key])


def _iso(day: "Day | None") -> str:
    if day is None:
        return date.today().isoformat()
    from ..log import as_day

    return str(as_day("day", day))


def _storable(text: str) -> str:
    """Return a text that can be stored: without halves of signs, which a browser may send."""
    return str(text).encode("utf-8", "replace").decode().replace("\0", "").replace("\r\n", "\n").strip()


def _readable(value: Any) -> str | None:
    """Return a stored value as text: a damaged row may hold bytes or a number."""
    if value is None or isinstance(value, str):
        return value
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _time(text: Any) -> datetime | None:
    """Return a day or a time by the clock on the wall; nothing for what is none."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except (TypeError, ValueError):
        return None


def _plain(text: str) -> str:
    """Return a text for comparing: without case, accents and macrons."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
