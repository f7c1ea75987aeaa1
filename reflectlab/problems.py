"""What was wrong in a file: where, and what to do about it.

A problem either leaves its source row out of the log, or, where its code is in `KEPT`, remarks on a row that
was loaded all the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from .errors import one_of
from .language import gettext
from .schema import ABSENT, CHOOSERS, EVENTS, ROLES


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of problem; where neither `kept` nor `as_meant`, the row was left out, and something is wrong.

    Attributes
    ----------
    means, todo : str
        What was found, and what to do about it.
    kept : bool
        Whether the row that it names is in the log all the same: it is a remark.
    as_meant : bool
        Whether nobody did wrong: a log has no place for it, and `strict=True` lets it be.
    words : tuple of str
        What the word could have meant, where the problem is one that is not known.
    """

    means: str
    todo: str
    kept: bool = False
    as_meant: bool = False
    words: tuple[str, ...] = ()


_NOTHING = "Nothing needs to be done."

CODES: Mapping[str, Code] = {
    "about_a_statement": Code("A statement about another statement, and about no goal.", _NOTHING),
    "above_header": Code(
        "A row above the one that was taken for the header.", "Delete it, or write the header above it."
    ),
    "acted_as": Code("Someone was logged in for another: this is no doing of the learner.", _NOTHING),
    "after_met": Code(
        "A goal that had been met is said to be started, worked on or stuck; it stays met.",
        'If the goal was taken up again, add a row "reopened" before this one.',
        kept=True,
    ),
    "bad_closed_day": Code(
        "A closed day of a term is no date; the term is in the log without it.",
        "Write it as the start and the end of the term are.",
        kept=True,
    ),
    "bad_due": Code(
        "A due day is no date, or stands on a row that tells of no event; it was left out.",
        "Write it as 2026-08-14, on a row that tells what happened on the goal.",
        kept=True,
    ),
    "bad_json": Code("What stands in the place of a record is none.", "Export the file again, or correct it."),
    "bad_minutes": Code(
        "The minutes are no number of minutes of one day; they were left out.", "Write a number such as 25.", kept=True
    ),
    "bad_number": Code("A number was expected and is none.", "Write a number such as 3."),
    "bad_quote": Code(
        "The quotation marks of a row do not tell where its cells end.",
        "Write a quotation mark inside a quoted cell twice.",
    ),
    "bad_term": Code(
        "A term has no start or end, ends before it starts, or has closed days that are none.",
        "Correct this row of the terms.",
    ),
    "bad_time": Code("A date cannot be read, or cannot be right.", "Write it as 2026-07-20 or 2026-07-20 09:30."),
    "carried_date": Code(
        "Rows without a date were read with the date above them.",
        "Nothing needs to be done if a date is written once for a day; else fill_dates=False lists them.",
        kept=True,
    ),
    "due_row": Code(
        "A row of days on which goals are due, or were given: no learner.",
        "To keep these days, write them in a column of a table of the goals.",
        as_meant=True,
    ),
    "duplicate_event": Code("An event has the number of an earlier one.", _NOTHING),
    "duplicate_goal": Code("A goal is among the goals already.", "Keep one of the rows, or give it another id."),
    "duplicate_learner": Code("A learner is on the roster already.", "Keep one of the rows, or give it another id."),
    "duplicate_participant": Code("A learner is in the same episode twice.", "Name each of them once."),
    "duplicate_statement": Code("A statement has the number of an earlier one.", _NOTHING),
    "error_cell": Code(
        "A cell shows an error of the spreadsheet; it was read as empty.", "Put the formula right.", kept=True
    ),
    "hidden_rows": Code(
        "A sheet is hidden, or rows are hidden or filtered out; they were read like any other.",
        "Nothing needs to be done if they belong to the log; else hidden=False leaves them out.",
        kept=True,
    ),
    "in_company_only": Code(
        "Learners work together with others and have no goal of their own.",
        "Nothing needs to be done for a learner of the class. Leave out who is none: `leave_out`.",
        kept=True,
    ),
    "kept_mapping": Code(
        "What you kept in the wizard for files with these headers was used.",
        "Nothing needs to be done; mapping=False reads the file without it.",
        kept=True,
    ),
    "left_hidden": Code(
        "A row is hidden, filtered out or on a hidden sheet, and hidden rows were not wanted.",
        "Nothing needs to be done; hidden=True reads it.",
        as_meant=True,
    ),
    "full_marks": Code("The row of full marks of a gradebook: no learner; it was used.", _NOTHING, as_meant=True),
    "joined_already": Code(
        "A learner, goal or term stands in several logs that were joined; the first row counts.",
        _NOTHING,
        as_meant=True,
    ),
    "left_out": Code(
        "What the row tells is to be left out: you said so of its word, or no goal and no learner is told of.",
        "Give the word a meaning to load it.",
    ),
    "likely_holiday": Code(
        "For more than two weeks nothing is written: a holiday, most likely, and counted as school days.",
        "Say the terms, or put a table of terms beside the log.",
        kept=True,
    ),
    "many_words": Code(
        "A column has hundreds of words that are not known: it is most likely a note.",
        "If another column has the words, call that one so.",
        kept=True,
    ),
    "merged": Code(
        "Two rows tell of the same time together; they are one episode.",
        "Nothing needs to be done. Two times together are two rows of each child.",
        kept=True,
    ),
    "merged_cells": Code(
        "Cells that are merged were filled with what stands in them.",
        "Nothing needs to be done.",
        kept=True,
    ),
    "missing_episode": Code(
        "The row does not say which episode it belongs to.",
        "Give everyone who worked together then the same episode_id.",
    ),
    "missing_event": Code("The row does not say what happened.", "Write the event."),
    "missing_goal": Code("The row tells of no goal.", "Write the goal, if there is one."),
    "missing_learner": Code("The row does not say which learner.", "Write the learner."),
    "missing_partner": Code("The row tells of working together, and does not say with whom.", "Write who it was with."),
    "missing_time": Code("The row has no date.", "Write it as 2026-07-20 or 2026-07-20 09:30."),
    "no_event": Code("The record is no event.", _NOTHING),
    "no_full_mark": Code(
        "A mark is a number, and nothing tells out of how many.",
        "Write the full mark into the header, as in `Essay (20)`, or in a row `Points possible`.",
    ),
    "no_outcomes": Code(
        "Canvas found no outcomes: the report is empty.", "Choose another term or course, and download it again."
    ),
    "no_result": Code("The row has no score: nothing was assessed.", _NOTHING),
    "no_rows": Code(
        "One cell is all that stands below the header.",
        "If the program that wrote the file found nothing, have it write another.",
    ),
    "no_statement": Code("The record is no statement.", "A statement has an actor, a verb and an object."),
    "normalised": Code(
        "Something was read as what it clearly means, and not as it is written.",
        "See that it is right. Nothing needs to be done.",
        kept=True,
    ),
    "not_a_learner": Code(
        "A teacher, a parent or a program did this, or is listed here: only students are learners.",
        _NOTHING,
        as_meant=True,
    ),
    "not_active": Code("The row is marked as one that counts no longer.", _NOTHING, as_meant=True),
    "not_yet_happened": Code("What is told is planned, and has not happened.", _NOTHING),
    "odd_span": Code(
        "The dates of a table are far from today, or run over more than three years.",
        "See whether a year is a slip, or the dates are written in another way.",
        kept=True,
    ),
    "other_class": Code(
        "A learner is in several classes; one of them counts.",
        "Nothing needs to be done. To have it otherwise, leave the other enrolments out.",
        kept=True,
    ),
    "other_session": Code("A session of another type than those that are the terms.", _NOTHING, as_meant=True),
    "outside_presence": Code(
        "The date is before the learner joined or after they left.",
        "Correct the date, or joined and left on the roster.",
        kept=True,
    ),
    "outside_terms": Code(
        "The date is in no term; it counts for the nearest school day.",
        "Correct the date, or the start and end of the term.",
        kept=True,
    ),
    "other_header": Code(
        "A header with its columns in another order, or a row below it.", "Put it into a file or on a sheet of its own."
    ),
    "overlapping_term": Code(
        "A term begins before an earlier one has ended.", "Correct its dates, or load the schools apart."
    ),
    "person_left_out": Code("The row tells of a person who is to be left out: you said so.", _NOTHING, as_meant=True),
    "ragged_row": Code("The row has more or fewer cells than the header.", "Look for a comma too many or too few."),
    "repeated_header": Code("The row says the header again.", _NOTHING),
    "said_in_vain": Code(
        "Nobody is called as you said of a name that stands for another, or is to be left out.",
        "Correct what you said, if somebody was meant.",
        kept=True,
    ),
    "self_collaboration": Code("A learner is named as the one they were with.", "Name the others only."),
    "several_classes": Code(
        "A name stands in several classes: each is another child, told apart by the class.",
        "If one of them moved class, join the two: `same`.",
        kept=True,
    ),
    "several_places": Code(
        "A name stands in several sheets or files, and no column says the class: it was taken for one child.",
        "If each is a class, say so: `class_from`.",
        kept=True,
    ),
    "shared_name": Code(
        "One name is that of several: whose is whose cannot be told.",
        "Write the whole name or the class; or download the file with ID numbers.",
    ),
    "short_name": Code(
        "A part of a name was taken for the only child who may be called so.",
        "If it is another child, write the whole name.",
        kept=True,
    ),
    "similar_goals": Code(
        "Two goals may be one and the same.", "If they are, write the goal alike everywhere.", kept=True
    ),
    "similar_names": Code(
        "Two learners may be one and the same child.", "If they are, write the name alike everywhere.", kept=True
    ),
    "tick_without_date": Code(
        "A tick says that a goal was met, and not when.", "Write the date, or say on which day ticks count: `as_of`."
    ),
    "told_twice": Code("The browser tells what the server tells too.", _NOTHING),
    "total_row": Code("A row that sums up the others: no learner.", _NOTHING, as_meant=True),
    "unknown_chosen_by": Code(
        "The word does not say who chose, the learner or the teacher; it was left out.",
        "Say what it means: `words`.",
        kept=True,
        words=CHOOSERS,
    ),
    "unknown_class": Code("The class is none that there is.", "Correct it, or add the class."),
    "staff": Code(
        "Who edits the course, is in a staff role or acts by the command line is among the learners.",
        'Leave them out with leave_out="staff".',
        kept=True,
    ),
    "staff_left_out": Code("Staff did this, and is to be left out.", _NOTHING, as_meant=True),
    "unknown_column": Code(
        "A column is none that a log has; it was left out.", "Rename it if the log needs what it holds.", kept=True
    ),
    "unknown_event": Code("The word is no event.", "Say what it means: `words`.", words=EVENTS),
    "unknown_goal": Code("The goal is not among the goals.", "Correct the goal, or add it to the goals table."),
    "unknown_learner": Code(
        "The learner is not on the roster, or is none.", "Correct the name, or add the learner to the roster."
    ),
    "unknown_part": Code("The word is no part of a day.", "Write am, pm, or nothing for the whole day."),
    "unknown_role": Code(
        "The word is no role; it was left out.", "Say what it means: `words`.", kept=True, words=ROLES
    ),
    "unknown_word": Code(
        "The word for what happened is not known.", "Say what it means: `words`.", words=(*EVENTS, *ROLES, ABSENT)
    ),
    "unused_table": Code(
        "A table that is no part of a log.", "Nothing needs to be done if it holds no log.", as_meant=True
    ),
    "voided": Code("A statement that was voided by another.", _NOTHING),
    "voids": Code("A statement that voids another.", _NOTHING),
    "while_away": Code(
        "Something happened on a day on which its learner was away.",
        "Correct the date, or the absence; half a day away is told as am or pm.",
        kept=True,
    ),
    "zone": Code(
        "The times of the file carry a zone, and are shown in UTC.",
        'Say the zone of the school, such as tz="Pacific/Auckland".',
        kept=True,
    ),
}
"""Every kind of problem there is, by the short word for it, which is the same in every release."""

