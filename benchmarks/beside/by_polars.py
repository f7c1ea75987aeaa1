"""The measures as somebody who knows Polars well would write each by hand, for that one question.

They take the five tables as lazy frames, and look from the last day of the log; nothing is selected, nobody away. Ids
are the numbers of an Enum, a learner and goal one whole number, events are sorted once by it, neighbours compared.
"""

from datetime import timedelta

import polars as pl

from .intervals import incidence, rates
from .polars_log import EVENT, KEY, MARK, Log, Tables, comes_first_of, in_order, runs, settled, status
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

_CODES, _CHOOSERS = 8, 4

_CHOOSER = pl.Enum(["learner", "teacher"])

CODE = pl.col("code")


def stretches(tables: Tables) -> pl.DataFrame:
    log = Log(tables)
    columns = {"status": status(CODE), "start": "time", **{name: name for name in ("stop", "start_day", "stop_day")}}
    return runs(log, settled(log)).select(**log.names(), **columns)


def status_now(tables: Tables) -> pl.DataFrame:
    log = Log(tables)
    last = runs(log, settled(log)).filter(pl.col("stop").is_null())
    midnight = log.span[1].astype("datetime64[us]").item()
    joined = pl.col("joined").is_null() | (pl.col("joined") < midnight + timedelta(days=1))
    left = pl.col("left").is_null() | (pl.col("left") >= midnight)
    here = pl.lit(log.learners.select(here=joined & left)["here"]).gather(log.learner())
    days = {"days_in_status": pl.col("stop_day") - pl.col("start_day"), "days_absent": pl.lit(0.0)}
    return last.filter(here | ~CODE.is_in(OPEN)).select(**log.names(), status=status(CODE), since="time", **days)


def spells(tables: Tables) -> pl.DataFrame:
    log = Log(tables)
    rows = settled(log, "chosen_by")
    place = pl.int_range(pl.len(), dtype=pl.Int64)
    chooser = pl.col("chosen_by").cast(_CHOOSER).to_physical().cast(pl.Int64).fill_null(2)
    chosen = pl.when(EVENT == SET).then(place * _CHOOSERS + chooser)
    firsts = rows.lazy().with_columns(**_marks(), chosen=chosen, last=place * _CODES + CODE).group_by("key")
    told = firsts.agg(*(pl.col(name).min() for name in (*_BEGIN, "met", "chosen")), pl.col("last").max())
    both = told.join(_counted(log, rows), on="key").sort("key").collect()
    columns = _dated(log, both)
    return columns.select(
        **log.names(),
        status=status(pl.col("last") % _CODES),
        **{name: name for name in ("set_on", "started_on", "met_on")},
        days_to_start=_days("set_day", "started_day"),
        days_to_met=_days("begun_day", "met_day"),
        **{name: name for name in ("times_stuck", "days_stuck", "times_reopened")},
        days_absent=pl.lit(0.0),
        set_by=pl.lit(pl.Series(["learner", "teacher", None])).gather(pl.col("chosen") % _CHOOSERS),
    )


def _counted(log: Log, rows: pl.DataFrame) -> pl.LazyFrame:
    stuck = (CODE == STANDS_STUCK).cast(pl.Int64)
    again = (pl.col("before") == STANDS_MET) & CODE.is_in(OPEN)
    days = stuck * (pl.col("stop_day") - pl.col("start_day"))
    numbers = {"times_stuck": stuck, "days_stuck": days, "times_reopened": again.cast(pl.Int64)}
    found = runs(log, rows).lazy().select("key", **numbers)
    return found.group_by("key").agg(pl.all().sum())


def _dated(log: Log, marks: pl.DataFrame) -> pl.DataFrame:
    """Add when each goal was set, started, met and begun, and the school days of that."""
    both = marks.with_columns(begun=_begun(pl.col("met")))
    days = {f"{name}_day": log.day(_time(name)) for name in ("set", "started", "begun", "met")}
    return both.with_columns(**days, **{f"{name}_on": _time(name) for name in ("set", "started", "met")})


_BEGIN = ("started", "set", "other")


def _marks(*more: str) -> dict[str, pl.Expr]:
    """Return the marks of the events that a goal may begin with, and of met; missing where it is another."""
    other = EVENT.is_in([WORKED, STUCK, REOPENED])
    which = {"started": EVENT == STARTED, "set": EVENT == SET, "other": other, "met": EVENT == MET}
    which |= {"dropped": EVENT == DROPPED} if "dropped" in more else {}
    return {name: pl.when(flag).then(MARK) for name, flag in which.items()}


def _begun(ended: pl.Expr) -> pl.Expr:
    """Return the first mark of started, else set, else another sign of work, that is before the end."""
    end = ended.fill_null(2**62)
    return pl.coalesce(pl.when(pl.col(name) < end).then(pl.col(name)) for name in _BEGIN)


