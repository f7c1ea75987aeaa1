"""Exports of DataShop (LearnSphere), tab-separated: by transaction, or by student and step (*Student-Step Rollup*).

A step of a problem is a goal, called by both; the hierarchy of problems (or their level) is the strand. What is wrong
in a column of the export is a full stop or empty.

By transaction: a correct attempt is `met`, an incorrect one `stuck`; a hint, and whatever has no outcome, is `worked`.
`words` says it otherwise: `words={"HINT": "stuck"}`. By step: `started` when the step begins, `met` at the first
correct attempt; where there is none, `stuck` at the last if one was incorrect, else `worked`.
"""

from collections.abc import Mapping, Sequence
from functools import partial

import polars as pl

from ...language import gettext, translatable
from ...schema import EVENTS
from ..clean.headers import required
from ..clean.names import name_goals, name_learners
from ..clean.screen import TIME, Screen
from ..clean.values import why_left_out
from ..clean.vocabulary import asked
from ..files.raw import RawTable, folded
from .reader import Context, Found, Reader

_HEADERS = {
    "learner_id": ("anon student id",),
    "problem": ("problem name",),
    "step": ("step name",),
    "hierarchy": ("problem hierarchy",),
    "time": ("time",),
    "outcome": ("outcome",),
    "number": ("transaction id",),
    "class_id": ("class",),
    "begun": ("step start time",),
    "first": ("first transaction time",),
    "correct": ("correct transaction time",),
    "last": ("step end time",),
    "incorrects": ("incorrects",),
}
"""The headers of both exports, folded."""

_NEEDED = ("learner_id", "problem")

_MEANING: Mapping[str, str] = {
    "correct": "met",
    "incorrect": "stuck",
    **dict.fromkeys(("hint", "", "ungraded", "unknown", "ok", "bug"), "worked"),
}

_CALLED = translatable("an export of DataShop")


def read(raws: Sequence[RawTable], context: Context) -> Found:
    """Read exports of DataShop."""
    found = Found()
    for raw in raws:
        _read_one(raw, context, found)
    return found


def _read_one(raw: RawTable, context: Context, found: Found) -> None:
    by_step = "first transaction time" in raw.by_folded
    time = ("first", "last") if by_step else ("time",)
    screen = Screen(raw, context.options, required(raw, _HEADERS, (*_NEEDED, *time), _CALLED, context.options))
    found.rows_read[raw.place] = raw.rows_read
    _put_goals(screen)
    _reject_repeated(screen)
    _read_times(screen, context, by_step=by_step)
    meant = {} if by_step else _meanings(screen)
    screen.names("learner_id", "goal_id", "class_id")
    screen.missing(
        "learner_id", "missing_learner", gettext("This row does not say which student."), gettext("Write the student.")
    )
    screen.missing(
        "goal_id", "missing_goal", gettext("This row is of no problem."), gettext("Nothing needs to be done.")
    )
    name_learners(screen, context.learners)
    _derive(screen, found)
    name_goals(screen, context.goals)
    rows = screen.placed()
    found.add("events", _of_steps(rows, screen) if by_step else _of_transactions(rows, meant))
    found.problems += screen.problems


def _put_goals(screen: Screen) -> None:
    """Call each step by its problem and itself; its strand is where the problem stands."""
    problem = _filled("problem")
    step = _filled("step") if screen.has("step") else pl.lit(None, pl.String)
    levels = [header for header in screen.raw.header if folded(header).startswith(("level (", "level("))]
    strand = screen.raw.frame[levels[0]] if levels and not screen.has("hierarchy") else None
    screen.put(
        goal_id=pl.concat_str(problem, step, separator=" / ", ignore_nulls=True).fill_null(""),
        strand=_filled("hierarchy")
        if screen.has("hierarchy")
        else pl.lit(None, pl.String)
        if strand is None
        else strand,
    )


def _filled(column: str) -> pl.Expr:
    text = pl.col(column).str.strip_chars()
    return pl.when(~text.is_in(["", ".", "null"])).then(text)


