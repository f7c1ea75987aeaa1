"""What each sheet of a workbook holds: its columns, how wide they are, and what may stand in them."""

from dataclasses import dataclass
from typing import Literal

from .guide import CHOOSERS, PARTS, WORDS

ROWS = 5_000
"""Down to which row the log has its lists to choose from."""

LISTED = 600
"""Down to which row the other sheets are read for the lists of the log."""

FIRST = 2
"""The first row of data, from 0: the row below the header stays blank.

A spreadsheet opens a list where the cell's own value stands in it; a blank cell's at its first blank, which has to be
the top.
"""


@dataclass(frozen=True)
class Column:
    """A column: its header, its width in letters, what it holds, where its list is, and a tip for the header."""

    header: str
    width: int
    holds: Literal["text", "date", "number"] = "text"
    choose: tuple[str, ...] | str = ()
    strict: bool = True
    tip: str = ""


@dataclass(frozen=True)
class SheetPlan:
    """A sheet: its name, its columns, and down to which row they are made ready."""

    name: str
    columns: tuple[Column, ...]
    rows: int = LISTED


_LEARNERS = f"=Learners!$A$2:$A${LISTED}"

_GOALS = f"=Goals!$A$2:$A${LISTED}"

LOG = SheetPlan(
    "Log",
    (
        Column("date", 17, "date", tip="Once a day; the rows below carry it down. Ctrl+; is today."),
        Column("learner", 18, choose=_LEARNERS, tip="From the sheet Learners."),
        Column("goal", 34, choose=_GOALS, tip="From the sheet Goals."),
        Column("what happened", 16, choose=tuple(word for word, _ in WORDS), tip="Start here says what each is for."),
        Column("with", 22, choose=_LEARNERS, strict=False, tip="Who else; several with commas between them."),
        Column("chosen by", 12, choose=CHOOSERS, tip="Who chose the goal, or to work together."),
        Column("minutes", 9, "number"),
        Column("note", 44),
    ),
    ROWS,
)

LISTS = (
    SheetPlan(
        "Learners",
        (
            Column("name", 26, tip="As it is to stand in the lists."),
            Column("class", 14),
            Column("joined", 17, "date", tip="Where a child came during the year."),
            Column("left", 17, "date", tip="Where a child has left."),
            Column("also known as", 34, tip="Other spellings in your notes, with commas between them."),
        ),
    ),
    SheetPlan(
        "Goals",
        (
            Column("goal", 44, tip="As it is to stand in the lists."),
            Column("strand", 20, tip="What groups goals, as Writing."),
            Column("level", 12),
            Column("due", 17, "date"),
        ),
    ),
    SheetPlan(
        "Terms",
        (
            Column("term", 20, tip="As Term 3."),
            Column("starts", 17, "date"),
            Column("ends", 17, "date"),
            Column("closed days", 50, tip="Such as 2026-08-24..2026-08-28; 2026-09-11"),
        ),
        50,
    ),
    SheetPlan(
        "Absences",
        (
            Column("learner", 22, choose=_LEARNERS),
            Column("date", 17, "date"),
            Column("part", 10, choose=PARTS, tip="am or pm; blank is the whole day."),
        ),
        ROWS,
    ),
)

EXAMPLE = ("# example", "Aroha", "Open with a hook", "worked with", "Ben", "learner", 20, "read our openings aloud")
"""A row below the header of the log that shows how it is written; `load` passes over what begins so."""
