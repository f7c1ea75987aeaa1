"""Text files of cells (CSV, TSV): encoding, delimiter, header and rows; nothing is shifted, nothing is lost.

Regular files are taken apart by Polars; a file in which any row is out of the ordinary is taken apart by the
`csv` module, row by row, so that each such row can be named.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from ...errors import NotALogError
from ...language import gettext, translatable
from ...problems import Problem
from ..options import Options
from .encoding import as_utf8
from .raw import (
    HEAD,
    ROW,
    Extent,
    File,
    RawTable,
    find_header,
    folded,
    header_score,
    is_comment,
    passed_over,
    unique_names,
    without_blank_rows,
    without_header_rows,
)

_HEAD_BYTES = 1 << 16


def read_text(file: File, known: frozenset[str] = frozenset(), options: Options | None = None) -> RawTable:
    """Read a text file of cells; the headers that are `known` (folded) tell where its header is.

    A row of another width than the header, or with a quote that is not closed, is among the problems of the table.

    >>> table = read_text(File("log.csv", b"id,goal\\n007,hook\\n"))
    >>> table.header, table.frame.rows()
    (('id', 'goal'), [('007', 'hook', 2)])
    """
    text, remarks = as_utf8(file)
    with cells_of_any_size():
        layout, problems = _layout(text, known)
        Extent(1, len(layout.header), len(layout.header)).check(file.name, options or Options())
        names = unique_names(layout.header)
        start = _end_of_line(text.data, layout.lines)
        frame = regular(text, start, layout, names)
        if frame is None:
            frame, out_of_form = irregular(text, start, layout, names)
            problems += out_of_form
    frame = without_blank_rows(frame, layout.comment)
    frame, again = without_header_rows(frame, layout.header, file.name)
    problems = [*remarks, *problems, *again]
    return RawTable(file.name, None, names, layout.row, frame, (*problems,), apostrophes=b"'" in text.data)


@dataclass(frozen=True)
class Dialect:
    """How a file is written; where it is `padded`, blanks after a delimiter are no part of the cell."""

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
class Layout:
    """How a file is laid out: the `row` of its header, the `lines` above the data, and what a `comment` begins with.

    It is `sure` where the header is known from first cell to last, so that two of them cannot have run into one.
    """

    dialect: Dialect
    header: list[str]
    row: int
    lines: int
    comment: str | None = None
    sure: bool = False


def _layout(file: File, known: frozenset[str]) -> tuple[Layout, list[Problem]]:
    """Say how a file is laid out, and list the rows above its header that are no titles."""
    lines = lines_of(_head(file.data))
    declared = re.fullmatch(r"(?i)sep=(.)[\r\n]+", lines[0])
    dialect = Dialect(declared[1]) if declared else find_dialect(lines, known)
    records = first_records(lines, dialect)
    cells = [record.cells or [record.line] for record in records]
    at = find_header(cells[1:] if declared else cells, known)
    if at is None:
        raise NotALogError(gettext("{name} has no rows: all that it holds is blank lines or comments.", name=file.name))
    at += bool(declared)
    above = [record.line.lstrip()[0] for record in records[:at] if is_comment(record.line)]
    height = sum(record.lines for record in records[: at + 1])
    sure = all(folded(cell) in known for cell in cells[at])
    layout = Layout(dialect, cells[at], at + 1, height, above[0] if above else None, sure)
    broken = [
        bad_quote(record, row, file.name)
        for row, record in enumerate(records[:at], start=1)
        if record.cells is None and not is_comment(record.line)
    ]
    return layout, [*broken, *passed_over(cells, at, file.name)]


def _head(data: bytes) -> str:
    """Return the beginning of a file, whole lines of it."""
    end = max(data.rfind(b"\n", 0, _HEAD_BYTES), data.rfind(b"\r", 0, _HEAD_BYTES))
    whole = len(data) <= _HEAD_BYTES or end < 0
    return data.decode("utf-8") if whole else data[: end + 1].decode("utf-8")


def _end_of_line(data: bytes, number: int) -> int:
    end = 0
    for _ in range(number):
        found = re.compile(rb"\r\n|\n|\r").search(data, end)
        end = found.end() if found else len(data)
    return end


def regular(file: File, start: int, layout: Layout, names: Sequence[str]) -> pl.DataFrame | None:
    """Take the rows of a text in UTF-8, below the header that ends at the byte `start`, apart with Polars.

    None where a row has another width, or a quote stands where none should.
    """
    data, delimiter = file.data, layout.dialect.delimiter
    if start == len(data):
        return _frame([[] for _ in names], [], names)
    if layout.dialect != Dialect(delimiter) or not delimiter.isascii() or not _ends_in_lf(data):
        return None
    quoted = data.find(b'"', start) >= 0
    if quoted and not _quotes_are_regular(data, start, delimiter):
        return None
    try:
        frame = _by_polars(data, layout, names)
    except pl.exceptions.PolarsError:
        return None
    within = _within(frame, delimiter) if quoted else 0
    is_whole = _delimiters(data, start, delimiter) == within + frame.height * (len(names) - 1)
    return frame if is_whole else None  # Polars fills a row that is too short


def _by_polars(data: bytes, layout: Layout, names: Sequence[str]) -> pl.DataFrame:
    frame = pl.read_csv(
        data if data.endswith(b"\n") else data + b"\n",  # else Polars lets the last row be too long
        has_header=False,
        skip_lines=layout.lines,
        separator=layout.dialect.delimiter,
        schema=dict.fromkeys(names, pl.String),
        empty_string_is_null=False,
        missing_columns="raise",
        extra_columns="raise",
        row_index_name=ROW,
        row_index_offset=layout.row + 1,
    )
    return frame.select(*names, pl.col(ROW).cast(pl.Int64))


def _ends_in_lf(data: bytes) -> bool:
    """Tell whether each line ends in LF, or in CR LF."""
    return b"\r" not in data or data.count(b"\r") == data.count(b"\r\n")


_BLOCK = 1 << 18
"""How many bytes are looked at in one go: so many are close at hand."""


def _delimiters(data: bytes, start: int, delimiter: str) -> int:
    letters = np.frombuffer(data, dtype=np.uint8)[start:]
    blocks = (letters[at : at + _BLOCK] for at in range(0, len(letters), _BLOCK))
    return sum(int(np.count_nonzero(block == ord(delimiter))) for block in blocks)


def _within(frame: pl.DataFrame, delimiter: str) -> int:
    """Count the delimiters that are part of a cell."""
    return int(frame.select(pl.exclude(ROW).str.count_matches(delimiter, literal=True).sum()).sum_horizontal().item())


def _quotes_are_regular(data: bytes, start: int, delimiter: str) -> bool:
    """Tell whether each quote opens a cell, closes one, or is doubled in one.

    Counted from 0, even quotes open: before them a cell begins, or a quote stands. Odd ones close: after them a
    cell ends, or a quote stands. (A doubled quote closes the cell and opens it again.)
    """
    letters = np.frombuffer(data, dtype=np.uint8)[start:]
    quotes = np.flatnonzero(letters == ord('"'))
    if len(quotes) % 2:
        return False
    beside = np.array([ord(delimiter), ord("\n"), ord("\r"), ord('"')], dtype=np.uint8)
    opening, closing = quotes[::2], quotes[1::2]
    opens = (opening == 0) | np.isin(letters[opening - 1], beside)
    last = len(letters) - 1
    closes = (closing == last) | np.isin(letters[np.minimum(closing + 1, last)], beside)
    return bool(np.all(opens) and np.all(closes))


def irregular(file: File, start: int, layout: Layout, names: Sequence[str]) -> tuple[pl.DataFrame, list[Problem]]:
    """Take the rows apart one by one, and list those that cannot be."""
    text = file.data[start:].decode("utf-8")
    records = list(records_of(lines_of(text), layout.dialect, 0))
    width = _settled_width(records, layout)
    kept: list[list[str]] = []
    rows: list[int] = []
    problems: list[Problem] = []
    filled = [(row, one) for row, one in enumerate(records, start=layout.row + 1) if not _is_blank(one, layout)]
    for row, record in filled:
        if len(filled) == 1 and record.cells and len(record.cells) == 1 < width:
            problems.append(_no_rows(record, row, file.name))
            continue
        if record.cells is None or len(record.cells) != width:
            problems.append(_ragged(record, row, width, file.name, layout.dialect.delimiter))
            continue
        kept.append(record.cells)
        rows.append(row)
    missing = [""] * max(len(names) - width, 0)
    cells = [[*cells, *missing][: len(names)] for cells in kept]
    return _frame([[row[number] for row in cells] for number in range(len(names))], rows, names), problems


@dataclass(frozen=True)
class CsvRow:
    """A row: its cells, or None where they cannot be told apart, and the lines of the file that it takes."""

    cells: list[str] | None
    line: str
    lines: int


def _settled_width(records: Sequence[CsvRow], layout: Layout) -> int:
    """Return how many cells a row has to have: as many as the header.

    Where all rows agree on another number, and the cells more or less are empty ones at the end, that is it; but
    where rows have more, the header must be sure: else a delimiter may be missing in it.
    """
    header = layout.header
    widths = {len(r.cells) for r in records if r.cells and not _is_blank(r, layout)}
    if len(widths) != 1 or (width := widths.pop()) == len(header):
        return len(header)
    if width > len(header) and not layout.sure:
        return len(header)
    beyond = [*header[width:]]
    beyond += [cell for r in records if r.cells and len(r.cells) == width for cell in r.cells[len(header) :]]
    return width if not any(cell.strip() for cell in beyond) else len(header)


def _is_blank(record: CsvRow, layout: Layout) -> bool:
    if record.cells is None:
        return False
    first, rest = (record.cells or [""])[0], record.cells[1:]
    comment = layout.comment is not None and first.lstrip().startswith(layout.comment)
    return not any(cell.strip() for cell in (rest if comment else record.cells))


_CALLED = translatable({",": "comma", ";": "semicolon", "\t": "tab"})


def _ragged(record: CsvRow, row: int, width: int, file: str, delimiter: str) -> Problem:
    if record.cells is None:
        return bad_quote(record, row, file)
    called = gettext(_CALLED.get(delimiter, f'"{delimiter}"'))
    text = gettext("This row has {number} cells where the header has {width}.", number=len(record.cells), width=width)
    hint = gettext(
        "Look for a {called} too many or too few; a cell that holds one goes into quotation marks.", called=called
    )
    return Problem("ragged_row", text, hint, file=file, row=row, value=_shown(record))


def _no_rows(record: CsvRow, row: int, file: str) -> Problem:
    text = gettext("One cell is all that stands below the header: there are no rows.")
    hint = gettext("If the program that wrote the file says there that it found nothing, have it write another.")
    return Problem("no_rows", text, hint, file=file, row=row, value=_shown(record))


def bad_quote(record: CsvRow, row: int, file: str) -> Problem:
    """Return the problem of a row whose quotes do not tell where its cells end."""
    text = gettext("A quotation mark in this row is not closed, or stands inside a cell.")
    hint = gettext('Write a quotation mark inside a quoted cell twice ("").')
    return Problem("bad_quote", text, hint, file=file, row=row, value=_shown(record))


def _shown(record: CsvRow) -> str:
    return record.line.rstrip("\r\n")[:200]


def _frame(columns: Sequence[Sequence[str]], rows: Sequence[int], names: Sequence[str]) -> pl.DataFrame:
    cells = {name: pl.Series(name, values, dtype=pl.String) for name, values in zip(names, columns, strict=True)}
    return pl.DataFrame({**cells, ROW: pl.Series(ROW, rows, dtype=pl.Int64)})


def lines_of(text: str) -> list[str]:
    """Return the lines of a text with their ends; a line ends in CR LF, LF or CR, and in nothing else."""
    return list(io.StringIO(text, newline=""))


@contextmanager
def cells_of_any_size() -> Iterator[None]:
    """Let the `csv` module take cells of any size, for the while."""
    limit = csv.field_size_limit(2**31 - 1)
    try:
        yield
    finally:
        csv.field_size_limit(limit)


DELIMITERS = (",", ";", "\t", "|")

_LONGEST_CELL = 100
"""How many lines a quoted cell may run over once a quote was found that is never closed."""


def find_dialect(lines: list[str], known: frozenset[str]) -> Dialect:
    """Return the dialect under which the header is known.

    If it is under none, the one under which most rows are of one width above 1, and no quotes are left round cells.

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


