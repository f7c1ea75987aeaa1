"""What was understood of a file: how much, the first rows, how its rows add up, and where each problem stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from ..language import counted, gettext, translatable
from ..problems import left_out
from .progress_log import ProgressLog

FIRST_ROWS = 5
"""How many rows of a table a summary holds."""

FIRST_PLACES = 3
"""How many places of a kind of problem are named."""

MOST_REMEDIES = 10
"""How many remedies of problems with one code are told apart, the most frequent first."""

_PLACE = {"file": "{value}"} | translatable(
    {"sheet": "sheet {value}", "row": "row {value}", "column": "column {value}"}
)


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
class Counted:
    """A child or a goal, by name, and in how many rows it stands; whether it is probably another one."""

    name: str
    rows: int
    doubtful: bool


@dataclass(frozen=True)
class Kind:
    """Problems that are put right in one way: how many, where the first are, what is wrong and what to do."""

    number: int
    places: tuple[str, ...]
    message: str
    hint: str


@dataclass(frozen=True)
class Summary:
    """What was understood of a file: how many there are of what, and samples of events and collaborations.

    `happened` has the most frequent event first. `each_learner` and `each_goal` have those first that are probably
    another one, then the most frequent. `left_out` are problems with rows that are not in the log, `remarks`
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
    each_learner: tuple[Counted, ...]
    each_goal: tuple[Counted, ...]
    left_out: pd.DataFrame
    remarks: pd.DataFrame

    @property
    def in_words(self) -> str:
        """How many there are, and from when to when."""
        return gettext(
            "{learners}, {goals}, {events}, {episodes}, {first} to {last}",
            learners=counted(self.learners, "learner"),
            goals=counted(self.goals, "goal"),
            events=counted(self.events, "event"),
            episodes=counted(self.episodes, "episode of working together", "episodes of working together"),
            first=self.first_day,
            last=self.last_day,
        )


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
        each_learner=_each(log, "learner_id", log.learners.set_index("learner_id")["name"]),
        each_goal=_each(log, "goal_id", log.goals.set_index("goal_id")["title"]),
        left_out=gone,
        remarks=problems.drop(gone.index),
    )


def with_places(problems: pd.DataFrame) -> pd.DataFrame:
    """Return problems with the `place` of each in words, from the file to the column.

    >>> from reflectlab.problems import Problem, problems_frame
    >>> found = problems_frame([Problem("bad_time", "", "", file="class log.csv", row=6)])
    >>> with_places(found)["place"].tolist()
    ['class log.csv, row 6']
    """
    return problems.assign(place=[_place(row) for row in problems[list(_PLACE)].to_dict("records")])


def _place(row: Mapping[Any, Any]) -> str:
    return ", ".join(
        gettext(form, value=row[name]) for name, form in _PLACE.items() if name in row and _is_told(row[name])
    )


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


def kinds_of(problems: pd.DataFrame, *, every: bool = False) -> list[Kind]:
    """Put problems together that have one code and one remedy; or leave `every` one by itself.

    `problems` are those of a `Summary`. Where a code has many remedies, as each of many words has its own, the rarer
    ones are put together too.

    >>> from reflectlab.problems import Problem, problems_frame
    >>> found = [Problem("bad_time", "This is no date.", "Correct it.", "a.csv", row=row) for row in (2, 3, 5, 9)]
    >>> [kind] = kinds_of(with_places(problems_frame(found)))
    >>> kind.number, kind.places, kind.message
    (4, ('a.csv, row 2', 'a.csv, row 3', 'a.csv, row 5'), 'This is no date.')
    """
    shown = problems.reset_index(drop=True)
    if every:
        return [_kind(shown.loc[[number]]) for number in shown.index]
    return [_kind(together) for _, alike in shown.groupby("code", sort=False) for together in _by_remedy(alike)]


def _by_remedy(problems: pd.DataFrame) -> Iterator[pd.DataFrame]:
    usual = problems["hint"].value_counts().index[:MOST_REMEDIES]
    rest = problems[~problems["hint"].isin(usual)]
    yield from (problems[problems["hint"] == hint] for hint in usual)
    if len(rest):
        yield rest


def _kind(problems: pd.DataFrame) -> Kind:
    first = problems.head(FIRST_PLACES)
    values = zip(first["place"], first["value"], strict=True)
    message, hint = (
        str(first[name].iloc[0])
        if problems[name].nunique() == 1
        else gettext("The first: {what}", what=first[name].iloc[0])
        for name in ("message", "hint")
    )
    return Kind(len(problems), tuple(_with_value(place, value) for place, value in values), message, hint)


def _with_value(place: str, value: Any) -> str:
    return f'{place} "{value}"'.lstrip() if _is_told(value) else place


def _each(log: ProgressLog, column: str, names: "pd.Series[Any]") -> tuple[Counted, ...]:
    """Count the rows of each child or goal."""
    rows = pd.concat([log.events[column], log.collaborations[column]]).value_counts()
    code = {"learner_id": "similar_names", "goal_id": "similar_goals"}[column]
    found = log.problems
    doubtful = {*found.loc[found["code"] == code, "value"]}
    each = [Counted(str(name), int(rows.get(one, 0)), one in doubtful) for one, name in names.items()]
    return tuple(sorted(each, key=lambda one: (not one.doubtful, -one.rows)))
