"""How many school days it takes to meet a goal, with goals that are still open given their due; and by when.

`time_to_goal` has the first, `due_days` the second.
"""

from datetime import date

import narwhals as nw
import numpy as np
import pandas as pd

from ..log import Day, ProgressLog, midnight
from ..log.frames import Schema, collected, typed
from ..log.status import SPELL
from ..schema import OPEN
from .progress import status_runs, still_here
from .shared import (
    NEVER,
    By,
    as_of,
    beginning,
    event_is,
    grouping,
    known_events,
    known_firsts,
    least,
    reported,
    with_groups,
)
from .statistics import cumulative_incidence, incidence_error, share_interval, t_quantile

TIME_TO_GOAL: Schema = {
    "days": "count",
    "at_risk": "count",
    "met": "count",
    "dropped": "count",
    "share_met": "rate",
    "low": "rate",
    "high": "rate",
}

DUE: Schema = {
    "learner_id": "str",
    "class_id": "str",
    "goal_id": "str",
    "due": "time",
    "status": "str",
    "met_on": "time",
    "outcome": "str",
    "days_left": "count?",
}

_OPEN, _MET, _DROPPED = 0, 1, 2

_HALF = 0.5 - 1e-9
"""One half, but for rounding: a curve of products may come to one half from just below."""


def time_to_goal(log: ProgressLog, by: By = (), *, on: Day | None = None) -> pd.DataFrame:
    """Return the share of goals met within so many school days of being taken up.

    Parameters
    ----------
    log : ProgressLog
    by : str or sequence of str
        Columns to group by: `learner_id`, `class_id`, `goal_id`, `strand`, any attribute of the learners.
    on : date or str, optional
        Look from this day's evening; default the last day of the log.

    Returns
    -------
    pandas.DataFrame
        The columns of `by`; `days` since the goal was started (set where nobody noted a start), both ends
        counted; `at_risk`, goals still open then; `met` and `dropped` on that day; `share_met`, the cumulative
        incidence of meeting it; `low, high`, its 95 % interval. One row for each number of days after which a goal was
        met, dropped or last seen open. The median is the first `days` with `share_met` of one half or more, its
        interval from the first with `high` to the first with `low` so.

    Notes
    -----
    The Aalen-Johansen estimator [1]_: dropping a goal competes with meeting it, and an open goal is censored on
    the day looked from, or when the learner left. Without dropped goals it is 1 minus Kaplan-Meier. A goal of
    which nothing is known before it was met is left out. On a log that `select(start=...)` narrowed, a goal begun
    before that day is at risk from that day on, and what was over before it is left out.

    The standard error is that of the infinitesimal jackknife over learners, times the root of n / (n - 1) for n of
    them; the interval lies on the scale of log(-log(1 - share)) and reaches as far as Student's t does with n - 1
    degrees of freedom. The goals of a single learner count as independent.

    References
    ----------
    .. [1] Aalen, O. O. and Johansen, S. (1978). An empirical transition matrix for non-homogeneous Markov chains
       based on censored observations. Scandinavian Journal of Statistics 5, 141-150.

    Examples
    --------
    >>> import reflectlab
    >>> time_to_goal(reflectlab.example())["share_met"].is_monotonic_increasing
    True
    """
    of_learners, of_goals, schema = grouping(log, by)
    rows = with_groups(log, durations(log, on), of_learners, of_goals)
    columns = list(dict.fromkeys([*schema, "learner_id", "entry", "days", "ending"]))
    spells = collected(rows.select(columns))
    if not schema:
        return typed(_curve(spells), TIME_TO_GOAL)
    groups = spells.groupby(list(schema), dropna=False, sort=True)
    curves = [_curve(group).assign(**{name: group[name].iloc[0] for name in schema}) for _, group in groups]
    empty = pd.DataFrame(columns=[*schema, *TIME_TO_GOAL])
    return typed(pd.concat(curves, ignore_index=True) if curves else empty, {**schema, **TIME_TO_GOAL})


