"""Where learners stand on their goals, how they got there, and how long it took."""

from datetime import date, timedelta
from typing import Literal, overload

import narwhals as nw
import pandas as pd

from ..errors import one_of
from ..log import Day, ProgressLog, midnight
from ..log.firsts import CHOOSERS, STATUS_CODES, firsts
from ..log.frames import Schema, joined_in_order, sorted_lazily, to_pandas
from ..log.status import SPELL, status_word
from ..log.tables import days_away
from ..schema import OPEN
from .shared import (
    DROPPED_CODE,
    MET_CODE,
    NEVER,
    as_of,
    beginning,
    holds,
    indicator,
    known_events,
    known_spells,
    least,
    reported,
    with_cannot_tell,
)

SPELLS: Schema = {
    "learner_id": "str",
    "class_id": "str",
    "goal_id": "str",
    "status": "str",
    "set_on": "time",
    "started_on": "time",
    "met_on": "time",
    "days_to_start": "count?",
    "days_to_met": "count?",
    "times_stuck": "count",
    "days_stuck": "count",
    "times_reopened": "count",
    "days_absent": "rate",
    "set_by": "str",
}

STRETCHES: Schema = {
    "learner_id": "str",
    "class_id": "str",
    "goal_id": "str",
    "status": "str",
    "start": "time",
    "stop": "time",
    "start_day": "count",
    "stop_day": "count",
}

STATUS: Schema = {
    "learner_id": "str",
    "class_id": "str",
    "goal_id": "str",
    "status": "str",
    "since": "time",
    "days_in_status": "count",
    "days_absent": "rate",
}


GOES = ("first", "all")


@overload
def spells(
    log: ProgressLog, *, goes: str = ..., on: Day | None = None, collect: Literal[True] = True
) -> pd.DataFrame: ...


@overload
def spells(log: ProgressLog, *, goes: str = ..., on: Day | None = None, collect: Literal[False]) -> nw.LazyFrame: ...


def spells(
    log: ProgressLog, *, goes: str = "first", on: Day | None = None, collect: bool = True
) -> pd.DataFrame | nw.LazyFrame:
    """Return one row per learner and goal: where it stands and how it got there.

    Parameters
    ----------
    log : ProgressLog
    goes : {"first", "all"}
        Whether a goal has one row, with the dates and days of the first time it was met, or one for each go at it.
    on : date or str, optional
        Look from this day's evening; default the last day of the log.
    collect : bool
        Whether to bring the result into pandas; else it stays lazy.

    Returns
    -------
    pandas.DataFrame
        `learner_id, class_id, goal_id, status`; `set_on, started_on, met_on`, the first of each; `days_to_start`
        (set to started) and `days_to_met` (started, or set where nobody noted a start before, to the first met), in
        school days with both ends counted, missing where an end is; `times_stuck` and `days_stuck`, stretches of
        being stuck and the school days in them; `times_reopened`, how often a met goal was opened again;
        `days_absent`, on how many of the school days from the start (or set) to the first met, or to where it was
        dropped, or to now, the learner was away (half a day counts a half); `set_by`, who chose it. With `goes="all"`
        also `go`, from 1: a further one begins where a goal that was met or dropped is taken up again, and its days
        with it; all the other columns are then of that go.

    Examples
    --------
    >>> import reflectlab
    >>> spells(reflectlab.example())[["learner_id", "goal_id", "status"]].head(1).to_string(header=False)
    '0  aroha  hook  met'
    """
    one_of("goes", goes, GOES)
    day = as_of(log, on)
    keys = SPELL if goes == "first" else [*SPELL, "go"]
    rows = not_over(log, spelled(log, keys, day))
    schema = SPELLS if goes == "first" else {**SPELLS, "go": "count"}
    rows = rows.select(*schema) if log.held else sorted_lazily(rows.select(*schema), keys)
    return to_pandas(rows, schema, held=log.held) if collect else rows


@overload
def stretches(log: ProgressLog, *, on: Day | None = None, collect: Literal[True] = True) -> pd.DataFrame: ...


