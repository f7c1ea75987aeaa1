"""How many school days it takes to meet a goal, with goals that are still open given their due; and by when.

`time_to_goal` has the first, `due_days` the second.
"""

import math
from collections.abc import Iterator, Sequence
from datetime import date

import narwhals as nw
import numpy as np
import pandas as pd

from ..log import Day, ProgressLog, midnight
from ..log.frames import Schema, collected, typed
from ..log.status import SPELL
from ..schema import OPEN
from .progress import lasting
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
    with_groups,
)
from .statistics import Floats, Ints, cumulative_incidence, incidence_error, share_interval, t_quantile

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
    _, _, schema = grouping(log, by)
    return incidence(taking(log, by, as_of(log, on)), schema)


def taking(log: ProgressLog, by: By, day: date) -> pd.DataFrame:
    """Return how long each goal was open, as `durations` does, of the learners that are reported, with their groups."""
    of_learners, of_goals, schema = grouping(log, by)
    rows = with_groups(log, durations(log, day), of_learners, of_goals)
    return collected(rows.select(list(dict.fromkeys([*schema, "learner_id", "entry", "days", "ending"]))))


def incidence(spells: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """Return the curves of groups of what `taking` gives; `schema` has the columns to group by."""
    groups = spells.groupby(list(schema), dropna=False, sort=True).ngroup().to_numpy() if schema else 0
    number, curves = _curves(spells, np.broadcast_to(groups, len(spells)))
    first = np.unique(groups, return_index=True)[1]
    named = {name: spells[name].take(first).take(number).array for name in schema}
    return typed(curves.assign(**named), {**schema, **TIME_TO_GOAL})


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
    last = lasting(log, day)
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


def median_days(spells: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return within how many school days half are met, of each group of what `taking` gives.

    Returns
    -------
    pandas.DataFrame
        By group, where a class that nobody wrote down is an empty text: `at_risk`, how many the median rests on, the
        most at one time; `days_known`, for how many days the curve is known; `median_days` and its interval from
        `median_low` to `median_high`, each missing where the curve of `time_to_goal` has not reached it.

    Examples
    --------
    >>> spells = {"learner_id": ["aroha", "ben"], "entry": 0, "days": [2, 5], "ending": [1, 0]}
    >>> median_days(pd.DataFrame({"goal_id": "hook", **spells}), ["goal_id"]).iloc[0].tolist()
    [2, 5, 2, 2, <NA>]
    """
    group = np.asarray(spells.groupby(list(by), dropna=False).ngroup(), dtype=np.intp)
    number, curves = _curves(spells, group)
    first, days = _spans(number)[0], curves["days"].to_numpy()
    found = {"at_risk": curves["at_risk"].to_numpy(), "days_known": days}
    found = {name: np.maximum.reduceat(values, first) for name, values in found.items()}
    for name, column in (("median_days", "share_met"), ("median_low", "high"), ("median_high", "low")):
        found[name] = np.minimum.reduceat(np.where(curves[column] >= _HALF, days, NEVER), first)
    table = pd.DataFrame(found).astype("Int64")
    named = spells[list(by)].take(np.unique(group, return_index=True)[1]).fillna("").reset_index(drop=True)
    return table.where(table < NEVER).join(named).set_index(list(by))


def durations(log: ProgressLog, on: Day | None) -> nw.LazyFrame:
    """Return how long each goal was open, and how that ended (0 still open, 1 met, 2 dropped).

    `entry` is how long it had been open before the first day that is looked at; what was over by then is left out.
    """
    day = as_of(log, on)
    spells = log.with_learners(known_firsts(log, day, ("on", "day", "at")), "left_day")
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


def _curves(spells: pd.DataFrame, group: Ints) -> tuple[Ints, pd.DataFrame]:
    """Return the Aalen-Johansen curves of groups of spells, `learner_id, entry, days, ending`, one below the other.

    The groups have numbers from 0; returned are the number of each row, and the rows. Groups of about one size are
    found at once: learners and moments beyond those that a group has change nothing.
    """
    days, entry, ending = (spells[name].to_numpy(dtype=int) for name in ("days", "entry", "ending"))
    span = int(days.max(initial=0)) + 1
    moments, place = np.unique(group * span + days, return_inverse=True)
    first, lasting = _spans(moments // span)
    learner, learners = _clusters(spells["learner_id"], group)
    entered = np.searchsorted(moments, group * span + entry, side="right")
    rows = np.array([ending, learner, place - first[group], entered - first[group]])[
        :, np.argsort(group, kind="stable")
    ]
    row, number = _spans(np.sort(group))
    found = np.zeros((len(_FOUND), len(moments)))
    for some, shape in _alike(learners, lasting):
        slot = np.repeat(np.arange(len(some)), number[some])
        alike = _curves_alike(slot, rows[:, _ranges(row[some], number[some])], (len(some), *shape), learners[some])
        there = np.arange(shape[1]) < lasting[some, None]
        found[:, _ranges(first[some], lasting[some])] = [each[there] for each in alike]
    return moments // span, pd.DataFrame({"days": moments % span, **dict(zip(_FOUND, found, strict=True))})


_FOUND = ("at_risk", "met", "dropped", "share_met", "low", "high")

_CELLS = 500_000
"""How many groups x learners x moments are looked at in one step, unless one group has more."""


def _clusters(learner_id: pd.Series, group: Ints) -> tuple[Ints, Ints]:
    """Return the number of each learner in the group, and how many it has; spells of a single one count as learners."""
    codes = pd.factorize(learner_id, sort=True)[0]
    most = codes.max(initial=0) + 1
    pairs, pair = np.unique(group * most + codes, return_inverse=True)
    first, learners = _spans(pairs // most)
    alone = learners == 1
    nth = pd.Series(group).groupby(group).cumcount().to_numpy()
    return np.where(alone[group], nth, pair - first[group]), np.where(alone, np.bincount(group), learners)


def _spans(numbers: Ints) -> tuple[Ints, Ints]:
    """Return where each number begins among numbers in order, from 0 without a gap, and how often it is there."""
    count = np.bincount(numbers)
    return np.cumsum(count) - count, count


def _ranges(first: Ints, count: Ints) -> Ints:
    """Return the places of ranges, one after the other."""
    places: Ints = np.repeat(first - np.cumsum(count) + count, count) + np.arange(count.sum())
    return places


def _alike(learners: Ints, lasting: Ints) -> Iterator[tuple[Ints, tuple[int, int]]]:
    """Yield groups that fit into arrays of one shape, learners x moments."""
    # NumPy adds up a single column in another order than several, which shows in the last digit: it is not filled up.
    wide, long = np.where(lasting > 1, _rounded(learners), learners), _rounded(lasting)
    for shape in np.unique(np.array([wide, long]), axis=1).T.tolist():
        some = np.flatnonzero((wide == shape[0]) & (long == shape[1]))
        step = max(1, _CELLS // (shape[0] * shape[1]))
        yield from ((some[start : start + step], (shape[0], shape[1])) for start in range(0, len(some), step))


def _rounded(sizes: Ints) -> Ints:
    return np.where(sizes > 4, -(-sizes // 8) * 8, sizes)


def _curves_alike(slot: Ints, rows: Ints, shape: tuple[int, int, int], learners: Ints) -> tuple[Floats, ...]:
    """Return the curves of groups in arrays of groups x learners x moments, in the order of `_FOUND`."""
    ending, learner, place, entered = rows
    counts = _counted((3, *shape), ending, slot, learner, place)
    over = counts.sum(axis=0)
    at_risk = _counted(shape, slot, learner, entered).cumsum(axis=-1)
    at_risk -= over.cumsum(axis=-1)
    at_risk += over
    met, dropped, whole = (each.sum(axis=-2) for each in (counts[_MET], counts[_DROPPED], at_risk))
    share = cumulative_incidence(np.maximum(whole, 1), met, dropped)
    error = incidence_error(at_risk, counts[_MET], counts[_DROPPED], learners[:, None])
    low, high = share_interval(share, error, t_quantile(learners)[:, None])
    return whole, met, dropped, share, np.minimum(low, share), np.maximum(high, share)


def _counted(shape: tuple[int, ...], *places: Ints) -> Floats:
    """Return how often each place of an array is named."""
    counts = np.zeros(math.prod(shape))
    np.add.at(counts, np.ravel_multi_index(places, shape), 1.0)
    return counts.reshape(shape)
