"""The one-sheet class log: one row for each happening, in the words of the class.

Columns `date, learner, goal, what happened, with, chosen by, minutes, note`; a date, a learner and one of the next
two are enough. A word for an event gives an event; a word for working together, or anyone in `with`, an episode.
"""

from collections.abc import Sequence

from ..errors import MissingColumnError
from ..problems import Problem
from .context import Context
from .happenings import read_happenings
from .options import Options
from .raw import RawTable
from .screening import Found, Screen
from .words import HEADERS, column_of, likely_header

NEEDED = ("time", "learner_id")
"""The columns that a class log must have, beside one that tells what happened."""

_TELLING = ("event", "with")


def recognise(raw: RawTable, _context: Context) -> bool:
    """Tell whether a table is a class log, perhaps one with a slip in a header."""
    known, near = set(columns_in(raw)), set(_near(raw).values())
    if not all(column in known | near for column in NEEDED) or not {*_TELLING} & (known | near):
        return False
    return len({*NEEDED, *_TELLING, "goal_id"} & known) >= 2


def read(raws: Sequence[RawTable], context: Context) -> Found:
    """Read class logs: several sheets, one a month say, are one log.

    Parameters
    ----------
    raws : sequence of RawTable
    context : Context

    Returns
    -------
    Found

    Raises
    ------
    MissingColumnError
        If a sheet lacks a column that it must have.
    """
    screens = [Screen(raw, context.options, _required(raw, context.options)) for raw in raws]
    for screen in screens:
        screen.problems += _unknown_columns(screen.raw, context.options)
    return read_happenings(screens, context, mirrored=True)


def columns_in(raw: RawTable) -> dict[str, str]:
    """Return the columns of a class log that a table has, and the header of each; the first of two counts."""
    found: dict[str, str] = {}
    for header in raw.header:
        column = column_of(header)
        if column is not None:
            found.setdefault(column, header)
    return found


def _required(raw: RawTable, options: Options) -> dict[str, str]:
    columns = columns_in(raw)
    absent = [column for column in NEEDED if column not in columns]
    if not {*_TELLING} & set(columns):
        absent.append("event")
    if absent:
        raise MissingColumnError(_missing(raw, absent, options))
    return columns


def _missing(raw: RawTable, absent: Sequence[str], options: Options) -> str:
    slips = {column: header for header, column in _near(raw).items()}
    sentences = []
    for column in absent:
        text = f'{raw} has no column "{HEADERS[column][0]}".'
        if column in slips:
            say = options.say(columns={column: slips[column]})
            text += f' Did you mean it by "{slips[column]}"? Or say so: {say}.'
        sentences.append(text)
    return " ".join([*sentences, f"Its columns are: {', '.join(raw.header)}."])


def _near(raw: RawTable) -> dict[str, str]:
    """Return the headers that look like a slip, and the column that each was probably meant to be."""
    known = columns_in(raw)
    slips: dict[str, str] = {}
    for header in raw.header:
        near = likely_header(header) if column_of(header) is None else None
        column = column_of(near) if near else None
        if column and column not in known:
            slips[header] = column
    return slips


def _unknown_columns(raw: RawTable, options: Options) -> list[Problem]:
    taken = set(columns_in(raw).values())
    slips = _near(raw)
    problems = []
    for header in raw.header:
        filled = raw.frame[header].str.strip_chars() != "" if header not in taken else None
        if filled is None or not filled.any():
            continue
        known = column_of(header)
        hint = "Rename it if the log needs what it holds."
        if known:
            hint = f'The log took "{columns_in(raw)[known]}" for the same; keep one of the two.'
        elif header in slips:
            meant = slips[header]
            hint = f'Did you mean "{HEADERS[meant][0]}"? Rename it, or say so: {options.say(columns={meant: header})}.'
        text = f'The column "{header}" is none of a class log; it was left out.'
        file, sheet = raw.place
        problems.append(Problem("unknown_column", text, hint, file, sheet, raw.header_row, header))
    return problems