def due_days(log: ProgressLog, *, on: Day | None = None) -> pd.DataFrame:
    """Return by when each learner is to meet each goal that has a due day, and how that stands.

    Parameters
    ----------
    log : ProgressLog
    on : date or str, optional
        Look from this day's evening; default the last day of the log.

    Returns
    -------
    pandas.DataFrame
        One row for each learner and goal with a due day: `learner_id, class_id, goal_id`; `due`; `status`; `met_on`,
        when it was first met; `outcome`: `in_time`, met by the evening of the due day, `late`, met after it,
        `dropped`, `past`, open though the due day is over, or `open`, due today or later; `days_left`, of what is open,
        the school days after this one until the due day (after the last term every weekday is one), below 0 where
        it is past.

    Notes
    -----
    The due day is that of the learner's last row on the goal that has one (`events.due`), else that of the goal
    (`goals.due`). What was met by its due day stays met in time, also where it was reopened; where a due day was
    said in a later go at the goal, it is that go or a later one that has to meet it. Who has left by that day, or has
    not joined yet, has no goal open.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({
    ...     "time": ["2026-07-20", "2026-07-20", "2026-07-24"], "learner_id": ["aroha", "ben", "ben"],
    ...     "goal_id": "hook", "event": ["set", "set", "met"], "due": ["2026-07-22", None, None],
    ... })
    >>> goals = pd.DataFrame({"goal_id": ["hook"], "due": ["2026-07-31"]})
    >>> due_days(ProgressLog.from_tables(events=events, goals=goals))[["due", "outcome", "days_left"]]
             due  outcome  days_left
    0 2026-07-22     past         -2
    1 2026-07-31  in_time       <NA>
    """
    day = as_of(log, on)
    if not _has_due(log):
        return typed(pd.DataFrame(columns=list(DUE)), DUE)
    events = known_events(log, day)
    last = still_here(reported(log, status_runs(log, day)).filter(nw.col("stop").is_null()), day)
    if log.selection.start:
        last = last.filter(nw.col("status").is_in(list(OPEN)) | (nw.col("start") >= midnight(log.selection.start)))
    rows = _with_due(log, last, events)
    met = events.filter(event_is("met")).select(*SPELL, "go", "time").join(rows.select(*SPELL, "_go"), on=SPELL)
    met = met.filter(nw.col("go") >= nw.col("_go")).group_by(*SPELL).agg(met_on=nw.col("time").min())
    told = ("learner_id", "class_id", "goal_id", "due", "status", "met_on")
    found = collected(rows.join(met, on=SPELL, how="left").select(*told)).sort_values(SPELL)
    return typed(_with_outcome(log, found, day), DUE)


def _has_due(log: ProgressLog) -> bool:
    rows = (log.frame(name).filter(~nw.col("due").is_null()).select("due").head(1) for name in ("goals", "events"))
    return any(len(each.collect()) for each in rows)


def _with_due(log: ProgressLog, rows: nw.LazyFrame, events: nw.LazyFrame) -> nw.LazyFrame:
    """Keep what has a due day, and add it, and the go at the goal in which it was said."""
    said = events.filter(~nw.col("due").is_null()).select(*SPELL, "position", "go", own="due")
    latest = said.group_by(*SPELL).agg(nw.col("position").max())
    own = said.join(latest, on=[*SPELL, "position"]).select(*SPELL, "own", _go="go")
    everybody = log.frame("goals").select("goal_id", everybody="due")
    both = rows.join(own, on=SPELL, how="left").join(everybody, on="goal_id", how="left")
    told = both.with_columns(due=nw.coalesce("own", "everybody"), _go=nw.col("_go").fill_null(1))
    return told.filter(~nw.col("due").is_null())


def _with_outcome(log: ProgressLog, rows: pd.DataFrame, day: date) -> pd.DataFrame:
    is_open = rows["status"].isin(OPEN) & rows["met_on"].isna()
    outcome = pd.Series("open", index=rows.index)
    outcome[rows["due"] < pd.Timestamp(day)] = "past"
    outcome[rows["status"].eq("dropped")] = "dropped"
    met = rows["met_on"].notna()
    outcome[met] = np.where(rows.loc[met, "met_on"].dt.normalize() <= rows.loc[met, "due"], "in_time", "late")
    left = {due: log.calendar.days_until(day, due.date()) for due in rows.loc[is_open, "due"].unique()}
    return rows.assign(outcome=outcome, days_left=rows["due"].map(left).where(is_open))


