"""Cells that are filled and name nobody and nothing: a dash, "n/a"; in `with` "alone"; for a learner "everyone"."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import polars as pl

from ...language import gettext, number_in_words
from ...problems import Problem
from ..files.raw import ROW, RawTable, folded
from ..options import Options
from .roster import Directory
from .screen import Screen
from .vocabulary import ALONE, EVERYBODY

_SAYS_NOTHING = r"(?i)^\s*(?:[-–—_.~/]+|n/a|n\.a\.?|none)\s*$"
"""A cell, as Polars looks for it, that was filled in to be left blank."""


def blank_what_says_nothing(screen: Screen) -> None:
    """Read a dash and the like as an empty cell, wherever somebody or something is named; say so once."""
    columns = [name for name in ("learner_id", "goal_id", "with", "chosen_by", "minutes", "due") if screen.has(name)]
    frame, first = _blanked(screen.frame, columns, screen.options)
    if first is not None:
        screen.note(_remark(screen.raw, first, screen.headers.get(first.column, first.column)))
        screen.put(*(frame[name] for name in columns))


def without_dashes(raw: RawTable, columns: Sequence[str], options: Options) -> RawTable:
    """Return a grid in whose cells a dash and the like is an empty cell; say so once."""
    frame, first = _blanked(raw.frame, columns, options)
    if first is None:
        return raw
    return replace(raw, frame=frame, problems=(*raw.problems, _remark(raw, first, first.column)))


class _Blanked(NamedTuple):
    """The first cell that was read as empty, and how many were."""

    row: int
    column: str
    value: str
    number: int


def _blanked(frame: pl.DataFrame, columns: Sequence[str], options: Options) -> tuple[pl.DataFrame, _Blanked | None]:
    nothing = {}
    for name in columns:
        values = frame[name].unique()
        said = values.filter(values.str.contains(_SAYS_NOTHING)).to_list()
        if texts := [text for text in said if text.strip() not in options.words]:
            nothing[name] = pl.col(name).is_in(texts)
    marked = frame.select(ROW, **nothing).filter(pl.any_horizontal(*nothing)) if nothing else frame.clear()
    if marked.is_empty():
        return frame, None
    row = marked[ROW][0]
    name = next(name for name in nothing if marked[name][0])
    number = sum(int(marked[name].sum()) for name in nothing)
    first = _Blanked(row, name, frame.filter(pl.col(ROW) == row)[name][0].strip(), number)
    return frame.with_columns(
        pl.when(each).then(pl.lit("")).otherwise(n).alias(n) for n, each in nothing.items()
    ), first


def _remark(raw: RawTable, first: _Blanked, header: str) -> Problem:
    number = number_in_words(first.number)
    text = gettext(
        'Cells such as "{value}" were read as empty: {number}, this one first.', value=first.value, number=number
    )
    return Problem("normalised", text, gettext("Nothing needs to be done."), *raw.place, first.row, header, first.value)


def says_nothing(cell: str) -> bool:
    """Tell whether a cell was filled in to be left blank.

    >>> says_nothing(" - "), says_nothing("N/A"), says_nothing("Na")
    (True, True, False)
    """
    return _NOTHING.fullmatch(cell) is not None


_NOTHING = re.compile(_SAYS_NOTHING)


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
