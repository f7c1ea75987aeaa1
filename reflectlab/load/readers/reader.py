"""What a reader is, what it is given, and what it gives back."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from ...problems import Problem
from ..clean.roster import Directory
from ..files import Raw
from ..files.raw import ROW, Headers, RawTable
from ..options import Options


@dataclass(frozen=True)
class Context:
    """What a reader is given beside its raw tables.

    Attributes
    ----------
    options : Options
    learners, goals : Directory or None
        The roster and the catalogue of goals, where there are such tables.
    raws : sequence of RawTable
        Every raw table, for evidence on how dates are written in a file.
    """

    options: Options
    learners: Directory | None = None
    goals: Directory | None = None
    raws: Sequence[RawTable] = field(default=())

    def columns_of(self, file: str) -> Callable[[], Iterable[pl.Series]]:
        """Return all columns of a file, when asked for."""
        return lambda: (
            raw.frame[name] for raw in self.raws if raw.file == file for name in raw.frame.columns if name != ROW
        )


@dataclass
class Found:
    """What a reader made of its raw tables.

    Attributes
    ----------
    tables : dict of str to list of polars.DataFrame
        Parts of `events`, `collaborations`, `learners`, `goals`, `terms` and `absences`, each row with `row, file,
        sheet`.
    derived : dict of str to list of polars.DataFrame
        Learners and goals that are only known from the log itself: where a roster is there, that counts.
    blind : set of str
        The events that one of its tables could not have told: `set`, where a grid does not say which goals were set.
    called : list of tuple of str
        What else learners go by in other files, and the id of each; it is not kept.
    problems : list of Problem
    rows_read : dict
        The rows of data of each (file, sheet).
    """

    tables: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    derived: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    blind: set[str] = field(default_factory=set)
    called: list[tuple[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    rows_read: dict[tuple[str | None, str | None], int] = field(default_factory=dict)

    def add(self, name: str, frame: pl.DataFrame) -> None:
        """Add rows to a table."""
        if frame.height:
            self.tables.setdefault(name, []).append(frame)

    def derive(self, name: str, frame: pl.DataFrame) -> None:
        """Add learners or goals that the log itself tells of."""
        if frame.height:
            self.derived.setdefault(name, []).append(frame)

    def merge(self, other: "Found") -> None:
        """Add all that another reader found."""
        for mine, theirs in ((self.tables, other.tables), (self.derived, other.derived)):
            for name, frames in theirs.items():
                mine.setdefault(name, []).extend(frames)
        self.blind |= other.blind
        self.called += other.called
        self.problems += other.problems
        for place, rows in other.rows_read.items():
            self.rows_read[place] = self.rows_read.get(place, 0) + rows


@dataclass(frozen=True, kw_only=True)
class Reader:
    """A kind of log, and how it is read.

    Attributes
    ----------
    name : str
        What `format=` calls it.
    what : str
        What it is, in a sentence without its end.
    read : callable
        From all that are of this kind, and a `Context`, to what they hold: a `Found`.
    recognise : callable, optional
        From a raw table (or records) and a `Context` to whether it is of this kind. Without it, a table is that has
        all columns that are needed.
    headers : mapping of str to tuple of str
        What a program calls each column, folded, the usual one first: they tell where the header of a table is.
    needed : sequence of str
        The columns that must be there. Where one of three or more is missing, the table is said to lack it.
    marks : frozenset of str
        Headers, folded, one of which each such table has; where there are any, it is asked about no other table.
    least : int
        How many columns such a table has at least: it is asked about no other.
    translated : range
        How many columns it has where its headers may be those of another language. With it, the reader is asked about
        a table of other widths only where one of its headers stands there.
    called : str
        What a message calls such a table: "a log of Kolibri". Without it, the format by its name.
    takes : type
        `RawTable`, or `RawRecords`.
    beside : bool
        Whether it reads who and what there is, to stand beside a log, and no log.
    by_name : bool
        Whether it is of a kind that people write by hand: there a name tells who is meant, and only within a class.
    sure : bool
        Whether it knows its own beyond doubt, so that it is asked before a table is taken for a roster by its name.
    alone : bool
        Whether it is asked only about a table that stands alone, or where the caller names it.
    """

    name: str
    what: str
    read: Callable[[Sequence[Any], Context], Found]
    recognise: Callable[[Any, Context], bool] | None = None
    headers: Headers = field(default_factory=dict)
    needed: Sequence[str] = ()
    marks: frozenset[str] = frozenset()
    least: int = 1
    translated: range | None = None
    called: str = ""
    takes: type[Raw] = RawTable
    beside: bool = False
    by_name: bool = False
    sure: bool = True
    alone: bool = False

    def fits(self, raw: Raw, context: Context) -> bool:
        """Tell whether this is for it: records also where the caller says so, as they can hold anything."""
        if not isinstance(raw, self.takes):
            return False
        if isinstance(raw, RawTable):
            if self.alone and context.options.format != self.name and len(context.raws) != 1:
                return False
            if not self._may_fit(raw):
                return False
            if self.recognise is None:
                return {*self.needed} <= raw.columns_among(self.headers).keys()
        elif context.options.format == self.name:
            return True
        return self.recognise is not None and self.recognise(raw, context)

    def _may_fit(self, raw: RawTable) -> bool:
        """Tell from the headers of a table alone whether this may be for it."""
        width = len(raw.header)
        if width < self.least or (self.marks and not self.marks & raw.by_folded.keys()):
            return False
        return self.translated is None or width in self.translated or bool(raw.columns_among(self.headers))
