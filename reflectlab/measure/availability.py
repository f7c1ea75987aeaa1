"""With whom a learner could have worked: classmates on the same goal, or with the goal already met."""

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import one_of
from ..log import Day, ProgressLog
from ..log.frames import Schema, collected, typed
from ..log.status import SPELL
from ..log.tables import days_away
from .shared import (
    MET_CODE,
    OPEN_CODES,
    By,
    as_of,
    grouping,
    holds,
    known_events,
    period_columns,
    reported_learners,
    with_cannot_tell,
)

AVAILABILITY: Schema = {
    "learner_id": "str",
    "class_id": "str",
    "date": "time",
    "term_id": "str",
    "week": "count",
    "school_day": "count",
    "open_goals": "count?",
    "peers": "count?",
    "supporters": "count?",
    "anyone": "count?",
}

AVAILABILITY_SUMMARY: Schema = {
    "days": "count",
    "days_on_goal": "count?",
    "days_with_peer": "count?",
    "days_with_supporter": "count?",
    "days_with_anyone": "count?",
    "mean_peers": "rate",
    "mean_supporters": "rate",
    "share_with_anyone": "rate",
}

COUNTS = ("open_goals", "peers", "supporters", "anyone")

_DAILY: Schema = {name: AVAILABILITY[name] for name in ("learner_id", "class_id", "school_day", *COUNTS)}

_FAR = 2**32


def availability(log: ProgressLog, *, on: Day | None = None) -> pd.DataFrame:
    """Return with how many classmates each learner could have worked on each school day.

    Parameters
    ----------
    log : ProgressLog
    on : date or str, optional
        Look from this day's evening; default the last day of the log.

    Returns
    -------
    pandas.DataFrame
        One row for each school day on which a learner was present: `learner_id, class_id, date, term_id, week,
        school_day`; `open_goals`, the learner's own; `peers`, classmates who had one of these open too;
        `supporters`, classmates who stood at met on one of these; `anyone`, either of the two. The last four are
        missing where the log has no events.

    See Also
    --------
    availability_summary : the same by learner, class and week.

    Notes
    -----
    A goal counts as open on a day, or as met, if it was so at any time of that day. In a log without clock times
    it counts as it stood for an episode of that day: met, or dropped, from the day after. Learners whose class nobody
    wrote down count as one class. A classmate counts only on days on which they were present. Who was away a whole
    day (`log.absences`) was not; who was away half a day was.

    Examples
    --------
    >>> import reflectlab
    >>> days = availability(reflectlab.example())
    >>> days.loc[(days["learner_id"] == "ben") & (days["date"] == "2026-07-22"), "peers"].tolist()
    [1]
    """
    day = as_of(log, on)
    known = holds(log, "events")
    found = daily(log, day)
    found = found.merge(log.calendar.days[["school_day", "date", "term_id", "week"]], on="school_day", how="left")
    if not known:
        found = without(found, COUNTS)
    found = found.sort_values(["learner_id", "school_day"])
    return with_cannot_tell(typed(found, AVAILABILITY), log, "events", "set")


def availability_summary(
    log: ProgressLog, by: By = ("learner_id",), *, every: str | None = None, on: Day | None = None
) -> pd.DataFrame:
    """Return how often learners had somebody to work with, to stand beside how often they did.

    Parameters
    ----------
    log : ProgressLog
    by : str or sequence of str
        Columns of the learners to group by; the same as for `collaboration`, so that the two can be joined.
    every : {"week", "term"}, optional
        Add a row for each school week or term.
    on : date or str, optional
        Look from this day's evening; default the last day of the log.

    Returns
    -------
    pandas.DataFrame
        The columns of `by` and of the period; `days`, school days on which a learner was present, summed over the
        learners of the group; of them `days_on_goal`, with an open goal of their own; of these `days_with_peer`,
        a classmate had the same goal open, `days_with_supporter`, one had met it, `days_with_anyone`, either;
        `mean_peers` and `mean_supporters`, how many on a day with an open goal; `share_with_anyone`,
        `days_with_anyone / days_on_goal`.

    Examples
    --------
    >>> import reflectlab
    >>> table = availability_summary(reflectlab.example())
    >>> table.loc[table["learner_id"] == "chloe", "days_with_anyone"].tolist()  # nobody else had her goal
    [0]
    """
    one_of("every", every, ["week", "term", None])
    _, of_goals, schema = grouping(log, by)
    one_of("by", tuple(of_goals), [()])
    day = as_of(log, on)
    keys = {**schema, **period_columns(every)}
    found = _with_attributes(log, daily(log, day), list(schema), every)
    table = _summed(found, list(keys), holds(log, "events"))
    order = [*schema, *(["_term"] if every else []), *(["week"] if every == "week" else [])]
    table = table.sort_values(order) if order else table
    return with_cannot_tell(typed(table, {**keys, **AVAILABILITY_SUMMARY}), log, "events", "set")


