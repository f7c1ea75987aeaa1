"""Canvas: the learning mastery gradebook, and the reports of an account on outcomes.

An outcome is a goal. A result of at least the points of mastery is `met`, any other `worked`. The gradebook has no
dates: it tells where everyone stood on the day that `as_of` says. The reports (*Outcome Results*, *Student
Competency*) have the day of each submission.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import polars as pl

from ...errors import AmbiguousDateError
from ...language import gettext, translatable
from ...problems import Problem
from ..clean.headers import required
from ..clean.names import by_any_name, name_goals, name_learners
from ..clean.screen import TIME, Screen
from ..files.raw import ROW, RawTable
from .reader import Context, Found, Reader
from .wide import GoalColumns, cells_of, goal_by_goal, rows_told

_HEADERS = {
    "name": ("student name",),
    "learner_id": ("student id",),
    "sis": ("student sis id",),
    "time": ("submission date",),
    "goal_id": ("learning outcome id",),
    "title": ("learning outcome name",),
    "score": ("outcome score",),
    "mastered": ("learning outcome mastered",),
    "points": ("learning outcome mastery score", "learning outcome mastery points"),
}
"""The headers of the gradebook and of the reports, folded. Others are not needed."""

_NEEDED = ("learner_id", "goal_id", "score")
"""The columns that a report must have."""

_REPORT = translatable("a report of Canvas on outcomes")

_GRADEBOOK = ("learner_id", "name")

_PAIR = re.compile(r"(.+) (result|mastery points)(?: \(column [A-Z]+\))?", re.IGNORECASE | re.DOTALL)

_NO_NEED = translatable("Nothing needs to be done.")

_YES, _NO = ("1", "true", "yes", "t"), ("0", "false", "no", "f", "")


def recognise(raw: RawTable, _context: Context) -> bool:
    """Tell whether a table is a gradebook or a report of Canvas."""
    present = set(raw.columns_among(_HEADERS))
    return set(_NEEDED) <= present or (set(_GRADEBOOK) <= present and bool(_outcomes(raw)))


def read(raws: Sequence[RawTable], context: Context) -> Found:
    """Read gradebooks and reports.

    Of a gradebook, a row is read if it has a result; each that could not be used is listed with its column.
    """
    found = Found()
    for raw in raws:
        if _outcomes(raw):
            _read_gradebook(raw, context, found)
        else:
            _read_report(raw, context, found)
    return found


def _outcomes(raw: RawTable) -> list[tuple[str, str, str]]:
    """Return each outcome, the column of its results and that of its points of mastery."""
    parts = [_PAIR.fullmatch(header) for header in raw.header]
    return [
        (one[1], raw.header[at], raw.header[at + 1])
        for at, (one, two) in enumerate(pairwise(parts))
        if one and two and one[1] == two[1] and one[2].lower() == "result" and two[2].lower() != "result"
    ]


def _read_gradebook(raw: RawTable, context: Context, found: Found) -> None:
    if context.options.as_of is None:
        raise AmbiguousDateError(
            gettext(
                "{raw}: a learning mastery gradebook has no dates. Say on which day it was downloaded: {option}.",
                raw=raw,
                option=context.options.say(as_of="2026-07-20"),
            )
        )
    outcomes = _outcomes(raw)
    headers = required(raw, _HEADERS, _GRADEBOOK, "a learning mastery gradebook", context.options)
    goals = [GoalColumns(goal, {"goal_id": one, "score": one, "points": two}) for goal, one, two in outcomes]
    cells = cells_of(raw, goals).filter(pl.col("score").str.strip_chars() != "")
    table = Screen(raw, context.options, headers)
    _derive_learners(table, found)
    found.rows_read[raw.place] = rows_told(raw, cells)
    screen = table.part(table.frame.filter(pl.col(ROW).is_in(cells[ROW].unique().implode())), {})
    _learners(screen, context)
    rows = screen.frame.join(cells, on=ROW, maintain_order="left")
    time = pl.lit(context.options.as_of, TIME).alias("time")
    found.add("events", goal_by_goal(screen, rows.with_columns(time), goals, lambda part: _results(part, context)))
    for goal in goals:
        strand, _, title = goal.goal.rpartition(" > ")
        found.derive("goals", pl.DataFrame({"goal_id": [goal.goal], "title": [title], "strand": [strand or None]}))
    found.problems += screen.problems


def _results(screen: Screen, context: Context) -> pl.DataFrame:
    """Return the events of one outcome."""
    name_goals(screen, context.goals)
    _numbers(screen, "score", "points")
    return _events(screen, pl.col("score") >= pl.col("points"))


def _read_report(raw: RawTable, context: Context, found: Found) -> None:
    headers = required(raw, _HEADERS, _NEEDED, _REPORT, context.options)
    raw = replace(raw, problems=tuple(_said_plainly(problem) for problem in raw.problems))
    screen = Screen(raw, context.options, headers)
    found.rows_read[raw.place] = raw.rows_read
    screen.missing("score", "no_result", gettext("This row has no outcome score: nothing was assessed."), _NO_NEED)
    _dates(screen, context)
    _derive_learners(screen, found)
    _learners(screen, context)
    screen.missing("goal_id", "missing_goal", gettext("This row does not say which outcome."), gettext("Write its id."))
    titles = screen.frame.select("goal_id", title="title" if screen.has("title") else "goal_id")
    found.derive("goals", titles.unique("goal_id", keep="first", maintain_order=True))
    name_goals(screen, context.goals)
    _numbers(screen, "score", *(name for name in ("points",) if screen.has(name)))
    found.add("events", _events(screen, _mastered(screen)))
    found.problems += screen.problems


def _said_plainly(problem: Problem) -> Problem:
    """Say of an empty report what it is: Canvas writes one sentence below its header."""
    if problem.code != "no_rows":
        return problem
    text = gettext('Canvas wrote "{value}": the report is empty.', value=problem.value)
    hint = gettext("Choose another term or another course in Canvas, and download the report again.")
    return Problem("no_outcomes", text, hint, problem.file, problem.sheet, problem.row, value=problem.value)


def _dates(screen: Screen, context: Context) -> None:
    """Read the day of each submission; where none is written, `as_of` counts."""
    day = context.options.as_of
    screen.put_empty({"time": "submission date"})
    if day is None and screen.frame.height and not (screen.frame["time"].str.strip_chars() != "").any():
        raise AmbiguousDateError(
            gettext(
                "{raw} has no dates. Say on which day it was downloaded: {option}.",
                raw=screen.raw,
                option=context.options.say(as_of="2026-07-20"),
            )
        )
    screen.times("time", context.columns_of(screen.raw.file), required=day is None)
    if day is not None:
        screen.put(pl.col("time").fill_null(pl.lit(day, TIME)))


def _derive_learners(screen: Screen, found: Found) -> None:
    """Tell of every student, those too who have no result."""
    names = screen.frame.select("learner_id", name="name" if screen.has("name") else "learner_id")
    known = names.with_columns(pl.all().str.strip_chars()).filter(pl.col("learner_id") != "")
    found.derive("learners", known.unique("learner_id", keep="first", maintain_order=True))


def _learners(screen: Screen, context: Context) -> None:
    """Find each student on the roster: by the number that the school gave, the name, or the number in Canvas."""
    screen.names("learner_id", "name", "sis")
    screen.missing(
        "learner_id",
        "missing_learner",
        gettext("This row does not say which student."),
        gettext("Write the student id."),
    )
    by_any_name(screen, context.learners, *(name for name in ("sis", "name", "learner_id") if screen.has(name)))
    name_learners(screen, context.learners)


def _numbers(screen: Screen, *columns: str) -> None:
    for name in columns:
        text = pl.col(name).str.strip_chars().str.replace(",", ".", literal=True)
        number = text.cast(pl.Float64, strict=False)
        screen.reject(
            number.is_null() | ~number.is_finite(),
            "bad_number",
            name,
            lambda value: gettext('"{value}" is not a number of points.', value=value),
            gettext("Write a number such as 3."),
        )
        screen.put(number.alias(name))


def _mastered(screen: Screen) -> pl.Expr:
    """Tell which rows are of an outcome mastered: as the report says, else by its points of mastery."""
    if screen.has("mastered"):
        plain = pl.col("mastered").str.strip_chars().str.to_lowercase()
        screen.reject(
            ~plain.is_in([*_YES, *_NO]),
            "unknown_word",
            "mastered",
            lambda word: gettext('"{word}" does not say whether the outcome is mastered.', word=word),
            gettext("Write 1 or 0."),
        )
        return plain.is_in(_YES)
    if screen.has("points"):
        return pl.col("score") >= pl.col("points")
    text = gettext(
        "The report does not tell at how many points an outcome is mastered: nobody is said to have met one."
    )
    hint = gettext('Download a report with the column "learning outcome mastered", or the learning mastery gradebook.')
    screen.note(Problem("normalised", text, hint, *screen.raw.place))
    return pl.lit(value=False)


def _events(screen: Screen, mastered: pl.Expr) -> pl.DataFrame:
    event = pl.when(mastered).then(pl.lit("met")).otherwise(pl.lit("worked")).alias("event")
    time = pl.col("time").cast(TIME)
    return screen.placed().select(time, "learner_id", "goal_id", event, "row", "file", "sheet")


READER = Reader(
    name="canvas",
    what="the learning mastery gradebook, and the account reports *Outcome Results* and *Student Competency*",
    called=_REPORT,
    headers=_HEADERS,
    needed=_NEEDED,
    marks=frozenset(_HEADERS["learner_id"]),
    recognise=recognise,
    read=read,
)
