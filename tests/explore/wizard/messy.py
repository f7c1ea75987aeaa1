"""A sheet as a teacher keeps it who never thought of a program, with a truth that is known."""

from pathlib import Path

import openpyxl

TITLES = ("Room 5  Writing goals  Term 3", "Ms Tane  (please do not sort!)")

HEADER = ("Day", "Who", "Writing goal", "What", "With", "Notes")

ROWS = (
    ("20 July", "Aroha", "Hook", "st", "", ""),
    ("", "Ben", "Hook", "st", "", ""),
    ("", "Zoe", "Verbs", "st", "", "new this term"),
    ("21 July", "Hemi", "Verbs", "st", "", ""),
    ("", "Aroha", "Hook", "w/o", "w/ Ben & Zoe", ""),
    ("", "Mia", "Hook", "st", "", ""),
    ("22 July", "Ben", "Hook", "stk", "", "could not find a question"),
    ("", "Mia", "", "sick", "", ""),
    ("", "Zoe", "verbs", "w/o", "", ""),
    ("23 July", "Aroha", "Hook", "\u2713", "", ""),
    ("", "Bem", "Hook", "stk", "", ""),
    ("", "Hemi", "Verbs", "w/o", "w/ Zoe", ""),
    ("24 July", "Ben", "Hook", "\u2713", "w/ Aroha", ""),
    ("", "Hemi", "Verbs", "stk", "", ""),
    ("", "Zoe", "Verbs", "\u2713", "", ""),
    ("27 July", "Mia", "Hook", "stk", "", ""),
    ("", "Hemi", "Verbs", "w/o", "w/ Zoe", ""),
    ("28 July", "Hemi", "Verbs", "\u2713", "", ""),
    ("", "Aroha", "Paragraphs", "st", "", ""),
    ("Total", "", "", "", "", "4 met"),
)


def messy_workbook(path: Path) -> Path:
    """Write it: two rows of titles, an empty one, the header, the rows, and a total."""
    book = openpyxl.Workbook()
    book.active.title = "Term 3"
    for row in (*((title,) for title in TITLES), (), HEADER, *ROWS):
        book.active.append([cell or None for cell in row])
    book.save(path)
    return path
