"""What the measures share: the day they look from, groups, periods, presence."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from weakref import WeakKeyDictionary

import narwhals as nw
import pandas as pd

from ..errors import ArgumentError, did_you_mean, one_of
from ..language import gettext, translatable
from ..log import Day, ProgressLog, as_day, midnight
from ..log.firsts import BEGINNINGS, CHOOSERS, EVENTS_OF, STATUS_CODES
from ..log.frames import Schema, ends, joined_in_order, result_kind
from ..log.status import SPELL
from ..schema import EVENTS, OPEN, PLACE, PRESENCE, STATUSES

MET_CODE = STATUSES.index("met")

DROPPED_CODE = STATUSES.index("dropped")

OPEN_CODES = [STATUSES.index(status) for status in OPEN]

GOAL_COLUMNS = ("goal_id", "strand", "level")

By = str | Sequence[str]


def as_of(log: ProgressLog, on: Day | None) -> date:
    """Return the day a measure looks from: `on`, or the last day of the log."""
    day = as_day("on", on)
    return min(day, log.selection.end or day) if day else log.last_day


def known_events(log: ProgressLog, on: date) -> nw.LazyFrame:
    """Return what had happened by the evening of a day, with `mark`, which tells order and status in one number."""
    events = log.frame("events").filter(nw.col("time") < midnight(on + timedelta(days=1)))
    return events.with_columns(mark=nw.col("position") * STATUS_CODES + nw.col("status_code"))


def known_firsts(log: ProgressLog, on: date, told: Sequence[str] = ("on", "day", "at", "row")) -> nw.LazyFrame:
    """Return the first event of each kind of each learner and goal, as `firsts` has them, by the evening of a day.

    Of each there is at least what is to be `told`.
    """
    rows, evening = log.frame("firsts").drop(*_LAST), midnight(on + timedelta(days=1))
    if all_known(log, on):
        return rows
    seen = {
        f"{kind}_{what}": nw.when(nw.col(f"{kind}_on") < evening).then(nw.col(f"{kind}_{what}"))
        for kind in EVENTS_OF
        for what in told
    }
    chosen = nw.when(nw.col("set_on") < evening).then(nw.col("chosen"))
    first = (f"first_{what}" for what in ("on", "day", "row"))
    return rows.filter(nw.col("first_on") < evening).select(*SPELL, *first, **seen, chosen=chosen)


def last_known(log: ProgressLog, on: date, keys: Sequence[str] = SPELL) -> nw.LazyFrame:
    """Return the last event of each of `keys` by the evening of a day: `last_on, last_day` and `mark`."""
    if keys == SPELL and all_known(log, on):
        return log.frame("firsts").select(*keys, *_LAST)
    known = known_events(log, on)
    told = dict(zip(_LAST, ("time", "school_day", "mark"), strict=True))
    if known.implementation.is_polars():
        last: nw.LazyFrame = nw.from_native(known.to_native().filter(ends(keys)))
        return last.select(*keys, **{name: nw.col(column) for name, column in told.items()})
    return known.group_by(*keys).agg(**{name: nw.col(column).max() for name, column in told.items()})


def known_spells(log: ProgressLog, on: date) -> nw.LazyFrame:
    """Return both: the first events of each learner and goal, and the last one."""
    if all_known(log, on):
        return log.frame("firsts")
    return joined_in_order(known_firsts(log, on), last_known(log, on), SPELL)


_LAST = ("last_on", "last_day", "mark")


def all_known(log: ProgressLog, on: date) -> bool:
    """Tell whether nothing of the log is later than a day."""
    return log.selection.end is None and on >= log.last_day


def since_start(log: ProgressLog, frame: nw.LazyFrame, column: str = "time") -> nw.LazyFrame:
    """Leave out what is before the first day that is reported."""
    start = log.selection.start
    return frame if start is None else frame.filter(nw.col(column) >= midnight(start))


def reported(log: ProgressLog, frame: nw.LazyFrame) -> nw.LazyFrame:
    """Add each learner's class, and keep the learners that are reported."""
    return log.reported(log.with_learners(frame, "class_id", "joined", "left", "left_day"))


def reported_learners(log: ProgressLog) -> set[str]:
    """Return the ids of the learners that are reported."""
    return set(log.reported(log.frame("learners")).select("learner_id").collect()["learner_id"].to_list())


def event_is(*events: str) -> nw.Expr:
    """Tell whether an event is one of these."""
    return nw.col("event").is_in(list(events))


def chooser() -> nw.Expr:
    """Return who chose as a number: 0 where nobody noted it, 1 the learner, 2 the teacher."""
    return nw.col("chosen_by").replace_strict(CHOOSERS, default=0, return_dtype=nw.Int64)


NEVER = 2**62
"""A place, or a moment, after all others."""


def beginning(what: str, ended: nw.Expr) -> nw.Expr:
    """Return the first of `started_*, set_*, other_*` of which the place, `*_at`, is before that of the end."""
    return nw.coalesce(*(nw.when(nw.col(f"{name}_at") < ended).then(nw.col(f"{name}_{what}")) for name in BEGINNINGS))


def indicator(flag: nw.Expr) -> nw.Expr:
    """Return 1 where true, else 0: a sum of booleans that every engine knows."""
    return nw.when(flag).then(nw.lit(1)).otherwise(nw.lit(0))


def least(column: str, other: int) -> nw.Expr:
    """Return the smaller of a nullable column and a number."""
    return nw.when(nw.col(column) < other).then(nw.col(column)).otherwise(nw.lit(other))


