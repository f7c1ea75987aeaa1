"""Workbooks (XLSX, XLSB, XLS, ODS): every sheet a raw table, dates as ISO text."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl

from ...errors import NotALogError
from ...problems import Problem
from ..options import Options
from .archives import ZIP, Archive
from .opendocument import MARKS, PART, shown_in_opendocument
from .raw import HEAD, ROW, File, RawTable, column_letter, find_header, is_comment, unique_names, without_blank_rows
from .sheets import Sheet, sheets_in
from .shown import HIDDEN, Shown, sheets_of, shown_in

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

_HALF_A_MILLISECOND = timedelta(microseconds=500)


def read_workbook(
    file: File,
    known: frozenset[str] = frozenset(),
    archive: Archive | None = None,
    options: Options | None = None,
) -> list[RawTable]:
    """Read every sheet of a workbook that holds anything; the options tell whether what is hidden is read.

    The headers that a reader knows, folded, tell where the header is. `archive` is the file, where it is open already.
    Raises NotALogError if it cannot be read: damaged, locked with a password, or far larger than it seems.
    """
    options = options or Options()
    if archive is None and file.data.startswith(ZIP):
        archive = Archive(file)
    if archive is None and _ENCRYPTED in file.data:
        raise NotALogError(f"{file.name} is locked with a password. Save a copy without one.")
    marked = archive.parts_with(*_ERRORS, *HIDDEN, *MARKS) if archive else set()
    shown = _shown_beside(archive, marked) if archive else {}
    sheets = sheets_in(file)
    errors = error_cells(archive, marked) if archive else {}
    found, hidden = [], []
    for sheet in sheets:
        table = _table(sheet, file.name, shown.get(sheet.name, Shown()), known, options)
        if table is not None and (sheet.visible or options.hidden):
            found.append(_with_errors(table, errors.get(sheet.name, ())))
        elif table is not None:
            hidden.append(_hidden_sheet(table, options))
    if not found:
        raise NotALogError(
            f"{file.name} is empty: none of its sheets {'that are shown ' if hidden else ''}holds anything."
        )
    return [replace(found[0], problems=(*found[0].problems, *hidden)), *found[1:]] if hidden else found


def _shown_beside(archive: Archive, marked: Collection[str]) -> dict[str, Shown]:
    """Return what each sheet shows beside its values, from the parts of a workbook that have a mark of it."""
    if PART in marked:
        return shown_in_opendocument(next(archive.parts(PART))[1])
    return shown_in(archive, frozenset(marked))


Cells = Sequence[tuple[str, int, str]]
"""The column as a letter, the row, and the error, of each such cell of a sheet."""


def _with_errors(table: RawTable, cells: Cells) -> RawTable:
    letters = [column_letter(number) for number in range(len(table.header))]
    return replace(table, problems=(*table.problems, *_error_remarks(cells, table, letters))) if cells else table


def _table(sheet: Sheet, file: str, shown: Shown, known: frozenset[str], options: Options) -> RawTable | None:
    rows = sheet.rows
    for (row, column), text in shown.texts.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text
    head = [[as_text(cell) for cell in row] for row in rows[:HEAD]]
    at = find_header(head, known)
    if at is None:
        return None
    filled = _fill_merged(sheet, at)
    width = max((n + 1 for row in rows[at:] for n in range(len(row) - 1, -1, -1) if row[n] != ""), default=0)
    names = unique_names([*head[at], *[""] * width][:width])
    comments = [row[0].lstrip()[0] for row in head[:at] if row and is_comment(row[0])]
    body = rows[at + 1 :]
    columns = {name: _column(body, number) for number, name in enumerate(names)}
    first = at + 2
    frame = pl.DataFrame(columns).with_columns(
        pl.int_range(first, first + len(body), dtype=pl.Int64).alias(ROW) if body else pl.lit(0, pl.Int64).alias(ROW)
    )
    frame = without_blank_rows(frame if body else frame.clear(), comments[0] if comments else None)
    table = RawTable(file, sheet.name, names, at + 1, frame, tuple(_remark_merged(filled, file, sheet.name)))
    return _without_hidden(table, sheet, shown, options)


def _fill_merged(sheet: Sheet, header: int) -> int:
    """Write into merged cells below the header what stands in the first of them; return how many were filled."""
    filled = 0
    for (top, left), (bottom, _) in sheet.merged:
        value = sheet.rows[top][left] if header < top < len(sheet.rows) and left < len(sheet.rows[top]) else ""
        for row in sheet.rows[top + 1 : bottom + 1] if value != "" else ():
            if left < len(row) and row[left] == "":
                row[left] = value
                filled += 1
    return filled


def _remark_merged(filled: int, file: str, sheet: str) -> list[Problem]:
    if not filled:
        return []
    text = f"{filled:,} cells that are merged with the one above them were filled with what stands there."
    return [Problem("merged_cells", text, "Nothing needs to be done.", file, sheet)]


def _without_hidden(table: RawTable, sheet: Sheet, shown: Shown, options: Options) -> RawTable:
    """Remark on what is hidden; leave it out and list it where the caller says so."""
    hidden = table.frame.filter(pl.col(ROW).is_in(shown.hidden))[ROW].to_list() if shown.hidden else []
    what = "filtered out" if shown.filtered else "hidden"
    file, name = table.place
    if hidden and not options.hidden:
        text = f"This row is {what}; it was left out, as was said: {options.say(hidden=False)}."
        listed = [Problem("left_hidden", text, "Nothing needs to be done.", file, name, row) for row in hidden]
        frame = table.frame.filter(~pl.col(ROW).is_in(hidden))
        return replace(table, frame=frame, problems=(*table.problems, *listed))
    hint = f"If they are no part of the log, leave them out: {options.say(hidden=False)}."
    found = []
    if not sheet.visible:
        text = f"This sheet is hidden; its {table.frame.height:,} rows were read like any other."
        found.append(Problem("hidden_rows", text, hint, file, name))
    elif hidden:
        text = f"{len(hidden):,} rows are {what}, this one first; they were read like any other."
        found.append(Problem("hidden_rows", text, hint, file, name, hidden[0]))
    return replace(table, problems=(*table.problems, *found)) if found else table


def _hidden_sheet(table: RawTable, options: Options) -> Problem:
    rows = table.frame.height
    text = f"This sheet is hidden; its {rows:,} rows were left out, as was said: {options.say(hidden=False)}."
    return Problem("left_hidden", text, "Nothing needs to be done.", *table.place)


def _column(rows: Sequence[Sequence[Any]], number: int) -> pl.Series:
    cells = [row[number] if number < len(row) else "" for row in rows]
    return pl.Series([cell if type(cell) is str else as_text(cell) for cell in cells], dtype=pl.String)


_LARGEST = 2**53
"""The largest whole number up to which a spreadsheet keeps every digit."""


def as_text(cell: Any) -> str:
    """Return a cell as text: a whole number without a point, a moment as 2026-07-20 09:15:00, a date without a time.

    >>> as_text(7.0), as_text(datetime(2026, 7, 20)), as_text(True)
    ('7', '2026-07-20', 'TRUE')
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) <= _LARGEST else repr(cell).upper()
    if isinstance(cell, datetime):
        return _moment(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat()
    return str(cell)


def _moment(moment: datetime) -> str:
    """Return a moment to the millisecond: a spreadsheet counts days in floating point."""
    near = moment + _HALF_A_MILLISECOND
    near = near.replace(microsecond=near.microsecond // 1000 * 1000)
    if near.time() == time(0):
        return near.date().isoformat()
    return near.isoformat(sep=" ", timespec="milliseconds" if near.microsecond else "seconds")


_CELL = re.compile(rb"""<(?:\w+:)?c\s[^<>]*\bt=["']e["'][^<>]*>""")

_END = re.compile(rb"</(?:\w+:)?c>")

_AT = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")

_VALUE = re.compile(rb"<(?:\w+:)?v[^<>]*>([^<]*)<")

_ERRORS = (b't="e"', b"t='e'")
"""What stands in a part of XLSX in which a cell holds an error."""


def error_cells(archive: Archive, parts: Collection[str]) -> dict[str, Cells]:
    """Return the cells of each sheet that hold an error, by the name of the sheet, from these parts of a workbook."""
    parts = [part for part in parts if part.startswith("xl/worksheets/")]
    if not parts:
        return {}
    found = {name: cells for name, part in archive.parts(*parts) if (cells := _errors(part))}
    return {sheet: found[part] for sheet, part in sheets_of(archive).items() if part in found} if found else {}


def _errors(part: bytes) -> list[tuple[str, int, str]]:
    cells: list[tuple[str, int, str]] = []
    for cell in _CELL.finditer(part):
        end = _END.search(part, cell.end())
        place = _AT.search(cell.group())
        if end is None:
            break
        if place is None or cell.group().endswith(b"/>"):
            continue
        value = _VALUE.search(part, cell.end(), end.end())
        cells.append((place[1].decode(), int(place[2]), value[1].decode("utf-8", "replace") if value else ""))
    return cells


def _error_remarks(cells: Cells, raw: RawTable, letters: Sequence[str]) -> list[Problem]:
    """Return a remark on each such cell below the header of a table; a spreadsheet calls its columns by letters."""
    columns = dict(zip(letters, raw.header, strict=True))
    file, sheet = raw.place
    hint = "Put the formula right, or write what belongs there."
    return [
        Problem(
            "error_cell",
            f"The cell {letter}{row} shows an error of the spreadsheet, {error}: it was read as empty.",
            *(hint, file, sheet, row, columns[letter], error),
        )
        for letter, row, error in cells
        if row > raw.header_row and letter in columns
    ]