KEPT = frozenset(code for code, kind in CODES.items() if kind.kept)
"""Codes of remarks: the row they name was loaded."""

WORDS_OF = {code: kind.words for code, kind in CODES.items() if kind.words}
"""Codes of words that are not known, and what each could have meant."""

AS_MEANT = frozenset(code for code, kind in CODES.items() if kind.as_meant)
"""Codes of what a log has no place for, and nobody did wrong."""

COLUMNS = ("file", "sheet", "row", "column", "code", "value", "message", "hint")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that was wrong.

    Attributes
    ----------
    code : str
        The kind of problem, a key of `CODES`.
    message, hint : str
        A plain sentence that says what was found, and what to do.
    file, sheet, column, value : str or None
        Where it stands, and what stands there.
    row : int or None
        The row a spreadsheet shows: the header is row 1.
    suggestion : str or None
        The word, header or name that was probably meant by `value`.

    Examples
    --------
    >>> problem = Problem("unknown_event", '"mett" is no event.', "Correct it.", row=7, suggestion="met")
    >>> problem.kept, problem.todo
    (False, 'Did you mean "met"? Correct it.')
    """

    code: str
    message: str
    hint: str
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    suggestion: str | None = None

    def __post_init__(self) -> None:
        if self.code not in CODES:
            one_of("code", self.code, CODES)
        for name in ("message", "hint"):  # those that are the same for every value stand in tables, not looked up yet
            object.__setattr__(self, name, gettext(getattr(self, name)))

    @property
    def kept(self) -> bool:
        """Whether the row was loaded all the same."""
        return self.code in KEPT

    @property
    def todo(self) -> str:
        """What to do: what was probably meant, and the hint."""
        if not self.suggestion:
            return self.hint
        meant = gettext('Did you mean "{word}"?', word=self.suggestion)
        return f"{meant} {self.hint}".strip()


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do about a value: the `hint` and the `suggestion` of a problem.

    Examples
    --------
    >>> Advice("Correct it.", "met").suggestion
    'met'
    """

    hint: str
    suggestion: str | None = None


