"""The grid: learners down, goals across, and in each cell the day on which the goal was met.

A tick instead of a day counts on the day `as_of`; without that it is listed. A cross is a goal that is set and not
met. Where no cell says so, and the caller does not say it of blank ones, a grid does not know which goals were set.
"""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import polars as pl

from ...errors import MissingColumnError, NotALogError
from ...language import gettext
from ...log.checks import MISSING_LEARNER
from ...problems import Problem
from ...schema import EVENTS
from ..clean.children import apart
from ..clean.dates.columns import Where, read_dates
from ..clean.dates.moments import looks_like_date
from ..clean.dates.new_year import refuse_new_year_in_grid
from ..clean.marks import are_out_of
from ..clean.names import name_goals, name_learners
from ..clean.screen import TIME, Screen, tidied
from ..clean.summary_rows import without_summary_rows
from ..clean.ticks import Ticks, is_tick, ticks_meant
from ..clean.values import says_nothing, why_left_out, without_dashes
from ..clean.vocabulary import HEADERS, WORDS, asked, log_columns
from ..files.raw import ROW, RawTable, folded
from .reader import Context, Found, Reader
from .wide import GoalColumns, cells_of, goal_by_goal, rows_told

_BESIDE = re.compile(r"\(column [A-Z]+\)")

_AGAIN = re.compile(r"(.+) \(column [A-Z]+\)")
"""The header of a column that another has too."""

_OF_NO_GOAL = frozenset(
    {
        "joined", "date joined", "date left", "enrolled", "date enrolled", "arrived", "birthday", "birthdate",
        "birth date", "date of birth", "dob", "d o b", "last seen", "last updated", "review date", "next review",
        "next meeting", "geburtsdatum", "geburtstag", "eintritt", "austritt", "date de naissance",
        "fecha de nacimiento", "rā whānau",
    }
)  # fmt: skip
"""What columns of days are called that are of no goal, folded."""

_CALENDAR = _OF_NO_GOAL | {"left", "start", "start date", "end", "end date", "started", "date", "time", "updated"}
"""What such columns may be called; a goal may be called so too."""

_OF_LEARNERS = ("class_id", "note", "learner_id", "minutes")
"""What columns beside those of the goals hold; not where their cells are days or ticks."""


def recognise(raw: RawTable, context: Context) -> bool:
    """Tell whether a table is a grid; one of boxes and words alone, only where something is said or nothing else is."""
    alone = len(context.raws) == 1
    return looks_like_grid(raw, sure_ticks_only=context.options.as_of is None and not alone) and not looks_like_marks(
        raw, context
    )


def looks_like_grid(raw: RawTable, *, sure_ticks_only: bool) -> bool:
    """Tell whether a table has a column of learners, and beside it mostly days and ticks."""
    learners = learner_column(raw)
    goals = goal_headers(raw, learners) if learners else []
    if not goals or {"goal_id", "event", "with"} & {*log_columns(raw).values()}:
        return False
    if any(raw.folded[header] in _CALENDAR for header in goals) and not _column_of_an_event(goals):
        return False
    return _telling([cell for goal in goals for cell in raw.frame[goal].to_list()], sure_ticks_only) >= 0.6


def _column_of_an_event(goals: Sequence[str]) -> str | None:
    """Return a header that several columns have and that is a word for what happened: each goal has some of them."""
    again = [found[1] for header in goals if (found := _AGAIN.fullmatch(header))]
    return next((header for header in again if any(folded(header) in WORDS[event] for event in EVENTS)), None)


def looks_like_marks(raw: RawTable, context: Context) -> bool:
    """Tell whether a table has a column of learners, and beside it marks such as 8/20."""
    learners = learner_column(raw)
    if learners is None or {"goal_id", "event", "with", "time"} & {*log_columns(raw).values()}:
        return False
    columns = {goal: filled(raw, goal) for goal in goal_headers(raw, learners)}
    return are_out_of(columns, year_known=context.options.year is not None)


def filled(raw: RawTable, header: str) -> list[str]:
    """Return the cells of a column that are not blank."""
    return [cell.strip() for cell in raw.frame[header].to_list() if cell.strip()]


def _telling(cells: Sequence[str], sure: bool) -> float:
    """Return the share of the filled cells that are days or ticks; 0 where all are blank."""
    told = [cell for cell in cells if cell.strip() and not says_nothing(cell)]
    return sum(looks_like_date(cell) or is_tick(cell, sure=sure) for cell in told) / max(len(told), 1)


def read(raws: Sequence[RawTable], context: Context) -> Found:
    """Read grids: each filled cell is an event `met`, or says that the goal is set and not met.

    A row is read if it has a filled cell; each cell that could not be used is listed with its column.
    """
    found = Found()
    for raw in raws:
        _read_one(raw, context, found)
    return found