def daily(log: ProgressLog, day: date, first: int | None = None) -> pd.DataFrame:
    """Return one row a learner and school day: `learner_id, class_id, school_day` and the four counts.

    From school day `first` on, else from the first that is reported.
    """
    begin, last = _span(log, day)
    days = range(first or begin, last + 1)
    columns = ["learner_id", "class_id", "from_day", "to_day"]
    roster = collected(log.frame("learners").select(columns))
    roster = roster.sort_values("learner_id", ignore_index=True)
    spans = spans_of_days(log, day)
    spans = spans[spans["stop"] >= days.start]
    room = pd.Series(pd.factorize(roster["class_id"].fillna(""), sort=True)[0])
    place = pd.Index(roster["learner_id"]).get_indexer(spans["learner_id"])
    number, goal = room.groupby(room).cumcount().to_numpy(), pd.factorize(spans["goal_id"])[0]
    of_room = pd.Series(room.to_numpy()[place]).groupby(room.to_numpy()[place]).indices
    wanted, away = reported_learners(log), _away(log, roster, days)
    frames = []
    for code, members in room.groupby(room).indices.items():
        if wanted.isdisjoint(roster["learner_id"].iloc[members]):
            continue
        mine = of_room.get(code, np.zeros(0, dtype=np.intp))
        there = _there(roster.iloc[members], days) & ~away[:, members]
        frames.append(_of_class(roster.iloc[members], spans.iloc[mine], number[place[mine]], goal[mine], days, there))
    found = pd.concat(frames, ignore_index=True) if frames else typed(pd.DataFrame(columns=list(_DAILY)), _DAILY)
    return found[found["learner_id"].isin(wanted)]


def _there(roster: pd.DataFrame, days: range) -> NDArray[np.bool_]:
    """Return who belonged to the class on each day: days x learners."""
    day = np.asarray(days)[:, None]
    return (roster["from_day"].to_numpy() <= day) & (day <= roster["to_day"].to_numpy())


def _away(log: ProgressLog, roster: pd.DataFrame, days: range) -> NDArray[np.bool_]:
    """Return who was away all day: days x learners."""
    away = np.zeros((len(days), len(roster)), dtype=bool)
    if not holds(log, "absences"):
        return away
    whole = collected(days_away(log.frame("absences")))
    whole = whole[(whole["away"] == 1) & whole["school_day"].isin(days)]
    place = pd.Index(roster["learner_id"]).get_indexer(whole["learner_id"])
    away[whole["school_day"].to_numpy(dtype=int)[place >= 0] - days.start, place[place >= 0]] = True
    return away


def _span(log: ProgressLog, day: date) -> tuple[int, int]:
    """Return the first and last school day to report."""
    start = log.selection.start
    return (log.calendar.school_day(start) if start else 1), log.calendar.school_day(day)


def spans_of_days(log: ProgressLog, day: date) -> pd.DataFrame:
    """Return from which school day to which each status held, both counted: `code, start, stop`."""
    last = log.calendar.school_day(day)
    columns = [*SPELL, "position", "event", "time", "school_day"]
    events = collected(known_events(log, day).select(*columns, code="status_code"))
    rows = events if log.held else events.sort_values([*SPELL, "position"], ignore_index=True)
    start = rows["school_day"].to_numpy() + (_from_the_next_day(log, rows) if log.dates_only else 0)
    pair = (rows[SPELL] != rows[SPELL].shift()).any(axis=1).to_numpy().cumsum()
    # A status ends before any later one begins, not just the next: in a log of dates a goal met and reopened on one
    # day is open again on that day, and met only from the day after.
    soonest = np.minimum.accumulate((start + pair * _FAR)[::-1])[::-1] - pair * _FAR
    lasts = np.append(pair[1:] != pair[:-1], True)[: len(rows)]
    following = np.append(soonest[1:], 0)[: len(rows)] - int(log.dates_only)
    return rows.assign(start=start, stop=np.where(lasts, last, following))


def _from_the_next_day(log: ProgressLog, rows: pd.DataFrame) -> NDArray[np.int64]:
    """Return 1 where an event counts from the next school day: in a log of dates, what closes a goal."""
    dates = log.calendar.days["date"].to_numpy()[rows["school_day"].to_numpy() - 1]
    closing = rows["event"].isin(["met", "dropped"]) & (rows["time"] >= dates)
    return np.asarray(closing, dtype=np.int64)


