"""Who and what is to stand in the lists of a workbook: lines, of a file or of the caller, with tabs between cells."""

import codecs
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from ..errors import ArgumentError, ReflectLabError, refuse_endless

Entries = Iterable[str] | os.PathLike[str]
"""One entry a line, or the text file that holds them."""

GivenRows = list[list[str]]

_LONGEST = 255
"""How many letters an entry of a list to choose from may have in a workbook."""

_MOST = 500
"""How many entries a list to choose from holds; more can be written than ever stand in a class."""

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def entries(argument: str, given: Entries) -> GivenRows:
    r"""Return the cells of each entry; blank lines are passed over.

    >>> entries("goals", ["Open with a hook\tWriting", "", "Tell a fact"])
    [['Open with a hook', 'Writing'], ['Tell a fact']]
    """
    if isinstance(given, str):
        raise ArgumentError("must be a list of lines, or a Path of a text file; got one text.", argument)
    lines = _lines(Path(given)) if isinstance(given, os.PathLike) else list(given)
    rows = [cells for line in lines if (cells := [" ".join(cell.split()) for cell in line.split("\t")])[0]]
    _refuse(argument, [row[0] for row in rows])
    return rows


def _lines(file: Path) -> Sequence[str]:
    try:
        refuse_endless(file)
        data = file.read_bytes()
    except OSError as error:
        raise ReflectLabError(f"{file} cannot be read: {error.strerror}.") from error
    mark, encoding = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", "utf-8"))
    try:
        return data.removeprefix(mark).decode(encoding).splitlines()
    except UnicodeDecodeError:
        raise ReflectLabError(f"{file} is no text in UTF-8. Save it as plain text in UTF-8.") from None


def _refuse(argument: str, names: Sequence[str]) -> None:
    """Refuse what could not be chosen: of two who are called the same nobody could tell which was meant."""
    seen: dict[str, str] = {}
    for name in names:
        if (again := seen.setdefault(name.casefold(), name)) is not name:
            tell = "Tell them apart, as by an initial." if argument == "learners" else "Write it once."
            raise ArgumentError(f"hold {again!r} twice. {tell}", argument)
    if long := next((name for name in names if len(name) > _LONGEST), None):
        raise ArgumentError(f"must have at most {_LONGEST} letters each; {long[:40]!r}... has {len(long)}.", argument)
    if len(names) > _MOST:
        raise ArgumentError(f"must be at most {_MOST}; got {len(names):,}.", argument)