@overload
def stretches(log: ProgressLog, *, on: Day | None = None, collect: Literal[False]) -> nw.LazyFrame: ...


def stretches(log: ProgressLog, *, on: Day | None = None, collect: bool = True) -> pd.DataFrame | nw.LazyFrame:
    """Return one row per unbroken status of a learner on a goal.

    Parameters
    ----------
    log : ProgressLog
    on : date or str, optional
        Look from this day's evening; default the last day of the log.
    collect : bool
        Whether to bring the result into pandas; else it stays lazy.

    Returns
    -------
    pandas.DataFrame
        `learner_id, class_id, goal_id, status, start, stop` (missing while it lasts) and `start_day, stop_day`,
        the school days these belong to; a stretch that lasts stops on the day looked from, or when the learner
        left. What was superseded at the very same instant is no stretch.

    Examples
    --------
    >>> import reflectlab
    >>> stretches(reflectlab.example())["status"].value_counts()["stuck"].item()
    2
    """
    day = as_of(log, on)
    rows = _bounded(log, reported(log, status_runs(log, day)), day)
    if log.selection.start:
        rows = rows.filter(nw.col("stop").is_null() | (nw.col("stop") >= midnight(log.selection.start)))
    rows = sorted_lazily(rows.select(*STRETCHES), [*SPELL, "start"])
    return with_cannot_tell(to_pandas(rows, STRETCHES, held=log.held), log, "set") if collect else rows


def status(log: ProgressLog, on: Day | None = None) -> pd.DataFrame:
    """Return where each learner stands on each goal.

    Parameters
    ----------
    log : ProgressLog
    on : date or str, optional
        Look from this day's evening; default the last day of the log.

    Returns
    -------
    pandas.DataFrame
        `learner_id, class_id, goal_id, status, since`; `days_in_status`, the school days since then, and
        `days_absent`, on how many of these the learner was away (half a day counts a half). Who has left by that
        day, or has not joined yet, has no goal open on it: of them there is what they met or dropped.

    Examples
    --------
    >>> import reflectlab
    >>> status(reflectlab.example(), on="2026-07-20")["status"].tolist()
    ['working', 'set']
    """
    day = as_of(log, on)
    return to_pandas(_standing(log, still_here(_open_ended(log, day), day)), STATUS, held=log.held)


def _open_ended(log: ProgressLog, day: date) -> nw.LazyFrame:
    """Return the statuses that last."""
    return _bounded(log, reported(log, status_runs(log, day)).filter(nw.col("stop").is_null()), day)


def _standing(log: ProgressLog, last: nw.LazyFrame) -> nw.LazyFrame:
    days = nw.col("stop_day") - nw.col("start_day")
    last = _with_days_absent(log, last, SPELL, nw.col("start_day") + 1, nw.col("stop_day"))
    return sorted_lazily(last.with_columns(since=nw.col("start"), days_in_status=days), SPELL)


def lasting(log: ProgressLog, day: date) -> nw.LazyFrame:
    """Return in which status the learners that are reported are on a day's evening, as `runs` has it."""
    return still_here(reported(log, status_runs(log, day)).filter(nw.col("stop").is_null()), day)


def still_here(rows: nw.LazyFrame, day: date) -> nw.LazyFrame:
    """Leave out what is open for learners who have left by a day, or not joined."""
    joined = nw.col("joined").is_null() | (nw.col("joined") < midnight(day + timedelta(days=1)))
    left = nw.col("left").is_null() | (nw.col("left") >= midnight(day))
    return rows.filter((joined & left) | ~nw.col("status").is_in(list(OPEN)))


_CHOSE = {code: who for who, code in CHOOSERS.items()}


def status_runs(log: ProgressLog, day: date) -> nw.LazyFrame:
    """Return the unbroken statuses of all learners known by a day's evening, as `runs` has them."""
    evening = midnight(day + timedelta(days=1))
    lasts = nw.col("stop").is_null() | (nw.col("stop") >= evening)
    seen = {name: nw.when(~lasts).then(nw.col(name)) for name in ("stop", "stop_day")}
    return log.frame("runs").filter(nw.col("start") < evening).with_columns(**seen)


