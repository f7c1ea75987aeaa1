"""`Journal`: notes kept, found again, removed, and given as Markdown."""

import sqlite3
import unicodedata
import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import ArgumentError
from ..writing import data_folder
from .file import COLUMNS, Result, transact
from .markdown import as_markdown

if TYPE_CHECKING:
    import pandas as pd

    from ..log import Day


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
        row = [
            uuid.uuid4().hex,
            _iso(day),
            datetime.now().isoformat(timespec="microseconds"),
            *ids,
            about,
            noticed,
            will_try,
        ]
        marks = ", ".join("?" * len(row))
        # Done again, where the file had to be set aside meanwhile: the same note twice is one note.
        question = f"INSERT OR IGNORE INTO notes ({', '.join(COLUMNS)}) VALUES ({marks})"
        self._transact(lambda kept: kept.execute(question, row))
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
        question = "DELETE FROM notes WHERE note_id = ?"
        found = self._transact(lambda kept: kept.execute(question, [note_id]).rowcount)
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
            `note_id, day, written, class_id, learner_id, goal_id, about, noticed, will_try`. A day or a time that is
            damaged is missing; the rest of its note is not.
        """
        import pandas as pd

        wanted = {"class_id = ?": class_id, "learner_id = ?": learner_id, "goal_id = ?": goal_id}
        wanted |= {"day >= ?": _iso(start) if start else None, "day <= ?": _iso(end) if end else None}
        words = _plain(search).split()
        rows = [row for row in self._rows(wanted) if all(word in _plain(" ".join(row[-3:])) for word in words)]
        frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")
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
        question = f"SELECT {', '.join(COLUMNS)} FROM notes {where} ORDER BY day DESC, place DESC"
        rows = self._transact(lambda kept: kept.execute(question, list(asked.values())).fetchall())
        return [
            (*(_readable(value) for value in row[:-3]), *(_readable(value) or "" for value in row[-3:])) for row in rows
        ]

    def _transact(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        result, mended = transact(self.path, work)
        self.mended = mended or self.mended
        return result


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
