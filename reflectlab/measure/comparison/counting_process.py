"""Goals as survival analysis wants them: one row for each stretch of a goal, alone and once worked on together."""

from datetime import date, timedelta
from typing import Literal, overload

import narwhals as nw
import pandas as pd

from ...errors import one_of
from ...log import ProgressLog
from ...log.firsts import BEGINNINGS
from ...log.frames import Schema, sorted_lazily, to_pandas
from ...log.status import SPELL
from ...schema import KINDS
from ..episodes import participations, with_goal
from ..progress import GOES
from ..shared import NEVER, beginning, event_is, indicator, known_events, reported

COUNTING_PROCESS: Schema = {
    "learner_id": "str",
    "class_id": "str",
    "goal_id": "str",
    "start": "rate",
    "stop": "rate",
    "met": "count",
    "collaborative": "count",
    "kind": "str",
    "chosen_by": "str",
    "ending": "str",
    "begun": "rate",
    "begun_noted": "count",
}

UNITS = ("school_days", "days")

DAY = 86_400_000_000
"""Microseconds in a day: durations are whole numbers until the last moment, so that ties stay ties."""

_CHOSEN = ("learner", "teacher", "not noted")

_MET, _DROPPED, _LEFT, _OPEN = "met", "dropped", "left", "open"


@overload
def to_counting_process(
    log: ProgressLog, *, unit: str = ..., episodes: str = ..., goes: str = ..., collect: Literal[True] = True
) -> pd.DataFrame: ...


@overload
def to_counting_process(
    log: ProgressLog, *, unit: str = ..., episodes: str = ..., goes: str = ..., collect: Literal[False]
) -> nw.LazyFrame: ...


def to_counting_process(
    log: ProgressLog,
    *,
    unit: str = "school_days",
    episodes: str = "first",
    goes: str = "first",
    collect: bool = True,
) -> pd.DataFrame | nw.LazyFrame:
    """Return goals as (start, stop] rows, with exposure switching at the first episode on the goal.

    Parameters
    ----------
    log : ProgressLog
    unit : {"school_days", "days"}
        What time is counted in: school days, or days of the calendar.
    episodes : {"first", "all"}
        Whether rows are cut at the first time together only, or at every one.
    goes : {"first", "all"}
        Whether a goal is followed to the first time that it is met or dropped, or through each go at it.
    collect : bool
        Whether to bring the result into pandas; else it stays lazy, and the engine of the log makes it.

    Returns
    -------
    pandas.DataFrame
        `learner_id, class_id, goal_id`; `start, stop`, time since the goal was started (set where nobody noted a
        start): the row is at risk after `start` up to and including `stop`; `met`, 1 if it ends because the goal
        was met; `collaborative`, 1 once the learner has worked on this goal with somebody, and then `kind` and
        `chosen_by` of that first time; `ending`, why the row ends: `met`, `dropped`, `left`, `open` (the log ends)
        or `together` (a collaborative row follows); `begun`, the school day on which the goal was begun and the
        fraction of it (an ordinal day where the unit is days); `begun_noted`, 1 where somebody noted that it was
        started or set. With all episodes also `times_together`, how often the learner has worked on the goal with
        somebody so far, and each row but the last ends with `together`. With all goes also `go`, from 1 (see
        `spells`): the time of a further one is counted from its first event, and so is working together.

    Notes
    -----
    Exposure is predictable: whether a day is collaborative is settled before it. With clock times the switch is at
    the time of the episode, and a goal met at that very instant was met alone. Where there are only dates, the
    switch is at the end of the episode's day, and a goal met on that day was met alone; a goal met on the day it
    was started took 1.

    A school day is one day long, a fraction of it is that fraction of 24 hours, and the clock stands still on days
    without school. A goal met in no time at all, or of which nothing is known before it was met, has no row. On a
    log that `select(start=...)` narrowed, rows begin at that day: what was over before it could not have been seen.

    In R: `coxph(Surv(start, stop, met) ~ collaborative + strata(learner_id), ties = "efron")`; with all goes, which are
    recurrent events of one goal, `strata(learner_id, go)` compares first goes with first and second with second [3]_.

    References
    ----------
    .. [1] Andersen, P. K. and Gill, R. D. (1982). Cox's regression model for counting processes: a large sample
       study. Annals of Statistics 10, 1100-1120.
    .. [2] Suissa, S. (2008). Immortal time bias in pharmacoepidemiology. American Journal of Epidemiology 167,
       492-499.
    .. [3] Prentice, R. L., Williams, B. J. and Peterson, A. V. (1981). On the regression analysis of multivariate
       failure time data. Biometrika 68, 373-379.

    Examples
    --------
    >>> import reflectlab
    >>> rows = to_counting_process(reflectlab.example())
    >>> rows.loc[rows["learner_id"] == "aroha", ["goal_id", "start", "stop", "met", "collaborative"]]
          goal_id  start  stop  met  collaborative
    0        hook    0.0   3.0    0              0
    1        hook    3.0   4.0    1              1
    2  paragraphs    0.0   5.0    0              0
    3  paragraphs    5.0   8.0    1              1
    """
    one_of("episodes", episodes, ("first", "all"))
    one_of("goes", goes, GOES)
    keys = SPELL if goes == "first" else [*SPELL, "go"]
    spells = goal_spells(log, unit, keys)
    rows = _split(log, spells) if episodes == "first" else _split_at_all(log, spells, unit, keys)
    more = {"times_together": episodes == "all", "go": goes == "all"}
    schema = {**COUNTING_PROCESS, **{name: "count" for name, asked in more.items() if asked}}
    rows = sorted_lazily(reported(log, rows).select(*schema), [*keys, "start"])
    return to_pandas(rows, schema) if collect else rows