def left_out(problems: pd.DataFrame) -> pd.DataFrame:
    """Return the problems that left something out of the log, without the remarks on what was loaded.

    Parameters
    ----------
    problems : pandas.DataFrame
        As in `ProgressLog.problems`.

    Examples
    --------
    >>> found = problems_frame([Problem("bad_time", "", ""), Problem("merged", "", "")])
    >>> left_out(found)["code"].tolist()
    ['bad_time']
    """
    return problems[~problems["code"].isin(KEPT)]


def problems_frame(problems: Iterable[Problem]) -> pd.DataFrame:
    """Return the problems as a table, one row each.

    Parameters
    ----------
    problems : iterable of Problem

    Returns
    -------
    pandas.DataFrame
        Columns `file, sheet, row, column, code, value, message, hint`; `row` is `Int64`, the rest `str`. The hint
        begins with the suggestion, where there is one.

    Examples
    --------
    >>> problems_frame([Problem("bad_time", "No date.", "Write one.", row=3)])[["row", "code"]].to_dict("list")
    {'row': [3], 'code': ['bad_time']}
    """
    told = [name if name != "hint" else "todo" for name in COLUMNS]
    rows = [[getattr(problem, name) for name in told] for problem in problems]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype({column: "Int64" if column == "row" else "str" for column in COLUMNS})
