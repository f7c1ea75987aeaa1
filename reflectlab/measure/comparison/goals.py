"""Goals as arrays, and the rows that the models of a comparison run on."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...errors import ArgumentError
from ...log import ProgressLog
from ...log.frames import collected
from ..shared import grouping, with_groups
from ..statistics import Flags, Floats, Ints
from .counting_process import goal_spells

FEW = 5
"""A word that fewer goals met than this share is put together with the other rare ones."""

NOTED = 0.5
"""Goals whose beginning is not noted are left out of the headline where at least this share of all has it noted."""

Texts = NDArray[np.object_]

_CODES = {"learner": "learner_id", "goal": "goal_id", "group": "class_id"}

_INNER = ("entry", "stop", "together", "ending", "kind", "chosen_by", "begun", "noted", "met_instant")


@dataclass(frozen=True)
class Goals:
    """Goals that were under way, one entry a learner and goal; times in days since it was begun.

    Learner, goal and group (the class) are codes. It was seen under way from `entry` to `stop`, and was still open then
    unless met or dropped. `together`, the first work with somebody, is infinite if never; `kind` and `chosen_by` are of
    that time. `begun` is on the clock of the unit.
    """

    learner: Ints
    goal: Ints
    group: Ints
    entry: Floats
    stop: Floats
    together: Floats
    met: Flags
    dropped: Flags
    kind: Texts
    chosen_by: Texts
    begun: Floats

    def only(self, keep: Flags | Ints) -> "Goals":
        """Return some of the goals, as flags or places say."""
        return Goals(**{field.name: getattr(self, field.name)[keep] for field in fields(self)})

    def __len__(self) -> int:
        return len(self.stop)

    @property
    def switches(self) -> Flags:
        """Whether work together began while the goal was under way, and not only as it was met."""
        flags: Flags = self.together < self.stop
        return flags


@dataclass(frozen=True)
class Rows:
    """(start, stop] rows, each `of` a place in `Goals`.

    A row is `met` if it ends because the goal is, and exposed once the learner has worked on it with somebody.
    """

    of: Ints
    start: Floats
    stop: Floats
    met: Flags
    exposed: Flags

    def only(self, keep: Flags) -> "Rows":
        """Return some of the rows."""
        return Rows(**{field.name: getattr(self, field.name)[keep] for field in fields(self)})


def seen_goals(log: ProgressLog, unit: str, columns: Sequence[str] = ()) -> pd.DataFrame:
    """Return the goals of a log as a frame, sorted by learner and goal, with columns of learners or goals as asked for.

    Beside `learner_id, goal_id, class_id` and these, it has those of `goal_spells`, and codes for the learner, the goal
    and the class, all with an underscore in front.
    """
    of_learners, of_goals, _ = grouping(log, columns)
    renamed = [nw.col(name).alias(f"_{name}") for name in _INNER]
    spells = goal_spells(log, unit).select("learner_id", "goal_id", *renamed)
    wanted = dict.fromkeys(["learner_id", "goal_id", "class_id", *columns, *(f"_{name}" for name in _INNER)])
    rows = with_groups(log, spells, of_learners, of_goals).select(*wanted)
    frame = collected(rows).sort_values(["learner_id", "goal_id"], ignore_index=True)
    codes = {f"_{name}": pd.factorize(frame[column], use_na_sentinel=False)[0] for name, column in _CODES.items()}
    return frame.assign(**codes)


def under_way(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the goals of `seen_goals` that were seen under way for some time."""
    return frame[frame["_stop"] > frame["_entry"]].reset_index(drop=True)


def begun_noted(frame: pd.DataFrame) -> Flags:
    """Tell of which goals the beginning was noted; of all, where that is rarely done."""
    noted: Flags = (frame["_noted"] == 1).to_numpy(dtype=bool)
    return noted if len(noted) and noted.mean() >= NOTED else np.ones(len(frame), dtype=bool)


def as_goals(frame: pd.DataFrame) -> Goals:
    """Return the goals of `under_way` as arrays."""
    return Goals(
        **{name: frame[f"_{name}"].to_numpy() for name in _CODES},
        entry=frame["_entry"].to_numpy(dtype=float),
        stop=frame["_stop"].to_numpy(dtype=float),
        together=frame["_together"].fillna(np.inf).to_numpy(dtype=float),
        met=(frame["_ending"] == "met").to_numpy(dtype=bool),
        dropped=(frame["_ending"] == "dropped").to_numpy(dtype=bool),
        kind=frame["_kind"].to_numpy(dtype=object),
        chosen_by=frame["_chosen_by"].to_numpy(dtype=object),
        begun=frame["_begun"].to_numpy(dtype=float),
    )


def rows_of(goals: Goals) -> Rows:
    """Cut the goals that became collaborative in two."""
    switches, places = goals.switches, np.arange(len(goals))
    turn = np.maximum(goals.together[switches], goals.entry[switches])
    until = goals.stop.copy()
    until[switches] = turn
    rows = Rows(
        of=np.concatenate([places, places[switches]]),
        start=np.concatenate([goals.entry, turn]),
        stop=np.concatenate([until, goals.stop[switches]]),
        met=np.concatenate([goals.met & ~switches, goals.met[switches]]),
        exposed=np.repeat([False, True], [len(goals), int(switches.sum())]),
    )
    return rows.only(rows.stop > rows.start)


def covariates(frame: pd.DataFrame, columns: Sequence[str]) -> tuple[list[str], Floats]:
    """Return names and columns of numbers: numbers as they are, words as one column for each but the first.

    There is one row a goal; missing numbers stay missing.
    """
    names, values = [], [np.empty((len(frame), 0))]
    for column in columns:
        found = frame[column]
        if pd.api.types.is_numeric_dtype(found.dtype):
            names.append(column)
            values.append(_numbers(column, found)[:, None])
            continue
        words = _words(found, frame["_ending"] == "met")
        for kind in sorted(words.unique())[1:]:
            names.append(f"{column}: {kind}")
            values.append((words == kind).to_numpy(dtype=float)[:, None])
    return names, np.column_stack(values)


def _numbers(name: str, column: pd.Series) -> Floats:
    numbers = column.to_numpy(dtype=float, na_value=np.nan)
    if np.isinf(numbers).any():
        raise ArgumentError(
            f"`adjust` names {name!r}, in which {int(np.isinf(numbers).sum())} goals have an infinite number: put a "
            "finite one there, or leave it empty where it is not known."
        )
    return numbers


def _words(column: pd.Series, met: pd.Series) -> pd.Series:
    words = column.astype("object").where(column.notna(), "not noted").astype(str)
    enough = met.groupby(words).sum()
    return words.where(words.map(enough) >= FEW, "others")