def grouping(log: ProgressLog, by: By, argument: str = "by") -> tuple[list[str], list[str], dict[str, str]]:
    """Check `by`, or another argument that names columns as it does.

    Return which columns describe learners, which describe goals, and the kind of each in the order asked for.
    """
    names = [by] if isinstance(by, str) else list(by)
    learners, goals = log.frame("learners"), log.frame("goals")
    hidden = {*PLACE, *PRESENCE}
    of_learners = [name for name in learners.columns if name not in hidden]
    of_goals = [name for name in goals.columns if name not in hidden and name not in of_learners]
    schema = {}
    for name in names:
        if name not in (*of_learners, *of_goals):
            allowed = [*of_learners, *of_goals]
            text = f"names {name!r}; it may name {', '.join(allowed)}. {did_you_mean(str(name), allowed)}"
            raise ArgumentError(text.rstrip(), argument)
        told = (learners if name in of_learners else goals).select(name)
        schema[name] = result_kind(told.collect_schema()[name])
    return [n for n in names if n in of_learners], [n for n in names if n in of_goals], schema


def with_groups(
    log: ProgressLog, frame: nw.LazyFrame, learner_columns: list[str], goal_columns: list[str]
) -> nw.LazyFrame:
    """Keep the reported learners, and add the grouping columns."""
    of_learners = [name for name in dict.fromkeys(["class_id", *learner_columns]) if name != "learner_id"]
    out = log.reported(log.with_learners(frame, *of_learners))
    goal = [name for name in goal_columns if name != "goal_id"]
    return out.join(log.frame("goals").select("goal_id", *goal), on="goal_id", how="left") if goal else out


PERIOD: Schema = {"term_id": "str", "week": "count"}


def periods(log: ProgressLog, every: str | None, on: date) -> pd.DataFrame:
    """Return the periods to report: `term_id, week, first_day, last_day, until`, as far as `on`.

    Without `every` there is one, with everything in it.
    """
    one_of("every", every, ["week", "term", None])
    weeks = log.calendar.weeks
    weeks = weeks[weeks["first_day"] <= log.calendar.school_day(on)]
    if log.selection.start:
        weeks = weeks[weeks["last_day"] >= log.calendar.school_day(log.selection.start)]
    if every == "week":
        return weeks.reset_index(drop=True)
    keys = weeks["term_id"] if every == "term" else pd.Series("", index=weeks.index)
    spans = {"first_day": "min", "last_day": "max", "until": "max", "week": "max"}
    whole = weeks.groupby(keys.rename("term_id"), sort=False).agg(spans).reset_index()
    return whole[["term_id", "week", "first_day", "last_day", "until"]]


def period_columns(every: str | None) -> dict[str, str]:
    """Return the columns that name a period."""
    return {"week": dict(PERIOD), "term": {"term_id": "str"}}.get(every or "", {})


_MISSING = translatable(
    {
        "events": "This log has no events, so it cannot tell where anybody stood on a goal: every time together is of "
        'the kind "other", and nobody can be found who is on the same goal or has met it.',
        "collaborations": "This log has no collaborations, so it cannot tell who worked with whom, nor call anybody "
        "alone.",
        "set": "This log does not say which goals were set, only which were met, so it cannot tell what share of them "
        "was met, nor who has which goal open.",
    }
)


def cannot_tell(log: ProgressLog, needs: Iterable[str] = ("events", "collaborations")) -> list[str]:
    """Return what a log without these tables cannot tell about working together, in plain sentences.

    `needs` are what would be needed: the tables `events`, `collaborations`; `set`, which goals were set. The
    measures of working together carry those that concern them in `.attrs["cannot_tell"]`.

    >>> import pandas as pd
    >>> import reflectlab
    >>> pair = pd.DataFrame({"episode_id": "e1", "time": "2026-07-22", "learner_id": ["aroha", "ben"]})
    >>> cannot_tell(reflectlab.ProgressLog.from_tables(collaborations=pair))[0][:26]
    'This log has no events, so'
    >>> cannot_tell(reflectlab.example())
    []
    """
    return [
        gettext(_MISSING[need]) for need in needs if (need in log.blind if need in EVENTS else not holds(log, need))
    ]


def holds(log: ProgressLog, table: str) -> bool:
    """Tell whether a table of the log, whole whatever is selected, has a row."""
    known = _HELD.setdefault(log, {})
    if table not in known:
        known[table] = bool(log.frame(table).select("learner_id").head(1).select(nw.len()).collect().item())
    return known[table]


_HELD: WeakKeyDictionary[ProgressLog, dict[str, bool]] = WeakKeyDictionary()
"""Which tables of a log have a row: nearly every measure asks, and a log never changes."""


def with_cannot_tell(table: pd.DataFrame, log: ProgressLog, *needs: str) -> pd.DataFrame:
    """Return a table that carries what the log cannot tell about it."""
    table.attrs["cannot_tell"] = cannot_tell(log, needs)
    return table


def need_whole(argument: str, value: object, least: int) -> None:
    """Raise `ArgumentError` unless a value is a whole number, `least` or more.

    >>> need_whole("within", 0.5, 1)
    Traceback (most recent call last):
        ...
    reflectlab.errors.ArgumentError: `within` must be a whole number from 1; got 0.5.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ArgumentError(f"must be a whole number from {least}; got {value!r}.", argument)