def goal_spells(log: ProgressLog, unit: str, keys: list[str] = SPELL) -> nw.LazyFrame:
    """Return one row per learner and goal (or go, where that is a key), in days since it was begun.

    `learner_id, goal_id, entry, stop, ending`; `together`, when the learner first worked on it with somebody (missing
    if never, before 0 if before it was begun), `kind, chosen_by` of that time; `begun`, when it was begun on the clock
    of the unit, and `noted`, 1 where that was written down; `met_instant`, when it was first met, in microseconds.
    `stop` is missing where no beginning is known; a goal was under way if `stop` is after `entry`.
    """
    since = nw.col("begun")
    late = nw.lit(midnight_of(log, log.selection.start, unit)) if log.selection.start else since
    entry = nw.when(late > since).then(late - since).otherwise(nw.lit(0))
    return moments(log, unit, keys).select(
        *keys,
        (entry / DAY).alias("entry"),
        ((nw.col("end") - since) / DAY).alias("stop"),
        ((nw.col("together") - since) / DAY).alias("together"),
        "ending",
        "kind",
        "chosen_by",
        (since / DAY).alias("begun"),
        "noted",
        nw.col("_met_moment").alias("met_instant"),
    )


def moments(log: ProgressLog, unit: str, keys: list[str] = SPELL) -> nw.LazyFrame:
    """Return one row per learner and goal (or go), on the clock of the unit, in microseconds.

    `learner_id, goal_id, begun, end, ending`; `together`, from when on it counts as collaborative; and the other
    columns of `goal_spells`. With dates only, what ends on a day ends at its end.
    """
    one_of("unit", unit, UNITS)
    whole = DAY if log.dates_only else 0
    ended = _ended(log, log.last_day, unit, whole, keys)
    first = _first_together(log, unit, keys)
    rows = ended.join(first, on=keys, how="left")
    return rows.with_columns(together=nw.col("_together") + whole)


def _split(log: ProgressLog, spells: nw.LazyFrame) -> nw.LazyFrame:
    """Cut the goals that became collaborative in two."""
    parts = log.small(pd.DataFrame({"collaborative": [0, 1]}))
    switches = (nw.col("together") < nw.col("stop")).fill_null(False)
    both = spells.join(parts, how="cross").with_columns(_switches=switches)
    after = nw.col("collaborative") == 1
    cut = both.filter(nw.col("_switches") | ~after).with_columns(
        start=nw.when(after & (nw.col("together") > nw.col("entry")))
        .then(nw.col("together"))
        .otherwise(nw.col("entry")),
        stop=nw.when(nw.col("_switches") & ~after).then(nw.col("together")).otherwise(nw.col("stop")),
        ending=nw.when(nw.col("_switches") & ~after).then(nw.lit("together")).otherwise(nw.col("ending")),
        kind=nw.when(after).then(nw.col("kind")),
        chosen_by=nw.when(after).then(nw.col("chosen_by")),
    )
    cut = cut.with_columns(begun_noted=nw.col("noted"), met=indicator(nw.col("ending") == _MET))
    return cut.filter(nw.col("stop") > nw.col("start"))


