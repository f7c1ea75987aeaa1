"""Any table of happenings, by what the caller says of its columns and words.

`columns` names the header of each column. What is the same in every row is written with an equals sign,
`{"event": "=worked"}`. Columns that are not named are found where their header is that of the class log
(`date`, `learner`, `goal`, `what happened`, `with`, `chosen by`, `minutes`, `note`) or that of the log itself.

An edge list, who turned to whom, is `{"learner_id": "Sender", "with": "Receiver", "time": "Date"}`: one episode a row.
Dates without a year need `year`; it is the same for all of them and never rolled over.
"""

from collections.abc import Mapping, Sequence

from ..errors import MissingColumnError, likely
from .context import Context
from .happenings import read_happenings
from .options import COLUMNS, Options
from .raw import RawTable, folded
from .screening import Found, Screen
from .words import HEADERS

_NEEDED = ("time", "learner_id")


def recognise(raw: RawTable, context: Context) -> bool:
    """Tell whether a table has the columns that the caller named."""
    given = context.options.columns
    return bool(given) and not _absent(raw, given)


def read(raws: Sequence[RawTable], context: Context) -> Found:
    """Read tables by the columns and words that the caller gave.

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
        If a table lacks a column that was named, or one that is needed was not named.
    """
    screens = [Screen(raw, context.options, _headers(raw, context.options)) for raw in raws]
    return read_happenings(screens, context, mirrored=False)


def _absent(raw: RawTable, given: Mapping[str, str]) -> list[str]:
    return [header for header in given.values() if _header(raw, header) is None]


def _header(raw: RawTable, wanted: str) -> str | None:
    """Return the header as it stands in the table; a constant stands for itself."""
    if wanted in raw.header or wanted.startswith("="):
        return wanted
    same = [header for header in raw.header if folded(header) == folded(wanted)]
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
    for column in needed:
        if column not in headers:
            raise MissingColumnError(
                f"Say which column of {raw} holds {column}: {options.say(columns={column: ...})}. "
                f"Its columns are: {', '.join(raw.header)}."
            )
    return headers


def _found(raw: RawTable, headers: Mapping[str, str]) -> dict[str, str]:
    """Return the columns that were not named and whose headers leave no doubt."""
    sure = {folded(name): column for column in COLUMNS for name in (column, HEADERS[column][0])}
    found: dict[str, str] = {}
    for header in raw.header:
        column = sure.get(folded(header))
        if column and column not in headers and header not in headers.values():
            found.setdefault(column, header)
    return found
