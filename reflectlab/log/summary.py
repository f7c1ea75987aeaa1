"""What was understood of a file: how much, the first rows, how its rows add up, and where each problem stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from ..problems import left_out
from .progress_log import ProgressLog

FIRST_ROWS = 5
"""How many rows of a table a summary holds."""

_PLACE = {"file": "{}", "sheet": "sheet {}", "row": "row {}", "column": "column {}"}


@dataclass(frozen=True)
class RowAccount:
    """How the rows of a file or a sheet add up: `read` = `loaded` + `listed`; of `partly` something was left out."""

    place: str
    read: int
    loaded: int
    partly: int
    listed: int


@dataclass(frozen=True)
class FirstRows:
    """The first `rows` of a table, as `ProgressLog` has it, and how many there are in all."""

    table: str
    rows: pd.DataFrame
    number: int


@dataclass(frozen=True)
class Summary:
    """What was understood of a file: how many there are of what, and samples of events and collaborations.

    `happened` has the most frequent event first. `left_out` are problems with rows that are not in the log, `remarks`
    those with rows that are; see `with_places`.
    """

    learners: int
    goals: int
    events: int
    episodes: int
    first_day: date
    last_day: date
    happened: Mapping[str, int]
    accounts: tuple[RowAccount, ...]
    samples: tuple[FirstRows, ...]
    left_out: pd.DataFrame
    remarks: pd.DataFrame

    @property
    def in_words(self) -> str:
        """How many there are, and from when to when."""
        counts = {
            "learner": self.learners,
            "goal": self.goals,
            "event": self.events,
            "episode of working together": self.episodes,
        }
        words = [counted(number, noun) for noun, number in counts.items()]
        return f"{', '.join(words)}, {self.first_day} to {self.last_day}"


def summary(log: ProgressLog) -> Summary:
    """Return what was understood of the files of a log.

    >>> import reflectlab
    >>> found = summary(reflectlab.example())
    >>> found.in_words
    '4 learners, 4 goals, 18 events, 5 episodes of working together, 2026-07-20 to 2026-08-07'
    >>> found.happened["met"], sum(account.read for account in found.accounts), found.samples[0].number
    (4, 37, 18)
    """
    problems = with_places(log.problems)
    gone = left_out(problems)
    happened = log.events["event"].value_counts()
    return Summary(
        learners=len(log.learners),
        goals=len(log.goals),
        events=len(log.events),
        episodes=log.collaborations["episode_id"].nunique(),
        first_day=log.first_day,
        last_day=log.last_day,
        happened={str(event): int(number) for event, number in happened.items()},
        accounts=tuple(_account(row, gone) for row in log.account.to_dict("records")),
        samples=_samples(log),
        left_out=gone,
        remarks=problems.drop(gone.index),
    )


def counted(number: int, noun: str) -> str:
    """Return a number of things in words.

    >>> counted(1, "learner"), counted(1200, "episode of working together")
    ('1 learner', '1,200 episodes of working together')
    """
    first, *rest = noun.split(" ", 1)
    return " ".join([f"{number:,}", first if number == 1 else f"{first}s", *rest])


def with_places(problems: pd.DataFrame) -> pd.DataFrame:
    """Return problems with the `place` of each in words, from the file to the column.

    >>> from reflectlab.problems import Problem, problems_frame
    >>> found = problems_frame([Problem("bad_time", "", "", file="class log.csv", row=6)])
    >>> with_places(found)["place"].tolist()
    ['class log.csv, row 6']
    """
    return problems.assign(place=[_place(row) for row in problems[list(_PLACE)].to_dict("records")])


def _place(row: Mapping[Any, Any]) -> str:
    return ", ".join(form.format(row[name]) for name, form in _PLACE.items() if name in row and _is_told(row[name]))


def _is_told(value: Any) -> bool:
    return not pd.isna(value) and value != ""


def _account(row: Mapping[Any, Any], gone: pd.DataFrame) -> RowAccount:
    """Count the rows of a place; some are loaded without something, as a row of a grid without a cell."""
    file, sheet = (row[name] if _is_told(row[name]) else "" for name in ("file", "sheet"))
    here = (gone["file"].fillna("") == file) & (gone["sheet"].fillna("") == sheet)
    read, loaded, listed = (int(row[name]) for name in ("read", "loaded", "listed"))
    partly = max(int(gone.loc[here, "row"].nunique()) - listed, 0)
    return RowAccount(_place({"file": file, "sheet": sheet}), read, loaded, partly, listed)


def _samples(log: ProgressLog) -> tuple[FirstRows, ...]:
    tables = {"events": log.events, "collaborations": log.collaborations}
    return tuple(FirstRows(name, table.head(FIRST_ROWS), len(table)) for name, table in tables.items() if len(table))