def median_days(curve: pd.DataFrame) -> tuple[int | None, int | None, int | None]:
    """Return within how many school days half are met, and its interval; None for what a curve has not reached.

    >>> median_days(pd.DataFrame({"days": [2, 5], "share_met": [0.4, 0.6], "low": [0.1, 0.3], "high": [0.7, 0.8]}))
    (5, 2, None)
    """
    days = curve["days"].to_numpy()
    reached = [days[curve[name].to_numpy() >= _HALF] for name in ("share_met", "high", "low")]
    half, low, high = (int(some[0]) if len(some) else None for some in reached)
    return half, low, high


def durations(log: ProgressLog, on: Day | None) -> nw.LazyFrame:
    """Return how long each goal was open, and how that ended (0 still open, 1 met, 2 dropped).

    `entry` is how long it had been open before the first day that is looked at; what was over by then is left out.
    """
    day = as_of(log, on)
    left = log.frame("learners").select("learner_id", "left_day")
    spells = known_firsts(log, day).join(left, on="learner_id", how="left")
    ended = _ended(spells, log.calendar.school_day(day))
    entry = nw.lit(_first_day(log)) - nw.col("begun")
    return ended.with_columns(entry=nw.when(entry > 0).then(entry).otherwise(nw.lit(0))).filter(
        nw.col("days") > nw.col("entry")
    )


def _first_day(log: ProgressLog) -> int:
    """Return the number of the first school day that is looked at; 0 for all."""
    start = log.selection.start
    if start is None:
        return 0
    number = log.calendar.school_day(start)
    return number + int(log.calendar.days["date"].iloc[number - 1].date() < start)


def _ended(spells: nw.LazyFrame, today: int) -> nw.LazyFrame:
    # Of met and dropped the first counts, by their order: both may be noted on one day.
    met_at, dropped_at = (nw.col(name).fill_null(NEVER) for name in ("met_at", "dropped_at"))
    ending = (
        nw.when((met_at < NEVER) & (met_at < dropped_at))
        .then(nw.lit(_MET))
        .otherwise(nw.when(dropped_at < NEVER).then(nw.lit(_DROPPED)).otherwise(nw.lit(_OPEN)))
    )
    stop = (
        nw.when(nw.col("ending") == _MET)
        .then(nw.col("met_day"))
        .otherwise(
            nw.when(nw.col("ending") == _DROPPED).then(nw.col("dropped_day")).otherwise(least("left_day", today))
        )
    )
    begun = beginning("day", nw.min_horizontal(met_at, dropped_at))
    told = spells.with_columns(ending=ending, begun=begun)
    told = told.with_columns(days=stop - nw.col("begun") + 1)
    return told.filter(nw.col("days") >= 1)


def _curve(spells: pd.DataFrame) -> pd.DataFrame:
    """Return the Aalen-Johansen curve of some spells: `learner_id, entry, days, ending`."""
    days, place = np.unique(spells["days"].to_numpy(dtype=int), return_inverse=True)
    codes, learners = pd.factorize(spells["learner_id"], sort=True)
    if len(learners) == 1:
        codes = np.arange(len(spells))
    counts = np.zeros((3, int(codes.max(initial=-1)) + 1, len(days)))
    np.add.at(counts, (spells["ending"].to_numpy(dtype=int), codes, place), 1)
    entered = np.zeros(counts.shape[1:])
    np.add.at(entered, (codes, np.searchsorted(days, spells["entry"].to_numpy(dtype=int), side="right")), 1)
    over = counts.sum(axis=0)
    at_risk = entered.cumsum(axis=1) - over.cumsum(axis=1) + over
    met, dropped, whole = (each.sum(axis=0) for each in (counts[_MET], counts[_DROPPED], at_risk))
    share = cumulative_incidence(np.maximum(whole, 1), met, dropped)
    error = incidence_error(at_risk, counts[_MET], counts[_DROPPED])
    low, high = share_interval(share, error, t_quantile(np.array(len(at_risk))))
    columns = {"days": days, "at_risk": whole, "met": met, "dropped": dropped}
    return pd.DataFrame({**columns, "share_met": share, "low": np.minimum(low, share), "high": np.maximum(high, share)})
