"""The headers that a program writes, found in a table; and said where one is missing."""

from collections.abc import Mapping, Sequence

from ..errors import MissingColumnError, likely
from .options import Options
from .raw import RawTable, folded

Headers = Mapping[str, tuple[str, ...]]
"""What a program calls each column, folded; the first of several is the usual one."""


def headings(raw: RawTable, known: Headers) -> dict[str, str]:
    """Return the columns that a table has, and the header of each.

    Parameters
    ----------
    raw : RawTable
    known : mapping of str to tuple of str
        What each column may be called, folded.

    Returns
    -------
    dict of str to str
    """
    by_folded = {folded(header): header for header in reversed(raw.header)}
    present = ((column, next((by_folded[n] for n in names if n in by_folded), None)) for column, names in known.items())
    return {column: header for column, header in present if header is not None}


def required(raw: RawTable, known: Headers, needed: Sequence[str], what: str, options: Options) -> dict[str, str]:
    """Return the columns that a table has, as `headings` does.

    Parameters
    ----------
    raw : RawTable
    known : mapping of str to tuple of str
    needed : sequence of str
        The columns that must be there.
    what : str
        What such a table is, with its article.
    options : Options

    Raises
    ------
    MissingColumnError
        If one is not there; it says which header may be meant for it.
    """
    lacking = what_it_lacks(raw, known, needed, what, options)
    if lacking is not None:
        raise MissingColumnError(lacking)
    return headings(raw, known)


def what_it_lacks(raw: RawTable, known: Headers, needed: Sequence[str], what: str, options: Options) -> str | None:
    """Return which columns a table lacks and which headers may be meant for them; None if it lacks nothing.

    Parameters
    ----------
    raw : RawTable
    known : mapping of str to tuple of str
    needed : sequence of str
    what : str
    options : Options
    """
    present = headings(raw, known)
    absent = [column for column in needed if column not in present]
    if not absent:
        return None
    free = [header for header in raw.header if header not in present.values()]
    meant = {english(known, column): near for column in absent if (near := likely(known[column][0], free))}
    named = " or ".join(f'"{english(known, column)}"' for column in absent)
    return (
        f"{raw} has no column {named}, as {what} has.{saying(meant, options)} Its columns are: {', '.join(raw.header)}."
    )


def saying(meant: Mapping[str, str], options: Options) -> str:
    """Return a sentence that tells how to say what headers mean, or nothing.

    Examples
    --------
    >>> saying({"Time": "Zeit"}, Options())
    ' If this is what they mean, say so: load(..., headers={"Zeit": "Time"}).'
    """
    headers = {own: theirs for theirs, own in meant.items()}
    return f" If this is what they mean, say so: {options.say(headers=headers)}." if meant else ""


def english(known: Headers, column: str) -> str:
    """Return the usual header of a column."""
    return known[column][0].capitalize()
