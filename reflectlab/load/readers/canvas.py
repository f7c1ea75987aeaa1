"""Canvas: the learning mastery gradebook, and the reports of an account on outcomes.

An outcome is a goal. A result of at least the points of mastery is `met`, any other `worked`. The gradebook has no
dates: it tells where everyone stood on the day that `as_of` says. The reports (*Outcome Results*, *Student
Competency*) have the day of each submission.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

import polars as pl

from ...errors import AmbiguousDateError
from ...problems import Problem
from ..clean.dates import as_moment
from ..clean.headers import headings, required
from ..clean.names import Context, by_any_name, name_goals, name_learners
from ..clean.screen import TIME, Screen
from ..files.raw import ROW, RawTable
from .reader import Found

HEADERS = {
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

REPORT = ("learner_id", "goal_id", "score")
"""The columns that a report must have."""

_GRADEBOOK = ("learner_id", "name")

_PAIR = re.compile(r"(.+) (result|mastery points)(?: \(column [A-Z]+\))?", re.IGNORECASE | re.DOTALL)

_NO_NEED = "Nothing needs to be done."

_YES, _NO = ("1", "true", "yes", "t"), ("0", "false", "no", "f", "")


def recognise(raw: RawTable, _context: Context) -> bool:
    """Tell whether a table is a gradebook or a report of Canvas."""
    present = set(headings(raw, HEADERS))
    return set(REPORT) <= present or (set(_GRADEBOOK) <= present and bool(_pairs(raw)))


def read(raws: Sequence[RawTable], context: Context) -> Found:
    """Read gradebooks and reports.

    Parameters
    ----------
    raws : sequence of RawTable
    context : Context

    Returns
    -------
    Found
        Of a gradebook, a row is read if it has a result; each that could not be used is listed with its column.

    Raises
    ------
    MissingColumnError
        If a table is neither.
    AmbiguousDateError
        If there are no dates, and `as_of` was not given.
    """
    found = Found()
    for raw in raws:
        if _pairs(raw):
            _read_gradebook(raw, context, found)
        else:
            _read_report(raw, context, found)
    return found


def _pairs(raw: RawTable) -> list[tuple[str, str, str]]:
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
            f"{raw}: a learning mastery gradebook has no dates. Say on which day it was downloaded: "
            f"{context.options.say(as_of='2026-07-20')}."
        )
    outcomes = _pairs(raw)
    screen = Screen(
        raw, context.options, required(raw, HEADERS, _GRADEBOOK, "a learning mastery gradebook", context.options)
    )
    _derive_learners(screen, found)
    results = pl.concat([_results(raw, *outcome) for outcome in outcomes])
    told = results[ROW].unique()
    found.rows_read[raw.place] = screen.rows_read - raw.frame.height + told.len()
    screen.frame = screen.frame.filter(pl.col(ROW).is_in(told.implode()))
    _learners(screen, context)
    rows = screen.frame.join(results, on=ROW, maintain_order="left")
    own, moment = dict(screen.headers), as_moment(context.options.as_of)
    for goal, result, points in outcomes:
        screen.headers = {**own, "goal_id": result, "score": result, "points": points}
        screen.frame = rows.filter(pl.col("_result") == result).with_columns(time=pl.lit(moment, TIME))
        name_goals(screen, context)
        _numbers(screen, "score", "points")
        _add_events(screen, found, pl.col("score") >= pl.col("points"))
        strand, _, title = goal.rpartition(" > ")
        found.derive("goals", pl.DataFrame({"goal_id": [goal], "title": [title], "strand": [strand or None]}))
    found.problems += screen.problems


def _results(raw: RawTable, goal: str, result: str, points: str) -> pl.DataFrame:
    filled = raw.frame.filter(pl.col(result).str.strip_chars() != "")
    return filled.select(ROW, goal_id=pl.lit(goal), _result=pl.lit(result), score=result, points=points)


def _read_report(raw: RawTable, context: Context, found: Found) -> None:
    screen = Screen(
        raw, context.options, required(raw, HEADERS, REPORT, "a report of Canvas on outcomes", context.options)
    )
    found.rows_read[raw.place] = screen.rows_read
    screen.problems = [_said_plainly(problem) for problem in screen.problems]
    screen.missing("score", "no_result", "This row has no outcome score: nothing was assessed.", _NO_NEED)
    _dates(screen, context)
    _derive_learners(screen, found)
    _learners(screen, context)
    screen.missing("goal_id", "missing_goal", "This row does not say which outcome.", "Write its id.")
    titles = screen.frame.select("goal_id", title="title" if screen.has("title") else "goal_id")
    found.derive("goals", titles.unique("goal_id", keep="first", maintain_order=True))
    name_goals(screen, context)
    _numbers(screen, "score", *(name for name in ("points",) if screen.has(name)))
    _add_events(screen, found, _mastered(screen))
    found.problems += screen.problems


def _said_plainly(problem: Problem) -> Problem:
    """Say of an empty report what it is: Canvas writes one sentence below its header."""
    if problem.code != "no_rows":
        return problem
    text = f'Canvas wrote "{problem.value}": the report is empty.'
    hint = "Choose another term or another course in Canvas, and download the report again."
    return Problem("no_outcomes", text, hint, problem.file, problem.sheet, problem.row, value=problem.value)


def _dates(screen: Screen, context: Context) -> None:
    """Read the day of each submission; where none is written, `as_of` counts."""
    day = context.options.as_of
    if not screen.has("time"):
        screen.frame = screen.frame.with_columns(time=pl.lit(""))
        screen.headers = {**screen.headers, "time": "submission date"}
    if day is None and screen.frame.height and not (screen.frame["time"].str.strip_chars() != "").any():
        raise AmbiguousDateError(
            f"{screen.raw} has no dates. Say on which day it was downloaded: {context.options.say(as_of='2026-07-20')}."
        )
    screen.times("time", context.columns_of(screen.raw.file), required=day is None)
    if day is not None:
        screen.frame = screen.frame.with_columns(pl.col("time").fill_null(pl.lit(as_moment(day), TIME)))


def _derive_learners(screen: Screen, found: Found) -> None:
    """Tell of every student, those too who have no result."""
    names = screen.frame.select("learner_id", name="name" if screen.has("name") else "learner_id")
    known = names.with_columns(pl.all().str.strip_chars()).filter(pl.col("learner_id") != "")
    found.derive("learners", known.unique("learner_id", keep="first", maintain_order=True))


def _learners(screen: Screen, context: Context) -> None:
    """Find each student on the roster: by the number that the school gave, the name, or the number in Canvas."""
    screen.names("learner_id", "name", "sis")
    screen.missing("learner_id", "missing_learner", "This row does not say which student.", "Write the student id.")
    by_any_name(screen, context, *(name for name in ("sis", "name", "learner_id") if screen.has(name)))
    name_learners(screen, context)


def _numbers(screen: Screen, *columns: str) -> None:
    for name in columns:
        text = pl.col(name).str.strip_chars().str.replace(",", ".", literal=True)
        number = text.cast(pl.Float64, strict=False)
        screen.reject(
            number.is_null() | ~number.is_finite(),
            "bad_number",
            name,
            lambda value: f'"{value}" is not a number of points.',
            "Write a number such as 3.",
        )
        screen.frame = screen.frame.with_columns(number.alias(name))


def _mastered(screen: Screen) -> pl.Expr:
    """Tell which rows are of an outcome mastered: as the report says, else by its points of mastery."""
    if screen.has("mastered"):
        plain = pl.col("mastered").str.strip_chars().str.to_lowercase()
        screen.reject(
            ~plain.is_in([*_YES, *_NO]),
            "unknown_word",
            "mastered",
            lambda word: f'"{word}" does not say whether the outcome is mastered.',
            "Write 1 or 0.",
        )
        return plain.is_in(_YES)
    if screen.has("points"):
        return pl.col("score") >= pl.col("points")
    text = "The report does not tell at how many points an outcome is mastered: nobody is said to have met one."
    hint = 'Download a report with the column "learning outcome mastered", or the learning mastery gradebook.'
    screen.problems.append(Problem("normalised", text, hint, *screen.raw.place))
    return pl.lit(value=False)


def _add_events(screen: Screen, found: Found, mastered: pl.Expr) -> None:
    event = pl.when(mastered).then(pl.lit("met")).otherwise(pl.lit("worked")).alias("event")
    rows = screen.placed()
    found.add("events", rows.select(pl.col("time").cast(TIME), "learner_id", "goal_id", event, "row", "file", "sheet"))