def _reject_repeated(screen: Screen) -> None:
    """List transactions that stand in a second sample too."""
    if screen.has("number"):
        screen.reject(
            (pl.col("number") != "") & ~pl.col("number").is_first_distinct(),
            "duplicate_event",
            "number",
            lambda number: gettext(
                'The transaction "{number}" stands here a second time: it is in several samples.', number=number
            ),
            gettext("Nothing needs to be done."),
        )


def _read_times(screen: Screen, context: Context, *, by_step: bool) -> None:
    columns = context.columns_of(screen.raw.file)
    for name in ("first", "begun", "correct", "last") if by_step else ("time",):
        if screen.has(name):
            screen.put(_filled(name).fill_null("").alias(name))
            screen.times(name, columns, required=name in ("first", "time"))


def _meanings(screen: Screen) -> dict[str, str]:
    """Return what each outcome means; list the rows with any other."""
    if not screen.has("outcome"):
        screen.put(outcome=pl.lit(""))
    given = {folded(word): one for word, one in screen.options.words.items() if one in (*EVENTS, None)}
    known: dict[str, str | None] = {**_MEANING, **given}
    meant = {word: (folded(word), known.get(folded(word))) for word in screen.frame["outcome"].unique().to_list()}
    left = [word for word, (plain, one) in meant.items() if one is None and plain in known]
    say = partial(why_left_out, options=screen.options)
    screen.reject(pl.col("outcome").is_in(left), "left_out", "outcome", say, gettext("Give it a meaning to load it."))
    screen.reject(
        pl.col("outcome").is_in([word for word, (_, one) in meant.items() if one is None]),
        "unknown_word",
        "outcome",
        lambda word: gettext('"{word}" is no outcome that we know.', word=word),
        lambda word: gettext("Say what it means: {option}.", option=asked(word, EVENTS, screen.options)),
    )
    return {word: one for word, (_, one) in meant.items() if one is not None}


def _derive(screen: Screen, found: Found) -> None:
    goals = screen.frame.select("goal_id", pl.col("goal_id").alias("title"), "strand")
    found.derive("goals", goals.unique("goal_id", keep="first", maintain_order=True))
    if screen.has("class_id"):
        known = screen.frame.select("learner_id", name="learner_id", class_id=_filled("class_id"))
        found.derive("learners", known.unique("learner_id", keep="first", maintain_order=True))


def _of_transactions(rows: pl.DataFrame, meant: Mapping[str, str]) -> pl.DataFrame:
    event = pl.col("outcome").replace_strict(meant, return_dtype=pl.String)
    return rows.select(pl.col("time").cast(TIME), "learner_id", "goal_id", event.alias("event"), "row", "file", "sheet")


def _of_steps(rows: pl.DataFrame, screen: Screen) -> pl.DataFrame:
    begun = pl.coalesce("begun", "first") if screen.has("begun") else pl.col("first")
    correct = pl.col("correct") if screen.has("correct") else pl.lit(None, TIME)
    wrong = ~_filled("incorrects").is_in(["0"]) if screen.has("incorrects") else pl.lit(value=False)
    end = pl.when(wrong.fill_null(value=False)).then(pl.lit("stuck")).otherwise(pl.lit("worked"))
    done = correct.is_not_null()
    parts = [
        rows.select(_at(begun), pl.lit("started").alias("event"), *_KEPT),
        rows.filter(done).select(_at(correct), pl.lit("met").alias("event"), *_KEPT),
        rows.filter(~done).select(_at(pl.coalesce("last", "first")), end.alias("event"), *_KEPT),
    ]
    return pl.concat(parts).select("time", "learner_id", "goal_id", "event", "row", "file", "sheet")


_KEPT = ("learner_id", "goal_id", "row", "file", "sheet")


def _at(time: pl.Expr) -> pl.Expr:
    return time.cast(TIME).alias("time")


READER = Reader(
    name="datashop",
    what="exports of DataShop by transaction, and by student and step",
    called=_CALLED,
    headers=_HEADERS,
    needed=_NEEDED,
    marks=frozenset({"anon student id"}),
    read=read,
)
