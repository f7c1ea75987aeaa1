"""Who worked together, where each participant stood on the goal, and of which kind that makes it."""

from datetime import date, timedelta
from typing import Literal, overload

import narwhals as nw
import pandas as pd

from ..log import Day, ProgressLog, midnight
from ..log.firsts import STATUS_CODES
from ..log.frames import PANDAS, Schema, sorted_lazily, to_pandas
from ..log.status import SPELL, status_word
from ..schema import OPEN
from .shared import as_of, holds, indicator, reported, since_start, with_cannot_tell

EPISODES: Schema = {
    "episode_id": "str",
    "time": "time",
    "week": "count",
    "learner_id": "str",
    "goal_id": "str",
    "role": "str",
    "chosen_by": "str",
    "partners": "count",
    "status": "str",
    "kind": "str",
    "also_shared": "flag?",
    "ambiguous": "flag?",
    "days_since_met": "count?",
}


@overload
def episodes(log: ProgressLog, *, on: Day | None = None, collect: Literal[True] = True) -> pd.DataFrame: ...


@overload
def episodes(log: ProgressLog, *, on: Day | None = None, collect: Literal[False]) -> nw.LazyFrame: ...


def episodes(log: ProgressLog, *, on: Day | None = None, collect: bool = True) -> pd.DataFrame | nw.LazyFrame:
    """Return one row per participant of each episode, with the kind of the participation.

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
        `episode_id, time, week, learner_id, goal_id` (the participant's, else the episode's if it has just one),
        `role, chosen_by` as recorded, `partners`, how many others; `status` on the goal when the episode began;
        `kind`; `also_shared`, whether a support was gathering round a shared goal too; `ambiguous`, whether the
        kind rests on a goal met that very day in a log without clock times; `days_since_met`, school days.

    Notes
    -----
    The kind follows from where the participants stood, not from what was written down. `gave_support`: I had met
    the goal and another had it open. `sought_support`: I had it open and another had met it. `shared_goal`: I and
    another had it open. Else `other`; the first that applies.

    Examples
    --------
    >>> import reflectlab
    >>> sorted(set(episodes(reflectlab.example())["kind"]))
    ['gave_support', 'other', 'shared_goal', 'sought_support']
    """
    rows = reported(log, participations(log, as_of(log, on)))
    rows = sorted_lazily(since_start(log, rows).select(*EPISODES), ["time", "episode_id", "learner_id"])
    return (
        with_cannot_tell(to_pandas(rows, EPISODES, held=log.held), log, "events", "collaborations") if collect else rows
    )


def participations(log: ProgressLog, day: date) -> nw.LazyFrame:
    """Return every participation known by a day's evening, with its kind."""
    return _known(log.kept("participations", lambda: _all_participations(log)), day)


def with_goal(log: ProgressLog, day: date) -> nw.LazyFrame:
    """Return the participations with when their episode began and the goal each counts for, in `goal`."""
    return _known(log.kept("participations with goals", lambda: _all_with_goal(log)), day)


def _known(rows: nw.LazyFrame, day: date) -> nw.LazyFrame:
    return rows.filter(nw.col("time") < midnight(day + timedelta(days=1)))


def _all_participations(log: ProgressLog) -> nw.LazyFrame:
    # Where somebody stood when an episode began, no later day changes.
    rows = log.kept("participations with goals", lambda: _all_with_goal(log))
    others = ["episode_id", "goal"]
    standing = standings(log)
    is_open, is_met = nw.col("status").is_in(list(OPEN)), nw.col("status") == "met"
    flags = standing.with_columns(_open=indicator(is_open), _met=indicator(is_met), _now=nw.col("met_now"))
    sums = flags.group_by(others).agg(opens=nw.col("_open").sum(), mets=nw.col("_met").sum(), now=nw.col("_now").sum())
    mine = flags.select("learner_id", *others, "status", "met_day", "_open", "_met")
    joined = rows.join(mine, on=["learner_id", *others], how="left").join(sums, on=others, how="left")
    return _with_kind(log, joined)