def _read_one(raw: RawTable, context: Context, found: Found) -> None:
    learners, headers = needed_columns(raw)
    raw = without_summary_rows(without_dashes(raw, headers, context.options), learners, headers)
    goals = [GoalColumns(header, {"goal_id": header, "time": header}) for header in headers]
    cells = cells_of(raw, goals).with_columns(pl.col("time").str.strip_chars())
    blank = cells.filter(pl.col("time") == "").height
    if context.options.blanks is None:
        cells = cells.filter(pl.col("time") != "")
    found.rows_read[raw.place] = rows_told(raw, cells)
    who = who_columns(raw, learners, headers)
    table = Screen(raw, context.options, who)
    table.note(*_left_out(raw, {*headers, *who.values()}))
    screen = table.part(cells.join(table.frame, on=ROW, how="left", maintain_order="left"), {})
    screen.names("learner_id", "class_id")
    screen.require(MISSING_LEARNER)
    name_learners(screen, context.learners)
    said = _Said.of(screen, context)
    said.remark(screen)
    if context.options.year is not None:
        dates = read_dates(said.dates, context.options, _where(screen, said.dates))["time"]
        refuse_new_year_in_grid(pl.DataFrame({"written": said.dates, "time": dates}), str(raw))
    found.add("events", goal_by_goal(screen, screen.frame, goals, lambda part: _told(part, context, said)))
    if blank and context.options.blanks is None and not said.tells_unmet:
        found.blind.add("set")
    found.problems += screen.problems
    derive_learners_and_goals(table, headers, found)


def _left_out(raw: RawTable, taken: AbstractSet[str]) -> list[Problem]:
    """Remark on the columns of a grid that hold something and tell of no goal."""
    hint = gettext("Rename it if the log needs what it holds.")
    return [
        Problem(
            "unknown_column",
            gettext('The column "{header}" is no goal of this grid; it was left out.', header=header),
            hint,
            *raw.place,
            raw.header_row,
            header,
        )
        for header in raw.header
        if header not in taken and filled(raw, header)
    ]


class _Said:
    """What the cells of a grid say, and the day from which what is not met is told."""

    def __init__(self, ticks: Ticks, dates: pl.Series, unmet_on: pl.Expr, *, on_last_day: bool) -> None:
        self.ticks, self.dates, self.unmet_on, self.on_last_day = ticks, dates, unmet_on, on_last_day

    @classmethod
    def of(cls, screen: Screen, context: Context) -> "_Said":
        """Return what the cells that are left in a screen say."""
        cells = screen.frame["time"]
        ticks = ticks_meant(cells.unique(maintain_order=True).to_list(), context.options.words)
        if context.options.blanks:
            ticks = Ticks({**ticks.meant, "": context.options.blanks}, ticks.as_ticks, ticks.unclear)
        dates = cells.filter(~cells.is_in([*ticks.meant, *ticks.unclear]))
        day = context.options.as_of
        if day is not None or "set" not in ticks.meant.values() or not dates.len():
            return cls(ticks, dates, pl.lit(day, TIME), on_last_day=False)
        last = read_dates(dates, context.options, _where(screen, dates))["time"].max()
        return cls(ticks, dates, pl.lit(last, TIME), on_last_day=last is not None)

    @property
    def tells_unmet(self) -> bool:
        """Whether any cell says that a goal is not met."""
        return any(event not in ("met", None) for event in self.ticks.meant.values())

    def remark(self, screen: Screen) -> None:
        """Say how crosses were read, and on which day what is not met counts."""
        options, place = screen.options, screen.raw.place
        for cross in self.ticks.as_ticks:
            text = gettext('"{cross}" was read as a tick, as it is the only mark of this grid: met.', cross=cross)
            hint = gettext("If it says that a goal is not met: {option}.", option=options.say(words={cross: "set"}))
            screen.note(Problem("normalised", text, hint, *place, value=cross))
        if self.on_last_day:
            text = gettext(
                "A goal that is set and not met counts from the last day of this grid: it does not say since when."
            )
            hint = gettext("To have another day: {option}.", option=options.say(as_of="2026-07-20"))
            screen.note(Problem("normalised", text, hint, *place))


def _where(screen: Screen, dates: pl.Series) -> Where:
    return Where(str(screen.raw), screen.headers["learner_id"], lambda: [dates])


