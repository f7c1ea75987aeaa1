"""The headers that a program writes, found in a table; and said where one is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...errors import MissingColumnError, likely
from ...language import chained, gettext
from ...problems import Problem
from ..files import Raw
from ..files.raw import Headers, RawTable, folded
from ..options import Options


def required(raw: RawTable, known: Headers, needed: Sequence[str], what: str, options: Options) -> dict[str, str]:
    """Return the columns that a table has, as `columns_among` does, or raise with the headers that may be meant.

    `what` is what such a table is, with its article.
    """
    lacking = what_it_lacks(raw, known, needed, what, options)
    if lacking is not None:
        raise MissingColumnError(lacking)
    return raw.columns_among(known)


def what_it_lacks(raw: RawTable, known: Headers, needed: Sequence[str], what: str, options: Options) -> str | None:
    """Return which columns a table lacks and which headers may be meant for them; None if it lacks nothing."""
    present = raw.columns_among(known)
    absent = [column for column in needed if column not in present]
    if not absent:
        return None
    free = [header for header in raw.header if header not in present.values()]
    meant = {english(known, column): near for column in absent if (near := likely(known[column][0], free))}
    named = chained("{one} or {other}", [f'"{english(known, column)}"' for column in absent])
    return gettext(
        "{raw} has no column {named}, as {what} has.{saying} Its columns are: {names}.",
        raw=raw,
        named=named,
        what=gettext(what),
        saying=saying(meant, options),
        names=", ".join(raw.header),
    )


def saying(meant: Mapping[str, str], options: Options) -> str:
    """Return a sentence that tells how to say what headers mean, or nothing.

    >>> saying({"Time": "Zeit"}, Options())
    ' If this is what they mean, say so: load(..., headers={"Zeit": "Time"}).'
    """
    headers = {own: theirs for theirs, own in meant.items()}
    return (
        " " + gettext("If this is what they mean, say so: {option}.", option=options.say(headers=headers))
        if meant
        else ""
    )


def english(known: Headers, column: str) -> str:
    """Return the usual header of a column."""
    return known[column][0].capitalize()


def in_english(raws: Sequence[Raw], headers: Mapping[str, str]) -> list[Raw]:
    """Return the tables with the headers that readers know; records are left as they are.

    `headers` maps those in the file to those in English; a table that has the one in English already keeps its own.
    Raise where no table has one that was named.
    """
    tables = [raw for raw in raws if isinstance(raw, RawTable)]
    for header in headers:
        if not any(folded(header) in raw.by_folded for raw in tables):
            near = likely(header, [header for raw in tables for header in raw.header])
            hint = " " + gettext('Did you mean "{near}"?', near=near) if near else ""
            raise MissingColumnError(
                gettext('No table has the header "{header}" that `headers` names.{hint}', header=header, hint=hint)
            )
    return [_renamed(raw, _translations(raw, headers)) if isinstance(raw, RawTable) else raw for raw in raws]


def in_their_words(problems: Sequence[Problem], raws: Sequence[Raw], headers: Mapping[str, str]) -> list[Problem]:
    """Name in each problem the header that its file has; `raws` are as they are in their files."""
    back = {
        raw.place: {english: own for own, english in _translations(raw, headers).items()}
        for raw in raws
        if isinstance(raw, RawTable)
    }
    return [
        replace(problem, column=back.get((problem.file or "", problem.sheet), {}).get(problem.column, problem.column))
        if problem.column
        else problem
        for problem in problems
    ]


def _translations(raw: RawTable, headers: Mapping[str, str]) -> dict[str, str]:
    wanted = {folded(own): english for own, english in headers.items()}
    there = raw.by_folded.keys()
    return {
        header: wanted[plain]
        for header, plain in raw.folded.items()
        if plain in wanted and folded(wanted[plain]) not in there - {plain}
    }


def _renamed(raw: RawTable, names: Mapping[str, str]) -> RawTable:
    if not names:
        return raw
    header = tuple(names.get(name, name) for name in raw.header)
    typed = None if raw.typed is None else raw.typed.rename(dict(names), strict=False)
    return replace(raw, header=header, frame=raw.frame.rename(dict(names)), typed=typed)