def standings(log: ProgressLog) -> nw.LazyFrame:
    """Return where the participants of each episode stood on each of its goals: `goal_standing` of all."""
    rows = log.kept("participations with goals", lambda: _all_with_goal(log))
    kept = ["episode_id", "goal", "learner_id", "status", "met_day", "met_now"]
    return log.kept("standings", lambda: goal_standing(log, on_goals(rows)).select(kept))


def _all_with_goal(log: ProgressLog) -> nw.LazyFrame:
    rows = log.frame("collaborations").drop("week", "day", "term_id", "in_term")
    begun = rows.group_by("episode_id").agg(
        instant=nw.col("instant").min(),
        time=nw.col("time").min(),
        school_day=nw.col("school_day").min(),
        partners=nw.len() - 1,
        _first=nw.col("goal_id").min(),
        _last=nw.col("goal_id").max(),
    )
    weeks = log.frame("calendar").select("school_day", "week")
    whole = rows.drop("instant", "time", "school_day").join(
        begun.join(weeks, on="school_day", how="left"), on="episode_id", how="inner"
    )
    # One goal in the whole episode is also that of whoever recorded none; of two nobody can tell which.
    only = nw.when(nw.col("_first") == nw.col("_last")).then(nw.col("_first"))
    told = whole.with_columns(goal=nw.coalesce(nw.col("goal_id"), only), recorded=nw.col("goal_id"))
    return told.drop("_first", "_last")


def on_goals(rows: nw.LazyFrame) -> nw.LazyFrame:
    """Return, for each goal of each episode, the participants whose goal it is or who recorded none."""
    goals = rows.filter(~nw.col("goal").is_null()).select("episode_id", "goal").unique()
    there = rows.select("episode_id", "learner_id", "recorded", "instant").join(goals, on="episode_id", how="inner")
    # Who recorded no goal may have been there for any of them, and is asked about each.
    return there.filter(nw.col("recorded").is_null() | (nw.col("recorded") == nw.col("goal")))


def goal_standing(log: ProgressLog, there: nw.LazyFrame) -> nw.LazyFrame:
    """Add where each stood when the episode began: events before, and of that instant all but met and dropped."""
    stood = (_looked_up if log.held else _joined_up)(log, there)
    return stood.with_columns(status=status_word(nw.col("status_code")), met_now=nw.col("met_now").fill_null(0))


def _looked_up(log: ProgressLog, there: nw.LazyFrame) -> nw.LazyFrame:
    from ..log.standing import stood

    events = log.frame("events").select(*SPELL, "instant", "event", "status_code", "school_day").collect()
    rows = there.collect()
    told = stood(events.to_native(), rows.select("learner_id", "instant", goal_id="goal").to_native())
    return nw.concat([rows, nw.from_native(told)], how="horizontal").lazy()


def _joined_up(log: ProgressLog, there: nw.LazyFrame) -> nw.LazyFrame:
    events = log.frame("events").select(
        "learner_id", "event", "status_code", "position", "school_day", goal="goal_id", then="instant"
    )
    keys = ["episode_id", "goal", "learner_id"]
    until = there.join(events, on=["learner_id", "goal"], how="inner").filter(nw.col("then") <= nw.col("instant"))
    # Who meets a goal at the episode's own instant, or drops it, still had it open when the episode began.
    same = nw.col("then") == nw.col("instant")
    closing = same & nw.col("event").is_in(["met", "dropped"])
    seen = until.with_columns(
        _mark=nw.when(~closing).then(nw.col("position") * STATUS_CODES + nw.col("status_code")),
        _met_day=nw.when(~closing & (nw.col("event") == "met")).then(nw.col("school_day")),
        _now=indicator(same & (nw.col("event") == "met")),
    )
    last = seen.group_by(keys).agg(
        mark=nw.col("_mark").max(), met_day=nw.col("_met_day").max(), met_now=nw.col("_now").max()
    )
    return there.join(last, on=keys, how="left").with_columns(status_code=nw.col("mark") % STATUS_CODES)


