"""What a reader is, what it is given, and what it gives back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from ...problems import Problem
from ..clean.names import Context
from ..files import Raw
from ..files.json import RawRecords
from ..files.raw import RawTable


@dataclass
class Found:
    """What a reader made of its raw tables.

    Attributes
    ----------
    tables : dict of str to list of polars.DataFrame
        Parts of `events`, `collaborations`, `learners`, `goals` and `terms`, each row with `row, file, sheet`.
    derived : dict of str to list of polars.DataFrame
        Learners and goals that are only known from the log itself: where a roster is there, that counts.
    called : list of tuple of str
        What else learners go by in other files, and the id of each; it is not kept.
    problems : list of Problem
    rows_read : dict
        The rows of data of each (file, sheet).
    """

    tables: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    derived: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
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
        self.called += other.called
        self.problems += other.problems
        for place, rows in other.rows_read.items():
            self.rows_read[place] = self.rows_read.get(place, 0) + rows


@dataclass(frozen=True)
class Reader:
    """A kind of log: its name, how what it takes is recognised, and how that is read, all of it at once."""

    name: str
    recognise: Callable[[Any, Context], bool]
    read: Callable[[Sequence[Any], Context], Found]
    takes: type[Raw] = RawTable
    beside: bool = False
    """Whether it reads who and what there is, to stand beside a log, and no log."""

    def fits(self, raw: Raw, context: Context) -> bool:
        """Tell whether this is for it: records also where the caller says so, as they can hold anything."""
        said = self.takes is RawRecords and context.options.format == self.name
        return isinstance(raw, self.takes) and (said or self.recognise(raw, context))
