"""The gradebook: learners down, marks across, as spreadsheets, Google Classroom and Canvas write them.

A mark of at least `met_at` of the full mark is `met`, any other `worked`, on the day `as_of`: a gradebook has no dates.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from ...errors import MissingColumnError, NotALogError
from ...language import gettext
from ...log.checks import MISSING_LEARNER
from ...problems import Problem
from ...schema import EVENTS
from ..clean.marks import full_mark, is_mark, points, share_of
from ..clean.names import name_goals, name_learners
from ..clean.screen import TIME, Screen
from ..clean.summary_rows import is_total, without_summary_rows
from ..clean.values import why_left_out
from ..clean.vocabulary import HEADERS, asked, log_columns
from ..files.raw import ROW, RawTable, folded
from ..options import Options
from .grid import derive_learners_and_goals, filled, learner_column, looks_like_marks, who_columns
from .reader import Context, Found, Reader
from .wide import GoalColumns, cells_of, goal_by_goal, rows_told

_FIRST, _LAST = ("first name", "given name", "forename"), ("last name", "surname", "family name")

_NO_GOALS = frozenset(
    {
        "id", "sis user id", "sis login id", "sis id", "root account", "section", "integration id", "email",
        "e mail", "email address", "username", "user id", "student number", "group", "year", "grade", "comments",
        "overall grade", "overall", "letter grade", "result", *_FIRST, *_LAST,
    }
)  # fmt: skip
"""What columns are called that are of learners, folded."""

_SUMS = re.compile(
    r"(?:.* )?(?:unposted )?(?:current|final|course|category|overall) (?:score|points|grade|total|average)"
)
"""What Canvas and others call the columns that sum up the others, folded."""

_FULL_MARKS = frozenset(
    {
        "points possible", "points", "max", "maximum", "max points", "max marks", "max mark", "out of", "full marks",
        "full mark", "possible", "marks available", "total marks", "total points", "maximum points", "maximum marks",
        "weight", "available",
    }
)  # fmt: skip
"""What stands where a name is expected before full marks, folded."""


def recognise(raw: RawTable, context: Context) -> bool:
    """Tell whether a table is a gradebook."""
    return context.options.format == "marks" or looks_like_marks(raw, context) or _tells_full_marks(raw)


def read(raws: Sequence[RawTable], context: Context) -> Found:
    """Read gradebooks: each cell with a mark is an event."""
    found = Found()
    for raw in raws:
        _read_one(raw, context, found)
    return found


def _tells_full_marks(raw: RawTable) -> bool:
    """Tell whether a table has a row of full marks, or headers with them, and beside learners mostly numbers."""
    learners = _learners(raw)
    goals = _goals(raw, learners) if learners else []
    if learners is None or not goals or {"goal_id", "event", "with", "time"} & {*log_columns(raw).values()}:
        return False
    raw = _with_whole_names(raw, learners)
    cells = [cell for goal in goals for cell in filled(raw, goal)]
    full = any(folded(name) in _FULL_MARKS for name in filled(raw, learners)) or all(map(full_mark, goals))
    return full and sum(map(is_mark, cells)) >= 0.6 * max(len(cells), 1)


def _read_one(raw: RawTable, context: Context, found: Found) -> None:
    learners = _learners(raw)
    headers = _goals(raw, learners) if learners else []
    if learners is None or not headers:
        raise MissingColumnError(_missing(raw, "marks" if learners else "learners"))
    _need_a_measure(raw, context.options)
    raw, full = _without_full_marks(_with_whole_names(raw, learners), learners, headers)
    raw = without_summary_rows(raw, learners, headers)
    goals = [GoalColumns(header, {"goal_id": header, "mark": header}) for header in headers]
    cells = cells_of(raw, goals).with_columns(
        pl.col("mark").str.strip_chars(),
        full=pl.col("goal_id").replace_strict(full, return_dtype=pl.Float64, default=None),
    )
    blank = cells.filter(pl.col("mark") == "").height
    if context.options.blanks is None:
        cells = cells.filter(pl.col("mark") != "")
    found.rows_read[raw.place] = rows_told(raw, cells)
    table = Screen(raw, context.options, who_columns(raw, learners, headers))
    screen = table.part(cells.join(table.frame, on=ROW, how="left", maintain_order="left"), {})
    screen.names("learner_id", "class_id")
    screen.require(MISSING_LEARNER)
    name_learners(screen, context.learners)
    events = goal_by_goal(screen, screen.frame, goals, lambda part: _told(part, context))
    found.add("events", events)
    if blank and context.options.blanks is None and (events["event"] == "met").all():
        found.blind.add("set")
    found.problems += screen.problems
    derive_learners_and_goals(table, headers, found)


def _missing(raw: RawTable, what: str) -> str:
    say = gettext('write "{header}" over the names, and goals over the marks.', header=HEADERS["learner_id"][0])
    return gettext(
        "{raw} has no column of {what}: {say} Its columns are: {names}.",
        raw=raw,
        what=what,
        say=say,
        names=", ".join(raw.header),
    )


def _need_a_measure(raw: RawTable, options: Options) -> None:
    lacking = {"format": "marks", "met_at": 0.5} if options.met_at is None else {}
    lacking |= {"as_of": "2026-07-20"} if options.as_of is None else {}
    if lacking:
        raise NotALogError(
            gettext(
                "{raw} is a gradebook, learners down and marks across: it does not say from which mark a "
                "goal is met, nor as of which day. Say so, 0.5 for half of the full mark: {option}.",
                raw=raw,
                option=options.say(**lacking),
            )
        )


def _learners(raw: RawTable) -> str | None:
    """Return the column of learners, or that of their first names."""
    first = next((raw.by_folded[name] for name in (*_FIRST, *_LAST) if name in raw.by_folded), None)
    return learner_column(raw) or first


def _goals(raw: RawTable, learners: str) -> list[str]:
    """Return the columns of marks: not those of learners, nor those that sum up the others."""
    columns = log_columns(raw)
    return [
        header
        for header, plain in raw.folded.items()
        if header != learners and columns.get(header) not in ("class_id", "note", "learner_id", "minutes")
        and plain not in _NO_GOALS and not _SUMS.fullmatch(plain) and not is_total(plain, ["2"])
    ]  # fmt: skip


def _with_whole_names(raw: RawTable, learners: str) -> RawTable:
    """Put first and last names together where they have columns of their own."""
    parts = [next((raw.by_folded[name] for name in names if name in raw.by_folded), None) for names in (_FIRST, _LAST)]
    if learners not in parts or None in parts:
        return raw
    whole = pl.concat_str([pl.col(str(part)).str.strip_chars() for part in parts], separator=" ").str.strip_chars()
    return replace(raw, frame=raw.frame.with_columns(whole.alias(learners)))


def _without_full_marks(
    raw: RawTable, learners: str, goals: Sequence[str]
) -> tuple[RawTable, Mapping[str, float | None]]:
    """Return a gradebook without its row of full marks, and the full mark of each goal, which the header may tell."""
    told: dict[str, float | None] = {goal: full_mark(goal) for goal in goals}
    for row in raw.frame.iter_rows(named=True):
        cells = {goal: points(row[goal]) for goal in goals if row[goal].strip()}
        if folded(row[learners]) in _FULL_MARKS and any(cells.values()):
            told |= {goal: full for goal, full in cells.items() if full}
            text = gettext(
                '"{name}" is no learner: this row has the full marks, which were used.', name=row[learners].strip()
            )
            problem = Problem("full_marks", text, gettext("Nothing needs to be done."), *raw.place, row[ROW], learners)
            kept = raw.frame.filter(pl.col(ROW) != row[ROW])
            return replace(raw, frame=kept, problems=(*raw.problems, problem)), told
    return raw, told


def _told(screen: Screen, context: Context) -> pl.DataFrame:
    """Return the events of one goal."""
    options, day = context.options, context.options.as_of
    name_goals(screen, context.goals)
    said = {word: event for word, event in options.words.items() if event is None or event in EVENTS}
    said |= {"": options.blanks} if options.blanks else {}
    left = [word for word, event in said.items() if event is None]
    hint = gettext("Give it a meaning to load them.")
    screen.reject(pl.col("mark").is_in(left), "left_out", "mark", lambda word: why_left_out(word, options), hint)
    pairs = screen.frame.select("mark", "full").iter_rows()
    screen.put(_share=pl.Series([share_of(mark, full) for mark, full in pairs], dtype=pl.Float64))
    unread = pl.col("_share").is_null() & ~pl.col("mark").is_in(list(said))
    _list_unread(screen, unread)
    by_mark = pl.when(pl.col("_share") >= options.met_at).then(pl.lit("met")).otherwise(pl.lit("worked"))
    event = pl.col("mark").replace_strict(said, return_dtype=pl.String, default=None)
    time = pl.lit(day, TIME).alias("time")
    rows = screen.placed().with_columns(event=pl.coalesce(event, by_mark))
    return rows.select(time, "learner_id", "goal_id", "event", "row", "file", "sheet")


def _list_unread(screen: Screen, unread: pl.Expr) -> None:
    marks = [mark for mark in screen.frame["mark"].unique().to_list() if is_mark(mark)]
    screen.reject(
        unread & pl.col("mark").is_in(marks),
        "no_full_mark",
        "mark",
        lambda mark: gettext('"{mark}" is a mark, and nothing says out of how many.', mark=mark),
        gettext('Write the full mark into the header, as in "Essay (20)", or in a row "Points possible".'),
    )
    screen.reject(
        unread & ~pl.col("mark").is_in(marks),
        "bad_number",
        "mark",
        lambda mark: gettext('"{mark}" is no mark.', mark=mark),
        lambda mark: gettext(
            "Write a number, or say what it means: {option}.", option=asked(mark, EVENTS, screen.options)
        ),
    )


READER = Reader(
    name="marks",
    what="a gradebook: learners down, marks across; with `met_at` and `as_of`",
    recognise=recognise,
    read=read,
    sure=False,
    alone=True,
)