def _fit(records: Sequence[CsvRow], known: frozenset[str]) -> tuple[int, float, int, int]:
    filled = [record.cells or [] for record in records if record.line.strip() and not is_comment(record.line)]
    widths = Counter(map(len, filled))
    width, rows = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    score = max((header_score(cells, known) for cells in filled), default=0)
    share = rows / len(filled) if width > 1 else 0.0
    quoted = sum(1 for cells in filled for cell in cells if _is_quoted(cell.strip()))
    return (score if score > 1 else 0, share, -quoted, width)


def _is_quoted(cell: str) -> bool:
    return len(cell) > 1 and cell[0] == cell[-1] and cell[0] in "\"'"


def first_records(lines: list[str], dialect: Dialect) -> list[CsvRow]:
    """Return the first rows; a comment is a row of one line, whatever quotes are in it."""
    records: list[CsvRow] = []
    at = 0
    while at < len(lines) and len(records) < HEAD:
        if is_comment(lines[at]):
            cells = lines[at].rstrip("\r\n").split(dialect.delimiter)
            records.append(CsvRow(cells, lines[at], 1))
        else:
            records.append(next(records_of(lines, dialect, at)))
        at += records[-1].lines
    return records


def records_of(lines: list[str], dialect: Dialect, at: int) -> Iterator[CsvRow]:
    """Take lines apart from `at` on; after a row that cannot be, go on with the next line."""
    longest = len(lines)
    while at < len(lines):
        source = _Lines(lines, at, longest)
        try:
            for cells in dialect.cells(source):
                text = "".join(lines[at : source.at])
                if dialect.quote in text and dialect.in_doubt(cells, text):
                    raise csv.Error
                yield CsvRow(cells, lines[at], source.at - at)
                at = source.at
                source.stop = at + longest
        except csv.Error:
            yield CsvRow(None, lines[at], 1)
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
