"""The grid: learners down, goals across, and in each cell the day on which the goal was met.

A tick instead of a day counts on the day `as_of`; without that it is listed.
"""

import re
from collections.abc import Sequence

import polars as pl

from ...errors import MissingColumnError
from ...log.checks import MISSING_LEARNER
from ..clean.dates import as_moment, looks_like_date
from ..clean.names import Context, name_goals, name_learners
from ..clean.screen import TIME, Screen, tidied
from ..clean.vocabulary import HEADERS, column_of
from ..files.raw import ROW, RawTable, folded
from .reader import Found

TICKS = frozenset({"✓", "✔", "√", "☑", "✅", "x", "×", "✗", "y", "yes", "true", "done", "met", "achieved", "1"})
"""What says in a cell that the goal was met, and not when."""

_SURE_TICKS = TICKS - {"1", "true", "y", "yes"}

_BESIDE = re.compile(r"\(column [A-Z]+\)")

_CALENDAR = frozenset(
    {"joined", "left", "birthday", "birth date", "date of birth", "dob", "start", "end", "started", "date", "time"}
)


def recognise(raw: RawTable, context: Context) -> bool:
    """Tell whether a table is a grid."""
    return looks_like_grid(raw, sure_ticks_only=context.options.as_of is None)


def looks_like_grid(raw: RawTable, *, sure_ticks_only: bool) -> bool:
    """Tell whether a table has a column of learners, and beside it mostly days and ticks."""
    learners = _learners(raw)
    goals = _goals(raw, learners) if learners else []
    if not goals or any(column_of(header) in ("goal_id", "event", "with") for header in raw.header):
        return False
    if any(folded(header) in _CALENDAR for header in goals):
        return False
    cells = [cell.strip() for goal in goals for cell in raw.frame[goal].to_list() if cell.strip()]
    ticks = _SURE_TICKS if sure_ticks_only else TICKS
    telling = sum(1 for cell in cells if looks_like_date(cell) or cell.casefold() in ticks)
    return bool(cells) and telling >= 0.6 * len(cells)


def read(raws: Sequence[RawTable], context: Context) -> Found:
    """Read grids: each filled cell is an event `met`.

    Parameters
    ----------
    raws : sequence of RawTable
    context : Context

    Returns
    -------
    Found
        A row is read if it has a filled cell; each cell that could not be used is listed with its column.

    Raises
    ------
    MissingColumnError
        If there is no column of learners.
    """
    found = Found()
    for raw in raws:
        _read_one(raw, context, found)
    return found


def _read_one(raw: RawTable, context: Context, found: Found) -> None:
    learners = _learners(raw)
    if learners is None:
        raise MissingColumnError(
            f'{raw} has no column of learners: write "{HEADERS["learner_id"][0]}" over it. '
            f"Its columns are: {', '.join(raw.header)}."
        )
    goals = _goals(raw, learners)
    rows = raw.frame.rename({learners: "learner_id"}).unpivot(
        goals, index=[ROW, "learner_id"], variable_name="goal_id", value_name="time"
    )
    filled = rows.filter(pl.col("time").str.strip_chars() != "")
    screen = Screen(raw, context.options, {"learner_id": learners})
    screen.frame = filled.with_columns(pl.col("time").str.strip_chars())
    screen.headers = {"learner_id": learners, "goal_id": "goal_id"}
    found.rows_read[raw.place] = screen.rows_read - raw.frame.height + filled[ROW].n_unique()
    screen.names("learner_id")
    screen.check(MISSING_LEARNER)
    name_learners(screen, context)
    name_goals(screen, context)
    events = _dated(screen, context).select(
        pl.col("time").cast(TIME), "learner_id", "goal_id", pl.lit("met").alias("event"), "row", "file", "sheet"
    )
    found.add("events", events)
    found.problems += screen.problems
    _derive(raw, learners, goals, found)


def _dated(screen: Screen, context: Context) -> pl.DataFrame:
    """Read the day in each cell; what is wrong is listed under the header of its column."""
    kept = []
    ticked = screen.frame["time"].str.to_lowercase().is_in(TICKS)
    everything = screen.frame.with_columns(_tick=ticked)
    dates = everything.filter(~pl.col("_tick"))["time"]
    for goal in everything["goal_id"].unique(maintain_order=True).to_list():
        screen.headers = {"learner_id": screen.headers["learner_id"], "goal_id": "goal_id", "time": goal}
        ticks = everything.filter((pl.col("goal_id") == goal) & pl.col("_tick")).drop("_tick")
        screen.frame = everything.filter((pl.col("goal_id") == goal) & ~pl.col("_tick")).drop("_tick")
        screen.times("time", lambda: [dates])
        kept += [screen.placed(), _ticks(screen, ticks, context)]
    return pl.concat(kept) if kept else screen.placed().with_columns(pl.lit(None, TIME).alias("time"))


def _ticks(screen: Screen, ticks: pl.DataFrame, context: Context) -> pl.DataFrame:
    screen.frame = ticks
    day = context.options.as_of
    if day is None:
        screen.reject(
            pl.lit(value=True),
            "tick_without_date",
            "time",
            lambda value: f'"{value}" says that the goal was met, and not when.',
            f"Write the date, or say on which day ticks count: {context.options.say(as_of='2026-07-20')}.",
        )
    moment = pl.lit(as_moment(day) if day else None, TIME)
    return screen.placed().with_columns(moment.alias("time"))


def _derive(raw: RawTable, learners: str, goals: Sequence[str], found: Found) -> None:
    """Tell of every learner of the grid, those too who have met nothing, and of every goal."""
    ids = tidied(raw.frame[learners]).alias("learner_id").to_frame()
    room = next((header for header in raw.header if column_of(header) == "class_id"), None)
    classes = tidied(raw.frame[room]) if room else pl.Series([""], dtype=pl.String).new_from_index(0, ids.height)
    known = ids.with_columns(name="learner_id", class_id=classes).filter(pl.col("learner_id") != "")
    known = known.with_columns(pl.when(pl.col("class_id") != "").then("class_id").alias("class_id"))
    found.derive("learners", known.unique("learner_id", keep="first", maintain_order=True))
    found.derive(
        "goals", pl.DataFrame({"goal_id": goals, "title": goals}, schema={"goal_id": pl.String, "title": pl.String})
    )


def _learners(raw: RawTable) -> str | None:
    """Return the column of learners: the first with such a header, else the first column if it has none."""
    named = [header for header in raw.header if column_of(header) == "learner_id"]
    if named:
        return named[0]
    return raw.header[0] if raw.header and _BESIDE.fullmatch(raw.header[0]) else None


def _goals(raw: RawTable, learners: str) -> list[str]:
    """Return the columns of goals: all others that have a header and are none of a class log."""
    others = [header for header in raw.header if header != learners and not _BESIDE.fullmatch(header)]
    return [header for header in others if column_of(header) not in ("class_id", "note", "learner_id", "minutes")]
