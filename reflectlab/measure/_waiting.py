"""Stretches of being stuck, and when somebody supported the learner: what `follow_through` rests on."""

from dataclasses import dataclass, fields
from datetime import date

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..log import ProgressLog
from ..statuses import SPELL
from ._common import DROPPED, MET, with_groups
from .collaboration import _participations
from .progress import runs

EVENING = 1 - 1e-9
"""The last moment of a school day, as a fraction of it."""

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True)
class Waits:
    """Stretches of being stuck, one entry each; times in school days with their fractions, infinite if never.

    Attributes
    ----------
    learner, goal : array
        Whose, and which goal of theirs, as codes.
    start, stop : array
        When it began and ended.
    before : array
        School days of being stuck on the goal before this stretch.
    helped : array
        When the learner was first supported on the goal.
    met, dropped : array
        The first of each after the stretch began.
    seen : array
        The last school day on which the learner was there.
    """

    learner: Ints
    goal: Ints
    start: Floats
    stop: Floats
    before: Floats
    helped: Floats
    met: Floats
    dropped: Floats
    seen: Floats

    def only(self, keep: NDArray[np.bool_]) -> "Waits":
        """Return some of the stretches."""
        return Waits(**{field.name: getattr(self, field.name)[keep] for field in fields(self)})


def waits_of(log: ProgressLog, day: date, of_learners: list[str], of_goals: list[str]) -> tuple[Waits, pd.DataFrame]:
    """Return the stretches of being stuck, and the grouping columns of each."""
    keep = ["status_code", "status", "start", "start_day", "stop", "stop_day"]
    columns = list(dict.fromkeys([*SPELL, *keep, "left_day", *of_learners, *of_goals]))
    learners = log.frame("learners").select("learner_id", "left_day")
    held = with_groups(log, runs(log, day), of_learners, of_goals).join(learners, on="learner_id", how="left")
    rows = held.select(columns).collect().to_pandas()
    rows = rows.assign(begin=_school_time(log, rows["start"], rows["start_day"]))
    rows = rows.assign(end=_school_time(log, rows["stop"], rows["stop_day"])).sort_values([*SPELL, "begin"])
    rows = rows.reset_index(drop=True)
    pair = np.asarray(rows.groupby(SPELL, sort=False).ngroup(), dtype=np.intp)
    stuck = (rows["status"] == "stuck").to_numpy()
    long = np.where(stuck, rows["stop_day"].fillna(0) - rows["start_day"], 0.0)
    before = np.asarray(pd.Series(long).groupby(pair).cumsum(), dtype=np.float64) - long
    today = log.calendar.school_day(day)
    waits = Waits(
        learner=pd.factorize(rows["learner_id"])[0],
        goal=pair,
        start=rows["begin"].to_numpy(),
        stop=rows["end"].to_numpy(),
        before=before,
        helped=_first_support(log, day, rows),
        met=_next(rows, pair, MET),
        dropped=_next(rows, pair, DROPPED),
        seen=np.minimum(rows["left_day"].fillna(today).to_numpy(dtype=float), today),
    )
    return waits.only(stuck), rows.loc[stuck, [*of_learners, *of_goals]].reset_index(drop=True)


def _school_time(log: ProgressLog, time: pd.Series, school_day: pd.Series) -> Floats:
    """Return times as school days with the fraction of the day; infinite where missing."""
    known = time.notna().to_numpy()
    dates = log.calendar.days["date"].to_numpy()
    number = school_day.fillna(1).to_numpy(dtype=np.int64)
    passed = (time.to_numpy() - dates[number - 1]) / np.timedelta64(1, "D")
    within: Floats = np.clip(np.where(known, passed, 0.0), 0.0, EVENING)
    return np.where(known, number + within, np.inf)


def _first_support(log: ProgressLog, day: date, rows: pd.DataFrame) -> Floats:
    """Return when the learner of each row was first supported on the goal."""
    sought = _participations(log, day).filter(nw.col("kind") == "sought_support")
    found = sought.select(*SPELL, "time", "school_day").collect().to_pandas()
    found = found.assign(helped=_school_time(log, found["time"], found["school_day"]))
    first = found.groupby(SPELL, as_index=False)["helped"].min()
    return rows[SPELL].merge(first, on=SPELL, how="left")["helped"].fillna(np.inf).to_numpy(dtype=float)


def _next(rows: pd.DataFrame, pair: Ints, code: int) -> Floats:
    """Return for each row when the goal next came to a status."""
    came = rows["begin"].where(rows["status_code"] == code)
    return came.groupby(pair).bfill().fillna(np.inf).to_numpy(dtype=float)
