"""The grid: learners down, goals across, and in each cell the day on which the goal was met.

A tick instead of a day counts on the day `as_of`; without that it is listed.
"""

import re
from collections.abc import Sequence

import polars as pl

from ...errors import MissingColumnError
from ...log import midnight
from ...log.checks import MISSING_LEARNER
from ..clean.children import apart
from ..clean.moments import looks_like_date
from ..clean.names import name_goals, name_learners
from ..clean.screen import TIME, Screen, tidied
from ..clean.vocabulary import HEADERS, log_columns
from ..files.raw import ROW, RawTable
from .reader import Context, Found, Reader
from .wide import GoalColumns, cells_of, goal_by_goal, rows_told

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
    learners = _learner_column(raw)
    goals = _goal_headers(raw, learners) if learners else []
    if not goals or {"goal_id", "event", "with"} & {*log_columns(raw).values()}:
        return False
    if any(raw.folded[header] in _CALENDAR for header in goals):
        return False
    cells = [cell.strip() for goal in goals for cell in raw.frame[goal].to_list() if cell.strip()]
    ticks = _SURE_TICKS if sure_ticks_only else TICKS
    telling = sum(1 for cell in cells if looks_like_date(cell) or cell.casefold() in ticks)
    return bool(cells) and telling >= 0.6 * len(cells)


def read(raws: Sequence[RawTable], context: Context) -> Found:
    """Read grids: each filled cell is an event `met`.

    A row is read if it has a filled cell; each cell that could not be used is listed with its column.
    """
    found = Found()
    for raw in raws:
        _read_one(raw, context, found)
    return found


def _read_one(raw: RawTable, context: Context, found: Found) -> None:
    learners = _learner_column(raw)
    if learners is None:
        raise MissingColumnError(
            f'{raw} has no column of learners: write "{HEADERS["learner_id"][0]}" over it. '
            f"Its columns are: {', '.join(raw.header)}."
        )
    headers = _goal_headers(raw, learners)
    if not headers:
        columns = ", ".join(raw.header)
        raise MissingColumnError(f"{raw} has no column of a goal: write goals over them. Its columns are: {columns}.")
    goals = [GoalColumns(header, {"goal_id": header, "time": header}) for header in headers]
    cells = cells_of(raw, goals).with_columns(pl.col("time").str.strip_chars()).filter(pl.col("time") != "")
    found.rows_read[raw.place] = rows_told(raw, cells)
    table = Screen(raw, context.options, _who(raw, learners))
    screen = table.part(cells.join(table.frame, on=ROW, how="left", maintain_order="left"), {})
    screen.names("learner_id", "class_id")
    screen.require(MISSING_LEARNER)
    name_learners(screen, context.learners)
    dates = screen.frame["time"].filter(~_is_tick(screen.frame["time"]))
    met = goal_by_goal(screen, screen.frame, goals, lambda part: _met(part, context, dates))
    found.add("events", met)
    found.problems += screen.problems
    _derive_learners_and_goals(table, headers, found)


def _is_tick(cells: pl.Series) -> pl.Series:
    return cells.str.to_lowercase().is_in(list(TICKS))


def _met(screen: Screen, context: Context, dates: pl.Series) -> pl.DataFrame:
    """Return the events of one goal; the dates of all goals tell which way round they are written."""
    name_goals(screen, context.goals)
    ticked = _is_tick(screen.frame["time"])
    ticks, dated = screen.part(screen.frame.filter(ticked), {}), screen.part(screen.frame.filter(~ticked), {})
    dated.times("time", lambda: [dates])
    rows = pl.concat([dated.placed().with_columns(pl.col("time").cast(TIME)), _on_the_day(ticks, context)])
    return rows.select("time", "learner_id", "goal_id", pl.lit("met").alias("event"), "row", "file", "sheet")


def _on_the_day(ticks: Screen, context: Context) -> pl.DataFrame:
    """Date ticks with `as_of`, or list them."""
    day = context.options.as_of
    if day is None:
        ticks.reject(
            pl.lit(value=True),
            "tick_without_date",
            "time",
            lambda value: f'"{value}" says that the goal was met, and not when.',
            f"Write the date, or say on which day ticks count: {context.options.say(as_of='2026-07-20')}.",
        )
    return ticks.placed().with_columns(pl.lit(midnight(day) if day else None, TIME).alias("time"))


def _who(raw: RawTable, learners: str) -> dict[str, str]:
    """Return the columns of learners and of their class."""
    room = next((header for header, column in log_columns(raw).items() if column == "class_id"), None)
    return {"learner_id": learners} | ({"class_id": room} if room else {})


def _derive_learners_and_goals(table: Screen, goals: Sequence[str], found: Found) -> None:
    """Tell of every learner of the grid, those too who have met nothing, and of every goal."""
    everyone = table.part(table.frame.with_columns(tidied(table.frame["learner_id"])), {})
    name_learners(everyone, None)
    known = [(one, *apart(one)) for one in everyone.frame["learner_id"].unique(maintain_order=True) if one]
    found.derive(
        "learners", pl.DataFrame(known, dict.fromkeys(("learner_id", "name", "class_id"), pl.String), orient="row")
    )
    found.derive(
        "goals", pl.DataFrame({"goal_id": goals, "title": goals}, schema={"goal_id": pl.String, "title": pl.String})
    )


def _learner_column(raw: RawTable) -> str | None:
    """Return the column of learners: the first with such a header, else the first column if it has none."""
    named = [header for header, column in log_columns(raw).items() if column == "learner_id"]
    if named:
        return named[0]
    return raw.header[0] if raw.header and _BESIDE.fullmatch(raw.header[0]) else None


def _goal_headers(raw: RawTable, learners: str) -> list[str]:
    """Return the columns of goals: all others that have a header and are none of a class log."""
    columns = log_columns(raw)
    others = [header for header in raw.header if header != learners and not _BESIDE.fullmatch(header)]
    return [header for header in others if columns.get(header) not in ("class_id", "note", "learner_id", "minutes")]


READER = Reader(
    name="grid",
    what="learners down, goals across, days or ticks in the cells",
    recognise=recognise,
    read=read,
    by_name=True,
    sure=False,
)