def _told(screen: Screen, context: Context, said: _Said) -> pl.DataFrame:
    """Return the events of one goal; the dates of all goals tell which way round they are written."""
    name_goals(screen, context.goals)
    _list_unclear(screen, said.ticks)
    ticked = screen.frame["time"].is_in(list(said.ticks.meant))
    ticks, dated = screen.part(screen.frame.filter(ticked), {}), screen.part(screen.frame.filter(~ticked), {})
    dated.times("time", lambda: [said.dates])
    met = dated.placed().with_columns(pl.col("time").cast(TIME), event=pl.lit("met"))
    columns = ("time", "learner_id", "goal_id", "event", "row", "file", "sheet")
    return pl.concat(part.select(columns) for part in (met, _on_the_day(ticks, context, said)))


def _list_unclear(screen: Screen, ticks: Ticks) -> None:
    """List what the caller leaves out, and crosses that may be ticks or not."""
    options, left = screen.options, [cell for cell, event in ticks.meant.items() if event is None]
    hint = gettext("Give it a meaning to load them.")
    screen.reject(pl.col("time").is_in(left), "left_out", "time", lambda word: why_left_out(word, options), hint)
    screen.reject(
        pl.col("time").is_in(list(ticks.unclear)),
        "unknown_word",
        "time",
        lambda cross: gettext('"{cross}" stands beside other crosses and no tick: it may be either.', cross=cross),
        lambda cross: gettext("Say what it means: {option}.", option=asked(cross, ("met", "set"), options)),
    )


def _on_the_day(ticks: Screen, context: Context, said: _Said) -> pl.DataFrame:
    """Say what each tick means, and date it with `as_of`, or list it."""
    day = context.options.as_of
    ticks.put(event=pl.col("time").replace_strict(said.ticks.meant, return_dtype=pl.String, default=None))
    ticks.put(_on=pl.when(pl.col("event") == "set").then(said.unmet_on).otherwise(pl.lit(day, TIME)))
    ticks.reject(
        pl.col("_on").is_null(),
        "tick_without_date",
        "time",
        lambda value: gettext('"{value}" says whether the goal was met, and not when.', value=value),
        gettext(
            "Write the date, or say on which day ticks count: {option}.", option=context.options.say(as_of="2026-07-20")
        ),
    )
    return ticks.placed().with_columns(time=pl.col("_on")).drop("_on")


def who_columns(raw: RawTable, learners: str, goals: Sequence[str]) -> dict[str, str]:
    """Return the columns of learners and of their class, which may also be what a goal is called."""
    columns = log_columns(raw).items()
    room = next((header for header, column in columns if column == "class_id" and header not in goals), None)
    return {"learner_id": learners} | ({"class_id": room} if room else {})


def derive_learners_and_goals(table: Screen, goals: Sequence[str], found: Found) -> None:
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


def needed_columns(raw: RawTable) -> tuple[str, list[str]]:
    """Return the column of learners, and those of goals; raise MissingColumnError if there are none.

    Raises NotALogError where each goal has several.
    """
    learners = learner_column(raw)
    if learners is None:
        raise MissingColumnError(
            gettext(
                '{raw} has no column of learners: write "{header}" over it. Its columns are: {names}.',
                raw=raw,
                header=HEADERS["learner_id"][0],
                names=", ".join(raw.header),
            )
        )
    headers = [header for header in goal_headers(raw, learners) if raw.folded[header] not in _OF_NO_GOAL]
    if not headers:
        columns = ", ".join(raw.header)
        raise MissingColumnError(
            gettext(
                "{raw} has no column of a goal: write goals over them. Its columns are: {columns}.",
                raw=raw,
                columns=columns,
            )
        )
    event = _column_of_an_event(headers)
    if event is not None:
        raise NotALogError(
            gettext(
                '{raw} has several columns for each goal, "{event}" among them, and a grid has one: the day on which '
                "it was met. Keep that one, the goals in one row above; or write a row for each thing that happened, "
                "with date, learner, goal and what happened.",
                raw=raw,
                event=event,
            )
        )
    return learners, headers


def learner_column(raw: RawTable) -> str | None:
    """Return the column of learners: the first with such a header, else the first column if it has none."""
    named = [header for header, column in log_columns(raw).items() if column == "learner_id"]
    if named:
        return named[0]
    return raw.header[0] if raw.header and _BESIDE.fullmatch(raw.header[0]) else None


def goal_headers(raw: RawTable, learners: str) -> list[str]:
    """Return the columns of goals: all others that have a header, but those that tell of learners."""
    columns = log_columns(raw)
    others = [header for header in raw.header if header != learners and not _BESIDE.fullmatch(header)]
    return [
        header
        for header in others
        if columns.get(header) not in _OF_LEARNERS or _telling(raw.frame[header].to_list(), sure=False) >= 0.6
    ]


READER = Reader(
    name="grid",
    what="learners down, goals across, days, ticks or crosses in the cells",
    least=2,
    recognise=recognise,
    read=read,
    by_name=True,
    sure=False,
)