def _bounded(log: ProgressLog, rows: nw.LazyFrame, day: date) -> nw.LazyFrame:
    """Let what lasts stop on the day looked from, or when the learner left."""
    now = least("left_day", log.calendar.school_day(day))
    # An event may be noted after its learner left: the stretch it begins lasts no time, not less.
    now = nw.when(now < nw.col("start_day")).then(nw.col("start_day")).otherwise(now)
    return rows.with_columns(stop_day=nw.when(nw.col("stop").is_null()).then(now).otherwise(nw.col("stop_day")))


def not_over(log: ProgressLog, rows: nw.LazyFrame) -> nw.LazyFrame:
    """Leave out the spells that were over before the first day that is reported."""
    if log.selection.start is None:
        return rows
    return rows.filter((nw.col("last_on") >= midnight(log.selection.start)) | nw.col("status").is_in(list(OPEN)))


def spelled(log: ProgressLog, keys: list[str], day: date) -> nw.LazyFrame:
    """Return what `spells` tells of each of `keys`, with the first events it follows from; in order where held."""
    stuck = nw.col("status") == "stuck"
    reopened = (nw.col("before") == MET_CODE) & nw.col("status").is_in(list(OPEN))
    marked = _bounded(log, reported(log, status_runs(log, day).filter(stuck | reopened)), day).with_columns(
        _stuck=indicator(stuck),
        _days=nw.when(stuck).then(nw.col("stop_day") - nw.col("start_day")).otherwise(nw.lit(0)),
        _reopened=indicator(reopened),
    )
    sums = marked.group_by(keys).agg(
        times_stuck=nw.col("_stuck").sum(),
        days_stuck=nw.col("_days").sum(),
        times_reopened=nw.col("_reopened").sum(),
    )
    both = known_spells(log, day) if keys == SPELL else firsts(known_events(log, day), keys, held=log.held)
    rows = joined_in_order(reported(log, both), sums, keys)
    begun = beginning("day", nw.col("met_at").fill_null(NEVER))
    if "go" in keys:
        begun = nw.when(nw.col("go") > 1).then(nw.col("first_day")).otherwise(begun)
    now = least("left_day", log.calendar.school_day(day))
    code = nw.col("mark") % STATUS_CODES
    dropped = nw.when(code == DROPPED_CODE).then(nw.col("last_day"))
    rows = _with_days_absent(log, rows, keys, begun, nw.coalesce(nw.col("met_day"), dropped, now))
    counts = (nw.col(name).fill_null(0) for name in ("times_stuck", "days_stuck", "times_reopened"))
    return rows.with_columns(
        *counts,
        status=status_word(code),
        days_to_start=_days_between(nw.col("set_day"), nw.col("started_day")),
        days_to_met=_days_between(begun, nw.col("met_day")),
        set_by=nw.col("chosen").replace_strict(_CHOSE, default=None, return_dtype=nw.String),
    )


def _with_days_absent(
    log: ProgressLog, rows: nw.LazyFrame, keys: list[str] | tuple[str, ...], first: nw.Expr, last: nw.Expr
) -> nw.LazyFrame:
    """Add on how many school days from a first to a last one, both counted, the learner of each row was away."""
    if not holds(log, "absences"):
        return rows.with_columns(days_absent=nw.lit(0.0))
    spans = rows.select(*keys, _first=first, _last=last).join(
        days_away(log.frame("absences")), on="learner_id", how="inner"
    )
    within = (nw.col("school_day") >= nw.col("_first")) & (nw.col("school_day") <= nw.col("_last"))
    days = spans.filter(within).group_by(*keys).agg(days_absent=nw.col("away").sum())
    return joined_in_order(rows, days, keys).with_columns(nw.col("days_absent").fill_null(0.0))


def _days_between(start: nw.Expr, stop: nw.Expr) -> nw.Expr:
    """Return the school days from one day to another, both counted; missing where the second is the earlier."""
    return nw.when(stop >= start).then(stop - start + 1)
