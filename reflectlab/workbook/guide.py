"""What the first sheet of a workbook tells: how to keep the log, and what each word is for."""

import textwrap

WORDS_TO_CHOOSE = (
    ("set", "the goal became one of the child's own goals"),
    ("started", "the child began to work on it"),
    ("worked on", "the child worked on it alone"),
    ("stuck", "the child did not know how to go on"),
    ("met", "the child met the goal"),
    ("reopened", "the child took a goal up again that was met or dropped"),
    ("dropped", "the child works on it no more"),
    ("worked with", "both worked on it; with says who it was"),
    ("helped", "the child helped the one in with"),
    ("got help from", "the child got help from the one in with"),
    ("absent", "the child was away on that day; no goal is needed"),
)
"""What can be chosen as what happened, and what it is for."""

CHOOSER_WORDS = ("learner", "teacher")

PART_WORDS = ("am", "pm")

HOW_TO = (
    "Learners: one row for each child. Write a class too, if you keep several.",
    "Goals: one row for each goal. The strand groups goals, as Writing or Number; due is the day for all, if any.",
    "Terms: when each term starts and ends, and days without school in it, as 2026-08-24 or 2026-08-24..2026-08-28,"
    " with a semicolon between several.",
    "Log: one row for each thing that happens. Choose the child, the goal and what happened from the lists.",
    "Write the date in the first row of a day (Ctrl+; is today): the rows below show the same date, until you write"
    " the next.",
    "Note when a child starts a goal and when it is met: what working together was follows from where both stood.",
    "Write working together once, for one of the two; several names in with have commas between them.",
    "Do not sort the Log, as a date that is carried down stays where it is; look for a child with a filter instead.",
    "Absences: who was away; am or pm, where it was half a day. Writing absent in the Log does as well.",
    "A new child or goal is in the lists as soon as it stands on its sheet. Leave row 2 of these sheets blank.",
)

GUIDE_TITLE = "How to keep this log"

LOOK = (
    "See what is understood of it:  reflectlab check THIS_FILE.xlsx",
    "See the board of the class:  reflectlab app THIS_FILE.xlsx",
    "This file holds children's names: keep it where only you can read it.",
)


_WIDTH = 92


def lines() -> list[tuple[str, str]]:
    """Return the lines of the guide, none longer than its column, and the kind of each: title, head or text.

    >>> lines()[0]
    ('How to keep this log', 'title')
    """
    steps = [line for number, step in enumerate(HOW_TO, start=1) for line in _broken(f"{number:>2}.  {step}", " " * 6)]
    words = [f"{word}:  {what}" for word, what in WORDS_TO_CHOOSE]
    parts = (("", steps), ("What happened", words), ("Then", LOOK))
    told = [line for head, part in parts for line in [(head, "head"), *((text, "text") for text in part)]]
    return [(GUIDE_TITLE, "title"), *told]


def _broken(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, subsequent_indent=indent)
