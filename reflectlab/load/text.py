"""Text files of cells (CSV, TSV): encoding, delimiter, header and rows; nothing is shifted, nothing is lost.

Regular files are taken apart by PyArrow; a file in which any row is out of the ordinary is taken apart by the
`csv` module, row by row, so that each such row can be named.
"""

import csv
import re
from collections import Counter
from collections.abc import Sequence

from ..errors import NotALogError
from ..problems import Problem
from .encoding import as_utf8
from .raw import HEAD, RawTable, find_header, header_score, is_comment, unique_names, without_blank_rows
from .rows import Layout, Record, cells_of_any_size, irregular, lines_of, records_of, regular

DELIMITERS = (",", ";", "\t", "|")
_HEAD_BYTES = 1 << 16


def read_text(data: bytes, file: str, known: frozenset[str] = frozenset()) -> RawTable:
    """Read a text file of cells.

    Parameters
    ----------
    data : bytes
        The file.
    file : str
        Its name.
    known : frozenset of str
        Headers that a reader knows, folded: they tell where the header is.

    Returns
    -------
    RawTable
        A row that has another number of cells than the header, or a quote that is not closed, is not in its frame
        but among its problems.

    Raises
    ------
    NotALogError
        If the file is empty or is no text.

    Examples
    --------
    >>> table = read_text(b"id,goal\\n007,hook\\n", "log.csv")
    >>> table.header, table.frame.rows()
    (('id', 'goal'), [('007', 'hook', 2)])
    """
    utf8, remarks = as_utf8(data, file)
    with cells_of_any_size():
        layout = _layout(utf8, file, known)
        names = unique_names(layout.header)
        start = _end_of_line(utf8, layout.lines)
        frame = regular(utf8, start, layout, names)
        problems: list[Problem] = []
        if frame is None:
            frame, problems = irregular(utf8[start:].decode("utf-8"), layout, names, file)
    frame = without_blank_rows(frame, layout.comment)
    return RawTable(file, None, names, layout.row, frame, (*remarks, *problems))


def _layout(data: bytes, file: str, known: frozenset[str]) -> Layout:
    head = _head(data)
    declared = re.match(r"(?i)sep=(.)\r?\n", head)
    delimiter = declared[1] if declared else _delimiter(head, known)
    records = _first(head, delimiter)
    cells = [record.cells or [record.line] for record in records]
    at = find_header(cells[1:] if declared else cells, known)
    if at is None:
        raise NotALogError(f"{file} has no rows: all that it holds is blank lines or comments.")
    at += bool(declared)
    above = [record.line.lstrip()[0] for record in records[:at] if is_comment(record.line)]
    lines = sum(record.lines for record in records[: at + 1])
    return Layout(delimiter, cells[at], at + 1, lines, above[0] if above else None)


def _head(data: bytes) -> str:
    """Return the beginning of a file, whole lines of it."""
    end = max(data.rfind(b"\n", 0, _HEAD_BYTES), data.rfind(b"\r", 0, _HEAD_BYTES))
    whole = len(data) <= _HEAD_BYTES or end < 0
    return data.decode("utf-8") if whole else data[: end + 1].decode("utf-8")


def _delimiter(head: str, known: frozenset[str]) -> str:
    """Return the delimiter under which the header is known, else under which most rows are of one width above 1."""
    return max(DELIMITERS, key=lambda delimiter: _fit(_first(head, delimiter), known))


def _fit(records: Sequence[Record], known: frozenset[str]) -> tuple[int, float, int]:
    filled = [r.cells or [] for r in records if r.line.strip() and not is_comment(r.line)]
    widths = Counter(map(len, filled))
    width, rows = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    score = max((header_score(cells, known) for cells in filled), default=0)
    share = rows / len(filled) if width > 1 else 0.0
    return (score if score > 1 else 0, share, width)


def _first(head: str, delimiter: str) -> list[Record]:
    """Return the first rows; a comment is a row of one line, whatever quotes are in it."""
    lines = lines_of(head)
    records: list[Record] = []
    at = 0
    while at < len(lines) and len(records) < HEAD:
        if is_comment(lines[at]):
            cells = next(csv.reader([lines[at]], delimiter=delimiter, quoting=csv.QUOTE_NONE))
            records.append(Record([cell.strip("\r\n") for cell in cells], lines[at], 1))
        else:
            records.append(next(records_of(lines, delimiter, at)))
        at += records[-1].lines
    return records


def _end_of_line(data: bytes, number: int) -> int:
    end = 0
    for _ in range(number):
        found = re.compile(rb"\r\n|\n|\r").search(data, end)
        end = found.end() if found else len(data)
    return end
