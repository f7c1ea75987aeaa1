"""How a text file is written: what stands between its cells, and what is put round a cell that holds that itself."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from .raw import HEAD, header_score, is_comment

DELIMITERS = (",", ";", "\t", "|")
_LONGEST_CELL = 100
"""How many lines a quoted cell may run over once a quote was found that is never closed."""


@dataclass(frozen=True)
class Dialect:
    """How a file is written.

    Attributes
    ----------
    delimiter : str
        What stands between two cells.
    quote : str
        What stands on either side of a cell that holds a delimiter, and twice for itself.
    padded : bool
        Whether blanks after a delimiter are no part of the cell, so that a quote may follow them.
    """

    delimiter: str = ","
    quote: str = '"'
    padded: bool = False

    def cells(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """Take lines apart."""
        return csv.reader(
            lines, delimiter=self.delimiter, quotechar=self.quote, skipinitialspace=self.padded, strict=True
        )

    def in_doubt(self, cells: Sequence[str], text: str) -> bool:
        """Tell whether a row can be taken apart in two ways.

        It can where a quote follows blanks, and where a quoted part that holds a delimiter stands inside a cell, as
        `7"a, b"` does when the delimiter before the quote is missing. (A single quote inside a cell may be inches.)
        """
        if any(self._follows_blanks(cell, text) for cell in cells):
            return True
        if self.quote != '"' and '"' in text:
            return True
        outside = re.sub(f"{self.quote}[^{self.quote}]*{self.quote}", "", text)
        return self.quote not in outside and outside.count(self.delimiter) + 1 != len(cells)

    def _follows_blanks(self, cell: str, text: str) -> bool:
        """Tell whether a cell begins with blanks and a quote, and is not itself quoted."""
        if not cell[:1].isspace() or not cell.lstrip().startswith(self.quote):
            return False
        return self.quote + cell.replace(self.quote, self.quote * 2) + self.quote not in text


@dataclass(frozen=True)
class Record:
    """A row: its cells, or None where they cannot be told apart, and the lines of the file that it takes."""

    cells: list[str] | None
    line: str
    lines: int


def find_dialect(lines: list[str], known: frozenset[str]) -> Dialect:
    """Say how a file is written.

    It is the dialect under which the header is known; else the one under which most rows are of one width above 1,
    and no quotes are left round cells.

    Parameters
    ----------
    lines : list of str
        Its first lines.
    known : frozenset of str
        Headers that a reader knows, folded.

    Returns
    -------
    Dialect

    Examples
    --------
    >>> find_dialect(["a; b", "1,5; '2;5'"], frozenset())
    Dialect(delimiter=';', quote="'", padded=True)
    """
    text = "".join(lines)
    tried = [Dialect(delimiter) for delimiter in DELIMITERS]
    tried += [Dialect(one, "'") for one in DELIMITERS if _opened(text, one, "'") > _opened(text, one, '"')]
    tried += [replace(one, padded=True) for one in tried if f"{one.delimiter} {one.quote}" in text]
    return max(tried, key=lambda dialect: _fit(first_records(lines, dialect), known))


def _opened(text: str, delimiter: str, quote: str) -> int:
    """Count the cells that begin with a quote, perhaps after blanks."""
    return len(re.findall(f"{re.escape(delimiter)} *{quote}", text))


def _fit(records: Sequence[Record], known: frozenset[str]) -> tuple[int, float, int, int]:
    filled = [record.cells or [] for record in records if record.line.strip() and not is_comment(record.line)]
    widths = Counter(map(len, filled))
    width, rows = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    score = max((header_score(cells, known) for cells in filled), default=0)
    share = rows / len(filled) if width > 1 else 0.0
    quoted = sum(1 for cells in filled for cell in cells if _is_quoted(cell.strip()))
    return (score if score > 1 else 0, share, -quoted, width)


def _is_quoted(cell: str) -> bool:
    return len(cell) > 1 and cell[0] == cell[-1] and cell[0] in "\"'"


def first_records(lines: list[str], dialect: Dialect) -> list[Record]:
    """Return the first rows; a comment is a row of one line, whatever quotes are in it.

    Parameters
    ----------
    lines : list of str
    dialect : Dialect

    Returns
    -------
    list of Record
    """
    records: list[Record] = []
    at = 0
    while at < len(lines) and len(records) < HEAD:
        if is_comment(lines[at]):
            cells = lines[at].rstrip("\r\n").split(dialect.delimiter)
            records.append(Record(cells, lines[at], 1))
        else:
            records.append(next(records_of(lines, dialect, at)))
        at += records[-1].lines
    return records


def records_of(lines: list[str], dialect: Dialect, at: int) -> Iterator[Record]:
    """Take lines apart from `at` on; after a row that cannot be, go on with the next line.

    Parameters
    ----------
    lines : list of str
    dialect : Dialect
    at : int

    Yields
    ------
    Record
    """
    longest = len(lines)
    while at < len(lines):
        source = _Lines(lines, at, longest)
        try:
            for cells in dialect.cells(source):
                text = "".join(lines[at : source.at])
                if dialect.quote in text and dialect.in_doubt(cells, text):
                    raise csv.Error
                yield Record(cells, lines[at], source.at - at)
                at = source.at
                source.stop = at + longest
        except csv.Error:
            yield Record(None, lines[at], 1)
            at += 1
            longest = _LONGEST_CELL  # else a file full of open quotes would be read to its end for each of them


class _Lines:
    """Lines one after the other, up to `stop`; `at` says how many have been taken."""

    def __init__(self, lines: list[str], at: int, longest: int) -> None:
        self.lines, self.at, self.stop = lines, at, at + longest

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.at >= min(self.stop, len(self.lines)):
            raise StopIteration
        self.at += 1
        return self.lines[self.at - 1]
