"""Kolibri's summary and session logs (*Facility > Data*).

A row of the summary is a learner on one content: `started` at the first interaction, `met` at completion; where it is
not completed, `worked` at the last interaction. A row of the session log is one visit: `worked`. The progress of a
visit does not tell whether the content was completed: load both logs together. Quizzes are in neither.
"""

from collections.abc import Sequence

import polars as pl

from ...language import gettext, translatable
from ..clean.headers import required
from ..clean.names import name_goals, name_learners
from ..clean.screen import TIME, Screen
from ..files.raw import RawTable
from .reader import Context, Found, Reader

_HEADERS = {
    "learner_id": ("username",),
    "goal_id": ("content id",),
    "title": ("content title",),
    "channel": ("channel name",),
    "topic": ("topic level 1",),
    "facility": ("facility name",),
    "first": ("time of first interaction",),
    "last": ("time of last interaction",),
    "completed": ("time of completion",),
}
"""The headers of both logs, folded. Others are not needed."""

_NEEDED = ("learner_id", "goal_id", "first", "last")
"""The columns that both logs must have."""

_CALLED = translatable("a log of Kolibri")


def read(raws: Sequence[RawTable], context: Context) -> Found:
    """Read logs of Kolibri."""
    found = Found()
    options = context.options
    screens = [Screen(raw, options, required(raw, _HEADERS, _NEEDED, _CALLED, options)) for raw in raws]
    facilities = {one for screen in screens if screen.has("facility") for one in screen.frame["facility"]}
    for screen in screens:
        _read_one(screen, context, found, several=len(facilities) > 1)
    return found


def _read_one(screen: Screen, context: Context, found: Found, *, several: bool) -> None:
    found.rows_read[screen.raw.place] = screen.raw.rows_read
    columns = context.columns_of(screen.raw.file)
    screen.times("first", columns)
    for name in ("last", "completed"):
        if screen.has(name):
            screen.times(name, columns, required=False)
    screen.names("learner_id", "goal_id")
    message = gettext("This row has no username: someone who was not signed in.")
    screen.missing("learner_id", "missing_learner", message, gettext("Nothing needs to be done."))
    screen.missing(
        "goal_id", "missing_goal", gettext("This row does not say which content."), gettext("Write its content id.")
    )
    name_learners(screen, context.learners)
    if several and screen.has("facility") and context.learners is None:
        screen.put(learner_id=pl.concat_str("facility", "learner_id", separator=" / "))
    found.derive("goals", _contents(screen))
    name_goals(screen, context.goals)
    found.add("events", _summary(screen) if screen.has("completed") else _sessions(screen))
    found.problems += screen.problems


def _contents(screen: Screen) -> pl.DataFrame:
    """Return each content with its title; its topic, or else its channel, is the strand."""
    known = [pl.when(pl.col(name) != "").then(name) for name in ("topic", "channel") if screen.has(name)]
    title = [pl.when(pl.col("title") != "").then("title")] if screen.has("title") else []
    return screen.frame.select(
        "goal_id", title=pl.coalesce(*title, "goal_id"), strand=pl.coalesce(*known, pl.lit(None, pl.String))
    ).unique("goal_id", keep="first", maintain_order=True)


def _summary(screen: Screen) -> pl.DataFrame:
    rows = screen.placed()
    unfinished = pl.col("completed").is_null() & (pl.col("last") > pl.col("first"))
    parts = [
        _events(rows, "first", "started"),
        _events(rows.filter(unfinished), "last", "worked"),
        _events(rows.filter(pl.col("completed").is_not_null()), "completed", "met"),
    ]
    return pl.concat(parts)


def _sessions(screen: Screen) -> pl.DataFrame:
    return _events(screen.placed(), "first", "worked")


def _events(rows: pl.DataFrame, time: str, event: str) -> pl.DataFrame:
    return rows.select(
        pl.col(time).cast(TIME).alias("time"), "learner_id", "goal_id", pl.lit(event).alias("event"),
        "row", "file", "sheet",
    )  # fmt: skip


READER = Reader(
    name="kolibri",
    what="summary and session logs of Kolibri (*Facility > Data*)",
    called=_CALLED,
    headers=_HEADERS,
    needed=_NEEDED,
    read=read,
)
