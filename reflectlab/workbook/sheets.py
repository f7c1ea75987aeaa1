"""What each sheet of a workbook holds: its columns, how wide they are, and what may stand in them."""

from dataclasses import dataclass
from typing import Literal

from .guide import CHOOSER_WORDS, PART_WORDS, WORDS_TO_CHOOSE

LISTED_ROWS = 5_000
"""Down to which row the log has its lists to choose from."""

LISTED = 600
"""Down to which row the other sheets are read for the lists of the log."""

FIRST = 2
"""The first row of data, from 0: the row below the header stays blank.

A spreadsheet opens a list where the cell's own value stands in it; a blank cell's at its first blank, which has to be
the top.
"""


@dataclass(frozen=True)
class SheetColumn:
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
    columns: tuple[SheetColumn, ...]
    rows: int = LISTED


_LEARNERS = f"=Learners!$A$2:$A${LISTED}"

_GOALS = f"=Goals!$A$2:$A${LISTED}"

LOG_SHEET = SheetPlan(
    "Log",
    (
        SheetColumn("date", 17, "date", tip="Once a day; the rows below carry it down. Ctrl+; is today."),
        SheetColumn("learner", 18, choose=_LEARNERS, tip="From the sheet Learners."),
        SheetColumn("goal", 34, choose=_GOALS, tip="From the sheet Goals."),
        SheetColumn(
            "what happened",
            16,
            choose=tuple(word for word, _ in WORDS_TO_CHOOSE),
            tip="Start here says what each is for.",
        ),
        SheetColumn("with", 22, choose=_LEARNERS, strict=False, tip="Who else; several with commas between them."),
        SheetColumn("chosen by", 12, choose=CHOOSER_WORDS, tip="Who chose the goal, or to work together."),
        SheetColumn("minutes", 9, "number"),
        SheetColumn("note", 44),
        SheetColumn("due", 17, "date", tip="By when this child is to meet the goal, if not as on the sheet Goals."),
    ),
    LISTED_ROWS,
)

LISTS_SHEET = (
    SheetPlan(
        "Learners",
        (
            SheetColumn("name", 26, tip="As it is to stand in the lists."),
            SheetColumn("class", 14),
            SheetColumn("joined", 17, "date", tip="Where a child came during the year."),
            SheetColumn("left", 17, "date", tip="Where a child has left."),
            SheetColumn("also known as", 34, tip="Other spellings in your notes, with commas between them."),
        ),
    ),
    SheetPlan(
        "Goals",
        (
            SheetColumn("goal", 44, tip="As it is to stand in the lists."),
            SheetColumn("strand", 20, tip="What groups goals, as Writing."),
            SheetColumn("level", 12),
            SheetColumn("due", 17, "date", tip="By when everybody is to meet it, if there is such a day."),
        ),
    ),
    SheetPlan(
        "Terms",
        (
            SheetColumn("term", 20, tip="As Term 3."),
            SheetColumn("starts", 17, "date"),
            SheetColumn("ends", 17, "date"),
            SheetColumn("closed days", 50, tip="Such as 2026-08-24..2026-08-28; 2026-09-11"),
        ),
        50,
    ),
    SheetPlan(
        "Absences",
        (
            SheetColumn("learner", 22, choose=_LEARNERS),
            SheetColumn("date", 17, "date"),
            SheetColumn("part", 10, choose=PART_WORDS, tip="am or pm; blank is the whole day."),
        ),
        LISTED_ROWS,
    ),
)

EXAMPLE_ROW = ("# example", "Aroha", "Open with a hook", "worked with", "Ben", "learner", 20, "read our openings aloud")
"""A row below the header of the log that shows how it is written; `load` passes over what begins so."""
