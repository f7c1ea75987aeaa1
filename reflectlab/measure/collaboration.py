"""Who worked together, on what, and how each of them stood on it at that moment."""

from datetime import date, timedelta
from typing import Literal, overload

import narwhals as nw
import pandas as pd

from ..frames import PANDAS, Schema, collected, sorted_lazily, to_pandas, typed
from ..log import Day, ProgressLog, midnight
from ..statuses import KINDS, OPEN, status_word
from ._blind import noted
from ._common import (
    CODES,
    PERIOD,
    By,
    as_of,
    count,
    grouping,
    period_columns,
    periods,
    reported,
    since_start,
    with_groups,
)

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
COLLABORATION: Schema = {
    "episodes": "count",
    "participations": "count",
    "minutes": "rate",
    "shared_goal": "count",
    "gave_support": "count",
    "sought_support": "count",
    "other": "count",
    "self_chosen": "count",
    "choice_known": "count",
    "per_week": "rate",
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
    rows = reported(log, _participations(log, as_of(log, on)))
    rows = sorted_lazily(since_start(log, rows).select(*EPISODES), ["time", "episode_id", "learner_id"])
    return noted(to_pandas(rows, EPISODES), log, "events", "collaborations") if collect else rows


def collaboration(
    log: ProgressLog, by: By = ("learner_id",), *, every: str | None = None, on: Day | None = None
) -> pd.DataFrame:
    """Return how often learners worked with others, in which way, and who chose it.

    Parameters
    ----------
    log : ProgressLog
    by : str or sequence of str
        Columns to group by: `learner_id`, `class_id`, `goal_id`, `strand`, any attribute of the learners.
    every : {"week", "term"}, optional
        Add a row for each school week or term.
    on : date or str, optional
        Look from this day's evening; default the last day of the log.

    Returns
    -------
    pandas.DataFrame
        The columns of `by` and of the period; `episodes` (distinct); `participations`, to which `shared_goal,
        gave_support, sought_support, other` sum; `minutes`, summed where known; `self_chosen` of the
        `choice_known`; `per_week`, participations per week in which a learner was present. A learner who was
        present and worked with nobody has a row of zeros.

    Examples
    --------
    >>> import reflectlab
    >>> table = collaboration(reflectlab.example())
    >>> kinds = table[["shared_goal", "gave_support", "sought_support", "other"]].sum(axis=1)
    >>> bool((kinds == table["participations"]).all())
    True
    """
    day = as_of(log, on)
    of_learners, of_goals, by_schema = grouping(log, by)
    spans = periods(log, every, day)
    period = period_columns(every)
    taken = since_start(log, _participations(log, day))
    if every:
        weeks = log.frame("calendar").select("school_day", "term_id")
        taken = taken.join(weeks, on="school_day", how="left")
    grouped = with_groups(log, taken, of_learners, of_goals)
    counts = _counted(grouped, [*by_schema, *period])
    present = _present_weeks(log, of_learners, spans, every)
    table = _joined(counts, present, {**by_schema, **period}, of_goals)
    table = typed(_ordered(table, log, list(by_schema), period), {**by_schema, **period, **COLLABORATION})
    return noted(table, log, "events", "collaborations")


def _participations(log: ProgressLog, day: date) -> nw.LazyFrame:
    """Return every participation known by a day's evening, with its kind."""
    rows = _with_goal(log, day)
    others = ["episode_id", "goal"]
    standing = _standing(log, _on_goals(rows))
    is_open, is_met = nw.col("status").is_in(list(OPEN)), nw.col("status") == "met"
    flags = standing.with_columns(_open=count(is_open), _met=count(is_met), _now=nw.col("met_now"))
    sums = flags.group_by(others).agg(opens=nw.col("_open").sum(), mets=nw.col("_met").sum(), now=nw.col("_now").sum())
    mine = flags.select("learner_id", *others, "status", "met_day", "_open", "_met")
    joined = rows.join(mine, on=["learner_id", *others], how="left").join(sums, on=others, how="left")
    return _with_kind(log, joined)


def _with_goal(log: ProgressLog, day: date) -> nw.LazyFrame:
    """Return the participations with when their episode began and the goal each counts for, in `goal`."""
    rows = log.frame("collaborations").drop("week", "day", "term_id", "in_term")
    begun = rows.group_by("episode_id").agg(
        instant=nw.col("instant").min(),
        time=nw.col("time").min(),
        school_day=nw.col("school_day").min(),
        partners=nw.len() - 1,
        _first=nw.col("goal_id").min(),
        _last=nw.col("goal_id").max(),
    )
    begun = begun.filter(nw.col("time") < midnight(day + timedelta(days=1)))
    weeks = log.frame("calendar").select("school_day", "week")
    whole = rows.drop("instant", "time", "school_day").join(
        begun.join(weeks, on="school_day", how="left"), on="episode_id", how="inner"
    )
    only = nw.when(nw.col("_first") == nw.col("_last")).then(nw.col("_first"))
    return whole.with_columns(goal=nw.coalesce(nw.col("goal_id"), only), recorded=nw.col("goal_id"))


def _on_goals(rows: nw.LazyFrame) -> nw.LazyFrame:
    """Return, for each goal of each episode, the participants whose goal it is or who recorded none."""
    goals = rows.filter(~nw.col("goal").is_null()).select("episode_id", "goal").unique()
    there = rows.select("episode_id", "learner_id", "recorded", "instant").join(goals, on="episode_id", how="inner")
    return there.filter(nw.col("recorded").is_null() | (nw.col("recorded") == nw.col("goal")))


def _standing(log: ProgressLog, there: nw.LazyFrame) -> nw.LazyFrame:
    """Add where each stood when the episode began: events before, and of that instant all but met and dropped."""
    events = log.frame("events").select(
        "learner_id", "event", "status_code", "position", "school_day", goal="goal_id", then="instant"
    )
    keys = ["episode_id", "goal", "learner_id"]
    until = there.join(events, on=["learner_id", "goal"], how="inner").filter(nw.col("then") <= nw.col("instant"))
    same = nw.col("then") == nw.col("instant")
    closing = same & nw.col("event").is_in(["met", "dropped"])
    seen = until.with_columns(
        _mark=nw.when(~closing).then(nw.col("position") * CODES + nw.col("status_code")),
        _met_day=nw.when(~closing & (nw.col("event") == "met")).then(nw.col("school_day")),
        _now=count(same & (nw.col("event") == "met")),
    )
    last = seen.group_by(keys).agg(
        mark=nw.col("_mark").max(), met_day=nw.col("_met_day").max(), met_now=nw.col("_now").max()
    )
    stood = there.join(last, on=keys, how="left")
    return stood.with_columns(status=status_word(nw.col("mark") % CODES), met_now=nw.col("met_now").fill_null(0))


def _with_kind(log: ProgressLog, rows: nw.LazyFrame) -> nw.LazyFrame:
    open_, met = (nw.col(name).fill_null(0) == 1 for name in ("_open", "_met"))
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
    ambiguous = nw.col("now").fill_null(0) > 0 if log.dates_only else nw.lit(False)
    return rows.with_columns(
        kind=kind,
        also_shared=sought & shared,
        ambiguous=ambiguous,
        goal_id=nw.col("goal"),
        days_since_met=nw.when(stands).then(nw.col("school_day") - nw.col("met_day")),
    )


def _counted(rows: nw.LazyFrame, keys: list[str]) -> pd.DataFrame:
    kinds = {kind: count(nw.col("kind") == kind) for kind in KINDS}
    flags = rows.with_columns(
        participations=nw.lit(1),
        timed=count(~nw.col("minutes").is_null()),
        self_chosen=count(nw.col("chosen_by") == "learner"),
        choice_known=count(~nw.col("chosen_by").is_null()),
        **kinds,
    )
    sums = ["participations", "timed", "minutes", "self_chosen", "choice_known", *KINDS]
    totals = [nw.col(name).sum() for name in sums]
    every = [*keys, "_all"]
    counts = flags.with_columns(_all=nw.lit(1)).group_by(every)
    return collected(counts.agg(*totals, episodes=nw.col("episode_id").n_unique()))


def _present_weeks(log: ProgressLog, of_learners: list[str], spans: pd.DataFrame, every: str | None) -> pd.DataFrame:
    """Return in how many weeks the learners of each group were present, in each period."""
    weeks = log.calendar.weeks
    weeks = weeks[(weeks["first_day"] <= spans["last_day"].max()) & (weeks["last_day"] >= spans["first_day"].min())]
    learners = log.reported(log.frame("learners")).select(
        *dict.fromkeys(["learner_id", *of_learners]), "from_day", "to_day"
    )
    each = learners.join(log.small(weeks.drop(columns="until")), how="cross")
    there = (nw.col("from_day") <= nw.col("last_day")) & (nw.col("to_day") >= nw.col("first_day"))
    present = each.filter(there & (nw.col("from_day") <= nw.col("to_day")))
    keys = [*of_learners, *period_columns(every)]
    return collected(present.with_columns(_all=nw.lit(1)).group_by([*keys, "_all"]).agg(weeks=nw.len()))


def _joined(counts: pd.DataFrame, present: pd.DataFrame, schema: dict[str, str], of_goals: list[str]) -> pd.DataFrame:
    """Give every group that was present a row, and keep those that took part outside their presence."""
    types = {name: PANDAS[kind] for name, kind in schema.items()}
    counts = counts.astype(types)
    present = present.astype({name: kind for name, kind in types.items() if name in present})
    if of_goals:
        observed = counts[[name for name in schema if name not in PERIOD]].drop_duplicates()
        shared = [name for name in observed if name in present]
        present = present.merge(observed, on=shared) if shared else present.merge(observed, how="cross")
    table = present.merge(counts, on=[*schema, "_all"], how="outer")
    known = (table["timed"].fillna(0) > 0) | (table["participations"].fillna(0) == 0)
    totals = ["episodes", "participations", "self_chosen", "choice_known", *KINDS]
    table = table.fillna(dict.fromkeys(totals, 0)).assign(minutes=table["minutes"].fillna(0.0).where(known))
    return table.assign(per_week=table["participations"] / table["weeks"])


def _ordered(table: pd.DataFrame, log: ProgressLog, names: list[str], period: dict[str, str]) -> pd.DataFrame:
    if "term_id" in period:
        order = {term.term_id: number for number, term in enumerate(log.calendar.terms)}
        table = table.assign(_term=table["term_id"].map(order))
        names = [*names, "_term", *(["week"] if "week" in period else [])]
    return table.sort_values(names, ignore_index=True) if names else table