def _split_at_all(log: ProgressLog, spells: nw.LazyFrame, unit: str, keys: list[str]) -> nw.LazyFrame:
    """Cut the goals at every time together."""
    whole = 1.0 if log.dates_only else 0.0
    times = _of_goes(log, company_times(log, unit), keys).select(*keys, "_at").unique()
    told = spells.filter(nw.col("stop") > nw.col("entry"))
    at = (nw.col("_at") / DAY - nw.col("begun")) + whole
    turns = told.join(times, on=keys, how="inner").with_columns(_turn=at).filter(nw.col("_turn") < nw.col("stop"))
    late = nw.col("_turn") > nw.col("entry")
    before = turns.filter(~late).group_by(keys).agg(_before=nw.len())
    rows = nw.concat(
        [
            told.with_columns(start=nw.col("entry"), _new=nw.lit(0)),
            turns.filter(late).with_columns(start=nw.col("_turn"), _new=nw.lit(1)).drop("_at", "_turn"),
        ],
        how="vertical",
    ).join(before, on=keys, how="left")
    following = nw.col("start").shift(-1).over(*keys, order_by="start")
    number = nw.col("_new").cum_sum().over(*keys, order_by="start") + nw.col("_before").fill_null(0)
    cut = rows.with_columns(_next=following, times_together=number.cast(nw.Int64))
    more, any_yet = ~nw.col("_next").is_null(), nw.col("times_together") > 0
    return cut.with_columns(
        stop=nw.when(more).then(nw.col("_next")).otherwise(nw.col("stop")),
        ending=nw.when(more).then(nw.lit("together")).otherwise(nw.col("ending")),
        collaborative=indicator(any_yet),
        kind=nw.when(any_yet).then(nw.col("kind")),
        chosen_by=nw.when(any_yet).then(nw.col("chosen_by")),
        begun_noted=nw.col("noted"),
    ).with_columns(met=indicator(nw.col("ending") == _MET))


def _ended(log: ProgressLog, day: date, unit: str, whole: int, keys: list[str]) -> nw.LazyFrame:
    """Return when each goal was begun, when it ended and why."""
    events = clocked(log, known_events(log, day), unit)
    events_of = {**BEGINNINGS, _MET: (_MET,), _DROPPED: (_DROPPED,)}
    marked = events.with_columns(
        **{f"{name}_clock": nw.when(event_is(*of)).then(nw.col("_at")) for name, of in events_of.items()},
        **{f"{name}_at": nw.when(event_is(*of)).then(nw.col("position")) for name, of in events_of.items()},
        _met_moment=nw.when(event_is(_MET)).then(nw.col("instant")),
    )
    names = [f"{name}_{what}" for name in events_of for what in ("clock", "at")]
    firsts = marked.group_by(keys).agg(*(nw.col(name).min() for name in (*names, "_met_moment", "_at")))
    left = log.frame("learners").select("learner_id", "left", "left_day", "to_day")
    rows = firsts.join(left, on="learner_id", how="left").with_columns(
        _gone=nw.when(~nw.col("left").is_null()).then(_left_evening(log, unit)).otherwise(nw.lit(NEVER)),
        **{f"{name}_clock": (nw.col(f"{name}_clock") + whole).fill_null(NEVER) for name in (_MET, _DROPPED)},
        **{f"{name}_at": nw.col(f"{name}_at").fill_null(NEVER) for name in (_MET, _DROPPED)},
    )
    over = nw.min_horizontal("met_at", "dropped_at")
    noted = nw.min_horizontal("started_at", "set_at").fill_null(NEVER) < over
    rows = rows.with_columns(begun=beginning("clock", over), noted=indicator(noted))
    if "go" in keys:
        again = nw.col("go") > 1
        begun = nw.when(again).then(nw.col("_at")).otherwise(nw.col("begun"))
        rows = rows.with_columns(begun=begun, noted=nw.when(again).then(nw.lit(1)).otherwise(nw.col("noted")))
    return _reason(rows, evening_of(log, day, unit))


def _reason(rows: nw.LazyFrame, over: int) -> nw.LazyFrame:
    met, dropped, gone = nw.col("met_clock"), nw.col("dropped_clock"), nw.col("_gone")
    last = nw.when(gone < over).then(gone).otherwise(nw.lit(over))
    is_met = (met <= last) & (nw.col("met_at") < nw.col("dropped_at"))
    ending = (
        nw.when(is_met)
        .then(nw.lit(_MET))
        .otherwise(
            nw.when(dropped <= last)
            .then(nw.lit(_DROPPED))
            .otherwise(nw.when(gone < over).then(nw.lit(_LEFT)).otherwise(nw.lit(_OPEN)))
        )
    )
    end = nw.when(is_met).then(met).otherwise(nw.when(dropped <= last).then(dropped).otherwise(last))
    return rows.with_columns(ending=ending, end=end)


