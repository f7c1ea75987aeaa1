"""The rows of a text file, taken apart: the regular ones fast, the others one by one, so that each can be named."""

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa
from pyarrow import csv as arrow

from ..problems import Problem
from .dialect import Dialect, Record, records_of
from .raw import ROW


@dataclass(frozen=True)
class Layout:
    """How a file is laid out.

    Attributes
    ----------
    dialect : Dialect
    header : list of str
    row : int
        The row of the header.
    lines : int
        How many lines stand above the data.
    comment : str or None
        What a comment begins with.
    sure : bool
        Whether the header is known from its first cell to its last, so that two of them cannot have run into one.
    """

    dialect: Dialect
    header: list[str]
    row: int
    lines: int
    comment: str | None = None
    sure: bool = False


def regular(data: bytes, start: int, layout: Layout, names: Sequence[str]) -> pl.DataFrame | None:
    """Take the rows apart with PyArrow.

    Parameters
    ----------
    data : bytes
        A text in UTF-8.
    start : int
        Where in it the rows begin.
    layout : Layout
    names : sequence of str
        A name for each column.

    Returns
    -------
    polars.DataFrame or None
        None where a row has another width, or a quote stands where none should.
    """
    if start == len(data):
        return _frame([[] for _ in names], [], names)
    delimiter = layout.dialect.delimiter
    if layout.dialect != Dialect(delimiter) or not delimiter.isascii():
        return None
    quoted = data.find(b'"', start) >= 0
    if quoted and not _quotes_are_regular(data, start, delimiter):
        return None
    keys = [str(number) for number in range(len(names))]
    try:
        table = arrow.read_csv(
            pa.py_buffer(memoryview(data)[start:]),
            read_options=arrow.ReadOptions(column_names=keys),
            parse_options=arrow.ParseOptions(delimiter=delimiter, newlines_in_values=quoted, ignore_empty_lines=False),
            convert_options=arrow.ConvertOptions(
                column_types=dict.fromkeys(keys, pa.string()), strings_can_be_null=False, check_utf8=False
            ),
        )
    except pa.ArrowException:
        return None
    frame = pl.DataFrame(pl.from_arrow(table.combine_chunks())).rename(dict(zip(keys, names, strict=True)))
    first = layout.row + 1
    return frame.with_columns(pl.int_range(first, first + frame.height, dtype=pl.Int64).alias(ROW))


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


def irregular(text: str, layout: Layout, names: Sequence[str], file: str) -> tuple[pl.DataFrame, list[Problem]]:
    """Take the rows apart one by one, and list those that cannot be.

    Parameters
    ----------
    text : str
        The rows.
    layout : Layout
    names : sequence of str
        A name for each column.
    file : str
        Its name.

    Returns
    -------
    polars.DataFrame
    list of Problem
    """
    records = list(records_of(lines_of(text), layout.dialect, 0))
    width = _settled_width(records, layout)
    kept: list[list[str]] = []
    rows: list[int] = []
    problems: list[Problem] = []
    for row, record in enumerate(records, start=layout.row + 1):
        if _is_blank(record, layout):
            continue
        if record.cells is None or len(record.cells) != width:
            problems.append(_ragged(record, row, width, file, layout.dialect.delimiter))
            continue
        kept.append(record.cells)
        rows.append(row)
    missing = [""] * max(len(names) - width, 0)
    cells = [[*cells, *missing][: len(names)] for cells in kept]
    return _frame([[row[number] for row in cells] for number in range(len(names))], rows, names), problems


def _settled_width(records: Sequence[Record], layout: Layout) -> int:
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


def _is_blank(record: Record, layout: Layout) -> bool:
    if record.cells is None:
        return False
    first, rest = (record.cells or [""])[0], record.cells[1:]
    comment = layout.comment is not None and first.lstrip().startswith(layout.comment)
    return not any(cell.strip() for cell in (rest if comment else record.cells))


def _ragged(record: Record, row: int, width: int, file: str, delimiter: str) -> Problem:
    if record.cells is None:
        return bad_quote(record, row, file)
    called = {",": "comma", ";": "semicolon", "\t": "tab"}.get(delimiter, f'"{delimiter}"')
    text = f"This row has {len(record.cells)} cells where the header has {width}."
    hint = f"Look for a {called} too many or too few; a cell that holds one goes into quotation marks."
    return Problem("ragged_row", text, hint, file=file, row=row, value=_shown(record))


def bad_quote(record: Record, row: int, file: str) -> Problem:
    """Return the problem of a row whose quotes do not tell where its cells end."""
    text = "A quotation mark in this row is not closed, or stands inside a cell."
    hint = 'Write a quotation mark inside a quoted cell twice ("").'
    return Problem("bad_quote", text, hint, file=file, row=row, value=_shown(record))


def _shown(record: Record) -> str:
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
