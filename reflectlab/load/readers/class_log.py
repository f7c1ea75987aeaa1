"""The one-sheet class log: one row for each happening, in the words of the class.

Columns `date, learner, goal, what happened, with, chosen by, minutes, note`; a date, a learner and one of the next
two are enough. A word for an event gives an event; a word for working together, or anyone in `with`, an episode.
"""

from collections.abc import Mapping, Sequence

from ...errors import MissingColumnError, likely
from ...problems import Problem
from ..clean.dates.whole import clock_column
from ..clean.screen import Screen
from ..clean.vocabulary import HEADERS, KNOWN_HEADERS, column_of, likely_header, log_columns
from ..files.raw import RawTable, folded
from ..options import COLUMN_NAMES, Options
from .reader import Context, Found, Reader
from .rows import read_happenings

_NEEDED = ("time", "learner_id")
"""The columns that a class log must have, beside one that tells what happened."""

_TELLING = ("event", "with")


def recognise(raw: RawTable, _context: Context) -> bool:
    """Tell whether a table is a class log, perhaps one with a slip in a header."""
    known, near = set(columns_in(raw)), set(_slips(raw).values())
    if not all(column in known | near for column in _NEEDED) or not {*_TELLING} & (known | near):
        return False
    return len({*_NEEDED, *_TELLING, "goal_id"} & known) >= 2


def read(raws: Sequence[RawTable], context: Context) -> Found:
    """Read class logs: several sheets, one a month say, are one log."""
    screens = [Screen(raw, context.options, _required(raw, context.options)) for raw in raws]
    for screen in screens:
        screen.note(*_unknown_columns(screen.raw, context.options))
    return read_happenings(screens, context, mirrored=True)


def columns_in(raw: RawTable) -> dict[str, str]:
    """Return the columns of a class log that a table has, and the header of each; the first of two counts."""
    known = log_columns(raw)
    found: dict[str, str] = {}
    for header, column in known.items():
        found.setdefault(column, header)
    return found | _with_clock(raw, [header for header, column in known.items() if column == "time"])


_CLOCKS = frozenset({"clock", "time of day", "hour", "at", "start time", "started at"})
"""What else a column with the time of day may be called, folded."""


def _with_clock(raw: RawTable, times: Sequence[str]) -> dict[str, str]:
    """Return which columns hold the day and the time of day, where two do."""
    candidates = [*times, *(header for header, plain in raw.folded.items() if plain in _CLOCKS and header not in times)]
    both = clock_column(raw, candidates) if len(candidates) > 1 else None
    return {"time": both[0], "clock": both[1]} if both else {}


def _required(raw: RawTable, options: Options) -> dict[str, str]:
    columns = columns_in(raw)
    absent = [column for column in _NEEDED if column not in columns]
    if not {*_TELLING} & set(columns):
        absent.append("event")
    if absent:
        raise MissingColumnError(_missing(raw, absent, options))
    return columns


def _missing(raw: RawTable, absent: Sequence[str], options: Options) -> str:
    """Say what a table lacks, and all that has to be said of it at once."""
    slips = {column: header for header, column in _slips(raw).items() if column in absent}
    lacking = " or ".join(f'"{HEADERS[column][0]}"' for column in absent)
    text = f"{raw} has no column {lacking}."
    for column, header in slips.items():
        text += f' Did you mean {"it" if len(absent) == 1 else HEADERS[column][0]} by "{header}"?'
    if slips:
        absent = [*absent, *_also_needed(raw, absent)]
        say = options.say(columns={column: slips.get(column, ...) for column in absent})
        text += f" Or say so: {say}."
    return f"{text} Its columns are: {', '.join(raw.header)}."


def _also_needed(raw: RawTable, absent: Sequence[str]) -> list[str]:
    """Return what a table lacks for its rows to be read by `columns`, apart from what is missed already."""
    known = columns_in(raw)
    return [] if "with" in known else [one for one in ("goal_id", "event") if one not in known and one not in absent]