def _time(mark: str) -> pl.Expr:
    return (pl.col(mark) // MARKS).cast(pl.Datetime("us"))


def _days(start: str, stop: str) -> pl.Expr:
    return pl.when(pl.col(stop) >= pl.col(start)).then(pl.col(stop) - pl.col(start) + 1)


def completion(tables: Tables) -> pl.DataFrame:
    log = Log(tables)
    marks = comes_first_of(log.events().collect()).lazy().with_columns(decided=_DECIDED)
    ends = marks.group_by("key").agg(MARK.max(), pl.col("decided").max())
    goals = ends.select(learner=log.learner(), code=_stands())
    gone = (pl.col("left") < log.span[1].astype("datetime64[us]").item()).fill_null(value=False)
    gone = pl.lit(log.learners.select(gone=gone)["gone"]).gather(pl.col("learner"))
    dropped = CODE == STANDS_DROPPED
    counts = {"goals": ~dropped, "met": CODE == STANDS_MET, "dropped": dropped, "left_open": CODE.is_in(OPEN) & gone}
    flags = goals.select("learner", **{name: flag.cast(pl.Int64) for name, flag in counts.items()})
    each = flags.group_by("learner").agg(pl.col(*counts).sum())
    n, y = pl.col("goals"), pl.col("met")
    squares = {"met_met": (y * y).sum(), "goals_met": (n * y).sum(), "goals_goals": (n * n).sum()}
    everyone = log.learners.lazy().with_row_index("learner").select(pl.col("learner").cast(pl.Int64), "class_id")
    joined = everyone.join(each, on="learner", how="left").with_columns(pl.col(*counts).fill_null(0))
    sums = joined.group_by("class_id").agg(pl.col(*counts).sum(), **squares, learners=(n > 0).sum().cast(pl.Int64))
    table = sums.sort("class_id", nulls_last=True).collect()
    return table.select("class_id", *counts, "learners").with_columns(**rates(table.drop("class_id").to_dict()))


_DECIDED = pl.when(~EVENT.is_between(STARTED, STUCK)).then(MARK)


def _stands() -> pl.Expr:
    """Return how a goal stands, from its last mark and the last one that decides."""
    stays = (pl.col("decided") % MARKS == MET) & EVENT.is_between(STARTED, STUCK)
    return pl.when(stays).then(STANDS_MET).otherwise(pl.lit(pl.Series(GIVES)).gather(EVENT))


def time_to_goal(tables: Tables) -> pl.DataFrame:
    log = Log(tables)
    rows = log.events().with_columns(**_marks("dropped")).group_by("key")
    firsts = rows.agg(*(pl.col(name).min() for name in (*_BEGIN, "met", "dropped")))
    ended = pl.min_horizontal("met", "dropped")
    ending = pl.when(pl.col("met") == ended).then(1).when(pl.col("dropped") == ended).then(2).otherwise(0)
    timed = firsts.with_columns(begun=_begun(ended), ended=ended, ending=ending, learner=log.learner()).collect()
    stop = log.day(_time("ended")).fill_null(pl.lit(log.until).gather(pl.col("learner")))
    spells = timed.select("learner", "ending", days=stop - log.day(_time("begun")) + 1).filter(pl.col("days") >= 1)
    return pl.DataFrame(incidence(*(spells[name].cast(pl.Int64).to_numpy() for name in ("learner", "days", "ending"))))


def pathways(tables: Tables) -> pl.DataFrame:
    log = Log(tables)
    rows = log.events("row").collect()
    marks = comes_first_of(rows).lazy().with_columns(**_marks(), decided=_DECIDED).group_by("key")
    told = marks.agg(MARK.max(), *(pl.col(name).min() for name in (*_BEGIN, "met")), pl.col("decided").max())
    place = taken_up(log, rows).lazy().select("key", position=pl.int_range(pl.len()).over(log.learner()) + 1)
    both = place.join(told, on="key", how="left", maintain_order="left").collect()
    names = log.names()
    return _dated(log, both).select(
        names["learner_id"],
        names["class_id"],
        "position",
        names["goal_id"],
        strand=pl.lit(log.goals["strand"]).gather(KEY % len(log.goals)),
        **{name: name for name in ("set_on", "started_on", "met_on")},
        status=status(_stands()),
        days_to_met=_days("begun_day", "met_day"),
    )


def transitions(tables: Tables) -> pl.DataFrame:
    log = Log(tables)
    learner = log.learner()
    goal = KEY % len(log.goals)
    taken = taken_up(log, log.events("row").collect()).lazy().with_columns(goal=goal, learner=learner)
    steps = taken.with_columns(source=pl.when(learner == pl.col("learner").shift(1)).then(pl.col("goal").shift(1)))
    counted = steps.drop_nulls("source").group_by("source", "goal").agg(n=pl.len().cast(pl.Int64))
    shares = counted.sort("source", "goal").with_columns(p=pl.col("n") / pl.col("n").sum().over("source"))
    ids = pl.lit(log.goals["goal_id"])
    return shares.select(source=ids.gather("source"), target=ids.gather("goal"), n="n", p="p").collect()


def taken_up(log: Log, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the goals that each learner took up, in order: `key, mark, row`."""
    firsts = _first_of(rows.filter(EVENT == STARTED))
    for event in (SET, None):
        rest = rows.join(firsts, on="key", how="anti")
        if rest.height:
            firsts = pl.concat([firsts, _first_of(rest if event is None else rest.filter(event == EVENT))])
    return firsts.sort(log.learner(), "mark", "row", "key")


def _first_of(rows: pl.DataFrame) -> pl.DataFrame:
    rows = in_order(rows.with_columns(mark=MARK // MARKS * MARKS))
    return rows.filter((KEY.shift(1) != KEY).fill_null(value=True))
