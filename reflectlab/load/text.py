"""Text files of cells (CSV, TSV): encoding, delimiter, header and rows; nothing is shifted, nothing is lost.

Regular files are taken apart by PyArrow; a file in which any row is out of the ordinary is taken apart by the
`csv` module, row by row, so that each such row can be named.
"""

import re

from ..errors import NotALogError
from ..problems import Problem
from .dialect import Dialect, find_dialect, first_records
from .encoding import as_utf8
from .raw import (
    RawTable,
    find_header,
    folded,
    is_comment,
    passed_over,
    unique_names,
    without_blank_rows,
    without_header_rows,
)
from .rows import Layout, bad_quote, cells_of_any_size, irregular, lines_of, regular

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
        layout, problems = _layout(utf8, file, known)
        names = unique_names(layout.header)
        start = _end_of_line(utf8, layout.lines)
        frame = regular(utf8, start, layout, names)
        if frame is None:
            frame, out_of_form = irregular(utf8[start:].decode("utf-8"), layout, names, file)
            problems += out_of_form
    frame = without_blank_rows(frame, layout.comment)
    frame, again = without_header_rows(frame, layout.header, file)
    return RawTable(file, None, names, layout.row, frame, (*remarks, *problems, *again))


def _layout(data: bytes, file: str, known: frozenset[str]) -> tuple[Layout, list[Problem]]:
    """Say how a file is laid out, and list the rows above its header that are no titles."""
    lines = lines_of(_head(data))
    declared = re.fullmatch(r"(?i)sep=(.)[\r\n]+", lines[0])
    dialect = Dialect(declared[1]) if declared else find_dialect(lines, known)
    records = first_records(lines, dialect)
    cells = [record.cells or [record.line] for record in records]
    at = find_header(cells[1:] if declared else cells, known)
    if at is None:
        raise NotALogError(f"{file} has no rows: all that it holds is blank lines or comments.")
    at += bool(declared)
    above = [record.line.lstrip()[0] for record in records[:at] if is_comment(record.line)]
    height = sum(record.lines for record in records[: at + 1])
    sure = all(folded(cell) in known for cell in cells[at])
    layout = Layout(dialect, cells[at], at + 1, height, above[0] if above else None, sure)
    broken = [
        bad_quote(record, row, file)
        for row, record in enumerate(records[:at], start=1)
        if record.cells is None and not is_comment(record.line)
    ]
    return layout, [*broken, *passed_over(cells, at, file)]


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