def _of_class(
    roster: pd.DataFrame,
    spans: pd.DataFrame,
    learner: NDArray[np.intp],
    goal: NDArray[np.intp],
    days: range,
    there: NDArray[np.bool_],
) -> pd.DataFrame:
    """Return the counts of one class, for the days on which each learner was present."""
    here, goal = np.unique(goal, return_inverse=True)
    # As many days at a time as fit into a few megabytes, whoever has no class but all the others.
    step = max(1, _CELLS // (len(roster) * max(len(roster), len(here))))
    counts = np.zeros((len(COUNTS), len(days), len(roster)), dtype=np.int64)
    for begin in range(0, len(days), step):
        some, now = days[begin : begin + step], slice(begin, begin + step)
        open_, met = (
            _stood(
                spans[spans_are], learner[spans_are], goal[spans_are], (len(some), len(roster), len(here)), some.start
            )
            for spans_are in (spans["code"].isin(OPEN_CODES).to_numpy(), (spans["code"] == MET_CODE).to_numpy())
        )
        counts[:, now] = _counts(open_, met, there[now])
    which, who = np.nonzero(there)
    columns = {name: counts[place, which, who] for place, name in enumerate(COUNTS)}
    ids = {name: roster[name].to_numpy()[who] for name in ("learner_id", "class_id")}
    return pd.DataFrame({**ids, "school_day": np.asarray(days)[which], **columns})


_CELLS = 4_000_000


def _stood(
    spans: pd.DataFrame, learner: NDArray[np.intp], goal: NDArray[np.intp], shape: tuple[int, int, int], first: int
) -> NDArray[np.float32]:
    """Return on which days, from a first, which learners stood so on which goals: 1 where one of the spans holds it."""
    days, learners, goals = shape
    begin = np.clip(spans["start"].to_numpy() - first, 0, days)
    end = np.clip(spans["stop"].to_numpy() + 1 - first, 0, days)
    lasts, pair = begin < end, learner * goals + goal
    change = np.zeros((days + 1) * learners * goals, dtype=np.int32)
    for day, by in ((begin, 1), (end, -1)):
        np.add.at(change, (day * learners * goals + pair)[lasts], by)
    held = change.reshape(days + 1, learners, goals)[:-1].cumsum(axis=0)
    return (held > 0).astype(np.float32)


def _counts(
    open_: NDArray[np.float32], met: NDArray[np.float32], there: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], ...]:
    """Return each of `COUNTS`: days x learners."""
    peer, supporter = (open_ @ each.transpose(0, 2, 1) > 0 for each in (open_, met))
    nobody = np.arange(open_.shape[1])
    for matrix in (peer, supporter):
        matrix[:, nobody, nobody] = False
        matrix &= there[:, None, :]
    return open_.sum(axis=2).astype(np.int64), *(each.sum(axis=2) for each in (peer, supporter, peer | supporter))


def _with_attributes(log: ProgressLog, found: pd.DataFrame, names: list[str], every: str | None) -> pd.DataFrame:
    """Add the grouping columns and the period of each day."""
    more = [name for name in names if name not in ("learner_id", "class_id")]
    if more:
        attributes = collected(log.frame("learners").select("learner_id", *more))
        found = found.merge(attributes, on="learner_id", how="left")
    if not every:
        return found
    order = {term.term_id: place for place, term in enumerate(log.calendar.terms)}
    days = log.calendar.days[["school_day", "term_id", "week"]]
    return found.merge(days.assign(_term=days["term_id"].map(order)), on="school_day", how="left")


def _summed(found: pd.DataFrame, keys: list[str], known: bool) -> pd.DataFrame:
    """Return the sums of each group."""
    on_goal = found["open_goals"] > 0
    flags = {
        "days": pd.Series(1, index=found.index),
        "days_on_goal": on_goal.astype(int),
        "days_with_peer": (found["peers"] > 0).astype(int),
        "days_with_supporter": (found["supporters"] > 0).astype(int),
        "days_with_anyone": (found["anyone"] > 0).astype(int),
        "mean_peers": found["peers"],
        "mean_supporters": found["supporters"],
    }
    marked = found.assign(_all=0, **flags)
    extra = ["_term"] if "_term" in found and keys else []
    groups = marked.groupby([*extra, *keys] or ["_all"], dropna=False, sort=False)
    table = groups[list(flags)].sum().reset_index()
    size = table["days_on_goal"].where(table["days_on_goal"] > 0)
    means = {name: table[name] / size for name in ("mean_peers", "mean_supporters")}
    table = table.assign(**means, share_with_anyone=table["days_with_anyone"] / size)
    return table if known else without(table, [name for name in AVAILABILITY_SUMMARY if name != "days"])


def without(table: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """Return a table in which these columns are missing."""
    missing: pd.Series = pd.Series(pd.NA, index=table.index, dtype="Float64")
    return table.assign(**dict.fromkeys(names, missing))
