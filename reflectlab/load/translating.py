"""Headers in another language, put into English by what the caller says of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..errors import MissingColumnError, likely
from ..problems import Problem
from .files import Raw
from .raw import RawTable, folded


def in_english(raws: Sequence[Raw], headers: Mapping[str, str]) -> list[Raw]:
    """Return the tables with the headers that readers know; records are left as they are.

    Parameters
    ----------
    raws : sequence of RawTable and RawRecords
    headers : mapping of str to str
        The header in the file, and the one in English. A table that has the one in English already keeps its own.

    Returns
    -------
    list of RawTable and RawRecords

    Raises
    ------
    MissingColumnError
        If no table has a header that was named.
    """
    present = [header for raw in _tables(raws) for header in raw.header]
    for header in headers:
        if folded(header) not in map(folded, present):
            near = likely(header, present)
            hint = f' Did you mean "{near}"?' if near else ""
            raise MissingColumnError(f'No table has the header "{header}" that `headers` names.{hint}')
    return [_renamed(raw, _translations(raw, headers)) if isinstance(raw, RawTable) else raw for raw in raws]


def in_their_words(problems: Sequence[Problem], raws: Sequence[Raw], headers: Mapping[str, str]) -> list[Problem]:
    """Name in each problem the header that its file has.

    Parameters
    ----------
    problems : sequence of Problem
    raws : sequence of RawTable and RawRecords
        As they are in their files.
    headers : mapping of str to str
    """
    back = {raw.place: {english: own for own, english in _translations(raw, headers).items()} for raw in _tables(raws)}
    return [
        replace(problem, column=back.get((problem.file or "", problem.sheet), {}).get(problem.column, problem.column))
        if problem.column
        else problem
        for problem in problems
    ]


def _tables(raws: Sequence[Raw]) -> list[RawTable]:
    return [raw for raw in raws if isinstance(raw, RawTable)]


def _translations(raw: RawTable, headers: Mapping[str, str]) -> dict[str, str]:
    wanted = {folded(own): english for own, english in headers.items()}
    there = {folded(header) for header in raw.header}
    return {
        header: wanted[folded(header)]
        for header in raw.header
        if folded(header) in wanted and folded(wanted[folded(header)]) not in there - {folded(header)}
    }


def _renamed(raw: RawTable, names: Mapping[str, str]) -> RawTable:
    if not names:
        return raw
    header = tuple(names.get(name, name) for name in raw.header)
    typed = None if raw.typed is None else raw.typed.rename(dict(names), strict=False)
    return replace(raw, header=header, frame=raw.frame.rename(dict(names)), typed=typed)
