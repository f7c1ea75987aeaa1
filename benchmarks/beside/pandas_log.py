"""What somebody who writes measures in pandas by hand has ready: ids as numbers, events sorted once, school days."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .school_days import SchoolDays
from .words import EVENTS, GIVES, MARKS, REOPENED, STANDS_MET, STARTED, STATUSES, STUCK, comes_first

TABLES = ("events", "collaborations", "learners", "goals", "terms")

Tables = Mapping[str, pd.DataFrame]

Ints = NDArray[np.int64]


def held(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the tables of a folder of canonical Parquet."""
    return {name: pd.read_parquet(_place(folder, name)) for name in TABLES}


def _place(folder: Path, name: str) -> Path:
    one = folder / f"{name}.parquet"
    return one if one.exists() else folder / name


@dataclass
class Log:
    """The tables, and what is made of each when asked for; learners and goals are numbered in alphabetical order."""

    tables: Tables

    @cached_property
    def learners(self) -> pd.DataFrame:
        return self.tables["learners"].sort_values("learner_id", ignore_index=True)

    @cached_property
    def goals(self) -> pd.DataFrame:
        return self.tables["goals"].sort_values("goal_id", ignore_index=True)

    @cached_property
    def span(self) -> tuple[np.datetime64, np.datetime64]:
        """The first and the last day."""
        times = [self.tables[name]["time"] for name in TABLES[:2]]
        low, high = min(each.min() for each in times), max(each.max() for each in times)
        return np.datetime64(low, "D"), np.datetime64(high, "D")

    @cached_property
    def clock(self) -> SchoolDays:
        terms = self.tables["terms"][["start", "end", "closed"]].astype(object)
        rows = [(start, end, closed if isinstance(closed, str) else None) for start, end, closed in terms.to_numpy()]
        moves = [self.learners[name].dropna() for name in ("joined", "left")]
        days = [np.datetime64(each, "D") for some in moves if len(some) for each in (some.min(), some.max())]
        return SchoolDays(rows, min([self.span[0], *days]), max([self.span[1], *days]))

    def day(self, times: Any, which: str = "belongs") -> Ints:
        """Return the school day of times, of which none is missing."""
        place = np.asarray(times, dtype="datetime64[D]").astype(np.int64) - self.clock.base.astype(np.int64)
        return np.asarray(getattr(self.clock, which)[place])

    def day_or_none(self, times: pd.Series) -> pd.Series:
        """Return the school day of times that may be missing."""
        known = times.dropna()
        return pd.Series(self.day(known), known.index).reindex(times.index).astype("Int64")

    @cached_property
    def today(self) -> int:
        return int(self.day(self.span[1]))

    @cached_property
    def until(self) -> Ints:
        """The school day on which what is open ends for each learner: today, or when they left."""
        left = self.day_or_none(self.learners["left"]).fillna(self.today)
        return np.minimum(left.to_numpy(np.int64), self.today)

    def number(self, table: str, what: str) -> Ints:
        """Return the numbers of learners or goals in a table; -1 where there is none."""
        known = self.learners if what == "learner" else self.goals
        ids = pd.Categorical(self.tables[table][f"{what}_id"], categories=known[f"{what}_id"])
        return ids.codes.astype(np.int64)

    def events(self, *columns: str) -> pd.DataFrame:
        """Return `key`, the number of learner and goal, and `mark`, the order of an event in its spell."""
        events = self.tables["events"]
        word = pd.Categorical(events["event"], categories=EVENTS).codes.astype(np.int64) + 1
        mark = events["time"].to_numpy("datetime64[us]").astype(np.int64) * MARKS + word
        key = self.number("events", "learner") * len(self.goals) + self.number("events", "goal")
        return events[[*columns]].assign(key=key, mark=mark)

    def names(self, key: Ints) -> dict[str, Any]:
        """Return the ids and the class that keys stand for."""
        learner, goal = np.divmod(key, len(self.goals))
        told = {name: self.learners[name].array.take(learner) for name in ("learner_id", "class_id")}
        return {**told, "goal_id": self.goals["goal_id"].array.take(goal)}


def instants(marks: Ints) -> NDArray[np.datetime64]:
    return (marks // MARKS).astype("datetime64[us]")


def settled(log: Log, *columns: str) -> pd.DataFrame:
    """Return the events sorted by learner and goal and as they apply, with `code`, how the goal stands after each."""
    rows = _reopened_first(log.events("row", *columns).sort_values(["key", "mark", "row"], ignore_index=True))
    key, event = rows["key"].to_numpy(), rows["mark"].to_numpy() % MARKS
    stays = (event >= STARTED) & (event <= STUCK)
    gives = np.array(GIVES)[event]
    decided = np.maximum.accumulate(np.where(stays & ~_begins(key), -1, np.arange(len(key))))
    stands = ~stays[decided] & (gives[decided] == STANDS_MET) if len(key) else stays
    return rows.assign(code=np.where(stays & stands, STANDS_MET, gives))


def _begins(key: Ints) -> NDArray[np.bool_]:
    return np.r_[True, key[1:] != key[:-1]][: len(key)]


def _reopened_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Let `reopened` begin its instant where the goal stood at met before; the rows are in order."""
    key, mark = rows["key"].to_numpy(), rows["mark"].to_numpy()
    same = ~_begins(key) & ~_begins(mark // MARKS)
    if not (same & (mark % MARKS == REOPENED)).any():
        return rows
    few = np.flatnonzero(np.isin(key, key[mark % MARKS == REOPENED]))
    first = few[comes_first(key[few], mark[few])]
    changed = mark.copy()
    changed[first] -= REOPENED
    return rows.assign(mark=changed).sort_values(["key", "mark", "row"], ignore_index=True)


def first_marked(rows: pd.DataFrame) -> pd.DataFrame:
    """Return unsorted events, `reopened` marked as the first of its instant where the goal stood at met before."""
    reopened = rows[rows["mark"] % MARKS == REOPENED]
    few = rows[rows["key"].isin(reopened["key"].unique())].sort_values(["key", "mark"])
    told = _reopened_first(few.assign(row=few.index))
    marks = rows["mark"].copy()
    marks.loc[told["row"].to_numpy()] = told["mark"].to_numpy()
    return rows.assign(mark=marks)


def runs(log: Log, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the unbroken statuses: `key, code, before, start, stop`, and school days `start_day, stop_day`."""
    key, instant = rows["key"].to_numpy(), rows["mark"].to_numpy() // MARKS
    ends = np.r_[(key[1:] != key[:-1]) | (instant[1:] != instant[:-1]), True][: len(key)]
    frame = rows.loc[ends, ["key", "mark", "code"]]
    key, code = frame["key"].to_numpy(), frame["code"].to_numpy()
    begins = _begins(key)
    before = np.where(begins, -1, np.r_[-1, code[:-1]][: len(code)])
    frame = frame.assign(before=before)[before != code]
    key, start = frame["key"].to_numpy(), instants(frame["mark"].to_numpy())
    last = np.r_[key[1:] != key[:-1], True][: len(key)]
    start_day = log.day(start)
    stop = np.where(last, np.datetime64("NaT"), np.r_[start[1:], start[:1]])
    lasts = np.maximum(log.until[key // len(log.goals)], start_day)
    stop_day = np.where(last, lasts, np.r_[start_day[1:], start_day[:1]])
    return frame.assign(start=start, stop=stop, start_day=start_day, stop_day=stop_day, last=last)


def status(codes: Any, *, allow_fill: bool = False) -> Any:
    return pd.array(STATUSES, dtype="str").take(np.asarray(codes), allow_fill=allow_fill)
