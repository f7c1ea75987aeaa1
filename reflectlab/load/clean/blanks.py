"""Cells that are filled and name nobody and nothing: a dash, "n/a"; in `with` "alone"; for a learner "everyone"."""

import polars as pl

from ...language import gettext, number_in_words
from ..files.raw import ROW, folded
from .roster import Directory
from .screen import Screen
from .vocabulary import ALONE, EVERYBODY

_SAYS_NOTHING = r"(?i)^\s*(?:[-–—_.~/]+|n/a|n\.a\.?|none)\s*$"
"""A cell, as Polars looks for it, that was filled in to be left blank."""


def blank_what_says_nothing(screen: Screen) -> None:
    """Read a dash and the like as an empty cell, wherever somebody or something is named; say so once."""
    columns = [name for name in ("learner_id", "goal_id", "with", "chosen_by", "minutes", "due") if screen.has(name)]
    values = {name: screen.frame[name].unique() for name in columns}
    blank = {name: [*{*each.filter(each.str.contains(_SAYS_NOTHING))}] for name, each in values.items()}
    nothing = {
        name: pl.col(name).is_in([text for text in texts if text.strip() not in screen.options.words])
        for name, texts in blank.items()
        if texts
    }
    rows = screen.frame.select(ROW, **nothing).filter(pl.any_horizontal(pl.lit(value=False), *nothing))
    if rows.is_empty():
        return
    number = number_in_words(sum(int(rows[name].sum()) for name in nothing))
    name = next(name for name in nothing if rows[name][0])
    value = screen.frame.filter(pl.col(ROW) == rows[ROW][0])[name][0]
    text = gettext('Cells such as "{value}" were read as empty: {number}, this one first.', value=value, number=number)
    screen.note(screen.problem("normalised", text, gettext("Nothing needs to be done."), rows[ROW][0], name, value))
    screen.put(**{name: pl.when(broken).then(pl.lit("")).otherwise(name) for name, broken in nothing.items()})


def leave_out_who_is_nobody(screen: Screen, roster: Directory | None) -> None:
    """Read "alone" as nobody in `with`, and list rows that stand for everybody; not where a child is called so."""
    if screen.has("with"):
        _blank_who_was_alone(screen, roster)
    if roster is None:
        _list_everybody(screen)


def _blank_who_was_alone(screen: Screen, roster: Directory | None) -> None:
    known = roster.find if roster is not None else {*screen.frame["learner_id"]}.__contains__
    words = [cell for cell in screen.frame["with"].unique() if folded(cell) in ALONE and not known(cell)]
    if not words:
        return
    first = screen.frame.filter(pl.col("with").is_in(words)).unique("with", keep="first", maintain_order=True)
    hint = gettext("Correct it if that is not what was meant.")
    for row, word in first.select(ROW, "with").iter_rows():
        text = gettext('"{word}" was read as nobody: this learner was with no one.', word=word)
        screen.note(screen.problem("normalised", text, hint, row, "with", word))
    screen.put(pl.when(pl.col("with").is_in(words)).then(pl.lit("")).otherwise("with").alias("with"))


def _list_everybody(screen: Screen) -> None:
    options = screen.options
    words = [text for text in screen.frame["learner_id"].unique() if folded(text) in EVERYBODY]
    meant = {*options.same, *options.leave_out}
    screen.reject(
        pl.col("learner_id").is_in([word for word in words if word not in meant]),
        "unknown_learner",
        "learner_id",
        lambda name: gettext('"{name}" is not a learner.', name=name),
        gettext("Write the names of the learners; several may stand in one cell."),
    )