def _of_goes(log: ProgressLog, rows: nw.LazyFrame, keys: list[str]) -> nw.LazyFrame:
    """Add which go at its goal each participation belongs to, where that is a key: the last that had begun by then."""
    if "go" not in keys:
        return rows
    begins = log.frame("events").group_by(keys).agg(_begins=nw.col("instant").min())
    one = ["episode_id", *SPELL]
    reached = rows.select(*one, "instant").join(begins, on=SPELL, how="inner")
    last = reached.filter(nw.col("_begins") <= nw.col("instant")).group_by(one).agg(nw.col("go").max())
    return rows.join(last, on=one, how="left").with_columns(go=nw.col("go").fill_null(1))


def _first_together(log: ProgressLog, unit: str, keys: list[str]) -> nw.LazyFrame:
    """Return when each learner first worked on each goal (or go) with somebody, and what that was."""
    rows = _of_goes(log, clocked(log, _with_somebody(participations(log, log.last_day)), unit), keys)
    choosers = {word: place for place, word in enumerate(_CHOSEN[:2])}
    coded = rows.with_columns(
        _kind=nw.col("kind").replace_strict(
            {kind: n for n, kind in enumerate(KINDS)}, default=None, return_dtype=nw.Int64
        ),
        _chosen=nw.col("chosen_by").replace_strict(choosers, default=2, return_dtype=nw.Int64),
        _first=nw.col("instant").min().over(*keys),
    )
    first = (
        coded.filter(nw.col("instant") == nw.col("_first"))
        .group_by(keys)
        .agg(
            _together=nw.col("_at").min(),
            _kind=nw.col("_kind").min(),
            _chosen=nw.col("_chosen").min(),
        )
    )
    return first.with_columns(
        kind=nw.col("_kind").replace_strict(dict(enumerate(KINDS)), default=None, return_dtype=nw.String),
        chosen_by=nw.col("_chosen").replace_strict(dict(enumerate(_CHOSEN)), default=None, return_dtype=nw.String),
    )


def company_times(log: ProgressLog, unit: str) -> nw.LazyFrame:
    """Return every time that a learner worked on a goal with somebody, `_at` on the clock of the unit."""
    return clocked(log, _with_somebody(with_goal(log, log.last_day).with_columns(goal_id=nw.col("goal"))), unit)


def _with_somebody(rows: nw.LazyFrame) -> nw.LazyFrame:
    return rows.filter(~nw.col("goal_id").is_null(), nw.col("partners") > 0)


def clocked(log: ProgressLog, rows: nw.LazyFrame, unit: str) -> nw.LazyFrame:
    """Add `_at`, the place of a moment on the clock of the unit, in microseconds."""
    if unit == "days":
        return rows.with_columns(_at=nw.col("instant"))
    begins = log.frame("calendar").select("school_day", _midnight=_ordinal("date") * DAY)
    within = nw.col("instant") - nw.col("_midnight")
    held = nw.when(within < 0).then(nw.lit(0)).otherwise(nw.when(within > DAY).then(nw.lit(DAY)).otherwise(within))
    return rows.join(begins, on="school_day", how="left").with_columns(_at=nw.col("school_day") * DAY + held)


def midnight_of(log: ProgressLog, day: date, unit: str) -> int:
    """Return the place of a day's beginning on the clock of the unit."""
    if unit == "days":
        return day.toordinal() * DAY
    number = log.calendar.school_day(day)
    over = log.calendar.days["date"].iloc[number - 1].date() < day
    return (number + int(over)) * DAY


def evening_of(log: ProgressLog, day: date, unit: str) -> int:
    """Return the place of a day's end; with dates only, what happens on a weekend has the whole of Monday."""
    if log.dates_only and unit == "school_days":
        return (log.calendar.school_day(day) + 1) * DAY
    return midnight_of(log, day + timedelta(days=1), unit)


def _left_evening(log: ProgressLog, unit: str) -> nw.Expr:
    day = _ordinal("left") if unit == "days" else nw.col("left_day" if log.dates_only else "to_day")
    return (day + 1) * DAY


def _ordinal(column: str) -> nw.Expr:
    """Return the number of a date's day, as `datetime.date.toordinal` counts them."""
    before = nw.col(column).dt.year().cast(nw.Int64) - 1
    leaps = before // 4 - before // 100 + before // 400
    return before * 365 + leaps + nw.col(column).dt.ordinal_day().cast(nw.Int64)
