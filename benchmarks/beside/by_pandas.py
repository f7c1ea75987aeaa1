"""The measures as somebody who knows pandas well would write each by hand, for that one question.

They take the five tables, and look from the last day of the log; nothing is selected, nobody away.
"""

from typing import Any

import numpy as np
import pandas as pd

from .intervals import incidence, rates
from .pandas_log import Log, Tables, first_marked, instants, runs, settled, status
from .words import (
    DROPPED,
    GIVES,
    MARKS,
    MET,
    OPEN,
    REOPENED,
    SET,
    STANDS_DROPPED,
    STANDS_MET,
    STANDS_STUCK,
    STARTED,
    STUCK,
    WORKED,
)


def stretches(tables: Tables) -> pd.DataFrame:
    log = Log(tables)
    found = runs(log, settled(log))
    columns = {name: found[name].to_numpy() for name in ("start", "stop", "start_day", "stop_day")}
    return pd.DataFrame({**log.names(found["key"].to_numpy()), "status": status(found["code"]), **columns})


def status_now(tables: Tables) -> pd.DataFrame:
    log = Log(tables)
    found = runs(log, settled(log))
    midnight = pd.Timestamp(log.span[1])
    joined, left = log.learners["joined"], log.learners["left"]
    here = (joined.isna() | (joined < midnight + pd.Timedelta(days=1))) & (left.isna() | (left >= midnight))
    present = here.to_numpy()[found["key"] // len(log.goals)]
    found = found[found["last"] & (present | ~found["code"].isin(OPEN))]
    return pd.DataFrame(
        {
            **log.names(found["key"].to_numpy()),
            "status": status(found["code"]),
            "since": found["start"].to_numpy(),
            "days_in_status": (found["stop_day"] - found["start_day"]).to_numpy(),
            "days_absent": 0.0,
        }
    )


def spells(tables: Tables) -> pd.DataFrame:
    log = Log(tables)
    rows = settled(log, "chosen_by")
    marks = _firsts(rows)
    key = marks.index.to_numpy()
    chosen = rows[rows["mark"] % MARKS == SET].drop_duplicates("key").set_index("key")["chosen_by"]
    dates, days = _dated(log, marks)
    return pd.DataFrame(
        {
            **log.names(key),
            "status": status(rows.drop_duplicates("key", keep="last")["code"]),
            **dates,
            "days_to_start": _days(days["set"], days["started"]),
            "days_to_met": _days(days["begun"], days["met"]),
            **{name: counts.array for name, counts in _counted(runs(log, rows)).items()},
            "days_absent": 0.0,
            "set_by": chosen.reindex(key).array,
        }
    )


_NEVER = 2**62

_KINDS = {"started": [STARTED], "set": [SET], "other": [WORKED, STUCK, REOPENED], "met": [MET], "dropped": [DROPPED]}


def _firsts(rows: pd.DataFrame) -> pd.DataFrame:
    """Return, for each learner and goal, the first mark of each kind of event, of events in order."""
    keys, event = rows["key"].unique(), rows["mark"] % MARKS
    firsts = {}
    for name, kinds in _KINDS.items():
        some = rows[event == kinds[0]] if len(kinds) == 1 else rows[event.isin(kinds)]
        firsts[name] = some.drop_duplicates("key").set_index("key")["mark"].reindex(keys, fill_value=_NEVER)
    return pd.DataFrame(firsts)


def _begun(marks: pd.DataFrame, ended: pd.Series) -> pd.Series:
    """Return the first mark of started, else set, else another sign of work, that is before the end."""
    begun = marks["other"].where(marks["other"] < ended, _NEVER)
    for name in ("set", "started"):
        begun = marks[name].where(marks[name] < ended, begun)
    return begun


def _times(marks: pd.Series) -> pd.Series:
    return pd.Series(instants(marks.to_numpy()), marks.index).where(marks < _NEVER)


def _dated(log: Log, marks: pd.DataFrame) -> tuple[dict[str, Any], dict[str, pd.Series]]:
    """Return when each goal was set, started and met, and the school days of that and of its beginning."""
    times = {name: _times(marks[name]) for name in ("set", "started", "met")}
    begun = _times(_begun(marks, marks["met"]))
    days = {name: log.day_or_none(time) for name, time in {**times, "begun": begun}.items()}
    return {f"{name}_on": time.array for name, time in times.items()}, days


def _days(start: pd.Series, stop: pd.Series) -> Any:
    return (stop - start + 1).where((stop >= start).fillna(value=False)).array


def _counted(found: pd.DataFrame) -> pd.DataFrame:
    stuck = (found["code"] == STANDS_STUCK).astype("int64")
    again = (found["before"] == STANDS_MET) & found["code"].isin(OPEN)
    days = stuck * (found["stop_day"] - found["start_day"])
    each = pd.DataFrame({"times_stuck": stuck, "days_stuck": days, "times_reopened": again.astype("int64")})
    return each.groupby(found["key"].to_numpy()).sum()


def completion(tables: Tables) -> pd.DataFrame:
    log = Log(tables)
    last = _stands(first_marked(log.events()))
    code = last.to_numpy()
    learner = last.index.to_numpy() // len(log.goals)
    gone = (log.learners["left"] < pd.Timestamp(log.span[1])).to_numpy()[learner]
    dropped = code == STANDS_DROPPED
    flags = {"goals": ~dropped, "met": code == STANDS_MET, "dropped": dropped, "left_open": np.isin(code, OPEN) & gone}
    number = len(log.learners)
    each = pd.DataFrame({name: np.bincount(learner[flag], minlength=number) for name, flag in flags.items()})
    goals, met = each["goals"], each["met"]
    each = each.assign(
        learners=(goals > 0).astype("int64"), met_met=met * met, goals_met=goals * met, goals_goals=goals * goals
    )
    sums = each.groupby(log.learners["class_id"], dropna=False).sum().reset_index()
    return sums[["class_id", *flags, "learners"]].assign(**rates(sums))


def _stands(rows: pd.DataFrame) -> pd.Series:
    """Return how each goal stands, from its last event and the last one that decides."""
    event = rows["mark"] % MARKS
    last = rows.groupby("key")["mark"].max()
    decided = rows[~event.between(STARTED, STUCK)].groupby("key")["mark"].max().reindex(last.index, fill_value=0)
    stays = (decided % MARKS == MET) & (last % MARKS).between(STARTED, STUCK)
    return pd.Series(np.where(stays, STANDS_MET, np.array(GIVES)[last % MARKS]), last.index)


def time_to_goal(tables: Tables) -> pd.DataFrame:
    log = Log(tables)
    marks = _firsts(log.events().sort_values(["key", "mark"]))
    ended = marks[["met", "dropped"]].min(axis=1)
    ending = np.select([ended == _NEVER, marks["met"] == ended], [0, 1], 2)
    learner = marks.index.to_numpy() // len(log.goals)
    stop = log.day_or_none(_times(ended)).fillna(pd.Series(log.until[learner], marks.index))
    days = stop - log.day_or_none(_times(_begun(marks, ended))) + 1
    counts = (days >= 1).fillna(value=False).to_numpy(bool)
    return pd.DataFrame(incidence(learner[counts], days[counts].to_numpy(np.int64), ending[counts]))


def pathways(tables: Tables) -> pd.DataFrame:
    log = Log(tables)
    rows = log.events("row")
    taken = taken_up(log, rows)
    key = taken["key"].to_numpy()
    marks = _firsts(rows.sort_values(["key", "mark"])).reindex(key)
    dates, days = _dated(log, marks)
    names = log.names(key)
    return pd.DataFrame(
        {
            **names,
            "position": taken.groupby("learner").cumcount() + 1,
            "strand": log.goals["strand"].array.take(key % len(log.goals)),
            **dates,
            "status": status(_stands(first_marked(rows)).reindex(key)),
            "days_to_met": _days(days["begun"], days["met"]),
        }
    )


def transitions(tables: Tables) -> pd.DataFrame:
    log = Log(tables)
    learner, goal = np.divmod(taken_up(log, log.events("row"))["key"].to_numpy(), len(log.goals))
    next_one = learner[1:] == learner[:-1]
    pairs, n = np.unique((goal[:-1] * len(log.goals) + goal[1:])[next_one], return_counts=True)
    source, target = np.divmod(pairs, len(log.goals))
    ids = log.goals["goal_id"].array
    table = pd.DataFrame({"source": ids.take(source), "target": ids.take(target), "n": n})
    return table.assign(p=n / np.bincount(source, n)[source])


def taken_up(log: Log, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the goals that each learner took up, in order: `key, mark, row, learner`."""
    event = (rows["mark"] % MARKS).to_numpy()
    weight = np.select([event == STARTED, event == SET], [0, 1], 2)
    rows = rows.assign(weight=weight, mark=rows["mark"] // MARKS, learner=rows["key"] // len(log.goals))
    firsts = rows.sort_values(["weight", "mark", "row"], kind="stable").drop_duplicates("key")
    return firsts.sort_values(["learner", "mark", "row", "key"], ignore_index=True)