def _with_kind(log: ProgressLog, rows: nw.LazyFrame) -> nw.LazyFrame:
    open_, met = (nw.col(name).fill_null(0) == 1 for name in ("_open", "_met"))
    # The sums of the episode hold oneself too, and nobody is their own partner.
    other_open = nw.col("opens").fill_null(0) - nw.col("_open").fill_null(0) > 0
    other_met = nw.col("mets").fill_null(0) - nw.col("_met").fill_null(0) > 0
    gave, sought, shared = met & other_open, open_ & other_met, open_ & other_open
    kind = (
        nw.when(gave)
        .then(nw.lit("gave_support"))
        .otherwise(
            nw.when(sought)
            .then(nw.lit("sought_support"))
            .otherwise(nw.when(shared).then(nw.lit("shared_goal")).otherwise(nw.lit("other")))
        )
    )
    stands = nw.col("status") == "met"
    # In a log of dates a goal met on that day may have been met before the episode or in it.
    ambiguous = nw.col("now").fill_null(0) > 0 if log.dates_only else nw.lit(False)
    return rows.with_columns(
        kind=kind,
        also_shared=sought & shared,
        ambiguous=ambiguous,
        goal_id=nw.col("goal"),
        days_since_met=nw.when(stands).then(nw.col("school_day") - nw.col("met_day")),
    ).drop("_open", "_met", "opens", "mets", "now")


DIFFERENCES: Schema = {
    "episode_id": "str",
    "time": "time",
    "learner_id": "str",
    "goal_id": "str",
    "role": "str",
    "kind": "str",
    "status": "str",
    "ambiguous": "flag?",
    "explanation": "str",
}

MEANT = {"helper": "gave_support", "seeker": "sought_support", "peer": "shared_goal"}
"""The kind that each recorded role would be."""

_STOOD = {
    "met": "had already met the goal",
    "dropped": "had dropped the goal",
    "set": "had the goal open, not yet started",
    "working": "had the goal open",
    "stuck": "was stuck on the goal",
}

_UNKNOWN = "the log has nothing on the goal for this learner before"


def role_differences(log: ProgressLog, *, on: Day | None = None) -> pd.DataFrame:
    """Return the participations whose recorded role differs from the kind that follows from the log.

    Parameters
    ----------
    log : ProgressLog
    on : date or str, optional
        Look from this day's evening; default the last day of the log.

    Returns
    -------
    pandas.DataFrame
        `episode_id, time, learner_id, goal_id, role, kind, status, ambiguous` as in `episodes`, and `explanation`,
        a plain sentence on where everybody stood.

    Notes
    -----
    A `helper` is expected to be `gave_support`, a `seeker` `sought_support`, a `peer` `shared_goal` (or
    `sought_support` where the goal was shared too). What is not compared: a role nobody wrote down, and a
    participation on no known goal. A difference is no mistake: children help with what they have not met yet,
    and an event may be missing from the log. Either is worth a look.

    Examples
    --------
    >>> import reflectlab
    >>> role_differences(reflectlab.example())["explanation"].tolist()
    []
    """
    found = episodes(log, on=on)
    if not holds(log, "events"):
        found = found.head(0)
    meant = found["role"].map(MEANT)
    shared_too = (found["role"] == "peer") & found["also_shared"].fillna(value=False)
    differs = meant.notna() & found["goal_id"].notna() & (meant != found["kind"]) & ~shared_too
    rows = found[differs]
    each = zip(rows["role"], rows["kind"], rows["status"], strict=True)
    told = rows.assign(explanation=[_explained(*participation) for participation in each])
    types = {name: PANDAS[kind] for name, kind in DIFFERENCES.items()}
    return with_cannot_tell(
        told[list(DIFFERENCES)].reset_index(drop=True).astype(types), log, "events", "collaborations"
    )


def _explained(role: str, kind: str, status: object) -> str:
    stood = _STOOD[status] if isinstance(status, str) else _UNKNOWN
    return f"Noted as {role}, but {stood}{_others(kind, status)}."


def _others(kind: str, status: object) -> str:
    """Return the end of the sentence: where the others stood."""
    if kind == "gave_support":
        return ", and somebody there had it open"
    if kind == "sought_support":
        return ", and somebody there had met it"
    if kind == "shared_goal":
        return ", and somebody else there had it open too"
    if status == "met":
        return ", and nobody there had it open"
    return ", and nobody else there had it open or had met it" if status in OPEN else ""