def _slips(raw: RawTable) -> dict[str, str]:
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
    slips = _slips(raw)
    problems = []
    for header in raw.header:
        filled = raw.frame[header].str.strip_chars() != "" if header not in taken else None
        if filled is None or not filled.any():
            continue
        known = column_of(header)
        hint, near = "Rename it if the log needs what it holds.", None
        if known:
            hint = f'The log took "{columns_in(raw)[known]}" for the same; keep one of the two.'
        elif header in slips:
            meant = slips[header]
            hint, near = f"Rename it, or say so: {options.say(columns={meant: header})}.", HEADERS[meant][0]
        text = f'The column "{header}" is none of a class log; it was left out.'
        file, sheet = raw.place
        problems.append(Problem("unknown_column", text, hint, file, sheet, raw.header_row, header, suggestion=near))
    return problems


def recognise_mapped(raw: RawTable, context: Context) -> bool:
    """Tell whether a table has the columns that the caller named."""
    given = context.options.columns
    return bool(given) and not _absent(raw, given)


def read_mapped(raws: Sequence[RawTable], context: Context) -> Found:
    """Read tables by the columns and words that the caller gave."""
    screens = [Screen(raw, context.options, _headers(raw, context.options)) for raw in raws]
    return read_happenings(screens, context, mirrored=False)


def _absent(raw: RawTable, given: Mapping[str, str]) -> list[str]:
    return [header for header in given.values() if _header(raw, header) is None]


def _header(raw: RawTable, wanted: str) -> str | None:
    """Return the header as it stands in the table; a constant stands for itself."""
    if wanted in raw.header or wanted.startswith("="):
        return wanted
    same = [header for header, plain in raw.folded.items() if plain == folded(wanted)]
    return same[0] if len(same) == 1 else None


def _headers(raw: RawTable, options: Options) -> dict[str, str]:
    given = options.columns
    for header in _absent(raw, given):
        near = likely(header, raw.header)
        hint = f' Did you mean "{near}"?' if near else ""
        raise MissingColumnError(f'{raw} has no column "{header}".{hint} Its columns are: {", ".join(raw.header)}.')
    headers = {column: _header(raw, header) or header for column, header in given.items()}
    headers |= _found(raw, headers)
    needed = [*_NEEDED, *([] if "with" in headers else ["goal_id", "event"])]
    headers |= _likely_found(raw, headers, needed)
    absent = [column for column in needed if column not in headers]
    if absent:
        raise MissingColumnError(
            f"Say which column of {raw} holds {' and which '.join(absent)}: "
            f"{options.say(columns={**given, **dict.fromkeys(absent, ...)})}. Its columns are: {', '.join(raw.header)}."
        )
    if headers["time"] not in raw.header:
        return headers
    others = [header for header in log_columns(raw) if header not in headers.values() and column_of(header) == "time"]
    return headers | _with_clock(raw, [headers["time"], *others])


def _found(raw: RawTable, headers: Mapping[str, str]) -> dict[str, str]:
    """Return the columns that were not named and whose headers leave no doubt."""
    sure = {folded(name): column for column in COLUMN_NAMES for name in (column, HEADERS[column][0])}
    found: dict[str, str] = {}
    for header, plain in raw.folded.items():
        column = sure.get(plain)
        if column and column not in headers and header not in headers.values():
            found.setdefault(column, header)
    return found


def _likely_found(raw: RawTable, headers: Mapping[str, str], needed: Sequence[str]) -> dict[str, str]:
    """Return the columns that are needed, were not named, and have a header as a class log has it."""
    found: dict[str, str] = {}
    for header, column in log_columns(raw).items():
        if column in needed and column not in headers and header not in headers.values():
            found.setdefault(column, header)
    return found


READER = Reader(
    name="sheet",
    what="one row for each happening: date, learner, goal, what happened, with, chosen by, minutes, note",
    headers=KNOWN_HEADERS,
    needed=_NEEDED,
    recognise=recognise,
    read=read,
    by_name=True,
    sure=False,
)

MAPPED = Reader(
    name="mapped",
    what="any other table, by `columns` and `words`",
    recognise=recognise_mapped,
    read=read_mapped,
    by_name=True,
)
